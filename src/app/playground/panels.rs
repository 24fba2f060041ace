//! The panels below the adaptation: opening one, and stopping what it has the worker do.

use leptos::prelude::*;

use super::Playground;
use crate::{app::tabs, experiment::Tab};

impl Playground {
    /// Opens a panel, in place of the one that is open.
    pub fn open_panel(self, tab: Tab) {
        self.edit(|experiment| experiment.view.panel = tab);
    }

    /// Opens the panel that a key leads to; none where it leads nowhere.
    pub fn turn_panel(self, key: &str) -> Option<Tab> {
        let tab = self.experiment.with_untracked(|experiment| tabs::reached(&experiment.view, key))?;
        self.open_panel(tab);
        Some(tab)
    }

    /// Stops the long work of a panel. An anatomy then waits to be asked for, whatever is on show.
    pub fn stop(self, tab: Tab) {
        if tab == Tab::Anatomy {
            self.trace.wanted.set(false);
        }
        self.act(|session| session.stop(tab));
    }

    /// Whether a fold was left open, if anybody has touched it.
    pub fn is_unfolded(self, name: &'static str) -> Option<bool> {
        self.folds.with_value(|folds| folds.get(name).copied())
    }

    /// Keeps in mind whether a fold is open, for when its panel is opened again.
    pub fn unfold(self, name: &'static str, open: bool) {
        self.folds.update_value(|folds| {
            folds.insert(name, open);
        });
    }
}
