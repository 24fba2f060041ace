//! Words for a comparison: its contestants, their figures, and what it says.

use leptos_i18n::td_string;

use super::{format, language::Locale, words};
use crate::experiment::{Adaptation, Compared, Contestant, Entrant, LearnerKind, Metric, Ranking};

/// What somebody who may take part is called.
pub fn contestant(locale: Locale, contestant: Contestant, own: LearnerKind) -> String {
    match contestant {
        Contestant::Own => td_string!(locale, compare.own, learner = words::learner(locale, own)),
        Contestant::Learner(kind) => words::learner(locale, kind).to_owned(),
    }
}

/// What somebody who takes part is called.
pub fn entrant(locale: Locale, entrant: &Entrant) -> String {
    let learner = words::learner(locale, entrant.kind);
    match entrant.contestant {
        Contestant::Own => td_string!(locale, compare.own_steps, learner, steps = entrant.meta_step),
        Contestant::Learner(_) => learner.to_owned(),
    }
}

/// What it does to the task on show at an inner step, or its last one; an infinity sign where that is no number.
pub fn reading(locale: Locale, adaptation: &Adaptation, step: usize) -> Option<String> {
    Some(match adaptation {
        Adaptation::Regression(trajectory) => {
            let step = step.min(trajectory.steps.len().checked_sub(1)?);
            let loss = format::loss(trajectory.steps.get(step)?.query_loss);
            td_string!(locale, compare.multiple_loss, step, loss)
        }
        Adaptation::Characters(trajectory) => {
            let step = step.min(trajectory.steps.len().checked_sub(1)?);
            let state = trajectory.steps.get(step)?;
            let loss = state.query_loss.map_or_else(|| "–".to_owned(), format::loss);
            let accuracy = state.query_accuracy.map_or_else(|| "–".to_owned(), format::percent);
            td_string!(locale, compare.multiple_accuracy, step, accuracy, loss)
        }
    })
}

/// The sentences that a comparison says.
pub fn said(locale: Locale, compared: &Compared) -> String {
    let names = |places: &[usize]| -> Vec<String> {
        places.iter().filter_map(|&place| compared.entrants.get(place)).map(|one| entrant(locale, one)).collect()
    };
    let needs = |(steps, who): &(u32, Vec<usize>)| {
        let (names, steps) = (listed(locale, names(who)), inner_steps(locale, *steps));
        match who.len() {
            1 => td_string!(locale, compare.needs, names, steps),
            _ => td_string!(locale, compare.need, names, steps),
        }
    };
    let mut said = match compared.ranking() {
        Ranking::Nothing => vec![td_string!(locale, compare.said_nothing).to_owned()],
        Ranking::Found { metric, level, fewest, most, best: (place, step, figure), never, last } => {
            let value = match metric {
                Metric::Loss => format::loss(level as f32),
                Metric::Accuracy => format::percent(level as f32 / 100.0),
            };
            let level = match metric {
                Metric::Loss => td_string!(locale, compare.level_loss, value),
                Metric::Accuracy => td_string!(locale, compare.level_accuracy, value),
            };
            let fast = needs(&fewest);
            let first = if fewest.0 == most.0 {
                td_string!(locale, compare.said_alike, fast, level)
            } else {
                td_string!(locale, compare.said_faster, fast, level, slow = needs(&most))
            };
            let best = listed(locale, names(&[place]));
            let (figure, steps) = (super::evaluation_words::figure(metric, figure), inner_steps(locale, step));
            let second = if never.is_empty() {
                td_string!(locale, compare.said_close, best, figure, steps)
            } else {
                let (names, last) = (listed(locale, names(&never)), inner_steps(locale, last));
                td_string!(locale, compare.said_never, best, figure, steps, names, last)
            };
            vec![first, second]
        }
    };
    let out = compared.entrants.iter().enumerate().filter(|(_, one)| one.diverged.is_some());
    let out: Vec<usize> = out.map(|(place, _)| place).collect();
    if !out.is_empty() {
        said.push(td_string!(locale, compare.said_diverged, names = listed(locale, names(&out))));
    }
    // Chinese puts no space between sentences.
    said.join(if locale == Locale::zh { "" } else { " " })
}

/// A number of inner steps.
fn inner_steps(locale: Locale, steps: u32) -> String {
    match steps {
        0 => td_string!(locale, compare.no_step).to_owned(),
        1 => td_string!(locale, compare.one_step).to_owned(),
        steps => td_string!(locale, compare.some_steps, steps),
    }
}

/// Names in a row.
pub fn listed(locale: Locale, mut names: Vec<String>) -> String {
    match names.pop() {
        Some(last) if names.is_empty() => last,
        Some(last) => {
            let names = names.join(if locale == Locale::zh { "、" } else { ", " });
            td_string!(locale, compare.and, names, last)
        }
        None => String::new(),
    }
}
