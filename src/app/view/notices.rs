//! What a person should know now, above everything else and never in the way.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    icons::{Icon, Shape},
    show::Show,
};
use crate::app::{browser, language::say, notice::Notice, playground::Playground, words};

/// All notices, the newest first, read out politely.
#[component]
pub fn Notices() -> impl IntoView {
    let page = expect_context::<Playground>();
    // Keyed by its words' place as well: a notice that is told again is read again.
    let notices = move || page.notices.get();
    view! {
        <div class="notices" data-testid="notice" role="status" aria-live="polite">
            <For each=notices key=|notice| format!("{notice:?}") children=|notice| view! { <One notice /> } />
        </div>
    }
}

/// One notice and what can be done about it.
#[component]
fn One(
    /// What to tell.
    notice: Notice,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let kind = notice.kind();
    let (can_undo, can_restart) = (notice.can_undo(), notice.can_restart());
    let heavy = matches!(notice, Notice::Heavy { .. });
    let detail = notice.detail().map(str::to_owned);
    let class = if notice.is_trouble() { "notice trouble" } else { "notice" };
    let undo = Memo::new(move |_| can_undo && page.session.with(|session| session.undoable().is_some()));
    let copied = RwSignal::new(false);
    let told = move || words::notice(page.language.get(), &notice);
    let report = detail.map(|detail| {
        let copy = move |_| {
            let report = page.report(&detail);
            leptos::task::spawn_local(async move { copied.set(browser::copy(report).await) });
        };
        view! {
            <button type="button" class="small" on:click=copy>
                {move || {
                    let locale = page.language.get();
                    if copied.get() { td_string!(locale, notice.copied) } else { td_string!(locale, notice.copy_report) }
                }}
            </button>
        }
    });
    view! {
        <div class=class>
            <p>{told}</p>
            <Show when=move || undo.get()>
                <button type="button" class="small" on:click=move |_| page.undo()>{say!(page, notice.undo)}</button>
            </Show>
            <Show when=move || can_restart>
                <button type="button" class="small" on:click=move |_| page.load()>{say!(page, notice.restart)}</button>
            </Show>
            <Show when=move || heavy>
                <button type="button" class="small" on:click=move |_| page.load()>{say!(page, notice.run_anyway)}</button>
            </Show>
            {report}
            <button type="button" class="round" aria-label=say!(page, notice.dismiss) on:click=move |_| page.dismiss(kind)>
                <Icon shape=Shape::Close />
            </button>
        </div>
    }
}
