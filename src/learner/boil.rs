//! BOIL, body only update in the inner loop (Oh, Yoo, Kim, Yun 2021, §3).
//!
//! Outside: all of θ, by the exact second-order gradient. Inside: all but the head, the last linear layer, whose rate
//! is zero: α_head = 0 where ANIL has α_body = 0. A task has to change what the network sees, not how it judges.

use crate::{
    diff::Params,
    model::{Batch, Network},
};

use super::{InnerLoop, Learner, MetaGradient, Path, Tasks, inner::Rate, maml};

pub(super) struct Boil {
    pub network: Network,
}

impl Boil {
    fn rates(&self, lr: f64) -> Vec<Rate> {
        let head = self.network.head();
        (0..head.end).map(|entry| if head.contains(&entry) { Rate::Fixed } else { Rate::Same(lr) }).collect()
    }
}

impl Learner for Boil {
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
