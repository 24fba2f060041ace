//! The address bar: it holds the experiment's link, and opening one opens the experiment.

use leptos::prelude::*;

use super::Playground;
use crate::{
    app::{
        browser,
        change::{Consequence, consequence, shipped},
        language,
        notice::{self, LinkTrouble, Notice},
        session::{Origin, Then},
    },
    experiment::{Experiment, Language, LinkError, decode, encode},
};

/// Changes of the address bar that may follow each other at once. Browsers refuse pages that change it too often
/// (Safari beyond 100 times in half a minute); whoever reloads the page should still find what was chosen last.
const ADDRESS_AT_ONCE: f64 = 30.0;
/// Milliseconds until there may be another one.
const ADDRESS_EVERY: f64 = 500.0;

/// How often the address bar may be written now, as of when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    waiting: bool,
    left: f64,
    at: f64,
}

impl Default for Written {
    fn default() -> Self {
        Self { waiting: false, left: ADDRESS_AT_ONCE, at: 0.0 }
    }
}

impl Written {
    /// As of a later time.
    fn until(self, now: f64) -> Self {
        let left = (self.left + (now - self.at).max(0.0) / ADDRESS_EVERY).min(ADDRESS_AT_ONCE);
        Self { left, at: now, ..self }
    }
}

impl Playground {
    /// Opens a whole experiment, as a link or a preset gives it. The run goes on where it can.
    pub fn adopt(self, mut new: Experiment) {
        let old = self.experiment.get_untracked();
        new.view.language = new.view.language.or(old.view.language);
        self.without_missing_dataset(&mut new);
        self.playing.set(None);
        self.introduce.set_value(true);
        let begins_anew = consequence(&old, &new) == Consequence::Restart || {
            // Each of the shipped networks belongs to its own starting point.
            let on_show = self.session.with_untracked(|session| session.origin() == Origin::Shipped);
            on_show && shipped(&old) != shipped(&new)
        };
        if !begins_anew {
            self.take(new);
            return;
        }
        self.turn_to(new);
        self.dismiss(notice::Kind::Run);
        if let Some(lost) = self.progress() {
            self.tell(Notice::Restarted { lost });
        }
        self.begin(Then::Wait);
    }

    /// Follows the address bar after a visitor has changed it.
    pub fn follow_address(self) {
        if browser::hash() == self.experiment.with_untracked(encode) {
            return;
        }
        let (experiment, trouble) = read();
        if let Some(trouble) = trouble {
            self.tell(Notice::Link(trouble));
        }
        self.adopt(experiment);
    }

    /// Speaks another language.
    pub fn speak(self, language: Language) {
        self.edit(|experiment| experiment.view.language = Some(language));
        if browser::query("lang").is_some() {
            let tag = language::tag(self.language.get_untracked());
            browser::replace_address(&self.experiment.with_untracked(encode), &[("lang", tag)]);
        }
    }

    /// The address that shares the page as it is.
    pub fn link(self) -> String {
        // Without the query: which device to use is the visitor's own affair.
        let address = browser::address();
        let page = address.split(['?', '#']).next().unwrap_or_default();
        format!("{page}{}", self.experiment.with(encode))
    }

    /// Writes the address bar now, or as soon as it may be written again.
    pub(super) fn address_soon(self) {
        let Written { waiting, left, .. } = self.address.get_value().until(browser::now());
        if waiting {
            return;
        }
        if left >= 1.0 {
            self.write_address();
            return;
        }
        self.address.update_value(|address| address.waiting = true);
        browser::after(((1.0 - left) * ADDRESS_EVERY).ceil() as i32, move || self.write_address());
    }

    pub(super) fn write_address(self) {
        self.address.update_value(|address| {
            let written = address.until(browser::now());
            *address = Written { waiting: false, left: written.left - 1.0, ..written };
        });
        browser::replace_address(&self.experiment.with_untracked(encode), &[]);
    }
}

/// The experiment of the address bar, and what was wrong with its link if something was.
pub(super) fn read() -> (Experiment, Option<LinkTrouble>) {
    let hash = browser::hash();
    let (mut experiment, trouble) = match hash.as_str() {
        "" | "#" => (Experiment::default(), None),
        link => match decode(link) {
            Ok(experiment) => (experiment, None),
            Err(error) => {
                log::warn!("{error}");
                (Experiment::default(), Some(trouble(&error)))
            }
        },
    };
    if let Some(locale) = browser::query("lang").as_deref().and_then(language::named) {
        experiment.view.language = Some(language::language(locale));
    }
    (experiment, trouble)
}

fn trouble(error: &LinkError) -> LinkTrouble {
    match error {
        LinkError::TooLong { .. } => LinkTrouble::TooLong,
        LinkError::Newer(_) => LinkTrouble::Newer,
        LinkError::Refused(_) => LinkTrouble::OutOfRange,
        LinkError::NotALink | LinkError::Damaged | LinkError::Malformed => LinkTrouble::Damaged,
    }
}
