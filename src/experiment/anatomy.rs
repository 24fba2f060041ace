//! One inner step and one meta-step taken apart: every number between the start and the meta-parameters that come next.

use serde::{Deserialize, Serialize};

use super::{Adaptation, Derivative, Experiment, InnerOptimizer, LearnerKind, Optimizer, Outcome, gaps::numbers};

/// How the state after some inner steps comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inside {
    /// By gradient steps.
    Descends,
    /// By steps that a learned optimiser takes.
    Learned,
    /// The support set makes it in one go.
    Made,
    /// One support point after another moves a mean.
    OneByOne,
    /// Nothing changes.
    Nothing,
}

/// How what is learned outside hears of the query loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Back {
    /// Its gradient goes back through every inner step, second derivatives and all.
    Through,
    /// Its gradient at the fast weights is taken as it is: second derivatives are dropped.
    Straight,
    /// In one leap from where the inner loop ends, by a linear system.
    Implicit,
    /// It does not: the start moves towards the fast weights.
    Displacement,
    /// By one plain gradient: no inner step lies between.
    Plain,
    /// Into the weights of the optimiser that takes the steps.
    Optimizer,
    /// It does not: what is learned outside descends another loss.
    Elsewhere,
    /// It does not: nothing is learned outside.
    Nothing,
}

/// One stage of the anatomy, in the order in which they follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The start that tasks share, and the support set.
    Start,
    /// Predictions for the support set.
    Forward,
    /// The support loss, term by term.
    Loss,
    /// Its gradient, layer by layer.
    Gradient,
    /// The step against it.
    Update,
    /// What the support set makes without a gradient.
    Make,
    /// Predictions for the query set, before and after.
    Query,
    /// The gradient of the query loss at the fast weights.
    Adjoint,
    /// The way back to the start.
    Back,
    /// What the outer optimiser does.
    Outer,
    /// A nudge to one number, beside what the meta-gradient foretold of it.
    Nudge,
}

/// What one inner step and one meta-step do on the task on show, in numbers.
///
/// All that is of the task is computed in float64 on the CPU; the adaptation and the meta-step are the run's own. Lists by
/// layer are in the order of [`Anatomy::layers`] or of [`Anatomy::learned`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anatomy {
    /// Meta-steps of the meta-parameters.
    pub meta_step: u32,
    /// The learner.
    pub kind: LearnerKind,
    /// The task's index in the stream of shown tasks.
    pub index: u32,
    /// Whether the visitor placed its points or drew it.
    pub own: bool,
    /// How a state comes about.
    pub inside: Inside,
    /// How the meta-parameters hear of the query loss.
    pub back: Back,
    /// Inner rate of the settings, α.
    pub lr: f64,
    /// What takes gradient steps.
    pub optimizer: InnerOptimizer,
    /// iMAML's λ: how strongly each step is pulled to the start; 0 elsewhere.
    pub pull: f64,
    /// Whether a loss is the sum of its terms; otherwise their mean.
    pub sums: bool,
    /// Every inner step as the page shows it.
    pub adaptation: Adaptation,
    /// Names of the layers that gradients and adjoints are of, from the input on; empty where no gradient step is taken.
    pub layers: Vec<String>,
    /// Every inner step; empty where no gradient step is taken.
    pub steps: Vec<InnerStep>,
    /// The query set, one for each example.
    pub queries: Vec<Query>,
    /// Query loss at the start and at the end.
    #[serde(deserialize_with = "numbers")]
    pub query_loss: [f64; 2],
    /// The way back through the inner loop; none where there is none.
    pub way: Option<WayBack>,
    /// Names of what the meta-parameters consist of.
    pub learned: Vec<String>,
    /// The learner's gradient by the meta-parameters on this task alone; none where the task has no part in it.
    pub gradient: Option<TaskGradient>,
    /// Single numbers that are followed.
    pub followed: Vec<Followed>,
    /// The next meta-step; none where nothing is learned outside.
    pub outer: Option<OuterStep>,
}

/// One gradient step inside.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InnerStep {
    /// Which support examples it sees.
    pub seen: Vec<u32>,
    /// Predictions for them: a number, or the probability of each class.
    #[serde(deserialize_with = "numbers")]
    pub predictions: Vec<Vec<f64>>,
    /// Their targets: a number, or the class.
    #[serde(deserialize_with = "numbers")]
    pub targets: Vec<f64>,
    /// Their losses: (f(x) − y)², or −ln p of the class.
    #[serde(deserialize_with = "numbers")]
    pub terms: Vec<f64>,
    /// The loss.
    #[serde(deserialize_with = "numbers")]
    pub loss: f64,
    /// Norm of its gradient, of each layer.
    #[serde(deserialize_with = "numbers")]
    pub gradient: Vec<f64>,
    /// How far each layer moves.
    #[serde(deserialize_with = "numbers")]
    pub moved: Vec<f64>,
    /// Norm of each layer before.
    #[serde(deserialize_with = "numbers")]
    pub length: Vec<f64>,
}

/// A query example before and after adaptation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Query {
    /// The input, where that is a number.
    pub x: Option<f64>,
    /// A number, or the class.
    #[serde(deserialize_with = "numbers")]
    pub target: f64,
    /// Predictions at the start and at the end: a number, or the probability of each class.
    #[serde(deserialize_with = "numbers")]
    pub predictions: [Vec<f64>; 2],
    /// Its loss at either.
    #[serde(deserialize_with = "numbers")]
    pub terms: [f64; 2],
}

/// How a derivative comes back from the fast weights to the start: v_k = v_{k+1} − H_k A_k v_{k+1}.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WayBack {
    /// Whether the learner goes this way; if not it is MAML's, which the learner spares itself.
    pub taken: bool,
    /// Norm of v_K of each layer.
    #[serde(deserialize_with = "numbers")]
    pub last: Vec<f64>,
    /// Back through every inner step, the first step first; a single one where the way is one leap.
    pub steps: Vec<BackStep>,
    /// Cosine between v_0 and v_K, of each layer and last of all together; none where either is zero.
    pub cosines: Vec<Option<f64>>,
}

/// Back through one inner step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackStep {
    /// Norm of the Hessian term H A v of each layer; of a leap that is solved for, of what it takes from v.
    #[serde(deserialize_with = "numbers")]
    pub bent: Vec<f64>,
    /// Norm of v before the step, where the way leads.
    #[serde(deserialize_with = "numbers")]
    pub to: Vec<f64>,
}

/// A learner's direction on one task: what it hands to the outer optimiser, but for the mean over tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskGradient {
    /// The loss that it is the derivative of, or stands for the derivative of.
    #[serde(deserialize_with = "numbers")]
    pub loss: f64,
    /// Norm of each part of the meta-parameters.
    #[serde(deserialize_with = "numbers")]
    pub norms: Vec<f64>,
    /// Cosine with the exact gradient of the start, where it only approximates one that is known.
    pub exact: Option<f64>,
    /// Cosine with the mean over the meta-batch of the next meta-step.
    pub mean: Option<f64>,
}

/// One number, followed through everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Followed {
    /// Its entry and place, such as `layer1.weight[3, 17]`.
    pub name: String,
    /// Which of [`Anatomy::layers`] it is in, where it is among the weights that adapt.
    pub layer: Option<u32>,
    /// What every inner step does to it; empty where none does.
    pub steps: Vec<WeightStep>,
    /// What the way back makes of it, one for each of [`WayBack::steps`].
    pub back: Vec<WeightBack>,
    /// Its part of [`TaskGradient`], where it is a meta-parameter.
    pub gradient: Option<f64>,
    /// What the meta-step does to it.
    pub outer: Option<WeightOuter>,
    /// What moving it does.
    pub nudge: Option<Nudge>,
}

impl Followed {
    /// Whether it says something at a stage.
    #[must_use]
    pub fn says(&self, stage: Stage) -> bool {
        match stage {
            Stage::Gradient | Stage::Update => !self.steps.is_empty(),
            Stage::Adjoint => !self.back.is_empty(),
            Stage::Back => !self.back.is_empty() || self.gradient.is_some(),
            Stage::Outer => self.outer.is_some(),
            Stage::Nudge => self.nudge.is_some(),
            _ => false,
        }
    }
}

/// One weight in one gradient step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightStep {
    /// θ.
    #[serde(deserialize_with = "numbers")]
    pub value: f64,
    /// g.
    #[serde(deserialize_with = "numbers")]
    pub gradient: f64,
    /// Its rate; none where a step is no rate times a gradient.
    pub rate: Option<f64>,
    /// θ′.
    #[serde(deserialize_with = "numbers")]
    pub next: f64,
}

/// One weight on the way back through one step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightBack {
    /// v after the step, where the way comes from.
    #[serde(deserialize_with = "numbers")]
    pub from: f64,
    /// The Hessian term H A v.
    #[serde(deserialize_with = "numbers")]
    pub bent: f64,
    /// v before the step.
    #[serde(deserialize_with = "numbers")]
    pub to: f64,
}

/// One meta-parameter in the meta-step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightOuter {
    /// Before.
    #[serde(deserialize_with = "numbers")]
    pub value: f64,
    /// Mean gradient over the meta-batch, before clipping.
    #[serde(deserialize_with = "numbers")]
    pub gradient: f64,
    /// First moment of Adam or velocity of SGD, after the step.
    pub first: Option<f64>,
    /// Second moment of Adam, after the step.
    pub second: Option<f64>,
    /// After.
    #[serde(deserialize_with = "numbers")]
    pub next: f64,
    /// Whether [`OuterStep::weight_decay`] pulls it to zero.
    pub decays: bool,
}

/// Moving one meta-parameter by ±`by` and adapting again, in float64.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nudge {
    /// By how much.
    pub by: f64,
    /// Half of the loss there minus the loss on the other side.
    #[serde(deserialize_with = "numbers")]
    pub change: f64,
    /// `by` times the learner's gradient.
    #[serde(deserialize_with = "numbers")]
    pub foretold: f64,
    /// `by` times the exact gradient, where the learner only approximates one that is known.
    pub exact: Option<f64>,
    /// What differences of two widths say of the exact gradient, or of the learner's where none other is known.
    pub outcome: Outcome,
}

/// The meta-step that training takes next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OuterStep {
    /// What takes it.
    pub optimizer: Optimizer,
    /// Its rate β, as its schedule has left it.
    pub lr: f64,
    /// Steps that it has taken then, this one among them.
    pub time: u32,
    /// Tasks of the meta-batch.
    pub tasks: u32,
    /// Inner steps in meta-training.
    pub inner_steps: u32,
    /// Inner rate in meta-training.
    pub inner_lr: f64,
    /// Mean losses of the meta-batch before and after adaptation.
    #[serde(deserialize_with = "numbers")]
    pub losses: [f64; 2],
    /// Norm of the mean gradient.
    #[serde(deserialize_with = "numbers")]
    pub norm: f64,
    /// Largest norm that is let through; 0 where any is.
    pub clip: f64,
    /// Weight decay λ, of the weights that decay.
    pub weight_decay: f64,
    /// Norm of the mean gradient of each of [`Anatomy::learned`].
    #[serde(deserialize_with = "numbers")]
    pub gradient: Vec<f64>,
    /// How far each of them moves.
    #[serde(deserialize_with = "numbers")]
    pub moved: Vec<f64>,
}

impl Experiment {
    /// How a state comes about.
    #[must_use]
    pub fn inside(&self) -> Inside {
        let kind = self.learner.kind;
        match () {
            () if kind == LearnerKind::Oracle => Inside::Nothing,
            () if kind == LearnerKind::LstmOptimizer => Inside::Learned,
            () if kind.sees_one_by_one() => Inside::OneByOne,
            () if kind.makes_head() => Inside::Made,
            () => Inside::Descends,
        }
    }

    /// How the meta-parameters hear of the query loss once `meta_step` meta-steps have been taken.
    #[must_use]
    pub fn back(&self, meta_step: u32) -> Back {
        let kind = self.learner.kind;
        let derivative = kind.derivative(meta_step, self.learner.first_order);
        match kind {
            _ if derivative == Derivative::None => Back::Nothing,
            LearnerKind::Reptile => Back::Displacement,
            LearnerKind::Imaml => Back::Implicit,
            LearnerKind::LstmOptimizer => Back::Optimizer,
            LearnerKind::Oracle => Back::Elsewhere,
            kind if kind.is_pretrained() => Back::Elsewhere,
            kind if kind.makes_head() => Back::Plain,
            _ if derivative == Derivative::Approximate => Back::Straight,
            _ => Back::Through,
        }
    }

    /// Why the task on show cannot be taken apart; none where it can.
    #[must_use]
    pub fn unopened(&self) -> Option<&'static str> {
        let descends = matches!(self.inside(), Inside::Descends | Inside::Learned);
        let asks = descends && self.learner.eval_steps == 0;
        asks.then_some("there is no inner step to look into; set learner.eval_steps to 1 or more")
    }
}

impl Anatomy {
    /// The stages that this learner has, in their order.
    #[must_use]
    pub fn stages(&self) -> Vec<Stage> {
        let descends = !self.steps.is_empty();
        let makes = matches!(self.inside, Inside::Made | Inside::OneByOne);
        // Who takes no gradient of the query loss may still be shown MAML's way.
        let adjoint = self.way.is_some() && matches!(self.back, Back::Through | Back::Straight | Back::Implicit);
        let all = [
            (Stage::Start, true),
            (Stage::Forward, descends),
            (Stage::Loss, descends),
            (Stage::Gradient, descends),
            (Stage::Update, descends),
            (Stage::Make, makes),
            (Stage::Query, true),
            (Stage::Adjoint, adjoint),
            (Stage::Back, true),
            (Stage::Outer, self.outer.is_some()),
            (Stage::Nudge, self.followed.iter().any(|followed| followed.nudge.is_some())),
        ];
        all.into_iter().filter(|(_, has)| *has).map(|(stage, _)| stage).collect()
    }

    /// Inner steps of the path.
    #[must_use]
    pub fn count(&self) -> usize {
        let states = match &self.adaptation {
            Adaptation::Regression(trajectory) => trajectory.steps.len(),
            Adaptation::Characters(trajectory) => trajectory.steps.len(),
        };
        states.saturating_sub(1)
    }

    /// Support and query examples.
    #[must_use]
    pub fn sizes(&self) -> (usize, usize) {
        let support = match &self.adaptation {
            Adaptation::Regression(task) => task.support.len(),
            Adaptation::Characters(task) => task.support.len(),
        };
        // A quadratic has no points.
        let terms = self.steps.first().map_or(0, |step| step.terms.len());
        (if support == 0 { terms } else { support }, self.queries.len())
    }

    /// Which of [`Anatomy::steps`] leads to the state of the scrubber: its own, and the first for the start.
    #[must_use]
    pub fn step_of(&self, scrubber: u32) -> usize {
        (scrubber.max(1) as usize).min(self.steps.len().max(1)) - 1
    }

    /// Whether targets are classes.
    #[must_use]
    pub fn classifies(&self) -> bool {
        matches!(self.adaptation, Adaptation::Characters(_))
    }

    /// Which of the layers the inner loop leaves as they are, in every step.
    #[must_use]
    pub fn still(&self) -> Vec<&str> {
        let stays =
            |layer: usize| self.steps.iter().all(|step| step.moved.get(layer).is_some_and(|moved| *moved == 0.0));
        let named = self.layers.iter().enumerate().filter(|(layer, _)| stays(*layer));
        if self.steps.is_empty() { Vec::new() } else { named.map(|(_, name)| name.as_str()).collect() }
    }

    /// The number that is followed at a stage: the one of a name, or the first; of those that say something there.
    #[must_use]
    pub fn followed_at(&self, stage: Stage, name: Option<&str>) -> Option<&Followed> {
        let all = || self.followed.iter().filter(|one| one.says(stage));
        all().find(|one| name == Some(one.name.as_str())).or_else(|| all().next())
    }

    /// Back through the step of [`Anatomy::step_of`]; where the way is one leap, that.
    #[must_use]
    pub fn back_step(&self, step: usize) -> Option<(usize, &BackStep)> {
        let way = self.way.as_ref()?;
        let step = step.min(way.steps.len().checked_sub(1)?);
        Some((step, &way.steps[step]))
    }

    /// The norms of v at the end of that step, where the way back comes from.
    #[must_use]
    pub fn before_back(&self, step: usize) -> Option<&[f64]> {
        let way = self.way.as_ref()?;
        Some(way.steps.get(step + 1).map_or(&way.last, |next| &next.to))
    }
}

/// The norm of a whole from those of its parts.
#[must_use]
pub fn whole(parts: &[f64]) -> f64 {
    parts.iter().map(|part| part * part).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Choice as _, preset};

    fn of(kind: LearnerKind) -> Experiment {
        let mut experiment = preset("glyphs-light-maml-5w1s").unwrap().experiment();
        experiment.learner.kind = kind;
        experiment
    }

    #[test]
    fn every_learner_has_an_inside_and_a_way_back_of_its_own_kind() {
        use LearnerKind as Kind;
        let count = |back: Back| Kind::ALL.iter().filter(|kind| of(**kind).back(5) == back).count();
        assert_eq!(count(Back::Nothing), 1, "a random start learns nothing");
        assert_eq!([Back::Displacement, Back::Implicit, Back::Optimizer, Back::Straight].map(count), [1; 4]);
        assert_eq!(count(Back::Elsewhere), 4, "what is pretrained, and what is told");
        for kind in [Kind::Maml, Kind::Anil, Kind::Boil, Kind::MetaSgd, Kind::Cavia, Kind::MamlPp] {
            assert_eq!((of(kind).inside(), of(kind).back(5)), (Inside::Descends, Back::Through), "{kind:?}");
        }
        assert_eq!((of(Kind::Prototypical).inside(), of(Kind::Prototypical).back(5)), (Inside::Made, Back::Plain));
        assert_eq!(of(Kind::Cnp).inside(), Inside::OneByOne);
    }

    #[test]
    fn maml_pp_goes_straight_back_for_as_long_as_it_is_told() {
        let mut experiment = of(LearnerKind::MamlPp);
        experiment.learner.first_order = 10;
        assert_eq!([9, 10].map(|meta_step| experiment.back(meta_step)), [Back::Straight, Back::Through]);
    }

    #[test]
    fn an_inner_loop_without_steps_has_nothing_to_look_into() {
        let mut experiment = of(LearnerKind::Maml);
        assert_eq!(experiment.unopened(), None);
        experiment.learner.eval_steps = 0;
        assert!(experiment.unopened().is_some_and(|why| why.contains("eval_steps")));
        experiment.learner.kind = LearnerKind::Prototypical;
        assert_eq!(experiment.unopened(), None, "its head is made, not descended to");
    }
}
