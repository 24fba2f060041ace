//! Drawing the landscape of the weights that stand.

use leptos::prelude::*;

use super::Playground;
use crate::{
    app::{job::LongWork as _, landscapes::Mapped, session::Session},
    experiment::PlaneKind,
};

impl Playground {
    /// Draws the landscape around the task on show, in place of any before.
    pub fn map(self) {
        let Some((task, _)) = self.task_on_show() else { return };
        let plane = self.plane.get_untracked();
        let asked = self.experiment.with_untracked(|experiment| Mapped::of(task, plane, experiment));
        self.act(|session| session.map(asked));
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
