//! Putting learners side by side on the task and the distribution that are on show.

use leptos::prelude::*;

use super::Playground;
use crate::{
    app::{
        browser,
        comparisons::{Match, suited, toggled},
    },
    experiment::{Contestant, LearnerKind, ShownTask},
};

/// Meta-steps to choose from.
pub const COMPARE_STEPS: [u32; 5] = [100, 500, 2000, 10_000, 30_000];

/// Key under which the meta-steps are remembered.
const STEPS_KEY: &str = "kindling.compare";

/// One of the numbers to choose from, as text.
fn steps(text: &str) -> Option<u32> {
    text.parse().ok().filter(|steps| COMPARE_STEPS.contains(steps))
}

/// The number of an earlier visit.
pub(super) fn remembered_steps() -> u32 {
    browser::remembered(STEPS_KEY).and_then(|text| steps(&text)).unwrap_or(COMPARE_STEPS[1])
}

/// Who takes part until somebody chooses: what stands, a first-order learner, and none that learns outside.
pub(super) fn first_choice() -> Vec<Contestant> {
    vec![Contestant::Own, Contestant::Learner(LearnerKind::Reptile), Contestant::Learner(LearnerKind::Scratch)]
}

impl Playground {
    /// Those who are chosen and can take part.
    pub fn chosen_contestants(self) -> Vec<Contestant> {
        self.experiment.with(|experiment| self.contestants.with(|chosen| suited(chosen, experiment)))
    }

    /// Takes a contestant in or out.
    pub fn toggle_contestant(self, one: Contestant) {
        // Those who do not suit these tasks leave their places to others.
        let chosen = untrack(move || self.chosen_contestants());
        self.contestants.set(toggled(&chosen, one));
    }

    /// Chooses for how many meta-steps learners are trained.
    pub fn choose_compare_steps(self, text: &str) {
        if let Some(chosen) = steps(text) {
            browser::remember(STEPS_KEY, text);
            self.compare_steps.set(chosen);
        }
    }

    /// Compares, in place of any comparison before.
    pub fn compare(self) {
        let contestants = untrack(move || self.chosen_contestants());
        let meta_steps = self.compare_steps.get_untracked();
        if let Some((shown, _)) = self.task_on_show() {
            self.act(|session| session.compare(Match { contestants, meta_steps, shown }));
        }
    }

    /// Has those who were compared adapt to another task.
    pub(super) fn show_compared(self, task: &ShownTask) {
        let request = self.session.try_update_untracked(|session| session.show_compared(task)).flatten();
        if let Some(request) = request {
            self.with_host(|host| host.send(&request));
        }
    }
}
