//! The task on show and the points that the inner loop sees of it, as the page draws them before any answer.

use crate::{
    experiment::{Experiment, Family, Point},
    task::{Episode, Purpose, Samples, episode},
};

/// Points of the true function's line.
const GRID: usize = 241;

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownTask {
    episode: Episode,
    /// The visitor's points, or the task's own.
    pub support: Vec<Point>,
    /// What adaptation is judged on.
    pub query: Vec<Point>,
    /// The family of its function.
    pub family: Family,
    /// Ends of the inputs: those of the task, or further where a point lies further out.
    pub x: (f64, f64),
    /// Index in the stream of shown tasks.
    pub index: u32,
}

impl ShownTask {
    /// The task that an experiment shows.
    #[must_use]
    pub fn of(experiment: &Experiment) -> Self {
        let Experiment { seed, task, view, .. } = experiment;
        let episode = episode(task, *seed, Purpose::Show, u64::from(view.task));
        let support = if view.points.is_empty() { points(&episode.support) } else { view.points.clone() };
        let inputs = || support.iter().map(|point| f64::from(point.x));
        let x = (inputs().fold(task.x.low, f64::min), inputs().fold(task.x.high, f64::max));
        Self { query: points(&episode.query), support, family: task.family, x, index: view.task, episode }
    }

    /// The true function at an input.
    #[must_use]
    pub fn value(&self, x: f32) -> f32 {
        self.episode.function.value(f64::from(x)) as f32
    }

    /// The true function's line: inputs from end to end, and its value at each.
    #[must_use]
    pub fn truth(&self) -> (Vec<f32>, Vec<f32>) {
        let (low, high) = self.x;
        let at = |place: usize| low + (high - low) * place as f64 / (GRID - 1) as f64;
        (0..GRID).map(at).map(|x| (x as f32, self.episode.function.value(x) as f32)).unzip()
    }
}

fn points(samples: &Samples) -> Vec<Point> {
    samples.x.iter().zip(&samples.y).map(|(x, y)| Point { x: *x as f32, y: *y as f32 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_without_points_of_its_visitor_shows_its_own_on_its_line() {
        let shown = ShownTask::of(&Experiment::default());
        assert_eq!((shown.support.len(), shown.query.len()), (5, 5));
        for Point { x, y } in &shown.support {
            assert!((shown.value(*x) - y).abs() < 1e-5, "without noise a point lies on the line");
        }
    }

    #[test]
    fn a_point_far_out_widens_the_window_and_the_line() {
        let mut experiment = Experiment::default();
        experiment.view.points = vec![Point { x: 9.0, y: 0.0 }];
        let shown = ShownTask::of(&experiment);
        assert_eq!(shown.x, (-5.0, 9.0));
        assert_eq!(shown.truth().0.last(), Some(&9.0));
    }
}
