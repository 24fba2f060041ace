//! Networks brought along to be compared: opening their files, choosing and removing them.

use leptos::{html, prelude::*};
use leptos_i18n::td_string;

use super::{
    compare::Beside,
    icons::{Icon, Shape},
};
use crate::{
    app::{compare_words as told, comparisons::without_view, guests::Guest, language::say},
    experiment::{Contestant, MOST_CONTESTANTS},
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
    let before = Memo::new(move |_| page.session.with(|session| session.undoable().map(|(steps, _)| steps)));
    let add_before = move || {
        before.get().map(|steps| {
            view! {
                <button type="button" class="small" data-testid="compare-before" on:click=move |_| page.add_undoable()>
                    {move || td_string!(beside.locale(), compare.before, steps)}
                </button>
            }
        })
    };
    let one = move |guest: Guest| {
        let contestant = StoredValue::new(guest.contestant());
        let is_in = move || chosen.with(|chosen| contestant.with_value(|one| chosen.contains(one)));
        let fits = Memo::new(move |_| core.with(|core| contestant.with_value(|one| one.check(core).is_ok())));
        let is_closed = move || !fits.get() || !is_in() && chosen.with(Vec::len) >= MOST_CONTESTANTS;
        let name = move || {
            let own = page.experiment.with(|experiment| experiment.learner.kind);
            contestant.with_value(|one| told::contestant(beside.locale(), one, own))
        };
        let remove = {
            let name = told::isolated(&guest.saved.name);
            move || td_string!(beside.locale(), compare.remove, name = name.clone())
        };
        let value = guest.saved.name.clone();
        let unfit = move || (!fits.get()).then(|| td_string!(beside.locale(), compare.unfit));
        view! {
            <li>
                <label>
                    <input type="checkbox" data-testid="compare-guest" value=value prop:checked=is_in prop:disabled=is_closed
                        on:change=move |_| page.toggle_contestant(contestant.get_value()) />
                    <span>{name} " " <span class="help">{unfit}</span></span>
                </label>
                <button type="button" class="round" data-testid="compare-remove" aria-label=remove
                    on:click=move |_| page.dismiss_guest(&guest)>
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
