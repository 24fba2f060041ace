//! `landscape`: where tasks' weights go from the start, and the loss of one of them around it.

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    CliError,
    arguments::{self, PlaneName},
    dataset,
    device::{label, place},
    evaluate::{load, shown_task},
    say,
};
use crate::{
    engine::{Checkpoint, Data, Session},
    experiment::{Arrow, Choice as _, Experiment, PlaneKind, Surface},
    model::{Place, Precision},
};

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    landscape: &'a crate::experiment::Landscape,
    device: &'static str,
    experiment: &'a Experiment,
}

pub(super) fn landscape(arguments: &arguments::Landscape) -> Result<(), CliError> {
    let mut checkpoint = load(&arguments.file)?;
    let data = dataset::load(arguments.on.data.as_deref(), &mut checkpoint.experiment)?;
    let place = place(arguments.on.device, Precision::Single)?;
    let grid = (kind(arguments.plane), arguments.grid);
    let landscape = found(&checkpoint, place, data, arguments.task, arguments.tasks, grid)?;
    if arguments.json {
        let (device, experiment) = (label(arguments.on.device), &checkpoint.experiment);
        let report = Report { landscape: &landscape, device, experiment };
        say(&serde_json::to_string_pretty(&report).map_err(CliError::request)?);
        return Ok(());
    }
    print(&landscape, &checkpoint.experiment);
    Ok(())
}

pub(super) fn kind(plane: PlaneName) -> PlaneKind {
    match plane {
        PlaneName::Pca => PlaneKind::Paths,
        PlaneName::Random => PlaneKind::Random,
    }
}

/// The landscape around a checkpoint, with a bar that shows how far it is.
pub(super) fn found(
    checkpoint: &Checkpoint,
    place: Place,
    data: Data,
    task: Option<u32>,
    tasks: u32,
    grid: (PlaneKind, u32),
) -> Result<crate::experiment::Landscape, CliError> {
    let shown = shown_task(&checkpoint.experiment, task);
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len}") {
        bar.set_style(style);
    }
    let landscape = pollster::block_on(async {
        let session = Session::resume(checkpoint, place, data).await?;
        let progress = |done: u32, all: u32| {
            bar.set_length(all.into());
            bar.set_position(done.into());
        };
        session.landscape(&shown, tasks, grid, progress).await
    })?;
    bar.finish_and_clear();
    Ok(landscape)
}

fn print(landscape: &crate::experiment::Landscape, experiment: &Experiment) {
    let [one, two] = landscape.shares.map(|share| 100.0 * share);
    let plane = match landscape.plane {
        PlaneKind::Paths => "principal axes of all steps",
        PlaneKind::Random => "two random directions, normalised filter by filter",
    };
    let kind = experiment.learner.kind.name();
    say(&format!("{kind} after {} meta-steps; plane: {plane}", landscape.meta_step));
    say(&format!(
        "share of the squared distances from the start: {one:.1} % along the first axis, {two:.1} % the second"
    ));
    say("task  distance from the start  in the plane  end");
    for path in &landscape.paths {
        let (distance, at) = (path.distance.last().copied(), path.at.last().copied().unwrap_or_default());
        let mark = if path.shown { "  on show" } else { "" };
        say(&format!(
            "{:>4}  {:<23.4}  {:>10.1} %  {:.4}, {:.4}{mark}",
            path.index,
            distance.unwrap_or_default(),
            100.0 * path.inside,
            at[0],
            at[1]
        ));
    }
    if landscape.diverged > 0 {
        say(&format!("{} tasks diverged and are left out: try a smaller learner.eval_lr", landscape.diverged));
    }
    if let Some(ratio) = landscape.spread() {
        say(&format!("on average the paths end {ratio:.2} times as far from one another as from the start"));
    }
    say("direction of descent  length     in the plane  towards");
    for Arrow { kind, at, norm, inside } in &landscape.arrows {
        let [x, y] = at.map(|part| part / norm);
        say(&format!("{:<20}  {norm:<9.4}  {:>10.1} %  {x:.4}, {y:.4}", kind.name(), 100.0 * inside));
    }
    if let Some(surface) = &landscape.surface {
        print_surface(surface, landscape.middle, landscape.half);
    }
}

fn print_surface(surface: &Surface, [x, y]: [f64; 2], half: f64) {
    say(&format!(
        "loss of the task on show at {} × {} points from {:.3}, {:.3} to {:.3}, {:.3}",
        surface.side,
        surface.side,
        x - half,
        y - half,
        x + half,
        y + half
    ));
    for (name, losses) in [("support", &surface.support), ("query", &surface.query)] {
        let finite = losses.iter().filter(|loss| loss.is_finite());
        let (low, high) = finite.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), &loss| (l.min(loss), h.max(loss)));
        if low <= high {
            say(&format!("{name:<7}  from {low:.4} to {high:.4}"));
        }
    }
}
