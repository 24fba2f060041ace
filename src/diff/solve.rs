//! Linear systems in the operations that every device has.
//!
//! burn's own decompositions read numbers back, which a GPU in a browser cannot wait for, and have no derivative. Here
//! the inverse comes from matrix products alone, without a tape, and one step of refinement carries the derivative.

use burn::tensor::Tensor;

/// Newton steps: enough for condition numbers up to about 2²⁰, past which single precision has nothing left to say.
const STEPS: usize = 24;

/// X with A X = B for symmetric positive definite A `[tasks, n, n]` and B `[tasks, n, m]`, differentiable once.
///
/// With M ≈ A⁻¹ and X₀ = M B held constant, X = X₀ + M (B − A X₀) is one step of iterative refinement, and its
/// differential M (dB − dA X₀) is that of A⁻¹ B: Ẋ = A⁻¹ (Ḃ − Ȧ X). Measured against exact solutions, the error is about
/// 10⁻⁷ times the condition number in float32 and 10⁻¹⁵ times it in float64.
pub fn solve(a: Tensor<3>, b: Tensor<3>) -> Tensor<3> {
    let m = inverse(a.clone().detach());
    let first = m.clone().matmul(b.clone().detach());
    first.clone() + m.matmul(b - a.matmul(first))
}

/// A⁻¹ by Newton's iteration M ← M (2I − A M) (Schulz 1933), which squares the error I − A M; from M = I/‖A‖∞ that
/// begins below one, because no eigenvalue of A is above ‖A‖∞.
fn inverse(a: Tensor<3>) -> Tensor<3> {
    let [_, n, _] = a.dims();
    let identity = Tensor::<2>::eye(n, &a.device()).cast(a.dtype()).unsqueeze::<3>();
    let norm = a.clone().abs().sum_dim(2).max_dim(1);
    let mut m = identity / norm;
    for _ in 0..STEPS {
        m = m.clone() * 2.0 - m.clone().matmul(a.clone().matmul(m));
    }
    m
}
