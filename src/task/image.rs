//! Small grey images, the examples of a classification task.

use serde::{Deserialize, Serialize};

/// Pixels along one side of an [`Image`].
pub const SIDE: usize = 28;

/// Pixels of an [`Image`].
pub const PIXELS: usize = SIDE * SIDE;

/// A drawing of 28 × 28 pixels: row-major ink, 0 (paper) to 255 (full ink).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct Image(Vec<u8>);

/// Ink that is not [`PIXELS`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an image has {PIXELS} pixels, not {0}")]
pub struct WrongPixels(usize);

impl Image {
    /// Paper without ink.
    #[must_use]
    pub fn blank() -> Self {
        Self(vec![0; PIXELS])
    }

    /// Its ink, row-major.
    #[must_use]
    pub fn ink(&self) -> &[u8] {
        &self.0
    }

    /// Its ink, to draw on.
    pub fn ink_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// Mean ink, 0 to 1.
    #[must_use]
    pub fn mean_ink(&self) -> f64 {
        self.0.iter().map(|&ink| f64::from(ink)).sum::<f64>() / (255.0 * PIXELS as f64)
    }

    /// Turned clockwise by `quarters` quarter turns.
    #[must_use]
    pub fn turned(&self, quarters: u8) -> Self {
        let last = SIDE - 1;
        let from = |row: usize, column: usize| match quarters % 4 {
            0 => (row, column),
            1 => (last - column, row),
            2 => (last - row, last - column),
            _ => (column, last - row),
        };
        let pixel = |i: usize| {
            let (row, column) = from(i / SIDE, i % SIDE);
            self.0[row * SIDE + column]
        };
        Self((0..PIXELS).map(pixel).collect())
    }
}

impl TryFrom<Vec<u8>> for Image {
    type Error = WrongPixels;

    fn try_from(ink: Vec<u8>) -> Result<Self, WrongPixels> {
        if ink.len() == PIXELS { Ok(Self(ink)) } else { Err(WrongPixels(ink.len())) }
    }
}

impl From<Image> for Vec<u8> {
    fn from(image: Image) -> Self {
        image.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(row: usize, column: usize) -> Image {
        let mut image = Image::blank();
        image.ink_mut()[row * SIDE + column] = 255;
        image
    }

    #[test]
    fn a_quarter_turn_carries_the_top_left_to_the_top_right() {
        assert_eq!(dot(0, 0).turned(1), dot(0, 27));
        assert_eq!(dot(3, 5).turned(2), dot(24, 22));
        assert_eq!(dot(3, 5).turned(1).turned(3), dot(3, 5));
        assert_eq!(dot(3, 5).turned(4), dot(3, 5));
    }

    #[test]
    fn ink_of_another_size_is_no_image() {
        assert_eq!(Image::try_from(vec![0; 783]).unwrap_err().to_string(), "an image has 784 pixels, not 783");
    }

    #[test]
    fn mean_ink_is_the_share_of_full_ink() {
        assert_eq!(dot(1, 1).mean_ink(), 1.0 / 784.0);
    }
}
