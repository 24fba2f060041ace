//! The comparison of learners and checkpoints: who takes part, and what it has found.

use std::sync::Arc;

use super::job::{Job, Kind};
use crate::{
    experiment::{Choice as _, Compared, Contestant, Experiment, LearnerKind, MOST_CONTESTANTS, ShownTask, View},
    protocol::{Answer, Request, Work},
};

/// Test tasks of a comparison.
pub const COMPARED_TASKS: u32 = 100;

/// A comparison to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Who takes part.
    pub contestants: Vec<Contestant>,
    /// The files of those that are checkpoints, in their order.
    pub checkpoints: Vec<Arc<Vec<u8>>>,
    /// Meta-steps of every learner.
    pub meta_steps: u32,
    /// The task that they were last asked to adapt to.
    pub shown: ShownTask,
}

/// What a comparison has found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside(Option<Compared>);

/// See the module.
pub type Comparisons = Job<Beside>;

/// A choice of contestants with one more, or without it where it is chosen; a seventh is not taken.
#[must_use]
pub fn toggled(chosen: &[Contestant], one: Contestant) -> Vec<Contestant> {
    if chosen.contains(&one) {
        return chosen.iter().filter(|other| **other != one).cloned().collect();
    }
    chosen.iter().cloned().chain([one]).take(MOST_CONTESTANTS).collect()
}

/// Those of a choice that can take part around an experiment.
#[must_use]
pub fn suited(chosen: &[Contestant], experiment: &Experiment) -> Vec<Contestant> {
    chosen.iter().filter(|one| one.check(experiment).is_ok()).cloned().collect()
}

/// Everybody but checkpoints who can take part around an experiment.
#[must_use]
pub fn possible(experiment: &Experiment) -> Vec<Contestant> {
    let learners = LearnerKind::ALL.iter().copied().map(Contestant::Learner);
    suited(&[Contestant::Own].into_iter().chain(learners).collect::<Vec<_>>(), experiment)
}

impl Kind for Beside {
    type Asked = Match;

    const OUTLIVES_RUN: bool = true;

    fn work(asked: &Match) -> Work {
        let Match { contestants, checkpoints, meta_steps, shown } = asked.clone();
        let checkpoints = checkpoints.iter().map(|bytes| bytes.to_vec()).collect();
        Work::Compare { contestants, checkpoints, meta_steps, tasks: COMPARED_TASKS, shown }
    }

    fn take(&mut self, _asked: &Match, _id: u32, answer: Answer, _finished: bool) {
        if let Answer::Compared(compared) = answer {
            self.0 = Some(compared);
        }
    }

    fn holds(before: &Experiment, after: &Experiment) -> bool {
        without_view(before) == without_view(after)
    }
}

impl Beside {
    /// What was found.
    #[must_use]
    pub fn compared(&self) -> Option<&Compared> {
        self.0.as_ref()
    }
}

impl Comparisons {
    /// Has the contestants adapt to the task on show, where that is another one than before; also when it is over.
    pub fn show(&mut self, task: &ShownTask) -> Option<Request> {
        let (id, asked) = self.begun_mut().filter(|(_, asked)| asked.shown != *task)?;
        asked.shown.clone_from(task);
        Some(Request::Show { id, task: task.clone() })
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
    use crate::{app::job::LongWork as _, experiment::Family};

    fn task(index: u32) -> ShownTask {
        ShownTask { index, points: Vec::new(), drawings: None }
    }

    fn found() -> Compared {
        Compared { meta_steps: 100, tasks: 100, entrants: Vec::new() }
    }

    /// A comparison under way, of the id 1.
    fn begun() -> Comparisons {
        let mut all = Comparisons::default();
        let contestants = vec![Contestant::Own, Contestant::Learner(LearnerKind::Reptile)];
        let checkpoints = vec![Arc::new(vec![1, 2])];
        all.ask_anew(Match { contestants, checkpoints, meta_steps: 100, shown: task(0) }, &Experiment::default());
        let Some((Work::Compare { checkpoints, tasks: 100, meta_steps: 100, .. }, None)) = all.next(1) else {
            panic!()
        };
        assert_eq!(checkpoints, [vec![1, 2]]);
        all
    }

    fn heed(all: &mut Comparisons, finished: bool) {
        all.heed(1, Answer::Compared(found()), (1, 2), finished);
    }

    #[test]
    fn what_is_stopped_keeps_what_it_has_found() {
        let mut all = begun();
        heed(&mut all, false);
        assert_eq!(all.stop(), Some(Request::Cancel(1)));
        heed(&mut all, true);
        assert_eq!((all.stop(), all.is_busy(), all.compared()), (None, false, Some(&found())));
    }

    #[test]
    fn another_task_is_asked_for_once_and_also_when_it_is_over() {
        let mut all = begun();
        assert_eq!(all.show(&task(0)), None);
        heed(&mut all, true);
        assert_eq!(all.show(&task(3)), Some(Request::Show { id: 1, task: task(3) }));
        assert_eq!(all.show(&task(3)), None);
        let revision = all.revision();
        heed(&mut all, false);
        assert!(all.revision() > revision && !all.is_busy(), "it is still over");
        all.part();
        assert_eq!(all.show(&task(4)), None, "nobody would answer");
    }

    #[test]
    fn another_experiment_ends_it_and_another_view_or_budget_does_not() {
        let mut all = begun();
        let mut next = Experiment::default();
        (next.view.task, next.view.step, next.budget.meta_steps) = (9, 2, 10);
        assert_eq!((all.launch(&next), all.is_busy()), (None, true));
        next.outer.lr = 0.5;
        assert_eq!(all.launch(&next), Some(Request::Cancel(1)));
        heed(&mut all, false);
        assert_eq!((all.compared(), all.is_busy()), (None, false), "a late word is not heard");
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
