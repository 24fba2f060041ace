//! Words for a comparison: its contestants, their figures, and what it says.

use super::{Locale, evaluation, format, learner, listed, tell, together};
use crate::experiment::{Adaptation, Compared, Contestant, Entrant, LearnerKind, Metric, Ranking, Saved};

/// What somebody who may take part is called.
pub fn contestant(locale: Locale, contestant: &Contestant, own: LearnerKind) -> String {
    match contestant {
        Contestant::Own => tell!(locale, compare.own, learner = learner(locale, own)),
        Contestant::Learner(kind) => learner(locale, *kind).to_owned(),
        Contestant::Checkpoint(saved) => checkpoint(locale, saved),
    }
}

/// What a network from a file is called.
fn checkpoint(locale: Locale, Saved { name, meta_step, experiment }: &Saved) -> String {
    let learner = learner(locale, experiment.learner.kind);
    // The name last: it may hold what looks like another gap.
    tell!(locale, compare.checkpoint, learner, steps = *meta_step, name = isolated(name))
}

/// A name that reads in its own direction, whatever stands beside it: one with letters that run from right to left is
/// isolated (Unicode Annex 9, §2.4).
pub fn isolated(name: &str) -> String {
    let leftwards = |letter: char| {
        matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
            || matches!(letter, '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    if name.chars().any(leftwards) { format!("\u{2068}{name}\u{2069}") } else { name.to_owned() }
}

/// What somebody who takes part is called.
pub fn entrant(locale: Locale, entrant: &Entrant) -> String {
    let learner = learner(locale, entrant.kind);
    match &entrant.contestant {
        Contestant::Own => tell!(locale, compare.own_steps, learner, steps = entrant.meta_step),
        Contestant::Learner(_) => learner.to_owned(),
        Contestant::Checkpoint(saved) => checkpoint(locale, saved),
    }
}

/// What it does to the task on show at an inner step, or its last one; an infinity sign where that is no number.
pub fn reading(locale: Locale, adaptation: &Adaptation, step: usize) -> Option<String> {
    Some(match adaptation {
        Adaptation::Regression(trajectory) => {
            let step = step.min(trajectory.steps.len().checked_sub(1)?);
            let loss = format::loss(trajectory.steps.get(step)?.query_loss);
            tell!(locale, compare.multiple_loss, step, loss)
        }
        Adaptation::Characters(trajectory) => {
            let step = step.min(trajectory.steps.len().checked_sub(1)?);
            let state = trajectory.steps.get(step)?;
            let loss = state.query_loss.map_or_else(|| "–".to_owned(), format::loss);
            let accuracy = state.query_accuracy.map_or_else(|| "–".to_owned(), format::percent);
            tell!(locale, compare.multiple_accuracy, step, accuracy, loss)
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
            1 => tell!(locale, compare.needs, names, steps),
            _ => tell!(locale, compare.need, names, steps),
        }
    };
    let mut said = match compared.ranking() {
        Ranking::Nothing => vec![tell!(locale, compare.said_nothing).to_owned()],
        Ranking::Found { metric, level, fewest, most, best: (place, step, figure), never, alike, last } => {
            let value = evaluation::figure(metric, level);
            let level = match metric {
                Metric::Loss => tell!(locale, compare.level_loss, value),
                Metric::Accuracy => tell!(locale, compare.level_accuracy, value),
            };
            let fast = needs(&fewest);
            let first = if fewest.0 == most.0 {
                tell!(locale, compare.said_alike, fast, level)
            } else {
                tell!(locale, compare.said_faster, fast, level, slow = needs(&most))
            };
            let best = listed(locale, names(&[place]));
            let (figure, steps) = (evaluation::figure(metric, figure), inner_steps(locale, step));
            let tasks = compared.tasks;
            let second = if never.is_empty() {
                tell!(locale, compare.said_close, best, figure, steps, tasks)
            } else {
                let (names, last) = (listed(locale, names(&never)), inner_steps(locale, last));
                tell!(locale, compare.said_never, best, figure, steps, names, last)
            };
            let third = match alike.len() {
                _ if never.is_empty() => None,
                0 => None,
                1 => Some(tell!(locale, compare.said_overlap, names = listed(locale, names(&alike)), tasks)),
                _ => Some(tell!(locale, compare.said_overlaps, names = listed(locale, names(&alike)), tasks)),
            };
            [first, second].into_iter().chain(third).collect()
        }
    };
    let out = compared.entrants.iter().enumerate().filter(|(_, one)| one.diverged.is_some());
    let out: Vec<usize> = out.map(|(place, _)| place).collect();
    if !out.is_empty() {
        said.push(tell!(locale, compare.said_diverged, names = listed(locale, names(&out))));
    }
    together(locale, said)
}

/// A number of inner steps.
fn inner_steps(locale: Locale, steps: u32) -> String {
    match steps {
        0 => tell!(locale, compare.no_step).to_owned(),
        1 => tell!(locale, compare.one_step).to_owned(),
        steps => tell!(locale, compare.some_steps, steps),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_runs_from_right_to_left_is_isolated_and_any_other_stands_as_it_is() {
        assert_eq!(isolated("רשת.safetensors"), "\u{2068}רשת.safetensors\u{2069}");
        assert_eq!(isolated("شبكة"), "\u{2068}شبكة\u{2069}");
        for name in ["kindling-250.safetensors", "比较", "é", "сеть"] {
            assert_eq!(isolated(name), name);
        }
    }

    #[test]
    fn a_checkpoint_is_called_by_its_file_whatever_that_holds() {
        let saved = Saved { name: "{{ steps }} {{ name }}".to_owned(), meta_step: 7, experiment: Default::default() };
        let told = contestant(Locale::en, &Contestant::Checkpoint(Box::new(saved)), LearnerKind::Reptile);
        assert_eq!(told, "{{ steps }} {{ name }} (MAML, meta-steps: 7)");
    }
}
