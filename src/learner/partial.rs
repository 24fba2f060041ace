//! MAML whose inner loop changes a part of the network: ANIL and BOIL.
//!
//! Outside: all of θ, by the exact second-order gradient. Inside: gradient descent on one part; the rate of every other
//! entry is zero, which also empties their part of each Hessian-vector product.
//!
//! Cost: K + 1 gradients of the whole network and K Hessian-vector products, as MAML. Those of ANIL have tangents in
//! the head alone and cost about one gradient each, those of BOIL about two. A part that stays shares one copy between
//! all steps; gradients and adjoints are kept whole.

use crate::{
    diff::Params,
    model::{Batch, Network},
};

use super::{InnerLoop, Learner, MetaGradient, Passage, Path, Rate, Tasks, maml};

/// What the inner loop changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The last linear layer: ANIL, almost no inner loop (Raghu, Raghu, Bengio, Vinyals 2020, §4).
    Head,
    /// All but that: BOIL, body only update in the inner loop (Oh, Yoo, Kim, Yun 2021, §3). A task has to change what
    /// the network sees, not how it judges.
    Body,
}

pub(super) struct Partial {
    pub network: Network,
    pub part: Part,
}

impl Partial {
    fn rates(&self, lr: f64) -> Vec<Rate> {
        let head = self.network.head();
        let adapts = |entry: usize| head.contains(&entry) == (self.part == Part::Head);
        (0..head.end).map(|entry| if adapts(entry) { Rate::Same(lr) } else { Rate::Fixed }).collect()
    }
}

impl Learner for Partial {
    fn network(&self) -> &Network {
        &self.network
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        maml::adapt(&self.network, meta, support, &self.rates(inner.lr), inner)
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        maml::second_order(&self.network, meta, tasks, &self.rates(inner.lr), inner)
    }

    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        Some(maml::passage(&self.network, meta, tasks, self.rates(inner.lr), inner))
    }
}
