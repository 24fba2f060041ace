//! # cli: the command line
//!
//! `kindling` trains, evaluates and checks without a page. One file a command; each reads its arguments, calls
//! `engine` or `experiment`, and prints. Exit status: 0 when it did what was asked, 1 when a check failed or a run
//! diverged, 2 when the request itself cannot be carried out (a bad argument, a damaged file), 130 after Ctrl-C.

mod anatomy;
mod anatomy_text;
mod arguments;
mod beside;
mod compare;
mod dataset;
mod device;
mod diagnose;
mod evaluate;
mod figure;
mod glyphs;
mod gradient;
mod landscape;
mod layers;
mod links;
mod reproduce;
mod script;
mod search;
mod tensorboard;
mod train;

use std::process::ExitCode;

use clap::Parser as _;

use crate::engine::EngineError;
use arguments::{Arguments, Command};

/// Why a command did not do what was asked: the sentence for the person, and the exit status for the script.
#[derive(Debug, thiserror::Error)]
enum CliError {
    /// The request cannot be carried out.
    #[error("{0}")]
    Request(String),
    /// It was carried out and the answer is no.
    #[error("{0}")]
    Failed(String),
    /// A person stopped it; everything is saved.
    #[error("{0}")]
    Interrupted(String),
}

impl CliError {
    fn request(error: impl ToString) -> Self {
        Self::Request(error.to_string())
    }

    fn status(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Request(_) => 2,
            Self::Interrupted(_) => 130,
        }
    }
}

impl From<EngineError> for CliError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Diverged { .. } | EngineError::SelfTest(_) => Self::Failed(error.to_string()),
            error => Self::request(error),
        }
    }
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Presets(arguments) => links::presets(&arguments),
        Command::Link(arguments) => links::link(&arguments),
        Command::Open(arguments) => links::open(&arguments),
        Command::Train(arguments) => train::train(&arguments),
        Command::Evaluate(arguments) => evaluate::evaluate(&arguments),
        Command::Trajectory(arguments) => evaluate::trajectory(&arguments),
        Command::Reproduce(arguments) => reproduce::reproduce(&arguments),
        Command::Search(arguments) => search::search(&arguments),
        Command::Compare(arguments) => compare::compare(&arguments),
        Command::Glyphs(arguments) => glyphs::glyphs(&arguments),
        Command::Diagnose(arguments) => diagnose::diagnose(&arguments),
        Command::Landscape(arguments) => landscape::landscape(&arguments),
        Command::Layers(arguments) => layers::layers(&arguments),
        Command::Anatomy(arguments) => anatomy::anatomy(&arguments),
        Command::Figure(arguments) => figure::figure(&arguments),
        Command::Script(arguments) => script::script(&arguments),
        Command::Gradient(arguments) => gradient::gradient(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kindling: {error}");
            ExitCode::from(error.status())
        }
    }
}

/// Prints a line; a reader that has gone away (`| head`) ends the program quietly.
fn say(line: &str) {
    use std::io::Write as _;
    if writeln!(std::io::stdout(), "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Writes a file, or prints it where none is named.
fn put(path: Option<&std::path::Path>, text: &str) -> Result<(), CliError> {
    match path {
        Some(path) => write_file(path, text.as_bytes()),
        None => {
            say(text.trim_end());
            Ok(())
        }
    }
}

fn read_file(path: &std::path::Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|error| CliError::Request(format!("{} cannot be read: {error}", path.display())))
}

fn read_text(path: &std::path::Path) -> Result<String, CliError> {
    String::from_utf8(read_file(path)?).map_err(|_| CliError::Request(format!("{} is not text", path.display())))
}

/// Writes beside the target first, so that a full disk or a kill never leaves half a file in its place.
fn write_file(path: &std::path::Path, bytes: &[u8]) -> Result<(), CliError> {
    let cannot = |error| CliError::Request(format!("{} cannot be written: {error}", path.display()));
    let mut name = path.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    name.push(".part");
    let part = path.with_file_name(name);
    std::fs::write(&part, bytes).map_err(cannot)?;
    std::fs::rename(&part, path).map_err(cannot)
}
