//! From episodes to tensors.

use std::sync::Arc;

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    experiment::{Drawing, Experiment, Source},
    learner::{Learner, Tasks},
    model::{Batch, Entry, Network, Place, Targets},
    task::{
        BaseDrawings, CharacterEpisode, Characters, Class, DIMENSIONS, Dataset, Episode, Examples, Family, Function,
        PIXELS, Part, Purpose, Samples, Stream, TaskSpec, base_drawings, character_episode, check_dataset,
        check_validation, description_len, episode, glyph::ATTRIBUTES, quadratic, start_seed,
    },
};

use super::EngineError;

/// Why a class cannot be learned without a drawing.
pub(super) const UNDESCRIBED: &str =
    "this learner reads how a character is written, and only procedural characters say so";

/// A dataset that tasks may be drawn from, shared by whoever draws.
pub type Data = Option<Arc<Dataset>>;

/// Numbers in each input of a regression: x, and the description of the task's function if the learner is told.
fn inputs(told: bool, spec: &TaskSpec) -> usize {
    1 + if told { description_len(spec) } else { 0 }
}

/// The input row of each x.
fn rows(told: bool, spec: &TaskSpec, function: &Function, x: &[f64]) -> Vec<f64> {
    let description = if told { function.describe(spec) } else { Vec::new() };
    x.iter().flat_map(|&x| std::iter::once(x).chain(description.iter().copied())).collect()
}

/// Points `[tasks, examples, …]`.
fn points(place: &Place, x: &[f64], y: &[f64], tasks: usize) -> Batch {
    let examples = y.len() / tasks.max(1);
    Batch {
        x: place.tensor(x, [tasks, examples, x.len() / (tasks * examples).max(1)]),
        targets: Targets::Numbers(place.tensor(y, [tasks, examples, 1])),
        reference: None,
    }
}

/// One regression task's samples as a batch of one task.
pub(super) fn one(
    place: &Place,
    learner: &dyn Learner,
    spec: &TaskSpec,
    function: &Function,
    samples: &Samples,
) -> Batch {
    points(place, &rows(learner.told(), spec, function, &samples.x), &samples.y, 1)
}

/// Drawings of several tasks, one after another, as a batch; each has `classes` classes, and a drawing whose class is
/// unknown counts for none.
fn drawings<'a>(
    place: &Place,
    drawings: impl Iterator<Item = (&'a [u8], Option<usize>)>,
    [tasks, examples, classes]: [usize; 3],
) -> Batch {
    let (mut x, mut y) = (Vec::with_capacity(tasks * examples * PIXELS), Vec::new());
    for (ink, class) in drawings {
        x.extend(ink.iter().map(|&ink| f64::from(ink) / 255.0));
        y.extend((0..classes).map(|i| f64::from(class == Some(i))));
    }
    Batch {
        x: place.tensor(&x, [tasks, examples, PIXELS]),
        targets: Targets::Classes(place.tensor(&y, [tasks, examples, classes])),
        reference: None,
    }
}

/// A visitor's drawings as a batch of one task.
pub(super) fn drawn(place: &Place, drawn: &[Drawing], classes: usize) -> Batch {
    let all = drawn.iter().map(|drawing| (drawing.image.ink(), drawing.class.map(usize::from)));
    drawings(place, all, [1, drawn.len(), classes])
}

/// Where an experiment's characters come from.
fn characters<'a>(experiment: &Experiment, data: &'a Data) -> Result<Characters<'a>, EngineError> {
    match (experiment.task.source, data) {
        (Source::Procedural, _) => Ok(Characters::Procedural),
        (Source::Imported, Some(dataset)) => Ok(Characters::Imported(dataset)),
        (Source::Imported, None) => Err(EngineError::Dataset(
            "this experiment draws from an imported dataset and there is none: give it with --data FILE".into(),
        )),
    }
}

/// Support drawings a class: in meta-training those of `task.train_shots`.
fn shots(experiment: &Experiment, purpose: Purpose) -> u32 {
    if purpose == Purpose::Train { experiment.train_shots() } else { experiment.task.shots }
}

/// An experiment's tasks as those of `purpose` are drawn: those of meta-training may have more ways.
fn tasks_of(experiment: &Experiment, purpose: Purpose) -> TaskSpec {
    let ways = if purpose == Purpose::Train { experiment.train_ways() } else { experiment.task.ways };
    TaskSpec { ways, ..experiment.task.clone() }
}

/// Whether an experiment's tasks can be drawn.
pub(super) fn check(experiment: &Experiment, data: &Data) -> Result<(), EngineError> {
    if !experiment.task.family.classifies() {
        return Ok(());
    }
    match characters(experiment, data)? {
        Characters::Procedural => Ok(()),
        Characters::Imported(dataset) => {
            let shots = experiment.train_shots().max(experiment.task.shots);
            let validates = experiment.budget.validate_every > 0;
            check_dataset(&experiment.task, dataset, shots, experiment.train_ways())
                .and_then(|()| if validates { check_validation(&experiment.task, dataset) } else { Ok(()) })
                .map_err(|error| EngineError::Dataset(error.to_string()))
        }
    }
}

/// One task of characters.
pub(super) fn one_episode(
    experiment: &Experiment,
    data: &Data,
    stream: (u32, Purpose, u64),
) -> Result<CharacterEpisode, EngineError> {
    let characters = characters(experiment, data)?;
    character_episode(&tasks_of(experiment, stream.1), characters, stream, shots(experiment, stream.1))
        .map_err(|error| EngineError::Dataset(error.to_string()))
}

/// What is known of the classes of each task before any drawing: `[tasks, classes, attributes]`, one example a class.
///
/// # Errors
/// When a class has no description.
pub(super) fn descriptions<'a>(place: &Place, tasks: impl Iterator<Item = &'a [Class]>) -> Result<Batch, EngineError> {
    let (mut x, mut y, mut size) = (Vec::new(), Vec::new(), [0; 2]);
    for classes in tasks {
        size = [size[0] + 1, classes.len()];
        for (own, class) in classes.iter().enumerate() {
            let known = class.description().ok_or(EngineError::Drawings(UNDESCRIBED))?;
            x.extend(known);
            y.extend((0..classes.len()).map(|other| f64::from(other == own)));
        }
    }
    let [tasks, classes] = size;
    Ok(Batch {
        x: place.tensor(&x, [tasks, classes, ATTRIBUTES]),
        targets: Targets::Classes(place.tensor(&y, [tasks, classes, classes])),
        reference: None,
    })
}

/// Mini-batches of base classes that go with the tasks `indices` of meta-training, each of as many drawings as a task has.
fn base(
    place: &Place,
    experiment: &Experiment,
    data: &Data,
    classes: u32,
    indices: impl Iterator<Item = u64>,
) -> Result<Batch, EngineError> {
    let characters = characters(experiment, data)?;
    let count = (experiment.train_ways() * (experiment.train_shots() + experiment.task.queries)) as usize;
    let draw = |index| base_drawings(&experiment.task, characters, classes, (experiment.seed, index), count);
    let batches: Vec<BaseDrawings> = indices.map(draw).collect();
    let all = batches.iter().flat_map(|BaseDrawings { images, classes }| {
        images.iter().map(crate::task::Image::ink).zip(classes.iter().map(|&class| Some(class as usize)))
    });
    Ok(drawings(place, all, [batches.len(), count, classes as usize]))
}

/// A meta-batch of the episodes `indices` of `purpose`, drawn from `seed`.
pub(super) fn tasks(
    place: &Place,
    learner: &dyn Learner,
    experiment: &Experiment,
    data: &Data,
    (seed, purpose): (u32, Purpose),
    indices: impl Iterator<Item = u64> + Clone,
) -> Result<Tasks, EngineError> {
    let spec = &experiment.task;
    if spec.family.classifies() {
        let episodes: Result<Vec<_>, _> =
            indices.clone().map(|index| one_episode(experiment, data, (seed, purpose, index))).collect();
        let episodes = episodes?;
        let batch = |pick: fn(&CharacterEpisode) -> &Examples| {
            let examples = episodes.first().map_or(0, |episode| pick(episode).images.len());
            let all = episodes.iter().flat_map(|episode| {
                let Examples { images, classes } = pick(episode);
                images.iter().map(crate::task::Image::ink).zip(classes.iter().map(|&class| Some(usize::from(class))))
            });
            drawings(place, all, [episodes.len(), examples, tasks_of(experiment, purpose).ways as usize])
        };
        let query = batch(|episode| &episode.query);
        if experiment.learner.kind.reads_descriptions() {
            let support = descriptions(place, episodes.iter().map(|episode| episode.classes.as_slice()))?;
            return Ok(Tasks { support, query, base: None });
        }
        let tasks = paired(experiment, learner, batch(|episode| &episode.support), query);
        let base = match experiment.base_classes().filter(|_| purpose == Purpose::Train) {
            Some(classes) => Some(base(place, experiment, data, classes, indices)?),
            None => None,
        };
        return Ok(Tasks { base, ..tasks });
    }
    if spec.family == Family::Quadratic {
        return Ok(quadratics(place, (seed, purpose), indices));
    }
    let episodes: Vec<Episode> = indices.map(|index| episode(spec, seed, purpose, index)).collect();
    let batch = |pick: fn(&Episode) -> &Samples| {
        let x: Vec<f64> = episodes.iter().flat_map(|e| rows(learner.told(), spec, &e.function, &pick(e).x)).collect();
        let y: Vec<f64> = episodes.iter().flat_map(|e| pick(e).y.iter().copied()).collect();
        points(place, &x, &y, episodes.len())
    };
    debug_assert_eq!(inputs(learner.told(), spec), experiment.inputs(), "two rooms count inputs apart");
    Ok(paired(experiment, learner, batch(|e| &e.support), batch(|e| &e.query)))
}

/// Quadratics: the rows of W as inputs and y as their targets, so that the sum of squared errors of Wθ is the function.
/// Either set is the whole of it.
fn quadratics(place: &Place, (seed, purpose): (u32, Purpose), indices: impl Iterator<Item = u64>) -> Tasks {
    let (mut rows, mut targets, mut count) = (Vec::new(), Vec::new(), 0);
    for index in indices {
        let task = quadratic(seed, purpose, index);
        rows.extend(task.matrix);
        targets.extend(task.target);
        count += 1;
    }
    let all = Batch {
        x: place.tensor(&rows, [count, DIMENSIONS, DIMENSIONS]),
        targets: Targets::Sums(place.tensor(&targets, [count, DIMENSIONS, 1])),
        reference: None,
    };
    Tasks { support: all.clone(), query: all, base: None }
}

/// The meta-parameters as a learner adapts them on the tasks `indices`: behind them, for one that has every task start
/// anew, where each starts.
pub(super) fn starting(
    place: &Place,
    learner: &dyn Learner,
    meta: &Params,
    (seed, purpose): (u32, Purpose),
    indices: impl Iterator<Item = u64>,
) -> Params {
    if !learner.starts_anew() {
        return meta.clone();
    }
    let layout = learner.network().layout();
    let first = |index| learner.network().init(start_seed(seed, purpose, index));
    let starts: Vec<Vec<Vec<f64>>> = indices.map(first).collect();
    let of_entry = |(at, entry): (usize, &Entry)| {
        let [rows, columns] = entry.matrix();
        let values: Vec<f64> = starts.iter().flat_map(|start| start[at].iter().copied()).collect();
        place.tensor(&values, [starts.len(), rows, columns])
    };
    Params(meta.0.iter().cloned().chain(layout.iter().enumerate().map(of_entry)).collect())
}

/// Both sets of the tasks, normalised as the experiment and the learner say.
pub(super) fn paired(experiment: &Experiment, learner: &dyn Learner, support: Batch, query: Batch) -> Tasks {
    if !experiment.model.transduction.is_on() {
        let reference = Some(support.x.clone());
        return Tasks { support, query: Batch { reference, ..query }, base: None };
    }
    if !learner.joins_sets() || query.examples() == 0 {
        return Tasks { support, query, base: None };
    }
    let reference = Some(support.join(&query).x);
    let support = Batch { reference: reference.clone(), ..support };
    Tasks { support, query: Batch { reference, ..query }, base: None }
}

/// The masks of dropout for the hidden layers of `network`, `[tasks, 1, width]` each, for the tasks `indices` of
/// meta-training: 0 with probability `rate`, and 1/(1 − rate) otherwise, so that a unit's mean stays what it is without
/// (inverted dropout). The task's own stream draws them once: for all its examples and all its inner steps.
pub(super) fn masks(
    place: &Place,
    network: &Network,
    rate: f64,
    seed: u32,
    indices: impl Iterator<Item = u64>,
) -> Vec<Tensor<3>> {
    let widths = network.hidden_widths();
    let mut masks = vec![Vec::new(); widths.len()];
    let mut tasks = 0;
    for index in indices {
        let mut stream = Stream::new(seed, Purpose::Train, index).part(Part::Dropout);
        for (mask, &width) in masks.iter_mut().zip(&widths) {
            mask.extend((0..width).map(|_| if stream.unit() < rate { 0.0 } else { 1.0 / (1.0 - rate) }));
        }
        tasks += 1;
    }
    masks.iter().zip(&widths).map(|(mask, &width)| place.tensor(mask, [tasks, 1, width])).collect()
}
