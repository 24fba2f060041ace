//! Node and the packages that run on it: wasm-opt, and the end-to-end tests' browser driver.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};

use crate::{
    command::{on_path, output_of, run},
    project::Project,
};

/// The oldest Node whose test runner and `fetch` the tests rely on.
const OLDEST_NODE: u32 = 20;

/// Node, or a sentence on how to get it.
pub fn node() -> Result<PathBuf> {
    let advice = || format!("install Node {OLDEST_NODE} or later, with npm");
    let node = on_path(&["node", "nodejs"]).with_context(|| format!("Node is missing; {}", advice()))?;
    let version = output_of(Command::new(&node).arg("--version"))?;
    let major: u32 = version.trim_start_matches('v').split('.').next().unwrap_or_default().parse().unwrap_or(0);
    ensure!(major >= OLDEST_NODE, "Node {version} is too old; {}", advice());
    Ok(node)
}

/// The packages that a build of the page needs, installed once into the cache.
pub struct WebTools {
    modules: PathBuf,
}

impl WebTools {
    /// Finds the packages, or installs them.
    pub fn prepare(project: &Project) -> Result<Self> {
        let manifest = project.root.join("xtask/web-tools");
        let home = project.cache.join("tools/web-tools");
        fs::create_dir_all(&home)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(manifest.join(file), home.join(file))
                .with_context(|| format!("xtask/web-tools/{file} is missing"))?;
        }
        install_packages(&home)?;
        Ok(Self { modules: home.join("node_modules") })
    }

    /// The folder to put on the path for others who look for `wasm-opt`.
    pub fn bin(&self) -> PathBuf {
        self.modules.join(".bin")
    }

    /// wasm-opt itself: it is JavaScript, so Node starts it, on every system alike.
    pub fn wasm_opt(&self) -> Result<Command> {
        let mut command = Command::new(node()?);
        command.arg(self.modules.join("binaryen/bin/wasm-opt"));
        Ok(command)
    }
}

/// Brings `node_modules` of a folder in line with its lock file; does nothing where it is already.
pub fn install_packages(folder: &Path) -> Result<()> {
    node()?;
    let wanted = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let npm = on_path(&["npm"]).context("npm is missing; install it beside Node")?;
    run(Command::new(npm).current_dir(folder).args([
        "ci",
        "--prefer-offline",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    Ok(fs::write(stamp, wanted)?)
}
