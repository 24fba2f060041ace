//! Means over many tasks with their intervals.

use crate::{
    chart::{Axes, Axis, IntervalFigure, Key, Mean, Plot, Sheet},
    experiment::{Evaluation, Metric},
    words::{Locale, evaluation::judged, tell},
};

use super::{mean_key, mean_line, query_measure, unit};

/// What is drawn: up to three lines of means in the unit of the metric, any of which may be empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// On the tasks that are learned from.
    pub own: Vec<Mean>,
    /// On others, and what they are called.
    pub other: Option<(String, Vec<Mean>)>,
    /// As a paper reports them.
    pub published: Vec<Mean>,
}

impl Judged {
    /// The means of an evaluation, in the unit of its metric.
    #[must_use]
    pub fn means(evaluation: &Evaluation) -> Vec<Mean> {
        let mean = |step: &crate::experiment::StepEvaluation| {
            let (_, interval) = judged(step);
            Mean { step: step.step, mean: interval.mean, half: Some(interval.ci95) }
        };
        evaluation.steps.iter().map(mean).collect()
    }
}

/// Classes and shapes of the three lines.
const LINES: [(&str, usize); 3] = [("own", 0), ("other", 1), ("printed", 2)];

/// Means with their intervals after each number of inner steps; `caption` says what was found.
#[must_use]
pub fn evaluation(locale: Locale, lines: &Judged, metric: Metric, caption: String, width: f64) -> Sheet {
    let Judged { own, other, published } = lines;
    let axis = if metric == Metric::Accuracy { Axis::Accuracy } else { Axis::LogLoss };
    let frame = Plot::frame(width, (width * 0.5).clamp(150.0, 230.0) + 12.0);
    let (other_name, others) = other.clone().unwrap_or_default();
    let figure = IntervalFigure::new(&[own.clone(), others, published.clone()], &frame, axis);
    let axes = Axes {
        across: figure.across,
        upwards: figure.upwards,
        across_name: tell!(locale, evaluate.across).to_owned(),
        upwards_name: query_measure(locale, axis),
        unit: unit(axis),
        upright: false,
    };
    let mut plot = Plot::new("evaluation", frame, &axes);
    // The own line lies on top.
    for ((class, shape), line) in LINES.iter().zip(&figure.lines).rev() {
        plot.marks.extend(mean_line(class, *shape, line));
    }
    let names =
        [tell!(locale, evaluate.own).to_owned(), other_name, tell!(locale, evaluate.published_theirs).to_owned()];
    let known = LINES.iter().zip(names).zip(&figure.lines).filter(|(_, line)| !line.places.is_empty());
    let legend = known.map(|(((class, shape), name), _)| Key::new(mean_key(class, *shape), name)).collect();
    Sheet { title: tell!(locale, evaluate.title).to_owned(), plots: vec![plot], legend, ramp: None, caption }
}
