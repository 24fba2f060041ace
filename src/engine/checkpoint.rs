//! Checkpoints: a safetensors file with the experiment inside.

use std::collections::HashMap;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::{experiment::Experiment, model::Entry};

use super::{EngineError, Record};

/// The largest file that is read: three times what the largest network with a rate for every weight, its optimiser's
/// memory and its best state takes.
const MAX_BYTES: usize = 64 << 20;

/// Meta-parameters with everything that says what they are.
///
/// In the file, each tensor of the learner's layout stands under its own name in float32; an optimiser's memory
/// under `optimizer.first` and `optimizer.second`, flat; the experiment (JSON), the number of meta-steps and the
/// optimiser's time in the header's metadata. Where there were checks on validation tasks, the header also has their
/// `validation` (JSON), and `best.params`, `best.first` and `best.second` are the state at the best of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// The run that this is a state of.
    pub experiment: Experiment,
    /// Meta-steps done.
    pub meta_step: u32,
    /// Name, shape and row-major values of each tensor.
    pub tensors: Vec<(String, Vec<usize>, Vec<f32>)>,
    /// The outer optimiser's memory; without it training goes on with a fresh one.
    pub optimizer: Option<OptimizerState>,
    /// What the checks on validation tasks have found, if there were any.
    pub validation: Option<Validated>,
}

/// What the checks of a run have found, and the state of the best of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Validated {
    /// The checks in short.
    pub record: Record,
    /// Meta-parameters at the best check, flat.
    pub best: Option<Vec<f32>>,
    /// The outer optimiser's memory there.
    pub optimizer: OptimizerState,
}

/// Memory of the outer optimiser.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OptimizerState {
    /// Steps taken.
    pub time: u32,
    /// First moment or velocity, one number a meta-parameter.
    pub first: Option<Vec<f32>>,
    /// Second moment, one number a meta-parameter.
    pub second: Option<Vec<f32>>,
}

impl Checkpoint {
    pub(super) fn new(
        experiment: Experiment,
        meta_step: u32,
        layout: &[Entry],
        params: &[f32],
        optimizer: Option<OptimizerState>,
    ) -> Self {
        let mut rest = params;
        let tensors = layout.iter().map(|entry| {
            let (values, tail) = rest.split_at(entry.len().min(rest.len()));
            rest = tail;
            (entry.name.clone(), entry.shape.clone(), values.to_vec())
        });
        Self { experiment, meta_step, tensors: tensors.collect(), optimizer, validation: None }
    }

    /// The values of each entry of `layout`.
    pub(super) fn values(&self, layout: &[Entry]) -> Result<Vec<Vec<f64>>, EngineError> {
        layout.iter().map(|entry| self.value(entry)).collect()
    }

    fn value(&self, entry: &Entry) -> Result<Vec<f64>, EngineError> {
        let found = self.tensors.iter().find(|(name, ..)| *name == entry.name);
        let Some((_, shape, values)) = found else {
            return Err(EngineError::Checkpoint(format!("it has no tensor {}", entry.name)));
        };
        if *shape != entry.shape {
            return Err(EngineError::Checkpoint(format!(
                "its tensor {} has shape {shape:?} where its experiment needs {:?}",
                entry.name, entry.shape
            )));
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err(EngineError::Checkpoint(format!(
                "its tensor {} holds a number that is not finite",
                entry.name
            )));
        }
        Ok(values.iter().copied().map(f64::from).collect())
    }

    /// The same without the optimiser's memory and the best state: what it takes to use the network, in a third of the
    /// bytes or less.
    #[must_use]
    pub fn weights_only(mut self) -> Self {
        (self.optimizer, self.validation) = (None, None);
        self
    }

    /// As the bytes of a safetensors file.
    ///
    /// # Errors
    /// When the tensors contradict their shapes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EngineError> {
        let optimizer = self.optimizer.as_ref();
        let best = self.validation.as_ref();
        let memory = [
            ("optimizer.first", optimizer.and_then(|o| o.first.as_ref())),
            ("optimizer.second", optimizer.and_then(|o| o.second.as_ref())),
            ("best.params", best.and_then(|v| v.best.as_ref())),
            ("best.first", best.and_then(|v| v.optimizer.first.as_ref())),
            ("best.second", best.and_then(|v| v.optimizer.second.as_ref())),
        ];
        let memory = memory
            .into_iter()
            .filter_map(|(name, values)| values.map(|values| (name.to_owned(), vec![values.len()], values)));
        let tensors = self.tensors.iter().map(|(name, shape, values)| (name.clone(), shape.clone(), values));
        let bytes: Vec<(String, Vec<usize>, Vec<u8>)> = tensors
            .chain(memory)
            .map(|(name, shape, values)| (name, shape, values.iter().flat_map(|v| v.to_le_bytes()).collect()))
            .collect();
        let views = bytes
            .iter()
            .map(|(name, shape, bytes)| Ok((name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes)?)))
            .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()
            .map_err(|error| EngineError::Checkpoint(error.to_string()))?;
        let experiment =
            serde_json::to_string(&self.experiment).map_err(|error| EngineError::Checkpoint(error.to_string()))?;
        let mut metadata = HashMap::from([
            ("format".to_owned(), "kindling-checkpoint-1".to_owned()),
            ("experiment".to_owned(), experiment),
            ("meta_step".to_owned(), self.meta_step.to_string()),
        ]);
        if let Some(optimizer) = optimizer {
            metadata.insert("optimizer_time".to_owned(), optimizer.time.to_string());
        }
        if let Some(Validated { record, optimizer, .. }) = &self.validation {
            let record = serde_json::to_string(record).map_err(|error| EngineError::Checkpoint(error.to_string()))?;
            metadata.insert("validation".to_owned(), record);
            metadata.insert("best_time".to_owned(), optimizer.time.to_string());
        }
        safetensors::serialize(views, Some(metadata)).map_err(|error| EngineError::Checkpoint(error.to_string()))
    }

    /// From the bytes of a safetensors file.
    ///
    /// # Errors
    /// When the file is damaged, too large, not one of ours, or its experiment is out of its ranges.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EngineError> {
        let wrong = |what: String| EngineError::Checkpoint(what);
        if bytes.len() > MAX_BYTES {
            return Err(wrong(format!("it is larger than {} MiB", MAX_BYTES >> 20)));
        }
        let (_, header) = SafeTensors::read_metadata(bytes)
            .map_err(|error| wrong(format!("it is not a safetensors file ({error})")))?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let field = |name: &str| {
            metadata.get(name).ok_or_else(|| wrong(format!("its header has no {name}, so Kindling did not write it")))
        };
        let number = |name: &str| {
            field(name)?.parse::<u32>().map_err(|_| wrong(format!("the {name} in its header is not a number")))
        };
        let experiment = Experiment::from_json(field("experiment")?)
            .map_err(|error| wrong(format!("the experiment in its header cannot be read: {error}")))?;
        let meta_step = number("meta_step")?;
        let file = SafeTensors::deserialize(bytes).map_err(|error| wrong(format!("it is damaged ({error})")))?;
        let mut tensors = Vec::new();
        let mut memory = HashMap::new();
        for (name, view) in file.iter() {
            if view.dtype() != Dtype::F32 {
                return Err(wrong(format!("its tensor {name} is not float32")));
            }
            let (chunks, _) = view.data().as_chunks::<4>();
            let values: Vec<f32> = chunks.iter().map(|chunk| f32::from_le_bytes(*chunk)).collect();
            if name.starts_with("optimizer.") || name.starts_with("best.") {
                memory.insert(name.to_owned(), values);
            } else {
                tensors.push((name.to_owned(), view.shape().to_vec(), values));
            }
        }
        let count: usize = tensors.iter().map(|(_, _, values)| values.len()).sum();
        if memory.values().any(|values| values.len() != count || values.iter().any(|v| !v.is_finite())) {
            return Err(wrong("its optimiser's memory does not fit its tensors".to_owned()));
        }
        let optimizer = if metadata.contains_key("optimizer_time") {
            let time = number("optimizer_time")?;
            let (first, second) = (memory.remove("optimizer.first"), memory.remove("optimizer.second"));
            Some(OptimizerState { time, first, second })
        } else {
            None
        };
        let validation = match metadata.get("validation") {
            Some(record) => {
                let record = serde_json::from_str(record)
                    .map_err(|error| wrong(format!("the validation in its header cannot be read: {error}")))?;
                let (time, best) = (number("best_time")?, memory.remove("best.params"));
                let (first, second) = (memory.remove("best.first"), memory.remove("best.second"));
                Some(Validated { record, best, optimizer: OptimizerState { time, first, second } })
            }
            None => None,
        };
        Ok(Self { experiment, meta_step, tensors, optimizer, validation })
    }
}
