//! Kindling: a meta-learning playground.
//!
//! Rooms, from the top down; calls go downwards only.
//!
//! - [`app`]: the page (leptos; never burn).
//! - `cli`: the command line.
//! - [`figure`]: the page's figures as whole pictures, with their words.
//! - [`script`]: an experiment as a Python program.
//! - [`words`]: what is said of results, in both languages.
//! - [`chart`]: scales, paths and figures as pure functions; SVG out.
//! - [`worker`]: both ends of the compute worker: the page's handle and the worker's loop.
//! - [`protocol`]: what the page and the worker say to each other.
//! - `engine`: a running session: device, training, evaluation, checkpoints.
//! - `import`: datasets of images from files.
//! - `learner`: the algorithms behind one trait.
//! - `model`: networks as functions of named parameters.
//! - `diff`: exact first and second derivatives on top of burn.
//! - [`experiment`]: the one description of a run, its presets and its link.
//! - [`task`]: distributions of tasks, seeded.

pub mod app;
pub mod chart;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "engine")]
pub mod diff;
#[cfg(feature = "engine")]
pub mod engine;
pub mod experiment;
pub mod figure;
#[cfg(feature = "import")]
pub mod import;
#[cfg(feature = "engine")]
pub mod learner;
#[cfg(feature = "engine")]
pub mod model;
pub mod protocol;
pub mod script;
pub mod task;
pub mod words;
pub mod worker;
