//! # figure: the figures of the page as whole pictures
//!
//! Each function takes an outcome, a language and a width in CSS pixels, and gives a [`Sheet`]: marks from `chart`, a title
//! that is the question the figure answers, axes with their units, a legend, and a caption counted from the data by
//! `words`. The page shows a sheet's parts among its own, exports it as a picture and draws no figure of its own beside it;
//! `kindling figure` writes the same sheet. A further figure is a function here, a line in the command line's table of
//! figures (`cli/figure.rs`), and a `Pictured` on the page (`app/view/pictured.rs`). Pure functions; calls `chart`,
//! `words`, `experiment` and the images of `task`.
//!
//! [`Sheet`]: crate::chart::Sheet

mod adaptation;
mod anatomy;
mod characters;
mod comparison;
mod curve;
mod diagnosis;
mod embedding;
mod evaluation;
mod landscape;
mod layers;
mod maps;
mod multiples;
mod race;
mod runs;
mod search;
mod steps;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_inside;

pub use adaptation::{Looked, adaptation};
pub use anatomy::{anatomy, chain};
pub use characters::characters;
pub use comparison::{contest, curves, entrant_key};
pub use curve::curve;
pub use diagnosis::{costs, directions};
pub use embedding::embedding;
pub use evaluation::{Judged, evaluation};
pub use landscape::{paths, square, surface};
pub use layers::{layers, likeness};
pub use maps::{filters, maps};
pub use multiples::{MOST_DRAWINGS, multiples};
pub use race::race;
pub use runs::{run_key, runs};
pub use search::search;
pub use steps::{Inner, steps};

use crate::{
    chart::{Axes, Axis, Mark, MeanLine, Tick, contest_marks},
    words::{Locale, tell},
};

/// What stands behind the numbers of an axis.
fn unit(axis: Axis) -> &'static str {
    if axis == Axis::Accuracy { "\u{202f}%" } else { "" }
}

/// The axes of meta-training: a loss or an accuracy over meta-steps.
fn meta_axes(locale: Locale, (across, upwards): (&[Tick], &[Tick]), axis: Axis) -> Axes {
    Axes {
        across: across.to_vec(),
        upwards: upwards.to_vec(),
        across_name: tell!(locale, compare.across_meta).to_owned(),
        upwards_name: match axis {
            Axis::Accuracy => tell!(locale, axis.accuracy).to_owned(),
            Axis::Loss | Axis::LogLoss => tell!(locale, axis.loss).to_owned(),
        },
        unit: unit(axis),
        upright: false,
    }
}

/// What a query set is judged by.
fn query_measure(locale: Locale, axis: Axis) -> String {
    match axis {
        Axis::Accuracy => tell!(locale, axis.query_accuracy).to_owned(),
        Axis::Loss | Axis::LogLoss => tell!(locale, axis.query_loss).to_owned(),
    }
}

/// A line of means, its intervals and a mark of its own shape at each.
fn mean_line(class: &str, shape: usize, line: &MeanLine) -> Vec<Mark> {
    vec![
        Mark::path(format!("mean-line {class}"), line.line.clone()),
        Mark::path(format!("mean-bars {class}"), line.bars.clone()),
        Mark::path(format!("mean-marks {class}"), contest_marks(shape, &line.places)),
    ]
}

/// The same in a legend.
fn mean_key(class: &str, shape: usize) -> Vec<Mark> {
    let marks = contest_marks(shape, &[(14.0, 6.0)]);
    vec![Mark::path(format!("mean-line {class}"), "M1,6H27"), Mark::path(format!("mean-marks {class}"), marks)]
}
