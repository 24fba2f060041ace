//! A pause long enough for the worker's messages to arrive.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

// Declared here rather than through web-sys, whose features stand below all of wgpu: one more of them
// compiles the GPU worker again from the ground up.
#[wasm_bindgen]
extern "C" {
    type MessageChannel;
    #[wasm_bindgen(constructor)]
    fn new() -> MessageChannel;
    #[wasm_bindgen(method, getter)]
    fn port1(this: &MessageChannel) -> MessagePort;
    #[wasm_bindgen(method, getter)]
    fn port2(this: &MessageChannel) -> MessagePort;

    type MessagePort;
    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &MessagePort, listener: &Function);
    #[wasm_bindgen(method, js_name = postMessage)]
    fn post_message(this: &MessagePort, message: &JsValue);

    #[cfg(feature = "webgpu")]
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64);
}

/// Lets the event loop run once. A message to oneself is a task of its own, as `setTimeout` would be, but is not
/// held back by four milliseconds when nested.
pub(super) struct Breath(MessageChannel);

impl Breath {
    pub(super) fn new() -> Self {
        Self(MessageChannel::new())
    }

    pub(super) async fn take(&self) {
        let promise = Promise::new(&mut |resolve, _| {
            self.0.port1().set_onmessage(&resolve);
            self.0.port2().post_message(&JsValue::NULL);
        });
        // The promise is never rejected.
        let _ = JsFuture::from(promise).await;
    }
}

/// Resolves after `milliseconds`.
#[cfg(feature = "webgpu")]
pub(super) async fn sleep(milliseconds: f64) {
    let promise = Promise::new(&mut |resolve, _| set_timeout(&resolve, milliseconds));
    let _ = JsFuture::from(promise).await;
}
