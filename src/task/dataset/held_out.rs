//! Which classes are kept from training: a property of the names alone.

use crate::task::Split;

use super::Alphabet;

/// From this many alphabets on, whole ones are held out, as in few-shot practice: a new script, not a new letter.
const ENOUGH_ALPHABETS: usize = 6;

/// From this many classes on, each split can have two of them and training most.
const ENOUGH_CLASSES: usize = 12;

/// Validation and test each get one part in this many.
const PARTS: usize = 6;

/// What the splits of a dataset do not share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldOut {
    /// Alphabets: there are at least 6.
    Alphabets,
    /// Characters: there are fewer alphabets, but at least 12 characters.
    Characters,
    /// Nothing: every split is the whole dataset.
    Nothing,
}

pub(super) fn held_out(alphabets: &[Alphabet]) -> HeldOut {
    let classes: usize = alphabets.iter().map(|alphabet| alphabet.characters.len()).sum();
    match (alphabets.len(), classes) {
        (ENOUGH_ALPHABETS.., _) => HeldOut::Alphabets,
        (_, ENOUGH_CLASSES..) => HeldOut::Characters,
        _ => HeldOut::Nothing,
    }
}

/// Indices (alphabet, character), ascending.
pub(super) fn split(alphabets: &[Alphabet], split: Split) -> Vec<(usize, usize)> {
    let classes = |a: usize| (0..alphabets[a].characters.len()).map(move |c| (a, c));
    let all: Vec<(usize, usize)> = (0..alphabets.len()).flat_map(classes).collect();
    match held_out(alphabets) {
        HeldOut::Alphabets => {
            let names: Vec<String> = alphabets.iter().map(|alphabet| alphabet.name.clone()).collect();
            let splits = assign(&names, 1);
            all.into_iter().filter(|&(a, _)| splits[a] == split).collect()
        }
        HeldOut::Characters => {
            let name = |&(a, c): &(usize, usize)| {
                let alphabet = &alphabets[a];
                format!("{}/{}", alphabet.name, alphabet.characters[c].name)
            };
            let names: Vec<String> = all.iter().map(name).collect();
            let splits = assign(&names, 2);
            all.into_iter().zip(splits).filter(|(_, of)| *of == split).map(|(class, _)| class).collect()
        }
        HeldOut::Nothing => all,
    }
}

/// The split of each name. In the order of a hash of the names, the first sixth is for the test and the second for
/// validation, at least `least` names each: no order in which people name things gets a say.
fn assign(names: &[String], least: usize) -> Vec<Split> {
    let share = (names.len() as f64 / PARTS as f64).round().max(least as f64) as usize;
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&i| (crc32fast::hash(names[i].as_bytes()), &names[i]));
    let mut splits = vec![Split::Train; names.len()];
    for (place, i) in order.into_iter().enumerate() {
        splits[i] = match place / share {
            0 => Split::Test,
            1 => Split::Validation,
            _ => Split::Train,
        };
    }
    splits
}
