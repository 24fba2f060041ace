//! Two dialogs: the link to share, and the keys.

use leptos::{ev, html, prelude::*};
use leptos_i18n::td_string;

use super::{
    icons::{Icon, Shape},
    keys::{KEYS_KEY, Keys},
    show::Show,
};
use crate::app::{browser, language::say, library::wants_dataset, playground::Playground};

fn open(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked()
        && !dialog.open()
        && let Err(error) = dialog.show_modal()
    {
        log::warn!("a dialog could not be opened: {error:?}");
    }
}

fn close(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        dialog.close();
    }
}

/// A dialog's title and the button that closes it.
#[component]
fn Head(
    /// The title's id.
    id: &'static str,
    /// The dialog.
    dialog: NodeRef<html::Dialog>,
    /// The title.
    children: Children,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    view! {
        <div class="dialog-head">
            <h2 id=id>{children()}</h2>
            <button type="button" class="round" aria-label=say!(page, notice.dismiss) on:click=move |_| close(dialog)>
                <Icon shape=Shape::Close />
            </button>
        </div>
    }
}

/// Copies the link to the page as it is, and shows it.
#[component]
pub fn Share() -> impl IntoView {
    let page = expect_context::<Playground>();
    let dialog = NodeRef::<html::Dialog>::new();
    let link_box = NodeRef::<html::Input>::new();
    let link = RwSignal::new(String::new());
    let copied = RwSignal::new(false);
    let keys = expect_context::<Keys>();
    let copy = move || {
        copied.set(false);
        let text = link.get_untracked();
        leptos::task::spawn_local(async move { copied.set(browser::copy(text).await) });
    };
    let share = move || {
        link.set(untrack(move || page.link()));
        open(dialog);
        copy();
        browser::next_frame(move || {
            if let Some(input) = link_box.get_untracked() {
                input.select();
            }
        });
    };
    keys.share.set_value(Some(Callback::new(move |()| share())));
    view! {
        <button type="button" on:click=move |_| share()>
            <Icon shape=Shape::Share /><span>{say!(page, share.button)}</span>
        </button>
        <dialog node_ref=dialog aria-labelledby="share-title">
            <Head id="share-title" dialog>{say!(page, share.title)}</Head>
            <p>{say!(page, share.explain)}</p>
            <Show when=move || page.is_drawing()><p>{say!(page, share.drawn)}</p></Show>
            <Show when=move || page.experiment.with(wants_dataset)><p>{say!(page, share.imported)}</p></Show>
            <label for="share-link" class="unseen">{say!(page, share.link)}</label>
            <input id="share-link" type="text" readonly node_ref=link_box prop:value=move || link.get()
                on:focus=move |_| if let Some(input) = link_box.get_untracked() { input.select() } />
            <div class="buttons">
                <button type="button" class="go" on:click=move |_| copy()>{say!(page, share.copy)}</button>
                <p class="help" role="status">
                    {move || if copied.get() { td_string!(page.language.get(), share.copied) } else { "" }}
                </p>
            </div>
        </dialog>
    }
}

/// The keys, and the switch that turns them off.
#[component]
pub fn Help() -> impl IntoView {
    let page = expect_context::<Playground>();
    let dialog = NodeRef::<html::Dialog>::new();
    let keys = expect_context::<Keys>();
    keys.help.set_value(Some(Callback::new(move |()| open(dialog))));
    let toggle = move |event: ev::Event| {
        let on = event_target_checked(&event);
        keys.on.set(on);
        browser::remember(KEYS_KEY, if on { "on" } else { "off" });
    };
    let row = move |key: &'static str, what: fn(crate::app::language::Locale) -> &'static str| {
        view! { <div><dt><kbd>{key}</kbd></dt><dd>{move || what(page.language.get())}</dd></div> }
    };
    view! {
        <button type="button" class="round" aria-label=say!(page, keys.title) title=say!(page, keys.title)
            on:click=move |_| open(dialog)>
            <Icon shape=Shape::Help />
        </button>
        <dialog node_ref=dialog aria-labelledby="keys-title">
            <Head id="keys-title" dialog>{say!(page, keys.title)}</Head>
            <dl class="keys">
                {row("Space", |locale| td_string!(locale, keys.play))}
                {row("← →", |locale| td_string!(locale, keys.inner))}
                {row("Shift + →", |locale| td_string!(locale, keys.step))}
                {row("N", |locale| td_string!(locale, keys.new_task))}
                {row("R", |locale| td_string!(locale, keys.reset))}
                {row("S", |locale| td_string!(locale, keys.share))}
                {row("?", |locale| td_string!(locale, keys.help))}
            </dl>
            <label class="radio">
                <input type="checkbox" prop:checked=move || keys.on.get() on:change=toggle />
                <span>{say!(page, keys.switch)}</span>
            </label>
        </dialog>
    }
}
