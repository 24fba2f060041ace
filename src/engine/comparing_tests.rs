use pollster::block_on;

use super::*;
use crate::{
    experiment::{Adaptation, ContestError, Drawing, DrawnTask, Experiment, LearnerKind, Optimizer, Point, preset},
    model::Place,
    task::Image,
};

/// Small, and quick to train.
fn small() -> Experiment {
    let mut experiment = Experiment::default();
    experiment.model.hidden = vec![16];
    (experiment.outer.meta_batch, experiment.learner.eval_steps) = (4, 3);
    experiment
}

fn session(experiment: Experiment) -> Session {
    block_on(Session::new(experiment, Place::cpu(), None)).unwrap()
}

fn contest(contestants: &[Contestant]) -> Contest {
    let shown = ShownTask { index: 2, points: Vec::new(), drawings: None };
    Contest { contestants: contestants.to_vec(), checkpoints: Vec::new(), meta_steps: 40, tasks: 60, shown }
}

fn learners(kinds: &[LearnerKind]) -> Vec<Contestant> {
    kinds.iter().copied().map(Contestant::Learner).collect()
}

fn comparing(session: &Session, contest: Contest) -> Comparing {
    block_on(Comparing::new(session, contest)).unwrap()
}

fn run(mut comparing: Comparing) -> Compared {
    while !comparing.finished() {
        block_on(comparing.advance(Duration::from_millis(5))).unwrap();
    }
    comparing.compared()
}

fn regression(entrant: &Entrant) -> &crate::experiment::Trajectory {
    match entrant.shown.as_ref().unwrap() {
        Adaptation::Regression(trajectory) => trajectory,
        Adaptation::Characters(_) => panic!("no regression"),
    }
}

use LearnerKind::{Cnp, Fomaml, Maml, Prototypical, Reptile, Scratch};

#[test]
fn each_learner_is_what_it_becomes_alone_judged_on_the_test_tasks_of_the_seed() {
    let session = session(small());
    let compared = run(comparing(&session, contest(&learners(&[Maml, Reptile]))));
    for entrant in &compared.entrants {
        let mut alone =
            block_on(Session::new(entrant.contestant.experiment(&small(), 40), Place::cpu(), None)).unwrap();
        let curve = block_on(alone.train(40)).unwrap();
        let judged = block_on(alone.evaluate(60, &[0, 1, 2, 3], (1, Purpose::Test), |_| true)).unwrap();
        assert_eq!((entrant.meta_step, entrant.evaluation.as_ref()), (40, Some(&judged)));
        assert_eq!(entrant.curve, curve, "40 meta-steps are 40 points");
        let shown = ShownTask { index: 2, points: Vec::new(), drawings: None };
        assert_eq!(entrant.shown, Some(block_on(alone.trajectory(&shown)).unwrap()));
    }
}

#[test]
fn all_see_the_same_task_on_show_and_the_points_that_a_visitor_moved() {
    let session = session(small());
    let mut comparing = comparing(&session, contest(&learners(&[Maml, Reptile, Scratch, Cnp])));
    while !comparing.finished() {
        block_on(comparing.advance(Duration::from_millis(5))).unwrap();
    }
    let all = comparing.compared();
    let first = regression(&all.entrants[0]);
    for other in &all.entrants[1..] {
        let other = regression(other);
        assert_eq!((&other.support, &other.query, &other.truth), (&first.support, &first.query, &first.truth));
    }
    assert_eq!(regression(&all.entrants[3]).steps.len(), 6, "a step a point");
    let points = vec![Point { x: 1.0, y: 2.0 }, Point { x: -1.0, y: 0.5 }];
    comparing.show(ShownTask { index: 7, points: points.clone(), drawings: None });
    assert!(!comparing.finished());
    let moved = run(comparing);
    assert!(moved.entrants.iter().all(|entrant| regression(entrant).support == points));
    assert_eq!(moved.entrants[0].evaluation, all.entrants[0].evaluation, "nothing is judged again");
}

#[test]
fn what_stands_is_shown_and_judged_as_it_stands_and_not_touched() {
    let mut session = session(small());
    block_on(session.train(25)).unwrap();
    let before = (session.fingerprint().to_owned(), session.meta_step());
    let mut all = learners(&[Reptile]);
    all.insert(0, Contestant::Own);
    let compared = run(comparing(&session, contest(&all)));
    assert_eq!((session.fingerprint().to_owned(), session.meta_step()), before);
    let own = &compared.entrants[0];
    let judged = block_on(session.evaluate(60, &[0, 1, 2, 3], (1, Purpose::Test), |_| true)).unwrap();
    assert_eq!((own.meta_step, own.kind, own.evaluation.as_ref()), (25, Maml, Some(&judged)));
    assert!(own.curve.is_empty(), "it is not trained");
    block_on(session.train(5)).unwrap();
    assert_eq!(session.meta_step(), 30);
}

/// A run's checkpoint, as its file holds it.
fn saved(experiment: Experiment, meta_steps: u32) -> Checkpoint {
    let mut session = session(experiment);
    block_on(session.train(meta_steps)).unwrap();
    Checkpoint::from_bytes(&block_on(session.checkpoint()).unwrap().to_bytes().unwrap()).unwrap()
}

/// Checkpoints as contestants under these names, after others.
fn with_checkpoints(mut contest: Contest, all: &[(&str, &Checkpoint)]) -> Contest {
    for (name, checkpoint) in all {
        let (name, experiment) = ((*name).to_owned(), checkpoint.experiment.clone());
        let saved = Saved { name, meta_step: checkpoint.meta_step, experiment };
        contest.contestants.push(Contestant::Checkpoint(Box::new(saved)));
        contest.checkpoints.push((*checkpoint).clone());
    }
    contest
}

/// Quick to train on characters.
fn light(name: &str) -> Experiment {
    let mut experiment = preset(name).unwrap().experiment();
    (experiment.model.filters, experiment.outer.meta_batch, experiment.budget.validate_every) = (8, 1, 0);
    experiment
}

#[test]
fn a_checkpoint_beside_itself_has_the_same_figures_to_the_last_digit() {
    for experiment in [small(), light("glyphs-light-maml-5w1s"), light("glyphs-light-prototypical-5w1s")] {
        let file = saved(experiment, 3);
        let session = block_on(Session::resume(&file, Place::cpu(), None)).unwrap();
        let few = Contest { meta_steps: 1, tasks: 4, ..contest(&[Contestant::Own]) };
        let compared = run(comparing(&session, with_checkpoints(few, &[("a", &file)])));
        let [own, other] = [0, 1].map(|place| &compared.entrants[place]);
        assert_eq!((&own.evaluation, &own.shown, own.meta_step), (&other.evaluation, &other.shown, other.meta_step));
        assert!(own.evaluation.is_some() && own.shown.is_some() && other.curve.is_empty());
    }
}

#[test]
fn a_checkpoint_keeps_its_learner_and_rates_and_is_judged_as_an_evaluation_of_it_would_on_these_tasks() {
    let own = session(Experiment { seed: 5, ..small() });
    let mut other = small();
    (other.seed, other.learner.kind, other.learner.eval_lr, other.model.hidden) = (8, Reptile, 0.05, vec![12]);
    (other.task.shots, other.learner.eval_steps) = (10, 1);
    let file = saved(other, 30);
    let compared = run(comparing(&own, with_checkpoints(contest(&learners(&[Maml])), &[("b", &file)])));
    let alone = Checkpoint { experiment: Experiment { task: small().task, ..file.experiment.clone() }, ..file };
    let alone = block_on(Session::resume(&alone, Place::cpu(), None)).unwrap();
    let judged = block_on(alone.evaluate(60, &[0, 1, 2, 3], (5, Purpose::Test), |_| true)).unwrap();
    let entrant = &compared.entrants[1];
    assert_eq!((entrant.kind, entrant.meta_step, entrant.evaluation.as_ref()), (Reptile, 30, Some(&judged)));
    assert_eq!(regression(entrant).support, regression(&compared.entrants[0]).support, "the task of the seed");
    assert_eq!(compared.progress(), (160, 160), "it is not trained");
}

#[test]
fn checkpoints_of_other_ways_take_part_where_their_head_is_made_and_are_refused_where_it_is_not() {
    let wide = |name: &str| {
        let mut experiment = light(name);
        experiment.task.ways = 3;
        saved(experiment, 1)
    };
    let own = session(light("glyphs-light-maml-5w1s"));
    let few = || Contest { meta_steps: 1, tasks: 2, ..contest(&[Contestant::Own]) };
    let made = wide("glyphs-light-prototypical-5w1s");
    let compared = run(comparing(&own, with_checkpoints(few(), &[("made", &made)])));
    assert!(compared.entrants[1].evaluation.as_ref().is_some_and(|found| found.steps[1].accuracy.is_some()));
    let fixed = wide("glyphs-light-maml-5w1s");
    let refused = block_on(Comparing::new(&own, with_checkpoints(few(), &[("fixed", &fixed)]))).err().unwrap();
    assert!(refused.to_string().starts_with("fixed cannot take part: its head tells 3 classes apart"), "{refused}");
}

#[test]
fn two_checkpoints_of_one_network_that_normalise_otherwise_are_judged_otherwise_and_say_so() {
    let own = light("glyphs-light-maml-5w1s");
    let together = saved(own.clone(), 1);
    let mut alone = together.clone();
    alone.experiment.model.transduction = crate::experiment::Switch::Off;
    let few = Contest { meta_steps: 0, tasks: 4, ..contest(&[]) };
    let checkpoints = [("together", &together), ("alone", &alone)];
    let compared = run(comparing(&session(own), with_checkpoints(few, &checkpoints)));
    assert_eq!(compared.transduction(), Some((vec![0], vec![1])));
    let judged = |place: usize| compared.entrants[place].evaluation.as_ref().unwrap();
    assert_ne!(judged(0), judged(1));
}

#[test]
fn a_checkpoint_without_its_file_or_with_tensors_of_another_network_is_refused_by_name() {
    let own = session(small());
    let file = saved(small(), 1);
    let refused = |contest: Contest| block_on(Comparing::new(&own, contest)).err().unwrap().to_string();
    let mut without = with_checkpoints(contest(&[Contestant::Own]), &[("lost", &file)]);
    without.checkpoints.clear();
    assert!(refused(without).contains("lost: its file is not there"));
    let mut torn = file;
    torn.tensors.pop();
    let sentence = refused(with_checkpoints(contest(&[Contestant::Own]), &[("torn", &torn)]));
    assert!(sentence.contains("torn: it has no tensor"), "{sentence}");
}

#[test]
fn all_get_on_together_and_a_stop_keeps_what_there_is() {
    let session = session(small());
    let long = Contest { meta_steps: 3000, ..contest(&learners(&[Maml, Fomaml, Reptile])) };
    let mut comparing = comparing(&session, long);
    while comparing.compared().entrants.iter().any(|entrant| entrant.meta_step < 60) {
        // Turns of no time are single meta-steps.
        block_on(comparing.advance(Duration::ZERO)).unwrap();
        let done: Vec<u32> = comparing.compared().entrants.iter().map(|entrant| entrant.meta_step).collect();
        assert!(done.iter().max().unwrap() - done.iter().min().unwrap() <= 1, "{done:?}");
    }
    comparing.stop();
    let kept = run(comparing);
    assert!(kept.entrants.iter().all(|entrant| entrant.meta_step == 60 && entrant.curve.len() == 1));
    assert!(kept.entrants.iter().all(|entrant| entrant.shown.is_some() && entrant.evaluation.is_none()));
}

#[test]
fn however_turns_are_cut_the_figures_are_the_same() {
    let session = session(small());
    let all = contest(&learners(&[Maml, Reptile]));
    let mut single = comparing(&session, all.clone());
    while !single.finished() {
        block_on(single.advance(Duration::ZERO)).unwrap();
    }
    assert_eq!(single.compared(), run(comparing(&session, all)));
}

#[test]
fn who_diverges_is_marked_and_stops_and_the_others_go_on() {
    let mut experiment = small();
    (experiment.outer.optimizer, experiment.outer.lr) = (Optimizer::Sgd, 10.0);
    let session = session(experiment);
    let compared = run(comparing(&session, contest(&learners(&[Maml, Reptile, Scratch]))));
    let [maml, reptile, scratch] = [0, 1, 2].map(|place| &compared.entrants[place]);
    assert!(maml.diverged.is_some() && maml.evaluation.is_none(), "{:?}", maml.meta_step);
    for other in [reptile, scratch] {
        assert_eq!(other.evaluation.as_ref().map(|evaluation| evaluation.tasks), Some(60));
    }
    assert_eq!(compared.progress(), (200, 200));
}

#[test]
fn seven_contestants_and_one_that_does_not_suit_are_refused() {
    let session = session(small());
    let refused = |kinds: &[LearnerKind]| block_on(Comparing::new(&session, contest(&learners(kinds)))).err().unwrap();
    let sentence = refused(&[Maml, Prototypical]).to_string();
    assert!(sentence.contains("prototypical cannot learn"), "{sentence}");
    let seven = &[Maml, Fomaml, Reptile, Scratch, Cnp, LearnerKind::Anil, LearnerKind::Boil];
    assert!(matches!(refused(seven), EngineError::Contest(ContestError::Count(7))));
}

#[test]
fn characters_are_compared_by_accuracy_on_the_same_drawings() {
    let mut experiment = preset("glyphs-light-maml-5w1s").unwrap().experiment();
    (experiment.model.filters, experiment.outer.meta_batch) = (8, 1);
    let session = session(experiment);
    let few = Contest { meta_steps: 2, tasks: 4, ..contest(&learners(&[Reptile, Prototypical])) };
    let compared = run(comparing(&session, few));
    let drawn = |place: usize| match compared.entrants[place].shown.as_ref().unwrap() {
        Adaptation::Characters(trajectory) => trajectory,
        Adaptation::Regression(_) => panic!("no characters"),
    };
    assert_eq!((&drawn(0).support, &drawn(0).query), (&drawn(1).support, &drawn(1).query));
    assert_eq!((drawn(0).steps.len(), drawn(1).steps.len()), (6, 6));
    let steps = &compared.entrants[1].evaluation.as_ref().unwrap().steps;
    assert!(steps.len() == 6 && steps.iter().all(|step| step.accuracy.is_some()));
}

#[test]
fn a_drawn_task_is_shown_by_those_who_can_and_the_others_go_on_without() {
    let mut experiment = preset("glyphs-light-maml-5w1s").unwrap().experiment();
    (experiment.model.filters, experiment.outer.meta_batch) = (8, 1);
    let session = session(experiment);
    let drawing = |class: u8| Drawing { image: Image::blank(), class: Some(class) };
    let drawings = Some(DrawnTask { support: vec![drawing(0), drawing(1)], query: vec![drawing(1)] });
    let shown = ShownTask { index: 0, points: Vec::new(), drawings };
    let few = Contest { meta_steps: 1, tasks: 2, shown, ..contest(&learners(&[Reptile, LearnerKind::ZeroShot])) };
    let compared = run(comparing(&session, few));
    assert!(compared.entrants[0].shown.is_some() && compared.entrants[1].shown.is_none());
    assert!(compared.entrants.iter().all(|entrant| entrant.evaluation.is_some()));
}
