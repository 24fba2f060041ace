//! The race of optimisers: the loss of the learner after every step, beside gradient descent and Adam.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    control::Knob,
    export::Export,
    pictured::{Draw, Pictured},
};
use crate::{
    app::{csv, language::say, playground::Playground, shown::Shown, track::Track},
    figure,
};

/// The figure, what its lines are and how far they are, and the rivals' rates.
#[component]
pub fn Race() -> impl IntoView {
    let page = expect_context::<Playground>();
    let draw = Draw::new(move |width| {
        let learner = page.experiment.with(|experiment| experiment.learner.kind);
        let (locale, step) = (page.language.get(), page.inner_step() as usize);
        page.shown.with(|shown| {
            let trajectory = shown.as_ref().and_then(Shown::regression)?;
            Some(figure::race(locale, trajectory, learner, step, width))
        })
    });
    let numbers =
        Callback::new(move |()| page.shown.with_untracked(|shown| shown.as_ref().map(csv::steps)).unwrap_or_default());
    view! {
        <div data-export="">
            <div data-testid="race"><Pictured draw part="race-figure" captioned=true /></div>
            <Export file="race" name=Signal::derive(move || td_string!(page.language.get(), race.label).to_owned()) draw numbers />
        </div>
        <div class="race-rates">
            <Knob path="learner.sgd_lr" label=|locale| td_string!(locale, race.sgd_lr) track=Track::decades(-4, 0, &[0.0]) />
            <Knob path="learner.adam_lr" label=|locale| td_string!(locale, race.adam_lr) track=Track::decades(-4, 0, &[0.0]) />
        </div>
        <p class="help">{say!(page, race.help)}</p>
    }
}
