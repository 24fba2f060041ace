//! The run in the worker as the page knows it, and what to ask of the worker next.
//!
//! A plain state machine: presses of buttons, changes of the experiment and the worker's events go in;
//! [`Act`]s come out. It owns no worker and no clock, so all of it is tested natively.

mod events;
mod run;
mod seen;
#[cfg(test)]
mod tests;
mod work;

use super::{
    jobs::Jobs,
    library::{Holding, Library},
    notice::Notice,
    shown::Subject,
};
use crate::{
    chart::Series,
    experiment::{Adaptation, Ending, Experiment},
    protocol::{DevicePolicy, DeviceReport, Request, RunState, ShownTask},
};

/// Least milliseconds between two adaptations of the shown task while training, so that showing costs the
/// training little: about eight pictures a second, which still reads as motion.
const ADAPT_EVERY: f64 = 120.0;

/// Where the compute worker stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// It is not asked for yet: a heavy link waits for a click.
    Held,
    /// Its program is on the way.
    Loading {
        /// Bytes here.
        loaded: u64,
        /// Bytes in all, 0 while unknown.
        total: u64,
    },
    /// It chooses its device and sets up a run.
    Starting,
    /// A run stands.
    Standing,
    /// It broke and waits for a click.
    Broken,
}

/// Where the meta-parameters of a run came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The random start of the seed.
    Seed,
    /// The trained network that ships with the page.
    Shipped,
}

/// What to do as soon as a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Wait for the visitor.
    Wait,
    /// Meta-train.
    Train,
    /// Take one meta-step.
    Step,
}

/// A run that can be taken up again.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What was run.
    pub experiment: Experiment,
    /// Meta-steps done.
    pub meta_step: u32,
    /// A safetensors file.
    pub bytes: Vec<u8>,
    /// Its curve so far.
    pub series: Series,
    /// Where it came from.
    pub origin: Origin,
    /// Its number among the runs of this visit, 0 for one that was not of this visit.
    pub run: u32,
}

/// What the page has to do after a transition.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Post to the worker.
    Send(Request),
    /// Show.
    Tell(Notice),
    /// Draw an adapted task.
    Show {
        /// Meta-steps of the parameters.
        meta_step: u32,
        /// Which task.
        subject: Subject,
        /// Every inner step.
        adaptation: Adaptation,
    },
    /// Make this the page's experiment.
    Adopt(Experiment),
    /// Make the page's characters procedural, as the dataset cannot serve.
    WithoutDataset,
    /// Put the dataset into the browser's storage, or none, and show what is in it.
    Keep(Option<Holding>),
    /// Hand the network to the visitor as a file.
    Save {
        /// Meta-steps done.
        meta_step: u32,
        /// A safetensors file.
        bytes: Vec<u8>,
    },
    /// Terminate the worker, as it will not answer any more.
    Terminate,
    /// Terminate the worker and load the CPU's program instead.
    LoadCpu,
    /// Load the worker of the visitor's choice, in place of any there is.
    Load,
}

/// A run to begin.
#[derive(Clone, Debug, PartialEq)]
struct Launch {
    experiment: Experiment,
    checkpoint: Option<Kept>,
    then: Then,
    /// Its number.
    run: u32,
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    phase: Phase,
    policy: DevicePolicy,
    launch: Launch,
    /// What is about to be launched, where the page has said so.
    expected: Option<Experiment>,
    /// What the visitor asked of that run.
    pressed: Option<Then>,
    /// What the worker runs, or is about to.
    posted: Experiment,
    /// Whether the page has said what to launch: it may still be fetching the shipped network.
    prepared: bool,
    /// Whether a worker waits for its first request.
    ready: bool,
    meta_step: u32,
    state: RunState,
    rate: f32,
    fingerprint: String,
    origin: Origin,
    device: Option<DeviceReport>,
    series: Series,
    ending: Option<Ending>,
    revision: u32,
    /// The run that a restart is about to end; the worker's next checkpoint belongs to it.
    parting: Option<Kept>,
    undo: Option<Kept>,
    kept: Option<Kept>,
    /// Whether the next checkpoint is the last thing wanted of this worker.
    leaving: bool,
    /// Whether the next checkpoint is for the visitor.
    saving: bool,
    /// Runs so far.
    runs: u32,
    /// Number of the run that stands.
    run: u32,
    /// Id and task of the adaptation in flight.
    adapting: Option<(u32, Subject)>,
    adapt_wanted: bool,
    adapt_id: u32,
    adapted_at: f64,
    library: Library,
    jobs: Jobs,
}

impl Session {
    /// A session whose worker is still to be loaded.
    #[must_use]
    pub fn new(experiment: Experiment, policy: DevicePolicy, held: bool) -> Self {
        Self {
            phase: if held { Phase::Held } else { Phase::Loading { loaded: 0, total: 0 } },
            policy,
            expected: None,
            pressed: None,
            posted: experiment.clone(),
            launch: Launch { experiment, checkpoint: None, then: Then::Wait, run: 0 },
            prepared: false,
            ready: false,
            meta_step: 0,
            state: RunState::Paused,
            rate: 0.0,
            fingerprint: String::new(),
            origin: Origin::Seed,
            device: None,
            series: Series::default(),
            ending: None,
            revision: 0,
            parting: None,
            undo: None,
            kept: None,
            leaving: false,
            saving: false,
            runs: 0,
            run: 0,
            adapting: None,
            adapt_wanted: false,
            adapt_id: 0,
            adapted_at: f64::NEG_INFINITY,
            library: Library::default(),
            jobs: Jobs::default(),
        }
    }

    /// More of the worker's program has arrived.
    pub fn loading(&mut self, loaded: u64, total: u64) {
        if matches!(self.phase, Phase::Loading { .. }) {
            self.phase = Phase::Loading { loaded, total };
        }
    }

    /// The worker's program is being loaded, for the first time or again, on this policy.
    pub fn load(&mut self, policy: DevicePolicy) {
        self.policy = policy;
        self.phase = Phase::Loading { loaded: 0, total: 0 };
        self.device = None;
        self.adapting = None;
        self.ready = false;
        self.saving = false;
        self.library.part();
        self.jobs.part();
    }

    /// The shown task should be adapted anew.
    pub fn wish_adaptation(&mut self) {
        self.adapt_wanted = true;
    }

    /// The request to adapt the shown task, if there is one, when it is due: never two in flight, and not too many while
    /// training.
    pub fn adaptation(&mut self, now: f64, task: impl FnOnce() -> Option<(ShownTask, Subject)>) -> Option<Request> {
        let soon = self.state == RunState::Training && now - self.adapted_at < ADAPT_EVERY;
        if !self.adapt_wanted || self.adapting.is_some() || self.phase != Phase::Standing || soon {
            return None;
        }
        self.adapt_wanted = false;
        let (task, subject) = task()?;
        self.adapted_at = now;
        self.adapt_id = self.adapt_id.wrapping_add(1);
        self.adapting = Some((self.adapt_id, subject));
        Some(Request::Adapt { id: self.adapt_id, task })
    }
}
