//! Drawings that a visitor brought along: alphabets of characters, each drawn more than once.

use super::{Image, Split};

mod held_out;
mod saved;

pub use held_out::HeldOut;
#[cfg(feature = "import")]
pub(crate) use saved::from_bits;

/// Drawings in a dataset: two and a half times the 19 280 of Omniglot's background set; 40 MB in memory.
pub const MAX_DRAWINGS: usize = 50_000;

/// Characters of a name; the rest is cut off. A name has to fit on one line of the page.
pub const MAX_NAME: usize = 80;

/// A class needs one drawing to learn from and another to be asked about.
pub const MIN_DRAWINGS: usize = 2;

/// Images in classes, ready to draw tasks from: at least two classes of at least [`MIN_DRAWINGS`] drawings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    name: String,
    alphabets: Vec<Alphabet>,
}

/// Characters that belong together, as those of one script do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alphabet {
    /// Unlike that of any other alphabet; at most [`MAX_NAME`] characters.
    pub name: String,
    /// The classes, by name.
    pub characters: Vec<Character>,
}

/// One class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Character {
    /// Unlike that of any other character of its alphabet; at most [`MAX_NAME`] characters.
    pub name: String,
    /// Its examples, in the order given.
    pub drawings: Vec<Image>,
}

/// Why alphabets make no dataset, or bytes do not hold one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DatasetError {
    /// A name has nothing to show.
    #[error("a name in the dataset is empty; name every alphabet and every character")]
    NoName,
    /// Two alphabets, or two characters of one, cannot be told apart.
    #[error("the name \"{0}\" is used twice; rename one (only the first {MAX_NAME} characters of a name count)")]
    SameName(String),
    /// Nothing to tell apart.
    #[error("a dataset needs at least 2 classes to tell apart, and this one has {0}; add another folder of images")]
    TooFewClasses(usize),
    /// A class that cannot be asked about.
    #[error("the character \"{character}\" of \"{alphabet}\" has {drawings} drawings; draw at least {MIN_DRAWINGS}")]
    TooFewDrawings {
        /// The alphabet's name.
        alphabet: String,
        /// The character's name.
        character: String,
        /// How many it has.
        drawings: usize,
    },
    /// More than [`MAX_DRAWINGS`].
    #[error("the dataset has {0} images and at most {MAX_DRAWINGS} are kept in memory; leave some classes out")]
    TooManyDrawings(usize),
    /// Bytes of something else.
    #[error("this is not a dataset saved by Kindling; import the original files instead")]
    NotSaved,
    /// Bytes of another version of the format.
    #[error("this dataset was saved in format {0}, which this version cannot read; import the original files again")]
    OtherVersion(u8),
    /// Bytes that changed since they were written.
    #[error("the saved dataset is damaged; import the original files again")]
    Damaged,
}

impl Dataset {
    /// Alphabets and characters sorted by name. Names lose surrounding space and control characters, and are cut
    /// off after [`MAX_NAME`] characters; alphabets without a character are left out.
    ///
    /// # Errors
    ///
    /// Names that are empty or used twice, fewer than two classes, a class with fewer than [`MIN_DRAWINGS`]
    /// drawings, more than [`MAX_DRAWINGS`] in all.
    pub fn new(name: String, mut alphabets: Vec<Alphabet>) -> Result<Self, DatasetError> {
        alphabets.retain(|alphabet| !alphabet.characters.is_empty());
        for alphabet in &mut alphabets {
            alphabet.name = clean(&alphabet.name)?;
            for character in &mut alphabet.characters {
                character.name = clean(&character.name)?;
                if character.drawings.len() < MIN_DRAWINGS {
                    return Err(DatasetError::TooFewDrawings {
                        alphabet: alphabet.name.clone(),
                        character: character.name.clone(),
                        drawings: character.drawings.len(),
                    });
                }
            }
            alphabet.characters.sort_by(|a, b| a.name.cmp(&b.name));
            all_differ(alphabet.characters.iter().map(|character| &character.name))?;
        }
        alphabets.sort_by(|a, b| a.name.cmp(&b.name));
        all_differ(alphabets.iter().map(|alphabet| &alphabet.name))?;

        let dataset = Self { name: clean(&name)?, alphabets };
        match (dataset.classes(), dataset.drawings()) {
            (classes @ ..2, _) => Err(DatasetError::TooFewClasses(classes)),
            (_, drawings) if drawings > MAX_DRAWINGS => Err(DatasetError::TooManyDrawings(drawings)),
            _ => Ok(dataset),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// By name.
    #[must_use]
    pub fn alphabets(&self) -> &[Alphabet] {
        &self.alphabets
    }

    /// Characters of all alphabets.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.alphabets.iter().map(|alphabet| alphabet.characters.len()).sum()
    }

    /// Drawings of all characters.
    #[must_use]
    pub fn drawings(&self) -> usize {
        let characters = self.alphabets.iter().flat_map(|alphabet| &alphabet.characters);
        characters.map(|character| character.drawings.len()).sum()
    }

    /// The classes of a split as (alphabet, character), in order. No seed has a say in it, so that what one run
    /// has never trained on, no run has.
    #[must_use]
    pub fn split(&self, split: Split) -> Vec<(usize, usize)> {
        held_out::split(&self.alphabets, split)
    }

    /// What tells the splits apart.
    #[must_use]
    pub fn held_out(&self) -> HeldOut {
        held_out::held_out(&self.alphabets)
    }

    /// The dataset in its own format: a bit a pixel where an image is black and white, a byte where it is grey.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        saved::write(self)
    }

    /// Reads [`to_bytes`](Self::to_bytes).
    ///
    /// # Errors
    ///
    /// Bytes that are no dataset, of another version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DatasetError> {
        saved::read(bytes)
    }

    /// Whether bytes begin as those of [`to_bytes`](Self::to_bytes) do.
    #[must_use]
    pub fn is_saved(bytes: &[u8]) -> bool {
        bytes.starts_with(saved::MAGIC)
    }

    /// Six characters by which two people can see that they have the same dataset: the top 30 bits of the CRC-32
    /// at the end of [`to_bytes`](Self::to_bytes) in Crockford's base 32.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        saved::fingerprint(self)
    }
}

fn clean(name: &str) -> Result<String, DatasetError> {
    let shown: String = name.chars().filter(|c| !c.is_control()).collect();
    let short: String = shown.trim().chars().take(MAX_NAME).collect();
    let short = short.trim_end();
    if short.is_empty() { Err(DatasetError::NoName) } else { Ok(short.to_owned()) }
}

/// Names in order, so that equal ones are neighbours.
fn all_differ<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), DatasetError> {
    let mut last = None;
    for name in names {
        if last == Some(name) {
            return Err(DatasetError::SameName(name.clone()));
        }
        last = Some(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
