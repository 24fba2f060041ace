//! What goes into a run.

use serde::{Deserialize, Serialize};

use super::Point;
use crate::task::{Family, Switch, TaskSpec};

/// Everything a run depends on: two equal experiments on the same device kind give the same run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Seed of every random stream of the run.
    pub seed: u32,
    /// The task distribution and the shape of an episode.
    pub task: TaskSpec,
    /// The network.
    pub model: ModelSpec,
    /// The algorithm and its inner loop.
    pub learner: LearnerSpec,
    /// The outer loop.
    pub outer: OuterSpec,
    /// When meta-training ends.
    pub budget: Budget,
    /// What the page shows; no figure of the run depends on it.
    pub view: View,
}

/// The network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Its kind.
    pub network: NetworkKind,
    /// MLP: widths of the hidden layers, 0 to 6 of them, each 1 to 512.
    pub hidden: Vec<u32>,
    /// Activation of every hidden layer.
    pub activation: Activation,
    /// Distribution of the first weights; biases start at zero.
    pub init: Init,
    /// MLP: what normalises every hidden layer before its activation; conv4 always normalises by the batch.
    pub normalization: Normalization,
    /// conv4: filters of every convolution, 8 to 64.
    pub filters: u32,
    /// conv4: what the head sees of the last feature maps.
    pub pooling: Pooling,
    /// Whether query examples are normalised by the statistics of the whole query set, as in MAML's and Reptile's
    /// published code; if not, by those of the support set, so that no query example sees another.
    pub transduction: Switch,
    /// Share of the hidden units (of conv4: of the filters) that each task of meta-training does without, 0 (dropout is
    /// off) to 0.9.
    pub dropout: f64,
}

/// Networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkKind {
    /// A multi-layer perceptron.
    Mlp,
    /// Four 3 × 3 convolutions of stride 2, each normalised and rectified, and a linear head (Finn et al. 2017,
    /// appendix A.1).
    Conv4,
}

/// Normalisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Normalization {
    /// None.
    None,
    /// Batch normalisation (Ioffe and Szegedy 2015) by the batch's own statistics, never by running ones.
    Batch,
}

/// What the head of conv4 sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// Every feature at each of the 2 × 2 places (Reptile).
    Flatten,
    /// Every feature's mean over the places (MAML).
    Mean,
}

/// Activations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// max(0, x)
    Relu,
    /// tanh x
    Tanh,
}

/// Distributions of the first weights of a layer with `n` inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// Normal with standard deviation 1/√n (LeCun et al. 1998).
    Lecun,
    /// Normal with standard deviation √(2/n) (He et al. 2015).
    He,
    /// Normal with standard deviation 0.01 cut at two standard deviations, as in MAML's published code.
    Small,
}

/// An algorithm and its inner loop, in training and in evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnerSpec {
    /// The algorithm.
    pub kind: LearnerKind,
    /// Inner learning rate in meta-training, 0 to 10 (for Meta-SGD and MAML++: where their rates start; of an LSTM
    /// optimiser: what its updates are multiplied by).
    pub inner_lr: f64,
    /// Inner steps in meta-training, 0 to 100.
    pub inner_steps: u32,
    /// Inner learning rate in evaluation and on the page, 0 to 10 (Meta-SGD and MAML++ use their own).
    pub eval_lr: f64,
    /// Inner steps in evaluation and on the page, 0 to 100.
    pub eval_steps: u32,
    /// What takes the inner steps.
    pub inner_optimizer: InnerOptimizer,
    /// Support examples per inner step in meta-training, 0 (all of them) to 400.
    pub inner_batch: u32,
    /// Support examples per inner step in evaluation, 0 (all of them) to 400.
    pub eval_batch: u32,
    /// CAVIA: context parameters, 1 to 64.
    pub context: u32,
    /// iMAML: strength λ of the pull of the fast weights to where they started, 0.01 to 1000.
    pub regularization: f64,
    /// iMAML: steps of the conjugate gradients that solve for the meta-gradient, 1 to 20.
    pub cg_steps: u32,
    /// MAML++: first meta-steps in which the query losses of all inner steps count, less and less but for the last
    /// one's, 0 to 1 000 000.
    pub multi_step: u32,
    /// MAML++: first meta-steps that take first-order gradients, 0 to 1 000 000.
    pub first_order: u32,
    /// Matching networks with full context embeddings: how often each query drawing is compared with the support set
    /// before it is classified, 1 to 20.
    pub processing_steps: u32,
    /// Learners that are pretrained, on characters: how many classes they are trained to tell apart, 2 to 1000.
    pub base_classes: u32,
    /// LSTM optimiser: units of each of its two layers, 1 to 64.
    pub units: u32,
    /// LSTM optimiser: steps that its meta-gradient goes back through, 1 to 100.
    pub unroll: u32,
    /// Rate of the gradient descent that is drawn beside what optimises from a random start, 0 to 10.
    pub sgd_lr: f64,
    /// Rate of the Adam that is drawn beside it, 0 to 10.
    pub adam_lr: f64,
}

/// Optimisers of the inner loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InnerOptimizer {
    /// Gradient descent.
    Sgd,
    /// Adam with β = (0, 0.999), as Reptile's published code has it, but that its memory of squares starts anew with
    /// every task, where that of the code goes on from task to task; for learners that take no derivative of the inner
    /// loop.
    Adam,
    /// Adam with its usual β = (0.9, 0.999); for the same learners.
    FullAdam,
}

/// The algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearnerKind {
    /// MAML with exact second-order gradients (Finn et al. 2017).
    Maml,
    /// First-order MAML (Finn et al. 2017, §5.2).
    Fomaml,
    /// Reptile (Nichol et al. 2018).
    Reptile,
    /// Meta-SGD: MAML with a learned rate per parameter (Li et al. 2017).
    MetaSgd,
    /// ANIL: MAML whose inner loop changes the head only (Raghu et al. 2020).
    Anil,
    /// Trained on all tasks at once, on characters on base classes; then fine-tuned.
    Pretrained,
    /// Random initialisation, fine-tuned; nothing is learned outside.
    Scratch,
    /// Told the parameters of the task's function as further inputs; nothing changes inside.
    Oracle,
    /// Prototypical networks (Snell et al. 2017).
    Prototypical,
    /// Matching networks with cosine attention (Vinyals et al. 2016, §2.1.1).
    Matching,
    /// Siamese networks (Koch et al. 2015).
    Siamese,
    /// R2-D2: ridge regression to the classes on learned features (Bertinetto et al. 2019).
    R2D2,
    /// The same for regression.
    Ridge,
    /// CAVIA: only context parameters change inside (Zintgraf et al. 2019).
    Cavia,
    /// Implicit MAML: a derivative of where the inner loop ends, not of the way there (Rajeswaran et al. 2019).
    Imaml,
    /// BOIL: MAML whose inner loop changes all but the head (Oh et al. 2021).
    Boil,
    /// MAML++: MAML with its remedies for unstable training (Antoniou et al. 2019).
    MamlPp,
    /// Relation networks, whose measure of likeness is learned (Sung et al. 2018).
    Relation,
    /// Matching networks with full context embeddings (Vinyals et al. 2016, §2.1.2).
    MatchingFce,
    /// Conditional neural processes, for regression (Garnelo et al. 2018).
    Cnp,
    /// Trained on all tasks at once, on characters on base classes; then the head alone, on characters a new one, is
    /// fine-tuned (the Baseline of Chen et al. 2019).
    LinearProbe,
    /// Trained on base classes; then the nearest centroid of normalised features (SimpleShot, Wang et al. 2019).
    NearestCentroid,
    /// Prototypical networks that see a description of every class in place of drawings (Snell et al. 2017, §2.7).
    ZeroShot,
    /// An LSTM that takes the steps of gradient descent, from a random start (Andrychowicz et al. 2016).
    LstmOptimizer,
}

impl LearnerKind {
    /// Whether its inner rates are meta-parameters, which start from `inner_lr`.
    #[must_use]
    pub fn learns_rates(self) -> bool {
        matches!(self, Self::MetaSgd | Self::MamlPp)
    }

    /// Whether its meta-gradient goes back through the inner loop, or is that of where gradient descent ends.
    #[must_use]
    pub fn differentiates_inner_loop(self) -> bool {
        matches!(
            self,
            Self::Maml
                | Self::MetaSgd
                | Self::Anil
                | Self::Cavia
                | Self::Imaml
                | Self::Boil
                | Self::MamlPp
                | Self::LstmOptimizer
        )
    }

    /// Whether the support set makes its head, or what stands for one, in one go: no gradient step is taken inside, the
    /// network has no head of its own, and a task may have any number of ways.
    #[must_use]
    pub fn makes_head(self) -> bool {
        matches!(self, Self::Prototypical | Self::Matching | Self::Siamese | Self::R2D2 | Self::Ridge)
            || matches!(self, Self::Relation | Self::MatchingFce | Self::Cnp | Self::NearestCentroid | Self::ZeroShot)
    }

    /// Whether its inner steps are support points: after step k it has seen the first k of them.
    #[must_use]
    pub fn sees_one_by_one(self) -> bool {
        self == Self::Cnp
    }

    /// Whether, on characters, it is trained on base classes instead of tasks.
    #[must_use]
    pub fn is_pretrained(self) -> bool {
        matches!(self, Self::Pretrained | Self::LinearProbe | Self::NearestCentroid)
    }

    /// Whether every task of characters gets a head of its own, so that it may have any number of ways.
    #[must_use]
    pub fn takes_any_ways(self) -> bool {
        self.makes_head() || self.is_pretrained()
    }

    /// Whether it sees descriptions of a task's classes in place of support drawings: the stroke programs of procedural
    /// characters.
    #[must_use]
    pub fn reads_descriptions(self) -> bool {
        self == Self::ZeroShot
    }

    /// Whether what it does on a task is drawn beside gradient descent and Adam from the same start.
    #[must_use]
    pub fn has_rivals(self, family: Family) -> bool {
        self == Self::LstmOptimizer || family == Family::Quadratic
    }

    /// Whether it can learn the tasks of a family.
    #[must_use]
    pub fn suits(self, family: Family) -> bool {
        match self {
            Self::Maml | Self::Fomaml | Self::Reptile | Self::MetaSgd | Self::Scratch => true,
            Self::LstmOptimizer => !family.classifies(),
            // The others have to do with a network, its layers or its inputs.
            _ if family == Family::Quadratic => false,
            Self::Oracle | Self::Ridge | Self::Cnp => !family.classifies(),
            Self::Prototypical | Self::Matching | Self::Siamese | Self::R2D2 => family.classifies(),
            Self::Relation | Self::MatchingFce => family.classifies(),
            Self::NearestCentroid | Self::ZeroShot => family.classifies(),
            _ => true,
        }
    }
}

/// The outer loop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OuterSpec {
    /// What updates the meta-parameters.
    pub optimizer: Optimizer,
    /// Outer learning rate, 0 to 10.
    pub lr: f64,
    /// Momentum of SGD, 0 to 0.999; Adam ignores it.
    pub momentum: f64,
    /// Tasks per meta-step, 1 to 256.
    pub meta_batch: u32,
    /// Largest norm of the meta-gradient, 0 (no clipping) to 1000.
    pub clip: f64,
    /// How the outer learning rate changes over the budget.
    pub schedule: Schedule,
    /// Decoupled weight decay (L2), 0 (none) to 10: each meta-step also takes this share, times the outer rate, of every
    /// weight.
    pub weight_decay: f64,
}

/// Schedules of the outer learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// It does not.
    Constant,
    /// Down to zero in a straight line, as Reptile anneals its meta-step.
    Linear,
    /// Down to zero along half a cosine (Loshchilov and Hutter 2017, eq. 5, without restarts), as in MAML++.
    Cosine,
}

/// Outer optimisers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Optimizer {
    /// Adam (Kingma and Ba 2015) with its usual β = (0.9, 0.999) and ε = 1e-8.
    Adam,
    /// Stochastic gradient descent with momentum.
    Sgd,
}

/// When meta-training ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Meta-steps, 1 to 1 000 000.
    pub meta_steps: u32,
    /// Meta-steps between two checks on validation tasks, 0 (there are none) to 100 000. Where there are, a run ends with
    /// the meta-parameters of its best check.
    pub validate_every: u32,
    /// Checks in a row without improvement after which meta-training stops early, 0 (it does not) to 1000.
    pub patience: u32,
    /// Validation tasks of a check, always the same ones, 1 to 1000.
    pub validation_tasks: u32,
}

/// What the page shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// Language of the page; none follows the browser.
    pub language: Option<Language>,
    /// Index of the task on show in the stream of shown tasks.
    pub task: u32,
    /// Inner step on show.
    pub step: u32,
    /// Support points a visitor has placed instead of the task's own, at most 40; empty means the task's own.
    pub points: Vec<Point>,
    /// Panels that a teacher hides from the class.
    pub hide: Vec<Panel>,
    /// The panel below the adaptation that is open.
    pub panel: Tab,
}

/// Languages of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "en")]
    En,
    /// 中文.
    #[serde(rename = "zh")]
    Zh,
}

/// Panels of the page that a link may hide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Panel {
    /// The task distribution and its thumbnails.
    Task,
    /// Meta-training: its curve, figures and buttons.
    Training,
    /// Sliders of the learner and the outer loop.
    Hyperparameters,
}

/// Panels below the adaptation, of which one is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tab {
    /// Figures on unseen tasks.
    #[default]
    Evaluate,
    /// Learners side by side.
    Compare,
    /// The search of rates.
    Search,
    /// Paths of the weights, and the loss around their start.
    Landscape,
    /// Gradient checks, directions and costs.
    Diagnose,
    /// Recorded runs.
    Runs,
    /// What adaptation changes, layer by layer.
    Layers,
    /// One step taken apart.
    Anatomy,
}
