//! `train`.

use std::{
    fmt::Write as _,
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
    dataset,
    device::place,
    evaluate::load,
    write_file,
};
use crate::{
    engine::{EngineError, Session},
    experiment::{Accuracies, CurvePoint},
    model::{Place, Precision},
};

/// Between two looks at Ctrl-C and two strokes of the progress bar.
const LOOK: Duration = Duration::from_millis(100);
/// Between two checkpoints on disk: what a crash may cost.
const SAVE: Duration = Duration::from_secs(60);

pub(super) fn train(arguments: &Train) -> Result<(), CliError> {
    let place = place(arguments.device, Precision::Single)?;
    let mut session = pollster::block_on(start(arguments, place))?;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).map_err(CliError::request)?;
    // A folder that is missing is found out now, not after an hour of training.
    save(&session, arguments)?;

    let budget = session.experiment().budget.meta_steps;
    let bar = ProgressBar::new(budget.into()).with_position(session.meta_step().into());
    bar.reset_eta();
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} meta-steps  {msg}  {eta} left") {
        bar.set_style(style);
    }
    let mut curve = Curve::new(arguments.curve.as_deref());
    let mut pace = 1;
    let mut saved = Instant::now();
    let started = Instant::now();
    let in_time = || arguments.minutes.is_none_or(|minutes| started.elapsed().as_secs_f64() < 60.0 * minutes);
    while !session.finished() && !stop.load(Ordering::Relaxed) && in_time() {
        let begun = Instant::now();
        match pollster::block_on(session.train(pace)) {
            Ok(points) => curve.add(&points),
            Err(error) => {
                bar.abandon();
                curve.write()?;
                save(&session, arguments)?;
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
            save(&session, arguments)?;
            saved = Instant::now();
        }
    }
    // Left as it stands: a bar that jumps to its end says that the run did.
    bar.abandon();
    curve.write()?;
    save(&session, arguments)?;
    let (done, out) = (session.meta_step(), arguments.out.display());
    if !stop.load(Ordering::Relaxed) {
        eprintln!(
            "{done} meta-steps done in {:.1} minutes, fingerprint {}, {}, saved in {out}. Next: kindling evaluate {out}",
            started.elapsed().as_secs_f64() / 60.0,
            session.fingerprint(),
            curve.summary()
        );
        return Ok(());
    }
    Err(CliError::Interrupted(format!(
        "stopped after {done} of {budget} meta-steps, saved in {out}. To go on: kindling train --resume {out} --out {out}"
    )))
}

async fn start(arguments: &Train, place: Place) -> Result<Session, CliError> {
    let budget = |experiment: &mut crate::experiment::Experiment| match arguments.meta_steps {
        Some(meta_steps) => experiment.set("budget.meta_steps", &meta_steps.to_string()).map_err(CliError::request),
        None => Ok(()),
    };
    if let Some(path) = &arguments.resume {
        let checkpoint = load(path)?;
        let mut resumed = checkpoint.clone();
        let data = dataset::load(arguments.data.as_deref(), &mut resumed.experiment)?;
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
    let data = dataset::load(arguments.data.as_deref(), &mut experiment)?;
    Ok(Session::new(experiment, place, data).await?)
}

fn save(session: &Session, arguments: &Train) -> Result<(), CliError> {
    let checkpoint = pollster::block_on(session.checkpoint())?;
    // Only a run that is over can do without its optimiser: one that was stopped goes on with it.
    let checkpoint = if arguments.weights_only && session.finished() { checkpoint.weights_only() } else { checkpoint };
    write_file(&arguments.out, &checkpoint.to_bytes()?)
}

/// The figures so far, smoothed for the eye and, if asked for, in full for the file.
struct Curve<'a> {
    path: Option<&'a Path>,
    csv: String,
    before: f32,
    after: f32,
    /// Accuracy after adaptation; none for regression.
    accuracy: Option<f32>,
    empty: bool,
}

impl<'a> Curve<'a> {
    fn new(path: Option<&'a Path>) -> Self {
        Self { path, csv: String::new(), before: 0.0, after: 0.0, accuracy: None, empty: true }
    }

    fn add(&mut self, points: &[CurvePoint]) {
        for point in points {
            // About the last hundred meta-steps.
            let weight = if std::mem::take(&mut self.empty) { 1.0 } else { 0.02 };
            self.before += weight * (point.before - self.before);
            self.after += weight * (point.after - self.after);
            if let Some(Accuracies { after, .. }) = point.accuracy {
                let so_far = self.accuracy.unwrap_or(after);
                self.accuracy = Some(so_far + weight * (after - so_far));
            }
            if self.path.is_some() {
                self.write_line(point);
            }
        }
    }

    fn write_line(&mut self, CurvePoint { meta_step, before, after, accuracy }: &CurvePoint) {
        if self.csv.is_empty() {
            let accuracies = if accuracy.is_some() { ",accuracy_before,accuracy_after" } else { "" };
            let _ = writeln!(self.csv, "meta_step,before,after{accuracies}");
        }
        // Writing to a String cannot fail.
        let _ = match accuracy {
            Some(of) => writeln!(self.csv, "{meta_step},{before},{after},{},{}", of.before, of.after),
            None => writeln!(self.csv, "{meta_step},{before},{after}"),
        };
    }

    fn summary(&self) -> String {
        let accuracy = self.accuracy.map_or_else(String::new, |share| format!(", accuracy {:.1} %", 100.0 * share));
        format!("loss {:.3} → {:.3}{accuracy}", self.before, self.after)
    }

    fn write(&self) -> Result<(), CliError> {
        self.path.map_or(Ok(()), |path| write_file(path, self.csv.as_bytes()))
    }
}
