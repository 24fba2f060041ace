//! The panel of evaluation: means over many tasks with their intervals, beside what papers report, and where they break.

use leptos::prelude::*;
use leptos_i18n::td_string;

use super::{
    evaluate_figure::intervals,
    evaluate_tables::{PublishedFigures, Rows},
    export::Export,
    head::Head,
    look::Look,
    pictured::Pictured,
    show::Show,
};
use crate::{
    app::{
        evaluation_words as told,
        evaluations::Evaluated,
        job::LongWork as _,
        language::say,
        playground::{EVALUATION_TASKS, Playground},
    },
    experiment::{Metric, Shift, Tab, TaskSpec},
};

/// What the parts of the panel share.
pub type Judged = Look<Evaluated>;

impl Judged {
    /// What is best told of these tasks.
    pub fn metric(self) -> Metric {
        let classifies = self.page.experiment.with(|experiment| experiment.task.family.classifies());
        if classifies { Metric::Accuracy } else { Metric::Loss }
    }
}

/// The panel.
#[component]
pub fn Evaluate() -> impl IntoView {
    let page = expect_context::<Playground>();
    let judged = Judged::new(|jobs| &jobs.evaluations);
    let some = Memo::new(move |_| judged.with(|all| !all.rows().is_empty()));
    let draw = intervals(judged);
    let found = move || {
        let finding = judged.with(|all| all.finding());
        finding.map(|finding| told::finding(judged.locale(), &finding))
    };
    view! {
        <section class="panel evaluate" aria-labelledby="evaluate-title" data-testid="evaluate">
            <h2 id="evaluate-title">{say!(page, evaluate.title)}</h2>
            <p class="help">{say!(page, evaluate.help)}</p>
            <Controls judged />
            <p class="found" role="status" data-testid="evaluate-summary">{found}</p>
            <div data-export="">
                <div class="evaluate-body">
                    <div>
                        <Show when=move || some.get()><Pictured draw part="evaluate-figure" /></Show>
                        <Shifts judged />
                    </div>
                    <PublishedFigures judged />
                </div>
                <Show when=move || some.get()>
                    <Rows judged />
                    <Export file="evaluation" name=Signal::derive(move || td_string!(page.language.get(), evaluate.title).to_owned()) draw table="[data-rows] table" />
                </Show>
            </div>
        </section>
    }
}

/// How many tasks, start, stop, and how far it is.
#[component]
fn Controls(
    /// What was evaluated.
    judged: Judged,
) -> impl IntoView {
    let page = judged.page;
    let running = judged.is_busy();
    let option = move |tasks: u32| {
        view! { <option value=tasks prop:selected=move || page.evaluation_tasks.get() == tasks>{tasks}</option> }
    };
    let choose = move |event| page.choose_evaluation_tasks(&event_target_value(&event));
    let progress = move || {
        judged.with(|all| {
            let (asked, (done, _)) = (all.running()?, all.progress()?);
            let name = told::shift(judged.locale(), asked.shift, &asked.task);
            Some(td_string!(judged.locale(), evaluate.progress, name, done, tasks = asked.tasks))
        })
    };
    view! {
        <Head tab=Tab::Evaluate running start=say!(page, evaluate.start) begin=|page| page.evaluate(Shift::Own)
            stop=say!(page, evaluate.stop) stop_hook="stop" progress=Signal::derive(progress)>
            <label for="evaluate-tasks">{say!(page, evaluate.tasks)}</label>
            <select id="evaluate-tasks" data-testid="evaluate-tasks" on:change=choose>
                {EVALUATION_TASKS.map(option)}
            </select>
        </Head>
    }
}

/// The other distributions, a button each.
#[component]
fn Shifts(
    /// What was evaluated.
    judged: Judged,
) -> impl IntoView {
    let page = judged.page;
    let ready = Memo::new(move |_| page.can_evaluate());
    let others = Memo::new(move |_| {
        let mut all = page.distributions();
        all.retain(|(shift, _)| *shift != Shift::Own);
        all
    });
    let button = move |(shift, task): (Shift, TaskSpec)| {
        view! {
            <button type="button" class="small" data-testid="evaluate-shift" prop:disabled=move || !ready.get()
                on:click=move |_| page.evaluate(shift)>
                {move || told::shift(page.language.get(), shift, &task)}
            </button>
        }
    };
    let all = move |_| others.with_untracked(|others| others.iter().for_each(|(shift, _)| page.evaluate(*shift)));
    view! {
        <Show when=move || others.with(|others| !others.is_empty())>
            <h3>{say!(page, evaluate.breaks)}</h3>
            <p class="help">{say!(page, evaluate.breaks_help)}</p>
            <div class="shifts">
                {move || others.get().into_iter().map(button).collect_view()}
                <button type="button" class="small" data-testid="evaluate-all" prop:disabled=move || !ready.get() on:click=all>
                    {say!(page, evaluate.all)}
                </button>
            </div>
        </Show>
    }
}
