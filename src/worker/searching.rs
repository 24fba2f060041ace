//! A search under way.

use web_time::{Duration, Instant};

use super::sliced::{Slice, Sliced};
use crate::{
    engine::{Effort, EngineError, Searching, Session},
    protocol::Answer,
};

/// The settings that a visitor has the worker try.
pub(super) struct Search {
    searching: Searching,
    /// Meta-steps in one slice.
    pace: u32,
    ends: Instant,
}

impl Search {
    /// Begins around the experiment of a session: times the device and makes a plan.
    ///
    /// # Errors
    /// When the device fails.
    pub(super) async fn begin(session: &Session, seconds: u32) -> Result<Self, EngineError> {
        let (begun, seconds) = (Instant::now(), f64::from(seconds));
        let searching = Searching::new(session, session.experiment().seed, Effort::Seconds(seconds, 1), None).await?;
        Ok(Self { searching, pace: 1, ends: begun + Duration::from_secs_f64(seconds * Searching::GRACE) })
    }
}

impl Sliced for Search {
    fn advance<'a>(&'a mut self, _session: Option<&'a Session>, time: Duration) -> Slice<'a> {
        Box::pin(async move {
            let start = Instant::now();
            self.searching.advance(self.pace).await?;
            // At most twice as many as last time: one slice that was lucky must not make the next one long.
            let fit = time.as_secs_f64() / start.elapsed().as_secs_f64().max(1e-6) * f64::from(self.pace);
            self.pace = (fit as u32).clamp(1, self.pace.saturating_mul(2));
            Ok(())
        })
    }

    fn finished(&self) -> bool {
        self.searching.finished() || Instant::now() >= self.ends
    }

    fn progress(&self) -> (u32, u32) {
        let searched = self.searching.searched();
        (searched.meta_steps(), searched.plan.meta_steps())
    }

    fn answer(&self) -> Answer {
        Answer::Searched(self.searching.searched())
    }

    fn outlives_session(&self) -> bool {
        true
    }
}
