//! The operations a loss may be written in, each with its derivative.

use burn::tensor::Tensor;

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

    /// Mean over all elements of each task, `[t, n, m] → [t]`: linear, so the mean of ȧ.
    fn mean(a: Self::Tensor<3>) -> Self::Tensor<1>;
}
