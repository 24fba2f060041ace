//! The panel of the search: which rates work, by trying them.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    export::Export, head::Head, look::Look, pictured::Pictured, search_figure::rates, search_table::Trials, show::Show,
};
use crate::{
    app::{
        language::say,
        playground::{Playground, SEARCH_SECONDS},
        search_words as told,
        searches::{Searches, Tried},
    },
    experiment::{Axes, Searched, Tab},
};

/// What the parts of the panel share.
pub type Sought = Look<Tried>;

impl Sought {
    /// Something of what was tried, if anything was.
    pub fn tried<T>(self, look: impl FnOnce(&Searched) -> T) -> Option<T> {
        self.with(|searches| searches.searched().map(look))
    }

    /// What is searched, or would be.
    pub fn axes(self) -> Axes {
        let own = self.page.experiment.with(|experiment| Axes::of(experiment.learner.kind));
        self.tried(|searched| searched.axes).unwrap_or(own)
    }
}

/// The panel.
#[component]
pub fn Search() -> impl IntoView {
    let page = expect_context::<Playground>();
    let sought = Sought::new(|jobs| &jobs.searches);
    let some = Memo::new(move |_| sought.tried(|_| ()).is_some());
    let draw = rates(sought);
    let said = move || told::said(sought.locale(), sought.axes(), &sought.with(Searches::said));
    view! {
        <section class="panel search" aria-labelledby="search-title" data-testid="search">
            <h2 id="search-title">{say!(page, search.title)}</h2>
            <p class="help">{say!(page, search.help)}</p>
            <p class="help">{move || told::axes(sought.locale(), sought.axes())}</p>
            <Controls sought />
            <p class="found" role="status" data-testid="search-summary">{said}</p>
            <Show when=move || some.get()>
                <div data-export="">
                    <Pictured draw part="search-figure" />
                    <Trials sought />
                    <Export file="search" name=Signal::derive(move || td_string!(page.language.get(), search.title).to_owned()) draw />
                </div>
            </Show>
        </section>
    }
}

/// For how long, start, cancel, and how far it is.
#[component]
fn Controls(
    /// The search.
    sought: Sought,
) -> impl IntoView {
    let page = sought.page;
    let running = sought.is_busy();
    let option = move |seconds: u32| {
        view! {
            <option value=seconds prop:selected=move || page.search_seconds.get() == seconds>
                {move || told::time(page.language.get(), seconds)}
            </option>
        }
    };
    let choose = move |event| page.choose_search_seconds(&event_target_value(&event));
    let progress = move || {
        let locale = sought.locale();
        match sought.tried(|searched| (searched.meta_steps(), searched.plan.meta_steps())) {
            Some((done, total)) if running.get() => Some(td_string!(locale, search.progress, done, total)),
            None if running.get() => Some(td_string!(locale, search.timing).to_owned()),
            _ => None,
        }
    };
    let plan = move || sought.tried(|searched| told::plan(sought.locale(), searched.plan));
    view! {
        <Head tab=Tab::Search running start=say!(page, search.start) begin=Playground::search
            stop=say!(page, search.cancel) progress=Signal::derive(progress)>
            <label for="search-time">{say!(page, search.time)}</label>
            <select id="search-time" data-testid="search-time" on:change=choose>
                {SEARCH_SECONDS.map(option)}
            </select>
        </Head>
        <p class="help number search-plan" data-testid="search-plan">{plan}</p>
    }
}
