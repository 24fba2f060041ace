//! What every inner step measures: losses and the norm of the gradient, one small plot each.

use crate::{
    chart::{Axes, Frame, Mark, Plot, Scale, Sheet, polyline},
    experiment::Adaptation,
    words::{Locale, captions, tell},
};

/// What is measured at every inner step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inner {
    /// Support loss.
    pub support: Vec<f32>,
    /// Query loss; empty where there is none.
    pub query: Vec<f32>,
    /// Norm of the support loss's gradient.
    pub norm: Vec<f32>,
    /// Whether support and query set are the same function, and one loss tells of both.
    pub is_one: bool,
}

impl Inner {
    /// Of a task that was adapted to.
    #[must_use]
    pub fn of(adapted: &Adaptation) -> Self {
        match adapted {
            Adaptation::Regression(all) => Self {
                support: all.steps.iter().map(|step| step.support_loss).collect(),
                query: all.steps.iter().map(|step| step.query_loss).collect(),
                norm: all.steps.iter().map(|step| step.gradient_norm).collect(),
                // A quadratic has no points.
                is_one: all.grid.is_empty(),
            },
            Adaptation::Characters(all) => Self {
                support: all.steps.iter().map(|step| step.support_loss).collect(),
                query: all.steps.iter().map_while(|step| step.query_loss).collect(),
                norm: all.steps.iter().map(|step| step.gradient_norm).collect(),
                is_one: false,
            },
        }
    }

    /// What they say, by the losses that are drawn.
    #[must_use]
    pub fn caption(&self, locale: Locale) -> Option<String> {
        let support = (!self.is_one).then_some(self.support.as_slice());
        captions::steps(locale, support, &self.query)
    }
}

/// The quantities one below the other, with a mark at the step on show.
#[must_use]
pub fn steps(locale: Locale, inner: &Inner, step: usize, width: f64) -> Sheet {
    let plot = |name: &str, heading: &str, class: &str, values: &[f32]| {
        let frame = Plot::frame(width, 118.0);
        let places = places(values, &frame);
        let x = Scale::linear((0.0, values.len().saturating_sub(1).max(1) as f64), frame.across());
        let high = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f32::max);
        let y = Scale::linear((0.0, f64::from(high).max(1e-12)), frame.upwards());
        let axes = Axes {
            across: x.ticks(5).into_iter().filter(|tick| tick.value.fract() == 0.0).collect(),
            upwards: y.ticks(3),
            across_name: tell!(locale, axis.inner_step).to_owned(),
            upwards_name: heading.to_owned(),
            ..Axes::default()
        };
        let mut plot = Plot::new(format!("steps-{name}"), frame, &axes);
        let line = Mark::path(format!("step-line {class}"), polyline(places.iter().copied()));
        let now = places.get(step).filter(|(_, y)| y.is_finite()).map(|at| Mark::circle("step-now", *at, 4.0));
        plot.marks.push(Mark::Clipped([line].into_iter().chain(now).collect()));
        plot
    };
    let mut plots = Vec::new();
    if !inner.is_one {
        plots.push(plot("support", tell!(locale, strip.support), "before", &inner.support));
    }
    if !inner.query.is_empty() {
        let name = if inner.is_one { tell!(locale, scrub.loss) } else { tell!(locale, strip.query) };
        plots.push(plot("query", name, "after", &inner.query));
    }
    plots.push(plot("norm", tell!(locale, strip.gradient), "norm", &inner.norm));
    let caption = inner.caption(locale).unwrap_or_default();
    let title = tell!(locale, caption.steps_title).to_owned();
    Sheet { title, plots, legend: Vec::new(), ramp: None, caption }
}

fn places(values: &[f32], frame: &Frame) -> Vec<(f64, f64)> {
    crate::chart::Spark::new(values, frame).places
}
