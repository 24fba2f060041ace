//! The figure of meta-training: loss before and after adaptation over meta-steps.

use super::{Bucket, Frame, Scale, Series, Spread, Tick, band, polyline};

/// Pixels between two points of a line: nearer ones only show the noise of single meta-batches.
const PIXELS_A_POINT: f64 = 2.5;

/// One loss: its mean as a line, its extremes as a band behind it, and where its label goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LossLine {
    /// Path of the means.
    pub line: String,
    /// Area between the extremes.
    pub band: String,
    /// End of the line, if there is one.
    pub end: Option<(f64, f64)>,
}

/// Everything the figure draws.
#[derive(Clone, Debug, PartialEq)]
pub struct LossFigure {
    /// Ticks of the meta-steps.
    pub across: Vec<Tick>,
    /// Ticks of the loss.
    pub upwards: Vec<Tick>,
    /// Loss before adaptation.
    pub before: LossLine,
    /// Loss after adaptation.
    pub after: LossLine,
}

impl LossFigure {
    /// Lays the series out in the frame, with a linear or a logarithmic loss axis.
    #[must_use]
    pub fn new(series: &Series, frame: &Frame, log: bool) -> Self {
        let (from, to) = frame.across();
        let buckets = series.thinned(((to - from) / PIXELS_A_POINT) as usize);
        let last = buckets.last().map_or(1, |bucket| bucket.last).max(10);
        let x = Scale::linear((0.0, f64::from(last)), frame.across());
        let y = loss_scale(&buckets, frame, log);
        let line = |pick: fn(&Bucket) -> Spread| {
            let places: Vec<(f64, Spread)> =
                buckets.iter().map(|bucket| (x.at(f64::from(bucket.last)), pick(bucket))).collect();
            let means: Vec<(f64, f64)> = places.iter().map(|(at, loss)| (*at, y.at(f64::from(loss.mean)))).collect();
            let extremes: Vec<(f64, f64, f64)> =
                places.iter().map(|(at, loss)| (*at, y.at(f64::from(loss.high)), y.at(f64::from(loss.low)))).collect();
            LossLine { end: means.last().copied(), line: polyline(means), band: band(&extremes) }
        };
        Self {
            across: x.ticks(3),
            upwards: y.ticks(4),
            before: line(|bucket| bucket.before),
            after: line(|bucket| bucket.after),
        }
    }
}

/// A loss axis that the means fill; a single wild meta-batch may run off it.
fn loss_scale(buckets: &[Bucket], frame: &Frame, log: bool) -> Scale {
    let means = || {
        buckets
            .iter()
            .flat_map(|bucket| [f64::from(bucket.before.mean), f64::from(bucket.after.mean)])
            .filter(|loss| loss.is_finite() && *loss > 0.0)
    };
    let high = means().fold(f64::NEG_INFINITY, f64::max);
    let low = means().fold(f64::INFINITY, f64::min);
    let (low, high) = if low <= high { (low, high) } else { (0.1, 5.0) };
    if log {
        Scale::log((low / 1.3, high * 1.3), frame.upwards())
    } else {
        Scale::linear((0.0, high * 1.15), frame.upwards())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::CurvePoint;

    const FRAME: Frame = Frame { width: 300.0, height: 170.0, left: 34.0, right: 10.0, top: 10.0, bottom: 22.0 };

    #[test]
    fn a_run_that_has_not_begun_has_axes_and_no_lines() {
        let figure = LossFigure::new(&Series::default(), &FRAME, false);
        assert!(figure.before.line.is_empty() && figure.after.end.is_none());
        assert!(figure.upwards.len() >= 2 && figure.across.len() >= 2);
    }

    #[test]
    fn a_lower_loss_is_drawn_lower_on_either_axis() {
        let mut series = Series::default();
        series.extend(&[CurvePoint { meta_step: 1, before: 3.0, after: 0.5, accuracy: None }]);
        for log in [false, true] {
            let figure = LossFigure::new(&series, &FRAME, log);
            let (before, after) = (figure.before.end.map(|end| end.1), figure.after.end.map(|end| end.1));
            assert!(before < after, "log {log}: y runs downwards, so {before:?} must be above {after:?}");
        }
    }

    #[test]
    fn one_infinite_loss_does_not_flatten_the_axis() {
        let mut series = Series::default();
        series.extend(&[
            CurvePoint { meta_step: 1, before: 3.0, after: 1.0, accuracy: None },
            CurvePoint { meta_step: 2, before: f32::INFINITY, after: 1.0, accuracy: None },
        ]);
        let top = LossFigure::new(&series, &FRAME, false).upwards.last().map_or(0.0, |tick| tick.value);
        assert!((1.0..=4.0).contains(&top), "the axis ends at {top}");
    }
}
