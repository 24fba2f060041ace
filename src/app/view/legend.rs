//! Beside the adaptation figure: what its lines and marks mean, and buttons for what a hand does in it.

use leptos::prelude::*;

use super::{figure::one_by_one, show::Show};
use crate::{
    app::{
        browser,
        language::say,
        playground::Playground,
        points::{self, Area},
        shown_task::ShownTask,
    },
    experiment::Point,
};

/// What the lines and marks of the figure mean.
#[component]
pub fn Legend() -> impl IntoView {
    let page = expect_context::<Playground>();
    // The one learner that says how sure it is, and that sees one point after another.
    let process = Memo::new(move |_| one_by_one(page));
    view! {
        <ul class="legend" role="list">
            <li><svg viewBox="0 0 28 12" aria-hidden="true"><path class="truth" d="M1,6H27" /></svg>{say!(page, figure.truth)}</li>
            <li><svg viewBox="0 0 28 12" aria-hidden="true"><path class="prediction now" d="M1,6H27" /></svg>{say!(page, figure.prediction)}</li>
            <li><svg viewBox="0 0 28 12" aria-hidden="true"><path class="prediction" style:opacity="0.45" d="M1,6H27" /></svg>{say!(page, figure.earlier)}</li>
            <Show when=move || process.get()>
                <li><svg viewBox="0 0 28 12" aria-hidden="true"><path class="band after" d="M1,1H27V11H1Z" /></svg>{say!(page, figure.band)}</li>
            </Show>
            <li><svg viewBox="0 0 12 12" class="mark" aria-hidden="true"><circle class="dot" cx="6" cy="6" r="4.5" /></svg>{say!(page, figure.support)}</li>
            <Show when=move || process.get()>
                <li><svg viewBox="0 0 12 12" class="mark ahead" aria-hidden="true"><circle class="dot" cx="6" cy="6" r="4.5" /></svg>{say!(page, figure.ahead)}</li>
            </Show>
            <li><svg viewBox="0 0 12 12" class="mark" aria-hidden="true"><path class="query" d="M6,2l4,4l-4,4l-4,-4z" /></svg>{say!(page, figure.query)}</li>
        </ul>
    }
}

/// Buttons for what a hand does in the figure, and its help.
#[component]
pub fn PointButtons(
    /// The task on show.
    task: Memo<ShownTask>,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let own = Memo::new(move |_| page.experiment.with(|experiment| experiment.view.points.is_empty()));
    let full = Memo::new(move |_| task.with(|task| task.support.len() >= points::MOST));
    let add = move |_| {
        let points = task.with_untracked(|task| {
            let area = Area { x: (task.x.0 as f32, task.x.1 as f32), y: (f32::MIN, f32::MAX) };
            let x = points::gap(&task.support, &area);
            let y = task.value(x);
            points::with(&task.support, Point { x, y }, &area)
        });
        let last = points.len() - 1;
        page.edit(|experiment| experiment.view.points = points);
        browser::next_frame(move || browser::focus(&format!("[data-point=\"{last}\"]")));
    };
    view! {
        <div class="buttons">
            <button type="button" prop:disabled=move || full.get() on:click=add>{say!(page, figure.add)}</button>
            <button type="button" prop:disabled=move || own.get()
                on:click=move |_| page.edit(|experiment| experiment.view.points.clear())>
                {say!(page, figure.own)}
            </button>
            <p class="help" id="figure-help">{say!(page, figure.help)}</p>
        </div>
    }
}
