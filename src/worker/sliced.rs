//! Long work, a slice at a time: what every kind of it can do, and those that are under way.

use std::{
    mem::{Discriminant, discriminant},
    pin::Pin,
};

use web_time::{Duration, Instant};

use super::works::begin;
use crate::{
    engine::{EngineError, Session},
    protocol::{Answer, Event, ShownTask, Work},
};

/// Between two words about work: figures that move are watched, not read.
const TELL: Duration = Duration::from_millis(200);

/// A slice of work in the making.
pub(super) type Slice<'a> = Pin<Box<dyn Future<Output = Result<(), EngineError>> + 'a>>;

/// Long work that can be done a slice at a time.
pub(super) trait Sliced {
    /// Does a slice: of about `time`, where its length can be chosen. The session is the one that stands.
    fn advance<'a>(&'a mut self, session: Option<&'a Session>, time: Duration) -> Slice<'a>;

    /// Whether there is nothing left to do.
    fn finished(&self) -> bool;

    /// Parts done, and in all; 0 while unknown.
    fn progress(&self) -> (u32, u32);

    /// What was found so far.
    fn answer(&self) -> Answer;

    /// Whether it has networks of its own, and goes on when another session begins.
    fn outlives_session(&self) -> bool {
        false
    }

    /// Whether it waits while the session trains; other work then does one slice a turn.
    fn waits(&self) -> bool {
        false
    }

    /// Whether it can turn to another task when it is finished, and is kept for that.
    fn stays(&self) -> bool {
        false
    }

    /// Turns to another task.
    fn show(&mut self, _task: ShownTask) {}

    /// Goes no further.
    fn stop(&mut self) {}
}

/// Work under way, or kept.
struct Job {
    id: u32,
    kind: Discriminant<Work>,
    work: Box<dyn Sliced>,
    told: Instant,
}

impl Job {
    fn event(&self, finished: bool) -> Event {
        let (done, total) = self.work.progress();
        Event::Answer { id: self.id, answer: self.work.answer(), done, total, finished }
    }

    /// Works for about `time`, or for one slice beside training. What to tell, if it is time to.
    async fn turn(
        &mut self,
        session: Option<&Session>,
        time: Duration,
        training: bool,
    ) -> Result<Option<Event>, EngineError> {
        let begun = Instant::now();
        loop {
            self.work.advance(session, time).await?;
            if self.work.finished() || training || begun.elapsed() >= time {
                break;
            }
        }
        if !self.work.finished() && self.told.elapsed() < TELL {
            return Ok(None);
        }
        self.told = Instant::now();
        Ok(Some(self.event(self.work.finished())))
    }
}

/// All work under way, at most one of a kind.
#[derive(Default)]
pub(super) struct Jobs(Vec<Job>);

impl Jobs {
    /// Begins work around a session, in place of any of its kind.
    ///
    /// # Errors
    /// When it cannot be done for this session, or the device fails.
    pub(super) async fn begin(&mut self, id: u32, work: Work, session: &Session) -> Result<Event, EngineError> {
        let kind = discriminant(&work);
        self.0.retain(|job| job.kind != kind);
        let job = Job { id, kind, work: begin(work, session).await?, told: Instant::now() };
        let finished = job.work.finished();
        let event = job.event(finished);
        if !finished || job.work.stays() {
            self.0.push(job);
        }
        Ok(event)
    }

    /// Stops the work of this id where it is; what it has found, if it is there.
    pub(super) fn cancel(&mut self, id: u32) -> Option<Event> {
        let place = self.0.iter().position(|job| job.id == id)?;
        let job = &mut self.0[place];
        job.work.stop();
        let event = job.event(true);
        if !job.work.stays() {
            self.0.swap_remove(place);
        }
        Some(event)
    }

    /// Has the work of this id turn to another task.
    pub(super) fn show(&mut self, id: u32, task: ShownTask) {
        if let Some(job) = self.0.iter_mut().find(|job| job.id == id) {
            job.work.show(task);
        }
    }

    /// A session that is replaced takes what is about it along.
    pub(super) fn end_session(&mut self) {
        self.0.retain(|job| job.work.outlives_session());
    }

    /// Whether there is something to do.
    pub(super) fn is_busy(&self) -> bool {
        self.0.iter().any(|job| !job.work.finished())
    }

    /// A turn of everything under way: what to tell, and what could not go on.
    pub(super) async fn advance(
        &mut self,
        session: Option<&Session>,
        time: Duration,
        training: bool,
    ) -> Vec<Result<Event, (u32, EngineError)>> {
        let mut words = Vec::new();
        let mut kept = Vec::new();
        for mut job in self.0.drain(..) {
            let waits = training && job.work.waits();
            if !(job.work.finished() || waits) {
                match job.turn(session, time, training).await {
                    Ok(event) => words.extend(event.map(Ok)),
                    Err(error) => {
                        words.push(Err((job.id, error)));
                        continue;
                    }
                }
            }
            if !job.work.finished() || job.work.stays() {
                kept.push(job);
            }
        }
        self.0 = kept;
        words
    }
}
