//! Pretrained baselines and zero-shot classification, each pinned to its definition.

use crate::{
    diff::Params,
    experiment::{Activation, Experiment, LearnerKind, LearnerSpec},
    model::{Batch, Mlp, Network, Targets},
    task::{Purpose, Stream, glyph::ATTRIBUTES},
};

use super::{
    embedded::Head as _,
    testing::*,
    transfer::{Centroids, NearestCentroid},
    *,
};

const PRETRAINED: [LearnerKind; 3] = [LearnerKind::Pretrained, LearnerKind::LinearProbe, LearnerKind::NearestCentroid];

/// Base classes.
const BASE: usize = 5;

/// Two inputs, four features and a head for the base classes; smooth, so that differences are exact.
fn build(kind: LearnerKind) -> Box<dyn Learner> {
    let network = Network::Mlp(Mlp::from_sizes(vec![2, 3, 4, BASE], Activation::Tanh));
    learner(&LearnerSpec { kind, ..Experiment::default().learner }, network)
}

fn meta(learner: &dyn Learner) -> Params {
    place().params(&learner.layout(), &learner.init(11))
}

/// Two tasks of random examples, the classes in turn.
fn batch(index: u64, examples: usize, classes: usize) -> Batch {
    let mut stream = Stream::new(7, Purpose::Test, index);
    let x: Vec<f64> = (0..2 * examples * 2).map(|_| stream.normal()).collect();
    let y: Vec<f64> = (0..2 * examples)
        .flat_map(|i| (0..classes).map(move |class| f64::from(i % examples % classes == class)))
        .collect();
    let targets = Targets::Classes(place().tensor(&y, [2, examples, classes]));
    Batch { x: place().tensor(&x, [2, examples, 2]), targets, reference: None }
}

/// Three classes, of which the base classes know nothing.
fn tasks() -> Tasks {
    Tasks { support: batch(0, 6, 3), query: batch(1, 9, 3), base: Some(batch(2, 10, BASE)) }
}

fn inner(steps: usize) -> InnerLoop {
    InnerLoop::new(0.5, steps)
}

#[test]
fn the_gradient_of_pretraining_is_the_derivative_of_the_loss_on_base_classes() {
    let tasks = tasks();
    for kind in PRETRAINED {
        let learner = build(kind);
        let network = Network::Mlp(Mlp::from_sizes(vec![2, 3, 4, BASE], Activation::Tanh));
        let base = tasks.base.as_ref().unwrap();
        let expected = differences(&learner.layout(), &learner.init(11), |meta| {
            let predictions = TaskLoss { network: &network, batch: base }.predict::<Plain>(&meta.repeat(2).0);
            mean(&base.losses(predictions))
        });
        for steps in [0, 3] {
            let found = learner.meta_gradient(&meta(learner.as_ref()), &tasks, inner(steps));
            assert_near(&numbers(&found.gradient.0), &expected, 1e-8);
        }
    }
}

#[test]
fn the_figures_of_pretraining_are_those_of_adapting_to_the_tasks() {
    let tasks = tasks();
    for kind in PRETRAINED {
        let learner = build(kind);
        let meta = meta(learner.as_ref());
        let found = learner.meta_gradient(&meta, &tasks, inner(3));
        let path = learner.adapt(&meta, &tasks.support, inner(3));
        assert_near(&read(&found.before.losses), &[3f64.ln(); 2], 1e-14);
        assert_near(&read(&found.after.losses), &read(&learner.judge(path.end(), &tasks.query).losses), 1e-14);
    }
}

#[test]
fn a_new_task_begins_at_chance_and_is_learned_whatever_the_head_of_the_pretraining_was() {
    let tasks = tasks();
    for kind in PRETRAINED {
        let learner = build(kind);
        let mut values = learner.init(11);
        let answers = |values: &[Vec<f64>]| {
            let path = learner.adapt(&place().params(&learner.layout(), values), &tasks.support, inner(4));
            let first = learner.judge(&path.params[0], &tasks.query);
            assert_near(&read(&first.losses), &[3f64.ln(); 2], 1e-14);
            // Shares are counted in float32.
            assert_near(&read(&first.accuracy.unwrap()), &[1.0 / 3.0; 2], 1e-7);
            let last = read(&learner.judge(path.end(), &tasks.support).losses);
            // The nearest centroid of random features need not be the right one, and is sure of itself.
            let learned = last.iter().all(|loss| *loss < 3f64.ln() - 0.01);
            assert!(learned || kind == LearnerKind::NearestCentroid, "{kind:?}: {last:?}");
            read(&learner.predict(path.end(), &tasks.query))
        };
        let before = answers(&values);
        let count = values.len();
        values[count - 2..].iter_mut().flatten().for_each(|value| *value = 3.0 - *value);
        assert_eq!(before, answers(&values), "{kind:?}");
    }
}

#[test]
fn the_first_step_of_a_new_head_is_the_sum_of_features_by_how_surprising_their_class_is() {
    // Softmax is 1/3 everywhere at a head of zeros, so that −∇W = 1/n Σ f(x) (y − 1/3)ᵀ and −∇b its sum without f.
    let tasks = tasks();
    let Targets::Classes(classes) = &tasks.support.targets else { panic!("classes") };
    let surprise = (classes.clone() - 1.0 / 3.0) / 6.0;
    for kind in [LearnerKind::Pretrained, LearnerKind::LinearProbe] {
        let learner = build(kind);
        let meta = meta(learner.as_ref());
        let body = Params(meta.repeat(2).0[..4].to_vec());
        let features = tasks.support.through::<Plain>(learner.network(), &body.0);
        let path = learner.adapt(&meta, &tasks.support, inner(1));
        let [.., weight, bias] = &path.end().0[..] else { panic!("a head") };
        let expected = features.swap_dims(1, 2).matmul(surprise.clone()) * 0.5;
        assert_near(&read(weight), &read(&expected), 1e-14);
        assert_near(&read(bias), &read(&(surprise.clone().sum_dim(1) * 0.5)), 1e-14);
    }
}

#[test]
fn a_linear_probe_leaves_the_body_and_fine_tuning_does_not_from_its_second_step_on() {
    // A head of zeros passes nothing back, so that the first step moves the head alone in either.
    let tasks = tasks();
    let path = |kind| {
        let learner = build(kind);
        learner.adapt(&meta(learner.as_ref()), &tasks.support, inner(2))
    };
    let (fine, probe) = (path(LearnerKind::Pretrained), path(LearnerKind::LinearProbe));
    let body = |params: &Params| numbers(&params.0[..4]);
    assert_near(&numbers(&fine.params[1].0), &numbers(&probe.params[1].0), 1e-15);
    assert_eq!(body(&probe.params[2]), body(&probe.params[0]));
    let moved = body(&fine.params[2]).iter().zip(body(&fine.params[0])).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(moved > 1e-3, "{moved}");
}

#[test]
fn a_linear_probe_of_functions_descends_least_squares_in_its_features_from_the_head_of_the_pretraining() {
    let network = Network::Mlp(Mlp::from_sizes(vec![2, 3, 4, 1], Activation::Tanh));
    let spec = LearnerSpec { kind: LearnerKind::LinearProbe, ..Experiment::default().learner };
    let learner = learner(&spec, network.clone());
    assert_eq!(learner.network().layout().len(), 6, "the head that it was trained with included");
    let mut stream = Stream::new(7, Purpose::Test, 4);
    let y: Vec<f64> = (0..2 * 5).map(|_| stream.normal()).collect();
    let x = batch(5, 5, 1).x;
    let support = Batch { x, targets: Targets::Numbers(place().tensor(&y, [2, 5, 1])), reference: None };
    let path = learner.adapt(&meta(learner.as_ref()), &support, InnerLoop::new(0.1, 3));
    let start = &path.params[0];
    let features = read(&support.through::<Plain>(&network.body(), &start.0[..4]));
    let (mut weights, mut biases) = (read(&start.0[4]), read(&start.0[5]));
    for state in &path.params[1..] {
        assert_eq!(numbers(&state.0[..4]), numbers(&start.0[..4]), "the body stays");
        for task in 0..2 {
            let rows: Vec<&[f64]> = features[task * 20..(task + 1) * 20].chunks(4).collect();
            let weight = &mut weights[task * 4..(task + 1) * 4];
            let errors: Vec<f64> = rows
                .iter()
                .zip(&y[task * 5..])
                .map(|(row, y)| row.iter().zip(&*weight).map(|(f, w)| f * w).sum::<f64>() + biases[task] - y)
                .collect();
            for (i, weight) in weight.iter_mut().enumerate() {
                *weight -= 0.1 * 2.0 / 5.0 * rows.iter().zip(&errors).map(|(row, error)| row[i] * error).sum::<f64>();
            }
            biases[task] -= 0.1 * 2.0 / 5.0 * errors.iter().sum::<f64>();
        }
        assert_near(&read(&state.0[4]), &weights, 1e-14);
        assert_near(&read(&state.0[5]), &biases, 1e-14);
    }
}

#[test]
fn centroids_are_means_of_directions_and_the_nearer_one_is_more_probable() {
    // Support (3, 0), (0, 2) of class 0 and (0, 5) of class 1: centroids (½, ½) and (0, 1). The query (4, 3) has the
    // direction (0.8, 0.6), 0.09 + 0.01 and 0.64 + 0.16 away in squares, of which ten times the difference are log-odds.
    let place = place();
    let features = place.tensor(&[3.0, 0.0, 0.0, 2.0, 0.0, 5.0], [1, 3, 2]);
    let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1, 3, 2]));
    let head = Centroids { head: Vec::new() };
    let made = head.make(&[], features, &classes);
    assert_near(&read(&made[0]), &[0.5, 0.5, 0.0, 1.0], 1e-12);
    let logits = read(&head.answer(&[], &made, place.tensor(&[4.0, 3.0], [1, 1, 2])));
    assert!((logits[0] - logits[1] - 7.0).abs() < 1e-11, "{logits:?}");
}

#[test]
fn the_nearest_centroid_is_the_answer_of_a_network_and_takes_no_step() {
    let learner = NearestCentroid::new(Network::Mlp(Mlp::from_sizes(vec![2, 3, 4, BASE], Activation::Tanh)));
    let tasks = tasks();
    let meta = meta(&learner);
    let path = learner.adapt(&meta, &tasks.support, inner(2));
    assert!(learner.slope(path.end(), &tasks.support).is_none());
    assert_eq!(numbers(&path.params[1].0), numbers(&path.params[2].0));
    let through = |batch: &Batch| read(&batch.through::<Plain>(learner.network(), &meta.repeat(2).0));
    let direction = |features: &[f64]| {
        let length = features.iter().map(|f| f * f).sum::<f64>().sqrt();
        features.iter().map(|f| f / length).collect::<Vec<_>>()
    };
    let (support, query) = (through(&tasks.support), through(&tasks.query));
    let logits = read(&learner.predict(path.end(), &tasks.query));
    for task in 0..2 {
        let rows: Vec<Vec<f64>> = support[task * 24..(task + 1) * 24].chunks(4).map(direction).collect();
        let centroid = |class: usize| (0..4).map(|i| (rows[class][i] + rows[class + 3][i]) / 2.0).collect::<Vec<_>>();
        for (drawing, features) in query[task * 36..(task + 1) * 36].chunks(4).enumerate() {
            let z = direction(features);
            let away = |class: usize| z.iter().zip(centroid(class)).map(|(z, c)| (z - c).powi(2)).sum::<f64>();
            let found = &logits[(task * 9 + drawing) * 3..][..3];
            for class in 1..3 {
                let odds = 10.0 * (away(0) - away(class));
                assert!((found[class] - found[0] - odds).abs() < 1e-8, "{found:?}");
            }
        }
    }
}

/// Two tasks of three classes that are known by descriptions, one example a class.
fn described() -> Tasks {
    let mut stream = Stream::new(7, Purpose::Test, 3);
    let x: Vec<f64> = (0..2 * 3 * ATTRIBUTES).map(|_| stream.normal()).collect();
    let y = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0].repeat(2);
    let support = Batch {
        x: place().tensor(&x, [2, 3, ATTRIBUTES]),
        targets: Targets::Classes(place().tensor(&y, [2, 3, 3])),
        reference: None,
    };
    Tasks { support, query: batch(1, 9, 3), base: None }
}

#[test]
fn zero_shots_meta_gradient_is_the_derivative_of_the_query_loss() {
    let learner = build(LearnerKind::ZeroShot);
    let tasks = described();
    let expected = differences(&learner.layout(), &learner.init(11), |meta| {
        let path = learner.adapt(meta, &tasks.support, inner(1));
        mean(&learner.judge(path.end(), &tasks.query).losses)
    });
    let found = learner.meta_gradient(&meta(learner.as_ref()), &tasks, inner(1));
    assert_near(&numbers(&found.gradient.0), &expected, 1e-8);
    assert!(expected.iter().filter(|slope| slope.abs() > 1e-6).count() > 100, "both embeddings learn");
}

#[test]
fn a_described_class_is_the_likelier_the_nearer_its_prototype_of_length_one() {
    let learner = build(LearnerKind::ZeroShot);
    let tasks = described();
    let meta = meta(learner.as_ref());
    let path = learner.adapt(&meta, &tasks.support, inner(1));
    let [.., log_scale, prototypes] = &path.end().0[..] else { panic!("a state") };
    let prototypes = read(prototypes);
    for prototype in prototypes.chunks(4) {
        assert!((prototype.iter().map(|c| c * c).sum::<f64>() - 1.0).abs() < 1e-9);
    }
    let scale = read(log_scale)[0].exp();
    assert!((scale - 0.5).abs() < 1e-14, "one over the root of four features");
    let features = read(&tasks.query.through::<Plain>(learner.network(), &meta.repeat(2).0));
    let logits = read(&learner.predict(path.end(), &tasks.query));
    for (drawing, f) in features.chunks(4).enumerate() {
        let of = &prototypes[drawing / 9 * 12..][..12];
        let away = |class: usize| f.iter().zip(&of[class * 4..]).map(|(f, c)| (f * scale - c).powi(2)).sum::<f64>();
        let found = &logits[drawing * 3..][..3];
        for class in 1..3 {
            assert!((found[class] - found[0] - (away(0) - away(class))).abs() < 1e-12);
        }
    }
}

#[test]
fn before_their_descriptions_all_classes_are_equally_probable() {
    let learner = build(LearnerKind::ZeroShot);
    let tasks = described();
    let meta = meta(learner.as_ref());
    let path = learner.adapt(&meta, &tasks.support, inner(2));
    assert_eq!(path.params.len(), 3);
    assert_near(&read(&learner.judge(&path.params[0], &tasks.query).losses), &[3f64.ln(); 2], 1e-14);
    assert_eq!(numbers(&path.params[1].0), numbers(&path.params[2].0));
    let found = learner.meta_gradient(&meta, &tasks, inner(2));
    assert_near(&read(&found.before.losses), &[3f64.ln(); 2], 1e-14);
    assert_near(&read(&found.after.losses), &read(&learner.judge(path.end(), &tasks.query).losses), 1e-14);
}

#[test]
fn classes_described_in_another_order_are_predicted_in_that_order() {
    let learner = build(LearnerKind::ZeroShot);
    let tasks = described();
    let meta = meta(learner.as_ref());
    let answer = |support: &Batch| {
        let path = learner.adapt(&meta, support, inner(1));
        learner.predict(path.end(), &tasks.query)
    };
    let order = |tensor: Tensor<3>, axis: usize| {
        let of = |place| tensor.clone().narrow(axis, place, 1);
        Tensor::cat(vec![of(2), of(0), of(1)], axis)
    };
    let turned = Batch { x: order(tasks.support.x.clone(), 1), ..tasks.support.clone() };
    assert_near(&read(&answer(&turned)), &read(&order(answer(&tasks.support), 2)), 1e-14);
}
