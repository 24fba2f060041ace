//! Anatomies pinned to the trajectory, the meta-gradient and the meta-step that they take apart.

use pollster::block_on;

use crate::{
    chart::adam_leads,
    experiment::{
        Activation, Adaptation, Choice as _, DrawnTask, InnerStep, NetworkKind, Normalization, Optimizer, Outcome,
        Stage as Shown, preset, whole,
    },
    task::{Family, Image},
};

use super::*;

/// A small sinusoid experiment that adapts in three steps; smooth, so that every nudge says something.
fn small(kind: LearnerKind) -> Experiment {
    let mut experiment = Experiment::default();
    experiment.model.hidden = vec![6, 5];
    experiment.model.activation = Activation::Tanh;
    experiment.learner.kind = kind;
    (experiment.learner.eval_steps, experiment.learner.eval_lr) = (3, 0.05);
    experiment.learner.inner_lr = 0.05;
    experiment.outer.meta_batch = 3;
    experiment.settled()
}

/// Three ways of characters on a small network.
fn characters(kind: LearnerKind, network: NetworkKind) -> Experiment {
    let mut experiment = preset("glyphs-light-maml-5w1s").unwrap().experiment();
    experiment.model.network = network;
    experiment.model.filters = 8;
    experiment.model.hidden = vec![5];
    experiment.model.activation = Activation::Tanh;
    experiment.learner.kind = kind;
    (experiment.learner.eval_steps, experiment.learner.base_classes) = (2, 12);
    (experiment.task.ways, experiment.task.queries, experiment.outer.meta_batch) = (3, 2, 2);
    experiment.settled()
}

fn session(experiment: Experiment) -> Session {
    block_on(Session::new(experiment, Place::cpu(), None)).unwrap()
}

fn shown(index: u32) -> ShownTask {
    ShownTask { index, points: Vec::new(), drawings: None }
}

fn whole_of(session: &Session) -> Anatomy {
    block_on(session.anatomy(&shown(3), |_, _| {})).unwrap()
}

fn of(experiment: Experiment) -> Anatomy {
    whole_of(&session(experiment))
}

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    let apart = (found - expected).abs();
    assert!(apart <= tolerance * expected.abs().max(1e-6), "{found} instead of {expected}");
}

#[test]
fn every_learner_of_every_family_can_be_taken_apart_to_its_last_stage() {
    for family in [Family::Sinusoid, Family::Characters] {
        for &kind in LearnerKind::ALL.iter().filter(|kind| kind.suits(family)) {
            let found = of(if family.classifies() { characters(kind, NetworkKind::Mlp) } else { small(kind) });
            let stages = found.stages();
            assert_eq!(stages[0], Shown::Start, "{kind:?}");
            assert_eq!(
                stages.contains(&Shown::Update),
                found.inside != crate::experiment::Inside::Made
                    && found.inside != crate::experiment::Inside::OneByOne
                    && found.inside != crate::experiment::Inside::Nothing
            );
            assert_eq!(stages.contains(&Shown::Outer), kind != LearnerKind::Scratch, "{kind:?}");
            assert!(!found.queries.is_empty() && found.query_loss.iter().all(|loss| loss.is_finite()), "{kind:?}");
            assert!(found.followed.iter().all(|one| one.steps.len() == found.steps.len() || one.layer.is_none()));
            let judged = found.followed.iter().filter_map(|one| one.nudge);
            let exact = !matches!(kind, LearnerKind::Imaml);
            assert!(judged.clone().all(|nudge| nudge.outcome == Outcome::Agrees || !exact), "{kind:?} {found:?}");
        }
    }
}

#[test]
fn every_step_is_that_of_the_trajectory_the_page_shows() {
    for experiment in
        [small(LearnerKind::Maml), small(LearnerKind::Reptile), characters(LearnerKind::Anil, NetworkKind::Conv4)]
    {
        let session = session(experiment);
        let found = whole_of(&session);
        let adaptation = block_on(session.trajectory(&shown(3))).unwrap();
        assert_eq!(found.adaptation, adaptation);
        let support = |step: usize| match &adaptation {
            Adaptation::Regression(trajectory) => {
                (trajectory.steps[step].support_loss, trajectory.steps[step].gradient_norm)
            }
            Adaptation::Characters(trajectory) => {
                (trajectory.steps[step].support_loss, trajectory.steps[step].gradient_norm)
            }
        };
        for (k, InnerStep { loss, gradient, terms, .. }) in found.steps.iter().enumerate() {
            close(support(k).0.into(), *loss, 1e-4);
            close(support(k).1.into(), whole(gradient), 1e-4);
            close(terms.iter().sum::<f64>() / terms.len() as f64, *loss, 1e-12);
        }
        let last = match &adaptation {
            Adaptation::Regression(trajectory) => trajectory.steps.last().map(|step| step.query_loss),
            Adaptation::Characters(trajectory) => trajectory.steps.last().and_then(|step| step.query_loss),
        };
        close(last.unwrap().into(), found.query_loss[1], 1e-4);
        for end in [0, 1] {
            let mean = found.queries.iter().map(|query| query.terms[end]).sum::<f64>() / found.queries.len() as f64;
            close(mean, found.query_loss[end], 1e-12);
        }
    }
}

#[test]
fn a_followed_weight_goes_by_its_rate_and_comes_back_by_its_hessian_term() {
    for kind in [LearnerKind::Maml, LearnerKind::Anil, LearnerKind::Boil, LearnerKind::MetaSgd, LearnerKind::Cavia] {
        let found = of(small(kind));
        assert_eq!(found.steps.len(), 3);
        for one in found.followed.iter().filter(|one| one.layer.is_some()) {
            for pair in one.steps.windows(2) {
                assert_eq!(pair[0].next, pair[1].value);
            }
            for step in &one.steps {
                close(step.next, step.value - step.rate.unwrap() * step.gradient, 1e-12);
            }
            for back in &one.back {
                close(back.to, back.from - back.bent, 1e-9);
            }
            if let Some(gradient) = one.gradient {
                close(one.back[0].to, gradient, 1e-12);
            }
        }
        let way = found.way.unwrap();
        assert!(way.taken);
        let norms = found.gradient.unwrap().norms;
        close(whole(&way.steps[0].to[..norms.len().min(3)]), whole(&norms[..norms.len().min(3)]), 1e-12);
    }
}

#[test]
fn anil_leaves_its_body_and_cavia_everything_but_its_context() {
    assert_eq!(of(small(LearnerKind::Anil)).still(), ["layer0", "layer1"]);
    assert_eq!(of(small(LearnerKind::Boil)).still(), ["layer2"]);
    assert_eq!(of(small(LearnerKind::Cavia)).still(), ["layer0", "layer1", "layer2"]);
    assert!(of(small(LearnerKind::Maml)).still().is_empty());
}

#[test]
fn first_order_maml_is_shown_what_it_spares_itself() {
    let (first, second) = (of(small(LearnerKind::Fomaml)), of(small(LearnerKind::Maml)));
    assert_eq!(first.stages(), second.stages(), "its gradient is that at the fast weights");
    let (spared, way) = (first.way.unwrap(), second.way.unwrap());
    assert!(!spared.taken && way.taken);
    assert_eq!((&spared.steps, &spared.last), (&way.steps, &way.last));
    // Its gradient is v_K, and that of MAML v_0: they differ by all Hessian terms.
    let of_first = first.gradient.unwrap();
    close(whole(&of_first.norms), whole(&way.last), 1e-12);
    close(of_first.exact.unwrap(), way.cosines.last().unwrap().unwrap(), 1e-9);
    for one in first.followed.iter().filter(|one| one.layer.is_some()) {
        let terms: f64 = one.back.iter().map(|back| back.bent).sum();
        close(one.gradient.unwrap() - terms, one.back[0].to, 1e-9);
        let nudge = one.nudge.unwrap();
        close(nudge.exact.unwrap(), nudge.change, 1e-4);
    }
}

#[test]
fn reptile_takes_no_gradient_of_the_query_loss_and_is_shown_mamls() {
    let found = of(small(LearnerKind::Reptile));
    assert!(!found.stages().contains(&Shown::Adjoint) && found.stages().contains(&Shown::Back));
    for one in &found.followed {
        close(one.gradient.unwrap(), one.steps[0].value - one.steps[2].next, 1e-12);
    }
    let mut adam = small(LearnerKind::Reptile);
    adam.learner.inner_optimizer = InnerOptimizer::Adam;
    assert_eq!(of(adam).way, None, "MAML's way back is that of gradient descent");
}

#[test]
fn the_meta_step_is_the_one_that_training_takes_next() {
    for optimizer in [Optimizer::Adam, Optimizer::Sgd] {
        let mut experiment = small(LearnerKind::Maml);
        (experiment.outer.optimizer, experiment.outer.clip, experiment.outer.momentum) = (optimizer, 0.5, 0.9);
        let mut session = session(experiment);
        block_on(session.train(2)).unwrap();
        let found = whole_of(&session);
        let before = block_on(read_one(session.meta().flatten())).unwrap();
        block_on(session.train(1)).unwrap();
        let after = block_on(read_one(session.meta().flatten())).unwrap();
        let moved: Vec<f64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
        let outer = found.outer.unwrap();
        close(whole(&outer.moved), whole(&moved), 1e-12);
        close(outer.norm, whole(&outer.gradient), 1e-12);
        let parts = Parts::new(session.learner.layout().iter().map(|e| (e.name.clone(), e.matrix())).collect());
        for one in &found.followed {
            let at = (0..after.len()).find(|&at| parts.name(at) == one.name).unwrap();
            let step = one.outer.unwrap();
            assert_eq!((step.value, step.next), (before[at], after[at]));
            assert_eq!(step.second.is_some(), optimizer == Optimizer::Adam);
            if let Some(leads) = adam_leads(&outer, &step) {
                close(leads - step.value, step.next - step.value, 1e-3);
            }
        }
    }
}

#[test]
fn rates_that_are_learned_are_followed_and_foretell_their_nudges() {
    for kind in [LearnerKind::MetaSgd, LearnerKind::MamlPp] {
        let found = of(small(kind));
        let rate = found.followed.iter().find(|one| one.name.starts_with("rate.")).unwrap();
        assert!(rate.steps.is_empty() && rate.layer.is_none());
        let nudge = rate.nudge.unwrap();
        assert_eq!(nudge.outcome, Outcome::Agrees, "{kind:?}");
        close(nudge.change, nudge.foretold, 1e-4);
    }
    // Of a rate it is −Σ v ⊙ g.
    let found = of(small(LearnerKind::MetaSgd));
    let rate = found.followed.iter().find_map(|one| {
        let name = one.name.strip_prefix("rate.")?;
        Some((one, found.followed.iter().find(|other| other.name == name)?))
    });
    if let Some((rate, weight)) = rate {
        let sum: f64 = weight.steps.iter().zip(&weight.back).map(|(step, back)| -step.gradient * back.from).sum();
        close(rate.gradient.unwrap(), sum, 1e-9);
    }
}

#[test]
fn implicit_maml_comes_back_in_one_leap() {
    let found = of(small(LearnerKind::Imaml));
    let way = found.way.as_ref().unwrap();
    assert_eq!((way.steps.len(), found.steps.len(), found.back), (1, 3, Back::Implicit));
    assert_eq!(found.back_step(2).unwrap().0, 0);
    assert!(found.pull > 0.0);
}

#[test]
fn a_network_on_characters_is_taken_apart_layer_by_layer() {
    let found = of(characters(LearnerKind::Maml, NetworkKind::Conv4));
    assert_eq!(found.layers, ["conv0", "conv1", "conv2", "conv3", "head"]);
    assert_eq!((found.steps[0].predictions[0].len(), found.steps[0].targets.len()), (3, 3));
    let sum: f64 = found.steps[0].predictions[0].iter().sum();
    close(sum, 1.0, 1e-12);
    assert!(found.followed.iter().any(|one| one.name.starts_with("head.weight[")));
    assert!(found.followed.iter().any(|one| one.layer == Some(0)));
}

#[test]
fn mini_batches_are_named_as_they_are_seen() {
    let mut experiment = small(LearnerKind::Maml);
    experiment.learner.eval_batch = 4;
    let session = session(experiment);
    let found = whole_of(&session);
    let Adaptation::Regression(trajectory) = &found.adaptation else { panic!("it is a regression") };
    let all = trajectory.support.len();
    for (step, InnerStep { seen, targets, .. }) in found.steps.iter().enumerate() {
        assert_eq!(seen.len(), 4);
        for (place, (&number, &target)) in seen.iter().zip(targets).enumerate() {
            assert_eq!(number as usize, (4 * step + place) % all);
            close(trajectory.support[number as usize].y.into(), target, 1e-6);
        }
    }
}

#[test]
fn what_is_pretrained_on_other_classes_has_no_gradient_of_this_task() {
    let mut experiment = characters(LearnerKind::Pretrained, NetworkKind::Mlp);
    experiment.model.normalization = Normalization::None;
    let found = of(experiment);
    assert_eq!((found.back, found.gradient.clone(), found.way.clone()), (Back::Elsewhere, None, None));
    assert!(found.outer.is_some() && found.followed.iter().all(|one| one.nudge.is_none()));
    let head = found.followed.iter().find(|one| one.layer == Some(1)).unwrap();
    assert_eq!((head.steps[0].value, head.outer), (0.0, None), "the task's head is its own, and starts at zero");
}

#[test]
fn drawings_of_unknown_class_are_refused_in_a_sentence() {
    let session = session(characters(LearnerKind::Maml, NetworkKind::Mlp));
    let drawing = |class| crate::experiment::Drawing { image: Image::blank(), class };
    let own = DrawnTask { support: vec![drawing(Some(0)), drawing(Some(1))], query: vec![drawing(None)] };
    let asked = ShownTask { index: 0, points: Vec::new(), drawings: Some(own) };
    let refused = block_on(session.anatomy(&asked, |_, _| {})).unwrap_err();
    assert!(refused.to_string().contains("query drawing"), "{refused}");
}

#[test]
fn what_is_stopped_early_has_the_way_there_and_back_and_no_nudge_yet() {
    let session = session(small(LearnerKind::Maml));
    let mut tracing = block_on(Tracing::new(&session, &shown(3))).unwrap();
    while tracing.anatomy().is_none() {
        assert_eq!(tracing.progress(), (0, 0));
        block_on(tracing.advance()).unwrap();
    }
    let (done, all) = tracing.progress();
    let found = tracing.anatomy().unwrap();
    assert_eq!((done, all as usize), (2, 2 + 4 * found.followed.len()));
    assert!(found.way.is_some() && !found.stages().contains(&Shown::Nudge) && !tracing.finished());
}
