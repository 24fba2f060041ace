//! Early stopping: every so many meta-steps the run is judged on validation tasks, always the same ones, and it ends
//! with the best meta-parameters it had (Prechelt 1998, §2.2, criterion UP, with a patience).

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::{
    experiment::{Budget, Check, Ending, Experiment, LearnerSpec},
    task::{Purpose, TaskSpec},
};

use super::{
    EngineError, Evaluating, Session, fingerprint,
    read::{read_one, single},
    session::State,
};

/// Most validation tasks of one call: a few meta-steps' worth, so that training can be paused within a check. Always as
/// many, as no device promises that a task alone comes out like one among others to the last bit.
const CHUNK: u32 = 10;

/// What the checks of a run have found so far; with the state of the best one, all it takes to go on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Meta-step of the last check.
    pub last: Option<u32>,
    /// The best check.
    pub best: Option<Check>,
    /// Checks since then.
    pub waited: u32,
    /// How the run ended, once it has.
    pub ending: Option<Ending>,
}

impl Record {
    /// Takes in a check. Whether it is the best so far: more accurate, or of a smaller loss where there is no accuracy.
    /// Equal is not better, and what is no number never is.
    fn take(&mut self, check: Check) -> bool {
        self.last = Some(check.meta_step);
        let better = match self.best.map(|best| (best.accuracy, check.accuracy, best.loss)) {
            _ if !check.loss.is_finite() => false,
            None => true,
            Some((Some(before), Some(now), _)) => now > before,
            Some((_, _, before)) => check.loss < before,
        };
        self.waited = if better { 0 } else { self.waited.saturating_add(1) };
        if better {
            self.best = Some(check);
        }
        better
    }

    /// A run that has ended goes on from its best check, with all its patience.
    fn go_on(&mut self) {
        if let Some(Ending { best, .. }) = self.ending.take() {
            (self.last, self.waited) = (Some(best), 0);
        }
    }

    /// How the run ends with the last check, if it does.
    fn end(&self, budget: &Budget) -> Option<Ending> {
        let at = self.last?;
        let early = budget.patience > 0 && self.waited >= budget.patience && at < budget.meta_steps;
        let best = self.best.map_or(at, |best| best.meta_step);
        (early || at >= budget.meta_steps).then_some(Ending { at, best, early })
    }
}

/// The validation of a session.
#[derive(Default)]
pub(super) struct Validation {
    pub record: Record,
    /// The state that the best check was of.
    pub best: Option<State>,
    /// A check under way.
    checking: Option<Evaluating>,
    /// Checks that nobody has asked for yet.
    untold: Vec<Check>,
}

impl Validation {
    /// Of a run that goes on where another has been.
    pub fn resumed(mut record: Record, best: Option<State>, budget: &Budget) -> Self {
        // Of a spent budget there may be more now.
        if record.ending.is_some_and(|ending| !ending.early && ending.at < budget.meta_steps) {
            record.go_on();
        }
        Self { record, best, ..Self::default() }
    }

    /// Of a run that was over at a meta-step before anybody wanted checks: none is due.
    pub fn over(meta_step: u32) -> Self {
        Self { record: Record { last: Some(meta_step), ..Record::default() }, ..Self::default() }
    }

    /// Forgets what is no measure of what comes next: everything, where `judged` differently, and that the run has
    /// ended, where its `budget` is another one.
    pub fn change(&mut self, judged: bool, budget: bool) {
        self.checking = None;
        if judged {
            (self.best, self.record.best, self.record.waited) = (None, None, 0);
        }
        if budget {
            self.record.go_on();
        }
    }
}

/// Whether two experiments judge a network by the same validation tasks in the same way.
pub(super) fn judges_alike(a: &Experiment, b: &Experiment) -> bool {
    // What only meta-training sees is no part of the measure.
    let tasks = |e: &Experiment| TaskSpec {
        train_shots: 0,
        train_ways: 0,
        label_noise: 0.0,
        augmentation: 0.0,
        pixel_noise: 0.0,
        ..e.task.clone()
    };
    let inner = |e: &Experiment| {
        let &LearnerSpec { eval_lr, eval_batch, inner_optimizer, regularization, processing_steps, .. } = &e.learner;
        (eval_lr, e.steps_shown(e.task.shots), eval_batch, inner_optimizer, regularization, processing_steps)
    };
    let judged = |e: &Experiment| (tasks(e), inner(e), e.model.transduction, e.budget.validation_tasks);
    judged(a) == judged(b)
}

impl Session {
    /// Checks that ended since this was last called, ascending in meta-step.
    pub fn take_checks(&mut self) -> Vec<Check> {
        std::mem::take(&mut self.validation.untold)
    }

    /// How validation ended the run, once it has.
    pub fn ending(&self) -> Option<Ending> {
        self.validation.record.ending
    }

    /// Whether validation tasks have to be evaluated before training goes on.
    pub fn is_checking(&self) -> bool {
        let Budget { meta_steps, validate_every, .. } = self.experiment.budget;
        let Record { last, ending, .. } = self.validation.record;
        let now = self.meta_step();
        let due = validate_every > 0 && now > 0 && (now.is_multiple_of(validate_every) || now >= meta_steps);
        due && ending.is_none() && last != Some(now)
    }

    /// The meta-step before which there is no further check.
    pub(super) fn next_check(&self) -> u32 {
        match self.experiment.budget.validate_every {
            0 => u32::MAX,
            every => (self.meta_step() / every + 1).saturating_mul(every),
        }
    }

    /// Some validation tasks of the check that is due; after the last, what it says is done.
    pub(super) async fn check_some(&mut self) -> Result<(), EngineError> {
        let Experiment { seed, ref task, ref budget, .. } = self.experiment;
        let (tasks, steps) = (budget.validation_tasks, [self.experiment.steps_shown(task.shots)]);
        let mut checking = match self.validation.checking.take() {
            Some(checking) => checking,
            None => Evaluating::new(self, (tasks, &steps), (seed, Purpose::Validation), None)?,
        };
        checking.advance_by(self, CHUNK).await?;
        if !checking.finished() {
            self.validation.checking = Some(checking);
            return Ok(());
        }
        let evaluation = checking.evaluation();
        let Some(found) = evaluation.steps.first() else { return Ok(()) };
        let accuracy = found.accuracy.map(|accuracy| accuracy.mean as f32);
        let check = Check { meta_step: checking.meta_step(), loss: found.loss.mean as f32, accuracy };
        let state = self.state().clone();
        let Validation { record, best, untold, .. } = &mut self.validation;
        untold.push(check);
        if record.take(check) {
            *best = Some(state);
        }
        record.ending = record.end(&self.experiment.budget);
        if let (Some(_), Some(best)) = (record.ending, best.clone()) {
            let flat: Tensor<1> = best.meta.flatten();
            self.go_to(best);
            self.set_fingerprint(fingerprint(&single(&read_one(flat).await?)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(meta_step: u32, loss: f32, accuracy: Option<f32>) -> Check {
        Check { meta_step, loss, accuracy }
    }

    fn budget(patience: u32) -> Budget {
        Budget { meta_steps: 100, validate_every: 10, patience, ..Experiment::default().budget }
    }

    #[test]
    fn the_best_is_the_most_accurate_and_without_accuracy_that_of_the_smallest_loss() {
        let mut record = Record::default();
        assert!(record.take(check(10, 2.0, None)));
        assert!(!record.take(check(20, 2.0, None)), "as good is not better");
        assert!(record.take(check(30, 1.5, None)) && !record.take(check(40, f32::NAN, None)));
        assert_eq!((record.best, record.waited), (Some(check(30, 1.5, None)), 1));
        let mut record = Record::default();
        assert!(record.take(check(10, 2.0, Some(0.5))));
        assert!(!record.take(check(20, 1.0, Some(0.5))) && record.take(check(30, 3.0, Some(0.6))));
        let mut record = Record::default();
        assert!(!record.take(check(10, f32::NAN, None)) && record.best.is_none());
        assert!(record.take(check(20, 9.0, None)), "any number is better than none");
    }

    #[test]
    fn patience_counts_checks_without_improvement_and_the_budget_ends_in_any_case() {
        let mut record = Record::default();
        for (meta_step, loss, ends) in [(10, 3.0, false), (20, 4.0, false), (30, 2.0, false), (40, 2.5, false)] {
            record.take(check(meta_step, loss, None));
            assert_eq!(record.end(&budget(2)).is_some(), ends, "{meta_step}");
        }
        record.take(check(50, 2.1, None));
        assert_eq!(record.end(&budget(2)), Some(Ending { at: 50, best: 30, early: true }));
        assert_eq!((record.end(&budget(3)), record.end(&budget(0))), (None, None));
        record.take(check(100, 2.1, None));
        assert_eq!(record.end(&budget(0)), Some(Ending { at: 100, best: 30, early: false }));
    }
}
