//! The device: which is wanted, which is used, and why.

use serde::{Deserialize, Serialize};

/// Which device a visitor wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DevicePolicy {
    /// The faster one that passes its self-test.
    #[default]
    Auto,
    /// WebGPU, even a software adapter.
    Gpu,
    /// The CPU.
    Cpu,
}

/// The device in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceKind {
    /// burn-flex in wasm SIMD.
    Cpu,
    /// WebGPU.
    Gpu,
}

/// The choice of a device and its reason, for the badge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeviceReport {
    /// The device in use.
    pub kind: DeviceKind,
    /// Name of the adapter, empty for the CPU.
    pub name: String,
    /// Why this one.
    pub reason: DeviceReason,
    /// Milliseconds of one meta-step on the CPU, where timed.
    pub cpu_ms: Option<f32>,
    /// Milliseconds of one meta-step on the GPU, where timed.
    pub gpu_ms: Option<f32>,
}

/// Why a device was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceReason {
    /// The visitor or the link said so.
    Forced,
    /// It was the faster of the two.
    Faster,
    /// The browser offers no usable GPU adapter.
    NoAdapter,
    /// The GPU is a software one.
    Software,
    /// The GPU's results disagreed with the CPU's.
    SelfTestFailed,
    /// The GPU did not answer in time or failed to start.
    GpuFailed,
}
