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
    device::place,
    evaluate::load,
    write_file,
};
use crate::{
    engine::{EngineError, Session},
    experiment::CurvePoint,
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
    while !session.finished() && !stop.load(Ordering::Relaxed) {
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
        bar.set_message(format!("{:.0}/s  loss {:.3} → {:.3}", bar.per_sec(), curve.before, curve.after));
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
    if session.finished() {
        eprintln!(
            "{done} meta-steps done, fingerprint {}, saved in {out}. Next: kindling evaluate {out}",
            session.fingerprint()
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
        let mut session = Session::resume(&checkpoint, place, None).await?;
        let mut next = Source::applied_to(&arguments.source, checkpoint.experiment.clone())?;
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
    Ok(Session::new(experiment, place, None).await?)
}

fn save(session: &Session, arguments: &Train) -> Result<(), CliError> {
    let checkpoint = pollster::block_on(session.checkpoint())?;
    // Only a run that is over can do without its optimiser: one that was stopped goes on with it.
    let checkpoint = if arguments.weights_only && session.finished() { checkpoint.weights_only() } else { checkpoint };
    write_file(&arguments.out, &checkpoint.to_bytes()?)
}

/// The losses so far, smoothed for the eye and, if asked for, in full for the file.
struct Curve<'a> {
    path: Option<&'a Path>,
    csv: String,
    before: f32,
    after: f32,
    empty: bool,
}

impl<'a> Curve<'a> {
    fn new(path: Option<&'a Path>) -> Self {
        Self { path, csv: "meta_step,before,after\n".into(), before: 0.0, after: 0.0, empty: true }
    }

    fn add(&mut self, points: &[CurvePoint]) {
        for point in points {
            // About the last hundred meta-steps.
            let weight = if std::mem::take(&mut self.empty) { 1.0 } else { 0.02 };
            self.before += weight * (point.before - self.before);
            self.after += weight * (point.after - self.after);
            if self.path.is_some() {
                // Writing to a String cannot fail.
                let _ = writeln!(self.csv, "{},{},{}", point.meta_step, point.before, point.after);
            }
        }
    }

    fn write(&self) -> Result<(), CliError> {
        self.path.map_or(Ok(()), |path| write_file(path, self.csv.as_bytes()))
    }
}
