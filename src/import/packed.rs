//! The packed form: images of 98 bytes, a bit a pixel, class after class, with the list of classes in a second file.

use std::collections::BTreeMap;

use crate::task::{Alphabet, Character, Dataset, Image, MAX_DRAWINGS, PIXELS, from_bits};

use super::ImportError;

/// Bytes of an image: a bit a pixel.
const IMAGE_BYTES: usize = PIXELS / 8;

/// Without a list of classes, the number of drawings of each: that of Omniglot.
const DRAWERS: usize = 20;

/// `list` is JSON, `[[alphabet, character], ...]`; without it the classes are numbered in one alphabet.
pub(super) fn read(name: &str, bytes: &[u8], list: Option<&[u8]>) -> Result<Dataset, ImportError> {
    let length = || ImportError::PackedLength(bytes.len());
    let drawings = bytes.len() / IMAGE_BYTES;
    if !bytes.len().is_multiple_of(IMAGE_BYTES) {
        return Err(length());
    }
    if drawings > MAX_DRAWINGS {
        return Err(ImportError::TooManyImages(drawings));
    }
    let classes: Vec<(String, String)> = match list {
        Some(list) => serde_json::from_slice(list).map_err(|error| ImportError::ClassList(error.to_string()))?,
        None => (1..=drawings / DRAWERS).map(|i| (name.to_owned(), format!("character{i:04}"))).collect(),
    };
    if classes.is_empty() || !drawings.is_multiple_of(classes.len()) || drawings == 0 {
        return Err(length());
    }
    let each = IMAGE_BYTES * (drawings / classes.len());
    let mut alphabets: BTreeMap<String, Vec<Character>> = BTreeMap::new();
    for ((alphabet, character), bytes) in classes.into_iter().zip(bytes.chunks(each)) {
        let drawings: Result<Vec<Image>, _> = bytes.chunks(IMAGE_BYTES).map(from_bits).collect();
        let drawings = drawings.map_err(|_| length())?;
        alphabets.entry(alphabet).or_default().push(Character { name: character, drawings });
    }
    let alphabets = alphabets.into_iter().map(|(name, characters)| Alphabet { name, characters });
    Ok(Dataset::new(name.to_owned(), alphabets.collect())?)
}
