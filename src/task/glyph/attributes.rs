//! A character as a list of numbers.

use super::character::{Place, bounds};
use super::primitive::{Kind, wrapped};
use super::raster::CANVAS;
use super::token::{Hand, realise};
use super::{GlyphName, character};

/// How many numbers [`attributes`] gives.
pub const ATTRIBUTES: usize = 24;

/// The stroke program as attributes, each −1 to 1.
///
/// In this order: strokes; pieces; shares of pieces that are lines, arcs, hooks, loops, waves, corners,
/// zigzags and dots; share of strokes that stand on others; width; height; x and y of its middle; x and y of
/// its start and of its end; turning clockwise and anticlockwise; how much of its course goes across rather
/// than down, and how much rises to the right rather than falls; length of its course. Of the prototype, so
/// that no drawer changes them, turned clockwise by `quarters` of a circle.
#[must_use]
pub fn attributes(name: GlyphName, quarters: u8) -> [f64; ATTRIBUTES] {
    let character = character(name);
    let mut paths = Vec::with_capacity(character.strokes.len());
    for stroke in &character.strokes {
        let path = realise(stroke, &paths, &mut Hand::still());
        paths.push(path);
    }
    let all = || character.strokes.iter().flat_map(|stroke| &stroke.pieces);
    let pieces = all().count().max(1) as f64;
    let strokes = character.strokes.len() as f64;
    let attached = character.strokes.iter().filter(|stroke| matches!(stroke.place, Place::On(..))).count() as f64;
    let [low, high] = bounds(&paths).map(|corner| turned(corner, quarters));
    let [low, high] = [[low[0].min(high[0]), low[1].min(high[1])], [low[0].max(high[0]), low[1].max(high[1])]];
    let start = turned(paths.first().map_or([0.0; 2], |path| path.at(0.0)), quarters);
    let end = turned(paths.last().map_or([0.0; 2], |path| path.at(1.0)), quarters);

    let [mut clockwise, mut anticlockwise, mut length] = [0.0; 3];
    let [mut level, mut slanting] = [0.0; 2];
    for path in &paths {
        let (mut last, mut heading) = (turned(path.at(0.0), quarters), None);
        path.walk(4.0, |point| {
            let point = turned(point, quarters);
            let [x, y] = [point[0] - last[0], point[1] - last[1]];
            let step = libm::hypot(x, y);
            if step > 1e-6 {
                let toward = libm::atan2(y, x);
                let turn = heading.map_or(0.0, |heading| wrapped(toward - heading));
                clockwise += turn.max(0.0);
                anticlockwise += (-turn).max(0.0);
                heading = Some(toward);
                length += step;
                level += (x * x - y * y) / step;
                slanting -= 2.0 * x * y / step;
                last = point;
            }
        });
    }
    let share = |kind| 2.0 * character.pieces(kind) as f64 / pieces - 1.0;
    let on_canvas = |v: f64| v / 52.5 - 1.0;
    let course = length.max(1.0);
    [
        (strokes - 4.0) / 3.0,
        (pieces - 6.0) / 5.0,
        share(Kind::Line),
        share(Kind::Arc),
        share(Kind::Hook),
        share(Kind::Loop),
        share(Kind::Wave),
        share(Kind::Corner),
        share(Kind::Zig),
        share(Kind::Dot),
        2.0 * attached / strokes.max(1.0) - 1.0,
        on_canvas(high[0] - low[0]),
        on_canvas(high[1] - low[1]),
        // Middles scatter little, by a twentieth of the canvas.
        3.0 * on_canvas(0.5 * (low[0] + high[0])),
        3.0 * on_canvas(0.5 * (low[1] + high[1])),
        on_canvas(start[0]),
        on_canvas(start[1]),
        on_canvas(end[0]),
        on_canvas(end[1]),
        clockwise / 7.0 - 1.0,
        anticlockwise / 7.0 - 1.0,
        level / course,
        slanting / course,
        length / 200.0 - 1.0,
    ]
    .map(|value| value.clamp(-1.0, 1.0))
}

/// A point of the canvas after quarter turns of it, clockwise, as [`crate::task::Image::turned`] turns a drawing.
fn turned([x, y]: [f64; 2], quarters: u8) -> [f64; 2] {
    match quarters % 4 {
        0 => [x, y],
        1 => [CANVAS - y, x],
        2 => [CANVAS - x, CANVAS - y],
        _ => [y, CANVAS - x],
    }
}
