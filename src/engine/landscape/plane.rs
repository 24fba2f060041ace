//! A plane through the start: of the paths' principal axes, or of two random directions.

use crate::{
    model::Entry,
    task::{Purpose, Stream},
};

use super::super::eigen::eigen;

/// Where the streams of random directions begin, beyond those of layers and of the gradient check.
const CHOICE: u64 = 1 << 41;

/// A second principal axis whose variance is below this share of the first one's is nothing but rounding.
const FLAT: f64 = 1e-12;

/// Two directions in the space of weights.
pub(super) struct Plane {
    pub axes: [Vec<f64>; 2],
    /// Their inner products: of the first, of both, of the second.
    metric: [f64; 3],
}

impl Plane {
    fn new(axes: [Vec<f64>; 2]) -> Self {
        let metric = [dot(&axes[0], &axes[0]), dot(&axes[0], &axes[1]), dot(&axes[1], &axes[1])];
        Self { axes, metric }
    }

    /// The principal axes of `rows` about the origin, which is the start: unit vectors at right angles, along which the
    /// sums of squares are largest. `gram` holds the rows' inner products, so that only a matrix as large as there are
    /// rows is taken apart (Turk and Pentland 1991). None where all rows are zero.
    pub fn principal(rows: &[Vec<f32>], gram: &[Vec<f64>], seed: u32) -> Option<Self> {
        let eigen = eigen(gram);
        let (first, second) = (eigen.first()?, eigen.get(1));
        let axis = |(value, weights): &(f64, Vec<f64>)| {
            let mut sum = vec![0.0; rows[0].len()];
            for (row, weight) in rows.iter().zip(weights) {
                sum.iter_mut().zip(row).for_each(|(sum, &value)| *sum += weight * f64::from(value));
            }
            (*value > 0.0).then(|| unit(sum)).flatten()
        };
        let one = axis(first)?;
        // All rows on one line: any other direction completes the plane.
        let two = second.filter(|(value, _)| *value > FLAT * first.0).and_then(axis);
        let mut two = two.unwrap_or_else(|| normals(seed, 0, one.len()));
        let along = dot(&one, &two);
        two.iter_mut().zip(&one).for_each(|(two, one)| *two -= along * one);
        Some(Self::new([one, unit(two)?]))
    }

    /// Two random directions at `start`, normalised by its filters: every filter of a direction has the length of the
    /// start's filter, d ← d/‖d‖·‖θ‖ (Li et al. 2018, §4). A linear layer's filter is what feeds one unit, as
    /// there. Whatever is no filter has none: it is zero. None where the start has no filter that is not zero.
    pub fn random(layout: &[Entry], start: &[f64], seed: u32) -> Option<Self> {
        let axes = [0, 1].map(|number| {
            let mut direction = normals(seed, number, start.len());
            normalize(layout, start, &mut direction);
            direction
        });
        let plane = Self::new(axes);
        (plane.determinant() > 0.0).then_some(plane)
    }

    fn determinant(&self) -> f64 {
        let [a, b, c] = self.metric;
        a * c - b * b
    }

    /// Coordinates of the point of the plane that is nearest to a displacement from the start.
    pub fn project(&self, displacement: &[f64]) -> [f64; 2] {
        let [x, y] = self.axes.each_ref().map(|axis| dot(axis, displacement));
        let ([a, b, c], determinant) = (self.metric, self.determinant());
        [(c * x - b * y) / determinant, (a * y - b * x) / determinant]
    }

    /// Euclidean length of a point's displacement.
    pub fn length(&self, [x, y]: [f64; 2]) -> f64 {
        let [a, b, c] = self.metric;
        (a * x * x + 2.0 * b * x * y + c * y * y).max(0.0).sqrt()
    }

    /// Sum of squares of `rows` along either axis, as a share of all there is.
    pub fn shares(&self, rows: &[Vec<f32>], total: f64) -> [f64; 2] {
        [0, 1].map(|number| {
            let axis = &self.axes[number];
            let along = |row: &Vec<f32>| row.iter().zip(axis).map(|(&a, b)| f64::from(a) * b).sum::<f64>();
            let squares: f64 = rows.iter().map(|row| along(row).powi(2)).sum();
            if total > 0.0 { squares / (self.metric[2 * number] * total) } else { 0.0 }
        })
    }

    /// Turns each axis so that `displacement` has no negative coordinate.
    pub fn face(&mut self, displacement: &[f64]) {
        for axis in &mut self.axes {
            if dot(axis, displacement) < 0.0 {
                axis.iter_mut().for_each(|value| *value = -*value);
            }
        }
        let [one, two] = &self.axes;
        self.metric[1] = dot(one, two);
    }
}

fn normals(seed: u32, number: u64, count: usize) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Weights, CHOICE + number);
    (0..count).map(|_| stream.normal()).collect()
}

/// Gives every filter of `direction` the length of the start's.
pub(super) fn normalize(layout: &[Entry], start: &[f64], direction: &mut [f64]) {
    let mut first = 0;
    for entry in layout {
        let [rows, columns] = entry.matrix();
        // Filters of a convolution are rows; those of a linear layer, which lead to one unit each, are columns.
        let (count, each, step, stride) = match entry.shape.len() {
            0 | 1 => (0, 0, 0, 0),
            2 => (columns, rows, 1, columns),
            _ => (rows, columns, columns, 1),
        };
        if count == 0 {
            direction.iter_mut().skip(first).take(entry.len()).for_each(|value| *value = 0.0);
        }
        for filter in 0..count {
            let places = || (0..each).map(|element| first + filter * step + element * stride);
            let length = |values: &[f64]| places().map(|place| values[place].powi(2)).sum::<f64>().sqrt();
            let (wanted, own) = (length(start), length(direction));
            let scale = if own > 0.0 { wanted / own } else { 0.0 };
            places().for_each(|place| direction[place] *= scale);
        }
        first += entry.len();
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn unit(values: Vec<f64>) -> Option<Vec<f64>> {
    let length = dot(&values, &values).sqrt();
    (length > 0.0 && length.is_finite()).then(|| values.into_iter().map(|value| value / length).collect())
}
