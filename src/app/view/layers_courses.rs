//! Every layer over the inner steps: likeness, change and gradient, and a table of them.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{compare_figure::sign, export::Export, fold::Fold, layers::Within, page::measured_width};
use crate::{
    app::{language::say, layer_words as told},
    chart::{Frame, LayerLine, LayersFigure, contest_marks},
    experiment::{LayerCourse, LayerFigure, Layers},
};

/// Most layers: six hidden ones and a head.
const MOST_LAYERS: usize = 7;

/// The style of a layer's line: the last, which is mostly the head, has the first.
fn style(number: usize, count: usize) -> usize {
    count.saturating_sub(number + 1)
}

/// The figures and their table.
#[component]
pub fn Courses(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let own = RwSignal::new(false);
    let tasks = Memo::new(move |_| within.known(|layers| layers.tasks).unwrap_or(0));
    // A mean over one task is none.
    let means = Memo::new(move |_| tasks.get() > 1 && !own.get());
    let names = Memo::new(move |_| {
        let locale = within.locale();
        let name = |layer: &LayerCourse| told::layer(locale, layer);
        within.known(|layers| layers.layers.iter().map(name).collect::<Vec<_>>()).unwrap_or_default()
    });
    let legend = move || {
        let names = names.get();
        let count = names.len();
        let key = |(number, name): (usize, String)| view! { <li>{sign(style(number, count))}{name}</li> };
        names.into_iter().enumerate().map(key).collect_view()
    };
    let choose = move |event| own.set(event_target_value(&event) == "own");
    let title = move || td_string!(within.locale(), layers.courses_title);
    view! {
        <div class="layers-part" data-export="">
            <h3>{title}</h3>
            <div class="evaluate-head">
                <label for="layers-over">{say!(page, layers.over)}</label>
                <select id="layers-over" data-testid="layers-over" on:change=choose>
                    <option value="mean" prop:selected=move || means.get()>
                        {move || td_string!(within.locale(), layers.over_mean, tasks = tasks.get())}
                    </option>
                    <option value="own" prop:selected=move || !means.get()>{say!(page, layers.over_own)}</option>
                </select>
            </div>
            <div class="layers-figures">
                {LayerFigure::ALL.map(|figure| view! { <Course within figure means /> }).collect_view()}
            </div>
            <ul class="legend" role="list">{legend}</ul>
            <Fold name="layers-table" title=Signal::derive(say!(page, layers.courses_table))>
                <Table within />
            </Fold>
            <Export file="layers" name=Signal::derive(move || title().to_owned()) table="[data-testid=layers-table]" />
        </div>
    }
}

/// One quantity of every layer.
#[component]
fn Course(
    /// What is known.
    within: Within,
    /// Which quantity.
    figure: LayerFigure,
    /// Whether means over tasks are drawn, or figures of the task on show.
    means: Memo<bool>,
) -> impl IntoView {
    let page = within.page;
    let (holder, width) = measured_width();
    let frame = Memo::new(move |_| {
        let width: f64 = width.get();
        Frame { width, height: (width * 0.72).clamp(150.0, 240.0), left: 44.0, right: 10.0, top: 10.0, bottom: 36.0 }
    });
    let drawn = Memo::new(move |_| {
        let draw = |layers: &Layers| LayersFigure::new(layers, figure, means.get(), &frame.get());
        within.known(draw)
    });
    let name = move || told::figure(within.locale(), figure);
    let lines = move || {
        let lines = drawn.with(|drawn| drawn.as_ref().map(|drawn| drawn.lines.clone()))?;
        let count = lines.len().min(MOST_LAYERS);
        let line = |(number, line): (usize, LayerLine)| {
            let style = style(number, count);
            let marks = contest_marks(style, &line.places);
            view! {
                <path class=format!("layer-band c{style}") d=line.band />
                <path class=format!("mean-line c{style}") d=line.line />
                <path class=format!("mean-marks c{style}") d=marks />
            }
        };
        Some(lines.into_iter().enumerate().map(line).collect_view())
    };
    let now = move || {
        let at = drawn.with(|drawn| drawn.as_ref().map(|drawn| drawn.at(page.inner_step())))?;
        let (bottom, top) = frame.get().upwards();
        (at <= frame.get().across().1 + 0.5).then(|| view! { <line class="now" x1=at x2=at y1=bottom y2=top /> })
    };
    let upwards = move || drawn.with(|drawn| drawn.as_ref().map(|drawn| drawn.upwards.clone())).unwrap_or_default();
    let across = move || drawn.with(|drawn| drawn.as_ref().map(|drawn| drawn.across.clone())).unwrap_or_default();
    view! {
        <figure>
            <figcaption>{name}</figcaption>
            <div class="figure contest" node_ref=holder>
                <svg viewBox=move || frame.get().view_box() role="img" aria-label=name data-testid="layers-figure">
                    {move || upwards().into_iter().map(|tick| view! {
                        <line class="grid" y1=tick.at y2=tick.at x1=frame.get().left x2=frame.get().across().1 />
                        <text class="tick" x=frame.get().left - 7.0 y=tick.at + 4.0 text-anchor="end">{tick.label}</text>
                    }).collect_view()}
                    {move || across().into_iter().map(|tick| view! {
                        <text class="tick" x=tick.at y=frame.get().height - 22.0 text-anchor="middle">{tick.label}</text>
                    }).collect_view()}
                    <text class="tick" x=move || frame.get().across().1 y=move || frame.get().height - 6.0 text-anchor="end">
                        {say!(page, layers.across)}
                    </text>
                    {now}
                    {lines}
                </svg>
            </div>
        </figure>
    }
}

/// Every layer after every inner step that is told of.
#[component]
fn Table(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let heads = move || {
        let locale = within.locale();
        let head = |figure: LayerFigure| {
            let figure = told::figure(locale, figure);
            view! {
                <th scope="col">{td_string!(locale, layers.column_own, figure)}</th>
                <th scope="col">{td_string!(locale, layers.column_mean, figure)}</th>
            }
        };
        LayerFigure::ALL.map(head).collect_view()
    };
    let rows = move || {
        let (locale, place) = (within.locale(), within.place());
        let rows = |layers: &Layers| {
            let layer = |layer: &LayerCourse| {
                let name = told::layer(locale, layer);
                let row = |(number, step): (usize, &u32)| {
                    let own = layer.shown.get(number).copied().unwrap_or_default();
                    let others = layer.others.get(number).copied().unwrap_or_default();
                    let cells = LayerFigure::ALL.map(|figure| {
                        view! {
                            <td>{told::value(figure, own.of(figure))}</td>
                            <td>{told::mean(others.of(figure))}</td>
                        }
                    });
                    view! {
                        <tr class:now=number == place data-layer=layer.name.clone() data-step=*step>
                            <th scope="row">{name.clone()}</th><td>{*step}</td>{cells.collect_view()}
                        </tr>
                    }
                };
                layers.steps.iter().enumerate().map(row).collect_view()
            };
            layers.layers.iter().map(layer).collect_view()
        };
        within.known(rows)
    };
    view! {
        <div class="scroll layers-scroll" tabindex="0" role="region" aria-label=say!(page, layers.courses_table)>
            <table class="evaluate-table" data-testid="layers-table">
                <thead><tr>
                    <th scope="col">{say!(page, layers.column_layer)}</th>
                    <th scope="col">{say!(page, layers.column_step)}</th>
                    {heads}
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
