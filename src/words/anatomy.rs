//! Words for an anatomy: the names of its stages, and the sentence of each.

use super::{Locale, format, landscape::share, listed, tell};
use crate::{
    chart::{named_bars, norms, number},
    experiment::{Anatomy, Back, Followed, InnerOptimizer, Inside, Nudge, Outcome, Stage, whole},
};

/// A stage's name.
pub fn title(locale: Locale, stage: Stage) -> &'static str {
    match stage {
        Stage::Start => tell!(locale, anatomy.stage_start),
        Stage::Forward => tell!(locale, anatomy.stage_forward),
        Stage::Loss => tell!(locale, anatomy.stage_loss),
        Stage::Gradient => tell!(locale, anatomy.stage_gradient),
        Stage::Update => tell!(locale, anatomy.stage_update),
        Stage::Make => tell!(locale, anatomy.stage_make),
        Stage::Query => tell!(locale, anatomy.stage_query),
        Stage::Adjoint => tell!(locale, anatomy.stage_adjoint),
        Stage::Back => tell!(locale, anatomy.stage_back),
        Stage::Outer => tell!(locale, anatomy.stage_outer),
        Stage::Nudge => tell!(locale, anatomy.stage_nudge),
    }
}

/// What an anatomy is of, at an inner step counted from 0.
pub fn of(locale: Locale, anatomy: &Anatomy, step: usize) -> String {
    let task = match anatomy.own {
        true => tell!(locale, anatomy.own_task).to_owned(),
        false => tell!(locale, anatomy.task, index = anatomy.index),
    };
    let (steps, count) = (anatomy.meta_step, anatomy.steps.len());
    match count {
        0 => tell!(locale, anatomy.of_made, task, steps),
        count => tell!(locale, anatomy.of, task, steps, step = step + 1, count),
    }
}

/// What a stage says, from its numbers.
pub fn sentence(locale: Locale, anatomy: &Anatomy, stage: Stage, step: usize, followed: Option<&Followed>) -> String {
    let said = match stage {
        Stage::Start => vec![start(locale, anatomy)],
        Stage::Forward => vec![forward(locale, anatomy, step)],
        Stage::Loss => vec![loss(locale, anatomy, step)],
        Stage::Gradient => vec![gradient(locale, anatomy, step)],
        Stage::Update => update(locale, anatomy, step),
        Stage::Make => vec![match anatomy.inside {
            Inside::OneByOne => tell!(locale, anatomy.make_seen).to_owned(),
            _ => tell!(locale, anatomy.make_made).to_owned(),
        }],
        Stage::Query => vec![query(locale, anatomy)],
        Stage::Adjoint => vec![adjoint(locale, anatomy)],
        Stage::Back => vec![back(locale, anatomy, step)],
        Stage::Outer => outer(locale, anatomy),
        Stage::Nudge => nudges(locale, anatomy, followed),
    };
    join(locale, &said)
}

/// Sentences in a row; Chinese puts no space between them.
fn join(locale: Locale, sentences: &[String]) -> String {
    let told: Vec<&str> = sentences.iter().map(String::as_str).filter(|sentence| !sentence.is_empty()).collect();
    told.join(if locale == Locale::zh { "" } else { " " })
}

fn start(locale: Locale, anatomy: &Anatomy) -> String {
    let (support, query) = anatomy.sizes();
    match anatomy.inside {
        _ if anatomy.sums => tell!(locale, anatomy.start_function).to_owned(),
        Inside::Descends => tell!(locale, anatomy.start_shared, support, query),
        Inside::Learned => tell!(locale, anatomy.start_anew, support, query),
        Inside::Made | Inside::OneByOne => tell!(locale, anatomy.start_made, support, query),
        Inside::Nothing => tell!(locale, anatomy.start_nothing, support, query),
    }
}

/// The example with the largest loss of a step: its number from 1, and its loss.
fn worst(anatomy: &Anatomy, step: usize) -> Option<(u32, f64)> {
    let inner = anatomy.steps.get(step)?;
    let all = inner.seen.iter().zip(&inner.terms);
    all.max_by(|a, b| a.1.total_cmp(b.1)).map(|(seen, term)| (seen + 1, *term))
}

fn forward(locale: Locale, anatomy: &Anatomy, step: usize) -> String {
    let Some((worst, term)) = worst(anatomy, step) else { return String::new() };
    let (seen, term) = (anatomy.steps[step].seen.len(), number(term));
    match anatomy.sums {
        true => tell!(locale, anatomy.forward_function, terms = seen, worst, term),
        false => tell!(locale, anatomy.forward, seen, worst, term),
    }
}

fn loss(locale: Locale, anatomy: &Anatomy, step: usize) -> String {
    let Some((worst, term)) = worst(anatomy, step) else { return String::new() };
    let inner = &anatomy.steps[step];
    let (terms, loss) = (inner.terms.len(), number(inner.loss));
    let share = share(term / inner.terms.iter().sum::<f64>());
    match anatomy.sums {
        true => tell!(locale, anatomy.loss_sum, terms, loss, worst, share),
        false => tell!(locale, anatomy.loss_mean, terms, loss, worst, share),
    }
}

/// The part with the largest norm of a stage: its name, its norm, and its share of the squared whole.
fn largest(anatomy: &Anatomy, stage: Stage, step: usize) -> Option<(String, f64, f64)> {
    let series = norms(anatomy, stage, step);
    let values = series.first()?;
    let (layer, most) = values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let name = named_bars(anatomy, stage).get(layer)?.clone();
    (*most > 0.0).then(|| (name, *most, (most / whole(values)).powi(2)))
}

/// Whether a stage's numbers are none any more, of which a largest or a zero says nothing.
fn ran_off(anatomy: &Anatomy, stage: Stage, step: usize) -> bool {
    norms(anatomy, stage, step).iter().flatten().any(|norm| !norm.is_finite())
}

fn gradient(locale: Locale, anatomy: &Anatomy, step: usize) -> String {
    if ran_off(anatomy, Stage::Gradient, step) {
        return tell!(locale, anatomy.ran_off).to_owned();
    }
    match largest(anatomy, Stage::Gradient, step) {
        Some((layer, _, part)) => tell!(locale, anatomy.gradient, layer, share = share(part)),
        None => tell!(locale, anatomy.gradient_zero).to_owned(),
    }
}

fn update(locale: Locale, anatomy: &Anatomy, step: usize) -> Vec<String> {
    let how = match anatomy.inside {
        Inside::Learned => tell!(locale, anatomy.update_learned).to_owned(),
        _ if anatomy.optimizer != InnerOptimizer::Sgd => tell!(locale, anatomy.update_adam).to_owned(),
        _ if anatomy.pull > 0.0 => tell!(locale, anatomy.update_pull, pull = number(anatomy.pull)),
        _ => String::new(),
    };
    let still = anatomy.still();
    let what = match largest(anatomy, Stage::Update, step) {
        _ if ran_off(anatomy, Stage::Update, step) => tell!(locale, anatomy.ran_off).to_owned(),
        None => tell!(locale, anatomy.update_nothing).to_owned(),
        Some((layer, moved, _)) if still.is_empty() => {
            tell!(locale, anatomy.update, layer, moved = number(moved))
        }
        Some((layer, moved, _)) => {
            let still = listed(locale, still.iter().map(|name| (*name).to_owned()).collect());
            tell!(locale, anatomy.update_still, layer, moved = number(moved), still)
        }
    };
    vec![how, what]
}

fn query(locale: Locale, anatomy: &Anatomy) -> String {
    let [from, to] = anatomy.query_loss;
    let (before, after) = (number(from), number(to));
    match () {
        () if !to.is_finite() => tell!(locale, anatomy.ran_off).to_owned(),
        () if from == to => tell!(locale, anatomy.query_same, after),
        () if anatomy.sums => tell!(locale, anatomy.query_function, before, after),
        () if to < from => tell!(locale, anatomy.query_better, before, after),
        () => tell!(locale, anatomy.query_worse, before, after),
    }
}

fn adjoint(locale: Locale, anatomy: &Anatomy) -> String {
    if ran_off(anatomy, Stage::Adjoint, 0) {
        return tell!(locale, anatomy.ran_off).to_owned();
    }
    match largest(anatomy, Stage::Adjoint, 0) {
        Some((layer, _, part)) => tell!(locale, anatomy.adjoint, layer, share = share(part)),
        None => tell!(locale, anatomy.gradient_zero).to_owned(),
    }
}

fn back(locale: Locale, anatomy: &Anatomy, step: usize) -> String {
    let told = anatomy.back_step(step).map(|(at, back)| {
        let from = anatomy.before_back(step).map_or(0.0, whole);
        let bent = share(if from > 0.0 { whole(&back.bent) / from } else { 0.0 });
        let cosine = anatomy.way.as_ref().and_then(|way| *way.cosines.last()?);
        (at + 1, bent, cosine.map_or_else(|| "–".to_owned(), format::cosine))
    });
    if ran_off(anatomy, Stage::Back, step) {
        return tell!(locale, anatomy.ran_off).to_owned();
    }
    let most = largest(anatomy, Stage::Back, step).map(|(name, ..)| name);
    let base = anatomy.gradient.is_none();
    let exact = anatomy.gradient.as_ref().and_then(|gradient| gradient.exact);
    match (anatomy.back, told) {
        (Back::Plain | Back::Optimizer, _) if most.is_none() => tell!(locale, anatomy.gradient_zero).to_owned(),
        (Back::Through, Some((step, share, cosine))) => tell!(locale, anatomy.back_through, step, share, cosine),
        (Back::Straight, Some((step, share, cosine))) => {
            tell!(locale, anatomy.back_straight, step, share, cosine)
        }
        (Back::Implicit, Some((_, share, cosine))) => tell!(locale, anatomy.back_implicit, share, cosine),
        (Back::Through | Back::Straight | Back::Implicit, None) => {
            tell!(locale, anatomy.back_straight_alone).to_owned()
        }
        (Back::Displacement, _) => match exact {
            Some(exact) => tell!(locale, anatomy.back_displacement, cosine = format::cosine(exact)),
            None => tell!(locale, anatomy.back_displacement_alone).to_owned(),
        },
        (Back::Plain, _) => tell!(locale, anatomy.back_plain, layer = most.unwrap_or_default()),
        (Back::Optimizer, _) => tell!(locale, anatomy.back_optimizer, layer = most.unwrap_or_default()),
        (Back::Elsewhere, _) if base => tell!(locale, anatomy.back_base).to_owned(),
        (Back::Elsewhere, _) => tell!(locale, anatomy.back_joint).to_owned(),
        (Back::Nothing, _) => tell!(locale, anatomy.back_nothing).to_owned(),
    }
}

fn outer(locale: Locale, anatomy: &Anatomy) -> Vec<String> {
    let Some(outer) = &anatomy.outer else { return Vec::new() };
    let cut = outer.clip > 0.0 && outer.norm > outer.clip;
    let cut = cut.then(|| tell!(locale, anatomy.outer_clipped, clip = number(outer.clip)));
    let (moved, lr) = (number(whole(&outer.moved)), format::setting(outer.lr));
    let told = tell!(locale, anatomy.outer, tasks = outer.tasks, moved, lr);
    // Where meta-training takes no inner step, their number says nothing.
    let loops = !matches!(anatomy.back, Back::Plain | Back::Elsewhere);
    let inner = loops.then(|| tell!(locale, anatomy.outer_inner, steps = outer.inner_steps));
    let cosine = anatomy.gradient.as_ref().and_then(|gradient| gradient.mean);
    let beside = cosine.map(|cosine| tell!(locale, anatomy.outer_cosine, cosine = format::cosine(cosine)));
    [cut, Some(told), inner, beside].into_iter().flatten().collect()
}

fn nudges(locale: Locale, anatomy: &Anatomy, followed: Option<&Followed>) -> Vec<String> {
    let all = || anatomy.followed.iter().filter_map(|one| one.nudge);
    let count = |outcome: Outcome| all().filter(|nudge| nudge.outcome == outcome).count();
    let one = followed.and_then(|one| Some((one.name.clone(), one.nudge?))).map(|(name, nudge)| {
        let Nudge { by, change, foretold, exact, .. } = nudge;
        let by = format!("±{}", number(by));
        let told = tell!(locale, anatomy.nudge, name, by, change = number(change), foretold = number(foretold));
        let exact = exact.map(|exact| tell!(locale, anatomy.nudge_exact, exact = number(exact)));
        join(locale, &[told, exact.unwrap_or_default()])
    });
    let (moved, agree) = (all().count(), count(Outcome::Agrees));
    let whole = match all().any(|nudge| nudge.exact.is_some()) {
        true => tell!(locale, anatomy.nudge_all, count = moved, agree),
        false => tell!(locale, anatomy.nudge_own, count = moved, agree),
    };
    // What ran off has differences that disagree as those across a kink do.
    let kinks = all().filter(|nudge| nudge.outcome == Outcome::Kink && nudge.change.is_finite()).count();
    let kinks = (kinks > 0).then(|| tell!(locale, anatomy.nudge_kinks, kinks));
    [one, Some(whole), kinks].into_iter().flatten().collect()
}

/// What the bars of a stage are, one for each series.
pub fn keys(locale: Locale, anatomy: &Anatomy, stage: Stage) -> Vec<&'static str> {
    let leap = anatomy.back == Back::Implicit;
    let through = anatomy.way.as_ref().is_some_and(|way| !way.steps.is_empty());
    match stage {
        Stage::Gradient => vec![tell!(locale, anatomy.key_gradient)],
        Stage::Update => vec![tell!(locale, anatomy.key_moved)],
        Stage::Adjoint => vec![tell!(locale, anatomy.key_v)],
        Stage::Back if through && leap => {
            let keys = (tell!(locale, anatomy.key_bent_leap), tell!(locale, anatomy.key_to_leap));
            vec![tell!(locale, anatomy.key_v), keys.0, keys.1]
        }
        Stage::Back if through => {
            let keys = (tell!(locale, anatomy.key_bent), tell!(locale, anatomy.key_to));
            vec![tell!(locale, anatomy.key_v), keys.0, keys.1]
        }
        Stage::Back => vec![tell!(locale, anatomy.key_meta)],
        Stage::Outer => vec![tell!(locale, anatomy.key_outer)],
        Stage::Nudge => vec![tell!(locale, anatomy.key_change), tell!(locale, anatomy.key_foretold)],
        Stage::Start | Stage::Forward | Stage::Loss | Stage::Make | Stage::Query => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Adaptation, LearnerKind, TaskGradient, Trajectory};

    /// Of a learner with a head of its own, whose meta-gradient has these norms.
    fn plain(back: Back, query_loss: [f64; 2], norms: Vec<f64>) -> Anatomy {
        Anatomy {
            meta_step: 3,
            kind: LearnerKind::Prototypical,
            index: 0,
            own: false,
            inside: Inside::Made,
            back,
            lr: 0.1,
            optimizer: InnerOptimizer::Sgd,
            pull: 0.0,
            sums: false,
            adaptation: Adaptation::Regression(Trajectory::default()),
            layers: Vec::new(),
            steps: Vec::new(),
            queries: Vec::new(),
            query_loss,
            way: None,
            learned: vec!["layer0".to_owned(), "scale".to_owned()],
            gradient: Some(TaskGradient { loss: query_loss[1], norms, exact: None, mean: None }),
            followed: Vec::new(),
            outer: None,
        }
    }

    const RAN_OFF: &str = "The numbers have run off: a smaller rate may keep them.";

    #[test]
    fn a_query_loss_that_ran_off_is_not_told_as_a_lesson() {
        let told = |to: f64| sentence(Locale::en, &plain(Back::Plain, [1.0, to], vec![1.0; 2]), Stage::Query, 0, None);
        assert_eq!(told(f64::INFINITY), RAN_OFF);
        assert_eq!(told(f64::NAN), RAN_OFF);
        assert!(told(2.0).ends_with("does not hold for other examples."), "{}", told(2.0));
    }

    #[test]
    fn a_way_back_of_no_size_names_no_layer() {
        for back in [Back::Plain, Back::Optimizer] {
            let told =
                |norms: [f64; 2]| sentence(Locale::en, &plain(back, [1.0; 2], norms.into()), Stage::Back, 0, None);
            assert_eq!(told([f64::NAN, 1.0]), RAN_OFF);
            assert!(told([0.0; 2]).starts_with("The gradient is zero"), "{}", told([0.0; 2]));
            assert!(told([1.0, 2.0]).ends_with(" to scale."), "{}", told([1.0, 2.0]));
        }
    }
}
