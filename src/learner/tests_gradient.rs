//! CAVIA, iMAML, BOIL and MAML++ pinned to their definitions, in float64.

use crate::{
    diff::Params,
    experiment::{Activation, Experiment, LearnerKind, LearnerSpec},
    model::{Batch, Conv4, Mlp, Network, Targets},
    task::{PIXELS, Purpose, Stream},
};

use super::{testing::*, *};

/// Two inner steps.
fn two_steps(lr: f64) -> InnerLoop {
    InnerLoop::new(lr, 2)
}

fn spec(kind: LearnerKind) -> LearnerSpec {
    LearnerSpec { kind, inner_lr: 0.1, inner_steps: 2, context: 2, ..Experiment::default().learner }
}

fn mlp(sizes: &[usize]) -> Network {
    Network::Mlp(Mlp::from_sizes(sizes.to_vec(), Activation::Tanh))
}

fn build(kind: LearnerKind, sizes: &[usize]) -> Box<dyn Learner> {
    learner(&spec(kind), mlp(sizes))
}

fn start(learner: &dyn Learner) -> Params {
    place().params(&learner.layout(), &learner.init(11))
}

/// Points of three tasks.
fn batch(index: u64, examples: usize) -> Batch {
    let mut stream = Stream::new(7, Purpose::Test, index);
    let mut draw = || place().tensor(&(0..3 * examples).map(|_| stream.normal()).collect::<Vec<_>>(), [3, examples, 1]);
    Batch { x: draw(), targets: Targets::Numbers(draw()), reference: None }
}

fn points() -> Tasks {
    Tasks { support: batch(0, 4), query: batch(1, 5), base: None }
}

/// Meta-parameters moved off their start, so that those that start equal or at zero differ too.
fn somewhere(learner: &dyn Learner) -> Vec<Vec<f64>> {
    let mut stream = Stream::new(2, Purpose::Test, 9);
    let moved = |values: Vec<f64>| values.into_iter().map(|value| value + 0.05 * stream.normal()).collect();
    learner.init(11).into_iter().map(moved).collect()
}

/// The meta-gradient somewhere, and central differences of `objective`, the mean over tasks of what it should be the
/// derivative of.
fn both(
    learner: &dyn Learner,
    tasks: &Tasks,
    inner: InnerLoop,
    objective: impl Fn(&Params) -> f64,
) -> (Vec<f64>, Vec<f64>) {
    let (layout, values) = (learner.layout(), somewhere(learner));
    let expected = differences(&layout, &values, objective);
    let found = learner.meta_gradient(&place().params(&layout, &values), tasks, inner);
    (numbers(&found.gradient.0), expected)
}

/// The query loss after the last inner step.
fn after(learner: &dyn Learner, tasks: &Tasks, inner: InnerLoop) -> impl Fn(&Params) -> f64 {
    move |meta| mean(&learner.meta_gradient(meta, tasks, inner).after.losses)
}

#[test]
fn cavias_meta_gradient_is_the_derivative_of_the_query_loss_under_the_adapted_context() {
    let (cavia, tasks) = (build(LearnerKind::Cavia, &[1, 3, 2, 1]), points());
    let (cavia, inner) = (cavia.as_ref(), two_steps(1.0));
    let (found, expected) = both(cavia, &tasks, inner, after(cavia, &tasks, inner));
    assert_near(&found, &expected, 1e-8);
    assert!(found.iter().all(|g| g.abs() > 1e-9), "the weights of the context learn too: {found:?}");
}

#[test]
fn cavias_meta_gradient_goes_through_the_scale_and_shift_of_a_normalised_layer() {
    let (network, tasks) = normalized();
    let cavia = learner(&spec(LearnerKind::Cavia), network);
    let (cavia, inner) = (cavia.as_ref(), two_steps(1.0));
    let (found, expected) = both(cavia, &tasks, inner, after(cavia, &tasks, inner));
    assert_near(&found, &expected, 1e-8);
    // Scale and shift of three channels from two numbers.
    assert_eq!(cavia.layout().last().unwrap().shape, [2, 6]);
}

#[test]
fn cavia_without_inner_steps_has_the_joint_gradient_of_all_tasks() {
    // φ stays zero: every task is judged by the same network, and nothing is known of what a context would do.
    let (tasks, still) = (points(), InnerLoop::new(1.0, 0));
    let (cavia, maml) = (build(LearnerKind::Cavia, &[1, 3, 1]), build(LearnerKind::Maml, &[1, 3, 1]));
    let joint = numbers(&maml.meta_gradient(&start(maml.as_ref()), &tasks, still).gradient.0);
    let found = numbers(&cavia.meta_gradient(&start(cavia.as_ref()), &tasks, still).gradient.0);
    assert_near(&found[..joint.len()], &joint, 1e-12);
    assert!(found[joint.len()..].iter().all(|&g| g == 0.0));
}

#[test]
fn one_step_of_cavia_on_a_linear_model_has_its_closed_form() {
    // f(x) = wx + b + uφ, a network whose first inputs are x and one φ. Support (2, 1), w = 1, b = 0, u = 3: residual
    // 1, ∂L/∂φ = 2 · 1 · 3 = 6, φ_1 = −0.1 · 6 = −0.6, and u φ_1 = −1.8 moves the bias.
    let spec = LearnerSpec { context: 1, ..spec(LearnerKind::Cavia) };
    let cavia = learner(&spec, mlp(&[1, 1]));
    let meta = place().params(&cavia.layout(), &[vec![1.0], vec![0.0], vec![3.0]]);
    let one = |value: f64| place().tensor(&[value], [1, 1, 1]);
    let support = Batch { x: one(2.0), targets: Targets::Numbers(one(1.0)), reference: None };
    let path = cavia.adapt(&meta, &support, InnerLoop::new(0.1, 1));
    assert_near(&numbers(&path.end().0), &[1.0, -1.8], 1e-12);
    // Query (0, 0): L = (b + uφ_1)², φ_1 = −0.2 u (2w + b − 1). dL/dw = 2 · (−1.8) · u · (−0.4 u) = 12.96,
    // dL/db = 2 · (−1.8) · (1 − 0.2 u²) = 2.88, dL/du = 2 · (−1.8) · (−0.4 u) = 4.32.
    let query = Batch { x: one(0.0), targets: Targets::Numbers(one(0.0)), reference: None };
    let found = cavia.meta_gradient(&meta, &Tasks { support, query, base: None }, InnerLoop::new(0.1, 1));
    assert_near(&numbers(&found.gradient.0), &[12.96, 2.88, 4.32], 1e-12);
}

#[test]
fn the_context_of_a_convolutional_network_moves_its_third_scale_and_shift_and_nothing_else() {
    let cavia = learner(&spec(LearnerKind::Cavia), Network::Conv4(Conv4::flat(2, 2)));
    let mut stream = Stream::new(3, Purpose::Test, 0);
    let x: Vec<f64> = (0..2 * PIXELS).map(|_| stream.normal()).collect();
    let targets = Targets::Classes(place().tensor(&[1.0, 0.0, 0.0, 1.0], [1, 2, 2]));
    let support = Batch { x: place().tensor(&x, [1, 2, PIXELS]), targets, reference: None };
    let path = cavia.adapt(&start(cavia.as_ref()), &support, InnerLoop::new(1.0, 1));
    let moved = |(i, entry): (usize, &Entry)| {
        let same = numbers(&path.params[0].0[i..=i]) == numbers(&path.params[1].0[i..=i]);
        (!same).then(|| entry.name.clone())
    };
    let moved: Vec<_> = cavia.network().layout().iter().enumerate().filter_map(moved).collect();
    assert_eq!(moved, ["norm2.gamma", "norm2.beta"]);
}

/// Means over points of x², x, 1, xy and y, of which all of a linear regression is made.
fn moments(batch: &Batch, task: usize) -> ([[f64; 2]; 2], [f64; 2]) {
    let Targets::Numbers(y) = &batch.targets else { panic!("numbers") };
    let examples = batch.examples();
    let of =
        |tensor: &Tensor<3>| numbers(std::slice::from_ref(tensor))[task * examples..(task + 1) * examples].to_vec();
    let (x, y) = (of(&batch.x), of(y));
    let mean = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(&y).map(|(&x, &y)| f(x, y)).sum::<f64>() / examples as f64;
    let (xx, x1) = (mean(&|x, _| x * x), mean(&|x, _| x));
    // L(w, b) = ½ (w, b) H (w, b)ᵀ − c (w, b)ᵀ + const.
    ([[2.0 * xx, 2.0 * x1], [2.0 * x1, 2.0]], [2.0 * mean(&|x, y| x * y), 2.0 * mean(&|_, y| y)])
}

/// (H + λI)⁻¹ v.
fn damped([[a, b], [_, d]]: [[f64; 2]; 2], lambda: f64, [v, w]: [f64; 2]) -> [f64; 2] {
    let (a, d) = (a + lambda, d + lambda);
    let determinant = a * d - b * b;
    [(d * v - b * w) / determinant, (a * w - b * v) / determinant]
}

fn imaml(sizes: &[usize], regularization: f64, cg_steps: u32) -> Box<dyn Learner> {
    let spec = LearnerSpec { regularization, cg_steps, ..spec(LearnerKind::Imaml) };
    learner(&spec, mlp(sizes))
}

#[test]
fn imaml_of_a_quadratic_is_the_exact_implicit_gradient() {
    // On a linear model the regularised loss has its minimum where (H + λI) φ = c + λθ, the meta-gradient is
    // (I + H/λ)⁻¹ ∇L_query(φ), and conjugate gradients are exact after as many steps as there are parameters.
    let (tasks, lambda, theta) = (points(), 2.0, [0.5, -0.3]);
    let mut expected = [0.0; 2];
    for task in 0..3 {
        let (hessian, c) = moments(&tasks.support, task);
        let phi = damped(hessian, lambda, [c[0] + lambda * theta[0], c[1] + lambda * theta[1]]);
        let (h, c) = moments(&tasks.query, task);
        let slope = [0, 1].map(|i| h[i][0] * phi[0] + h[i][1] * phi[1] - c[i]);
        let solved = damped(hessian, lambda, slope);
        (0..2).for_each(|i| expected[i] += lambda * solved[i] / 3.0);
    }
    let found = |cg_steps| {
        let imaml = imaml(&[1, 1], lambda, cg_steps);
        let meta = place().params(&imaml.layout(), &[vec![theta[0]], vec![theta[1]]]);
        numbers(&imaml.meta_gradient(&meta, &tasks, InnerLoop::new(0.1, 400)).gradient.0)
    };
    assert_near(&found(2), &expected, 1e-9);
    // Further steps have nothing left to do; one alone is not enough.
    assert_near(&found(5), &expected, 1e-9);
    assert!(found(1).iter().zip(expected).any(|(a, b)| (a - b).abs() > 1e-3));
}

#[test]
fn imamls_meta_gradient_is_the_derivative_of_the_query_loss_at_a_minimum() {
    // A strong pull makes a single minimum, and 200 steps that each leave at most 0.6 of the way reach it.
    let (imaml, tasks, inner) = (imaml(&[1, 2, 1], 4.0, 20), points(), InnerLoop::new(0.1, 200));
    let imaml = imaml.as_ref();
    let (found, expected) = both(imaml, &tasks, inner, after(imaml, &tasks, inner));
    assert_near(&found, &expected, 1e-7);
}

#[test]
fn a_pull_without_end_makes_imaml_the_gradient_at_its_start() {
    let (tasks, maml) = (points(), build(LearnerKind::Maml, &[1, 3, 1]));
    let still = maml.meta_gradient(&start(maml.as_ref()), &tasks, InnerLoop::new(0.1, 0)).gradient;
    let distance = |lambda: f64| {
        let imaml = imaml(&[1, 3, 1], lambda, 5);
        let found = imaml.meta_gradient(&start(imaml.as_ref()), &tasks, InnerLoop::new(0.5 / lambda, 20)).gradient;
        numbers(&found.plus(-1.0, &still).0).iter().map(|d| d * d).sum::<f64>().sqrt()
    };
    let (near, far) = (distance(1e6), distance(1e3));
    assert!(near < 1e-4, "{near}");
    // What is left of the difference falls as 1/λ.
    assert!((far / near / 1e3 - 1.0).abs() < 0.1, "{far} {near}");
}

#[test]
fn imaml_stays_finite_where_the_loss_curves_down() {
    // Hardly any pull and no step at all: the Hessian at random weights has directions of either sign.
    let imaml = imaml(&[1, 5, 5, 1], 0.01, 20);
    let found = imaml.meta_gradient(&start(imaml.as_ref()), &points(), InnerLoop::new(0.1, 0)).gradient;
    assert!(numbers(&found.0).iter().all(|g| g.is_finite() && g.abs() < 1e3), "{:?}", numbers(&found.0));
}

#[test]
fn boils_meta_gradient_covers_the_head_beside_the_bodys_inner_loop() {
    let (boil, tasks) = (build(LearnerKind::Boil, &[1, 3, 2, 1]), points());
    let boil = boil.as_ref();
    let (found, expected) = both(boil, &tasks, two_steps(0.1), after(boil, &tasks, two_steps(0.1)));
    assert_near(&found, &expected, 1e-8);
}

#[test]
fn boil_moves_its_body_and_nothing_else() {
    let boil = build(LearnerKind::Boil, &[1, 3, 1]);
    let meta = start(boil.as_ref());
    let end = boil.adapt(&meta, &points().support, two_steps(0.1)).end().clone();
    let begin = meta.repeat(3);
    assert_ne!(numbers(&begin.0[..2]), numbers(&end.0[..2]));
    assert_eq!(numbers(&begin.0[2..]), numbers(&end.0[2..]));
}

#[test]
fn boil_on_a_network_that_is_all_head_does_not_adapt() {
    let (boil, maml) = (build(LearnerKind::Boil, &[1, 1]), build(LearnerKind::Maml, &[1, 1]));
    let meta = start(boil.as_ref());
    let adapted = boil.meta_gradient(&meta, &points(), two_steps(0.1)).gradient;
    let still = maml.meta_gradient(&meta, &points(), InnerLoop::new(0.1, 0)).gradient;
    assert_near(&numbers(&adapted.0), &numbers(&still.0), 1e-12);
}

/// MAML++ over two steps, annealed over so many meta-steps.
fn maml_pp(network: Network, multi_step: u32, first_order: u32) -> Box<dyn Learner> {
    learner(&LearnerSpec { multi_step, first_order, ..spec(LearnerKind::MamlPp) }, network)
}

/// Σ_k w_k L_query(θ_k), the mean over tasks.
fn weighted<'a>(
    learner: &'a dyn Learner,
    tasks: &'a Tasks,
    inner: InnerLoop,
    weights: [f64; 3],
) -> impl Fn(&Params) -> f64 + 'a {
    move |meta| {
        let path = learner.adapt(meta, &tasks.support, inner);
        let loss = |params: &Params| {
            let query = TaskLoss { network: learner.network(), batch: &tasks.query };
            mean(&crate::diff::gradient(&query, params).losses)
        };
        path.params.iter().zip(weights).map(|(params, weight)| weight * loss(params)).sum()
    }
}

#[test]
fn maml_pps_meta_gradient_covers_parameters_and_rates_under_the_loss_of_several_steps() {
    // A quarter of the annealing is done: of the first step's half three quarters are left.
    let (learner, tasks) = (maml_pp(mlp(&[1, 3, 2, 1]), 4, 0), points());
    let (learner, inner) = (learner.as_ref(), InnerLoop { meta_step: 1, ..two_steps(0.1) });
    let (found, expected) = both(learner, &tasks, inner, weighted(learner, &tasks, inner, [0.0, 0.375, 0.625]));
    assert_near(&found, &expected, 1e-8);
    let names: Vec<_> = learner.layout()[6..].iter().map(|entry| entry.name.clone()).collect();
    let rates = ["rate.layer0.0", "rate.layer1.0", "rate.layer2.0", "rate.layer0.1", "rate.layer1.1", "rate.layer2.1"];
    assert_eq!(names, rates);
    assert!(found[found.len() - 6..].iter().all(|g| g.abs() > 1e-6), "every rate learns");
}

#[test]
fn maml_pps_meta_gradient_covers_the_scale_and_shift_of_every_step() {
    let (network, tasks) = normalized();
    let learner = maml_pp(network, 4, 0);
    let (learner, inner) = (learner.as_ref(), InnerLoop { meta_step: 3, ..two_steps(0.1) });
    let (found, expected) = both(learner, &tasks, inner, weighted(learner, &tasks, inner, [0.0, 0.125, 0.875]));
    assert_near(&found, &expected, 1e-8);
    // Three points, each with a scale and a shift of three channels, all of which learn.
    let layout = learner.layout();
    let norms: Vec<_> = layout.iter().filter(|entry| entry.name.starts_with("norm0")).collect();
    let names: Vec<_> = norms.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["norm0.gamma", "norm0.beta", "norm0.gamma.1", "norm0.beta.1", "norm0.gamma.2", "norm0.beta.2"]);
    let mut first = 0;
    for entry in &layout {
        let part = &found[first..first + entry.len()];
        first += entry.len();
        assert!(!entry.name.starts_with("norm0") || part.iter().all(|g| g.abs() > 1e-9), "{} {part:?}", entry.name);
    }
}

#[test]
fn maml_pp_with_equal_rates_and_the_last_loss_alone_is_maml() {
    let (maml, pp) = (build(LearnerKind::Maml, &[1, 3, 1]), maml_pp(mlp(&[1, 3, 1]), 0, 0));
    let expected = maml.meta_gradient(&start(maml.as_ref()), &points(), two_steps(0.1));
    let found = pp.meta_gradient(&start(pp.as_ref()), &points(), two_steps(0.1));
    let expected = numbers(&expected.gradient.0);
    assert_near(&numbers(&found.gradient.0)[..expected.len()], &expected, 1e-12);
    // Once its annealing is over, too.
    let annealed = maml_pp(mlp(&[1, 3, 1]), 10, 10);
    let late = InnerLoop { meta_step: 10, ..two_steps(0.1) };
    let found = annealed.meta_gradient(&start(annealed.as_ref()), &points(), late);
    assert_near(&numbers(&found.gradient.0)[..expected.len()], &expected, 1e-12);
}

#[test]
fn maml_pp_is_first_order_until_it_has_taken_so_many_meta_steps() {
    let (fomaml, pp) = (build(LearnerKind::Fomaml, &[1, 3, 1]), maml_pp(mlp(&[1, 3, 1]), 0, 10));
    let early = InnerLoop { meta_step: 9, ..two_steps(0.1) };
    let expected = numbers(&fomaml.meta_gradient(&start(fomaml.as_ref()), &points(), early).gradient.0);
    let found = numbers(&pp.meta_gradient(&start(pp.as_ref()), &points(), early).gradient.0);
    assert_near(&found[..expected.len()], &expected, 1e-12);
    assert!(found[expected.len()..].iter().all(|g| g.abs() > 1e-6), "rates learn without second derivatives");
}

#[test]
fn maml_pp_goes_on_with_its_last_rates_where_there_are_more_steps_than_it_learned() {
    let (maml, pp) = (build(LearnerKind::Maml, &[1, 3, 1]), maml_pp(mlp(&[1, 3, 1]), 0, 0));
    // Whatever the rate that evaluation asks for: it has its own, 0.1.
    let found = pp.adapt(&start(pp.as_ref()), &points().support, InnerLoop::new(0.7, 4));
    let expected = maml.adapt(&start(maml.as_ref()), &points().support, InnerLoop::new(0.1, 4));
    assert_eq!(found.params.len(), 5);
    assert_near(&numbers(&found.end().0), &numbers(&expected.end().0), 1e-14);
}
