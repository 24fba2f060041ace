//! MAML++ (Antoniou, Edwards, Storkey 2019, §4): what makes MAML hard to train, each with its remedy.
//!
//! Outside: θ, a rate α for each layer and inner step (LSLR), and, where the network normalises, a scale γ and a shift
//! β of their own for every point of the path (BNWB). Inside: θ_{k+1} = θ_k − α_k ∇L_support(θ_k), but γ and β, which
//! point k takes from the meta-parameters. What is minimised is Σ_k w_k L_query(θ_k) over the points k = 1…K (MSL):
//! at first all weigh the same, and over the first `multi_step` meta-steps all but the last fade to nothing. The
//! first `first_order` meta-steps drop the Hessians (DA). Statistics of normalisations are those of the batch at each
//! step (BNRS), as everywhere in Kindling; the cosine schedule (CA) is `outer.schedule`.
//!
//! Backwards as in `inner`, with what each point adds itself: v_K = w_K ∇L_query(θ_K),
//! v_k = v_{k+1} − H_k α_k v_{k+1} + w_k ∇L_query(θ_k); the gradient of a rate is −Σ v_{k+1} ⊙ g_k over its layer.
//! A longer inner loop than was learned goes on with the last rates, scales and shifts.
//!
//! Cost for a task: K + 1 gradients and, once (DA) is over, K Hessian-vector products, as MAML; while w_k > 0 a further
//! query gradient for each point but the first and the last. Memory for weights and gradient of each step, and one
//! adjoint.

use burn::tensor::Tensor;

use crate::{
    diff::{Params, gradient, hessian_vector},
    model::{Batch, Entry, Network, TaskLoss},
};

use super::{InnerLoop, Judgement, Learner, MetaGradient, Passage, Path, Rate, Tasks};

pub(super) struct MamlPp {
    network: Network,
    /// Inner steps K that have rates.
    steps: usize,
    /// Where every rate starts.
    first_rate: f64,
    /// Meta-steps over which the weights of all steps but the last fade.
    multi_step: u32,
    /// Meta-steps of first order.
    first_order: u32,
    /// The network's own layout.
    own: Vec<Entry>,
    /// Names of the layers.
    layers: Vec<String>,
    /// What each entry of the network's layout is.
    roles: Vec<Role>,
}

/// What becomes of an entry in the inner loop.
#[derive(Clone, Copy)]
enum Role {
    /// It descends at the rate of a layer.
    Descends { layer: usize },
    /// It is the scale or shift of a normalisation, of this number.
    Normalizes { number: usize },
}

/// The annealings' settings.
pub(super) struct Annealing {
    pub multi_step: u32,
    pub first_order: u32,
}

impl MamlPp {
    pub fn new(network: Network, steps: usize, first_rate: f64, annealing: Annealing) -> Self {
        let own = network.layout();
        let (mut layers, mut normalizations) = (Vec::<String>::new(), 0);
        let roles = own.iter().map(|entry| {
            let name = entry.name.split('.').next().unwrap_or_default();
            if name.starts_with("norm") {
                normalizations += 1;
                return Role::Normalizes { number: normalizations - 1 };
            }
            if layers.last().is_none_or(|last| last != name) {
                layers.push(name.to_owned());
            }
            Role::Descends { layer: layers.len() - 1 }
        });
        let roles = roles.collect();
        let Annealing { multi_step, first_order } = annealing;
        Self { network, steps, first_rate, multi_step, first_order, own, layers, roles }
    }

    /// The network's entries that scale or shift.
    fn normalizations(&self) -> impl Iterator<Item = &Entry> {
        let both = self.own.iter().zip(&self.roles);
        both.filter_map(|(entry, role)| matches!(role, Role::Normalizes { .. }).then_some(entry))
    }

    /// Where a scale or shift of a point stands in the layout; those of point 0 are the network's own, at `entry`.
    fn normalization(&self, entry: usize, number: usize, point: usize) -> usize {
        match point.min(self.steps) {
            0 => entry,
            point => self.own.len() + (point - 1) * self.normalizations().count() + number,
        }
    }

    /// Where the rate of a layer at a step stands in the layout; nowhere if no step was learned.
    fn rate(&self, layer: usize, step: usize) -> Option<usize> {
        let step = step.min(self.steps.checked_sub(1)?);
        let first = self.own.len() + self.steps * self.normalizations().count();
        Some(first + step * self.layers.len() + layer)
    }

    /// The weights w_0 … w_K of the query losses along the path: w_0 is 0 unless there is no other.
    fn weights(&self, steps: usize, meta_step: u32) -> Vec<f64> {
        let faded = if self.multi_step == 0 { 1.0 } else { f64::from(meta_step) / f64::from(self.multi_step) };
        let early = (1.0 - faded.min(1.0)) / steps.max(1) as f64;
        let last = 1.0 - early * steps.saturating_sub(1) as f64;
        let weight = |point| match point {
            point if point == steps => last,
            0 => 0.0,
            _ => early,
        };
        (0..=steps).map(weight).collect()
    }
}

impl Learner for MamlPp {
    fn network(&self) -> &Network {
        &self.network
    }

    fn layout(&self) -> Vec<Entry> {
        let named = |name: String, shape: &[usize]| Entry { name, shape: shape.to_vec() };
        let norms = (1..=self.steps).flat_map(|point| {
            self.normalizations().map(move |entry| named(format!("{}.{point}", entry.name), &entry.shape))
        });
        let rates = (0..self.steps)
            .flat_map(|step| self.layers.iter().map(move |layer| named(format!("rate.{layer}.{step}"), &[1])));
        self.own.iter().cloned().chain(norms).chain(rates).collect()
    }

    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        let own = self.network.init(seed);
        let norms: Vec<_> = (own.iter().zip(&self.roles))
            .filter(|(_, role)| matches!(role, Role::Normalizes { .. }))
            .map(|(values, _)| values.clone())
            .collect();
        let norms = (0..self.steps).flat_map(|_| norms.clone()).collect::<Vec<_>>();
        let rates = vec![vec![self.first_rate]; self.steps * self.layers.len()];
        own.into_iter().chain(norms).chain(rates).collect()
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        let tasks = support.tasks();
        let start = Params(meta.0[..self.own.len()].to_vec()).repeat(tasks);
        let mut path = Path { params: vec![start], gradients: Vec::with_capacity(inner.steps) };
        for step in 0..inner.steps {
            let here = path.end();
            let batch = support.mini_batch(inner.batch, step);
            let slope = gradient(&TaskLoss { network: &self.network, batch: &batch }, here);
            let moves = here.0.iter().zip(&slope.gradient.0).zip(&self.roles).enumerate();
            let next = moves.map(|(entry, ((w, g), role))| match *role {
                Role::Normalizes { number } => {
                    meta.0[self.normalization(entry, number, step + 1)].clone().repeat_dim(0, tasks)
                }
                Role::Descends { layer } => match self.rate(layer, step) {
                    Some(rate) => w.clone() - g.clone() * meta.0[rate].clone(),
                    None => w.clone(),
                },
            });
            let next = Params(next.collect());
            path.params.push(next);
            path.gradients.push(slope);
        }
        path
    }

    /// Σ_k w_k L_query(θ_k).
    fn objective(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Tensor<1> {
        let path = self.adapt(meta, &tasks.support, inner);
        let judged = |state: &Params| self.judge(state, &tasks.query).losses;
        let weights = self.weights(inner.steps, inner.meta_step);
        let weighed = path.params.iter().zip(weights).filter(|(_, weight)| *weight > 0.0);
        let sum = weighed.map(|(state, weight)| judged(state) * weight).reduce(|sum, losses| sum + losses);
        sum.unwrap_or_else(|| judged(path.end()))
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let path = self.adapt(meta, &tasks.support, inner);
        let (after, gradient) = self.back(meta, tasks, (&path, inner), |_, _| {});
        MetaGradient { before: path.before(&self.network, &tasks.support, inner), after, gradient }
    }

    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        let path = self.adapt(meta, &tasks.support, inner);
        let (mut adjoints, mut curved) = (Vec::new(), Vec::new());
        self.back(meta, tasks, (&path, inner), |adjoint, bent| {
            adjoints.push(adjoint.clone());
            curved.extend(bent.cloned());
        });
        adjoints.reverse();
        curved.reverse();
        let rate = |role: &Role, step: usize| match *role {
            Role::Descends { layer } => self.rate(layer, step).map_or(Rate::Fixed, |at| Rate::Each(meta.0[at].clone())),
            Role::Normalizes { .. } => Rate::Fixed,
        };
        let rates = (0..inner.steps).map(|step| self.roles.iter().map(|role| rate(role, step)).collect()).collect();
        Some(Passage { rates, adjoints, curved, ..Passage::there(&self.network, path, Vec::new()) })
    }
}

impl MamlPp {
    /// Back along a path, from its end: how that does on the query sets, and the meta-gradient. `see` is shown the adjoint
    /// of every point, and H_k α_k v_{k+1} of the step that it came back through, if one was taken.
    fn back(
        &self,
        meta: &Params,
        tasks: &Tasks,
        (path, inner): (&Path, InnerLoop),
        mut see: impl FnMut(&Params, Option<&Params>),
    ) -> (Judgement, Params) {
        let network = &self.network;
        let weights = self.weights(inner.steps, inner.meta_step);
        let judged = |point: usize| gradient(&TaskLoss { network, batch: &tasks.query }, &path.params[point]);
        let query = judged(inner.steps);
        let after = Judgement::of(&query, &tasks.query);
        let mut adjoint = query.gradient.map(|g| g * weights[inner.steps]);
        let mut found = meta.zeros();
        see(&adjoint, None);
        for step in (0..inner.steps).rev() {
            let slope = &path.gradients[step].gradient;
            let mut direction = Vec::with_capacity(self.roles.len());
            for (entry, role) in self.roles.iter().enumerate() {
                let v = adjoint.0[entry].clone();
                match *role {
                    // The path takes it up anew at every point: its derivative ends here.
                    Role::Normalizes { number } => {
                        add(&mut found, self.normalization(entry, number, step + 1), v.clone().mean_dim(0));
                        adjoint.0[entry] = v.zeros_like();
                        direction.push(None);
                    }
                    Role::Descends { layer } => direction.push(self.rate(layer, step).map(|rate| {
                        let along = (v.clone() * slope.0[entry].clone()).sum_dim(2).sum_dim(1).mean_dim(0);
                        add(&mut found, rate, -along);
                        v * meta.0[rate].clone()
                    })),
                }
            }
            let bent = (inner.meta_step >= self.first_order).then(|| {
                let batch = tasks.support.mini_batch(inner.batch, step);
                hessian_vector(&TaskLoss { network, batch: &batch }, &path.params[step], &direction)
            });
            if let Some(bent) = &bent {
                adjoint = adjoint.plus(-1.0, bent);
            }
            if weights[step] > 0.0 {
                adjoint = adjoint.plus(weights[step], &judged(step).gradient);
            }
            see(&adjoint, bent.as_ref());
        }
        for (entry, v) in adjoint.mean().0.into_iter().enumerate() {
            add(&mut found, entry, v);
        }
        (after, found)
    }
}

/// Adds to an entry.
fn add(params: &mut Params, entry: usize, more: Tensor<3>) {
    params.0[entry] = params.0[entry].clone() + more;
}
