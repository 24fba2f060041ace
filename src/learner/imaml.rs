//! Implicit MAML (Rajeswaran, Finn, Kakade, Levine 2019, Algorithms 1 and 2).
//!
//! Inside: gradient descent from θ on L_support(φ) + λ/2 ‖φ − θ‖² (eq. 3), which holds the fast weights φ near θ.
//! Outside: θ. Where φ is a minimum of that, dφ/dθ = (I + H/λ)⁻¹ with H the Hessian of L_support at φ (Lemma 1), so
//! the meta-gradient is the v that solves (I + H/λ) v = ∇L_query(φ). It depends on where the inner loop ended and not on
//! the way there: nothing of the path is needed. The system is solved by conjugate gradients (Hestenes and Stiefel 1952),
//! one Hessian-vector product a step; the authors' code damps it further, this does not.
//!
//! Cost for a task: K + 1 gradients, and a Hessian-vector product of about two gradients for each step of the conjugate
//! gradients. Memory would do with a few copies of the weights; those of every step, and its gradient, are kept all the
//! same.

use burn::tensor::Tensor;

use crate::{
    diff::{Params, gradient, hessian_vector},
    experiment::LearnerSpec,
    model::{Batch, Network, TaskLoss},
};

use super::{InnerLoop, Judgement, Learner, MetaGradient, Passage, Path, Rate, Tasks};

pub(super) struct Imaml {
    network: Network,
    /// λ.
    regularization: f64,
    /// Steps of the conjugate gradients.
    cg_steps: usize,
}

impl Imaml {
    pub fn new(spec: &LearnerSpec, network: Network) -> Self {
        Self { network, regularization: spec.regularization, cg_steps: spec.cg_steps as usize }
    }

    /// v of (I + H/λ) v = `right`, for every task, where H is the Hessian of the loss on `support` at `params`.
    ///
    /// The fast weights need not be at a minimum, so H may curve down. A task that meets a direction in which I + H/λ
    /// does so too stays with what it has found before.
    fn solve(&self, support: &Batch, params: &Params, right: Params) -> Params {
        let loss = TaskLoss { network: &self.network, batch: support };
        let mut found = right.zeros();
        let mut residual = right.clone();
        let mut direction = right;
        let mut square = dot(&residual, &residual);
        let mut going = square.ones_like();
        for _ in 0..self.cg_steps {
            let along: Vec<_> = direction.0.iter().cloned().map(Some).collect();
            let image = direction.plus(1.0 / self.regularization, &hessian_vector(&loss, params, &along));
            let curvature = dot(&direction, &image);
            let down = curvature.clone().lower_equal_elem(0.0);
            going = going.mask_fill(down.clone(), 0.0);
            let length = going.clone() * square.clone() / curvature.mask_fill(down, 1.0);
            found = along_tasks(&direction, &length, &found);
            residual = along_tasks(&image, &-length, &residual);
            let next = dot(&residual, &residual);
            // A residual that has vanished stays so.
            direction =
                along_tasks(&direction, &(next.clone() / square.clamp_min(f64::from(f32::MIN_POSITIVE))), &residual);
            square = next;
        }
        found
    }
}

/// Σ ab of every task, `[tasks, 1, 1]`.
fn dot(a: &Params, b: &Params) -> Tensor<3> {
    let products = a.times(b).0.into_iter().map(|product| product.sum_dim(2).sum_dim(1));
    Tensor::cat(products.collect(), 2).sum_dim(2)
}

/// `from` + `length` · `direction`, where each task has a length of its own, `[tasks, 1, 1]`.
fn along_tasks(direction: &Params, length: &Tensor<3>, from: &Params) -> Params {
    from.plus(1.0, &direction.map(|tensor| tensor * length.clone()))
}

impl Learner for Imaml {
    fn network(&self) -> &Network {
        &self.network
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        let start = meta.repeat(support.tasks());
        let mut path = Path { params: vec![start.clone()], gradients: Vec::with_capacity(inner.steps) };
        for step in 0..inner.steps {
            let here = path.end();
            let batch = support.mini_batch(inner.batch, step);
            let slope = gradient(&TaskLoss { network: &self.network, batch: &batch }, here);
            let away = here.plus(-1.0, &start);
            let next = here.plus(-inner.lr, &slope.gradient.plus(self.regularization, &away));
            path.params.push(next);
            path.gradients.push(slope);
        }
        path
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let network = &self.network;
        let path = self.adapt(meta, &tasks.support, inner);
        let query = gradient(&TaskLoss { network, batch: &tasks.query }, path.end());
        let after = Judgement::of(&query, &tasks.query);
        let solved = self.solve(&tasks.support, path.end(), query.gradient);
        MetaGradient { before: path.before(network, &tasks.support, inner), after, gradient: solved.mean() }
    }

    /// Back in one leap: v_0 = v_K − H v_0 / λ, with H at the end, as far as the conjugate gradients have solved for it.
    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        let path = self.adapt(meta, &tasks.support, inner);
        let query = gradient(&TaskLoss { network: &self.network, batch: &tasks.query }, path.end()).gradient;
        let solved = self.solve(&tasks.support, path.end(), query.clone());
        let there = Passage::there(&self.network, path, vec![Rate::Same(inner.lr); meta.0.len()]);
        Some(there.and_back(vec![solved, query]))
    }
}

/// The exact meta-gradient of the same inner loop, back through every step of it: the derivative that [`Imaml`]'s stands
/// for, and is where the loop ends in a minimum.
///
/// A step is φ_{k+1} = φ_k − α (g_k + λ (φ_k − θ)), so that v_k = (1 − αλ) v_{k+1} − α H_k v_{k+1}, and each step hands αλ
/// v_{k+1} to θ itself. A Hessian-vector product a step, and the whole path in memory.
pub(super) struct Unrolled(pub Imaml);

impl Learner for Unrolled {
    fn network(&self) -> &Network {
        self.0.network()
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        self.0.adapt(meta, support, inner)
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let network = self.network();
        let path = self.adapt(meta, &tasks.support, inner);
        let query = gradient(&TaskLoss { network, batch: &tasks.query }, path.end());
        let after = Judgement::of(&query, &tasks.query);
        let pull = inner.lr * self.0.regularization;
        let (mut back, mut pulled) = (query.gradient.clone(), query.gradient.zeros());
        for step in (0..inner.steps).rev() {
            let batch = tasks.support.mini_batch(inner.batch, step);
            let along: Vec<_> = back.0.iter().cloned().map(Some).collect();
            let curved = hessian_vector(&TaskLoss { network, batch: &batch }, &path.params[step], &along);
            pulled = pulled.plus(pull, &back);
            back = back.plus(-pull, &back).plus(-inner.lr, &curved);
        }
        MetaGradient {
            before: path.before(network, &tasks.support, inner),
            after,
            gradient: back.plus(1.0, &pulled).mean(),
        }
    }
}
