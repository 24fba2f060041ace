//! Searching for rates around the experiment that stands.

use leptos::prelude::*;

use super::Playground;
use crate::app::browser;

/// Seconds to choose from.
pub const SEARCH_SECONDS: [u32; 4] = [30, 60, 180, 600];

/// Key under which the seconds are remembered.
const SECONDS_KEY: &str = "kindling.search";

/// One of the times to choose from, as text.
fn seconds(text: &str) -> Option<u32> {
    text.parse().ok().filter(|seconds| SEARCH_SECONDS.contains(seconds))
}

/// The time of an earlier visit.
pub(super) fn remembered_seconds() -> u32 {
    browser::remembered(SECONDS_KEY).and_then(|text| seconds(&text)).unwrap_or(SEARCH_SECONDS[0])
}

impl Playground {
    /// Chooses for how long to search.
    pub fn choose_search_seconds(self, text: &str) {
        if let Some(chosen) = seconds(text) {
            browser::remember(SECONDS_KEY, text);
            self.search_seconds.set(chosen);
        }
    }

    /// Searches, in place of any search before.
    pub fn search(self) {
        let seconds = self.search_seconds.get_untracked();
        self.act(|session| session.search(seconds));
    }

    /// Takes a candidate's setting into the experiment.
    pub fn use_candidate(self, number: u32) {
        let now = self.experiment.get_untracked();
        let chosen = self.session.with_untracked(|session| session.jobs().searches.chosen(number, &now));
        if let Some(chosen) = chosen {
            self.take(chosen);
        }
    }
}
