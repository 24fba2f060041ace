//! What names a task distribution.

use serde::{Deserialize, Serialize};

/// A task distribution: which functions or characters, seen through how many examples.
///
/// Every range is uniform. A family reads what its formula names and ignores the rest, so that
/// switching families back and forth loses nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskSpec {
    /// The formula of a task's function, or characters.
    pub family: Family,
    /// Support points per task (K), 1 to 100; of characters support drawings per class, 1 to 20.
    pub shots: u32,
    /// Query points per task, 1 to 100; of characters query drawings per class, 1 to 20.
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
    /// Classes per task of characters (N), 2 to 20.
    pub ways: u32,
    /// Where characters come from.
    pub source: Source,
    /// Whether a character turned by 90, 180 or 270° is a class of its own.
    pub rotations: Switch,
    /// Whether all classes of a task are of one alphabet, which is harder.
    pub within_alphabet: Switch,
    /// Support drawings per class in meta-training, 1 to 20; 0 means `shots`. Reptile trains with more.
    pub train_shots: u32,
    /// Classes per task in meta-training, 2 to 60; 0 means `ways`. Prototypical networks train with more.
    pub train_ways: u32,
    /// Probability that the label of a support drawing in meta-training is replaced by another class of the task, 0 to
    /// 1. The points of functions have `noise`, in every task.
    pub label_noise: f64,
    /// How far each drawing of meta-training is turned, sheared, stretched and moved at random, 0 (not at all) to 1 (by
    /// up to 15°, a fifth, a fifth and 3 pixels).
    pub augmentation: f64,
    /// Probability that a pixel of a drawing of meta-training is inverted, 0 to 0.5.
    pub pixel_noise: f64,
}

/// The families of tasks.
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
    /// N-way K-shot classification of hand-drawn characters (Lake et al. 2015; Vinyals et al. 2016).
    Characters,
    /// f(θ) = ‖Wθ − y‖² in ten dimensions, to be minimised (Andrychowicz et al. 2016, §3.1).
    Quadratic,
}

impl Family {
    /// Whether its tasks are classifications.
    #[must_use]
    pub fn classifies(self) -> bool {
        self == Self::Characters
    }

    /// Whether its tasks are functions of one input, seen through points.
    #[must_use]
    pub fn has_points(self) -> bool {
        !matches!(self, Self::Characters | Self::Quadratic)
    }
}

/// Where characters come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Made on the spot, without end.
    Procedural,
    /// A file of the visitor's, such as Omniglot.
    Imported,
}

/// On or off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Off.
    #[default]
    Off,
    /// On.
    On,
}

impl Switch {
    /// Whether it is on.
    #[must_use]
    pub fn is_on(self) -> bool {
        self == Self::On
    }
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
