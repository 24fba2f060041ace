//! Optimisers, learned and written down, from a random start.

use super::{Preset, rates};
use crate::experiment::{Activation, Experiment, Family, Init, InnerOptimizer, LearnerKind};

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

pub(super) const PRESETS: &[Preset] = &[
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
