//! The figure of evaluation: means with their intervals after each number of inner steps.

use leptos::prelude::*;

use super::{evaluate::Judged, pictured::Draw};
use crate::{
    app::{evaluation_words as told, evaluations::Row},
    chart::Mean,
    experiment::{Shift, nearest_published},
    figure,
};

/// The figure: the newest row of the own distribution, the newest of another one, and what is published.
pub fn intervals(judged: Judged) -> Draw {
    let page = judged.page;
    let newest = move |own: bool| {
        judged.with(|all| all.rows().iter().rev().find(|row| (row.asked.shift == Shift::Own) == own).cloned())
    };
    Draw::new(move |width| {
        let (locale, own, other) = (judged.locale(), newest(true), newest(false));
        if own.is_none() && other.is_none() {
            return None;
        }
        let means = |row: &Row| figure::Judged::means(&row.evaluation);
        let other = other.map(|row| (told::shift(locale, row.asked.shift, &row.asked.task), means(&row)));
        let published = page.experiment.with(|experiment| {
            let figures = nearest_published(experiment).map(|(entry, _)| entry.figures).unwrap_or_default();
            figures.iter().map(|&(step, mean, half)| Mean { step, mean, half }).collect()
        });
        let lines = figure::Judged { own: own.as_ref().map(means).unwrap_or_default(), other, published };
        let found = judged.with(|all| all.finding());
        let caption = found.map(|finding| told::finding(locale, &finding)).unwrap_or_default();
        Some(figure::evaluation(locale, &lines, judged.metric(), caption, width))
    })
}
