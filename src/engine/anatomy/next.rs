//! The meta-step that training takes next, with all that goes into it.

use crate::experiment::OuterStep;

use super::super::{EngineError, Session, read::read};

/// Its numbers, each vector with one element a meta-parameter.
pub(super) struct Next {
    /// What can be said without knowing how the meta-parameters are laid out.
    pub step: OuterStep,
    pub before: Vec<f64>,
    /// Mean over the meta-batch, before clipping.
    pub gradient: Vec<f64>,
    pub after: Vec<f64>,
    pub first: Option<Vec<f64>>,
    pub second: Option<Vec<f64>>,
}

impl Session {
    /// The meta-step that [`Session::train`] would take now; the session stays where it is.
    pub(super) async fn next(&self) -> Result<Next, EngineError> {
        let (found, figures) = self.meta_gradient()?;
        let gradient = found.flatten();
        let (after, state) = self.outer_step(gradient.clone());
        let (time, moments) = (state.time as u32, [state.first, state.second]);
        let known = moments.each_ref().map(Option::is_some);
        let vectors = [self.meta().flatten(), gradient, after].into_iter().chain(moments.into_iter().flatten());
        let mut values = read(vectors.chain(figures).collect()).await?.into_iter();
        let mut take = || values.next().unwrap_or_default();
        let [before, gradient, after] = [take(), take(), take()];
        let [first, second] = known.map(|known| known.then(&mut take));
        let losses = [take(), take()].map(|loss| loss.first().copied().unwrap_or(f64::NAN));
        let (outer, learner) = (&self.experiment().outer, &self.experiment().learner);
        let step = OuterStep {
            optimizer: outer.optimizer,
            lr: self.outer_lr(),
            time,
            tasks: outer.meta_batch,
            inner_steps: learner.inner_steps,
            inner_lr: learner.inner_lr,
            losses,
            norm: crate::experiment::whole(&gradient),
            clip: outer.clip,
            weight_decay: outer.weight_decay,
            gradient: Vec::new(),
            moved: Vec::new(),
        };
        Ok(Next { step, before, gradient, after, first, second })
    }
}
