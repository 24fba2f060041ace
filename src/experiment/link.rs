//! Links: an experiment as `#v1.…`.
//!
//! After `#v1.` comes base64url without padding of: the id of a preset; then, ascending, for each field
//! that differs from the preset its id and its value (see `wire`); then two bytes of checksum, the low
//! half of the CRC-32 of all before, low byte first. Points are rounded to hundredths.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    Experiment, FieldError, Preset, fields, presets,
    wire::{read_value, write_value},
};

/// Most characters of a link, its address included: 40 points with every field changed take fewer than
/// 900, and an address in front of them some hundreds.
pub const MOST_LINK_CHARACTERS: usize = 4096;

/// What is between `#` and the bytes.
const VERSION: &str = "v1.";

/// Why a link opens no experiment.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LinkError {
    /// It is longer than any link.
    #[error("the link is {characters} characters long; a link has at most {MOST_LINK_CHARACTERS}")]
    TooLong {
        /// Its length.
        characters: usize,
    },
    /// It has no `v1.`.
    #[error("this is not a link to an experiment: such a link has #{VERSION} and letters after it")]
    NotALink,
    /// It has another version, or knows presets or fields that this version does not.
    #[error("the link was made by a newer Kindling ({0}); reload the page or update the program")]
    Newer(String),
    /// Its checksum does not fit, or it ends early.
    #[error("the link is damaged: some of its characters are missing or changed; copy it again as a whole")]
    Damaged,
    /// Its checksum fits but its bytes are not as [`encode`] writes them.
    #[error("the link was not made by Kindling: its contents do not follow the format")]
    Malformed,
    /// It describes an experiment that may not run.
    #[error("the link describes an experiment out of limits: {0}")]
    Refused(#[from] FieldError),
}

/// The link to an experiment, beginning with `#v1.`.
///
/// Depends on the experiment alone: of the presets, the one that gives the fewest bytes is taken, of
/// equals the lowest id. Faithful for every experiment that passes [`Experiment::check`] and whose points
/// are [`super::Point::snapped`].
#[must_use]
pub fn encode(experiment: &Experiment) -> String {
    let mut bytes =
        presets().iter().map(|preset| difference(preset, experiment)).min_by_key(Vec::len).unwrap_or_default();
    bytes.extend(checksum(&bytes));
    format!("#{VERSION}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// The experiment of a link: `#v1.…`, `v1.…`, or an address that ends in one.
///
/// Total: any text gives an experiment that passes [`Experiment::check`], or an error.
///
/// # Errors
/// When the text is too long, no link, damaged, newer, out of format or out of limits.
pub fn decode(link: &str) -> Result<Experiment, LinkError> {
    let characters = link.chars().count();
    if characters > MOST_LINK_CHARACTERS {
        return Err(LinkError::TooLong { characters });
    }
    let payload = payload(link.trim())?;
    let bytes = URL_SAFE_NO_PAD.decode(payload).map_err(|_| LinkError::Damaged)?;
    let (contents, sum) = bytes.split_last_chunk::<2>().ok_or(LinkError::Damaged)?;
    if *sum != checksum(contents) {
        return Err(LinkError::Damaged);
    }
    let (preset, experiment) = read(contents)?;
    experiment.check()?;
    // One text for one difference: order, repetition, longer forms and values of the preset are refused here.
    if difference(preset, &experiment) != contents {
        return Err(LinkError::Malformed);
    }
    Ok(experiment)
}

/// What follows `v1.` in the fragment.
fn payload(link: &str) -> Result<&str, LinkError> {
    let fragment = link.split_once('#').map_or(link, |(_, fragment)| fragment);
    if let Some(payload) = fragment.strip_prefix(VERSION) {
        return Ok(payload);
    }
    let version = fragment.strip_prefix('v').and_then(|rest| rest.split_once('.')).map(|(version, _)| version);
    match version {
        Some(version) if (1..=6).contains(&version.len()) && version.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(LinkError::Newer(format!("version {version}")))
        }
        _ => Err(LinkError::NotALink),
    }
}

/// The preset's id, then id and value of each field that differs.
fn difference(preset: &Preset, experiment: &Experiment) -> Vec<u8> {
    let start = preset.experiment();
    let mut bytes = vec![preset.id];
    for field in fields() {
        let value = field.get(experiment);
        if value != field.get(&start) {
            bytes.push(field.id);
            write_value(&mut bytes, &value);
        }
    }
    bytes
}

fn read(contents: &[u8]) -> Result<(&'static Preset, Experiment), LinkError> {
    let (&id, mut rest) = contents.split_first().ok_or(LinkError::Malformed)?;
    let preset = presets()
        .iter()
        .find(|preset| preset.id == id)
        .ok_or_else(|| LinkError::Newer(format!("it starts from preset {id}")))?;
    let mut experiment = preset.experiment();
    while let Some((&id, values)) = rest.split_first() {
        let field = fields()
            .iter()
            .find(|field| field.id == id)
            .ok_or_else(|| LinkError::Newer(format!("it sets field {id}")))?;
        rest = values;
        let value = read_value(&mut rest, &field.kind).ok_or(LinkError::Malformed)?;
        field.set(&mut experiment, value)?;
    }
    Ok((preset, experiment))
}

fn checksum(contents: &[u8]) -> [u8; 2] {
    let [low, high, ..] = crc32fast::hash(contents).to_le_bytes();
    [low, high]
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
