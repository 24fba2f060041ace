//! # model: networks as functions of named parameters
//!
//! A network holds no parameters. It says what they are ([`Network::layout`]), draws their first values
//! ([`Network::init`]) and computes predictions from whichever it is handed ([`Network::forward`]), in any
//! arithmetic of `diff`. Called by `learner` and `engine`; calls `diff`, and `task` for random streams.

mod conv4;
mod coordinates;
mod init;
mod loss;
mod lstm;
mod mlp;
mod place;

use std::ops::Range;

use burn::tensor::Tensor;

use crate::{
    diff::{Ops, Plain},
    experiment::{Experiment, Family, NetworkKind},
    task::DIMENSIONS,
};

pub use conv4::Conv4;
pub use coordinates::Coordinates;
pub(crate) use init::weights;
pub use loss::{Batch, Targets, TaskLoss};
pub use lstm::{FORGET_BIAS, Gates};
pub use mlp::Mlp;
pub use place::{Place, Precision};

/// One tensor of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in checkpoints and gradient cases, such as `layer0.weight`.
    pub name: String,
    /// Its shape as the file formats have it: `[in, out]` for a weight, `[out, in, 3, 3]` for filters, `[out]` for a
    /// bias.
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

    /// Whether it is a weight or a filter, which weight decay pulls to zero: not a bias, a scale or shift of a
    /// normalisation, a learned rate, or a number that a head has of its own.
    pub fn decays(&self) -> bool {
        self.name.ends_with(".weight") && !self.name.starts_with("rate.")
    }

    /// Its shape for one task: `[rows, columns]`; a bias is one row, and each filter is a row of its own.
    pub fn matrix(&self) -> [usize; 2] {
        match self.shape[..] {
            [rows, columns] => [rows, columns],
            [filters, ..] if self.shape.len() > 2 => [filters, self.len() / filters.max(1)],
            _ => [1, self.len()],
        }
    }
}

/// A hidden layer with its units multiplied by a mask, if there is one.
fn masked<O: Ops>(units: O::Tensor<3>, mask: Option<&Tensor<3>>) -> O::Tensor<3> {
    match mask {
        Some(mask) => O::mul(units, O::constant(mask.clone())),
        None => units,
    }
}

/// Any network of this room.
#[derive(Clone, Debug)]
pub enum Network {
    /// A multi-layer perceptron.
    Mlp(Mlp),
    /// Four convolutions and a head.
    Conv4(Conv4),
    /// No network: the point of a quadratic.
    Coordinates(Coordinates),
}

impl Network {
    /// The network that an experiment describes.
    pub fn new(experiment: &Experiment) -> Self {
        let (spec, outputs) = (&experiment.model, experiment.network_outputs());
        match spec.network {
            _ if experiment.task.family == Family::Quadratic => {
                Self::Coordinates(Coordinates { count: DIMENSIONS, init: spec.init })
            }
            NetworkKind::Mlp => Self::Mlp(Mlp::new(spec, experiment.inputs(), outputs)),
            NetworkKind::Conv4 => Self::Conv4(Conv4::new(spec, outputs)),
        }
    }

    /// Names and shapes of the parameters, in the order in which they are passed around.
    pub fn layout(&self) -> Vec<Entry> {
        match self {
            Self::Mlp(mlp) => mlp.layout(),
            Self::Conv4(conv4) => conv4.layout(),
            Self::Coordinates(coordinates) => coordinates.layout(),
        }
    }

    /// The same network without its head: its predictions are the features that the head would see. Coordinates have
    /// none.
    pub fn body(&self) -> Self {
        match self {
            Self::Mlp(mlp) => Self::Mlp(mlp.body()),
            Self::Conv4(conv4) => Self::Conv4(conv4.body()),
            Self::Coordinates(_) => self.clone(),
        }
    }

    /// A network with the same hidden layers between other widths; a convolutional one reads drawings alone, and stays as it
    /// is.
    pub fn between(&self, inputs: usize, outputs: usize) -> Self {
        match self {
            Self::Mlp(mlp) => Self::Mlp(mlp.between(inputs, outputs)),
            Self::Conv4(_) | Self::Coordinates(_) => self.clone(),
        }
    }

    /// The thinned networks of several tasks (Srivastava et al. 2014, §4): the units of each hidden layer, or its feature
    /// maps, multiplied by a mask `[tasks, 1, width]`, in the order of [`Network::hidden_widths`].
    ///
    /// A mask is a constant factor, the same for every example that a task has: the losses of its inner loop and of
    /// its query set are functions of the parameters like any others, and their derivatives exact.
    pub fn thinned(&self, masks: Vec<Tensor<3>>) -> Self {
        match self {
            Self::Mlp(mlp) => Self::Mlp(mlp.thinned(masks)),
            Self::Conv4(conv4) => Self::Conv4(conv4.thinned(masks)),
            Self::Coordinates(_) => self.clone(),
        }
    }

    /// How many units each hidden layer has, or how many feature maps.
    pub fn hidden_widths(&self) -> Vec<usize> {
        match self {
            Self::Mlp(mlp) => mlp.hidden_widths(),
            Self::Conv4(conv4) => conv4.hidden_widths(),
            Self::Coordinates(_) => Vec::new(),
        }
    }

    /// Which entries of the layout are the head, the last linear layer; of coordinates all.
    pub fn head(&self) -> Range<usize> {
        let count = self.layout().len();
        count.saturating_sub(2)..count
    }

    /// First parameters from `seed`, row-major, one vector an entry. The same on every device.
    pub fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        self.init_from(seed, 0)
    }

    /// The same from the random streams `first` and on, for a second network beside one that has the first ones.
    pub fn init_from(&self, seed: u32, first: u64) -> Vec<Vec<f64>> {
        match self {
            Self::Mlp(mlp) => mlp.init(seed, first),
            Self::Conv4(conv4) => conv4.init(seed, first),
            Self::Coordinates(coordinates) => coordinates.init(seed, first),
        }
    }

    /// Numbers in a prediction.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Mlp(mlp) => mlp.outputs(),
            Self::Conv4(conv4) => conv4.outputs(),
            Self::Coordinates(_) => 1,
        }
    }

    /// Predictions `[tasks, examples, outputs]` for `size = [tasks, examples]` inputs `[tasks, examples, inputs]`.
    /// Normalisations take the statistics of each task's first `reference` examples.
    pub fn forward<O: Ops>(
        &self,
        params: &[O::Tensor<3>],
        size: [usize; 2],
        x: O::Tensor<3>,
        reference: usize,
    ) -> O::Tensor<3> {
        self.watched::<O>(params, size, x, reference, |_| {})
    }

    /// What every layer makes of the inputs of [`Network::forward`], from the first to the last, `[tasks, examples, width]`
    /// each: the units of a hidden layer behind its normalisation and activation, all feature maps of a convolution in one
    /// row (place by place, at each place all filters), and the predictions. Coordinates are no layer.
    pub fn layers(&self, params: &[Tensor<3>], size: [usize; 2], x: Tensor<3>, reference: usize) -> Vec<Tensor<3>> {
        let [tasks, examples] = size;
        let mut seen = Vec::new();
        self.watched::<Plain>(params, size, x, reference, |made| {
            let [_, rows, width] = made.dims();
            seen.push(made.clone().reshape([tasks, examples, rows / examples.max(1) * width]));
        });
        seen
    }

    fn watched<O: Ops>(
        &self,
        params: &[O::Tensor<3>],
        size: [usize; 2],
        x: O::Tensor<3>,
        reference: usize,
        see: impl FnMut(&O::Tensor<3>),
    ) -> O::Tensor<3> {
        match self {
            Self::Mlp(mlp) => mlp.forward::<O>(params, x, reference, see),
            Self::Conv4(conv4) => conv4.forward::<O>(params, size, x, reference, see),
            Self::Coordinates(_) => Coordinates::forward::<O>(params, x),
        }
    }
}
