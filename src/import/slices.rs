//! An import in slices, so that whoever waits can show how far it is and stop it.

use std::{collections::BTreeMap, mem};

use crate::task::{Alphabet, Character, Dataset, Image, MIN_DRAWINGS};

use super::{
    ImportError, Imported, MAX_BYTES, MAX_ENTRIES, MAX_IMAGE_BYTES, MAX_UNPACKED_BYTES, Skipped,
    archive::{self, Archive},
    ink,
    layout::{Layout, Place, extension, is_hidden, layout},
    packed,
    picture::{self, Unreadable},
};

/// An import under way: [`open`](Self::open) lists, [`step`](Self::step) decodes, [`finish`](Self::finish) arranges.
pub struct Import {
    name: String,
    source: Source,
    classes: Vec<(String, String)>,
    places: Vec<Place>,
    /// Decoded images of each class.
    drawings: Vec<Vec<Image>>,
    done: usize,
    skipped: Skipped,
}

enum Source {
    Archive(Archive),
    /// Paths and bytes; the bytes go once they are decoded.
    Files(Vec<(String, Vec<u8>)>),
    /// Forms that need no decoding.
    Dataset(Dataset),
}

impl Import {
    /// Begins with a file; see [`from_bytes`](super::from_bytes). Only lists what is in it.
    ///
    /// # Errors
    ///
    /// Files of another form, beyond a limit, damaged, or without images.
    pub fn open(name: &str, bytes: Vec<u8>) -> Result<Self, ImportError> {
        let title = title(name);
        if bytes.len() > MAX_BYTES {
            return Err(ImportError::TooLarge);
        }
        if bytes.is_empty() {
            return Err(ImportError::Empty);
        }
        if Dataset::is_saved(&bytes) {
            return Ok(Self::ready(Dataset::from_bytes(&bytes)?));
        }
        if archive::is_zip(&bytes) {
            return Self::of_archive(title, Archive::open(bytes)?);
        }
        if extension(name) == "bin" {
            return Ok(Self::ready(packed::read(title, &bytes, None)?));
        }
        Err(ImportError::UnknownForm(name.to_owned()))
    }

    /// Begins with the files of a folder; see [`from_files`](super::from_files).
    ///
    /// # Errors
    ///
    /// Files beyond a limit, without images, or with paths that lead elsewhere.
    pub fn open_files(name: &str, files: Vec<(String, Vec<u8>)>) -> Result<Self, ImportError> {
        if files.len() > MAX_ENTRIES {
            return Err(ImportError::TooManyEntries(files.len()));
        }
        if files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > MAX_BYTES {
            return Err(ImportError::TooLarge);
        }
        let layout = match layout(name, files.iter().map(|(path, _)| path.as_str())) {
            Err(without_images @ (ImportError::NoImages(_) | ImportError::OnlyArchives)) => {
                return Self::other_form(files).unwrap_or(Err(without_images));
            }
            layout => layout?,
        };
        let sizes = layout.places.iter().map(|place| &files[place.file]);
        if let Some((path, _)) = sizes.into_iter().find(|(_, bytes)| bytes.len() > MAX_IMAGE_BYTES) {
            return Err(ImportError::ImageTooLarge(path.clone()));
        }
        Ok(Self::of_layout(name, Source::Files(files), layout))
    }

    /// Packed images, by the one file of that name; their list of classes, if there; or any one file that is alone.
    pub(super) fn other_form(mut files: Vec<(String, Vec<u8>)>) -> Option<Result<Self, ImportError>> {
        files.retain(|(path, _)| !path.split('/').any(is_hidden));
        let one = |ending: &str| {
            let mut found = (0..files.len()).filter(|&i| files[i].0.to_ascii_lowercase().ends_with(ending));
            found.next().filter(|_| found.next().is_none())
        };
        if let Some((images, list)) = one(".bin").zip(one(".classes.json")) {
            let read = packed::read(title(&files[images].0), &files[images].1, Some(&files[list].1));
            return Some(read.map(Self::ready));
        }
        match files.len() {
            1 => files.pop().map(|(path, bytes)| Self::open(&path, bytes)),
            _ => None,
        }
    }

    pub(super) fn ready(dataset: Dataset) -> Self {
        let none = Layout { classes: Vec::new(), places: Vec::new(), skipped: Skipped::default() };
        let name = dataset.name().to_owned();
        Self::of_layout(&name, Source::Dataset(dataset), none)
    }

    fn of_archive(name: &str, archive: Archive) -> Result<Self, ImportError> {
        let layout = layout(name, archive.entries.iter().map(|entry| entry.path.as_str()))?;
        let mut unpacked: usize = 0;
        for place in &layout.places {
            let entry = &archive.entries[place.file];
            if entry.size > MAX_IMAGE_BYTES {
                return Err(ImportError::ImageTooLarge(entry.path.clone()));
            }
            unpacked += entry.size;
        }
        if unpacked > MAX_UNPACKED_BYTES {
            return Err(ImportError::Bomb);
        }
        Ok(Self::of_layout(name, Source::Archive(archive), layout))
    }

    fn of_layout(name: &str, source: Source, layout: Layout) -> Self {
        let Layout { classes, places, skipped } = layout;
        let drawings = vec![Vec::new(); classes.len()];
        Self { name: name.to_owned(), source, classes, places, drawings, done: 0, skipped }
    }

    /// How many images there are to decode; none where the form needs no decoding.
    #[must_use]
    pub fn total(&self) -> usize {
        self.places.len()
    }

    /// Decodes at most `most` images (at least one) and returns how many are done of [`total`](Self::total). Images
    /// that cannot be read are done as well.
    ///
    /// # Errors
    ///
    /// A damaged archive, or an image beyond a limit.
    pub fn step(&mut self, most: usize) -> Result<usize, ImportError> {
        let end = self.places.len().min(self.done.saturating_add(most.max(1)));
        while self.done < end {
            let place = self.places[self.done];
            let (path, bytes) = match &mut self.source {
                Source::Archive(archive) => {
                    let entry = &archive.entries[place.file];
                    (&entry.path, archive.read(entry)?)
                }
                Source::Files(files) => {
                    let (path, bytes) = &mut files[place.file];
                    (&*path, mem::take(bytes))
                }
                Source::Dataset(_) => break,
            };
            match picture::decode(&bytes) {
                Ok(picture) => self.drawings[place.class].extend(ink::drawing(&picture).ok()),
                Err(Unreadable::Damaged) => self.skipped.unreadable += 1,
                Err(Unreadable::TooWide { width, height }) => {
                    return Err(ImportError::ImageTooWide { path: path.clone(), width, height });
                }
            }
            self.done += 1;
        }
        Ok(self.done)
    }

    /// Decodes what is left and arranges the classes that have enough images.
    ///
    /// # Errors
    ///
    /// As for [`step`](Self::step); fewer than two classes of at least two images; names that are the same.
    pub fn finish(mut self) -> Result<Imported, ImportError> {
        self.step(usize::MAX)?;
        let mut skipped = self.skipped;
        if let Source::Dataset(dataset) = self.source {
            return Ok(Imported { dataset, skipped });
        }
        let mut classes = 0;
        let mut alphabets: BTreeMap<String, Vec<Character>> = BTreeMap::new();
        for ((alphabet, name), drawings) in self.classes.into_iter().zip(self.drawings) {
            if drawings.len() < MIN_DRAWINGS {
                skipped.small_classes += 1;
                continue;
            }
            classes += 1;
            alphabets.entry(alphabet).or_default().push(Character { name, drawings });
        }
        if classes < 2 {
            return Err(ImportError::TooFewClasses { classes, skipped });
        }
        let alphabets = alphabets.into_iter().map(|(name, characters)| Alphabet { name, characters });
        Ok(Imported { dataset: Dataset::new(self.name, alphabets.collect())?, skipped })
    }
}

/// The name of a file without its folders and its ending.
pub(super) fn title(name: &str) -> &str {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    if stem.is_empty() { "dataset" } else { stem }
}
