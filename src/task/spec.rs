//! What names a task distribution.

use serde::{Deserialize, Serialize};

/// A task distribution: which functions, over which ranges, seen through how many points.
///
/// Every range is uniform. A family reads the ranges its formula names and ignores the others, so that
/// switching families back and forth loses nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskSpec {
    /// The formula of a task's function.
    pub family: Family,
    /// Support points per task (K), 1 to 100.
    pub shots: u32,
    /// Query points per task, 1 to 100.
    pub queries: u32,
    /// Standard deviation of Gaussian noise added to support targets (never to query targets), 0 to 5.
    pub noise: f64,
    /// Where inputs lie, within [−20, 20].
    pub x: Range,
    /// Amplitude of a sine, or height of a step, within [0, 20].
    pub amplitude: Range,
    /// Phase in radians, within [−10, 10].
    pub phase: Range,
    /// Angular frequency in radians per unit of x, within [0.05, 10].
    pub frequency: Range,
    /// Slope of a line, within [−20, 20].
    pub slope: Range,
    /// Value of a line at x = 0, or the lower level of a step, within [−20, 20].
    pub intercept: Range,
    /// Where a step function jumps, within [−20, 20].
    pub threshold: Range,
}

/// The families of functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// y = A sin(ωx − φ); with ω = 1 this is the distribution of Finn et al. 2017, §5.1.
    Sinusoid,
    /// y = A₁ sin(ωx − φ₁) + A₂ sin(2ωx − φ₂).
    Harmonic,
    /// Half of the tasks are sinusoids, half are lines y = ax + b.
    SineOrLine,
    /// y = b below a threshold and b + A above it.
    Step,
}

/// A closed interval; `low <= high`, and equal ends name a single value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Range {
    /// The interval from `low` to `high`.
    #[must_use]
    pub const fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// Whether the interval is one value.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.low == self.high
    }
}
