//! # learner: the algorithms behind one trait
//!
//! One file an algorithm, each opening with its paper and its equation. A [`Learner`] is a value: it holds
//! the network's shape and nothing that changes. Meta-parameters come in, adapted states or a meta-gradient go
//! out. Learners that adapt by gradient steps share their inner loop, forwards and backwards, in `inner`, and their
//! states are fast weights; those that compare features, or solve for a head in closed form, share `embedded`, and
//! their states hold what the support set made of itself as well, as does `cnp`, which takes one support point after
//! another. Baselines in `transfer` are trained on base classes instead of tasks. Called by `engine`; calls `model` and
//! `diff`.

mod baselines;
mod cavia;
mod cnp;
mod embedded;
mod fomaml;
mod full_context;
mod imaml;
mod inner;
mod layers;
mod lstm;
mod lstm_optimizer;
mod maml;
mod maml_pp;
mod matching;
mod meta_sgd;
mod partial;
mod passage;
mod prototypical;
mod relation;
mod reptile;
mod ridge;
mod siamese;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_dropout;
#[cfg(test)]
mod tests_embedded;
#[cfg(test)]
mod tests_gradient;
#[cfg(test)]
mod tests_passage;
#[cfg(test)]
mod tests_transfer;
mod transfer;
mod zero_shot;

use burn::tensor::Tensor;

use crate::{
    diff::{Gradient, Params, Plain, gradient},
    experiment::{LearnerKind, LearnerSpec},
    model::{Batch, Entry, Network, TaskLoss},
};

use embedded::Embedded;
pub use inner::{InnerLoop, Path, Rate};
pub use layers::{Embeddings, Layer, layers_of};
use partial::{Part, Partial};
pub use passage::Passage;

/// A meta-batch: support and query set of every task.
///
/// A query set with a `reference` is normalised by the support set; where both have one, by both sets together.
#[derive(Clone, Debug)]
pub struct Tasks {
    /// What the inner loop sees.
    pub support: Batch,
    /// What it is judged on.
    pub query: Batch,
    /// In meta-training of a learner that is trained on base classes, a mini-batch of them for each task, with a class for
    /// each of the network's outputs.
    pub base: Option<Batch>,
}

/// How parameters do on a batch.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Loss of every task, `[tasks]`.
    pub losses: Tensor<1>,
    /// Accuracy of every task, `[tasks]`, 0 to 1; none for regression.
    pub accuracy: Option<Tensor<1>>,
}

impl Judgement {
    /// What a gradient on `batch` knows already.
    fn of(gradient: &Gradient, batch: &Batch) -> Self {
        Self { losses: gradient.losses.clone(), accuracy: batch.accuracy(&gradient.predictions) }
    }

    /// How `predictions` do on `batch`.
    fn new(predictions: &Tensor<3>, batch: &Batch) -> Self {
        Self { losses: batch.losses(predictions.clone()), accuracy: batch.accuracy(predictions) }
    }
}

/// What one meta-step asks of the outer optimiser, and the losses it saw on the way.
#[derive(Clone, Debug)]
pub struct MetaGradient {
    /// Before adaptation: the meta-parameters on each support set. Neither set has been seen at that point, so it
    /// estimates the same numbers as on the query set and costs nothing.
    pub before: Judgement,
    /// After adaptation: the fast weights on each query set.
    pub after: Judgement,
    /// Direction of ascent for the meta-parameters, mean over tasks, `[1, rows, columns]` an entry.
    pub gradient: Params,
}

/// An algorithm.
pub trait Learner: Send + Sync {
    /// The network it trains; for some without a head. Its parameters come first in every state.
    fn network(&self) -> &Network;

    /// Names and shapes of the meta-parameters; the network's own come first, unless every task starts anew.
    fn layout(&self) -> Vec<Entry> {
        self.network().layout()
    }

    /// First meta-parameters from `seed`, row-major, one vector an entry of the layout.
    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        self.network().init(seed)
    }

    /// Whether inputs carry the parameters of the task's function beside x.
    fn told(&self) -> bool {
        false
    }

    /// Whether every task starts from first parameters of its own. [`Learner::adapt`] and [`Learner::meta_gradient`] are
    /// then given them behind the meta-parameters, `[tasks, …]` where those are `[1, …]`.
    fn starts_anew(&self) -> bool {
        false
    }

    /// Whether transduction means that it normalises support and query set together.
    fn joins_sets(&self) -> bool {
        false
    }

    /// Adapts `meta` (`[1, …]`) to the support set of every task: its state at each of the `inner.steps + 1` points of
    /// the path, of the same shapes everywhere. Unless a learner says otherwise a state is fast weights, and all of
    /// them descend.
    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        maml::adapt(self.network(), meta, support, &vec![Rate::Same(inner.lr); meta.0.len()], inner)
    }

    /// Predictions of an adapted `state` for `batch`, `[tasks, examples, outputs]`, of as many outputs as its targets
    /// have.
    fn predict(&self, state: &Params, batch: &Batch) -> Tensor<3> {
        TaskLoss { network: self.network(), batch }.predict::<Plain>(&state.0)
    }

    /// The standard deviation of each prediction, `[tasks, examples, 1]`; none where a learner does not say how sure it is.
    fn deviation(&self, _state: &Params, _batch: &Batch) -> Option<Tensor<3>> {
        None
    }

    /// The gradient of the support loss at a `state`; none where nothing descends it.
    fn slope(&self, state: &Params, support: &Batch) -> Option<Gradient> {
        Some(gradient(&TaskLoss { network: self.network(), batch: support }, state))
    }

    /// The layers whose weights a `state` holds, from the input on.
    fn layers(&self) -> Vec<Layer> {
        layers_of(&self.network().layout())
    }

    /// What each of [`Learner::layers`] makes of the examples of `batch` under a `state`, `[tasks, examples, width]` each
    /// ([`Network::layers`]).
    fn outputs(&self, state: &Params, batch: &Batch) -> Vec<Tensor<3>> {
        batch.through_layers(self.network(), &state.0)
    }

    /// What the head of a `state` sees of both sets of `tasks`: of the last hidden layer, unless a learner compares
    /// something else.
    fn embeddings(&self, state: &Params, tasks: &Tasks) -> Embeddings {
        Embeddings::of_body(&self.network().body(), &state.0, &tasks.support, &tasks.query)
    }

    /// How an adapted `state` does on `batch`.
    fn judge(&self, state: &Params, batch: &Batch) -> Judgement {
        Judgement::new(&self.predict(state, batch), batch)
    }

    /// What the meta-gradient is the derivative of, or stands for the derivative of: a loss for every task, `[tasks]`, whose
    /// mean it descends. The query loss of the adapted state, unless a learner says otherwise.
    fn objective(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Tensor<1> {
        self.judge(self.adapt(meta, &tasks.support, inner).end(), &tasks.query).losses
    }

    /// The way that [`Learner::meta_gradient`] takes through the inner loop on `tasks` and back, as far as it goes back; none
    /// where no gradient step leads to the states.
    fn passage(&self, _meta: &Params, _tasks: &Tasks, _inner: InnerLoop) -> Option<Passage> {
        None
    }

    /// One meta-step's gradient over `tasks`.
    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient;
}

/// The learner of `spec` on `network`.
pub fn learner(spec: &LearnerSpec, network: Network) -> Box<dyn Learner> {
    match spec.kind {
        LearnerKind::Maml => Box::new(maml::Maml { network }),
        LearnerKind::Fomaml => Box::new(fomaml::Fomaml { network }),
        LearnerKind::Reptile => Box::new(reptile::Reptile { network }),
        LearnerKind::MetaSgd => Box::new(meta_sgd::MetaSgd { network, first_rate: spec.inner_lr }),
        LearnerKind::Anil => Box::new(Partial { network, part: Part::Head }),
        LearnerKind::Pretrained => Box::new(transfer::Transfer::new(network, transfer::Tuned::Everything)),
        LearnerKind::Scratch => Box::new(baselines::Scratch { network }),
        LearnerKind::Oracle => Box::new(baselines::Oracle { network }),
        LearnerKind::Prototypical => Box::new(Embedded::new(&network, prototypical::Prototypes)),
        LearnerKind::Matching => Box::new(Embedded::new(&network, matching::Attention)),
        LearnerKind::Siamese => Box::new(Embedded::new(&network, siamese::Pairs)),
        LearnerKind::R2D2 => Box::new(Embedded::new(&network, ridge::Ridge::OF_CLASSES)),
        LearnerKind::Ridge => Box::new(Embedded::new(&network, ridge::Ridge::OF_NUMBERS)),
        LearnerKind::Cavia => Box::new(cavia::Cavia::new(network, spec.context as usize)),
        LearnerKind::Imaml => Box::new(imaml::Imaml::new(spec, network)),
        LearnerKind::Boil => Box::new(Partial { network, part: Part::Body }),
        LearnerKind::MamlPp => {
            let &LearnerSpec { inner_lr, inner_steps, multi_step, first_order, .. } = spec;
            let annealing = maml_pp::Annealing { multi_step, first_order };
            Box::new(maml_pp::MamlPp::new(network, inner_steps as usize, inner_lr, annealing))
        }
        LearnerKind::Relation => Box::new(Embedded::new(&network, relation::Relation)),
        LearnerKind::MatchingFce => {
            Box::new(Embedded::new(&network, full_context::FullContext { steps: spec.processing_steps as usize }))
        }
        LearnerKind::Cnp => Box::new(cnp::Cnp::new(&network)),
        LearnerKind::LinearProbe => Box::new(transfer::Transfer::new(network, transfer::Tuned::Head)),
        LearnerKind::NearestCentroid => Box::new(transfer::NearestCentroid::new(network)),
        LearnerKind::ZeroShot => Box::new(zero_shot::ZeroShot::new(&network)),
        LearnerKind::LstmOptimizer => {
            Box::new(lstm_optimizer::LstmOptimizer::new(network, spec.units as usize, spec.unroll as usize))
        }
    }
}

/// The learner that has the exact meta-gradient which that of `spec` approximates, on the same meta-parameters: iMAML's
/// inner loop taken back step by step, MAML++ with second derivatives from the first meta-step on, and MAML for the rest.
/// Its inner loop is to take steps of gradient descent.
pub fn exact_learner(spec: &LearnerSpec, network: Network) -> Box<dyn Learner> {
    match spec.kind {
        LearnerKind::Imaml => Box::new(imaml::Unrolled(imaml::Imaml::new(spec, network))),
        LearnerKind::MamlPp => learner(&LearnerSpec { first_order: 0, ..spec.clone() }, network),
        _ => learner(&LearnerSpec { kind: LearnerKind::Maml, ..spec.clone() }, network),
    }
}
