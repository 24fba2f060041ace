//! Values alone.

use burn::tensor::Tensor;

use super::{Ops, ops::NORMALIZE_EPSILON};

/// [`Ops`] on burn's tensors as they are; on autodiff tensors burn records the tape.
pub struct Plain;

impl Ops for Plain {
    type Tensor<const D: usize> = Tensor<D>;

    fn constant<const D: usize>(c: Tensor<D>) -> Tensor<D> {
        c
    }

    fn matmul(a: Tensor<3>, b: Tensor<3>) -> Tensor<3> {
        a.matmul(b)
    }

    fn add<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
        a + b
    }

    fn sub<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
        a - b
    }

    fn square<const D: usize>(a: Tensor<D>) -> Tensor<D> {
        a.clone() * a
    }

    fn relu<const D: usize>(a: Tensor<D>) -> Tensor<D> {
        burn::tensor::activation::relu(a)
    }

    fn tanh<const D: usize>(a: Tensor<D>) -> Tensor<D> {
        a.tanh()
    }

    fn mul<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
        a * b
    }

    fn linear<const D: usize, const E: usize>(a: Tensor<D>, f: impl Fn(Tensor<D>) -> Tensor<E>) -> Tensor<E> {
        f(a)
    }

    fn normalize(a: Tensor<3>, reference: usize) -> Tensor<3> {
        Normalized::of(a, reference).value
    }

    fn log_softmax(a: Tensor<3>) -> Tensor<3> {
        burn::tensor::activation::log_softmax(a, 2)
    }
}

/// A normalised tensor and what its tangent needs.
pub(super) struct Normalized {
    /// (a − μ)/σ, `[t, rows, channels]`.
    pub value: Tensor<3>,
    /// 1/σ, `[t, 1, channels]`.
    pub inverse: Tensor<3>,
}

impl Normalized {
    /// `a` by the statistics of its first `reference` rows.
    pub fn of(a: Tensor<3>, reference: usize) -> Self {
        let centred = a.clone() - mean_of_rows(a, reference);
        let variance = mean_of_rows(Plain::square(centred.clone()), reference);
        let inverse = (variance + NORMALIZE_EPSILON).sqrt().recip();
        Self { value: centred * inverse.clone(), inverse }
    }
}

/// Mean over the first `reference` rows: `[t, rows, channels] → [t, 1, channels]`.
pub(super) fn mean_of_rows(a: Tensor<3>, reference: usize) -> Tensor<3> {
    let [_, rows, _] = a.dims();
    let a = if reference < rows { a.narrow(1, 0, reference) } else { a };
    a.mean_dim(1)
}
