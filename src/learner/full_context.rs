//! Matching networks with full context embeddings (Vinyals, Blundell, Lillicrap, Kavukcuoglu, Wierstra 2016, §2.1.2 and
//! appendix A).
//!
//! Attention to a support set is as in `matching`; but what a drawing looks like depends on what else there is to tell it
//! from. g(x_i, S) = →h_i + ←h_i + g′(x_i) reads the support set in both directions, in the order in which the task has it
//! (a drawing of each class, then the next of each; labels are not read), and f(x, S) = h_K looks at it K times before it answers, k = 1 … K:
//!
//! ĥ_k, c_k = LSTM(f′(x), [h_{k−1}, r_{k−1}], c_{k−1}),  h_k = ĥ_k + f′(x),  r_k = Σ_i softmax_i(h_k · g(x_i)) g(x_i)
//!
//! with h_0 = 0 and c_0 = 0, so that the first reading r_0 is the mean. f′ = g′ are the features. Outside: they and three
//! LSTMs, by the gradient of the query loss. Inside: the support set is read once; no gradient, any number of classes.

use burn::tensor::{
    Tensor,
    activation::{sigmoid, softmax},
};

use crate::{
    experiment::{Init, LikenessKind},
    model::{Entry, FORGET_BIAS, Gates, Targets, weights},
    task::Stream,
};

use super::{
    embedded::Head,
    matching::{Attention, directions},
};

/// Remembers the support drawings in context `[tasks, examples, features]` and their classes.
pub(super) struct FullContext {
    /// K, at least 1.
    pub steps: usize,
}

/// The LSTMs and how many times the features what comes back to each has: h, or h and r.
const CELLS: [(&str, usize); 3] = [("forward", 1), ("backward", 1), ("reading", 2)];

/// Where the meta-parameters of the LSTMs begin.
const FIRST_CELL: usize = 1;

/// An LSTM whose gates stand side by side, `4 · features` columns: in, forget, new, out.
struct Cell<'a> {
    /// `[tasks, features, columns]`
    input: &'a Tensor<3>,
    /// `[tasks, comes back, columns]`
    recurrent: &'a Tensor<3>,
    /// `[tasks, 1, columns]`
    bias: &'a Tensor<3>,
}

impl<'a> Cell<'a> {
    /// The `index`-th of [`CELLS`] among a head's own meta-parameters.
    fn of(own: &'a [Tensor<3>], index: usize) -> Option<Self> {
        let [input, recurrent, bias] = own.get(FIRST_CELL + 3 * index..)?.first_chunk()?;
        Some(Self { input, recurrent, bias })
    }

    /// What every gate hears from inputs `[tasks, rows, features]` alone, the same at each step.
    fn heard(&self, inputs: Tensor<3>) -> Tensor<3> {
        inputs.matmul(self.input.clone()) + self.bias.clone()
    }

    /// One step from what came `back` `[tasks, rows, comes back]` and the memory c `[tasks, rows, features]`: h′ and c′.
    fn step(&self, heard: Tensor<3>, back: Tensor<3>, cell: Tensor<3>) -> (Tensor<3>, Tensor<3>) {
        let gates = heard + back.matmul(self.recurrent.clone());
        let [_, _, width] = cell.dims();
        let gate = |index: usize| gates.clone().narrow(2, index * width, width);
        let [input, forget, output] = [0, 1, 3].map(|index| sigmoid(gate(index)));
        Gates { input, forget, output }.step(gate(2), cell)
    }

    /// h of the rows in `order`, each `[tasks, 1, features]`, from zeros.
    fn read(&self, features: &Tensor<3>, order: impl Iterator<Item = usize>) -> Vec<Tensor<3>> {
        let heard = self.heard(features.clone());
        let nothing = features.clone().narrow(1, 0, 1).zeros_like();
        let (mut hidden, mut cell) = (nothing.clone(), nothing);
        let mut read = |row: usize| {
            (hidden, cell) = self.step(heard.clone().narrow(1, row, 1), hidden.clone(), cell.clone());
            hidden.clone()
        };
        order.map(&mut read).collect()
    }
}

impl FullContext {
    /// g(x_i, S) of the support features `[tasks, examples, features]`.
    fn in_context(own: &[Tensor<3>], features: Tensor<3>) -> Tensor<3> {
        let (Some(forward), Some(backward)) = (Cell::of(own, 0), Cell::of(own, 1)) else { return features };
        let examples = features.dims()[1];
        let forward = forward.read(&features, 0..examples);
        let mut backward = backward.read(&features, (0..examples).rev());
        backward.reverse();
        features + Tensor::cat(forward, 1) + Tensor::cat(backward, 1)
    }

    /// f(x, S) of query features `[tasks, queries, features]`, given g(x_i, S).
    fn after_readings(&self, own: &[Tensor<3>], support: &Tensor<3>, features: Tensor<3>) -> Tensor<3> {
        let Some(reading) = Cell::of(own, 2) else { return features };
        let heard = reading.heard(features.clone());
        let (mut hidden, mut cell) = (features.zeros_like(), features.zeros_like());
        for _ in 0..self.steps {
            let attention = softmax(hidden.clone().matmul(support.clone().swap_dims(1, 2)), 2);
            let back = Tensor::cat(vec![hidden, attention.matmul(support.clone())], 2);
            (hidden, cell) = reading.step(heard.clone(), back, cell);
            hidden = hidden + features.clone();
        }
        hidden
    }
}

impl Head for FullContext {
    fn layout(&self, features: usize) -> Vec<Entry> {
        let entry = |name: String, shape| Entry { name, shape };
        let cells = CELLS.iter().flat_map(|(name, back)| {
            [
                entry(format!("{name}.input"), vec![features, 4 * features]),
                entry(format!("{name}.recurrent"), vec![back * features, 4 * features]),
                entry(format!("{name}.bias"), vec![4 * features]),
            ]
        });
        Attention.layout(features).into_iter().chain(cells).collect()
    }

    /// Forget gates begin open, all other biases at zero.
    fn init(&self, features: usize, stream: &mut Stream) -> Vec<Vec<f64>> {
        let mut values = Attention.init(features, stream);
        for (_, back) in CELLS {
            let heard = (1 + back) * features;
            values.push(weights(stream, Init::Lecun, heard, 4 * features * features));
            values.push(weights(stream, Init::Lecun, heard, 4 * back * features * features));
            let gates = [0.0, FORGET_BIAS, 0.0, 0.0];
            values.push(gates.into_iter().flat_map(|bias| vec![bias; features]).collect());
        }
        values
    }

    fn make(&self, own: &[Tensor<3>], features: Tensor<3>, targets: &Targets) -> Vec<Tensor<3>> {
        vec![Self::in_context(own, features), targets.tensor().clone()]
    }

    fn embed(&self, own: &[Tensor<3>], made: &[Tensor<3>], features: Tensor<3>, query: bool) -> Tensor<3> {
        directions(match made {
            [support, _] if query => self.after_readings(own, support, features),
            _ => Self::in_context(own, features),
        })
    }

    fn likeness(&self, own: &[Tensor<3>], made: &[Tensor<3>], query: Tensor<3>) -> Option<(LikenessKind, Tensor<3>)> {
        let [support, classes] = made else { return None };
        let read = self.after_readings(own, support, query);
        Attention.likeness(&own[..FIRST_CELL], &[directions(support.clone()), classes.clone()], read)
    }

    fn answer(&self, own: &[Tensor<3>], made: &[Tensor<3>], features: Tensor<3>) -> Tensor<3> {
        let [support, classes] = made else { return features };
        let features = self.after_readings(own, support, features);
        Attention.answer(&own[..FIRST_CELL], &[directions(support.clone()), classes.clone()], features)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::testing::{assert_near, place, read};

    /// Three LSTMs for two features, of zeros but for what is given; and the sharpness of the paper.
    fn own(given: [(usize, Vec<f64>); 3]) -> Vec<Tensor<3>> {
        let layout = FullContext { steps: 1 }.layout(2);
        let mut values: Vec<Vec<f64>> = layout.iter().map(|entry| vec![0.0; entry.len()]).collect();
        given.into_iter().for_each(|(entry, numbers)| values[entry] = numbers);
        place().params(&layout, &values).0
    }

    fn logistic(x: f64) -> f64 {
        1.0 / (1.0 + (-x).exp())
    }

    #[test]
    fn a_cell_forgets_takes_in_and_lets_out_as_its_gates_say() {
        // One feature, x = 2, h = 0.5, c = −1; each gate is w x + u h + b.
        let place = place();
        let [w, u, b] = [[0.1, 0.2, 0.3, 0.4], [-1.0, 0.0, 1.0, 2.0], [0.5, 1.0, 0.0, -0.5]]
            .map(|row| place.tensor(&row, [1, 1, 4]));
        let cell = Cell { input: &w, recurrent: &u, bias: &b };
        let number = |value: f64| place.tensor(&[value], [1, 1, 1]);
        let (hidden, state) = cell.step(cell.heard(number(2.0)), number(0.5), number(-1.0));
        let [taken, kept, new, out] = [logistic(0.2), logistic(1.4), 1.1f64.tanh(), logistic(1.3)];
        let expected = taken * new - kept;
        assert_near(&read(&state), &[expected], 1e-14);
        assert_near(&read(&hidden), &[out * expected.tanh()], 1e-14);
    }

    #[test]
    fn the_support_set_is_read_in_both_directions_and_each_drawing_keeps_its_own_features() {
        // Both cells hear the input alone, in its new gate, once and twice as loud; every other gate is half open. So a
        // direction has c = ½ tanh x at its first drawing and c′ = ½ c + ½ tanh x′ at its second.
        let takes = |size: f64| {
            let mut weight = vec![0.0; 16];
            (weight[4], weight[13]) = (size, size);
            weight
        };
        let own = own([(1, takes(1.0)), (4, takes(2.0)), (9, vec![0.0; 8])]);
        let x = [[0.3, -0.2], [1.0, 0.5]];
        let features = place().tensor(&x.concat(), [1, 2, 2]);
        let found = read(&FullContext::in_context(&own, features));
        let h = |size: f64, own: f64, before: f64| {
            let c = 0.5 * (size * own).tanh() + 0.25 * (size * before).tanh();
            0.5 * c.tanh()
        };
        let first = |i: usize| x[0][i] + h(1.0, x[0][i], 0.0) + h(2.0, x[0][i], x[1][i]);
        let second = |i: usize| x[1][i] + h(1.0, x[1][i], x[0][i]) + h(2.0, x[1][i], 0.0);
        let expected = [first(0), first(1), second(0), second(1)];
        assert_near(&found, &expected, 1e-14);
    }

    #[test]
    fn each_reading_is_the_support_set_by_its_likeness_to_what_was_made_of_the_query_so_far() {
        // The reading cell hears r alone, in its new gate: ĥ = ½ tanh(½ tanh r + ½ c). The first attention, of h = 0, is even.
        let mut weight = vec![0.0; 32];
        (weight[2 * 8 + 4], weight[3 * 8 + 5]) = (1.0, 1.0);
        let own = own([(7, vec![0.0; 16]), (8, weight), (9, vec![0.0; 8])]);
        let place = place();
        let support = [[1.0, 0.0], [0.0, 2.0]];
        let (g, query) = (place.tensor(&support.concat(), [1, 2, 2]), [0.5, -1.0]);
        let after = |steps| read(&FullContext { steps }.after_readings(&own, &g, place.tensor(&query, [1, 1, 2])));
        let mut cell = [0.0; 2];
        let mut step = |hidden: [f64; 2]| {
            let likeness = support.map(|g| (hidden[0] * g[0] + hidden[1] * g[1]).exp());
            let total: f64 = likeness.iter().sum();
            [0, 1].map(|i| {
                let reading = (likeness[0] * support[0][i] + likeness[1] * support[1][i]) / total;
                cell[i] = 0.5 * cell[i] + 0.5 * reading.tanh();
                query[i] + 0.5 * cell[i].tanh()
            })
        };
        let first = step([0.0; 2]);
        assert_near(&after(1), &first, 1e-14);
        assert_near(&after(2), &step(first), 1e-14);
    }

    #[test]
    fn without_the_lstms_it_is_a_matching_network() {
        let place = place();
        let own = own([(9, vec![0.0; 8]), (3, vec![0.0; 8]), (6, vec![0.0; 8])]);
        let features = place.tensor(&[1.0, 0.0, 3.0, 3.0, 0.0, 2.0], [1, 3, 2]);
        let classes = Targets::Classes(place.tensor(&[1.0, 0.0, 1.0, 0.0, 0.0, 1.0], [1, 3, 2]));
        let query = place.tensor(&[2.0, 0.3], [1, 1, 2]);
        let head = FullContext { steps: 3 };
        let found = head.answer(&own, &head.make(&own, features.clone(), &classes), query.clone());
        let plain = Attention.answer(&own[..1], &Attention.make(&[], features, &classes), query);
        assert_eq!(read(&found), read(&plain));
    }
}
