//! `layers`: what adaptation changes, layer by layer.

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    CliError, arguments, dataset,
    device::{label, place},
    evaluate::start,
    say,
};
use crate::{
    engine::{Checkpoint, Session},
    experiment::{
        Activations, Choice as _, Experiment, Interval, LayerFigure, LayerFigures, Layers, Likeness, LikenessKind,
        Scene, ShownTask,
    },
    model::Precision,
};

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    layers: Layers,
    #[serde(skip_serializing_if = "Option::is_none")]
    activations: Option<Activations>,
    device: &'static str,
    experiment: Experiment,
}

pub(super) fn layers(arguments: &arguments::Layers) -> Result<(), CliError> {
    let place = place(arguments.on.device, Precision::Single)?;
    let (mut experiment, checkpoint) = start(&arguments.start, "look into")?;
    let data = dataset::load(arguments.on.data.as_deref(), &mut experiment)?;
    let index = arguments.task.unwrap_or(experiment.view.task);
    let points = if arguments.task.is_some() { Vec::new() } else { experiment.view.points.clone() };
    let shown = ShownTask { index, points, drawings: None };
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len}") {
        bar.set_style(style);
    }
    let report = pollster::block_on(async {
        let session = match checkpoint {
            Some(checkpoint) => {
                let experiment = experiment.clone();
                Session::resume(&Checkpoint { experiment, ..checkpoint }, place, data).await?
            }
            None => Session::new(experiment.clone(), place, data).await?,
        };
        let progress = |done: u32, all: u32| {
            bar.set_length(all.into());
            bar.set_position(done.into());
        };
        let layers = session.layers(&shown, arguments.tasks, progress).await?;
        let activations = match arguments.drawing {
            Some(drawing) => Some(session.activations(&shown, drawing).await?),
            None => None,
        };
        Ok::<_, CliError>(Report { layers, activations, device: label(arguments.on.device), experiment })
    })?;
    bar.finish_and_clear();
    match () {
        () if arguments.json => say(&serde_json::to_string_pretty(&report).map_err(CliError::request)?),
        () if arguments.csv => csv(&report.layers),
        () => print(&report.layers, &report.experiment, index),
    }
    Ok(())
}

/// A figure with as many digits as mean something.
fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"))
}

fn mean(value: Option<Interval>) -> String {
    value.map_or_else(|| "-".to_owned(), |Interval { mean, ci95 }| format!("{mean:.4} ± {ci95:.4}"))
}

fn print(layers: &Layers, experiment: &Experiment, index: u32) {
    let kind = experiment.learner.kind.name();
    say(&format!("{kind} after {} meta-steps; task {index}", layers.meta_step));
    if layers.layers.is_empty() {
        say("this learner takes no step inside a task: no weight changes, and features stay as they are");
    } else if layers.tasks == 0 {
        say("layer    step  change  gradient  likeness");
    } else {
        say(&format!("beside it the mean over {} further tasks with its 95 % interval", layers.tasks));
        say("layer    step  change  further tasks      gradient  further tasks      likeness  further tasks");
    }
    for layer in &layers.layers {
        for (place, (step, figures)) in layers.steps.iter().zip(&layer.shown).enumerate() {
            let (change, gradient, alike) = (number(figures.change), number(figures.gradient), number(figures.alike));
            if layers.tasks == 0 {
                say(&format!("{:<7}  {step:>4}  {change:<6}  {gradient:<8}  {alike}", layer.name));
                continue;
            }
            let others = layer.others.get(place).copied().unwrap_or_default();
            say(&format!(
                "{:<7}  {step:>4}  {change:<6}  {:<17}  {gradient:<8}  {:<17}  {alike:<8}  {}",
                layer.name,
                mean(others.change),
                mean(others.gradient),
                mean(others.alike)
            ));
        }
    }
    if layers.diverged > 0 {
        say(&format!("{} tasks ran off and are left out: try a smaller learner.eval_lr", layers.diverged));
    }
    let last = layers.steps.len().saturating_sub(1);
    if let Some((features, head)) = layers.features_and_head(last, true) {
        say(&format!(
            "after {} steps what the head sees is {features:.2} alike to before, what it says {head:.2} (linear CKA)",
            layers.steps[last]
        ));
    }
    layers.scene.iter().for_each(print_scene);
    layers.likeness.iter().for_each(print_likeness);
}

fn print_scene(scene: &Scene) {
    let [one, two] = scene.shares.map(|share| 100.0 * share);
    say(&format!(
        "{} examples in {} features: {one:.1} % of their squared distances from the mean lie along the first axis, {two:.1} % along \
         the second",
        scene.examples.len(),
        scene.features
    ));
}

fn print_likeness(likeness: &Likeness) {
    let kind = match likeness.kind {
        LikenessKind::Attention => "attention to each support drawing",
        LikenessKind::SameClass => "probability of being of one class with each support drawing",
        LikenessKind::Relation => "relation score with each class",
    };
    say(&format!("{kind}, a query a line:"));
    for row in &likeness.rows {
        say(&row.iter().map(|value| format!("{value:.3}")).collect::<Vec<_>>().join("  "));
    }
}

/// A layer after an inner step a line, or an example a line.
fn csv(layers: &Layers) {
    if layers.layers.is_empty() {
        return layers.scene.iter().for_each(csv_scene);
    }
    say(
        "layer,step,change,gradient,likeness,mean_change,ci_change,mean_gradient,ci_gradient,mean_likeness,ci_likeness",
    );
    let order = [LayerFigure::Change, LayerFigure::Gradient, LayerFigure::Alike];
    let cell = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    for layer in &layers.layers {
        for (place, (step, figures)) in layers.steps.iter().zip(&layer.shown).enumerate() {
            let others: LayerFigures<Interval> = layer.others.get(place).copied().unwrap_or_default();
            let own = order.map(|figure| cell(figures.of(figure)));
            let means = order.map(|figure| {
                let (mean, half) = others.of(figure).map(|Interval { mean, ci95 }| (mean, ci95)).unzip();
                format!("{},{}", cell(mean), cell(half))
            });
            say(&format!("{},{step},{},{}", layer.name, own.join(","), means.join(",")));
        }
    }
}

fn csv_scene(scene: &Scene) {
    say("set,class,x,y,first,second");
    let Some(places) = scene.places.last() else { return };
    for (example, [first, second]) in scene.examples.iter().zip(places) {
        let set = if example.query { "query" } else { "support" };
        let class = example.class.map_or_else(String::new, |class| class.to_string());
        let point = example.point.map_or_else(|| ",".to_owned(), |[x, y]| format!("{x},{y}"));
        say(&format!("{set},{class},{point},{first},{second}"));
    }
    for (class, prototype) in scene.prototypes.iter().enumerate() {
        let [first, second] = prototype.at;
        say(&format!("prototype,{class},,,{first},{second}"));
    }
}
