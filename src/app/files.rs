//! Files that a visitor chooses or drops: one of them, or a folder with all that is in it.

use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

use super::{guests::Refusal, library::Failure};
use crate::protocol::{ImportFault, ImportFiles};

/// Most bytes that are read: all of Omniglot is a tenth of it.
const MOST_BYTES: f64 = 268_435_456.0;

/// Most files of a folder: all of Omniglot has 32 460.
const MOST_FILES: usize = 100_000;

/// What a visitor gives, before it is read.
pub enum Given {
    /// One file.
    File(File),
    /// Files of a folder, each with its path in it.
    Folder(String, Vec<(String, File)>),
    /// What lies on the page after a drop: files and folders.
    Dropped(Vec<FileSystemEntry>),
}

impl Given {
    /// What an input holds; none where it was left empty.
    pub fn chosen(files: &FileList) -> Option<Self> {
        let files: Vec<File> = (0..files.length()).filter_map(|place| files.get(place)).collect();
        let path = |file: &File| {
            let path = Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
            path.filter(|path| !path.is_empty())
        };
        match files.as_slice() {
            [] => None,
            [file] if path(file).is_none() => Some(Self::File(file.clone())),
            [first, ..] => {
                let folder = path(first).and_then(|path| Some(path.split_once('/')?.0.to_owned()));
                let within = |path: String| path.split_once('/').map(|(_, rest)| rest.to_owned()).unwrap_or(path);
                let named = files.iter().map(|file| (path(file).map_or_else(|| file.name(), within), file.clone()));
                Some(Self::Folder(folder.unwrap_or_else(|| first.name()), named.collect()))
            }
        }
    }

    /// What was dropped. To be called while the event is on its way: afterwards the browser takes it back.
    pub fn dropped(transfer: &DataTransfer) -> Option<Self> {
        let items = transfer.items();
        let entry = |place| items.get(place)?.webkit_get_as_entry().ok().flatten();
        let entries: Vec<_> = (0..items.length()).filter_map(entry).collect();
        if entries.is_empty() {
            // Not every drag knows where its files lie: some carry the files alone.
            return transfer.files().and_then(|files| Self::chosen(&files));
        }
        Some(Self::Dropped(entries))
    }

    /// Reads one file as text.
    pub async fn text(self) -> Result<String, Failure> {
        match self.read(|| true).await? {
            ImportFiles::One { bytes, .. } => String::from_utf8(bytes).map_err(|_| Failure::Unreadable),
            ImportFiles::Folder { .. } => Err(Failure::Unreadable),
        }
    }

    /// Reads everything, as long as somebody waits for it.
    pub async fn read(self, is_awaited: impl Fn() -> bool) -> Result<ImportFiles, Failure> {
        match self {
            Self::File(file) => one(&file).await,
            Self::Folder(name, files) => folder(name, files, is_awaited).await,
            Self::Dropped(entries) => {
                let name = entries.first().map(FileSystemEntry::name).unwrap_or_default();
                if let [entry] = entries.as_slice()
                    && entry.is_file()
                {
                    return one(&file_of(entry).await.map_err(|_| Failure::Unreadable)?).await;
                }
                let alone = entries.len() == 1;
                let files = walked(entries, alone, &is_awaited).await?;
                folder(name, files, is_awaited).await
            }
        }
    }
}

/// What is in a file of at most so many bytes.
pub async fn bytes(file: &File, most: usize) -> Result<Vec<u8>, Refusal> {
    if file.size() > most as f64 {
        return Err(Refusal::TooLarge);
    }
    content(file).await.map_err(|_| Refusal::Unreadable)
}

async fn one(file: &File) -> Result<ImportFiles, Failure> {
    if file.size() > MOST_BYTES {
        return Err(Failure::Files(ImportFault::TooLarge));
    }
    Ok(ImportFiles::One { name: file.name(), bytes: content(file).await? })
}

async fn folder(
    name: String,
    files: Vec<(String, File)>,
    is_awaited: impl Fn() -> bool,
) -> Result<ImportFiles, Failure> {
    let bytes: f64 = files.iter().map(|(_, file)| file.size()).sum();
    if bytes > MOST_BYTES || files.len() > MOST_FILES {
        return Err(Failure::Files(ImportFault::TooLarge));
    }
    let mut read = Vec::with_capacity(files.len());
    for (path, file) in files {
        if !is_awaited() {
            return Err(Failure::Files(ImportFault::Cancelled));
        }
        read.push((path, content(&file).await?));
    }
    Ok(ImportFiles::Folder { name, files: read })
}

async fn content(file: &File) -> Result<Vec<u8>, Failure> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| Failure::Unreadable)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Every file in or under the entries. The one folder that was dropped `alone` is not part of the paths.
async fn walked(
    entries: Vec<FileSystemEntry>,
    alone: bool,
    is_awaited: &impl Fn() -> bool,
) -> Result<Vec<(String, File)>, Failure> {
    let mut files = Vec::new();
    let prefix = |entry: &FileSystemEntry| if alone { String::new() } else { entry.name() };
    let mut waiting: Vec<(String, FileSystemEntry)> =
        entries.into_iter().map(|entry| (prefix(&entry), entry)).collect();
    while let Some((path, entry)) = waiting.pop() {
        if !is_awaited() {
            return Err(Failure::Files(ImportFault::Cancelled));
        }
        if files.len() > MOST_FILES {
            return Err(Failure::Files(ImportFault::TooLarge));
        }
        let failed = |_: JsValue| Failure::Unreadable;
        if entry.is_file() {
            files.push((path, file_of(&entry).await.map_err(failed)?));
        } else {
            for child in children(entry.unchecked_ref()).await.map_err(failed)? {
                let name = child.name();
                waiting.push((if path.is_empty() { name } else { format!("{path}/{name}") }, child));
            }
        }
    }
    Ok(files)
}

async fn file_of(entry: &FileSystemEntry) -> Result<File, JsValue> {
    let entry: &FileSystemFileEntry = entry.unchecked_ref();
    let file = Promise::new(&mut |resolve, reject| {
        // Both are called at most once, and the browser keeps them until then.
        let (found, failed) = (hand_on(resolve), hand_on(reject));
        entry.file_with_callback_and_callback(found.unchecked_ref(), failed.unchecked_ref());
    });
    JsFuture::from(file).await.map(JsValue::unchecked_into)
}

/// The entries of a folder; a browser gives a hundred at a time.
async fn children(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let some = Promise::new(&mut |resolve, reject| {
            let (found, failed) = (hand_on(resolve), hand_on(reject.clone()));
            if let Err(error) =
                reader.read_entries_with_callback_and_callback(found.unchecked_ref(), failed.unchecked_ref())
            {
                let _ = reject.call1(&JsValue::NULL, &error);
            }
        });
        let some: Array = JsFuture::from(some).await?.unchecked_into();
        if some.length() == 0 {
            return Ok(all);
        }
        all.extend(some.iter().map(JsValue::unchecked_into::<FileSystemEntry>));
    }
}

fn hand_on(settle: js_sys::Function) -> JsValue {
    Closure::once_into_js(move |value: JsValue| {
        // A promise takes whatever it is given.
        let _ = settle.call1(&JsValue::NULL, &value);
    })
}
