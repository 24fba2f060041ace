//! Passages pinned to the meta-gradients that they lead to, in float64.

use crate::{
    diff::{Params, hessian_vector},
    experiment::{Activation, Experiment, InnerOptimizer, LearnerKind, LearnerSpec},
    model::{Batch, Mlp, Network, Targets, TaskLoss},
    task::{Purpose, Stream},
};

use super::{testing::*, *};

fn network() -> Network {
    Network::Mlp(Mlp::from_sizes(vec![1, 4, 3, 1], Activation::Tanh))
}

fn build(kind: LearnerKind) -> Box<dyn Learner> {
    let spec = LearnerSpec { kind, inner_lr: 0.1, inner_steps: 3, context: 2, ..Experiment::default().learner };
    learner(&spec, network())
}

/// Points of two tasks.
fn tasks() -> Tasks {
    let mut stream = Stream::new(7, Purpose::Test, 4);
    let mut set = |examples: usize| {
        let mut draw =
            || place().tensor(&(0..2 * examples).map(|_| stream.normal()).collect::<Vec<_>>(), [2, examples, 1]);
        Batch { x: draw(), targets: Targets::Numbers(draw()), reference: None }
    };
    Tasks { support: set(5), query: set(6), base: None }
}

fn start(learner: &dyn Learner) -> Params {
    place().params(&learner.layout(), &learner.init(11))
}

fn through(kind: LearnerKind, inner: InnerLoop) -> (Passage, MetaGradient) {
    let (learner, tasks) = (build(kind), tasks());
    let meta = start(learner.as_ref());
    (learner.passage(&meta, &tasks, inner).unwrap(), learner.meta_gradient(&meta, &tasks, inner))
}

fn three() -> InnerLoop {
    InnerLoop::new(0.1, 3)
}

#[test]
fn the_way_back_ends_at_the_meta_gradient_one_hessian_term_after_another() {
    use LearnerKind::{Anil, Boil, Cavia, Fomaml, Maml, MamlPp, MetaSgd};
    for kind in [Maml, Fomaml, MetaSgd, Anil, Boil, Cavia, MamlPp] {
        // As many mini-batches as steps.
        let inner = InnerLoop { batch: 2, ..three() };
        let (passage, found) = through(kind, inner);
        // What each adapts first in its meta-parameters, but for CAVIA's φ, which is not learned.
        let own = passage.adjoints[0].0.len().min(found.gradient.0.len());
        let ends = numbers(&passage.adjoints[0].mean().0[..own]);
        assert_near(&ends, &numbers(&found.gradient.0[..own]), 1e-14);
        assert_eq!(passage.curved.len(), if kind == Fomaml { 0 } else { 3 }, "{kind:?}");
        for (k, bent) in passage.curved.iter().enumerate() {
            let back = passage.adjoints[k + 1].plus(-1.0, bent);
            assert_near(&numbers(&back.0), &numbers(&passage.adjoints[k].0), 1e-12);
        }
    }
}

#[test]
fn what_bends_the_way_back_is_the_hessian_of_the_support_loss_times_the_rates_and_the_adjoint() {
    for kind in [LearnerKind::Maml, LearnerKind::Anil, LearnerKind::MetaSgd, LearnerKind::MamlPp] {
        let (passage, _) = through(kind, three());
        let (network, tasks) = (network(), tasks());
        let loss = TaskLoss { network: &network, batch: &tasks.support };
        for step in 0..3 {
            let (here, v) = (&passage.path.params[step], &passage.adjoints[step + 1]);
            let rated = v.0.iter().zip(&passage.rates[step]).map(|(v, rate)| Some(rate.of(v) * v.clone()));
            let expected = hessian_vector(&loss, here, &rated.collect::<Vec<_>>());
            assert_near(&numbers(&passage.curved[step].0), &numbers(&expected.0), 1e-12);
        }
    }
}

#[test]
fn every_step_is_its_rates_times_its_gradient_and_nothing_else_moves() {
    use LearnerKind::{Anil, Boil, Cavia, Fomaml, Maml, MamlPp, MetaSgd, Reptile, Scratch};
    for kind in [Maml, Fomaml, Reptile, MetaSgd, Anil, Boil, Cavia, MamlPp, Scratch] {
        let (passage, _) = through(kind, three());
        assert_eq!(passage.layout.len(), passage.path.params[0].0.len(), "{kind:?}");
        for step in 0..3 {
            let (here, slope) = (&passage.path.params[step], &passage.path.gradients[step].gradient);
            let moves = here.0.iter().zip(&slope.0).zip(&passage.rates[step]);
            let next: Vec<_> = moves.map(|((w, g), rate)| w.clone() - rate.of(w) * g.clone()).collect();
            assert_near(&numbers(&next), &numbers(&passage.path.params[step + 1].0), 1e-14);
        }
    }
}

#[test]
fn what_fomaml_drops_is_the_sum_of_mamls_hessian_terms() {
    let ((exact, second), (_, first)) = (through(LearnerKind::Maml, three()), through(LearnerKind::Fomaml, three()));
    let dropped = exact.curved.iter().fold(exact.adjoints[0].zeros(), |sum, bent| sum.plus(1.0, bent)).mean();
    let apart = first.gradient.plus(-1.0, &second.gradient);
    assert_near(&numbers(&apart.0), &numbers(&dropped.0), 1e-14);
}

#[test]
fn the_body_has_no_rate_in_anil_and_the_context_alone_has_one_in_cavia() {
    let rates = |kind| {
        let (passage, _) = through(kind, three());
        passage.rates[0].iter().map(|rate| !matches!(rate, Rate::Fixed)).collect::<Vec<_>>()
    };
    assert_eq!(rates(LearnerKind::Anil), [false, false, false, false, true, true]);
    assert_eq!(rates(LearnerKind::Boil), [true, true, true, true, false, false]);
    assert_eq!(rates(LearnerKind::Cavia), [false, false, false, false, false, false, false, true]);
}

#[test]
fn implicit_maml_comes_back_in_one_leap_and_reptile_not_at_all() {
    let (passage, found) = through(LearnerKind::Imaml, three());
    assert_eq!((passage.adjoints.len(), passage.curved.len()), (2, 1));
    assert_near(&numbers(&passage.adjoints[0].mean().0), &numbers(&found.gradient.0), 1e-14);
    for kind in [LearnerKind::Reptile, LearnerKind::Scratch] {
        assert!(through(kind, three()).0.adjoints.is_empty(), "{kind:?}");
    }
}

#[test]
fn adam_inside_is_part_of_the_path() {
    let inner = InnerLoop { optimizer: InnerOptimizer::FullAdam, ..three() };
    let (passage, found) = through(LearnerKind::Reptile, inner);
    let moved = passage.path.params[0].plus(-1.0, passage.path.end()).mean();
    assert_near(&numbers(&moved.0), &numbers(&found.gradient.0), 1e-14);
}
