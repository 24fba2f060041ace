//! Sessions: sameness, going on, going back, and what they hand over.

use pollster::block_on;

use super::*;
use crate::{
    experiment::{
        Adaptation, CharacterTrajectory, Choice as _, Drawing, DrawnTask, Experiment, Family, LearnerKind, NetworkKind,
        Normalization, Optimizer, Point, Range, ShownTask, Source, Switch, Trajectory, preset,
    },
    model::Place,
    task::{Alphabet, Character, Dataset, Image, Purpose},
};

/// Small, so that a test takes milliseconds.
pub(super) fn small() -> Experiment {
    let mut experiment = Experiment::default();
    experiment.model.hidden = vec![8, 8];
    experiment.outer.meta_batch = 4;
    experiment.budget.meta_steps = 1000;
    experiment
}

pub(super) fn session(experiment: Experiment) -> Session {
    block_on(Session::new(experiment, Place::cpu(), None)).expect("a session")
}

pub(super) fn train(session: &mut Session, count: u32) -> String {
    block_on(session.train(count)).expect("finite losses");
    session.fingerprint().to_owned()
}

pub(super) fn shown(index: u32) -> ShownTask {
    ShownTask { index, points: Vec::new(), drawings: None }
}

pub(super) fn regression(session: &Session, shown: &ShownTask) -> Trajectory {
    match block_on(session.trajectory(shown)).unwrap() {
        Adaptation::Regression(trajectory) => trajectory,
        Adaptation::Characters(_) => panic!("a regression was asked for"),
    }
}

#[test]
fn one_seed_gives_one_fingerprint_and_another_seed_another() {
    let first = train(&mut session(small()), 20);
    assert_eq!(first, train(&mut session(small()), 20));
    assert_ne!(first, train(&mut session(Experiment { seed: 2, ..small() }), 20));
}

#[test]
fn how_meta_steps_are_cut_into_calls_changes_nothing() {
    let mut cut = session(small());
    for _ in 0..4 {
        train(&mut cut, 5);
    }
    assert_eq!(cut.fingerprint(), train(&mut session(small()), 20));
}

#[test]
fn a_resumed_checkpoint_goes_on_exactly_under_each_optimiser() {
    for (optimizer, lr) in [(Optimizer::Adam, 1e-3), (Optimizer::Sgd, 1e-4)] {
        for kind in [LearnerKind::Maml, LearnerKind::MetaSgd] {
            let mut experiment = small();
            (experiment.outer.optimizer, experiment.outer.lr, experiment.outer.momentum) = (optimizer, lr, 0.9);
            experiment.learner.kind = kind;
            let mut whole = session(experiment);
            train(&mut whole, 10);
            let bytes = block_on(whole.checkpoint()).unwrap().to_bytes().unwrap();
            let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
            let mut resumed = block_on(Session::resume(&checkpoint, Place::cpu(), None)).unwrap();
            assert_eq!((resumed.meta_step(), resumed.fingerprint()), (10, whole.fingerprint()));
            assert_eq!(train(&mut resumed, 10), train(&mut whole, 10), "{optimizer:?} {kind:?}");
        }
    }
}

#[test]
fn training_ends_with_the_budget() {
    let mut experiment = small();
    experiment.budget.meta_steps = 7;
    let mut session = session(experiment);
    assert_eq!(block_on(session.train(5)).unwrap().len(), 5);
    assert_eq!(block_on(session.train(5)).unwrap().iter().map(|p| p.meta_step).collect::<Vec<_>>(), [6, 7]);
    assert!(session.finished());
    assert!(block_on(session.train(5)).unwrap().is_empty());
}

#[test]
fn a_run_that_diverges_goes_back_to_its_last_finite_state_and_can_go_on() {
    let mut wild = small();
    (wild.outer.optimizer, wild.outer.momentum) = (Optimizer::Sgd, 0.0);
    wild.outer.lr = 1e-4;
    let mut session = session(wild.clone());
    let calm = train(&mut session, 3);
    wild.outer.lr = 10.0;
    session.update(wild.clone()).unwrap();
    let error = block_on(session.train(50)).expect_err("an outer rate of 10 explodes");
    assert!(matches!(error, EngineError::Diverged { at, restored: 3 } if at > 3), "{error}");
    assert_eq!((session.meta_step(), session.fingerprint()), (3, calm.as_str()));
    wild.outer.lr = 1e-4;
    session.update(wild).unwrap();
    train(&mut session, 3);
    assert_eq!(session.meta_step(), 6);
}

#[test]
fn an_update_takes_rates_and_refuses_another_network() {
    let mut session = session(small());
    let mut next = small();
    next.learner.inner_lr = 0.02;
    session.update(next.clone()).unwrap();
    assert_eq!(session.experiment().learner.inner_lr, 0.02);
    next.model.hidden = vec![9];
    let error = session.update(next).expect_err("another network");
    assert_eq!(error.to_string(), "changing model.hidden starts a new run");
    assert_eq!(session.experiment().model.hidden, [8, 8]);
}

#[test]
fn every_learner_trains_and_all_but_scratch_change() {
    for experiment in of_every_learner() {
        let kind = experiment.learner.kind;
        let mut session = session(experiment);
        let start = session.fingerprint().to_owned();
        let end = train(&mut session, 3);
        assert_eq!(start == end, kind == LearnerKind::Scratch, "{kind:?}");
    }
}

#[test]
fn a_trajectory_has_every_inner_step_and_starts_before_adaptation() {
    let mut experiment = small();
    experiment.learner.eval_steps = 3;
    let with = regression(&session(experiment.clone()), &shown(0));
    experiment.learner.eval_steps = 0;
    let without = regression(&session(experiment), &shown(0));
    assert_eq!((with.steps.len(), without.steps.len()), (4, 1));
    assert_eq!(with.truth, without.truth);
    let (first, only) = (&with.steps[0], &without.steps[0]);
    assert!((first.query_loss - only.query_loss).abs() < 1e-5 * only.query_loss);
    assert!(with.steps[3].support_loss < first.support_loss, "gradient descent goes down");
    assert!(with.steps.iter().all(|step| step.prediction.len() == with.grid.len() && step.gradient_norm > 0.0));
}

#[test]
fn the_losses_of_a_trajectory_are_those_of_its_predictions() {
    // Support points on the grid itself, so that the prediction there is drawn too.
    let session = session(small());
    let grid = regression(&session, &shown(0)).grid;
    let points: Vec<Point> = [10, 60, 110].map(|i| Point { x: grid[i], y: 1.0 }).into();
    let found = regression(&session, &ShownTask { points: points.clone(), ..shown(0) });
    assert_eq!(found.support, points);
    for step in &found.steps {
        let squares = [10, 60, 110].map(|i| (step.prediction[i] - 1.0).powi(2));
        let mean = squares.iter().sum::<f32>() / 3.0;
        assert!((mean - step.support_loss).abs() < 1e-4 * mean, "{mean} is not {}", step.support_loss);
    }
}

#[test]
fn evaluation_covers_the_steps_asked_for_and_can_be_stopped() {
    let session = session(small());
    let all = block_on(session.evaluate(60, &[2, 0, 2], (1, Purpose::Test), |_| true)).unwrap();
    assert_eq!((all.tasks, all.steps.iter().map(|s| s.step).collect::<Vec<_>>()), (60, vec![0, 2]));
    assert!(all.steps[1].loss.mean < all.steps[0].loss.mean && all.steps[0].loss.ci95 > 0.0);
    let part = block_on(session.evaluate(60, &[0], (1, Purpose::Test), |_| false)).unwrap();
    assert_eq!(part.tasks, 50);
    let other = block_on(session.evaluate(60, &[0], (2, Purpose::Test), |_| true)).unwrap();
    assert_ne!(other.steps[0].loss, all.steps[0].loss, "another seed, other tasks");
}

#[test]
fn tasks_on_which_adaptation_diverges_are_counted() {
    let mut wild = small();
    wild.learner.eval_lr = 10.0;
    let found = block_on(session(wild).evaluate(20, &[0, 100], (1, Purpose::Test), |_| true)).unwrap();
    assert_eq!((found.steps[0].diverged, found.steps[1].diverged > 0), (0, true));
    assert!(found.steps[0].loss.mean.is_finite() && !found.steps[1].loss.mean.is_finite());
}

#[test]
fn the_cpu_passes_its_own_self_test() {
    block_on(self_test(&Place::cpu(), &small())).unwrap();
}

fn refused(bytes: &[u8]) -> String {
    let error = match Checkpoint::from_bytes(bytes) {
        Err(error) => error,
        Ok(checkpoint) => {
            block_on(Session::resume(&checkpoint, Place::cpu(), None)).err().expect("it cannot be resumed")
        }
    };
    let sentence = error.to_string();
    assert!(sentence.starts_with("the checkpoint cannot be used: "), "{sentence}");
    sentence
}

#[test]
fn damaged_and_foreign_checkpoints_get_a_sentence() {
    let checkpoint = block_on(session(small()).checkpoint()).unwrap();
    let bytes = checkpoint.to_bytes().unwrap();
    assert!(refused(b"").contains("not a safetensors file"));
    assert!(refused(&bytes[..bytes.len() / 2]).contains("safetensors"));
    assert!(refused(&bytes[..bytes.len() - 3]).contains("safetensors"));

    let mut other = checkpoint.clone();
    other.experiment.model.hidden = vec![9];
    assert!(refused(&other.to_bytes().unwrap()).contains("layer0.weight has shape [1, 8]"));
    let mut missing = checkpoint.clone();
    missing.tensors.pop();
    assert!(refused(&missing.weights_only().to_bytes().unwrap()).contains("has no tensor"));
    let mut broken = checkpoint.clone();
    broken.tensors[0].2[0] = f32::NAN;
    assert!(refused(&broken.to_bytes().unwrap()).contains("not finite"));

    let tensor = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![1], &[0; 4]).unwrap();
    let foreign = safetensors::serialize([("weight", tensor)], None).unwrap();
    assert!(refused(&foreign).contains("Kindling did not write it"));
}

#[test]
fn a_checkpoint_without_its_optimiser_keeps_the_network() {
    let mut session = session(small());
    train(&mut session, 5);
    let whole = block_on(session.checkpoint()).unwrap();
    let light = whole.clone().weights_only();
    // Two moments of four bytes for each meta-parameter.
    let moments: usize = whole.tensors.iter().map(|(_, _, values)| 8 * values.len()).sum();
    assert!(light.to_bytes().unwrap().len() + moments <= whole.to_bytes().unwrap().len());
    let resumed = block_on(Session::resume(&light, Place::cpu(), None)).unwrap();
    assert_eq!(resumed.fingerprint(), session.fingerprint());
}

/// Characters small enough for a test: an MLP on two ways, or conv4 with the fewest filters.
pub(super) fn few_characters(network: NetworkKind) -> Experiment {
    let mut experiment = small();
    experiment.task.family = Family::Characters;
    (experiment.task.ways, experiment.task.shots, experiment.task.queries) = (3, 1, 2);
    experiment.model.network = network;
    experiment.model.filters = 8;
    experiment.model.normalization = Normalization::Batch;
    experiment.learner.inner_lr = 0.1;
    experiment.learner.eval_lr = 0.1;
    experiment.learner.eval_steps = 2;
    experiment
}

/// Quadratics with few steps.
pub(super) fn few_quadratics() -> Experiment {
    let mut experiment = small();
    experiment.task.family = Family::Quadratic;
    (experiment.learner.inner_steps, experiment.learner.eval_steps) = (5, 6);
    (experiment.learner.units, experiment.learner.unroll) = (4, 3);
    experiment
}

/// Every learner on every kind of task that it suits.
fn of_every_learner() -> Vec<Experiment> {
    let tasks = [small(), few_quadratics(), few_characters(NetworkKind::Mlp), few_characters(NetworkKind::Conv4)];
    let each = tasks.into_iter().flat_map(|experiment| {
        let suited = LearnerKind::ALL.iter().filter(|kind| kind.suits(experiment.task.family));
        let by = |kind: &LearnerKind| {
            let mut experiment = experiment.clone();
            experiment.learner.kind = *kind;
            experiment
        };
        suited.map(by).collect::<Vec<_>>()
    });
    each.collect()
}

#[test]
fn a_head_that_is_made_has_as_many_parameters_as_its_experiment_counts() {
    for experiment in of_every_learner().into_iter().filter(|experiment| experiment.learner.kind.makes_head()) {
        let layout = session::build(&experiment).layout();
        let parameters: usize = layout.iter().map(crate::model::Entry::len).sum();
        assert_eq!(parameters as u64, experiment.parameters(), "{:?}", experiment.learner.kind);
    }
}

#[test]
fn a_conditional_neural_process_sees_one_support_point_after_another() {
    let mut experiment = small();
    experiment.learner.kind = LearnerKind::Cnp;
    let mut session = session(experiment);
    train(&mut session, 1);
    let own = regression(&session, &shown(0));
    assert_eq!((own.support.len(), own.steps.len()), (5, 6));
    let of = |points: &[Point]| regression(&session, &ShownTask { points: points.to_vec(), ..shown(0) });
    let of_two = of(&own.support[..2]);
    assert_eq!(of_two.steps.len(), 3);
    for (step, alone) in own.steps.iter().zip(&of_two.steps) {
        assert!((step.query_loss - alone.query_loss).abs() < 1e-5 * alone.query_loss);
        assert_eq!((step.prediction.len(), step.deviation.len()), (own.grid.len(), own.grid.len()));
        assert!(step.deviation.iter().zip(&alone.deviation).all(|(a, b)| (a - b).abs() < 1e-5 && *a > 0.1));
    }
    assert_ne!(own.steps[1].prediction, own.steps[2].prediction);
    let found = block_on(session.evaluate(4, &[0, 5, 9], (1, Purpose::Test), |_| true)).unwrap();
    assert_ne!(found.steps[0].loss, found.steps[1].loss);
    assert_eq!(found.steps[1].loss, found.steps[2].loss, "there are no more than five points");
}

#[test]
fn a_learner_that_makes_its_head_knows_nothing_at_step_0_and_all_it_will_at_step_1() {
    let at_once = |kind: LearnerKind| kind.makes_head() && !kind.sees_one_by_one();
    for mut experiment in of_every_learner().into_iter().filter(|experiment| at_once(experiment.learner.kind)) {
        experiment.learner.eval_steps = 2;
        let (kind, classifies) = (experiment.learner.kind, experiment.task.family.classifies());
        let mut session = session(experiment);
        train(&mut session, 1);
        let found = block_on(session.evaluate(4, &[0, 1, 2], (1, Purpose::Test), |_| true)).unwrap();
        assert_eq!(found.steps[1].loss, found.steps[2].loss, "{kind:?}");
        let shown = shown(0);
        if !classifies {
            let steps = regression(&session, &shown).steps;
            assert_eq!(steps.iter().map(|step| step.gradient_norm).collect::<Vec<_>>(), [0.0; 3]);
            assert!(steps[0].prediction.iter().all(|&y| y == steps[0].prediction[0]), "no line but a level one");
            assert!(steps[1].support_loss < steps[0].support_loss);
            continue;
        }
        assert!((found.steps[0].loss.mean - 3f64.ln()).abs() < 1e-6, "{kind:?}");
        assert!((found.steps[0].accuracy.unwrap().mean - 1.0 / 3.0).abs() < 1e-6, "{kind:?}");
        let trajectory = classified(&session, &shown);
        let [first, second, third] = &trajectory.steps[..] else { panic!("three steps") };
        assert!(first.query_probabilities.iter().flatten().all(|p| (p - 1.0 / 3.0).abs() < 1e-6), "{kind:?}");
        assert!((first.query_accuracy.unwrap() - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(second, third);
        assert!(second.change.iter().all(|&change| change == 0.0));
        // A relation network knows nothing at first, not even that a drawing is like itself; and one that has seen no
        // support drawing owes them nothing after a single meta-step.
        let knows = kind != LearnerKind::Relation && !kind.reads_descriptions();
        assert!(!knows || second.support_loss < first.support_loss, "{kind:?}");
    }
}

#[test]
fn meta_training_on_more_ways_leaves_evaluation_as_it_is_and_needs_no_restart() {
    let mut experiment = few_characters(NetworkKind::Mlp);
    experiment.learner.kind = LearnerKind::Prototypical;
    let mut session = session(experiment.clone());
    experiment.task.train_ways = 7;
    session.update(experiment.clone()).unwrap();
    let points = block_on(session.train(1)).unwrap();
    assert!((points[0].before - 7f32.ln()).abs() < 1e-5);
    let found = block_on(session.evaluate(4, &[0], (1, Purpose::Test), |_| true)).unwrap();
    assert!((found.steps[0].loss.mean - 3f64.ln()).abs() < 1e-6);
    experiment.task.ways = 4;
    session.update(experiment).expect("prototypes of any number of classes");
}

pub(super) fn classified(session: &Session, shown: &ShownTask) -> CharacterTrajectory {
    match block_on(session.trajectory(shown)).unwrap() {
        Adaptation::Characters(trajectory) => trajectory,
        Adaptation::Regression(_) => panic!("characters were asked for"),
    }
}

#[test]
fn characters_train_evaluate_and_show_their_accuracy_on_either_network() {
    for network in [NetworkKind::Mlp, NetworkKind::Conv4] {
        let mut session = session(few_characters(network));
        let points = block_on(session.train(2)).unwrap();
        let of = points[1].accuracy.expect("a classification has an accuracy");
        assert!((0.0..=1.0).contains(&of.before) && (0.0..=1.0).contains(&of.after));
        let found = block_on(session.evaluate(4, &[0, 2], (1, Purpose::Test), |_| true)).unwrap();
        assert!(found.steps.iter().all(|step| (0.0..=1.0).contains(&step.accuracy.unwrap().mean)));
        let shown = classified(&session, &shown(0));
        assert_eq!((shown.support.len(), shown.query.len(), shown.steps.len()), (3, 6, 3));
        assert!(shown.steps[2].support_loss < shown.steps[0].support_loss, "gradient descent goes down");
        assert!(shown.steps[0].change.iter().all(|&change| change == 0.0));
        assert!(shown.steps[2].change.iter().all(|&change| change > 0.0), "every layer of MAML adapts");
        for step in &shown.steps {
            let sums = step.query_probabilities.iter().map(|row| row.iter().sum::<f32>());
            assert!(sums.into_iter().all(|sum| (sum - 1.0).abs() < 1e-5));
        }
    }
}

#[test]
fn a_meta_batch_in_parts_is_the_meta_batch_in_one() {
    // 5-shot conv4 tasks of 64 filters come one at a time; an MLP's come together. Both must add up to the mean.
    let mut experiment = few_characters(NetworkKind::Conv4);
    experiment.model.filters = 64;
    experiment.task.shots = 5;
    let session = session(experiment.clone());
    assert!(session.tasks_at_once() < 4, "{} at once", session.tasks_at_once());
    let (gradient, figures) = session.meta_gradient().unwrap();
    let each = (0..4).map(|task| {
        let indices = std::iter::once(crate::task::meta_batch_index(0, task));
        let stream = (experiment.seed, Purpose::Train);
        let tasks = batch::tasks(&session.place, session.learner.as_ref(), &experiment, &None, stream, indices);
        session.learner.meta_gradient(session.meta(), &tasks.unwrap(), session.train_loop(task))
    });
    let each: Vec<_> = each.collect();
    let mean = each.iter().fold(gradient.zeros(), |sum, found| sum.plus(0.25, &found.gradient));
    let distance = block_on(read::read_one(gradient.plus(-1.0, &mean).flatten().abs().max())).unwrap()[0];
    let size = block_on(read::read_one(mean.flatten().abs().max())).unwrap()[0];
    assert!(distance < 1e-5 * size, "{distance} of {size}");
    assert_eq!(figures.len(), 4);
}

#[test]
fn no_learner_minds_how_many_tasks_are_taken_at_once() {
    // A machine with less memory, or with more cores, must still train the same network.
    for mut experiment in of_every_learner() {
        (experiment.outer.meta_batch, experiment.model.dropout) = (3, 0.2);
        let kind = experiment.learner.kind;
        let session = session(experiment);
        let flat = |at_once: u32| {
            let (gradient, figures) = session.meta_gradient_by(at_once).unwrap();
            block_on(read::read(vec![gradient.flatten(), burn::tensor::Tensor::cat(figures, 0)])).unwrap().concat()
        };
        let whole = flat(3);
        let size = whole.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
        for at_once in [1, 2] {
            let apart = whole.iter().zip(flat(at_once)).fold(0.0, |most: f64, (a, b)| most.max((a - b).abs()));
            assert!(apart < 1e-4 * size, "{kind:?}: {apart} of {size}, {at_once} at once");
        }
    }
}

#[test]
fn a_visitors_drawings_of_fewer_classes_are_classified_among_those() {
    let session = session(few_characters(NetworkKind::Conv4));
    let own = classified(&session, &shown(0));
    let support = own.support.iter().filter(|drawing| drawing.class < Some(2)).cloned().collect();
    let query = own.query[..1].iter().map(|drawing| Drawing { class: None, ..drawing.clone() }).collect();
    let drawings = Some(DrawnTask { support, query });
    let found = classified(&session, &ShownTask { drawings, ..shown(0) });
    assert_eq!(found.steps[2].query_probabilities[0].len(), 2);
    assert_eq!((found.steps[2].query_loss, found.steps[2].query_accuracy), (None, None));
    assert!(found.steps[2].support_loss < found.steps[0].support_loss);
}

#[test]
fn without_transduction_a_query_drawing_does_not_see_the_others() {
    let kinds = [LearnerKind::Maml, LearnerKind::Prototypical];
    for (kind, (transduction, same)) in
        kinds.into_iter().flat_map(|kind| [(Switch::Off, true), (Switch::On, false)].map(|switch| (kind, switch)))
    {
        let mut experiment = few_characters(NetworkKind::Conv4);
        experiment.model.transduction = transduction;
        experiment.learner.kind = kind;
        let session = session(experiment);
        let all = classified(&session, &shown(0));
        let first = Some(DrawnTask { support: all.support.clone(), query: all.query[..1].to_vec() });
        let alone = classified(&session, &ShownTask { drawings: first, ..shown(0) });
        let pairs = all.steps[2].query_probabilities[0].iter().zip(&alone.steps[2].query_probabilities[0]);
        let difference = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert_eq!(difference < 1e-5, same, "{kind:?}, {transduction:?}: {difference}");
    }
}

#[test]
fn a_visitors_drawing_is_classified_as_if_it_were_alone_whatever_else_is_drawn() {
    let session = session(few_characters(NetworkKind::Conv4));
    assert!(session.experiment().model.transduction.is_on());
    let own = classified(&session, &shown(0));
    let drawn = |queries: usize| {
        let drawings = Some(DrawnTask { support: own.support.clone(), query: own.query[..queries].to_vec() });
        classified(&session, &ShownTask { drawings, ..shown(0) }).steps[2].query_probabilities[0].clone()
    };
    let (alone, among) = (drawn(1), drawn(3));
    assert!(alone.iter().zip(&among).all(|(a, b)| (a - b).abs() < 1e-5), "{alone:?} and {among:?}");
}

#[test]
fn reptiles_protocol_runs_with_mini_batches_adam_and_annealing() {
    let mut experiment = preset("glyphs-light-reptile-adam-5w1s").unwrap().experiment();
    experiment.model.filters = 8;
    experiment.budget.meta_steps = 3;
    let mut session = session(experiment);
    let mut moved = Vec::new();
    for _ in 0..3 {
        let before = session.meta().clone();
        train(&mut session, 1);
        let step = session.meta().plus(-1.0, &before).norms().unwrap();
        moved.push(block_on(read::read_one(step)).unwrap()[0]);
    }
    assert!(moved[0] > 0.0 && moved[2] < 0.6 * moved[0], "annealed by two thirds: {moved:?}");
}

#[test]
fn meta_training_and_evaluation_each_have_their_shots_and_their_inner_loop() {
    let mut experiment = preset("glyphs-reptile-5w5s").unwrap().experiment();
    experiment.model.filters = 8;
    (experiment.learner.inner_lr, experiment.learner.eval_lr) = (0.25, 0.5);
    let session = session(experiment.clone());
    let support = |purpose| {
        let stream = (1, purpose);
        let learner = session.learner.as_ref();
        let tasks = batch::tasks(&session.place, learner, &experiment, &None, stream, std::iter::once(0)).unwrap();
        (tasks.support.examples(), tasks.query.examples())
    };
    // Five ways: ten shots to train with, five to be judged on, one query a class.
    assert_eq!((support(Purpose::Train), support(Purpose::Test)), ((50, 5), (25, 5)));
    let (train, eval) = (session.train_loop(0), session.eval_loop(50));
    assert_eq!((train.steps, train.batch, train.lr), (5, 10, 0.25));
    assert_eq!((eval.steps, eval.batch, eval.lr), (50, 5, 0.5));
}

#[test]
fn imported_characters_need_a_dataset_large_enough() {
    let mut experiment = few_characters(NetworkKind::Mlp);
    experiment.task.source = Source::Imported;
    let sentence = |data: Data| {
        let error = block_on(Session::new(experiment.clone(), Place::cpu(), data)).err().expect("it is refused");
        error.to_string()
    };
    assert!(sentence(None).contains("there is none"));
    let two = dataset(2, 3);
    assert!(sentence(two).contains("has 2 classes"), "three ways are asked for");
    assert!(sentence(dataset(3, 2)).contains("has 2 drawings"), "one and two are asked for");
    let mut session = block_on(Session::new(experiment.clone(), Place::cpu(), dataset(3, 3))).unwrap();
    train(&mut session, 1);
    assert_eq!(classified(&session, &shown(0)).classes.len(), 3);
}

/// `classes` classes of `drawings` different drawings each.
pub(super) fn dataset(classes: usize, drawings: usize) -> Data {
    let image = |class: usize, drawing: usize| {
        let mut image = Image::blank();
        image.ink_mut()[class * 28 + drawing] = 255;
        image
    };
    let characters = (0..classes).map(|class| Character {
        name: format!("c{class}"),
        drawings: (0..drawings).map(|drawing| image(class, drawing)).collect(),
    });
    let alphabet = Alphabet { name: "a".into(), characters: characters.collect() };
    Some(std::sync::Arc::new(Dataset::new("d".into(), vec![alphabet]).unwrap()))
}

#[test]
fn an_evaluation_in_parts_stays_with_the_parameters_it_began_with() {
    let mut session = session(small());
    let whole = block_on(session.evaluate(120, &[0, 1], (1, Purpose::Test), |_| true)).unwrap();
    let mut evaluating = Evaluating::new(&session, (120, &[1, 0, 1]), (1, Purpose::Test), None).unwrap();
    while !evaluating.finished() {
        block_on(evaluating.advance(&session)).unwrap();
        train(&mut session, 1);
    }
    assert_eq!((evaluating.evaluation(), evaluating.meta_step()), (whole, 0));
}

#[test]
fn an_evaluation_may_shift_the_tasks_but_not_the_network() {
    let session = session(small());
    let shifted = |change: fn(&mut Experiment)| {
        let mut experiment = small();
        change(&mut experiment);
        Evaluating::new(&session, (50, &[0]), (1, Purpose::Test), Some(experiment.task))
    };
    let mut wide = shifted(|e| e.task.amplitude = Range::new(10.0, 20.0)).unwrap();
    let mut own = shifted(|_| {}).unwrap();
    block_on(wide.advance(&session)).unwrap();
    block_on(own.advance(&session)).unwrap();
    assert!(wide.evaluation().steps[0].loss.mean > 4.0 * own.evaluation().steps[0].loss.mean);
    assert!(matches!(shifted(|e| e.task.family = Family::Characters), Err(EngineError::Restart(_))));
    assert!(matches!(shifted(|e| e.task.shots = 0), Err(EngineError::Experiment(_))));
}
