//! The training loop.

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    experiment::{Accuracies, CurvePoint, Experiment, InnerOptimizer},
    learner::{InnerLoop, Judgement, Learner, MetaGradient, learner},
    model::{Network, Place},
    task::{Purpose, meta_batch_index},
};

use super::{
    Checkpoint, Data, EngineError, batch,
    checkpoint::OptimizerState,
    fingerprint,
    outer::{self, OuterState},
    read::{read, read_one, single},
    spread::spread,
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
    state: State,
    /// The last state whose losses and meta-parameters were seen to be finite.
    good: State,
    fingerprint: String,
}

/// What changes from meta-step to meta-step; a value, so that going back is a clone.
#[derive(Clone)]
struct State {
    meta_step: u32,
    meta: Params,
    outer: OuterState,
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
        let outer = match &checkpoint.optimizer {
            None => OuterState::default(),
            Some(saved) => OuterState {
                time: saved.time as usize,
                first: saved.first.as_ref().map(vector),
                second: saved.second.as_ref().map(vector),
            },
        };
        let state = State { meta_step: checkpoint.meta_step, meta, outer };
        Self::with_state(experiment, place, data, learner, state).await
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
        Ok(Self { experiment, place, learner, data, good: state.clone(), state, fingerprint })
    }

    /// What this session runs.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// Meta-steps done.
    pub fn meta_step(&self) -> u32 {
        self.state.meta_step
    }

    /// Whether the budget is spent.
    pub fn finished(&self) -> bool {
        self.state.meta_step >= self.experiment.budget.meta_steps
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
        Ok(())
    }

    /// Takes up to `count` meta-steps, fewer when the budget ends, and reports the losses of each.
    ///
    /// Losses and meta-parameters are read back once, at the end.
    ///
    /// # Errors
    /// [`EngineError::Diverged`] when a loss is not finite or above 1e7; the session has then gone back to where
    /// this call or an earlier one last ended well.
    pub async fn train(&mut self, count: u32) -> Result<Vec<CurvePoint>, EngineError> {
        let first = self.state.meta_step;
        let end = first.saturating_add(count).min(self.experiment.budget.meta_steps);
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
        let Experiment { outer: spec, budget, .. } = &self.experiment;
        let (found, figures) = self.meta_gradient()?;
        let spent = f64::from(self.state.meta_step) / f64::from(budget.meta_steps);
        let lr = spec.lr * outer::left(spec.schedule, spent);
        let (flat, outer) = outer::step(spec, lr, self.state.meta.flatten(), found.flatten(), self.state.outer.clone());
        let meta = self.state.meta.unflatten(&flat);
        self.state = State { meta_step: self.state.meta_step + 1, meta, outer };
        Ok(figures)
    }

    /// The meta-gradient over one meta-batch, taken as many tasks at a time as the place has memory for, and the
    /// figures of [`Session::meta_step_once`].
    pub(super) fn meta_gradient(&self) -> Result<(Params, Vec<Tensor<1>>), EngineError> {
        let count = self.experiment.outer.meta_batch;
        let at_once = self.tasks_at_once();
        let starts: Vec<u32> = (0..count).step_by(at_once as usize).collect();
        let parts = spread(&self.place, &starts, |start| {
            let end = count.min(start.saturating_add(at_once));
            let indices = (start..end).map(|task| meta_batch_index(self.state.meta_step, task));
            let stream = (self.experiment.seed, Purpose::Train);
            let learner = self.learner.as_ref();
            let tasks = batch::tasks(&self.place, learner, &self.experiment, &self.data, stream, indices)?;
            let found = learner.meta_gradient(&self.state.meta, &tasks, self.train_loop());
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

    /// The inner loop of meta-training.
    pub(super) fn train_loop(&self) -> InnerLoop {
        let spec = &self.experiment.learner;
        let inner = inner_loop(spec.inner_lr, spec.inner_steps, spec.inner_batch, spec.inner_optimizer);
        InnerLoop { meta_step: self.state.meta_step, ..inner }
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
        let State { meta_step, meta, outer } = &self.good;
        let vectors: Vec<_> = [Some(meta.flatten()), outer.first.clone(), outer.second.clone()].into();
        let present = vectors.iter().flatten().cloned().collect();
        let mut values = read(present).await?.into_iter().map(|values| single(&values));
        let params = values.next().unwrap_or_default();
        let first = outer.first.as_ref().and_then(|_| values.next());
        let second = outer.second.as_ref().and_then(|_| values.next());
        let optimizer = Some(OptimizerState { time: outer.time as u32, first, second });
        let layout = self.learner.layout();
        Ok(Checkpoint::new(self.experiment.clone(), *meta_step, &layout, &params, optimizer))
    }

    pub(super) fn meta(&self) -> &Params {
        &self.good.meta
    }
}

/// The learner of an experiment on its network.
pub(super) fn build(experiment: &Experiment) -> Box<dyn Learner> {
    learner(&experiment.learner, Network::new(experiment))
}

fn inner_loop(lr: f64, steps: u32, batch: u32, optimizer: InnerOptimizer) -> InnerLoop {
    InnerLoop { lr, steps: steps as usize, batch: batch as usize, optimizer, meta_step: 0 }
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
