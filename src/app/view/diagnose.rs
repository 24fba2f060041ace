//! The panel of diagnoses: is the meta-gradient right, how do first-order directions lie to it, what do orders cost?

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    diagnose_parts::{CostPart, DirectionPart, GradientPart},
    look::Look,
};
use crate::{
    app::{diagnoses::Findings, diagnosis_words as told, job::LongWork as _, language::say, playground::Playground},
    experiment::{Diagnosis, LearnerKind, Tab},
};

/// What the parts of the panel share.
pub type Diagnosed = Look<Findings>;

impl Diagnosed {
    /// What learns.
    pub fn learner(self) -> LearnerKind {
        self.page.experiment.with(|experiment| experiment.learner.kind)
    }

    /// Whether a diagnosis has an answer for the experiment.
    pub fn possible(self, diagnosis: Diagnosis) -> Memo<bool> {
        Memo::new(move |_| self.page.experiment.with(|experiment| experiment.undiagnosable(diagnosis).is_none()))
    }

    /// Whether a diagnosis may be asked for now.
    pub fn is_ready(self, diagnosis: Diagnosis) -> bool {
        self.page.can_evaluate() && !self.with(|all| all.is_wanted(&diagnosis))
    }
}

/// The panel.
#[component]
pub fn Diagnose() -> impl IntoView {
    let page = expect_context::<Playground>();
    let diagnosed = Diagnosed::new(|jobs| &jobs.diagnoses);
    let running = diagnosed.is_busy();
    let progress = move || {
        let locale = diagnosed.locale();
        let (diagnosis, progress) = diagnosed.with(|all| Some((*all.running()?, all.progress()?)))?;
        let name = told::name(locale, diagnosis);
        Some(match progress {
            (_, 0) => td_string!(locale, diagnose.progress_begins, name),
            (done, total) => td_string!(locale, diagnose.progress, name, done, total),
        })
    };
    view! {
        <section class="panel diagnose" aria-labelledby="diagnose-title" data-testid="diagnose">
            <h2 id="diagnose-title">{say!(page, diagnose.title)}</h2>
            <p class="help">{say!(page, diagnose.help)}</p>
            <div class="evaluate-head">
                <button type="button" data-testid="diagnose-stop" prop:disabled=move || !running.get()
                    on:click=move |_| page.stop(Tab::Diagnose)>
                    {say!(page, diagnose.stop)}
                </button>
                <span class="help number" data-testid="diagnose-progress">{progress}</span>
            </div>
            <GradientPart diagnosed />
            <DirectionPart diagnosed />
            <CostPart diagnosed />
        </section>
    }
}
