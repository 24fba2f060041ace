//! Devices by name.

use burn::tensor::Device;

use super::{CliError, arguments::DeviceName};
use crate::model::{Place, Precision};

/// The place of a device, in a precision it has.
pub(super) fn place(name: DeviceName, precision: Precision) -> Result<Place, CliError> {
    if name != DeviceName::Cpu && precision == Precision::Double {
        return Err(CliError::Request("f64 runs on the CPU only: leave out --device or --dtype".into()));
    }
    let device = match name {
        DeviceName::Cpu => Device::flex(),
        DeviceName::Gpu => gpu()?,
        DeviceName::Cuda => cuda()?,
    };
    Ok(Place::new(device, precision))
}

/// Its name as reports have it.
pub(super) fn label(name: DeviceName) -> &'static str {
    match name {
        DeviceName::Cpu => "cpu",
        DeviceName::Gpu => "gpu",
        DeviceName::Cuda => "cuda",
    }
}

#[cfg(feature = "gpu")]
fn gpu() -> Result<Device, CliError> {
    Device::wgpu_options().init().map_err(|error| CliError::Request(format!("no GPU could be started: {error}")))
}

#[cfg(not(feature = "gpu"))]
fn gpu() -> Result<Device, CliError> {
    Err(CliError::Request("this kindling was built without GPU support: build it with `--features gpu`".into()))
}

#[cfg(feature = "cuda")]
fn cuda() -> Result<Device, CliError> {
    Ok(Device::cuda(0))
}

#[cfg(not(feature = "cuda"))]
fn cuda() -> Result<Device, CliError> {
    Err(CliError::Request("this kindling was built without CUDA: build it with `--features cuda`".into()))
}
