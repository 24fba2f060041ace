//! Tasks of characters as the page draws them before, or without, any answer of the worker.

use crate::{
    app::library::wants_dataset,
    experiment::{CharacterTrajectory, Drawing, Experiment},
    task::{Characters, Dataset, Examples, Purpose, character_episode},
};

/// The shown task of an index, without steps; none where its dataset is not here or too small.
///
/// It is the task that the worker adapts to: both draw it from the same stream.
#[must_use]
pub fn sampled(experiment: &Experiment, dataset: Option<&Dataset>, index: u32) -> Option<CharacterTrajectory> {
    let Experiment { seed, task, .. } = experiment;
    let characters = match dataset {
        _ if !wants_dataset(experiment) => Characters::Procedural,
        dataset => Characters::Imported(dataset?),
    };
    let place = (*seed, Purpose::Show, u64::from(index));
    let episode = character_episode(task, characters, place, task.shots).ok()?;
    Some(CharacterTrajectory {
        classes: episode.classes.iter().map(ToString::to_string).collect(),
        support: drawings(episode.support),
        query: drawings(episode.query),
        ..CharacterTrajectory::default()
    })
}

fn drawings(examples: Examples) -> Vec<Drawing> {
    let pairs = examples.images.into_iter().zip(examples.classes);
    pairs.map(|(image, class)| Drawing { image, class: Some(class) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{app::change::opening, experiment::Family, experiment::Source};

    #[test]
    fn a_task_has_every_shot_and_query_of_every_class() {
        let mut experiment = opening(Family::Characters);
        (experiment.task.ways, experiment.task.shots, experiment.task.queries) = (3, 2, 4);
        let task = sampled(&experiment, None, 7).unwrap();
        assert_eq!((task.classes.len(), task.support.len(), task.query.len()), (3, 6, 12));
        assert!(task.steps.is_empty());
    }

    #[test]
    fn a_task_whose_dataset_is_not_here_is_not_made_up() {
        let mut experiment = opening(Family::Characters);
        experiment.task.source = Source::Imported;
        assert_eq!(sampled(&experiment, None, 0), None);
    }
}
