//! `figure`: what is inside a network, and inside a step.

use serde::Deserialize;

use super::{CliError, anatomy::chosen, arguments::Figure, evaluate::shown_task, figure::Asked};
use crate::{
    chart::Sheet,
    engine::Session,
    experiment::{Activations, Anatomy, Choice as _, Experiment, Layers},
    figure,
    words::layers as told,
};

/// Further tasks that the means are over, as on the page.
const OTHERS: u32 = 20;

/// What `layers --json` prints.
#[derive(Deserialize)]
struct Seen {
    #[serde(flatten)]
    layers: Layers,
    activations: Option<Activations>,
    experiment: Experiment,
}

impl Seen {
    /// Where the inner step on show stands among those that are told of; without one, the last.
    fn place(&self, arguments: &Figure) -> usize {
        let last = self.layers.steps.len().saturating_sub(1);
        arguments.step.map_or(last, |step| self.layers.place(step))
    }
}

/// What is seen inside: read, or looked into here, with means over so many further tasks and the maps of a drawing.
fn seen(asked: &Asked<'_>, others: u32, drawing: Option<u32>) -> Result<Seen, CliError> {
    if let Some(seen) = asked.read()? {
        return Ok(seen);
    }
    let (checkpoint, place, data) = asked.loaded()?;
    let shown = shown_task(&checkpoint.experiment, asked.arguments.task);
    let (layers, activations) = pollster::block_on(async {
        let session = Session::resume(&checkpoint, place, data).await?;
        let activations = match drawing {
            Some(drawing) => Some(session.activations(&shown, drawing).await?),
            None => None,
        };
        Ok::<_, CliError>((session.layers(&shown, others, |_, _| {}).await?, activations))
    })?;
    Ok(Seen { layers, activations, experiment: checkpoint.experiment })
}

/// Why there is nothing to draw.
fn refused(seen: &Seen, why: &str) -> CliError {
    CliError::Request(format!("{}: {why}", seen.experiment.learner.kind.name()))
}

pub(super) fn layers(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let own = asked.arguments.own;
    let seen = seen(asked, if own { 0 } else { OTHERS }, None)?;
    let means = seen.layers.tasks > 1 && !own;
    figure::layers(asked.locale, &seen.layers, means, asked.arguments.step, asked.width).ok_or_else(|| {
        let why = "no step inside a task changes a layer, so that there is no course to draw; see the figures embedding \
                   and likeness";
        refused(&seen, why)
    })
}

pub(super) fn embedding(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let seen = seen(asked, 0, None)?;
    figure::embedding(asked.locale, &seen.layers, seen.place(asked.arguments), asked.width)
        .ok_or_else(|| asked.lacking())
}

pub(super) fn likeness(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let seen = seen(asked, 0, None)?;
    figure::likeness(asked.locale, &seen.layers, asked.width).ok_or_else(|| {
        let why =
            "this learner compares no query with a drawing or a class; matching, matching_fce, siamese and relation do";
        refused(&seen, why)
    })
}

pub(super) fn filters(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let seen = seen(asked, 0, None)?;
    figure::filters(asked.locale, &seen.layers, seen.place(asked.arguments), asked.width)
        .ok_or_else(|| refused(&seen, "its network has no filters; only a convolutional one, model.network=conv4, has"))
}

pub(super) fn maps(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let seen = seen(asked, 0, Some(asked.arguments.drawing.unwrap_or_default()))?;
    let maps = seen.activations.as_ref().ok_or_else(|| {
        CliError::Request("this file has no feature maps: write it by `layers --drawing N --json`".to_owned())
    })?;
    if asked.arguments.drawing.is_some_and(|drawing| drawing != maps.drawing) {
        let told = format!("this file has the maps of drawing {} alone; leave --drawing out", maps.drawing);
        return Err(CliError::Request(told));
    }
    let examples = seen.layers.scene.as_ref().map(|scene| scene.examples.as_slice()).unwrap_or_default();
    let number = maps.drawing as usize;
    let before = examples.iter().filter(|example| !example.query).count();
    let (query, place) = if number < before { (false, number) } else { (true, number - before) };
    let class = examples.get(number).and_then(|example| example.class).map(usize::from);
    let name = told::drawing(asked.locale, query, place, class);
    figure::maps(asked.locale, &seen.layers, (maps, &name), seen.place(asked.arguments), asked.width)
        .ok_or_else(|| asked.lacking())
}

pub(super) fn anatomy(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let anatomy = opened(asked)?;
    let arguments = asked.arguments;
    let stages = anatomy.stages();
    let stage = match (arguments.stage, stages.first()) {
        (Some(stage), _) => stage,
        (None, first) => *first.ok_or_else(|| asked.lacking())?,
    };
    if !stages.contains(&stage) {
        let names = stages.iter().map(|stage| stage.name()).collect::<Vec<_>>().join(", ");
        let (kind, stage) = (anatomy.kind.name(), stage.name());
        return Err(CliError::Request(format!("{kind} has no stage {stage} here; its stages are {names}")));
    }
    let count = anatomy.count();
    if let Some(step) = arguments.step.filter(|step| *step == 0 || *step as usize > count.max(1)) {
        return Err(CliError::Request(format!("there is no inner step {step}; choose one from 1 to {}", count.max(1))));
    }
    let step = anatomy.step_of(arguments.step.unwrap_or(1));
    let followed = match arguments.weight.as_deref() {
        Some(name) => chosen(&anatomy.followed, Some(name))?.filter(|one| one.says(stage)),
        None => anatomy.followed_at(stage, None),
    };
    Ok(figure::anatomy(asked.locale, &anatomy, (stage, step, followed), asked.width))
}

/// The anatomy: read, or found here.
fn opened(asked: &Asked<'_>) -> Result<Anatomy, CliError> {
    if let Some(anatomy) = asked.read()? {
        return Ok(anatomy);
    }
    let (checkpoint, place, data) = asked.loaded()?;
    let shown = shown_task(&checkpoint.experiment, asked.arguments.task);
    let anatomy = pollster::block_on(async {
        let session = Session::resume(&checkpoint, place, data).await?;
        session.anatomy(&shown, |_, _| {}).await
    })?;
    Ok(anatomy)
}
