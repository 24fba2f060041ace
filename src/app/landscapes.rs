//! The landscape of weights: what it is of, how far it is, and what it says.
//!
//! A plain state machine inside [`Session`](super::session::Session), as [`Searches`](super::searches::Searches).

use crate::{
    experiment::{Experiment, Landscape, PlaneKind},
    protocol::{Request, ShownTask},
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

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Landscapes {
    asked: Option<Mapped>,
    landscape: Option<Landscape>,
    /// Slices done and in all, of one that is under way.
    running: Option<(u32, u32)>,
    stopped: bool,
    id: u32,
    revision: u32,
}

/// How the ends of the paths lie to one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// They leave much the same way.
    Together,
    /// They share a part of their way.
    Partly,
    /// They leave about at right angles, or against one another.
    Apart,
}

impl Spread {
    /// Of ends so many times as far from one another as from the start: the cosine between two paths of one length is
    /// 1 − ratio²/2, which is above ¾ below 0.7 and below ¼ above 1.22.
    #[must_use]
    pub fn of(ratio: f64) -> Self {
        match 1.0 - ratio * ratio / 2.0 {
            cosine if cosine > 0.75 => Self::Together,
            cosine if cosine > 0.25 => Self::Partly,
            _ => Self::Apart,
        }
    }
}

impl Landscapes {
    /// A number that changes whenever anything else here does.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Slices done and in all, if one is under way.
    #[must_use]
    pub fn running(&self) -> Option<(u32, u32)> {
        self.running
    }

    /// What is known.
    #[must_use]
    pub fn landscape(&self) -> Option<&Landscape> {
        self.landscape.as_ref()
    }

    /// Whether one went to its end and there was no plane, as every path runs off or none moves.
    #[must_use]
    pub fn found_nothing(&self) -> bool {
        self.asked.is_some() && self.landscape.is_none() && self.running.is_none() && !self.stopped
    }

    /// Draws one, in place of any before.
    pub fn ask(&mut self, asked: Mapped) -> Option<Request> {
        let (id, revision) = (self.id.wrapping_add(1), self.revision + 1);
        let Mapped { task, plane, side } = asked.clone();
        *self = Self { asked: Some(asked), running: Some((0, 0)), id, revision, ..Self::default() };
        Some(Request::Landscape { id, task, tasks: OTHERS, plane, side })
    }

    /// Stops it; what is known stays.
    pub fn stop(&mut self) -> Option<Request> {
        self.running?;
        self.stopped = true;
        Some(Request::CancelLandscape(self.id))
    }

    /// Takes in what is known.
    pub fn heed(&mut self, id: u32, landscape: Option<Landscape>, progress: (u32, u32), finished: bool) {
        if self.running.is_none() || id != self.id {
            return;
        }
        self.revision += 1;
        self.landscape = landscape.or(self.landscape.take());
        self.running = (!finished).then_some(progress);
    }

    /// The one that runs will not answer any more.
    pub fn part(&mut self) {
        if self.running.take().is_some() {
            self.stopped = true;
            self.revision += 1;
        }
    }

    /// Forgets it, as it was about another network or another experiment.
    pub fn clear(&mut self) {
        *self = Self { id: self.id, revision: self.revision + 1, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> (Landscapes, u32) {
        let mut all = Landscapes::default();
        let task = ShownTask { index: 4, points: Vec::new(), drawings: None };
        let mapped = Mapped::of(task, PlaneKind::Paths, &Experiment::default());
        let Some(Request::Landscape { id, tasks: 12, side: 33, .. }) = all.ask(mapped) else { unreachable!() };
        (all, id)
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
        let (mut all, id) = asked();
        all.heed(id, None, (1, 40), false);
        assert_eq!((all.running(), all.found_nothing()), (Some((1, 40)), false));
        all.heed(id, landscape(7), (14, 40), false);
        assert_eq!(all.stop(), Some(Request::CancelLandscape(id)));
        all.heed(id, landscape(7), (14, 40), true);
        assert_eq!((all.running(), all.stop()), (None, None));
        assert_eq!(all.landscape().map(|landscape| landscape.meta_step), Some(7));
    }

    #[test]
    fn nothing_found_is_said_and_being_stopped_early_is_not_that() {
        let (mut all, id) = asked();
        all.heed(id, None, (13, 40), true);
        assert!(all.found_nothing());
        let (mut all, id) = asked();
        all.stop();
        all.heed(id, None, (3, 40), true);
        assert!(!all.found_nothing());
        let (mut all, _) = asked();
        all.part();
        assert!(all.running().is_none() && !all.found_nothing());
    }

    #[test]
    fn a_late_word_about_one_before_is_not_heard() {
        let (mut all, id) = asked();
        all.clear();
        all.heed(id, landscape(7), (14, 40), true);
        assert_eq!(all.landscape(), None);
        assert!(!all.found_nothing());
    }

    #[test]
    fn a_heavy_network_has_a_coarser_grid() {
        let task = ShownTask { index: 0, points: Vec::new(), drawings: None };
        let mut heavy = Experiment::default();
        (heavy.model.hidden, heavy.learner.eval_steps) = (vec![1000, 1000], 100);
        assert_eq!(Mapped::of(task, PlaneKind::Paths, &heavy).side, 17);
    }

    #[test]
    fn ends_at_right_angles_are_apart_and_ends_of_one_way_together() {
        assert_eq!(
            [0.0, 0.6, 1.0, 2f64.sqrt(), 2.0].map(Spread::of),
            [Spread::Together, Spread::Together, Spread::Partly, Spread::Apart, Spread::Apart]
        );
    }
}
