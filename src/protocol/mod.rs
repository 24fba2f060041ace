//! # protocol: what the page and the worker say to each other
//!
//! Two enums, [`Request`] and [`Event`], as postcard bytes in one transferred `ArrayBuffer` a message.
//! Nothing here is a sentence: the page says things in the visitor's language. Used by `worker` (both
//! ends) and `app`; knows only `experiment`.

mod dataset;
mod device;
mod work;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub use dataset::{DatasetSummary, ImportFault, ImportFiles};
pub use device::{DeviceKind, DevicePolicy, DeviceReason, DeviceReport};
pub use work::{Answer, Work};

pub use crate::experiment::ShownTask;
use crate::experiment::{Adaptation, Check, CurvePoint, Directions, Ending, Experiment};

/// Version of these messages. The worker states its own in [`Event::Ready`] and the page refuses another.
pub const VERSION: u32 = 6;

/// From the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Begin a session: choose the device, then meta-parameters from `checkpoint` (safetensors bytes) or from the seed.
    Start {
        /// What to run.
        experiment: Experiment,
        /// Which device to use.
        policy: DevicePolicy,
        /// Meta-parameters and optimiser state to go on from.
        checkpoint: Option<Vec<u8>>,
    },
    /// Change what can change without a restart (rates, inner steps, budget, view); see `experiment::fields`.
    Update(Experiment),
    /// Meta-train until the budget is spent.
    Train,
    /// Stop after the current meta-step.
    Pause,
    /// Take one meta-step.
    Step,
    /// Adapt the current meta-parameters to a task and report every inner step.
    Adapt {
        /// Returned with the trajectory.
        id: u32,
        /// The task on show.
        task: ShownTask,
    },
    /// Hand over a checkpoint.
    Checkpoint,
    /// Begin long work.
    Begin {
        /// Returned with every event about it; no two have the same.
        id: u32,
        /// What to do.
        work: Work,
    },
    /// Have long work that can, as a comparison, turn to another task, also when it is over.
    Show {
        /// The id of the work.
        id: u32,
        /// The task on show.
        task: ShownTask,
    },
    /// Stop the long work of this id where it is.
    Cancel(u32),
    /// Compare directions at every meta-step that is a multiple of this while meta-training, for this session; 0 stops.
    /// One that is not done when the next is due is the last until it is.
    WatchDirections(u32),
    /// Read a dataset out of files, tell how far it is, and keep it for `task.source = imported`.
    Import {
        /// Returned with every event about it.
        id: u32,
        /// The files.
        files: ImportFiles,
    },
    /// Stop the import of this id.
    CancelImport(u32),
    /// Keep a dataset that was imported before (the bytes of [`Event::Imported`]), or none.
    Dataset(Option<Vec<u8>>),
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// First message: the worker listens.
    Ready {
        /// [`VERSION`] of the worker.
        protocol: u32,
    },
    /// The device is chosen and the session stands; sent once per [`Request::Start`].
    Started {
        /// The choice and its reason.
        device: DeviceReport,
        /// Where the session stands.
        snapshot: Snapshot,
    },
    /// Progress; at most one per animation frame while training, and one after each change of state.
    Progress(Snapshot),
    /// Answer to [`Request::Adapt`].
    Adapted {
        /// The request's id.
        id: u32,
        /// Meta-steps of the parameters that were adapted.
        meta_step: u32,
        /// Every inner step.
        adaptation: Adaptation,
    },
    /// Answer to [`Request::Checkpoint`], and sent unasked at least every few seconds while training.
    Checkpoint {
        /// Meta-steps done.
        meta_step: u32,
        /// A safetensors file.
        bytes: Vec<u8>,
    },
    /// The loss stopped being finite or exploded; the session went back to the last finite meta-parameters and paused.
    Diverged {
        /// The meta-step whose loss was not usable.
        at: u32,
        /// The meta-step the session went back to.
        restored: u32,
    },
    /// Long work goes on, is over, or has turned to another task.
    Answer {
        /// The request's id.
        id: u32,
        /// What was found so far.
        answer: Answer,
        /// Parts done.
        done: u32,
        /// Parts in all, 0 while unknown.
        total: u32,
        /// Whether no more will come unasked.
        finished: bool,
    },
    /// Long work could not be begun, or could not go on; no more will come.
    Refused {
        /// The request's id.
        id: u32,
        /// What could not be done.
        fault: Fault,
        /// The name of the checkpoint among the contestants that it is about, if it is about one.
        guest: Option<String>,
        /// The underlying error, for a report; not a sentence for visitors.
        detail: String,
    },
    /// What [`Request::WatchDirections`] found at a meta-step.
    Watched(Directions),
    /// An import goes on.
    Importing {
        /// The request's id.
        id: u32,
        /// Entries read.
        done: u32,
        /// Entries in all.
        total: u32,
    },
    /// An import is over, and the worker keeps its dataset.
    Imported {
        /// The request's id.
        id: u32,
        /// What was read and what was left out.
        summary: DatasetSummary,
        /// The dataset, to be stored and handed back by [`Request::Dataset`].
        bytes: Vec<u8>,
    },
    /// An import failed; the dataset from before, if any, is kept.
    ImportFailed {
        /// The request's id.
        id: u32,
        /// What is wrong with the files.
        fault: ImportFault,
        /// The underlying error in English.
        detail: String,
    },
    /// A request could not be carried out.
    Failed {
        /// What could not be done.
        fault: Fault,
        /// The underlying error, for a report; not a sentence for visitors.
        detail: String,
    },
}

/// What could not be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The message could not be read.
    Protocol,
    /// The experiment is out of its ranges.
    Experiment,
    /// The checkpoint is damaged or belongs to another network.
    Checkpoint,
    /// The device failed while computing.
    Device,
    /// The experiment needs an imported dataset and none is there, or it is too small for its tasks.
    Dataset,
}

/// Where a session stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Meta-steps done.
    pub meta_step: u32,
    /// Training, paused or finished.
    pub state: RunState,
    /// Meta-steps per second over about the last second; 0 when not training.
    pub rate: f32,
    /// Losses since the last snapshot, ascending in meta-step.
    pub losses: Vec<CurvePoint>,
    /// Checks on validation tasks since the last snapshot, ascending in meta-step.
    pub checks: Vec<Check>,
    /// How validation ended the run, once it has; `meta_step` is then that of its best check.
    pub ending: Option<Ending>,
    /// Six characters of the meta-parameters' digest.
    pub fingerprint: String,
}

/// Whether a session trains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    /// Waiting for a request.
    Paused,
    /// Meta-training.
    Training,
    /// The budget is spent, or validation has stopped the run before.
    Finished,
}

/// A message that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the message could not be read: {0}")]
pub struct CodecError(#[from] postcard::Error);

/// A message as bytes.
///
/// # Errors
/// Never for the types of this room; postcard's signature allows for sequences of unknown length.
pub fn encode<M: Serialize>(message: &M) -> Result<Vec<u8>, CodecError> {
    Ok(postcard::to_allocvec(message)?)
}

/// Bytes as a message.
///
/// # Errors
/// When the bytes are not exactly one message of this version.
pub fn decode<M: DeserializeOwned>(bytes: &[u8]) -> Result<M, CodecError> {
    Ok(postcard::from_bytes(bytes)?)
}
