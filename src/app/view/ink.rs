//! A drawing, in the colour of the text around it, and the letter and colour of its class.

use leptos::prelude::*;

use crate::app::classified::letter;

/// A drawing. Its picture is a mask, so that ink is ink in either theme.
#[component]
pub fn Ink(
    /// Address of its picture.
    #[prop(into)]
    picture: Signal<String>,
    /// What it is called, where nothing around it says so.
    #[prop(optional, into)]
    name: Option<Signal<String>>,
) -> impl IntoView {
    view! {
        <span class="ink" role=name.map(|_| "img") aria-label=move || name.map(|name| name.get())
            aria-hidden=name.is_none().then_some("true")
            style=("--picture", move || format!("url(\"{}\")", picture.get()))></span>
    }
}

/// The letter of a class in a frame of its colour.
#[component]
pub fn Chip(
    /// The class, as the visitor counts it.
    #[prop(into)]
    class: Signal<usize>,
) -> impl IntoView {
    view! {
        <span class="chip" style=("--class", move || class.get().to_string())>{move || letter(class.get())}</span>
    }
}
