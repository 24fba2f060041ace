//! A picture of numbers as squares (a Hinton diagram): the larger the number, the larger its square.

use std::fmt::Write as _;

use super::Frame;

/// A number this large fills its place; few standard normal ones are larger.
const FULL: f64 = 2.5;

/// Path data of the squares of a system Wθ = y.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatrixPicture {
    /// Squares of positive numbers.
    pub positive: String,
    /// Squares of negative numbers.
    pub negative: String,
}

impl MatrixPicture {
    /// Draws a matrix, row by row, and half a column to its right the target, a number a row.
    #[must_use]
    pub fn new(matrix: &[f64], target: &[f64], frame: &Frame) -> Self {
        let rows = target.len().max(1);
        let columns = matrix.len() / rows;
        let ((left, right), (bottom, top)) = (frame.across(), frame.upwards());
        let side = ((right - left) / (columns as f64 + 1.5)).min((bottom - top) / rows as f64);
        // In the middle of the frame.
        let x0 = (left + right - side * (columns as f64 + 1.5)) / 2.0;
        let y0 = (top + bottom - side * rows as f64) / 2.0;
        let mut picture = Self::default();
        let mut square = |column: f64, row: usize, value: f64| {
            let size = side * 0.9 * (value.abs() / FULL).min(1.0).sqrt();
            let x = x0 + side * (column + 0.5) - size / 2.0;
            let y = y0 + side * (row as f64 + 0.5) - size / 2.0;
            let path = if value < 0.0 { &mut picture.negative } else { &mut picture.positive };
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x:.1},{y:.1}h{size:.1}v{size:.1}h-{size:.1}z");
        };
        for (place, value) in matrix.iter().enumerate() {
            square((place % columns.max(1)) as f64, place / columns.max(1), *value);
        }
        for (row, value) in target.iter().enumerate() {
            square(columns as f64 + 0.5, row, *value);
        }
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { width: 35.0, height: 20.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    /// Two rows of two numbers and a target, on places of 10 pixels.
    #[test]
    fn squares_stand_at_their_row_and_column_and_negative_ones_apart() {
        let picture = MatrixPicture::new(&[2.5, 0.0, -2.5, 0.625], &[0.0, -9.0], &FRAME);
        assert_eq!(
            picture.positive,
            "M0.5,0.5h9.0v9.0h-9.0zM15.0,5.0h0.0v0.0h-0.0zM12.8,12.8h4.5v4.5h-4.5zM30.0,5.0h0.0v0.0h-0.0z"
        );
        assert_eq!(picture.negative, "M0.5,10.5h9.0v9.0h-9.0zM25.5,10.5h9.0v9.0h-9.0z");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(MatrixPicture::new(&[], &[], &FRAME), MatrixPicture::default());
    }
}
