//! What of the run that stands is to be recorded, and when.
//!
//! Looks at the session after each of its transitions, with the time. A record is due every few seconds while a run
//! trains, and at once when it has come to rest or when another takes its place.

use std::collections::HashMap;

use super::{
    record::{Judged, Record},
    session::{Phase, Session},
};
use crate::experiment::{Experiment, Shift};

/// Milliseconds between two records of a run that trains.
const EVERY: f64 = 4000.0;

/// A run that was begun.
#[derive(Clone, Debug)]
struct Begun {
    id: String,
    at: f64,
    seconds: f64,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// Those of this visit by their number: one that ended can come back.
    begun: HashMap<u32, Begun>,
    /// The run that stands, or stood last.
    run: u32,
    /// Its experiment, which a session that begins another does not know any more.
    experiment: Experiment,
    evaluation: Option<Judged>,
    /// The session's revisions of curve and evaluations that were recorded.
    recorded: (u32, u32),
    /// Whether something is not recorded yet.
    pending: bool,
    written: f64,
    /// When it was last looked at, if it trained then.
    training_since: Option<f64>,
}

impl Recorder {
    /// What is to be recorded now, if anything is. `now` in milliseconds since 1970.
    pub fn look(&mut self, session: &Session, now: f64) -> Option<Record> {
        if *session.phase() != Phase::Standing {
            // Another is about to take its place; the session still holds what it came to.
            self.training_since = None;
            return self.pending.then(|| self.record(session, now)).flatten();
        }
        if session.run() != self.run {
            self.run = session.run();
            self.evaluation = None;
            self.recorded = (session.revision(), session.jobs().evaluations.revision());
            // A run that comes back, or a network from a file, is as it was recorded.
            self.pending = false;
            self.training_since = None;
        }
        let changed = self.experiment != *session.experiment();
        if changed {
            self.experiment = session.experiment().clone();
        }
        let revisions = (session.revision(), session.jobs().evaluations.revision());
        if revisions.1 != self.recorded.1 || changed {
            self.judge(session, changed);
        }
        self.pending |= revisions != self.recorded;
        self.recorded = revisions;
        let since = std::mem::replace(&mut self.training_since, session.is_training().then_some(now));
        let spent = since.map_or(0.0, |since| (now - since).max(0.0) / 1000.0);
        if let Some(begun) = self.begun.get_mut(&self.run) {
            begun.seconds += spent;
        }
        let due = !session.is_training() || now - self.written >= EVERY;
        (self.pending && due).then(|| self.record(session, now)).flatten()
    }

    /// What is not recorded yet, however long ago the last record was: the page is being left.
    pub fn leave(&mut self, session: &Session, now: f64) -> Option<Record> {
        self.pending.then(|| self.record(session, now)).flatten()
    }

    /// Takes the newest evaluation on the own tasks; one before a change was of other tasks.
    fn judge(&mut self, session: &Session, changed: bool) {
        let own = |row: &&super::evaluations::Row| row.finished && row.asked.shift == Shift::Own;
        match session.jobs().evaluations.rows().iter().rev().find(own) {
            Some(row) => self.evaluation = Some(Judged::of(row.meta_step, &row.evaluation)),
            None if changed => self.evaluation = None,
            None => {}
        }
    }

    /// The record of the run, unless it has not been trained here.
    fn record(&mut self, session: &Session, now: f64) -> Option<Record> {
        self.pending = false;
        self.written = now;
        if session.series().buckets().is_empty() {
            return None;
        }
        let run = self.run;
        let begin = || Begun { id: format!("{now:.0}-{run}-{}", session.fingerprint()), at: now, seconds: 0.0 };
        let Begun { id, at, seconds } = self.begun.entry(run).or_insert_with(begin).clone();
        let mut record = Record {
            id,
            name: String::new(),
            pinned: false,
            begun: at,
            seconds,
            experiment: self.experiment.clone(),
            device: session.device().map(|device| device.kind),
            meta_step: session.meta_step(),
            fingerprint: session.fingerprint().to_owned(),
            curve: Vec::new(),
            checks: Vec::new(),
            evaluation: self.evaluation.clone(),
        };
        record.take_series(session.series());
        Some(record)
    }
}

#[cfg(test)]
#[path = "recorder_tests.rs"]
mod tests;
