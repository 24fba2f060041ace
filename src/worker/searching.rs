//! A search under way, a slice at a time.

use web_time::{Duration, Instant};

use crate::{
    engine::{Effort, EngineError, Searching, Session},
    protocol::Event,
};

/// Between two words about a search: points that appear are watched, not read.
const TELL: Duration = Duration::from_millis(250);

/// The settings that a visitor has the worker try.
pub(super) struct Search {
    id: u32,
    searching: Searching,
    /// Meta-steps in one slice.
    pace: u32,
    ends: Instant,
    told: Instant,
}

impl Search {
    /// Begins around the experiment of a session: times the device and makes a plan.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn begin(id: u32, session: &Session, seconds: u32) -> Result<Self, EngineError> {
        let (begun, seconds) = (Instant::now(), f64::from(seconds));
        let searching = Searching::new(session, session.experiment().seed, Effort::Seconds(seconds, 1), None).await?;
        let ends = begun + Duration::from_secs_f64(seconds * Searching::GRACE);
        Ok(Self { id, searching, pace: 1, ends, told: begun })
    }

    pub(super) fn id(&self) -> u32 {
        self.id
    }

    /// Searches for about `time`. What is left of it, and what to tell.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn work(mut self, time: Duration) -> Result<(Option<Self>, Option<Event>), EngineError> {
        let start = Instant::now();
        self.searching.advance(self.pace).await?;
        // At most twice as many as last time: one slice that was lucky must not make the next one long.
        let fit = time.as_secs_f64() / start.elapsed().as_secs_f64().max(1e-6) * f64::from(self.pace);
        self.pace = (fit as u32).clamp(1, self.pace.saturating_mul(2));
        if self.searching.finished() || Instant::now() >= self.ends {
            return Ok((None, Some(self.event(true))));
        }
        let due = self.told.elapsed() >= TELL;
        let event = due.then(|| self.event(false));
        if due {
            self.told = Instant::now();
        }
        Ok((Some(self), event))
    }

    /// What was tried so far, and whether no more will come.
    pub(super) fn event(&self, finished: bool) -> Event {
        Event::Searched { id: self.id, searched: self.searching.searched(), finished }
    }
}
