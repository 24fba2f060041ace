//! `figure`: how a task is adapted to, and where that takes the weights.

use super::{Asked, CliError};
use crate::{
    chart::Sheet,
    cli::landscape,
    experiment::{Adaptation, Landscape},
    figure::{self, Inner, Looked},
    words::classified::letter,
};

/// Other tasks whose paths are followed, and points in a row of the surface, as on the page.
const OTHERS: u32 = 12;
const SIDE: u32 = 33;

pub(super) fn adaptation(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let (experiment, meta_step, adapted) = asked.adapted()?;
    let learner = experiment.learner.kind;
    Ok(match &adapted {
        Adaptation::Regression(trajectory) if trajectory.grid.is_empty() => {
            figure::race(asked.locale, trajectory, learner, asked.state(trajectory.steps.len())?, asked.width)
        }
        Adaptation::Regression(trajectory) => {
            let step = asked.state(trajectory.steps.len())?;
            let looked = Looked { step, family: experiment.task.family, learner, meta_step };
            figure::adaptation(asked.locale, trajectory, looked, asked.width)
        }
        Adaptation::Characters(task) => {
            let step = asked.state(task.steps.len())?;
            figure::characters(asked.locale, task, (step, 0, learner, meta_step), letter, asked.width)
        }
    })
}

pub(super) fn steps(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let (_, _, adapted) = asked.adapted()?;
    let inner = Inner::of(&adapted);
    Ok(figure::steps(asked.locale, &inner, asked.state(inner.norm.len())?, asked.width))
}

pub(super) fn race(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let (experiment, _, adapted) = asked.adapted()?;
    match &adapted {
        Adaptation::Regression(trajectory) if !trajectory.rivals.is_empty() => {
            let step = asked.state(trajectory.steps.len())?;
            Ok(figure::race(asked.locale, trajectory, experiment.learner.kind, step, asked.width))
        }
        _ => Err(CliError::Request(
            "only an optimiser races: a checkpoint of the learner lstm_optimizer, or of quadratics".into(),
        )),
    }
}

/// The landscape: read, or computed here.
fn mapped(asked: &Asked<'_>, side: u32) -> Result<Landscape, CliError> {
    if let Some(landscape) = asked.read()? {
        return Ok(landscape);
    }
    let (checkpoint, place, data) = asked.loaded()?;
    let grid = (landscape::kind(asked.arguments.plane.unwrap_or_default()), side);
    landscape::found(&checkpoint, place, data, asked.arguments.task, OTHERS, grid)
}

/// Which of a path's places is that of the inner step on show.
fn place_of(asked: &Asked<'_>, landscape: &Landscape) -> Result<usize, CliError> {
    let last = landscape.steps.last().copied().unwrap_or_default();
    let step = asked.step(0, last)?.unwrap_or(last);
    Ok(landscape.steps.partition_point(|kept| *kept <= step).saturating_sub(1))
}

pub(super) fn paths(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let landscape = mapped(asked, 9)?;
    let current = landscape.paths.iter().position(|path| path.shown);
    let step = place_of(asked, &landscape)?;
    Ok(figure::paths(asked.locale, &landscape, current, step, asked.width))
}

pub(super) fn surface(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let landscape = mapped(asked, SIDE)?;
    let step = place_of(asked, &landscape)?;
    figure::surface(asked.locale, &landscape, asked.arguments.query, step, asked.width).ok_or_else(|| {
        CliError::Request("there is no finite loss around this start to draw: try a smaller learner.eval_lr".into())
    })
}
