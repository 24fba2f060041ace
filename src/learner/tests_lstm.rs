//! The LSTM and the optimiser made of it, pinned to their definitions in float64.

use crate::{
    experiment::{Activation, Experiment, Init, LearnerKind, LearnerSpec},
    learner::{learner, testing::*},
    model::{Coordinates, Mlp, Network, Targets},
    task::{DIMENSIONS, Purpose, Quadratic, Stream, quadratic},
};

use super::*;

/// Two units a layer are enough for every number of φ to matter.
const UNITS: usize = 2;

fn optimizer(network: Network, unroll: usize) -> LstmOptimizer {
    LstmOptimizer::new(network, UNITS, unroll)
}

fn coordinates() -> Network {
    Network::Coordinates(Coordinates { count: DIMENSIONS, init: Init::Lecun })
}

/// W and y as a batch of as many tasks as there are quadratics.
fn batch(all: &[Quadratic]) -> Batch {
    let gather = |pick: fn(&Quadratic) -> &Vec<f64>| all.iter().flat_map(|q| pick(q).clone()).collect::<Vec<f64>>();
    Batch {
        x: place().tensor(&gather(|q| &q.matrix), [all.len(), DIMENSIONS, DIMENSIONS]),
        targets: Targets::Sums(place().tensor(&gather(|q| &q.target), [all.len(), DIMENSIONS, 1])),
        reference: None,
    }
}

fn quadratics(count: u64) -> Vec<Quadratic> {
    (0..count).map(|index| quadratic(5, Purpose::Test, index)).collect()
}

/// φ, and where each of `tasks` tasks starts.
fn meta(optimizer: &LstmOptimizer, tasks: u32) -> Params {
    let phi = place().params(&optimizer.layout(), &optimizer.init(11));
    let layout = optimizer.network.layout();
    let starts: Vec<Params> =
        (0..tasks).map(|task| place().params(&layout, &optimizer.network.init(100 + task))).collect();
    Params(phi.0.into_iter().chain(Params::stack(&starts).0).collect())
}

/// One unit a layer. Layer 0 has i = 3/4, f = 1/2, o = 1/4 and g = tanh(x + 2h); layer 1 has gates that open with what
/// comes in. The numbers were made by hand with the equations of the module.
#[test]
fn two_steps_of_the_memory_give_known_answers() {
    let third = 3f64.ln();
    let lstm = Lstm { inputs: 1, units: 1 };
    let values = [
        vec![0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0],
        vec![third, 0.0, -third, 0.0],
        vec![4.0, 0.0, 0.0, 8.0, 0.0, 4.0, 0.0, 0.0],
        vec![0.0, third, 0.0, 0.5],
        vec![2.0],
        vec![0.5],
    ];
    let phi = place().params(&lstm.layout(), &values).0;
    let row = |x: f64| place().tensor(&[x], [1, 1]);
    let (first, memory) = lstm.step(&phi, row(1.0), lstm.empty(&row(1.0)));
    let (second, memory) = lstm.step(&phi, row(-0.5), memory);
    assert_near(&[read(&first), read(&second)].concat(), &[1.015_677_742_501, 1.182_086_759_461], 1e-9);
    let held: Vec<f64> = memory.0.iter().flat_map(|(h, c)| [read(h), read(c)].concat()).collect();
    let expected = [0.026_807_452_255, 0.107_643_652_279, 0.341_043_379_731, 0.833_005_951_636];
    assert_near(&held, &expected, 1e-9);
}

#[test]
fn a_memory_starts_empty_and_open_to_what_it_holds() {
    let lstm = Lstm { inputs: 2, units: 3 };
    let init = lstm.init(1);
    assert_eq!(init[1], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!((init[3].clone(), init[5].clone()), (init[1].clone(), vec![0.0]));
    let sizes: Vec<usize> = lstm.layout().iter().map(Entry::len).collect();
    assert_eq!(sizes, init.iter().map(Vec::len).collect::<Vec<_>>());
    let empty = lstm.empty(&place().tensor(&[1.0; 8], [4, 2]));
    assert!(empty.0.iter().all(|(h, c)| read(h) == [0.0; 12] && read(c) == [0.0; 12]));
}

#[test]
fn gradients_are_told_by_logarithm_and_sign_or_by_their_size() {
    let least = (-10f64).exp();
    let told = |gradient: f64| read(&log_and_sign(place().tensor(&[gradient], [1, 1])));
    for (gradient, expected) in [
        (1.0, [0.0, 1.0]),
        (-2f64.exp(), [0.2, -1.0]),
        (least, [-1.0, 1.0]),
        (-0.5 * least, [-1.0, -0.5]),
        (0.0, [-1.0, 0.0]),
    ] {
        assert_near(&told(gradient), &expected, 1e-12);
    }
}

#[test]
fn the_loss_and_the_gradient_of_a_quadratic_are_those_of_its_formula() {
    let all = quadratics(2);
    let theta: Vec<Vec<f64>> = (0..2).map(|seed| coordinates().init(seed)[0].clone()).collect();
    let (mut losses, mut gradients) = (Vec::new(), Vec::new());
    for (Quadratic { matrix, target }, theta) in all.iter().zip(&theta) {
        let row = |i: usize| &matrix[DIMENSIONS * i..DIMENSIONS * (i + 1)];
        let errors: Vec<f64> =
            (0..DIMENSIONS).map(|i| row(i).iter().zip(theta).map(|(w, t)| w * t).sum::<f64>() - target[i]).collect();
        losses.push(errors.iter().map(|error| error * error).sum::<f64>());
        gradients.extend((0..DIMENSIONS).map(|j| 2.0 * (0..DIMENSIONS).map(|i| row(i)[j] * errors[i]).sum::<f64>()));
    }
    let at = Params(vec![place().tensor(&theta.concat(), [2, DIMENSIONS, 1])]);
    let found = gradient(&TaskLoss { network: &coordinates(), batch: &batch(&all) }, &at);
    assert_near(&read(&found.losses), &losses, 1e-10);
    assert_near(&numbers(&found.gradient.0), &gradients, 1e-10);
}

/// Where W is diagonal every coordinate goes its own way: θ_k = θ* + (1 − 2αw²)ᵏ (θ_0 − θ*) with θ* = y/w.
#[test]
fn gradient_descent_on_a_diagonal_quadratic_follows_its_closed_form() {
    let (rate, steps) = (0.05, 7);
    let w: Vec<f64> = (0..DIMENSIONS).map(|i| 0.5 + 0.3 * i as f64).collect();
    let y: Vec<f64> = (0..DIMENSIONS).map(|i| i as f64 - 4.0).collect();
    let mut matrix = vec![0.0; DIMENSIONS * DIMENSIONS];
    (0..DIMENSIONS).for_each(|i| matrix[i * DIMENSIONS + i] = w[i]);
    let spec = LearnerSpec { kind: LearnerKind::Scratch, ..Experiment::default().learner };
    let scratch = learner(&spec, coordinates());
    let start = scratch.init(3);
    let path = scratch.adapt(
        &place().params(&scratch.layout(), &start),
        &batch(&[Quadratic { matrix, target: y.clone() }]),
        InnerLoop::new(rate, steps),
    );
    let expected: Vec<f64> = (0..DIMENSIONS)
        .map(|i| y[i] / w[i] + (1.0 - 2.0 * rate * w[i] * w[i]).powi(steps as i32) * (start[0][i] - y[i] / w[i]))
        .collect();
    assert_near(&numbers(&path.end().0), &expected, 1e-10);
}

/// Coordinates are told apart by nothing but their gradients and memories.
#[test]
fn coordinates_in_another_order_take_the_same_steps_in_that_order() {
    let optimizer = optimizer(coordinates(), 3);
    let Quadratic { matrix, target } = quadratic(5, Purpose::Test, 0);
    let order = |values: &[f64]| -> Vec<f64> {
        values.chunks(DIMENSIONS).flat_map(|row| (0..DIMENSIONS).map(|i| row[(3 * i + 1) % DIMENSIONS])).collect()
    };
    let turned = Quadratic { matrix: order(&matrix), target: target.clone() };
    let plain = meta(&optimizer, 1);
    let mut other = plain.clone();
    let start = other.0.len() - 1;
    other.0[start] = place().tensor(&order(&read(&plain.0[start])), [1, DIMENSIONS, 1]);
    let end = |meta: &Params, task: Quadratic| {
        numbers(&optimizer.adapt(meta, &batch(&[task]), InnerLoop::new(0.1, 5)).end().0)
    };
    let expected = order(&end(&plain, Quadratic { matrix, target }));
    assert_near(&end(&other, turned), &expected, 1e-10);
}

/// Each coordinate of every task has a memory of its own: a task's path does not depend on its neighbours.
#[test]
fn a_task_takes_the_same_steps_alone_and_among_others() {
    let optimizer = optimizer(coordinates(), 3);
    let all = quadratics(3);
    let meta = meta(&optimizer, 3);
    let inner = InnerLoop::new(0.1, 4);
    let together = numbers(&optimizer.adapt(&meta, &batch(&all), inner).end().0);
    for (task, own) in together.chunks(DIMENSIONS).enumerate() {
        let mut alone = meta.clone();
        let start = alone.0.len() - 1;
        alone.0[start] = alone.0[start].clone().narrow(0, task, 1);
        assert_near(&numbers(&optimizer.adapt(&alone, &batch(&all[task..=task]), inner).end().0), own, 1e-10);
    }
}

/// The first step of an empty memory: an output of weight zero and bias 1 moves every number by the inner rate.
#[test]
fn an_update_is_what_the_memory_says_times_the_inner_rate() {
    let optimizer = optimizer(coordinates(), 1);
    let mut meta = meta(&optimizer, 1);
    meta.0[4] = meta.0[4].zeros_like();
    meta.0[5] = meta.0[5].ones_like();
    let path = optimizer.adapt(&meta, &batch(&quadratics(1)), InnerLoop::new(0.1, 3));
    let expected: Vec<f64> = numbers(&path.params[0].0).iter().map(|theta| theta + 0.3).collect();
    assert_near(&numbers(&path.end().0), &expected, 1e-12);
}

/// Σ over tasks' means of f(θ_t) for t of the segment from `first`, as a function of φ alone: gradients come to the LSTM
/// as they came on `path`, and the segment starts from what that and `memory` are there.
fn replayed(
    optimizer: &LstmOptimizer,
    phi: &Params,
    query: &Batch,
    (path, memory, inner): (&Path, Option<Memory>, InnerLoop),
    steps: std::ops::Range<usize>,
) -> (f64, Option<Memory>) {
    let (mut here, mut memory, mut sum) = (path.params[steps.start].clone(), memory, 0.0);
    for step in steps {
        let slope = &path.gradients[step].gradient;
        let (next, _, after) = optimizer.step(&phi.0, (&here, slope), memory, inner.lr);
        (here, memory) = (next, Some(after));
        sum += mean(&optimizer.judge(&here, query).losses);
    }
    (sum, memory)
}

fn assert_truncated_gradient(optimizer: &LstmOptimizer, tasks: &Tasks, inner: InnerLoop) {
    let meta = meta(optimizer, tasks.support.tasks() as u32);
    let found = optimizer.meta_gradient(&meta, tasks, inner);
    let path = optimizer.adapt(&meta, &tasks.support, inner);
    let (phi, _) = optimizer.split(&meta, tasks.support.tasks());
    let (layout, start) = (optimizer.layout(), optimizer.init(11));
    let mut expected = vec![0.0; numbers(&phi.0).len()];
    let mut memory = None;
    for first in (0..inner.steps).step_by(optimizer.unroll) {
        let steps = first..inner.steps.min(first + optimizer.unroll);
        let objective =
            |phi: &Params| replayed(optimizer, phi, &tasks.query, (&path, memory.clone(), inner), steps.clone()).0;
        let of_segment = differences(&layout, &start, objective);
        expected.iter_mut().zip(of_segment).for_each(|(sum, part)| *sum += part);
        memory = replayed(optimizer, &phi, &tasks.query, (&path, memory, inner), steps).1;
    }
    assert_near(&numbers(&found.gradient.0), &expected, 1e-6);
    assert!(expected.iter().all(|number| number.abs() > 1e-9), "every number of φ has a derivative");
    assert_near(&read(&found.after.losses), &read(&optimizer.judge(path.end(), &tasks.query).losses), 1e-10);
    assert_near(&read(&found.before.losses), &read(&path.gradients[0].losses), 1e-10);
}

/// Five steps in segments of two, two and one, and in a single one.
#[test]
fn the_meta_gradient_is_that_of_the_truncated_sum_of_losses() {
    let all = batch(&quadratics(2));
    let tasks = Tasks { support: all.clone(), query: all, base: None };
    for unroll in [1, 2, 5, 20] {
        assert_truncated_gradient(&optimizer(coordinates(), unroll), &tasks, InnerLoop::new(0.1, 5));
    }
}

/// A network's entries differ in shape, and its query set is another than its support set.
#[test]
fn the_meta_gradient_of_training_a_network_judges_it_on_the_query_set() {
    let network = Network::Mlp(Mlp::from_sizes(vec![1, 3, 1], Activation::Tanh));
    let mut stream = Stream::new(7, Purpose::Test, 0);
    let mut draw = || place().tensor(&(0..8).map(|_| stream.normal()).collect::<Vec<_>>(), [2, 4, 1]);
    let mut set = || Batch { x: draw(), targets: Targets::Numbers(draw()), reference: None };
    let tasks = Tasks { support: set(), query: set(), base: None };
    assert_truncated_gradient(&optimizer(network, 2), &tasks, InnerLoop::new(0.1, 3));
}

/// Where the loss is a plane its gradient is the same everywhere, nothing is left out, and the untruncated meta-gradient
/// is the derivative of the whole path: of Σ_t ⟨∇, θ_t⟩, as a plane's loss is that and a constant.
#[test]
fn without_truncation_and_on_a_plane_nothing_is_left_out() {
    // (wθ − y)² with w about 10⁻⁶ and y = 10⁶ is y² − 2ywθ, and wθ squared is lost.
    let matrix: Vec<f64> = (0..DIMENSIONS * DIMENSIONS).map(|i| (((i * 7) % 11) as f64 - 4.0) * 1e-7).collect();
    let all = batch(&[Quadratic { matrix, target: vec![1e6; DIMENSIONS] }]);
    let tasks = Tasks { support: all.clone(), query: all, base: None };
    let (optimizer, inner) = (optimizer(coordinates(), 9), InnerLoop::new(0.1, 4));
    let start = meta(&optimizer, 1);
    let found = optimizer.meta_gradient(&start, &tasks, inner).gradient;
    let slope = numbers(&optimizer.adapt(&start, &tasks.support, inner).gradients[0].gradient.0);
    let sum = |phi: &Params| -> f64 {
        let whole = Params(phi.0.iter().chain(&start.0[optimizer.own..]).cloned().collect());
        let path = optimizer.adapt(&whole, &tasks.support, inner);
        let along = |theta: &Params| numbers(&theta.0).iter().zip(&slope).map(|(t, g)| t * g).sum::<f64>();
        path.params[1..].iter().map(along).sum()
    };
    assert_near(&numbers(&found.0), &differences(&optimizer.layout(), &optimizer.init(11), sum), 1e-5);
}
