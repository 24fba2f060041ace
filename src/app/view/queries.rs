//! The query drawings and what the network takes them for: all of them at one inner step, and one of them at all.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    characters::Stage,
    ink::{Chip, Ink},
    show::Show,
};
use crate::{
    app::{
        classified::{Verdict, by_class, course, verdict},
        format,
        language::{Locale, say},
        playground::Playground,
    },
    chart::{Bars, Frame, Scale, apart, courses},
};

/// Most drawings that are shown before anyone asks for all of them.
const FEW: usize = 30;

const BARS: Frame = Frame { width: 64.0, height: 26.0, left: 0.0, right: 0.0, top: 1.0, bottom: 5.0 };

const COURSE: Frame = Frame { width: 300.0, height: 120.0, left: 2.0, right: 2.0, top: 8.0, bottom: 8.0 };

/// Most letters beside the courses.
const LABELS: usize = 5;

/// Height of a letter beside the courses.
const LABEL: f64 = 14.0;

/// A mark and a word for right or wrong; nothing where it cannot be said.
fn mark(locale: Locale, is_right: Option<bool>) -> (&'static str, &'static str) {
    match is_right {
        Some(true) => ("✓", td_string!(locale, characters.right)),
        Some(false) => ("✗", td_string!(locale, characters.wrong)),
        None => ("", ""),
    }
}

/// The grid of queries.
#[component]
pub fn QueryGrid(
    /// The task on show.
    stage: Stage,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let all = RwSignal::new(false);
    let count = Memo::new(move |_| stage.pictures.with(Vec::len));
    // The same number of every class, so that few are still a fair picture; those of no class as they come.
    let places = Memo::new(move |_| {
        let count = count.get();
        if count <= FEW || all.get() {
            return (0..count).collect::<Vec<_>>();
        }
        let rows = stage.with(|_, task| Some(by_class(&task.query, task.classes.len()))).unwrap_or_default();
        let each = (FEW / rows.len().max(1)).max(1);
        let mut places: Vec<usize> = rows.iter().flat_map(|row| row.iter().copied().take(each)).collect();
        places.sort_unstable();
        places
    });
    let hides = Memo::new(move |_| all.get() || places.with(Vec::len) < count.get());
    view! {
        <h3 id="query-title">{say!(page, characters.query)}</h3>
        <ul class="query-grid" role="list" data-testid="query-grid" aria-labelledby="query-title">
            <For each=move || places.get() key=|place| *place children=move |place| view! { <Card stage place /> } />
        </ul>
        <Show when=move || hides.get()>
            <div class="buttons">
                <button type="button" class="small" on:click=move |_| all.update(|all| *all = !*all)>
                    {move || {
                        let locale = page.language.get();
                        if all.get() {
                            td_string!(locale, characters.fewer).to_owned()
                        } else {
                            td_string!(locale, characters.all, count = count.get())
                        }
                    }}
                </button>
            </div>
        </Show>
    }
}

/// One query: its drawing, the probability of every class, and the verdict.
#[component]
fn Card(
    /// The task on show.
    stage: Stage,
    /// Its place in the query set.
    place: usize,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let verdict = Memo::new(move |_| stage.with(|_, task| verdict(task, stage.step.get(), place)));
    let truth = Memo::new(move |_| stage.with(|_, task| task.query.get(place)?.class.map(usize::from)));
    let bars = Memo::new(move |_| {
        verdict.with(|verdict| {
            verdict.as_ref().map(|it| Bars::new(&it.probabilities, it.predicted, it.truth, &BARS)).unwrap_or_default()
        })
    });
    let name = move || name(page.language.get(), stage, place, truth.get(), verdict.get().as_ref());
    let told = move || {
        verdict.with(|verdict| {
            let verdict = verdict.as_ref()?;
            let (sign, word) = mark(page.language.get(), verdict.is_right());
            let letter = stage.letter(verdict.predicted?);
            let percent = format::percent(verdict.confidence()?);
            Some(view! {
                <span class="verdict" class:wrong=verdict.is_right() == Some(false)>
                    <b>{letter}</b> " " {percent} <span class="word">{sign} " " {word}</span>
                </span>
            })
        })
    };
    let rise = move || {
        let rise = verdict.with(|verdict| verdict.as_ref()?.rise).filter(|rise| rise.is_finite());
        rise.map_or_else(String::new, |rise| match format::points(rise) {
            points if points.starts_with('+') => format!("▲ {points}"),
            points if points == "0" => "· 0".to_owned(),
            points => format!("▼ {points}"),
        })
    };
    view! {
        <li>
            <button type="button" class="query-card"
                aria-pressed=move || (stage.query.get() == place).to_string()
                on:click=move |_| stage.chosen.set(Some(place))>
                <span class="unseen">{name}</span>
                <span class="query-head" aria-hidden="true">
                    {move || truth.get().map(|truth| view! { <Chip class=Signal::derive(move || stage.class(truth)) /> })}
                    <Ink picture=Signal::derive(move || stage.pictures.with(|all| all.get(place).cloned().unwrap_or_default())) />
                </span>
                <svg class="bars" viewBox=BARS.view_box() aria-hidden="true" focusable="false">
                    <path class="other" d=move || bars.with(|bars| bars.others.clone()) />
                    <path class="longest" d=move || bars.with(|bars| bars.longest.clone()) />
                    <path class="foot" d=move || bars.with(|bars| bars.truth.clone()) />
                </svg>
                <span aria-hidden="true">{told}</span>
                <span class="rise" aria-hidden="true">{rise}</span>
            </button>
        </li>
    }
}

/// What a card says to the ear.
fn name(locale: Locale, stage: Stage, place: usize, truth: Option<usize>, verdict: Option<&Verdict>) -> String {
    let number = place + 1;
    let which = match truth {
        Some(truth) => td_string!(locale, characters.query_known, number, letter = stage.letter(truth)),
        None => td_string!(locale, characters.query_unknown, number),
    };
    let Some(verdict) = verdict else { return format!("{which}, {}", td_string!(locale, characters.pending)) };
    let taken = verdict.predicted.zip(verdict.confidence()).map(|(predicted, confidence)| {
        let (letter, percent) = (stage.letter(predicted), format::percent(confidence));
        td_string!(locale, characters.taken_for, letter, percent)
    });
    if taken.is_none() {
        return format!("{which}, {}", td_string!(locale, characters.ran_off));
    }
    let right = verdict.is_right().map(|right| mark(locale, Some(right)).1.to_owned());
    let rise = verdict.rise.map(|rise| td_string!(locale, characters.rise, points = format::points(rise)));
    [Some(which), taken, right, rise].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The query that the visitor looks at: its prediction in words, and every class over every inner step.
#[component]
pub fn OneQuery(
    /// The task on show.
    stage: Stage,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let verdict = Memo::new(move |_| stage.with(|_, task| verdict(task, stage.step.get(), stage.query.get())));
    let told = move || {
        let locale = page.language.get();
        let verdict = verdict.get();
        let Some((predicted, percent)) =
            verdict.as_ref().and_then(|verdict| Some((verdict.predicted?, format::percent(verdict.confidence()?))))
        else {
            return match verdict {
                Some(_) => td_string!(locale, characters.prediction_ran_off, number = stage.query.get() + 1),
                None => td_string!(locale, characters.prediction_none).to_owned(),
            };
        };
        let (number, letter) = (stage.query.get() + 1, stage.letter(predicted));
        match verdict.and_then(|verdict| verdict.truth) {
            None => td_string!(locale, characters.prediction, number, letter, percent),
            Some(truth) if truth == predicted => {
                td_string!(locale, characters.prediction_right, number, letter, percent)
            }
            Some(truth) => {
                let truth = stage.letter(truth);
                td_string!(locale, characters.prediction_wrong, number, letter, percent, truth)
            }
        }
    };
    let lines = Memo::new(move |_| {
        stage.with(|_, task| Some(courses(&course(task, stage.query.get()), &COURSE))).unwrap_or_default()
    });
    let steps = Memo::new(move |_| stage.with(|shown, _| Some(shown.steps())).unwrap_or(0));
    // At most as many letters as have room beside the figure, the likeliest ones.
    let labels = Memo::new(move |_| {
        let last = stage
            .with(|_, task| Some(course(task, stage.query.get()).last().map(|row| row.to_vec()).unwrap_or_default()))
            .unwrap_or_default();
        let mut likeliest: Vec<usize> = (0..last.len()).collect();
        likeliest.sort_by(|a, b| last[*b].total_cmp(&last[*a]));
        likeliest.truncate(LABELS);
        let y = Scale::linear((0.0, 1.0), COURSE.upwards());
        let heights: Vec<f64> = likeliest.iter().map(|class| y.at(f64::from(last[*class]))).collect();
        let heights = apart(&heights, LABEL, COURSE.height);
        likeliest.into_iter().zip(heights).collect::<Vec<_>>()
    });
    let label = move |number: usize| {
        let place = move || labels.with(|labels| labels.get(number).copied()).unwrap_or_default();
        view! {
            <span style:top=move || format!("{:.0}px", place().1)>{move || stage.letter(place().0)}</span>
        }
    };
    let now = move || {
        let x = Scale::linear((0.0, steps.get().saturating_sub(1).max(1) as f64), COURSE.across());
        format!("{:.1}", x.at(stage.step.get() as f64))
    };
    let probability = move |class: usize| verdict.with(|verdict| verdict.as_ref()?.probabilities.get(class).copied());
    let is_predicted = move |class: usize| verdict.with(|verdict| verdict.as_ref()?.predicted) == Some(class);
    let is_truth = move |class: usize| verdict.with(|verdict| verdict.as_ref()?.truth) == Some(class);
    let line = move |class: usize| {
        view! {
            <path class="course" class:now=move || is_predicted(class) vector-effect="non-scaling-stroke"
                style=("--class", move || stage.class(class).to_string())
                d=move || lines.with(|lines| lines.get(class).cloned().unwrap_or_default()) />
        }
    };
    let row = move |class: usize| {
        let share = move || format!("{:.1}%", 100.0 * probability(class).unwrap_or(0.0));
        view! {
            <li class:now=move || is_predicted(class) style=("--share", share)>
                <Chip class=Signal::derive(move || stage.class(class)) />
                <span class="share"></span>
                <span class="number">{move || probability(class).map_or_else(|| "–".to_owned(), format::percent)}</span>
                <span class="truth-mark" aria-hidden="true">{move || if is_truth(class) { "◂" } else { "" }}</span>
            </li>
        }
    };
    let classes = Memo::new(move |_| stage.classes());
    view! {
        <section class="one-query" aria-labelledby="one-query-title">
            <h3 id="one-query-title">{say!(page, characters.prediction_title)}</h3>
            <p class="prediction" data-testid="prediction" role="status">{told}</p>
            <div class="one-query-body">
                <Ink picture=Signal::derive(move || stage.pictures.with(|all| all.get(stage.query.get()).cloned().unwrap_or_default())) />
                <ul class="shares" role="list">
                    <For each=move || 0..classes.get() key=|class| *class children=row />
                </ul>
                <div class="courses-holder">
                <svg class="courses" viewBox=COURSE.view_box() role="img" preserveAspectRatio="none"
                    aria-label=say!(page, characters.course)>
                    <line class="grid" x1="0" x2=COURSE.width y1=COURSE.upwards().0 y2=COURSE.upwards().0 vector-effect="non-scaling-stroke" />
                    <line class="grid" x1="0" x2=COURSE.width y1=COURSE.upwards().1 y2=COURSE.upwards().1 vector-effect="non-scaling-stroke" />
                    <line class="now-line" x1=now x2=now y1="0" y2=COURSE.height vector-effect="non-scaling-stroke" />
                    <For each=move || 0..classes.get() key=|class| *class children=line />
                </svg>
                <span class="course-labels" aria-hidden="true">
                    <For each=move || 0..labels.with(Vec::len) key=|number| *number children=label />
                </span>
                </div>
            </div>
        </section>
    }
}
