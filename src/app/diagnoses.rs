//! Diagnoses: which are asked for, which one runs, and what they found of the run that stands.
//!
//! A plain state machine inside [`Session`](super::session::Session). The worker runs one at a time; others wait here.

use std::collections::VecDeque;

use crate::{
    experiment::{CostMeter, Diagnosis, Directions, Found, GradientCheck},
    protocol::Request,
};

/// Meta-steps between two comparisons of directions to choose from; 0 for none.
pub const EVERY: [u32; 4] = [0, 10, 100, 1000];

/// Most comparisons kept: beyond, every other one goes.
const MOST_TURNS: usize = 240;

/// The diagnosis that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Running {
    id: u32,
    /// Which.
    pub diagnosis: Diagnosis,
    /// Slices done.
    pub done: u32,
    /// Slices in all, 0 while unknown.
    pub total: u32,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnoses {
    gradient: Option<GradientCheck>,
    cost: Option<CostMeter>,
    turns: Vec<Directions>,
    running: Option<Running>,
    waiting: VecDeque<Diagnosis>,
    every: u32,
    id: u32,
    revision: u32,
}

impl Diagnoses {
    /// The gradient check, so far or in all.
    #[must_use]
    pub fn gradient(&self) -> Option<&GradientCheck> {
        self.gradient.as_ref()
    }

    /// The costs measured so far.
    #[must_use]
    pub fn cost(&self) -> Option<&CostMeter> {
        self.cost.as_ref().filter(|cost| !cost.at.is_empty())
    }

    /// Every comparison of directions, ascending in meta-steps.
    #[must_use]
    pub fn turns(&self) -> &[Directions] {
        &self.turns
    }

    /// The diagnosis that runs.
    #[must_use]
    pub fn running(&self) -> Option<Running> {
        self.running
    }

    /// Whether it runs or waits.
    #[must_use]
    pub fn is_wanted(&self, diagnosis: Diagnosis) -> bool {
        self.running.is_some_and(|running| running.diagnosis == diagnosis) || self.waiting.contains(&diagnosis)
    }

    /// Meta-steps between two comparisons while training; 0 for none.
    #[must_use]
    pub fn every(&self) -> u32 {
        self.every
    }

    /// A number that changes whenever anything else here does.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Runs a diagnosis, after those that were asked for before; one that runs or waits already is asked for once.
    pub fn ask(&mut self, diagnosis: Diagnosis) -> Option<Request> {
        if self.is_wanted(diagnosis) {
            return None;
        }
        self.revision += 1;
        self.waiting.push_back(diagnosis);
        self.next()
    }

    /// Stops the one that runs, and forgets those that wait. What it found so far stays.
    pub fn stop(&mut self) -> Option<Request> {
        self.revision += 1;
        self.waiting.clear();
        self.running.map(|running| Request::CancelDiagnosis(running.id))
    }

    /// Takes in how far a diagnosis is; asks for the next when it is over.
    pub fn heed(
        &mut self,
        id: u32,
        found: Option<Found>,
        (done, total): (u32, u32),
        finished: bool,
    ) -> Option<Request> {
        let running = self.running.as_mut().filter(|running| running.id == id)?;
        self.revision += 1;
        (running.done, running.total) = (done, total);
        match found {
            Some(Found::Gradient(check)) => self.gradient = Some(check),
            Some(Found::Cost(cost)) => self.cost = Some(cost),
            Some(Found::Directions(directions)) => self.turned(directions),
            None => {}
        }
        if !finished {
            return None;
        }
        self.running = None;
        self.next()
    }

    /// Compares directions every so many meta-steps from here on, or no more.
    pub fn watch(&mut self, every: u32) -> Request {
        self.revision += 1;
        self.every = every;
        Request::WatchDirections(every)
    }

    /// Takes in a comparison; another of the same meta-step stands in its place.
    pub fn turned(&mut self, directions: Directions) {
        self.revision += 1;
        let place = self.turns.partition_point(|other| other.meta_step < directions.meta_step);
        match self.turns.get_mut(place).filter(|other| other.meta_step == directions.meta_step) {
            Some(other) => *other = directions,
            None => self.turns.insert(place, directions),
        }
        if self.turns.len() > MOST_TURNS {
            let mut number = 0;
            self.turns.retain(|_| {
                number += 1;
                number % 2 == 1
            });
        }
    }

    /// Forgets what came after `meta_step`, as the run went back there.
    pub fn rewind(&mut self, meta_step: u32) {
        self.revision += 1;
        self.turns.retain(|directions| directions.meta_step <= meta_step);
    }

    /// The one that runs will not answer.
    pub fn part(&mut self) {
        self.revision += 1;
        self.waiting.clear();
        self.running = None;
    }

    /// Forgets what was found, as it was about another network or another experiment; what is to be watched stays.
    pub fn clear(&mut self) {
        let (id, revision, every) = (self.id, self.revision + 1, self.every);
        *self = Self { id, revision, every, ..Self::default() };
    }

    fn next(&mut self) -> Option<Request> {
        if self.running.is_some() {
            return None;
        }
        let diagnosis = self.waiting.pop_front()?;
        self.id = self.id.wrapping_add(1);
        self.running = Some(Running { id: self.id, diagnosis, done: 0, total: 0 });
        Some(Request::Diagnose { id: self.id, diagnosis })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Turn;

    fn directions(meta_step: u32, cosine: f64) -> Directions {
        let turn = Some(Turn { cosine, ratio: 1.0 });
        Directions { meta_step, norm: 1.0, fomaml: turn, reptile: turn, own: None }
    }

    fn id(request: Option<Request>) -> Option<u32> {
        match request {
            Some(Request::Diagnose { id, .. } | Request::CancelDiagnosis(id)) => Some(id),
            _ => None,
        }
    }

    #[test]
    fn one_runs_at_a_time_the_others_follow_and_none_is_asked_for_twice() {
        let mut all = Diagnoses::default();
        let first = id(all.ask(Diagnosis::Gradient)).unwrap();
        assert_eq!(
            (all.ask(Diagnosis::Gradient), all.ask(Diagnosis::Cost), all.ask(Diagnosis::Cost)),
            (None, None, None)
        );
        assert_eq!(all.heed(first, None, (3, 9), false), None);
        assert_eq!(all.running().map(|running| (running.done, running.total)), Some((3, 9)));
        let next = all.heed(first, None, (9, 9), true);
        assert_eq!(next, Some(Request::Diagnose { id: first + 1, diagnosis: Diagnosis::Cost }));
    }

    #[test]
    fn what_is_stopped_keeps_what_it_found_and_nothing_follows() {
        let mut all = Diagnoses::default();
        let first = id(all.ask(Diagnosis::Directions)).unwrap();
        all.ask(Diagnosis::Cost);
        assert_eq!(id(all.stop()), Some(first));
        all.heed(first, Some(Found::Directions(directions(5, 0.5))), (1, 2), true);
        assert_eq!((all.turns().len(), all.running()), (1, None));
    }

    #[test]
    fn a_late_word_about_a_run_before_is_not_heard_and_what_is_watched_stays() {
        let mut all = Diagnoses::default();
        all.watch(100);
        let first = id(all.ask(Diagnosis::Directions)).unwrap();
        all.clear();
        all.heed(first, Some(Found::Directions(directions(5, 0.5))), (2, 2), true);
        assert_eq!((all.turns().len(), all.every()), (0, 100));
        assert_ne!(id(all.ask(Diagnosis::Directions)), Some(first));
    }

    #[test]
    fn turns_stand_in_the_order_of_meta_steps_one_each_and_a_run_that_goes_back_drops_the_later() {
        let mut all = Diagnoses::default();
        for (step, cosine) in [(20, 0.1), (10, 0.2), (20, 0.3)] {
            all.turned(directions(step, cosine));
        }
        let steps: Vec<u32> = all.turns().iter().map(|turn| turn.meta_step).collect();
        assert_eq!((steps, all.turns()[1].fomaml.unwrap().cosine), (vec![10, 20], 0.3));
        all.rewind(15);
        assert_eq!(all.turns().len(), 1);
    }

    #[test]
    fn a_long_run_keeps_its_first_turn_and_a_bounded_number() {
        let mut all = Diagnoses::default();
        (0..5000).for_each(|step| all.turned(directions(10 * step, 0.5)));
        assert!((MOST_TURNS / 2..=MOST_TURNS).contains(&all.turns().len()), "{}", all.turns().len());
        assert_eq!((all.turns()[0].meta_step, all.turns().last().unwrap().meta_step), (0, 49_990));
    }
}
