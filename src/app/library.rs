//! The dataset that a visitor brings along: reading it, keeping it, handing it to every new worker, forgetting it.
//!
//! A plain state machine inside [`Session`](super::session::Session), which knows when there is a worker to ask.

use std::sync::Arc;

use crate::{
    experiment::{Experiment, Source},
    protocol::{DatasetSummary, ImportFault, ImportFiles, Request},
};

/// A dataset as it is kept in the page and in the browser's storage.
#[derive(Clone, Debug, PartialEq)]
pub struct Holding {
    /// What is in it.
    pub summary: DatasetSummary,
    /// Its bytes, as the worker packed them.
    pub bytes: Arc<Vec<u8>>,
}

/// Where an import stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Import {
    /// None goes on.
    #[default]
    Idle,
    /// The browser hands over the files.
    Opening,
    /// The worker reads them.
    Reading {
        /// Entries read.
        done: u32,
        /// Entries in all, 0 while unknown.
        total: u32,
    },
    /// It came to nothing.
    Failed(Failure),
}

/// Why an import came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The worker says what is wrong with the files.
    Files(ImportFault),
    /// The browser could not read the files.
    Unreadable,
    /// The compute program stopped while reading.
    Broke,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    import: Import,
    /// Id of the import that the worker reads, or is to read.
    id: u32,
    /// An import that waits for a worker.
    waiting: Option<Request>,
    held: Option<Holding>,
    forgotten: Option<Holding>,
    /// Whether the worker that runs has what is held.
    handed: bool,
}

impl Library {
    /// Where an import stands.
    #[must_use]
    pub fn import(&self) -> &Import {
        &self.import
    }

    /// The dataset, if there is one.
    #[must_use]
    pub fn held(&self) -> Option<&Holding> {
        self.held.as_ref()
    }

    /// Whether the dataset was just forgotten and can be had back.
    #[must_use]
    pub fn can_recall(&self) -> bool {
        self.forgotten.is_some()
    }

    /// The browser begins to hand over files.
    pub fn open(&mut self) {
        self.import = Import::Opening;
    }

    /// The files are here, or could not be read. Nothing happens if the visitor has stopped it meanwhile.
    pub fn read(&mut self, files: Result<ImportFiles, Failure>, ready: bool) -> Option<Request> {
        if self.import != Import::Opening {
            return None;
        }
        match files {
            Err(failure) => {
                self.import = Import::Failed(failure);
                None
            }
            Ok(files) => {
                self.import = Import::Reading { done: 0, total: 0 };
                self.id = self.id.wrapping_add(1);
                let request = Request::Import { id: self.id, files };
                if ready {
                    return Some(request);
                }
                self.waiting = Some(request);
                None
            }
        }
    }

    /// The visitor stops the import.
    pub fn cancel(&mut self) -> Option<Request> {
        let asked = matches!(self.import, Import::Reading { .. }) && self.waiting.take().is_none();
        self.import = Import::Idle;
        asked.then_some(Request::CancelImport(self.id))
    }

    /// An import goes on.
    pub fn importing(&mut self, id: u32, done: u32, total: u32) {
        if self.is_awaited(id) {
            self.import = Import::Reading { done, total };
        }
    }

    /// An import is over. The worker keeps the dataset even if the visitor has stopped it too late.
    pub fn imported(&mut self, id: u32, summary: DatasetSummary, bytes: Vec<u8>) -> Option<Holding> {
        if !self.is_awaited(id) {
            self.handed = false;
            return None;
        }
        let holding = Holding { summary, bytes: Arc::new(bytes) };
        self.import = Import::Idle;
        self.held = Some(holding.clone());
        self.forgotten = None;
        self.handed = true;
        Some(holding)
    }

    /// An import failed.
    pub fn failed(&mut self, id: u32, fault: ImportFault) {
        if self.is_awaited(id) {
            self.import = match fault {
                ImportFault::Cancelled => Import::Idle,
                fault => Import::Failed(Failure::Files(fault)),
            };
        }
    }

    /// A worker listens, and knows nothing yet.
    pub fn meet(&mut self) -> Option<Request> {
        self.handed = false;
        self.waiting.take()
    }

    /// The worker is gone.
    pub fn part(&mut self) {
        self.handed = false;
        if matches!(self.import, Import::Reading { .. }) && self.waiting.is_none() {
            self.import = Import::Failed(Failure::Broke);
        }
    }

    /// What the worker needs before it can run an experiment.
    pub fn hand_over(&mut self, experiment: &Experiment) -> Option<Request> {
        let held = self.held.as_ref().filter(|_| wants_dataset(experiment) && !self.handed)?;
        self.handed = true;
        Some(Request::Dataset(Some(held.bytes.to_vec())))
    }

    /// A dataset from the browser's storage; one that was imported meanwhile is newer.
    pub fn restore(&mut self, holding: Holding) {
        if self.held.is_none() {
            self.held = Some(holding);
            self.handed = false;
        }
    }

    /// Forgets the dataset.
    pub fn forget(&mut self) -> bool {
        let Some(held) = self.held.take() else { return false };
        self.forgotten = Some(held);
        self.handed = false;
        true
    }

    /// Brings back what was forgotten last.
    pub fn recall(&mut self) -> Option<Holding> {
        self.held = self.forgotten.take();
        self.handed = false;
        self.held.clone()
    }

    fn is_awaited(&self, id: u32) -> bool {
        id == self.id && matches!(self.import, Import::Reading { .. })
    }
}

/// Whether an experiment runs on an imported dataset.
#[must_use]
pub fn wants_dataset(experiment: &Experiment) -> bool {
    experiment.task.family.classifies() && experiment.task.source == Source::Imported
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Family;

    fn files() -> Result<ImportFiles, Failure> {
        Ok(ImportFiles::One { name: "omniglot.zip".to_owned(), bytes: vec![1] })
    }

    fn summary() -> DatasetSummary {
        DatasetSummary {
            name: "omniglot".to_owned(),
            fingerprint: "K7QX2A".to_owned(),
            alphabets: 5,
            classes: 146,
            drawings: 2920,
            skipped: 0,
        }
    }

    fn imported() -> Experiment {
        let mut experiment = Experiment::default();
        experiment.task.family = Family::Characters;
        experiment.task.source = Source::Imported;
        experiment
    }

    /// A library that holds what its worker has imported as number 1.
    fn holding() -> Library {
        let mut library = Library::default();
        library.open();
        assert!(matches!(library.read(files(), true), Some(Request::Import { id: 1, .. })));
        library.importing(1, 3, 10);
        assert_eq!(library.import(), &Import::Reading { done: 3, total: 10 });
        assert!(library.imported(1, summary(), vec![7]).is_some());
        library
    }

    #[test]
    fn what_a_worker_has_imported_is_not_sent_back_to_it() {
        let mut library = holding();
        assert_eq!(library.import(), &Import::Idle);
        assert_eq!(library.hand_over(&imported()), None);
    }

    #[test]
    fn every_new_worker_gets_the_dataset_once_and_only_where_it_is_wanted() {
        let mut library = holding();
        library.part();
        library.meet();
        assert_eq!(library.hand_over(&Experiment::default()), None, "sines need no characters");
        assert_eq!(library.hand_over(&imported()), Some(Request::Dataset(Some(vec![7]))));
        assert_eq!(library.hand_over(&imported()), None);
    }

    #[test]
    fn files_wait_for_a_worker() {
        let mut library = Library::default();
        library.open();
        assert_eq!(library.read(files(), false), None);
        assert!(matches!(library.meet(), Some(Request::Import { id: 1, .. })));
        assert!(library.imported(1, summary(), vec![7]).is_some());
    }

    #[test]
    fn a_stopped_import_changes_nothing_whenever_it_answers() {
        let mut library = holding();
        library.open();
        library.read(files(), true);
        assert_eq!(library.cancel(), Some(Request::CancelImport(2)));
        library.failed(2, ImportFault::Cancelled);
        assert_eq!((library.import(), library.held().is_some()), (&Import::Idle, true));
        assert_eq!(library.imported(2, summary(), vec![8]), None);
        assert_eq!(library.hand_over(&imported()), Some(Request::Dataset(Some(vec![7]))), "the worker has another now");
    }

    #[test]
    fn an_import_stopped_while_the_files_open_is_not_begun() {
        let mut library = Library::default();
        library.open();
        assert_eq!(library.cancel(), None, "the worker knows nothing of it");
        assert_eq!(library.read(files(), true), None);
    }

    #[test]
    fn a_failed_import_says_why_and_keeps_the_dataset_from_before() {
        let mut library = holding();
        library.open();
        library.read(files(), true);
        library.failed(2, ImportFault::Encrypted);
        assert_eq!(library.import(), &Import::Failed(Failure::Files(ImportFault::Encrypted)));
        assert!(library.held().is_some());
    }

    #[test]
    fn a_worker_that_breaks_takes_its_import_along() {
        let mut library = Library::default();
        library.open();
        library.read(files(), true);
        library.part();
        assert_eq!(library.import(), &Import::Failed(Failure::Broke));
    }

    #[test]
    fn what_was_forgotten_can_be_had_back_until_another_is_imported() {
        let mut library = holding();
        assert!(library.forget());
        assert_eq!(library.hand_over(&imported()), None);
        assert_eq!(library.held(), None);
        assert!(library.recall().is_some());
        assert_eq!(library.hand_over(&imported()), Some(Request::Dataset(Some(vec![7]))));
        assert!(!library.can_recall());
    }

    #[test]
    fn a_dataset_from_storage_does_not_replace_a_newer_one() {
        let mut library = holding();
        let stored = Holding { summary: summary(), bytes: Arc::new(vec![9]) };
        library.restore(stored);
        assert_eq!(library.held().map(|held| held.bytes[0]), Some(7));
    }
}
