//! The head of a panel: what is chosen for its long work, start, stop, and how far it is.

use leptos::prelude::*;

use crate::{
    app::playground::Playground,
    experiment::{Choice as _, Tab},
};

/// See the module.
#[component]
pub fn Head(
    /// Of which panel; hooks for tests begin with its name.
    tab: Tab,
    /// Whether its work is under way or waits.
    running: Memo<bool>,
    /// Words for starting.
    start: impl Fn() -> &'static str + Send + Sync + 'static,
    /// What starts it.
    begin: fn(Playground),
    /// Words for stopping.
    stop: impl Fn() -> &'static str + Send + Sync + 'static,
    /// What the hook of stopping ends with.
    #[prop(default = "cancel")]
    stop_hook: &'static str,
    /// How far it is.
    progress: Signal<Option<String>>,
    /// What is chosen.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let ready = Memo::new(move |_| page.can_evaluate());
    let hook = move |part: &str| format!("{}-{part}", tab.name());
    view! {
        <div class="evaluate-head">
            {children.map(|children| children())}
            <button type="button" class="go" data-testid=hook("start")
                prop:disabled=move || running.get() || !ready.get() on:click=move |_| begin(page)>
                {start}
            </button>
            <button type="button" data-testid=hook(stop_hook) prop:disabled=move || !running.get()
                on:click=move |_| page.stop(tab)>
                {stop}
            </button>
            <span class="help number" data-testid=hook("progress")>{move || progress.get()}</span>
        </div>
    }
}
