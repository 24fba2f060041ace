//! Every check, in parts that share what they compile: each part runs even when another has failed.

use std::{
    env, fs,
    process::Command,
    str::FromStr,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};

use crate::{
    chromium::Chromium,
    command::{path_with, run},
    node, page,
    project::Project,
    tools::{TARGET, Tools, add_target},
};

/// One kind of check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The sources are formatted.
    Format,
    /// clippy has nothing to say, natively and for wasm.
    Clippy,
    /// Tests on this machine.
    Native,
    /// Tests of the library inside Chromium.
    Browser,
    /// The static site builds.
    Dist,
    /// A visit to the static site, in Chromium.
    EndToEnd,
}

impl Part {
    const ALL: [Self; 6] = [Self::Format, Self::Clippy, Self::Native, Self::Browser, Self::Dist, Self::EndToEnd];

    fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Clippy => "clippy",
            Self::Native => "native",
            Self::Browser => "browser",
            Self::Dist => "dist",
            Self::EndToEnd => "e2e",
        }
    }

    fn run(self, project: &Project) -> Result<()> {
        match self {
            Self::Format => run(project.cargo().args(["fmt", "--all", "--check"])),
            Self::Clippy => clippy(project),
            Self::Native => native(project),
            Self::Browser => browser(project),
            Self::Dist => page::build(project),
            Self::EndToEnd => end_to_end(project),
        }
    }
}

impl FromStr for Part {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        let names = Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|part| part.name() == name);
        found.ok_or_else(|| anyhow::anyhow!("there is no part `{name}`; the parts are {names}"))
    }
}

/// Runs every part, or one, and fails when any has.
pub fn run_parts(project: &Project, only: Option<Part>) -> Result<()> {
    let parts = match only {
        // A visit to an older site would find faults that are no more, or miss new ones.
        Some(Part::EndToEnd) => vec![Part::Dist, Part::EndToEnd],
        Some(part) => vec![part],
        None => Part::ALL.to_vec(),
    };
    let mut lines = Vec::new();
    let mut failed = 0;
    for part in parts {
        println!("\n== {} ==", part.name());
        let start = Instant::now();
        let outcome = part.run(project);
        if let Err(error) = &outcome {
            failed += 1;
            eprintln!("{}: {error:#}", part.name());
        }
        let verdict = if outcome.is_ok() { "passed" } else { "FAILED" };
        lines.push(format!("{:<8} {verdict} in {}", part.name(), minutes(start.elapsed())));
    }
    println!("\n{}\nparts: {} passed, {failed} failed", lines.join("\n"), lines.len() - failed);
    ensure!(failed == 0, "not everything passed");
    Ok(())
}

fn clippy(project: &Project) -> Result<()> {
    add_target(project)?;
    // Each in the profile it ships in, which has compiled the same macros for it.
    let wasm = ["--target", TARGET, "--no-default-features", "--lib"];
    let of_page = [&wasm[..], &["--profile", "page", "--features", "app", "--bin", "app"]].concat();
    let of_cpu_worker = [&wasm[..], &["--profile", "worker-cpu", "--features", "worker", "--bin", "worker"]].concat();
    let of_gpu_worker =
        [&wasm[..], &["--profile", "web", "--features", "webgpu", "--bin", "worker", "--test", "browser"]].concat();
    let checks: [&[&str]; 5] = [
        &["--workspace", "--all-targets"],
        &["--no-default-features", "--lib"],
        &of_page,
        &of_cpu_worker,
        &of_gpu_worker,
    ];
    let outcomes = checks.map(|check| {
        println!("clippy {}", check.join(" "));
        run(project.cargo().args(["clippy", "--quiet", "--locked"]).args(check).args(["--", "-D", "warnings"]))
    });
    // Each has its say before the first that failed is returned.
    outcomes.into_iter().collect()
}

fn native(project: &Project) -> Result<()> {
    run(project.cargo().args(["test", "--locked", "--workspace"]))?;
    // The rooms without burn have to stand without it.
    run(project.cargo().args(["test", "--locked", "--no-default-features", "--lib"]))
}

fn browser(project: &Project) -> Result<()> {
    let chromium = Chromium::prepare()?;
    let tools = Tools::prepare(project)?;
    // The GPU worker's profile and features, so that its dependencies are compiled once for both.
    run(project
        .cargo()
        .args(["test", "--locked", "--target", TARGET, "--profile", "web"])
        .args(["--no-default-features", "--features", "webgpu", "--test", "browser"])
        .env("PATH", path_with(&[tools.wasm_bindgen])?)
        .env("CHROMEDRIVER", chromium.driver)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "600"))
}

fn end_to_end(project: &Project) -> Result<()> {
    let chromium = Chromium::prepare()?;
    let tests = project.root.join("tests/e2e");
    node::install_packages(&tests)?;
    // Links for the tests to visit are written by the command line, as built for the native tests: on its own it
    // would want its dependencies without the features that tests add, and burn compiled once more.
    run(project.cargo().args(["test", "--locked", "--quiet", "--workspace", "--test", "command_line", "--no-run"]))?;
    let command_line = project.target.join("debug").join(format!("kindling{}", env::consts::EXE_SUFFIX));

    let mut files = Vec::new();
    for entry in fs::read_dir(&tests)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("tests/e2e holds no tests");
    }
    files.sort();
    run(Command::new(node::node()?)
        .current_dir(&tests)
        // One browser at a time: two would time each other out on a small machine.
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(files)
        .env("KINDLING_CHROMIUM", chromium.browser)
        .env("KINDLING_COMMAND_LINE", command_line)
        .env("KINDLING_DIST", project.dist()))
}

fn minutes(time: Duration) -> String {
    format!("{} min {:02} s", time.as_secs() / 60, time.as_secs() % 60)
}
