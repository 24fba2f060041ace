//! A comparison of learners and checkpoints: who takes part and under which settings, what is measured of each, and what that says.

use serde::{Deserialize, Serialize};

use super::{
    Adaptation, Choice as _, CurvePoint, Evaluation, Experiment, FieldError, Interval, LearnerKind, Metric, Misfit,
    Saved, presets,
};

/// Most contestants: more lines in one figure are not told apart.
pub const MOST_CONTESTANTS: usize = 6;

/// Who takes part in a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contestant {
    /// The meta-parameters that stand, untouched.
    Own,
    /// A learner, meta-trained from the seed.
    Learner(LearnerKind),
    /// A network that was trained elsewhere, untouched.
    Checkpoint(Box<Saved>),
}

/// Why contestants cannot be compared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ContestError {
    /// Too few or too many.
    #[error(
        "a comparison has two to {MOST_CONTESTANTS} contestants and {0} were given: add or leave out learners or checkpoints"
    )]
    Count(usize),
    /// The same one more than once.
    #[error("{0} takes part more than once: give each contestant once")]
    Twice(String),
    /// A learner that cannot learn these tasks.
    #[error(
        "{learner} cannot learn tasks of the family {family} from this source: leave it out or choose another task"
    )]
    Unsuited {
        /// Its name.
        learner: &'static str,
        /// The family's.
        family: &'static str,
    },
    /// A learner whose settings beside these may not run.
    #[error("{learner} cannot take part: {error}")]
    Settings {
        /// Its name.
        learner: &'static str,
        /// Why not.
        error: FieldError,
    },
    /// A checkpoint that cannot do these tasks.
    #[error("{name} cannot take part: {misfit}")]
    Unfit {
        /// Its name.
        name: String,
        /// Why not.
        misfit: Misfit,
    },
}

impl Contestant {
    /// Its name: as in `--learners`, or its file's.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Own => "own",
            Self::Learner(kind) => kind.name(),
            Self::Checkpoint(saved) => &saved.name,
        }
    }

    /// What it adapts with, where `own` stands.
    #[must_use]
    pub fn kind(&self, own: &Experiment) -> LearnerKind {
        match self {
            Self::Own => own.learner.kind,
            Self::Learner(kind) => *kind,
            Self::Checkpoint(saved) => saved.experiment.learner.kind,
        }
    }

    /// Whether it is meta-trained for the comparison.
    #[must_use]
    pub fn trains(&self) -> bool {
        matches!(self, Self::Learner(_))
    }

    /// Whether it can take part in a comparison around `own`.
    ///
    /// # Errors
    /// When it cannot learn these tasks, or may not run with this network; of a checkpoint, when its own network cannot do
    /// them.
    pub fn check(&self, own: &Experiment) -> Result<(), ContestError> {
        if let Self::Checkpoint(saved) = self {
            return saved.fits(own).map_err(|misfit| ContestError::Unfit { name: saved.name.clone(), misfit });
        }
        let learner = self.kind(own).name();
        if !own.offers(self.kind(own)) {
            return Err(ContestError::Unsuited { learner, family: own.task.family.name() });
        }
        self.experiment(own, 1).check().map_err(|error| ContestError::Settings { learner, error })
    }

    /// The experiment that it runs in a comparison around `own`.
    ///
    /// Learners have the same tasks and meta-batches in meta-training, the network and the evaluation steps of `own`. Each
    /// has its inner loop and its outer loop from `own` where that runs the same learner, else from the preset of that
    /// learner that is nearest to `own`, else those of `own`. A checkpoint keeps its own ([`Saved::beside`]).
    #[must_use]
    pub fn experiment(&self, own: &Experiment, meta_steps: u32) -> Experiment {
        let kind = match self {
            Self::Own => return own.clone(),
            Self::Checkpoint(saved) => return saved.beside(own),
            Self::Learner(kind) => *kind,
        };
        let mut experiment = own.clone();
        if kind != own.learner.kind {
            if let Some(near) = nearest(own, kind) {
                (experiment.learner, experiment.outer) = (near.learner, near.outer);
            }
            experiment.learner.kind = kind;
            experiment.learner.eval_steps = own.learner.eval_steps;
            experiment.outer.meta_batch = own.outer.meta_batch;
        }
        // As many ways as heads of their own have, so that all see the same tasks.
        experiment.task.train_ways = 0;
        (experiment.budget.meta_steps, experiment.budget.validate_every) = (meta_steps, 0);
        experiment.settled()
    }
}

/// Whether these can be compared around an experiment.
///
/// # Errors
/// When they are too few or too many, one is given twice, or one does not suit the tasks.
pub fn check_contestants(own: &Experiment, contestants: &[Contestant]) -> Result<(), ContestError> {
    if !(2..=MOST_CONTESTANTS).contains(&contestants.len()) {
        return Err(ContestError::Count(contestants.len()));
    }
    for (place, contestant) in contestants.iter().enumerate() {
        if contestants[..place].contains(contestant) {
            return Err(ContestError::Twice(contestant.name().to_owned()));
        }
        contestant.check(own)?;
    }
    Ok(())
}

/// The preset of a learner that is nearest to an experiment: by its family, then by its network and the size of that,
/// then by what takes its inner steps, its ways and shots. None where the learner has no preset on tasks of the kind.
fn nearest(own: &Experiment, kind: LearnerKind) -> Option<Experiment> {
    let family = own.task.family;
    let alike = |experiment: &Experiment| {
        let other = experiment.task.family;
        experiment.learner.kind == kind && (other == family || other.has_points() && family.has_points())
    };
    let distance = |experiment: &Experiment| {
        let (task, model) = (&experiment.task, &experiment.model);
        (
            task.family != family,
            model.network != own.model.network,
            model.filters.abs_diff(own.model.filters),
            model.hidden != own.model.hidden,
            experiment.learner.inner_optimizer != own.learner.inner_optimizer,
            task.ways.abs_diff(own.task.ways),
            task.shots.abs_diff(own.task.shots),
        )
    };
    presets().iter().map(super::Preset::experiment).filter(alike).min_by_key(distance)
}

/// How a comparison stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Meta-steps that each learner is trained for.
    pub meta_steps: u32,
    /// Test tasks that each is judged on, the same for all.
    pub tasks: u32,
    /// In the order given.
    pub entrants: Vec<Entrant>,
}

/// What is known of one contestant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entrant {
    /// Who.
    pub contestant: Contestant,
    /// What it adapts with.
    pub kind: LearnerKind,
    /// Whether its network normalises a task's queries together; none where it does not normalise, or of a report that does
    /// not tell.
    #[serde(default)]
    pub transduction: Option<bool>,
    /// Meta-steps done.
    pub meta_step: u32,
    /// The meta-step at which its meta-training diverged; it is out then.
    pub diverged: Option<u32>,
    /// Its meta-training: means over stretches of equal length, each at the last meta-step of its stretch.
    pub curve: Vec<CurvePoint>,
    /// The task on show after every inner step.
    pub shown: Option<Adaptation>,
    /// Means and intervals after every inner step, over the test tasks so far.
    pub evaluation: Option<Evaluation>,
}

/// What a comparison says.
#[derive(Clone, Debug, PartialEq)]
pub enum Ranking {
    /// Fewer than two have been judged.
    Nothing,
    /// Where all come, and where only the best do. Numbers are places among the entrants.
    Found {
        /// What is compared.
        metric: Metric,
        /// The best level that all of them reach: the worst of their best means with its interval, in the metric's unit.
        level: Interval,
        /// Fewest inner steps to within its interval, and who needs so few.
        fewest: (u32, Vec<usize>),
        /// Most inner steps to within its interval, and who needs so many.
        most: (u32, Vec<usize>),
        /// Who has the best mean of all, after how many inner steps, and what it is.
        best: (usize, u32, Interval),
        /// Who stays beyond that at every inner step that makes nothing worse: not even the ends of both intervals meet.
        never: Vec<usize>,
        /// Whose interval overlaps with that, so that these tasks do not tell the two apart.
        alike: Vec<usize>,
        /// Inner steps that all of them take at most.
        last: u32,
    },
}

impl Entrant {
    /// Mean and interval after every inner step, in the metric's unit, where adaptation did not diverge.
    #[must_use]
    pub fn means(&self) -> Vec<(u32, Interval)> {
        let steps = self.evaluation.iter().flat_map(|evaluation| &evaluation.steps);
        let figures = steps.map(|step| {
            let figure = match step.accuracy {
                Some(Interval { mean, ci95 }) => Interval { mean: 100.0 * mean, ci95: 100.0 * ci95 },
                None => step.loss,
            };
            (step.step, figure)
        });
        figures.filter(|(_, figure)| figure.mean.is_finite()).collect()
    }

    fn metric(&self) -> Metric {
        let mut steps = self.evaluation.iter().flat_map(|evaluation| &evaluation.steps);
        if steps.any(|step| step.accuracy.is_some()) { Metric::Accuracy } else { Metric::Loss }
    }

    /// The better of means is the smaller of these.
    fn cost(&self, mean: f64) -> f64 {
        if self.metric() == Metric::Accuracy { -mean } else { mean }
    }

    /// The best mean: the first of equals.
    fn best(&self) -> Option<(u32, Interval)> {
        let better = |a: &(u32, Interval), b: &(u32, Interval)| self.cost(a.1.mean).total_cmp(&self.cost(b.1.mean));
        self.means().into_iter().min_by(better)
    }

    /// Inner steps until its mean is within the interval of a level.
    fn reaches(&self, level: Interval) -> Option<u32> {
        let there = |(_, figure): &(u32, Interval)| self.cost(figure.mean) <= self.cost(level.mean) + level.ci95;
        self.means().into_iter().find(there).map(|(step, _)| step)
    }

    /// Whether the better end of its interval is as good as the worse end of a level's, at any inner step whose mean is no
    /// worse than before adaptation: where adaptation runs off, an interval that explodes meets any level.
    fn overlaps(&self, level: Interval) -> bool {
        let worse = self.cost(level.mean) + level.ci95;
        let means = self.means();
        let start = means.first().map_or(f64::NAN, |(_, figure)| self.cost(figure.mean));
        let sound = |figure: &Interval| self.cost(figure.mean) <= start && figure.ci95.is_finite();
        means.iter().any(|(_, figure)| sound(figure) && self.cost(figure.mean) - figure.ci95 <= worse)
    }
}

impl Compared {
    /// Work done, and in all: meta-steps and test tasks.
    #[must_use]
    pub fn progress(&self) -> (u32, u32) {
        let of = |entrant: &Entrant| {
            let judged = entrant.evaluation.as_ref().map_or(0, |evaluation| evaluation.tasks);
            let training = if entrant.contestant.trains() { self.meta_steps } else { 0 };
            match entrant.diverged {
                Some(_) => (0, 0),
                None => (judged + entrant.meta_step.min(training), self.tasks + training),
            }
        };
        self.entrants.iter().map(of).fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
    }

    /// Who is judged with transduction and who without, where both are among those whose networks normalise: places among
    /// the entrants. What a query's statistics come from differs then, whoever learns.
    #[must_use]
    pub fn transduction(&self) -> Option<(Vec<usize>, Vec<usize>)> {
        let entrants = self.entrants.iter().enumerate();
        let those =
            |on| entrants.clone().filter(|(_, one)| one.transduction == Some(on)).map(|(place, _)| place).collect();
        let both: (Vec<usize>, Vec<usize>) = (those(true), those(false));
        (!both.0.is_empty() && !both.1.is_empty()).then_some(both)
    }

    /// What it says of those that could be judged.
    #[must_use]
    pub fn ranking(&self) -> Ranking {
        let judged = || self.entrants.iter().enumerate().filter_map(|(place, one)| Some((place, one, one.best()?)));
        let cost = |(_, entrant, (_, figure)): &(usize, &Entrant, (u32, Interval))| entrant.cost(figure.mean);
        let (Some(worst), Some(best)) =
            (judged().max_by(|a, b| cost(a).total_cmp(&cost(b))), judged().min_by(|a, b| cost(a).total_cmp(&cost(b))))
        else {
            return Ranking::Nothing;
        };
        if judged().count() < 2 {
            return Ranking::Nothing;
        }
        let (level, (place, entrant, (step, figure))) = (worst.2.1, best);
        let needs: Vec<(usize, u32)> =
            judged().filter_map(|(place, one, _)| Some((place, one.reaches(level)?))).collect();
        let who = |count: u32| needs.iter().filter(|(_, need)| *need == count).map(|(place, _)| *place).collect();
        let few = needs.iter().map(|(_, need)| *need).min().unwrap_or_default();
        let many = needs.iter().map(|(_, need)| *need).max().unwrap_or_default();
        let others = judged().filter(|(other, ..)| *other != place);
        let (alike, never): (Vec<_>, Vec<_>) = others.partition(|(_, one, _)| one.overlaps(figure));
        let places = |all: Vec<(usize, &Entrant, (u32, Interval))>| all.into_iter().map(|(place, ..)| place).collect();
        let last = judged().filter_map(|(_, one, _)| one.means().last().map(|(step, _)| *step)).max();
        Ranking::Found {
            metric: entrant.metric(),
            level,
            fewest: (few, who(few)),
            most: (many, who(many)),
            best: (place, step, figure),
            never: places(never),
            alike: places(alike),
            last: last.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
#[path = "comparison_tests.rs"]
mod tests;
