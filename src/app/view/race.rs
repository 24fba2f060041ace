//! The race of optimisers: the loss of the learner after every step, beside gradient descent and Adam.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{control::Knob, export::Export, page::measured_width};
use crate::{
    app::{
        csv, format,
        language::{Locale, say},
        playground::Playground,
        shown::Shown,
        track::Track,
        words,
    },
    chart::{Frame, RaceFigure},
    experiment::{InnerOptimizer, Rival},
};

/// What draws a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runner {
    Learner,
    Rival(InnerOptimizer),
}

impl Runner {
    /// In the order of the figure's lines: what is learned lies on top.
    const ALL: [Self; 3] = [Self::Rival(InnerOptimizer::Sgd), Self::Rival(InnerOptimizer::FullAdam), Self::Learner];

    fn class(self) -> &'static str {
        match self {
            Self::Learner => "race own",
            Self::Rival(InnerOptimizer::Sgd) => "race sgd",
            Self::Rival(_) => "race adam",
        }
    }

    fn losses(self, shown: &Shown) -> Vec<f32> {
        let Some(trajectory) = shown.regression() else { return Vec::new() };
        match self {
            Self::Learner => trajectory.steps.iter().map(|step| step.query_loss).collect(),
            Self::Rival(optimizer) => {
                let of = |rival: &&Rival| rival.optimizer == optimizer;
                trajectory.rivals.iter().find(of).map(|rival| rival.query_loss.clone()).unwrap_or_default()
            }
        }
    }
}

/// What a rival is called.
pub fn rival_words(locale: Locale, optimizer: InnerOptimizer) -> &'static str {
    match optimizer {
        InnerOptimizer::Sgd => td_string!(locale, race.sgd),
        InnerOptimizer::Adam | InnerOptimizer::FullAdam => td_string!(locale, race.adam),
    }
}

/// The figure, what its lines are and how far they are, and the rivals' rates.
#[component]
pub fn Race() -> impl IntoView {
    let page = expect_context::<Playground>();
    let (holder, width) = measured_width();
    let frame = Memo::new(move |_| {
        let width: f64 = width.get();
        Frame { width, height: (width * 0.5).clamp(190.0, 340.0), left: 44.0, right: 10.0, top: 10.0, bottom: 24.0 }
    });
    let losses = Memo::new(move |_| {
        page.shown.with(|shown| {
            let of = |runner: Runner| shown.as_ref().map(|shown| runner.losses(shown)).unwrap_or_default();
            Runner::ALL.map(of).to_vec()
        })
    });
    let figure = Memo::new(move |_| losses.with(|losses| RaceFigure::new(losses, &frame.get())));
    let step = Memo::new(move |_| page.inner_step() as usize);
    let learner = Memo::new(move |_| page.experiment.with(|experiment| experiment.learner.kind));
    let name = move |runner: Runner| match runner {
        Runner::Learner => words::learner(page.language.get(), learner.get()),
        Runner::Rival(optimizer) => rival_words(page.language.get(), optimizer),
    };
    let line = move |(place, runner): (usize, Runner)| {
        let at = move || figure.with(|figure| figure.places.get(place)?.get(step.get()).copied());
        let visible = move || if at().is_some_and(|at| at.1.is_finite()) { "visible" } else { "hidden" };
        view! {
            <path class=runner.class() d=move || figure.with(|figure| figure.lines.get(place).cloned().unwrap_or_default()) />
            <circle class=format!("end {}", runner.class()) r="4" visibility=visible
                cx=move || at().map_or(0.0, |at| at.0) cy=move || at().map_or(0.0, |at| at.1) />
        }
    };
    let told = move |(place, runner): (usize, Runner)| {
        let loss = move || {
            let loss = losses.with(|losses| losses.get(place).and_then(|losses| losses.get(step.get()).copied()));
            loss.map_or_else(|| "–".to_owned(), format::loss)
        };
        view! {
            <li>
                <svg viewBox="0 0 28 12" aria-hidden="true"><path class=runner.class() d="M1,6H27" /></svg>
                {move || name(runner)} " " <span class="number">{loss}</span>
            </li>
        }
    };
    let key = |tick: &crate::chart::Tick| (tick.label.clone(), (tick.at * 10.0) as i64);
    let numbers =
        Callback::new(move |()| page.shown.with_untracked(|shown| shown.as_ref().map(csv::steps)).unwrap_or_default());
    view! {
        <div data-export="">
            <div class="figure still" data-testid="race" node_ref=holder>
                <svg viewBox=move || frame.get().view_box() role="img" aria-label=say!(page, race.label)>
                    <For each=move || figure.with(|figure| figure.upwards.clone()) key=key children=move |tick| view! {
                        <line class="grid" y1=tick.at y2=tick.at x1=move || frame.get().left x2=move || frame.get().across().1 />
                        <text class="tick" x=move || frame.get().left - 7.0 y=tick.at + 4.0 text-anchor="end">{tick.label}</text>
                    } />
                    <For each=move || figure.with(|figure| figure.across.clone()) key=key children=move |tick| view! {
                        <text class="tick" x=tick.at y=move || frame.get().height - 7.0 text-anchor="middle">{tick.label}</text>
                    } />
                    <defs>
                        <clipPath id="race-plot">
                            <rect x=move || frame.get().left - 5.0 y=move || frame.get().top width=move || frame.get().width
                                height=move || frame.get().height - frame.get().top - frame.get().bottom + 5.0 />
                        </clipPath>
                    </defs>
                    <g clip-path="url(#race-plot)">{Runner::ALL.into_iter().enumerate().map(line).collect_view()}</g>
                </svg>
            </div>
            <ul class="legend" role="list">
                {Runner::ALL.into_iter().enumerate().rev().map(told).collect_view()}
                <li class="end">{say!(page, race.across)}</li>
            </ul>
            <Export file="race" name=Signal::derive(move || td_string!(page.language.get(), race.label).to_owned()) numbers />
        </div>
        <div class="race-rates">
            <Knob path="learner.sgd_lr" label=|locale| td_string!(locale, race.sgd_lr) track=Track::decades(-4, 0, &[0.0]) />
            <Knob path="learner.adam_lr" label=|locale| td_string!(locale, race.adam_lr) track=Track::decades(-4, 0, &[0.0]) />
        </div>
        <p class="help">{say!(page, race.help)}</p>
    }
}
