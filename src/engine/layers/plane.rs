//! The plane of the two principal axes of some points.

use crate::task::{Purpose, Stream};

use super::super::eigen::eigen;

/// Directions that are looked for at once: the more beside the two, the sooner these are found.
const BLOCK: usize = 8;

/// Rounds of the search: the error of an axis falls by the ratio of the ninth variance to its own with each.
const ROUNDS: usize = 40;

/// A second axis along which there is less than this share of what is along the first is nothing but rounding.
const FLAT: f64 = 1e-10;

/// Two principal axes about the mean.
pub(super) struct Plane {
    mean: Vec<f64>,
    axes: Vec<Vec<f64>>,
    /// Of the sum of squared distances from the mean, the share along either.
    pub shares: [f64; 2],
}

impl Plane {
    /// Of points, each a row: the directions at right angles along which the squared distances from the mean sum to the most,
    /// by subspace iteration (Golub and Van Loan 2013, §8.2.4), which never makes the matrix of covariances. The first
    /// point has no negative coordinate. An axis along which nothing differs is zero.
    pub fn principal(rows: &[Vec<f64>]) -> Self {
        let width = rows.first().map_or(0, Vec::len);
        let count = rows.len().max(1) as f64;
        let mut mean = vec![0.0; width];
        rows.iter().for_each(|row| mean.iter_mut().zip(row).for_each(|(sum, value)| *sum += value / count));
        let centred: Vec<Vec<f64>> =
            rows.iter().map(|row| row.iter().zip(&mean).map(|(value, mean)| value - mean).collect()).collect();
        let total: f64 = centred.iter().map(|row| dot(row, row)).sum();

        let mut stream = Stream::new(0, Purpose::Weights, 0);
        let mut block: Vec<Vec<f64>> =
            (0..BLOCK.min(width)).map(|_| (0..width).map(|_| stream.normal()).collect()).collect();
        orthonormal(&mut block);
        for _ in 0..ROUNDS {
            block = block.iter().map(|direction| spread(&centred, direction)).collect();
            orthonormal(&mut block);
        }
        // Within what the block spans the axes are those of a small matrix.
        let images: Vec<Vec<f64>> = block.iter().map(|direction| spread(&centred, direction)).collect();
        let small: Vec<Vec<f64>> =
            block.iter().map(|one| images.iter().map(|image| dot(one, image)).collect()).collect();
        let found = eigen(&small);
        let first = found.first().map_or(0.0, |(value, _)| *value);
        let mut axes = vec![vec![0.0; width]; 2];
        let mut shares = [0.0; 2];
        for (number, (value, weights)) in found.iter().take(2).enumerate() {
            if total > 0.0 && *value > FLAT * first {
                for (direction, weight) in block.iter().zip(weights) {
                    axes[number].iter_mut().zip(direction).for_each(|(sum, part)| *sum += weight * part);
                }
                shares[number] = (value / total).min(1.0);
            }
        }
        if let Some(row) = centred.first() {
            let backwards = axes.iter_mut().filter(|axis| dot(axis, row) < 0.0);
            backwards.for_each(|axis| axis.iter_mut().for_each(|value| *value = -*value));
        }
        Self { mean, axes, shares }
    }

    /// Where a point's projection is, and its squared distance from the plane.
    pub fn project(&self, point: &[f64]) -> ([f64; 2], f64) {
        let from: Vec<f64> = point.iter().zip(&self.mean).map(|(value, mean)| value - mean).collect();
        let at = [0, 1].map(|number: usize| dot(&self.axes[number], &from));
        (at, (dot(&from, &from) - dot(&at, &at)).max(0.0))
    }
}

/// XᵀX times a direction.
fn spread(rows: &[Vec<f64>], direction: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; direction.len()];
    for row in rows {
        let along = dot(row, direction);
        sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += along * value);
    }
    sum
}

/// Makes directions unit vectors at right angles, in turn; one that the others hold already becomes zero.
fn orthonormal(block: &mut [Vec<f64>]) {
    for number in 0..block.len() {
        let (before, rest) = block.split_at_mut(number);
        let whole = dot(&rest[0], &rest[0]).sqrt();
        // Twice is enough for what the first time leaves of rounding.
        for other in before.iter().chain(before.iter()) {
            let along = dot(&rest[0], other);
            rest[0].iter_mut().zip(other).for_each(|(value, part)| *value -= along * part);
        }
        let length = dot(&rest[0], &rest[0]).sqrt();
        let scale = if length > FLAT * whole { 1.0 / length } else { 0.0 };
        rest[0].iter_mut().for_each(|value| *value *= scale);
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_along_known_directions_have_these_as_axes_and_the_mean_in_the_middle() {
        // Around (5, 5, 5): sums of squares 18 along (3, 4, 0)/5, 2 along (−4, 3, 0)/5, ½ upright.
        let offsets =
            [[1.8, 2.4, 0.0], [-1.8, -2.4, 0.0], [-0.8, 0.6, 0.0], [0.8, -0.6, 0.0], [0.0, 0.0, 0.5], [0.0, 0.0, -0.5]];
        let rows: Vec<Vec<f64>> = offsets.iter().map(|row| row.map(|value| value + 5.0).to_vec()).collect();
        let plane = Plane::principal(&rows);
        assert!((plane.shares[0] - 18.0 / 20.5).abs() < 1e-12 && (plane.shares[1] - 2.0 / 20.5).abs() < 1e-12);
        let (at, off) = plane.project(&rows[0]);
        assert!((at[0] - 3.0).abs() < 1e-9 && at[1].abs() < 1e-9 && off < 1e-9, "{at:?} {off}");
        let (at, off) = plane.project(&[5.0, 5.0, 7.0]);
        assert!(at[0].abs() < 1e-9 && at[1].abs() < 1e-9 && (off - 4.0).abs() < 1e-9, "{at:?} {off}");
    }

    #[test]
    fn the_axes_of_many_points_are_the_eigenvectors_of_their_covariances() {
        let mut stream = Stream::new(3, Purpose::Test, 0);
        let point = |_| (0..20).map(|column| stream.normal() * (1.0 + f64::from(column % 5))).collect::<Vec<f64>>();
        let rows: Vec<Vec<f64>> = (0..60).map(point).collect();
        let mean: Vec<f64> = (0..20).map(|j| rows.iter().map(|row| row[j]).sum::<f64>() / 60.0).collect();
        let along = |i: usize, j: usize| rows.iter().map(|row| (row[i] - mean[i]) * (row[j] - mean[j])).sum::<f64>();
        let found = eigen(&(0..20).map(|i| (0..20).map(|j| along(i, j)).collect()).collect::<Vec<Vec<f64>>>());
        let plane = Plane::principal(&rows);
        for (number, (axis, (_, vector))) in plane.axes.iter().zip(&found).enumerate() {
            let cosine = dot(axis, vector).abs();
            assert!((cosine - 1.0).abs() < 1e-6, "axis {number}: {cosine}");
        }
    }

    #[test]
    fn points_on_a_line_leave_the_second_axis_empty_and_points_in_one_place_both() {
        let line = Plane::principal(&[vec![1.0, 1.0, 0.0], vec![3.0, 3.0, 0.0], vec![4.0, 4.0, 0.0]]);
        assert!((line.shares[0] - 1.0).abs() < 1e-12 && line.shares[1] == 0.0);
        let still = Plane::principal(&vec![vec![2.0, 7.0]; 3]);
        assert_eq!((still.shares, still.project(&[2.0, 7.0])), ([0.0; 2], ([0.0; 2], 0.0)));
        assert_eq!(Plane::principal(&[]).shares, [0.0; 2]);
    }
}
