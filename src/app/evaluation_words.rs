//! Words for evaluations: distributions, findings, and what differs from a published protocol.

use leptos_i18n::td_string;

use super::{
    evaluations::{Finding, Told, Verdict},
    format,
    language::Locale,
    shift::Shift,
    words,
};
use crate::experiment::{Citation, Departure, Difference, Interval, Kind, Metric, Source, TaskSpec};
pub use crate::words::evaluation::figure;

/// What a row or a button calls a distribution.
pub fn shift(locale: Locale, shift: Shift, task: &TaskSpec) -> String {
    let among = |range: crate::experiment::Range, told: fn(f64) -> String| {
        if range.is_single() { told(range.low) } else { format!("{} … {}", told(range.low), told(range.high)) }
    };
    match shift {
        Shift::Own => td_string!(locale, evaluate.own).to_owned(),
        Shift::Amplitude => {
            td_string!(locale, evaluate.amplitude, range = among(task.amplitude, format::setting))
        }
        Shift::Phase => td_string!(locale, evaluate.phase, range = among(task.phase, format::angle)),
        Shift::FewerShots | Shift::MoreShots => match (task.family.classifies(), task.shots) {
            (false, 1) => td_string!(locale, evaluate.one_point).to_owned(),
            (false, shots) => td_string!(locale, evaluate.points, shots),
            (true, 1) => td_string!(locale, evaluate.one_drawing).to_owned(),
            (true, shots) => td_string!(locale, evaluate.drawings, shots),
        },
        Shift::Ways => td_string!(locale, evaluate.ways, ways = task.ways),
        Shift::Rotations if task.rotations.is_on() => td_string!(locale, evaluate.turned).to_owned(),
        Shift::Rotations => td_string!(locale, evaluate.upright).to_owned(),
        Shift::Alphabet if task.within_alphabet.is_on() => td_string!(locale, evaluate.one_alphabet).to_owned(),
        Shift::Alphabet => td_string!(locale, evaluate.any_alphabet).to_owned(),
        Shift::Source if task.source == Source::Imported => td_string!(locale, evaluate.imported).to_owned(),
        Shift::Source => td_string!(locale, evaluate.procedural).to_owned(),
    }
}

/// A published figure as its paper prints it.
pub fn printed(metric: Metric, value: f64, half: Option<f64>) -> String {
    let half = half.map_or_else(String::new, |half| format!("\u{202f}±\u{202f}{half}"));
    let unit = if metric == Metric::Accuracy { "\u{202f}%" } else { "" };
    format!("{value}{half}{unit}")
}

/// The sentences that a finished evaluation says.
pub fn finding(locale: Locale, finding: &Finding) -> String {
    let Finding { metric, tasks, .. } = *finding;
    let name = shift(locale, finding.shift, &finding.task);
    let steps = words::inner_steps(locale, finding.steps as usize, finding.learner);
    let told = |interval: &Interval| figure(metric, *interval);
    match &finding.told {
        Told::Diverged { count } => td_string!(locale, evaluate.said_diverged, name, count = *count, tasks, steps),
        Told::Course { to, .. } if finding.steps == 0 => match metric {
            Metric::Loss => td_string!(locale, evaluate.said_still_loss, name, tasks, to = told(to)),
            Metric::Accuracy => td_string!(locale, evaluate.said_still_accuracy, name, tasks, to = told(to)),
        },
        Told::Course { from, to } => {
            let (from, to) = (told(from), told(to));
            match metric {
                Metric::Loss => td_string!(locale, evaluate.said_loss, name, tasks, steps, from, to),
                Metric::Accuracy => td_string!(locale, evaluate.said_accuracy, name, tasks, steps, from, to),
            }
        }
        Told::Beside { here, own, verdict } => {
            let (here, own) = (told(here), told(own));
            let said = match metric {
                Metric::Loss => td_string!(locale, evaluate.said_beside_loss, name, steps, here, own),
                Metric::Accuracy => td_string!(locale, evaluate.said_beside_accuracy, name, steps, here, own),
            };
            let verdict = match verdict {
                Verdict::Worse => td_string!(locale, evaluate.worse),
                Verdict::Alike => td_string!(locale, evaluate.alike),
                Verdict::Better => td_string!(locale, evaluate.better),
                Verdict::Wild => td_string!(locale, evaluate.wild),
            };
            // Chinese puts no space between sentences.
            let between = if locale == Locale::zh { "" } else { " " };
            format!("{said}{between}{verdict}")
        }
    }
}

/// Where a figure is printed.
pub fn citation(locale: Locale, source: Citation) -> String {
    let Citation { authors, year, table } = source;
    match table {
        Some(table) => td_string!(locale, evaluate.citation, authors, year, table),
        None => td_string!(locale, evaluate.citation_paper, authors, year),
    }
}

/// How a protocol differs from its paper's.
pub fn difference(locale: Locale, difference: Difference) -> &'static str {
    match difference {
        Difference::Split => td_string!(locale, difference.split),
        Difference::Data => td_string!(locale, difference.data),
        Difference::Weights => td_string!(locale, difference.weights),
        Difference::NoInterval => td_string!(locale, difference.no_interval),
        Difference::ByReptilesPaper => td_string!(locale, difference.by_reptiles_paper),
        Difference::FewerTasks => td_string!(locale, difference.fewer_tasks),
        Difference::InnerAdam => td_string!(locale, difference.inner_adam),
        Difference::Queries => td_string!(locale, difference.queries),
        Difference::TurnedTests => td_string!(locale, difference.turned_tests),
        Difference::SinusoidRates => td_string!(locale, difference.sinusoid_rates),
        Difference::CharacterRates => td_string!(locale, difference.character_rates),
        Difference::FineTuning => td_string!(locale, difference.fine_tuning),
        Difference::MetaBatch => td_string!(locale, difference.meta_batch),
        Difference::ByMamlsPaper => td_string!(locale, difference.by_mamls_paper),
        Difference::Pooling => td_string!(locale, difference.pooling),
        Difference::Scale => td_string!(locale, difference.scale),
        Difference::Decay => td_string!(locale, difference.decay),
        Difference::Training => td_string!(locale, difference.training),
    }
}

/// A setting that is otherwise than the protocol's.
pub fn departure(locale: Locale, departure: &Departure) -> String {
    let Departure { field, own, theirs } = departure;
    let named = matches!(field.kind, Kind::Choice(_));
    let value = |text: &String| if named { choice(locale, text).to_owned() } else { text.clone() };
    let name = setting(locale, field.path);
    td_string!(locale, evaluate.departure, name, own = value(own), theirs = value(theirs))
}

/// What the page calls a setting; its path where the page has no control for it.
fn setting(locale: Locale, path: &'static str) -> &'static str {
    match path {
        "task.queries" => td_string!(locale, evaluate.queries),
        "task.noise" => td_string!(locale, task.noise),
        "task.x" => td_string!(locale, task.inputs),
        "task.amplitude" => td_string!(locale, task.amplitude),
        "task.phase" => td_string!(locale, task.phase),
        "task.frequency" => td_string!(locale, task.frequency),
        "task.rotations" => td_string!(locale, task.rotations),
        "task.within_alphabet" => td_string!(locale, task.within_alphabet),
        "task.train_ways" => td_string!(locale, task.train_ways),
        "task.train_shots" => td_string!(locale, task.train_shots),
        "model.hidden" => td_string!(locale, settings.hidden),
        "model.activation" => td_string!(locale, settings.activation),
        "model.init" => td_string!(locale, settings.init),
        "model.normalization" => td_string!(locale, settings.normalization),
        "model.filters" => td_string!(locale, settings.filters),
        "model.pooling" => td_string!(locale, settings.pooling),
        "model.transduction" => td_string!(locale, settings.transduction),
        "learner.inner_lr" => td_string!(locale, settings.inner_lr),
        "learner.inner_steps" => td_string!(locale, settings.inner_steps),
        "learner.eval_lr" => td_string!(locale, settings.eval_lr),
        "learner.eval_steps" => td_string!(locale, settings.eval_steps),
        "learner.inner_optimizer" => td_string!(locale, settings.inner_optimizer),
        "learner.inner_batch" => td_string!(locale, settings.inner_batch),
        "learner.eval_batch" => td_string!(locale, settings.eval_batch),
        "learner.context" => td_string!(locale, settings.context),
        "learner.regularization" => td_string!(locale, settings.regularization),
        "learner.cg_steps" => td_string!(locale, settings.cg_steps),
        "learner.multi_step" => td_string!(locale, settings.multi_step),
        "learner.first_order" => td_string!(locale, settings.first_order),
        "learner.processing_steps" => td_string!(locale, settings.processing_steps),
        "outer.optimizer" => td_string!(locale, settings.optimizer),
        "outer.lr" => td_string!(locale, settings.outer_lr),
        "outer.momentum" => td_string!(locale, settings.momentum),
        "outer.meta_batch" => td_string!(locale, settings.meta_batch),
        "outer.clip" => td_string!(locale, settings.clip),
        "outer.schedule" => td_string!(locale, settings.schedule),
        "outer.weight_decay" => td_string!(locale, settings.weight_decay),
        "model.dropout" => td_string!(locale, settings.dropout),
        "task.label_noise" => td_string!(locale, settings.label_noise),
        "task.augmentation" => td_string!(locale, settings.augmentation),
        "task.pixel_noise" => td_string!(locale, settings.pixel_noise),
        "budget.validate_every" => td_string!(locale, settings.validate_every),
        "budget.patience" => td_string!(locale, settings.patience),
        "budget.validation_tasks" => td_string!(locale, settings.validation_tasks),
        path => path,
    }
}

/// What the page calls a choice among names.
fn choice(locale: Locale, name: &str) -> &str {
    match name {
        "on" => td_string!(locale, evaluate.on),
        "off" => td_string!(locale, evaluate.off),
        "flatten" => td_string!(locale, settings.flatten),
        "mean" => td_string!(locale, settings.mean),
        "constant" => td_string!(locale, settings.constant),
        "cosine" => td_string!(locale, settings.cosine),
        "linear" => td_string!(locale, settings.linear),
        "none" => td_string!(locale, settings.normalize_none),
        "batch" => td_string!(locale, settings.normalize_batch),
        "adam" => td_string!(locale, optimizer.adam),
        "sgd" => td_string!(locale, optimizer.sgd),
        "relu" => td_string!(locale, activation.relu),
        "tanh" => td_string!(locale, activation.tanh),
        "lecun" => td_string!(locale, init.lecun),
        "he" => td_string!(locale, init.he),
        "small" => td_string!(locale, init.small),
        name => name,
    }
}
