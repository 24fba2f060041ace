//! The panel in the middle: how the network adapts to the task on show.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    characters::Characters,
    export::Export,
    figure::Figure,
    legend::{Legend, PointButtons},
    pictured::Draw,
    quadratics::Descent,
    race::Race,
    show::Show,
    steps::{Scrubber, StepTable, Strip, play_steps},
};
use crate::{
    app::{browser, csv, language::say, playground::Playground, shown::Shown, shown_task::ShownTask, words},
    experiment::Family,
    figure::{self, Looked},
    words::Noticing,
};

/// What a task is, of as many kinds as there are figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Function,
    Quadratic,
    Characters,
}

impl Kind {
    fn of(family: Family) -> Self {
        match family {
            Family::Characters => Self::Characters,
            Family::Quadratic => Self::Quadratic,
            _ => Self::Function,
        }
    }
}

/// What there is to notice about the trajectory on show at its inner step.
pub fn noticing(page: Playground) -> Noticing {
    let step = page.inner_step() as usize;
    let learner = page.experiment.with(|experiment| experiment.learner.kind);
    page.shown.with(|shown| {
        let trajectory = shown.as_ref().and_then(|shown| Some((shown.meta_step, Shown::regression(shown)?)));
        trajectory
            .map_or(Noticing::Nothing, |(meta_step, trajectory)| Noticing::of(trajectory, step, meta_step, learner))
    })
}

/// The panel of adaptation.
#[component]
pub fn Adaptation() -> impl IntoView {
    let page = expect_context::<Playground>();
    let kind = Memo::new(move |_| page.experiment.with(|experiment| Kind::of(experiment.task.family)));
    // The first picture of an experiment plays by itself once, for whoever does not ask for stillness.
    Effect::new(move |_| {
        let there = page.shown.with(Option::is_some);
        if there && page.introduce.get_value() {
            page.introduce.set_value(false);
            let first = page.experiment.with_untracked(|experiment| experiment.view.step == 0);
            if first && !browser::prefers_stillness() {
                play_steps(page);
            } else if first && untrack(move || page.is_drawing()) {
                // Whoever draws asks for an answer, not for a guess.
                page.playing.set(Some(untrack(move || page.last_step())));
            }
        }
    });
    view! {
        <section class="panel adaptation" aria-labelledby="adaptation-title">
            <h2 id="adaptation-title">{say!(page, figure.title)}</h2>
            {move || match kind.get() {
                Kind::Characters => view! { <Characters /> }.into_any(),
                Kind::Quadratic => view! { <Descent /> }.into_any(),
                Kind::Function => view! { <Regression /> }.into_any(),
            }}
        </section>
    }
}

/// What the figure draws in numbers: the task and every step's prediction on the grid, and the points.
fn predictions(page: Playground) -> Callback<(), String> {
    Callback::new(move |()| {
        let trajectory = |shown: &Option<Shown>| shown.as_ref().and_then(Shown::regression).map(csv::trajectory);
        page.shown.with_untracked(trajectory).unwrap_or_default()
    })
}

/// A function of one input.
#[component]
fn Regression() -> impl IntoView {
    let page = expect_context::<Playground>();
    let task = Memo::new(move |_| page.experiment.with(ShownTask::of));
    let noticing = Memo::new(move |_| noticing(page));
    let draw = Draw::new(move |width| {
        let step = page.inner_step() as usize;
        let (family, learner) = page.experiment.with(|experiment| (experiment.task.family, experiment.learner.kind));
        page.shown.with(|shown| {
            let shown = shown.as_ref()?;
            let looked = Looked { step, family, learner, meta_step: shown.meta_step };
            Some(figure::adaptation(page.language.get(), shown.regression()?, looked, width))
        })
    });
    let races = Memo::new(move |_| {
        page.experiment.with(|experiment| experiment.learner.kind.has_rivals(experiment.task.family))
    });
    let family = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family));
    let learner = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind));
    view! {
        <p class="say">{move || words::noticing(page.language.get(), &noticing.get(), family.get(), learner.get())}</p>
        <div data-export="">
            <Figure task />
            <Legend />
            <Export file="adaptation" name=Signal::derive(move || td_string!(page.language.get(), figure.label).to_owned()) draw numbers=predictions(page) />
        </div>
        <Scrubber />
        <Strip />
        <PointButtons task />
        <Show when=move || races.get()>
            <h3>{say!(page, race.title)}</h3>
            <Race />
        </Show>
        <StepTable />
    }
}
