//! The worker's loop: reads requests, runs one session, tells the page.

use std::{rc::Rc, sync::Arc};

use async_channel::Receiver;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast as _, closure::Closure, prelude::*};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use web_time::Duration;

use super::{
    accelerator::{Accelerator, gpu_place},
    breath::Breath,
    gpu_error,
    importing::{Importing, Progress},
    page::{Page, fault},
    run::{FRAME, Run},
    sliced::Jobs,
};
use crate::{
    engine::{Data, EngineError, GradientCase},
    experiment::Experiment,
    model::Place,
    protocol::{self, DevicePolicy, Event, Fault, ImportFiles, Request, Work},
    task::Dataset,
};

/// Work between two looks at the inbox: short enough that a pause is felt at once.
const CHUNK: Duration = Duration::from_millis(10);

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

struct Guest {
    page: Rc<Page>,
    inbox: Receiver<Vec<u8>>,
    breath: Breath,
    accelerator: Accelerator,
    run: Run,
    jobs: Jobs,
    /// What `task.source = imported` draws from.
    data: Data,
    importing: Option<Importing>,
}

impl Guest {
    fn new(page: Page, inbox: Receiver<Vec<u8>>) -> Self {
        let page = Rc::new(page);
        Self {
            run: Run::new(page.clone()),
            page,
            inbox,
            breath: Breath::new(),
            accelerator: Accelerator::default(),
            jobs: Jobs::default(),
            data: None,
            importing: None,
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
            if self.run.has_steps() {
                self.run.train(CHUNK).await;
            }
            if let Some(importing) = self.importing.take() {
                self.import_slice(importing);
            }
            for word in self.jobs.advance(self.run.session(), CHUNK, self.run.is_training()).await {
                match word {
                    Ok(event) => self.page.tell(&event),
                    Err((id, error)) => self.refuse_for(id, &error),
                }
            }
            self.run.look(CHUNK).await;
            if self.is_busy() {
                self.breath.take().await;
            }
            if let Some(error) = gpu_error::take() {
                self.run.halt();
                self.page.fail(Fault::Device, error);
            }
        }
    }

    /// Whether there is work to do without a further request.
    fn is_busy(&self) -> bool {
        self.run.is_busy() || self.jobs.is_busy() || self.importing.is_some()
    }

    async fn handle(&mut self, bytes: &[u8]) {
        let request = match protocol::decode::<Request>(bytes) {
            Ok(request) => request,
            Err(error) => return self.page.fail(Fault::Protocol, error),
        };
        match request {
            Request::Start { experiment, policy, checkpoint } => self.start(experiment, policy, checkpoint).await,
            Request::Update(experiment) => self.run.update(experiment),
            Request::Train => self.run.set_training(true),
            Request::Pause => self.run.set_training(false),
            Request::Step => self.run.step(async || self.breath.take().await).await,
            Request::Adapt { id, task } => {
                let Some(session) = self.run.session() else { return };
                match session.trajectory(&task).await {
                    Ok(adaptation) => {
                        self.page.tell(&Event::Adapted { id, meta_step: session.meta_step(), adaptation });
                    }
                    Err(error) => self.page.fail_with(&error),
                }
            }
            Request::Checkpoint => self.run.tell_checkpoint().await,
            Request::Begin { id, work } => self.begin(id, work).await,
            Request::Show { id, task } => self.jobs.show(id, task),
            Request::Cancel(id) => self.jobs.cancel(id).iter().for_each(|event| self.page.tell(event)),
            Request::WatchDirections(every) => self.run.watch(every),
            Request::Import { id, files } => self.import(id, files),
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

    async fn start(&mut self, experiment: Experiment, policy: DevicePolicy, checkpoint: Option<Vec<u8>>) {
        self.run.end();
        self.jobs.end_session();
        if let Err(error) = experiment.check() {
            return self.page.fail(Fault::Experiment, error);
        }
        let device = self.accelerator.choose(policy, &experiment).await;
        self.run.begin(experiment, device, checkpoint, self.data.clone()).await;
    }

    /// Begins long work.
    async fn begin(&mut self, id: u32, work: Work) {
        let Some(session) = self.run.session() else {
            return self.refuse(id, Fault::Experiment, None, "no session stands".to_owned());
        };
        match self.jobs.begin(id, work, session).await {
            Ok(event) => self.page.tell(&event),
            Err(error) => self.refuse_for(id, &error),
        }
    }

    fn refuse_for(&self, id: u32, error: &EngineError) {
        let guest = match error {
            EngineError::Guest { name, .. } => Some(name.clone()),
            _ => None,
        };
        self.refuse(id, fault(error), guest, error.to_string());
    }

    fn refuse(&self, id: u32, fault: Fault, guest: Option<String>, detail: String) {
        self.page.tell(&Event::Refused { id, fault, guest, detail });
    }

    /// Begins an import; one at a time, so that a new choice replaces the one before.
    fn import(&mut self, id: u32, files: ImportFiles) {
        match Importing::open(id, files) {
            Ok(importing) => {
                if let Some(before) = self.importing.replace(importing) {
                    self.page.tell(&before.stopped());
                }
            }
            Err(event) => self.page.tell(&event),
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
        self.run.set_data(self.data.clone());
    }
}
