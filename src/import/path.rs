//! Files and folders on this machine's disk.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    Import, ImportError, Imported, MAX_BYTES, MAX_ENTRIES, from_files,
    layout::{extension, is_hidden},
    packed, picture, run,
    slices::title,
};

/// Reads a file as [`from_bytes`](super::from_bytes) does, or a folder with everything below it, links left aside. A
/// packed `NAME.bin` takes its classes from `NAME.classes.json` beside it, where there is one. A folder without images
/// that holds one zip, one packed file with its classes, or one file at all is read as that file.
///
/// # Errors
///
/// As for [`from_bytes`](super::from_bytes); a disk that does not answer.
pub fn from_path(path: &Path, progress: impl FnMut(usize, usize) -> bool) -> Result<Imported, ImportError> {
    let name = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy());
    if fs::metadata(path).map_err(|error| disk(path, &error))?.is_dir() {
        let found = files(path)?;
        return match alone(path, &found) {
            Some(file) => from_path(&file, progress),
            None => from_files(&name, found, progress),
        };
    }
    let bytes = read(path)?;
    let list = path.with_extension("classes.json");
    if extension(&name) == "bin" && list.is_file() {
        let dataset = packed::read(title(&name), &bytes, Some(&read(&list)?))?;
        return run(Import::ready(dataset), progress);
    }
    run(Import::open(&name, bytes)?, progress)
}

/// The one file of a folder that is a dataset by itself; none where there are images, or several such files.
fn alone(root: &Path, files: &[(String, Vec<u8>)]) -> Option<PathBuf> {
    if files.iter().any(|(name, _)| picture::EXTENSIONS.contains(&extension(name).as_str())) {
        return None;
    }
    let whole = |(name, _): &&(String, Vec<u8>)| match extension(name).as_str() {
        "zip" => true,
        "bin" => root.join(name).with_extension("classes.json").is_file(),
        _ => false,
    };
    let mut found = files.iter().filter(|file| files.len() == 1 || whole(file)).map(|(name, _)| root.join(name));
    found.next().filter(|_| found.next().is_none())
}

/// Everything below a folder; the bytes of what is no image are not read.
fn files(root: &Path) -> Result<Vec<(String, Vec<u8>)>, ImportError> {
    let mut files = Vec::new();
    let mut folders = vec![(root.to_owned(), String::new())];
    let (mut entries, mut bytes) = (0, 0);
    while let Some((folder, above)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| disk(&folder, &error))? {
            let entry = entry.map_err(|error| disk(&folder, &error))?;
            let kind = entry.file_type().map_err(|error| disk(&folder, &error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            entries += 1;
            if entries > MAX_ENTRIES {
                return Err(ImportError::TooManyEntries(entries));
            }
            if is_hidden(&name) {
                continue;
            }
            let relative = format!("{above}{name}");
            if kind.is_dir() {
                folders.push((entry.path(), relative + "/"));
            } else if kind.is_file() {
                let is_image = picture::EXTENSIONS.contains(&extension(&name).as_str());
                let read = if is_image { read(&entry.path())? } else { Vec::new() };
                bytes += read.len();
                if bytes > MAX_BYTES {
                    return Err(ImportError::TooLarge);
                }
                files.push((relative, read));
            }
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>, ImportError> {
    let size = fs::metadata(path).map_err(|error| disk(path, &error))?.len();
    if size > MAX_BYTES as u64 {
        return Err(ImportError::TooLarge);
    }
    fs::read(path).map_err(|error| disk(path, &error))
}

fn disk(path: &Path, error: &io::Error) -> ImportError {
    ImportError::Disk { path: path.display().to_string(), reason: error.to_string() }
}
