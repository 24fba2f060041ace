//! `presets`, `link` and `open`.

use super::{
    CliError,
    arguments::{LinkArguments, Open, Presets},
    read_file, say,
};
use crate::{
    engine::Checkpoint,
    experiment::{self, Experiment},
};

pub(super) fn presets(arguments: &Presets) -> Result<(), CliError> {
    let all = experiment::presets();
    if arguments.json {
        let names: Vec<_> = all.iter().map(|preset| preset.name).collect();
        say(&serde_json::to_string(&names).map_err(CliError::request)?);
        return Ok(());
    }
    let width = all.iter().map(|preset| preset.name.len()).max().unwrap_or_default();
    for preset in all {
        say(&format!("{:width$}  {}", preset.name, preset.summary));
    }
    Ok(())
}

pub(super) fn link(arguments: &LinkArguments) -> Result<(), CliError> {
    let experiment = match &arguments.file {
        Some(path) => {
            let bytes = read_file(path)?;
            // A checkpoint starts with the length of its header, JSON with a brace or white space.
            let experiment = match std::str::from_utf8(&bytes) {
                Ok(text) if text.trim_start().starts_with('{') => {
                    Experiment::from_json(text).map_err(|error| format!("{}: {error}", path.display()))
                }
                _ => Checkpoint::from_bytes(&bytes)
                    .map(|checkpoint| checkpoint.experiment)
                    .map_err(|error| format!("{}: {error}", path.display())),
            };
            arguments.source.applied_to(experiment.map_err(CliError::Request)?)?
        }
        None => arguments.source.experiment()?.ok_or_else(|| {
            CliError::Request("nothing to link: give an experiment or checkpoint file, or --preset NAME".into())
        })?,
    };
    say(&experiment::encode(&experiment));
    Ok(())
}

pub(super) fn open(arguments: &Open) -> Result<(), CliError> {
    let experiment = experiment::decode(&arguments.link).map_err(CliError::request)?;
    say(&experiment.to_json().map_err(CliError::request)?);
    Ok(())
}
