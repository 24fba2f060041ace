//! `figure`: the figures of the page as SVG.

mod found;
mod inside;
mod task;
mod training;
mod written;

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;

use super::{
    CliError,
    arguments::{Figure, FigureName, LanguageName, ThemeName},
    dataset,
    device::place,
    evaluate::{load, shown_task},
    put, read_text, say,
};
use crate::{
    chart::{Sheet, Theme},
    engine::{Checkpoint, Data, Session},
    experiment::{Adaptation, Experiment},
    model::{Place, Precision},
    words::{Locale, tag},
};
use written::Written;

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
const FIGURES: [Known; 20] = [
    (FigureName::Adaptation, task::adaptation, "a checkpoint: how it adapts to a task", &["--task", "--step"]),
    (
        FigureName::Steps,
        task::steps,
        "a checkpoint: losses and gradient norm at every inner step",
        &["--task", "--step"],
    ),
    (
        FigureName::Race,
        task::race,
        "a checkpoint of an optimiser: its loss beside gradient descent and Adam",
        &["--task", "--step"],
    ),
    (FigureName::Loss, training::loss, "--from CSV of `train --curve`: the curve of meta-training", &["--log"]),
    (
        FigureName::Runs,
        training::runs,
        "--from CSV of `train --curve`, repeated: the curves of several runs",
        &["--log"],
    ),
    (
        FigureName::Evaluate,
        found::evaluate,
        "a checkpoint, or --from JSON of `evaluate`: means with intervals over test tasks",
        &["--tasks"],
    ),
    (
        FigureName::Compare,
        found::compare,
        "checkpoints, or --from JSON of `compare`: learners side by side on test tasks",
        &["--learners", "--meta-steps", "--tasks", "--step"],
    ),
    (
        FigureName::Curves,
        found::curves,
        "a checkpoint and learners, or --from JSON of `compare`: the meta-training of those compared",
        &["--learners", "--meta-steps"],
    ),
    (
        FigureName::Multiples,
        found::multiples,
        "--from JSON of `compare`: what each contestant makes of the task on show",
        &["--step"],
    ),
    (
        FigureName::Paths,
        task::paths,
        "a checkpoint, or --from JSON of `landscape`: where weights go",
        &["--task", "--step", "--plane"],
    ),
    (
        FigureName::Surface,
        task::surface,
        "a checkpoint, or --from JSON of `landscape`: the loss around the start",
        &["--task", "--step", "--plane", "--query"],
    ),
    (
        FigureName::Directions,
        found::directions,
        "a checkpoint, or --from JSON of `diagnose`: first-order directions",
        &[],
    ),
    (FigureName::Costs, found::costs, "a checkpoint, or --from JSON of `diagnose`: time of either order", &[]),
    (FigureName::Search, found::tried, "--from JSON of `search`: the settings that were tried", &[]),
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
struct Asked<'a> {
    arguments: &'a Figure,
    locale: Locale,
    width: f64,
    name: FigureName,
    made_of: &'static str,
}

impl Asked<'_> {
    /// Why it cannot be drawn: what it is made of is not given.
    fn lacking(&self) -> CliError {
        CliError::Request(format!("the figure {} is made of {}", named(self.name), self.made_of))
    }

    /// The file of `--from`, if there is one.
    fn from(&self) -> Option<&Path> {
        self.arguments.from.first().map(PathBuf::as_path)
    }

    /// What another command has written as JSON, if that is given.
    fn read<T: Written>(&self) -> Result<Option<T>, CliError> {
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
    fn loaded(&self) -> Result<(Checkpoint, Place, Data), CliError> {
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
    fn step(&self, first: u32, last: u32) -> Result<Option<u32>, CliError> {
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
