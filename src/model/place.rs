//! Where numbers live: a device and a precision.

use burn::tensor::{DType, Device, Tensor, TensorData};

use crate::diff::Params;

use super::Entry;

/// [`Place::memory`] of a CPU: a few times its caches, so that passes stay near them and still are long.
const CPU_MEMORY: f64 = 16e6;
/// [`Place::memory`] of a GPU: enough to fill a large one, and a quarter of what a small one lets a page have.
const GPU_MEMORY: f64 = 256e6;

/// Width of floating-point numbers on a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits: training, everywhere.
    #[default]
    Single,
    /// 64 bits: gradient checks on the CPU.
    Double,
}

/// A device and a precision; the one door through which numbers from the host reach tensors.
#[derive(Clone, Debug)]
pub struct Place {
    device: Device,
    precision: Precision,
}

impl Place {
    /// Tensors on `device` in `precision`.
    pub fn new(device: Device, precision: Precision) -> Self {
        Self { device, precision }
    }

    /// The CPU in single precision.
    pub fn cpu() -> Self {
        Self::new(Device::flex(), Precision::Single)
    }

    /// Whether this is the CPU.
    pub fn is_cpu(&self) -> bool {
        self.device == Device::flex()
    }

    /// Bytes that one pass over some tasks may hold: what a core keeps close by, or what fills a GPU.
    pub fn memory(&self) -> f64 {
        if self.is_cpu() { CPU_MEMORY } else { GPU_MEMORY }
    }

    /// The device.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// A tensor of `shape` from row-major values, rounded to the precision.
    pub fn tensor<const D: usize>(&self, values: &[f64], shape: [usize; D]) -> Tensor<D> {
        match self.precision {
            Precision::Single => {
                let single = values.iter().map(|&v| v as f32).collect();
                Tensor::from_data(TensorData::new::<f32, _>(single, shape), (&self.device, DType::F32))
            }
            Precision::Double => Tensor::from_data(TensorData::new(values.to_vec(), shape), (&self.device, DType::F64)),
        }
    }

    /// Parameters of one task from row-major values, one vector for each entry of `layout`.
    pub fn params(&self, layout: &[Entry], values: &[Vec<f64>]) -> Params {
        let tensor = |(entry, values): (&Entry, &Vec<f64>)| {
            let [rows, columns] = entry.matrix();
            self.tensor(values, [1, rows, columns])
        };
        Params(layout.iter().zip(values).map(tensor).collect())
    }
}
