use super::*;
use crate::experiment::{Evaluation, StepEvaluation};

fn compared(all: &[(LearnerKind, &[f64])]) -> Compared {
    let entrants = all.iter().map(|(kind, means)| {
        let step = |(step, &mean): (usize, &f64)| StepEvaluation {
            step: step as u32,
            loss: Interval { mean, ci95: 0.1 },
            diverged: 0,
            accuracy: None,
        };
        let steps = means.iter().enumerate().map(step).collect();
        Entrant {
            contestant: Contestant::Learner(*kind),
            kind: *kind,
            transduction: None,
            meta_step: 10,
            diverged: means.is_empty().then_some(7),
            curve: Vec::new(),
            shown: None,
            evaluation: (!means.is_empty()).then_some(Evaluation { tasks: 100, steps }),
        }
    });
    Compared { meta_steps: 10, tasks: 100, entrants: entrants.collect() }
}

use LearnerKind::{Maml, Reptile, Scratch};

#[test]
fn the_sentence_names_who_is_fast_who_is_slow_and_who_never_gets_there() {
    let both = compared(&[(Maml, &[3.0, 1.0, 0.5]), (Scratch, &[4.0, 3.0, 2.0]), (Reptile, &[])]);
    assert_eq!(
        sentence(&both),
        "maml needs 1 inner step to reach what scratch needs 2 for (a query loss of 2.0000 ± 0.1000); maml gets to \
         0.5000 ± 0.1000 after 2 inner steps, which scratch never does in 2 inner steps; reptile diverged"
    );
}

#[test]
fn a_tie_and_a_single_survivor_are_said_as_such() {
    let tie = compared(&[(Maml, &[3.0, 1.0]), (Reptile, &[3.0, 1.0])]);
    assert_eq!(
        sentence(&tie),
        "maml and reptile need 1 inner step alike to reach a query loss of 1.0000 ± 0.1000; maml gets to 1.0000 ± \
         0.1000 after 1 inner step, and the intervals of all others overlap with that"
    );
    let alone = compared(&[(Maml, &[1.0]), (Reptile, &[])]);
    assert_eq!(sentence(&alone), "fewer than two contestants could be judged; reptile diverged");
}

#[test]
fn a_difference_of_transduction_stands_above_the_table() {
    let mut both = compared(&[(Maml, &[3.0, 1.0]), (Reptile, &[3.0, 1.0]), (Scratch, &[3.0, 1.0])]);
    assert!(!table(&both).contains("transduction"));
    for (entrant, transduction) in both.entrants.iter_mut().zip([Some(true), Some(false), Some(true)]) {
        entrant.transduction = transduction;
    }
    let text = table(&both);
    assert!(text.contains("normalised together): on in maml and scratch, off in reptile; part of"), "{text}");
}

#[test]
fn a_checkpoint_is_told_with_its_rate_where_its_steps_are_of_that_rate() {
    let mut both = compared(&[(Maml, &[3.0])]);
    let told = |kind: LearnerKind, entrant: &mut Entrant| {
        let mut experiment = Experiment::default();
        (experiment.learner.kind, experiment.learner.eval_lr) = (kind, 0.25);
        let saved = Saved { name: "a".to_owned(), meta_step: 7, experiment };
        entrant.contestant = Contestant::Checkpoint(Box::new(saved));
        origin(entrant).unwrap()
    };
    let entrant = &mut both.entrants[0];
    assert_eq!(told(Reptile, entrant), "a: reptile after 7 meta-steps, learner.eval_lr=0.25");
    assert_eq!(told(LearnerKind::Prototypical, entrant), "a: prototypical after 7 meta-steps");
    assert_eq!(told(LearnerKind::MetaSgd, entrant), "a: meta_sgd after 7 meta-steps");
    assert_eq!(told(LearnerKind::LstmOptimizer, entrant), "a: lstm_optimizer after 7 meta-steps");
}

#[test]
fn a_diverged_contestant_has_its_meta_step_in_every_cell() {
    let text = table(&compared(&[(Maml, &[3.0, 1.0]), (Reptile, &[])]));
    assert_eq!(text.matches("diverged at 7").count(), 2, "{text}");
    assert!(text.contains("1.0000 ± 0.1000"), "{text}");
}
