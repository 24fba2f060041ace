//! The shapes that strokes are put together from.

use std::f64::consts::{PI, TAU};

use super::spline::Point;
use crate::task::{Range, Stream};

/// Most control points of a piece.
pub(super) const POINTS: usize = 8;

/// A family of shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    Arc,
    Hook,
    Loop,
    Wave,
    Corner,
    Zig,
    Dot,
}

/// One shape of an alphabet's inventory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Primitive {
    pub(super) kind: Kind,
    /// Where it goes, in radians clockwise from the right: the direction of the whole, of a hook or loop
    /// that of its start.
    pub(super) heading: f64,
    /// How far it turns, in radians, clockwise above 0.
    pub(super) turn: f64,
    /// The larger of its width and height, on the canvas.
    pub(super) size: f64,
}

/// One piece of a stroke: control points from the piece's start, the first, which is the origin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    points: [Point; POINTS],
    count: usize,
    pub(super) kind: Kind,
    /// Whether it goes on from the piece before it without a corner.
    pub(super) smooth: bool,
}

impl Primitive {
    /// A shape of this kind, of random turn and size, that goes in direction `heading`.
    pub(super) fn sample(kind: Kind, heading: f64, stream: &mut Stream) -> Self {
        let (turns, sizes) = match kind {
            Kind::Line => ((-0.25, 0.25), (22.0, 60.0)),
            Kind::Arc => ((1.0, 3.9), (22.0, 60.0)),
            Kind::Hook => ((1.6, 4.4), (25.0, 60.0)),
            Kind::Loop => ((4.9, 6.9), (14.0, 42.0)),
            Kind::Wave => ((1.6, 3.6), (28.0, 60.0)),
            Kind::Corner => ((0.9, 2.4), (22.0, 55.0)),
            Kind::Zig => ((1.4, 2.6), (28.0, 58.0)),
            Kind::Dot => ((0.0, 0.0), (0.0, 0.0)),
        };
        let turn = stream.uniform(Range::new(turns.0, turns.1));
        let hand = if stream.unit() < 0.5 { -1.0 } else { 1.0 };
        Self { kind, heading, turn: turn * hand, size: stream.uniform(Range::new(sizes.0, sizes.1)) }
    }

    /// Its control points.
    pub(super) fn piece(&self, smooth: bool) -> Piece {
        let mut piece = Piece { points: [[0.0; 2]; POINTS], count: 1, kind: self.kind, smooth };
        // Length of each step and how far to turn after it, as shares of the whole turn.
        let steps: &[(f64, f64)] = match self.kind {
            Kind::Dot => return piece,
            Kind::Line => &[(1.0, 0.5), (1.0, 0.5), (1.0, 0.0)],
            Kind::Arc => &[(0.6, 0.25), (1.0, 0.25), (1.0, 0.25), (1.0, 0.25), (0.6, 0.0)],
            Kind::Hook => &[(1.4, 0.0), (1.4, 0.1), (1.0, 0.25), (0.7, 0.3), (0.6, 0.25), (0.4, 0.1), (0.4, 0.0)],
            Kind::Loop => &[(0.6, 0.16), (1.0, 0.17), (1.0, 0.17), (1.0, 0.17), (1.0, 0.17), (1.0, 0.16), (0.6, 0.0)],
            Kind::Wave => &[(0.7, 0.4), (1.0, 0.4), (1.0, 0.2), (1.0, -0.2), (1.0, -0.4), (1.0, -0.4), (0.7, 0.0)],
            // Steps of no length double a control point, which makes a corner.
            Kind::Corner => &[(1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (1.0, 0.0)],
            Kind::Zig => &[(1.0, 0.0), (0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (1.0, 0.0)],
        };
        let mut heading = 0.0;
        let [mut x, mut y] = [0.0; 2];
        for ((length, turn), point) in steps.iter().zip(&mut piece.points[1..]) {
            x += length * libm::cos(heading);
            y += length * libm::sin(heading);
            *point = [x, y];
            piece.count += 1;
            heading += turn * self.turn;
        }
        // A hook, a loop and a corner go where they start to, everything else where it ends.
        let leads = matches!(self.kind, Kind::Hook | Kind::Loop | Kind::Corner);
        piece.rotate(self.heading - if leads { 0.0 } else { libm::atan2(y, x) });
        let [width, height] = piece.extent();
        piece.stretch([self.size / width.max(height).max(1e-9); 2]);
        piece
    }
}

impl Piece {
    pub(super) fn points(&self) -> &[Point] {
        &self.points[..self.count]
    }

    /// Where it ends, from its start.
    pub(super) fn end(&self) -> Point {
        self.points().last().copied().unwrap_or_default()
    }

    pub(super) fn stretch(&mut self, [x, y]: Point) {
        for point in &mut self.points {
            *point = [point[0] * x, point[1] * y];
        }
    }

    /// Turn and scale it to end at `to`, where it ends away from its start.
    pub(super) fn aim(&mut self, to: Point) {
        if let Some(carry) = carrying(self.end(), to) {
            self.points.iter_mut().for_each(|point| *point = carry(*point));
        }
    }

    fn rotate(&mut self, angle: f64) {
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        for point in &mut self.points {
            let [x, y] = *point;
            *point = [cos * x - sin * y, sin * x + cos * y];
        }
    }

    /// Width and height of its control points.
    pub(super) fn extent(&self) -> Point {
        let mut extent = [0.0; 2];
        for axis in 0..2 {
            let along = || self.points().iter().map(|point| point[axis]);
            extent[axis] = along().fold(f64::MIN, f64::max) - along().fold(f64::MAX, f64::min);
        }
        extent
    }

    /// Direction of its first step and of its last, in radians; 0 for a dot.
    pub(super) fn directions(&self) -> [f64; 2] {
        let direction = |a: &Point, b: &Point| libm::atan2(b[1] - a[1], b[0] - a[0]);
        match self.points() {
            [first, second, .., last_but_one, last] => [direction(first, second), direction(last_but_one, last)],
            _ => [0.0; 2],
        }
    }
}

/// The rotation and scaling about the origin that carries one point to another, where there is one that
/// scales by no more than 3.
pub(super) fn carrying([a, b]: Point, [x, y]: Point) -> Option<impl Fn(Point) -> Point> {
    let squared = a * a + b * b;
    // The quotient of complex numbers.
    let [cos, sin] = [(x * a + y * b) / squared, (y * a - x * b) / squared];
    (squared > 0.0 && cos * cos + sin * sin < 9.0)
        .then_some(move |[x, y]: Point| [cos * x - sin * y, sin * x + cos * y])
}

/// The angle between −π and π.
pub(super) fn wrapped(angle: f64) -> f64 {
    angle - TAU * libm::floor((angle + PI) / TAU)
}
