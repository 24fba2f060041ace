//! Networks brought along to be compared: opening their files, choosing and removing them.

use leptos::{ev, html, prelude::*};
use leptos_i18n::td_string;
use wasm_bindgen::JsCast as _;
use web_sys::Element;

use super::{
    compare::Beside,
    icons::{Icon, Shape},
};
use crate::{
    app::{browser, compare_words as told, comparisons::without_view, guests::Guest, language::say, words},
    experiment::{Contestant, MOST_CONTESTANTS, Saved},
};

/// Those who are here, each to be chosen or removed, and how more come.
#[component]
pub fn Guests(
    /// The comparison.
    beside: Beside,
    /// Who takes part.
    chosen: Memo<Vec<Contestant>>,
) -> impl IntoView {
    let page = beside.page;
    let core = Memo::new(move |_| page.experiment.with(without_view));
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let files = input.files();
        if let Some(files) = files {
            page.open_guests(&files);
        }
        // The same file can be chosen again after it was removed.
        input.set_value("");
    };
    let run_before = Memo::new(move |_| page.undoable_run());
    let before = Memo::new(move |_| {
        let fits = |run: &&Saved| core.with(|core| run.fits(core).is_ok());
        run_before.with(|run| run.as_ref().filter(fits).map(|run| run.meta_step))
    });
    // The button stays where another run takes the place of the one before: it may have the focus.
    let is_offered = Memo::new(move |_| before.with(Option::is_some));
    let add_before = move || {
        is_offered.get().then(|| {
            let said = move || before.get().map(|steps| td_string!(beside.locale(), compare.before, steps));
            view! {
                <button type="button" class="small" data-testid="compare-before" on:click=move |_| page.add_undoable()>
                    {said}
                </button>
            }
        })
    };
    let one = move |guest: Guest| {
        let contestant = StoredValue::new(guest.contestant());
        let is_in = move || chosen.with(|chosen| contestant.with_value(|one| chosen.contains(one)));
        let saved = StoredValue::new(guest.saved.clone());
        let misfit = Memo::new(move |_| core.with(|core| saved.with_value(|saved| saved.fits(core).err())));
        let is_closed = move || misfit.with(Option::is_some) || !is_in() && chosen.with(Vec::len) >= MOST_CONTESTANTS;
        let name = move || {
            let own = page.experiment.with(|experiment| experiment.learner.kind);
            contestant.with_value(|one| told::contestant(beside.locale(), one, own))
        };
        let remove = {
            let name = told::isolated(&guest.saved.name);
            move || td_string!(beside.locale(), compare.remove, name = name.clone())
        };
        let value = guest.saved.name.clone();
        let unfit = move || misfit.with(|why| why.as_ref().map(|why| words::unfit(beside.locale(), why)));
        let dismiss = move |event: ev::MouseEvent| {
            focus_next(&event);
            page.dismiss_guest(&guest);
        };
        view! {
            <li>
                <label>
                    <input type="checkbox" data-testid="compare-guest" value=value prop:checked=is_in prop:disabled=is_closed
                        on:change=move |_| page.toggle_contestant(contestant.get_value()) />
                    <span>{name} " " <span class="help">{unfit}</span></span>
                </label>
                <button type="button" class="round" data-testid="compare-remove" aria-label=remove on:click=dismiss>
                    <Icon shape=Shape::Close />
                </button>
            </li>
        }
    };
    view! {
        <ul class="guests" role="list">
            <For each=move || page.guests.get() key=|guest| guest.saved.name.clone() children=one />
        </ul>
        <div class="buttons">
            // The browser's own button speaks the browser's language; the input lies over one that speaks the page's.
            <div class="file">
                <label for="compare-open">{say!(page, compare.open)}</label>
                <input type="file" id="compare-open" node_ref=input data-testid="compare-open" accept=".safetensors" multiple
                    aria-describedby="compare-open-help" on:change=choose />
            </div>
            {add_before}
        </div>
        <p class="help" id="compare-open-help">{say!(page, compare.open_help)}</p>
    }
}

/// Moves the focus from a button that is about to go to that of the next one who is here, or to where more come from: who
/// uses a keyboard would begin at the top of the page again.
fn focus_next(event: &ev::MouseEvent) {
    let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let next = button.and_then(|button| button.closest("li").ok().flatten()?.next_element_sibling());
    match next.and_then(|next| next.query_selector("button").ok().flatten()) {
        Some(next) => browser::focus_on(&next),
        None => browser::focus("#compare-open"),
    }
}
