//! How the network adapts to a task of characters.

use crate::{
    chart::{Anchor, Axes, Bars, Frame, Key, Mark, Plot, Sheet, data_url},
    experiment::{CharacterTrajectory, Drawing, LearnerKind},
    words::{
        CharacterNoticing, Locale, character_noticing,
        classified::{Verdict, verdict},
        tell,
    },
};

/// Side of a drawing, and the room that it has with what stands below it.
pub(super) const SIDE: f64 = 42.0;
pub(super) const SUPPORT: (f64, f64) = (52.0, 64.0);
const QUERY: (f64, f64) = (76.0, 104.0);

/// Most query drawings in a picture: those of five classes with fifteen each.
const MOST: usize = 75;

/// Support and query drawings, what each query is taken for at an inner step, and its probabilities. The caption tells of
/// the query that is looked at; of a visitor's drawings a class has the letter that it has on the pad.
#[must_use]
pub fn characters(
    locale: Locale,
    task: &CharacterTrajectory,
    (step, looked, learner, meta_step): (usize, usize, LearnerKind, u32),
    letter: impl Fn(usize) -> char,
    width: f64,
) -> Sheet {
    let support = grid(width, SUPPORT, &task.support, |_, drawing, at, marks| {
        ink(drawing, at, SIDE, marks);
        let class = drawing.class.map_or('–', |class| letter(class.into())).to_string();
        marks.push(Mark::text("drawing-letter", (at.0 + SIDE / 2.0, at.1 + SIDE + 15.0), Anchor::Middle, class));
    });
    let shown = &task.query[..task.query.len().min(MOST)];
    let query = grid(width, QUERY, shown, |place, drawing, at, marks| {
        ink(drawing, at, SIDE, marks);
        let Some(verdict) = verdict(task, step, place) else { return };
        marks.push(taken(&verdict, &letter, at));
        let (left, top) = (at.0 - 11.0, at.1 + SIDE + 20.0);
        let frame = Frame { width: left + 64.0, height: top + 30.0, left, right: 0.0, top, bottom: 6.0 };
        marks.push(bars(&verdict.probabilities, verdict.predicted, verdict.truth, &frame));
    });
    let noticed = CharacterNoticing::of(task, step, looked, meta_step, learner);
    let caption = match noticed {
        CharacterNoticing::Nothing => String::new(),
        noticed => character_noticing(locale, &noticed, learner, letter),
    };
    let named = |name: &str, heading: &str, plot: Plot| Plot {
        name: name.to_owned(),
        heading: Some(heading.to_owned()),
        ..plot
    };
    let after = tell!(locale, scrub.value_step, step, last = task.steps.len().saturating_sub(1));
    let plots = vec![
        named("support", tell!(locale, axis.support_drawings), support),
        named("query", &format!("{} · {after}", tell!(locale, axis.query_drawings)), query),
    ];
    Sheet { title: tell!(locale, figure.title).to_owned(), plots, legend: bar_keys(locale), ramp: None, caption }
}

/// The class that a drawing is taken for, below it, and whether that is right.
pub(super) fn taken(verdict: &Verdict, letter: impl Fn(usize) -> char, at: (f64, f64)) -> Mark {
    let (class, sign) = match verdict.is_right() {
        Some(true) => ("drawing-letter", " ✓"),
        Some(false) => ("drawing-letter wrong", " ✗"),
        None => ("drawing-letter", ""),
    };
    let told = format!("{}{sign}", verdict.predicted.map_or('–', letter));
    Mark::text(class, (at.0 + SIDE / 2.0, at.1 + SIDE + 15.0), Anchor::Middle, told)
}

/// Probabilities below a drawing.
pub(super) fn bars(probabilities: &[f32], longest: Option<usize>, truth: Option<usize>, frame: &Frame) -> Mark {
    let bars = Bars::new(probabilities, longest, truth, frame);
    let parts = [("other", bars.others), ("longest", bars.longest), ("foot", bars.truth)];
    Mark::group("bars", parts.map(|(class, d)| Mark::path(class, d)).into())
}

/// What they mean.
pub(super) fn bar_keys(locale: Locale) -> Vec<Key> {
    let bar = |class: &str| vec![Mark::group("bars", vec![Mark::path(class, "M10,12v-10h8v10z")])];
    let foot = vec![Mark::group("bars", vec![Mark::path("foot", "M8,5h12v2h-12z")])];
    vec![
        Key::new(bar("longest"), tell!(locale, caption.key_longest)),
        Key::new(bar("other"), tell!(locale, caption.key_other)),
        Key::new(foot, tell!(locale, caption.key_truth)),
    ]
}

/// Drawings in rows, each in a cell.
pub(super) fn grid(
    width: f64,
    (wide, high): (f64, f64),
    drawings: &[Drawing],
    mut draw: impl FnMut(usize, &Drawing, (f64, f64), &mut Vec<Mark>),
) -> Plot {
    let columns = ((width / wide) as usize).max(1);
    let rows = drawings.len().div_ceil(columns).max(1);
    let frame = Frame { width, height: high * rows as f64 + 6.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };
    let mut plot = Plot::new("drawings", frame, &Axes::default());
    for (place, drawing) in drawings.iter().enumerate() {
        let at = (wide * (place % columns) as f64 + (wide - SIDE) / 2.0, high * (place / columns) as f64 + 4.0);
        draw(place, drawing, at, &mut plot.marks);
    }
    plot
}

/// A drawing on paper: its ink is black in either theme.
pub(super) fn ink(drawing: &Drawing, (x, y): (f64, f64), side: f64, marks: &mut Vec<Mark>) {
    marks.push(Mark::path("ink-ground", format!("M{x:.1},{y:.1}h{side}v{side}h-{side}z")));
    marks.push(Mark::Image { href: data_url(&drawing.image), at: (x, y), size: (side, side), crisp: false });
}
