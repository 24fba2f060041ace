//! What is taken for what: a table whose numbers show their drawings.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    characters::Stage,
    ink::{Chip, Ink},
    page::is_wide,
    show::Show,
};
use crate::app::{classified::Confusion, language::say, playground::Playground};

/// The confusion of classes at the inner step on show.
#[component]
pub fn ConfusionTable(
    /// The task on show.
    stage: Stage,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let confusion =
        Memo::new(move |_| stage.with(|_, task| Some(Confusion::new(task, stage.step.get()))).unwrap_or_default());
    let some = Memo::new(move |_| !confusion.with(Confusion::is_empty));
    let open = RwSignal::new(None::<(usize, usize)>);
    let count = move |truth: usize, predicted: usize| confusion.with(|all| all.cell(truth, predicted).len());
    let cell = move |truth: usize, predicted: usize| {
        let many = Memo::new(move |_| count(truth, predicted));
        let name = move || {
            let (truth, predicted) = (stage.letter(truth), stage.letter(predicted));
            td_string!(page.language.get(), characters.confusion_cell, count = many.get(), truth, predicted)
        };
        let press = move |_| {
            open.update(|open| *open = (*open != Some((truth, predicted))).then_some((truth, predicted)));
        };
        view! {
            <td class:right=truth == predicted>
                <Show when=move || { many.get() > 0 } fallback=|| view! { <span class="none">"·"</span> }>
                    <button type="button" class="cell" aria-label=name on:click=press
                        aria-pressed=move || (open.get() == Some((truth, predicted))).to_string()>
                        {move || many.get()}
                    </button>
                </Show>
            </td>
        }
    };
    let classes = Memo::new(move |_| stage.classes());
    let chip = move |class: usize| view! { <Chip class=Signal::derive(move || stage.class(class)) /> };
    let row = move |truth: usize| {
        view! {
            <tr>
                <th scope="row">{chip(truth)}</th>
                <For each=move || 0..classes.get() key=|class| *class children=move |predicted| cell(truth, predicted) />
            </tr>
        }
    };
    let drawings = Memo::new(move |_| {
        let open = open.get();
        open.map(|(truth, predicted)| confusion.with(|all| all.cell(truth, predicted).to_vec())).unwrap_or_default()
    });
    let title = move || {
        let (truth, predicted) = open.get()?;
        let (truth, predicted) = (stage.letter(truth), stage.letter(predicted));
        Some(td_string!(page.language.get(), characters.confusion_cell_title, truth, predicted))
    };
    let one = move |place: usize| {
        let picture = Signal::derive(move || stage.pictures.with(|all| all.get(place).cloned().unwrap_or_default()));
        let name = move || td_string!(page.language.get(), characters.query_unknown, number = place + 1);
        view! { <li><Ink picture name=Signal::derive(name) /></li> }
    };
    view! {
        <Show when=move || some.get()>
            <details class="fold" open=is_wide()>
                <summary>{say!(page, characters.confusion)}</summary>
                <p class="help">{say!(page, characters.confusion_help)}</p>
                <div class="confusion-body">
                <div class="scroll-across" tabindex="0" role="region" aria-label=say!(page, characters.confusion)>
                    <table class="confusion" data-testid="confusion">
                        <thead><tr>
                            <th scope="col" class="corner">{say!(page, characters.confusion_corner)}</th>
                            <For each=move || 0..classes.get() key=|class| *class
                                children=move |class| view! { <th scope="col">{chip(class)}</th> } />
                        </tr></thead>
                        <tbody><For each=move || 0..classes.get() key=|class| *class children=row /></tbody>
                    </table>
                </div>
                <div class="cell-drawings" data-testid="confusion-drawings" role="status">
                    <p class="help">{title}</p>
                    <ul role="list"><For each=move || drawings.get() key=|place| *place children=one /></ul>
                </div>
                </div>
            </details>
        </Show>
    }
}
