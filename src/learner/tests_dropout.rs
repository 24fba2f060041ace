//! Thinned networks: what a mask means, and that derivatives through fixed masks stay exact, in float64.

use crate::{
    diff::{Params, hessian_vector},
    experiment::{Activation, Experiment, LearnerKind, LearnerSpec},
    model::{Batch, Conv4, Mlp, Network, Targets},
    task::{PIXELS, Purpose, Stream},
};

use super::{testing::*, *};

/// Dropout of one half on three tasks, every task with a mask of its own: 0 or 2.
fn masks(network: &Network) -> Vec<Tensor<3>> {
    let mut stream = Stream::new(5, Purpose::Test, 0);
    let mask = |width: usize| {
        let factors: Vec<f64> = (0..3 * width).map(|_| 2.0 * stream.below(2) as f64).collect();
        assert!(factors.contains(&0.0) && factors.contains(&2.0));
        place().tensor(&factors, [3, 1, width])
    };
    network.hidden_widths().into_iter().map(mask).collect()
}

/// Three tasks of `examples` points.
fn points(index: u64, examples: usize) -> Batch {
    let mut stream = Stream::new(7, Purpose::Test, index);
    let mut draw = || place().tensor(&(0..3 * examples).map(|_| stream.normal()).collect::<Vec<_>>(), [3, examples, 1]);
    Batch { x: draw(), targets: Targets::Numbers(draw()), reference: None }
}

/// Three tasks of `rounds` drawings of each of two classes, which are noise.
fn drawings(index: u64, rounds: usize) -> Batch {
    let mut stream = Stream::new(9, Purpose::Test, index);
    let x: Vec<f64> = (0..3 * 2 * rounds * PIXELS).map(|_| stream.normal()).collect();
    let y = [1.0, 0.0, 0.0, 1.0].repeat(3 * rounds);
    let targets = Targets::Classes(place().tensor(&y, [3, 2 * rounds, 2]));
    Batch { x: place().tensor(&x, [3, 2 * rounds, PIXELS]), targets, reference: None }
}

/// Parameters off their start, the same for all three tasks, by entry.
fn somewhere(network: &Network) -> Vec<Vec<f64>> {
    let mut stream = Stream::new(2, Purpose::Test, 9);
    let moved = |values: Vec<f64>| values.into_iter().map(|value| value + 0.05 * stream.normal()).collect();
    network.init(11).into_iter().map(moved).collect()
}

/// A hidden unit acts through the weights that leave it alone, so that a mask is a factor on those: of the next layer's
/// row of an MLP, and of a filter's channel or the head's four rows behind a convolution.
#[test]
fn a_thinned_network_is_the_network_whose_outgoing_weights_have_the_factor() {
    let mlp = Network::Mlp(Mlp::from_sizes(vec![1, 4, 3, 1], Activation::Tanh));
    let conv4 = Network::Conv4(Conv4::flat(8, 2));
    for (network, batch) in [(mlp, points(0, 4)), (conv4, drawings(0, 2))] {
        let masks = masks(&network);
        let layout = network.layout();
        let weights: Vec<usize> = (0..layout.len()).filter(|&i| layout[i].decays()).collect();
        for task in 0..3 {
            let mut values = somewhere(&network);
            let plain = place().params(&layout, &values).repeat(3);
            let thinned = network.thinned(masks.clone());
            let found = read(&TaskLoss { network: &thinned, batch: &batch }.predict::<Plain>(&plain.0));
            for (&entry, mask) in weights[1..].iter().zip(&masks) {
                let factors = numbers(&[mask.clone().slice([task..task + 1])]);
                let shape = &layout[entry].shape;
                for (i, value) in values[entry].iter_mut().enumerate() {
                    let unit = match shape[..] {
                        [_, channels, ..] if shape.len() == 4 => i / 9 % channels,
                        [rows, columns] => i / columns * factors.len() / rows,
                        _ => panic!("a weight has two or four axes"),
                    };
                    *value *= factors[unit];
                }
            }
            let scaled = place().params(&layout, &values).repeat(3);
            let expected = read(&TaskLoss { network: &network, batch: &batch }.predict::<Plain>(&scaled.0));
            let width = found.len() / 3;
            let own = task * width..(task + 1) * width;
            assert_near(&found[own.clone()], &expected[own], 1e-9);
        }
    }
}

#[test]
fn masks_of_ones_change_nothing_at_all() {
    let network = Network::Mlp(Mlp::from_sizes(vec![1, 4, 3, 1], Activation::Relu));
    let ones = masks(&network).iter().map(Tensor::ones_like).collect();
    let (thinned, batch) = (network.thinned(ones), points(0, 4));
    let params = place().params(&network.layout(), &somewhere(&network)).repeat(3);
    let of = |network: &Network| read(&TaskLoss { network, batch: &batch }.predict::<Plain>(&params.0));
    assert_eq!(of(&thinned), of(&network));
}

/// Two inner steps on the same masks, and the same masks on the query set: the derivative is that of one function.
#[test]
fn the_second_order_gradient_is_the_derivative_of_the_masked_query_loss_after_masked_steps() {
    let network = Network::Mlp(Mlp::from_sizes(vec![1, 4, 3, 1], Activation::Tanh));
    let thinned = network.thinned(masks(&network));
    let tasks = Tasks { support: points(0, 4), query: points(1, 5), base: None };
    let inner = InnerLoop::new(0.02, 2);
    for kind in [LearnerKind::Maml, LearnerKind::Anil, LearnerKind::MetaSgd, LearnerKind::Cavia, LearnerKind::MamlPp] {
        let spec = LearnerSpec { kind, inner_lr: 0.02, inner_steps: 2, context: 2, ..Experiment::default().learner };
        let of = |network: &Network| learner(&spec, network.clone());
        let (learner, whole) = (of(&thinned), of(&network));
        let (layout, values) = (learner.layout(), learner.init(11));
        let after = |meta: &Params| mean(&learner.meta_gradient(meta, &tasks, inner).after.losses);
        let expected = differences(&layout, &values, after);
        let meta = place().params(&layout, &values);
        let found = numbers(&learner.meta_gradient(&meta, &tasks, inner).gradient.0);
        // The loss curves most along learned rates, where the differences themselves are off by more.
        assert_near(&found, &expected, if kind.learns_rates() { 1e-6 } else { 1e-8 });
        let other = numbers(&whole.meta_gradient(&meta, &tasks, inner).gradient.0);
        assert!(found.iter().zip(&other).any(|(a, b)| (a - b).abs() > 1e-3), "{kind:?}: the masks act");
    }
}

#[test]
fn a_head_that_is_made_sees_masked_features_of_both_sets() {
    let network = Network::Mlp(Mlp::from_sizes(vec![1, 4, 3, 1], Activation::Tanh));
    let spec = LearnerSpec { kind: LearnerKind::Ridge, ..Experiment::default().learner };
    let ridge = learner(&spec, network.thinned(masks(&network)));
    let tasks = Tasks { support: points(0, 4), query: points(1, 5), base: None };
    let (layout, values) = (ridge.layout(), ridge.init(11));
    let inner = InnerLoop::new(0.1, 1);
    let expected = differences(&layout, &values, |meta| mean(&ridge.meta_gradient(meta, &tasks, inner).after.losses));
    let found = ridge.meta_gradient(&place().params(&layout, &values), &tasks, inner);
    assert_near(&numbers(&found.gradient.0), &expected, 1e-7);
}

/// Central differences of the gradient along one direction, through masks, normalisations and rectifiers.
#[test]
fn a_hessian_vector_product_of_a_thinned_conv4_is_the_difference_of_its_gradients() {
    let conv4 = Network::Conv4(Conv4::flat(8, 2));
    let (thinned, batch) = (conv4.thinned(masks(&conv4)), drawings(1, 2));
    let loss = TaskLoss { network: &thinned, batch: &batch };
    let start = place().params(&conv4.layout(), &somewhere(&conv4)).repeat(3);
    let mut stream = Stream::new(3, Purpose::Test, 1);
    let direction = Params(
        (start.0.iter())
            .map(|tensor| {
                let count = tensor.dims().iter().product::<usize>();
                place().tensor(&(0..count).map(|_| stream.normal()).collect::<Vec<_>>(), tensor.dims())
            })
            .collect(),
    );
    let along: Vec<_> = direction.0.iter().cloned().map(Some).collect();
    let found = numbers(&hessian_vector(&loss, &start, &along).0);
    // So short that no rectifier turns on or off on the way.
    let h = 1e-7;
    let slope = |by: f64| gradient(&loss, &start.plus(by, &direction)).gradient;
    let expected = numbers(&slope(h).plus(-1.0, &slope(-h)).map(|difference| difference / (2.0 * h)).0);
    let scale = expected.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    assert_near(&found, &expected, 1e-5 * scale);
}
