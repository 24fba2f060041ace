//! Words for a landscape: its axes, its tasks, and the sentence beneath it.

use leptos_i18n::td_string;

use super::{format, landscapes::Spread, language::Locale};
use crate::experiment::{Landscape, PlaneKind, TaskPath};

/// A number of the plane, or a distance in it.
pub fn number(value: f64) -> String {
    let text = match value.abs() {
        0.0 => "0".to_owned(),
        magnitude if magnitude >= 100.0 => format!("{value:.0}"),
        magnitude if magnitude >= 1e-3 => format!("{value:.3}"),
        _ => format!("{value:.1e}"),
    };
    text.replace('-', "−")
}

/// A share with a digit where it is small.
pub fn share(share: f64) -> String {
    match 100.0 * share {
        percent if percent > 0.0 && percent < 0.1 => "<\u{202f}0.1\u{202f}%".to_owned(),
        percent if percent < 10.0 => format!("{percent:.1}\u{202f}%"),
        _ => format::percent(share as f32),
    }
}

/// What an axis is, and how much of the paths it holds.
pub fn axis(locale: Locale, landscape: &Landscape, axis: usize) -> String {
    let (number, share) = (axis + 1, share(landscape.shares[axis]));
    match landscape.plane {
        PlaneKind::Paths => td_string!(locale, landscape.axis_paths, number, share),
        PlaneKind::Random => td_string!(locale, landscape.axis_random, number, share),
    }
}

/// A task's name.
pub fn task(locale: Locale, path: &TaskPath) -> String {
    match path.own {
        true => td_string!(locale, landscape.own_task).to_owned(),
        false => td_string!(locale, landscape.task, index = path.index),
    }
}

/// What is said of a task's path.
pub fn path(locale: Locale, path: &TaskPath) -> String {
    let (name, inside) = (task(locale, path), share(path.inside));
    let distance = number(path.distance.last().copied().unwrap_or_default());
    td_string!(locale, landscape.path, name, distance, inside)
}

/// The sentence beneath the figures.
pub fn caption(locale: Locale, landscape: &Landscape) -> String {
    let both = share(landscape.shares.iter().sum());
    let plane = match landscape.plane {
        PlaneKind::Paths => td_string!(locale, landscape.caption_paths, both),
        PlaneKind::Random => td_string!(locale, landscape.caption_random, both),
    };
    let Some(ratio) = landscape.spread() else { return plane };
    let verdict = match Spread::of(ratio) {
        Spread::Together => td_string!(locale, landscape.together),
        Spread::Partly => td_string!(locale, landscape.partly),
        Spread::Apart => td_string!(locale, landscape.apart),
    };
    let spread = td_string!(locale, landscape.caption_spread, ratio = format!("{ratio:.1}"), verdict);
    // Chinese puts no space between sentences.
    format!("{spread}{}{plane}", if locale == Locale::zh { "" } else { " " })
}
