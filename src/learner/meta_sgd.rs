//! Meta-SGD (Li, Zhou, Chen, Li 2017, eq. 2 and Algorithm 1).
//!
//! Outside: θ and a rate α for each parameter. Inside: all of θ, θ_{k+1} = θ_k − α ⊙ ∇L_support(θ_k).
//! The gradient of α is Σ_k −v_{k+1} ⊙ g_k, from the adjoints of `inner`. The rates start at the inner learning
//! rate (the paper draws them from a range) and evaluation uses them whatever rate it is given.
//!
//! Cost: the passes and the memory of MAML, whose adjoints and gradients at each step it needs itself, and twice as
//! many meta-parameters.

use crate::{
    diff::Params,
    model::{Batch, Entry, Network},
};

use super::{InnerLoop, Judgement, Learner, MetaGradient, Passage, Path, Rate, Tasks, maml};

pub(super) struct MetaSgd {
    pub network: Network,
    /// Where every rate starts.
    pub first_rate: f64,
}

impl MetaSgd {
    /// Meta-parameters as θ and its rates.
    fn split(&self, meta: &Params) -> (Params, Vec<Rate>) {
        let (theta, rates) = meta.0.split_at(meta.0.len() / 2);
        (Params(theta.to_vec()), rates.iter().cloned().map(Rate::Each).collect())
    }
}

impl Learner for MetaSgd {
    fn network(&self) -> &Network {
        &self.network
    }

    fn layout(&self) -> Vec<Entry> {
        let theta = self.network.layout();
        let rates =
            theta.iter().map(|entry| Entry { name: format!("rate.{}", entry.name), shape: entry.shape.clone() });
        theta.iter().cloned().chain(rates).collect()
    }

    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        let theta = self.network.init(seed);
        let rates: Vec<_> = theta.iter().map(|values| vec![self.first_rate; values.len()]).collect();
        theta.into_iter().chain(rates).collect()
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        let (theta, rates) = self.split(meta);
        maml::adapt(&self.network, &theta, support, &rates, inner)
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let network = &self.network;
        let (theta, rates) = self.split(meta);
        let (path, query, adjoints) = maml::there_and_back(network, &theta, tasks, &rates, inner);
        let after = Judgement::of(&query, &tasks.query);
        let of_rates = adjoints[1..]
            .iter()
            .zip(&path.gradients)
            .fold(theta.zeros(), |sum, (v, g)| sum.plus(-1.0, &v.times(&g.gradient).mean()));
        let of_theta = adjoints[0].mean();
        MetaGradient {
            before: path.before(network, &tasks.support, inner),
            after,
            gradient: Params(of_theta.0.into_iter().chain(of_rates.0).collect()),
        }
    }

    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        let (theta, rates) = self.split(meta);
        Some(maml::passage(&self.network, &theta, tasks, rates, inner))
    }
}
