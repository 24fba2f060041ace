//! Early stopping in a session, against the same run watched from outside.

use pollster::block_on;

use super::*;
use crate::{
    experiment::{Check, Ending, Experiment, LearnerKind},
    model::Place,
    task::Purpose,
};

/// A run so restless that its validation loss goes up and down from check to check.
fn restless() -> Experiment {
    let mut experiment = Experiment::default();
    experiment.model.hidden = vec![8, 8];
    (experiment.outer.meta_batch, experiment.outer.lr, experiment.learner.eval_steps) = (4, 0.05, 1);
    let budget = &mut experiment.budget;
    (budget.meta_steps, budget.validate_every, budget.patience, budget.validation_tasks) = (200, 5, 3, 70);
    experiment
}

fn session(experiment: &Experiment) -> Session {
    block_on(Session::new(experiment.clone(), Place::cpu(), None)).unwrap()
}

/// Trains to the end, `count` meta-steps a call: the checks in order, and meta-steps taken.
fn run(session: &mut Session, count: u32) -> (Vec<Check>, u32) {
    let (mut checks, mut taken) = (Vec::new(), 0);
    while !session.finished() {
        taken += block_on(session.train(count)).unwrap().len() as u32;
        checks.extend(session.take_checks());
    }
    (checks, taken)
}

#[test]
fn a_learner_that_sees_point_after_point_is_checked_with_all_of_them() {
    let mut experiment = restless();
    (experiment.learner.kind, experiment.outer.lr, experiment.budget.meta_steps) = (LearnerKind::Cnp, 0.001, 5);
    let mut session = session(&experiment);
    let (checks, _) = run(&mut session, 5);
    let found = block_on(session.evaluate(70, &[1, 5], (1, Purpose::Validation), |_| true)).unwrap();
    let [one, all] = [0, 1].map(|i| found.steps[i].loss.mean as f32);
    assert_eq!((checks.len(), checks[0].loss), (1, all));
    assert_ne!(one, all);
}

/// Loss on the validation tasks and fingerprint at every fifth meta-step of the run without validation.
fn watched(experiment: &Experiment) -> Vec<(u32, f32, String)> {
    let mut plain = experiment.clone();
    plain.budget.validate_every = 0;
    let mut session = session(&plain);
    let mut seen = Vec::new();
    while !session.finished() {
        block_on(session.train(5)).unwrap();
        let tasks = experiment.budget.validation_tasks;
        let found = block_on(session.evaluate(tasks, &[1], (1, Purpose::Validation), |_| true)).unwrap();
        seen.push((session.meta_step(), found.steps[0].loss.mean as f32, session.fingerprint().to_owned()));
    }
    seen
}

#[test]
fn a_run_stops_after_its_patience_and_goes_back_to_the_best_it_had() {
    let experiment = restless();
    let seen = watched(&experiment);
    let best_of = |seen: &[(u32, f32, String)]| {
        (0..seen.len()).fold(0, |best, i| if seen[i].1 < seen[best].1 { i } else { best })
    };
    let end = (1..seen.len()).find(|&i| i - best_of(&seen[..=i]) == 3).expect("it gets worse at some point");
    let best = &seen[best_of(&seen[..=end])];
    assert!(best.0 > 5, "the best is not simply the first: {best:?}");

    let mut session = session(&experiment);
    let (checks, taken) = run(&mut session, 7);
    let losses: Vec<(u32, f32)> = checks.iter().map(|check| (check.meta_step, check.loss)).collect();
    let expected: Vec<(u32, f32)> = seen[..=end].iter().map(|(at, loss, _)| (*at, *loss)).collect();
    assert_eq!(losses, expected, "checks change nothing that is trained");
    assert_eq!(taken, seen[end].0);
    assert_eq!(session.ending(), Some(Ending { at: seen[end].0, best: best.0, early: true }));
    assert_eq!((session.meta_step(), session.fingerprint()), (best.0, best.2.as_str()));
    assert!(block_on(session.train(5)).unwrap().is_empty());
}

#[test]
fn the_budget_ends_a_patient_run_with_its_best() {
    let mut experiment = restless();
    // 43 is no multiple of five: there is a last check at the end.
    (experiment.budget.meta_steps, experiment.budget.patience) = (43, 0);
    let mut session = session(&experiment);
    let (checks, taken) = run(&mut session, 100);
    assert_eq!(taken, 43);
    assert_eq!(checks.iter().map(|c| c.meta_step).collect::<Vec<_>>(), [5, 10, 15, 20, 25, 30, 35, 40, 43]);
    let best = checks.iter().min_by(|a, b| a.loss.total_cmp(&b.loss)).unwrap().meta_step;
    assert_eq!(session.ending(), Some(Ending { at: 43, best, early: false }));
    assert_eq!(session.meta_step(), best);
    // More budget: it goes on from there.
    let mut more = experiment.clone();
    more.budget.meta_steps = 60;
    session.update(more).unwrap();
    assert!(!session.finished() && session.ending().is_none());
    let next = block_on(session.train(1)).unwrap();
    assert_eq!(next.iter().map(|point| point.meta_step).collect::<Vec<_>>(), [best + 1]);
}

#[test]
fn a_check_is_cut_into_calls() {
    let mut session = session(&restless());
    assert_eq!(block_on(session.train(100)).unwrap().len(), 5, "training pauses where a check is due");
    for tasks_done in [10, 20, 30, 40, 50, 60, 70] {
        assert!(session.is_checking() && session.take_checks().is_empty());
        assert!(block_on(session.train(100)).unwrap().is_empty());
        assert_eq!(!session.is_checking(), tasks_done == 70, "{tasks_done} tasks");
    }
    assert_eq!(session.take_checks().len(), 1);
    assert_eq!(block_on(session.train(2)).unwrap().len(), 2);
}

/// Saved and resumed between any two calls, within checks too and after the end.
#[test]
fn a_resumed_run_checks_stops_and_goes_back_as_if_it_had_not_been_cut() {
    let experiment = restless();
    let mut whole = session(&experiment);
    let (expected, _) = run(&mut whole, 4);
    let (mut cut, mut checks) = (session(&experiment), Vec::new());
    loop {
        let bytes = block_on(cut.checkpoint()).unwrap().to_bytes().unwrap();
        cut = block_on(Session::resume(&Checkpoint::from_bytes(&bytes).unwrap(), Place::cpu(), None)).unwrap();
        if cut.finished() {
            break;
        }
        // Two calls train and seven check: a cut within a check is one begun anew.
        for _ in 0..10 {
            block_on(cut.train(4)).unwrap();
            checks.extend(cut.take_checks());
        }
    }
    assert_eq!(checks, expected);
    assert_eq!(
        (cut.ending(), cut.meta_step(), cut.fingerprint()),
        (whole.ending(), whole.meta_step(), whole.fingerprint())
    );
}

#[test]
fn a_finished_run_can_shed_what_validation_kept() {
    let mut session = session(&restless());
    run(&mut session, 100);
    let light = block_on(session.checkpoint()).unwrap().weights_only();
    let light = Checkpoint::from_bytes(&light.to_bytes().unwrap()).unwrap();
    assert!(light.validation.is_none());
    let resumed = block_on(Session::resume(&light, Place::cpu(), None)).unwrap();
    assert_eq!(resumed.fingerprint(), session.fingerprint());
}

#[test]
fn another_measure_forgets_the_best_and_another_rate_does_not() {
    let experiment = restless();
    let mut session = session(&experiment);
    for _ in 0..8 {
        block_on(session.train(5)).unwrap();
    }
    let best = |session: &Session| block_on(session.checkpoint()).unwrap().validation.unwrap().record.best;
    assert!(best(&session).is_some());
    let mut next = experiment.clone();
    (next.outer.lr, next.learner.inner_lr, next.model.dropout) = (0.01, 0.02, 0.1);
    session.update(next.clone()).unwrap();
    assert!(best(&session).is_some());
    next.learner.eval_steps = 2;
    session.update(next).unwrap();
    assert!(best(&session).is_none());
}

#[test]
fn a_checkpoint_whose_best_does_not_fit_its_network_is_refused() {
    let mut session = session(&restless());
    for _ in 0..8 {
        block_on(session.train(5)).unwrap();
    }
    let mut checkpoint = block_on(session.checkpoint()).unwrap();
    checkpoint.validation.as_mut().unwrap().best.as_mut().unwrap().pop();
    let error = Checkpoint::from_bytes(&checkpoint.to_bytes().unwrap()).unwrap_err();
    assert!(error.to_string().contains("does not fit its tensors"), "{error}");
}

#[test]
fn a_run_that_is_over_is_not_checked_because_somebody_now_wants_checks() {
    let mut plain = restless();
    (plain.budget.meta_steps, plain.budget.validate_every) = (10, 0);
    let mut session = session(&plain);
    block_on(session.train(10)).unwrap();
    let bytes = block_on(session.checkpoint()).unwrap().to_bytes().unwrap();
    let mut checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    checkpoint.experiment.budget.validate_every = 5;
    session.update(checkpoint.experiment.clone()).unwrap();
    let resumed = block_on(Session::resume(&checkpoint, Place::cpu(), None)).unwrap();
    for session in [session, resumed] {
        assert!(session.finished() && !session.is_checking() && session.ending().is_none());
    }
}
