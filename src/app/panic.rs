//! The last screen: a panic of the page itself, in plain DOM, as nothing else can be relied on any more.

use std::panic::PanicHookInfo;

use leptos_i18n::td_string;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Document, Element};

use super::{browser, language};

/// Shows every panic as a readable notice, and writes it to the console.
pub fn set_hook() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        // Nothing is left to tell it to.
        let _ = show(panic);
    }));
}

fn show(panic: &PanicHookInfo<'_>) -> Result<(), JsValue> {
    let Some(document) = browser::document() else { return Ok(()) };
    let Some(body) = document.body() else { return Ok(()) };
    if document.get_element_by_id("panic").is_some() {
        return Ok(());
    }
    let locale = language::last();
    let screen = document.create_element("div")?;
    screen.set_id("panic");
    screen.set_attribute("role", "alertdialog")?;
    screen.set_attribute("aria-labelledby", "panic-title")?;
    let title = add(&document, &screen, "h2", td_string!(locale, panic.title))?;
    title.set_id("panic-title");
    add(&document, &screen, "p", td_string!(locale, panic.explain))?;
    let reload = add(&document, &screen, "button", td_string!(locale, panic.reload))?;
    reload.set_attribute("class", "go")?;
    let on_click = Closure::<dyn FnMut()>::new(browser::reload);
    reload.add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref())?;
    on_click.forget();
    add(&document, &screen, "pre", &panic.to_string())?;
    body.append_child(&screen)?;
    Ok(())
}

fn add(document: &Document, parent: &Element, tag: &str, text: &str) -> Result<Element, JsValue> {
    let element = document.create_element(tag)?;
    element.set_text_content(Some(text));
    parent.append_child(&element)?;
    Ok(element)
}
