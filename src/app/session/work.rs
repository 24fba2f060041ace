//! What the visitor asks for beside the run: long work, and a dataset.

use super::{Act, Phase, Session};
use crate::{
    app::{
        comparisons::Match,
        evaluations::Asked,
        jobs::Jobs,
        landscapes::Mapped,
        layers::Looked,
        library::{Failure, Holding},
    },
    experiment::{Diagnosis, Experiment, Source, Tab},
    protocol::{ImportFiles, Request, ShownTask},
};

impl Session {
    /// Evaluates the run that stands.
    pub fn evaluate(&mut self, asked: Asked) -> Vec<Act> {
        self.ask(|jobs, experiment| jobs.evaluations.ask(asked, experiment))
    }

    /// Diagnoses the run that stands.
    pub fn diagnose(&mut self, diagnosis: Diagnosis) -> Vec<Act> {
        self.ask(|jobs, experiment| jobs.diagnoses.ask_once(diagnosis, experiment))
    }

    /// Draws the landscape of the run that stands.
    pub fn map(&mut self, asked: Mapped) -> Vec<Act> {
        self.ask(|jobs, experiment| jobs.landscapes.ask_anew(asked, experiment))
    }

    /// Draws the landscape of the run that stands around another task; the one that is there stays until that comes.
    pub fn map_instead(&mut self, asked: Mapped) -> Vec<Act> {
        self.ask(|jobs, experiment| match jobs.landscapes.found_nothing() {
            true => jobs.landscapes.ask_anew(asked, experiment),
            false => jobs.landscapes.ask_instead(asked, experiment),
        })
    }

    /// Looks into the layers of the run that stands.
    pub fn dissect(&mut self, task: ShownTask) -> Vec<Act> {
        self.ask(|jobs, experiment| jobs.layers.ask_anew(task, experiment))
    }

    /// Looks at what the convolutions of the run that stands make of a drawing.
    pub fn look_at(&mut self, looked: Looked) -> Vec<Act> {
        self.ask(|jobs, experiment| jobs.activated.ask(looked, experiment))
    }

    /// Takes a step of the run that stands apart.
    pub fn trace(&mut self, task: ShownTask) -> Vec<Act> {
        self.ask(|jobs, experiment| jobs.anatomies.ask_anew(task, experiment))
    }

    /// Searches around the experiment of the run that stands, which pauses: its meta-steps would take time that the
    /// search has planned with.
    pub fn search(&mut self, seconds: u32) -> Vec<Act> {
        self.ask_paused(|jobs, experiment| jobs.searches.ask_anew(seconds, experiment))
    }

    /// Puts learners side by side, and what stands as it stands. The run pauses, as the comparison gives way to it.
    pub fn compare(&mut self, asked: Match) -> Vec<Act> {
        self.ask_paused(|jobs, experiment| jobs.comparisons.ask_anew(asked, experiment))
    }

    /// Compares directions every so many meta-steps, in this run and in those to come; 0 stops.
    pub fn watch_directions(&mut self, every: u32) -> Vec<Act> {
        let request = self.jobs.diagnoses.watch(every);
        if self.phase == Phase::Standing { vec![Act::Send(request)] } else { Vec::new() }
    }

    /// Stops the long work of a panel.
    pub fn stop(&mut self, tab: Tab) -> Vec<Act> {
        self.jobs.stop(tab).map(Act::Send).into_iter().collect()
    }

    /// What to ask for so that those compared adapt to the task on show as well.
    pub fn show_compared(&mut self, task: &ShownTask) -> Option<Request> {
        self.jobs.comparisons.show(task)
    }

    /// Asks for long work about the run that stands, or about the one that begins.
    fn ask(&mut self, ask: impl FnOnce(&mut Jobs, &Experiment)) -> Vec<Act> {
        if !matches!(self.phase, Phase::Starting | Phase::Standing) {
            return Vec::new();
        }
        ask(&mut self.jobs, self.expected.as_ref().unwrap_or(&self.launch.experiment));
        self.post()
    }

    /// Asks for long work while nothing trains.
    fn ask_paused(&mut self, ask: impl FnOnce(&mut Jobs, &Experiment)) -> Vec<Act> {
        let pause = if self.phase == Phase::Standing && self.is_training() { self.pause() } else { Vec::new() };
        pause.into_iter().chain(self.ask(ask)).collect()
    }

    /// Posts the long work whose turn it is, after the dataset that it draws from.
    pub(super) fn post(&mut self) -> Vec<Act> {
        if self.phase != Phase::Standing {
            return Vec::new();
        }
        let mut acts = Vec::new();
        for (request, tasks) in self.jobs.begin() {
            if let Some(task) = tasks {
                let drawn = Experiment { task, ..self.launch.experiment.clone() };
                acts.extend(self.library.hand_over(&drawn).map(Act::Send));
            }
            acts.push(Act::Send(request));
        }
        acts
    }

    /// The browser begins to hand over files to import.
    pub fn open_files(&mut self) -> Vec<Act> {
        self.library.open();
        Vec::new()
    }

    /// Imports files, as soon as there is a worker.
    pub fn import(&mut self, files: Result<ImportFiles, Failure>) -> Vec<Act> {
        let stopped = self.jobs.stop_on(Source::Imported).into_iter();
        stopped.chain(self.library.read(files, self.ready)).map(Act::Send).collect()
    }

    /// Stops the import that goes on.
    pub fn cancel_import(&mut self) -> Vec<Act> {
        self.library.cancel().map(Act::Send).into_iter().collect()
    }

    /// Takes the dataset of an earlier visit.
    pub fn restore_dataset(&mut self, holding: Holding) -> Vec<Act> {
        self.library.restore(holding);
        Vec::new()
    }

    /// Forgets the dataset; what runs on it goes on with procedural characters.
    pub fn forget_dataset(&mut self) -> Vec<Act> {
        if !self.library.forget() {
            return Vec::new();
        }
        let stopped = self.jobs.stop_on(Source::Imported);
        let mut acts: Vec<Act> = stopped.into_iter().map(Act::Send).collect();
        acts.extend([Act::Keep(None), Act::WithoutDataset]);
        acts.extend(self.ready.then_some(Act::Send(Request::Dataset(None))));
        acts
    }

    /// Brings the dataset back that was forgotten last.
    pub fn recall_dataset(&mut self) -> Vec<Act> {
        self.library.recall().map(|holding| Act::Keep(Some(holding))).into_iter().collect()
    }
}
