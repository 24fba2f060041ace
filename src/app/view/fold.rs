//! Something that unfolds, and stays as it was left while its panel is closed.

use leptos::{html, prelude::*};

use crate::app::playground::Playground;

/// A table, or whatever else is not for everybody.
#[component]
pub fn Fold(
    /// What it is remembered by: no two have the same.
    name: &'static str,
    /// What is written on it.
    #[prop(into)]
    title: Signal<&'static str>,
    /// Whether it is open until somebody closes it.
    #[prop(optional)]
    open: bool,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let place = NodeRef::<html::Details>::new();
    let toggled = move |_| {
        if let Some(details) = place.get_untracked() {
            page.unfold(name, details.open());
        }
    };
    view! {
        <details class="fold" node_ref=place open=page.is_unfolded(name).unwrap_or(open) on:toggle=toggled>
            <summary>{move || title.get()}</summary>
            {children()}
        </details>
    }
}
