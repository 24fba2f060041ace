//! The parts of the panel of diagnoses, one a question: a button, a sentence, a figure, a table.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    diagnose::Diagnosed,
    export::Export,
    pictured::{Draw, Pictured},
    show::Show,
};
use crate::{
    app::{
        csv,
        diagnoses::{Diagnoses, EVERY},
        diagnosis_words as told, format,
        language::say,
        words,
    },
    experiment::{Along, CostAt, Diagnosis, Directions, Outcome},
    figure,
};

/// Rows of a table of comparisons: enough for the shape of a curve, few enough to be read out.
const ROWS: usize = 24;

/// The meta-gradient beside finite differences.
#[component]
pub fn GradientPart(
    /// What was found.
    diagnosed: Diagnosed,
) -> impl IntoView {
    let page = diagnosed.page;
    let possible = diagnosed.possible(Diagnosis::Gradient);
    let ready = Memo::new(move |_| possible.get() && diagnosed.is_ready(Diagnosis::Gradient));
    let tried = Memo::new(move |_| diagnosed.with(|all| all.gradient().is_some_and(|check| !check.along.is_empty())));
    let verdict = move || {
        if !possible.get() {
            return Some(td_string!(diagnosed.locale(), diagnose.gradient_none).to_owned());
        }
        let learner = diagnosed.learner();
        let over = |all: &Diagnoses| !all.is_wanted(&Diagnosis::Gradient);
        let check = diagnosed.with(|all| all.gradient().filter(|_| over(all)).cloned());
        check.map(|check| told::verdict(diagnosed.locale(), &check, learner))
    };
    let method = move || diagnosed.with(|all| all.gradient().map(|check| told::method(diagnosed.locale(), check)));
    let row = move |along: Along| {
        let locale = diagnosed.locale();
        let (class, outcome) = match along.outcome {
            Outcome::Agrees => ("", format::power(along.error)),
            Outcome::Differs => {
                ("differs", format!("{} · {}", format::power(along.error), td_string!(locale, diagnose.differs)))
            }
            Outcome::Kink => ("left-out", td_string!(locale, diagnose.kink).to_owned()),
        };
        view! {
            <tr data-testid="gradient-row">
                <th scope="row">{told::towards(locale, &along.towards)}</th>
                <td>{format::slope(along.slope)}</td>
                <td>{format::slope(along.difference)}</td>
                <td class=class>{outcome}</td>
            </tr>
        }
    };
    let rows = move || {
        let along = diagnosed.with(|all| all.gradient().map(|check| check.along.clone()).unwrap_or_default());
        along.into_iter().map(row).collect_view()
    };
    view! {
        <div class="diagnose-part" data-testid="gradient-check">
            <h3>{say!(page, diagnose.gradient_title)}</h3>
            <p class="help">{say!(page, diagnose.gradient_help)}</p>
            <div class="evaluate-head">
                <button type="button" data-testid="gradient-start" prop:disabled=move || !ready.get()
                    on:click=move |_| page.diagnose(Diagnosis::Gradient)>
                    {say!(page, diagnose.gradient_start)}
                </button>
            </div>
            <p class="found" role="status" data-testid="gradient-verdict">{verdict}</p>
            <Show when=move || tried.get()>
                <p class="help">{method}</p>
                <div class="scroll-across" tabindex="0" role="region" aria-label=say!(page, diagnose.gradient_table)>
                    <table>
                        <thead><tr>
                            <th scope="col">{say!(page, diagnose.direction)}</th>
                            <th scope="col">{say!(page, diagnose.slope)}</th>
                            <th scope="col">{say!(page, diagnose.difference)}</th>
                            <th scope="col">{say!(page, diagnose.error)}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </Show>
        </div>
    }
}

/// First-order directions beside MAML's.
#[component]
pub fn DirectionPart(
    /// What was found.
    diagnosed: Diagnosed,
) -> impl IntoView {
    let page = diagnosed.page;
    let possible = diagnosed.possible(Diagnosis::Directions);
    let ready = Memo::new(move |_| possible.get() && diagnosed.is_ready(Diagnosis::Directions));
    let some = Memo::new(move |_| diagnosed.with(|all| !all.turns().is_empty()));
    let own = Memo::new(move |_| diagnosed.with(|all| all.turns().iter().any(|turns| turns.own.is_some())));
    let every = Memo::new(move |_| diagnosed.with(|all| all.every()));
    let learner = move || words::learner(diagnosed.locale(), diagnosed.learner());
    let said = move || {
        if !possible.get() {
            return Some(td_string!(diagnosed.locale(), diagnose.directions_none).to_owned());
        }
        let learner = diagnosed.learner();
        diagnosed.with(|all| all.turns().last().map(|last| told::directions(diagnosed.locale(), last, learner)))
    };
    let option = move |steps: u32| {
        let name = move || match steps {
            0 => td_string!(diagnosed.locale(), diagnose.every_never).to_owned(),
            steps => td_string!(diagnosed.locale(), diagnose.every_steps, steps),
        };
        view! { <option value=steps prop:selected=move || every.get() == steps>{name}</option> }
    };
    let draw = Draw::new(move |width| {
        let turns = diagnosed.with(|all| all.turns().to_vec());
        (!turns.is_empty()).then(|| figure::directions(diagnosed.locale(), &turns, diagnosed.learner(), width))
    });
    let row = move |turns: Directions| {
        let cell = |turn| view! { <td>{told::turn(diagnosed.locale(), turn)}</td> };
        view! {
            <tr data-testid="direction-row">
                <th scope="row">{turns.meta_step}</th>
                {cell(turns.fomaml)}
                {cell(turns.reptile)}
                {own.get().then(|| cell(turns.own))}
            </tr>
        }
    };
    let rows = move || {
        let turns = diagnosed.with(|all| all.turns().to_vec());
        let apart = turns.len().div_ceil(ROWS).max(1);
        turns.into_iter().rev().step_by(apart).map(row).collect_view()
    };
    let numbers = Callback::new(move |()| untrack(move || diagnosed.with(|all| csv::directions(all.turns()))));
    view! {
        <div class="diagnose-part" data-testid="direction-angle">
            <h3>{say!(page, diagnose.directions_title)}</h3>
            <p class="help">{say!(page, diagnose.directions_help)}</p>
            <div class="evaluate-head">
                <button type="button" data-testid="direction-start" prop:disabled=move || !ready.get()
                    on:click=move |_| page.diagnose(Diagnosis::Directions)>
                    {say!(page, diagnose.directions_start)}
                </button>
                <label for="direction-every">{say!(page, diagnose.every)}</label>
                <select id="direction-every" data-testid="direction-every" prop:disabled=move || !possible.get()
                    on:change=move |event| page.watch_directions(&event_target_value(&event))>
                    {EVERY.map(option)}
                </select>
            </div>
            // A sentence that changes with every comparison is not to be read out each time.
            <p class="found" role=move || (every.get() == 0).then_some("status") data-testid="direction-summary">{said}</p>
            <Show when=move || some.get()>
                <div data-export="">
                    <Pictured draw part="direction-figure" />
                    <div class="scroll-across" tabindex="0" role="region" aria-label=say!(page, diagnose.directions_table)>
                        <table>
                            <thead><tr>
                                <th scope="col">{say!(page, diagnose.meta_step)}</th>
                                <th scope="col">{say!(page, diagnose.fomaml)}</th>
                                <th scope="col">{say!(page, diagnose.reptile)}</th>
                                <Show when=move || own.get()><th scope="col">{learner}</th></Show>
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    <Export file="directions" name=Signal::derive(move || td_string!(diagnosed.locale(), diagnose.directions_figure).to_owned()) draw numbers />
                </div>
            </Show>
        </div>
    }
}

/// Time and memory of first and second order.
#[component]
pub fn CostPart(
    /// What was found.
    diagnosed: Diagnosed,
) -> impl IntoView {
    let page = diagnosed.page;
    let ready = Memo::new(move |_| diagnosed.is_ready(Diagnosis::Cost));
    let some = Memo::new(move |_| diagnosed.with(|all| all.cost().is_some()));
    let said = move || {
        let over = |all: &Diagnoses| !all.is_wanted(&Diagnosis::Cost);
        let meter = diagnosed.with(|all| all.cost().filter(|_| over(all)).cloned());
        meter.map(|meter| told::cost(diagnosed.locale(), &meter))
    };
    let memory = move || {
        let counted = diagnosed.with(|all| all.cost().is_some_and(|meter| meter.counted));
        match counted {
            true => td_string!(diagnosed.locale(), diagnose.cost_counted),
            false => td_string!(diagnosed.locale(), diagnose.cost_estimated),
        }
    };
    let draw = Draw::new(move |width| {
        let meter = diagnosed.with(|all| all.cost().cloned())?;
        Some(figure::costs(diagnosed.locale(), &meter, width))
    });
    let row = move |CostAt { steps, first, second }: CostAt| {
        let time = |ms: f64| td_string!(diagnosed.locale(), diagnose.milliseconds, ms = told::ratio(ms));
        view! {
            <tr data-testid="cost-row">
                <th scope="row">{steps}</th>
                <td>{time(first.ms)}</td>
                <td>{time(second.ms)}</td>
                <td>{told::ratio(second.ms / first.ms)}</td>
                <td>{format::size(first.bytes as u64)}</td>
                <td>{format::size(second.bytes as u64)}</td>
            </tr>
        }
    };
    let rows = move || {
        let at = diagnosed.with(|all| all.cost().map(|meter| meter.at.clone()).unwrap_or_default());
        at.into_iter().map(row).collect_view()
    };
    let numbers =
        Callback::new(move |()| untrack(move || diagnosed.with(|all| all.cost().map(csv::costs))).unwrap_or_default());
    view! {
        <div class="diagnose-part" data-testid="cost-meter">
            <h3>{say!(page, diagnose.cost_title)}</h3>
            <p class="help">{say!(page, diagnose.cost_help)}</p>
            <div class="evaluate-head">
                <button type="button" data-testid="cost-start" prop:disabled=move || !ready.get()
                    on:click=move |_| page.diagnose(Diagnosis::Cost)>
                    {say!(page, diagnose.cost_start)}
                </button>
            </div>
            <p class="found" role="status" data-testid="cost-summary">{said}</p>
            <Show when=move || some.get()>
                <div data-export="">
                    <Pictured draw part="cost-figure" />
                    <p class="help">{memory}</p>
                    <div class="scroll-across" tabindex="0" role="region" aria-label=say!(page, diagnose.cost_table)>
                        <table>
                            <thead><tr>
                                <th scope="col">{say!(page, diagnose.cost_across)}</th>
                                <th scope="col">{say!(page, diagnose.first)}</th>
                                <th scope="col">{say!(page, diagnose.second)}</th>
                                <th scope="col">{say!(page, diagnose.ratio)}</th>
                                <th scope="col">{say!(page, diagnose.memory_first)}</th>
                                <th scope="col">{say!(page, diagnose.memory_second)}</th>
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    <Export file="costs" name=Signal::derive(move || td_string!(diagnosed.locale(), diagnose.cost_figure).to_owned()) draw numbers />
                </div>
            </Show>
        </div>
    }
}
