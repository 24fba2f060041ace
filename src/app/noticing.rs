//! What is worth noticing about a trajectory: chosen from its numbers, put into words by the locale files.

use crate::experiment::{LearnerKind, Trajectory};

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
        let change = Change { steps: step, points: trajectory.support.len(), from, to };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Point, TrajectoryStep};

    fn trajectory(query_losses: &[f32]) -> Trajectory {
        let step = |query_loss: &f32| TrajectoryStep {
            support_loss: 0.0,
            query_loss: *query_loss,
            gradient_norm: 0.0,
            prediction: Vec::new(),
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
}
