//! Probabilities of a few classes as bars, small enough to stand under a drawing, and as lines over inner steps.

use std::fmt::Write as _;

use super::{Frame, Scale, polyline};

/// The bars of one drawing's probabilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// Every bar but the longest, as one path.
    pub others: String,
    /// The longest bar: what is predicted.
    pub longest: String,
    /// A foot under the bar of the true class, empty where it is unknown.
    pub truth: String,
}

impl Bars {
    /// Stands a bar for every class on the ground of the frame; a probability of 1 reaches its top.
    #[must_use]
    pub fn new(probabilities: &[f32], longest: Option<usize>, truth: Option<usize>, frame: &Frame) -> Self {
        let ((left, right), (ground, top)) = (frame.across(), frame.upwards());
        let pitch = (right - left) / probabilities.len().max(1) as f64;
        // Narrow bars still need a gap to be told apart.
        let width = (pitch * 0.78).max(pitch - 3.0);
        let mut bars = Self::default();
        for (class, probability) in probabilities.iter().enumerate() {
            let x = left + pitch * class as f64 + (pitch - width) / 2.0;
            // A bar of nothing still marks the place of its class.
            let height = (f64::from(probability.clamp(0.0, 1.0)) * (ground - top)).max(1.0);
            let bar = if longest == Some(class) { &mut bars.longest } else { &mut bars.others };
            // Writing to a String cannot fail.
            let _ = write!(bar, "M{x:.1},{ground:.1}v{:.1}h{width:.1}v{height:.1}z", -height);
            if truth == Some(class) {
                let _ = write!(bars.truth, "M{x:.1},{:.1}h{width:.1}v2h{:.1}z", ground + 2.0, -width);
            }
        }
        bars
    }
}

/// One line a class: its probability at every inner step, between 0 and 1.
#[must_use]
pub fn courses(steps: &[&[f32]], frame: &Frame) -> Vec<String> {
    let x = Scale::linear((0.0, steps.len().saturating_sub(1).max(1) as f64), frame.across());
    let y = Scale::linear((0.0, 1.0), frame.upwards());
    let classes = steps.iter().map(|step| step.len()).min().unwrap_or(0);
    (0..classes)
        .map(|class| {
            polyline(steps.iter().enumerate().map(|(step, row)| (x.at(step as f64), y.at(f64::from(row[class])))))
        })
        .collect()
}

/// Heights as they are given, moved apart until neighbours are at least `gap` from each other and all are between 0
/// and `most`, so that labels beside them can be read; in the order given.
#[must_use]
pub fn apart(heights: &[f64], gap: f64, most: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|a, b| heights[*a].total_cmp(&heights[*b]));
    let mut moved = heights.to_vec();
    let mut floor = 0.0;
    for place in &order {
        moved[*place] = moved[*place].max(floor);
        floor = moved[*place] + gap;
    }
    let mut ceiling = most;
    for place in order.iter().rev() {
        moved[*place] = moved[*place].min(ceiling).max(0.0);
        ceiling = moved[*place] - gap;
    }
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { width: 40.0, height: 24.0, left: 0.0, right: 0.0, top: 0.0, bottom: 4.0 };

    #[test]
    fn a_certain_class_reaches_the_top_and_an_excluded_one_keeps_its_place() {
        let bars = Bars::new(&[1.0, 0.0], Some(0), Some(1), &FRAME);
        assert_eq!(bars.longest, "M1.5,20.0v-20.0h17.0v20.0z");
        assert_eq!(bars.others, "M21.5,20.0v-1.0h17.0v1.0z");
        assert_eq!(bars.truth, "M21.5,22.0h17.0v2h-17.0z");
    }

    #[test]
    fn a_drawing_of_unknown_class_has_no_foot() {
        assert_eq!(Bars::new(&[0.5, 0.5], Some(0), None, &FRAME).truth, "");
    }

    #[test]
    fn labels_of_lines_that_meet_are_moved_apart_and_stay_inside() {
        assert_eq!(apart(&[50.0, 10.0], 12.0, 100.0), [50.0, 10.0], "far enough already");
        assert_eq!(apart(&[50.0, 50.0], 12.0, 100.0), [50.0, 62.0]);
        assert_eq!(apart(&[98.0, 99.0], 12.0, 100.0), [88.0, 100.0]);
        assert!(apart(&[], 12.0, 100.0).is_empty());
    }

    #[test]
    fn every_class_runs_over_every_step() {
        let lines = courses(&[&[0.5, 0.5], &[0.0, 1.0]], &FRAME);
        assert_eq!(lines, ["M0.0,10.0L40.0,20.0", "M0.0,10.0L40.0,0.0"]);
        assert!(courses(&[], &FRAME).is_empty());
    }
}
