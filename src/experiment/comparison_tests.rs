use super::*;
use crate::experiment::{Family, Source, StepEvaluation, Switch, preset};

fn entrant(kind: LearnerKind, means: &[f64], accuracy: bool) -> Entrant {
    let step = |(step, &mean): (usize, &f64)| StepEvaluation {
        step: step as u32,
        loss: Interval { mean, ci95: 0.1 },
        diverged: u32::from(mean.is_nan()),
        accuracy: accuracy.then_some(Interval { mean, ci95: 0.01 }),
    };
    let steps = means.iter().enumerate().map(step).collect();
    Entrant {
        contestant: Contestant::Learner(kind),
        kind,
        transduction: None,
        meta_step: 10,
        diverged: None,
        curve: Vec::new(),
        shown: None,
        evaluation: Some(Evaluation { tasks: 100, steps }),
    }
}

fn compared(all: &[(LearnerKind, &[f64])], accuracy: bool) -> Compared {
    let entrants = all.iter().map(|(kind, means)| entrant(*kind, means, accuracy)).collect();
    Compared { meta_steps: 10, tasks: 100, entrants }
}

use LearnerKind::{Maml, Oracle, Reptile, Scratch};

#[test]
fn the_level_is_what_the_slowest_comes_to_and_the_best_is_where_it_never_comes() {
    let said = compared(&[(Maml, &[3.0, 1.0, 0.5]), (Scratch, &[4.0, 3.0, 2.0])], false).ranking();
    let Ranking::Found { level, fewest, most, best, never, last, .. } = said else { panic!("{said:?}") };
    assert_eq!((level.mean, fewest, most), (2.0, (1, vec![0]), (2, vec![1])));
    assert_eq!((best.0, best.1, never, last), (0, 2, vec![1], 2));
}

#[test]
fn ties_are_all_named_and_a_mean_within_the_best_ones_interval_reaches_it() {
    let said = compared(&[(Maml, &[3.0, 0.5]), (Reptile, &[3.0, 0.55]), (Scratch, &[3.0, 0.55])], false).ranking();
    let Ranking::Found { level, fewest, most, never, .. } = said else { panic!("{said:?}") };
    assert_eq!((level.mean, fewest, most, never.len()), (0.55, (1, vec![0, 1, 2]), (1, vec![0, 1, 2]), 0));
}

#[test]
fn means_that_differ_by_less_than_their_intervals_are_not_ranked_by_chance() {
    // Every interval is ±0.1: 0.65 ± 0.1 overlaps with 0.5 ± 0.1, and 0.75 ± 0.1 does not.
    let all: [(LearnerKind, &[f64]); 3] = [(Maml, &[3.0, 0.5]), (Reptile, &[3.0, 0.65]), (Scratch, &[3.0, 0.75])];
    let said = compared(&all, false).ranking();
    let Ranking::Found { best, never, alike, .. } = said else { panic!("{said:?}") };
    assert_eq!((best.0, alike, never), (0, vec![1], vec![2]));
    // Reptile is within the level's interval two steps before its own mean is at it.
    let said = compared(&[(Maml, &[3.0, 0.5]), (Reptile, &[3.0, 0.69, 0.65, 0.6])], false).ranking();
    let Ranking::Found { fewest, most, .. } = said else { panic!("{said:?}") };
    assert_eq!((fewest, most), ((1, vec![0, 1]), (1, vec![0, 1])));
}

#[test]
fn an_interval_that_explodes_where_adaptation_makes_it_worse_overlaps_with_nothing() {
    let mut all = compared(&[(Maml, &[3.0, 0.5]), (Scratch, &[4.0, 2.0, 900.0, 1e5])], false);
    let told = |all: &Compared| {
        let Ranking::Found { never, alike, .. } = all.ranking() else { panic!("{:?}", all.ranking()) };
        (never, alike)
    };
    let steps = |all: &mut Compared, step: usize, ci95: f64| {
        all.entrants[1].evaluation.as_mut().unwrap().steps[step].loss.ci95 = ci95;
    };
    steps(&mut all, 2, 5000.0);
    steps(&mut all, 3, f64::INFINITY);
    assert_eq!(told(&all), (vec![1], vec![]));
    // Where it does get better, a wide interval is what these tasks do not tell apart.
    steps(&mut all, 1, 1.5);
    assert_eq!(told(&all), (vec![], vec![1]));
    steps(&mut all, 1, f64::INFINITY);
    assert_eq!(told(&all), (vec![1], vec![]));
}

#[test]
fn what_only_gets_worse_is_reached_before_any_step() {
    let said = compared(&[(Oracle, &[0.1, 0.2]), (Scratch, &[3.0, 4.0])], false).ranking();
    let Ranking::Found { level, fewest, most, best, .. } = said else { panic!("{said:?}") };
    assert_eq!((level.mean, fewest.0, most.0, best.1), (3.0, 0, 0, 0));
}

#[test]
fn accuracies_are_better_when_larger_and_told_in_per_cent() {
    let said = compared(&[(Scratch, &[0.2, 0.3, 0.4]), (Maml, &[0.2, 0.8, 0.9])], true).ranking();
    let Ranking::Found { metric, level, fewest, most, best, never, .. } = said else { panic!("{said:?}") };
    assert_eq!((metric, level.mean, fewest, most), (Metric::Accuracy, 40.0, (1, vec![1]), (2, vec![0])));
    assert_eq!((best.0, best.2.mean, never), (1, 90.0, vec![0]));
}

#[test]
fn steps_that_diverged_are_none_and_one_alone_says_nothing() {
    let both = compared(&[(Maml, &[3.0, f64::NAN]), (Scratch, &[4.0, 2.0])], false);
    let Ranking::Found { level, most, .. } = both.ranking() else { panic!() };
    assert_eq!((level.mean, most), (3.0, (1, vec![1])));
    assert_eq!(compared(&[(Maml, &[3.0]), (Scratch, &[f64::NAN])], false).ranking(), Ranking::Nothing);
    assert_eq!(compared(&[], false).ranking(), Ranking::Nothing);
}

#[test]
fn every_learner_that_suits_may_run_on_the_same_tasks_and_network_at_as_many_evaluation_steps() {
    for preset in presets() {
        let own = preset.experiment();
        for kind in LearnerKind::ALL.iter().filter(|kind| own.offers(**kind)) {
            let other = Contestant::Learner(*kind).experiment(&own, 50);
            match Contestant::Learner(*kind).check(&own) {
                Ok(()) => assert_eq!(other.check(), Ok(())),
                // Of a wide network's parameters an LSTM remembers more than there is room for.
                Err(error) => assert_eq!(*kind, LearnerKind::LstmOptimizer, "{error} beside {}", preset.name),
            }
            let task = crate::task::TaskSpec { train_ways: 0, ..own.task.clone() };
            assert_eq!((&other.task, other.seed), (&task, own.seed));
            assert_eq!((other.outer.meta_batch, other.learner.kind), (own.outer.meta_batch, *kind));
            assert_eq!(other.learner.eval_steps, own.learner.eval_steps);
            assert_eq!((other.model.network, other.budget.meta_steps), (own.model.network, 50));
        }
    }
}

#[test]
fn settings_come_from_the_nearest_preset_of_the_learner() {
    let own = preset("sinusoid-maml-5shot").unwrap().experiment();
    let reptile = Contestant::Learner(Reptile).experiment(&own, 50);
    let preset = |name| preset(name).unwrap().experiment();
    assert_eq!(reptile.learner.inner_lr, preset("sinusoid-reptile").learner.inner_lr);
    assert_eq!(reptile.outer.lr, preset("sinusoid-reptile").outer.lr);
    let light = preset("glyphs-light-maml-5w1s");
    let other = Contestant::Learner(Reptile).experiment(&light, 50);
    // Not the one of the same size whose inner loop is Adam's, as that of `light` is not.
    assert_eq!(other.learner.inner_lr, preset("glyphs-light-reptile-5w1s").learner.inner_lr);
    assert_eq!(other.outer.lr, preset("glyphs-light-reptile-5w1s").outer.lr);
    assert_eq!(Contestant::Own.experiment(&light, 50), light);
}

#[test]
fn too_few_too_many_doubles_and_the_unsuited_are_refused_in_a_sentence() {
    let own = Experiment::default();
    let learner = Contestant::Learner;
    let refused = |all: &[Contestant]| check_contestants(&own, all).unwrap_err();
    assert_eq!(refused(&[learner(Maml)]), ContestError::Count(1));
    let seven: Vec<Contestant> = LearnerKind::ALL[..7].iter().map(|kind| learner(*kind)).collect();
    assert_eq!(refused(&seven), ContestError::Count(7));
    assert_eq!(check_contestants(&own, &seven[..6]), Ok(()));
    assert_eq!(refused(&[learner(Maml), learner(Maml)]), ContestError::Twice("maml".to_owned()));
    let sentence = refused(&[learner(Maml), learner(LearnerKind::Prototypical)]).to_string();
    assert!(sentence.contains("prototypical cannot learn tasks of the family sinusoid"), "{sentence}");
    let mut imported = preset("glyphs-light-maml-5w1s").unwrap().experiment();
    let pair = [Contestant::Own, learner(LearnerKind::ZeroShot)];
    assert_eq!((imported.task.family, check_contestants(&imported, &pair)), (Family::Characters, Ok(())));
    imported.task.source = Source::Imported;
    assert!(matches!(check_contestants(&imported, &pair), Err(ContestError::Unsuited { .. })));
}

fn checkpoint(name: &str, experiment: &Experiment) -> Contestant {
    Contestant::Checkpoint(Box::new(Saved { name: name.to_owned(), meta_step: 7, experiment: experiment.clone() }))
}

#[test]
fn checkpoints_count_among_the_contestants_and_one_that_does_not_fit_is_named() {
    let own = Experiment::default();
    let (a, b) = (checkpoint("a", &own), checkpoint("b", &own));
    assert_eq!(check_contestants(&own, &[a.clone(), b.clone()]), Ok(()));
    let six = [Contestant::Own, a.clone(), b.clone(), Contestant::Learner(Maml), Contestant::Learner(Reptile)];
    assert_eq!(check_contestants(&own, &six), Ok(()));
    let seven: Vec<Contestant> = (0..7).map(|number| checkpoint(&number.to_string(), &own)).collect();
    assert_eq!(check_contestants(&own, &seven), Err(ContestError::Count(7)));
    assert_eq!(check_contestants(&own, &[a.clone(), a.clone()]), Err(ContestError::Twice("a".to_owned())));
    let light = preset("glyphs-light-maml-5w1s").unwrap().experiment();
    let sentence = check_contestants(&own, &[a, checkpoint("glyphs", &light)]).unwrap_err().to_string();
    assert!(sentence.starts_with("glyphs cannot take part: it was trained on tasks of the family characters"));
}

#[test]
fn a_checkpoint_is_judged_and_not_trained() {
    let mut all = compared(&[(Maml, &[1.0]), (Reptile, &[1.0])], false);
    all.entrants[0].contestant = checkpoint("a", &Experiment::default());
    all.entrants[0].meta_step = 5000;
    assert_eq!(all.progress(), (210, 210));
    // Whatever stands, it adapts with the learner that its file names.
    let mut other = Experiment::default();
    other.learner.kind = Reptile;
    let (own, b) = (Experiment::default(), checkpoint("b", &other));
    assert_eq!((b.trains(), b.kind(&own), own.learner.kind), (false, Reptile, Maml));
    assert_eq!(b.experiment(&own, 50).budget.meta_steps, other.budget.meta_steps);
}

#[test]
fn checkpoints_keep_their_transduction_and_it_is_told_where_it_differs_among_those_who_normalise() {
    let own = preset("glyphs-light-maml-5w1s").unwrap().experiment();
    let mut alone = own.clone();
    alone.model.transduction = Switch::Off;
    let (a, b) = (checkpoint("a", &own), checkpoint("b", &alone));
    assert_eq!(check_contestants(&own, &[a.clone(), b.clone()]), Ok(()));
    let of = |one: &Contestant| one.experiment(&own, 50).transduction();
    assert_eq!((of(&a), of(&b)), (Some(true), Some(false)));
    assert_eq!(Experiment::default().transduction(), None, "it does not normalise");

    let mut all = compared(&[(Maml, &[0.5]), (Maml, &[0.5]), (Scratch, &[0.5])], true);
    for (entrant, transduction) in all.entrants.iter_mut().zip([of(&a), of(&b), None]) {
        entrant.transduction = transduction;
    }
    assert_eq!(all.transduction(), Some((vec![0], vec![1])));
    all.entrants[1].transduction = Some(true);
    assert_eq!(all.transduction(), None);
    all.entrants.iter_mut().for_each(|entrant| entrant.transduction = None);
    assert_eq!(all.transduction(), None);
}

#[test]
fn progress_counts_what_each_has_to_do_and_leaves_out_who_diverged() {
    let mut all = compared(&[(Maml, &[1.0]), (Scratch, &[1.0]), (Reptile, &[1.0])], false);
    all.entrants[1].contestant = Contestant::Own;
    all.entrants[2].diverged = Some(3);
    assert_eq!(all.progress(), (210, 210));
    (all.entrants[0].meta_step, all.entrants[0].evaluation) = (4, None);
    assert_eq!(all.progress(), (104, 210));
}
