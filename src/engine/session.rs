//! The training loop.

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    experiment::{Accuracies, CurvePoint, Experiment, InnerOptimizer, LearnerKind, Source},
    learner::{InnerLoop, Judgement, Learner, MetaGradient, exact_learner, learner},
    model::{Entry, Network, Place},
    task::{Purpose, meta_batch_index},
};

use super::{
    Checkpoint, Data, EngineError, batch,
    checkpoint::{OptimizerState, Validated},
    fingerprint,
    outer::{self, OuterState},
    read::{read, read_one, single},
    spread::spread,
    validation::{Validation, judges_alike},
};

/// A loss above this has exploded: a thousand times the worst that an untrained network shows on any task
/// within the ranges of an experiment.
const EXPLODED: f64 = 1e7;

/// Meta-parameters of one experiment on one device, and what it takes to train them.
pub struct Session {
    pub(super) experiment: Experiment,
    pub(super) place: Place,
    pub(super) learner: Box<dyn Learner>,
    pub(super) data: Data,
    /// 1 for each meta-parameter that weight decay pulls to zero, 0 for the others.
    decays: Tensor<1>,
    state: State,
    /// The last state whose losses and meta-parameters were seen to be finite.
    good: State,
    fingerprint: String,
    pub(super) validation: Validation,
}

/// What changes from meta-step to meta-step; a value, so that going back is a clone.
#[derive(Clone)]
pub(super) struct State {
    pub meta_step: u32,
    pub meta: Params,
    pub outer: OuterState,
}

impl Session {
    /// A session from the experiment's seed: random meta-parameters, no meta-step taken. `data` is needed where
    /// characters are imported.
    ///
    /// # Errors
    /// When the experiment is out of its ranges, its tasks cannot be drawn, or the device fails.
    pub async fn new(experiment: Experiment, place: Place, data: Data) -> Result<Self, EngineError> {
        experiment.check()?;
        let learner = build(&experiment);
        let meta = place.params(&learner.layout(), &learner.init(experiment.seed));
        let state = State { meta_step: 0, meta, outer: OuterState::default() };
        Self::with_state(experiment, place, data, learner, state).await
    }

    /// A session that goes on from `checkpoint`.
    ///
    /// # Errors
    /// When the checkpoint's tensors are not those of its experiment, its tasks cannot be drawn, or the device fails.
    pub async fn resume(checkpoint: &Checkpoint, place: Place, data: Data) -> Result<Self, EngineError> {
        let experiment = checkpoint.experiment.clone();
        experiment.check()?;
        let learner = build(&experiment);
        let layout = learner.layout();
        let meta = place.params(&layout, &checkpoint.values(&layout)?);
        let vector = |values: &Vec<f32>| {
            let values: Vec<f64> = values.iter().copied().map(f64::from).collect();
            place.tensor(&values, [values.len()])
        };
        let outer = |saved: &OptimizerState| OuterState {
            time: saved.time as usize,
            first: saved.first.as_ref().map(vector),
            second: saved.second.as_ref().map(vector),
        };
        let validation = match &checkpoint.validation {
            None if checkpoint.meta_step >= experiment.budget.meta_steps => Validation::over(checkpoint.meta_step),
            None => Validation::default(),
            Some(Validated { record, best, optimizer }) => {
                let meta = |best: &Vec<f32>| meta.unflatten(&vector(best));
                let state = record.best.zip(best.as_ref()).map(|(check, best)| State {
                    meta_step: check.meta_step,
                    meta: meta(best),
                    outer: outer(optimizer),
                });
                Validation::resumed(record.clone(), state, &experiment.budget)
            }
        };
        let outer = checkpoint.optimizer.as_ref().map(outer).unwrap_or_default();
        let state = State { meta_step: checkpoint.meta_step, meta, outer };
        let session = Self::with_state(experiment, place, data, learner, state).await?;
        Ok(Self { validation, ..session })
    }

    async fn with_state(
        experiment: Experiment,
        place: Place,
        data: Data,
        learner: Box<dyn Learner>,
        state: State,
    ) -> Result<Self, EngineError> {
        batch::check(&experiment, &data)?;
        let flat = read_one(state.meta.flatten()).await?;
        let fingerprint = fingerprint(&single(&flat));
        let decays = decays(&experiment, &place, learner.as_ref());
        let validation = Validation::default();
        Ok(Self { experiment, place, learner, data, decays, good: state.clone(), state, fingerprint, validation })
    }

    /// What this session runs.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// Meta-steps done.
    pub fn meta_step(&self) -> u32 {
        self.state.meta_step
    }

    /// Whether the budget is spent, or validation has stopped the run before.
    pub fn finished(&self) -> bool {
        let spent = self.state.meta_step >= self.experiment.budget.meta_steps && !self.is_checking();
        spent || self.ending().is_some()
    }

    /// Six characters of the meta-parameters' digest.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Takes over whatever of `next` can change while running: rates, inner steps, evaluation, clipping, budget,
    /// task ranges, view.
    ///
    /// # Errors
    /// When `next` is out of its ranges, or differs in something that needs a restart.
    pub fn update(&mut self, next: Experiment) -> Result<(), EngineError> {
        next.check()?;
        let restarts = self.experiment.restarts(&next);
        if !restarts.is_empty() {
            return Err(EngineError::Restart(restarts.join(", ")));
        }
        batch::check(&next, &self.data)?;
        let judged = !judges_alike(&self.experiment, &next);
        if self.finished() {
            self.validation.record.last.get_or_insert(self.state.meta_step);
        }
        self.validation.change(judged, self.experiment.budget != next.budget);
        // A learner holds settings of its own, some of which may change while running.
        self.learner = build(&next);
        self.experiment = next;
        Ok(())
    }

    /// Takes another dataset, or none, for the tasks from here on.
    ///
    /// # Errors
    /// When the experiment's tasks cannot be drawn from it; the session then keeps the one it has.
    pub fn set_data(&mut self, data: Data) -> Result<(), EngineError> {
        batch::check(&self.experiment, &data)?;
        self.data = data;
        self.validation.change(self.experiment.task.source == Source::Imported, false);
        Ok(())
    }

    /// Takes up to `count` meta-steps, fewer when the budget ends or a check is due, and reports the losses of each.
    ///
    /// Losses and meta-parameters are read back once, at the end. Where a check is due ([`Session::is_checking`]) a call
    /// evaluates some of its tasks instead and reports no losses, so that no call takes long; a check that ends the run
    /// takes the session back to the meta-parameters of the best one.
    ///
    /// # Errors
    /// [`EngineError::Diverged`] when a loss is not finite or above 1e7; the session has then gone back to where
    /// this call or an earlier one last ended well.
    pub async fn train(&mut self, count: u32) -> Result<Vec<CurvePoint>, EngineError> {
        if self.is_checking() {
            self.check_some().await?;
            return Ok(Vec::new());
        }
        if self.finished() {
            return Ok(Vec::new());
        }
        let first = self.state.meta_step;
        let end = first.saturating_add(count).min(self.experiment.budget.meta_steps).min(self.next_check());
        if end <= first {
            return Ok(Vec::new());
        }
        let mut losses = Vec::new();
        while self.state.meta_step < end {
            losses.extend(self.meta_step_once()?);
        }
        let each = losses.len() / (end - first) as usize;
        let values = read(vec![Tensor::cat(losses, 0), self.state.meta.flatten()]).await?;
        let points: Vec<CurvePoint> =
            (values[0].chunks_exact(each)).zip(first + 1..).map(|(values, step)| curve_point(step, values)).collect();
        let usable = |value: f64| value.is_finite() && value.abs() < EXPLODED;
        let bad = values[0].chunks_exact(each).position(|values| !values.iter().all(|&loss| usable(loss)));
        if bad.is_some() || !values[1].iter().all(|&value| usable(value)) {
            let at = first + 1 + bad.unwrap_or(points.len() - 1) as u32;
            self.state = self.good.clone();
            self.fingerprint = fingerprint(&single(&read_one(self.state.meta.flatten()).await?));
            return Err(EngineError::Diverged { at, restored: self.state.meta_step });
        }
        self.good = self.state.clone();
        self.fingerprint = fingerprint(&single(&values[1]));
        Ok(points)
    }

    /// One meta-step, nothing read back: mean losses before and after adaptation, `[1]` each, and the same of the
    /// accuracy where there is one.
    fn meta_step_once(&mut self) -> Result<Vec<Tensor<1>>, EngineError> {
        let (found, figures) = self.meta_gradient()?;
        let (flat, outer) = self.outer_step(found.flatten());
        let meta = self.state.meta.unflatten(&flat);
        self.state = State { meta_step: self.state.meta_step + 1, meta, outer };
        Ok(figures)
    }

    /// The outer rate of the next meta-step.
    pub(super) fn outer_lr(&self) -> f64 {
        let Experiment { outer: spec, budget, .. } = &self.experiment;
        let spent = f64::from(self.state.meta_step) / f64::from(budget.meta_steps);
        spec.lr * outer::left(spec.schedule, spent.min(1.0))
    }

    /// Where a meta-step by `gradient` leads, flat, and what the optimiser then remembers.
    pub(super) fn outer_step(&self, gradient: Tensor<1>) -> (Tensor<1>, OuterState) {
        let params = (self.state.meta.flatten(), &self.decays);
        outer::step(&self.experiment.outer, self.outer_lr(), params, gradient, self.state.outer.clone())
    }

    /// The meta-gradient over one meta-batch, taken as many tasks at a time as the place has memory for, and the
    /// figures of [`Session::meta_step_once`].
    pub(super) fn meta_gradient(&self) -> Result<(Params, Vec<Tensor<1>>), EngineError> {
        self.meta_gradient_by(self.tasks_at_once())
    }

    /// The same, `at_once` tasks at a time, which changes nothing but rounding.
    pub(super) fn meta_gradient_by(&self, at_once: u32) -> Result<(Params, Vec<Tensor<1>>), EngineError> {
        let count = self.experiment.outer.meta_batch;
        let starts: Vec<u32> = (0..count).step_by(at_once as usize).collect();
        let parts = spread(&self.place, &starts, |start| {
            let end = count.min(start.saturating_add(at_once));
            let indices = || (start..end).map(|task| meta_batch_index(self.state.meta_step, task));
            let stream = (self.experiment.seed, Purpose::Train);
            let thinned = self.thinned(indices());
            let learner = thinned.as_ref().unwrap_or(&self.learner).as_ref();
            let tasks = batch::tasks(&self.place, learner, &self.experiment, &self.data, stream, indices())?;
            let meta = batch::starting(&self.place, learner, &self.state.meta, stream, indices());
            let found = learner.meta_gradient(&meta, &tasks, self.train_loop(start));
            Ok::<_, EngineError>((f64::from(end - start) / f64::from(count), found))
        });
        let mut sum: Option<(Params, Vec<Tensor<1>>)> = None;
        for part in parts {
            let (share, MetaGradient { before, after, gradient }) = part?;
            let figures = figures(&before, &after);
            sum = Some(match sum {
                None if share == 1.0 => (gradient, figures),
                None => (gradient.map(|g| g * share), figures.into_iter().map(|figure| figure * share).collect()),
                Some((gradients, sums)) => {
                    let sums = sums.into_iter().zip(figures).map(|(sum, figure)| sum + figure * share).collect();
                    (gradients.plus(share, &gradient), sums)
                }
            });
        }
        sum.ok_or_else(|| EngineError::Device("a meta-batch without tasks".into()))
    }

    /// What the next meta-step would descend, without taking it: the mean query loss after adaptation, and name, shape and
    /// row-major values of the meta-gradient of each tensor of the layout.
    ///
    /// # Errors
    /// When the device fails, or the tasks cannot be drawn.
    pub async fn next_gradient(&self) -> Result<(f64, Vec<(String, Vec<usize>, Vec<f64>)>), EngineError> {
        let (gradient, figures) = self.meta_gradient()?;
        let after = figures.get(1).cloned().ok_or_else(|| EngineError::Device("a meta-batch without a loss".into()))?;
        let values = read(vec![after, gradient.flatten()]).await?;
        let mut rest = values[1].as_slice();
        let tensors = self.learner.layout().into_iter().map(|entry| {
            let (own, tail) = rest.split_at(entry.len().min(rest.len()));
            rest = tail;
            (entry.name, entry.shape, own.to_vec())
        });
        Ok((values[0].first().copied().unwrap_or(f64::NAN), tensors.collect()))
    }

    /// The learner on the networks that dropout leaves the tasks `indices` of meta-training; none where it is off. All
    /// that is not meta-training has the session's own learner, on the whole network.
    fn thinned(&self, indices: impl Iterator<Item = u64>) -> Option<Box<dyn Learner>> {
        let Experiment { seed, model, learner: spec, .. } = &self.experiment;
        if model.dropout == 0.0 {
            return None;
        }
        let network = Network::new(&self.experiment);
        let masks = batch::masks(&self.place, &network, model.dropout, *seed, indices);
        Some(learner(spec, network.thinned(masks)))
    }

    /// The inner loop of meta-training, for tasks of a meta-batch from `first_task` on.
    pub(super) fn train_loop(&self, first_task: u32) -> InnerLoop {
        let spec = &self.experiment.learner;
        let inner = inner_loop(spec.inner_lr, spec.inner_steps, spec.inner_batch, spec.inner_optimizer);
        InnerLoop { meta_step: self.state.meta_step, first_task, ..inner }
    }

    /// The inner loop of evaluation and of the page, of `steps` steps.
    pub(super) fn eval_loop(&self, steps: u32) -> InnerLoop {
        let spec = &self.experiment.learner;
        inner_loop(spec.eval_lr, steps, spec.eval_batch, spec.inner_optimizer)
    }

    /// Tasks that fit into the memory of one pass.
    pub(super) fn tasks_at_once(&self) -> u32 {
        (self.place.memory() / self.experiment.task_memory()).clamp(1.0, 1e6) as u32
    }

    /// Everything it takes to go on from here, or to use the network elsewhere.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn checkpoint(&self) -> Result<Checkpoint, EngineError> {
        let State { meta_step, .. } = self.good;
        let (params, optimizer) = saved(&self.good).await?;
        let layout = self.learner.layout();
        let checkpoint = Checkpoint::new(self.experiment.clone(), meta_step, &layout, &params, Some(optimizer));
        let Validation { record, best, .. } = &self.validation;
        if record.last.is_none() {
            return Ok(checkpoint);
        }
        let (best, optimizer) = match best {
            Some(best) => saved(best).await.map(|(params, optimizer)| (Some(params), optimizer))?,
            None => (None, OptimizerState::default()),
        };
        let validation = Some(Validated { record: record.clone(), best, optimizer });
        Ok(Checkpoint { validation, ..checkpoint })
    }

    /// The state as it stands.
    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// The last state that was seen to be good.
    pub(super) fn good(&self) -> &State {
        &self.good
    }

    /// Goes back to a state that was seen to be good; its fingerprint is another one.
    pub(super) fn go_to(&mut self, state: State) {
        (self.good, self.state) = (state.clone(), state);
    }

    pub(super) fn set_fingerprint(&mut self, fingerprint: String) {
        self.fingerprint = fingerprint;
    }

    pub(super) fn meta(&self) -> &Params {
        &self.good.meta
    }
}

/// A state's meta-parameters, flat, and its optimiser's memory.
async fn saved(State { meta, outer, .. }: &State) -> Result<(Vec<f32>, OptimizerState), EngineError> {
    let vectors: Vec<_> = [Some(meta.flatten()), outer.first.clone(), outer.second.clone()].into();
    let present = vectors.iter().flatten().cloned().collect();
    let mut values = read(present).await?.into_iter().map(|values| single(&values));
    let params = values.next().unwrap_or_default();
    let first = outer.first.as_ref().and_then(|_| values.next());
    let second = outer.second.as_ref().and_then(|_| values.next());
    Ok((params, OptimizerState { time: outer.time as u32, first, second }))
}

/// The learner of an experiment on its network.
pub(super) fn build(experiment: &Experiment) -> Box<dyn Learner> {
    learner(&experiment.learner, Network::new(experiment))
}

/// The one whose meta-gradient that learner's approximates.
pub(super) fn build_exact(experiment: &Experiment) -> Box<dyn Learner> {
    exact_learner(&experiment.learner, Network::new(experiment))
}

/// 1 for each meta-parameter that weight decay pulls to zero; none of a learner that learns nothing outside.
fn decays(experiment: &Experiment, place: &Place, learner: &dyn Learner) -> Tensor<1> {
    let learns = experiment.learner.kind != LearnerKind::Scratch;
    let of = |entry: &Entry| vec![f64::from(learns && entry.decays()); entry.len()];
    let values: Vec<f64> = learner.layout().iter().flat_map(of).collect();
    place.tensor(&values, [values.len()])
}

fn inner_loop(lr: f64, steps: u32, batch: u32, optimizer: InnerOptimizer) -> InnerLoop {
    InnerLoop { lr, steps: steps as usize, batch: batch as usize, optimizer, meta_step: 0, first_task: 0 }
}

/// Mean losses before and after, then mean accuracies before and after, `[1]` each.
fn figures(before: &Judgement, after: &Judgement) -> Vec<Tensor<1>> {
    let losses = [Some(&before.losses), Some(&after.losses)];
    let accuracies = [before.accuracy.as_ref(), after.accuracy.as_ref()];
    losses.into_iter().chain(accuracies).flatten().map(|values| values.clone().mean()).collect()
}

fn curve_point(meta_step: u32, values: &[f64]) -> CurvePoint {
    let single = |i: usize| values.get(i).map_or(f32::NAN, |&value| value as f32);
    let accuracy = (values.len() == 4).then(|| Accuracies { before: single(2), after: single(3) });
    CurvePoint { meta_step, before: single(0), after: single(1), accuracy }
}
