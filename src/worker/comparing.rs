//! A comparison under way, or over and ready to adapt to other tasks.

use web_time::Duration;

use super::sliced::{Slice, Sliced};
use crate::{
    engine::{Checkpoint, Comparing, Contest, EngineError, Session},
    experiment::{Contestant, ShownTask},
    protocol::Answer,
};

/// The networks in the files of those who are checkpoints.
///
/// # Errors
/// When a file is no checkpoint, and whose.
pub(super) fn read(contestants: &[Contestant], files: &[Vec<u8>]) -> Result<Vec<Checkpoint>, EngineError> {
    let named = contestants.iter().filter(|one| matches!(one, Contestant::Checkpoint(_))).map(Contestant::name);
    let network = |(name, bytes): (&str, &Vec<u8>)| match Checkpoint::from_bytes(bytes) {
        Err(EngineError::Checkpoint(what)) => Err(EngineError::guest(name, what)),
        read => read,
    };
    named.zip(files).map(network).collect()
}

/// Learners and networks that a visitor has the worker put side by side.
pub(super) struct Comparison(Comparing);

impl Comparison {
    /// Begins around a session, whose meta-parameters are copied.
    ///
    /// # Errors
    /// When the contestants cannot be compared, or the device fails.
    pub(super) async fn begin(session: &Session, contest: Contest) -> Result<Self, EngineError> {
        Ok(Self(Comparing::new(session, contest).await?))
    }
}

impl Sliced for Comparison {
    fn advance<'a>(&'a mut self, _session: Option<&'a Session>, time: Duration) -> Slice<'a> {
        Box::pin(self.0.advance(time))
    }

    fn finished(&self) -> bool {
        self.0.finished()
    }

    fn progress(&self) -> (u32, u32) {
        self.0.compared().progress()
    }

    fn answer(&self) -> Answer {
        Answer::Compared(self.0.compared())
    }

    fn outlives_session(&self) -> bool {
        true
    }

    /// The learners train as the session does: they would halve each other's pace.
    fn waits(&self) -> bool {
        true
    }

    fn stays(&self) -> bool {
        true
    }

    fn show(&mut self, task: ShownTask) {
        self.0.show(task);
    }

    fn stop(&mut self) {
        self.0.stop();
    }
}
