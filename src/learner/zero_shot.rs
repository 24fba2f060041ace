//! Prototypical networks for zero-shot learning (Snell, Swersky, Zemel 2017, §2.7).
//!
//! Outside: the embedding f of drawings, and an embedding g of what is known of a class before any drawing of it: here its
//! description v, the attributes of its stroke program. Both by the gradient of the query loss. Inside: the prototype of a
//! class is c_k = g(v_k), and p(k|x) = softmax(−‖f(x) − c_k‖²). No drawing is learned from, no gradient taken, and there
//! may be any number of classes. The support batch holds the descriptions, one example a class.
//! Cost for a task: one gradient on the query drawings and the descriptions; inside a forward pass of g, and a vector a
//! class.
//!
//! As in the paper prototypes have unit length, because a description is no drawing, and drawings have any. f is scaled as
//! in `prototypical`. The paper's g is linear; here it has a hidden layer as wide as the features,
//! g(v) = W₁ max(0, W₀v + b₀) + b₁, for how strokes look together is more than their sum.

use burn::tensor::{Tensor, activation::relu};

use crate::{
    diff::{Gradient, Params, Plain, gradient_of},
    experiment::Init,
    model::{Batch, Entry, Network, weights},
    task::{Purpose, Stream, glyph::ATTRIBUTES},
};

use super::{
    Embeddings, InnerLoop, Judgement, Learner, MetaGradient, Path, Tasks, embedded::Head as _, matching::directions,
    prototypical::Prototypes,
};

/// Number of the first stream of g's weights: far beyond the layers of any body.
const FIRST_STREAM: u64 = 100;

/// Entries of g's two layers.
const LAYERS: usize = 4;

pub(super) struct ZeroShot {
    body: Network,
    /// Entries of the body's layout.
    entries: usize,
}

impl ZeroShot {
    /// The body of `network`, and an embedding of descriptions.
    pub fn new(network: &Network) -> Self {
        let body = network.body();
        Self { entries: body.layout().len(), body }
    }

    /// g(v_k) / ‖g(v_k)‖ of descriptions `[tasks, classes, 24]`, `[tasks, classes, features]`.
    fn prototypes(&self, params: &[Tensor<3>], descriptions: Tensor<3>) -> Tensor<3> {
        let [w0, b0, w1, b1, ..] = &params[self.entries..] else { return descriptions };
        let hidden = relu(descriptions.matmul(w0.clone()) + b0.clone());
        directions(hidden.matmul(w1.clone()) + b1.clone())
    }

    /// −‖f(x) − c_k‖² but for ‖f(x)‖², which is the same for every class. Without prototypes all are zero.
    fn logits(&self, params: &[Tensor<3>], prototypes: Tensor<3>, batch: &Batch) -> Tensor<3> {
        let features = batch.through::<Plain>(&self.body, params);
        let log_scale = &params[self.entries + LAYERS..self.entries + LAYERS + 1];
        Prototypes.answer(log_scale, &[prototypes], features)
    }
}

impl Learner for ZeroShot {
    fn network(&self) -> &Network {
        &self.body
    }

    fn layout(&self) -> Vec<Entry> {
        let features = self.body.outputs();
        let entry = |name: &str, shape: &[usize]| Entry { name: name.to_owned(), shape: shape.to_vec() };
        let own = [
            entry("description0.weight", &[ATTRIBUTES, features]),
            entry("description0.bias", &[features]),
            entry("description1.weight", &[features, features]),
            entry("description1.bias", &[features]),
        ];
        self.body.layout().into_iter().chain(own).chain(Prototypes.layout(features)).collect()
    }

    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        let features = self.body.outputs();
        let stream = |number: u64| Stream::new(seed, Purpose::Weights, FIRST_STREAM + number);
        let layer = |number: u64, inputs: usize| {
            let mut stream = stream(number);
            [weights(&mut stream, Init::He, inputs, inputs * features), vec![0.0; features]]
        };
        let own = layer(0, ATTRIBUTES).into_iter().chain(layer(1, features));
        let scale = Prototypes.init(features, &mut stream(2));
        self.body.init(seed).into_iter().chain(own).chain(scale).collect()
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        let meta = meta.repeat(support.tasks());
        let made = self.prototypes(&meta.0, support.x.clone());
        let state = |made: Tensor<3>| Params(meta.0.iter().cloned().chain([made]).collect());
        let mut path = Path::still(&state(made.clone()), inner.steps);
        path.params[0] = state(made.zeros_like());
        path
    }

    fn predict(&self, state: &Params, batch: &Batch) -> Tensor<3> {
        self.logits(&state.0, state.0[state.0.len() - 1].clone(), batch)
    }

    fn slope(&self, _state: &Params, _support: &Batch) -> Option<Gradient> {
        None
    }

    /// Of the query drawings alone; the support set holds none.
    fn embeddings(&self, state: &Params, tasks: &Tasks) -> Embeddings {
        let features = Embeddings::of_body(&self.body, &state.0, &tasks.query, &tasks.query);
        let log_scale = &state.0[self.entries + LAYERS..self.entries + LAYERS + 1];
        let prototypes = state.0.last().cloned();
        Embeddings {
            support: None,
            query: features.query.map(|query| Prototypes.embed(log_scale, &[], query, true)),
            prototypes,
            likeness: None,
        }
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, _inner: InnerLoop) -> MetaGradient {
        let Tasks { support, query, .. } = tasks;
        let found = gradient_of(&meta.repeat(query.tasks()), |leaves| {
            let prototypes = self.prototypes(leaves, support.x.clone());
            let predictions = self.logits(leaves, prototypes, query);
            (query.losses(predictions.clone()), predictions)
        });
        MetaGradient {
            // There is no support drawing to judge, and before its description every class is as likely as any other.
            before: Judgement::new(&found.predictions.zeros_like(), query),
            after: Judgement::new(&found.predictions, query),
            gradient: found.gradient.mean(),
        }
    }
}
