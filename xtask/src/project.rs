//! Where things are: the repository, and the cache that outlives a clone of it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

/// How a build weighs its own time against the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// As shipped.
    Release,
    /// As soon as possible.
    Dev,
}

/// The folders that every command works in.
pub struct Project {
    /// The repository.
    pub root: PathBuf,
    /// Tools that are built once, and what they make.
    pub cache: PathBuf,
    /// Cargo's target folder, shared by all clones unless `CARGO_TARGET_DIR` says otherwise.
    pub target: PathBuf,
}

impl Project {
    /// The repository that cargo runs this program in, wherever in it the command is given: not the one it was built
    /// from, as clones that share a target folder may share the program.
    pub fn find() -> Result<Self> {
        let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&package)
            .parent()
            .context("xtask has left its repository; run `cargo xtask` inside it")?
            .to_path_buf();
        let cache = cache_folder()?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| cache.join("target"), PathBuf::from);
        let target = env::current_dir()?.join(target);
        fs::create_dir_all(&cache).with_context(|| {
            format!("the cache folder {} cannot be made; set KINDLING_CACHE to one that can", cache.display())
        })?;
        Ok(Self { root, cache, target })
    }

    /// Where the static site goes.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Cargo in the repository, with the shared target folder.
    pub fn cargo(&self) -> Command {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        cargo
    }
}

/// The user's cache folder, by each platform's custom.
fn cache_folder() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("KINDLING_CACHE").filter(|folder| !folder.is_empty()) {
        return Ok(env::current_dir()?.join(folder));
    }
    let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let caches = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))
    };
    let caches = caches.context("no home folder is known; set KINDLING_CACHE to a folder for tools")?;
    Ok(caches.join("kindling"))
}
