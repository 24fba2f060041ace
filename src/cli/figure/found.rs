//! `figure`: what is found over many tasks: evaluated, compared, diagnosed, searched.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::{
    Asked, CliError, Figure,
    written::{self, Written},
};
use crate::{
    chart::{Mean, Sheet},
    cli::{
        arguments::{Source, SplitName},
        compare::{Lineup, lineup, run},
        dataset,
        device::place,
        evaluate::shown_task,
    },
    engine::{Contest, Session},
    experiment::{
        Adaptation, Choice as _, Compared, Contestant, CostMeter, Diagnosis, Directions, Evaluation, Experiment, Found,
        LearnerKind, Metric, Searched, nearest_published,
    },
    figure::{self, Judged},
    model::Precision,
    task::Purpose,
    words::{evaluation, search},
};

/// Inner steps after which `evaluate` reports.
const STEPS: [u32; 4] = [0, 1, 5, 10];

/// Test tasks, and meta-steps of learners that are trained here, unless another number is asked for.
const TASKS: u32 = 100;
const META_STEPS: u32 = 1000;

/// What `evaluate --json` prints.
#[derive(Deserialize)]
struct Evaluated {
    #[serde(flatten)]
    evaluation: Evaluation,
    /// Which tasks; test tasks where the file does not tell.
    split: Option<String>,
    experiment: Experiment,
}

impl Written for Evaluated {}

pub(super) fn evaluate(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let Evaluated { evaluation, split, experiment } = match asked.read()? {
        Some(evaluated) => evaluated,
        None => {
            let (checkpoint, place, data) = asked.loaded()?;
            let seed = checkpoint.experiment.seed;
            let evaluation = pollster::block_on(async {
                let session = Session::resume(&checkpoint, place, data).await?;
                session.evaluate(asked.arguments.tasks.unwrap_or(TASKS), &STEPS, (seed, Purpose::Test), |_| true).await
            })?;
            Evaluated { evaluation, split: None, experiment: checkpoint.experiment }
        }
    };
    let test = SplitName::Test.name();
    if let Some(split) = split.filter(|split| split != test) {
        return Err(CliError::Request(format!(
            "these numbers are of the split {split}, and the figure evaluate tells of tasks never trained on nor chosen by: \
             write them by `evaluate --split {test} --json`"
        )));
    }
    let published = nearest_published(&experiment).map(|(entry, _)| entry.figures).unwrap_or_default();
    let published = published.iter().map(|&(step, mean, half)| Mean { step, mean, half }).collect();
    let judged = Judged { own: Judged::means(&evaluation), other: None, published };
    let metric = if experiment.task.family.classifies() { Metric::Accuracy } else { Metric::Loss };
    let caption = evaluation::course(asked.locale, &evaluation, experiment.learner.kind).unwrap_or_default();
    Ok(figure::evaluation(asked.locale, &judged, metric, caption, asked.width))
}

/// What is compared: read, or run here.
fn compared(asked: &Asked<'_>) -> Result<Compared, CliError> {
    if let Some(mut read) = asked.read::<Value>()? {
        // Neither figure is about the task on show, whose outcome has nulls for numbers where it ran off.
        let entrants = read.get_mut("entrants").and_then(Value::as_array_mut).into_iter().flatten();
        entrants.filter_map(|one| one.get_mut("shown")).for_each(|shown| *shown = Value::Null);
        return serde_json::from_value(read).map_err(|error| asked.unreadable(&error));
    }
    let Figure { file, more, learners, .. } = asked.arguments;
    let files: Vec<PathBuf> = file.iter().chain(more).cloned().collect();
    let learners = match (files.as_slice(), learners.as_slice()) {
        ([], _) => return Err(asked.lacking()),
        ([_], []) => &[LearnerKind::Scratch.name().to_owned()],
        (_, learners) => learners,
    };
    let alone = Source { preset: None, experiment: None, link: None, set: Vec::new() };
    let Lineup { mut experiment, own, contestants, checkpoints } = lineup(&files, &alone, learners)?;
    let data = dataset::load(asked.arguments.data.as_deref(), &mut experiment)?;
    let place = place(asked.arguments.device, Precision::Single)?;
    let &Figure { meta_steps, tasks, .. } = asked.arguments;
    let tasks = tasks.unwrap_or(TASKS);
    let meta_steps = match (contestants.iter().any(Contestant::trains), meta_steps) {
        (true, meta_steps) => meta_steps.unwrap_or(META_STEPS),
        (false, None) => 0,
        (false, Some(_)) => {
            let why = "--meta-steps is for learners that are trained here: add --learners NAMES, or leave it out";
            return Err(CliError::Request(why.into()));
        }
    };
    let contest = Contest { contestants, checkpoints, meta_steps, tasks, shown: shown_task(&experiment, None) };
    Ok(pollster::block_on(run(&experiment, own, place, data, contest))?)
}

pub(super) fn compare(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let compared = compared(asked)?;
    let told = compared.entrants.iter().filter_map(|one| one.evaluation.as_ref()).flat_map(|all| &all.steps);
    let step = asked.step(0, told.map(|at| at.step).max().unwrap_or_default())?;
    Ok(figure::contest(asked.locale, &compared, step, asked.width))
}

pub(super) fn curves(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let Figure { more, learners, .. } = asked.arguments;
    if !more.is_empty() && learners.is_empty() {
        let why =
            "the figure curves is of learners that are trained here, and checkpoints are not: add --learners NAMES";
        return Err(CliError::Request(why.into()));
    }
    let compared = compared(asked)?;
    if !compared.entrants.iter().any(|one| one.contestant.trains()) {
        let why = "the figure curves is of learners that are trained for a comparison, and none of these is: write one by \
                   `compare --learners NAMES --meta-steps N --json`";
        return Err(CliError::Request(why.into()));
    }
    Ok(figure::curves(asked.locale, &compared, asked.width))
}

/// What `compare --json` prints, with what every contestant ran.
#[derive(Deserialize)]
struct Beside {
    #[serde(flatten)]
    compared: Compared,
    experiments: Vec<Experiment>,
}

impl Written for Beside {
    fn fits(&self) -> Result<(), String> {
        self.compared.entrants.iter().try_for_each(|one| match &one.shown {
            Some(Adaptation::Regression(task)) => written::curves(task),
            Some(Adaptation::Characters(_)) | None => Ok(()),
        })
    }
}

pub(super) fn multiples(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let Beside { compared, experiments } = asked.read()?.ok_or_else(|| asked.lacking())?;
    let family = experiments.first().ok_or_else(|| asked.lacking())?.task.family;
    let states = compared.entrants.iter().filter_map(|one| match one.shown.as_ref()? {
        Adaptation::Regression(task) => Some(task.steps.len()),
        Adaptation::Characters(task) => Some(task.steps.len()),
    });
    let step = asked.state(states.max().unwrap_or_default())?;
    figure::multiples(asked.locale, &compared, (step, family), asked.width).ok_or_else(|| {
        let why = "the figure multiples is of functions and of drawings, and these contestants have adapted to neither";
        CliError::Request(why.into())
    })
}

/// What `diagnose --json` prints.
#[derive(Deserialize)]
struct Diagnosed {
    #[serde(default)]
    directions: Vec<Directions>,
    cost: Option<CostMeter>,
    experiment: Experiment,
}

impl Written for Diagnosed {}

/// What is diagnosed: read, or found here.
fn diagnosed(asked: &Asked<'_>, diagnosis: Diagnosis) -> Result<Diagnosed, CliError> {
    if let Some(diagnosed) = asked.read()? {
        return Ok(diagnosed);
    }
    let (checkpoint, place, data) = asked.loaded()?;
    let found = pollster::block_on(async {
        let session = Session::resume(&checkpoint, place, data).await?;
        session.diagnose(diagnosis, |_, _| {}).await
    })?;
    let (mut directions, mut cost) = (Vec::new(), None);
    match found {
        Found::Directions(found) => directions.push(found),
        Found::Cost(found) => cost = Some(found),
        Found::Gradient(_) => {}
    }
    Ok(Diagnosed { directions, cost, experiment: checkpoint.experiment })
}

pub(super) fn directions(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let Diagnosed { directions, experiment, .. } = diagnosed(asked, Diagnosis::Directions)?;
    if directions.is_empty() {
        return Err(asked.lacking());
    }
    Ok(figure::directions(asked.locale, &directions, experiment.learner.kind, asked.width))
}

pub(super) fn costs(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let meter = diagnosed(asked, Diagnosis::Cost)?.cost.ok_or_else(|| asked.lacking())?;
    Ok(figure::costs(asked.locale, &meter, asked.width))
}

pub(super) fn tried(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let searched: Searched = asked.read()?.ok_or_else(|| asked.lacking())?;
    Ok(figure::search(asked.locale, &searched, search::best(asked.locale, &searched), asked.width))
}
