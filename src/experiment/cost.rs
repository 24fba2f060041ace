//! What a run costs: parameters, memory and work.

use super::{Experiment, LearnerKind, NetworkKind, Normalization, Pooling};
use crate::task::{DIMENSIONS, Family, PIXELS, SIDE, description_len, glyph::ATTRIBUTES};

/// Most parameters of a network: six hidden layers of 256 fit, and so do two of 512; a snapshot of them
/// is 1.6 MB.
pub const MOST_PARAMETERS: u64 = 400_000;

/// Most bytes that one task of a meta-step may hold by [`Experiment::task_memory`]: 512 MiB, an eighth of what wasm32
/// can address and half of what a phone lets one tab have.
pub const MOST_MEMORY: f64 = 536_870_912.0;

/// Work, in FLOP, past which a link waits for a click before anything runs: 1 GFLOP is about a fifth of a
/// second at the 5 GFLOP/s that wasm SIMD reaches on one slow core, and a page that advances more slowly
/// looks stuck to someone who did not choose it. The published sinusoid protocol is a hundredth of it.
pub const HEAVY_WORK: f64 = 1e9;

/// Copies of the activations that a tangent pass and its backward keep, by count over an MLP's tape.
const TAPE: f64 = 6.0;

/// The same of an ordinary gradient, whose tape has no tangents.
const PLAIN_TAPE: f64 = 3.0;

/// Numbers a unit that a step of an LSTM of two layers keeps for the way back: rows, gates before and after, memories.
const MEMORY_TAPE: f64 = 40.0;

/// Products of n × n matrices in a linear system of n equations, two a step of Newton's iteration.
const PRODUCTS: f64 = 48.0;

/// Units of the hidden layer of a relation network's relation module: as many as the paper's has filters.
pub const RELATION_WIDTH: usize = 64;

/// Numbers of the three LSTMs of full context embeddings for each pair of features: four gates of two that hear an input
/// and h, and of one that hears a reading as well.
const OF_PAIRS: u64 = 28;

/// Convolutions of conv4.
const CONVOLUTIONS: usize = 4;

/// A layer of a network as its costs see it.
struct Layer {
    /// Numbers that each output is a sum over.
    inputs: usize,
    /// Outputs at one place.
    outputs: usize,
    /// Places: 1 in a linear layer.
    places: usize,
    /// Whether it is normalised, with a scale and a shift for every output.
    normalized: bool,
    /// Whether its outputs have biases.
    biased: bool,
}

impl Experiment {
    /// Numbers in an example: the pixels of a drawing, a row of a quadratic's matrix, or x, followed for the oracle by what
    /// [`crate::task::Function::describe`] tells it.
    #[must_use]
    pub fn inputs(&self) -> usize {
        match self.learner.kind {
            _ if self.task.family.classifies() => PIXELS,
            _ if self.task.family == Family::Quadratic => DIMENSIONS,
            LearnerKind::Oracle => 1 + description_len(&self.task),
            _ => 1,
        }
    }

    /// Numbers in a prediction: one, or a logit for every way.
    #[must_use]
    pub fn outputs(&self) -> usize {
        if self.task.family.classifies() { self.task.ways as usize } else { 1 }
    }

    /// Classes that a network is trained to tell apart before it meets a task; none where it is trained on tasks.
    #[must_use]
    pub fn base_classes(&self) -> Option<u32> {
        let pretrained = self.task.family.classifies() && self.learner.kind.is_pretrained();
        pretrained.then_some(self.learner.base_classes)
    }

    /// Outputs of the network that is trained: those of a prediction, or one for every base class.
    #[must_use]
    pub fn network_outputs(&self) -> usize {
        self.base_classes().map_or_else(|| self.outputs(), |classes| classes as usize)
    }

    /// Widths of an MLP's layers: inputs, hidden layers, outputs.
    #[must_use]
    pub fn layer_sizes(&self) -> Vec<usize> {
        let hidden = self.model.hidden.iter().map(|&width| width as usize);
        std::iter::once(self.inputs()).chain(hidden).chain([self.network_outputs()]).collect()
    }

    /// Inner steps in evaluation and on the page from so many support examples: where each is a step, as many.
    #[must_use]
    pub fn steps_shown(&self, support: u32) -> u32 {
        if self.learner.kind.sees_one_by_one() { support } else { self.learner.eval_steps }
    }

    /// Largest support and query set of a task, in examples.
    #[must_use]
    pub fn examples(&self) -> (u32, u32) {
        let classes = match self.task.family {
            Family::Quadratic => return (DIMENSIONS as u32, DIMENSIONS as u32),
            family if family.classifies() => self.task.ways.max(self.train_ways()),
            _ => 1,
        };
        (classes * self.task.shots.max(self.train_shots()), classes * self.task.queries)
    }

    /// Support examples (of characters: per class) in meta-training.
    #[must_use]
    pub fn train_shots(&self) -> u32 {
        match self.task.train_shots {
            shots if shots > 0 && self.task.family.classifies() => shots,
            _ => self.task.shots,
        }
    }

    /// Classes of a task in meta-training.
    #[must_use]
    pub fn train_ways(&self) -> u32 {
        if self.task.train_ways > 0 { self.task.train_ways } else { self.task.ways }
    }

    /// The network's layers; without the head where the learner makes it.
    fn layers(&self) -> Vec<Layer> {
        let mut layers = self.with_head();
        if self.learner.kind.makes_head() {
            layers.pop();
        }
        if self.learner.kind == LearnerKind::Cnp {
            let hidden: Vec<_> = self.model.hidden.iter().map(|&width| width as usize).collect();
            let width = self.features();
            let stack = |inputs, outputs| [vec![inputs], hidden.clone(), vec![outputs]].concat();
            return [stack(2, width), stack(1 + width, 2)].iter().flat_map(|sizes| linear_layers(sizes)).collect();
        }
        layers
    }

    /// Numbers that the head sees of an example.
    fn features(&self) -> usize {
        self.with_head().last().map_or(0, |head| head.inputs)
    }

    fn with_head(&self) -> Vec<Layer> {
        let linear = |inputs, outputs| Layer { inputs, outputs, places: 1, normalized: false, biased: true };
        if self.task.family == Family::Quadratic {
            return vec![Layer { biased: false, ..linear(DIMENSIONS, 1) }];
        }
        if self.model.network == NetworkKind::Mlp {
            let normalized = self.model.normalization == Normalization::Batch;
            let mut layers = linear_layers(&self.layer_sizes());
            layers.iter_mut().rev().skip(1).for_each(|hidden| hidden.normalized = normalized);
            return layers;
        }
        let filters = self.model.filters as usize;
        let (mut channels, mut side, mut layers) = (1, SIDE, Vec::new());
        for _ in 0..CONVOLUTIONS {
            side = side.div_ceil(2);
            layers.push(Layer {
                inputs: 9 * channels,
                outputs: filters,
                places: side * side,
                normalized: true,
                biased: true,
            });
            channels = filters;
        }
        let seen = if self.model.pooling == Pooling::Mean { filters } else { filters * side * side };
        layers.extend(linear_layers(&[seen, self.network_outputs()]));
        layers
    }

    /// Parameters of the network: weights, biases, and scales and shifts of normalisations, and what a head that is made
    /// has of its own; Meta-SGD learns as many rates again, CAVIA the weights of its context, MAML++ some for each
    /// inner step. What an LSTM optimiser learns is not counted: these are what it trains.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        let own = match self.learner.kind {
            LearnerKind::Prototypical | LearnerKind::Matching => 1,
            LearnerKind::Siamese => self.features() as u64 + 1,
            LearnerKind::R2D2 | LearnerKind::Ridge => 3,
            LearnerKind::Relation => (2 * self.features() as u64 + 2) * RELATION_WIDTH as u64 + 1,
            LearnerKind::MatchingFce => 1 + OF_PAIRS * (self.features() as u64).pow(2) + 12 * self.features() as u64,
            LearnerKind::NearestCentroid => (self.features() as u64 + 1) * u64::from(self.learner.base_classes),
            LearnerKind::ZeroShot => {
                let features = self.features() as u64;
                (ATTRIBUTES as u64 + 1) * features + (features + 1) * features + 1
            }
            _ => 0,
        };
        self.layers().iter().fold(own, |sum, layer| {
            let rows = layer.inputs as u64 + u64::from(layer.biased) + if layer.normalized { 2 } else { 0 };
            sum.saturating_add(rows.saturating_mul(layer.outputs as u64))
        })
    }

    /// Estimated bytes that one task of a meta-step holds: a snapshot of its fast weights per inner step and the
    /// activations of one pass, in float32. A head that is made needs both sets in that pass, and no snapshots.
    #[must_use]
    pub fn task_memory(&self) -> f64 {
        let snapshots = self.parameters() as f64 * (1.0 + f64::from(self.learner.inner_steps));
        let (support, query) = self.examples();
        // A convolution's patches are kept as well as what it makes of them.
        let units: usize = self.inputs()
            + (self.layers().iter())
                .map(|layer| layer.places * (layer.outputs + if layer.places > 1 { layer.inputs } else { 0 }))
                .sum::<usize>();
        if self.learner.kind.makes_head() {
            let (features, pairs) = (self.features() as f64, f64::from(support) * f64::from(query));
            let head = match self.learner.kind {
                LearnerKind::Siamese => pairs * features,
                LearnerKind::R2D2 | LearnerKind::Ridge => self.equations().powi(2),
                LearnerKind::Relation => pairs * RELATION_WIDTH as f64,
                // Four gates, the cell and h, of both directions and of every processing step.
                LearnerKind::MatchingFce => {
                    let read = 2.0 * f64::from(support) + f64::from(self.learner.processing_steps * query);
                    pairs + 8.0 * features * read
                }
                LearnerKind::Cnp => 0.0,
                _ => pairs,
            };
            let examples = f64::from(support) + f64::from(query);
            return 4.0 * (2.0 * self.parameters() as f64 + PLAIN_TAPE * (examples * units as f64 + head));
        }
        let examples = f64::from(support.max(query));
        let memories = f64::from(self.learner.unroll.min(self.learner.inner_steps)) * self.memory_tape();
        4.0 * (snapshots + memories + TAPE * examples * units as f64)
    }

    /// Numbers that one step of an LSTM optimiser keeps of a task's coordinates for the way back.
    fn memory_tape(&self) -> f64 {
        match self.learner.kind {
            LearnerKind::LstmOptimizer => self.parameters() as f64 * MEMORY_TAPE * f64::from(self.learner.units),
            _ => 0.0,
        }
    }

    /// Multiplications of one step of an LSTM optimiser over a task's coordinates: two layers of four gates, and the output.
    fn memory_products(&self) -> f64 {
        let units = f64::from(self.learner.units);
        self.parameters() as f64 * (4.0 * units * (2.0 + units) + 4.0 * units * 2.0 * units + units)
    }

    /// Estimated FLOP of one meta-step, counting a multiplication and an addition as two.
    ///
    /// A gradient costs three forward passes and a Hessian-vector product two gradients; with 1-40-40-1,
    /// 5 + 5 points, 25 tasks and one inner step of MAML this is 10 MFLOP, as XLA counts too. ANIL,
    /// BOIL and CAVIA are counted as MAML, an upper bound.
    #[must_use]
    pub fn work(&self) -> f64 {
        let (all, query) = self.examples();
        let (all, query) = (f64::from(all) * self.forward(), f64::from(query) * self.forward());
        let support = self.step(self.examples().0, self.learner.inner_batch);
        let steps = f64::from(self.learner.inner_steps);
        let (gradient, hessian_vector) = (3.0, 6.0);
        let task = match self.learner.kind {
            LearnerKind::Maml | LearnerKind::MetaSgd | LearnerKind::Anil | LearnerKind::Cavia | LearnerKind::Boil => {
                steps * (gradient + hessian_vector) * support + gradient * query
            }
            LearnerKind::MamlPp => steps * (gradient + hessian_vector) * support + steps.max(1.0) * gradient * query,
            LearnerKind::Imaml => {
                let (solve, once) = (f64::from(self.learner.cg_steps), self.step(self.examples().0, 0));
                steps * gradient * support + solve * hessian_vector * once + gradient * query
            }
            LearnerKind::LstmOptimizer => {
                steps * (gradient * (support + query) + gradient * 2.0 * self.memory_products())
            }
            LearnerKind::Fomaml => steps * gradient * support + gradient * query,
            LearnerKind::Reptile | LearnerKind::Scratch => steps * gradient * support + query,
            LearnerKind::Pretrained | LearnerKind::LinearProbe => {
                steps * gradient * support + query + gradient * (all + query)
            }
            LearnerKind::NearestCentroid => (gradient + 1.0) * (all + query) + self.head_work(),
            LearnerKind::ZeroShot => gradient * query + self.head_work(),
            LearnerKind::Oracle => gradient * (all + query) + query,
            LearnerKind::Prototypical
            | LearnerKind::Matching
            | LearnerKind::Siamese
            | LearnerKind::R2D2
            | LearnerKind::Ridge
            | LearnerKind::Relation
            | LearnerKind::MatchingFce => gradient * (all + query) + self.head_work(),
            // Once more, without a gradient, for what is reported.
            LearnerKind::Cnp => (gradient + 1.0) * (all + query),
        };
        f64::from(self.outer.meta_batch) * task
    }

    /// Equations of the linear system of a closed-form head.
    fn equations(&self) -> f64 {
        f64::from(self.examples().0).min(self.features() as f64 + 1.0)
    }

    /// Estimated FLOP of making a head and of its derivative.
    fn head_work(&self) -> f64 {
        let (support, query, features) = (self.examples().0, self.examples().1, self.features() as f64);
        let (support, query) = (f64::from(support), f64::from(query));
        match self.learner.kind {
            LearnerKind::R2D2 | LearnerKind::Ridge => 2.0 * PRODUCTS * self.equations().powi(3),
            LearnerKind::Relation => 6.0 * RELATION_WIDTH as f64 * (features * (support + query) + support * query),
            LearnerKind::MatchingFce => {
                let steps = f64::from(self.learner.processing_steps);
                let lstms = 16.0 * support + (4.0 + 8.0 * steps) * query;
                6.0 * features * (features * lstms + (1.0 + 2.0 * steps) * support * query)
            }
            LearnerKind::Cnp => 0.0,
            _ => 6.0 * support * query * features,
        }
    }

    /// Estimated FLOP of adapting to the task on show.
    #[must_use]
    pub fn adaptation_work(&self) -> f64 {
        let support = self.examples().0.max(self.view.points.len() as u32);
        if self.learner.kind.makes_head() {
            return self.step(support, 0) + self.head_work();
        }
        let memory = if self.learner.kind == LearnerKind::LstmOptimizer { 2.0 * self.memory_products() } else { 0.0 };
        f64::from(self.learner.eval_steps) * (3.0 * self.step(support, self.learner.eval_batch) + memory)
    }

    /// Whether a link to this experiment waits for a click: a meta-step or the task on show costs more
    /// than [`HEAVY_WORK`].
    #[must_use]
    pub fn is_heavy(&self) -> bool {
        self.work().max(self.adaptation_work()) > HEAVY_WORK
    }

    /// FLOP of one forward pass of the examples that an inner step sees: `batch` of `all`, or all if `batch` is 0.
    fn step(&self, all: u32, batch: u32) -> f64 {
        f64::from(if batch == 0 { all } else { batch.min(all) }) * self.forward()
    }

    /// FLOP of one forward pass of one example, without biases, normalisations and activations.
    fn forward(&self) -> f64 {
        2.0 * self.layers().iter().map(|layer| (layer.inputs * layer.outputs * layer.places) as f64).sum::<f64>()
    }
}

/// Linear layers between these widths.
fn linear_layers(sizes: &[usize]) -> Vec<Layer> {
    sizes
        .windows(2)
        .map(|pair| Layer { inputs: pair[0], outputs: pair[1], places: 1, normalized: false, biased: true })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{preset, presets};

    #[test]
    fn the_published_network_has_1761_parameters() {
        assert_eq!(Experiment::default().layer_sizes(), [1, 40, 40, 1]);
        assert_eq!(Experiment::default().parameters(), 1761);
    }

    /// Told amplitude and phase: 2 · 40 weights more.
    #[test]
    fn the_oracle_has_further_inputs() {
        let oracle = preset("sinusoid-oracle-5shot").unwrap().experiment();
        assert_eq!(oracle.layer_sizes(), [3, 40, 40, 1]);
        assert_eq!(oracle.parameters(), 1841);
    }

    /// XLA counted 10.89 MFLOP for one inner step and 43.64 for five with 10 + 10 points, Adam and
    /// sampling included.
    #[test]
    fn work_agrees_with_the_count_of_a_compiler() {
        let mut experiment = preset("sinusoid-maml").unwrap().experiment();
        assert!((9e6..11e6).contains(&experiment.work()), "{}", experiment.work());
        experiment.learner.inner_steps = 5;
        assert!((38e6..44e6).contains(&experiment.work()), "{}", experiment.work());
    }

    /// Reptile's published protocol and MAML's network, as their code counts them.
    #[test]
    fn the_published_convolutional_network_has_its_parameters() {
        let mut experiment = preset("glyphs-reptile-5w1s").unwrap().experiment();
        // 4 · (3 · 64) for biases, scales and shifts; 64 · 9 + 3 · 64 · 64 · 9 filters; a head of 256 · 5 + 5.
        assert_eq!(experiment.parameters(), 768 + 576 + 110_592 + 1285);
        experiment.model.pooling = Pooling::Mean;
        assert_eq!(experiment.parameters(), 768 + 576 + 110_592 + 325);
    }

    #[test]
    fn only_published_protocols_of_characters_are_heavy() {
        for preset in presets() {
            let experiment = preset.experiment();
            let published = preset.name.starts_with("glyphs") && !preset.name.contains("light");
            assert!(published || !experiment.is_heavy(), "{}", preset.name);
        }
    }

    #[test]
    fn a_head_that_is_made_is_no_parameter_and_costs_a_single_gradient() {
        let mut experiment = preset("glyphs-light-maml-5w1s").unwrap().experiment();
        let (maml, work) = (experiment.parameters(), experiment.work());
        experiment.learner.kind = LearnerKind::Prototypical;
        // 16 filters at 2 × 2 places, 5 ways.
        assert_eq!(experiment.parameters(), maml - (64 * 5 + 5) + 1);
        assert!(experiment.work() < 0.7 * work);
        experiment.learner.kind = LearnerKind::Siamese;
        assert_eq!(experiment.parameters(), maml - (64 * 5 + 5) + 65);
        experiment.task.train_ways = 20;
        assert_eq!(experiment.examples(), (20, 60));
    }

    #[test]
    fn a_quadratic_has_as_many_parameters_as_dimensions_and_one_step_of_scratch_costs_a_gradient() {
        let mut experiment = Experiment::default();
        (experiment.task.family, experiment.learner.kind) = (Family::Quadratic, LearnerKind::Scratch);
        assert_eq!((experiment.parameters(), experiment.examples()), (10, (10, 10)));
        // Wθ is 200 FLOP; a gradient takes three of it, and the judgement one.
        assert_eq!(experiment.work(), 25.0 * 4.0 * 200.0);
    }

    /// 20 units: 22 · 80 + 40 · 80 + 20 multiplications a coordinate and step, two FLOP each, three times for a gradient.
    #[test]
    fn an_lstm_optimizer_costs_its_memory_for_every_coordinate_and_step() {
        let mut experiment = Experiment::default();
        (experiment.task.family, experiment.learner.kind) = (Family::Quadratic, LearnerKind::LstmOptimizer);
        (experiment.learner.inner_steps, experiment.outer.meta_batch) = (100, 1);
        assert_eq!(experiment.work(), 100.0 * (6.0 * 200.0 + 6.0 * 10.0 * 4980.0));
        let one = experiment.task_memory();
        experiment.learner.unroll = 40;
        assert!((1.9..2.0).contains(&(experiment.task_memory() / one)), "twice the steps hold twice as much");
    }

    #[test]
    fn a_large_network_over_many_tasks_is_heavy() {
        let mut experiment = Experiment::default();
        experiment.model.hidden = vec![256; 6];
        experiment.outer.meta_batch = 64;
        assert!(experiment.is_heavy());
    }

    #[test]
    fn many_evaluation_steps_of_a_large_network_are_heavy() {
        let mut experiment = Experiment::default();
        experiment.model.hidden = vec![256; 6];
        experiment.learner.kind = LearnerKind::Scratch;
        experiment.learner.inner_steps = 0;
        experiment.learner.eval_steps = 100;
        experiment.task.shots = 10;
        assert!(experiment.work() < HEAVY_WORK && experiment.is_heavy());
    }
}
