//! Characters: programs of strokes.

use super::alphabet::{Alphabet, choose};
use super::primitive::{Kind, Piece};
use super::spline::{Path, Point};
use super::token::{Hand, realise};
use crate::task::{Range, Stream};

/// Where a stroke goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// Apart from the others, at a point of the canvas.
    Free(Point),
    /// On the stroke of this number, at this share of it: 0 its start, 1 its end.
    On(usize, f64),
}

/// One stroke: put down, drawn and lifted.
#[derive(Clone, Debug)]
pub(super) struct Stroke {
    pub(super) pieces: Vec<Piece>,
    pub(super) place: Place,
    /// The share of this stroke that lies at its place.
    pub(super) anchor: f64,
    /// Where it ends, if on an earlier stroke: its number and the share of it.
    pub(super) until: Option<(usize, f64)>,
}

/// A character: its strokes in the order of drawing, on the canvas.
#[derive(Clone, Debug)]
pub(super) struct Character {
    pub(super) strokes: Vec<Stroke>,
}

impl Character {
    /// The character of this number.
    pub(super) fn new(alphabet: &Alphabet, stream: &mut Stream) -> Self {
        let count = alphabet.stroke_count(stream);
        let mut character = Self { strokes: Vec::with_capacity(count) };
        let mut paths = Vec::with_capacity(count);
        let mut taken: Vec<Samples> = Vec::with_capacity(count);
        for i in 0..count {
            // Of a few proposals the one that goes over the others least.
            let mut best: Option<(f64, Stroke, Path)> = None;
            for _ in 0..if i == 0 { 1 } else { 3 } {
                let stroke = character.propose(alphabet, count, &paths, stream);
                let path = realise(&stroke, &paths, &mut Hand::still());
                let crowding = crowding(&samples(&path), &taken);
                if best.as_ref().is_none_or(|best| crowding < best.0) {
                    best = Some((crowding, stroke, path));
                }
            }
            if let Some((_, stroke, path)) = best {
                character.strokes.push(stroke);
                taken.push(samples(&path));
                paths.push(path);
            }
        }
        character.fit(alphabet, &paths, stream);
        character
    }

    /// A next stroke, given the paths of the ones there are.
    fn propose(&self, alphabet: &Alphabet, count: usize, paths: &[Path], stream: &mut Stream) -> Stroke {
        let Some(last) = self.strokes.last() else {
            let pieces = match &alphabet.common {
                Some(common) if count > 1 && stream.unit() < 0.7 => vec![common.piece(false)],
                _ => alphabet.stroke(count, stream),
            };
            return Stroke { pieces, place: Place::Free([0.0; 2]), anchor: 0.0, until: None };
        };
        let of = stream.below(paths.len() as u64) as usize;
        let relation = choose(alphabet.relations.into_iter(), stream);
        if relation == 0 {
            return self.apart(alphabet, count, last, paths, stream);
        }
        let share = match relation {
            1 => 0.0,
            2 => 1.0,
            _ => [0.5, 0.25, 0.75, stream.unit()][choose([0.35, 0.15, 0.15, 0.35].into_iter(), stream)],
        };
        let pieces = alphabet.stroke(count, stream);
        // A single line may also cross or come in.
        let anchors: [f64; 3] = if pieces.len() == 1 { [0.5, 0.35, 0.15] } else { [0.8, 0.1, 0.1] };
        let anchor = [0.0, 0.5, 1.0][choose(anchors.into_iter(), stream)];
        let place = Place::On(of, share);
        if stream.unit() < alphabet.bridges {
            let end = stream.below(paths.len() as u64) as usize;
            let share_there = [0.0, 0.5, 1.0, stream.unit()][stream.below(4) as usize];
            let ([a, b], [c, d]) = (paths[of].at(share), paths[end].at(share_there));
            let until = (end, share_there);
            let [x, y] = [c - a, d - b];
            // Not back to where it comes from, nor along the stroke that it stands on.
            if x * x + y * y > 150.0 && (end != of || pieces.len() > 1 || pieces[0].kind != Kind::Line) {
                return Stroke { pieces, place, anchor: 0.0, until: Some(until) };
            }
        }
        Stroke { pieces, place, anchor, until: None }
    }

    /// A stroke that stands apart: a copy or mirror image of the last one, or another beside them all.
    fn apart(&self, alphabet: &Alphabet, count: usize, last: &Stroke, paths: &[Path], stream: &mut Stream) -> Stroke {
        let mut pieces = alphabet.stroke(count, stream);
        if stream.unit() < alphabet.repeat {
            pieces.clone_from(&last.pieces);
            if stream.unit() < 0.4 {
                pieces.iter_mut().for_each(|piece| piece.stretch([-1.0, 1.0]));
            } else if stream.unit() < 0.4 {
                let shrink = stream.uniform(Range::new(0.5, 0.9));
                pieces.iter_mut().for_each(|piece| piece.stretch([shrink; 2]));
            }
        }
        let mut stroke = Stroke { pieces, place: Place::Free([0.0; 2]), anchor: 0.0, until: None };
        let own = bounds([&realise(&stroke, &[], &mut Hand::still())]);
        let all = bounds(paths);
        let gap = stream.uniform(Range::new(6.0, 19.0));
        // Beside, below, above or among the others; along the other axis, lined up or anywhere.
        let side = choose([0.36, 0.24, 0.16, 0.24].into_iter(), stream);
        let line_up = [0.0, 0.5, 1.0, stream.unit()][choose([0.25, 0.35, 0.15, 0.25].into_iter(), stream)];
        let across = |axis: usize| {
            all[0][axis] - own[0][axis] + line_up * (all[1][axis] - all[0][axis] - own[1][axis] + own[0][axis])
        };
        let place = match side {
            0 => [all[1][0] + gap - own[0][0], across(1)],
            1 => [across(0), all[1][1] + gap - own[0][1]],
            2 => [across(0), all[0][1] - gap - own[1][1]],
            _ => [0, 1].map(|axis| {
                let t = stream.uniform(Range::new(0.2, 0.8));
                all[0][axis] + t * (all[1][axis] - all[0][axis]) - 0.5 * (own[0][axis] + own[1][axis])
            }),
        };
        stroke.place = Place::Free(place);
        stroke
    }

    /// Scale and move it into the middle of the canvas, to the size of its alphabet.
    fn fit(&mut self, alphabet: &Alphabet, paths: &[Path], stream: &mut Stream) {
        let [low, high] = bounds(paths);
        let [width, height] = [high[0] - low[0], high[1] - low[1]];
        // What has more to show takes more room.
        let pieces = self.strokes.iter().map(|stroke| stroke.pieces.len()).sum::<usize>() as f64;
        let size = alphabet.size * libm::exp(0.06 * stream.normal()) * libm::pow(pieces.clamp(1.0, 8.0) / 3.0, 0.08);
        // More square than it happens to be, but a line stays a line.
        let aspect = libm::pow((width + 12.0) / (height + 12.0), -0.6);
        let [wider, higher] = [libm::sqrt(aspect), 1.0 / libm::sqrt(aspect)];
        // Dots stay close together.
        let scale = size.min(95.0) / (width * wider).max(height * higher).max(20.0);
        let stretch = [scale * wider, scale * higher];
        let middle = [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])];
        let to = [51.0 + 1.8 * stream.normal(), 51.0 + 1.8 * stream.normal()];
        for stroke in &mut self.strokes {
            stroke.pieces.iter_mut().for_each(|piece| piece.stretch(stretch));
            if let Place::Free(point) = &mut stroke.place {
                *point = [0, 1].map(|axis| (point[axis] - middle[axis]) * stretch[axis] + to[axis]);
            }
        }
    }

    /// How many of its pieces are of a kind.
    pub(super) fn pieces(&self, kind: Kind) -> usize {
        self.strokes.iter().flat_map(|stroke| &stroke.pieces).filter(|piece| piece.kind == kind).count()
    }
}

/// The least and the greatest coordinates of some paths; of none, the origin.
pub(super) fn bounds<'a>(paths: impl IntoIterator<Item = &'a Path>) -> [Point; 2] {
    let [mut low, mut high] = [[f64::MAX; 2], [f64::MIN; 2]];
    for point in paths.into_iter().flat_map(|path| path.control()) {
        for axis in 0..2 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    if low[0] > high[0] { [[0.0; 2]; 2] } else { [low, high] }
}

/// Points along a path, close enough together to tell what it goes over.
type Samples = [Point; 7];

fn samples(path: &Path) -> Samples {
    [0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0].map(|share| path.at(share))
}

/// How much of a path lies close to others, 0 to 1.
fn crowding(path: &Samples, others: &[Samples]) -> f64 {
    const CLOSE: f64 = 10.0;
    let near = |[a, b]: &Point| others.iter().flatten().any(|[x, y]| (x - a).abs().max((y - b).abs()) < CLOSE);
    path.iter().filter(|point| near(point)).count() as f64 / path.len() as f64
}
