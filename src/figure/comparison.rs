//! Learners side by side: on test tasks, and while they were meta-trained.

use crate::{
    chart::{Axes, Axis, ContestFigure, Key, Mark, Mean, Plot, Sheet},
    experiment::{Compared, CurvePoint, Entrant},
    words::{Locale, captions, compare, tell},
};

use super::{mean_key, mean_line, query_measure, unit};

/// The line and the mark of a contestant, for a legend.
#[must_use]
pub fn entrant_key(number: usize, name: impl Into<String>) -> Key {
    Key::new(vec![Mark::group("contest", mean_key(&format!("c{number}"), number))], name)
}

/// Means over the test tasks after every inner step, with an upright at one of them.
#[must_use]
pub fn contest(locale: Locale, compared: &Compared, step: Option<u32>, width: f64) -> Sheet {
    let line = |one: &Entrant| {
        let means = one.means().into_iter();
        means.map(|(step, figure)| Mean { step, mean: figure.mean, half: Some(figure.ci95) }).collect()
    };
    let lines: Vec<Vec<Mean>> = compared.entrants.iter().map(line).collect();
    let axis = axis(compared);
    let measured = match axis {
        Axis::Accuracy => tell!(locale, compare.figure_accuracy),
        _ => tell!(locale, compare.figure_loss),
    };
    let tasks = compared.entrants.iter().filter_map(|one| Some(one.evaluation.as_ref()?.tasks)).min();
    let title = tell!(locale, compare.figure_tasks, measured, tasks = tasks.unwrap_or_default());
    let across = tell!(locale, compare.across_inner);
    let caption = compare::said(locale, compared);
    sheet(locale, compared, &lines, ("contest", title, across, axis), step, caption, width)
}

/// The query loss or accuracy of meta-training.
#[must_use]
pub fn curves(locale: Locale, compared: &Compared, width: f64) -> Sheet {
    let mean = |point: &CurvePoint| Mean {
        step: point.meta_step,
        mean: point.accuracy.map_or(f64::from(point.after), |accuracy| 100.0 * f64::from(accuracy.after)),
        half: None,
    };
    let lines: Vec<Vec<Mean>> = compared.entrants.iter().map(|one| one.curve.iter().map(mean).collect()).collect();
    let axis = axis(compared);
    let title = match axis {
        Axis::Accuracy => tell!(locale, compare.curves_accuracy),
        _ => tell!(locale, compare.curves_loss),
    };
    let names = compared.entrants.iter().map(|one| compare::entrant(locale, one));
    // Who ran off may have the best mean of all before it did, and has no end to be told.
    let last = |(one, line): (&Entrant, &Vec<Mean>)| match (one.diverged, line.last()) {
        (None, Some(mean)) => mean.mean,
        _ => f64::NAN,
    };
    let lasts = compared.entrants.iter().zip(&lines).map(last);
    let caption = captions::ends(locale, &names.zip(lasts).collect::<Vec<_>>(), axis).unwrap_or_default();
    let across = tell!(locale, compare.across_meta);
    sheet(locale, compared, &lines, ("curves", title.to_owned(), across, axis), None, caption, width)
}

/// What is compared.
fn axis(compared: &Compared) -> Axis {
    let judged = compared.entrants.iter().flat_map(|one| &one.evaluation).flat_map(|all| &all.steps);
    let accurate = judged.into_iter().any(|step| step.accuracy.is_some())
        || compared.entrants.iter().flat_map(|one| &one.curve).any(|point| point.accuracy.is_some());
    if accurate { Axis::Accuracy } else { Axis::LogLoss }
}

fn sheet(
    locale: Locale,
    compared: &Compared,
    lines: &[Vec<Mean>],
    (name, heading, across, axis): (&str, String, &str, Axis),
    step: Option<u32>,
    caption: String,
    width: f64,
) -> Sheet {
    let frame = Plot::frame(width, (width * 0.5).clamp(170.0, 260.0) + 13.0);
    let figure = ContestFigure::new(lines, &frame, axis);
    let axes = Axes {
        across: figure.across.clone(),
        upwards: figure.upwards.clone(),
        across_name: across.to_owned(),
        upwards_name: query_measure(locale, axis),
        unit: unit(axis),
        upright: false,
    };
    let mut plot = Plot { heading: Some(heading), ..Plot::new(name, frame, &axes) };
    let (bottom, top) = frame.upwards();
    let now = step.map(|step| figure.at(step)).filter(|at| *at <= frame.across().1);
    let now = now.map(|at| Mark::line("now", (at, bottom), (at, top)));
    let drawn = figure.lines.iter().enumerate().rev();
    let drawn = drawn.flat_map(|(number, line)| mean_line(&format!("c{number}"), number, line));
    plot.marks.push(Mark::group("contest", now.into_iter().chain(drawn).collect()));
    // Who has no line, as what stands has no curve, has no place in the legend.
    let known = compared.entrants.iter().enumerate().zip(&figure.lines).filter(|(_, line)| !line.places.is_empty());
    let legend = known.map(|((number, one), _)| entrant_key(number, compare::entrant(locale, one))).collect();
    Sheet { title: tell!(locale, compare.title).to_owned(), plots: vec![plot], legend, ramp: None, caption }
}
