//! Drawings: a character as one hand draws it once.

use super::character::{Character, Place, Stroke, bounds};
use super::primitive::{Kind, carrying};
use super::raster::{CANVAS, Canvas, PEN};
use super::spline::{Path, Point};
use crate::task::{Image, Purpose, Stream};

/// Scatter of control points, as a share of their piece's size.
const WOBBLE: f64 = 0.045;
/// Scatter of a piece's direction, in radians, and of its length and width, as shares.
const TURN: f64 = 0.10;
const LENGTH: f64 = 0.21;
/// Scatter of the place where a stroke stands on another, as a share of that one.
const ATTACH: f64 = 0.08;
/// Scatter of where a stroke starts on the canvas: of one that stands apart, and of one that stands on another
/// or ends there, which hands get right.
const APART: f64 = 3.0;
const JOINT: f64 = 1.0;

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
}

impl Hand {
    /// A hand that does not vary.
    pub(super) fn still() -> Self {
        let habit = Habit { scale: [0.0; 2], slant: 0.0, tilt: 0.0, shift: [0.0; 2], wobble: 0.0 };
        Self { stream: None, habit }
    }

    /// A drawer at its drawing of one character.
    pub(super) fn new(alphabet: u32, character: u16, drawer: u64) -> Self {
        let mut own = Stream::new(0, Purpose::Drawer, drawer);
        let mut stream = Stream::new(alphabet, Purpose::Drawing, drawer).numbered(u64::from(character));
        // Half of the variance is the drawer's, half this drawing's.
        let mut both = |scatter: f64| scatter * std::f64::consts::FRAC_1_SQRT_2 * (own.normal() + stream.normal());
        let [all, wide] = [both(0.10), both(0.02)];
        let habit = Habit {
            scale: [all + wide, all - wide],
            slant: both(0.09),
            tilt: both(0.04),
            shift: [both(4.3), both(4.2)],
            wobble: libm::exp(both(0.3)),
        };
        Self { stream: Some(stream), habit }
    }

    /// A deviate of this scatter.
    fn scatter(&mut self, scatter: f64) -> f64 {
        self.stream.as_mut().map_or(0.0, |stream| scatter * self.habit.wobble * bell(stream.next_u64()))
    }

    /// Draw a character.
    pub(super) fn draw(mut self, character: &Character) -> Image {
        let mut paths = Vec::with_capacity(character.strokes.len());
        for stroke in &character.strokes {
            let path = realise(stroke, &paths, &mut self);
            paths.push(path);
        }
        self.carry_over(&mut paths);
        let mut canvas = Canvas::new(PEN);
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

/// Nearly a standard normal deviate of 64 uniform bits: the sum of four uniform ones, which ends at √12.
///
/// A drawing takes a hundred, and none needs to be far out.
fn bell(bits: u64) -> f64 {
    const DEVIATION: f64 = 37_837.2;
    let sum = (0..4).map(|i| bits >> (16 * i) & 0xffff).sum::<u64>();
    (sum as f64 - 131_070.0) / DEVIATION
}

/// The path of a stroke, given the paths of those before it.
pub(super) fn realise(stroke: &Stroke, before: &[Path], hand: &mut Hand) -> Path {
    let mut path = Path::new();
    let mut at = [0.0; 2];
    for (i, piece) in stroke.pieces.iter().enumerate() {
        let [width, height] = piece.extent();
        let wobble = WOBBLE * width.max(height) * if piece.kind == Kind::Line { 0.5 } else { 1.0 };
        let turn = hand.scatter(TURN);
        let mut factor = || (1.0 + hand.scatter(LENGTH)).clamp(0.5, 1.6);
        let [x_scale, y_scale] = [factor(), factor()];
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
    if let Some((of, share)) = stroke.until {
        let target = before.get(of).map_or([0.0; 2], |path| path.at(share));
        let to = [0, 1].map(|axis| target[axis] - place[axis] + hand.scatter(JOINT));
        if let Some(carry) = carrying(path.end(), to) {
            path.control_mut().iter_mut().for_each(|point| *point = carry(*point));
        }
    }
    let anchor = path.at(stroke.anchor);
    let miss = if matches!(stroke.place, Place::Free(_)) { APART } else { JOINT };
    path.shift([0, 1].map(|axis| place[axis] - anchor[axis] + hand.scatter(miss)));
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 20 000 draws: the bounds are five standard errors.
    #[test]
    fn a_hands_deviates_have_mean_0_and_variance_1() {
        let mut stream = Stream::new(1, Purpose::Drawing, 0);
        let deviates: Vec<f64> = (0..20_000).map(|_| bell(stream.next_u64())).collect();
        assert!((deviates.iter().sum::<f64>() / 2e4).abs() < 0.035);
        assert!((deviates.iter().map(|z| z * z).sum::<f64>() / 2e4 - 1.0).abs() < 0.05);
        assert!((bell(u64::MAX) - libm::sqrt(12.0)).abs() < 1e-3 && (bell(0) + libm::sqrt(12.0)).abs() < 1e-3);
    }

    #[test]
    fn what_sticks_out_comes_back_whole() {
        let mut path = Path::new();
        path.push_corner([-40.0, 90.0]);
        path.push_corner([140.0, 120.0]);
        let mut paths = [path];
        keep_on_canvas(&mut paths);
        let [low, high] = bounds(&paths);
        assert!(low[0] >= 0.0 && low[1] >= 0.0 && high[0] <= CANVAS && high[1] <= CANVAS);
        // What fits keeps its size.
        assert!((high[1] - low[1] - 30.0).abs() < 1e-9);
    }
}
