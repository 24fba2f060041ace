//! Words for evaluations: distributions, courses, and how a published protocol differs.

use super::{Locale, format, inner_steps, tell};
use crate::experiment::{
    Departure, Difference, Evaluation, Experiment, Interval, LearnerKind, Metric, Published, Range, Shift, Source,
    StepEvaluation, TaskSpec,
};

/// A figure with its interval, in the unit of its metric.
#[must_use]
pub fn figure(metric: Metric, interval: Interval) -> String {
    let unit = if metric == Metric::Accuracy && interval.mean.is_finite() { "\u{202f}%" } else { "" };
    format::interval(interval.mean, interval.ci95) + unit
}

/// What is best told of some figures, in the unit of its metric: a loss, or per cent.
#[must_use]
pub fn judged(step: &StepEvaluation) -> (Metric, Interval) {
    match step.accuracy {
        None => (Metric::Loss, step.loss),
        Some(Interval { mean, ci95 }) => (Metric::Accuracy, Interval { mean: 100.0 * mean, ci95: 100.0 * ci95 }),
    }
}

/// What an evaluation on tasks of the kind that was learned from says: where it begins and where it ends.
#[must_use]
pub fn course(locale: Locale, evaluation: &Evaluation, learner: LearnerKind) -> Option<String> {
    let (first, last) = (evaluation.steps.first()?, evaluation.steps.last()?);
    let (name, tasks) = (tell!(locale, evaluate.own), evaluation.tasks);
    let steps = inner_steps(locale, last.step as usize, learner);
    let ((metric, from), (_, to)) = (judged(first), judged(last));
    if last.diverged > 0 && metric == Metric::Loss {
        return Some(tell!(locale, evaluate.said_diverged, name, count = last.diverged, tasks, steps));
    }
    if first.step > 0 {
        // Where it begins has not been judged.
        return None;
    }
    let (from, to) = (figure(metric, from), figure(metric, to));
    Some(match (metric, first.step == last.step) {
        (Metric::Loss, true) => tell!(locale, evaluate.said_still_loss, name, tasks, to),
        (Metric::Accuracy, true) => tell!(locale, evaluate.said_still_accuracy, name, tasks, to),
        (Metric::Loss, false) => tell!(locale, evaluate.said_loss, name, tasks, steps, from, to),
        (Metric::Accuracy, false) => tell!(locale, evaluate.said_accuracy, name, tasks, steps, from, to),
    })
}

/// What a row or a button calls a distribution.
#[must_use]
pub fn shift(locale: Locale, shift: Shift, task: &TaskSpec) -> String {
    let among = |range: Range, told: fn(f64) -> String| {
        if range.is_single() { told(range.low) } else { format!("{} … {}", told(range.low), told(range.high)) }
    };
    match shift {
        Shift::Own => tell!(locale, evaluate.own).to_owned(),
        Shift::Amplitude => {
            tell!(locale, evaluate.amplitude, range = among(task.amplitude, format::setting))
        }
        Shift::Phase => tell!(locale, evaluate.phase, range = among(task.phase, format::angle)),
        Shift::FewerShots | Shift::MoreShots => match (task.family.classifies(), task.shots) {
            (false, 1) => tell!(locale, evaluate.one_point).to_owned(),
            (false, shots) => tell!(locale, evaluate.points, shots),
            (true, 1) => tell!(locale, evaluate.one_drawing).to_owned(),
            (true, shots) => tell!(locale, evaluate.drawings, shots),
        },
        Shift::Ways => tell!(locale, evaluate.ways, ways = task.ways),
        Shift::Rotations if task.rotations.is_on() => tell!(locale, evaluate.turned).to_owned(),
        Shift::Rotations => tell!(locale, evaluate.upright).to_owned(),
        Shift::Alphabet if task.within_alphabet.is_on() => tell!(locale, evaluate.one_alphabet).to_owned(),
        Shift::Alphabet => tell!(locale, evaluate.any_alphabet).to_owned(),
        Shift::Source if task.source == Source::Imported => tell!(locale, evaluate.imported).to_owned(),
        Shift::Source => tell!(locale, evaluate.procedural).to_owned(),
    }
}

/// How a protocol differs from its paper's.
#[must_use]
pub fn difference(locale: Locale, difference: Difference) -> &'static str {
    match difference {
        Difference::Split => tell!(locale, difference.split),
        Difference::Data => tell!(locale, difference.data),
        Difference::Weights => tell!(locale, difference.weights),
        Difference::NoInterval => tell!(locale, difference.no_interval),
        Difference::ByReptilesPaper => tell!(locale, difference.by_reptiles_paper),
        Difference::FewerTasks => tell!(locale, difference.fewer_tasks),
        Difference::InnerAdam => tell!(locale, difference.inner_adam),
        Difference::Queries => tell!(locale, difference.queries),
        Difference::TurnedTests => tell!(locale, difference.turned_tests),
        Difference::SinusoidRates => tell!(locale, difference.sinusoid_rates),
        Difference::Frequency => tell!(locale, difference.frequency),
        Difference::SinusoidTraining => tell!(locale, difference.sinusoid_training),
        Difference::CharacterRates => tell!(locale, difference.character_rates),
        Difference::FineTuning => tell!(locale, difference.fine_tuning),
        Difference::MetaBatch => tell!(locale, difference.meta_batch),
        Difference::ByMamlsPaper => tell!(locale, difference.by_mamls_paper),
        Difference::Pooling => tell!(locale, difference.pooling),
        Difference::Scale => tell!(locale, difference.scale),
        Difference::Decay => tell!(locale, difference.decay),
        Difference::Training => tell!(locale, difference.training),
        Difference::JointStatistics => tell!(locale, difference.joint_statistics),
    }
}

/// Everything in which an experiment, after some meta-steps, differs from what a paper reports: a sentence each, with
/// settings under the names that `--set` knows.
#[must_use]
pub fn differences(
    locale: Locale,
    (entry, departures): (&Published, &[Departure]),
    experiment: &Experiment,
    meta_steps: u32,
) -> Vec<String> {
    // A dataset of one's own may be the paper's.
    let imported = experiment.task.source == Source::Imported;
    let always = entry.differences.iter().filter(|kind| !(imported && **kind == Difference::Data));
    let always = always.map(|kind| difference(locale, *kind).to_owned());
    let here = departures.iter().map(|Departure { field, own, theirs }| {
        tell!(locale, evaluate.departure, name = field.path, own = own.clone(), theirs = theirs.clone())
    });
    let budget = entry.protocol().map_or(0, |protocol| protocol.budget.meta_steps);
    let so_far = (meta_steps != budget).then(|| tell!(locale, evaluate.not_trained, steps = meta_steps, budget));
    always.chain(here).chain(so_far).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{nearest_published, preset};

    #[test]
    fn differences_are_those_of_the_paper_of_the_settings_and_of_the_training() {
        let mut experiment = preset("glyphs-maml-5w1s").unwrap().experiment();
        experiment.model.filters = 16;
        let told = |experiment: &Experiment, meta_steps: u32| {
            let (entry, departures) = nearest_published(experiment).unwrap();
            differences(Locale::en, (entry, &departures), experiment, meta_steps)
        };
        let budget = experiment.budget.meta_steps;
        let all = told(&experiment, 7);
        assert!(all.contains(&"model.filters: here 16, there 64.".to_owned()), "{all:?}");
        assert!(all.contains(&format!("Meta-trained here for 7 steps, there for {budget}.")), "{all:?}");
        assert!(all.contains(&difference(Locale::en, Difference::Data).to_owned()), "{all:?}");
        experiment.task.source = Source::Imported;
        assert_eq!(told(&experiment, budget).len(), all.len() - 2, "neither another dataset nor less training");
    }

    #[test]
    fn a_course_is_told_where_it_is_judged_from_its_beginning() {
        let step =
            |step, mean| StepEvaluation { step, loss: Interval { mean, ci95: 0.1 }, diverged: 0, accuracy: None };
        let told = |steps: Vec<StepEvaluation>| course(Locale::en, &Evaluation { tasks: 5, steps }, LearnerKind::Maml);
        assert!(told(vec![step(0, 3.0), step(5, 1.0)]).is_some());
        assert_eq!(told(vec![step(1, 2.0), step(5, 1.0)]), None);
    }
}
