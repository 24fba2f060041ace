//! Runs laid over one another.

use crate::{
    chart::{Axis, Key, Mark, Plot, RunCourse, RunsFigure, Sheet, moving_mean},
    words::{Locale, captions, tell},
};

use super::meta_axes;

/// The curves of some runs after adaptation, each with the number of its line and its name, as means over `over` points.
#[must_use]
pub fn runs(locale: Locale, chosen: &[(usize, String, RunCourse)], (over, axis): (usize, Axis), width: f64) -> Sheet {
    let frame = Plot::frame(width, (width * 0.5).clamp(190.0, 320.0) + 13.0);
    let courses: Vec<RunCourse> = chosen.iter().map(|(.., course)| course.clone()).collect();
    let figure = RunsFigure::new(&courses, over, &frame, axis);
    let title = match axis {
        Axis::Accuracy => tell!(locale, runs.figure_accuracy),
        Axis::Loss | Axis::LogLoss => tell!(locale, runs.figure),
    };
    let axes = meta_axes(locale, (&figure.across, &figure.upwards), axis);
    let mut plot = Plot::new("runs", frame, &axes);
    let lines = figure.lines.iter().zip(chosen).flat_map(|(drawn, (line, ..))| {
        let paths = [
            Mark::path(format!("run-line raw line-{line}"), drawn.raw.clone()),
            Mark::path(format!("run-line line-{line}"), drawn.smooth.clone()),
        ];
        paths.into_iter().chain(drawn.end.map(|end| Mark::circle(format!("run-end line-{line}"), end, 4.0)))
    });
    plot.marks.push(Mark::Clipped(lines.collect()));
    let last = |course: &RunCourse| moving_mean(course, over).last().copied().unwrap_or(f64::NAN);
    let ends: Vec<(String, f64)> = chosen.iter().map(|(_, name, course)| (name.clone(), last(course))).collect();
    let caption = captions::ends(locale, &ends, axis).unwrap_or_default();
    let legend = chosen.iter().map(|(line, name, _)| Key::line(format!("run-line line-{line}"), name.clone()));
    Sheet { title: title.to_owned(), plots: vec![plot], legend: legend.collect(), ramp: None, caption }
}
