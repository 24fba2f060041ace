//! The figure of meta-training: loss or accuracy before and after adaptation over meta-steps.

use crate::experiment::Check;

use super::{Bucket, Frame, Scale, Series, Spread, Tick, band, polyline};

/// Pixels between two points of a line: nearer ones only show the noise of single meta-batches.
const PIXELS_A_POINT: f64 = 2.5;

/// What the figure's upright axis measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Loss, from zero.
    Loss,
    /// The logarithm of the loss.
    LogLoss,
    /// Accuracy, from 0 to 100 %.
    Accuracy,
}

/// One quantity: its mean as a line, its extremes as a band behind it, and where its label goes.
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
    /// Ticks of the loss, or of the accuracy in per cent.
    pub upwards: Vec<Tick>,
    /// Before adaptation.
    pub before: LossLine,
    /// After adaptation.
    pub after: LossLine,
    /// After adaptation, on the validation tasks; without a band.
    pub validation: LossLine,
    /// Where the best of the checks on them stands.
    pub best: Option<(f64, f64)>,
}

impl LossFigure {
    /// Lays the series out in the frame.
    #[must_use]
    pub fn new(series: &Series, frame: &Frame, axis: Axis) -> Self {
        let (from, to) = frame.across();
        let buckets = series.thinned(((to - from) / PIXELS_A_POINT) as usize);
        let checked = series.checks().last().map_or(0, |check| check.meta_step);
        let last = buckets.last().map_or(1, |bucket| bucket.last).max(checked).max(10);
        let x = Scale::linear((0.0, f64::from(last)), frame.across());
        let y = match axis {
            Axis::Accuracy => Scale::linear((0.0, 100.0), frame.upwards()),
            Axis::Loss | Axis::LogLoss => loss_scale(&buckets, series.checks(), frame, axis == Axis::LogLoss),
        };
        let line = |pick: fn(&Bucket, Axis) -> Option<Spread>| {
            let place = |bucket: &Bucket| Some((x.at(f64::from(bucket.last)), pick(bucket, axis)?));
            let places: Vec<(f64, Spread)> = buckets.iter().filter_map(place).collect();
            let means: Vec<(f64, f64)> = places.iter().map(|(at, loss)| (*at, y.at(f64::from(loss.mean)))).collect();
            let extremes: Vec<(f64, f64, f64)> =
                places.iter().map(|(at, loss)| (*at, y.at(f64::from(loss.high)), y.at(f64::from(loss.low)))).collect();
            LossLine { end: means.last().copied(), line: polyline(means), band: band(&extremes) }
        };
        let place = |check: &Check| {
            let found = match axis {
                Axis::Accuracy => 100.0 * check.accuracy?,
                Axis::Loss | Axis::LogLoss => check.loss,
            };
            found.is_finite().then(|| (x.at(f64::from(check.meta_step)), y.at(f64::from(found))))
        };
        let checks: Vec<(f64, f64)> = series.checks().iter().filter_map(place).collect();
        let validation = LossLine { end: checks.last().copied(), line: polyline(checks), band: String::new() };
        Self {
            validation,
            best: series.best().as_ref().and_then(place),
            across: x.ticks(3),
            upwards: y.ticks(4),
            before: line(|bucket, axis| measured(bucket, axis).map(|(before, _)| before)),
            after: line(|bucket, axis| measured(bucket, axis).map(|(_, after)| after)),
        }
    }
}

/// What an axis measures of a bucket, before and after adaptation.
fn measured(bucket: &Bucket, axis: Axis) -> Option<(Spread, Spread)> {
    let percent = |share: Spread| Spread { mean: 100.0 * share.mean, low: 100.0 * share.low, high: 100.0 * share.high };
    match axis {
        Axis::Loss | Axis::LogLoss => Some((bucket.before, bucket.after)),
        Axis::Accuracy => bucket.accuracy.map(|(before, after)| (percent(before), percent(after))),
    }
}

/// A loss axis that the means fill; a single wild meta-batch may run off it.
fn loss_scale(buckets: &[Bucket], checks: &[Check], frame: &Frame, log: bool) -> Scale {
    let means = || {
        let trained = buckets.iter().flat_map(|bucket| [bucket.before.mean, bucket.after.mean]);
        let all = trained.chain(checks.iter().map(|check| check.loss)).map(f64::from);
        all.filter(|loss| loss.is_finite() && *loss > 0.0)
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
    use crate::experiment::{Accuracies, CurvePoint};

    const FRAME: Frame = Frame { width: 300.0, height: 170.0, left: 34.0, right: 10.0, top: 10.0, bottom: 22.0 };

    #[test]
    fn a_run_that_has_not_begun_has_axes_and_no_lines() {
        let figure = LossFigure::new(&Series::default(), &FRAME, Axis::Loss);
        assert!(figure.before.line.is_empty() && figure.after.end.is_none());
        assert!(figure.upwards.len() >= 2 && figure.across.len() >= 2);
    }

    #[test]
    fn a_lower_loss_is_drawn_lower_on_either_axis() {
        let mut series = Series::default();
        series.extend(&[CurvePoint { meta_step: 1, before: 3.0, after: 0.5, accuracy: None }]);
        for axis in [Axis::Loss, Axis::LogLoss] {
            let figure = LossFigure::new(&series, &FRAME, axis);
            let (before, after) = (figure.before.end.map(|end| end.1), figure.after.end.map(|end| end.1));
            assert!(before < after, "{axis:?}: y runs downwards, so {before:?} must be above {after:?}");
        }
    }

    #[test]
    fn one_infinite_loss_does_not_flatten_the_axis() {
        let mut series = Series::default();
        series.extend(&[
            CurvePoint { meta_step: 1, before: 3.0, after: 1.0, accuracy: None },
            CurvePoint { meta_step: 2, before: f32::INFINITY, after: 1.0, accuracy: None },
        ]);
        let top = LossFigure::new(&series, &FRAME, Axis::Loss).upwards.last().map_or(0.0, |tick| tick.value);
        assert!((1.0..=4.0).contains(&top), "the axis ends at {top}");
    }

    #[test]
    fn accuracy_stands_between_nothing_and_all_whatever_was_reached() {
        let mut series = Series::default();
        let accuracy = Some(Accuracies { before: 0.2, after: 1.0 });
        series.extend(&[CurvePoint { meta_step: 1, before: 1.6, after: 0.1, accuracy }]);
        let figure = LossFigure::new(&series, &FRAME, Axis::Accuracy);
        assert_eq!(figure.after.end.map(|end| end.1), Some(FRAME.top), "100 % is the top");
        assert_eq!(figure.upwards.last().map(|tick| tick.value), Some(100.0));
    }

    #[test]
    fn a_regression_has_no_accuracy_to_draw() {
        let mut series = Series::default();
        series.extend(&[CurvePoint { meta_step: 1, before: 1.0, after: 1.0, accuracy: None }]);
        assert_eq!(LossFigure::new(&series, &FRAME, Axis::Accuracy).after.end, None);
    }

    #[test]
    fn checks_are_a_line_of_their_own_with_the_best_marked_on_any_axis() {
        let mut series = Series::default();
        series.extend(&[CurvePoint { meta_step: 30, before: 3.0, after: 1.0, accuracy: None }]);
        let check = |meta_step, loss, accuracy| Check { meta_step, loss, accuracy: Some(accuracy) };
        series.extend_checks(&[check(10, 2.0, 0.4), check(20, 2.5, 0.6), check(30, 1.5, 0.5)]);
        for axis in [Axis::Loss, Axis::LogLoss, Axis::Accuracy] {
            let figure = LossFigure::new(&series, &FRAME, axis);
            let (best, end) = (figure.best.unwrap(), figure.validation.end.unwrap());
            // The second of three; it has the highest accuracy, though not the smallest loss.
            assert!(best.0 < end.0 && best.1 < end.1, "{axis:?}: {best:?} is left of and above {end:?}");
        }
        let none = LossFigure::new(&Series::default(), &FRAME, Axis::Loss);
        assert!(none.validation.line.is_empty() && none.best.is_none());
    }
}
