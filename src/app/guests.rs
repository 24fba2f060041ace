//! Networks that a visitor brings along to be compared: what their files say, and which of them are here.

use std::sync::Arc;

use serde_json::Value;

use crate::experiment::{Contestant, Experiment, MOST_CONTESTANTS, Misfit, Saved, told_apart};

/// Most bytes of a file: the largest network with a rate for every weight, its optimiser's memory and its best state has
/// 20 MB.
pub const MOST_BYTES: usize = 32 << 20;

/// A network that is here while the page is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Guest {
    /// What its file says of it.
    pub saved: Saved,
    /// The file.
    bytes: Arc<Vec<u8>>,
}

/// Why a file does not become a guest.
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
}

impl Guest {
    /// It as a contestant.
    #[must_use]
    pub fn contestant(&self) -> Contestant {
        Contestant::Checkpoint(Box::new(self.saved.clone()))
    }
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
    let (meta_step, experiment) = read(&bytes)?;
    let names: Vec<String> = all.iter().map(|guest| guest.saved.name.clone()).collect();
    let saved = Saved { name: told_apart(file, &names), meta_step, experiment };
    saved.fits(own).map_err(Refusal::Misfit)?;
    let here = all.iter().find(|guest| *guest.bytes == bytes && guest.saved.name == told_apart(file, &[]));
    if let Some(here) = here {
        return Ok((all.to_vec(), here.contestant()));
    }
    if all.len() >= MOST_CONTESTANTS {
        return Err(Refusal::Full);
    }
    let guest = Guest { saved, bytes: Arc::new(bytes) };
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

/// Meta-steps and experiment of a checkpoint. Its file is that of safetensors: the length of the header (u64, the low byte
/// first), the header (JSON, what is ours under `__metadata__`), and the tensors, whose numbers the worker reads.
fn read(bytes: &[u8]) -> Result<(u32, Experiment), Refusal> {
    if bytes.len() > MOST_BYTES {
        return Err(Refusal::TooLarge);
    }
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or(Refusal::Foreign)?;
    if rest.first() != Some(&b'{') {
        return Err(Refusal::Foreign);
    }
    let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| Refusal::Foreign)?;
    let (header, tensors) = rest.split_at_checked(length).ok_or(Refusal::Truncated)?;
    let header: Value = serde_json::from_slice(header).map_err(|_| Refusal::Foreign)?;
    let ends = header.as_object().into_iter().flatten();
    let ends = ends.filter_map(|(_, tensor)| tensor.get("data_offsets")?.get(1)?.as_u64());
    if ends.max().is_some_and(|end| end > tensors.len() as u64) {
        return Err(Refusal::Truncated);
    }
    let ours = |name: &str| header.get("__metadata__")?.get(name)?.as_str();
    let (Some(meta_step), Some(experiment)) = (ours("meta_step"), ours("experiment")) else {
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
        assert_eq!((again.len(), same), (1, first));
        let longer: Vec<u8> = SHIPPED.iter().copied().chain([0]).collect();
        let (two, second) = welcomed(&all, ("a", longer), &own()).unwrap();
        assert_eq!((two.len(), second.name()), (2, "a (2)"));
    }

    #[test]
    fn as_many_as_can_take_part_are_here_at_once() {
        let mut all = Vec::new();
        for number in 0..MOST_CONTESTANTS {
            (all, _) = welcomed(&all, (&number.to_string(), SHIPPED.to_vec()), &own()).unwrap();
        }
        assert_eq!(welcomed(&all, ("another", SHIPPED.to_vec()), &own()), Err(Refusal::Full));
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
