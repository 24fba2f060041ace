//! The few things the page asks of the browser. Whatever a browser refuses is left out, never fatal.

use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlElement, Storage, SvgElement, UrlSearchParams, Window};

/// The window; there always is one where a page runs.
fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// The root element.
pub fn root() -> Option<Element> {
    document()?.document_element()
}

/// A parameter of the address's query.
pub fn query(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The address's fragment, with its `#`.
pub fn hash() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// The whole address.
pub fn address() -> String {
    window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// Puts a fragment, and query parameters where given, into the address bar without a visit to it.
pub fn replace_address(hash: &str, parameters: &[(&str, &str)]) {
    let Some(window) = window() else { return };
    let search = window.location().search().unwrap_or_default();
    let Ok(query) = UrlSearchParams::new_with_str(&search) else { return };
    for (name, value) in parameters {
        query.set(name, value);
    }
    let query = String::from(query.to_string());
    let path = window.location().pathname().unwrap_or_default();
    let address = if query.is_empty() { format!("{path}{hash}") } else { format!("{path}?{query}{hash}") };
    if let Ok(history) = window.history()
        && let Err(error) = history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    {
        log::warn!("the address bar could not be changed: {error:?}");
    }
}

/// Whether the page is dark now: by the visitor's choice, or by the system's where there is none.
pub fn is_dark() -> bool {
    match root().and_then(|root| root.get_attribute("data-theme")) {
        Some(theme) => theme == "dark",
        None => matches("(prefers-color-scheme: dark)"),
    }
}

/// Whether a media query matches now.
pub fn matches(media: &str) -> bool {
    window().and_then(|window| window.match_media(media).ok().flatten()).is_some_and(|list| list.matches())
}

/// Whether the visitor asks for less motion.
pub fn prefers_stillness() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

/// Languages of the browser, the favourite first.
pub fn languages() -> Vec<String> {
    window()
        .map(|window| window.navigator().languages().iter().filter_map(|tag| tag.as_string()).collect())
        .unwrap_or_default()
}

/// How the browser names itself, for a report.
pub fn user_agent() -> String {
    window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default()
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    js_sys::Date::now()
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// A remembered preference.
pub fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Remembers a preference where the browser lets us.
pub fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage forgets; the page works the same.
        let _ = storage.set_item(key, value);
    }
}

/// Calls back once, after some milliseconds.
pub fn after(milliseconds: i32, then: impl FnOnce() + 'static) {
    if let Some(window) = window() {
        let then = Closure::once_into_js(then);
        let timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(then.unchecked_ref(), milliseconds);
        if timer.is_err() {
            log::warn!("the browser gave no timer");
        }
    }
}

/// Calls back once, before the next picture.
pub fn next_frame(then: impl FnOnce() + 'static) {
    if let Some(window) = window() {
        let then = Closure::once_into_js(then);
        if window.request_animation_frame(then.unchecked_ref()).is_err() {
            log::warn!("the browser gave no animation frame");
        }
    }
}

/// Copies a text; false where the browser does not allow it.
pub async fn copy(text: String) -> bool {
    let Some(window) = window() else { return false };
    let Ok(clipboard) = js_sys::Reflect::get(&window.navigator(), &"clipboard".into()) else { return false };
    // Absent on pages that were not opened over https.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok()
}

/// Moves the focus to the element that a selector finds.
pub fn focus(selector: &str) {
    let found = document().and_then(|document| document.query_selector(selector).ok().flatten());
    if let Some(element) = found {
        focus_on(&element);
    }
}

/// Moves the focus to an element.
pub fn focus_on(element: &Element) {
    // Focus is a hint: an element that has gone meanwhile simply does not take it.
    let _ = match element.dyn_ref::<SvgElement>() {
        Some(drawn) => drawn.focus(),
        None => element.unchecked_ref::<HtmlElement>().focus(),
    };
}

/// Reloads the page.
pub fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}
