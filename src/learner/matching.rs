//! Matching networks (Vinyals, Blundell, Lillicrap, Kavukcuoglu, Wierstra 2016, eq. 1 and §2.1.1); with full context
//! embeddings in `full_context`.
//!
//! Outside: the embedding f (= g), by the gradient of the query loss. Inside: the embedded support set is remembered,
//! and a query is given the labels that look like it, P(y|x) = Σ_i a(x, x_i) y_i with the attention
//! a = softmax_i e^ℓ cos(f(x), f(x_i)). One pass over the support set, no gradient, and any number of classes.
//!
//! The paper has no ℓ. Here it is learned, from 0, which is the paper's equation: the cosines of rectified features lie
//! between 0 and 1, so that without it no class of five is ever more probable than e/(e + 4) = 0.40 and none of twenty more
//! than 0.13, and the features learn slowly from a loss that cannot fall.

use burn::tensor::Tensor;

use crate::{
    experiment::LikenessKind,
    model::{Entry, Targets},
    task::Stream,
};

use super::embedded::Head;

/// What keeps the length of features that are all zero from being divided by.
const SMALLEST_SQUARE: f64 = 1e-12;

/// What keeps the logarithm of a share that is too small for float32 finite.
const LEAST_SHARE: f64 = 1e-30;

/// Remembers the directions of the support drawings `[tasks, examples, features]` and their classes.
pub(super) struct Attention;

impl Attention {
    /// a of query features to the remembered directions, `[tasks, queries, examples]`.
    fn to(log_sharpness: &Tensor<3>, support: &Tensor<3>, features: Tensor<3>) -> Tensor<3> {
        let cosines = directions(features).matmul(support.clone().swap_dims(1, 2));
        burn::tensor::activation::softmax(cosines * log_sharpness.clone().exp(), 2)
    }
}

impl Head for Attention {
    fn layout(&self, _features: usize) -> Vec<Entry> {
        vec![Entry { name: "attention.log_sharpness".to_owned(), shape: vec![1] }]
    }

    fn init(&self, _features: usize, _stream: &mut Stream) -> Vec<Vec<f64>> {
        vec![vec![0.0]]
    }

    fn make(&self, _own: &[Tensor<3>], features: Tensor<3>, targets: &Targets) -> Vec<Tensor<3>> {
        vec![directions(features), targets.tensor().clone()]
    }

    fn embed(&self, _own: &[Tensor<3>], _made: &[Tensor<3>], features: Tensor<3>, _query: bool) -> Tensor<3> {
        directions(features)
    }

    fn likeness(&self, own: &[Tensor<3>], made: &[Tensor<3>], query: Tensor<3>) -> Option<(LikenessKind, Tensor<3>)> {
        let ([log_sharpness], [support, _]) = (own, made) else { return None };
        Some((LikenessKind::Attention, Self::to(log_sharpness, support, query)))
    }

    /// ln P(y|x). Attention to drawings without a class, as all are before they have been seen, is shared out evenly.
    fn answer(&self, own: &[Tensor<3>], made: &[Tensor<3>], features: Tensor<3>) -> Tensor<3> {
        let ([log_sharpness], [support, classes]) = (own, made) else { return features };
        let told = Self::to(log_sharpness, support, features).matmul(classes.clone());
        let [_, _, count] = told.dims();
        // A sum of shares is one but for rounding, which may be more than the share of a class.
        // It depends on nothing that is learned: its derivative is that rounding alone, which the logarithm of a class
        // without a drawing would multiply by 10³⁰.
        let untold = (-told.clone().sum_dim(2) + 1.0).clamp_min(0.0).detach();
        (told + untold / count as f64 + LEAST_SHARE).log()
    }
}

/// Rows of length one.
pub(super) fn directions(rows: Tensor<3>) -> Tensor<3> {
    let length = ((rows.clone() * rows.clone()).sum_dim(2) + SMALLEST_SQUARE).sqrt();
    rows / length
}
