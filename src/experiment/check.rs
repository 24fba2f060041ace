//! Whether an experiment may run, and its JSON.

use serde_json::Value;

use super::{
    Choice as _, Experiment, Family, InnerOptimizer, LearnerKind, MOST_MEMORY, MOST_PARAMETERS, NetworkKind,
    Normalization, Source, fields,
};

/// Most support or query drawings of one class: as many drawers as Omniglot has for each character.
const MOST_DRAWINGS: u32 = 20;

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
    /// Two fields that do not go together.
    #[error("{path} cannot be {given} here: {why}")]
    Together {
        /// The field to change.
        path: &'static str,
        /// What it is.
        given: String,
        /// What it does not go with, and what to do.
        why: &'static str,
    },
    /// The network is too large.
    #[error(
        "the network has {parameters} parameters and at most {MOST_PARAMETERS} are allowed; \
         lower model.hidden or model.filters, or choose model.pooling mean"
    )]
    Parameters {
        /// Weights and biases.
        parameters: u64,
    },
    /// A task would hold too much memory.
    #[error(
        "one task would hold about {mebibytes} MiB and at most {} are allowed; \
         lower learner.inner_steps, model.hidden, model.filters, task.ways or task.shots",
        MOST_MEMORY / 1_048_576.0
    )]
    Memory {
        /// [`Experiment::task_memory`] in MiB, rounded up.
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
        self.check_together()?;
        let parameters = self.parameters();
        if parameters > MOST_PARAMETERS {
            return Err(FieldError::Parameters { parameters });
        }
        let memory = self.task_memory();
        if memory > MOST_MEMORY {
            return Err(FieldError::Memory { mebibytes: (memory / 1_048_576.0).ceil() as u64 });
        }
        Ok(())
    }

    /// Whether what it learns outside are features for heads that come later.
    #[must_use]
    pub fn learns_features(&self) -> bool {
        self.learner.kind.makes_head() || self.base_classes().is_some()
    }

    /// Whether the network normalises by the batch.
    fn normalizes(&self) -> bool {
        self.model.network == NetworkKind::Conv4 || self.model.normalization == Normalization::Batch
    }

    /// Whether a task's queries are normalised together; none where the network does not normalise.
    #[must_use]
    pub fn transduction(&self) -> Option<bool> {
        self.normalizes().then(|| self.model.transduction.is_on())
    }

    fn check_together(&self) -> Result<(), FieldError> {
        let refuse = |path, given: &str, why| Err(FieldError::Together { path, given: given.to_owned(), why });
        let (task, kind) = (&self.task, self.learner.kind);
        if task.family == Family::Characters {
            for (path, count) in [("task.shots", task.shots), ("task.queries", task.queries)] {
                if count > MOST_DRAWINGS {
                    return refuse(path, &count.to_string(), "characters have at most 20 drawings a class");
                }
            }
            if task.train_ways > 0 && !kind.takes_any_ways() {
                let why = "this learner's head has an output for each of task.ways; set it to 0";
                return refuse("task.train_ways", &task.train_ways.to_string(), why);
            }
            if task.train_ways == 1 {
                return refuse("task.train_ways", "1", "there is nothing to tell apart; choose 0 or at least 2");
            }
        } else if self.model.network == NetworkKind::Conv4 {
            let why = "it reads drawings; choose task.family characters or model.network mlp";
            return refuse("model.network", NetworkKind::Conv4.name(), why);
        }
        if !kind.suits(task.family) {
            let why = match task.family {
                Family::Characters => "it is for regression; choose another learner.kind or task.family",
                Family::Quadratic => {
                    "it needs a network, which quadratics have not; choose maml, fomaml, reptile, meta_sgd, scratch or \
                     lstm_optimizer, or another task.family"
                }
                _ => "it is for classification; choose another learner.kind or task.family characters",
            };
            return refuse("learner.kind", kind.name(), why);
        }
        if self.learns_features() && self.model.network == NetworkKind::Mlp && self.model.hidden.is_empty() {
            return refuse("model.hidden", "none", "this learner learns features, which are a hidden layer's");
        }
        if kind.sees_one_by_one() && self.model.normalization == Normalization::Batch {
            let why =
                "this learner takes one support point after another, and no point may see those to come; choose none";
            return refuse("model.normalization", Normalization::Batch.name(), why);
        }
        if kind.reads_descriptions() {
            if task.source == Source::Imported {
                let why = "this learner reads how a character is written, which no imported drawing says; \
                           choose procedural or another learner.kind";
                return refuse("task.source", Source::Imported.name(), why);
            }
            if self.normalizes() && !self.model.transduction.is_on() {
                let why = "this learner sees no support drawings by whose statistics a query drawing could be \
                           normalised; choose on";
                return refuse("model.transduction", "off", why);
            }
        }
        let optimizer = self.learner.inner_optimizer;
        if optimizer != InnerOptimizer::Sgd && kind.differentiates_inner_loop() {
            let why = match kind {
                LearnerKind::LstmOptimizer => "this learner is an optimiser itself; choose sgd",
                _ => "this learner differentiates its inner loop, which is gradient descent; choose sgd",
            };
            return refuse("learner.inner_optimizer", optimizer.name(), why);
        }
        // Where the loss is flat a step leaves 1 − αλ of the distance to the start: from −1 on it only grows.
        let longest = self.learner.inner_lr.max(self.learner.eval_lr);
        if kind == LearnerKind::Imaml && longest * self.learner.regularization >= 2.0 {
            let why = "its product with the inner rate is 2 or more, so that each step overshoots; lower either";
            return refuse("learner.regularization", &self.learner.regularization.to_string(), why);
        }
        Ok(())
    }

    /// Read and check an experiment. A member of `task`, `model`, `learner`, `outer`, `budget` or `view` that is not
    /// there takes the default experiment's value: files outlive the Kindling that wrote them.
    ///
    /// # Errors
    /// When the JSON is not otherwise an experiment or [`Experiment::check`] refuses it.
    pub fn from_json(json: &str) -> Result<Self, ExperimentError> {
        let mut given: Value = serde_json::from_str(json)?;
        let default = serde_json::to_value(Self::default())?;
        for (name, members) in default.as_object().into_iter().flatten() {
            if let (Some(given), Some(members)) =
                (given.get_mut(name).and_then(Value::as_object_mut), members.as_object())
            {
                for (name, value) in members {
                    given.entry(name).or_insert_with(|| value.clone());
                }
            }
        }
        let experiment: Self = serde_json::from_value(given)?;
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
            "the network has 526849 parameters and at most 400000 are allowed; \
             lower model.hidden or model.filters, or choose model.pooling mean"
        );
    }

    #[test]
    fn a_task_with_too_much_memory_is_refused() {
        let mut experiment = Experiment::default();
        experiment.task.family = Family::Characters;
        experiment.model.network = NetworkKind::Conv4;
        experiment.model.filters = 64;
        (experiment.task.ways, experiment.task.shots) = (20, 20);
        assert_eq!(
            experiment.check().unwrap_err().to_string(),
            "one task would hold about 544 MiB and at most 512 are allowed; \
             lower learner.inner_steps, model.hidden, model.filters, task.ways or task.shots"
        );
    }

    #[test]
    fn what_does_not_go_together_is_refused_with_what_to_do() {
        let refused = |changes: &[(&str, &str)]| {
            let mut experiment = Experiment::default();
            changes.iter().for_each(|(path, text)| experiment.set(path, text).unwrap());
            experiment.check().unwrap_err().to_string()
        };
        let characters = ("task.family", "characters");
        assert_eq!(
            refused(&[("model.network", "conv4")]),
            "model.network cannot be conv4 here: it reads drawings; choose task.family characters or model.network mlp"
        );
        assert_eq!(
            refused(&[characters, ("task.shots", "21")]),
            "task.shots cannot be 21 here: characters have at most 20 drawings a class"
        );
        for kind in ["ridge", "oracle", "cnp"] {
            assert!(refused(&[characters, ("learner.kind", kind)]).contains("it is for regression"));
        }
        let classifiers = ["prototypical", "matching", "siamese", "r2_d2", "relation", "matching_fce"];
        for kind in classifiers.into_iter().chain(["nearest_centroid", "zero_shot"]) {
            assert!(refused(&[("learner.kind", kind)]).contains("it is for classification"));
        }
        assert!(refused(&[("learner.kind", "ridge"), ("model.hidden", "none")]).contains("a hidden layer"));
        assert!(refused(&[("learner.kind", "cnp"), ("model.hidden", "none")]).contains("a hidden layer"));
        assert!(refused(&[("learner.kind", "cnp"), ("model.normalization", "batch")]).contains("choose none"));
        assert!(refused(&[characters, ("task.train_ways", "20")]).contains("set it to 0"));
        let zero_shot = ("learner.kind", "zero_shot");
        assert!(refused(&[characters, zero_shot, ("task.source", "imported")]).contains("no imported drawing says"));
        let blind = [characters, zero_shot, ("model.network", "conv4"), ("model.transduction", "off")];
        assert!(refused(&blind).contains("no support drawings"));
        let pretrained = ("learner.kind", "pretrained");
        assert!(refused(&[characters, pretrained, ("model.hidden", "none")]).contains("a hidden layer"));
        let prototypical = ("learner.kind", "prototypical");
        assert!(refused(&[characters, prototypical, ("task.train_ways", "1")]).contains("at least 2"));
        for optimizer in ["adam", "full_adam"] {
            assert!(refused(&[("learner.inner_optimizer", optimizer)]).contains("gradient descent; choose sgd"));
        }
        let lstm = ("learner.kind", "lstm_optimizer");
        assert!(refused(&[lstm, ("learner.inner_optimizer", "adam")]).contains("an optimiser itself"));
        assert!(refused(&[characters, lstm]).contains("it is for regression"));
        for kind in ["anil", "pretrained", "prototypical", "cavia", "boil", "maml_pp"] {
            assert!(refused(&[("task.family", "quadratic"), ("learner.kind", kind)]).contains("needs a network"));
        }
        let imaml = ("learner.kind", "imaml");
        assert!(refused(&[imaml, ("learner.regularization", "200")]).contains("each step overshoots"));
    }

    #[test]
    fn json_of_an_older_kindling_takes_defaults_for_what_it_does_not_have() {
        let mut json: Value = serde_json::to_value(Experiment::default()).unwrap();
        json["task"].as_object_mut().unwrap().remove("ways");
        json["outer"].as_object_mut().unwrap().remove("schedule");
        assert_eq!(Experiment::from_json(&json.to_string()).unwrap(), Experiment::default());
        for damaged in ["3", "[]", "null", "{}", "{\"seed\":1,\"task\":3}"] {
            assert!(Experiment::from_json(damaged).is_err(), "{damaged}");
        }
    }

    #[test]
    fn json_with_an_unknown_member_is_refused() {
        let json = Experiment::default().to_json().unwrap().replacen("\"seed\"", "\"sead\"", 1);
        let message = Experiment::from_json(&json).unwrap_err().to_string();
        assert!(message.starts_with("the experiment's JSON cannot be read: unknown field `sead`"), "{message}");
    }
}
