//! The way through an inner loop and back, kept whole: what [`Learner::meta_gradient`](super::Learner::meta_gradient) goes
//! through and forgets.

use crate::{
    diff::Params,
    model::{Entry, Network},
};

use super::inner::{Path, Rate};

/// How gradient steps lead from the start to the fast weights, and how the derivative of the query loss comes back.
///
/// Forwards θ_{k+1} = θ_k − A_k g_k, unless a learner says otherwise; backwards v_k = v_{k+1} − H_k A_k v_{k+1}, which ends
/// at the meta-gradient of the task, v_0.
#[derive(Clone, Debug)]
pub struct Passage {
    /// What a point consists of: the network's own parameters first, then whatever else is adapted.
    pub layout: Vec<Entry>,
    /// θ_0 … θ_K and g_0 … g_{K−1}, each `[tasks, …]`.
    pub path: Path,
    /// The blocks of A_k, for every step one an entry; empty where a step is no rate times a gradient.
    pub rates: Vec<Vec<Rate>>,
    /// v_0 … v_K; v_0 and v_K alone where the way back is one leap; empty where no derivative goes back.
    pub adjoints: Vec<Params>,
    /// H_k A_k v_{k+1}, one between every two adjoints; empty where second derivatives are dropped.
    pub curved: Vec<Params>,
}

impl Passage {
    /// The way there alone.
    pub(super) fn there(network: &Network, path: Path, rates: Vec<Rate>) -> Self {
        let rates = vec![rates; path.gradients.len()];
        Self { layout: network.layout(), path, rates, adjoints: Vec::new(), curved: Vec::new() }
    }

    /// With the way back, whose adjoints differ by second derivatives alone.
    pub(super) fn and_back(self, adjoints: Vec<Params>) -> Self {
        let curved = adjoints.windows(2).map(|pair| pair[1].plus(-1.0, &pair[0])).collect();
        Self { adjoints, curved, ..self }
    }

    /// With a way back on which nothing changes: second derivatives are dropped.
    pub(super) fn and_straight_back(self, last: Params) -> Self {
        Self { adjoints: vec![last; self.path.params.len()], ..self }
    }
}
