//! From any picture to 28 × 28 pixels of ink.

use crate::task::{Image, PIXELS, SIDE, WrongPixels};

use super::picture::Grey;

/// The side of Omniglot's published images.
const OMNIGLOT_SIDE: usize = 105;

/// Luminance from which paper is light.
const LIGHT: u8 = 128;

/// The picture as a drawing.
///
/// Omniglot's own images (105 × 105, black and white) are reduced by nearest neighbour, ink being what is dark: so
/// do the published pipelines, through Pillow, and their numbers can be compared. Everything else is centred on a
/// square of the paper's colour, which is the median of the border, and every pixel becomes the mean of the area
/// that it covers; where the paper is light the result is inverted, so that ink is what differs from paper.
pub(super) fn drawing(picture: &Grey) -> Result<Image, WrongPixels> {
    let ink = if is_omniglot(picture) { nearest(picture) } else { mean(picture) };
    Image::try_from(ink)
}

fn is_omniglot(picture: &Grey) -> bool {
    let two_valued = || picture.values.iter().all(|&value| value == 0 || value == 255);
    picture.width == OMNIGLOT_SIDE && picture.height == OMNIGLOT_SIDE && two_valued()
}

/// Each pixel is the one of the picture that its centre lies in.
fn nearest(picture: &Grey) -> Vec<u8> {
    let from = |i: usize| (2 * i + 1) * OMNIGLOT_SIDE / (2 * SIDE);
    (0..PIXELS).map(|i| 255 - picture.values[from(i / SIDE) * OMNIGLOT_SIDE + from(i % SIDE)]).collect()
}

fn mean(picture: &Grey) -> Vec<u8> {
    let Grey { width, height, ref values } = *picture;
    let side = width.max(height);
    let paper = paper(picture);
    let (rows, columns) = (spans(side, height), spans(side, width));
    let area = (side * side) as u64;
    let mut ink = Vec::with_capacity(PIXELS);
    for rows in &rows {
        for columns in &columns {
            let (mut sum, mut covered) = (0, 0);
            for &(y, tall) in rows {
                for &(x, wide) in columns {
                    sum += tall * wide * u64::from(values[y * width + x]);
                    covered += tall * wide;
                }
            }
            sum += (area - covered) * u64::from(paper);
            let value = ((sum + area / 2) / area) as u8;
            ink.push(if paper >= LIGHT { 255 - value } else { value });
        }
    }
    ink
}

/// For each of [`SIDE`] pixels along a square of `side`, which of the `len` centred picture pixels it covers and how
/// much of each, in units that add up to `side`. Whole numbers, so that every machine gets the same.
fn spans(side: usize, len: usize) -> Vec<Vec<(usize, u64)>> {
    let before = (side - len) / 2;
    let span = |i: usize| {
        let (start, end) = (i * side, (i + 1) * side);
        let covered = (start / SIDE..end.div_ceil(SIDE)).filter_map(|at| {
            let overlap = end.min((at + 1) * SIDE) - start.max(at * SIDE);
            let pixel = at.checked_sub(before).filter(|&pixel| pixel < len)?;
            Some((pixel, overlap as u64))
        });
        covered.collect()
    };
    (0..SIDE).map(span).collect()
}

/// The median of the pixels along the border.
fn paper(picture: &Grey) -> u8 {
    let (width, height) = (picture.width, picture.height);
    let inside = |i: usize, len: usize| i > 0 && i + 1 < len;
    let border = |i: &usize| !(inside(i % width, width) && inside(i / width, height));
    let mut values: Vec<u8> = (0..picture.values.len()).filter(border).map(|i| picture.values[i]).collect();
    let middle = values.len() / 2;
    if values.is_empty() { 255 } else { *values.select_nth_unstable(middle).1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: usize, height: usize, value: impl Fn(usize, usize) -> u8) -> Grey {
        let values = (0..width * height).map(|i| value(i / width, i % width)).collect();
        Grey { width, height, values }
    }

    #[test]
    fn a_picture_of_28_by_28_keeps_its_pixels() {
        let picture = grey(28, 28, |row, column| if row == 3 && column == 5 { 200 } else { 10 });
        assert_eq!(drawing(&picture).unwrap().ink(), picture.values);
    }

    #[test]
    fn light_paper_is_inverted() {
        let picture = grey(28, 28, |row, column| if row == 3 && column == 5 { 55 } else { 255 });
        let ink = drawing(&picture).unwrap();
        assert_eq!(ink.ink()[3 * SIDE + 5], 200);
        assert_eq!(ink.ink().iter().filter(|&&ink| ink == 0).count(), PIXELS - 1);
    }

    #[test]
    fn a_pixel_is_the_mean_of_what_it_covers() {
        // 42 to 28: three source pixels make two, (a + b/2) and (b/2 + c), over 1.5; a column at 1 darkens two.
        let picture = grey(42, 42, |_, column| if column == 1 { 240 } else { 0 });
        let ink = drawing(&picture).unwrap();
        assert_eq!(&ink.ink()[..4], [80, 80, 0, 0]);
    }

    #[test]
    fn a_small_picture_is_enlarged() {
        let picture = grey(2, 2, |row, _| if row == 0 { 100 } else { 0 });
        let ink = drawing(&picture).unwrap();
        assert!(ink.ink()[..PIXELS / 2].iter().all(|&ink| ink == 100));
        assert!(ink.ink()[PIXELS / 2..].iter().all(|&ink| ink == 0));
    }

    #[test]
    fn a_picture_that_is_no_square_stands_in_the_middle_of_its_own_paper() {
        // 56 by 28 of light grey paper, all of it ink in the end: nothing tells the padding from the picture.
        let wide = drawing(&grey(56, 28, |_, _| 230)).unwrap();
        assert!(wide.ink().iter().all(|&ink| ink == 25));
        // A bar across the middle of the picture, full height: it ends where the picture ends.
        let bar = drawing(&grey(56, 28, |_, column| if (20..36).contains(&column) { 0 } else { 255 })).unwrap();
        let column: Vec<u8> = (0..SIDE).map(|row| bar.ink()[row * SIDE + 14]).collect();
        assert_eq!(column, [[0; 7].as_slice(), &[255; 14], &[0; 7]].concat());
    }

    #[test]
    fn the_thinnest_picture_becomes_a_drawing() {
        assert_eq!(drawing(&grey(1, 1, |_, _| 255)).unwrap(), Image::blank());
        assert_eq!(drawing(&grey(4096, 1, |_, _| 255)).unwrap(), Image::blank());
    }

    /// Pillow takes the pixel of the centre: 1.875, 5.625, 9.375, ... for 105 to 28.
    #[test]
    fn omniglots_pixels_are_picked_and_dark_is_ink_whatever_the_border() {
        let picture = grey(105, 105, |row, column| if row == 1 || column == 5 { 0 } else { 255 });
        let ink = drawing(&picture).unwrap();
        assert!(ink.ink()[..SIDE].iter().all(|&ink| ink == 255));
        assert_eq!(&ink.ink()[SIDE..SIDE + 3], [0, 255, 0]);
        assert!(drawing(&grey(105, 105, |_, _| 0)).unwrap().ink().iter().all(|&ink| ink == 255));
    }
}
