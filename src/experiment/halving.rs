//! Successive halving (Jamieson and Talwalkar 2016; the inner loop of Hyperband, Li et al. 2018, Algorithm 1): how many
//! candidates train for how long, and which of them go on.

use serde::{Deserialize, Serialize};

use super::{Axes, Setting, StepEvaluation};

/// η: of the candidates of a rung one in so many goes on, for so many times the meta-steps.
pub const ETA: u32 = 3;

/// Numbers of candidates that a plan chooses from, each a rung more than the next.
const CANDIDATES: [u32; 3] = [27, 9, 3];

/// Least meta-steps of a first rung worth having more candidates for: before that their losses tell the rates apart
/// that diverge, and little else.
const FIRST: f64 = 50.0;

/// How many candidates a search starts with, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Candidates of the first rung, at least 1.
    pub candidates: u32,
    /// Meta-steps of each of them there, at least 1.
    pub first: u32,
}

/// One round of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Candidates in it; from the second on the experiment's own setting is beside them, if it is not one of them.
    pub candidates: u32,
    /// Meta-steps of each when it is judged, counting those of the rungs before.
    pub meta_steps: u32,
}

/// What parts of a search take, in seconds or in any other unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// A meta-step.
    pub meta_step: f64,
    /// The judgement of one candidate.
    pub judgement: f64,
    /// The comparison at the end.
    pub comparison: f64,
    /// Candidates that train side by side.
    pub lanes: u32,
}

impl Cost {
    /// Meta-steps themselves, whoever takes them.
    pub const META_STEPS: Self = Self { meta_step: 1.0, judgement: 0.0, comparison: 0.0, lanes: 1 };
}

impl Plan {
    /// The plan that fits into `budget`, with so many candidates or with as many of 27, 9 and 3 as leave the first rung
    /// 50 meta-steps; no candidate trains for more than `longest`.
    #[must_use]
    pub fn fitting(budget: f64, cost: Cost, candidates: Option<u32>, longest: u32) -> Self {
        let first = |candidates: u32| {
            let Cost { meta_step, judgement, comparison, lanes } = cost;
            let (mut turns, mut judgements) = (0.0, 0.0);
            for (rung, part) in (Self { candidates, first: 1 }).parts().enumerate() {
                let in_lanes = f64::from((part.0 + u32::from(rung > 0)).div_ceil(lanes.max(1)));
                turns += in_lanes * f64::from(part.1);
                judgements += in_lanes;
            }
            (budget - judgements * judgement - comparison) / (turns * meta_step)
        };
        let fits = |candidates: &u32| first(*candidates) >= FIRST;
        let fewest = CANDIDATES[CANDIDATES.len() - 1];
        let candidates = candidates.unwrap_or_else(|| CANDIDATES.into_iter().find(fits).unwrap_or(fewest)).max(1);
        let last = (Self { candidates, first: 1 }).rungs().last().map_or(1, |rung| rung.meta_steps);
        // What is no whole number by a rounding of the division is one all the same.
        let first = (first(candidates) + 1e-6) as u32;
        Self { candidates, first: first.min(longest / last).max(1) }
    }

    /// The rungs: each has a third of the candidates of the one before and three times its meta-steps, and the last is
    /// the one that leaves a single winner.
    #[must_use]
    pub fn rungs(self) -> Vec<Rung> {
        let (mut rungs, mut rung) = (Vec::new(), Rung { candidates: self.candidates, meta_steps: self.first });
        while rungs.is_empty() || rung.candidates > 1 {
            rungs.push(rung);
            rung = Rung { candidates: rung.candidates / ETA, meta_steps: rung.meta_steps.saturating_mul(ETA) };
        }
        rungs
    }

    /// Meta-steps of all candidates together: the most that the search takes.
    #[must_use]
    pub fn meta_steps(self) -> u32 {
        let parts = self.parts().enumerate();
        parts.fold(0, |sum, (rung, (candidates, steps))| {
            sum.saturating_add((candidates + u32::from(rung > 0)).saturating_mul(steps))
        })
    }

    /// Candidates of each rung and the meta-steps that each takes there beyond those of the rung before.
    fn parts(self) -> impl Iterator<Item = (u32, u32)> {
        let mut before = 0;
        self.rungs().into_iter().map(move |rung| {
            let steps = rung.meta_steps - std::mem::replace(&mut before, rung.meta_steps);
            (rung.candidates, steps)
        })
    }
}

/// What became of a candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Its number; 0 is the experiment's own setting.
    pub number: u32,
    /// Its setting.
    pub setting: Setting,
    /// Meta-steps taken.
    pub meta_steps: u32,
    /// Rungs at whose end it was judged.
    pub rungs: u32,
    /// How it was judged last, on the validation tasks that all candidates share.
    pub judged: Option<StepEvaluation>,
    /// The meta-step at which its training diverged, or at which adaptation did on a validation task.
    pub diverged: Option<u32>,
    /// The winner, and the experiment's own setting beside it, on validation tasks that nothing was chosen by.
    pub fresh: Option<StepEvaluation>,
}

impl Trial {
    /// What it is ranked by, the less the better: the loss, or the share of errors where there is an accuracy.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        let judged = self.judged.as_ref().filter(|_| self.diverged.is_none())?;
        let score = judged.accuracy.map_or(judged.loss.mean, |accuracy| 1.0 - accuracy.mean);
        score.is_finite().then_some(score)
    }
}

/// A search so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Searched {
    /// What is searched.
    pub axes: Axes,
    /// What was planned.
    pub plan: Plan,
    /// Inner steps after which candidates are judged: the experiment's own of evaluation.
    pub steps: u32,
    /// Validation tasks that each is judged on.
    pub tasks: u32,
    /// Rungs that are over.
    pub rungs: u32,
    /// Every candidate, by number.
    pub trials: Vec<Trial>,
}

impl Searched {
    /// Trials from the best to the worst: those of later rungs first, as they were chosen to go on, and those that
    /// diverged last.
    #[must_use]
    pub fn ranked(&self) -> Vec<&Trial> {
        let mut ranked: Vec<&Trial> = self.trials.iter().collect();
        // Among equals the one of the smaller number, as the sort is stable.
        ranked.sort_by(|a, b| match (a.score(), b.score()) {
            (Some(first), Some(second)) => b.rungs.cmp(&a.rungs).then(first.total_cmp(&second)),
            (None, None) => a.diverged.is_some().cmp(&b.diverged.is_some()),
            (first, second) => first.is_none().cmp(&second.is_none()),
        });
        ranked
    }

    /// The best so far; none while nothing is judged, or when everything diverged.
    #[must_use]
    pub fn best(&self) -> Option<&Trial> {
        self.ranked().into_iter().find(|trial| trial.score().is_some())
    }

    /// The experiment's own setting.
    #[must_use]
    pub fn start(&self) -> Option<&Trial> {
        self.trials.first()
    }

    /// Numbers of those that go on from rung `rung`, from 0: its best, as many as the plan has place for, and the
    /// experiment's own setting in any case, as what they are measured by.
    #[must_use]
    pub fn survivors(&self, rung: u32) -> Vec<u32> {
        let places = self.plan.rungs().get(rung as usize + 1).map_or(0, |next| next.candidates as usize);
        let judged = |trial: &&&Trial| trial.rungs == rung + 1 && trial.score().is_some();
        let ranked = self.ranked();
        let mut survivors: Vec<u32> = ranked.iter().filter(judged).map(|trial| trial.number).take(places).collect();
        if places > 0 && !survivors.contains(&0) && ranked.iter().filter(judged).any(|trial| trial.number == 0) {
            survivors.push(0);
        }
        survivors
    }

    /// Meta-steps so far, of all candidates together.
    #[must_use]
    pub fn meta_steps(&self) -> u32 {
        self.trials.iter().map(|trial| trial.meta_steps).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Experiment, Interval};

    fn rungs(candidates: u32, first: u32) -> Vec<(u32, u32)> {
        (Plan { candidates, first }).rungs().iter().map(|rung| (rung.candidates, rung.meta_steps)).collect()
    }

    #[test]
    fn each_rung_has_a_third_of_the_candidates_and_three_times_the_meta_steps() {
        assert_eq!(rungs(27, 100), [(27, 100), (9, 300), (3, 900)]);
        assert_eq!(rungs(20, 10), [(20, 10), (6, 30), (2, 90)]);
        assert_eq!((rungs(5, 7), rungs(2, 7), rungs(1, 7)), (vec![(5, 7)], vec![(2, 7)], vec![(1, 7)]));
    }

    /// 27·100, then 9 and the own setting for 200 more each, then 3 and the own setting for 600 more each.
    #[test]
    fn the_meta_steps_of_a_plan_are_counted_by_hand() {
        let plan = Plan { candidates: 27, first: 100 };
        assert_eq!(plan.meta_steps(), 2700 + 10 * 200 + 4 * 600);
        assert_eq!((Plan { candidates: 3, first: 70 }).meta_steps(), 210);
    }

    #[test]
    fn a_budget_of_meta_steps_gives_the_plan_that_it_was_the_budget_of() {
        for plan in [(27, 100), (9, 51), (3, 20), (20, 13), (2, 1)] {
            let plan = Plan { candidates: plan.0, first: plan.1 };
            let again = Plan::fitting(f64::from(plan.meta_steps()), Cost::META_STEPS, Some(plan.candidates), u32::MAX);
            assert_eq!(again, plan);
        }
    }

    /// A first rung of 50 meta-steps costs 71 times 50 with 27 candidates, and 17 times 50 with 9.
    #[test]
    fn a_larger_budget_has_more_candidates_and_then_longer_rungs() {
        let plan = |budget| {
            let Plan { candidates, first } = Plan::fitting(budget, Cost::META_STEPS, None, u32::MAX);
            (candidates, first)
        };
        assert_eq!(plan(100.0), (3, 33));
        assert_eq!((plan(849.0), plan(850.0)), ((3, 283), (9, 50)));
        assert_eq!((plan(3549.0), plan(3550.0)), ((9, 208), (27, 50)));
        assert_eq!(plan(71_000.0), (27, 1000));
        assert_eq!(plan(0.0), (3, 1), "a search does something");
    }

    #[test]
    fn no_candidate_trains_for_longer_than_the_experiment_does() {
        let plan = Plan::fitting(1e9, Cost::META_STEPS, None, 1000);
        assert_eq!(plan.rungs().last().unwrap().meta_steps, 999);
    }

    /// Two lanes: 14 turns of 27, 5 of 9 and the own for twice as long, 2 of 3 and the own for six times.
    #[test]
    fn lanes_share_the_work_and_judgements_take_their_part() {
        let cost = Cost { meta_step: 0.01, judgement: 0.5, comparison: 1.0, lanes: 2 };
        let plan = Plan::fitting(60.0, cost, Some(27), u32::MAX);
        let expected = (60.0 - 0.5 * (14.0 + 5.0 + 2.0) - 1.0) / (0.01 * (14.0 + 5.0 * 2.0 + 2.0 * 6.0));
        assert_eq!(plan.first, expected as u32);
    }

    fn trial(number: u32, rungs: u32, loss: f64) -> Trial {
        let judged = StepEvaluation { step: 1, loss: Interval { mean: loss, ci95: 0.1 }, diverged: 0, accuracy: None };
        Trial {
            number,
            setting: Setting::of(&Experiment::default()),
            meta_steps: 10,
            rungs,
            judged: (rungs > 0).then_some(judged),
            diverged: None,
            fresh: None,
        }
    }

    fn searched(trials: Vec<Trial>) -> Searched {
        let plan = Plan { candidates: trials.len() as u32, first: 10 };
        let axes = Axes::of(Experiment::default().learner.kind);
        Searched { axes, plan, steps: 1, tasks: 100, rungs: 1, trials }
    }

    #[test]
    fn the_best_third_goes_on_and_the_own_setting_with_it() {
        let losses = [9.0, 3.0, 1.0, 7.0, 2.0, 8.0, f64::NAN, 4.0, 5.0];
        let mut all = searched((0..9).zip(losses).map(|(number, loss)| trial(number, 1, loss)).collect());
        assert_eq!(all.survivors(0), [2, 4, 1, 0]);
        all.trials[2].diverged = Some(3);
        assert_eq!(all.survivors(0), [4, 1, 7, 0]);
        all.trials[0].diverged = Some(3);
        assert_eq!(all.survivors(0), [4, 1, 7], "what ran off goes nowhere");
        all.trials[0] = trial(0, 1, 2.5);
        assert_eq!(all.survivors(0), [4, 0, 1], "among the best it takes one of their places");
        assert!(all.survivors(1).is_empty(), "the last rung leaves a winner");
    }

    #[test]
    fn later_rungs_rank_before_earlier_ones_and_the_diverged_come_last() {
        let mut all =
            searched(vec![trial(0, 1, 0.5), trial(1, 2, 2.0), trial(2, 2, 1.0), trial(3, 0, 0.0), trial(4, 1, 0.1)]);
        all.trials[4].diverged = Some(7);
        assert_eq!(all.ranked().iter().map(|trial| trial.number).collect::<Vec<_>>(), [2, 1, 0, 3, 4]);
        assert_eq!(all.best().map(|trial| trial.number), Some(2));
        all.trials.retain(|trial| trial.score().is_none());
        assert_eq!(all.best(), None);
    }

    #[test]
    fn accuracy_is_what_counts_where_there_is_one() {
        let with = |number, loss, mean| {
            let mut trial = trial(number, 1, loss);
            trial.judged.as_mut().unwrap().accuracy = Some(Interval { mean, ci95: 0.01 });
            trial
        };
        let all = searched(vec![with(0, 0.5, 0.7), with(1, 0.9, 0.8)]);
        assert_eq!(all.best().map(|trial| trial.number), Some(1));
    }
}
