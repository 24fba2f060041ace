//! PNG files made safe to decode.
//!
//! The decoder looks at its limit only between blocks of compressed data, and a block can unpack to a thousand times
//! its size. So it is given nothing but the chunks that make the picture (no text, profile or animation), and only
//! once these have been seen to unpack to no more than the picture that the header promises.

use miniz_oxide::inflate::decompress_slice_iter_to_slice;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// PNG specification, sections 11.2 and 11.3.1: header, palette, data, end, transparency.
const KEPT: [&[u8; 4]; 5] = [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"];

/// Width and height by the header, in pixels.
pub(super) fn dimensions(bytes: &[u8]) -> Option<(usize, usize)> {
    let side = |at: usize| usize::try_from(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok();
    side(16).zip(side(20))
}

/// The chunks that make the picture, if its data unpacks to no more than it should; its `dimensions` are in bounds.
pub(super) fn safe(bytes: &[u8], dimensions: (usize, usize)) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let mut kept = SIGNATURE.to_vec();
    let mut data = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let kind = after.first_chunk::<4>()?;
        let body = after.get(4..)?.get(..length)?;
        // Length and kind before, a checksum behind.
        let (chunk, next) = rest.split_at_checked(body.len() + 12)?;
        if KEPT.contains(&kind) {
            kept.extend(chunk);
        }
        if kind == b"IDAT" {
            data.push(body);
        }
        if kind == b"IEND" {
            break;
        }
        rest = next;
    }
    let mut unpacked = vec![0; most(bytes, dimensions)?];
    decompress_slice_iter_to_slice(&mut unpacked, data.into_iter(), true, true).ok()?;
    Some(kept)
}

/// The most bytes that the data of a picture has: its rows, each with a byte for the filter. Interlaced, the seven
/// passes have less than two rows for each of the picture's and seven more, and each ends within a byte of its own.
fn most(bytes: &[u8], (width, height): (usize, usize)) -> Option<usize> {
    let channels = match bytes.get(25)? {
        0 | 3 => 1,
        4 => 2,
        2 => 3,
        6 => 4,
        _ => return None,
    };
    let bits = usize::from(*bytes.get(24)?).min(16);
    Some((width * channels * bits).div_ceil(8) * height + 2 * (2 * height + 7))
}
