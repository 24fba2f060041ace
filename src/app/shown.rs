//! An adapted task on show, of either kind, and what both kinds measure at every inner step.

use std::sync::Arc;

use crate::experiment::{Adaptation, CharacterTrajectory, Trajectory};

/// Which task was adapted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One of the stream of shown tasks.
    Sampled {
        /// Its index.
        index: u32,
    },
    /// The visitor's drawings.
    Drawn {
        /// Which of the visitor's classes each of the task's is.
        classes: Vec<usize>,
    },
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Meta-steps of the parameters that were adapted.
    pub meta_step: u32,
    /// Which task.
    pub subject: Subject,
    /// Every inner step.
    pub adaptation: Arc<Adaptation>,
}

/// What every inner step measures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Loss of the support set.
    pub support_loss: f32,
    /// Loss of the query set; none where no query's class is known.
    pub query_loss: Option<f32>,
    /// Norm of the support loss's gradient.
    pub gradient_norm: f32,
    /// Accuracy on the support set; none for regression.
    pub support_accuracy: Option<f32>,
    /// Accuracy on the query set; none for regression, and where no query's class is known.
    pub query_accuracy: Option<f32>,
}

impl Shown {
    /// The trajectory, if it is a regression.
    #[must_use]
    pub fn regression(&self) -> Option<&Trajectory> {
        match &*self.adaptation {
            Adaptation::Regression(trajectory) => Some(trajectory),
            Adaptation::Characters(_) => None,
        }
    }

    /// The trajectory, if it is a classification.
    #[must_use]
    pub fn characters(&self) -> Option<&CharacterTrajectory> {
        match &*self.adaptation {
            Adaptation::Regression(_) => None,
            Adaptation::Characters(trajectory) => Some(trajectory),
        }
    }

    /// Inner steps, the state before the first counted.
    #[must_use]
    pub fn steps(&self) -> usize {
        match &*self.adaptation {
            Adaptation::Regression(trajectory) => trajectory.steps.len(),
            Adaptation::Characters(trajectory) => trajectory.steps.len(),
        }
    }

    /// What an inner step measures.
    #[must_use]
    pub fn reading(&self, step: usize) -> Option<Reading> {
        Some(match &*self.adaptation {
            Adaptation::Regression(trajectory) => {
                let step = trajectory.steps.get(step)?;
                Reading {
                    support_loss: step.support_loss,
                    query_loss: Some(step.query_loss),
                    gradient_norm: step.gradient_norm,
                    support_accuracy: None,
                    query_accuracy: None,
                }
            }
            Adaptation::Characters(trajectory) => {
                let step = trajectory.steps.get(step)?;
                Reading {
                    support_loss: step.support_loss,
                    query_loss: step.query_loss,
                    gradient_norm: step.gradient_norm,
                    support_accuracy: Some(step.support_accuracy),
                    query_accuracy: step.query_accuracy,
                }
            }
        })
    }

    /// What every inner step measures.
    pub fn readings(&self) -> impl Iterator<Item = Reading> {
        (0..self.steps()).filter_map(|step| self.reading(step))
    }

    /// Which of the visitor's classes, or of the task's own, one of the task's is.
    #[must_use]
    pub fn class(&self, class: usize) -> usize {
        match &self.subject {
            Subject::Sampled { .. } => class,
            Subject::Drawn { classes } => classes.get(class).copied().unwrap_or(class),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{CharacterStep, TrajectoryStep};

    fn shown(adaptation: Adaptation, subject: Subject) -> Shown {
        Shown { meta_step: 0, subject, adaptation: Arc::new(adaptation) }
    }

    #[test]
    fn a_regression_measures_no_accuracy() {
        let step = TrajectoryStep {
            support_loss: 1.0,
            query_loss: 2.0,
            gradient_norm: 3.0,
            prediction: Vec::new(),
            deviation: Vec::new(),
        };
        let trajectory = Trajectory { steps: vec![step], ..Trajectory::default() };
        let shown = shown(Adaptation::Regression(trajectory), Subject::Sampled { index: 4 });
        let reading = shown.reading(0).unwrap();
        assert_eq!((reading.query_loss, reading.query_accuracy, shown.steps()), (Some(2.0), None, 1));
        assert!(shown.reading(1).is_none() && shown.characters().is_none());
    }

    #[test]
    fn the_visitors_classes_keep_their_letters_when_some_are_left_out() {
        let step = CharacterStep {
            support_loss: 1.0,
            query_loss: None,
            support_accuracy: 0.5,
            query_accuracy: None,
            gradient_norm: 0.0,
            support_probabilities: Vec::new(),
            query_probabilities: Vec::new(),
            change: Vec::new(),
        };
        let trajectory = CharacterTrajectory { steps: vec![step], ..CharacterTrajectory::default() };
        let shown = shown(Adaptation::Characters(trajectory), Subject::Drawn { classes: vec![0, 2] });
        assert_eq!((shown.class(0), shown.class(1)), (0, 2));
        assert_eq!(shown.reading(0).unwrap().support_accuracy, Some(0.5));
    }
}
