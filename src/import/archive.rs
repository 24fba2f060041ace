//! Zip archives, as far as datasets need them: stored and deflated entries in one file.
//!
//! APPNOTE.TXT 6.3.10, sections 4.3 to 4.5. The central directory is the only authority; a local header only says how
//! long it is itself. Every offset and length is checked against the bytes that are there.

use std::iter;

use miniz_oxide::inflate::{TINFLStatus, decompress_slice_iter_to_slice};

use super::{ImportError, MAX_ENTRIES};

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

const ENCRYPTED: u16 = 1;
const UTF_8: u16 = 1 << 11;

/// Where the upper half of a byte leads in the code page of the first zips.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
                             └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// The bytes of a zip and what its central directory lists.
pub(super) struct Archive {
    bytes: Vec<u8>,
    pub(super) entries: Vec<Entry>,
}

/// One file of an archive.
pub(super) struct Entry {
    pub(super) path: String,
    /// Bytes once unpacked, by what the archive says.
    pub(super) size: usize,
    packed: usize,
    method: u16,
    flags: u16,
    crc: u32,
    header: usize,
}

/// Whether bytes begin as a zip does, an empty one included.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(&LOCAL) || bytes.starts_with(&END) || bytes.starts_with(&END_64)
}

/// Where the central directory is.
struct Directory {
    entries: usize,
    start: usize,
    end: usize,
}

impl Archive {
    pub(super) fn open(bytes: Vec<u8>) -> Result<Self, ImportError> {
        let directory = directory(&bytes)?;
        let mut at = directory.start;
        let mut entries = Vec::new();
        for _ in 0..directory.entries {
            entries.push(entry(&bytes[..directory.end], &mut at)?);
        }
        Ok(Self { bytes, entries })
    }

    /// The bytes of an entry, unpacked and compared with their checksum. Takes as much memory as the entry says it
    /// does, so whoever calls looks at its size first.
    pub(super) fn read(&self, entry: &Entry) -> Result<Vec<u8>, ImportError> {
        if entry.flags & ENCRYPTED != 0 {
            return Err(ImportError::Encrypted(entry.path.clone()));
        }
        let damaged = || ImportError::DamagedEntry(entry.path.clone());
        let data = data(&self.bytes, entry).ok_or_else(damaged)?;
        let unpacked = match entry.method {
            STORED => data.to_vec(),
            DEFLATED => {
                let mut unpacked = vec![0; entry.size];
                match decompress_slice_iter_to_slice(&mut unpacked, iter::once(data), false, true) {
                    Ok(size) => unpacked.truncate(size),
                    Err(TINFLStatus::HasMoreOutput) => return Err(ImportError::LyingSize(entry.path.clone())),
                    Err(_) => return Err(damaged()),
                }
                unpacked
            }
            method => return Err(ImportError::UnknownCompression(entry.path.clone(), method)),
        };
        if unpacked.len() != entry.size {
            return Err(ImportError::LyingSize(entry.path.clone()));
        }
        if crc32fast::hash(&unpacked) == entry.crc { Ok(unpacked) } else { Err(damaged()) }
    }
}

/// The packed bytes of an entry, behind its local header and a name and an extra field of its own.
fn data<'a>(bytes: &'a [u8], entry: &Entry) -> Option<&'a [u8]> {
    let header = bytes.get(entry.header..)?;
    if !header.starts_with(&LOCAL) {
        return None;
    }
    let start = 30 + usize::from(u16_at(header, 26)?) + usize::from(u16_at(header, 28)?);
    header.get(start..)?.get(..entry.packed)
}

fn directory(bytes: &[u8]) -> Result<Directory, ImportError> {
    // The end is 22 bytes and a comment of at most 65 535, in which its signature may occur again.
    let first = bytes.len().saturating_sub(22 + usize::from(u16::MAX));
    let is_end = |&at: &usize| {
        bytes[at..].starts_with(&END)
            && u16_at(bytes, at + 20).is_some_and(|comment| at + 22 + usize::from(comment) <= bytes.len())
    };
    let at = (first..bytes.len()).rev().find(is_end).ok_or(ImportError::Truncated)?;
    let short = || {
        let wide = |at| u32_at(bytes, at).map(u64::from);
        Some((u16_at(bytes, at + 4)?, u64::from(u16_at(bytes, at + 10)?), wide(at + 12)?, wide(at + 16)?, at))
    };
    let long = || {
        let locator = at.checked_sub(20)?;
        if !bytes.get(locator..)?.starts_with(&LOCATOR_64) {
            return None;
        }
        let end = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
        if !bytes.get(end..locator)?.starts_with(&END_64) {
            return None;
        }
        let disk = u16::try_from(u32_at(bytes, end + 16)?).unwrap_or(u16::MAX);
        Some((disk, u64_at(bytes, end + 32)?, u64_at(bytes, end + 40)?, u64_at(bytes, end + 48)?, end))
    };
    let damaged = ImportError::DamagedArchive("its list of files is not where it should be");
    let Some((disk, entries, size, offset, end)) = long().or_else(short) else {
        return Err(damaged);
    };
    if disk != 0 {
        return Err(ImportError::SplitArchive);
    }
    let entries = usize::try_from(entries).unwrap_or(usize::MAX);
    if entries > MAX_ENTRIES {
        return Err(ImportError::TooManyEntries(entries));
    }
    let start = usize::try_from(offset).ok();
    let stop = start.and_then(|start| start.checked_add(usize::try_from(size).ok()?));
    match start.zip(stop) {
        Some((start, stop)) if stop <= end => Ok(Directory { entries, start, end: stop }),
        _ => Err(damaged),
    }
}

fn entry(directory: &[u8], at: &mut usize) -> Result<Entry, ImportError> {
    let damaged = ImportError::DamagedArchive("its list of files breaks off");
    let read = || {
        let header = directory.get(*at..)?;
        if !header.starts_with(&CENTRAL) {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|at| u16_at(header, at).map(usize::from));
        let (name, extra) = (46..46 + name?, 46 + name?..46 + name? + extra?);
        let next = *at + extra.end + comment?;
        let flags = u16_at(header, 8)?;
        // What does not fit in 32 bits stands in the extra field, in this order, and only what does not fit.
        let mut wide = wide_values(header.get(extra)?);
        let mut value = |at| match u32_at(header, at)? {
            u32::MAX => usize::try_from(wide.next()?).ok(),
            value => usize::try_from(value).ok(),
        };
        let (size, packed, offset) = (value(24)?, value(20)?, value(42)?);
        let entry = Entry {
            path: path(header.get(name)?, flags),
            size,
            packed,
            method: u16_at(header, 10)?,
            flags,
            crc: u32_at(header, 16)?,
            header: offset,
        };
        (next <= directory.len()).then_some((entry, next))
    };
    let (entry, next) = read().ok_or(damaged)?;
    *at = next;
    Ok(entry)
}

/// The 64-bit numbers of a zip64 extra field.
fn wide_values(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut found: &[u8] = &[];
    while let (Some(id), Some(len)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(value) = extra.get(4..4 + usize::from(len)) else { break };
        if id == 1 {
            found = value;
        }
        extra = &extra[4 + value.len()..];
    }
    found.as_chunks().0.iter().map(|eight| u64::from_le_bytes(*eight))
}

/// Many tools write UTF-8 without saying so; what is not can only be the old code page.
fn path(name: &[u8], flags: u16) -> String {
    match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) if flags & UTF_8 != 0 => String::from_utf8_lossy(name).into_owned(),
        Err(_) => name.iter().map(|&byte| old_char(byte)).collect(),
    }
}

fn old_char(byte: u8) -> char {
    match byte.checked_sub(128) {
        None => char::from(byte),
        Some(upper) => CODE_PAGE_437.chars().nth(usize::from(upper)).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array_at(bytes, at).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array_at(bytes, at).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array_at(bytes, at).map(u64::from_le_bytes)
}
