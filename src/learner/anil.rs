//! ANIL, almost no inner loop (Raghu, Raghu, Bengio, Vinyals 2020, §4).
//!
//! Outside: all of θ, by the exact second-order gradient. Inside: the head alone, the last linear layer; the
//! rate of every other entry is zero, which also empties their part of each Hessian-vector product.

use crate::{
    diff::Params,
    model::{Batch, Network},
};

use super::{InnerLoop, Learner, MetaGradient, Path, Tasks, inner::Rate, maml};

pub(super) struct Anil {
    pub network: Network,
}

impl Anil {
    fn rates(&self, lr: f64) -> Vec<Rate> {
        let head = self.network.head();
        (0..head.end).map(|entry| if head.contains(&entry) { Rate::Same(lr) } else { Rate::Fixed }).collect()
    }
}

impl Learner for Anil {
    fn network(&self) -> &Network {
        &self.network
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        maml::adapt(&self.network, meta, support, &self.rates(inner.lr), inner)
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        maml::second_order(&self.network, meta, tasks, &self.rates(inner.lr), inner)
    }
}
