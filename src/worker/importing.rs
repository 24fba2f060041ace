//! An import under way, a slice at a time.

use std::sync::Arc;

use web_time::{Duration, Instant};

use crate::{
    import::{Import, ImportError, Imported},
    protocol::{DatasetSummary, Event, ImportFault, ImportFiles},
    task::Dataset,
};

/// Images decoded between two looks at the clock.
const FEW: usize = 4;

/// A visitor's files on their way to a dataset.
pub(super) struct Importing {
    id: u32,
    import: Import,
    told: Option<Instant>,
}

/// What a slice of work came to.
pub(super) enum Progress {
    /// There is more to do, and perhaps something to tell.
    More(Option<Event>),
    /// A dataset and what to tell about it.
    Done(Arc<Dataset>, Event),
    /// It came to nothing.
    Failed(Event),
}

impl Importing {
    /// Begins; lists what the files hold.
    pub(super) fn open(id: u32, files: ImportFiles) -> Result<Self, Event> {
        let import = match files {
            ImportFiles::One { name, bytes } => Import::open(&name, bytes),
            ImportFiles::Folder { name, files } => Import::open_files(&name, files),
        };
        import.map(|import| Self { id, import, told: None }).map_err(|error| failed(id, &error))
    }

    pub(super) fn id(&self) -> u32 {
        self.id
    }

    /// Decodes for about `time`; progress is told at most once every `frame`.
    pub(super) fn work(mut self, time: Duration, frame: Duration) -> (Option<Self>, Progress) {
        let (id, start) = (self.id, Instant::now());
        let mut done = 0;
        while start.elapsed() < time {
            match self.import.step(FEW) {
                Ok(now) => done = now,
                Err(error) => return (None, Progress::Failed(failed(id, &error))),
            }
            if done >= self.import.total() {
                return (None, finished(id, self.import.finish()));
            }
        }
        let due = self.told.is_none_or(|told| told.elapsed() >= frame);
        let event = due.then(|| Event::Importing { id, done: done as u32, total: self.import.total() as u32 });
        if due {
            self.told = Some(Instant::now());
        }
        (Some(self), Progress::More(event))
    }

    /// What to tell whoever stopped it.
    pub(super) fn stopped(&self) -> Event {
        failed(self.id, &ImportError::Stopped)
    }
}

fn finished(id: u32, imported: Result<Imported, ImportError>) -> Progress {
    match imported {
        Err(error) => Progress::Failed(failed(id, &error)),
        Ok(Imported { dataset, skipped }) => {
            let files = skipped.not_images + skipped.unreadable + skipped.loose + skipped.small_classes;
            let summary = DatasetSummary {
                name: dataset.name().to_owned(),
                fingerprint: dataset.fingerprint(),
                alphabets: dataset.alphabets().len() as u32,
                classes: dataset.classes() as u32,
                drawings: dataset.drawings() as u32,
                skipped: (files + skipped.archives) as u32,
            };
            let bytes = dataset.to_bytes();
            Progress::Done(Arc::new(dataset), Event::Imported { id, summary, bytes })
        }
    }
}

fn failed(id: u32, error: &ImportError) -> Event {
    let fault = match error {
        ImportError::UnknownForm(_) | ImportError::UnknownCompression(..) | ImportError::ClassList(_) => {
            ImportFault::Unsupported
        }
        ImportError::TooLarge
        | ImportError::TooManyEntries(_)
        | ImportError::TooManyImages(_)
        | ImportError::ImageTooLarge(_)
        | ImportError::ImageTooWide { .. }
        | ImportError::Bomb => ImportFault::TooLarge,
        ImportError::LyingSize(_)
        | ImportError::Truncated
        | ImportError::DamagedArchive(_)
        | ImportError::DamagedEntry(_)
        | ImportError::SplitArchive
        | ImportError::UnsafePath(_)
        | ImportError::DuplicatePath(_)
        | ImportError::PackedLength(_)
        | ImportError::Dataset(_)
        | ImportError::Disk { .. } => ImportFault::Damaged,
        ImportError::Encrypted(_) => ImportFault::Encrypted,
        ImportError::Empty => ImportFault::Empty,
        ImportError::OnlyArchives => ImportFault::Nested,
        ImportError::NoImages(_) => ImportFault::NoImages,
        ImportError::TooFewClasses { .. } => ImportFault::TooFewClasses,
        ImportError::Stopped => ImportFault::Cancelled,
    };
    Event::ImportFailed { id, fault, detail: error.to_string() }
}
