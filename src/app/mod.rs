//! # app: the page
//!
//! One [`Experiment`](crate::experiment::Experiment) is the page's state: the controls write it, the address
//! bar holds its link, and what the worker computes for it is drawn. Logic is in plain modules that compile
//! and are tested natively: what a run and a change mean ([`session`], [`library`], [`change`], [`notice`]), long work
//! ([`job`], [`jobs`]) and what it is to evaluate ([`evaluations`]), search ([`searches`]), compare
//! ([`comparisons`], [`guests`]), diagnose ([`diagnoses`]), map ([`landscapes`]), look into ([`layers`]) and take apart ([`anatomies`]),
//! which panel is open ([`tabs`]), what is recorded ([`recorder`], [`record`], [`runs`], [`csv`], [`csv_compared`]) and on show ([`shown`],
//! [`shown_task`], [`sampled`], [`classified`], [`noticing`]), what a hand does ([`points`], [`sketch`], [`pen`]), and
//! [`track`] and [`format`]. What touches the browser exists only with the feature `app`: `playground` holds the state and
//! everything that can be done to it, `view` the components, `words`, `evaluation_words`, `search_words` and `language` the
//! sentences that are the page's own, and `anatomy_tables` the numbers behind an anatomy's figures.
//! Calls `worker::host`, `chart`, `protocol`, `experiment` and `task`; never burn.

#[cfg(feature = "app")]
use crate::words::{
    anatomy as anatomy_words, compare as compare_words, diagnosis as diagnosis_words, landscape as landscape_words,
    layers as layer_words,
};
pub use crate::words::{classified, format};

pub mod anatomies;
pub mod change;
pub mod comparisons;
pub mod csv;
pub mod csv_compared;
pub mod diagnoses;
pub mod evaluations;
pub mod guests;
pub mod job;
pub mod jobs;
pub mod landscapes;
pub mod layers;
pub mod library;
pub mod notice;
pub mod pen;
pub mod points;
pub mod record;
pub mod recorder;
pub mod runs;
pub mod sampled;
pub mod searches;
pub mod session;
pub mod shown;
pub mod shown_task;
pub mod sketch;
pub mod tabs;
pub mod track;

#[cfg(feature = "app")]
mod anatomy_tables;
#[cfg(feature = "app")]
mod browser;
#[cfg(feature = "app")]
mod evaluation_words;
#[cfg(feature = "app")]
mod export;
#[cfg(feature = "app")]
mod files;
#[cfg(feature = "app")]
mod language;
#[cfg(feature = "app")]
mod panic;
#[cfg(feature = "app")]
mod playground;
#[cfg(feature = "app")]
mod search_words;
#[cfg(feature = "app")]
mod store;
#[cfg(feature = "app")]
mod view;
#[cfg(feature = "app")]
mod words;

/// Puts the page in place of the skeleton that was there before it.
#[cfg(feature = "app")]
pub fn mount() {
    panic::set_hook();
    // Fails only when there is a logger already.
    let _ = console_log::init_with_level(log::Level::Warn);
    if let Some(skeleton) = browser::document().and_then(|document| document.get_element_by_id("skeleton")) {
        skeleton.remove();
    }
    leptos::mount::mount_to_body(view::Page);
}
