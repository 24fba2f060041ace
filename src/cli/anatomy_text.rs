//! What `anatomy` says of each stage.

use crate::{
    chart::{named_bars, norms, number},
    experiment::{Anatomy, Back, InnerOptimizer, Inside, Outcome, Stage, whole},
};

/// A stage's name.
pub(super) fn title(stage: Stage) -> &'static str {
    match stage {
        Stage::Start => "the start and the support set",
        Stage::Forward => "forward: predictions for the support set",
        Stage::Loss => "the support loss, term by term",
        Stage::Gradient => "backward: its gradient",
        Stage::Update => "the update",
        Stage::Make => "what the support set makes",
        Stage::Query => "the query set",
        Stage::Adjoint => "the gradient of the query loss at the fast weights",
        Stage::Back => "back to the start",
        Stage::Outer => "the meta-step",
        Stage::Nudge => "a nudge, and what was foretold of it",
    }
}

/// What to notice, from the numbers.
pub(super) fn sentence(anatomy: &Anatomy, stage: Stage, step: usize) -> String {
    let inner = anatomy.steps.get(step);
    match stage {
        Stage::Start => {
            let (support, query) = anatomy.sizes();
            format!("{support} support and {query} query examples; {}", of_inside(anatomy.inside))
        }
        Stage::Forward => inner.map_or_else(String::new, |step| format!("{} examples are predicted", step.seen.len())),
        Stage::Loss => inner.map_or_else(String::new, |step| {
            let largest = step.terms.iter().copied().fold(0.0, f64::max);
            let share = 100.0 * largest / step.terms.iter().sum::<f64>();
            format!("the largest of {} terms is {share:.0} % of their sum", step.terms.len())
        }),
        Stage::Gradient => largest(anatomy, stage, step, "has the largest gradient"),
        Stage::Update => match anatomy.still().as_slice() {
            [] => largest(anatomy, stage, step, "moves furthest"),
            still => format!("{} stay where they are", still.join(", ")),
        },
        Stage::Make => "the support set goes through the network once; no gradient is taken".to_owned(),
        Stage::Query => {
            let [before, after] = anatomy.query_loss;
            match anatomy.inside {
                Inside::Nothing => format!("the query loss stays {}", number(after)),
                _ => format!("adaptation takes the query loss from {} to {}", number(before), number(after)),
            }
        }
        Stage::Adjoint => largest(anatomy, stage, step, "has the largest gradient"),
        Stage::Back => of_back(anatomy),
        Stage::Outer => anatomy.outer.as_ref().map_or_else(String::new, |outer| {
            let inner = match anatomy.back {
                Back::Plain | Back::Elsewhere => String::new(),
                _ => format!(" (inner steps in meta-training: {})", outer.inner_steps),
            };
            let (tasks, moved) = (outer.tasks, number(whole(&outer.moved)));
            format!("the mean over {tasks} tasks moves the meta-parameters by {moved}{inner}")
        }),
        Stage::Nudge => {
            let nudges = || anatomy.followed.iter().filter_map(|one| one.nudge);
            let agree = nudges().filter(|nudge| nudge.outcome == Outcome::Agrees).count();
            let exact = nudges().any(|nudge| nudge.exact.is_some());
            let whose = if exact { "MAML's gradient" } else { "the gradient" };
            format!("{agree} of {} nudges do what {whose} foretold", nudges().count())
        }
    }
}

fn of_inside(inside: Inside) -> &'static str {
    match inside {
        Inside::Descends => "the inner loop takes gradient steps from the start",
        Inside::Learned => "a learned optimiser takes the steps, from a start of this task's own",
        Inside::Made => "the support set makes the head in one go",
        Inside::OneByOne => "one support point after another moves a mean",
        Inside::Nothing => "nothing changes inside",
    }
}

fn of_back(anatomy: &Anatomy) -> String {
    let cosine = anatomy.way.as_ref().and_then(|way| *way.cosines.last()?);
    let turned = cosine.map_or_else(String::new, |cosine| format!("; cosine with first order: {cosine:.4}"));
    match anatomy.back {
        Back::Through => format!("every inner step takes αHv from v{turned}"),
        Back::Straight if anatomy.optimizer == InnerOptimizer::Sgd => {
            format!("the gradient is v as it is; αHv, which MAML takes from it, is left out{turned}")
        }
        Back::Straight => "the gradient is v as it is".to_owned(),
        Back::Implicit => format!("v + Hv/λ is solved for in one leap{turned}"),
        Back::Displacement => {
            let exact = anatomy.gradient.as_ref().and_then(|gradient| gradient.exact);
            let beside =
                exact.map_or_else(String::new, |exact| format!("; its cosine with MAML's gradient: {exact:.4}"));
            format!("no query gradient is taken: the direction is the way from the fast weights to the start{beside}")
        }
        Back::Plain => "one plain gradient goes through everything; there is no inner gradient".to_owned(),
        Back::Optimizer => "the query losses go back into the optimiser's own weights".to_owned(),
        Back::Elsewhere => "the query loss is not asked; what is learned outside descends another loss".to_owned(),
        Back::Nothing => "nothing goes back: nothing is learned outside".to_owned(),
    }
}

/// Which layer leads in a stage's numbers.
fn largest(anatomy: &Anatomy, stage: Stage, step: usize, does: &str) -> String {
    let series = norms(anatomy, stage, step);
    let values = series.first().map(Vec::as_slice).unwrap_or_default();
    let best = values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    best.and_then(|(layer, _)| named_bars(anatomy, stage).get(layer).cloned())
        .map_or_else(String::new, |name| format!("{name} {does}"))
}

/// The numbers behind a stage.
pub(super) fn table(anatomy: &Anatomy, stage: Stage, step: usize) -> Vec<String> {
    match stage {
        Stage::Loss => anatomy.steps.get(step).map_or_else(Vec::new, |inner| {
            let rows = inner.seen.iter().zip(&inner.predictions).zip(&inner.targets).zip(&inner.terms);
            let row = |(((seen, told), target), term): (((&u32, &Vec<f64>), &f64), &f64)| match anatomy.classifies() {
                true => {
                    let own = told.get(*target as usize).copied().unwrap_or(f64::NAN);
                    format!("{:>3}  class {target}  p {}  −ln p {}", seen + 1, number(own), number(*term))
                }
                false => {
                    let told = told.first().copied().unwrap_or(f64::NAN);
                    format!(
                        "{:>3}  f(x) {}  y {}  (f(x) − y)² {}",
                        seen + 1,
                        number(told),
                        number(*target),
                        number(*term)
                    )
                }
            };
            rows.map(row).collect()
        }),
        Stage::Nudge => anatomy
            .followed
            .iter()
            .filter_map(|one| {
                let nudge = one.nudge?;
                Some(format!(
                    "{:<28}  changed {:<12}  foretold {:<12}  {}",
                    one.name,
                    number(nudge.change),
                    number(nudge.foretold),
                    match nudge.outcome {
                        Outcome::Agrees => "agrees",
                        Outcome::Kink => "a kink of a ReLU is near",
                        Outcome::Differs => "differs",
                    }
                ))
            })
            .collect(),
        _ => {
            let series = match (stage, &anatomy.outer) {
                (Stage::Outer, Some(outer)) => vec![outer.gradient.clone(), outer.moved.clone()],
                _ => norms(anatomy, stage, step),
            };
            let names = if series.is_empty() { Vec::new() } else { named_bars(anatomy, stage) };
            let row = |(layer, name): (usize, String)| {
                let values = series.iter().filter_map(|values| values.get(layer));
                let values = values.map(|value| format!("{:<12}", number(*value))).collect::<Vec<_>>();
                format!("{name:<12}  {}", values.join("  "))
            };
            let heads = heads(anatomy, stage, series.len());
            heads.into_iter().chain(names.into_iter().enumerate().map(row)).collect()
        }
    }
}

/// What the columns of layers are.
fn heads(anatomy: &Anatomy, stage: Stage, series: usize) -> Option<String> {
    let names: &[&str] = match (stage, series) {
        (_, 0) => return None,
        (Stage::Gradient, _) => &["‖g‖"],
        (Stage::Update, _) => &["‖θ′ − θ‖"],
        (Stage::Adjoint, _) => &["‖v‖"],
        (Stage::Back, 3) if anatomy.back == Back::Implicit => &["‖v‖", "‖v − v_0‖", "‖v_0‖"],
        (Stage::Back, 3) => &["‖v‖", "‖αHv‖", "‖v − αHv‖"],
        (Stage::Back, _) => &["‖∂L/∂θ‖"],
        _ => &["‖ḡ‖", "‖Δθ‖"],
    };
    let heads = names.iter().map(|name| format!("{name:<12}")).collect::<Vec<_>>().join("  ");
    Some(format!("{:<12}  {heads}", "layer"))
}
