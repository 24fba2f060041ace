//! The loss of a learner after every step, beside gradient descent and Adam from the same start.

use crate::{
    chart::{Axes, Key, Mark, Plot, RaceFigure, Sheet},
    experiment::{InnerOptimizer, LearnerKind, Trajectory},
    words::{Locale, captions, format, learner as named, rival, tell},
};

/// The class of a rival's line.
fn class(optimizer: InnerOptimizer) -> &'static str {
    match optimizer {
        InnerOptimizer::Sgd => "race sgd",
        InnerOptimizer::Adam | InnerOptimizer::FullAdam => "race adam",
    }
}

/// Rivals in the order of the trajectory, and the learner on top.
#[must_use]
pub fn race(locale: Locale, trajectory: &Trajectory, learner: LearnerKind, step: usize, width: f64) -> Sheet {
    let frame = Plot::frame(width, (width * 0.5).clamp(190.0, 340.0) + 25.0);
    let own: Vec<f32> = trajectory.steps.iter().map(|step| step.query_loss).collect();
    let losses: Vec<Vec<f32>> = trajectory.rivals.iter().map(|rival| rival.query_loss.clone()).chain([own]).collect();
    let rivals = trajectory.rivals.iter().map(|one| (class(one.optimizer), rival(locale, one.optimizer).to_owned()));
    let lines: Vec<(&str, String)> = rivals.chain([("race own", named(locale, learner).to_owned())]).collect();
    let figure = RaceFigure::new(&losses, &frame);
    let axes = Axes {
        across: figure.across.clone(),
        upwards: figure.upwards.clone(),
        across_name: tell!(locale, race.across).to_owned(),
        upwards_name: tell!(locale, axis.loss).to_owned(),
        ..Axes::default()
    };
    let mut plot = Plot::new("race", frame, &axes);
    let mut marks = Vec::new();
    for (place, (class, _)) in lines.iter().enumerate() {
        marks.push(Mark::path(*class, figure.lines[place].clone()));
        let at = figure.places[place].get(step).filter(|(_, y)| y.is_finite());
        marks.extend(at.map(|at| Mark::circle(format!("end {class}"), *at, 4.0)));
    }
    plot.marks.push(Mark::Clipped(marks));
    let names: Vec<String> = lines.iter().map(|(_, name)| name.clone()).collect();
    let caption = captions::race(locale, &names, trajectory).unwrap_or_default();
    let told = |losses: &[f32]| losses.get(step).map_or_else(|| "–".to_owned(), |loss| format::loss(*loss));
    let keys = lines.into_iter().zip(&losses).rev();
    let legend = keys.map(|((class, name), losses)| Key::line(class, format!("{name} {}", told(losses)))).collect();
    Sheet { title: tell!(locale, race.label).to_owned(), plots: vec![plot], legend, ramp: None, caption }
}
