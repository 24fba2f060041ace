//! The filters of the first layer, and what the blocks make of one drawing: before, now, and the difference.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    export::Export,
    fold::Fold,
    ink::Ink,
    layers::Within,
    look::Look,
    pictured::{Draw, Pictured},
};
use crate::{
    app::{
        csv, format, landscape_words, language::say, layer_words as told, layers::Maps as Known,
        playground::Playground, shown::Shown,
    },
    chart::data_url,
    experiment::{Activations, Block, Drawing, moved},
    figure,
};

/// The figure, the drawings to choose from, and the table.
#[component]
pub fn Maps(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let seen = Look::<Known>::new(|jobs| &jobs.activated);
    let known = move |look: &dyn Fn(&Activations) -> Option<String>| seen.with(|all| all.activations().and_then(look));
    let moves = Memo::new(move |_| within.known(|layers| layers.steps.len() > 1) == Some(true));
    let help = move || match moves.get() {
        true => td_string!(within.locale(), layers.maps_help),
        false => td_string!(within.locale(), layers.maps_help_still),
    };
    let caption = move || {
        let (locale, place) = (within.locale(), within.place());
        let said = |activations: &Activations| within.known(|layers| told::maps(locale, layers, activations, place));
        known(&said)
    };
    let title = move || td_string!(within.locale(), layers.maps_title);
    // Pictures are made anew where something else is on them, and not with every adaptation while training.
    let place = Memo::new(move |_| within.place());
    let name = Memo::new(move |_| {
        let drawing = seen.with(|all| all.activations().map(|maps| maps.drawing));
        drawing.map(|drawing| named(seen, drawing)).unwrap_or_default()
    });
    let draw = Draw::new(move |width| {
        let (locale, place) = (within.locale(), place.get());
        let drawn = |activations: Option<&Activations>| {
            within.known(|layers| match activations {
                Some(maps) => figure::maps(locale, layers, (maps, &name.get()), place, width),
                None => figure::filters(locale, layers, place, width),
            })
        };
        seen.with(|all| drawn(all.activations())).flatten()
    });
    let numbers = Callback::new(move |()| {
        let written = move || seen.with(|all| within.known(|layers| csv::maps(layers, all.activations())));
        untrack(written).unwrap_or_default()
    });
    view! {
        <div class="layers-part" data-export="">
            <h3>{title}</h3>
            <p class="help">{help}</p>
            <Drawings seen />
            <div class="maps"><Pictured draw part="maps-figure" /></div>
            <Scales within seen />
            <p class="help" data-testid="maps-caption">{caption}</p>
            <Fold name="maps-table" title=Signal::derive(say!(page, layers.maps_table))>
                <Table within seen />
            </Fold>
            <Export file="filters" name=Signal::derive(move || title().to_owned()) draw numbers />
        </div>
    }
}

/// Drawings of the support set that are not counted: who reads descriptions has seen none of them.
fn unseen(page: Playground) -> usize {
    let described = page.experiment.with(|experiment| experiment.learner.kind.reads_descriptions());
    let support =
        |shown: &Option<Shown>| shown.as_ref().and_then(Shown::characters).map_or(0, |task| task.support.len());
    if described { page.shown.with(support) } else { 0 }
}

/// A drawing's name.
fn named(seen: Look<Known>, drawing: u32) -> String {
    let (locale, number) = (seen.locale(), drawing as usize + unseen(seen.page));
    seen.page.shown.with(|shown| {
        let task = shown.as_ref().and_then(Shown::characters);
        let support = task.map_or(0, |task| task.support.len());
        let (of, query, number) = match number < support {
            true => (task.and_then(|task| task.support.get(number)), false, number),
            false => (task.and_then(|task| task.query.get(number - support)), true, number - support),
        };
        let class = of.and_then(|drawing: &Drawing| drawing.class).map(usize::from);
        let class = class.map(|class| shown.as_ref().map_or(class, |shown| shown.class(class)));
        told::drawing(locale, query, number, class)
    })
}

/// The drawings of the task on show.
#[component]
fn Drawings(
    /// The feature maps.
    seen: Look<Known>,
) -> impl IntoView {
    let page = seen.page;
    let pictures = Memo::new(move |_| {
        page.shown.with(|shown| {
            let task = shown.as_ref().and_then(Shown::characters);
            let all = task.map(|task| task.support.iter().chain(&task.query).map(|it| data_url(&it.image)).collect());
            all.unwrap_or_else(Vec::<String>::new)
        })
    });
    let skipped = Memo::new(move |_| unseen(page));
    let chosen = Memo::new(move |_| seen.with(|all| all.activations().map(|maps| maps.drawing)));
    let drawings = move || {
        let skipped = skipped.get();
        let one = |(place, picture): (usize, String)| {
            let drawing = (place - skipped) as u32;
            view! {
                <li>
                    <button type="button" class="map-drawing" data-testid="map-drawing"
                        aria-pressed=move || (chosen.get() == Some(drawing)).to_string()
                        aria-label=move || named(seen, drawing)
                        on:click=move |_| page.look_at(drawing)>
                        <Ink picture=Signal::stored(picture) />
                    </button>
                </li>
            }
        };
        pictures.get().into_iter().enumerate().skip(skipped).map(one).collect_view()
    };
    view! {
        <ul class="map-drawings" role="list" aria-label=say!(page, layers.maps_drawings)>{drawings}</ul>
    }
}

/// What the colours of the pictures go to, row by row.
#[component]
fn Scales(
    /// What is known.
    within: Within,
    /// The feature maps.
    seen: Look<Known>,
) -> impl IntoView {
    let scales = Memo::new(move |_| {
        let locale = within.locale();
        let filters = within.known(|layers| {
            let name = td_string!(locale, layers.maps_filters);
            let (count, most) = (layers.filters.len(), layers.largest_filter());
            (count > 0).then(|| told::scale(locale, name, most, true, count))
        });
        let block = |(number, block): (usize, &Block)| {
            let name = td_string!(locale, layers.block, number = number + 1);
            let most = (block.largest(), block.largest_difference());
            told::scale(locale, &name, most, false, block.values.len())
        };
        let blocks = seen.with(|all| {
            let blocks = all.activations().map(|maps| maps.blocks.iter().enumerate().map(block).collect());
            blocks.unwrap_or_else(Vec::new)
        });
        filters.flatten().into_iter().chain(blocks).collect::<Vec<String>>()
    });
    let scales = move || scales.get().into_iter().map(|scale| view! { <li>{scale}</li> }).collect_view();
    view! { <ul class="help number map-scales" role="list">{scales}</ul> }
}

/// Filters and blocks in numbers.
#[component]
fn Table(
    /// What is known.
    within: Within,
    /// The feature maps.
    seen: Look<Known>,
) -> impl IntoView {
    let page = within.page;
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), landscape_words::share);
    let number = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format::loss(value as f32));
    let rows = move || {
        let (locale, place) = (within.locale(), within.place());
        let filters = within.known(|layers| {
            let (first, now) = (layers.filters.first()?, layers.filters.get(place)?);
            let mean = |values: &[f32]| values.iter().copied().map(f64::from).sum::<f64>() / values.len().max(1) as f64;
            Some(view! {
                <tr>
                    <th scope="row">{td_string!(locale, layers.maps_filters)}</th>
                    <td>{number(Some(mean(first)))}</td><td>{number(Some(mean(now)))}</td>
                    <td>{number(Some(layers.largest_filter().0))}</td><td>{share(moved(first, now))}</td>
                </tr>
            })
        });
        let block = |(index, block): (usize, &Block)| {
            view! {
                <tr>
                    <th scope="row">{td_string!(locale, layers.block, number = index + 1)}</th>
                    <td>{number(block.mean(0))}</td><td>{number(block.mean(place))}</td>
                    <td>{number(Some(block.largest()))}</td><td>{share(block.change(place))}</td>
                </tr>
            }
        };
        let blocks =
            seen.with(|all| all.activations().map(|maps| maps.blocks.iter().enumerate().map(block).collect_view()));
        (filters, blocks)
    };
    view! {
        <div class="scroll layers-scroll" tabindex="0" role="region" aria-label=say!(page, layers.maps_table)>
            <table class="evaluate-table" data-testid="maps-table">
                <thead><tr>
                    <th scope="col">{say!(page, layers.column_layer)}</th>
                    <th scope="col">{say!(page, layers.column_before)}</th>
                    <th scope="col">{say!(page, layers.column_now)}</th>
                    <th scope="col">{say!(page, layers.column_largest)}</th>
                    <th scope="col">{say!(page, layers.column_moved)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
