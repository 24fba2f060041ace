//! # import: datasets of images from files
//!
//! A zip, a folder, the packed form or a saved dataset becomes a [`Dataset`]. The folder of an image is its class
//! and the folder above that its alphabet; folders that all classes share say nothing and are passed over, and where
//! classes have no folder above them that tells them apart, they belong to one alphabet, named as the file is.
//! Whatever the bytes are, nothing here panics or takes more memory than the limits below allow. The worker decodes
//! in slices ([`Import`]); the command line calls [`from_path`]. Calls `task` alone.

mod archive;
mod error;
mod ink;
mod layout;
mod packed;
#[cfg(not(target_family = "wasm"))]
mod path;
mod picture;
mod png;
mod slices;

#[cfg(test)]
#[cfg(not(target_family = "wasm"))]
mod tests;

use crate::task::Dataset;

pub use error::ImportError;
#[cfg(not(target_family = "wasm"))]
pub use path::from_path;
pub use slices::Import;

/// Bytes of a file, or of a folder's images together: Omniglot's larger half is 10 MiB, and a page has to hold this
/// beside the images.
pub const MAX_BYTES: usize = 64 << 20;

/// Entries of an archive or a folder: three times Omniglot. Listing them has to stay a matter of milliseconds.
pub const MAX_ENTRIES: usize = 100_000;

/// Bytes of one image file: enough for any photograph of a drawing, and far from exhausting a page.
pub const MAX_IMAGE_BYTES: usize = 4 << 20;

/// Pixels along the longer side of an image: 128 MiB at 16 bits a channel, on the way to 28 × 28.
pub const MAX_IMAGE_SIDE: usize = 4096;

/// Bytes of all images of an archive once unpacked: image files hardly compress, so more is a trap.
pub const MAX_UNPACKED_BYTES: usize = 4 * MAX_BYTES;

/// Images decoded between two calls of `progress`: some milliseconds of Omniglot's.
const SLICE: usize = 64;

/// A dataset, and what was left out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// What could be read.
    pub dataset: Dataset,
    /// What could not.
    pub skipped: Skipped,
}

/// Counts of what an import passed over. Hidden files and those that macOS adds count nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Files that are not named like an image of a known format.
    pub not_images: usize,
    /// Images that could not be decoded.
    pub unreadable: usize,
    /// Images in no class folder.
    pub loose: usize,
    /// Classes with fewer than two images.
    pub small_classes: usize,
    /// Archives inside the archive.
    pub archives: usize,
}

/// Reads a file: a zip, the packed form (`.bin`, in one alphabet of numbered characters of 20 drawings each), or a
/// saved dataset. `progress(done, total)`, in images, answers whether to go on.
///
/// # Errors
///
/// See [`ImportError`]; each is a sentence for the person who chose the file.
pub fn from_bytes(
    name: &str,
    bytes: &[u8],
    progress: impl FnMut(usize, usize) -> bool,
) -> Result<Imported, ImportError> {
    run(Import::open(name, bytes.to_vec())?, progress)
}

/// Reads files as a dropped folder gives them: paths relative to it, with forward slashes, and their bytes. A single
/// file is read as [`from_bytes`] does, and a `.bin` finds its `.classes.json` among the others. `progress` as there.
///
/// # Errors
///
/// As for [`from_bytes`].
pub fn from_files(
    name: &str,
    files: Vec<(String, Vec<u8>)>,
    progress: impl FnMut(usize, usize) -> bool,
) -> Result<Imported, ImportError> {
    run(Import::open_files(name, files)?, progress)
}

fn run(mut import: Import, mut progress: impl FnMut(usize, usize) -> bool) -> Result<Imported, ImportError> {
    let total = import.total();
    let mut done = 0;
    while done < total {
        if !progress(done, total) {
            return Err(ImportError::Stopped);
        }
        done = import.step(SLICE)?;
    }
    progress(done, total);
    import.finish()
}
