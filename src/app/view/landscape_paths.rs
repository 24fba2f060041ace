//! The paths of tasks' weights from one start, and a table of them.

use leptos::{ev, prelude::*};
use leptos_i18n::td_string;

use super::{
    export::Export,
    fold::Fold,
    landscape::Drawn,
    page::measured_width,
    pictured::{Draw, Legend},
};
use crate::{
    app::{csv, landscape_words as told, language::say, words},
    chart::{Plot, WalkFigure},
    experiment::{Arrow, Landscape, TaskPath},
    figure,
};

/// What tells one path from another: the index of its task, and whether it is the visitor's own.
type Key = (u32, bool);

/// The figure and its table.
#[component]
pub fn Paths(
    /// The landscape.
    drawn: Drawn,
) -> impl IntoView {
    let page = drawn.page;
    let (holder, width) = measured_width();
    let place = move |key: Key| {
        drawn.known(|landscape| landscape.paths.iter().position(|path| (path.index, path.own) == key)).flatten()
    };
    // The path that the page shows the task of: none where the visitor has changed it since.
    let current = Memo::new(move |_| {
        let own = page.is_drawing() || page.experiment.with(|experiment| !experiment.view.points.is_empty());
        let index = page.experiment.with(|experiment| experiment.view.task);
        let stands = !own || drawn.with(|all| all.task().cloned()).is_some_and(|task| page.shows(&task));
        Some((index, own)).filter(|key| stands && place(*key).is_some())
    });
    let draw = Draw::new(move |width| {
        let (locale, current, step) = (drawn.locale(), current.get().and_then(place), drawn.step());
        drawn.known(|landscape| figure::paths(locale, landscape, current, step, width))
    });
    let sheet = Memo::new(move |_| draw.run(width.get()));
    let markup = move || {
        sheet.with(|sheet| sheet.as_ref().and_then(|sheet| sheet.plots.first()).map(Plot::markup)).unwrap_or_default()
    };
    // Places for a hand and for the keyboard above what is drawn.
    let places = Memo::new(move |_| {
        let frame = figure::square(width.get());
        drawn.known(|landscape| WalkFigure::new(landscape, &frame).walks).unwrap_or_default()
    });
    let named = RwSignal::new(None::<Key>);
    let described = move |key: Key| {
        let locale = drawn.locale();
        let told = |landscape: &Landscape| {
            landscape.paths.iter().find(|path| (path.index, path.own) == key).map(|path| told::path(locale, path))
        };
        drawn.known(told).flatten()
    };
    let name = move || named.get().and_then(described).or_else(|| current.get().and_then(described));
    let load = move |(index, own): Key| {
        // The visitor's own task is none of the stream: there is nothing to load.
        if !own {
            page.show_sampled(index);
        }
    };
    let walk = move |path: Key| {
        let (index, own) = path;
        let line = Memo::new(move |_| {
            places.with(|all| all.iter().find(|walk| (walk.index, walk.own) == path).map(|walk| walk.line.clone()))
        });
        let key = move |event: ev::KeyboardEvent| {
            if !own && matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                load(path);
            }
        };
        let (role, tabindex) = if own { ("img", None) } else { ("button", Some("0")) };
        let pressed = move || (!own).then(|| (current.get() == Some(path)).to_string());
        view! {
            <g class="touch" role=role tabindex=tabindex data-testid="path" data-index=index
                aria-label=move || described(path) aria-pressed=pressed on:click=move |_| load(path) on:keydown=key
                on:mouseenter=move |_| named.set(Some(path)) on:mouseleave=move |_| named.set(None)
                on:focus=move |_| named.set(Some(path)) on:blur=move |_| named.set(None)>
                <path class="reach" d=move || line.get() />
                <path class="line" d=move || line.get() />
            </g>
        }
    };
    // Each keeps its node, and so the focus, when all are drawn anew.
    let keys = Memo::new(move |_| {
        let mut all: Vec<Key> = places.with(|all| all.iter().map(|walk| (walk.index, walk.own)).collect());
        all.sort_by_key(|&(index, own)| (own, index));
        all
    });
    view! {
        <div class="landscape-part" data-export="">
            <h3>{say!(page, landscape.paths_title)}</h3>
            <div class="figure" node_ref=holder>
                <svg viewBox=move || figure::square(width.get()).view_box() role="group" aria-label=say!(page, landscape.paths_figure) data-testid="paths-figure">
                    <g aria-hidden="true" inner_html=markup></g>
                    <For each=move || keys.get() key=|key| *key children=walk />
                </svg>
            </div>
            <Legend sheet />
            <p class="help">{say!(page, landscape.arrows)}</p>
            <Export file="paths" name=Signal::derive(move || td_string!(page.language.get(), landscape.paths_title).to_owned()) draw numbers=drawn.numbers(csv::paths) />
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
