//! What a run reports: the trajectory of one task, the meta-training curve, an evaluation.

use serde::{Deserialize, Serialize};

use super::{InnerOptimizer, gaps::numbers};
use crate::task::Image;

/// A point of a regression task.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Input.
    pub x: f32,
    /// Target.
    pub y: f32,
}

/// The task on show: one of the stream, or the same with the visitor's own support points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownTask {
    /// Index in the stream of shown tasks.
    pub index: u32,
    /// Support points instead of the task's own; empty means its own.
    pub points: Vec<Point>,
    /// The visitor's drawings instead of the task's own characters.
    pub drawings: Option<DrawnTask>,
}

/// A classification task that a visitor has drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DrawnTask {
    /// What the inner loop sees; every drawing has a class, and classes count from 0 without a gap.
    pub support: Vec<Drawing>,
    /// What is classified; a drawing's class may be unknown.
    pub query: Vec<Drawing>,
}

/// A drawing of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    /// Its pixels.
    pub image: Image,
    /// Its class within the task, from 0; none if nobody said.
    pub class: Option<u8>,
}

/// One task adapted, of either kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Adaptation {
    /// A function of one input, or a quadratic.
    Regression(Trajectory),
    /// Characters.
    Characters(CharacterTrajectory),
}

/// One task adapted: everything the page draws, at every inner step. A quadratic has steps alone, whose predictions are
/// empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trajectory {
    /// Support points the inner loop saw.
    pub support: Vec<Point>,
    /// Query points it was judged on.
    pub query: Vec<Point>,
    /// Inputs of the grid on which predictions are given, ascending.
    pub grid: Vec<f32>,
    /// The task's true function on the grid.
    pub truth: Vec<f32>,
    /// One entry per inner step; the first is before adaptation.
    pub steps: Vec<TrajectoryStep>,
    /// What other optimisers do from the same start, where that is a figure of the learner's.
    #[serde(default)]
    pub rivals: Vec<Rival>,
}

/// Another optimiser on the task of a trajectory, from where that starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    /// What takes the steps.
    pub optimizer: InnerOptimizer,
    /// Its rate.
    pub lr: f64,
    /// Query loss after 0, 1, 2 … steps.
    #[serde(deserialize_with = "numbers")]
    pub query_loss: Vec<f32>,
}

/// The state of adaptation after some inner steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrajectoryStep {
    /// Mean squared error on the support set.
    #[serde(deserialize_with = "numbers")]
    pub support_loss: f32,
    /// Mean squared error on the query set.
    #[serde(deserialize_with = "numbers")]
    pub query_loss: f32,
    /// Euclidean norm of the support loss's gradient over the adapted parameters.
    #[serde(deserialize_with = "numbers")]
    pub gradient_norm: f32,
    /// Prediction at every grid input.
    #[serde(deserialize_with = "numbers")]
    pub prediction: Vec<f32>,
    /// Standard deviation of the prediction at every grid input; empty where the learner does not say how sure it is.
    #[serde(default, deserialize_with = "numbers")]
    pub deviation: Vec<f32>,
}

/// One classification task adapted: everything the page draws, at every inner step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CharacterTrajectory {
    /// Name of every class: where it comes from.
    pub classes: Vec<String>,
    /// Support drawings.
    pub support: Vec<Drawing>,
    /// Query drawings.
    pub query: Vec<Drawing>,
    /// Name of every layer whose change the steps report, from the input to the head.
    pub layers: Vec<String>,
    /// One entry per inner step; the first is before adaptation.
    pub steps: Vec<CharacterStep>,
}

/// The state of a classification after some inner steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CharacterStep {
    /// Mean cross-entropy of the support set, in nats.
    #[serde(deserialize_with = "numbers")]
    pub support_loss: f32,
    /// Mean cross-entropy of the query drawings whose class is known, in nats; none if there are none.
    pub query_loss: Option<f32>,
    /// Share of the support set classified correctly, 0 to 1.
    #[serde(deserialize_with = "numbers")]
    pub support_accuracy: f32,
    /// Share of the query drawings of known class classified correctly, 0 to 1; none if there are none.
    pub query_accuracy: Option<f32>,
    /// Euclidean norm of the support loss's gradient over all parameters.
    #[serde(deserialize_with = "numbers")]
    pub gradient_norm: f32,
    /// Probability of every class for each support drawing, `[drawings][classes]`.
    #[serde(deserialize_with = "numbers")]
    pub support_probabilities: Vec<Vec<f32>>,
    /// Probability of every class for each query drawing, `[drawings][classes]`.
    #[serde(deserialize_with = "numbers")]
    pub query_probabilities: Vec<Vec<f32>>,
    /// How far each layer of `layers` has moved from the meta-parameters: ‖θ_k − θ_0‖ / ‖θ_0‖.
    #[serde(deserialize_with = "numbers")]
    pub change: Vec<f32>,
}

/// The meta-training curve.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Ascending in `meta_step`.
    pub points: Vec<CurvePoint>,
}

/// Losses of one meta-step, each the mean over its meta-batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Meta-steps done, counting this one.
    pub meta_step: u32,
    /// Loss before adaptation: of the meta-parameters on the support sets.
    pub before: f32,
    /// Loss after adaptation: of the fast weights on the query sets.
    pub after: f32,
    /// The same of accuracy; none for regression.
    pub accuracy: Option<Accuracies>,
}

/// Accuracies of one meta-step, 0 to 1, each the mean over its meta-batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accuracies {
    /// Before adaptation: of the meta-parameters on the support sets.
    pub before: f32,
    /// After adaptation: of the fast weights on the query sets.
    pub after: f32,
}

/// A look at the validation tasks during meta-training.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// Meta-steps done.
    pub meta_step: u32,
    /// Mean query loss after adaptation; not a number where adaptation diverged on any task.
    pub loss: f32,
    /// Mean query accuracy after adaptation, 0 to 1; none for regression.
    pub accuracy: Option<f32>,
}

/// How a run with validation tasks ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The meta-step it got to.
    pub at: u32,
    /// The meta-step of its best check, whose meta-parameters it went back to.
    pub best: u32,
    /// Whether its patience ran out, rather than its budget.
    pub early: bool,
}

/// Mean and half-width of its 95 % interval, 1.96·sd/√n (sd over n, as published for MAML).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Mean over tasks.
    #[serde(deserialize_with = "numbers")]
    pub mean: f64,
    /// Half-width of the 95 % interval.
    #[serde(deserialize_with = "numbers")]
    pub ci95: f64,
}

/// An evaluation over tasks never trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Number of tasks.
    pub tasks: u32,
    /// One entry per inner step asked for, ascending.
    pub steps: Vec<StepEvaluation>,
}

/// Figures after a number of inner steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepEvaluation {
    /// Inner steps taken.
    pub step: u32,
    /// Query loss; not a number when adaptation diverged on any task.
    pub loss: Interval,
    /// Tasks on which adaptation diverged: their loss is not a finite number.
    pub diverged: u32,
    /// Query accuracy, 0 to 1; none for regression.
    pub accuracy: Option<Interval>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_that_is_no_number_comes_back_from_json_and_from_bytes_as_none() {
        let lost = Interval { mean: f64::NAN, ci95: 0.5 };
        let text = serde_json::to_string(&lost).unwrap();
        let back: Interval = serde_json::from_str(&text).unwrap();
        assert!(back.mean.is_nan() && back.ci95 == 0.5, "{text}");
        let back: Interval = postcard::from_bytes(&postcard::to_allocvec(&lost).unwrap()).unwrap();
        assert!(back.mean.is_nan() && back.ci95 == 0.5);
    }
}
