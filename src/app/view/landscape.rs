//! The panel of the landscape: where did the parameters go, and what does the loss look like around here?

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{head::Head, landscape_paths::Paths, landscape_surface::Around, look::Look, show::Show};
use crate::{
    app::{
        job::LongWork as _,
        landscape_words as told,
        landscapes::{Known, Landscapes},
        language::say,
        playground::Playground,
    },
    experiment::{Landscape as Weights, PlaneKind, Tab},
};

/// What the parts of the panel share.
pub type Drawn = Look<Known>;

impl Drawn {
    /// Something of the landscape, if there is one.
    pub fn known<T>(self, look: impl FnOnce(&Weights) -> T) -> Option<T> {
        self.with(|landscapes| landscapes.landscape().filter(|_| !landscapes.found_nothing()).map(look))
    }

    /// Writes its numbers for a file.
    pub fn numbers(self, write: fn(&Weights) -> String) -> Callback<(), String> {
        Callback::new(move |()| untrack(move || self.known(write)).unwrap_or_default())
    }

    /// Which of a path's points is that of the inner step on show.
    pub fn step(self) -> usize {
        let step = self.page.inner_step();
        self.known(|landscape| landscape.steps.partition_point(|kept| *kept <= step).saturating_sub(1)).unwrap_or(0)
    }
}

/// The panel.
#[component]
pub fn Landscape() -> impl IntoView {
    let page = expect_context::<Playground>();
    let drawn = Drawn::new(|jobs| &jobs.landscapes);
    let possible = Memo::new(move |_| page.experiment.with(|experiment| experiment.unmapped().is_none()));
    let some = Memo::new(move |_| drawn.known(|_| ()).is_some());
    let surface = Memo::new(move |_| drawn.known(|landscape| landscape.surface.is_some()) == Some(true));
    // Another task on show has a landscape of its own, once there is any.
    let running = drawn.is_busy();
    let task =
        Memo::new(move |_| page.experiment.with(|experiment| (experiment.view.task, experiment.view.points.clone())));
    Effect::new(move |_| {
        task.track();
        page.sketch.track();
        page.desk.track();
        running.get();
        page.map_soon();
    });
    let said = move || {
        let locale = drawn.locale();
        match drawn.with(Landscapes::found_nothing) {
            true => Some(td_string!(locale, landscape.nothing).to_owned()),
            false => drawn.known(|landscape| told::caption(locale, landscape)),
        }
    };
    let of = move || {
        drawn.known(|landscape| {
            let locale = drawn.locale();
            let of = td_string!(locale, landscape.of, steps = landscape.meta_step, tasks = landscape.paths.len());
            let lost = match landscape.diverged {
                0 => String::new(),
                tasks => td_string!(locale, landscape.diverged, tasks),
            };
            format!("{of} {lost}")
        })
    };
    view! {
        <section class="panel landscape" aria-labelledby="landscape-title" data-testid="landscape">
            <h2 id="landscape-title">{say!(page, landscape.title)}</h2>
            <Show when=move || possible.get() fallback=move || view! {
                <p class="help" data-testid="landscape-none">{say!(page, landscape.none)}</p>
            }>
                <p class="help">{say!(page, landscape.help)}</p>
                <Controls drawn />
                <p class="found" role="status" data-testid="landscape-caption">{said}</p>
                <p class="help number">{of}</p>
                <div class="landscape-figures">
                    <Show when=move || some.get()><Paths drawn /></Show>
                    <Show when=move || surface.get()><Around drawn /></Show>
                </div>
            </Show>
        </section>
    }
}

/// Which plane, start, cancel, and how far it is.
#[component]
fn Controls(
    /// The landscape.
    drawn: Drawn,
) -> impl IntoView {
    let page = drawn.page;
    let running = drawn.is_busy();
    let progress = move || {
        drawn.with(|all| all.progress()).map(|(done, total)| match total {
            0 => td_string!(drawn.locale(), landscape.begins).to_owned(),
            total => td_string!(drawn.locale(), landscape.progress, done, total),
        })
    };
    let choose = move |event| page.choose_plane(&event_target_value(&event));
    view! {
        <Head tab=Tab::Landscape running start=say!(page, landscape.start) begin=Playground::map
            stop=say!(page, landscape.cancel) progress=Signal::derive(progress)>
            <label for="landscape-plane">{say!(page, landscape.plane)}</label>
            <select id="landscape-plane" data-testid="landscape-plane" on:change=choose>
                <option value="paths" prop:selected=move || page.plane.get() == PlaneKind::Paths>{say!(page, landscape.plane_paths)}</option>
                <option value="random" prop:selected=move || page.plane.get() == PlaneKind::Random>{say!(page, landscape.plane_random)}</option>
            </select>
        </Head>
    }
}
