//! Bringing a dataset along: choosing or dropping it, watching it being read, what is in it, and forgetting it.

use leptos::{ev, html, prelude::*};
use leptos_i18n::td_string;

use super::show::Show;
use crate::app::{
    files::Given,
    language::say,
    library::{Holding, Import},
    playground::Playground,
    words,
};

/// The dataset that the visitor has brought, or how to bring one.
#[component]
pub fn ImportPanel() -> impl IntoView {
    let page = expect_context::<Playground>();
    let import = Memo::new(move |_| page.session.with(|session| session.library().import().clone()));
    let held =
        Memo::new(move |_| page.session.with(|session| session.library().held().map(|held| held.summary.clone())));
    let busy = Memo::new(move |_| matches!(import.get(), Import::Opening | Import::Reading { .. }));
    let failure = move || match import.get() {
        Import::Failed(failure) => Some(words::failure(page.language.get(), failure)),
        _ => None,
    };
    let recall = Memo::new(move |_| page.session.with(|session| session.library().can_recall()));
    let over = RwSignal::new(false);
    let drag = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let drop_files = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(given) = event.data_transfer().and_then(|transfer| Given::dropped(&transfer)) {
            page.import(given);
        }
    };
    view! {
        <div class="import" class:over=move || over.get() on:dragover=drag on:dragleave=move |_| over.set(false) on:drop=drop_files>
            <Show when=move || held.with(Option::is_some)><Summary /></Show>
            <Show when=move || recall.get()>
                <div class="buttons">
                    <p class="help" role="status">{say!(page, import.forgotten)}</p>
                    <button type="button" class="small" on:click=move |_| page.recall_dataset()>{say!(page, notice.undo)}</button>
                </div>
            </Show>
            <Show when=move || busy.get()><Reading import /></Show>
            <p class="hint" role="alert">{failure}</p>
            <div hidden=move || busy.get()>
                <Chooser folder=false />
                <Chooser folder=true />
                <Show when=move || held.with(Option::is_none)><p class="help">{say!(page, import.drop)}</p></Show>
                <p class="help">{say!(page, import.private)}</p>
            </div>
        </div>
    }
}

/// An input for one file, or for a folder.
#[component]
fn Chooser(
    /// Whether it takes a folder.
    folder: bool,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let given = input.files().and_then(|files| Given::chosen(&files));
        // The same file can be chosen again after it failed.
        input.set_value("");
        if let Some(given) = given {
            page.import(given);
        }
    };
    let id = if folder { "import-folder" } else { "import-file" };
    let label = move || {
        let locale = page.language.get();
        if folder { td_string!(locale, import.folder) } else { td_string!(locale, import.file) }
    };
    view! {
        // The browser's own button speaks the browser's language; the input lies over one that speaks the page's.
        <div class="file">
            <label for=id>{label}</label>
            <input type="file" id=id node_ref=input data-testid=if folder { "import-folder" } else { "import" }
                accept=(!folder).then_some(".zip,.bin") prop:webkitdirectory=folder on:change=choose />
        </div>
    }
}

/// How far an import is, and a way to stop it.
#[component]
fn Reading(
    /// Where it stands.
    import: Memo<Import>,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let share = move || match import.get() {
        Import::Reading { done, total } if total > 0 => u64::from(done.min(total)) * 100 / u64::from(total),
        _ => 0,
    };
    let told = move || {
        let locale = page.language.get();
        match import.get() {
            Import::Reading { done, total } if total > 0 => td_string!(locale, import.reading, done, total),
            Import::Reading { .. } => td_string!(locale, import.reading_first).to_owned(),
            _ => td_string!(locale, import.opening).to_owned(),
        }
    };
    view! {
        <div class="progress" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow=share
            aria-valuetext=told aria-label=say!(page, import.progress) style=("--share", move || format!("{}%", share()))>
            <span></span>
        </div>
        <div class="buttons">
            <p class="help">{told}</p>
            <button type="button" class="small" data-testid="import-cancel" on:click=move |_| page.cancel_import()>
                {say!(page, import.cancel)}
            </button>
        </div>
    }
}

/// What is in the dataset.
#[component]
fn Summary() -> impl IntoView {
    let page = expect_context::<Playground>();
    let summary =
        move || page.session.with(|session| session.library().held().map(|Holding { summary, .. }| summary.clone()));
    let told = move || {
        let locale = page.language.get();
        summary().map(|summary| {
            let (classes, alphabets, drawings) = (summary.classes, summary.alphabets, summary.drawings);
            let skipped = (summary.skipped > 0).then(|| td_string!(locale, import.skipped, count = summary.skipped));
            view! {
                <p><b>{summary.name}</b></p>
                <p class="number">{td_string!(locale, import.counts, classes, alphabets, drawings)}</p>
                <p class="help">{td_string!(locale, import.fingerprint, fingerprint = summary.fingerprint)}</p>
                <p class="help">{skipped}</p>
            }
        })
    };
    view! {
        <div class="dataset-summary" data-testid="dataset-summary">{told}</div>
        <div class="buttons">
            <button type="button" class="small" data-testid="import-forget" on:click=move |_| page.forget_dataset()>
                {say!(page, import.forget)}
            </button>
        </div>
    }
}
