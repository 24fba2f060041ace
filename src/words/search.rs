//! Words for a search: settings and the best of them.

use super::{Locale, evaluation, format, tell};
use crate::experiment::{Axes, Searched, Setting, StepEvaluation};

/// The part of a setting that is searched.
#[must_use]
pub fn setting(locale: Locale, axes: Axes, setting: Setting) -> String {
    let parts = [
        axes.inner_lr.then(|| tell!(locale, search.inner_lr, value = format::setting(setting.inner_lr))),
        axes.inner_steps.then(|| match setting.inner_steps {
            1 => tell!(locale, search.inner_step).to_owned(),
            steps => tell!(locale, search.inner_steps, steps),
        }),
        axes.outer_lr.then(|| tell!(locale, search.outer_lr, value = format::setting(setting.outer_lr))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(comma(locale))
}

/// A judgement's figure with its interval.
#[must_use]
pub fn judged(step: &StepEvaluation) -> String {
    let (metric, interval) = evaluation::judged(step);
    evaluation::figure(metric, interval)
}

/// The best of what was tried, on the tasks that it was chosen by.
#[must_use]
pub fn best(locale: Locale, searched: &Searched) -> String {
    let best = searched.best().and_then(|best| Some((best, best.judged.as_ref()?)));
    match best {
        None => tell!(locale, search.said_none).to_owned(),
        Some((best, figure)) => {
            let (setting, figure) = (setting(locale, searched.axes, best.setting), judged(figure));
            tell!(locale, search.said_so_far, setting, figure, steps = best.meta_steps)
        }
    }
}

/// What stands between the parts of an enumeration.
#[must_use]
pub fn comma(locale: Locale) -> &'static str {
    if locale == Locale::zh { "、" } else { ", " }
}
