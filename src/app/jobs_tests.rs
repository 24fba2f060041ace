use super::*;
use crate::{
    app::evaluations::Asked,
    experiment::{Diagnosis, Evaluation, Interval, Shift, StepEvaluation},
    protocol::Work,
};

fn evaluated(tasks: u32) -> Answer {
    let loss = Interval { mean: 1.0, ci95: 0.1 };
    let steps = vec![StepEvaluation { step: 0, loss, diverged: 0, accuracy: None }];
    Answer::Evaluated { meta_step: 7, evaluation: Evaluation { tasks, steps } }
}

fn ask(jobs: &mut Jobs, shift: Shift) {
    let experiment = Experiment::default();
    let asked = Asked::of(&experiment, shift, 100).unwrap();
    jobs.evaluations.ask(asked, &experiment);
}

fn ids(requests: &[(Request, Option<TaskSpec>)]) -> Vec<u32> {
    let id = |request: &Request| match request {
        Request::Begin { id, .. } => *id,
        other => panic!("{other:?}"),
    };
    requests.iter().map(|(request, _)| id(request)).collect()
}

/// Two evaluations of which the first is under way, under the id that is returned.
fn evaluating() -> (Jobs, u32) {
    let mut jobs = Jobs::default();
    ask(&mut jobs, Shift::Own);
    ask(&mut jobs, Shift::Phase);
    let [id] = ids(&jobs.begin())[..] else { panic!("one at a time") };
    (jobs, id)
}

#[test]
fn one_of_a_kind_runs_at_a_time_and_the_next_follows_when_it_is_over() {
    let (mut jobs, first) = evaluating();
    assert!(jobs.begin().is_empty());
    jobs.heed(first, evaluated(50), (50, 100), false);
    assert_eq!((jobs.evaluations.progress(), jobs.begin()), (Some((50, 100)), Vec::new()));
    jobs.heed(first, evaluated(100), (100, 100), true);
    let next = jobs.begin();
    assert_ne!(ids(&next), [first]);
    assert!(next[0].1.is_some(), "it draws from a distribution of its own");
    assert_eq!((jobs.evaluations.rows().len(), jobs.evaluations.progress()), (1, Some((0, 0))));
}

#[test]
fn work_of_two_kinds_is_under_way_together_and_no_two_have_one_id() {
    let (mut jobs, first) = evaluating();
    jobs.diagnoses.ask_once(Diagnosis::Cost, &Experiment::default());
    let [second] = ids(&jobs.begin())[..] else { panic!() };
    assert_ne!(first, second);
    jobs.heed(second, Answer::Diagnosed(None), (1, 9), false);
    assert_eq!((jobs.diagnoses.progress(), jobs.evaluations.progress()), (Some((1, 9)), Some((0, 0))));
    assert_eq!(jobs.of(Tab::Diagnose).and_then(LongWork::progress), Some((1, 9)));
}

#[test]
fn what_is_stopped_keeps_its_figures_and_nothing_follows() {
    let (mut jobs, id) = evaluating();
    jobs.heed(id, evaluated(50), (50, 100), false);
    assert_eq!(jobs.stop(Tab::Evaluate), Some(Request::Cancel(id)));
    assert!(jobs.evaluations.is_busy(), "until the worker says so");
    jobs.heed(id, evaluated(60), (60, 100), true);
    assert!(jobs.begin().is_empty() && !jobs.evaluations.is_busy() && !jobs.evaluations.is_over());
    assert_eq!(jobs.evaluations.rows()[0].evaluation.tasks, 60);
    assert_eq!(jobs.stop(Tab::Evaluate), None, "nothing is under way");
}

#[test]
fn what_was_not_posted_yet_is_stopped_without_a_word() {
    let mut jobs = Jobs::default();
    ask(&mut jobs, Shift::Own);
    assert_eq!((jobs.evaluations.is_busy(), jobs.stop(Tab::Evaluate)), (true, None));
    assert!(!jobs.evaluations.is_busy() && jobs.begin().is_empty());
}

#[test]
fn a_late_word_about_what_was_forgotten_is_not_heard() {
    let (mut jobs, id) = evaluating();
    jobs.launch(&Experiment::default());
    jobs.heed(id, evaluated(50), (50, 100), true);
    assert!(jobs.evaluations.rows().is_empty() && !jobs.evaluations.is_busy());
    ask(&mut jobs, Shift::Own);
    assert_ne!(ids(&jobs.begin()), [id]);
}

#[test]
fn what_the_worker_refuses_is_over_and_the_rest_goes_on() {
    let (mut jobs, id) = evaluating();
    jobs.diagnoses.ask_once(Diagnosis::Cost, &Experiment::default());
    jobs.begin();
    jobs.refuse(id);
    assert!(!jobs.evaluations.is_busy() && jobs.diagnoses.is_busy());
    jobs.part();
    assert!(!jobs.diagnoses.is_busy());
}

#[test]
fn what_is_asked_anew_takes_the_place_of_what_is_under_way() {
    let mut jobs = Jobs::default();
    let experiment = Experiment::default();
    jobs.searches.ask_anew(30, &experiment);
    let first = ids(&jobs.begin());
    jobs.searches.ask_anew(60, &experiment);
    let next = jobs.begin();
    assert!(matches!(next[..], [(Request::Begin { work: Work::Search { seconds: 60 }, .. }, None)]), "{next:?}");
    assert_ne!(ids(&next), first);
}

#[test]
fn another_run_ends_what_is_about_the_network_and_leaves_what_has_its_own() {
    let (mut jobs, _) = evaluating();
    let mut experiment = Experiment::default();
    jobs.searches.ask_anew(30, &experiment);
    jobs.begin();
    experiment.outer.lr = 0.5;
    assert!(jobs.launch(&experiment).is_empty());
    assert!(!jobs.evaluations.is_busy() && jobs.searches.is_busy());
    experiment.task.shots += 1;
    assert!(matches!(jobs.launch(&experiment)[..], [Request::Cancel(_)]));
    assert!(!jobs.searches.is_busy());
}

#[test]
fn what_draws_from_a_source_is_stopped_before_that_changes() {
    let mut jobs = Jobs::default();
    let mut experiment = crate::app::change::opening(crate::experiment::Family::Characters);
    jobs.searches.ask_anew(30, &experiment);
    jobs.begin();
    assert!(jobs.stop_on(Source::Imported).is_empty());
    experiment.task.source = Source::Imported;
    jobs.comparisons.ask_anew(
        crate::app::comparisons::Match {
            contestants: Vec::new(),
            checkpoints: Vec::new(),
            meta_steps: 1,
            shown: crate::experiment::ShownTask { index: 0, points: Vec::new(), drawings: None },
        },
        &experiment,
    );
    let comparison = ids(&jobs.begin())[0];
    assert_eq!(jobs.stop_on(Source::Imported), [Request::Cancel(comparison)]);
    assert!(jobs.searches.is_busy());
}
