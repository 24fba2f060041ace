//! # engine: a running session
//!
//! [`Session`] holds the meta-parameters of one experiment on one device and trains, evaluates, adapts, diagnoses and
//! checkpoints them. Everything that reads a number back is async, because a synchronous read works on the
//! CPU and panics on WebGPU; [`read`] is the only place where numbers come back. Called by the command line
//! and by the worker; calls `learner`, `model`, `task` and `experiment`.

mod anatomy;
mod batch;
mod characters;
mod checkpoint;
mod comparing;
mod device;
mod diagnose;
mod eigen;
mod evaluate;
mod fingerprint;
mod gradient_case;
mod landscape;
mod layers;
mod outer;
mod read;
mod search;
mod session;
mod spread;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_optimizer;
#[cfg(test)]
mod tests_regularization;
#[cfg(test)]
mod tests_transfer;
#[cfg(test)]
mod tests_validation;
mod trajectory;
mod validation;

pub use anatomy::Tracing;
pub use batch::Data;
pub use checkpoint::{Checkpoint, OptimizerState, Validated};
pub use comparing::{Comparing, Contest};
pub use device::{SELF_TEST_TOLERANCE, self_test, self_test_of, time_meta_step};
pub use diagnose::{Diagnosing, Watch};
pub use evaluate::{Evaluating, interval};
pub use fingerprint::fingerprint;
pub use gradient_case::{CaseError, CaseReport, GradientCase};
pub use landscape::Mapping;
pub use layers::Dissecting;
pub use search::{Candidate, Effort, Searching};
pub use session::Session;
pub use validation::Record;

/// What can go wrong in a session.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The experiment is out of its ranges.
    #[error(transparent)]
    Experiment(#[from] crate::experiment::FieldError),
    /// The device could not compute or its result could not be read.
    #[error("the device failed while computing: {0}")]
    Device(String),
    /// The loss stopped being finite, or exploded.
    #[error(
        "meta-training diverged at meta-step {at}: its loss is not finite or has exploded. The session went back to \
         meta-step {restored}. Try a smaller learner.inner_lr or outer.lr, or set outer.clip to 10."
    )]
    Diverged {
        /// The first meta-step whose loss was not usable.
        at: u32,
        /// The meta-step the session went back to.
        restored: u32,
    },
    /// There is no dataset to draw tasks from, or it is too small for them.
    #[error("{0}")]
    Dataset(String),
    /// Drawings that are no task.
    #[error("the drawings are no task: {0}")]
    Drawings(&'static str),
    /// A diagnosis that this learner has no answer to.
    #[error("this cannot be diagnosed here: {0}")]
    Diagnosis(&'static str),
    /// Contestants that cannot be compared.
    #[error(transparent)]
    Contest(#[from] crate::experiment::ContestError),
    /// Weights whose landscape cannot be drawn.
    #[error("the landscape cannot be drawn: {0}")]
    Landscape(&'static str),
    /// A network that cannot be looked into.
    #[error("there is nothing to look into: {0}")]
    Layers(&'static str),
    /// A task that cannot be taken apart.
    #[error("there is nothing to take apart here: {0}")]
    Anatomy(&'static str),
    /// A change that needs a new session.
    #[error("changing {0} starts a new run")]
    Restart(String),
    /// A checkpoint cannot be read, or belongs to another network.
    #[error("the checkpoint cannot be used: {0}")]
    Checkpoint(String),
    /// The same of a checkpoint that takes part in a comparison.
    #[error("the checkpoint cannot be used: {name}: {what}")]
    Guest {
        /// What it is called there.
        name: String,
        /// Why not.
        what: String,
    },
    /// The GPU's numbers are not the CPU's.
    #[error("the device's self-test failed: {0}")]
    SelfTest(String),
}

impl EngineError {
    /// Why the checkpoint of a contestant cannot be used.
    pub(crate) fn guest(name: &str, what: String) -> Self {
        Self::Guest { name: name.to_owned(), what }
    }
}
