//! How the network adapts to a task of points.

use crate::{
    chart::{AdaptationFigure, Anchor, Axes, Key, Mark, Plane, Plot, Sheet, window},
    experiment::{Family, LearnerKind, Point, Trajectory},
    words::{Locale, Noticing, noticing, tell},
};

/// What is looked at of a trajectory, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Looked {
    /// The inner step on show.
    pub step: usize,
    /// Of which family the task is.
    pub family: Family,
    /// What adapts.
    pub learner: LearnerKind,
    /// Meta-steps of its meta-training.
    pub meta_step: u32,
}

/// Truth, points and the prediction after every inner step.
#[must_use]
pub fn adaptation(locale: Locale, trajectory: &Trajectory, looked: Looked, width: f64) -> Sheet {
    let Looked { step, family, learner, meta_step } = looked;
    let frame = Plot::frame(width, (width * 0.58).clamp(250.0, 430.0) + 24.0);
    let ends = |pick: fn(&[f32]) -> Option<&f32>| pick(&trajectory.grid).copied().map_or(0.0, f64::from);
    let points = trajectory.support.iter().chain(&trajectory.query).map(|point| point.y);
    let y = window(trajectory.truth.iter().copied().chain(points));
    let plane = Plane::new(&frame, (ends(<[f32]>::first), ends(<[f32]>::last)), y);
    let (across, upwards) = plane.ticks(&frame);
    let names = (tell!(locale, axis.x).to_owned(), tell!(locale, axis.y).to_owned());
    let axes = Axes { across, upwards, across_name: names.0, upwards_name: names.1, upright: true, ..Axes::default() };
    let mut plot = Plot::new("adaptation", frame, &axes);
    let drawn = AdaptationFigure::new(trajectory, &plane);
    let faint = drawn.predictions.iter().enumerate();
    let faint = faint.map(|(index, d)| Mark::faint("prediction", d.clone(), AdaptationFigure::strength(index, step)));
    let band = drawn.bands.get(step).map(|d| Mark::path("band after", d.clone()));
    let truth = plane.truth(&trajectory.grid, &trajectory.truth, family == Family::Step);
    let now = drawn.predictions.get(step).map(|d| Mark::path("prediction now", d.clone()));
    let lines = band.into_iter().chain(faint).chain([Mark::path("truth", truth)]).chain(now);
    plot.marks.push(Mark::Clipped(lines.collect()));
    plot.marks.push(queries(&plane, &trajectory.query));
    let ahead = |index: usize| learner.sees_one_by_one() && index >= step;
    for (index, point) in trajectory.support.iter().enumerate() {
        let dot = Mark::circle("dot", plane.place(point.x, point.y), 6.5);
        plot.marks.push(if ahead(index) { Mark::group("ahead", vec![dot]) } else { dot });
    }
    let told = tell!(locale, scrub.value_step, step, last = trajectory.steps.len().saturating_sub(1));
    plot.marks.push(Mark::text("tick", (frame.across().1, 11.0), Anchor::End, told));
    let caption = match Noticing::of(trajectory, step, meta_step, learner) {
        Noticing::Nothing => String::new(),
        found => noticing(locale, &found, family, learner),
    };
    let legend = legend(locale, !drawn.bands.is_empty(), learner.sees_one_by_one());
    Sheet { title: tell!(locale, figure.title).to_owned(), plots: vec![plot], legend, ramp: None, caption }
}

/// Query points, each a diamond.
pub(super) fn queries(plane: &Plane, points: &[Point]) -> Mark {
    let diamonds = points.iter().map(|point| {
        let (x, y) = plane.place(point.x, point.y);
        format!("M{x:.1},{:.1}l3.5,3.5l-3.5,3.5l-3.5,-3.5z", y - 3.5)
    });
    Mark::path("query", diamonds.collect::<String>())
}

/// What its lines and marks mean; a learner may say how sure it is, and see one point after another.
fn legend(locale: Locale, band: bool, one_by_one: bool) -> Vec<Key> {
    let dot = || Mark::circle("dot", (14.0, 6.0), 4.5);
    let faint = Mark::faint("prediction", "M1,6H27", 0.45);
    let mut keys = vec![
        Key::line("truth", tell!(locale, figure.truth)),
        Key::line("prediction now", tell!(locale, figure.prediction)),
        Key::new(vec![faint], tell!(locale, figure.earlier)),
    ];
    if band {
        keys.push(Key::new(vec![Mark::path("band after", "M1,1H27V11H1Z")], tell!(locale, figure.band)));
    }
    keys.push(Key::new(vec![dot()], tell!(locale, figure.support)));
    if one_by_one {
        keys.push(Key::new(vec![Mark::group("ahead", vec![dot()])], tell!(locale, figure.ahead)));
    }
    keys.push(Key::new(vec![Mark::path("query", "M14,2l4,4l-4,4l-4,-4z")], tell!(locale, figure.query)));
    keys
}
