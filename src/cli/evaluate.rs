//! `evaluate` and `trajectory`.

use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::ProgressBar;
use serde::Serialize;

use super::{
    CliError,
    arguments::{Evaluate, Source, SplitName, Start, Trajectory},
    beside::{self, Beside, beside},
    dataset,
    device::{label, place},
    listen, read_file, say, tasks_bar, tell,
};
use crate::{
    engine::{Checkpoint, Evaluating, Session},
    experiment::{Adaptation, Evaluation, Experiment, Interval, Shift, ShownTask, TaskSpec},
    model::Precision,
    task::Purpose,
    words::{Locale, evaluation::shift as name_of},
};

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    evaluation: &'a Evaluation,
    /// Whether that is every task that was asked for: not after Ctrl-C.
    finished: bool,
    /// Which tasks.
    split: &'static str,
    seed: u32,
    device: &'static str,
    meta_step: u32,
    /// What a paper reports; none where none does, or of other tasks than the test tasks.
    published: Option<Beside>,
    /// Only where `--shifted` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    shifted: Option<Vec<Shifted>>,
    experiment: &'a Experiment,
}

/// What was found on other tasks than those that were learned from.
#[derive(Serialize)]
struct Shifted {
    name: String,
    #[serde(flatten)]
    evaluation: Evaluation,
    task: TaskSpec,
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
    let seed = arguments.seed.unwrap_or(checkpoint.experiment.seed);
    let stop = listen()?;
    let mut found = pollster::block_on(async {
        let session = Session::resume(&checkpoint, place, data).await?;
        find(&session, arguments, (seed, purpose), &stop).await
    })?;
    let published = match arguments.split {
        SplitName::Test => beside(&checkpoint.experiment, &found.own, checkpoint.meta_step),
        SplitName::Validation | SplitName::Train => None,
    };
    // What is there only to stand beside a published figure stands there alone.
    found.own.steps.retain(|step| arguments.steps.contains(&step.step));
    let finished = found.done == found.asked;
    if arguments.json {
        let report = Report {
            evaluation: &found.own,
            finished,
            split: arguments.split.name(),
            seed,
            device: label(arguments.on.device),
            meta_step: checkpoint.meta_step,
            published,
            shifted: arguments.shifted.then_some(found.shifted),
            experiment: &checkpoint.experiment,
        };
        say(&serde_json::to_string_pretty(&report).map_err(CliError::request)?);
    } else {
        let classifies = checkpoint.experiment.task.family.classifies();
        let (tasks, split) = (covered(&found.own, arguments.tasks), arguments.split.name());
        say(&format!("{tasks} of the split {split}, seed {seed}, {} meta-steps of training", checkpoint.meta_step));
        say(&table(&found.own, classifies));
        if let Some(published) = published {
            say(&format!("\n{}", published.lines().join("\n")));
        }
        for Shifted { name, evaluation, .. } in &found.shifted {
            say(&format!("\n{name}: {}\n{}", covered(evaluation, arguments.tasks), table(evaluation, classifies)));
        }
    }
    if finished {
        return Ok(());
    }
    Err(CliError::Interrupted(format!(
        "stopped after {} of {} tasks; what is reported is over those",
        found.done, found.asked
    )))
}

/// What an evaluation has found when it ends or is stopped.
struct Findings {
    own: Evaluation,
    /// Those that were begun.
    shifted: Vec<Shifted>,
    /// Tasks evaluated, on all distributions together.
    done: u64,
    /// And tasks that were asked for.
    asked: u64,
}

/// Evaluates on the own tasks and, if asked to, on every shifted distribution that the network suits.
async fn find(
    session: &Session,
    arguments: &Evaluate,
    stream: (u32, Purpose),
    stop: &AtomicBool,
) -> Result<Findings, CliError> {
    let experiment = session.experiment();
    let mut steps = arguments.steps.clone();
    if arguments.split == SplitName::Test {
        steps.extend(beside::steps(experiment));
    }
    let mut own = Evaluating::new(session, (arguments.tasks, &steps), stream, None)?;
    let mut others = Vec::new();
    for shift in Shift::ALL.into_iter().filter(|shift| arguments.shifted && *shift != Shift::Own) {
        let Some(task) = shift.of(experiment) else { continue };
        let evaluating = Evaluating::new(session, (arguments.tasks, &arguments.steps), stream, Some(task.clone()));
        // As on the page: what cannot be drawn, or is out of its ranges, is not offered.
        others.extend(evaluating.ok().map(|evaluating| (name_of(Locale::en, shift, &task), task, evaluating)));
    }
    let asked = u64::from(arguments.tasks) * (1 + others.len() as u64);
    if arguments.shifted && others.is_empty() {
        tell("No shifted tasks suit this experiment.");
    }
    let bar = tasks_bar(asked);
    let mut done = advance(session, &mut own, &bar).await?;
    done += carry_on(session, &mut own, &bar, stop).await?;
    let mut shifted = Vec::new();
    for (name, task, mut evaluating) in others {
        done += carry_on(session, &mut evaluating, &bar, stop).await?;
        if evaluating.done() > 0 {
            shifted.push(Shifted { name, evaluation: evaluating.evaluation(), task });
        }
    }
    bar.finish_and_clear();
    Ok(Findings { own: own.evaluation(), shifted, done, asked })
}

/// Evaluates to the end, or for as long as nobody stops it, and says on how many tasks.
async fn carry_on(
    session: &Session,
    evaluating: &mut Evaluating,
    bar: &ProgressBar,
    stop: &AtomicBool,
) -> Result<u64, CliError> {
    let mut done = 0;
    while !evaluating.finished() && !stop.load(Ordering::Relaxed) {
        done += advance(session, evaluating, bar).await?;
    }
    Ok(done)
}

/// Evaluates on some tasks more, and says on how many.
async fn advance(session: &Session, evaluating: &mut Evaluating, bar: &ProgressBar) -> Result<u64, CliError> {
    let before = evaluating.done();
    evaluating.advance(session).await?;
    let more = u64::from(evaluating.done() - before);
    bar.inc(more);
    Ok(more)
}

/// How many tasks figures are over, and of how many if that is not all.
fn covered(evaluation: &Evaluation, asked: u32) -> String {
    match evaluation.tasks {
        tasks if tasks == asked => format!("{tasks} tasks"),
        tasks => format!("{tasks} of {asked} tasks"),
    }
}

/// A line an inner step.
fn table(evaluation: &Evaluation, classifies: bool) -> String {
    let accuracy = if classifies { "  accuracy (%)" } else { "" };
    let mut lines = vec![format!("inner steps  query loss (mean ± 95 % interval){accuracy}")];
    for step in &evaluation.steps {
        let figure = match step.diverged {
            0 => format!("{:.4} ± {:.4}", step.loss.mean, step.loss.ci95),
            count => format!("diverged on {count} of {} tasks: try a smaller learner.eval_lr", evaluation.tasks),
        };
        let accuracy = step
            .accuracy
            .map_or_else(String::new, |Interval { mean, ci95 }| format!("  {:.2} ± {:.2}", 100.0 * mean, 100.0 * ci95));
        let width = if classifies { 34 } else { 0 };
        lines.push(format!("{:>11}  {figure:width$}{accuracy}", step.step));
    }
    lines.join("\n")
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
