//! Base classes: characters that a network is trained to tell apart before it meets a task.

use super::{
    Characters, Image, Part, Purpose, Split, Stream, TaskSpec,
    characters::{shuffled, turns},
    glyph::{self, GlyphName, alphabet_of, characters_in},
    regularize::regularize_base,
};

/// Drawings of base classes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BaseDrawings {
    /// The drawings.
    pub images: Vec<Image>,
    /// The base class of each, from 0.
    pub classes: Vec<u32>,
}

/// The `index`-th mini-batch of `count` drawings, each of a class drawn uniformly from the `base_classes` of `seed`, by
/// a drawer of its own.
///
/// The classes are characters of the training split, drawn once and for all; where a dataset has fewer, all of them.
/// Which they are is the same for every mini-batch, and a class stays what it is when there are more. Mini-batches are
/// regularised as `spec` says.
#[must_use]
pub fn base_drawings(
    spec: &TaskSpec,
    characters: Characters<'_>,
    base_classes: u32,
    (seed, index): (u32, u64),
    count: usize,
) -> BaseDrawings {
    let stream = Stream::new(seed, Purpose::Base, index);
    let mut drawers = stream.part(Part::SupportInputs);
    let of_class = |class: u64| Stream::new(seed, Purpose::Base, class).part(Part::Classes);
    let order = match characters {
        Characters::Procedural => Vec::new(),
        Characters::Imported(dataset) => {
            let all = dataset.split(Split::Train);
            let mut stream = Stream::new(seed, Purpose::Base, 0).part(Part::Function);
            shuffled(all.len(), &mut stream).into_iter().map(|place| all[place]).collect()
        }
    };
    let classes = match characters {
        Characters::Procedural => u64::from(base_classes),
        Characters::Imported(_) => u64::from(base_classes).min(order.len() as u64),
    };
    let draw = |_| {
        let class = drawers.below(classes);
        let mut stream = of_class(class);
        let image = match characters {
            Characters::Procedural => {
                let alphabet = alphabet_of(Split::Train, stream.next_u64());
                let character = stream.below(u64::from(characters_in(alphabet))) as u16;
                glyph::draw(GlyphName { alphabet, character }, drawers.next_u64())
            }
            Characters::Imported(dataset) => {
                let (alphabet, character) = order[class as usize];
                let drawings = &dataset.alphabets()[alphabet].characters[character].drawings;
                drawings[drawers.below(drawings.len() as u64) as usize].clone()
            }
        };
        (image.turned(turns(spec, &mut stream)), class as u32)
    };
    let (images, labels) = (0..count).map(draw).unzip();
    let mut batch = BaseDrawings { images, classes: labels };
    regularize_base(&mut batch, classes, spec, &stream);
    batch
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::task::{Alphabet, Character, Dataset, Source, Switch, episode::tests::published};

    fn spec(rotations: Switch) -> TaskSpec {
        TaskSpec { source: Source::Procedural, rotations, ..published() }
    }

    /// `characters` characters of three drawings in each of eight alphabets, all drawings different.
    fn dataset(characters: usize) -> Dataset {
        let drawing = |number: usize| {
            let mut image = Image::blank();
            image.ink_mut()[..4].copy_from_slice(&(number as u32 + 1).to_be_bytes());
            image
        };
        let character = |a: usize, c: usize| Character {
            name: format!("character {c:02}"),
            drawings: (0..3).map(|d| drawing((a * characters + c) * 3 + d)).collect(),
        };
        let alphabet = |a: usize| Alphabet {
            name: format!("alphabet {a}"),
            characters: (0..characters).map(|c| character(a, c)).collect(),
        };
        Dataset::new("test".into(), (0..8).map(alphabet).collect()).unwrap()
    }

    #[test]
    fn a_mini_batch_depends_on_its_seed_and_index_alone() {
        let batch = |seed, index| base_drawings(&spec(Switch::On), Characters::Procedural, 30, (seed, index), 8);
        assert_eq!(batch(1, 5), batch(1, 5));
        assert_ne!(batch(1, 5), batch(1, 6));
        assert_ne!(batch(1, 5), batch(2, 5));
    }

    #[test]
    fn a_base_class_is_one_character_in_every_mini_batch() {
        // Two drawings of one character are alike now and then, two of different ones hardly ever; drawn by hands that
        // differ, no two drawings are the same.
        let mut of_class: HashMap<u32, Vec<Image>> = HashMap::new();
        for index in 0..20 {
            let batch = base_drawings(&spec(Switch::On), Characters::Procedural, 4, (1, index), 10);
            for (image, class) in batch.images.into_iter().zip(batch.classes) {
                of_class.entry(class).or_default().push(image);
            }
        }
        assert_eq!(of_class.keys().copied().collect::<HashSet<_>>(), HashSet::from([0, 1, 2, 3]));
        let alike = |a: &[Image], b: &[Image]| {
            let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b))).filter(|(a, b)| a != b);
            let all: Vec<bool> = pairs.map(|(a, b)| glyph::too_alike(a, b)).collect();
            all.iter().filter(|alike| **alike).count() as f64 / all.len() as f64
        };
        for class in 0..4 {
            let own = alike(&of_class[&class], &of_class[&class]);
            let other = alike(&of_class[&class], &of_class[&((class + 1) % 4)]);
            assert!(own > 5.0 * other + 0.01, "class {class}: {own} of its own, {other} of another");
        }
    }

    #[test]
    fn classes_of_a_dataset_are_of_its_training_split_and_at_most_as_many_as_there_are() {
        let data = dataset(4);
        let training: HashSet<Image> = (data.split(Split::Train).into_iter())
            .flat_map(|(a, c)| data.alphabets()[a].characters[c].drawings.clone())
            .collect();
        let all = data.split(Split::Train).len();
        for (asked, expected) in [(5, 5), (1000, all)] {
            let batch = base_drawings(&spec(Switch::Off), Characters::Imported(&data), asked, (1, 0), 800);
            assert!(batch.images.iter().all(|image| training.contains(image)));
            assert_eq!(batch.classes.iter().collect::<HashSet<_>>().len(), expected);
            let pairs: HashSet<_> = batch.images.iter().zip(&batch.classes).collect();
            assert_eq!(pairs.len(), 3 * expected, "every drawing has one class");
        }
    }

    #[test]
    fn base_drawings_are_moved_disturbed_and_mislabelled_each_by_its_own_switch() {
        let batch = |change: fn(&mut TaskSpec)| {
            let mut spec = spec(Switch::On);
            change(&mut spec);
            base_drawings(&spec, Characters::Procedural, 30, (1, 5), 40)
        };
        let plain = batch(|_| {});
        for disturbed in [batch(|spec| spec.augmentation = 1.0), batch(|spec| spec.pixel_noise = 0.1)] {
            assert_eq!(disturbed.classes, plain.classes);
            assert!(disturbed.images.iter().zip(&plain.images).all(|(a, b)| a != b));
        }
        let mislabelled = batch(|spec| spec.label_noise = 1.0);
        assert_eq!(mislabelled.images, plain.images);
        assert!(mislabelled.classes.iter().zip(&plain.classes).all(|(a, b)| a != b && *a < 30));
    }

    #[test]
    fn more_base_classes_leave_the_first_ones_what_they_are() {
        let data = dataset(4);
        let classes = |asked| -> HashMap<Image, u32> {
            let batch = base_drawings(&spec(Switch::Off), Characters::Imported(&data), asked, (1, 0), 800);
            batch.images.into_iter().zip(batch.classes).collect()
        };
        let (few, many) = (classes(5), classes(12));
        assert!(few.iter().all(|(image, class)| many[image] == *class));
    }
}
