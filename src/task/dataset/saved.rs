//! The dataset's own format.
//!
//! Magic, version, then name and alphabets, then the CRC-32 of all that. Numbers are little-endian; a list is its
//! u32 length and its items; a name is a list of UTF-8 bytes; a drawing is a byte that says which of the two forms
//! follows: 98 bytes of a bit a pixel (most significant first, ink = 1), or 784 of a byte a pixel.

use crate::task::{Image, PIXELS, WrongPixels};

use super::{Alphabet, Character, Dataset, DatasetError, MAX_DRAWINGS, MAX_NAME};

pub(super) const MAGIC: &[u8] = b"kindling dataset";
const VERSION: u8 = 1;

const BINARY: u8 = 0;
const GREY: u8 = 1;

pub(super) fn fingerprint(dataset: &Dataset) -> String {
    crate::task::fingerprint(&body(dataset))
}

pub(super) fn write(dataset: &Dataset) -> Vec<u8> {
    let mut bytes = body(dataset);
    let digest = crc32fast::hash(&bytes);
    bytes.extend(digest.to_le_bytes());
    bytes
}

fn body(dataset: &Dataset) -> Vec<u8> {
    let mut bytes = [MAGIC, &[VERSION]].concat();
    write_name(&mut bytes, &dataset.name);
    write_len(&mut bytes, dataset.alphabets.len());
    for alphabet in &dataset.alphabets {
        write_name(&mut bytes, &alphabet.name);
        write_len(&mut bytes, alphabet.characters.len());
        for character in &alphabet.characters {
            write_name(&mut bytes, &character.name);
            write_len(&mut bytes, character.drawings.len());
            character.drawings.iter().for_each(|drawing| write_drawing(&mut bytes, drawing.ink()));
        }
    }
    bytes
}

/// A dataset has at most [`MAX_DRAWINGS`] of anything.
fn write_len(bytes: &mut Vec<u8>, len: usize) {
    bytes.extend((len as u32).to_le_bytes());
}

fn write_name(bytes: &mut Vec<u8>, name: &str) {
    write_len(bytes, name.len());
    bytes.extend(name.as_bytes());
}

fn write_drawing(bytes: &mut Vec<u8>, ink: &[u8]) {
    if ink.iter().all(|&ink| ink == 0 || ink == 255) {
        bytes.push(BINARY);
        bytes.extend(ink.chunks(8).map(|eight| eight.iter().fold(0, |byte, &ink| byte << 1 | ink & 1)));
    } else {
        bytes.push(GREY);
        bytes.extend(ink);
    }
}

pub(super) fn read(bytes: &[u8]) -> Result<Dataset, DatasetError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(DatasetError::NotSaved)?;
    let version = *rest.first().ok_or(DatasetError::Damaged)?;
    if version != VERSION {
        return Err(DatasetError::OtherVersion(version));
    }
    let (body, digest) = bytes.split_last_chunk().ok_or(DatasetError::Damaged)?;
    if crc32fast::hash(body) != u32::from_le_bytes(*digest) {
        return Err(DatasetError::Damaged);
    }
    let mut reader = Reader(body.get(MAGIC.len() + 1..).ok_or(DatasetError::Damaged)?);
    let name = reader.name()?;
    let alphabets = reader.list(|reader| {
        let name = reader.name()?;
        let characters = reader.list(|reader| {
            let name = reader.name()?;
            Ok(Character { name, drawings: reader.list(Reader::drawing)? })
        })?;
        Ok(Alphabet { name, characters })
    })?;
    if reader.0.is_empty() { Dataset::new(name, alphabets) } else { Err(DatasetError::Damaged) }
}

/// The bytes still to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Result<&'a [u8], DatasetError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(DatasetError::Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn len(&mut self, most: usize) -> Result<usize, DatasetError> {
        let (len, rest) = self.0.split_first_chunk().ok_or(DatasetError::Damaged)?;
        self.0 = rest;
        let len = usize::try_from(u32::from_le_bytes(*len)).map_err(|_| DatasetError::Damaged)?;
        if len <= most { Ok(len) } else { Err(DatasetError::Damaged) }
    }

    fn name(&mut self) -> Result<String, DatasetError> {
        let len = self.len(4 * MAX_NAME)?;
        String::from_utf8(self.take(len)?.to_vec()).map_err(|_| DatasetError::Damaged)
    }

    /// Memory grows with what is there, not with what a length claims.
    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, DatasetError>) -> Result<Vec<T>, DatasetError> {
        let len = self.len(MAX_DRAWINGS)?;
        let mut items = Vec::new();
        for _ in 0..len {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn drawing(&mut self) -> Result<Image, DatasetError> {
        let drawing = match self.take(1)? {
            [BINARY] => from_bits(self.take(PIXELS / 8)?),
            [GREY] => Image::try_from(self.take(PIXELS)?.to_vec()),
            _ => return Err(DatasetError::Damaged),
        };
        drawing.map_err(|_| DatasetError::Damaged)
    }
}

/// The image of 98 bytes, a bit a pixel, most significant first, ink = 1.
pub(crate) fn from_bits(bits: &[u8]) -> Result<Image, WrongPixels> {
    let ink = |byte: &u8, i: u32| if byte << i & 0x80 == 0 { 0 } else { 255 };
    Image::try_from(bits.iter().flat_map(|byte| (0..8).map(move |i| ink(byte, i))).collect::<Vec<u8>>())
}
