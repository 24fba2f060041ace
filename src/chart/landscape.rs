//! The space of weights in a plane: tasks' paths from one start, and the loss around it.

use std::fmt::Write as _;

use super::{Frame, Scale, Tick, contour, polyline, viridis};
use crate::experiment::{Landscape, LearnerKind};

/// Longest arrow, as a share of half the plot: that of a direction which lies in the plane.
const ARROW: f64 = 0.55;

/// Least distance of two labels of arrows, in pixels.
const APART: f64 = 13.0;

/// Colours of the surface.
const BANDS: usize = 24;

/// Contour lines of the surface: so many values at even distances of its colours.
const LINES: usize = 9;

/// How many times the highest loss may be the lowest before colours go by its logarithm.
const LINEAR: f64 = 10.0;

/// How many times the lowest loss has the last colour: what exploded would leave one colour to all the others.
const MOST: f64 = 1e4;

/// A path as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    /// Index of its task.
    pub index: u32,
    /// Whether it is the task that the landscape is of.
    pub shown: bool,
    /// Whether the visitor placed its points or drew it.
    pub own: bool,
    /// Its line.
    pub line: String,
    /// Where each of its steps is, the start first.
    pub steps: Vec<(f64, f64)>,
}

/// A direction of descent as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ArrowMark {
    /// Whose.
    pub kind: LearnerKind,
    /// Its shaft and head.
    pub line: String,
    /// Where its label begins.
    pub label: (f64, f64),
}

/// Everything that the paths' figure draws. Both axes have one scale, so that angles and distances are true.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkFigure {
    /// Ticks of the first axis.
    pub across: Vec<Tick>,
    /// Ticks of the second.
    pub upwards: Vec<Tick>,
    /// The start.
    pub start: (f64, f64),
    /// Every path.
    pub walks: Vec<Walk>,
    /// Every arrow; its length says which share of the direction lies in the plane.
    pub arrows: Vec<ArrowMark>,
}

impl WalkFigure {
    /// Lays out a landscape in a frame whose plot is a square.
    #[must_use]
    pub fn new(landscape: &Landscape, frame: &Frame) -> Self {
        let [x, y] = scales(landscape, frame);
        let place = |at: &[f64; 2]| (x.at(at[0]), y.at(at[1]));
        let walk = |path: &crate::experiment::TaskPath| {
            let steps: Vec<(f64, f64)> = path.at.iter().map(place).collect();
            let line = polyline(steps.iter().copied());
            Walk { index: path.index, shown: path.shown, own: path.own, line, steps }
        };
        let start = place(&[0.0; 2]);
        let half = (frame.across().1 - frame.across().0) / 2.0;
        let mut tips: Vec<(LearnerKind, (f64, f64))> = (landscape.arrows.iter())
            .map(|arrow| {
                // The direction in the picture, by pixels, as long as it lies in the plane.
                let (dx, dy) = (x.at(arrow.at[0]) - start.0, y.at(arrow.at[1]) - start.1);
                let length = dx.hypot(dy);
                let scale = if length > 0.0 { ARROW * half * arrow.inside / length } else { 0.0 };
                (arrow.kind, (start.0 + scale * dx, start.1 + scale * dy))
            })
            .collect();
        tips.sort_by(|one, other| one.1.1.total_cmp(&other.1.1));
        let mut before = f64::NEG_INFINITY;
        let arrows = tips.into_iter().map(|(kind, tip)| {
            before = (tip.1 + 4.0).max(before + APART);
            ArrowMark { kind, line: arrow(start, tip), label: (tip.0 + 7.0, before) }
        });
        let arrows = arrows.collect();
        let walks = landscape.paths.iter().map(walk).collect();
        Self { across: x.ticks(4), upwards: y.ticks(4), start, walks, arrows }
    }
}

/// The plot's two scales.
fn scales(landscape: &Landscape, frame: &Frame) -> [Scale; 2] {
    let Landscape { middle, half, .. } = landscape;
    let scale = |axis: usize, range| Scale::linear((middle[axis] - half, middle[axis] + half), range);
    [scale(0, frame.across()), scale(1, frame.upwards())]
}

/// A shaft with a head of two strokes, which is no longer than the shaft.
fn arrow((x, y): (f64, f64), (to_x, to_y): (f64, f64)) -> String {
    let (dx, dy) = (to_x - x, to_y - y);
    let length = dx.hypot(dy);
    let mut line = polyline([(x, y), (to_x, to_y)]);
    if length > 0.0 {
        let head = length.min(7.0) / length;
        let stroke = |side: f64| (to_x - head * (dx + side * dy), to_y - head * (dy - side * dx));
        line.push_str(&polyline([stroke(0.6), (to_x, to_y), stroke(-0.6)]));
    }
    line
}

/// Everything that the surface's figure draws.
#[derive(Clone, Debug, PartialEq)]
pub struct SurfaceFigure {
    /// Colours, each with the area that has it.
    pub bands: Vec<(String, String)>,
    /// Values, each with its contour line.
    pub lines: Vec<(f64, String)>,
    /// The lowest loss, which is violet, and the one that is yellow.
    pub ends: (f64, f64),
    /// Whether colours go by the logarithm.
    pub log: bool,
}

impl SurfaceFigure {
    /// Lays out losses on a square grid of `side` points in a row over the whole plot; none where no loss is finite.
    #[must_use]
    pub fn new(losses: &[f32], side: usize, frame: &Frame) -> Option<Self> {
        let finite = || losses.iter().copied().filter(|loss| loss.is_finite()).map(f64::from);
        let (low, high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), loss| (l.min(loss), h.max(loss)));
        if low > high || side < 2 {
            return None;
        }
        let log = low > 0.0 && high > LINEAR * low;
        let ends = (low, if log { high.min(MOST * low) } else { high });
        let shares: Vec<f64> = losses.iter().map(|&loss| share(loss.into(), ends, log)).collect();
        let (x, y) = (
            Scale::linear((0.0, (side - 1) as f64), frame.across()),
            Scale::linear((0.0, (side - 1) as f64), frame.upwards()),
        );
        let last = (side - 1) as f64;
        // A point stands for half the way to its neighbours.
        let edge = |scale: &Scale, place: usize, by: f64| scale.at((place as f64 + by).clamp(0.0, last));
        let mut bands = vec![String::new(); BANDS];
        for (place, share) in shares.iter().enumerate() {
            let band = if share.is_finite() { (share * BANDS as f64) as usize } else { BANDS };
            let (column, row) = (place % side, place / side);
            let (left, right) = (edge(&x, column, -0.5), edge(&x, column, 0.5));
            let (bottom, top) = (edge(&y, row, -0.5), edge(&y, row, 0.5));
            // Writing to a String cannot fail.
            let _ = write!(bands[band.min(BANDS - 1)], "M{left:.1},{top:.1}H{right:.1}V{bottom:.1}H{left:.1}z");
        }
        let colour = |(band, area): (usize, String)| (viridis((band as f64 + 0.5) / BANDS as f64), area);
        let bands = bands.into_iter().enumerate().filter(|(_, area)| !area.is_empty()).map(colour).collect();
        let line = |number: usize| {
            let level = number as f64 / (LINES + 1) as f64;
            let place = |(column, row): (f64, f64)| (x.at(column), y.at(row));
            let pieces = contour(&shares, side, level).into_iter().map(|piece| polyline(piece.map(place)));
            (value(level, ends, log), pieces.collect::<String>())
        };
        let lines = (1..=LINES).map(line).filter(|(_, line)| !line.is_empty()).collect();
        Some(Self { bands, lines, ends, log })
    }

    /// The loss at a share of the colours.
    #[must_use]
    pub fn value(&self, share: f64) -> f64 {
        value(share, self.ends, self.log)
    }
}

/// Where a loss lies between both ends; NaN for what is not a number.
fn share(loss: f64, (low, high): (f64, f64), log: bool) -> f64 {
    if loss.is_nan() {
        return f64::NAN;
    }
    let place = |value: f64| if log { value.ln() } else { value };
    if high > low { ((place(loss) - place(low)) / (place(high) - place(low))).clamp(0.0, 1.0) } else { 0.0 }
}

/// The inverse.
fn value(share: f64, (low, high): (f64, f64), log: bool) -> f64 {
    if log { low * (high / low).powf(share) } else { low + share * (high - low) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Arrow, PlaneKind, TaskPath};

    const FRAME: Frame = Frame { width: 200.0, height: 200.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    fn landscape(arrows: &[([f64; 2], f64)]) -> Landscape {
        let path = |index, end: [f64; 2]| TaskPath {
            index,
            shown: index == 0,
            own: false,
            at: vec![[0.0; 2], end],
            distance: vec![0.0, 1.0],
            inside: 1.0,
        };
        let arrow = |&(at, inside): &([f64; 2], f64)| Arrow { kind: LearnerKind::Maml, at, norm: 1.0, inside };
        Landscape {
            meta_step: 0,
            plane: PlaneKind::Paths,
            shares: [0.5, 0.2],
            steps: vec![0, 1],
            paths: vec![path(0, [1.0, 0.0]), path(7, [0.0, 2.0])],
            diverged: 0,
            reach: 1.0,
            apart: None,
            arrows: arrows.iter().map(arrow).collect(),
            middle: [0.0; 2],
            half: 2.0,
            surface: None,
        }
    }

    #[test]
    fn paths_begin_at_the_start_and_both_axes_have_one_scale() {
        let figure = WalkFigure::new(&landscape(&[]), &FRAME);
        assert_eq!(figure.start, (100.0, 100.0));
        assert_eq!(figure.walks[0].steps, [(100.0, 100.0), (150.0, 100.0)]);
        assert_eq!(figure.walks[1].steps[1], (100.0, 0.0), "upwards is up, and twice as far");
        assert_eq!(figure.walks[1].line, "M100.0,100.0L100.0,0.0");
    }

    #[test]
    fn an_arrow_is_as_long_as_its_share_in_the_plane_and_no_label_covers_another() {
        let figure = WalkFigure::new(&landscape(&[([9.0, 0.0], 1.0), ([9.0, 0.001], 0.5)]), &FRAME);
        let mut tips: Vec<&str> = figure.arrows.iter().map(|arrow| &arrow.line[..24]).collect();
        tips.sort_unstable();
        assert_eq!(tips, ["M100.0,100.0L127.5,100.0", "M100.0,100.0L155.0,100.0"]);
        let [one, other] = [0, 1].map(|number: usize| figure.arrows[number].label.1);
        assert!((one - other).abs() >= APART);
        let still = WalkFigure::new(&landscape(&[([0.0, 0.0], 0.0)]), &FRAME);
        assert_eq!(still.arrows[0].line, "M100.0,100.0L100.0,100.0");
    }

    #[test]
    fn losses_far_apart_are_coloured_by_their_logarithm_and_others_as_they_are() {
        let figure = |losses: [f32; 4]| SurfaceFigure::new(&losses, 2, &FRAME);
        let even = figure([1.0, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!((even.log, even.ends, even.value(0.5)), (false, (1.0, 4.0), 2.5));
        let wide = figure([0.125, 0.5, 1.0, 1e9]).unwrap();
        assert_eq!((wide.log, wide.ends), (true, (0.125, 1250.0)));
        assert!((wide.value(0.5) - 12.5).abs() < 1e-9);
        assert_eq!(figure([f32::NAN; 4]), None);
        assert_eq!(figure([2.0; 4]).unwrap().bands.len(), 1, "one loss, one colour");
    }

    #[test]
    fn the_first_row_is_at_the_bottom_and_every_point_has_its_area() {
        let figure = SurfaceFigure::new(&[0.0, 0.0, 1.0, f32::INFINITY], 2, &FRAME).unwrap();
        assert_eq!(figure.bands[0].1, "M0.0,100.0H100.0V200.0H0.0zM100.0,100.0H200.0V200.0H100.0z");
        assert_eq!(figure.bands.len(), 2, "what exploded has the last colour");
        let middle = figure.lines.iter().find(|(level, _)| (level - 0.5).abs() < 1e-9).unwrap();
        assert_eq!(middle.1, "M200.0,100.0L0.0,100.0");
    }
}
