//! Descent on the support set, and the way back through it.
//!
//! Forwards, step k: g_k = ∇L_support(θ_k), θ_{k+1} = θ_k − A g_k, where A is diagonal: the inner rate, a rate
//! for each parameter, or zero for what does not adapt.
//! Backwards: v_K = ∇L_query(θ_K), v_k = (I − A H_k)ᵀ v_{k+1} = v_{k+1} − H_k A v_{k+1}, which ends at
//! v_0 = d L_query(θ_K) / d θ_0, the exact meta-gradient (Finn et al. 2017, eq. 1, by the chain rule).

use burn::tensor::Tensor;

use crate::{
    diff::{Gradient, Params, Plain, gradient, hessian_vector},
    experiment::InnerOptimizer,
    model::{Batch, Network, TaskLoss},
};

use super::Judgement;

/// The settings of an inner loop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InnerLoop {
    /// Inner learning rate α.
    pub lr: f64,
    /// Number of inner steps K.
    pub steps: usize,
    /// Support examples per step, one mini-batch after another; 0 means all of them.
    pub batch: usize,
    /// What takes the steps.
    pub optimizer: InnerOptimizer,
    /// Meta-steps taken before, for a learner that changes its ways as it goes on.
    pub meta_step: u32,
    /// Place in its meta-batch of the first of the tasks at hand, for a learner that treats tasks in turn.
    pub first_task: u32,
}

impl InnerLoop {
    /// Gradient descent on the whole support set.
    pub fn new(lr: f64, steps: usize) -> Self {
        Self { lr, steps, batch: 0, optimizer: InnerOptimizer::Sgd, meta_step: 0, first_task: 0 }
    }
}

/// One diagonal block of A: how one entry of the layout adapts.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a learner has a handful of them; only 64-bit machines find it large")]
pub enum Rate {
    /// It does not.
    Fixed,
    /// The same rate for every element.
    Same(f64),
    /// A rate for each element, `[1, rows, columns]`, or one in a tensor.
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

impl Rate {
    /// The rate of every element of a tensor of the shape of `like`.
    pub fn of(&self, like: &Tensor<3>) -> Tensor<3> {
        self.times(&like.ones_like()).unwrap_or_else(|| like.zeros_like())
    }
}

/// The states that adaptation goes through: the fast weights of an inner loop.
#[derive(Clone, Debug)]
pub struct Path {
    /// θ_0 … θ_K, each `[tasks, …]`.
    pub params: Vec<Params>,
    /// Support losses, predictions and gradients at θ_0 … θ_{K−1}, of the mini-batch of each step; none where no
    /// gradient was taken.
    pub gradients: Vec<Gradient>,
}

impl Path {
    /// A path that never moves from `params`.
    pub(super) fn still(params: &Params, steps: usize) -> Self {
        Self { params: vec![params.clone(); steps + 1], gradients: Vec::new() }
    }

    /// The state after the last step.
    pub fn end(&self) -> &Params {
        &self.params[self.params.len() - 1]
    }

    /// How the first step found its mini-batch, or the support set if no step was taken.
    pub(super) fn before(&self, network: &Network, support: &Batch, inner: InnerLoop) -> Judgement {
        match self.gradients.first() {
            Some(first) => Judgement::of(first, &support.mini_batch(inner.batch, 0)),
            None => Judgement::new(&TaskLoss { network, batch: support }.predict::<Plain>(&self.params[0].0), support),
        }
    }
}

/// Descent on support sets.
pub(super) struct Descent<'a> {
    pub network: &'a Network,
    pub support: &'a Batch,
    /// A, one block for each entry of the layout.
    pub rates: &'a [Rate],
    pub inner: InnerLoop,
}

impl Descent<'_> {
    /// The inner loop from `start` (`[tasks, …]`).
    pub fn run(&self, start: Params) -> Path {
        let mut path = Path { params: vec![start], gradients: Vec::with_capacity(self.inner.steps) };
        let mut moments = Moments::default();
        for step in 0..self.inner.steps {
            let here = path.end();
            let batch = self.support.mini_batch(self.inner.batch, step);
            let slope = gradient(&TaskLoss { network: self.network, batch: &batch }, here);
            let direction = match self.inner.optimizer {
                InnerOptimizer::Sgd => slope.gradient.clone(),
                InnerOptimizer::Adam => adam(&slope.gradient, 0.0, &mut moments, step),
                InnerOptimizer::FullAdam => adam(&slope.gradient, MOMENTUM, &mut moments, step),
            };
            let moves = here.0.iter().zip(&direction.0).zip(self.rates);
            let next =
                moves.map(|((w, d), rate)| rate.times(d).map_or_else(|| w.clone(), |step| w.clone() - step)).collect();
            path.params.push(Params(next));
            path.gradients.push(slope);
        }
        path
    }

    /// The adjoints v_0 … v_K of a path of gradient descent, given v_K = `last`: `[k]` is d(query loss)/dθ_k.
    pub fn adjoints(&self, path: &Path, last: Params) -> Vec<Params> {
        let mut adjoints = vec![last];
        for step in (0..path.params.len() - 1).rev() {
            let next = &adjoints[adjoints.len() - 1];
            let direction: Vec<_> = next.0.iter().zip(self.rates).map(|(v, rate)| rate.times(v)).collect();
            let batch = self.support.mini_batch(self.inner.batch, step);
            let support = TaskLoss { network: self.network, batch: &batch };
            let curved = hessian_vector(&support, &path.params[step], &direction);
            adjoints.push(next.plus(-1.0, &curved));
        }
        adjoints.reverse();
        adjoints
    }
}

/// Decay β₂ of Adam's second moment.
const DECAY: f64 = 0.999;

/// Decay β₁ of Adam's first moment, where it has one.
const MOMENTUM: f64 = 0.9;

/// Adam's memory: m and v, none before the first step.
#[derive(Default)]
struct Moments {
    first: Option<Params>,
    second: Option<Params>,
}

/// The direction of Adam (Kingma and Ba 2015, Algorithm 1): m̂ / (√v̂ + ε), where β₁ is `momentum` and `step` counts from 0.
fn adam(gradient: &Params, momentum: f64, moments: &mut Moments, step: usize) -> Params {
    let averaged = |new: Params, decay: f64, old: Option<Params>| match old {
        Some(old) => new.plus(decay, &old),
        None => new,
    };
    let new = gradient.times(gradient).map(|square| square * (1.0 - DECAY));
    let v = averaged(new, DECAY, moments.second.take());
    let correction = 1.0 - DECAY.powi(step as i32 + 1);
    let scale = v.map(|v| ((v / correction).sqrt() + 1e-8).recip());
    moments.second = Some(v);
    if momentum == 0.0 {
        return gradient.times(&scale);
    }
    let m = averaged(gradient.map(|g| g * (1.0 - momentum)), momentum, moments.first.take());
    let direction = m.map(|m| m / (1.0 - momentum.powi(step as i32 + 1))).times(&scale);
    moments.first = Some(m);
    direction
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::testing::{numbers, place};

    #[test]
    fn adam_remembers_squares_and_no_directions() {
        let gradient = |value: f64| Params(vec![place().tensor(&[value], [1, 1, 1])]);
        let mut moments = Moments::default();
        let first = numbers(&adam(&gradient(-3.0), 0.0, &mut moments, 0).0);
        let second = numbers(&adam(&gradient(4.0), 0.0, &mut moments, 1).0);
        // v = 0.001·9, corrected by 0.001; then 0.999·0.009 + 0.001·16, corrected by 1 − 0.999².
        assert!((first[0] + 1.0).abs() < 1e-6, "{first:?}");
        let v: f64 = (0.999 * 0.009 + 0.016) / (1.0 - 0.999 * 0.999);
        assert!((second[0] - 4.0 / v.sqrt()).abs() < 1e-6, "{second:?}");
    }

    #[test]
    fn full_adam_remembers_directions_too() {
        let gradient = |value: f64| Params(vec![place().tensor(&[value], [1, 1, 1])]);
        let mut moments = Moments::default();
        let first = numbers(&adam(&gradient(-3.0), MOMENTUM, &mut moments, 0).0);
        let second = numbers(&adam(&gradient(4.0), MOMENTUM, &mut moments, 1).0);
        assert!((first[0] + 1.0).abs() < 1e-6, "{first:?}");
        // m = 0.9·(−0.3) + 0.1·4, corrected by 1 − 0.9²; v as above.
        let (m, v): (f64, f64) = (0.13 / 0.19, (0.999 * 0.009 + 0.016) / (1.0 - 0.999 * 0.999));
        assert!((second[0] - m / v.sqrt()).abs() < 1e-6, "{second:?}");
    }
}
