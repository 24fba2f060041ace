//! A task's examples as the head sees them, and how alike the learner finds them.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{export::Export, fold::Fold, layers::Within, page::measured_width, show::Show};
use crate::{
    app::{classified::letter, landscape_words, language::say, layer_words as told},
    chart::{Frame, LikenessFigure, SceneFigure, Spot, contest_marks, viridis},
    experiment::{Example, Layers, Likeness, Scene},
    figure::square,
};

/// Height of a row of the matrix, in pixels, at most and at least.
const ROW: (f64, f64) = (6.0, 22.0);

/// A cross where a prototype is.
const CROSS: &str = "m-8,0h16m-8,-8v16";

/// The ends of the points' x.
fn ends(scene: &Scene) -> Option<(f64, f64)> {
    let all = || scene.examples.iter().filter_map(|example| Some(f64::from(example.point?[0])));
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    (low <= high).then_some((low, high))
}

/// Both figures.
#[component]
pub fn SceneParts(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let alike = Memo::new(move |_| within.known(|layers| layers.likeness.is_some()) == Some(true));
    view! {
        <div class="layers-pair">
            <Examples within />
            <Show when=move || alike.get()><Matrix within /></Show>
        </div>
    }
}

/// The examples in the plane of their principal axes.
#[component]
fn Examples(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let (holder, width) = measured_width();
    let frame = Memo::new(move |_| square(f64::min(width.get(), 560.0)));
    let place = Memo::new(move |_| within.place());
    let with = move |look: &dyn Fn(&Scene) -> AnyView| within.known(|layers| layers.scene.as_ref().map(look)).flatten();
    let ticks = move || {
        let frame = frame.get();
        with(&|scene| {
            let figure = SceneFigure::new(scene, place.get(), &frame);
            let (left, right, bottom, top) = (frame.left, frame.across().1, frame.upwards().0, frame.upwards().1);
            let upwards = figure.upwards.into_iter().map(|tick| {
                view! {
                    <line class="grid" y1=tick.at y2=tick.at x1=left x2=right />
                    <text class="tick" x=left - 6.0 y=tick.at + 4.0 text-anchor="end">{tick.label}</text>
                }
            });
            let across = figure.across.into_iter().map(|tick| {
                view! {
                    <line class="grid" x1=tick.at x2=tick.at y1=bottom y2=top />
                    <text class="tick" x=tick.at y=bottom + 16.0 text-anchor="middle">{tick.label}</text>
                }
            });
            (upwards.collect_view(), across.collect_view()).into_any()
        })
    };
    let drawn = move || {
        let frame = frame.get();
        with(&|scene| {
            let figure = SceneFigure::new(scene, place.get(), &frame);
            let ends = ends(scene);
            let region = |(class, area): (usize, String)| {
                view! { <path class="region" style=("--class", class.to_string()) d=area /> }
            };
            let spots: Vec<(Example, Spot)> = scene.examples.iter().copied().zip(figure.spots).collect();
            let ways = spots.iter().map(|(_, spot)| view! { <path class="way" d=spot.way.clone() /> }).collect_view();
            let marks = spots.into_iter().map(|(example, spot)| mark(&example, spot.at, ends)).collect_view();
            let prototype = |(class, at): (usize, (f64, f64))| {
                let (x, y) = at;
                view! {
                    <path class="prototype halo" d=format!("M{x:.1},{y:.1}{CROSS}") />
                    <path class="prototype" style=("--class", class.to_string()) d=format!("M{x:.1},{y:.1}{CROSS}") />
                    <text class="prototype-name" x=x + 6.0 y=y - 6.0>{letter(class).to_string()}</text>
                }
            };
            let regions = figure.regions.into_iter().enumerate().map(region).collect_view();
            let prototypes = figure.prototypes.into_iter().enumerate().map(prototype).collect_view();
            (regions, ways, marks, prototypes).into_any()
        })
    };
    let axis = move |number: usize| {
        let share = |scene: &Scene| landscape_words::share(scene.shares[number - 1]);
        let share = within.known(|layers| layers.scene.as_ref().map(share)).flatten().unwrap_or_default();
        td_string!(within.locale(), layers.scene_axis, number, share)
    };
    let caption = move || {
        within.say(|locale, layers| {
            let scene = layers.scene.as_ref()?;
            Some(told::scene(locale, layers, scene, place.get()))
        })
    };
    let title = move || td_string!(within.locale(), layers.scene_title);
    view! {
        <div class="layers-part" data-export="">
            <h3>{title}</h3>
            <div class="figure scene" node_ref=holder>
                <svg viewBox=move || frame.get().view_box() role="img" aria-label=say!(page, layers.scene_figure) data-testid="scene-figure">
                    {ticks}
                    {drawn}
                    <text class="tick" x=move || frame.get().across().1 y=move || frame.get().height - 6.0 text-anchor="end">
                        {move || axis(1)}
                    </text>
                </svg>
            </div>
            <p class="help number">{move || axis(2)}</p>
            <Legend within />
            <p class="help" data-testid="scene-caption">{caption}</p>
            <Fold name="scene-table" title=Signal::derive(say!(page, layers.scene_table))>
                <Places within />
            </Fold>
            <Export file="examples" name=Signal::derive(move || title().to_owned()) table="[data-testid=scene-table]" />
        </div>
    }
}

/// An example's mark: its class by shape and colour, or its x by colour; filled where it is of the support set.
fn mark(example: &Example, at: (f64, f64), ends: Option<(f64, f64)>) -> AnyView {
    let set = if example.query { "query" } else { "support" };
    match (example.class, example.point.zip(ends)) {
        (Some(class), _) => {
            let shape = contest_marks(class.into(), &[at]);
            view! { <path class=format!("spot of-class {set}") style=("--class", class.to_string()) d=shape /> }
                .into_any()
        }
        (None, Some(([x, _], (low, high)))) => {
            let share = if high > low { (f64::from(x) - low) / (high - low) } else { 0.5 };
            let colour = viridis(share);
            let shape = contest_marks(usize::from(!example.query), &[at]);
            match example.query {
                true => view! { <path class="spot of-x query" stroke=colour d=shape /> }.into_any(),
                false => view! { <path class="spot of-x support" fill=colour d=shape /> }.into_any(),
            }
        }
        (None, None) => {
            let (x, y) = at;
            view! { <text class="spot unknown" x=x y=y + 4.0 text-anchor="middle">"?"</text> }.into_any()
        }
    }
}

/// What marks and colours are.
#[component]
fn Legend(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let classes = move || {
        let of = |layers: &Layers| {
            let scene = layers.scene.as_ref()?;
            let most = scene.examples.iter().filter_map(|example| example.class).max()?;
            Some(usize::from(most) + 1)
        };
        let count = within.known(of).flatten().unwrap_or(0);
        let key = |class: usize| {
            view! {
                <li>
                    <svg class="mark" viewBox="0 0 12 12" aria-hidden="true">
                        <path class="spot of-class support" style=("--class", class.to_string()) d=contest_marks(class, &[(6.0, 6.0)]) />
                    </svg>
                    {letter(class).to_string()}
                </li>
            }
        };
        (0..count).map(key).collect_view()
    };
    let points = move || {
        let (low, high) = within.known(|layers| layers.scene.as_ref().and_then(ends)).flatten()?;
        let number = landscape_words::number;
        Some(view! { <li>{td_string!(within.locale(), layers.scene_x, low = number(low), high = number(high))}</li> })
    };
    let prototypes = move || {
        let some = within.known(|layers| layers.scene.as_ref().is_some_and(|scene| !scene.prototypes.is_empty()));
        (some == Some(true)).then(|| {
            view! {
                <li>
                    <svg class="mark" viewBox="0 0 20 20" aria-hidden="true"><path class="prototype" d=format!("M10,10{CROSS}") /></svg>
                    {say!(page, layers.scene_prototype)}
                </li>
            }
        })
    };
    view! {
        <ul class="legend" role="list">
            {classes}
            {points}
            {prototypes}
            <li>{say!(page, layers.scene_support)}</li>
            <li>{say!(page, layers.scene_query)}</li>
        </ul>
    }
}

/// Every place in numbers.
#[component]
fn Places(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let rows = move || {
        let (locale, place) = (within.locale(), within.place());
        let row = |name: String, class: String, at: [f32; 2]| {
            let [first, second] = at.map(|value| landscape_words::number(value.into()));
            view! { <tr><th scope="row">{name}</th><td>{class}</td><td>{first}</td><td>{second}</td></tr> }
        };
        let rows = |layers: &Layers| {
            let scene = layers.scene.as_ref()?;
            let places = scene.places.get(place.min(scene.places.len().saturating_sub(1)))?;
            let before = scene.examples.iter().filter(|example| !example.query).count();
            let examples = scene.examples.iter().zip(places).enumerate().map(|(number, (example, at))| {
                let number = if example.query { number - before } else { number };
                row(told::example(locale, example, number), told::of_example(example), *at)
            });
            let prototypes = scene.prototypes.iter().enumerate().map(|(class, prototype)| {
                let letter = letter(class).to_string();
                row(td_string!(locale, layers.prototype, letter = letter.clone()), letter, prototype.at)
            });
            Some((examples.collect_view(), prototypes.collect_view()))
        };
        within.known(rows).flatten()
    };
    view! {
        <div class="scroll layers-scroll" tabindex="0" role="region" aria-label=say!(page, layers.scene_table)>
            <table class="evaluate-table" data-testid="scene-table">
                <thead><tr>
                    <th scope="col">{say!(page, layers.column_example)}</th>
                    <th scope="col">{say!(page, layers.column_class)}</th>
                    <th scope="col">{say!(page, layers.column_first)}</th>
                    <th scope="col">{say!(page, layers.column_second)}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The classes of the queries, which are the rows of a matrix.
fn queries(layers: &Layers) -> Vec<Option<u8>> {
    let all = layers.scene.iter().flat_map(|scene| &scene.examples);
    all.filter(|example| example.query).map(|example| example.class).collect()
}

/// How alike queries and what they are compared with are found.
#[component]
fn Matrix(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let (holder, width) = measured_width();
    let rows = Memo::new(move |_| {
        within.known(|layers| layers.likeness.as_ref().map(|it| it.rows.len())).flatten().unwrap_or(0)
    });
    let frame = Memo::new(move |_| {
        let width: f64 = width.get();
        let rows = rows.get().max(1) as f64;
        let height = rows * (300.0 / rows).clamp(ROW.0, ROW.1);
        Frame { width, height: height + 28.0, left: 26.0, right: 4.0, top: 22.0, bottom: 6.0 }
    });
    let title = move || {
        let kind = within.known(|layers| layers.likeness.as_ref().map(|it| it.kind)).flatten();
        kind.map_or("", |kind| told::likeness_title(within.locale(), kind))
    };
    let drawn = move || {
        let frame = frame.get();
        let draw = |layers: &Layers| {
            let likeness = layers.likeness.as_ref()?;
            let figure = LikenessFigure::new(likeness, &frame);
            let named = |class: Option<u8>| class.map_or('?', |class| letter(class.into())).to_string();
            // A letter where a class begins.
            let begins = |classes: &[Option<u8>], number: usize| number == 0 || classes[number - 1] != classes[number];
            let bands =
                figure.bands.into_iter().map(|(colour, area)| view! { <path class="level" fill=colour d=area /> });
            let of = queries(layers);
            let rows = figure.rows.iter().enumerate().filter(|(number, _)| *number < of.len() && begins(&of, *number));
            let rows = rows.map(|(number, at)| {
                view! { <text class="tick" x=20.0 y=at + 4.0 text-anchor="end">{named(of[number])}</text> }
            });
            let columns = figure.columns.iter().zip(&likeness.columns).enumerate();
            let columns = columns.filter(|(number, _)| begins(&likeness.columns, *number)).map(|(_, (at, class))| {
                view! { <text class="tick" x=*at y=15.0 text-anchor="middle">{named(*class)}</text> }
            });
            Some((bands.collect_view(), rows.collect_view(), columns.collect_view()))
        };
        within.known(draw).flatten()
    };
    let caption = move || {
        within.say(|locale, layers| {
            let likeness: &Likeness = layers.likeness.as_ref()?;
            Some(told::likeness_caption(locale, likeness, &queries(layers)))
        })
    };
    let name = move || td_string!(within.locale(), layers.likeness_figure, title = title());
    view! {
        <div class="layers-part" data-export="">
            <h3>{title}</h3>
            <div class="figure" node_ref=holder>
                <svg viewBox=move || frame.get().view_box() role="img" aria-label=name data-testid="likeness-figure">{drawn}</svg>
            </div>
            <p class="help">{say!(page, layers.likeness_scale)}</p>
            <p class="help" data-testid="likeness-caption">{caption}</p>
            <Fold name="likeness-table" title=Signal::derive(say!(page, layers.likeness_table))>
                <Alike within />
            </Fold>
            <Export file="likeness" name=Signal::derive(move || title().to_owned()) table="[data-testid=likeness-table]" />
        </div>
    }
}

/// The matrix in numbers.
#[component]
fn Alike(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let named = |class: Option<u8>| class.map_or('?', |class| letter(class.into())).to_string();
    let head = move || {
        let head = |layers: &Layers| {
            let likeness = layers.likeness.as_ref()?;
            Some(likeness.columns.iter().map(|class| view! { <th scope="col">{named(*class)}</th> }).collect_view())
        };
        within.known(head).flatten()
    };
    let rows = move || {
        let locale = within.locale();
        let rows = |layers: &Layers| {
            let likeness = layers.likeness.as_ref()?;
            let classes = queries(layers);
            let row = |(number, row): (usize, &Vec<f32>)| {
                let class = named(classes.get(number).copied().flatten());
                let name = format!("{} {} ({class})", td_string!(locale, layers.query), number + 1);
                let cells = row.iter().map(|value| view! { <td>{format!("{value:.3}")}</td> }).collect_view();
                view! { <tr><th scope="row">{name}</th>{cells}</tr> }
            };
            Some(likeness.rows.iter().enumerate().map(row).collect_view())
        };
        within.known(rows).flatten()
    };
    view! {
        <div class="scroll layers-scroll" tabindex="0" role="region" aria-label=say!(page, layers.likeness_table)>
            <table class="evaluate-table" data-testid="likeness-table">
                <thead><tr><th scope="col">{say!(page, layers.query)}</th>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
