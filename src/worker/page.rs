//! The page, as the worker speaks to it.

use js_sys::{Array, Uint8Array};
use web_sys::DedicatedWorkerGlobalScope;

use crate::{
    engine::EngineError,
    protocol::{self, Event, Fault},
};

/// Whoever started the worker.
pub(super) struct Page(pub(super) DedicatedWorkerGlobalScope);

impl Page {
    /// Tells it of an event.
    pub(super) fn tell(&self, event: &Event) {
        let Ok(bytes) = protocol::encode(event) else { return };
        let buffer = Uint8Array::from(bytes.as_slice()).buffer();
        if let Err(error) = self.0.post_message_with_transfer(&buffer, &Array::of1(&buffer)) {
            log::error!("a message could not be posted: {error:?}");
        }
    }

    /// Says that something could not be done, and why.
    pub(super) fn fail(&self, fault: Fault, detail: impl ToString) {
        self.tell(&Event::Failed { fault, detail: detail.to_string() });
    }

    /// Says that the engine could not do something.
    pub(super) fn fail_with(&self, error: &EngineError) {
        self.fail(fault(error), error);
    }
}

/// What an error of the engine is to the page.
pub(super) fn fault(error: &EngineError) -> Fault {
    match error {
        EngineError::Experiment(_)
        | EngineError::Restart(_)
        | EngineError::Drawings(_)
        | EngineError::Diagnosis(_)
        | EngineError::Contest(_)
        | EngineError::Anatomy(_)
        | EngineError::Landscape(_)
        | EngineError::Layers(_) => Fault::Experiment,
        EngineError::Dataset(_) => Fault::Dataset,
        EngineError::Checkpoint(_) | EngineError::Guest { .. } => Fault::Checkpoint,
        EngineError::Device(_) | EngineError::Diverged { .. } | EngineError::SelfTest(_) => Fault::Device,
    }
}
