//! Relation networks (Sung, Yang, Zhang, Xiang, Torr, Hospedales 2018, eq. 1 and 2).
//!
//! Outside: the embedding f, and a relation module g that learns what "alike" means instead of being given a distance. It
//! sees the features of a class and of a query side by side and answers with a relation score between 0 and 1,
//! r_k = g([Σ_{x_i of k} f(x_i), f(x)]), trained by the squared error to 1 for the query's own class and to 0 for every
//! other (eq. 2; here the mean in place of the sum). Inside: the features of a class's support drawings are summed. One pass
//! over the support set, no gradient, and any number of classes.
//!
//! The paper's g is convolutional, two blocks of 64 filters under linear layers of 8 and 1, because its features are maps.
//! Those of conv4 have 2 × 2 places, which a 3 × 3 filter sees all at once, as a linear layer does: here g is a perceptron of
//! one hidden layer, without batch normalisation.

use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid},
};

use crate::{
    experiment::{Init, LikenessKind, RELATION_WIDTH},
    model::{Batch, Entry, Targets, weights},
    task::Stream,
};

use super::embedded::Head;

/// Makes the features of the classes `[tasks, classes, features]`.
pub(super) struct Relation;

impl Head for Relation {
    fn layout(&self, features: usize) -> Vec<Entry> {
        let entry = |name: &str, shape| Entry { name: name.to_owned(), shape };
        vec![
            entry("relation0.weight", vec![2 * features, RELATION_WIDTH]),
            entry("relation0.bias", vec![RELATION_WIDTH]),
            entry("relation1.weight", vec![RELATION_WIDTH, 1]),
            entry("relation1.bias", vec![1]),
        ]
    }

    fn init(&self, features: usize, stream: &mut Stream) -> Vec<Vec<f64>> {
        let first = weights(stream, Init::He, 2 * features, 2 * features * RELATION_WIDTH);
        let last = weights(stream, Init::Lecun, RELATION_WIDTH, RELATION_WIDTH);
        vec![first, vec![0.0; RELATION_WIDTH], last, vec![0.0]]
    }

    fn make(&self, _own: &[Tensor<3>], features: Tensor<3>, targets: &Targets) -> Vec<Tensor<3>> {
        vec![targets.tensor().clone().swap_dims(1, 2).matmul(features)]
    }

    /// The log-odds z_k of the scores, r = σ(z), `[tasks, examples, classes]`: the largest score has the largest, and their
    /// softmax is the probability of each class if exactly one is the query's. Classes without features are all alike.
    fn answer(&self, own: &[Tensor<3>], made: &[Tensor<3>], features: Tensor<3>) -> Tensor<3> {
        let ([weight, bias, last, shift], [classes]) = (own, made) else { return features };
        // The product with two vectors side by side is the sum of the products with either.
        let [_, count, half] = classes.dims();
        let of_class = classes.clone().matmul(weight.clone().narrow(1, 0, half));
        let of_query = features.matmul(weight.clone().narrow(1, half, half)) + bias.clone();
        let hidden = relu(of_query.unsqueeze_dim::<4>(2) + of_class.unsqueeze_dim::<4>(1));
        let [tasks, examples, _, width] = hidden.dims();
        let log_odds = hidden.reshape([tasks, examples * count, width]).matmul(last.clone()) + shift.clone();
        log_odds.reshape([tasks, examples, count])
    }

    /// The scores r.
    fn likeness(&self, own: &[Tensor<3>], made: &[Tensor<3>], query: Tensor<3>) -> Option<(LikenessKind, Tensor<3>)> {
        (made.len() == 1).then(|| (LikenessKind::Relation, sigmoid(self.answer(own, made, query))))
    }

    /// mean (r − t)² over queries and classes, where t is 1 at the query's class and 0 elsewhere.
    fn loss(&self, _: &[Tensor<3>], _: &[Tensor<3>], _: Tensor<3>, predictions: Tensor<3>, query: &Batch) -> Tensor<1> {
        Targets::Numbers(query.targets.tensor().clone()).losses::<crate::diff::Plain>(sigmoid(predictions))
    }
}
