//! From episodes to tensors.

use crate::{
    experiment::Experiment,
    learner::{Learner, Tasks},
    model::{Batch, Place},
    task::{Episode, Function, Purpose, Samples, TaskSpec, description_len, episode},
};

/// Numbers in each input of `learner`: x, and the description of the task's function if it is told.
pub(super) fn inputs(told: bool, spec: &TaskSpec) -> usize {
    1 + if told { description_len(spec) } else { 0 }
}

/// The input row of each x.
fn rows(told: bool, spec: &TaskSpec, function: &Function, x: &[f64]) -> Vec<f64> {
    let description = if told { function.describe(spec) } else { Vec::new() };
    x.iter().flat_map(|&x| std::iter::once(x).chain(description.iter().copied())).collect()
}

/// One task's samples as a batch of one task.
pub(super) fn one(
    place: &Place,
    learner: &dyn Learner,
    spec: &TaskSpec,
    function: &Function,
    samples: &Samples,
) -> Batch {
    let rows = rows(learner.told(), spec, function, &samples.x);
    let width = inputs(learner.told(), spec);
    let examples = samples.x.len();
    Batch { x: place.tensor(&rows, [1, examples, width]), y: place.tensor(&samples.y, [1, examples, 1]) }
}

/// A meta-batch of the episodes `indices` of `purpose`, drawn from `seed`.
pub(super) fn tasks(
    place: &Place,
    learner: &dyn Learner,
    experiment: &Experiment,
    (seed, purpose): (u32, Purpose),
    indices: impl Iterator<Item = u64>,
) -> Tasks {
    let spec = &experiment.task;
    let episodes: Vec<Episode> = indices.map(|index| episode(spec, seed, purpose, index)).collect();
    let batch = |pick: fn(&Episode) -> &Samples| {
        let x: Vec<f64> = episodes.iter().flat_map(|e| rows(learner.told(), spec, &e.function, &pick(e).x)).collect();
        let y: Vec<f64> = episodes.iter().flat_map(|e| pick(e).y.iter().copied()).collect();
        let (count, width) = (episodes.len(), inputs(learner.told(), spec));
        let examples = y.len() / count.max(1);
        Batch { x: place.tensor(&x, [count, examples, width]), y: place.tensor(&y, [count, examples, 1]) }
    };
    Tasks { support: batch(|e| &e.support), query: batch(|e| &e.query) }
}
