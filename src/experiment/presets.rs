//! The named starting points.
//!
//! A link holds a preset's id and what differs from it. So a preset's id and every one of its values are
//! part of the link contract: never change a value, never reuse an id; add another preset instead.

use super::{
    Activation, Budget, Experiment, ExperimentError, Family, Init, InnerOptimizer, LearnerKind, LearnerSpec, ModelSpec,
    NetworkKind, Normalization, Optimizer, OuterSpec, Pooling, Range, Schedule, Source, Switch, TaskSpec, View,
    nearest::ranked,
};

/// A named experiment.
#[derive(Debug)]
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
        },
        outer: OuterSpec {
            optimizer: Optimizer::Adam,
            lr: 0.001,
            momentum: 0.0,
            meta_batch: 25,
            clip: 0.0,
            schedule: Schedule::Constant,
        },
        budget: Budget { meta_steps: 70_000 },
        view: View::default(),
    }
}

fn same(_: &mut Experiment) {}

/// One inner rate in training and in evaluation.
///
/// The published 0.01 suits one step of MAML. In trials a longer inner loop diverged with it, and so did
/// fine-tuning of weights that were not trained for one; rates that do neither are lower.
fn rates(experiment: &mut Experiment, rate: f64) {
    experiment.learner.inner_lr = rate;
    experiment.learner.eval_lr = rate;
}

static PRESETS: [Preset; 13] = [
    Preset {
        id: 1,
        name: "sinusoid-maml-5shot",
        summary: "MAML on sinusoids, 5 shots (MAML paper, Table 2)",
        vary: same,
    },
    Preset {
        id: 2,
        name: "sinusoid-maml",
        summary: "MAML on sinusoids, 10 shots: the paper's training protocol",
        vary: |e| {
            e.task.shots = 10;
            e.task.queries = 10;
        },
    },
    Preset {
        id: 3,
        name: "sinusoid-fomaml",
        summary: "first-order MAML on sinusoids, 5 shots",
        vary: |e| e.learner.kind = LearnerKind::Fomaml,
    },
    Preset {
        id: 4,
        name: "sinusoid-reptile",
        summary: "Reptile on sinusoids, 5 shots",
        vary: |e| {
            e.learner.kind = LearnerKind::Reptile;
            rates(e, 0.005);
            e.learner.inner_steps = 10;
        },
    },
    Preset {
        id: 5,
        name: "sinusoid-meta-sgd",
        summary: "Meta-SGD on sinusoids, 5 shots",
        vary: |e| {
            e.learner.kind = LearnerKind::MetaSgd;
            // The learned rates are tuned to a single step and diverge when they take several.
            e.learner.eval_steps = 1;
        },
    },
    Preset {
        id: 6,
        name: "sinusoid-anil",
        summary: "ANIL on sinusoids, 5 shots",
        vary: |e| {
            e.learner.kind = LearnerKind::Anil;
            rates(e, 0.005);
            e.learner.inner_steps = 5;
            // At the training rate ten steps carry a few tasks of six hundred far away.
            e.learner.eval_lr = 0.003;
        },
    },
    Preset {
        id: 7,
        name: "sinusoid-pretrained-5shot",
        summary: "trained on all sinusoids at once, then fine-tuned, 5 shots",
        vary: |e| {
            e.learner.kind = LearnerKind::Pretrained;
            rates(e, 0.002);
        },
    },
    Preset {
        id: 8,
        name: "sinusoid-scratch-5shot",
        summary: "random weights, fine-tuned, 5 shots",
        vary: |e| {
            e.learner.kind = LearnerKind::Scratch;
            rates(e, 0.002);
        },
    },
    Preset {
        id: 9,
        name: "sinusoid-oracle-5shot",
        summary: "told amplitude and phase, 5 shots",
        vary: |e| {
            e.learner.kind = LearnerKind::Oracle;
            e.learner.inner_steps = 0;
            e.learner.eval_steps = 0;
        },
    },
    Preset {
        id: 10,
        name: "harmonic-maml",
        summary: "MAML on sums of two sines, 5 shots",
        vary: |e| {
            e.task.family = Family::Harmonic;
            // At the training rate ten steps diverge on a few tasks of six hundred.
            e.learner.eval_lr = 0.005;
        },
    },
    Preset {
        id: 11,
        name: "sine-or-line-maml",
        summary: "MAML on sinusoids and lines, 5 shots",
        vary: |e| {
            e.task.family = Family::SineOrLine;
            rates(e, 0.002);
            e.learner.inner_steps = 5;
            e.outer.clip = 10.0;
        },
    },
    Preset {
        id: 12,
        name: "step-maml",
        summary: "MAML on step functions, 5 shots",
        vary: |e| e.task.family = Family::Step,
    },
    Preset {
        id: 13,
        name: "sinusoid-maml-5steps",
        summary: "MAML on sinusoids with five inner steps and clipping, 5 shots",
        vary: |e| {
            rates(e, 0.003);
            e.learner.inner_steps = 5;
            e.outer.clip = 10.0;
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::fields;

    #[test]
    fn ids_ascend_and_names_are_unique() {
        assert!(presets().is_sorted_by(|a, b| a.id < b.id));
        for preset in presets() {
            assert_eq!(presets().iter().filter(|other| other.name == preset.name).count(), 1);
        }
    }

    #[test]
    fn the_default_is_the_first_preset() {
        assert_eq!(presets()[0].name, "sinusoid-maml-5shot");
        assert_eq!(presets()[0].experiment(), Experiment::default());
    }

    /// Every value of every preset. A failure here means that a change broke links already shared: undo it.
    #[test]
    fn presets_keep_their_values() {
        let texts = |experiment: &Experiment| -> Vec<String> {
            fields().iter().map(|field| format!("{}={}", field.path, experiment.get(field.path).unwrap())).collect()
        };
        let first = texts(&Experiment::default());
        assert_eq!(first, FIRST);
        for (preset, (name, differences)) in presets().iter().zip(OTHERS) {
            let others: Vec<String> =
                texts(&preset.experiment()).into_iter().filter(|text| !first.contains(text)).collect();
            assert_eq!(preset.name, *name);
            assert_eq!(others, *differences, "{name}");
        }
        assert_eq!(presets().len(), OTHERS.len());
    }

    const FIRST: [&str; 31] = [
        "seed=1",
        "task.family=sinusoid",
        "task.shots=5",
        "task.queries=5",
        "task.noise=0",
        "task.x=-5..5",
        "task.amplitude=0.1..5",
        "task.phase=0..3.141592653589793",
        "task.frequency=1..1",
        "task.slope=-3..3",
        "task.intercept=-3..3",
        "task.threshold=-4..4",
        "model.hidden=40,40",
        "model.activation=relu",
        "model.init=lecun",
        "learner.kind=maml",
        "learner.inner_lr=0.01",
        "learner.inner_steps=1",
        "learner.eval_lr=0.01",
        "learner.eval_steps=10",
        "outer.optimizer=adam",
        "outer.lr=0.001",
        "outer.momentum=0",
        "outer.meta_batch=25",
        "outer.clip=0",
        "budget.meta_steps=70000",
        "view.language=auto",
        "view.task=0",
        "view.step=0",
        "view.points=none",
        "view.hide=none",
    ];

    /// What each preset changes of the first.
    const OTHERS: &[(&str, &[&str])] = &[
        ("sinusoid-maml-5shot", &[]),
        ("sinusoid-maml", &["task.shots=10", "task.queries=10"]),
        ("sinusoid-fomaml", &["learner.kind=fomaml"]),
        (
            "sinusoid-reptile",
            &["learner.kind=reptile", "learner.inner_lr=0.005", "learner.inner_steps=10", "learner.eval_lr=0.005"],
        ),
        ("sinusoid-meta-sgd", &["learner.kind=meta_sgd", "learner.eval_steps=1"]),
        (
            "sinusoid-anil",
            &["learner.kind=anil", "learner.inner_lr=0.005", "learner.inner_steps=5", "learner.eval_lr=0.003"],
        ),
        ("sinusoid-pretrained-5shot", &["learner.kind=pretrained", "learner.inner_lr=0.002", "learner.eval_lr=0.002"]),
        ("sinusoid-scratch-5shot", &["learner.kind=scratch", "learner.inner_lr=0.002", "learner.eval_lr=0.002"]),
        ("sinusoid-oracle-5shot", &["learner.kind=oracle", "learner.inner_steps=0", "learner.eval_steps=0"]),
        ("harmonic-maml", &["task.family=harmonic", "learner.eval_lr=0.005"]),
        (
            "sine-or-line-maml",
            &[
                "task.family=sine_or_line",
                "learner.inner_lr=0.002",
                "learner.inner_steps=5",
                "learner.eval_lr=0.002",
                "outer.clip=10",
            ],
        ),
        ("step-maml", &["task.family=step"]),
        (
            "sinusoid-maml-5steps",
            &["learner.inner_lr=0.003", "learner.inner_steps=5", "learner.eval_lr=0.003", "outer.clip=10"],
        ),
    ];

    #[test]
    fn no_two_presets_are_the_same_experiment() {
        for (i, preset) in presets().iter().enumerate() {
            for other in &presets()[i + 1..] {
                assert_ne!(preset.experiment(), other.experiment(), "{} and {}", preset.name, other.name);
            }
        }
    }

    #[test]
    fn an_unknown_name_lists_near_ones() {
        let message = preset("sinusoid-mamal").unwrap_err().to_string();
        assert!(
            message.starts_with("there is no preset \"sinusoid-mamal\"; the nearest are sinusoid-maml, "),
            "{message}"
        );
    }
}
