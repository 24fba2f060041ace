//! What another learner asks of an experiment: which it can be, and what has to give way.

use super::{Experiment, InnerOptimizer, LearnerKind, MOST_PARAMETERS, Normalization, Pooling, Source, Switch};

/// Features of a drawing in matching networks with full context embeddings.
const PUBLISHED_FEATURES: u32 = 64;

impl Experiment {
    /// Whether a learner can be chosen for its tasks: it has to suit their family, and who reads descriptions needs
    /// characters that have some.
    #[must_use]
    pub fn offers(&self, learner: LearnerKind) -> bool {
        let imported = self.task.family.classifies() && self.task.source == Source::Imported;
        learner.suits(self.task.family) && !(learner.reads_descriptions() && imported)
    }

    /// With whatever the choice of its learner leaves impossible put right: a learner that differentiates its inner loop
    /// descends gradients, one whose network has a head trains with the ways of that, one that learns features has some,
    /// one that sees no support drawing normalises query drawings together, one that is pulled back to its start takes
    /// steps that do not overshoot it, one whose LSTMs have a multiple of its features' square has no more of these than
    /// the paper, and one that sees point after point normalises none by those to come.
    #[must_use]
    pub fn settled(mut self) -> Self {
        if self.learner.kind.differentiates_inner_loop() {
            self.learner.inner_optimizer = InnerOptimizer::Sgd;
        }
        if self.learns_features() && self.model.hidden.is_empty() {
            self.model.hidden = Self::default().model.hidden;
        }
        if !self.learner.kind.takes_any_ways() {
            self.task.train_ways = 0;
        }
        if self.learner.kind == LearnerKind::MatchingFce && self.parameters() > MOST_PARAMETERS {
            self.model.pooling = Pooling::Mean;
            if let Some(last) = self.model.hidden.last_mut() {
                *last = (*last).min(PUBLISHED_FEATURES);
            }
        }
        if self.learner.kind.sees_one_by_one() {
            self.model.normalization = Normalization::None;
        }
        if self.learner.kind.reads_descriptions() {
            self.model.transduction = Switch::On;
        }
        if self.learner.kind == LearnerKind::Imaml {
            let most = 1.0 / self.learner.regularization;
            for rate in [&mut self.learner.inner_lr, &mut self.learner.eval_lr] {
                *rate = rate.min(most);
            }
        }
        self
    }
}
