//! A task's examples as the head sees them, and how alike the learner finds them.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    export::Export,
    fold::Fold,
    layers::Within,
    pictured::{Draw, Pictured},
    show::Show,
};
use crate::{
    app::{classified::letter, landscape_words, language::say, layer_words as told},
    experiment::Layers,
    figure,
};

/// Both figures.
#[component]
pub fn SceneParts(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let alike = Memo::new(move |_| within.known(|layers| layers.likeness.is_some()) == Some(true));
    view! {
        <div class="layers-pair">
            <Examples within />
            <Show when=move || alike.get()><Matrix within /></Show>
        </div>
    }
}

/// The examples in the plane of their principal axes.
#[component]
fn Examples(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let place = Memo::new(move |_| within.place());
    let draw = Draw::new(move |width| {
        let (locale, place) = (within.locale(), place.get());
        within.known(|layers| figure::embedding(locale, layers, place, width)).flatten()
    });
    let title = move || td_string!(within.locale(), layers.scene_title);
    let caption = move || {
        let place = place.get();
        within.say(|locale, layers| Some(told::scene(locale, layers, layers.scene.as_ref()?, place)))
    };
    view! {
        <div class="layers-part" data-export="">
            <h3>{title}</h3>
            <div class="scene"><Pictured draw part="scene-figure" /></div>
            <p class="help" data-testid="scene-caption">{caption}</p>
            <Fold name="scene-table" title=Signal::derive(say!(page, layers.scene_table))>
                <Places within />
            </Fold>
            <Export file="examples" name=Signal::derive(move || title().to_owned()) draw table="[data-testid=scene-table]" />
        </div>
    }
}

/// Every place in numbers.
#[component]
fn Places(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let rows = move || {
        let (locale, place) = (within.locale(), within.place());
        let row = |name: String, class: String, at: [f32; 2]| {
            let [first, second] = at.map(|value| landscape_words::number(value.into()));
            view! { <tr><th scope="row">{name}</th><td>{class}</td><td>{first}</td><td>{second}</td></tr> }
        };
        let rows = |layers: &Layers| {
            let scene = layers.scene.as_ref()?;
            let places = scene.places.get(place.min(scene.places.len().saturating_sub(1)))?;
            let before = scene.examples.iter().filter(|example| !example.query).count();
            let examples = scene.examples.iter().zip(places).enumerate().map(|(number, (example, at))| {
                let number = if example.query { number - before } else { number };
                row(told::example(locale, example, number), told::of_example(example), *at)
            });
            let prototypes = scene.prototypes.iter().enumerate().map(|(class, prototype)| {
                let letter = letter(class).to_string();
                row(td_string!(locale, layers.prototype, letter = letter.clone()), letter, prototype.at)
            });
            Some((examples.collect_view(), prototypes.collect_view()))
        };
        within.known(rows).flatten()
    };
    view! {
        <div class="scroll layers-scroll" tabindex="0" role="region" aria-label=say!(page, layers.scene_table)>
            <table class="evaluate-table" data-testid="scene-table">
                <thead><tr>
                    <th scope="col">{say!(page, layers.column_example)}</th>
                    <th scope="col">{say!(page, layers.column_class)}</th>
                    <th scope="col">{say!(page, layers.column_first)}</th>
                    <th scope="col">{say!(page, layers.column_second)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// How alike queries and what they are compared with are found.
#[component]
fn Matrix(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let draw = Draw::new(move |width| {
        let locale = within.locale();
        within.known(|layers| figure::likeness(locale, layers, width)).flatten()
    });
    let title = move || {
        let kind = within.known(|layers| layers.likeness.as_ref().map(|it| it.kind)).flatten();
        kind.map_or("", |kind| told::likeness_title(within.locale(), kind))
    };
    let caption = move || {
        within.say(|locale, layers| {
            Some(told::likeness_caption(locale, layers.likeness.as_ref()?, &told::queries(layers)))
        })
    };
    view! {
        <div class="layers-part" data-export="">
            <h3>{title}</h3>
            <Pictured draw part="likeness-figure" />
            <p class="help">{say!(page, layers.likeness_scale)}</p>
            <p class="help" data-testid="likeness-caption">{caption}</p>
            <Fold name="likeness-table" title=Signal::derive(say!(page, layers.likeness_table))>
                <Alike within />
            </Fold>
            <Export file="likeness" name=Signal::derive(move || title().to_owned()) draw table="[data-testid=likeness-table]" />
        </div>
    }
}

/// The matrix in numbers.
#[component]
fn Alike(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let named = |class: Option<u8>| class.map_or('?', |class| letter(class.into())).to_string();
    let head = move || {
        let head = |layers: &Layers| {
            let likeness = layers.likeness.as_ref()?;
            Some(likeness.columns.iter().map(|class| view! { <th scope="col">{named(*class)}</th> }).collect_view())
        };
        within.known(head).flatten()
    };
    let rows = move || {
        let locale = within.locale();
        let rows = |layers: &Layers| {
            let likeness = layers.likeness.as_ref()?;
            let classes = told::queries(layers);
            let row = |(number, row): (usize, &Vec<f32>)| {
                let class = named(classes.get(number).copied().flatten());
                let name = format!("{} {} ({class})", td_string!(locale, layers.query), number + 1);
                let cells = row.iter().map(|value| view! { <td>{format!("{value:.3}")}</td> }).collect_view();
                view! { <tr><th scope="row">{name}</th>{cells}</tr> }
            };
            Some(likeness.rows.iter().enumerate().map(row).collect_view())
        };
        within.known(rows).flatten()
    };
    view! {
        <div class="scroll layers-scroll" tabindex="0" role="region" aria-label=say!(page, layers.likeness_table)>
            <table class="evaluate-table" data-testid="likeness-table">
                <thead><tr><th scope="col">{say!(page, layers.query)}</th>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
