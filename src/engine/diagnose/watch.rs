//! Comparing directions every so many meta-steps while meta-training.

use crate::experiment::{Diagnosis, Directions, Found};

use super::{Diagnosing, EngineError, Session};

/// What is watched, and the comparison under way.
#[derive(Default)]
pub struct Watch {
    /// Meta-steps between two comparisons; 0 for none.
    every: u32,
    comparing: Option<Diagnosing>,
    /// The meta-step compared last.
    last: Option<u32>,
}

impl Watch {
    /// At every meta-step that is a multiple of this; never if it is 0.
    pub fn every(every: u32) -> Self {
        Self { every, ..Self::default() }
    }

    /// Whether a comparison is under way.
    pub fn is_busy(&self) -> bool {
        self.comparing.is_some()
    }

    /// So many meta-steps, or those that are left until the next comparison.
    pub fn at_most(&self, count: u32, done: u32) -> u32 {
        if self.every == 0 { count } else { count.min(self.every - done % self.every) }
    }

    /// Begins a comparison where one is due and none goes on, or takes a slice of the one that does.
    ///
    /// # Errors
    /// When the device fails. A learner that cannot be compared is not watched further.
    pub async fn advance(&mut self, session: &Session) -> Result<Option<Directions>, EngineError> {
        let Some(comparing) = &mut self.comparing else {
            let now = session.meta_step();
            if self.every > 0 && now.is_multiple_of(self.every) && self.last != Some(now) {
                self.last = Some(now);
                self.comparing = match Diagnosing::new(session, Diagnosis::Directions).await {
                    Ok(comparing) => Some(comparing),
                    Err(EngineError::Diagnosis(_)) => {
                        self.every = 0;
                        None
                    }
                    Err(error) => return Err(error),
                };
            }
            return Ok(None);
        };
        comparing.advance().await?;
        if !comparing.finished() {
            return Ok(None);
        }
        let found = self.comparing.take().and_then(|done| done.found());
        Ok(match found {
            Some(Found::Directions(directions)) => Some(directions),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;
    use crate::{experiment::Experiment, model::Place};

    #[test]
    fn training_stops_at_each_multiple_and_goes_past_none() {
        let watch = Watch::every(10);
        assert_eq!([0, 3, 9, 10].map(|done| watch.at_most(4, done)), [4, 4, 1, 4]);
        assert_eq!(watch.at_most(100, 3), 7);
        assert_eq!(Watch::default().at_most(100, 3), 100);
    }

    #[test]
    fn each_multiple_is_compared_once() {
        let mut experiment = Experiment::default();
        experiment.model.hidden = vec![4];
        let mut session = block_on(Session::new(experiment, Place::cpu(), None)).unwrap();
        let mut watch = Watch::every(2);
        let mut seen = Vec::new();
        while session.meta_step() < 5 {
            for _ in 0..20 {
                seen.extend(block_on(watch.advance(&session)).unwrap().map(|found| found.meta_step));
            }
            block_on(session.train(watch.at_most(3, session.meta_step()))).unwrap();
        }
        assert_eq!(seen, [0, 2, 4]);
    }

    #[test]
    fn a_learner_that_makes_its_head_is_not_watched() {
        let mut experiment = Experiment::default();
        experiment.learner.kind = crate::experiment::LearnerKind::Ridge;
        let session = block_on(Session::new(experiment, Place::cpu(), None)).unwrap();
        let mut watch = Watch::every(1);
        assert_eq!(block_on(watch.advance(&session)).unwrap(), None);
        assert!(!watch.is_busy() && watch.at_most(9, 0) == 9);
    }
}
