//! Long work in the worker as the page knows it: what is asked for, how far it is, and what was found.
//!
//! A plain state machine inside [`Session`](super::session::Session), the same for every panel. The worker does one work
//! of a kind at a time; others wait here. What tells one kind from another is its [`Kind`].

use std::{collections::VecDeque, fmt::Debug, ops::Deref};

use crate::{
    experiment::{Experiment, Source, TaskSpec},
    protocol::{Answer, Request, Work},
};

/// What one kind of work finds, and how long that holds.
pub trait Kind: Clone + Debug + Default + PartialEq + 'static {
    /// What is asked for.
    type Asked: Clone + Debug + PartialEq;

    /// Whether it has networks of its own, and goes on when another run begins.
    const OUTLIVES_RUN: bool = false;

    /// What is asked for, in the worker's words.
    fn work(asked: &Self::Asked) -> Work;

    /// Takes in what the work of this id has found so far, or in all.
    fn take(&mut self, asked: &Self::Asked, id: u32, answer: Answer, finished: bool);

    /// Whether what was found under one experiment still says something under another.
    fn holds(before: &Experiment, after: &Experiment) -> bool;

    /// The tasks that it draws, where they are not the experiment's.
    fn tasks(_asked: &Self::Asked) -> Option<&TaskSpec> {
        None
    }

    /// What is under way will not be finished.
    fn part(&mut self) {}

    /// Forgets what was found.
    fn forget(&mut self) {
        *self = Self::default();
    }
}

/// See the module. What was found reads as if it were the job's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Job<K: Kind> {
    found: K,
    /// The experiment that it is about, from the first time that something is asked for.
    about: Option<Experiment>,
    /// What was begun last and its id, as long as anybody may say more of it.
    begun: Option<(u32, K::Asked)>,
    /// Parts done and in all of what is under way.
    under_way: Option<(u32, u32)>,
    waiting: VecDeque<K::Asked>,
    /// What waits for a run that is about to begin, if one is.
    ahead: Option<VecDeque<K::Asked>>,
    stopped: bool,
    revision: u32,
}

impl<K: Kind> Default for Job<K> {
    fn default() -> Self {
        Self {
            found: K::default(),
            about: None,
            begun: None,
            under_way: None,
            waiting: VecDeque::new(),
            ahead: None,
            stopped: false,
            revision: 0,
        }
    }
}

impl<K: Kind> Deref for Job<K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.found
    }
}

impl<K: Kind> Job<K> {
    /// A number that changes whenever anything else here does.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// What is under way.
    #[must_use]
    pub fn running(&self) -> Option<&K::Asked> {
        self.begun.as_ref().filter(|_| self.under_way.is_some()).map(|(_, asked)| asked)
    }

    /// Whether this is under way, or waits: of the run that is about to begin, if one is.
    #[must_use]
    pub fn is_wanted(&self, asked: &K::Asked) -> bool {
        match &self.ahead {
            Some(ahead) => ahead.contains(asked),
            None => self.running() == Some(asked) || self.waiting.contains(asked),
        }
    }

    /// Whether another run is about to begin: what is asked for now is asked of that one.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        self.ahead.is_some()
    }

    /// Whether what was asked for went to its end.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.about.is_some() && !self.is_busy() && !self.stopped
    }

    /// Whether it was stopped, by the visitor or as nobody could go on with it.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// The experiment that it is about, once something was asked for.
    #[must_use]
    pub fn about(&self) -> Option<&Experiment> {
        self.about.as_ref()
    }

    /// What was begun last, and its id, as long as anybody may say more of it.
    #[must_use]
    pub fn begun_mut(&mut self) -> Option<(u32, &mut K::Asked)> {
        self.begun.as_mut().map(|(id, asked)| (*id, asked))
    }

    /// Asks for work about an experiment, after what was asked for before.
    pub fn ask(&mut self, asked: K::Asked, experiment: &Experiment) {
        self.revision += 1;
        self.stopped = false;
        match &mut self.ahead {
            Some(ahead) => {
                self.about = Some(experiment.clone());
                ahead.push_back(asked);
            }
            None => {
                self.about.get_or_insert_with(|| experiment.clone());
                self.waiting.push_back(asked);
            }
        }
    }

    /// Asks for work about an experiment, in place of all that was asked for and found before.
    pub fn ask_anew(&mut self, asked: K::Asked, experiment: &Experiment) {
        self.clear();
        self.ask(asked, experiment);
    }

    /// Asks for work about an experiment, in place of all that is under way, which the worker drops for it, or waits. What
    /// was found before stays until this finds something.
    pub fn ask_instead(&mut self, asked: K::Asked, experiment: &Experiment) {
        self.drop_waiting();
        (self.begun, self.under_way) = (None, None);
        self.ask(asked, experiment);
    }

    fn waiting(&self) -> impl Iterator<Item = &K::Asked> {
        self.waiting.iter().chain(self.ahead.iter().flatten())
    }

    /// Changes what was found from outside.
    pub fn amend(&mut self, change: impl FnOnce(&mut K)) {
        self.revision += 1;
        change(&mut self.found);
    }
}

/// What the session does with work of every kind.
pub trait LongWork {
    /// Parts done and in all, 0 while unknown, if something is under way or waits.
    fn progress(&self) -> Option<(u32, u32)>;

    /// Whether something is under way or waits.
    fn is_busy(&self) -> bool {
        self.progress().is_some()
    }

    /// Whether it draws its characters from there.
    fn draws_from(&self, source: Source) -> bool;

    /// Begins what waits, if it is its turn: under this id, on the tasks that it draws where those are its own.
    fn next(&mut self, id: u32) -> Option<(Work, Option<TaskSpec>)>;

    /// Whether the work of this id may say more.
    fn hears(&self, id: u32) -> bool;

    /// Takes in what was found so far, or in all.
    fn heed(&mut self, id: u32, answer: Answer, progress: (u32, u32), finished: bool);

    /// Stops what is under way, and forgets what waits. What was found so far stays.
    fn stop(&mut self) -> Option<Request>;

    /// Nobody will say any more.
    fn part(&mut self);

    /// Forgets everything, as it was about something else.
    fn clear(&mut self);

    /// Goes over from one experiment to another: what says nothing under that is stopped and forgotten.
    fn turn(&mut self, before: &Experiment, after: &Experiment) -> Option<Request>;

    /// A run of this experiment is about to begin: what is asked for from now on is asked of that.
    fn expect(&mut self, experiment: &Experiment);

    /// Goes over to another run, of this experiment. What is asked for waits until it stands.
    fn launch(&mut self, experiment: &Experiment) -> Option<Request>;

    /// The run stands.
    fn stand(&mut self);
}

impl<K: Kind> Job<K> {
    fn drop_waiting(&mut self) {
        self.waiting.clear();
        self.ahead.iter_mut().for_each(VecDeque::clear);
    }
}

impl<K: Kind> LongWork for Job<K> {
    fn progress(&self) -> Option<(u32, u32)> {
        (self.under_way.is_some() || self.waiting().next().is_some()).then(|| self.under_way.unwrap_or_default())
    }

    fn draws_from(&self, source: Source) -> bool {
        let own = self.about.as_ref().map(|about| &about.task);
        let running = self.running().into_iter().chain(self.waiting());
        running
            .filter_map(|asked| K::tasks(asked).or(own))
            .any(|task| task.family.classifies() && task.source == source)
    }

    fn next(&mut self, id: u32) -> Option<(Work, Option<TaskSpec>)> {
        if self.under_way.is_some() {
            return None;
        }
        let asked = self.waiting.pop_front()?;
        let posted = (K::work(&asked), K::tasks(&asked).cloned());
        (self.begun, self.under_way) = (Some((id, asked)), Some((0, 0)));
        Some(posted)
    }

    fn hears(&self, id: u32) -> bool {
        self.begun.as_ref().is_some_and(|(begun, _)| *begun == id)
    }

    fn heed(&mut self, id: u32, answer: Answer, progress: (u32, u32), finished: bool) {
        let Some((_, asked)) = self.begun.as_ref().filter(|(begun, _)| *begun == id) else { return };
        self.revision += 1;
        self.found.take(asked, id, answer, finished);
        self.under_way = self.under_way.and((!finished).then_some(progress));
    }

    fn stop(&mut self) -> Option<Request> {
        if !self.is_busy() {
            return None;
        }
        self.revision += 1;
        self.stopped = true;
        self.drop_waiting();
        self.under_way.and(self.begun.as_ref()).map(|(id, _)| Request::Cancel(*id))
    }

    fn part(&mut self) {
        self.begun = None;
        if !self.is_busy() {
            return;
        }
        self.revision += 1;
        self.stopped = true;
        self.drop_waiting();
        self.under_way = None;
        self.found.part();
    }

    fn clear(&mut self) {
        self.found.forget();
        let (found, revision) = (std::mem::take(&mut self.found), self.revision + 1);
        let ahead = self.ahead.take().map(|_| VecDeque::new());
        *self = Self { found, ahead, revision, ..Self::default() };
    }

    fn turn(&mut self, before: &Experiment, after: &Experiment) -> Option<Request> {
        if K::holds(self.about.as_ref().unwrap_or(before), after) {
            return None;
        }
        let stop = self.stop();
        self.clear();
        stop
    }

    fn expect(&mut self, experiment: &Experiment) {
        let holds = self.about.as_ref().is_some_and(|about| K::holds(about, experiment));
        self.ahead = Some(self.ahead.take().filter(|_| holds).unwrap_or_default());
    }

    fn launch(&mut self, experiment: &Experiment) -> Option<Request> {
        self.expect(experiment);
        if K::OUTLIVES_RUN {
            return self.turn(experiment, experiment);
        }
        // The worker ends it with the run.
        let ahead = self.ahead.take().unwrap_or_default();
        self.clear();
        self.about = (!ahead.is_empty()).then(|| experiment.clone());
        self.ahead = Some(ahead);
        None
    }

    fn stand(&mut self) {
        self.waiting.extend(self.ahead.take().unwrap_or_default());
    }
}
