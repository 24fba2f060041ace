//! Diagnoses pinned to closed forms and to mistakes that they have to find.

use pollster::block_on;

use crate::{
    diff::Params,
    experiment::{
        Activation, Derivative, Directions, Experiment, GradientCheck, LearnerKind, NetworkKind, Outcome, Verdict,
        preset,
    },
    learner::{InnerLoop, Learner, MetaGradient, Tasks},
    model::{Network, Place},
    task::{Purpose, episode, meta_batch_index},
};

use super::{super::session::build, check::Checking, *};

/// A small sinusoid experiment; smooth, so that every direction says something.
fn small(kind: LearnerKind) -> Experiment {
    let mut experiment = Experiment::default();
    experiment.model.hidden = vec![6, 5];
    experiment.model.activation = Activation::Tanh;
    experiment.learner.kind = kind;
    experiment.learner.inner_steps = 2;
    experiment.learner.inner_lr = 0.05;
    experiment.outer.meta_batch = 3;
    experiment
}

/// Two ways of characters, for an MLP on their pixels or a small convolutional network.
fn characters(kind: LearnerKind, network: NetworkKind) -> Experiment {
    let mut experiment = preset("glyphs-light-maml-5w1s").unwrap().experiment();
    experiment.model.network = network;
    experiment.model.filters = 8;
    experiment.model.hidden = vec![5];
    experiment.model.activation = Activation::Tanh;
    experiment.learner.kind = kind;
    experiment.learner.inner_steps = 1;
    experiment.task.ways = 2;
    experiment.task.queries = 2;
    experiment.outer.meta_batch = 2;
    experiment
}

fn session(experiment: Experiment) -> Session {
    block_on(Session::new(experiment, Place::cpu(), None)).unwrap()
}

fn checked(session: &Session, learner: Box<dyn Learner>) -> GradientCheck {
    block_on(async {
        let mut checking = Checking::of(session, learner).await.unwrap();
        while checking.progress().0 < checking.progress().1 {
            checking.advance().await.unwrap();
        }
        checking.found().unwrap()
    })
}

fn check(experiment: Experiment) -> GradientCheck {
    let learner = build(&experiment);
    checked(&session(experiment), learner)
}

fn compared(experiment: Experiment) -> Directions {
    match block_on(session(experiment).diagnose(Diagnosis::Directions, |_, _| {})).unwrap() {
        Found::Directions(directions) => directions,
        found => panic!("{found:?}"),
    }
}

#[test]
fn the_meta_gradient_of_every_learner_that_descends_a_loss_passes() {
    let regression = [
        LearnerKind::Maml,
        LearnerKind::MetaSgd,
        LearnerKind::Anil,
        LearnerKind::Cavia,
        LearnerKind::Boil,
        LearnerKind::MamlPp,
        LearnerKind::Pretrained,
        LearnerKind::LinearProbe,
        LearnerKind::Oracle,
        LearnerKind::Ridge,
        LearnerKind::Cnp,
    ];
    let classification = [
        LearnerKind::Maml,
        LearnerKind::Prototypical,
        LearnerKind::Matching,
        LearnerKind::Siamese,
        LearnerKind::R2D2,
        LearnerKind::Relation,
        LearnerKind::MatchingFce,
        LearnerKind::Pretrained,
        LearnerKind::LinearProbe,
        LearnerKind::NearestCentroid,
        LearnerKind::ZeroShot,
    ];
    let all = regression.map(small).into_iter();
    for experiment in all.chain(classification.map(|kind| characters(kind, NetworkKind::Mlp))) {
        let kind = experiment.learner.kind;
        let found = check(experiment);
        assert_eq!((found.derivative, found.verdict), (Derivative::Exact, Verdict::Right), "{kind:?} {found:#?}");
        assert_eq!(found.along.len(), found.directions as usize);
        assert!(found.along.iter().all(|along| along.outcome == Outcome::Agrees), "{kind:?} {found:#?}");
    }
}

#[test]
fn kinks_are_left_out_and_the_rest_of_a_rectified_network_passes() {
    let mut experiment = small(LearnerKind::Maml);
    experiment.model.activation = Activation::Relu;
    experiment.model.hidden = vec![40, 40];
    experiment.outer.meta_batch = 25;
    assert_eq!(check(experiment).verdict, Verdict::Right);
    let conv4 = check(characters(LearnerKind::Maml, NetworkKind::Conv4));
    assert_eq!(conv4.verdict, Verdict::Right, "{conv4:#?}");
}

/// MAML with one tensor of its meta-gradient a ten-thousandth too large.
struct Spoiled(Box<dyn Learner>);

impl Learner for Spoiled {
    fn network(&self) -> &Network {
        self.0.network()
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let mut found = self.0.meta_gradient(meta, tasks, inner);
        found.gradient.0[2] = found.gradient.0[2].clone() * 1.0001;
        found
    }
}

#[test]
fn a_gradient_that_is_off_by_a_ten_thousandth_in_one_layer_is_wrong() {
    let experiment = small(LearnerKind::Maml);
    let spoiled = Box::new(Spoiled(build(&experiment)));
    assert_eq!(checked(&session(experiment), spoiled).verdict, Verdict::Wrong);
}

#[test]
fn a_gradient_without_its_second_order_terms_is_wrong_where_it_claims_to_be_exact() {
    let fomaml = build(&small(LearnerKind::Fomaml));
    let found = checked(&session(small(LearnerKind::Maml)), fomaml);
    assert_eq!(found.verdict, Verdict::Wrong);
    assert!(found.along.iter().filter(|along| along.outcome == Outcome::Differs).count() > 6, "{found:#?}");
}

#[test]
fn an_approximation_is_compared_with_the_exact_gradient_and_not_called_wrong() {
    for kind in [LearnerKind::Fomaml, LearnerKind::Reptile, LearnerKind::Imaml] {
        let found = check(small(kind));
        assert_eq!((found.derivative, found.verdict), (Derivative::Approximate, Verdict::Right), "{kind:?}");
        let own = found.own.unwrap();
        assert!(own.cosine.abs() < 0.999_999 && own.ratio > 0.0, "{kind:?} {own:?}");
    }
    // Where the inner loop ends in a minimum, the implicit gradient is the exact one.
    let mut settled = small(LearnerKind::Imaml);
    let spec = &mut settled.learner;
    (spec.inner_steps, spec.inner_lr, spec.regularization, spec.cg_steps) = (100, 0.08, 6.0, 20);
    let own = check(settled).own.unwrap();
    assert!(own.cosine > 0.999_999 && (own.ratio - 1.0).abs() < 1e-4, "{own:?}");
    // Both diagnoses see the same three tasks.
    let beside = compared(small(LearnerKind::Fomaml)).fomaml.unwrap();
    let own = check(small(LearnerKind::Fomaml)).own.unwrap();
    assert!((beside.cosine - own.cosine).abs() < 1e-4 && (beside.ratio - own.ratio).abs() < 1e-4, "{beside:?} {own:?}");
}

#[test]
fn maml_pp_while_it_drops_second_derivatives_is_compared_with_itself_when_it_does_not() {
    let mut experiment = small(LearnerKind::MamlPp);
    (experiment.learner.first_order, experiment.learner.multi_step) = (10, 10);
    let found = check(experiment);
    assert_eq!((found.derivative, found.verdict), (Derivative::Approximate, Verdict::Right));
    assert!(found.own.unwrap().cosine < 0.999_999);
}

#[test]
fn where_nothing_is_learned_there_is_nothing_to_check() {
    let found = check(small(LearnerKind::Scratch));
    assert_eq!((found.verdict, found.along.len()), (Verdict::Nothing, 0));
}

#[test]
fn a_vector_lies_to_itself_at_cosine_one_and_to_its_opposite_at_minus_one() {
    let (a, twice): (Vec<f64>, Vec<f64>) = [3.0, -4.0, 12.0].map(|a| (a, -2.0 * a)).into_iter().unzip();
    let near = |turn: Option<Turn>, cosine: f64, ratio: f64| {
        turn.is_some_and(|turn| (turn.cosine - cosine).abs() < 1e-15 && (turn.ratio - ratio).abs() < 1e-15)
    };
    assert!(near(turn(&a, &a), 1.0, 1.0) && near(turn(&twice, &a), -1.0, 2.0));
    assert!(near(turn(&[1.0, 1.0], &[1.0, 0.0]), 0.5_f64.sqrt(), 2.0_f64.sqrt()));
    assert_eq!((turn(&[0.0, 0.0], &[1.0, 0.0]), turn(&[1.0], &[f64::NAN])), (None, None));
}

#[test]
fn without_an_inner_rate_fomaml_is_maml_and_reptile_stays_where_it_is() {
    let mut experiment = small(LearnerKind::Maml);
    experiment.learner.inner_lr = 0.0;
    let found = compared(experiment);
    let fomaml = found.fomaml.unwrap();
    assert!((fomaml.cosine - 1.0).abs() < 1e-6 && (fomaml.ratio - 1.0).abs() < 1e-6, "{fomaml:?}");
    assert_eq!((found.reptile, found.own), (None, None));
}

#[test]
fn on_a_linear_model_the_directions_have_their_closed_form() {
    // f = wx + b and one task of one point each: with residual r the loss r² has the gradient 2r (x, 1) and the Hessian
    // 2 (x, 1)(x, 1)ᵀ. One step of rate α; w is the first weight that the seed draws, b is 0.
    let mut experiment = small(LearnerKind::Maml);
    experiment.model.hidden.clear();
    (experiment.task.shots, experiment.task.queries) = (1, 1);
    (experiment.learner.inner_steps, experiment.outer.meta_batch) = (1, 1);
    let alpha = experiment.learner.inner_lr;
    let drawn = episode(&experiment.task, experiment.seed, Purpose::Train, meta_batch_index(0, 0));
    let ((x, y), (u, v)) = ((drawn.support.x[0], drawn.support.y[0]), (drawn.query.x[0], drawn.query.y[0]));
    let w = build(&experiment).init(experiment.seed)[0][0];
    let step = [x, 1.0].map(|part| alpha * 2.0 * (w * x - y) * part);
    let residual = (w - step[0]) * u - step[1] - v;
    let first = [u, 1.0].map(|part| 2.0 * residual * part);
    let along = 2.0 * (first[0] * x + first[1]);
    let exact = [first[0] - alpha * along * x, first[1] - alpha * along];
    let found = compared(experiment);
    for (found, direction) in [(found.fomaml, first), (found.reptile, step)] {
        let (found, expected) = (found.unwrap(), turn(&direction, &exact).unwrap());
        assert!((found.cosine - expected.cosine).abs() < 1e-5, "{found:?} {expected:?}");
        assert!((found.ratio / expected.ratio - 1.0).abs() < 1e-4, "{found:?} {expected:?}");
    }
    assert!((found.norm / norm(&exact) - 1.0).abs() < 1e-4);
}

#[test]
fn every_learner_with_an_inner_loop_is_compared_and_one_that_makes_its_head_says_why_not() {
    for kind in [LearnerKind::MetaSgd, LearnerKind::Cavia, LearnerKind::MamlPp, LearnerKind::Oracle] {
        let found = compared(small(kind));
        assert!(found.fomaml.is_some() && found.own.is_some(), "{kind:?}");
    }
    // With equal rates Meta-SGD's θ moves as MAML's.
    let own = compared(small(LearnerKind::MetaSgd)).own.unwrap();
    assert!((own.cosine - 1.0).abs() < 1e-6 && (own.ratio - 1.0).abs() < 1e-6, "{own:?}");
    // MAML and first order go through the whole network, whoever runs on it.
    let first_order = |kind| compared(small(kind)).fomaml.map(|turn| [turn.cosine, turn.ratio]).unwrap();
    let expected = first_order(LearnerKind::Maml);
    for kind in [LearnerKind::Pretrained, LearnerKind::LinearProbe] {
        let found = first_order(kind);
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{kind:?} {found:?}");
    }
    let probe = characters(LearnerKind::LinearProbe, NetworkKind::Mlp);
    for experiment in [small(LearnerKind::Ridge), small(LearnerKind::LstmOptimizer), probe] {
        assert!(experiment.undiagnosable(Diagnosis::Directions).is_some());
        let refused = block_on(Diagnosing::new(&session(experiment), Diagnosis::Directions));
        assert!(matches!(refused, Err(EngineError::Diagnosis(_))));
    }
}

#[test]
fn an_optimiser_that_takes_its_gradients_as_given_has_no_loss_to_be_checked_by() {
    let refused = block_on(Diagnosing::new(&session(small(LearnerKind::LstmOptimizer)), Diagnosis::Gradient));
    assert!(matches!(refused, Err(EngineError::Diagnosis(_))));
}

#[test]
fn quadratics_are_diagnosed_like_any_task() {
    let mut experiment = small(LearnerKind::Maml);
    experiment.task.family = crate::experiment::Family::Quadratic;
    (experiment.learner.inner_lr, experiment.learner.inner_steps) = (0.01, 3);
    assert_eq!(check(experiment.clone()).verdict, Verdict::Right);
    assert!(compared(experiment).fomaml.is_some_and(|turn| turn.cosine > 0.0));
}

#[test]
fn parts_of_a_meta_batch_have_the_directions_of_the_whole() {
    let mut experiment = small(LearnerKind::Maml);
    experiment.outer.meta_batch = 40;
    let whole = compared(experiment.clone());
    // A task of this network takes more than an eighth of what a CPU does at once.
    let mut wide = experiment;
    wide.model.hidden = vec![300, 300];
    wide.learner.inner_steps = 4;
    let session = session(wide);
    assert!(session.tasks_at_once() < 10);
    let found = block_on(session.diagnose(Diagnosis::Directions, |_, _| {})).unwrap();
    let Found::Directions(found) = found else { panic!("{found:?}") };
    assert!(whole.fomaml.is_some() && found.fomaml.is_some());
    let (gradient, _) = session.meta_gradient().unwrap();
    let expected = norm(&block_on(crate::engine::read::read_one(gradient.flatten())).unwrap());
    assert!((found.norm / expected - 1.0).abs() < 1e-4, "{} {expected}", found.norm);
}

#[test]
fn costs_are_positive_and_cover_every_number_of_inner_steps() {
    let mut experiment = small(LearnerKind::Prototypical);
    experiment.task.family = crate::experiment::Family::Characters;
    experiment.task.ways = 2;
    (experiment.task.queries, experiment.learner.inner_steps) = (1, 2);
    // A learner that makes its head may train on more ways; MAML in its place cannot.
    experiment.task.train_ways = 3;
    let session = session(experiment);
    let mut slices = 0;
    let found = block_on(session.diagnose(Diagnosis::Cost, |done, all| {
        assert!(done <= all);
        slices += 1;
    }));
    let Found::Cost(meter) = found.unwrap() else { panic!("another diagnosis") };
    assert_eq!(
        meter.at.iter().map(|at| at.steps).collect::<Vec<_>>(),
        [1, 2, 3],
        "a line needs more than the experiment's two"
    );
    assert_eq!(meter.own().map(|at| at.steps), Some(2));
    for cost in meter.at.iter().flat_map(|at| [at.first, at.second]) {
        assert!(cost.ms > 0.0 && cost.times >= 3 && cost.bytes >= 0.0, "{cost:?}");
    }
    assert!(meter.ratio().is_some() && slices > 10);
}

#[test]
fn a_diagnosis_leaves_the_run_as_it_was() {
    let mut one = session(small(LearnerKind::Maml));
    let mut other = session(small(LearnerKind::Maml));
    for diagnosis in [Diagnosis::Gradient, Diagnosis::Directions, Diagnosis::Cost] {
        block_on(one.diagnose(diagnosis, |_, _| {})).unwrap();
    }
    assert_eq!(one.fingerprint(), other.fingerprint());
    let curves = [&mut one, &mut other].map(|session| block_on(session.train(3)).unwrap());
    assert_eq!(curves[0], curves[1]);
    assert_eq!(one.fingerprint(), other.fingerprint());
}
