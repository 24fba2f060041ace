//! `search`.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    CliError,
    arguments::Search,
    check_writable, dataset,
    device::{label, place},
    listen, say, tell, write_file,
};
use crate::{
    engine::{Candidate, Data, Effort, EngineError, Searching, Session},
    experiment::{Experiment, Interval, Searched, Setting, StepEvaluation, Trial, encode},
    model::{Place, Precision},
};

/// Between two looks at Ctrl-C.
const LOOK: Duration = Duration::from_millis(100);
/// Minutes that a search takes when nobody says how long.
const MINUTES: f64 = 3.0;
/// Candidates of a rung that are printed.
const PRINTED: usize = 5;

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    searched: &'a Searched,
    finished: bool,
    seed: u32,
    device: &'static str,
    /// Number of the best candidate; none if there is none.
    best: Option<u32>,
    /// The best candidate's experiment.
    experiment: Option<&'a Experiment>,
}

pub(super) fn search(arguments: &Search) -> Result<(), CliError> {
    let mut experiment = arguments.source.experiment()?.ok_or_else(|| {
        CliError::Request("nothing to search: give --preset NAME, --experiment FILE or --link LINK".into())
    })?;
    if let Some(path) = &arguments.out {
        check_writable(path)?;
    }
    let data = dataset::load(arguments.on.data.as_deref(), &mut experiment)?;
    let place = place(arguments.on.device, Precision::Single)?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let lanes = if place.is_cpu() { cores } else { 1 };
    let seed = arguments.seed.unwrap_or(experiment.seed);
    let seconds = 60.0 * arguments.minutes.unwrap_or(MINUTES);
    let effort = match arguments.meta_steps {
        Some(count) => Effort::MetaSteps(count),
        None => Effort::Seconds(seconds, lanes as u32),
    };
    let stop = listen()?;
    let mut searching = begin(&experiment, place, data, (seed, effort, arguments.candidates))?;
    let ends =
        arguments.meta_steps.is_none().then(|| Instant::now() + Duration::from_secs_f64(Searching::GRACE * seconds));
    let go_on = || !stop.load(Ordering::Relaxed) && ends.is_none_or(|ends| Instant::now() < ends);
    carry_out(&mut searching, lanes, seed, go_on)?;

    let (searched, finished) = (searching.searched(), searching.finished());
    let best = searched.best();
    let chosen = best.map(|best| best.setting.applied_to(&experiment));
    // A file that could not be written is told after the report, which would be lost with it.
    let written = match (&arguments.out, &chosen) {
        (Some(path), Some(chosen)) => {
            let json = chosen.to_json().map_err(CliError::request);
            json.and_then(|json| write_file(path, json.as_bytes()))
        }
        _ => Ok(()),
    };
    if arguments.json {
        let (device, best) = (label(arguments.on.device), best.map(|best| best.number));
        let report = Report { searched: &searched, finished, seed, device, best, experiment: chosen.as_ref() };
        say(&serde_json::to_string_pretty(&report).map_err(CliError::request)?);
    } else if let (Some(best), Some(chosen)) = (best, &chosen) {
        say(&verdict(&searched, best));
        say(&format!("--set line   {}", set_line(best.setting, &experiment)));
        say(&format!("link         {}", encode(chosen)));
    }
    written?;
    match best {
        Some(_) if stop.load(Ordering::Relaxed) => {
            Err(CliError::Interrupted("stopped; what is reported is the best so far".into()))
        }
        None if stop.load(Ordering::Relaxed) => {
            Err(CliError::Interrupted("stopped before any candidate was judged: there is no best so far".into()))
        }
        None => Err(CliError::Failed(
            "no candidate could be judged: all of them diverged, or the time was too short. Give more --minutes, or \
             set outer.clip to 10"
                .into(),
        )),
        Some(_) => Ok(()),
    }
}

/// Searches to the end, or for as long as it may, and says the plan and how every rung ends.
fn carry_out(searching: &mut Searching, lanes: usize, seed: u32, go_on: impl Fn() -> bool) -> Result<(), EngineError> {
    tell(&plan(&searching.searched(), seed));
    let bar = ProgressBar::new(searching.searched().plan.meta_steps().into());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} meta-steps  {eta} left") {
        bar.set_style(style);
    }
    let (mut pace, mut told) = (1, 0);
    while !searching.finished() && go_on() {
        let begun = Instant::now();
        side_by_side(searching.waiting().take(lanes).collect(), pace)?;
        searching.settle();
        let fit = LOOK.as_secs_f64() / begun.elapsed().as_secs_f64().max(1e-6) * f64::from(pace);
        pace = (fit as u32).clamp(1, pace.saturating_mul(2));
        let searched = searching.searched();
        bar.set_position(searched.meta_steps().into());
        if searched.rungs > told {
            bar.suspend(|| tell(&rung(&searched, told)));
            told = searched.rungs;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn begin(
    experiment: &Experiment,
    place: Place,
    data: Data,
    (seed, effort, candidates): (u32, Effort, Option<u32>),
) -> Result<Searching, EngineError> {
    pollster::block_on(async {
        let session = Session::new(experiment.clone(), place, data).await?;
        Searching::new(&session, seed, effort, candidates).await
    })
}

/// Advances each candidate on a core of its own.
fn side_by_side(mut candidates: Vec<&mut Candidate>, count: u32) -> Result<(), EngineError> {
    let Some(own) = candidates.pop() else { return Ok(()) };
    std::thread::scope(|scope| {
        let others: Vec<_> = candidates
            .into_iter()
            .map(|candidate| scope.spawn(move || pollster::block_on(candidate.advance(count))))
            .collect();
        let done = pollster::block_on(own.advance(count));
        let joined = others.into_iter().map(|other| match other.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        joined.fold(done, Result::and)
    })
}

/// What is going to be tried, and how to have it again.
fn plan(searched: &Searched, seed: u32) -> String {
    let rungs: Vec<_> = searched.plan.rungs().iter().map(|r| format!("{} × {}", r.candidates, r.meta_steps)).collect();
    format!(
        "searching {} with {} candidates; rungs of candidates × meta-steps: {} (to repeat: --meta-steps {} \
         --candidates {} --seed {seed})",
        searched.axes.paths().join(", "),
        searched.plan.candidates,
        rungs.join(", "),
        searched.plan.meta_steps(),
        searched.plan.candidates,
    )
}

/// How a rung ended: its best candidates and the experiment's own setting.
fn rung(searched: &Searched, rung: u32) -> String {
    let here = |trial: &&&Trial| trial.rungs > rung && trial.score().is_some();
    let ranked = searched.ranked();
    let diverged = searched.trials.iter().filter(|trial| trial.diverged.is_some()).count();
    let judged = ranked.iter().filter(here).count();
    let mut lines = vec![format!("rung {}: {judged} judged, {diverged} diverged so far", rung + 1)];
    let places = |place: usize, trial: &Trial| place < PRINTED || trial.number == 0;
    let best = ranked.iter().filter(here).enumerate().filter(|(place, trial)| places(*place, trial));
    lines.extend(best.map(|(_, trial)| line(searched, trial)));
    lines.join("\n")
}

fn line(searched: &Searched, trial: &Trial) -> String {
    let Setting { inner_lr, inner_steps, outer_lr } = trial.setting;
    let name = if trial.number == 0 { "start".to_owned() } else { format!("#{}", trial.number) };
    let parts = [
        searched.axes.inner_lr.then(|| format!("inner_lr {inner_lr:<8} ")),
        searched.axes.inner_steps.then(|| format!("inner_steps {inner_steps:<3} ")),
        searched.axes.outer_lr.then(|| format!("outer.lr {outer_lr:<8} ")),
    ];
    let judged = trial.judged.as_ref().map_or_else(String::new, figure);
    format!("  {name:>5}  {}{judged}", parts.into_iter().flatten().collect::<String>())
}

fn figure(judged: &StepEvaluation) -> String {
    let loss = match judged.diverged {
        0 => format!("loss {:.4} ± {:.4}", judged.loss.mean, judged.loss.ci95),
        count => format!("diverged on {count} tasks"),
    };
    let accuracy = judged.accuracy.map_or_else(String::new, |Interval { mean, ci95 }| {
        format!("accuracy {:.2} ± {:.2} %, ", 100.0 * mean, 100.0 * ci95)
    });
    accuracy + &loss
}

/// The winner beside where the search started.
fn verdict(searched: &Searched, best: &Trial) -> String {
    let mut lines = vec![format!("best after {} meta-steps:", best.meta_steps), line(searched, best)];
    let start = searched.start().filter(|start| start.number != best.number);
    match (&best.fresh, start) {
        (_, None) => lines.push("the experiment's own setting was not beaten".into()),
        (None, _) => lines.push("not compared on fresh tasks, as the search did not end".into()),
        (Some(fresh), Some(start)) => {
            lines.push(format!("on fresh validation tasks, after {} inner steps (95 % intervals):", fresh.step));
            lines.push(format!("  best   {}", figure(fresh)));
            lines.push(match (&start.fresh, start.diverged) {
                (Some(fresh), _) => format!("  start  {} at {} meta-steps", figure(fresh), start.meta_steps),
                (None, Some(at)) => format!("  start  diverged at meta-step {at}"),
                (None, None) => "  start  not judged".into(),
            });
        }
    }
    lines.join("\n")
}

fn set_line(setting: Setting, experiment: &Experiment) -> String {
    let changes: Vec<_> =
        setting.changes(experiment).iter().map(|(path, value)| format!("--set {path}={value}")).collect();
    if changes.is_empty() { "(nothing to change)".to_owned() } else { changes.join(" ") }
}
