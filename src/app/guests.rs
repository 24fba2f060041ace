//! Networks that a visitor brings along to be compared: what their files say, and which of them are here.

use std::{collections::HashMap, fmt, sync::Arc};

use serde::{
    Deserialize,
    de::{MapAccess, Visitor},
};

use crate::experiment::{Contestant, Experiment, MOST_CONTESTANTS, Misfit, Saved, told_apart};

/// Most bytes of a file: the largest network with a rate for every weight, its optimiser's memory and its best state has
/// 20 MB.
pub const MOST_BYTES: usize = 32 << 20;

/// Most bytes of all files: three of the largest. While a comparison begins there are four of each, as it stays here and is
/// sent, received and read.
pub const MOST_IN_ALL: usize = 64 << 20;

/// Most bytes of a header: the largest network's has some thousand, most of them its experiment.
const MOST_HEADER: usize = 1 << 20;

/// A network that is here while the page is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Guest {
    /// What its file says of it.
    pub saved: Saved,
    /// What its file is called where it comes from.
    file: String,
    /// The file.
    bytes: Arc<Vec<u8>>,
}

/// Why a file does not become a guest, or one who takes part.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The browser could not read it.
    Unreadable,
    /// It has more than [`MOST_BYTES`].
    TooLarge,
    /// It is no safetensors file, or not one of Kindling's.
    Foreign,
    /// It ends too early.
    Truncated,
    /// Its experiment cannot be run here: it is damaged, or comes from a newer Kindling.
    Experiment,
    /// Its network cannot do the tasks of the page.
    Misfit(Misfit),
    /// As many as can take part are here.
    Full,
    /// With it, all files would have more than [`MOST_IN_ALL`].
    TooMuch,
    /// It is here, and does not take part, as many as can take part do.
    Crowded,
}

impl Guest {
    /// It as a contestant.
    #[must_use]
    pub fn contestant(&self) -> Contestant {
        Contestant::Checkpoint(Box::new(self.saved.clone()))
    }
}

/// What the run that undo would bring back is as a contestant: its meta-steps, and what it was of.
#[must_use]
pub fn before(meta_step: u32, experiment: Experiment) -> Saved {
    Saved { name: format!("kindling-{meta_step}.safetensors"), meta_step, experiment }
}

/// Whether a file of this name and so many bytes may be read, beside those who are here.
///
/// # Errors
/// When it would be refused, whatever it holds.
pub fn may_come(all: &[Guest], file: &str, size: usize) -> Result<(), Refusal> {
    if size > MOST_BYTES {
        return Err(Refusal::TooLarge);
    }
    // Whoever may be here already takes no room.
    if all.iter().any(|guest| guest.file == file && guest.bytes.len() == size) {
        return Ok(());
    }
    has_room(all, size)
}

/// Whether there is room for one more file of so many bytes.
fn has_room(all: &[Guest], size: usize) -> Result<(), Refusal> {
    if all.len() >= MOST_CONTESTANTS {
        return Err(Refusal::Full);
    }
    let sum: usize = all.iter().map(|guest| guest.bytes.len()).sum();
    if sum.saturating_add(size) > MOST_IN_ALL { Err(Refusal::TooMuch) } else { Ok(()) }
}

/// Those who are here with one more, from a file of this name, whom the tasks of `own` suit; and the newcomer. A file that
/// is here already is not taken twice.
///
/// # Errors
/// When the file is refused.
pub fn welcomed(
    all: &[Guest],
    (file, bytes): (&str, Vec<u8>),
    own: &Experiment,
) -> Result<(Vec<Guest>, Contestant), Refusal> {
    may_come(all, file, bytes.len())?;
    let (meta_step, experiment) = read(&bytes)?;
    let names: Vec<String> = all.iter().map(|guest| guest.saved.name.clone()).collect();
    let saved = Saved { name: told_apart(file, &names), meta_step, experiment };
    saved.fits(own).map_err(Refusal::Misfit)?;
    if let Some(here) = all.iter().find(|guest| guest.file == file && *guest.bytes == bytes) {
        return Ok((all.to_vec(), here.contestant()));
    }
    // One of its name and as many bytes may be here, and be another.
    has_room(all, bytes.len())?;
    let guest = Guest { saved, file: file.to_owned(), bytes: Arc::new(bytes) };
    let contestant = guest.contestant();
    Ok((all.iter().cloned().chain([guest]).collect(), contestant))
}

/// The files of those contestants who are guests, in their order.
#[must_use]
pub fn files(all: &[Guest], contestants: &[Contestant]) -> Vec<Arc<Vec<u8>>> {
    let file = |contestant: &Contestant| {
        let Contestant::Checkpoint(saved) = contestant else { return None };
        all.iter().find(|guest| guest.saved == **saved).map(|guest| guest.bytes.clone())
    };
    contestants.iter().filter_map(file).collect()
}

/// What is read of a header: where the tensors end, and what is ours.
#[derive(Default)]
struct Header {
    ours: HashMap<String, String>,
    end: u64,
}

/// Where a tensor stands among them.
#[derive(Deserialize)]
struct Tensor {
    data_offsets: [u64; 2],
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Header;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("the header of a safetensors file")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let mut header = Header::default();
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        header.ours = map.next_value()?;
                    } else {
                        let Tensor { data_offsets: [_, end] } = map.next_value()?;
                        header.end = header.end.max(end);
                    }
                }
                Ok(header)
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// Meta-steps and experiment of a checkpoint. Its file is that of safetensors: the length of the header (u64, the low byte
/// first), the header (JSON, what is ours under `__metadata__`), and the tensors, whose numbers the worker reads.
fn read(bytes: &[u8]) -> Result<(u32, Experiment), Refusal> {
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or(Refusal::Foreign)?;
    if rest.first() != Some(&b'{') {
        return Err(Refusal::Foreign);
    }
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| Refusal::Foreign)?;
    if length > MOST_HEADER {
        return Err(Refusal::Foreign);
    }
    let (header, tensors) = rest.split_at_checked(length).ok_or(Refusal::Truncated)?;
    let Header { ours, end } = serde_json::from_slice(header).map_err(|_| Refusal::Foreign)?;
    if end > tensors.len() as u64 {
        return Err(Refusal::Truncated);
    }
    let (Some(meta_step), Some(experiment)) = (ours.get("meta_step"), ours.get("experiment")) else {
        return Err(Refusal::Foreign);
    };
    let meta_step = meta_step.parse().map_err(|_| Refusal::Foreign)?;
    Ok((meta_step, Experiment::from_json(experiment).map_err(|_| Refusal::Experiment)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    const SHIPPED: &[u8] = include_bytes!("../../www/checkpoints/sinusoid-maml-5shot.safetensors");

    fn own() -> Experiment {
        preset("sinusoid-maml-5shot").unwrap().experiment()
    }

    /// A file of this header.
    fn file(header: &str) -> Vec<u8> {
        (header.len() as u64).to_le_bytes().into_iter().chain(header.bytes()).collect()
    }

    fn refused(bytes: &[u8]) -> Refusal {
        welcomed(&[], ("a", bytes.to_vec()), &own()).unwrap_err()
    }

    #[test]
    fn a_file_of_kindlings_becomes_a_guest_with_what_its_header_says() {
        let (all, contestant) = welcomed(&[], ("a.safetensors", SHIPPED.to_vec()), &own()).unwrap();
        assert_eq!((all.len(), &contestant), (1, &all[0].contestant()));
        let Saved { name, meta_step, experiment } = &all[0].saved;
        assert_eq!((name.as_str(), *meta_step), ("a.safetensors", experiment.budget.meta_steps));
        assert_eq!(experiment.task.family, own().task.family);
        assert_eq!(files(&all, &[Contestant::Own, contestant]), [Arc::new(SHIPPED.to_vec())]);
        assert!(files(&all, &[Contestant::Own]).is_empty());
    }

    #[test]
    fn the_same_file_is_here_once_and_another_of_its_name_gets_a_number() {
        let (all, first) = welcomed(&[], ("a", SHIPPED.to_vec()), &own()).unwrap();
        let (again, same) = welcomed(&all, ("a", SHIPPED.to_vec()), &own()).unwrap();
        assert_eq!((again.len(), &same), (1, &first));
        let longer: Vec<u8> = SHIPPED.iter().copied().chain([0]).collect();
        let (two, second) = welcomed(&all, ("a", longer.clone()), &own()).unwrap();
        assert_eq!((two.len(), second.name()), (2, "a (2)"));
        for (bytes, known) in [(SHIPPED.to_vec(), first), (longer, second)] {
            let (again, same) = welcomed(&two, ("a", bytes), &own()).unwrap();
            assert_eq!((again.len(), same), (2, known));
        }
        // Two files whose names look alike here are two.
        let (three, third) = welcomed(&two, ("a\u{200b}", SHIPPED.to_vec()), &own()).unwrap();
        assert_eq!((three.len(), third.name()), (3, "a (3)"));
    }

    #[test]
    fn the_run_before_is_taken_in_once_however_often_it_is_asked_for() {
        let run = before(250, own());
        assert_eq!(run.fits(&own()), Ok(()));
        let other: Vec<u8> = SHIPPED.iter().copied().chain([0]).collect();
        let (mut all, _) = welcomed(&[], (&run.name, other), &own()).unwrap();
        for _ in 0..2 {
            let (now, contestant) = welcomed(&all, (&run.name, SHIPPED.to_vec()), &own()).unwrap();
            assert_eq!((now.len(), contestant.name()), (2, "kindling-250.safetensors (2)"));
            all = now;
        }
        assert!(run.fits(&preset("glyphs-light-maml-5w1s").unwrap().experiment()).is_err());
    }

    #[test]
    fn as_many_as_can_take_part_are_here_at_once() {
        let mut all = Vec::new();
        for number in 0..MOST_CONTESTANTS {
            (all, _) = welcomed(&all, (&number.to_string(), SHIPPED.to_vec()), &own()).unwrap();
        }
        assert_eq!(welcomed(&all, ("another", SHIPPED.to_vec()), &own()), Err(Refusal::Full));
        // That is known before it is read, and of one that may be here already it is not.
        assert_eq!(may_come(&all, "another", 0), Err(Refusal::Full));
        assert_eq!(may_come(&all, "3", SHIPPED.len()), Ok(()));
        assert_eq!(welcomed(&all, ("3", SHIPPED.to_vec()), &own()).unwrap().0.len(), MOST_CONTESTANTS);
        let mut other = SHIPPED.to_vec();
        *other.last_mut().unwrap() ^= 1;
        assert_eq!(welcomed(&all, ("3", other), &own()), Err(Refusal::Full));
    }

    #[test]
    fn all_files_together_have_an_end() {
        let large = || SHIPPED.iter().copied().chain(vec![0; MOST_IN_ALL / 2 - SHIPPED.len()]).collect::<Vec<u8>>();
        let (mut all, _) = welcomed(&[], ("a", large()), &own()).unwrap();
        (all, _) = welcomed(&all, ("b", large()), &own()).unwrap();
        assert_eq!(welcomed(&all, ("c", SHIPPED.to_vec()), &own()), Err(Refusal::TooMuch));
        assert_eq!(may_come(&all, "a", MOST_IN_ALL / 2), Ok(()), "it is here");
        assert_eq!(welcomed(&all[..1], ("c", SHIPPED.to_vec()), &own()).unwrap().0.len(), 2);
    }

    #[test]
    fn a_wide_header_is_read_as_far_as_it_is_one_and_a_longer_one_is_not_read() {
        let experiment = own().to_json().unwrap();
        let ours = serde_json::json!({ "meta_step": "7", "experiment": experiment });
        let entry = "{\"dtype\":\"F32\",\"deep\":[[[[1]]]],\"data_offsets\":[0,0]}";
        let wide = |count: usize| -> Vec<u8> {
            let entries: String = (0..count).map(|number| format!(",\"{number}\":{entry}")).collect();
            file(&format!("{{\"__metadata__\":{ours}{entries}}}"))
        };
        let (all, _) = welcomed(&[], ("a", wide(10_000)), &own()).unwrap();
        assert_eq!(all[0].saved.meta_step, 7);
        assert!(wide(20_000).len() > MOST_HEADER);
        assert_eq!(refused(&wide(20_000)), Refusal::Foreign);
        assert_eq!(refused(&file(&format!("{{\"__metadata__\":{ours},\"a\":{{}}}}"))), Refusal::Foreign);
        let numbers = "{\"__metadata__\":{\"meta_step\":7},\"a\":{\"data_offsets\":[0,0]}}";
        assert_eq!(refused(&file(numbers)), Refusal::Foreign);
    }

    #[test]
    fn what_is_no_checkpoint_is_refused_for_what_it_is() {
        for foreign in [&b""[..], b"7 bytes", b"a text that is longer than eight bytes", &[0xff; 64]] {
            assert_eq!(refused(foreign), Refusal::Foreign);
        }
        assert_eq!(refused(&file("{not json")), Refusal::Foreign);
        assert_eq!(refused(&file("{}")), Refusal::Foreign, "another program's weights");
        assert_eq!(refused(&file(&"[".repeat(100_000).replacen('[', "{", 1))), Refusal::Foreign);
        assert_eq!(refused(&vec![0; MOST_BYTES + 1]), Refusal::TooLarge);
        for end in [100, SHIPPED.len() / 2, SHIPPED.len() - 1] {
            assert_eq!(refused(&SHIPPED[..end]), Refusal::Truncated, "{end} bytes");
        }
        let told = |experiment: &str| {
            let told = serde_json::json!({ "__metadata__": { "meta_step": "7", "experiment": experiment } });
            refused(&file(&told.to_string()))
        };
        assert_eq!(told("{\"seed\":1}"), Refusal::Experiment);
        let newer = own().to_json().unwrap().replacen("\"seed\"", "\"sead\"", 1);
        assert_eq!(told(&newer), Refusal::Experiment);
    }

    #[test]
    fn a_network_for_other_tasks_is_refused_and_says_for_which() {
        let characters = preset("glyphs-light-maml-5w1s").unwrap().experiment();
        let refused = welcomed(&[], ("a", SHIPPED.to_vec()), &characters).unwrap_err();
        assert_eq!(refused, Refusal::Misfit(Misfit::Family { theirs: "sinusoid", ours: "characters" }));
    }
}
