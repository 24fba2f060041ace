//! Characters by the baselines: pretrained, or not trained at all.

use super::{
    Preset,
    characters::{characters_by, light},
    rates,
};
use crate::experiment::{Experiment, LearnerKind};

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

/// A row of characters by a learner that is pretrained.
macro_rules! pretrained {
    ($id:literal, $name:literal, $learner:literal, $kind:ident, $ways:literal, $shots:literal) => {
        Preset {
            id: $id,
            name: $name,
            summary: concat!($learner, ", ", $ways, "-way ", $shots, "-shot"),
            vary: |e| light_by_pretraining(e, LearnerKind::$kind, $ways, $shots),
        }
    };
}

pub(super) const PRESETS: &[Preset] = &[
    pretrained!(110, "glyphs-light-pretrained-5w1s", "trained on 200 characters, then fine-tuned", Pretrained, 5, 1),
    pretrained!(111, "glyphs-light-pretrained-5w5s", "trained on 200 characters, then fine-tuned", Pretrained, 5, 5),
    pretrained!(
        112,
        "glyphs-light-linear-probe-5w1s",
        "trained on 200 characters, then a new head alone",
        LinearProbe,
        5,
        1
    ),
    pretrained!(
        113,
        "glyphs-light-nearest-centroid-5w1s",
        "trained on 200 characters, then the nearest centroid",
        NearestCentroid,
        5,
        1
    ),
    pretrained!(
        114,
        "glyphs-light-nearest-centroid-20w1s",
        "trained on 200 characters, then the nearest centroid",
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
];
