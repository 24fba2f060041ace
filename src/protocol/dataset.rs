//! A visitor's dataset: the files it comes in, what is wrong with them, and what was read.

use serde::{Deserialize, Serialize};

/// What a visitor drops on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ImportFiles {
    /// One file: a zip, the packed form, or an exported dataset.
    One {
        /// Its name.
        name: String,
        /// Its content.
        bytes: Vec<u8>,
    },
    /// A folder.
    Folder {
        /// Its name.
        name: String,
        /// Path within the folder, and content, of every file.
        files: Vec<(String, Vec<u8>)>,
    },
}

/// What is wrong with imported files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportFault {
    /// An archive that cannot be read to its end.
    Damaged,
    /// An archive or an entry that needs a password.
    Encrypted,
    /// More bytes, entries or pixels than allowed.
    TooLarge,
    /// Archives within the archive, and no images beside them.
    Nested,
    /// Nothing in it.
    Empty,
    /// Files, but no images in class folders.
    NoImages,
    /// Fewer than two classes with two images each.
    TooFewClasses,
    /// Not a kind of file that is known.
    Unsupported,
    /// The visitor stopped it.
    Cancelled,
}

/// A dataset in a few numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetSummary {
    /// Its name.
    pub name: String,
    /// Six characters of its digest.
    pub fingerprint: String,
    /// Alphabets.
    pub alphabets: u32,
    /// Characters of all alphabets.
    pub classes: u32,
    /// Drawings of all characters.
    pub drawings: u32,
    /// Files that were left out: no images, unreadable ones, classes with fewer than two.
    pub skipped: u32,
}
