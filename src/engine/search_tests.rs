use pollster::block_on;

use super::*;
use crate::{
    experiment::{LearnerKind, Optimizer},
    task::{Purpose, Range, episode},
};

/// Small, with tasks that differ in their amplitude alone, and badly set: an inner rate that moves nothing and an outer
/// rate that throws Adam about.
fn badly_set() -> Experiment {
    let mut experiment = Experiment::default();
    experiment.model.hidden = vec![16, 16];
    experiment.task.phase = Range::new(0.0, 0.0);
    experiment.outer.meta_batch = 8;
    (experiment.learner.inner_lr, experiment.learner.eval_lr, experiment.outer.lr) = (0.0005, 0.0005, 0.1);
    experiment.learner.eval_steps = 1;
    experiment.budget.meta_steps = 10_000;
    experiment
}

fn searching(experiment: Experiment, effort: Effort, candidates: Option<u32>) -> Searching {
    let session = block_on(Session::new(experiment, Place::cpu(), None)).unwrap();
    block_on(Searching::new(&session, 1, effort, candidates)).unwrap()
}

fn run(mut searching: Searching, count: u32) -> Searched {
    while !searching.finished() {
        block_on(searching.advance(count)).unwrap();
    }
    searching.searched()
}

#[test]
fn a_search_finds_a_setting_that_beats_a_bad_one_on_tasks_it_was_not_chosen_by() {
    let found = run(searching(badly_set(), Effort::MetaSteps(1700), Some(9)), 50);
    let (best, start) = (found.best().unwrap(), found.start().unwrap());
    assert_ne!(best.number, 0);
    assert_eq!((best.rungs, best.meta_steps, found.rungs), (2, 300, 2));
    let (best, start) = (best.fresh.clone().unwrap().loss, start.fresh.clone().unwrap().loss);
    assert!(best.mean + best.ci95 < start.mean - start.ci95, "{best:?} beside {start:?}");
}

/// Nine for 20 meta-steps, three of them for 60, and the own setting in any case.
#[test]
fn each_rung_trains_as_many_for_as_long_as_the_plan_says() {
    let mut searching = searching(badly_set(), Effort::MetaSteps(340), Some(9));
    while searching.searched().rungs == 0 {
        block_on(searching.advance(7)).unwrap();
    }
    let first = searching.searched();
    assert!(first.trials.iter().all(|trial| trial.diverged.is_some() || trial.meta_steps == 20));
    let going_on = first.survivors(0);
    assert!((3..=4).contains(&going_on.len()) && going_on.contains(&0));
    let last = run(searching, 7);
    for trial in last.trials.iter().filter(|trial| trial.diverged.is_none()) {
        let expected = if going_on.contains(&trial.number) { (60, 2) } else { (20, 1) };
        assert_eq!((trial.meta_steps, trial.rungs), expected, "candidate {}", trial.number);
    }
}

#[test]
fn the_same_meta_steps_find_the_same_however_they_are_cut() {
    let search = || searching(badly_set(), Effort::MetaSteps(170), Some(9));
    let (whole, mut side_by_side) = (run(search(), 1000), search());
    while !side_by_side.finished() {
        let mut all: Vec<_> = side_by_side.waiting().collect();
        // In another order, and in other portions.
        all.iter_mut().rev().for_each(|candidate| block_on(candidate.advance(3)).unwrap());
        side_by_side.settle();
    }
    assert_eq!(side_by_side.searched(), whole);
}

#[test]
fn a_search_that_is_left_midway_has_the_best_so_far() {
    let mut searching = searching(badly_set(), Effort::MetaSteps(1700), Some(9));
    assert_eq!(searching.searched().best(), None, "nothing is judged yet");
    while searching.searched().trials.iter().filter(|trial| trial.rungs > 0).count() < 3 {
        block_on(searching.advance(50)).unwrap();
    }
    let so_far = searching.searched();
    assert!(!searching.finished());
    assert!(so_far.best().is_some() && so_far.trials.iter().any(|trial| trial.meta_steps == 0));
}

#[test]
fn what_diverges_is_out_and_the_rest_goes_on() {
    let mut experiment = badly_set();
    // Plain descent at the largest rate of all explodes within a few meta-steps.
    (experiment.outer.optimizer, experiment.outer.lr, experiment.outer.clip) = (Optimizer::Sgd, 10.0, 0.0);
    let found = run(searching(experiment, Effort::MetaSteps(340), Some(9)), 10);
    let start = found.start().unwrap();
    assert!(start.diverged.is_some() && start.fresh.is_none(), "{start:?}");
    let best = found.best().unwrap();
    assert!(best.number != 0 && best.fresh.is_some(), "the winner is measured all the same");
    assert_eq!(found.ranked().last().unwrap().score(), None);
}

#[test]
fn a_search_in_which_everything_diverges_ends_without_a_winner() {
    let mut experiment = badly_set();
    (experiment.outer.optimizer, experiment.outer.lr, experiment.outer.clip) = (Optimizer::Sgd, 10.0, 0.0);
    let found = run(searching(experiment, Effort::MetaSteps(60), Some(1)), 60);
    assert_eq!((found.best(), found.trials.len()), (None, 1));
}

#[test]
fn candidates_are_judged_on_validation_tasks_and_compared_on_others_never_on_test_tasks() {
    let experiment = badly_set();
    let session = block_on(Session::new(experiment.clone(), Place::cpu(), None)).unwrap();
    let loss = |goal: Goal| {
        let mut judging = judgement(&session, goal).unwrap();
        while !judging.finished() {
            block_on(judging.advance(&session)).unwrap();
        }
        (judging.done(), judging.evaluation())
    };
    let by = |tasks, stream| block_on(session.evaluate(tasks, &[1], stream, |_| true)).unwrap();
    assert_eq!(loss(Goal::Rung(1)), (100, by(100, (1, Purpose::Validation))));
    assert_eq!(loss(Goal::Comparison), (300, by(300, (2, Purpose::Validation))));
    assert_ne!(loss(Goal::Rung(1)).1, by(100, (1, Purpose::Test)));
    let first = |seed, purpose| episode(&experiment.task, seed, purpose, 0).function;
    assert_ne!(first(1, Purpose::Validation), first(1, Purpose::Test));
    assert_ne!(first(1, Purpose::Validation), first(2, Purpose::Validation));
}

#[test]
fn a_budget_shorter_than_the_first_rung_ends_there() {
    let mut experiment = badly_set();
    experiment.budget.meta_steps = 5;
    let found = run(searching(experiment, Effort::MetaSteps(1000), Some(3)), 100);
    assert!(found.trials.iter().all(|trial| trial.meta_steps == 5), "{:?}", found.trials);
}

#[test]
fn a_budget_of_time_makes_a_plan_that_its_meta_steps_make_again() {
    let timed = searching(badly_set(), Effort::Seconds(30.0, 2), None).searched().plan;
    let again = searching(badly_set(), Effort::MetaSteps(timed.meta_steps()), Some(timed.candidates));
    assert_eq!(again.searched().plan, timed);
}

#[test]
fn a_learner_without_an_inner_loop_is_searched_by_its_outer_rate_alone() {
    let mut experiment = badly_set();
    experiment.learner.kind = LearnerKind::Oracle;
    let found = run(searching(experiment.clone(), Effort::MetaSteps(90), Some(3)), 30);
    assert_eq!(found.axes.paths(), ["outer.lr"]);
    assert!(found.trials.iter().all(|trial| trial.setting.inner_lr == experiment.learner.inner_lr));
    assert!(found.trials.iter().all(|trial| trial.number == 0 || trial.setting.outer_lr != experiment.outer.lr));
}

/// Checks every few meta-steps would end a candidate early, or leave it waiting for one.
#[test]
fn an_experiment_that_stops_early_is_searched_as_one_that_does_not() {
    let mut checked = badly_set();
    (checked.budget.validate_every, checked.budget.patience, checked.budget.validation_tasks) = (5, 1, 10);
    let search = |experiment| run(searching(experiment, Effort::MetaSteps(60), Some(3)), 7);
    assert_eq!(search(checked.clone()), search(badly_set()));
    let timed = searching(checked, Effort::Seconds(5.0, 1), Some(2));
    assert!(timed.searched().plan.first > 0);
}
