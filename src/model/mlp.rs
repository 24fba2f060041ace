//! Multi-layer perceptrons.

use burn::tensor::Tensor;

use crate::{
    diff::Ops,
    experiment::{Activation, Init, ModelSpec, Normalization},
    task::{Purpose, Stream},
};

use super::{Entry, init::weights, masked};

/// Linear layers with one activation between them: `layer0.weight [in, out]`, `layer0.bias [out]`, `layer1…`; where
/// hidden layers are normalised, `normI.gamma` and `normI.beta` follow each (the non-convolutional network of Finn et
/// al. 2017, appendix A.1).
#[derive(Clone, Debug)]
pub struct Mlp {
    /// Widths from input to output.
    sizes: Vec<usize>,
    activation: Activation,
    init: Init,
    normalization: Normalization,
    /// Whether the last layer is the head: neither normalised nor activated.
    head: bool,
    /// A factor `[tasks, 1, width]` for the units of each hidden layer; none of them where every unit counts.
    masks: Vec<Tensor<3>>,
}

impl Mlp {
    /// From a spec, for `inputs` numbers in and `outputs` out.
    pub fn new(spec: &ModelSpec, inputs: usize, outputs: usize) -> Self {
        let hidden = spec.hidden.iter().map(|&width| width as usize);
        let sizes = [inputs].into_iter().chain(hidden).chain([outputs]).collect();
        let ModelSpec { activation, init, normalization, .. } = *spec;
        Self { sizes, activation, init, normalization, head: true, masks: Vec::new() }
    }

    /// From all widths, at least two.
    pub fn from_sizes(sizes: Vec<usize>, activation: Activation) -> Self {
        let (init, normalization) = (Init::Lecun, Normalization::None);
        Self { sizes, activation, init, normalization, head: true, masks: Vec::new() }
    }

    /// The same without its head.
    pub(super) fn body(&self) -> Self {
        let sizes = self.sizes[..self.sizes.len() - 1].to_vec();
        Self { sizes, head: false, ..self.clone() }
    }

    /// The same with its hidden units multiplied by `masks`.
    pub(super) fn thinned(&self, masks: Vec<Tensor<3>>) -> Self {
        Self { masks, ..self.clone() }
    }

    /// Widths of the hidden layers.
    pub(super) fn hidden_widths(&self) -> Vec<usize> {
        let widths = self.sizes.iter().skip(1).enumerate();
        widths.filter(|(i, _)| self.hidden(*i)).map(|(_, &width)| width).collect()
    }

    /// Numbers in a prediction.
    pub(super) fn outputs(&self) -> usize {
        self.sizes.last().copied().unwrap_or_default()
    }

    /// Whether layer `i` has an activation.
    fn hidden(&self, i: usize) -> bool {
        !self.head || i + 2 < self.sizes.len()
    }

    /// Whether layer `i` is hidden and normalised.
    fn normalizes(&self, i: usize) -> bool {
        self.normalization == Normalization::Batch && self.hidden(i)
    }

    pub(super) fn layout(&self) -> Vec<Entry> {
        let layers = self.sizes.windows(2).enumerate();
        let entries = layers.flat_map(|(i, pair)| {
            let row = |name: String| Entry { name, shape: vec![pair[1]] };
            let weight = Entry { name: format!("layer{i}.weight"), shape: pair.to_vec() };
            let norm = [row(format!("norm{i}.gamma")), row(format!("norm{i}.beta"))];
            let norm = norm.into_iter().filter(move |_| self.normalizes(i));
            [weight, row(format!("layer{i}.bias"))].into_iter().chain(norm)
        });
        entries.collect()
    }

    /// The same hidden layers between other widths, under a head.
    pub(super) fn between(&self, inputs: usize, outputs: usize) -> Self {
        let hidden = self.sizes.iter().copied().skip(1).take(self.sizes.len().saturating_sub(2));
        Self { sizes: [inputs].into_iter().chain(hidden).chain([outputs]).collect(), head: true, ..self.clone() }
    }

    pub(super) fn init(&self, seed: u32, first: u64) -> Vec<Vec<f64>> {
        let layers = self.sizes.windows(2).enumerate();
        let values = layers.flat_map(|(i, pair)| {
            let mut stream = Stream::new(seed, Purpose::Weights, first + i as u64);
            let weight = weights(&mut stream, self.init, pair[0], pair[0] * pair[1]);
            let norm = [vec![1.0; pair[1]], vec![0.0; pair[1]]].into_iter().filter(move |_| self.normalizes(i));
            [weight, vec![0.0; pair[1]]].into_iter().chain(norm)
        });
        values.collect()
    }

    /// Predictions `[tasks, examples, outputs]`, or the last hidden layer where there is no head; normalised by each
    /// task's first `reference` examples. `see` is shown what every layer makes, in turn.
    pub(super) fn forward<O: Ops>(
        &self,
        params: &[O::Tensor<3>],
        x: O::Tensor<3>,
        reference: usize,
        mut see: impl FnMut(&O::Tensor<3>),
    ) -> O::Tensor<3> {
        let mut params = params.iter().cloned();
        (0..self.sizes.len() - 1).fold(x, |x, i| {
            let (Some(weight), Some(bias)) = (params.next(), params.next()) else { return x };
            let mut y = O::add(O::matmul(x, weight), bias);
            if self.normalizes(i)
                && let (Some(gamma), Some(beta)) = (params.next(), params.next())
            {
                y = O::add(O::mul(O::normalize(y, reference), gamma), beta);
            }
            if self.hidden(i) {
                y = match self.activation {
                    Activation::Relu => O::relu(y),
                    Activation::Tanh => O::tanh(y),
                };
                y = masked::<O>(y, self.masks.get(i));
            }
            see(&y);
            y
        })
    }
}
