//! First-order directions beside MAML's gradient, and what orders cost.

use crate::{
    chart::{Axes, CourseFigure, Key, Mark, Plot, Sheet, contest_marks},
    experiment::{CostMeter, Directions, LearnerKind},
    words::{Locale, diagnosis as told, learner as named, tell},
};

use super::mean_key;

/// The classes of up to three lines.
const CLASSES: [&str; 3] = ["own", "other", "printed"];

fn frame(width: f64) -> crate::chart::Frame {
    Plot::frame(width, (width * 0.45).clamp(140.0, 210.0) + 13.0)
}

fn sheet(name: &str, figure: CourseFigure, axes: Axes, words: (String, Vec<String>, String), width: f64) -> Sheet {
    let axes = Axes { across: figure.across, upwards: figure.upwards, ..axes };
    let mut plot = Plot::new(name, frame(width), &axes);
    let known = || figure.lines.iter().enumerate().filter(|(_, line)| !line.places.is_empty());
    for (number, line) in known().rev() {
        let class = CLASSES[number];
        plot.marks.push(Mark::path(format!("mean-line {class}"), line.line.clone()));
        plot.marks.push(Mark::path(format!("mean-marks {class}"), contest_marks(number, &line.places)));
    }
    let (title, names, caption) = words;
    let key = |(number, name): (usize, String)| Key::new(mean_key(CLASSES[number], number), name);
    let legend = names.into_iter().enumerate().filter(|(number, _)| known().any(|(known, _)| known == *number));
    Sheet { title, plots: vec![plot], legend: legend.map(key).collect(), ramp: None, caption }
}

/// The cosines of FOMAML, Reptile and the running learner with MAML's gradient, over meta-steps.
#[must_use]
pub fn directions(locale: Locale, all: &[Directions], learner: LearnerKind, width: f64) -> Sheet {
    let axes = Axes {
        across_name: tell!(locale, diagnose.directions_across).to_owned(),
        upwards_name: tell!(locale, axis.cosine).to_owned(),
        ..Axes::default()
    };
    let names = vec![
        tell!(locale, diagnose.fomaml).to_owned(),
        tell!(locale, diagnose.reptile).to_owned(),
        named(locale, learner).to_owned(),
    ];
    let caption = all.last().map(|last| told::directions(locale, last, learner)).unwrap_or_default();
    let title = tell!(locale, diagnose.directions_title).to_owned();
    let figure = CourseFigure::turns(all, &frame(width));
    sheet("directions", figure, axes, (title, names, caption), width)
}

/// The milliseconds of a meta-step of either order, over inner steps.
#[must_use]
pub fn costs(locale: Locale, meter: &CostMeter, width: f64) -> Sheet {
    let axes = Axes {
        across_name: tell!(locale, diagnose.cost_across).to_owned(),
        upwards_name: tell!(locale, axis.milliseconds).to_owned(),
        ..Axes::default()
    };
    let names = vec![tell!(locale, diagnose.first).to_owned(), tell!(locale, diagnose.second).to_owned()];
    let title = tell!(locale, diagnose.cost_title).to_owned();
    let figure = CourseFigure::costs(meter, &frame(width));
    sheet("costs", figure, axes, (title, names, told::cost(locale, meter)), width)
}
