//! The commands of this repository: `cargo xtask serve`, `dist`, `test`, and `workers` for Trunk's hook.

mod chromium;
mod command;
mod node;
mod page;
mod project;
mod server;
mod test;
mod tools;
mod workers;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::project::{Project, Speed};

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N] [--open] [--dev]   build the page and serve it; with --dev a quick build, again on every change
  dist                                write the static site to dist/
  test [--only PART]                  every check; a part is one of format, clippy, native, browser, dist, e2e
  workers [--dev] [--out DIR]         build the compute workers alone (Trunk calls this)

What is missing is installed once into $KINDLING_CACHE, or the user's cache folder.";

/// What was asked for.
enum Task {
    Help,
    Serve { port: u16, open: bool, speed: Speed },
    Dist,
    Test { only: Option<test::Part> },
    Workers { out: Option<PathBuf>, speed: Speed },
}

fn main() -> ExitCode {
    match read_arguments().and_then(carry_out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(task: Task) -> Result<()> {
    let project = Project::find()?;
    match task {
        Task::Help => println!("{HELP}"),
        Task::Serve { port, open, speed: Speed::Release } => page::serve(&project, port, open)?,
        Task::Serve { port, open, speed: Speed::Dev } => page::serve_while_editing(&project, port, open)?,
        Task::Dist => page::build(&project)?,
        Task::Test { only } => test::run_parts(&project, only)?,
        Task::Workers { out, speed } => workers::build(&project, out, speed)?,
    }
    Ok(())
}

fn read_arguments() -> Result<Task> {
    let mut parser = lexopt::Parser::from_env();
    let Some(first) = parser.next()? else { return Ok(Task::Help) };
    let mut task = match first {
        Value(name) => match name.string()?.as_str() {
            "serve" => Task::Serve { port: 8080, open: false, speed: Speed::Release },
            "dist" => Task::Dist,
            "test" => Task::Test { only: None },
            "workers" => Task::Workers { out: None, speed: Speed::Release },
            "help" => Task::Help,
            other => bail!("there is no command `{other}`\n\n{HELP}"),
        },
        Short('h') | Long("help") => Task::Help,
        other => bail!("{}\n\n{HELP}", other.unexpected()),
    };
    while let Some(argument) = parser.next()? {
        match (&mut task, argument) {
            (_, Short('h') | Long("help")) => return Ok(Task::Help),
            (Task::Serve { port, .. }, Short('p') | Long("port")) => *port = parser.value()?.parse()?,
            (Task::Serve { open, .. }, Long("open")) => *open = true,
            (Task::Serve { speed, .. } | Task::Workers { speed, .. }, Long("dev")) => *speed = Speed::Dev,
            (Task::Workers { out, .. }, Long("out")) => *out = Some(parser.value()?.into()),
            (Task::Test { only }, Long("only")) => *only = Some(parser.value()?.string()?.parse()?),
            (_, other) => bail!("{}\n\n{HELP}", other.unexpected()),
        }
    }
    Ok(task)
}
