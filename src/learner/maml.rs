//! Model-agnostic meta-learning, exact second order (Finn, Abbeel, Levine 2017, Algorithm 1).
//!
//! Outside: θ, by the gradient of Σ L_query(θ_K). Inside: all of θ, θ_{k+1} = θ_k − α ∇L_support(θ_k).
//! The gradient is v_0 of `inner`: one Hessian-vector product for each inner step.
//!
//! Cost for a task: K + 1 gradients (K on the support set, one on the query set) and K Hessian-vector products of about
//! two gradients each, two to three times first order; memory for weights, gradient and adjoint of each of the K steps,
//! and for the activations of one pass at a time.

use crate::{
    diff::{Gradient, Params, gradient},
    model::{Batch, Network, TaskLoss},
};

use super::{
    InnerLoop, Judgement, Learner, MetaGradient, Passage, Path, Tasks,
    inner::{Descent, Rate},
};

pub(super) struct Maml {
    pub network: Network,
}

impl Learner for Maml {
    fn network(&self) -> &Network {
        &self.network
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let rates = vec![Rate::Same(inner.lr); meta.0.len()];
        second_order(&self.network, meta, tasks, &rates, inner)
    }

    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        Some(passage(&self.network, meta, tasks, vec![Rate::Same(inner.lr); meta.0.len()], inner))
    }
}

/// The inner loop from shared parameters, for any rates.
pub(super) fn adapt(network: &Network, meta: &Params, support: &Batch, rates: &[Rate], inner: InnerLoop) -> Path {
    Descent { network, support, rates, inner }.run(meta.repeat(support.tasks()))
}

/// The inner loop from shared parameters, the query loss where it ends, and the adjoints v_0 … v_K, for any rates.
pub(super) fn there_and_back(
    network: &Network,
    meta: &Params,
    tasks: &Tasks,
    rates: &[Rate],
    inner: InnerLoop,
) -> (Path, Gradient, Vec<Params>) {
    let descent = Descent { network, support: &tasks.support, rates, inner };
    let path = descent.run(meta.repeat(tasks.support.tasks()));
    let query = gradient(&TaskLoss { network, batch: &tasks.query }, path.end());
    let adjoints = descent.adjoints(&path, query.gradient.clone());
    (path, query, adjoints)
}

/// The same as a passage.
pub(super) fn passage(network: &Network, meta: &Params, tasks: &Tasks, rates: Vec<Rate>, inner: InnerLoop) -> Passage {
    let (path, _, adjoints) = there_and_back(network, meta, tasks, &rates, inner);
    Passage::there(network, path, rates).and_back(adjoints)
}

/// The exact meta-gradient with respect to θ_0, for any rates.
pub(super) fn second_order(
    network: &Network,
    meta: &Params,
    tasks: &Tasks,
    rates: &[Rate],
    inner: InnerLoop,
) -> MetaGradient {
    let (path, query, adjoints) = there_and_back(network, meta, tasks, rates, inner);
    let after = Judgement::of(&query, &tasks.query);
    MetaGradient { before: path.before(network, &tasks.support, inner), after, gradient: adjoints[0].mean() }
}
