//! The tasks the network learns from: their distribution, and eight of them.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    control::{Choose, Knob, Span, Toggle},
    import::ImportPanel,
    ink::Ink,
    quadratics::Matrices,
    show::Show,
};
use crate::{
    app::{
        language::{Locale, said, say},
        library::wants_dataset,
        playground::{Desk, Playground},
        sampled::sampled,
        track::Track,
        words,
    },
    chart::{Frame, Plane, data_url, window},
    experiment::{Choice as _, Experiment, Family, Source, TaskSpec, View},
    task::{Purpose, episode},
};

/// How many tasks are pictured.
pub const PICTURED: u32 = 8;

/// Ways in meta-training that are worth a stop.
const TRAIN_WAYS: [f64; 9] = [0.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 60.0];

/// Points of a thumbnail's line: one every two pixels.
const GRID: usize = 46;

/// The frame of a picture.
pub const THUMB: Frame = Frame { width: 92.0, height: 52.0, left: 5.0, right: 5.0, top: 5.0, bottom: 5.0 };

/// Lines of the pictured tasks, all on one scale so that tall tasks look tall.
fn pictures(spec: &TaskSpec, seed: u32, first: u32) -> Vec<String> {
    let (low, high) = (spec.x.low, spec.x.high);
    let xs: Vec<f32> = (0..GRID).map(|at| (low + (high - low) * at as f64 / (GRID - 1) as f64) as f32).collect();
    let lines: Vec<Vec<f32>> = (first..first.saturating_add(PICTURED))
        .map(|index| {
            let function = episode(spec, seed, Purpose::Show, u64::from(index)).function;
            xs.iter().map(|x| function.value(f64::from(*x)) as f32).collect()
        })
        .collect();
    let plane = Plane::new(&THUMB, (low, high), window(lines.iter().flatten().copied()));
    lines.iter().map(|ys| plane.truth(&xs, ys, spec.family == Family::Step)).collect()
}

fn family_words(locale: Locale, index: usize) -> &'static str {
    Family::ALL.get(index).map_or("", |family| words::family(locale, *family))
}

/// The panel of tasks.
#[component]
pub fn Tasks() -> impl IntoView {
    let page = expect_context::<Playground>();
    // The functions share their panels, which stay as they are from one to another.
    let family = Memo::new(move |_| {
        let family = page.experiment.with(|experiment| experiment.task.family);
        if family.has_points() { Family::Sinusoid } else { family }
    });
    let choose = Callback::new(move |place: usize| {
        if let Some(family) = Family::ALL.get(place) {
            page.choose_family(*family);
        }
    });
    view! {
        <section class="panel tasks" aria-labelledby="tasks-title">
            <h2 id="tasks-title">{say!(page, task.title)}</h2>
            {move || match family.get() {
                Family::Characters => view! { <Glyphs /> }.into_any(),
                Family::Quadratic => view! { <Matrices /> }.into_any(),
                _ => view! { <Thumbnails /> }.into_any(),
            }}
            <div class="buttons">
                <button type="button" data-testid="new-task" on:click=move |_| page.new_task()>
                    {say!(page, task.another)}
                </button>
            </div>
            <Choose path="task.family" label=|locale| td_string!(locale, task.family) words=family_words testid="task-family" choose />
            {move || match family.get() {
                Family::Characters => view! { <Characters /> }.into_any(),
                // There is nothing to set: as published.
                Family::Quadratic => ().into_any(),
                _ => view! { <Functions /> }.into_any(),
            }}
        </section>
    }
}

/// Where characters come from, and how many of them make a task.
#[component]
fn Characters() -> impl IntoView {
    let page = expect_context::<Playground>();
    let imported = Memo::new(move |_| page.experiment.with(wants_dataset));
    let any_ways = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind.takes_any_ways()));
    let reads = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind.reads_descriptions()));
    let chosen = Memo::new(move |_| match page.desk.get() {
        Desk::Drawn | Desk::Import if reads.get() => "procedural",
        Desk::Drawn => "drawn",
        Desk::Import => "imported",
        Desk::Sampled if imported.get() => "imported",
        Desk::Sampled => "procedural",
    });
    let choose = move |event| match event_target_value(&event).as_str() {
        "drawn" => page.choose_characters(Desk::Drawn, Source::Procedural),
        "imported" => page.choose_characters(Desk::Sampled, Source::Imported),
        _ => page.choose_characters(Desk::Sampled, Source::Procedural),
    };
    let option = move |value: &'static str, label: fn(Locale) -> &'static str| {
        view! {
            <option value=value prop:selected=move || chosen.get() == value
                prop:disabled=move || reads.get() && value != "procedural">{said(page.language, label)}</option>
        }
    };
    view! {
        <div class="choose">
            <label for="dataset">{say!(page, task.dataset)}</label>
            <select id="dataset" data-testid="dataset" on:change=choose
                aria-describedby=move || reads.get().then_some("dataset-help")>
                {option("procedural", |locale| td_string!(locale, task.procedural))}
                {option("imported", |locale| td_string!(locale, task.imported))}
                {option("drawn", |locale| td_string!(locale, task.drawn))}
            </select>
        </div>
        <Show when=move || reads.get()><p class="help" id="dataset-help">{say!(page, task.described_only)}</p></Show>
        <Show when=move || chosen.get() == "imported"><ImportPanel /></Show>
        <details class="fold" open=super::page::is_wide()>
            <summary>{say!(page, task.episodes)}</summary>
            <Knob path="task.ways" label=|locale| td_string!(locale, task.ways) track=Track::whole(2, 20) testid="ways" />
            <Show when=move || !reads.get()>
                <Knob path="task.shots" label=|locale| td_string!(locale, task.shots_each) track=Track::whole(1, 20) testid="shots" />
            </Show>
            <Knob path="task.queries" label=|locale| td_string!(locale, task.queries_each) track=Track::whole(1, 20) testid="queries" />
            <Show when=move || !reads.get()>
                <Knob path="task.train_shots" label=|locale| td_string!(locale, task.train_shots) track=Track::whole(0, 20) />
            </Show>
            <Show when=move || any_ways.get()>
                <Knob path="task.train_ways" label=|locale| td_string!(locale, task.train_ways) track=Track::list(&TRAIN_WAYS) />
            </Show>
            <Toggle path="task.rotations" label=|locale| td_string!(locale, task.rotations) />
            <Toggle path="task.within_alphabet" label=|locale| td_string!(locale, task.within_alphabet) />
        </details>
    }
}

/// Ranges of the functions, and how many of their points make a task.
#[component]
fn Functions() -> impl IntoView {
    let page = expect_context::<Playground>();
    let family = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family));
    let among = move |families: &'static [Family]| move || families.contains(&family.get());
    let sines = &[Family::Sinusoid, Family::Harmonic, Family::SineOrLine];
    let with_amplitude = &[Family::Sinusoid, Family::Harmonic, Family::SineOrLine, Family::Step];
    view! {
            <details class="fold" open=super::page::is_wide()>
                <summary>{say!(page, task.ranges)}</summary>
                <Show when=among(with_amplitude)>
                    <Span path="task.amplitude" label=|locale| td_string!(locale, task.amplitude) track=Track::even(0.0, 10.0, 0.1) />
                </Show>
                <Show when=among(sines)>
                    <Span path="task.phase" label=|locale| td_string!(locale, task.phase) track=Track::angles(0, 2) angle=true />
                    <Span path="task.frequency" label=|locale| td_string!(locale, task.frequency) track=Track::even(0.1, 4.0, 0.1) />
                </Show>
                <Show when=among(&[Family::SineOrLine])>
                    <Span path="task.slope" label=|locale| td_string!(locale, task.slope) track=Track::even(-5.0, 5.0, 0.1) />
                </Show>
                <Show when=among(&[Family::SineOrLine, Family::Step])>
                    <Span path="task.intercept" label=|locale| td_string!(locale, task.intercept) track=Track::even(-5.0, 5.0, 0.1) />
                </Show>
                <Show when=among(&[Family::Step])>
                    <Span path="task.threshold" label=|locale| td_string!(locale, task.threshold) track=Track::even(-5.0, 5.0, 0.1) />
                </Show>
                <Span path="task.x" label=|locale| td_string!(locale, task.inputs) track=Track::even(-10.0, 10.0, 0.5) />
            </details>
            <details class="fold" open=super::page::is_wide()>
                <summary>{say!(page, task.points)}</summary>
                <Knob path="task.shots" label=|locale| td_string!(locale, task.shots) track=Track::whole(1, 30) />
                <Knob path="task.queries" label=|locale| td_string!(locale, task.queries) track=Track::whole(1, 30) />
                <Knob path="task.noise" label=|locale| td_string!(locale, task.noise) track=Track::even(0.0, 2.0, 0.05) />
            </details>
    }
}

/// Drawings in a thumbnail, each of another class: as many as fit at a size that can be told apart.
const DRAWN: usize = 6;

/// Eight tasks of characters as buttons that put them on show.
#[component]
fn Glyphs() -> impl IntoView {
    let page = expect_context::<Playground>();
    let shown = Memo::new(move |_| page.experiment.with(|experiment| experiment.view.task));
    let first = Memo::new(move |_| shown.get() / PICTURED * PICTURED);
    let spec = Memo::new(move |_| {
        page.experiment.with(|experiment| {
            let mut still = experiment.clone();
            // One drawing a class is pictured, and whatever else changes changes no picture.
            (still.task.shots, still.task.queries, still.view) = (1, 1, View::default());
            Experiment { seed: still.seed, task: still.task, ..Experiment::default() }
        })
    });
    let tasks = Memo::new(move |_| {
        spec.with(|spec| {
            let pictures = |index: u32| {
                let task = page.dataset.with(|dataset| sampled(spec, dataset.as_deref(), index)).unwrap_or_default();
                task.support.iter().take(DRAWN).map(|drawing| data_url(&drawing.image)).collect::<Vec<_>>()
            };
            (first.get()..first.get().saturating_add(PICTURED)).map(pictures).collect::<Vec<_>>()
        })
    });
    let thumbs = (0..PICTURED)
        .map(|place| {
            let index = move || first.get().saturating_add(place);
            let show = move |_| {
                page.show_sampled(first.get_untracked().saturating_add(place));
            };
            let count = move || tasks.with(|tasks| tasks.get(place as usize).map_or(0, Vec::len));
            let drawing = move |number: usize| {
                let picture = Signal::derive(move || {
                    tasks.with(|tasks| {
                        tasks.get(place as usize).and_then(|task| task.get(number).cloned()).unwrap_or_default()
                    })
                });
                view! { <Ink picture /> }
            };
            view! {
                <li>
                    <button type="button" class="thumb glyphs" on:click=show
                        aria-pressed=move || (shown.get() == index() && !page.is_drawing()).to_string()
                        aria-label=move || td_string!(page.language.get(), task.numbered, number = index() + 1)>
                        <For each=move || 0..count() key=|number| *number children=drawing />
                    </button>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="thumbs" role="list" aria-label=say!(page, task.samples)>{thumbs}</ul> }
}

/// Eight tasks as buttons that put them on show.
#[component]
fn Thumbnails() -> impl IntoView {
    let page = expect_context::<Playground>();
    let shown = Memo::new(move |_| page.experiment.with(|experiment| experiment.view.task));
    let first = Memo::new(move |_| shown.get() / PICTURED * PICTURED);
    let spec = Memo::new(move |_| page.experiment.with(|experiment| (experiment.seed, experiment.task.clone())));
    let lines = Memo::new(move |_| spec.with(|(seed, spec)| pictures(spec, *seed, first.get())));
    let thumbs = (0..PICTURED)
        .map(|place| {
            let index = move || first.get().saturating_add(place);
            let show = move |_| {
                page.edit(|experiment| {
                    experiment.view.task = first.get_untracked().saturating_add(place);
                    experiment.view.points.clear();
                });
            };
            view! {
                <li>
                    <button type="button" class="thumb" on:click=show
                        aria-pressed=move || (shown.get() == index()).to_string()
                        aria-label=move || td_string!(page.language.get(), task.numbered, number = index() + 1)>
                        <svg viewBox=THUMB.view_box() aria-hidden="true" focusable="false">
                            <path d=move || lines.with(|lines| lines.get(place as usize).cloned().unwrap_or_default()) />
                        </svg>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="thumbs" role="list" aria-label=say!(page, task.samples)>{thumbs}</ul> }
}
