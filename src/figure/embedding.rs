//! A task's examples as the head sees them, in a plane.

use crate::{
    chart::{Anchor, Axes, Key, Mark, Plot, Ramp, SceneFigure, Sheet, contest_marks, viridis},
    experiment::{Example, Layers, Scene},
    words::{
        Locale,
        classified::letter,
        landscape::{number, share},
        layers as told, tell,
    },
};

use super::square;

/// A cross where a prototype is, and the same in a legend.
const CROSS: &str = "m-8,0h16m-8,-8v16";
const KEY: &str = "M14,6m-5,0h10m-5,-5v10";

/// Shapes of points, which have no class: those of the support set and of the query set.
const POINTS: (usize, usize) = (1, 0);

/// The examples of the task on show in the plane of the principal axes of their features, at the place-th of the inner
/// steps that are told of; none before they are known.
#[must_use]
pub fn embedding(locale: Locale, layers: &Layers, place: usize, width: f64) -> Option<Sheet> {
    let scene = layers.scene.as_ref()?;
    let frame = square(width);
    let figure = SceneFigure::new(scene, place, &frame);
    let axis = |number: usize| tell!(locale, layers.scene_axis, number, share = share(scene.shares[number - 1]));
    let axes = Axes {
        across: figure.across,
        upwards: figure.upwards,
        across_name: axis(1),
        upwards_name: tell!(locale, axis.second_axis, name = axis(2)),
        unit: "",
        upright: true,
    };
    let heading = Some(tell!(locale, layers.scene_figure).to_owned());
    let mut plot = Plot { heading, ..Plot::new("embedding", frame, &axes) };
    let regions = figure.regions.into_iter().enumerate().filter(|(_, area)| !area.is_empty());
    plot.marks.extend(regions.map(|(class, area)| Mark::path(format!("region k{class}"), area)));
    let ways = figure.spots.iter().filter(|spot| !spot.way.is_empty());
    plot.marks.extend(ways.map(|spot| Mark::path("way", spot.way.clone())));
    let ends = ends(scene);
    let seen = figure.spots.iter().filter_map(|spot| Some((scene.examples.get(spot.example)?, spot.at)));
    plot.marks.extend(seen.map(|(example, at)| mark(example, at, ends)));
    for (class, (x, y)) in figure.prototypes {
        let cross = format!("M{x:.1},{y:.1}{CROSS}");
        plot.marks.push(Mark::path("prototype halo", cross.clone()));
        plot.marks.push(Mark::path("prototype", cross));
        plot.marks.push(Mark::text("prototype-name", (x + 6.0, y - 6.0), Anchor::Start, letter(class).to_string()));
    }
    let ramp = ends.map(|(low, high)| Ramp {
        name: tell!(locale, axis.x).to_owned(),
        values: [low, (low + high) / 2.0, high].map(number).into(),
    });
    let caption = told::scene(locale, layers, scene, place);
    let title = tell!(locale, layers.scene_title).to_owned();
    Some(Sheet { title, plots: vec![plot], legend: legend(locale, scene), ramp, caption })
}

/// The ends of the points' x.
fn ends(scene: &Scene) -> Option<(f64, f64)> {
    let all = || scene.examples.iter().filter_map(|example| Some(f64::from(example.point?[0])));
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    (low <= high).then_some((low, high))
}

/// What says of which set an example is: filled or hollow.
fn set(query: bool) -> &'static str {
    if query { "hollow" } else { "filled" }
}

/// An example's mark: its class by shape and colour, or its x by colour; filled where it is of the support set.
fn mark(example: &Example, at: (f64, f64), ends: Option<(f64, f64)>) -> Mark {
    let Example { query, class, point } = *example;
    match (class, point.zip(ends)) {
        (Some(class), _) => {
            Mark::path(format!("spot of-class k{class} {}", set(query)), contest_marks(class.into(), &[at]))
        }
        (None, Some(([x, _], (low, high)))) => {
            let colour = viridis(if high > low { (f64::from(x) - low) / (high - low) } else { 0.5 });
            let ring = || contest_marks(POINTS.1, &[at]);
            match query {
                // One end of the colours is near the ground in each theme: a wider ring shows around it.
                true => Mark::group(
                    "",
                    vec![Mark::path("spot ring", ring()), Mark::stroked("spot of-x hollow", ring(), colour)],
                ),
                false => Mark::filled("spot of-x filled", contest_marks(POINTS.0, &[at]), colour),
            }
        }
        (None, None) => Mark::text("spot unknown", (at.0, at.1 + 4.0), Anchor::Middle, "?"),
    }
}

fn legend(locale: Locale, scene: &Scene) -> Vec<Key> {
    let middle = [(14.0, 6.0)];
    let classes = scene.examples.iter().filter_map(|example| example.class).max().map_or(0, |most| most + 1);
    let class = |class: u8| {
        let mark = Mark::path(format!("spot of-class k{class} filled"), contest_marks(class.into(), &middle));
        Key::new(vec![mark], letter(class.into()).to_string())
    };
    let mut keys: Vec<Key> = (0..classes).map(class).collect();
    if !scene.prototypes.is_empty() {
        keys.push(Key::new(vec![Mark::path("prototype", KEY)], tell!(locale, layers.scene_prototype)));
    }
    let points = scene.examples.iter().any(|example| example.point.is_some());
    let shapes = if points { POINTS } else { (0, 0) };
    let sets =
        [(false, shapes.0, tell!(locale, layers.scene_support)), (true, shapes.1, tell!(locale, layers.scene_query))];
    for (query, shape, name) in sets {
        // Who reads descriptions has seen no support drawing.
        if scene.examples.iter().any(|example| example.query == query) {
            let mark = Mark::path(format!("spot plain {}", set(query)), contest_marks(shape, &middle));
            keys.push(Key::new(vec![mark], name));
        }
    }
    keys
}
