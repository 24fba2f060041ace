//! The figure of several runs: one measure of each over meta-steps, smoothed, with the raw curve faint behind.

use super::{Axis, Frame, Scale, Tick, polyline};

/// One run's curve: meta-steps ascending, and what was measured at each, per cent where it is an accuracy.
pub type RunCourse = Vec<(u32, f64)>;

/// One run in the figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunLine {
    /// Path of what was measured; empty where nothing is smoothed.
    pub raw: String,
    /// Path of the moving means.
    pub smooth: String,
    /// End of the line, if there is one.
    pub end: Option<(f64, f64)>,
}

/// Everything the figure draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunsFigure {
    /// Ticks of the meta-steps.
    pub across: Vec<Tick>,
    /// Ticks of the measure.
    pub upwards: Vec<Tick>,
    /// A line for every run, in their order.
    pub lines: Vec<RunLine>,
}

impl RunsFigure {
    /// Lays curves out in the frame, each a mean over the last `over` of its points.
    #[must_use]
    pub fn new(courses: &[RunCourse], over: usize, frame: &Frame, axis: Axis) -> Self {
        let last = courses.iter().filter_map(|course| course.last()).map(|(step, _)| *step).max().unwrap_or(1).max(10);
        let x = Scale::linear((0.0, f64::from(last)), frame.across());
        let means: Vec<Vec<f64>> = courses.iter().map(|course| moving_mean(course, over)).collect();
        let y = scale(&means, frame, axis);
        let path = |course: &RunCourse, values: &[f64]| {
            let place = |((step, _), value): (&(u32, f64), &f64)| (x.at(f64::from(*step)), y.at(*value));
            course.iter().zip(values).map(place).collect::<Vec<_>>()
        };
        let line = |(course, means): (&RunCourse, &Vec<f64>)| {
            let smooth = path(course, means);
            let raw: Vec<f64> = course.iter().map(|(_, value)| *value).collect();
            RunLine {
                raw: if over > 1 { polyline(path(course, &raw)) } else { String::new() },
                end: smooth.iter().rev().find(|(_, y)| y.is_finite()).copied(),
                smooth: polyline(smooth),
            }
        };
        Self { across: x.ticks(4), upwards: y.ticks(4), lines: courses.iter().zip(&means).map(line).collect() }
    }
}

/// The mean of every point and the `over − 1` before it, or of as many as there are. What is not finite is left out of
/// means, and is their value where there is nothing else.
#[must_use]
pub fn moving_mean(course: &[(u32, f64)], over: usize) -> Vec<f64> {
    let over = over.max(1);
    let mean = |end: usize| {
        let values = course[(end + 1).saturating_sub(over)..=end].iter().map(|(_, value)| *value);
        let (sum, count) =
            values.filter(|value| value.is_finite()).fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
        if count > 0 { sum / f64::from(count) } else { f64::INFINITY }
    };
    (0..course.len()).map(mean).collect()
}

/// An axis that the means fill: a single wild meta-batch may run off it.
fn scale(means: &[Vec<f64>], frame: &Frame, axis: Axis) -> Scale {
    let all = || means.iter().flatten().copied().filter(|value| value.is_finite());
    let high = all().fold(f64::NEG_INFINITY, f64::max);
    let low = all().filter(|value| *value > 0.0).fold(f64::INFINITY, f64::min);
    let (low, high) = if low <= high { (low, high) } else { (0.1, 5.0) };
    match axis {
        Axis::Accuracy => Scale::linear((0.0, 100.0), frame.upwards()),
        Axis::Loss => Scale::linear((0.0, high * 1.1), frame.upwards()),
        Axis::LogLoss => Scale::log((low / 1.3, high * 1.3), frame.upwards()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { width: 100.0, height: 100.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    #[test]
    fn a_moving_mean_looks_back_over_as_many_points_as_it_says() {
        let course: RunCourse = vec![(1, 1.0), (2, 3.0), (3, 8.0), (4, 1.0)];
        assert_eq!(moving_mean(&course, 2), [1.0, 2.0, 5.5, 4.5]);
        assert_eq!(moving_mean(&course, 1), [1.0, 3.0, 8.0, 1.0], "a mean of one is the curve itself");
        assert_eq!(moving_mean(&course, 99)[3], 3.25, "there are no more than four");
    }

    #[test]
    fn a_loss_that_ran_off_is_left_out_of_the_means() {
        let course: RunCourse = vec![(1, 2.0), (2, f64::INFINITY), (3, 4.0)];
        assert_eq!(moving_mean(&course, 3), [2.0, 2.0, 3.0]);
        assert_eq!(moving_mean(&course, 1)[1], f64::INFINITY);
    }

    #[test]
    fn runs_of_any_length_share_their_axes() {
        let figure = RunsFigure::new(&[vec![(10, 4.0)], vec![(10, 1.0), (20, 2.0)]], 1, &FRAME, Axis::Loss);
        let ends: Vec<(f64, f64)> = figure.lines.iter().filter_map(|line| line.end).collect();
        assert_eq!((ends[0].0, ends[1].0), (50.0, 100.0), "the longest fills the figure");
        assert!(ends[0].1 < ends[1].1, "y runs downwards");
    }

    #[test]
    fn the_raw_curve_stands_behind_one_that_is_smoothed_and_only_there() {
        let course: RunCourse = vec![(1, 1.0), (2, 3.0)];
        let raw =
            |over| RunsFigure::new(std::slice::from_ref(&course), over, &FRAME, Axis::Loss).lines[0].raw.is_empty();
        assert_eq!((raw(1), raw(5)), (true, false));
        let figure = RunsFigure::new(std::slice::from_ref(&course), 5, &FRAME, Axis::LogLoss);
        assert_ne!(figure.lines[0].raw, figure.lines[0].smooth);
    }

    #[test]
    fn no_runs_have_axes_and_no_lines() {
        let figure = RunsFigure::new(&[], 1, &FRAME, Axis::LogLoss);
        assert!(figure.lines.is_empty() && figure.upwards.len() >= 2);
    }
}
