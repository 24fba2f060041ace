//! Settings that were tried, in the plane of their rates.

use crate::{
    chart::{Axes, Axis, Key, Mark, Plot, Ramp, SearchFigure, Sheet, Tried, TriedShape},
    experiment::{Searched, Setting, Trial},
    words::{Locale, evaluation::judged, format, tell},
};

/// What was tried as the figure takes it: the rates, and the figure in the place of one that is not searched.
fn points(searched: &Searched) -> Vec<Tried> {
    let point = |trial: &Trial| {
        let Setting { inner_lr, outer_lr, .. } = trial.setting;
        let figure = trial.score().and(trial.judged.as_ref()).map(|found| judged(found).1.mean);
        let (across, upwards) = match (searched.axes.inner_lr, searched.axes.outer_lr) {
            (true, true) => (inner_lr, Some(outer_lr)),
            (true, false) => (inner_lr, figure),
            _ => (outer_lr, figure),
        };
        Tried { across, upwards, figure, rungs: trial.rungs, diverged: trial.diverged.is_some() }
    };
    searched.trials.iter().map(point).collect()
}

/// Every setting by its rates, its colour by how well it does; `caption` says which is best.
#[must_use]
pub fn search(locale: Locale, searched: &Searched, caption: String, width: f64) -> Sheet {
    let axes = searched.axes;
    let single = !(axes.inner_lr && axes.outer_lr);
    let accurate = searched.trials.iter().flat_map(|trial| &trial.judged).any(|found| found.accuracy.is_some());
    let figures = if accurate { Axis::Accuracy } else { Axis::LogLoss };
    let frame = Plot::frame(width, (width * 0.55).clamp(210.0, 330.0));
    let drawn = SearchFigure::new(&points(searched), &frame, figures, single);
    let (inner, outer) = (tell!(locale, search.axis_inner_lr), tell!(locale, search.axis_outer_lr));
    let measured = if accurate { tell!(locale, search.accuracy) } else { tell!(locale, search.loss) };
    let plane = Axes {
        across: drawn.across,
        upwards: drawn.upwards,
        across_name: if axes.inner_lr { inner } else { outer }.to_owned(),
        upwards_name: if single { measured } else { outer }.to_owned(),
        unit: "",
        upright: true,
    };
    let mut plot = Plot::new("search", frame, &plane);
    let best = searched.best().map(|best| best.number);
    let mut rings = Vec::new();
    for mark in drawn.marks {
        let out = if mark.mark == TriedShape::Diverged { "tried out" } else { "tried" };
        let colour = mark.colour.unwrap_or_else(|| "none".to_owned());
        plot.marks.push(Mark::filled(out, mark.mark.path(mark.at), colour));
        match mark.number {
            number if best == u32::try_from(number).ok() => rings.push(Mark::circle("ring best", mark.at, 13.0)),
            0 => rings.push(Mark::circle("ring own", mark.at, 13.0)),
            _ => {}
        }
    }
    plot.marks.extend(rings);
    let shape = |mark: TriedShape| {
        let class = if mark == TriedShape::Diverged { "tried out" } else { "tried plain" };
        vec![Mark::path(class, mark.path((14.0, 6.0)))]
    };
    let ring = |class: &str| vec![Mark::circle(class, (14.0, 6.0), 7.0)];
    let legend = vec![
        Key::new(shape(TriedShape::First), tell!(locale, search.mark_first)),
        Key::new(shape(TriedShape::Second), tell!(locale, search.mark_second)),
        Key::new(shape(TriedShape::Later), tell!(locale, search.mark_later)),
        Key::new(shape(TriedShape::Diverged), tell!(locale, search.mark_diverged)),
        Key::new(ring("ring best"), tell!(locale, search.mark_best)),
        Key::new(ring("ring own"), tell!(locale, search.mark_own)),
    ];
    let told = |value: f64| match accurate {
        true => format!("{value:.0}\u{202f}%"),
        false => format::loss(value as f32),
    };
    let ramp = drawn.ends.map(|(from, to)| Ramp { name: measured.to_owned(), values: vec![told(from), told(to)] });
    Sheet { title: tell!(locale, search.title).to_owned(), plots: vec![plot], legend, ramp, caption }
}
