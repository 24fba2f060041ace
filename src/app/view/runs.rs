//! The panel of runs: what was tried, beside each other.

use std::collections::BTreeMap;

use leptos::{html, prelude::*};
use leptos_i18n::td_string;

use super::{
    icons::{Icon, Shape},
    runs_figure::{Difference, RunsFigure, swatch},
    show::Show,
};
use crate::{
    app::{
        browser,
        files::Given,
        format,
        language::{Locale, say},
        playground::{Imported, Playground},
        record::{FileError, MOST_RUNS, Record},
        words,
    },
    experiment::{Experiment, Tab, View, encode},
};

/// What every run is called, by its id.
pub type Names = Memo<BTreeMap<String, String>>;

/// What a run is called.
pub fn called(names: &BTreeMap<String, String>, record: &Record) -> String {
    names.get(&record.id).cloned().unwrap_or_default()
}

/// What a run is called until the visitor gives it a name, if no other is called so, and what it can be found by.
fn default_name(locale: Locale, record: &Record) -> String {
    let learner = words::learner(locale, record.experiment.learner.kind);
    format!("{learner} · {}", words::family(locale, record.experiment.task.family))
}

/// The experiment of a run, with this panel open: whoever opens it goes on looking at runs.
fn on_this_panel(experiment: &Experiment) -> Experiment {
    Experiment { view: View { panel: Tab::Runs, ..experiment.view.clone() }, ..experiment.clone() }
}

/// The panel.
#[component]
pub fn Runs() -> impl IntoView {
    let page = expect_context::<Playground>();
    let sought = page.sought_runs;
    let some = Memo::new(move |_| page.runs.with(|runs| !runs.all().is_empty()));
    let names: Names = Memo::new(move |_| {
        let locale = page.language.get();
        page.runs.with(|runs| runs.names(|record| default_name(locale, record), begun))
    });
    let ids = Memo::new(move |_| {
        let locale = page.language.get();
        names.with(|names| {
            let words = |record: &Record| format!("{} {}", default_name(locale, record), called(names, record));
            page.runs.with(|runs| {
                let found = runs.found(&sought.read(), words);
                found.into_iter().map(|record| record.id.clone()).collect::<Vec<_>>()
            })
        })
    });
    let deleted = Memo::new(move |_| {
        let locale = page.language.get();
        names.with(|names| {
            let told = |record: &Record| td_string!(locale, runs.deleted, name = called(names, record));
            page.runs.with(|runs| runs.deleted().map(told))
        })
    });
    let chosen = Memo::new(move |_| page.runs.with(|runs| runs.chosen().len()));
    let count = move || td_string!(page.language.get(), compare.chosen, count = chosen.get());
    let brought = move || page.brought.get().map(|imported| imported_words(page.language.get(), imported));
    let refused = move || page.brought.with(|brought| !matches!(brought, None | Some(Imported::Runs { .. })));
    let none = move || {
        let none = some.get() && ids.with(Vec::is_empty);
        none.then(|| td_string!(page.language.get(), runs.none_found))
    };
    view! {
        <section class="panel runs" aria-labelledby="runs-title" data-testid="runs">
            <h2 id="runs-title">{say!(page, runs.title)}</h2>
            <p class="help">{say!(page, runs.help)}</p>
            <div class="evaluate-head">
                <Show when=move || some.get()>
                    <label for="runs-search">{say!(page, runs.search)}</label>
                    <input type="text" id="runs-search" data-testid="runs-search" prop:value=move || sought.get()
                        on:input=move |event| sought.set(event_target_value(&event)) />
                    <button type="button" data-testid="runs-export" on:click=move |_| page.export_runs(None)>
                        {say!(page, runs.export)}
                    </button>
                </Show>
                <Import />
            </div>
            <p class="help" class:hint=refused role="status" data-testid="runs-imported">{brought}</p>
            <div class="buttons" hidden=move || deleted.with(Option::is_none)>
                <p class="help" role="status">{move || deleted.get()}</p>
                <button type="button" class="small" data-testid="runs-undo" on:click=move |_| undo(page, ids)>
                    {say!(page, notice.undo)}
                </button>
            </div>
            <p class="help" role="status">{none}</p>
            <p class="help number" id="runs-chosen" data-testid="runs-chosen" hidden=move || !some.get()>{count}</p>
            <ul class="run-list" role="list" aria-label=say!(page, runs.list)>
                <For each=move || ids.get() key=String::clone children=move |id| view! { <Row id names /> } />
            </ul>
            <RunsFigure names />
            <Difference names />
        </section>
    }
}

/// One run.
#[component]
fn Row(
    /// Its id.
    id: String,
    /// What the runs are called.
    names: Names,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let id = StoredValue::new(id);
    let record = Memo::new(move |_| page.runs.with(|runs| id.with_value(|id| runs.get(id).cloned())));
    let line = Memo::new(move |_| page.runs.with(|runs| id.with_value(|id| runs.line(id))));
    let full = Memo::new(move |_| page.runs.with(|runs| !runs.has_room()));
    let name = Memo::new(move |_| names.with(|names| id.with_value(|id| names.get(id).cloned()).unwrap_or_default()));
    let about = move |tell: fn(Locale, String) -> String| move || tell(page.language.get(), name.get());
    // A memo, so that a record that grows while its name is being typed leaves the typing alone.
    let own =
        Memo::new(move |_| record.with(|record| record.as_ref().map(|record| record.name.clone()).unwrap_or_default()));
    let default = move || {
        if own.with(String::is_empty) {
            return name.get();
        }
        let locale = page.language.get();
        record.with(|record| record.as_ref().map(|record| default_name(locale, record)).unwrap_or_default())
    };
    let closed = move || line.get().is_none() && full.get();
    let pinned = move || record.with(|record| record.as_ref().is_some_and(|record| record.pinned));
    let link = move || record.with(|record| record.as_ref().map(|record| encode(&on_this_panel(&record.experiment))));
    let told = move || {
        let locale = page.language.get();
        record.with(|record| {
            let record = record.as_ref()?;
            // What a run is called without a name stands in the name's place already.
            let kind = (!record.name.is_empty()).then(|| default_name(locale, record));
            Some((kind, summary(locale, record)))
        })
    };
    view! {
        <li class="run-row" data-testid="run-row" data-run=id.get_value()>
            <label class="run-choose">
                <input type="checkbox" data-testid="run-choose" prop:checked=move || line.get().is_some()
                    prop:disabled=closed aria-describedby=move || closed().then_some("runs-chosen")
                    aria-label=about(|locale, name| td_string!(locale, runs.choose, name)) on:change=acting(page, id, Playground::choose_run) />
                {move || line.get().map(swatch)}
            </label>
            <div class="run-about">
                <input type="text" class="run-name" data-testid="run-rename" prop:value=move || own.get() placeholder=default maxlength="80"
                    aria-label=about(|locale, name| td_string!(locale, runs.rename, name))
                    on:change=move |event| id.with_value(|id| page.rename_run(id, &event_target_value(&event))) />
                {move || told().map(|(kind, summary)| view! {
                    {kind.map(|kind| view! { <p class="help">{kind}</p> })}
                    <p class="help number" data-testid="run-summary">{summary}</p>
                })}
            </div>
            <div class="run-acts">
                <button type="button" class="small" data-testid="run-pin" aria-pressed=move || pinned().to_string()
                    aria-label=about(|locale, name| td_string!(locale, runs.pin_label, name)) on:click=acting(page, id, pin)>
                    {say!(page, runs.pin)}
                </button>
                <a class="small" data-testid="run-open" href=link aria-label=about(|locale, name| td_string!(locale, runs.open_label, name))>
                    {say!(page, runs.open)}
                </a>
                <button type="button" class="small" data-testid="run-csv"
                    aria-label=about(|locale, name| td_string!(locale, export.label, name, format = "CSV"))
                    on:click=acting(page, id, Playground::export_run_csv)>
                    "CSV"
                </button>
                <button type="button" class="small" data-testid="run-json"
                    aria-label=about(|locale, name| td_string!(locale, export.label, name, format = "JSON"))
                    on:click=acting(page, id, |page, id| page.export_runs(Some(id)))>
                    "JSON"
                </button>
                <button type="button" class="small round" data-testid="run-delete"
                    aria-label=about(|locale, name| td_string!(locale, runs.delete, name)) on:click=acting(page, id, delete)>
                    <Icon shape=Shape::Close />
                </button>
            </div>
        </li>
    }
}

/// Pins a run, or lets it go; the button keeps the focus where the row has moved to.
fn pin(page: Playground, id: &str) {
    page.pin_run(id);
    focus_on_pin(id);
}

fn focus_on_pin(id: &str) {
    let button = format!("[data-run=\"{id}\"] [data-testid=run-pin]");
    browser::next_frame(move || browser::focus(&button));
}

/// Deletes a run, and offers to undo it.
fn delete(page: Playground, id: &str) {
    page.delete_run(id);
    browser::next_frame(|| browser::focus("[data-testid=runs-undo]"));
}

/// Brings back the run that was deleted last. As the button that had the focus goes, the row that came back takes it,
/// on a button that changes little; where the search leaves that row out, the search does.
fn undo(page: Playground, listed: Memo<Vec<String>>) {
    let id = page.runs.with_untracked(|runs| runs.deleted().map(|record| record.id.clone()));
    page.undo_run();
    match id {
        Some(id) if listed.with_untracked(|ids| ids.contains(&id)) => focus_on_pin(&id),
        _ => browser::next_frame(|| browser::focus("#runs-search")),
    }
}

/// Does something about a run, on any event.
fn acting<E>(page: Playground, id: StoredValue<String>, act: fn(Playground, &str)) -> impl Fn(E) {
    move |_| id.with_value(|id| act(page, id))
}

/// When a run began, by the clock of this place.
fn begun(record: &Record) -> String {
    let date = js_sys::Date::new(&record.begun.into());
    let two = |number: u32| format!("{number:02}");
    let day = format!("{}-{}-{}", date.get_full_year(), two(date.get_month() + 1), two(date.get_date()));
    format!("{day} {}:{}", two(date.get_hours()), two(date.get_minutes()))
}

/// A run in numbers: when, on what, how far, how well.
fn summary(locale: Locale, record: &Record) -> String {
    let mut parts = vec![begun(record)];
    parts.extend(record.device.map(|device| words::device(locale, device).to_owned()));
    parts.push(td_string!(locale, runs.meta_steps, steps = record.meta_step));
    parts.push(td_string!(locale, runs.seconds, seconds = format!("{:.0}", record.seconds)));
    if let Some(last) = record.curve.last() {
        parts.push(match last.accuracy {
            Some((_, after)) => td_string!(locale, runs.accuracy, value = format::percent(after)),
            None => td_string!(locale, runs.loss, value = format::loss(last.after)),
        });
    }
    if let Some((judged, last)) = record.evaluation.as_ref().and_then(|judged| Some((judged, judged.steps.last()?))) {
        let value = match (last.accuracy, last.loss) {
            (Some((mean, half)), _) => format!("{}\u{202f}%", format::interval(100.0 * mean, 100.0 * half)),
            (None, Some((mean, half))) => format::interval(mean, half),
            (None, None) => "∞".to_owned(),
        };
        parts.push(td_string!(locale, runs.evaluated, value, tasks = judged.tasks));
    }
    parts.push(record.fingerprint.clone());
    parts.join(" · ")
}

/// Taking runs of a file.
#[component]
fn Import() -> impl IntoView {
    let page = expect_context::<Playground>();
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        let Some(input) = input.get_untracked() else { return };
        let given = input.files().and_then(|files| Given::chosen(&files));
        // The same file can be chosen again after it failed.
        input.set_value("");
        if let Some(given) = given {
            page.import_runs(given);
        }
    };
    view! {
        <div class="file">
            <label for="runs-import">{say!(page, runs.import)}</label>
            <input type="file" id="runs-import" node_ref=input data-testid="runs-import" accept=".json" on:change=choose />
        </div>
    }
}

/// What an import came to.
fn imported_words(locale: Locale, imported: Imported) -> String {
    match imported {
        Imported::Runs { new, known: 0 } => td_string!(locale, runs.imported, new),
        Imported::Runs { new, known } => td_string!(locale, runs.imported_some, new, known),
        Imported::Unreadable => td_string!(locale, runs.unreadable).to_owned(),
        Imported::Refused(FileError::Unknown) => td_string!(locale, runs.unknown).to_owned(),
        Imported::Refused(FileError::Newer) => td_string!(locale, runs.newer).to_owned(),
        Imported::Refused(FileError::Empty) => td_string!(locale, runs.empty_file).to_owned(),
        Imported::Refused(FileError::TooMany) => td_string!(locale, runs.too_many, most = MOST_RUNS),
        Imported::Refused(FileError::Damaged(number)) => td_string!(locale, runs.damaged, number),
    }
}
