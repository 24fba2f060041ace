//! Means with their intervals after each of a few inner steps.

use std::fmt::Write as _;

use super::{Axis, Frame, Scale, Tick, polyline};

/// A mean after some inner steps, in the unit of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    /// Inner steps.
    pub step: u32,
    /// The mean.
    pub mean: f64,
    /// Half of its interval, where there is one.
    pub half: Option<f64>,
}

/// One distribution's means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeanLine {
    /// Path through the means.
    pub line: String,
    /// Every interval as an upright bar with feet, in one path.
    pub bars: String,
    /// Place of every mean.
    pub places: Vec<(f64, f64)>,
}

/// Everything the figure draws.
#[derive(Clone, Debug, PartialEq)]
pub struct IntervalFigure {
    /// The inner steps, side by side whatever lies between them.
    pub across: Vec<Tick>,
    /// Ticks of the loss, or of the accuracy in per cent.
    pub upwards: Vec<Tick>,
    /// One a distribution, in the order given.
    pub lines: Vec<MeanLine>,
}

/// How many times the largest start an axis reaches.
const MOST_RISE: f64 = 30.0;

/// Half of a bar's feet, in pixels.
const FOOT: f64 = 4.0;

impl IntervalFigure {
    /// Lays lines of means out in the frame; those at the same step stand a little apart.
    #[must_use]
    pub fn new(lines: &[Vec<Mean>], frame: &Frame, axis: Axis) -> Self {
        let mut steps: Vec<u32> = lines.iter().flatten().map(|mean| mean.step).collect();
        steps.sort_unstable();
        steps.dedup();
        // Half a place to spare at either end, so that bars stand within the plot.
        let x = Scale::linear((-0.5, steps.len().max(1) as f64 - 0.5), frame.across());
        let y = scale(lines, frame, axis);
        let (floor, ceiling) = frame.upwards();
        let height = |value: f64| y.at(value).clamp(ceiling, floor);
        let middle = (lines.len().max(1) as f64 - 1.0) / 2.0;
        let across = steps.iter().enumerate().map(|(place, step)| Tick {
            value: f64::from(*step),
            at: x.at(place as f64),
            label: step.to_string(),
        });
        let drawn = lines.iter().enumerate().map(|(number, means)| {
            let mut drawn = MeanLine::default();
            for &Mean { step, mean, half } in means.iter().filter(|mean| mean.mean.is_finite()) {
                let place = steps.partition_point(|other| *other < step);
                let at = x.at(place as f64) + 2.0 * FOOT * (number as f64 - middle);
                drawn.places.push((at, height(mean)));
                if let Some(half) = half.filter(|half| half.is_finite()) {
                    let (low, high) = (height(mean - half), height(mean + half));
                    let (left, width) = (at - FOOT, 2.0 * FOOT);
                    // Writing to a String cannot fail.
                    let _ = write!(drawn.bars, "M{at:.1},{low:.1}V{high:.1}M{left:.1},{low:.1}h{width:.1}");
                    let _ = write!(drawn.bars, "M{left:.1},{high:.1}h{width:.1}");
                }
            }
            drawn.line = polyline(drawn.places.iter().copied());
            drawn
        });
        Self { across: across.collect(), lines: drawn.collect(), upwards: y.ticks(4) }
    }
}

pub(super) fn scale(lines: &[Vec<Mean>], frame: &Frame, axis: Axis) -> Scale {
    if axis == Axis::Accuracy {
        return Scale::linear((0.0, 100.0), frame.upwards());
    }
    let finite = || lines.iter().flatten().filter(|mean| mean.mean.is_finite() && mean.mean > 0.0);
    let high = finite().map(|mean| mean.mean + mean.half.unwrap_or(0.0)).fold(f64::NEG_INFINITY, f64::max);
    // What explodes may run off the axis rather than flatten everything else on it.
    let first = lines.iter().filter_map(|line| line.first()).map(|mean| mean.mean).filter(|mean| mean.is_finite());
    let high = high.min(MOST_RISE * first.fold(1.0, f64::max));
    let low = finite().map(|mean| mean.mean).fold(f64::INFINITY, f64::min);
    let (low, high) = if low <= high && high.is_finite() { (low, high) } else { (0.1, 5.0) };
    match axis {
        Axis::LogLoss => Scale::log((low / 1.5, high * 1.1), frame.upwards()),
        _ => Scale::linear((0.0, high * 1.1), frame.upwards()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { width: 200.0, height: 100.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    fn mean(step: u32, mean: f64, half: f64) -> Mean {
        Mean { step, mean, half: Some(half) }
    }

    #[test]
    fn steps_stand_side_by_side_whatever_lies_between_them() {
        let figure = IntervalFigure::new(&[vec![mean(0, 20.0, 1.0), mean(50, 90.0, 1.0)]], &FRAME, Axis::Accuracy);
        assert_eq!(figure.across.iter().map(|tick| tick.at).collect::<Vec<_>>(), [50.0, 150.0]);
        assert_eq!(figure.lines[0].places, [(50.0, 80.0), (150.0, 10.0)]);
        assert!(figure.lines[0].bars.starts_with("M50.0,81.0V79.0M46.0,81.0h8.0M46.0,79.0h8.0"));
    }

    #[test]
    fn lines_at_the_same_step_stand_apart_and_steps_of_all_are_on_the_axis() {
        let lines = [vec![mean(0, 20.0, 1.0)], vec![mean(0, 20.0, 1.0), mean(3, 90.0, 1.0)]];
        let figure = IntervalFigure::new(&lines, &FRAME, Axis::Accuracy);
        assert_eq!((figure.lines[0].places[0].0, figure.lines[1].places[0].0), (46.0, 54.0));
        assert_eq!(figure.across.len(), 2);
    }

    #[test]
    fn an_interval_that_reaches_below_zero_ends_at_the_ground_of_a_logarithmic_axis() {
        let figure = IntervalFigure::new(&[vec![mean(0, 3.0, 0.1), mean(1, 0.1, 0.5)]], &FRAME, Axis::LogLoss);
        assert!(figure.lines[0].bars.contains(",100.0V"), "{}", figure.lines[0].bars);
    }

    #[test]
    fn an_explosion_runs_off_the_axis_and_does_not_flatten_the_rest() {
        let figure = IntervalFigure::new(&[vec![mean(0, 3.0, 0.1), mean(5, 1e24, 1e24)]], &FRAME, Axis::LogLoss);
        assert_eq!(figure.lines[0].places[1].1, 0.0);
        assert!(figure.upwards.iter().all(|tick| tick.value <= 100.0), "{:?}", figure.upwards);
    }

    #[test]
    fn a_mean_that_is_no_number_is_left_out_and_nothing_still_has_axes() {
        let figure = IntervalFigure::new(&[vec![mean(0, f64::NAN, 0.1), mean(1, 1.0, 0.5)]], &FRAME, Axis::Loss);
        assert_eq!(figure.lines[0].places.len(), 1);
        assert!(IntervalFigure::new(&[], &FRAME, Axis::LogLoss).upwards.len() >= 2);
    }
}
