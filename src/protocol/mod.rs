//! # protocol: what the page and the worker say to each other
//!
//! Two enums, [`Request`] and [`Event`], as postcard bytes in one transferred `ArrayBuffer` a message.
//! Nothing here is a sentence: the page says things in the visitor's language. Used by `worker` (both
//! ends) and `app`; knows only `experiment`.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub use crate::experiment::ShownTask;
use crate::experiment::{
    Adaptation, Check, Compared, Contestant, CurvePoint, Diagnosis, Directions, Ending, Evaluation, Experiment, Found,
    Landscape, PlaneKind, Searched, TaskSpec,
};

/// Version of these messages. The worker states its own in [`Event::Ready`] and the page refuses another.
pub const VERSION: u32 = 3;

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
    /// Evaluate the current meta-parameters, some tasks at a time; training goes on between. Another request replaces
    /// the one before.
    Evaluate {
        /// Returned with every event about it.
        id: u32,
        /// Number of tasks.
        tasks: u32,
        /// Inner steps at which to report.
        steps: Vec<u32>,
        /// Seed of the tasks.
        seed: u32,
        /// The distribution to evaluate on: the experiment's, or one shifted from it.
        task: TaskSpec,
    },
    /// Stop the evaluation of this id where it is.
    CancelEvaluation(u32),
    /// Search the rates and the inner steps of the session's experiment, some meta-steps at a time. Another request
    /// replaces the one before.
    Search {
        /// Returned with every event about it.
        id: u32,
        /// About how long it may take.
        seconds: u32,
    },
    /// Stop the search of this id where it is.
    CancelSearch(u32),
    /// Diagnose the current meta-parameters, a slice at a time; training goes on between. Another request replaces the
    /// one before.
    Diagnose {
        /// Returned with every event about it.
        id: u32,
        /// Which.
        diagnosis: Diagnosis,
    },
    /// Stop the diagnosis of this id where it is.
    CancelDiagnosis(u32),
    /// Compare directions at every meta-step that is a multiple of this while meta-training, for this session; 0 stops.
    /// One that is not done when the next is due is the last until it is.
    WatchDirections(u32),
    /// Put learners side by side on the tasks of the session, some meta-steps or tasks at a time; it waits while the
    /// session trains. Another request replaces the one before.
    Compare {
        /// Returned with every event about it.
        id: u32,
        /// Who takes part, two to six.
        contestants: Vec<Contestant>,
        /// Meta-steps of every learner.
        meta_steps: u32,
        /// Test tasks.
        tasks: u32,
        /// The task on show.
        shown: ShownTask,
    },
    /// Have the contestants of the comparison of this id adapt to another task, also when it is over.
    ShowCompared {
        /// The request's id.
        id: u32,
        /// The task on show.
        shown: ShownTask,
    },
    /// Stop the comparison of this id where it is.
    CancelCompare(u32),
    /// Draw the landscape of the current meta-parameters, a slice at a time; training goes on between and comes first.
    /// Another request replaces the one before.
    Landscape {
        /// Returned with every event about it.
        id: u32,
        /// The task on show.
        task: ShownTask,
        /// Other tasks whose paths are followed.
        tasks: u32,
        /// Which plane.
        plane: PlaneKind,
        /// Points in a row of the finest grid of losses.
        side: u32,
    },
    /// Stop the landscape of this id where it is.
    CancelLandscape(u32),
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

/// What a visitor drops on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ImportFiles {
    /// One file: a zip, the packed form, or an exported dataset.
    One {
        /// Its name.
        name: String,
        /// Its content.
        bytes: Vec<u8>,
    },
    /// A folder.
    Folder {
        /// Its name.
        name: String,
        /// Path within the folder, and content, of every file.
        files: Vec<(String, Vec<u8>)>,
    },
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
    /// An evaluation goes on or is over: the figures so far.
    Evaluated {
        /// The request's id.
        id: u32,
        /// Meta-steps of the parameters that are evaluated.
        meta_step: u32,
        /// Over the tasks so far.
        evaluation: Evaluation,
        /// Whether no more will come.
        finished: bool,
    },
    /// A search goes on or is over: what was tried so far.
    Searched {
        /// The request's id.
        id: u32,
        /// Every candidate.
        searched: Searched,
        /// Whether no more will come.
        finished: bool,
    },
    /// A comparison goes on, is over, or shows another task.
    Compared {
        /// The request's id.
        id: u32,
        /// Every contestant, as far as it is.
        compared: Compared,
        /// Whether no more will come unasked.
        finished: bool,
    },
    /// A diagnosis goes on or is over.
    Diagnosed {
        /// The request's id.
        id: u32,
        /// What was found so far; none while there is nothing to tell.
        found: Option<Found>,
        /// Slices done.
        done: u32,
        /// Slices in all.
        total: u32,
        /// Whether no more will come.
        finished: bool,
    },
    /// What [`Request::WatchDirections`] found at a meta-step.
    Watched(Directions),
    /// A landscape goes on or is over.
    Landscape {
        /// The request's id.
        id: u32,
        /// What is known so far; none before its plane is, and where it has none, as every path runs off or none moves.
        landscape: Option<Box<Landscape>>,
        /// Slices done.
        done: u32,
        /// Slices in all.
        total: u32,
        /// Whether no more will come.
        finished: bool,
    },
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

/// What is wrong with imported files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportFault {
    /// An archive that cannot be read to its end.
    Damaged,
    /// An archive or an entry that needs a password.
    Encrypted,
    /// More bytes, entries or pixels than allowed.
    TooLarge,
    /// Archives within the archive, and no images beside them.
    Nested,
    /// Nothing in it.
    Empty,
    /// Files, but no images in class folders.
    NoImages,
    /// Fewer than two classes with two images each.
    TooFewClasses,
    /// Not a kind of file that is known.
    Unsupported,
    /// The visitor stopped it.
    Cancelled,
}

/// A dataset in a few numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetSummary {
    /// Its name.
    pub name: String,
    /// Six characters of its digest.
    pub fingerprint: String,
    /// Alphabets.
    pub alphabets: u32,
    /// Characters of all alphabets.
    pub classes: u32,
    /// Drawings of all characters.
    pub drawings: u32,
    /// Files that were left out: no images, unreadable ones, classes with fewer than two.
    pub skipped: u32,
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

/// Which device a visitor wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DevicePolicy {
    /// The faster one that passes its self-test.
    #[default]
    Auto,
    /// WebGPU, even a software adapter.
    Gpu,
    /// The CPU.
    Cpu,
}

/// The device in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceKind {
    /// burn-flex in wasm SIMD.
    Cpu,
    /// WebGPU.
    Gpu,
}

/// The choice of a device and its reason, for the badge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// The device in use.
    pub kind: DeviceKind,
    /// Name of the adapter, empty for the CPU.
    pub name: String,
    /// Why this one.
    pub reason: DeviceReason,
    /// Milliseconds of one meta-step on the CPU, where timed.
    pub cpu_ms: Option<f32>,
    /// Milliseconds of one meta-step on the GPU, where timed.
    pub gpu_ms: Option<f32>,
}

/// Why a device was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceReason {
    /// The visitor or the link said so.
    Forced,
    /// It was the faster of the two.
    Faster,
    /// The browser offers no usable GPU adapter.
    NoAdapter,
    /// The GPU is a software one.
    Software,
    /// The GPU's results disagreed with the CPU's.
    SelfTestFailed,
    /// The GPU did not answer in time or failed to start.
    GpuFailed,
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
