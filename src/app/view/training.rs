//! The panel on the right: whether the start gets better, and how the run stands.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    fold::Fold,
    loss::{Loss, LossTable},
    settings::Settings,
    show::Show,
};
use crate::{
    app::{
        browser,
        change::shipped,
        export, format,
        language::{Locale, say},
        playground::Playground,
        session::{Origin, Phase, Session},
        words,
    },
    experiment::{Ending, Experiment, Family, LearnerKind, Panel},
    script,
};

/// The panel of meta-training.
#[component]
pub fn Training() -> impl IntoView {
    let page = expect_context::<Playground>();
    let kind = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind));
    let title = move || match (page.language.get(), kind.get()) {
        (locale, LearnerKind::LstmOptimizer) => td_string!(locale, training.title_optimizer),
        (locale, _) => td_string!(locale, training.title),
    };
    view! {
        <section class="panel training" aria-labelledby="training-title">
            <Show when=move || !page.hides(Panel::Training)>
                <h2 id="training-title">{title}</h2>
                <Loss />
                <Progress />
                <Numbers />
                <Shipped />
                <Weights />
                <LossTable />
            </Show>
            <Show when=move || page.hides(Panel::Training)>
                <h2 id="training-title">{say!(page, settings.title)}</h2>
            </Show>
            <Show when=move || !page.hides(Panel::Hyperparameters)>
                <Settings />
            </Show>
        </section>
    }
}

/// How much of the program has arrived, or how much of the budget is spent.
#[component]
fn Progress() -> impl IntoView {
    let page = expect_context::<Playground>();
    let phase = Memo::new(move |_| page.session.with(|session| session.phase().clone()));
    let budget = Memo::new(move |_| page.experiment.with(|experiment| experiment.budget.meta_steps));
    let meta_step = Memo::new(move |_| page.session.with(Session::meta_step));
    let share = Memo::new(move |_| match phase.get() {
        Phase::Loading { loaded, total } if total > 0 => loaded.min(total) * 100 / total,
        Phase::Standing => {
            u64::from(meta_step.get()).min(u64::from(budget.get())) * 100 / u64::from(budget.get().max(1))
        }
        _ => 0,
    });
    let told = move || {
        let locale = page.language.get();
        let waits = phase.with(|phase| words::waits(locale, phase));
        waits.unwrap_or_else(|| left(page, locale, budget.get()))
    };
    let label = move || {
        let locale = page.language.get();
        if matches!(phase.get(), Phase::Loading { .. }) {
            td_string!(locale, training.load_progress)
        } else {
            td_string!(locale, training.progress)
        }
    };
    view! {
        <div class="progress" data-testid="progress" role="progressbar" aria-valuemin="0" aria-valuemax="100"
            aria-valuenow=move || share.get() aria-label=label aria-valuetext=told
            style=("--share", move || format!("{}%", share.get())) class:busy=move || phase.get() == Phase::Starting>
            <span></span>
        </div>
        <p class="progress-told">{told}</p>
    }
}

/// How long the budget still takes, or why nothing is waited for.
fn left(page: Playground, locale: Locale, budget: u32) -> String {
    page.session.with(|session| {
        if session.is_finished() {
            if let Some(Ending { at, best, .. }) = session.ending() {
                return td_string!(locale, training.ended, at, best);
            }
            return match session.origin() {
                Origin::Shipped => td_string!(locale, training.shipped_finished, budget),
                Origin::Seed => td_string!(locale, training.finished, budget),
            };
        }
        let remaining = budget.saturating_sub(session.meta_step());
        match format::wait(remaining, session.rate()) {
            Some(wait) => words::wait(locale, wait),
            None => td_string!(locale, training.paused, budget),
        }
    })
}

/// Examples of a task in meta-training.
fn examples(experiment: &Experiment) -> u32 {
    match experiment.task.family {
        // Its equations.
        Family::Quadratic => experiment.examples().0,
        family if family.classifies() => experiment.train_ways() * experiment.train_shots(),
        _ => experiment.train_shots(),
    }
}

/// The run in numbers.
#[component]
fn Numbers() -> impl IntoView {
    let page = expect_context::<Playground>();
    let smoothed = Memo::new(move |_| page.session.with(|session| session.series().smoothed()));
    let loss = move |pick: fn((f32, f32)) -> f32| {
        smoothed.get().map_or_else(|| "–".to_owned(), |losses| format::loss(pick(losses)))
    };
    let accuracy = Memo::new(move |_| page.session.with(|session| session.series().smoothed_accuracy()));
    let classifies = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family.classifies()));
    let share = move |pick: fn((f32, f32)) -> f32| {
        accuracy.get().map_or_else(|| "–".to_owned(), |shares| format::percent(pick(shares)))
    };
    let fingerprint = Memo::new(move |_| page.session.with(|session| session.fingerprint().to_owned()));
    // Where accuracies stand beside them, losses have to say that they are losses.
    let loss_name = move |before: bool| {
        move || {
            let locale = page.language.get();
            match (classifies.get(), before) {
                (true, true) => td_string!(locale, training.loss_before),
                (true, false) => td_string!(locale, training.loss_after),
                (false, true) => td_string!(locale, training.before),
                (false, false) => td_string!(locale, training.after),
            }
        }
    };
    view! {
        <dl class="numbers">
            <Show when=move || classifies.get()>
                <div class="before"><dt>{say!(page, training.accuracy_before)}</dt><dd data-testid="accuracy-before" class="number">{move || share(|shares| shares.0)}</dd></div>
                <div class="after"><dt>{say!(page, training.accuracy_after)}</dt><dd data-testid="accuracy-after" class="number">{move || share(|shares| shares.1)}</dd></div>
            </Show>
            <div class="before"><dt>{loss_name(true)}</dt><dd data-testid="loss-before" class="number">{move || loss(|losses| losses.0)}</dd></div>
            <div class="after"><dt>{loss_name(false)}</dt><dd data-testid="loss-after" class="number">{move || loss(|losses| losses.1)}</dd></div>
            <div><dt>{say!(page, training.meta_steps)}</dt><dd data-testid="meta-step" class="number">{move || page.session.with(Session::meta_step)}</dd></div>
            <div><dt>{say!(page, training.rate)}</dt><dd data-testid="rate" class="number">{move || format::rate(page.session.with(Session::rate))}</dd></div>
            <div>
                <dt title=say!(page, training.fingerprint_help)>{say!(page, training.fingerprint)}</dt>
                <dd data-testid="fingerprint" class="number">{move || if fingerprint.with(String::is_empty) { "–".to_owned() } else { fingerprint.get() }}</dd>
            </div>
            <div>
                <dt>
                    {move || {
                        let locale = page.language.get();
                        if classifies.get() { td_string!(locale, training.batch_drawings) } else { td_string!(locale, training.batch) }
                    }}
                </dt>
                <dd class="number">{move || page.experiment.with(|experiment| format!("{} × {}", experiment.outer.meta_batch, examples(experiment)))}</dd>
            </div>
        </dl>
    }
}

/// Buttons that save the network and the experiment as a program, and how the weights are read.
#[component]
fn Weights() -> impl IntoView {
    let page = expect_context::<Playground>();
    let ready = Memo::new(move |_| page.can_evaluate());
    let refused = Memo::new(move |_| page.experiment.with(Experiment::unscripted));
    let told = move || refused.get().map(|why| words::unscripted(page.language.get(), why));
    let save_script = move |_| {
        let meta_step = page.session.with_untracked(Session::meta_step);
        match page.experiment.with_untracked(|experiment| script::script(experiment, meta_step)) {
            Ok(text) => export::save(&format!("kindling-{meta_step}.py"), "text/x-python", text.as_bytes()),
            Err(error) => log::warn!("{error}"),
        }
    };
    let snippet = Memo::new(move |_| {
        let file = format!("kindling-{}.safetensors", page.session.with(Session::meta_step));
        page.experiment.with(|experiment| script::snippet(experiment, &file))
    });
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = snippet.get_untracked();
        leptos::task::spawn_local(async move { copied.set(browser::copy(text).await) });
    };
    let copy_name = move || match (page.language.get(), copied.get()) {
        (locale, true) => td_string!(locale, export.copied),
        (locale, false) => td_string!(locale, export.copy),
    };
    view! {
        <div class="buttons">
            <button type="button" class="small" data-testid="weights" title=say!(page, export.weights_help)
                prop:disabled=move || !ready.get() on:click=move |_| page.save()>
                {say!(page, export.weights)}
            </button>
            <button type="button" class="small" data-testid="script" title=say!(page, export.script_help)
                prop:disabled=move || refused.get().is_some() on:click=save_script>
                {say!(page, export.script)}
            </button>
        </div>
        <Show when=move || refused.get().is_some()>
            <p class="help" data-testid="script-refused">{told}</p>
        </Show>
        <Fold name="use-python" title=Signal::derive(say!(page, export.use_python))>
            <p class="help">{say!(page, export.use_python_help)}</p>
            <pre class="code" tabindex="0" data-testid="snippet"><code>{move || snippet.get()}</code></pre>
            <button type="button" class="small" data-testid="snippet-copy" on:click=copy>{copy_name}</button>
        </Fold>
    }
}

/// A button that brings the shipped network back, where there is one.
#[component]
fn Shipped() -> impl IntoView {
    let page = expect_context::<Playground>();
    let offered = Memo::new(move |_| {
        page.experiment.with(|experiment| shipped(experiment).is_some())
            && page.session.with(|session| session.origin() == Origin::Seed && *session.phase() == Phase::Standing)
    });
    view! {
        <Show when=move || offered.get()>
            <div class="buttons">
                <button type="button" on:click=move |_| page.load_shipped()>{say!(page, training.load_shipped)}</button>
            </div>
        </Show>
    }
}
