//! The paths of tasks' weights from one start, and a table of them.

use leptos::{ev, prelude::*};
use leptos_i18n::td_string;

use super::{
    fold::Fold,
    landscape::{Drawn, axes, square},
    page::measured_width,
};
use crate::{
    app::{landscape_words as told, language::say, words},
    chart::{Walk, WalkFigure},
    experiment::{Arrow, LearnerKind, TaskPath},
};

/// What stands beside a learner's arrow: its name in papers, in every language.
fn abbreviated(kind: LearnerKind) -> &'static str {
    match kind {
        LearnerKind::Fomaml => "FOMAML",
        LearnerKind::Reptile => "Reptile",
        _ => "MAML",
    }
}

/// The class of a learner's arrow.
fn class(kind: LearnerKind) -> &'static str {
    match kind {
        LearnerKind::Fomaml => "arrow fomaml",
        LearnerKind::Reptile => "arrow reptile",
        _ => "arrow maml",
    }
}

/// The figure and its table.
#[component]
pub fn Paths(
    /// The landscape.
    drawn: Drawn,
) -> impl IntoView {
    let page = drawn.page;
    let (holder, width) = measured_width();
    let frame = Memo::new(move |_| square(width.get()));
    let figure = Memo::new(move |_| drawn.known(|landscape| WalkFigure::new(landscape, &frame.get())));
    // The path that the page shows the task of: none where the visitor has changed it since.
    let current = Memo::new(move |_| {
        let own = page.is_drawing() || page.experiment.with(|experiment| !experiment.view.points.is_empty());
        let index = page.experiment.with(|experiment| experiment.view.task);
        drawn
            .known(|landscape| landscape.paths.iter().position(|path| path.own == own && (own || path.index == index)))
            .flatten()
    });
    let named = RwSignal::new(None::<usize>);
    let described = move |number: usize| {
        drawn.known(|landscape| landscape.paths.get(number).map(|path| told::path(drawn.locale(), path))).flatten()
    };
    let name = move || named.get().or(current.get()).and_then(described);
    let load = move |index: u32, own: bool| {
        if !own {
            page.show_sampled(index);
        }
    };
    let walk = move |(number, walk): (usize, Walk)| {
        let Walk { index, own, line, steps, .. } = walk;
        let is_current = move || current.get() == Some(number);
        let thick = line.clone();
        let marks =
            steps.iter().skip(1).map(|&(x, y)| view! { <circle class="step" cx=x cy=y r="2.2" /> }).collect_view();
        let here = move || {
            let (x, y) = is_current().then(|| steps.get(drawn.step()).copied()).flatten()?;
            Some(view! { <circle class="here" data-testid="paths-step" cx=x cy=y r="5.5" /> })
        };
        let key = move |event: ev::KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                load(index, own);
            }
        };
        view! {
            <g class="walk" class:current=is_current role="button" tabindex="0" data-testid="path" data-index=index
                aria-label=move || described(number) aria-pressed=move || is_current().to_string()
                on:click=move |_| load(index, own) on:keydown=key
                on:mouseenter=move |_| named.set(Some(number)) on:mouseleave=move |_| named.set(None)
                on:focus=move |_| named.set(Some(number)) on:blur=move |_| named.set(None)>
                <path class="reach" d=thick />
                <path class="line" d=line />
                {marks}
                {here}
            </g>
        }
    };
    let walks = move || {
        let mut all: Vec<(usize, Walk)> = figure.get()?.walks.into_iter().enumerate().collect();
        // The one on show lies on top.
        all.sort_by_key(|(number, walk)| (walk.shown, *number));
        Some(all.into_iter().map(walk).collect_view())
    };
    let arrows = move || {
        let figure = figure.get()?;
        let (x, y) = figure.start;
        let arrows = figure.arrows.into_iter().map(|arrow| {
            view! {
                <g class=class(arrow.kind) aria-hidden="true">
                    <path d=arrow.line />
                    <text x=arrow.label.0 y=arrow.label.1>{abbreviated(arrow.kind)}</text>
                </g>
            }
        });
        Some(view! { {arrows.collect_view()} <circle class="start" cx=x cy=y r="4.5" /> })
    };
    let axis = move |number: usize| drawn.known(|landscape| told::axis(drawn.locale(), landscape, number));
    let ticks = move || figure.with(|figure| figure.as_ref().map(|figure| axes(figure, &frame.get())));
    view! {
        <div class="landscape-part">
            <h3>{say!(page, landscape.paths_title)}</h3>
            <div class="figure" node_ref=holder>
                <svg viewBox=move || frame.get().view_box() role="group" aria-label=say!(page, landscape.paths_figure) data-testid="paths-figure">
                    {ticks}
                    {walks}
                    {arrows}
                    <text class="tick" x=move || frame.get().across().1 y=move || frame.get().height - 6.0 text-anchor="end">{move || axis(0)}</text>
                </svg>
            </div>
            <p class="help number">{move || axis(1)}</p>
            <p class="help">{say!(page, landscape.arrows)}</p>
            <p class="help number named" data-testid="path-name">{name}</p>
            <Table drawn />
        </div>
    }
}

/// Every path and every direction in numbers.
#[component]
fn Table(
    /// The landscape.
    drawn: Drawn,
) -> impl IntoView {
    let page = drawn.page;
    let row = |name: String, length: f64, inside: f64, at: [f64; 2]| {
        view! {
            <tr><th scope="row">{name}</th><td>{told::number(length)}</td><td>{told::share(inside)}</td>
                <td>{told::number(at[0])}</td><td>{told::number(at[1])}</td></tr>
        }
    };
    let paths = move || {
        let locale = drawn.locale();
        let path = |path: &TaskPath| {
            let end = |values: &[f64]| values.last().copied().unwrap_or_default();
            row(told::task(locale, path), end(&path.distance), path.inside, path.at.last().copied().unwrap_or_default())
        };
        drawn.known(|landscape| landscape.paths.iter().map(path).collect_view())
    };
    let arrows = move || {
        let locale = drawn.locale();
        let arrow = |arrow: &Arrow| {
            let name = td_string!(locale, landscape.direction, name = words::learner(locale, arrow.kind));
            row(name, arrow.norm, arrow.inside, arrow.at)
        };
        drawn.known(|landscape| landscape.arrows.iter().map(arrow).collect_view())
    };
    view! {
        <Fold name="paths-table" title=Signal::derive(say!(page, landscape.paths_table))>
            <div class="scroll landscape-scroll" tabindex="0" role="region" aria-label=say!(page, landscape.paths_table)>
                <table class="evaluate-table" data-testid="paths-table">
                    <thead><tr>
                        <th scope="col">{say!(page, landscape.column_task)}</th>
                        <th scope="col">{say!(page, landscape.column_distance)}</th>
                        <th scope="col">{say!(page, landscape.column_inside)}</th>
                        <th scope="col">{say!(page, landscape.column_first)}</th>
                        <th scope="col">{say!(page, landscape.column_second)}</th>
                    </tr></thead>
                    <tbody>{paths}</tbody>
                    <tbody>{arrows}</tbody>
                </table>
            </div>
        </Fold>
    }
}
