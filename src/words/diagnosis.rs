//! Words for diagnoses: verdicts, directions, costs.

use super::{Locale, format, inner_steps, tell, together};
use crate::experiment::{
    CostMeter, Derivative, Diagnosis, Directions, GradientCheck, LearnerKind, Outcome, Towards, Turn, Verdict,
};

/// What a diagnosis is called while it runs.
pub fn name(locale: Locale, diagnosis: Diagnosis) -> &'static str {
    match diagnosis {
        Diagnosis::Gradient => tell!(locale, diagnose.gradient_title),
        Diagnosis::Directions => tell!(locale, diagnose.directions_title),
        Diagnosis::Cost => tell!(locale, diagnose.cost_title),
    }
}

/// A ratio of lengths, of times.
pub fn ratio(value: f64) -> String {
    format::loss(value as f32)
}

/// What a gradient check says, of a learner.
pub fn verdict(locale: Locale, check: &GradientCheck, learner: LearnerKind) -> String {
    let count = |outcome: Outcome| check.along.iter().filter(|along| along.outcome == outcome).count();
    let (agree, differ, total) = (count(Outcome::Agrees), count(Outcome::Differs), check.directions);
    let judged = check.along.iter().filter(|along| along.outcome == Outcome::Agrees);
    let error = format::power(judged.map(|along| along.error).fold(0.0, f64::max));
    let said = match check.verdict {
        Verdict::Open => tell!(locale, diagnose.gradient_open, count = agree, total),
        Verdict::Right if check.derivative == Derivative::Approximate => {
            tell!(locale, diagnose.gradient_stand_in, count = agree, total, error)
        }
        Verdict::Right => tell!(locale, diagnose.gradient_right, count = agree, total, error),
        Verdict::Wrong => tell!(locale, diagnose.gradient_wrong, count = differ, total),
        Verdict::Unclear => tell!(locale, diagnose.gradient_unclear, count = agree, total),
        Verdict::Nothing => tell!(locale, diagnose.gradient_nothing).to_owned(),
    };
    let own = check.own.map(|Turn { cosine: angle, ratio: length }| {
        let learner = super::learner(locale, learner);
        tell!(locale, diagnose.gradient_own, learner, cosine = format::cosine(angle), ratio = ratio(length))
    });
    together(locale, [said].into_iter().chain(own))
}

/// How a gradient check is made.
pub fn method(locale: Locale, check: &GradientCheck) -> String {
    let (step, tolerance) = (format::power(check.step), format::power(check.tolerance));
    let (tasks, of_tasks) = (check.tasks, check.of_tasks);
    tell!(locale, diagnose.gradient_method, step, tasks, of_tasks, tolerance)
}

/// What a direction is called.
pub fn towards(locale: Locale, towards: &Towards) -> String {
    match towards {
        Towards::Gradient => tell!(locale, diagnose.towards_gradient).to_owned(),
        Towards::Random(number) => tell!(locale, diagnose.towards_random, number = *number),
        Towards::Element(tensor, element) => {
            tell!(locale, diagnose.towards_element, tensor = tensor.clone(), element = *element + 1)
        }
    }
}

/// A cosine and a ratio of lengths; a dash where there is no direction.
pub fn turn(locale: Locale, turn: Option<Turn>) -> String {
    turn.map_or_else(
        || "–".to_owned(),
        |turn| tell!(locale, diagnose.turn, cosine = format::cosine(turn.cosine), ratio = ratio(turn.ratio)),
    )
}

/// What a comparison says, of a learner.
pub fn directions(locale: Locale, directions: &Directions, learner: LearnerKind) -> String {
    let told = |turn: Option<Turn>| match turn {
        Some(turn) => format::cosine(turn.cosine),
        None => tell!(locale, diagnose.no_direction).to_owned(),
    };
    let (meta_step, fomaml, reptile) = (directions.meta_step, told(directions.fomaml), told(directions.reptile));
    let said = tell!(locale, diagnose.directions_said, meta_step, fomaml, reptile);
    let own = directions.own.map(|own| {
        let learner = super::learner(locale, learner);
        tell!(locale, diagnose.directions_own, learner, own = format::cosine(own.cosine))
    });
    together(locale, [said].into_iter().chain(own))
}

/// What the measured costs say.
pub fn cost(locale: Locale, meter: &CostMeter) -> String {
    let whole = meter.ratio().zip(meter.own()).map(|(times, at)| {
        let steps = inner_steps(locale, at.steps as usize, LearnerKind::Maml);
        tell!(locale, diagnose.cost_said, steps, ratio = ratio(times))
    });
    let step = meter.step_ratio().map(|times| tell!(locale, diagnose.cost_step, ratio = ratio(times)));
    together(locale, whole.into_iter().chain(step))
}
