//! What the worker says, and what comes of it.

use super::{Act, Kept, Phase, Session, Then};
use crate::{
    app::{library::wants_dataset, notice::Notice},
    experiment::Source,
    protocol::{self, DeviceKind, DevicePolicy, Event, Fault},
    worker::programs::Build,
};

impl Session {
    /// The worker broke: the CPU's program replaces one that used the GPU, and waits for a click otherwise.
    pub fn broke(&mut self, report: String, build: Build) -> Vec<Act> {
        if self.phase == Phase::Broken {
            return Vec::new();
        }
        let on_gpu = build == Build::Gpu && self.device.as_ref().is_none_or(|device| device.kind == DeviceKind::Gpu);
        let training = self.is_training();
        let loaded = self.ready;
        self.ready = false;
        self.saving = false;
        self.library.part();
        self.jobs.part();
        self.go_on_from_checkpoint();
        self.launch.then = if training { Then::Train } else { Then::Wait };
        if on_gpu {
            self.load(DevicePolicy::Cpu);
            return vec![Act::LoadCpu, Act::Tell(Notice::GpuLost { report })];
        }
        self.phase = Phase::Broken;
        let notice = if loaded { Notice::WorkerBroke { report } } else { Notice::WorkerMissing { report } };
        vec![Act::Terminate, Act::Tell(notice)]
    }

    /// Takes in an event of the worker that runs this build.
    pub fn heed(&mut self, event: Event, build: Build) -> Vec<Act> {
        match event {
            Event::Ready { protocol } if protocol != protocol::VERSION => {
                self.broke(format!("protocol {protocol} instead of {}", protocol::VERSION), build)
            }
            Event::Ready { .. } => {
                self.ready = true;
                let import = self.library.meet().map(Act::Send);
                let launch = if self.prepared { self.launch() } else { Vec::new() };
                // The run first, as a large file keeps the worker busy.
                launch.into_iter().chain(import).collect()
            }
            Event::Started { device, snapshot } => self.started(device, snapshot),
            Event::Progress(snapshot) if self.phase == Phase::Standing => {
                self.adapt_wanted |= snapshot.meta_step != self.meta_step;
                let before = self.ending;
                self.take(snapshot);
                let ending = self.ending.filter(|_| before.is_none());
                ending.map(|ending| Act::Tell(Notice::Ended(ending))).into_iter().collect()
            }
            // The last words of a run that has been replaced.
            Event::Progress(_) => Vec::new(),
            Event::Adapted { id, meta_step, adaptation } => match self.adapting.take_if(|(asked, _)| *asked == id) {
                Some((_, subject)) => vec![Act::Show { meta_step, subject, adaptation }],
                None => Vec::new(),
            },
            Event::Answer { id, answer, done, total, finished } => {
                self.jobs.heed(id, answer, (done, total), finished);
                self.post()
            }
            Event::Refused { id, fault, guest, detail } => {
                self.jobs.refuse(id);
                match (fault, guest) {
                    // The run has nothing to do with a contestant's file.
                    (_, Some(name)) => vec![Act::Tell(Notice::GuestBroken { name, report: detail })],
                    (Fault::Experiment, None) => vec![Act::Tell(Notice::Refused)],
                    (fault, None) => self.failed(fault, detail, build),
                }
            }
            Event::Watched(directions) => {
                if self.phase == Phase::Standing {
                    self.jobs.diagnoses.watched(directions);
                }
                Vec::new()
            }
            Event::Importing { id, done, total } => {
                self.library.importing(id, done, total);
                Vec::new()
            }
            Event::Imported { id, summary, bytes } => {
                let holding = self.library.imported(id, summary, bytes);
                self.adapt_wanted |= wants_dataset(&self.launch.experiment);
                holding.map(|holding| Act::Keep(Some(holding))).into_iter().collect()
            }
            Event::ImportFailed { id, fault, .. } => {
                self.library.failed(id, fault);
                Vec::new()
            }
            Event::Checkpoint { meta_step, bytes } => {
                let save = std::mem::take(&mut self.saving).then(|| Act::Save { meta_step, bytes: bytes.clone() });
                match &mut self.parting {
                    Some(parting) => self.undo = Some(Kept { meta_step, bytes, ..parting.clone() }),
                    None => self.kept = Some(Kept { meta_step, ..self.keep(bytes) }),
                }
                let next = if std::mem::take(&mut self.leaving) { self.set_out() } else { Vec::new() };
                save.into_iter().chain(next).collect()
            }
            Event::Diverged { at, restored } => {
                self.series.rewind(restored);
                self.jobs.diagnoses.rewind(restored);
                self.revision += 1;
                self.adapt_wanted = true;
                vec![Act::Tell(Notice::Diverged { at, restored })]
            }
            Event::Failed { fault, detail } => self.failed(fault, detail, build),
        }
    }

    fn failed(&mut self, fault: Fault, detail: String, build: Build) -> Vec<Act> {
        match fault {
            Fault::Device | Fault::Protocol => self.broke(detail, build),
            Fault::Checkpoint => {
                self.launch.checkpoint = None;
                let mut acts = self.launch();
                acts.push(Act::Tell(Notice::CheckpointRefused));
                acts
            }
            Fault::Experiment => {
                // What was asked for last is not going to be answered.
                self.adapting = None;
                // A run that stands goes on, and so does the long work on it.
                let stopped = if self.phase == Phase::Starting { self.jobs.abandon() } else { Vec::new() };
                stopped.into_iter().map(Act::Send).chain([Act::Tell(Notice::Refused)]).collect()
            }
            Fault::Dataset => {
                let stopped = self.jobs.abandon();
                // What was asked for last is not going to be answered.
                self.adapting = None;
                self.adapt_wanted = true;
                self.launch.experiment.task.source = Source::Procedural;
                let mut acts: Vec<Act> = stopped.into_iter().map(Act::Send).collect();
                if self.phase == Phase::Starting {
                    acts.extend(self.launch());
                }
                acts.extend([Act::WithoutDataset, Act::Tell(Notice::DatasetUnfit)]);
                acts
            }
        }
    }
}
