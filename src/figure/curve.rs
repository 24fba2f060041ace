//! Meta-training: loss or accuracy before and after adaptation.

use crate::{
    chart::{Axis, Key, LossFigure, LossLine, Mark, Plot, Series, Sheet},
    words::{Locale, captions, tell},
};

use super::meta_axes;

/// The curve, with its checks on validation tasks.
#[must_use]
pub fn curve(locale: Locale, series: &Series, axis: Axis, width: f64) -> Sheet {
    let frame = Plot::frame(width, (width * 0.6).clamp(150.0, 240.0) + 27.0);
    let figure = LossFigure::new(series, &frame, axis);
    let heading = match axis {
        Axis::Accuracy => tell!(locale, training.figure_accuracy),
        Axis::Loss | Axis::LogLoss => tell!(locale, training.figure),
    };
    let axes = meta_axes(locale, (&figure.across, &figure.upwards), axis);
    let mut plot = Plot { heading: Some(heading.to_owned()), ..Plot::new("loss", frame, &axes) };
    let line = |class: &str, line: &LossLine| {
        let paths = [
            Mark::path(format!("band {class}"), line.band.clone()),
            Mark::path(format!("loss {class}"), line.line.clone()),
        ];
        paths.into_iter().chain(line.end.map(|end| Mark::circle(format!("end {class}"), end, 4.0)))
    };
    let validation = Mark::path("loss validation", figure.validation.line.clone());
    let best = figure.best.map(|best| Mark::circle("end validation", best, 5.0));
    let lines = line("before", &figure.before).chain(line("after", &figure.after));
    plot.marks.push(Mark::Clipped(lines.chain([validation]).chain(best).collect()));
    let mut legend = vec![
        Key::line("loss before", tell!(locale, training.before)),
        Key::line("loss after", tell!(locale, training.after)),
    ];
    if figure.best.is_some() {
        let marks = vec![Mark::path("loss validation", "M1,6H27"), Mark::circle("end validation", (14.0, 6.0), 5.0)];
        legend.push(Key::new(marks, tell!(locale, training.validation)));
    }
    let caption = captions::curve(locale, series, axis).unwrap_or_else(|| tell!(locale, caption.none).to_owned());
    Sheet { title: tell!(locale, training.title).to_owned(), plots: vec![plot], legend, ramp: None, caption }
}
