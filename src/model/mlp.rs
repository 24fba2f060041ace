//! Multi-layer perceptrons.

use crate::{
    diff::Ops,
    experiment::{Activation, Init, ModelSpec},
    task::{Purpose, Stream},
};

use super::Entry;

/// Linear layers with one activation between them: `layer0.weight [in, out]`, `layer0.bias [out]`, `layer1…`.
#[derive(Clone, Debug)]
pub struct Mlp {
    /// Widths from input to output.
    sizes: Vec<usize>,
    activation: Activation,
    init: Init,
}

impl Mlp {
    /// From a spec, for `inputs` numbers in and one out.
    pub fn new(spec: &ModelSpec, inputs: usize) -> Self {
        let hidden = spec.hidden.iter().map(|&width| width as usize);
        let sizes = [inputs].into_iter().chain(hidden).chain([1]).collect();
        Self { sizes, activation: spec.activation, init: spec.init }
    }

    /// From all widths, at least two.
    pub fn from_sizes(sizes: Vec<usize>, activation: Activation) -> Self {
        Self { sizes, activation, init: Init::Lecun }
    }

    pub(super) fn layout(&self) -> Vec<Entry> {
        let layers = self.sizes.windows(2).enumerate();
        let entries = layers.flat_map(|(i, pair)| {
            let weight = Entry { name: format!("layer{i}.weight"), shape: pair.to_vec() };
            let bias = Entry { name: format!("layer{i}.bias"), shape: vec![pair[1]] };
            [weight, bias]
        });
        entries.collect()
    }

    pub(super) fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        let layers = self.sizes.windows(2).enumerate();
        let values = layers.flat_map(|(i, pair)| {
            let mut stream = Stream::new(seed, Purpose::Weights, i as u64);
            let inputs = pair[0] as f64;
            let weight = (0..pair[0] * pair[1]).map(|_| match self.init {
                Init::Lecun => stream.normal() / inputs.sqrt(),
                Init::He => stream.normal() * (2.0 / inputs).sqrt(),
                Init::Small => 0.01 * truncated_normal(&mut stream),
            });
            [weight.collect(), vec![0.0; pair[1]]]
        });
        values.collect()
    }

    pub(super) fn forward<O: Ops>(&self, params: &[O::Tensor<3>], x: O::Tensor<3>) -> O::Tensor<3> {
        let last = self.sizes.len() - 2;
        params.chunks_exact(2).enumerate().fold(x, |x, (i, layer)| {
            let y = O::add(O::matmul(x, layer[0].clone()), layer[1].clone());
            match self.activation {
                _ if i == last => y,
                Activation::Relu => O::relu(y),
                Activation::Tanh => O::tanh(y),
            }
        })
    }
}

/// A standard normal drawn again until it lies within two standard deviations.
fn truncated_normal(stream: &mut Stream) -> f64 {
    loop {
        let z = stream.normal();
        if z.abs() <= 2.0 {
            return z;
        }
    }
}
