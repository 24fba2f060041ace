//! A comparison under way, or over and ready to adapt to other tasks, a slice at a time.

use web_time::{Duration, Instant};

use crate::{
    engine::{Comparing, Contest, EngineError, Session},
    experiment::ShownTask,
    protocol::Event,
};

/// Between two words about a comparison: lines that grow are watched, not read.
const TELL: Duration = Duration::from_millis(250);

/// Learners that a visitor has the worker put side by side.
pub(super) struct Comparison {
    id: u32,
    comparing: Comparing,
    told: Instant,
}

impl Comparison {
    /// Begins around a session, whose meta-parameters are copied.
    ///
    /// # Errors
    /// When the contestants cannot be compared, or the device fails.
    pub(super) async fn begin(id: u32, session: &Session, contest: Contest) -> Result<Self, EngineError> {
        Ok(Self { id, comparing: Comparing::new(session, contest).await?, told: Instant::now() })
    }

    pub(super) fn id(&self) -> u32 {
        self.id
    }

    /// Whether there is something to do.
    pub(super) fn is_busy(&self) -> bool {
        !self.comparing.finished()
    }

    /// Shows another task.
    pub(super) fn show(&mut self, task: ShownTask) {
        self.comparing.show(task);
    }

    /// Trains and judges no further.
    pub(super) fn stop(&mut self) {
        self.comparing.stop();
    }

    /// Compares for about `time`; what to tell, if it is time to.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn work(&mut self, time: Duration) -> Result<Option<Event>, EngineError> {
        let begun = Instant::now();
        while !self.comparing.finished() && begun.elapsed() < time {
            self.comparing.advance(time).await?;
        }
        if self.is_busy() && self.told.elapsed() < TELL {
            return Ok(None);
        }
        self.told = Instant::now();
        Ok(Some(self.event()))
    }

    /// How it stands.
    pub(super) fn event(&self) -> Event {
        Event::Compared { id: self.id, compared: self.comparing.compared(), finished: !self.is_busy() }
    }
}
