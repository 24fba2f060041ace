//! First and second derivatives of an objective.

use burn::tensor::Tensor;

use super::{Dual, DualTensor, Ops, Params, Plain};

/// A loss as a function of parameters, written once for values and for tangents.
pub trait Objective {
    /// The loss of every task, `[tasks]`, at `params` (one tensor for each entry of the layout), and the predictions
    /// it judges, `[tasks, examples, outputs]`.
    fn losses<O: Ops>(&self, params: &[O::Tensor<3>]) -> (O::Tensor<1>, O::Tensor<3>);
}

/// A loss and its gradient.
#[derive(Clone, Debug)]
pub struct Gradient {
    /// Loss of every task, `[tasks]`.
    pub losses: Tensor<1>,
    /// The predictions that the loss judges, `[tasks, examples, outputs]`.
    pub predictions: Tensor<3>,
    /// Gradient of each task's loss with respect to that task's parameters.
    pub gradient: Params,
}

/// ∇L at `params`: one forward and one backward pass, whatever the number of tasks.
pub fn gradient(objective: &impl Objective, params: &Params) -> Gradient {
    gradient_of(params, |leaves| objective.losses::<Plain>(leaves))
}

/// ∇L at `params` of a loss that is not an [`Objective`], because nobody takes its second derivative: `losses` makes
/// of the parameters the loss of every task and the predictions.
pub fn gradient_of(params: &Params, losses: impl FnOnce(&[Tensor<3>]) -> (Tensor<1>, Tensor<3>)) -> Gradient {
    let leaves = leaves(params);
    let (losses, predictions) = losses(&leaves);
    let gradient = backward(&losses, &leaves, params);
    Gradient { losses: losses.inner(), predictions: predictions.inner(), gradient }
}

/// The derivative of a number that is no loss: `output` makes of the parameters one number a task, and what is added up
/// over tasks is differentiated.
pub fn derivative_of(params: &Params, output: impl FnOnce(&[Tensor<3>]) -> Tensor<1>) -> Params {
    let leaves = leaves(params);
    backward(&output(&leaves), &leaves, params)
}

/// H·v at `params`: the tangent of the loss along `direction`, differentiated once.
///
/// A missing tensor of `direction` is zero; the layers above the first non-zero one are the only ones whose
/// tangents are computed. The result covers every parameter.
pub fn hessian_vector(objective: &impl Objective, params: &Params, direction: &[Option<Tensor<3>>]) -> Params {
    let leaves = leaves(params);
    let duals: Vec<_> = (leaves.iter().cloned().zip(direction.iter().cloned()))
        .map(|(value, tangent)| DualTensor { value, tangent })
        .collect();
    match objective.losses::<Dual>(&duals).0.tangent {
        Some(tangent) => backward(&tangent, &leaves, params),
        None => params.zeros(),
    }
}

fn leaves(params: &Params) -> Vec<Tensor<3>> {
    params.0.iter().map(|tensor| tensor.clone().autodiff().require_grad()).collect()
}

/// The gradient of the sum of `output`; a parameter that the output does not depend on gets zeros.
fn backward(output: &Tensor<1>, leaves: &[Tensor<3>], params: &Params) -> Params {
    if !output.is_tracked() {
        return params.zeros();
    }
    let mut grads = output.clone().sum().backward();
    let found = leaves.iter().zip(&params.0);
    Params(found.map(|(leaf, tensor)| leaf.grad_remove(&mut grads).unwrap_or_else(|| tensor.zeros_like())).collect())
}
