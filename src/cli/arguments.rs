//! What a person may type.

mod measuring;
mod training;

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser as _},
};

use super::CliError;
use crate::experiment::{Choice, Experiment, Stage, decode, preset};

pub(super) use measuring::{Anatomy, Diagnose, Evaluate, Glyphs, Gradient, Landscape, Layers, NumberWidth, Trajectory};
pub(super) use training::{Reproduce, Search, Train};

/// Meta-learning without a page: train, evaluate and check what Kindling's page shows.
#[derive(Parser)]
#[command(name = "kindling", version, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// List the presets.
    Presets(Presets),
    /// Print the share link of an experiment.
    Link(LinkArguments),
    /// Print the experiment of a share link as JSON.
    Open(Open),
    /// Meta-train, and save a checkpoint.
    Train(Train),
    /// Evaluate a checkpoint: mean loss and 95 % interval over tasks never trained on.
    Evaluate(Evaluate),
    /// Adapt a checkpoint to one task and print every inner step as JSON.
    Trajectory(Trajectory),
    /// Train and evaluate under a published protocol, and write a report beside the published figure.
    Reproduce(Reproduce),
    /// Search the inner rate, the inner steps and the outer rate by successive halving, on validation tasks.
    Search(Search),
    /// Put checkpoints, and learners that are trained for it, side by side on the same tasks: which adapts in how many steps?
    Compare(Compare),
    /// Measure how hard characters are for pixels alone, or draw a sheet of them.
    Glyphs(Glyphs),
    /// Check the meta-gradient by finite differences, compare first-order directions with it, and measure what orders cost.
    Diagnose(Diagnose),
    /// See where tasks' weights go from the start in a plane, and the loss of one task around them.
    Landscape(Landscape),
    /// See what adaptation changes layer by layer: weights, gradients, and how alike what a layer makes stays.
    Layers(Layers),
    /// Walk through one inner step and one meta-step on one task: every number between the start and the next one.
    #[command(visible_alias = "walk")]
    Anatomy(Anatomy),
    /// Write a figure of the page as SVG.
    Figure(Figure),
    /// Write an experiment as a Python program in JAX that computes the same meta-gradient.
    Script(Script),
    /// Run gradient cases: compare exact meta-gradients with what the files expect. Or print a checkpoint's meta-gradient.
    Gradient(Gradient),
}

#[derive(Args)]
pub(super) struct Presets {
    /// Print a JSON array of names.
    #[arg(long)]
    pub json: bool,
}

/// Where an experiment comes from, and what to change in it.
#[derive(Args)]
pub(super) struct Source {
    /// Start from a preset (see `kindling presets`).
    #[arg(long, value_name = "NAME", group = "source")]
    pub preset: Option<String>,
    /// Start from an experiment's JSON file (as `kindling open` prints it).
    #[arg(long, value_name = "FILE", group = "source")]
    pub experiment: Option<PathBuf>,
    /// Start from a share link.
    #[arg(long, value_name = "LINK", group = "source")]
    pub link: Option<String>,
    /// Change one property, for example `learner.inner_steps=5` or `task.amplitude=0.1..5`; may be repeated.
    #[arg(long, value_name = "PROPERTY=VALUE")]
    pub set: Vec<String>,
}

impl Source {
    /// The experiment, or none if nothing names one.
    pub(super) fn experiment(&self) -> Result<Option<Experiment>, CliError> {
        let start = match (&self.preset, &self.experiment, &self.link) {
            (Some(name), ..) => preset(name).map_err(CliError::request)?.experiment(),
            (_, Some(path), _) => Experiment::from_json(&super::read_text(path)?)
                .map_err(|error| CliError::Request(format!("{}: {error}", path.display())))?,
            (.., Some(link)) => decode(link).map_err(CliError::request)?,
            _ => return Ok(None),
        };
        self.applied_to(start).map(Some)
    }

    /// `experiment` with every `--set` applied.
    pub(super) fn applied_to(&self, mut experiment: Experiment) -> Result<Experiment, CliError> {
        for change in &self.set {
            let (path, value) = change.split_once('=').ok_or_else(|| {
                CliError::Request(format!(
                    "--set takes PROPERTY=VALUE, for example learner.inner_steps=5, not {change:?}"
                ))
            })?;
            experiment.set(path.trim(), value.trim()).map_err(CliError::request)?;
        }
        experiment.check().map_err(CliError::request)?;
        Ok(experiment)
    }
}

/// What a command begins with.
#[derive(Args)]
pub(super) struct Start {
    /// A checkpoint; without it the experiment's random start.
    #[arg(value_name = "FILE", conflicts_with = "source")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub source: Source,
}

#[derive(Args)]
pub(super) struct LinkArguments {
    /// An experiment's JSON file or a checkpoint.
    #[arg(value_name = "FILE", conflicts_with_all = ["preset", "experiment", "link"])]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub source: Source,
}

#[derive(Args)]
pub(super) struct Open {
    /// A share link, or the part of it from `#v1.` on.
    pub link: String,
}

/// Devices a command may run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum DeviceName {
    /// burn-flex, SIMD.
    #[default]
    Cpu,
    /// Vulkan, Metal or DX12 (a build with `--features gpu`).
    Gpu,
    /// CUDA (a build with `--features cuda`).
    Cuda,
}

/// What a command runs on.
#[derive(Args)]
pub(super) struct On {
    /// Draw characters from a dataset: an Omniglot zip, any zip or folder of class folders, or the packed form.
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Device to run on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceName,
}

/// What may be evaluated on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum SplitName {
    /// Never trained on, never chosen by.
    #[default]
    Test,
    /// Never trained on.
    Validation,
    /// Trained on.
    Train,
}

impl SplitName {
    /// As it is typed.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Validation => "validation",
            Self::Train => "train",
        }
    }
}

#[derive(Args)]
pub(super) struct Compare {
    /// Checkpoints, each of which takes part as it stands: its own weights, learner and rates, on the tasks of the first, or
    /// of --preset, --experiment or --link. They are called what their files are called; one alone on its own tasks is
    /// `own`. Beside them, --set changes what all are judged under (task.…, seed, view.…, learner.eval_steps), and of the rest
    /// what --learners train with.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub source: Source,
    /// Learners to train, separated by commas: two to six contestants, checkpoints counted.
    #[arg(long, value_delimiter = ',', requires = "meta_steps", value_name = "NAMES")]
    pub learners: Vec<String>,
    /// Meta-steps of every learner.
    #[arg(long, requires = "learners", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub meta_steps: Option<u32>,
    /// Test tasks, at least 2.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub tasks: u32,
    /// Draw characters from a dataset: an Omniglot zip, any zip or folder of class folders, or the packed form.
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Device to run on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceName,
}

/// Planes through the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum PlaneName {
    /// The two principal axes of all tasks' steps.
    #[default]
    Pca,
    /// Two random directions, normalised filter by filter.
    Random,
}

/// Figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FigureName {
    /// How the network adapts to a task.
    Adaptation,
    /// Losses and gradient norm at every inner step of it.
    Steps,
    /// The learner beside gradient descent and Adam, from the same start.
    Race,
    /// The curve of meta-training.
    Loss,
    /// The curves of several runs.
    Runs,
    /// Mean and interval over many tasks.
    Evaluate,
    /// Learners on the same test tasks.
    Compare,
    /// Their meta-training.
    Curves,
    /// What each of them makes of the task on show.
    Multiples,
    /// Where tasks' weights go from the start.
    Paths,
    /// The loss of a task around the start.
    Surface,
    /// First-order directions beside MAML's gradient.
    Directions,
    /// Time of first and second order.
    Costs,
    /// Settings that a search has tried.
    Search,
    /// What adaptation changes, layer by layer.
    Layers,
    /// Where features put the task's examples.
    Embedding,
    /// How alike each query and what it is compared with are found: attention, one class, relation.
    Likeness,
    /// Filters of the first layer.
    Filters,
    /// The same with the feature maps of a drawing.
    Maps,
    /// One stage of a step taken apart.
    Anatomy,
}

/// A value by its name.
fn named<C: Choice + Send + Sync>() -> impl clap::builder::TypedValueParser<Value = C> {
    PossibleValuesParser::new(C::NAMES).try_map(|name| {
        let value = C::ALL.iter().copied().find(|value| value.name() == name);
        value.ok_or_else(|| format!("there is no {name}"))
    })
}

/// Looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ThemeName {
    /// Ink on paper.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// Languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LanguageName {
    /// English.
    #[default]
    En,
    /// 中文.
    Zh,
}

#[derive(Args)]
pub(super) struct Figure {
    /// Which figure.
    #[arg(value_enum, required_unless_present = "list")]
    pub name: Option<FigureName>,
    /// A checkpoint, for figures that are computed here.
    #[arg(conflicts_with = "from")]
    pub file: Option<PathBuf>,
    /// Further checkpoints, which `compare` puts beside the first on its tasks.
    #[arg(value_name = "FILE")]
    pub more: Vec<PathBuf>,
    /// List the figures, and what each is made of.
    #[arg(long)]
    pub list: bool,
    /// Draw numbers that another command has written, instead of computing them: what `--json` prints of `evaluate`,
    /// `compare`, `landscape`, `diagnose`, `search`, `layers` and `anatomy`, the CSV of `train --curve`; for `runs`, several.
    #[arg(long, value_name = "FILE")]
    pub from: Vec<PathBuf>,
    /// Where to write the SVG; without it, to the output.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Its look.
    #[arg(long, value_enum, default_value_t)]
    pub theme: ThemeName,
    /// Its language.
    #[arg(long, value_enum, default_value_t)]
    pub lang: LanguageName,
    /// Width of the plot in pixels.
    #[arg(long, value_name = "N", default_value_t = 640, value_parser = clap::value_parser!(u32).range(240..=4000))]
    pub width: u32,
    /// Index of the task on show; without it the experiment's own.
    #[arg(long, conflicts_with = "from")]
    pub task: Option<u32>,
    /// The inner step on show; without it the last, in `compare` and `layers` none, in `anatomy` the first.
    #[arg(long)]
    pub step: Option<u32>,
    /// Test tasks of `evaluate` and `compare`; without it 100.
    #[arg(long, conflicts_with = "from", value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub tasks: Option<u32>,
    /// Learners of `compare` and `curves`, beside the checkpoints; without any, `scratch` beside a single one.
    #[arg(long, value_delimiter = ',', value_name = "NAMES", conflicts_with = "from")]
    pub learners: Vec<String>,
    /// Meta-steps of each of them; without it 1000.
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "from",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000)
    )]
    pub meta_steps: Option<u32>,
    /// Plane of `paths` and `surface`; without it `pca`.
    #[arg(long, value_enum, conflicts_with = "from")]
    pub plane: Option<PlaneName>,
    /// The loss on the query set in `surface`, instead of on the support set.
    #[arg(long)]
    pub query: bool,
    /// A logarithmic axis of losses in `loss` and `runs`.
    #[arg(long)]
    pub log: bool,
    /// The task on show in `layers`, instead of means over further tasks.
    #[arg(long)]
    pub own: bool,
    /// Drawing of `maps`, the support set counted first from 0.
    #[arg(long, value_name = "N")]
    pub drawing: Option<u32>,
    /// Stage of `anatomy`; without it the first.
    #[arg(long, value_name = "NAME", value_parser = named::<Stage>())]
    pub stage: Option<Stage>,
    /// Number that the stage `nudge` of `anatomy` tells of, such as layer1.weight[3, 17]; without it the first that is
    /// nudged.
    #[arg(long, value_name = "NAME")]
    pub weight: Option<String>,
    /// Draw characters from a dataset.
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    pub data: Option<PathBuf>,
    /// Device to run on.
    #[arg(long, value_enum, default_value_t, conflicts_with = "from")]
    pub device: DeviceName,
}

#[derive(Args)]
pub(super) struct Script {
    /// A checkpoint: the program loads it, and has the meta-batch that training would take next.
    #[arg(value_name = "FILE", conflicts_with = "source")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub source: Source,
    /// Where to write the program; without it, to the output.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
