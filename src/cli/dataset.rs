//! `--data`.

use std::{path::Path, sync::Arc};

use indicatif::ProgressBar;

use super::CliError;
use crate::{
    engine::Data,
    experiment::{Experiment, Source},
    import::{self, ImportError},
};

/// The dataset of `--data`; `experiment` then draws its characters from it.
pub(super) fn load(path: Option<&Path>, experiment: &mut Experiment) -> Result<Data, CliError> {
    let Some(path) = path else { return Ok(None) };
    if !experiment.task.family.classifies() {
        return Err(CliError::Request("--data is for characters: this experiment's task.family is another".into()));
    }
    let bar = ProgressBar::new(0);
    let imported = import::from_path(path, |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
        true
    });
    bar.finish_and_clear();
    let imported = imported.map_err(|error| match error {
        // These name the file themselves.
        ImportError::Disk { .. } | ImportError::UnknownForm(_) => CliError::request(error),
        error => CliError::Request(format!("{}: {error}", path.display())),
    })?;
    experiment.task.source = Source::Imported;
    Ok(Some(Arc::new(imported.dataset)))
}
