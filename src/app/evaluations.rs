//! Evaluations: what is asked for, and what they found of the run that stands.

use super::{
    change::adapts_alike,
    job::{Job, Kind},
};
use crate::{
    experiment::{
        Evaluation, Experiment, Interval, LearnerKind, Metric, Shift, StepEvaluation, TaskSpec, nearest_published,
    },
    protocol::{Answer, Work},
};

/// Inner steps worth a column, where the scrubber reaches them: few enough for a table to fit the panel.
const STEPS: [u32; 5] = [0, 1, 5, 10, 20];

/// Most rows kept: more than a table can be read with.
const MOST_ROWS: usize = 24;

/// An evaluation to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What is otherwise than in training.
    pub shift: Shift,
    /// The distribution.
    pub task: TaskSpec,
    /// Number of tasks.
    pub tasks: u32,
    /// Inner steps at which to report.
    pub steps: Vec<u32>,
    /// Seed of the tasks.
    pub seed: u32,
    /// What adapts, for the words about it.
    pub learner: LearnerKind,
}

impl Asked {
    /// Of an experiment, on a shifted distribution; none where there is nothing to shift.
    #[must_use]
    pub fn of(experiment: &Experiment, shift: Shift, tasks: u32) -> Option<Self> {
        let task = shift.of(experiment)?;
        Some(Self {
            shift,
            tasks,
            steps: steps(experiment, task.shots),
            task,
            seed: experiment.seed,
            learner: experiment.learner.kind,
        })
    }
}

/// The inner steps to report on tasks of `shots` support points: up to the last that is shown, and those that a paper
/// reports.
fn steps(experiment: &Experiment, shots: u32) -> Vec<u32> {
    let last = experiment.steps_shown(shots);
    let published = nearest_published(experiment).map(|(entry, _)| entry.figures).unwrap_or_default();
    let mut steps: Vec<u32> = STEPS.into_iter().filter(|step| *step < last).chain([last]).collect();
    steps.extend(published.iter().map(|(step, ..)| *step));
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// What an evaluation found, so far or in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The request.
    pub asked: Asked,
    /// Its number, of all rows there ever were.
    pub id: u32,
    /// Meta-steps of the parameters that were evaluated.
    pub meta_step: u32,
    /// Figures over the tasks so far.
    pub evaluation: Evaluation,
    /// Whether no more will come.
    pub finished: bool,
}

impl Row {
    /// What is best told of it.
    #[must_use]
    pub fn metric(&self) -> Metric {
        if self.asked.task.family.classifies() { Metric::Accuracy } else { Metric::Loss }
    }

    /// The figure after some inner steps.
    #[must_use]
    pub fn after(&self, step: u32) -> Option<&StepEvaluation> {
        self.evaluation.steps.iter().find(|figures| figures.step == step)
    }
}

/// A figure in the unit of its metric: a loss, or per cent.
#[must_use]
pub fn figure(metric: Metric, step: &StepEvaluation) -> Option<Interval> {
    match metric {
        Metric::Loss => Some(step.loss),
        Metric::Accuracy => step.accuracy.map(|share| Interval { mean: 100.0 * share.mean, ci95: 100.0 * share.ci95 }),
    }
}

/// What a finished row says, in words that the locale files put.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What was otherwise than in training.
    pub shift: Shift,
    /// The distribution.
    pub task: TaskSpec,
    /// Over how many tasks.
    pub tasks: u32,
    /// What the figures are.
    pub metric: Metric,
    /// What adapted.
    pub learner: LearnerKind,
    /// Inner steps until the last figure.
    pub steps: u32,
    /// What was found.
    pub told: Told,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// Adaptation ran off, so there is no mean.
    Diverged {
        /// On how many tasks.
        count: u32,
    },
    /// Before and after adaptation.
    Course {
        /// Before the first inner step.
        from: Interval,
        /// After the last.
        to: Interval,
    },
    /// After adaptation, beside the training distribution.
    Beside {
        /// Here.
        here: Interval,
        /// There.
        own: Interval,
        /// How here compares.
        verdict: Verdict,
    },
}

/// How two means compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Worse, beyond their intervals.
    Worse,
    /// Not to be told apart.
    Alike,
    /// Better, beyond their intervals.
    Better,
    /// A few tasks ran so far off that the mean is theirs.
    Wild,
}

impl Verdict {
    /// Of a mean beside another: apart where zero is outside the interval of their difference.
    #[must_use]
    pub fn of(metric: Metric, here: Interval, own: Interval) -> Self {
        let difference = here.mean - own.mean;
        if metric == Metric::Loss && here.ci95 > here.mean {
            Self::Wild
        } else if difference.abs() <= here.ci95.hypot(own.ci95) {
            Self::Alike
        } else if (difference > 0.0) == (metric == Metric::Loss) {
            Self::Worse
        } else {
            Self::Better
        }
    }
}

/// What evaluations have found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluated {
    rows: Vec<Row>,
    /// The row that finished last.
    last: Option<u32>,
}

/// See the module.
pub type Evaluations = Job<Evaluated>;

impl Kind for Evaluated {
    type Asked = Asked;

    fn work(asked: &Asked) -> Work {
        let Asked { tasks, steps, seed, task, .. } = asked.clone();
        Work::Evaluate { tasks, steps, seed, task }
    }

    fn tasks(asked: &Asked) -> Option<&TaskSpec> {
        Some(&asked.task)
    }

    fn holds(before: &Experiment, after: &Experiment) -> bool {
        adapts_alike(before, after)
    }

    fn take(&mut self, asked: &Asked, id: u32, answer: Answer, finished: bool) {
        let Answer::Evaluated { meta_step, evaluation } = answer else { return };
        if evaluation.tasks > 0 {
            let row = Row { asked: asked.clone(), id, meta_step, evaluation, finished };
            let same = |other: &Row| other.asked.task == row.asked.task && other.meta_step == row.meta_step;
            // The same again, on more tasks or on fewer, stands in its place.
            match self.rows.iter().position(same) {
                Some(place) => self.rows[place] = row,
                None => self.rows.push(row),
            }
            let excess = self.rows.len().saturating_sub(MOST_ROWS);
            self.rows.drain(..excess);
        }
        if finished {
            self.last = Some(id);
        }
    }

    fn part(&mut self) {
        self.rows.iter_mut().for_each(|row| row.finished = true);
    }
}

impl Evaluated {
    /// Every row, in the order in which they were asked for.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// What the row that finished last says.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        let row = self.rows.iter().find(|row| Some(row.id) == self.last)?;
        let metric = row.metric();
        let (first, last) = (row.evaluation.steps.first()?, row.evaluation.steps.last()?);
        let own = self.rows.iter().find(|other| {
            let comparable = other.meta_step == row.meta_step && other.asked.shift == Shift::Own;
            comparable && row.asked.shift != Shift::Own
        });
        let own = own.and_then(|own| figure(metric, own.after(last.step)?)).filter(|own| own.mean.is_finite());
        let (from, to) = (figure(metric, first)?, figure(metric, last)?);
        let told = match own {
            _ if last.diverged > 0 => Told::Diverged { count: last.diverged },
            Some(own) => Told::Beside { here: to, own, verdict: Verdict::of(metric, to, own) },
            None => Told::Course { from, to },
        };
        let Row { asked: Asked { shift, task, learner, .. }, evaluation, .. } = row.clone();
        Some(Finding { shift, task, tasks: evaluation.tasks, metric, learner, steps: last.step, told })
    }
}

#[cfg(test)]
#[path = "evaluations_tests.rs"]
mod tests;
