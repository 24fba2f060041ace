//! Lines with a mark at every value, and what they mean.

use leptos::prelude::*;

use super::{evaluate_figure::marks, page::measured_width};
use crate::chart::{Course, CourseFigure, Frame};

/// The classes of up to three lines.
const CLASSES: [&str; 3] = ["own", "other", "printed"];

/// A figure of courses. `draw` lays it out, `name` is read in its place, `across` stands under its axis.
pub fn courses(
    draw: impl Fn(&Frame) -> CourseFigure + Send + Sync + 'static,
    name: impl Fn() -> &'static str + Send + Sync + 'static,
    across: impl Fn() -> &'static str + Send + Sync + 'static,
    part: &'static str,
) -> impl IntoView {
    let (holder, width) = measured_width();
    let frame = Memo::new(move |_| {
        let width: f64 = width.get();
        Frame { width, height: (width * 0.45).clamp(140.0, 210.0), left: 44.0, right: 12.0, top: 10.0, bottom: 36.0 }
    });
    let figure = Memo::new(move |_| draw(&frame.get()));
    let line = move |number: usize| {
        let class = CLASSES[number];
        let of = move |pick: fn(&Course) -> String| {
            move || figure.with(|figure| figure.lines.get(number).map(pick).unwrap_or_default())
        };
        view! {
            <path class=format!("mean-line {class}") d=of(|line| line.line.clone()) />
            <path class=format!("mean-marks {class}")
                d=move || figure.with(|figure| figure.lines.get(number).map(|line| marks(number, &line.places)).unwrap_or_default()) />
        }
    };
    view! {
        <div class="figure" node_ref=holder>
            <svg viewBox=move || frame.get().view_box() role="img" aria-label=name data-testid=part>
                {move || figure.with(|figure| figure.upwards.clone()).into_iter().map(|tick| view! {
                    <line class="grid" class:zero=tick.value == 0.0 y1=tick.at y2=tick.at x1=frame.get().left x2=frame.get().across().1 />
                    <text class="tick" x=frame.get().left - 7.0 y=tick.at + 4.0 text-anchor="end">{tick.label}</text>
                }).collect_view()}
                {move || figure.with(|figure| figure.across.clone()).into_iter().map(|tick| view! {
                    <text class="tick" x=tick.at y=frame.get().height - 22.0 text-anchor="middle">{tick.label}</text>
                }).collect_view()}
                <text class="tick" x=move || frame.get().across().1 y=move || frame.get().height - 6.0 text-anchor="end">
                    {across}
                </text>
                {line(2)}
                {line(1)}
                {line(0)}
            </svg>
        </div>
    }
}

/// What a line of [`courses`] means.
pub fn legend(number: usize, name: impl Fn() -> &'static str + Send + Sync + 'static) -> impl IntoView {
    let class = CLASSES[number];
    view! {
        <li>
            <svg viewBox="0 0 28 12" aria-hidden="true">
                <path class=format!("mean-line {class}") d="M1,6H27" />
                <path class=format!("mean-marks {class}") d=marks(number, &[(14.0, 6.0)]) />
            </svg>
            {name}
        </li>
    }
}
