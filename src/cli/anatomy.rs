//! `anatomy`: one inner step and one meta-step on one task, stage by stage.

use serde::Serialize;

use super::{
    CliError, anatomy_text as text, arguments, dataset,
    device::{label, place},
    evaluate::start,
    say,
};
use crate::{
    chart::formulas,
    engine::{Checkpoint, Session},
    experiment::{Choice as _, Experiment, Followed, ShownTask, Stage},
    model::Precision,
};

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    anatomy: &'a crate::experiment::Anatomy,
    stages: Vec<Stage>,
    device: &'static str,
    experiment: &'a Experiment,
}

pub(super) fn anatomy(arguments: &arguments::Anatomy) -> Result<(), CliError> {
    let place = place(arguments.on.device, Precision::Single)?;
    let (mut experiment, checkpoint) = start(&arguments.start, "take apart")?;
    let data = dataset::load(arguments.on.data.as_deref(), &mut experiment)?;
    let view = &experiment.view;
    let index = arguments.task.unwrap_or(view.task);
    let points = if arguments.task.is_some() { Vec::new() } else { view.points.clone() };
    let step = arguments.step.unwrap_or(view.step);
    let shown = ShownTask { index, points, drawings: None };
    let (anatomy, experiment) = pollster::block_on(async {
        let session = match checkpoint {
            Some(checkpoint) => Session::resume(&Checkpoint { experiment, ..checkpoint }, place, data).await?,
            None => Session::new(experiment, place, data).await?,
        };
        let anatomy = session.anatomy(&shown, |_, _| {}).await?;
        Ok::<_, CliError>((anatomy, session.experiment().clone()))
    })?;
    let count = anatomy.steps.len();
    if let Some(step) = arguments.step.filter(|step| *step as usize > count) {
        return Err(CliError::Request(match count {
            0 => format!("there is no inner step {step}; leave --step out"),
            count => format!("there are {count} inner steps; choose one of them"),
        }));
    }
    let followed = chosen(&anatomy.followed, arguments.weight.as_deref())?;
    if arguments.json {
        let (device, stages) = (label(arguments.on.device), anatomy.stages());
        let report = Report { anatomy: &anatomy, stages, device, experiment: &experiment };
        say(&serde_json::to_string_pretty(&report).map_err(CliError::request)?);
        return Ok(());
    }
    let step = anatomy.step_of(step);
    let (kind, meta_step, task) = (anatomy.kind.name(), anatomy.meta_step, anatomy.index);
    let which = match count {
        0 => "no inner gradient step".to_owned(),
        count => format!("inner step {} of {count}", step + 1),
    };
    say(&format!("{kind} after {meta_step} meta-steps, task {task}, {which}"));
    for (number, stage) in anatomy.stages().into_iter().enumerate() {
        say(&format!("\n{}  {}", number + 1, text::title(stage)));
        say(&format!("   {}", text::sentence(&anatomy, stage, step)));
        formulas(&anatomy, stage, step, followed).iter().for_each(|formula| say(&format!("   {formula}")));
        text::table(&anatomy, stage, step).iter().for_each(|line| say(&format!("     {line}")));
    }
    Ok(())
}

/// The number that is followed.
fn chosen<'a>(followed: &'a [Followed], name: Option<&str>) -> Result<Option<&'a Followed>, CliError> {
    let Some(name) = name else { return Ok(followed.first()) };
    let names = || followed.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join("; ");
    let one = followed.iter().find(|one| one.name == name);
    one.map(Some).ok_or_else(|| {
        CliError::Request(match followed.is_empty() {
            true => "no number is followed here; leave --weight out".to_owned(),
            false => format!("{name} is not followed; these are: {}", names()),
        })
    })
}
