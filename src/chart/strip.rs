//! A line without axes, small enough to stand beside its number.

use super::{Frame, Scale, polyline};

/// One quantity over the inner steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Spark {
    /// Path through every inner step.
    pub line: String,
    /// Place of every inner step, for the mark of the current one.
    pub places: Vec<(f64, f64)>,
}

impl Spark {
    /// Lays the values out over the whole frame, the largest at the top and zero at the bottom.
    #[must_use]
    pub fn new(values: &[f32], frame: &Frame) -> Self {
        let high = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f32::max);
        let y = Scale::linear((0.0, f64::from(high).max(1e-12)), frame.upwards());
        let x = Scale::linear((0.0, values.len().saturating_sub(1).max(1) as f64), frame.across());
        let places: Vec<(f64, f64)> =
            values.iter().enumerate().map(|(step, value)| (x.at(step as f64), y.at(f64::from(*value)))).collect();
        Self { line: polyline(places.iter().copied()), places }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { width: 100.0, height: 20.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    #[test]
    fn a_falling_loss_falls_from_the_top_left() {
        let spark = Spark::new(&[4.0, 2.0, 1.0], &FRAME);
        assert_eq!(spark.places, [(0.0, 0.0), (50.0, 10.0), (100.0, 15.0)]);
    }

    #[test]
    fn zeros_lie_on_the_ground_and_nothing_is_drawn_for_nothing() {
        assert_eq!(Spark::new(&[0.0, 0.0], &FRAME).places, [(0.0, 20.0), (100.0, 20.0)]);
        assert_eq!(Spark::new(&[], &FRAME).line, "");
    }
}
