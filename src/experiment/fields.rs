//! The table of every settable property.

use super::{
    Activation, Choice, Experiment, Family, FieldError, Init, InnerOptimizer, Kind, Language, LearnerKind, NetworkKind,
    Normalization, Optimizer, Pooling, Schedule, Source, Switch, Tab, Value, nearest::nearest,
};
use crate::task::description_len;

/// A settable property of an experiment.
#[derive(Debug)]
pub struct Field {
    /// Its path, as in `--set task.shots=10`.
    pub path: &'static str,
    /// Its number in a link: never changed, never reused.
    pub id: u8,
    /// What it takes.
    pub kind: Kind,
    /// Whether changing it restarts a run.
    pub restart: Restart,
    read: fn(&Experiment) -> Value,
    write: fn(&mut Experiment, Value),
}

/// Whether a change restarts a run: it does when meta-parameters or optimiser state would change their
/// shape or their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// The run goes on with the new value.
    Never,
    /// The run begins again.
    Always,
    /// The run begins again where the oracle is told more or fewer numbers than before.
    OracleInputs,
    /// The run begins again for Meta-SGD and MAML++, whose learned rates start from the value.
    LearnedRates,
    /// The run begins again for MAML++, which learns rates for as many steps.
    LearnedSteps,
    /// The run begins again for CAVIA, whose context has as many numbers.
    Context,
    /// The run begins again for an LSTM optimiser, whose memory has as many units.
    Memory,
    /// The run begins again where the head has an output for every way.
    Ways,
    /// The run begins again for a learner that is trained on base classes.
    BaseClasses,
}

impl Field {
    /// Its value in `experiment`.
    #[must_use]
    pub fn get(&self, experiment: &Experiment) -> Value {
        (self.read)(experiment)
    }

    /// Give it a value.
    ///
    /// # Errors
    /// When the value is of another kind or out of limits; `experiment` is then as it was.
    pub fn set(&self, experiment: &mut Experiment, value: Value) -> Result<(), FieldError> {
        if !self.kind.accepts(&value) {
            return Err(self.refused(&self.kind.text(&value)));
        }
        (self.write)(experiment, value);
        Ok(())
    }

    /// The error for a value that was `given`.
    pub(super) fn refused(&self, given: &str) -> FieldError {
        // Enough to recognise what was given; it may be as long as a link.
        let given = given.chars().take(60).collect();
        FieldError::Refused { path: self.path, given, allowed: self.kind.allowed() }
    }

    fn restarts(&self, old: &Experiment, new: &Experiment) -> bool {
        self.get(old) != self.get(new)
            && match self.restart {
                Restart::Never => false,
                Restart::Always => true,
                Restart::OracleInputs => {
                    new.learner.kind == LearnerKind::Oracle && description_len(&old.task) != description_len(&new.task)
                }
                Restart::LearnedRates => new.learner.kind.learns_rates(),
                Restart::LearnedSteps => new.learner.kind == LearnerKind::MamlPp,
                Restart::Context => new.learner.kind == LearnerKind::Cavia,
                Restart::Ways => new.task.family.classifies() && !new.learner.kind.takes_any_ways(),
                Restart::BaseClasses => new.base_classes().is_some(),
                Restart::Memory => new.learner.kind == LearnerKind::LstmOptimizer,
            }
    }
}

impl Experiment {
    /// Give a field a value by text: `learner.inner_steps` `5`, `task.amplitude` `0.1..5`, `model.hidden`
    /// `40,40`, `view.points` `1:2,3:4`.
    ///
    /// Limits of the whole experiment are not judged here but by [`Experiment::check`], so that fields can
    /// be set one after another.
    ///
    /// # Errors
    /// When there is no such path, or the text cannot be read or is out of limits; nothing changes then.
    pub fn set(&mut self, path: &str, text: &str) -> Result<(), FieldError> {
        let field = field(path)?;
        let value = field.kind.parse(text).ok_or_else(|| field.refused(text.trim()))?;
        field.set(self, value)
    }

    /// The text of a field, in the form that [`Experiment::set`] reads.
    ///
    /// # Errors
    /// When there is no such path.
    pub fn get(&self, path: &str) -> Result<String, FieldError> {
        let field = field(path)?;
        Ok(field.kind.text(&field.get(self)))
    }

    /// Paths of the fields whose change from `self` to `next` restarts the run, in the table's order.
    #[must_use]
    pub fn restarts(&self, next: &Self) -> Vec<&'static str> {
        FIELDS.iter().filter(|field| field.restarts(self, next)).map(|field| field.path).collect()
    }
}

/// Every field, ascending in id.
#[must_use]
pub fn fields() -> &'static [Field] {
    &FIELDS
}

/// The field at a path.
///
/// # Errors
/// When there is no such path; the error names the nearest.
pub fn field(path: &str) -> Result<&'static Field, FieldError> {
    FIELDS.iter().find(|field| field.path == path).ok_or_else(|| FieldError::Unknown {
        path: path.chars().take(60).collect(),
        nearest: nearest(path, FIELDS.iter().map(|field| field.path)),
    })
}

/// A row whose value is the field itself.
macro_rules! plain {
    ($id:literal, $path:literal, $restart:ident, $value:ident { $($limits:tt)* }, $($place:ident).+) => {
        Field {
            path: $path,
            id: $id,
            kind: Kind::$value { $($limits)* },
            restart: Restart::$restart,
            read: |experiment| Value::$value(experiment.$($place).+.clone()),
            write: |experiment, value| {
                if let Value::$value(value) = value {
                    experiment.$($place).+ = value;
                }
            },
        }
    };
}

/// A row whose value is a name.
macro_rules! named {
    ($id:literal, $path:literal, $restart:ident, $choice:ty, $($place:ident).+) => {
        Field {
            path: $path,
            id: $id,
            kind: Kind::Choice(<$choice>::NAMES),
            restart: Restart::$restart,
            read: |experiment| Value::Choice(experiment.$($place).+.index()),
            write: |experiment, value| {
                if let Value::Choice(index) = value
                    && let Some(choice) = <$choice>::ALL.get(index)
                {
                    experiment.$($place).+ = *choice;
                }
            },
        }
    };
}

// Later tasks come from changed ranges, shots and noise without a restart: that is what the sliders are for.
static FIELDS: [Field; 66] = [
    plain!(1, "seed", Always, Integer { min: 0, max: u32::MAX }, seed),
    named!(10, "task.family", Always, Family, task.family),
    plain!(11, "task.shots", Never, Integer { min: 1, max: 100 }, task.shots),
    plain!(12, "task.queries", Never, Integer { min: 1, max: 100 }, task.queries),
    plain!(13, "task.noise", Never, Number { min: 0.0, max: 5.0 }, task.noise),
    plain!(14, "task.x", Never, Range { min: -20.0, max: 20.0 }, task.x),
    plain!(15, "task.amplitude", Never, Range { min: 0.0, max: 20.0 }, task.amplitude),
    plain!(16, "task.phase", Never, Range { min: -10.0, max: 10.0 }, task.phase),
    plain!(17, "task.frequency", OracleInputs, Range { min: 0.05, max: 10.0 }, task.frequency),
    plain!(18, "task.slope", Never, Range { min: -20.0, max: 20.0 }, task.slope),
    plain!(19, "task.intercept", Never, Range { min: -20.0, max: 20.0 }, task.intercept),
    plain!(20, "task.threshold", Never, Range { min: -20.0, max: 20.0 }, task.threshold),
    plain!(21, "task.ways", Ways, Integer { min: 2, max: 20 }, task.ways),
    named!(22, "task.source", Never, Source, task.source),
    named!(23, "task.rotations", Never, Switch, task.rotations),
    named!(24, "task.within_alphabet", Never, Switch, task.within_alphabet),
    plain!(25, "task.train_shots", Never, Integer { min: 0, max: 20 }, task.train_shots),
    plain!(26, "task.train_ways", Never, Integer { min: 0, max: 60 }, task.train_ways),
    plain!(30, "model.hidden", Always, Widths { most: 6, max: 512 }, model.hidden),
    named!(31, "model.activation", Always, Activation, model.activation),
    named!(32, "model.init", Always, Init, model.init),
    named!(33, "model.network", Always, NetworkKind, model.network),
    named!(34, "model.normalization", Always, Normalization, model.normalization),
    plain!(35, "model.filters", Always, Integer { min: 8, max: 64 }, model.filters),
    named!(36, "model.pooling", Always, Pooling, model.pooling),
    named!(37, "model.transduction", Never, Switch, model.transduction),
    named!(40, "learner.kind", Always, LearnerKind, learner.kind),
    plain!(41, "learner.inner_lr", LearnedRates, Number { min: 0.0, max: 10.0 }, learner.inner_lr),
    plain!(42, "learner.inner_steps", LearnedSteps, Integer { min: 0, max: 100 }, learner.inner_steps),
    plain!(43, "learner.eval_lr", Never, Number { min: 0.0, max: 10.0 }, learner.eval_lr),
    plain!(44, "learner.eval_steps", Never, Integer { min: 0, max: 100 }, learner.eval_steps),
    named!(45, "learner.inner_optimizer", Never, InnerOptimizer, learner.inner_optimizer),
    plain!(46, "learner.inner_batch", Never, Integer { min: 0, max: 400 }, learner.inner_batch),
    plain!(47, "learner.eval_batch", Never, Integer { min: 0, max: 400 }, learner.eval_batch),
    plain!(48, "learner.context", Context, Integer { min: 1, max: 64 }, learner.context),
    plain!(49, "learner.regularization", Never, Number { min: 0.01, max: 1000.0 }, learner.regularization),
    named!(50, "outer.optimizer", Always, Optimizer, outer.optimizer),
    plain!(51, "outer.lr", Never, Number { min: 0.0, max: 10.0 }, outer.lr),
    plain!(52, "outer.momentum", Never, Number { min: 0.0, max: 0.999 }, outer.momentum),
    plain!(53, "outer.meta_batch", Never, Integer { min: 1, max: 256 }, outer.meta_batch),
    plain!(54, "outer.clip", Never, Number { min: 0.0, max: 1000.0 }, outer.clip),
    named!(55, "outer.schedule", Never, Schedule, outer.schedule),
    plain!(56, "learner.cg_steps", Never, Integer { min: 1, max: 20 }, learner.cg_steps),
    plain!(57, "learner.multi_step", Never, Integer { min: 0, max: 1_000_000 }, learner.multi_step),
    plain!(58, "learner.first_order", Never, Integer { min: 0, max: 1_000_000 }, learner.first_order),
    plain!(60, "budget.meta_steps", Never, Integer { min: 1, max: 1_000_000 }, budget.meta_steps),
    plain!(61, "learner.processing_steps", Never, Integer { min: 1, max: 20 }, learner.processing_steps),
    Field {
        path: "view.language",
        id: 70,
        kind: Kind::Choice(&["auto", "en", "zh"]),
        restart: Restart::Never,
        read: |experiment| Value::Choice(experiment.view.language.map_or(0, |language| 1 + language.index())),
        write: |experiment, value| {
            if let Value::Choice(index) = value {
                experiment.view.language = index.checked_sub(1).and_then(|index| Language::ALL.get(index)).copied();
            }
        },
    },
    plain!(71, "view.task", Never, Integer { min: 0, max: u32::MAX }, view.task),
    plain!(72, "view.step", Never, Integer { min: 0, max: 100 }, view.step),
    plain!(73, "view.points", Never, Points { most: 40, max: 1000.0 }, view.points),
    plain!(74, "view.hide", Never, Panels {}, view.hide),
    plain!(75, "learner.base_classes", BaseClasses, Integer { min: 2, max: 1000 }, learner.base_classes),
    plain!(76, "learner.units", Memory, Integer { min: 1, max: 64 }, learner.units),
    plain!(77, "learner.unroll", Never, Integer { min: 1, max: 100 }, learner.unroll),
    plain!(78, "learner.sgd_lr", Never, Number { min: 0.0, max: 10.0 }, learner.sgd_lr),
    plain!(79, "learner.adam_lr", Never, Number { min: 0.0, max: 10.0 }, learner.adam_lr),
    plain!(80, "outer.weight_decay", Never, Number { min: 0.0, max: 10.0 }, outer.weight_decay),
    plain!(81, "model.dropout", Never, Number { min: 0.0, max: 0.9 }, model.dropout),
    plain!(82, "task.label_noise", Never, Number { min: 0.0, max: 1.0 }, task.label_noise),
    plain!(83, "task.augmentation", Never, Number { min: 0.0, max: 1.0 }, task.augmentation),
    plain!(84, "task.pixel_noise", Never, Number { min: 0.0, max: 0.5 }, task.pixel_noise),
    plain!(85, "budget.validate_every", Never, Integer { min: 0, max: 100_000 }, budget.validate_every),
    plain!(86, "budget.patience", Never, Integer { min: 0, max: 1000 }, budget.patience),
    plain!(87, "budget.validation_tasks", Never, Integer { min: 1, max: 1000 }, budget.validation_tasks),
    named!(88, "view.panel", Never, Tab, view.panel),
];

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, to_value};

    use super::*;
    use crate::experiment::preset;

    fn leaves(prefix: &str, json: &Json, paths: &mut Vec<String>) {
        match json {
            Json::Object(members) if !members.contains_key("low") => {
                for (name, member) in members {
                    let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                    leaves(&path, member, paths);
                }
            }
            _ => paths.push(prefix.to_owned()),
        }
    }

    #[test]
    fn the_table_holds_every_member_of_an_experiment() {
        let mut members = Vec::new();
        leaves("", &to_value(Experiment::default()).unwrap(), &mut members);
        let mut paths: Vec<String> = fields().iter().map(|field| field.path.to_owned()).collect();
        members.sort();
        paths.sort();
        assert_eq!(members, paths);
    }

    #[test]
    fn ids_ascend_and_none_is_used_twice() {
        assert!(fields().is_sorted_by(|a, b| a.id < b.id));
    }

    /// Each field is set to a value it does not have, and only the member at its path may change.
    #[test]
    fn setting_a_field_changes_the_member_at_its_path_only() {
        let other = |field: &Field| match field.kind {
            Kind::Integer { max, .. } => max.to_string(),
            Kind::Number { max, .. } => max.to_string(),
            Kind::Range { max, .. } => format!("{max}..{max}"),
            Kind::Choice(names) => {
                let now = field.kind.text(&field.get(&Experiment::default()));
                names.iter().rev().find(|name| **name != now).unwrap().to_string()
            }
            Kind::Widths { .. } => "3,2,1".to_owned(),
            Kind::Points { .. } => "1:2,-3:0.5".to_owned(),
            Kind::Panels => "training".to_owned(),
        };
        for field in fields() {
            let before = Experiment::default();
            let mut after = before.clone();
            let text = other(field);
            after.set(field.path, &text).unwrap();
            assert_eq!(after.get(field.path).unwrap(), text);
            let pointer = format!("/{}", field.path.replace('.', "/"));
            let (mut before, mut after) = (to_value(before).unwrap(), to_value(after).unwrap());
            let (a, b) = (before.pointer_mut(&pointer).unwrap(), after.pointer_mut(&pointer).unwrap());
            assert_ne!(a, b, "{}", field.path);
            (*a, *b) = (Json::Null, Json::Null);
            assert_eq!(before, after, "{}", field.path);
        }
    }

    #[test]
    fn a_refused_value_changes_nothing_and_says_what_is_allowed() {
        let mut experiment = Experiment::default();
        let error = experiment.set("learner.inner_steps", "101").unwrap_err();
        assert_eq!(error.to_string(), "learner.inner_steps cannot be \"101\": it takes a whole number from 0 to 100");
        let error = experiment.set("task.amplitude", "5..0.1").unwrap_err();
        assert_eq!(
            error.to_string(),
            "task.amplitude cannot be \"5..0.1\": it takes a range low..high (or one number) with 0 ≤ low ≤ high ≤ 20"
        );
        assert_eq!(experiment, Experiment::default());
    }

    #[test]
    fn an_unknown_path_suggests_the_nearest() {
        let error = Experiment::default().set("learner.inner_step", "5").unwrap_err();
        assert_eq!(error.to_string(), "there is no field \"learner.inner_step\"; the nearest is learner.inner_steps");
    }

    #[test]
    fn rates_and_ranges_change_while_running_and_shapes_restart() {
        let now = Experiment::default();
        let mut next = now.clone();
        for (path, text) in [
            ("learner.inner_lr", "0.1"),
            ("outer.lr", "0.01"),
            ("outer.meta_batch", "4"),
            ("task.amplitude", "1..2"),
            ("task.frequency", "1..2"),
            ("task.shots", "10"),
            ("view.task", "3"),
        ] {
            next.set(path, text).unwrap();
        }
        assert_eq!(now.restarts(&next), [""; 0]);
        next.set("seed", "2").unwrap();
        next.set("model.hidden", "8").unwrap();
        next.set("learner.kind", "anil").unwrap();
        assert_eq!(now.restarts(&next), ["seed", "model.hidden", "learner.kind"]);
    }

    #[test]
    fn an_oracle_restarts_when_it_is_told_more_numbers() {
        let now = preset("sinusoid-oracle-5shot").unwrap().experiment();
        let mut next = now.clone();
        next.set("task.frequency", "2").unwrap();
        assert!(now.restarts(&next).is_empty());
        next.set("task.frequency", "1..2").unwrap();
        assert_eq!(now.restarts(&next), ["task.frequency"]);
    }

    #[test]
    fn cavia_restarts_with_another_context_and_nobody_else() {
        let mut now = Experiment::default();
        let context = |now: &Experiment| {
            let mut next = now.clone();
            next.set("learner.context", "2").unwrap();
            now.restarts(&next)
        };
        assert!(context(&now).is_empty());
        now.learner.kind = LearnerKind::Cavia;
        assert_eq!(context(&now), ["learner.context"]);
    }

    #[test]
    fn an_lstm_optimizer_restarts_with_another_memory_and_goes_on_with_another_unroll() {
        let mut now = Experiment::default();
        now.learner.kind = LearnerKind::LstmOptimizer;
        let mut next = now.clone();
        for (path, text) in [("learner.unroll", "5"), ("learner.inner_lr", "0.2"), ("learner.sgd_lr", "0.2")] {
            next.set(path, text).unwrap();
        }
        assert!(now.restarts(&next).is_empty());
        next.set("learner.units", "8").unwrap();
        assert_eq!(now.restarts(&next), ["learner.units"]);
    }

    #[test]
    fn maml_pp_restarts_when_it_has_another_number_of_rates() {
        let mut now = Experiment::default();
        now.learner.kind = LearnerKind::MamlPp;
        let mut next = now.clone();
        next.set("learner.multi_step", "9").unwrap();
        assert!(now.restarts(&next).is_empty());
        next.set("learner.inner_steps", "2").unwrap();
        assert_eq!(now.restarts(&next), ["learner.inner_steps"]);
    }

    #[test]
    fn meta_sgd_restarts_when_its_rates_start_elsewhere() {
        let now = preset("sinusoid-meta-sgd").unwrap().experiment();
        let mut next = now.clone();
        next.set("learner.inner_lr", "0.5").unwrap();
        assert_eq!(now.restarts(&next), ["learner.inner_lr"]);
    }
}
