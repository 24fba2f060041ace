//! Every operation's rule against literal numbers, and both derivatives against closed forms.

use burn::tensor::{DType, Device, Tensor, TensorData};

use super::*;

/// float64, because a float32 difference across a ReLU's corner lies.
fn tensor<const D: usize>(values: &[f64], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), (&Device::flex(), DType::F64))
}

fn column(values: &[f64]) -> Tensor<3> {
    tensor(values, [1, values.len(), 1])
}

fn dual(values: &[f64], tangent: &[f64]) -> DualTensor<3> {
    DualTensor { value: column(values), tangent: Some(column(tangent)) }
}

fn numbers<const D: usize>(tensor: &Tensor<D>) -> Vec<f64> {
    pollster::block_on(tensor.to_data_async()).unwrap().iter::<f64>().collect()
}

#[track_caller]
fn assert_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }
}

#[track_caller]
fn assert_dual<const D: usize>(found: DualTensor<D>, value: &[f64], tangent: &[f64]) {
    assert_near(&numbers(&found.value), value);
    assert_near(&numbers(&found.tangent.expect("a tangent")), tangent);
}

#[test]
fn a_constant_has_no_tangent() {
    assert!(Dual::constant(column(&[1.0])).tangent.is_none());
}

#[test]
fn matmul_differentiates_as_a_product() {
    // (1 2)(3 5)ᵀ = 13; ȧb = (1 0)·(3 5) = 3; aḃ = (1 2)·(0 7) = 14.
    let a = DualTensor { value: tensor(&[1.0, 2.0], [1, 1, 2]), tangent: Some(tensor(&[1.0, 0.0], [1, 1, 2])) };
    assert_dual(Dual::matmul(a.clone(), dual(&[3.0, 5.0], &[0.0, 7.0])), &[13.0], &[17.0]);
    assert_dual(Dual::matmul(a, Dual::constant(column(&[3.0, 5.0]))), &[13.0], &[3.0]);
}

#[test]
fn add_and_sub_broadcast_their_tangents() {
    let one = DualTensor { value: tensor(&[10.0], [1, 1, 1]), tangent: Some(tensor(&[0.5], [1, 1, 1])) };
    assert_dual(Dual::add(dual(&[1.0, 2.0], &[3.0, 4.0]), one.clone()), &[11.0, 12.0], &[3.5, 4.5]);
    assert_dual(Dual::sub(dual(&[1.0, 2.0], &[3.0, 4.0]), one.clone()), &[-9.0, -8.0], &[2.5, 3.5]);
    // Only the narrow side moves, and both rows of the result move with it.
    assert_dual(Dual::sub(Dual::constant(column(&[1.0, 2.0])), one), &[-9.0, -8.0], &[-0.5, -0.5]);
}

#[test]
fn square_has_tangent_two_a_da() {
    assert_dual(Dual::square(dual(&[3.0, -2.0], &[1.0, 5.0])), &[9.0, 4.0], &[6.0, -20.0]);
}

#[test]
fn relu_passes_the_tangent_where_it_is_on_and_nothing_at_its_corner() {
    assert_dual(Dual::relu(dual(&[2.0, -1.0, 0.0], &[7.0, 7.0, 7.0])), &[2.0, 0.0, 0.0], &[7.0, 0.0, 0.0]);
}

#[test]
fn tanh_has_tangent_one_minus_tanh_squared() {
    let t = 0.5f64.tanh();
    assert_dual(Dual::tanh(dual(&[0.5], &[3.0])), &[t], &[3.0 * (1.0 - t * t)]);
}

#[test]
fn mul_differentiates_as_a_product_and_broadcasts() {
    assert_dual(Dual::mul(dual(&[2.0, 3.0], &[1.0, 0.0]), dual(&[5.0, 7.0], &[0.0, 1.0])), &[10.0, 21.0], &[5.0, 3.0]);
    let one = DualTensor { value: tensor(&[10.0], [1, 1, 1]), tangent: Some(tensor(&[0.5], [1, 1, 1])) };
    assert_dual(Dual::mul(Dual::constant(column(&[1.0, 2.0])), one), &[10.0, 20.0], &[0.5, 1.0]);
}

#[test]
fn a_linear_map_maps_its_tangent() {
    assert_dual(Dual::linear(dual(&[1.0, 2.0], &[3.0, 4.0]), |a| a.sum_dim(1) * 2.0), &[6.0], &[14.0]);
    assert!(Dual::linear(Dual::constant(column(&[1.0])), |a| a * 2.0).tangent.is_none());
}

#[test]
fn log_softmax_takes_the_mean_tangent_away() {
    // softmax(0, ln 3) = (1/4, 3/4); Σ softmax·ȧ = 1/4·2 + 3/4·6 = 5.
    let value = tensor(&[0.0, 3.0f64.ln()], [1, 1, 2]);
    let found = Dual::log_softmax(DualTensor { value, tangent: Some(tensor(&[2.0, 6.0], [1, 1, 2])) });
    assert_dual(found, &[0.25f64.ln(), 0.75f64.ln()], &[-3.0, 1.0]);
}

#[test]
fn normalize_has_mean_zero_and_a_tangent_without_its_mean_and_its_scale() {
    // Of (1, 3) both the mean and, but for ε, the deviation follow the points: moving either by any amount moves
    // neither result, which is what a normalisation of two points is.
    let scale = 1.0 / (1.0 + 1e-5f64).sqrt();
    let found = Dual::normalize(dual(&[1.0, 3.0], &[1.0, 4.0]), 2);
    assert_near(&numbers(&found.value), &[-scale, scale]);
    // ȧ − mean = ∓1.5; â·mean(âȧ) = ∓scale²·1.5.
    let rest = 1.5 * (1.0 - scale * scale) * scale;
    assert_near(&numbers(&found.tangent.unwrap()), &[-rest, rest]);
}

#[test]
fn normalize_by_a_reference_uses_only_its_rows() {
    // Mean 2 and deviation 1 come from the first two rows; the third is (7 − 2)/1.
    let scale = 1.0 / (1.0 + 1e-5f64).sqrt();
    let found = Dual::normalize(dual(&[1.0, 3.0, 7.0], &[0.0, 0.0, 4.0]), 2);
    assert_dual(found, &[-scale, scale, 5.0 * scale], &[0.0, 0.0, 4.0 * scale]);
}

#[test]
fn mean_is_linear_and_keeps_tasks_apart() {
    let value = tensor(&[1.0, 3.0, 10.0, 20.0], [2, 2, 1]);
    let tangent = Some(tensor(&[0.0, 1.0, 2.0, 4.0], [2, 2, 1]));
    assert_dual(Dual::mean(DualTensor { value, tangent }), &[2.0, 15.0], &[0.5, 3.0]);
}

/// L(w) = mean over examples of (tanh(xw) − y)², for two tasks at once.
struct Curved;

impl Objective for Curved {
    fn losses<O: Ops>(&self, params: &[O::Tensor<3>]) -> (O::Tensor<1>, O::Tensor<3>) {
        let x = O::constant(tensor(&[0.3, -0.7, 1.1, 0.2, 0.9, -0.4], [2, 3, 1]));
        let y = O::constant(tensor(&[0.5, 0.1, -0.2, 0.8, -0.3, 0.4], [2, 3, 1]));
        let prediction = O::tanh(O::matmul(x, params[0].clone()));
        (O::mean(O::square(O::sub(prediction.clone(), y))), prediction)
    }
}

#[test]
fn both_derivatives_agree_with_finite_differences_in_float64() {
    let at = |a: f64, b: f64| Params(vec![tensor(&[a, b], [2, 1, 1])]);
    let gradient_at = |a, b| numbers(&gradient(&Curved, &at(a, b)).gradient.0[0]);
    let loss_at = |a, b| numbers(&Curved.losses::<Plain>(&at(a, b).0).0);
    let (h, v) = (1e-5, [2.0, -3.0]);

    let found = gradient_at(0.4, -0.6);
    let (up, down) = (loss_at(0.4 + h, -0.6 + h), loss_at(0.4 - h, -0.6 - h));
    let curved = hessian_vector(&Curved, &at(0.4, -0.6), &[Some(tensor(&v, [2, 1, 1]))]);
    let (steep, flat) = (gradient_at(0.4 + h * v[0], -0.6 + h * v[1]), gradient_at(0.4 - h * v[0], -0.6 - h * v[1]));
    for task in 0..2 {
        assert!((found[task] - (up[task] - down[task]) / (2.0 * h)).abs() < 1e-9);
        let product = numbers(&curved.0[0])[task];
        assert!((product - (steep[task] - flat[task]) / (2.0 * h)).abs() < 1e-8);
    }
}

/// Everything a classifier does: a product, a normalisation by the first rows, a scale, a softmax.
struct Classifier;

impl Objective for Classifier {
    fn losses<O: Ops>(&self, params: &[O::Tensor<3>]) -> (O::Tensor<1>, O::Tensor<3>) {
        let x = O::constant(tensor(&[0.3, -0.7, 1.1, 0.2, 0.9, -0.4, -1.3, 0.8], [1, 4, 2]));
        let y: Tensor<3> = tensor(&[1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0], [1, 4, 2]);
        let hidden = O::mul(O::normalize(O::matmul(x, params[0].clone()), 3), params[1].clone());
        let prediction = O::log_softmax(O::tanh(hidden));
        let chosen = O::mul(O::constant(y), prediction.clone());
        (O::mean(chosen), prediction)
    }
}

#[test]
fn both_derivatives_of_a_normalised_classifier_agree_with_finite_differences() {
    let at = |values: &[f64]| Params(vec![tensor(&values[..4], [1, 2, 2]), tensor(&values[4..], [1, 1, 2])]);
    let start = [0.4, -0.6, 0.9, 0.3, 1.2, 0.7];
    let direction = [0.5, 0.2, -0.3, 0.8, -0.4, 0.6];
    let moved = |h: f64| start.iter().zip(direction).map(|(w, v)| w + h * v).collect::<Vec<_>>();
    let flat = |params: &Params| params.0.iter().flat_map(numbers).collect::<Vec<_>>();
    let slope = |h: f64| flat(&gradient(&Classifier, &at(&moved(h))).gradient);
    let loss = |h: f64| numbers(&Classifier.losses::<Plain>(&at(&moved(h)).0).0)[0];
    let h = 1e-5;
    let along: f64 = slope(0.0).iter().zip(direction).map(|(g, v)| g * v).sum();
    assert!((along - (loss(h) - loss(-h)) / (2.0 * h)).abs() < 1e-9);
    let directions: Vec<_> = at(&direction).0.into_iter().map(Some).collect();
    let product = flat(&hessian_vector(&Classifier, &at(&start), &directions));
    for ((found, up), down) in product.iter().zip(slope(h)).zip(slope(-h)) {
        assert!((found - (up - down) / (2.0 * h)).abs() < 1e-8, "{found}");
    }
}

/// L(a, b) = (ab)², whose Hessian [[2b², 4ab], [4ab, 2a²]] is known.
struct Product;

impl Objective for Product {
    fn losses<O: Ops>(&self, params: &[O::Tensor<3>]) -> (O::Tensor<1>, O::Tensor<3>) {
        let prediction = O::matmul(params[0].clone(), params[1].clone());
        (O::mean(O::square(prediction.clone())), prediction)
    }
}

#[test]
fn a_direction_with_a_missing_tensor_is_zero_there_and_the_product_still_covers_every_parameter() {
    let params = Params(vec![column(&[3.0]), column(&[5.0])]);
    let whole = hessian_vector(&Product, &params, &[Some(column(&[1.0])), Some(column(&[2.0]))]);
    let part = hessian_vector(&Product, &params, &[Some(column(&[1.0])), None]);
    let none = hessian_vector(&Product, &params, &[None, None]);
    assert_near(&numbers(&whole.0[0]), &[50.0 + 120.0]);
    assert_near(&numbers(&whole.0[1]), &[60.0 + 36.0]);
    assert_near(&numbers(&part.0[0]), &[50.0]);
    assert_near(&numbers(&part.0[1]), &[60.0]);
    assert_near(&numbers(&none.0[1]), &[0.0]);
}

/// L(w) = mean of (xw − y)² with w reached by a straight line: its tangent is constant in w where y is absent.
struct Linear;

impl Objective for Linear {
    fn losses<O: Ops>(&self, params: &[O::Tensor<3>]) -> (O::Tensor<1>, O::Tensor<3>) {
        let prediction = O::matmul(O::constant(tensor(&[1.0, 2.0], [1, 2, 1])), params[0].clone());
        (O::mean(prediction.clone()), prediction)
    }
}

#[test]
fn a_loss_without_curvature_has_a_zero_product_and_does_not_panic() {
    let params = Params(vec![column(&[3.0])]);
    assert_near(&numbers(&gradient(&Linear, &params).gradient.0[0]), &[1.5]);
    assert_near(&numbers(&hessian_vector(&Linear, &params, &[Some(column(&[1.0]))]).0[0]), &[0.0]);
}

#[test]
fn parameters_flatten_and_unflatten_to_themselves() {
    let params = Params(vec![tensor(&[1.0, 2.0, 3.0, 4.0], [1, 2, 2]), tensor(&[5.0, 6.0], [1, 1, 2])]);
    let flat = params.flatten();
    assert_near(&numbers(&flat), &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let back = params.unflatten(&flat);
    assert_near(&numbers(&back.0[0]), &[1.0, 2.0, 3.0, 4.0]);
    assert_eq!(back.0[1].dims(), [1, 1, 2]);
}

#[test]
fn norms_are_one_a_task_over_all_tensors() {
    let params = Params(vec![tensor(&[3.0, 0.0], [2, 1, 1]), tensor(&[4.0, 2.0], [2, 1, 1])]);
    assert_near(&numbers(&params.norms().unwrap()), &[5.0, 2.0]);
}

/// The n × n matrix 1/(i + j + 1) with `ridge` on its diagonal: its condition number is about 2/ridge.
fn hilbert(n: usize, ridge: f64) -> Vec<f64> {
    let element = |i: usize, j: usize| 1.0 / (i + j + 1) as f64 + if i == j { ridge } else { 0.0 };
    (0..n * n).map(|k| element(k / n, k % n)).collect()
}

#[test]
fn solve_is_as_exact_as_the_condition_number_allows_in_either_precision() {
    for (precision, unit) in [(DType::F64, 1e-15), (DType::F32, 1e-7)] {
        for (n, ridge) in [(1, 1.0), (5, 1e-1), (30, 1e-2), (100, 1e-3)] {
            let x: Vec<f64> = (0..2 * n).map(|i| (i as f64).sin()).collect();
            let matrix = hilbert(n, ridge);
            let product = |k: usize| (0..n).map(|j| matrix[k / 2 * n + j] * x[j * 2 + k % 2]).sum();
            let b: Vec<f64> = (0..2 * n).map(product).collect();
            let found = solve(tensor(&matrix, [1, n, n]).cast(precision), tensor(&b, [1, n, 2]).cast(precision));
            let errors = numbers(&found).into_iter().zip(x).map(|(found, x)| (found - x).abs());
            let most = errors.fold(0.0, f64::max);
            assert!(most < unit * (1.0 + 2.0 / ridge), "{n} {ridge} {precision:?}: {most}");
        }
    }
}

#[test]
fn the_derivative_of_a_solution_is_that_of_the_inverse() {
    // a x = b in numbers: x = b/a, so dx/db = 1/a and dx/da = −b/a².
    let leaf = |value: f64| tensor(&[value], [1, 1, 1]).autodiff().require_grad();
    let (a, b) = (leaf(4.0), leaf(3.0));
    let grads = solve(a.clone(), b.clone()).sum().backward();
    let slope = |leaf: &Tensor<3>| numbers(&leaf.grad(&grads).expect("a gradient"))[0];
    assert_near(&[slope(&a), slope(&b)], &[-3.0 / 16.0, 0.25]);
}
