//! The page's handle of the compute worker: loads it, posts requests, hands over what it says.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ErrorEvent, MessageEvent, Response, Url, Window, Worker, WorkerOptions, WorkerType};

use super::programs::{Build, Program, Programs};
use crate::protocol::{Event, Request, decode, encode};

/// What comes from the worker, or from the attempt to have one.
#[derive(Debug)]
pub enum Word {
    /// More of its program has arrived.
    Progress {
        /// Bytes here.
        loaded: u64,
        /// Bytes in all.
        total: u64,
    },
    /// It said this.
    Said(Event),
    /// It could not be loaded, or it panicked.
    Broke {
        /// What the browser says about it, for a report.
        report: String,
    },
}

/// Why there is no worker.
#[derive(Debug, thiserror::Error)]
enum HostError {
    #[error("workers.json: {0}")]
    List(String),
    #[error("worker.mjs: {0}")]
    Worker(String),
}

/// A handle of the one compute worker; clones share it.
#[derive(Clone)]
pub struct Host(Rc<RefCell<Inner>>);

struct Inner {
    listen: Rc<dyn Fn(Build, Vec<Word>)>,
    running: Option<Running>,
    /// Counts loads, so that an answer to an earlier one is ignored.
    generation: u32,
    words: Vec<Word>,
    frame_asked: bool,
}

struct Running {
    worker: Worker,
    build: Build,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Host {
    /// A handle without a worker. `listen` is called at most once per animation frame with all that came.
    pub fn new(listen: impl Fn(Build, Vec<Word>) + 'static) -> Self {
        let inner =
            Inner { listen: Rc::new(listen), running: None, generation: 0, words: Vec::new(), frame_asked: false };
        Self(Rc::new(RefCell::new(inner)))
    }

    /// Loads a program in a new worker, in place of the one there is.
    pub fn load(&self, build: Build) {
        self.terminate();
        let generation = self.0.borrow().generation;
        let host = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let started = async { host.start(build, &programs().await?, generation) }.await;
            if let Err(error) = started {
                host.hear(build, generation, Word::Broke { report: error.to_string() });
            }
        });
    }

    /// Ends the worker; what it was doing is lost, and that is the point.
    pub fn terminate(&self) {
        let mut inner = self.0.borrow_mut();
        inner.generation += 1;
        inner.words.clear();
        if let Some(running) = inner.running.take() {
            // What it said before may still be on its way to closures that are about to go.
            running.worker.set_onmessage(None);
            running.worker.set_onerror(None);
            running.worker.terminate();
        }
    }

    /// Posts a request; without a worker it goes nowhere, as `Session` knows when there is one.
    pub fn send(&self, request: &Request) {
        let inner = self.0.borrow();
        let (Some(running), Ok(bytes)) = (&inner.running, encode(request)) else { return };
        let buffer = Uint8Array::from(bytes.as_slice()).buffer();
        if let Err(error) = running.worker.post_message_with_transfer(&buffer, &Array::of1(&buffer)) {
            log::error!("a request could not be posted: {error:?}");
        }
    }

    fn start(&self, build: Build, programs: &Programs, generation: u32) -> Result<(), HostError> {
        if self.0.borrow().generation != generation {
            return Ok(());
        }
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let at = |file: &str| absolute(file).map_err(|error| HostError::Worker(text(&error)));
        let worker =
            Worker::new_with_options(&at("worker.mjs")?, &options).map_err(|error| HostError::Worker(text(&error)))?;

        let host = self.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(word) = word(&event.data()) {
                host.hear(build, generation, word);
            }
        });
        let host = self.clone();
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            // It is told to the visitor; nobody else has to catch it.
            event.prevent_default();
            let message = event.message();
            let report = if message.is_empty() { "worker.mjs could not be loaded".to_owned() } else { message };
            host.hear(build, generation, Word::Broke { report });
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));

        let Program { module, wasm, bytes } = programs.of(build);
        let order = object(&[
            ("module", at(module)?.into()),
            ("wasm", at(wasm)?.into()),
            ("bytes", JsValue::from_f64(*bytes as f64)),
        ]);
        worker.post_message(&order).map_err(|error| HostError::Worker(text(&error)))?;
        self.0.borrow_mut().running = Some(Running { worker, build, _on_message: on_message, _on_error: on_error });
        Ok(())
    }

    /// Queues a word for the next animation frame; a hidden page has none, and is told at once.
    fn hear(&self, build: Build, generation: u32, word: Word) {
        let mut inner = self.0.borrow_mut();
        if inner.generation != generation {
            return;
        }
        inner.words.push(word);
        let Some(window) = web_sys::window() else { return };
        if window.document().is_some_and(|document| document.hidden()) {
            drop(inner);
            self.hand_over(build);
        } else if !inner.frame_asked {
            let host = self.clone();
            let on_frame = Closure::once_into_js(move || host.hand_over(build));
            inner.frame_asked = window.request_animation_frame(on_frame.unchecked_ref()).is_ok();
        }
    }

    fn hand_over(&self, build: Build) {
        let (listen, words, build) = {
            let mut inner = self.0.borrow_mut();
            inner.frame_asked = false;
            let build = inner.running.as_ref().map_or(build, |running| running.build);
            (inner.listen.clone(), std::mem::take(&mut inner.words), build)
        };
        if !words.is_empty() {
            listen(build, words);
        }
    }
}

/// A message of the worker: bytes of the protocol, or an object of `worker.mjs`.
fn word(data: &JsValue) -> Option<Word> {
    if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
        let bytes = Uint8Array::new(buffer).to_vec();
        return Some(match decode::<Event>(&bytes) {
            Ok(event) => Word::Said(event),
            Err(error) => Word::Broke { report: error.to_string() },
        });
    }
    let number = |key| get(data, key).and_then(|value| value.as_f64()).unwrap_or(0.0) as u64;
    let string = |key| get(data, key).and_then(|value| value.as_string()).unwrap_or_default();
    match string("kind").as_str() {
        "progress" => Some(Word::Progress { loaded: number("loaded"), total: number("total") }),
        "failed" => Some(Word::Broke { report: format!("{}: {}", string("stage"), string("message")) }),
        _ => None,
    }
}

async fn programs() -> Result<Programs, HostError> {
    let json = fetch_text("workers.json").await.map_err(|error| HostError::List(text(&error)))?;
    serde_json::from_str(&json).map_err(|error| HostError::List(error.to_string()))
}

/// The text of a file beside the page.
///
/// # Errors
/// When it cannot be had, with what the browser says.
pub async fn fetch_text(file: &str) -> Result<String, JsValue> {
    let body = JsFuture::from(fetch(file).await?.text()?).await?;
    body.as_string().ok_or(body)
}

/// The bytes of a file beside the page.
///
/// # Errors
/// When it cannot be had, with what the browser says.
pub async fn fetch_bytes(file: &str) -> Result<Vec<u8>, JsValue> {
    let body = JsFuture::from(fetch(file).await?.array_buffer()?).await?;
    Ok(Uint8Array::new(&body).to_vec())
}

async fn fetch(file: &str) -> Result<Response, JsValue> {
    let response: Response = JsFuture::from(window()?.fetch_with_str(&absolute(file)?)).await?.dyn_into()?;
    if response.ok() { Ok(response) } else { Err(format!("{file}: {}", response.status()).into()) }
}

/// The address of a file beside the page, wherever the page lies.
fn absolute(file: &str) -> Result<String, JsValue> {
    let base = window()?.document().and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default();
    Ok(Url::new_with_base(file, &base)?.href())
}

fn window() -> Result<Window, JsValue> {
    web_sys::window().ok_or_else(|| JsValue::from_str("there is no window"))
}

pub(super) fn get(object: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(object, &key.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*key).into(), value);
    }
    object
}

/// What a thrown value says.
pub(super) fn text(error: &JsValue) -> String {
    error
        .as_string()
        .or_else(|| get(error, "message").and_then(|message| message.as_string()))
        .unwrap_or_else(|| format!("{error:?}"))
}
