//! Evaluating the network that stands, on the distribution it learns from and on shifted ones.

use leptos::prelude::*;

use super::Playground;
use crate::{
    app::{browser, evaluations::Asked, session::Phase},
    experiment::{Experiment, Shift, Source, TaskSpec},
    task::check_dataset,
};

/// Numbers of tasks to choose from: a look, what papers take, and what tells small differences.
pub const EVALUATION_TASKS: [u32; 4] = [100, 600, 1000, 4000];

/// Key under which the number of tasks is remembered.
const TASKS_KEY: &str = "kindling.tasks";

/// One of the numbers to choose from, as text.
fn number_of_tasks(text: &str) -> Option<u32> {
    text.parse().ok().filter(|tasks| EVALUATION_TASKS.contains(tasks))
}

/// The number of tasks of an earlier visit.
pub(super) fn remembered_tasks() -> u32 {
    browser::remembered(TASKS_KEY).and_then(|text| number_of_tasks(&text)).unwrap_or(EVALUATION_TASKS[0])
}

impl Playground {
    /// Chooses over how many tasks to evaluate.
    pub fn choose_evaluation_tasks(self, text: &str) {
        if let Some(tasks) = number_of_tasks(text) {
            browser::remember(TASKS_KEY, text);
            self.evaluation_tasks.set(tasks);
        }
    }

    /// The distributions that can be evaluated on, the own one first.
    pub fn distributions(self) -> Vec<(Shift, TaskSpec)> {
        let dataset = self.dataset.get();
        self.experiment.with(|experiment| {
            let runs = |task: &TaskSpec| {
                let moved = Experiment { task: task.clone(), ..experiment.clone() };
                let drawn = !(task.family.classifies() && task.source == Source::Imported)
                    || dataset.as_deref().is_some_and(|dataset| {
                        check_dataset(task, dataset, task.shots.max(moved.train_shots()), moved.train_ways()).is_ok()
                    });
                drawn && moved.check().is_ok()
            };
            let shifted = Shift::ALL.into_iter().filter_map(|shift| Some((shift, shift.of(experiment)?)));
            shifted.filter(|(_, task)| runs(task)).collect()
        })
    }

    /// Whether there is a network to evaluate.
    pub fn can_evaluate(self) -> bool {
        self.session.with(|session| *session.phase() == Phase::Standing)
    }

    /// Evaluates, after what is already under way.
    pub fn evaluate(self, shift: Shift) {
        let tasks = self.evaluation_tasks.get_untracked();
        let asked = self.experiment.with_untracked(|experiment| Asked::of(experiment, shift, tasks));
        if let Some(asked) = asked {
            self.act(|session| session.evaluate(asked));
        }
    }
}
