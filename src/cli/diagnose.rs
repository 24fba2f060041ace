//! `diagnose`: the meta-gradient checked, first-order directions compared, orders timed.

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    CliError,
    arguments::Diagnose,
    dataset,
    device::{label, place},
    evaluate::start,
    say,
};
use crate::{
    engine::{Checkpoint, Session},
    experiment::{
        Along, Choice as _, CostMeter, Derivative, Diagnosis, Directions, Experiment, Found, GradientCheck, Outcome,
        Towards, Turn, Verdict,
    },
    model::Precision,
};

/// What was found, and what `--json` prints.
#[derive(Serialize)]
struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    gradient: Option<GradientCheck>,
    /// Ascending in meta-steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    directions: Vec<Directions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<CostMeter>,
    /// Second order over first, of a meta-step with the experiment's inner steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    /// The same of one inner step, by the fitted lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    step_ratio: Option<f64>,
    device: &'static str,
    meta_step: u32,
    experiment: Experiment,
}

pub(super) fn diagnose(arguments: &Diagnose) -> Result<(), CliError> {
    let place = place(arguments.on.device, Precision::Single)?;
    let (mut experiment, checkpoint) = start(&arguments.start, "diagnose")?;
    if let Some(meta_steps) = arguments.meta_steps {
        let budget = experiment.budget.meta_steps.max(meta_steps);
        experiment.set("budget.meta_steps", &budget.to_string()).map_err(CliError::request)?;
    }
    let data = dataset::load(arguments.on.data.as_deref(), &mut experiment)?;
    let report = pollster::block_on(async {
        let mut session = match checkpoint {
            Some(checkpoint) => Session::resume(&Checkpoint { experiment, ..checkpoint }, place, data).await?,
            None => Session::new(experiment, place, data).await?,
        };
        let directions = train(&mut session, arguments).await?;
        found(&session, directions, arguments).await
    })?;
    if arguments.json {
        say(&serde_json::to_string_pretty(&report).map_err(CliError::request)?);
    } else {
        print(&report);
    }
    match report.gradient.map(|check| check.verdict) {
        Some(Verdict::Wrong) => {
            Err(CliError::Failed("the meta-gradient is not the derivative of its loss along some direction".into()))
        }
        _ => Ok(()),
    }
}

/// Trains as far as was asked for, and compares directions on the way.
async fn train(session: &mut Session, arguments: &Diagnose) -> Result<Vec<Directions>, CliError> {
    let (mut all, end) = (Vec::new(), arguments.meta_steps.unwrap_or_default());
    let bar = bar(u64::from(end), "{bar:30} {pos} of {len} meta-steps");
    loop {
        let now = session.meta_step();
        let due = arguments.every.is_some_and(|every| now.is_multiple_of(every));
        // A check on validation tasks may take several calls, and end the run early.
        let fresh = all.last().is_none_or(|last: &Directions| last.meta_step < now);
        if due
            && fresh
            && let Found::Directions(directions) = session.diagnose(Diagnosis::Directions, |_, _| {}).await?
        {
            all.push(directions);
        }
        if now >= end || session.finished() {
            bar.finish_and_clear();
            return Ok(all);
        }
        let next = arguments.every.map_or(end, |every| end.min(now - now % every + every));
        session.train(next - now).await?;
        bar.set_position(session.meta_step().into());
    }
}

/// The diagnoses asked for; all of them if none was.
async fn found(session: &Session, watched: Vec<Directions>, arguments: &Diagnose) -> Result<Report, CliError> {
    let Diagnose { gradient, directions, cost, every, .. } = *arguments;
    let experiment = session.experiment().clone();
    let all = !(gradient || directions || cost) && every.is_none();
    // What was watched to the end has been compared there.
    let last = watched.last().is_some_and(|last| last.meta_step == session.meta_step());
    let answered = |diagnosis| all && experiment.undiagnosable(diagnosis).is_none();
    let wanted = [
        (Diagnosis::Gradient, gradient || answered(Diagnosis::Gradient)),
        (Diagnosis::Directions, directions && !last || answered(Diagnosis::Directions)),
        (Diagnosis::Cost, cost || answered(Diagnosis::Cost)),
    ];
    let mut report = Report {
        gradient: None,
        directions: watched,
        cost: None,
        ratio: None,
        step_ratio: None,
        device: label(arguments.on.device),
        meta_step: session.meta_step(),
        experiment,
    };
    for (diagnosis, _) in wanted.into_iter().filter(|(_, wanted)| *wanted) {
        let bar = bar(0, "{bar:30} {pos} of {len}");
        let progress = |done: u32, total: u32| {
            bar.set_length(total.into());
            bar.set_position(done.into());
        };
        let found = session.diagnose(diagnosis, progress).await?;
        bar.finish_and_clear();
        match found {
            Found::Gradient(check) => report.gradient = Some(check),
            Found::Directions(directions) => report.directions.push(directions),
            Found::Cost(meter) => {
                (report.ratio, report.step_ratio) = (meter.ratio(), meter.step_ratio());
                report.cost = Some(meter);
            }
        }
    }
    Ok(report)
}

fn bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

fn print(report: &Report) {
    let kind = report.experiment.learner.kind.name();
    say(&format!("{kind} after {} meta-steps, on {}", report.meta_step, report.device));
    if let Some(check) = &report.gradient {
        print_check(kind, check);
    }
    if !report.directions.is_empty() {
        print_directions(kind, &report.directions);
    }
    if let Some(meter) = &report.cost {
        print_cost(report, meter);
    }
}

fn print_check(kind: &str, check: &GradientCheck) {
    let GradientCheck { tasks, of_tasks, step, tolerance, norm, loss, .. } = check;
    say("");
    if check.verdict == Verdict::Nothing {
        say(&format!("gradient check: {kind} learns nothing outside, so there is nothing to check"));
        return;
    }
    say(&format!(
        "gradient check: {tasks} of {of_tasks} tasks, loss {loss:.4}, norm of the exact gradient {norm:.4}; central \
         differences in float64 at h = {step:.0e} and h/2, tolerance {tolerance:.0e}"
    ));
    say("direction                     slope          difference     relative error");
    for Along { towards, slope, difference, error, outcome } in &check.along {
        let name = match towards {
            Towards::Gradient => "the gradient's own".to_owned(),
            Towards::Random(number) => format!("random {number}"),
            Towards::Element(entry, element) => format!("{entry}[{element}]"),
        };
        let mark = match outcome {
            Outcome::Agrees => "",
            Outcome::Differs => "  DIFFERS",
            Outcome::Kink => "  left out: a kink lies within reach",
        };
        say(&format!("{name:<28}  {slope:<13.6e}  {difference:<13.6e}  {error:.1e}{mark}"));
    }
    let verdict = match (check.verdict, check.derivative) {
        (Verdict::Right, Derivative::Approximate) => "the exact gradient is right",
        (Verdict::Right, _) => "right",
        (Verdict::Wrong, _) => "WRONG",
        _ => "unclear: too many directions cross a kink",
    };
    say(&format!("verdict: {verdict}"));
    if let Some(Turn { cosine, ratio }) = check.own {
        say(&format!(
            "{kind} approximates that gradient: the cosine between them is {cosine:.4}, its length {ratio:.3} times as \
             large"
        ));
    }
}

fn print_directions(kind: &str, all: &[Directions]) {
    let own = all.iter().any(|directions| directions.own.is_some());
    say("");
    say("cosine with MAML's exact gradient, and length as a multiple of its, on one meta-batch");
    let last = if own { format!("  {kind}") } else { String::new() };
    say(&format!("meta-step  norm       FOMAML           Reptile        {last}"));
    let turn = |turn: Option<Turn>| match turn {
        Some(Turn { cosine, ratio }) => format!("{cosine:>7.4} {ratio:>7.3}"),
        None => "zero".to_owned(),
    };
    for Directions { meta_step, norm, fomaml, reptile, own: of_own } in all {
        let last = if own { turn(*of_own) } else { String::new() };
        let line = format!("{meta_step:>9}  {norm:<9.4}  {:<15}  {:<15}  {last}", turn(*fomaml), turn(*reptile));
        say(line.trim_end());
    }
}

fn print_cost(report: &Report, meter: &CostMeter) {
    say("");
    let bytes = if meter.counted { "most held at once" } else { "estimated, not measured" };
    say(&format!("one meta-step of {} tasks: median time, and memory ({bytes})", meter.tasks));
    say("inner steps  first order  second order  ratio  first order  second order");
    for at in &meter.at {
        let (first, second) = (at.first, at.second);
        let megabytes = |bytes: f64| format!("{:.2} MB", bytes / 1e6);
        say(&format!(
            "{:>11}  {:>8.2} ms  {:>9.2} ms  {:>5.2}  {:>11}  {:>12}",
            at.steps,
            first.ms,
            second.ms,
            second.ms / first.ms,
            megabytes(first.bytes),
            megabytes(second.bytes)
        ));
    }
    let steps = meter.own().map_or(0, |at| at.steps);
    if let Some(ratio) = report.ratio {
        say(&format!(
            "at {steps} inner step{}, second order costs {ratio:.2} × first order here",
            if steps == 1 { "" } else { "s" }
        ));
    }
    if let Some(ratio) = report.step_ratio {
        say(&format!("of a single inner step, by lines fitted through these times: {ratio:.2} ×"));
    }
}
