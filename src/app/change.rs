//! What a change of the experiment means for the run that stands.

use super::library::wants_dataset;
use crate::experiment::{
    Experiment, Family, InnerOptimizer, LearnerKind, MOST_PARAMETERS, Normalization, Pooling, Preset, Switch, View,
    preset,
};

/// Features of a drawing in matching networks with full context embeddings.
const PUBLISHED_FEATURES: u32 = 64;

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
    let View { language, ref hide, .. } = experiment.view;
    Experiment { view: View { language, hide: hide.clone(), ..View::default() }, ..opening(family) }
}

/// Whether a learner can be chosen for the tasks of an experiment: it has to suit their family, and who reads descriptions
/// needs characters that have some.
#[must_use]
pub fn offers(experiment: &Experiment, learner: LearnerKind) -> bool {
    learner.suits(experiment.task.family) && !(learner.reads_descriptions() && wants_dataset(experiment))
}

/// The experiment with whatever a choice leaves impossible put right: a learner that differentiates its inner loop
/// descends gradients, one whose network has a head trains with the ways of that, one that learns features has some,
/// one that sees no support drawing normalises query drawings together, one that is pulled back to its start takes steps
/// that do not overshoot it, one whose LSTMs have a multiple of its features' square has no more of these than the paper,
/// and one that sees point after point normalises none by those to come.
#[must_use]
pub fn settled(mut experiment: Experiment) -> Experiment {
    if experiment.learner.kind.differentiates_inner_loop() {
        experiment.learner.inner_optimizer = InnerOptimizer::Sgd;
    }
    if experiment.learns_features() && experiment.model.hidden.is_empty() {
        experiment.model.hidden = Experiment::default().model.hidden;
    }
    if !experiment.learner.kind.takes_any_ways() {
        experiment.task.train_ways = 0;
    }
    if experiment.learner.kind == LearnerKind::MatchingFce && experiment.parameters() > MOST_PARAMETERS {
        experiment.model.pooling = Pooling::Mean;
        if let Some(last) = experiment.model.hidden.last_mut() {
            *last = (*last).min(PUBLISHED_FEATURES);
        }
    }
    if experiment.learner.kind.sees_one_by_one() {
        experiment.model.normalization = Normalization::None;
    }
    if experiment.learner.kind.reads_descriptions() {
        experiment.model.transduction = Switch::On;
    }
    if experiment.learner.kind == LearnerKind::Imaml {
        let most = 1.0 / experiment.learner.regularization;
        for rate in [&mut experiment.learner.inner_lr, &mut experiment.learner.eval_lr] {
            *rate = rate.min(most);
        }
    }
    experiment
}

/// Whether the picture that ships with the page (`first-frame.json`) shows this experiment.
#[must_use]
pub fn is_first_frame(experiment: &Experiment) -> bool {
    consequence(&Experiment::default(), experiment) == Consequence::Redraw
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Choice as _, Language, Point, Source};

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
        assert!(offers(&experiment, LearnerKind::ZeroShot));
        experiment.task.source = Source::Imported;
        assert!(!offers(&experiment, LearnerKind::ZeroShot) && offers(&experiment, LearnerKind::LinearProbe));
        assert!(!offers(&Experiment::default(), LearnerKind::ZeroShot));
    }

    #[test]
    fn every_offered_learner_can_be_chosen_from_any_other() {
        for family in [Family::Sinusoid, Family::Characters, Family::Quadratic] {
            let opened = opening(family);
            for learner in LearnerKind::ALL.iter().filter(|learner| offers(&opened, **learner)) {
                let mut experiment = opened.clone();
                experiment.learner.inner_optimizer = InnerOptimizer::Adam;
                experiment.model.transduction = Switch::Off;
                (experiment.task.train_ways, experiment.model.hidden) = (20, Vec::new());
                (experiment.model.filters, experiment.model.normalization) = (64, Normalization::Batch);
                experiment.learner.kind = *learner;
                assert_eq!(settled(experiment).check(), Ok(()), "{learner:?} of {family:?}");
            }
        }
    }
}
