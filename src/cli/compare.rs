//! `compare`.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    CliError,
    arguments::{Compare, Source},
    dataset,
    device::{label, place},
    evaluate::{load, shown_task},
    say,
};
use crate::{
    engine::{Checkpoint, Comparing, Contest, Data, EngineError, Session},
    experiment::{
        Choice as _, Compared, Contestant, Entrant, Experiment, Interval, LearnerKind, Metric, Ranking, Saved,
        told_apart,
    },
    model::{Place, Precision},
};

/// Between two looks at the progress.
const TURN: Duration = Duration::from_millis(100);

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    compared: &'a Compared,
    seed: u32,
    device: &'static str,
    said: String,
    /// What every contestant ran, in the same order.
    experiments: Vec<Experiment>,
}

/// Who is compared, and on whose tasks.
pub(super) struct Lineup {
    /// What has the tasks, and what learners are compared around.
    pub experiment: Experiment,
    /// The network of whoever stands as `own`.
    pub own: Option<Checkpoint>,
    pub contestants: Vec<Contestant>,
    /// The networks of those that are checkpoints, in their order.
    pub checkpoints: Vec<Checkpoint>,
}

/// Whether contestants are judged under a property, whatever each of them is: the tasks, the seed, what is on show and the
/// evaluation steps. What only meta-training sees of a task is none.
fn is_judged_under(path: &str) -> bool {
    let trains = ["task.train_shots", "task.train_ways", "task.label_noise", "task.augmentation", "task.pixel_noise"];
    let task = path.starts_with("task.") && !trains.contains(&path);
    task || path.starts_with("view.") || matches!(path, "seed" | "learner.eval_steps")
}

/// Reads the files, and puts learners beside them.
pub(super) fn lineup(files: &[PathBuf], source: &Source, learners: &[String]) -> Result<Lineup, CliError> {
    let mut checkpoints = files.iter().map(|path| load(path)).collect::<Result<Vec<_>, _>>()?;
    let named = source.experiment()?;
    let mut paths = source.set.iter().map(|change| change.split('=').next().unwrap_or_default().trim());
    let trained = paths.find(|path| !is_judged_under(path));
    // Alone and on its own tasks it needs no name; beside learners with other settings than its own, it has its own.
    let alone = named.is_none() && trained.is_none() && checkpoints.len() == 1;
    let own = if alone { checkpoints.pop() } else { None };
    let experiment = match (named, own.as_ref().or(checkpoints.first())) {
        (Some(experiment), _) => experiment,
        (None, Some(first)) => source.applied_to(first.experiment.clone())?,
        (None, None) => {
            return Err(CliError::Request(
                "nothing to compare on: give checkpoints, --preset NAME, --experiment FILE or --link LINK".into(),
            ));
        }
    };
    if let (Some(path), [_, ..], []) = (trained, files, learners) {
        return Err(CliError::Request(format!(
            "--set {path}: a checkpoint takes part as it stands, with its own learner, rates and network; beside checkpoints \
             alone, set what all are judged under (task.…, seed, view.…, learner.eval_steps), or add --learners NAMES, \
             which train with it"
        )));
    }
    let mut contestants: Vec<Contestant> = own.iter().map(|_| Contestant::Own).collect();
    let mut names = Vec::new();
    for (path, checkpoint) in files.iter().zip(&checkpoints) {
        let name = told_apart(&path.file_name().map(Path::new).unwrap_or(path).to_string_lossy(), &names);
        names.push(name.clone());
        let saved = Saved { name, meta_step: checkpoint.meta_step, experiment: checkpoint.experiment.clone() };
        contestants.push(Contestant::Checkpoint(Box::new(saved)));
    }
    for name in learners {
        contestants.push(Contestant::Learner(learner(name)?));
    }
    Ok(Lineup { experiment, own, contestants, checkpoints })
}

pub(super) fn compare(arguments: &Compare) -> Result<(), CliError> {
    let Lineup { mut experiment, own, contestants, checkpoints } =
        lineup(&arguments.files, &arguments.source, &arguments.learners)?;
    let data = dataset::load(arguments.data.as_deref(), &mut experiment)?;
    let meta_steps = arguments.meta_steps.unwrap_or_default();
    let shown = shown_task(&experiment, None);
    let contest = Contest { contestants, checkpoints, meta_steps, tasks: arguments.tasks, shown };
    let place = place(arguments.device, Precision::Single)?;
    let compared = pollster::block_on(run(&experiment, own, place, data, contest))?;
    let said = sentence(&compared);
    if arguments.json {
        let of = |entrant: &Entrant| entrant.contestant.experiment(&experiment, meta_steps);
        let experiments = compared.entrants.iter().map(of).collect();
        let device = label(arguments.device);
        let report = Report { compared: &compared, seed: experiment.seed, device, said, experiments };
        say(&serde_json::to_string_pretty(&report).map_err(CliError::request)?);
        return Ok(());
    }
    say(&table(&compared));
    say(&said);
    Ok(())
}

pub(super) async fn run(
    experiment: &Experiment,
    own: Option<Checkpoint>,
    place: Place,
    data: Data,
    contest: Contest,
) -> Result<Compared, EngineError> {
    let session = match own {
        Some(own) => Session::resume(&Checkpoint { experiment: experiment.clone(), ..own }, place, data).await?,
        None => Session::new(experiment.clone(), place, data).await?,
    };
    let mut comparing = Comparing::new(&session, contest).await?;
    let bar = ProgressBar::new(comparing.compared().progress().1.into());
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} meta-steps and tasks  {eta} left") {
        bar.set_style(style);
    }
    while !comparing.finished() {
        comparing.advance(TURN).await?;
        let (done, total) = comparing.compared().progress();
        bar.set_length(total.into());
        bar.set_position(done.into());
    }
    bar.finish_and_clear();
    Ok(comparing.compared())
}

pub(super) fn learner(name: &str) -> Result<LearnerKind, CliError> {
    let place = LearnerKind::NAMES.iter().position(|known| *known == name);
    place.and_then(|place| LearnerKind::ALL.get(place).copied()).ok_or_else(|| {
        CliError::Request(format!("there is no learner {name:?}; there are {}", LearnerKind::NAMES.join(", ")))
    })
}

/// A line an inner step, a column a contestant.
fn table(compared: &Compared) -> String {
    let trained = match compared.entrants.iter().any(|entrant| entrant.contestant.trains()) {
        true => format!(", learners trained for {} meta-steps", compared.meta_steps),
        false => String::new(),
    };
    let mut lines = vec![format!(
        "query {} on {} test tasks (mean ± 95 % interval){trained}",
        if classifies(compared) { "accuracy (%)" } else { "loss" },
        compared.tasks
    )];
    lines.extend(compared.entrants.iter().filter_map(origin));
    if let Some((on, off)) = compared.transduction() {
        let (on, off) = (listed(compared, &on), listed(compared, &off));
        lines.push(format!(
            "transduction (a task's queries normalised together): on in {on}, off in {off}; part of the difference may come \
             from that"
        ));
    }
    let names: Vec<&str> = compared.entrants.iter().map(|entrant| entrant.contestant.name()).collect();
    let row = |first: String, cells: Vec<String>| {
        cells.into_iter().zip(&names).fold(format!("{first:>11}"), |line, (cell, name)| {
            let width = name.chars().count().max(18);
            format!("{line}  {cell:>width$}")
        })
    };
    lines.push(row("inner steps".into(), names.iter().map(|name| (*name).to_owned()).collect()));
    let last = compared.entrants.iter().filter_map(|entrant| Some(entrant.evaluation.as_ref()?.steps.last()?.step));
    for step in 0..=last.max().unwrap_or_default() {
        lines.push(row(step.to_string(), compared.entrants.iter().map(|entrant| cell(entrant, step)).collect()));
    }
    lines.join("\n")
}

/// What a checkpoint is.
fn origin(entrant: &Entrant) -> Option<String> {
    let Contestant::Checkpoint(saved) = &entrant.contestant else { return None };
    let (kind, rate) = (saved.experiment.learner.kind, saved.experiment.learner.eval_lr);
    // Whoever solves for a head takes no step of this rate, and neither does who has learned what its steps are.
    let learned = kind.makes_head() || kind.learns_rates() || kind == LearnerKind::LstmOptimizer;
    let rate = if learned { String::new() } else { format!(", learner.eval_lr={rate}") };
    Some(format!("{}: {} after {} meta-steps{rate}", saved.name, kind.name(), saved.meta_step))
}

/// The names at these places, in a row.
fn listed(compared: &Compared, places: &[usize]) -> String {
    let entrants = places.iter().filter_map(|&place| compared.entrants.get(place));
    let names: Vec<&str> = entrants.map(|entrant| entrant.contestant.name()).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

fn cell(entrant: &Entrant, step: u32) -> String {
    let figures = entrant.evaluation.as_ref().and_then(|evaluation| evaluation.steps.get(step as usize));
    match (figures, entrant.diverged) {
        (_, Some(at)) => format!("diverged at {at}"),
        (None, None) => "–".into(),
        (Some(figures), None) => match (figures.diverged, figures.accuracy) {
            (_, Some(Interval { mean, ci95 })) => format!("{:.2} ± {:.2}", 100.0 * mean, 100.0 * ci95),
            (0, None) => format!("{:.4} ± {:.4}", figures.loss.mean, figures.loss.ci95),
            (count, None) => format!("diverged on {count}"),
        },
    }
}

fn classifies(compared: &Compared) -> bool {
    let mut steps = compared.entrants.iter().flat_map(|entrant| &entrant.evaluation).flat_map(|all| &all.steps);
    steps.any(|step| step.accuracy.is_some())
}

/// What the comparison says.
fn sentence(compared: &Compared) -> String {
    let names = |places: &[usize]| listed(compared, places);
    let verb = |places: &[usize], one: &'static str, many: &'static str| if places.len() == 1 { one } else { many };
    let steps = |count: u32| match count {
        0 => "no inner step".to_owned(),
        1 => "1 inner step".to_owned(),
        count => format!("{count} inner steps"),
    };
    let out: Vec<usize> =
        (0..compared.entrants.len()).filter(|&place| compared.entrants[place].diverged.is_some()).collect();
    let mut said = match compared.ranking() {
        Ranking::Nothing => "fewer than two contestants could be judged".to_owned(),
        Ranking::Found { metric, level, fewest, most, best: (place, step, figure), never, alike, last } => {
            let told = |Interval { mean, ci95 }: Interval| match metric {
                Metric::Loss => format!("{mean:.4} ± {ci95:.4}"),
                Metric::Accuracy => format!("{mean:.2} ± {ci95:.2} %"),
            };
            let measured = if metric == Metric::Loss { "a query loss" } else { "a query accuracy" };
            let first = if fewest.0 == most.0 {
                format!("{} need {} alike to reach {measured} of {}", names(&fewest.1), steps(most.0), told(level))
            } else {
                let need = verb(&fewest.1, "needs", "need");
                format!(
                    "{} {need} {} to reach what {} {} {} for ({measured} of {})",
                    names(&fewest.1),
                    steps(fewest.0),
                    names(&most.1),
                    verb(&most.1, "needs", "need"),
                    most.0,
                    told(level)
                )
            };
            let second = format!("{} gets to {} after {}", names(&[place]), told(figure), steps(step));
            let third = match never.as_slice() {
                [] => "and the intervals of all others overlap with that".to_owned(),
                never => format!("which {} never {} in {}", names(never), verb(never, "does", "do"), steps(last)),
            };
            let fourth = match alike.as_slice() {
                _ if never.is_empty() => String::new(),
                [] => String::new(),
                alike => format!("; the interval of {} overlaps with that", names(alike)),
            };
            format!("{first}; {second}, {third}{fourth}")
        }
    };
    if !out.is_empty() {
        said += &format!("; {} diverged", names(&out));
    }
    said
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
