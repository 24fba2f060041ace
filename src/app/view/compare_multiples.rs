//! The task on show as every contestant sees it, at the inner step of the scrubber: small figures on the same axes.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{compare::Beside, compare_figure::sign, ink::Ink};
use crate::{
    app::{
        classified::{letter, verdict},
        compare_words as told,
        language::say,
    },
    chart::{Frame, Plane, data_url, window},
    experiment::{Adaptation, CharacterTrajectory, Compared, Entrant, Family, Trajectory},
    words::captions,
};

/// Every small figure is laid out alike, and scaled to its column.
const FRAME: Frame = Frame { width: 220.0, height: 140.0, left: 6.0, right: 6.0, top: 6.0, bottom: 6.0 };

/// Most query drawings of one contestant: the first ones, the same of each.
const MOST_DRAWINGS: usize = 30;

/// The axes of all, from the task itself: predictions do not move them.
fn plane(found: &Compared) -> Option<Plane> {
    let trajectory = found.entrants.iter().find_map(|one| match one.shown.as_ref()? {
        Adaptation::Regression(trajectory) => Some(trajectory),
        Adaptation::Characters(_) => None,
    })?;
    let ends = (f64::from(*trajectory.grid.first()?), f64::from(*trajectory.grid.last()?));
    let points = trajectory.support.iter().chain(&trajectory.query).map(|point| point.y);
    Some(Plane::new(&FRAME, ends, window(trajectory.truth.iter().copied().chain(points))))
}

/// The small figures.
#[component]
pub fn Multiples(
    /// The comparison.
    beside: Beside,
) -> impl IntoView {
    let page = beside.page;
    let step = Memo::new(move |_| page.inner_step() as usize);
    let jumps = Memo::new(move |_| page.experiment.with(|experiment| experiment.task.family == Family::Step));
    let all = move || {
        let (locale, step, jumps) = (beside.locale(), step.get(), jumps.get());
        beside.found(|found| {
            let plane = plane(found);
            let one = |(number, one): (usize, &Entrant)| {
                let name = told::entrant(locale, one);
                let told = match (one.diverged, &one.shown) {
                    (Some(at), _) => Some(td_string!(locale, compare.diverged, at)),
                    (None, Some(shown)) => told::reading(locale, shown, step),
                    (None, None) => None,
                };
                let label = td_string!(locale, compare.multiple_label, name = name.clone(), step);
                let drawn = match &one.shown {
                    Some(Adaptation::Regression(trajectory)) => {
                        plane.map(|plane| fit(&plane, trajectory, step, jumps, number, label).into_any())
                    }
                    Some(Adaptation::Characters(trajectory)) => Some(taken(beside, trajectory, step).into_any()),
                    None => None,
                };
                view! {
                    <figure data-testid="compare-multiple" data-contestant=one.contestant.name().to_owned()>
                        <figcaption>{sign(number)}<b>{name}</b><span class="number">{told}</span></figcaption>
                        {drawn}
                    </figure>
                }
            };
            found.entrants.iter().enumerate().map(one).collect_view()
        })
    };
    let caption = move || beside.found(|found| captions::multiples(beside.locale(), found, step.get())).flatten();
    view! {
        <h3>{say!(page, compare.multiples)}</h3>
        <div class="multiples">{all}</div>
        <p class="caption" data-testid="compare-multiples-caption">{caption}</p>
    }
}

/// Truth, support points and prediction of a regression.
fn fit(
    plane: &Plane,
    trajectory: &Trajectory,
    step: usize,
    jumps: bool,
    number: usize,
    label: String,
) -> impl IntoView + use<> {
    let state = trajectory.steps.get(step).or(trajectory.steps.last());
    let prediction = state.map(|state| plane.line(&trajectory.grid, &state.prediction)).unwrap_or_default();
    let points = trajectory.support.iter().map(|point| plane.place(point.x, point.y));
    let points = points.map(|(x, y)| view! { <circle class="dot" cx=x cy=y r="3.5" /> }).collect_view();
    view! {
        <svg class="plot" viewBox=FRAME.view_box() role="img" aria-label=label>
            <path class="truth" d=plane.truth(&trajectory.grid, &trajectory.truth, jumps) />
            <path class=format!("fit c{number}") d=prediction />
            {points}
        </svg>
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
