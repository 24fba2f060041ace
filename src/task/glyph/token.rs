//! Drawings: a character as one hand draws it once.

use super::character::{Character, Place, Stroke, bounds};
use super::raster::{CANVAS, Canvas, PEN};
use super::spline::{Path, Point};
use crate::task::{Image, Purpose, Stream};

/// Scatter of control points, as a share of their piece's size.
const WOBBLE: f64 = 0.035;
/// Scatter of a piece's direction, in radians, and of its length and width, as shares.
const TURN: f64 = 0.07;
const LENGTH: f64 = 0.11;
/// Scatter of the place where a stroke stands on another, as a share of that one.
const ATTACH: f64 = 0.04;
/// Scatter of where a stroke starts, on the canvas.
const START: f64 = 1.3;

/// What varies between two drawings of a character.
pub(super) struct Hand {
    /// None draws everything as it was thought.
    stream: Option<Stream>,
    habit: Habit,
}

/// What a drawer does to every character.
#[derive(Clone, Copy, Debug)]
struct Habit {
    /// Logarithms of how much wider and higher it draws.
    scale: Point,
    /// How far uprights lean to the right, as a share of their height.
    slant: f64,
    /// How far level strokes rise, in radians.
    tilt: f64,
    shift: Point,
    /// How much more than others its hand scatters.
    wobble: f64,
    pen: f64,
}

impl Hand {
    /// A hand that does not vary.
    pub(super) fn still() -> Self {
        let habit = Habit { scale: [0.0; 2], slant: 0.0, tilt: 0.0, shift: [0.0; 2], wobble: 0.0, pen: PEN };
        Self { stream: None, habit }
    }

    /// A drawer at its drawing of one character.
    pub(super) fn new(alphabet: u32, character: u16, drawer: u64) -> Self {
        let mut own = Stream::new(0, Purpose::Drawer, drawer);
        let mut stream = Stream::new(alphabet, Purpose::Drawing, drawer).numbered(u64::from(character));
        // Half of the variance is the drawer's, half this drawing's.
        let mut both = |scatter: f64| scatter * std::f64::consts::FRAC_1_SQRT_2 * (own.normal() + stream.normal());
        let [all, wide] = [both(0.17), both(0.10)];
        let habit = Habit {
            scale: [all + wide, all - wide],
            slant: both(0.10),
            tilt: both(0.05),
            shift: [both(5.0), both(5.0)],
            wobble: libm::exp(both(0.3)),
            pen: PEN,
        };
        Self { stream: Some(stream), habit }
    }

    /// A normal deviate of this scatter.
    fn scatter(&mut self, scatter: f64) -> f64 {
        self.stream.as_mut().map_or(0.0, |stream| scatter * self.habit.wobble * stream.normal())
    }

    /// Draw a character.
    pub(super) fn draw(mut self, character: &Character) -> Image {
        let mut paths = Vec::with_capacity(character.strokes.len());
        for stroke in &character.strokes {
            let path = realise(stroke, &paths, &mut self);
            paths.push(path);
        }
        self.carry_over(&mut paths);
        let mut canvas = Canvas::new(self.habit.pen);
        for path in &paths {
            canvas.start(path.at(0.0));
            path.walk(5.0, |point| canvas.to(point));
        }
        canvas.finish()
    }

    /// Scale, lean and move paths about their middle, and keep them on the canvas.
    fn carry_over(&self, paths: &mut [Path]) {
        let [low, high] = bounds(&*paths);
        let middle = [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])];
        let [wide, high] = self.habit.scale.map(libm::exp);
        for point in paths.iter_mut().flat_map(|path| path.control_mut()) {
            let [x, y] = [(point[0] - middle[0]) * wide, (point[1] - middle[1]) * high];
            *point = [
                middle[0] + self.habit.shift[0] + x - self.habit.slant * y,
                middle[1] + self.habit.shift[1] + y - self.habit.tilt * x,
            ];
        }
        keep_on_canvas(paths);
    }
}

/// Move what sticks out back in, and shrink what is larger than the canvas.
fn keep_on_canvas(paths: &mut [Path]) {
    const MARGIN: f64 = 2.0;
    let room = CANVAS - 2.0 * MARGIN;
    let [low, high] = bounds(&*paths);
    for axis in 0..2 {
        let extent = high[axis] - low[axis];
        let scale = if extent > room { room / extent } else { 1.0 };
        let start = low[axis].min(CANVAS - MARGIN - extent * scale).max(MARGIN);
        if scale < 1.0 || start != low[axis] {
            for point in paths.iter_mut().flat_map(|path| path.control_mut()) {
                point[axis] = (point[axis] - low[axis]) * scale + start;
            }
        }
    }
}

/// The path of a stroke, given the paths of those before it.
pub(super) fn realise(stroke: &Stroke, before: &[Path], hand: &mut Hand) -> Path {
    let mut path = Path::new();
    let mut at = [0.0; 2];
    for (i, piece) in stroke.pieces.iter().enumerate() {
        let [width, height] = piece.extent();
        let wobble = WOBBLE * width.max(height);
        let turn = hand.scatter(TURN);
        let [x_scale, y_scale] = [1.0 + hand.scatter(LENGTH), 1.0 + hand.scatter(LENGTH)];
        // A small rotation to first order, which spares a sine.
        let carried = |[x, y]: Point| [at[0] + x * x_scale - turn * y, at[1] + y * y_scale + turn * x];
        if i == 0 || !piece.smooth {
            path.push_corner(at);
        } else {
            path.push(at);
        }
        let mut last = [0.0; 2];
        let mut jittered = at;
        for point in piece.points().iter().skip(1).take(piece.points().len().saturating_sub(2)) {
            if *point != last {
                last = *point;
                let [x, y] = carried(*point);
                jittered = [x + hand.scatter(wobble), y + hand.scatter(wobble)];
            }
            // A doubled control point, a corner, moves as one.
            path.push(jittered);
        }
        at = carried(piece.end());
    }
    path.push_corner(at);
    let place = match stroke.place {
        Place::Free(point) => point,
        Place::On(of, share) => before.get(of).map_or([0.0; 2], |path| {
            let share = if (0.01..0.99).contains(&share) { share + hand.scatter(ATTACH) } else { share };
            path.at(share)
        }),
    };
    let anchor = path.at(stroke.anchor);
    path.shift([0, 1].map(|axis| place[axis] - anchor[axis] + hand.scatter(START)));
    path
}
