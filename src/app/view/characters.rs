//! The panel in the middle for characters: what the network learns from, what it has to tell apart, and how that goes
//! at every inner step.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    confusion::ConfusionTable,
    export::Export,
    ink::{Chip, Ink},
    pad::Pad,
    pictured::Draw,
    queries::{OneQuery, QueryGrid},
    show::Show,
    steps::{Scrubber, StepTable, Strip},
};
use crate::{
    app::{
        classified::{by_class, letter},
        csv, format,
        language::say,
        playground::Playground,
        sampled::sampled,
        session::Phase,
        shown::{Reading, Shown, Subject},
        sketch::Sketch,
        words,
    },
    chart::data_url,
    experiment::{Adaptation, CharacterTrajectory, Drawing},
    figure,
    words::CharacterNoticing,
};

/// What the parts of the panel share.
#[derive(Clone, Copy)]
pub struct Stage {
    /// The task on show: adapted, or without steps where nothing has been computed yet.
    pub shown: Memo<Option<Shown>>,
    /// Pictures of the query drawings.
    pub pictures: Memo<Vec<String>>,
    /// The inner step on show.
    pub step: Memo<usize>,
    /// The query that the visitor looks at.
    pub query: Memo<usize>,
    /// The query that the visitor has chosen.
    pub chosen: RwSignal<Option<usize>>,
}

impl Stage {
    fn of(page: Playground) -> Self {
        let preview = Memo::new(move |_| {
            let dataset = page.dataset.get();
            page.experiment.with(|experiment| {
                let index = experiment.view.task;
                let adaptation =
                    std::sync::Arc::new(Adaptation::Characters(sampled(experiment, dataset.as_deref(), index)?));
                Some(Shown { meta_step: 0, subject: Subject::Sampled { index }, adaptation })
            })
        });
        let shown = Memo::new(move |_| {
            let drawing = page.is_drawing();
            let index = page.experiment.with(|experiment| experiment.view.task);
            let fits = |shown: &&Shown| {
                shown.characters().is_some()
                    && match shown.subject {
                        Subject::Drawn { .. } => drawing,
                        Subject::Sampled { index: of } => !drawing && of == index,
                    }
            };
            let adapted = page.shown.with(|shown| shown.as_ref().filter(fits).cloned());
            adapted.or_else(|| if drawing { None } else { preview.get() })
        });
        let pictures = Memo::new(move |_| shown.with(|shown| pictures(shown.as_ref(), |task| &task.query)));
        let chosen = RwSignal::new(None::<usize>);
        let query = Memo::new(move |_| {
            let count = pictures.with(Vec::len);
            let by_itself = if page.is_drawing() { page.sketch.with(Sketch::query_on_pad) } else { 0 };
            chosen.get().unwrap_or(by_itself).min(count.saturating_sub(1))
        });
        Self { shown, pictures, step: Memo::new(move |_| page.inner_step() as usize), query, chosen }
    }

    /// Something of the task on show, and of where it stands.
    pub fn with<T>(self, look: impl FnOnce(&Shown, &CharacterTrajectory) -> Option<T>) -> Option<T> {
        self.shown.with(|shown| {
            let shown = shown.as_ref()?;
            look(shown, shown.characters()?)
        })
    }

    /// Classes of the task.
    pub fn classes(self) -> usize {
        self.with(|_, task| Some(task.classes.len())).unwrap_or(0)
    }

    /// Which of the visitor's classes one of the task's is; of a sampled task the same.
    pub fn class(self, class: usize) -> usize {
        self.with(|shown, _| Some(shown.class(class))).unwrap_or(class)
    }

    /// The letter of one of the task's classes.
    pub fn letter(self, class: usize) -> char {
        letter(self.class(class))
    }

    fn reading(self) -> Option<Reading> {
        self.with(|shown, _| shown.reading(self.step.get()))
    }
}

fn pictures(shown: Option<&Shown>, set: fn(&CharacterTrajectory) -> &Vec<Drawing>) -> Vec<String> {
    let task = shown.and_then(Shown::characters);
    task.map(|task| set(task).iter().map(|drawing| data_url(&drawing.image)).collect()).unwrap_or_default()
}

/// The panel.
#[component]
pub fn Characters() -> impl IntoView {
    let page = expect_context::<Playground>();
    let stage = Stage::of(page);
    let drawing = Memo::new(move |_| page.is_drawing());
    // Another task, another query to look at.
    let of = Memo::new(move |_| page.experiment.with(|experiment| (experiment.view.task, experiment.task.ways)));
    Effect::new(move |_| {
        of.get();
        drawing.get();
        stage.chosen.set(None);
    });
    let noticing = Memo::new(move |_| {
        let learner = page.experiment.with(|experiment| experiment.learner.kind);
        let (step, query) = (stage.step.get(), stage.query.get());
        let ways = page.experiment.with(|experiment| experiment.task.ways as usize);
        let undrawn = drawing.get() && page.sketch.with(|sketch| sketch.missing(ways).is_some());
        let nothing = match undrawn && page.session.with(|session| *session.phase() == Phase::Standing) {
            true => CharacterNoticing::Undrawn,
            false => CharacterNoticing::Nothing,
        };
        stage.shown.with(|shown| match shown {
            Some(shown) => match shown.characters() {
                Some(trajectory) => CharacterNoticing::of(trajectory, step, query, shown.meta_step, learner),
                None => CharacterNoticing::Nothing,
            },
            None => nothing,
        })
    });
    let learner = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind));
    let told = move || {
        words::character_noticing(page.language.get(), &noticing.get(), learner.get(), |class| stage.letter(class))
    };
    let there = Memo::new(move |_| stage.shown.with(Option::is_some));
    let draw = Draw::new(move |width| {
        let (locale, step, query) = (page.language.get(), stage.step.get(), stage.query.get());
        stage.with(|shown, task| {
            let looked = (step, query, learner.get(), shown.meta_step);
            Some(figure::characters(locale, task, looked, |class| letter(shown.class(class)), width))
        })
    });
    let numbers = Callback::new(move |()| {
        let written =
            |shown: &Shown, task: &CharacterTrajectory| Some(csv::characters(task, |class| letter(shown.class(class))));
        untrack(move || stage.with(written)).unwrap_or_default()
    });
    view! {
        <p class="say characters-say">{told}</p>
        <Show when=move || drawing.get()><Pad /></Show>
        <div class="stage" data-testid="adaptation-figure">
            <Show when=move || there.get() && !drawing.get()><SupportGrid stage /></Show>
            <Scrubber />
            <Accuracy stage />
            <Show when=move || there.get()>
                <QueryGrid stage />
                <OneQuery stage />
                <div data-export="">
                    <Export file="adaptation" name=Signal::derive(move || td_string!(page.language.get(), figure.label).to_owned()) draw numbers />
                </div>
            </Show>
        </div>
        <Strip />
        <ConfusionTable stage />
        <StepTable />
    }
}

/// What the inner loop sees, class by class.
#[component]
fn SupportGrid(
    /// The task on show.
    stage: Stage,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let drawn = Memo::new(move |_| stage.shown.with(|shown| pictures(shown.as_ref(), |task| &task.support)));
    let rows =
        Memo::new(move |_| stage.with(|_, task| Some(by_class(&task.support, task.classes.len()))).unwrap_or_default());
    let picture = move |place: usize| drawn.with(|drawn| drawn.get(place).cloned().unwrap_or_default());
    let row = move |class: usize| {
        let name = move || stage.with(|_, task| task.classes.get(class).cloned()).unwrap_or_default();
        let told = move || {
            td_string!(page.language.get(), characters.support_class, letter = stage.letter(class), name = name())
        };
        let places = move || rows.with(|rows| rows.get(class).map_or(0, Vec::len));
        let one = move |number: usize| {
            let place = move || rows.with(|rows| rows.get(class).and_then(|row| row.get(number).copied()));
            let name = move || {
                let letter = stage.letter(class);
                td_string!(page.language.get(), characters.support_drawing, number = number + 1, letter)
            };
            let picture = Signal::derive(move || place().map(picture).unwrap_or_default());
            view! { <li><Ink picture name=Signal::derive(name) /></li> }
        };
        view! {
            <li class="class-row" style=("--class", move || stage.class(class).to_string()) title=told>
                <Chip class=Signal::derive(move || stage.class(class)) />
                <ul role="list" aria-label=told>
                    <For each=move || 0..places() key=|number| *number children=one />
                </ul>
            </li>
        }
    };
    let reads = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind.reads_descriptions()));
    let title = move || match reads.get() {
        true => td_string!(page.language.get(), characters.support_unseen),
        false => td_string!(page.language.get(), characters.support),
    };
    view! {
        <h3 id="support-title">{title}</h3>
        <ul class="support-grid" role="list" data-testid="support-grid" aria-labelledby="support-title">
            <For each=move || 0..stage.classes() key=|class| *class children=row />
        </ul>
    }
}

/// How many are right at the inner step on show.
#[component]
fn Accuracy(
    /// The task on show.
    stage: Stage,
) -> impl IntoView {
    let page = expect_context::<Playground>();
    let share = move |pick: fn(Reading) -> Option<f32>| {
        stage.reading().and_then(pick).map_or_else(|| "–".to_owned(), format::percent)
    };
    let bar = move |pick: fn(Reading) -> Option<f32>| {
        format!("{:.1}%", 100.0 * stage.reading().and_then(pick).unwrap_or(0.0))
    };
    let drawing = Memo::new(move |_| page.is_drawing());
    let sees_support =
        Memo::new(move |_| page.experiment.with(|experiment| !experiment.learner.kind.reads_descriptions()));
    let query = |reading: Reading| reading.query_accuracy;
    let support = |reading: Reading| reading.support_accuracy;
    view! {
        <dl class="accuracy" data-testid="accuracy" aria-label=say!(page, characters.accuracy)>
            // Nobody has said what the visitor's own queries are.
            <Show when=move || !drawing.get()>
                <div class="after" style=("--share", move || bar(query))>
                    <dt>{say!(page, characters.accuracy_query)}</dt>
                    <dd class="number">{move || share(query)}</dd>
                </div>
            </Show>
            <Show when=move || sees_support.get()>
                <div class="before" style=("--share", move || bar(support))>
                    <dt>{say!(page, characters.accuracy_support)}</dt>
                    <dd class="number">{move || share(support)}</dd>
                </div>
            </Show>
        </dl>
    }
}
