//! One step taken apart: what of, and what is known.

use super::{
    change::adapts_alike,
    job::{Job, Kind, LongWork as _},
};
use crate::{
    experiment::{Anatomy, Experiment},
    protocol::{Answer, ShownTask, Work},
};

/// What is known of an anatomy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    anatomy: Option<Box<Anatomy>>,
    /// Of what an answer has come last.
    task: Option<ShownTask>,
}

/// See the module.
pub type Anatomies = Job<Known>;

impl Kind for Known {
    type Asked = ShownTask;

    fn work(asked: &ShownTask) -> Work {
        Work::Anatomy { task: asked.clone() }
    }

    fn take(&mut self, asked: &ShownTask, _id: u32, answer: Answer, _finished: bool) {
        self.task = Some(asked.clone());
        if let Answer::Anatomy(Some(anatomy)) = answer {
            self.anatomy = Some(anatomy);
        }
    }

    fn holds(before: &Experiment, after: &Experiment) -> bool {
        adapts_alike(before, after) && before.outer == after.outer
    }
}

impl Known {
    /// What is known.
    #[must_use]
    pub fn anatomy(&self) -> Option<&Anatomy> {
        self.anatomy.as_deref()
    }
}

impl Anatomies {
    /// Whether it went to its end and there was nothing to take apart.
    #[must_use]
    pub fn found_nothing(&self) -> bool {
        self.is_over() && self.anatomy().is_none()
    }

    /// Whether a task that has come on show is still to be taken apart; never two at a time.
    #[must_use]
    pub fn wants(&self, task: &ShownTask) -> bool {
        !self.is_busy() && !self.is_stopped() && self.task.as_ref() != Some(task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_take_apart_is_said_and_being_stopped_is_not_that() {
        let task = ShownTask { index: 4, points: Vec::new(), drawings: None };
        let begun = || {
            let mut all = Anatomies::default();
            all.ask_anew(task.clone(), &Experiment::default());
            assert!(matches!(all.next(1), Some((Work::Anatomy { .. }, None))));
            all
        };
        let mut over = begun();
        over.heed(1, Answer::Anatomy(None), (0, 0), true);
        assert!(over.found_nothing());
        assert!(!over.wants(&task), "it would find nothing again");
        assert!(over.wants(&ShownTask { index: 5, ..task.clone() }));
        assert!(!begun().wants(&ShownTask { index: 5, ..task.clone() }), "one at a time");
        let mut stopped = begun();
        stopped.stop();
        stopped.heed(1, Answer::Anatomy(None), (0, 0), true);
        assert!(!stopped.found_nothing() && !stopped.wants(&task));
    }

    #[test]
    fn another_inner_loop_or_outer_optimiser_takes_other_steps() {
        let before = Experiment::default();
        let (mut inner, mut outer, mut view) = (before.clone(), before.clone(), before.clone());
        inner.learner.eval_lr *= 2.0;
        outer.outer.lr *= 2.0;
        view.view.step = 3;
        assert_eq!([inner, outer, view].map(|after| Known::holds(&before, &after)), [false, false, true]);
    }
}
