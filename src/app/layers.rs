//! What was seen inside the layers of a network, and the feature maps of one drawing.

use super::{
    change::adapts_alike,
    job::{Job, Kind},
};
use crate::{
    experiment::{Activations, Experiment, Layers},
    protocol::{Answer, ShownTask, Work},
};

/// Further tasks that the means are over.
const OTHERS: u32 = 20;

/// What is known of layers, and of which task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inside(Option<(ShownTask, Layers)>);

/// See the module.
pub type Dissections = Job<Inside>;

/// A drawing of a task, the support set counted first.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// The task.
    pub task: ShownTask,
    /// Its drawing.
    pub drawing: u32,
}

/// What is known of the feature maps of a drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Maps(Option<Activations>);

/// See the module.
pub type Activated = Job<Maps>;

impl Kind for Inside {
    type Asked = ShownTask;

    fn work(asked: &ShownTask) -> Work {
        Work::Layers { task: asked.clone(), tasks: OTHERS }
    }

    fn take(&mut self, asked: &ShownTask, _id: u32, answer: Answer, _finished: bool) {
        if let Answer::Layers(layers) = answer {
            self.0 = Some((asked.clone(), *layers));
        }
    }

    fn holds(before: &Experiment, after: &Experiment) -> bool {
        adapts_alike(before, after)
    }
}

impl Inside {
    /// What is known.
    #[must_use]
    pub fn layers(&self) -> Option<&Layers> {
        self.0.as_ref().map(|(_, layers)| layers)
    }

    /// The task on show of what is known.
    #[must_use]
    pub fn task(&self) -> Option<&ShownTask> {
        self.0.as_ref().map(|(task, _)| task)
    }
}

impl Kind for Maps {
    type Asked = Looked;

    fn work(asked: &Looked) -> Work {
        Work::Activations { task: asked.task.clone(), drawing: asked.drawing }
    }

    fn take(&mut self, _asked: &Looked, _id: u32, answer: Answer, _finished: bool) {
        if let Answer::Activations(Some(activations)) = answer {
            self.0 = Some(*activations);
        }
    }

    fn holds(before: &Experiment, after: &Experiment) -> bool {
        adapts_alike(before, after)
    }
}

impl Maps {
    /// What is known.
    #[must_use]
    pub fn activations(&self) -> Option<&Activations> {
        self.0.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::job::LongWork as _;

    fn task(index: u32) -> ShownTask {
        ShownTask { index, points: Vec::new(), drawings: None }
    }

    #[test]
    fn what_is_known_says_of_which_task_it_is_and_goes_when_another_inner_loop_is_chosen() {
        let mut all = Dissections::default();
        let mut experiment = Experiment::default();
        all.ask_anew(task(4), &experiment);
        assert!(matches!(all.next(1), Some((Work::Layers { tasks: 20, .. }, None))));
        let layers = Layers { meta_step: 7, ..Layers::default() };
        all.heed(1, Answer::Layers(Box::new(layers)), (3, 63), false);
        assert_eq!(
            (all.task().map(|task| task.index), all.layers().map(|layers| layers.meta_step)),
            (Some(4), Some(7))
        );
        let before = experiment.clone();
        experiment.view.step = 3;
        assert!(all.turn(&before, &experiment).is_none() && all.layers().is_some(), "the scrubber changes nothing");
        experiment.learner.eval_lr = 0.5;
        all.turn(&before, &experiment);
        assert_eq!(all.layers(), None);
    }

    #[test]
    fn a_drawings_maps_stay_until_those_of_the_next_are_there() {
        let mut all = Activated::default();
        let ask = |all: &mut Activated, drawing| all.ask(Looked { task: task(0), drawing }, &Experiment::default());
        ask(&mut all, 2);
        assert!(matches!(all.next(1), Some((Work::Activations { drawing: 2, .. }, None))));
        all.heed(1, Answer::Activations(None), (0, 1), false);
        assert_eq!(all.activations(), None);
        let activations = Activations { meta_step: 0, drawing: 2, steps: vec![0], blocks: Vec::new() };
        all.heed(1, Answer::Activations(Some(Box::new(activations))), (1, 1), true);
        assert_eq!(all.activations().map(|maps| maps.drawing), Some(2));
        ask(&mut all, 3);
        assert_eq!(all.activations().map(|maps| maps.drawing), Some(2));
        all.launch(&Experiment::default());
        assert_eq!(all.activations(), None, "another run has other maps");
    }
}
