//! `script`.

use super::{
    CliError,
    arguments::{Script, Source},
    evaluate::load,
    put,
};
use crate::script;

pub(super) fn script(arguments: &Script) -> Result<(), CliError> {
    let (experiment, meta_step) = match &arguments.file {
        Some(path) => {
            let checkpoint = load(path)?;
            (Source::applied_to(&arguments.source, checkpoint.experiment)?, checkpoint.meta_step)
        }
        None => (
            arguments.source.experiment()?.ok_or_else(|| {
                CliError::Request(
                    "nothing to write a program of: give a checkpoint, --preset NAME, --experiment FILE or --link LINK"
                        .into(),
                )
            })?,
            0,
        ),
    };
    put(arguments.out.as_deref(), &script::script(&experiment, meta_step).map_err(CliError::request)?)
}
