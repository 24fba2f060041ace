//! The compute workers: one for the CPU alone, one that can use WebGPU as well.
//!
//! Each is built by cargo, bound to JavaScript by wasm-bindgen, made smaller by wasm-opt, and named after
//! its content, so that no cache between us and a visitor can pair an old half with a new one.
//! `workers.json` tells the page the names.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context as _, Result};

use crate::{
    command::run,
    node::WebTools,
    page::ERASED,
    project::{Project, Speed},
    tools::{TARGET, Tools},
};

/// What rustc emits for wasm today; wasm-opt refuses what it has not been told of.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// How many finished builds of each worker the cache keeps.
const KEPT: usize = 4;

/// How one worker is built.
struct Recipe {
    name: &'static str,
    features: &'static str,
    profile: &'static str,
    /// wasm-opt's level, or none for a quick build.
    level: Option<&'static str>,
}

/// One worker as the page finds it.
struct Built {
    folder: PathBuf,
    stem: String,
    bytes: u64,
}

/// Builds the workers into `out` (Trunk's staging folder when Trunk calls, else `dist`).
///
/// A quick build leaves the GPU worker out, which takes minutes, and gives its name to the CPU's.
pub fn build(project: &Project, out: Option<PathBuf>, speed: Speed) -> Result<()> {
    let trunk_is_quick = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "debug");
    let speed = if trunk_is_quick { Speed::Dev } else { speed };
    let out = out.or_else(|| env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from)).unwrap_or_else(|| project.dist());
    let tools = Tools::prepare(project)?;

    let (cpu, gpu) = match speed {
        Speed::Dev => {
            let recipe = Recipe { name: "cpu", features: "worker", profile: "web", level: None };
            (recipe.build(project, &tools)?, None)
        }
        Speed::Release => {
            let cpu = Recipe { name: "cpu", features: "worker", profile: "worker-cpu", level: Some("-O3") };
            // -Os takes four times as long, and what a host then compresses is larger.
            let gpu = Recipe { name: "gpu", features: "webgpu", profile: "web", level: Some("-O1") };
            (cpu.build(project, &tools)?, Some(gpu.build(project, &tools)?))
        }
    };

    copy_folder(&cpu.folder, &out)?;
    if let Some(gpu) = &gpu {
        copy_folder(&gpu.folder, &out)?;
    }
    let list = format!("{{\"cpu\":{},\"gpu\":{}}}\n", cpu.as_json(), gpu.as_ref().unwrap_or(&cpu).as_json());
    fs::write(out.join("workers.json"), list)?;

    println!("worker for the CPU: {} kB", cpu.bytes / 1000);
    match gpu {
        Some(gpu) => println!("worker for WebGPU: {} kB", gpu.bytes / 1000),
        None => println!("worker for WebGPU: left out of a quick build; the CPU's stands in for it"),
    }
    Ok(())
}

impl Recipe {
    /// Builds the worker, or finds it in the cache when its wasm has not changed.
    fn build(&self, project: &Project, tools: &Tools) -> Result<Built> {
        let Self { name, features, profile, level } = self;
        let mut cargo = project.cargo();
        // Trunk's hook inherits the page's flags.
        cargo.env_remove(ERASED.0);
        cargo.args(["build", "--locked", "--target", TARGET, "--profile", profile, "--bin", "worker"]).args([
            "--no-default-features",
            "--features",
            features,
        ]);
        if level.is_none() {
            cargo.env("CARGO_INCREMENTAL", "1");
        }
        run(&mut cargo)?;
        let wasm = project.target.join(TARGET).join(profile).join("worker.wasm");
        let bytes = fs::read(&wasm).with_context(|| format!("cargo left no {}", wasm.display()))?;

        let key = format!("{name}-{}", hash_of(&[&bytes, format!("{:?}{level:?}", tools.wasm_bindgen).as_bytes()]));
        let shelf = project.cache.join("workers");
        let folder = shelf.join(&key);
        if !folder.is_dir() {
            let bench = shelf.join(format!("{key}.{}", std::process::id()));
            self.finish(project, tools, &wasm, &bench)?;
            // Another run may have put the same build there meanwhile; either will do.
            if fs::rename(&bench, &folder).is_err() {
                fs::remove_dir_all(&bench)?;
            }
            forget_old(&shelf, name)?;
        }
        Built::read(folder)
    }

    /// wasm-bindgen, wasm-opt and the final names, in an empty folder.
    fn finish(&self, project: &Project, tools: &Tools, wasm: &Path, folder: &Path) -> Result<()> {
        let plain = format!("worker-{}", self.name);
        run(Command::new(tools.wasm_bindgen.join("wasm-bindgen"))
            .args(["--target", "web", "--no-typescript", "--out-name", &plain, "--out-dir"])
            .args([folder, wasm]))?;
        let bound = folder.join(format!("{plain}_bg.wasm"));
        if let Some(level) = self.level {
            println!("wasm-opt {level} on the worker for the {}", self.name);
            let optimised = folder.join("optimised.wasm");
            run(WebTools::prepare(project)?
                .wasm_opt()?
                .args([level, "--strip-debug", "--strip-producers"])
                .args(WASM_FEATURES)
                .arg(&bound)
                .arg("-o")
                .arg(&optimised))?;
            fs::rename(&optimised, &bound)?;
        }

        let module = folder.join(format!("{plain}.js"));
        let source = fs::read_to_string(&module)?;
        let stem = format!("{plain}-{}", hash_of(&[&fs::read(&bound)?, source.as_bytes()]));
        let source = source.replace(&format!("{plain}_bg.wasm"), &format!("{stem}_bg.wasm"));
        fs::write(folder.join(format!("{stem}.js")), source)?;
        fs::remove_file(module)?;
        Ok(fs::rename(bound, folder.join(format!("{stem}_bg.wasm")))?)
    }
}

impl Built {
    /// The worker in a folder of the cache.
    fn read(folder: PathBuf) -> Result<Self> {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if let Some(stem) = entry.file_name().to_string_lossy().strip_suffix("_bg.wasm") {
                let bytes = entry.metadata()?.len();
                return Ok(Self { stem: stem.to_owned(), bytes, folder });
            }
        }
        anyhow::bail!("{} holds no worker; delete it and try again", folder.display())
    }

    fn as_json(&self) -> String {
        let Self { stem, bytes, .. } = self;
        format!("{{\"module\":\"{stem}.js\",\"wasm\":\"{stem}_bg.wasm\",\"bytes\":{bytes}}}")
    }
}

/// Sixteen letters that stand for these contents.
fn hash_of(contents: &[&[u8]]) -> String {
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Copies a folder's files and folders into another.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Removes all but the newest builds of a worker from the cache.
fn forget_old(shelf: &Path, name: &str) -> Result<()> {
    let mut builds = Vec::new();
    for entry in fs::read_dir(shelf)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&format!("{name}-")) {
            builds.push((entry.metadata()?.modified().unwrap_or(SystemTime::UNIX_EPOCH), entry.path()));
        }
    }
    builds.sort();
    for (_, old) in builds.iter().rev().skip(KEPT) {
        fs::remove_dir_all(old)?;
    }
    Ok(())
}
