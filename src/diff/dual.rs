//! Values and tangents.

use burn::tensor::Tensor;

use super::{
    Ops, Plain,
    plain::{Normalized, mean_of_rows},
};

/// [`Ops`] on dual numbers: forward mode, one direction at a time.
pub struct Dual;

/// A value and its tangent; no tangent means zero, and costs nothing.
#[derive(Clone)]
pub struct DualTensor<const D: usize> {
    /// The value.
    pub value: Tensor<D>,
    /// Its derivative along the chosen direction, of the same shape.
    pub tangent: Option<Tensor<D>>,
}

impl<const D: usize> DualTensor<D> {
    fn map(self, value: impl Fn(Tensor<D>) -> Tensor<D>, tangent: impl Fn(Tensor<D>) -> Tensor<D>) -> Self {
        Self { value: value(self.value), tangent: self.tangent.map(tangent) }
    }
}

/// The sum of two tangents, either of which may be zero.
fn sum<const D: usize>(a: Option<Tensor<D>>, b: Option<Tensor<D>>) -> Option<Tensor<D>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    }
}

impl Ops for Dual {
    type Tensor<const D: usize> = DualTensor<D>;

    fn constant<const D: usize>(c: Tensor<D>) -> DualTensor<D> {
        DualTensor { value: c, tangent: None }
    }

    fn matmul(a: DualTensor<3>, b: DualTensor<3>) -> DualTensor<3> {
        let left = a.tangent.map(|da| da.matmul(b.value.clone()));
        let right = b.tangent.map(|db| a.value.clone().matmul(db));
        DualTensor { value: a.value.matmul(b.value), tangent: sum(left, right) }
    }

    fn add<const D: usize>(a: DualTensor<D>, b: DualTensor<D>) -> DualTensor<D> {
        let value = a.value + b.value;
        let shape = value.dims();
        let widen = |t: Tensor<D>| if t.dims() == shape { t } else { t.expand(shape) };
        DualTensor { value, tangent: sum(a.tangent, b.tangent).map(widen) }
    }

    fn sub<const D: usize>(a: DualTensor<D>, b: DualTensor<D>) -> DualTensor<D> {
        let minus = DualTensor { value: b.value.neg(), tangent: b.tangent.map(Tensor::neg) };
        Self::add(a, minus)
    }

    fn square<const D: usize>(a: DualTensor<D>) -> DualTensor<D> {
        let twice = a.value.clone() * 2.0;
        a.map(Plain::square, |da| twice.clone() * da)
    }

    fn relu<const D: usize>(a: DualTensor<D>) -> DualTensor<D> {
        let off = a.value.clone().lower_equal_elem(0.0);
        a.map(Plain::relu, |da| da.mask_fill(off.clone(), 0.0))
    }

    fn tanh<const D: usize>(a: DualTensor<D>) -> DualTensor<D> {
        let value = a.value.tanh();
        let tangent = a.tangent.map(|da| da.clone() - Plain::square(value.clone()) * da);
        DualTensor { value, tangent }
    }

    fn mul<const D: usize>(a: DualTensor<D>, b: DualTensor<D>) -> DualTensor<D> {
        let left = a.tangent.map(|da| da * b.value.clone());
        let right = b.tangent.map(|db| a.value.clone() * db);
        DualTensor { value: a.value * b.value, tangent: sum(left, right) }
    }

    fn linear<const D: usize, const E: usize>(a: DualTensor<D>, f: impl Fn(Tensor<D>) -> Tensor<E>) -> DualTensor<E> {
        DualTensor { value: f(a.value), tangent: a.tangent.map(f) }
    }

    fn normalize(a: DualTensor<3>, reference: usize) -> DualTensor<3> {
        let Normalized { value, inverse } = Normalized::of(a.value, reference);
        let tangent = a.tangent.map(|da| {
            let along = mean_of_rows(value.clone() * da.clone(), reference);
            (da.clone() - mean_of_rows(da, reference) - value.clone() * along) * inverse
        });
        DualTensor { value, tangent }
    }

    fn log_softmax(a: DualTensor<3>) -> DualTensor<3> {
        let value = Plain::log_softmax(a.value);
        let tangent = a.tangent.map(|da| da.clone() - (value.clone().exp() * da).sum_dim(2));
        DualTensor { value, tangent }
    }
}
