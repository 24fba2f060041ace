//! Evaluation: mean and interval over tasks never trained on.

use crate::{
    experiment::{Evaluation, Interval, StepEvaluation},
    task::Purpose,
};

use super::{EngineError, Session, batch, read::read};

/// Most tasks adapted between two words of progress.
const CHUNK: u32 = 50;

impl Session {
    /// Query loss, and for classification accuracy, over `tasks` tasks of a stream (its seed, and
    /// [`Purpose::Test`] or [`Purpose::Validation`]), after each of `steps` inner steps at the
    /// experiment's evaluation rate. `progress` is told how many tasks are done and answers whether to go on; an
    /// evaluation that is told to stop covers the tasks done so far.
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
        let mut steps = steps.to_vec();
        steps.sort_unstable();
        steps.dedup();
        let inner = self.eval_loop(steps.last().copied().unwrap_or_default());
        let (mut losses, mut accuracies) = (vec![Vec::new(); steps.len()], vec![Vec::new(); steps.len()]);
        let at_once = self.tasks_at_once().min(CHUNK);
        let mut done = 0;
        while done < tasks {
            let end = tasks.min(done + at_once);
            let learner = self.learner.as_ref();
            let indices = (done..end).map(u64::from);
            let chunk = batch::tasks(&self.place, learner, &self.experiment, &self.data, stream, indices)?;
            let path = learner.adapt(self.meta(), &chunk.support, inner);
            let judged = steps.iter().map(|&step| learner.judge(&path.params[step as usize], &chunk.query));
            let (of_losses, of_accuracy): (Vec<_>, Vec<_>) = judged.map(|j| (j.losses, j.accuracy)).unzip();
            let present = of_losses.into_iter().chain(of_accuracy.into_iter().flatten()).collect();
            for (all, chunk) in losses.iter_mut().chain(&mut accuracies).zip(read(present).await?) {
                all.extend(chunk);
            }
            done = end;
            if !progress(done) {
                break;
            }
        }
        let steps = steps.iter().zip(&losses).zip(&accuracies);
        let steps = steps.map(|((&step, losses), accuracies)| StepEvaluation {
            step,
            loss: interval(losses),
            diverged: losses.iter().filter(|loss| !loss.is_finite()).count() as u32,
            accuracy: (!accuracies.is_empty()).then(|| interval(accuracies)),
        });
        Ok(Evaluation { tasks: done, steps: steps.collect() })
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
