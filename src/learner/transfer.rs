//! Baselines that are pretrained and then transferred to a task, without meta-learning.
//!
//! Outside, on characters: a body and a head for a fixed pool of base classes, θ = (θ_body, W_base), by ordinary
//! mini-batches, θ ← θ − β ∇ mean cross-entropy (as in Chen, Liu, Kira, Wang, Huang 2019). A task's classes are none
//! of them, so that inside the body gets a new head: one of zeros, which knows nothing at step 0 and is descended to, alone
//! (their Baseline) or with the body ([`Transfer`]); or the means of the classes ([`NearestCentroid`]). Unlike there,
//! batch normalisation takes the statistics of each batch here as well, as everywhere in Kindling.
//!
//! Outside, of regression: θ, by the gradient of the loss on the points of all tasks at once; inside, from θ as it is,
//! for all functions have one head (Finn et al. 2017, §5.1): of the whole network, or of that head alone, which is
//! gradient descent on least squares in features that stay.
//!
//! Cost: outside, one gradient for each task's share of the training set. Inside, K gradients of the whole network,
//! whatever is tuned, with those and the tuned weights of every step in memory; of centroids, one forward pass and a
//! vector a class. Training adapts to the task at hand as well, to report how that goes.

use burn::tensor::Tensor;

use crate::{
    diff::{Gradient, Params, Plain, gradient},
    model::{Batch, Entry, Network, Targets, TaskLoss},
};

use super::{
    Embeddings, InnerLoop, Judgement, Layer, Learner, MetaGradient, Passage, Path, Tasks,
    embedded::{Embedded, Head},
    inner::{Descent, Rate},
    layers_of,
    matching::directions,
    prototypical::class_means,
};

/// The gradient of the loss at the meta-parameters on the whole of `batch`, mean over its tasks.
pub(super) fn joint_gradient(network: &Network, meta: &Params, batch: &Batch) -> Params {
    gradient(&TaskLoss { network, batch }, &meta.repeat(batch.tasks())).gradient.mean()
}

/// That loss of every task, `[tasks]`.
pub(super) fn joint_losses(network: &Network, meta: &Params, batch: &Batch) -> Tensor<1> {
    batch.losses(TaskLoss { network, batch }.predict::<Plain>(&meta.repeat(batch.tasks()).0))
}

/// What training descends the loss on: the base classes where there are some, otherwise all points at once.
fn pretraining_batch(tasks: &Tasks) -> Batch {
    tasks.base.clone().unwrap_or_else(|| tasks.support.join(&tasks.query))
}

/// What is descended inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tuned {
    /// The whole network: fine-tuning.
    Everything,
    /// The new head on features that stay: a linear probe.
    Head,
}

/// Pretrained, then tuned by gradient descent on the support set.
pub(super) struct Transfer {
    /// With the head of the pretraining.
    pretrained: Network,
    body: Network,
    tuned: Tuned,
}

impl Transfer {
    pub fn new(network: Network, tuned: Tuned) -> Self {
        Self { body: network.body(), pretrained: network, tuned }
    }

    /// Where a task starts: of classes, with a head of zeros that has an output for each of them.
    fn start(&self, meta: &Params, support: &Batch) -> Params {
        let mut start = meta.repeat(support.tasks());
        if let Targets::Classes(classes) = &support.targets {
            let [_, _, count] = classes.dims();
            for tensor in &mut start.0[self.pretrained.head()] {
                *tensor = tensor.clone().narrow(2, 0, 1).zeros_like().repeat_dim(2, count);
            }
        }
        start
    }

    fn rates(&self, lr: f64) -> Vec<Rate> {
        let head = self.pretrained.head();
        let tunes = |entry: usize| self.tuned == Tuned::Everything || head.contains(&entry);
        (0..head.end).map(|entry| if tunes(entry) { Rate::Same(lr) } else { Rate::Fixed }).collect()
    }
}

impl Learner for Transfer {
    /// Of classes, without its head, which is another one inside than outside. One output is a function's, as there are
    /// always two base classes or more.
    fn network(&self) -> &Network {
        if self.pretrained.outputs() == 1 { &self.pretrained } else { &self.body }
    }

    fn layout(&self) -> Vec<Entry> {
        self.pretrained.layout()
    }

    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        self.pretrained.init(seed)
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        let rates = self.rates(inner.lr);
        Descent { network: &self.pretrained, support, rates: &rates, inner }.run(self.start(meta, support))
    }

    fn predict(&self, state: &Params, batch: &Batch) -> Tensor<3> {
        TaskLoss { network: &self.pretrained, batch }.predict::<Plain>(&state.0)
    }

    fn slope(&self, state: &Params, support: &Batch) -> Option<Gradient> {
        Some(gradient(&TaskLoss { network: &self.pretrained, batch: support }, state))
    }

    fn layers(&self) -> Vec<Layer> {
        layers_of(&self.pretrained.layout())
    }

    fn outputs(&self, state: &Params, batch: &Batch) -> Vec<Tensor<3>> {
        batch.through_layers(&self.pretrained, &state.0)
    }

    fn embeddings(&self, state: &Params, tasks: &Tasks) -> Embeddings {
        Embeddings::of_body(&self.body, &state.0, &tasks.support, &tasks.query)
    }

    fn objective(&self, meta: &Params, tasks: &Tasks, _inner: InnerLoop) -> Tensor<1> {
        joint_losses(&self.pretrained, meta, &pretraining_batch(tasks))
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let path = self.adapt(meta, &tasks.support, inner);
        MetaGradient {
            before: path.before(&self.pretrained, &tasks.support, inner),
            after: self.judge(path.end(), &tasks.query),
            gradient: joint_gradient(&self.pretrained, meta, &pretraining_batch(tasks)),
        }
    }

    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        let path = self.adapt(meta, &tasks.support, inner);
        Some(Passage::there(&self.pretrained, path, self.rates(inner.lr)))
    }
}

/// How much the log-odds of two classes change with the difference of the squared distances to their centroids.
///
/// SimpleShot has no probabilities, only a nearest centroid, and any number leaves that the same. Squared distances of
/// directions differ by tenths, of which ten times as much is about as sure as it is right.
const SHARPNESS: f64 = 10.0;

/// Pretrained, then the nearest centroid of normalised features: SimpleShot, variant L2N (Wang, Chao, Weinberger, van der
/// Maaten 2019), with the mean of several shots as the centroid.
///
/// Inside, nothing is learned: a drawing's features become ẑ = f(x) / ‖f(x)‖ and a class the mean c_k of those of its
/// support drawings; logits are −10 ‖ẑ − c_k‖².
pub(super) struct NearestCentroid {
    /// With the head of the pretraining.
    pretrained: Network,
    centroids: Embedded<Centroids>,
}

impl NearestCentroid {
    pub fn new(network: Network) -> Self {
        let head = network.layout().split_off(network.head().start);
        Self { centroids: Embedded::new(&network, Centroids { head }), pretrained: network }
    }
}

impl Learner for NearestCentroid {
    fn network(&self) -> &Network {
        self.centroids.network()
    }

    fn layout(&self) -> Vec<Entry> {
        self.pretrained.layout()
    }

    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        self.pretrained.init(seed)
    }

    fn joins_sets(&self) -> bool {
        self.centroids.joins_sets()
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        self.centroids.adapt(meta, support, inner)
    }

    fn predict(&self, state: &Params, batch: &Batch) -> Tensor<3> {
        self.centroids.predict(state, batch)
    }

    fn slope(&self, state: &Params, support: &Batch) -> Option<Gradient> {
        self.centroids.slope(state, support)
    }

    fn embeddings(&self, state: &Params, tasks: &Tasks) -> Embeddings {
        self.centroids.embeddings(state, tasks)
    }

    fn objective(&self, meta: &Params, tasks: &Tasks, _inner: InnerLoop) -> Tensor<1> {
        joint_losses(&self.pretrained, meta, &pretraining_batch(tasks))
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, _inner: InnerLoop) -> MetaGradient {
        let (_, predictions, before) = self.centroids.losses(&meta.repeat(tasks.support.tasks()).0, tasks);
        MetaGradient {
            before,
            after: Judgement::new(&predictions, &tasks.query),
            gradient: joint_gradient(&self.pretrained, meta, &pretraining_batch(tasks)),
        }
    }
}

/// Makes the centroids `[tasks, classes, features]`.
pub(super) struct Centroids {
    /// Entries of the head of the pretraining, which are meta-parameters and have no say inside.
    pub head: Vec<Entry>,
}

impl Head for Centroids {
    fn layout(&self, _features: usize) -> Vec<Entry> {
        self.head.clone()
    }

    fn make(&self, _own: &[Tensor<3>], features: Tensor<3>, targets: &Targets) -> Vec<Tensor<3>> {
        vec![class_means(directions(features), targets.tensor().clone())]
    }

    fn embed(&self, _own: &[Tensor<3>], _made: &[Tensor<3>], features: Tensor<3>, _query: bool) -> Tensor<3> {
        directions(features)
    }

    fn prototypes(&self, made: &[Tensor<3>]) -> Option<Tensor<3>> {
        made.first().cloned()
    }

    /// But for ‖ẑ‖², which is the same for every class. Without centroids all are zero.
    fn answer(&self, _own: &[Tensor<3>], made: &[Tensor<3>], features: Tensor<3>) -> Tensor<3> {
        let [centroids] = made else { return features };
        let squares = (centroids.clone() * centroids.clone()).sum_dim(2).swap_dims(1, 2);
        (directions(features).matmul(centroids.clone().swap_dims(1, 2)) * 2.0 - squares) * SHARPNESS
    }
}
