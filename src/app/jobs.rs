//! All long work of the page, and which panel it belongs to.

use super::{
    anatomies::Anatomies,
    comparisons::Comparisons,
    diagnoses::Diagnoses,
    evaluations::Evaluations,
    job::LongWork,
    landscapes::Landscapes,
    layers::{Activated, Dissections},
    searches::Searches,
};
use crate::{
    experiment::{Experiment, Source, Tab, TaskSpec},
    protocol::{Answer, Request},
};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Jobs {
    /// What was evaluated of the run that stands.
    pub evaluations: Evaluations,
    /// Learners side by side on the tasks of the experiment.
    pub comparisons: Comparisons,
    /// What a search has tried around the experiment.
    pub searches: Searches,
    /// What was drawn of the weights of the run that stands.
    pub landscapes: Landscapes,
    /// What was diagnosed of the run that stands.
    pub diagnoses: Diagnoses,
    /// What was seen inside the layers of the run that stands.
    pub layers: Dissections,
    /// The feature maps of one drawing, which its panel shows as well.
    pub activated: Activated,
    /// A step of the run that stands, taken apart.
    pub anatomies: Anatomies,
    /// The id given last.
    id: u32,
}

impl Jobs {
    /// That of a panel, where it has some.
    #[must_use]
    pub fn of(&self, tab: Tab) -> Option<&dyn LongWork> {
        Some(match tab {
            Tab::Evaluate => &self.evaluations,
            Tab::Compare => &self.comparisons,
            Tab::Search => &self.searches,
            Tab::Landscape => &self.landscapes,
            Tab::Diagnose => &self.diagnoses,
            Tab::Layers => &self.layers,
            Tab::Anatomy => &self.anatomies,
            Tab::Runs => return None,
        })
    }

    fn all(&mut self) -> [(Tab, &mut dyn LongWork); 8] {
        [
            (Tab::Evaluate, &mut self.evaluations),
            (Tab::Compare, &mut self.comparisons),
            (Tab::Search, &mut self.searches),
            (Tab::Landscape, &mut self.landscapes),
            (Tab::Diagnose, &mut self.diagnoses),
            (Tab::Layers, &mut self.layers),
            (Tab::Layers, &mut self.activated),
            (Tab::Anatomy, &mut self.anatomies),
        ]
    }

    /// Begins what waits for its turn: what to ask of the worker, each with the tasks that it draws where those are not
    /// the experiment's.
    pub fn begin(&mut self) -> Vec<(Request, Option<TaskSpec>)> {
        let mut id = self.id;
        let next = self.all().into_iter().filter_map(|(_, job)| {
            let (work, tasks) = job.next(id.wrapping_add(1))?;
            id = id.wrapping_add(1);
            Some((Request::Begin { id, work }, tasks))
        });
        let next = next.collect();
        self.id = id;
        next
    }

    /// Takes in what the work of this id has found.
    pub fn heed(&mut self, id: u32, answer: Answer, progress: (u32, u32), finished: bool) {
        if let Some((_, job)) = self.all().into_iter().find(|(_, job)| job.hears(id)) {
            job.heed(id, answer, progress, finished);
        }
    }

    /// The work of this id will say no more.
    pub fn refuse(&mut self, id: u32) {
        self.all().into_iter().filter(|(_, job)| job.hears(id)).for_each(|(_, job)| job.part());
    }

    /// Stops that of a panel.
    pub fn stop(&mut self, tab: Tab) -> Option<Request> {
        self.all().into_iter().find(|(of, _)| *of == tab).and_then(|(_, job)| job.stop())
    }

    /// Stops what draws its characters from a source that is about to change.
    pub fn stop_on(&mut self, source: Source) -> Vec<Request> {
        self.each(|job| if job.draws_from(source) { job.stop() } else { None })
    }

    /// Stops everything, and hears no more of it.
    pub fn abandon(&mut self) -> Vec<Request> {
        self.each(|job| {
            let stop = job.stop();
            job.part();
            stop
        })
    }

    /// Nobody will say any more.
    pub fn part(&mut self) {
        self.all().into_iter().for_each(|(_, job)| job.part());
    }

    /// Goes over from one experiment to another.
    pub fn turn(&mut self, before: &Experiment, after: &Experiment) -> Vec<Request> {
        self.each(|job| job.turn(before, after))
    }

    /// A run of this experiment is about to begin: what is asked for from now on is asked of that.
    pub fn expect(&mut self, experiment: &Experiment) {
        self.all().into_iter().for_each(|(_, job)| job.expect(experiment));
    }

    /// The run that was launched stands.
    pub fn stand(&mut self) {
        self.all().into_iter().for_each(|(_, job)| job.stand());
    }

    /// Goes over to another run, of this experiment.
    pub fn launch(&mut self, experiment: &Experiment) -> Vec<Request> {
        self.each(|job| job.launch(experiment))
    }

    fn each(&mut self, act: impl Fn(&mut dyn LongWork) -> Option<Request>) -> Vec<Request> {
        self.all().into_iter().filter_map(|(_, job)| act(job)).collect()
    }
}

#[cfg(test)]
#[path = "jobs_tests.rs"]
mod tests;
