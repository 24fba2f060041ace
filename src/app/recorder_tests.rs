use super::*;
use crate::{
    app::session::{Origin, Then},
    experiment::CurvePoint,
    protocol::{Answer, DeviceKind, DevicePolicy, DeviceReason, DeviceReport, Event, RunState, Snapshot, VERSION},
    worker::programs::Build,
};

fn snapshot(meta_step: u32, state: RunState) -> Snapshot {
    let losses = (meta_step > 0).then_some(CurvePoint { meta_step, before: 3.0, after: 1.0, accuracy: None });
    let (losses, fingerprint) = (losses.into_iter().collect(), "K7QX2A".to_owned());
    Snapshot { meta_step, state, rate: 100.0, losses, checks: Vec::new(), ending: None, fingerprint }
}

fn heed(session: &mut Session, event: Event) {
    session.heed(event, Build::Cpu);
}

fn started() -> Event {
    let reason = DeviceReason::Forced;
    let device = DeviceReport { kind: DeviceKind::Cpu, name: String::new(), reason, cpu_ms: None, gpu_ms: None };
    Event::Started { device, snapshot: snapshot(0, RunState::Paused) }
}

fn standing() -> Session {
    let mut session = Session::new(Experiment::default(), DevicePolicy::Auto, false);
    session.start(Experiment::default(), None, Then::Wait);
    heed(&mut session, Event::Ready { protocol: VERSION });
    heed(&mut session, started());
    session
}

fn trained(session: &mut Session, meta_step: u32, state: RunState) {
    heed(session, Event::Progress(snapshot(meta_step, state)));
}

#[test]
fn a_run_that_was_not_trained_is_not_recorded() {
    let (mut recorder, session) = (Recorder::default(), standing());
    assert_eq!(recorder.look(&session, 1e6), None);
    assert_eq!(session.origin(), Origin::Seed);
}

#[test]
fn a_run_that_trains_is_recorded_every_few_seconds_and_as_soon_as_it_rests() {
    let (mut recorder, mut session) = (Recorder::default(), standing());
    recorder.look(&session, 1e6);
    trained(&mut session, 1, RunState::Training);
    let first = recorder.look(&session, 1e6).unwrap();
    trained(&mut session, 2, RunState::Training);
    assert_eq!(recorder.look(&session, 1e6 + 1000.0), None, "too soon");
    trained(&mut session, 3, RunState::Training);
    let next = recorder.look(&session, 1e6 + 4000.0).unwrap();
    assert_eq!((next.id == first.id, next.meta_step, next.seconds), (true, 3, 4.0));
    trained(&mut session, 4, RunState::Paused);
    let last = recorder.look(&session, 1e6 + 4500.0).unwrap();
    assert_eq!((last.meta_step, last.curve.len(), last.seconds), (4, 4, 4.5));
    assert_eq!(recorder.look(&session, 2e6), None, "nothing is new");
}

#[test]
fn a_run_that_is_replaced_is_recorded_with_what_it_came_to_and_its_own_experiment() {
    let (mut recorder, mut session) = (Recorder::default(), standing());
    recorder.look(&session, 1e6);
    trained(&mut session, 1, RunState::Training);
    let first = recorder.look(&session, 1e6).unwrap();
    trained(&mut session, 2, RunState::Training);
    recorder.look(&session, 1e6 + 10.0);
    let mut other = Experiment::default();
    other.model.hidden = vec![8];
    session.start(other.clone(), None, Then::Train);
    let last = recorder.look(&session, 1e6 + 20.0).unwrap();
    assert_eq!((&last.id, last.meta_step, &last.experiment), (&first.id, 2, &Experiment::default()));
    heed(&mut session, started());
    assert_eq!(recorder.look(&session, 1e6 + 30.0), None);
    trained(&mut session, 1, RunState::Paused);
    let next = recorder.look(&session, 1e6 + 40.0).unwrap();
    assert_eq!((next.id != first.id, next.experiment), (true, other));
}

#[test]
fn a_page_that_is_left_records_what_it_has() {
    let (mut recorder, mut session) = (Recorder::default(), standing());
    recorder.look(&session, 1e6);
    trained(&mut session, 1, RunState::Training);
    recorder.look(&session, 1e6);
    trained(&mut session, 2, RunState::Training);
    assert_eq!(recorder.look(&session, 1e6 + 1.0), None);
    assert_eq!(recorder.leave(&session, 1e6 + 2.0).map(|record| record.meta_step), Some(2));
    assert_eq!(recorder.leave(&session, 1e6 + 3.0), None);
}

#[test]
fn a_record_has_the_last_evaluation_on_the_own_tasks() {
    use crate::{
        app::evaluations::Asked,
        experiment::{Evaluation, Interval, StepEvaluation},
    };
    let (mut recorder, mut session) = (Recorder::default(), standing());
    recorder.look(&session, 1e6);
    trained(&mut session, 1, RunState::Paused);
    assert_eq!(recorder.look(&session, 1e6).unwrap().evaluation, None);
    for (id, shift) in [(1, Shift::Own), (2, Shift::Amplitude)] {
        session.evaluate(Asked::of(&Experiment::default(), shift, 100).unwrap());
        let loss = Interval { mean: f64::from(id), ci95: 0.1 };
        let steps = vec![StepEvaluation { step: 1, loss, diverged: 0, accuracy: None }];
        let evaluation = Evaluation { tasks: 100, steps };
        heed(
            &mut session,
            Event::Answer {
                id,
                answer: Answer::Evaluated { meta_step: 1, evaluation },
                done: 100,
                total: 100,
                finished: true,
            },
        );
        let judged = recorder.look(&session, 1e6 + f64::from(id)).and_then(|record| record.evaluation).unwrap();
        assert_eq!((judged.tasks, judged.steps[0].loss), (100, Some((1.0, 0.1))));
    }
    let mut other = Experiment::default();
    other.task.shots = 9;
    session.update(&other);
    assert_eq!(recorder.look(&session, 2e6).unwrap().evaluation, None, "that was of other tasks");
}
