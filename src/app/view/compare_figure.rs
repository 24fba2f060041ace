//! The figures of comparison: means over inner steps, and the curves of meta-training.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{compare::Beside, page::measured_width};
use crate::{
    chart::{Axis, ContestFigure, Frame, Mean, MeanLine, contest_marks},
    experiment::{Compared, Entrant, MOST_CONTESTANTS},
};

/// The line and the mark of a contestant.
pub fn sign(number: usize) -> impl IntoView {
    view! {
        <svg viewBox="0 0 28 12" aria-hidden="true" class="contest">
            <path class=format!("mean-line c{number}") d="M1,6H27" />
            <path class=format!("mean-marks c{number}") d=contest_marks(number, &[(14.0, 6.0)]) />
        </svg>
    }
}

/// Means over the test tasks after every inner step.
fn judged(found: &Compared) -> Vec<Vec<Mean>> {
    let line = |one: &Entrant| {
        let means = one.means().into_iter();
        means.map(|(step, figure)| Mean { step, mean: figure.mean, half: Some(figure.ci95) }).collect()
    };
    found.entrants.iter().map(line).collect()
}

/// Losses, or accuracies in per cent, of meta-training.
fn trained(found: &Compared) -> Vec<Vec<Mean>> {
    let line = |one: &Entrant| {
        let mean = |point: &crate::experiment::CurvePoint| Mean {
            step: point.meta_step,
            mean: point.accuracy.map_or(f64::from(point.after), |accuracy| 100.0 * f64::from(accuracy.after)),
            half: None,
        };
        one.curve.iter().map(mean).collect()
    };
    found.entrants.iter().map(line).collect()
}

/// Means and intervals over inner steps.
#[component]
pub fn Contest(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let name = move || {
        let locale = beside.locale();
        let measured = match beside.classifies() {
            true => td_string!(locale, compare.figure_accuracy),
            false => td_string!(locale, compare.figure_loss),
        };
        let done = |one: &Entrant| one.evaluation.as_ref().map(|evaluation| evaluation.tasks);
        let tasks = beside.found(|found| found.entrants.iter().filter_map(done).min()).flatten().unwrap_or_default();
        td_string!(locale, compare.figure_tasks, measured, tasks)
    };
    let step = Memo::new(move |_| Some(beside.page.inner_step()));
    let across = move || td_string!(beside.locale(), compare.across_inner);
    lines(beside, judged, name, across, step, "compare-figure")
}

/// The curves of meta-training.
#[component]
pub fn Curves(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let name = move || match beside.classifies() {
        true => td_string!(beside.locale(), compare.curves_accuracy).to_owned(),
        false => td_string!(beside.locale(), compare.curves_loss).to_owned(),
    };
    let across = move || td_string!(beside.locale(), compare.across_meta);
    lines(beside, trained, name, across, Memo::new(|_| None), "compare-curves")
}

/// A figure of lines under its name, a legend below, and an upright where the scrubber stands.
fn lines(
    beside: Beside,
    means: fn(&Compared) -> Vec<Vec<Mean>>,
    name: impl Fn() -> String + Copy + Send + Sync + 'static,
    across: impl Fn() -> &'static str + Send + Sync + 'static,
    step: Memo<Option<u32>>,
    part: &'static str,
) -> impl IntoView {
    let (holder, width) = measured_width();
    let frame = Memo::new(move |_| {
        let width: f64 = width.get();
        Frame { width, height: (width * 0.5).clamp(170.0, 260.0), left: 48.0, right: 10.0, top: 10.0, bottom: 36.0 }
    });
    let figure = Memo::new(move |_| {
        let axis = if beside.classifies() { Axis::Accuracy } else { Axis::LogLoss };
        ContestFigure::new(&beside.found(means).unwrap_or_default(), &frame.get(), axis)
    });
    let now = Memo::new(move |_| {
        let step = step.get()?;
        let at = figure.with(|figure| figure.at(step));
        (at <= frame.get().across().1).then_some(at)
    });
    let line = move |number: usize| {
        let of = move |pick: fn(&MeanLine) -> String| {
            move || figure.with(|figure| figure.lines.get(number).map(pick).unwrap_or_default())
        };
        let places =
            move || figure.with(|figure| figure.lines.get(number).map(|line| contest_marks(number, &line.places)));
        view! {
            <path class=format!("mean-line c{number}") d=of(|line| line.line.clone()) />
            <path class=format!("mean-bars c{number}") d=of(|line| line.bars.clone()) />
            <path class=format!("mean-marks c{number}") d=move || places().unwrap_or_default() />
        }
    };
    let unit = move || if beside.classifies() { "\u{202f}%" } else { "" };
    // Who has no line, as what stands has no curve, has no place in the legend.
    let known = move || {
        let drawn = figure.with(|figure| figure.lines.iter().map(|line| !line.places.is_empty()).collect::<Vec<_>>());
        let names = beside.names().into_iter().enumerate().zip(drawn);
        names.filter_map(|(named, drawn)| drawn.then_some(named)).collect::<Vec<_>>()
    };
    view! {
        <h3>{name}</h3>
        <div class="figure contest" node_ref=holder>
            <svg viewBox=move || frame.get().view_box() role="img" aria-label=name data-testid=part>
                {move || figure.with(|figure| figure.upwards.clone()).into_iter().map(|tick| view! {
                    <line class="grid" y1=tick.at y2=tick.at x1=frame.get().left x2=frame.get().across().1 />
                    <text class="tick" x=frame.get().left - 7.0 y=tick.at + 4.0 text-anchor="end">{tick.label}{unit()}</text>
                }).collect_view()}
                {move || figure.with(|figure| figure.across.clone()).into_iter().map(|tick| view! {
                    <text class="tick" x=tick.at y=frame.get().height - 22.0 text-anchor="middle">{tick.label}</text>
                }).collect_view()}
                <text class="tick" x=move || frame.get().across().1 y=move || frame.get().height - 6.0 text-anchor="end">
                    {across}
                </text>
                {move || now.get().map(|at| view! {
                    <line class="now" x1=at x2=at y1=frame.get().upwards().0 y2=frame.get().upwards().1 />
                })}
                {(0..MOST_CONTESTANTS).rev().map(line).collect_view()}
            </svg>
        </div>
        <ul class="legend" role="list">
            {move || known().into_iter().map(|(number, name)| view! { <li>{sign(number)}{name}</li> }).collect_view()}
        </ul>
    }
}
