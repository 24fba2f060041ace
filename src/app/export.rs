//! Files that the visitor takes along: pictures and tables of figures, runs, networks, programs.

use js_sys::{Array, Uint8Array, encode_uri_component};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Element, HtmlAnchorElement, HtmlCanvasElement, HtmlElement,
    HtmlImageElement, NodeList, Url,
};

use super::{browser, csv};
use crate::chart::Picture;

/// Points of a PNG for each of the page.
const SHARPNESS: f64 = 2.0;

/// Hands a file to the visitor.
pub fn save(name: &str, kind: &str, bytes: &[u8]) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes));
    match Blob::new_with_u8_array_sequence_and_options(&parts, &options) {
        Ok(blob) => save_blob(name, &blob),
        Err(error) => log::warn!("a file could not be made: {error:?}"),
    }
}

fn save_blob(name: &str, blob: &Blob) {
    let made = Url::create_object_url_with_blob(blob);
    let anchor = browser::document().and_then(|document| document.create_element("a").ok());
    let (Ok(url), Some(anchor)) = (made, anchor) else { return };
    let anchor: HtmlAnchorElement = anchor.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser reads it soon, and needs it no more afterwards.
    browser::after(10_000, move || drop(Url::revoke_object_url(&url)));
}

/// Hands a picture over as a PNG, drawn twice as large.
pub async fn save_png(picture: &Picture, name: &str) {
    match png(picture).await {
        Ok(Some(blob)) => save_blob(&format!("{name}.png"), &blob),
        Ok(None) => log::warn!("the browser drew no picture"),
        Err(error) => log::warn!("the browser drew no picture: {error:?}"),
    }
}

async fn png(picture: &Picture) -> Result<Option<Blob>, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", encode_uri_component(&picture.svg)));
    JsFuture::from(image.decode()).await?;
    let document = browser::document().ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    let (width, height) = (picture.width * SHARPNESS, picture.height * SHARPNESS);
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let Some(context) = canvas.get_context("2d")? else { return Ok(None) };
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let drawn = js_sys::Promise::new(&mut |resolve, reject| {
        let take = Closure::once_into_js(move |blob: JsValue| {
            // A promise takes whatever it is given.
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        if let Err(error) = canvas.to_blob(take.unchecked_ref()) {
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    });
    Ok(JsFuture::from(drawn).await?.dyn_into().ok())
}

fn elements(list: &NodeList) -> Vec<Element> {
    (0..list.length()).filter_map(|place| list.get(place)?.dyn_into().ok()).collect()
}

/// The table that a selector finds within a part of the page, as its reader sees it, without the columns that hold buttons.
pub fn table(part: &Element, selector: &str) -> Option<String> {
    let table = part.query_selector(selector).ok().flatten()?;
    let row = |row: Element| {
        let cells = row.query_selector_all("th, td").map(|list| elements(&list)).unwrap_or_default();
        let is_told = |cell: &Element| cell.query_selector("button, .unseen").ok().flatten().is_none();
        let text = |cell: Element| cell.unchecked_into::<HtmlElement>().inner_text();
        cells.into_iter().filter(is_told).map(text).collect::<Vec<String>>()
    };
    Some(csv::text(&elements(&table.query_selector_all("tr").ok()?).into_iter().map(row).collect::<Vec<_>>()))
}
