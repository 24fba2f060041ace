//! # model: networks as functions of named parameters
//!
//! A network holds no parameters. It says what they are ([`Network::layout`]), draws their first values
//! ([`Network::init`]) and computes predictions from whichever it is handed ([`Network::forward`]), in any
//! arithmetic of `diff`. Called by `learner` and `engine`; calls `diff`, and `task` for random streams.

mod loss;
mod mlp;
mod place;

use std::ops::Range;

use crate::{diff::Ops, experiment::ModelSpec};

pub use loss::{Batch, TaskLoss};
pub use mlp::Mlp;
pub use place::{Place, Precision};

/// One tensor of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in checkpoints and gradient cases, such as `layer0.weight`.
    pub name: String,
    /// Its shape as the file formats have it: `[in, out]` for a weight, `[out]` for a bias.
    pub shape: Vec<usize>,
}

impl Entry {
    /// Number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Its shape for one task: `[rows, columns]`; a bias is one row.
    pub fn matrix(&self) -> [usize; 2] {
        match self.shape[..] {
            [rows, columns] => [rows, columns],
            _ => [1, self.len()],
        }
    }
}

/// Any network of this room.
#[derive(Clone, Debug)]
pub enum Network {
    /// A multi-layer perceptron.
    Mlp(Mlp),
}

impl Network {
    /// The network that `spec` describes, for inputs of `inputs` numbers and one number out.
    pub fn new(spec: &ModelSpec, inputs: usize) -> Self {
        Self::Mlp(Mlp::new(spec, inputs))
    }

    /// Names and shapes of the parameters, in the order in which they are passed around.
    pub fn layout(&self) -> Vec<Entry> {
        match self {
            Self::Mlp(mlp) => mlp.layout(),
        }
    }

    /// Which entries of the layout are the head, the last linear layer.
    pub fn head(&self) -> Range<usize> {
        let count = self.layout().len();
        count - 2..count
    }

    /// First parameters from `seed`, row-major, one vector an entry. The same on every device.
    pub fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        match self {
            Self::Mlp(mlp) => mlp.init(seed),
        }
    }

    /// Predictions `[tasks, examples, outputs]` for inputs `[tasks, examples, inputs]`.
    pub fn forward<O: Ops>(&self, params: &[O::Tensor<3>], x: O::Tensor<3>) -> O::Tensor<3> {
        match self {
            Self::Mlp(mlp) => mlp.forward::<O>(params, x),
        }
    }
}
