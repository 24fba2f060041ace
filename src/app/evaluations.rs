//! Evaluations: which are asked for, which one runs, and what they found.
//!
//! A plain state machine inside [`Session`](super::session::Session). The worker runs one at a time; others wait here.

use std::collections::VecDeque;

use super::shift::Shift;
use crate::{
    experiment::{
        Evaluation, Experiment, Interval, LearnerKind, Metric, Source, StepEvaluation, TaskSpec, nearest_published,
    },
    protocol::Request,
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

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluations {
    rows: Vec<Row>,
    running: Option<(u32, Asked)>,
    waiting: VecDeque<Asked>,
    id: u32,
    /// The row that finished last.
    last: Option<u32>,
    revision: u32,
}

impl Evaluations {
    /// Every row, in the order in which they were asked for.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// A number that changes whenever anything else here does.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// The evaluation that runs, and how many of its tasks are done.
    #[must_use]
    pub fn running(&self) -> Option<(&Asked, u32)> {
        let (id, asked) = self.running.as_ref()?;
        let row = self.rows.iter().find(|row| row.id == *id);
        Some((asked, row.map_or(0, |row| row.evaluation.tasks)))
    }

    /// Runs an evaluation, after those that were asked for before.
    pub fn ask(&mut self, asked: Asked) -> Option<Request> {
        self.revision += 1;
        self.waiting.push_back(asked);
        self.next()
    }

    /// Stops the one that runs, and forgets those that wait. What it found so far stays.
    pub fn stop(&mut self) -> Option<Request> {
        self.revision += 1;
        self.waiting.clear();
        self.running.as_ref().map(|(id, _)| Request::CancelEvaluation(*id))
    }

    /// Whether the one that runs, or one that waits, draws its characters from there.
    #[must_use]
    pub fn draws_from(&self, source: Source) -> bool {
        let running = self.running.iter().map(|(_, asked)| asked);
        running.chain(&self.waiting).any(|asked| asked.task.family.classifies() && asked.task.source == source)
    }

    /// Takes figures in; asks for the next evaluation when this one is over.
    pub fn heed(&mut self, id: u32, meta_step: u32, evaluation: Evaluation, finished: bool) -> Option<Request> {
        let (_, asked) = self.running.as_ref().filter(|(running, _)| *running == id)?;
        self.revision += 1;
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
        if !finished {
            return None;
        }
        self.running = None;
        self.last = Some(id);
        self.next()
    }

    /// The one that runs will not answer.
    pub fn part(&mut self) {
        self.revision += 1;
        self.waiting.clear();
        if let Some((id, _)) = self.running.take() {
            self.rows.iter_mut().filter(|row| row.id == id).for_each(|row| row.finished = true);
        }
    }

    /// Forgets everything, as it was about another network or another experiment.
    pub fn clear(&mut self) {
        let (id, revision) = (self.id, self.revision + 1);
        *self = Self { id, revision, ..Self::default() };
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

    fn next(&mut self) -> Option<Request> {
        if self.running.is_some() {
            return None;
        }
        let asked = self.waiting.pop_front()?;
        self.id = self.id.wrapping_add(1);
        self.running = Some((self.id, asked.clone()));
        let Asked { tasks, steps, seed, task, .. } = asked;
        Some(Request::Evaluate { id: self.id, tasks, steps, seed, task })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app::change::opening, experiment::Family};

    fn asked(shift: Shift) -> Asked {
        Asked::of(&Experiment::default(), shift, 100).unwrap()
    }

    fn found(tasks: u32, means: [f64; 2]) -> Evaluation {
        let step = |step: u32, mean: f64| StepEvaluation {
            step,
            loss: Interval { mean, ci95: 0.1 },
            diverged: 0,
            accuracy: None,
        };
        Evaluation { tasks, steps: vec![step(0, means[0]), step(10, means[1])] }
    }

    fn id(request: Option<Request>) -> Option<u32> {
        match request {
            Some(Request::Evaluate { id, .. } | Request::CancelEvaluation(id)) => Some(id),
            _ => None,
        }
    }

    #[test]
    fn steps_are_those_of_the_scrubber_and_those_that_a_paper_reports() {
        assert_eq!(steps(&Experiment::default(), 7), [0, 1, 5, 10]);
        assert_eq!(steps(&opening(Family::Characters), 1), [0, 1, 3, 5]);
        let mut short = Experiment::default();
        short.learner.eval_steps = 1;
        assert_eq!(steps(&short, 5), [0, 1, 5, 10], "what was published after more steps is measured there");
        short.task.shots = 7;
        assert_eq!(steps(&short, 7), [0, 1]);
    }

    #[test]
    fn where_steps_are_points_a_shifted_task_has_as_many_as_points() {
        let mut process = Experiment::default();
        (process.learner.kind, process.task.shots) = (LearnerKind::Cnp, 6);
        let of = |shift| Asked::of(&process, shift, 100).unwrap().steps;
        assert_eq!(
            (of(Shift::Own), of(Shift::FewerShots), of(Shift::MoreShots)),
            (vec![0, 1, 5, 6], vec![0, 1, 3], vec![0, 1, 5, 10, 12])
        );
    }

    #[test]
    fn one_runs_at_a_time_and_the_others_follow() {
        let mut all = Evaluations::default();
        let first = id(all.ask(asked(Shift::Own))).unwrap();
        assert_eq!(id(all.ask(asked(Shift::Phase))), None);
        assert_eq!(id(all.heed(first, 7, found(50, [3.0, 1.0]), false)), None);
        assert_eq!(all.running().map(|(_, done)| done), Some(50));
        let second = id(all.heed(first, 7, found(100, [3.0, 1.0]), true));
        assert_eq!(second, Some(first + 1));
        assert_eq!((all.rows().len(), all.rows()[0].meta_step, all.rows()[0].finished), (1, 7, true));
    }

    #[test]
    fn what_is_stopped_keeps_its_figures_and_nothing_follows() {
        let mut all = Evaluations::default();
        let first = id(all.ask(asked(Shift::Own))).unwrap();
        all.ask(asked(Shift::Phase));
        assert_eq!(id(all.stop()), Some(first));
        assert_eq!(id(all.heed(first, 7, found(30, [3.0, 1.0]), true)), None);
        assert_eq!((all.running(), all.rows()[0].evaluation.tasks), (None, 30));
    }

    #[test]
    fn an_evaluation_without_a_single_task_leaves_no_row() {
        let mut all = Evaluations::default();
        let first = id(all.ask(asked(Shift::Own))).unwrap();
        all.heed(first, 7, found(0, [f64::NAN, f64::NAN]), true);
        assert!(all.rows().is_empty() && all.finding().is_none());
    }

    #[test]
    fn a_late_word_about_a_run_before_is_not_heard() {
        let mut all = Evaluations::default();
        let first = id(all.ask(asked(Shift::Own))).unwrap();
        all.clear();
        all.heed(first, 7, found(50, [3.0, 1.0]), false);
        assert!(all.rows().is_empty());
        assert_ne!(id(all.ask(asked(Shift::Own))), Some(first));
    }

    #[test]
    fn the_same_again_replaces_its_row_and_after_training_it_has_a_new_one() {
        let mut all = Evaluations::default();
        for (meta_step, rows) in [(7, 1), (7, 1), (8, 2)] {
            let asked = id(all.ask(asked(Shift::Own))).unwrap();
            all.heed(asked, meta_step, found(100, [3.0, 1.0]), true);
            assert_eq!(all.rows().len(), rows);
        }
    }

    #[test]
    fn a_shifted_row_is_told_beside_the_own_one_of_the_same_network() {
        let mut all = Evaluations::default();
        let own = id(all.ask(asked(Shift::Own))).unwrap();
        all.heed(own, 7, found(100, [3.0, 0.3]), true);
        assert!(matches!(all.finding().unwrap().told, Told::Course { .. }));
        let shifted = id(all.ask(asked(Shift::Amplitude))).unwrap();
        all.heed(shifted, 7, found(100, [30.0, 5.0]), true);
        let finding = all.finding().unwrap();
        assert!(matches!(finding.told, Told::Beside { verdict: Verdict::Worse, .. }), "{finding:?}");
        let later = id(all.ask(asked(Shift::Amplitude))).unwrap();
        all.heed(later, 8, found(100, [30.0, 5.0]), true);
        assert!(matches!(all.finding().unwrap().told, Told::Course { .. }), "another network is no measure");
    }

    #[test]
    fn a_mean_over_tasks_that_ran_off_is_told_as_none() {
        let mut all = Evaluations::default();
        let own = id(all.ask(asked(Shift::Own))).unwrap();
        let mut evaluation = found(100, [3.0, f64::NAN]);
        evaluation.steps[1].diverged = 4;
        all.heed(own, 7, evaluation, true);
        assert_eq!(all.finding().unwrap().told, Told::Diverged { count: 4 });
    }

    #[test]
    fn means_within_their_intervals_are_alike_and_accuracy_is_better_when_larger() {
        let at = |mean| Interval { mean, ci95: 0.1 };
        assert_eq!(Verdict::of(Metric::Loss, at(1.1), at(1.0)), Verdict::Alike);
        assert_eq!(Verdict::of(Metric::Loss, at(1.2), at(1.0)), Verdict::Worse);
        assert_eq!(Verdict::of(Metric::Accuracy, at(1.2), at(1.0)), Verdict::Better);
        let wild = Interval { mean: 153.0, ci95: 271.0 };
        assert_eq!(Verdict::of(Metric::Loss, wild, at(1.0)), Verdict::Wild, "an interval beyond zero is no likeness");
    }
}
