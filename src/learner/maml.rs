//! Model-agnostic meta-learning, exact second order (Finn, Abbeel, Levine 2017, Algorithm 1).
//!
//! Outside: θ, by the gradient of Σ L_query(θ_K). Inside: all of θ, θ_{k+1} = θ_k − α ∇L_support(θ_k).
//! The gradient is v_0 of `inner`: one Hessian-vector product for each inner step.

use crate::{
    diff::{Params, gradient},
    model::{Batch, Network, TaskLoss},
};

use super::{
    InnerLoop, Judgement, Learner, MetaGradient, Path, Tasks,
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
}

/// The inner loop from shared parameters, for any rates.
pub(super) fn adapt(network: &Network, meta: &Params, support: &Batch, rates: &[Rate], inner: InnerLoop) -> Path {
    Descent { network, support, rates, inner }.run(meta.repeat(support.tasks()))
}

/// The exact meta-gradient with respect to θ_0, for any rates.
pub(super) fn second_order(
    network: &Network,
    meta: &Params,
    tasks: &Tasks,
    rates: &[Rate],
    inner: InnerLoop,
) -> MetaGradient {
    let descent = Descent { network, support: &tasks.support, rates, inner };
    let path = descent.run(meta.repeat(tasks.support.tasks()));
    let query = gradient(&TaskLoss { network, batch: &tasks.query }, path.end());
    let after = Judgement::of(&query, &tasks.query);
    let adjoints = descent.adjoints(&path, query.gradient);
    MetaGradient { before: path.before(network, &tasks.support, inner), after, gradient: adjoints[0].mean() }
}
