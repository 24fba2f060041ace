//! Runs laid over one another.

use crate::{
    chart::{Axis, Key, Mark, Plot, RunCourse, RunsFigure, Sheet, contest_marks, moving_mean},
    words::{Locale, captions, tell},
};

use super::meta_axes;

/// The curves of some runs after adaptation, each with the number of its line and its name, as means over `over` points.
/// Where a line ends stands a mark of its own shape.
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
        paths.into_iter().chain(drawn.end.map(|end| end_mark(*line, end)))
    });
    plot.marks.push(Mark::Clipped(lines.collect()));
    let last = |course: &RunCourse| moving_mean(course, over).last().copied().unwrap_or(f64::NAN);
    let ends: Vec<(String, f64)> = chosen.iter().map(|(_, name, course)| (name.clone(), last(course))).collect();
    let caption = captions::ends(locale, &ends, axis).unwrap_or_default();
    let legend = chosen.iter().map(|(line, name, _)| Key::new(run_key(*line), name.clone()));
    Sheet { title: title.to_owned(), plots: vec![plot], legend: legend.collect(), ramp: None, caption }
}

/// A piece of a line and the mark at its end, as they stand in a legend.
#[must_use]
pub fn run_key(line: usize) -> Vec<Mark> {
    vec![Mark::path(format!("run-line line-{line}"), "M1,6H27"), end_mark(line, (14.0, 6.0))]
}

fn end_mark(line: usize, at: (f64, f64)) -> Mark {
    Mark::path(format!("run-end line-{line}"), contest_marks(line, &[at]))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_ends_in_a_mark_of_its_own_shape_which_stands_in_the_legend_too() {
        let course = vec![(1, 2.0), (2, 1.0)];
        let chosen: Vec<_> = (0..6_usize).map(|line| (line, line.to_string(), course.clone())).collect();
        let sheet = runs(Locale::en, &chosen, (1, Axis::Loss), 500.0);
        let shapes = |marks: Vec<Mark>| -> HashSet<String> {
            let of = |mark: Mark| match mark {
                Mark::Path { class, d, .. } if class.starts_with("run-end") => Some(d),
                _ => None,
            };
            marks.into_iter().filter_map(of).collect()
        };
        let drawn = sheet.plots[0].marks.iter().find_map(|mark| match mark {
            Mark::Clipped(marks) => Some(marks.clone()),
            _ => None,
        });
        assert_eq!(shapes(drawn.unwrap()).len(), 6);
        assert_eq!(shapes(sheet.legend.into_iter().flat_map(|key| key.marks).collect()).len(), 6);
    }
}
