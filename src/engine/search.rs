//! A search of hyper-parameters: every candidate a session of its own, and the better ones train on.

use web_time::{Duration, Instant};

use super::{Data, EngineError, Evaluating, Session};
use crate::{
    experiment::{Axes, Cost, Experiment, Plan, Searched, Setting, Trial},
    model::Place,
    task::Purpose,
};

/// Validation tasks that candidates are judged on: the same for all, so that it matters little how hard they are.
const TASKS: u32 = 100;

/// Validation tasks of the comparison at the end: others, as the winner was chosen by those before.
const FRESH_TASKS: u32 = 300;

/// How long meta-steps are timed before a plan is made.
const TIMING: Duration = Duration::from_millis(300);

/// Candidates whose work says what one of them takes on average.
const TIMED: u32 = 26;

/// The most meta-steps that an experiment may have.
const UNBOUNDED: u32 = 1_000_000;

/// What a search may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effort {
    /// About so many seconds, with so many candidates side by side; the plan depends on how fast the device is.
    Seconds(f64, u32),
    /// So many meta-steps of all candidates together; the same everywhere.
    MetaSteps(u32),
}

/// A search under way by successive halving ([`Plan`]), a part at a time: whoever runs it can do other work between,
/// run the candidates of a rung side by side, and stop with the best so far.
pub struct Searching {
    axes: Axes,
    steps: u32,
    plan: Plan,
    /// Rungs that are over.
    rungs: u32,
    candidates: Vec<Candidate>,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Rungs,
    Comparison,
    Over,
}

/// One setting and its session.
pub struct Candidate {
    experiment: Experiment,
    place: Place,
    data: Data,
    /// None before it starts and after it is out.
    session: Option<Session>,
    evaluating: Option<Evaluating>,
    goal: Option<Goal>,
    trial: Trial,
}

/// What a candidate has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goal {
    /// Train for so many meta-steps in all, then be judged.
    Rung(u32),
    /// Be compared on fresh tasks.
    Comparison,
}

impl Searching {
    /// How many times its planned seconds a search may take before whoever runs it stops it.
    pub const GRACE: f64 = 1.25;

    /// Around the experiment of `session`, on its place and dataset: candidates drawn with `seed`, every one trained
    /// from the experiment's own seed on its own tasks, and judged on its validation tasks. `candidates` is their number,
    /// where it is not left to the plan.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn new(
        session: &Session,
        seed: u32,
        effort: Effort,
        candidates: Option<u32>,
    ) -> Result<Self, EngineError> {
        let experiment = session.experiment();
        let longest = experiment.budget.meta_steps;
        let plan = match effort {
            Effort::MetaSteps(count) => Plan::fitting(f64::from(count), Cost::META_STEPS, candidates, longest),
            Effort::Seconds(seconds, lanes) => {
                // A meta-batch that is spread over the cores leaves none for other candidates.
                let whole = session.tasks_at_once() >= experiment.outer.meta_batch;
                let cost = Cost { lanes: if whole { lanes } else { 1 }, ..timed(session, seed).await? };
                Plan::fitting(seconds, cost, candidates, longest)
            }
        };
        let candidate = |number: u32| {
            let setting = Setting::candidate(experiment, seed, number)?;
            Some(Candidate {
                experiment: unchecked(setting.applied_to(experiment)),
                place: session.place.clone(),
                data: session.data.clone(),
                session: None,
                evaluating: None,
                goal: Some(Goal::Rung(plan.first)),
                trial: Trial { number, setting, meta_steps: 0, rungs: 0, judged: None, diverged: None, fresh: None },
            })
        };
        Ok(Self {
            axes: Axes::of(experiment.learner.kind),
            steps: experiment.learner.eval_steps,
            plan,
            rungs: 0,
            candidates: (0..plan.candidates).filter_map(candidate).collect(),
            stage: Stage::Rungs,
        })
    }

    /// Where it stands.
    pub fn searched(&self) -> Searched {
        Searched {
            axes: self.axes,
            plan: self.plan,
            steps: self.steps,
            tasks: TASKS,
            rungs: self.rungs,
            trials: self.candidates.iter().map(|candidate| candidate.trial.clone()).collect(),
        }
    }

    /// Whether there is nothing more to do.
    pub fn finished(&self) -> bool {
        self.stage == Stage::Over
    }

    /// Candidates that have something to do; they can do it side by side.
    pub fn waiting(&mut self) -> impl Iterator<Item = &mut Candidate> {
        self.candidates.iter_mut().filter(|candidate| candidate.goal.is_some())
    }

    /// Lets the next candidate that has something to do take up to `count` meta-steps, or be judged on some tasks.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn advance(&mut self, count: u32) -> Result<(), EngineError> {
        if let Some(candidate) = self.waiting().next() {
            candidate.advance(count).await?;
        }
        self.settle();
        Ok(())
    }

    /// Once nobody has anything to do: ends the rung, and says who goes on.
    pub fn settle(&mut self) {
        if self.waiting().next().is_some() {
            return;
        }
        match self.stage {
            Stage::Rungs => {
                let going_on = self.searched().survivors(self.rungs);
                self.rungs += 1;
                match self.plan.rungs().get(self.rungs as usize).filter(|_| !going_on.is_empty()) {
                    Some(rung) => self.send_on(&going_on, Goal::Rung(rung.meta_steps)),
                    None => {
                        self.stage = Stage::Comparison;
                        let searched = self.searched();
                        let winner = searched.best().map(|best| best.number).filter(|best| *best != 0);
                        self.send_on(&winner.map_or_else(Vec::new, |winner| vec![0, winner]), Goal::Comparison);
                    }
                }
                // Where nobody is left there is nothing to compare.
                self.settle();
            }
            Stage::Comparison | Stage::Over => {
                self.stage = Stage::Over;
                self.candidates.iter_mut().for_each(Candidate::put_away);
            }
        }
    }

    /// Gives a goal to these and takes the sessions of all others, for their memory.
    fn send_on(&mut self, numbers: &[u32], goal: Goal) {
        for candidate in &mut self.candidates {
            if numbers.contains(&candidate.trial.number) && candidate.session.is_some() {
                candidate.goal = Some(goal);
            } else {
                candidate.put_away();
            }
        }
    }
}

impl Candidate {
    /// Takes up to `count` meta-steps, or is judged on some tasks.
    ///
    /// # Errors
    /// When the device fails. Divergence is none: the candidate is out, and says so.
    pub async fn advance(&mut self, count: u32) -> Result<(), EngineError> {
        let Some(goal) = self.goal else { return Ok(()) };
        let session = match &mut self.session {
            Some(session) => session,
            place => {
                let session = Session::new(self.experiment.clone(), self.place.clone(), self.data.clone()).await?;
                place.insert(session)
            }
        };
        let left = match goal {
            Goal::Rung(until) => until.min(self.experiment.budget.meta_steps).saturating_sub(session.meta_step()),
            Goal::Comparison => 0,
        };
        if left > 0 {
            match session.train(left.min(count.max(1))).await {
                Ok(_) => self.trial.meta_steps = session.meta_step(),
                Err(EngineError::Diverged { at, .. }) => self.drop_out(at),
                Err(error) => return Err(error),
            }
            return Ok(());
        }
        let mut evaluating = match self.evaluating.take() {
            Some(evaluating) => evaluating,
            None => judgement(session, goal)?,
        };
        evaluating.advance(session).await?;
        if !evaluating.finished() {
            self.evaluating = Some(evaluating);
            return Ok(());
        }
        self.goal = None;
        let judged = evaluating.evaluation().steps.pop();
        if goal == Goal::Comparison {
            self.trial.fresh = judged;
            return Ok(());
        }
        let ran_off = judged.as_ref().is_none_or(|judged| judged.diverged > 0);
        (self.trial.judged, self.trial.rungs) = (judged, self.trial.rungs + 1);
        if ran_off {
            self.drop_out(self.trial.meta_steps);
        }
        Ok(())
    }

    fn drop_out(&mut self, at: u32) {
        (self.trial.diverged, self.trial.meta_steps) = (Some(at), at);
        self.put_away();
    }

    fn put_away(&mut self) {
        (self.session, self.evaluating, self.goal) = (None, None, None);
    }
}

/// Without the run's own checks on validation tasks: the search makes its own, and decides itself who stops early.
fn unchecked(mut experiment: Experiment) -> Experiment {
    experiment.budget.validate_every = 0;
    experiment
}

/// The evaluation that a goal asks for: after the experiment's own number of inner steps of evaluation, on validation
/// tasks of its seed or, to compare, of the next one, which nothing was chosen by. Test tasks are never looked at.
fn judgement(session: &Session, goal: Goal) -> Result<Evaluating, EngineError> {
    let experiment = session.experiment();
    let (tasks, seed) = match goal {
        Goal::Rung(_) => (TASKS, experiment.seed),
        Goal::Comparison => (FRESH_TASKS, experiment.seed.wrapping_add(1)),
    };
    Evaluating::new(session, (tasks, &[experiment.learner.eval_steps]), (seed, Purpose::Validation), None)
}

/// Seconds of a meta-step and of a judgement on this device: those of the own setting, by the work that candidates have
/// beside it.
async fn timed(session: &Session, seed: u32) -> Result<Cost, EngineError> {
    let mut probe = unchecked(session.experiment().clone());
    probe.budget.meta_steps = UNBOUNDED;
    let mut probe = Session::new(probe, session.place.clone(), session.data.clone()).await?;
    let (begun, mut count, mut meta_step) = (Instant::now(), 1, 0.0);
    while begun.elapsed() < TIMING {
        let start = Instant::now();
        match probe.train(count).await {
            // What diverges takes as long.
            Ok(_) | Err(EngineError::Diverged { .. }) => {}
            Err(error) => return Err(error),
        }
        meta_step = start.elapsed().as_secs_f64() / f64::from(count);
        count *= 2;
    }
    let start = Instant::now();
    let mut evaluating = judgement(&probe, Goal::Rung(0))?;
    while !evaluating.finished() {
        evaluating.advance(&probe).await?;
    }
    let judgement = start.elapsed().as_secs_f64();
    let own = session.experiment();
    let drawn: Vec<f64> = (1..=TIMED)
        .filter_map(|number| Setting::candidate(own, seed, number))
        .map(|setting| setting.applied_to(own).work() / own.work())
        .collect();
    let mean = drawn.iter().sum::<f64>() / drawn.len().max(1) as f64;
    let meta_step = meta_step * if mean.is_finite() && mean > 0.0 { mean } else { 1.0 };
    Ok(Cost { meta_step, judgement, comparison: judgement * f64::from(2 * FRESH_TASKS / TASKS), lanes: 1 })
}

#[cfg(test)]
#[path = "search_tests.rs"]
mod tests;
