//! The baselines every paper compares with (Finn et al. 2017, §5.1).

use crate::{
    diff::{Params, gradient},
    model::{Batch, Network, TaskLoss},
};

use super::{InnerLoop, Learner, MetaGradient, Path, Tasks};

/// Trained on the points of all tasks at once, then fine-tuned.
///
/// Outside: θ, by the gradient of the loss itself on support and query points. Inside, only when evaluated:
/// gradient descent on the support set.
pub(super) struct Pretrained {
    pub network: Network,
}

impl Learner for Pretrained {
    fn network(&self) -> &Network {
        &self.network
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let path = self.adapt(meta, &tasks.support, inner);
        joint_gradient(self, meta, tasks, &path, inner)
    }
}

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
}

/// Told the parameters of the task's function beside x, so that one network can answer every task.
///
/// Outside: θ, as [`Pretrained`]. Inside: nothing; its path never moves. A bound on what adaptation can reach.
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

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let path = self.adapt(meta, &tasks.support, inner);
        joint_gradient(self, meta, tasks, &path, inner)
    }
}

/// The gradient of the loss at the meta-parameters on all points, with the losses along `path` for the record.
fn joint_gradient(learner: &dyn Learner, meta: &Params, tasks: &Tasks, path: &Path, inner: InnerLoop) -> MetaGradient {
    let network = learner.network();
    let all = tasks.support.join(&tasks.query);
    let joint = gradient(&TaskLoss { network, batch: &all }, &meta.repeat(all.tasks()));
    MetaGradient {
        before: path.before(network, &tasks.support, inner),
        after: learner.judge(path.end(), &tasks.query),
        gradient: joint.gradient.mean(),
    }
}
