//! Values alone.

use burn::tensor::Tensor;

use super::Ops;

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

    fn mean(a: Tensor<3>) -> Tensor<1> {
        let [tasks, rows, columns] = a.dims();
        a.reshape([tasks, rows * columns]).mean_dim(1).reshape([tasks])
    }
}
