//! Words for a search: settings, plans, and what was found.

use leptos_i18n::td_string;

use super::{evaluations::Verdict, language::Locale, searches::Said};
pub use crate::words::search::{judged, setting};
use crate::{
    experiment::{Axes, Plan, Trial},
    words::search::comma,
};

/// How long a search may take.
pub fn time(locale: Locale, seconds: u32) -> String {
    match seconds {
        0..60 => td_string!(locale, search.seconds, seconds),
        60 => td_string!(locale, search.minute).to_owned(),
        _ => td_string!(locale, search.minutes, minutes = seconds / 60),
    }
}

/// Which settings are searched.
pub fn axes(locale: Locale, axes: Axes) -> String {
    let names = [
        (axes.inner_lr, td_string!(locale, search.axis_inner_lr)),
        (axes.inner_steps, td_string!(locale, search.axis_inner_steps)),
        (axes.outer_lr, td_string!(locale, search.axis_outer_lr)),
    ];
    let names: Vec<&str> = names.into_iter().filter_map(|(searched, name)| searched.then_some(name)).collect();
    td_string!(locale, search.axes, names = names.join(comma(locale)))
}

/// What a search is going to do.
pub fn plan(locale: Locale, plan: Plan) -> String {
    let rungs = plan.rungs().into_iter().map(|rung| format!("{}\u{202f}×\u{202f}{}", rung.candidates, rung.meta_steps));
    td_string!(locale, search.plan, rungs = rungs.collect::<Vec<_>>().join(comma(locale)))
}

/// The sentences that a search says; none before anything is judged.
pub fn said(locale: Locale, axes: Axes, said: &Said) -> Option<String> {
    let of = |trial: &Trial| setting(locale, axes, trial.setting);
    let last = |trial: &Trial| trial.judged.as_ref().map_or_else(String::new, judged);
    Some(match said {
        Said::Nothing => return None,
        Said::NoneLeft => td_string!(locale, search.said_none).to_owned(),
        Said::SoFar(best) => {
            td_string!(locale, search.said_so_far, setting = of(best), figure = last(best), steps = best.meta_steps)
        }
        Said::Own(best) => td_string!(locale, search.said_own, figure = last(best), steps = best.meta_steps),
        Said::Found { best, figure, own } => {
            let (setting, here, steps) = (of(best), judged(figure), best.meta_steps);
            match own {
                None => td_string!(locale, search.said_alone, setting, here, steps),
                Some((own, verdict)) => {
                    let said = td_string!(locale, search.said_found, setting, here, own = judged(own), steps);
                    let verdict = match verdict {
                        Verdict::Better => td_string!(locale, search.better),
                        Verdict::Worse => td_string!(locale, search.worse),
                        Verdict::Alike | Verdict::Wild => td_string!(locale, search.alike),
                    };
                    // Chinese puts no space between sentences.
                    format!("{said}{}{verdict}", if locale == Locale::zh { "" } else { " " })
                }
            }
        }
    })
}
