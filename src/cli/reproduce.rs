//! `reproduce`: a published protocol from end to end.

use std::{fmt::Write as _, path::Path, sync::atomic::Ordering, time::Instant};

use serde::Serialize;

use super::{
    CliError,
    arguments::{On, Reproduce, Source, Train},
    dataset,
    device::{label, place},
    evaluate::load,
    quoted, say, tasks_bar, train, write_file,
};
use crate::{
    engine::Session,
    experiment::{
        Departure, Evaluation, Experiment, Metric, Preset, Published, StepEvaluation, preset, presets, published,
    },
    model::Precision,
    task::Purpose,
};

/// FLOP a second that the CPU path was seen to reach on two cores of a 2020s server in training conv4: what the
/// estimates of `--list` assume.
const CPU_FLOPS: f64 = 6e9;

/// Tasks to evaluate on where no paper says how many.
const TASKS: u32 = 600;

/// The JSON report.
#[derive(Serialize)]
struct Report<'a> {
    name: &'a str,
    /// Where figures are published; none where a paper prints a curve alone, or none that could be confirmed.
    source: Option<String>,
    published: Vec<Figure>,
    found: &'a Evaluation,
    differences: Vec<String>,
    device: &'a str,
    meta_steps: u32,
    minutes: f64,
    fingerprint: &'a str,
    experiment: &'a Experiment,
}

#[derive(Serialize)]
struct Figure {
    step: u32,
    value: f64,
    ci95: Option<f64>,
}

pub(super) fn reproduce(arguments: &Reproduce) -> Result<(), CliError> {
    let Some(name) = arguments.name.as_deref().filter(|_| !arguments.list) else {
        list();
        return Ok(());
    };
    let preset = preset(name).map_err(CliError::request)?;
    let entry = published().iter().find(|entry| entry.preset == name);
    std::fs::create_dir_all(&arguments.out)
        .map_err(|error| CliError::Request(format!("{} cannot be made: {error}", arguments.out.display())))?;
    let file = |ending: &str| arguments.out.join(format!("{name}.{ending}"));
    let started = Instant::now();
    let stop = train::train(&Train {
        source: Source { preset: Some(name.to_owned()), experiment: None, link: None, set: arguments.set.clone() },
        resume: None,
        minutes: arguments.minutes,
        meta_steps: arguments.meta_steps,
        out: file("safetensors"),
        weights_only: false,
        curve: Some(file("csv")),
        tensorboard: None,
        on: On { data: arguments.data.clone(), device: arguments.device },
    })?;
    let minutes = started.elapsed().as_secs_f64() / 60.0;

    let mut checkpoint = load(&file("safetensors"))?;
    let data = dataset::load(arguments.data.as_deref(), &mut checkpoint.experiment)?;
    let place = place(arguments.device, Precision::Single)?;
    let steps = steps(entry, &checkpoint.experiment);
    let tasks = entry.map_or(TASKS, |entry| entry.tasks);
    let bar = tasks_bar(tasks.into());
    let (found, fingerprint) = pollster::block_on(async {
        let session = Session::resume(&checkpoint, place, data).await?;
        let stream = (checkpoint.experiment.seed, Purpose::Test);
        let go_on = |done: u32| {
            bar.set_position(done.into());
            !stop.load(Ordering::Relaxed)
        };
        let found = session.evaluate(tasks, &steps, stream, go_on).await?;
        Ok::<_, CliError>((found, session.fingerprint().to_owned()))
    })?;
    bar.finish_and_clear();
    if found.tasks < tasks {
        let data = arguments.data.as_deref().map_or_else(String::new, |data| format!(" --data {}", quoted(data)));
        return Err(CliError::Interrupted(format!(
            "the evaluation was stopped after {} of {tasks} tasks, and no report is written. To have it of what was \
             trained: kindling evaluate {}{data} --tasks {tasks}",
            found.tasks,
            quoted(&file("safetensors"))
        )));
    }
    let report = Report {
        name,
        source: entry.map(|entry| entry.source.to_string()),
        published: figures(entry).iter().map(|&(step, value, ci95)| Figure { step, value, ci95 }).collect(),
        found: &found,
        differences: differences(entry, &preset.experiment(), &checkpoint.experiment, checkpoint.meta_step),
        device: label(arguments.device),
        meta_steps: checkpoint.meta_step,
        minutes,
        fingerprint: &fingerprint,
        experiment: &checkpoint.experiment,
    };
    let markdown = markdown(preset, entry, &report, arguments.data.as_deref());
    write_file(&file("md"), markdown.as_bytes())?;
    write_file(&file("json"), serde_json::to_string_pretty(&report).map_err(CliError::request)?.as_bytes())?;
    say(&markdown);
    Ok(())
}

/// The published figures of a protocol: inner steps, value, half-width of the 95 % interval.
fn figures(entry: Option<&Published>) -> &'static [(u32, f64, Option<f64>)] {
    entry.map_or(&[], |entry| entry.figures)
}

/// The inner steps to report: those of the figures, or the customary ones.
fn steps(entry: Option<&Published>, experiment: &Experiment) -> Vec<u32> {
    let last = experiment.steps_shown(experiment.task.shots);
    let mut steps: Vec<u32> = match entry {
        Some(entry) => entry.figures.iter().map(|(step, ..)| *step).collect(),
        None => [1, 5, 10, last].into_iter().filter(|step| *step <= last).collect(),
    };
    steps.push(0);
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// Names, figures and estimated times of all.
fn list() {
    say("                                    published       CPU, two cores  source");
    let entry = |preset: &Preset| published().iter().find(|entry| entry.preset == preset.name);
    let (found, none): (Vec<_>, Vec<_>) = presets().iter().partition(|preset| entry(preset).is_some());
    for preset in found.into_iter().chain(none) {
        let experiment = preset.experiment();
        let minutes = experiment.work() * f64::from(experiment.budget.meta_steps) / CPU_FLOPS / 60.0;
        let time = if minutes < 90.0 { format!("{minutes:.0} min") } else { format!("{:.0} h", minutes / 60.0) };
        let entry = entry(preset);
        let last = entry.and_then(|entry| Some((entry.metric, *entry.figures.last()?)));
        let figure = last.map_or_else(|| "none".to_owned(), |(metric, (_, value, ci))| figure(metric, value, ci));
        let source = entry.map_or_else(|| preset.summary.to_owned(), |entry| entry.source.to_string());
        say(&format!("{:34}  {figure:14}  about {time:>8}  {source}", preset.name));
    }
    say("Times are estimated from the work; no GPU has been timed. --minutes or --meta-steps shorten a run.");
    say("\"none\": the paper prints a curve, another network's figures, or none that could be confirmed.");
}

/// A published figure.
pub(super) fn figure(metric: Metric, value: f64, ci95: Option<f64>) -> String {
    let interval = ci95.map_or_else(String::new, |ci95| format!(" ± {ci95}"));
    match metric {
        Metric::Loss => format!("{value}{interval}"),
        Metric::Accuracy => format!("{value}{interval} %"),
    }
}

/// What differs from the paper: always, and in this run.
fn differences(entry: Option<&Published>, preset: &Experiment, ran: &Experiment, meta_steps: u32) -> Vec<String> {
    let always = entry.map_or(&[][..], |entry| entry.differences);
    let always = always.iter().map(|difference| difference.sentence().to_owned());
    let here = preset.departures(ran).into_iter();
    let here = here.map(|Departure { field, own, theirs }| format!("{} was {own} instead of {theirs}.", field.path));
    let budget = ran.budget.meta_steps;
    let stopped = (meta_steps < budget).then(|| format!("Stopped after {meta_steps} of {budget} meta-steps."));
    always.chain(here).chain(stopped).collect()
}

/// A step's figure as the paper would print it.
pub(super) fn found(step: &StepEvaluation, tasks: u32) -> String {
    match step.accuracy {
        None if step.diverged > 0 => format!("diverged on {} of {tasks} tasks", step.diverged),
        Some(accuracy) => format!("{:.1} ± {:.1} %", 100.0 * accuracy.mean, 100.0 * accuracy.ci95),
        None => format!("{:.2} ± {:.2}", step.loss.mean, step.loss.ci95),
    }
}

fn markdown(preset: &Preset, entry: Option<&Published>, report: &Report<'_>, data: Option<&Path>) -> String {
    let source = report.source.as_deref().unwrap_or(preset.summary);
    let mut text = format!("# {}\n\n{source}.\n\n| inner steps | published | found |\n|---|---|---|\n", preset.name);
    for step in &report.found.steps {
        let theirs = entry.and_then(|entry| {
            let (_, value, ci) = entry.figures.iter().find(|(at, ..)| *at == step.step)?;
            Some(figure(entry.metric, *value, *ci))
        });
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            step.step,
            theirs.as_deref().unwrap_or("–"),
            found(step, report.found.tasks)
        );
    }
    let _ = write!(
        text,
        "\n{} tasks, seed {}, device {}, {} meta-steps in {:.1} minutes, fingerprint {}{}.\n",
        report.found.tasks,
        report.experiment.seed,
        report.device,
        report.meta_steps,
        report.minutes,
        report.fingerprint,
        data.map_or_else(String::new, |path| format!(
            ", data {}",
            path.file_name().unwrap_or_default().to_string_lossy()
        )),
    );
    if report.differences.is_empty() {
        return text;
    }
    let from = if entry.is_some() { "published protocol" } else { "preset" };
    let _ = writeln!(text, "\nDifferences from the {from}:\n");
    for difference in &report.differences {
        let _ = writeln!(text, "- {difference}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Interval;

    #[test]
    fn a_step_at_which_tasks_diverged_says_so_in_place_of_a_loss() {
        let nan = Interval { mean: f64::NAN, ci95: f64::NAN };
        let lost = StepEvaluation { step: 5, loss: nan, diverged: 3, accuracy: None };
        assert_eq!(found(&lost, 600), "diverged on 3 of 600 tasks");
        let accuracy = Some(Interval { mean: 0.5, ci95: 0.01 });
        assert_eq!(found(&StepEvaluation { accuracy, ..lost }, 600), "50.0 ± 1.0 %");
    }
}
