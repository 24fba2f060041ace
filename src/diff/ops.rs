//! The operations a loss may be written in, each with its derivative.

use burn::tensor::Tensor;

/// ε of [`Ops::normalize`], as in the published code of MAML and Reptile.
pub(super) const NORMALIZE_EPSILON: f64 = 1e-5;

/// The arithmetic of a loss. A dot over a letter is a tangent: the derivative along one direction.
///
/// An implementation either computes values alone ([`super::Plain`]) or values and tangents
/// ([`super::Dual`]); the rule beside each operation is the one the dual numbers apply.
pub trait Ops {
    /// A tensor of rank `D` in this arithmetic.
    type Tensor<const D: usize>: Clone;

    /// Data that no parameter reaches: ċ = 0.
    fn constant<const D: usize>(c: Tensor<D>) -> Self::Tensor<D>;

    /// Batched matrix product `[t, n, k] × [t, k, m] → [t, n, m]`: (ab)˙ = ȧb + aḃ.
    fn matmul(a: Self::Tensor<3>, b: Self::Tensor<3>) -> Self::Tensor<3>;

    /// Sum, broadcasting axes of length one: (a + b)˙ = ȧ + ḃ.
    fn add<const D: usize>(a: Self::Tensor<D>, b: Self::Tensor<D>) -> Self::Tensor<D>;

    /// Difference, broadcasting axes of length one: (a − b)˙ = ȧ − ḃ.
    fn sub<const D: usize>(a: Self::Tensor<D>, b: Self::Tensor<D>) -> Self::Tensor<D>;

    /// Square of every element: (a²)˙ = 2aȧ. A product, because a power is slow on the CPU.
    fn square<const D: usize>(a: Self::Tensor<D>) -> Self::Tensor<D>;

    /// max(0, a): ȧ where a > 0, else 0 (0 at the corner itself, as in every framework).
    fn relu<const D: usize>(a: Self::Tensor<D>) -> Self::Tensor<D>;

    /// tanh a: (1 − tanh² a) ȧ.
    fn tanh<const D: usize>(a: Self::Tensor<D>) -> Self::Tensor<D>;

    /// Product of elements, broadcasting axes of length one: (ab)˙ = ȧb + aḃ.
    fn mul<const D: usize>(a: Self::Tensor<D>, b: Self::Tensor<D>) -> Self::Tensor<D>;

    /// Any linear map (a reshape, a sum, the patches of an image): (f a)˙ = f ȧ.
    fn linear<const D: usize, const E: usize>(
        a: Self::Tensor<D>,
        f: impl Fn(Tensor<D>) -> Tensor<E>,
    ) -> Self::Tensor<E>;

    /// Batch normalisation of `[t, rows, channels]` by the statistics of each task's first `reference` rows (Ioffe
    /// and Szegedy 2015, Algorithm 1, without scale and shift): â = (a − μ)/σ with σ² = var a + ε, and
    /// â˙ = (ȧ − mean ȧ − â · mean(â ȧ))/σ, where every mean is over those rows.
    fn normalize(a: Self::Tensor<3>, reference: usize) -> Self::Tensor<3>;

    /// Logarithm of the softmax over the last axis: ȧ − Σ softmax(a) ȧ.
    fn log_softmax(a: Self::Tensor<3>) -> Self::Tensor<3>;

    /// Mean over all elements of each task, `[t, n, m] → [t]`: linear, so the mean of ȧ.
    fn mean(a: Self::Tensor<3>) -> Self::Tensor<1> {
        Self::linear(a, |a| {
            let [tasks, rows, columns] = a.dims();
            a.reshape([tasks, rows * columns]).mean_dim(1).reshape([tasks])
        })
    }
}
