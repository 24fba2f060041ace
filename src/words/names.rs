//! Names of learners and families, and of what was done inside.

use super::{Locale, tell};
use crate::experiment::{Family, InnerOptimizer, LearnerKind};

/// A learner's name.
pub fn learner(locale: Locale, kind: LearnerKind) -> &'static str {
    match kind {
        LearnerKind::Maml => tell!(locale, learner.maml),
        LearnerKind::Fomaml => tell!(locale, learner.fomaml),
        LearnerKind::Reptile => tell!(locale, learner.reptile),
        LearnerKind::MetaSgd => tell!(locale, learner.meta_sgd),
        LearnerKind::Anil => tell!(locale, learner.anil),
        LearnerKind::Pretrained => tell!(locale, learner.pretrained),
        LearnerKind::Scratch => tell!(locale, learner.scratch),
        LearnerKind::Oracle => tell!(locale, learner.oracle),
        LearnerKind::Prototypical => tell!(locale, learner.prototypical),
        LearnerKind::Matching => tell!(locale, learner.matching),
        LearnerKind::Siamese => tell!(locale, learner.siamese),
        LearnerKind::R2D2 => tell!(locale, learner.r2_d2),
        LearnerKind::Ridge => tell!(locale, learner.ridge),
        LearnerKind::Cavia => tell!(locale, learner.cavia),
        LearnerKind::Imaml => tell!(locale, learner.imaml),
        LearnerKind::Boil => tell!(locale, learner.boil),
        LearnerKind::MamlPp => tell!(locale, learner.maml_pp),
        LearnerKind::Relation => tell!(locale, learner.relation),
        LearnerKind::MatchingFce => tell!(locale, learner.matching_fce),
        LearnerKind::Cnp => tell!(locale, learner.cnp),
        LearnerKind::LinearProbe => tell!(locale, learner.linear_probe),
        LearnerKind::NearestCentroid => tell!(locale, learner.nearest_centroid),
        LearnerKind::ZeroShot => tell!(locale, learner.zero_shot),
        LearnerKind::LstmOptimizer => tell!(locale, learner.lstm_optimizer),
    }
}

/// A family's name.
pub fn family(locale: Locale, family: Family) -> &'static str {
    match family {
        Family::Sinusoid => tell!(locale, family.sinusoid),
        Family::Harmonic => tell!(locale, family.harmonic),
        Family::SineOrLine => tell!(locale, family.sine_or_line),
        Family::Step => tell!(locale, family.step),
        Family::Characters => tell!(locale, family.characters),
        Family::Quadratic => tell!(locale, family.quadratic),
    }
}

/// What was done inside: gradient steps, those of a learned optimiser, support points seen, or the one pass in which a
/// head is made.
pub fn inner_steps(locale: Locale, steps: usize, learner: LearnerKind) -> String {
    if learner.sees_one_by_one() {
        match steps {
            1 => tell!(locale, notice_this.single_seen).to_owned(),
            _ => tell!(locale, notice_this.several_seen, count = steps),
        }
    } else if learner.makes_head() {
        tell!(locale, notice_this.single_pass).to_owned()
    } else if learner == LearnerKind::LstmOptimizer {
        match steps {
            1 => tell!(locale, notice_this.learned_step).to_owned(),
            count => tell!(locale, notice_this.learned_steps, count),
        }
    } else if steps == 1 {
        tell!(locale, notice_this.single_step).to_owned()
    } else {
        tell!(locale, notice_this.several_steps, count = steps)
    }
}

/// What an optimiser is called that is drawn beside a learner.
#[must_use]
pub fn rival(locale: Locale, optimizer: InnerOptimizer) -> &'static str {
    match optimizer {
        InnerOptimizer::Sgd => tell!(locale, race.sgd),
        InnerOptimizer::Adam | InnerOptimizer::FullAdam => tell!(locale, race.adam),
    }
}
