//! Each learner pinned to its definition.

use crate::{
    diff::Params,
    experiment::{Activation, Experiment, InnerOptimizer, LearnerKind, LearnerSpec},
    model::{Batch, Mlp, Network, Targets},
    task::{Purpose, Stream},
};

use super::{testing::*, *};

fn total(losses: &Tensor<1>) -> f64 {
    pollster::block_on(losses.to_data_async()).unwrap().iter::<f64>().sum()
}

fn build(kind: LearnerKind, sizes: &[usize], lr: f64) -> Box<dyn Learner> {
    let spec = LearnerSpec { kind, inner_lr: lr, ..Experiment::default().learner };
    learner(&spec, Network::Mlp(Mlp::from_sizes(sizes.to_vec(), Activation::Tanh)))
}

/// Random examples: `tasks` tasks of `examples` points each.
fn batch(index: u64, tasks: usize, examples: usize) -> Batch {
    let mut stream = Stream::new(7, Purpose::Test, index);
    let mut draw = || (0..tasks * examples).map(|_| stream.normal()).collect::<Vec<_>>();
    let (x, y) = (draw(), draw());
    points(place().tensor(&x, [tasks, examples, 1]), place().tensor(&y, [tasks, examples, 1]))
}

fn points(x: Tensor<3>, y: Tensor<3>) -> Batch {
    Batch { x, targets: Targets::Numbers(y), reference: None }
}

fn tasks() -> Tasks {
    Tasks { support: batch(0, 3, 4), query: batch(1, 3, 5), base: None }
}

fn meta(learner: &dyn Learner) -> Params {
    place().params(&learner.layout(), &learner.init(11))
}

fn meta_gradient(kind: LearnerKind, sizes: &[usize], inner: InnerLoop) -> Vec<f64> {
    let learner = build(kind, sizes, inner.lr);
    let meta = meta(learner.as_ref());
    numbers(&learner.meta_gradient(&meta, &tasks(), inner).gradient.0)
}

const INNER: InnerLoop =
    InnerLoop { lr: 0.1, steps: 2, batch: 0, optimizer: InnerOptimizer::Sgd, meta_step: 0, first_task: 0 };

/// The mean query loss after adaptation, as a function of every meta-parameter, differentiated numerically.
fn finite_difference(kind: LearnerKind) -> (Vec<f64>, Vec<f64>) {
    finite_difference_with(kind, INNER)
}

fn finite_difference_with(kind: LearnerKind, inner: InnerLoop) -> (Vec<f64>, Vec<f64>) {
    let learner = build(kind, &[1, 3, 2, 1], inner.lr);
    let layout = learner.layout();
    let start = learner.init(11);
    let expected =
        differences(&layout, &start, |meta| mean(&learner.meta_gradient(meta, &tasks(), inner).after.losses));
    let meta = place().params(&layout, &start);
    (numbers(&learner.meta_gradient(&meta, &tasks(), inner).gradient.0), expected)
}

#[test]
fn mamls_meta_gradient_is_the_derivative_of_the_adapted_query_loss() {
    let (found, expected) = finite_difference(LearnerKind::Maml);
    assert_near(&found, &expected, 1e-8);
}

#[test]
fn the_meta_gradient_goes_back_through_the_mini_batch_of_each_step() {
    // Three of four points a step: the second step goes round to the first two.
    let (found, expected) = finite_difference_with(LearnerKind::Maml, InnerLoop { batch: 3, ..INNER });
    assert_near(&found, &expected, 1e-8);
    let whole = meta_gradient(LearnerKind::Maml, &[1, 3, 2, 1], INNER);
    assert!(found.iter().zip(&whole).any(|(a, b)| (a - b).abs() > 1e-3), "mini-batches make a difference");
}

#[test]
fn mamls_meta_gradient_goes_through_a_normalised_classifier_without_transduction() {
    let (network, tasks) = normalized();
    let learner = learner(&Experiment::default().learner, network);
    let (layout, start) = (learner.layout(), learner.init(3));
    let at = |meta: &Params| learner.meta_gradient(meta, &tasks, InnerLoop::new(0.3, 2));
    let found = numbers(&at(&place().params(&layout, &start)).gradient.0);
    let expected = differences(&layout, &start, |meta| mean(&at(meta).after.losses));
    assert_near(&found, &expected, 1e-8);
    // Every layer but the bias that the normalisation takes away has a gradient.
    assert_eq!(layout[1].name, "layer0.bias");
    let bias = layout[0].len()..layout[0].len() + layout[1].len();
    assert!(found.iter().enumerate().all(|(i, g)| (g.abs() < 1e-12) == bias.contains(&i)), "{found:?}");
}

#[test]
fn adams_first_inner_step_is_the_sign_of_the_gradient() {
    // With β₁ = 0 and a corrected second moment, ĝ = g / |g|.
    let learner = build(LearnerKind::Reptile, &[1, 3, 1], 0.1);
    let meta = meta(learner.as_ref());
    let inner = InnerLoop { optimizer: InnerOptimizer::Adam, steps: 1, ..INNER };
    let end = learner.adapt(&meta, &tasks().support, inner).end().clone();
    let moved = numbers(&meta.repeat(3).plus(-1.0, &end).0);
    assert!(moved.iter().all(|step| (step.abs() - 0.1).abs() < 1e-6), "{moved:?}");
}

#[test]
fn meta_sgds_meta_gradient_covers_parameters_and_rates() {
    let (found, expected) = finite_difference(LearnerKind::MetaSgd);
    assert_near(&found, &expected, 1e-8);
}

#[test]
fn anils_meta_gradient_covers_the_body_through_the_heads_inner_loop() {
    let (found, expected) = finite_difference(LearnerKind::Anil);
    assert_near(&found, &expected, 1e-8);
}

#[test]
fn fomaml_is_not_the_derivative_once_it_takes_an_inner_step() {
    let (found, expected) = finite_difference(LearnerKind::Fomaml);
    assert!(found.iter().zip(&expected).any(|(a, b)| (a - b).abs() > 1e-3), "second order terms are not dropped");
}

#[test]
fn one_step_of_maml_on_a_linear_model_has_its_closed_form() {
    // f(x) = wx + b with one support point (x, y) = (2, 1) and one query point (3, −1); α = 0.1, w = 0.5, b = 0.
    // r = wx + b − y = 0; so g = 2r(x, 1) = 0 and θ_1 = θ_0. Query residual s = 1.5 + 1 = 2.5, v_1 = 2s(3, 1) = (15, 5).
    // H = 2(x, 1)(x, 1)ᵀ = [[8, 4], [4, 2]]; v_0 = v_1 − α H v_1 = (15 − 14, 5 − 7) = (1, −2).
    let place = place();
    let learner = build(LearnerKind::Maml, &[1, 1], 0.1);
    let one = |x: f64, y: f64| points(place.tensor(&[x], [1, 1, 1]), place.tensor(&[y], [1, 1, 1]));
    let tasks = Tasks { support: one(2.0, 1.0), query: one(3.0, -1.0), base: None };
    let meta = place.params(&learner.layout(), &[vec![0.5], vec![0.0]]);
    let found = learner.meta_gradient(&meta, &tasks, InnerLoop::new(0.1, 1));
    assert_near(&numbers(&found.gradient.0), &[1.0, -2.0], 1e-12);
    assert!((total(&found.after.losses) - 6.25).abs() < 1e-12);
}

#[test]
fn meta_sgd_with_equal_rates_is_maml() {
    let maml = meta_gradient(LearnerKind::Maml, &[1, 3, 1], INNER);
    let meta_sgd = meta_gradient(LearnerKind::MetaSgd, &[1, 3, 1], INNER);
    assert_near(&meta_sgd[..maml.len()], &maml, 1e-12);
}

#[test]
fn anil_on_a_network_that_is_all_head_is_maml() {
    let maml = meta_gradient(LearnerKind::Maml, &[1, 1], INNER);
    assert_near(&meta_gradient(LearnerKind::Anil, &[1, 1], INNER), &maml, 1e-12);
}

#[test]
fn without_inner_steps_maml_fomaml_and_anil_are_the_gradient_of_the_query_loss() {
    let still = InnerLoop::new(0.1, 0);
    let maml = meta_gradient(LearnerKind::Maml, &[1, 3, 1], still);
    assert_near(&meta_gradient(LearnerKind::Fomaml, &[1, 3, 1], still), &maml, 1e-12);
    assert_near(&meta_gradient(LearnerKind::Anil, &[1, 3, 1], still), &maml, 1e-12);
}

#[test]
fn reptile_points_from_the_fast_weights_back_to_the_meta_parameters() {
    let learner = build(LearnerKind::Reptile, &[1, 3, 1], 0.1);
    let meta = meta(learner.as_ref());
    let tasks = tasks();
    let end = learner.adapt(&meta, &tasks.support, INNER).end().mean();
    let expected: Vec<f64> = numbers(&meta.0).iter().zip(numbers(&end.0)).map(|(theta, phi)| theta - phi).collect();
    assert_near(&numbers(&learner.meta_gradient(&meta, &tasks, INNER).gradient.0), &expected, 1e-12);
    assert!(expected.iter().any(|difference| difference.abs() > 1e-3));
}

#[test]
fn anil_moves_its_head_and_nothing_else() {
    let learner = build(LearnerKind::Anil, &[1, 3, 1], 0.1);
    let meta = meta(learner.as_ref());
    let end = learner.adapt(&meta, &tasks().support, INNER);
    let (start, end) = (meta.repeat(3), end.end().clone());
    assert_eq!(numbers(&start.0[..2]), numbers(&end.0[..2]));
    assert_ne!(numbers(&start.0[2..]), numbers(&end.0[2..]));
}

#[test]
fn scratch_learns_nothing_outside_and_the_oracle_nothing_inside() {
    assert!(meta_gradient(LearnerKind::Scratch, &[1, 3, 1], INNER).iter().all(|&g| g == 0.0));
    let oracle = build(LearnerKind::Oracle, &[1, 3, 1], 0.1);
    let meta = meta(oracle.as_ref());
    let path = oracle.adapt(&meta, &tasks().support, INNER);
    assert_eq!(path.params.len(), 3);
    assert_eq!(numbers(&path.end().0), numbers(&meta.repeat(3).0));
}

#[test]
fn the_pretrained_gradient_is_that_of_all_points_together() {
    // Equally many points in both sets, so the joint loss is the mean of the two and so is its gradient.
    let tasks = Tasks { support: batch(0, 3, 4), query: batch(1, 3, 4), base: None };
    let gradient_on = |support: &Batch, query: &Batch| {
        let maml = build(LearnerKind::Maml, &[1, 3, 1], 0.1);
        let tasks = Tasks { support: support.clone(), query: query.clone(), base: None };
        numbers(&maml.meta_gradient(&meta(maml.as_ref()), &tasks, InnerLoop::new(0.1, 0)).gradient.0)
    };
    let on_support = gradient_on(&tasks.query, &tasks.support);
    let on_query = gradient_on(&tasks.support, &tasks.query);
    let mean: Vec<f64> = on_support.iter().zip(&on_query).map(|(a, b)| (a + b) / 2.0).collect();
    for kind in [LearnerKind::Pretrained, LearnerKind::LinearProbe] {
        let pretrained = build(kind, &[1, 3, 1], 0.1);
        let found = pretrained.meta_gradient(&meta(pretrained.as_ref()), &tasks, INNER);
        assert_near(&numbers(&found.gradient.0), &mean, 1e-12);
    }
}

#[test]
fn a_task_is_adapted_the_same_alone_and_in_a_batch() {
    let learner = build(LearnerKind::Maml, &[1, 3, 1], 0.1);
    let meta = meta(learner.as_ref());
    let all = batch(0, 3, 4);
    let Targets::Numbers(y) = &all.targets else { panic!("numbers") };
    let alone = points(all.x.clone().slice([1..2]), y.clone().slice([1..2]));
    let together = learner.adapt(&meta, &all, INNER);
    let single = learner.adapt(&meta, &alone, INNER);
    let second: Vec<Tensor<3>> = together.end().0.iter().map(|tensor| tensor.clone().slice([1..2])).collect();
    assert_near(&numbers(&second), &numbers(&single.end().0), 1e-14);
}
