//! The head of a panel: what is chosen for its long work, start, stop, and how far it is.

use leptos::prelude::*;

use crate::{
    app::{playground::Playground, words},
    experiment::{Choice as _, Tab},
};

/// Why a panel's long work cannot begin: no run stands, or the work is about the task on show and that is not drawn yet.
pub fn hindrance(page: Playground, tab: Tab) -> Memo<Option<String>> {
    let about_shown = matches!(tab, Tab::Compare | Tab::Landscape | Tab::Anatomy | Tab::Layers);
    Memo::new(move |_| {
        let locale = page.language.get();
        let undrawn = || {
            let ways = page.experiment.with(|experiment| experiment.task.ways as usize);
            let missing = page.sketch.with(|sketch| sketch.missing(ways))?;
            Some(words::undrawn(locale, missing).to_owned())
        };
        let waits = page.session.with(|session| words::waits(locale, session.phase()));
        waits.or_else(|| if about_shown && page.is_drawing() { undrawn() } else { None })
    })
}

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
    let hindered = hindrance(page, tab);
    let ready = Memo::new(move |_| hindered.with(Option::is_none));
    let told = move || match running.get() {
        true => progress.get(),
        false => hindered.get().or_else(|| progress.get()),
    };
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
            <span class="help number" data-testid=hook("progress")>{told}</span>
        </div>
    }
}
