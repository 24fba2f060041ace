//! The figure of a race: losses of several optimisers over their steps, on a logarithmic axis.

use super::{Frame, Scale, Tick, polyline};

/// How far below the largest loss the axis may reach: deeper, a line that falls for ever would flatten the others.
const DEEPEST: f64 = 1e-6;

/// How far above the first loss it may reach: an optimiser that runs off leaves the figure.
const HIGHEST: f64 = 10.0;

/// Everything the figure draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RaceFigure {
    /// Ticks of the steps.
    pub across: Vec<Tick>,
    /// Ticks of the loss.
    pub upwards: Vec<Tick>,
    /// A path for each optimiser.
    pub lines: Vec<String>,
    /// Where each stands after every step.
    pub places: Vec<Vec<(f64, f64)>>,
}

impl RaceFigure {
    /// Lays out the losses of each optimiser, from step 0 on.
    #[must_use]
    pub fn new(losses: &[Vec<f32>], frame: &Frame) -> Self {
        let usable =
            || losses.iter().flatten().map(|&loss| f64::from(loss)).filter(|loss| loss.is_finite() && *loss > 0.0);
        let first = losses.iter().filter_map(|losses| losses.first()).map(|&loss| f64::from(loss)).fold(0.0, f64::max);
        let most = if first > 0.0 { HIGHEST * first } else { f64::INFINITY };
        let high = usable().filter(|loss| *loss <= most).fold(0.0, f64::max);
        let low = usable().fold(high, f64::min).max(DEEPEST * high);
        let (low, high) = if high > 0.0 { (low / 1.3, high * 1.3) } else { (0.1, 10.0) };
        let last = losses.iter().map(Vec::len).max().unwrap_or_default().saturating_sub(1).max(1);
        let x = Scale::linear((0.0, last as f64), frame.across());
        let y = Scale::log((low, high), frame.upwards());
        let places = |losses: &Vec<f32>| {
            let place = |(step, loss): (usize, &f32)| (x.at(step as f64), y.at(f64::from(*loss)));
            losses.iter().enumerate().map(place).collect::<Vec<_>>()
        };
        let places: Vec<_> = losses.iter().map(places).collect();
        let lines = places.iter().map(|places| polyline(places.iter().copied())).collect();
        Self { across: x.ticks(5), upwards: y.ticks(4), lines, places }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { width: 300.0, height: 170.0, left: 40.0, right: 10.0, top: 10.0, bottom: 20.0 };

    #[test]
    fn whoever_has_the_lower_loss_stands_lower_at_the_same_step() {
        let figure = RaceFigure::new(&[vec![10.0, 1.0, 0.1], vec![10.0, 5.0, 2.0]], &FRAME);
        assert_eq!(figure.places[0][0], figure.places[1][0]);
        for step in [1, 2] {
            assert_eq!(figure.places[0][step].0, figure.places[1][step].0);
            assert!(figure.places[0][step].1 > figure.places[1][step].1, "y runs downwards");
        }
        // A tenth of the loss is one decade down, whatever it was before.
        let drop = |from: usize| figure.places[0][from + 1].1 - figure.places[0][from].1;
        assert!((drop(0) - drop(1)).abs() < 1e-6);
    }

    #[test]
    fn an_optimiser_that_runs_off_or_reaches_zero_does_not_flatten_the_others() {
        let alone = RaceFigure::new(&[vec![10.0, 1.0]], &FRAME);
        for wild in [1e9, f32::INFINITY, f32::NAN] {
            let figure = RaceFigure::new(&[vec![10.0, 1.0], vec![10.0, wild]], &FRAME);
            assert_eq!(figure.lines[0], alone.lines[0], "{wild}");
        }
        let deep = RaceFigure::new(&[vec![10.0, 1.0], vec![10.0, 0.0]], &FRAME);
        assert_eq!(deep.lines[0], alone.lines[0]);
        let deeper = RaceFigure::new(&[vec![10.0, 1e-12]], &FRAME);
        assert!(deeper.upwards.iter().all(|tick| tick.value > 1e-6));
    }

    #[test]
    fn nothing_run_has_axes_and_no_lines() {
        let figure = RaceFigure::new(&[], &FRAME);
        assert!(figure.lines.is_empty() && figure.upwards.len() >= 2 && figure.across.len() >= 2);
    }
}
