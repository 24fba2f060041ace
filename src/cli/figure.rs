//! `figure`: the figures of the page as SVG.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use serde::Deserialize;
use serde_json::Value;

use super::{
    CliError,
    arguments::{Figure, FigureName, LanguageName, Source, ThemeName},
    compare::{Lineup, lineup, run},
    dataset,
    device::place,
    evaluate::{load, shown_task},
    figure_inside as inside,
    figure_written::Written,
    landscape, put, read_text, say,
};
use crate::{
    chart::{Axis, Mean, Series, Sheet, Theme},
    engine::{Checkpoint, Contest, Data, Session},
    experiment::{
        Accuracies, Adaptation, Check, Choice as _, Compared, Contestant, CostMeter, CurvePoint, Diagnosis, Directions,
        Evaluation, Experiment, Found, Landscape, LearnerKind, Metric, Searched, nearest_published,
    },
    figure::{self, Inner, Judged, Looked},
    model::{Place, Precision},
    task::Purpose,
    words::{Locale, classified::letter, evaluation, search, tag},
};

/// Inner steps after which `evaluate` reports.
const STEPS: [u32; 4] = [0, 1, 5, 10];
/// Other tasks whose paths are followed, and points in a row of the surface, as on the page.
const OTHERS: u32 = 12;
const SIDE: u32 = 33;

/// Test tasks, and meta-steps of learners that are trained here, unless another number is asked for.
const TASKS: u32 = 100;
const META_STEPS: u32 = 1000;

/// How a figure is made.
type Draw = fn(&Asked<'_>) -> Result<Sheet, CliError>;

/// Whether an option is given.
type Given = fn(&Figure) -> bool;

/// The options that only some figures have a use for.
const OPTIONS: [(&str, Given); 12] = [
    ("--task", |given| given.task.is_some()),
    ("--step", |given| given.step.is_some()),
    ("--tasks", |given| given.tasks.is_some()),
    ("--learners", |given| !given.learners.is_empty()),
    ("--meta-steps", |given| given.meta_steps.is_some()),
    ("--plane", |given| given.plane.is_some()),
    ("--query", |given| given.query),
    ("--log", |given| given.log),
    ("--own", |given| given.own),
    ("--drawing", |given| given.drawing.is_some()),
    ("--stage", |given| given.stage.is_some()),
    ("--weight", |given| given.weight.is_some()),
];

/// A figure: how it is made, what it is made of, and which of [`OPTIONS`] it has a use for.
type Known = (FigureName, Draw, &'static str, &'static [&'static str]);

/// Every figure.
const FIGURES: [Known; 19] = [
    (FigureName::Adaptation, adaptation, "a checkpoint: how it adapts to a task", &["--task", "--step"]),
    (FigureName::Steps, steps, "a checkpoint: losses and gradient norm at every inner step", &["--task", "--step"]),
    (
        FigureName::Race,
        race,
        "a checkpoint of an optimiser: its loss beside gradient descent and Adam",
        &["--task", "--step"],
    ),
    (FigureName::Loss, loss, "--from CSV of `train --curve`: the curve of meta-training", &["--log"]),
    (FigureName::Runs, runs, "--from CSV of `train --curve`, repeated: the curves of several runs", &["--log"]),
    (
        FigureName::Evaluate,
        evaluate,
        "a checkpoint, or --from JSON of `evaluate`: means with intervals over test tasks",
        &["--tasks"],
    ),
    (
        FigureName::Compare,
        compare,
        "checkpoints, or --from JSON of `compare`: learners side by side on test tasks",
        &["--learners", "--meta-steps", "--tasks", "--step"],
    ),
    (
        FigureName::Curves,
        curves,
        "a checkpoint and learners, or --from JSON of `compare`: the meta-training of those compared",
        &["--learners", "--meta-steps"],
    ),
    (
        FigureName::Paths,
        paths,
        "a checkpoint, or --from JSON of `landscape`: where weights go",
        &["--task", "--step", "--plane"],
    ),
    (
        FigureName::Surface,
        surface,
        "a checkpoint, or --from JSON of `landscape`: the loss around the start",
        &["--task", "--step", "--plane", "--query"],
    ),
    (FigureName::Directions, directions, "a checkpoint, or --from JSON of `diagnose`: first-order directions", &[]),
    (FigureName::Costs, costs, "a checkpoint, or --from JSON of `diagnose`: time of either order", &[]),
    (FigureName::Search, tried, "--from JSON of `search`: the settings that were tried", &[]),
    (
        FigureName::Layers,
        inside::layers,
        "a checkpoint, or --from JSON of `layers`: what changes in every layer",
        &["--task", "--step", "--own"],
    ),
    (
        FigureName::Embedding,
        inside::embedding,
        "a checkpoint, or --from JSON of `layers`: where features put the task's examples",
        &["--task", "--step"],
    ),
    (
        FigureName::Likeness,
        inside::likeness,
        "a checkpoint of a learner that compares, or --from JSON of `layers`: attention, probabilities or relation scores",
        &["--task"],
    ),
    (
        FigureName::Filters,
        inside::filters,
        "a checkpoint of a convolutional network, or --from JSON of `layers`: filters of its first layer",
        &["--task", "--step"],
    ),
    (
        FigureName::Maps,
        inside::maps,
        "a checkpoint of a convolutional network, or --from JSON of `layers --drawing N`: filters and feature maps",
        &["--task", "--step", "--drawing"],
    ),
    (
        FigureName::Anatomy,
        inside::anatomy,
        "a checkpoint, or --from JSON of `anatomy`: one step taken apart",
        &["--task", "--step", "--stage", "--weight"],
    ),
];

pub(super) fn figure(arguments: &Figure) -> Result<(), CliError> {
    let Some(name) = arguments.name.filter(|_| !arguments.list) else {
        for (name, _, made_of, uses) in FIGURES {
            let uses = if uses.is_empty() { String::new() } else { format!(" ({})", uses.join(", ")) };
            say(&format!("{:<11} {made_of}{uses}", named(name)));
        }
        return Ok(());
    };
    let (_, draw, made_of, uses) = FIGURES
        .into_iter()
        .find(|(known, ..)| *known == name)
        .ok_or_else(|| CliError::Request(format!("there is no figure {}", named(name))))?;
    if arguments.from.len() > 1 && name != FigureName::Runs {
        return Err(CliError::Request(format!("the figure {} takes one --from; several are for runs", named(name))));
    }
    if !arguments.more.is_empty() && !matches!(name, FigureName::Compare | FigureName::Curves) {
        return Err(CliError::Request(format!(
            "the figure {} takes one checkpoint; several are for compare",
            named(name)
        )));
    }
    if let Some((option, _)) = OPTIONS.iter().find(|(option, given)| given(arguments) && !uses.contains(option)) {
        let users = FIGURES.iter().filter(|(.., uses)| uses.contains(option));
        let users = users.map(|(name, ..)| named(*name)).collect::<Vec<_>>().join(", ");
        let name = named(name);
        return Err(CliError::Request(format!("the figure {name} has no use for {option}, which is for {users}")));
    }
    let locale = match arguments.lang {
        LanguageName::En => Locale::en,
        LanguageName::Zh => Locale::zh,
    };
    let theme = match arguments.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    let sheet = draw(&Asked { arguments, locale, width: arguments.width.into(), name, made_of })?;
    put(arguments.out.as_deref(), &sheet.picture(theme, tag(locale)).svg)
}

fn named(name: FigureName) -> String {
    name.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// What is asked for.
pub(super) struct Asked<'a> {
    pub(super) arguments: &'a Figure,
    pub(super) locale: Locale,
    pub(super) width: f64,
    name: FigureName,
    made_of: &'static str,
}

impl Asked<'_> {
    /// Why it cannot be drawn: what it is made of is not given.
    pub(super) fn lacking(&self) -> CliError {
        CliError::Request(format!("the figure {} is made of {}", named(self.name), self.made_of))
    }

    /// The file of `--from`, if there is one.
    fn from(&self) -> Option<&Path> {
        self.arguments.from.first().map(PathBuf::as_path)
    }

    /// What another command has written as JSON, if that is given.
    pub(super) fn read<T: Written>(&self) -> Result<Option<T>, CliError> {
        let Some(path) = self.from() else { return Ok(None) };
        let written: T = serde_json::from_str(&read_text(path)?).map_err(|error| self.unreadable(&error))?;
        let broken = |why| CliError::Request(format!("{} has {why}; have it written anew", path.display()));
        written.fits().map_err(broken)?;
        Ok(Some(written))
    }

    /// Why the file of `--from` is not what the figure is made of.
    fn unreadable(&self, error: &serde_json::Error) -> CliError {
        let path = self.from().unwrap_or(Path::new(""));
        CliError::Request(format!("{}: {error}; {}", path.display(), self.lacking()))
    }

    /// The checkpoint, a place, and the data that it draws tasks from.
    pub(super) fn loaded(&self) -> Result<(Checkpoint, Place, Data), CliError> {
        let path = self.arguments.file.as_deref().ok_or_else(|| self.lacking())?;
        let mut checkpoint = load(path)?;
        let data = dataset::load(self.arguments.data.as_deref(), &mut checkpoint.experiment)?;
        Ok((checkpoint, place(self.arguments.device, Precision::Single)?, data))
    }

    /// The task on show, adapted.
    fn adapted(&self) -> Result<(Experiment, u32, Adaptation), CliError> {
        let (checkpoint, place, data) = self.loaded()?;
        let shown = shown_task(&checkpoint.experiment, self.arguments.task);
        let adapted = pollster::block_on(async {
            let session = Session::resume(&checkpoint, place, data).await?;
            session.trajectory(&shown).await
        })?;
        Ok((checkpoint.experiment, checkpoint.meta_step, adapted))
    }

    /// The inner step that is asked for, which has to be one of those that are told of: from the first to the last.
    pub(super) fn step(&self, first: u32, last: u32) -> Result<Option<u32>, CliError> {
        let Some(step) = self.arguments.step.filter(|step| *step < first || *step > last) else {
            return Ok(self.arguments.step);
        };
        let choose = match first < last {
            true => format!("choose one from {first} to {last}"),
            false => "leave --step out".to_owned(),
        };
        Err(CliError::Request(format!("there is no inner step {step}; {choose}")))
    }

    /// The inner step on show, of so many states: the one that is asked for, or the last.
    fn state(&self, states: usize) -> Result<usize, CliError> {
        let last = states.saturating_sub(1);
        Ok(self.step(0, last as u32)?.map_or(last, |step| step as usize))
    }
}

fn adaptation(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let (experiment, meta_step, adapted) = asked.adapted()?;
    let learner = experiment.learner.kind;
    Ok(match &adapted {
        Adaptation::Regression(trajectory) if trajectory.grid.is_empty() => {
            figure::race(asked.locale, trajectory, learner, asked.state(trajectory.steps.len())?, asked.width)
        }
        Adaptation::Regression(trajectory) => {
            let step = asked.state(trajectory.steps.len())?;
            let looked = Looked { step, family: experiment.task.family, learner, meta_step };
            figure::adaptation(asked.locale, trajectory, looked, asked.width)
        }
        Adaptation::Characters(task) => {
            let step = asked.state(task.steps.len())?;
            figure::characters(asked.locale, task, (step, 0, learner, meta_step), letter, asked.width)
        }
    })
}

fn steps(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let (_, _, adapted) = asked.adapted()?;
    let inner = Inner::of(&adapted);
    Ok(figure::steps(asked.locale, &inner, asked.state(inner.norm.len())?, asked.width))
}

fn race(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let (experiment, _, adapted) = asked.adapted()?;
    match &adapted {
        Adaptation::Regression(trajectory) if !trajectory.rivals.is_empty() => {
            let step = asked.state(trajectory.steps.len())?;
            Ok(figure::race(asked.locale, trajectory, experiment.learner.kind, step, asked.width))
        }
        _ => Err(CliError::Request(
            "only an optimiser races: a checkpoint of the learner lstm_optimizer, or of quadratics".into(),
        )),
    }
}

fn loss(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let series = read_curve(asked.from().ok_or_else(|| asked.lacking())?)?;
    let axis = match (series.smoothed_accuracy().is_some(), asked.arguments.log) {
        (true, false) => Axis::Accuracy,
        (_, true) => Axis::LogLoss,
        (false, false) => Axis::Loss,
    };
    Ok(figure::curve(asked.locale, &series, axis, asked.width))
}

fn runs(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let paths = &asked.arguments.from;
    if paths.is_empty() || paths.len() > 6 {
        return Err(CliError::Request(format!("runs takes one to six curves; {}", asked.lacking())));
    }
    let curves: Vec<Series> = paths.iter().map(|path| read_curve(path)).collect::<Result<_, _>>()?;
    let accurate = curves.iter().all(|curve| curve.smoothed_accuracy().is_some()) && !asked.arguments.log;
    let axis = match (accurate, asked.arguments.log) {
        (true, _) => Axis::Accuracy,
        (false, true) => Axis::LogLoss,
        (false, false) => Axis::Loss,
    };
    let chosen = curves.iter().zip(paths).enumerate().map(|(line, (curve, path))| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let point = |bucket: &crate::chart::Bucket| {
            let after = match (accurate, bucket.accuracy) {
                (true, Some((_, after))) => 100.0 * f64::from(after.mean),
                _ => f64::from(bucket.after.mean),
            };
            (bucket.last, after)
        };
        (line, name, curve.buckets().iter().map(point).collect())
    });
    Ok(figure::runs(asked.locale, &chosen.collect::<Vec<_>>(), (10, axis), asked.width))
}

/// What `evaluate --json` prints.
#[derive(Deserialize)]
struct Evaluated {
    #[serde(flatten)]
    evaluation: Evaluation,
    experiment: Experiment,
}

impl Written for Evaluated {}

fn evaluate(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let Evaluated { evaluation, experiment } = match asked.read()? {
        Some(evaluated) => evaluated,
        None => {
            let (checkpoint, place, data) = asked.loaded()?;
            let seed = checkpoint.experiment.seed;
            let evaluation = pollster::block_on(async {
                let session = Session::resume(&checkpoint, place, data).await?;
                session.evaluate(asked.arguments.tasks.unwrap_or(TASKS), &STEPS, (seed, Purpose::Test), |_| true).await
            })?;
            Evaluated { evaluation, experiment: checkpoint.experiment }
        }
    };
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
    let (meta_steps, tasks) = (meta_steps.unwrap_or(META_STEPS), tasks.unwrap_or(TASKS));
    let meta_steps = if contestants.iter().any(Contestant::trains) { meta_steps } else { 0 };
    let contest = Contest { contestants, checkpoints, meta_steps, tasks, shown: shown_task(&experiment, None) };
    Ok(pollster::block_on(run(&experiment, own, place, data, contest))?)
}

fn compare(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let compared = compared(asked)?;
    let told = compared.entrants.iter().filter_map(|one| one.evaluation.as_ref()).flat_map(|all| &all.steps);
    let step = asked.step(0, told.map(|at| at.step).max().unwrap_or_default())?;
    Ok(figure::contest(asked.locale, &compared, step, asked.width))
}

fn curves(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let Figure { more, learners, .. } = asked.arguments;
    if !more.is_empty() && learners.is_empty() {
        let why =
            "the figure curves is of learners that are trained here, and checkpoints are not: add --learners NAMES";
        return Err(CliError::Request(why.into()));
    }
    Ok(figure::curves(asked.locale, &compared(asked)?, asked.width))
}

/// The landscape: read, or computed here.
fn mapped(asked: &Asked<'_>, side: u32) -> Result<Landscape, CliError> {
    if let Some(landscape) = asked.read()? {
        return Ok(landscape);
    }
    let (checkpoint, place, data) = asked.loaded()?;
    let grid = (landscape::kind(asked.arguments.plane.unwrap_or_default()), side);
    landscape::found(&checkpoint, place, data, asked.arguments.task, OTHERS, grid)
}

/// Which of a path's places is that of the inner step on show.
fn place_of(asked: &Asked<'_>, landscape: &Landscape) -> Result<usize, CliError> {
    let last = landscape.steps.last().copied().unwrap_or_default();
    let step = asked.step(0, last)?.unwrap_or(last);
    Ok(landscape.steps.partition_point(|kept| *kept <= step).saturating_sub(1))
}

fn paths(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let landscape = mapped(asked, 9)?;
    let current = landscape.paths.iter().position(|path| path.shown);
    let step = place_of(asked, &landscape)?;
    Ok(figure::paths(asked.locale, &landscape, current, step, asked.width))
}

fn surface(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let landscape = mapped(asked, SIDE)?;
    let step = place_of(asked, &landscape)?;
    figure::surface(asked.locale, &landscape, asked.arguments.query, step, asked.width).ok_or_else(|| {
        CliError::Request("there is no finite loss around this start to draw: try a smaller learner.eval_lr".into())
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

fn directions(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let Diagnosed { directions, experiment, .. } = diagnosed(asked, Diagnosis::Directions)?;
    if directions.is_empty() {
        return Err(asked.lacking());
    }
    Ok(figure::directions(asked.locale, &directions, experiment.learner.kind, asked.width))
}

fn costs(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let meter = diagnosed(asked, Diagnosis::Cost)?.cost.ok_or_else(|| asked.lacking())?;
    Ok(figure::costs(asked.locale, &meter, asked.width))
}

fn tried(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let searched: Searched = asked.read()?.ok_or_else(|| asked.lacking())?;
    Ok(figure::search(asked.locale, &searched, search::best(asked.locale, &searched), asked.width))
}

/// A curve as `train --curve` writes it.
fn read_curve(path: &Path) -> Result<Series, CliError> {
    let text = read_text(path)?;
    let bad = |line: usize| {
        CliError::Request(format!("{}, line {line}: this is no curve of `kindling train --curve`", path.display()))
    };
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let place = |name: &str| columns.iter().position(|column| *column == name);
    let (Some(step), Some(before), Some(after)) = (place("meta_step"), place("before"), place("after")) else {
        return Err(bad(1));
    };
    let accuracies = place("accuracy_before").zip(place("accuracy_after"));
    let (validation, accuracy) = (place("validation_loss"), place("validation_accuracy"));
    let (mut points, mut checks) = (Vec::new(), Vec::new());
    for (number, line) in lines.enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let number_at = |place: usize| cells.get(place).and_then(|cell| cell.parse::<f32>().ok());
        let meta_step = cells.get(step).and_then(|cell| cell.parse().ok()).ok_or_else(|| bad(number + 2))?;
        let both = |one, other| Some((number_at(one)?, number_at(other)?));
        let (before, after) = both(before, after).ok_or_else(|| bad(number + 2))?;
        let accuracies = accuracies.and_then(|(one, other)| both(one, other));
        let accuracies = accuracies.map(|(before, after)| Accuracies { before, after });
        points.push(CurvePoint { meta_step, before, after, accuracy: accuracies });
        if let Some(loss) = validation.and_then(number_at) {
            checks.push(Check { meta_step, loss, accuracy: accuracy.and_then(number_at) });
        }
    }
    let mut series = Series::default();
    series.extend(&points);
    series.extend_checks(&checks);
    Ok(series)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_can_be_asked_for_by_one_name() {
        let names: Vec<FigureName> = FIGURES.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, FigureName::value_variants());
    }

    #[test]
    fn every_option_of_the_table_is_one_that_can_be_given_and_that_a_figure_uses() {
        let command = <Figure as clap::Args>::augment_args(clap::Command::new("figure"));
        for (option, _) in OPTIONS {
            assert!(command.get_arguments().any(|one| one.get_long() == option.strip_prefix("--")), "{option}");
            assert!(FIGURES.iter().any(|(.., uses)| uses.contains(&option)), "{option}");
        }
        let known = |option: &&str| OPTIONS.iter().any(|(known, _)| known == option);
        assert!(FIGURES.iter().all(|(.., uses)| uses.iter().all(known)));
    }

    #[test]
    fn every_option_of_a_figure_is_of_all_of_them_or_in_the_table() {
        // What a figure is made of and where, and what every picture has.
        let all = ["list", "from", "out", "theme", "lang", "width", "data", "device"];
        let command = <Figure as clap::Args>::augment_args(clap::Command::new("figure"));
        let longs: Vec<String> = command.get_arguments().filter_map(|one| Some(one.get_long()?.to_owned())).collect();
        for long in longs {
            let known = OPTIONS.iter().any(|(option, _)| option.strip_prefix("--") == Some(&long));
            assert!(known != all.contains(&long.as_str()), "{long}");
        }
    }
}
