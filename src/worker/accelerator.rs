//! Which device this worker computes on.

use crate::{
    engine::{self_test, time_meta_step},
    experiment::Experiment,
    model::Place,
    protocol::{DeviceKind, DevicePolicy, DeviceReason, DeviceReport},
};

/// The GPU of this worker, started at most once: burn's WebGPU runtime cannot be started again.
#[derive(Default)]
pub(super) struct Accelerator(Option<Result<Gpu, DeviceReason>>);

#[derive(Clone)]
struct Gpu {
    place: Place,
    name: String,
    software: bool,
}

impl Accelerator {
    /// The place to run `experiment` on, and why.
    ///
    /// A forced GPU is taken if it passes its self-test; otherwise a software adapter counts as none, and of two
    /// devices the one with the faster meta-step wins.
    pub(super) async fn choose(&mut self, policy: DevicePolicy, experiment: &Experiment) -> (Place, DeviceReport) {
        let on_cpu = |reason| report(DeviceKind::Cpu, String::new(), reason);
        if policy == DevicePolicy::Cpu {
            return (Place::cpu(), on_cpu(DeviceReason::Forced));
        }
        let gpu = match self.gpu().await {
            Ok(gpu) => gpu,
            Err(reason) => return (Place::cpu(), on_cpu(reason)),
        };
        if gpu.software && policy == DevicePolicy::Auto {
            return (Place::cpu(), on_cpu(DeviceReason::Software));
        }
        if let Err(error) = self_test(&gpu.place, experiment).await {
            log::error!("{error}");
            return (Place::cpu(), on_cpu(DeviceReason::SelfTestFailed));
        }
        if policy == DevicePolicy::Gpu {
            return (gpu.place, report(DeviceKind::Gpu, gpu.name, DeviceReason::Forced));
        }
        let gpu_ms = time_meta_step(&gpu.place, experiment).await.ok();
        let cpu_ms = time_meta_step(&Place::cpu(), experiment).await.ok();
        let faster = match (gpu_ms, cpu_ms) {
            (Some(gpu), Some(cpu)) => gpu < cpu,
            (gpu, _) => gpu.is_some(),
        };
        let (place, kind, name) = if faster {
            (gpu.place, DeviceKind::Gpu, gpu.name)
        } else {
            (Place::cpu(), DeviceKind::Cpu, String::new())
        };
        (place, DeviceReport { cpu_ms, gpu_ms, ..report(kind, name, DeviceReason::Faster) })
    }

    async fn gpu(&mut self) -> Result<Gpu, DeviceReason> {
        if self.0.is_none() {
            self.0 = Some(start().await);
        }
        self.0.clone().unwrap_or(Err(DeviceReason::NoAdapter))
    }
}

fn report(kind: DeviceKind, name: String, reason: DeviceReason) -> DeviceReport {
    DeviceReport { kind, name, reason, cpu_ms: None, gpu_ms: None }
}

/// A worker built without WebGPU has none.
#[cfg(not(feature = "webgpu"))]
async fn start() -> Result<Gpu, DeviceReason> {
    Err(DeviceReason::NoAdapter)
}

/// The place of the GPU, for a caller that insists on it.
#[cfg(feature = "webgpu")]
pub(super) async fn gpu_place() -> Option<Place> {
    Accelerator::default().gpu().await.ok().map(|gpu| gpu.place)
}

#[cfg(not(feature = "webgpu"))]
pub(super) async fn gpu_place() -> Option<Place> {
    None
}

/// A browser may leave the promise of an adapter or device pending, for one while its tab is hidden.
#[cfg(feature = "webgpu")]
const START_MILLISECONDS: f64 = 15_000.0;

#[cfg(feature = "webgpu")]
async fn start() -> Result<Gpu, DeviceReason> {
    use std::{pin::pin, sync::Arc};

    use burn::tensor::{Device, DeviceKind as BurnKind};
    use futures_lite::future::or;

    use super::{breath::sleep, gpu_error};
    use crate::model::Precision;

    // 64 tasks a submission: enough that a meta-step is a few, few enough that the GPU starts early.
    let options = Device::wgpu_options().device_kind(BurnKind::DefaultDevice).tasks_max(64);
    let started = pin!(async { Some(options.init_with_setup_async().await) });
    let late = pin!(async {
        sleep(START_MILLISECONDS).await;
        None
    });
    match or(started, late).await {
        Some(Ok((device, setup))) => {
            setup.device.on_uncaptured_error(Arc::new(|error| gpu_error::report(&error.to_string())));
            setup.device.set_device_lost_callback(|reason, message| {
                gpu_error::report(&format!("the GPU was lost ({reason:?}): {message}"));
            });
            let info = setup.adapter.get_info();
            let name = if info.name.is_empty() { info.driver.clone() } else { info.name.clone() };
            let software = format!("{:?}", info.device_type) == "Cpu";
            Ok(Gpu { place: Place::new(device, Precision::Single), name, software })
        }
        Some(Err(error)) => {
            log::error!("WebGPU did not start: {error}");
            Err(DeviceReason::GpuFailed)
        }
        None => Err(DeviceReason::GpuFailed),
    }
}
