//! Things worth interrupting for. Data only: the words are in the locale files.

use super::guests::Refusal;
use crate::experiment::{Ending, Experiment};

/// Why the link in the address bar was not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkTrouble {
    /// It cannot be read.
    Damaged,
    /// It comes from a newer version of this page.
    Newer,
    /// It is longer than any link of ours.
    TooLong,
    /// It asks for something out of range.
    OutOfRange,
}

/// What a person should know now, and may want to do something about.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// The link was not followed; the default experiment is on show.
    Link(LinkTrouble),
    /// The link asks for a lot of work and waits for a click.
    Heavy {
        /// Multiply-adds per meta-step, in millions.
        millions: u64,
    },
    /// A change started the run over.
    Restarted {
        /// Meta-steps of the run that ended.
        lost: u32,
    },
    /// Reset went back to the random start.
    Reset {
        /// Meta-steps of the run that ended.
        lost: u32,
    },
    /// Play on a finished run started over from a random network.
    StartedOver,
    /// The loss exploded and the run went back.
    Diverged {
        /// The meta-step of the unusable loss.
        at: u32,
        /// The meta-step it went back to.
        restored: u32,
    },
    /// Validation ended the run, which went back to its best check.
    Ended(Ending),
    /// The GPU failed and the CPU goes on from the last checkpoint.
    GpuLost {
        /// For a report.
        report: String,
    },
    /// The visitor asked for a GPU and there is none.
    NoGpu,
    /// The compute program stopped.
    WorkerBroke {
        /// For a report.
        report: String,
    },
    /// The compute program could not be loaded.
    WorkerMissing {
        /// For a report.
        report: String,
    },
    /// A checkpoint could not be used, so the run begins at its seed.
    CheckpointRefused,
    /// The experiment is beyond what may run.
    Refused,
    /// The link runs on an imported dataset, and none is here.
    DatasetMissing,
    /// The imported dataset has too few characters for such tasks.
    DatasetUnfit,
    /// Files that do not take part in the comparison: the name of each, and why.
    Guests(Vec<(String, Refusal)>),
    /// A comparison could not begin, as the numbers in a file are not those of its network.
    GuestBroken {
        /// What the file is called.
        name: String,
        /// For a report.
        report: String,
    },
}

/// Notices of one kind replace each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// About the link.
    Link,
    /// About the run.
    Run,
    /// About the compute program or its device.
    Machine,
    /// About the visitor's dataset.
    Dataset,
    /// About the visitor's networks.
    Guests,
}

impl Notice {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Link(_) | Self::Heavy { .. } => Kind::Link,
            Self::DatasetMissing | Self::DatasetUnfit => Kind::Dataset,
            Self::Guests(_) | Self::GuestBroken { .. } => Kind::Guests,
            Self::Restarted { .. }
            | Self::Reset { .. }
            | Self::StartedOver
            | Self::Diverged { .. }
            | Self::Ended(_) => Kind::Run,
            Self::GpuLost { .. }
            | Self::NoGpu
            | Self::WorkerBroke { .. }
            | Self::WorkerMissing { .. }
            | Self::CheckpointRefused
            | Self::Refused => Kind::Machine,
        }
    }

    /// Whether what it tells took a run away that can be brought back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        matches!(self, Self::Restarted { .. } | Self::Reset { .. } | Self::StartedOver)
    }

    /// Whether the compute program has to be started again.
    #[must_use]
    pub fn can_restart(&self) -> bool {
        matches!(self, Self::WorkerBroke { .. } | Self::WorkerMissing { .. })
    }

    /// Whether it is bad news rather than news.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        !matches!(
            self,
            Self::Restarted { .. } | Self::Reset { .. } | Self::StartedOver | Self::Ended(_) | Self::Heavy { .. }
        )
    }

    /// What the underlying fault said, for a report.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::GpuLost { report }
            | Self::WorkerBroke { report }
            | Self::WorkerMissing { report }
            | Self::GuestBroken { report, .. } => Some(report),
            _ => None,
        }
    }
}

/// A report to paste into an issue: what broke, where, and the experiment behind it. In English for its readers.
#[must_use]
pub fn report(detail: &str, device: &str, browser: &str, experiment: &Experiment) -> String {
    let experiment = serde_json::to_string(experiment).unwrap_or_else(|error| error.to_string());
    let version = env!("CARGO_PKG_VERSION");
    format!("Kindling {version}\nBrowser: {browser}\nDevice: {device}\nExperiment: {experiment}\n\n{detail}\n")
}
