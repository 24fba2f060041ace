//! The page's state and everything that can be done to it. Components read its signals and call its methods.

mod address;
mod anatomy;
mod characters;
mod compare;
mod diagnose;
mod evaluate;
mod landscape;
mod layers;
mod panels;
mod run;
mod runs;
mod search;

use std::{collections::HashMap, sync::Arc};

use leptos::prelude::*;

pub use anatomy::Trace;
pub use characters::Desk;
pub use compare::COMPARE_STEPS;
pub use evaluate::EVALUATION_TASKS;
pub use runs::Imported;
pub use search::SEARCH_SECONDS;

use super::{
    browser,
    change::{Consequence, alike, consequence, is_first_frame},
    guests::Guest,
    language::{self, Locale},
    notice::{self, Notice},
    recorder::Recorder,
    runs::Runs,
    session::Session,
    shown::{Shown, Subject},
    sketch::Sketch,
};
use crate::{
    experiment::{Adaptation, Contestant, Experiment, Panel, PlaneKind, Trajectory},
    protocol::DevicePolicy,
    task::Dataset,
    worker::{
        host::{Host, fetch_text},
        programs::Choice,
    },
};

/// Milliseconds a change that restarts the run waits for the next one, so that a drag restarts it once.
const RESTART_AFTER: i32 = 200;

/// `first-frame.json`: the default experiment's first task under the shipped network.
#[derive(serde::Deserialize)]
struct FirstFrame {
    meta_step: u32,
    trajectory: Trajectory,
}

/// The whole page; a handle that is copied freely.
#[derive(Clone, Copy)]
pub struct Playground {
    /// The only source of truth.
    pub experiment: RwSignal<Experiment>,
    /// The run in the worker.
    pub session: RwSignal<Session>,
    /// What the adaptation figure draws.
    pub shown: RwSignal<Option<Shown>>,
    /// What the visitor has drawn.
    pub sketch: RwSignal<Sketch>,
    /// The visitor's dataset, where tasks are drawn from it.
    pub dataset: RwSignal<Option<Arc<Dataset>>>,
    /// Where the characters on show come from, as the visitor chose.
    pub desk: RwSignal<Desk>,
    /// Notices, the newest first.
    pub notices: RwSignal<Vec<Notice>>,
    /// The language on show.
    pub language: Memo<Locale>,
    /// What the visitor wants to compute on.
    pub policy: RwSignal<DevicePolicy>,
    /// Which program was loaded, and why.
    pub choice: RwSignal<Option<Choice>>,
    /// The inner step on show while it plays by itself, in place of `view.step`.
    pub playing: RwSignal<Option<u32>>,
    /// Whether the next trajectory plays by itself once, as that of an experiment just opened does.
    pub introduce: StoredValue<bool>,
    /// Over how many tasks the next evaluation goes.
    pub evaluation_tasks: RwSignal<u32>,
    /// For how many seconds the next search goes on.
    pub search_seconds: RwSignal<u32>,
    /// The runs that were recorded.
    pub runs: RwSignal<Runs>,
    /// What the last import of runs came to.
    pub brought: RwSignal<Option<runs::Imported>>,
    /// Who takes part in the next comparison.
    pub contestants: RwSignal<Vec<Contestant>>,
    /// Networks that the visitor has brought along to be compared.
    pub guests: RwSignal<Vec<Guest>>,
    /// For how many meta-steps the next comparison trains.
    pub compare_steps: RwSignal<u32>,
    /// In which plane the next landscape is drawn.
    pub plane: RwSignal<PlaneKind>,
    /// What is looked at of a step that was taken apart.
    pub trace: Trace,
    /// Whether the landscape draws the loss of the query set.
    pub query_surface: RwSignal<bool>,
    /// What runs are sought by.
    pub sought_runs: RwSignal<String>,
    /// Changes when the curve should be drawn anew.
    pub curve: RwSignal<u32>,
    curve_drawn: StoredValue<f64>,
    folds: StoredValue<HashMap<&'static str, bool>>,
    recorder: StoredValue<Recorder>,
    host: StoredValue<Option<Host>, LocalStorage>,
    asked: StoredValue<u32>,
    restarts: StoredValue<u32>,
    address: StoredValue<address::Written>,
}

impl Playground {
    /// Opens what the address says.
    pub fn open() -> Self {
        let (experiment, trouble) = address::read();
        let policy = match browser::query("device").as_deref() {
            Some("gpu") => DevicePolicy::Gpu,
            Some("cpu") => DevicePolicy::Cpu,
            _ => DevicePolicy::Auto,
        };
        let heavy = experiment.is_heavy();
        let languages = browser::languages();
        let session = Session::new(experiment.clone(), policy, heavy);
        let experiment = RwSignal::new(experiment);
        let playground = Self {
            experiment,
            session: RwSignal::new(session),
            shown: RwSignal::new(None),
            sketch: RwSignal::new(characters::remembered()),
            dataset: RwSignal::new(None),
            desk: RwSignal::new(Desk::Sampled),
            notices: RwSignal::new(Vec::new()),
            language: Memo::new(move |_| {
                language::locale(experiment.with(|experiment| experiment.view.language), &languages)
            }),
            policy: RwSignal::new(policy),
            choice: RwSignal::new(None),
            playing: RwSignal::new(None),
            introduce: StoredValue::new(true),
            evaluation_tasks: RwSignal::new(evaluate::remembered_tasks()),
            search_seconds: RwSignal::new(search::remembered_seconds()),
            runs: RwSignal::new(Runs::default()),
            brought: RwSignal::new(None),
            contestants: RwSignal::new(compare::first_choice()),
            guests: RwSignal::new(Vec::new()),
            compare_steps: RwSignal::new(compare::remembered_steps()),
            plane: RwSignal::new(PlaneKind::default()),
            trace: Trace::default(),
            query_surface: RwSignal::new(false),
            sought_runs: RwSignal::new(String::new()),
            curve: RwSignal::new(0),
            curve_drawn: StoredValue::new(0.0),
            folds: StoredValue::new(HashMap::new()),
            recorder: StoredValue::new(Recorder::default()),
            host: StoredValue::new_local(None),
            asked: StoredValue::new(0),
            restarts: StoredValue::new(0),
            address: StoredValue::new(address::Written::default()),
        };
        playground.host.set_value(Some(Host::new(move |build, words| playground.listen(build, words))));
        if let Some(trouble) = trouble {
            playground.tell(Notice::Link(trouble));
        }
        playground.write_address();
        playground.show_first_frame();
        if heavy {
            let flop =
                playground.experiment.with_untracked(|experiment| experiment.work().max(experiment.adaptation_work()));
            playground.tell(Notice::Heavy { millions: (flop / 1e6) as u64 });
        } else {
            playground.load();
        }
        playground.open_library(heavy);
        playground.open_runs();
        playground
    }

    /// Changes the experiment, and with it the address, the figures and, where it must, the run.
    pub fn edit(self, change: impl FnOnce(&mut Experiment)) {
        let mut new = self.experiment.get_untracked();
        change(&mut new);
        self.take(new);
    }

    /// Gives a field the value that a text names; false where the field does not take it.
    pub fn set(self, path: &'static str, text: &str) -> bool {
        let mut new = self.experiment.get_untracked();
        new.set(path, text).is_ok() && self.take(new.settled())
    }

    /// Makes this the experiment; false where it is beyond what may run.
    fn take(self, new: Experiment) -> bool {
        let old = self.experiment.get_untracked();
        if new == old {
            return true;
        }
        if let Err(error) = new.check() {
            log::warn!("{error}");
            self.tell(Notice::Refused);
            return false;
        }
        self.turn_to(new.clone());
        self.follow(consequence(&old, &new), &new);
        true
    }

    /// Puts an experiment on show, and away what belongs to another kind of task.
    fn turn_to(self, new: Experiment) {
        if !alike(self.experiment.with_untracked(|experiment| experiment.task.family), new.task.family) {
            self.shown.set(None);
        }
        self.experiment.set(new);
        self.address_soon();
    }

    /// Shows the next task that nobody has placed points on.
    pub fn new_task(self) {
        self.show_sampled(self.experiment.with_untracked(|experiment| experiment.view.task.wrapping_add(1)));
    }

    /// Shows an inner step, and stops playing.
    pub fn show_step(self, step: u32) {
        self.playing.set(None);
        self.edit(|experiment| experiment.view.step = step);
    }

    /// The inner step on show: never beyond the last one.
    pub fn inner_step(self) -> u32 {
        let step = self.playing.get().unwrap_or_else(|| self.experiment.with(|experiment| experiment.view.step));
        step.min(self.last_step())
    }

    /// The last inner step of the trajectory on show, or of the experiment while there is none.
    pub fn last_step(self) -> u32 {
        self.shown.with(|shown| shown.as_ref().and_then(|shown| u32::try_from(shown.steps()).ok())).map_or_else(
            || self.experiment.with(|experiment| experiment.steps_shown(experiment.task.shots)),
            |steps| steps.saturating_sub(1),
        )
    }

    /// Whether a link hides a panel.
    pub fn hides(self, panel: Panel) -> bool {
        self.experiment.with(|experiment| experiment.view.hide.contains(&panel))
    }

    /// Shows a notice in place of the last one of its kind.
    pub fn tell(self, notice: Notice) {
        self.notices.update(|notices| {
            notices.retain(|other| other.kind() != notice.kind());
            notices.insert(0, notice);
        });
    }

    /// Takes notices of a kind away.
    pub fn dismiss(self, kind: notice::Kind) {
        if self.notices.with_untracked(|notices| notices.iter().any(|notice| notice.kind() == kind)) {
            self.notices.update(|notices| notices.retain(|notice| notice.kind() != kind));
        }
    }

    /// A report about what a notice tells.
    pub fn report(self, detail: &str) -> String {
        let device = self.session.with_untracked(Session::describe);
        self.experiment.with_untracked(|experiment| notice::report(detail, &device, &browser::user_agent(), experiment))
    }

    fn follow(self, consequence: Consequence, experiment: &Experiment) {
        // A run that is about to begin takes any change along; the one that stands could not.
        let expecting = self.session.with_untracked(Session::is_expecting);
        match consequence {
            Consequence::Update if expecting => self.follow(Consequence::Restart, experiment),
            Consequence::Redraw => {}
            Consequence::Adapt => {
                self.session.update_untracked(Session::wish_adaptation);
                self.pump();
            }
            Consequence::Update => {
                self.session.update_untracked(Session::wish_adaptation);
                self.act(|session| session.update(experiment));
            }
            Consequence::Restart => {
                self.session.update_untracked(|session| session.expect(experiment));
                let turn = self.restarts.try_update_value(|turn| {
                    *turn += 1;
                    *turn
                });
                browser::after(RESTART_AFTER, move || {
                    if self.restarts.try_get_value() == turn {
                        self.restart();
                    }
                });
            }
        }
    }

    /// Draws the picture that ships with the page, until the worker draws a live one.
    fn show_first_frame(self) {
        if !self.experiment.with_untracked(is_first_frame) {
            return;
        }
        leptos::task::spawn_local(async move {
            let Ok(json) = fetch_text("first-frame.json").await else { return };
            match serde_json::from_str::<FirstFrame>(&json) {
                Ok(FirstFrame { meta_step, trajectory }) => {
                    if self.shown.with_untracked(Option::is_none) && self.experiment.with_untracked(is_first_frame) {
                        let adaptation = Arc::new(Adaptation::Regression(trajectory));
                        self.shown.set(Some(Shown { meta_step, subject: Subject::Sampled { index: 0 }, adaptation }));
                    }
                }
                Err(error) => log::error!("first-frame.json: {error}"),
            }
        });
    }
}
