//! What metric-based and closed-form learners share: features learned outside, and a head that the support set makes
//! in one go.
//!
//! Outside: the body of the network (and what numbers a head has of its own), by one plain gradient of the query loss
//! through features and head. Inside: no step is taken; the whole support set goes through the body once, and the
//! head that it makes is the state. Nothing has been seen at step 0, where every number that is made is zero: each
//! [`Head`] answers that without a preference. Step 1 has seen the whole support set, and later steps repeat it.
//!
//! Cost for a task: outside, one gradient on both sets together, whose activations are in memory at once; inside, one
//! forward pass over the support set, and what the head makes of it.

use burn::tensor::Tensor;

use crate::{
    diff::{Gradient, Params, Plain, gradient_of},
    experiment::LikenessKind,
    model::{Batch, Entry, Network, Targets},
    task::{Purpose, Stream},
};

use super::{Embeddings, InnerLoop, Judgement, Learner, MetaGradient, Path, Tasks};

/// A head that is made, not descended to. Features are `[tasks, examples, features]`.
pub(super) trait Head: Send + Sync {
    /// Meta-parameters of its own, for a number of features.
    fn layout(&self, _features: usize) -> Vec<Entry> {
        Vec::new()
    }

    /// Their first values, random ones drawn from `stream`.
    fn init(&self, _features: usize, _stream: &mut Stream) -> Vec<Vec<f64>> {
        Vec::new()
    }

    /// What the features and the targets of a support set make, given its own meta-parameters.
    fn make(&self, own: &[Tensor<3>], features: Tensor<3>, targets: &Targets) -> Vec<Tensor<3>>;

    /// Predictions for features, by what was made. Of zeros in place of it: the same for every class.
    fn answer(&self, own: &[Tensor<3>], made: &[Tensor<3>], features: Tensor<3>) -> Tensor<3>;

    /// What it compares, made of the features of a support or query set; in other words f, or g where a support drawing
    /// has an embedding of its own.
    fn embed(&self, _own: &[Tensor<3>], _made: &[Tensor<3>], features: Tensor<3>, _query: bool) -> Tensor<3> {
        features
    }

    /// What stands for each class among the embeddings, `[tasks, classes, features]`, where the nearest is the answer.
    fn prototypes(&self, _made: &[Tensor<3>]) -> Option<Tensor<3>> {
        None
    }

    /// How alike it finds each query and each support drawing, or class, `[tasks, queries, columns]`, 0 to 1, of the
    /// queries' features.
    fn likeness(
        &self,
        _own: &[Tensor<3>],
        _made: &[Tensor<3>],
        _features: Tensor<3>,
    ) -> Option<(LikenessKind, Tensor<3>)> {
        None
    }

    /// What training descends, one number a task: the loss of the predictions, unless a paper has another.
    fn loss(&self, _: &[Tensor<3>], _: &[Tensor<3>], _: Tensor<3>, predictions: Tensor<3>, query: &Batch) -> Tensor<1> {
        query.losses(predictions)
    }
}

/// A learner made of a body and a head.
pub(super) struct Embedded<H> {
    body: Network,
    head: H,
    /// Entries of the body's layout.
    entries: usize,
}

/// A state in its three parts.
struct Parts<'a> {
    body: &'a [Tensor<3>],
    own: &'a [Tensor<3>],
    made: &'a [Tensor<3>],
}

impl<H: Head> Embedded<H> {
    /// The body of `network` under `head`.
    pub fn new(network: &Network, head: H) -> Self {
        let body = network.body();
        Self { entries: body.layout().len(), body, head }
    }

    fn parts<'a>(&self, state: &'a [Tensor<3>]) -> Parts<'a> {
        let (body, rest) = state.split_at(self.entries);
        let (own, made) = rest.split_at(self.head.layout(self.body.outputs()).len());
        Parts { body, own, made }
    }

    /// Features of both sets. Where they share their statistics, in one pass.
    fn features(&self, body: &[Tensor<3>], tasks: &Tasks) -> (Tensor<3>, Tensor<3>) {
        let Tasks { support, query, .. } = tasks;
        let through = |batch: &Batch| batch.through::<Plain>(&self.body, body);
        if query.reference.is_none() || query.examples() == 0 {
            return (through(support), through(query));
        }
        let both = support.join(query);
        let [tasks, examples, _] = both.x.dims();
        let statistics = if support.reference.is_some() { examples } else { support.examples() };
        let all = self.body.forward::<Plain>(body, [tasks, examples], both.x, statistics);
        let made = support.examples();
        (all.clone().narrow(1, 0, made), all.narrow(1, made, examples - made))
    }

    /// The loss of every task that training descends at `meta` (repeated for every task), the predictions for the
    /// query set, and how step 0 does on the support set.
    pub(super) fn losses(&self, meta: &[Tensor<3>], tasks: &Tasks) -> (Tensor<1>, Tensor<3>, Judgement) {
        let Parts { body, own, .. } = self.parts(meta);
        let (support, query) = self.features(body, tasks);
        let made = self.head.make(own, support.clone(), &tasks.support.targets);
        let predictions = self.head.answer(own, &made, query.clone());
        let losses = self.head.loss(own, &made, query, predictions.clone(), &tasks.query);
        let plain = |tensors: &[Tensor<3>]| tensors.iter().map(|tensor| tensor.clone().detach()).collect::<Vec<_>>();
        let nothing: Vec<_> = made.iter().map(|tensor| tensor.clone().detach().zeros_like()).collect();
        let blank = self.head.answer(&plain(own), &nothing, support.detach());
        (losses, predictions, Judgement::new(&blank, &tasks.support))
    }
}

impl<H: Head> Learner for Embedded<H> {
    fn network(&self) -> &Network {
        &self.body
    }

    fn layout(&self) -> Vec<Entry> {
        self.body.layout().into_iter().chain(self.head.layout(self.body.outputs())).collect()
    }

    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        // Beyond every layer's own stream.
        let mut stream = Stream::new(seed, Purpose::Weights, self.entries as u64);
        self.body.init(seed).into_iter().chain(self.head.init(self.body.outputs(), &mut stream)).collect()
    }

    fn joins_sets(&self) -> bool {
        true
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        let meta = meta.repeat(support.tasks());
        let Parts { body, own, .. } = self.parts(&meta.0);
        let features = support.through::<Plain>(&self.body, body);
        let made = Params(self.head.make(own, features, &support.targets));
        let state = |made: Params| Params(meta.0.iter().cloned().chain(made.0).collect());
        let mut path = Path::still(&state(made.clone()), inner.steps);
        path.params[0] = state(made.zeros());
        path
    }

    fn predict(&self, state: &Params, batch: &Batch) -> Tensor<3> {
        let Parts { body, own, made } = self.parts(&state.0);
        self.head.answer(own, made, batch.through::<Plain>(&self.body, body))
    }

    fn slope(&self, _state: &Params, _support: &Batch) -> Option<Gradient> {
        None
    }

    fn embeddings(&self, state: &Params, tasks: &Tasks) -> Embeddings {
        let Parts { body, own, made } = self.parts(&state.0);
        let features = Embeddings::of_body(&self.body, body, &tasks.support, &tasks.query);
        let embed = |features: Option<Tensor<3>>, query| features.map(|it| self.head.embed(own, made, it, query));
        Embeddings {
            likeness: features.query.clone().and_then(|query| self.head.likeness(own, made, query)),
            prototypes: self.head.prototypes(made),
            support: embed(features.support, false),
            query: embed(features.query, true),
        }
    }

    /// The loss that training descends.
    fn objective(&self, meta: &Params, tasks: &Tasks, _inner: InnerLoop) -> Tensor<1> {
        self.losses(&meta.repeat(tasks.support.tasks()).0, tasks).0
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, _inner: InnerLoop) -> MetaGradient {
        let mut before = None;
        let found = gradient_of(&meta.repeat(tasks.support.tasks()), |leaves| {
            let (losses, predictions, blank) = self.losses(leaves, tasks);
            before = Some(Judgement { losses: blank.losses.inner(), accuracy: blank.accuracy.map(Tensor::inner) });
            (losses, predictions)
        });
        let after = Judgement::new(&found.predictions, &tasks.query);
        MetaGradient { before: before.unwrap_or_else(|| after.clone()), after, gradient: found.gradient.mean() }
    }
}
