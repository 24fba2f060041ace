//! Controls of one field each: a number with a slider, a range with two, a choice, a text.

use leptos::{html, prelude::*};
use leptos_i18n::td_string;

use super::show::Show;
use crate::{
    app::{
        format,
        language::{Locale, said, say},
        playground::Playground,
        track::Track,
    },
    experiment::{Choice as _, Experiment, Field, Kind, LearnerKind, Range, Restart, Switch, Value, field},
};

/// The field's value as a number.
fn number(experiment: &Experiment, path: &str) -> f64 {
    match field(path).map(|field| field.get(experiment)) {
        Ok(Value::Integer(whole)) => f64::from(whole),
        Ok(Value::Number(number)) => number,
        _ => 0.0,
    }
}

/// The field's value as a range.
fn range(experiment: &Experiment, path: &str) -> Range {
    match field(path).map(|field| field.get(experiment)) {
        Ok(Value::Range(range)) => range,
        _ => Range::new(0.0, 0.0),
    }
}

fn restarts(field: &Field, experiment: &Experiment) -> bool {
    match field.restart {
        Restart::Never => false,
        Restart::Always => true,
        Restart::LearnedRates => experiment.learner.kind.learns_rates(),
        Restart::LearnedSteps => experiment.learner.kind == LearnerKind::MamlPp,
        Restart::Context => experiment.learner.kind == LearnerKind::Cavia,
        Restart::Memory => experiment.learner.kind == LearnerKind::LstmOptimizer,
        Restart::OracleInputs => experiment.learner.kind == LearnerKind::Oracle,
        Restart::Ways => experiment.task.family.classifies() && !experiment.learner.kind.takes_any_ways(),
        Restart::BaseClasses => experiment.base_classes().is_some(),
    }
}

/// What a field takes, for someone who has just given it something else.
fn limits(locale: Locale, kind: &Kind) -> String {
    match *kind {
        Kind::Integer { min, max } => td_string!(locale, control.whole, min, max),
        Kind::Number { min, max } => td_string!(locale, control.number, min, max),
        Kind::Widths { most, max } => td_string!(locale, control.widths, most, max),
        _ => td_string!(locale, control.other).to_owned(),
    }
}

/// A mark beside controls whose change starts the run over.
#[component]
pub fn RestartMark(
    /// Path of the field.
    path: &'static str,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let shows = Memo::new(move |_| {
        field(path).is_ok_and(|field| page.experiment.with(|experiment| restarts(field, experiment)))
    });
    view! {
        <Show when=move || shows.get()>
            <span class="restarts" title=say!(page, control.restarts)>
                <span aria-hidden="true">"↺"</span>
                <span class="unseen">{say!(page, control.restarts)}</span>
            </span>
        </Show>
    }
}

/// A number that can be typed or slid.
#[component]
pub fn Knob(
    /// Path of the field.
    path: &'static str,
    /// Its name.
    label: fn(Locale) -> &'static str,
    /// Where its slider stops.
    track: Track,
    /// What it means, where its name does not say.
    #[prop(optional)]
    help: Option<fn(Locale) -> &'static str>,
    /// A hook for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let value = Memo::new(move |_| page.experiment.with(|experiment| number(experiment, path)));
    let hint = RwSignal::new(false);
    let box_ref = NodeRef::<html::Input>::new();
    let last = track.last();
    let stops = StoredValue::new(track);
    let id = path.replace('.', "-");
    let help_id = format!("{id}-help");

    let type_in = move |event| {
        let taken = page.set(path, event_target_value(&event).trim());
        hint.set(!taken);
        if !taken && let Some(input) = box_ref.get_untracked() {
            input.set_value(&format::setting(value.get_untracked()));
        }
    };
    let slide = move |event| {
        let index = event_target_value(&event).parse().unwrap_or(0);
        hint.set(false);
        page.set(path, &stops.with_value(|track| track.value(index)).to_string());
    };
    let text = move || format::setting(value.get());
    view! {
        <div class="knob">
            <div class="knob-head">
                <label for=id.clone()>{said(page.language, label)} " " <RestartMark path /></label>
                <input id=id type="text" inputmode="decimal" autocomplete="off" class="number" node_ref=box_ref data-testid=testid
                    aria-describedby=help.map(|_| help_id.clone()) prop:value=text on:change=type_in />
            </div>
            <input type="range" min="0" max=last step="1" aria-label=said(page.language, label)
                aria-valuetext=text
                prop:value=move || stops.with_value(|track| track.index(value.get())).to_string()
                on:input=slide />
            {help.map(|help| view! { <p class="help" id=help_id>{said(page.language, help)}</p> })}
            <Show when=move || hint.get()>
                <p class="hint" role="alert">
                    {move || field(path).map(|field| limits(page.language.get(), &field.kind)).unwrap_or_default()}
                </p>
            </Show>
        </div>
    }
}

/// A range with a slider for either end.
#[component]
pub fn Span(
    /// Path of the field.
    path: &'static str,
    /// Its name.
    label: fn(Locale) -> &'static str,
    /// Where its sliders stop.
    track: Track,
    /// Whether its values are angles, told in π.
    #[prop(optional)]
    angle: bool,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let value = Memo::new(move |_| {
        let Range { low, high } = page.experiment.with(|experiment| range(experiment, path));
        (low, high)
    });
    let last = track.last();
    let stops = StoredValue::new(track);
    let index = move |end: f64| stops.with_value(|track| track.index(end));
    let share = move |end: f64| format!("{:.3}", index(end) as f64 / last.max(1) as f64);
    let told = move |end: f64| {
        if angle { format::angle(end) } else { format::setting(end).replace('-', "−") }
    };
    let slide = move |event, is_low: bool| {
        let stop = stops.with_value(|track| track.value(event_target_value(&event).parse().unwrap_or(0)));
        let (low, high) = value.get_untracked();
        let (low, high) = if is_low { (stop, high.max(stop)) } else { (low.min(stop), stop) };
        page.set(path, &format!("{low}..{high}"));
    };
    let name = said(page.language, label);
    view! {
        <fieldset class="span">
            <legend>
                {name} " " <RestartMark path />
                <output class="number">
                    {move || { let (low, high) = value.get(); if low == high { told(low) } else { format!("{} … {}", told(low), told(high)) } }}
                </output>
            </legend>
            <div class="two-ends" style=("--low", move || share(value.get().0)) style=("--high", move || share(value.get().1))>
                // Where both stand far to the right the lower one has to be on top, or it could not be taken back.
                <input type="range" min="0" max=last step="1" class:above=move || { index(value.get().0) * 2 > last }
                    aria-label=move || td_string!(page.language.get(), control.from, name = name())
                    aria-valuetext=move || told(value.get().0)
                    prop:value=move || index(value.get().0).to_string()
                    on:input=move |event| slide(event, true) />
                <input type="range" min="0" max=last step="1"
                    aria-label=move || td_string!(page.language.get(), control.to, name = name())
                    aria-valuetext=move || told(value.get().1)
                    prop:value=move || index(value.get().1).to_string()
                    on:input=move |event| slide(event, false) />
            </div>
        </fieldset>
    }
}

/// A choice among names.
#[component]
pub fn Choose(
    /// Path of the field.
    path: &'static str,
    /// Its name.
    label: fn(Locale) -> &'static str,
    /// Words for each of its values.
    words: fn(Locale, usize) -> &'static str,
    /// A hook for tests.
    #[prop(optional)]
    testid: Option<&'static str>,
    /// Whether the name is for the ear only.
    #[prop(optional)]
    bare: bool,
    /// Which of its values can be chosen, by their places; all of them if nothing is said.
    #[prop(optional)]
    offered: Option<fn(&Experiment, usize) -> bool>,
    /// What a choice does; it sets the field if nothing is said.
    #[prop(optional)]
    choose: Option<Callback<usize>>,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let value =
        Memo::new(move |_| match field(path).map(|field| page.experiment.with(|experiment| field.get(experiment))) {
            Ok(Value::Choice(index)) => index,
            _ => 0,
        });
    let names: &[&str] = match field(path).map(|field| field.kind) {
        Ok(Kind::Choice(names)) => names,
        _ => &[],
    };
    let id = path.replace('.', "-");
    let places = Memo::new(move |_| {
        page.experiment.with(|experiment| {
            let offered = |place: &usize| offered.is_none_or(|offered| offered(experiment, *place));
            (0..names.len()).filter(offered).collect::<Vec<_>>()
        })
    });
    let option = move |index: usize| {
        view! {
            <option value=names.get(index).copied() prop:selected=move || value.get() == index>
                {move || words(page.language.get(), index)}
            </option>
        }
    };
    let change = move |event| {
        let name = event_target_value(&event);
        match choose {
            None => {
                page.set(path, &name);
            }
            Some(choose) => {
                names.iter().position(|other| *other == name).into_iter().for_each(|place| choose.run(place))
            }
        }
    };
    view! {
        <div class="choose">
            <label for=id.clone() class:unseen=bare>{said(page.language, label)} " " <RestartMark path /></label>
            <select id=id data-testid=testid on:change=change>
                <For each=move || places.get() key=|place| *place children=option />
            </select>
        </div>
    }
}

/// A text in the field's own notation.
#[component]
pub fn Text(
    /// Path of the field.
    path: &'static str,
    /// Its name.
    label: fn(Locale) -> &'static str,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let value = Memo::new(move |_| page.experiment.with(|experiment| experiment.get(path).unwrap_or_default()));
    let hint = RwSignal::new(false);
    let box_ref = NodeRef::<html::Input>::new();
    let id = path.replace('.', "-");
    let type_in = move |event| {
        let taken = page.set(path, &event_target_value(&event));
        hint.set(!taken);
        if !taken && let Some(input) = box_ref.get_untracked() {
            input.set_value(&value.get_untracked());
        }
    };
    view! {
        <div class="choose">
            <label for=id.clone()>{said(page.language, label)} " " <RestartMark path /></label>
            <input id=id type="text" autocomplete="off" spellcheck="false" node_ref=box_ref
                prop:value=move || value.get() on:change=type_in />
            <Show when=move || hint.get()>
                <p class="hint" role="alert">
                    {move || field(path).map(|field| limits(page.language.get(), &field.kind)).unwrap_or_default()}
                </p>
            </Show>
        </div>
    }
}

/// A field that is on or off.
#[component]
pub fn Toggle(
    /// Path of the field.
    path: &'static str,
    /// Its name.
    label: fn(Locale) -> &'static str,
    /// What it means, where its name does not say.
    #[prop(optional)]
    help: Option<fn(Locale) -> &'static str>,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let on = Memo::new(move |_| {
        page.experiment.with(|experiment| experiment.get(path).is_ok_and(|value| value == Switch::On.name()))
    });
    let id = path.replace('.', "-");
    let help_id = format!("{id}-help");
    let change = move |event| {
        let value = if event_target_checked(&event) { Switch::On } else { Switch::Off };
        page.set(path, value.name());
    };
    view! {
        <div class="toggle">
            <label class="radio">
                <input id=id type="checkbox" prop:checked=move || on.get() on:change=change
                    aria-describedby=help.map(|_| help_id.clone()) />
                <span>{said(page.language, label)} " " <RestartMark path /></span>
            </label>
            {help.map(|help| view! { <p class="help" id=help_id>{said(page.language, help)}</p> })}
        </div>
    }
}
