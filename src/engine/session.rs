//! The training loop.

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    experiment::{CurvePoint, Experiment, LearnerKind},
    learner::{InnerLoop, Learner, Tasks, learner},
    model::{Network, Place},
    task::{Purpose, meta_batch_index},
};

use super::{
    Checkpoint, EngineError, batch,
    checkpoint::OptimizerState,
    fingerprint,
    outer::{self, OuterState},
    read::{read, read_one, single},
};

/// A loss above this has exploded: a thousand times the worst that an untrained network shows on any task
/// within the ranges of an experiment.
const EXPLODED: f64 = 1e7;

/// Meta-parameters of one experiment on one device, and what it takes to train them.
pub struct Session {
    pub(super) experiment: Experiment,
    pub(super) place: Place,
    pub(super) learner: Box<dyn Learner>,
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
    /// A session from the experiment's seed: random meta-parameters, no meta-step taken.
    ///
    /// # Errors
    /// When the experiment is out of its ranges or the device fails.
    pub async fn new(experiment: Experiment, place: Place) -> Result<Self, EngineError> {
        experiment.check()?;
        let learner = build(&experiment);
        let meta = place.params(&learner.layout(), &learner.init(experiment.seed));
        let state = State { meta_step: 0, meta, outer: OuterState::default() };
        Self::with_state(experiment, place, learner, state).await
    }

    /// A session that goes on from `checkpoint`.
    ///
    /// # Errors
    /// When the checkpoint's tensors are not those of its experiment, or the device fails.
    pub async fn resume(checkpoint: &Checkpoint, place: Place) -> Result<Self, EngineError> {
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
        Self::with_state(experiment, place, learner, state).await
    }

    async fn with_state(
        experiment: Experiment,
        place: Place,
        learner: Box<dyn Learner>,
        state: State,
    ) -> Result<Self, EngineError> {
        let flat = read_one(state.meta.flatten()).await?;
        let fingerprint = fingerprint(&single(&flat));
        Ok(Self { experiment, place, learner, good: state.clone(), state, fingerprint })
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
        self.experiment = next;
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
            let (before, after) = self.meta_step_once();
            losses.push(before);
            losses.push(after);
        }
        let values = read(vec![Tensor::cat(losses, 0), self.state.meta.flatten()]).await?;
        let points: Vec<CurvePoint> = (values[0].chunks_exact(2))
            .zip(first + 1..)
            .map(|(pair, meta_step)| CurvePoint { meta_step, before: pair[0] as f32, after: pair[1] as f32 })
            .collect();
        let usable = |value: f64| value.is_finite() && value.abs() < EXPLODED;
        let bad = values[0].chunks_exact(2).position(|pair| !pair.iter().all(|&loss| usable(loss)));
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

    /// One meta-step, nothing read back: mean losses before and after adaptation, `[1]` each.
    fn meta_step_once(&mut self) -> (Tensor<1>, Tensor<1>) {
        let tasks = self.meta_batch(self.state.meta_step);
        let inner =
            InnerLoop { lr: self.experiment.learner.inner_lr, steps: self.experiment.learner.inner_steps as usize };
        let found = self.learner.meta_gradient(&self.state.meta, &tasks, inner);
        let (flat, outer) = outer::step(
            &self.experiment.outer,
            self.state.meta.flatten(),
            found.gradient.flatten(),
            self.state.outer.clone(),
        );
        let meta = self.state.meta.unflatten(&flat);
        self.state = State { meta_step: self.state.meta_step + 1, meta, outer };
        (found.before.mean(), found.after.mean())
    }

    fn meta_batch(&self, meta_step: u32) -> Tasks {
        let indices = (0..self.experiment.outer.meta_batch).map(|task| meta_batch_index(meta_step, task));
        let stream = (self.experiment.seed, Purpose::Train);
        batch::tasks(&self.place, self.learner.as_ref(), &self.experiment, stream, indices)
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
    let told = experiment.learner.kind == LearnerKind::Oracle;
    let network = Network::new(&experiment.model, batch::inputs(told, &experiment.task));
    learner(&experiment.learner, network)
}
