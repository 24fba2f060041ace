//! Errors that the GPU reports on its own account, between two calls.

use std::sync::Mutex;

static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Keeps `message` until the worker's loop next looks.
#[cfg(feature = "webgpu")]
pub(super) fn report(message: &str) {
    log::error!("{message}");
    if let Ok(mut last) = LAST.lock() {
        last.get_or_insert_with(|| message.to_owned());
    }
}

/// The first error since the last look.
pub(super) fn take() -> Option<String> {
    LAST.lock().ok().and_then(|mut last| last.take())
}
