//! `glyphs`: what characters look like, and how hard they are for pixels alone.

use zune_core::{bit_depth::BitDepth, colorspace::ColorSpace, options::EncoderOptions};
use zune_png::PngEncoder;

use super::{
    CliError,
    arguments::{Glyphs, SplitName},
    dataset, say, write_file,
};
use crate::{
    experiment::{Experiment, Family, TaskSpec},
    task::{
        CharacterEpisode, Characters, Image, Purpose, SIDE, Switch, TooSmall, character_episode,
        pixels::{PixelFigures, SETTINGS},
    },
};

/// Episodes at each setting when `--episodes` is 1.
const EPISODES: [u64; 4] = [1500, 800, 400, 100];
/// Characters in a row of the sheet.
const ROW: usize = 20;
/// Pixels of the sheet between two characters.
const GAP: usize = 4;
/// Ways of the episodes; the settings of fewer ways use the first of them.
const MOST_WAYS: u32 = 20;

pub(super) fn glyphs(arguments: &Glyphs) -> Result<(), CliError> {
    let mut experiment = Experiment::default();
    experiment.task.family = Family::Characters;
    let data = dataset::load(arguments.data.as_deref(), &mut experiment)?;
    let characters = data.as_deref().map_or(Characters::Procedural, Characters::Imported);
    let purpose = match arguments.split {
        SplitName::Test => Purpose::Test,
        SplitName::Validation => Purpose::Validation,
        SplitName::Train => Purpose::Train,
    };
    if let Some(path) = &arguments.sheet {
        // A row is one alphabet: what makes a writing system is what its characters share.
        let within_alphabet = Switch::On;
        let spec = TaskSpec {
            within_alphabet,
            rotations: Switch::Off,
            queries: 0,
            ways: arguments.count.min(ROW) as u32,
            ..experiment.task.clone()
        };
        let rows = arguments.count.div_ceil(ROW);
        let mut images = Vec::new();
        for row in 0..rows {
            let stream = (arguments.seed, purpose, row as u64);
            let drawn = character_episode(&spec, characters, stream, 1).map_err(|error| too_small_a_row(&error))?;
            images.extend(drawn.support.images);
        }
        images.truncate(arguments.count);
        write_file(path, &sheet(&images)?)?;
        say(&format!("{} characters in {}", images.len(), path.display()));
    }
    if arguments.sheet.is_none() || arguments.figures {
        let figures = measure(arguments, &experiment.task, characters, purpose)?;
        say("            mean ink  5-way 1-shot  5-way 5-shot  20-way 1-shot  20-way 5-shot");
        for (name, figures) in [("these", figures), ("Omniglot", PixelFigures::OMNIGLOT)] {
            let percent = figures.one_nn.map(|share| format!("{:.1} %", 100.0 * share));
            let ink = format!("{:.1} %", 100.0 * figures.mean_ink);
            let [a, b, c, d] = percent;
            say(&format!("{name:10}  {ink:>8}  {a:>12}  {b:>12}  {c:>13}  {d:>13}"));
        }
        say("Nearest neighbour by the cosine of pixels, one query a class; Omniglot: all 1623 characters.");
    }
    Ok(())
}

/// What a dataset has too little of.
fn has(error: &TooSmall) -> String {
    match error {
        TooSmall::Classes { found, .. } => format!("this part of the dataset has {found}; choose another --split"),
        TooSmall::Drawings { found, .. } => format!("one class has {found}; leave it out of the dataset"),
    }
}

/// Why a row of the sheet cannot be drawn.
fn too_small_a_row(error: &TooSmall) -> CliError {
    match error {
        TooSmall::Classes { found, ways } => CliError::Request(format!(
            "a row of the sheet shows {ways} characters of one alphabet, and none in this part of the dataset has more than \
             {found}: choose another --split, or ask for --count {found} or fewer"
        )),
        TooSmall::Drawings { .. } => CliError::request(error),
    }
}

/// The figures of a source.
fn measure(
    arguments: &Glyphs,
    task: &TaskSpec,
    characters: Characters<'_>,
    purpose: Purpose,
) -> Result<PixelFigures, CliError> {
    let spec = TaskSpec { rotations: Switch::Off, queries: 1, ways: MOST_WAYS, ..task.clone() };
    let most_shots = SETTINGS.iter().map(|(_, shots)| *shots).max().unwrap_or_default() as u32;
    // A dataset too small for the largest setting is found out before the first.
    character_episode(&spec, characters, (arguments.seed, purpose, 0), most_shots).map_err(|error| {
        let has = has(&error);
        CliError::Request(format!("these figures need {MOST_WAYS} classes of {} drawings, and {has}", most_shots + 1))
    })?;
    let mut now: Option<(u64, usize, CharacterEpisode)> = None;
    let figures = PixelFigures::measure(EPISODES.map(|count| count * arguments.episodes), |episode, class, count| {
        if !matches!(&now, Some((e, c, _)) if (*e, *c) == (episode, count)) {
            let stream = (arguments.seed, purpose, episode);
            let drawn = character_episode(&spec, characters, stream, count as u32 - 1).ok();
            now = drawn.map(|drawn| (episode, count, drawn));
        }
        let Some((_, _, drawn)) = &now else { return Vec::new() };
        let of = |examples: &crate::task::Examples| {
            let all = examples.images.iter().zip(&examples.classes);
            all.filter(|(_, c)| usize::from(**c) == class).map(|(image, _)| image.clone()).collect::<Vec<_>>()
        };
        [of(&drawn.support), of(&drawn.query)].concat()
    });
    Ok(figures)
}

/// A PNG of drawings in rows, ink dark.
fn sheet(images: &[Image]) -> Result<Vec<u8>, CliError> {
    let cell = SIDE + GAP;
    let (width, height) = (ROW * cell + GAP, images.len().div_ceil(ROW) * cell + GAP);
    let mut pixels = vec![255_u8; width * height];
    for (i, image) in images.iter().enumerate() {
        let (left, top) = (GAP + i % ROW * cell, GAP + i / ROW * cell);
        for (row, ink) in image.ink().chunks(SIDE).enumerate() {
            let start = (top + row) * width + left;
            for (pixel, ink) in pixels[start..start + SIDE].iter_mut().zip(ink) {
                *pixel = 255 - ink;
            }
        }
    }
    let options = EncoderOptions::new(width, height, ColorSpace::Luma, BitDepth::Eight);
    let mut file = Vec::new();
    PngEncoder::new(&pixels, options)
        .encode(&mut file)
        .map_err(|error| CliError::Request(format!("the picture cannot be made: {error:?}")))?;
    Ok(file)
}
