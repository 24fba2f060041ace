//! Taking a figure along: as SVG, as PNG, and its numbers as CSV.

use leptos::{ev, prelude::*};
use leptos_i18n::td_string;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::pictured::Draw;
use crate::{
    app::{
        browser, export,
        language::{say, tag},
        playground::Playground,
    },
    chart::Theme,
};

/// Width of the plot in a picture, whatever it is on the page: that of `kindling figure`.
const WIDTH: f64 = 640.0;

/// The part of the page that a button belongs to: what holds its table.
fn part(event: &ev::MouseEvent) -> Option<Element> {
    let button: Element = event.current_target()?.dyn_into().ok()?;
    button.closest("[data-export]").ok().flatten()
}

/// Three small buttons for a figure and for the table within the nearest element that has `data-export`.
#[component]
pub fn Export(
    /// What the files are called, without their ending.
    file: &'static str,
    /// What the figure is called.
    #[prop(into)]
    name: Signal<String>,
    /// Draws it.
    draw: Draw,
    /// Its numbers, where they are not those of a table on the page.
    #[prop(optional, into)]
    numbers: Option<Callback<(), String>>,
    /// What finds the table among several.
    #[prop(default = "table")]
    table: &'static str,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let named = move || format!("kindling-{file}");
    let picture = move || {
        let theme = if browser::is_dark() { Theme::Dark } else { Theme::Light };
        let sheet = untrack(move || draw.run(WIDTH))?;
        Some(sheet.picture(theme, tag(page.language.get_untracked())))
    };
    let svg = move |_| {
        if let Some(picture) = picture() {
            export::save(&format!("{}.svg", named()), "image/svg+xml", picture.svg.as_bytes());
        }
    };
    let png = move |_| {
        if let Some(picture) = picture() {
            leptos::task::spawn_local(async move { export::save_png(&picture, &named()).await });
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
