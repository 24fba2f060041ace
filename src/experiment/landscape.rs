//! What is drawn of the space of weights: the paths that tasks take in it, and the loss of one task around them.

use serde::{Deserialize, Serialize};

use super::{Experiment, LearnerKind, gaps::numbers};

/// Which plane through the start is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaneKind {
    /// The two principal axes of the paths' displacements from the start. Its unit is the Euclidean distance of weights.
    #[default]
    Paths,
    /// Two random directions, normalised filter by filter (Li, Xu, Taylor, Studer, Goldstein 2018, §4). At 1 along either
    /// every filter has moved by as much as it is long; biases, and scales and shifts of normalisations, stay where they
    /// are.
    Random,
}

/// How the weights of some tasks go from the start that they share, and the loss around it, in a plane through it.
///
/// The plane's coordinates count from the start. A path lies beside the plane, and what is drawn is its projection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Landscape {
    /// Meta-steps of the start.
    pub meta_step: u32,
    /// Which plane.
    pub plane: PlaneKind,
    /// Of the sum of squared distances of all steps from the start, the share along either axis, 0 to 1.
    pub shares: [f64; 2],
    /// Inner steps that paths tell of, ascending from 0 to the last: all, or evenly thinned where they are many.
    pub steps: Vec<u32>,
    /// One for every task, the one on show first where it did not diverge.
    pub paths: Vec<TaskPath>,
    /// Tasks whose weights ran off, and which are left out.
    pub diverged: u32,
    /// Mean Euclidean distance of the paths' ends from the start, in the whole space.
    pub reach: f64,
    /// The same from one end to another, over all pairs; none with fewer than two paths.
    pub apart: Option<f64>,
    /// Directions of descent of meta-learners from the start, each as the mean over these tasks.
    pub arrows: Vec<Arrow>,
    /// Middle of the square that is looked at, in the plane.
    pub middle: [f64; 2],
    /// Half of its side.
    pub half: f64,
    /// The losses of the task on show in the square; none before the coarsest are known.
    pub surface: Option<Surface>,
}

/// The weights of one task after some steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskPath {
    /// Its index in the stream of shown tasks.
    pub index: u32,
    /// Whether it is the task on show.
    pub shown: bool,
    /// Whether the visitor placed its points or drew it, so that the stream does not hold it.
    pub own: bool,
    /// Where it is in the plane, at each of [`Landscape::steps`].
    pub at: Vec<[f64; 2]>,
    /// Distance from the start in the whole space, at each of them.
    pub distance: Vec<f64>,
    /// Share of the last distance that lies in the plane, 0 to 1, as lengths compare.
    pub inside: f64,
}

/// The direction in which a meta-learner would move the start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrow {
    /// Whose.
    pub kind: LearnerKind,
    /// The negative of its meta-gradient, projected into the plane.
    pub at: [f64; 2],
    /// Length in the whole space.
    pub norm: f64,
    /// Share of its length that lies in the plane, 0 to 1.
    pub inside: f64,
}

/// Losses on a square grid of points, row by row from the lowest second coordinate up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Surface {
    /// Points in a row, and rows.
    pub side: u32,
    /// Of the support set.
    #[serde(deserialize_with = "numbers")]
    pub support: Vec<f32>,
    /// Of the query set; empty where no query's class is known.
    #[serde(deserialize_with = "numbers")]
    pub query: Vec<f32>,
}

impl Landscape {
    /// How many times as far the ends lie from one another as from the start: 0 where all paths are one, √2 where they
    /// leave at right angles and equally far, about 2 at most.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        self.apart.map(|apart| apart / self.reach).filter(|ratio| ratio.is_finite())
    }
}

impl Surface {
    /// Points in a row that can be asked for: each grid holds those before it.
    pub const SIDES: [u32; 4] = [9, 17, 33, 65];
}

impl Experiment {
    /// Why its tasks have no paths from one start; none where they have.
    #[must_use]
    pub fn unmapped(&self) -> Option<&'static str> {
        match () {
            () if self.learner.kind.makes_head() => Some(
                "this learner takes no gradient steps inside a task, so its weights stay where they are; choose MAML or \
                 another learner with an inner loop",
            ),
            () if self.learns_features() => Some(
                "this learner starts every task with a head of its own, so there is no start that tasks share; choose MAML \
                 or another learner that learns its head outside",
            ),
            () if self.learner.kind == LearnerKind::LstmOptimizer => Some(
                "this learner starts every task from a point of its own, so there is no start that tasks share; choose \
                 another learner",
            ),
            () => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losses_that_ran_off_are_read_back_from_json() {
        let ran_off = Surface { side: 1, support: vec![f32::INFINITY], query: vec![0.5] };
        let read: Surface = serde_json::from_str(&serde_json::to_string(&ran_off).unwrap()).unwrap();
        assert!(read.support[0].is_nan() && read.query == [0.5]);
    }

    #[test]
    fn learners_without_one_start_that_descends_are_refused_in_a_sentence() {
        let of = |kind: LearnerKind| {
            let mut experiment = Experiment::default();
            experiment.learner.kind = kind;
            experiment.unmapped()
        };
        assert_eq!([LearnerKind::Maml, LearnerKind::Anil, LearnerKind::Cavia].map(of), [None; 3]);
        assert!(of(LearnerKind::Ridge).is_some_and(|why| why.contains("no gradient steps")));
        assert!(of(LearnerKind::LstmOptimizer).is_some_and(|why| why.contains("a point of its own")));
        let mut characters = super::super::preset("glyphs-light-maml-5w1s").unwrap().experiment();
        characters.learner.kind = LearnerKind::Pretrained;
        assert!(characters.unmapped().is_some_and(|why| why.contains("head of its own")));
    }
}
