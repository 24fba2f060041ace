//! The figures of comparison: means over inner steps, and the curves of meta-training.

use leptos::prelude::*;

use super::{
    compare::Beside,
    export::Export,
    pictured::{Draw, Pictured, sign as key_sign},
};
use crate::{chart::Sheet, figure};

/// The line and the mark of a contestant.
pub fn sign(number: usize) -> impl IntoView + use<> {
    key_sign(&figure::entrant_key(number, ""))
}

/// Means and intervals over inner steps.
#[component]
pub fn Contest(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let draw = Draw::new(move |width| {
        let step = beside.page.inner_step();
        beside.found(|found| figure::contest(beside.locale(), found, Some(step), width))
    });
    view! {
        <h3>{title(draw)}</h3>
        <Pictured draw part="compare-figure" />
        <Export file="compare" name=Signal::derive(title(draw)) draw />
    }
}

/// The curves of meta-training.
#[component]
pub fn Curves(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let draw = Draw::new(move |width| beside.found(|found| figure::curves(beside.locale(), found, width)));
    view! {
        <h3>{title(draw)}</h3>
        <Pictured draw part="compare-curves" captioned=true />
        <Export file="compare-curves" name=Signal::derive(title(draw)) draw />
    }
}

/// What a figure is called.
fn title(draw: Draw) -> impl Fn() -> String + Copy + Send + Sync + 'static {
    move || draw.run(320.0).map(|sheet: Sheet| sheet.name(0).to_owned()).unwrap_or_default()
}
