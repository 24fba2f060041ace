//! Model-agnostic meta-learning, exact second order (Finn, Abbeel, Levine 2017, Algorithm 1).
//!
//! Outside: θ, by the gradient of Σ L_query(θ_K). Inside: all of θ, θ_{k+1} = θ_k − α ∇L_support(θ_k).
//! The gradient is v_0 of `inner`: one Hessian-vector product for each inner step.

use crate::{
    diff::{Params, gradient},
    model::{Batch, Network, TaskLoss},
};

use super::{
    InnerLoop, Learner, MetaGradient, Path, Tasks,
    inner::{Rate, adjoints, descend},
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
        second_order(&self.network, meta, tasks, &rates, inner.steps)
    }
}

/// The inner loop from shared parameters, for any rates.
pub(super) fn adapt(network: &Network, meta: &Params, support: &Batch, rates: &[Rate], steps: usize) -> Path {
    let start = meta.repeat(support.x.dims()[0]);
    descend(&TaskLoss { network, batch: support }, start, rates, steps)
}

/// The exact meta-gradient with respect to θ_0, for any rates.
pub(super) fn second_order(
    network: &Network,
    meta: &Params,
    tasks: &Tasks,
    rates: &[Rate],
    steps: usize,
) -> MetaGradient {
    let support = TaskLoss { network, batch: &tasks.support };
    let path = adapt(network, meta, &tasks.support, rates, steps);
    let query = gradient(&TaskLoss { network, batch: &tasks.query }, path.end());
    let adjoints = adjoints(&support, &path, rates, query.gradient);
    MetaGradient { before: path.first_losses(&support), after: query.losses, gradient: adjoints[0].mean() }
}
