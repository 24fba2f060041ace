//! Parameters as values: an ordered list of tensors, each with a leading task axis.

use burn::tensor::Tensor;

/// Parameters, gradients or directions of a network: one `[tasks, rows, columns]` tensor for each entry of
/// the network's layout, in its order. The task axis is 1 for meta-parameters.
#[derive(Clone, Debug)]
pub struct Params(pub Vec<Tensor<3>>);

impl Params {
    /// Number of tasks; 0 when there is no tensor at all.
    pub fn tasks(&self) -> usize {
        self.0.first().map_or(0, |tensor| tensor.dims()[0])
    }

    /// The same parameters for each of `tasks` tasks: `[1, r, c] → [tasks, r, c]`.
    pub fn repeat(&self, tasks: usize) -> Self {
        self.map(|tensor| tensor.repeat_dim(0, tasks))
    }

    /// Mean over tasks: `[t, r, c] → [1, r, c]`.
    pub fn mean(&self) -> Self {
        self.map(|tensor| tensor.mean_dim(0))
    }

    /// Zeros of the same shapes.
    pub fn zeros(&self) -> Self {
        self.map(|tensor| tensor.zeros_like())
    }

    /// self + scale · other.
    pub fn plus(&self, scale: f64, other: &Self) -> Self {
        self.zip(other, |a, b| a + b * scale)
    }

    /// Element-wise product.
    pub fn times(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a * b)
    }

    /// Euclidean norm over all tensors, one a task: `[t]`.
    pub fn norms(&self) -> Option<Tensor<1>> {
        let squares = self.0.iter().map(|tensor| {
            let [tasks, rows, columns] = tensor.dims();
            let flat = tensor.clone().reshape([tasks, rows * columns]);
            (flat.clone() * flat).sum_dim(1).reshape([tasks])
        });
        squares.reduce(|a, b| a + b).map(Tensor::sqrt)
    }

    /// Several sets stacked along the task axis, in order.
    pub fn stack(sets: &[Self]) -> Self {
        let count = sets.first().map_or(0, |set| set.0.len());
        let column = |i: usize| Tensor::cat(sets.iter().map(|set| set.0[i].clone()).collect(), 0);
        Self((0..count).map(column).collect())
    }

    /// All elements of task 0 in one row, `[elements]`: the form in which an outer optimiser sees them.
    pub fn flatten(&self) -> Tensor<1> {
        let rows = self.0.iter().map(|tensor| {
            let [_, rows, columns] = tensor.dims();
            tensor.clone().slice([0..1]).reshape([rows * columns])
        });
        Tensor::cat(rows.collect(), 0)
    }

    /// The inverse of [`Params::flatten`], with the shapes of `self`.
    pub fn unflatten(&self, flat: &Tensor<1>) -> Self {
        let mut start = 0;
        self.map(|tensor| {
            let [_, rows, columns] = tensor.dims();
            let part = flat.clone().slice([start..start + rows * columns]);
            start += rows * columns;
            part.reshape([1, rows, columns])
        })
    }

    /// Each tensor changed by `f`.
    pub fn map(&self, f: impl FnMut(Tensor<3>) -> Tensor<3>) -> Self {
        Self(self.0.iter().cloned().map(f).collect())
    }

    fn zip(&self, other: &Self, f: impl Fn(Tensor<3>, Tensor<3>) -> Tensor<3>) -> Self {
        debug_assert_eq!(self.0.len(), other.0.len(), "parameters of two different networks");
        Self(self.0.iter().cloned().zip(other.0.iter().cloned()).map(|(a, b)| f(a, b)).collect())
    }
}
