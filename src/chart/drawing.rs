//! A drawing as a picture for the page: a tiny PNG in a `data:` address, whose ink is its opacity.
//!
//! The page uses it as a mask, so that the ink takes the colour of the text around it in either theme. An element
//! with one short address costs a browser less than the runs of hundreds of pixels as SVG paths.

use super::png::{address, paletted};
use crate::task::{Image, SIDE};

/// Bits a pixel: sixteen shades are as many as an eye tells apart on strokes this thin.
const BITS: usize = 4;

/// Largest value of a pixel.
const SHADES: u8 = (1 << BITS) - 1;

/// The address of a picture of the drawing's ink.
#[must_use]
pub fn data_url(image: &Image) -> String {
    address(&png(image))
}

/// A PNG of palette colours: every colour black, shade `i` of opacity `i / 15`.
fn png(image: &Image) -> Vec<u8> {
    let opacities: Vec<u8> = (0..=SHADES).map(|shade| shade * (255 / SHADES)).collect();
    paletted([SIDE, SIDE], BITS, (&[[0; 3]; SHADES as usize + 1], &opacities), &rows(image))
}

/// Scan lines, two pixels a byte, each after its filter byte: 0, no filter.
fn rows(image: &Image) -> Vec<u8> {
    let shade = |ink: u8| (u16::from(ink) * u16::from(SHADES) + 127) / 255;
    let pairs = |row: &[u8]| -> Vec<u8> {
        row.chunks(2).map(|pair| (shade(pair[0]) << BITS | pair.get(1).map_or(0, |ink| shade(*ink))) as u8).collect()
    };
    image.ink().chunks(SIDE).flat_map(|row| std::iter::once(0).chain(pairs(row))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_becomes_opacity_two_pixels_a_byte() {
        let mut image = Image::blank();
        image.ink_mut()[0] = 255;
        image.ink_mut()[1] = 17;
        image.ink_mut()[SIDE + 3] = 128;
        let rows = rows(&image);
        // A filter byte, and two pixels in each of the others.
        let row = 1 + SIDE / 2;
        assert_eq!(rows.len(), SIDE * row);
        assert_eq!((rows[0], rows[1], rows[row + 2]), (0, 0xF1, 0x08));
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
