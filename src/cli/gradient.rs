//! `gradient`: cases on a device, and the meta-gradient of a checkpoint.

use std::path::Path;

use serde::Serialize;

use super::{
    CliError,
    arguments::{DeviceName, Gradient, NumberWidth},
    dataset,
    device::place,
    evaluate::load,
    read_text, say,
};
use crate::{
    engine::{GradientCase, Session},
    model::Precision,
};

/// What `--of` prints, in the words of a gradient case.
#[derive(Serialize)]
struct Report {
    meta_step: u32,
    tasks: u32,
    query_loss: f64,
    meta_gradient: Vec<Tensor>,
}

#[derive(Serialize)]
struct Tensor {
    name: String,
    shape: Vec<usize>,
    data: Vec<f64>,
}

/// The meta-gradient of a checkpoint on its next meta-batch, or on the first tasks of that.
fn of(path: &Path, arguments: &Gradient) -> Result<(), CliError> {
    let mut checkpoint = load(path)?;
    let data = dataset::load(arguments.data.as_deref(), &mut checkpoint.experiment)?;
    let outer = &mut checkpoint.experiment.outer;
    let (tasks, all) = (arguments.tasks.unwrap_or(outer.meta_batch), outer.meta_batch);
    if tasks > all {
        return Err(CliError::Request(format!("--tasks {tasks}: its meta-batch has {all}; ask for that many at most")));
    }
    outer.meta_batch = tasks;
    let meta_step = checkpoint.meta_step;
    let place = place(DeviceName::Cpu, Precision::Double)?;
    let found = pollster::block_on(async { Session::resume(&checkpoint, place, data).await?.next_gradient().await })?;
    let tensor = |(name, shape, data)| Tensor { name, shape, data };
    let meta_gradient = found.1.into_iter().map(tensor).collect();
    let report = Report { meta_step, tasks, query_loss: found.0, meta_gradient };
    say(&serde_json::to_string(&report).map_err(CliError::request)?);
    Ok(())
}

pub(super) fn gradient(arguments: &Gradient) -> Result<(), CliError> {
    if let Some(path) = &arguments.of {
        return of(path, arguments);
    }
    let (precision, usual) = match arguments.dtype {
        NumberWidth::F32 => (Precision::Single, 1e-4),
        NumberWidth::F64 => (Precision::Double, 1e-9),
    };
    let tolerance = arguments.tolerance.unwrap_or(usual);
    if tolerance.is_nan() || tolerance < 0.0 {
        return Err(CliError::Request(format!("--tolerance takes a number of at least 0, not {tolerance}")));
    }
    let place = place(arguments.device, precision)?;
    let mut failed = 0;
    say("loss error  gradient error  case");
    for path in &arguments.cases {
        let named = |error: &dyn std::fmt::Display| CliError::Request(format!("{}: {error}", path.display()));
        let case = GradientCase::parse(&read_text(path)?).map_err(|error| named(&error))?;
        let report = pollster::block_on(case.run(&place)).map_err(|error| named(&error))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        // A NaN is not within any tolerance.
        let passed = report.loss_error <= tolerance && report.gradient_error <= tolerance;
        failed += usize::from(!passed);
        let mark = if passed { "" } else { "  FAILED" };
        say(&format!("{:<10.1e}  {:<14.1e}  {name}{mark}", report.loss_error, report.gradient_error));
    }
    if failed > 0 {
        let count = arguments.cases.len();
        return Err(CliError::Failed(format!("{failed} of {count} cases differ by more than {tolerance:.1e}")));
    }
    Ok(())
}
