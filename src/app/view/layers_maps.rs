//! The filters of the first layer, and what the blocks make of one drawing: before, now, and the difference.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{export::Export, fold::Fold, ink::Ink, layers::Within, look::Look, page::measured_width};
use crate::{
    app::{
        classified::letter, format, landscape_words, language::say, layer_words as told, layers::Maps as Known,
        playground::Playground, shown::Shown,
    },
    chart::{Colours, Frame, Tiles, data_url},
    experiment::{Activations, Block, Drawing, Layers, moved},
};

/// Side of a filter.
const FILTER: usize = 3;

/// Widest that a picture is drawn, in pixels.
const WIDEST: f64 = 170.0;

/// Between two pictures, and above each row for its name.
const GAP: f64 = 12.0;
const NAME: f64 = 20.0;

/// Pictures of a row, and what their colours reach to.
struct Row {
    name: String,
    pictures: Vec<Tiles>,
    scale: String,
}

/// Where each number of a value is on the scale of differences.
fn signed(value: f32, most: f64) -> f64 {
    if most > 0.0 { 0.5 + 0.5 * f64::from(value) / most } else { 0.5 }
}

/// Filters before and at a place, and their difference; one alone where there is one step.
fn filters(layers: &Layers, place: usize) -> Option<Vec<Tiles>> {
    let (first, now) = (layers.filters.first()?, layers.filters.get(place)?);
    let (most, apart) = layers.largest_filter();
    let (count, each) = (first.len() / (FILTER * FILTER), FILTER * FILTER);
    let of = |values: &[f32]| {
        Tiles::new(count, FILTER, Colours::Difference, |tile, at| signed(values[tile * each + at], most))
    };
    if layers.filters.len() == 1 {
        return Some(vec![of(first)]);
    }
    let difference = Tiles::new(count, FILTER, Colours::Difference, |tile, at| {
        let at = tile * each + at;
        signed(now[at] - first[at], apart)
    });
    Some(vec![of(first), of(now), difference])
}

/// The maps of a block, the same way.
fn maps(block: &Block, place: usize) -> Option<Vec<Tiles>> {
    let (first, now) = (block.values.first()?, block.values.get(place)?);
    let (count, side) = (block.maps as usize, block.side as usize);
    let (most, apart) = (block.largest(), block.largest_difference());
    let of = |values: &[f32]| {
        let share = |tile: usize, at: usize| f64::from(values[at * count + tile]) / most.max(f64::MIN_POSITIVE);
        Tiles::new(count, side, Colours::Amount, share)
    };
    if block.values.len() == 1 {
        return Some(vec![of(first)]);
    }
    let difference = Tiles::new(count, side, Colours::Difference, |tile, at| {
        let at = at * count + tile;
        signed(now[at] - first[at], apart)
    });
    Some(vec![of(first), of(now), difference])
}

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
    view! {
        <div class="layers-part" data-export="">
            <h3>{title}</h3>
            <p class="help">{help}</p>
            <Drawings seen />
            <Pictures within seen />
            <p class="help" data-testid="maps-caption">{caption}</p>
            <Fold name="maps-table" title=Signal::derive(say!(page, layers.maps_table))>
                <Table within seen />
            </Fold>
            <Export file="filters" name=Signal::derive(move || title().to_owned()) table="[data-testid=maps-table]" />
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
        let (of, set, number) = match number < support {
            true => (task.and_then(|task| task.support.get(number)), td_string!(locale, layers.support), number),
            false => {
                let number = number - support;
                (task.and_then(|task| task.query.get(number)), td_string!(locale, layers.query), number)
            }
        };
        let class = of.and_then(|drawing: &Drawing| drawing.class).map(usize::from);
        let class = class.map(|class| shown.as_ref().map_or(class, |shown| shown.class(class)));
        let letter = class.map_or('?', letter).to_string();
        td_string!(locale, layers.maps_drawing, set, number = number + 1, letter)
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

/// The pictures.
#[component]
fn Pictures(
    /// What is known.
    within: Within,
    /// The feature maps.
    seen: Look<Known>,
) -> impl IntoView {
    let (holder, width) = measured_width();
    let rows = Memo::new(move |_| {
        let (locale, place) = (within.locale(), within.place());
        let number = |value: f64| format::loss(value as f32);
        let scale = |name: &str, most: f64, apart: f64, count: usize| match count {
            1 => td_string!(locale, layers.maps_scale_still, name, most = number(most)),
            _ => td_string!(locale, layers.maps_scale, name, most = number(most), apart = number(apart)),
        };
        let first = within.known(|layers| {
            let name = td_string!(locale, layers.maps_filters).to_owned();
            let (pictures, (most, apart)) = (filters(layers, place)?, layers.largest_filter());
            let scale = scale(&name, most, apart, pictures.len());
            // Weights go either way.
            Some(std::sync::Arc::new(Row {
                scale: scale.replacen(&number(most), &format!("±{}", number(most)), 1),
                name,
                pictures,
            }))
        });
        let block = |(number, block): (usize, &Block)| {
            let name = td_string!(locale, layers.block, number = number + 1);
            let pictures = maps(block, place)?;
            let scale = scale(&name, block.largest(), block.largest_difference(), pictures.len());
            Some(std::sync::Arc::new(Row { name, pictures, scale }))
        };
        let blocks = seen.with(|all| {
            let blocks = all.activations().map(|maps| maps.blocks.iter().enumerate().filter_map(block).collect());
            blocks.unwrap_or_else(Vec::new)
        });
        Rows(first.flatten().into_iter().chain(blocks).collect())
    });
    let side = Memo::new(move |_| f64::min((width.get() - 2.0 * GAP) / 3.0, WIDEST).max(40.0));
    let frame = move || {
        let count = rows.with(|rows| rows.0.len()) as f64;
        let width = 3.0 * side.get() + 2.0 * GAP;
        Frame { width, height: NAME + count * (side.get() + NAME), left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 }
    };
    let heads = move || {
        let locale = within.locale();
        let place = within.place();
        let step = within.known(|layers| layers.steps.get(place).copied()).flatten().unwrap_or_default();
        let several = rows.with(|rows| rows.0.first().is_some_and(|row| row.pictures.len() > 1));
        let names = [
            td_string!(locale, layers.maps_first).to_owned(),
            td_string!(locale, layers.maps_now, step),
            td_string!(locale, layers.maps_difference).to_owned(),
        ];
        let head = |(column, name): (usize, String)| {
            view! { <text class="tick" x=column as f64 * (side.get() + GAP) y=12.0>{name}</text> }
        };
        several.then(|| names.into_iter().enumerate().map(head).collect_view())
    };
    let drawn = move || {
        let side = side.get();
        let row = |(number, row): (usize, &std::sync::Arc<Row>)| {
            let top = NAME + number as f64 * (side + NAME);
            let picture = |(column, tiles): (usize, &Tiles)| {
                view! {
                    <image href=tiles.picture.clone() x=column as f64 * (side + GAP) y=top width=side height=side
                        preserveAspectRatio="xMinYMin meet" image-rendering="pixelated" />
                }
            };
            let pictures = row.pictures.iter().enumerate().map(picture).collect_view();
            view! { {pictures} <text class="tick" x=0.0 y=top + side + 13.0>{row.name.clone()}</text> }
        };
        rows.with(|rows| rows.0.iter().enumerate().map(row).collect_view())
    };
    let name = move || {
        let drawing = seen.with(|all| all.activations().map(|maps| maps.drawing)).unwrap_or(0);
        let place = within.place();
        let step = within.known(|layers| layers.steps.get(place).copied()).flatten().unwrap_or_default();
        td_string!(within.locale(), layers.maps_figure, drawing = named(seen, drawing), step)
    };
    let scales =
        move || rows.with(|rows| rows.0.iter().map(|row| view! { <li>{row.scale.clone()}</li> }).collect_view());
    view! {
        <div class="figure maps" node_ref=holder>
            <svg viewBox=move || frame().view_box() style:max-width=move || format!("{:.0}px", frame().width)
                role="img" aria-label=name data-testid="maps-figure">{heads}{drawn}</svg>
        </div>
        <ul class="help number map-scales" role="list">{scales}</ul>
    }
}

/// Rows that are drawn; two are the same when their pictures are.
#[derive(Clone)]
struct Rows(Vec<std::sync::Arc<Row>>);

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        let same = |(one, other): (&std::sync::Arc<Row>, &std::sync::Arc<Row>)| {
            one.pictures == other.pictures && one.scale == other.scale
        };
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(same)
    }
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
