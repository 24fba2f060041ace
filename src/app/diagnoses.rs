//! Diagnoses: what is asked for, what is watched, and what they found of the run that stands.

use super::{
    change::adapts_alike,
    job::{Job, Kind},
};
use crate::{
    experiment::{CostMeter, Diagnosis, Directions, Experiment, Found, GradientCheck},
    protocol::{Answer, Request, Work},
};

/// Meta-steps between two comparisons of directions to choose from; 0 for none.
pub const EVERY: [u32; 4] = [0, 10, 100, 1000];

/// Most comparisons kept: beyond, every other one goes.
const MOST_TURNS: usize = 240;

/// What diagnoses have found, and what is watched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    gradient: Option<GradientCheck>,
    cost: Option<CostMeter>,
    turns: Vec<Directions>,
    every: u32,
}

/// See the module.
pub type Diagnoses = Job<Findings>;

impl Kind for Findings {
    type Asked = Diagnosis;

    fn work(diagnosis: &Diagnosis) -> Work {
        Work::Diagnose(*diagnosis)
    }

    fn take(&mut self, _diagnosis: &Diagnosis, _id: u32, answer: Answer, _finished: bool) {
        match answer {
            Answer::Diagnosed(Some(Found::Gradient(check))) => self.gradient = Some(check),
            Answer::Diagnosed(Some(Found::Cost(cost))) => self.cost = Some(cost),
            Answer::Diagnosed(Some(Found::Directions(directions))) => self.turned(directions),
            _ => {}
        }
    }

    /// A meta-gradient and its cost depend on the meta-batch as well.
    fn holds(before: &Experiment, after: &Experiment) -> bool {
        adapts_alike(before, after) && before.outer.meta_batch == after.outer.meta_batch
    }

    /// What is to be watched stays.
    fn forget(&mut self) {
        *self = Self { every: self.every, ..Self::default() };
    }
}

impl Findings {
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

    /// Meta-steps between two comparisons while training; 0 for none.
    #[must_use]
    pub fn every(&self) -> u32 {
        self.every
    }

    /// Takes in a comparison; another of the same meta-step stands in its place.
    fn turned(&mut self, directions: Directions) {
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
}

impl Diagnoses {
    /// Runs a diagnosis, after those that were asked for before; one that runs or waits already is asked for once.
    pub fn ask_once(&mut self, diagnosis: Diagnosis, experiment: &Experiment) {
        if !self.is_wanted(&diagnosis) {
            self.ask(diagnosis, experiment);
        }
    }

    /// Compares directions every so many meta-steps from here on, or no more.
    pub fn watch(&mut self, every: u32) -> Request {
        self.amend(|found| found.every = every);
        Request::WatchDirections(every)
    }

    /// Takes in a comparison that was watched for.
    pub fn watched(&mut self, directions: Directions) {
        self.amend(|found| found.turned(directions));
    }

    /// Forgets what came after `meta_step`, as the run went back there.
    pub fn rewind(&mut self, meta_step: u32) {
        self.amend(|found| found.turns.retain(|directions| directions.meta_step <= meta_step));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app::job::LongWork as _, experiment::Turn};

    fn directions(meta_step: u32, cosine: f64) -> Directions {
        let turn = Some(Turn { cosine, ratio: 1.0 });
        Directions { meta_step, norm: 1.0, fomaml: turn, reptile: turn, own: None }
    }

    #[test]
    fn one_runs_at_a_time_the_others_follow_and_none_is_asked_for_twice() {
        let mut all = Diagnoses::default();
        let experiment = Experiment::default();
        for diagnosis in [Diagnosis::Gradient, Diagnosis::Gradient, Diagnosis::Cost, Diagnosis::Cost] {
            all.ask_once(diagnosis, &experiment);
        }
        assert_eq!(all.next(1), Some((Work::Diagnose(Diagnosis::Gradient), None)));
        assert_eq!(all.next(2), None);
        all.heed(1, Answer::Diagnosed(None), (9, 9), true);
        assert_eq!(all.next(2), Some((Work::Diagnose(Diagnosis::Cost), None)));
        all.heed(2, Answer::Diagnosed(None), (9, 9), true);
        assert_eq!(all.next(3), None);
    }

    #[test]
    fn what_is_watched_stays_when_what_was_found_is_forgotten() {
        let mut all = Diagnoses::default();
        all.watch(100);
        all.watched(directions(5, 0.5));
        all.clear();
        assert_eq!((all.turns().len(), all.every()), (0, 100));
    }

    #[test]
    fn another_inner_loop_or_meta_batch_puts_findings_away_and_another_outer_rate_does_not() {
        let mut experiment = Experiment::default();
        experiment.outer.lr = 0.5;
        assert!(Findings::holds(&Experiment::default(), &experiment));
        experiment.outer.meta_batch += 1;
        assert!(!Findings::holds(&Experiment::default(), &experiment));
        experiment = Experiment::default();
        experiment.learner.inner_lr = 0.5;
        assert!(!Findings::holds(&Experiment::default(), &experiment));
    }

    #[test]
    fn turns_stand_in_the_order_of_meta_steps_one_each_and_a_run_that_goes_back_drops_the_later() {
        let mut all = Diagnoses::default();
        for (step, cosine) in [(20, 0.1), (10, 0.2), (20, 0.3)] {
            all.watched(directions(step, cosine));
        }
        let steps: Vec<u32> = all.turns().iter().map(|turn| turn.meta_step).collect();
        assert_eq!((steps, all.turns()[1].fomaml.unwrap().cosine), (vec![10, 20], 0.3));
        all.rewind(15);
        assert_eq!(all.turns().len(), 1);
    }

    #[test]
    fn a_long_run_keeps_its_first_turn_and_a_bounded_number() {
        let mut all = Diagnoses::default();
        (0..5000).for_each(|step| all.watched(directions(10 * step, 0.5)));
        assert!((MOST_TURNS / 2..=MOST_TURNS).contains(&all.turns().len()), "{}", all.turns().len());
        assert_eq!((all.turns()[0].meta_step, all.turns().last().unwrap().meta_step), (0, 49_990));
    }
}
