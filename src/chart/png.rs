//! Small PNG files of palette colours (PNG specification, §11).

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A PNG of `[width, height]` pixels of so many bits, whose rows each begin with a filter byte; a palette is its colours, and
/// the opacities of the first of them.
pub(super) fn paletted(
    [width, height]: [usize; 2],
    bits: usize,
    (colours, opacities): (&[[u8; 3]], &[u8]),
    rows: &[u8],
) -> Vec<u8> {
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    let [width, height] = [width, height].map(|side| (side as u32).to_be_bytes());
    let header = [&width[..], &height[..], &[bits as u8, 3, 0, 0, 0]].concat();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"PLTE", &colours.concat());
    chunk(&mut file, *b"tRNS", opacities);
    chunk(&mut file, *b"IDAT", &stored(rows));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// A file's `data:` address.
pub(super) fn address(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}

/// A zlib stream of stored blocks (RFC 1950 and 1951): in a few kilobytes there is little to compress.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = bytes.chunks(usize::from(u16::MAX));
    let last = blocks.len().saturating_sub(1);
    for (number, block) in blocks.enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(number == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler(bytes).to_be_bytes());
    stream
}

/// The checksum of a zlib stream (RFC 1950, §8.2).
fn adler(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 65_521;
    let (a, b) = bytes.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % PRIME;
        (a, (b + a) % PRIME)
    });
    b << 16 | a
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    file.extend((content.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(content);
    file.extend(crc32fast::hash(&file[start..]).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        // The example of Wikipedia's article on Adler-32.
        assert_eq!(adler(b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn what_is_too_long_for_one_block_is_stored_in_two() {
        let stream = stored(&vec![7; 65_540]);
        assert_eq!((stream[2], &stream[3..7]), (0, &[0xff, 0xff, 0, 0][..]));
        assert_eq!((stream[7 + 65_535], &stream[8 + 65_535..10 + 65_535]), (1, &[5, 0][..]));
        assert_eq!(stream.len(), 2 + 2 * 5 + 65_540 + 4);
    }
}
