//! Networks that were trained elsewhere and saved: what they are called, and which tasks they can be judged on.

use serde::{Deserialize, Serialize};

use super::{Choice as _, Experiment, FieldError};
use crate::task::TaskSpec;

/// Most letters of a name: as many as the legend of a small screen has room for.
const MOST_NAME: usize = 40;

/// Letters at the end of a name that is cut in its middle: numbers by which files differ stand there.
const KEPT_END: usize = 22;

/// Most combining marks in a row: more of them stand over the lines above and below.
const MOST_MARKS: usize = 4;

/// A network as its file describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// What it is called: its file's name, fit to be shown.
    pub name: String,
    /// Meta-steps done.
    pub meta_step: u32,
    /// The run that it is a state of.
    pub experiment: Experiment,
}

/// Why a saved network cannot be judged on the tasks of an experiment.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Misfit {
    /// It was trained on another family.
    #[error(
        "it was trained on tasks of the family {theirs} and these are of the family {ours}: leave it out, or compare it \
         on tasks of its own"
    )]
    Family {
        /// Its family's name.
        theirs: &'static str,
        /// That of the tasks.
        ours: &'static str,
    },
    /// Its head is of other ways.
    #[error(
        "its head tells {theirs} classes apart and these tasks have {ours}: leave it out, or choose tasks with \
         task.ways={theirs}"
    )]
    Ways {
        /// Outputs of its network.
        theirs: usize,
        /// Ways of the tasks.
        ours: usize,
    },
    /// It is told another number of parameters of each task.
    #[error(
        "its network reads {theirs} numbers at a time and these tasks give it {ours}: leave it out, or choose tasks with \
         its task.frequency"
    )]
    Inputs {
        /// Inputs of its network.
        theirs: usize,
        /// Those that it would have.
        ours: usize,
    },
    /// Its settings do not go together with these tasks.
    #[error(transparent)]
    Settings(#[from] FieldError),
}

impl Saved {
    /// What it runs where it is judged beside `own`: its network, learner and rates, on the tasks and with the seed and the
    /// evaluation steps of `own`. It is not trained.
    #[must_use]
    pub fn beside(&self, own: &Experiment) -> Experiment {
        let mut experiment = self.experiment.clone();
        (experiment.seed, experiment.view) = (own.seed, own.view.clone());
        experiment.task = TaskSpec { train_ways: 0, train_shots: 0, ..own.task.clone() };
        experiment.learner.eval_steps = own.learner.eval_steps;
        experiment.budget.validate_every = 0;
        experiment
    }

    /// Whether it can be judged on the tasks of `own`.
    ///
    /// # Errors
    /// When it cannot, and why.
    pub fn fits(&self, own: &Experiment) -> Result<(), Misfit> {
        let (saved, beside) = (&self.experiment, self.beside(own));
        if saved.task.family != own.task.family {
            return Err(Misfit::Family { theirs: saved.task.family.name(), ours: own.task.family.name() });
        }
        // Heads that are made of the support set have the ways of the task, whatever they were trained with.
        if !saved.learner.kind.takes_any_ways() && saved.outputs() != beside.outputs() {
            return Err(Misfit::Ways { theirs: saved.outputs(), ours: beside.outputs() });
        }
        if saved.inputs() != beside.inputs() {
            return Err(Misfit::Inputs { theirs: saved.inputs(), ours: beside.inputs() });
        }
        Ok(beside.check()?)
    }
}

/// What a file is called where it is shown, beside those that are called something already. Names come from strangers:
/// line breaks become spaces, letters that cannot be seen or turn the reading direction go, as do marks that pile up, a long
/// name is cut in its middle, and one that is taken gets a number.
#[must_use]
pub fn told_apart(file: &str, taken: &[String]) -> String {
    let letters = called(file);
    let numbers = std::iter::once(String::new()).chain((2..).map(|number| format!(" ({number})")));
    let mut names = numbers.map(|number| cut(&letters, MOST_NAME.saturating_sub(number.len())) + &number);
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}

/// What a file is called.
fn called(file: &str) -> Vec<char> {
    let words = file.split_whitespace().map(|word| {
        let mut marks = 0;
        let kept = word.chars().filter(|letter| !is_unseen(*letter)).filter(|letter| {
            marks = if is_mark(*letter) { marks + 1 } else { 0 };
            marks <= MOST_MARKS
        });
        kept.collect::<String>()
    });
    let name = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let is_seen = name.chars().any(|letter| letter != ' ' && !is_mark(letter));
    if is_seen { name.chars().collect() } else { "checkpoint".chars().collect() }
}

/// At most so many letters of a name: without its middle, where it has more.
fn cut(letters: &[char], most: usize) -> String {
    if letters.len() <= most {
        return letters.iter().collect();
    }
    let (start, end) = (most.saturating_sub(KEPT_END + 1), letters.len().saturating_sub(KEPT_END));
    letters[..start].iter().chain(&['…']).chain(&letters[end..]).collect()
}

/// Controls, marks and overrides of the reading direction, what joins or parts letters without a width, selectors of a
/// letter's look, and letters that are blank: fillers of Hangul and an empty cell of Braille.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}')
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(letter, '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
        || matches!(letter, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Marks that stand over or under the letter before them: the blocks that hold nothing else, and those of Cyrillic, Hebrew,
/// Arabic and Thai.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
        || matches!(letter, '\u{fe20}'..='\u{fe2f}' | '\u{483}'..='\u{489}' | '\u{a66f}'..='\u{a672}')
        || matches!(letter, '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{6d6}'..='\u{6dc}')
        || matches!(letter, '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Family, LearnerKind, Range, Source, preset};

    fn saved(experiment: &Experiment) -> Saved {
        Saved { name: "a.safetensors".to_owned(), meta_step: 7, experiment: experiment.clone() }
    }

    fn light() -> Experiment {
        preset("glyphs-light-maml-5w1s").unwrap().experiment()
    }

    #[test]
    fn it_keeps_its_network_and_rates_and_takes_tasks_seed_and_steps_of_those_it_is_beside() {
        let mut other = Experiment::default();
        (other.seed, other.model.hidden, other.learner.eval_lr) = (9, vec![8], 0.5);
        (other.task.shots, other.learner.eval_steps, other.budget.validate_every) = (3, 2, 50);
        let own = Experiment::default();
        let beside = saved(&other).beside(&own);
        assert_eq!(
            (beside.seed, &beside.task, beside.learner.eval_steps),
            (own.seed, &own.task, own.learner.eval_steps)
        );
        assert_eq!((&beside.model, beside.learner.eval_lr), (&other.model, 0.5));
        let mut wide = own.clone();
        (wide.task.train_ways, wide.task.train_shots) = (20, 10);
        assert_eq!(saved(&other).beside(&wide), beside, "what only meta-training sees is not judged under");
        assert_eq!((saved(&other).fits(&own), beside.budget.validate_every), (Ok(()), 0));
    }

    #[test]
    fn another_family_another_head_and_other_inputs_are_refused_with_what_to_do() {
        let refused = |theirs: &Experiment, ours: &Experiment| saved(theirs).fits(ours).unwrap_err();
        let family = refused(&light(), &Experiment::default());
        assert_eq!(family, Misfit::Family { theirs: "characters", ours: "sinusoid" });
        assert!(family.to_string().contains("leave it out, or compare it on tasks of its own"), "{family}");

        let mut wide = light();
        wide.task.ways = 8;
        let ways = refused(&wide, &light());
        assert_eq!(ways, Misfit::Ways { theirs: 8, ours: 5 });
        assert!(ways.to_string().contains("task.ways=8"), "{ways}");

        let mut told = Experiment::default();
        told.learner.kind = LearnerKind::Oracle;
        let mut waves = told.clone();
        waves.task.frequency = Range::new(0.5, 2.0);
        assert_eq!(refused(&told, &waves), Misfit::Inputs { theirs: 3, ours: 4 });

        let mut blind = preset("glyphs-light-prototypical-5w1s").unwrap().experiment();
        blind.learner.kind = LearnerKind::ZeroShot;
        let mut imported = light();
        imported.task.source = Source::Imported;
        assert!(matches!(refused(&blind.settled(), &imported), Misfit::Settings(_)));
    }

    #[test]
    fn a_head_that_the_support_set_makes_takes_any_ways() {
        let mut own = light();
        own.task.ways = 8;
        let prototypical = preset("glyphs-light-prototypical-5w1s").unwrap().experiment();
        assert!(prototypical.task.train_ways > 0 && prototypical.task.family == Family::Characters);
        assert_eq!(saved(&prototypical).fits(&own), Ok(()));
    }

    #[test]
    fn a_name_from_a_stranger_is_one_short_line_that_reads_in_its_own_direction() {
        let name = |file: &str| told_apart(file, &[]);
        assert_eq!(name("kindling-250.safetensors"), "kindling-250.safetensors");
        assert_eq!(name("a\u{0}\n\tb\u{1b}[31m.safetensors"), "a b[31m.safetensors");
        assert_eq!(name("\u{202e}srosnetefas.\u{2066}x\u{200b}"), "srosnetefas.x");
        assert_eq!(name("\u{200b} \n"), "checkpoint");
        let blank = "\u{115f}\u{1160}\u{3164}\u{ffa0}\u{34f}\u{2800}\u{fe00}\u{fe0f}\u{e0100}\u{e01ef}";
        assert_eq!(name(blank), "checkpoint");
        assert_eq!(name(&format!("a{blank}b")), "ab");
        assert_eq!(name("\u{301} \u{302}"), "checkpoint", "marks of no letter");
        let tower = "\u{301}\u{489}".repeat(50);
        assert_eq!(name(&format!("a{tower}b{tower}")), "a\u{301}\u{489}\u{301}\u{489}b\u{301}\u{489}\u{301}\u{489}");
        assert_eq!(name("vie\u{323}\u{302}t"), "vie\u{323}\u{302}t");
        assert_eq!(name("比较.safetensors"), "比较.safetensors");
        let long = name(&format!("{}-250.safetensors", "x".repeat(300)));
        assert_eq!(long.chars().count(), MOST_NAME);
        assert!(long.starts_with("xxx") && long.ends_with("…xxxxxx-250.safetensors"), "{long}");
        assert_eq!(name(&"é".repeat(MOST_NAME)).chars().count(), MOST_NAME);
    }

    #[test]
    fn two_of_one_name_are_told_apart() {
        let mut taken = Vec::new();
        for expected in ["a", "a (2)", "a (3)"] {
            taken.push(told_apart("a", &taken));
            assert_eq!(taken.last().map(String::as_str), Some(expected));
        }
        let long = "x".repeat(MOST_NAME + 10);
        let mut taken = Vec::new();
        for _ in 0..12 {
            taken.push(told_apart(&long, &taken));
            assert_eq!(taken.last().unwrap().chars().count(), MOST_NAME);
        }
        assert!(taken[1].ends_with("x (2)") && taken[11].ends_with("x (12)"), "{taken:?}");
    }
}
