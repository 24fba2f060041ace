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

/// What stands beside its name where the task on show is: that its meta-training ran off, or what it does to the task at
/// an inner step.
pub fn standing(locale: Locale, entrant: &Entrant, step: usize) -> Option<String> {
    match (entrant.diverged, &entrant.shown) {
        (Some(at), _) => Some(tell!(locale, compare.diverged, at)),
        (None, Some(shown)) => reading(locale, shown, step),
        (None, None) => None,
    }
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
            let leads = fewest.1.first().and_then(|&place| compared.entrants.get(place));
            // Names of files and of learners stay as they are.
            let is_own = leads.is_some_and(|one| one.contestant == Contestant::Own);
            let first = if is_own { capital(&first) } else { first };
            let best = listed(locale, names(&[place]));
            let (figure, steps) = (evaluation::figure(metric, figure), inner_steps(locale, step));
            // Who was stopped has fewer than were asked for.
            let judged = compared.entrants.iter().filter_map(|one| Some(one.evaluation.as_ref()?.tasks));
            let tasks = judged.min().unwrap_or(compared.tasks);
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
    if let Some((on, off)) = compared.transduction() {
        let (on, off) = (listed(locale, names(&on)), listed(locale, names(&off)));
        said.push(tell!(locale, compare.said_transduction, on, off));
    }
    together(locale, said)
}

/// A sentence with a capital at its beginning, where its letters have some.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
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
    use crate::experiment::{Evaluation, Experiment, Interval, StepEvaluation};

    #[test]
    fn a_name_that_runs_from_right_to_left_is_isolated_and_any_other_stands_as_it_is() {
        assert_eq!(isolated("רשת.safetensors"), "\u{2068}רשת.safetensors\u{2069}");
        assert_eq!(isolated("شبكة"), "\u{2068}شبكة\u{2069}");
        for name in ["kindling-250.safetensors", "比较", "é", "сеть"] {
            assert_eq!(isolated(name), name);
        }
    }

    /// Two who are judged: the first needs one inner step for what the second needs two for.
    fn compared(first: Contestant, second: Contestant) -> Compared {
        let interval = |mean| Interval { mean, ci95: 0.01 };
        let entrant = |contestant: Contestant, means: [f64; 3]| {
            let step = |(step, mean)| StepEvaluation { step, loss: interval(mean), diverged: 0, accuracy: None };
            let steps = (0..).zip(means).map(step).collect();
            Entrant {
                kind: contestant.kind(&Experiment::default()),
                contestant,
                transduction: None,
                meta_step: 7,
                diverged: None,
                curve: Vec::new(),
                shown: None,
                evaluation: Some(Evaluation { tasks: 100, steps }),
            }
        };
        let entrants = vec![entrant(first, [3.0, 1.0, 0.5]), entrant(second, [3.0, 2.0, 1.0])];
        Compared { meta_steps: 0, tasks: 100, entrants }
    }

    fn checkpoint(name: &str) -> Contestant {
        let saved = Saved { name: name.to_owned(), meta_step: 7, experiment: Experiment::default() };
        Contestant::Checkpoint(Box::new(saved))
    }

    #[test]
    fn a_sentence_begins_with_a_capital_and_a_file_keeps_its_name() {
        let begins = |first: Contestant, locale| said(locale, &compared(first, checkpoint("b")));
        let own = begins(Contestant::Own, Locale::en);
        assert!(own.starts_with("As it stands (MAML, meta-steps: 7) needs 1 inner step to reach"), "{own}");
        assert!(own.contains("The best is as it stands (MAML"), "{own}");
        assert!(begins(checkpoint("a.safetensors"), Locale::en).starts_with("a.safetensors (MAML"));
        assert!(begins(Contestant::Learner(LearnerKind::Imaml), Locale::en).starts_with("iMAML"));
        assert!(begins(Contestant::Own, Locale::zh).starts_with("要达到"));
    }

    #[test]
    fn a_comparison_that_was_stopped_tells_the_tasks_that_were_judged() {
        let mut both = compared(checkpoint("a"), checkpoint("b"));
        // Alike, so that the sentence tells of tasks.
        both.entrants[1].evaluation = both.entrants[0].evaluation.clone();
        for locale in [Locale::en, Locale::zh] {
            let told = said(locale, &both);
            assert!(told.contains("100"), "{told}");
        }
        for entrant in &mut both.entrants {
            entrant.evaluation = entrant.evaluation.take().map(|all| Evaluation { tasks: 25, ..all });
        }
        for locale in [Locale::en, Locale::zh] {
            let told = said(locale, &both);
            assert!(told.contains("25") && !told.contains("100"), "{told}");
        }
    }

    #[test]
    fn a_name_that_looks_like_a_gap_stands_in_every_sentence_as_it_is() {
        for name in ["{{ level }} {{ slow }}", "{{ best }}{{ figure }}", "{{ ", "}} {{ names }} {{"] {
            for locale in [Locale::en, Locale::zh] {
                let plain = said(locale, &compared(checkpoint("FILE"), checkpoint("OTHER")));
                let told = said(locale, &compared(checkpoint(name), checkpoint("OTHER")));
                assert_eq!(told, plain.replace("FILE", name));
            }
        }
    }

    #[test]
    fn a_difference_of_transduction_is_said_with_who_has_it() {
        let mut both = compared(checkpoint("a"), checkpoint("b"));
        for (entrant, transduction) in both.entrants.iter_mut().zip([true, false]) {
            entrant.transduction = Some(transduction);
        }
        let told = said(Locale::en, &both);
        let sentence = "With transduction, which normalises a task’s queries together: a (MAML, meta-steps: 7); without: b \
                        (MAML, meta-steps: 7). Part of the difference may come from that.";
        assert!(told.ends_with(sentence), "{told}");
        assert!(said(Locale::zh, &both).contains("未启用的有：b"));
        both.entrants[1].transduction = Some(true);
        assert!(!said(Locale::en, &both).contains("transduction"));
    }

    #[test]
    fn a_checkpoint_is_called_by_its_file_whatever_that_holds() {
        let saved = Saved { name: "{{ steps }} {{ name }}".to_owned(), meta_step: 7, experiment: Default::default() };
        let told = contestant(Locale::en, &Contestant::Checkpoint(Box::new(saved)), LearnerKind::Reptile);
        assert_eq!(told, "{{ steps }} {{ name }} (MAML, meta-steps: 7)");
    }
}
