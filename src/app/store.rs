//! The browser's own database (IndexedDB), for what is too large for its little notebook: one imported dataset.
//!
//! Nothing in it leaves the machine. A browser that has none, or no room, forgets; the page works the same.

use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use super::library::Holding;
use crate::protocol::{DatasetSummary, decode, encode};

const DATABASE: &str = "kindling";
const SHELF: &str = "datasets";
const KEY: &str = "imported";

/// The dataset of an earlier visit, if there is one that can be read.
pub async fn load() -> Option<Holding> {
    let read = async {
        let record = answer(&shelf(IdbTransactionMode::Readonly).await?.get(&KEY.into())?).await?;
        if record.is_undefined() {
            return Ok(None);
        }
        let bytes = |name: &str| Reflect::get(&record, &name.into()).map(|value| Uint8Array::new(&value).to_vec());
        Ok::<_, JsValue>(Some((bytes("summary")?, bytes("bytes")?)))
    };
    let (summary, bytes) = read.await.unwrap_or_else(|error| told(&error))?;
    // What an older version of the page has kept may be of another form; the file is still the visitor's.
    let summary: DatasetSummary = decode(&summary).ok()?;
    Some(Holding { summary, bytes: std::sync::Arc::new(bytes) })
}

/// Keeps a dataset in place of any from before, or none.
pub async fn keep(holding: Option<&Holding>) {
    let write = async {
        let shelf = shelf(IdbTransactionMode::Readwrite).await?;
        let request = match holding {
            None => shelf.delete(&KEY.into())?,
            Some(holding) => {
                let record = Object::new();
                let summary = encode(&holding.summary).map_err(|error| JsValue::from_str(&error.to_string()))?;
                Reflect::set(&record, &"summary".into(), &Uint8Array::from(summary.as_slice()))?;
                Reflect::set(&record, &"bytes".into(), &Uint8Array::from(holding.bytes.as_slice()))?;
                shelf.put_with_key(&record, &KEY.into())?
            }
        };
        answer(&request).await.map(|_| Some(()))
    };
    let _ = write.await.unwrap_or_else(|error| told(&error));
}

/// A refusal of the browser, for whoever looks into it.
fn told<T>(error: &JsValue) -> Option<T> {
    log::warn!("the browser's database: {error:?}");
    None
}

async fn shelf(mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let factory = window.indexed_db()?.ok_or_else(|| JsValue::from_str("there is none"))?;
    let request = factory.open_with_u32(DATABASE, 1)?;
    let opening: IdbOpenDbRequest = request.clone();
    let furnish = Closure::once_into_js(move || {
        let made =
            opening.result().and_then(|database| database.unchecked_into::<IdbDatabase>().create_object_store(SHELF));
        if let Err(error) = made {
            log::warn!("the browser's database: {error:?}");
        }
    });
    request.set_onupgradeneeded(Some(furnish.unchecked_ref()));
    let database: IdbDatabase = answer(&request).await?.unchecked_into();
    database.transaction_with_str_and_mode(SHELF, mode)?.object_store(SHELF)
}

/// What a request comes to.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(settled).await?;
    request.result()
}
