//! What a person may type to have something looked into.

use std::path::PathBuf;

use clap::{Args, ValueEnum, builder::TypedValueParser as _};

use super::{DeviceName, On, PlaneName, SplitName, Start};

#[derive(Args)]
pub(in crate::cli) struct Evaluate {
    /// A checkpoint.
    pub file: PathBuf,
    /// Number of tasks, at least 2.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub tasks: u32,
    /// Inner steps at which to report, each 0 to 100. Beside a published figure its own stand as well.
    #[arg(long, value_delimiter = ',', default_value = "0,1,5,10", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub steps: Vec<u32>,
    /// Seed of the evaluation's tasks; without it the experiment's own.
    #[arg(long)]
    pub seed: Option<u32>,
    /// Tasks to evaluate on: `test`, to report, `validation`, to choose by, or `train`, to see the difference.
    #[arg(long, value_enum, default_value_t)]
    pub split: SplitName,
    /// Evaluate on shifted tasks as well: where does it break? Other amplitudes, phases, shots, ways, alphabets and
    /// rotations, those that suit the experiment.
    #[arg(long)]
    pub shifted: bool,
    /// Change one property first, for example `learner.eval_lr=0.02` or `task.amplitude=5..8`; may be repeated.
    #[arg(long, value_name = "PROPERTY=VALUE")]
    pub set: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub on: On,
}

#[derive(Args)]
pub(in crate::cli) struct Trajectory {
    /// A checkpoint.
    pub file: PathBuf,
    /// Index of the task in the stream that the page shows; without it the experiment's own.
    #[arg(long)]
    pub task: Option<u32>,
    #[command(flatten)]
    pub on: On,
}

#[derive(Args)]
pub(in crate::cli) struct Diagnose {
    #[command(flatten)]
    pub start: Start,
    /// Only the meta-gradient beside central differences, in float64 on the CPU.
    #[arg(long)]
    pub gradient: bool,
    /// Only FOMAML's and Reptile's directions beside MAML's exact gradient.
    #[arg(long)]
    pub directions: bool,
    /// Only time and memory of first and second order.
    #[arg(long)]
    pub cost: bool,
    /// Meta-train first, and compare directions at every meta-step that is a multiple of this.
    #[arg(long, value_name = "N", requires = "meta_steps", value_parser = clap::value_parser!(u32).range(1..))]
    pub every: Option<u32>,
    /// Meta-train to so many meta-steps before diagnosing, counting those of the checkpoint; nothing is saved.
    #[arg(long, value_name = "N")]
    pub meta_steps: Option<u32>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub on: On,
}

#[derive(Args)]
pub(in crate::cli) struct Landscape {
    /// A checkpoint.
    pub file: PathBuf,
    /// Index of the task on show, whose loss is drawn; without it the experiment's own.
    #[arg(long)]
    pub task: Option<u32>,
    /// Other tasks whose paths are followed.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub tasks: u32,
    /// Which plane.
    #[arg(long, value_enum, default_value_t)]
    pub plane: PlaneName,
    /// Points in a row of the grid of losses: 9, 17, 33 or 65.
    #[arg(long, value_name = "N", default_value_t = 17)]
    pub grid: u32,
    /// Print JSON, with every loss.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub on: On,
}

#[derive(Args)]
pub(in crate::cli) struct Layers {
    #[command(flatten)]
    pub start: Start,
    /// Index of the task on show; without it the experiment's own.
    #[arg(long)]
    pub task: Option<u32>,
    /// Further tasks that the means are over.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub tasks: u32,
    /// Print what the convolutions make of this drawing of the task as well, the support set counted first from 0.
    #[arg(long, value_name = "N", requires = "json", conflicts_with = "csv")]
    pub drawing: Option<u32>,
    /// Print JSON.
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print CSV, a layer after an inner step a line; of a learner whose layers stay, an example a line.
    #[arg(long)]
    pub csv: bool,
    #[command(flatten)]
    pub on: On,
}

#[derive(Args)]
pub(in crate::cli) struct Anatomy {
    #[command(flatten)]
    pub start: Start,
    /// Index of the task in the stream that the page shows; without it the experiment's own.
    #[arg(long)]
    pub task: Option<u32>,
    /// Inner step to look into, from 1 on; without it that of the experiment's view, or the first.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub step: Option<u32>,
    /// Number to follow through everything, such as layer1.weight[3, 17]; without it the first of those that are followed.
    #[arg(long, value_name = "NAME")]
    pub weight: Option<String>,
    /// Print JSON, with every number.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub on: On,
}

#[derive(Args)]
pub(in crate::cli) struct Glyphs {
    /// Characters of a dataset instead of procedural ones.
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Which of them.
    #[arg(long, value_enum, default_value_t)]
    pub split: SplitName,
    /// Write a picture of some of them (PNG).
    #[arg(long, value_name = "FILE")]
    pub sheet: Option<PathBuf>,
    /// Characters on the sheet.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..=10_000).map(usize::from))]
    pub count: usize,
    /// Print the figures beside the sheet as well.
    #[arg(long)]
    pub figures: bool,
    /// How many times 1500, 800, 400 and 100 episodes to measure with.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub episodes: u64,
    /// Seed of the classes and drawers.
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
}

/// Widths of floating-point numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum NumberWidth {
    /// 32 bits.
    #[default]
    F32,
    /// 64 bits, on the CPU.
    F64,
}

#[derive(Args)]
pub(in crate::cli) struct Gradient {
    /// Gradient cases (JSON).
    #[arg(required_unless_present = "of", value_name = "CASE.json")]
    pub cases: Vec<PathBuf>,
    /// Print the meta-gradient of a checkpoint on its next meta-batch as JSON, in float64 on the CPU.
    #[arg(long, value_name = "CHECKPOINT", conflicts_with_all = ["cases", "device", "dtype", "tolerance"])]
    pub of: Option<PathBuf>,
    /// How many tasks of that meta-batch; without it all.
    #[arg(
        long,
        value_name = "N",
        requires = "of",
        conflicts_with = "cases",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub tasks: Option<u32>,
    /// Draw its characters from a dataset: an Omniglot zip, any zip or folder of class folders, or the packed form.
    #[arg(long, value_name = "FILE", requires = "of", conflicts_with = "cases")]
    pub data: Option<PathBuf>,
    /// Device to run on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceName,
    /// Precision to compute in.
    #[arg(long, value_enum, default_value_t)]
    pub dtype: NumberWidth,
    /// Largest relative error allowed; 1e-4 in f32 and 1e-9 in f64 if not given.
    #[arg(long)]
    pub tolerance: Option<f64>,
}
