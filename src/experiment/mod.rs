//! # experiment: what goes into a run, and what comes out
//!
//! [`Experiment`] is the only source of truth: the page, the worker, the command line, the checkpoint
//! and the link each hold one, and nothing else decides what a run computes. `spec` says what it holds;
//! `fields` declares every settable property once (path, limits, link id, whether a change restarts the
//! run) and `value` reads and writes their texts; `check` holds the limits of the whole and `cost` what
//! they are made of; `presets` names the starting points and
//! `published` what papers report of them; `shift` which tasks lie beside those that are learned from; `link` turns an
//! experiment into `#v1.…` and back over `wire`; `outcome` holds what a run reports, `diagnosis` what is found out about
//! how it computes, `landscape`
//! what is drawn of the space of its weights, `layers` what is seen inside its network and `anatomy` one step taken apart;
//! `search` draws settings to try and `halving` says which of them go on;
//! `comparison` puts learners side by side, each `settle`d on the same tasks, and networks that were `saved` elsewhere. Any
//! room may call this one; it calls only `task`.

mod anatomy;
mod check;
mod choice;
mod comparison;
mod cost;
mod diagnosis;
mod fields;
mod gaps;
mod halving;
mod landscape;
mod layers;
mod link;
mod nearest;
mod outcome;
mod presets;
mod published;
mod saved;
mod search;
mod settle;
mod shift;
mod spec;
mod value;
mod wire;

pub use crate::task::{Family, Range, Source, Switch, TaskSpec};
pub use anatomy::{
    Anatomy, Back, BackStep, Followed, InnerStep, Inside, Nudge, OuterStep, Query, Stage, TaskGradient, WayBack,
    WeightBack, WeightOuter, WeightStep, whole,
};
pub use check::{ExperimentError, FieldError};
pub use choice::Choice;
pub use comparison::{Compared, ContestError, Contestant, Entrant, MOST_CONTESTANTS, Ranking, check_contestants};
pub use cost::{HEAVY_WORK, MOST_MEMORY, MOST_PARAMETERS, RELATION_WIDTH};
pub use diagnosis::{
    Along, CostAt, CostMeter, Derivative, Diagnosis, Directions, Found, GradientCheck, Line, Outcome, Spent, Towards,
    Turn, Verdict,
};
pub use fields::{Field, Restart, field, fields};
pub use halving::{Cost, ETA, Plan, Rung, Searched, Trial};
pub use landscape::{Arrow, Landscape, PlaneKind, Surface, TaskPath};
pub use layers::{
    Activations, Block, Example, LayerCourse, LayerFigure, LayerFigures, Layers, Likeness, LikenessKind, Prototype,
    Reuse, Scene, moved,
};
pub use link::{LinkError, MOST_LINK_CHARACTERS, decode, encode};
pub use outcome::{
    Accuracies, Adaptation, CharacterStep, CharacterTrajectory, Check, Curve, CurvePoint, Drawing, DrawnTask, Ending,
    Evaluation, Interval, Point, Rival, ShownTask, StepEvaluation, Trajectory, TrajectoryStep,
};
pub use presets::{Preset, preset, presets};
pub use published::{Citation, Departure, Difference, Metric, Published, nearest_published, published};
pub use saved::{Misfit, Saved, told_apart};
pub use search::{Axes, Setting};
pub use shift::Shift;
pub use spec::{
    Activation, Budget, Experiment, Init, InnerOptimizer, Language, LearnerKind, LearnerSpec, ModelSpec, NetworkKind,
    Normalization, Optimizer, OuterSpec, Panel, Pooling, Schedule, Tab, View,
};
pub use value::{Kind, Value};
