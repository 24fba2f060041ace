//! `train`.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{
    CliError,
    arguments::{Source, Train},
    check_writable, dataset,
    device::place,
    evaluate::load,
    listen, quoted, read_text, streams, tell,
    tensorboard::Board,
    write_file,
};
use crate::{
    engine::{EngineError, Session},
    experiment::{Accuracies, Check, CurvePoint, Ending},
    model::{Place, Precision},
};

/// Between two looks at Ctrl-C and two strokes of the progress bar.
const LOOK: Duration = Duration::from_millis(100);
/// Between two checkpoints on disk: what a crash may cost.
const SAVE: Duration = Duration::from_secs(60);

/// Gives back what Ctrl-C sets, for whoever has more to do: a program listens once.
pub(super) fn train(arguments: &Train) -> Result<Arc<AtomicBool>, CliError> {
    if arguments.curve.as_deref().is_some_and(|curve| same(curve, &arguments.out)) {
        return Err(CliError::Request(format!(
            "--out and --curve are both {}: give the curve a file of its own",
            arguments.out.display()
        )));
    }
    let place = place(arguments.on.device, Precision::Single)?;
    let session = pollster::block_on(start(arguments, place))?;
    let stop = listen()?;
    carry_out(session, arguments, &stop)?;
    Ok(stop)
}

/// Trains until the budget or the time is spent, or somebody stops it, and saves.
fn carry_out(mut session: Session, arguments: &Train, stop: &AtomicBool) -> Result<(), CliError> {
    let classifies = session.experiment().task.family.classifies();
    let mut curve = Curve::new(arguments.curve.as_deref(), arguments.resume.is_some(), classifies)?;
    if let Some((path, last)) =
        curve.path.zip(curve.points.last()).filter(|(_, last)| last.meta_step < session.meta_step())
    {
        tell(&format!(
            "{} ends at meta-step {}, and the run goes on from {}: those between are missing.",
            path.display(),
            last.meta_step,
            session.meta_step()
        ));
    }
    // A folder that is missing is found out now, not after an hour of training. What is read as it is written, such as
    // a pipe, gets one checkpoint alone.
    let interim = !streams(&arguments.out);
    let curve_interim = !arguments.curve.as_deref().is_some_and(streams);
    // The checkpoint that may stand there already is not given up for a run that cannot begin.
    if let Some(curve) = &arguments.curve {
        check_writable(curve)?;
    }
    if interim {
        save(&session, arguments)?;
    }
    if curve_interim {
        curve.write()?;
    }

    let budget = session.experiment().budget.meta_steps;
    let bar = ProgressBar::new(budget.into()).with_position(session.meta_step().into());
    bar.reset_eta();
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} meta-steps  {msg}  {eta} left") {
        bar.set_style(style);
    }
    let mut board = match &arguments.tensorboard {
        Some(folder) => {
            let text = session.experiment().to_json().map_err(CliError::request)?;
            // The text plugin reads Markdown: a block of code keeps its lines.
            Some(Board::new(folder, "experiment", &format!("```json\n{text}\n```"))?)
        }
        None => None,
    };
    let mut pace = 1;
    let mut saved = Instant::now();
    let started = Instant::now();
    let in_time = || arguments.minutes.is_none_or(|minutes| started.elapsed().as_secs_f64() < 60.0 * minutes);
    while !session.finished() && !stop.load(Ordering::Relaxed) && in_time() {
        let begun = Instant::now();
        match pollster::block_on(session.train(pace)) {
            Ok(points) => {
                curve.add(&points);
                let checks = session.take_checks();
                let written = board.as_mut().map_or(Ok(()), |board| board.add(&points, &checks));
                if let Err(error) = written {
                    // What is watched is worth less than what is trained.
                    bar.suspend(|| tell(&format!("no more is written for TensorBoard: {error}")));
                    board = None;
                }
                for check in checks {
                    bar.suspend(|| tell(&told(&check)));
                    curve.check(check);
                }
            }
            Err(error) => {
                bar.abandon();
                save(&session, arguments)?;
                if let Err(lost) = curve.write() {
                    tell(&lost.to_string());
                }
                return Err(match error {
                    EngineError::Diverged { .. } => CliError::Failed(format!(
                        "{error} The last finite meta-parameters are in {}.",
                        arguments.out.display()
                    )),
                    error => error.into(),
                });
            }
        }
        let fit = LOOK.as_secs_f64() / begun.elapsed().as_secs_f64().max(1e-6) * f64::from(pace);
        pace = (fit as u32).clamp(1, pace.saturating_mul(2));
        bar.set_position(session.meta_step().into());
        bar.set_message(format!("{:.1}/s  {}", bar.per_sec(), curve.summary()));
        if saved.elapsed() >= SAVE {
            if interim {
                save(&session, arguments)?;
            }
            if curve_interim && let Err(lost) = curve.write() {
                bar.suspend(|| tell(&lost.to_string()));
            }
            saved = Instant::now();
        }
    }
    // Left as it stands: a bar that jumps to its end says that the run did.
    bar.abandon();
    save(&session, arguments)?;
    curve.write()?;
    let (done, out) = (session.meta_step(), quoted(&arguments.out));
    let data = arguments.on.data.as_deref().map_or_else(String::new, |data| format!(" --data {}", quoted(data)));
    if let Some(Ending { at, best, early }) = session.ending() {
        let why = if early { "the validation tasks got no better" } else { "the budget is spent" };
        tell(&format!(
            "At meta-step {at} {why}; the meta-parameters are those of the best check, at meta-step {best}."
        ));
    }
    if !stop.load(Ordering::Relaxed) {
        tell(&format!(
            "{done} meta-steps done in {:.1} minutes, fingerprint {}, {}, saved in {out}. Next: kindling evaluate \
             {out}{data}",
            started.elapsed().as_secs_f64() / 60.0,
            session.fingerprint(),
            curve.summary()
        ));
        return Ok(());
    }
    let curve = arguments.curve.as_deref().map_or_else(String::new, |curve| format!(" --curve {}", quoted(curve)));
    Err(CliError::Interrupted(format!(
        "stopped after {done} of {budget} meta-steps, saved in {out}. To go on: kindling train --resume {out} --out \
         {out}{data}{curve}"
    )))
}

/// Whether two paths lead to one file, where one would take the place of the other.
fn same(a: &Path, b: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    !streams(a) && whole(a).is_some_and(|a| whole(b).is_some_and(|b| a == b))
}

async fn start(arguments: &Train, place: Place) -> Result<Session, CliError> {
    let budget = |experiment: &mut crate::experiment::Experiment| match arguments.meta_steps {
        Some(meta_steps) => experiment.set("budget.meta_steps", &meta_steps.to_string()).map_err(CliError::request),
        None => Ok(()),
    };
    if let Some(path) = &arguments.resume {
        let checkpoint = load(path)?;
        let mut resumed = checkpoint.clone();
        let data = dataset::load(arguments.on.data.as_deref(), &mut resumed.experiment)?;
        let mut session = Session::resume(&resumed, place, data).await?;
        let mut next = Source::applied_to(&arguments.source, resumed.experiment)?;
        budget(&mut next)?;
        let restarts = checkpoint.experiment.restarts(&next);
        if !restarts.is_empty() {
            return Err(CliError::Request(format!(
                "a checkpoint cannot go on with another {}: train afresh, without --resume",
                restarts.join(", ")
            )));
        }
        session.update(next)?;
        if let Some(Ending { at, early: true, .. }) = session.ending() {
            return Err(CliError::Request(format!(
                "{} was stopped early at meta-step {at}: give it more patience with --set budget.patience=N",
                path.display()
            )));
        }
        if session.finished() {
            return Err(CliError::Request(format!(
                "{} has spent its budget of {} meta-steps: give more with --meta-steps",
                path.display(),
                session.experiment().budget.meta_steps
            )));
        }
        return Ok(session);
    }
    let mut experiment = arguments.source.experiment()?.ok_or_else(|| {
        CliError::Request(
            "nothing to train: give --preset NAME, --experiment FILE, --link LINK or --resume FILE".into(),
        )
    })?;
    budget(&mut experiment)?;
    let data = dataset::load(arguments.on.data.as_deref(), &mut experiment)?;
    Ok(Session::new(experiment, place, data).await?)
}

fn save(session: &Session, arguments: &Train) -> Result<(), CliError> {
    let checkpoint = pollster::block_on(session.checkpoint())?;
    // Only a run that is over can do without its optimiser: one that was stopped goes on with it.
    let checkpoint = if arguments.weights_only && session.finished() { checkpoint.weights_only() } else { checkpoint };
    write_file(&arguments.out, &checkpoint.to_bytes()?)
}

/// A check on validation tasks, in a line.
fn told(Check { meta_step, loss, accuracy }: &Check) -> String {
    let accuracy = accuracy.map_or_else(String::new, |share| format!(", accuracy {:.1} %", 100.0 * share));
    format!("meta-step {meta_step}: validation loss {loss:.3}{accuracy}")
}

/// What [`Curve::csv`] wrote; none where the text is something else.
fn earlier(text: &str, classifies: bool) -> Option<(Vec<CurvePoint>, Vec<Check>)> {
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap_or("meta_step,before,after").split(',').collect();
    if !columns.starts_with(&["meta_step", "before", "after"]) {
        return None;
    }
    let (mut points, mut checks) = (Vec::new(), Vec::new());
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        if cells.len() != columns.len() {
            return None;
        }
        let number = |name: &str| -> Option<f32> {
            let place = columns.iter().position(|column| *column == name)?;
            cells.get(place)?.parse().ok()
        };
        let meta_step: u32 = cells.first()?.parse().ok()?;
        let accuracies = number("accuracy_before").zip(number("accuracy_after"));
        let accuracy = accuracies.map(|(before, after)| Accuracies { before, after });
        if accuracy.is_some() != classifies {
            return None;
        }
        points.push(CurvePoint { meta_step, before: number("before")?, after: number("after")?, accuracy });
        let check = number("validation_loss").map(|loss| (loss, number("validation_accuracy")));
        checks.extend(check.map(|(loss, accuracy)| Check { meta_step, loss, accuracy }));
    }
    points.is_sorted_by_key(|point| point.meta_step).then_some((points, checks))
}

/// The figures so far, smoothed for the eye and, if asked for, in full for the file.
struct Curve<'a> {
    path: Option<&'a Path>,
    points: Vec<CurvePoint>,
    checks: Vec<Check>,
    before: f32,
    after: f32,
    /// Accuracy after adaptation; none for regression.
    accuracy: Option<f32>,
    empty: bool,
}

impl<'a> Curve<'a> {
    /// `resumes` a run whose curve may be in the file already.
    fn new(path: Option<&'a Path>, resumes: bool, classifies: bool) -> Result<Self, CliError> {
        let (points, checks) = match path.filter(|path| resumes && !streams(path) && path.exists()) {
            Some(path) => earlier(&read_text(path)?, classifies).ok_or_else(|| {
                CliError::Request(format!(
                    "{} is there and holds no curve that this run could go on with: name another file after --curve",
                    path.display()
                ))
            })?,
            None => (Vec::new(), Vec::new()),
        };
        Ok(Self { path, points, checks, before: 0.0, after: 0.0, accuracy: None, empty: true })
    }

    fn add(&mut self, points: &[CurvePoint]) {
        if let Some(first) = points.first() {
            // What an earlier run did after the checkpoint that this one goes on from.
            self.points.truncate(self.points.partition_point(|own| own.meta_step < first.meta_step));
            self.checks.truncate(self.checks.partition_point(|own| own.meta_step < first.meta_step));
        }
        for point in points {
            // About the last hundred meta-steps.
            let weight = if std::mem::take(&mut self.empty) { 1.0 } else { 0.02 };
            self.before += weight * (point.before - self.before);
            self.after += weight * (point.after - self.after);
            if let Some(Accuracies { after, .. }) = point.accuracy {
                let so_far = self.accuracy.unwrap_or(after);
                self.accuracy = Some(so_far + weight * (after - so_far));
            }
        }
        if self.path.is_some() {
            self.points.extend(points);
        }
    }

    fn check(&mut self, check: Check) {
        self.checks.retain(|own| own.meta_step < check.meta_step);
        self.checks.push(check);
    }

    /// A line a meta-step; where there are checks, with their figures at the meta-steps that have one.
    fn csv(&self) -> String {
        let accuracies = self.points.first().is_some_and(|point| point.accuracy.is_some());
        let mut columns = vec!["meta_step", "before", "after"];
        columns.extend(accuracies.then_some(["accuracy_before", "accuracy_after"]).into_iter().flatten());
        if !self.checks.is_empty() {
            columns.push("validation_loss");
            columns.extend(accuracies.then_some("validation_accuracy"));
        }
        let mut csv = columns.join(",") + "\n";
        let mut checks = self.checks.iter().peekable();
        for CurvePoint { meta_step, before, after, accuracy } in &self.points {
            let mut line = format!("{meta_step},{before},{after}");
            if let Some(of) = accuracy {
                line += &format!(",{},{}", of.before, of.after);
            }
            // One that was due when the run was resumed has no line.
            while checks.next_if(|check| check.meta_step < *meta_step).is_some() {}
            match checks.next_if(|check| check.meta_step == *meta_step) {
                Some(Check { loss, accuracy: Some(share), .. }) => line += &format!(",{loss},{share}"),
                Some(Check { loss, .. }) => line += &format!(",{loss}"),
                None => line += &",".repeat(columns.len() - line.split(',').count()),
            }
            csv += &line;
            csv.push('\n');
        }
        csv
    }

    fn summary(&self) -> String {
        let accuracy = self.accuracy.map_or_else(String::new, |share| format!(", accuracy {:.1} %", 100.0 * share));
        format!("loss {:.3} → {:.3}{accuracy}", self.before, self.after)
    }

    fn write(&self) -> Result<(), CliError> {
        self.path.map_or(Ok(()), |path| write_file(path, self.csv().as_bytes()))
    }
}
