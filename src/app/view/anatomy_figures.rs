//! The figures of an anatomy: points with residuals, drawings with probabilities, norms as bars.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{anatomy::Traced, page::measured_width};
use crate::{
    app::{anatomy_words as told, classified::letter, language::say},
    chart::{
        Bars, DrawingGrid, Frame, LayerBar, LayerBars, Plane, ResidualFigure, data_url, named_bars, norms, number,
        window,
    },
    experiment::{Adaptation, Anatomy, CharacterTrajectory, Stage, Trajectory},
};

/// What a stage draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Drawn {
    Points,
    Drawings,
    Norms,
    Nothing,
}

/// What a stage of an anatomy draws.
fn kind(anatomy: &Anatomy, stage: Stage) -> Drawn {
    let examples = matches!(stage, Stage::Start | Stage::Forward | Stage::Loss | Stage::Make | Stage::Query);
    match &anatomy.adaptation {
        Adaptation::Regression(task) if examples && task.grid.is_empty() => Drawn::Nothing,
        Adaptation::Regression(_) if examples => Drawn::Points,
        Adaptation::Characters(_) if examples => Drawn::Drawings,
        _ if norms(anatomy, stage, 0).is_empty() => Drawn::Nothing,
        _ => Drawn::Norms,
    }
}

/// The figure of the stage on show.
#[component]
pub fn Figure(
    /// The anatomy.
    traced: Traced,
) -> impl IntoView {
    let (holder, width) = measured_width();
    let drawn = Memo::new(move |_| traced.here(|anatomy, stage, _, _| kind(anatomy, stage)).unwrap_or(Drawn::Nothing));
    let figure = move || match drawn.get() {
        Drawn::Points => view! { <Points traced width /> }.into_any(),
        Drawn::Drawings => view! { <Drawings traced width /> }.into_any(),
        Drawn::Norms => view! { <Norms traced width /> }.into_any(),
        Drawn::Nothing => ().into_any(),
    };
    view! { <div node_ref=holder>{figure}</div> }
}

/// The points of a stage, `(x, y, prediction)`, and after how many inner steps the curve is drawn.
fn points(anatomy: &Anatomy, task: &Trajectory, stage: Stage, step: usize) -> (Vec<(f64, f64, f64)>, usize) {
    let plain = || task.support.iter().map(|point| (point.x.into(), point.y.into(), f64::NAN)).collect();
    let told = |told: &[f64]| told.first().copied().unwrap_or(f64::NAN);
    match (stage, anatomy.steps.get(step)) {
        (Stage::Query, _) => {
            let query = |query: &crate::experiment::Query| {
                (query.x.unwrap_or(f64::NAN), query.target, told(&query.predictions[1]))
            };
            (anatomy.queries.iter().map(query).collect(), anatomy.count())
        }
        (Stage::Forward | Stage::Loss, Some(inner)) => {
            let all = inner.seen.iter().zip(&inner.predictions).zip(&inner.targets);
            let point = |((seen, prediction), target): ((&u32, &Vec<f64>), &f64)| {
                Some((f64::from(task.support.get(*seen as usize)?.x), *target, told(prediction)))
            };
            (all.filter_map(point).collect(), step)
        }
        (Stage::Make, _) => (plain(), anatomy.count()),
        _ => (plain(), 0),
    }
}

/// A regression: points, the curve, and what lies between.
#[component]
fn Points(
    /// The anatomy.
    traced: Traced,
    /// Width of the figure.
    width: RwSignal<f64>,
) -> impl IntoView {
    let page = traced.page;
    let frame = Memo::new(move |_| Frame {
        width: width.get(),
        height: 260.0,
        left: 40.0,
        right: 10.0,
        top: 10.0,
        bottom: 26.0,
    });
    let plane = Memo::new(move |_| {
        traced
            .known(|anatomy| {
                let Adaptation::Regression(task) = &anatomy.adaptation else { return None };
                let values = task.truth.iter().copied().chain(task.support.iter().map(|point| point.y));
                let ends = (task.grid.first().copied()?, task.grid.last().copied()?);
                Some(Plane::new(&frame.get(), (ends.0.into(), ends.1.into()), window(values)))
            })
            .flatten()
    });
    let figure = Memo::new(move |_| {
        let plane = plane.get()?;
        traced.here(|anatomy, stage, step, _| {
            let Adaptation::Regression(task) = &anatomy.adaptation else { return None };
            let (points, at) = points(anatomy, task, stage, step);
            let curve = task.steps.get(at).map(|step| step.prediction.as_slice()).unwrap_or_default();
            Some(ResidualFigure::new(&plane, (&task.grid, &task.truth, curve), &points))
        })?
    });
    let ticks = move || {
        let (frame, plane) = (frame.get(), plane.get()?);
        let (across, upwards) = plane.ticks(&frame);
        let (left, right, bottom, top) = (frame.left, frame.across().1, frame.upwards().0, frame.upwards().1);
        let upwards = upwards.into_iter().map(|tick| {
            view! {
                <line class="grid" y1=tick.at y2=tick.at x1=left x2=right />
                <text class="tick" x=left - 6.0 y=tick.at + 4.0 text-anchor="end">{tick.label}</text>
            }
        });
        let across = across.into_iter().map(|tick| {
            view! {
                <line class="grid" x1=tick.at x2=tick.at y1=bottom y2=top />
                <text class="tick" x=tick.at y=bottom + 16.0 text-anchor="middle">{tick.label}</text>
            }
        });
        Some((upwards.collect_view(), across.collect_view()))
    };
    let marks = move || {
        let figure = figure.get()?;
        let points = figure.points.into_iter().map(|(x, y)| view! { <circle class="point" cx=x cy=y r="5" /> });
        let told = figure.told.into_iter().map(|(x, y)| view! { <circle class="told" cx=x cy=y r="3" /> });
        Some(view! {
            <g clip-path="url(#anatomy-plot)">
                <path class="truth" d=figure.truth />
                <path class="curve" d=figure.curve />
                <path class="residual" d=figure.residuals />
            </g>
            {points.collect_view()}
            {told.collect_view()}
        })
    };
    view! {
        <div class="figure">
            <svg viewBox=move || frame.get().view_box() role="img" aria-label=say!(page, anatomy.figure_points) data-testid="anatomy-points">
                <clipPath id="anatomy-plot">
                    <rect x=move || frame.get().left y=move || frame.get().top
                        width=move || { let (from, to) = frame.get().across(); to - from }
                        height=move || { let (from, to) = frame.get().upwards(); from - to } />
                </clipPath>
                {ticks}
                {marks}
            </svg>
        </div>
        <ul class="legend" role="list">
            <li><svg viewBox="0 0 28 12" aria-hidden="true"><path class="truth" d="M1,6H27" /></svg>{say!(page, anatomy.key_truth)}</li>
            <li><svg viewBox="0 0 28 12" aria-hidden="true"><path class="curve" d="M1,6H27" /></svg>{say!(page, anatomy.key_curve)}</li>
            <li><svg viewBox="0 0 28 12" aria-hidden="true"><path class="residual" d="M1,6H27" /></svg>{say!(page, anatomy.key_residual)}</li>
        </ul>
    }
}

/// A drawing: its picture, its class, and the probabilities of all classes where there are some.
type Cell = (String, Option<usize>, Option<Vec<f32>>);

/// The drawings of a stage.
fn drawings(anatomy: &Anatomy, task: &CharacterTrajectory, stage: Stage, step: usize) -> Vec<Cell> {
    let narrow = |told: &[f64]| told.iter().map(|value| *value as f32).collect::<Vec<f32>>();
    let class = |drawing: &crate::experiment::Drawing| drawing.class.map(usize::from);
    match (stage, anatomy.steps.get(step)) {
        (Stage::Query, _) => {
            // What has no class is judged by nobody.
            let known = task.query.iter().filter(|drawing| drawing.class.is_some()).zip(&anatomy.queries);
            known
                .map(|(drawing, query)| (data_url(&drawing.image), class(drawing), Some(narrow(&query.predictions[1]))))
                .collect()
        }
        (Stage::Forward | Stage::Loss, Some(inner)) => {
            let all = inner.seen.iter().zip(&inner.predictions);
            let cell = |(seen, told): (&u32, &Vec<f64>)| {
                let drawing = task.support.get(*seen as usize)?;
                Some((data_url(&drawing.image), class(drawing), Some(narrow(told))))
            };
            all.filter_map(cell).collect()
        }
        _ => task.support.iter().map(|drawing| (data_url(&drawing.image), class(drawing), None)).collect(),
    }
}

/// Characters: drawings, and how probable each class is.
#[component]
fn Drawings(
    /// The anatomy.
    traced: Traced,
    /// Width of the figure.
    width: RwSignal<f64>,
) -> impl IntoView {
    let page = traced.page;
    let cells = Memo::new(move |_| {
        let cells = traced.here(|anatomy, stage, step, _| match &anatomy.adaptation {
            Adaptation::Characters(task) => drawings(anatomy, task, stage, step),
            Adaptation::Regression(_) => Vec::new(),
        });
        cells.unwrap_or_default()
    });
    let grid = Memo::new(move |_| DrawingGrid::new(cells.with(Vec::len), width.get()));
    let cell = |((picture, class, told), (x, y)): (Cell, (f64, f64))| {
        let likely = told.as_ref().and_then(|told| {
            let best = told.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            best.map(|(class, _)| class)
        });
        let bars = told.as_ref().map(|told| Bars::new(told, likely, class, &DrawingGrid::BARS));
        let own = class.map(|class| (letter(class), told.as_ref().and_then(|told| told.get(class).copied())));
        let text = own.map(|(letter, own)| match own {
            Some(own) => format!("{letter} {own:.2}"),
            None => letter.to_string(),
        });
        view! {
            <g transform=format!("translate({x:.1},{y:.1})")>
                <rect class="drawn-paper" width=DrawingGrid::PICTURE height=DrawingGrid::PICTURE rx="5" />
                <image href=picture width=DrawingGrid::PICTURE height=DrawingGrid::PICTURE />
                <g transform=format!("translate(0,{})", DrawingGrid::PICTURE)>
                    {bars.map(|bars| view! {
                        <path class="bar-other" d=bars.others />
                        <path class="bar-likely" d=bars.longest />
                        <path class="bar-truth" d=bars.truth />
                    })}
                    <text class="tick" x=DrawingGrid::PICTURE / 2.0 y="36" text-anchor="middle">{text}</text>
                </g>
            </g>
        }
    };
    view! {
        <div class="figure">
            <svg viewBox=move || format!("0 0 {:.0} {:.0}", width.get(), grid.get().height) role="img"
                aria-label=say!(page, anatomy.figure_drawings) data-testid="anatomy-drawings">
                {move || cells.get().into_iter().zip(grid.get().cells).map(cell).collect_view()}
            </svg>
        </div>
    }
}

/// Room for the longest name of a part.
const NAMES: f64 = 128.0;

/// Norms of the parts of the weights.
#[component]
fn Norms(
    /// The anatomy.
    traced: Traced,
    /// Width of the figure.
    width: RwSignal<f64>,
) -> impl IntoView {
    let page = traced.page;
    let series =
        Memo::new(move |_| traced.here(|anatomy, stage, step, _| norms(anatomy, stage, step)).unwrap_or_default());
    let names = Memo::new(move |_| traced.here(|anatomy, stage, _, _| named_bars(anatomy, stage)).unwrap_or_default());
    let frame = Memo::new(move |_| {
        let height = LayerBars::height(names.with(Vec::len), series.with(Vec::len));
        Frame { width: width.get(), height: height + 24.0, left: NAMES, right: 62.0, top: 0.0, bottom: 24.0 }
    });
    let figure = Memo::new(move |_| LayerBars::new(&series.get(), &frame.get()));
    let keys = Memo::new(move |_| {
        let locale = traced.locale();
        traced.here(|anatomy, stage, _, _| told::keys(locale, anatomy, stage)).unwrap_or_default()
    });
    let drawn = move || {
        let (figure, frame) = (figure.get(), frame.get());
        let (bottom, top) = frame.upwards();
        let ticks = figure.across.clone().into_iter().map(|tick| {
            view! {
                <line class="grid" x1=tick.at x2=tick.at y1=bottom y2=top />
                <text class="tick" x=tick.at y=bottom + 15.0 text-anchor="middle">{tick.label}</text>
            }
        });
        let labels = names.get().into_iter().zip(figure.names.clone()).map(|(name, y)| {
            view! {
                <text class="tick" x=NAMES - 8.0 y=y + 4.0 text-anchor="end">{name}</text>
            }
        });
        let count = series.with(Vec::len);
        let bars =
            (0..count).map(|number| view! { <path class=format!("norm norm-{number}") d=figure.path(number) /> });
        let told = figure.bars.iter().map(|LayerBar { value, area: [x, y, width, height], .. }| {
            let text = number(*value);
            view! { <text class="tick value" x=x + width + 4.0 y=y + height - 1.0>{text}</text> }
        });
        (ticks.collect_view(), labels.collect_view(), bars.collect_view(), told.collect_view())
    };
    let key = |(number, name): (usize, &'static str)| {
        view! {
            <li><svg viewBox="0 0 28 12" aria-hidden="true"><path class=format!("norm norm-{number}") d="M1,2H27V10H1z" /></svg>{name}</li>
        }
    };
    let label = move || {
        let names = keys.get().join(", ");
        format!("{}: {names}", td_string!(page.language.get(), anatomy.figure_norms))
    };
    view! {
        <div class="figure">
            <svg viewBox=move || frame.get().view_box() role="img" aria-label=label data-testid="anatomy-norms">{drawn}</svg>
        </div>
        <ul class="legend" role="list">{move || keys.get().into_iter().enumerate().map(key).collect_view()}</ul>
    }
}
