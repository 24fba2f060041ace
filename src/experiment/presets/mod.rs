//! The named starting points.
//!
//! A link holds a preset's id and what differs from it. So a preset's id and every one of its values are
//! part of the link contract: never change a value, never reuse an id; add another preset instead.

mod characters;
mod features;
mod optimization;
mod regression;
#[cfg(test)]
mod tests;
mod transfer;

use std::sync::LazyLock;

use super::{
    Activation, Budget, Experiment, ExperimentError, Family, Init, InnerOptimizer, LearnerKind, LearnerSpec, ModelSpec,
    NetworkKind, Normalization, Optimizer, OuterSpec, Pooling, Range, Schedule, Source, Switch, TaskSpec, View,
    nearest::ranked,
};

/// A named experiment.
#[derive(Clone, Debug)]
pub struct Preset {
    /// Its number in a link: never changed, never reused.
    pub id: u8,
    /// Its name, as in `--preset`.
    pub name: &'static str,
    /// What it is, in one line of English for the command line.
    pub summary: &'static str,
    vary: fn(&mut Experiment),
}

impl Preset {
    /// The experiment it names.
    #[must_use]
    pub fn experiment(&self) -> Experiment {
        let mut experiment = published();
        (self.vary)(&mut experiment);
        experiment
    }
}

/// The rows of all families, which share the ids, in the order of these.
static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let mut presets = Vec::<Preset>::new();
    let families =
        [regression::PRESETS, characters::PRESETS, features::PRESETS, transfer::PRESETS, optimization::PRESETS];
    for preset in families.concat() {
        presets.insert(presets.partition_point(|other| other.id < preset.id), preset);
    }
    presets
});

/// Every preset, ascending in id; the first is the default.
#[must_use]
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

/// The preset of a name.
///
/// # Errors
/// When there is none; the error lists near names.
pub fn preset(name: &str) -> Result<&'static Preset, ExperimentError> {
    PRESETS.iter().find(|preset| preset.name == name).ok_or_else(|| ExperimentError::Preset {
        name: name.chars().take(60).collect(),
        nearest: ranked(name, PRESETS.iter().map(|preset| preset.name)).into_iter().take(3).collect(),
    })
}

impl Default for Experiment {
    /// `sinusoid-maml-5shot`.
    fn default() -> Self {
        published()
    }
}

/// The sinusoid protocol of Finn et al. 2017, §5.1 and appendix A.2, with 5 shots.
///
/// The paper leaves the first weights open (its code cuts a normal of 0.01 at two deviations); LeCun's
/// trains the same and does not wait at first.
fn published() -> Experiment {
    Experiment {
        seed: 1,
        task: TaskSpec {
            family: Family::Sinusoid,
            shots: 5,
            queries: 5,
            noise: 0.0,
            x: Range::new(-5.0, 5.0),
            amplitude: Range::new(0.1, 5.0),
            phase: Range::new(0.0, std::f64::consts::PI),
            frequency: Range::new(1.0, 1.0),
            slope: Range::new(-3.0, 3.0),
            intercept: Range::new(-3.0, 3.0),
            threshold: Range::new(-4.0, 4.0),
            ways: 5,
            source: Source::Procedural,
            rotations: Switch::On,
            within_alphabet: Switch::Off,
            train_shots: 0,
            train_ways: 0,
            label_noise: 0.0,
            augmentation: 0.0,
            pixel_noise: 0.0,
        },
        model: ModelSpec {
            network: NetworkKind::Mlp,
            hidden: vec![40, 40],
            activation: Activation::Relu,
            init: Init::Lecun,
            normalization: Normalization::None,
            filters: 16,
            pooling: Pooling::Flatten,
            transduction: Switch::On,
            dropout: 0.0,
        },
        learner: LearnerSpec {
            kind: LearnerKind::Maml,
            inner_lr: 0.01,
            inner_steps: 1,
            eval_lr: 0.01,
            eval_steps: 10,
            inner_optimizer: InnerOptimizer::Sgd,
            inner_batch: 0,
            eval_batch: 0,
            context: 5,
            regularization: 2.0,
            cg_steps: 5,
            multi_step: 0,
            first_order: 0,
            processing_steps: 3,
            base_classes: 200,
            units: 20,
            unroll: 20,
            sgd_lr: 0.015,
            adam_lr: 0.3,
        },
        outer: OuterSpec {
            optimizer: Optimizer::Adam,
            lr: 0.001,
            momentum: 0.0,
            meta_batch: 25,
            clip: 0.0,
            schedule: Schedule::Constant,
            weight_decay: 0.0,
        },
        budget: Budget { meta_steps: 70_000, validate_every: 0, patience: 10, validation_tasks: 100 },
        view: View::default(),
    }
}

/// One inner rate in training and in evaluation.
///
/// The published 0.01 suits one step of MAML. In trials a longer inner loop diverged with it, and so did
/// fine-tuning of weights that were not trained for one; rates that do neither are lower.
fn rates(experiment: &mut Experiment, rate: f64) {
    experiment.learner.inner_lr = rate;
    experiment.learner.eval_lr = rate;
}
