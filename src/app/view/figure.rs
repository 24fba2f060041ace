//! The adaptation figure: truth, support points that can be moved, and the prediction at every inner step.
//!
//! Its nodes stay; only their attributes follow the signals, so that a new trajectory costs a few strings.

use leptos::{ev, prelude::*, svg};
use leptos_i18n::td_string;
use wasm_bindgen::JsCast as _;

use super::page::measured_width;
use crate::{
    app::{
        browser, format,
        language::say,
        playground::Playground,
        points::{self, Area},
        shown::{Shown, Subject},
        shown_task::ShownTask,
    },
    chart::{AdaptationFigure, Frame, Plane, Tick, window},
    experiment::{Family, Point},
};

/// How near a click on empty space may be to a support point before it counts as a miss of the point.
const REACH: f64 = 22.0;

/// Whether the learner sees one support point after another.
pub fn one_by_one(page: Playground) -> bool {
    page.experiment.with(|experiment| experiment.learner.kind.sees_one_by_one())
}

/// Ends of the inputs and of the targets on show.
type Windows = ((f64, f64), (f64, f64));

/// The figure.
#[component]
pub fn Figure(
    /// The task on show.
    task: Memo<ShownTask>,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let held = RwSignal::new(None::<usize>);
    let said = RwSignal::new(String::new());
    let svg_ref = NodeRef::<svg::Svg>::new();
    let (holder, width) = measured_width();

    let frame = Memo::new(move |_| {
        let width: f64 = width.get();
        Frame { width, height: (width * 0.58).clamp(250.0, 430.0), left: 30.0, right: 10.0, top: 10.0, bottom: 24.0 }
    });
    let truth = Memo::new(move |_| task.with(ShownTask::truth));
    // While a point is held the axes stand still under the hand that moves it.
    let windows = Memo::new(move |before: Option<&Windows>| match (held.get(), before) {
        (Some(_), Some(before)) => *before,
        _ => task.with(|task| {
            let shown = task.support.iter().chain(&task.query).map(|point| point.y);
            (task.x, truth.with(|(_, ys)| window(ys.iter().copied().chain(shown))))
        }),
    });
    let plane = Memo::new(move |_| {
        let (x, y) = windows.get();
        Plane::new(&frame.get(), x, y)
    });
    let area = move || {
        let ((x0, x1), (y0, y1)) = windows.get_untracked();
        Area { x: (x0 as f32, x1 as f32), y: (y0 as f32, y1 as f32) }
    };
    let ticks = Memo::new(move |_| plane.get().ticks(&frame.get()));
    let truth_line = Memo::new(move |_| {
        let jumps = task.with(|task| task.family == Family::Step);
        truth.with(|(xs, ys)| plane.get().truth(xs, ys, jumps))
    });
    let drawn = Memo::new(move |_| {
        let index = task.with(|task| task.index);
        let subject = Subject::Sampled { index };
        page.shown.with(|shown| {
            match shown.as_ref().filter(|shown| shown.subject == subject).and_then(Shown::regression) {
                Some(trajectory) => AdaptationFigure::new(trajectory, &plane.get()),
                None => AdaptationFigure::default(),
            }
        })
    });
    let step = Memo::new(move |_| page.inner_step() as usize);

    let edit = move |change: &dyn Fn(&[Point], &Area) -> Vec<Point>| {
        let changed = task.with_untracked(|task| change(&task.support, &area()));
        page.edit(|experiment| experiment.view.points = changed);
    };
    // Where a pointer is, in the figure's own pixels and as a point.
    let under = move |event: &ev::MouseEvent| {
        let rect = svg_ref.get_untracked()?.get_bounding_client_rect();
        let frame = frame.get_untracked();
        let scale = frame.width / rect.width().max(1.0);
        let (x, y) =
            ((f64::from(event.client_x()) - rect.left()) * scale, (f64::from(event.client_y()) - rect.top()) * scale);
        let plane = plane.get_untracked();
        Some(((x, y), Point { x: plane.x.value(x) as f32, y: plane.y.value(y) as f32 }))
    };
    let announce = move |index: usize| {
        let point = task.with_untracked(|task| task.support.get(index).copied());
        if let Some(Point { x, y }) = point {
            let (x, y) = (
                format::setting(f64::from((x * 100.0).round()) / 100.0),
                format::setting(f64::from((y * 100.0).round()) / 100.0),
            );
            said.set(td_string!(page.language.get_untracked(), figure.point_at, number = index + 1, x, y));
        }
    };

    let add_at = move |event: ev::MouseEvent| {
        let Some(((x, y), point)) = under(&event) else { return };
        let plane = plane.get_untracked();
        let near = task.with_untracked(|task| {
            task.support.iter().any(|other| {
                let (px, py) = plane.place(other.x, other.y);
                (px - x).hypot(py - y) < REACH
            })
        });
        if !near {
            edit(&|points, area| points::with(points, point, area));
        }
    };
    let drag = move |event: ev::PointerEvent| {
        if let (Some(index), Some((_, point))) = (held.get_untracked(), under(event.unchecked_ref())) {
            edit(&|points, area| points::moved(points, index, point, area));
        }
    };
    let drop_point = move |_| {
        if let Some(index) = held.get_untracked() {
            held.set(None);
            announce(index);
        }
    };
    let key = move |event: ev::KeyboardEvent, index: usize| {
        let count = task.with_untracked(|task| task.support.len());
        match event.key().as_str() {
            "Delete" | "Backspace" => {
                event.prevent_default();
                edit(&|points, _| points::without(points, index));
                if index + 1 == count && count > 1 {
                    browser::next_frame(move || browser::focus(&format!("[data-point=\"{}\"]", index - 1)));
                }
                said.set(td_string!(page.language.get_untracked(), figure.point_gone, number = index + 1));
            }
            key => {
                let to = task.with_untracked(|task| points::nudged(*task.support.get(index)?, key, event.shift_key()));
                if let Some(to) = to {
                    event.prevent_default();
                    event.stop_propagation();
                    edit(&|points, area| points::moved(points, index, to, area));
                    announce(index);
                }
            }
        }
    };

    let count = Memo::new(move |_| task.with(|task| task.support.len()));
    // Not seen yet, at the step on show.
    let ahead = move |index: usize| one_by_one(page) && index >= step.get();
    let support_point = move |index: usize| {
        let place = move || {
            let plane = plane.get();
            task.with(|task| task.support.get(index).map(|point| plane.place(point.x, point.y)))
                .map(|(x, y)| format!("translate({x:.1},{y:.1})"))
        };
        let take = move |event: ev::PointerEvent| {
            event.prevent_default();
            held.set(Some(index));
            if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            {
                // Without capture the drag ends where the pointer leaves the point.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            browser::focus(&format!("[data-point=\"{index}\"]"));
        };
        view! {
            <g class="support" class:held=move || held.get() == Some(index) class:ahead=move || ahead(index) data-testid="support-point" data-point=index
                transform=place tabindex="0" role="button"
                aria-label=move || {
                    let (x, y) = task.with(|task| task.support.get(index).map(|point| (point.x, point.y))).unwrap_or_default();
                    td_string!(page.language.get(), figure.point, number = index + 1, x = format!("{x:.1}"), y = format!("{y:.1}"))
                }
                on:pointerdown=take on:pointermove=drag on:pointerup=drop_point on:pointercancel=drop_point
                on:keydown=move |event| key(event, index)>
                <circle class="reach" r="18" />
                <circle class="dot" r="6.5" />
            </g>
        }
    };
    let query_marks = move || {
        let plane = plane.get();
        task.with(|task| {
            task.query.iter().fold(String::new(), |path, point| {
                let (x, y) = plane.place(point.x, point.y);
                format!("{path}M{:.1},{:.1}l3.5,3.5l-3.5,3.5l-3.5,-3.5z", x, y - 3.5)
            })
        })
    };
    let prediction = move |index: usize| {
        view! {
            <path class="prediction" class:now=move || step.get() == index
                style:opacity=move || format!("{:.2}", AdaptationFigure::strength(index, step.get()))
                d=move || drawn.with(|drawn| drawn.predictions.get(index).cloned().unwrap_or_default()) />
        }
    };
    let steps = Memo::new(move |_| drawn.with(|drawn| drawn.predictions.len()));
    let now_line = move || drawn.with(|drawn| drawn.predictions.get(step.get()).cloned().unwrap_or_default());
    let now_band = move || drawn.with(|drawn| drawn.bands.get(step.get()).cloned().unwrap_or_default());

    view! {
        <div class="figure" data-testid="adaptation-figure" node_ref=holder>
            <svg node_ref=svg_ref viewBox=move || frame.get().view_box() role="group"
                aria-label=say!(page, figure.label) aria-describedby="figure-help" on:click=add_at>
                <defs>
                    <clipPath id="plot">
                        <rect x=move || frame.get().left y=move || frame.get().top
                            width=move || { let (from, to) = frame.get().across(); to - from }
                            height=move || { let (from, to) = frame.get().upwards(); from - to } />
                    </clipPath>
                </defs>
                <rect class="ground" width=move || frame.get().width height=move || frame.get().height />
                <g aria-hidden="true">
                    <Axes ticks frame />
                </g>
                <g clip-path="url(#plot)" aria-hidden="true">
                    <path class="band after" data-testid="band" d=now_band />
                    <For each=move || 0..steps.get() key=|index| *index children=prediction />
                    <path class="truth" d=move || truth_line.get() />
                    <path class="prediction now" d=now_line />
                </g>
                <path class="query" d=query_marks aria-hidden="true" />
                <For each=move || 0..count.get() key=|index| *index children=support_point />
            </svg>
            <p class="unseen" aria-live="polite">{move || said.get()}</p>
        </div>
    }
}

/// Grid lines and their labels.
#[component]
fn Axes(
    /// Ticks of the inputs and of the targets.
    ticks: Memo<(Vec<Tick>, Vec<Tick>)>,
    /// The figure's frame.
    frame: Memo<Frame>,
) -> impl IntoView {
    let across = move || ticks.with(|(across, _)| across.clone());
    let upwards = move || ticks.with(|(_, upwards)| upwards.clone());
    // Keyed by place and label: nodes change only when the axes do, which is rare.
    let key = |tick: &Tick| (tick.label.clone(), (tick.at * 10.0) as i64);
    view! {
        <For each=across key=key children=move |tick| view! {
            <line class="grid" x1=tick.at x2=tick.at y1=move || frame.get().top y2=move || frame.get().upwards().0 />
            <text class="tick" x=tick.at y=move || frame.get().height - 7.0 text-anchor="middle">{tick.label}</text>
        } />
        <For each=upwards key=key children=move |tick| view! {
            <line class="grid" class:zero=tick.value == 0.0 y1=tick.at y2=tick.at x1=move || frame.get().left x2=move || frame.get().across().1 />
            <text class="tick" x=move || frame.get().left - 8.0 y=tick.at + 4.0 text-anchor="end">{tick.label}</text>
        } />
    }
}
