//! What is there to be looked at: examples as the head sees them, filters, and feature maps.

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    experiment::{Activations, Block, Example, Likeness, LikenessKind, Prototype, Scene, ShownTask},
    learner::{Embeddings, Tasks},
    model::{Batch, Targets},
    task::Purpose,
};

use super::{
    super::{
        EngineError, Session, batch,
        read::{read, read_one, single},
        trajectory::thinned,
    },
    Dissecting, MOST_STEPS,
    plane::Plane,
};

/// Blocks of the convolutional network, each with the side of its feature maps.
const SIDES: [u32; 4] = [14, 7, 4, 2];

impl Dissecting {
    /// The examples of the task on show in a plane, at every state, and how alike the learner finds them at the last.
    pub(super) async fn scene(
        &self,
        tasks: &Tasks,
        states: &[Params],
    ) -> Result<(Scene, Option<Likeness>), EngineError> {
        let (mut rows, mut last) = (Vec::new(), None);
        for states in states.chunks(self.at_once) {
            let repeated = Tasks {
                support: tasks.support.repeat(states.len()),
                query: tasks.query.repeat(states.len()),
                base: None,
            };
            let seen = self.learner.embeddings(&Params::stack(states), &repeated);
            let sets: Vec<Tensor<3>> = [seen.support.clone(), seen.query.clone()].into_iter().flatten().collect();
            if sets.is_empty() {
                continue;
            }
            let both = Tensor::cat(sets, 1);
            let [_, examples, features] = both.dims();
            let values = read_one(both).await?;
            let state = |values: &[f64]| values.chunks(features.max(1)).map(<[f64]>::to_vec).collect::<Vec<_>>();
            rows.extend(values.chunks((examples * features).max(1)).map(state));
            last = Some(seen);
        }
        let examples = examples(tasks, last.as_ref().is_some_and(|seen| seen.support.is_some())).await?;
        // A path may run off; what it came from still has a plane.
        let finite: Vec<&Vec<Vec<f64>>> =
            rows.iter().filter(|state| state.iter().flatten().all(|value| value.is_finite())).collect();
        let ends: Vec<Vec<f64>> = match finite.as_slice() {
            [] => rows.first().cloned().unwrap_or_default(),
            [only] => (*only).clone(),
            [first, .., last] => first.iter().chain(*last).cloned().collect(),
        };
        let plane = Plane::principal(&ends);
        let place = |row: &Vec<f64>| plane.project(row).0.map(|value| value as f32);
        let (prototypes, likeness) = match last {
            Some(Embeddings { prototypes, likeness, .. }) => (prototypes, likeness),
            None => (None, None),
        };
        let scene = Scene {
            features: ends.first().map_or(0, Vec::len) as u32,
            shares: plane.shares,
            places: rows.iter().map(|state| state.iter().map(place).collect()).collect(),
            prototypes: match prototypes {
                Some(prototypes) => standing(&plane, prototypes).await?,
                None => Vec::new(),
            },
            examples,
        };
        let likeness = match likeness {
            Some((kind, values)) => Some(found(kind, values, &scene.examples).await?),
            None => None,
        };
        Ok((scene, likeness))
    }

    /// The weights of the first layer's filters at every state.
    pub(super) async fn filters(&self, states: &[Params]) -> Result<Vec<Vec<f32>>, EngineError> {
        let first = |state: &Params| {
            let weight = state.0[0].clone();
            let count = weight.dims().iter().product::<usize>();
            weight.reshape([count])
        };
        let values = read::<1>(states.iter().map(first).collect()).await?;
        Ok(values.iter().map(|values| single(values)).collect())
    }
}

/// Prototypes `[states, classes, features]` of the last state, in a plane.
async fn standing(plane: &Plane, prototypes: Tensor<3>) -> Result<Vec<Prototype>, EngineError> {
    let [states, _, features] = prototypes.dims();
    let values = read_one(prototypes.narrow(0, states - 1, 1)).await?;
    let stand = |prototype: &[f64]| {
        let (at, off) = plane.project(prototype);
        Prototype { at: at.map(|value| value as f32), off: off as f32 }
    };
    Ok(values.chunks(features.max(1)).map(stand).collect())
}

/// Likenesses `[states, queries, columns]` at the last state.
async fn found(kind: LikenessKind, values: Tensor<3>, examples: &[Example]) -> Result<Likeness, EngineError> {
    let [states, _, columns] = values.dims();
    let values = read_one(values.narrow(0, states - 1, 1)).await?;
    let columns: Vec<Option<u8>> = match kind {
        LikenessKind::Relation => (0..columns).map(|class| Some(class as u8)).collect(),
        _ => examples.iter().filter(|example| !example.query).map(|example| example.class).collect(),
    };
    Ok(Likeness { kind, rows: values.chunks(columns.len().max(1)).map(single).collect(), columns })
}

/// Every example of a task, the support set first where it has examples of the kind.
async fn examples(tasks: &Tasks, support: bool) -> Result<Vec<Example>, EngineError> {
    let sets = [(&tasks.support, false), (&tasks.query, true)];
    let mut all = Vec::new();
    for (set, query) in sets.into_iter().filter(|(set, query)| set.examples() > 0 && (*query || support)) {
        all.extend(of_set(set, query).await?);
    }
    Ok(all)
}

async fn of_set(set: &Batch, query: bool) -> Result<Vec<Example>, EngineError> {
    let targets = set.targets.tensor().clone();
    let width = targets.dims()[2].max(1);
    if matches!(set.targets, Targets::Classes(_)) {
        let values = read_one(targets).await?;
        let class = |row: &[f64]| row.iter().position(|&is| is > 0.5).map(|class| class as u8);
        return Ok(values.chunks(width).map(|row| Example { query, class: class(row), point: None }).collect());
    }
    let values = read(vec![set.x.clone().narrow(2, 0, 1), targets]).await?;
    let points = values[0].iter().zip(&values[1]);
    Ok(points.map(|(&x, &y)| Example { query, class: None, point: Some([x as f32, y as f32]) }).collect())
}

impl Session {
    /// What the convolutions make of one drawing of a task on show, the support set counted first, at every inner step that
    /// [`Dissecting`] tells of.
    ///
    /// # Errors
    /// [`EngineError::Layers`] where there are no feature maps or no such drawing, or when the device fails.
    pub async fn activations(&self, shown: &ShownTask, drawing: u32) -> Result<Activations, EngineError> {
        let experiment = &self.experiment;
        if !experiment.has_maps() {
            return Err(EngineError::Layers(match experiment.task.family.classifies() {
                true => "only a convolutional network has feature maps; choose model.network=conv4",
                false => "only a convolutional network has feature maps, and only tasks of characters have one",
            }));
        }
        let learner = self.learner.as_ref();
        let tasks = self.seen_tasks(shown)?;
        let described = experiment.learner.kind.reads_descriptions();
        let before = if described { 0 } else { tasks.support.examples() };
        let number = drawing as usize;
        let (set, at) = if number < before { (&tasks.support, number) } else { (&tasks.query, number - before) };
        if at >= set.examples() {
            return Err(EngineError::Layers("the task on show has no drawing of this number"));
        }
        let last = experiment.learner.eval_steps;
        let steps = if experiment.moves_layers() { thinned(last, MOST_STEPS) } else { vec![0] };
        let index = std::iter::once(u64::from(shown.index));
        let stream = (experiment.seed, Purpose::Show);
        let meta = batch::starting(&self.place, learner, self.meta(), stream, index);
        let path = learner.adapt(&meta, &tasks.support, self.eval_loop(last));
        let states: Vec<Params> = steps.iter().map(|&step| path.params[step as usize].clone()).collect();
        let mut values = vec![Vec::new(); SIDES.len()];
        for states in states.chunks(self.tasks_at_once() as usize) {
            let made = learner.outputs(&Params::stack(states), &set.repeat(states.len()));
            let own: Vec<Tensor<3>> = made.into_iter().take(SIDES.len()).map(|made| made.narrow(1, at, 1)).collect();
            let widths: Vec<usize> = own.iter().map(|made| made.dims()[2].max(1)).collect();
            for ((all, found), width) in values.iter_mut().zip(read(own).await?).zip(widths) {
                all.extend(found.chunks(width).map(single));
            }
        }
        let maps = experiment.model.filters;
        let blocks = SIDES.into_iter().zip(values).map(|(side, values)| Block { side, maps, values }).collect();
        Ok(Activations { meta_step: self.meta_step(), drawing, steps, blocks })
    }
}
