//! Reptile (Nichol, Achiam, Schulman 2018, Algorithm 2).
//!
//! Outside: θ ← θ + ε (mean of θ_K − θ), so that the meta-gradient handed to the outer optimiser is the mean of
//! θ − θ_K. Inside: all of θ by gradient descent on the support set. No derivative of the inner loop is taken,
//! and the query set is used for the reported loss alone.
//!
//! Cost for a task: K gradients, and a forward pass on the query set to report. Memory would do with θ and one copy of
//! the fast weights; `inner` keeps weights and gradient of every step all the same.

use crate::{diff::Params, model::Network};

use super::{InnerLoop, Learner, MetaGradient, Passage, Rate, Tasks};

pub(super) struct Reptile {
    pub network: Network,
}

impl Learner for Reptile {
    fn network(&self) -> &Network {
        &self.network
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let path = self.adapt(meta, &tasks.support, inner);
        MetaGradient {
            before: path.before(&self.network, &tasks.support, inner),
            after: self.judge(path.end(), &tasks.query),
            gradient: meta.plus(-1.0, &path.end().mean()),
        }
    }

    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        let path = self.adapt(meta, &tasks.support, inner);
        Some(Passage::there(&self.network, path, vec![Rate::Same(inner.lr); meta.0.len()]))
    }
}
