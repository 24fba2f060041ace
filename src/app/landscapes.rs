//! The landscape of weights: what it is of, and what it says.

use super::{
    change::adapts_alike,
    job::{Job, Kind, LongWork as _},
};
use crate::{
    experiment::{Experiment, Landscape, PlaneKind},
    protocol::{Answer, ShownTask, Work},
};

/// Tasks whose paths are followed beside that of the task on show.
const OTHERS: u32 = 12;

/// Points in a row of the grid of losses, and of one where adapting to a task takes more than [`HEAVY`].
const SIDES: [u32; 2] = [33, 17];

/// FLOP.
const HEAVY: f64 = 1e8;

/// What a landscape is of.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped {
    /// The task whose loss is drawn.
    pub task: ShownTask,
    /// Which plane.
    pub plane: PlaneKind,
    side: u32,
}

impl Mapped {
    /// A task in a plane, as finely as an experiment allows.
    #[must_use]
    pub fn of(task: ShownTask, plane: PlaneKind, experiment: &Experiment) -> Self {
        let heavy = experiment.adaptation_work() > HEAVY;
        Self { task, plane, side: SIDES[usize::from(heavy)] }
    }
}

/// What is known of a landscape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Known {
    /// Of which task, and the landscape.
    drawn: Option<(ShownTask, Landscape)>,
    /// Around which task an answer has come last.
    heard: Option<ShownTask>,
}

/// See the module.
pub type Landscapes = Job<Known>;

impl Kind for Known {
    type Asked = Mapped;

    fn work(asked: &Mapped) -> Work {
        let Mapped { task, plane, side } = asked.clone();
        Work::Landscape { task, tasks: OTHERS, plane, side }
    }

    fn take(&mut self, asked: &Mapped, _id: u32, answer: Answer, finished: bool) {
        if let Answer::Landscape(landscape) = answer {
            self.heard = Some(asked.task.clone());
            // A surface stays until the next one begins: what stands on it is in use.
            let stays = self.drawn.as_ref().is_some_and(|(of, before)| *of != asked.task && before.surface.is_some());
            if let Some(landscape) = landscape.filter(|next| finished || next.surface.is_some() || !stays) {
                self.drawn = Some((asked.task.clone(), *landscape));
            }
        }
    }

    fn holds(before: &Experiment, after: &Experiment) -> bool {
        adapts_alike(before, after)
    }
}

impl Known {
    /// What is known.
    #[must_use]
    pub fn landscape(&self) -> Option<&Landscape> {
        self.drawn.as_ref().map(|(_, landscape)| landscape)
    }

    /// The task around which it is drawn.
    #[must_use]
    pub fn task(&self) -> Option<&ShownTask> {
        self.drawn.as_ref().map(|(task, _)| task)
    }
}

impl Landscapes {
    /// Whether one went to its end and there was no plane, as every path runs off or none moves.
    #[must_use]
    pub fn found_nothing(&self) -> bool {
        self.is_over() && (self.task().is_none() || self.task() != self.heard.as_ref())
    }

    /// Whether what has come on show is still to be drawn: where another task of the same run was, unless the visitor has
    /// stopped that.
    #[must_use]
    pub fn wants(&self, asked: &Mapped) -> bool {
        match self.is_busy() {
            _ if self.is_ahead() => false,
            true => !self.is_stopped() && !self.is_wanted(asked),
            false => self.is_over() && self.heard.as_ref().is_some_and(|task| *task != asked.task),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Surface;

    /// A task in the plane of the paths.
    fn mapped(index: u32) -> Mapped {
        let task = ShownTask { index, points: Vec::new(), drawings: None };
        Mapped::of(task, PlaneKind::Paths, &Experiment::default())
    }

    /// A landscape under way, of the id 1.
    fn begun() -> Landscapes {
        let mut all = Landscapes::default();
        all.ask_anew(mapped(4), &Experiment::default());
        assert!(matches!(all.next(1), Some((Work::Landscape { tasks: 12, side: 33, .. }, None))));
        all
    }

    fn heed(all: &mut Landscapes, landscape: Option<Landscape>, done: u32, finished: bool) {
        all.heed(1, Answer::Landscape(landscape.map(Box::new)), (done, 40), finished);
    }

    fn landscape(meta_step: u32) -> Option<Landscape> {
        Some(Landscape {
            meta_step,
            plane: PlaneKind::Paths,
            shares: [0.5, 0.2],
            steps: vec![0, 1],
            paths: Vec::new(),
            diverged: 0,
            reach: 1.0,
            apart: None,
            arrows: Vec::new(),
            middle: [0.0; 2],
            half: 1.0,
            surface: None,
        })
    }

    #[test]
    fn what_is_stopped_keeps_what_is_known() {
        let mut all = begun();
        heed(&mut all, None, 1, false);
        assert_eq!((all.progress(), all.found_nothing()), (Some((1, 40)), false));
        heed(&mut all, landscape(7), 14, false);
        all.stop();
        heed(&mut all, None, 14, true);
        assert_eq!((all.progress(), all.landscape().map(|landscape| landscape.meta_step)), (None, Some(7)));
    }

    #[test]
    fn nothing_found_is_said_and_being_stopped_early_is_not_that() {
        let mut all = begun();
        heed(&mut all, None, 13, true);
        assert!(all.found_nothing());
        let mut all = begun();
        all.stop();
        heed(&mut all, None, 3, true);
        assert!(!all.found_nothing());
        let mut all = begun();
        all.part();
        assert!(!all.is_busy() && !all.found_nothing());
        all.clear();
        assert!(!all.found_nothing());
    }

    #[test]
    fn a_landscape_stays_until_that_of_another_task_comes_and_is_drawn_around_it_once() {
        let mut all = Landscapes::default();
        assert!(!all.wants(&mapped(5)), "nobody has asked for one");
        all = begun();
        assert!(!all.wants(&mapped(4)) && all.wants(&mapped(5)), "the one under way is of another task");
        heed(&mut all, landscape(7), 40, true);
        assert!(!all.wants(&mapped(4)) && all.wants(&mapped(5)));
        all.ask_instead(mapped(5), &Experiment::default());
        assert!(matches!(all.next(2), Some((Work::Landscape { .. }, None))));
        assert!(!all.wants(&mapped(5)) && all.landscape().is_some(), "it is on its way, and the one before is there");
        heed(&mut all, landscape(1), 13, false);
        assert_eq!(all.landscape().map(|landscape| landscape.meta_step), Some(7), "nobody hears what was replaced");
        let surface = || Some(Surface { side: 1, support: vec![0.5], query: vec![0.5] });
        let with = |meta_step, surface| landscape(meta_step).map(|landscape| Landscape { surface, ..landscape });
        let mut surfaced = begun();
        heed(&mut surfaced, with(7, surface()), 40, true);
        surfaced.ask_instead(mapped(5), &Experiment::default());
        assert!(surfaced.next(2).is_some());
        for (next, shown) in [(with(8, None), 7), (with(8, surface()), 8)] {
            surfaced.heed(2, Answer::Landscape(next.map(Box::new)), (20, 40), false);
            assert_eq!(
                surfaced.landscape().map(|landscape| landscape.meta_step),
                Some(shown),
                "surface beside surface"
            );
        }
        all.heed(2, Answer::Landscape(landscape(9).map(Box::new)), (40, 40), true);
        assert_eq!(
            (all.task().map(|task| task.index), all.landscape().map(|landscape| landscape.meta_step)),
            (Some(5), Some(9))
        );
        assert!(!all.wants(&mapped(5)) && all.wants(&mapped(4)));
    }

    #[test]
    fn a_task_without_a_plane_is_not_taken_for_the_one_before_and_one_that_was_stopped_is_not_asked_for_again() {
        let next = || {
            let mut all = begun();
            heed(&mut all, landscape(7), 40, true);
            all.ask_instead(mapped(5), &Experiment::default());
            assert!(all.next(2).is_some());
            all
        };
        let mut none = next();
        none.heed(2, Answer::Landscape(None), (13, 40), true);
        assert!(none.found_nothing() && !none.wants(&mapped(5)), "it would find nothing again");
        assert!(none.wants(&mapped(4)));
        let mut ending = next();
        ending.expect(&Experiment { seed: 2, ..Experiment::default() });
        assert!(ending.is_busy() && !ending.wants(&mapped(6)), "another run is about to begin");
        let mut stopped = next();
        stopped.stop();
        assert!(stopped.is_busy() && !stopped.wants(&mapped(6)), "the worker has not heard of it yet");
        stopped.heed(2, Answer::Landscape(None), (3, 40), true);
        assert!(!stopped.found_nothing() && stopped.landscape().is_some() && !stopped.wants(&mapped(6)));
    }

    #[test]
    fn a_heavy_network_has_a_coarser_grid() {
        let task = ShownTask { index: 0, points: Vec::new(), drawings: None };
        let mut heavy = Experiment::default();
        (heavy.model.hidden, heavy.learner.eval_steps) = (vec![1000, 1000], 100);
        assert_eq!(Mapped::of(task, PlaneKind::Paths, &heavy).side, 17);
    }
}
