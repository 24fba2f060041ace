//! Conditional neural processes (Garnelo, Rosenbaum, Maddison, Ramalho, Saxton, Shanahan, Teh, Rezende, Eslami 2018, eq. 1
//! to 4), for regression.
//!
//! Inside: every support point becomes a representation r_i = h(x_i, y_i), and what is known of the task is their mean r,
//! the same in whatever order they come. A prediction is a normal distribution (μ, σ) = g(x, r). Nothing is descended and
//! nothing solved: a further point moves a mean. So the state after k steps has seen the first k support points, and before
//! the first r is zero, which training gives the meaning "nothing seen yet".
//!
//! Outside: h and g, by the mean of −ln N(y; μ, σ) over the points of both sets, of which N are seen (eq. 4). The paper
//! draws N at random; here the tasks of a meta-step take their turns through 0 … all of the support set, which is the same
//! on average and with less noise. As in the published code σ = 0.1 + 0.9 softplus, so that no density grows without bound,
//! and the last layer of h is linear; both networks have the hidden layers of `model.hidden`, and r is as wide as the last.
//!
//! Cost: a gradient on both sets through h and g, and a forward pass to report; adapting is one forward pass of h over
//! the support set, and memory holds one r for each state.
//!
//! What it reports of itself is the mean squared error of μ, as every learner of regression does.

use burn::tensor::{DType, Tensor, TensorData, activation::log_sigmoid};

use crate::{
    diff::{Gradient, Params, Plain, gradient_of},
    model::{Batch, Entry, Network},
};

use super::{Embeddings, InnerLoop, Judgement, Layer, Learner, MetaGradient, Path, Tasks, layers_of};

/// The least σ.
const LEAST_DEVIATION: f64 = 0.1;

pub(super) struct Cnp {
    /// h, from (x, y) to r.
    encoder: Network,
    /// g, from (x, r) to μ and what becomes σ.
    decoder: Network,
    /// Entries of the encoder's layout.
    entries: usize,
}

/// A normal distribution for each example, `[tasks, examples, 1]`.
struct Normal {
    mean: Tensor<3>,
    deviation: Tensor<3>,
}

impl Normal {
    /// −ln N(y; μ, σ) = ½ ln 2π + ln σ + (y − μ)² / 2σ², the mean over each task's examples, `[tasks]`.
    fn surprise(&self, y: Tensor<3>) -> Tensor<1> {
        let apart = (y - self.mean.clone()) / self.deviation.clone();
        let each = apart.clone() * apart * 0.5 + self.deviation.clone().log() + 0.5 * std::f64::consts::TAU.ln();
        let [tasks, examples, _] = each.dims();
        each.reshape([tasks, examples]).mean_dim(1).reshape([tasks])
    }
}

impl Cnp {
    /// Two networks with the hidden layers of `network`.
    pub fn new(network: &Network) -> Self {
        let width = network.body().outputs();
        let (encoder, decoder) = (network.between(2, width), network.between(1 + width, 2));
        Self { entries: encoder.layout().len(), encoder, decoder }
    }

    /// r_i of every example, `[tasks, examples, width]`.
    fn representations(&self, params: &[Tensor<3>], batch: &Batch) -> Tensor<3> {
        let [tasks, examples, _] = batch.x.dims();
        let pairs = Tensor::cat(vec![batch.x.clone(), batch.targets.tensor().clone()], 2);
        self.encoder.forward::<Plain>(&params[..self.entries], [tasks, examples], pairs, examples)
    }

    /// Predictions for the examples of `batch`, given r `[tasks, 1, width]`.
    fn distribution(&self, params: &[Tensor<3>], seen: Tensor<3>, batch: &Batch) -> Normal {
        let outputs = told(batch, &seen).through::<Plain>(&self.decoder, &params[self.entries..]);
        // softplus(s) = −ln σ(−s), which overflows nowhere.
        let softplus = -log_sigmoid(-outputs.clone().narrow(2, 1, 1));
        Normal { mean: outputs.narrow(2, 0, 1), deviation: softplus * (1.0 - LEAST_DEVIATION) + LEAST_DEVIATION }
    }

    /// A state in two parts: the networks, and r.
    fn of_state(&self, state: &Params, batch: &Batch) -> Option<Normal> {
        let (seen, params) = state.0.split_last()?;
        Some(self.distribution(params, seen.clone(), batch))
    }

    /// What training descends at `meta` (repeated for every task): the surprise at both sets of every task, of whose
    /// support points task t of meta-step s sees the first (t + s) mod (all + 1).
    fn losses(&self, meta: &[Tensor<3>], tasks: &Tasks, inner: InnerLoop) -> (Tensor<1>, Tensor<3>) {
        let all = self.representations(meta, &tasks.support);
        let seen = in_turn(&tasks.support, inner.meta_step as usize + inner.first_task as usize);
        let mean = (all * seen.clone()).sum_dim(1) / seen.sum_dim(1).clamp_min(1.0);
        let targets = tasks.support.join(&tasks.query);
        let found = self.distribution(meta, mean, &targets);
        (found.surprise(targets.targets.tensor().clone()), found.mean)
    }
}

/// The batch with r `[tasks, 1, width]` beside every input.
fn told(batch: &Batch, seen: &Tensor<3>) -> Batch {
    let x = Tensor::cat(vec![batch.x.clone(), seen.clone().repeat_dim(1, batch.examples())], 2);
    Batch { x, targets: batch.targets.clone(), reference: None }
}

/// The mean of the first `count` rows, `[tasks, 1, width]`; zero where there are none.
fn mean_of_first(rows: Tensor<3>, count: usize) -> Tensor<3> {
    if count == 0 { rows.narrow(1, 0, 1).zeros_like() } else { rows.narrow(1, 0, count).mean_dim(1) }
}

/// 1 for each support point that its task sees when the turn is at `turn`, 0 for the others, `[tasks, examples, 1]`.
fn in_turn(support: &Batch, turn: usize) -> Tensor<3> {
    let (tasks, examples) = (support.tasks(), support.examples());
    let known = |task: usize| (task + turn) % (examples + 1);
    let seen = (0..tasks).flat_map(|task| (0..examples).map(move |i| f32::from(u8::from(i < known(task)))));
    let data = TensorData::new(seen.collect::<Vec<f32>>(), [tasks, examples, 1]);
    Tensor::<3>::from_data(data, (&support.x.device(), DType::F32)).cast(support.x.dtype())
}

impl Learner for Cnp {
    fn network(&self) -> &Network {
        &self.encoder
    }

    fn layout(&self) -> Vec<Entry> {
        let named = |network: &Network, of: &str| {
            let entries = network.layout().into_iter();
            entries.map(|entry| Entry { name: format!("{of}.{}", entry.name), ..entry }).collect::<Vec<_>>()
        };
        [named(&self.encoder, "encoder"), named(&self.decoder, "decoder")].concat()
    }

    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        // Beyond every stream of the encoder's layers.
        [self.encoder.init(seed), self.decoder.init_from(seed, self.entries as u64)].concat()
    }

    /// The state at step k has seen the first k support points, or all of them if there are fewer.
    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        let meta = meta.repeat(support.tasks());
        let all = self.representations(&meta.0, support);
        let seen = (0..=inner.steps).map(|step| mean_of_first(all.clone(), step.min(support.examples())));
        let params = seen.map(|seen| Params(meta.0.iter().cloned().chain([seen]).collect())).collect();
        Path { params, gradients: Vec::new() }
    }

    fn predict(&self, state: &Params, batch: &Batch) -> Tensor<3> {
        self.of_state(state, batch).map_or_else(|| batch.x.zeros_like(), |found| found.mean)
    }

    fn deviation(&self, state: &Params, batch: &Batch) -> Option<Tensor<3>> {
        Some(self.of_state(state, batch)?.deviation)
    }

    fn slope(&self, _state: &Params, _support: &Batch) -> Option<Gradient> {
        None
    }

    /// Those of the decoder, which sees the support set through r.
    fn layers(&self) -> Vec<Layer> {
        let shifted =
            |layer: Layer| Layer { entries: layer.entries.iter().map(|entry| entry + self.entries).collect(), ..layer };
        layers_of(&self.decoder.layout()).into_iter().map(shifted).collect()
    }

    fn outputs(&self, state: &Params, batch: &Batch) -> Vec<Tensor<3>> {
        let Some((seen, params)) = state.0.split_last() else { return Vec::new() };
        told(batch, seen).through_layers(&self.decoder, &params[self.entries..])
    }

    fn embeddings(&self, state: &Params, tasks: &Tasks) -> Embeddings {
        let seen = &state.0[state.0.len() - 1];
        let [support, query] = [&tasks.support, &tasks.query].map(|set| told(set, seen));
        Embeddings::of_body(&self.decoder.body(), &state.0[self.entries..], &support, &query)
    }

    /// The surprise that training descends.
    fn objective(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Tensor<1> {
        self.losses(&meta.repeat(tasks.support.tasks()).0, tasks, inner).0
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let repeated = meta.repeat(tasks.support.tasks());
        let found = gradient_of(&repeated, |leaves| self.losses(leaves, tasks, inner));
        let all = self.representations(&repeated.0, &tasks.support);
        let judge = |known: usize, batch: &Batch| {
            Judgement::new(&self.distribution(&repeated.0, mean_of_first(all.clone(), known), batch).mean, batch)
        };
        MetaGradient {
            before: judge(0, &tasks.support),
            after: judge(tasks.support.examples(), &tasks.query),
            gradient: found.gradient.mean(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        experiment::Activation,
        learner::testing::{assert_near, differences, place, read},
        model::{Mlp, Targets},
        task::{Purpose, Stream},
    };

    /// One hidden layer of three: smooth, so that differences are exact.
    fn learner() -> Cnp {
        Cnp::new(&Network::Mlp(Mlp::from_sizes(vec![1, 3, 1], Activation::Tanh)))
    }

    fn meta() -> Params {
        place().params(&learner().layout(), &learner().init(3))
    }

    fn points(values: &[[f64; 2]], tasks: usize) -> Batch {
        let column = |i: usize| values.iter().map(|point| point[i]).collect::<Vec<_>>();
        let shape = [tasks, values.len() / tasks, 1];
        let targets = Targets::Numbers(place().tensor(&column(1), shape));
        Batch { x: place().tensor(&column(0), shape), targets, reference: None }
    }

    fn random(index: u64, tasks: usize, examples: usize) -> Batch {
        let mut stream = Stream::new(5, Purpose::Test, index);
        let values: Vec<_> = (0..tasks * examples).map(|_| [stream.normal(), stream.normal()]).collect();
        points(&values, tasks)
    }

    fn answers(learner: &Cnp, state: &Params, batch: &Batch) -> Vec<f64> {
        let found = [learner.predict(state, batch), learner.deviation(state, batch).unwrap()];
        found.iter().flat_map(read).collect()
    }

    #[test]
    fn surprise_is_that_of_the_normal_distribution() {
        // y = 2 under N(1, ½²): ½ ln 2π − ln 2 + 2. And y = μ = −1 under N(−1, 1): ½ ln 2π.
        let column = |values: [f64; 2]| place().tensor(&values, [1, 2, 1]);
        let normal = Normal { mean: column([1.0, -1.0]), deviation: column([0.5, 1.0]) };
        let half_log_tau = 0.918_938_533_204_672_7;
        let expected = half_log_tau + 0.5 * (2.0 - 2f64.ln());
        assert_near(&read(&normal.surprise(column([2.0, -1.0]))), &[expected], 1e-14);
    }

    #[test]
    fn the_deviation_is_a_softplus_over_a_tenth_and_stays_finite_in_float32() {
        let learner = learner();
        let mut values = learner.init(3);
        let last = values.len() - 1;
        let batch = points(&[[0.5, 0.0]], 1);
        let mut deviation = |place: crate::model::Place, bias: f64| {
            // Nothing but the bias reaches the outputs.
            values[last - 1].fill(0.0);
            values[last] = vec![0.0, bias];
            let meta = place.params(&learner.layout(), &values);
            let x = place.tensor(&[0.5], [1, 1, 1]);
            let batch = Batch { targets: Targets::Numbers(x.clone()), x, ..batch.clone() };
            let state = learner.adapt(&meta, &batch, InnerLoop::new(0.0, 0)).end().clone();
            read(&learner.deviation(&state, &batch).unwrap())[0]
        };
        assert!((deviation(place(), 0.7) - (0.1 + 0.9 * (1.0 + 0.7f64.exp()).ln())).abs() < 1e-14);
        let single = crate::model::Place::cpu;
        assert!((deviation(single(), -500.0) - 0.1).abs() < 1e-6);
        assert!((deviation(single(), 500.0) - 450.1).abs() < 1e-3);
    }

    #[test]
    fn neither_the_order_of_the_support_points_nor_each_of_them_twice_changes_anything() {
        let (learner, meta) = (learner(), meta());
        let values = [[0.1, 2.0], [-1.0, 0.5], [3.0, -2.0]];
        let [a, b, c] = values;
        let grid = points(&[[-2.0, 0.0], [0.0, 0.0], [2.0, 0.0]], 1);
        let end = |values: &[[f64; 2]]| {
            learner.adapt(&meta, &points(values, 1), InnerLoop::new(0.0, values.len())).end().clone()
        };
        let expected = answers(&learner, &end(&values), &grid);
        for same in [&[b, a, c][..], &[c, b, a], &[b, c, a], &[a, b, c, a, b, c]] {
            assert_near(&answers(&learner, &end(same), &grid), &expected, 1e-14);
        }
        assert_ne!(answers(&learner, &end(&[a, b, b]), &grid), expected);
    }

    #[test]
    fn after_k_steps_it_is_what_an_episode_of_k_shots_makes_of_it() {
        let (learner, meta) = (learner(), meta());
        let (support, grid) = (random(0, 2, 4), random(1, 2, 5));
        let path = learner.adapt(&meta, &support, InnerLoop::new(0.0, 6));
        assert_eq!(path.params.len(), 7);
        for (k, state) in path.params.iter().enumerate().skip(1) {
            let first = support.mini_batch(k, 0);
            let own = learner.adapt(&meta, &first, InnerLoop::new(0.0, k)).end().clone();
            assert_near(&answers(&learner, state, &grid), &answers(&learner, &own, &grid), 1e-15);
        }
        // Before the first, all tasks are the same, and r is zero.
        assert!(read(path.params[0].0.last().unwrap()).iter().all(|&r| r == 0.0));
    }

    #[test]
    fn the_meta_gradient_is_the_derivative_of_the_surprise_at_both_sets_with_0_to_all_points_seen() {
        let learner = learner();
        let tasks = Tasks { support: random(0, 4, 2), query: random(1, 4, 3), base: None };
        let targets = tasks.support.join(&tasks.query);
        let one = |batch: &Batch, task: usize| {
            let pick = |tensor: &Tensor<3>| tensor.clone().narrow(0, task, 1);
            Batch { x: pick(&batch.x), targets: Targets::Numbers(pick(batch.targets.tensor())), reference: None }
        };
        // Meta-step 1: of two support points the four tasks see 1, 2, 0 and 1.
        let expected = differences(&learner.layout(), &learner.init(3), |meta| {
            let each = [1, 2, 0, 1].iter().enumerate().map(|(task, &known)| {
                let state = learner.adapt(meta, &one(&tasks.support, task), InnerLoop::new(0.0, known)).end().clone();
                let targets = one(&targets, task);
                read(&learner.of_state(&state, &targets).unwrap().surprise(targets.targets.tensor().clone()))[0]
            });
            each.sum::<f64>() / 4.0
        });
        let inner = InnerLoop { meta_step: 1, ..InnerLoop::new(0.0, 0) };
        let found = learner.meta_gradient(&meta(), &tasks, inner);
        assert_near(&found.gradient.0.iter().flat_map(read).collect::<Vec<_>>(), &expected, 1e-8);
        assert!(expected.iter().filter(|slope| slope.abs() > 1e-6).count() > 20);
    }

    #[test]
    fn it_reports_squared_errors_with_nothing_seen_and_with_everything() {
        let (learner, meta) = (learner(), meta());
        let tasks = Tasks { support: random(0, 2, 3), query: random(1, 2, 4), base: None };
        let path = learner.adapt(&meta, &tasks.support, InnerLoop::new(0.0, 3));
        let found = learner.meta_gradient(&meta, &tasks, InnerLoop::new(0.0, 0));
        let judge = |state: &Params, batch: &Batch| read(&learner.judge(state, batch).losses);
        assert_near(&read(&found.before.losses), &judge(&path.params[0], &tasks.support), 1e-14);
        assert_near(&read(&found.after.losses), &judge(path.end(), &tasks.query), 1e-14);
    }
}
