//! The table of the search: every setting in numbers, from the best to the worst.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::search::Sought;
use crate::{
    app::{format, language::say, search_words as told},
    experiment::{Searched, Setting, Trial},
};

/// Every setting that was tried.
#[component]
pub fn Trials(
    /// The search.
    sought: Sought,
) -> impl IntoView {
    let page = sought.page;
    let ranked = move || {
        let cloned = |searched: &Searched| searched.ranked().into_iter().cloned().collect::<Vec<Trial>>();
        sought.tried(cloned).unwrap_or_default()
    };
    // Only what is searched has a column.
    let axes = Memo::new(move |_| sought.axes());
    let own = Memo::new(move |_| page.experiment.with(Setting::of));
    let row = move |(place, trial): (usize, Trial)| {
        let locale = sought.locale();
        let (number, setting) = (trial.number, trial.setting);
        let result = match (&trial.judged, trial.diverged) {
            (_, Some(at)) => {
                let told = td_string!(locale, search.diverged, at);
                view! { <span class="ran-off">{told}</span> }.into_any()
            }
            (Some(judged), None) => view! { <span>{told::judged(judged)}</span> }.into_any(),
            (None, None) => view! { <span>"–"</span> }.into_any(),
        };
        let name = match number {
            0 => td_string!(locale, search.own).to_owned(),
            number => number.to_string(),
        };
        let label = td_string!(locale, search.use_label, name = name.clone());
        let inner = format::setting(setting.inner_lr);
        let outer = format::setting(setting.outer_lr);
        view! {
            <tr data-testid="search-row" data-number=number data-rungs=trial.rungs class:first=place == 0>
                <th scope="row">{name}</th>
                {axes.get().inner_lr.then(|| view! { <td>{inner}</td> })}
                {axes.get().inner_steps.then(|| view! { <td>{setting.inner_steps}</td> })}
                {axes.get().outer_lr.then(|| view! { <td>{outer}</td> })}
                <td>{trial.meta_steps}</td>
                <td>{result}</td>
                <td>
                    <button type="button" class="small" data-testid="search-use" aria-label=label
                        prop:disabled=move || own.get() == setting on:click=move |_| page.use_candidate(number)>
                        {td_string!(locale, search.use_setting)}
                    </button>
                </td>
            </tr>
        }
    };
    let result = move || {
        let locale = sought.locale();
        let (tasks, steps) = sought.tried(|searched| (searched.tasks, searched.steps)).unwrap_or_default();
        match page.experiment.with(|experiment| experiment.task.family.classifies()) {
            true => td_string!(locale, search.column_accuracy, tasks, steps),
            false => td_string!(locale, search.column_loss, tasks, steps),
        }
    };
    view! {
        <div class="scroll search-scroll" tabindex="0" role="region" aria-label=say!(page, search.table)>
            <table class="evaluate-table" data-testid="search-table">
                <thead><tr>
                    <th scope="col">{say!(page, search.candidate)}</th>
                    {move || axes.get().inner_lr.then(|| view! { <th scope="col">{say!(page, search.axis_inner_lr)}</th> })}
                    {move || axes.get().inner_steps.then(|| view! { <th scope="col">{say!(page, search.axis_inner_steps)}</th> })}
                    {move || axes.get().outer_lr.then(|| view! { <th scope="col">{say!(page, search.axis_outer_lr)}</th> })}
                    <th scope="col">{say!(page, search.meta_steps)}</th>
                    <th scope="col">{result}</th>
                    <th scope="col"><span class="unseen">{say!(page, search.use_setting)}</span></th>
                </tr></thead>
                <tbody>{move || ranked().into_iter().enumerate().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
