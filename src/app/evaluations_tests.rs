use super::*;
use crate::{
    app::{change::opening, job::LongWork as _},
    experiment::Family,
};

fn asked(shift: Shift) -> Asked {
    Asked::of(&Experiment::default(), shift, 100).unwrap()
}

fn found(tasks: u32, means: [f64; 2]) -> Evaluation {
    let step =
        |step: u32, mean: f64| StepEvaluation { step, loss: Interval { mean, ci95: 0.1 }, diverged: 0, accuracy: None };
    Evaluation { tasks, steps: vec![step(0, means[0]), step(10, means[1])] }
}

/// Asks for one, and begins it under the id 7 if it is its turn.
fn begin(all: &mut Evaluations, shift: Shift) -> bool {
    all.ask(asked(shift), &Experiment::default());
    all.next(7).is_some()
}

fn heed(all: &mut Evaluations, meta_step: u32, evaluation: Evaluation, finished: bool) {
    let progress = (evaluation.tasks, 100);
    all.heed(7, Answer::Evaluated { meta_step, evaluation }, progress, finished);
}

#[test]
fn steps_are_those_of_the_scrubber_and_those_that_a_paper_reports() {
    assert_eq!(steps(&Experiment::default(), 7), [0, 1, 5, 10]);
    assert_eq!(steps(&opening(Family::Characters), 1), [0, 1, 3, 5]);
    let mut short = Experiment::default();
    short.learner.eval_steps = 1;
    assert_eq!(steps(&short, 5), [0, 1, 5, 10], "what was published after more steps is measured there");
    short.task.shots = 7;
    assert_eq!(steps(&short, 7), [0, 1]);
}

#[test]
fn where_steps_are_points_a_shifted_task_has_as_many_as_points() {
    let mut process = Experiment::default();
    (process.learner.kind, process.task.shots) = (LearnerKind::Cnp, 6);
    let of = |shift| Asked::of(&process, shift, 100).unwrap().steps;
    assert_eq!(
        (of(Shift::Own), of(Shift::FewerShots), of(Shift::MoreShots)),
        (vec![0, 1, 5, 6], vec![0, 1, 3], vec![0, 1, 5, 10, 12])
    );
}

#[test]
fn what_breaks_off_keeps_its_figures_as_those_of_a_row_that_is_over() {
    let mut all = Evaluations::default();
    assert!(begin(&mut all, Shift::Own));
    heed(&mut all, 7, found(30, [3.0, 1.0]), false);
    assert_eq!((all.running(), all.progress()), (Some(&asked(Shift::Own)), Some((30, 100))));
    assert!(!all.rows()[0].finished);
    all.part();
    assert_eq!((all.running(), all.rows()[0].evaluation.tasks, all.rows()[0].finished), (None, 30, true));
}

#[test]
fn an_evaluation_without_a_single_task_leaves_no_row() {
    let mut all = Evaluations::default();
    begin(&mut all, Shift::Own);
    heed(&mut all, 7, found(0, [f64::NAN, f64::NAN]), true);
    assert!(all.rows().is_empty() && all.finding().is_none());
}

#[test]
fn the_same_again_replaces_its_row_and_after_training_it_has_a_new_one() {
    let mut all = Evaluations::default();
    for (meta_step, rows) in [(7, 1), (7, 1), (8, 2)] {
        assert!(begin(&mut all, Shift::Own));
        heed(&mut all, meta_step, found(100, [3.0, 1.0]), true);
        assert_eq!(all.rows().len(), rows);
    }
}

#[test]
fn a_shifted_row_is_told_beside_the_own_one_of_the_same_network() {
    let mut all = Evaluations::default();
    begin(&mut all, Shift::Own);
    heed(&mut all, 7, found(100, [3.0, 0.3]), true);
    assert!(matches!(all.finding().unwrap().told, Told::Course { .. }));
    // The row that finished last is told by its id.
    let mut shifted = |meta_step: u32, id: u32| {
        all.ask(asked(Shift::Amplitude), &Experiment::default());
        all.next(id);
        let answer = Answer::Evaluated { meta_step, evaluation: found(100, [30.0, 5.0]) };
        all.heed(id, answer, (100, 100), true);
        all.finding().unwrap()
    };
    let finding = shifted(7, 8);
    assert!(matches!(finding.told, Told::Beside { verdict: Verdict::Worse, .. }), "{finding:?}");
    assert!(matches!(shifted(8, 9).told, Told::Course { .. }), "another network is no measure");
}

#[test]
fn a_mean_over_tasks_that_ran_off_is_told_as_none() {
    let mut all = Evaluations::default();
    begin(&mut all, Shift::Own);
    let mut evaluation = found(100, [3.0, f64::NAN]);
    evaluation.steps[1].diverged = 4;
    heed(&mut all, 7, evaluation, true);
    assert_eq!(all.finding().unwrap().told, Told::Diverged { count: 4 });
}

#[test]
fn means_within_their_intervals_are_alike_and_accuracy_is_better_when_larger() {
    let at = |mean| Interval { mean, ci95: 0.1 };
    assert_eq!(Verdict::of(Metric::Loss, at(1.1), at(1.0)), Verdict::Alike);
    assert_eq!(Verdict::of(Metric::Loss, at(1.2), at(1.0)), Verdict::Worse);
    assert_eq!(Verdict::of(Metric::Accuracy, at(1.2), at(1.0)), Verdict::Better);
    let wild = Interval { mean: 153.0, ci95: 271.0 };
    assert_eq!(Verdict::of(Metric::Loss, wild, at(1.0)), Verdict::Wild, "an interval beyond zero is no likeness");
}
