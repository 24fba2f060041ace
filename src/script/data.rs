//! The tasks of a meta-batch, as Python.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::Unscripted;
use crate::{
    experiment::Experiment,
    task::{Characters, Examples, Purpose, Samples, TaskSpec, character_episode, episode, meta_batch_index},
};

/// Most drawings in a program: about a hundred kilobytes of text where they are black and white.
pub const MOST_DRAWINGS: usize = 800;

/// Columns of a line of numbers.
const COLUMNS: usize = 100;

/// A tensor: its name, the type of its numbers in numpy, its shape, and its bytes, little-endian.
struct Tensor {
    name: &'static str,
    kind: &'static str,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

/// The tasks that the meta-batch after `meta_step` meta-steps would have, or as many of them as there is room for.
pub(super) fn of(experiment: &Experiment, meta_step: u32) -> Result<String, Unscripted> {
    let tensors = match experiment.task.family.classifies() {
        true => characters(experiment, meta_step)?,
        false => points(experiment, meta_step),
    };
    let tasks = tensors.first().and_then(|tensor| tensor.shape.first()).copied().unwrap_or_default();
    let all = experiment.outer.meta_batch as usize;
    let some = if tasks < all { format!("the first {tasks} of {all} tasks") } else { format!("all {all} tasks") };
    let mut text = format!(
        "# Data: {some} of the meta-batch that is next after {meta_step} meta-steps.\n# Each is the type of its numbers, \
         its shape [tasks, examples, ...], and its bytes in base64.\nDATA = {{\n"
    );
    for Tensor { name, kind, shape, bytes } in tensors {
        let shape: Vec<String> = shape.iter().map(usize::to_string).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  \"{name}\": (\"{kind}\", [{}],", shape.join(", "));
        for line in STANDARD.encode(&bytes).as_bytes().chunks(COLUMNS) {
            let _ = writeln!(text, "    \"{}\"", String::from_utf8_lossy(line));
        }
        text.push_str("  ),\n");
    }
    Ok(text + "}\n")
}

fn indices(tasks: u32, meta_step: u32) -> impl Iterator<Item = u64> {
    (0..tasks).map(move |task| meta_batch_index(meta_step, task))
}

/// Points of functions, each a number in and a number out.
fn points(experiment: &Experiment, meta_step: u32) -> Vec<Tensor> {
    let Experiment { task, seed, outer, .. } = experiment;
    let episodes: Vec<_> =
        indices(outer.meta_batch, meta_step).map(|index| episode(task, *seed, Purpose::Train, index)).collect();
    let tensor = |name, pick: &dyn Fn(&crate::task::Episode) -> Vec<f64>| {
        let values: Vec<f64> = episodes.iter().flat_map(pick).collect();
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let examples = values.len() / episodes.len().max(1);
        Tensor { name, kind: "<f8", shape: vec![episodes.len(), examples, 1], bytes }
    };
    let (x, y) = (|samples: &Samples| samples.x.clone(), |samples: &Samples| samples.y.clone());
    vec![
        tensor("support_x", &|episode| x(&episode.support)),
        tensor("support_y", &|episode| y(&episode.support)),
        tensor("query_x", &|episode| x(&episode.query)),
        tensor("query_y", &|episode| y(&episode.query)),
    ]
}

/// Drawings and their classes.
fn characters(experiment: &Experiment, meta_step: u32) -> Result<Vec<Tensor>, Unscripted> {
    let Experiment { task, seed, outer, .. } = experiment;
    let (ways, shots) = (experiment.train_ways(), experiment.train_shots());
    let each = (ways * (shots + task.queries)) as usize;
    let tasks = outer.meta_batch.min((MOST_DRAWINGS / each.max(1)).max(1) as u32);
    let spec = TaskSpec { ways, ..task.clone() };
    let draw = |index| character_episode(&spec, Characters::Procedural, (*seed, Purpose::Train, index), shots);
    let episodes: Vec<_> =
        indices(tasks, meta_step).map(draw).collect::<Result<_, _>>().map_err(|_| Unscripted::Undrawn)?;
    let tensors = |names: [&'static str; 2], pick: fn(&crate::task::CharacterEpisode) -> &Examples| {
        let examples = episodes.first().map_or(0, |episode| pick(episode).images.len());
        let ink: Vec<u8> =
            episodes.iter().flat_map(|one| pick(one).images.iter().flat_map(|image| image.ink().to_vec())).collect();
        let classes = episodes.iter().flat_map(|episode| pick(episode).classes.clone()).collect();
        let shape = vec![episodes.len(), examples];
        let pixels = [shape.clone(), vec![784]].concat();
        let (kind, bytes) =
            if ink.iter().all(|ink| matches!(ink, 0 | 255)) { ("bits", bits(&ink)) } else { ("u1", ink) };
        [
            Tensor { name: names[0], kind, shape: pixels, bytes },
            Tensor { name: names[1], kind: "u1", shape, bytes: classes },
        ]
    };
    let support = tensors(["support_x", "support_y"], |episode| &episode.support);
    let query = tensors(["query_x", "query_y"], |episode| &episode.query);
    Ok(support.into_iter().chain(query).collect())
}

/// Black and white pixels, eight a byte, the first in its highest bit.
fn bits(ink: &[u8]) -> Vec<u8> {
    let byte = |eight: &[u8]| {
        eight.iter().enumerate().fold(0, |byte, (place, ink)| byte | (u8::from(*ink > 0) << (7 - place)))
    };
    ink.chunks(8).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn the_points_are_those_of_the_meta_batch_to_the_last_bit() {
        let mut experiment = preset("sinusoid-maml-5shot").unwrap().experiment();
        experiment.outer.meta_batch = 2;
        let tensors = points(&experiment, 9);
        let second = episode(&experiment.task, experiment.seed, Purpose::Train, meta_batch_index(9, 1));
        let found: Vec<f64> =
            tensors[3].bytes.chunks(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap())).collect();
        assert_eq!((&tensors[3].shape[..], &found[5..]), (&[2, 5, 1][..], &second.query.y[..]));
    }

    #[test]
    fn black_and_white_is_packed_and_there_is_room_for_one_task_at_least() {
        assert_eq!(bits(&[255, 0, 0, 0, 0, 0, 0, 255, 255]), [0b1000_0001, 0b1000_0000]);
        let mut experiment = preset("glyphs-light-maml-5w1s").unwrap().experiment();
        (experiment.task.queries, experiment.task.ways) = (20, 20);
        let text = of(&experiment, 0).unwrap();
        assert!(text.starts_with("# Data: the first 1 of "), "{}", &text[..60]);
    }
}
