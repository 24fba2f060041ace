//! Gradient descent on the support set, and the way back through it.
//!
//! Forwards, step k: g_k = ∇L_support(θ_k), θ_{k+1} = θ_k − A g_k, where A is diagonal: the inner rate, a rate
//! for each parameter, or zero for what does not adapt.
//! Backwards: v_K = ∇L_query(θ_K), v_k = (I − A H_k)ᵀ v_{k+1} = v_{k+1} − H_k A v_{k+1}, which ends at
//! v_0 = d L_query(θ_K) / d θ_0, the exact meta-gradient (Finn et al. 2017, eq. 1, by the chain rule).

use burn::tensor::Tensor;

use crate::diff::{Gradient, Objective, Params, gradient, hessian_vector};

/// One diagonal block of A: how one entry of the layout adapts.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a learner has a handful of them; only 64-bit machines find it large")]
pub(super) enum Rate {
    /// It does not.
    Fixed,
    /// The same rate for every element.
    Same(f64),
    /// A rate for each element, `[1, rows, columns]`.
    Each(Tensor<3>),
}

impl Rate {
    /// A·t, or nothing where it is zero.
    fn times(&self, tensor: &Tensor<3>) -> Option<Tensor<3>> {
        match self {
            Self::Fixed => None,
            Self::Same(rate) => Some(tensor.clone() * *rate),
            Self::Each(rates) => Some(tensor.clone() * rates.clone()),
        }
    }
}

/// The fast weights of an inner loop.
#[derive(Clone, Debug)]
pub struct Path {
    /// θ_0 … θ_K, each `[tasks, …]`.
    pub params: Vec<Params>,
    /// Support losses and gradients at θ_0 … θ_{K−1}.
    pub gradients: Vec<Gradient>,
}

impl Path {
    /// A path that never moves from `params`.
    pub(super) fn still(params: &Params, steps: usize) -> Self {
        Self { params: vec![params.clone(); steps + 1], gradients: Vec::new() }
    }

    /// The fast weights after the last step.
    pub fn end(&self) -> &Params {
        &self.params[self.params.len() - 1]
    }

    /// Support losses before any step, `[tasks]`, computed if no step was taken.
    pub(super) fn first_losses(&self, support: &impl Objective) -> Tensor<1> {
        match self.gradients.first() {
            Some(first) => first.losses.clone(),
            None => super::losses(support, &self.params[0]),
        }
    }
}

/// `steps` steps of gradient descent on `support` from `start` (`[tasks, …]`).
pub(super) fn descend(support: &impl Objective, start: Params, rates: &[Rate], steps: usize) -> Path {
    let mut path = Path { params: vec![start], gradients: Vec::with_capacity(steps) };
    for _ in 0..steps {
        let here = path.end();
        let slope = gradient(support, here);
        let moves = here.0.iter().zip(&slope.gradient.0).zip(rates);
        let next = Params(
            moves.map(|((w, g), rate)| rate.times(g).map_or_else(|| w.clone(), |step| w.clone() - step)).collect(),
        );
        path.params.push(next);
        path.gradients.push(slope);
    }
    path
}

/// The adjoints v_0 … v_K of `path`, given v_K = `last`: `[k]` is d(query loss)/dθ_k.
pub(super) fn adjoints(support: &impl Objective, path: &Path, rates: &[Rate], last: Params) -> Vec<Params> {
    let mut adjoints = vec![last];
    for here in path.params.iter().rev().skip(1) {
        let next = &adjoints[adjoints.len() - 1];
        let direction: Vec<_> = next.0.iter().zip(rates).map(|(v, rate)| rate.times(v)).collect();
        let curved = hessian_vector(support, here, &direction);
        adjoints.push(next.plus(-1.0, &curved));
    }
    adjoints.reverse();
    adjoints
}
