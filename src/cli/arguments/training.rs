//! What a person may type to have something trained.

use std::path::PathBuf;

use clap::Args;

use super::{DeviceName, On, Source};

#[derive(Args)]
pub(in crate::cli) struct Train {
    #[command(flatten)]
    pub source: Source,
    /// Go on from a checkpoint; `--set` may change what needs no restart.
    #[arg(long, value_name = "FILE", conflicts_with = "source")]
    pub resume: Option<PathBuf>,
    /// Stop after so many minutes, saved, as Ctrl-C would.
    #[arg(long, value_name = "N", value_parser = minutes)]
    pub minutes: Option<f64>,
    /// Meta-steps in all, counting those of the checkpoint; sets budget.meta_steps.
    #[arg(long, value_name = "N")]
    pub meta_steps: Option<u32>,
    /// Where to save the checkpoint (safetensors).
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Save the meta-parameters without the optimiser's memory: a third of the bytes, but not for going on exactly.
    #[arg(long)]
    pub weights_only: bool,
    /// Write the figures of every meta-step as CSV: meta_step, before, after, accuracy_before, accuracy_after. With
    /// --resume, after those that the file has.
    #[arg(long, value_name = "FILE")]
    pub curve: Option<PathBuf>,
    /// Write the figures of every meta-step, and the experiment as text, as a TensorBoard event file into this folder.
    #[arg(long, value_name = "DIR")]
    pub tensorboard: Option<PathBuf>,
    #[command(flatten)]
    pub on: On,
}

#[derive(Args)]
pub(in crate::cli) struct Reproduce {
    /// The protocol, which is a preset's name.
    pub name: Option<String>,
    /// List the protocols, with the published figure and the time each needs.
    #[arg(long)]
    pub list: bool,
    /// Folder for the report (NAME.md and NAME.json), the checkpoint and the curve.
    #[arg(long, value_name = "FOLDER", default_value = "reproductions")]
    pub out: PathBuf,
    /// Draw characters from a dataset, such as Omniglot's images_background.zip.
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Train for at most so many minutes; the report says so.
    #[arg(long, value_name = "N", value_parser = minutes)]
    pub minutes: Option<f64>,
    /// Train for so many meta-steps instead of the protocol's; the report says so.
    #[arg(long, value_name = "N")]
    pub meta_steps: Option<u32>,
    /// Change one property of the protocol; the report says so. May be repeated.
    #[arg(long, value_name = "PROPERTY=VALUE")]
    pub set: Vec<String>,
    /// Device to run on.
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceName,
}

#[derive(Args)]
pub(in crate::cli) struct Search {
    #[command(flatten)]
    pub source: Source,
    /// About how long to search; 3 minutes if neither this nor --meta-steps is given.
    #[arg(long, value_name = "N", value_parser = minutes)]
    pub minutes: Option<f64>,
    /// Meta-steps of all candidates together, instead of a time: the same search on every machine.
    #[arg(long, value_name = "N", conflicts_with = "minutes", value_parser = clap::value_parser!(u32).range(1..))]
    pub meta_steps: Option<u32>,
    /// Candidates to begin with; without it as many of 27, 9 and 3 as the budget has time for.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=243))]
    pub candidates: Option<u32>,
    /// Seed of the candidates; without it the experiment's own.
    #[arg(long)]
    pub seed: Option<u32>,
    /// Write the best experiment found, for `--experiment` of other commands.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub on: On,
}

/// About two years: longer than anyone waits, and short enough for every clock.
const LONGEST: f64 = 1e6;

/// A time that something can be done in.
fn minutes(text: &str) -> Result<f64, String> {
    let minutes = text.parse().ok().filter(|minutes: &f64| *minutes > 0.0 && *minutes <= LONGEST);
    minutes.ok_or_else(|| format!("a number of minutes above 0 and up to {LONGEST}, for example 2.5"))
}
