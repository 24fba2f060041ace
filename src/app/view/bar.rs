//! The bar at the top: what is learned by whom, the run's buttons, and the page's own settings.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    badge::Badge,
    control::Choose,
    dialogs::{Help, Share},
    icons::{Icon, Shape},
    show::Show,
};
use crate::{
    app::{
        browser,
        change::elsewhere,
        format,
        language::{self, Locale, said, say},
        playground::Playground,
        session::{Phase, Session},
        words,
    },
    experiment::{Choice as _, Experiment, LearnerKind, Panel, Preset, View, preset, presets},
};

/// Key under which the theme is remembered.
const THEME_KEY: &str = "kindling.theme";

fn learner_words(locale: Locale, index: usize) -> &'static str {
    LearnerKind::ALL.get(index).map_or("", |kind| words::learner(locale, *kind))
}

fn learner_offered(experiment: &Experiment, index: usize) -> bool {
    LearnerKind::ALL.get(index).is_some_and(|kind| experiment.offers(*kind))
}

/// The bar.
#[component]
pub fn Bar() -> impl IntoView {
    let page = expect_context::<Playground>();
    view! {
        <header class="bar">
            <h1 class="wordmark"><span class="ember">"Kind"</span>"ling"</h1>
            <div class="what">
                <Choose path="learner.kind" label=|locale| td_string!(locale, bar.learner) words=learner_words testid="learner" bare=true offered=learner_offered />
                <Presets />
            </div>
            <Show when=move || !page.hides(Panel::Training)>
                <Run />
            </Show>
            <div class="page-settings">
                <Badge />
                <Share />
                <Languages />
                <Theme />
                <Help />
            </div>
        </header>
    }
}

/// The run's buttons.
#[component]
fn Run() -> impl IntoView {
    let page = expect_context::<Playground>();
    let training = Memo::new(move |_| page.session.with(Session::is_training));
    let finished = Memo::new(move |_| page.session.with(Session::is_finished));
    let idle = Memo::new(move |_| page.session.with(|session| matches!(session.phase(), Phase::Held | Phase::Broken)));
    let play_label = move || {
        let locale = page.language.get();
        match (training.get(), finished.get()) {
            (true, _) => td_string!(locale, bar.pause),
            (false, true) => td_string!(locale, bar.play_again),
            (false, false) => td_string!(locale, bar.play),
        }
    };
    let after = move || {
        page.session.with(|session| {
            let series = session.series();
            let accuracy = series.smoothed_accuracy().map(|(_, after)| format::percent(after));
            accuracy.or_else(|| series.smoothed().map(|(_, after)| format::loss(after)))
        })
    };
    let toggle = move |_| if training.get_untracked() { page.pause() } else { page.play() };
    view! {
        <div class="run" role="group" aria-label=say!(page, bar.run)>
            // One node whatever it says, or the keyboard would lose its place with every press.
            <button type="button" class="go" on:click=toggle
                data-testid=move || if training.get() { "pause" } else { "play" }>
                {move || {
                    let shape = if training.get() { Shape::Pause } else { Shape::Play };
                    view! { <Icon shape /> }
                }}
                <span>{play_label}</span>
            </button>
            // On a phone the panel that tells this is a long way down; for the ear it is told there.
            <Show when=move || training.get()>
                <p class="glance number" aria-hidden="true">
                    <span>{move || page.session.with(Session::meta_step)}</span>
                    <span class="after">{after}</span>
                </p>
            </Show>
            <button type="button" data-testid="step" prop:disabled=move || idle.get() || training.get() on:click=move |_| page.step()>
                <Icon shape=Shape::Forward /><span>{say!(page, bar.step)}</span>
            </button>
            <button type="button" data-testid="reset" prop:disabled=move || idle.get() on:click=move |_| page.reset()>
                <Icon shape=Shape::Reset /><span>{say!(page, bar.reset)}</span>
            </button>
        </div>
    }
}

fn of_characters(preset: &Preset) -> bool {
    preset.name.starts_with("glyphs-")
}

fn of_light(preset: &Preset) -> bool {
    preset.name.starts_with("glyphs-light-")
}

/// The named starting points.
#[component]
fn Presets() -> impl IntoView {
    let page = expect_context::<Playground>();
    let plain = |experiment: &Experiment| Experiment { view: View::default(), ..experiment.clone() };
    let current = Memo::new(move |_| {
        let now = page.experiment.with(plain);
        presets().iter().find(|preset| plain(&preset.experiment()) == now).map(|preset| preset.name)
    });
    let choose = move |event| {
        if let Ok(preset) = preset(&event_target_value(&event)) {
            let view = page.experiment.with_untracked(|experiment| elsewhere(&experiment.view));
            page.adopt(Experiment { view, ..preset.experiment() });
        }
    };
    let group = move |label: fn(Locale) -> &'static str, holds: fn(&Preset) -> bool| {
        let option = move |preset: &'static Preset| {
            let name = preset.name;
            view! {
                <option value=name prop:selected=move || current.get() == Some(name)>
                    {move || words::preset(page.language.get(), preset)}
                </option>
            }
        };
        let options = presets().iter().filter(|preset| holds(preset)).map(option).collect_view();
        view! { <optgroup label=said(page.language, label)>{options}</optgroup> }
    };
    view! {
        <div class="choose">
            <label for="preset" class="unseen">{say!(page, bar.preset)}</label>
            <select id="preset" on:change=choose>
                <option value="" disabled prop:selected=move || current.get().is_none()>{say!(page, bar.custom)}</option>
                {group(|locale| td_string!(locale, preset.of_functions), |preset| !of_characters(preset))}
                {group(|locale| td_string!(locale, preset.of_characters), of_light)}
                {group(|locale| td_string!(locale, preset.of_papers), |preset| of_characters(preset) && !of_light(preset))}
            </select>
        </div>
    }
}

/// The switch of languages: it names the other one, in that one.
#[component]
fn Languages() -> impl IntoView {
    let page = expect_context::<Playground>();
    let other = move || language::other(page.language.get());
    view! {
        <button type="button" data-testid="language" lang=move || language::tag(other())
            on:click=move |_| page.speak(language::language(language::other(page.language.get_untracked())))>
            {move || td_string!(other(), page.name)}
        </button>
    }
}

/// The switch of themes: as the system, light, dark, and round again.
#[component]
fn Theme() -> impl IntoView {
    let page = expect_context::<Playground>();
    let theme = RwSignal::new(browser::remembered(THEME_KEY).filter(|theme| theme == "light" || theme == "dark"));
    Effect::new(move |_| {
        let Some(root) = browser::root() else { return };
        let done = match theme.get() {
            Some(theme) => root.set_attribute("data-theme", &theme),
            None => root.remove_attribute("data-theme"),
        };
        if done.is_err() {
            log::warn!("the theme could not be set");
        }
    });
    let next = move |_| {
        theme.update(|theme| {
            *theme = match theme.as_deref() {
                None => Some("light".to_owned()),
                Some("light") => Some("dark".to_owned()),
                Some(_) => None,
            };
        });
        browser::remember(THEME_KEY, theme.get_untracked().as_deref().unwrap_or("auto"));
    };
    let label = move || {
        let locale = page.language.get();
        match theme.get().as_deref() {
            None => td_string!(locale, bar.theme_auto),
            Some("light") => td_string!(locale, bar.theme_light),
            Some(_) => td_string!(locale, bar.theme_dark),
        }
    };
    view! {
        <button type="button" class="round" aria-label=label title=label on:click=next><Icon shape=Shape::Theme /></button>
    }
}
