//! `figure`: whether the lists of what another command has written fit together.
//!
//! Files come from strangers: a list that is cut short would leave a figure without a number in its middle, and a length
//! that is told and not there would be drawn all the same. What has no list that a figure relies on fits as it is read.

use std::fmt::Display;

use serde::de::DeserializeOwned;

use crate::{
    experiment::{Activations, Adaptation, Anatomy, Choice as _, Landscape, Layers, Searched, Surface, Trajectory},
    task::SIDE,
};

/// Most feature maps of a block: as many as `model.filters` may be.
const MOST_MAPS: u32 = 64;

/// Most places in a row of a feature map: those of a drawing, which convolutions only make fewer.
const MOST_PLACES: u32 = SIDE as u32;

/// Most classes of a task: as many as `task.ways` may be.
const MOST_CLASSES: usize = 20;

/// Largest number that is drawn: beyond it the middle of two is none.
pub(super) const MOST_NUMBER: f64 = 1e30;

/// Weights of a filter of the first layer: three rows of three.
const WEIGHTS: usize = 9;

/// What another command has written.
pub(super) trait Written: DeserializeOwned {
    /// What of it does not fit the rest, as what stands behind "the file has".
    fn fits(&self) -> Result<(), String> {
        Ok(())
    }
}

impl Written for serde_json::Value {}

impl Written for Searched {}

/// That there are so many of something.
fn count(what: impl Display, found: usize, wanted: usize) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("{found} {what} where {wanted} belong")) }
}

/// That numbers can be drawn.
fn drawable(what: impl Display, numbers: &[f64]) -> Result<(), String> {
    match numbers.iter().find(|number| !number.is_finite() || number.abs() > MOST_NUMBER) {
        Some(number) => Err(format!("{number:e} as {what}, where numbers up to {MOST_NUMBER:e} can be drawn")),
        None => Ok(()),
    }
}

/// That inner steps ascend from the start.
fn ascend(steps: &[u32]) -> Result<(), String> {
    let ascend = steps.first() == Some(&0) && steps.is_sorted_by(|one, other| one < other);
    if ascend { Ok(()) } else { Err("inner steps that do not ascend from 0".to_owned()) }
}

impl Written for Landscape {
    fn fits(&self) -> Result<(), String> {
        ascend(&self.steps)?;
        drawable("a share of an axis", &self.shares)?;
        drawable("the middle of the square", &self.middle)?;
        drawable("half of the square's side", &[self.half])?;
        for path in &self.paths {
            count(format!("places of the path of task {}", path.index), path.at.len(), self.steps.len())?;
            drawable(format!("a place of the path of task {}", path.index), path.at.as_flattened())?;
        }
        for arrow in &self.arrows {
            drawable(format!("the direction of {}", arrow.kind.name()), &arrow.at)?;
        }
        let Some(Surface { side, support, query }) = &self.surface else { return Ok(()) };
        if !Surface::SIDES.contains(side) {
            let sides = Surface::SIDES.map(|side| side.to_string()).join(", ");
            return Err(format!("a surface of {side} × {side} points where one of {sides} in a row belongs"));
        }
        let points = (side * side) as usize;
        count("losses of the support set", support.len(), points)?;
        if query.is_empty() { Ok(()) } else { count("losses of the query set", query.len(), points) }
    }
}

/// Of what `layers` writes, all but feature maps.
pub(super) fn layers(layers: &Layers) -> Result<(), String> {
    ascend(&layers.steps)?;
    let steps = layers.steps.len();
    for layer in &layers.layers {
        count(format!("inner steps of {}", layer.name), layer.shown.len(), steps)?;
        if !layer.others.is_empty() {
            count(format!("means of {}", layer.name), layer.others.len(), steps)?;
        }
    }
    if let Some(first) = layers.filters.first() {
        count("states of the filters", layers.filters.len(), steps)?;
        let filters = first.len() / WEIGHTS;
        if !(1..=MOST_MAPS as usize).contains(&filters) {
            return Err(format!("{filters} filters where 1 to {MOST_MAPS} belong"));
        }
        for (state, step) in layers.filters.iter().zip(&layers.steps) {
            count(format!("weights of the filters after inner step {step}"), state.len(), filters * WEIGHTS)?;
        }
    }
    let classes = |class: Option<u8>| class.is_none_or(|class| usize::from(class) < MOST_CLASSES);
    let Some(scene) = &layers.scene else { return Ok(()) };
    count("states of the examples", scene.places.len(), steps)?;
    for (places, step) in scene.places.iter().zip(&layers.steps) {
        count(format!("places of examples after inner step {step}"), places.len(), scene.examples.len())?;
    }
    let known = scene.examples.iter().all(|example| classes(example.class));
    if !known || scene.prototypes.len() > MOST_CLASSES {
        return Err(format!("more classes than the {MOST_CLASSES} that a task may have"));
    }
    let Some(likeness) = &layers.likeness else { return Ok(()) };
    let queries = scene.examples.iter().filter(|example| example.query).count();
    count("rows of likeness", likeness.rows.len(), queries)?;
    for (number, row) in likeness.rows.iter().enumerate() {
        count(format!("likenesses of query {number}"), row.len(), likeness.columns.len())?;
    }
    Ok(())
}

/// The feature maps of a drawing, at the inner steps that layers tell of.
pub(super) fn maps(activations: &Activations, steps: &[u32]) -> Result<(), String> {
    if activations.steps != steps {
        return Err("feature maps of other inner steps than its layers".to_owned());
    }
    if activations.blocks.is_empty() {
        return Err("no block of feature maps where at least 1 belongs".to_owned());
    }
    for (number, block) in activations.blocks.iter().enumerate() {
        let (side, maps) = (block.side, block.maps);
        if !(1..=MOST_PLACES).contains(&side) || !(1..=MOST_MAPS).contains(&maps) {
            return Err(format!(
                "a block of {maps} feature maps of {side} × {side} places where 1 to {MOST_MAPS} of 1 × 1 to \
                 {MOST_PLACES} × {MOST_PLACES} belong"
            ));
        }
        count(format!("states of block {}", number + 1), block.values.len(), steps.len())?;
        for (values, step) in block.values.iter().zip(steps) {
            let wanted = (side * side * maps) as usize;
            count(format!("numbers of block {} after inner step {step}", number + 1), values.len(), wanted)?;
        }
    }
    Ok(())
}

impl Written for Anatomy {
    fn fits(&self) -> Result<(), String> {
        let (layers, learned) = (self.layers.len(), self.learned.len());
        for (number, step) in self.steps.iter().enumerate() {
            let seen = step.seen.len();
            let of = |what: &str| format!("{what} of inner step {}", number + 1);
            count(of("predictions"), step.predictions.len(), seen)?;
            count(of("targets"), step.targets.len(), seen)?;
            count(of("losses"), step.terms.len(), seen)?;
            count(of("gradients"), step.gradient.len(), layers)?;
            count(of("movements"), step.moved.len(), layers)?;
            count(of("lengths"), step.length.len(), layers)?;
        }
        if let Some(way) = &self.way {
            count("norms of the way back", way.last.len(), layers)?;
            for (number, step) in way.steps.iter().enumerate() {
                count(format!("Hessian terms of inner step {}", number + 1), step.bent.len(), layers)?;
                count(format!("norms behind inner step {}", number + 1), step.to.len(), layers)?;
            }
        }
        if let Some(gradient) = &self.gradient {
            count("norms of the meta-gradient", gradient.norms.len(), learned)?;
        }
        if let Some(outer) = &self.outer {
            count("norms of the mean gradient", outer.gradient.len(), learned)?;
            count("movements of the meta-step", outer.moved.len(), learned)?;
        }
        match &self.adaptation {
            Adaptation::Regression(task) => curves(task),
            Adaptation::Characters(_) => Ok(()),
        }
    }
}

/// The function and the predictions on a grid.
pub(super) fn curves(task: &Trajectory) -> Result<(), String> {
    count("values of the function", task.truth.len(), task.grid.len())?;
    for (number, step) in task.steps.iter().enumerate() {
        count(format!("predictions on the grid after inner step {number}"), step.prediction.len(), task.grid.len())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Block, Example, Kind, LayerCourse, LayerFigures, Likeness, LikenessKind, Scene, field};

    /// What breaks a file that fits.
    type Change<T> = fn(&mut T);

    fn whole() -> (Layers, Activations) {
        let shown = vec![LayerFigures::default(); 2];
        let layer = LayerCourse { name: "conv0".to_owned(), head: false, shown, others: Vec::new() };
        let example = |query| Example { query, class: Some(1), point: None };
        let scene = Scene {
            examples: vec![example(false), example(true)],
            places: vec![vec![[0.0; 2]; 2]; 2],
            ..Scene::default()
        };
        let likeness = Likeness { kind: LikenessKind::Attention, columns: vec![Some(1)], rows: vec![vec![1.0]] };
        let layers = Layers {
            steps: vec![0, 3],
            layers: vec![layer],
            scene: Some(scene),
            likeness: Some(likeness),
            filters: vec![vec![0.5; 18]; 2],
            ..Layers::default()
        };
        let block = Block { side: 2, maps: 3, values: vec![vec![0.5; 12]; 2] };
        (layers, Activations { meta_step: 0, drawing: 0, steps: vec![0, 3], blocks: vec![block] })
    }

    #[test]
    fn layers_whose_lists_are_of_unequal_lengths_are_refused_by_what_is_missing() {
        let of = |change: Change<Layers>| {
            let (mut all, _) = whole();
            change(&mut all);
            layers(&all)
        };
        assert_eq!(of(|_| {}), Ok(()));
        let broken: [(Change<Layers>, &str); 10] = [
            (|all| all.steps.clear(), "inner steps that do not ascend from 0"),
            (|all| all.steps = vec![0, 0], "inner steps that do not ascend from 0"),
            (|all| all.layers[0].shown.truncate(1), "1 inner steps of conv0 where 2 belong"),
            (|all| all.filters.truncate(1), "1 states of the filters where 2 belong"),
            (|all| all.filters[1].truncate(17), "17 weights of the filters after inner step 3 where 18 belong"),
            (|all| all.filters = vec![vec![0.5; 9 * 65]; 2], "65 filters where 1 to 64 belong"),
            (|all| all.scene.iter_mut().for_each(|scene| scene.places[1].truncate(1)), "1 places of examples"),
            (|all| all.scene.iter_mut().for_each(|scene| scene.examples[0].class = Some(255)), "more classes"),
            (|all| all.likeness.iter_mut().for_each(|one| one.rows.clear()), "0 rows of likeness where 1 belong"),
            (|all| all.likeness.iter_mut().for_each(|one| one.rows[0].clear()), "0 likenesses of query 0"),
        ];
        for (change, wanted) in broken {
            assert!(of(change).is_err_and(|why| why.starts_with(wanted)), "{wanted}: {:?}", of(change));
        }
    }

    #[test]
    fn feature_maps_that_are_cut_short_or_larger_than_any_are_refused() {
        let of = |change: Change<Activations>| {
            let (all, mut made) = whole();
            change(&mut made);
            maps(&made, &all.steps)
        };
        assert_eq!(of(|_| {}), Ok(()));
        let broken: [(Change<Activations>, &str); 7] = [
            (|made| made.steps = vec![0, 2], "feature maps of other inner steps"),
            (|made| made.blocks.clear(), "no block of feature maps"),
            (|made| made.blocks[0].values.truncate(1), "1 states of block 1 where 2 belong"),
            (|made| made.blocks[0].values[1].truncate(11), "11 numbers of block 1 after inner step 3 where 12 belong"),
            (|made| made.blocks[0].side = u32::MAX, "a block of 3 feature maps of 4294967295 × 4294967295 places"),
            (|made| made.blocks[0].maps = 1_000_000, "a block of 1000000 feature maps"),
            (
                |made| (made.blocks[0].side, made.blocks[0].values) = (0, vec![Vec::new(); 2]),
                "a block of 3 feature maps of 0",
            ),
        ];
        for (change, wanted) in broken {
            assert!(of(change).is_err_and(|why| why.starts_with(wanted)), "{wanted}: {:?}", of(change));
        }
    }

    #[test]
    fn numbers_that_have_no_place_in_a_picture_are_refused() {
        assert_eq!(drawable("a place", &[0.0, -1e30, 3.5]), Ok(()));
        for number in [1e31, -1e300, f64::INFINITY, f64::NAN] {
            let why = drawable("a place", &[0.0, number]);
            let told = "as a place, where numbers up to 1e30 can be drawn";
            assert!(why.as_ref().is_err_and(|why| why.ends_with(told)), "{why:?}");
        }
    }

    #[test]
    fn limits_are_those_of_the_settings() {
        let most = |path| match field(path).unwrap().kind {
            Kind::Integer { max, .. } => max,
            _ => 0,
        };
        assert_eq!((most("model.filters"), most("task.ways") as usize), (MOST_MAPS, MOST_CLASSES));
    }
}
