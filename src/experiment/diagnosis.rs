//! What diagnoses report: whether a meta-gradient is right, how first-order directions lie to it, what orders cost.

use serde::{Deserialize, Serialize};

use super::{Experiment, LearnerKind};

/// Which diagnosis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Diagnosis {
    /// The meta-gradient beside finite differences.
    Gradient,
    /// First-order directions beside the exact one.
    Directions,
    /// Time and memory of first and second order.
    Cost,
}

/// What a diagnosis found, so far or in all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Found {
    /// Of [`Diagnosis::Gradient`].
    Gradient(GradientCheck),
    /// Of [`Diagnosis::Directions`].
    Directions(Directions),
    /// Of [`Diagnosis::Cost`].
    Cost(CostMeter),
}

/// What a learner's meta-gradient is, and so what finite differences can say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Derivative {
    /// The derivative of a loss: finite differences of that loss judge it.
    Exact,
    /// Meant to stand for a derivative that it is not, as FOMAML's and Reptile's are: finite differences judge the exact
    /// gradient in its place, and its own direction is compared with that.
    Approximate,
    /// Zero: nothing is learned outside.
    None,
}

impl LearnerKind {
    /// What its meta-gradient is once it has taken `meta_step` meta-steps, of which the first `first_order` may drop
    /// second derivatives (MAML++).
    #[must_use]
    pub fn derivative(self, meta_step: u32, first_order: u32) -> Derivative {
        match self {
            // What an LSTM optimiser's gradients have to do with φ is left out of its own.
            Self::Fomaml | Self::Reptile | Self::Imaml | Self::LstmOptimizer => Derivative::Approximate,
            Self::MamlPp if meta_step < first_order => Derivative::Approximate,
            Self::Scratch => Derivative::None,
            Self::Maml
            | Self::MetaSgd
            | Self::Anil
            | Self::Pretrained
            | Self::Oracle
            | Self::Prototypical
            | Self::Matching
            | Self::Siamese
            | Self::R2D2
            | Self::Ridge
            | Self::Cavia
            | Self::Boil
            | Self::MamlPp
            | Self::Relation
            | Self::MatchingFce
            | Self::Cnp
            | Self::LinearProbe
            | Self::NearestCentroid
            | Self::ZeroShot => Derivative::Exact,
        }
    }
}

impl Experiment {
    /// Why a diagnosis has no answer for this experiment; none where it has one.
    #[must_use]
    pub fn undiagnosable(&self, diagnosis: Diagnosis) -> Option<&'static str> {
        let optimizer = self.learner.kind == LearnerKind::LstmOptimizer;
        match diagnosis {
            Diagnosis::Gradient if optimizer => Some(
                "this learner takes the gradients that it reads as given, so that what it descends is the derivative of no \
                 loss; choose another learner",
            ),
            Diagnosis::Directions if self.learns_features() => Some(
                "this learner's head in a task is not one that it learns outside, so there is no inner loop for MAML to go \
                 back through; choose another learner",
            ),
            Diagnosis::Directions if optimizer => Some(
                "this learner learns what takes the steps and not where they start, as MAML does; choose another learner",
            ),
            _ => None,
        }
    }
}

/// The meta-gradient along some directions beside central differences, in float64 on the CPU.
///
/// Along a unit direction d the difference is D(h) = (L(θ + h d) − L(θ − h d)) / 2h, taken at h and at h/2. Where the two
/// disagree with one another a kink of a ReLU lies within reach, and the direction says nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GradientCheck {
    /// Meta-steps of the meta-parameters.
    pub meta_step: u32,
    /// What is compared.
    pub derivative: Derivative,
    /// Tasks of the meta-batch that were used: all of them, or as many as cost allows.
    pub tasks: u32,
    /// Tasks of the meta-batch.
    pub of_tasks: u32,
    /// h.
    pub step: f64,
    /// Largest relative error that passes, but for what rounding explains.
    pub tolerance: f64,
    /// Euclidean norm of the exact meta-gradient.
    pub norm: f64,
    /// The loss that is differentiated.
    pub loss: f64,
    /// The learner's own direction beside the exact one, where it is an approximation.
    pub own: Option<Turn>,
    /// Directions to be tried in all.
    pub directions: u32,
    /// Those tried so far.
    pub along: Vec<Along>,
    /// What follows.
    pub verdict: Verdict,
}

/// One direction of a gradient check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Along {
    /// Which.
    pub towards: Towards,
    /// ⟨∇L, d⟩ by the learner's derivative.
    pub slope: f64,
    /// D(h/2).
    pub difference: f64,
    /// |slope − difference| over the larger of the two.
    pub error: f64,
    /// What follows.
    pub outcome: Outcome,
}

/// Directions, each of length one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Towards {
    /// The meta-gradient's own.
    Gradient,
    /// A random one, by its number from 1.
    Random(u32),
    /// A single meta-parameter: the tensor's name, and the element's number within it from 0.
    Element(String, u32),
}

/// What a direction says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Slope and difference agree.
    Agrees,
    /// They do not.
    Differs,
    /// The two differences do not agree with each other: left out.
    Kink,
}

/// What a gradient check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Directions are still to be tried, and none has differed.
    Open,
    /// Every direction that says something agrees, and at least half of all do.
    Right,
    /// A direction differs.
    Wrong,
    /// Too many directions cross a kink.
    Unclear,
    /// The meta-gradient is zero by definition.
    Nothing,
}

/// A vector beside another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Cosine of the angle between them, −1 to 1.
    pub cosine: f64,
    /// Its length over the other's.
    pub ratio: f64,
}

/// Directions beside MAML's exact gradient, of the same meta-batch at the same meta-parameters.
///
/// Each as the outer optimiser would get it, under gradient descent inside: Reptile's, the mean of θ − θ_K, carries the
/// inner rate as a factor. None where either is zero.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Directions {
    /// Meta-steps of the meta-parameters.
    pub meta_step: u32,
    /// Euclidean norm of MAML's gradient.
    pub norm: f64,
    /// FOMAML's.
    pub fomaml: Option<Turn>,
    /// Reptile's.
    pub reptile: Option<Turn>,
    /// The running learner's own on the parameters of the network, where it is none of the three.
    pub own: Option<Turn>,
}

/// Measured costs of a meta-step for some numbers of inner steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CostMeter {
    /// Tasks in a meta-step.
    pub tasks: u32,
    /// Inner steps of the experiment itself.
    pub steps: u32,
    /// Whether the bytes were counted where they were allocated. If not they are the estimate of
    /// [`super::Experiment::task_memory`] for the tasks that are computed at once, the same for either order.
    pub counted: bool,
    /// Ascending in inner steps.
    pub at: Vec<CostAt>,
}

/// Measured costs at one number of inner steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostAt {
    /// Inner steps.
    pub steps: u32,
    /// FOMAML's.
    pub first: Spent,
    /// MAML's.
    pub second: Spent,
}

/// What a meta-step costs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spent {
    /// Median milliseconds.
    pub ms: f64,
    /// Repetitions that the median is of.
    pub times: u32,
    /// Most bytes held at once beyond what was held before.
    pub bytes: f64,
}

/// The line ms = `base` + `each` · inner steps, by least squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Milliseconds of everything but the inner steps.
    pub base: f64,
    /// Milliseconds of one inner step, forwards and, for second order, backwards.
    pub each: f64,
}

impl CostMeter {
    /// The line of first order and that of second; none with fewer than two numbers of inner steps.
    #[must_use]
    pub fn lines(&self) -> Option<(Line, Line)> {
        let line = |pick: fn(&CostAt) -> Spent| {
            let count = self.at.len() as f64;
            let mean = |value: &dyn Fn(&CostAt) -> f64| self.at.iter().map(value).sum::<f64>() / count;
            let (x, y) = (mean(&|at| f64::from(at.steps)), mean(&|at| pick(at).ms));
            let spread = mean(&|at| (f64::from(at.steps) - x).powi(2));
            let together = mean(&|at| (f64::from(at.steps) - x) * (pick(at).ms - y));
            (spread > 0.0).then(|| Line { base: y - together / spread * x, each: together / spread })
        };
        line(|at| at.first).zip(line(|at| at.second))
    }

    /// The costs with as many inner steps as the experiment has; with the most that were measured, where those were not.
    #[must_use]
    pub fn own(&self) -> Option<&CostAt> {
        self.at.iter().find(|at| at.steps == self.steps).or(self.at.last())
    }

    /// How many times what first order costs second order does, in a meta-step of [`CostMeter::own`].
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        let own = self.own()?;
        Some(own.second.ms / own.first.ms).filter(|ratio| ratio.is_finite() && *ratio > 0.0)
    }

    /// The same of one inner step, by the fitted lines; none where noise has bent a line down.
    #[must_use]
    pub fn step_ratio(&self) -> Option<f64> {
        let (first, second) = self.lines()?;
        (first.each > 0.0 && second.each > 0.0).then(|| second.each / first.each)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter(costs: &[(u32, f64, f64)]) -> CostMeter {
        let cost = |ms: f64| Spent { ms, times: 3, bytes: 1.0 };
        let at = |&(steps, first, second): &(u32, f64, f64)| CostAt { steps, first: cost(first), second: cost(second) };
        CostMeter { tasks: 4, steps: 5, counted: true, at: costs.iter().map(at).collect() }
    }

    #[test]
    fn lines_are_fitted_and_their_slopes_are_what_an_inner_step_costs() {
        // 2 + 1·k and 1 + 3·k, exactly.
        let meter = meter(&[(1, 3.0, 4.0), (2, 4.0, 7.0), (5, 7.0, 16.0)]);
        let (first, second) = meter.lines().unwrap();
        for (found, expected) in [(first.base, 2.0), (first.each, 1.0), (second.base, 1.0), (second.each, 3.0)] {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        }
        assert!((meter.step_ratio().unwrap() - 3.0).abs() < 1e-12);
        assert!((meter.ratio().unwrap() - 16.0 / 7.0).abs() < 1e-12);
    }

    #[test]
    fn a_single_measurement_has_a_ratio_and_no_line_and_none_has_neither() {
        let one = meter(&[(1, 2.0, 5.0)]);
        assert_eq!((one.ratio(), one.lines(), one.step_ratio()), (Some(2.5), None, None));
        assert_eq!((CostMeter::default().ratio(), CostMeter::default().lines()), (None, None));
    }

    #[test]
    fn the_ratio_is_that_of_the_experiments_own_inner_steps() {
        let costs = [(1, 2.0, 5.0), (2, 3.0, 9.0), (3, 4.0, 16.0)];
        assert_eq!(CostMeter { steps: 2, ..meter(&costs) }.ratio(), Some(3.0));
        assert_eq!(CostMeter { steps: 0, ..meter(&costs) }.ratio(), Some(4.0));
    }

    #[test]
    fn a_line_that_noise_bends_down_has_no_ratio() {
        assert_eq!(meter(&[(1, 4.0, 4.0), (2, 3.0, 7.0)]).step_ratio(), None);
    }

    #[test]
    fn maml_pp_approximates_for_as_long_as_it_drops_second_derivatives() {
        let of = |meta_step| LearnerKind::MamlPp.derivative(meta_step, 10);
        assert_eq!([of(0), of(9), of(10)], [Derivative::Approximate, Derivative::Approximate, Derivative::Exact]);
    }
}
