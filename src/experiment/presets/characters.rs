//! Characters by learners that take gradient steps.

use super::{Preset, rates};
use crate::experiment::{
    Experiment, Family, Init, InnerOptimizer, LearnerKind, NetworkKind, Normalization, Optimizer, Pooling, Schedule,
    Switch,
};

/// N-way K-shot characters under the protocol of Finn et al. 2017, appendix A.1, where MAML's published code is
/// followed for what the paper leaves open: as many query drawings as support drawings, the head on every feature's
/// mean.
pub(super) fn characters(experiment: &mut Experiment, ways: u32, shots: u32) {
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
pub(super) fn characters_by(experiment: &mut Experiment, kind: LearnerKind, ways: u32, shots: u32) {
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

/// Reptile's protocol with transduction, sized for training in a page.
fn light_by_reptile(experiment: &mut Experiment) {
    characters_by_reptile(experiment, 5, 1, Switch::On);
    (experiment.model.filters, experiment.task.queries) = (16, 3);
    experiment.budget.meta_steps = 20_000;
}

/// Sized for training in a page: few filters, few tasks a meta-step. Three query drawings a class cost little beside
/// the inner loop, and in trials of equal time they were worth four points of accuracy on real characters.
pub(super) fn light(experiment: &mut Experiment) {
    let e = experiment;
    e.task.queries = 3;
    (e.model.filters, e.model.pooling) = (16, Pooling::Flatten);
    e.learner.eval_steps = 5;
    (e.outer.meta_batch, e.outer.lr, e.outer.schedule) = (4, 0.003, Schedule::Linear);
    e.budget.meta_steps = 30_000;
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

pub(super) const PRESETS: &[Preset] = &[
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
        name: "glyphs-light-reptile-adam-5w1s",
        summary: "Reptile with Adam inside, as its paper has it, on characters, 5-way 1-shot, 16 filters",
        vary: light_by_reptile,
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
    Preset {
        id: 126,
        name: "glyphs-light-reptile-5w1s",
        summary: "Reptile on characters, 5-way 1-shot, 16 filters: gradient descent inside",
        vary: |e| {
            light_by_reptile(e);
            e.learner.inner_optimizer = InnerOptimizer::Sgd;
            rates(e, 0.2);
        },
    },
];
