//! The comparison of learners: what it is about, whether it runs, and what it has found.
//!
//! A plain state machine inside [`Session`](super::session::Session), as [`Searches`](super::searches::Searches).

use crate::{
    experiment::{
        Choice as _, Compared, Contestant, Experiment, LearnerKind, MOST_CONTESTANTS, ShownTask, Source, View,
    },
    protocol::Request,
};

/// Test tasks of a comparison.
pub const COMPARED_TASKS: u32 = 100;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparisons {
    /// The experiment that was compared around.
    asked: Option<Experiment>,
    compared: Option<Compared>,
    running: bool,
    /// The task that the contestants were last asked to adapt to; none while nobody would answer.
    shown: Option<ShownTask>,
    id: u32,
    revision: u32,
}

/// A choice of contestants with one more, or without it where it is chosen; a seventh is not taken.
#[must_use]
pub fn toggled(chosen: &[Contestant], one: Contestant) -> Vec<Contestant> {
    if chosen.contains(&one) {
        return chosen.iter().copied().filter(|other| *other != one).collect();
    }
    chosen.iter().copied().chain([one]).take(MOST_CONTESTANTS).collect()
}

/// Those of a choice that can take part around an experiment.
#[must_use]
pub fn suited(chosen: &[Contestant], experiment: &Experiment) -> Vec<Contestant> {
    chosen.iter().copied().filter(|one| one.check(experiment).is_ok()).collect()
}

/// Everybody who can take part around an experiment.
#[must_use]
pub fn possible(experiment: &Experiment) -> Vec<Contestant> {
    let learners = LearnerKind::ALL.iter().copied().map(Contestant::Learner);
    suited(&[Contestant::Own].into_iter().chain(learners).collect::<Vec<_>>(), experiment)
}

impl Comparisons {
    /// A number that changes whenever anything else here does.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Whether one is under way.
    #[must_use]
    pub fn running(&self) -> bool {
        self.running
    }

    /// What was found.
    #[must_use]
    pub fn compared(&self) -> Option<&Compared> {
        self.compared.as_ref()
    }

    /// Compares around an experiment, in place of any comparison before.
    pub fn ask(
        &mut self,
        experiment: &Experiment,
        contestants: Vec<Contestant>,
        meta_steps: u32,
        shown: ShownTask,
    ) -> Request {
        let (id, revision) = (self.id.wrapping_add(1), self.revision + 1);
        let asked = Some(experiment.clone());
        *self = Self { asked, compared: None, running: true, shown: Some(shown.clone()), id, revision };
        Request::Compare { id, contestants, meta_steps, tasks: COMPARED_TASKS, shown }
    }

    /// Stops it; what it has found stays.
    pub fn stop(&mut self) -> Option<Request> {
        std::mem::take(&mut self.running).then(|| {
            self.revision += 1;
            Request::CancelCompare(self.id)
        })
    }

    /// Has the contestants adapt to the task on show, where that is another one than before.
    pub fn show(&mut self, task: &ShownTask) -> Option<Request> {
        let shown = self.shown.as_mut().filter(|shown| *shown != task)?;
        shown.clone_from(task);
        Some(Request::ShowCompared { id: self.id, shown: task.clone() })
    }

    /// Takes in how it stands.
    pub fn heed(&mut self, id: u32, compared: Compared, finished: bool) {
        if self.asked.is_none() || id != self.id {
            return;
        }
        self.revision += 1;
        self.compared = Some(compared);
        self.running &= !finished;
    }

    /// Nobody will answer any more.
    pub fn part(&mut self) {
        self.shown = None;
        if std::mem::take(&mut self.running) {
            self.revision += 1;
        }
    }

    /// Goes over to another experiment: a comparison that is about something else is stopped and forgotten.
    pub fn turn_to(&mut self, experiment: &Experiment) -> Option<Request> {
        if self.asked.as_ref().is_none_or(|asked| without_view(asked) == without_view(experiment)) {
            return None;
        }
        let stop = self.stop();
        let (id, revision) = (self.id, self.revision + 1);
        *self = Self { id, revision, ..Self::default() };
        stop
    }

    /// Whether the one that runs draws its characters from there.
    #[must_use]
    pub fn draws_from(&self, source: Source) -> bool {
        let asked = self.asked.as_ref().filter(|_| self.running);
        asked.is_some_and(|asked| asked.task.family.classifies() && asked.task.source == source)
    }
}

/// An experiment without what is on show and when training ends: a comparison has its own meta-steps.
#[must_use]
pub fn without_view(experiment: &Experiment) -> Experiment {
    Experiment { view: View::default(), budget: Experiment::default().budget, ..experiment.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Family;

    fn task(index: u32) -> ShownTask {
        ShownTask { index, points: Vec::new(), drawings: None }
    }

    fn found() -> Compared {
        Compared { meta_steps: 100, tasks: 100, entrants: Vec::new() }
    }

    fn asked() -> (Comparisons, u32) {
        let mut all = Comparisons::default();
        let contestants = vec![Contestant::Own, Contestant::Learner(LearnerKind::Reptile)];
        let request = all.ask(&Experiment::default(), contestants, 100, task(0));
        let Request::Compare { id, tasks: 100, meta_steps: 100, .. } = request else { panic!("{request:?}") };
        (all, id)
    }

    #[test]
    fn what_is_stopped_keeps_what_it_has_found() {
        let (mut all, id) = asked();
        all.heed(id, found(), false);
        assert_eq!((all.stop(), all.running()), (Some(Request::CancelCompare(id)), false));
        all.heed(id, found(), true);
        assert_eq!((all.stop(), all.compared()), (None, Some(&found())));
    }

    #[test]
    fn another_task_is_asked_for_once_and_also_when_it_is_over() {
        let (mut all, id) = asked();
        assert_eq!(all.show(&task(0)), None);
        all.heed(id, found(), true);
        assert_eq!(all.show(&task(3)), Some(Request::ShowCompared { id, shown: task(3) }));
        assert_eq!(all.show(&task(3)), None);
        let revision = all.revision();
        all.heed(id, found(), true);
        assert!(all.revision() > revision && !all.running());
        all.part();
        assert_eq!(all.show(&task(4)), None, "nobody would answer");
    }

    #[test]
    fn another_experiment_ends_it_and_another_view_or_budget_does_not() {
        let (mut all, id) = asked();
        let mut next = Experiment::default();
        (next.view.task, next.view.step, next.budget.meta_steps) = (9, 2, 10);
        assert_eq!((all.turn_to(&next), all.running()), (None, true));
        next.outer.lr = 0.5;
        assert_eq!(all.turn_to(&next), Some(Request::CancelCompare(id)));
        all.heed(id, found(), false);
        assert_eq!((all.compared(), all.running()), (None, false), "a late word is not heard");
    }

    #[test]
    fn six_can_be_chosen_and_a_seventh_is_not_taken() {
        let mut chosen = Vec::new();
        for kind in [LearnerKind::Maml, LearnerKind::Fomaml, LearnerKind::Reptile, LearnerKind::Scratch] {
            chosen = toggled(&chosen, Contestant::Learner(kind));
        }
        chosen = toggled(&toggled(&chosen, Contestant::Own), Contestant::Learner(LearnerKind::Cnp));
        assert_eq!(chosen.len(), 6);
        assert_eq!(toggled(&chosen, Contestant::Learner(LearnerKind::Anil)), chosen);
        assert_eq!(toggled(&chosen, Contestant::Own).len(), 5);
    }

    #[test]
    fn who_does_not_suit_the_tasks_is_left_out_of_a_choice() {
        let chosen = [Contestant::Own, Contestant::Learner(LearnerKind::Prototypical)];
        assert_eq!(suited(&chosen, &Experiment::default()), [Contestant::Own]);
        let prototypical = Contestant::Learner(LearnerKind::Prototypical);
        assert!(!possible(&Experiment::default()).contains(&prototypical));
        assert!(possible(&crate::app::change::opening(Family::Characters)).contains(&prototypical));
    }
}
