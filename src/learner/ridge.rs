//! R2-D2, and ridge regression on learned features (Bertinetto, Henriques, Torr, Vedaldi 2019, eq. 5 to 7).
//!
//! Outside: the features, by the gradient of the query loss through the solution; and ln λ, a scale α and a shift β of the
//! outputs. Inside: the head is the solution of ridge regression from the n support features to their targets,
//!
//! W = (XᵀX + λI)⁻¹ XᵀY = Xᵀ (XXᵀ + λI)⁻¹ Y,
//!
//! the second by Woodbury's identity, which is used where there are no more examples than features and so the smaller
//! system. As in the published code, X has a column of ones and both X and Y are divided by √n. A prediction is
//! α (x, 1) W + β: logits for classes, whose Y are 0 and 1, and the value itself for numbers. One pass over the support set
//! and one linear system, of min(n, features + 1) equations.

use burn::tensor::Tensor;

use crate::{
    diff::solve,
    model::{Entry, Targets},
    task::Stream,
};

use super::embedded::Head;

/// Makes the weights `[tasks, features + 1, outputs]`.
pub(super) struct Ridge {
    /// Where λ starts.
    lambda: f64,
    /// Where α starts.
    scale: f64,
}

impl Ridge {
    /// R2-D2, as its published code starts: the outputs of a regression to 0 and 1 are small for logits.
    pub(super) const OF_CLASSES: Self = Self { lambda: 50.0, scale: 10.0 };
    /// Regression, whose outputs are what they should be: close to the points, which are few and hardly noisy.
    pub(super) const OF_NUMBERS: Self = Self { lambda: 0.1, scale: 1.0 };
}

impl Head for Ridge {
    fn layout(&self, _features: usize) -> Vec<Entry> {
        let number = |name: &str| Entry { name: name.to_owned(), shape: vec![1] };
        vec![number("ridge.log_lambda"), number("ridge.scale"), number("ridge.shift")]
    }

    fn init(&self, _features: usize, _stream: &mut Stream) -> Vec<Vec<f64>> {
        vec![vec![self.lambda.ln()], vec![self.scale], vec![0.0]]
    }

    fn make(&self, own: &[Tensor<3>], features: Tensor<3>, targets: &Targets) -> Vec<Tensor<3>> {
        let [log_lambda, ..] = own else { return Vec::new() };
        vec![weights(with_ones(features), targets.tensor().clone(), log_lambda.clone().exp())]
    }

    fn answer(&self, own: &[Tensor<3>], made: &[Tensor<3>], features: Tensor<3>) -> Tensor<3> {
        let ([_, scale, shift], [weights]) = (own, made) else { return features };
        with_ones(features).matmul(weights.clone()) * scale.clone() + shift.clone()
    }
}

/// W for X `[t, n, m]`, Y `[t, n, outputs]` and λ `[t, 1, 1]`.
pub(super) fn weights(x: Tensor<3>, y: Tensor<3>, lambda: Tensor<3>) -> Tensor<3> {
    let [_, n, m] = x.dims();
    let (x, y) = (x / (n as f64).sqrt(), y / (n as f64).sqrt());
    let across = x.clone().swap_dims(1, 2);
    let size = n.min(m);
    let ridge = Tensor::<2>::eye(size, &x.device()).cast(x.dtype()).unsqueeze::<3>() * lambda;
    if n <= m {
        across.clone().matmul(solve(x.matmul(across) + ridge, y))
    } else {
        solve(across.clone().matmul(x) + ridge, across.matmul(y))
    }
}

/// Rows with a one behind them, for the bias.
fn with_ones(rows: Tensor<3>) -> Tensor<3> {
    let ones = rows.clone().narrow(2, 0, 1).detach().ones_like();
    Tensor::cat(vec![rows, ones], 2)
}
