//! The runs that were recorded: keeping them, looking at them, taking them along.

use leptos::{ev, prelude::*};

use super::Playground;
use crate::app::{
    browser, export,
    files::Given,
    record::{self, FileError, Record},
    session::Session,
    store,
};

/// What an import of runs came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// So many are new, and so many were there already.
    Runs {
        /// New ones.
        new: usize,
        /// Those that were there.
        known: usize,
    },
    /// The browser could not read the file.
    Unreadable,
    /// It is no file of runs that can be taken.
    Refused(FileError),
}

impl Playground {
    /// Fetches the runs of earlier visits, and sees to it that this one's are recorded when the page is left.
    pub(super) fn open_runs(self) {
        leptos::task::spawn_local(async move {
            let kept = store::load_runs().await;
            forget(self.runs.try_update(|runs| runs.restore(kept)).unwrap_or_default());
        });
        let leave = move || {
            let now = browser::now();
            let record = self
                .session
                .try_with_untracked(|session| self.recorder.try_update_value(|recorder| recorder.leave(session, now)));
            self.take_record(record.flatten().flatten());
        };
        let hidden = window_event_listener(ev::visibilitychange, move |_| leave());
        let left = window_event_listener(ev::pagehide, move |_| leave());
        on_cleanup(move || {
            hidden.remove();
            left.remove();
        });
    }

    /// Records the run that stands, when that is due.
    pub(super) fn record(self) {
        let now = browser::now();
        let look = |session: &Session| self.recorder.try_update_value(|recorder| recorder.look(session, now)).flatten();
        let record = self.session.with_untracked(look);
        self.take_record(record);
    }

    fn take_record(self, record: Option<Record>) {
        let Some(record) = record else { return };
        if let Some((record, dropped)) = self.runs.try_update(|runs| runs.take(record)).flatten() {
            keep(record);
            forget(dropped);
        }
    }

    /// Renames a run.
    pub fn rename_run(self, id: &str, name: &str) {
        keep_some(self.runs.try_update(|runs| runs.rename(id, name)).flatten());
    }

    /// Pins a run above the others, or lets it go.
    pub fn pin_run(self, id: &str) {
        keep_some(self.runs.try_update(|runs| runs.pin(id)).flatten());
    }

    /// Puts a run into the figure, or takes it out.
    pub fn choose_run(self, id: &str) {
        self.runs.update(|runs| runs.choose(id));
    }

    /// Deletes a run.
    pub fn delete_run(self, id: &str) {
        if self.runs.try_update(|runs| runs.delete(id)) == Some(true) {
            forget(vec![id.to_owned()]);
        }
    }

    /// Brings back the run that was deleted last.
    pub fn undo_run(self) {
        keep_some(self.runs.try_update(super::Runs::undo).flatten());
    }

    /// Hands all runs over as a file, or one of them.
    pub fn export_runs(self, id: Option<&str>) {
        let json = self.runs.with_untracked(|runs| match id {
            None => record::to_json(runs.all()),
            Some(id) => record::to_json(&runs.get(id).cloned().into_iter().collect::<Vec<_>>()),
        });
        let name = if id.is_some() { "kindling-run.json" } else { "kindling-runs.json" };
        export::save(name, "application/json", json.as_bytes());
    }

    /// Hands a run's curve over as a table.
    pub fn export_run_csv(self, id: &str) {
        let table = self.runs.with_untracked(|runs| runs.get(id).map(Record::csv));
        if let Some(table) = table {
            export::save("kindling-run.csv", "text/csv", table.as_bytes());
        }
    }

    /// Takes the runs of a file.
    pub fn import_runs(self, given: Given) {
        leptos::task::spawn_local(async move {
            let imported = match given.text().await {
                Err(_) => Imported::Unreadable,
                Ok(text) => match record::from_json(&text) {
                    Err(error) => Imported::Refused(error),
                    Ok(records) => {
                        let brought = self.runs.try_update(|runs| runs.import(records)).unwrap_or_default();
                        let (new, known) = (brought.new.len(), brought.known);
                        brought.new.into_iter().for_each(keep);
                        forget(brought.dropped);
                        Imported::Runs { new, known }
                    }
                },
            };
            self.brought.set(Some(imported));
        });
    }
}

fn keep_some(record: Option<Record>) {
    if let Some(record) = record {
        keep(record);
    }
}

fn keep(record: Record) {
    leptos::task::spawn_local(store::keep_run(record));
}

fn forget(ids: Vec<String>) {
    ids.into_iter().for_each(|id| leptos::task::spawn_local(store::drop_run(id)));
}
