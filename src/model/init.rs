//! Distributions of first weights.

use crate::{experiment::Init, task::Stream};

/// `count` weights of a layer whose outputs sum over `inputs` numbers.
pub(crate) fn weights(stream: &mut Stream, init: Init, inputs: usize, count: usize) -> Vec<f64> {
    let inputs = inputs as f64;
    let draw = |_| match init {
        Init::Lecun => stream.normal() / inputs.sqrt(),
        Init::He => stream.normal() * (2.0 / inputs).sqrt(),
        Init::Small => 0.01 * truncated_normal(stream),
    };
    (0..count).map(draw).collect()
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
