//! The panels below the adaptation, one at a time, behind their tabs.

use leptos::{ev, prelude::*};
use leptos_i18n::td_string;

use super::{
    anatomy::Anatomy, compare::Compare, diagnose::Diagnose, evaluate::Evaluate, landscape::Landscape, layers::Layers,
    runs::Runs, search::Search,
};
use crate::{
    app::{browser, language::say, playground::Playground, tabs, words},
    experiment::{Choice as _, Tab},
};

/// The tabs, and the panel that is open. Only that one is rendered: the others would follow every meta-step unseen.
#[component]
pub fn Below() -> impl IntoView {
    let page = expect_context::<Playground>();
    let tabs = Memo::new(move |_| page.experiment.with(|experiment| tabs::tabs(&experiment.view)));
    let open = Memo::new(move |_| page.experiment.with(|experiment| tabs::open(&experiment.view)));
    let key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
            return;
        }
        if let Some(tab) = page.turn_panel(&event.key()) {
            event.prevent_default();
            browser::focus(&format!("#{}", id(tab)));
        }
    };
    let panel = move || match open.get() {
        Tab::Evaluate => view! { <Evaluate /> }.into_any(),
        Tab::Compare => view! { <Compare /> }.into_any(),
        Tab::Search => view! { <Search /> }.into_any(),
        Tab::Landscape => view! { <Landscape /> }.into_any(),
        Tab::Diagnose => view! { <Diagnose /> }.into_any(),
        Tab::Runs => view! { <Runs /> }.into_any(),
        Tab::Layers => view! { <Layers /> }.into_any(),
        Tab::Anatomy => view! { <Anatomy /> }.into_any(),
    };
    view! {
        <div class="below">
            <div class="panel-tabs" role="tablist" aria-label=say!(page, panels.label) on:keydown=key>
                <For each=move || tabs.get() key=|tab| *tab children=move |tab| view! { <One tab open /> } />
            </div>
            <div id="open-panel" role="tabpanel" tabindex="0" aria-labelledby=move || id(open.get())>{panel}</div>
        </div>
    }
}

/// The id of a tab.
fn id(tab: Tab) -> String {
    format!("tab-{}", tab.name())
}

/// One tab: its name, and how far its work is, if some is under way.
#[component]
fn One(
    /// Of which panel.
    tab: Tab,
    /// The panel that is open.
    open: Memo<Tab>,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let selected = move || open.get() == tab;
    let percent = Memo::new(move |_| {
        let progress = page.session.with(|session| session.jobs().of(tab).and_then(|job| job.progress()));
        progress.map(|(done, total)| (u64::from(done) * 100).checked_div(u64::from(total)).unwrap_or(0))
    });
    let running = move || {
        percent.get().map(|percent| {
            view! {
                <i class="running" aria-hidden="true"></i>
                <span class="number">
                    <span class="unseen">{say!(page, panels.running)}" "</span>
                    {move || td_string!(page.language.get(), panels.percent, percent)}
                </span>
            }
        })
    };
    view! {
        <button type="button" role="tab" id=id(tab) class="panel-tab" data-testid=id(tab)
            aria-selected=move || selected().to_string() aria-controls=move || selected().then_some("open-panel")
            tabindex=move || if selected() { "0" } else { "-1" } on:click=move |_| page.open_panel(tab)>
            {move || words::panel(page.language.get(), tab)}
            {running}
        </button>
    }
}
