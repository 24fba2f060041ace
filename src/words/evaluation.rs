//! Words for evaluations.

use super::{Locale, format, inner_steps, tell};
use crate::experiment::{Evaluation, Interval, LearnerKind, Metric, StepEvaluation};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_is_told_where_it_is_judged_from_its_beginning() {
        let step =
            |step, mean| StepEvaluation { step, loss: Interval { mean, ci95: 0.1 }, diverged: 0, accuracy: None };
        let told = |steps: Vec<StepEvaluation>| course(Locale::en, &Evaluation { tasks: 5, steps }, LearnerKind::Maml);
        assert!(told(vec![step(0, 3.0), step(5, 1.0)]).is_some());
        assert_eq!(told(vec![step(1, 2.0), step(5, 1.0)]), None);
    }
}
