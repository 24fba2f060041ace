//! What is worth noticing about a trajectory: chosen from its numbers, put into words by the locale files.

use super::classified::{Moved, layer_moved_most, moved_most, verdict};
use crate::experiment::{CharacterTrajectory, LearnerKind, Trajectory};

/// The thing to notice at the inner step on show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Noticing {
    /// Nothing has been computed yet.
    Nothing,
    /// Before the first step: the error of the start itself.
    Start {
        /// Query loss.
        loss: f32,
    },
    /// The oracle knows the task and takes no step.
    Told {
        /// Query loss.
        loss: f32,
    },
    /// Adaptation worked.
    Fell(Change),
    /// Adaptation hardly moved the error of a start that was meta-trained.
    Stayed(Change),
    /// Adaptation did not lower the error, and the start is still as good as random.
    Untrained(Change),
    /// Adaptation made the error larger.
    Rose(Change),
    /// Adaptation ran off: the error is no number any more.
    Exploded {
        /// Gradient steps taken.
        steps: usize,
    },
}

/// An error before adaptation and after some steps of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Gradient steps taken.
    pub steps: usize,
    /// Support points they were taken on.
    pub points: usize,
    /// Query loss before.
    pub from: f32,
    /// Query loss after.
    pub to: f32,
}

/// An error that kept more than this share of itself has "hardly" fallen.
const HARDLY: f32 = 0.7;

/// Meta-steps before which a start is not expected to have learned anything.
const TRAINED: u32 = 100;

/// Beyond this many times its start, the error has not just risen: the steps diverge.
const EXPLOSION: f32 = 100.0;

impl Noticing {
    /// What to notice at inner step `step` of a trajectory of meta-parameters after `meta_step` meta-steps.
    #[must_use]
    pub fn of(trajectory: &Trajectory, step: usize, meta_step: u32, learner: LearnerKind) -> Self {
        let Some(first) = trajectory.steps.first() else { return Self::Nothing };
        if learner == LearnerKind::Oracle {
            return Self::Told { loss: first.query_loss };
        }
        let Some(current) = trajectory.steps.get(step).filter(|_| step > 0) else {
            return Self::Start { loss: first.query_loss };
        };
        let (from, to) = (first.query_loss, current.query_loss);
        if !to.is_finite() || to > EXPLOSION * from.max(1.0) {
            return Self::Exploded { steps: step };
        }
        let all = trajectory.support.len();
        let points = if learner.sees_one_by_one() { step.min(all) } else { all };
        let change = Change { steps: step, points, from, to };
        if to < HARDLY * from {
            Self::Fell(change)
        } else if meta_step < TRAINED && learner != LearnerKind::Scratch {
            Self::Untrained(change)
        } else if to > from {
            Self::Rose(change)
        } else {
            Self::Stayed(change)
        }
    }
}

/// The thing to notice about a classification at the inner step on show.
#[derive(Clone, Debug, PartialEq)]
pub enum CharacterNoticing {
    /// Nothing has been computed yet.
    Nothing,
    /// There is a network, and the visitor has yet to draw what it should learn.
    Undrawn,
    /// Before the first step: what the start itself gets right.
    Start(Tally),
    /// After some steps.
    Adapted {
        /// Gradient steps taken.
        steps: usize,
        /// Drawings they were taken on.
        support: usize,
        /// What was right before the first.
        before: Tally,
        /// What is right now.
        now: Tally,
        /// Whether the start is still as good as random.
        untrained: bool,
        /// What the last step changed most.
        most: Most,
    },
    /// Adaptation ran off: the probabilities are no numbers any more.
    Exploded {
        /// Gradient steps taken.
        steps: usize,
    },
    /// A drawing whose class nobody has said.
    Guess {
        /// Gradient steps taken.
        steps: usize,
        /// The class that the network gives it, and how sure it is.
        predicted: Option<(usize, f32)>,
        /// What the last step changed most.
        most: Most,
    },
}

/// How many are right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Query drawings classified correctly.
    pub right: usize,
    /// Query drawings whose class is known.
    pub of: usize,
    /// Classes to choose from.
    pub classes: usize,
}

/// What a step changed most.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Most {
    /// The query whose probability moved most in the step.
    pub query: Option<Moved>,
    /// The layer that has moved furthest since the start, and how far in relation to its length.
    pub layer: Option<(String, f32)>,
}

impl CharacterNoticing {
    /// What to notice at inner step `step` of a trajectory of meta-parameters after `meta_step` meta-steps, with query
    /// `query` in view.
    #[must_use]
    pub fn of(
        trajectory: &CharacterTrajectory,
        step: usize,
        query: usize,
        meta_step: u32,
        learner: LearnerKind,
    ) -> Self {
        let tally = |step: usize| {
            let verdicts = (0..trajectory.query.len()).filter_map(|query| verdict(trajectory, step, query)?.is_right());
            let (right, of) = verdicts.fold((0, 0), |(right, of), is_right| (right + usize::from(is_right), of + 1));
            Tally { right, of, classes: trajectory.classes.len() }
        };
        let Some(current) = trajectory.steps.get(step) else { return Self::Nothing };
        let mut probabilities = current.query_probabilities.iter().flatten();
        if step > 0 && probabilities.any(|probability| !probability.is_finite()) {
            return Self::Exploded { steps: step };
        }
        let most = Most {
            query: moved_most(trajectory, step),
            layer: layer_moved_most(trajectory, step).map(|(name, change)| (name.to_owned(), change)),
        };
        let (before, now) = (tally(0), tally(step));
        if now.of == 0 {
            let verdict = verdict(trajectory, step, query);
            let predicted = verdict.and_then(|verdict| verdict.predicted.zip(verdict.confidence()));
            return Self::Guess { steps: step, predicted, most };
        }
        if step == 0 {
            return Self::Start(now);
        }
        let untrained = meta_step < TRAINED && learner != LearnerKind::Scratch;
        Self::Adapted { steps: step, support: trajectory.support.len(), before, now, untrained, most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::{
        experiment::{CharacterStep, Drawing, Point, TrajectoryStep},
        task::Image,
    };

    fn trajectory(query_losses: &[f32]) -> Trajectory {
        let step = |query_loss: &f32| TrajectoryStep {
            support_loss: 0.0,
            query_loss: *query_loss,
            gradient_norm: 0.0,
            prediction: Vec::new(),
            deviation: Vec::new(),
        };
        Trajectory {
            support: vec![Point { x: 0.0, y: 0.0 }; 5],
            steps: query_losses.iter().map(step).collect(),
            ..Trajectory::default()
        }
    }

    fn at(query_losses: &[f32], step: usize, meta_step: u32) -> Noticing {
        Noticing::of(&trajectory(query_losses), step, meta_step, LearnerKind::Maml)
    }

    #[test]
    fn a_falling_error_is_told_with_its_steps_and_points() {
        let change = Change { steps: 2, points: 5, from: 3.0, to: 0.1 };
        assert_eq!(at(&[3.0, 1.0, 0.1], 2, 1000), Noticing::Fell(change));
    }

    #[test]
    fn points_that_are_seen_one_by_one_are_as_many_as_steps() {
        let of = |step| Noticing::of(&trajectory(&[3.0, 1.0, 0.5]), step, 1000, LearnerKind::Cnp);
        assert!(matches!(of(1), Noticing::Fell(Change { points: 1, .. })));
        assert!(matches!(of(2), Noticing::Fell(Change { points: 2, .. })));
    }

    #[test]
    fn before_the_first_step_there_is_only_the_start() {
        assert_eq!(at(&[3.0, 1.0], 0, 1000), Noticing::Start { loss: 3.0 });
        assert_eq!(at(&[], 0, 1000), Noticing::Nothing);
    }

    #[test]
    fn a_start_that_learns_slowly_is_excused_while_it_is_random() {
        assert!(matches!(at(&[3.0, 2.9], 1, 0), Noticing::Untrained(_)));
        assert!(matches!(at(&[3.0, 2.9], 1, 1000), Noticing::Stayed(_)));
    }

    #[test]
    fn a_rising_error_is_not_sold_as_learning() {
        assert!(matches!(at(&[1.0, 1.5], 1, 1000), Noticing::Rose(_)));
        assert_eq!(at(&[1.0, f32::INFINITY], 1, 10), Noticing::Exploded { steps: 1 });
    }

    #[test]
    fn the_oracle_adapts_nothing() {
        let noticing = Noticing::of(&trajectory(&[0.01]), 0, 10, LearnerKind::Oracle);
        assert_eq!(noticing, Noticing::Told { loss: 0.01 });
    }

    #[test]
    fn a_step_beyond_the_trajectory_says_nothing_about_steps() {
        assert_eq!(at(&[3.0], 4, 10), Noticing::Start { loss: 3.0 });
    }

    fn classified(query_probabilities: &[&[f32]], truth: Option<u8>) -> CharacterTrajectory {
        let drawing = |class| Drawing { image: Image::blank(), class };
        let steps = query_probabilities.iter().map(|row| CharacterStep {
            support_loss: 0.0,
            query_loss: None,
            support_accuracy: 1.0,
            query_accuracy: None,
            gradient_norm: 0.0,
            support_probabilities: Vec::new(),
            query_probabilities: vec![row.to_vec()],
            change: vec![0.5],
        });
        CharacterTrajectory {
            classes: vec!["a".to_owned(), "b".to_owned()],
            support: vec![drawing(Some(0)), drawing(Some(1))],
            query: vec![drawing(truth)],
            layers: vec!["head".to_owned()],
            steps: steps.collect(),
        }
    }

    #[test]
    fn a_classification_is_told_by_how_many_are_right_and_what_moved_most() {
        let shown = classified(&[&[0.75, 0.25], &[0.25, 0.75]], Some(1));
        let at = |step| CharacterNoticing::of(&shown, step, 0, 1000, LearnerKind::Maml);
        assert_eq!(at(0), CharacterNoticing::Start(Tally { right: 0, of: 1, classes: 2 }));
        let most = Most {
            query: Some(Moved { query: 0, class: 1, from: 0.25, to: 0.75 }),
            layer: Some(("head".to_owned(), 0.5)),
        };
        let (before, now) = (Tally { right: 0, of: 1, classes: 2 }, Tally { right: 1, of: 1, classes: 2 });
        let adapted = CharacterNoticing::Adapted { steps: 1, support: 2, before, now, untrained: false, most };
        assert_eq!(at(1), adapted);
        assert_eq!(at(2), CharacterNoticing::Nothing);
    }

    #[test]
    fn a_classification_that_ran_off_is_not_told_as_so_many_right() {
        for truth in [Some(1), None] {
            let shown = classified(&[&[0.25, 0.75], &[f32::NAN, f32::NAN]], truth);
            let at = |step| CharacterNoticing::of(&shown, step, 0, 1000, LearnerKind::Maml);
            assert_eq!(at(1), CharacterNoticing::Exploded { steps: 1 });
            assert_ne!(at(0), CharacterNoticing::Exploded { steps: 0 });
        }
    }

    #[test]
    fn a_drawing_nobody_has_named_is_a_guess() {
        let shown = classified(&[&[0.75, 0.25]], None);
        let noticing = CharacterNoticing::of(&shown, 0, 0, 1000, LearnerKind::Maml);
        assert!(matches!(noticing, CharacterNoticing::Guess { predicted: Some((0, 0.75)), .. }), "{noticing:?}");
    }
}
