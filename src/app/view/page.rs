//! The whole page.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{ResizeObserver, ResizeObserverEntry};

use super::{
    adaptation::Adaptation, bar::Bar, below::Below, keys::Keys, lessons::Lessons, notices::Notices, show::Show,
    tasks::Tasks, training::Training,
};
use crate::{
    app::{
        browser,
        language::{self, say},
        playground::Playground,
    },
    experiment::Panel,
};

/// Width of a figure before it has been measured.
const UNMEASURED: f64 = 640.0;

/// Whether folds start open: on a desk they do, on a phone the figures come first.
pub fn is_wide() -> bool {
    browser::matches("(min-width: 900px)")
}

/// A place for a figure, and the width it has: a figure is laid out in the pixels it gets, so that its type
/// keeps its size on a phone.
pub fn measured_width() -> (NodeRef<html::Div>, RwSignal<f64>) {
    let width = RwSignal::new(UNMEASURED);
    let place = NodeRef::<html::Div>::new();
    let watching = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut(js_sys::Array)>)>);
    Effect::new(move |_| {
        let Some(element) = place.get() else { return };
        let on_resize = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let entry = entries.get(0).dyn_into::<ResizeObserverEntry>();
            let now = entry.map_or(0.0, |entry| entry.content_rect().width().round());
            if now > 0.0 && (width.get_untracked() - now).abs() > f64::EPSILON {
                width.set(now);
            }
        });
        if let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
            observer.observe(&element);
            watching.set_value(Some((observer, on_resize)));
        }
    });
    on_cleanup(move || {
        if let Some((observer, _)) = watching.try_update_value(Option::take).flatten() {
            observer.disconnect();
        }
    });
    (place, width)
}

/// The page from top to bottom.
#[component]
pub fn Page() -> impl IntoView {
    let page = Playground::open();
    let keys = Keys::remembered();
    provide_context(page);
    provide_context(keys);
    keys.listen(page);
    let listener = window_event_listener(ev::hashchange, move |_| page.follow_address());
    on_cleanup(move || listener.remove());
    Effect::new(move |_| {
        let locale = page.language.get();
        if let Some(root) = browser::root()
            && root.set_attribute("lang", language::tag(locale)).is_err()
        {
            log::warn!("the page's language could not be set");
        }
        if let Some(document) = browser::document() {
            document.set_title(leptos_i18n::td_string!(locale, page.title));
        }
    });
    view! {
        <a class="skip" href="#adaptation-title" on:click=|event| { event.prevent_default(); browser::focus("[data-testid=scrubber]"); }>
            {say!(page, page.skip)}
        </a>
        <Bar />
        <main class:without-tasks=move || page.hides(Panel::Task)
            class:without-training=move || page.hides(Panel::Training) && page.hides(Panel::Hyperparameters)>
            <Notices />
            <Adaptation />
            <Show when=move || !page.hides(Panel::Task)><Tasks /></Show>
            <Show when=move || !(page.hides(Panel::Training) && page.hides(Panel::Hyperparameters))><Training /></Show>
            <Lessons />
            <Below />
        </main>
        <footer>
            <p>{say!(page, page.about)}</p>
            <p>{say!(page, page.licence)}</p>
        </footer>
    }
}
