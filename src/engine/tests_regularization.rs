//! Regularisation in a session: each switch acts on meta-training, and on nothing else.

use pollster::block_on;

use super::*;
use crate::{
    experiment::{Budget, Experiment, LearnerKind, Optimizer, OuterSpec, Schedule, ShownTask, preset},
    model::{Network, Place},
    task::{Purpose, meta_batch_index},
};

/// Small, so that a test takes milliseconds.
fn small() -> Experiment {
    let mut experiment = Experiment::default();
    experiment.model.hidden = vec![8, 8];
    experiment.outer.meta_batch = 4;
    experiment
}

fn characters() -> Experiment {
    let mut experiment = preset("glyphs-light-maml-5w1s").unwrap().experiment();
    (experiment.model.filters, experiment.outer.meta_batch, experiment.learner.eval_steps) = (8, 2, 1);
    experiment
}

fn session(experiment: &Experiment) -> Session {
    block_on(Session::new(experiment.clone(), Place::cpu(), None)).unwrap()
}

/// Losses after adaptation of the first meta-steps, and where they lead.
fn trained(experiment: &Experiment, count: u32) -> (Vec<f32>, String) {
    let mut session = session(experiment);
    let points = block_on(session.train(count)).unwrap();
    (points.iter().map(|point| point.after).collect(), session.fingerprint().to_owned())
}

/// What Kindling computed before there was any regularisation, to the rounding of other machines.
#[test]
fn where_every_switch_is_off_runs_are_what_they_were() {
    let close = |found: &[f32], expected: &[f32]| {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 2e-4 * expected, "{found} is not {expected}");
        }
    };
    close(&trained(&Experiment::default(), 4).0, &[11.087163, 7.882889, 5.8697486, 3.9425988]);
    close(
        &trained(&Experiment { budget: Budget { meta_steps: 2, ..characters().budget }, ..characters() }, 2).0,
        &[1.6778635, 1.6553104],
    );
}

#[test]
fn a_conditional_neural_process_learns_otherwise_under_dropout_and_stays_finite() {
    let mut experiment = small();
    experiment.learner.kind = LearnerKind::Cnp;
    let (without, whole) = trained(&experiment, 2);
    experiment.model.dropout = 0.5;
    let (with, thinned) = trained(&experiment, 2);
    assert!(with.iter().all(|loss| loss.is_finite()));
    assert!(with != without && whole != thinned);
}

/// Another run, the same one each time, and nothing else: tasks of evaluation and on show are adapted to by the whole
/// network with right labels and drawings as they are.
#[test]
fn every_switch_changes_meta_training_and_neither_evaluation_nor_the_task_on_show() {
    let points = ["outer.weight_decay", "model.dropout"];
    let drawings = ["outer.weight_decay", "model.dropout", "task.label_noise", "task.augmentation", "task.pixel_noise"];
    for (plain, switches) in [(small(), &points[..]), (characters(), &drawings[..])] {
        let without = trained(&plain, 2);
        let judged = |experiment: &Experiment| {
            let session = session(experiment);
            let all = block_on(session.evaluate(5, &[0, 1], (1, Purpose::Test), |_| true)).unwrap();
            let shown = ShownTask { index: 3, points: Vec::new(), drawings: None };
            (format!("{all:?}"), block_on(session.trajectory(&shown)).unwrap())
        };
        let plainly = judged(&plain);
        for switch in switches {
            let mut with = plain.clone();
            with.set(switch, "0.4").unwrap();
            with.check().unwrap();
            assert!(plain.restarts(&with).is_empty(), "{switch} can be turned while running");
            let found = trained(&with, 2);
            assert_ne!(found, without, "{switch} acts");
            assert_eq!(found, trained(&with, 2), "{switch} is seeded");
            assert_eq!(judged(&with), plainly, "{switch} leaves other tasks alone");
        }
    }
}

/// Clipped to next to nothing, a meta-step leaves nothing but the decay: three times a tenth of each weight.
#[test]
fn weight_decay_shrinks_weights_and_neither_scales_nor_learned_rates() {
    let mut experiment = characters();
    experiment.learner.kind = LearnerKind::MetaSgd;
    experiment.outer = OuterSpec { optimizer: Optimizer::Sgd, lr: 0.1, clip: 1e-9, ..experiment.outer };
    (experiment.outer.weight_decay, experiment.outer.schedule) = (1.0, Schedule::Constant);
    let mut session = session(&experiment);
    let start = block_on(session.checkpoint()).unwrap().tensors;
    block_on(session.train(3)).unwrap();
    let end = block_on(session.checkpoint()).unwrap().tensors;
    let mut seen = [0, 0];
    for ((name, _, before), (_, _, after)) in start.iter().zip(&end) {
        let decays = name.ends_with("weight") && !name.starts_with("rate");
        seen[usize::from(decays)] += 1;
        let left = if decays { 0.729 } else { 1.0 };
        assert!(before.iter().zip(after).all(|(a, b)| (a * left - b).abs() < 1e-6), "{name}");
    }
    assert_eq!(seen, [31, 5], "four convolutions and a head decay");
}

#[test]
fn weight_decay_leaves_alone_what_is_never_learned() {
    let mut scratch = small();
    scratch.learner.kind = LearnerKind::Scratch;
    scratch.outer.weight_decay = 1.0;
    let start = session(&scratch).fingerprint().to_owned();
    assert_eq!(trained(&scratch, 3).1, start);
}

fn mask_values(experiment: &Experiment, rate: f64, indices: &[u64]) -> Vec<Vec<f64>> {
    let network = Network::new(experiment);
    let masks = super::batch::masks(&Place::cpu(), &network, rate, experiment.seed, indices.iter().copied());
    masks.iter().map(|mask| mask.to_data().iter::<f64>().collect()).collect()
}

/// 200 tasks of 16 units: a share of 0.25 has a standard error of 0.008.
#[test]
fn a_mask_drops_its_share_of_units_and_keeps_the_mean_of_each() {
    let indices: Vec<u64> = (0..200).map(|step| meta_batch_index(step, 0)).collect();
    let all = mask_values(&small(), 0.25, &indices).concat();
    assert_eq!(all.len(), 200 * 16);
    assert!(all.iter().all(|&factor| factor == 0.0 || (factor - 4.0 / 3.0).abs() < 1e-6));
    let dropped = all.iter().filter(|&&factor| factor == 0.0).count() as f64 / all.len() as f64;
    assert!((dropped - 0.25).abs() < 0.04, "{dropped}");
}

#[test]
fn a_tasks_mask_is_its_own_whatever_it_is_computed_with() {
    let together = mask_values(&small(), 0.5, &[7, 8]);
    let alone = [mask_values(&small(), 0.5, &[7]), mask_values(&small(), 0.5, &[8])];
    for (layer, both) in together.iter().enumerate() {
        assert_eq!(*both, [alone[0][layer].clone(), alone[1][layer].clone()].concat());
    }
    assert_ne!(alone[0], alone[1]);
    assert_ne!(together[0], together[1], "nor do layers share one");
    let light = characters();
    assert_eq!(mask_values(&light, 0.5, &[7]).iter().map(Vec::len).collect::<Vec<_>>(), [8; 4]);
}

#[test]
fn every_learner_trains_under_every_switch_and_resumes_exactly() {
    for kind in <LearnerKind as crate::experiment::Choice>::ALL {
        let mut experiment = if kind.suits(small().task.family) { small() } else { characters() };
        experiment.learner.kind = *kind;
        if experiment.task.family.classifies() {
            (experiment.task.label_noise, experiment.task.augmentation, experiment.task.pixel_noise) = (0.3, 0.5, 0.02);
        }
        (experiment.model.dropout, experiment.outer.weight_decay) = (0.3, 0.1);
        let mut whole = session(&experiment);
        block_on(whole.train(2)).unwrap();
        let bytes = block_on(whole.checkpoint()).unwrap().to_bytes().unwrap();
        block_on(whole.train(1)).unwrap();
        let checkpoint = Checkpoint::from_bytes(&bytes).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        let mut resumed = block_on(Session::resume(&checkpoint, Place::cpu(), None)).unwrap();
        block_on(resumed.train(1)).unwrap();
        assert_eq!(resumed.fingerprint(), whole.fingerprint(), "{kind:?}");
    }
}
