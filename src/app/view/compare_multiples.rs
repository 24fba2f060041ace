//! The task on show as every contestant sees it, at the inner step of the scrubber: small figures on the same axes.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    compare::Beside,
    compare_figure::sign,
    export::Export,
    ink::Ink,
    page::measured_width,
    pictured::{Draw, Legend, Plotted},
    show::Show,
};
use crate::{
    app::{
        classified::{letter, verdict},
        compare_words as told, csv_compared,
        language::say,
    },
    chart::data_url,
    experiment::{Adaptation, CharacterTrajectory, Entrant},
    figure::{self, MOST_DRAWINGS},
    words::captions,
};

/// Least width of a column, and room between two, as `.multiples` in `www/styles.css` has them.
const COLUMN: f64 = 240.0;
const GAP: f64 = 12.0;

/// As wide as a column where there is so much room for all of so many.
fn column(room: f64, all: usize) -> f64 {
    let count = ((room + GAP) / (COLUMN + GAP)).floor().min(all as f64).max(1.0);
    (room + GAP) / count - GAP
}

/// The small figures. Drawings are shown as a list, which tells of each; functions as the figure that is taken along.
#[component]
pub fn Multiples(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let page = beside.page;
    let (holder, room) = measured_width();
    let step = Memo::new(move |_| page.inner_step() as usize);
    let family = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family));
    let draw = Draw::new(move |width| {
        let looked = (step.get(), family.get());
        beside.found(|found| figure::multiples(beside.locale(), found, looked, width)).flatten()
    });
    let count = Memo::new(move |_| beside.found(|found| found.entrants.len()).unwrap_or(1));
    let sheet = Memo::new(move |_| draw.run(column(room.get(), count.get())));
    let drawn = Memo::new(move |_| sheet.with(Option::is_some));
    let keyed = Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().is_some_and(|sheet| !sheet.legend.is_empty())));
    let all = move || {
        let (locale, step, drawn) = (beside.locale(), step.get(), drawn.get());
        beside.found(|found| {
            let listed = found.entrants.iter().any(|one| matches!(one.shown, Some(Adaptation::Characters(_))));
            let one = |(number, one): (usize, &Entrant)| {
                let picture = match &one.shown {
                    Some(Adaptation::Characters(trajectory)) => Some(taken(beside, trajectory, step).into_any()),
                    _ if drawn && !listed => Some(
                        view! { <div class="figure still"><Plotted sheet place=number part="multiple-figure" /></div> }
                            .into_any(),
                    ),
                    _ => None,
                };
                view! {
                    <figure data-testid="compare-multiple" data-contestant=one.contestant.name().to_owned()>
                        <figcaption>
                            {sign(number)}<b>{told::entrant(locale, one)}</b>
                            <span class="number">{told::standing(locale, one, step)}</span>
                        </figcaption>
                        {picture}
                    </figure>
                }
            };
            found.entrants.iter().enumerate().map(one).collect_view()
        })
    };
    let caption = move || beside.found(|found| captions::multiples(beside.locale(), found, step.get())).flatten();
    let title = move || td_string!(page.language.get(), compare.multiples).to_owned();
    let numbers = Callback::new(move |()| {
        let written = move || {
            let name = |one: &Entrant| told::entrant(beside.locale(), one);
            beside.found(|found| csv_compared::multiples(found, name)).unwrap_or_default()
        };
        untrack(written)
    });
    view! {
        <h3>{say!(page, compare.multiples)}</h3>
        <div class="multiples" node_ref=holder>{all}</div>
        <Show when=move || keyed.get()>
            <Legend sheet />
        </Show>
        <p class="caption" data-testid="compare-multiples-caption">{caption}</p>
        <Show when=move || drawn.get()>
            <Export file="compare-multiples" name=Signal::derive(title) draw numbers />
        </Show>
    }
}

/// Query drawings, each with the letter of the class that it is taken for.
fn taken(beside: Beside, trajectory: &CharacterTrajectory, step: usize) -> impl IntoView + use<> {
    let locale = beside.locale();
    let step = step.min(trajectory.steps.len().saturating_sub(1));
    let one = |(place, drawing): (usize, &crate::experiment::Drawing)| {
        let verdict = verdict(trajectory, step, place)?;
        let taken = verdict.predicted.map_or('–', letter);
        let wrong = verdict.is_right() == Some(false);
        let sign = match verdict.is_right() {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "",
        };
        let name = match verdict.truth {
            Some(truth) => td_string!(
                locale,
                compare.drawing,
                number = place + 1,
                truth = letter(truth).to_string(),
                letter = taken.to_string()
            ),
            None => td_string!(locale, compare.drawing_unknown, number = place + 1, letter = taken.to_string()),
        };
        let picture = data_url(&drawing.image);
        Some(view! {
            <li>
                <span class="taken-ink"><Ink picture=Signal::stored(picture) name=Signal::stored(name) /></span>
                <span aria-hidden="true" class:wrong=wrong>{taken}{sign}</span>
            </li>
        })
    };
    let all = trajectory.query.iter().enumerate().take(MOST_DRAWINGS).filter_map(one).collect_view();
    view! { <ul class="taken" role="list">{all}</ul> }
}
