//! The trajectory of one task: everything the page draws, at every inner step.

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    experiment::{
        Adaptation, Family, InnerOptimizer, LearnerKind, LearnerSpec, Point, Rival, ShownTask, Trajectory,
        TrajectoryStep,
    },
    learner::{InnerLoop, Tasks, learner},
    model::{Batch, Network, Place},
    task::{Episode, Purpose, Samples, episode},
};

use super::{
    EngineError, Session, batch,
    read::{read, single},
};

/// Inputs at which predictions are drawn: at 121 a sine over ten units looks smooth at any width.
const GRID: usize = 121;

impl Session {
    /// Adapts the meta-parameters to `shown` by the experiment's evaluation steps and rate, and hands over every
    /// inner step.
    ///
    /// # Errors
    /// When the device fails, or a visitor's drawings are no task.
    pub async fn trajectory(&self, shown: &ShownTask) -> Result<Adaptation, EngineError> {
        if self.experiment.task.family.classifies() {
            return Ok(Adaptation::Characters(self.character_trajectory(shown).await?));
        }
        if self.experiment.task.family == Family::Quadratic {
            return Ok(Adaptation::Regression(self.quadratic_trajectory(shown).await?));
        }
        Ok(Adaptation::Regression(self.regression_trajectory(shown).await?))
    }

    /// Loss and gradient norm alone.
    async fn quadratic_trajectory(&self, shown: &ShownTask) -> Result<Trajectory, EngineError> {
        let tasks = self.shown_quadratic(&self.place, shown)?;
        let (steps, rivals) = self.steps(shown, &tasks, None).await?;
        Ok(Trajectory { steps, rivals, ..Trajectory::default() })
    }

    /// Losses on support and query set, gradient norm, and prediction on a grid over the input range.
    async fn regression_trajectory(&self, shown: &ShownTask) -> Result<Trajectory, EngineError> {
        let spec = &self.experiment.task;
        let (episode, support, tasks) = self.shown_points(&self.place, shown);
        let grid: Vec<f64> =
            (0..GRID).map(|i| spec.x.low + (spec.x.high - spec.x.low) * i as f64 / (GRID - 1) as f64).collect();
        let truth: Vec<f64> = grid.iter().map(|&x| episode.function.value(x)).collect();

        let drawn = Samples { x: grid.clone(), y: truth.clone() };
        let on_grid = batch::one(&self.place, self.learner.as_ref(), spec, &episode.function, &drawn);
        let (steps, rivals) = self.steps(shown, &tasks, Some(&on_grid)).await?;
        Ok(Trajectory {
            support: points(&support),
            query: points(&episode.query),
            grid: single(&grid),
            truth: single(&truth),
            steps,
            rivals,
        })
    }

    /// Both sets of the task on show; of characters, as far as their classes are known.
    pub(super) fn shown_tasks(&self, shown: &ShownTask) -> Result<Tasks, EngineError> {
        self.shown_tasks_in(&self.place, shown)
    }

    /// The same in another place than the session's.
    pub(super) fn shown_tasks_in(&self, place: &Place, shown: &ShownTask) -> Result<Tasks, EngineError> {
        match self.experiment.task.family {
            family if family.classifies() => self.known_characters(place, shown),
            Family::Quadratic => self.shown_quadratic(place, shown),
            _ => Ok(self.shown_points(place, shown).2),
        }
    }

    fn shown_quadratic(&self, place: &Place, shown: &ShownTask) -> Result<Tasks, EngineError> {
        let (learner, stream) = (self.learner.as_ref(), (self.experiment.seed, Purpose::Show));
        let index = std::iter::once(u64::from(shown.index));
        batch::tasks(place, learner, &self.experiment, &self.data, stream, index)
    }

    /// A regression task on show, its support points or the visitor's, and both sets as batches.
    fn shown_points(&self, place: &Place, shown: &ShownTask) -> (Episode, Samples, Tasks) {
        let spec = &self.experiment.task;
        let episode = episode(spec, self.experiment.seed, Purpose::Show, u64::from(shown.index));
        let support = if shown.points.is_empty() { episode.support.clone() } else { samples(&shown.points) };
        let one = |samples: &Samples| batch::one(place, self.learner.as_ref(), spec, &episode.function, samples);
        let tasks = Tasks { support: one(&support), query: one(&episode.query), base: None };
        (episode, support, tasks)
    }

    /// Every inner step on one task, with the predictions for `on_grid`, and the rivals of the learner.
    async fn steps(
        &self,
        shown: &ShownTask,
        tasks: &Tasks,
        on_grid: Option<&Batch>,
    ) -> Result<(Vec<TrajectoryStep>, Vec<Rival>), EngineError> {
        let learner = self.learner.as_ref();
        let index = std::iter::once(u64::from(shown.index));
        let stream = (self.experiment.seed, Purpose::Show);
        let meta = batch::starting(&self.place, learner, self.meta(), stream, index);
        let inner = self.eval_loop(self.experiment.steps_shown(tasks.support.examples() as u32));
        let path = learner.adapt(&meta, &tasks.support, inner);

        // The steps become a task axis, so that one pass answers for all of them.
        let count = path.params.len();
        let all = Params::stack(&path.params);
        let support_batch = tasks.support.repeat(count);
        let query_batch = tasks.query.repeat(count);
        let (losses, norms) = match learner.slope(&all, &support_batch) {
            Some(slope) => (slope.losses, slope.gradient.norms()),
            None => (learner.judge(&all, &support_batch).losses, None),
        };
        let query = learner.judge(&all, &query_batch).losses;
        let norms = norms.unwrap_or_else(|| query.zeros_like());
        let rivals = self.rivals(&path.params[0], tasks, inner);
        let of_rivals = rivals.iter().map(|(_, _, losses)| losses.clone());
        let drawn = on_grid.map(|grid| {
            let grid = grid.repeat(count);
            [learner.predict(&all, &grid)].into_iter().chain(learner.deviation(&all, &grid))
        });
        let drawn = drawn.into_iter().flatten().map(|values| values.reshape([count * GRID]));
        let values = read([losses, query, norms].into_iter().chain(of_rivals).chain(drawn).collect()).await?;
        let [support_loss, query_loss, gradient_norm] = [0, 1, 2].map(|i| single(&values[i]));
        let [predictions, deviations] =
            [3, 4].map(|i| values.get(i + rivals.len()).map(|values| single(values)).unwrap_or_default());
        let at = |values: &[f32], k: usize| values.chunks(GRID).nth(k).map(<[f32]>::to_vec).unwrap_or_default();
        let steps = (0..count).map(|k| TrajectoryStep {
            support_loss: support_loss[k],
            query_loss: query_loss[k],
            gradient_norm: gradient_norm[k],
            prediction: at(&predictions, k),
            deviation: at(&deviations, k),
        });
        let rival = |((optimizer, lr, _), losses): ((InnerOptimizer, f64, _), &Vec<f64>)| Rival {
            optimizer,
            lr,
            query_loss: single(losses),
        };
        Ok((steps.collect(), rivals.into_iter().zip(&values[3..]).map(rival).collect()))
    }

    /// Gradient descent and Adam from `start`, where they are drawn beside the learner: rate, and query loss at every step.
    fn rivals(&self, start: &Params, tasks: &Tasks, inner: InnerLoop) -> Vec<(InnerOptimizer, f64, Tensor<1>)> {
        let spec = &self.experiment.learner;
        if !spec.kind.has_rivals(self.experiment.task.family) {
            return Vec::new();
        }
        let scratch =
            learner(&LearnerSpec { kind: LearnerKind::Scratch, ..spec.clone() }, Network::new(&self.experiment));
        let run = |(optimizer, lr)| {
            let path = scratch.adapt(start, &tasks.support, InnerLoop { lr, optimizer, ..inner });
            let all = Params::stack(&path.params);
            (optimizer, lr, scratch.judge(&all, &tasks.query.repeat(path.params.len())).losses)
        };
        [(InnerOptimizer::Sgd, spec.sgd_lr), (InnerOptimizer::FullAdam, spec.adam_lr)].map(run).into()
    }
}

/// Inner steps to tell of, ascending: the start, the last, and as many of the others, evenly, as make about `most` after the
/// start.
pub(super) fn thinned(last: u32, most: u32) -> Vec<u32> {
    let every = last.div_ceil(most.max(1)).max(1);
    let steps = (0..last).filter(|step| (last - step).is_multiple_of(every) || *step == 0);
    steps.chain([last]).collect()
}

fn samples(points: &[Point]) -> Samples {
    let pick = |coordinate: fn(&Point) -> f32| points.iter().map(|p| f64::from(coordinate(p))).collect();
    Samples { x: pick(|p| p.x), y: pick(|p| p.y) }
}

fn points(samples: &Samples) -> Vec<Point> {
    samples.x.iter().zip(&samples.y).map(|(&x, &y)| Point { x: x as f32, y: y as f32 }).collect()
}
