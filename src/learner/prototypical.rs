//! Prototypical networks (Snell, Swersky, Zemel 2017, eq. 1 and 2).
//!
//! Outside: the embedding f, by the gradient of the query loss. Inside: each class becomes the mean of its embedded
//! support drawings, c_k = 1/|S_k| Σ f(x), and p(k|x) = softmax(−‖f(x) − c_k‖²): squared Euclidean, without the square
//! root. One pass over the support set, no gradient, and any number of classes.
//!
//! f is the network's features times a learned number e^ℓ. The paper leaves their size to the network; squared distances
//! of many normalised features are tens, so that the first softmaxes are certain and wrong, and a start at one over the
//! root of their number, where distances are about one, learns several times as fast.

use burn::tensor::Tensor;

use crate::{
    model::{Entry, Targets},
    task::Stream,
};

use super::embedded::Head;

/// Makes the prototypes `[tasks, classes, features]`.
pub(super) struct Prototypes;

impl Prototypes {
    /// f, given ℓ `[tasks, 1, 1]`.
    fn embedding(own: &[Tensor<3>], features: Tensor<3>) -> Tensor<3> {
        match own {
            [log_scale] => features * log_scale.clone().exp(),
            _ => features,
        }
    }
}

impl Head for Prototypes {
    fn layout(&self, _features: usize) -> Vec<Entry> {
        vec![Entry { name: "prototype.log_scale".to_owned(), shape: vec![1] }]
    }

    fn init(&self, features: usize, _stream: &mut Stream) -> Vec<Vec<f64>> {
        vec![vec![-0.5 * (features as f64).ln()]]
    }

    fn make(&self, own: &[Tensor<3>], features: Tensor<3>, targets: &Targets) -> Vec<Tensor<3>> {
        vec![class_means(Self::embedding(own, features), targets.tensor().clone())]
    }

    fn embed(&self, own: &[Tensor<3>], _made: &[Tensor<3>], features: Tensor<3>, _query: bool) -> Tensor<3> {
        Self::embedding(own, features)
    }

    fn prototypes(&self, made: &[Tensor<3>]) -> Option<Tensor<3>> {
        made.first().cloned()
    }

    /// −‖f − c‖² but for ‖f‖², which is the same for every class and falls out of the softmax: the linear classifier
    /// 2c·f − ‖c‖² (eq. 8). Without prototypes all are zero.
    fn answer(&self, own: &[Tensor<3>], made: &[Tensor<3>], features: Tensor<3>) -> Tensor<3> {
        let [prototypes] = made else { return features };
        let squares = (prototypes.clone() * prototypes.clone()).sum_dim(2).swap_dims(1, 2);
        Self::embedding(own, features).matmul(prototypes.clone().swap_dims(1, 2)) * 2.0 - squares
    }
}

/// The mean row of each class: `[t, n, m]` and classes `[t, n, c]` make `[t, c, m]`; zero where a class has none.
pub(super) fn class_means(rows: Tensor<3>, classes: Tensor<3>) -> Tensor<3> {
    let members = classes.clone().sum_dim(1).swap_dims(1, 2).clamp_min(1.0);
    classes.swap_dims(1, 2).matmul(rows) / members
}
