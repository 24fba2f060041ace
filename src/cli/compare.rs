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

/// Reads the files, and puts learners beside them.
pub(super) fn lineup(files: &[PathBuf], source: &Source, learners: &[String]) -> Result<Lineup, CliError> {
    let mut checkpoints = files.iter().map(|path| load(path)).collect::<Result<Vec<_>, _>>()?;
    let named = source.experiment()?;
    // Alone and on its own tasks it needs no name.
    let own = if named.is_none() && checkpoints.len() == 1 { checkpoints.pop() } else { None };
    let experiment = match (named, own.as_ref().or(checkpoints.first())) {
        (Some(experiment), _) => experiment,
        (None, Some(first)) => source.applied_to(first.experiment.clone())?,
        (None, None) => {
            return Err(CliError::Request(
                "nothing to compare on: give checkpoints, --preset NAME, --experiment FILE or --link LINK".into(),
            ));
        }
    };
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
    let (kind, rate) = (saved.experiment.learner.kind.name(), saved.experiment.learner.eval_lr);
    Some(format!("{}: {kind} after {} meta-steps, learner.eval_lr={rate}", saved.name, saved.meta_step))
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
    let names = |places: &[usize]| {
        let names: Vec<&str> = places
            .iter()
            .filter_map(|&place| compared.entrants.get(place))
            .map(|entrant| entrant.contestant.name())
            .collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    };
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
mod tests {
    use super::*;
    use crate::experiment::{Evaluation, StepEvaluation};

    fn compared(all: &[(LearnerKind, &[f64])]) -> Compared {
        let entrants = all.iter().map(|(kind, means)| {
            let step = |(step, &mean): (usize, &f64)| StepEvaluation {
                step: step as u32,
                loss: Interval { mean, ci95: 0.1 },
                diverged: 0,
                accuracy: None,
            };
            let steps = means.iter().enumerate().map(step).collect();
            Entrant {
                contestant: Contestant::Learner(*kind),
                kind: *kind,
                meta_step: 10,
                diverged: means.is_empty().then_some(7),
                curve: Vec::new(),
                shown: None,
                evaluation: (!means.is_empty()).then_some(Evaluation { tasks: 100, steps }),
            }
        });
        Compared { meta_steps: 10, tasks: 100, entrants: entrants.collect() }
    }

    use LearnerKind::{Maml, Reptile, Scratch};

    #[test]
    fn the_sentence_names_who_is_fast_who_is_slow_and_who_never_gets_there() {
        let both = compared(&[(Maml, &[3.0, 1.0, 0.5]), (Scratch, &[4.0, 3.0, 2.0]), (Reptile, &[])]);
        assert_eq!(
            sentence(&both),
            "maml needs 1 inner step to reach what scratch needs 2 for (a query loss of 2.0000 ± 0.1000); maml gets to \
             0.5000 ± 0.1000 after 2 inner steps, which scratch never does in 2 inner steps; reptile diverged"
        );
    }

    #[test]
    fn a_tie_and_a_single_survivor_are_said_as_such() {
        let tie = compared(&[(Maml, &[3.0, 1.0]), (Reptile, &[3.0, 1.0])]);
        assert_eq!(
            sentence(&tie),
            "maml and reptile need 1 inner step alike to reach a query loss of 1.0000 ± 0.1000; maml gets to 1.0000 ± \
             0.1000 after 1 inner step, and the intervals of all others overlap with that"
        );
        let alone = compared(&[(Maml, &[1.0]), (Reptile, &[])]);
        assert_eq!(sentence(&alone), "fewer than two contestants could be judged; reptile diverged");
    }

    #[test]
    fn a_diverged_contestant_has_its_meta_step_in_every_cell() {
        let text = table(&compared(&[(Maml, &[3.0, 1.0]), (Reptile, &[])]));
        assert_eq!(text.matches("diverged at 7").count(), 2, "{text}");
        assert!(text.contains("1.0000 ± 0.1000"), "{text}");
    }
}
