//! `figure`: the figures of the page as SVG.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    CliError,
    arguments::{Figure, FigureName, LanguageName, Source, ThemeName},
    compare::{Lineup, lineup, run},
    dataset,
    device::place,
    evaluate::{load, shown_task},
    figure_inside as inside, landscape, put, read_text, say,
};
use crate::{
    chart::{Axis, Mean, Series, Sheet, Theme},
    engine::{Checkpoint, Contest, Data, Session},
    experiment::{
        Accuracies, Adaptation, Check, Choice as _, Compared, CostMeter, CurvePoint, Diagnosis, Directions, Evaluation,
        Experiment, Found, Landscape, LearnerKind, Metric, Searched, nearest_published,
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

/// How a figure is made.
type Draw = fn(&Asked<'_>) -> Result<Sheet, CliError>;

/// Every figure: how it is made, and what it is made of.
const FIGURES: [(FigureName, Draw, &str); 19] = [
    (FigureName::Adaptation, adaptation, "a checkpoint: how it adapts to a task (--task, --step)"),
    (FigureName::Steps, steps, "a checkpoint: losses and gradient norm at every inner step"),
    (FigureName::Race, race, "a checkpoint of an optimiser: its loss beside gradient descent and Adam"),
    (FigureName::Loss, loss, "--from CSV of `train --curve`: the curve of meta-training"),
    (FigureName::Runs, runs, "--from CSV, repeated: the curves of several runs"),
    (FigureName::Evaluate, evaluate, "a checkpoint (--tasks), or --from JSON of `evaluate`: means with intervals"),
    (FigureName::Compare, compare, "checkpoints (--learners, --meta-steps, --tasks), or --from JSON of `compare`"),
    (FigureName::Curves, curves, "the same: the meta-training of those compared"),
    (FigureName::Paths, paths, "a checkpoint, or --from JSON of `landscape`: where weights go (--plane)"),
    (FigureName::Surface, surface, "the same: the loss around the start (--query)"),
    (FigureName::Directions, directions, "a checkpoint, or --from JSON of `diagnose`: first-order directions"),
    (FigureName::Costs, costs, "a checkpoint, or --from JSON of `diagnose`: time of either order"),
    (FigureName::Search, tried, "--from JSON of `search`: the settings that were tried"),
    (
        FigureName::Layers,
        inside::layers,
        "a checkpoint, or --from JSON of `layers`: what changes in every layer (--own)",
    ),
    (FigureName::Embedding, inside::embedding, "the same: where features put the task's examples (--step)"),
    (FigureName::Likeness, inside::likeness, "the same of who compares: attention, probabilities or relation scores"),
    (FigureName::Filters, inside::filters, "the same of a convolutional network: filters of its first layer"),
    (FigureName::Maps, inside::maps, "the same, or JSON of `layers --drawing`: feature maps too (--drawing)"),
    (FigureName::Anatomy, inside::anatomy, "a checkpoint, or --from JSON of `anatomy`: one step taken apart (--stage)"),
];

pub(super) fn figure(arguments: &Figure) -> Result<(), CliError> {
    let Some(name) = arguments.name.filter(|_| !arguments.list) else {
        for (name, _, made_of) in FIGURES {
            say(&format!("{:<11} {made_of}", named(name)));
        }
        return Ok(());
    };
    let (_, draw, made_of) = FIGURES
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
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<Option<T>, CliError> {
        let Some(path) = self.from() else { return Ok(None) };
        serde_json::from_str(&read_text(path)?).map(Some).map_err(|error| self.unreadable(&error))
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

    /// The inner step on show, of so many.
    fn step(&self, states: usize) -> usize {
        let last = states.saturating_sub(1);
        self.arguments.step.map_or(last, |step| (step as usize).min(last))
    }
}

fn adaptation(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let (experiment, meta_step, adapted) = asked.adapted()?;
    let learner = experiment.learner.kind;
    Ok(match &adapted {
        Adaptation::Regression(trajectory) if trajectory.grid.is_empty() => {
            figure::race(asked.locale, trajectory, learner, asked.step(trajectory.steps.len()), asked.width)
        }
        Adaptation::Regression(trajectory) => {
            let step = asked.step(trajectory.steps.len());
            let looked = Looked { step, family: experiment.task.family, learner, meta_step };
            figure::adaptation(asked.locale, trajectory, looked, asked.width)
        }
        Adaptation::Characters(task) => {
            let step = asked.step(task.steps.len());
            figure::characters(asked.locale, task, (step, 0, learner, meta_step), letter, asked.width)
        }
    })
}

fn steps(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let (_, _, adapted) = asked.adapted()?;
    let inner = Inner::of(&adapted);
    Ok(figure::steps(asked.locale, &inner, asked.step(inner.norm.len()), asked.width))
}

fn race(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let (experiment, _, adapted) = asked.adapted()?;
    match &adapted {
        Adaptation::Regression(trajectory) if !trajectory.rivals.is_empty() => {
            let step = asked.step(trajectory.steps.len());
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

fn evaluate(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let Evaluated { evaluation, experiment } = match asked.read()? {
        Some(evaluated) => evaluated,
        None => {
            let (checkpoint, place, data) = asked.loaded()?;
            let seed = checkpoint.experiment.seed;
            let evaluation = pollster::block_on(async {
                let session = Session::resume(&checkpoint, place, data).await?;
                session.evaluate(asked.arguments.tasks, &STEPS, (seed, Purpose::Test), |_| true).await
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
    let &Figure { meta_steps, tasks, task, .. } = asked.arguments;
    let contest = Contest { contestants, checkpoints, meta_steps, tasks, shown: shown_task(&experiment, task) };
    Ok(pollster::block_on(run(&experiment, own, place, data, contest))?)
}

fn compare(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    Ok(figure::contest(asked.locale, &compared(asked)?, asked.arguments.step, asked.width))
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
    let grid = (landscape::kind(asked.arguments.plane), side);
    landscape::found(&checkpoint, place, data, asked.arguments.task, OTHERS, grid)
}

/// Which of a path's places is that of the inner step on show.
fn place_of(landscape: &Landscape, step: Option<u32>) -> usize {
    let step = step.or(landscape.steps.last().copied()).unwrap_or_default();
    landscape.steps.partition_point(|kept| *kept <= step).saturating_sub(1)
}

fn paths(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let landscape = mapped(asked, 9)?;
    let current = landscape.paths.iter().position(|path| path.shown);
    let step = place_of(&landscape, asked.arguments.step);
    Ok(figure::paths(asked.locale, &landscape, current, step, asked.width))
}

fn surface(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let landscape = mapped(asked, SIDE)?;
    let step = place_of(&landscape, asked.arguments.step);
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
}
