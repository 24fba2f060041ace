//! A batch of examples and the loss on it.

use burn::tensor::Tensor;

use crate::diff::{Objective, Ops};

use super::Network;

/// Examples of several tasks.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Inputs `[tasks, examples, inputs]`.
    pub x: Tensor<3>,
    /// Targets `[tasks, examples, 1]`.
    pub y: Tensor<3>,
}

impl Batch {
    /// The examples of both batches, task by task.
    pub fn join(&self, other: &Self) -> Self {
        let x = Tensor::cat(vec![self.x.clone(), other.x.clone()], 1);
        let y = Tensor::cat(vec![self.y.clone(), other.y.clone()], 1);
        Self { x, y }
    }

    /// The same examples `times` times along the task axis; only for a batch of one task.
    pub fn repeat(&self, times: usize) -> Self {
        Self { x: self.x.clone().repeat_dim(0, times), y: self.y.clone().repeat_dim(0, times) }
    }
}

/// Mean squared error of a network on a batch, one number a task: L = mean over examples of (f(x) − y)².
pub struct TaskLoss<'a> {
    /// The network.
    pub network: &'a Network,
    /// Its examples.
    pub batch: &'a Batch,
}

impl Objective for TaskLoss<'_> {
    fn losses<O: Ops>(&self, params: &[O::Tensor<3>]) -> O::Tensor<1> {
        let prediction = self.network.forward::<O>(params, O::constant(self.batch.x.clone()));
        O::mean(O::square(O::sub(prediction, O::constant(self.batch.y.clone()))))
    }
}
