//! The worker's loop: reads requests, runs one session, tells the page.

use std::{collections::VecDeque, sync::Arc};

use async_channel::Receiver;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast as _, closure::Closure, prelude::*};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use web_time::{Duration, Instant};

use super::{
    accelerator::{Accelerator, gpu_place},
    breath::Breath,
    comparing::Comparison,
    gpu_error,
    importing::{Importing, Progress},
    searching::Search,
};
use crate::{
    engine::{Checkpoint, Contest, Data, Diagnosing, EngineError, Evaluating, GradientCase, Mapping, Session, Watch},
    experiment::{CurvePoint, Experiment},
    model::Place,
    protocol::{self, DevicePolicy, Event, Fault, Request, RunState, Snapshot},
    task::{Dataset, Purpose},
};

/// Work between two looks at the inbox: short enough that a pause is felt at once.
const CHUNK: Duration = Duration::from_millis(10);
/// Between two snapshots: one an animation frame.
const FRAME: Duration = Duration::from_millis(16);
/// Between two words about an evaluation: a narrowing interval is watched, not read.
const EVALUATION: Duration = Duration::from_millis(200);
/// Between two checkpoints while training: what a crash may cost.
const CHECKPOINT: Duration = Duration::from_secs(4);

/// Starts the worker: installs the listener, says that it is ready, and serves requests until it is terminated.
pub fn serve() {
    console_error_panic_hook::set_once();
    // A second initialisation is the only error, and changes nothing.
    let _ = console_log::init_with_level(log::Level::Warn);
    // Outside a dedicated worker (a test page that imports this module) there is nobody to serve.
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    let (sender, inbox) = async_channel::unbounded();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        if let Ok(buffer) = message.data().dyn_into::<ArrayBuffer>() {
            // The loop holds the receiver for as long as the worker lives.
            let _ = sender.try_send(Uint8Array::new(&buffer).to_vec());
        }
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    let page = Page(scope);
    page.tell(&Event::Ready { protocol: protocol::VERSION });
    spawn_local(async move { Guest::new(page, inbox).run().await });
}

/// Runs a gradient case (its JSON) on `"cpu"` or `"gpu"` and returns its report as JSON.
///
/// # Errors
/// When the case is damaged or the device is not to be had.
#[wasm_bindgen]
pub async fn gradient_case(json: String, device: String) -> Result<String, JsValue> {
    let place = match device.as_str() {
        "gpu" => gpu_place().await.ok_or_else(|| JsValue::from_str("there is no GPU"))?,
        _ => Place::cpu(),
    };
    let text = |error: &dyn std::error::Error| JsValue::from_str(&error.to_string());
    let case = GradientCase::parse(&json).map_err(|error| text(&error))?;
    let report = case.run(&place).await.map_err(|error| text(&error))?;
    serde_json::to_string(&report).map_err(|error| text(&error))
}

struct Page(DedicatedWorkerGlobalScope);

impl Page {
    fn tell(&self, event: &Event) {
        let Ok(bytes) = protocol::encode(event) else { return };
        let buffer = Uint8Array::from(bytes.as_slice()).buffer();
        if let Err(error) = self.0.post_message_with_transfer(&buffer, &Array::of1(&buffer)) {
            log::error!("a message could not be posted: {error:?}");
        }
    }

    fn fail(&self, fault: Fault, detail: impl ToString) {
        self.tell(&Event::Failed { fault, detail: detail.to_string() });
    }
}

struct Guest {
    page: Page,
    inbox: Receiver<Vec<u8>>,
    breath: Breath,
    accelerator: Accelerator,
    session: Option<Session>,
    /// What `task.source = imported` draws from.
    data: Data,
    importing: Option<Importing>,
    /// An evaluation under way, its id, and when the page last heard of it.
    evaluating: Option<(u32, Evaluating, Instant)>,
    /// A search under way. It outlives a session: what it is about is the page's to judge.
    searching: Option<Search>,
    /// A comparison, which stays when it is over to adapt to other tasks. It outlives a session as a search does.
    comparing: Option<Comparison>,
    /// A diagnosis under way, its id, and when the page last heard of it.
    diagnosing: Option<(u32, Diagnosing, Instant)>,
    /// A landscape under way, its id, and when the page last heard of it.
    mapping: Option<(u32, Mapping, Instant)>,
    watch: Watch,
    training: bool,
    /// Meta-steps in one chunk, so that it takes about [`CHUNK`].
    pace: u32,
    untold: Vec<CurvePoint>,
    last_snapshot: Instant,
    last_checkpoint: Instant,
    /// When how many meta-steps were done, over the last second.
    progress: VecDeque<(Instant, u32)>,
}

impl Guest {
    fn new(page: Page, inbox: Receiver<Vec<u8>>) -> Self {
        let now = Instant::now();
        Self {
            page,
            inbox,
            breath: Breath::new(),
            accelerator: Accelerator::default(),
            session: None,
            data: None,
            importing: None,
            evaluating: None,
            searching: None,
            comparing: None,
            diagnosing: None,
            mapping: None,
            watch: Watch::default(),
            training: false,
            pace: 1,
            untold: Vec::new(),
            last_snapshot: now,
            last_checkpoint: now,
            progress: VecDeque::new(),
        }
    }

    async fn run(mut self) {
        loop {
            if !self.is_busy() {
                let Ok(bytes) = self.inbox.recv().await else { return };
                self.handle(&bytes).await;
            }
            while let Ok(bytes) = self.inbox.try_recv() {
                self.handle(&bytes).await;
            }
            if self.training || self.is_checking() {
                self.train_chunk().await;
            }
            if let Some(importing) = self.importing.take() {
                self.import_slice(importing);
            }
            self.evaluate_part().await;
            self.search_slice().await;
            self.compare_slice().await;
            self.diagnose_part().await;
            self.map_part().await;
            self.watch_part().await;
            if self.is_busy() {
                self.breath.take().await;
            }
            if let Some(error) = gpu_error::take() {
                self.training = false;
                self.page.fail(Fault::Device, error);
            }
        }
    }

    /// Whether there is work to do without a further request.
    fn is_busy(&self) -> bool {
        let under_way = self.importing.is_some() || self.evaluating.is_some() || self.searching.is_some();
        let looking = self.diagnosing.is_some() || self.mapping.is_some() || self.watch.is_busy();
        let comparing = self.comparing.as_ref().is_some_and(Comparison::is_busy);
        self.training || self.is_checking() || under_way || looking || comparing
    }

    /// Whether validation tasks are to be evaluated: a check goes on while paused, so that single steps end in one too.
    fn is_checking(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_checking)
    }

    async fn handle(&mut self, bytes: &[u8]) {
        let request = match protocol::decode::<Request>(bytes) {
            Ok(request) => request,
            Err(error) => return self.page.fail(Fault::Protocol, error),
        };
        match request {
            Request::Start { experiment, policy, checkpoint } => self.start(experiment, policy, checkpoint).await,
            Request::Update(experiment) => self.update(experiment),
            Request::Train => self.set_training(true),
            Request::Pause => self.set_training(false),
            Request::Step => {
                // A check that is under way comes first.
                while self.is_checking() && self.take_steps(1).await {
                    self.breath.take().await;
                }
                if self.take_steps(1).await {
                    self.tell_snapshot();
                }
            }
            Request::Adapt { id, task } => {
                let Some(session) = &self.session else { return };
                match session.trajectory(&task).await {
                    Ok(adaptation) => {
                        self.page.tell(&Event::Adapted { id, meta_step: session.meta_step(), adaptation });
                    }
                    Err(error) => self.page.fail(fault(&error), error),
                }
            }
            Request::Checkpoint => self.tell_checkpoint().await,
            Request::Evaluate { id, tasks, steps, seed, task } => {
                let Some(session) = &self.session else { return };
                match Evaluating::new(session, (tasks, &steps), (seed, Purpose::Test), Some(task)) {
                    Ok(evaluating) => self.evaluating = Some((id, evaluating, Instant::now())),
                    Err(error) => self.page.fail(fault(&error), error),
                }
            }
            Request::CancelEvaluation(id) => {
                if let Some((id, evaluating, _)) = self.evaluating.take_if(|evaluating| evaluating.0 == id) {
                    self.tell_evaluation(id, &evaluating, true);
                }
            }
            Request::Search { id, seconds } => {
                let Some(session) = &self.session else { return };
                match Search::begin(id, session, seconds).await {
                    Ok(search) => {
                        self.page.tell(&search.event(false));
                        self.searching = Some(search);
                    }
                    Err(error) => self.page.fail(fault(&error), error),
                }
            }
            Request::Compare { id, contestants, meta_steps, tasks, shown } => {
                let Some(session) = &self.session else { return };
                self.comparing = None;
                match Comparison::begin(id, session, Contest { contestants, meta_steps, tasks, shown }).await {
                    Ok(comparison) => {
                        self.page.tell(&comparison.event());
                        self.comparing = Some(comparison);
                    }
                    Err(error) => self.page.fail(fault(&error), error),
                }
            }
            Request::ShowCompared { id, shown } => {
                if let Some(comparison) = self.comparing.as_mut().filter(|comparison| comparison.id() == id) {
                    comparison.show(shown);
                }
            }
            Request::CancelCompare(id) => {
                if let Some(comparison) = self.comparing.as_mut().filter(|comparison| comparison.id() == id) {
                    comparison.stop();
                    self.page.tell(&comparison.event());
                }
            }
            Request::Diagnose { id, diagnosis } => {
                let Some(session) = &self.session else { return };
                match Diagnosing::new(session, diagnosis).await {
                    Ok(diagnosing) => {
                        self.tell_diagnosis(id, &diagnosing, diagnosing.finished());
                        self.diagnosing = (!diagnosing.finished()).then(|| (id, diagnosing, Instant::now()));
                    }
                    Err(error) => self.page.fail(fault(&error), error),
                }
            }
            Request::CancelSearch(id) => {
                if let Some(stopped) = self.searching.take_if(|search| search.id() == id) {
                    self.page.tell(&stopped.event(true));
                }
            }
            Request::CancelDiagnosis(id) => {
                if let Some((id, diagnosing, _)) = self.diagnosing.take_if(|diagnosing| diagnosing.0 == id) {
                    self.tell_diagnosis(id, &diagnosing, true);
                }
            }
            Request::Landscape { id, task, tasks, plane, side } => {
                let Some(session) = &self.session else { return };
                match Mapping::new(session, &task, tasks, (plane, side)) {
                    Ok(mapping) => {
                        self.tell_landscape(id, &mapping, false);
                        self.mapping = Some((id, mapping, Instant::now()));
                    }
                    Err(error) => self.page.fail(fault(&error), error),
                }
            }
            Request::CancelLandscape(id) => {
                if let Some((id, mapping, _)) = self.mapping.take_if(|mapping| mapping.0 == id) {
                    self.tell_landscape(id, &mapping, true);
                }
            }
            Request::WatchDirections(every) => self.watch = Watch::every(every),
            Request::Import { id, files } => match Importing::open(id, files) {
                Ok(importing) => {
                    // One at a time: a new choice replaces the one before.
                    if let Some(before) = self.importing.replace(importing) {
                        self.page.tell(&before.stopped());
                    }
                }
                Err(event) => self.page.tell(&event),
            },
            Request::CancelImport(id) => {
                if let Some(stopped) = self.importing.take_if(|importing| importing.id() == id) {
                    self.page.tell(&stopped.stopped());
                }
            }
            Request::Dataset(bytes) => match bytes.map(|bytes| Dataset::from_bytes(&bytes)).transpose() {
                Ok(dataset) => self.keep(dataset.map(Arc::new)),
                Err(error) => self.page.fail(Fault::Dataset, error),
            },
        }
    }

    /// Some tasks of the evaluation under way, if there is one.
    async fn evaluate_part(&mut self) {
        let Some((id, mut evaluating, told)) = self.evaluating.take() else { return };
        // A session that was replaced takes its evaluation with it.
        let Some(session) = &self.session else { return };
        if let Err(error) = evaluating.advance(session).await {
            return self.page.fail(fault(&error), error);
        }
        let finished = evaluating.finished();
        let due = finished || told.elapsed() >= EVALUATION;
        if due {
            self.tell_evaluation(id, &evaluating, finished);
        }
        if !finished {
            self.evaluating = Some((id, evaluating, if due { Instant::now() } else { told }));
        }
    }

    fn tell_evaluation(&self, id: u32, evaluating: &Evaluating, finished: bool) {
        let (meta_step, evaluation) = (evaluating.meta_step(), evaluating.evaluation());
        self.page.tell(&Event::Evaluated { id, meta_step, evaluation, finished });
    }

    /// A slice of the search under way, if there is one.
    async fn search_slice(&mut self) {
        let Some(search) = self.searching.take() else { return };
        match search.work(CHUNK).await {
            Ok((rest, event)) => {
                self.searching = rest;
                event.iter().for_each(|event| self.page.tell(event));
            }
            Err(error) => self.page.fail(fault(&error), error),
        }
    }

    /// A slice of the comparison under way, if there is one and the run does not train: it gives way to that.
    async fn compare_slice(&mut self) {
        let Some(mut comparison) = self.comparing.take() else { return };
        if comparison.is_busy() && !self.training {
            match comparison.work(CHUNK).await {
                Ok(event) => event.iter().for_each(|event| self.page.tell(event)),
                Err(error) => return self.page.fail(fault(&error), error),
            }
        }
        self.comparing = Some(comparison);
    }

    /// Some slices of the diagnosis under way, if there is one.
    async fn diagnose_part(&mut self) {
        let Some((id, mut diagnosing, told)) = self.diagnosing.take() else { return };
        let begun = Instant::now();
        while !diagnosing.finished() && begun.elapsed() < CHUNK {
            if let Err(error) = diagnosing.advance().await {
                return self.page.fail(fault(&error), error);
            }
        }
        let finished = diagnosing.finished();
        let due = finished || told.elapsed() >= EVALUATION;
        if due {
            self.tell_diagnosis(id, &diagnosing, finished);
        }
        if !finished {
            self.diagnosing = Some((id, diagnosing, if due { Instant::now() } else { told }));
        }
    }

    fn tell_diagnosis(&self, id: u32, diagnosing: &Diagnosing, finished: bool) {
        let ((done, total), found) = (diagnosing.progress(), diagnosing.found());
        self.page.tell(&Event::Diagnosed { id, found, done, total, finished });
    }

    /// Some slices of the landscape under way, if there is one; while training a single one.
    async fn map_part(&mut self) {
        let Some((id, mut mapping, told)) = self.mapping.take() else { return };
        let begun = Instant::now();
        loop {
            match mapping.advance().await {
                Ok(()) => {}
                // It has no plane: that is an answer.
                Err(EngineError::Landscape(_)) => return self.tell_landscape(id, &mapping, true),
                Err(error) => return self.page.fail(fault(&error), error),
            }
            if mapping.finished() || self.training || begun.elapsed() >= CHUNK {
                break;
            }
        }
        let finished = mapping.finished();
        let due = finished || told.elapsed() >= EVALUATION;
        if due {
            self.tell_landscape(id, &mapping, finished);
        }
        if !finished {
            self.mapping = Some((id, mapping, if due { Instant::now() } else { told }));
        }
    }

    fn tell_landscape(&self, id: u32, mapping: &Mapping, finished: bool) {
        let ((done, total), landscape) = (mapping.progress(), mapping.landscape().cloned());
        self.page.tell(&Event::Landscape { id, landscape: landscape.map(Box::new), done, total, finished });
    }

    /// Some slices of watching how directions turn, if that is due.
    async fn watch_part(&mut self) {
        let Some(session) = &self.session else { return };
        let begun = Instant::now();
        loop {
            match self.watch.advance(session).await {
                Ok(None) => {}
                Ok(Some(directions)) => self.page.tell(&Event::Watched(directions)),
                Err(error) => return self.page.fail(fault(&error), error),
            }
            if !self.watch.is_busy() || begun.elapsed() >= CHUNK {
                return;
            }
        }
    }

    fn import_slice(&mut self, importing: Importing) {
        let (rest, progress) = importing.work(CHUNK, FRAME);
        self.importing = rest;
        match progress {
            Progress::More(None) => {}
            Progress::More(Some(event)) | Progress::Failed(event) => self.page.tell(&event),
            Progress::Done(dataset, event) => {
                // The page is told first: what it may hear next is that the dataset is too small for what runs.
                self.page.tell(&event);
                self.keep(Some(dataset));
            }
        }
    }

    /// Keeps a dataset for this session and those to come.
    fn keep(&mut self, data: Option<Arc<Dataset>>) {
        self.data = data;
        if let Some(session) = &mut self.session
            && let Err(error) = session.set_data(self.data.clone())
        {
            self.page.fail(fault(&error), error);
        }
    }

    async fn start(&mut self, experiment: Experiment, policy: DevicePolicy, checkpoint: Option<Vec<u8>>) {
        (self.training, self.session, self.evaluating, self.diagnosing) = (false, None, None, None);
        (self.mapping, self.watch) = (None, Watch::default());
        if let Err(error) = experiment.check() {
            return self.page.fail(Fault::Experiment, error);
        }
        let (place, device) = self.accelerator.choose(policy, &experiment).await;
        let session = match checkpoint {
            None => Session::new(experiment, place, self.data.clone()).await,
            Some(bytes) => resume(&bytes, experiment, place, self.data.clone()).await,
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
            Err(error) => self.page.fail(fault(&error), error),
        }
    }

    fn update(&mut self, experiment: Experiment) {
        let Some(session) = &mut self.session else { return };
        match session.update(experiment) {
            Ok(()) => self.tell_snapshot(),
            Err(error) => self.page.fail(fault(&error), error),
        }
    }

    fn set_training(&mut self, training: bool) {
        self.training = training && self.session.as_ref().is_some_and(|session| !session.finished());
        self.progress.clear();
        self.last_checkpoint = Instant::now();
        self.tell_snapshot();
    }

    async fn train_chunk(&mut self) {
        let start = Instant::now();
        let done = self.session.as_ref().map_or(0, Session::meta_step);
        let count = self.watch.at_most(self.pace, done);
        if !self.take_steps(count).await {
            return;
        }
        // At most twice as many as last time: one chunk that was lucky must not make the next one long.
        let fit = CHUNK.as_secs_f64() / start.elapsed().as_secs_f64().max(1e-6) * f64::from(count);
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

    async fn tell_checkpoint(&self) {
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

fn fault(error: &EngineError) -> Fault {
    match error {
        EngineError::Experiment(_)
        | EngineError::Restart(_)
        | EngineError::Drawings(_)
        | EngineError::Diagnosis(_)
        | EngineError::Contest(_)
        | EngineError::Landscape(_) => Fault::Experiment,
        EngineError::Dataset(_) => Fault::Dataset,
        EngineError::Checkpoint(_) => Fault::Checkpoint,
        EngineError::Device(_) | EngineError::Diverged { .. } | EngineError::SelfTest(_) => Fault::Device,
    }
}
