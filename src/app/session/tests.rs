use super::*;
use crate::{
    app::{
        comparisons::Match,
        evaluations::Asked,
        job::LongWork as _,
        landscapes::Mapped,
        layers::Looked,
        library::{Failure, Import},
    },
    experiment::{
        Check, Contestant, CurvePoint, Diagnosis, Directions, Evaluation, Family, Found, Interval, LearnerKind,
        PlaneKind, Shift, Source, StepEvaluation, Tab, Trajectory,
    },
    protocol::{Answer, DatasetSummary, DeviceKind, DeviceReason, Event, Fault, ImportFiles, Snapshot, VERSION, Work},
    worker::programs::Build,
};

fn snapshot(meta_step: u32, state: RunState) -> Snapshot {
    let losses = (meta_step > 0).then_some(CurvePoint { meta_step, before: 3.0, after: 1.0, accuracy: None });
    let (losses, fingerprint) = (losses.into_iter().collect(), "K7QX2A".to_owned());
    Snapshot { meta_step, state, rate: 100.0, losses, checks: Vec::new(), ending: None, fingerprint }
}

fn started(meta_step: u32, state: RunState) -> Event {
    let device = DeviceReport {
        kind: DeviceKind::Cpu,
        name: String::new(),
        reason: DeviceReason::Forced,
        cpu_ms: None,
        gpu_ms: None,
    };
    Event::Started { device, snapshot: snapshot(meta_step, state) }
}

fn gpu_started() -> Event {
    let Event::Started { mut device, snapshot } = started(0, RunState::Paused) else { unreachable!() };
    device.kind = DeviceKind::Gpu;
    Event::Started { device, snapshot }
}

/// A session whose run stands at its random start.
fn standing() -> Session {
    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    session.start(Experiment::default(), None, Then::Wait);
    heed(&mut session, Event::Ready { protocol: VERSION });
    heed(&mut session, started(0, RunState::Paused));
    session
}

fn changed(change: impl FnOnce(&mut Experiment)) -> Experiment {
    let mut experiment = Experiment::default();
    change(&mut experiment);
    experiment
}

fn heed(session: &mut Session, event: Event) -> Vec<Act> {
    session.heed(event, Build::Cpu)
}

fn shipped() -> Kept {
    Kept {
        experiment: Experiment::default(),
        meta_step: 70_000,
        bytes: vec![7],
        series: Series::default(),
        origin: Origin::Shipped,
        run: 0,
    }
}

fn task() -> Option<(ShownTask, Subject)> {
    Some((ShownTask { index: 0, points: Vec::new(), drawings: None }, Subject::Sampled { index: 0 }))
}

fn is_start(act: &Act) -> bool {
    matches!(act, Act::Send(Request::Start { .. }))
}

#[test]
fn nothing_is_posted_before_the_worker_is_ready_and_the_run_is_known() {
    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    assert!(heed(&mut session, Event::Ready { protocol: VERSION }).is_empty(), "the page still fetches the network");
    assert!(session.start(Experiment::default(), None, Then::Wait).iter().any(is_start));

    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    assert!(session.start(Experiment::default(), None, Then::Wait).is_empty(), "the worker is not there");
    assert!(heed(&mut session, Event::Ready { protocol: VERSION }).iter().any(is_start));
}

#[test]
fn play_pressed_while_the_worker_loads_is_not_forgotten() {
    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    assert!(session.play(&Experiment::default()).is_empty());
    assert!(session.is_training(), "the button already says pause");
    let then = session.intent();
    session.start(Experiment::default(), None, then);
    heed(&mut session, Event::Ready { protocol: VERSION });
    assert_eq!(heed(&mut session, started(0, RunState::Paused)), [Act::Send(Request::Train)]);
}

#[test]
fn play_on_the_finished_shipped_network_trains_a_random_one() {
    let mut session = standing();
    session.start(Experiment::default(), Some(shipped()), Then::Wait);
    heed(&mut session, started(70_000, RunState::Finished));
    assert_eq!((session.origin(), session.is_finished()), (Origin::Shipped, true));

    let acts = session.play(&Experiment::default());
    assert!(acts.contains(&Act::Send(Request::Checkpoint)), "the shipped network can be brought back");
    assert!(acts.iter().any(|act| matches!(act, Act::Send(Request::Start { checkpoint: None, .. }))));
    assert_eq!(heed(&mut session, started(0, RunState::Paused)), [Act::Send(Request::Train)]);
    assert_eq!(session.origin(), Origin::Seed);
}

#[test]
fn a_restart_can_be_undone_with_its_curve() {
    let mut session = standing();
    heed(&mut session, Event::Progress(snapshot(200, RunState::Paused)));
    session.reset(&Experiment { seed: 2, ..Experiment::default() });
    heed(&mut session, Event::Checkpoint { meta_step: 200, bytes: vec![1, 2] });
    heed(&mut session, started(0, RunState::Paused));
    assert!(session.undoable().is_some());
    assert_eq!(session.series().buckets().len(), 0);

    let acts = session.undo();
    assert!(acts.contains(&Act::Adopt(Experiment::default())), "the experiment comes back as well: {acts:?}");
    let bytes = acts.iter().find_map(|act| match act {
        Act::Send(Request::Start { checkpoint, .. }) => checkpoint.clone(),
        _ => None,
    });
    assert_eq!(bytes, Some(vec![1, 2]));
    heed(&mut session, started(200, RunState::Paused));
    assert_eq!(session.series().buckets().len(), 1);
}

#[test]
fn a_random_start_has_nothing_to_undo() {
    let mut session = standing();
    let acts = session.reset(&Experiment::default());
    assert!(!acts.contains(&Act::Send(Request::Checkpoint)));
    assert!(!acts.iter().any(|act| matches!(act, Act::Tell(_))), "and nothing was lost that is worth a notice");
}

#[test]
fn the_last_words_of_a_replaced_run_do_not_enter_the_next_curve() {
    let mut session = standing();
    session.start(Experiment::default(), None, Then::Wait);
    heed(&mut session, Event::Progress(snapshot(9, RunState::Training)));
    heed(&mut session, started(0, RunState::Paused));
    assert_eq!((session.meta_step(), session.series().buckets().len()), (0, 0));
}

#[test]
fn only_one_adaptation_is_in_flight() {
    let mut session = standing();
    let Some(Request::Adapt { id, .. }) = session.adaptation(0.0, task) else { panic!("the first picture is due") };
    session.wish_adaptation();
    assert_eq!(session.adaptation(1.0, task), None);
    heed(&mut session, Event::Adapted { id, meta_step: 0, adaptation: Adaptation::Regression(Trajectory::default()) });
    assert!(session.adaptation(2.0, task).is_some(), "a paused run answers at once");
}

#[test]
fn training_is_not_slowed_by_showing() {
    let mut session = standing();
    let Some(Request::Adapt { id, .. }) = session.adaptation(0.0, task) else { panic!("the first picture is due") };
    heed(&mut session, Event::Adapted { id, meta_step: 0, adaptation: Adaptation::Regression(Trajectory::default()) });
    heed(&mut session, Event::Progress(snapshot(5, RunState::Training)));
    assert_eq!(session.adaptation(ADAPT_EVERY / 2.0, task), None);
    assert!(session.adaptation(ADAPT_EVERY, task).is_some());
}

#[test]
fn a_panic_on_the_cpu_waits_for_a_click_and_goes_on_from_the_checkpoint() {
    let mut session = standing();
    heed(&mut session, Event::Progress(snapshot(300, RunState::Training)));
    heed(&mut session, Event::Checkpoint { meta_step: 290, bytes: vec![5] });
    let acts = session.broke("unreachable".to_owned(), Build::Cpu);
    assert!(acts.contains(&Act::Terminate) && matches!(acts[1], Act::Tell(Notice::WorkerBroke { .. })));

    session.load(DevicePolicy::Auto);
    let acts = heed(&mut session, Event::Ready { protocol: VERSION });
    assert!(matches!(&acts[0], Act::Send(Request::Start { checkpoint: Some(bytes), .. }) if *bytes == [5]));
    assert_eq!(heed(&mut session, started(290, RunState::Paused)), [Act::Send(Request::Train)], "it was training");
}

#[test]
fn a_lost_gpu_is_replaced_by_the_cpu_at_once() {
    let mut session = standing();
    session.heed(gpu_started(), Build::Gpu);
    let lost = Event::Failed { fault: Fault::Device, detail: "lost".to_owned() };
    let acts = session.heed(lost, Build::Gpu);
    assert_eq!(acts, [Act::LoadCpu, Act::Tell(Notice::GpuLost { report: "lost".to_owned() })]);
    let acts = heed(&mut session, Event::Ready { protocol: VERSION });
    assert!(matches!(acts[0], Act::Send(Request::Start { policy: DevicePolicy::Cpu, .. })));
}

#[test]
fn a_worker_of_another_version_is_not_spoken_to() {
    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    session.start(Experiment::default(), None, Then::Wait);
    let acts = heed(&mut session, Event::Ready { protocol: VERSION + 1 });
    assert!(!acts.iter().any(is_start) && acts.contains(&Act::Terminate));
}

#[test]
fn a_refused_checkpoint_leads_to_the_random_start() {
    let mut session = standing();
    session.start(Experiment::default(), Some(shipped()), Then::Wait);
    let acts = heed(&mut session, Event::Failed { fault: Fault::Checkpoint, detail: String::new() });
    assert!(matches!(acts[0], Act::Send(Request::Start { checkpoint: None, .. })));
    assert_eq!(acts[1], Act::Tell(Notice::CheckpointRefused));
}

#[test]
fn play_wakes_a_page_that_waits() {
    let mut held = Session::new(Experiment::default(), DevicePolicy::Auto, true);
    assert_eq!(held.play(&Experiment::default()), [Act::Load]);
    assert_eq!(held.intent(), Then::Train);

    let mut broken = standing();
    broken.broke("unreachable".to_owned(), Build::Cpu);
    assert_eq!(broken.play(&Experiment::default()), [Act::Load]);
}

#[test]
fn a_divergence_takes_the_curve_back() {
    let mut session = standing();
    for step in [10, 20, 30] {
        heed(&mut session, Event::Progress(snapshot(step, RunState::Training)));
    }
    let acts = heed(&mut session, Event::Diverged { at: 31, restored: 20 });
    assert_eq!(acts, [Act::Tell(Notice::Diverged { at: 31, restored: 20 })]);
    assert_eq!(session.series().buckets().last().map(|bucket| bucket.last), Some(20));
}

/// Characters of an imported dataset.
fn imported() -> Experiment {
    let mut experiment = Experiment::default();
    experiment.task.family = Family::Characters;
    experiment.task.source = Source::Imported;
    experiment
}

fn holding() -> Holding {
    let summary = DatasetSummary {
        name: "omniglot".to_owned(),
        fingerprint: "K7QX2A".to_owned(),
        alphabets: 5,
        classes: 146,
        drawings: 2920,
        skipped: 0,
    };
    Holding { summary, bytes: std::sync::Arc::new(vec![7]) }
}

fn files() -> Result<ImportFiles, Failure> {
    Ok(ImportFiles::One { name: "omniglot.zip".to_owned(), bytes: vec![1] })
}

fn hands_over(act: &Act) -> bool {
    matches!(act, Act::Send(Request::Dataset(Some(_))))
}

#[test]
fn a_worker_has_the_dataset_before_the_run_that_needs_it() {
    let mut session = Session::new(imported(), DevicePolicy::Auto, false);
    session.restore_dataset(holding());
    session.start(imported(), None, Then::Wait);
    let acts = heed(&mut session, Event::Ready { protocol: VERSION });
    assert!(hands_over(&acts[0]) && is_start(&acts[1]), "{acts:?}");
    heed(&mut session, started(0, RunState::Paused));

    session.broke("unreachable".to_owned(), Build::Cpu);
    session.load(DevicePolicy::Auto);
    let acts = heed(&mut session, Event::Ready { protocol: VERSION });
    assert!(hands_over(&acts[0]) && is_start(&acts[1]), "and so has the next one: {acts:?}");
}

#[test]
fn a_run_gets_the_dataset_when_it_turns_to_it() {
    let mut session = standing();
    session.restore_dataset(holding());
    let acts = session.update(&imported());
    assert!(hands_over(&acts[0]) && matches!(acts[1], Act::Send(Request::Update(_))), "{acts:?}");
    assert_eq!(session.update(&imported()).len(), 1, "once is enough");
}

#[test]
fn an_import_is_kept_and_the_shown_task_drawn_anew() {
    let mut session = standing();
    session.update(&imported());
    session.adaptation(0.0, task);
    heed(
        &mut session,
        Event::Adapted { id: 1, meta_step: 0, adaptation: Adaptation::Regression(Trajectory::default()) },
    );
    session.open_files();
    assert!(matches!(session.import(files())[..], [Act::Send(Request::Import { id: 1, .. })]));
    heed(&mut session, Event::Importing { id: 1, done: 1, total: 2 });
    assert_eq!(session.library().import(), &Import::Reading { done: 1, total: 2 });
    let acts = heed(&mut session, Event::Imported { id: 1, summary: holding().summary, bytes: vec![7] });
    assert_eq!(acts, [Act::Keep(Some(holding()))]);
    assert!(session.adaptation(9.0, task).is_some());
}

#[test]
fn files_given_before_there_is_a_worker_are_read_after_the_run_has_begun() {
    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    session.start(Experiment::default(), None, Then::Wait);
    session.open_files();
    assert!(session.import(files()).is_empty());
    let acts = heed(&mut session, Event::Ready { protocol: VERSION });
    assert!(is_start(&acts[0]) && matches!(acts[1], Act::Send(Request::Import { .. })), "{acts:?}");
}

#[test]
fn a_forgotten_dataset_leaves_storage_and_worker_and_can_be_recalled() {
    let mut session = standing();
    session.restore_dataset(holding());
    assert_eq!(session.forget_dataset(), [Act::Keep(None), Act::WithoutDataset, Act::Send(Request::Dataset(None))]);
    assert!(session.forget_dataset().is_empty(), "there is nothing left to forget");
    assert_eq!(session.recall_dataset(), [Act::Keep(Some(holding()))]);
    assert!(hands_over(&session.update(&imported())[0]));
}

#[test]
fn a_run_whose_dataset_cannot_serve_goes_on_with_procedural_characters() {
    let mut session = Session::new(imported(), DevicePolicy::Auto, false);
    session.start(imported(), None, Then::Wait);
    heed(&mut session, Event::Ready { protocol: VERSION });
    let acts = heed(&mut session, Event::Failed { fault: Fault::Dataset, detail: String::new() });
    let Act::Send(Request::Start { experiment, .. }) = &acts[0] else { panic!("it starts again: {acts:?}") };
    assert_eq!(experiment.task.source, Source::Procedural);
    assert_eq!(acts[1..], [Act::WithoutDataset, Act::Tell(Notice::DatasetUnfit)]);
}

#[test]
fn a_standing_run_is_not_begun_again_for_a_dataset_that_cannot_serve() {
    let mut session = standing();
    session.adaptation(0.0, task);
    let acts = heed(&mut session, Event::Failed { fault: Fault::Dataset, detail: String::new() });
    assert_eq!(acts, [Act::WithoutDataset, Act::Tell(Notice::DatasetUnfit)]);
    assert!(session.adaptation(1.0, task).is_some(), "nobody waits for an answer that does not come");
}

#[test]
fn nothing_is_asked_while_there_is_no_task_to_adapt_to() {
    let mut session = standing();
    assert_eq!(session.adaptation(0.0, || None), None);
    assert_eq!(session.adaptation(1.0, task), None, "it has to be wished for again");
    session.wish_adaptation();
    assert!(session.adaptation(2.0, task).is_some());
}

fn evaluated(id: u32, finished: bool) -> Event {
    let loss = Interval { mean: 1.0, ci95: 0.1 };
    let evaluation =
        Evaluation { tasks: 50, steps: vec![StepEvaluation { step: 0, loss, diverged: 0, accuracy: None }] };
    let answer = Answer::Evaluated { meta_step: 0, evaluation };
    Event::Answer { id, answer, done: 50, total: 100, finished }
}

fn evaluating() -> (Session, u32) {
    let mut session = standing();
    let acts = session.evaluate(Asked::of(&Experiment::default(), Shift::Own, 100).unwrap());
    let [Act::Send(Request::Begin { id, .. })] = acts[..] else { panic!("it is posted: {acts:?}") };
    (session, id)
}

#[test]
fn a_restart_forgets_what_was_evaluated_and_hears_no_more_of_it() {
    let (mut session, id) = evaluating();
    heed(&mut session, evaluated(id, false));
    assert_eq!(session.jobs().evaluations.rows().len(), 1);
    session.reset(&Experiment::default());
    assert!(session.jobs().evaluations.rows().is_empty() && session.jobs().evaluations.running().is_none());
    heed(&mut session, evaluated(id, true));
    assert!(session.jobs().evaluations.rows().is_empty());
}

#[test]
fn figures_of_other_tasks_or_of_another_inner_loop_are_put_away_and_others_stay() {
    let (mut session, id) = evaluating();
    heed(&mut session, evaluated(id, false));
    let mut experiment = Experiment::default();
    experiment.outer.lr = 0.5;
    session.update(&experiment);
    assert_eq!(session.jobs().evaluations.rows().len(), 1);
    experiment.task.shots = 7;
    let acts = session.update(&experiment);
    assert_eq!(acts[0], Act::Send(Request::Cancel(id)));
    assert!(session.jobs().evaluations.rows().is_empty());
}

#[test]
fn nothing_is_evaluated_before_a_run_stands_and_a_worker_that_breaks_leaves_its_figures() {
    let asked = Asked::of(&Experiment::default(), Shift::Own, 100).unwrap();
    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    assert!(session.evaluate(asked).is_empty());
    let (mut session, id) = evaluating();
    heed(&mut session, evaluated(id, false));
    session.broke("gone".to_owned(), Build::Cpu);
    assert!(session.jobs().evaluations.running().is_none() && session.jobs().evaluations.rows()[0].finished);
}

#[test]
fn an_evaluation_on_the_imported_dataset_brings_it_along_and_ends_before_it_goes() {
    let mut experiment = imported();
    experiment.task.source = Source::Procedural;
    let mut session = Session::new(experiment.clone(), DevicePolicy::Auto, false);
    session.restore_dataset(holding());
    session.start(experiment.clone(), None, Then::Wait);
    heed(&mut session, Event::Ready { protocol: VERSION });
    heed(&mut session, started(0, RunState::Paused));
    let acts = session.evaluate(Asked::of(&experiment, Shift::Source, 100).unwrap());
    assert!(matches!(acts[..], [Act::Send(Request::Dataset(Some(_))), Act::Send(Request::Begin { .. })]), "{acts:?}");
    assert!(matches!(session.forget_dataset()[0], Act::Send(Request::Cancel(_))));
}

#[test]
fn a_run_that_validation_ends_says_where_it_went_back_to_and_goes_on_from_there_with_more_budget() {
    let mut session = standing();
    let check = |meta_step, loss| Check { meta_step, loss, accuracy: None };
    heed(&mut session, Event::Progress(snapshot(30, RunState::Training)));
    let ending = Ending { at: 30, best: 10, early: true };
    let ended = Snapshot {
        losses: Vec::new(),
        checks: vec![check(10, 1.0), check(20, 2.0), check(30, 3.0)],
        ending: Some(ending),
        ..snapshot(10, RunState::Finished)
    };
    assert_eq!(heed(&mut session, Event::Progress(ended.clone())), [Act::Tell(Notice::Ended(ending))]);
    assert_eq!((session.ending(), session.meta_step(), session.series().checks().len()), (Some(ending), 10, 3));
    assert!(heed(&mut session, Event::Progress(ended)).is_empty(), "it is told once");
    assert!(session.is_finished());
    let on = Snapshot { losses: Vec::new(), ..snapshot(10, RunState::Paused) };
    heed(&mut session, Event::Progress(on));
    assert_eq!((session.ending(), session.series().checks().len()), (None, 1));
    heed(&mut session, Event::Progress(snapshot(11, RunState::Training)));
    assert_eq!(session.series().buckets().last().map(|bucket| bucket.last), Some(11));
}

#[test]
fn a_search_pauses_training_and_goes_on_through_its_own_changes_of_the_rates() {
    let mut session = standing();
    heed(&mut session, Event::Progress(snapshot(10, RunState::Training)));
    let acts = session.search(30);
    assert_eq!(
        acts,
        [Act::Send(Request::Pause), Act::Send(Request::Begin { id: 1, work: Work::Search { seconds: 30 } })]
    );
    let mut next = Experiment::default();
    next.outer.lr = 0.02;
    assert_eq!(session.update(&next), [Act::Send(Request::Update(next.clone()))]);
    next.task.shots = 7;
    assert!(session.update(&next).contains(&Act::Send(Request::Cancel(1))));
    assert!(session.stop(Tab::Search).is_empty());
}

#[test]
fn a_search_ends_with_its_worker_and_nothing_is_searched_before_a_run_stands() {
    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    assert!(session.search(30).is_empty());
    let mut session = standing();
    session.search(30);
    assert!(session.jobs().searches.is_busy());
    session.load(DevicePolicy::Cpu);
    assert!(!session.jobs().searches.is_busy());
}

fn diagnosed(session: &mut Session) -> u32 {
    match session.diagnose(Diagnosis::Directions)[..] {
        [Act::Send(Request::Begin { id, .. })] => id,
        ref acts => panic!("{acts:?}"),
    }
}

fn directions(meta_step: u32) -> Directions {
    Directions { meta_step, norm: 1.0, fomaml: None, reptile: None, own: None }
}

#[test]
fn a_diagnosis_is_of_the_run_that_stands_and_is_forgotten_with_it() {
    let mut loading = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    assert!(loading.diagnose(Diagnosis::Cost).is_empty(), "no run stands");
    let mut session = standing();
    let id = diagnosed(&mut session);
    let found = Some(Found::Directions(directions(0)));
    heed(&mut session, Event::Answer { id, answer: Answer::Diagnosed(found), done: 3, total: 3, finished: true });
    assert_eq!(session.jobs().diagnoses.turns().len(), 1);
    session.reset(&Experiment::default());
    assert!(session.jobs().diagnoses.turns().is_empty());
    heed(&mut session, Event::Watched(directions(10)));
    assert!(session.jobs().diagnoses.turns().is_empty(), "the last word of the run before");
}

#[test]
fn what_is_watched_is_watched_in_the_next_run_too() {
    let mut session = standing();
    assert_eq!(session.watch_directions(100), [Act::Send(Request::WatchDirections(100))]);
    session.reset(&Experiment::default());
    let acts = heed(&mut session, started(0, RunState::Paused));
    assert!(acts.contains(&Act::Send(Request::WatchDirections(100))), "{acts:?}");
    heed(&mut session, Event::Watched(directions(100)));
    heed(&mut session, Event::Diverged { at: 90, restored: 80 });
    assert!(session.jobs().diagnoses.turns().is_empty(), "the run went back");
}

#[test]
fn another_inner_loop_or_meta_batch_ends_a_diagnosis_and_a_change_of_view_does_not() {
    let mut session = standing();
    let id = diagnosed(&mut session);
    let mut experiment = Experiment::default();
    experiment.view.step = 3;
    assert_eq!(session.update(&experiment).len(), 1);
    assert!(session.jobs().diagnoses.running().is_some());
    experiment.outer.meta_batch += 1;
    assert_eq!(session.update(&experiment)[0], Act::Send(Request::Cancel(id)));
    assert!(session.jobs().diagnoses.running().is_none());
}

#[test]
fn a_run_keeps_its_number_on_another_device_and_when_it_comes_back_and_another_has_its_own() {
    let mut session = standing();
    let first = session.run();
    heed(&mut session, Event::Progress(snapshot(5, RunState::Paused)));
    session.leave();
    heed(&mut session, Event::Checkpoint { meta_step: 5, bytes: vec![1] });
    session.load(DevicePolicy::Cpu);
    heed(&mut session, Event::Ready { protocol: VERSION });
    heed(&mut session, started(5, RunState::Paused));
    assert_eq!(session.run(), first);
    session.reset(&Experiment::default());
    heed(&mut session, Event::Checkpoint { meta_step: 5, bytes: vec![1] });
    heed(&mut session, started(0, RunState::Paused));
    assert_ne!(session.run(), first);
    session.undo();
    heed(&mut session, started(5, RunState::Paused));
    assert_eq!(session.run(), first);
}

#[test]
fn a_network_that_was_asked_for_is_handed_over_once() {
    let mut session = standing();
    assert_eq!(session.save(), [Act::Send(Request::Checkpoint)]);
    let checkpoint = || Event::Checkpoint { meta_step: 7, bytes: vec![1, 2] };
    assert_eq!(heed(&mut session, checkpoint()), [Act::Save { meta_step: 7, bytes: vec![1, 2] }]);
    assert!(heed(&mut session, checkpoint()).is_empty(), "the next is the page's own");
}

fn shown_task(index: u32) -> ShownTask {
    ShownTask { index, points: Vec::new(), drawings: None }
}

fn own_match() -> Match {
    Match { contestants: vec![Contestant::Own], checkpoints: Vec::new(), meta_steps: 100, shown: shown_task(0) }
}

#[test]
fn a_comparison_pauses_training_follows_the_task_on_show_and_ends_with_the_experiment() {
    let mut session = standing();
    heed(&mut session, Event::Progress(snapshot(10, RunState::Training)));
    let acts = session.compare(own_match());
    assert!(matches!(
        acts[..],
        [Act::Send(Request::Pause), Act::Send(Request::Begin { id: 1, work: Work::Compare { meta_steps: 100, .. } })]
    ));
    assert_eq!(session.show_compared(&shown_task(0)), None);
    let next = Request::Show { id: 1, task: shown_task(4) };
    assert_eq!(session.show_compared(&shown_task(4)), Some(next));
    let mut other = Experiment::default();
    other.learner.inner_lr = 0.02;
    assert!(session.update(&other).contains(&Act::Send(Request::Cancel(1))));
    assert!(session.stop(Tab::Compare).is_empty() && session.jobs().comparisons.compared().is_none());
}

#[test]
fn a_comparison_ends_with_its_worker_and_nothing_is_compared_before_a_run_stands() {
    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    assert!(session.compare(own_match()).is_empty());
    let mut session = standing();
    session.compare(own_match());
    assert!(session.jobs().comparisons.is_busy());
    session.load(DevicePolicy::Cpu);
    assert!(!session.jobs().comparisons.is_busy() && session.show_compared(&shown_task(1)).is_none());
}

#[test]
fn a_file_that_the_worker_cannot_use_ends_the_comparison_and_nothing_else() {
    let mut session = standing();
    heed(&mut session, Event::Progress(snapshot(10, RunState::Paused)));
    session.compare(own_match());
    let mapped = mapped(&mut session);
    let detail = "b.safetensors: it has no tensor head.weight".to_owned();
    let name = "b.safetensors".to_owned();
    let (fault, guest) = (Fault::Checkpoint, Some(name.clone()));
    let refused = Event::Refused { id: 1, fault, guest, detail: detail.clone() };
    assert_eq!(heed(&mut session, refused), [Act::Tell(Notice::GuestBroken { name, report: detail })]);
    assert!(!session.jobs().comparisons.is_busy() && session.jobs().landscapes.is_busy(), "{mapped} goes on");
    assert_eq!((session.phase(), session.meta_step()), (&Phase::Standing, 10));
}

#[test]
fn the_run_that_undo_would_bring_back_can_be_compared_until_it_is_back() {
    let mut session = standing();
    heed(&mut session, Event::Progress(snapshot(10, RunState::Paused)));
    assert_eq!(session.undoable(), None);
    session.reset(&Experiment::default());
    heed(&mut session, Event::Checkpoint { meta_step: 10, bytes: vec![1, 2] });
    heed(&mut session, started(0, RunState::Paused));
    let kept = session.undoable().unwrap();
    assert_eq!((kept.meta_step, &kept.bytes, &kept.experiment), (10, &vec![1, 2], &Experiment::default()));
    session.undo();
    assert_eq!(session.undoable(), None);
}

#[test]
fn while_the_run_that_ended_is_on_its_way_an_earlier_one_does_not_stand_in_for_it() {
    let mut session = standing();
    for (meta_step, bytes) in [(10, vec![1]), (20, vec![2])] {
        heed(&mut session, Event::Progress(snapshot(meta_step, RunState::Paused)));
        session.reset(&Experiment::default());
        assert_eq!(session.undoable(), None, "after {meta_step} meta-steps");
        assert_eq!(session.undo(), []);
        heed(&mut session, Event::Checkpoint { meta_step, bytes });
        assert_eq!(session.undoable().unwrap().meta_step, meta_step);
        heed(&mut session, started(0, RunState::Paused));
        assert_eq!(session.undoable().unwrap().meta_step, meta_step);
    }
}

fn mapped(session: &mut Session) -> u32 {
    let task = ShownTask { index: 0, points: Vec::new(), drawings: None };
    match session.map(Mapped::of(task, PlaneKind::Paths, &Experiment::default())).as_slice() {
        [Act::Send(Request::Begin { id, .. })] => *id,
        acts => panic!("{acts:?}"),
    }
}

#[test]
fn a_landscape_is_of_the_run_that_stands_and_ends_with_its_inner_loop() {
    let task = ShownTask { index: 0, points: Vec::new(), drawings: None };
    let mut loading = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    assert!(loading.map(Mapped::of(task, PlaneKind::Paths, &Experiment::default())).is_empty(), "no run stands");
    let mut session = standing();
    let id = mapped(&mut session);
    let mut experiment = Experiment::default();
    experiment.view.task = 5;
    assert_eq!(session.update(&experiment).len(), 1, "another task on show leaves it alone");
    assert!(session.jobs().landscapes.running().is_some());
    experiment.learner.eval_steps += 1;
    assert_eq!(session.update(&experiment)[0], Act::Send(Request::Cancel(id)));
    assert!(session.jobs().landscapes.running().is_none());
    mapped(&mut session);
    session.load(DevicePolicy::Cpu);
    assert!(session.jobs().landscapes.running().is_none(), "its worker is gone");
}

/// The diagnoses that are begun.
fn begun(acts: &[Act]) -> Vec<Diagnosis> {
    let diagnosis = |act: &Act| match act {
        Act::Send(Request::Begin { work: Work::Diagnose(diagnosis), .. }) => Some(*diagnosis),
        _ => None,
    };
    acts.iter().filter_map(diagnosis).collect()
}

#[test]
fn what_is_asked_for_while_another_run_is_about_to_begin_is_asked_of_that_one() {
    let mut session = standing();
    let fomaml = changed(|experiment| experiment.learner.kind = LearnerKind::Fomaml);
    session.expect(&fomaml);
    assert!(session.diagnose(Diagnosis::Directions).is_empty());
    assert!(session.jobs().diagnoses.is_busy(), "the panel says that it waits");
    session.start(fomaml.clone(), None, Then::Wait);
    assert!(session.diagnose(Diagnosis::Cost).is_empty(), "it does not stand yet");
    session.search(30);
    let acts = heed(&mut session, started(0, RunState::Paused));
    assert_eq!(begun(&acts), [Diagnosis::Directions]);
    assert!(acts.iter().any(|act| matches!(act, Act::Send(Request::Begin { work: Work::Search { .. }, .. }))));
    assert_eq!(session.jobs().searches.about(), Some(&fomaml));
}

#[test]
fn what_is_pressed_while_another_run_is_about_to_begin_is_done_by_that_one() {
    let fomaml = changed(|experiment| experiment.learner.kind = LearnerKind::Fomaml);
    for (state, then) in
        [(RunState::Paused, Then::Train), (RunState::Paused, Then::Step), (RunState::Training, Then::Wait)]
    {
        let mut session = standing();
        heed(&mut session, Event::Progress(snapshot(5, state)));
        session.expect(&fomaml);
        match then {
            Then::Train => assert_eq!(session.play(&fomaml), []),
            Then::Step => assert_eq!(session.step(&fomaml), []),
            Then::Wait => assert_eq!(session.pause(), [Act::Send(Request::Pause)]),
        }
        // The worker has not answered yet.
        assert_eq!((session.intent(), session.is_training()), (then, then == Then::Train));
        let intent = session.intent();
        session.start(fomaml.clone(), None, intent);
        let asked = match then {
            Then::Train => vec![Act::Send(Request::Train)],
            Then::Step => vec![Act::Send(Request::Step)],
            Then::Wait => Vec::new(),
        };
        assert_eq!(heed(&mut session, started(0, RunState::Paused)), asked);
        assert_eq!(session.intent(), Then::Wait, "it is done once");
    }
}

#[test]
fn what_is_under_way_of_one_run_can_be_asked_of_the_next_before_that_begins() {
    let mut session = standing();
    diagnosed(&mut session);
    let fomaml = changed(|experiment| experiment.learner.kind = LearnerKind::Fomaml);
    session.expect(&fomaml);
    session.diagnose(Diagnosis::Directions);
    session.diagnose(Diagnosis::Directions);
    session.start(fomaml, None, Then::Wait);
    assert_eq!(begun(&heed(&mut session, started(0, RunState::Paused))), [Diagnosis::Directions]);
}

#[test]
fn what_was_asked_of_a_run_that_never_began_is_dropped_where_it_makes_no_sense_of_the_next() {
    let mut session = standing();
    session.expect(&changed(|experiment| experiment.learner.kind = LearnerKind::Fomaml));
    session.diagnose(Diagnosis::Directions);
    let wider = changed(|experiment| experiment.model.hidden = vec![20]);
    session.expect(&wider);
    assert!(!session.jobs().diagnoses.is_busy(), "that was of another learner");
    session.diagnose(Diagnosis::Cost);
    session.stop(Tab::Diagnose);
    session.diagnose(Diagnosis::Gradient);
    session.start(wider, None, Then::Wait);
    assert_eq!(begun(&heed(&mut session, started(0, RunState::Paused))), [Diagnosis::Gradient]);
}

#[test]
fn a_change_made_while_a_run_begins_reaches_it() {
    let mut session = standing();
    session.start(Experiment::default(), None, Then::Wait);
    let faster = changed(|experiment| experiment.outer.lr = 0.5);
    assert!(session.update(&faster).is_empty());
    let acts = heed(&mut session, started(0, RunState::Paused));
    assert_eq!(acts, [Act::Send(Request::Update(faster))]);
}

#[test]
fn what_was_compared_goes_when_the_experiment_changes_while_a_run_begins() {
    let mut session = standing();
    session.compare(own_match());
    let found = crate::experiment::Compared { meta_steps: 100, tasks: 100, entrants: Vec::new() };
    heed(&mut session, Event::Answer { id: 1, answer: Answer::Compared(found), done: 1, total: 1, finished: true });
    session.start(Experiment::default(), None, Then::Wait);
    assert!(session.jobs().comparisons.compared().is_some(), "a comparison outlives the run");
    session.update(&changed(|experiment| experiment.outer.lr = 0.5));
    assert!(session.jobs().comparisons.compared().is_none());
}

#[test]
fn long_work_goes_on_where_only_the_task_on_show_is_refused() {
    let mut session = standing();
    session.compare(own_match());
    let acts = heed(&mut session, Event::Failed { fault: Fault::Experiment, detail: String::new() });
    assert!(acts.contains(&Act::Tell(Notice::Refused)) && session.jobs().comparisons.is_busy());
}

#[test]
fn layers_are_of_the_run_that_stands_and_maps_wait_for_those_before() {
    let task = ShownTask { index: 0, points: Vec::new(), drawings: None };
    let mut loading = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    assert!(loading.dissect(task.clone()).is_empty(), "no run stands");
    let mut session = standing();
    let begun = |acts: Vec<Act>| match acts.as_slice() {
        [Act::Send(Request::Begin { id, .. })] => Some(*id),
        [] => None,
        acts => panic!("{acts:?}"),
    };
    let id = begun(session.dissect(task.clone())).unwrap();
    let maps = |session: &mut Session, drawing| session.look_at(Looked { task: task.clone(), drawing });
    assert!(begun(maps(&mut session, 0)).is_some_and(|other| other != id), "both at once");
    assert_eq!(begun(maps(&mut session, 1)), None, "one drawing at a time");
    assert_eq!(session.stop(Tab::Layers), [Act::Send(Request::Cancel(id))]);
    let mut experiment = Experiment::default();
    experiment.learner.eval_lr = 0.5;
    session.update(&experiment);
    assert!(!session.jobs().layers.is_busy() && !session.jobs().activated.is_busy());
}
