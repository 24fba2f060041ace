//! What is learned from, what is chosen by and what is reported.

use serde::{Deserialize, Serialize};

/// What meta-training, validation and test draw their classes from; disjoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Meta-training.
    Train,
    /// Choosing between networks, never reported.
    Validation,
    /// What is reported, never chosen by.
    Test,
}
