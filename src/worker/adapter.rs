//! The browser's GPU adapter, asked for by the page so that a machine without one is spared a download.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{host::get, programs::Adapter};

/// Milliseconds that the browser has to answer: some never do.
const PATIENCE: i32 = 5000;

/// The adapter; none when the browser has no WebGPU, finds no adapter, throws or does not answer.
pub async fn find() -> Option<Adapter> {
    let gpu = get(&web_sys::window()?.navigator(), "gpu")?;
    let request: Function = get(&gpu, "requestAdapter")?.dyn_into().ok()?;
    let asked: Promise = request.call0(&gpu).ok()?.dyn_into().ok()?;
    let answer = JsFuture::from(Promise::race(&Array::of2(&asked, &wait(PATIENCE)))).await.ok()?;
    if answer.is_null() || answer.is_undefined() {
        return None;
    }
    let info = get(&answer, "info").unwrap_or(JsValue::UNDEFINED);
    let is_true = |object: &JsValue| get(object, "isFallbackAdapter").is_some_and(|flag| flag.is_truthy());
    let words = ["vendor", "architecture", "device", "description"]
        .iter()
        .filter_map(|key| get(&info, key)?.as_string())
        .collect();
    Some(Adapter { is_fallback: is_true(&answer) || is_true(&info), words })
}

/// A promise of nothing in some milliseconds.
fn wait(milliseconds: i32) -> Promise {
    Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Without a timer the race is the browser's to lose.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    })
}
