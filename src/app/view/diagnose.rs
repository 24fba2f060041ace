//! The panel of diagnoses: is the meta-gradient right, how do first-order directions lie to it, what do orders cost?

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::diagnose_parts::{CostPart, DirectionPart, GradientPart};
use crate::{
    app::{
        diagnoses::Diagnoses,
        diagnosis_words as told,
        language::{Locale, say},
        playground::Playground,
    },
    experiment::{Diagnosis, LearnerKind},
};

/// What the parts of the panel share.
#[derive(Clone, Copy)]
pub struct Diagnosed {
    /// The page.
    pub page: Playground,
    /// Changes whenever something was found.
    revision: Memo<u32>,
}

impl Diagnosed {
    /// Something of what was diagnosed, whenever that changes.
    pub fn with<T>(self, look: impl FnOnce(&Diagnoses) -> T) -> T {
        // A memo that nobody reads follows nothing.
        self.revision.get();
        self.page.session.with_untracked(|session| look(session.diagnoses()))
    }

    /// The language on show.
    pub fn locale(self) -> Locale {
        self.page.language.get()
    }

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
        self.page.can_evaluate() && !self.with(|all| all.is_wanted(diagnosis))
    }
}

/// The panel.
#[component]
pub fn Diagnose() -> impl IntoView {
    let page = expect_context::<Playground>();
    let revision = Memo::new(move |_| page.session.with(|session| session.diagnoses().revision()));
    let diagnosed = Diagnosed { page, revision };
    let running = Memo::new(move |_| diagnosed.with(Diagnoses::running));
    let progress = move || {
        let (locale, running) = (diagnosed.locale(), running.get()?);
        let name = told::name(locale, running.diagnosis);
        Some(match running.total {
            0 => td_string!(locale, diagnose.progress_begins, name),
            total => td_string!(locale, diagnose.progress, name, done = running.done, total),
        })
    };
    view! {
        <section class="panel diagnose" aria-labelledby="diagnose-title" data-testid="diagnose">
            <h2 id="diagnose-title">{say!(page, diagnose.title)}</h2>
            <p class="help">{say!(page, diagnose.help)}</p>
            <div class="evaluate-head">
                <button type="button" data-testid="diagnose-stop" prop:disabled=move || running.get().is_none()
                    on:click=move |_| page.stop_diagnosis()>
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
