//! Drawings that people make.

use super::raster::{CANVAS, Canvas, PEN};
use super::spline::Point;
use crate::task::Image;

/// What is outside this many canvases is not drawn on purpose.
const FARTHEST: f64 = 4.0;

/// The larger of width and height that a drawing may have, as shares of the canvas: all but a hundredth of
/// Omniglot's drawings lie between.
const EXTENTS: [f64; 2] = [0.25, 0.92];

/// Less than this is a dot, and dots stay small.
const DOT: f64 = 0.05;

/// How far the middle of a drawing may lie from the canvas', as a share of it.
const OFF: f64 = 0.2;

/// Ink of pen strokes, with the pen that characters are drawn with.
///
/// `strokes` are polylines on a unit square, x right and y down. A drawing keeps its place and size where
/// Omniglot's have such: it is scaled about its middle only if the larger of its extents is below a quarter
/// or above 92 % of the square, by as little as that needs, and moved only if its middle is more than a
/// fifth off the square's or it sticks out, by as little as that needs. Points that are not finite are left
/// out, far ones brought to four squares away. A stroke of one point is a dot; no stroke leaves a blank image.
#[must_use]
pub fn rasterise(strokes: &[Vec<(f32, f32)>]) -> Image {
    let finite = |&&(x, y): &&(f32, f32)| x.is_finite() && y.is_finite();
    let near = |&(x, y): &(f32, f32)| [x, y].map(|v| f64::from(v).clamp(-FARTHEST, 1.0 + FARTHEST));
    let points = || strokes.iter().flatten().filter(finite).map(near);
    let mut canvas = Canvas::new(PEN);
    let Some(fit) = Fit::of(points()) else { return canvas.finish() };
    for stroke in strokes {
        let mut points = stroke.iter().filter(finite).map(near).map(|point| fit.apply(point));
        let Some(first) = points.next() else { continue };
        canvas.start(first);
        points.for_each(|point| canvas.to(point));
    }
    canvas.finish()
}

/// From the unit square to the canvas.
struct Fit {
    from: Point,
    scale: f64,
    to: Point,
}

impl Fit {
    /// The least change that makes a drawing of these points usual; none of no points.
    fn of(points: impl Iterator<Item = Point>) -> Option<Self> {
        let (low, high) = points.fold(None, |bounds, point| {
            let (low, high) = bounds.unwrap_or((point, point));
            Some(([0, 1].map(|i| point[i].min(low[i])), [0, 1].map(|i: usize| point[i].max(high[i]))))
        })?;
        let extents = [high[0] - low[0], high[1] - low[1]];
        let larger = extents[0].max(extents[1]);
        let scale = if larger < DOT { 1.0 } else { larger.clamp(EXTENTS[0], EXTENTS[1]) / larger };
        let from = [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])];
        let to = [0, 1].map(|i: usize| {
            // Within the margins that the largest drawing leaves, and not far off.
            let room = 0.5 * (EXTENTS[1] - extents[i] * scale).max(0.0);
            0.5 + (from[i] - 0.5).clamp(-room.min(OFF), room.min(OFF))
        });
        Some(Self { from, scale, to })
    }

    fn apply(&self, point: Point) -> Point {
        [0, 1].map(|i| CANVAS * ((point[i] - self.from[i]) * self.scale + self.to[i]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::SIDE;

    fn ink(image: &Image) -> usize {
        image.ink().iter().filter(|&&ink| ink > 0).count()
    }

    /// First and last rows and columns with ink.
    fn edges(image: &Image) -> [usize; 4] {
        let of = |along: &dyn Fn(usize) -> usize| {
            let places = || (0..784).filter(|&i| image.ink()[i] > 0).map(along);
            [places().min().unwrap(), places().max().unwrap()]
        };
        let ([top, bottom], [left, right]) = (of(&|i| i / SIDE), of(&|i| i % SIDE));
        [top, bottom, left, right]
    }

    #[test]
    fn nothing_drawn_is_a_blank_image() {
        assert_eq!(rasterise(&[]), Image::blank());
        assert_eq!(rasterise(&[vec![], vec![(f32::NAN, 0.5), (0.5, f32::INFINITY)]]), Image::blank());
    }

    #[test]
    fn a_point_is_a_dot_where_it_is() {
        let image = rasterise(&[vec![(0.4, 0.6)]]);
        assert!((1..=4).contains(&ink(&image)));
        let [top, _, left, _] = edges(&image);
        assert!(top.abs_diff(16) <= 1 && left.abs_diff(11) <= 1);
    }

    #[test]
    fn points_that_are_not_numbers_are_left_out() {
        let line = vec![(0.2, 0.2), (f32::NAN, 0.9), (0.8, f32::NEG_INFINITY), (0.8, 0.8)];
        assert_eq!(rasterise(&[line]), rasterise(&[vec![(0.2, 0.2), (0.8, 0.8)]]));
    }

    #[test]
    fn a_usual_drawing_keeps_its_place_and_size() {
        let image = rasterise(&[vec![(0.25, 0.25), (0.75, 0.25), (0.75, 0.75)]]);
        assert_eq!(edges(&image).map(|edge| (edge as f64 / 7.0).round()), [1.0, 3.0, 1.0, 3.0]);
    }

    #[test]
    fn a_drawing_far_outside_comes_back_whole() {
        for far in [-3.0, 2.5, 1e30, f32::MIN] {
            let image = rasterise(&[vec![(far, 0.5), (0.5, 0.2)]]);
            assert!(ink(&image) > 15, "{far}");
            let [top, bottom, left, right] = edges(&image);
            assert!(top > 0 && left > 0 && bottom < 27 && right < 27, "{far}");
        }
    }

    #[test]
    fn a_tiny_drawing_in_a_corner_grows_and_comes_nearer() {
        let [top, bottom, left, right] = edges(&rasterise(&[vec![(0.02, 0.02), (0.12, 0.02), (0.12, 0.1)]]));
        assert!(right - left >= 6 && bottom - top >= 4);
        assert!(top >= 4 && left >= 4);
    }
}
