//! The panels below the adaptation: which have a tab, which one is open, and which one a key opens.

use crate::experiment::{Choice as _, Panel, Tab, View};

/// The panels with a tab, from left to right: what a link hides has none.
#[must_use]
pub fn tabs(view: &View) -> Vec<Tab> {
    let is_hidden = |tab: Tab| tab == Tab::Search && view.hide.contains(&Panel::Hyperparameters);
    Tab::ALL.iter().copied().filter(|tab| !is_hidden(*tab)).collect()
}

/// The panel that is open: the first, where that of the view has no tab.
#[must_use]
pub fn open(view: &View) -> Tab {
    if tabs(view).contains(&view.panel) { view.panel } else { Tab::default() }
}

/// Where a key leads from the tab that is open: round with the arrows, to either end with Home and End.
#[must_use]
pub fn reached(view: &View, key: &str) -> Option<Tab> {
    let tabs = tabs(view);
    let place = tabs.iter().position(|tab| *tab == open(view))?;
    let place = match key {
        "ArrowRight" => (place + 1) % tabs.len(),
        "ArrowLeft" => (place + tabs.len() - 1) % tabs.len(),
        "Home" => 0,
        "End" => tabs.len() - 1,
        _ => return None,
    };
    Some(tabs[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_panel_has_a_tab_but_those_that_a_link_hides() {
        let mut view = View { panel: Tab::Search, ..View::default() };
        assert_eq!((tabs(&view).len(), open(&view)), (Tab::ALL.len(), Tab::Search));
        view.hide = vec![Panel::Hyperparameters];
        assert_eq!((tabs(&view).contains(&Tab::Search), open(&view)), (false, Tab::Evaluate));
        view.hide = vec![Panel::Task, Panel::Training];
        assert_eq!(tabs(&view).len(), Tab::ALL.len());
    }

    #[test]
    fn arrows_go_round_and_home_and_end_to_the_ends_past_what_is_hidden() {
        let from = |panel: Tab, key: &str| {
            let hide = vec![Panel::Hyperparameters];
            reached(&View { panel, hide, ..View::default() }, key)
        };
        let last = Tab::ALL.last().copied();
        assert_eq!(
            (from(Tab::Compare, "ArrowRight"), from(Tab::Landscape, "ArrowLeft")),
            (Some(Tab::Landscape), Some(Tab::Compare))
        );
        assert_eq!((from(Tab::Evaluate, "ArrowLeft"), from(Tab::Compare, "End")), (last, last));
        assert_eq!(
            (last.and_then(|last| from(last, "ArrowRight")), from(Tab::Runs, "Home")),
            (Some(Tab::Evaluate), Some(Tab::Evaluate))
        );
        assert_eq!(from(Tab::Evaluate, "ArrowDown"), None);
    }
}
