//! The figure of the search: every setting in the plane of its rates, coloured by how well it does.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{page::measured_width, search::Sought};
use crate::{
    app::{format, language::say, searches::figure},
    chart::{Axis, Frame, TriedShape, SearchFigure, Tried, viridis},
    experiment::{Searched, Setting, Trial},
};

/// Stops of the bar that says what the colours are.
const STOPS: u32 = 9;

/// What was tried as the figure takes it: the rates, and the figure in the place of one that is not searched.
fn points(searched: &Searched) -> Vec<Tried> {
    let point = |trial: &Trial| {
        let Setting { inner_lr, outer_lr, .. } = trial.setting;
        let figure = trial.score().and(trial.judged.as_ref()).map(|judged| figure(judged).1.mean);
        let (across, upwards) = match (searched.axes.inner_lr, searched.axes.outer_lr) {
            (true, true) => (inner_lr, Some(outer_lr)),
            (true, false) => (inner_lr, figure),
            _ => (outer_lr, figure),
        };
        Tried { across, upwards, figure, rungs: trial.rungs, diverged: trial.diverged.is_some() }
    };
    searched.trials.iter().map(point).collect()
}

/// The figure.
#[component]
pub fn Rates(
    /// The search.
    sought: Sought,
) -> impl IntoView {
    let page = sought.page;
    let classifies = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family.classifies()));
    let axes = Memo::new(move |_| sought.axes());
    let single = move || !(axes.get().inner_lr && axes.get().outer_lr);
    let (holder, width) = measured_width();
    let frame = Memo::new(move |_| {
        let width: f64 = width.get();
        Frame { width, height: (width * 0.55).clamp(210.0, 330.0), left: 52.0, right: 12.0, top: 24.0, bottom: 38.0 }
    });
    let drawn = Memo::new(move |_| {
        let tried = sought.tried(points).unwrap_or_default();
        let figures = if classifies.get() { Axis::Accuracy } else { Axis::LogLoss };
        SearchFigure::new(&tried, &frame.get(), figures, single())
    });
    let best = Memo::new(move |_| sought.tried(|searched| searched.best().map(|best| best.number)).flatten());
    let measured = move || match classifies.get() {
        true => td_string!(sought.locale(), search.accuracy),
        false => td_string!(sought.locale(), search.loss),
    };
    let inner = move || td_string!(sought.locale(), search.axis_inner_lr);
    let outer = move || td_string!(sought.locale(), search.axis_outer_lr);
    let across = move || if axes.get().inner_lr { inner() } else { outer() };
    let upwards = move || if single() { measured() } else { outer() };
    let name = move || {
        let (across, upwards, measured) = (across(), upwards(), measured());
        match single() {
            true => td_string!(sought.locale(), search.figure_single, across, measured),
            false => td_string!(sought.locale(), search.figure, across, upwards, measured),
        }
    };
    let marks = move || {
        let drawn = drawn.get();
        let rings = drawn.marks.iter().filter_map(|mark| {
            let class = match mark.number {
                number if best.get() == u32::try_from(number).ok() => "ring best",
                0 => "ring own",
                _ => return None,
            };
            Some(view! { <circle class=class cx=mark.at.0 cy=mark.at.1 r="13" /> })
        });
        let rings = rings.collect_view();
        let marks = drawn.marks.into_iter().map(|mark| {
            let fill = mark.colour.unwrap_or_else(|| "none".to_owned());
            view! { <path class="tried" class:out=mark.mark == TriedShape::Diverged fill=fill d=mark.mark.path(mark.at) /> }
        });
        (marks.collect_view(), rings)
    };
    let colours = move || {
        let (from, to) = drawn.with(|drawn| drawn.ends)?;
        let told = |value: f64| match classifies.get() {
            true => format!("{value:.0}\u{202f}%"),
            false => format::loss(value as f32),
        };
        let stops: Vec<String> = (0..STOPS).map(|stop| viridis(f64::from(stop) / f64::from(STOPS - 1))).collect();
        let bar = format!("linear-gradient(to right, {})", stops.join(","));
        Some(view! {
            <li class="colours"><span>{told(from)}</span><i style:background=bar></i><span>{told(to)}</span></li>
        })
    };
    let mark = |mark: TriedShape| view! { <svg viewBox="0 0 20 20" class="mark" aria-hidden="true"><path class="tried plain" class:out=mark == TriedShape::Diverged d=mark.path((10.0, 10.0)) /></svg> };
    let ring = |class: &'static str| view! { <svg viewBox="0 0 20 20" class="mark" aria-hidden="true"><circle class=class cx="10" cy="10" r="8" /></svg> };
    view! {
        <div class="figure" node_ref=holder>
            <svg viewBox=move || frame.get().view_box() role="img" aria-label=name data-testid="search-figure">
                {move || drawn.with(|drawn| drawn.upwards.clone()).into_iter().map(|tick| view! {
                    <line class="grid" y1=tick.at y2=tick.at x1=frame.get().left x2=frame.get().across().1 />
                    <text class="tick" x=frame.get().left - 7.0 y=tick.at + 4.0 text-anchor="end">{tick.label}</text>
                }).collect_view()}
                {move || drawn.with(|drawn| drawn.across.clone()).into_iter().map(|tick| view! {
                    <line class="grid" x1=tick.at x2=tick.at y1=frame.get().upwards().0 y2=frame.get().upwards().1 />
                    <text class="tick" x=tick.at y=frame.get().height - 22.0 text-anchor="middle">{tick.label}</text>
                }).collect_view()}
                <text class="tick" x="2" y="12">{upwards}</text>
                <text class="tick" x=move || frame.get().across().1 y=move || frame.get().height - 6.0 text-anchor="end">{across}</text>
                {marks}
            </svg>
        </div>
        <ul class="legend search-legend" role="list">
            <li>{mark(TriedShape::First)}{say!(page, search.mark_first)}</li>
            <li>{mark(TriedShape::Second)}{say!(page, search.mark_second)}</li>
            <li>{mark(TriedShape::Later)}{say!(page, search.mark_later)}</li>
            <li>{mark(TriedShape::Diverged)}{say!(page, search.mark_diverged)}</li>
            <li>{ring("ring best")}{say!(page, search.mark_best)}</li>
            <li>{ring("ring own")}{say!(page, search.mark_own)}</li>
            {colours}
        </ul>
    }
}
