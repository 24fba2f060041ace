//! Functions of one input: sinusoids above all.

use super::{Preset, rates};
use crate::experiment::{Experiment, Family, LearnerKind, Schedule};

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

pub(super) const PRESETS: &[Preset] = &[
    Preset {
        id: 1,
        name: "sinusoid-maml-5shot",
        summary: "MAML on sinusoids, 5 shots (MAML paper, Table 2)",
        vary: |_| {},
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
        id: 66,
        name: "sinusoid-ridge-5shot",
        summary: "ridge regression on learned features, sinusoids, 5 shots",
        vary: sinusoids_by_ridge,
    },
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
            // diverged after 4000 meta-steps, and with these rates a task exploded after 7800. Where the loss is flat,
            // ten steps leave (1 − 0.001 · 5)¹⁰ = 95 % of the way to the proximal minimum, so that the implicit
            // gradient, which assumes that minimum, is approximate here. λ = 100 with larger rates diverged: after 1019
            // meta-steps at 0.004 with 16 steps, and after 2232 at 0.0015 with 25.
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
    Preset {
        id: 127,
        name: "sinusoid-linear-probe",
        summary: "trained on all sinusoids at once, then the head alone, 5 shots",
        vary: |e| {
            e.learner.kind = LearnerKind::LinearProbe;
            // In trials no rate led far; at four times this one the tasks of five points got worse.
            rates(e, 0.005);
        },
    },
];
