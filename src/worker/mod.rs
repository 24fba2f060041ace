//! # worker: both ends of the compute worker
//!
//! All compute runs in a dedicated Web Worker, a second wasm program. `host` is the page's handle: it loads
//! the program that the machine can use (`adapter`, [`programs`]), posts requests and hands over events. `guest` is the
//! worker's loop around `engine`. They speak `protocol` and share nothing else.

#[cfg(feature = "worker")]
mod accelerator;
#[cfg(feature = "app")]
pub mod adapter;
#[cfg(feature = "worker")]
mod breath;
#[cfg(feature = "worker")]
mod comparing;
#[cfg(feature = "worker")]
mod gpu_error;
#[cfg(feature = "worker")]
pub mod guest;
#[cfg(feature = "app")]
pub mod host;
#[cfg(feature = "worker")]
mod importing;
#[cfg(feature = "worker")]
mod page;
pub mod programs;
#[cfg(feature = "worker")]
mod run;
#[cfg(feature = "worker")]
mod searching;
#[cfg(feature = "worker")]
mod sliced;
#[cfg(feature = "worker")]
mod works;
