//! Characters by learners whose head is made of features.

use super::{
    Preset,
    characters::{characters, light},
};
use crate::experiment::{Experiment, LearnerKind, Pooling, Schedule};

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

/// A row under the papers' protocols; its summary may end with a remark.
macro_rules! paper {
    ($id:literal, $name:literal, $learner:literal, $kind:ident, $ways:literal, $shots:literal $(, $remark:literal)?) => {
        Preset {
            id: $id,
            name: $name,
            summary: concat!($learner, " on characters, ", $ways, "-way ", $shots, "-shot" $(, $remark)?),
            vary: |e| characters_by_features(e, LearnerKind::$kind, $ways, $shots),
        }
    };
}

/// A row that trains in a page.
macro_rules! light {
    ($id:literal, $name:literal, $learner:literal, $kind:ident, $ways:literal, $shots:literal) => {
        Preset {
            id: $id,
            name: $name,
            summary: concat!($learner, " on characters, ", $ways, "-way ", $shots, "-shot: trains in a page"),
            vary: |e| light_by_features(e, LearnerKind::$kind, $ways, $shots),
        }
    };
}

pub(super) const PRESETS: &[Preset] = &[
    light!(60, "glyphs-light-prototypical-5w1s", "prototypical network", Prototypical, 5, 1),
    light!(61, "glyphs-light-prototypical-5w5s", "prototypical network", Prototypical, 5, 5),
    light!(62, "glyphs-light-prototypical-20w1s", "prototypical network", Prototypical, 20, 1),
    light!(63, "glyphs-light-matching-5w1s", "matching network", Matching, 5, 1),
    light!(64, "glyphs-light-siamese-5w1s", "Siamese network", Siamese, 5, 1),
    light!(65, "glyphs-light-r2-d2-5w1s", "R2-D2", R2D2, 5, 1),
    paper!(70, "glyphs-prototypical-5w1s", "prototypical network", Prototypical, 5, 1, ": the paper's protocol"),
    paper!(71, "glyphs-prototypical-5w5s", "prototypical network", Prototypical, 5, 5, ": the paper's protocol"),
    paper!(72, "glyphs-prototypical-20w1s", "prototypical network", Prototypical, 20, 1, ": the paper's protocol"),
    paper!(73, "glyphs-prototypical-20w5s", "prototypical network", Prototypical, 20, 5, ": the paper's protocol"),
    paper!(74, "glyphs-matching-5w1s", "matching network", Matching, 5, 1),
    paper!(75, "glyphs-matching-5w5s", "matching network", Matching, 5, 5),
    paper!(76, "glyphs-matching-20w1s", "matching network", Matching, 20, 1),
    paper!(77, "glyphs-matching-20w5s", "matching network", Matching, 20, 5),
    paper!(78, "glyphs-siamese-5w1s", "Siamese network", Siamese, 5, 1),
    paper!(79, "glyphs-siamese-20w1s", "Siamese network", Siamese, 20, 1),
    paper!(80, "glyphs-r2-d2-5w1s", "R2-D2", R2D2, 5, 1, ", meta-trained on 60 ways"),
    paper!(81, "glyphs-r2-d2-5w5s", "R2-D2", R2D2, 5, 5, ", meta-trained on 60 ways"),
    paper!(82, "glyphs-r2-d2-20w1s", "R2-D2", R2D2, 20, 1, ", meta-trained on 60 ways"),
    paper!(83, "glyphs-r2-d2-20w5s", "R2-D2", R2D2, 20, 5, ", meta-trained on 60 ways"),
    light!(100, "glyphs-light-relation-5w1s", "relation network", Relation, 5, 1),
    paper!(101, "glyphs-relation-5w1s", "relation network", Relation, 5, 1),
    paper!(102, "glyphs-relation-5w5s", "relation network", Relation, 5, 5),
    paper!(103, "glyphs-relation-20w1s", "relation network", Relation, 20, 1),
    light!(104, "glyphs-light-matching-fce-5w1s", "matching network with full context embeddings", MatchingFce, 5, 1),
    paper!(105, "glyphs-matching-fce-5w1s", "matching network with full context embeddings", MatchingFce, 5, 1),
    paper!(106, "glyphs-matching-fce-20w1s", "matching network with full context embeddings", MatchingFce, 20, 1),
    Preset {
        id: 116,
        name: "glyphs-light-zero-shot-5w",
        summary: "characters by a description of their strokes, 5-way, without a drawing",
        vary: |e| light_by_features(e, LearnerKind::ZeroShot, 5, 1),
    },
    Preset {
        id: 117,
        name: "glyphs-light-zero-shot-20w",
        summary: "characters by a description of their strokes, 20-way, without a drawing",
        vary: |e| light_by_features(e, LearnerKind::ZeroShot, 20, 1),
    },
];
