//! `gradient`: cases on a device.

use super::{
    CliError,
    arguments::{Gradient, NumberWidth},
    device::place,
    read_text, say,
};
use crate::{engine::GradientCase, model::Precision};

pub(super) fn gradient(arguments: &Gradient) -> Result<(), CliError> {
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
