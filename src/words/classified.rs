//! What an adapted classification shows at an inner step: predictions, right and wrong, and what moved.

use crate::experiment::{CharacterTrajectory, Drawing};

/// The most probable class, the first of equals; none where no probability is a number.
#[must_use]
pub fn predicted(probabilities: &[f32]) -> Option<usize> {
    let finite = probabilities.iter().enumerate().filter(|(_, probability)| probability.is_finite());
    finite
        .fold(None, |best: Option<(usize, f32)>, (class, probability)| match best {
            Some((_, most)) if most >= *probability => best,
            _ => Some((class, *probability)),
        })
        .map(|(class, _)| class)
}

/// One drawing as the network classifies it.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Its class, if it is known.
    pub truth: Option<usize>,
    /// The class that the network gives it.
    pub predicted: Option<usize>,
    /// Probability of every class.
    pub probabilities: Vec<f32>,
    /// By how much the probability that counts rose since the step before: of its class, or where that is unknown of
    /// the predicted one; none before the first step.
    pub rise: Option<f32>,
}

impl Verdict {
    /// Whether it is classified correctly, where that can be said.
    #[must_use]
    pub fn is_right(&self) -> Option<bool> {
        self.truth.map(|truth| self.predicted == Some(truth))
    }

    /// Probability of the predicted class.
    #[must_use]
    pub fn confidence(&self) -> Option<f32> {
        self.probabilities.get(self.predicted?).copied()
    }
}

/// The verdict on a query drawing after `step` inner steps.
#[must_use]
pub fn verdict(trajectory: &CharacterTrajectory, step: usize, query: usize) -> Option<Verdict> {
    let truth = trajectory.query.get(query)?.class.map(usize::from);
    let row = |step: usize| trajectory.steps.get(step)?.query_probabilities.get(query);
    let probabilities = row(step)?.clone();
    let predicted = predicted(&probabilities);
    let counts = truth.or(predicted);
    let rise = counts.and_then(|class| Some(probabilities.get(class)? - row(step.checked_sub(1)?)?.get(class)?));
    Some(Verdict { truth, predicted, probabilities, rise })
}

/// How often each class was taken for each, and which query drawings they were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Confusion {
    /// `[true class][predicted class]`: places in the query set.
    pub cells: Vec<Vec<Vec<usize>>>,
}

impl Confusion {
    /// The confusion after `step` inner steps, over the query drawings whose class is known.
    #[must_use]
    pub fn new(trajectory: &CharacterTrajectory, step: usize) -> Self {
        let classes = trajectory.classes.len();
        let mut cells = vec![vec![Vec::new(); classes]; classes];
        for query in 0..trajectory.query.len() {
            let verdict = verdict(trajectory, step, query);
            let (truth, predicted) = verdict.map_or((None, None), |verdict| (verdict.truth, verdict.predicted));
            let cell = truth.zip(predicted).and_then(|(truth, predicted)| cells.get_mut(truth)?.get_mut(predicted));
            if let Some(cell) = cell {
                cell.push(query);
            }
        }
        Self { cells }
    }

    /// Places in the query set of one cell.
    #[must_use]
    pub fn cell(&self, truth: usize, predicted: usize) -> &[usize] {
        self.cells.get(truth).and_then(|row| row.get(predicted)).map_or(&[], Vec::as_slice)
    }

    /// Whether anything was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.iter().flatten().all(Vec::is_empty)
    }
}

/// The query drawing that the last inner step changed most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// Its place in the query set.
    pub query: usize,
    /// The class whose probability moved.
    pub class: usize,
    /// Its probability before the step.
    pub from: f32,
    /// Its probability now.
    pub to: f32,
}

/// A movement smaller than this is none worth telling.
const STILL: f32 = 0.005;

/// The query whose probability of its class moved most in the step that led to `step`; of its predicted class where
/// its own is unknown. None before the first step, or where nothing moved.
#[must_use]
pub fn moved_most(trajectory: &CharacterTrajectory, step: usize) -> Option<Moved> {
    (0..trajectory.query.len())
        .filter_map(|query| {
            let verdict = verdict(trajectory, step, query)?;
            let class = verdict.truth.or(verdict.predicted)?;
            let (to, rise) = (*verdict.probabilities.get(class)?, verdict.rise?);
            Some(Moved { query, class, from: to - rise, to })
        })
        .filter(|moved| (moved.to - moved.from).abs() >= STILL)
        // The first of equals, as maxima of iterators take the last.
        .rev()
        .max_by(|a, b| (a.to - a.from).abs().total_cmp(&(b.to - b.from).abs()))
}

/// The layer that has moved furthest from the meta-parameters after `step` inner steps, and how far in relation to
/// its own length.
#[must_use]
pub fn layer_moved_most(trajectory: &CharacterTrajectory, step: usize) -> Option<(&str, f32)> {
    let change = &trajectory.steps.get(step)?.change;
    trajectory
        .layers
        .iter()
        .zip(change)
        .filter(|(_, change)| change.is_finite() && **change > 0.0)
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map(|(name, change)| (name.as_str(), *change))
}

/// Places in a set of each class's drawings.
#[must_use]
pub fn by_class(drawings: &[Drawing], classes: usize) -> Vec<Vec<usize>> {
    let mut places = vec![Vec::new(); classes];
    for (place, drawing) in drawings.iter().enumerate() {
        if let Some(row) = drawing.class.and_then(|class| places.get_mut(usize::from(class))) {
            row.push(place);
        }
    }
    places
}

/// Every class's probability for one query over the inner steps, for its course.
#[must_use]
pub fn course(trajectory: &CharacterTrajectory, query: usize) -> Vec<&[f32]> {
    // A step without the row would shift the ones after it.
    trajectory.steps.iter().map_while(|step| step.query_probabilities.get(query).map(Vec::as_slice)).collect()
}

/// The letter that stands for a class, so that its colour is never the only sign: A to T for at most 20 classes.
#[must_use]
pub fn letter(class: usize) -> char {
    u8::try_from(class).ok().and_then(|class| b'A'.checked_add(class)).map_or('?', char::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{experiment::CharacterStep, task::Image};

    fn drawing(class: Option<u8>) -> Drawing {
        Drawing { image: Image::blank(), class }
    }

    fn step(query_probabilities: &[&[f32]], change: &[f32]) -> CharacterStep {
        CharacterStep {
            support_loss: 0.0,
            query_loss: None,
            support_accuracy: 1.0,
            query_accuracy: None,
            gradient_norm: 0.0,
            support_probabilities: Vec::new(),
            query_probabilities: query_probabilities.iter().map(|row| row.to_vec()).collect(),
            change: change.to_vec(),
        }
    }

    /// Two classes and three queries, the last of unknown class; one step rights the second and moves the head.
    fn trajectory() -> CharacterTrajectory {
        CharacterTrajectory {
            classes: vec!["a".to_owned(), "b".to_owned()],
            support: vec![drawing(Some(0)), drawing(Some(1))],
            query: vec![drawing(Some(0)), drawing(Some(1)), drawing(None)],
            layers: vec!["conv1.weight".to_owned(), "head.weight".to_owned()],
            steps: vec![
                step(&[&[0.9, 0.1], &[0.75, 0.25], &[0.5, 0.5]], &[0.0, 0.0]),
                step(&[&[0.875, 0.125], &[0.25, 0.75], &[0.75, 0.25]], &[0.01, 0.3]),
            ],
        }
    }

    #[test]
    fn the_first_of_equally_probable_classes_is_predicted() {
        assert_eq!(predicted(&[0.25, 0.5, 0.5]), Some(1));
        assert_eq!(predicted(&[f32::NAN, 0.1]), Some(1));
        assert_eq!(predicted(&[]), None);
    }

    #[test]
    fn a_verdict_tells_right_from_wrong_and_what_the_step_did() {
        let trajectory = trajectory();
        let before = verdict(&trajectory, 0, 1).unwrap();
        assert_eq!((before.is_right(), before.rise), (Some(false), None));
        let after = verdict(&trajectory, 1, 1).unwrap();
        assert_eq!((after.is_right(), after.rise, after.confidence()), (Some(true), Some(0.5), Some(0.75)));
    }

    #[test]
    fn a_query_nobody_has_named_is_neither_right_nor_wrong_and_moves_by_its_prediction() {
        let after = verdict(&trajectory(), 1, 2).unwrap();
        assert_eq!((after.is_right(), after.predicted, after.rise), (None, Some(0), Some(0.25)));
    }

    #[test]
    fn a_confusion_counts_known_queries_by_truth_and_prediction() {
        let before = Confusion::new(&trajectory(), 0);
        assert_eq!((before.cell(0, 0), before.cell(1, 0), before.cell(1, 1)), (&[0][..], &[1][..], &[][..]));
        let after = Confusion::new(&trajectory(), 1);
        assert_eq!((after.cell(1, 0), after.cell(1, 1)), (&[][..], &[1][..]));
        assert!(Confusion::new(&trajectory(), 9).is_empty(), "a step that is not there");
        assert_eq!(after.cell(7, 7), &[] as &[usize]);
    }

    #[test]
    fn the_query_that_moved_most_is_told_with_both_probabilities() {
        let moved = Moved { query: 1, class: 1, from: 0.25, to: 0.75 };
        assert_eq!(moved_most(&trajectory(), 1), Some(moved));
        assert_eq!(moved_most(&trajectory(), 0), None, "nothing has moved yet");
    }

    #[test]
    fn the_layer_that_moved_most_is_told_in_relation_to_its_length() {
        let trajectory = trajectory();
        assert_eq!(layer_moved_most(&trajectory, 1), Some(("head.weight", 0.3)));
        assert_eq!(layer_moved_most(&trajectory, 0), None, "nothing has moved yet");
    }

    #[test]
    fn drawings_are_grouped_by_class_and_those_without_are_left_out() {
        assert_eq!(by_class(&trajectory().query, 2), [vec![0], vec![1]]);
    }

    #[test]
    fn a_course_has_every_class_at_every_step() {
        assert_eq!(course(&trajectory(), 1), [&[0.75, 0.25][..], &[0.25, 0.75][..]]);
    }

    #[test]
    fn twenty_classes_have_letters() {
        assert_eq!((letter(0), letter(4), letter(19)), ('A', 'E', 'T'));
    }
}
