//! Words for evaluations: findings, and what differs from a published protocol.

use leptos_i18n::td_string;

use super::{
    evaluations::{Finding, Told, Verdict},
    language::Locale,
    words,
};
use crate::experiment::{Citation, Departure, Interval, Kind, Metric};
pub use crate::words::evaluation::{difference, figure, shift};

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
