//! Metric-based and closed-form learners, each pinned to its definition.

use crate::{
    diff::Params,
    experiment::{Activation, Experiment, LearnerKind, LearnerSpec},
    model::{Batch, Mlp, Network, Place, Targets},
    task::{Purpose, Stream},
};

use super::{
    embedded::{Embedded, Head},
    relation::Relation,
    siamese::Pairs,
    testing::*,
    *,
};

const OF_CLASSES: [LearnerKind; 6] = [
    LearnerKind::Prototypical,
    LearnerKind::Matching,
    LearnerKind::Siamese,
    LearnerKind::R2D2,
    LearnerKind::Relation,
    LearnerKind::MatchingFce,
];

/// Every learner that makes its head at once, and those of them whose training descends what they are judged by.
fn all() -> impl Iterator<Item = LearnerKind> {
    OF_CLASSES.into_iter().chain([LearnerKind::Ridge])
}

fn judged_as_trained() -> impl Iterator<Item = LearnerKind> {
    all().filter(|kind| !matches!(kind, LearnerKind::Siamese | LearnerKind::Relation))
}

/// Two inputs, a hidden layer, four features, and a head for those that keep it: smooth, so that differences are exact.
fn network() -> Network {
    Network::Mlp(Mlp::from_sizes(vec![2, 3, 4, 2], Activation::Tanh))
}

fn build(kind: LearnerKind) -> Box<dyn Learner> {
    learner(&LearnerSpec { kind, ..Experiment::default().learner }, network())
}

fn meta(learner: &dyn Learner) -> Params {
    place().params(&learner.layout(), &learner.init(11))
}

/// `tasks` tasks of `shots` random inputs of each of two classes, in turn, or with numbers as targets.
fn batch(kind: LearnerKind, index: u64, tasks: usize, shots: usize) -> Batch {
    let mut stream = Stream::new(7, Purpose::Test, index);
    let examples = 2 * shots;
    let x: Vec<f64> = (0..tasks * examples * 2).map(|_| stream.normal()).collect();
    let x = place().tensor(&x, [tasks, examples, 2]);
    let targets = if kind == LearnerKind::Ridge {
        let y: Vec<f64> = (0..tasks * examples).map(|_| stream.normal()).collect();
        Targets::Numbers(place().tensor(&y, [tasks, examples, 1]))
    } else {
        let y = [1.0, 0.0, 0.0, 1.0].repeat(tasks * shots);
        Targets::Classes(place().tensor(&y, [tasks, examples, 2]))
    };
    Batch { x, targets, reference: None }
}

/// One, two or four support examples a class: fewer and more than R2-D2's five equations.
fn tasks(kind: LearnerKind, shots: usize) -> Tasks {
    Tasks { support: batch(kind, 0, 3, shots), query: batch(kind, 1, 3, 2), base: None }
}

const STEPS: InnerLoop = InnerLoop {
    lr: 0.1,
    steps: 2,
    batch: 0,
    optimizer: crate::experiment::InnerOptimizer::Sgd,
    meta_step: 0,
    first_task: 0,
};

#[test]
fn the_meta_gradient_is_the_derivative_of_the_query_loss_after_adaptation() {
    for kind in judged_as_trained() {
        for shots in [1, 4] {
            let learner = build(kind);
            let tasks = tasks(kind, shots);
            let expected = differences(&learner.layout(), &learner.init(11), |meta| {
                let path = learner.adapt(meta, &tasks.support, STEPS);
                read(&learner.judge(path.end(), &tasks.query).losses).iter().sum::<f64>() / 3.0
            });
            let found = learner.meta_gradient(&meta(learner.as_ref()), &tasks, STEPS);
            assert_near(&numbers(&found.gradient.0), &expected, 1e-8);
            assert!(expected.iter().filter(|slope| slope.abs() > 1e-6).count() > 20, "{kind:?} learns something");
        }
    }
}

fn the_meta_gradient_is_the_derivative_of_the_learners_own_loss(kind: LearnerKind, head: impl Head) {
    let learner = Embedded::new(&network(), head);
    let tasks = tasks(kind, 2);
    let expected = differences(&learner.layout(), &learner.init(11), |meta| {
        let (losses, ..) = learner.losses(&meta.repeat(3).0, &tasks);
        read(&losses).iter().sum::<f64>() / 3.0
    });
    let found = learner.meta_gradient(&meta(&learner), &tasks, STEPS);
    assert_near(&numbers(&found.gradient.0), &expected, 1e-8);
    assert!(expected.iter().filter(|slope| slope.abs() > 1e-6).count() > 20, "{kind:?} learns something");
}

#[test]
fn siameses_meta_gradient_is_the_derivative_of_the_loss_of_its_pairs() {
    the_meta_gradient_is_the_derivative_of_the_learners_own_loss(LearnerKind::Siamese, Pairs);
}

#[test]
fn a_relation_networks_meta_gradient_is_the_derivative_of_the_squared_error_of_its_scores() {
    the_meta_gradient_is_the_derivative_of_the_learners_own_loss(LearnerKind::Relation, Relation);
}

/// Two features; of the relation module's units, the first compares feature 0 and the second sums both sides' feature 1.
fn relation() -> Vec<Tensor<3>> {
    let layout = Relation.layout(2);
    let mut values: Vec<Vec<f64>> = layout.iter().map(|entry| vec![0.0; entry.len()]).collect();
    let width = layout[1].len();
    // Rows: the class's features 0 and 1, then the query's.
    (values[0][0], values[0][2 * width]) = (-1.0, 1.0);
    (values[0][width + 1], values[0][3 * width + 1]) = (1.0, 1.0);
    values[1][1] = -4.0;
    (values[2][0], values[2][1], values[3][0]) = (-2.0, 0.5, 0.25);
    place().params(&layout, &values).0
}

#[test]
fn a_relation_score_is_a_networks_of_the_sum_of_a_class_and_of_the_query() {
    // Support (1, 0), (2, 1) of class 0: sum (3, 1); (0, 5) of class 1. The query (4, 2): units max(0, 4 − 3) and
    // max(0, 1 + 2 − 4) for class 0, and max(0, 4 − 0) and max(0, 5 + 2 − 4) for class 1.
    let place = place();
    let own = relation();
    let features = place.tensor(&[1.0, 0.0, 2.0, 1.0, 0.0, 5.0], [1, 3, 2]);
    let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1, 3, 2]));
    let made = Relation.make(&own, features, &classes);
    assert_near(&read(&made[0]), &[3.0, 1.0, 0.0, 5.0], 1e-15);
    let log_odds = Relation.answer(&own, &made, place.tensor(&[4.0, 2.0], [1, 1, 2]));
    assert_near(&read(&log_odds), &[-2.0 * 1.0 + 0.25, -2.0 * 4.0 + 0.5 * 3.0 + 0.25], 1e-14);
}

#[test]
fn relation_scores_are_trained_by_their_squared_error_and_classified_by_the_largest() {
    // Log-odds ln 3 and 0 are the scores ¾ and ½; of a query of class 0 the squares are 1/16 and 1/4.
    let place = place();
    let log_odds = place.tensor(&[3f64.ln(), 0.0], [1, 1, 2]);
    let class = place.tensor(&[1.0, 0.0], [1, 1, 2]);
    let query = Batch { x: class.clone(), targets: Targets::Classes(class), reference: None };
    let loss = Relation.loss(&[], &[], query.x.clone(), log_odds.clone(), &query);
    assert_near(&read(&loss), &[(1.0 / 16.0 + 1.0 / 4.0) / 2.0], 1e-15);
    // If exactly one class is the query's: ¾·½ of class 0 alone to ¼·½ of class 1 alone.
    assert_near(&read(&query.losses(log_odds)), &[(4.0f64 / 3.0).ln()], 1e-14);
}

#[test]
fn a_prototypical_network_is_the_linear_classifier_of_its_prototypes() {
    // Weights 2c and bias −‖c‖² (Snell et al. 2017, eq. 8), as the head of the whole network; its features are those of
    // the embedding but for their scale.
    let learner = build(LearnerKind::Prototypical);
    let tasks = tasks(LearnerKind::Prototypical, 2);
    let state = learner.adapt(&meta(learner.as_ref()), &tasks.support, STEPS).end().clone();
    let [body @ .., log_scale, prototypes] = &state.0[..] else { panic!("a state") };
    assert_eq!(prototypes.dims(), [3, 2, 4]);
    let weight = prototypes.clone().swap_dims(1, 2) * 2.0 * log_scale.clone().exp();
    let bias = -(prototypes.clone() * prototypes.clone()).sum_dim(2).swap_dims(1, 2);
    let params: Vec<_> = body.iter().cloned().chain([weight, bias]).collect();
    let whole = TaskLoss { network: &network(), batch: &tasks.query }.predict::<Plain>(&params);
    assert_near(&read(&learner.predict(&state, &tasks.query)), &read(&whole), 1e-14);
}

#[test]
fn prototypes_are_means_and_the_nearer_one_is_more_probable_by_its_squared_distance() {
    // Support (0, 0), (2, 0) of class 0 and (0, 3) of class 1: prototypes (1, 0) and (0, 3). The query (1, 1) lies 1 and
    // 1 + 4 away in squares, so the log-odds are 4.
    let place = place();
    let features = place.tensor(&[0.0, 0.0, 2.0, 0.0, 0.0, 3.0], [1, 3, 2]);
    let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1, 3, 2]));
    let head = prototypical::Prototypes;
    let made = Head::make(&head, &[], features, &classes);
    assert_near(&read(&made[0]), &[1.0, 0.0, 0.0, 3.0], 1e-15);
    let logits = read(&Head::answer(&head, &[], &made, place.tensor(&[1.0, 1.0], [1, 1, 2])));
    assert!((logits[0] - logits[1] - 4.0).abs() < 1e-14, "{logits:?}");
}

#[test]
fn a_scale_of_the_features_counts_in_the_prototypes_and_in_the_query_and_so_as_its_square() {
    // The same at e^ℓ = 3: prototypes (3, 0) and (0, 9), the query (3, 3), 9 and 9 + 36 away: the log-odds are 9 · 4.
    let place = place();
    let own = [place.tensor(&[3f64.ln()], [1, 1, 1])];
    let features = place.tensor(&[0.0, 0.0, 2.0, 0.0, 0.0, 3.0], [1, 3, 2]);
    let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1, 3, 2]));
    let head = prototypical::Prototypes;
    let made = Head::make(&head, &own, features, &classes);
    assert_near(&read(&made[0]), &[3.0, 0.0, 0.0, 9.0], 1e-14);
    let logits = read(&Head::answer(&head, &own, &made, place.tensor(&[1.0, 1.0], [1, 1, 2])));
    assert!((logits[0] - logits[1] - 36.0).abs() < 1e-12, "{logits:?}");
}

#[test]
fn matching_sums_labels_by_the_softmax_of_cosines() {
    // Support (1, 0) and (3, 3) of class 0, (0, 2) of class 1; the query (2, 0) has the cosines 1, 1/√2 and 0. As in the
    // paper, ℓ = 0.
    let place = place();
    let own = [place.tensor(&[0.0], [1, 1, 1])];
    let features = place.tensor(&[1.0, 0.0, 3.0, 3.0, 0.0, 2.0], [1, 3, 2]);
    let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1, 3, 2]));
    let head = matching::Attention;
    let made = Head::make(&head, &own, features, &classes);
    let logits = Head::answer(&head, &own, &made, place.tensor(&[2.0, 0.0], [1, 1, 2]));
    let attention = [1f64.exp(), 0.5f64.sqrt().exp(), 1.0];
    let total: f64 = attention.iter().sum();
    let expected = [((attention[0] + attention[1]) / total).ln(), (attention[2] / total).ln()];
    assert_near(&read(&logits), &expected, 1e-11);
}

#[test]
fn a_sharpness_multiplies_the_cosines() {
    // Support (1, 0) and (1, √3) of class 0, (0, 2) of class 1; the query (2, 0) has the cosines 1, 1/2 and 0. At
    // e^ℓ = 2 ln 2 their exponentials are 4, 2 and 1.
    let place = place();
    let own = [place.tensor(&[(2.0 * 2f64.ln()).ln()], [1, 1, 1])];
    let features = place.tensor(&[1.0, 0.0, 1.0, 3f64.sqrt(), 0.0, 2.0], [1, 3, 2]);
    let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1, 3, 2]));
    let head = matching::Attention;
    let made = Head::make(&head, &own, features, &classes);
    let logits = Head::answer(&head, &own, &made, place.tensor(&[2.0, 0.0], [1, 1, 2]));
    assert_near(&read(&logits), &[(6.0f64 / 7.0).ln(), (1.0f64 / 7.0).ln()], 1e-11);
}

#[test]
fn attention_as_sharp_as_it_may_get_keeps_its_logarithms_finite_in_float32() {
    let place = Place::cpu();
    let own = |sharpness: f64| [place.tensor(&[sharpness.ln()], [1, 1, 1])];
    let features = place.tensor(&[1.0, 0.0, 1.0, 0.1, 0.0, 1.0], [1, 3, 2]);
    let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1, 3, 2]));
    for sharpness in [1.0, 17.0, 20.0, 40.0, 1000.0] {
        let own = own(sharpness);
        let made = Head::make(&matching::Attention, &own, features.clone(), &classes);
        let logits = Head::answer(&matching::Attention, &own, &made, place.tensor(&[2.0, 0.1], [1, 1, 2]));
        assert!(read(&logits).iter().all(|logit| logit.is_finite()), "{sharpness}: {:?}", read(&logits));
    }
}

#[test]
fn siamese_weighs_distances_and_its_softmax_is_bayes_rule() {
    // α = (−1, −2), β = 1. The query (1, 1) is (1, 0) away from (0, 1) and (0, 3) from (1, 4): log-odds 0 and −5. If
    // exactly one class is the query's, its probability is p₀(1 − p₁) / (p₀(1 − p₁) + p₁(1 − p₀)).
    let place = place();
    let own = [place.tensor(&[-1.0, -2.0], [1, 1, 2]), place.tensor(&[1.0], [1, 1, 1])];
    let features = place.tensor(&[0.0, 1.0, 1.0, 4.0], [1, 2, 2]);
    let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 0.0, 1.0], [1, 2, 2]));
    let made = Head::make(&Pairs, &own, features, &classes);
    let logits = read(&Head::answer(&Pairs, &own, &made, place.tensor(&[1.0, 1.0], [1, 1, 2])));
    assert_near(&logits, &[0.0, -5.0], 1e-14);
    let [p, q] = [0.5, 1.0 / (1.0 + 5f64.exp())];
    let bayes = p * (1.0 - q) / (p * (1.0 - q) + q * (1.0 - p));
    assert!((1.0 / (1.0 + (logits[1] - logits[0]).exp()) - bayes).abs() < 1e-14);
}

#[test]
fn pairs_of_one_class_weigh_as_much_in_siameses_loss_as_those_of_two_however_many_there_are() {
    // α = −ln 3, β = ln 3: drawings 0, 1 and 2 apart are of the same class with the probabilities ¾, ½ and ¼. A query
    // of class 0 at 0, support 0 of class 0 and 1, 2 of class 1: −½ ln ¾ − ½ (ln ½ + ln ¾) / 2.
    let place = place();
    let own = [place.tensor(&[-(3f64.ln())], [1, 1, 1]), place.tensor(&[3f64.ln()], [1, 1, 1])];
    let features = place.tensor(&[0.0, 1.0, 2.0], [1, 3, 1]);
    let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 0.0, 1.0, 0.0, 1.0], [1, 3, 2]));
    let made = Head::make(&Pairs, &own, features, &classes);
    let x = place.tensor(&[0.0], [1, 1, 1]);
    let query =
        Batch { x: x.clone(), targets: Targets::Classes(place.tensor(&[1.0, 0.0], [1, 1, 2])), reference: None };
    let predictions = Head::answer(&Pairs, &own, &made, x.clone());
    let loss = Pairs.loss(&own, &made, x, predictions, &query);
    assert_near(&read(&loss), &[(4.0f64 / 3.0).ln() / 2.0 + (8.0f64 / 3.0).ln() / 4.0], 1e-14);
}

#[test]
fn the_ridge_head_solves_its_normal_equation_whichever_system_is_smaller() {
    // Primal: X = (1, 2, 3)ᵀ, Y = (1, 2, 2)ᵀ, divided by √3, λ = 1/3: W = (Σxy/3) / (Σx²/3 + 1/3) = 11/15.
    let place = place();
    let lambda = |value: f64| place.tensor(&[value], [1, 1, 1]);
    let weights = |x: Tensor<3>, y: Tensor<3>, l: f64| read(&ridge::weights(x, y, lambda(l)));
    let (x, y) = (place.tensor(&[1.0, 2.0, 3.0], [1, 3, 1]), place.tensor(&[1.0, 2.0, 2.0], [1, 3, 1]));
    assert_near(&weights(x, y, 1.0 / 3.0), &[11.0 / 15.0], 1e-12);
    // Woodbury: one example x = (1, 2), y = 3, λ = 1: W = xᵀ (‖x‖² + 1)⁻¹ y = (1, 2) / 2.
    let (x, y) = (place.tensor(&[1.0, 2.0], [1, 1, 2]), place.tensor(&[3.0], [1, 1, 1]));
    assert_near(&weights(x, y, 1.0), &[0.5, 1.0], 1e-12);
    // Both of the same data: two examples of two numbers twice over are four examples, and √n takes the doubling away.
    let x = place.tensor(&[1.0, 2.0, -1.0, 0.5], [1, 2, 2]);
    let y = place.tensor(&[1.0, 0.0, 0.0, 1.0], [1, 2, 2]);
    let twice = |tensor: &Tensor<3>| Tensor::cat(vec![tensor.clone(), tensor.clone()], 1);
    assert_near(&weights(twice(&x), twice(&y), 0.3), &weights(x, y, 0.3), 1e-12);
}

#[test]
fn a_ridge_heads_answer_is_scaled_and_shifted_and_has_a_bias() {
    // α = 2, β = ½. Support (−1, 1), (0, 2), (1, 6) beside a column of ones: XᵀX/3 = diag(2/3, 1), XᵀY/3 = (5/3, 3),
    // and with λ = 1/3 the weights are (5/3, 9/4). At 2, 0 and −3: 2 (67/12) + ½, 2 (9/4) + ½ and 2 (−11/4) + ½.
    let place = place();
    let head = ridge::Ridge::OF_NUMBERS;
    let own = |lambda: f64| [lambda.ln(), 2.0, 0.5].map(|value| place.tensor(&[value], [1, 1, 1]));
    let numbers = |values: &[f64]| place.tensor(values, [1, values.len(), 1]);
    let third = own(1.0 / 3.0);
    let made = head.make(&third, numbers(&[-1.0, 0.0, 1.0]), &Targets::Numbers(numbers(&[1.0, 2.0, 6.0])));
    assert_near(&read(&made[0]), &[5.0 / 3.0, 9.0 / 4.0], 1e-12);
    assert_near(&read(&head.answer(&third, &made, numbers(&[2.0, 0.0, -3.0]))), &[35.0 / 3.0, 5.0, -5.0], 1e-11);
    // By Woodbury: of (1, 6) alone and λ = 1, Xᵀ = (1, 1) times 6 / (2 + 1); at 2, 2 (4 + 2) + ½.
    let one = own(1.0);
    let made = head.make(&one, numbers(&[1.0]), &Targets::Numbers(numbers(&[6.0])));
    assert_near(&read(&made[0]), &[2.0, 2.0], 1e-12);
    assert_near(&read(&head.answer(&one, &made, numbers(&[2.0]))), &[12.5], 1e-11);
}

#[test]
fn a_ridge_without_end_leaves_a_head_of_zeros_and_one_without_size_passes_through_the_points() {
    for (log_lambda, most, least) in [(30.0, 1e-10, 0.0), (-12.0, f64::INFINITY, 0.1)] {
        let learner = build(LearnerKind::Ridge);
        let mut values = learner.init(11);
        let place_of_lambda = values.len() - 3;
        values[place_of_lambda] = vec![log_lambda];
        let tasks = tasks(LearnerKind::Ridge, 1);
        let meta = place().params(&learner.layout(), &values);
        let state = learner.adapt(&meta, &tasks.support, STEPS).end().clone();
        let size = read(state.0.last().unwrap()).iter().fold(0.0, |most: f64, w| most.max(w.abs()));
        assert!(least <= size && size <= most, "{size}");
        let loss: f64 = read(&learner.judge(&state, &tasks.support).losses).iter().sum();
        assert_eq!(loss < 1e-3, log_lambda < 0.0, "{loss}");
    }
}

#[test]
fn a_task_is_adapted_the_same_alone_and_in_a_batch() {
    for kind in all() {
        let learner = build(kind);
        let meta = meta(learner.as_ref());
        let all = tasks(kind, 2);
        let second = |batch: &Batch| {
            let pick = |tensor: &Tensor<3>| tensor.clone().slice([1..2]);
            let targets = match &batch.targets {
                Targets::Numbers(y) => Targets::Numbers(pick(y)),
                Targets::Sums(y) => Targets::Sums(pick(y)),
                Targets::Classes(y) => Targets::Classes(pick(y)),
            };
            Batch { x: pick(&batch.x), targets, reference: None }
        };
        let answer =
            |support: &Batch, query: &Batch| learner.predict(learner.adapt(&meta, support, STEPS).end(), query);
        let together = answer(&all.support, &all.query).slice([1..2]);
        let alone = answer(&second(&all.support), &second(&all.query));
        assert_near(&read(&together), &read(&alone), 1e-13);
    }
}

#[test]
fn before_any_support_drawing_is_seen_all_classes_are_equally_probable() {
    for kind in OF_CLASSES {
        let learner = build(kind);
        let tasks = tasks(kind, 2);
        let meta = meta(learner.as_ref());
        let path = learner.adapt(&meta, &tasks.support, STEPS);
        assert_eq!(path.params.len(), 3);
        let Judgement { losses, accuracy } = learner.judge(&path.params[0], &tasks.query);
        assert_near(&read(&losses), &[2f64.ln(); 3], 1e-14);
        assert_eq!(read(&accuracy.unwrap()), [0.5; 3]);
        assert_eq!(numbers(&path.params[1].0), numbers(&path.params[2].0));
        let found = learner.meta_gradient(&meta, &tasks, STEPS);
        assert_near(&read(&found.before.losses), &[2f64.ln(); 3], 1e-14);
        let after = learner.judge(path.end(), &tasks.query);
        assert_near(&read(&found.after.losses), &read(&after.losses), 1e-14);
    }
}

#[test]
fn one_pass_over_both_sets_is_what_adaptation_and_prediction_do_one_after_the_other() {
    // By batch normalisation, whose statistics are the support set's or those of both sets together.
    let mut experiment = Experiment::default();
    experiment.task.family = crate::experiment::Family::Characters;
    experiment.model.network = crate::experiment::NetworkKind::Conv4;
    experiment.model.filters = 8;
    let mut stream = Stream::new(7, Purpose::Test, 2);
    let mut images = |count: usize| {
        let ink: Vec<f64> = (0..2 * count * 784).map(|_| stream.normal()).collect();
        let y = [1.0, 0.0, 0.0, 1.0].repeat(count);
        Batch {
            x: place().tensor(&ink, [2, count, 784]),
            targets: Targets::Classes(place().tensor(&y, [2, count, 2])),
            reference: None,
        }
    };
    let (support, query) = (images(2), images(4));
    for kind in OF_CLASSES {
        let learner = learner(&LearnerSpec { kind, ..Experiment::default().learner }, Network::new(&experiment));
        let meta = meta(learner.as_ref());
        let both = support.join(&query).x;
        for (of_support, of_query) in [(None, support.x.clone()), (Some(both.clone()), both.clone())] {
            let tasks = Tasks {
                support: Batch { reference: of_support, ..support.clone() },
                query: Batch { reference: Some(of_query), ..query.clone() },
                base: None,
            };
            let found = learner.meta_gradient(&meta, &tasks, STEPS).after;
            let path = learner.adapt(&meta, &tasks.support, STEPS);
            let expected = learner.judge(path.end(), &tasks.query);
            assert_near(&read(&found.losses), &read(&expected.losses), 1e-10);
        }
    }
}
