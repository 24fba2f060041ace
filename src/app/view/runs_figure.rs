//! The figure of the chosen runs, and in what two of them differ.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{export::Export, page::measured_width, runs::name};
use crate::{
    app::{
        browser, csv,
        language::say,
        playground::Playground,
        record::{Differs, Record},
    },
    chart::{Axis, Frame, RunLine, RunsFigure as Drawn, moving_mean},
};

/// Points of a curve that a mean may go over.
const SMOOTH: [usize; 5] = [1, 5, 10, 25, 50];

/// Keys under which the choices are remembered.
const SMOOTH_KEY: &str = "kindling.runs.smooth";
const LOG_KEY: &str = "kindling.runs.log";

/// A short piece of a line.
pub fn swatch(line: usize) -> impl IntoView {
    view! { <svg class="run-swatch" viewBox="0 0 28 12" aria-hidden="true"><path class=format!("run-line line-{line}") d="M1,6H27" /></svg> }
}

/// The curves of the chosen runs after adaptation.
#[component]
pub fn RunsFigure() -> impl IntoView {
    let page = expect_context::<Playground>();
    let smooth = RwSignal::new(
        browser::remembered(SMOOTH_KEY)
            .and_then(|kept| kept.parse().ok())
            .filter(|over| SMOOTH.contains(over))
            .unwrap_or(10),
    );
    let log = RwSignal::new(browser::remembered(LOG_KEY).is_some_and(|kept| kept == "yes"));
    let some = Memo::new(move |_| page.runs.with(|runs| !runs.chosen().is_empty()));
    // Losses of different tasks can be laid beside each other; accuracies only where there are any.
    let accuracy =
        Memo::new(move |_| page.runs.with(|runs| runs.chosen().iter().all(|(_, record)| record.classifies())));
    let axis = Memo::new(move |_| match (accuracy.get(), log.get()) {
        (true, _) => Axis::Accuracy,
        (false, true) => Axis::LogLoss,
        (false, false) => Axis::Loss,
    });
    let (holder, width) = measured_width();
    let frame = Memo::new(move |_| {
        let width: f64 = width.get();
        Frame { width, height: (width * 0.5).clamp(190.0, 320.0), left: 44.0, right: 12.0, top: 10.0, bottom: 36.0 }
    });
    let lines =
        Memo::new(move |_| page.runs.with(|runs| runs.chosen().iter().map(|(line, _)| *line).collect::<Vec<_>>()));
    let drawn = Memo::new(move |_| {
        let courses: Vec<_> =
            page.runs.with(|runs| runs.chosen().iter().map(|(_, record)| record.course(accuracy.get())).collect());
        Drawn::new(&courses, smooth.get(), &frame.get(), axis.get())
    });
    let unit = move || if accuracy.get() { "\u{202f}%" } else { "" };
    let title = move || {
        let locale = page.language.get();
        if accuracy.get() { td_string!(locale, runs.figure_accuracy) } else { td_string!(locale, runs.figure) }
    };
    let numbers = Callback::new(move |()| {
        let locale = page.language.get_untracked();
        let (accuracy, over) = (accuracy.get_untracked(), smooth.get_untracked());
        page.runs.with_untracked(|runs| {
            let measure = if accuracy { "accuracy_after_percent" } else { "loss_after" };
            let heads = ["run", "meta_step", measure, "moving_mean"].map(str::to_owned).to_vec();
            let of = |record: &Record| {
                let (course, called) = (record.course(accuracy), name(locale, record));
                let means = moving_mean(&course, over);
                let row = |((step, value), mean): ((u32, f64), f64)| {
                    vec![called.clone(), step.to_string(), value.to_string(), mean.to_string()]
                };
                course.into_iter().zip(means).map(row).collect::<Vec<_>>()
            };
            let rows = runs.chosen().into_iter().flat_map(|(_, record)| of(record));
            csv::text(&std::iter::once(heads).chain(rows).collect::<Vec<_>>())
        })
    });
    let line = move |(line, RunLine { raw, smooth, end }): (usize, RunLine)| {
        view! {
            <path class=format!("run-line raw line-{line}") d=raw />
            <path class=format!("run-line line-{line}") d=smooth />
            {end.map(|(x, y)| view! { <circle class=format!("run-end line-{line}") cx=x cy=y r="4" /> })}
        }
    };
    let legend = move || {
        let locale = page.language.get();
        let item = |(line, record): (usize, &Record)| view! { <li>{swatch(line)}{name(locale, record)}</li> };
        page.runs.with(|runs| runs.chosen().into_iter().map(item).collect_view())
    };
    let option = move |over: usize| {
        let told = move || match over {
            1 => td_string!(page.language.get(), runs.smooth_none).to_owned(),
            over => td_string!(page.language.get(), runs.smooth_over, over),
        };
        view! { <option value=over prop:selected=move || smooth.get() == over>{told}</option> }
    };
    let choose = move |event| {
        let text = event_target_value(&event);
        if let Some(over) = text.parse().ok().filter(|over| SMOOTH.contains(over)) {
            browser::remember(SMOOTH_KEY, &text);
            smooth.set(over);
        }
    };
    let toggle = move |_| {
        log.update(|log| *log = !*log);
        browser::remember(LOG_KEY, if log.get_untracked() { "yes" } else { "no" });
    };
    view! {
        <Show when=move || some.get() fallback=move || view! { <p class="help">{say!(page, runs.choose_help)}</p> }>
            <div data-export="">
                <div class="evaluate-head">
                    <label for="runs-smooth">{say!(page, runs.smooth)}</label>
                    <select id="runs-smooth" data-testid="runs-smooth" on:change=choose>{SMOOTH.map(option)}</select>
                    <Show when=move || !accuracy.get()>
                        <button type="button" class="small" data-testid="runs-log" aria-pressed=move || log.get().to_string() on:click=toggle>
                            {say!(page, training.log)}
                        </button>
                    </Show>
                </div>
                <div class="figure" node_ref=holder>
                    <svg viewBox=move || frame.get().view_box() role="img" aria-label=title data-testid="runs-figure">
                        {move || drawn.with(|drawn| drawn.upwards.clone()).into_iter().map(|tick| view! {
                            <line class="grid" y1=tick.at y2=tick.at x1=frame.get().left x2=frame.get().across().1 />
                            <text class="tick" x=frame.get().left - 7.0 y=tick.at + 4.0 text-anchor="end">{tick.label}{unit()}</text>
                        }).collect_view()}
                        {move || drawn.with(|drawn| drawn.across.clone()).into_iter().map(|tick| view! {
                            <text class="tick" x=tick.at y=frame.get().height - 22.0 text-anchor="middle">{tick.label}</text>
                        }).collect_view()}
                        <text class="tick" x=move || frame.get().across().1 y=move || frame.get().height - 6.0 text-anchor="end">
                            {say!(page, training.meta_steps)}
                        </text>
                        <defs>
                            <clipPath id="runs-plot">
                                <rect x="0" y=move || frame.get().top - 5.0 width=move || frame.get().width
                                    height=move || frame.get().height - frame.get().top - frame.get().bottom + 10.0 />
                            </clipPath>
                        </defs>
                        <g clip-path="url(#runs-plot)">
                            {move || lines.get().into_iter().zip(drawn.with(|drawn| drawn.lines.clone())).map(line).collect_view()}
                        </g>
                    </svg>
                </div>
                <ul class="legend" role="list">{legend}</ul>
                <Export file="runs" name=Signal::derive(move || title().to_owned()) numbers />
            </div>
        </Show>
    }
}

/// In what the two runs of the figure differ.
#[component]
pub fn Difference() -> impl IntoView {
    let page = expect_context::<Playground>();
    let found = Memo::new(move |_| {
        let locale = page.language.get();
        page.runs.with(|runs| {
            let (one, other, differs) = runs.difference()?;
            Some((name(locale, one), name(locale, other), differs))
        })
    });
    let row = |Differs { path, values: (one, other) }: Differs| {
        view! { <tr><th scope="row"><code>{path}</code></th><td>{one}</td><td>{other}</td></tr> }
    };
    let table = move || {
        let (one, other, differs) = found.get()?;
        let body = if differs.is_empty() {
            view! { <p class="help">{say!(page, runs.alike)}</p> }.into_any()
        } else {
            view! {
                <div class="scroll-across" tabindex="0" role="region" aria-label=say!(page, runs.difference)>
                    <table class="evaluate-table">
                        <thead><tr><th scope="col">{say!(page, runs.setting)}</th><th scope="col">{one}</th><th scope="col">{other}</th></tr></thead>
                        <tbody>{differs.into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        Some(view! { <div data-testid="runs-difference"><h3>{say!(page, runs.difference)}</h3>{body}</div> })
    };
    view! { {table} }
}
