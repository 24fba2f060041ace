//! `evaluate` and `trajectory`.

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    CliError,
    arguments::{Evaluate, Source, SplitName, Start, Trajectory},
    dataset,
    device::{label, place},
    read_file, say,
};
use crate::{
    engine::{Checkpoint, Session},
    experiment::{Adaptation, Evaluation, Experiment, Interval, ShownTask},
    model::Precision,
    task::Purpose,
};

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    seed: u32,
    device: &'static str,
    meta_step: u32,
    experiment: &'a Experiment,
}

pub(super) fn load(path: &std::path::Path) -> Result<Checkpoint, CliError> {
    Checkpoint::from_bytes(&read_file(path)?).map_err(|error| CliError::Request(format!("{}: {error}", path.display())))
}

/// What to work on: a checkpoint's experiment, or one that is named. `task` says what for.
pub(super) fn start(start: &Start, task: &str) -> Result<(Experiment, Option<Checkpoint>), CliError> {
    let Start { file, source } = start;
    let Some(path) = file else {
        let experiment = source.experiment()?.ok_or_else(|| {
            CliError::Request(format!(
                "nothing to {task}: give a checkpoint, --preset NAME, --experiment FILE or --link LINK"
            ))
        })?;
        return Ok((experiment, None));
    };
    let checkpoint = load(path)?;
    let experiment = source.applied_to(checkpoint.experiment.clone())?;
    Ok((experiment, Some(checkpoint)))
}

/// The task on show: one of the stream, or the experiment's own with the points that a visitor placed.
pub(super) fn shown_task(experiment: &Experiment, task: Option<u32>) -> ShownTask {
    let view = &experiment.view;
    let points = if task.is_some() { Vec::new() } else { view.points.clone() };
    ShownTask { index: task.unwrap_or(view.task), points, drawings: None }
}

pub(super) fn evaluate(arguments: &Evaluate) -> Result<(), CliError> {
    let mut checkpoint = load(&arguments.file)?;
    let source = Source { preset: None, experiment: None, link: None, set: arguments.set.clone() };
    checkpoint.experiment = source.applied_to(checkpoint.experiment)?;
    let data = dataset::load(arguments.on.data.as_deref(), &mut checkpoint.experiment)?;
    let place = place(arguments.on.device, Precision::Single)?;
    let purpose = match arguments.split {
        SplitName::Test => Purpose::Test,
        SplitName::Validation => Purpose::Validation,
        SplitName::Train => Purpose::Known,
    };
    let bar = ProgressBar::new(arguments.tasks.into());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} tasks") {
        bar.set_style(style);
    }
    let seed = arguments.seed.unwrap_or(checkpoint.experiment.seed);
    let evaluation = pollster::block_on(async {
        let session = Session::resume(&checkpoint, place, data).await?;
        let progress = |done: u32| {
            bar.set_position(done.into());
            true
        };
        session.evaluate(arguments.tasks, &arguments.steps, (seed, purpose), progress).await
    })?;
    bar.finish_and_clear();
    if arguments.json {
        let report = Report {
            evaluation: &evaluation,
            seed,
            device: label(arguments.on.device),
            meta_step: checkpoint.meta_step,
            experiment: &checkpoint.experiment,
        };
        say(&serde_json::to_string_pretty(&report).map_err(CliError::request)?);
        return Ok(());
    }
    say(&format!("{} tasks, seed {seed}, {} meta-steps of training", evaluation.tasks, checkpoint.meta_step));
    let classifies = checkpoint.experiment.task.family.classifies();
    let accuracy = if classifies { "  accuracy (%)" } else { "" };
    say(&format!("inner steps  query loss (mean ± 95 % interval){accuracy}"));
    for step in &evaluation.steps {
        let figure = match step.diverged {
            0 => format!("{:.4} ± {:.4}", step.loss.mean, step.loss.ci95),
            count => format!("diverged on {count} of {} tasks: try a smaller learner.eval_lr", evaluation.tasks),
        };
        let accuracy = step
            .accuracy
            .map_or_else(String::new, |Interval { mean, ci95 }| format!("  {:.2} ± {:.2}", 100.0 * mean, 100.0 * ci95));
        let width = if classifies { 34 } else { 0 };
        say(&format!("{:>11}  {figure:width$}{accuracy}", step.step));
    }
    Ok(())
}

/// A trajectory with the parameters it started from: what the page shows before its worker has loaded.
#[derive(Serialize)]
struct Frame {
    meta_step: u32,
    fingerprint: String,
    trajectory: serde_json::Value,
}

pub(super) fn trajectory(arguments: &Trajectory) -> Result<(), CliError> {
    let mut checkpoint = load(&arguments.file)?;
    let data = dataset::load(arguments.on.data.as_deref(), &mut checkpoint.experiment)?;
    let place = place(arguments.on.device, Precision::Single)?;
    let frame = pollster::block_on(async {
        let session = Session::resume(&checkpoint, place, data).await?;
        let trajectory = session.trajectory(&shown_task(&checkpoint.experiment, arguments.task)).await?;
        let trajectory = match &trajectory {
            Adaptation::Regression(trajectory) => serde_json::to_value(trajectory),
            Adaptation::Characters(trajectory) => serde_json::to_value(trajectory),
        };
        let trajectory = trajectory.map_err(CliError::request)?;
        let fingerprint = session.fingerprint().to_owned();
        Ok::<_, CliError>(Frame { meta_step: session.meta_step(), fingerprint, trajectory })
    })?;
    say(&serde_json::to_string(&frame).map_err(CliError::request)?);
    Ok(())
}
