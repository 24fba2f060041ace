//! Every layer over the inner steps: likeness, change and gradient, and a table of them.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    export::Export,
    fold::Fold,
    layers::Within,
    page::measured_width,
    pictured::{Draw, Legend, Plotted},
};
use crate::{
    app::{language::say, layer_words as told},
    experiment::{LayerCourse, LayerFigure, Layers},
    figure,
};

/// The figures and their table.
#[component]
pub fn Courses(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let own = RwSignal::new(false);
    let tasks = Memo::new(move |_| within.known(|layers| layers.tasks).unwrap_or(0));
    // A mean over one task is none.
    let means = Memo::new(move |_| tasks.get() > 1 && !own.get());
    // The task on show is adapted anew several times a second while training, mostly without another step on show.
    let step = Memo::new(move |_| page.inner_step());
    let draw = Draw::new(move |width| {
        let (locale, means, step) = (within.locale(), means.get(), step.get());
        within.known(|layers| figure::layers(locale, layers, means, Some(step), width)).flatten()
    });
    // Side by side on a desk, one below the other on a phone; all as wide as the first.
    let (holder, width) = measured_width();
    let sheet = Memo::new(move |_| draw.run(width.get()));
    let course = move |(place, figure): (usize, LayerFigure)| {
        let plot = view! { <Plotted sheet place part="layers-figure" /> };
        let plot = match place {
            0 => view! { <div class="figure" node_ref=holder>{plot}</div> }.into_any(),
            _ => view! { <div class="figure">{plot}</div> }.into_any(),
        };
        view! {
            <figure>
                <figcaption>{move || told::figure(within.locale(), figure)}</figcaption>
                {plot}
            </figure>
        }
    };
    let choose = move |event| own.set(event_target_value(&event) == "own");
    let title = move || td_string!(within.locale(), layers.courses_title);
    view! {
        <div class="layers-part" data-export="">
            <h3>{title}</h3>
            <div class="evaluate-head">
                <label for="layers-over">{say!(page, layers.over)}</label>
                <select id="layers-over" data-testid="layers-over" on:change=choose>
                    <option value="mean" prop:selected=move || means.get() prop:disabled=move || { tasks.get() < 2 }>
                        {move || td_string!(within.locale(), layers.over_mean, tasks = tasks.get())}
                    </option>
                    <option value="own" prop:selected=move || !means.get()>{say!(page, layers.over_own)}</option>
                </select>
            </div>
            <div class="layers-figures">{LayerFigure::ALL.into_iter().enumerate().map(course).collect_view()}</div>
            <Legend sheet />
            <Fold name="layers-table" title=Signal::derive(say!(page, layers.courses_table))>
                <Table within />
            </Fold>
            <Export file="layers" name=Signal::derive(move || title().to_owned()) draw table="[data-testid=layers-table]" />
        </div>
    }
}

/// Every layer after every inner step that is told of.
#[component]
fn Table(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let heads = move || {
        let locale = within.locale();
        let head = |figure: LayerFigure| {
            let figure = told::figure(locale, figure);
            view! {
                <th scope="col">{td_string!(locale, layers.column_own, figure)}</th>
                <th scope="col">{td_string!(locale, layers.column_mean, figure)}</th>
            }
        };
        LayerFigure::ALL.map(head).collect_view()
    };
    let rows = move || {
        let (locale, place) = (within.locale(), within.place());
        let rows = |layers: &Layers| {
            let layer = |layer: &LayerCourse| {
                let name = told::layer(locale, layer);
                let row = |(number, step): (usize, &u32)| {
                    let own = layer.shown.get(number).copied().unwrap_or_default();
                    let others = layer.others.get(number).copied().unwrap_or_default();
                    let cells = LayerFigure::ALL.map(|figure| {
                        view! {
                            <td>{told::value(figure, own.of(figure))}</td>
                            <td>{told::mean(others.of(figure))}</td>
                        }
                    });
                    view! {
                        <tr class:now=number == place data-layer=layer.name.clone() data-step=*step>
                            <th scope="row">{name.clone()}</th><td>{*step}</td>{cells.collect_view()}
                        </tr>
                    }
                };
                layers.steps.iter().enumerate().map(row).collect_view()
            };
            layers.layers.iter().map(layer).collect_view()
        };
        within.known(rows)
    };
    view! {
        <div class="scroll layers-scroll" tabindex="0" role="region" aria-label=say!(page, layers.courses_table)>
            <table class="evaluate-table" data-testid="layers-table">
                <thead><tr>
                    <th scope="col">{say!(page, layers.column_layer)}</th>
                    <th scope="col">{say!(page, layers.column_step)}</th>
                    {heads}
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
