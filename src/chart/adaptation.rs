//! The figure of adaptation: the truth, and the prediction after every inner step.

use super::{Frame, Scale, Tick, band, polyline, steps};
use crate::experiment::{Trajectory, TrajectoryStep};

/// The two axes of a regression figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Inputs.
    pub x: Scale,
    /// Targets.
    pub y: Scale,
}

impl Plane {
    /// A plane over the given windows of values.
    #[must_use]
    pub fn new(frame: &Frame, x: (f64, f64), y: (f64, f64)) -> Self {
        Self { x: Scale::linear(x, frame.across()), y: Scale::linear(y, frame.upwards()) }
    }

    /// Where a point lies, in pixels.
    #[must_use]
    pub fn place(&self, x: f32, y: f32) -> (f64, f64) {
        (self.x.at(f64::from(x)), self.y.at(f64::from(y)))
    }

    /// Ticks of the inputs and of the targets, about one per 75 and per 45 pixels.
    #[must_use]
    pub fn ticks(&self, frame: &Frame) -> (Vec<Tick>, Vec<Tick>) {
        let per = |length: f64, pixels: f64| ((length / pixels).round() as usize).max(2);
        (self.x.ticks(per(frame.width, 75.0)), self.y.ticks(per(frame.height, 45.0)))
    }

    /// A line over inputs and targets.
    #[must_use]
    pub fn line(&self, xs: &[f32], ys: &[f32]) -> String {
        polyline(xs.iter().zip(ys).map(|(x, y)| self.place(*x, *y)))
    }

    /// The same for a true function, whose jumps are drawn upright.
    #[must_use]
    pub fn truth(&self, xs: &[f32], ys: &[f32], jumps: bool) -> String {
        let places = xs.iter().zip(ys).map(|(x, y)| self.place(*x, *y));
        // A twelfth of a unit between neighbours of a 200-point grid is steeper than any smooth family here.
        if jumps { steps(places, (self.y.at(0.0) - self.y.at(1.0)).abs() / 12.0) } else { polyline(places) }
    }
}

/// The window of targets worth showing: everything given, with room around it, at least three units high.
///
/// Predictions are left out on purpose: they change with every meta-step, and an axis that jumps while one
/// watches hides what moves. What runs off the window is clipped.
#[must_use]
pub fn window(values: impl IntoIterator<Item = f32>) -> (f64, f64) {
    let (low, high) = values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(f64::from(value)), high.max(f64::from(value)))
        });
    if low > high {
        return (-1.5, 1.5);
    }
    let (middle, half) = ((low + high) / 2.0, ((high - low) / 2.0 * 1.3).max(1.5));
    (middle - half, middle + half)
}

/// Paths of one trajectory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AdaptationFigure {
    /// The prediction after every inner step, the first before adaptation.
    pub predictions: Vec<String>,
    /// Two standard deviations either side of each, where about 95 % of what is predicted should lie; empty where the
    /// learner does not say how sure it is.
    pub bands: Vec<String>,
}

/// Standard deviations from the middle of a band to its edge.
const DEVIATIONS: f32 = 2.0;

impl AdaptationFigure {
    /// Draws a trajectory on a plane.
    #[must_use]
    pub fn new(trajectory: &Trajectory, plane: &Plane) -> Self {
        let predictions = trajectory.steps.iter().map(|step| plane.line(&trajectory.grid, &step.prediction)).collect();
        let edges = |step: &TrajectoryStep| {
            let sure = trajectory.grid.iter().zip(&step.prediction).zip(&step.deviation);
            let edges = sure.map(|((x, y), deviation)| {
                let ((x, upper), (_, lower)) =
                    (plane.place(*x, y + DEVIATIONS * deviation), plane.place(*x, y - DEVIATIONS * deviation));
                (x, upper, lower)
            });
            band(&edges.collect::<Vec<_>>())
        };
        let unsure = trajectory.steps.iter().filter(|step| !step.deviation.is_empty());
        Self { predictions, bands: unsure.map(edges).collect() }
    }

    /// How strongly step `index` shows while `current` is on show: what lies behind grows towards it, what lies
    /// ahead is a hint.
    #[must_use]
    pub fn strength(index: usize, current: usize) -> f64 {
        match index.cmp(&current) {
            std::cmp::Ordering::Equal => 1.0,
            std::cmp::Ordering::Greater => 0.1,
            std::cmp::Ordering::Less => 0.18 + 0.42 * (index as f64 / current as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_lies_two_standard_deviations_either_side_of_the_prediction_where_there_is_one() {
        // Ten pixels a unit: x 0 … 1 on 0 … 10, y −2 … 2 upwards on 40 … 0.
        let frame = Frame { width: 10.0, height: 40.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };
        let plane = Plane::new(&frame, (0.0, 1.0), (-2.0, 2.0));
        let mut step = TrajectoryStep {
            support_loss: 0.0,
            query_loss: 0.0,
            gradient_norm: 0.0,
            prediction: vec![1.0, -1.0],
            deviation: vec![0.25, 0.5],
        };
        let figure = |step: &TrajectoryStep| {
            let trajectory = Trajectory { grid: vec![0.0, 1.0], steps: vec![step.clone()], ..Trajectory::default() };
            AdaptationFigure::new(&trajectory, &plane)
        };
        assert_eq!(figure(&step).bands, ["M0.0,5.0L10.0,20.0L10.0,40.0L0.0,15.0Z"]);
        step.deviation.clear();
        assert_eq!(
            (figure(&step).bands, figure(&step).predictions),
            (Vec::new(), vec!["M0.0,10.0L10.0,30.0".to_owned()])
        );
    }

    #[test]
    fn the_window_holds_every_value_with_room_to_spare() {
        let (low, high) = window([-3.0, 4.0]);
        assert!(low < -3.5 && high > 4.5, "{low} … {high}");
    }

    #[test]
    fn a_flat_task_is_not_magnified_into_a_mountain() {
        let (low, high) = window([0.1, -0.1]);
        assert_eq!((low, high), (-1.5, 1.5));
    }

    #[test]
    fn a_value_that_is_not_finite_does_not_spoil_the_window() {
        assert_eq!(window([f32::NAN, 0.0]), (-1.5, 1.5));
        assert_eq!(window([]), (-1.5, 1.5));
    }

    #[test]
    fn steps_grow_stronger_towards_the_current_one_and_the_future_is_a_hint() {
        let strengths: Vec<f64> = (0..4).map(|index| AdaptationFigure::strength(index, 2)).collect();
        assert!(strengths[0] < strengths[1] && strengths[1] < strengths[2]);
        assert_eq!(strengths[2], 1.0);
        assert!(strengths[3] < strengths[0]);
    }
}
