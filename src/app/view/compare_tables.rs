//! The tables behind the figures of comparison.

use leptos::prelude::*;

use super::{compare::Beside, fold::Fold};
use crate::{
    app::{evaluation_words, format, language::say},
    experiment::{Adaptation, Compared, Entrant, Interval, Metric},
};

/// A row a step, a cell a contestant.
type Rows = Vec<(u32, Vec<String>)>;

/// Rows up to the last step that anybody has.
fn rows(found: &Compared, steps: fn(&Entrant) -> usize, cell: impl Fn(&Entrant, usize) -> Option<String>) -> Rows {
    let count = found.entrants.iter().map(steps).max().unwrap_or_default();
    let told = |one: &Entrant, step: usize| cell(one, step).unwrap_or_else(|| "–".to_owned());
    let cells = |step: usize| found.entrants.iter().map(|one| told(one, step)).collect();
    (0..count).map(|step| (step as u32, cells(step))).collect()
}

/// Means and intervals over the test tasks: of classifications the accuracy, else the loss.
fn judged(found: &Compared) -> Rows {
    let cell = |one: &Entrant, step: usize| {
        let figures = one.evaluation.as_ref()?.steps.get(step)?;
        Some(match figures.accuracy {
            None => evaluation_words::figure(Metric::Loss, figures.loss),
            Some(Interval { mean, ci95 }) => {
                evaluation_words::figure(Metric::Accuracy, Interval { mean: 100.0 * mean, ci95: 100.0 * ci95 })
            }
        })
    };
    rows(found, |one| one.evaluation.as_ref().map_or(0, |evaluation| evaluation.steps.len()), cell)
}

/// The task on show.
fn shown(found: &Compared) -> Rows {
    let steps = |one: &Entrant| match &one.shown {
        Some(Adaptation::Regression(trajectory)) => trajectory.steps.len(),
        Some(Adaptation::Characters(trajectory)) => trajectory.steps.len(),
        None => 0,
    };
    let cell = |one: &Entrant, step: usize| match one.shown.as_ref()? {
        Adaptation::Regression(trajectory) => Some(format::loss(trajectory.steps.get(step)?.query_loss)),
        Adaptation::Characters(trajectory) => trajectory.steps.get(step)?.query_accuracy.map(format::percent),
    };
    rows(found, steps, cell)
}

/// Meta-training.
fn trained(found: &Compared) -> Rows {
    let mut steps: Vec<u32> = found.entrants.iter().flat_map(|one| one.curve.iter().map(|at| at.meta_step)).collect();
    steps.sort_unstable();
    steps.dedup();
    let cell = |one: &Entrant, step: u32| {
        let point = one.curve.iter().find(|point| point.meta_step == step)?;
        Some(point.accuracy.map_or_else(|| format::loss(point.after), |accuracy| format::percent(accuracy.after)))
    };
    let cells =
        |step: u32| found.entrants.iter().map(|one| cell(one, step).unwrap_or_else(|| "–".to_owned())).collect();
    steps.into_iter().map(|step| (step, cells(step))).collect()
}

/// The table of the test tasks.
#[component]
pub fn TestTable(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let page = beside.page;
    let step = Memo::new(move |_| Some(page.inner_step()));
    table(beside, judged, say!(page, compare.table), say!(page, compare.inner_step), step, "compare-table")
}

/// The table of the task on show.
#[component]
pub fn ShownTable(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let page = beside.page;
    let step = Memo::new(move |_| Some(page.inner_step()));
    table(beside, shown, say!(page, compare.table_shown), say!(page, compare.inner_step), step, "compare-table-shown")
}

/// The table of meta-training.
#[component]
pub fn CurveTable(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let page = beside.page;
    let none = Memo::new(|_| None);
    table(
        beside,
        trained,
        say!(page, compare.table_curves),
        say!(page, compare.meta_step),
        none,
        "compare-table-curves",
    )
}

/// A table under a summary that unfolds it; the row of the scrubber's step stands out.
fn table(
    beside: Beside,
    rows: fn(&Compared) -> Rows,
    name: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
    first: impl Fn() -> &'static str + Send + Sync + 'static,
    now: Memo<Option<u32>>,
    part: &'static str,
) -> impl IntoView {
    let all = Memo::new(move |_| beside.found(rows).unwrap_or_default());
    let row = move |(step, cells): (u32, Vec<String>)| {
        let cells = cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view();
        view! { <tr data-step=step class:now=move || now.get() == Some(step)><th scope="row">{step}</th>{cells}</tr> }
    };
    view! {
        <Fold name=part title=Signal::derive(name) open=part == "compare-table">
            <div class="scroll" tabindex="0" role="region" aria-label=name>
                <table class="evaluate-table" data-testid=part>
                    <thead><tr>
                        <th scope="col">{first}</th>
                        {move || beside.names().into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}
                    </tr></thead>
                    <tbody>{move || all.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </Fold>
    }
}
