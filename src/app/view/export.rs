//! Taking a figure along: as SVG, as PNG, and its numbers as CSV.

use leptos::{ev, prelude::*};
use leptos_i18n::td_string;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use crate::app::{export, language::say, playground::Playground};

/// The part of the page that a button belongs to: what holds its figure and its table.
fn part(event: &ev::MouseEvent) -> Option<Element> {
    let button: Element = event.current_target()?.dyn_into().ok()?;
    button.closest("[data-export]").ok().flatten()
}

/// Three small buttons for the figure and the table within the nearest element that has `data-export`.
#[component]
pub fn Export(
    /// What the files are called, without their ending.
    file: &'static str,
    /// What the figure is called.
    #[prop(into)]
    name: Signal<String>,
    /// Its numbers, where they are not those of a table on the page.
    #[prop(optional, into)]
    numbers: Option<Callback<(), String>>,
    /// What finds the table among several.
    #[prop(default = "table")]
    table: &'static str,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let named = move || format!("kindling-{file}");
    let svg = move |event: ev::MouseEvent| {
        if let Some(picture) = part(&event).and_then(|part| export::picture(&part, &name.get_untracked())) {
            picture.save_svg(&named());
        }
    };
    let png = move |event: ev::MouseEvent| {
        if let Some(picture) = part(&event).and_then(|part| export::picture(&part, &name.get_untracked())) {
            leptos::task::spawn_local(async move { picture.save_png(&named()).await });
        }
    };
    let csv = move |event: ev::MouseEvent| {
        let text = match numbers {
            Some(numbers) => Some(numbers.run(())),
            None => part(&event).and_then(|part| export::table(&part, table)),
        };
        if let Some(text) = text {
            export::save(&format!("{}.csv", named()), "text/csv", text.as_bytes());
        }
    };
    let label =
        move |format: &'static str| move || td_string!(page.language.get(), export.label, name = name.get(), format);
    view! {
        <div class="export" role="group" aria-label=say!(page, export.take)>
            <span aria-hidden="true">{say!(page, export.take)}</span>
            <button type="button" class="small" data-testid="export" data-format="svg" aria-label=label("SVG") on:click=svg>"SVG"</button>
            <button type="button" class="small" data-testid="export" data-format="png" aria-label=label("PNG") on:click=png>"PNG"</button>
            <button type="button" class="small" data-testid="export" data-format="csv" aria-label=label("CSV") on:click=csv>"CSV"</button>
        </div>
    }
}
