//! The two compute programs, and which of them a machine can use.

use serde::Deserialize;

use crate::protocol::{DevicePolicy, DeviceReason};

/// Which of the two programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// For the CPU alone, without wgpu.
    Cpu,
    /// With WebGPU, and with the CPU beside it.
    Gpu,
}

/// Where one program lies, relative to the page.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Program {
    /// The JavaScript module that binds the wasm.
    pub module: String,
    /// The wasm.
    pub wasm: String,
    /// Size of the wasm, for the progress bar.
    pub bytes: u64,
}

/// `workers.json`, which the build writes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Programs {
    /// [`Build::Cpu`].
    pub cpu: Program,
    /// [`Build::Gpu`].
    pub gpu: Program,
}

impl Programs {
    /// The program of a build.
    #[must_use]
    pub fn of(&self, build: Build) -> &Program {
        match build {
            Build::Cpu => &self.cpu,
            Build::Gpu => &self.gpu,
        }
    }
}

/// What the browser says of its GPU adapter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Adapter {
    /// It says itself that it is a fallback.
    pub is_fallback: bool,
    /// Vendor, architecture, device and description, whatever of them it gives.
    pub words: Vec<String>,
}

/// Names of rasterisers that run on the CPU.
const SOFTWARE: [&str; 5] = ["swiftshader", "llvmpipe", "lavapipe", "warp", "microsoft basic render"];

impl Adapter {
    /// Whether it computes on the CPU after all.
    #[must_use]
    pub fn is_software(&self) -> bool {
        let named = |words: &String| {
            let words = words.to_lowercase();
            SOFTWARE.iter().any(|name| words.contains(name))
        };
        self.is_fallback || self.words.iter().any(named)
    }
}

/// Which program to load, and why the GPU's was ruled out where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The program.
    pub build: Build,
    /// What the worker will be told.
    pub policy: DevicePolicy,
    /// Why no GPU is used, where that is known before the worker runs.
    pub reason: Option<DeviceReason>,
}

/// Chooses a program for a policy and the adapter that was found, if any.
#[must_use]
pub fn choose(policy: DevicePolicy, adapter: Option<&Adapter>) -> Choice {
    let cpu = |reason| Choice { build: Build::Cpu, policy: DevicePolicy::Cpu, reason: Some(reason) };
    match (policy, adapter) {
        (DevicePolicy::Cpu, _) => cpu(DeviceReason::Forced),
        (_, None) => cpu(DeviceReason::NoAdapter),
        (DevicePolicy::Auto, Some(adapter)) if adapter.is_software() => cpu(DeviceReason::Software),
        (policy, Some(_)) => Choice { build: Build::Gpu, policy, reason: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(words: &str) -> Adapter {
        Adapter { is_fallback: false, words: vec!["".to_owned(), words.to_owned()] }
    }

    #[test]
    fn a_machine_without_an_adapter_is_spared_the_download() {
        let choice = choose(DevicePolicy::Auto, None);
        assert_eq!((choice.build, choice.reason), (Build::Cpu, Some(DeviceReason::NoAdapter)));
        assert_eq!(choose(DevicePolicy::Gpu, None).build, Build::Cpu, "wishing brings no GPU");
    }

    #[test]
    fn a_software_adapter_is_no_gpu_unless_asked_for() {
        for words in ["SwiftShader", "llvmpipe (LLVM 19)", "Microsoft Basic Render Driver", "lavapipe", "WARP"] {
            assert_eq!(choose(DevicePolicy::Auto, Some(&named(words))).reason, Some(DeviceReason::Software), "{words}");
            assert_eq!(choose(DevicePolicy::Gpu, Some(&named(words))).build, Build::Gpu, "{words}");
        }
        let fallback = Adapter { is_fallback: true, words: Vec::new() };
        assert_eq!(choose(DevicePolicy::Auto, Some(&fallback)).build, Build::Cpu);
    }

    #[test]
    fn a_real_gpu_gets_its_program_and_the_worker_decides_by_time() {
        let choice = choose(DevicePolicy::Auto, Some(&named("apple metal-3")));
        assert_eq!(choice, Choice { build: Build::Gpu, policy: DevicePolicy::Auto, reason: None });
    }

    #[test]
    fn the_cpu_can_be_insisted_on() {
        let choice = choose(DevicePolicy::Cpu, Some(&named("apple metal-3")));
        assert_eq!((choice.build, choice.reason), (Build::Cpu, Some(DeviceReason::Forced)));
    }

    #[test]
    fn the_list_of_programs_is_read_as_the_build_writes_it() {
        let json = r#"{"cpu":{"module":"worker-cpu-1.js","wasm":"worker-cpu-1_bg.wasm","bytes":3},
            "gpu":{"module":"worker-gpu-2.js","wasm":"worker-gpu-2_bg.wasm","bytes":4}}"#;
        let programs: Programs = serde_json::from_str(json).unwrap();
        assert_eq!(programs.of(Build::Gpu).bytes, 4);
        assert_eq!(programs.of(Build::Cpu).module, "worker-cpu-1.js");
    }
}
