//! Alphabets: what the characters of one writing system have in common.

use std::f64::consts::{FRAC_PI_2, PI};

use super::primitive::{Kind, Piece, Primitive, wrapped};
use crate::task::{Purpose, Range, Stream};

/// How often Omniglot's characters have 1, 2, … strokes.
const STROKES: [f64; 8] = [0.303, 0.300, 0.213, 0.106, 0.043, 0.020, 0.010, 0.005];

/// How often a stroke of a character of 1, 2, 3, or more strokes has 1, 2, … pieces.
const PIECES: [[f64; 5]; 4] = [
    [0.19, 0.27, 0.22, 0.16, 0.16],
    [0.53, 0.23, 0.13, 0.07, 0.04],
    [0.67, 0.18, 0.09, 0.04, 0.02],
    [0.72, 0.16, 0.07, 0.03, 0.02],
];

/// How often a stroke starts apart from the ones before it, at the start or end of one, or along it.
const RELATIONS: [f64; 4] = [0.336, 0.055, 0.105, 0.504];

/// The style of an alphabet.
#[derive(Debug)]
pub(super) struct Alphabet {
    inventory: Vec<Primitive>,
    /// How much its angles scatter about the preferred ones, in radians.
    scatter: f64,
    /// Directions of its slanting strokes, above and below the level, in radians.
    slants: [f64; 2],
    kinds: [(Kind, f64); 8],
    strokes: [f64; 8],
    pieces: [[f64; 5]; 4],
    pub(super) relations: [f64; 4],
    /// How often pieces are joined without a corner, 0 to 1.
    smooth: f64,
    /// How often a stroke of several pieces ends where it starts, 0 to 1.
    closes: f64,
    /// How often a stroke that stands on another also ends on one, 0 to 1.
    pub(super) bridges: f64,
    /// How often a shape of the inventory is mirrored, 0 to 1.
    mirror: f64,
    /// How often a stroke that stands apart repeats or mirrors an earlier one, 0 to 1.
    pub(super) repeat: f64,
    /// The larger of width and height of its characters, on the canvas.
    pub(super) size: f64,
    /// A stroke that most characters start with, such as a head line.
    pub(super) common: Option<Primitive>,
}

impl Alphabet {
    /// The style that a stream draws; the order of draws is part of what a name means.
    pub(super) fn new(stream: &mut Stream) -> Self {
        let round = stream.unit();
        let kinds = [
            (Kind::Line, 1.2 + 3.0 * (1.0 - round)),
            (Kind::Corner, 0.2 + 1.3 * (1.0 - round)),
            (Kind::Zig, 0.5 * (1.0 - round)),
            (Kind::Arc, 0.5 + 1.8 * round),
            (Kind::Hook, 0.2 + 1.0 * round),
            (Kind::Loop, 0.15 + 1.0 * round),
            (Kind::Wave, 0.5 * round),
            (Kind::Dot, if stream.unit() < 0.4 { 0.5 } else { 0.05 }),
        ];
        let tilt = 0.35 * stream.normal();
        let mut strokes = STROKES;
        tilted(&mut strokes, tilt);
        let tilt = 0.35 * stream.normal();
        let mut pieces = PIECES;
        pieces.iter_mut().for_each(|row| tilted(row, tilt));
        let mut relations = RELATIONS;
        relations.iter_mut().for_each(|weight| *weight *= libm::exp(0.4 * stream.normal()));
        let mut alphabet = Self {
            inventory: Vec::with_capacity(12),
            scatter: 0.01 + 0.14 * stream.unit() * stream.unit(),
            slants: [stream.uniform(Range::new(0.6, 1.2)), -stream.uniform(Range::new(0.6, 1.2))],
            kinds,
            strokes,
            pieces,
            relations,
            smooth: 0.15 + 0.6 * round * stream.unit(),
            closes: 0.3 * stream.unit(),
            bridges: 0.6 * stream.unit(),
            mirror: 0.5 * stream.unit(),
            repeat: 0.3 + 0.5 * stream.unit(),
            size: 62.0 * libm::exp(0.10 * stream.normal()),
            common: None,
        };
        for _ in 0..6 + stream.below(7) {
            let fresh = alphabet.fresh(stream);
            alphabet.inventory.push(fresh);
        }
        if stream.unit() < 0.15 {
            let heading = if stream.unit() < 0.5 { 0.0 } else { FRAC_PI_2 };
            alphabet.common = Some(Primitive::sample(Kind::Line, heading, stream));
        }
        alphabet
    }

    /// The stream of an alphabet's style.
    pub(super) fn stream(alphabet: u32) -> Stream {
        Stream::new(0, Purpose::Alphabet, u64::from(alphabet))
    }

    /// A shape in its style that need not be in its inventory.
    fn fresh(&self, stream: &mut Stream) -> Primitive {
        let kind = self.kinds[choose(self.kinds.iter().map(|kind| kind.1), stream)].0;
        let [falling, rising] = self.slants;
        // Writing goes to the right and down, with a few strokes the other way.
        let headings = [0.0, FRAC_PI_2, falling, PI + rising, rising, PI, -FRAC_PI_2];
        let heading = headings[choose([0.34, 0.38, 0.08, 0.09, 0.05, 0.04, 0.02].into_iter(), stream)];
        Primitive::sample(kind, heading + self.scatter * stream.normal(), stream)
    }

    /// How many strokes a character has.
    pub(super) fn stroke_count(&self, stream: &mut Stream) -> usize {
        1 + choose(self.strokes.into_iter(), stream)
    }

    /// One stroke of a character that has `strokes`.
    pub(super) fn stroke(&self, strokes: usize, stream: &mut Stream) -> Vec<Piece> {
        let row = &self.pieces[(strokes - 1).min(3)];
        let count = 1 + choose(row.iter().copied(), stream);
        let mut pieces: Vec<Piece> = Vec::with_capacity(count);
        while pieces.len() < count {
            let mut piece = self.next_piece(pieces.last(), stream);
            // Few writing systems spend a character on a lone line or dot.
            if strokes * count == 1 && matches!(piece.kind, Kind::Line | Kind::Dot) {
                piece = self.next_piece(None, stream);
            }
            // A dot is a stroke of its own.
            if piece.kind == Kind::Dot {
                if pieces.is_empty() {
                    pieces.push(piece);
                }
                break;
            }
            pieces.push(piece);
        }
        self.close(&mut pieces, stream);
        pieces
    }

    /// Make the last piece of a stroke end where the stroke starts, once in a while.
    fn close(&self, pieces: &mut [Piece], stream: &mut Stream) {
        let closes = stream.unit() < self.closes;
        let Some((last, before)) = pieces.split_last_mut().filter(|(_, before)| closes && !before.is_empty()) else {
            return;
        };
        let [x, y] = before.iter().map(Piece::end).fold([0.0; 2], |[x, y], end| [x + end[0], y + end[1]]);
        if x * x + y * y > 200.0 {
            last.aim([-x, -y]);
        }
    }

    /// A piece that can follow `last` without going back over it.
    fn next_piece(&self, last: Option<&Piece>, stream: &mut Stream) -> Piece {
        let Some(last) = last else { return self.shape(stream).piece(false) };
        let mut piece = *last;
        let mut turn = 0.0;
        for _ in 0..4 {
            let mut shape = self.shape(stream);
            // Only the start of a stroke goes right or down by habit, or all strokes were stairs.
            if stream.unit() < 0.5 {
                shape.heading += PI;
            }
            piece = shape.piece(false);
            turn = wrapped(piece.directions()[0] - last.directions()[1]).abs();
            if turn < 2.6 && (turn > 0.6 || piece.kind != Kind::Line) {
                break;
            }
        }
        piece.smooth = turn < 1.8 && stream.unit() < self.smooth;
        piece
    }

    /// A shape of the inventory, varied a little, or once in a while another.
    fn shape(&self, stream: &mut Stream) -> Primitive {
        let mut shape = match self.inventory.get(stream.below(self.inventory.len() as u64) as usize) {
            Some(shape) if stream.unit() < 0.85 => *shape,
            _ => self.fresh(stream),
        };
        if stream.unit() < self.mirror {
            // Left and right, which keeps upright strokes going down.
            shape.heading = PI - shape.heading;
            shape.turn = -shape.turn;
            if shape.kind == Kind::Line && wrapped(shape.heading).abs() > 2.8 {
                shape.heading -= PI;
            }
        }
        shape.heading += 0.5 * self.scatter * stream.normal();
        shape.turn *= libm::exp(0.1 * stream.normal());
        shape.size *= libm::exp(0.25 * stream.normal());
        shape
    }
}

/// Make late places more likely (`tilt` above 0) or less.
fn tilted(weights: &mut [f64], tilt: f64) {
    for (i, weight) in weights.iter_mut().enumerate() {
        *weight *= libm::exp(tilt * i as f64);
    }
}

/// A place drawn with probability proportional to its weight; the first of none.
pub(super) fn choose(weights: impl Iterator<Item = f64> + Clone, stream: &mut Stream) -> usize {
    let mut left = stream.unit() * weights.clone().sum::<f64>();
    let mut last = 0;
    for (i, weight) in weights.enumerate() {
        last = i;
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    last
}
