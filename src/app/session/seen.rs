//! What the page sees of the run.

use super::{Kept, Origin, Phase, Session, Then};
use crate::{
    app::{jobs::Jobs, library::Library},
    chart::Series,
    experiment::{Ending, Experiment},
    protocol::{DeviceReport, RunState},
};

impl Session {
    /// Where the worker stands.
    #[must_use]
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// What runs, or is about to.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.launch.experiment
    }

    /// Number of the run that stands: one that goes on in another worker, or comes back, keeps it.
    #[must_use]
    pub fn run(&self) -> u32 {
        self.run
    }

    /// Meta-steps done.
    #[must_use]
    pub fn meta_step(&self) -> u32 {
        self.meta_step
    }

    /// Meta-steps per second, 0 when not training.
    #[must_use]
    pub fn rate(&self) -> f32 {
        self.rate
    }

    /// Six characters of the meta-parameters' digest, empty before there are any.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Where the run's meta-parameters came from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The device in use, once chosen.
    #[must_use]
    pub fn device(&self) -> Option<&DeviceReport> {
        self.device.as_ref()
    }

    /// The losses of the run.
    #[must_use]
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// A number that changes whenever [`Session::series`] does.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Whether it trains, or will as soon as it can.
    #[must_use]
    pub fn is_training(&self) -> bool {
        match self.phase {
            Phase::Standing => self.intent() == Then::Train,
            Phase::Loading { .. } | Phase::Starting => self.launch.then == Then::Train,
            Phase::Held | Phase::Broken => false,
        }
    }

    /// What the visitor last asked the run to do.
    #[must_use]
    pub fn intent(&self) -> Then {
        match self.phase {
            Phase::Standing => {
                let stands = if self.state == RunState::Training { Then::Train } else { Then::Wait };
                self.pressed.unwrap_or(stands)
            }
            _ => self.launch.then,
        }
    }

    /// Whether the run's budget is spent.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.phase == Phase::Standing && self.state == RunState::Finished
    }

    /// How validation ended the run, once it has.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// The run that ended last, once its file is here: one that ended earlier does not stand in for it.
    #[must_use]
    pub fn undoable(&self) -> Option<&Kept> {
        let parting = self.parting.as_ref().map(|parting| parting.run);
        self.undo.as_ref().filter(|kept| parting.is_none_or(|run| run == kept.run))
    }

    /// Whether another run is about to begin.
    #[must_use]
    pub fn is_expecting(&self) -> bool {
        self.expected.is_some()
    }

    /// The visitor's dataset.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The long work of the panels.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// What runs where, for a report.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("{:?}, meta-step {}, {:?}, {:?}", self.device, self.meta_step, self.phase, self.state)
    }
}
