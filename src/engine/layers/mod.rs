//! What adaptation changes in the layers of a network: of the task on show step by step, and of further tasks on the mean.
//!
//! As a landscape does, it takes what it needs of the session when it begins and then goes on by itself, a slice at a time:
//! one task's inner loop, or some of its steps measured.

mod look;
mod measure;
mod plane;
#[cfg(test)]
mod tests;

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    experiment::{LayerCourse, LayerFigure, LayerFigures, Layers, ShownTask},
    learner::{InnerLoop, Layer, Learner, Tasks},
    task::Purpose,
};

use super::{EngineError, Session, batch, evaluate::interval, read::read, session::build, trajectory::thinned};
pub(super) use measure::norms;
use measure::{cka, gram, product, ratio};

/// Most inner steps told of beside the start.
const MOST_STEPS: u32 = 20;

/// Most steps measured in one slice.
const CHUNK: usize = 8;

/// Change of a layer by its own length beyond which a path has run off.
const RAN_OFF: f64 = 1e6;

/// Layers under way. They stay with the meta-parameters that they began with, though training goes on.
pub struct Dissecting {
    learner: Box<dyn Learner>,
    inner: InnerLoop,
    /// Whether inner steps move anything.
    moves: bool,
    /// Whether there are filters to take along.
    maps: bool,
    own: Vec<Layer>,
    subjects: Vec<Subject>,
    /// Subjects that are over.
    done: usize,
    walk: Option<Walk>,
    slices: u32,
    at_once: usize,
    /// Figures of the further tasks, `[layer][step]`, each task's in turn.
    others: Vec<Vec<Vec<LayerFigures<f64>>>>,
    layers: Layers,
}

/// A task that is adapted to.
struct Subject {
    /// The meta-parameters, and behind them where it starts if that is anew.
    meta: Params,
    tasks: Tasks,
}

/// An adaptation whose steps are measured.
struct Walk {
    /// At each of the steps that are told of.
    states: Vec<Params>,
    /// Steps measured: the figures of every layer.
    found: Vec<Vec<LayerFigures<f64>>>,
    /// Gram matrices of what every layer makes before adaptation, and their products with themselves.
    first: Option<(Vec<Tensor<3>>, Vec<f64>)>,
    /// Lengths of every layer's weights before adaptation.
    lengths: Vec<f64>,
}

impl Dissecting {
    /// Of `session` as it stands: the task on show, and `others` of the stream of shown tasks beside it.
    ///
    /// # Errors
    /// [`EngineError::Layers`] where there is no network with layers, or when the task cannot be drawn.
    pub fn new(session: &Session, shown: &ShownTask, others: u32) -> Result<Self, EngineError> {
        let experiment = session.experiment();
        if let Some(why) = experiment.opaque() {
            return Err(EngineError::Layers(why));
        }
        let moves = experiment.moves_layers();
        let learner = build(experiment);
        let subject = |shown: &ShownTask| {
            let stream = (experiment.seed, Purpose::Show);
            let index = std::iter::once(u64::from(shown.index));
            let meta = batch::starting(&session.place, learner.as_ref(), session.meta(), stream, index);
            Ok::<_, EngineError>(Subject { meta, tasks: session.seen_tasks(shown)? })
        };
        let beside = (0..).filter(|&index| index != shown.index).take(if moves { others as usize } else { 0 });
        let sampled = beside.map(|index| subject(&ShownTask { index, points: Vec::new(), drawings: None }));
        let subjects = std::iter::once(subject(shown)).chain(sampled).collect::<Result<Vec<_>, EngineError>>()?;
        let support = subjects.first().map_or(0, |subject| subject.tasks.support.examples());
        let steps = experiment.steps_shown(support as u32);
        let told = if moves { thinned(steps, MOST_STEPS) } else { vec![0] };
        let own = learner.layers();
        let heads = own.len() > 1;
        let course = |(number, layer): (usize, &Layer)| LayerCourse {
            name: layer.name.clone(),
            head: heads && number + 1 == own.len(),
            shown: Vec::new(),
            others: Vec::new(),
        };
        let courses = if moves { own.iter().enumerate().map(course).collect() } else { Vec::new() };
        let layers = Layers { meta_step: session.meta_step(), steps: told, layers: courses, ..Layers::default() };
        Ok(Self {
            // Who sees the whole support set at once has seen none of it before the first step.
            inner: session.eval_loop(steps.max(u32::from(!moves))),
            others: vec![vec![Vec::new(); layers.steps.len()]; layers.layers.len()],
            at_once: (session.tasks_at_once() as usize).clamp(1, CHUNK),
            maps: experiment.has_maps(),
            learner,
            moves,
            own,
            subjects,
            done: 0,
            walk: None,
            slices: 0,
            layers,
        })
    }

    /// Slices done, and slices in all.
    pub fn progress(&self) -> (u32, u32) {
        let measured = if self.moves { self.layers.steps.len().div_ceil(self.at_once) } else { 0 };
        (self.slices, (self.subjects.len() * (1 + measured) + 1) as u32)
    }

    /// Whether nothing is left to do.
    pub fn finished(&self) -> bool {
        self.done == self.subjects.len()
    }

    /// What is known so far.
    pub fn layers(&self) -> &Layers {
        &self.layers
    }

    /// One slice.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn advance(&mut self) -> Result<(), EngineError> {
        let Some(subject) = self.subjects.get(self.done) else { return Ok(()) };
        self.slices += 1;
        let Some(mut walk) = self.walk.take() else {
            self.walk = Some(self.begun(subject));
            return Ok(());
        };
        if self.moves && walk.found.len() < walk.states.len() {
            self.measure(&subject.tasks, &mut walk).await?;
            if self.done == 0 {
                self.tell(&walk);
            }
        } else if self.done == 0 {
            let filters = if self.maps { self.filters(&walk.states).await? } else { Vec::new() };
            let (scene, likeness) = self.scene(&subject.tasks, &walk.states).await?;
            (self.layers.filters, self.layers.scene, self.layers.likeness) = (filters, Some(scene), likeness);
        }
        let measured = !self.moves || walk.found.len() == walk.states.len();
        if measured && (self.done > 0 || self.layers.scene.is_some()) {
            if self.done > 0 {
                self.gather(&walk.found);
            }
            self.done += 1;
        } else {
            self.walk = Some(walk);
        }
        Ok(())
    }

    fn begun(&self, Subject { meta, tasks }: &Subject) -> Walk {
        let path = self.learner.adapt(meta, &tasks.support, self.inner);
        // Where no step moves anything, what there is to see has seen the whole support set.
        let states = match self.moves {
            true => self.layers.steps.iter().map(|&step| path.params[step as usize].clone()).collect(),
            false => vec![path.end().clone()],
        };
        Walk { states, found: Vec::new(), first: None, lengths: Vec::new() }
    }

    /// Measures the next steps of a walk.
    async fn measure(&self, tasks: &Tasks, walk: &mut Walk) -> Result<(), EngineError> {
        let from = walk.found.len();
        let states = &walk.states[from..walk.states.len().min(from + self.at_once)];
        let (count, layers) = (states.len(), self.own.len());
        let all = Params::stack(states);
        let moved = all.plus(-1.0, &walk.states[0].repeat(count));
        let slope = self.learner.slope(&all, &tasks.support.repeat(count)).map(|slope| slope.gradient);
        let grams = match tasks.query.examples() {
            0 | 1 => Vec::new(),
            _ => self.learner.outputs(&all, &tasks.query.repeat(count)).into_iter().map(gram).collect(),
        };
        let firsts = match &walk.first {
            Some((firsts, _)) => firsts.clone(),
            None => grams.iter().map(|gram| gram.clone().narrow(0, 0, 1)).collect(),
        };
        let start = if from == 0 { norms(&self.own, &walk.states[0]) } else { Vec::new() };
        let parts = [
            start,
            norms(&self.own, &moved),
            slope.iter().flat_map(|slope| norms(&self.own, slope)).collect(),
            grams.iter().map(|gram| product(gram, gram)).collect(),
            firsts.iter().zip(&grams).map(|(first, gram)| product(first, gram)).collect(),
        ];
        let sizes = parts.each_ref().map(Vec::len);
        let mut values = read(parts.into_iter().flatten().collect()).await?.into_iter();
        let [start, moved, slopes, own, both] = sizes.map(|size| values.by_ref().take(size).collect::<Vec<_>>());
        if from == 0 {
            walk.lengths = start.into_iter().flatten().collect();
        }
        let before = match walk.first.take() {
            Some((_, before)) => before,
            None => own.iter().map(|products| products[0]).collect(),
        };
        let finite = |value: f64| value.is_finite().then_some(value);
        for state in 0..count {
            let figures = |layer: usize| LayerFigures {
                change: ratio(moved[layer][state], walk.lengths[layer]),
                gradient: slopes.get(layer).and_then(|norms| finite(norms[state])),
                alike: both.get(layer).and_then(|both| cka(both[state], before[layer], own[layer][state])),
            };
            walk.found.push((0..layers).map(figures).collect());
        }
        walk.first = Some((firsts, before));
        Ok(())
    }

    /// Takes what is measured of the task on show so far.
    fn tell(&mut self, walk: &Walk) {
        for (number, course) in self.layers.layers.iter_mut().enumerate() {
            course.shown = walk.found.iter().map(|step| step[number]).collect();
        }
    }

    /// Takes a further task into the means, unless it ran off.
    fn gather(&mut self, found: &[Vec<LayerFigures<f64>>]) {
        let lost = |figures: &LayerFigures<f64>, start: &LayerFigures<f64>| {
            // A figure that is there at first and not any more was no number.
            let gone = start.change.is_some() && figures.change.is_none_or(|change| change > RAN_OFF);
            gone || start.gradient.is_some() && figures.gradient.is_none()
        };
        let start = found.first().cloned().unwrap_or_default();
        if found.iter().any(|step| step.iter().zip(&start).any(|(figures, start)| lost(figures, start))) {
            self.layers.diverged += 1;
            return;
        }
        self.layers.tasks += 1;
        for (number, (all, course)) in self.others.iter_mut().zip(&mut self.layers.layers).enumerate() {
            all.iter_mut().zip(found).for_each(|(tasks, step)| tasks.push(step[number]));
            let mean = |tasks: &Vec<LayerFigures<f64>>, figure| {
                let values: Vec<f64> = tasks.iter().filter_map(|task| task.of(figure)).collect();
                (values.len() > 1).then(|| interval(&values))
            };
            let means = |tasks: &Vec<LayerFigures<f64>>| LayerFigures {
                change: mean(tasks, LayerFigure::Change),
                gradient: mean(tasks, LayerFigure::Gradient),
                alike: mean(tasks, LayerFigure::Alike),
            };
            course.others = all.iter().map(means).collect();
        }
    }
}

impl Session {
    /// All of [`Dissecting`]. `progress` is told how many slices of how many are done.
    ///
    /// # Errors
    /// As [`Dissecting::new`] and [`Dissecting::advance`].
    pub async fn layers(
        &self,
        shown: &ShownTask,
        others: u32,
        mut progress: impl FnMut(u32, u32),
    ) -> Result<Layers, EngineError> {
        let mut dissecting = Dissecting::new(self, shown, others)?;
        while !dissecting.finished() {
            dissecting.advance().await?;
            let (done, all) = dissecting.progress();
            progress(done, all);
        }
        Ok(dissecting.layers)
    }

    /// What a learner sees of a task on show, and all of its queries, of known class or not.
    fn seen_tasks(&self, shown: &ShownTask) -> Result<Tasks, EngineError> {
        if self.experiment.task.family.classifies() { self.all_characters(shown) } else { self.shown_tasks(shown) }
    }
}
