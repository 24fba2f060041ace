//! `figure`: the curves of meta-training.

use std::path::Path;

use super::{Asked, CliError, written::MOST_NUMBER};
use crate::{
    chart::{Axis, Series, Sheet},
    cli::read_text,
    experiment::{Accuracies, Check, CurvePoint},
    figure,
};

pub(super) fn loss(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let series = read_curve(asked.from().ok_or_else(|| asked.lacking())?)?;
    let axis = match (series.smoothed_accuracy().is_some(), asked.arguments.log) {
        (true, false) => Axis::Accuracy,
        (_, true) => Axis::LogLoss,
        (false, false) => Axis::Loss,
    };
    Ok(figure::curve(asked.locale, &series, axis, asked.width))
}

pub(super) fn runs(asked: &Asked<'_>) -> Result<Sheet, CliError> {
    let paths = &asked.arguments.from;
    if paths.is_empty() || paths.len() > 6 {
        return Err(CliError::Request(format!("runs takes one to six curves; {}", asked.lacking())));
    }
    let curves: Vec<Series> = paths.iter().map(|path| read_curve(path)).collect::<Result<_, _>>()?;
    let accurate = curves.iter().all(|curve| curve.smoothed_accuracy().is_some()) && !asked.arguments.log;
    let axis = match (accurate, asked.arguments.log) {
        (true, _) => Axis::Accuracy,
        (false, true) => Axis::LogLoss,
        (false, false) => Axis::Loss,
    };
    let chosen = curves.iter().zip(paths).enumerate().map(|(line, (curve, path))| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let point = |bucket: &crate::chart::Bucket| {
            let after = match (accurate, bucket.accuracy) {
                (true, Some((_, after))) => 100.0 * f64::from(after.mean),
                _ => f64::from(bucket.after.mean),
            };
            (bucket.last, after)
        };
        (line, name, curve.buckets().iter().map(point).collect())
    });
    Ok(figure::runs(asked.locale, &chosen.collect::<Vec<_>>(), (10, axis), asked.width))
}

/// A curve as `train --curve` writes it.
fn read_curve(path: &Path) -> Result<Series, CliError> {
    let text = read_text(path)?;
    let bad = |line: usize| {
        CliError::Request(format!("{}, line {line}: this is no curve of `kindling train --curve`", path.display()))
    };
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    let place = |name: &str| columns.iter().position(|column| *column == name);
    let (Some(step), Some(before), Some(after)) = (place("meta_step"), place("before"), place("after")) else {
        return Err(bad(1));
    };
    let accuracies = place("accuracy_before").zip(place("accuracy_after"));
    let (validation, accuracy) = (place("validation_loss"), place("validation_accuracy"));
    let (mut points, mut checks) = (Vec::new(), Vec::new());
    for (number, line) in lines.enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let number_at = |place: usize| {
            let number: f32 = cells.get(place)?.parse().ok()?;
            (f64::from(number).abs() <= MOST_NUMBER).then_some(number)
        };
        let meta_step = cells.get(step).and_then(|cell| cell.parse().ok()).ok_or_else(|| bad(number + 2))?;
        let both = |one, other| Some((number_at(one)?, number_at(other)?));
        let (before, after) = both(before, after).ok_or_else(|| bad(number + 2))?;
        let accuracies = match accuracies {
            Some((one, other)) => Some(both(one, other).ok_or_else(|| bad(number + 2))?),
            None => None,
        };
        let accuracies = accuracies.map(|(before, after)| Accuracies { before, after });
        points.push(CurvePoint { meta_step, before, after, accuracy: accuracies });
        if let Some(loss) = validation.and_then(number_at) {
            checks.push(Check { meta_step, loss, accuracy: accuracy.and_then(number_at) });
        }
    }
    let mut series = Series::default();
    series.extend(&points);
    series.extend_checks(&checks);
    Ok(series)
}
