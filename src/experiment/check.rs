//! Whether an experiment may run, and its JSON.

use super::{Experiment, MOST_MEMORY, MOST_PARAMETERS, fields};

/// Why a field or an experiment is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FieldError {
    /// No field has this path.
    #[error("there is no field {path:?}; the nearest is {nearest}")]
    Unknown {
        /// What was given.
        path: String,
        /// The path that was probably meant.
        nearest: &'static str,
    },
    /// A value cannot be read or is out of its limits.
    #[error("{path} cannot be {given:?}: it takes {allowed}")]
    Refused {
        /// The field.
        path: &'static str,
        /// What was given, cut after 60 characters.
        given: String,
        /// What the field takes.
        allowed: String,
    },
    /// The network is too large.
    #[error("the network of model.hidden has {parameters} parameters; at most {MOST_PARAMETERS} are allowed")]
    Parameters {
        /// Weights and biases.
        parameters: u64,
    },
    /// A meta-step would hold too much memory.
    #[error(
        "a meta-step would hold about {mebibytes} MiB and at most {} are allowed; \
         lower outer.meta_batch, learner.inner_steps, model.hidden or task.shots",
        MOST_MEMORY / 1_048_576.0
    )]
    Memory {
        /// [`Experiment::memory`] in MiB, rounded up.
        mebibytes: u64,
    },
}

/// Why there is no experiment.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// The JSON is damaged, or has a member too many, too few or of another type.
    #[error("the experiment's JSON cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// It was read but may not run.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// No preset has this name.
    #[error("there is no preset {name:?}; the nearest are {}", nearest.join(", "))]
    Preset {
        /// What was given, cut after 60 characters.
        name: String,
        /// Names that were probably meant.
        nearest: Vec<&'static str>,
    },
}

impl Experiment {
    /// Whether every value is finite and within its limits, and the whole is within
    /// [`MOST_PARAMETERS`] and [`MOST_MEMORY`].
    ///
    /// # Errors
    /// The first that is not, in the table's order.
    pub fn check(&self) -> Result<(), FieldError> {
        for field in fields() {
            let value = field.get(self);
            if !field.kind.accepts(&value) {
                return Err(field.refused(&field.kind.text(&value)));
            }
        }
        let parameters = self.parameters();
        if parameters > MOST_PARAMETERS {
            return Err(FieldError::Parameters { parameters });
        }
        let memory = self.memory();
        if memory > MOST_MEMORY {
            return Err(FieldError::Memory { mebibytes: (memory / 1_048_576.0).ceil() as u64 });
        }
        Ok(())
    }

    /// Read and check an experiment.
    ///
    /// # Errors
    /// When the JSON is not exactly an experiment or [`Experiment::check`] refuses it.
    pub fn from_json(json: &str) -> Result<Self, ExperimentError> {
        let experiment: Self = serde_json::from_str(json)?;
        experiment.check()?;
        Ok(experiment)
    }

    /// The experiment as JSON with two spaces of indentation; [`Experiment::from_json`] gives it back bit
    /// for bit.
    ///
    /// # Errors
    /// Never for an experiment; the signature is serde_json's.
    pub fn to_json(&self) -> Result<String, ExperimentError> {
        Ok(serde_json::to_string_pretty(self)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Panel, Point, Range, presets};

    #[test]
    fn every_preset_passes_and_survives_json() {
        for preset in presets() {
            let experiment = preset.experiment();
            assert_eq!(experiment.check(), Ok(()), "{}", preset.name);
            assert_eq!(Experiment::from_json(&experiment.to_json().unwrap()).unwrap(), experiment);
        }
    }

    #[test]
    fn what_no_text_could_set_is_refused_too() {
        type Spoil = fn(&mut Experiment);
        let spoil: [(&str, Spoil); 6] = [
            ("task.noise", |e| e.task.noise = f64::NAN),
            ("task.x", |e| e.task.x = Range::new(1.0, -1.0)),
            ("outer.lr", |e| e.outer.lr = f64::INFINITY),
            ("model.hidden", |e| e.model.hidden = vec![0]),
            ("view.points", |e| e.view.points = vec![Point { x: 0.0, y: f32::NAN }]),
            ("view.hide", |e| e.view.hide = vec![Panel::Task, Panel::Task]),
        ];
        for (expected, spoil) in spoil {
            let mut experiment = Experiment::default();
            spoil(&mut experiment);
            let Err(FieldError::Refused { path, .. }) = experiment.check() else { panic!("{expected} passed") };
            assert_eq!(path, expected);
        }
    }

    #[test]
    fn a_network_with_too_many_parameters_is_refused() {
        let mut experiment = Experiment::default();
        experiment.model.hidden = vec![512; 3];
        assert_eq!(
            experiment.check().unwrap_err().to_string(),
            "the network of model.hidden has 526849 parameters; at most 400000 are allowed"
        );
    }

    #[test]
    fn a_meta_step_with_too_much_memory_is_refused() {
        let mut experiment = Experiment::default();
        experiment.model.hidden = vec![256; 6];
        experiment.outer.meta_batch = 256;
        experiment.learner.inner_steps = 9;
        assert_eq!(
            experiment.check().unwrap_err().to_string(),
            "a meta-step would hold about 3266 MiB and at most 1024 are allowed; \
             lower outer.meta_batch, learner.inner_steps, model.hidden or task.shots"
        );
    }

    #[test]
    fn json_with_an_unknown_member_is_refused() {
        let json = Experiment::default().to_json().unwrap().replacen("\"seed\"", "\"sead\"", 1);
        let message = Experiment::from_json(&json).unwrap_err().to_string();
        assert!(message.starts_with("the experiment's JSON cannot be read: unknown field `sead`"), "{message}");
    }
}
