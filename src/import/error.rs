//! What can be wrong with a file that someone chose.

use crate::task::{DatasetError, MAX_DRAWINGS};

use super::{MAX_BYTES, MAX_ENTRIES, MAX_IMAGE_BYTES, MAX_IMAGE_SIDE, MAX_UNPACKED_BYTES, Skipped};

const MIB: usize = 1 << 20;

/// Why a file or a folder is not imported, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Neither a zip nor a dataset in one of the two other forms.
    #[error("\"{0}\" is neither a zip archive nor a packed or saved dataset; choose a zip or a folder of images")]
    UnknownForm(String),
    /// More than [`MAX_BYTES`].
    #[error("this is larger than {} MiB, the most that is read; leave some classes out", MAX_BYTES / MIB)]
    TooLarge,
    /// More than [`MAX_ENTRIES`].
    #[error("there are {0} files and folders and at most {MAX_ENTRIES} are read; leave some classes out")]
    TooManyEntries(usize),
    /// More than [`MAX_DRAWINGS`].
    #[error("there are {0} images and at most {MAX_DRAWINGS} are read; leave some classes out")]
    TooManyImages(usize),
    /// An image file of more than [`MAX_IMAGE_BYTES`].
    #[error(
        "the image \"{0}\" is larger than {most} MiB, the most that is read; save it smaller or leave it out",
        most = MAX_IMAGE_BYTES / MIB
    )]
    ImageTooLarge(String),
    /// A side of more than [`MAX_IMAGE_SIDE`].
    #[error(
        "the image \"{path}\" has {width} x {height} pixels and at most {MAX_IMAGE_SIDE} x {MAX_IMAGE_SIDE} are \
         read; save it smaller or leave it out"
    )]
    ImageTooWide {
        /// Where it is.
        path: String,
        /// In pixels.
        width: usize,
        /// In pixels.
        height: usize,
    },
    /// More than [`MAX_UNPACKED_BYTES`], by what the archive says.
    #[error(
        "the images of this archive take more than {} MiB unpacked, which images do not; it is not read",
        MAX_UNPACKED_BYTES / MIB
    )]
    Bomb,
    /// An entry unpacks to another size than the archive says.
    #[error("\"{0}\" unpacks to more or less than the archive says; the archive is damaged or made to harm")]
    LyingSize(String),
    /// A zip without its end.
    #[error("the archive is cut short; download or copy it again")]
    Truncated,
    /// A zip that contradicts itself.
    #[error("the archive is damaged: {0}; download or pack it again")]
    DamagedArchive(&'static str),
    /// An entry whose bytes are not those that were packed.
    #[error("\"{0}\" is damaged inside the archive; download or pack the archive again")]
    DamagedEntry(String),
    /// An archive in several files.
    #[error("the archive is one part of several; join the parts and pack them as one zip")]
    SplitArchive,
    /// An entry behind a password.
    #[error("\"{0}\" is encrypted; pack the archive again without a password")]
    Encrypted(String),
    /// An entry packed by another method than the two that every tool writes.
    #[error("\"{0}\" is compressed in a way that is not read (method {1}); pack the archive again with Deflate")]
    UnknownCompression(String, u16),
    /// A path that leads out of the archive, or means different places on different machines.
    #[error("the path \"{0}\" leads outside or has backslashes; pack again with relative paths and forward slashes")]
    UnsafePath(String),
    /// Two files in one place.
    #[error("the path \"{0}\" occurs twice; pack again from a folder")]
    DuplicatePath(String),
    /// Nothing at all.
    #[error("there is nothing in it; choose a zip or a folder with a folder of images for each class")]
    Empty,
    /// Only archives.
    #[error("there are archives inside and no images; unpack it and choose one of the archives in it")]
    OnlyArchives,
    /// Other files.
    #[error("there are {0} files but no images among them; PNG, JPEG, GIF and BMP are read")]
    NoImages(usize),
    /// Images, but no two classes with two each.
    #[error("{classes} {}; put at least two images of each of at least two classes into folders{}", usable(*classes), left_out(skipped))]
    TooFewClasses {
        /// Classes that could be used.
        classes: usize,
        /// Why there are no more.
        skipped: Skipped,
    },
    /// A packed file of an odd length.
    #[error("the packed file has {0} bytes; it needs 98 for each image and as many images for every class")]
    PackedLength(usize),
    /// A list of classes that cannot be read.
    #[error(
        "the list of classes cannot be read ({0}); it must be JSON of the form [[\"alphabet\", \"character\"], ...]"
    )]
    ClassList(String),
    /// What was found makes no dataset.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The disk's own words.
    #[error("\"{path}\" cannot be read: {reason}")]
    Disk {
        /// Where.
        path: String,
        /// The system's message.
        reason: String,
    },
    /// `progress` said so.
    #[error("the import was stopped")]
    Stopped,
}

fn usable(classes: usize) -> &'static str {
    if classes == 1 { "class can be used" } else { "classes can be used" }
}

fn left_out(skipped: &Skipped) -> String {
    let counts = [
        (skipped.unreadable, "unreadable images"),
        (skipped.loose, "images outside class folders"),
        (skipped.small_classes, "classes with a single image"),
    ];
    let counts = counts.into_iter().filter(|&(count, _)| count > 0);
    let words: Vec<String> = counts.map(|(count, of)| format!("{count} {of}")).collect();
    if words.is_empty() { String::new() } else { format!(" (left out: {})", words.join(", ")) }
}
