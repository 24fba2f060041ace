//! What a change of the experiment means for the run that stands.

use crate::experiment::{Experiment, LearnerKind, View};

/// What to do about a change, from nothing to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// Only what is on show has changed.
    Redraw,
    /// The task on show has to be adapted anew.
    Adapt,
    /// The worker goes on with new values.
    Update,
    /// The run begins again.
    Restart,
}

/// The consequence of going from one experiment to another.
#[must_use]
pub fn consequence(old: &Experiment, new: &Experiment) -> Consequence {
    if !old.restarts(new).is_empty() {
        return Consequence::Restart;
    }
    let without_view = |experiment: &Experiment| Experiment { view: View::default(), ..experiment.clone() };
    if without_view(old) != without_view(new) {
        Consequence::Update
    } else if (old.view.task, &old.view.points) != (new.view.task, &new.view.points) {
        Consequence::Adapt
    } else {
        Consequence::Redraw
    }
}

/// Shots from which the network trained on ten is the better of the two shipped ones.
const MANY_SHOTS: u32 = 8;

/// The shipped network of an experiment: the file in `checkpoints/`, if there is one to go with it.
///
/// Both were trained with the published protocol, on five and on ten shots. Whatever does not restart a run
/// may differ: the network is then adapted under the new values.
#[must_use]
pub fn shipped(experiment: &Experiment) -> Option<&'static str> {
    let fits = Experiment::default().restarts(experiment).is_empty() && experiment.learner.kind == LearnerKind::Maml;
    let many = experiment.task.shots >= MANY_SHOTS;
    fits.then_some(if many { "sinusoid-maml-10shot.safetensors" } else { "sinusoid-maml-5shot.safetensors" })
}

/// Whether the picture that ships with the page (`first-frame.json`) shows this experiment.
#[must_use]
pub fn is_first_frame(experiment: &Experiment) -> bool {
    consequence(&Experiment::default(), experiment) == Consequence::Redraw
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Language, Point, preset};

    fn changed(change: impl FnOnce(&mut Experiment)) -> Experiment {
        let mut experiment = Experiment::default();
        change(&mut experiment);
        experiment
    }

    fn after(change: impl FnOnce(&mut Experiment)) -> Consequence {
        consequence(&Experiment::default(), &changed(change))
    }

    #[test]
    fn each_change_has_its_least_consequence() {
        assert_eq!(after(|e| e.view.language = Some(Language::Zh)), Consequence::Redraw);
        assert_eq!(after(|e| e.view.step = 3), Consequence::Redraw);
        assert_eq!(after(|e| e.view.task = 3), Consequence::Adapt);
        assert_eq!(after(|e| e.view.points = vec![Point { x: 0.0, y: 0.0 }]), Consequence::Adapt);
        assert_eq!(after(|e| e.outer.lr = 0.01), Consequence::Update);
        assert_eq!(after(|e| e.task.shots = 7), Consequence::Update);
        assert_eq!(after(|e| e.model.hidden = vec![20]), Consequence::Restart);
        assert_eq!(after(|e| e.learner.kind = LearnerKind::Reptile), Consequence::Restart);
    }

    #[test]
    fn the_shipped_networks_belong_to_the_published_protocol() {
        let file = |name: &str| shipped(&preset(name).unwrap().experiment());
        assert_eq!(file("sinusoid-maml-5shot"), Some("sinusoid-maml-5shot.safetensors"));
        assert_eq!(file("sinusoid-maml"), Some("sinusoid-maml-10shot.safetensors"));
        assert_eq!(file("sinusoid-reptile"), None);
        assert_eq!(file("harmonic-maml"), None);
        assert_eq!(shipped(&changed(|e| e.seed = 2)), None, "another seed is another run");
    }

    #[test]
    fn only_the_untouched_default_has_the_first_frame() {
        assert!(is_first_frame(&changed(|e| e.view.step = 4)));
        assert!(!is_first_frame(&changed(|e| e.view.task = 1)));
        assert!(!is_first_frame(&changed(|e| e.learner.eval_steps = 3)));
    }
}
