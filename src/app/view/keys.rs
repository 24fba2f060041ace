//! Single keys for the whole page; they can be switched off (WCAG 2.1.4) and never act inside a control.

use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;

use crate::app::{browser, playground::Playground, session::Session};

/// Key under which the choice is remembered.
pub const KEYS_KEY: &str = "kindling.keys";

/// What scrolls by its own arrow keys while it has the focus, as wide tables do.
const SCROLLABLE: &str = ".scroll[tabindex], .scroll-across[tabindex], .anatomy-scroll[tabindex], pre.code[tabindex]";

/// Whether single keys act, and what opens the two dialogs.
#[derive(Clone, Copy)]
pub struct Keys {
    /// Whether they act.
    pub on: RwSignal<bool>,
    /// Opens the link to share.
    pub share: StoredValue<Option<Callback<()>>>,
    /// Opens the list of keys.
    pub help: StoredValue<Option<Callback<()>>>,
}

impl Keys {
    /// As the visitor left them.
    pub fn remembered() -> Self {
        let on = browser::remembered(KEYS_KEY).is_none_or(|kept| kept != "off");
        Self { on: RwSignal::new(on), share: StoredValue::new(None), help: StoredValue::new(None) }
    }

    /// Listens for keys on the whole page.
    pub fn listen(self, page: Playground) {
        let handle = window_event_listener(ev::keydown, move |event| {
            if self.on.get_untracked() && !taken(&event) && self.act(page, &event) {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    }

    /// Does what a key says; false for a key that says nothing.
    fn act(self, page: Playground, event: &ev::KeyboardEvent) -> bool {
        let go = |by: i64| {
            let (step, last) = untrack(move || (page.inner_step(), page.last_step()));
            page.show_step(u32::try_from((i64::from(step) + by).clamp(0, i64::from(last))).unwrap_or_default());
        };
        let open = |dialog: StoredValue<Option<Callback<()>>>| {
            if let Some(open) = dialog.get_value() {
                open.run(());
            }
        };
        match (event.key().as_str(), event.shift_key()) {
            (" ", false) if page.session.with_untracked(Session::is_training) => page.pause(),
            (" ", false) => page.play(),
            ("ArrowRight", true) => page.step(),
            ("ArrowRight", false) => go(1),
            ("ArrowLeft", false) => go(-1),
            ("n" | "N", _) => page.new_task(),
            ("r" | "R", _) => page.reset(),
            ("s" | "S", _) => open(self.share),
            ("?", _) => open(self.help),
            _ => return false,
        }
        true
    }
}

/// Whether the key belongs to whatever has the focus: a control, a dialog, a moved point, what scrolls, or the
/// browser itself.
fn taken(event: &ev::KeyboardEvent) -> bool {
    if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return true;
    }
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let inside =
        |selector: &str| target.as_ref().is_some_and(|target| target.closest(selector).ok().flatten().is_some());
    let presses = event.key() == " ";
    let scrolls = event.key().starts_with("Arrow");
    inside("input, select, textarea, dialog")
        || (presses && inside("button, summary, a, [role=button]"))
        || (scrolls && inside(SCROLLABLE))
}
