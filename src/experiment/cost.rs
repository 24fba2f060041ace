//! What a run costs: parameters, memory and work.

use super::{Experiment, LearnerKind};
use crate::task::description_len;

/// Most parameters of a network: six hidden layers of 256 fit, and so do two of 512; a snapshot of them
/// is 1.6 MB.
pub const MOST_PARAMETERS: u64 = 400_000;

/// Most bytes that a meta-step may hold by [`Experiment::memory`]: 1 GiB, a quarter of what wasm32 can
/// address and about what a phone lets one tab have.
pub const MOST_MEMORY: f64 = 1_073_741_824.0;

/// Work, in FLOP, past which a link waits for a click before anything runs: 1 GFLOP is about a fifth of a
/// second at the 5 GFLOP/s that wasm SIMD reaches on one slow core, and a page that advances more slowly
/// looks stuck to someone who did not choose it. The published sinusoid protocol is a hundredth of it.
pub const HEAVY_WORK: f64 = 1e9;

/// Copies of the activations that a tangent pass and its backward keep, by count over an MLP's tape.
const TAPE: f64 = 6.0;

impl Experiment {
    /// Widths of the network's layers: inputs, hidden layers, one output.
    ///
    /// The input is x, followed for the oracle by what [`crate::task::Function::describe`] tells it.
    #[must_use]
    pub fn layer_sizes(&self) -> Vec<usize> {
        let told = if self.learner.kind == LearnerKind::Oracle { description_len(&self.task) } else { 0 };
        let hidden = self.model.hidden.iter().map(|&width| width as usize);
        std::iter::once(1 + told).chain(hidden).chain([1]).collect()
    }

    /// Weights and biases of the network; Meta-SGD learns as many rates again.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        let sizes = self.layer_sizes();
        sizes.windows(2).fold(0_u64, |sum, pair| match pair {
            &[inputs, outputs] => sum.saturating_add((inputs as u64 + 1).saturating_mul(outputs as u64)),
            _ => sum,
        })
    }

    /// Estimated bytes that a meta-step holds at once: a snapshot of every task's fast weights per inner
    /// step and the activations of one pass, in float32.
    #[must_use]
    pub fn memory(&self) -> f64 {
        let snapshots = self.parameters() as f64 * (1.0 + f64::from(self.learner.inner_steps));
        let points = f64::from(self.task.shots.max(self.task.queries));
        let units: usize = self.layer_sizes().iter().sum();
        4.0 * f64::from(self.outer.meta_batch) * (snapshots + TAPE * points * units as f64)
    }

    /// Estimated FLOP of one meta-step, counting a multiplication and an addition as two.
    ///
    /// A gradient costs three forward passes and a Hessian-vector product two gradients; with 1-40-40-1,
    /// 5 + 5 points, 25 tasks and one inner step of MAML this is 10 MFLOP, as XLA counts too. ANIL is
    /// counted as MAML, an upper bound.
    #[must_use]
    pub fn work(&self) -> f64 {
        let support = f64::from(self.task.shots) * self.forward();
        let query = f64::from(self.task.queries) * self.forward();
        let steps = f64::from(self.learner.inner_steps);
        let (gradient, hessian_vector) = (3.0, 6.0);
        let task = match self.learner.kind {
            LearnerKind::Maml | LearnerKind::MetaSgd | LearnerKind::Anil => {
                steps * (gradient + hessian_vector) * support + gradient * query
            }
            LearnerKind::Fomaml => steps * gradient * support + gradient * query,
            LearnerKind::Reptile | LearnerKind::Scratch => steps * gradient * support + query,
            LearnerKind::Pretrained => steps * gradient * support + query + gradient * (support + query),
            LearnerKind::Oracle => gradient * (support + query) + query,
        };
        f64::from(self.outer.meta_batch) * task
    }

    /// Estimated FLOP of adapting to the task on show.
    #[must_use]
    pub fn adaptation_work(&self) -> f64 {
        let support = self.task.shots.max(self.view.points.len() as u32);
        3.0 * f64::from(self.learner.eval_steps) * f64::from(support) * self.forward()
    }

    /// Whether a link to this experiment waits for a click: a meta-step or the task on show costs more
    /// than [`HEAVY_WORK`].
    #[must_use]
    pub fn is_heavy(&self) -> bool {
        self.work().max(self.adaptation_work()) > HEAVY_WORK
    }

    /// FLOP of one forward pass at one point, without biases and activations.
    fn forward(&self) -> f64 {
        2.0 * self.layer_sizes().windows(2).map(|pair| pair.iter().product::<usize>() as f64).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{preset, presets};

    #[test]
    fn the_published_network_has_1761_parameters() {
        assert_eq!(Experiment::default().layer_sizes(), [1, 40, 40, 1]);
        assert_eq!(Experiment::default().parameters(), 1761);
    }

    /// Told amplitude and phase: 2 · 40 weights more.
    #[test]
    fn the_oracle_has_further_inputs() {
        let oracle = preset("sinusoid-oracle-5shot").unwrap().experiment();
        assert_eq!(oracle.layer_sizes(), [3, 40, 40, 1]);
        assert_eq!(oracle.parameters(), 1841);
    }

    /// XLA counted 10.89 MFLOP for one inner step and 43.64 for five with 10 + 10 points, Adam and
    /// sampling included.
    #[test]
    fn work_agrees_with_the_count_of_a_compiler() {
        let mut experiment = preset("sinusoid-maml").unwrap().experiment();
        assert!((9e6..11e6).contains(&experiment.work()), "{}", experiment.work());
        experiment.learner.inner_steps = 5;
        assert!((38e6..44e6).contains(&experiment.work()), "{}", experiment.work());
    }

    #[test]
    fn no_preset_is_heavy() {
        for preset in presets() {
            assert!(!preset.experiment().is_heavy(), "{}", preset.name);
        }
    }

    #[test]
    fn a_large_network_over_many_tasks_is_heavy() {
        let mut experiment = Experiment::default();
        experiment.model.hidden = vec![256; 6];
        experiment.outer.meta_batch = 64;
        assert!(experiment.is_heavy());
    }

    #[test]
    fn many_evaluation_steps_of_a_large_network_are_heavy() {
        let mut experiment = Experiment::default();
        experiment.model.hidden = vec![256; 6];
        experiment.learner.kind = LearnerKind::Scratch;
        experiment.learner.inner_steps = 0;
        experiment.learner.eval_steps = 100;
        experiment.task.shots = 10;
        assert!(experiment.work() < HEAVY_WORK && experiment.is_heavy());
    }
}
