//! The loss of one task around the start, and a table of it.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    export::Export,
    fold::Fold,
    landscape::Drawn,
    pictured::{Draw, Pictured},
};
use crate::{
    app::{csv, format, landscape_words as told, language::say},
    experiment::{Landscape, Surface, TaskPath},
    figure,
};

/// Rows and columns of the table: those of the coarsest grid.
const TABLE: usize = 9;

/// The losses of a set; of the support set where there are none of the query set.
fn losses(surface: &Surface, query: bool) -> &[f32] {
    if query && !surface.query.is_empty() { &surface.query } else { &surface.support }
}

/// The figure and its table.
#[component]
pub fn Around(
    /// The landscape.
    drawn: Drawn,
) -> impl IntoView {
    let page = drawn.page;
    let query = page.query_surface;
    let has_query = Memo::new(move |_| {
        drawn.known(|landscape| landscape.surface.as_ref().is_some_and(|surface| !surface.query.is_empty()))
            == Some(true)
    });
    let draw = Draw::new(move |width| {
        let (locale, query, step) = (drawn.locale(), query.get(), drawn.step());
        drawn.known(|landscape| figure::surface(locale, landscape, query, step, width)).flatten()
    });
    let set = move || match query.get() && has_query.get() {
        true => td_string!(drawn.locale(), landscape.set_query),
        false => td_string!(drawn.locale(), landscape.set_support),
    };
    let of = move || {
        let named = |landscape: &Landscape| {
            landscape.paths.iter().find(|path| path.shown).map(|path: &TaskPath| told::task(drawn.locale(), path))
        };
        let task = drawn.known(named).flatten().unwrap_or_default();
        let side =
            drawn.known(|landscape| landscape.surface.as_ref().map_or(0, |surface| surface.side)).unwrap_or_default();
        td_string!(drawn.locale(), landscape.surface_of, task, side, set = set())
    };
    let choose = move |event| query.set(event_target_value(&event) == "query");
    view! {
        <div class="landscape-part" data-export="">
            <h3>{say!(page, landscape.surface_title)}</h3>
            <Pictured draw part="surface-figure" captioned=true />
            <div class="evaluate-head">
                <label for="landscape-set">{say!(page, landscape.set)}</label>
                <select id="landscape-set" data-testid="landscape-set" on:change=choose>
                    <option value="support" prop:selected=move || !query.get()>{say!(page, landscape.set_support)}</option>
                    <option value="query" prop:selected=move || query.get() prop:disabled=move || !has_query.get()>{say!(page, landscape.set_query)}</option>
                </select>
            </div>
            <p class="help number" data-testid="surface-of">{of}</p>
            <Export file="surface" name=Signal::derive(move || td_string!(page.language.get(), landscape.surface_title).to_owned()) draw numbers=drawn.numbers(csv::surface) />
            <Table drawn query />
        </div>
    }
}

/// The losses at some points.
#[component]
fn Table(
    /// The landscape.
    drawn: Drawn,
    /// Whether the query set is asked for.
    query: RwSignal<bool>,
) -> impl IntoView {
    let page = drawn.page;
    let at = |landscape: &Landscape, axis: usize, place: usize| {
        let share = 2.0 * place as f64 / (TABLE - 1) as f64 - 1.0;
        told::number(landscape.middle[axis] + share * landscape.half)
    };
    let head = move || {
        drawn.known(|landscape| {
            (0..TABLE).map(|place| view! { <th scope="col">{at(landscape, 0, place)}</th> }).collect_view()
        })
    };
    let rows = move || {
        let rows = |landscape: &Landscape| {
            let surface = landscape.surface.as_ref()?;
            let (losses, side) = (losses(surface, query.get()), surface.side as usize);
            let every = (side - 1) / (TABLE - 1);
            let cell = |row: usize, column: usize| {
                let loss = losses.get(row * every * side + column * every).copied().unwrap_or(f32::NAN);
                view! { <td>{format::loss(loss)}</td> }
            };
            // As in the figure, the highest coordinate is on top.
            let row = |row: usize| {
                view! {
                    <tr><th scope="row">{at(landscape, 1, row)}</th>{(0..TABLE).map(|column| cell(row, column)).collect_view()}</tr>
                }
            };
            Some((0..TABLE).rev().map(row).collect_view())
        };
        drawn.known(rows).flatten()
    };
    view! {
        <Fold name="surface-table" title=Signal::derive(say!(page, landscape.surface_table))>
            <div class="scroll landscape-scroll" tabindex="0" role="region" aria-label=say!(page, landscape.surface_table)>
                <table class="evaluate-table" data-testid="surface-table">
                    <thead><tr><th scope="col">{say!(page, landscape.corner)}</th>{head}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </Fold>
    }
}
