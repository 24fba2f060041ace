//! Diagnoses of a session: is its meta-gradient right, how do first-order directions lie to it, what do orders cost?
//!
//! All are of the whole network: dropout is for training alone. Each takes what it needs of the session when it begins and
//! then goes on by itself, a slice at a time, so that whoever runs it can train, answer and stop between.

mod check;
mod compare;
mod memory;
mod meter;
#[cfg(test)]
mod tests;
mod watch;

use crate::experiment::{Diagnosis, Experiment, Found, Turn};

use super::{EngineError, Session};
use check::Checking;
pub(super) use check::{STEP as NUDGE, outcome};
use compare::Comparing;
use meter::Metering;
pub use watch::Watch;

/// A diagnosis under way. It stays with the meta-parameters that it began with, though training goes on.
pub struct Diagnosing(Kind);

enum Kind {
    Gradient(Box<Checking>),
    Directions(Box<Comparing>),
    Cost(Box<Metering>),
}

impl Diagnosing {
    /// Of `session` as it stands.
    ///
    /// # Errors
    /// [`EngineError::Diagnosis`] where the learner has no answer to it, or when the device fails.
    pub async fn new(session: &Session, diagnosis: Diagnosis) -> Result<Self, EngineError> {
        Ok(Self(match diagnosis {
            Diagnosis::Gradient => Kind::Gradient(Box::new(Checking::new(session).await?)),
            Diagnosis::Directions => Kind::Directions(Box::new(Comparing::new(session)?)),
            Diagnosis::Cost => Kind::Cost(Box::new(Metering::new(session)?)),
        }))
    }

    /// One slice: about a meta-step of work, or less.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn advance(&mut self) -> Result<(), EngineError> {
        match &mut self.0 {
            Kind::Gradient(checking) => checking.advance().await,
            Kind::Directions(comparing) => comparing.advance().await,
            Kind::Cost(metering) => metering.advance().await,
        }
    }

    /// Slices done, and slices in all.
    pub fn progress(&self) -> (u32, u32) {
        match &self.0 {
            Kind::Gradient(checking) => checking.progress(),
            Kind::Directions(comparing) => comparing.progress(),
            Kind::Cost(metering) => metering.progress(),
        }
    }

    /// Whether nothing is left to do.
    pub fn finished(&self) -> bool {
        let (done, all) = self.progress();
        done >= all
    }

    /// What was found so far; none while there is nothing to tell.
    pub fn found(&self) -> Option<Found> {
        match &self.0 {
            Kind::Gradient(checking) => checking.found().map(Found::Gradient),
            Kind::Directions(comparing) => comparing.found().map(Found::Directions),
            Kind::Cost(metering) => Some(Found::Cost(metering.found())),
        }
    }
}

/// Refuses what has no answer.
fn answerable(experiment: &Experiment, diagnosis: Diagnosis) -> Result<(), EngineError> {
    experiment.undiagnosable(diagnosis).map_or(Ok(()), |why| Err(EngineError::Diagnosis(why)))
}

impl Session {
    /// A whole diagnosis ([`Diagnosing`]). `progress` is told how many slices of how many are done.
    ///
    /// # Errors
    /// As [`Diagnosing::new`] and [`Diagnosing::advance`].
    pub async fn diagnose(
        &self,
        diagnosis: Diagnosis,
        mut progress: impl FnMut(u32, u32),
    ) -> Result<Found, EngineError> {
        let mut diagnosing = Diagnosing::new(self, diagnosis).await?;
        while !diagnosing.finished() {
            diagnosing.advance().await?;
            let (done, all) = diagnosing.progress();
            progress(done, all);
        }
        diagnosing.found().ok_or(EngineError::Diagnosis("it found nothing"))
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(values: &[f64]) -> f64 {
    dot(values, values).sqrt()
}

/// The cosine between two vectors; none where either is zero or not finite.
pub(super) fn cosine(a: &[f64], b: &[f64]) -> Option<f64> {
    turn(a, b).map(|turn| turn.cosine)
}

/// How `direction` lies to `exact`; none where either is zero or not finite.
fn turn(direction: &[f64], exact: &[f64]) -> Option<Turn> {
    let (length, other) = (norm(direction), norm(exact));
    let usable = |length: f64| length.is_finite() && length > 0.0;
    // Each is made a unit first: the product of two lengths may leave the range of a number where they do not.
    let cosine = direction.iter().zip(exact).map(|(a, b)| (a / length) * (b / other)).sum::<f64>();
    (usable(length) && usable(other)).then(|| Turn { cosine: cosine.clamp(-1.0, 1.0), ratio: length / other })
}
