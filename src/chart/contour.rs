//! Lines along which a quantity on a grid has one value: marching squares (Lorensen and Cline 1987, in the plane).

/// The line of a level on a square grid of `side` points in a row, as pieces between two places each, in units of the grid:
/// (0, 0) is the first point, (1, 0) the next in its row. Within a cell the quantity is taken to change evenly along
/// its edges; a cell with a corner that is not finite has no line.
#[must_use]
pub fn contour(values: &[f64], side: usize, level: f64) -> Vec<[(f64, f64); 2]> {
    let cells = (1..side).flat_map(|y| (1..side).map(move |x| (x - 1, y - 1)));
    cells.flat_map(|cell| within(values, side, level, cell)).collect()
}

/// The pieces within one cell, given by its first corner: none, one, or two where opposite corners lie on one side.
fn within(values: &[f64], side: usize, level: f64, (x, y): (usize, usize)) -> Vec<[(f64, f64); 2]> {
    let corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)];
    let at = corners.map(|(x, y)| values.get(y * side + x).copied().unwrap_or(f64::NAN));
    if !at.iter().all(|value| value.is_finite()) {
        return Vec::new();
    }
    // Edge i lies between corners i and i + 1.
    let crossing = |edge: usize| {
        let next = (edge + 1) % 4;
        let (from, to) = (at[edge], at[next]);
        ((from < level) != (to < level)).then(|| {
            let part = (level - from) / (to - from);
            let [(x, y), (to_x, to_y)] =
                [edge, next].map(|corner| (corners[corner].0 as f64, corners[corner].1 as f64));
            (x + part * (to_x - x), y + part * (to_y - y))
        })
    };
    match [0, 1, 2, 3].map(crossing) {
        [Some(bottom), Some(right), Some(top), Some(left)] => {
            // The middle says which pair of opposite corners hangs together.
            let middle = at.iter().sum::<f64>() / 4.0;
            if (middle < level) == (at[0] < level) {
                vec![[bottom, right], [top, left]]
            } else {
                vec![[left, bottom], [right, top]]
            }
        }
        crossings => match crossings.into_iter().flatten().collect::<Vec<_>>()[..] {
            [one, other] => vec![[one, other]],
            _ => Vec::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(side: usize, f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        (0..side * side).map(|place| f((place % side) as f64, (place / side) as f64)).collect()
    }

    #[test]
    fn the_contour_of_a_cone_is_a_closed_circle() {
        let cone = grid(41, |x, y| (x - 20.0).hypot(y - 20.0));
        let pieces = contour(&cone, 41, 13.3);
        let (mut length, mut ends) = (0.0, Vec::new());
        for [from, to] in &pieces {
            for (x, y) in [from, to] {
                assert!(((x - 20.0).hypot(y - 20.0) - 13.3).abs() < 0.02, "({x}, {y}) is off the circle");
                ends.push(((x * 1e6).round() as i64, (y * 1e6).round() as i64));
            }
            length += (from.0 - to.0).hypot(from.1 - to.1);
        }
        assert!((length - 2.0 * std::f64::consts::PI * 13.3).abs() < 0.2, "{length}");
        ends.sort_unstable();
        assert!(ends.chunks(2).all(|pair| pair[0] == pair[1]), "each piece goes on where another ends");
    }

    #[test]
    fn a_plane_has_straight_contours_where_they_belong() {
        let pieces = contour(&grid(3, |x, _| x), 3, 0.25);
        assert_eq!(pieces, [[(0.25, 0.0), (0.25, 1.0)], [(0.25, 1.0), (0.25, 2.0)]]);
    }

    #[test]
    fn a_saddle_is_cut_by_its_middle_and_what_is_not_finite_has_no_line() {
        let saddle = [1.0, 0.0, 0.0, 1.0];
        let cut = |level| contour(&saddle, 2, level);
        // Above the middle's 0.5 the high corners stand alone, below it the low ones.
        assert_eq!(cut(0.75), [[(0.0, 0.25), (0.25, 0.0)], [(1.0, 0.75), (0.75, 1.0)]]);
        assert_eq!(cut(0.25), [[(0.75, 0.0), (1.0, 0.25)], [(0.25, 1.0), (0.0, 0.75)]]);
        assert!(contour(&[1.0, 0.0, f64::NAN, 1.0], 2, 0.5).is_empty());
    }
}
