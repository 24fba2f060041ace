//! Is a device right, and how fast is it?

use web_time::Instant;

use crate::{
    experiment::{Activation, Experiment, LearnerKind, Optimizer},
    model::Place,
};

use super::{EngineError, Session, read::read};

/// Largest distance from the CPU's numbers, relative to their norm, that a device may show after one meta-step.
/// A correct GPU stays below 1e-5; a shader that did not run is wrong by its whole result.
pub const SELF_TEST_TOLERANCE: f64 = 1e-3;

/// Runs every operation of this crate on `place` and on the CPU, and compares.
///
/// burn on WebGPU only logs a shader that fails validation and goes on with stale data, so nothing short of
/// comparing numbers finds it out. Two small runs cover all operations: MAML on a ReLU network under Adam with
/// clipping, and Meta-SGD on a tanh network under SGD with momentum; a third is `experiment` itself, whose shapes
/// are the ones that matter. Tensors come back after one meta-step, losses and all.
///
/// # Errors
/// [`EngineError::SelfTest`] naming the run that differs and by how much.
pub async fn self_test(place: &Place, experiment: &Experiment) -> Result<(), EngineError> {
    for (name, experiment) in probes(experiment) {
        let mut here = Session::new(experiment.clone(), place.clone()).await?;
        let mut there = Session::new(experiment, Place::cpu()).await?;
        let losses = (here.train(1).await?, there.train(1).await?);
        let loss_error = match (&losses.0[..], &losses.1[..]) {
            ([a], [b]) => f64::from((a.after - b.after).abs() / b.after.abs().max(1e-6)),
            _ => f64::INFINITY,
        };
        let moved = read(vec![here.meta().flatten()]).await?.swap_remove(0);
        let expected = read(vec![there.meta().flatten()]).await?.swap_remove(0);
        let error = loss_error.max(distance(&moved, &expected));
        // A NaN is not within any tolerance.
        let passed = error <= SELF_TEST_TOLERANCE;
        if !passed {
            return Err(EngineError::SelfTest(format!("{name} differs from the CPU by {error:.1e}")));
        }
    }
    Ok(())
}

/// ‖a − b‖ / ‖b‖.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let norm = |values: &mut dyn Iterator<Item = f64>| values.map(|v| v * v).sum::<f64>().sqrt();
    norm(&mut a.iter().zip(b).map(|(a, b)| a - b)) / norm(&mut b.iter().copied())
}

fn probes(experiment: &Experiment) -> Vec<(&'static str, Experiment)> {
    let small = |activation, kind, optimizer| {
        let mut probe = Experiment::default();
        probe.model.hidden = vec![8, 8];
        probe.model.activation = activation;
        probe.learner.kind = kind;
        probe.learner.inner_steps = 2;
        probe.outer.optimizer = optimizer;
        // SGD moves by the gradient itself, so that an error in its size shows; Adam forgives one.
        (probe.outer.lr, probe.outer.momentum, probe.outer.clip) = (0.01, 0.9, 1.0);
        probe.outer.meta_batch = 4;
        probe
    };
    let mut own = experiment.clone();
    own.outer.optimizer = Optimizer::Sgd;
    own.outer.lr = own.outer.lr.min(0.01);
    own.budget.meta_steps = own.budget.meta_steps.max(1);
    vec![
        ("MAML with ReLU under Adam", small(Activation::Relu, LearnerKind::Maml, Optimizer::Adam)),
        ("Meta-SGD with tanh under SGD", small(Activation::Tanh, LearnerKind::MetaSgd, Optimizer::Sgd)),
        ("this experiment", own),
    ]
}

/// Milliseconds of one meta-step of `experiment` on `place`: the best of three, after one that warms up.
///
/// # Errors
/// When the device fails or the experiment diverges at once.
pub async fn time_meta_step(place: &Place, experiment: &Experiment) -> Result<f32, EngineError> {
    let mut probe = experiment.clone();
    probe.budget.meta_steps = probe.budget.meta_steps.max(8);
    let mut session = Session::new(probe, place.clone()).await?;
    session.train(1).await?;
    let mut best = f32::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        session.train(2).await?;
        best = best.min(start.elapsed().as_secs_f32() * 500.0);
    }
    Ok(best)
}
