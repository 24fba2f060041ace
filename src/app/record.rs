//! The record of a training run: what was run, how it went, and its form in a file.
//!
//! A file is JSON: `{"kindling_runs": 1, "runs": [{…}]}`. A number that was not finite is `null` in it. Files come from
//! strangers: every length is checked, and an experiment has to pass its own check.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::csv;
use crate::{
    chart::{RunCourse, Series},
    experiment::{Evaluation, Experiment, encode, fields},
    protocol::DeviceKind,
};

/// The version of the file.
const VERSION: u64 = 1;

/// Most characters of a name: a line of the list.
const MOST_NAME: usize = 80;

/// Most characters of an id: ours have about twenty.
const MOST_ID: usize = 64;

/// Most points of a curve and most checks: a series keeps 400.
const MOST_POINTS: usize = 1000;

/// Most inner steps of an evaluation that are reported: the page asks for a handful.
const MOST_STEPS: usize = 100;

/// Most runs of a file: more than a page keeps.
pub const MOST_RUNS: usize = 200;

/// A run, as it went so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What no other run has.
    pub id: String,
    /// What the visitor calls it; empty until they do.
    pub name: String,
    /// Whether it stands above the others.
    pub pinned: bool,
    /// When it began, in milliseconds since 1970.
    pub begun: f64,
    /// How long it was meta-trained, in seconds.
    pub seconds: f64,
    /// What was run.
    pub experiment: Experiment,
    /// What it ran on last.
    pub device: Option<DeviceKind>,
    /// Meta-steps done.
    pub meta_step: u32,
    /// Six characters of the meta-parameters' digest.
    pub fingerprint: String,
    /// Means over consecutive meta-steps, ascending.
    pub curve: Vec<Moment>,
    /// Checks on validation tasks, ascending.
    pub checks: Vec<Checked>,
    /// The last evaluation on the tasks that it learns from.
    pub evaluation: Option<Judged>,
}

/// A point of the curve: means over the meta-steps since the point before. Not finite where they were not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// The last of the meta-steps.
    pub meta_step: u32,
    /// Loss before adaptation.
    #[serde(with = "number")]
    pub before: f32,
    /// Loss after adaptation.
    #[serde(with = "number")]
    pub after: f32,
    /// Accuracy before and after adaptation, 0 to 1; none for regression.
    pub accuracy: Option<(f32, f32)>,
}

/// A check on validation tasks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// Meta-steps done.
    pub meta_step: u32,
    /// Mean query loss after adaptation.
    #[serde(with = "number")]
    pub loss: f32,
    /// Mean query accuracy after adaptation, 0 to 1; none for regression.
    pub accuracy: Option<f32>,
}

/// An evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Judged {
    /// Meta-steps of the parameters that were evaluated.
    pub meta_step: u32,
    /// Number of tasks.
    pub tasks: u32,
    /// Figures after some inner steps, ascending.
    pub steps: Vec<JudgedStep>,
}

/// Figures after a number of inner steps: means and half-widths of their 95 % intervals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedStep {
    /// Inner steps taken.
    pub step: u32,
    /// Query loss and half of its interval; none where adaptation ran off.
    pub loss: Option<(f64, f64)>,
    /// Query accuracy and half of its interval, 0 to 1; none for regression.
    pub accuracy: Option<(f64, f64)>,
}

/// A field in which two experiments differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// Its path, as in `--set`.
    pub path: &'static str,
    /// Its value in the one and in the other.
    pub values: (String, String),
}

/// Why a file gives no runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is no JSON, or of another kind.
    #[error("this is not a file of runs")]
    Unknown,
    /// A newer version wrote it.
    #[error("the file was written by a newer Kindling")]
    Newer,
    /// A run in it breaks off or has values that no run has.
    #[error("run {0} of the file is damaged")]
    Damaged(usize),
    /// It holds more than a page keeps.
    #[error("the file holds too many runs")]
    TooMany,
    /// It holds none.
    #[error("the file holds no runs")]
    Empty,
}

/// A record with its experiment still to be read, by the rules of experiments.
#[derive(Serialize, Deserialize)]
struct Saved {
    id: String,
    name: String,
    pinned: bool,
    begun: f64,
    seconds: f64,
    /// For a reader; the experiment is what counts.
    #[serde(default)]
    link: String,
    experiment: Value,
    device: Option<DeviceKind>,
    meta_step: u32,
    fingerprint: String,
    curve: Vec<Moment>,
    checks: Vec<Checked>,
    evaluation: Option<Judged>,
}

impl Record {
    /// Takes a curve over, as the page keeps it.
    pub fn take_series(&mut self, series: &Series) {
        let buckets = series.buckets().iter().map(|bucket| Moment {
            meta_step: bucket.last,
            before: bucket.before.mean,
            after: bucket.after.mean,
            accuracy: bucket.accuracy.map(|(before, after)| (before.mean, after.mean)),
        });
        self.curve = buckets.collect();
        let checks = series.checks().iter();
        let checks =
            checks.map(|check| Checked { meta_step: check.meta_step, loss: check.loss, accuracy: check.accuracy });
        self.checks = checks.collect();
    }

    /// Whether its curve has accuracies.
    #[must_use]
    pub fn classifies(&self) -> bool {
        self.curve.last().is_some_and(|moment| moment.accuracy.is_some())
    }

    /// Its curve after adaptation: losses, or accuracies in per cent.
    #[must_use]
    pub fn course(&self, accuracy: bool) -> RunCourse {
        let point = |moment: &Moment| {
            let value = if accuracy { 100.0 * moment.accuracy?.1 } else { moment.after };
            Some((moment.meta_step, f64::from(value)))
        };
        self.curve.iter().filter_map(point).collect()
    }

    /// Its curve as a table, a point a row.
    #[must_use]
    pub fn csv(&self) -> String {
        let mut rows = vec![heads(&["meta_step", "loss_before", "loss_after", "accuracy_before", "accuracy_after"])];
        rows.extend(self.curve.iter().map(|moment| {
            let (before, after) = moment.accuracy.unzip();
            let share = |share: Option<f32>| share.map(|share| share.to_string()).unwrap_or_default();
            let losses = [moment.meta_step.to_string(), moment.before.to_string(), moment.after.to_string()];
            losses.into_iter().chain([share(before), share(after)]).collect()
        }));
        csv::text(&rows)
    }

    /// The name in the visitor's words, cut to a line.
    pub fn rename(&mut self, name: &str) {
        self.name = name.trim().chars().filter(|character| !character.is_control()).take(MOST_NAME).collect();
    }

    /// Whether every number is one that a run can have.
    fn is_sound(&self) -> bool {
        let share = |share: f32| (0.0..=1.0).contains(&share);
        let ascends = |steps: Vec<u32>| steps.is_sorted_by(|a, b| a < b) && steps.last() <= Some(&self.meta_step);
        let plain = |text: &str, most| text.chars().count() <= most && !text.chars().any(char::is_control);
        let evaluated = self
            .evaluation
            .as_ref()
            .is_none_or(|judged| judged.steps.len() <= MOST_STEPS && judged.steps.is_sorted_by(|a, b| a.step < b.step));
        (1..=MOST_ID).contains(&self.id.len())
            && plain(&self.id, MOST_ID)
            && plain(&self.name, MOST_NAME)
            && plain(&self.fingerprint, 12)
            && self.begun.is_finite()
            && (0.0..1e12).contains(&self.seconds)
            && !self.curve.is_empty()
            && self.curve.len() <= MOST_POINTS
            && self.checks.len() <= MOST_POINTS
            && self.curve.iter().all(|at| at.accuracy.is_none_or(|(before, after)| share(before) && share(after)))
            && ascends(self.curve.iter().map(|moment| moment.meta_step).collect())
            && (self.checks.is_empty() || ascends(self.checks.iter().map(|check| check.meta_step).collect()))
            && evaluated
    }

    fn saved(&self) -> Option<Saved> {
        Some(Saved {
            id: self.id.clone(),
            name: self.name.clone(),
            pinned: self.pinned,
            begun: self.begun,
            seconds: self.seconds,
            link: encode(&self.experiment),
            experiment: serde_json::to_value(&self.experiment).ok()?,
            device: self.device,
            meta_step: self.meta_step,
            fingerprint: self.fingerprint.clone(),
            curve: self.curve.clone(),
            checks: self.checks.clone(),
            evaluation: self.evaluation.clone(),
        })
    }

    fn read(value: Value) -> Option<Self> {
        let saved: Saved = serde_json::from_value(value).ok()?;
        let record = Self {
            id: saved.id,
            name: saved.name,
            pinned: saved.pinned,
            begun: saved.begun,
            seconds: saved.seconds,
            experiment: Experiment::from_json(&saved.experiment.to_string()).ok()?,
            device: saved.device,
            meta_step: saved.meta_step,
            fingerprint: saved.fingerprint,
            curve: saved.curve,
            checks: saved.checks,
            evaluation: saved.evaluation,
        };
        record.is_sound().then_some(record)
    }
}

impl Judged {
    /// What an evaluation says.
    #[must_use]
    pub fn of(meta_step: u32, evaluation: &Evaluation) -> Self {
        let steps = evaluation.steps.iter().map(|figures| JudgedStep {
            step: figures.step,
            loss: figures.loss.mean.is_finite().then_some((figures.loss.mean, figures.loss.ci95)),
            accuracy: figures.accuracy.map(|share| (share.mean, share.ci95)),
        });
        Self { meta_step, tasks: evaluation.tasks, steps: steps.collect() }
    }
}

/// Runs as a file.
#[must_use]
pub fn to_json(records: &[Record]) -> String {
    let runs: Vec<Saved> = records.iter().filter_map(Record::saved).collect();
    serde_json::to_string(&serde_json::json!({ "kindling_runs": VERSION, "runs": runs })).unwrap_or_default()
}

/// The runs of a file.
///
/// # Errors
/// When it is no such file, or any run in it could not have been recorded.
pub fn from_json(json: &str) -> Result<Vec<Record>, FileError> {
    let mut file: Value = serde_json::from_str(json).map_err(|_| FileError::Unknown)?;
    match file.get("kindling_runs").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(FileError::Newer),
        _ => return Err(FileError::Unknown),
    }
    let runs = file.get_mut("runs").and_then(Value::as_array_mut).map(std::mem::take).ok_or(FileError::Unknown)?;
    match runs.len() {
        0 => return Err(FileError::Empty),
        count if count > MOST_RUNS => return Err(FileError::TooMany),
        _ => {}
    }
    let read = |(place, value)| Record::read(value).ok_or(FileError::Damaged(place + 1));
    runs.into_iter().enumerate().map(read).collect()
}

/// The fields in which two experiments differ; what is on show is no part of what is run.
#[must_use]
pub fn difference(one: &Experiment, other: &Experiment) -> Vec<Differs> {
    let run = fields().iter().filter(|field| !field.path.starts_with("view."));
    let differ = run.filter_map(|field| {
        let (ours, theirs) = (field.get(one), field.get(other));
        let values = || (field.kind.text(&ours), field.kind.text(&theirs));
        (ours != theirs).then(|| Differs { path: field.path, values: values() })
    });
    differ.collect()
}

fn heads(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A number that may not be finite, which JSON has no word for.
mod number {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub fn serialize<S: Serializer>(value: &f32, serializer: S) -> Result<S::Ok, S::Error> {
        value.is_finite().then_some(*value).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f32::INFINITY))
    }
}

#[cfg(test)]
#[path = "record_tests.rs"]
pub(crate) mod tests;
