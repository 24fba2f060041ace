//! A drawing as a picture for the page: a tiny PNG in a `data:` address, whose ink is its opacity.
//!
//! The page uses it as a mask, so that the ink takes the colour of the text around it in either theme. An element
//! with one short address costs a browser less than the runs of hundreds of pixels as SVG paths.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::task::{Image, SIDE};

/// Bits a pixel: sixteen shades are as many as an eye tells apart on strokes this thin.
const BITS: usize = 4;

/// Largest value of a pixel.
const SHADES: u8 = (1 << BITS) - 1;

/// Bytes of a row: a filter byte, and two pixels in each of the others.
const ROW: usize = 1 + SIDE * BITS / 8;

/// The address of a picture of the drawing's ink.
#[must_use]
pub fn data_url(image: &Image) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png(image)))
}

/// A PNG of palette colours: every colour black, shade `i` of opacity `i / 15` (PNG specification, §11).
fn png(image: &Image) -> Vec<u8> {
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n'];
    let side = (SIDE as u32).to_be_bytes();
    let header = [&side[..], &side[..], &[BITS as u8, 3, 0, 0, 0]].concat();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"PLTE", &[0; 3 * (SHADES as usize + 1)]);
    let opacities: Vec<u8> = (0..=SHADES).map(|shade| shade * (255 / SHADES)).collect();
    chunk(&mut file, *b"tRNS", &opacities);
    chunk(&mut file, *b"IDAT", &stored(&rows(image)));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// Scan lines, two pixels a byte, each after its filter byte: 0, no filter.
fn rows(image: &Image) -> Vec<u8> {
    let shade = |ink: u8| (u16::from(ink) * u16::from(SHADES) + 127) / 255;
    let pairs = |row: &[u8]| -> Vec<u8> {
        row.chunks(2).map(|pair| (shade(pair[0]) << BITS | pair.get(1).map_or(0, |ink| shade(*ink))) as u8).collect()
    };
    image.ink().chunks(SIDE).flat_map(|row| std::iter::once(0).chain(pairs(row))).collect()
}

/// A zlib stream of one stored block (RFC 1950 and 1951): at 420 bytes there is little to compress.
fn stored(bytes: &[u8]) -> Vec<u8> {
    debug_assert_eq!(bytes.len(), SIDE * ROW);
    let length = bytes.len() as u16;
    let mut stream = vec![0x78, 0x01, 1];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(bytes);
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
    fn ink_becomes_opacity_two_pixels_a_byte() {
        let mut image = Image::blank();
        image.ink_mut()[0] = 255;
        image.ink_mut()[1] = 17;
        image.ink_mut()[SIDE + 3] = 128;
        let rows = rows(&image);
        assert_eq!(rows.len(), SIDE * ROW);
        assert_eq!((rows[0], rows[1], rows[ROW + 2]), (0, 0xF1, 0x08));
    }

    #[test]
    fn the_picture_is_small_and_ends_as_every_png_does() {
        let file = png(&Image::blank());
        assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
        // The last chunk is empty, and its checksum is the same in every file there is.
        assert!(file.ends_with(b"\0\0\0\0IEND\xaeB`\x82"));
        assert!(file.len() < 600, "{} bytes", file.len());
    }
}
