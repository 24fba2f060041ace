//! Long work: what the page asks for, and what the worker answers, a slice at a time.

use serde::{Deserialize, Serialize};

use crate::experiment::{
    Activations, Anatomy, Compared, Contestant, Diagnosis, Evaluation, Found, Landscape, Layers, PlaneKind, Searched,
    ShownTask, TaskSpec,
};

/// Long work, done a slice at a time while everything else goes on, and less often while the session trains. One of a
/// kind at a time: another takes its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Work {
    /// Evaluate the current meta-parameters.
    Evaluate {
        /// Number of tasks.
        tasks: u32,
        /// Inner steps at which to report.
        steps: Vec<u32>,
        /// Seed of the tasks.
        seed: u32,
        /// The distribution to evaluate on: the experiment's, or one shifted from it.
        task: TaskSpec,
    },
    /// Search the rates and the inner steps of the session's experiment. It outlives the session.
    Search {
        /// About how long it may take.
        seconds: u32,
    },
    /// Put learners and checkpoints side by side on the tasks of the session. It waits while the session trains, and
    /// outlives it.
    Compare {
        /// Who takes part, two to six.
        contestants: Vec<Contestant>,
        /// The files of those that are checkpoints (safetensors bytes), in their order.
        checkpoints: Vec<Vec<u8>>,
        /// Meta-steps of every learner.
        meta_steps: u32,
        /// Test tasks.
        tasks: u32,
        /// The task on show.
        shown: ShownTask,
    },
    /// Diagnose the current meta-parameters.
    Diagnose(Diagnosis),
    /// Draw the landscape of the current meta-parameters.
    Landscape {
        /// The task on show.
        task: ShownTask,
        /// Other tasks whose paths are followed.
        tasks: u32,
        /// Which plane.
        plane: PlaneKind,
        /// Points in a row of the finest grid of losses.
        side: u32,
    },
    /// Look into the layers of the current meta-parameters.
    Layers {
        /// The task on show.
        task: ShownTask,
        /// Further tasks that the means are over.
        tasks: u32,
    },
    /// Say what the convolutions of the current meta-parameters make of one drawing.
    Activations {
        /// The task on show.
        task: ShownTask,
        /// Which of its drawings, the support set counted first.
        drawing: u32,
    },
    /// Take one step on the task on show apart.
    Anatomy {
        /// The task on show.
        task: ShownTask,
    },
}

/// What long work has found, so far or in all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Of an evaluation.
    Evaluated {
        /// Meta-steps of the parameters that are evaluated.
        meta_step: u32,
        /// Over the tasks so far.
        evaluation: Evaluation,
    },
    /// Of a search: every candidate.
    Searched(Searched),
    /// Of a comparison: every contestant, as far as it is.
    Compared(Compared),
    /// Of a diagnosis; none while there is nothing to tell.
    Diagnosed(Option<Found>),
    /// Of a landscape; none before its plane is known, and where it has none, as every path runs off or none moves.
    Landscape(Option<Box<Landscape>>),
    /// Of layers, as far as they are measured.
    Layers(Box<Layers>),
    /// Of convolutions; none before they are computed.
    Activations(Option<Box<Activations>>),
    /// Of an anatomy; none before the way there and back is known, and where there is nothing to take apart.
    Anatomy(Option<Box<Anatomy>>),
}
