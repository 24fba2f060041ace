//! The visitor's own support points: moving, adding and removing them within what a link may hold.

use crate::experiment::Point;

/// Most support points a visitor can place; see [`View::points`](crate::experiment::View::points).
pub const MOST: usize = 40;

/// How far an arrow key moves a point, in units of the axes; Shift makes it five times as far.
const NUDGE: f32 = 0.1;

/// The rectangle that points stay in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Ends of the inputs.
    pub x: (f32, f32),
    /// Ends of the targets.
    pub y: (f32, f32),
}

impl Area {
    /// The nearest point inside, to a hundredth: finer differences show nowhere and lengthen the link.
    #[must_use]
    pub fn hold(&self, point: Point) -> Point {
        let hold = |value: f32, (low, high): (f32, f32)| ((value.clamp(low, high)) * 100.0).round() / 100.0;
        Point { x: hold(point.x, self.x), y: hold(point.y, self.y) }
    }
}

/// The points with point `index` at `to`.
#[must_use]
pub fn moved(points: &[Point], index: usize, to: Point, area: &Area) -> Vec<Point> {
    let mut points = points.to_vec();
    if let Some(point) = points.get_mut(index) {
        *point = area.hold(to);
    }
    points
}

/// The points with one more, unless there are as many as a link may hold.
#[must_use]
pub fn with(points: &[Point], point: Point, area: &Area) -> Vec<Point> {
    let mut points = points.to_vec();
    if points.len() < MOST {
        points.push(area.hold(point));
    }
    points
}

/// The points without point `index`; the last one stays, as nothing can be learned from none.
#[must_use]
pub fn without(points: &[Point], index: usize) -> Vec<Point> {
    let mut points = points.to_vec();
    if points.len() > 1 && index < points.len() {
        points.remove(index);
    }
    points
}

/// Where a key moves a point; none for a key that does not.
#[must_use]
pub fn nudged(point: Point, key: &str, far: bool) -> Option<Point> {
    let by = if far { 5.0 * NUDGE } else { NUDGE };
    let (dx, dy) = match key {
        "ArrowLeft" => (-by, 0.0),
        "ArrowRight" => (by, 0.0),
        "ArrowUp" => (0.0, by),
        "ArrowDown" => (0.0, -by),
        _ => return None,
    };
    Some(Point { x: point.x + dx, y: point.y + dy })
}

/// Where the next point goes when it is added without pointing: the middle of the widest gap between inputs.
#[must_use]
pub fn gap(points: &[Point], area: &Area) -> f32 {
    let mut xs: Vec<f32> = points.iter().map(|point| point.x).collect();
    xs.extend([area.x.0, area.x.1]);
    xs.sort_by(f32::total_cmp);
    xs.windows(2)
        .map(|pair| (pair[1] - pair[0], (pair[0] + pair[1]) / 2.0))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(0.0, |(_, middle)| middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area { x: (-5.0, 5.0), y: (-6.0, 6.0) };

    fn point(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    #[test]
    fn a_dragged_point_stays_inside_and_on_hundredths() {
        let points = moved(&[point(0.0, 0.0)], 0, point(9.0, 1.239), &AREA);
        assert_eq!(points, [point(5.0, 1.24)]);
    }

    #[test]
    fn moving_a_point_that_is_gone_changes_nothing() {
        assert_eq!(moved(&[point(0.0, 0.0)], 3, point(1.0, 1.0), &AREA), [point(0.0, 0.0)]);
    }

    #[test]
    fn the_last_point_cannot_be_removed() {
        assert_eq!(without(&[point(0.0, 0.0), point(1.0, 1.0)], 0), [point(1.0, 1.0)]);
        assert_eq!(without(&[point(1.0, 1.0)], 0), [point(1.0, 1.0)]);
    }

    #[test]
    fn no_more_points_are_added_than_a_link_holds() {
        let full = vec![point(0.0, 0.0); MOST];
        assert_eq!(with(&full, point(1.0, 1.0), &AREA).len(), MOST);
    }

    #[test]
    fn arrows_move_by_a_tenth_and_with_shift_by_a_half() {
        assert_eq!(nudged(point(0.0, 0.0), "ArrowUp", false), Some(point(0.0, 0.1)));
        assert_eq!(nudged(point(0.0, 0.0), "ArrowLeft", true), Some(point(-0.5, 0.0)));
        assert_eq!(nudged(point(0.0, 0.0), "a", false), None);
    }

    #[test]
    fn a_point_added_by_keyboard_lands_in_the_widest_gap() {
        assert_eq!(gap(&[point(-4.0, 0.0), point(0.0, 1.0)], &AREA), 2.5);
        assert_eq!(gap(&[], &AREA), 0.0);
    }
}
