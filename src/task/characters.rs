//! Episodes of characters: N-way K-shot classification.

use std::{collections::HashSet, fmt};

use super::{
    Dataset, Image, Part, Purpose, Split, Stream, TaskSpec,
    glyph::{self, ATTRIBUTES, GlyphName, alphabet_of, attributes, characters_in, too_alike},
    regularize::regularize,
};

/// Classes drawn in vain before a task takes what it gets: alphabets of near-identical characters exist.
const ATTEMPTS: usize = 200;

/// Where characters come from.
#[derive(Clone, Copy, Debug)]
pub enum Characters<'a> {
    /// Made on the spot.
    Procedural,
    /// Out of an imported dataset.
    Imported(&'a Dataset),
}

/// A class of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The character.
    pub name: ClassName,
    /// Quarter turns clockwise, 0 to 3.
    pub turns: u8,
}

/// A character by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassName {
    /// A procedural one.
    Glyph(GlyphName),
    /// One of a dataset: its alphabet's name and its own.
    Imported(String, String),
}

impl Class {
    /// The stroke program of a procedural character, as [`attributes`] gives it; none of an imported one, of which nobody
    /// knows how it is written.
    #[must_use]
    pub fn description(&self) -> Option<[f64; ATTRIBUTES]> {
        match self.name {
            ClassName::Glyph(name) => Some(attributes(name, self.turns)),
            ClassName::Imported(..) => None,
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            ClassName::Glyph(name) => write!(f, "{name}")?,
            ClassName::Imported(alphabet, character) => write!(f, "{alphabet}, {character}")?,
        }
        match self.turns {
            0 => Ok(()),
            turns => write!(f, ", turned by {}°", u32::from(turns) * 90),
        }
    }
}

/// One classification task as a learner meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct CharacterEpisode {
    /// N classes; their order is random.
    pub classes: Vec<Class>,
    /// What the inner loop sees: K drawings of each class, of which some may have a wrong label in meta-training.
    pub support: Examples,
    /// What adaptation is judged on, by other drawers.
    pub query: Examples,
}

/// Drawings with their classes, one of every class after another, so that a mini-batch sees many classes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examples {
    /// The drawings.
    pub images: Vec<Image>,
    /// The class of each, from 0.
    pub classes: Vec<u8>,
}

/// A dataset too small for a task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooSmall {
    /// Not enough classes.
    #[error(
        "the dataset has {found} classes for these tasks and {ways} ways need {ways}; lower task.ways or task.train_ways"
    )]
    Classes {
        /// Classes there are, in one alphabet where they have to be of one.
        found: usize,
        /// Classes asked for.
        ways: u32,
    },
    /// Not enough drawings of a class.
    #[error(
        "a class of the dataset has {found} drawings and these tasks need {needed} of each; \
         lower task.shots, task.train_shots or task.queries"
    )]
    Drawings {
        /// Fewest drawings of a class.
        found: usize,
        /// Support and query drawings of a class.
        needed: u32,
    },
}

/// The part of the characters that tasks of `purpose` are drawn from: those on show are test tasks.
#[must_use]
pub fn split_of(purpose: Purpose) -> Split {
    match purpose {
        Purpose::Test | Purpose::Show => Split::Test,
        Purpose::Validation => Split::Validation,
        _ => Split::Train,
    }
}

/// The episode of `index` within `purpose`, of `shots` support drawings a class.
///
/// Classes, support drawers and query drawers are each drawn from their own [`Part`] of the stream, so that more
/// shots or queries add drawings and change nothing else. Tasks of meta-training are regularised as `spec` says.
///
/// # Errors
/// When a dataset has too few classes or drawings.
pub fn character_episode(
    spec: &TaskSpec,
    characters: Characters<'_>,
    (seed, purpose, index): (u32, Purpose, u64),
    shots: u32,
) -> Result<CharacterEpisode, TooSmall> {
    let stream = Stream::new(seed, purpose, index);
    let mut classes = stream.part(Part::Classes);
    let split = split_of(purpose);
    let mut episode = match characters {
        Characters::Procedural => procedural(spec, split, &stream, &mut classes, shots),
        Characters::Imported(dataset) => imported(spec, dataset, split, &stream, &mut classes, shots)?,
    };
    if purpose == Purpose::Train {
        regularize(&mut episode, spec, &stream);
    }
    Ok(episode)
}

fn procedural(spec: &TaskSpec, split: Split, stream: &Stream, classes: &mut Stream, shots: u32) -> CharacterEpisode {
    let one = classes.next_u64();
    let mut chosen: Vec<(GlyphName, u8)> = Vec::new();
    let mut prototypes: Vec<Image> = Vec::new();
    let mut attempts = 0;
    while chosen.len() < spec.ways as usize {
        let other = classes.next_u64();
        let alphabet = alphabet_of(split, if spec.within_alphabet.is_on() { one } else { other });
        let character = classes.below(u64::from(characters_in(alphabet))) as u16;
        let turns = turns(spec, classes);
        let name = GlyphName { alphabet, character };
        let prototype = glyph::prototype(name).turned(turns);
        attempts += 1;
        let taken = chosen.contains(&(name, turns)) || prototypes.iter().any(|other| too_alike(other, &prototype));
        if attempts > ATTEMPTS || !taken {
            chosen.push((name, turns));
            prototypes.push(prototype);
        }
    }
    // Every drawing is by a drawer of its own.
    let draw = |part: Part, count: u32| {
        let mut drawers = stream.part(part);
        examples(chosen.len(), count, |class| {
            let (name, turns) = chosen[class];
            glyph::draw(name, drawers.next_u64()).turned(turns)
        })
    };
    CharacterEpisode {
        support: draw(Part::SupportInputs, shots),
        query: draw(Part::QueryInputs, spec.queries),
        classes: chosen.iter().map(|&(name, turns)| Class { name: ClassName::Glyph(name), turns }).collect(),
    }
}

fn imported(
    spec: &TaskSpec,
    dataset: &Dataset,
    split: Split,
    stream: &Stream,
    classes: &mut Stream,
    shots: u32,
) -> Result<CharacterEpisode, TooSmall> {
    let all = dataset.split(split);
    let ways = spec.ways as usize;
    let of = |alphabet: usize| all.iter().filter(move |class| class.0 == alphabet);
    let candidates: Vec<(usize, usize)> = if spec.within_alphabet.is_on() {
        // An alphabet as often as it has characters, of those that have enough.
        let large: Vec<_> = all.iter().filter(|class| of(class.0).count() >= ways).collect();
        match large.get(classes.below(large.len() as u64) as usize) {
            Some(&&(alphabet, _)) => of(alphabet).copied().collect(),
            None => Vec::new(),
        }
    } else {
        all.clone()
    };
    if candidates.len() < ways {
        let found = if spec.within_alphabet.is_on() {
            all.iter().map(|class| of(class.0).count()).max().unwrap_or_default()
        } else {
            all.len()
        };
        return Err(TooSmall::Classes { found, ways: spec.ways });
    }
    let mut chosen: Vec<(usize, usize)> = Vec::new();
    let mut turned = Vec::new();
    while chosen.len() < ways {
        let class = candidates[classes.below(candidates.len() as u64) as usize];
        let turns = turns(spec, classes);
        if !chosen.contains(&class) {
            chosen.push(class);
            turned.push(turns);
        }
    }
    let character = |(alphabet, character): (usize, usize)| &dataset.alphabets()[alphabet].characters[character];
    let needed = shots + spec.queries;
    let fewest = chosen.iter().map(|&class| character(class).drawings.len()).min().unwrap_or_default();
    if fewest < needed as usize {
        return Err(TooSmall::Drawings { found: fewest, needed });
    }
    // Support drawings from the front of a shuffled order and query drawings from its back: more of one moves none of
    // the other while there are enough.
    let mut drawers = stream.part(Part::SupportInputs);
    let orders: Vec<Vec<usize>> =
        chosen.iter().map(|&class| shuffled(character(class).drawings.len(), &mut drawers)).collect();
    let image = |class: usize, place: usize| {
        let drawings = &character(chosen[class]).drawings;
        drawings[orders[class][place]].turned(turned[class])
    };
    let mut front = vec![0; ways];
    let mut back: Vec<usize> = orders.iter().map(Vec::len).collect();
    let support = examples(ways, shots, |class| {
        front[class] += 1;
        image(class, front[class] - 1)
    });
    let query = examples(ways, spec.queries, |class| {
        back[class] -= 1;
        image(class, back[class])
    });
    let name = |&class: &(usize, usize)| {
        ClassName::Imported(dataset.alphabets()[class.0].name.clone(), character(class).name.clone())
    };
    let classes = chosen.iter().zip(&turned).map(|(class, &turns)| Class { name: name(class), turns }).collect();
    Ok(CharacterEpisode { classes, support, query })
}

/// Quarter turns of a class.
pub(super) fn turns(spec: &TaskSpec, stream: &mut Stream) -> u8 {
    // Drawn in any case, so that the switch changes the turns alone.
    let turns = stream.below(4) as u8;
    if spec.rotations.is_on() { turns } else { 0 }
}

/// `count` rounds of one drawing of each class.
fn examples(ways: usize, count: u32, mut draw: impl FnMut(usize) -> Image) -> Examples {
    let order = (0..count).flat_map(|_| 0..ways);
    let (images, classes) = order.map(|class| (draw(class), class as u8)).unzip();
    Examples { images, classes }
}

/// 0..n in a random order (Fisher and Yates 1938).
pub(super) fn shuffled(n: usize, stream: &mut Stream) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, stream.below(i as u64 + 1) as usize);
    }
    order
}

/// Whether tasks can be drawn at all: those of meta-training and of the test have classes and drawings enough.
///
/// # Errors
/// When a dataset has too few of either.
pub fn check_dataset(spec: &TaskSpec, dataset: &Dataset, shots: u32, train_ways: u32) -> Result<(), TooSmall> {
    let needed = shots + spec.queries;
    check_split(spec, dataset, (Split::Train, train_ways), needed)?;
    check_split(spec, dataset, (Split::Test, spec.ways), needed)
}

/// The same of validation tasks, which only runs that stop early need.
///
/// # Errors
/// When what the dataset keeps for validation is too little.
pub fn check_validation(spec: &TaskSpec, dataset: &Dataset) -> Result<(), TooSmall> {
    check_split(spec, dataset, (Split::Validation, spec.ways), spec.shots + spec.queries)
}

fn check_split(spec: &TaskSpec, dataset: &Dataset, (split, ways): (Split, u32), needed: u32) -> Result<(), TooSmall> {
    let all = dataset.split(split);
    let alphabets: HashSet<usize> = all.iter().map(|class| class.0).collect();
    let largest = alphabets.iter().map(|&a| all.iter().filter(|class| class.0 == a).count()).max();
    let found = if spec.within_alphabet.is_on() { largest.unwrap_or_default() } else { all.len() };
    if found < ways as usize {
        return Err(TooSmall::Classes { found, ways });
    }
    let drawings = all.iter().map(|&(a, c)| dataset.alphabets()[a].characters[c].drawings.len());
    let found = drawings.min().unwrap_or_default();
    if found < needed as usize { Err(TooSmall::Drawings { found, needed }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{Alphabet, Character, Source, Switch, episode::tests::published};

    fn spec() -> TaskSpec {
        TaskSpec { ways: 5, queries: 2, source: Source::Procedural, ..published() }
    }

    fn procedural(spec: &TaskSpec, purpose: Purpose, index: u64, shots: u32) -> CharacterEpisode {
        character_episode(spec, Characters::Procedural, (1, purpose, index), shots).unwrap()
    }

    fn names(episode: &CharacterEpisode) -> Vec<GlyphName> {
        let name = |class: &Class| match &class.name {
            ClassName::Glyph(name) => *name,
            ClassName::Imported(..) => panic!("procedural characters were asked for"),
        };
        episode.classes.iter().map(name).collect()
    }

    /// `alphabets` alphabets of `characters` characters of six drawings, each drawing different from every other.
    fn dataset(alphabets: usize, characters: usize) -> Dataset {
        let drawing = |number: usize| {
            let mut image = Image::blank();
            image.ink_mut()[..4].copy_from_slice(&(number as u32 + 1).to_be_bytes());
            image
        };
        let character = |a: usize, c: usize| Character {
            name: format!("character {c:02}"),
            drawings: (0..6).map(|d| drawing((a * characters + c) * 6 + d)).collect(),
        };
        let alphabet = |a: usize| Alphabet {
            name: format!("alphabet {a:02}"),
            characters: (0..characters).map(|c| character(a, c)).collect(),
        };
        Dataset::new("test".into(), (0..alphabets).map(alphabet).collect()).unwrap()
    }

    /// Any change of these names changes the tasks behind every link.
    #[test]
    fn the_first_shown_task_has_known_classes() {
        let names: Vec<_> = names(&procedural(&spec(), Purpose::Show, 0, 1));
        assert_eq!(names.iter().map(|name| (name.alphabet, name.character)).collect::<Vec<_>>(), FIRST);
    }

    const FIRST: [(u32, u16); 5] = [(955_391, 7), (335_423, 30), (12_607, 2), (662_951, 10), (806_951, 23)];

    #[test]
    fn a_task_shows_every_class_in_every_round() {
        let CharacterEpisode { classes, support, query } = procedural(&spec(), Purpose::Train, 3, 2);
        assert_eq!((classes.len(), support.images.len(), query.images.len()), (5, 10, 10));
        assert_eq!(support.classes, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
        assert_eq!(query.classes, support.classes);
    }

    #[test]
    fn the_classes_of_a_task_can_be_told_apart() {
        for index in 0..50 {
            let episode = procedural(&TaskSpec { ways: 20, ..spec() }, Purpose::Train, index, 1);
            let of = |(name, class): (&GlyphName, &Class)| glyph::prototype(*name).turned(class.turns);
            let prototypes: Vec<_> = names(&episode).iter().zip(&episode.classes).map(of).collect();
            for (i, one) in prototypes.iter().enumerate() {
                assert!(!prototypes[i + 1..].iter().any(|other| too_alike(one, other)), "task {index}");
            }
        }
    }

    #[test]
    fn training_validation_and_test_share_no_alphabet() {
        for (purpose, split) in [
            (Purpose::Train, Split::Train),
            (Purpose::Known, Split::Train),
            (Purpose::Validation, Split::Validation),
            (Purpose::Test, Split::Test),
            (Purpose::Show, Split::Test),
        ] {
            let of = |index| names(&procedural(&spec(), purpose, index, 1));
            assert!((0..20).flat_map(of).all(|name| name.split() == split), "{purpose:?}");
        }
    }

    #[test]
    fn an_imported_test_task_never_shows_a_character_of_training() {
        let data = dataset(8, 6);
        let drawn = |purpose| -> HashSet<Image> {
            let episodes = (0..60).map(|index| {
                let spec = TaskSpec { rotations: Switch::Off, ..spec() };
                character_episode(&spec, Characters::Imported(&data), (1, purpose, index), 1).unwrap()
            });
            episodes.flat_map(|episode| [episode.support.images, episode.query.images].concat()).collect()
        };
        let of = |split| -> HashSet<Image> {
            let characters = data.split(split).into_iter();
            characters.flat_map(|(a, c)| data.alphabets()[a].characters[c].drawings.clone()).collect()
        };
        for (purpose, split) in [
            (Purpose::Train, Split::Train),
            (Purpose::Validation, Split::Validation),
            (Purpose::Test, Split::Test),
            (Purpose::Show, Split::Test),
        ] {
            assert!(drawn(purpose).is_subset(&of(split)), "{purpose:?}");
        }
        assert!(of(Split::Train).is_disjoint(&of(Split::Test)) && !of(Split::Test).is_empty());
    }

    #[test]
    fn more_shots_or_queries_add_drawings_and_change_nothing_else() {
        let data = dataset(8, 6);
        for characters in [Characters::Procedural, Characters::Imported(&data)] {
            let draw = |shots, queries| {
                let spec = TaskSpec { queries, ..spec() };
                character_episode(&spec, characters, (1, Purpose::Train, 7), shots).unwrap()
            };
            let (few, many) = (draw(1, 1), draw(3, 2));
            assert_eq!(few.classes, many.classes);
            assert_eq!(few.support.images, many.support.images[..5]);
            assert_eq!(few.query.images, many.query.images[..5]);
        }
    }

    #[test]
    fn classes_of_one_alphabet_and_upright_ones_are_that_where_asked_for() {
        let data = dataset(8, 6);
        let spec = TaskSpec { within_alphabet: Switch::On, rotations: Switch::Off, ..spec() };
        for index in 0..20 {
            let episode = procedural(&spec, Purpose::Train, index, 1);
            let names = names(&episode);
            assert!(names.iter().all(|name| name.alphabet == names[0].alphabet));
            assert!(episode.classes.iter().all(|class| class.turns == 0));
            let imported =
                character_episode(&spec, Characters::Imported(&data), (1, Purpose::Train, index), 1).unwrap();
            let alphabet = |class: &Class| match &class.name {
                ClassName::Imported(alphabet, _) => alphabet.clone(),
                ClassName::Glyph(_) => panic!("imported characters were asked for"),
            };
            assert!(imported.classes.iter().all(|class| alphabet(class) == alphabet(&imported.classes[0])));
        }
        let turned = procedural(&TaskSpec { rotations: Switch::On, ..spec }, Purpose::Train, 0, 1);
        assert!(turned.classes.iter().any(|class| class.turns != 0), "turns are drawn in any case");
    }

    #[test]
    fn no_imported_drawing_is_in_both_sets_and_all_are_of_their_class() {
        let data = dataset(8, 6);
        let spec = TaskSpec { queries: 3, rotations: Switch::Off, ..spec() };
        for index in 0..20 {
            let episode = character_episode(&spec, Characters::Imported(&data), (1, Purpose::Test, index), 3).unwrap();
            assert!(!episode.support.images.iter().any(|image| episode.query.images.contains(image)));
            for (image, class) in episode.support.images.iter().zip(&episode.support.classes) {
                let ClassName::Imported(alphabet, character) = &episode.classes[usize::from(*class)].name else {
                    panic!("imported characters were asked for")
                };
                let alphabet = data.alphabets().iter().find(|a| a.name == *alphabet).unwrap();
                let character = alphabet.characters.iter().find(|c| c.name == *character).unwrap();
                assert!(character.drawings.contains(image));
            }
        }
    }

    #[test]
    fn a_dataset_too_small_says_what_to_lower() {
        let sentence = |data: &Dataset, spec: &TaskSpec, shots| {
            let stream = (1, Purpose::Train, 0);
            let drawn = character_episode(spec, Characters::Imported(data), stream, shots).unwrap_err();
            assert_eq!(check_dataset(spec, data, shots, spec.ways).unwrap_err(), drawn);
            drawn.to_string()
        };
        let small = dataset(1, 4);
        assert!(sentence(&small, &spec(), 1).starts_with("the dataset has 4 classes for these tasks"));
        assert!(sentence(&dataset(1, 11), &spec(), 5).starts_with("a class of the dataset has 6 drawings"));
        let within = TaskSpec { within_alphabet: Switch::On, ..spec() };
        assert!(sentence(&dataset(8, 4), &within, 1).starts_with("the dataset has 4 classes"));
        assert_eq!(check_dataset(&spec(), &dataset(1, 11), 4, 5), Ok(()));
    }

    /// Of twelve characters two are kept for validation and two for the test.
    #[test]
    fn validation_tasks_need_classes_and_drawings_of_their_own() {
        let data = dataset(1, 12);
        assert_eq!(check_validation(&spec(), &data), Err(TooSmall::Classes { found: 2, ways: 5 }));
        let two = TaskSpec { ways: 2, shots: 4, ..spec() };
        assert_eq!(check_validation(&two, &data), Ok(()));
        let drawings = Err(TooSmall::Drawings { found: 6, needed: 7 });
        assert_eq!(check_validation(&TaskSpec { shots: 5, ..two }, &data), drawings);
    }

    #[test]
    fn a_class_says_where_it_comes_from() {
        let name = ClassName::Imported("Greek".into(), "character03".into());
        assert_eq!(Class { name: name.clone(), turns: 0 }.to_string(), "Greek, character03");
        assert_eq!(Class { name, turns: 3 }.to_string(), "Greek, character03, turned by 270°");
    }
}
