//! The curve of meta-training and its table.

use leptos::{ev, prelude::*};
use leptos_i18n::td_string;
use wasm_bindgen::JsCast as _;

use super::{
    export::Export,
    pictured::{Draw, Pictured},
    show::Show,
};
use crate::{
    app::{browser, csv, format, language::say, playground::Playground},
    chart::{Axis, Spread},
    experiment::Check,
    figure,
};

/// Rows of the table: enough for the shape of a curve, few enough to be read out.
const ROWS: usize = 24;

/// Key under which the choice of axis is remembered.
const LOG_KEY: &str = "kindling.log";

/// Key under which the choice between loss and accuracy is remembered.
const LOSS_KEY: &str = "kindling.loss";

/// The figure of losses, or of accuracies, over meta-steps.
#[component]
pub fn Loss() -> impl IntoView {
    let page = expect_context::<Playground>();
    let classifies = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family.classifies()));
    // What a class of pupils can judge by eye is how many are right.
    let loss = RwSignal::new(browser::remembered(LOSS_KEY).is_some_and(|kept| kept == "yes"));
    let log = RwSignal::new(browser::remembered(LOG_KEY).is_some_and(|kept| kept == "yes"));
    let axis = Memo::new(move |_| match (classifies.get() && !loss.get(), log.get()) {
        (true, _) => Axis::Accuracy,
        (false, true) => Axis::LogLoss,
        (false, false) => Axis::Loss,
    });
    let draw = Draw::new(move |width| {
        page.curve.get();
        let (locale, axis) = (page.language.get(), axis.get());
        Some(page.session.with_untracked(|session| figure::curve(locale, session.series(), axis, width)))
    });
    let name = move || {
        let locale = page.language.get();
        match axis.get() {
            Axis::Accuracy => td_string!(locale, training.figure_accuracy),
            Axis::Loss | Axis::LogLoss => td_string!(locale, training.figure),
        }
    };
    let choose = move |measure_loss: bool| {
        loss.set(measure_loss);
        browser::remember(LOSS_KEY, if measure_loss { "yes" } else { "no" });
    };
    let empty = Memo::new(move |_| {
        page.curve.get();
        page.session.with_untracked(|session| session.series().buckets().is_empty())
    });
    let toggle_log = move |_| {
        log.update(|log| *log = !*log);
        browser::remember(LOG_KEY, if log.get_untracked() { "yes" } else { "no" });
    };
    let numbers = Callback::new(move |()| page.session.with_untracked(|session| csv::series(session.series())));
    // The note on the figure says the same, and what to do.
    let captioned = Signal::derive(move || !empty.get());
    view! {
        <div data-export="">
            <div class="with-note">
                <Pictured draw part="loss-figure" captioned>
                    <li class="end">
                        <Show when=move || classifies.get()>
                            <button type="button" class="small" aria-pressed=move || (!loss.get()).to_string() on:click=move |_| choose(false)>
                                {say!(page, training.accuracy)}
                            </button>
                            <button type="button" class="small" aria-pressed=move || loss.get().to_string() on:click=move |_| choose(true)>
                                {say!(page, training.loss)}
                            </button>
                        </Show>
                        <Show when=move || axis.get() != Axis::Accuracy>
                            <button type="button" class="small" aria-pressed=move || log.get().to_string() on:click=toggle_log>
                                {say!(page, training.log)}
                            </button>
                        </Show>
                    </li>
                </Pictured>
                <Show when=move || empty.get()>
                    <p class="empty">{say!(page, training.empty)}</p>
                </Show>
            </div>
            <Export file="training" name=Signal::derive(move || name().to_owned()) draw numbers />
        </div>
    }
}

/// The curve in numbers.
#[component]
pub fn LossTable() -> impl IntoView {
    let page = expect_context::<Playground>();
    let open = RwSignal::new(false);
    let percent = |share: Spread| format::percent(share.mean);
    let rows = move || {
        page.curve.get();
        page.session.with_untracked(|session| {
            let buckets = session.series().buckets();
            let every = buckets.len().div_ceil(ROWS).max(1);
            buckets
                .iter()
                .rev()
                .step_by(every)
                .map(|bucket| {
                    view! {
                        <tr>
                            <th scope="row">{bucket.last}</th>
                            <td>{format::loss(bucket.before.mean)}</td>
                            <td>{format::loss(bucket.after.mean)}</td>
                            {bucket.accuracy.map(|(before, after)| view! { <td>{percent(before)}</td> <td>{percent(after)}</td> })}
                        </tr>
                    }
                })
                .collect_view()
        })
    };
    let accurate = Memo::new(move |_| {
        page.curve.get();
        page.session.with_untracked(|session| session.series().smoothed_accuracy().is_some())
    });
    let toggle = move |event: ev::Event| {
        let details = event.current_target().and_then(|target| target.dyn_into::<web_sys::HtmlDetailsElement>().ok());
        open.set(details.is_some_and(|details| details.open()));
    };
    view! {
        <details class="fold" on:toggle=toggle>
            <summary>{say!(page, training.table)}</summary>
            <Show when=move || open.get()>
                <div class="scroll" tabindex="0" role="region" aria-label=say!(page, training.table)>
                    <table>
                        <thead><tr>
                            <th scope="col">{say!(page, training.meta_steps)}</th>
                            <th scope="col">{say!(page, training.before)}</th>
                            <th scope="col">{say!(page, training.after)}</th>
                            <Show when=move || accurate.get()>
                                <th scope="col">{say!(page, training.accuracy_before)}</th>
                                <th scope="col">{say!(page, training.accuracy_after)}</th>
                            </Show>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <Checks />
            </Show>
        </details>
    }
}

/// The checks on validation tasks in numbers, the last first, if there are any.
#[component]
fn Checks() -> impl IntoView {
    let page = expect_context::<Playground>();
    let checked = Memo::new(move |_| {
        page.curve.get();
        page.session.with_untracked(|session| session.series().best().map(|best| best.accuracy.is_some()))
    });
    let rows = move || {
        page.curve.get();
        page.session.with_untracked(|session| {
            let checks = session.series().checks();
            let every = checks.len().div_ceil(ROWS).max(1);
            let row = |check: &Check| {
                view! {
                    <tr>
                        <th scope="row">{check.meta_step}</th>
                        <td>{format::loss(check.loss)}</td>
                        {check.accuracy.map(|share| view! { <td>{format::percent(share)}</td> })}
                    </tr>
                }
            };
            checks.iter().rev().step_by(every).map(row).collect_view()
        })
    };
    view! {
        <Show when=move || checked.get().is_some()>
            <div class="scroll" tabindex="0" role="region" aria-label=say!(page, training.validation_table)>
                <table>
                    <caption>{say!(page, training.validation_table)}</caption>
                    <thead><tr>
                        <th scope="col">{say!(page, training.meta_steps)}</th>
                        <th scope="col">{say!(page, training.loss)}</th>
                        <Show when=move || checked.get() == Some(true)><th scope="col">{say!(page, training.accuracy)}</th></Show>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </Show>
    }
}
