//! What a change of the experiment means for the run that stands.

use crate::experiment::{Experiment, Family, LearnerKind, Preset, View, preset};

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

/// Whether networks adapt to the same tasks in the same way under two experiments, so that figures about the one are
/// figures about the other.
#[must_use]
pub fn adapts_alike(one: &Experiment, other: &Experiment) -> bool {
    let inside = |experiment: &Experiment| experiment.model.transduction;
    (&one.task, &one.learner, inside(one)) == (&other.task, &other.learner, inside(other))
}

/// Shots from which the network trained on ten is the better of the two shipped ones.
const MANY_SHOTS: u32 = 8;

/// The preset of characters on which the page opens that family, and whose trained network ships with it.
const CHARACTERS: &str = "glyphs-light-maml-5w1s";

/// The preset on which the page opens quadratics.
const QUADRATICS: &str = "quadratic-lstm";

/// The shipped network of an experiment: the file in `checkpoints/`, if there is one to go with it.
///
/// Those of sinusoids were trained with the published protocol, on five and on ten shots; that of characters by the
/// preset that the page opens them with. Whatever does not restart a run may differ: the network is then adapted under
/// the new values.
#[must_use]
pub fn shipped(experiment: &Experiment) -> Option<&'static str> {
    let characters = experiment.task.family.classifies();
    let home = if characters { opening(Family::Characters) } else { Experiment::default() };
    let fits = home.restarts(experiment).is_empty() && experiment.learner.kind == LearnerKind::Maml;
    fits.then_some(match characters {
        true => "glyphs-maml-5w1s-light.safetensors",
        false if experiment.task.shots >= MANY_SHOTS => "sinusoid-maml-10shot.safetensors",
        false => "sinusoid-maml-5shot.safetensors",
    })
}

/// The whole experiment that a family is opened with: one whose every setting suits it.
#[must_use]
pub fn opening(family: Family) -> Experiment {
    let mut experiment = match family {
        Family::Quadratic => preset(QUADRATICS).map(Preset::experiment).unwrap_or_default(),
        Family::Characters => preset(CHARACTERS).map(Preset::experiment).unwrap_or_default(),
        _ => Experiment::default(),
    };
    experiment.task.family = family;
    experiment
}

/// Whether tasks of two families are of one kind: what suits the one suits the other.
#[must_use]
pub fn alike(one: Family, other: Family) -> bool {
    one == other || one.has_points() && other.has_points()
}

/// An experiment after a choice of family: one of the same kind of task keeps its settings, another is opened anew.
#[must_use]
pub fn with_family(experiment: &Experiment, family: Family) -> Experiment {
    if alike(experiment.task.family, family) {
        let mut same = experiment.clone();
        same.task.family = family;
        return same;
    }
    Experiment { view: elsewhere(&experiment.view), ..opening(family) }
}

/// What stays of a view when other tasks are opened: what is about the page and not about a task.
#[must_use]
pub fn elsewhere(view: &View) -> View {
    let View { language, ref hide, panel, .. } = *view;
    View { language, hide: hide.clone(), panel, ..View::default() }
}

/// Whether the picture that ships with the page (`first-frame.json`) shows this experiment.
#[must_use]
pub fn is_first_frame(experiment: &Experiment) -> bool {
    consequence(&Experiment::default(), experiment) == Consequence::Redraw
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Choice as _, InnerOptimizer, Language, Normalization, Point, Source, Switch};

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

    #[test]
    fn every_family_opens_with_an_experiment_that_may_run() {
        for family in Family::ALL {
            let opened = with_family(&Experiment::default(), *family);
            assert_eq!((opened.check(), opened.task.family), (Ok(()), *family));
        }
    }

    #[test]
    fn another_function_keeps_the_settings_and_characters_bring_their_own() {
        let mine = changed(|e| (e.outer.lr, e.view.language) = (0.5, Some(Language::Zh)));
        assert_eq!(with_family(&mine, Family::Step).outer.lr, 0.5);
        let characters = with_family(&mine, Family::Characters);
        assert_ne!(characters.outer.lr, 0.5);
        assert_eq!(characters.view.language, Some(Language::Zh), "but the page speaks on as it did");
        let quadratics = with_family(&mine, Family::Quadratic);
        assert_eq!((quadratics.learner.kind, quadratics.outer.lr == 0.5), (LearnerKind::LstmOptimizer, false));
        assert_eq!(with_family(&quadratics, Family::Sinusoid), changed(|e| e.view.language = Some(Language::Zh)));
        assert_eq!(with_family(&characters, Family::Sinusoid), changed(|e| e.view.language = Some(Language::Zh)));
    }

    #[test]
    fn who_reads_descriptions_is_offered_where_characters_have_some() {
        let mut experiment = opening(Family::Characters);
        assert!(experiment.offers(LearnerKind::ZeroShot));
        experiment.task.source = Source::Imported;
        assert!(!experiment.offers(LearnerKind::ZeroShot) && experiment.offers(LearnerKind::LinearProbe));
        assert!(!Experiment::default().offers(LearnerKind::ZeroShot));
    }

    #[test]
    fn every_offered_learner_can_be_chosen_from_any_other() {
        for family in [Family::Sinusoid, Family::Characters, Family::Quadratic] {
            let opened = opening(family);
            for learner in LearnerKind::ALL.iter().filter(|learner| opened.offers(**learner)) {
                let mut experiment = opened.clone();
                experiment.learner.inner_optimizer = InnerOptimizer::Adam;
                experiment.model.transduction = Switch::Off;
                (experiment.task.train_ways, experiment.model.hidden) = (20, Vec::new());
                (experiment.model.filters, experiment.model.normalization) = (64, Normalization::Batch);
                experiment.learner.kind = *learner;
                assert_eq!(experiment.settled().check(), Ok(()), "{learner:?} of {family:?}");
            }
        }
    }
}
