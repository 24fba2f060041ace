//! The tasks the network learns from: their distribution, and eight of them.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::control::{Choose, Knob, Span};
use crate::{
    app::{
        language::{Locale, say},
        playground::Playground,
        track::Track,
        words,
    },
    chart::{Frame, Plane, window},
    experiment::{Choice as _, Family, TaskSpec},
    task::{Purpose, episode},
};

/// How many tasks are pictured.
const PICTURED: u32 = 8;

/// Points of a thumbnail's line: one every two pixels.
const GRID: usize = 46;

const THUMB: Frame = Frame { width: 92.0, height: 52.0, left: 5.0, right: 5.0, top: 5.0, bottom: 5.0 };

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
    let family = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family));
    let among = move |families: &'static [Family]| move || families.contains(&family.get());
    let sines = &[Family::Sinusoid, Family::Harmonic, Family::SineOrLine];
    let with_amplitude = &[Family::Sinusoid, Family::Harmonic, Family::SineOrLine, Family::Step];
    view! {
        <section class="panel tasks" aria-labelledby="tasks-title">
            <h2 id="tasks-title">{say!(page, task.title)}</h2>
            <Thumbnails />
            <div class="buttons">
                <button type="button" data-testid="new-task" on:click=move |_| page.new_task()>
                    {say!(page, task.another)}
                </button>
            </div>
            <Choose path="task.family" label=|locale| td_string!(locale, task.family) words=family_words testid="task-family" />
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
        </section>
    }
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
