//! What a paper reports, beside what `evaluate` found.

use serde::Serialize;

use super::reproduce::{figure, found};
use crate::{
    experiment::{Evaluation, Experiment, Interval, Metric, nearest_published},
    words::{
        Locale,
        evaluation::{differences, judged},
    },
};

/// The published protocol nearest to an experiment, and how that did under it.
#[derive(Serialize)]
pub(super) struct Beside {
    /// Where it is printed.
    source: String,
    /// The preset that follows the protocol.
    preset: &'static str,
    /// Of the figures: `loss`, or `accuracy` in per cent.
    metric: &'static str,
    figures: Vec<Figure>,
    /// In what the two differ, in sentences.
    differences: Vec<String>,
}

#[derive(Serialize)]
struct Figure {
    step: u32,
    /// The published one.
    value: f64,
    /// Half the width of its interval, where one is printed.
    ci95: Option<f64>,
    /// What was found, in the same unit.
    here: Option<Interval>,
    /// Both as text.
    #[serde(skip)]
    told: [String; 2],
}

/// Inner steps after which a paper reports figures to hold an experiment against.
pub(super) fn steps(experiment: &Experiment) -> impl Iterator<Item = u32> {
    let figures = nearest_published(experiment).map(|(entry, _)| entry.figures).unwrap_or_default();
    figures.iter().map(|&(step, ..)| step)
}

/// What is published of an experiment's protocol, beside what was found on its own tasks; none where nothing is.
pub(super) fn beside(experiment: &Experiment, evaluation: &Evaluation, meta_step: u32) -> Option<Beside> {
    let (entry, departures) = nearest_published(experiment)?;
    let figures = entry.figures.iter().map(|&(step, value, ci95)| {
        let here = evaluation.steps.iter().find(|found| found.step == step);
        let told = match here {
            None => "–".to_owned(),
            Some(step) => found(step, evaluation.tasks),
        };
        let here = here.map(|step| judged(step).1);
        Figure { step, value, ci95, here, told: [figure(entry.metric, value, ci95), told] }
    });
    Some(Beside {
        source: entry.source.to_string(),
        preset: entry.preset,
        metric: match entry.metric {
            Metric::Loss => "loss",
            Metric::Accuracy => "accuracy",
        },
        figures: figures.collect(),
        differences: differences(Locale::en, (entry, &departures), experiment, meta_step),
    })
}

impl Beside {
    /// In lines of text.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("published: {} (the protocol of {})", self.source, self.preset),
            format!("inner steps  {:15}  here", "published"),
        ];
        let row = |Figure { step, told: [published, here], .. }: &Figure| format!("{step:>11}  {published:15}  {here}");
        lines.extend(self.figures.iter().map(row));
        if !self.differences.is_empty() {
            lines.push("what differs:".to_owned());
            lines.extend(self.differences.iter().map(|difference| format!("- {difference}")));
        }
        lines
    }
}
