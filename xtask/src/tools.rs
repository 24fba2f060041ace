//! The Rust tools of the page: the wasm target, Trunk, and wasm-bindgen of the version in Cargo.lock.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    command::{on_path, output_of, run},
    project::Project,
};

/// The version whose hooks, `offline` and `public_url` this repository was written against.
const TRUNK: &str = "0.21.14";

/// The wasm target every program of the page is built for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The folders that hold Trunk and wasm-bindgen, after installing what is missing.
pub struct Tools {
    /// Folder of `trunk`.
    pub trunk: PathBuf,
    /// Folder of `wasm-bindgen` and `wasm-bindgen-test-runner`.
    pub wasm_bindgen: PathBuf,
}

impl Tools {
    /// Finds the tools, or installs them.
    pub fn prepare(project: &Project) -> Result<Self> {
        add_target(project)?;
        let version = locked_version(project, "wasm-bindgen")?;
        Ok(Self {
            trunk: installed(project, "trunk", "trunk", TRUNK, true)?,
            // Its own lock file is older than the library that the version has to match.
            wasm_bindgen: installed(project, "wasm-bindgen-cli", "wasm-bindgen", &version, false)?,
        })
    }
}

/// Adds the wasm target to the toolchain where it is missing.
pub fn add_target(project: &Project) -> Result<()> {
    let rustc = |arguments: &[&str]| {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        output_of(std::process::Command::new(rustc).current_dir(&project.root).args(arguments))
    };
    let library = rustc(&["--print", "target-libdir", "--target", TARGET])?;
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    let rustup = on_path(&["rustup"]).with_context(|| {
        format!("the Rust target {TARGET} is missing and so is rustup; install Rust with rustup, or add the target by your system's own means")
    })?;
    run(std::process::Command::new(rustup).current_dir(&project.root).args(["target", "add", TARGET]))
}

/// The version of a package in Cargo.lock.
fn locked_version(project: &Project, package: &str) -> Result<String> {
    let lock = fs::read_to_string(project.root.join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    let name = format!("name = \"{package}\"");
    lock.lines()
        .skip_while(|line| *line != name)
        .nth(1)
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .with_context(|| format!("Cargo.lock does not name a version of {package}"))
}

/// The folder of a tool of exactly this version, built once into the cache.
fn installed(project: &Project, package: &str, program: &str, version: &str, locked: bool) -> Result<PathBuf> {
    let home = project.cache.join("tools").join(format!("{package}-{version}"));
    let bin = home.join("bin");
    let file = bin.join(format!("{program}{}", env::consts::EXE_SUFFIX));
    if file.is_file() {
        return Ok(bin);
    }
    println!("Installing {package} {version} (once; some minutes)");
    let mut cargo = project.cargo();
    cargo
        .args(["install", package, "--version", &format!("={version}"), "--root"])
        .arg(&home)
        // Their own profiles optimise for minutes what then runs for a second.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "false")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env_remove("CARGO_TARGET_DIR");
    if locked {
        cargo.arg("--locked");
    }
    run(&mut cargo)?;
    ensure!(file.is_file(), "{package} was installed, but {} is not there", file.display());
    Ok(bin)
}
