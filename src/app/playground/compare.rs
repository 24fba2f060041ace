//! Putting learners side by side on the task and the distribution that are on show.

use leptos::prelude::*;

use web_sys::{File, FileList};

use super::Playground;
use crate::{
    app::{
        browser,
        comparisons::{Match, suited, toggled},
        files,
        guests::{self, Guest, MOST_BYTES, Refusal, may_come, welcomed},
        notice::{self, Notice},
    },
    experiment::{Contestant, LearnerKind, MOST_CONTESTANTS, Saved, ShownTask},
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

    /// Reads checkpoint files, and takes those in that can take part.
    pub fn open_guests(self, files: &FileList) {
        let files: Vec<File> = (0..files.length()).filter_map(|place| files.get(place)).collect();
        self.dismiss(notice::Kind::Guests);
        leptos::task::spawn_local(async move {
            let mut refused = Vec::new();
            for file in files {
                let taken = self.open_guest(&file).await;
                refused.extend(taken.err().map(|refusal| (file.name(), refusal)));
            }
            if !refused.is_empty() {
                self.tell(Notice::Guests(refused));
            }
        });
    }

    /// Reads a checkpoint file, unless it would be refused whatever it holds.
    async fn open_guest(self, file: &File) -> Result<(), Refusal> {
        // A file's size is a whole number of bytes.
        self.guests.with_untracked(|all| may_come(all, &file.name(), file.size() as usize))?;
        let bytes = files::bytes(file, MOST_BYTES).await?;
        self.welcome(&file.name(), bytes)
    }

    /// The run that undo would bring back, if there is one.
    pub fn undoable_run(self) -> Option<Saved> {
        self.session.with(|session| {
            let kept = session.undoable()?;
            Some(guests::before(kept.meta_step, kept.experiment.clone()))
        })
    }

    /// Takes the run in that undo would bring back.
    pub fn add_undoable(self) {
        let name = untrack(move || self.undoable_run()).map(|run| run.name);
        let bytes = self.session.with_untracked(|session| session.undoable().map(|kept| kept.bytes.clone()));
        let Some((name, bytes)) = name.zip(bytes) else { return };
        self.dismiss(notice::Kind::Guests);
        if let Err(refusal) = self.welcome(&name, bytes) {
            self.tell(Notice::Guests(vec![(name, refusal)]));
        }
    }

    /// Takes a file in, and has it take part.
    ///
    /// # Errors
    /// When it is not taken in, or is and finds no room among those who take part.
    fn welcome(self, name: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
        let all = self.guests.get_untracked();
        let (all, newcomer) = self.experiment.with_untracked(|own| welcomed(&all, (name, bytes), own))?;
        self.guests.set(all);
        let chosen = untrack(move || self.chosen_contestants());
        if chosen.contains(&newcomer) {
            return Ok(());
        }
        if chosen.len() >= MOST_CONTESTANTS {
            return Err(Refusal::Crowded);
        }
        self.toggle_contestant(newcomer);
        Ok(())
    }

    /// Forgets a network that was brought along.
    pub fn dismiss_guest(self, guest: &Guest) {
        let contestant = guest.contestant();
        self.contestants.update(|all| all.retain(|one| *one != contestant));
        self.guests.update(|all| all.retain(|one| one != guest));
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
        let checkpoints = self.guests.with_untracked(|all| guests::files(all, &contestants));
        if let Some((shown, _)) = self.task_on_show() {
            self.act(|session| session.compare(Match { contestants, checkpoints, meta_steps, shown }));
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
