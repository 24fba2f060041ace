//! First-order directions beside MAML's exact gradient.

use crate::{
    diff::Params,
    experiment::{Diagnosis, Directions, Experiment, InnerOptimizer, LearnerKind, Turn},
    learner::{InnerLoop, Learner, Tasks, learner},
    model::Place,
    task::{Purpose, meta_batch_index},
};

use super::{
    super::{
        Data, EngineError, Session, batch,
        read::{read, read_one},
        session::build,
    },
    answerable, norm, turn,
};

/// Rounding of a difference of vectors in float32, as a share of their length.
const ROUNDING: f64 = 4.0 * f32::EPSILON as f64;

/// A comparison under way: the directions of one meta-batch, some tasks and one learner at a time; see [`Directions`].
pub(super) struct Comparing {
    place: Place,
    data: Data,
    experiment: Experiment,
    /// The running learner: whether inputs are told is its affair.
    running: Box<dyn Learner>,
    meta_step: u32,
    sides: Vec<Side>,
    /// First task of each part of the meta-batch, and how many tasks a part has.
    parts: (Vec<u32>, u32),
    /// The part in hand.
    tasks: Option<Tasks>,
    done: usize,
    found: Option<Directions>,
}

/// One learner's direction.
struct Side {
    learner: Box<dyn Learner>,
    inner: InnerLoop,
    meta: Params,
    /// Share-weighted over the parts so far.
    sum: Option<Params>,
}

impl Comparing {
    pub fn new(session: &Session) -> Result<Self, EngineError> {
        let Session { experiment, place, data, .. } = session;
        answerable(experiment, Diagnosis::Directions)?;
        let own = session.train_loop(0);
        let inner = InnerLoop { optimizer: InnerOptimizer::Sgd, ..own };
        // The network's own parameters come first in every learner's layout.
        let network = session.learner.network().layout().len();
        let meta = Params(session.meta().0[..network].to_vec());
        let side = |kind: LearnerKind| {
            let mut other = experiment.clone();
            other.learner.kind = kind;
            // The running learner's network: the oracle's has further inputs.
            let learner = learner(&other.learner, session.learner.network().clone());
            Side { learner, inner, meta: meta.clone(), sum: None }
        };
        let mut sides: Vec<Side> = [LearnerKind::Maml, LearnerKind::Fomaml, LearnerKind::Reptile].map(side).into();
        let another = match experiment.learner.kind {
            LearnerKind::Maml | LearnerKind::Scratch => false,
            LearnerKind::Fomaml | LearnerKind::Reptile => own.optimizer != inner.optimizer,
            _ => true,
        };
        if another {
            sides.push(Side { learner: build(experiment), inner: own, meta: session.meta().clone(), sum: None });
        }
        let at_once = session.tasks_at_once();
        let parts = ((0..experiment.outer.meta_batch).step_by(at_once as usize).collect(), at_once);
        let (place, data, experiment) = (place.clone(), data.clone(), experiment.clone());
        let (running, meta_step) = (build(&experiment), session.meta_step());
        Ok(Self { place, data, experiment, running, meta_step, sides, parts, tasks: None, done: 0, found: None })
    }

    pub fn progress(&self) -> (u32, u32) {
        let all = self.parts.0.len() * self.sides.len();
        (self.done as u32, all as u32)
    }

    pub fn found(&self) -> Option<Directions> {
        self.found
    }

    pub async fn advance(&mut self) -> Result<(), EngineError> {
        let (part, side) = (self.done / self.sides.len(), self.done % self.sides.len());
        let (Some(&first), at_once) = (self.parts.0.get(part), self.parts.1) else { return Ok(()) };
        let count = self.experiment.outer.meta_batch;
        let end = count.min(first.saturating_add(at_once));
        let tasks = match self.tasks.take().filter(|_| side > 0) {
            Some(tasks) => tasks,
            None => {
                let stream = (self.experiment.seed, Purpose::Train);
                let indices = (first..end).map(|task| meta_batch_index(self.meta_step, task));
                batch::tasks(&self.place, self.running.as_ref(), &self.experiment, &self.data, stream, indices)?
            }
        };
        let share = f64::from(end - first) / f64::from(count);
        let Side { learner, inner, meta, sum } = &mut self.sides[side];
        let inner = InnerLoop { first_task: first, ..*inner };
        let gradient = learner.meta_gradient(meta, &tasks, inner).gradient;
        *sum = Some(sum.take().unwrap_or_else(|| gradient.zeros()).plus(share, &gradient));
        self.tasks = Some(tasks);
        self.done += 1;
        if self.done == self.parts.0.len() * self.sides.len() {
            self.found = Some(self.directions().await?);
        }
        Ok(())
    }

    async fn directions(&self) -> Result<Directions, EngineError> {
        let network = self.sides[0].meta.0.len();
        let sums = self.sides.iter().filter_map(|side| side.sum.as_ref());
        let flat = sums.map(|sum| Params(sum.0[..network].to_vec()).flatten()).collect();
        let flat = read(flat).await?;
        let beside = |side: usize| -> Option<Turn> { turn(flat.get(side)?, &flat[0]) };
        // Reptile's is a difference of meta-parameters, and below this nothing but their rounding.
        let start = norm(&read_one(self.sides[0].meta.flatten()).await?);
        let moved = norm(&flat[2]) > ROUNDING * start;
        Ok(Directions {
            meta_step: self.meta_step,
            norm: norm(&flat[0]),
            fomaml: beside(1),
            reptile: beside(2).filter(|_| moved),
            own: beside(3),
        })
    }
}
