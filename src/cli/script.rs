//! `script`.

use super::{
    CliError,
    arguments::{DeviceName, Script, Source},
    device::place,
    evaluate::load,
    put,
};
use crate::{
    engine::{Checkpoint, Session},
    model::Precision,
    script,
};

pub(super) fn script(arguments: &Script) -> Result<(), CliError> {
    let program = match &arguments.file {
        Some(path) => {
            let checkpoint = load(path)?;
            let experiment = Source::applied_to(&arguments.source, checkpoint.experiment.clone())?;
            let checkpoint = Checkpoint { experiment, ..checkpoint };
            let program = script::script(&checkpoint.experiment, checkpoint.meta_step).map_err(CliError::request)?;
            // The program loads the file's tensors, which have to be those of the changed experiment.
            pollster::block_on(Session::resume(&checkpoint, place(DeviceName::Cpu, Precision::Single)?, None))?;
            program
        }
        None => {
            let experiment = arguments.source.experiment()?.ok_or_else(|| {
                CliError::Request(
                    "nothing to write a program of: give a checkpoint, --preset NAME, --experiment FILE or --link LINK"
                        .into(),
                )
            })?;
            script::script(&experiment, 0).map_err(CliError::request)?
        }
    };
    put(arguments.out.as_deref(), &program)
}
