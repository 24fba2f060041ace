use std::{fs, path::PathBuf};

use crate::task::{HeldOut, Image, SIDE, Split};

use super::*;

/// An entry of an archive to be made: path, unpacked bytes, and the ways in which it may differ from an honest one.
#[derive(Clone)]
struct Packed {
    path: String,
    bytes: Vec<u8>,
    deflate: bool,
    flags: u16,
    method: Option<u16>,
    size: Option<u32>,
    crc: Option<u32>,
}

fn packed(path: &str, bytes: Vec<u8>) -> Packed {
    Packed { path: path.to_owned(), bytes, deflate: true, flags: 1 << 11, method: None, size: None, crc: None }
}

/// An archive as APPNOTE.TXT has it: local headers with data, the central directory, the end.
fn zip(entries: &[Packed]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let deflated = miniz_oxide::deflate::compress_to_vec(&entry.bytes, 6);
        let data = if entry.deflate { &deflated } else { &entry.bytes };
        let method = entry.method.unwrap_or(if entry.deflate { 8 } else { 0 });
        let mut common = [20u16, entry.flags, method, 0, 0].map(u16::to_le_bytes).concat();
        let size = entry.size.unwrap_or(entry.bytes.len() as u32);
        let crc = entry.crc.unwrap_or_else(|| crc32fast::hash(&entry.bytes));
        common.extend([crc, data.len() as u32, size].map(u32::to_le_bytes).concat());
        common.extend([entry.path.len() as u16, 0].map(u16::to_le_bytes).concat());
        directory.extend([b"PK\x01\x02\x14\x00".as_slice(), &common, &[0; 10]].concat());
        directory.extend((bytes.len() as u32).to_le_bytes());
        directory.extend(entry.path.as_bytes());
        bytes.extend([b"PK\x03\x04".as_slice(), &common, entry.path.as_bytes(), data].concat());
    }
    let (start, count) = (bytes.len() as u32, (entries.len() as u16).to_le_bytes());
    bytes.extend(&directory);
    bytes.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count].concat());
    bytes.extend([directory.len() as u32, start].map(u32::to_le_bytes).concat());
    bytes.extend([0, 0]);
    bytes
}

/// A grey PNG; the header says `width` and `height` even where there is no such picture.
fn png(width: u32, height: u32, values: &[u8]) -> Vec<u8> {
    let chunk = |kind: &[u8], data: &[u8]| {
        let typed = [kind, data].concat();
        let crc = crc32fast::hash(&typed).to_be_bytes();
        [(data.len() as u32).to_be_bytes().as_slice(), &typed, &crc].concat()
    };
    let header = [width.to_be_bytes().as_slice(), &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let rows: Vec<u8> = values.chunks(width as usize).flat_map(|row| [&[0], row].concat()).collect();
    let data = miniz_oxide::deflate::compress_to_vec_zlib(&rows, 6);
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &data), chunk(b"IEND", &[])].concat()
}

/// Black on white, a dot at `n`.
fn dot(n: usize) -> Vec<u8> {
    let mut values = vec![255; 784];
    values[n] = 0;
    png(28, 28, &values)
}

fn two_classes() -> Vec<Packed> {
    let paths = ["top/cat/1.png", "top/cat/2.png", "top/dog/1.png", "top/dog/2.png"];
    paths.iter().enumerate().map(|(n, path)| packed(path, dot(n))).collect()
}

fn import(bytes: &[u8]) -> Result<Imported, ImportError> {
    from_bytes("pets.zip", bytes, |_, _| true)
}

/// What is said of two good classes and something else.
fn refusal(entry: Packed) -> ImportError {
    import(&zip(&[two_classes(), vec![entry]].concat())).unwrap_err()
}

fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    path.exists().then_some(path)
}

#[test]
fn a_zip_of_class_folders_becomes_a_dataset() {
    let imported = import(&zip(&two_classes())).unwrap();
    let dataset = &imported.dataset;
    assert_eq!((dataset.name(), dataset.classes(), dataset.drawings()), ("pets", 2, 4));
    let alphabet = &dataset.alphabets()[0];
    assert_eq!((alphabet.name.as_str(), alphabet.characters[1].name.as_str()), ("pets", "dog"));
    assert_eq!(alphabet.characters[0].drawings[1].ink()[..3], [0, 255, 0]);
    assert_eq!(imported.skipped, Skipped::default());
}

#[test]
fn stored_and_deflated_entries_are_the_same() {
    let stored: Vec<Packed> = two_classes().into_iter().map(|entry| Packed { deflate: false, ..entry }).collect();
    assert_eq!(import(&zip(&stored)), import(&zip(&two_classes())));
}

#[test]
fn files_of_a_folder_make_the_same_dataset_as_its_zip() {
    let files = two_classes().into_iter().map(|entry| (entry.path, entry.bytes)).collect();
    assert_eq!(from_files("pets", files, |_, _| true), import(&zip(&two_classes())));
}

/// The official file, made by Info-ZIP, against the packed form, made by Pillow: every bit of every image.
#[test]
fn omniglots_own_zip_gives_the_packed_forms_images() {
    let (Some(zip), Some(packed)) = (shared("images_background_small1.zip"), shared("omniglot_background_28.bin"))
    else {
        return;
    };
    let small = from_path(&zip, |_, _| true).unwrap();
    assert_eq!(small.skipped, Skipped::default());
    assert_eq!(small.dataset.name(), "images_background_small1");
    assert_eq!(small.dataset.held_out(), HeldOut::Characters);
    let all = from_path(&packed, |_, _| true).unwrap().dataset;
    assert_eq!((all.alphabets().len(), all.classes(), all.drawings()), (30, 964, 19_280));
    assert_eq!(all.held_out(), HeldOut::Alphabets);
    let held_out = [Split::Train, Split::Validation, Split::Test].map(|split| {
        let mut alphabets: Vec<_> = all.split(split).into_iter().map(|(alphabet, _)| alphabet).collect();
        alphabets.dedup();
        alphabets.len()
    });
    assert_eq!(held_out, [20, 5, 5]);
    assert_eq!(small.dataset.alphabets().len(), 5);
    for alphabet in small.dataset.alphabets() {
        let same = all.alphabets().iter().find(|other| other.name == alphabet.name).unwrap();
        assert!(same == alphabet, "{}", alphabet.name);
    }
    let saved = all.to_bytes();
    assert!(saved.len() < 2 << 20);
    assert_eq!(from_bytes("all", &saved, |_, _| true).unwrap().dataset, all);
}

#[test]
fn packed_images_without_a_list_are_numbered_characters_of_twenty() {
    let mut bytes = vec![0; 98 * 40];
    bytes[98 * 20] = 0x80;
    let dataset = from_bytes("mine.bin", &bytes, |_, _| true).unwrap().dataset;
    let characters = &dataset.alphabets()[0].characters;
    assert_eq!((dataset.classes(), characters[1].name.as_str()), (2, "character0002"));
    assert_eq!(characters[1].drawings[0].ink()[0], 255);
    assert_eq!(characters[0].drawings[0], Image::blank());
    assert_eq!(from_bytes("mine.bin", &[0; 99], |_, _| true), Err(ImportError::PackedLength(99)));
    assert_eq!(from_bytes("mine.bin", &[0; 98 * 7], |_, _| true), Err(ImportError::PackedLength(686)));
}

#[test]
fn packed_images_take_their_classes_from_the_list_beside_them() {
    let list = br#"[["Greek", "alpha"], ["Latin", "a"]]"#.to_vec();
    let files = |list: Vec<u8>| vec![("x.classes.json".to_owned(), list), ("x.bin".to_owned(), vec![0; 98 * 4])];
    let dataset = from_files("folder", files(list), |_, _| true).unwrap().dataset;
    assert_eq!((dataset.name(), dataset.alphabets()[1].name.as_str(), dataset.drawings()), ("x", "Latin", 4));
    let error = from_files("folder", files(b"{}".to_vec()), |_, _| true).unwrap_err();
    assert!(error.to_string().starts_with("the list of classes cannot be read (invalid type"), "{error}");
}

#[test]
fn an_import_can_be_watched_and_stopped() {
    let many: Vec<Packed> = (0..130).map(|n| packed(&format!("{}/{n:03}.png", ["a", "b"][n % 2]), dot(n))).collect();
    let mut seen = Vec::new();
    from_bytes("x", &zip(&many), |done, total| {
        seen.push((done, total));
        true
    })
    .unwrap();
    assert_eq!(seen, [(0, 130), (64, 130), (128, 130), (130, 130)]);
    assert_eq!(from_bytes("x", &zip(&many), |done, _| done == 0), Err(ImportError::Stopped));
}

#[test]
fn an_import_in_slices_is_the_import_at_once() {
    let mut import = Import::open("pets.zip", zip(&two_classes())).unwrap();
    assert_eq!(
        (import.total(), import.step(3).unwrap(), import.step(0).unwrap(), import.step(9).unwrap()),
        (4, 3, 4, 4)
    );
    let halfway = Import::open("pets.zip", zip(&two_classes())).unwrap();
    assert_eq!(import.finish(), halfway.finish());
}

/// 8 × 8, white around a black square of 4 × 4, as other encoders wrote it: GIF, JPEG, BMP, PNG.
fn blocks() -> Vec<Vec<u8>> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let files = [
        "R0lGODlhCAAIAIAAAAAAAAAAACH5BAgAAAAALAAAAAAIAAgAgAAAAP///wIMjI95wIDtVntTWVQAADs=",
        include_str!("fixtures/block.jpg.base64"),
        include_str!("fixtures/block.bmp.base64"),
        include_str!("fixtures/block.png.base64"),
    ];
    files.iter().map(|file| STANDARD.decode(file.trim()).unwrap()).collect()
}

#[test]
fn every_format_is_read() {
    for file in blocks() {
        let picture = picture::decode(&file).unwrap();
        assert_eq!((picture.width, picture.height), (8, 8));
        for (i, &value) in picture.values.iter().enumerate() {
            let inside = (2..6).contains(&(i % 8)) && (2..6).contains(&(i / 8));
            let off = value.abs_diff(if inside { 0 } else { 255 });
            assert!(off < 24, "pixel {i} of {:?} is {value}", &file[..4]);
        }
        let drawing = ink::drawing(&picture).unwrap();
        assert!(drawing.ink()[14 * SIDE + 14] > 230 && drawing.ink()[0] < 24);
    }
}

#[test]
fn an_image_that_cannot_be_read_is_left_out_and_counted() {
    let broken = [packed("top/dog/3.png", b"\x89PNG\r\n\x1a\nno".to_vec()), packed("top/dog/4.jpg", vec![])];
    let single = packed("top/fish/1.png", dot(3));
    let text = packed("top/readme.txt", vec![b'x']);
    let entries = [two_classes(), broken.to_vec(), vec![single, text]].concat();
    let skipped = import(&zip(&entries)).unwrap().skipped;
    assert_eq!(skipped, Skipped { unreadable: 2, small_classes: 1, not_images: 1, ..Skipped::default() });
}

#[test]
fn a_single_class_is_not_enough() {
    let mut one = two_classes()[..2].to_vec();
    one.push(packed("top/dog/1.png", vec![1]));
    assert_eq!(
        import(&zip(&one)).unwrap_err().to_string(),
        "1 class can be used; put at least two images of each of at least two classes into folders \
         (left out: 1 unreadable images, 1 classes with a single image)"
    );
    let loose = [packed("1.png", dot(1)), packed("2.png", dot(2))];
    assert!(matches!(import(&zip(&loose)), Err(ImportError::TooFewClasses { classes: 0, .. })));
}

#[test]
fn an_archive_without_images_says_so() {
    assert_eq!(import(&zip(&[])), Err(ImportError::Empty));
    assert_eq!(import(&[]), Err(ImportError::Empty));
    assert_eq!(import(&zip(&[packed("folder/", vec![])])), Err(ImportError::Empty));
    assert_eq!(import(&zip(&[packed("a/b.txt", vec![1])])), Err(ImportError::NoImages(1)));
    assert_eq!(import(b"what is this"), Err(ImportError::UnknownForm("pets.zip".to_owned())));
}

#[test]
fn an_archive_of_archives_is_to_be_unpacked_first() {
    let inner = packed("python/images.zip", zip(&two_classes()));
    assert_eq!(import(&zip(&[inner.clone(), packed("README.md", vec![1])])), Err(ImportError::OnlyArchives));
    let entries = [two_classes(), vec![inner]].concat();
    assert_eq!(import(&zip(&entries)).unwrap().skipped.archives, 1);
}

#[test]
fn a_path_that_leads_elsewhere_is_refused() {
    for path in ["../a.png", "top/../../a.png", "/etc/a.png", "C:/a.png", "top\\a.png", "top/a\0.png"] {
        assert_eq!(refusal(packed(path, dot(1))), ImportError::UnsafePath(path.to_owned()));
    }
}

#[test]
fn a_path_that_occurs_twice_is_refused() {
    let again = packed("top//cat/./1.png", dot(9));
    assert_eq!(refusal(again.clone()), ImportError::DuplicatePath(again.path));
}

#[test]
fn an_encrypted_entry_is_refused() {
    let entry = Packed { flags: 1, ..packed("top/cat/3.png", dot(1)) };
    assert_eq!(refusal(entry), ImportError::Encrypted("top/cat/3.png".to_owned()));
}

#[test]
fn an_unknown_compression_is_refused() {
    let entry = Packed { method: Some(14), ..packed("top/cat/3.png", dot(1)) };
    assert_eq!(refusal(entry), ImportError::UnknownCompression("top/cat/3.png".to_owned(), 14));
}

#[test]
fn an_entry_whose_bytes_changed_is_refused() {
    let entry = Packed { crc: Some(1), ..packed("top/cat/3.png", dot(1)) };
    assert_eq!(refusal(entry), ImportError::DamagedEntry("top/cat/3.png".to_owned()));
}

#[test]
fn an_entry_that_unpacks_to_another_size_is_refused() {
    for size in [dot(1).len() as u32 - 1, dot(1).len() as u32 + 1, 0] {
        let entry = Packed { size: Some(size), ..packed("top/cat/3.png", dot(1)) };
        assert_eq!(refusal(entry), ImportError::LyingSize("top/cat/3.png".to_owned()));
    }
    let bomb = Packed { size: Some(100), ..packed("top/cat/3.png", vec![0; 50 << 20]) };
    assert_eq!(refusal(bomb), ImportError::LyingSize("top/cat/3.png".to_owned()));
}

#[test]
fn an_archive_that_declares_too_much_is_refused_before_it_is_unpacked() {
    let large = Packed { size: Some(MAX_IMAGE_BYTES as u32 + 1), ..packed("top/cat/3.png", vec![]) };
    assert_eq!(
        refusal(large).to_string(),
        "the image \"top/cat/3.png\" is larger than 4 MiB, the most that is read; save it smaller or leave it out"
    );
    let many = MAX_UNPACKED_BYTES / MAX_IMAGE_BYTES + 1;
    let most = |n: usize| Packed { size: Some(MAX_IMAGE_BYTES as u32), ..packed(&format!("a/{n}.png"), vec![]) };
    assert_eq!(import(&zip(&(0..many).map(most).collect::<Vec<_>>())), Err(ImportError::Bomb));
}

#[test]
fn an_image_too_wide_is_refused_by_its_header() {
    let entry = packed("top/cat/3.png", png(4097, 3, &[0; 10]));
    let expected = ImportError::ImageTooWide { path: "top/cat/3.png".to_owned(), width: 4097, height: 3 };
    assert_eq!(refusal(entry), expected);
    assert_eq!(picture::decode(&png(4096, 1, &[7; 4096])).unwrap().values, [7; 4096]);
}

/// 64 MiB of zeros behind the header of one pixel; and a chunk that the decoder would unpack for nothing.
#[test]
fn a_png_that_unpacks_to_more_than_its_picture_is_not_decoded() {
    let bomb = png(1, 1, &vec![0; 64 << 20]);
    assert_eq!(picture::decode(&bomb), Err(picture::Unreadable::Damaged));
    assert_eq!(super::png::safe(&bomb, (1, 1)), None);
    let honest = png(2, 1, &[3, 4]);
    let text = [b"\0\0\0\x04zTXtboom".as_slice(), &[0; 4]].concat();
    let with_text = [&honest[..33], &text, &honest[33..]].concat();
    assert_eq!(super::png::safe(&with_text, (2, 1)), Some(honest));
}

#[test]
fn too_many_or_too_large_files_are_refused() {
    let files = |n: usize, path: &dyn Fn(usize) -> String| (0..n).map(|i| (path(i), vec![])).collect::<Vec<_>>();
    let import = |files| from_files("x", files, |_, _| true).unwrap_err();
    let entries = files(MAX_ENTRIES + 1, &|i| format!("{i}.txt"));
    assert_eq!(import(entries), ImportError::TooManyEntries(MAX_ENTRIES + 1));
    assert_eq!(import(files(50_001, &|i| format!("a/{i}.png"))), ImportError::TooManyImages(50_001));
    assert_eq!(import(vec![("a/1.png".to_owned(), vec![0; MAX_BYTES + 1])]), ImportError::TooLarge);
    let photo = vec![("a/1.png".to_owned(), vec![0; MAX_IMAGE_BYTES + 1])];
    assert_eq!(import(photo), ImportError::ImageTooLarge("a/1.png".to_owned()));
    assert_eq!(from_bytes("x.zip", &vec![0; MAX_BYTES + 1], |_, _| true), Err(ImportError::TooLarge));
}

#[test]
fn an_archive_with_more_than_65_535_files_says_how_many_in_64_bits() {
    let mut bytes = zip(&two_classes());
    let end = bytes.split_off(bytes.len() - 22);
    let (size, start) = (end[12..16].to_vec(), end[16..20].to_vec());
    let at = (bytes.len() as u64).to_le_bytes();
    let wide = |four: &[u8]| [four, &[0; 4]].concat();
    let with_count = |count: u64| {
        let count = count.to_le_bytes();
        let long =
            [b"PK\x06\x06".as_slice(), &44u64.to_le_bytes(), &[0; 12], &count, &count, &wide(&size), &wide(&start)];
        let locator = [b"PK\x06\x07".as_slice(), &[0; 4], &at, &1u32.to_le_bytes()].concat();
        let short = [b"PK\x05\x06\0\0\0\0".as_slice(), &[0xff; 12], &[0, 0]].concat();
        [bytes.clone(), long.concat(), locator, short].concat()
    };
    assert_eq!(import(&with_count(4)), import(&zip(&two_classes())));
    assert_eq!(import(&with_count(100_001)), Err(ImportError::TooManyEntries(100_001)));
}

#[test]
fn one_part_of_several_is_refused() {
    let mut bytes = zip(&two_classes());
    let end = bytes.len() - 22;
    bytes[end + 4] = 1;
    assert_eq!(import(&bytes), Err(ImportError::SplitArchive));
}

#[test]
fn an_archive_cut_anywhere_is_refused() {
    let bytes = zip(&two_classes());
    for len in 4..bytes.len() {
        assert_eq!(import(&bytes[..len]), Err(ImportError::Truncated), "{len} bytes");
    }
}

#[test]
fn a_list_of_files_that_is_not_there_is_damage() {
    let bytes = zip(&two_classes());
    let end = bytes.len() - 22;
    for (at, value) in [(end + 16, 0xff), (end + 12, 0xff), (end + 10, 5), (end + 16, 1)] {
        let mut damaged = bytes.clone();
        damaged[at] = value;
        let error = import(&damaged).unwrap_err();
        assert!(matches!(error, ImportError::DamagedArchive(_)), "byte {at}: {error}");
    }
}

#[test]
fn names_in_the_old_code_page_and_in_utf_8_are_both_read() {
    let mut entries = two_classes();
    entries.iter_mut().for_each(|entry| entry.path = entry.path.replace("cat", "Käfer"));
    let name = |bytes: &[u8]| import(bytes).unwrap().dataset.alphabets()[0].characters[0].name.clone();
    assert_eq!(name(&zip(&entries)), "Käfer");
    // One byte of code page 437 for the two of UTF-8, and the length as it was: an "x" makes up for it.
    let mut bytes = zip(&entries);
    for at in 0..bytes.len() - 1 {
        if bytes[at..].starts_with("ä".as_bytes()) {
            bytes[at..at + 2].copy_from_slice(&[0x84, b'x']);
        }
    }
    for at in 0..bytes.len() - 4 {
        if bytes[at..].starts_with(b"PK\x01\x02") {
            bytes[at + 9] = 0;
        }
    }
    assert_eq!(name(&bytes), "Käxfer");
}

#[test]
fn a_folder_on_disk_is_read_as_its_zip() {
    let root = std::env::temp_dir().join(format!("kindling-import-{}", std::process::id())).join("pets");
    for entry in two_classes() {
        let path = root.join(&entry.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, entry.bytes).unwrap();
    }
    let imported = from_path(&root, |_, _| true);
    fs::remove_dir_all(root.parent().unwrap()).unwrap();
    assert_eq!(imported, import(&zip(&two_classes())));
    assert!(matches!(from_path(&root, |_, _| true), Err(ImportError::Disk { .. })));
}

#[test]
fn a_folder_on_disk_with_one_zip_or_one_packed_file_is_read_as_that_file() {
    let root = std::env::temp_dir().join(format!("kindling-import-one-{}", std::process::id()));
    let folder = |name: &str, files: &[(&str, Vec<u8>)]| {
        let folder = root.join(name);
        fs::create_dir_all(folder.join("below")).unwrap();
        files.iter().for_each(|(name, bytes)| fs::write(folder.join(name), bytes).unwrap());
        from_path(&folder, |_, _| true)
    };
    let (pets, notes) = (zip(&two_classes()), b"Where this is from".to_vec());
    let images: Vec<u8> = (0..4 * 98).map(|byte| (byte / 98) as u8).collect();
    let list = br#"[["a", "1"], ["a", "2"]]"#.to_vec();
    let zipped = folder("zipped", &[("below/pets.zip", pets.clone()), ("notes.txt", notes.clone())]);
    let packed = folder("packed", &[("some.bin", images), ("some.classes.json", list)]);
    let several = folder("several", &[("one.zip", pets.clone()), ("two.zip", pets)]);
    let none = folder("none", &[("notes.txt", notes.clone()), ("more.txt", notes)]);
    fs::remove_dir_all(&root).unwrap();
    assert_eq!(zipped, import(&zip(&two_classes())));
    let packed = packed.unwrap().dataset;
    assert_eq!((packed.name(), packed.classes(), packed.drawings()), ("some", 2, 4));
    assert_eq!((several, none), (Err(ImportError::OnlyArchives), Err(ImportError::NoImages(2))));
}

proptest::proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes: Vec<u8>, head in 0usize..7) {
        let heads: [&[u8]; 7] =
            [b"", b"PK\x03\x04", b"PK\x05\x06", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff", b"GIF89a", b"BM"];
        let bytes = [heads[head], &bytes].concat();
        let _ = import(&bytes);
        let _ = from_bytes("x.bin", &bytes, |_, _| true);
        let _ = picture::decode(&bytes);
        let files = vec![("a/1.png".to_owned(), bytes.clone()), ("b/1.png".to_owned(), bytes)];
        let _ = from_files("x", files, |_, _| true);
    }

    #[test]
    fn a_changed_archive_never_panics(changes: Vec<(usize, u8)>) {
        let mut bytes = zip(&two_classes());
        let len = bytes.len();
        changes.into_iter().for_each(|(at, value)| bytes[at % len] = value);
        let _ = import(&bytes);
    }

    #[test]
    fn a_changed_image_never_panics(changes: Vec<(usize, u8)>, cut: usize) {
        for mut bytes in blocks() {
            let len = bytes.len();
            changes.iter().for_each(|&(at, value)| bytes[at % len] = value);
            let _ = picture::decode(&bytes).map(|picture| ink::drawing(&picture));
            let _ = picture::decode(&bytes[..cut % len]);
        }
    }

    #[test]
    fn arbitrary_paths_never_panic(paths: Vec<String>) {
        let _ = from_files("x", paths.into_iter().map(|path| (path + "/a.png", dot(0))).collect(), |_, _| true);
    }
}
