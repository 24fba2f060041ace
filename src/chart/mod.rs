//! # chart: figures as pure functions of data
//!
//! Scales, ticks, path data and the figures of the page (adaptation, meta-training, runs, evaluation, comparisons, diagnoses,
//! settings that were tried, paths of weights and the loss around them, layers and what they make, one step taken apart,
//! inner steps, drawings and their probabilities), each
//! as plain values ready to be written into SVG attributes. A [`Plot`] is a figure as marks of classes, and a [`Sheet`] has
//! all that explains it: the page shows its parts, and a [`Picture`] is an SVG of it that stands alone, in either theme.
//! No DOM, no signals, no burn, no words of its own: `figure` gives them. Knows only the outcomes of `experiment` and the
//! images of `task`.

mod adaptation;
mod anatomy;
mod bars;
mod colour;
mod contest;
mod contour;
mod diagnosis;
mod drawing;
mod formula;
mod intervals;
mod landscape;
mod layers;
mod loss;
mod matrix;
mod path;
mod plot;
mod png;
mod race;
mod runs;
mod scale;
mod scene;
mod search;
mod series;
mod sheet;
mod strip;
mod style;
mod tiles;

pub use adaptation::{AdaptationFigure, Plane, window};
pub use anatomy::{ChainFigure, DrawingGrid, LayerBar, LayerBars, ResidualFigure, StageMark, named_bars, norms};
pub use bars::{Bars, apart, courses};
pub use colour::{Colours, viridis};
pub use contest::{ContestFigure, contest_marks};
pub use contour::contour;
pub use diagnosis::{Course, CourseFigure};
pub use drawing::data_url;
pub use formula::{adam_leads, formulas, number};
pub use intervals::{IntervalFigure, Mean, MeanLine};
pub use landscape::{ArrowMark, SurfaceFigure, Walk, WalkFigure};
pub use layers::{LayerLine, LayersFigure, LikenessFigure};
pub use loss::{Axis, LossFigure, LossLine};
pub use matrix::MatrixPicture;
pub use path::{band, polyline, steps};
pub use plot::{Anchor, Axes, Mark, Plot};
pub use race::RaceFigure;
pub use runs::{RunCourse, RunLine, RunsFigure, moving_mean};
pub use scale::{Scale, Tick};
pub use scene::{SceneFigure, Spot};
pub use search::{SearchFigure, Tried, TriedMark, TriedShape};
pub use series::{Bucket, Series, Spread};
pub use sheet::{Key, Picture, Ramp, Sheet};
pub use strip::Spark;
pub use style::Theme;
pub use tiles::Tiles;

/// The size of a figure and the margins around its plot, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Whole width.
    pub width: f64,
    /// Whole height.
    pub height: f64,
    /// Room for tick labels on the left.
    pub left: f64,
    /// Room on the right.
    pub right: f64,
    /// Room above.
    pub top: f64,
    /// Room for tick labels below.
    pub bottom: f64,
}

impl Frame {
    /// Ends of the plot from left to right.
    #[must_use]
    pub fn across(&self) -> (f64, f64) {
        (self.left, (self.width - self.right).max(self.left + 1.0))
    }

    /// Ends of the plot from bottom to top, as an SVG y axis runs downwards.
    #[must_use]
    pub fn upwards(&self) -> (f64, f64) {
        ((self.height - self.bottom).max(self.top + 1.0), self.top)
    }

    /// The `viewBox` of the figure.
    #[must_use]
    pub fn view_box(&self) -> String {
        format!("0 0 {:.0} {:.0}", self.width, self.height)
    }
}
