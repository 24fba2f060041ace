//! The panel of layers: what changed, features or head?

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{head::Head, layers_courses::Courses, layers_maps::Maps, layers_scene::SceneParts, look::Look, show::Show};
use crate::{
    app::{
        job::LongWork as _,
        language::{Locale, say},
        layer_words as told,
        layers::Inside,
        playground::Playground,
    },
    experiment::{Layers as Seen, Tab},
};

/// What the parts of the panel share.
pub type Within = Look<Inside>;

impl Within {
    /// Something of what is known, if there is something.
    pub fn known<T>(self, look: impl FnOnce(&Seen) -> T) -> Option<T> {
        self.with(|all| all.layers().map(look))
    }

    /// Where the inner step on show stands among those that are told of.
    pub fn place(self) -> usize {
        let step = self.page.inner_step();
        self.known(|layers| layers.place(step)).unwrap_or(0)
    }

    /// A sentence about what is known, in the language on show.
    pub fn say(self, sentence: impl FnOnce(Locale, &Seen) -> Option<String>) -> Option<String> {
        let locale = self.locale();
        self.known(|layers| sentence(locale, layers)).flatten()
    }
}

/// The panel.
#[component]
pub fn Layers() -> impl IntoView {
    let page = expect_context::<Playground>();
    let within = Within::new(|jobs| &jobs.layers);
    let possible = Memo::new(move |_| page.experiment.with(|experiment| experiment.opaque().is_none()));
    let moves = Memo::new(move |_| page.experiment.with(|experiment| experiment.moves_layers()));
    let courses = Memo::new(move |_| within.known(|layers| !layers.layers.is_empty()) == Some(true));
    let scene = Memo::new(move |_| within.known(|layers| layers.scene.is_some()) == Some(true));
    let maps = Memo::new(move |_| within.known(|layers| !layers.filters.is_empty()) == Some(true));
    // Another task on show is looked into as well, once anything is.
    Effect::new(move |_| {
        page.experiment.with(|experiment| (experiment.view.task, experiment.view.points.clone()));
        page.sketch.track();
        page.desk.track();
        page.dissect_soon();
    });
    let help = move || match moves.get() {
        true => td_string!(page.language.get(), layers.help),
        false => td_string!(page.language.get(), layers.help_still),
    };
    let busy = within.is_busy();
    // While means still move, a sentence about them would be read aloud again and again.
    let said = move || {
        let over = !busy.get();
        within.say(|locale, layers| told::caption(locale, layers, true)).filter(|_| over)
    };
    view! {
        <section class="panel layers" aria-labelledby="layers-title" data-testid="layers">
            <h2 id="layers-title">{say!(page, layers.title)}</h2>
            <Show when=move || possible.get() fallback=move || view! {
                <p class="help" data-testid="layers-none">{say!(page, layers.none)}</p>
            }>
                <p class="help">{help}</p>
                <Controls within />
                <p class="found" role="status" data-testid="layers-caption">{said}</p>
                <p class="help number">{move || within.say(|locale, layers| Some(told::of(locale, layers)))}</p>
                <Show when=move || courses.get()><Courses within /></Show>
                <Show when=move || scene.get()><SceneParts within /></Show>
                <Show when=move || maps.get()><Maps within /></Show>
            </Show>
        </section>
    }
}

/// Start, cancel, and how far it is.
#[component]
fn Controls(
    /// What is known.
    within: Within,
) -> impl IntoView {
    let page = within.page;
    let running = within.is_busy();
    let progress = move || {
        within.with(|all| all.progress()).map(|(done, total)| match total {
            0 => td_string!(within.locale(), layers.begins).to_owned(),
            total => td_string!(within.locale(), layers.progress, done, total),
        })
    };
    view! {
        <Head tab=Tab::Layers running start=say!(page, layers.start) begin=Playground::dissect
            stop=say!(page, layers.cancel) progress=Signal::derive(progress) />
    }
}
