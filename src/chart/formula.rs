//! The formulas of an anatomy with its numbers put in: the same in every language.

use crate::experiment::{
    Anatomy, Back, Followed, InnerOptimizer, InnerStep, Inside, LearnerKind, OuterStep, Stage, WeightOuter, whole,
};

/// Terms of a sum that are written out.
const TERMS: usize = 3;

/// β₁ and β₂ of the outer Adam, and its ε.
const ADAM: (f64, f64, f64) = (0.9, 0.999, 1e-8);

/// A number of any size, to five digits and with a true minus sign; an infinity sign for what is none.
#[must_use]
pub fn number(value: f64) -> String {
    let magnitude = value.abs();
    let text = match magnitude {
        _ if !value.is_finite() => return "∞".to_owned(),
        0.0 => "0".to_owned(),
        1e-3..1e5 => format!("{value:.*}", (4.0 - magnitude.log10().floor()).clamp(0.0, 8.0) as usize),
        _ => format!("{value:.4e}"),
    };
    text.replace('-', "−")
}

/// A setting, without the digits that say nothing.
fn setting(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    let text = number(if (rounded - value).abs() <= 1e-4 * value.abs() { rounded } else { value });
    if text.contains('.') && !text.contains('e') {
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    text
}

/// As a term behind an operator, in brackets where it is below zero.
fn term(value: f64) -> String {
    if value < 0.0 { format!("({})", number(value)) } else { number(value) }
}

/// The formulas of a stage at an inner step (counted from 0), with the numbers of one that is followed.
#[must_use]
pub fn formulas(anatomy: &Anatomy, stage: Stage, step: usize, followed: Option<&Followed>) -> Vec<String> {
    let inner = anatomy.steps.get(step);
    match stage {
        Stage::Start | Stage::Make => Vec::new(),
        Stage::Forward => inner.and_then(|step| forward(step, anatomy.classifies())).into_iter().collect(),
        Stage::Loss => inner.map(|step| loss(step, anatomy)).into_iter().collect(),
        Stage::Gradient => gradient(inner, step, followed),
        Stage::Update => followed.and_then(|followed| update(anatomy, step, followed)).into_iter().collect(),
        Stage::Query => {
            let [before, after] = anatomy.query_loss.map(number);
            vec![format!("L_query(θ_0) = {before} → L_query(θ_K) = {after}")]
        }
        Stage::Adjoint => adjoint(anatomy, followed),
        Stage::Back => back(anatomy, step, followed),
        Stage::Outer => outer(anatomy, followed),
        Stage::Nudge => followed.and_then(nudge).unwrap_or_default(),
    }
}

fn forward(step: &InnerStep, classes: bool) -> Option<String> {
    let (told, target) = (step.predictions.first()?, step.targets.first()?);
    Some(match classes {
        true => format!("p(y_1 | x_1) = {}", number(*told.get(*target as usize)?)),
        false => format!("f(x_1) = {}, y_1 = {}", number(*told.first()?), number(*target)),
    })
}

fn loss(step: &InnerStep, anatomy: &Anatomy) -> String {
    let classes = anatomy.classifies();
    let terms = step.predictions.iter().zip(&step.targets).take(TERMS).map(|(told, target)| match classes {
        true => format!("ln {}", number(told.get(*target as usize).copied().unwrap_or(f64::NAN))),
        false => format!("({} − {})²", number(told.first().copied().unwrap_or(f64::NAN)), term(*target)),
    });
    let more = if step.terms.len() > TERMS { " + …" } else { "" };
    let sum = terms.collect::<Vec<_>>().join(" + ");
    let (minus, count) = (if classes { "−" } else { "" }, step.terms.len());
    let over = if anatomy.sums { String::new() } else { format!(" / {count}") };
    format!("L = {minus}({sum}{more}){over} = {}", number(step.loss))
}

fn gradient(inner: Option<&InnerStep>, step: usize, followed: Option<&Followed>) -> Vec<String> {
    let norm = inner.map(|step| format!("‖g‖ = {}", number(whole(&step.gradient))));
    let one = followed.and_then(|followed| {
        let weight = followed.steps.get(step)?;
        Some(format!("g = ∂L/∂θ = {}   (θ = {})", number(weight.gradient), followed.name))
    });
    one.into_iter().chain(norm).collect()
}

fn update(anatomy: &Anatomy, step: usize, followed: &Followed) -> Option<String> {
    let weight = followed.steps.get(step)?;
    let (value, slope, next) = (number(weight.value), term(weight.gradient), number(weight.next));
    let Some(rate) = weight.rate else {
        let told = if anatomy.inside == Inside::Learned { "m(g)" } else { "Δ" };
        return Some(format!("θ′ = θ + {told} = {value} + {} = {next}", term(weight.next - weight.value)));
    };
    let by = setting(rate);
    Some(match () {
        // A normalisation of MAML++ starts every step with other values, whatever its gradient.
        () if rate == 0.0 && weight.next != weight.value => {
            format!("θ′ = θ_{} = {next}   (θ_{step} = {value})", step + 1)
        }
        () if rate != 0.0 && anatomy.optimizer != InnerOptimizer::Sgd => {
            format!(
                "θ′ = θ − α·Adam(g) = {value} − {} = {next}   (g = {})",
                term(weight.value - weight.next),
                number(weight.gradient)
            )
        }
        () if anatomy.pull > 0.0 => {
            let start = followed.steps.first()?.value;
            let pull = setting(anatomy.pull);
            let moved = term(weight.value - start);
            format!("θ′ = θ − α(g + λ(θ − θ_0)) = {value} − {by} · ({slope} + {pull} · {moved}) = {next}")
        }
        () => format!("θ′ = θ − αg = {value} − {by} · {slope} = {next}"),
    })
}

fn adjoint(anatomy: &Anatomy, followed: Option<&Followed>) -> Vec<String> {
    let one = followed.and_then(|followed| Some((&followed.name, followed.back.last()?.from)));
    // MAML++ weighs the query loss after each step, the last one's too.
    let weight = if anatomy.kind == LearnerKind::MamlPp { "w_K " } else { "" };
    let one = one.map(|(name, v)| format!("v = {weight}∂L_query/∂θ_K = {}   (θ = {name})", number(v)));
    let norm = anatomy.way.as_ref().map(|way| format!("‖v‖ = {}", number(whole(&way.last))));
    one.into_iter().chain(norm).collect()
}

fn back(anatomy: &Anatomy, step: usize, followed: Option<&Followed>) -> Vec<String> {
    let Some(followed) = followed else { return Vec::new() };
    let mut lines = Vec::new();
    let leap = anatomy.back == Back::Implicit;
    let at = step.min(followed.back.len().saturating_sub(1));
    if let Some(weight) = followed.back.get(at) {
        // MAML++ adds the gradients of the query losses at the steps between.
        let rest = weight.to - (weight.from - weight.bent);
        let joins = rest.abs() > 1e-9 * weight.from.abs().max(weight.bent.abs());
        let (more, rest) = if joins { (" + …", format!(" + {}", term(rest))) } else { ("", String::new()) };
        let name = &followed.name;
        let (from, bent, to) = (number(weight.from), term(weight.bent), number(weight.to));
        let whose = if anatomy.way.as_ref().is_some_and(|way| way.taken) { "" } else { "MAML: " };
        lines.push(match leap {
            // As far as conjugate gradients have solved for it.
            true => format!("v_0 ≈ v − Hv_0/λ: {from} − {bent} = {to}   (θ = {name})"),
            false => {
                format!("{whose}v_{at} = v_{} − αHv{more} = {from} − {bent}{rest} = {to}   (θ = {name})", at + 1)
            }
        });
    }
    if let Some(gradient) = followed.gradient {
        let told = match anatomy.back {
            Back::Displacement => {
                let ends = followed.steps.first().zip(followed.steps.last());
                ends.map(|(first, last)| {
                    format!("θ_0 − θ_K = {} − {} = {}", number(first.value), term(last.next), number(gradient))
                })
            }
            Back::Nothing | Back::Elsewhere => None,
            _ => Some(format!("∂L/∂θ = {}   (θ = {})", number(gradient), followed.name)),
        };
        lines.extend(told);
    }
    lines
}

fn outer(anatomy: &Anatomy, followed: Option<&Followed>) -> Vec<String> {
    let Some(step) = &anatomy.outer else { return Vec::new() };
    let mut lines = vec![format!("‖ḡ‖ = {}", number(step.norm))];
    if step.clip > 0.0 && step.norm > step.clip {
        lines.push(format!("ḡ ← ḡ · {} / {}", number(step.clip), number(step.norm)));
    }
    if let Some(weight) = followed.and_then(|followed| followed.outer) {
        lines.push(outer_update(step, &weight));
    }
    lines
}

fn outer_update(step: &OuterStep, weight: &WeightOuter) -> String {
    let (value, next, rate) = (number(weight.value), number(weight.next), setting(step.lr));
    let (pull, pulled) = match weight.decays && step.weight_decay > 0.0 {
        true => (" − βλθ", format!(" − {}", term(step.lr * step.weight_decay * weight.value))),
        false => ("", String::new()),
    };
    match (weight.first, weight.second) {
        (Some(first), Some(second)) => {
            let [m, v] = corrected(step.time, first, second);
            let (m, v) = (term(m), number(v.sqrt()));
            format!("θ ← θ − β m̂/(√v̂ + ε){pull} = {value} − {rate} · {m} / {v}{pulled} = {next}")
        }
        (Some(velocity), None) => {
            format!("θ ← θ − βu{pull} = {value} − {rate} · {}{pulled} = {next}", term(velocity))
        }
        _ => format!("θ ← {next}"),
    }
}

/// Adam's moments without their bias towards zero, after `time` steps.
fn corrected(time: u32, first: f64, second: f64) -> [f64; 2] {
    let left = |decay: f64| 1.0 - decay.powf(f64::from(time));
    [first / left(ADAM.0), second / left(ADAM.1)]
}

/// Where Adam takes a weight, but for weight decay; as the outer optimiser does.
#[must_use]
pub fn adam_leads(step: &OuterStep, weight: &WeightOuter) -> Option<f64> {
    let [m, v] = corrected(step.time, weight.first?, weight.second?);
    Some(weight.value - step.lr * m / (v.sqrt() + ADAM.2))
}

fn nudge(followed: &Followed) -> Option<Vec<String>> {
    let nudge = followed.nudge?;
    let by = number(nudge.by);
    let mut lines = vec![
        format!("(L(θ + ε) − L(θ − ε)) / 2 = {}   (θ = {}, ε = {by})", number(nudge.change), followed.name),
        format!("ε · ∂L/∂θ = {}", number(nudge.foretold)),
    ];
    if let Some(exact) = nudge.exact {
        lines.push(format!("ε · v_0 = {}", number(exact)));
    }
    Some(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Optimizer, WeightBack, WeightStep};

    #[test]
    fn numbers_keep_five_digits_of_any_size() {
        assert_eq!(number(0.012_345_678), "0.012346");
        assert_eq!(number(-123.456), "−123.46");
        assert_eq!(number(4e-6), "4.0000e−6");
        assert_eq!((number(0.0), number(f64::NAN)), ("0".to_owned(), "∞".to_owned()));
    }

    #[test]
    fn a_setting_keeps_the_digits_that_it_was_given() {
        assert_eq!([0.01, f64::from(0.01f32), 2.0, 1e-8].map(setting), ["0.01", "0.01", "2", "1.0000e−8"]);
    }

    #[test]
    fn adams_moments_are_freed_of_their_start_at_zero() {
        // After one step m = 0.1 g and v = 0.001 g²: the step is the rate against the sign of g.
        let [m, v] = corrected(1, 0.1 * -3.0, 0.001 * 9.0);
        assert!((m + 3.0).abs() < 1e-12 && (v - 9.0).abs() < 1e-10);
    }

    /// A weight that has gone through these steps, and back.
    fn gone(steps: Vec<WeightStep>, back: Vec<WeightBack>) -> Followed {
        let name = "layer0.bias[0]".to_owned();
        Followed { name, layer: Some(0), steps, back, gradient: None, outer: None, nudge: None }
    }

    #[test]
    fn what_does_not_adapt_is_written_with_a_rate_of_zero() {
        let weight = |rate| WeightStep { value: 0.5, gradient: -2.0, rate, next: 0.5 };
        let followed = |rate| gone(vec![weight(rate)], Vec::new());
        let anatomy = super::super::anatomy::tests::small();
        assert_eq!(
            update(&anatomy, 0, &followed(Some(0.0))).unwrap(),
            "θ′ = θ − αg = 0.50000 − 0 · (−2.0000) = 0.50000"
        );
        assert!(update(&anatomy, 1, &followed(Some(0.0))).is_none(), "there is no such step");
    }

    #[test]
    fn what_a_step_puts_in_another_place_is_written_without_a_gradient() {
        let step = WeightStep { value: 0.5, gradient: -2.0, rate: Some(0.0), next: 1.0 };
        let told = update(&super::super::anatomy::tests::small(), 0, &gone(vec![step], Vec::new()));
        assert_eq!(told.unwrap(), "θ′ = θ_1 = 1.0000   (θ_0 = 0.50000)");
    }

    #[test]
    fn what_joins_on_the_way_back_is_written_so_that_the_sum_is_right() {
        // 1 − 0.25 is 0.75; whatever leads elsewhere has joined.
        let told = |to| {
            let way = vec![WeightBack { from: 1.0, bent: 0.25, to }];
            back(&super::super::anatomy::tests::small(), 0, Some(&gone(Vec::new(), way)))
        };
        assert_eq!(told(0.75), ["v_0 = v_1 − αHv = 1.0000 − 0.25000 = 0.75000   (θ = layer0.bias[0])"]);
        let joined = "v_0 = v_1 − αHv + … = 1.0000 − 0.25000 + 0.50000 = 1.2500   (θ = layer0.bias[0])";
        assert_eq!(told(1.25), [joined]);
    }

    #[test]
    fn weight_decay_is_written_of_what_decays() {
        // 2.5 − 0.1·3 − 0.1·0.5·2.5 = 2.075.
        let step = OuterStep {
            optimizer: Optimizer::Sgd,
            lr: 0.1,
            time: 1,
            tasks: 1,
            inner_steps: 1,
            inner_lr: 0.1,
            losses: [0.0; 2],
            norm: 3.0,
            clip: 0.0,
            weight_decay: 0.5,
            gradient: Vec::new(),
            moved: Vec::new(),
        };
        let told = |decays, next| {
            let (first, second) = (Some(3.0), None);
            outer_update(&step, &WeightOuter { value: 2.5, gradient: 3.0, first, second, next, decays })
        };
        assert_eq!(told(true, 2.075), "θ ← θ − βu − βλθ = 2.5000 − 0.1 · 3.0000 − 0.12500 = 2.0750");
        assert_eq!(told(false, 2.2), "θ ← θ − βu = 2.5000 − 0.1 · 3.0000 = 2.2000");
    }

    #[test]
    fn a_loss_writes_its_first_terms_out() {
        let anatomy = super::super::anatomy::tests::small();
        let told = formulas(&anatomy, Stage::Loss, 0, None);
        assert_eq!(told, ["L = ((1.0000 − 0)² + (2.0000 − (−1.0000))²) / 2 = 5.0000"]);
    }
}
