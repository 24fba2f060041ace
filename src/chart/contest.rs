//! The figures of a comparison: a line for each contestant, over inner steps or over meta-steps.

use std::fmt::Write as _;

use super::{Axis, Frame, Mean, MeanLine, Scale, Tick, intervals::scale, polyline};

/// Most marks and intervals on a line: more would hide it.
const MARKS: u32 = 12;

/// Pixels between the marks of two contestants at the same step.
const APART: f64 = 2.5;

/// Half of the feet of an interval, in pixels.
const FOOT: f64 = 3.0;

/// Everything the figure draws.
#[derive(Clone, Debug, PartialEq)]
pub struct ContestFigure {
    /// Ticks of the steps.
    pub across: Vec<Tick>,
    /// Ticks of the loss, or of the accuracy in per cent.
    pub upwards: Vec<Tick>,
    /// One a contestant, in the order given.
    pub lines: Vec<MeanLine>,
    x: Scale,
}

impl ContestFigure {
    /// Lays lines of means out in the frame. A long line has a mark and an interval every few steps alone.
    #[must_use]
    pub fn new(lines: &[Vec<Mean>], frame: &Frame, axis: Axis) -> Self {
        let steps = || lines.iter().flatten().map(|mean| mean.step);
        let (first, last) = (steps().min().unwrap_or_default(), steps().max().unwrap_or_default());
        let room = APART * lines.len() as f64;
        let (left, right) = frame.across();
        let x =
            Scale::linear((f64::from(first), f64::from(last)), (left + room, (right - room).max(left + room + 1.0)));
        let y = scale(lines, frame, axis);
        let (floor, ceiling) = frame.upwards();
        let height = |value: f64| y.at(value).clamp(ceiling, floor);
        let middle = (lines.len().max(1) as f64 - 1.0) / 2.0;
        let drawn = lines.iter().enumerate().map(|(number, means)| {
            let finite = || means.iter().filter(|mean| mean.mean.is_finite());
            let every = (finite().count() as u32).div_ceil(MARKS).max(1) as usize;
            let aside = APART * (number as f64 - middle);
            let place = |mean: &Mean| (x.at(f64::from(mean.step)) + aside, height(mean.mean));
            let mut drawn = MeanLine { line: polyline(finite().map(place)), ..MeanLine::default() };
            for mean in finite().step_by(every) {
                let (at, _) = place(mean);
                drawn.places.push(place(mean));
                if let Some(half) = mean.half.filter(|half| half.is_finite()) {
                    let (low, high) = (height(mean.mean - half), height(mean.mean + half));
                    let (left, width) = (at - FOOT, 2.0 * FOOT);
                    // Writing to a String cannot fail.
                    let _ = write!(drawn.bars, "M{at:.1},{low:.1}V{high:.1}M{left:.1},{low:.1}h{width:.1}");
                    let _ = write!(drawn.bars, "M{left:.1},{high:.1}h{width:.1}");
                }
            }
            drawn
        });
        let drawn = drawn.collect();
        // Steps are whole numbers.
        let whole = |tick: Tick| Tick { label: format!("{:.0}", tick.value), ..tick };
        let across = x.ticks(5).into_iter().filter(|tick| tick.value.fract() == 0.0).map(whole).collect();
        Self { across, upwards: y.ticks(4), lines: drawn, x }
    }

    /// Where an inner step stands, in pixels.
    #[must_use]
    pub fn at(&self, step: u32) -> f64 {
        self.x.at(f64::from(step))
    }
}

/// A mark of a contestant's own shape at every place, so that colour is not the only sign: a disc, a square, a diamond,
/// two triangles, and a bar.
#[must_use]
pub fn contest_marks(number: usize, places: &[(f64, f64)]) -> String {
    let shape = match number % 6 {
        0 => "m-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z",
        1 => "m-3.5,-3.5h7v7h-7z",
        2 => "m0,-5l4,5l-4,5l-4,-5z",
        3 => "m0,-5l4.5,8h-9z",
        4 => "m0,5l4.5,-8h-9z",
        _ => "m-5,-2h10v4h-10z",
    };
    places.iter().map(|(x, y)| format!("M{x:.1},{y:.1}{shape}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { width: 205.0, height: 100.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    fn mean(step: u32, mean: f64) -> Mean {
        Mean { step, mean, half: Some(1.0) }
    }

    #[test]
    fn steps_lie_as_far_apart_as_they_are_and_whoever_is_better_stands_higher() {
        let figure = ContestFigure::new(&[vec![mean(0, 20.0), mean(1, 90.0), mean(4, 95.0)]], &FRAME, Axis::Accuracy);
        assert_eq!(figure.lines[0].places, [(2.5, 80.0), (52.5, 10.0), (202.5, 5.0)]);
        assert_eq!((figure.at(0), figure.at(2)), (2.5, 102.5));
        assert!(figure.lines[0].bars.starts_with("M2.5,81.0V79.0"), "{}", figure.lines[0].bars);
    }

    #[test]
    fn contestants_at_the_same_step_stand_a_little_apart() {
        let same = vec![mean(0, 20.0), mean(1, 90.0)];
        let figure = ContestFigure::new(&[same.clone(), same], &FRAME, Axis::Accuracy);
        assert_eq!(figure.lines[1].places[0].0 - figure.lines[0].places[0].0, 2.5);
    }

    #[test]
    fn a_long_line_keeps_its_course_and_has_a_mark_now_and_then() {
        let long = vec![(0..=100).map(|step| mean(step, 50.0)).collect()];
        let figure = ContestFigure::new(&long, &FRAME, Axis::Accuracy);
        assert!((8..=12).contains(&figure.lines[0].places.len()));
        assert_eq!(figure.lines[0].line.matches('L').count(), 100);
    }

    #[test]
    fn what_diverged_is_left_out_and_nothing_still_has_axes() {
        let figure = ContestFigure::new(&[vec![mean(0, f64::NAN), mean(1, 1.0)]], &FRAME, Axis::LogLoss);
        assert_eq!(figure.lines[0].places.len(), 1);
        assert!(ContestFigure::new(&[], &FRAME, Axis::LogLoss).upwards.len() >= 2);
    }

    #[test]
    fn every_contestant_has_a_shape_of_its_own() {
        let shapes: std::collections::BTreeSet<String> =
            (0..6).map(|number| contest_marks(number, &[(1.0, 2.0)])).collect();
        assert_eq!(shapes.len(), 6);
    }
}
