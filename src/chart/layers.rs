//! The layers of a network over inner steps, and how alike a learner finds what it compares.

use std::fmt::Write as _;

use super::{Frame, Scale, Tick, polyline, viridis};
use crate::experiment::{LayerCourse, LayerFigure, Layers, Likeness};

/// Most marks on a line.
const MARKS: usize = 12;

/// Colours of a matrix.
const BANDS: usize = 24;

/// One layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerLine {
    /// Path through its values.
    pub line: String,
    /// The area of the interval around it; empty of the task on show.
    pub band: String,
    /// Places of its marks.
    pub places: Vec<(f64, f64)>,
}

/// Everything that the figure of one quantity draws.
#[derive(Clone, Debug, PartialEq)]
pub struct LayersFigure {
    /// Ticks of the inner steps.
    pub across: Vec<Tick>,
    /// Ticks of the quantity.
    pub upwards: Vec<Tick>,
    /// One a layer, from the input on.
    pub lines: Vec<LayerLine>,
    x: Scale,
}

impl LayersFigure {
    /// Lays a quantity of every layer out in the frame: means over the further tasks, or figures of the task on show. Likeness
    /// goes from 0 to 1, a change from 0, and a gradient by its logarithm.
    #[must_use]
    pub fn new(layers: &Layers, figure: LayerFigure, means: bool, frame: &Frame) -> Self {
        let courses: Vec<Vec<(f64, f64)>> = layers.layers.iter().map(|layer| values(layer, figure, means)).collect();
        let last = layers.steps.last().copied().unwrap_or_default();
        let x = Scale::linear((0.0, f64::from(last.max(1))), frame.across());
        let y = scale(&courses, figure, frame);
        let (floor, ceiling) = frame.upwards();
        let height = |value: f64| y.at(value).clamp(ceiling, floor);
        let drawn = courses.iter().map(|course| {
            let known = || course.iter().zip(&layers.steps).filter(|((value, _), _)| value.is_finite());
            let every = known().count().div_ceil(MARKS).max(1);
            let at = |step: u32, value: f64| (x.at(f64::from(step)), height(value));
            let upper = known().map(|(&(value, half), &step)| at(step, value + half));
            let lower: Vec<_> = known().map(|(&(value, half), &step)| at(step, value - half)).collect();
            let band: Vec<_> = upper.chain(lower.into_iter().rev()).collect();
            let places: Vec<_> = known().map(|(&(value, _), &step)| at(step, value)).collect();
            LayerLine {
                line: polyline(places.iter().copied()),
                band: if means && band.len() > 2 { polyline(band) + "z" } else { String::new() },
                places: places.into_iter().step_by(every).collect(),
            }
        });
        let lines = drawn.collect();
        // Steps are whole numbers.
        let whole = |tick: Tick| Tick { label: format!("{:.0}", tick.value), ..tick };
        let across = x.ticks(5).into_iter().filter(|tick| tick.value.fract() == 0.0).map(whole).collect();
        Self { across, upwards: y.ticks(4), lines, x }
    }

    /// Where an inner step stands, in pixels.
    #[must_use]
    pub fn at(&self, step: u32) -> f64 {
        self.x.at(f64::from(step))
    }
}

/// A layer's values at every step that is told of, each with half of its interval; NaN where there is none.
fn values(layer: &LayerCourse, figure: LayerFigure, means: bool) -> Vec<(f64, f64)> {
    let none = (f64::NAN, 0.0);
    match means {
        true => layer.others.iter().map(|at| at.of(figure).map_or(none, |mean| (mean.mean, mean.ci95))).collect(),
        false => layer.shown.iter().map(|at| at.of(figure).map_or(none, |value| (value, 0.0))).collect(),
    }
}

fn scale(courses: &[Vec<(f64, f64)>], figure: LayerFigure, frame: &Frame) -> Scale {
    let finite = || courses.iter().flatten().map(|(value, half)| (*value, value + half)).filter(|(v, _)| v.is_finite());
    let most = finite().map(|(_, upper)| upper).fold(0.0, f64::max);
    let most = if most > 0.0 { most } else { 1.0 };
    match figure {
        LayerFigure::Alike => Scale::linear((0.0, 1.0), frame.upwards()),
        LayerFigure::Change => Scale::linear((0.0, 1.05 * most), frame.upwards()),
        LayerFigure::Gradient => {
            let least = finite().map(|(value, _)| value).filter(|value| *value > 0.0).fold(most, f64::min);
            Scale::log((least / 1.3, most * 1.3), frame.upwards())
        }
    }
}

/// How alike queries and what they are compared with are found, as coloured cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LikenessFigure {
    /// Colours, each with the area that has it: 0 is dark violet and 1 yellow.
    pub bands: Vec<(String, String)>,
    /// Height of the middle of each row.
    pub rows: Vec<f64>,
    /// Place of the middle of each column.
    pub columns: Vec<f64>,
}

impl LikenessFigure {
    /// Lays a matrix out over the whole plot.
    #[must_use]
    pub fn new(likeness: &Likeness, frame: &Frame) -> Self {
        let ((left, right), (bottom, top)) = (frame.across(), frame.upwards());
        let (width, height) =
            ((right - left) / likeness.columns.len().max(1) as f64, (bottom - top) / likeness.rows.len().max(1) as f64);
        let mut bands = vec![String::new(); BANDS];
        for (row, values) in likeness.rows.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                let band = (f64::from(*value).clamp(0.0, 1.0) * BANDS as f64) as usize;
                let (x, y) = (left + width * column as f64, top + height * row as f64);
                // Writing to a String cannot fail.
                let _ = write!(bands[band.min(BANDS - 1)], "M{x:.1},{y:.1}h{width:.1}v{height:.1}h-{width:.1}z");
            }
        }
        let middles =
            |start: f64, size: f64, count: usize| (0..count).map(|i| start + size * (i as f64 + 0.5)).collect();
        let colour = |(band, area): (usize, String)| (viridis((band as f64 + 0.5) / BANDS as f64), area);
        Self {
            bands: bands.into_iter().enumerate().filter(|(_, area)| !area.is_empty()).map(colour).collect(),
            rows: middles(top, height, likeness.rows.len()),
            columns: middles(left, width, likeness.columns.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Interval, LayerFigures, LikenessKind};

    const FRAME: Frame = Frame { width: 200.0, height: 100.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    fn layers() -> Layers {
        let figures = |alike, change| LayerFigures { alike, change: Some(change), gradient: Some(change) };
        let mean = |mean, ci95| Some(Interval { mean, ci95 });
        let means = |alike| LayerFigures { alike, ..LayerFigures::default() };
        let layer = LayerCourse {
            name: "layer0".into(),
            head: false,
            shown: vec![figures(Some(1.0), 0.0), figures(None, 0.5), figures(Some(0.5), 2.0)],
            others: vec![means(mean(1.0, 0.0)), means(mean(0.75, 0.05)), means(mean(0.5, 0.1))],
        };
        Layers { steps: vec![0, 1, 4], layers: vec![layer], ..Layers::default() }
    }

    #[test]
    fn steps_lie_as_far_apart_as_they_are_and_wholly_alike_is_at_the_top() {
        let figure = LayersFigure::new(&layers(), LayerFigure::Alike, false, &FRAME);
        assert_eq!(figure.lines[0].places, [(0.0, 0.0), (200.0, 50.0)], "what there is not is left out");
        assert_eq!((figure.at(1), figure.lines[0].band.as_str()), (50.0, ""));
        assert_eq!(figure.across.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(), ["0", "1", "2", "3", "4"]);
    }

    #[test]
    fn a_mean_has_its_interval_around_it() {
        let figure = LayersFigure::new(&layers(), LayerFigure::Alike, true, &FRAME);
        assert_eq!(figure.lines[0].places, [(0.0, 0.0), (50.0, 25.0), (200.0, 50.0)]);
        assert_eq!(figure.lines[0].band, "M0.0,0.0L50.0,20.0L200.0,40.0L200.0,60.0L50.0,30.0L0.0,0.0z");
    }

    #[test]
    fn a_change_begins_on_the_ground_and_a_gradient_goes_by_its_logarithm() {
        let change = LayersFigure::new(&layers(), LayerFigure::Change, false, &FRAME);
        assert_eq!((change.lines[0].places[0].1, change.lines[0].places.len()), (100.0, 3));
        let gradient = LayersFigure::new(&layers(), LayerFigure::Gradient, false, &FRAME);
        let heights: Vec<f64> = gradient.lines[0].places.iter().map(|place| place.1).collect();
        assert!(heights[0] == 100.0 && heights[1] > heights[2] && heights[2] > 0.0, "{heights:?}");
        let nothing = LayersFigure::new(&Layers::default(), LayerFigure::Gradient, true, &FRAME);
        assert!(nothing.lines.is_empty() && nothing.upwards.len() >= 2);
    }

    #[test]
    fn a_cell_stands_at_its_row_and_column_in_the_colour_of_its_value() {
        let likeness = Likeness {
            kind: LikenessKind::Attention,
            columns: vec![Some(0), Some(1)],
            rows: vec![vec![0.0, 1.0], vec![1.0, 0.0]],
        };
        let figure = LikenessFigure::new(&likeness, &FRAME);
        assert_eq!(figure.bands.len(), 2);
        assert_eq!(figure.bands[1].1, "M100.0,0.0h100.0v50.0h-100.0zM0.0,50.0h100.0v50.0h-100.0z");
        assert_eq!((figure.rows, figure.columns), (vec![25.0, 75.0], vec![50.0, 150.0]));
    }
}
