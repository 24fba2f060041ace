//! From strokes to pixels, as Omniglot was made.
//!
//! Omniglot's drawings are strokes of pointer positions on a canvas of 105 × 105, drawn with a pen 5 wide;
//! the published pipelines take every 3.75th pixel. Both can be done at once: positions are rounded to the
//! canvas, and a pixel has ink if the pixel of the canvas that it is taken from lies within half a pen of a
//! stroke. The steps and ragged edges of the real drawings come about in the same way.

use super::spline::Point;
use crate::task::{Image, SIDE};

/// Width and height of the canvas.
pub(super) const CANVAS: f64 = 105.0;

/// Half the width of the pen, on the canvas: Omniglot's upright and level strokes are 5 wide.
pub(super) const PEN: f64 = 2.5;

/// The least half-width that leaves a mark wherever it stands: no point is further from the nearest sample.
const DOT: f64 = 2.9;

/// The middles of the canvas' pixels that the image's are taken from: Pillow's nearest neighbour.
const SAMPLES: [f64; SIDE] = {
    let mut samples = [0.5; SIDE];
    let mut i = 0;
    while i < SIDE {
        samples[i] += ((2 * i + 1) * 105 / (2 * SIDE)) as f64;
        i += 1;
    }
    samples
};

/// Draws one stroke after another.
pub(super) struct Canvas {
    image: Image,
    pen: f64,
    last: Point,
}

impl Canvas {
    /// A blank canvas and a pen of half-width `pen`.
    pub(super) fn new(pen: f64) -> Self {
        Self { image: Image::blank(), pen, last: [0.0; 2] }
    }

    /// Put the pen down, which leaves a dot.
    pub(super) fn start(&mut self, point: Point) {
        self.last = middle(point);
        self.segment(self.last, self.pen.max(DOT));
    }

    /// Draw on to a point.
    pub(super) fn to(&mut self, point: Point) {
        let point = middle(point);
        if point != self.last {
            self.segment(point, self.pen);
            self.last = point;
        }
    }

    pub(super) fn finish(self) -> Image {
        self.image
    }

    /// Ink every pixel within `pen` of the segment from the last point to this one.
    fn segment(&mut self, [bx, by]: Point, pen: f64) {
        let [ax, ay] = self.last;
        let (columns, rows) = (reach(ax, bx, pen), reach(ay, by, pen));
        let [dx, dy] = [bx - ax, by - ay];
        let squared = dx * dx + dy * dy;
        let scale = if squared > 0.0 { 1.0 / squared } else { 0.0 };
        for row in rows {
            let y = SAMPLES[row] - ay;
            for column in columns.clone() {
                let x = SAMPLES[column] - ax;
                let along = ((x * dx + y * dy) * scale).clamp(0.0, 1.0);
                let [off_x, off_y] = [x - along * dx, y - along * dy];
                if off_x * off_x + off_y * off_y <= pen * pen {
                    self.image.ink_mut()[row * SIDE + column] = 255;
                }
            }
        }
    }
}

/// The middle of the canvas' pixel that holds a point.
fn middle(point: Point) -> Point {
    point.map(|v| v.floor() + 0.5)
}

/// Pixels that a pen of half-width `pen` can reach from between `a` and `b`.
fn reach(a: f64, b: f64, pen: f64) -> std::ops::Range<usize> {
    let per_pixel = CANVAS / SIDE as f64;
    // Sample i lies 1.375 to 2.375 after the start of pixel i. A cast ends at 0 for what lies left of them all.
    let first = ((a.min(b) - pen - 2.375) / per_pixel + 0.999) as usize;
    let end = ((a.max(b) + pen - 1.375) / per_pixel + 1.0) as usize;
    first.min(SIDE)..end.min(SIDE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_those_of_nearest_neighbour() {
        assert_eq!([SAMPLES[0], SAMPLES[1], SAMPLES[2], SAMPLES[27]], [1.5, 5.5, 9.5, 103.5]);
    }

    /// Every place of the canvas, at the least pen: between four samples a thin dot would vanish.
    #[test]
    fn a_dot_leaves_a_mark_wherever_it_stands() {
        for i in 0..105 * 105 {
            let mut canvas = Canvas::new(0.0);
            canvas.start([f64::from(i % 105), f64::from(i / 105)]);
            assert!(canvas.finish().mean_ink() > 0.0);
        }
    }

    #[test]
    fn an_upright_stroke_is_one_or_two_pixels_wide() {
        for x in 20..80 {
            let mut canvas = Canvas::new(PEN);
            canvas.start([f64::from(x), 20.0]);
            canvas.to([f64::from(x), 80.0]);
            let image = canvas.finish();
            let row = &image.ink()[14 * SIDE..15 * SIDE];
            assert!([255, 510].contains(&row.iter().map(|&ink| u32::from(ink)).sum::<u32>()));
        }
    }

    /// All samples against all positions: a range too narrow would thin strokes.
    #[test]
    fn no_sample_within_reach_is_left_out() {
        for place in -20..1200 {
            let place = f64::from(place) / 10.0;
            let range = reach(place, place + 3.0, PEN);
            for (i, sample) in SAMPLES.iter().enumerate() {
                if (place - PEN..=place + 3.0 + PEN).contains(sample) {
                    assert!(range.contains(&i), "{place} {sample}");
                }
            }
        }
    }

    #[test]
    fn what_lies_off_the_canvas_leaves_nothing() {
        let mut canvas = Canvas::new(PEN);
        canvas.start([-1e9, 50.0]);
        canvas.to([-200.0, 1e9]);
        assert_eq!(canvas.finish(), Image::blank());
    }
}
