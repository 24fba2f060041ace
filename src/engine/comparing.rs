//! A comparison: a session for each contestant, learners meta-trained side by side, all judged on the same tasks.

use web_time::{Duration, Instant};

use super::{Checkpoint, EngineError, Evaluating, Session};
use crate::{
    experiment::{
        Accuracies, Compared, Contestant, CurvePoint, Entrant, Experiment, Saved, ShownTask, check_contestants,
    },
    task::Purpose,
};

/// Most tasks that a contestant is judged on in one turn: few, so that all have been judged on nearly the same.
const TURN: u32 = 25;

/// Points of a learner's curve.
const POINTS: u32 = 60;

/// How often during meta-training the task on show is adapted anew.
const LOOKS: u32 = 20;

/// What a comparison goes over.
#[derive(Clone, Debug, PartialEq)]
pub struct Contest {
    /// Who takes part.
    pub contestants: Vec<Contestant>,
    /// The networks of those that are checkpoints, in their order.
    pub checkpoints: Vec<Checkpoint>,
    /// Meta-steps of every learner.
    pub meta_steps: u32,
    /// Test tasks.
    pub tasks: u32,
    /// The task on show.
    pub shown: ShownTask,
}

/// A comparison under way, a turn at a time: whoever runs it can do other work between, show how far it is, and stop
/// with what there is.
pub struct Comparing {
    contest: Contest,
    entries: Vec<Entry>,
    stopped: bool,
}

/// One contestant and its session.
struct Entry {
    session: Session,
    evaluating: Option<Evaluating>,
    /// The meta-step at which the task on show was adapted last.
    looked: Option<u32>,
    /// Meta-steps of one turn.
    pace: u32,
    curve: Stretches,
    known: Entrant,
}

/// What a contestant has to do next, in the order in which it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// Adapt to the task on show.
    Look,
    /// Meta-train; it has done so many meta-steps.
    Train(u32),
    /// Adapt to test tasks; it has done so many.
    Judge(u32),
}

impl Comparing {
    /// Around `session`, whose meta-parameters are copied as they stand: on its tasks, place and dataset.
    ///
    /// # Errors
    /// When the contestants cannot be compared, a checkpoint is not that of its experiment, the tasks of one cannot be
    /// drawn, or the device fails.
    pub async fn new(session: &Session, mut contest: Contest) -> Result<Self, EngineError> {
        let own = session.experiment();
        check_contestants(own, &contest.contestants)?;
        let mut checkpoints = std::mem::take(&mut contest.checkpoints).into_iter();
        let mut entries = Vec::new();
        for contestant in &contest.contestants {
            let experiment = contestant.experiment(own, contest.meta_steps);
            let (kind, transduction) = (experiment.learner.kind, experiment.transduction());
            let (place, data) = (session.place.clone(), session.data.clone());
            let entered = match contestant {
                Contestant::Own => {
                    let mut entered = Session::new(experiment, place, data).await?;
                    entered.go_to(session.good().clone());
                    entered
                }
                Contestant::Learner(_) => Session::new(experiment, place, data).await?,
                Contestant::Checkpoint(saved) => {
                    let checkpoint = seated(saved, checkpoints.next(), experiment)?;
                    Session::resume(&checkpoint, place, data).await.map_err(|error| about(saved, error))?
                }
            };
            let known = Entrant {
                contestant: contestant.clone(),
                kind,
                transduction,
                meta_step: entered.meta_step(),
                diverged: None,
                curve: Vec::new(),
                shown: None,
                evaluation: None,
            };
            let curve = Stretches::new(contest.meta_steps);
            entries.push(Entry { session: entered, evaluating: None, looked: None, pace: 1, curve, known });
        }
        Ok(Self { contest, entries, stopped: false })
    }

    /// Where it stands.
    pub fn compared(&self) -> Compared {
        let Contest { meta_steps, tasks, .. } = self.contest;
        Compared { meta_steps, tasks, entrants: self.entries.iter().map(|entry| entry.known.clone()).collect() }
    }

    /// Whether nobody has anything to do.
    pub fn finished(&self) -> bool {
        self.next().is_none()
    }

    /// Trains and judges no further; what there is stays, and can be shown on other tasks.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Shows another task, to which all adapt anew.
    pub fn show(&mut self, task: ShownTask) {
        self.contest.shown = task;
        self.entries.iter_mut().for_each(|entry| entry.looked = None);
    }

    /// Lets the contestant that is furthest behind take its turn, of about `time`.
    ///
    /// # Errors
    /// When the device fails. Divergence is none: the contestant is out, and says so.
    pub async fn advance(&mut self, time: Duration) -> Result<(), EngineError> {
        let Some((turn, place)) = self.next() else { return Ok(()) };
        let Some(entry) = self.entries.get_mut(place) else { return Ok(()) };
        match turn {
            Turn::Look => entry.look(&self.contest.shown).await,
            Turn::Train(_) => entry.train(time).await,
            Turn::Judge(_) => entry.judge(self.contest.tasks).await,
        }
    }

    /// Whose turn it is: looks come first, and then whoever has done least, so that all get on together.
    fn next(&self) -> Option<(Turn, usize)> {
        let turns = self.entries.iter().enumerate().filter_map(|(place, entry)| {
            let turn = entry.turn(&self.contest)?;
            (turn == Turn::Look || !self.stopped).then_some((turn, place))
        });
        turns.min()
    }
}

/// The network of a contestant, to run this experiment.
fn seated(saved: &Saved, network: Option<Checkpoint>, experiment: Experiment) -> Result<Checkpoint, EngineError> {
    let network = network.filter(|network| network.experiment == saved.experiment);
    let network = network.ok_or_else(|| EngineError::guest(&saved.name, "its file is not there".into()))?;
    Ok(Checkpoint { experiment, ..network.weights_only() })
}

/// An error that says whose checkpoint it is about.
fn about(saved: &Saved, error: EngineError) -> EngineError {
    match error {
        EngineError::Checkpoint(what) => EngineError::guest(&saved.name, what),
        error => error,
    }
}

impl Entry {
    fn turn(&self, contest: &Contest) -> Option<Turn> {
        if self.known.diverged.is_some() {
            return None;
        }
        let trains = self.known.contestant.trains() && self.known.meta_step < contest.meta_steps;
        let stretch = if trains { contest.meta_steps.div_ceil(LOOKS) } else { 1 };
        if self.looked.is_none_or(|looked| self.known.meta_step >= looked.saturating_add(stretch)) {
            return Some(Turn::Look);
        }
        if trains {
            return Some(Turn::Train(self.known.meta_step));
        }
        let done = self.known.evaluation.as_ref().map_or(0, |evaluation| evaluation.tasks);
        (done < contest.tasks).then_some(Turn::Judge(done))
    }

    async fn look(&mut self, shown: &ShownTask) -> Result<(), EngineError> {
        self.known.shown = match self.session.trajectory(shown).await {
            Ok(adaptation) => Some(adaptation),
            // What a visitor has drawn may be no task for one of them, as for who reads descriptions.
            Err(EngineError::Drawings(_)) => None,
            Err(error) => return Err(error),
        };
        self.looked = Some(self.known.meta_step);
        Ok(())
    }

    async fn train(&mut self, time: Duration) -> Result<(), EngineError> {
        let begun = Instant::now();
        match self.session.train(self.pace).await {
            Ok(points) => {
                self.known.meta_step = self.session.meta_step();
                points.iter().for_each(|point| self.curve.take(point));
                self.known.curve.clone_from(&self.curve.ended);
            }
            Err(EngineError::Diverged { at, .. }) => self.known.diverged = Some(at),
            Err(error) => return Err(error),
        }
        // At most twice as many as last time: one turn that was lucky must not make the next one long.
        let fit = time.as_secs_f64() / begun.elapsed().as_secs_f64().max(1e-6) * f64::from(self.pace);
        self.pace = (fit as u32).clamp(1, self.pace.saturating_mul(2));
        Ok(())
    }

    async fn judge(&mut self, tasks: u32) -> Result<(), EngineError> {
        let experiment = self.session.experiment();
        let steps: Vec<u32> = (0..=experiment.steps_shown(experiment.task.shots)).collect();
        let mut evaluating = match self.evaluating.take() {
            Some(evaluating) => evaluating,
            None => Evaluating::new(&self.session, (tasks, &steps), (experiment.seed, Purpose::Test), None)?,
        };
        evaluating.advance_by(&self.session, TURN).await?;
        self.known.evaluation = Some(evaluating.evaluation());
        self.evaluating = Some(evaluating);
        Ok(())
    }
}

/// A curve as means over stretches of meta-steps, so that it has few points however long it is.
struct Stretches {
    length: u32,
    open: Vec<CurvePoint>,
    ended: Vec<CurvePoint>,
}

impl Stretches {
    fn new(meta_steps: u32) -> Self {
        Self { length: meta_steps.div_ceil(POINTS).max(1), open: Vec::new(), ended: Vec::new() }
    }

    fn take(&mut self, point: &CurvePoint) {
        self.open.push(*point);
        if point.meta_step.is_multiple_of(self.length) {
            self.ended.push(mean(&self.open, point.meta_step));
            self.open.clear();
        }
    }
}

fn mean(points: &[CurvePoint], meta_step: u32) -> CurvePoint {
    let mean = |pick: &dyn Fn(&CurvePoint) -> f32| points.iter().map(pick).sum::<f32>() / points.len() as f32;
    let accurate = |pick: fn(&Accuracies) -> f32| mean(&|point| point.accuracy.as_ref().map_or(f32::NAN, pick));
    let accuracy = points.iter().all(|point| point.accuracy.is_some());
    CurvePoint {
        meta_step,
        before: mean(&|point| point.before),
        after: mean(&|point| point.after),
        accuracy: accuracy.then(|| Accuracies { before: accurate(|a| a.before), after: accurate(|a| a.after) }),
    }
}

#[cfg(test)]
#[path = "comparing_tests.rs"]
mod tests;
