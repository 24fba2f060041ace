//! The run: beginning it, steering it, and doing what the session asks.

use std::sync::Arc;

use leptos::prelude::*;

use super::Playground;
use crate::{
    app::{
        browser,
        change::shipped,
        export,
        notice::{self, Notice},
        session::{Act, Kept, Origin, Phase, Session, Then},
        shown::Shown,
        store,
    },
    chart::Series,
    experiment::{Experiment, View, encode},
    protocol::{DevicePolicy, DeviceReason, Request},
    worker::{
        adapter,
        host::{Host, Word, fetch_bytes},
        programs::{Build, Choice, choose},
    },
};

/// Least milliseconds between two drawings of the curve while training: it moves by less than a pixel a frame.
const CURVE_EVERY: f64 = 120.0;

impl Playground {
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
    pub(super) fn begin_shipped(self, file: &'static str, experiment: Experiment) {
        let turn = self.restarts.try_update_value(|turn| {
            *turn += 1;
            *turn
        });
        self.session.update_untracked(|session| session.expect(&experiment));
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
                run: 0,
            });
            let then = self.session.with_untracked(Session::intent);
            self.act(|session| session.start(experiment, kept, then));
        });
    }

    pub(super) fn restart(self) {
        if let Some(lost) = self.progress() {
            self.tell(Notice::Restarted { lost });
        }
        self.begin(self.session.with_untracked(Session::intent));
    }

    /// Meta-steps that a restart would throw away: those of a run that the visitor has trained.
    pub(super) fn progress(self) -> Option<u32> {
        self.session.with_untracked(|session| {
            (session.origin() == Origin::Seed && session.meta_step() > 0).then(|| session.meta_step())
        })
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

    pub(super) fn listen(self, build: Build, words: Vec<Word>) {
        for word in words {
            match word {
                Word::Progress { loaded, total } => self.session.update(|session| session.loading(loaded, total)),
                Word::Said(event) => self.act(|session| session.heed(event, build)),
                Word::Broke { report } => self.act(|session| session.broke(report, build)),
            }
        }
    }

    pub(super) fn act(self, transition: impl FnOnce(&mut Session) -> Vec<Act>) {
        let acts = self.session.try_update(transition).unwrap_or_default();
        for act in acts {
            match act {
                Act::Send(request) => self.with_host(|host| host.send(&request)),
                Act::Tell(notice) => self.tell(notice),
                Act::Show { meta_step, subject, adaptation } => {
                    let shown = Shown { meta_step, subject, adaptation: Arc::new(adaptation) };
                    // The visitor may have turned to something else while it was computed.
                    if self.is_about(&shown) {
                        self.shown.set(Some(shown));
                    }
                }
                Act::WithoutDataset => self.without_dataset(),
                Act::Keep(holding) => {
                    self.shelve(holding.as_ref());
                    leptos::task::spawn_local(async move { store::keep(holding.as_ref()).await });
                }
                Act::Adopt(experiment) => {
                    let view = self.experiment.with_untracked(|experiment| experiment.view.clone());
                    self.turn_to(Experiment { view: View { points: experiment.view.points, ..view }, ..experiment });
                }
                Act::Save { meta_step, bytes } => {
                    let name = format!("kindling-{meta_step}.safetensors");
                    export::save(&name, "application/octet-stream", &bytes);
                }
                Act::Terminate => self.with_host(Host::terminate),
                Act::Load => self.load(),
                Act::LoadCpu => {
                    let cpu =
                        Choice { build: Build::Cpu, policy: DevicePolicy::Cpu, reason: Some(DeviceReason::GpuFailed) };
                    self.choice.set(Some(cpu));
                    self.with_host(|host| host.load(Build::Cpu));
                }
            }
        }
        self.record();
        self.draw_curve();
        self.pump();
    }

    /// Hands the network over as a file.
    pub fn save(self) {
        self.act(Session::save);
    }

    pub(super) fn draw_curve(self) {
        let (revision, training) = self.session.with_untracked(|session| (session.revision(), session.is_training()));
        let now = browser::now();
        if revision != self.curve.get_untracked() && !(training && now - self.curve_drawn.get_value() < CURVE_EVERY) {
            self.curve_drawn.set_value(now);
            self.curve.set(revision);
        }
    }

    /// Asks for the next picture when one is due.
    pub(super) fn pump(self) {
        // Nothing on the page shows that a request is in flight.
        let ask = |session: &mut Session| session.adaptation(browser::now(), || self.task_on_show());
        let request = self.session.try_update_untracked(ask).flatten();
        if let Some(request) = request {
            self.with_host(|host| host.send(&request));
            if let Request::Adapt { task, .. } = &request {
                self.show_compared(task);
            }
        }
    }

    pub(super) fn with_host(self, use_host: impl FnOnce(&Host)) {
        self.host.with_value(|host| {
            if let Some(host) = host {
                use_host(host);
            }
        });
    }
}
