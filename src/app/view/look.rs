//! What the parts of a panel share: the page, and the long work that the panel is about.

use leptos::prelude::*;

use crate::app::{
    job::{Job, Kind, LongWork as _},
    jobs::Jobs,
    language::Locale,
    playground::Playground,
};

/// See the module.
pub struct Look<K: Kind> {
    /// The page.
    pub page: Playground,
    of: fn(&Jobs) -> &Job<K>,
    /// Changes whenever anything of the work does.
    revision: Memo<u32>,
}

impl<K: Kind> Clone for Look<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Kind> Copy for Look<K> {}

impl<K: Kind> Look<K> {
    /// At the work that a panel is about.
    pub fn new(of: fn(&Jobs) -> &Job<K>) -> Self {
        let page = expect_context::<Playground>();
        let revision = Memo::new(move |_| page.session.with(|session| of(session.jobs()).revision()));
        Self { page, of, revision }
    }

    /// Something of the work, whenever it changes.
    pub fn with<T>(self, look: impl FnOnce(&Job<K>) -> T) -> T {
        // A memo that nobody reads follows nothing.
        self.revision.get();
        self.page.session.with_untracked(|session| look((self.of)(session.jobs())))
    }

    /// Whether something is under way or waits.
    pub fn is_busy(self) -> Memo<bool> {
        Memo::new(move |_| self.with(|job| job.is_busy()))
    }

    /// The language on show.
    pub fn locale(self) -> Locale {
        self.page.language.get()
    }
}
