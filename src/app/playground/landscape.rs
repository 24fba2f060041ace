//! Drawing the landscape of the weights that stand.

use leptos::prelude::*;

use super::{Playground, layers::SETTLES};
use crate::{
    app::{browser, job::LongWork as _, landscapes::Mapped, session::Session},
    experiment::PlaneKind,
    protocol::ShownTask,
};

impl Playground {
    /// Draws the landscape around the task on show, in place of any before.
    pub fn map(self) {
        if let Some(asked) = self.mapped() {
            self.act(|session| session.map(asked));
        }
    }

    /// The task on show may be another one: where a landscape is there, or under way, it is drawn around that, once that
    /// has settled.
    pub fn map_soon(self) {
        let asked = self.mapped();
        browser::after(SETTLES, move || {
            let Some(now) = self.mapped().filter(|now| asked.as_ref() == Some(now)) else { return };
            if self.session.with_untracked(|session| session.jobs().landscapes.wants(&now)) {
                self.act(|session| session.map_instead(now));
            }
        });
    }

    /// The task on show, in the plane that is chosen.
    fn mapped(self) -> Option<Mapped> {
        let (task, _) = self.task_on_show()?;
        let plane = self.plane.get_untracked();
        Some(self.experiment.with_untracked(|experiment| Mapped::of(task, plane, experiment)))
    }

    /// Whether this is the task on show, its points or drawings included; follows whatever may change that.
    pub fn shows(self, task: &ShownTask) -> bool {
        self.experiment.track();
        self.sketch.track();
        self.desk.track();
        self.task_on_show().is_some_and(|(shown, _)| shown == *task)
    }

    /// Chooses a plane; a landscape that is there, or under way, is drawn anew in it.
    pub fn choose_plane(self, text: &str) {
        let plane = if text == "random" { PlaneKind::Random } else { PlaneKind::Paths };
        if self.plane.get_untracked() == plane {
            return;
        }
        self.plane.set(plane);
        let again = |session: &Session| {
            let landscapes = &session.jobs().landscapes;
            landscapes.landscape().is_some() || landscapes.is_busy()
        };
        if self.session.with_untracked(again) {
            self.map();
        }
    }
}
