//! Evaluation: mean and interval over tasks never trained on.

use crate::{
    diff::Params,
    experiment::{Evaluation, Experiment, Interval, StepEvaluation},
    task::{Purpose, TaskSpec},
};

use super::{EngineError, Session, batch, read::read};

/// Most tasks adapted between two words of progress.
const CHUNK: u32 = 50;

/// An evaluation under way: a part of its tasks at a time, so that whoever runs it can show how the interval narrows,
/// do other work between, and stop. It stays with the meta-parameters that it began with, though training goes on.
#[derive(Clone, Debug)]
pub struct Evaluating {
    meta: Params,
    /// The session's, on the tasks of the evaluation.
    experiment: Experiment,
    meta_step: u32,
    tasks: u32,
    steps: Vec<u32>,
    stream: (u32, Purpose),
    done: u32,
    /// Query loss of every task so far, for each of `steps`.
    losses: Vec<Vec<f64>>,
    /// The same of the accuracy; empty for regression.
    accuracies: Vec<Vec<f64>>,
}

impl Evaluating {
    /// Of `session` as it stands, over `tasks` tasks of a stream (its seed, and [`Purpose::Test`] or
    /// [`Purpose::Validation`]), after each of `steps` inner steps; on the session's own distribution of tasks or on
    /// another one.
    ///
    /// # Errors
    /// When the other distribution is out of its ranges, cannot be drawn, or needs another network.
    pub fn new(
        session: &Session,
        (tasks, steps): (u32, &[u32]),
        stream: (u32, Purpose),
        distribution: Option<TaskSpec>,
    ) -> Result<Self, EngineError> {
        let mut experiment = session.experiment.clone();
        if let Some(task) = distribution {
            experiment.task = task;
            experiment.check()?;
            let shape = |experiment: &Experiment| (experiment.inputs(), experiment.outputs());
            if shape(&experiment) != shape(&session.experiment) {
                return Err(EngineError::Restart("the number of inputs or of ways".into()));
            }
            batch::check(&experiment, &session.data)?;
        }
        let mut steps = steps.to_vec();
        steps.sort_unstable();
        steps.dedup();
        let empty = vec![Vec::new(); steps.len()];
        let (meta, meta_step) = (session.meta().clone(), session.meta_step());
        let (losses, accuracies) = (empty.clone(), empty);
        Ok(Self { meta, experiment, meta_step, tasks, stream, done: 0, losses, accuracies, steps })
    }

    /// Meta-steps of the meta-parameters that are evaluated.
    pub fn meta_step(&self) -> u32 {
        self.meta_step
    }

    /// Tasks evaluated so far.
    pub fn done(&self) -> u32 {
        self.done
    }

    /// Whether every task is.
    pub fn finished(&self) -> bool {
        self.done >= self.tasks
    }

    /// Evaluates on some tasks more, on the place and with the learner and the dataset of `session`, which is the one
    /// that this began with.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn advance(&mut self, session: &Session) -> Result<(), EngineError> {
        self.advance_by(session, CHUNK).await
    }

    /// As [`Evaluating::advance`], on at most `most` tasks.
    pub(super) async fn advance_by(&mut self, session: &Session, most: u32) -> Result<(), EngineError> {
        let end = self.tasks.min(self.done + session.tasks_at_once().min(most));
        let (learner, experiment) = (session.learner.as_ref(), &self.experiment);
        let indices = || (self.done..end).map(u64::from);
        let tasks = batch::tasks(&session.place, learner, experiment, &session.data, self.stream, indices())?;
        let meta = batch::starting(&session.place, learner, &self.meta, self.stream, indices());
        let inner = session.eval_loop(self.steps.last().copied().unwrap_or_default());
        let path = learner.adapt(&meta, &tasks.support, inner);
        let judged = self.steps.iter().map(|&k| learner.judge(&path.params[k as usize], &tasks.query));
        let (losses, accuracies): (Vec<_>, Vec<_>) = judged.map(|j| (j.losses, j.accuracy)).unzip();
        let present = losses.into_iter().chain(accuracies.into_iter().flatten()).collect();
        for (all, part) in self.losses.iter_mut().chain(&mut self.accuracies).zip(read(present).await?) {
            all.extend(part);
        }
        self.done = end;
        Ok(())
    }

    /// Means and intervals over the tasks so far.
    pub fn evaluation(&self) -> Evaluation {
        let steps = self.steps.iter().zip(&self.losses).zip(&self.accuracies);
        let steps = steps.map(|((&step, losses), accuracies)| StepEvaluation {
            step,
            loss: interval(losses),
            diverged: losses.iter().filter(|loss| !loss.is_finite()).count() as u32,
            accuracy: (!accuracies.is_empty()).then(|| interval(accuracies)),
        });
        Evaluation { tasks: self.done, steps: steps.collect() }
    }
}

impl Session {
    /// A whole evaluation ([`Evaluating`]). `progress` is told how many tasks are done and answers whether to go on;
    /// an evaluation that is told to stop covers the tasks done so far.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn evaluate(
        &self,
        tasks: u32,
        steps: &[u32],
        stream: (u32, Purpose),
        mut progress: impl FnMut(u32) -> bool,
    ) -> Result<Evaluation, EngineError> {
        let mut evaluating = Evaluating::new(self, (tasks, steps), stream, None)?;
        while !evaluating.finished() {
            evaluating.advance(self).await?;
            if !progress(evaluating.done()) {
                break;
            }
        }
        Ok(evaluating.evaluation())
    }
}

/// Mean and 1.96·sd/√n with the standard deviation over n, as in MAML's published evaluation.
pub fn interval(values: &[f64]) -> Interval {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    Interval { mean, ci95: 1.96 * (variance / count).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_one_two_three_four() {
        // Mean 2.5, variance 1.25 over n: 1.96·√(1.25/4).
        let Interval { mean, ci95 } = interval(&[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(mean, 2.5);
        assert!((ci95 - 1.095_673).abs() < 1e-6, "{ci95}");
    }
}
