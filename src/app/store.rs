//! The browser's own database (IndexedDB), for what is too large for its little notebook: one imported dataset, and the
//! runs that were recorded, each as a file of its own.
//!
//! Nothing in it leaves the machine. A browser that has none, or no room, forgets; the page works the same.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use super::{
    library::Holding,
    record::{self, Record},
};
use crate::protocol::{DatasetSummary, decode, encode};

const DATABASE: &str = "kindling";
/// Version 1 had no runs.
const VERSION: u32 = 2;
const SHELF: &str = "datasets";
const RUNS: &str = "runs";
const KEY: &str = "imported";

/// The dataset of an earlier visit, if there is one that can be read.
pub async fn load() -> Option<Holding> {
    let read = async {
        let record = answer(&shelf(SHELF, IdbTransactionMode::Readonly).await?.get(&KEY.into())?).await?;
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
        let shelf = shelf(SHELF, IdbTransactionMode::Readwrite).await?;
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

/// The runs of earlier visits, as far as they can be read.
pub async fn load_runs() -> Vec<Record> {
    let read = async {
        let files = answer(&shelf(RUNS, IdbTransactionMode::Readonly).await?.get_all()?).await?;
        Ok::<_, JsValue>(Some(files.unchecked_into::<Array>()))
    };
    let Some(files) = read.await.unwrap_or_else(|error| told(&error)) else { return Vec::new() };
    let runs = files.iter().filter_map(|file| record::from_json(&file.as_string()?).ok());
    runs.flatten().collect()
}

/// Keeps a run as it stands now, in place of how it stood before.
pub async fn keep_run(run: Record) {
    let write = async {
        let shelf = shelf(RUNS, IdbTransactionMode::Readwrite).await?;
        let file = record::to_json(std::slice::from_ref(&run));
        answer(&shelf.put_with_key(&file.into(), &run.id.into())?).await.map(|_| Some(()))
    };
    let _ = write.await.unwrap_or_else(|error| told(&error));
}

/// Keeps a run no longer.
pub async fn drop_run(id: String) {
    let write = async {
        let shelf = shelf(RUNS, IdbTransactionMode::Readwrite).await?;
        answer(&shelf.delete(&id.into())?).await.map(|_| Some(()))
    };
    let _ = write.await.unwrap_or_else(|error| told(&error));
}

/// A refusal of the browser, for whoever looks into it.
fn told<T>(error: &JsValue) -> Option<T> {
    log::warn!("the browser's database: {error:?}");
    None
}

async fn shelf(name: &str, mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let factory = window.indexed_db()?.ok_or_else(|| JsValue::from_str("there is none"))?;
    let request = factory.open_with_u32(DATABASE, VERSION)?;
    let opening: IdbOpenDbRequest = request.clone();
    let furnish = Closure::once_into_js(move || {
        let made = opening.result().and_then(|database| {
            let database: IdbDatabase = database.unchecked_into();
            let there = database.object_store_names();
            let missing = [SHELF, RUNS].into_iter().filter(|name| !there.contains(name));
            missing.into_iter().try_for_each(|name| database.create_object_store(name).map(drop))
        });
        if let Err(error) = made {
            log::warn!("the browser's database: {error:?}");
        }
    });
    request.set_onupgradeneeded(Some(furnish.unchecked_ref()));
    let database: IdbDatabase = answer(&request).await?.unchecked_into();
    let store = database.transaction_with_str_and_mode(name, mode)?.object_store(name)?;
    // It closes when the transaction is over; one that stays open would keep a newer page from changing it.
    database.close();
    Ok(store)
}

/// What a request comes to. A database that an older page in another tab keeps open is not waited for.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        if let Some(opening) = request.dyn_ref::<IdbOpenDbRequest>() {
            opening.set_onblocked(Some(&reject));
        }
    });
    JsFuture::from(settled).await?;
    request.result()
}
