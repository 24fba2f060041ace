//! Characters: where they come from, what the visitor draws, and the dataset that the visitor brings along.

use std::sync::Arc;

use leptos::prelude::*;

use super::Playground;
use crate::{
    app::{
        browser, change,
        files::Given,
        library::{Holding, Import, wants_dataset},
        notice::{self, Notice},
        session::{Session, Then},
        shown::{Shown, Subject},
        sketch::Sketch,
        store,
    },
    experiment::{Experiment, Family, Source},
    protocol::ShownTask,
    task::{Dataset, glyph::rasterise},
};

/// Key under which drawings are remembered.
const DRAWINGS_KEY: &str = "kindling.drawings";

/// Where the characters on show come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    /// The tasks that the network learns from.
    Sampled,
    /// A dataset that is still to be imported.
    Import,
    /// The visitor's hand.
    Drawn,
}

/// The drawings of an earlier visit.
pub(super) fn remembered() -> Sketch {
    browser::remembered(DRAWINGS_KEY).and_then(|json| Sketch::from_json(&json)).unwrap_or_default()
}

impl Playground {
    /// Whether the visitor's drawings are the task on show: never for a learner that reads descriptions, of which they
    /// have none.
    pub fn is_drawing(self) -> bool {
        let takes = |experiment: &Experiment| {
            experiment.task.family.classifies() && !experiment.learner.kind.reads_descriptions()
        };
        self.desk.get() == Desk::Drawn && self.experiment.with(takes)
    }

    /// Turns to another family: with settings of its own where the ones that stand make no sense for it.
    pub fn choose_family(self, family: Family) {
        let old = self.experiment.get_untracked();
        let new = change::with_family(&old, family);
        if change::alike(old.task.family, family) {
            self.edit(|experiment| *experiment = new);
        } else {
            self.adopt(new);
        }
    }

    /// Takes characters from somewhere else.
    pub fn choose_characters(self, desk: Desk, source: Source) {
        let drawing = self.desk.get_untracked() == Desk::Drawn;
        let held = self.session.with_untracked(|session| session.library().held().is_some());
        let missing = desk == Desk::Sampled && source == Source::Imported && !held;
        self.desk.set(if missing { Desk::Import } else { desk });
        if drawing != (desk == Desk::Drawn) {
            self.shown.set(None);
            self.playing.set(None);
            self.introduce.set_value(desk == Desk::Drawn);
            self.readapt();
        }
        if desk == Desk::Sampled && !missing {
            self.edit(|experiment| experiment.task.source = source);
        }
    }

    /// Shows one of the tasks that the network learns from, in place of the visitor's drawings.
    pub fn show_sampled(self, index: u32) {
        if untrack(move || self.is_drawing()) {
            let source = self.experiment.with_untracked(|experiment| experiment.task.source);
            self.choose_characters(Desk::Sampled, source);
        }
        self.edit(|experiment| {
            experiment.view.task = index;
            experiment.view.points.clear();
        });
    }

    /// Changes what is drawn, remembers it, and asks how the network takes it.
    pub fn draw(self, change: impl FnOnce(&mut Sketch)) {
        self.sketch.update(change);
        browser::remember(DRAWINGS_KEY, &self.sketch.with_untracked(Sketch::to_json));
        self.readapt();
    }

    /// The task to adapt to, if there is one.
    pub(super) fn task_on_show(self) -> Option<(ShownTask, Subject)> {
        self.experiment.with_untracked(|experiment| {
            let index = experiment.view.task;
            let ways = experiment.task.ways as usize;
            if untrack(move || self.is_drawing()) {
                let (drawings, classes) =
                    self.sketch.with_untracked(|sketch| Some((sketch.task(ways, rasterise)?, sketch.classes(ways))))?;
                let task = ShownTask { index, points: Vec::new(), drawings: Some(drawings) };
                Some((task, Subject::Drawn { classes }))
            } else {
                let task = ShownTask { index, points: experiment.view.points.clone(), drawings: None };
                Some((task, Subject::Sampled { index }))
            }
        })
    }

    /// Whether an adapted task is of the kind that is on show.
    pub(super) fn is_about(self, shown: &Shown) -> bool {
        let classifies = self.experiment.with_untracked(|experiment| experiment.task.family.classifies());
        let drawn = matches!(shown.subject, Subject::Drawn { .. });
        shown.characters().is_some() == classifies && drawn == untrack(move || self.is_drawing())
    }

    /// Looks for the dataset of an earlier visit, and begins: at once, unless the run needs the dataset first.
    pub(super) fn open_library(self, heavy: bool) {
        let wanted = self.experiment.with_untracked(wants_dataset);
        if !wanted && !heavy {
            self.begin(Then::Wait);
        }
        leptos::task::spawn_local(async move {
            if let Some(holding) = store::load().await {
                self.act(|session| session.restore_dataset(holding.clone()));
                self.shelve(Some(&holding));
            }
            if wanted {
                let mut experiment = self.experiment.get_untracked();
                self.without_missing_dataset(&mut experiment);
                self.turn_to(experiment);
                if !heavy {
                    self.begin(self.session.with_untracked(Session::intent));
                }
            }
        });
    }

    /// Makes an experiment's characters procedural where its dataset is not here, and says so.
    pub(super) fn without_missing_dataset(self, experiment: &mut Experiment) {
        let held = self.session.with_untracked(|session| session.library().held().is_some());
        if wants_dataset(experiment) && !held {
            experiment.task.source = Source::Procedural;
            self.desk.set(Desk::Import);
            self.tell(Notice::DatasetMissing);
        }
    }

    /// Goes on with procedural characters.
    pub(super) fn without_dataset(self) {
        self.edit(|experiment| experiment.task.source = Source::Procedural);
    }

    /// Imports what a visitor has chosen or dropped.
    pub fn import(self, given: Given) {
        self.choose_characters(Desk::Import, Source::Imported);
        self.dismiss(notice::Kind::Dataset);
        self.act(Session::open_files);
        leptos::task::spawn_local(async move {
            let awaited = move || {
                self.session.try_with_untracked(|session| *session.library().import() == Import::Opening) == Some(true)
            };
            let files = given.read(awaited).await;
            self.act(|session| session.import(files));
        });
    }

    /// Stops the import.
    pub fn cancel_import(self) {
        self.act(Session::cancel_import);
    }

    /// Forgets the dataset, here and in the browser's storage.
    pub fn forget_dataset(self) {
        self.act(Session::forget_dataset);
        self.desk.set(Desk::Import);
    }

    /// Brings back the dataset that was forgotten last.
    pub fn recall_dataset(self) {
        self.act(Session::recall_dataset);
    }

    /// Has the page draw with a dataset, or without one.
    pub(super) fn shelve(self, holding: Option<&Holding>) {
        // What does not read as a dataset here will not there either, and the worker says so.
        let dataset = holding.and_then(|holding| Dataset::from_bytes(&holding.bytes).ok());
        self.dataset.set(dataset.map(Arc::new));
        if holding.is_some() && self.desk.get_untracked() == Desk::Import {
            self.desk.set(Desk::Sampled);
            self.edit(|experiment| {
                if experiment.task.family.classifies() {
                    experiment.task.source = Source::Imported;
                }
            });
        }
    }

    /// Asks for the task on show to be adapted anew.
    fn readapt(self) {
        self.session.update_untracked(Session::wish_adaptation);
        self.pump();
    }
}
