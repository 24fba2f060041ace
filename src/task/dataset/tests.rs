use crate::task::PIXELS;

use super::*;

/// Binary for an even `n`, grey for an odd one.
fn drawing(n: usize) -> Image {
    let mut image = Image::blank();
    image.ink_mut()[n % PIXELS] = if n.is_multiple_of(2) { 255 } else { 100 };
    image
}

fn alphabet(name: &str, characters: usize) -> Alphabet {
    let character =
        |c: usize| Character { name: format!("character{c:02}"), drawings: vec![drawing(c), drawing(c + 1)] };
    Alphabet { name: name.to_owned(), characters: (0..characters).map(character).collect() }
}

fn dataset(alphabets: usize, characters: usize) -> Dataset {
    let alphabets = (0..alphabets).map(|a| alphabet(&format!("Script {a}"), characters)).collect();
    Dataset::new("scripts".to_owned(), alphabets).unwrap()
}

const SPLITS: [Split; 3] = [Split::Train, Split::Validation, Split::Test];

fn sizes(dataset: &Dataset) -> [usize; 3] {
    SPLITS.map(|split| dataset.split(split).len())
}

fn each_class_is_in_one_split(dataset: &Dataset) {
    let mut classes: Vec<_> = SPLITS.into_iter().flat_map(|split| dataset.split(split)).collect();
    classes.sort_unstable();
    classes.dedup();
    assert_eq!(classes.len(), dataset.classes());
    assert_eq!(sizes(dataset).iter().sum::<usize>(), dataset.classes());
}

#[test]
fn alphabets_and_characters_stand_in_order_of_their_names() {
    let mut latin = alphabet(" Latin\n", 3);
    latin.characters.reverse();
    let made = Dataset::new("two".to_owned(), vec![latin, alphabet("Greek", 2)]).unwrap();
    let names: Vec<_> = made.alphabets().iter().map(|alphabet| alphabet.name.as_str()).collect();
    assert_eq!(names, ["Greek", "Latin"]);
    assert!(made.alphabets()[1].characters.is_sorted_by_key(|character| character.name.clone()));
    assert_eq!((made.name(), made.classes(), made.drawings()), ("two", 5, 10));
}

#[test]
fn a_long_name_is_cut_off_between_characters() {
    let made = Dataset::new("ж".repeat(200), vec![alphabet("one", 2)]).unwrap();
    assert_eq!(made.name(), "ж".repeat(MAX_NAME));
}

#[test]
fn what_cannot_be_a_dataset_says_why() {
    let refused = |alphabets| Dataset::new("x".to_owned(), alphabets).unwrap_err();
    assert_eq!(refused(vec![]), DatasetError::TooFewClasses(0));
    assert_eq!(refused(vec![alphabet("one", 1), alphabet("none", 0)]), DatasetError::TooFewClasses(1));
    assert_eq!(refused(vec![alphabet("\t", 2)]), DatasetError::NoName);
    assert_eq!(refused(vec![alphabet("same", 2), alphabet("same ", 2)]), DatasetError::SameName("same".to_owned()));
    let mut lonely = alphabet("one", 2);
    lonely.characters[1].drawings.truncate(1);
    assert_eq!(
        refused(vec![lonely]).to_string(),
        "the character \"character01\" of \"one\" has 1 drawings; draw at least 2"
    );
    let mut many = alphabet("one", 2);
    many.characters[0].drawings = vec![Image::blank(); MAX_DRAWINGS];
    assert_eq!(refused(vec![many]), DatasetError::TooManyDrawings(MAX_DRAWINGS + 2));
}

#[test]
fn thirty_alphabets_are_split_twenty_five_five() {
    let many = dataset(30, 4);
    assert_eq!(many.held_out(), HeldOut::Alphabets);
    assert_eq!(sizes(&many), [80, 20, 20]);
    each_class_is_in_one_split(&many);
}

#[test]
fn six_alphabets_hold_out_one_for_each() {
    assert_eq!(sizes(&dataset(6, 3)), [12, 3, 3]);
    each_class_is_in_one_split(&dataset(6, 3));
}

#[test]
fn few_alphabets_hold_out_characters() {
    let few = dataset(5, 12);
    assert_eq!(few.held_out(), HeldOut::Characters);
    assert_eq!(sizes(&few), [40, 10, 10]);
    each_class_is_in_one_split(&few);
    assert_eq!(sizes(&dataset(1, 12)), [8, 2, 2]);
}

#[test]
fn with_fewer_than_twelve_classes_every_split_is_all_of_them() {
    let small = dataset(1, 11);
    assert_eq!(small.held_out(), HeldOut::Nothing);
    assert_eq!(sizes(&small), [11, 11, 11]);
}

/// Literal indices: another choice would test old checkpoints on what they were trained on.
#[test]
fn the_choice_of_what_is_held_out_never_changes() {
    assert_eq!(dataset(6, 2).split(Split::Test), [(1, 0), (1, 1)]);
    assert_eq!(dataset(6, 2).split(Split::Validation), [(5, 0), (5, 1)]);
    assert_eq!(dataset(1, 12).split(Split::Test), [(0, 0), (0, 10)]);
    assert_eq!(dataset(1, 12).split(Split::Validation), [(0, 4), (0, 8)]);
}

#[test]
fn a_saved_dataset_is_read_back_whole() {
    let saved = dataset(3, 5);
    assert_eq!(Dataset::from_bytes(&saved.to_bytes()).unwrap(), saved);
    assert!(Dataset::is_saved(&saved.to_bytes()));
}

#[test]
fn a_binary_drawing_is_saved_in_98_bytes_and_a_grey_one_in_784() {
    let of = |n: usize| {
        let character = |name: &str| Character { name: name.to_owned(), drawings: vec![drawing(n); 100] };
        let alphabet = Alphabet { name: "a".to_owned(), characters: vec![character("a"), character("b")] };
        Dataset::new("a".to_owned(), vec![alphabet]).unwrap().to_bytes().len()
    };
    assert_eq!(of(1) - of(0), 200 * (784 - 98));
    assert!(of(0) < 200 * 99 + 100);
}

#[test]
fn a_dataset_with_any_byte_changed_or_missing_is_not_read() {
    let saved = dataset(2, 1).to_bytes();
    for i in 0..saved.len() {
        assert!(Dataset::from_bytes(&saved[..i]).is_err());
        let mut changed = saved.clone();
        changed[i] ^= 0x10;
        assert!(Dataset::from_bytes(&changed).is_err(), "byte {i}");
    }
    assert_eq!(Dataset::from_bytes(b"PK"), Err(DatasetError::NotSaved));
    let mut newer = saved.clone();
    newer[16] = 2;
    assert_eq!(Dataset::from_bytes(&newer), Err(DatasetError::OtherVersion(2)));
}

/// Lengths that lie in bytes whose checksum is right, as only someone who means to writes them.
#[test]
fn a_length_that_lies_is_damage_and_costs_no_memory() {
    let saved = dataset(2, 1).to_bytes();
    let body = &saved[..saved.len() - 4];
    for at in 17..body.len() - 4 {
        let mut lying = body.to_vec();
        lying[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        lying.extend(crc32fast::hash(&lying).to_le_bytes());
        match Dataset::from_bytes(&lying) {
            Ok(other) => assert_eq!(other.classes(), 2),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    let mut longer = [body, &[0]].concat();
    longer.extend(crc32fast::hash(&longer).to_le_bytes());
    assert_eq!(Dataset::from_bytes(&longer), Err(DatasetError::Damaged));
}

#[test]
fn fingerprints_notice_one_pixel() {
    let one = dataset(2, 2);
    let mut other = one.clone();
    other.alphabets[0].characters[0].drawings[0].ink_mut()[5] = 255;
    assert_eq!(one.fingerprint().len(), 6);
    assert_eq!(one.fingerprint(), one.clone().fingerprint());
    assert_ne!(one.fingerprint(), other.fingerprint());
}

#[cfg(not(target_family = "wasm"))]
proptest::proptest! {
    #[test]
    fn arbitrary_bytes_under_the_right_head_never_panic(tail: Vec<u8>) {
        let mut bytes = [saved::MAGIC, &[1], &tail].concat();
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        let _ = Dataset::from_bytes(&bytes);
        let _ = Dataset::from_bytes(&tail);
    }
}
