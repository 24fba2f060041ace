//! Siamese networks (Koch, Zemel, Salakhutdinov 2015, §3.1 and 3.2).
//!
//! Outside: the embedding f and a weight α_j of each feature, by the cross-entropy of pairs: two drawings are of the same
//! class with the probability σ(Σ_j α_j |f_j(x) − f_j(x′)| + β). Here the pairs are those of a task, each query drawing
//! with each support drawing, and the pairs that are the same count as much as those that are not, as in the paper, which
//! draws as many. Inside: the embedded support set is remembered. One pass over it, no gradient, any number of classes.

use burn::tensor::{
    Tensor,
    activation::{log_sigmoid, sigmoid},
};

use crate::{
    experiment::LikenessKind,
    model::{Batch, Entry, Targets},
    task::Stream,
};

use super::{embedded::Head, prototypical::class_means};

/// Remembers the support drawings `[tasks, examples, features]` and their classes.
pub(super) struct Pairs;

impl Pairs {
    /// Log-odds that two drawings are of the same class, `[tasks, support, query]`.
    fn log_odds(own: &[Tensor<3>], support: Tensor<3>, features: Tensor<3>) -> Option<Tensor<3>> {
        let [weight, bias] = own else { return None };
        let apart = (support.unsqueeze_dim::<4>(2) - features.unsqueeze_dim::<4>(1)).abs();
        let [tasks, examples, queries, _] = apart.dims();
        let weighted = (apart * weight.clone().unsqueeze_dim::<4>(1)).sum_dim(3);
        Some(weighted.reshape([tasks, examples, queries]) + bias.clone())
    }
}

impl Head for Pairs {
    fn layout(&self, features: usize) -> Vec<Entry> {
        let entry = |name: &str, shape| Entry { name: name.to_owned(), shape };
        vec![entry("pair.weight", vec![features]), entry("pair.bias", vec![1])]
    }

    /// Drawings that differ are different, and even odds at about the distance of two drawings of normalised features.
    fn init(&self, features: usize, _stream: &mut Stream) -> Vec<Vec<f64>> {
        let root = (features as f64).sqrt();
        vec![vec![-1.0 / root; features], vec![0.5 * root]]
    }

    fn make(&self, _own: &[Tensor<3>], features: Tensor<3>, targets: &Targets) -> Vec<Tensor<3>> {
        vec![features, targets.tensor().clone()]
    }

    /// σ(z) of each query with each support drawing.
    fn likeness(&self, own: &[Tensor<3>], made: &[Tensor<3>], query: Tensor<3>) -> Option<(LikenessKind, Tensor<3>)> {
        let log_odds = Self::log_odds(own, made.first()?.clone(), query)?;
        Some((LikenessKind::SameClass, sigmoid(log_odds).swap_dims(1, 2)))
    }

    /// The log-odds of each class, the mean over its support drawings. Their softmax is the probability of each class
    /// if exactly one is the query's.
    fn answer(&self, own: &[Tensor<3>], made: &[Tensor<3>], features: Tensor<3>) -> Tensor<3> {
        let [support, classes] = made else { return features };
        match Self::log_odds(own, support.clone(), features.clone()) {
            Some(log_odds) => class_means(log_odds, classes.clone()).swap_dims(1, 2),
            None => features,
        }
    }

    /// −½ mean over pairs of one class of ln σ(z) − ½ mean over the others of ln σ(−z).
    fn loss(
        &self,
        own: &[Tensor<3>],
        made: &[Tensor<3>],
        features: Tensor<3>,
        predictions: Tensor<3>,
        query: &Batch,
    ) -> Tensor<1> {
        let [support, classes] = made else { return query.losses(predictions) };
        let Some(z) = Self::log_odds(own, support.clone(), features) else { return query.losses(predictions) };
        let same = classes.clone().matmul(query.targets.tensor().clone().swap_dims(1, 2));
        let different: Tensor<3> = 1.0 - same.clone();
        let [tasks, examples, queries] = z.dims();
        let mean = |values: Tensor<3>, of: Tensor<3>| {
            let sum = |tensor: Tensor<3>| tensor.reshape([tasks, examples * queries]).sum_dim(1).reshape([tasks]);
            sum(values * of.clone()) / sum(of).clamp_min(1.0)
        };
        (mean(log_sigmoid(z.clone()), same) + mean(log_sigmoid(-z), different)) * -0.5
    }
}
