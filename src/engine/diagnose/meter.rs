//! Time and memory of a meta-step of first and of second order, measured on the device that the session runs on.

use web_time::Instant;

use crate::{
    experiment::{CostAt, CostMeter, Experiment, InnerOptimizer, LearnerKind, Spent},
    model::Place,
};

use super::{
    super::{Data, EngineError, Session},
    memory::Count,
};

/// Numbers of inner steps that are measured, at most: enough for a line and to see whether it is one.
const MOST_POINTS: u32 = 5;

/// And at least, though the experiment has fewer.
const FEWEST_POINTS: u32 = 3;

/// Rounds of which medians are taken.
const TIMES: usize = 9;

/// Rounds that must do where they take long.
const FEW_TIMES: usize = 3;

/// Seconds of timing after which [`FEW_TIMES`] rounds are enough.
const PATIENCE: f64 = 10.0;

/// Seconds that a repetition takes at least, in several meta-steps if one is shorter: a browser's clock may tick once a
/// millisecond.
const LONG_ENOUGH: f64 = 0.02;

/// Seconds that each side runs before it is timed: browsers compile anew what has been running for a while.
const WARM_UP: f64 = 0.1;

/// A measurement under way; see [`CostMeter`].
///
/// First every side warms up, then all are timed in turns, round by round: what else the machine does meanwhile meets
/// every side alike.
pub(super) struct Metering {
    place: Place,
    data: Data,
    experiment: Experiment,
    /// Numbers of inner steps to measure.
    steps: Vec<u32>,
    /// First and second order at each number of inner steps, as far as they are warm.
    sides: Vec<Side>,
    /// The side that is timed next.
    turn: usize,
    counted: bool,
}

/// One order with some inner steps.
struct Side {
    session: Session,
    /// Meta-steps a repetition.
    pace: u32,
    /// Seconds of a meta-step in each repetition.
    times: Vec<f64>,
    bytes: f64,
}

impl Metering {
    pub fn new(session: &Session) -> Result<Self, EngineError> {
        let (place, data) = (session.place.clone(), session.data.clone());
        let experiment = session.experiment.clone();
        let own = experiment.learner.inner_steps;
        let fits = |steps: u32| order(&experiment, LearnerKind::Maml, steps).check();
        // A line needs a few points, if memory has room for them; those of the experiment itself it has to have.
        let last = if fits(own.max(FEWEST_POINTS)).is_ok() { own.max(FEWEST_POINTS) } else { own.max(1) };
        fits(last)?;
        let (steps, counted) = (points(last), place.is_cpu());
        Ok(Self { place, data, experiment, steps, sides: Vec::new(), turn: 0, counted })
    }

    pub fn progress(&self) -> (u32, u32) {
        let all = 2 * self.steps.len() * (1 + TIMES);
        let done: usize = self.sides.iter().map(|side| 1 + side.times.len()).sum();
        (if self.is_done() { all } else { done } as u32, all as u32)
    }

    /// Medians over the rounds that are whole.
    pub fn found(&self) -> CostMeter {
        let rounds = self.rounds();
        let pairs = self.steps.iter().zip(self.sides.chunks_exact(2)).filter(|_| rounds > 0);
        let at =
            pairs.map(|(&steps, sides)| CostAt { steps, first: sides[0].cost(rounds), second: sides[1].cost(rounds) });
        let Experiment { outer, learner, .. } = &self.experiment;
        CostMeter { tasks: outer.meta_batch, steps: learner.inner_steps, counted: self.counted, at: at.collect() }
    }

    pub async fn advance(&mut self) -> Result<(), EngineError> {
        if self.is_done() {
            return Ok(());
        }
        let next = self.sides.len();
        if let Some(&steps) = self.steps.get(next / 2) {
            let kind = [LearnerKind::Fomaml, LearnerKind::Maml][next % 2];
            let experiment = order(&self.experiment, kind, steps);
            let session = Session::new(experiment, self.place.clone(), self.data.clone()).await?;
            let (side, counted) = Side::warm(session).await?;
            self.sides.push(side);
            self.counted &= counted;
            return Ok(());
        }
        self.sides[self.turn].repeat().await?;
        self.turn = (self.turn + 1) % self.sides.len();
        Ok(())
    }

    /// Rounds in which every side was timed.
    fn rounds(&self) -> usize {
        if self.sides.len() < 2 * self.steps.len() {
            return 0;
        }
        self.sides.iter().map(|side| side.times.len()).min().unwrap_or_default()
    }

    fn is_done(&self) -> bool {
        let spent = self.sides.iter().map(|side| side.times.iter().sum::<f64>() * f64::from(side.pace)).sum::<f64>();
        self.rounds() >= TIMES || (self.rounds() >= FEW_TIMES && spent > PATIENCE)
    }
}

impl Side {
    /// A side that has run for a while, as a GPU compiles its programs in the first meta-step and browsers theirs later,
    /// and whether its bytes were counted.
    async fn warm(session: Session) -> Result<(Self, bool), EngineError> {
        let mut side = Self { session, pace: 1, times: Vec::new(), bytes: f64::NAN };
        let mut spent = side.run(1).await?;
        let count = if side.session.place.is_cpu() { Count::begin() } else { None };
        let mut fastest = side.run(1).await?;
        let counted = count.map(Count::most);
        spent += fastest;
        while spent < WARM_UP {
            let seconds = side.run(1).await?;
            spent += seconds.max(1e-4);
            fastest = fastest.min(seconds);
        }
        side.pace = (LONG_ENOUGH / fastest.max(1e-6)).ceil().clamp(1.0, 1000.0) as u32;
        let at_once = side.session.tasks_at_once().min(side.session.experiment.outer.meta_batch);
        side.bytes = counted.unwrap_or_else(|| f64::from(at_once) * side.session.experiment.task_memory());
        Ok((side, counted.is_some()))
    }

    async fn repeat(&mut self) -> Result<(), EngineError> {
        let seconds = self.run(self.pace).await?;
        self.times.push(seconds / f64::from(self.pace));
        Ok(())
    }

    /// Seconds of so many meta-steps, read back, so that a GPU has done what it was given.
    async fn run(&mut self, count: u32) -> Result<f64, EngineError> {
        let start = Instant::now();
        match self.session.train(count).await {
            // What diverges has been computed all the same.
            Ok(_) | Err(EngineError::Diverged { .. }) => Ok(start.elapsed().as_secs_f64()),
            Err(error) => Err(error),
        }
    }

    fn cost(&self, rounds: usize) -> Spent {
        Spent { ms: 1000.0 * median(&self.times[..rounds]), times: rounds as u32, bytes: self.bytes }
    }
}

/// Up to [`MOST_POINTS`] numbers of inner steps from 1 to `last`, evenly apart.
fn points(last: u32) -> Vec<u32> {
    let gaps = MOST_POINTS - 1;
    if last <= MOST_POINTS {
        return (1..=last).collect();
    }
    (0..=gaps).map(|gap| 1 + (gap * (last - 1) + gaps / 2) / gaps).collect()
}

/// The experiment under another learner, with so many inner steps, that goes on without getting anywhere.
fn order(experiment: &Experiment, kind: LearnerKind, steps: u32) -> Experiment {
    let mut order = experiment.clone();
    (order.learner.kind, order.learner.inner_steps) = (kind, steps);
    order.learner.inner_optimizer = InnerOptimizer::Sgd;
    // Their heads have an output for each way.
    order.task.train_ways = 0;
    // A meta-step costs the same wherever it is taken, and one that moves nothing never runs off.
    order.outer.lr = 0.0;
    order.budget.meta_steps = 1_000_000;
    // A check on validation tasks is no part of a meta-step.
    order.budget.validate_every = 0;
    order
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[count / 2],
        count => 0.5 * (sorted[count / 2 - 1] + sorted[count / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle_one_and_one_slow_repetition_does_not_move_it() {
        assert_eq!(median(&[3.0, 1.0, 100.0]), 3.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 100.0]), 3.0);
    }

    #[test]
    fn inner_steps_are_measured_from_one_to_the_last() {
        assert_eq!(points(1), [1]);
        assert_eq!(points(3), [1, 2, 3]);
        assert_eq!(points(5), [1, 2, 3, 4, 5]);
        assert_eq!(points(10), [1, 3, 6, 8, 10]);
        assert_eq!(points(50), [1, 13, 26, 38, 50]);
    }
}
