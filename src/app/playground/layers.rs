//! Looking into the layers of the weights that stand.

use leptos::prelude::*;

use super::Playground;
use crate::app::{browser, job::LongWork as _, layers::Looked};

/// Milliseconds that the task on show has to stay the same before its layers, or its landscape, are looked into again.
pub(super) const SETTLES: i32 = 400;

impl Playground {
    /// Looks into the layers on the task on show, and where there are feature maps at those of the drawing that is chosen.
    pub fn dissect(self) {
        let Some((task, _)) = self.task_on_show() else { return };
        self.act(|session| session.dissect(task));
        self.look_at(0);
    }

    /// Looks at a drawing of the task on show.
    pub fn look_at(self, drawing: u32) {
        if !self.experiment.with_untracked(|experiment| experiment.has_maps()) {
            return;
        }
        let Some((task, _)) = self.task_on_show() else { return };
        self.act(|session| session.look_at(Looked { task, drawing }));
    }

    /// The task on show may be another one: what was looked into is looked into again, once that has settled.
    pub fn dissect_soon(self) {
        let asked = self.task_on_show().map(|(task, _)| task);
        browser::after(SETTLES, move || {
            let now = self.task_on_show().map(|(task, _)| task);
            // What was cancelled stays so until it is asked for.
            let known = self.session.with_untracked(|session| {
                let layers = &session.jobs().layers;
                (layers.is_over() || layers.is_busy()).then(|| layers.task().cloned()).flatten()
            });
            if now.is_some() && now == asked && known.is_some() && known != now {
                self.dissect();
            }
        });
    }
}
