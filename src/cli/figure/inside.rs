//! `figure`: what is inside a network, and inside a step.

use serde::Deserialize;

use super::{
    Asked, CliError,
    written::{self, Written},
};
use crate::{
    chart::Sheet,
    cli::evaluate::shown_task,
    engine::Session,
    experiment::{Activations, Anatomy, Choice as _, Experiment, Followed, Layers, Stage},
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

impl Written for Seen {
    fn fits(&self) -> Result<(), String> {
        written::layers(&self.layers)?;
        self.activations.iter().try_for_each(|activations| written::maps(activations, &self.layers.steps))
    }
}

impl Seen {
    /// The inner step that is asked for, of those up to the last that is told of.
    fn step(&self, asked: &Asked<'_>) -> Result<Option<u32>, CliError> {
        asked.step(0, self.layers.steps.last().copied().unwrap_or_default())
    }

    /// Where the inner step on show stands among those that are told of; without one, the last.
    fn place(&self, asked: &Asked<'_>) -> Result<usize, CliError> {
        let last = self.layers.steps.len().saturating_sub(1);
        Ok(self.step(asked)?.map_or(last, |step| self.layers.place(step)))
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
    let step = seen.step(asked)?;
    figure::layers(asked.locale, &seen.layers, means, step, asked.width).ok_or_else(|| {
        let others = match seen.layers.likeness {
            Some(_) => "the figures embedding and likeness",
            None => "the figure embedding",
        };
        let why = format!("no step inside a task changes a layer, so that there is no course to draw; see {others}");
        refused(&seen, &why)
    })
}

pub(super) fn embedding(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let seen = seen(asked, 0, None)?;
    let place = seen.place(asked)?;
    let steps = seen.layers.scene.iter().flat_map(|scene| &scene.places);
    let finite: Vec<bool> = steps.map(|step| step.iter().any(|at| at.iter().all(|value| value.is_finite()))).collect();
    if finite.get(place) == Some(&false) {
        let mut told = finite.iter().zip(&seen.layers.steps).take(place);
        let advice = match told.rfind(|(finite, _)| **finite) {
            Some((_, step)) => format!("choose --step {step}, or try a smaller learner.eval_lr"),
            None => "try a smaller learner.eval_lr".to_owned(),
        };
        let why = format!("the weights ran off, and no example has a finite place after this inner step; {advice}");
        return Err(refused(&seen, &why));
    }
    figure::embedding(asked.locale, &seen.layers, place, asked.width).ok_or_else(|| asked.lacking())
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
    figure::filters(asked.locale, &seen.layers, seen.place(asked)?, asked.width).ok_or_else(|| {
        let why = match seen.experiment.task.family.classifies() {
            true => "its network has no filters; only a convolutional one, model.network=conv4, has",
            false => {
                "its network has no filters; only a convolutional one, model.network=conv4, has, for tasks of characters"
            }
        };
        refused(&seen, why)
    })
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
    figure::maps(asked.locale, &seen.layers, (maps, &name), seen.place(asked)?, asked.width)
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
    let step = anatomy.step_of(asked.step(1, anatomy.steps.len() as u32)?.unwrap_or(1));
    let followed = followed(&anatomy, stage, arguments.weight.as_deref())?;
    Ok(figure::anatomy(asked.locale, &anatomy, (stage, step, followed), asked.width))
}

/// The number that a stage tells of: the one that is asked for, or the first of those that say something there.
fn followed<'a>(anatomy: &'a Anatomy, stage: Stage, name: Option<&str>) -> Result<Option<&'a Followed>, CliError> {
    let Some(name) = name else { return Ok(anatomy.followed_at(stage, None)) };
    let nudged = || anatomy.followed.iter().filter(|one| one.says(Stage::Nudge));
    let names = nudged().map(|one| one.name.as_str()).collect::<Vec<_>>().join("; ");
    let known = anatomy.followed.iter().any(|one| one.name == name);
    let why = match nudged().find(|one| one.name == name) {
        Some(one) if stage == Stage::Nudge => return Ok(Some(one)),
        Some(_) => format!("the stage {} does not tell of {name}; add --stage nudge", stage.name()),
        None if names.is_empty() => "no number is nudged here; leave --weight out".to_owned(),
        None if known => format!("{name} is not nudged; these are: {names}"),
        None => format!("{name} is not followed; these are: {names}"),
    };
    Err(CliError::Request(why))
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
