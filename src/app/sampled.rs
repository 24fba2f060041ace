//! Tasks of characters as the page draws them before, or without, any answer of the worker.

use crate::{
    experiment::{CharacterTrajectory, Drawing, Experiment},
    task::{
        Image, Purpose,
        glyph::{GlyphName, draw},
    },
};

/// The task of an index, without steps.
#[must_use]
pub fn sampled(experiment: &Experiment, index: u32) -> Option<CharacterTrajectory> {
    let _ = (Purpose::Show, Image::blank());
    let ways = experiment.task.ways;
    let name = |class: u32| GlyphName { alphabet: index * 8 + 7, character: class as u16 };
    let set = |count: u32, drawer: u64| -> Vec<Drawing> {
        (0..count * ways)
            .map(|i| Drawing {
                image: draw(name(i % ways), drawer + u64::from(i / ways)),
                class: Some((i % ways) as u8),
            })
            .collect()
    };
    Some(CharacterTrajectory {
        classes: (0..ways).map(|class| format!("{}", name(class))).collect(),
        support: set(experiment.task.shots, 0),
        query: set(experiment.task.queries, 50),
        ..CharacterTrajectory::default()
    })
}
