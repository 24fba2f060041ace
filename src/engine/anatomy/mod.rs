//! One inner step and one meta-step on the task on show, taken apart into their numbers.
//!
//! As a diagnosis does, it takes what it needs of the session when it begins and then goes on by itself, a slice at a time:
//! the learner's gradient on the task, the way there and back, then one nudge after another. All of that is in float64 on
//! the CPU, because float32 differences lie; the adaptation and the meta-step are those of the session on its own device.

mod follow;
mod next;
mod passage;
#[cfg(test)]
mod tests;

use burn::tensor::Device;

use crate::{
    diff::Params,
    experiment::{
        Anatomy, Back, Derivative, Diagnosis, Experiment, InnerOptimizer, LearnerKind, Nudge, OuterStep, ShownTask,
        TaskGradient, WeightOuter,
    },
    learner::{InnerLoop, Layer, Learner, Tasks, layers_of},
    model::{Place, Precision, Targets},
};

use super::{
    EngineError, Session, batch,
    diagnose::{NUDGE, cosine, outcome},
    read::read_one,
    session::{build, build_exact},
};
use follow::{Parts, Spot};
use next::Next;

/// An anatomy under way. It stays with the meta-parameters that it began with, though training goes on.
pub struct Tracing {
    place: Place,
    learner: Box<dyn Learner>,
    /// Whose gradient the learner's stands for, on the same meta-parameters.
    exact: Option<Box<dyn Learner>>,
    inner: InnerLoop,
    tasks: Tasks,
    /// As the learner adapts them: behind them, for one that has every task start anew, where this one starts.
    meta: Params,
    start: Vec<f64>,
    /// What the meta-parameters consist of.
    learned: Parts,
    next: Option<Next>,
    /// The learner's gradient and that of `exact`, as far as known.
    gradient: Option<Vec<f64>>,
    standing: Option<Vec<f64>>,
    /// Whether the task has a part in what is learned outside, and whether its loss can be judged by differences.
    asked: bool,
    nudged: bool,
    spots: Vec<Spot>,
    /// Losses at h, −h, h/2 and −h/2 along the number in hand, as far as known.
    losses: Vec<f64>,
    stage: Stage,
    anatomy: Anatomy,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Gradient,
    Passage,
    /// The number in hand.
    Nudge(usize),
}

impl Tracing {
    /// Of `session` as it stands, on the task on show.
    ///
    /// # Errors
    /// [`EngineError::Anatomy`] where there is no inner step or no query set to look into, or when the task cannot be drawn
    /// or the device fails.
    pub async fn new(session: &Session, shown: &ShownTask) -> Result<Self, EngineError> {
        let experiment = session.experiment();
        if let Some(why) = experiment.unopened() {
            return Err(EngineError::Anatomy(why));
        }
        let place = Place::new(Device::flex(), Precision::Double);
        let learner = build(experiment);
        let tasks = session.shown_tasks_in(&place, shown)?;
        if tasks.query.examples() == 0 {
            return Err(EngineError::Anatomy(
                "the class of no query drawing is known, so that there is no query loss; say what one of them is",
            ));
        }
        let meta_step = session.meta_step();
        let adaptation = session.trajectory(shown).await?;
        let (inside, back) = (experiment.inside(), experiment.back(meta_step));
        let next = if back == Back::Nothing { None } else { Some(session.next().await?) };
        let start = read_one(session.meta().flatten()).await?;
        let layout = learner.layout();
        let learned = Parts::new(layout.iter().map(|entry| (entry.name.clone(), entry.matrix())).collect());
        let meta = place.params(&layout, &learned.cut(&start));
        let stream = (experiment.seed, crate::task::Purpose::Show);
        let meta = batch::starting(&place, learner.as_ref(), &meta, stream, std::iter::once(u64::from(shown.index)));
        let steps = experiment.steps_shown(tasks.support.examples() as u32);
        let inner = session.eval_loop(steps);
        // Who sees point after point has seen all of them at its last step, and learns from that.
        let turn = if experiment.learner.kind.sees_one_by_one() { steps } else { meta_step };
        let spec = &experiment.learner;
        let anatomy = Anatomy {
            meta_step,
            kind: spec.kind,
            index: shown.index,
            own: !shown.points.is_empty() || shown.drawings.is_some(),
            inside,
            back,
            lr: spec.eval_lr,
            optimizer: spec.inner_optimizer,
            pull: if spec.kind == LearnerKind::Imaml { spec.regularization } else { 0.0 },
            sums: matches!(tasks.support.targets, Targets::Sums(_)),
            adaptation,
            layers: Vec::new(),
            steps: Vec::new(),
            queries: Vec::new(),
            query_loss: [f64::NAN; 2],
            way: None,
            learned: layers_of(&layout).into_iter().map(|layer| layer.name).collect(),
            gradient: None,
            followed: Vec::new(),
            outer: None,
        };
        let asked = experiment.base_classes().is_none() && back != Back::Nothing;
        Ok(Self {
            exact: stands_for(experiment, meta_step),
            nudged: asked && experiment.undiagnosable(Diagnosis::Gradient).is_none(),
            place,
            learner,
            inner: InnerLoop { meta_step: turn, ..inner },
            tasks,
            meta,
            start,
            learned,
            next,
            gradient: None,
            standing: None,
            asked,
            spots: Vec::new(),
            losses: Vec::new(),
            stage: Stage::Gradient,
            anatomy,
        })
    }

    /// Slices done, and slices in all; 0 of 0 before their number is known.
    pub fn progress(&self) -> (u32, u32) {
        let Stage::Nudge(number) = self.stage else { return (0, 0) };
        let all = 2 + 4 * self.spots.len();
        ((2 + 4 * number + self.losses.len()).min(all) as u32, all as u32)
    }

    /// Whether nothing is left to do.
    pub fn finished(&self) -> bool {
        matches!(self.stage, Stage::Nudge(number) if number >= self.spots.len())
    }

    /// What is known so far; none before the way there and back is.
    pub fn anatomy(&self) -> Option<&Anatomy> {
        matches!(self.stage, Stage::Nudge(_)).then_some(&self.anatomy)
    }

    /// One slice.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn advance(&mut self) -> Result<(), EngineError> {
        match self.stage {
            Stage::Gradient => {
                if self.asked {
                    let found = self.learner.meta_gradient(&self.meta, &self.tasks, self.inner);
                    self.gradient = Some(read_one(found.gradient.flatten()).await?);
                }
                self.stage = Stage::Passage;
            }
            Stage::Passage => {
                self.go_through().await?;
                self.take_step().await?;
                self.stage = Stage::Nudge(0);
            }
            Stage::Nudge(number) => self.nudge(number).await?,
        }
        Ok(())
    }

    /// What the learner's gradient on the task is, and what the meta-step does.
    async fn take_step(&mut self) -> Result<(), EngineError> {
        let groups = layers_of(&self.learner.layout());
        let norms = |flat: &[f64]| {
            groups.iter().map(|Layer { entries, .. }| self.learned.norm(flat, entries)).collect::<Vec<_>>()
        };
        if let Some(gradient) = &self.gradient {
            let loss = read_one(self.learner.objective(&self.meta, &self.tasks, self.inner)).await?;
            self.anatomy.gradient = Some(TaskGradient {
                loss: loss.first().copied().unwrap_or(f64::NAN),
                norms: norms(gradient),
                exact: self.standing.as_ref().and_then(|exact| cosine(gradient, exact)),
                mean: self.next.as_ref().and_then(|next| cosine(gradient, &next.gradient)),
            });
        }
        if let Some(next) = &self.next {
            let moved: Vec<f64> = next.after.iter().zip(&next.before).map(|(after, before)| after - before).collect();
            let (gradient, moved) = (norms(&next.gradient), norms(&moved));
            self.anatomy.outer = Some(OuterStep { gradient, moved, ..next.step.clone() });
        }
        let layout = self.learner.layout();
        let decays: Vec<bool> = layout.iter().flat_map(|entry| vec![entry.decays(); entry.len()]).collect();
        for (spot, followed) in self.spots.iter().zip(&mut self.anatomy.followed) {
            let Some(at) = spot.learned else { continue };
            followed.gradient = self.gradient.as_ref().map(|gradient| gradient[at]);
            followed.outer = self.next.as_ref().map(|next| WeightOuter {
                value: next.before[at],
                gradient: next.gradient[at],
                first: next.first.as_ref().map(|values| values[at]),
                second: next.second.as_ref().map(|values| values[at]),
                next: next.after[at],
                decays: decays[at],
            });
        }
        Ok(())
    }

    /// The loss with the number in hand moved, and what follows once all four are known.
    async fn nudge(&mut self, number: usize) -> Result<(), EngineError> {
        let Some(at) = self.spots.get(number).and_then(|spot| spot.learned).filter(|_| self.nudged) else {
            self.stage = Stage::Nudge((number + 1).min(self.spots.len()));
            return Ok(());
        };
        let by = [NUDGE, -NUDGE, NUDGE / 2.0, -NUDGE / 2.0][self.losses.len()];
        let mut there = self.start.clone();
        there[at] += by;
        let own = self.learned.len();
        let moved = Params(self.meta.0[..own].to_vec()).unflatten(&self.place.tensor(&there, [there.len()]));
        let meta = Params(moved.0.into_iter().chain(self.meta.0[own..].iter().cloned()).collect());
        let loss = read_one(self.learner.objective(&meta, &self.tasks, self.inner)).await?;
        self.losses.extend(loss.first());
        if let [high, low, higher, lower] = self.losses[..] {
            self.losses.clear();
            let (wide, narrow) = ((high - low) / (2.0 * NUDGE), (higher - lower) / NUDGE);
            let slope = self.gradient.as_ref().map_or(f64::NAN, |gradient| gradient[at]);
            let exact = self.standing.as_ref().map(|exact| exact[at]);
            self.anatomy.followed[number].nudge = Some(Nudge {
                by: NUDGE / 2.0,
                change: (higher - lower) / 2.0,
                foretold: slope * NUDGE / 2.0,
                exact: exact.map(|slope| slope * NUDGE / 2.0),
                outcome: outcome(exact.unwrap_or(slope), (wide, narrow), higher),
            });
            self.stage = Stage::Nudge(number + 1);
        }
        Ok(())
    }
}

/// The learner that has the gradient which this one's stands for, where both go the same way inside.
fn stands_for(experiment: &Experiment, meta_step: u32) -> Option<Box<dyn Learner>> {
    let spec = &experiment.learner;
    let approximate = spec.kind.derivative(meta_step, spec.first_order) == Derivative::Approximate;
    let same = matches!(experiment.back(meta_step), Back::Straight | Back::Displacement);
    (approximate && same && spec.inner_optimizer == InnerOptimizer::Sgd).then(|| build_exact(experiment))
}

impl Session {
    /// A whole anatomy ([`Tracing`]). `progress` is told how many slices of how many are done.
    ///
    /// # Errors
    /// As [`Tracing::new`] and [`Tracing::advance`].
    pub async fn anatomy(&self, shown: &ShownTask, mut progress: impl FnMut(u32, u32)) -> Result<Anatomy, EngineError> {
        let mut tracing = Tracing::new(self, shown).await?;
        while !tracing.finished() {
            tracing.advance().await?;
            let (done, all) = tracing.progress();
            progress(done, all);
        }
        Ok(tracing.anatomy)
    }
}
