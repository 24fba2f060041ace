//! Sessions of pretrained baselines and of zero-shot classification.

use pollster::block_on;

use super::{
    tests::{classified, dataset, few_characters, session, shown, train},
    *,
};
use crate::{
    experiment::{DrawnTask, Experiment, LearnerKind, NetworkKind, Normalization, ShownTask, Source, Switch},
    model::{Network, Place},
    task::{Purpose, meta_batch_index},
};

const PRETRAINED: [LearnerKind; 3] = [LearnerKind::Pretrained, LearnerKind::LinearProbe, LearnerKind::NearestCentroid];

fn by(kind: LearnerKind, network: NetworkKind) -> Experiment {
    let mut experiment = few_characters(network);
    experiment.learner.kind = kind;
    experiment.learner.base_classes = 12;
    experiment
}

#[test]
fn every_task_of_pretraining_brings_as_many_drawings_of_base_classes_and_no_other_task_does() {
    let base = |kind, purpose| {
        let experiment = by(kind, NetworkKind::Mlp);
        let session = session(experiment.clone());
        let indices = (0..2).map(|task| meta_batch_index(3, task));
        let stream = (experiment.seed, purpose);
        let tasks = batch::tasks(&session.place, session.learner.as_ref(), &experiment, &None, stream, indices);
        tasks.unwrap().base.map(|base| (base.x.dims(), base.targets.tensor().dims()))
    };
    for kind in PRETRAINED {
        // Three ways of one shot and two queries.
        assert_eq!(base(kind, Purpose::Train), Some(([2, 9, 784], [2, 9, 12])));
        assert_eq!(base(kind, Purpose::Test), None);
    }
    assert_eq!(base(LearnerKind::Maml, Purpose::Train), None);
}

#[test]
fn parameters_are_counted_as_they_are_laid_out() {
    for kind in PRETRAINED.into_iter().chain([LearnerKind::ZeroShot]) {
        for network in [NetworkKind::Mlp, NetworkKind::Conv4] {
            let mut experiment = by(kind, network);
            experiment.model.normalization = Normalization::None;
            let layout = crate::learner::learner(&experiment.learner, Network::new(&experiment)).layout();
            let laid_out: usize = layout.iter().map(crate::model::Entry::len).sum();
            assert_eq!(experiment.parameters(), laid_out as u64, "{kind:?} {network:?}");
        }
    }
}

#[test]
fn a_pretrained_network_meets_tasks_of_any_number_of_ways_without_a_restart() {
    for kind in PRETRAINED {
        let mut experiment = by(kind, NetworkKind::Conv4);
        let mut session = session(experiment.clone());
        train(&mut session, 1);
        let before = session.fingerprint().to_owned();
        experiment.task.ways = 4;
        session.update(experiment).unwrap();
        assert_eq!(session.fingerprint(), before);
        let steps = classified(&session, &shown(0)).steps;
        assert!(steps[0].query_probabilities.iter().flatten().all(|p| (p - 0.25).abs() < 1e-6), "{kind:?}");
        assert!(steps[2].support_loss < steps[0].support_loss && steps[0].change.iter().all(|&change| change == 0.0));
    }
}

#[test]
fn other_base_classes_are_another_run() {
    for kind in PRETRAINED {
        let mut experiment = by(kind, NetworkKind::Mlp);
        let mut session = session(experiment.clone());
        experiment.learner.base_classes = 13;
        assert!(matches!(session.update(experiment), Err(EngineError::Restart(_))));
    }
}

#[test]
fn imported_characters_are_base_classes_however_few_there_are() {
    for kind in PRETRAINED {
        let mut experiment = by(kind, NetworkKind::Mlp);
        experiment.task.source = Source::Imported;
        experiment.learner.base_classes = 1000;
        let mut session = block_on(Session::new(experiment.clone(), Place::cpu(), dataset(20, 5))).unwrap();
        train(&mut session, 2);
        let found = block_on(session.evaluate(2, &[0], (1, Purpose::Test), |_| true)).unwrap();
        assert!((found.steps[0].loss.mean - 3f64.ln()).abs() < 1e-6, "{kind:?}");
    }
}

#[test]
fn baselines_learn_from_a_visitors_drawings_and_zero_shot_says_why_it_cannot() {
    let own = classified(&session(few_characters(NetworkKind::Conv4)), &shown(0));
    let two = |drawing: &&crate::experiment::Drawing| drawing.class < Some(2);
    let support = own.support.iter().filter(two).cloned().collect();
    let query = own.query[..1].iter().map(|drawing| crate::experiment::Drawing { class: None, ..drawing.clone() });
    let drawings = Some(DrawnTask { support, query: query.collect() });
    for kind in PRETRAINED.into_iter().chain([LearnerKind::Scratch]) {
        let found =
            classified(&session(by(kind, NetworkKind::Conv4)), &ShownTask { drawings: drawings.clone(), ..shown(0) });
        assert_eq!(found.steps[2].query_probabilities[0].len(), 2, "{kind:?}");
        assert!(found.steps[2].support_loss < found.steps[0].support_loss, "{kind:?}");
    }
    let session = session(by(LearnerKind::ZeroShot, NetworkKind::Conv4));
    let error = block_on(session.trajectory(&ShownTask { drawings, ..shown(0) })).unwrap_err();
    assert!(error.to_string().contains("only procedural characters say so"), "{error}");
}

#[test]
fn no_support_drawing_has_a_say_in_zero_shot_classification() {
    // More shots draw more support drawings and change neither the classes nor the query drawings.
    for network in [NetworkKind::Mlp, NetworkKind::Conv4] {
        let run = |shots: u32| {
            let mut experiment = by(LearnerKind::ZeroShot, network);
            experiment.task.shots = shots;
            let mut session = session(experiment);
            let fingerprint = train(&mut session, 3);
            let found = block_on(session.evaluate(4, &[0, 1], (1, Purpose::Test), |_| true)).unwrap();
            let queries = classified(&session, &shown(0)).steps[1].query_probabilities.clone();
            (fingerprint, found, queries)
        };
        assert_eq!(run(1), run(4));
    }
}

#[test]
fn a_network_that_does_not_normalise_classifies_by_description_without_transduction() {
    let mut experiment = by(LearnerKind::ZeroShot, NetworkKind::Mlp);
    experiment.model.normalization = Normalization::None;
    experiment.model.transduction = Switch::Off;
    let mut session = session(experiment);
    train(&mut session, 2);
    assert_eq!(classified(&session, &shown(0)).steps.len(), 3);
    let found = block_on(session.evaluate(4, &[0, 1], (1, Purpose::Test), |_| true)).unwrap();
    assert!((found.steps[0].loss.mean - 3f64.ln()).abs() < 1e-6 && found.steps[1].diverged == 0);
}
