//! What stands for a network where a task is a function of the parameters themselves.

use crate::{
    diff::Ops,
    experiment::Init,
    task::{Purpose, Stream},
};

use super::{Entry, init::weights};

/// A point θ of a quadratic, `theta [count, 1]`: its predictions are Wθ for the rows of W as inputs.
#[derive(Clone, Debug)]
pub struct Coordinates {
    /// Numbers in θ.
    pub count: usize,
    /// Distribution of the first θ.
    pub init: Init,
}

impl Coordinates {
    pub(super) fn layout(&self) -> Vec<Entry> {
        vec![Entry { name: "theta".to_owned(), shape: vec![self.count, 1] }]
    }

    /// From the random stream `first`.
    pub(super) fn init(&self, seed: u32, first: u64) -> Vec<Vec<f64>> {
        vec![weights(&mut Stream::new(seed, Purpose::Weights, first), self.init, self.count, self.count)]
    }

    /// Wθ, `[tasks, rows, 1]`, of W `[tasks, rows, count]`.
    pub(super) fn forward<O: Ops>(params: &[O::Tensor<3>], rows: O::Tensor<3>) -> O::Tensor<3> {
        match params.first() {
            Some(theta) => O::matmul(rows, theta.clone()),
            None => rows,
        }
    }
}
