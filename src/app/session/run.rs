//! The run: beginning it, steering it, changing it, and going on with it elsewhere.

use super::{Act, Kept, Launch, Origin, Phase, Session, Then};
use crate::{
    app::notice::Notice,
    chart::Series,
    experiment::Experiment,
    protocol::{DeviceReport, Request, Snapshot},
};

impl Session {
    /// A run of `experiment` is about to begin: what is asked for from now on is asked of that one.
    pub fn expect(&mut self, experiment: &Experiment) {
        self.expected = Some(experiment.clone());
        self.jobs.expect(experiment);
    }

    /// Begins a run of `experiment`, from a checkpoint or from its seed; the one that stands can be undone.
    pub fn start(&mut self, experiment: Experiment, checkpoint: Option<Kept>, then: Then) -> Vec<Act> {
        let parting = (self.phase == Phase::Standing && self.meta_step > 0).then(|| self.keep(Vec::new()));
        self.runs += 1;
        (self.expected, self.pressed) = (None, None);
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
        self.pressed = self.expected.is_some().then_some(Then::Wait);
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
        // What was found of the experiment before is not of this one, whether a run stands or not.
        let turned = self.jobs.turn(&before, experiment).into_iter().map(Act::Send);
        if self.phase != Phase::Standing {
            return turned.collect();
        }
        let dataset = self.library.hand_over(experiment);
        let update = dataset.into_iter().chain([Request::Update(experiment.clone())]);
        turned.chain(update.map(Act::Send)).collect()
    }

    /// Brings back the run that the last restart ended.
    pub fn undo(&mut self) -> Vec<Act> {
        let Some(kept) = self.undoable().cloned() else { return Vec::new() };
        self.undo = None;
        let (experiment, run) = (kept.experiment.clone(), kept.run);
        (self.expected, self.pressed) = (None, None);
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

    pub(super) fn set_out(&mut self) -> Vec<Act> {
        let then = self.intent();
        self.go_on_from_checkpoint();
        self.launch.then = then;
        vec![Act::Load]
    }

    /// Lets the next worker launch what this one ran.
    pub(super) fn go_on_from_checkpoint(&mut self) {
        if self.phase == Phase::Standing {
            self.launch.checkpoint = self.kept.clone();
        }
    }

    fn go(&mut self, experiment: &Experiment, then: Then, request: Request) -> Vec<Act> {
        self.pressed = self.expected.is_some().then_some(then);
        match self.phase {
            // The run that stands is about to end: it is asked of the next.
            Phase::Standing if self.pressed.is_some() => Vec::new(),
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
    pub(super) fn launch(&mut self) -> Vec<Act> {
        self.phase = Phase::Starting;
        self.adapting = None;
        self.posted = self.launch.experiment.clone();
        let Launch { experiment, checkpoint, .. } = &self.launch;
        let checkpoint = checkpoint.as_ref().map(|kept| kept.bytes.clone());
        let start = Request::Start { experiment: experiment.clone(), policy: self.policy, checkpoint };
        let dataset = self.library.hand_over(experiment);
        let turned = self.jobs.launch(experiment);
        turned.into_iter().chain(dataset).chain([start]).map(Act::Send).collect()
    }

    pub(super) fn started(&mut self, device: DeviceReport, snapshot: Snapshot) -> Vec<Act> {
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
        let every = self.jobs.diagnoses.every();
        let mut acts = Vec::new();
        if self.posted != experiment {
            // It was changed after it was posted.
            acts.push(Act::Send(Request::Update(experiment.clone())));
        }
        if self.expected.is_none() {
            self.jobs.stand();
        }
        acts.extend(self.post());
        acts.extend((every > 0).then_some(Act::Send(Request::WatchDirections(every))));
        acts.extend(match then {
            Then::Wait => Vec::new(),
            Then::Train => self.play(&experiment),
            Then::Step => self.step(&experiment),
        });
        acts
    }

    pub(super) fn take(&mut self, snapshot: Snapshot) {
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

    pub(super) fn keep(&self, bytes: Vec<u8>) -> Kept {
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
