//! The panel of an anatomy: how does one step work?

use leptos::{ev, html, prelude::*};
use leptos_i18n::td_string;
use wasm_bindgen::JsCast as _;

use super::{
    anatomy_table::Numbers,
    export::Export,
    head::Head,
    look::Look,
    page::measured_width,
    pictured::{Draw, Legend, Plotted},
    show::Show,
};
use crate::{
    app::{
        anatomies::{Anatomies, Known},
        anatomy_tables::{WHOLE, tables},
        anatomy_words as told,
        job::LongWork as _,
        language::say,
        playground::Playground,
    },
    chart::{ChainFigure, Plot, Sheet, StageMark, formulas},
    experiment::{Anatomy as Opened, Followed, Stage, Tab},
    figure,
};

/// How far a finger goes at least for a swipe, in CSS pixels.
const SWIPE: i32 = 48;

/// What the parts of the panel share.
pub type Traced = Look<Known>;

impl Traced {
    /// Something of the anatomy, if there is one.
    pub fn known<T>(self, look: impl FnOnce(&Opened) -> T) -> Option<T> {
        self.with(|anatomies| anatomies.anatomy().map(look))
    }

    /// The stages that there are.
    pub fn stages(self) -> Vec<Stage> {
        self.known(Opened::stages).unwrap_or_default()
    }

    /// The stage on show: the first, where the learner has not that which was chosen.
    pub fn stage(self) -> Stage {
        let chosen = self.page.trace.stage.get();
        self.stages().into_iter().find(|stage| *stage == chosen).unwrap_or(Stage::Start)
    }

    /// The inner step that is looked into, counted from 0.
    pub fn step(self) -> usize {
        let scrubber = self.page.inner_step();
        self.known(|anatomy| anatomy.step_of(scrubber)).unwrap_or(0)
    }

    /// Something of the anatomy at the stage and step on show, and of the number that is followed: one that says something
    /// there.
    pub fn here<T>(self, look: impl FnOnce(&Opened, Stage, usize, Option<&Followed>) -> T) -> Option<T> {
        let (stage, step, name) = (self.stage(), self.step(), self.page.trace.followed.get());
        self.known(|anatomy| look(anatomy, stage, step, anatomy.followed_at(stage, name.as_deref())))
    }

    /// Goes by so many stages, as far as there are some.
    fn go(self, by: isize) {
        let (stages, stage) = untrack(move || (self.stages(), self.stage()));
        let place = stages.iter().position(|other| *other == stage).unwrap_or(0);
        let last = stages.len().saturating_sub(1);
        if let Some(stage) = stages.get(place.saturating_add_signed(by).min(last)) {
            self.page.trace.stage.set(*stage);
        }
    }
}

/// The panel.
#[component]
pub fn Anatomy() -> impl IntoView {
    let page = expect_context::<Playground>();
    let traced = Traced::new(|jobs| &jobs.anatomies);
    let possible = Memo::new(move |_| page.experiment.with(|experiment| experiment.unopened().is_none()));
    let some = Memo::new(move |_| traced.known(|_| ()).is_some());
    let of = move || {
        let locale = traced.locale();
        match traced.with(Anatomies::found_nothing) {
            true => Some(td_string!(locale, anatomy.nothing).to_owned()),
            false => traced.known(|anatomy| told::of(locale, anatomy, traced.step())),
        }
    };
    // Another task on show, or another learner, is taken apart as the one before was.
    let changed = Memo::new(move |_| {
        let shown = page.experiment.with(|experiment| {
            (experiment.view.task, experiment.view.points.clone(), experiment.learner.clone(), experiment.outer.clone())
        });
        let own = (page.sketch.get(), page.desk.get());
        (shown, own, page.can_evaluate(), traced.with(|job| (job.is_busy(), job.about().is_some())))
    });
    Effect::new(move |_| {
        // Following a memo is not enough: it is worked out when it is read, and hears of nothing before.
        changed.get();
        page.trace_again();
    });
    view! {
        <section class="panel anatomy" aria-labelledby="anatomy-title" data-testid="anatomy">
            <h2 id="anatomy-title">{say!(page, anatomy.title)}</h2>
            <Show when=move || possible.get() fallback=move || view! {
                <p class="help" data-testid="anatomy-none">{say!(page, anatomy.none)}</p>
            }>
                <p class="help">{say!(page, anatomy.help)}</p>
                <Controls traced />
                <p class="help number" role="status" data-testid="anatomy-of">{of}</p>
                <Show when=move || some.get()><Stages traced /></Show>
            </Show>
        </section>
    }
}

/// Start, cancel, and how far it is.
#[component]
fn Controls(
    /// The anatomy.
    traced: Traced,
) -> impl IntoView {
    let page = traced.page;
    let running = traced.is_busy();
    let progress = move || {
        traced.with(|all| all.progress()).map(|(done, total)| match total {
            0 => td_string!(traced.locale(), anatomy.begins).to_owned(),
            total => td_string!(traced.locale(), anatomy.progress, done, total),
        })
    };
    view! {
        <Head tab=Tab::Anatomy running start=say!(page, anatomy.start) begin=Playground::trace
            stop=say!(page, anatomy.cancel) progress=Signal::derive(progress) />
    }
}

/// One stage at a time, and what leads from one to the next: buttons, keys, a swipe, or the diagram.
#[component]
fn Stages(
    /// The anatomy.
    traced: Traced,
) -> impl IntoView {
    let page = traced.page;
    let place = Memo::new(move |_| {
        let (stages, stage) = (traced.stages(), traced.stage());
        (stages.iter().position(|other| *other == stage).unwrap_or(0), stages.len())
    });
    let key = move |event: ev::KeyboardEvent| {
        // A table is scrolled by the same keys.
        let chooses = within(event.target(), "select, .anatomy-scroll");
        if chooses || event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowRight" => traced.go(1),
            "ArrowLeft" => traced.go(-1),
            "Home" => traced.go(isize::MIN),
            "End" => traced.go(isize::MAX),
            _ => return,
        }
        event.prevent_default();
    };
    let from = StoredValue::new(None::<(i32, i32)>);
    let down = move |event: ev::PointerEvent| {
        // A table is swiped to see the rest of it.
        let swipes = event.pointer_type() == "touch" && !within(event.target(), ".scroll");
        from.set_value(swipes.then(|| (event.client_x(), event.client_y())));
    };
    let up = move |event: ev::PointerEvent| {
        let Some((x, y)) = from.try_update_value(Option::take).flatten() else { return };
        let (across, along) = (event.client_x() - x, event.client_y() - y);
        if across.abs() >= SWIPE && across.abs() > 2 * along.abs() {
            traced.go(if across < 0 { 1 } else { -1 });
        }
    };
    let title = move || told::title(traced.locale(), traced.stage());
    let number = move || {
        let (place, count) = place.get();
        td_string!(traced.locale(), anatomy.place, number = place + 1, count)
    };
    let said = move || {
        let locale = traced.locale();
        traced.here(|anatomy, stage, step, one| told::sentence(locale, anatomy, stage, step, one))
    };
    let lines = Memo::new(move |_| traced.here(formulas).unwrap_or_default());
    let draw = Draw::new(move |width| {
        let locale = traced.locale();
        traced.here(|anatomy, stage, step, one| figure::anatomy(locale, anatomy, (stage, step, one), width))
    });
    let (holder, width) = measured_width();
    let sheet = Memo::new(move |_| draw.run(width.get()));
    let numbers = Callback::new(move |()| {
        let written = move || {
            let locale = traced.locale();
            traced.here(|anatomy, stage, step, _| tables(locale, anatomy, (stage, step), WHOLE).csv())
        };
        untrack(written).unwrap_or_default()
    });
    let each = move || lines.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <div class="anatomy-walk" role="group" tabindex="0" aria-label=say!(page, anatomy.walk) data-testid="anatomy-walk"
            on:keydown=key on:pointerdown=down on:pointerup=up on:pointercancel=move |_| from.set_value(None)>
            <Chain traced />
            <div class="anatomy-head">
                <button type="button" data-testid="anatomy-back" prop:disabled=move || place.get().0 == 0
                    on:click=move |_| traced.go(-1)>"← "{say!(page, anatomy.back)}</button>
                <div>
                    <span class="help number" data-testid="anatomy-place">{number}</span>
                    <h3 data-testid="anatomy-stage">{title}</h3>
                </div>
                <button type="button" class="go" data-testid="anatomy-next"
                    prop:disabled=move || { let (place, count) = place.get(); place + 1 >= count }
                    on:click=move |_| traced.go(1)>{say!(page, anatomy.next)}" →"</button>
            </div>
            <p class="found" role="status" data-testid="anatomy-caption">{said}</p>
            <Follow traced />
            <Show when=move || !lines.with(Vec::is_empty)>
                <ul class="anatomy-formulas number" role="list" aria-label=say!(page, anatomy.formula) data-testid="anatomy-formulas">{each}</ul>
            </Show>
            <div data-export="" class="anatomy-figures">
                <Figure sheet holder />
                <Numbers traced />
                <Export file="anatomy" name=Signal::derive(move || title().to_owned()) draw numbers />
            </div>
        </div>
    }
}

/// Whether an event comes from within an element that a selector finds.
fn within(target: Option<web_sys::EventTarget>, selector: &str) -> bool {
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest(selector).ok().flatten().is_some())
}

/// Where the stage is in the whole; each can be chosen.
#[component]
fn Chain(
    /// The anatomy.
    traced: Traced,
) -> impl IntoView {
    let page = traced.page;
    let (holder, width) = measured_width();
    let drawn = Memo::new(move |_| figure::chain(traced.locale(), &traced.stages(), traced.stage(), width.get()));
    // Places for a hand and for the keyboard above what is drawn.
    let places = Memo::new(move |_| ChainFigure::new(&traced.stages(), &drawn.with(|plot| plot.frame)).marks);
    let place = move |StageMark { stage, number, at: (x, y) }: StageMark| {
        let now = move || traced.stage() == stage;
        let name = move || {
            let locale = traced.locale();
            td_string!(locale, anatomy.choose, number, title = told::title(locale, stage))
        };
        let choose = move || page.trace.stage.set(stage);
        let key = move |event: ev::KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                choose();
            }
        };
        view! {
            <g class="stage-place" role="button" tabindex="0" data-testid="anatomy-mark" data-number=number
                aria-label=name aria-pressed=move || now().to_string() on:click=move |_| choose() on:keydown=key>
                <circle class="reach" cx=x cy=y r=ChainFigure::RADIUS />
            </g>
        }
    };
    view! {
        <div class="figure anatomy-chain" node_ref=holder>
            <svg viewBox=move || drawn.with(|plot| plot.frame.view_box()) role="group" aria-label=say!(page, anatomy.chain) data-testid="anatomy-chain">
                <g aria-hidden="true" inner_html=move || drawn.with(Plot::markup)></g>
                {move || places.get().into_iter().map(place).collect_view()}
            </svg>
        </div>
    }
}

/// What the stage on show is about, below the diagram.
#[component]
fn Figure(
    /// The whole figure, the diagram first.
    sheet: Memo<Option<Sheet>>,
    /// The place whose width it is drawn for.
    holder: NodeRef<html::Div>,
) -> impl IntoView {
    // Another kind of figure is another element; of one kind the element stays.
    let part = Memo::new(move |_| {
        sheet.with(|sheet| sheet.as_ref().and_then(|sheet| sheet.plots.get(1)).map(|plot| plot.name.clone()))
    });
    let plot = move || part.get().map(|part| view! { <Plotted sheet place=1 part /> });
    view! { <div class="figure" node_ref=holder>{plot}</div> <Legend sheet /> }
}

/// Which number is followed.
#[component]
fn Follow(
    /// The anatomy.
    traced: Traced,
) -> impl IntoView {
    let page = traced.page;
    let names = Memo::new(move |_| {
        let stage = traced.stage();
        let names = |anatomy: &Opened| {
            let said = anatomy.followed.iter().filter(|one| one.says(stage));
            said.map(|one| one.name.clone()).collect::<Vec<_>>()
        };
        traced.known(names).unwrap_or_default()
    });
    let now = Memo::new(move |_| traced.here(|_, _, _, one| one.map(|one| one.name.clone())).flatten());
    let choose = move |event| page.trace.followed.set(Some(event_target_value(&event)));
    let option = move |name: String| {
        let (value, is_now) = (name.clone(), name.clone());
        view! { <option value=value prop:selected=move || now.get().as_deref() == Some(is_now.as_str())>{name}</option> }
    };
    view! {
        <Show when=move || now.get().is_some()>
            <div class="anatomy-follow">
                <label for="anatomy-follow">{say!(page, anatomy.follow)}</label>
                <select id="anatomy-follow" data-testid="anatomy-follow" on:change=choose>
                    {move || names.get().into_iter().map(option).collect_view()}
                </select>
            </div>
        </Show>
    }
}
