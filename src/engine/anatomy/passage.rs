//! The way through the inner loop and back, in numbers.

use crate::{
    diff::{Gradient, Params},
    experiment::{Back, BackStep, InnerStep, Query, WayBack, WeightBack, WeightStep},
    learner::{InnerLoop, Layer, Passage, layers_of},
    model::{Batch, Targets},
};

use super::{
    super::{
        EngineError,
        characters::log_softmax,
        read::{read, read_one},
    },
    Tracing, cosine,
    follow::{Choice, Parts, Spot, spots},
};

/// A point of the path: what it consists of, and which of that is a layer.
struct Layers {
    parts: Parts,
    groups: Vec<Layer>,
}

impl Layers {
    /// Entries are as large as they are at the start of a task, where a head may be another than the one that was learned.
    fn new(passage: &Passage) -> Self {
        let sizes = passage.path.params[0].0.iter().map(|tensor| [tensor.dims()[1], tensor.dims()[2]]);
        let named = passage.layout.iter().map(|entry| entry.name.clone()).zip(sizes);
        Self { parts: Parts::new(named.collect()), groups: layers_of(&passage.layout) }
    }

    fn norms(&self, flat: &[f64]) -> Vec<f64> {
        self.groups.iter().map(|Layer { entries, .. }| self.parts.norm(flat, entries)).collect()
    }
}

impl Tracing {
    /// Everything between the start, the query loss and the start again.
    pub(super) async fn go_through(&mut self) -> Result<(), EngineError> {
        self.ask().await?;
        let passage = self.learner.passage(&self.meta, &self.tasks, self.inner);
        let groups = layers_of(&self.learner.layout());
        // Where the task has no part in what is learned, what is learned still moves.
        let moving = self.gradient.as_deref().or(self.next.as_ref().map(|next| next.gradient.as_slice()));
        let learned = moving.map(|flat| Choice { parts: &self.learned, groups: &groups, flat });
        let Some(passage) = passage else {
            self.spots = spots(None, learned.as_ref(), 0);
            self.anatomy.followed = self.spots.iter().map(Spot::followed).collect();
            return Ok(());
        };
        let all = Layers::new(&passage);
        // What is learned comes first in where the task starts, unless that starts anew; a head of its own does not.
        let layout = self.learner.layout();
        let both = layout.iter().zip(&passage.layout).take_while(|(own, point)| own.name == point.name).count();
        let shared = if self.asked { both } else { both.min(self.learner.network().layout().len()) };
        let first = match passage.path.gradients.first() {
            Some(first) => read_one(first.gradient.flatten()).await?,
            None => Vec::new(),
        };
        let adapting = Choice { parts: &all.parts, groups: &all.groups, flat: &first };
        self.spots = spots(Some(&adapting), learned.as_ref(), shared);
        self.anatomy.followed = self.spots.iter().map(Spot::followed).collect();
        self.anatomy.layers = all.groups.iter().map(|layer| layer.name.clone()).collect();
        for step in 0..passage.path.gradients.len() {
            self.descend(&passage, &all, step).await?;
        }
        self.come_back(passage, &all).await
    }

    /// What the query set is told at the start and at the end.
    async fn ask(&mut self) -> Result<(), EngineError> {
        let (learner, query) = (self.learner.as_ref(), &self.tasks.query);
        let path = learner.adapt(&self.meta, &self.tasks.support, self.inner);
        let told = [&path.params[0], path.end()].map(|state| learner.predict(state, query));
        let losses = [&path.params[0], path.end()].map(|state| learner.judge(state, query).losses);
        let inputs = query.x.dims()[2];
        let values = read(told.into_iter().chain([query.targets.tensor().clone(), query.x.clone()]).collect()).await?;
        self.anatomy.query_loss = [read_one(losses[0].clone()).await?, read_one(losses[1].clone()).await?]
            .map(|loss| loss.first().copied().unwrap_or(f64::NAN));
        let outputs = query.targets.tensor().dims()[2];
        let rows = |values: &[f64], width: usize| values.chunks(width.max(1)).map(<[f64]>::to_vec).collect::<Vec<_>>();
        let [before, after, targets] = [0, 1, 2].map(|at| rows(&values[at], outputs));
        let inputs = rows(&values[3], inputs);
        let told = before.iter().zip(&after).zip(targets.iter().zip(&inputs));
        let queries = told.map(|((before, after), (target, x))| {
            let told = [before, after].map(|outputs| judged(outputs, target, &query.targets));
            let x = matches!(query.targets, Targets::Numbers(_)).then(|| x.first().copied()).flatten();
            let terms = [told[0].1, told[1].1];
            Query {
                x,
                target: named(target, &query.targets),
                predictions: told.map(|(prediction, _)| prediction),
                terms,
            }
        });
        self.anatomy.queries = queries.collect();
        Ok(())
    }

    /// One step of the path.
    async fn descend(&mut self, passage: &Passage, all: &Layers, step: usize) -> Result<(), EngineError> {
        let (here, next) = (&passage.path.params[step], &passage.path.params[step + 1]);
        let Gradient { losses, predictions, gradient } = &passage.path.gradients[step];
        let rates = passage
            .rates
            .get(step)
            .map(|rates| Params(here.0.iter().zip(rates).map(|(tensor, rate)| rate.of(tensor)).collect()));
        let batch = self.tasks.support.mini_batch(self.inner.batch, step);
        let flat = [Some(here), Some(next), Some(gradient), rates.as_ref()].into_iter().flatten().map(Params::flatten);
        let values = read(flat.chain([losses.clone()]).collect()).await?;
        let loss = values.last().and_then(|loss| loss.first()).copied().unwrap_or(f64::NAN);
        let (from, to, slope) = (&values[0], &values[1], &values[2]);
        let rates = rates.is_some().then(|| &values[3]);
        for (spot, followed) in self.spots.iter().zip(&mut self.anatomy.followed) {
            let Some((_, at)) = spot.adapting else { continue };
            let rate = rates.map(|rates| rates[at]);
            followed.steps.push(WeightStep { value: from[at], gradient: slope[at], rate, next: to[at] });
        }
        let moved: Vec<f64> = to.iter().zip(from).map(|(to, from)| to - from).collect();
        let told = read(vec![predictions.clone(), batch.targets.tensor().clone()]).await?;
        let outputs = batch.targets.tensor().dims()[2].max(1);
        let pairs = told[0].chunks(outputs).zip(told[1].chunks(outputs));
        let (predictions, terms) = pairs.map(|(outputs, target)| judged(outputs, target, &batch.targets)).unzip();
        self.anatomy.steps.push(InnerStep {
            seen: seen(&self.tasks.support, self.inner, step),
            predictions,
            targets: told[1].chunks(outputs).map(|target| named(target, &batch.targets)).collect(),
            terms,
            loss,
            gradient: all.norms(slope),
            moved: all.norms(&moved),
            length: all.norms(from),
        });
        Ok(())
    }

    /// The way back, the learner's own or that which it stands for.
    async fn come_back(&mut self, own: Passage, all: &Layers) -> Result<(), EngineError> {
        let exact = self.exact.as_ref().and_then(|exact| exact.passage(&self.meta, &self.tasks, self.inner));
        if let Some(found) = self.exact.as_ref().map(|exact| exact.meta_gradient(&self.meta, &self.tasks, self.inner)) {
            self.standing = Some(read_one(found.gradient.flatten()).await?);
        }
        let taken = exact.is_none() && self.anatomy.back != Back::Straight;
        let passage = exact.unwrap_or(own);
        let (Some(first), Some(last)) = (passage.adjoints.first(), passage.adjoints.last()) else { return Ok(()) };
        let ends = read(vec![first.flatten(), last.flatten()]).await?;
        let cosines = all.groups.iter().map(|Layer { entries, .. }| {
            let of = |flat: &[f64]| {
                let parts = all.parts.cut(flat);
                entries.iter().flat_map(|&entry| parts[entry].clone()).collect::<Vec<_>>()
            };
            cosine(&of(&ends[0]), &of(&ends[1]))
        });
        let cosines = cosines.chain([cosine(&ends[0], &ends[1])]).collect();
        let mut steps = Vec::with_capacity(passage.curved.len());
        for (k, bent) in passage.curved.iter().enumerate() {
            let back = [&passage.adjoints[k + 1], bent, &passage.adjoints[k]].map(Params::flatten);
            let values = read(back.into()).await?;
            for (spot, followed) in self.spots.iter().zip(&mut self.anatomy.followed) {
                let Some((_, at)) = spot.adapting else { continue };
                followed.back.push(WeightBack { from: values[0][at], bent: values[1][at], to: values[2][at] });
            }
            steps.push(BackStep { bent: all.norms(&values[1]), to: all.norms(&values[2]) });
        }
        self.anatomy.way = Some(WayBack { taken, last: all.norms(&ends[1]), steps, cosines });
        Ok(())
    }
}

/// The support examples of a step.
fn seen(support: &Batch, inner: InnerLoop, step: usize) -> Vec<u32> {
    let all = support.examples();
    let size = if inner.batch == 0 { all } else { inner.batch.min(all) };
    (0..size).map(|i| ((step * size + i) % all) as u32).collect()
}

/// A target: a number, or the class.
fn named(target: &[f64], of: &Targets) -> f64 {
    match of {
        Targets::Classes(_) => target.iter().position(|&own| own == 1.0).unwrap_or_default() as f64,
        Targets::Numbers(_) | Targets::Sums(_) => target.first().copied().unwrap_or_default(),
    }
}

/// A prediction, as a number or as the probability of each class, and its loss.
fn judged(outputs: &[f64], target: &[f64], of: &Targets) -> (Vec<f64>, f64) {
    match of {
        Targets::Classes(_) => {
            let logs = log_softmax(outputs);
            let loss = logs.iter().zip(target).map(|(log, own)| -log * own).sum();
            (logs.into_iter().map(f64::exp).collect(), loss)
        }
        Targets::Numbers(_) | Targets::Sums(_) => {
            let squares = outputs.iter().zip(target).map(|(found, should)| (found - should) * (found - should));
            (outputs.to_vec(), squares.sum())
        }
    }
}
