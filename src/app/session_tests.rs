use super::*;
use crate::{
    experiment::{CurvePoint, Trajectory},
    protocol::{DeviceReason, VERSION},
};

fn snapshot(meta_step: u32, state: RunState) -> Snapshot {
    let losses = (meta_step > 0).then_some(CurvePoint { meta_step, before: 3.0, after: 1.0, accuracy: None });
    Snapshot { meta_step, state, rate: 100.0, losses: losses.into_iter().collect(), fingerprint: "K7QX2A".to_owned() }
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
    }
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
    assert!(session.can_undo());
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
    let task = || ShownTask { index: 0, points: Vec::new(), drawings: None };
    let Some(Request::Adapt { id, .. }) = session.adaptation(0.0, task) else { panic!("the first picture is due") };
    session.wish_adaptation();
    assert_eq!(session.adaptation(1.0, task), None);
    heed(&mut session, Event::Adapted { id, meta_step: 0, adaptation: Adaptation::Regression(Trajectory::default()) });
    assert!(session.adaptation(2.0, task).is_some(), "a paused run answers at once");
}

#[test]
fn training_is_not_slowed_by_showing() {
    let mut session = standing();
    let task = || ShownTask { index: 0, points: Vec::new(), drawings: None };
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
