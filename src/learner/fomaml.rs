//! First-order MAML (Finn et al. 2017, §5.2; Nichol et al. 2018, §2).
//!
//! Outside and inside as MAML, but the Hessians are dropped: the meta-gradient is v_K = ∇L_query(θ_K) itself.
//!
//! Cost for a task: K + 1 gradients, a forward and a backward pass each. Memory would do with one copy of the fast
//! weights; `inner` keeps weights and gradient of every step all the same.

use crate::{
    diff::{Params, gradient},
    model::{Network, TaskLoss},
};

use super::{InnerLoop, Judgement, Learner, MetaGradient, Passage, Rate, Tasks};

pub(super) struct Fomaml {
    pub network: Network,
}

impl Learner for Fomaml {
    fn network(&self) -> &Network {
        &self.network
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let network = &self.network;
        let path = self.adapt(meta, &tasks.support, inner);
        let query = gradient(&TaskLoss { network, batch: &tasks.query }, path.end());
        MetaGradient {
            before: path.before(network, &tasks.support, inner),
            after: Judgement::of(&query, &tasks.query),
            gradient: query.gradient.mean(),
        }
    }

    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        let path = self.adapt(meta, &tasks.support, inner);
        let query = gradient(&TaskLoss { network: &self.network, batch: &tasks.query }, path.end());
        let rates = vec![Rate::Same(inner.lr); meta.0.len()];
        Some(Passage::there(&self.network, path, rates).and_straight_back(query.gradient))
    }
}
