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

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{Error, ErrorKind, Write as _, stderr, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::Parser as _;
use indicatif::{ProgressBar, ProgressStyle};

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
        Command::Train(arguments) => train::train(&arguments).map(drop),
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
            tell(&format!("kindling: {error}"));
            ExitCode::from(error.status())
        }
    }
}

/// Prints a line; a reader that has gone away (`| head`) ends the program quietly.
fn say(line: &str) {
    match writeln!(stdout(), "{line}") {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            tell(&format!("kindling: the output cannot be written: {error}"));
            std::process::exit(2);
        }
    }
}

/// Tells whoever watches a line; where nobody can read it, the work goes on.
fn tell(line: &str) {
    let _ = writeln!(stderr(), "{line}");
}

/// Becomes true when a person presses Ctrl-C, which then no longer ends the program by itself.
fn listen() -> Result<Arc<AtomicBool>, CliError> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).map_err(CliError::request)?;
    Ok(stop)
}

/// How far an evaluation of so many tasks is.
fn tasks_bar(tasks: u64) -> ProgressBar {
    let bar = ProgressBar::new(tasks);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} tasks") {
        bar.set_style(style);
    }
    bar
}

/// A path as a shell reads it back: in quotes where it needs them.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c) || (cfg!(windows) && c == '\\');
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    if cfg!(windows) { format!("\"{text}\"") } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Writes a file, or prints it where none is named.
fn put(path: Option<&Path>, text: &str) -> Result<(), CliError> {
    match path {
        Some(path) => write_file(path, text.as_bytes()),
        None => {
            say(text.trim_end());
            Ok(())
        }
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|error| CliError::Request(format!("{} cannot be read: {error}", path.display())))
}

fn read_text(path: &Path) -> Result<String, CliError> {
    String::from_utf8(read_file(path)?).map_err(|_| CliError::Request(format!("{} is not text", path.display())))
}

/// Writes beside the target first, so that a full disk or a kill never leaves half a file in its place. Behind a link
/// that is the place that it leads to; what is no file (a device, a pipe) is written to as it stands.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let written = if streams(path) {
        OpenOptions::new().append(true).open(path).and_then(|mut stream| stream.write_all(bytes))
    } else {
        replace(path, bytes)
    };
    written.map_err(|error| cannot_write(path, &error))
}

/// Finds out whether a file could be written, and leaves what is there as it is.
fn check_writable(path: &Path) -> Result<(), CliError> {
    if streams(path) {
        return Ok(());
    }
    let tried = target(path).and_then(|target| {
        let (part, _) = part_of(&target)?;
        std::fs::remove_file(part)
    });
    tried.map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &Path, error: &Error) -> CliError {
    CliError::Request(format!("{} cannot be written: {error}", path.display()))
}

/// Whether a path leads to something that is read as it is written, which nothing may take the place of.
fn streams(path: &Path) -> bool {
    // A file that a shell has put behind one of these is the shell's to begin anew or to add to.
    let open = ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc"].iter().any(|open| path.starts_with(open));
    open || std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Links behind each other that are followed: as many as Linux does.
const MOST_LINKS: u32 = 40;

/// The file that a path leads to, which is another one where the path is a link.
fn target(path: &Path) -> Result<PathBuf, Error> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Ok(_) => std::fs::canonicalize(path),
        // Links to a file that is not there yet.
        Err(_) => {
            let mut end = path.to_owned();
            for _ in 0..MOST_LINKS {
                let Ok(next) = std::fs::read_link(&end) else { return Ok(end) };
                end = end.parent().map_or_else(|| next.clone(), |folder| folder.join(&next));
            }
            Err(Error::other("its links lead nowhere"))
        }
    }
}

/// Puts a file in the place of another one once it is whole.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let target = target(path)?;
    let (part, mut file) = part_of(&target)?;
    let written = file.write_all(bytes);
    drop(file);
    let done = written.and_then(|()| std::fs::rename(&part, target));
    if done.is_err() {
        // What went wrong before is what is told.
        let _ = std::fs::remove_file(part);
    }
    done
}

/// A new file beside `target`, under a name that no other program and no other run has taken.
fn part_of(target: &Path) -> Result<(PathBuf, File), Error> {
    let mut number = 0;
    loop {
        let mut name = target.file_name().map(OsStr::to_owned).unwrap_or_default();
        name.push(format!(".{}-{number}.part", std::process::id()));
        let part = target.with_file_name(name);
        match OpenOptions::new().write(true).create_new(true).open(&part) {
            // Left by a run that was killed and had the same number.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && number < 100 => number += 1,
            opened => return opened.map(|file| (part, file)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_where_a_shell_would_take_it_apart() {
        assert_eq!(quoted(Path::new("runs/a-1_b.safetensors")), "runs/a-1_b.safetensors");
        if cfg!(unix) {
            assert_eq!(quoted(Path::new("my runs/a.st")), "'my runs/a.st'");
            assert_eq!(quoted(Path::new("it's")), r"'it'\''s'");
            assert_eq!(quoted(Path::new("$HOME")), "'$HOME'");
        }
    }
}
