//! The panel of comparison: which learner adapts in how few inner steps?

use leptos::{ev, prelude::*};
use leptos_i18n::td_string;

use super::{
    compare_figure::{Contest, Curves},
    compare_guests::Guests,
    compare_multiples::Multiples,
    compare_tables::{CurveTable, ShownTable, TestTable},
    head::hindrance,
    look::Look,
    show::Show,
};
use crate::{
    app::{
        compare_words as told,
        comparisons::{self, possible, suited, without_view},
        job::LongWork as _,
        language::say,
        playground::{COMPARE_STEPS, Playground},
        session::Session,
    },
    experiment::{Compared, Contestant, MOST_CONTESTANTS, Tab},
};

/// What the parts of the panel share.
pub type Beside = Look<comparisons::Beside>;

impl Beside {
    /// Something of what was found, if anything was.
    pub fn found<T>(self, look: impl FnOnce(&Compared) -> T) -> Option<T> {
        self.with(|all| all.compared().map(look))
    }

    /// What those who take part are called, in their order.
    pub fn names(self) -> Vec<String> {
        let locale = self.locale();
        self.found(|found| found.entrants.iter().map(|one| told::entrant(locale, one)).collect()).unwrap_or_default()
    }
}

/// The panel.
#[component]
pub fn Compare() -> impl IntoView {
    let page = expect_context::<Playground>();
    let beside = Beside::new(|jobs| &jobs.comparisons);
    let some = Memo::new(move |_| beside.found(|_| ()).is_some());
    let judged = Memo::new(move |_| {
        beside.found(|found| found.entrants.iter().any(|one| one.evaluation.is_some())).unwrap_or_default()
    });
    let trained = Memo::new(move |_| {
        beside.found(|found| found.entrants.iter().any(|one| !one.curve.is_empty())).unwrap_or_default()
    });
    // While figures still move, a sentence about them would be read aloud again and again.
    let said = move || {
        let over = !beside.with(|all| all.is_busy());
        beside.found(|found| told::said(beside.locale(), found)).filter(|_| over)
    };
    let over = RwSignal::new(false);
    let drag = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let drop_files = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(files) = event.data_transfer().and_then(|transfer| transfer.files()) {
            page.open_guests(&files);
        }
    };
    view! {
        <section class="panel compare" class:over=move || over.get() aria-labelledby="compare-title" data-testid="compare"
            on:dragover=drag on:dragleave=move |_| over.set(false) on:drop=drop_files>
            <h2 id="compare-title">{say!(page, compare.title)}</h2>
            <p class="help">{say!(page, compare.help)}</p>
            <Choices beside />
            <Controls beside />
            <p class="found" role="status" data-testid="compare-caption">{said}</p>
            <Show when=move || some.get()>
                <Multiples beside />
                <ShownTable beside />
            </Show>
            <Show when=move || judged.get()>
                <div data-export="">
                    <Contest beside />
                    <TestTable beside />
                </div>
            </Show>
            <Show when=move || trained.get()>
                <div data-export="">
                    <Curves beside />
                    <CurveTable beside />
                </div>
            </Show>
        </section>
    }
}

/// Who takes part.
#[component]
fn Choices(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let page = beside.page;
    // A scrubber that moves changes the view alone, and nobody's settings.
    let core = Memo::new(move |_| page.experiment.with(without_view));
    let possible = Memo::new(move |_| core.with(possible));
    let chosen = Memo::new(move |_| core.with(|core| page.contestants.with(|all| suited(all, core))));
    let choice = move |one: Contestant| {
        let value = one.name().to_owned();
        let one = StoredValue::new(one);
        let is_in = move || chosen.with(|chosen| one.with_value(|one| chosen.contains(one)));
        let is_full = move || !is_in() && chosen.with(Vec::len) >= MOST_CONTESTANTS;
        let name = move || {
            let own = page.experiment.with(|experiment| experiment.learner.kind);
            one.with_value(|one| told::contestant(page.language.get(), one, own))
        };
        view! {
            <li>
                <label>
                    <input type="checkbox" data-testid="compare-choice" value=value prop:checked=is_in
                        prop:disabled=is_full on:change=move |_| page.toggle_contestant(one.get_value()) />
                    {name}
                </label>
            </li>
        }
    };
    let count = move || td_string!(beside.locale(), compare.chosen, count = chosen.with(Vec::len));
    view! {
        <fieldset class="contestants">
            <legend>{say!(page, compare.contestants)}</legend>
            <ul role="list">{move || possible.get().into_iter().map(choice).collect_view()}</ul>
            <Guests beside chosen />
        </fieldset>
        <p class="help number">{count}</p>
    }
}

/// For how long, start, cancel, and how far it is.
#[component]
fn Controls(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let page = beside.page;
    let running = beside.is_busy();
    let training = Memo::new(move |_| page.session.with(Session::is_training));
    let hindered = hindrance(page, Tab::Compare);
    let ready = Memo::new(move |_| hindered.with(Option::is_none) && page.chosen_contestants().len() >= 2);
    let option = move |steps: u32| {
        view! { <option value=steps prop:selected=move || page.compare_steps.get() == steps>{steps}</option> }
    };
    let choose = move |event| page.choose_compare_steps(&event_target_value(&event));
    let progress = move || {
        let locale = beside.locale();
        match beside.found(Compared::progress) {
            _ if !running.get() => hindered.get(),
            _ if training.get() => Some(td_string!(locale, compare.waits).to_owned()),
            Some((done, total)) => Some(td_string!(locale, compare.progress, done, total)),
            None => Some(td_string!(locale, compare.begins).to_owned()),
        }
    };
    view! {
        <div class="evaluate-head">
            <label for="compare-steps">{say!(page, compare.steps)}</label>
            <select id="compare-steps" data-testid="compare-steps" on:change=choose>
                {COMPARE_STEPS.map(option)}
            </select>
            <button type="button" class="go" data-testid="compare-start" prop:disabled=move || running.get() || !ready.get()
                on:click=move |_| page.compare()>
                {say!(page, compare.start)}
            </button>
            <button type="button" data-testid="compare-cancel" prop:disabled=move || !running.get()
                on:click=move |_| page.stop(Tab::Compare)>
                {say!(page, compare.cancel)}
            </button>
            <span class="help number" data-testid="compare-progress">{progress}</span>
        </div>
    }
}
