//! A learned optimiser (Andrychowicz, Denil, Gómez Colmenarejo, Hoffman, Pfau, Schaul, Shillingford, de Freitas 2016).
//!
//! Inside, eq. 1 (as it stands within eq. 3): θ_{t+1} = θ_t + g_t with (g_t, h_{t+1}) = m(∇_t, h_t, φ), where ∇_t is
//! the gradient of the support loss at θ_t and m is an LSTM of two layers which every coordinate of θ goes through by
//! itself, with a memory of its own and φ in common (§2.1). Gradients come to it as of appendix A, and what it says is
//! multiplied by the inner rate (§3.2 has 0.1). θ_0 is drawn anew for every task and is not learned.
//!
//! Outside, eq. 3 with every w_t = 1: φ, by the gradient of Σ_t f(θ_t) over t = 1 … K, where f is the query loss. As in the
//! paper ∂∇_t/∂φ is left out (the dashed edges of its figure 2), and the gradient goes back through at most `unroll`
//! steps: the path is cut into segments, θ and the memories pass from one to the next as numbers, and the gradients of
//! the segments are added.
//!
//! Within a segment θ_t is θ at its start and the sum of the updates since, and so the gradient is that of
//! Σ_t ⟨v_t, g_t⟩ with v_t = Σ ∇f(θ_s) over the s > t of the segment: one pass back through the LSTM, and none through
//! the network that it trains.
//!
//! Cost for a task: a support and a query gradient for each step, and of the LSTM a pass forward and back for each
//! coordinate and step. Memory for two layers of h and c for each coordinate, and what a segment's steps made of them
//! until it ends.

use burn::tensor::Tensor;

use crate::{
    diff::{Gradient, Params, derivative_of, gradient},
    model::{Batch, Entry, Network, TaskLoss},
};

use super::{
    InnerLoop, Judgement, Learner, MetaGradient, Passage, Path, Tasks,
    lstm::{Lstm, Memory},
};

/// p of appendix A: gradients smaller than e⁻ᵖ are told by their size, others by its logarithm.
const P: f64 = 10.0;

pub(super) struct LstmOptimizer {
    network: Network,
    lstm: Lstm,
    /// Steps that a gradient goes back through.
    unroll: usize,
    /// Entries of φ.
    own: usize,
}

impl LstmOptimizer {
    pub fn new(network: Network, units: usize, unroll: usize) -> Self {
        // The two numbers of `log_and_sign`.
        let lstm = Lstm { inputs: 2, units };
        Self { network, lstm, unroll: unroll.max(1), own: lstm.layout().len() }
    }

    /// φ, and where each of `tasks` tasks starts; one start serves all.
    fn split(&self, meta: &Params, tasks: usize) -> (Params, Params) {
        let (phi, start) = meta.0.split_at(self.own.min(meta.0.len()));
        let start = Params(start.to_vec());
        (Params(phi.to_vec()), if start.tasks() == tasks { start } else { start.repeat(tasks) })
    }

    /// One step from `here` against `gradient`: the next point, the updates as rows, and the memory after it.
    fn step(
        &self,
        phi: &[Tensor<3>],
        (here, gradient): (&Params, &Params),
        memory: Option<Memory>,
        scale: f64,
    ) -> (Params, Tensor<2>, Memory) {
        let rows = log_and_sign(rows(gradient));
        let memory = memory.unwrap_or_else(|| self.lstm.empty(&rows));
        let (said, memory) = self.lstm.step(phi, rows, memory);
        let updates = said * scale;
        let moved = if updates.is_autodiff() { updates.clone().inner() } else { updates.clone() };
        (here.plus(1.0, &shaped(here, moved)), updates, memory)
    }

    fn slope(&self, batch: &Batch, at: &Params) -> Gradient {
        gradient(&TaskLoss { network: &self.network, batch }, at)
    }
}

impl Learner for LstmOptimizer {
    fn network(&self) -> &Network {
        &self.network
    }

    fn layout(&self) -> Vec<Entry> {
        self.lstm.layout()
    }

    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        self.lstm.init(seed)
    }

    fn starts_anew(&self) -> bool {
        true
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        let (phi, start) = self.split(meta, support.tasks());
        let mut path = Path { params: vec![start], gradients: Vec::with_capacity(inner.steps) };
        let mut memory = None;
        for step in 0..inner.steps {
            let slope = self.slope(&support.mini_batch(inner.batch, step), path.end());
            let (next, _, after) = self.step(&phi.0, (path.end(), &slope.gradient), memory, inner.lr);
            memory = Some(after);
            path.params.push(next);
            path.gradients.push(slope);
        }
        path
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let (phi, mut here) = self.split(meta, tasks.support.tasks());
        let (mut found, mut memory) = (phi.zeros(), None);
        let mut before = None;
        let mut after = self.judge(&here, &tasks.query);
        for first in (0..inner.steps).step_by(self.unroll) {
            let segment = derivative_of(&phi, |phi| {
                let (mut updates, mut slopes) = (Vec::new(), Vec::new());
                for step in first..inner.steps.min(first + self.unroll) {
                    let batch = tasks.support.mini_batch(inner.batch, step);
                    let slope = self.slope(&batch, &here);
                    before.get_or_insert_with(|| Judgement::of(&slope, &batch));
                    let (next, update, held) = self.step(phi, (&here, &slope.gradient), memory.take(), inner.lr);
                    (here, memory) = (next, Some(held));
                    let query = self.slope(&tasks.query, &here);
                    after = Judgement::of(&query, &tasks.query);
                    updates.push(update);
                    slopes.push(rows(&query.gradient));
                }
                memory = memory.take().map(Memory::detached);
                along(&updates, slopes)
            });
            found = found.plus(1.0, &segment);
        }
        let before = before.unwrap_or_else(|| self.judge(&here, &tasks.support));
        let count = tasks.support.tasks() as f64;
        MetaGradient { before, after, gradient: found.map(|gradient| gradient / count) }
    }

    /// There alone: what goes back goes back to φ, through the LSTM.
    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        let there = Passage::there(&self.network, self.adapt(meta, &tasks.support, inner), Vec::new());
        Some(Passage { rates: Vec::new(), ..there })
    }
}

/// Σ_t ⟨v_t, g_t⟩, `[1]`, of the updates g_t and of the gradients after each, whose sums from the end are v_t.
fn along(updates: &[Tensor<2>], mut slopes: Vec<Tensor<2>>) -> Tensor<1> {
    for step in (0..slopes.len().saturating_sub(1)).rev() {
        slopes[step] = slopes[step].clone() + slopes[step + 1].clone();
    }
    (Tensor::cat(updates.to_vec(), 0) * Tensor::cat(slopes, 0)).sum()
}

/// Every number of all tasks and tensors as a row of its own, `[numbers, 1]`.
fn rows(params: &Params) -> Tensor<2> {
    let column = |tensor: &Tensor<3>| tensor.clone().reshape([tensor.dims().iter().product(), 1]);
    Tensor::cat(params.0.iter().map(column).collect(), 0)
}

/// The inverse of [`rows`], with the shapes of `like`.
fn shaped(like: &Params, rows: Tensor<2>) -> Params {
    let mut start = 0;
    like.map(|tensor| {
        let (dims, from) = (tensor.dims(), start);
        start += dims.iter().product::<usize>();
        rows.clone().narrow(0, from, start - from).reshape(dims)
    })
}

/// Appendix A: ∇ becomes (log|∇|/p, sgn ∇) where |∇| ≥ e⁻ᵖ, and (−1, eᵖ∇) elsewhere; `[n, 1] → [n, 2]`.
///
/// Both are one formula: the logarithm of what is not let below e⁻ᵖ, and eᵖ∇ kept within ±1.
fn log_and_sign(gradient: Tensor<2>) -> Tensor<2> {
    let size = gradient.clone().abs().clamp_min((-P).exp()).log() / P;
    let sign = (gradient * P.exp()).clamp(-1.0, 1.0);
    Tensor::cat(vec![size, sign], 1)
}

#[cfg(test)]
#[path = "tests_lstm.rs"]
mod tests;
