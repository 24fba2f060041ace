//! The figure of evaluation: means with their intervals after each number of inner steps.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{evaluate::Judged, page::measured_width};
use crate::{
    app::{
        evaluation_words as told,
        evaluations::{Row, figure},
        language::say,
        shift::Shift,
    },
    chart::{Axis, Frame, IntervalFigure, Mean, MeanLine},
    experiment::{Metric, nearest_published},
};

/// A row's means in the unit of the metric.
fn means(row: &Row, metric: Metric) -> Vec<Mean> {
    let steps = row.evaluation.steps.iter();
    let one = steps.filter_map(|step| {
        let interval = figure(metric, step)?;
        Some(Mean { step: step.step, mean: interval.mean, half: Some(interval.ci95) })
    });
    one.collect()
}

/// The figure: the newest row of the own distribution, the newest of another one, and what is published.
#[component]
pub fn Intervals(
    /// What was evaluated.
    judged: Judged,
) -> impl IntoView {
    let page = judged.page;
    let metric = Memo::new(move |_| judged.metric());
    let (holder, width) = measured_width();
    let frame = Memo::new(move |_| {
        let width: f64 = width.get();
        Frame { width, height: (width * 0.5).clamp(150.0, 230.0), left: 44.0, right: 8.0, top: 10.0, bottom: 36.0 }
    });
    // Own, other, published: the classes of their lines, and which of the three there are.
    let pick = move |own: bool| {
        judged.with(|all| all.rows().iter().rev().find(|row| (row.asked.shift == Shift::Own) == own).cloned())
    };
    let other_name = move || {
        pick(false).map(|row| told::shift(judged.locale(), row.asked.shift, &row.asked.task)).unwrap_or_default()
    };
    let figure = Memo::new(move |_| {
        let metric = metric.get();
        let lines = [pick(true), pick(false)].map(|row| row.map(|row| means(&row, metric)).unwrap_or_default());
        let published = page.experiment.with(|experiment| {
            let figures = nearest_published(experiment).map(|(entry, _)| entry.figures).unwrap_or_default();
            figures.iter().map(|&(step, mean, half)| Mean { step, mean, half }).collect::<Vec<_>>()
        });
        let [own, other] = lines;
        let axis = if metric == Metric::Accuracy { Axis::Accuracy } else { Axis::LogLoss };
        IntervalFigure::new(&[own, other, published], &frame.get(), axis)
    });
    let has =
        move |line: usize| figure.with(|figure| figure.lines.get(line).is_some_and(|line| !line.places.is_empty()));
    let name = move || match metric.get() {
        Metric::Loss => td_string!(judged.locale(), evaluate.figure_loss),
        Metric::Accuracy => td_string!(judged.locale(), evaluate.figure_accuracy),
    };
    let unit = move || if metric.get() == Metric::Accuracy { "\u{202f}%" } else { "" };
    let line = move |number: usize, class: &'static str| {
        let path = move |pick: fn(&MeanLine) -> &String| {
            move || figure.with(|figure| figure.lines.get(number).map(|line| pick(line).clone()).unwrap_or_default())
        };
        view! {
            <path class=format!("mean-line {class}") d=path(|line| &line.line) />
            <path class=format!("mean-bars {class}") d=path(|line| &line.bars) />
            <path class=format!("mean-marks {class}") d=move || figure.with(|figure| {
                figure.lines.get(number).map(|line| marks(number, &line.places)).unwrap_or_default()
            }) />
        }
    };
    let legend = move |number: usize, class: &'static str| {
        view! {
            <svg viewBox="0 0 28 12" aria-hidden="true">
                <path class=format!("mean-line {class}") d="M1,6H27" />
                <path class=format!("mean-marks {class}") d=marks(number, &[(14.0, 6.0)]) />
            </svg>
        }
    };
    view! {
        <div class="figure" node_ref=holder>
            <svg viewBox=move || frame.get().view_box() role="img" aria-label=name data-testid="evaluate-figure">
                {move || figure.with(|figure| figure.upwards.clone()).into_iter().map(|tick| view! {
                    <line class="grid" y1=tick.at y2=tick.at x1=frame.get().left x2=frame.get().across().1 />
                    <text class="tick" x=frame.get().left - 7.0 y=tick.at + 4.0 text-anchor="end">{tick.label}{unit()}</text>
                }).collect_view()}
                {move || figure.with(|figure| figure.across.clone()).into_iter().map(|tick| view! {
                    <text class="tick" x=tick.at y=frame.get().height - 22.0 text-anchor="middle">{tick.label}</text>
                }).collect_view()}
                <text class="tick" x=move || frame.get().across().1 y=move || frame.get().height - 6.0 text-anchor="end">
                    {say!(page, evaluate.across)}
                </text>
                {line(2, "printed")}
                {line(1, "other")}
                {line(0, "own")}
            </svg>
        </div>
        <ul class="legend" role="list">
            <Show when=move || has(0)><li>{legend(0, "own")}{say!(page, evaluate.own)}</li></Show>
            <Show when=move || has(1)><li>{legend(1, "other")}{other_name}</li></Show>
            <Show when=move || has(2)><li>{legend(2, "printed")}{say!(page, evaluate.published_theirs)}</li></Show>
        </ul>
    }
}

/// A mark at every place: a disc, a square or a diamond, so that colour is not the only sign.
pub(super) fn marks(number: usize, places: &[(f64, f64)]) -> String {
    let shape = match number {
        0 => "m-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z",
        1 => "m-3.5,-3.5h7v7h-7z",
        _ => "m0,-5l4,5l-4,5l-4,-5z",
    };
    places.iter().map(|(x, y)| format!("M{x:.1},{y:.1}{shape}")).collect()
}
