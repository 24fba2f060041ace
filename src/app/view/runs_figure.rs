//! The figure of the chosen runs, and in what two of them differ.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    export::Export,
    fold::Fold,
    pictured::{Draw, Pictured},
    runs::{Names, called},
    show::Show,
};
use crate::{
    app::{
        browser, csv, format,
        language::say,
        playground::Playground,
        record::{Differs, Record},
        runs,
    },
    chart::{Axis, Key, RunCourse, moving_mean},
    figure,
};

/// Points of a curve that a mean may go over.
const SMOOTH: [usize; 5] = [1, 5, 10, 25, 50];

/// Rows of the table: enough for the shape of a curve, few enough to be read out.
const ROWS: usize = 24;

/// Keys under which the choices are remembered.
const SMOOTH_KEY: &str = "kindling.runs.smooth";
const LOG_KEY: &str = "kindling.runs.log";
const LOSS_KEY: &str = "kindling.runs.loss";

/// A short piece of a line, with its mark.
pub fn swatch(line: usize) -> impl IntoView {
    let marks = Key::new(figure::run_key(line), "").markup();
    view! { <svg class="run-swatch" viewBox="0 0 28 12" aria-hidden="true" inner_html=marks></svg> }
}

/// The curves of the chosen runs after adaptation.
#[component]
pub fn RunsFigure(
    /// What the runs are called.
    names: Names,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let smooth = RwSignal::new(
        browser::remembered(SMOOTH_KEY)
            .and_then(|kept| kept.parse().ok())
            .filter(|over| SMOOTH.contains(over))
            .unwrap_or(10),
    );
    let log = RwSignal::new(browser::remembered(LOG_KEY).is_some_and(|kept| kept == "yes"));
    let some = Memo::new(move |_| page.runs.with(|runs| !runs.chosen().is_empty()));
    // Losses of different tasks can be laid beside each other; accuracies only where there are any.
    let classifies =
        Memo::new(move |_| page.runs.with(|runs| runs.chosen().iter().all(|(_, record)| record.classifies())));
    let loss = RwSignal::new(browser::remembered(LOSS_KEY).is_some_and(|kept| kept == "yes"));
    let accuracy = Memo::new(move |_| classifies.get() && !loss.get());
    let axis = Memo::new(move |_| match (accuracy.get(), log.get()) {
        (true, _) => Axis::Accuracy,
        (false, true) => Axis::LogLoss,
        (false, false) => Axis::Loss,
    });
    let draw = Draw::new(move |width| {
        let (locale, accuracy) = (page.language.get(), accuracy.get());
        let chosen: Vec<(usize, String, RunCourse)> = names.with(|names| {
            let one = |(line, record): (usize, &Record)| (line, called(names, record), record.course(accuracy));
            page.runs.with(|runs| runs.chosen().into_iter().map(one).collect())
        });
        (!chosen.is_empty()).then(|| figure::runs(locale, &chosen, (smooth.get(), axis.get()), width))
    });
    let title = move || {
        let locale = page.language.get();
        if accuracy.get() { td_string!(locale, runs.figure_accuracy) } else { td_string!(locale, runs.figure) }
    };
    let numbers = Callback::new(move |()| {
        let (accuracy, over) = (accuracy.get_untracked(), smooth.get_untracked());
        let names = names.get_untracked();
        page.runs.with_untracked(|runs| {
            let measure = if accuracy { "accuracy_after_percent" } else { "loss_after" };
            let heads = ["run", "meta_step", measure, "moving_mean"].map(str::to_owned).to_vec();
            let of = |record: &Record| {
                let (course, name) = (record.course(accuracy), called(&names, record));
                let means = moving_mean(&course, over);
                let row = |((step, value), mean): ((u32, f64), f64)| {
                    vec![name.clone(), step.to_string(), value.to_string(), mean.to_string()]
                };
                course.into_iter().zip(means).map(row).collect::<Vec<_>>()
            };
            let rows = runs.chosen().into_iter().flat_map(|(_, record)| of(record));
            csv::text(&std::iter::once(heads).chain(rows).collect::<Vec<_>>())
        })
    });
    let option = move |over: usize| {
        let told = move || match over {
            1 => td_string!(page.language.get(), runs.smooth_none).to_owned(),
            over => td_string!(page.language.get(), runs.smooth_over, over),
        };
        view! { <option value=over prop:selected=move || smooth.get() == over>{told}</option> }
    };
    let choose = move |event| {
        let text = event_target_value(&event);
        if let Some(over) = text.parse().ok().filter(|over| SMOOTH.contains(over)) {
            browser::remember(SMOOTH_KEY, &text);
            smooth.set(over);
        }
    };
    let toggle = move |_| {
        log.update(|log| *log = !*log);
        browser::remember(LOG_KEY, if log.get_untracked() { "yes" } else { "no" });
    };
    let measure = move |measure_loss: bool| {
        loss.set(measure_loss);
        browser::remember(LOSS_KEY, if measure_loss { "yes" } else { "no" });
    };
    view! {
        <Show when=move || some.get() fallback=move || view! { <p class="help">{say!(page, runs.choose_help)}</p> }>
            <div data-export="">
                <div class="evaluate-head">
                    <label for="runs-smooth">{say!(page, runs.smooth)}</label>
                    <select id="runs-smooth" data-testid="runs-smooth" on:change=choose>{SMOOTH.map(option)}</select>
                    <Show when=move || classifies.get()>
                        <button type="button" class="small" data-testid="runs-accuracy" aria-pressed=move || (!loss.get()).to_string()
                            on:click=move |_| measure(false)>
                            {say!(page, training.accuracy)}
                        </button>
                        <button type="button" class="small" data-testid="runs-loss" aria-pressed=move || loss.get().to_string()
                            on:click=move |_| measure(true)>
                            {say!(page, training.loss)}
                        </button>
                    </Show>
                    <Show when=move || !accuracy.get()>
                        <button type="button" class="small" data-testid="runs-log" aria-pressed=move || log.get().to_string() on:click=toggle>
                            {say!(page, training.log)}
                        </button>
                    </Show>
                </div>
                <Pictured draw part="runs-figure" captioned=true />
                <Export file="runs" name=Signal::derive(move || title().to_owned()) draw numbers />
                <Table names accuracy smooth />
            </div>
        </Show>
    }
}

/// The lines of the figure in numbers: a row a meta-step, a column a run.
#[component]
fn Table(
    /// What the runs are called.
    names: Names,
    /// Whether accuracies are drawn, and not losses.
    accuracy: Memo<bool>,
    /// How many points a mean goes over.
    smooth: RwSignal<usize>,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let heads = Memo::new(move |_| {
        names.with(|names| {
            let name = |(_, record): (usize, &Record)| called(names, record);
            page.runs.with(|runs| runs.chosen().into_iter().map(name).collect::<Vec<String>>())
        })
    });
    let all = Memo::new(move |_| {
        let accuracy = accuracy.get();
        let course = |(_, record): (usize, &Record)| record.course(accuracy);
        let courses: Vec<RunCourse> = page.runs.with(|runs| runs.chosen().into_iter().map(course).collect());
        runs::rows(&courses, smooth.get(), ROWS)
    });
    let row = move |(step, values): (u32, Vec<Option<f64>>)| {
        let told = |value: Option<f64>| match value {
            Some(share) if accuracy.get() => format::percent((share / 100.0) as f32),
            Some(loss) => format::loss(loss as f32),
            None => "–".to_owned(),
        };
        let cells = values.into_iter().map(|value| view! { <td>{told(value)}</td> }).collect_view();
        view! { <tr><th scope="row">{step}</th>{cells}</tr> }
    };
    let head = |name: String| view! { <th scope="col">{name}</th> };
    view! {
        <Fold name="runs-table" title=Signal::derive(say!(page, runs.table))>
            <div class="scroll" tabindex="0" role="region" aria-label=say!(page, runs.table)>
                <table class="evaluate-table" data-testid="runs-table">
                    <thead><tr>
                        <th scope="col">{say!(page, training.meta_steps)}</th>
                        {move || heads.get().into_iter().map(head).collect_view()}
                    </tr></thead>
                    <tbody>{move || all.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </Fold>
    }
}

/// In what the two runs of the figure differ.
#[component]
pub fn Difference(
    /// What the runs are called.
    names: Names,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let found = Memo::new(move |_| {
        names.with(|names| {
            page.runs.with(|runs| {
                let (one, other, differs) = runs.difference()?;
                Some((called(names, one), called(names, other), differs))
            })
        })
    });
    let row = |Differs { path, values: (one, other) }: Differs| {
        view! { <tr><th scope="row"><code>{path}</code></th><td>{one}</td><td>{other}</td></tr> }
    };
    let table = move || {
        let (one, other, differs) = found.get()?;
        let body = if differs.is_empty() {
            view! { <p class="help">{say!(page, runs.alike)}</p> }.into_any()
        } else {
            view! {
                <div class="scroll-across" tabindex="0" role="region" aria-label=say!(page, runs.difference)>
                    <table class="evaluate-table">
                        <thead><tr><th scope="col">{say!(page, runs.setting)}</th><th scope="col">{one}</th><th scope="col">{other}</th></tr></thead>
                        <tbody>{differs.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        Some(view! { <div data-testid="runs-difference"><h3>{say!(page, runs.difference)}</h3>{body}</div> })
    };
    view! { {table} }
}
