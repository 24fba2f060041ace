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

fn same(_: &mut Experiment) {}

/// One inner rate in training and in evaluation.
///
/// The published 0.01 suits one step of MAML. In trials a longer inner loop diverged with it, and so did
/// fine-tuning of weights that were not trained for one; rates that do neither are lower.
fn rates(experiment: &mut Experiment, rate: f64) {
    experiment.learner.inner_lr = rate;
    experiment.learner.eval_lr = rate;
}

/// N-way K-shot characters under the protocol of Finn et al. 2017, appendix A.1, where MAML's published code is
/// followed for what the paper leaves open: as many query drawings as support drawings, the head on every feature's
/// mean.
fn characters(experiment: &mut Experiment, ways: u32, shots: u32) {
    let e = experiment;
    e.task.family = Family::Characters;
    (e.task.ways, e.task.shots, e.task.queries) = (ways, shots, shots);
    e.model.network = NetworkKind::Conv4;
    (e.model.filters, e.model.pooling, e.model.init) = (64, Pooling::Mean, Init::He);
    if ways <= 5 {
        rates(e, 0.4);
        (e.learner.inner_steps, e.learner.eval_steps, e.outer.meta_batch) = (1, 3, 32);
    } else {
        rates(e, 0.1);
        (e.learner.inner_steps, e.learner.eval_steps, e.outer.meta_batch) = (5, 5, 16);
    }
    e.budget.meta_steps = 60_000;
}

/// The same by another learner.
fn characters_by(experiment: &mut Experiment, kind: LearnerKind, ways: u32, shots: u32) {
    characters(experiment, ways, shots);
    experiment.learner.kind = kind;
    if kind == LearnerKind::MetaSgd {
        // Li et al. 2017 draw the first rates from 0.005 to 0.1, and take one step.
        rates(experiment, 0.05);
        (experiment.learner.inner_steps, experiment.learner.eval_steps) = (1, 1);
    }
}

/// Reptile under the protocol of Nichol et al. 2018, as its published code runs it: ten training shots, mini-batches, Adam inside, a meta-step
/// annealed from 1 to 0; one query drawing a class.
fn characters_by_reptile(experiment: &mut Experiment, ways: u32, shots: u32, transduction: Switch) {
    let e = experiment;
    characters(e, ways, shots);
    (e.task.train_shots, e.task.queries) = (10, 1);
    (e.model.pooling, e.model.transduction) = (Pooling::Flatten, transduction);
    e.learner.kind = LearnerKind::Reptile;
    e.learner.inner_optimizer = InnerOptimizer::Adam;
    (e.outer.optimizer, e.outer.lr, e.outer.schedule) = (Optimizer::Sgd, 1.0, Schedule::Linear);
    e.outer.meta_batch = 5;
    e.learner.eval_steps = 50;
    if ways <= 5 {
        rates(e, 0.001);
        (e.learner.inner_steps, e.learner.inner_batch, e.learner.eval_batch) = (5, 10, 5);
        e.budget.meta_steps = 100_000;
    } else {
        rates(e, 0.0005);
        (e.learner.inner_steps, e.learner.inner_batch, e.learner.eval_batch) = (10, 20, 10);
        e.budget.meta_steps = 200_000;
    }
}

/// Optimisation from a random start (Andrychowicz et al. 2016, §3): 100 steps of a function that nobody has seen.
/// Rates of gradient descent and Adam are those of a grid (1, 1.5, 2, 3, 5, 7 of a power of ten, and 4 on networks) with the
/// lowest mean loss in the end over 200 tasks; on quadratics gradient descent at 0.02 is better still on most tasks, and
/// runs off on a few.
fn optimized_by(experiment: &mut Experiment, kind: LearnerKind, optimizer: InnerOptimizer, rate: f64) {
    let e = experiment;
    (e.learner.kind, e.learner.inner_optimizer) = (kind, optimizer);
    rates(e, rate);
    (e.learner.inner_steps, e.learner.eval_steps) = (100, 100);
    (e.outer.meta_batch, e.outer.lr) = (16, 0.003);
    e.budget.meta_steps = 1000;
}

/// Quadratics, §3.1, from a θ near zero as in the published code.
fn quadratics(experiment: &mut Experiment, kind: LearnerKind, optimizer: InnerOptimizer, rate: f64) {
    let e = experiment;
    e.task.family = Family::Quadratic;
    e.model.init = Init::Small;
    optimized_by(e, kind, optimizer, rate);
}

/// A network of one hidden layer of 20 units, as the paper's for digits (§3.2) has, on ten points of a sine.
fn one_layer(experiment: &mut Experiment, kind: LearnerKind, optimizer: InnerOptimizer, rate: f64) {
    let e = experiment;
    (e.task.shots, e.task.queries) = (10, 10);
    (e.model.hidden, e.model.activation) = (vec![20], Activation::Tanh);
    (e.learner.sgd_lr, e.learner.adam_lr) = (0.04, 0.2);
    optimized_by(e, kind, optimizer, rate);
    // Six times as many coordinates as a quadratic has.
    e.outer.meta_batch = 5;
}

/// Sized for training in a page: few filters, few tasks a meta-step. Three query drawings a class cost little beside
/// the inner loop, and in trials of equal time they were worth four points of accuracy on real characters.
fn light(experiment: &mut Experiment) {
    let e = experiment;
    e.task.queries = 3;
    (e.model.filters, e.model.pooling) = (16, Pooling::Flatten);
    e.learner.eval_steps = 5;
    (e.outer.meta_batch, e.outer.lr, e.outer.schedule) = (4, 0.003, Schedule::Linear);
    e.budget.meta_steps = 30_000;
}

/// Characters by a learner whose head is made of features, under the protocol of Snell et al. 2017, §3.1: meta-training
/// on 60 ways, five query drawings a class, one task a meta-step; its rate, halved every 2000 meta-steps, falls in a
/// straight line here. No gradient step is taken inside, so a path has one step.
fn characters_by_features(experiment: &mut Experiment, kind: LearnerKind, ways: u32, shots: u32) {
    let e = experiment;
    characters(e, ways, shots);
    e.learner.kind = kind;
    (e.task.train_ways, e.task.queries) = (60, 5);
    e.model.pooling = Pooling::Flatten;
    (e.learner.inner_steps, e.learner.eval_steps) = (1, 1);
    (e.outer.meta_batch, e.outer.schedule) = (1, Schedule::Linear);
    e.budget.meta_steps = 20_000;
    match kind {
        // Vinyals et al. 2016 train on the ways of the test, and so does their version of the Siamese network.
        LearnerKind::Matching | LearnerKind::MatchingFce | LearnerKind::Siamese => {
            (e.task.train_ways, e.outer.meta_batch) = (0, 60 / ways);
        }
        // Sung et al. 2018, §4.1, do so too, with a number of query drawings for each size of task.
        LearnerKind::Relation => {
            e.task.train_ways = 0;
            e.task.queries = match (ways <= 5, shots) {
                (true, 1) => 19,
                (true, _) => 15,
                (false, 1) => 10,
                (false, _) => 5,
            };
        }
        // Bertinetto et al. 2019 fill each task up to 600 drawings, and begin with a higher rate.
        LearnerKind::R2D2 => (e.task.queries, e.outer.lr) = (10 - shots, 0.005),
        _ => {}
    }
    if kind == LearnerKind::MatchingFce {
        // As many features as the paper has, 64: its LSTMs have a multiple of their square.
        e.model.pooling = Pooling::Mean;
    }
}

/// The same sized for training in a page: twenty ways, as more than are evaluated teach more, and a rate that in trials
/// of equal time was better than those of the papers by two to five points of accuracy on real characters.
fn light_by_features(experiment: &mut Experiment, kind: LearnerKind, ways: u32, shots: u32) {
    let e = experiment;
    characters_by_features(e, kind, ways, shots);
    light(e);
    e.learner.eval_steps = 1;
    (e.task.train_ways, e.model.filters) = (20, 32);
    (e.outer.meta_batch, e.outer.lr) = (1, 0.01);
    match kind {
        LearnerKind::MatchingFce => (e.model.filters, e.outer.lr) = (16, 0.003),
        LearnerKind::Relation => e.outer.lr = 0.003,
        _ => {}
    }
    e.budget.meta_steps = 20_000;
}

/// Characters by a learner that is pretrained, sized for training in a page: with three query drawings a class, about
/// eighty drawings of base classes a meta-step. In trials a new head learned best at this rate; at five times as much it
/// was less sure, and less often right.
fn light_by_pretraining(experiment: &mut Experiment, kind: LearnerKind, ways: u32, shots: u32) {
    let e = experiment;
    characters_by(e, kind, ways, shots);
    light(e);
    e.model.filters = 32;
    e.outer.meta_batch = (80 / (ways * (shots + e.task.queries))).max(1);
    rates(e, 0.1);
    (e.learner.inner_steps, e.learner.eval_steps) = (1, if kind.makes_head() { 1 } else { 5 });
    e.budget.meta_steps = 20_000;
}

/// Sinusoids by ridge regression on learned features.
fn sinusoids_by_ridge(experiment: &mut Experiment) {
    let e = experiment;
    e.learner.kind = LearnerKind::Ridge;
    (e.learner.inner_steps, e.learner.eval_steps) = (1, 1);
    (e.outer.schedule, e.budget.meta_steps) = (Schedule::Linear, 20_000);
}

/// Sinusoids by a conditional neural process, with the widths of the paper's code for functions of one input.
fn sinusoids_by_process(experiment: &mut Experiment, shots: u32) {
    let e = experiment;
    e.learner.kind = LearnerKind::Cnp;
    (e.task.shots, e.task.queries, e.model.hidden) = (shots, shots, vec![128, 128]);
    // Inner steps are support points.
    (e.learner.inner_steps, e.learner.eval_steps) = (1, shots);
    (e.outer.schedule, e.budget.meta_steps) = (Schedule::Linear, 30_000);
}

/// The non-convolutional network of the same appendix.
fn without_convolutions(experiment: &mut Experiment) {
    let model = &mut experiment.model;
    model.network = NetworkKind::Mlp;
    (model.hidden, model.normalization) = (vec![256, 128, 64, 64], Normalization::Batch);
}

/// A row of characters by a learner.
macro_rules! characters {
    ($id:literal, $name:literal, $summary:literal, $kind:ident, $ways:literal, $shots:literal) => {
        Preset {
            id: $id,
            name: $name,
            summary: $summary,
            vary: |e| characters_by(e, LearnerKind::$kind, $ways, $shots),
        }
    };
}

/// A row of characters by Reptile.
macro_rules! reptile {
    ($id:literal, $name:literal, $summary:literal, $ways:literal, $shots:literal, $transduction:ident) => {
        Preset {
            id: $id,
            name: $name,
            summary: $summary,
            vary: |e| characters_by_reptile(e, $ways, $shots, Switch::$transduction),
        }
    };
}

/// A row of characters by a learner whose head is made of features.
macro_rules! features {
    ($id:literal, $name:literal, $summary:literal, $sized:ident, $kind:ident, $ways:literal, $shots:literal) => {
        Preset { id: $id, name: $name, summary: $summary, vary: |e| $sized(e, LearnerKind::$kind, $ways, $shots) }
    };
}

static PRESETS: [Preset; 98] = [
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
    Preset {
        id: 14,
        name: "glyphs-light-maml-5w1s",
        summary: "MAML on characters, 5-way 1-shot, 16 filters: trains in a page",
        vary: |e| {
            characters(e, 5, 1);
            light(e);
        },
    },
    Preset {
        id: 15,
        name: "glyphs-light-fomaml-5w1s",
        summary: "first-order MAML on characters, 5-way 1-shot, 16 filters",
        vary: |e| {
            characters_by(e, LearnerKind::Fomaml, 5, 1);
            light(e);
        },
    },
    Preset {
        id: 16,
        name: "glyphs-light-reptile-5w1s",
        summary: "Reptile on characters, 5-way 1-shot, 16 filters",
        vary: |e| {
            characters_by_reptile(e, 5, 1, Switch::On);
            (e.model.filters, e.task.queries) = (16, 3);
            e.budget.meta_steps = 20_000;
        },
    },
    Preset {
        id: 17,
        name: "glyphs-light-meta-sgd-5w1s",
        summary: "Meta-SGD on characters, 5-way 1-shot, 16 filters",
        vary: |e| {
            characters_by(e, LearnerKind::MetaSgd, 5, 1);
            light(e);
        },
    },
    Preset {
        id: 18,
        name: "glyphs-light-anil-5w1s",
        summary: "ANIL on characters, 5-way 1-shot, 16 filters",
        vary: |e| {
            characters_by(e, LearnerKind::Anil, 5, 1);
            light(e);
        },
    },
    Preset {
        id: 19,
        name: "glyphs-light-maml-5w5s",
        summary: "MAML on characters, 5-way 5-shot, 16 filters",
        vary: |e| {
            characters(e, 5, 5);
            light(e);
            e.outer.meta_batch = 2;
        },
    },
    Preset {
        id: 20,
        name: "glyphs-light-fomaml-20w1s",
        summary: "first-order MAML on characters, 20-way 1-shot, 32 filters",
        vary: |e| {
            characters_by(e, LearnerKind::Fomaml, 20, 1);
            light(e);
            (e.model.filters, e.outer.meta_batch, e.learner.inner_steps) = (32, 2, 1);
            rates(e, 0.4);
        },
    },
    characters!(30, "glyphs-maml-5w1s", "MAML on characters, 5-way 1-shot: the paper's protocol", Maml, 5, 1),
    characters!(31, "glyphs-maml-5w5s", "MAML on characters, 5-way 5-shot: the paper's protocol", Maml, 5, 5),
    characters!(32, "glyphs-maml-20w1s", "MAML on characters, 20-way 1-shot: the paper's protocol", Maml, 20, 1),
    characters!(33, "glyphs-maml-20w5s", "MAML on characters, 20-way 5-shot: the paper's protocol", Maml, 20, 5),
    characters!(34, "glyphs-fomaml-5w1s", "first-order MAML on characters, 5-way 1-shot", Fomaml, 5, 1),
    characters!(35, "glyphs-fomaml-5w5s", "first-order MAML on characters, 5-way 5-shot", Fomaml, 5, 5),
    characters!(36, "glyphs-fomaml-20w1s", "first-order MAML on characters, 20-way 1-shot", Fomaml, 20, 1),
    characters!(37, "glyphs-fomaml-20w5s", "first-order MAML on characters, 20-way 5-shot", Fomaml, 20, 5),
    characters!(38, "glyphs-meta-sgd-5w1s", "Meta-SGD on characters, 5-way 1-shot", MetaSgd, 5, 1),
    characters!(39, "glyphs-meta-sgd-5w5s", "Meta-SGD on characters, 5-way 5-shot", MetaSgd, 5, 5),
    characters!(40, "glyphs-meta-sgd-20w1s", "Meta-SGD on characters, 20-way 1-shot", MetaSgd, 20, 1),
    characters!(41, "glyphs-meta-sgd-20w5s", "Meta-SGD on characters, 20-way 5-shot", MetaSgd, 20, 5),
    characters!(42, "glyphs-anil-5w1s", "ANIL on characters, 5-way 1-shot", Anil, 5, 1),
    characters!(43, "glyphs-anil-5w5s", "ANIL on characters, 5-way 5-shot", Anil, 5, 5),
    characters!(44, "glyphs-anil-20w1s", "ANIL on characters, 20-way 1-shot", Anil, 20, 1),
    characters!(45, "glyphs-anil-20w5s", "ANIL on characters, 20-way 5-shot", Anil, 20, 5),
    reptile!(46, "glyphs-reptile-5w1s", "Reptile on characters, 5-way 1-shot: the paper's protocol", 5, 1, Off),
    reptile!(47, "glyphs-reptile-5w5s", "Reptile on characters, 5-way 5-shot: the paper's protocol", 5, 5, Off),
    reptile!(48, "glyphs-reptile-20w1s", "Reptile on characters, 20-way 1-shot: the paper's protocol", 20, 1, Off),
    reptile!(49, "glyphs-reptile-20w5s", "Reptile on characters, 20-way 5-shot: the paper's protocol", 20, 5, Off),
    reptile!(50, "glyphs-reptile-transduction-5w1s", "Reptile, queries classified together, 5-way 1-shot", 5, 1, On),
    reptile!(51, "glyphs-reptile-transduction-5w5s", "Reptile, queries classified together, 5-way 5-shot", 5, 5, On),
    reptile!(52, "glyphs-reptile-transduction-20w1s", "Reptile, queries classified together, 20-way 1-shot", 20, 1, On),
    reptile!(53, "glyphs-reptile-transduction-20w5s", "Reptile, queries classified together, 20-way 5-shot", 20, 5, On),
    Preset {
        id: 54,
        name: "glyphs-maml-mlp-5w1s",
        summary: "MAML on characters without convolutions, 5-way 1-shot: the paper's protocol",
        vary: |e| {
            characters(e, 5, 1);
            without_convolutions(e);
        },
    },
    Preset {
        id: 55,
        name: "glyphs-maml-mlp-5w5s",
        summary: "MAML on characters without convolutions, 5-way 5-shot: the paper's protocol",
        vary: |e| {
            characters(e, 5, 5);
            without_convolutions(e);
        },
    },
    features!(
        60,
        "glyphs-light-prototypical-5w1s",
        "prototypical network on characters, 5-way 1-shot: trains in a page",
        light_by_features,
        Prototypical,
        5,
        1
    ),
    features!(
        61,
        "glyphs-light-prototypical-5w5s",
        "prototypical network on characters, 5-way 5-shot: trains in a page",
        light_by_features,
        Prototypical,
        5,
        5
    ),
    features!(
        62,
        "glyphs-light-prototypical-20w1s",
        "prototypical network on characters, 20-way 1-shot: trains in a page",
        light_by_features,
        Prototypical,
        20,
        1
    ),
    features!(
        63,
        "glyphs-light-matching-5w1s",
        "matching network on characters, 5-way 1-shot: trains in a page",
        light_by_features,
        Matching,
        5,
        1
    ),
    features!(
        64,
        "glyphs-light-siamese-5w1s",
        "Siamese network on characters, 5-way 1-shot: trains in a page",
        light_by_features,
        Siamese,
        5,
        1
    ),
    features!(
        65,
        "glyphs-light-r2-d2-5w1s",
        "R2-D2 on characters, 5-way 1-shot: trains in a page",
        light_by_features,
        R2D2,
        5,
        1
    ),
    Preset {
        id: 66,
        name: "sinusoid-ridge-5shot",
        summary: "ridge regression on learned features, sinusoids, 5 shots",
        vary: sinusoids_by_ridge,
    },
    features!(
        70,
        "glyphs-prototypical-5w1s",
        "prototypical network on characters, 5-way 1-shot: the paper's protocol",
        characters_by_features,
        Prototypical,
        5,
        1
    ),
    features!(
        71,
        "glyphs-prototypical-5w5s",
        "prototypical network on characters, 5-way 5-shot: the paper's protocol",
        characters_by_features,
        Prototypical,
        5,
        5
    ),
    features!(
        72,
        "glyphs-prototypical-20w1s",
        "prototypical network on characters, 20-way 1-shot: the paper's protocol",
        characters_by_features,
        Prototypical,
        20,
        1
    ),
    features!(
        73,
        "glyphs-prototypical-20w5s",
        "prototypical network on characters, 20-way 5-shot: the paper's protocol",
        characters_by_features,
        Prototypical,
        20,
        5
    ),
    features!(
        74,
        "glyphs-matching-5w1s",
        "matching network on characters, 5-way 1-shot",
        characters_by_features,
        Matching,
        5,
        1
    ),
    features!(
        75,
        "glyphs-matching-5w5s",
        "matching network on characters, 5-way 5-shot",
        characters_by_features,
        Matching,
        5,
        5
    ),
    features!(
        76,
        "glyphs-matching-20w1s",
        "matching network on characters, 20-way 1-shot",
        characters_by_features,
        Matching,
        20,
        1
    ),
    features!(
        77,
        "glyphs-matching-20w5s",
        "matching network on characters, 20-way 5-shot",
        characters_by_features,
        Matching,
        20,
        5
    ),
    features!(
        78,
        "glyphs-siamese-5w1s",
        "Siamese network on characters, 5-way 1-shot",
        characters_by_features,
        Siamese,
        5,
        1
    ),
    features!(
        79,
        "glyphs-siamese-20w1s",
        "Siamese network on characters, 20-way 1-shot",
        characters_by_features,
        Siamese,
        20,
        1
    ),
    features!(
        80,
        "glyphs-r2-d2-5w1s",
        "R2-D2 on characters, 5-way 1-shot, meta-trained on 60 ways",
        characters_by_features,
        R2D2,
        5,
        1
    ),
    features!(
        81,
        "glyphs-r2-d2-5w5s",
        "R2-D2 on characters, 5-way 5-shot, meta-trained on 60 ways",
        characters_by_features,
        R2D2,
        5,
        5
    ),
    features!(
        82,
        "glyphs-r2-d2-20w1s",
        "R2-D2 on characters, 20-way 1-shot, meta-trained on 60 ways",
        characters_by_features,
        R2D2,
        20,
        1
    ),
    features!(
        83,
        "glyphs-r2-d2-20w5s",
        "R2-D2 on characters, 20-way 5-shot, meta-trained on 60 ways",
        characters_by_features,
        R2D2,
        20,
        5
    ),
    Preset {
        id: 90,
        name: "sinusoid-cavia",
        summary: "CAVIA on sinusoids, 10 shots: the paper's protocol",
        vary: |e| {
            (e.task.shots, e.task.queries) = (10, 10);
            e.learner.kind = LearnerKind::Cavia;
            rates(e, 1.0);
            // The paper's code clamps each number of the meta-gradient at 10; here it is the norm.
            e.outer.clip = 10.0;
            e.budget.meta_steps = 50_000;
        },
    },
    Preset {
        id: 91,
        name: "sinusoid-imaml",
        summary: "implicit MAML on sinusoids, 5 shots",
        vary: |e| {
            e.learner.kind = LearnerKind::Imaml;
            // Nothing in an implicit gradient keeps the inner loop stable: at 0.002, and with an outer rate of 0.002, it
            // diverged after 4000 meta-steps, and with these rates a task exploded after 7800.
            rates(e, 0.001);
            (e.learner.inner_steps, e.learner.regularization) = (10, 5.0);
            (e.outer.clip, e.outer.schedule) = (10.0, Schedule::Cosine);
            e.budget.meta_steps = 6000;
        },
    },
    Preset {
        id: 92,
        name: "sinusoid-boil",
        summary: "BOIL on sinusoids, 5 shots",
        vary: |e| e.learner.kind = LearnerKind::Boil,
    },
    Preset {
        id: 93,
        name: "sinusoid-maml-pp",
        summary: "MAML++ on sinusoids, 5 shots",
        vary: |e| {
            e.learner.kind = LearnerKind::MamlPp;
            rates(e, 0.003);
            // Rates are learned for three steps; further ones diverge on a few tasks.
            (e.learner.inner_steps, e.learner.eval_steps) = (3, 3);
            e.learner.multi_step = 3000;
            (e.outer.clip, e.outer.schedule) = (10.0, Schedule::Cosine);
            e.budget.meta_steps = 20_000;
        },
    },
    Preset {
        id: 94,
        name: "glyphs-light-cavia-5w1s",
        summary: "CAVIA on characters, 5-way 1-shot, 16 filters, by scale and shift of the third convolution",
        vary: |e| {
            characters_by(e, LearnerKind::Cavia, 5, 1);
            light(e);
            rates(e, 3.0);
            (e.learner.context, e.learner.inner_steps, e.outer.clip) = (32, 2, 10.0);
        },
    },
    Preset {
        id: 95,
        name: "glyphs-light-imaml-5w1s",
        summary: "implicit MAML on characters, 5-way 1-shot, 16 filters",
        vary: |e| {
            characters_by(e, LearnerKind::Imaml, 5, 1);
            light(e);
            rates(e, 0.1);
            // A third of the paper's steps: a page has to come to something.
            e.learner.inner_steps = 5;
        },
    },
    Preset {
        id: 96,
        name: "glyphs-light-boil-5w1s",
        summary: "BOIL on characters, 5-way 1-shot, 16 filters",
        vary: |e| {
            characters_by(e, LearnerKind::Boil, 5, 1);
            light(e);
        },
    },
    Preset {
        id: 97,
        name: "glyphs-light-maml-pp-5w1s",
        summary: "MAML++ on characters, 5-way 1-shot, 16 filters",
        vary: |e| {
            characters_by(e, LearnerKind::MamlPp, 5, 1);
            light(e);
            // The published first rate; the paper takes five steps, in first order for half of its training.
            rates(e, 0.1);
            (e.learner.inner_steps, e.learner.eval_steps) = (3, 3);
            e.learner.multi_step = 4500;
            e.outer.schedule = Schedule::Cosine;
        },
    },
    features!(
        100,
        "glyphs-light-relation-5w1s",
        "relation network on characters, 5-way 1-shot: trains in a page",
        light_by_features,
        Relation,
        5,
        1
    ),
    features!(
        101,
        "glyphs-relation-5w1s",
        "relation network on characters, 5-way 1-shot",
        characters_by_features,
        Relation,
        5,
        1
    ),
    features!(
        102,
        "glyphs-relation-5w5s",
        "relation network on characters, 5-way 5-shot",
        characters_by_features,
        Relation,
        5,
        5
    ),
    features!(
        103,
        "glyphs-relation-20w1s",
        "relation network on characters, 20-way 1-shot",
        characters_by_features,
        Relation,
        20,
        1
    ),
    features!(
        104,
        "glyphs-light-matching-fce-5w1s",
        "matching network with full context embeddings on characters, 5-way 1-shot: trains in a page",
        light_by_features,
        MatchingFce,
        5,
        1
    ),
    features!(
        105,
        "glyphs-matching-fce-5w1s",
        "matching network with full context embeddings on characters, 5-way 1-shot",
        characters_by_features,
        MatchingFce,
        5,
        1
    ),
    features!(
        106,
        "glyphs-matching-fce-20w1s",
        "matching network with full context embeddings on characters, 20-way 1-shot",
        characters_by_features,
        MatchingFce,
        20,
        1
    ),
    Preset {
        id: 107,
        name: "sinusoid-cnp-5shot",
        summary: "conditional neural process on sinusoids, 5 shots",
        vary: |e| sinusoids_by_process(e, 5),
    },
    Preset {
        id: 108,
        name: "sinusoid-cnp",
        summary: "conditional neural process on sinusoids, 10 shots",
        vary: |e| sinusoids_by_process(e, 10),
    },
    features!(
        110,
        "glyphs-light-pretrained-5w1s",
        "trained on 200 characters, then fine-tuned, 5-way 1-shot",
        light_by_pretraining,
        Pretrained,
        5,
        1
    ),
    features!(
        111,
        "glyphs-light-pretrained-5w5s",
        "trained on 200 characters, then fine-tuned, 5-way 5-shot",
        light_by_pretraining,
        Pretrained,
        5,
        5
    ),
    features!(
        112,
        "glyphs-light-linear-probe-5w1s",
        "trained on 200 characters, then a new head alone, 5-way 1-shot",
        light_by_pretraining,
        LinearProbe,
        5,
        1
    ),
    features!(
        113,
        "glyphs-light-nearest-centroid-5w1s",
        "trained on 200 characters, then the nearest centroid, 5-way 1-shot",
        light_by_pretraining,
        NearestCentroid,
        5,
        1
    ),
    features!(
        114,
        "glyphs-light-nearest-centroid-20w1s",
        "trained on 200 characters, then the nearest centroid, 20-way 1-shot",
        light_by_pretraining,
        NearestCentroid,
        20,
        1
    ),
    Preset {
        id: 115,
        name: "glyphs-light-scratch-5w1s",
        summary: "random weights, fine-tuned on characters, 5-way 1-shot",
        vary: |e| {
            characters_by(e, LearnerKind::Scratch, 5, 1);
            light(e);
            e.model.filters = 32;
        },
    },
    features!(
        116,
        "glyphs-light-zero-shot-5w",
        "characters by a description of their strokes, 5-way, without a drawing",
        light_by_features,
        ZeroShot,
        5,
        1
    ),
    features!(
        117,
        "glyphs-light-zero-shot-20w",
        "characters by a description of their strokes, 20-way, without a drawing",
        light_by_features,
        ZeroShot,
        20,
        1
    ),
    Preset {
        id: 120,
        name: "quadratic-lstm",
        summary: "an LSTM that learns to minimise quadratics",
        vary: |e| quadratics(e, LearnerKind::LstmOptimizer, InnerOptimizer::Sgd, 0.1),
    },
    Preset {
        id: 121,
        name: "quadratic-sgd",
        summary: "gradient descent on the same quadratics, at its best rate",
        vary: |e| quadratics(e, LearnerKind::Scratch, InnerOptimizer::Sgd, 0.015),
    },
    Preset {
        id: 122,
        name: "quadratic-adam",
        summary: "Adam on the same quadratics, at its best rate",
        vary: |e| quadratics(e, LearnerKind::Scratch, InnerOptimizer::FullAdam, 0.3),
    },
    Preset {
        id: 123,
        name: "sinusoid-lstm",
        summary: "an LSTM that learns to train a small network on ten points of a sine",
        vary: |e| one_layer(e, LearnerKind::LstmOptimizer, InnerOptimizer::Sgd, 0.1),
    },
    Preset {
        id: 124,
        name: "sinusoid-lstm-sgd",
        summary: "gradient descent in the LSTM's place, at its best rate",
        vary: |e| one_layer(e, LearnerKind::Scratch, InnerOptimizer::Sgd, 0.04),
    },
    Preset {
        id: 125,
        name: "sinusoid-lstm-adam",
        summary: "Adam in the LSTM's place, at its best rate",
        vary: |e| one_layer(e, LearnerKind::Scratch, InnerOptimizer::FullAdam, 0.2),
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

    /// Every value of the first preset, then what each preset changes of it. A failure here means that a change broke
    /// links already shared: undo it. A new preset adds a line.
    #[test]
    fn presets_keep_their_values() {
        let texts = |experiment: &Experiment| -> Vec<String> {
            fields().iter().map(|field| format!("{}={}", field.path, experiment.get(field.path).unwrap())).collect()
        };
        let first = texts(&Experiment::default());
        let line = |name: &str, texts: Vec<String>| [vec![name.to_owned()], texts].concat().join(" ");
        let others = presets().iter().map(|preset| {
            let texts = texts(&preset.experiment()).into_iter();
            line(preset.name, texts.filter(|text| !first.contains(text)).collect())
        });
        let found: Vec<String> = std::iter::once(line("first", first.clone())).chain(others).collect();
        let kept: Vec<&str> = include_str!("preset_values.txt").lines().collect();
        for (found, kept) in found.iter().zip(&kept) {
            assert_eq!(found, kept);
        }
        assert_eq!(found.len(), kept.len());
    }

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
