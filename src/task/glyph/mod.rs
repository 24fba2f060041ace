//! # glyph: characters that nobody has seen
//!
//! Alphabets, characters and drawings in the manner of Omniglot (Lake, Salakhutdinov & Tenenbaum 2015), made
//! rather than stored, so that a few bytes name a drawing. An alphabet is a style; a character is a program
//! of strokes in that style; a drawing is a character in one drawer's hand. How often a character has how
//! many strokes, and how they relate, are measured from Omniglot; `docs/glyphs.md` compares the two. All of
//! it is a function of names alone: no experiment, no other character, no machine changes a pixel.

mod alike;
mod alphabet;
mod attributes;
mod character;
mod pad;
mod primitive;
mod raster;
mod spline;
mod token;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use alike::too_alike;
pub use attributes::{ATTRIBUTES, attributes};
pub use pad::rasterise;

use self::alphabet::Alphabet;
use self::character::Character;
use self::token::Hand;
use super::{Image, Split};

/// How many alphabets there are.
pub const ALPHABETS: u32 = 1 << 20;

/// Of eight alphabets in a row, how many each split has, in the order train, validation, test.
const SHARES: [u32; 3] = [6, 1, 1];

/// A class, named by a few bytes. The same character everywhere, whatever the seed of the experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GlyphName {
    /// Its alphabet, below [`ALPHABETS`].
    pub alphabet: u32,
    /// Its number in the alphabet, below [`characters_in`] it; larger numbers name characters as well, which
    /// no task draws.
    pub character: u16,
}

impl GlyphName {
    /// The split that its alphabet belongs to: the alphabet's number modulo 8 is 0 to 5 for meta-training, 6
    /// for validation and 7 for test.
    #[must_use]
    pub fn split(&self) -> Split {
        match self.alphabet % 8 {
            0..=5 => Split::Train,
            6 => Split::Validation,
            _ => Split::Test,
        }
    }
}

impl fmt::Display for GlyphName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "alphabet {}, character {}", self.alphabet, self.character)
    }
}

/// The `n`-th alphabet of a split, `n` modulo how many it has: 786 432, 131 072 and 131 072.
#[must_use]
pub fn alphabet_of(split: Split, n: u64) -> u32 {
    let (first, share) = match split {
        Split::Train => (0, SHARES[0]),
        Split::Validation => (6, SHARES[1]),
        Split::Test => (7, SHARES[2]),
    };
    let n = (n % u64::from(share * (ALPHABETS / 8))) as u32;
    n / share * 8 + first + n % share
}

/// How many characters an alphabet has: 14 to 55, as in Omniglot.
#[must_use]
pub fn characters_in(alphabet: u32) -> u16 {
    14 + Alphabet::stream(alphabet).below(42) as u16
}

/// One drawing of a character, ink 0 or 255, as the published pipelines feed Omniglot.
///
/// `drawer` names a drawer, whose habits (slant, size, place, steadiness) show in every character, and that
/// drawer's one drawing of each. The same names give the same pixels on every machine.
#[must_use]
pub fn draw(name: GlyphName, drawer: u64) -> Image {
    Hand::new(name.alphabet, name.character, drawer).draw(&character(name))
}

/// The character without a drawer's variation: for thumbnails and for comparing types.
#[must_use]
pub fn prototype(name: GlyphName) -> Image {
    Hand::still().draw(&character(name))
}

/// The program of a character.
fn character(name: GlyphName) -> Character {
    let mut style = Alphabet::stream(name.alphabet).numbered(1);
    let alphabet = Alphabet::new(&mut style);
    Character::new(&alphabet, &mut style.numbered(2 + u64::from(name.character)))
}

#[cfg(test)]
mod tests;
