//! The trajectory of one task: everything the page draws, at every inner step.

use crate::{
    diff::Params,
    experiment::{Adaptation, Point, ShownTask, Trajectory, TrajectoryStep},
    task::{Purpose, Samples, episode},
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
        Ok(Adaptation::Regression(self.regression_trajectory(shown).await?))
    }

    /// Losses on support and query set, gradient norm, and prediction on a grid over the input range.
    async fn regression_trajectory(&self, shown: &ShownTask) -> Result<Trajectory, EngineError> {
        let spec = &self.experiment.task;
        let episode = episode(spec, self.experiment.seed, Purpose::Show, u64::from(shown.index));
        let support = if shown.points.is_empty() { episode.support } else { samples(&shown.points) };
        let grid: Vec<f64> =
            (0..GRID).map(|i| spec.x.low + (spec.x.high - spec.x.low) * i as f64 / (GRID - 1) as f64).collect();
        let truth: Vec<f64> = grid.iter().map(|&x| episode.function.value(x)).collect();

        let learner = self.learner.as_ref();
        let one = |samples: &Samples| batch::one(&self.place, learner, spec, &episode.function, samples);
        let on_grid = one(&Samples { x: grid.clone(), y: truth.clone() });
        let (support_batch, query_batch) = (one(&support), one(&episode.query));
        let inner = self.eval_loop(self.experiment.steps_shown(support.x.len() as u32));
        let path = learner.adapt(self.meta(), &support_batch, inner);

        // The steps become a task axis, so that one pass answers for all of them.
        let count = path.params.len();
        let all = Params::stack(&path.params);
        let support_batch = support_batch.repeat(count);
        let (losses, norms) = match learner.slope(&all, &support_batch) {
            Some(slope) => (slope.losses, slope.gradient.norms()),
            None => (learner.judge(&all, &support_batch).losses, None),
        };
        let query = learner.judge(&all, &query_batch.repeat(count)).losses;
        let drawn = learner.predict(&all, &on_grid.repeat(count));
        let deviation = learner.deviation(&all, &on_grid.repeat(count));
        let norms = norms.unwrap_or_else(|| query.zeros_like());
        let drawn = [drawn].into_iter().chain(deviation).map(|values| values.reshape([count * GRID]));
        let values = read([losses, query, norms].into_iter().chain(drawn).collect()).await?;
        let [support_loss, query_loss, gradient_norm, predictions] = [0, 1, 2, 3].map(|i| single(&values[i]));
        let deviations = values.get(4).map(|values| single(values)).unwrap_or_default();
        let at = |values: &[f32], k: usize| values.chunks(GRID).nth(k).map(<[f32]>::to_vec).unwrap_or_default();
        let steps = (0..count).map(|k| TrajectoryStep {
            support_loss: support_loss[k],
            query_loss: query_loss[k],
            gradient_norm: gradient_norm[k],
            prediction: at(&predictions, k),
            deviation: at(&deviations, k),
        });
        Ok(Trajectory {
            support: points(&support),
            query: points(&episode.query),
            grid: single(&grid),
            truth: single(&truth),
            steps: steps.collect(),
        })
    }
}

fn samples(points: &[Point]) -> Samples {
    let pick = |coordinate: fn(&Point) -> f32| points.iter().map(|p| f64::from(coordinate(p))).collect();
    Samples { x: pick(|p| p.x), y: pick(|p| p.y) }
}

fn points(samples: &Samples) -> Vec<Point> {
    samples.x.iter().zip(&samples.y).map(|(&x, &y)| Point { x: x as f32, y: y as f32 }).collect()
}
