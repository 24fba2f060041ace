//! The space of weights in a plane: tasks' paths, and the loss of one of them around the start.

use crate::{
    chart::{Anchor, Axes, Frame, Key, Mark, Plot, Ramp, Sheet, SurfaceFigure, Walk, WalkFigure},
    experiment::{Landscape, LearnerKind},
    words::{Locale, captions, format, landscape as told, tell},
};

/// A square plot in a figure of a width.
#[must_use]
pub fn square(width: f64) -> Frame {
    let Frame { left, right, top, bottom, .. } = Plot::frame(width, 0.0);
    Plot::frame(width, (width - left - right).max(120.0) + top + bottom)
}

/// The axes of the plane.
fn plane(locale: Locale, landscape: &Landscape, figure: &WalkFigure, name: &str, frame: Frame) -> Plot {
    let axes = Axes {
        across: figure.across.clone(),
        upwards: figure.upwards.clone(),
        across_name: told::axis(locale, landscape, 0),
        upwards_name: tell!(locale, axis.second_axis, name = told::axis(locale, landscape, 1)),
        unit: "",
        upright: true,
    };
    Plot::new(name, frame, &axes)
}

/// What stands beside a learner's arrow, its name in papers in every language; and its class.
fn arrow(kind: LearnerKind) -> (&'static str, &'static str) {
    match kind {
        LearnerKind::Fomaml => ("FOMAML", "arrow fomaml"),
        LearnerKind::Reptile => ("Reptile", "arrow reptile"),
        _ => ("MAML", "arrow maml"),
    }
}

/// A path with a mark at every step; where `step` is one of its places, a ring around that.
fn walk(walk: &Walk, class: &str, step: Option<usize>, r: f64) -> Mark {
    let steps = walk.steps.iter().skip(1).map(|at| Mark::circle("step", *at, r));
    let here = step.and_then(|step| walk.steps.get(step)).map(|at| Mark::circle("here", *at, r + 3.2));
    let line = [Mark::path("halo", walk.line.clone()), Mark::path("line", walk.line.clone())];
    let line = line.into_iter().skip(usize::from(!class.contains("on-surface")));
    Mark::group(class, line.chain(steps).chain(here).collect())
}

/// The paths of tasks' weights from one start and the directions of descent there. `step` is the place on show of the
/// paths, and `current` which of them stands out.
#[must_use]
pub fn paths(locale: Locale, landscape: &Landscape, current: Option<usize>, step: usize, width: f64) -> Sheet {
    let frame = square(width);
    let figure = WalkFigure::new(landscape, &frame);
    let mut plot = plane(locale, landscape, &figure, "paths", frame);
    let mut walks: Vec<(usize, &Walk)> = figure.walks.iter().enumerate().collect();
    // The one on show lies on top.
    walks.sort_by_key(|(number, _)| (current == Some(*number), *number));
    for (number, path) in walks {
        let is_current = current == Some(number);
        let class = if is_current { "walk current" } else { "walk" };
        plot.marks.push(walk(path, class, is_current.then_some(step), 2.2));
    }
    for drawn in &figure.arrows {
        let (name, class) = arrow(drawn.kind);
        let label = Mark::text("", drawn.label, Anchor::Start, name);
        plot.marks.push(Mark::group(class, vec![Mark::path("", drawn.line.clone()), label]));
    }
    plot.marks.push(Mark::circle("start", figure.start, 4.5));
    let path = |class: &str| {
        let marks = vec![Mark::path("line", "M1,6H27"), Mark::circle("step", (14.0, 6.0), 2.2)];
        vec![Mark::group(class, marks)]
    };
    let mut legend = vec![Key::new(path("walk"), tell!(locale, axis.legend_path))];
    if current.is_some() {
        legend.push(Key::new(path("walk current"), tell!(locale, axis.legend_shown)));
    }
    legend.push(Key::new(vec![Mark::circle("start", (14.0, 6.0), 4.5)], tell!(locale, axis.legend_start)));
    for drawn in &landscape.arrows {
        let (name, class) = arrow(drawn.kind);
        let shaft = Mark::group(class, vec![Mark::path("", "M1,6H26M20,2L26,6L20,10")]);
        legend.push(Key::new(vec![shaft], tell!(locale, landscape.direction, name)));
    }
    let title = tell!(locale, landscape.title).to_owned();
    Sheet { title, plots: vec![plot], legend, ramp: None, caption: told::caption(locale, landscape) }
}

/// The loss of the task on show around the start, on its support set or its query set; none before it is known.
#[must_use]
pub fn surface(locale: Locale, landscape: &Landscape, query: bool, step: usize, width: f64) -> Option<Sheet> {
    let known = landscape.surface.as_ref()?;
    let query = query && !known.query.is_empty();
    let losses = if query { &known.query } else { &known.support };
    let frame = square(width);
    let figure = SurfaceFigure::new(losses, known.side as usize, &frame)?;
    let walks = WalkFigure::new(landscape, &frame);
    let mut plot = plane(locale, landscape, &walks, "surface", frame);
    for (colour, area) in &figure.bands {
        plot.marks.push(Mark::filled("level", area.clone(), colour.clone()));
    }
    plot.marks.extend(figure.lines.iter().map(|(_, line)| Mark::path("contour", line.clone())));
    if let Some(path) = walks.walks.iter().find(|path| path.shown) {
        plot.marks.push(walk(path, "walk on-surface", Some(step), 3.0));
    }
    plot.marks.push(Mark::circle("start", walks.start, 4.5));
    let ramp = Ramp {
        name: match query {
            true => tell!(locale, axis.query_loss).to_owned(),
            false => tell!(locale, axis.support_loss).to_owned(),
        },
        values: [0.0, 0.5, 1.0].map(|share| format::loss(figure.value(share) as f32)).into(),
    };
    let on_surface = |marks: Vec<Mark>| vec![Mark::group("walk on-surface", marks)];
    let line =
        vec![Mark::path("halo", "M1,6H27"), Mark::path("line", "M1,6H27"), Mark::circle("step", (14.0, 6.0), 3.0)];
    let legend = vec![
        Key::new(on_surface(line), tell!(locale, axis.legend_shown)),
        Key::new(vec![Mark::circle("start", (14.0, 6.0), 4.5)], tell!(locale, axis.legend_start)),
    ];
    let caption = captions::surface(locale, known, query, landscape.middle, landscape.half).unwrap_or_default();
    let title = tell!(locale, landscape.surface_title).to_owned();
    Some(Sheet { title, plots: vec![plot], legend, ramp: Some(ramp), caption })
}
