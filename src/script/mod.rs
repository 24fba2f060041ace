//! # script: an experiment as a Python program
//!
//! One file of Python that needs numpy and JAX alone and reads like a lesson: the experiment's network, its loss, its inner
//! loop and its meta-gradient, and the tasks of one meta-batch with the very numbers that Kindling draws. It loads the
//! weights that Kindling saves, and what it computes is what Kindling computes. The program is put together from the
//! pieces beside this file, which are Python that can be read by itself; nothing is computed here. Pure functions; calls
//! `experiment` and `task`.

mod data;
mod snippet;

use crate::experiment::{
    Activation, Choice as _, Experiment, Family, Init, InnerOptimizer, LearnerKind, NetworkKind, Normalization,
    Pooling, Source, encode,
};

pub use data::MOST_DRAWINGS;
pub use snippet::snippet;

/// Why an experiment has no program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unscripted {
    /// The learner is not among those.
    #[error(
        "the program covers maml, fomaml, reptile, meta_sgd, anil, boil and prototypical, and this experiment's learner is \
         {0}: set learner.kind to one of them"
    )]
    Learner(&'static str),
    /// A quadratic has no network.
    #[error("the program covers networks, and a quadratic has none: set task.family to another")]
    Quadratic,
    /// Every task would need its mask of units.
    #[error("the program has no dropout: set model.dropout to 0")]
    Dropout,
    /// The drawings of a file would have to be written into it.
    #[error("the program draws no characters from a file: set task.source to procedural")]
    Imported,
    /// Procedural characters that cannot be drawn.
    #[error("the tasks of this experiment cannot be drawn")]
    Undrawn,
}

impl Experiment {
    /// Why it has no program; none where it has one.
    #[must_use]
    pub fn unscripted(&self) -> Option<Unscripted> {
        use LearnerKind::{Anil, Boil, Fomaml, Maml, MetaSgd, Prototypical, Reptile};
        let covered = [Maml, Fomaml, Reptile, MetaSgd, Anil, Boil, Prototypical].contains(&self.learner.kind);
        match () {
            () if self.task.family == Family::Quadratic => Some(Unscripted::Quadratic),
            () if !covered => Some(Unscripted::Learner(self.learner.kind.name())),
            () if self.model.dropout > 0.0 => Some(Unscripted::Dropout),
            () if self.task.family.classifies() && self.task.source == Source::Imported => Some(Unscripted::Imported),
            () => None,
        }
    }
}

/// The program of an experiment after `meta_step` meta-steps, with the tasks of the meta-batch that would be next.
///
/// # Errors
/// When the program does not cover the experiment.
pub fn script(experiment: &Experiment, meta_step: u32) -> Result<String, Unscripted> {
    if let Some(why) = experiment.unscripted() {
        return Err(why);
    }
    let tasks = data::of(experiment, meta_step)?;
    let kind = experiment.learner.kind;
    let network = match experiment.model.network {
        NetworkKind::Mlp => include_str!("mlp.py"),
        NetworkKind::Conv4 => include_str!("conv4.py"),
    };
    let loss = match experiment.task.family.classifies() {
        true => include_str!("cross_entropy.py"),
        false => include_str!("squared_error.py"),
    };
    let mut parts = vec![include_str!("head.py"), network, loss];
    if kind == LearnerKind::Prototypical {
        parts.push(include_str!("prototypical.py"));
    } else {
        parts.push(match experiment.learner.inner_optimizer {
            InnerOptimizer::Sgd => include_str!("descent.py"),
            InnerOptimizer::Adam | InnerOptimizer::FullAdam => include_str!("adam.py"),
        });
        parts.push(include_str!("query.py"));
        parts.push(match kind {
            LearnerKind::Reptile => include_str!("reptile.py"),
            _ => include_str!("through.py"),
        });
    }
    parts.extend([tasks.as_str(), include_str!("main.py")]);
    let text = parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n\n");
    Ok(filled(&text, experiment, meta_step) + "\n")
}

/// The sentence of each learner's meta-gradient.
fn lesson(kind: LearnerKind) -> &'static str {
    match kind {
        LearnerKind::Fomaml => {
            "First-order MAML (Finn, Abbeel, Levine 2017, section 5.2): the inner gradients count as constants."
        }
        LearnerKind::Reptile => "Reptile (Nichol, Achiam, Schulman 2018): towards where the inner loop ends.",
        LearnerKind::MetaSgd => "Meta-SGD (Li, Zhou, Chen, Li 2017): MAML with a learned rate for every parameter.",
        LearnerKind::Anil => "ANIL (Raghu, Raghu, Bengio, Vinyals 2020): MAML whose inner loop changes the head alone.",
        LearnerKind::Boil => "BOIL (Oh, Yoo, Kim, Yun 2021): MAML whose inner loop changes all but the head.",
        LearnerKind::Prototypical => {
            "A prototypical network (Snell, Swersky, Zemel 2017): the nearest class mean of learned features."
        }
        _ => "MAML (Finn, Abbeel, Levine 2017): the exact gradient of the query loss through the inner loop.",
    }
}

/// Which parameters the inner loop changes, as a condition on their `name`.
fn adapts(experiment: &Experiment) -> String {
    let head = match experiment.model.network {
        NetworkKind::Mlp => format!("layer{}.", experiment.layer_sizes().len().saturating_sub(2)),
        NetworkKind::Conv4 => "head.".to_owned(),
    };
    match experiment.learner.kind {
        LearnerKind::Anil => format!("name.startswith(\"{head}\")"),
        LearnerKind::Boil => format!("not name.startswith(\"{head}\")"),
        LearnerKind::MetaSgd => "not name.startswith(\"rate.\")".to_owned(),
        _ => "True".to_owned(),
    }
}

fn python(yes: bool) -> &'static str {
    if yes { "True" } else { "False" }
}

/// The text with the experiment's settings in the places that ask for them.
fn filled(text: &str, experiment: &Experiment, meta_step: u32) -> String {
    let (model, learner) = (&experiment.model, &experiment.learner);
    let kind = learner.kind;
    let has_head = kind != LearnerKind::Prototypical;
    let mut sizes: Vec<String> = experiment.layer_sizes().iter().map(usize::to_string).collect();
    if !has_head {
        sizes.pop();
    }
    let normalizes = model.network == NetworkKind::Conv4 || model.normalization == Normalization::Batch;
    let (activation, activated) = match model.activation {
        Activation::Relu => ("jax.nn.relu", "relu"),
        Activation::Tanh => ("jnp.tanh", "tanh"),
    };
    let deviation = match model.init {
        Init::Lecun => "np.sqrt(1 / inputs)",
        Init::He => "np.sqrt(2 / inputs)",
        Init::Small => "0.01",
    };
    let rate = match kind {
        LearnerKind::MetaSgd => "params[\"rate.\" + name]",
        _ => "INNER_LR",
    };
    let gradient = match kind {
        LearnerKind::Fomaml | LearnerKind::Reptile => "jax.lax.stop_gradient(jax.grad(support_loss)(params, x, y))",
        _ => "jax.grad(support_loss)(params, x, y)",
    };
    let outer = match kind {
        LearnerKind::Reptile => "from where the inner loop ends back to where it began",
        _ => "the gradient of the query loss of the adapted parameters",
    };
    let momentum = if learner.inner_optimizer == InnerOptimizer::FullAdam { "0.9" } else { "0.0" };
    let rates = match kind {
        LearnerKind::MetaSgd => {
            "    params |= {\"rate.\" + name: np.full(value.shape, INNER_LR) for name, value in params.items()}\n"
        }
        LearnerKind::Prototypical => "    params[\"prototype.log_scale\"] = np.array([-0.5 * np.log(FEATURES)])\n",
        _ => "",
    };
    let features = match (model.network, model.pooling) {
        (NetworkKind::Mlp, _) => sizes.last().cloned().unwrap_or_default(),
        (NetworkKind::Conv4, Pooling::Flatten) => (4 * model.filters).to_string(),
        (NetworkKind::Conv4, Pooling::Mean) => model.filters.to_string(),
    };
    let values = [
        ("LESSON", lesson(kind).to_owned()),
        ("LINK", encode(experiment)),
        ("META_STEP", meta_step.to_string()),
        ("INNER_LR", learner.inner_lr.to_string()),
        ("INNER_STEPS", learner.inner_steps.to_string()),
        ("INNER_BATCH", learner.inner_batch.to_string()),
        ("SIZES", format!("[{}]", sizes.join(", "))),
        ("HAS_HEAD", python(has_head).to_owned()),
        ("NORMALIZES", python(normalizes).to_owned()),
        ("TRANSDUCTION", python(model.transduction.is_on()).to_owned()),
        ("ACTIVATION", activation.to_owned()),
        ("ACTIVATED", activated.to_owned()),
        ("DEVIATION", deviation.to_owned()),
        ("FILTERS", model.filters.to_string()),
        ("FEATURES", features),
        ("FLATTENS", python(model.pooling == Pooling::Flatten).to_owned()),
        ("WAYS", experiment.train_ways().to_string()),
        ("OUTPUTS", experiment.network_outputs().to_string()),
        ("ADAPTS", adapts(experiment)),
        ("RATE", rate.to_owned()),
        ("GRADIENT", gradient.to_owned()),
        ("OUTER", outer.to_owned()),
        ("MOMENTUM", momentum.to_owned()),
        ("RATES", rates.to_owned()),
        ("NAME", kind.name().to_owned()),
    ];
    values.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<<{name}>>"), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Switch, preset};

    fn of(name: &str) -> Experiment {
        preset(name).unwrap().experiment()
    }

    #[test]
    fn every_gap_is_filled_for_every_learner_and_network_that_is_covered() {
        for preset in crate::experiment::presets() {
            let mut experiment = preset.experiment();
            // One small task is enough to see.
            (experiment.outer.meta_batch, experiment.task.queries) = (1, 1);
            if experiment.unscripted().is_some() {
                continue;
            }
            let text = script(&experiment, 3).unwrap();
            assert!(!text.contains("<<") && !text.contains(">>"), "{}: {text}", preset.name);
            assert!(text.contains("def meta_gradient(") && text.contains("next after 3 meta-steps"), "{}", preset.name);
            assert!(text.lines().all(|line| line.len() <= 120 || line.starts_with("    \"")), "{}", preset.name);
        }
    }

    #[test]
    fn what_is_not_covered_is_refused_in_a_sentence_that_says_what_to_do() {
        let mut experiment = of("sinusoid-maml-5shot");
        experiment.learner.kind = LearnerKind::Cavia;
        assert!(experiment.unscripted().unwrap().to_string().contains("learner is cavia: set learner.kind"));
        experiment.learner.kind = LearnerKind::Maml;
        experiment.model.dropout = 0.5;
        assert_eq!(script(&experiment, 0), Err(Unscripted::Dropout));
        let mut characters = of("glyphs-light-maml-5w1s");
        characters.task.source = Source::Imported;
        assert_eq!(script(&characters, 0), Err(Unscripted::Imported));
        assert_eq!(script(&of("quadratic-sgd"), 0), Err(Unscripted::Quadratic));
    }

    #[test]
    fn settings_stand_in_the_program_as_they_are() {
        let mut experiment = of("glyphs-light-maml-5w1s");
        experiment.model.transduction = Switch::On;
        (experiment.learner.inner_lr, experiment.outer.meta_batch, experiment.task.queries) = (0.125, 1, 1);
        let text = script(&experiment, 0).unwrap();
        for line in ["INNER_LR = 0.125", "TRANSDUCTION = True", &format!("FILTERS = {}", experiment.model.filters)] {
            assert!(text.contains(line), "{line}");
        }
    }
}
