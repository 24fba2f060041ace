//! The outer loop: burn's optimisers on the flat vector of meta-parameters.

use burn::{
    grad_clipping::GradientClippingConfig,
    optim::{
        AdamConfig, AdamState, AdaptiveMomentumState, Optimizer as _,
        momentum::{Momentum, MomentumConfig, MomentumState},
    },
    tensor::Tensor,
};

use crate::experiment::{Optimizer, OuterSpec, Schedule};

/// An optimiser's memory; each tensor has one element a meta-parameter.
#[derive(Clone, Debug, Default)]
pub(super) struct OuterState {
    /// Steps taken.
    pub time: usize,
    /// First moment of Adam, or velocity of SGD; none before the first step.
    pub first: Option<Tensor<1>>,
    /// Second moment of Adam.
    pub second: Option<Tensor<1>>,
}

/// What is left of the outer rate once a share of the budget is `spent`, 0 to 1.
pub(super) fn left(schedule: Schedule, spent: f64) -> f64 {
    match schedule {
        Schedule::Constant => 1.0,
        Schedule::Linear => 1.0 - spent,
        Schedule::Cosine => 0.5 * (1.0 + libm::cos(std::f64::consts::PI * spent)),
    }
}

/// One outer step at the rate `lr`: clips `gradient` to the norm `spec.clip`, then updates `params` and lets those where
/// `decays` is 1 decay.
///
/// Adam is Kingma and Ba 2015, Algorithm 1, with ε = 1e-8; SGD is v ← μv + g, θ ← θ − lr·v. Weight decay λ is decoupled
/// from either (Loshchilov and Hutter 2019, Algorithms 1 and 2): θ loses lr·λ·θ beside that step. It does not go
/// through clipping, momentum or Adam's moments, so that it pulls all weights alike; under plain SGD that is the
/// gradient of the L2 penalty λ/2 ‖θ‖².
pub(super) fn step(
    spec: &OuterSpec,
    lr: f64,
    (params, decays): (Tensor<1>, &Tensor<1>),
    gradient: Tensor<1>,
    state: OuterState,
) -> (Tensor<1>, OuterState) {
    let decayed = (spec.weight_decay > 0.0).then(|| params.clone() * decays.clone() * (lr * spec.weight_decay));
    let (moved, state) = optimise(spec, lr, params, gradient, state);
    match decayed {
        Some(decayed) => (moved - decayed, state),
        None => (moved, state),
    }
}

/// The step of the optimiser.
fn optimise(
    spec: &OuterSpec,
    lr: f64,
    params: Tensor<1>,
    gradient: Tensor<1>,
    state: OuterState,
) -> (Tensor<1>, OuterState) {
    let gradient = if spec.clip > 0.0 {
        GradientClippingConfig::Norm(spec.clip as f32).init().clip_gradient(gradient)
    } else {
        gradient
    };
    let time = state.time + 1;
    match spec.optimizer {
        Optimizer::Adam => {
            let memory = state
                .first
                .zip(state.second)
                .map(|(first, second)| AdamState::new(AdaptiveMomentumState::new(state.time, first, second)));
            let adam = AdamConfig::new().with_epsilon(1e-8).build();
            let (params, memory) = adam.step(lr, params, gradient, memory);
            let (first, second) = memory.map(|m| (m.momentum.moment_1, m.momentum.moment_2)).unzip();
            (params, OuterState { time, first, second })
        }
        Optimizer::Sgd => {
            let config = MomentumConfig::new().with_momentum(spec.momentum).with_dampening(0.0);
            let memory = state.first.map(MomentumState::new);
            // Without Nesterov the transformed gradient is the velocity itself.
            let (velocity, _) = Momentum::new(&config).transform(gradient, memory);
            (params - velocity.clone() * lr, OuterState { time, first: Some(velocity), second: None })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{experiment::Experiment, model::Place};

    fn run(spec: &OuterSpec, gradients: &[f64]) -> Vec<f64> {
        let place = Place::cpu();
        let (mut params, decays) = (place.tensor(&[1.0], [1]), place.tensor(&[1.0], [1]));
        let mut state = OuterState::default();
        for &g in gradients {
            (params, state) = step(spec, spec.lr, (params, &decays), place.tensor(&[g], [1]), state);
        }
        pollster::block_on(crate::engine::read::read_one(params)).unwrap()
    }

    fn spec(optimizer: Optimizer, momentum: f64, clip: f64) -> OuterSpec {
        OuterSpec { optimizer, lr: 0.1, momentum, clip, ..Experiment::default().outer }
    }

    #[test]
    fn adam_moves_by_its_rate_whatever_the_size_of_a_constant_gradient() {
        // With a constant gradient both bias-corrected moments are exact, so each step is lr·sign(g).
        for g in [1e-3, 7.0] {
            let moved = run(&spec(Optimizer::Adam, 0.0, 0.0), &[g, g, g])[0];
            assert!((moved - 0.7).abs() < 1e-4, "{moved}");
        }
    }

    #[test]
    fn a_schedule_falls_from_the_whole_rate_to_none_of_it() {
        // cos(π/3) = 1/2, so a cosine has three quarters left after a third of the budget; a line has two thirds.
        let at = |schedule| [0.0, 1.0 / 3.0, 0.5, 1.0].map(|spent| left(schedule, spent));
        let near = |found: [f64; 4], expected: [f64; 4]| found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
        assert_eq!(at(Schedule::Constant), [1.0; 4]);
        assert!(near(at(Schedule::Linear), [1.0, 2.0 / 3.0, 0.5, 0.0]));
        assert!(near(at(Schedule::Cosine), [1.0, 0.75, 0.5, 0.0]));
    }

    #[test]
    fn sgd_adds_its_velocity() {
        // v = 1, then 0.5·1 + 1 = 1.5; θ = 1 − 0.1·(1 + 1.5).
        let moved = run(&spec(Optimizer::Sgd, 0.5, 0.0), &[1.0, 1.0])[0];
        assert!((moved - 0.75).abs() < 1e-6, "{moved}");
    }

    #[test]
    fn clipping_keeps_the_direction_and_bounds_the_norm() {
        let place = Place::cpu();
        let (moved, _) = step(
            &spec(Optimizer::Sgd, 0.0, 1.0),
            0.1,
            (place.tensor(&[0.0, 0.0], [2]), &place.tensor(&[1.0, 1.0], [2])),
            place.tensor(&[30.0, 40.0], [2]),
            OuterState::default(),
        );
        let moved = pollster::block_on(crate::engine::read::read_one(moved)).unwrap();
        assert!((moved[0] + 0.06).abs() < 1e-6 && (moved[1] + 0.08).abs() < 1e-6, "{moved:?}");
    }

    #[test]
    fn weight_decay_is_a_share_of_the_weight_beside_whatever_the_optimiser_does() {
        // Adam steps by lr·sign(g) = 0.1 and SGD by 0.1·7; either then loses 0.1·0.5 of the weight, which was 1.
        for (optimizer, moved) in [(Optimizer::Adam, 0.1), (Optimizer::Sgd, 0.7)] {
            let decaying = OuterSpec { weight_decay: 0.5, ..spec(optimizer, 0.0, 0.0) };
            let found = run(&decaying, &[7.0])[0];
            assert!((found - (1.0 - moved - 0.05)).abs() < 1e-5, "{optimizer:?}: {found}");
        }
        // Without a gradient, SGD's momentum keeps nothing of the decay: 0.95 of 0.95.
        let found = run(&OuterSpec { weight_decay: 0.5, ..spec(Optimizer::Sgd, 0.9, 0.0) }, &[0.0, 0.0])[0];
        assert!((found - 0.9025).abs() < 1e-6, "{found}");
    }

    #[test]
    fn only_what_decays_decays() {
        let place = Place::cpu();
        let decaying = OuterSpec { weight_decay: 1.0, ..spec(Optimizer::Sgd, 0.0, 0.0) };
        let (params, decays) = (place.tensor(&[2.0, 2.0], [2]), place.tensor(&[1.0, 0.0], [2]));
        let nothing = place.tensor(&[0.0, 0.0], [2]);
        let (moved, _) = step(&decaying, 0.1, (params, &decays), nothing, OuterState::default());
        let moved = pollster::block_on(crate::engine::read::read_one(moved)).unwrap();
        assert!((moved[0] - 1.8).abs() < 1e-6 && moved[1] == 2.0, "{moved:?}");
    }
}
