//! Symmetric matrices taken apart, on the host.

/// Eigenvalues of a symmetric matrix, the largest first, each with its unit eigenvector: Jacobi's method, in cyclic sweeps
/// of rotations that each zero one element beside the diagonal (Golub and Van Loan 2013, §8.5).
pub(super) fn eigen(matrix: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
    let count = matrix.len();
    let mut a = matrix.to_vec();
    let mut vectors: Vec<Vec<f64>> = (0..count).map(|i| (0..count).map(|j| f64::from(i == j)).collect()).collect();
    let scale: f64 = a.iter().flatten().map(|value| value * value).sum();
    for _ in 0..SWEEPS {
        let beside: f64 = (0..count).flat_map(|p| (0..p).map(move |q| (p, q))).map(|(p, q)| a[p][q].powi(2)).sum();
        if beside <= f64::EPSILON.powi(2) * scale {
            break;
        }
        for p in 0..count {
            for q in p + 1..count {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    let mut all: Vec<(f64, Vec<f64>)> = vectors.into_iter().enumerate().map(|(i, vector)| (a[i][i], vector)).collect();
    all.sort_by(|one, other| other.0.total_cmp(&one.0));
    all
}

/// Most sweeps; Jacobi's method converges quadratically and takes fewer than ten.
const SWEEPS: usize = 30;

/// Zeroes the element (p, q); `vectors` are the eigenvectors so far, one a row.
fn rotate(a: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    for rows in [a, vectors] {
        let (low, high) = rows.split_at_mut(q);
        for (one, other) in low[p].iter_mut().zip(&mut high[0]) {
            (*one, *other) = (c * *one - s * *other, s * *one + c * *other);
        }
    }
}
