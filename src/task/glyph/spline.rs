//! Uniform cubic B-splines, what a stroke is made of.

/// x to the right and y down, in 105ths of the canvas.
pub(super) type Point = [f64; 2];

/// Most control points of a stroke: 5 pieces of 8 points, and 2 more at each of 6 ends and corners.
const MOST: usize = 52;

/// Control points of one stroke. A point given three times over is a corner or an end.
#[derive(Clone, Debug)]
pub(super) struct Path {
    points: [Point; MOST],
    count: usize,
}

impl Path {
    pub(super) fn new() -> Self {
        Self { points: [[0.0; 2]; MOST], count: 0 }
    }

    /// Append a control point; past the last place, nothing.
    pub(super) fn push(&mut self, point: Point) {
        if let Some(place) = self.points.get_mut(self.count) {
            *place = point;
            self.count += 1;
        }
    }

    /// Append a point that the curve goes through with a corner.
    pub(super) fn push_corner(&mut self, point: Point) {
        for _ in 0..3 {
            self.push(point);
        }
    }

    pub(super) fn control(&self) -> &[Point] {
        &self.points[..self.count]
    }

    pub(super) fn control_mut(&mut self) -> &mut [Point] {
        &mut self.points[..self.count]
    }

    /// Its last control point; the origin of an empty path.
    pub(super) fn end(&self) -> Point {
        self.control().last().copied().unwrap_or_default()
    }

    /// Move all of it.
    pub(super) fn shift(&mut self, [x, y]: Point) {
        for point in self.control_mut() {
            point[0] += x;
            point[1] += y;
        }
    }

    /// The point a share `t` of the spans along the curve, 0 its start and 1 its end.
    pub(super) fn at(&self, t: f64) -> Point {
        let Some(spans) = self.count.checked_sub(3).filter(|&spans| spans > 0) else { return self.end() };
        let place = t.clamp(0.0, 1.0) * spans as f64;
        let span = (place as usize).min(spans - 1);
        between(&self.points[span..span + 4], place - span as f64)
    }

    /// Walk the curve from its start to its end in steps of about `step`.
    pub(super) fn walk(&self, step: f64, mut visit: impl FnMut(Point)) {
        let control = self.control();
        visit(control.first().copied().unwrap_or_default());
        for four in control.windows(4) {
            let [[ax, ay], [bx, by]] = [between(four, 0.0), between(four, 1.0)];
            // A span is hardly longer than its chord; a long one takes more steps.
            let steps = ((ax - bx).abs().max((ay - by).abs()) / step) as usize + 1;
            for i in 1..steps {
                visit(between(four, i as f64 / steps as f64));
            }
            visit([bx, by]);
        }
    }
}

/// The point at `t`, 0 to 1, of the span that four control points define.
fn between(four: &[Point], t: f64) -> Point {
    let u = 1.0 - t;
    let weights =
        [u * u * u, 3.0 * t * t * (t - 2.0) + 4.0, 3.0 * u * u * (u - 2.0) + 4.0, t * t * t].map(|weight| weight / 6.0);
    let mut sum = [0.0; 2];
    for (weight, point) in weights.iter().zip(four) {
        sum[0] += weight * point[0];
        sum[1] += weight * point[1];
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corner() -> Path {
        let mut path = Path::new();
        path.push_corner([0.0, 0.0]);
        path.push_corner([10.0, 0.0]);
        path.push_corner([10.0, 10.0]);
        path
    }

    #[test]
    fn the_curve_goes_through_ends_and_corners() {
        let mut walked = vec![];
        corner().walk(1.0, |point| walked.push(point));
        let near = |to: Point| walked.iter().any(|p| (p[0] - to[0]).abs() + (p[1] - to[1]).abs() < 1e-9);
        assert!([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]].into_iter().all(near));
        assert!(walked.iter().all(|p| p[1].abs() < 1e-9 || (p[0] - 10.0).abs() < 1e-9));
        assert_eq!(corner().at(0.0), [0.0, 0.0]);
        assert!(corner().at(1.0).iter().all(|v| (v - 10.0).abs() < 1e-9));
    }

    #[test]
    fn a_walk_takes_no_long_steps() {
        let mut last = None;
        corner().walk(1.0, |[x, y]: Point| {
            if let Some([a, b]) = last.replace([x, y]) {
                assert!((x - a).abs().max((y - b).abs()) < 2.5);
            }
        });
    }

    #[test]
    fn a_path_without_points_lies_at_the_origin() {
        assert_eq!(Path::new().at(0.5), [0.0, 0.0]);
        let mut full = Path::new();
        (0..100).for_each(|_| full.push_corner([1.0, 1.0]));
        assert_eq!(full.at(0.5), [1.0, 1.0]);
    }
}
