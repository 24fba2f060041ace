//! What is measured of a layer: how far its weights have moved, how steep the loss is along them, and how alike what it
//! makes of some examples is to what it made before.

use burn::tensor::Tensor;

use crate::{diff::Params, learner::Layer};

/// Euclidean norm over the tensors of each layer, `[tasks]` each.
pub(in super::super) fn norms(layers: &[Layer], params: &Params) -> Vec<Tensor<1>> {
    let own = |layer: &Layer| Params(layer.entries.iter().map(|&entry| params.0[entry].clone()).collect());
    layers.iter().filter_map(|layer| own(layer).norms()).collect()
}

/// K = X Xᵀ of outputs `[states, examples, width]` whose columns are centred over the examples, `[states, examples,
/// examples]`.
pub(super) fn gram(outputs: Tensor<3>) -> Tensor<3> {
    let centred = outputs.clone() - outputs.mean_dim(1);
    centred.clone().matmul(centred.swap_dims(1, 2))
}

/// ⟨K, L⟩ = Σ K ∘ L of Gram matrices, one a state, `[states]`; one K serves all.
pub(super) fn product(k: &Tensor<3>, l: &Tensor<3>) -> Tensor<1> {
    let [states, examples, _] = l.dims();
    (k.clone() * l.clone()).reshape([states, examples * examples]).sum_dim(1).reshape([states])
}

/// Linear CKA of two sets of outputs of the same examples, 0 to 1, by the products of their centred Gram matrices K and L
/// (Kornblith, Norouzi, Lee, Hinton 2019, §3): ⟨K, L⟩ / √(⟨K, K⟩⟨L, L⟩), which is ‖YᵀX‖²_F / (‖XᵀX‖_F ‖YᵀY‖_F). None where
/// either is the same for all examples, or not finite.
pub(super) fn cka(both: f64, one: f64, other: f64) -> Option<f64> {
    let length = (one * other).sqrt();
    Some(both / length).filter(|cka| length > 0.0 && cka.is_finite()).map(|cka| cka.clamp(0.0, 1.0))
}

/// A length by another, where that is not zero.
pub(super) fn ratio(part: f64, whole: f64) -> Option<f64> {
    Some(part / whole).filter(|ratio| whole > 0.0 && ratio.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Place, Precision},
        task::{Purpose, Stream},
    };

    fn place() -> Place {
        Place::new(burn::tensor::Device::flex(), Precision::Double)
    }

    /// Outputs of `rows` examples, random.
    fn outputs(rows: usize, width: usize, number: u64) -> Vec<Vec<f64>> {
        let mut stream = Stream::new(7, Purpose::Test, number);
        (0..rows).map(|_| (0..width).map(|_| stream.normal()).collect()).collect()
    }

    fn found(x: &[Vec<f64>], y: &[Vec<f64>]) -> f64 {
        let gram = |rows: &[Vec<f64>]| gram(place().tensor(&rows.concat(), [1, rows.len(), rows[0].len()]));
        let (k, l) = (gram(x), gram(y));
        let number = |k: &Tensor<3>, l: &Tensor<3>| product(k, l).to_data().iter::<f64>().sum::<f64>();
        cka(number(&k, &l), number(&k, &k), number(&l, &l)).unwrap()
    }

    /// ‖YᵀX‖²_F / (‖XᵀX‖_F ‖YᵀY‖_F) of centred columns, as the paper's eq. for the linear kernel has it, sum by sum.
    fn defined(x: &[Vec<f64>], y: &[Vec<f64>]) -> f64 {
        let centred = |rows: &[Vec<f64>]| {
            let mean = |column: usize| rows.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64;
            let means: Vec<f64> = (0..rows[0].len()).map(mean).collect();
            rows.iter().map(|row| row.iter().zip(&means).map(|(a, b)| a - b).collect()).collect::<Vec<Vec<f64>>>()
        };
        let (x, y) = (centred(x), centred(y));
        let squares = |a: &[Vec<f64>], b: &[Vec<f64>]| {
            let along = |i: usize, j: usize| a.iter().zip(b).map(|(a, b)| a[i] * b[j]).sum::<f64>().powi(2);
            (0..a[0].len()).flat_map(|i| (0..b[0].len()).map(move |j| (i, j))).map(|(i, j)| along(i, j)).sum::<f64>()
        };
        squares(&y, &x) / (squares(&x, &x).sqrt() * squares(&y, &y).sqrt())
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} instead of {expected}");
    }

    #[test]
    fn cka_of_columns_that_are_known() {
        // Centred, x is (−1, 0, 1) and y (−2, 1, 1): (2 + 1)² / (2 · 6).
        let column = |values: [f64; 3]| values.map(|value| vec![value]).to_vec();
        close(found(&column([1.0, 2.0, 3.0]), &column([0.0, 3.0, 3.0])), 0.75);
        // At right angles: nothing in common.
        close(found(&column([1.0, 2.0, 3.0]), &column([5.0, 1.0, 5.0])), 0.0);
    }

    #[test]
    fn the_form_with_gram_matrices_is_the_form_with_cross_products() {
        let (x, y) = (outputs(9, 4, 0), outputs(9, 6, 1));
        close(found(&x, &y), defined(&x, &y));
        assert!((0.05..0.95).contains(&found(&x, &y)), "or the test says nothing");
    }

    #[test]
    fn outputs_are_wholly_alike_to_themselves_turned_stretched_and_moved() {
        let x = outputs(8, 3, 2);
        close(found(&x, &x), 1.0);
        // A reflection in the plane with the normal n, I − 2nnᵀ; a factor and a shift.
        let normal = [2.0 / 3.0, -1.0 / 3.0, 2.0 / 3.0];
        let turned: Vec<Vec<f64>> = (x.iter())
            .map(|row| {
                let along: f64 = row.iter().zip(normal).map(|(a, n)| a * n).sum();
                row.iter().zip(normal).map(|(a, n)| 3.7 * (a - 2.0 * along * n) + 11.0).collect()
            })
            .collect();
        close(found(&x, &turned), 1.0);
        // But not to those whose columns are stretched apart.
        let apart: Vec<Vec<f64>> = x.iter().map(|row| vec![row[0], 9.0 * row[1], row[2]]).collect();
        assert!(found(&x, &apart) < 0.95);
    }

    #[test]
    fn what_is_the_same_for_all_examples_is_alike_to_nothing() {
        assert_eq!(cka(0.0, 0.0, 2.0), None);
        assert_eq!(cka(f64::NAN, 1.0, 2.0), None);
        assert_eq!((ratio(1.0, 0.0), ratio(1.0, 4.0), ratio(f64::INFINITY, 4.0)), (None, Some(0.25), None));
    }
}
