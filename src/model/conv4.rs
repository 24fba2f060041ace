//! The convolutional network of few-shot classification.
//!
//! Four times [3 × 3 convolution of stride 2 with padding 1 → batch normalisation → ReLU], 28 → 14 → 7 → 4 → 2, then
//! a linear head (Finn et al. 2017, appendix A.1; Nichol et al. 2018, appendix A). A convolution is the matrix product
//! of the image's patches with the filters, so that every task of a meta-batch has filters of its own in one product.

use burn::tensor::Tensor;

use crate::{
    diff::Ops,
    experiment::{Init, ModelSpec, Pooling},
    task::{Purpose, SIDE, Stream},
};

use super::{Entry, init::weights, masked};

/// Convolutions.
const BLOCKS: usize = 4;
/// Tensors of a block: weight, bias, gamma, beta.
const TENSORS: usize = 4;
/// Side of the last feature maps.
const LAST: usize = 2;

/// `convI.weight [out, in, 3, 3]`, `convI.bias`, `normI.gamma`, `normI.beta` for I = 0…3, then `head.weight [in, out]`
/// and `head.bias`.
///
/// The biases of the convolutions are part of the published network, but the normalisation behind them takes them
/// away again: they have no effect and no gradient, and nothing is computed with them.
#[derive(Clone, Debug)]
pub struct Conv4 {
    filters: usize,
    /// Logits of the head; none for the convolutions alone.
    ways: Option<usize>,
    pooling: Pooling,
    init: Init,
    /// A factor `[tasks, 1, filters]` for the feature maps of each convolution; none of them where every filter counts.
    masks: Vec<Tensor<3>>,
}

impl Conv4 {
    /// From a spec, with a logit for each of `ways` classes.
    pub fn new(spec: &ModelSpec, ways: usize) -> Self {
        let ModelSpec { filters, pooling, init, .. } = *spec;
        Self { filters: filters as usize, ways: Some(ways), pooling, init, masks: Vec::new() }
    }

    /// With `filters` filters a convolution and a head on all places.
    pub fn flat(filters: usize, ways: usize) -> Self {
        Self { filters, ways: Some(ways), pooling: Pooling::Flatten, init: Init::He, masks: Vec::new() }
    }

    /// The same without its head.
    pub(super) fn body(&self) -> Self {
        Self { ways: None, ..self.clone() }
    }

    /// The same with its feature maps multiplied by `masks`.
    pub(super) fn thinned(&self, masks: Vec<Tensor<3>>) -> Self {
        Self { masks, ..self.clone() }
    }

    /// Filters of each convolution.
    pub(super) fn hidden_widths(&self) -> Vec<usize> {
        vec![self.filters; BLOCKS]
    }

    /// Numbers in a prediction.
    pub(super) fn outputs(&self) -> usize {
        self.ways.unwrap_or_else(|| self.features())
    }

    fn features(&self) -> usize {
        match self.pooling {
            Pooling::Flatten => self.filters * LAST * LAST,
            Pooling::Mean => self.filters,
        }
    }

    fn channels(&self, block: usize) -> usize {
        if block == 0 { 1 } else { self.filters }
    }

    pub(super) fn layout(&self) -> Vec<Entry> {
        let filters = self.filters;
        let blocks = (0..BLOCKS).flat_map(|i| {
            let entry = |name: String, shape| Entry { name, shape };
            [
                entry(format!("conv{i}.weight"), vec![filters, self.channels(i), 3, 3]),
                entry(format!("conv{i}.bias"), vec![filters]),
                entry(format!("norm{i}.gamma"), vec![filters]),
                entry(format!("norm{i}.beta"), vec![filters]),
            ]
        });
        let head = self.ways.map(|ways| {
            [
                Entry { name: "head.weight".into(), shape: vec![self.features(), ways] },
                Entry { name: "head.bias".into(), shape: vec![ways] },
            ]
        });
        blocks.chain(head.into_iter().flatten()).collect()
    }

    pub(super) fn init(&self, seed: u32, first: u64) -> Vec<Vec<f64>> {
        let filters = self.filters;
        let stream = |layer: usize| Stream::new(seed, Purpose::Weights, first + layer as u64);
        let blocks = (0..BLOCKS).flat_map(|i| {
            let inputs = 9 * self.channels(i);
            let weight = weights(&mut stream(i), self.init, inputs, inputs * filters);
            [weight, vec![0.0; filters], vec![1.0; filters], vec![0.0; filters]]
        });
        let head = self.ways.map(|ways| {
            [weights(&mut stream(BLOCKS), self.init, self.features(), self.features() * ways), vec![0.0; ways]]
        });
        blocks.chain(head.into_iter().flatten()).collect()
    }

    /// Logits `[tasks, examples, ways]` of images `[tasks, examples, 784]`, or the features that the head would see
    /// where there is none; normalised by each task's first `reference` examples. `see` is shown what every layer makes, in
    /// turn: the feature maps of a convolution, an image after another, as `[tasks, examples · places, filters]`.
    pub(super) fn forward<O: Ops>(
        &self,
        params: &[O::Tensor<3>],
        [tasks, examples]: [usize; 2],
        x: O::Tensor<3>,
        reference: usize,
        mut see: impl FnMut(&O::Tensor<3>),
    ) -> O::Tensor<3> {
        let images = tasks * examples;
        let mut side = SIDE;
        let mut maps = O::linear(x, |x| x.reshape([images, SIDE, SIDE, 1]));
        for (i, block) in params.chunks_exact(TENSORS).take(BLOCKS).enumerate() {
            let [weight, _, gamma, beta] = block else { continue };
            let out = side.div_ceil(2);
            let places = out * out;
            let rows = O::linear(maps, |maps| {
                let patches = patches(maps);
                let width = patches.dims()[2];
                patches.reshape([tasks, examples * places, width])
            });
            let filters = O::linear(weight.clone(), columns);
            let y = O::normalize(O::matmul(rows, filters), reference * places);
            let y = O::relu(O::add(O::mul(y, gamma.clone()), beta.clone()));
            // A whole map at a time (Tompson et al. 2015): its neighbouring places know nearly the same.
            let y = masked::<O>(y, self.masks.get(i));
            see(&y);
            maps = O::linear(y, |y| y.reshape([images, out, out, self.filters]));
            side = out;
        }
        let features = O::linear(maps, |maps| match self.pooling {
            Pooling::Flatten => maps.permute([0, 3, 1, 2]).reshape([tasks, examples, self.features()]),
            Pooling::Mean => {
                maps.reshape([images, side * side, self.filters]).mean_dim(1).reshape([tasks, examples, self.filters])
            }
        });
        let (Some(_), [.., weight, bias]) = (self.ways, params) else { return features };
        let logits = O::add(O::matmul(features, weight.clone()), bias.clone());
        see(&logits);
        logits
    }
}

/// Filters as columns ordered as patches are: `[tasks, filters, channels · 9] → [tasks, 9 · channels, filters]`.
fn columns(weight: Tensor<3>) -> Tensor<3> {
    let [tasks, filters, width] = weight.dims();
    let parts = weight.reshape([tasks, filters, width / 9, 9]);
    parts.permute([0, 3, 2, 1]).reshape([tasks, width, filters])
}

/// The 3 × 3 patches of stride 2 of padded images: `[images, side, side, channels] → [images, out², 9 · channels]`,
/// each patch ordered row, column, channel, so that whole runs of channels are copied.
fn patches(maps: Tensor<4>) -> Tensor<3> {
    let [images, side, _, channels] = maps.dims();
    let out = side.div_ceil(2);
    // One line of padding in front; behind, as many as make out + 1 pairs.
    let behind = 2 * out + 1 - side;
    let padded = maps.pad([(1, behind), (1, behind), (0, 0)], 0.0);
    let width = 2 * (out + 1);
    // Line 2i − 1, 2i, 2i + 1 of the image are both lines of pair i and the first of pair i + 1: two slices without
    // strides, whose derivatives are cheap.
    let triples = |pairs: Tensor<4>| {
        let both = pairs.clone().narrow(1, 0, out);
        let next = pairs.narrow(1, 1, out).narrow(2, 0, 1);
        Tensor::cat(vec![both, next], 2)
    };
    let rows = triples(padded.reshape([images, out + 1, 2, width * channels]));
    let columns = triples(rows.reshape([images * out * 3, out + 1, 2, channels]));
    let parts: Tensor<6> = columns.reshape([images, out, 3, out, 3, channels]);
    parts.permute([0, 1, 3, 2, 4, 5]).reshape([images, out * out, 9 * channels])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diff::Plain, model::Place, model::Precision};

    /// The same network by its definition, pixel by pixel: logits of each image.
    fn by_hand(conv4: &Conv4, params: &[Vec<f64>], images: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let (mut maps, mut side, mut channels) = (images.to_vec(), SIDE, 1);
        for block in params.chunks(TENSORS).take(BLOCKS) {
            let [weight, bias, gamma, beta] = block else { panic!("a block has four tensors") };
            let out = side.div_ceil(2);
            let convolved = |image: &Vec<f64>, filter: usize, row: usize, column: usize| {
                let mut sum = bias[filter];
                for (channel, y, x) in
                    (0..channels).flat_map(|c| (0..3).flat_map(move |y| (0..3).map(move |x| (c, y, x))))
                {
                    // Padding of one: a line outside the image adds nothing.
                    let (from, to) = ((2 * row + y).wrapping_sub(1), (2 * column + x).wrapping_sub(1));
                    if from < side && to < side {
                        sum += weight[((filter * channels + channel) * 3 + y) * 3 + x]
                            * image[(channel * side + from) * side + to];
                    }
                }
                sum
            };
            let mut next = vec![vec![0.0; conv4.filters * out * out]; images.len()];
            for filter in 0..conv4.filters {
                let places = || (0..out).flat_map(|row| (0..out).map(move |column| (row, column)));
                let values: Vec<f64> = maps
                    .iter()
                    .flat_map(|image| places().map(|(row, column)| convolved(image, filter, row, column)))
                    .collect();
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
                for (i, value) in values.iter().enumerate() {
                    let normal = (value - mean) / (variance + 1e-5).sqrt() * gamma[filter] + beta[filter];
                    let (image, place) = (i / (out * out), i % (out * out));
                    next[image][filter * out * out + place] = normal.max(0.0);
                }
            }
            (maps, side, channels) = (next, out, conv4.filters);
        }
        let [.., weight, bias] = params else { panic!("a head has two tensors") };
        let features = |map: &Vec<f64>| match conv4.pooling {
            Pooling::Flatten => map.clone(),
            Pooling::Mean => map.chunks(side * side).map(|c| c.iter().sum::<f64>() / c.len() as f64).collect(),
        };
        let logit = |features: &[f64], way: usize| {
            bias[way] + features.iter().enumerate().map(|(i, f)| f * weight[i * bias.len() + way]).sum::<f64>()
        };
        maps.iter().map(|map| (0..bias.len()).map(|way| logit(&features(map), way)).collect()).collect()
    }

    #[test]
    fn logits_are_those_of_the_definition_pixel_by_pixel_under_either_pooling() {
        let place = Place::new(burn::tensor::Device::flex(), Precision::Double);
        let mut stream = Stream::new(3, Purpose::Test, 0);
        let images: Vec<Vec<f64>> = (0..3).map(|_| (0..SIDE * SIDE).map(|_| stream.unit()).collect()).collect();
        for pooling in [Pooling::Flatten, Pooling::Mean] {
            let conv4 = Conv4 { pooling, ..Conv4::flat(3, 2) };
            // Off their start, so that no bias is zero and no scale is one.
            let moved = |values: Vec<f64>| values.into_iter().map(|value| value + 0.1 * stream.normal()).collect();
            let params: Vec<Vec<f64>> = conv4.init(1, 0).into_iter().map(moved).collect();
            let tensors = place.params(&conv4.layout(), &params).0;
            let x = place.tensor(&images.concat(), [1, 3, SIDE * SIDE]);
            let found = conv4.forward::<Plain>(&tensors, [1, 3], x, 3, |_| {});
            let found = found.to_data().iter::<f64>().collect::<Vec<_>>();
            for (found, expected) in found.iter().zip(by_hand(&conv4, &params, &images).concat()) {
                assert!((found - expected).abs() < 1e-9, "{pooling:?}: {found} is not {expected}");
            }
        }
    }

    #[test]
    fn what_every_block_makes_is_seen_and_the_head_reads_the_last() {
        let place = Place::new(burn::tensor::Device::flex(), Precision::Double);
        let mut stream = Stream::new(3, Purpose::Test, 0);
        let images: Vec<f64> = (0..3 * SIDE * SIDE).map(|_| stream.unit()).collect();
        let conv4 = Conv4::flat(3, 2);
        let params = conv4.init(1, 0);
        let tensors = place.params(&conv4.layout(), &params).0;
        let mut seen = Vec::new();
        conv4.forward::<Plain>(&tensors, [1, 3], place.tensor(&images, [1, 3, SIDE * SIDE]), 3, |made| {
            seen.push((made.dims(), made.to_data().iter::<f64>().collect::<Vec<_>>()));
        });
        let shapes: Vec<_> = seen.iter().map(|(shape, _)| *shape).collect();
        assert_eq!(shapes, [[1, 3 * 196, 3], [1, 3 * 49, 3], [1, 3 * 16, 3], [1, 3 * 4, 3], [1, 3, 2]]);
        let (maps, logits) = (&seen[3].1, &seen[4].1);
        assert!(maps.iter().all(|&value| value >= 0.0), "behind the rectifier");
        let weight = &params[params.len() - 2];
        for image in 0..3 {
            // A map's place is a row of `maps`; the head counts filter by filter.
            let feature = |number: usize| maps[(4 * image + number % 4) * 3 + number / 4];
            let logit: f64 = (0..12).map(|number| feature(number) * weight[2 * number]).sum();
            assert!((logits[2 * image] - logit).abs() < 1e-9, "{} is not {logit}", logits[2 * image]);
        }
    }
}
