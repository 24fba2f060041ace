//! Taking the step on show apart.

use leptos::prelude::*;

use super::Playground;
use crate::experiment::Stage;

/// What the visitor looks at in an anatomy.
#[derive(Clone, Copy)]
pub struct Trace {
    /// Which stage is on show.
    pub stage: RwSignal<Stage>,
    /// Which number is followed, by its name.
    pub followed: RwSignal<Option<String>>,
    /// Whether whatever is on show is to be taken apart, as that before was.
    pub wanted: RwSignal<bool>,
}

impl Default for Trace {
    fn default() -> Self {
        Self { stage: RwSignal::new(Stage::Start), followed: RwSignal::new(None), wanted: RwSignal::new(false) }
    }
}

impl Playground {
    /// Takes a step on the task on show apart, in place of any before.
    pub fn trace(self) {
        self.trace.wanted.set(true);
        if let Some((task, _)) = self.task_on_show() {
            self.act(|session| session.trace(task));
        }
    }

    /// Takes the task on show apart where another one was, unless that is under way or the visitor has stopped it.
    pub fn trace_again(self) {
        if !self.trace.wanted.get_untracked() {
            return;
        }
        let Some((task, _)) = self.task_on_show() else { return };
        if self.session.with_untracked(|session| session.jobs().anatomies.wants(&task)) {
            self.act(|session| session.trace(task));
        }
    }
}
