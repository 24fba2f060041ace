//! Is a device right, and how fast is it?

use web_time::{Duration, Instant};

use crate::{
    experiment::{Activation, Experiment, LearnerKind, Optimizer, Source},
    model::Place,
};

use super::{EngineError, Session, read::read_one};

/// Largest difference from the CPU, relative to the CPU's number, that a device may show in the loss and in the
/// movement of the meta-parameters over one meta-step. A correct GPU stays near 1e-5; a shader that did not run is
/// wrong by its whole result.
pub const SELF_TEST_TOLERANCE: f64 = 1e-3;

/// The same for the step of a network of any size. Of some million units a few have an input within rounding of the kink of
/// ReLU, and two right devices put them on different sides: that is seen in the second digit of the gradient of few
/// drawings, and not in the loss.
const KINKED_TOLERANCE: f64 = 5e-2;

/// How long timing a device may take before it makes do with what it has.
const PATIENCE: Duration = Duration::from_secs(1);

/// Inner steps of a probe, and steps of its solver: the first, one that goes on from it, and one that ends there.
const MOST_STEPS: u32 = 3;

/// Runs every operation of this crate on `place` and on the CPU, and compares.
///
/// burn on WebGPU only logs a shader that fails validation and goes on with stale data, so nothing short of
/// comparing numbers finds it out. Two small runs cover all operations: MAML on a ReLU network under SGD with momentum
/// and clipping, and Meta-SGD on a tanh network under Adam (whose first step is nearly the sign of the gradient, and
/// a tanh network has no gradients near zero); a third is `experiment` itself, whose shapes are the ones that matter.
///
/// # Errors
/// [`EngineError::SelfTest`] naming the run that differs and by how much.
pub async fn self_test(place: &Place, experiment: &Experiment) -> Result<(), EngineError> {
    for (name, experiment) in probes(experiment) {
        compare(place, name, experiment).await?;
    }
    Ok(())
}

/// Whether one meta-step of `experiment` itself is the same on `place` as on the CPU: the last part of [`self_test`].
///
/// # Errors
/// [`EngineError::SelfTest`] saying by how much it differs.
pub async fn self_test_of(place: &Place, experiment: &Experiment) -> Result<(), EngineError> {
    compare(place, OWN, own(experiment)).await
}

/// One meta-step on `place` and on the CPU.
async fn compare(place: &Place, name: &str, experiment: Experiment) -> Result<(), EngineError> {
    let mut there = Session::new(experiment.clone(), Place::cpu(), None).await?;
    let start = read_one(there.meta().flatten()).await?;
    let Ok(expected_losses) = there.train(1).await else {
        // An experiment that diverges at once on the CPU has nothing to compare with.
        return Ok(());
    };
    let mut here = Session::new(experiment, place.clone(), None).await?;
    let loss_error = match (&here.train(1).await?[..], &expected_losses[..]) {
        ([a], [b]) => f64::from((a.after - b.after).abs() / b.after.abs().max(1e-6)),
        _ => f64::INFINITY,
    };
    let moved = movement(&start, &read_one(here.meta().flatten()).await?);
    let expected = movement(&start, &read_one(there.meta().flatten()).await?);
    judge(name, loss_error, distance(&moved, &expected))
}

/// Whether both relative errors are within their tolerance; a NaN is not.
fn judge(name: &str, loss_error: f64, step_error: f64) -> Result<(), EngineError> {
    let step_tolerance = if name == OWN { KINKED_TOLERANCE } else { SELF_TEST_TOLERANCE };
    if loss_error <= SELF_TEST_TOLERANCE && step_error <= step_tolerance {
        return Ok(());
    }
    Err(EngineError::SelfTest(format!(
        "{name} differs from the CPU by {loss_error:.1e} in its loss and {step_error:.1e} in its step"
    )))
}

fn movement(from: &[f64], to: &[f64]) -> Vec<f64> {
    from.iter().zip(to).map(|(from, to)| to - from).collect()
}

/// ‖a − b‖ / ‖b‖, and 0 where nothing should have moved and nothing did.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let norm = |values: &[f64]| values.iter().map(|v| v * v).sum::<f64>().sqrt();
    let difference = norm(&movement(b, a));
    if difference == 0.0 { 0.0 } else { difference / norm(b) }
}

fn probes(experiment: &Experiment) -> Vec<(&'static str, Experiment)> {
    let small = |activation, kind, optimizer| {
        let mut probe = Experiment::default();
        probe.model.hidden = vec![8, 8];
        probe.model.activation = activation;
        probe.learner.kind = kind;
        probe.learner.inner_steps = 2;
        probe.outer.optimizer = optimizer;
        (probe.outer.lr, probe.outer.momentum, probe.outer.clip) = (0.1, 0.9, 1.0);
        probe.outer.meta_batch = 4;
        probe
    };
    vec![
        ("MAML with ReLU under SGD", small(Activation::Relu, LearnerKind::Maml, Optimizer::Sgd)),
        ("Meta-SGD with tanh under Adam", small(Activation::Tanh, LearnerKind::MetaSgd, Optimizer::Adam)),
        (OWN, own(experiment)),
    ]
}

/// What the probe of the experiment itself is called.
const OWN: &str = "this experiment";

/// The experiment as a probe.
fn own(experiment: &Experiment) -> Experiment {
    let mut own = experiment.clone();
    // The shapes are those of the imported tasks, and no dataset is needed.
    own.task.source = Source::Procedural;
    // SGD without clipping moves by the gradient itself, so that an error in its size shows as well.
    own.outer.optimizer = Optimizer::Sgd;
    (own.outer.lr, own.outer.clip) = (0.01, 0.0);
    // A further step repeats the operations and the shapes of those before. A learned optimiser takes a hundred, and
    // conjugate gradients where the loss curves down magnify rounding with each, so that no device is like another.
    own.learner.inner_steps = own.learner.inner_steps.min(MOST_STEPS);
    own.learner.cg_steps = own.learner.cg_steps.min(MOST_STEPS);
    (own.budget.meta_steps, own.budget.validate_every) = (own.budget.meta_steps.max(1), 0);
    own
}

/// Milliseconds of one meta-step of `experiment` on `place`: the best of up to three in about a second, after one that
/// warms up.
///
/// # Errors
/// When the device fails or the experiment diverges at once.
pub async fn time_meta_step(place: &Place, experiment: &Experiment) -> Result<f32, EngineError> {
    let mut probe = experiment.clone();
    probe.task.source = Source::Procedural;
    (probe.budget.meta_steps, probe.budget.validate_every) = (probe.budget.meta_steps.max(8), 0);
    let mut session = Session::new(probe, place.clone(), None).await?;
    session.train(1).await?;
    let mut best = f32::INFINITY;
    let begun = Instant::now();
    for _ in 0..3 {
        let start = Instant::now();
        session.train(2).await?;
        best = best.min(start.elapsed().as_secs_f32() * 500.0);
        if begun.elapsed() > PATIENCE {
            break;
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use pollster::block_on;

    use super::*;
    use crate::{experiment::presets, model::Precision};

    /// The meta-gradient of a probe.
    fn gradient(probe: &Experiment, precision: Precision) -> Vec<f64> {
        let place = Place::new(Device::flex(), precision);
        let session = block_on(Session::new(probe.clone(), place, None)).unwrap();
        block_on(read_one(session.meta_gradient().unwrap().0.flatten())).unwrap()
    }

    #[test]
    fn no_preset_magnifies_rounding_so_far_that_a_right_device_would_fail() {
        // Float64 is as right as a device can be, and rounds otherwise than float32.
        let light = |name: &str| !name.starts_with("glyphs-") || name.contains("-light-");
        for preset in presets().iter().filter(|preset| light(preset.name)) {
            let probe = own(&preset.experiment());
            let apart = distance(&gradient(&probe, Precision::Single), &gradient(&probe, Precision::Double));
            assert!(apart < 0.5 * KINKED_TOLERANCE, "{}: {apart}", preset.name);
        }
    }

    #[test]
    fn a_device_fails_by_its_loss_by_its_step_and_by_a_number_that_is_none() {
        assert!(judge("a right device", 1e-6, 1e-5).is_ok());
        assert!(judge(OWN, 1e-6, 2e-2).is_ok());
        assert!(judge(OWN, 1e-6, 8e-2).is_err());
        for (loss, step) in [(2e-3, 0.0), (0.0, 2e-3), (f64::NAN, 0.0), (0.0, f64::NAN), (f64::INFINITY, 0.0)] {
            assert!(judge("a wrong device", loss, step).is_err(), "{loss} {step}");
        }
    }

    #[test]
    fn a_movement_of_half_the_size_is_half_off_and_no_movement_at_all_is_wholly_off() {
        assert_eq!(distance(&[1.0, 2.0], &[2.0, 4.0]), 0.5);
        assert_eq!(distance(&[0.0, 0.0], &[2.0, 4.0]), 1.0);
        assert_eq!(distance(&[0.0], &[0.0]), 0.0);
        assert!(distance(&[f64::NAN], &[1.0]).is_nan());
        assert_eq!(distance(&[1.0], &[0.0]), f64::INFINITY);
    }
}
