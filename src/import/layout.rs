//! Which class an image belongs to, by its path.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::task::MAX_DRAWINGS;

use super::{ImportError, Skipped, picture};

/// Endings of archives that are worth a word of advice.
const ARCHIVES: [&str; 8] = ["zip", "tar", "gz", "tgz", "7z", "rar", "bz2", "xz"];

/// Classes, and the images to decode for them.
#[derive(Debug)]
pub(super) struct Layout {
    /// Names of the alphabet and the character.
    pub(super) classes: Vec<(String, String)>,
    /// Which file belongs to which class, in order of the paths.
    pub(super) places: Vec<Place>,
    /// Files passed over so far.
    pub(super) skipped: Skipped,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Index of the path.
    pub(super) file: usize,
    /// Index of the class.
    pub(super) class: usize,
}

/// `name` is that of the dataset. Paths that end with a slash are folders.
pub(super) fn layout<'a>(name: &str, paths: impl Iterator<Item = &'a str>) -> Result<Layout, ImportError> {
    let mut skipped = Skipped::default();
    let mut seen = HashSet::new();
    let mut folders: BTreeMap<Vec<&str>, Vec<(&str, usize)>> = BTreeMap::new();
    for (file, path) in paths.enumerate() {
        let mut parts = parts(path)?;
        if path.ends_with('/') || parts.iter().any(|part| is_hidden(part)) {
            continue;
        }
        if !seen.insert(parts.clone()) {
            return Err(ImportError::DuplicatePath(path.to_owned()));
        }
        let Some(last) = parts.pop() else { continue };
        match extension(last).as_str() {
            ending if picture::EXTENSIONS.contains(&ending) => folders.entry(parts).or_default().push((last, file)),
            ending if ARCHIVES.contains(&ending) => skipped.archives += 1,
            _ => skipped.not_images += 1,
        }
    }
    let images: usize = folders.values().map(Vec::len).sum();
    match (images, skipped) {
        (0, Skipped { not_images: 0, archives: 0, .. }) => return Err(ImportError::Empty),
        (0, Skipped { archives: 1.., .. }) => return Err(ImportError::OnlyArchives),
        (0, _) => return Err(ImportError::NoImages(skipped.not_images)),
        (MAX_DRAWINGS.., _) if images > MAX_DRAWINGS => return Err(ImportError::TooManyImages(images)),
        _ => {}
    }
    skipped.loose = drop_loose(&mut folders);

    let classes = names(name, &folders.keys().map(Vec::as_slice).collect::<Vec<_>>());
    let mut places = Vec::with_capacity(images);
    for (class, mut files) in folders.into_values().enumerate() {
        files.sort_unstable();
        places.extend(files.into_iter().map(|(_, file)| Place { file, class }));
    }
    Ok(Layout { classes, places, skipped })
}

/// What a name ends with after its last full stop, in small letters.
pub(super) fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

/// What file managers put beside the files.
pub(super) fn is_hidden(part: &str) -> bool {
    part.starts_with('.') || part == "__MACOSX"
}

/// The folders and the name of a path that stays where it is put.
fn parts(path: &str) -> Result<Vec<&str>, ImportError> {
    let is_drive = |part: &str| part.len() == 2 && part.ends_with(':');
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let leads_out = path.starts_with('/') || parts.contains(&"..") || parts.first().is_some_and(|part| is_drive(part));
    if leads_out || path.contains(['\\', '\0']) { Err(ImportError::UnsafePath(path.to_owned())) } else { Ok(parts) }
}

/// Images beside the folders of all classes (a preview, an icon) belong to none of them.
fn drop_loose(folders: &mut BTreeMap<Vec<&str>, Vec<(&str, usize)>>) -> usize {
    let mut loose = 0;
    // The shortest of folders that start alike comes first.
    while let Some(first) = folders.keys().next().cloned() {
        let is_above_all = folders.keys().all(|folder| folder.starts_with(&first));
        let is_only_class = folders.len() == 1 && !first.is_empty();
        if is_only_class || !is_above_all {
            break;
        }
        loose += folders.remove(&first).map_or(0, |files| files.len());
    }
    loose
}

/// Names of the alphabet and the character of each folder.
fn names(dataset: &str, folders: &[&[&str]]) -> Vec<(String, String)> {
    let shared = match folders {
        [first, rest @ ..] => (0..first.len())
            .take_while(|&i| rest.iter().all(|folder| folder.get(i) == first.get(i)))
            .count()
            .min(first.len().saturating_sub(1)),
        [] => 0,
    };
    let mut classes: Vec<(&[&str], &str)> = Vec::new();
    for folder in folders {
        if let [above @ .., character] = folder {
            classes.push((above.get(shared..).unwrap_or_default(), character));
        }
    }
    let alphabets: BTreeSet<&[&str]> = classes.iter().map(|(above, _)| *above).collect();
    let short = |above: &[&str]| above.last().map_or(dataset.to_owned(), |last| (*last).to_owned());
    let mut uses: HashMap<String, usize> = HashMap::new();
    alphabets.into_iter().for_each(|above| *uses.entry(short(above)).or_default() += 1);
    // Alphabets of one name in different folders are told apart by their whole path.
    let alphabet = |above: &[&str]| match short(above) {
        name if uses.get(&name).is_some_and(|&uses| uses > 1) && above.len() > 1 => above.join("/"),
        name => name,
    };
    classes.into_iter().map(|(above, character)| (alphabet(above), character.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(paths: &[&str]) -> Vec<(String, String)> {
        layout("mine", paths.iter().copied()).unwrap().classes
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|&(alphabet, character)| (alphabet.to_owned(), character.to_owned())).collect()
    }

    #[test]
    fn folders_are_alphabet_and_character_at_any_depth() {
        let expected = pairs(&[("Greek", "c1"), ("Latin", "c1"), ("Latin", "c2")]);
        assert_eq!(classes(&["Greek/c1/a.png", "Latin/c1/a.png", "Latin/c2/a.png"]), expected);
        assert_eq!(classes(&["x/y/Greek/c1/a.png", "x/y/Latin/c1/a.png", "x/y/Latin/c2/a.PNG"]), expected);
    }

    #[test]
    fn one_level_of_folders_is_one_alphabet_named_after_the_file() {
        let expected = pairs(&[("mine", "cat"), ("mine", "dog")]);
        assert_eq!(classes(&["cat/a.png", "dog/a.jpg"]), expected);
        assert_eq!(classes(&["top/cat/a.png", "top/dog/a.jpg"]), expected);
    }

    #[test]
    fn alphabets_of_one_name_are_told_apart_by_their_folders() {
        let expected = pairs(&[("a/Latin", "c1"), ("b/Latin", "c1"), ("Greek", "c1")]);
        assert_eq!(classes(&["a/Latin/c1/a.png", "b/Latin/c1/a.png", "b/Greek/c1/a.png"]).len(), 3);
        for class in classes(&["a/Latin/c1/a.png", "b/Latin/c1/a.png", "b/Greek/c1/a.png"]) {
            assert!(expected.contains(&class), "{class:?}");
        }
    }

    #[test]
    fn what_belongs_to_no_class_is_counted() {
        let paths = [
            "preview.png",
            "top/icon.png",
            "top/README.md",
            "top/other.zip",
            "top/cat/a.png",
            "top/dog/a.png",
            "__MACOSX/top/cat/._a.png",
            "top/cat/.hidden.png",
            "top/cat/",
        ];
        let layout = layout("mine", paths.into_iter()).unwrap();
        assert_eq!(layout.skipped, Skipped { not_images: 1, archives: 1, loose: 2, ..Skipped::default() });
        assert_eq!(layout.classes, pairs(&[("mine", "cat"), ("mine", "dog")]));
        assert_eq!(layout.places.len(), 2);
    }

    #[test]
    fn images_of_a_class_stand_in_order_of_their_names() {
        let layout = layout("mine", ["a/2.png", "b/1.png", "a/1.png"].into_iter()).unwrap();
        let order: Vec<_> = layout.places.iter().map(|place| (place.class, place.file)).collect();
        assert_eq!(order, [(0, 2), (0, 0), (1, 1)]);
    }
}
