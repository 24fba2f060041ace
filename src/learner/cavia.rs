//! CAVIA, fast context adaptation (Zintgraf, Shiarlis, Kurin, Hofmann, Whiteson 2019, eq. 4–5 and §3.3).
//!
//! Inside: context parameters φ, zero at the start of every task, φ_{k+1} = φ_k − α ∇_φ L_support(θ, φ_k). Outside:
//! θ, by the exact second-order gradient of Σ L_query(θ, φ_K).
//!
//! φ joins the inputs of the first layer. As φ is the same for every example of a task, it moves that layer's bias:
//! W [x; φ] + b = W_x x + (b + W_φ φ), and W_φ are meta-parameters beside the network's own. Where the network
//! normalises, that would be normalised away; there φ scales and shifts a normalised layer as the paper's
//! convolutional network has it (FiLM, Perez et al. 2018): γ + W_γ φ and β + W_β φ, of the third convolution, or of an
//! MLP's first layer.
//!
//! Cost: K + 1 gradients and K Hessian-vector products, as MAML, with tangents from where φ acts on. θ has one copy for
//! all steps and only φ one for each; gradients and adjoints are kept whole.

use burn::tensor::Tensor;

use crate::{
    diff::{Gradient, Objective, Ops, Params, Plain, gradient, hessian_vector},
    experiment::Init,
    model::{Batch, Entry, Network, TaskLoss, weights},
    task::{Purpose, Stream},
};

use super::{InnerLoop, Judgement, Learner, MetaGradient, Passage, Path, Rate, Tasks};

/// The meta-parameters through which the context acts, `[contexts, widths of what it moves]`.
const WEIGHT: &str = "context.weight";

/// φ itself.
const CONTEXT: &str = "context.phi";

pub(super) struct Cavia {
    network: Network,
    /// Numbers in φ.
    contexts: usize,
    /// The entries of the network's layout that φ moves, and their widths.
    moved: Vec<(usize, usize)>,
}

impl Cavia {
    pub fn new(network: Network, contexts: usize) -> Self {
        let layout = network.layout();
        let find = |name: &str| layout.iter().position(|entry| entry.name == name);
        let film = |norm: usize| find(&format!("norm{norm}.gamma")).zip(find(&format!("norm{norm}.beta")));
        let places = match film(2).filter(|_| matches!(network, Network::Conv4(_))).or_else(|| film(0)) {
            Some((gamma, beta)) => vec![gamma, beta],
            None => vec![1],
        };
        let moved = places.into_iter().map(|entry| (entry, layout[entry].len())).collect();
        Self { network, contexts, moved }
    }

    /// Numbers that the context moves.
    fn width(&self) -> usize {
        self.moved.iter().map(|(_, width)| width).sum()
    }

    /// The network's parameters under a context: `params` are the network's own, the context's weights, and φ.
    fn under<O: Ops>(&self, params: &[O::Tensor<3>]) -> Vec<O::Tensor<3>> {
        let [own @ .., weight, context] = params else { return params.to_vec() };
        let told = O::matmul(context.clone(), weight.clone());
        let (mut own, mut start) = (own.to_vec(), 0);
        for &(entry, width) in &self.moved {
            let part = O::linear(told.clone(), |told| told.narrow(2, start, width));
            own[entry] = O::add(own[entry].clone(), part);
            start += width;
        }
        own
    }

    /// The meta-parameters for each of `tasks` tasks, and φ = 0.
    fn start(&self, meta: &Params, tasks: usize) -> Params {
        let mut all = meta.repeat(tasks);
        // Zeros of the meta-parameters' own device and precision: φ has as many columns as its weights have rows.
        all.0.extend(all.0.last().map(|weight| weight.zeros_like().narrow(2, 0, 1).swap_dims(1, 2)));
        all
    }

    /// Meta-parameters and φ at each of the `inner.steps + 1` points, and the gradients between them.
    fn walk(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Walk {
        let (mut points, mut slopes) = (vec![self.start(meta, support.tasks())], Vec::new());
        for step in 0..inner.steps {
            let here = &points[step];
            let batch = support.mini_batch(inner.batch, step);
            let slope = gradient(&InContext { cavia: self, batch: &batch }, here);
            let mut next = here.clone();
            for (context, slope) in next.0.iter_mut().zip(&slope.gradient.0).skip(self.context()) {
                *context = context.clone() - slope.clone() * inner.lr;
            }
            points.push(next);
            slopes.push(slope);
        }
        (points, slopes)
    }

    /// Where φ stands among the parameters of [`InContext`].
    fn context(&self) -> usize {
        self.network.layout().len() + 1
    }

    /// A walk, the query loss where it ends, and the adjoints of meta-parameters and φ at each of its points.
    fn there_and_back(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> (Walk, Gradient, Vec<Params>) {
        let (points, slopes) = self.walk(meta, &tasks.support, inner);
        let query = gradient(&InContext { cavia: self, batch: &tasks.query }, &points[inner.steps]);
        let mut adjoints = vec![query.gradient.clone()];
        for step in (0..inner.steps).rev() {
            let adjoint = &adjoints[adjoints.len() - 1];
            let batch = tasks.support.mini_batch(inner.batch, step);
            let moves = |(entry, v): (usize, &Tensor<3>)| (entry == self.context()).then(|| v.clone() * inner.lr);
            let direction: Vec<_> = adjoint.0.iter().enumerate().map(moves).collect();
            let curved = hessian_vector(&InContext { cavia: self, batch: &batch }, &points[step], &direction);
            adjoints.push(adjoint.plus(-1.0, &curved));
        }
        adjoints.reverse();
        ((points, slopes), query, adjoints)
    }

    /// A walk as the network sees it: its parameters under the context of each point.
    fn seen(&self, (points, gradients): &Walk) -> Path {
        let params = points.iter().map(|point| Params(self.under::<Plain>(&point.0))).collect();
        Path { params, gradients: gradients.clone() }
    }
}

/// Meta-parameters and φ at every point, and the gradients between them.
type Walk = (Vec<Params>, Vec<Gradient>);

/// The loss of a network under a context, over its own parameters, the context's weights, and φ.
struct InContext<'a> {
    cavia: &'a Cavia,
    batch: &'a Batch,
}

impl Objective for InContext<'_> {
    fn losses<O: Ops>(&self, params: &[O::Tensor<3>]) -> (O::Tensor<1>, O::Tensor<3>) {
        TaskLoss { network: &self.cavia.network, batch: self.batch }.losses::<O>(&self.cavia.under::<O>(params))
    }
}

impl Learner for Cavia {
    fn network(&self) -> &Network {
        &self.network
    }

    fn layout(&self) -> Vec<Entry> {
        let weight = Entry { name: WEIGHT.to_owned(), shape: vec![self.contexts, self.width()] };
        self.network.layout().into_iter().chain([weight]).collect()
    }

    fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        // Beyond every layer's own stream.
        let mut stream = Stream::new(seed, Purpose::Weights, self.network.layout().len() as u64);
        let weight = weights(&mut stream, Init::Lecun, self.contexts, self.contexts * self.width());
        self.network.init(seed).into_iter().chain([weight]).collect()
    }

    fn adapt(&self, meta: &Params, support: &Batch, inner: InnerLoop) -> Path {
        self.seen(&self.walk(meta, support, inner))
    }

    fn meta_gradient(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> MetaGradient {
        let (walk, query, adjoints) = self.there_and_back(meta, tasks, inner);
        // Every task starts with φ = 0, which is not learned.
        let mut found = adjoints[0].mean();
        found.0.truncate(meta.0.len());
        MetaGradient {
            before: self.seen(&walk).before(&self.network, &tasks.support, inner),
            after: Judgement::of(&query, &tasks.query),
            gradient: found,
        }
    }

    fn passage(&self, meta: &Params, tasks: &Tasks, inner: InnerLoop) -> Option<Passage> {
        let ((params, gradients), _, adjoints) = self.there_and_back(meta, tasks, inner);
        let context = Entry { name: CONTEXT.to_owned(), shape: vec![self.contexts] };
        let layout: Vec<Entry> = self.layout().into_iter().chain([context]).collect();
        let rate = |entry| if entry == self.context() { Rate::Same(inner.lr) } else { Rate::Fixed };
        let rates = (0..layout.len()).map(rate).collect();
        let there = Passage::there(&self.network, Path { params, gradients }, rates);
        Some(Passage { layout, ..there }.and_back(adjoints))
    }
}
