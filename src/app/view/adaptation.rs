//! The panel in the middle: how the network adapts to the task on show.

use leptos::prelude::*;

use super::{
    characters::Characters,
    figure::Figure,
    legend::{Legend, PointButtons},
    steps::{Scrubber, StepTable, Strip, play_steps},
};
use crate::app::{
    browser, language::say, noticing::Noticing, playground::Playground, shown::Shown, shown_task::ShownTask, words,
};

/// The panel of adaptation.
#[component]
pub fn Adaptation() -> impl IntoView {
    let page = expect_context::<Playground>();
    let classifies = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family.classifies()));
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
            {move || {
                if classifies.get() { view! { <Characters /> }.into_any() } else { view! { <Regression /> }.into_any() }
            }}
        </section>
    }
}

/// A function of one input.
#[component]
fn Regression() -> impl IntoView {
    let page = expect_context::<Playground>();
    let task = Memo::new(move |_| page.experiment.with(ShownTask::of));
    let noticing = Memo::new(move |_| {
        let step = page.inner_step() as usize;
        let learner = page.experiment.with(|experiment| experiment.learner.kind);
        page.shown.with(|shown| {
            let trajectory = shown.as_ref().and_then(|shown| Some((shown.meta_step, Shown::regression(shown)?)));
            trajectory
                .map_or(Noticing::Nothing, |(meta_step, trajectory)| Noticing::of(trajectory, step, meta_step, learner))
        })
    });
    let family = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family));
    let learner = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind));
    view! {
        <p class="say">{move || words::noticing(page.language.get(), &noticing.get(), family.get(), learner.get())}</p>
        <Figure task />
        <Legend />
        <Scrubber />
        <Strip />
        <PointButtons task />
        <StepTable />
    }
}
