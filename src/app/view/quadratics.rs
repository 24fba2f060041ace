//! Tasks that are quadratics: pictures of eight, and the panel in the middle for the one on show.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    adaptation::noticing,
    race::Race,
    steps::{Scrubber, StepTable, Strip},
    tasks::{PICTURED, THUMB},
};
use crate::{
    app::{language::say, playground::Playground, words},
    chart::MatrixPicture,
    task::{Purpose, Quadratic, quadratic},
};

/// Eight quadratics as buttons that put them on show.
#[component]
pub fn Matrices() -> impl IntoView {
    let page = expect_context::<Playground>();
    let shown = Memo::new(move |_| page.experiment.with(|experiment| experiment.view.task));
    let first = Memo::new(move |_| shown.get() / PICTURED * PICTURED);
    let seed = Memo::new(move |_| page.experiment.with(|experiment| experiment.seed));
    let pictures = Memo::new(move |_| {
        let picture = |index: u32| {
            let Quadratic { matrix, target } = quadratic(seed.get(), Purpose::Show, u64::from(index));
            MatrixPicture::new(&matrix, &target, &THUMB)
        };
        (first.get()..first.get().saturating_add(PICTURED)).map(picture).collect::<Vec<_>>()
    });
    let thumb = move |place: u32| {
        let index = move || first.get().saturating_add(place);
        let show = move |_| page.show_sampled(first.get_untracked().saturating_add(place));
        let squares = move |pick: fn(&MatrixPicture) -> &String| {
            pictures
                .with(|pictures| pictures.get(place as usize).map(|picture| pick(picture).clone()).unwrap_or_default())
        };
        view! {
            <li>
                <button type="button" class="thumb matrix" on:click=show
                    aria-pressed=move || (shown.get() == index()).to_string()
                    aria-label=move || td_string!(page.language.get(), task.numbered, number = index() + 1)>
                    <svg viewBox=THUMB.view_box() aria-hidden="true" focusable="false">
                        <path class="positive" d=move || squares(|picture| &picture.positive) />
                        <path d=move || squares(|picture| &picture.negative) />
                    </svg>
                </button>
            </li>
        }
    };
    view! {
        <ul class="thumbs" role="list" aria-label=say!(page, task.samples)>{(0..PICTURED).map(thumb).collect_view()}</ul>
        <p class="help">{say!(page, task.matrix_help)}</p>
    }
}

/// How far down the quadratic on show every optimiser gets.
#[component]
pub fn Descent() -> impl IntoView {
    let page = expect_context::<Playground>();
    let noticing = Memo::new(move |_| noticing(page));
    let learner = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind));
    view! {
        <p class="say">{move || words::quadratic_noticing(page.language.get(), &noticing.get(), learner.get())}</p>
        <Race />
        <Scrubber />
        <Strip />
        <StepTable />
    }
}
