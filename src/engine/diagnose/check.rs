//! The meta-gradient beside central differences of the loss that it is the derivative of.

use burn::tensor::Device;

use crate::{
    diff::Params,
    experiment::{Along, Derivative, Diagnosis, GradientCheck, InnerOptimizer, Outcome, Towards, Verdict},
    learner::{InnerLoop, Learner, Tasks},
    model::{Entry, Place, Precision},
    task::{Purpose, Stream, meta_batch_index},
};

use super::{
    super::{
        EngineError, Session, batch,
        read::read_one,
        session::{build, build_exact},
    },
    answerable, dot, norm, turn,
};

/// h. The error of a central difference falls as h² and its rounding grows as 1/h: in float64 they meet near 1e-5. A
/// ReLU's kink is the likelier to lie within reach the larger h is, which speaks for a little less.
pub(in crate::engine) const STEP: f64 = 4e-6;

/// Largest relative error that passes. Correct gradients stay below 1e-6 even through deep inner loops; one that lacks
/// a term is wrong by far more.
const TOLERANCE: f64 = 1e-5;

/// How many units in the last place of the loss rounding may take, which the difference divides by h.
const ROUNDING: f64 = 200.0;

/// FLOP of one evaluation of the loss: as many tasks are taken as fit, at least one.
const MOST_WORK: f64 = 1e8;

/// Random directions, and single meta-parameters.
const DIRECTIONS: (usize, usize) = (6, 5);

/// The same where a single task already fills [`MOST_WORK`].
const FEW_DIRECTIONS: (usize, usize) = (2, 1);

/// A check under way; see [`GradientCheck`].
pub(super) struct Checking {
    /// Whose derivative is judged.
    exact: Box<dyn Learner>,
    /// The learner that only approximates that.
    approximate: Option<Box<dyn Learner>>,
    /// The inner loop of `exact`: gradient descent.
    inner: InnerLoop,
    /// The inner loop of `approximate`.
    own: InnerLoop,
    place: Place,
    meta: Params,
    start: Vec<f64>,
    /// In parts, each with the place of its first task in the meta-batch.
    tasks: Vec<(u32, Tasks)>,
    gradient: Vec<f64>,
    directions: Vec<(Towards, Vec<f64>)>,
    /// Losses at h, −h, h/2 and −h/2 along the direction in hand, as far as known.
    losses: Vec<f64>,
    check: GradientCheck,
}

impl Checking {
    pub async fn new(session: &Session) -> Result<Self, EngineError> {
        Self::of(session, build(&session.experiment)).await
    }

    /// The same of a learner that need not be the one that the session's experiment names.
    pub async fn of(session: &Session, learner: Box<dyn Learner>) -> Result<Self, EngineError> {
        let experiment = &session.experiment;
        answerable(experiment, Diagnosis::Gradient)?;
        let (meta_step, own) = (session.meta_step(), session.train_loop(0));
        let derivative = experiment.learner.kind.derivative(meta_step, experiment.learner.first_order);
        let place = Place::new(Device::flex(), Precision::Double);
        let start = read_one(session.meta().flatten()).await?;
        let (exact, approximate) = match derivative {
            Derivative::Approximate => (build_exact(experiment), Some(learner)),
            Derivative::Exact | Derivative::None => (learner, None),
        };
        let layout = exact.layout();
        let meta = place.params(&layout, &cut(&layout, &start));

        let of_tasks = experiment.outer.meta_batch;
        let each = experiment.work() / f64::from(of_tasks);
        let count = ((MOST_WORK / each) as u32).clamp(1, of_tasks);
        let (random, elements) = if each > MOST_WORK { FEW_DIRECTIONS } else { DIRECTIONS };
        let at_once = ((place.memory() / (2.0 * experiment.task_memory())).max(1.0) as u32).min(count);
        let stream = (experiment.seed, Purpose::Train);
        let tasks = (0..count).step_by(at_once as usize).map(|first| {
            let indices = (first..count.min(first + at_once)).map(|task| meta_batch_index(meta_step, task));
            let part = batch::tasks(&place, exact.as_ref(), experiment, &session.data, stream, indices);
            part.map(|part| (first, part))
        });
        let tasks = tasks.collect::<Result<Vec<_>, EngineError>>()?;

        let nothing = derivative == Derivative::None;
        let check = GradientCheck {
            meta_step,
            derivative,
            tasks: count,
            of_tasks,
            step: STEP,
            tolerance: TOLERANCE,
            norm: 0.0,
            loss: f64::NAN,
            own: None,
            directions: if nothing { 0 } else { (1 + random + elements.min(start.len())) as u32 },
            along: Vec::new(),
            verdict: if nothing { Verdict::Nothing } else { Verdict::Open },
        };
        let directions = (1..=random as u32).map(|number| {
            let mut stream = Stream::new(experiment.seed, Purpose::Weights, CHOICE + u64::from(number));
            (Towards::Random(number), unit((0..start.len()).map(|_| stream.normal()).collect()))
        });
        let directions = directions.collect();
        let inner = InnerLoop { optimizer: InnerOptimizer::Sgd, ..own };
        let (gradient, losses) = (Vec::new(), Vec::new());
        Ok(Self { exact, approximate, inner, own, place, meta, start, tasks, gradient, directions, losses, check })
    }

    pub fn progress(&self) -> (u32, u32) {
        if self.check.directions == 0 {
            return (0, 0);
        }
        let begun = u32::from(!self.gradient.is_empty());
        (begun + 4 * self.check.along.len() as u32 + self.losses.len() as u32, 1 + 4 * self.check.directions)
    }

    /// What was found so far; none before the gradient is known, unless there is none.
    pub fn found(&self) -> Option<GradientCheck> {
        let known = !self.gradient.is_empty() || self.check.directions == 0;
        known.then(|| self.check.clone())
    }

    pub async fn advance(&mut self) -> Result<(), EngineError> {
        if self.check.directions == 0 {
            return Ok(());
        }
        if self.gradient.is_empty() {
            return self.begin().await;
        }
        let Some((_, direction)) = self.directions.get(self.check.along.len()) else { return Ok(()) };
        let by = [STEP, -STEP, STEP / 2.0, -STEP / 2.0][self.losses.len()];
        let there: Vec<f64> = self.start.iter().zip(direction).map(|(start, part)| start + by * part).collect();
        let meta = self.meta.unflatten(&self.place.tensor(&there, [there.len()]));
        let loss = self.loss(&meta).await?;
        self.losses.push(loss);
        if let [high, low, higher, lower] = self.losses[..] {
            self.losses.clear();
            self.judge((high - low) / (2.0 * STEP), (higher - lower) / STEP);
        }
        Ok(())
    }

    /// The gradient, and the directions that follow from it.
    async fn begin(&mut self) -> Result<(), EngineError> {
        self.gradient = self.meta_gradient(self.exact.as_ref(), self.inner).await?;
        self.check.norm = norm(&self.gradient);
        self.check.loss = self.loss(&self.meta).await?;
        if let Some(approximate) = &self.approximate {
            let direction = self.meta_gradient(approximate.as_ref(), self.own).await?;
            self.check.own = turn(&direction, &self.gradient);
        }
        let mut largest: Vec<usize> = (0..self.gradient.len()).collect();
        largest.sort_by(|&a, &b| self.gradient[b].abs().total_cmp(&self.gradient[a].abs()));
        let layout = self.exact.layout();
        let elements = self.check.directions as usize - self.directions.len() - 1;
        for index in largest.into_iter().take(elements) {
            let mut direction = vec![0.0; self.gradient.len()];
            direction[index] = 1.0;
            self.directions.push((element(&layout, index), direction));
        }
        self.directions.insert(0, (Towards::Gradient, unit(self.gradient.clone())));
        Ok(())
    }

    async fn meta_gradient(&self, learner: &dyn Learner, inner: InnerLoop) -> Result<Vec<f64>, EngineError> {
        let mut sum = vec![0.0; self.start.len()];
        for &(first_task, ref tasks) in &self.tasks {
            let inner = InnerLoop { first_task, ..inner };
            let found = read_one(learner.meta_gradient(&self.meta, tasks, inner).gradient.flatten()).await?;
            let share = tasks.support.tasks() as f64 / f64::from(self.check.tasks);
            sum.iter_mut().zip(found).for_each(|(sum, found)| *sum += share * found);
        }
        Ok(sum)
    }

    async fn loss(&self, meta: &Params) -> Result<f64, EngineError> {
        let mut sum = 0.0;
        for &(first_task, ref tasks) in &self.tasks {
            let inner = InnerLoop { first_task, ..self.inner };
            sum += read_one(self.exact.objective(meta, tasks, inner)).await?.iter().sum::<f64>();
        }
        Ok(sum / f64::from(self.check.tasks))
    }

    /// Takes in the differences at h and at h/2 along the direction in hand.
    fn judge(&mut self, wide: f64, narrow: f64) {
        let (towards, direction) = &self.directions[self.check.along.len()];
        let slope = dot(&self.gradient, direction);
        let outcome = outcome(slope, (wide, narrow), self.check.loss);
        let larger = slope.abs().max(narrow.abs());
        let error = if larger == 0.0 { 0.0 } else { (slope - narrow).abs() / larger };
        self.check.along.push(Along { towards: towards.clone(), slope, difference: narrow, error, outcome });
        self.check.verdict = verdict(&self.check.along, self.check.directions as usize);
    }
}

/// What the differences at h and at h/2, of a loss of about such a size, say of a slope.
pub(in crate::engine) fn outcome(slope: f64, (wide, narrow): (f64, f64), loss: f64) -> Outcome {
    let rounding = ROUNDING * f64::EPSILON * loss.abs().max(1.0) / STEP;
    // A NaN is near nothing.
    let near = |a: f64, b: f64| (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()) + rounding;
    match () {
        () if !near(wide, narrow) => Outcome::Kink,
        () if near(slope, narrow) => Outcome::Agrees,
        () => Outcome::Differs,
    }
}

/// Where the streams of random directions begin, beyond those of any network's layers.
const CHOICE: u64 = 1 << 40;

/// What the directions tried so far say, of so many.
fn verdict(along: &[Along], directions: usize) -> Verdict {
    let count = |outcome: Outcome| along.iter().filter(|along| along.outcome == outcome).count();
    match () {
        () if count(Outcome::Differs) > 0 => Verdict::Wrong,
        () if along.len() < directions => Verdict::Open,
        () if 2 * count(Outcome::Agrees) >= directions => Verdict::Right,
        () => Verdict::Unclear,
    }
}

/// A vector of length one, or zeros.
fn unit(values: Vec<f64>) -> Vec<f64> {
    let length = norm(&values);
    if length > 0.0 { values.into_iter().map(|value| value / length).collect() } else { values }
}

/// Flat values as one vector for each entry of a layout.
fn cut(layout: &[Entry], flat: &[f64]) -> Vec<Vec<f64>> {
    let mut rest = flat;
    let parts = layout.iter().map(|entry| {
        let (part, tail) = rest.split_at(entry.len().min(rest.len()));
        rest = tail;
        part.to_vec()
    });
    parts.collect()
}

/// The element at a place in the flat vector.
fn element(layout: &[Entry], index: usize) -> Towards {
    let mut first = 0;
    for entry in layout {
        if index < first + entry.len() {
            return Towards::Element(entry.name.clone(), (index - first) as u32);
        }
        first += entry.len();
    }
    Towards::Element(String::new(), index as u32)
}
