//! Words for a landscape: its axes, its tasks, and the sentence beneath it.

use super::{Locale, format, tell, together};
use crate::experiment::{Landscape, PlaneKind, TaskPath};

/// How the ends of the paths lie to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// They leave much the same way.
    Together,
    /// They share a part of their way.
    Partly,
    /// They leave about at right angles, or against one another.
    Apart,
}

impl Spread {
    /// Of ends so many times as far from one another as from the start: the cosine between two paths of one length is
    /// 1 − ratio²/2, which is above ¾ below 0.7 and below ¼ above 1.22.
    #[must_use]
    pub fn of(ratio: f64) -> Self {
        match 1.0 - ratio * ratio / 2.0 {
            cosine if cosine > 0.75 => Self::Together,
            cosine if cosine > 0.25 => Self::Partly,
            _ => Self::Apart,
        }
    }
}

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
        PlaneKind::Paths => tell!(locale, landscape.axis_paths, number, share),
        PlaneKind::Random => tell!(locale, landscape.axis_random, number, share),
    }
}

/// A task's name.
pub fn task(locale: Locale, path: &TaskPath) -> String {
    match path.own {
        true => tell!(locale, landscape.own_task).to_owned(),
        false => tell!(locale, landscape.task, index = path.index),
    }
}

/// What is said of a task's path.
pub fn path(locale: Locale, path: &TaskPath) -> String {
    let (name, inside) = (task(locale, path), share(path.inside));
    let distance = number(path.distance.last().copied().unwrap_or_default());
    tell!(locale, landscape.path, name, distance, inside)
}

/// The sentence beneath the figures.
pub fn caption(locale: Locale, landscape: &Landscape) -> String {
    let both = share(landscape.shares.iter().sum());
    let plane = match landscape.plane {
        PlaneKind::Paths => tell!(locale, landscape.caption_paths, both),
        PlaneKind::Random => tell!(locale, landscape.caption_random, both),
    };
    let Some(ratio) = landscape.spread() else { return plane };
    let verdict = match Spread::of(ratio) {
        Spread::Together => tell!(locale, landscape.together),
        Spread::Partly => tell!(locale, landscape.partly),
        Spread::Apart => tell!(locale, landscape.apart),
    };
    let spread = tell!(locale, landscape.caption_spread, ratio = format!("{ratio:.1}"), verdict);
    together(locale, [spread, plane])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_at_right_angles_are_apart_and_ends_of_one_way_together() {
        assert_eq!(
            [0.0, 0.6, 1.0, 2f64.sqrt(), 2.0].map(Spread::of),
            [Spread::Together, Spread::Together, Spread::Partly, Spread::Apart, Spread::Apart]
        );
    }
}
