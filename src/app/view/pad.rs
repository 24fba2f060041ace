//! The drawing pad: classes to learn from and drawings to classify, by mouse, finger, pen or keyboard.

use leptos::{ev, prelude::*, svg};
use leptos_i18n::td_string;
use wasm_bindgen::JsCast as _;

use super::ink::{Chip, Ink};
use crate::{
    app::{
        classified::letter,
        language::say,
        pen::{Pen, Stroke},
        playground::Playground,
        sketch::{Place, Sketch, Spot},
        words,
    },
    chart::{data_url, polyline},
    task::glyph::rasterise,
};

/// Side of the paper in its own units: hundredths keep the path data short.
const PAPER: f64 = 100.0;

fn line(stroke: &[Place]) -> String {
    let mut line = polyline(stroke.iter().map(|(x, y)| (f64::from(*x) * PAPER, f64::from(*y) * PAPER)));
    if stroke.len() == 1 {
        // A line of no length still has its round ends: a dot.
        line.push_str("h0.01");
    }
    line
}

/// The pad with everything around it.
#[component]
pub fn Pad() -> impl IntoView {
    let page = expect_context::<Playground>();
    let shape = Memo::new(move |_| {
        page.experiment.with(|experiment| (experiment.task.ways as usize, experiment.task.shots as usize))
    });
    let spot = Memo::new(move |_| page.sketch.with(Sketch::spot));
    let missing = Memo::new(move |_| page.sketch.with(|sketch| sketch.missing(shape.get().0)));
    let help = move || {
        let locale = page.language.get();
        missing.get().map_or_else(|| td_string!(locale, pad.ready), |missing| words::undrawn(locale, missing))
    };
    let next = move |_| {
        let (ways, shots) = shape.get_untracked();
        page.sketch.update(|sketch| sketch.next_class(ways, shots));
    };
    let blank = Memo::new(move |_| page.sketch.with(|sketch| sketch.drawing(sketch.spot()).is_blank()));
    let all_blank = Memo::new(move |_| page.sketch.with(Sketch::is_blank));
    let can_undo = Memo::new(move |_| page.sketch.with(Sketch::can_undo));
    let class_tab = move |class: usize| {
        let count = Memo::new(move |_| page.sketch.with(|sketch| sketch.drawn(class)));
        let shown = move || matches!(spot.get(), Spot::Class { class: on_pad, .. } if on_pad == class);
        let show = move |_| {
            let shots = shape.get_untracked().1;
            page.sketch.update(|sketch| sketch.show(sketch.first_blank(class, shots)));
        };
        view! {
            <button type="button" class="tab" data-testid="draw-class" aria-pressed=move || shown().to_string() on:click=show>
                <span class="unseen">
                    {move || td_string!(page.language.get(), pad.class, letter = letter(class), count = count.get())}
                </span>
                <span aria-hidden="true"><Chip class=Signal::derive(move || class) /></span>
                <span class="of" aria-hidden="true">{move || count.get()}</span>
            </button>
        }
    };
    let queries = Memo::new(move |_| page.sketch.with(Sketch::queries));
    let on_queries = move || matches!(spot.get(), Spot::Query(_));
    view! {
        <section class="pad" aria-labelledby="pad-title">
            <h3 id="pad-title">{say!(page, pad.title)}</h3>
            <div class="tabs" role="group" aria-label=say!(page, pad.classes)>
                <For each=move || 0..shape.get().0 key=|class| *class children=class_tab />
                <button type="button" class="tab" data-testid="draw-query" aria-pressed=move || on_queries().to_string()
                    on:click=move |_| page.sketch.update(|sketch| sketch.show(sketch.next_query()))>
                    <span class="unseen">{move || td_string!(page.language.get(), pad.query_count, count = queries.get())}</span>
                    <span aria-hidden="true">{say!(page, pad.query)}</span>
                    <span class="of" aria-hidden="true">{move || queries.get()}</span>
                </button>
            </div>
            <div class="pad-body">
                <Paper />
                <div class="pad-side">
                    <Places />
                    <div class="buttons">
                        <button type="button" class="small" data-testid="draw-undo" prop:disabled=move || !can_undo.get()
                            on:click=move |_| page.draw(|sketch| { sketch.undo(); })>{say!(page, pad.undo)}</button>
                        <button type="button" class="small" data-testid="draw-clear" prop:disabled=move || blank.get()
                            on:click=move |_| page.draw(Sketch::clear)>{say!(page, pad.clear)}</button>
                        <button type="button" class="small" data-testid="draw-next" on:click=next>{say!(page, pad.next)}</button>
                        <button type="button" class="small" data-testid="draw-clear-all" prop:disabled=move || all_blank.get()
                            on:click=move |_| page.draw(Sketch::clear_all)>{say!(page, pad.clear_all)}</button>
                    </div>
                    <p class="pad-help" role="status">{help}</p>
                    <p class="help">{say!(page, pad.kept)}</p>
                    <p class="help" id="pad-keys">{say!(page, pad.keys)}</p>
                </div>
            </div>
        </section>
    }
}

/// The drawings on this page: those of the class on the pad, or those to classify.
#[component]
fn Places() -> impl IntoView {
    let page = expect_context::<Playground>();
    let shots = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.shots as usize));
    let places = Memo::new(move |_| page.sketch.with(|sketch| sketch.places(shots.get())));
    let spot = Memo::new(move |_| page.sketch.with(Sketch::spot));
    let one = move |(number, place): (usize, Spot)| {
        let strokes = Memo::new(move |_| page.sketch.with(|sketch| sketch.drawing(place)));
        // What the network sees, not what the hand drew.
        let picture = Signal::derive(move || strokes.with(|strokes| data_url(&rasterise(&strokes.0))));
        view! {
            <li>
                <button type="button" class="place" aria-pressed=move || (spot.get() == place).to_string()
                    aria-label=move || td_string!(page.language.get(), pad.example, number = number + 1)
                    on:click=move |_| page.sketch.update(|sketch| sketch.show(place))>
                    <Ink picture />
                </button>
            </li>
        }
    };
    view! {
        <ul class="places" role="list" aria-label=say!(page, pad.examples)>
            <For each=move || places.get().into_iter().enumerate() key=|(_, place)| format!("{place:?}") children=one />
        </ul>
    }
}

/// The paper.
#[component]
fn Paper() -> impl IntoView {
    let page = expect_context::<Playground>();
    let paper = NodeRef::<svg::Svg>::new();
    let pen = RwSignal::new(Pen::default());
    let by_keys = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let spot = Memo::new(move |_| page.sketch.with(Sketch::spot));
    let ink = Memo::new(move |_| {
        page.sketch.with(|sketch| sketch.drawing(sketch.spot()).0.iter().map(|stroke| line(stroke)).collect::<String>())
    });
    let wet = move || page.sketch.with(|sketch| sketch.stroke().map(line).unwrap_or_default());
    let name = move || {
        let locale = page.language.get();
        let what = match spot.get() {
            Spot::Class { class, example } => {
                td_string!(locale, pad.what_class, letter = letter(class), number = example + 1)
            }
            Spot::Query(query) => td_string!(locale, pad.what_query, number = query + 1),
        };
        td_string!(locale, pad.label, what)
    };
    let place = move |event: &ev::PointerEvent| -> Option<Place> {
        let rect = paper.get_untracked()?.get_bounding_client_rect();
        let share = |at: i32, start: f64, length: f64| ((f64::from(at) - start) / length.max(1.0)) as f32;
        let x = share(event.client_x(), rect.left(), rect.width());
        Some((x, share(event.client_y(), rect.top(), rect.height())))
    };
    let lift = move || {
        if page.sketch.with_untracked(|sketch| sketch.stroke().is_some()) {
            page.draw(|sketch| {
                sketch.lift();
            });
        }
    };
    let begin = move |event: ev::PointerEvent| {
        // Only the finger, the pen's tip and the left button draw, and one at a time.
        if !event.is_primary() || event.button() != 0 {
            return;
        }
        event.prevent_default();
        by_keys.set(false);
        pen.update(|pen| pen.down = false);
        if let Some(element) = paper.get_untracked() {
            // Without capture a stroke ends where the pen leaves the paper; focus is for undo by keyboard.
            let _ = element.set_pointer_capture(event.pointer_id());
            let _ = element.focus();
        }
        if let Some(place) = place(&event) {
            page.sketch.update(|sketch| sketch.begin(place));
        }
    };
    let extend = move |event: ev::PointerEvent| {
        if page.sketch.with_untracked(|sketch| sketch.stroke().is_none())
            || !event.is_primary()
            || pen.get_untracked().down
        {
            return;
        }
        // A fast hand is between two frames more than once.
        let between = event.get_coalesced_events();
        let mut places: Vec<Place> =
            between.iter().filter_map(|event| place(event.unchecked_ref::<ev::PointerEvent>())).collect();
        if places.is_empty() {
            places.extend(place(&event));
        }
        page.sketch.update(|sketch| places.into_iter().for_each(|place| sketch.extend(place)));
    };
    let end = move |event: ev::PointerEvent| {
        if event.is_primary() && !pen.get_untracked().down {
            lift();
        }
    };
    let key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let mut now = pen.get_untracked();
        let Some(stroke) = now.press(&event.key(), event.shift_key()) else { return };
        event.prevent_default();
        event.stop_propagation();
        by_keys.set(true);
        pen.set(now);
        match stroke {
            Stroke::Down => page.sketch.update(|sketch| sketch.begin(now.place())),
            Stroke::Moved if now.down => page.sketch.update(|sketch| sketch.extend(now.place())),
            Stroke::Moved => {}
            Stroke::Up => lift(),
        }
        let (locale, column, row) = (page.language.get_untracked(), now.column + 1, now.row + 1);
        said.set(match stroke {
            Stroke::Down => td_string!(locale, pad.pen_down, column, row),
            Stroke::Moved => td_string!(locale, pad.pen_at, column, row),
            Stroke::Up => td_string!(locale, pad.pen_up, column, row),
        });
    };
    let leave = move |_| {
        pen.update(|pen| pen.down = false);
        lift();
    };
    let cursor = move || {
        let (x, y) = pen.get().place();
        format!("translate({:.1},{:.1})", f64::from(x) * PAPER, f64::from(y) * PAPER)
    };
    view! {
        <div class="paper-holder">
            <svg class="paper" node_ref=paper data-testid="draw-pad" viewBox="0 0 100 100" tabindex="0" role="application"
                aria-label=name aria-describedby="pad-keys"
                on:pointerdown=begin on:pointermove=extend on:pointerup=end on:pointercancel=end
                on:keydown=key on:blur=leave>
                <rect class="ground" width="100" height="100" />
                <path class="stroke" d=move || ink.get() />
                <path class="stroke" d=wet />
                <g class="cursor" class:down=move || pen.get().down transform=cursor
                    visibility=move || if by_keys.get() { "visible" } else { "hidden" }>
                    <path d="M-5,0H5M0,-5V5" /><circle r="3" />
                </g>
            </svg>
            <p class="unseen" aria-live="polite">{move || said.get()}</p>
        </div>
    }
}
