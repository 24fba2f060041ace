//! The baselines every paper compares with (Finn et al. 2017, §5.1) that are not pretrained.
//!
//! Cost for a task: from scratch, K gradients and a forward pass on the query set, with weights and gradient of every
//! step in memory; of the oracle, one gradient on all points, a forward pass on either set to report, and one copy of
//! θ.

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    model::{Batch, Network},
};

use super::{InnerLoop, Learner, MetaGradient, Passage, Path, Rate, Tasks, transfer};

/// Random initialisation, fine-tuned. Outside: nothing; its meta-gradient is zero.
pub(super) struct Scratch {
    pub network: Network,
}

impl Learner for Scratch {
    fn network(&self) -> &Network {
        &self.network
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let path = self.adapt(meta, &tasks.support, inner);
        MetaGradient {
            before: path.before(&self.network, &tasks.support, inner),
            after: self.judge(path.end(), &tasks.query),
            gradient: meta.zeros(),
        }
    }

    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        let path = self.adapt(meta, &tasks.support, inner);
        Some(Passage::there(&self.network, path, vec![Rate::Same(inner.lr); meta.0.len()]))
    }
}

/// Told the parameters of the task's function beside x, so that one network can answer every task.
///
/// Outside: θ, by the gradient of the loss itself on all points. Inside: nothing; its path never moves. A bound on what
/// adaptation can reach.
pub(super) struct Oracle {
    pub network: Network,
}

impl Learner for Oracle {
    fn network(&self) -> &Network {
        &self.network
    }

    fn told(&self) -> bool {
        true
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        Path::still(&meta.repeat(support.tasks()), inner.steps)
    }

    fn objective(&self, meta: &Params, tasks: &Tasks, _inner: InnerLoop) -> Tensor<1> {
        transfer::joint_losses(&self.network, meta, &tasks.support.join(&tasks.query))
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let path = self.adapt(meta, &tasks.support, inner);
        MetaGradient {
            before: path.before(&self.network, &tasks.support, inner),
            after: self.judge(path.end(), &tasks.query),
            gradient: transfer::joint_gradient(&self.network, meta, &tasks.support.join(&tasks.query)),
        }
    }
}
