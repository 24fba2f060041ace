//! The search of hyper-parameters: what is asked for, and what it has tried.

use super::{
    evaluations::Verdict,
    job::{Job, Kind, LongWork as _},
};
pub use crate::words::evaluation::judged as figure;
use crate::{
    experiment::{Experiment, Searched, Setting, StepEvaluation, Trial, View},
    protocol::{Answer, Work},
};

/// What a search has tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tried(Option<Searched>);

/// See the module.
pub type Searches = Job<Tried>;

/// What a search says, in words that the locale files put.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// Nothing is judged yet.
    Nothing,
    /// It is over and nothing could be judged.
    NoneLeft,
    /// The best of those judged, on the tasks that it was chosen by.
    SoFar(Trial),
    /// The own setting was not beaten.
    Own(Trial),
    /// The best on fresh tasks, beside the own setting.
    Found {
        /// The best.
        best: Trial,
        /// Its figure.
        figure: StepEvaluation,
        /// The own setting's; none if that diverged.
        own: Option<(StepEvaluation, Verdict)>,
    },
}

impl Kind for Tried {
    /// About how many seconds it may take.
    type Asked = u32;

    const OUTLIVES_RUN: bool = true;

    fn work(seconds: &u32) -> Work {
        Work::Search { seconds: *seconds }
    }

    fn take(&mut self, _seconds: &u32, _id: u32, answer: Answer, _finished: bool) {
        if let Answer::Searched(searched) = answer {
            self.0 = Some(searched);
        }
    }

    fn holds(before: &Experiment, after: &Experiment) -> bool {
        apart_from_settings(before) == apart_from_settings(after)
    }
}

impl Tried {
    /// What was tried.
    #[must_use]
    pub fn searched(&self) -> Option<&Searched> {
        self.0.as_ref()
    }
}

impl Searches {
    /// The experiment with a candidate's setting, on show as `experiment` is.
    #[must_use]
    pub fn chosen(&self, number: u32, experiment: &Experiment) -> Option<Experiment> {
        let trial = self.searched()?.trials.iter().find(|trial| trial.number == number)?;
        let set = trial.setting.applied_to(self.about()?);
        let mut chosen = experiment.clone();
        (chosen.learner, chosen.outer.lr) = (set.learner, set.outer.lr);
        Some(chosen)
    }

    /// What it says.
    #[must_use]
    pub fn said(&self) -> Said {
        let Some(searched) = self.searched() else { return Said::Nothing };
        let Some(best) = searched.best() else { return if self.is_busy() { Said::Nothing } else { Said::NoneLeft } };
        let own = searched.start();
        match &best.fresh {
            _ if self.is_busy() => Said::SoFar(best.clone()),
            // Nothing has gone further than it has, nor better.
            None if best.number == 0 => Said::Own(best.clone()),
            None => Said::SoFar(best.clone()),
            Some(fresh) => {
                let own = own.and_then(|own| own.fresh.clone()).map(|own| {
                    let (metric, here) = figure(fresh);
                    let verdict = Verdict::of(metric, here, figure(&own).1);
                    (own, verdict)
                });
                Said::Found { best: best.clone(), figure: fresh.clone(), own }
            }
        }
    }
}

/// An experiment without what is searched, what is on show, and when training ends.
fn apart_from_settings(experiment: &Experiment) -> Experiment {
    let mut rest = Setting { inner_lr: 0.0, inner_steps: 0, outer_lr: 0.0 }.applied_to(experiment);
    rest.learner.eval_lr = 0.0;
    rest.view = View::default();
    rest.budget = Experiment::default().budget;
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiment::{Axes, Interval, Plan},
        protocol::Request,
    };

    fn judged(mean: f64) -> Option<StepEvaluation> {
        Some(StepEvaluation { step: 1, loss: Interval { mean, ci95: 0.1 }, diverged: 0, accuracy: None })
    }

    /// The own setting and candidate 1, with a tenth of its inner rate.
    fn searched(losses: [f64; 2]) -> Searched {
        let own = Setting::of(&Experiment::default());
        let trial = |number: u32, setting, loss| Trial {
            number,
            setting,
            meta_steps: 10,
            rungs: 1,
            judged: judged(loss),
            diverged: None,
            fresh: None,
        };
        let other = Setting { inner_lr: 0.1 * own.inner_lr, inner_steps: 4, ..own };
        let axes = Axes::of(Experiment::default().learner.kind);
        let trials = vec![trial(0, own, losses[0]), trial(1, other, losses[1])];
        Searched { axes, plan: Plan { candidates: 2, first: 10 }, steps: 1, tasks: 100, rungs: 0, trials }
    }

    /// A search under way, of the id 1.
    fn begun() -> Searches {
        let mut searches = Searches::default();
        searches.ask_anew(30, &Experiment::default());
        assert_eq!(searches.next(1), Some((Work::Search { seconds: 30 }, None)));
        searches
    }

    fn heed(searches: &mut Searches, searched: Searched, finished: bool) {
        searches.heed(1, Answer::Searched(searched), (1, 2), finished);
    }

    #[test]
    fn what_is_stopped_keeps_what_it_has_tried() {
        let mut searches = begun();
        assert_eq!(searches.said(), Said::Nothing);
        heed(&mut searches, searched([2.0, 1.0]), false);
        assert_eq!(searches.stop(), Some(Request::Cancel(1)));
        heed(&mut searches, searched([2.0, 1.0]), true);
        assert!(!searches.is_busy() && searches.stop().is_none());
        assert!(matches!(searches.said(), Said::SoFar(best) if best.number == 1), "it was never compared");
    }

    #[test]
    fn the_winner_is_told_beside_the_own_setting_on_fresh_tasks() {
        let mut all = searched([2.0, 1.0]);
        (all.trials[0].fresh, all.trials[1].fresh) = (judged(2.1), judged(1.2));
        let mut searches = begun();
        heed(&mut searches, all.clone(), true);
        let Said::Found { best, own: Some((own, Verdict::Better)), .. } = searches.said() else {
            panic!("{:?}", searches.said())
        };
        assert_eq!((best.number, own.loss.mean), (1, 2.1));
        all.trials[0].diverged = Some(3);
        all.trials[0].fresh = None;
        let mut searches = begun();
        heed(&mut searches, all, true);
        assert!(matches!(searches.said(), Said::Found { own: None, .. }));
    }

    #[test]
    fn an_own_setting_that_nothing_beats_is_said_to_be_best_and_a_search_without_a_survivor_says_so() {
        let mut searches = begun();
        let mut all = searched([1.0, 2.0]);
        heed(&mut searches, all.clone(), false);
        assert!(matches!(searches.said(), Said::SoFar(_)), "the search goes on");
        heed(&mut searches, all.clone(), true);
        assert!(matches!(searches.said(), Said::Own(_)));
        all.trials.iter_mut().for_each(|trial| trial.diverged = Some(1));
        let mut searches = begun();
        heed(&mut searches, all, true);
        assert_eq!(searches.said(), Said::NoneLeft);
    }

    #[test]
    fn a_candidate_brings_its_rates_and_leaves_what_is_on_show() {
        let mut searches = begun();
        heed(&mut searches, searched([2.0, 1.0]), true);
        let mut now = Experiment::default();
        (now.view.task, now.learner.inner_lr) = (7, 0.5);
        let chosen = searches.chosen(1, &now).unwrap();
        let own = Experiment::default().learner;
        assert_eq!((chosen.view.task, chosen.learner.inner_steps), (7, 4));
        assert_eq!(chosen.learner.inner_lr, 0.1 * own.inner_lr);
        assert_eq!(chosen.learner.eval_lr, 0.1 * own.inner_lr, "the rate of evaluation goes with it");
        assert_eq!(searches.chosen(9, &now), None);
    }

    #[test]
    fn rates_may_change_meanwhile_and_another_experiment_ends_it() {
        let mut searches = begun();
        heed(&mut searches, searched([2.0, 1.0]), false);
        let mut next = Experiment::default();
        (next.learner.inner_lr, next.learner.inner_steps, next.outer.lr, next.view.task) = (0.2, 3, 0.1, 9);
        next.budget.meta_steps = 10;
        assert_eq!((searches.launch(&next), searches.is_busy()), (None, true));
        next.task.shots += 1;
        assert_eq!(searches.launch(&next), Some(Request::Cancel(1)));
        assert_eq!((searches.searched(), searches.is_busy()), (None, false));
        heed(&mut searches, searched([2.0, 1.0]), true);
        assert_eq!(searches.searched(), None, "a late word is not heard");
    }
}
