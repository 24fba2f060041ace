//! Which part of a dataset a task is drawn from.

use serde::{Deserialize, Serialize};

/// A part of a dataset, disjoint from the others wherever the dataset is large enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// What meta-training draws from.
    Train,
    /// What progress is measured on while training.
    Validation,
    /// What nothing but the final evaluation draws from.
    Test,
}
