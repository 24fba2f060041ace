//! The figures of an anatomy: where in the whole one is, residuals of a curve, and norms layer by layer.

use std::fmt::Write as _;

use super::{Frame, Plane, Scale, Tick, polyline};
use crate::experiment::{Anatomy, Nudge, Stage};

/// Radius of a stage in the diagram.
const RADIUS: f64 = 13.0;

/// Height of one bar, and of the room between two layers.
const BAR: (f64, f64) = (11.0, 12.0);

/// A stage in the diagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageMark {
    /// Which.
    pub stage: Stage,
    /// Its number, from 1.
    pub number: usize,
    /// Its middle.
    pub at: (f64, f64),
}

/// The stages as a loop: forwards along the top to the query set, and back along the bottom to the start.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainFigure {
    /// Every stage.
    pub marks: Vec<StageMark>,
    /// Arrows from each to the next.
    pub links: Vec<String>,
    /// The arrow that closes the loop: the next start.
    pub closing: String,
}

impl ChainFigure {
    /// Radius of a mark.
    pub const RADIUS: f64 = RADIUS;

    /// Lays an anatomy's stages out.
    #[must_use]
    pub fn new(stages: &[Stage], frame: &Frame) -> Self {
        let forwards = stages.iter().position(|stage| *stage == Stage::Query).map_or(stages.len(), |query| query + 1);
        let ((left, right), (bottom, top)) = (frame.across(), frame.upwards());
        let place = |number: usize| {
            let (row, column, count) = match number < forwards {
                true => (top, number, forwards),
                false => (bottom, number - forwards, stages.len() - forwards),
            };
            let share = if count > 1 { column as f64 / (count - 1) as f64 } else { 0.5 };
            let share = if number < forwards { share } else { 1.0 - share };
            (left + share * (right - left), row)
        };
        let marks: Vec<StageMark> = (stages.iter().enumerate())
            .map(|(number, &stage)| StageMark { stage, number: number + 1, at: place(number) })
            .collect();
        let links = marks.windows(2).map(|pair| arrow(pair[0].at, pair[1].at)).collect();
        let closing = match (marks.first(), marks.last()) {
            (Some(first), Some(last)) if marks.len() > forwards => arrow(last.at, first.at),
            _ => String::new(),
        };
        Self { marks, links, closing }
    }
}

/// A line between two marks, with a head of two strokes.
fn arrow((x, y): (f64, f64), (to_x, to_y): (f64, f64)) -> String {
    let (dx, dy) = (to_x - x, to_y - y);
    let length = dx.hypot(dy);
    // Marks that touch leave no room for an arrow.
    if length <= 2.0 * RADIUS + 6.0 {
        return String::new();
    }
    let (dx, dy) = (dx / length, dy / length);
    let (from, to) =
        ((x + (RADIUS + 2.0) * dx, y + (RADIUS + 2.0) * dy), (to_x - (RADIUS + 2.0) * dx, to_y - (RADIUS + 2.0) * dy));
    let stroke = |side: f64| (to.0 - 5.0 * (dx + side * dy), to.1 - 5.0 * (dy - side * dx));
    let mut line = polyline([from, to]);
    line.push_str(&polyline([stroke(0.7), to, stroke(-0.7)]));
    line
}

/// A regression's points, what is predicted for them, and the difference between both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResidualFigure {
    /// The task's function.
    pub truth: String,
    /// The prediction everywhere.
    pub curve: String,
    /// Upright lines between points and curve.
    pub residuals: String,
    /// Where the points are.
    pub points: Vec<(f64, f64)>,
    /// Where the predictions are.
    pub told: Vec<(f64, f64)>,
}

impl ResidualFigure {
    /// Draws the points `(x, y)`, a prediction for each, and lines on `grid`.
    #[must_use]
    pub fn new(plane: &Plane, (grid, truth, curve): (&[f32], &[f32], &[f32]), points: &[(f64, f64, f64)]) -> Self {
        let place = |x: f64, y: f64| (plane.x.at(x), plane.y.at(y));
        let mut figure = Self { truth: plane.line(grid, truth), curve: plane.line(grid, curve), ..Self::default() };
        for &(x, y, told) in points {
            let (point, told) = (place(x, y), place(x, told));
            if told.1.is_finite() {
                figure.residuals.push_str(&polyline([point, told]));
                figure.told.push(told);
            }
            figure.points.push(point);
        }
        figure
    }
}

/// One bar of a layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerBar {
    /// Which of the series it is of.
    pub series: usize,
    /// Its number.
    pub value: f64,
    /// Its left, top, width and height.
    pub area: [f64; 4],
}

/// Numbers of every layer as bars, one below the other.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerBars {
    /// Ticks of the numbers.
    pub across: Vec<Tick>,
    /// Middle of every layer, where its name stands.
    pub names: Vec<f64>,
    /// Every bar.
    pub bars: Vec<LayerBar>,
}

impl LayerBars {
    /// How high a plot of so many layers and series is.
    #[must_use]
    pub fn height(layers: usize, series: usize) -> f64 {
        layers as f64 * (series as f64 * BAR.0 + BAR.1)
    }

    /// Lays out `series`, each with a number for every layer, from zero on.
    #[must_use]
    pub fn new(series: &[Vec<f64>], frame: &Frame) -> Self {
        let layers = series.iter().map(Vec::len).max().unwrap_or_default();
        let most = series.iter().flatten().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        let x = Scale::linear((0.0, if most > 0.0 { most } else { 1.0 }), frame.across());
        let top = |layer: usize| frame.top + layer as f64 * (series.len() as f64 * BAR.0 + BAR.1) + BAR.1 / 2.0;
        let names = (0..layers).map(|layer| top(layer) + series.len() as f64 * BAR.0 / 2.0).collect();
        let bars = series.iter().enumerate().flat_map(|(number, values)| {
            let bar = move |(layer, &value): (usize, &f64)| {
                let end = if value.is_finite() { x.at(value) } else { x.at(most) };
                let area = [frame.left, top(layer) + number as f64 * BAR.0, (end - frame.left).max(0.0), BAR.0 - 1.0];
                LayerBar { series: number, value, area }
            };
            values.iter().enumerate().map(bar)
        });
        Self { across: x.ticks(4), names, bars: bars.collect() }
    }

    /// The bars of one series as a path; a bar of nothing still marks its place.
    #[must_use]
    pub fn path(&self, series: usize) -> String {
        let mut path = String::new();
        for LayerBar { area: [x, y, width, height], .. } in self.bars.iter().filter(|bar| bar.series == series) {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x:.1},{y:.1}h{:.1}v{height:.1}H{x:.1}z", width.max(0.5));
        }
        path
    }
}

/// The norms that a stage draws, one series after another; empty where it draws none.
#[must_use]
pub fn norms(anatomy: &Anatomy, stage: Stage, step: usize) -> Vec<Vec<f64>> {
    let inner = anatomy.steps.get(step);
    let found = match stage {
        Stage::Gradient => inner.map(|step| vec![step.gradient.clone()]),
        Stage::Update => inner.map(|step| vec![step.moved.clone()]),
        Stage::Adjoint => anatomy.way.as_ref().map(|way| vec![way.last.clone()]),
        Stage::Back => match (anatomy.back_step(step), anatomy.before_back(step), &anatomy.gradient) {
            (Some((_, back)), Some(from), _) => Some(vec![from.to_vec(), back.bent.clone(), back.to.clone()]),
            (_, _, Some(gradient)) => Some(vec![gradient.norms.clone()]),
            _ => None,
        },
        // A gradient and a step are not of one scale: what is drawn is where the meta-parameters move.
        Stage::Outer => anatomy.outer.as_ref().map(|outer| vec![outer.moved.clone()]),
        Stage::Nudge => {
            let of = |pick: fn(&Nudge) -> f64| nudged(anatomy).map(|(_, nudge)| pick(&nudge).abs()).collect();
            Some(vec![of(|nudge| nudge.change), of(|nudge| nudge.foretold)])
        }
        _ => None,
    };
    found.unwrap_or_default()
}

/// What stands beside the bars of [`norms`]: layers, parts of the meta-parameters, or the numbers that are nudged.
#[must_use]
pub fn named_bars(anatomy: &Anatomy, stage: Stage) -> Vec<String> {
    let plain = anatomy.way.as_ref().is_none_or(|way| way.steps.is_empty());
    match stage {
        Stage::Nudge => nudged(anatomy).map(|(name, _)| name.to_owned()).collect(),
        Stage::Outer => anatomy.learned.clone(),
        Stage::Back if plain => anatomy.learned.clone(),
        _ => anatomy.layers.clone(),
    }
}

/// The numbers that were moved, with what it came to.
fn nudged(anatomy: &Anatomy) -> impl Iterator<Item = (&str, Nudge)> {
    anatomy.followed.iter().filter_map(|one| Some((one.name.as_str(), one.nudge?)))
}

/// Drawings in rows, each with the probabilities of its classes below it.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawingGrid {
    /// Left and top of every cell.
    pub cells: Vec<(f64, f64)>,
    /// Height of all.
    pub height: f64,
}

impl DrawingGrid {
    /// Width and height of a cell, gaps counted in.
    pub const CELL: (f64, f64) = (66.0, 100.0);

    /// Sides of a drawing in its cell.
    pub const PICTURE: f64 = 56.0;

    /// The frame of the bars of a cell, from its left and below its drawing.
    pub const BARS: Frame = Frame { width: 56.0, height: 24.0, left: 0.0, right: 0.0, top: 1.0, bottom: 4.0 };

    /// Places `count` drawings in a width.
    #[must_use]
    pub fn new(count: usize, width: f64) -> Self {
        let columns = ((width / Self::CELL.0) as usize).max(1);
        let cell = |number: usize| ((number % columns) as f64 * Self::CELL.0, (number / columns) as f64 * Self::CELL.1);
        Self { cells: (0..count).map(cell).collect(), height: count.div_ceil(columns) as f64 * Self::CELL.1 }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::experiment::{
        Adaptation, Back, BackStep, InnerOptimizer, InnerStep, Inside, LearnerKind, Trajectory, WayBack,
    };

    /// One step of MAML on two points and two layers.
    pub(in crate::chart) fn small() -> Anatomy {
        Anatomy {
            meta_step: 3,
            kind: LearnerKind::Maml,
            index: 0,
            own: false,
            inside: Inside::Descends,
            back: Back::Through,
            lr: 0.1,
            optimizer: InnerOptimizer::Sgd,
            pull: 0.0,
            sums: false,
            adaptation: Adaptation::Regression(Trajectory::default()),
            layers: vec!["layer0".to_owned(), "layer1".to_owned()],
            steps: vec![InnerStep {
                seen: vec![0, 1],
                predictions: vec![vec![1.0], vec![2.0]],
                targets: vec![0.0, -1.0],
                terms: vec![1.0, 9.0],
                loss: 5.0,
                gradient: vec![3.0, 4.0],
                moved: vec![0.3, 0.4],
                length: vec![1.0, 1.0],
            }],
            queries: Vec::new(),
            query_loss: [2.0, 1.0],
            way: Some(WayBack {
                taken: true,
                last: vec![1.0, 2.0],
                steps: vec![BackStep { bent: vec![0.5, 0.25], to: vec![0.75, 1.9] }],
                cosines: vec![None; 3],
            }),
            learned: vec!["layer0".to_owned(), "layer1".to_owned()],
            gradient: None,
            followed: Vec::new(),
            outer: None,
        }
    }

    fn frame(width: f64, height: f64) -> Frame {
        Frame { width, height, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 }
    }

    #[test]
    fn the_stages_run_to_the_query_set_along_the_top_and_back_along_the_bottom() {
        let figure = ChainFigure::new(&small().stages(), &frame(500.0, 100.0));
        let places: Vec<_> = figure.marks.iter().map(|mark| (mark.stage, mark.at)).collect();
        assert_eq!(places[0], (Stage::Start, (0.0, 0.0)));
        assert_eq!(places[5], (Stage::Query, (500.0, 0.0)));
        assert_eq!(places[6], (Stage::Adjoint, (500.0, 100.0)));
        assert_eq!(places[7], (Stage::Back, (0.0, 100.0)));
        assert_eq!(figure.links.len(), 7);
        assert!(figure.links.iter().all(|link| !link.is_empty()) && !figure.closing.is_empty());
    }

    #[test]
    fn bars_begin_at_zero_and_the_longest_fills_the_plot() {
        let anatomy = small();
        let figure = LayerBars::new(&norms(&anatomy, Stage::Gradient, 0), &frame(100.0, 60.0));
        let widths: Vec<f64> = figure.bars.iter().map(|bar| bar.area[2]).collect();
        assert_eq!(widths, [75.0, 100.0]);
        assert_eq!(figure.names.len(), 2);
        assert!(figure.path(0).starts_with("M0.0,6.0h75.0v10.0H0.0z"), "{}", figure.path(0));
        let nothing = LayerBars::new(&[vec![0.0, f64::NAN]], &frame(100.0, 60.0));
        assert!(nothing.bars.iter().all(|bar| bar.area[2] == 0.0));
    }

    #[test]
    fn the_way_back_has_three_bars_a_layer_and_a_stage_without_norms_none() {
        let anatomy = small();
        assert_eq!(norms(&anatomy, Stage::Back, 0), [vec![1.0, 2.0], vec![0.5, 0.25], vec![0.75, 1.9]]);
        assert!(norms(&anatomy, Stage::Forward, 0).is_empty() && norms(&anatomy, Stage::Outer, 0).is_empty());
        assert_eq!(named_bars(&anatomy, Stage::Back), ["layer0", "layer1"]);
    }

    #[test]
    fn drawings_fill_row_after_row() {
        let grid = DrawingGrid::new(3, 140.0);
        assert_eq!((grid.cells, grid.height), (vec![(0.0, 0.0), (66.0, 0.0), (0.0, 100.0)], 200.0));
        assert_eq!(DrawingGrid::new(2, 10.0).cells.len(), 2, "a narrow one has one column");
    }

    #[test]
    fn a_residual_runs_from_the_point_to_the_curve() {
        let plane = Plane::new(&frame(10.0, 10.0), (0.0, 1.0), (0.0, 1.0));
        let figure = ResidualFigure::new(
            &plane,
            (&[0.0, 1.0], &[0.0, 0.0], &[1.0, 1.0]),
            &[(0.5, 0.0, 1.0), (1.0, 0.0, f64::NAN)],
        );
        assert_eq!(figure.residuals, "M5.0,10.0L5.0,0.0");
        assert_eq!((figure.points.len(), figure.told.len()), (2, 1));
    }
}
