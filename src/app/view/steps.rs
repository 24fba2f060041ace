//! The inner steps: the scrubber, what is measured at each, and the figure's table.

use leptos::{ev, prelude::*};
use leptos_i18n::td_string;

use super::{
    export::Export,
    figure::one_by_one,
    icons::{Icon, Shape},
    pictured::Draw,
    show::Show,
};
use crate::{
    app::{
        browser, csv, format,
        language::{Locale, said, say},
        playground::Playground,
        shown::{Reading, Shown},
    },
    chart::{Frame, Spark},
    experiment::{Family, InnerOptimizer, Rival},
    figure::{self, Inner},
    words::rival,
};

/// Milliseconds an inner step stays on show while they play: slow enough to see each, ten in four seconds.
const STEP_EVERY: i32 = 380;

const SPARK: Frame = Frame { width: 120.0, height: 34.0, left: 4.0, right: 4.0, top: 4.0, bottom: 4.0 };

/// Shows one inner step after another, from the first if the last is on show, until the last or until stopped.
pub fn play_steps(page: Playground) {
    let (step, last) = untrack(move || (page.inner_step(), page.last_step()));
    page.playing.set(Some(if step >= last { 0 } else { step }));
    browser::after(STEP_EVERY, move || next_step(page));
}

fn next_step(page: Playground) {
    let Some(step) = page.playing.get_untracked() else { return };
    let last = untrack(move || page.last_step());
    if step >= last {
        return;
    }
    page.playing.set(Some(step + 1));
    browser::after(STEP_EVERY, move || next_step(page));
}

/// The scrubber over inner steps, with its buttons and its readings.
#[component]
pub fn Scrubber() -> impl IntoView {
    let page = expect_context::<Playground>();
    let step = Memo::new(move |_| page.inner_step());
    let last = Memo::new(move |_| page.last_step());
    let points = Memo::new(move |_| one_by_one(page));
    let moving = Memo::new(move |_| page.playing.get().is_some_and(|step| step < last.get()));
    let quadratic = is_quadratic(page);
    let loss =
        move || page.shown.with(|shown| Some(format::loss(shown.as_ref()?.reading(step.get() as usize)?.query_loss?)));
    let hold = move || page.show_step(step.get_untracked());
    let go = move |by: i64| {
        let to = (i64::from(step.get_untracked()) + by).clamp(0, i64::from(last.get_untracked()));
        page.show_step(u32::try_from(to).unwrap_or_default());
    };
    let toggle = move |_| if moving.get_untracked() { hold() } else { play_steps(page) };
    let slide = move |event| page.show_step(event_target_value(&event).parse().unwrap_or(0));
    // A hand on the scrubber ends the play, even where its value does not change.
    let stop = move || {
        if page.playing.get_untracked().is_some() {
            hold();
        }
    };
    view! {
        <div class="scrub">
            <button type="button" class="round" on:click=toggle
                aria-label=move || {
                    let locale = page.language.get();
                    if moving.get() { td_string!(locale, scrub.hold) } else { td_string!(locale, scrub.play) }
                }>
                {move || if moving.get() { view! { <Icon shape=Shape::Pause /> } } else { view! { <Icon shape=Shape::Play /> } }}
            </button>
            <button type="button" class="round" aria-label=say!(page, scrub.back) on:click=move |_| go(-1)
                prop:disabled=move || step.get() == 0>
                <Icon shape=Shape::Back />
            </button>
            <input type="range" data-testid="scrubber" min="0" max=move || last.get() step="1"
                aria-label=move || step_words(page.language.get(), points.get())
                aria-valuetext=move || {
                    let (step, last, loss) = (step.get(), last.get(), loss().unwrap_or_else(|| "–".to_owned()));
                    if points.get() {
                        td_string!(page.language.get(), scrub.value_seen, step, last, loss)
                    } else {
                        td_string!(page.language.get(), scrub.value, step, last, loss)
                    }
                }
                prop:value=move || step.get().to_string() prop:max=move || last.get().to_string()
                on:input=slide on:pointerdown=move |_| stop()
                on:keydown=move |event: ev::KeyboardEvent| if event.key() != "Tab" { stop() } />
            <button type="button" class="round" aria-label=say!(page, scrub.forward) on:click=move |_| go(1)
                prop:disabled=move || { step.get() >= last.get() }>
                <Icon shape=Shape::Forward />
            </button>
            <dl class="readings">
                <div>
                    <dt>{move || step_words(page.language.get(), points.get())}</dt>
                    <dd>
                        <span data-testid="inner-step" class="number">{move || step.get()}</span>
                        <span class="of">{move || td_string!(page.language.get(), scrub.of, last = last.get())}</span>
                    </dd>
                </div>
                <div>
                    <dt>{move || {
                        let locale = page.language.get();
                        if quadratic.get() { td_string!(locale, scrub.loss) } else { td_string!(locale, scrub.query_loss) }
                    }}</dt>
                    <dd><span data-testid="query-loss" class="number">{move || loss().unwrap_or_else(|| "–".to_owned())}</span></dd>
                </div>
            </dl>
        </div>
    }
}

/// What a step is: an inner one, or a support point more.
fn step_words(locale: Locale, points: bool) -> &'static str {
    if points { td_string!(locale, scrub.seen) } else { td_string!(locale, scrub.step) }
}

/// Whether support and query set are the same function, and one loss tells of both.
fn is_quadratic(page: Playground) -> Memo<bool> {
    Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family == Family::Quadratic))
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.1}%", 100.0 * part / whole)
}

/// Support loss, query loss and gradient norm over the inner steps, small.
#[component]
pub fn Strip() -> impl IntoView {
    let page = expect_context::<Playground>();
    let step = Memo::new(move |_| page.inner_step() as usize);
    let quadratic = is_quadratic(page);
    let spark = move |label: fn(Locale) -> &'static str, class: &'static str, pick: fn(Reading) -> Option<f32>| {
        let values = Memo::new(move |_| {
            page.shown.with(|shown| {
                let values = shown.as_ref().map(|shown| shown.readings().map_while(pick).collect::<Vec<f32>>());
                values.unwrap_or_default()
            })
        });
        let drawn = Memo::new(move |_| values.with(|values| Spark::new(values, &SPARK)));
        let place = move || drawn.with(|drawn| drawn.places.get(step.get()).copied());
        view! {
            <div class=format!("spark {class}")>
                <dt>{said(page.language, label)}</dt>
                <dd>
                    <span class="line" aria-hidden="true">
                        <svg viewBox=SPARK.view_box() focusable="false" preserveAspectRatio="none">
                            <path d=move || drawn.with(|drawn| drawn.line.clone()) vector-effect="non-scaling-stroke" />
                        </svg>
                        // Beside the line, which is stretched: a mark inside it would be as well.
                        <i hidden=move || place().is_none()
                            style:left=move || percent(place().map_or(0.0, |place| place.0), SPARK.width)
                            style:top=move || percent(place().map_or(0.0, |place| place.1), SPARK.height)></i>
                    </span>
                    <span class="number">
                        {move || values.with(|values| values.get(step.get()).map_or_else(|| "–".to_owned(), |value| format::loss(*value)))}
                    </span>
                </dd>
            </div>
        }
    };
    let inner = move || page.shown.with(|shown| shown.as_ref().map(|shown| Inner::of(&shown.adaptation)));
    let draw = Draw::new(move |width| {
        inner().map(|inner| figure::steps(page.language.get(), &inner, page.inner_step() as usize, width))
    });
    let caption = move || inner().and_then(|inner| inner.caption(page.language.get()));
    let numbers =
        Callback::new(move |()| page.shown.with_untracked(|shown| shown.as_ref().map(csv::steps)).unwrap_or_default());
    view! {
        <div data-export="">
            <dl class="strip">
                {move || if quadratic.get() {
                    spark(|locale| td_string!(locale, scrub.loss), "after", |step| step.query_loss).into_any()
                } else {
                    view! {
                        {spark(|locale| td_string!(locale, strip.support), "before", |step| Some(step.support_loss))}
                        {spark(|locale| td_string!(locale, strip.query), "after", |step| step.query_loss)}
                    }.into_any()
                }}
                {spark(|locale| td_string!(locale, strip.gradient), "norm", |step| Some(step.gradient_norm))}
            </dl>
            <Export file="inner-steps" name=Signal::derive(move || td_string!(page.language.get(), strip.table).to_owned()) draw numbers />
            <p class="caption" data-testid="steps-caption">{caption}</p>
        </div>
    }
}

/// Every inner step in numbers.
#[component]
pub fn StepTable() -> impl IntoView {
    let page = expect_context::<Playground>();
    let open = RwSignal::new(false);
    let quadratic = is_quadratic(page);
    let rows = move || {
        page.shown.with(|shown| {
            shown.as_ref().map(|shown| {
                let nothing = || "–".to_owned();
                shown
                    .readings()
                    .enumerate()
                    .map(|(index, step)| {
                        let share = |share: Option<f32>| share.map_or_else(nothing, format::percent);
                        let accuracies = step.support_accuracy.map(|support| {
                            view! { <td>{format::percent(support)}</td> <td>{share(step.query_accuracy)}</td> }
                        });
                        let support = (!quadratic.get()).then(|| view! { <td>{format::loss(step.support_loss)}</td> });
                        let rivals = shown.regression().map(|trajectory| {
                            let loss =
                                |rival: &Rival| rival.query_loss.get(index).copied().map_or_else(nothing, format::loss);
                            trajectory.rivals.iter().map(|rival| view! { <td>{loss(rival)}</td> }).collect_view()
                        });
                        view! {
                            <tr>
                                <th scope="row">{index}</th>
                                {support}
                                <td>{step.query_loss.map_or_else(nothing, format::loss)}</td>
                                <td>{format::loss(step.gradient_norm)}</td>
                                {accuracies}
                                {rivals}
                            </tr>
                        }
                    })
                    .collect_view()
            })
        })
    };
    let classifies = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family.classifies()));
    let rivals = Memo::new(move |_| {
        page.shown.with(|shown| {
            let trajectory = shown.as_ref().and_then(Shown::regression);
            trajectory
                .map(|trajectory| trajectory.rivals.iter().map(|rival| rival.optimizer).collect())
                .unwrap_or_default()
        })
    });
    let rival_heads = move || {
        let head = |optimizer: InnerOptimizer| {
            view! { <th scope="col">{move || rival(page.language.get(), optimizer)}</th> }
        };
        rivals.with(|rivals: &Vec<InnerOptimizer>| rivals.iter().map(|rival| head(*rival)).collect_view())
    };
    let toggle = move |event: ev::Event| {
        use wasm_bindgen::JsCast as _;
        let details = event.current_target().and_then(|target| target.dyn_into::<web_sys::HtmlDetailsElement>().ok());
        open.set(details.is_some_and(|details| details.open()));
    };
    view! {
        <details class="fold" on:toggle=toggle>
            <summary>{say!(page, strip.table)}</summary>
            // Rebuilt with every trajectory, so only while someone reads it.
            <Show when=move || open.get()>
                <div class="scroll" tabindex="0" role="region" aria-label=say!(page, strip.table)>
                    <table>
                        <thead><tr>
                            <th scope="col">{move || step_words(page.language.get(), one_by_one(page))}</th>
                            <Show when=move || !quadratic.get()><th scope="col">{say!(page, strip.support)}</th></Show>
                            <th scope="col">{move || {
                                let locale = page.language.get();
                                if quadratic.get() { td_string!(locale, scrub.loss) } else { td_string!(locale, strip.query) }
                            }}</th>
                            <th scope="col">{say!(page, strip.gradient)}</th>
                            <Show when=move || classifies.get()>
                                <th scope="col">{say!(page, characters.table_support)}</th>
                                <th scope="col">{say!(page, characters.table_query)}</th>
                            </Show>
                            {rival_heads}
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </Show>
        </details>
    }
}
