//! The page's state and everything that can be done to it. Components read its signals and call its methods.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    browser,
    change::{Consequence, consequence, is_first_frame, shipped},
    language::{self, Locale},
    notice::{self, LinkTrouble, Notice},
    session::{Act, Kept, Origin, Phase, Session, Then},
};
use crate::{
    chart::Series,
    experiment::{Experiment, Language, LinkError, Panel, Trajectory, View, decode, encode},
    protocol::{DevicePolicy, ShownTask},
    worker::{
        adapter,
        host::{Host, Word, fetch_bytes, fetch_text},
        programs::{Build, Choice, choose},
    },
};

/// Milliseconds between two changes of the address bar: browsers refuse pages that change it too often.
const ADDRESS_EVERY: i32 = 1000;

/// Milliseconds a change that restarts the run waits for the next one, so that a drag restarts it once.
const RESTART_AFTER: i32 = 200;

/// Least milliseconds between two drawings of the curve while training: it moves by less than a pixel a frame.
const CURVE_EVERY: f64 = 120.0;

/// A trajectory on show.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Meta-steps of the parameters that were adapted.
    pub meta_step: u32,
    /// Index of the task in the stream of shown tasks.
    pub task: u32,
    /// Every inner step.
    pub trajectory: Arc<Trajectory>,
}

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
    /// Changes when the curve should be drawn anew.
    pub curve: RwSignal<u32>,
    curve_drawn: StoredValue<f64>,
    host: StoredValue<Option<Host>, LocalStorage>,
    asked: StoredValue<u32>,
    restarts: StoredValue<u32>,
    address: StoredValue<Address>,
}

/// When the address bar was last written.
#[derive(Clone, Copy, Debug, Default)]
struct Address {
    waiting: bool,
    written: f64,
}

impl Playground {
    /// Opens what the address says.
    pub fn open() -> Self {
        let (experiment, trouble) = read_address();
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
            notices: RwSignal::new(Vec::new()),
            language: Memo::new(move |_| {
                language::locale(experiment.with(|experiment| experiment.view.language), &languages)
            }),
            policy: RwSignal::new(policy),
            choice: RwSignal::new(None),
            playing: RwSignal::new(None),
            introduce: StoredValue::new(true),
            curve: RwSignal::new(0),
            curve_drawn: StoredValue::new(0.0),
            host: StoredValue::new_local(None),
            asked: StoredValue::new(0),
            restarts: StoredValue::new(0),
            address: StoredValue::new(Address::default()),
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
            playground.begin(Then::Wait);
            playground.load();
        }
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
        new.set(path, text).is_ok() && self.take(new)
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
        self.experiment.set(new.clone());
        self.address_soon();
        self.follow(consequence(&old, &new), &new);
        true
    }

    /// Opens a whole experiment, as a link or a preset gives it; language and hidden panels stay where it names none.
    pub fn adopt(self, mut experiment: Experiment) {
        let lost = self.progress();
        self.experiment.update(|current| {
            experiment.view.language = experiment.view.language.or(current.view.language);
            *current = experiment;
        });
        self.playing.set(None);
        self.introduce.set_value(true);
        self.address_soon();
        self.dismiss(notice::Kind::Run);
        if let Some(lost) = lost {
            self.tell(Notice::Restarted { lost });
        }
        self.begin(Then::Wait);
    }

    /// Follows the address bar after a visitor has changed it.
    pub fn follow_address(self) {
        if browser::hash() == self.experiment.with_untracked(encode) {
            return;
        }
        let (experiment, trouble) = read_address();
        if let Some(trouble) = trouble {
            self.tell(Notice::Link(trouble));
        }
        self.adopt(experiment);
    }

    /// Begins the run that the experiment describes: with its shipped network if it has one and is not to train.
    pub fn begin(self, then: Then) {
        let experiment = self.experiment.get_untracked();
        match shipped(&experiment).filter(|_| then == Then::Wait) {
            None => self.act(|session| session.start(experiment, None, then)),
            Some(file) => self.begin_shipped(file, experiment),
        }
    }

    /// Meta-trains.
    pub fn play(self) {
        let experiment = self.experiment.get_untracked();
        self.act(|session| session.play(&experiment));
    }

    /// Stops meta-training.
    pub fn pause(self) {
        self.act(Session::pause);
    }

    /// Takes one meta-step.
    pub fn step(self) {
        let experiment = self.experiment.get_untracked();
        self.act(|session| session.step(&experiment));
    }

    /// Goes back to the random start.
    pub fn reset(self) {
        let experiment = self.experiment.get_untracked();
        self.act(|session| session.reset(&experiment));
    }

    /// Brings back the run that was ended last.
    pub fn undo(self) {
        self.dismiss(notice::Kind::Run);
        self.act(Session::undo);
    }

    /// Loads the compute program: for the first time, after it broke, or on another device.
    pub fn load(self) {
        self.dismiss(notice::Kind::Machine);
        if self.session.with_untracked(|session| *session.phase() == Phase::Held) {
            self.dismiss(notice::Kind::Link);
            self.begin(self.session.with_untracked(Session::intent));
        }
        let policy = self.policy.get_untracked();
        self.session.update(|session| session.load(policy));
        let asked = self.asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        });
        leptos::task::spawn_local(async move {
            let adapter = if policy == DevicePolicy::Cpu { None } else { adapter::find().await };
            if self.asked.try_get_value() != asked {
                return;
            }
            let choice = choose(policy, adapter.as_ref());
            if policy == DevicePolicy::Gpu && choice.build == Build::Cpu {
                self.tell(Notice::NoGpu);
            }
            self.choice.set(Some(choice));
            self.session.update(|session| session.load(choice.policy));
            self.with_host(|host| host.load(choice.build));
        });
    }

    /// Computes on another device, from the last checkpoint on.
    pub fn choose_device(self, policy: DevicePolicy) {
        let word = match policy {
            DevicePolicy::Auto => "auto",
            DevicePolicy::Gpu => "gpu",
            DevicePolicy::Cpu => "cpu",
        };
        self.policy.set(policy);
        browser::replace_address(&self.experiment.with_untracked(encode), &[("device", word)]);
        self.act(Session::leave);
    }

    /// Speaks another language.
    pub fn speak(self, language: Language) {
        self.edit(|experiment| experiment.view.language = Some(language));
        if browser::query("lang").is_some() {
            let tag = language::tag(self.language.get_untracked());
            browser::replace_address(&self.experiment.with_untracked(encode), &[("lang", tag)]);
        }
    }

    /// Shows the next task that nobody has placed points on.
    pub fn new_task(self) {
        self.edit(|experiment| {
            experiment.view.task = experiment.view.task.wrapping_add(1);
            experiment.view.points.clear();
        });
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
        self.shown
            .with(|shown| shown.as_ref().and_then(|shown| u32::try_from(shown.trajectory.steps.len()).ok()))
            .map_or_else(
                || self.experiment.with(|experiment| experiment.learner.eval_steps),
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

    /// The address that shares the page as it is.
    pub fn link(self) -> String {
        // Without the query: which device to use is the visitor's own affair.
        let address = browser::address();
        let page = address.split(['?', '#']).next().unwrap_or_default();
        format!("{page}{}", self.experiment.with(encode))
    }

    /// Meta-steps that a restart would throw away: those of a run that the visitor has trained.
    fn progress(self) -> Option<u32> {
        self.session.with_untracked(|session| {
            (session.origin() == Origin::Seed && session.meta_step() > 0).then(|| session.meta_step())
        })
    }

    fn follow(self, consequence: Consequence, experiment: &Experiment) {
        match consequence {
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

    fn restart(self) {
        if let Some(lost) = self.progress() {
            self.tell(Notice::Restarted { lost });
        }
        self.begin(self.session.with_untracked(Session::intent));
    }

    /// Brings back the shipped network of the experiment.
    pub fn load_shipped(self) {
        let experiment = self.experiment.get_untracked();
        if let Some(file) = shipped(&experiment) {
            self.dismiss(notice::Kind::Run);
            if let Some(lost) = self.progress() {
                self.tell(Notice::Restarted { lost });
            }
            self.begin_shipped(file, experiment);
        }
    }

    /// Begins with a shipped network, or without it where it cannot be had.
    fn begin_shipped(self, file: &'static str, experiment: Experiment) {
        let turn = self.restarts.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        leptos::task::spawn_local(async move {
            let bytes = fetch_bytes(&format!("checkpoints/{file}")).await;
            if self.restarts.try_get_value() != turn {
                return;
            }
            let kept = bytes.ok().map(|bytes| Kept {
                experiment: experiment.clone(),
                meta_step: experiment.budget.meta_steps,
                bytes,
                series: Series::default(),
                origin: Origin::Shipped,
            });
            let then = self.session.with_untracked(Session::intent);
            self.act(|session| session.start(experiment, kept, then));
        });
    }

    fn listen(self, build: Build, words: Vec<Word>) {
        for word in words {
            match word {
                Word::Progress { loaded, total } => self.session.update(|session| session.loading(loaded, total)),
                Word::Said(event) => self.act(|session| session.heed(event, build)),
                Word::Broke { report } => self.act(|session| session.broke(report, build)),
            }
        }
    }

    fn act(self, transition: impl FnOnce(&mut Session) -> Vec<Act>) {
        let acts = self.session.try_update(transition).unwrap_or_default();
        for act in acts {
            match act {
                Act::Send(request) => self.with_host(|host| host.send(&request)),
                Act::Tell(notice) => self.tell(notice),
                Act::Show { meta_step, task, trajectory } => {
                    self.shown.set(Some(Shown { meta_step, task, trajectory: Arc::new(trajectory) }));
                }
                Act::Adopt(experiment) => {
                    let view = self.experiment.with_untracked(|experiment| experiment.view.clone());
                    self.experiment
                        .set(Experiment { view: View { points: experiment.view.points, ..view }, ..experiment });
                    self.address_soon();
                }
                Act::Terminate => self.with_host(Host::terminate),
                Act::Load => self.load(),
                Act::LoadCpu => {
                    let cpu = Choice {
                        build: Build::Cpu,
                        policy: DevicePolicy::Cpu,
                        reason: Some(crate::protocol::DeviceReason::GpuFailed),
                    };
                    self.choice.set(Some(cpu));
                    self.with_host(|host| host.load(Build::Cpu));
                }
            }
        }
        self.draw_curve();
        self.pump();
    }

    fn draw_curve(self) {
        let (revision, training) = self.session.with_untracked(|session| (session.revision(), session.is_training()));
        let now = browser::now();
        if revision != self.curve.get_untracked() && !(training && now - self.curve_drawn.get_value() < CURVE_EVERY) {
            self.curve_drawn.set_value(now);
            self.curve.set(revision);
        }
    }

    /// Asks for the next picture when one is due.
    fn pump(self) {
        let task = || {
            self.experiment.with_untracked(|experiment| ShownTask {
                index: experiment.view.task,
                points: experiment.view.points.clone(),
            })
        };
        // Nothing on the page shows that a request is in flight.
        let request = self.session.try_update_untracked(|session| session.adaptation(browser::now(), task)).flatten();
        if let Some(request) = request {
            self.with_host(|host| host.send(&request));
        }
    }

    fn with_host(self, use_host: impl FnOnce(&Host)) {
        self.host.with_value(|host| {
            if let Some(host) = host {
                use_host(host);
            }
        });
    }

    /// Writes the address bar now, or as soon as it may be written again.
    fn address_soon(self) {
        let Address { waiting, written } = self.address.get_value();
        if waiting {
            return;
        }
        let since = browser::now() - written;
        if since >= f64::from(ADDRESS_EVERY) {
            self.write_address();
            return;
        }
        self.address.update_value(|address| address.waiting = true);
        browser::after(ADDRESS_EVERY - since as i32, move || self.write_address());
    }

    fn write_address(self) {
        self.address.set_value(Address { waiting: false, written: browser::now() });
        browser::replace_address(&self.experiment.with_untracked(encode), &[]);
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
                        self.shown.set(Some(Shown { meta_step, task: 0, trajectory: Arc::new(trajectory) }));
                    }
                }
                Err(error) => log::error!("first-frame.json: {error}"),
            }
        });
    }
}

/// The experiment of the address bar, and what was wrong with its link if something was.
fn read_address() -> (Experiment, Option<LinkTrouble>) {
    let hash = browser::hash();
    let (mut experiment, trouble) = match hash.as_str() {
        "" | "#" => (Experiment::default(), None),
        link => match decode(link) {
            Ok(experiment) => (experiment, None),
            Err(error) => {
                log::warn!("{error}");
                (Experiment::default(), Some(trouble(&error)))
            }
        },
    };
    if let Some(locale) = browser::query("lang").as_deref().and_then(language::named) {
        experiment.view.language = Some(language::language(locale));
    }
    (experiment, trouble)
}

fn trouble(error: &LinkError) -> LinkTrouble {
    match error {
        LinkError::TooLong { .. } => LinkTrouble::TooLong,
        LinkError::Newer(_) => LinkTrouble::Newer,
        LinkError::Refused(_) => LinkTrouble::OutOfRange,
        LinkError::NotALink | LinkError::Damaged | LinkError::Malformed => LinkTrouble::Damaged,
    }
}
