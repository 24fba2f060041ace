//! Every layer over the inner steps, and how alike the learner finds what it compares.

use crate::{
    chart::{Axes, Key, LayersFigure, LikenessFigure, Mark, Plot, Ramp, Sheet, Tick, contest_marks},
    experiment::{LayerFigure, Layers, LikenessKind},
    words::{Locale, classified::letter, layers as told, tell},
};

use super::mean_key;

/// Most layers that are told apart: six hidden ones and a head.
const MOST_LAYERS: usize = 7;

/// Height of a row of the matrix, in pixels, at least and at most.
const ROW: (f64, f64) = (6.0, 22.0);

/// The style of a layer's line: the last, which is mostly the head, has the first.
fn style(number: usize, count: usize) -> usize {
    count.min(MOST_LAYERS).saturating_sub(number + 1)
}

/// What is measured, as papers write it.
fn symbol(figure: LayerFigure) -> &'static str {
    match figure {
        LayerFigure::Alike => "CKA",
        LayerFigure::Change => "‖θ_k − θ_0‖ / ‖θ_0‖",
        LayerFigure::Gradient => "‖g‖",
    }
}

/// Likeness, change and gradient of every layer, one plot each, with an upright at an inner step: means over the further
/// tasks, or figures of the task on show. None where no step changes a layer.
#[must_use]
pub fn layers(locale: Locale, layers: &Layers, means: bool, step: Option<u32>, width: f64) -> Option<Sheet> {
    if layers.layers.is_empty() {
        return None;
    }
    let plots = LayerFigure::ALL.map(|figure| course(locale, layers, (figure, means), step, width)).into();
    let count = layers.layers.len();
    let key = |(number, layer)| {
        let style = style(number, count);
        let marks = vec![Mark::group("contest", mean_key(&format!("c{style}"), style))];
        Key::new(marks, told::layer(locale, layer))
    };
    let mut legend: Vec<Key> = layers.layers.iter().enumerate().map(key).collect();
    let mut also = |mark: Mark, name: &str| legend.push(Key::new(vec![Mark::group("contest", vec![mark])], name));
    if means {
        also(Mark::path("layer-band c1", "M1,1H27V11H1z"), tell!(locale, layers.key_band));
    }
    if step.is_some() {
        also(Mark::line("now", (14.0, 0.0), (14.0, Key::HEIGHT)), tell!(locale, layers.key_now));
    }
    let caption = told::caption(locale, layers, means).unwrap_or_default();
    Some(Sheet { title: tell!(locale, layers.title).to_owned(), plots, legend, ramp: None, caption })
}

fn course(
    locale: Locale,
    layers: &Layers,
    (figure, means): (LayerFigure, bool),
    step: Option<u32>,
    width: f64,
) -> Plot {
    let frame = Plot::frame(width, (width * 0.5).clamp(176.0, 240.0));
    let drawn = LayersFigure::new(layers, figure, means, &frame);
    let now = step.map(|step| drawn.at(step)).filter(|at| *at <= frame.across().1 + 0.5);
    let axes = Axes {
        across: drawn.across,
        upwards: drawn.upwards,
        across_name: tell!(locale, layers.across).to_owned(),
        upwards_name: symbol(figure).to_owned(),
        ..Axes::default()
    };
    let heading = Some(told::figure(locale, figure).to_owned());
    let mut plot = Plot { heading, ..Plot::new(format!("layers-{}", symbol(figure)), frame, &axes) };
    let (bottom, top) = frame.upwards();
    let now = now.map(|at| Mark::line("now", (at, bottom), (at, top)));
    let count = drawn.lines.len();
    let lines = drawn.lines.into_iter().take(MOST_LAYERS).enumerate().flat_map(|(number, line)| {
        let style = style(number, count);
        let marks = contest_marks(style, &line.places);
        [("layer-band", line.band), ("mean-line", line.line), ("mean-marks", marks)]
            .map(|(class, d)| Mark::path(format!("{class} c{style}"), d))
    });
    plot.marks.push(Mark::group("contest", now.into_iter().chain(lines).collect()));
    plot
}

/// How alike the learner finds each query and what it compares it with; none where it compares nothing.
#[must_use]
pub fn likeness(locale: Locale, layers: &Layers, width: f64) -> Option<Sheet> {
    let likeness = layers.likeness.as_ref()?;
    let rows = likeness.rows.len().max(1) as f64;
    let room = Plot::frame(width, 0.0);
    let frame = Plot::frame(width, room.top + room.bottom + rows * (300.0 / rows).clamp(ROW.0, ROW.1));
    let figure = LikenessFigure::new(likeness, &frame);
    let classes = told::queries(layers);
    let axes = Axes {
        across: letters(&likeness.columns, &figure.columns),
        upwards: letters(&classes, &figure.rows),
        across_name: match likeness.kind {
            LikenessKind::Relation => tell!(locale, layers.likeness_classes).to_owned(),
            LikenessKind::Attention | LikenessKind::SameClass => tell!(locale, axis.support_drawings).to_owned(),
        },
        upwards_name: tell!(locale, axis.query_drawings).to_owned(),
        ..Axes::default()
    };
    let heading = Some(tell!(locale, layers.likeness_scale).to_owned());
    let mut plot = Plot { heading, ..Plot::new("likeness", frame, &axes) };
    plot.marks.extend(figure.bands.into_iter().map(|(colour, area)| Mark::filled("level", area, colour)));
    let ramp = Ramp {
        name: told::likeness_measure(locale, likeness.kind).to_owned(),
        values: ["0", "0.5", "1"].map(str::to_owned).into(),
    };
    let title = told::likeness_title(locale, likeness.kind).to_owned();
    let caption = told::likeness_caption(locale, likeness, &classes);
    Some(Sheet { title, plots: vec![plot], legend: Vec::new(), ramp: Some(ramp), caption })
}

/// A letter where a class begins.
fn letters(classes: &[Option<u8>], places: &[f64]) -> Vec<Tick> {
    let begins = |number: usize| number == 0 || classes[number - 1] != classes[number];
    let all = classes.iter().zip(places).enumerate().filter(|(number, _)| begins(*number));
    let tick = |(number, (class, at)): (usize, (&Option<u8>, &f64))| {
        let label = class.map_or('?', |class| letter(class.into())).to_string();
        // No tick of a class is a zero.
        Tick { value: (number + 1) as f64, at: *at, label }
    };
    all.map(tick).collect()
}
