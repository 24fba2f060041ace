//! The run in the worker: the session that stands, training it, and telling how it goes.

use std::{collections::VecDeque, rc::Rc};

use web_time::{Duration, Instant};

use super::page::Page;
use crate::{
    engine::{Checkpoint, Data, EngineError, Session, Watch},
    experiment::{CurvePoint, Experiment},
    model::Place,
    protocol::{DeviceReport, Event, Fault, RunState, Snapshot},
};

/// Between two snapshots: one an animation frame.
pub(super) const FRAME: Duration = Duration::from_millis(16);
/// Between two checkpoints while training: what a crash may cost.
const CHECKPOINT: Duration = Duration::from_secs(4);

/// See the module.
pub(super) struct Run {
    page: Rc<Page>,
    session: Option<Session>,
    watch: Watch,
    training: bool,
    /// Meta-steps in one chunk, so that it takes as long as it should.
    pace: u32,
    untold: Vec<CurvePoint>,
    last_snapshot: Instant,
    last_checkpoint: Instant,
    /// When how many meta-steps were done, over the last second.
    progress: VecDeque<(Instant, u32)>,
}

impl Run {
    /// Without a session.
    pub(super) fn new(page: Rc<Page>) -> Self {
        let now = Instant::now();
        Self {
            page,
            session: None,
            watch: Watch::default(),
            training: false,
            pace: 1,
            untold: Vec::new(),
            last_snapshot: now,
            last_checkpoint: now,
            progress: VecDeque::new(),
        }
    }

    /// The session that stands.
    pub(super) fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Whether it meta-trains.
    pub(super) fn is_training(&self) -> bool {
        self.training
    }

    /// Whether meta-steps are to be taken, or validation tasks to be evaluated: a check goes on while paused, so that
    /// single steps end in one too.
    pub(super) fn has_steps(&self) -> bool {
        self.training || self.is_checking()
    }

    /// Whether there is anything to do.
    pub(super) fn is_busy(&self) -> bool {
        self.has_steps() || self.watch.is_busy()
    }

    fn is_checking(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_checking)
    }

    /// Ends the session that stands.
    pub(super) fn end(&mut self) {
        (self.training, self.session, self.watch) = (false, None, Watch::default());
    }

    /// Begins a session, from a checkpoint's meta-parameters or from its seed.
    pub(super) async fn begin(
        &mut self,
        experiment: Experiment,
        (place, device): (Place, DeviceReport),
        checkpoint: Option<Vec<u8>>,
        data: Data,
    ) {
        let session = match checkpoint {
            None => Session::new(experiment, place, data).await,
            Some(bytes) => resume(&bytes, experiment, place, data).await,
        };
        match session {
            Ok(session) => {
                self.session = Some(session);
                self.pace = 1;
                self.untold.clear();
                if let Some(snapshot) = self.snapshot() {
                    self.page.tell(&Event::Started { device, snapshot });
                }
            }
            Err(error) => self.page.fail_with(&error),
        }
    }

    /// Takes a change that needs no restart.
    pub(super) fn update(&mut self, experiment: Experiment) {
        let Some(session) = &mut self.session else { return };
        match session.update(experiment) {
            Ok(()) => self.tell_snapshot(),
            Err(error) => self.page.fail_with(&error),
        }
    }

    /// Draws imported characters from this dataset from here on.
    pub(super) fn set_data(&mut self, data: Data) {
        if let Some(session) = &mut self.session
            && let Err(error) = session.set_data(data)
        {
            self.page.fail_with(&error);
        }
    }

    /// Watches how directions turn, every so many meta-steps.
    pub(super) fn watch(&mut self, every: u32) {
        self.watch = Watch::every(every);
    }

    /// Some slices of watching, of about `time`, if that is due.
    pub(super) async fn look(&mut self, time: Duration) {
        let Some(session) = &self.session else { return };
        let begun = Instant::now();
        loop {
            match self.watch.advance(session).await {
                Ok(None) => {}
                Ok(Some(directions)) => self.page.tell(&Event::Watched(directions)),
                Err(error) => return self.page.fail_with(&error),
            }
            if !self.watch.is_busy() || begun.elapsed() >= time {
                return;
            }
        }
    }

    /// Meta-trains, or pauses.
    pub(super) fn set_training(&mut self, training: bool) {
        self.training = training && self.session.as_ref().is_some_and(|session| !session.finished());
        self.progress.clear();
        self.last_checkpoint = Instant::now();
        self.tell_snapshot();
    }

    /// Stops without a word: the device failed.
    pub(super) fn halt(&mut self) {
        self.training = false;
    }

    /// Takes one meta-step, after a check that is under way, each part of which is followed by a breath.
    pub(super) async fn step(&mut self, breathe: impl AsyncFn()) {
        while self.is_checking() && self.take_steps(1).await {
            breathe().await;
        }
        if self.take_steps(1).await {
            self.tell_snapshot();
        }
    }

    /// Meta-trains for about `time`, and tells the page when it is time to.
    pub(super) async fn train(&mut self, time: Duration) {
        let start = Instant::now();
        let done = self.session.as_ref().map_or(0, Session::meta_step);
        let count = self.watch.at_most(self.pace, done);
        if !self.take_steps(count).await {
            return;
        }
        // At most twice as many as last time: one chunk that was lucky must not make the next one long.
        let fit = time.as_secs_f64() / start.elapsed().as_secs_f64().max(1e-6) * f64::from(count);
        self.pace = (fit as u32).clamp(1, self.pace.saturating_mul(2));

        let finished = self.session.as_ref().is_none_or(Session::finished);
        if finished {
            self.training = false;
        }
        if finished || !self.training || self.last_snapshot.elapsed() >= FRAME {
            self.tell_snapshot();
        }
        if finished || self.last_checkpoint.elapsed() >= CHECKPOINT {
            self.tell_checkpoint().await;
            self.last_checkpoint = Instant::now();
        }
    }

    /// Whether the meta-steps could be taken; tells the page if not.
    async fn take_steps(&mut self, count: u32) -> bool {
        let Some(session) = &mut self.session else { return false };
        match session.train(count).await {
            Ok(points) => {
                self.untold.extend(points);
                let now = Instant::now();
                self.progress.push_back((now, session.meta_step()));
                while self.progress.len() > 2 && now - self.progress[0].0 > Duration::from_secs(1) {
                    self.progress.pop_front();
                }
                true
            }
            Err(error) => {
                self.training = false;
                match error {
                    EngineError::Diverged { at, restored } => self.page.tell(&Event::Diverged { at, restored }),
                    error => self.page.fail(Fault::Device, error),
                }
                self.tell_snapshot();
                false
            }
        }
    }

    /// Hands the network over.
    pub(super) async fn tell_checkpoint(&self) {
        let Some(session) = &self.session else { return };
        let checkpoint = session.checkpoint().await;
        match checkpoint.and_then(|checkpoint| Ok((checkpoint.meta_step, checkpoint.to_bytes()?))) {
            Ok((meta_step, bytes)) => self.page.tell(&Event::Checkpoint { meta_step, bytes }),
            Err(error) => self.page.fail(Fault::Device, error),
        }
    }

    fn tell_snapshot(&mut self) {
        if let Some(snapshot) = self.snapshot() {
            self.page.tell(&Event::Progress(snapshot));
            self.last_snapshot = Instant::now();
        }
    }

    fn snapshot(&mut self) -> Option<Snapshot> {
        let session = self.session.as_ref()?;
        let state = match (session.finished(), self.training) {
            (true, _) => RunState::Finished,
            (false, true) => RunState::Training,
            (false, false) => RunState::Paused,
        };
        let rate = match (self.training, self.progress.front(), self.progress.back()) {
            (true, Some((start, first)), Some((end, last))) if end > start => {
                (last - first) as f32 / (*end - *start).as_secs_f32()
            }
            _ => 0.0,
        };
        let (meta_step, ending, fingerprint) =
            (session.meta_step(), session.ending(), session.fingerprint().to_owned());
        let losses = std::mem::take(&mut self.untold);
        let checks = self.session.as_mut().map(Session::take_checks).unwrap_or_default();
        Some(Snapshot { meta_step, state, rate, losses, checks, ending, fingerprint })
    }
}

/// A session from a checkpoint's meta-parameters that runs the page's experiment from here on.
async fn resume(bytes: &[u8], experiment: Experiment, place: Place, data: Data) -> Result<Session, EngineError> {
    let mut checkpoint = Checkpoint::from_bytes(bytes)?;
    checkpoint.experiment = experiment;
    Session::resume(&checkpoint, place, data).await
}
