//! The tables of evaluation: every row in numbers, and what a paper reports.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{evaluate::Judged, fold::Fold};
use crate::{
    app::{
        evaluation_words as told,
        evaluations::{Row, figure},
        language::say,
        session::Session,
    },
    experiment::{Departure, Difference, Metric, Published, Shift, Source, nearest_published},
};

/// Every row in numbers.
#[component]
pub fn Rows(
    /// What was evaluated.
    judged: Judged,
) -> impl IntoView {
    let page = judged.page;
    let steps = Memo::new(move |_| {
        judged.with(|all| {
            let steps = all.rows().iter().flat_map(|row| row.evaluation.steps.iter().map(|step| step.step));
            let mut steps: Vec<u32> = steps.collect();
            steps.sort_unstable();
            steps.dedup();
            steps
        })
    });
    let column = move |step: u32| {
        let name = match step {
            1 => td_string!(judged.locale(), evaluate.steps_one).to_owned(),
            steps => td_string!(judged.locale(), evaluate.steps, steps),
        };
        view! { <th scope="col">{name}</th> }
    };
    let cell = move |row: &Row, step: u32| {
        let figures = row.after(step)?;
        if figures.diverged > 0 {
            let told = td_string!(judged.locale(), evaluate.diverged, count = figures.diverged);
            return Some(view! { <span class="ran-off">{told}</span> }.into_any());
        }
        let loss = told::figure(Metric::Loss, figures.loss);
        Some(match figure(Metric::Accuracy, figures) {
            None => view! { <span>{loss}</span> }.into_any(),
            Some(accuracy) => {
                view! { <b>{told::figure(Metric::Accuracy, accuracy)}</b> <span class="of">{loss}</span> }.into_any()
            }
        })
    };
    let row = move |row: Row| {
        let locale = judged.locale();
        let (done, tasks, meta_step) = (row.evaluation.tasks, row.asked.tasks, row.meta_step);
        let under = if done == tasks {
            td_string!(locale, evaluate.row, tasks, meta_step)
        } else {
            td_string!(locale, evaluate.row_partial, done, tasks, meta_step)
        };
        let cells = steps.get().into_iter().map(|step| {
            view! { <td data-step=step>{cell(&row, step)}</td> }
        });
        view! {
            <tr data-testid="evaluate-row" data-finished=row.finished.to_string()>
                <th scope="row">{told::shift(locale, row.asked.shift, &row.asked.task)}<span class="of">{under}</span></th>
                {cells.collect_view()}
            </tr>
        }
    };
    let measured = move || match judged.metric() {
        Metric::Loss => td_string!(judged.locale(), evaluate.loss).to_owned(),
        Metric::Accuracy => {
            let locale = judged.locale();
            format!("{} · {}", td_string!(locale, evaluate.accuracy), td_string!(locale, evaluate.loss))
        }
    };
    view! {
        <h3>{measured}</h3>
        <div class="scroll-across" data-rows="" tabindex="0" role="region" aria-label=say!(page, evaluate.table)>
            <table class="evaluate-table">
                <thead><tr>
                    <th scope="col">{say!(page, evaluate.distribution)}</th>
                    {move || steps.get().into_iter().map(column).collect_view()}
                </tr></thead>
                <tbody>{move || judged.with(|all| all.rows().to_vec()).into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// What a paper reports, and how its protocol differs.
#[component]
pub fn PublishedFigures(
    /// What was evaluated.
    judged: Judged,
) -> impl IntoView {
    let page = judged.page;
    let meta_step = Memo::new(move |_| page.session.with(Session::meta_step));
    let known = move || {
        let locale = judged.locale();
        page.experiment.with(|experiment| match nearest_published(experiment) {
            None => view! { <p class="help">{td_string!(locale, evaluate.published_none)}</p> }.into_any(),
            Some((entry, departures)) => {
                let imported = experiment.task.source == Source::Imported;
                known_figures(judged, entry, &departures, imported, meta_step).into_any()
            }
        })
    };
    view! {
        <div class="published" data-testid="evaluate-published">
            <h3>{say!(page, evaluate.published)}</h3>
            {known}
        </div>
    }
}

fn known_figures(
    judged: Judged,
    entry: &'static Published,
    departures: &[Departure],
    imported: bool,
    meta_step: Memo<u32>,
) -> impl IntoView + use<> {
    let locale = judged.locale();
    let match_words = match departures.is_empty() {
        true => td_string!(locale, evaluate.published_exact),
        false => td_string!(locale, evaluate.published_near),
    };
    let metric = entry.metric;
    let ours = move |step: u32| {
        judged.with(|all| {
            let own = all.rows().iter().rev().find(|row| row.asked.shift == Shift::Own)?;
            Some(told::figure(metric, figure(metric, own.after(step)?)?))
        })
    };
    let row = move |(step, value, half): (u32, f64, Option<f64>)| {
        let steps = match step {
            1 => td_string!(locale, evaluate.steps_one).to_owned(),
            steps => td_string!(locale, evaluate.steps, steps),
        };
        view! {
            <tr>
                <th scope="row">{steps}</th>
                <td>{told::printed(metric, value, half)}</td>
                <td>{move || ours(step).unwrap_or_else(|| "–".to_owned())}</td>
            </tr>
        }
    };
    // A dataset of one's own may be the paper's.
    let words = entry.differences.iter().filter(|difference| !(imported && **difference == Difference::Data));
    let words = words.map(|difference| told::difference(locale, *difference).to_owned());
    let words = words.chain(departures.iter().map(|departure| told::departure(locale, departure)));
    let words = words.map(|words| view! { <li>{words}</li> }).collect_view();
    let budget = entry.protocol().map_or(0, |protocol| protocol.budget.meta_steps);
    let so_far = move || {
        let steps = meta_step.get();
        let words = (steps != budget).then(|| td_string!(judged.locale(), evaluate.not_trained, steps, budget));
        words.map(|words| view! { <li>{words}</li> })
    };
    view! {
        <p class="cited">{told::citation(locale, entry.source)}</p>
        <p class="help">{match_words}</p>
        <table>
            <thead><tr>
                <th scope="col">{td_string!(locale, evaluate.published_steps)}</th>
                <th scope="col">{td_string!(locale, evaluate.published_theirs)}</th>
                <th scope="col">{td_string!(locale, evaluate.published_ours)}</th>
            </tr></thead>
            <tbody>{entry.figures.iter().copied().map(row).collect_view()}</tbody>
        </table>
        <Fold name="differences" title=Signal::derive(move || td_string!(locale, evaluate.differences))>
            <ul class="differences" role="list">{words}{so_far}</ul>
        </Fold>
    }
}
