//! Path data for SVG's `d` attribute, to a tenth of a pixel.

use std::fmt::Write as _;

/// A line through the points; a point that is not finite breaks it.
#[must_use]
pub fn polyline(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for (x, y) in points {
        if x.is_finite() && y.is_finite() {
            push(&mut path, if pen_down { 'L' } else { 'M' }, x, y);
            pen_down = true;
        } else {
            pen_down = false;
        }
    }
    path
}

/// The area between two lines over the same places, each item an x, an upper y and a lower y.
#[must_use]
pub fn band(points: &[(f64, f64, f64)]) -> String {
    let finite = || points.iter().filter(|(x, upper, lower)| x.is_finite() && upper.is_finite() && lower.is_finite());
    let mut path = polyline(finite().map(|&(x, upper, _)| (x, upper)));
    for &(x, _, lower) in finite().rev() {
        push(&mut path, 'L', x, lower);
    }
    if !path.is_empty() {
        path.push('Z');
    }
    path
}

/// A line that jumps upright wherever two neighbours differ by more than `jump`, so that a step function
/// sampled on a grid is not drawn with a slope.
#[must_use]
pub fn steps(points: impl IntoIterator<Item = (f64, f64)>, jump: f64) -> String {
    let mut path = String::new();
    let mut before: Option<(f64, f64)> = None;
    for (x, y) in points {
        match before {
            None => push(&mut path, 'M', x, y),
            Some((from_x, from_y)) if (y - from_y).abs() > jump => {
                let middle = (from_x + x) / 2.0;
                push(&mut path, 'L', middle, from_y);
                push(&mut path, 'L', middle, y);
                push(&mut path, 'L', x, y);
            }
            Some(_) => push(&mut path, 'L', x, y),
        }
        before = Some((x, y));
    }
    path
}

fn push(path: &mut String, command: char, x: f64, y: f64) {
    // Writing to a String cannot fail. Far-off values are pulled in, as some renderers give up on them.
    let (x, y) = (x.clamp(-1e5, 1e5), y.clamp(-1e5, 1e5));
    let _ = write!(path, "{command}{x:.1},{y:.1}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_starts_with_a_move_and_keeps_a_tenth_of_a_pixel() {
        assert_eq!(polyline([(0.0, 1.0), (2.04, 3.06)]), "M0.0,1.0L2.0,3.1");
    }

    #[test]
    fn a_gap_in_the_data_is_a_gap_in_the_line() {
        assert_eq!(polyline([(0.0, 0.0), (1.0, f64::NAN), (2.0, 2.0), (3.0, 3.0)]), "M0.0,0.0M2.0,2.0L3.0,3.0");
    }

    #[test]
    fn a_band_runs_forth_along_the_top_and_back_along_the_bottom() {
        assert_eq!(band(&[(0.0, 1.0, 5.0), (2.0, 2.0, 6.0)]), "M0.0,1.0L2.0,2.0L2.0,6.0L0.0,5.0Z");
        assert_eq!(band(&[]), "");
    }

    #[test]
    fn a_jump_is_drawn_upright() {
        assert_eq!(steps([(0.0, 0.0), (2.0, 9.0)], 5.0), "M0.0,0.0L1.0,0.0L1.0,9.0L2.0,9.0");
        assert_eq!(steps([(0.0, 0.0), (2.0, 3.0)], 5.0), "M0.0,0.0L2.0,3.0", "a gentle rise stays a slope");
    }

    #[test]
    fn a_diverged_prediction_still_gives_a_path_a_browser_can_read() {
        assert_eq!(polyline([(0.0, 1e30)]), "M0.0,100000.0");
    }
}
