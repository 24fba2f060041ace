//! Small square pictures side by side as one: filters, or the feature maps of a layer.

use super::{
    Colours,
    png::{address, paletted},
};

/// Pictures side by side, as a picture themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiles {
    /// Its `data:` address.
    pub picture: String,
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
}

/// Colours; one more is no colour at all, between the pictures.
const SHADES: usize = 255;

impl Tiles {
    /// `count` pictures of `side` pixels in a row, as many rows as columns or one less, with a pixel between any two. `share` says
    /// of a pixel (its picture, and its place from the top left) where in the colours it is, 0 to 1.
    #[must_use]
    pub fn new(count: usize, side: usize, colours: Colours, share: impl Fn(usize, usize) -> f64) -> Self {
        let columns = (1..).find(|columns| columns * columns >= count).unwrap_or(1);
        let rows = count.div_ceil(columns);
        let pitch = side + 1;
        let (width, height) = ((columns * pitch).saturating_sub(1), (rows * pitch).saturating_sub(1));
        let mut bytes = Vec::with_capacity(height * (width + 1));
        for y in 0..height {
            bytes.push(0);
            bytes.extend((0..width).map(|x| {
                let picture = y / pitch * columns + x / pitch;
                let (column, row) = (x % pitch, y % pitch);
                if picture >= count || column == side || row == side {
                    return 0;
                }
                let share = share(picture, row * side + column);
                let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 };
                1 + (share * (SHADES - 1) as f64).round() as u8
            }));
        }
        let shade = |number: usize| colours.at(number as f64 / (SHADES - 1) as f64);
        let palette: Vec<[u8; 3]> = std::iter::once([0; 3]).chain((0..SHADES).map(shade)).collect();
        Self { picture: address(&paletted([width, height], 8, (&palette, &[0]), &bytes)), width, height }
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;

    /// The scan lines, behind the header of 8 + 25 bytes, the palette of 12 + 768, its opacity of 13, and the first
    /// 15 of its data.
    fn lines(tiles: &Tiles) -> Vec<u8> {
        let file = STANDARD.decode(tiles.picture.trim_start_matches("data:image/png;base64,")).unwrap();
        let start = 8 + 25 + 780 + 13 + 8 + 7;
        file[start..start + tiles.height * (tiles.width + 1)].to_vec()
    }

    #[test]
    fn pictures_stand_in_a_square_with_nothing_between_them() {
        // Three pictures of two by two: two in the first row, one in the second.
        let tiles =
            Tiles::new(3, 2, Colours::Amount, |picture, place| if picture == 2 && place == 1 { 1.0 } else { 0.0 });
        assert_eq!((tiles.width, tiles.height), (5, 5));
        let lines = lines(&tiles);
        assert_eq!(lines[..6], [0, 1, 1, 0, 1, 1]);
        assert_eq!(lines[12..18], [0; 6], "between the rows");
        assert_eq!(lines[18..24], [0, 1, 255, 0, 0, 0], "the second pixel of the third is the last colour");
    }

    #[test]
    fn what_is_beyond_the_colours_has_the_last_one() {
        let tiles = Tiles::new(1, 2, Colours::Difference, |_, place| [-3.0, 0.5, 7.0, f64::NAN][place]);
        assert_eq!(lines(&tiles), [0, 1, 128, 0, 255, 255]);
    }
}
