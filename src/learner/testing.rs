//! What the tests of learners share: float64, numbers out of tensors, central differences.

use crate::{
    diff::Params,
    experiment::{Activation, Experiment, ModelSpec, Normalization},
    model::{Batch, Entry, Mlp, Network, Place, Precision, Targets},
    task::{Purpose, Stream},
};

use super::{Tasks, Tensor};

/// float64, because a float32 difference is mostly rounding.
pub(super) fn place() -> Place {
    Place::new(burn::tensor::Device::flex(), Precision::Double)
}

pub(super) fn read<const D: usize>(tensor: &Tensor<D>) -> Vec<f64> {
    pollster::block_on(tensor.to_data_async()).unwrap().iter::<f64>().collect()
}

pub(super) fn numbers(tensors: &[Tensor<3>]) -> Vec<f64> {
    tensors.iter().flat_map(read).collect()
}

pub(super) fn mean(losses: &Tensor<1>) -> f64 {
    let losses = read(losses);
    losses.iter().sum::<f64>() / losses.len() as f64
}

#[track_caller]
pub(super) fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < tolerance, "element {i}: {found} is not {expected}");
    }
}

/// Central differences of `loss` by every meta-parameter, at `start`.
pub(super) fn differences(layout: &[Entry], start: &[Vec<f64>], loss: impl Fn(&Params) -> f64) -> Vec<f64> {
    let step = 1e-5;
    let mut found = Vec::new();
    for entry in 0..start.len() {
        for element in 0..start[entry].len() {
            let moved = |by: f64| {
                let mut values = start.to_vec();
                values[entry][element] += by;
                loss(&place().params(layout, &values))
            };
            found.push((moved(step) - moved(-step)) / (2.0 * step));
        }
    }
    found
}

/// A network that normalises its hidden layer, and two tasks of three classes, classified without transduction.
pub(super) fn normalized() -> (Network, Tasks) {
    let model = ModelSpec {
        hidden: vec![3],
        activation: Activation::Tanh,
        normalization: Normalization::Batch,
        ..Experiment::default().model
    };
    let mut stream = Stream::new(5, Purpose::Test, 0);
    let mut set = |examples: usize| {
        let x: Vec<f64> = (0..2 * examples * 2).map(|_| stream.normal()).collect();
        let y: Vec<f64> = (0..2 * examples).flat_map(|i| (0..3).map(move |class| f64::from(i % 3 == class))).collect();
        let targets = Targets::Classes(place().tensor(&y, [2, examples, 3]));
        Batch { x: place().tensor(&x, [2, examples, 2]), targets, reference: None }
    };
    let (support, query) = (set(6), set(3));
    let query = Batch { reference: Some(support.x.clone()), ..query };
    (Network::Mlp(Mlp::new(&model, 2, 3)), Tasks { support, query, base: None })
}
