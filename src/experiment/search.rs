//! What a search of hyper-parameters varies: which of the two rates and of the inner steps matter to a learner, within
//! which ranges, and the candidates drawn from them.

use serde::{Deserialize, Serialize};

use super::{Experiment, InnerOptimizer, Kind, LearnerKind, Optimizer, field};
use crate::task::{Purpose, Range, Stream};

/// Most inner steps that are drawn, unless the experiment itself takes more.
const MOST_STEPS: u32 = 10;

/// Draws of one candidate before it is given up: where so many are refused, nearly all are.
const DRAWS: u32 = 100;

/// The three hyper-parameters that are searched.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// `learner.inner_lr`; `learner.eval_lr` keeps its ratio to it.
    pub inner_lr: f64,
    /// `learner.inner_steps`.
    pub inner_steps: u32,
    /// `outer.lr`.
    pub outer_lr: f64,
}

/// Which of them a learner's results depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axes {
    /// The inner rate.
    pub inner_lr: bool,
    /// The inner steps of meta-training.
    pub inner_steps: bool,
    /// The outer rate.
    pub outer_lr: bool,
}

impl Axes {
    /// Of a learner. A head that is made has no inner loop, nor has the oracle; nothing of scratch changes outside; and
    /// training on all tasks at once, or on base classes, has no inner loop before it is evaluated.
    #[must_use]
    pub fn of(kind: LearnerKind) -> Self {
        let still = kind.makes_head() || kind == LearnerKind::Oracle;
        let unmoved = kind == LearnerKind::Scratch;
        Self { inner_lr: !still, inner_steps: !still && !unmoved && !kind.is_pretrained(), outer_lr: !unmoved }
    }

    /// Paths of the fields that are searched.
    #[must_use]
    pub fn paths(self) -> Vec<&'static str> {
        let all = [
            (self.inner_lr, "learner.inner_lr"),
            (self.inner_steps, "learner.inner_steps"),
            (self.outer_lr, "outer.lr"),
        ];
        all.into_iter().filter_map(|(searched, path)| searched.then_some(path)).collect()
    }
}

impl Setting {
    /// An experiment's own.
    #[must_use]
    pub fn of(experiment: &Experiment) -> Self {
        let Experiment { learner, outer, .. } = experiment;
        Self { inner_lr: learner.inner_lr, inner_steps: learner.inner_steps, outer_lr: outer.lr }
    }

    /// `experiment` with this setting. Its rate of evaluation keeps its ratio to the inner rate, as far as its limits
    /// go, but for learners that learn their rates.
    #[must_use]
    pub fn applied_to(self, experiment: &Experiment) -> Experiment {
        let mut applied = experiment.clone();
        let Experiment { learner, outer, .. } = &mut applied;
        if self.inner_lr != learner.inner_lr && !learner.kind.learns_rates() {
            let same = learner.eval_lr == learner.inner_lr || learner.inner_lr == 0.0;
            let moved =
                if same { self.inner_lr } else { rounded(self.inner_lr * (learner.eval_lr / learner.inner_lr)) };
            let limits = limits("learner.eval_lr");
            learner.eval_lr = moved.clamp(limits.low, limits.high);
        }
        (learner.inner_lr, learner.inner_steps, outer.lr) = (self.inner_lr, self.inner_steps, self.outer_lr);
        applied
    }

    /// Candidate `number` of a search around `experiment`: 0 is the experiment's own setting, and each other one is drawn
    /// from a stream of its own, whatever the number of candidates. Rates are uniform on a logarithmic scale, rounded
    /// to two digits, and so are inner steps, in whole numbers. None where the experiment allows for no other.
    #[must_use]
    pub fn candidate(experiment: &Experiment, seed: u32, number: u32) -> Option<Self> {
        let own = Self::of(experiment);
        if number == 0 {
            return Some(own);
        }
        let axes = Axes::of(experiment.learner.kind);
        let (inner, outer) = rates(experiment);
        let most = limits("learner.inner_steps").high.min(f64::from(MOST_STEPS.max(own.inner_steps)));
        let mut stream = Stream::new(seed, Purpose::Search, u64::from(number));
        let mut log = |range: Range| {
            let power = stream.uniform(Range::new(libm::log(range.low), libm::log(range.high)));
            libm::exp(power)
        };
        let mut draw = || Self {
            inner_lr: rounded(log(inner)),
            inner_steps: log(Range::new(1.0, most + 1.0)).clamp(1.0, most) as u32,
            outer_lr: rounded(log(outer)),
        };
        let mut drawn = (0..DRAWS).map(|_| {
            let drawn = draw();
            Self {
                inner_lr: if axes.inner_lr { drawn.inner_lr } else { own.inner_lr },
                inner_steps: if axes.inner_steps { drawn.inner_steps } else { own.inner_steps },
                outer_lr: if axes.outer_lr { drawn.outer_lr } else { own.outer_lr },
            }
        });
        drawn.find(|drawn| drawn.applied_to(experiment).check().is_ok())
    }

    /// The changes that make an experiment's setting this one, as `--set` takes them.
    #[must_use]
    pub fn changes(self, experiment: &Experiment) -> Vec<(&'static str, String)> {
        let next = self.applied_to(experiment);
        let paths = ["learner.inner_lr", "learner.inner_steps", "learner.eval_lr", "outer.lr"];
        let changes = paths.into_iter().filter_map(|path| {
            let (old, new) = (experiment.get(path).ok()?, next.get(path).ok()?);
            (old != new).then_some((path, new))
        });
        changes.collect()
    }
}

/// Ranges of the inner and the outer rate: three powers of ten around what papers use, an Adam's below those of plain
/// descent, as its steps have the length of the rate itself.
fn rates(experiment: &Experiment) -> (Range, Range) {
    let (plain, adam) = (Range::new(1e-3, 1.0), Range::new(1e-4, 0.1));
    let inner = if experiment.learner.inner_optimizer == InnerOptimizer::Sgd { plain } else { adam };
    let outer = if experiment.outer.optimizer == Optimizer::Adam { adam } else { plain };
    (inner, outer)
}

/// Limits of a number.
fn limits(path: &str) -> Range {
    match field(path).map(|field| field.kind) {
        Ok(Kind::Number { min, max }) => Range::new(min, max),
        Ok(Kind::Integer { min, max }) => Range::new(f64::from(min), f64::from(max)),
        _ => Range::new(f64::NEG_INFINITY, f64::INFINITY),
    }
}

/// A rate to two digits, as a person would set it.
fn rounded(rate: f64) -> f64 {
    format!("{rate:.1e}").parse().unwrap_or(rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Choice as _, preset, presets};

    fn drawn(experiment: &Experiment) -> Vec<Setting> {
        (1..200).filter_map(|number| Setting::candidate(experiment, 1, number)).collect()
    }

    #[test]
    fn candidate_zero_is_the_experiments_own_and_changes_nothing() {
        for preset in presets() {
            let experiment = preset.experiment();
            let own = Setting::candidate(&experiment, 7, 0).unwrap();
            assert_eq!(own.applied_to(&experiment), experiment, "{}", preset.name);
            assert!(own.changes(&experiment).is_empty());
        }
    }

    #[test]
    fn every_candidate_of_every_preset_may_run_and_moves_only_what_matters() {
        for preset in presets() {
            let experiment = preset.experiment();
            let axes = Axes::of(experiment.learner.kind);
            let own = Setting::of(&experiment);
            let drawn = drawn(&experiment);
            assert_eq!(drawn.len(), 199, "{}", preset.name);
            for setting in drawn {
                assert_eq!(setting.applied_to(&experiment).check(), Ok(()), "{}", preset.name);
                assert!(axes.inner_lr || setting.inner_lr == own.inner_lr);
                assert!(axes.inner_steps || setting.inner_steps == own.inner_steps);
                assert!(axes.outer_lr || setting.outer_lr == own.outer_lr);
            }
        }
    }

    /// 199 draws over three powers of ten: each third of the logarithmic scale has 66 of them, give or take 7.
    #[test]
    fn rates_are_spread_evenly_over_a_logarithmic_scale_and_steps_reach_both_ends() {
        let drawn = drawn(&Experiment::default());
        for low in [1e-3, 1e-2, 1e-1] {
            let within = drawn.iter().filter(|setting| (low..10.0 * low).contains(&setting.inner_lr)).count();
            assert!((45..88).contains(&within), "{within} inner rates from {low}");
        }
        assert!(drawn.iter().all(|setting| (1e-4..=0.1).contains(&setting.outer_lr)), "an Adam's rates");
        let steps = |count: u32| drawn.iter().filter(|setting| setting.inner_steps == count).count();
        assert!(steps(1) > steps(5) && steps(10) > 0 && (1..=10).map(steps).sum::<usize>() == 199);
    }

    #[test]
    fn a_seed_draws_the_same_candidates_and_another_seed_others() {
        let experiment = Experiment::default();
        assert_eq!(Setting::candidate(&experiment, 3, 5), Setting::candidate(&experiment, 3, 5));
        assert_ne!(Setting::candidate(&experiment, 3, 5), Setting::candidate(&experiment, 4, 5));
        assert_ne!(Setting::candidate(&experiment, 3, 5), Setting::candidate(&experiment, 3, 6));
    }

    #[test]
    fn what_is_searched_depends_on_the_learner() {
        let paths = |kind: LearnerKind| Axes::of(kind).paths().join(" ");
        assert_eq!(paths(LearnerKind::Maml), "learner.inner_lr learner.inner_steps outer.lr");
        assert_eq!(paths(LearnerKind::Prototypical), "outer.lr");
        assert_eq!(paths(LearnerKind::Oracle), "outer.lr");
        assert_eq!(paths(LearnerKind::Scratch), "learner.inner_lr");
        assert_eq!(paths(LearnerKind::Pretrained), "learner.inner_lr outer.lr");
        assert_eq!(paths(LearnerKind::LinearProbe), "learner.inner_lr outer.lr");
        assert_eq!(paths(LearnerKind::NearestCentroid), "outer.lr");
        assert!(LearnerKind::ALL.iter().all(|kind| !Axes::of(*kind).paths().is_empty()));
    }

    #[test]
    fn the_rate_of_evaluation_keeps_its_ratio_and_its_limits() {
        let mut experiment = Experiment::default();
        let at = |experiment: &Experiment, inner_lr| {
            Setting { inner_lr, ..Setting::of(experiment) }.applied_to(experiment).learner.eval_lr
        };
        (experiment.learner.inner_lr, experiment.learner.eval_lr) = (0.01, 0.01);
        assert_eq!(at(&experiment, 0.3), 0.3);
        experiment.learner.eval_lr = 0.005;
        assert_eq!(at(&experiment, 0.3), 0.15);
        experiment.learner.eval_lr = 1.0;
        assert_eq!(at(&experiment, 1.0), 10.0, "a field's limit");
        experiment.learner.kind = LearnerKind::MetaSgd;
        assert_eq!(at(&experiment, 0.3), 1.0, "it learns its own");
    }

    #[test]
    fn an_implicit_candidate_never_overshoots() {
        let mut experiment = preset("sinusoid-maml").unwrap().experiment();
        experiment.learner.kind = LearnerKind::Imaml;
        experiment.learner.regularization = 100.0;
        let drawn = drawn(&experiment);
        assert!(drawn.len() > 150 && drawn.iter().all(|setting| setting.inner_lr * 100.0 < 2.0));
    }
}
