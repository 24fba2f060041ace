//! Sessions of learned optimisers, and the rivals beside them.

use pollster::block_on;

use super::{
    Session, batch,
    read::read_one,
    tests::{few_quadratics, regression, session, shown, small, train},
};
use crate::{
    diff::Params,
    experiment::{Experiment, Init, InnerOptimizer, LearnerKind},
    task::{Purpose, meta_batch_index},
};

fn optimizer() -> Experiment {
    let mut experiment = few_quadratics();
    experiment.learner.kind = LearnerKind::LstmOptimizer;
    (experiment.learner.inner_lr, experiment.learner.eval_lr) = (0.1, 0.1);
    experiment
}

#[test]
fn an_optimiser_starts_every_task_elsewhere_and_the_same_task_at_the_same_place() {
    let mut experiment = optimizer();
    experiment.model.init = Init::He;
    let session = session(experiment);
    let first = |index: u32| regression(&session, &shown(index)).steps[0].query_loss;
    assert_eq!(first(0), first(0));
    assert_ne!(first(0), first(1));
    let start = |index: u64| {
        let stream = (1, Purpose::Show);
        let meta =
            batch::starting(&session.place, session.learner.as_ref(), session.meta(), stream, [index].into_iter());
        block_on(read_one(meta.0[meta.0.len() - 1].clone())).unwrap()
    };
    assert_eq!(start(0), start(0));
    assert_ne!(start(0), start(1));
    assert_eq!(start(0).len(), 10);
}

#[test]
fn rivals_start_where_the_optimiser_does_and_follow_their_own_rates() {
    let mut experiment = optimizer();
    (experiment.learner.sgd_lr, experiment.learner.adam_lr) = (0.01, 0.1);
    let trajectory = |experiment: &Experiment| regression(&session(experiment.clone()), &shown(2));
    let found = trajectory(&experiment);
    assert!(found.grid.is_empty() && found.support.is_empty() && found.query.is_empty() && found.steps.len() == 7);
    let [sgd, adam] = &found.rivals[..] else { panic!("two rivals") };
    assert_eq!((sgd.optimizer, adam.optimizer), (InnerOptimizer::Sgd, InnerOptimizer::FullAdam));
    for rival in [sgd, adam] {
        assert_eq!(rival.query_loss.len(), 7);
        assert_eq!(rival.query_loss[0], found.steps[0].query_loss);
        assert!(rival.query_loss[6] < rival.query_loss[0]);
    }
    assert!(found.steps.iter().all(|step| step.support_loss == step.query_loss && step.prediction.is_empty()));
    experiment.learner.sgd_lr = 0.002;
    let slower = trajectory(&experiment);
    assert!(slower.rivals[0].query_loss[6] > sgd.query_loss[6]);
    assert_eq!((&slower.rivals[1], &slower.steps), (adam, &found.steps));
    // Whoever learns to fit functions from a start of his own runs alone.
    assert!(regression(&session(small()), &shown(0)).rivals.is_empty());
}

/// Gradient descent is a rival of itself: with the rival's rate it takes the very steps of the rival.
#[test]
fn gradient_descent_on_quadratics_runs_level_with_itself() {
    let mut experiment = few_quadratics();
    experiment.learner.kind = LearnerKind::Scratch;
    for (optimizer, rival) in [(InnerOptimizer::Sgd, 0), (InnerOptimizer::FullAdam, 1)] {
        experiment.learner.inner_optimizer = optimizer;
        (experiment.learner.eval_lr, experiment.learner.sgd_lr, experiment.learner.adam_lr) = (0.007, 0.007, 0.007);
        let found = regression(&session(experiment.clone()), &shown(3));
        let own: Vec<f32> = found.steps.iter().map(|step| step.query_loss).collect();
        assert_eq!(found.rivals[rival].query_loss, own, "{optimizer:?}");
    }
}

#[test]
fn an_optimiser_gets_better_at_quadratics() {
    let mut experiment = optimizer();
    (experiment.learner.inner_steps, experiment.learner.eval_steps, experiment.learner.unroll) = (10, 10, 10);
    (experiment.learner.units, experiment.outer.lr, experiment.outer.meta_batch) = (8, 0.01, 8);
    let mut session = session(experiment);
    let loss = |session: &Session| {
        block_on(session.evaluate(40, &[10], (1, Purpose::Test), |_| true)).unwrap().steps[0].loss.mean
    };
    let before = loss(&session);
    train(&mut session, 80);
    let after = loss(&session);
    assert!(after < 0.6 * before, "{before} → {after}");
}

#[test]
fn a_meta_step_of_an_optimiser_is_the_same_in_parts_and_as_a_whole() {
    let session = session(optimizer());
    let (whole, losses) = session.meta_gradient().unwrap();
    let each: Vec<_> = (0..4)
        .map(|task| {
            let (stream, learner) = ((1, Purpose::Train), session.learner.as_ref());
            let index = || std::iter::once(meta_batch_index(0, task));
            let tasks =
                batch::tasks(&session.place, learner, &session.experiment, &session.data, stream, index()).unwrap();
            let meta = batch::starting(&session.place, learner, session.meta(), stream, index());
            learner.meta_gradient(&meta, &tasks, session.train_loop(0)).gradient
        })
        .collect();
    let mean = each.iter().skip(1).fold(each[0].clone(), |sum, part| sum.plus(1.0, part)).map(|sum| sum / 4.0);
    let numbers = |params: &Params| block_on(read_one(params.flatten())).unwrap();
    let (whole, mean) = (numbers(&whole), numbers(&mean));
    let scale = whole.iter().map(|g| g * g).sum::<f64>().sqrt();
    assert!(scale > 0.0 && losses.len() == 2);
    for (whole, mean) in whole.iter().zip(&mean) {
        assert!((whole - mean).abs() < 1e-5 * scale, "{whole} is not {mean}");
    }
}
