//! What regularisation does to the tasks of meta-training, and to no others: moved drawings, inverted pixels, and wrong
//! labels in the support set.

use std::f64::consts::PI;

use super::{BaseDrawings, CharacterEpisode, Examples, Image, Part, Range, SIDE, Stream, TaskSpec};

/// How far a drawing turns at most at full strength: 15°, far less than between the classes of `rotations`.
const TURN: f64 = PI / 12.0;
/// How much its lines lean at most, as a share of their length.
const LEAN: f64 = 0.2;
/// The logarithm of how much wider, narrower, higher or lower it gets at most: a fifth.
const STRETCH: f64 = 0.18;
/// How many pixels it moves at most, across and down.
const SHIFT: f64 = 3.0;

/// Regularises a task as `spec` says. Whatever is off leaves it untouched, and each kind of change draws from parts of
/// `stream` of its own, drawing after drawing, so that none shifts another.
pub(super) fn regularize(episode: &mut CharacterEpisode, spec: &TaskSpec, stream: &Stream) {
    let CharacterEpisode { classes, support, query } = episode;
    let sets = [
        (&mut *support, Part::SupportAugmentation, Part::SupportPixels),
        (query, Part::QueryAugmentation, Part::QueryPixels),
    ];
    for (Examples { images, .. }, moves, pixels) in sets {
        disturb(images, spec, stream, (moves, pixels));
    }
    if spec.label_noise > 0.0 {
        mislabel(&mut support.classes, classes.len(), spec.label_noise, &mut stream.part(Part::Labels));
    }
}

/// Regularises a mini-batch of base classes, of which there are `classes`, in the same way.
pub(super) fn regularize_base(batch: &mut BaseDrawings, classes: u64, spec: &TaskSpec, stream: &Stream) {
    disturb(&mut batch.images, spec, stream, (Part::SupportAugmentation, Part::SupportPixels));
    if spec.label_noise > 0.0 {
        let mut stream = stream.part(Part::Labels);
        for label in &mut batch.classes {
            *label = perhaps_wrong(u64::from(*label), classes, spec.label_noise, &mut stream) as u32;
        }
    }
}

/// Moves drawings and inverts pixels.
fn disturb(images: &mut [Image], spec: &TaskSpec, stream: &Stream, (moves, pixels): (Part, Part)) {
    if spec.augmentation > 0.0 {
        let mut stream = stream.part(moves);
        images.iter_mut().for_each(|image| *image = moved(image, &Move::draw(spec.augmentation, &mut stream)));
    }
    if spec.pixel_noise > 0.0 {
        let mut stream = stream.part(pixels);
        images.iter_mut().for_each(|image| invert_some(image, spec.pixel_noise, &mut stream));
    }
}

/// Replaces each label with probability `rate` by one of the other `ways − 1` classes, all of them equally probable
/// (symmetric label noise).
fn mislabel(labels: &mut [u8], ways: usize, rate: f64, stream: &mut Stream) {
    for label in labels {
        *label = perhaps_wrong(u64::from(*label), ways as u64, rate, stream) as u8;
    }
}

/// The label, or with probability `rate` one of the others of `ways`.
fn perhaps_wrong(label: u64, ways: u64, rate: f64, stream: &mut Stream) -> u64 {
    // Both are drawn in any case, so that a higher rate spoils more labels and changes none of the spoilt ones.
    let (chance, other) = (stream.unit(), stream.below(ways - 1));
    match chance < rate {
        true if other < label => other,
        true => other + 1,
        false => label,
    }
}

/// Turns ink into paper and paper into ink at each pixel with probability `rate`.
fn invert_some(image: &mut Image, rate: f64, stream: &mut Stream) {
    for ink in image.ink_mut() {
        if stream.unit() < rate {
            *ink = 255 - *ink;
        }
    }
}

/// An affine map from the pixels of a moved drawing to where they come from, both measured from the middle.
struct Move {
    matrix: [[f64; 2]; 2],
    shift: [f64; 2],
}

impl Move {
    /// A small one, uniform up to the limits above times `strength`.
    fn draw(strength: f64, stream: &mut Stream) -> Self {
        let mut within = |most: f64| stream.uniform(Range::new(-most * strength, most * strength));
        let (turn, lean) = (within(TURN), within(LEAN));
        let [wide, high] = [within(STRETCH), within(STRETCH)].map(libm::exp);
        let shift = [within(SHIFT), within(SHIFT)];
        let (sin, cos) = (libm::sin(turn), libm::cos(turn));
        // Rotation · lean · stretch.
        let matrix = [[cos * wide, (cos * lean - sin) * high], [sin * wide, (sin * lean + cos) * high]];
        Self { matrix, shift }
    }
}

/// A drawing moved; between its pixels ink is interpolated, and beyond them is paper.
fn moved(image: &Image, Move { matrix: [[a, b], [c, d]], shift }: &Move) -> Image {
    let middle = (SIDE as f64 - 1.0) / 2.0;
    let ink = |column: i64, row: i64| {
        let inside = (0..SIDE as i64).contains(&column) && (0..SIDE as i64).contains(&row);
        if inside { f64::from(image.ink()[row as usize * SIDE + column as usize]) } else { 0.0 }
    };
    let mut result = Image::blank();
    for (i, pixel) in result.ink_mut().iter_mut().enumerate() {
        let [x, y] = [(i % SIDE) as f64 - middle - shift[0], (i / SIDE) as f64 - middle - shift[1]];
        let [x, y] = [a * x + b * y + middle, c * x + d * y + middle];
        let [left, above] = [libm::floor(x), libm::floor(y)];
        let (right, below) = (x - left, y - above);
        let (column, row) = (left as i64, above as i64);
        let upper = ink(column, row) * (1.0 - right) + ink(column + 1, row) * right;
        let lower = ink(column, row + 1) * (1.0 - right) + ink(column + 1, row + 1) * right;
        *pixel = libm::round(upper * (1.0 - below) + lower * below) as u8;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{
        Characters, Dataset, Purpose, Source, character_episode, episode::tests::published, meta_batch_index,
    };

    fn spec() -> TaskSpec {
        TaskSpec { ways: 5, queries: 3, source: Source::Procedural, ..published() }
    }

    fn everything() -> TaskSpec {
        TaskSpec { augmentation: 0.5, pixel_noise: 0.05, label_noise: 0.5, ..spec() }
    }

    fn task(spec: &TaskSpec, purpose: Purpose, index: u64) -> CharacterEpisode {
        character_episode(spec, Characters::Procedural, (1, purpose, index), 4).unwrap()
    }

    #[test]
    fn only_tasks_of_meta_training_are_regularised() {
        for purpose in [Purpose::Test, Purpose::Validation, Purpose::Show, Purpose::Known] {
            assert_eq!(task(&everything(), purpose, 3), task(&spec(), purpose, 3), "{purpose:?}");
        }
        assert_ne!(task(&everything(), Purpose::Train, 3), task(&spec(), Purpose::Train, 3));
    }

    #[test]
    fn each_switch_changes_its_own_thing_and_no_switch_another_ones_numbers() {
        let plain = task(&spec(), Purpose::Train, 0);
        let labels = task(&TaskSpec { label_noise: 0.5, ..spec() }, Purpose::Train, 0);
        assert_eq!((&labels.support.images, &labels.query), (&plain.support.images, &plain.query));
        assert_ne!(labels.support.classes, plain.support.classes);
        for spec in [TaskSpec { augmentation: 0.5, ..spec() }, TaskSpec { pixel_noise: 0.05, ..spec() }] {
            let changed = task(&spec, Purpose::Train, 0);
            assert_eq!(
                (&changed.support.classes, &changed.query.classes),
                (&plain.support.classes, &plain.query.classes)
            );
            for (set, before) in [(changed.support, &plain.support), (changed.query, &plain.query)] {
                assert!(set.images.iter().zip(&before.images).all(|(image, before)| image != before));
            }
        }
        let all = task(&everything(), Purpose::Train, 0);
        assert_eq!((all.support.classes, all.classes), (labels.support.classes, plain.classes));
    }

    #[test]
    fn drawings_of_a_file_are_moved_too_and_keep_their_classes() {
        let drawing = |k: u8| {
            let mut image = Image::blank();
            (300..330).for_each(|i| image.ink_mut()[i + usize::from(k)] = 255);
            image
        };
        let character = |name: String| crate::task::Character { name, drawings: (0..8).map(drawing).collect() };
        let alphabet = |a: usize| crate::task::Alphabet {
            name: format!("alphabet {a}"),
            characters: (0..8).map(|c| character(format!("character {c}"))).collect(),
        };
        let dataset = Dataset::new("file".into(), (0..6).map(alphabet).collect()).unwrap();
        let task = |spec: &TaskSpec, purpose| {
            character_episode(spec, Characters::Imported(&dataset), (1, purpose, 0), 2).unwrap()
        };
        let moving = TaskSpec { augmentation: 1.0, ..spec() };
        assert_eq!(task(&moving, Purpose::Test), task(&spec(), Purpose::Test));
        let (moved, plain) = (task(&moving, Purpose::Train), task(&spec(), Purpose::Train));
        assert!(moved.support.images.iter().zip(&plain.support.images).all(|(moved, plain)| moved != plain));
        assert_eq!((moved.support.classes, moved.classes), (plain.support.classes, plain.classes));
    }

    /// 400 tasks of 20 labels: a share of 0.3 has a standard error of 0.005, one of the four other classes 0.009.
    #[test]
    fn a_label_is_wrong_with_its_probability_and_then_any_other_class() {
        let (mut wrong, mut shifts, mut count) = (0_u32, [0_u32; 5], 0_u32);
        for index in 0..400 {
            let mut labels: Vec<u8> = (0..20).map(|i| i % 5).collect();
            let mut stream = Stream::new(1, Purpose::Train, meta_batch_index(index, 0)).part(Part::Labels);
            mislabel(&mut labels, 5, 0.3, &mut stream);
            for (i, label) in labels.into_iter().enumerate() {
                let shift = (usize::from(label) + 5 - i % 5) % 5;
                (wrong, count) = (wrong + u32::from(shift > 0), count + 1);
                shifts[shift] += 1;
            }
        }
        let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
        assert!((share(wrong, count) - 0.3).abs() < 0.025, "{wrong} of {count}");
        assert!(shifts[1..].iter().all(|&to| (share(to, wrong) - 0.25).abs() < 0.045), "{shifts:?}");
    }

    #[test]
    fn a_higher_rate_spoils_the_same_labels_and_more() {
        let spoilt = |rate| {
            let mut labels = vec![2; 50];
            mislabel(&mut labels, 5, rate, &mut Stream::new(1, Purpose::Train, 0));
            labels
        };
        let (few, many) = (spoilt(0.2), spoilt(0.6));
        assert!(few.iter().zip(&many).all(|(few, many)| *few == 2 || few == many));
        assert!(spoilt(1.0).iter().all(|&label| label != 2 && label < 5));
    }

    fn still() -> Move {
        Move { matrix: [[1.0, 0.0], [0.0, 1.0]], shift: [0.0; 2] }
    }

    fn blot(column: usize, row: usize) -> Image {
        let mut image = Image::blank();
        image.ink_mut()[row * SIDE + column] = 200;
        image
    }

    #[test]
    fn a_move_that_does_nothing_changes_nothing_and_whole_pixels_move_exactly() {
        let image = task(&spec(), Purpose::Train, 0).support.images[0].clone();
        assert_eq!(moved(&image, &still()), image);
        assert_eq!(moved(&blot(10, 20), &Move { shift: [3.0, -2.0], ..still() }), blot(13, 18));
        let beyond = Move { shift: [40.0, 0.0], ..still() };
        assert_eq!(moved(&blot(10, 20), &beyond), Image::blank());
    }

    #[test]
    fn half_a_pixel_shares_the_ink_between_two() {
        let found = moved(&blot(10, 20), &Move { shift: [0.5, 0.0], ..still() });
        assert_eq!((found.ink()[20 * SIDE + 10], found.ink()[20 * SIDE + 11]), (100, 100));
    }

    #[test]
    fn a_quarter_turn_is_that_of_whole_pixels() {
        let image = task(&spec(), Purpose::Train, 1).support.images[0].clone();
        let quarter = Move { matrix: [[0.0, 1.0], [-1.0, 0.0]], shift: [0.0; 2] };
        assert_eq!(moved(&image, &quarter), image.turned(1));
    }

    #[test]
    fn no_drawn_move_goes_beyond_its_limits() {
        let mut stream = Stream::new(1, Purpose::Train, 0);
        let mut widest: [f64; 2] = [0.0; 2];
        for _ in 0..2000 {
            let Move { matrix: [[a, b], [c, d]], shift } = Move::draw(0.5, &mut stream);
            let (turn, area) = (libm::atan2(c, a), a * d - b * c);
            assert!(turn.abs() <= 0.5 * TURN + 1e-12 && libm::log(area).abs() <= STRETCH + 1e-12);
            assert!(shift.iter().all(|shift| shift.abs() <= 0.5 * SHIFT));
            widest = [widest[0].max(turn.abs()), widest[1].max(shift[0].abs())];
        }
        assert!(widest[0] > 0.49 * TURN && widest[1] > 0.49 * SHIFT, "they reach almost as far: {widest:?}");
    }

    /// 40 drawings of 784 pixels: a share of 0.1 has a standard error of 0.0017.
    #[test]
    fn pixels_are_inverted_with_their_probability() {
        let mut stream = Stream::new(1, Purpose::Train, 0);
        let mut inverted = 0;
        for _ in 0..40 {
            let (mut image, before) = (blot(3, 3), blot(3, 3));
            invert_some(&mut image, 0.1, &mut stream);
            let changed = image.ink().iter().zip(before.ink()).filter(|(a, b)| a != b);
            inverted += changed.inspect(|(a, b)| assert_eq!(**a, 255 - **b)).count();
        }
        assert!((f64::from(inverted as u32) / (40.0 * 784.0) - 0.1).abs() < 0.009, "{inverted}");
    }
}
