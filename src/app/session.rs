//! The run in the worker as the page knows it, and what to ask of the worker next.
//!
//! A plain state machine: presses of buttons, changes of the experiment and the worker's events go in;
//! [`Act`]s come out. It owns no worker and no clock, so all of it is tested natively.

use super::{
    comparisons::Comparisons,
    diagnoses::Diagnoses,
    evaluations::{Asked, Evaluations},
    landscapes::{Landscapes, Mapped},
    library::{Failure, Holding, Library, wants_dataset},
    notice::Notice,
    searches::Searches,
    shown::Subject,
};
use crate::{
    chart::Series,
    experiment::{Adaptation, Contestant, Diagnosis, Ending, Experiment, Source},
    protocol::{
        self, DeviceKind, DevicePolicy, DeviceReport, Event, Fault, ImportFiles, Request, RunState, ShownTask, Snapshot,
    },
    worker::programs::Build,
};

/// Least milliseconds between two adaptations of the shown task while training, so that showing costs the
/// training little: about eight pictures a second, which still reads as motion.
const ADAPT_EVERY: f64 = 120.0;

/// Where the compute worker stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// It is not asked for yet: a heavy link waits for a click.
    Held,
    /// Its program is on the way.
    Loading {
        /// Bytes here.
        loaded: u64,
        /// Bytes in all, 0 while unknown.
        total: u64,
    },
    /// It chooses its device and sets up a run.
    Starting,
    /// A run stands.
    Standing,
    /// It broke and waits for a click.
    Broken,
}

/// Where the meta-parameters of a run came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The random start of the seed.
    Seed,
    /// The trained network that ships with the page.
    Shipped,
}

/// What to do as soon as a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Wait for the visitor.
    Wait,
    /// Meta-train.
    Train,
    /// Take one meta-step.
    Step,
}

/// A run that can be taken up again.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What was run.
    pub experiment: Experiment,
    /// Meta-steps done.
    pub meta_step: u32,
    /// A safetensors file.
    pub bytes: Vec<u8>,
    /// Its curve so far.
    pub series: Series,
    /// Where it came from.
    pub origin: Origin,
    /// Its number among the runs of this visit, 0 for one that was not of this visit.
    pub run: u32,
}

/// What the page has to do after a transition.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Post to the worker.
    Send(Request),
    /// Show.
    Tell(Notice),
    /// Draw an adapted task.
    Show {
        /// Meta-steps of the parameters.
        meta_step: u32,
        /// Which task.
        subject: Subject,
        /// Every inner step.
        adaptation: Adaptation,
    },
    /// Make this the page's experiment.
    Adopt(Experiment),
    /// Make the page's characters procedural, as the dataset cannot serve.
    WithoutDataset,
    /// Put the dataset into the browser's storage, or none, and show what is in it.
    Keep(Option<Holding>),
    /// Hand the network to the visitor as a file.
    Save {
        /// Meta-steps done.
        meta_step: u32,
        /// A safetensors file.
        bytes: Vec<u8>,
    },
    /// Terminate the worker, as it will not answer any more.
    Terminate,
    /// Terminate the worker and load the CPU's program instead.
    LoadCpu,
    /// Load the worker of the visitor's choice, in place of any there is.
    Load,
}

/// A run to begin.
#[derive(Clone, Debug, PartialEq)]
struct Launch {
    experiment: Experiment,
    checkpoint: Option<Kept>,
    then: Then,
    /// Its number.
    run: u32,
}

/// See the module.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    phase: Phase,
    policy: DevicePolicy,
    launch: Launch,
    /// Whether the page has said what to launch: it may still be fetching the shipped network.
    prepared: bool,
    /// Whether a worker waits for its first request.
    ready: bool,
    meta_step: u32,
    state: RunState,
    rate: f32,
    fingerprint: String,
    origin: Origin,
    device: Option<DeviceReport>,
    series: Series,
    ending: Option<Ending>,
    revision: u32,
    /// The run that a restart is about to end; the worker's next checkpoint belongs to it.
    parting: Option<Kept>,
    undo: Option<Kept>,
    kept: Option<Kept>,
    /// Whether the next checkpoint is the last thing wanted of this worker.
    leaving: bool,
    /// Whether the next checkpoint is for the visitor.
    saving: bool,
    /// Runs so far.
    runs: u32,
    /// Number of the run that stands.
    run: u32,
    /// Id and task of the adaptation in flight.
    adapting: Option<(u32, Subject)>,
    adapt_wanted: bool,
    adapt_id: u32,
    adapted_at: f64,
    library: Library,
    evaluations: Evaluations,
    searches: Searches,
    comparisons: Comparisons,
    diagnoses: Diagnoses,
    landscapes: Landscapes,
}

impl Session {
    /// A session whose worker is still to be loaded.
    #[must_use]
    pub fn new(experiment: Experiment, policy: DevicePolicy, held: bool) -> Self {
        Self {
            phase: if held { Phase::Held } else { Phase::Loading { loaded: 0, total: 0 } },
            policy,
            launch: Launch { experiment, checkpoint: None, then: Then::Wait, run: 0 },
            prepared: false,
            ready: false,
            meta_step: 0,
            state: RunState::Paused,
            rate: 0.0,
            fingerprint: String::new(),
            origin: Origin::Seed,
            device: None,
            series: Series::default(),
            ending: None,
            revision: 0,
            parting: None,
            undo: None,
            kept: None,
            leaving: false,
            saving: false,
            runs: 0,
            run: 0,
            adapting: None,
            adapt_wanted: false,
            adapt_id: 0,
            adapted_at: f64::NEG_INFINITY,
            library: Library::default(),
            evaluations: Evaluations::default(),
            searches: Searches::default(),
            comparisons: Comparisons::default(),
            diagnoses: Diagnoses::default(),
            landscapes: Landscapes::default(),
        }
    }

    /// Where the worker stands.
    #[must_use]
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// What runs, or is about to.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.launch.experiment
    }

    /// Number of the run that stands: one that goes on in another worker, or comes back, keeps it.
    #[must_use]
    pub fn run(&self) -> u32 {
        self.run
    }

    /// Meta-steps done.
    #[must_use]
    pub fn meta_step(&self) -> u32 {
        self.meta_step
    }

    /// Meta-steps per second, 0 when not training.
    #[must_use]
    pub fn rate(&self) -> f32 {
        self.rate
    }

    /// Six characters of the meta-parameters' digest, empty before there are any.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Where the run's meta-parameters came from.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The device in use, once chosen.
    #[must_use]
    pub fn device(&self) -> Option<&DeviceReport> {
        self.device.as_ref()
    }

    /// The losses of the run.
    #[must_use]
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// A number that changes whenever [`Session::series`] does.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Whether it trains, or will as soon as it can.
    #[must_use]
    pub fn is_training(&self) -> bool {
        match self.phase {
            Phase::Standing => self.state == RunState::Training,
            Phase::Loading { .. } | Phase::Starting => self.launch.then == Then::Train,
            Phase::Held | Phase::Broken => false,
        }
    }

    /// What the visitor last asked the run to do.
    #[must_use]
    pub fn intent(&self) -> Then {
        match self.phase {
            Phase::Standing if self.state == RunState::Training => Then::Train,
            Phase::Standing => Then::Wait,
            _ => self.launch.then,
        }
    }

    /// Whether the run's budget is spent.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.phase == Phase::Standing && self.state == RunState::Finished
    }

    /// How validation ended the run, once it has.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        self.ending
    }

    /// Whether a run that ended can be brought back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.undo.is_some()
    }

    /// The visitor's dataset.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// What was evaluated of the run that stands.
    #[must_use]
    pub fn evaluations(&self) -> &Evaluations {
        &self.evaluations
    }

    /// What a search has tried around the experiment.
    #[must_use]
    pub fn searches(&self) -> &Searches {
        &self.searches
    }

    /// Learners side by side on the tasks of the experiment.
    #[must_use]
    pub fn comparisons(&self) -> &Comparisons {
        &self.comparisons
    }

    /// What was diagnosed of the run that stands.
    #[must_use]
    pub fn diagnoses(&self) -> &Diagnoses {
        &self.diagnoses
    }

    /// What was drawn of the weights of the run that stands.
    #[must_use]
    pub fn landscapes(&self) -> &Landscapes {
        &self.landscapes
    }

    /// What runs where, for a report.
    #[must_use]
    pub fn describe(&self) -> String {
        format!("{:?}, meta-step {}, {:?}, {:?}", self.device, self.meta_step, self.phase, self.state)
    }

    /// More of the worker's program has arrived.
    pub fn loading(&mut self, loaded: u64, total: u64) {
        if matches!(self.phase, Phase::Loading { .. }) {
            self.phase = Phase::Loading { loaded, total };
        }
    }

    /// The worker's program is being loaded, for the first time or again, on this policy.
    pub fn load(&mut self, policy: DevicePolicy) {
        self.policy = policy;
        self.phase = Phase::Loading { loaded: 0, total: 0 };
        self.device = None;
        self.adapting = None;
        self.ready = false;
        self.saving = false;
        self.library.part();
        self.evaluations.part();
        self.searches.part();
        self.comparisons.part();
        self.diagnoses.part();
        self.landscapes.part();
    }

    /// Begins a run of `experiment`, from a checkpoint or from its seed; the one that stands can be undone.
    pub fn start(&mut self, experiment: Experiment, checkpoint: Option<Kept>, then: Then) -> Vec<Act> {
        let parting = (self.phase == Phase::Standing && self.meta_step > 0).then(|| self.keep(Vec::new()));
        self.runs += 1;
        self.launch = Launch { experiment, checkpoint, then, run: self.runs };
        self.prepared = true;
        if !self.ready {
            return Vec::new();
        }
        let mut acts = Vec::new();
        if parting.is_some() {
            self.parting = parting;
            acts.push(Act::Send(Request::Checkpoint));
        }
        acts.extend(self.launch());
        acts
    }

    /// Meta-trains; a run whose budget is spent starts over from its seed.
    pub fn play(&mut self, experiment: &Experiment) -> Vec<Act> {
        self.go(experiment, Then::Train, Request::Train)
    }

    /// Takes one meta-step; a run whose budget is spent starts over from its seed.
    pub fn step(&mut self, experiment: &Experiment) -> Vec<Act> {
        self.go(experiment, Then::Step, Request::Step)
    }

    /// Stops after the current meta-step.
    pub fn pause(&mut self) -> Vec<Act> {
        self.launch.then = Then::Wait;
        if self.phase == Phase::Standing { vec![Act::Send(Request::Pause)] } else { Vec::new() }
    }

    /// Goes back to the random start of the seed.
    pub fn reset(&mut self, experiment: &Experiment) -> Vec<Act> {
        let lost = self.meta_step;
        let own = self.origin == Origin::Seed;
        let mut acts = self.start(experiment.clone(), None, Then::Wait);
        if own && lost > 0 {
            acts.push(Act::Tell(Notice::Reset { lost }));
        }
        acts
    }

    /// Takes a change that does not restart the run.
    pub fn update(&mut self, experiment: &Experiment) -> Vec<Act> {
        let before = std::mem::replace(&mut self.launch.experiment, experiment.clone());
        if self.phase != Phase::Standing {
            return Vec::new();
        }
        // Figures under other tasks, or with another inner loop, are no measure of these.
        let judged = |experiment: &Experiment| {
            (experiment.task.clone(), experiment.learner.clone(), experiment.model.transduction)
        };
        let stop = (judged(&before) != judged(experiment)).then(|| {
            let stop = self.evaluations.stop();
            self.evaluations.clear();
            stop
        });
        let stop_landscape = (judged(&before) != judged(experiment)).then(|| {
            let stop = self.landscapes.stop();
            self.landscapes.clear();
            stop
        });
        // A meta-gradient and its cost depend on the meta-batch as well.
        let diagnosed = |experiment: &Experiment| (judged(experiment), experiment.outer.meta_batch);
        let stop_diagnosis = (diagnosed(&before) != diagnosed(experiment)).then(|| {
            let stop = self.diagnoses.stop();
            self.diagnoses.clear();
            stop
        });
        let dataset = self.library.hand_over(experiment);
        let update = dataset.into_iter().chain([Request::Update(experiment.clone())]);
        let turned = self.searches.turn_to(experiment).into_iter().chain(self.comparisons.turn_to(experiment));
        let stopped = [stop, stop_diagnosis, stop_landscape].into_iter().flatten().flatten().chain(turned);
        stopped.chain(update).map(Act::Send).collect()
    }

    /// Diagnoses the run that stands.
    pub fn diagnose(&mut self, diagnosis: Diagnosis) -> Vec<Act> {
        if self.phase != Phase::Standing {
            return Vec::new();
        }
        self.diagnoses.ask(diagnosis).map(Act::Send).into_iter().collect()
    }

    /// Stops diagnosing.
    pub fn stop_diagnosis(&mut self) -> Vec<Act> {
        self.diagnoses.stop().map(Act::Send).into_iter().collect()
    }

    /// Draws the landscape of the run that stands.
    pub fn map(&mut self, asked: Mapped) -> Vec<Act> {
        if self.phase != Phase::Standing {
            return Vec::new();
        }
        self.landscapes.ask(asked).into_iter().map(Act::Send).collect()
    }

    /// Stops drawing a landscape.
    pub fn stop_landscape(&mut self) -> Vec<Act> {
        self.landscapes.stop().map(Act::Send).into_iter().collect()
    }

    /// Compares directions every so many meta-steps, in this run and in those to come; 0 stops.
    pub fn watch_directions(&mut self, every: u32) -> Vec<Act> {
        let request = self.diagnoses.watch(every);
        if self.phase == Phase::Standing { vec![Act::Send(request)] } else { Vec::new() }
    }

    /// Evaluates the run that stands.
    pub fn evaluate(&mut self, asked: Asked) -> Vec<Act> {
        if self.phase != Phase::Standing {
            return Vec::new();
        }
        let request = self.evaluations.ask(asked);
        self.post_evaluation(request)
    }

    /// Stops evaluating.
    pub fn stop_evaluation(&mut self) -> Vec<Act> {
        self.evaluations.stop().map(Act::Send).into_iter().collect()
    }

    /// Searches around the experiment of the run that stands, which pauses: its meta-steps would take time that the
    /// search has planned with.
    pub fn search(&mut self, seconds: u32) -> Vec<Act> {
        if self.phase != Phase::Standing {
            return Vec::new();
        }
        let mut acts = if self.is_training() { self.pause() } else { Vec::new() };
        acts.push(Act::Send(self.searches.ask(&self.launch.experiment, seconds)));
        acts
    }

    /// Stops searching.
    pub fn stop_search(&mut self) -> Vec<Act> {
        self.searches.stop().map(Act::Send).into_iter().collect()
    }

    /// Puts learners side by side, and what stands as it stands. The run pauses, as the comparison gives way to it.
    pub fn compare(&mut self, contestants: Vec<Contestant>, meta_steps: u32, shown: ShownTask) -> Vec<Act> {
        if self.phase != Phase::Standing {
            return Vec::new();
        }
        let mut acts = if self.is_training() { self.pause() } else { Vec::new() };
        acts.push(Act::Send(self.comparisons.ask(&self.launch.experiment, contestants, meta_steps, shown)));
        acts
    }

    /// Stops comparing.
    pub fn stop_comparison(&mut self) -> Vec<Act> {
        self.comparisons.stop().map(Act::Send).into_iter().collect()
    }

    /// What to ask for so that those compared adapt to the task on show as well.
    pub fn show_compared(&mut self, task: &ShownTask) -> Option<Request> {
        self.comparisons.show(task)
    }

    /// Posts an evaluation, after the dataset that it draws from.
    fn post_evaluation(&mut self, request: Option<Request>) -> Vec<Act> {
        let Some(request) = request else { return Vec::new() };
        let dataset = match &request {
            Request::Evaluate { task, .. } => {
                let drawn = Experiment { task: task.clone(), ..self.launch.experiment.clone() };
                self.library.hand_over(&drawn)
            }
            _ => None,
        };
        dataset.into_iter().chain([request]).map(Act::Send).collect()
    }

    /// Stops what evaluates, searches or compares on a dataset that is about to change.
    fn stop_on_dataset(&mut self) -> Vec<Act> {
        let mut acts = if self.evaluations.draws_from(Source::Imported) { self.stop_evaluation() } else { Vec::new() };
        if self.searches.draws_from(Source::Imported) {
            acts.extend(self.stop_search());
        }
        if self.comparisons.draws_from(Source::Imported) {
            acts.extend(self.stop_comparison());
        }
        acts
    }

    /// The browser begins to hand over files to import.
    pub fn open_files(&mut self) -> Vec<Act> {
        self.library.open();
        Vec::new()
    }

    /// Imports files, as soon as there is a worker.
    pub fn import(&mut self, files: Result<ImportFiles, Failure>) -> Vec<Act> {
        let mut acts = self.stop_on_dataset();
        acts.extend(self.library.read(files, self.ready).map(Act::Send));
        acts
    }

    /// Stops the import that goes on.
    pub fn cancel_import(&mut self) -> Vec<Act> {
        self.library.cancel().map(Act::Send).into_iter().collect()
    }

    /// Takes the dataset of an earlier visit.
    pub fn restore_dataset(&mut self, holding: Holding) -> Vec<Act> {
        self.library.restore(holding);
        Vec::new()
    }

    /// Forgets the dataset; what runs on it goes on with procedural characters.
    pub fn forget_dataset(&mut self) -> Vec<Act> {
        if !self.library.forget() {
            return Vec::new();
        }
        let mut acts = self.stop_on_dataset();
        acts.extend([Act::Keep(None), Act::WithoutDataset]);
        acts.extend(self.ready.then_some(Act::Send(Request::Dataset(None))));
        acts
    }

    /// Brings the dataset back that was forgotten last.
    pub fn recall_dataset(&mut self) -> Vec<Act> {
        self.library.recall().map(|holding| Act::Keep(Some(holding))).into_iter().collect()
    }

    /// Brings back the run that the last restart ended.
    pub fn undo(&mut self) -> Vec<Act> {
        let Some(kept) = self.undo.take() else { return Vec::new() };
        let (experiment, run) = (kept.experiment.clone(), kept.run);
        self.launch = Launch { experiment, checkpoint: Some(kept.clone()), then: Then::Wait, run };
        let mut acts = vec![Act::Adopt(kept.experiment)];
        if self.ready {
            acts.extend(self.launch());
        }
        acts
    }

    /// Asks for the network as a file.
    pub fn save(&mut self) -> Vec<Act> {
        if self.phase != Phase::Standing {
            return Vec::new();
        }
        self.saving = true;
        vec![Act::Send(Request::Checkpoint)]
    }

    /// Leaves this worker for another one, which goes on where it stood.
    pub fn leave(&mut self) -> Vec<Act> {
        if self.phase != Phase::Standing || self.meta_step == 0 {
            return self.set_out();
        }
        self.leaving = true;
        vec![Act::Send(Request::Checkpoint)]
    }

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
        self.evaluations.part();
        self.searches.part();
        self.comparisons.part();
        self.diagnoses.part();
        self.landscapes.part();
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
            Event::Evaluated { id, meta_step, evaluation, finished } => {
                let next = self.evaluations.heed(id, meta_step, evaluation, finished);
                self.post_evaluation(next)
            }
            Event::Compared { id, compared, finished } => {
                self.comparisons.heed(id, compared, finished);
                Vec::new()
            }
            Event::Searched { id, searched, finished } => {
                self.searches.heed(id, searched, finished);
                Vec::new()
            }
            Event::Diagnosed { id, found, done, total, finished } => {
                let next = self.diagnoses.heed(id, found, (done, total), finished);
                next.map(Act::Send).into_iter().collect()
            }
            Event::Watched(directions) => {
                if self.phase == Phase::Standing {
                    self.diagnoses.turned(directions);
                }
                Vec::new()
            }
            Event::Landscape { id, landscape, done, total, finished } => {
                self.landscapes.heed(id, landscape.map(|landscape| *landscape), (done, total), finished);
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
                self.diagnoses.rewind(restored);
                self.revision += 1;
                self.adapt_wanted = true;
                vec![Act::Tell(Notice::Diverged { at, restored })]
            }
            Event::Failed { fault, detail } => self.failed(fault, detail, build),
        }
    }

    /// The shown task should be adapted anew.
    pub fn wish_adaptation(&mut self) {
        self.adapt_wanted = true;
    }

    /// The request to adapt the shown task, if there is one, when it is due: never two in flight, and not too many while
    /// training.
    pub fn adaptation(&mut self, now: f64, task: impl FnOnce() -> Option<(ShownTask, Subject)>) -> Option<Request> {
        let soon = self.state == RunState::Training && now - self.adapted_at < ADAPT_EVERY;
        if !self.adapt_wanted || self.adapting.is_some() || self.phase != Phase::Standing || soon {
            return None;
        }
        self.adapt_wanted = false;
        let (task, subject) = task()?;
        self.adapted_at = now;
        self.adapt_id = self.adapt_id.wrapping_add(1);
        self.adapting = Some((self.adapt_id, subject));
        Some(Request::Adapt { id: self.adapt_id, task })
    }

    fn set_out(&mut self) -> Vec<Act> {
        let then = self.intent();
        self.go_on_from_checkpoint();
        self.launch.then = then;
        vec![Act::Load]
    }

    /// Lets the next worker launch what this one ran.
    fn go_on_from_checkpoint(&mut self) {
        if self.phase == Phase::Standing {
            self.launch.checkpoint = self.kept.clone();
        }
    }

    fn go(&mut self, experiment: &Experiment, then: Then, request: Request) -> Vec<Act> {
        match self.phase {
            Phase::Standing if self.is_finished() => {
                // The shipped network is one button away; a run of one's own is worth a word.
                let own = self.origin == Origin::Seed;
                let mut acts = self.start(experiment.clone(), None, then);
                acts.extend(own.then_some(Act::Tell(Notice::StartedOver)));
                acts
            }
            Phase::Standing => vec![Act::Send(request)],
            Phase::Loading { .. } | Phase::Starting => {
                self.launch.then = then;
                Vec::new()
            }
            // Whoever presses play on a page that waits wants it to go on.
            Phase::Held | Phase::Broken => {
                self.launch.then = then;
                vec![Act::Load]
            }
        }
    }

    /// Posts the run to begin; its first event is `Started`.
    fn launch(&mut self) -> Vec<Act> {
        self.phase = Phase::Starting;
        self.adapting = None;
        self.evaluations.clear();
        self.diagnoses.clear();
        self.landscapes.clear();
        let Launch { experiment, checkpoint, .. } = &self.launch;
        let checkpoint = checkpoint.as_ref().map(|kept| kept.bytes.clone());
        let start = Request::Start { experiment: experiment.clone(), policy: self.policy, checkpoint };
        let dataset = self.library.hand_over(experiment);
        let turned = self.searches.turn_to(experiment).into_iter().chain(self.comparisons.turn_to(experiment));
        turned.into_iter().chain(dataset).chain([start]).map(Act::Send).collect()
    }

    fn started(&mut self, device: DeviceReport, snapshot: Snapshot) -> Vec<Act> {
        self.parting = None;
        self.device = Some(device);
        self.phase = Phase::Standing;
        self.run = self.launch.run;
        self.kept = self.launch.checkpoint.clone();
        let (series, origin) =
            self.kept.as_ref().map_or((Series::default(), Origin::Seed), |kept| (kept.series.clone(), kept.origin));
        self.series = series;
        self.revision += 1;
        self.origin = origin;
        self.ending = None;
        self.take(snapshot);
        self.adapt_wanted = true;
        let then = std::mem::replace(&mut self.launch.then, Then::Wait);
        let experiment = self.launch.experiment.clone();
        let every = self.diagnoses.every();
        let mut acts = Vec::new();
        acts.extend((every > 0).then_some(Act::Send(Request::WatchDirections(every))));
        acts.extend(match then {
            Then::Wait => Vec::new(),
            Then::Train => self.play(&experiment),
            Then::Step => self.step(&experiment),
        });
        acts
    }

    fn take(&mut self, snapshot: Snapshot) {
        let Snapshot { meta_step, state, rate, losses, checks, ending, fingerprint } = snapshot;
        if self.ending.is_some() && ending.is_none() {
            // It goes on from its best check, and what came after that one comes again.
            self.series.rewind(meta_step);
            self.revision += 1;
        }
        if !losses.is_empty() || !checks.is_empty() {
            self.series.extend(&losses);
            self.series.extend_checks(&checks);
            self.revision += 1;
        }
        self.ending = ending;
        (self.meta_step, self.state, self.rate, self.fingerprint) = (meta_step, state, rate, fingerprint);
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
                self.evaluations.part();
                self.searches.part();
                self.comparisons.part();
                self.diagnoses.part();
                self.landscapes.part();
                vec![Act::Tell(Notice::Refused)]
            }
            Fault::Dataset => {
                self.evaluations.part();
                self.searches.part();
                self.comparisons.part();
                self.diagnoses.part();
                self.landscapes.part();
                // What was asked for last is not going to be answered.
                self.adapting = None;
                self.adapt_wanted = true;
                self.launch.experiment.task.source = Source::Procedural;
                let mut acts = if self.phase == Phase::Starting { self.launch() } else { Vec::new() };
                acts.extend([Act::WithoutDataset, Act::Tell(Notice::DatasetUnfit)]);
                acts
            }
        }
    }

    fn keep(&self, bytes: Vec<u8>) -> Kept {
        Kept {
            experiment: self.launch.experiment.clone(),
            meta_step: self.meta_step,
            bytes,
            series: self.series.clone(),
            origin: self.origin,
            run: self.run,
        }
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
