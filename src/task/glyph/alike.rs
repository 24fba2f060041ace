//! Whether two characters can be told apart.

use crate::task::{Image, SIDE};

/// Shifts tried in each direction, in pixels.
const SHIFT: i32 = 2;

/// Share of each drawing's ink that must lie within a pixel of the other's.
const SHARED: f64 = 0.9;

/// One bit a pixel, the leftmost highest, with room on both sides.
type Rows = [u64; SIDE];

/// Whether two characters are too alike to be two classes of one task.
///
/// They are if, at some shift of up to two pixels, at least nine tenths of the ink of each lies within one
/// pixel of the other's. So close lie two drawings in five to the prototype of their own character, and one pair of
/// prototypes in eight hundred. Always true of an image and itself.
#[must_use]
pub fn too_alike(a: &Image, b: &Image) -> bool {
    if a == b {
        return true;
    }
    let (a, b) = (rows(a), rows(b));
    let (near_a, near_b) = (spread(&a), spread(&b));
    let (ink_a, ink_b) = (count(&a), count(&b));
    (-SHIFT..=SHIFT).any(|down| {
        (-SHIFT..=SHIFT).any(|right| {
            covered(&a, &near_b, down, right) >= SHARED * ink_a && covered(&b, &near_a, -down, -right) >= SHARED * ink_b
        })
    })
}

/// Ink of at least half.
fn rows(image: &Image) -> Rows {
    let mut rows = [0; SIDE];
    for (row, pixels) in rows.iter_mut().zip(image.ink().chunks(SIDE)) {
        *row = pixels.iter().fold(0, |bits, &ink| bits << 1 | u64::from(ink > 127)) << 16;
    }
    rows
}

/// Every pixel within one of ink.
fn spread(rows: &Rows) -> Rows {
    let wide = rows.map(|row| row | row << 1 | row >> 1);
    let mut all = wide;
    for i in 0..SIDE {
        all[i] |= if i > 0 { wide[i - 1] } else { 0 } | wide.get(i + 1).unwrap_or(&0);
    }
    all
}

fn count(rows: &Rows) -> f64 {
    f64::from(rows.iter().map(|row| row.count_ones()).sum::<u32>())
}

/// How many pixels of `rows`, shifted, lie in `near`.
fn covered(rows: &Rows, near: &Rows, down: i32, right: i32) -> f64 {
    let mut shared = 0;
    for (i, row) in rows.iter().enumerate() {
        let under = i.checked_add_signed(down as isize).and_then(|i| near.get(i)).unwrap_or(&0);
        shared += (if right < 0 { row << -right } else { row >> right } & under).count_ones();
    }
    f64::from(shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(column: usize, rows: std::ops::Range<usize>) -> Image {
        let mut image = Image::blank();
        for row in rows {
            image.ink_mut()[row * SIDE + column] = 255;
        }
        image
    }

    #[test]
    fn an_image_is_too_like_itself_even_blank() {
        assert!(too_alike(&Image::blank(), &Image::blank()));
        assert!(too_alike(&bar(5, 3..20), &bar(5, 3..20)));
    }

    #[test]
    fn a_shift_of_three_pixels_is_alike_and_of_four_is_not() {
        let a = bar(5, 3..20);
        assert!(too_alike(&a, &bar(8, 3..20)) && too_alike(&bar(8, 3..20), &a));
        assert!(!too_alike(&a, &bar(9, 3..20)) && !too_alike(&bar(9, 3..20), &a));
    }

    #[test]
    fn a_part_is_not_too_like_the_whole() {
        assert!(!too_alike(&bar(5, 3..10), &bar(5, 3..20)));
        assert!(!too_alike(&Image::blank(), &bar(5, 3..20)));
    }
}
