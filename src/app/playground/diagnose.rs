//! Diagnosing the network that stands.

use super::Playground;
use crate::{app::diagnoses::EVERY, experiment::Diagnosis};

impl Playground {
    /// Diagnoses, after what is already under way.
    pub fn diagnose(self, diagnosis: Diagnosis) {
        self.act(|session| session.diagnose(diagnosis));
    }

    /// Chooses how often directions are compared while meta-training.
    pub fn watch_directions(self, text: &str) {
        if let Some(every) = text.parse().ok().filter(|every| EVERY.contains(every)) {
            self.act(|session| session.watch_directions(every));
        }
    }
}
