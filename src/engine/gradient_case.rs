//! Gradient cases: a model, its parameters, some tasks, and the exact meta-gradient to compare with.
//!
//! A case is one JSON object with `format` "gradient-case" and `version` 1: `model`
//! (`{"kind":"mlp","sizes":[1,40,40,1],"activation":"relu"|"tanh"}` or
//! `{"kind":"conv4","filters":8,"ways":5,"side":28}`), `loss` ("mse" of numbers, or "cross_entropy" of class indices),
//! `learner` (`kind`, `inner_lr`, `inner_steps`), `params` and, for Meta-SGD, `alpha` (named tensors, row-major), `tasks` (`support`
//! and `query`, each `x` and `y`), and `expect` (`query_loss` per task, `meta_gradient` of the mean query loss,
//! for Reptile the mean of θ − θ_K, and `alpha_gradient` for Meta-SGD).

use serde::{Deserialize, Serialize};

use crate::{
    experiment::{Activation, Experiment, LearnerKind, LearnerSpec},
    learner::{InnerLoop, Tasks, learner},
    model::{Batch, Conv4, Entry, Mlp, Network, Place, Targets},
    task::SIDE,
};

use super::{
    EngineError,
    read::{read, read_one},
};

/// A case that cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// Not the JSON of a case.
    #[error("the file is not a gradient case: {0}")]
    Json(#[from] serde_json::Error),
    /// A case whose parts do not fit together.
    #[error("the gradient case does not fit together: {0}")]
    Shape(String),
    /// The device failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// How far a case's result is from what it expects.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseReport {
    /// Largest |loss − expected| / |expected| over tasks.
    pub loss_error: f64,
    /// ‖gradient − expected‖ / ‖expected‖ over the whole meta-gradient (for Meta-SGD the larger of θ's and α's).
    pub gradient_error: f64,
}

/// A case as its file has it, shapes checked.
#[derive(Clone, Debug, Deserialize)]
pub struct GradientCase {
    format: String,
    version: u32,
    model: CaseModel,
    loss: String,
    learner: CaseLearner,
    params: Vec<Named>,
    #[serde(default)]
    alpha: Option<Vec<Named>>,
    tasks: Vec<CaseTask>,
    expect: Expect,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum CaseModel {
    Mlp { sizes: Vec<usize>, activation: Activation },
    Conv4 { filters: usize, ways: usize, side: usize },
}

#[derive(Clone, Debug, Deserialize)]
struct CaseLearner {
    kind: LearnerKind,
    inner_lr: f64,
    inner_steps: u32,
}

#[derive(Clone, Debug, Deserialize)]
struct Named {
    name: String,
    #[serde(flatten)]
    values: Values,
}

#[derive(Clone, Debug, Deserialize)]
struct Values {
    shape: Vec<usize>,
    data: Vec<f64>,
}

#[derive(Clone, Debug, Deserialize)]
struct CaseTask {
    support: CaseSet,
    query: CaseSet,
}

#[derive(Clone, Debug, Deserialize)]
struct CaseSet {
    x: Values,
    y: Values,
}

#[derive(Clone, Debug, Deserialize)]
struct Expect {
    query_loss: Vec<f64>,
    meta_gradient: Vec<Named>,
    #[serde(default)]
    alpha_gradient: Option<Vec<Named>>,
}

impl GradientCase {
    /// Reads and checks a case.
    ///
    /// # Errors
    /// When the text is not a case of this format, names an unknown model, loss or learner, or a shape contradicts
    /// another.
    pub fn parse(text: &str) -> Result<Self, CaseError> {
        let mut case: Self = serde_json::from_str(text)?;
        case.check_words()?;
        case.arrange()?;
        case.check_tasks()?;
        Ok(case)
    }

    fn check_words(&self) -> Result<(), CaseError> {
        let wrong = |what: String| Err(CaseError::Shape(what));
        if self.format != "gradient-case" || self.version != 1 {
            return wrong(format!("its format is {} {}, not gradient-case 1", self.format, self.version));
        }
        if self.loss != "mse" && self.loss != "cross_entropy" {
            return wrong(format!("its loss is {}; this Kindling knows mse and cross_entropy", self.loss));
        }
        let known =
            [LearnerKind::Maml, LearnerKind::Fomaml, LearnerKind::Reptile, LearnerKind::MetaSgd, LearnerKind::Anil];
        if !known.contains(&self.learner.kind) {
            return wrong("its learner has no meta-gradient; expected maml, fomaml, reptile, meta_sgd or anil".into());
        }
        match &self.model {
            CaseModel::Mlp { sizes, .. } if sizes.len() < 2 || sizes.iter().any(|size| !(1..=4096).contains(size)) => {
                wrong("model.sizes needs at least two widths, each 1 to 4096".into())
            }
            CaseModel::Conv4 { side, .. } if *side != SIDE => {
                wrong(format!("model.side is {side}; this Kindling's images have {SIDE} pixels a side"))
            }
            CaseModel::Conv4 { filters, ways, .. } if ![filters, ways].iter().all(|n| (1..=256).contains(*n)) => {
                wrong("model.filters and model.ways are each 1 to 256".into())
            }
            _ => Ok(()),
        }
    }

    /// Puts every list of named tensors into the order of the layout.
    fn arrange(&mut self) -> Result<(), CaseError> {
        let layout = self.network().layout();
        arrange("params", &mut self.params, &layout)?;
        arrange("expect.meta_gradient", &mut self.expect.meta_gradient, &layout)?;
        if self.learner.kind == LearnerKind::MetaSgd {
            arrange("alpha", self.alpha.get_or_insert_default(), &layout)?;
            arrange("expect.alpha_gradient", self.expect.alpha_gradient.get_or_insert_default(), &layout)?;
        }
        Ok(())
    }

    fn check_tasks(&self) -> Result<(), CaseError> {
        let wrong = |what: String| Err(CaseError::Shape(what));
        let Some(first) = self.tasks.first() else {
            return wrong("it has no tasks".into());
        };
        if self.expect.query_loss.len() != self.tasks.len() {
            return wrong(format!(
                "expect.query_loss has {} numbers for {} tasks",
                self.expect.query_loss.len(),
                self.tasks.len()
            ));
        }
        let (example, outputs) = match &self.model {
            CaseModel::Mlp { sizes, .. } => (vec![sizes[0]], sizes[sizes.len() - 1]),
            CaseModel::Conv4 { ways, side, .. } => (vec![1, *side, *side], *ways),
        };
        for (i, task) in self.tasks.iter().enumerate() {
            for (set, same, name) in [(&task.support, &first.support, "support"), (&task.query, &first.query, "query")]
            {
                let examples = same.x.shape.first().copied().unwrap_or_default();
                check_values(&format!("tasks[{i}].{name}.x"), &set.x, &[&[examples][..], &example].concat())?;
                let y = format!("tasks[{i}].{name}.y");
                if self.loss == "mse" {
                    check_values(&y, &set.y, &[examples, outputs])?;
                    continue;
                }
                check_values(&y, &set.y, &[examples])?;
                if !set.y.data.iter().all(|&class| class.fract() == 0.0 && (0.0..outputs as f64).contains(&class)) {
                    return wrong(format!("{y} needs whole numbers from 0 to {}", outputs - 1));
                }
            }
        }
        Ok(())
    }

    fn network(&self) -> Network {
        match &self.model {
            CaseModel::Mlp { sizes, activation } => Network::Mlp(Mlp::from_sizes(sizes.clone(), *activation)),
            CaseModel::Conv4 { filters, ways, .. } => Network::Conv4(Conv4::flat(*filters, *ways)),
        }
    }

    /// Runs the case on `place` and compares.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn run(&self, place: &Place) -> Result<CaseReport, CaseError> {
        let network = self.network();
        let layout = network.layout();
        let CaseLearner { kind, inner_lr, inner_steps } = self.learner;
        let spec = LearnerSpec { kind, inner_lr, inner_steps, ..Experiment::default().learner };
        let learner = learner(&spec, network);
        let alpha = self.alpha.iter().flatten();
        let meta = self.params.iter().chain(alpha.filter(|_| kind == LearnerKind::MetaSgd));
        let values: Vec<Vec<f64>> = meta.map(|named| named.values.data.clone()).collect();
        let meta = place.params(&learner.layout(), &values);
        let (support, query) = (self.batch(place, |t| &t.support), self.batch(place, |t| &t.query));
        let tasks = Tasks { support, query, base: None };
        let inner = InnerLoop::new(inner_lr, inner_steps as usize);
        let found = learner.meta_gradient(&meta, &tasks, inner);

        let losses = read_one(found.after.losses).await?;
        let gradient = read(found.gradient.0).await?;
        let (theta, rates) = gradient.split_at(layout.len());
        let loss_error = (losses.iter().zip(&self.expect.query_loss))
            .map(|(found, expected)| (found - expected).abs() / expected.abs())
            .fold(0.0, largest);
        let alpha_error = match &self.expect.alpha_gradient {
            Some(expected) if !rates.is_empty() => distance(rates, expected),
            _ => 0.0,
        };
        let gradient_error = largest(distance(theta, &self.expect.meta_gradient), alpha_error);
        Ok(CaseReport { loss_error, gradient_error })
    }

    fn batch(&self, place: &Place, pick: fn(&CaseTask) -> &CaseSet) -> Batch {
        let tasks = self.tasks.len();
        let all = |coordinate: fn(&CaseSet) -> &Values| -> Vec<f64> {
            self.tasks.iter().flat_map(|task| coordinate(pick(task)).data.iter().copied()).collect()
        };
        let (x, y) = (all(|set| &set.x), all(|set| &set.y));
        let examples = self.tasks.first().map_or(0, |task| pick(task).x.shape[0]);
        let tensor = |values: &[f64]| place.tensor(values, [tasks, examples, values.len() / (tasks * examples)]);
        let targets = if self.loss == "mse" {
            Targets::Numbers(tensor(&y))
        } else {
            Targets::Classes(tensor(&one_hot(&y, self.network().outputs())))
        };
        Batch { x: tensor(&x), targets, reference: None }
    }
}

/// A row of zeros with a one at its class for each of `classes`.
fn one_hot(classes: &[f64], outputs: usize) -> Vec<f64> {
    classes.iter().flat_map(|&class| (0..outputs).map(move |i| f64::from(i == class as usize))).collect()
}

/// Orders named tensors as `layout` has them, or says which is missing, unknown or of the wrong shape.
fn arrange(what: &str, tensors: &mut [Named], layout: &[Entry]) -> Result<(), CaseError> {
    let place = |tensor: &Named| layout.iter().position(|entry| entry.name == tensor.name);
    if let Some(stranger) = tensors.iter().find(|tensor| place(tensor).is_none()) {
        return Err(CaseError::Shape(format!("{what} has a tensor {} that the model has not", stranger.name)));
    }
    tensors.sort_by_key(place);
    for (i, entry) in layout.iter().enumerate() {
        let Some(tensor) = tensors.get(i).filter(|tensor| tensor.name == entry.name) else {
            return Err(CaseError::Shape(format!("{what} needs one tensor {}", entry.name)));
        };
        check_values(&format!("{what}.{}", tensor.name), &tensor.values, &entry.shape)?;
    }
    if tensors.len() > layout.len() {
        return Err(CaseError::Shape(format!("{what} has a tensor twice")));
    }
    Ok(())
}

fn check_values(what: &str, values: &Values, shape: &[usize]) -> Result<(), CaseError> {
    if values.shape != shape || shape.contains(&0) {
        return Err(CaseError::Shape(format!("{what} has shape {:?} where {shape:?} belongs", values.shape)));
    }
    let expected: usize = shape.iter().product();
    if values.data.len() != expected {
        let count = values.data.len();
        return Err(CaseError::Shape(format!("{what} has {count} numbers where its shape {shape:?} needs {expected}")));
    }
    Ok(())
}

/// ‖found − expected‖ / ‖expected‖ over all tensors.
fn distance(found: &[Vec<f64>], expected: &[Named]) -> f64 {
    let pairs = found.iter().flatten().zip(expected.iter().flat_map(|named| &named.values.data));
    let (difference, norm) =
        pairs.fold((0.0, 0.0), |(d, n), (found, expected)| (d + (found - expected).powi(2), n + expected.powi(2)));
    (difference / norm).sqrt()
}

/// The larger number, or NaN if either is one, so that NaN never passes.
fn largest(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}
