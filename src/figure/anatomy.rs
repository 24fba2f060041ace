//! One step taken apart: where in the whole a stage is, and what it is about.

use crate::{
    chart::{
        Anchor, Axes, ChainFigure, DrawingGrid, Frame, Key, LayerBars, Mark, Plane, Plot, ResidualFigure, Sheet,
        StageMark, named_bars, norms, number, window,
    },
    experiment::{Adaptation, Anatomy, CharacterTrajectory, Drawing, Followed, Stage, Trajectory},
    words::{Locale, anatomy as told, classified::letter, tell},
};

use super::characters::{bar_keys, bars, ink};

/// Height of the diagram.
const CHAIN: f64 = 104.0;

/// Room for the longest name of a part, and for a number behind a bar.
const NAMES: f64 = 128.0;
const VALUES: f64 = 62.0;

/// A stage at an inner step counted from 0: the diagram of the whole, and below it the points, drawings or norms that the
/// stage is about, where it has some. The caption tells of the number that is followed where the stage does.
#[must_use]
pub fn anatomy(
    locale: Locale,
    anatomy: &Anatomy,
    (stage, step, followed): (Stage, usize, Option<&Followed>),
    width: f64,
) -> Sheet {
    let mut plots = vec![chain(locale, &anatomy.stages(), stage, width)];
    let examples = matches!(stage, Stage::Start | Stage::Forward | Stage::Loss | Stage::Make | Stage::Query);
    let (plot, legend) = match &anatomy.adaptation {
        Adaptation::Regression(task) if examples => points(locale, anatomy, task, (stage, step), width),
        Adaptation::Characters(task) if examples => drawings(locale, anatomy, task, (stage, step), width),
        _ => bars_of(locale, anatomy, (stage, step), width),
    };
    plots.extend(plot);
    let caption = told::sentence(locale, anatomy, stage, step, followed);
    Sheet { title: tell!(locale, anatomy.title).to_owned(), plots, legend, ramp: None, caption }
}

/// Where a stage is in the whole.
#[must_use]
pub fn chain(locale: Locale, stages: &[Stage], stage: Stage, width: f64) -> Plot {
    let side = ChainFigure::RADIUS + 4.0;
    let frame = Frame { width, height: CHAIN, left: side, right: side, top: side, bottom: side };
    let figure = ChainFigure::new(stages, &frame);
    let links = figure.links.into_iter().map(|line| Mark::path("link", line));
    let mut marks: Vec<Mark> = links.chain([Mark::path("link closing", figure.closing)]).collect();
    for StageMark { stage: other, number, at: (x, y) } in figure.marks {
        let (ring, name) = if other == stage { ("stage now", "now-number") } else { ("stage", "") };
        marks.push(Mark::circle(ring, (x, y), ChainFigure::RADIUS));
        marks.push(Mark::text(name, (x, y + 4.0), Anchor::Middle, number.to_string()));
    }
    let place = stages.iter().position(|other| *other == stage).unwrap_or(0) + 1;
    let place = tell!(locale, anatomy.place, number = place, count = stages.len());
    let heading = Some(format!("{place} · {}", told::title(locale, stage)));
    let marks = vec![Mark::group("chain", marks)];
    Plot { heading, marks, ..Plot::new("anatomy-chain", frame, &Axes::default()) }
}

/// What a stage draws, and what its marks mean.
type Drawn = (Option<Plot>, Vec<Key>);

/// The points of a stage, `(x, y, prediction)`, and after how many inner steps the curve is drawn.
fn seen(anatomy: &Anatomy, task: &Trajectory, stage: Stage, step: usize) -> (Vec<(f64, f64, f64)>, usize) {
    let plain = || task.support.iter().map(|point| (point.x.into(), point.y.into(), f64::NAN)).collect();
    let told = |told: &[f64]| told.first().copied().unwrap_or(f64::NAN);
    match (stage, anatomy.steps.get(step)) {
        (Stage::Query, _) => {
            let query = |query: &crate::experiment::Query| {
                (query.x.unwrap_or(f64::NAN), query.target, told(&query.predictions[1]))
            };
            (anatomy.queries.iter().map(query).collect(), anatomy.count())
        }
        (Stage::Forward | Stage::Loss, Some(inner)) => {
            let all = inner.seen.iter().zip(&inner.predictions).zip(&inner.targets);
            let point = |((seen, prediction), target): ((&u32, &Vec<f64>), &f64)| {
                Some((f64::from(task.support.get(*seen as usize)?.x), *target, told(prediction)))
            };
            (all.filter_map(point).collect(), step)
        }
        (Stage::Make, _) => (plain(), anatomy.count()),
        _ => (plain(), 0),
    }
}

/// A regression: points, the curve, and what lies between. A quadratic has no points.
fn points(locale: Locale, anatomy: &Anatomy, task: &Trajectory, (stage, step): (Stage, usize), width: f64) -> Drawn {
    let (Some(from), Some(to)) = (task.grid.first(), task.grid.last()) else { return (None, Vec::new()) };
    let frame = Plot::frame(width, 280.0);
    let values = task.truth.iter().copied().chain(task.support.iter().map(|point| point.y));
    let plane = Plane::new(&frame, (f64::from(*from), f64::from(*to)), window(values));
    let (points, at) = seen(anatomy, task, stage, step);
    let curve = task.steps.get(at).map(|step| step.prediction.as_slice()).unwrap_or_default();
    let figure = ResidualFigure::new(&plane, (&task.grid, &task.truth, curve), &points);
    let (across, upwards) = plane.ticks(&frame);
    let names = (tell!(locale, axis.x).to_owned(), tell!(locale, axis.y).to_owned());
    let axes = Axes { across, upwards, across_name: names.0, upwards_name: names.1, upright: true, ..Axes::default() };
    let lines = [("truth", figure.truth), ("curve", figure.curve), ("residual", figure.residuals)];
    let lines = lines.map(|(class, d)| Mark::path(class, d)).into();
    let told = !figure.told.is_empty();
    let heading = match told {
        true => tell!(locale, anatomy.figure_points),
        false => tell!(locale, anatomy.figure_points_alone),
    };
    let mut plot = Plot { heading: Some(heading.to_owned()), ..Plot::new("anatomy-points", frame, &axes) };
    let dots = figure.points.into_iter().map(|at| Mark::circle("point", at, 5.0));
    let dots = dots.chain(figure.told.into_iter().map(|at| Mark::circle("told", at, 3.0)));
    plot.marks.push(Mark::group("opened", [Mark::Clipped(lines)].into_iter().chain(dots).collect()));
    let key = |marks: Vec<Mark>, name: &str| Key::new(vec![Mark::group("opened", marks)], name);
    let line = |class: &str| vec![Mark::path(class, "M1,6H27")];
    let mut keys = vec![
        key(line("truth"), tell!(locale, anatomy.key_truth)),
        key(line("curve"), tell!(locale, anatomy.key_curve)),
        key(vec![Mark::circle("point", (14.0, 6.0), 5.0)], tell!(locale, anatomy.key_point)),
    ];
    if told {
        keys.push(key(vec![Mark::circle("told", (14.0, 6.0), 3.0)], tell!(locale, anatomy.key_told)));
        keys.push(key(line("residual"), tell!(locale, anatomy.key_residual)));
    }
    (Some(plot), keys)
}

/// A drawing, and the probabilities of all classes where there are some.
type Cell<'a> = (&'a Drawing, Option<Vec<f32>>);

/// The drawings of a stage.
fn cells<'a>(anatomy: &Anatomy, task: &'a CharacterTrajectory, stage: Stage, step: usize) -> Vec<Cell<'a>> {
    let narrow = |told: &[f64]| Some(told.iter().map(|value| *value as f32).collect::<Vec<f32>>());
    match (stage, anatomy.steps.get(step)) {
        (Stage::Query, _) => {
            // What has no class is judged by nobody.
            let known = task.query.iter().filter(|drawing| drawing.class.is_some()).zip(&anatomy.queries);
            known.map(|(drawing, query)| (drawing, narrow(&query.predictions[1]))).collect()
        }
        (Stage::Forward | Stage::Loss, Some(inner)) => {
            let all = inner.seen.iter().zip(&inner.predictions);
            all.filter_map(|(seen, told)| Some((task.support.get(*seen as usize)?, narrow(told)))).collect()
        }
        _ => task.support.iter().map(|drawing| (drawing, None)).collect(),
    }
}

/// Characters: drawings, and how probable each class is.
fn drawings(
    locale: Locale,
    anatomy: &Anatomy,
    task: &CharacterTrajectory,
    (stage, step): (Stage, usize),
    width: f64,
) -> Drawn {
    const SIDE: f64 = DrawingGrid::PICTURE;
    let cells = cells(anatomy, task, stage, step);
    let grid = DrawingGrid::new(cells.len(), width);
    let frame = Frame { width, height: grid.height, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };
    let some = cells.iter().any(|(_, told)| told.is_some());
    let heading = match some {
        true => tell!(locale, anatomy.figure_drawings),
        false => tell!(locale, anatomy.figure_drawings_alone),
    };
    let heading = Some(heading.to_owned());
    let mut plot = Plot { heading, ..Plot::new("anatomy-drawings", frame, &Axes::default()) };
    for ((drawing, told), (x, y)) in cells.into_iter().zip(grid.cells) {
        ink(drawing, (x, y), SIDE, &mut plot.marks);
        let class = drawing.class.map(usize::from);
        if let Some(told) = &told {
            let likely = told.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(class, _)| class);
            let Frame { width, height, top, bottom, .. } = DrawingGrid::BARS;
            let (below, right) = (y + SIDE, 0.0);
            let frame = Frame { width: x + width, height: below + height, left: x, right, top: below + top, bottom };
            plot.marks.push(bars(told, likely, class, &frame));
        }
        let own = class.map(|class| (letter(class), told.as_ref().and_then(|told| told.get(class))));
        let text = own.map(|(letter, own)| match own {
            Some(own) => format!("{letter} {own:.2}"),
            None => letter.to_string(),
        });
        plot.marks.extend(text.map(|text| Mark::text("tick", (x + SIDE / 2.0, y + SIDE + 36.0), Anchor::Middle, text)));
    }
    (Some(plot), if some { bar_keys(locale) } else { Vec::new() })
}

/// Norms of the parts of the weights, or of what a nudge changes.
fn bars_of(locale: Locale, anatomy: &Anatomy, (stage, step): (Stage, usize), width: f64) -> Drawn {
    let series = norms(anatomy, stage, step);
    if series.is_empty() {
        return (None, Vec::new());
    }
    let names = named_bars(anatomy, stage);
    let bottom = Plot::frame(width, 0.0).bottom;
    let height = LayerBars::height(names.len(), series.len()) + bottom;
    let frame = Frame { width, height, left: NAMES, right: VALUES, top: 0.0, bottom };
    let figure = LayerBars::new(&series, &frame);
    let (heading, across_name) = match stage {
        Stage::Nudge => (tell!(locale, anatomy.figure_nudges), tell!(locale, anatomy.across_change)),
        _ => (tell!(locale, anatomy.figure_norms), tell!(locale, anatomy.across_norm)),
    };
    let across_name = across_name.to_owned();
    let axes = Axes { across: figure.across.clone(), across_name, upright: true, ..Axes::default() };
    let keys = told::keys(locale, anatomy, stage);
    let heading = Some(format!("{heading}: {}", keys.join(", ")));
    let mut plot = Plot { heading, ..Plot::new("anatomy-norms", frame, &axes) };
    let labels = names.into_iter().zip(&figure.names);
    plot.marks.extend(labels.map(|(name, y)| Mark::text("tick", (NAMES - 8.0, y + 4.0), Anchor::End, name)));
    let class = |place: usize| format!("norm-bar n{place}");
    plot.marks.extend((0..series.len()).map(|place| Mark::path(class(place), figure.path(place))));
    plot.marks.extend(figure.bars.iter().map(|bar| {
        let [x, y, width, height] = bar.area;
        Mark::text("tick value", (x + width + 4.0, y + height - 1.0), Anchor::Start, number(bar.value))
    }));
    let key = |(place, name): (usize, &str)| Key::new(vec![Mark::path(class(place), "M1,2H27V10H1z")], name);
    (Some(plot), keys.into_iter().enumerate().map(key).collect())
}
