//! A batch of examples and the loss on it.

use burn::tensor::Tensor;

use crate::diff::{Objective, Ops, Plain};

use super::Network;

/// Examples of several tasks.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Inputs `[tasks, examples, inputs]`.
    pub x: Tensor<3>,
    /// What is to be predicted.
    pub targets: Targets,
    /// Inputs `[tasks, others, inputs]` whose statistics normalise the examples in place of their own: of a query set
    /// that is not to be classified transductively, the support set; of sets that a learner normalises together, both.
    pub reference: Option<Tensor<3>>,
}

/// Targets, which decide the loss.
#[derive(Clone, Debug)]
pub enum Targets {
    /// Numbers `[tasks, examples, 1]`, judged by their mean squared error: L = mean over examples of (f(x) − y)².
    Numbers(Tensor<3>),
    /// Numbers `[tasks, examples, 1]`, judged by the sum of their squared errors: L = Σ over examples of (f(x) − y)².
    Sums(Tensor<3>),
    /// Classes `[tasks, examples, classes]`, 1 at the example's class and 0 elsewhere, judged by their mean
    /// cross-entropy: L = −mean over examples of log softmax(f(x))_y. A network with more outputs than there are
    /// classes is judged, and adapts, as if it had no others.
    Classes(Tensor<3>),
}

impl Targets {
    fn map(&self, f: impl Fn(Tensor<3>) -> Tensor<3>) -> Self {
        match self {
            Self::Numbers(y) => Self::Numbers(f(y.clone())),
            Self::Sums(y) => Self::Sums(f(y.clone())),
            Self::Classes(y) => Self::Classes(f(y.clone())),
        }
    }

    /// The numbers or classes, `[tasks, examples, outputs]`.
    pub fn tensor(&self) -> &Tensor<3> {
        match self {
            Self::Numbers(y) | Self::Sums(y) | Self::Classes(y) => y,
        }
    }

    /// The loss of every task's predictions `[tasks, examples, outputs]`, `[tasks]`.
    pub fn losses<O: Ops>(&self, predictions: O::Tensor<3>) -> O::Tensor<1> {
        match self {
            Self::Numbers(y) => O::mean(O::square(O::sub(predictions, O::constant(y.clone())))),
            Self::Sums(y) => {
                let [_, examples, _] = y.dims();
                let squares = O::square(O::sub(predictions, O::constant(y.clone())));
                O::linear(O::mean(squares), |mean| mean * examples as f64)
            }
            Self::Classes(y) => {
                let [_, _, classes] = y.dims();
                let chosen = O::mul(O::log_softmax(predictions), O::constant(y.clone()));
                O::linear(O::mean(chosen), |mean| mean * -(classes as f64))
            }
        }
    }
}

impl Batch {
    /// Number of tasks.
    pub fn tasks(&self) -> usize {
        self.x.dims()[0]
    }

    /// Examples of each task.
    pub fn examples(&self) -> usize {
        self.x.dims()[1]
    }

    /// The examples of both batches, task by task; normalised by their own statistics.
    pub fn join(&self, other: &Self) -> Self {
        let x = Tensor::cat(vec![self.x.clone(), other.x.clone()], 1);
        let targets = self.targets.map(|y| Tensor::cat(vec![y, other.targets.tensor().clone()], 1));
        Self { x, targets, reference: None }
    }

    /// The same examples `times` times along the task axis; only for a batch of one task.
    pub fn repeat(&self, times: usize) -> Self {
        let repeat = |tensor: Tensor<3>| tensor.repeat_dim(0, times);
        Self {
            x: repeat(self.x.clone()),
            targets: self.targets.map(repeat),
            reference: self.reference.clone().map(repeat),
        }
    }

    /// The `step`-th mini-batch of `size` examples, going round and round; all of them if `size` is 0 or enough.
    pub fn mini_batch(&self, size: usize, step: usize) -> Self {
        let examples = self.examples();
        if size == 0 || size >= examples {
            return self.clone();
        }
        let start = step * size % examples;
        let round = |tensor: Tensor<3>| {
            let first = size.min(examples - start);
            let head = tensor.clone().narrow(1, start, first);
            if first == size { head } else { Tensor::cat(vec![head, tensor.narrow(1, 0, size - first)], 1) }
        };
        Self { x: round(self.x.clone()), targets: self.targets.map(round), reference: self.reference.clone() }
    }

    /// The outputs of `network` for the examples, `[tasks, examples, outputs]`, normalised as the batch says.
    pub fn through<O: Ops>(&self, network: &Network, params: &[O::Tensor<3>]) -> O::Tensor<3> {
        let (all, statistics, others) = self.normalized();
        let [tasks, rows, _] = all.dims();
        let outputs = network.forward::<O>(params, [tasks, rows], O::constant(all), statistics);
        if others == 0 { outputs } else { O::linear(outputs, |all| all.narrow(1, others, rows - others)) }
    }

    /// What every layer of `network` makes of the examples ([`Network::layers`]), normalised as the batch says.
    pub fn through_layers(&self, network: &Network, params: &[Tensor<3>]) -> Vec<Tensor<3>> {
        let (all, statistics, others) = self.normalized();
        let [tasks, rows, _] = all.dims();
        let made = network.layers(params, [tasks, rows], all, statistics).into_iter();
        made.map(|made| made.narrow(1, others, rows - others)).collect()
    }

    /// The inputs with those in front that normalise them, how many of them do, and how many are none of the examples.
    fn normalized(&self) -> (Tensor<3>, usize, usize) {
        match &self.reference {
            Some(reference) => {
                let others = reference.dims()[1];
                (Tensor::cat(vec![reference.clone(), self.x.clone()], 1), others, others)
            }
            None => (self.x.clone(), self.examples(), 0),
        }
    }

    /// The loss of every task's `predictions`, `[tasks]`.
    pub fn losses(&self, predictions: Tensor<3>) -> Tensor<1> {
        self.targets.losses::<Plain>(predictions)
    }

    /// Share of the examples whose class has the largest of `predictions`, one a task, `[tasks]`; none where the
    /// targets are numbers. Where several are the largest one of them is drawn, and this is the expectation.
    pub fn accuracy(&self, predictions: &Tensor<3>) -> Option<Tensor<1>> {
        let Targets::Classes(y) = &self.targets else { return None };
        let own = (predictions.clone() * y.clone()).sum_dim(2);
        let largest = predictions.clone().max_dim(2);
        let right = own.greater_equal(largest.clone()).float();
        // None is the largest where one is not a number.
        let ties = predictions.clone().greater_equal(largest).float().sum_dim(2).clamp_min(1.0);
        Some((right / ties).mean_dim(1).reshape([self.tasks()]))
    }
}

/// The loss of a network on a batch, one number a task.
pub struct TaskLoss<'a> {
    /// The network.
    pub network: &'a Network,
    /// Its examples.
    pub batch: &'a Batch,
}

impl TaskLoss<'_> {
    /// Predictions `[tasks, examples, outputs]`, of as many outputs as the targets have.
    pub fn predict<O: Ops>(&self, params: &[O::Tensor<3>]) -> O::Tensor<3> {
        let outputs = self.batch.targets.tensor().dims()[2];
        let predictions = self.batch.through::<O>(self.network, params);
        if outputs == self.network.outputs() {
            return predictions;
        }
        O::linear(predictions, |all| all.narrow(2, 0, outputs))
    }
}

impl Objective for TaskLoss<'_> {
    fn losses<O: Ops>(&self, params: &[O::Tensor<3>]) -> (O::Tensor<1>, O::Tensor<3>) {
        let predictions = self.predict::<O>(params);
        (self.batch.targets.losses::<O>(predictions.clone()), predictions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    #[test]
    fn accuracy_is_the_share_of_right_answers_with_ties_shared_and_no_answer_wrong() {
        let place = Place::cpu();
        let y = place.tensor(&[1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0], [1, 4, 2]);
        let batch = Batch { x: y.clone(), targets: Targets::Classes(y), reference: None };
        let accuracy = |predictions: &[f64]| {
            let found = batch.accuracy(&place.tensor(predictions, [1, 4, 2])).unwrap();
            found.to_data().iter::<f64>().sum::<f64>()
        };
        // Right, wrong, a tie of two, right.
        assert_eq!(accuracy(&[2.0, 1.0, 2.0, 1.0, 3.0, 3.0, -2.0, -1.0]), 2.5 / 4.0);
        assert_eq!(accuracy(&[f64::NAN, 0.0, 0.0, f64::NAN, f64::NAN, f64::NAN, 1.0, 0.0]), 0.0);
    }

    #[test]
    fn mini_batches_go_round_and_round_with_their_targets() {
        let place = Place::cpu();
        let column = |values: &[f64]| place.tensor(values, [1, values.len(), 1]);
        let batch = Batch {
            x: column(&[0.0, 1.0, 2.0, 3.0, 4.0]),
            targets: Targets::Numbers(column(&[10.0, 11.0, 12.0, 13.0, 14.0])),
            reference: None,
        };
        let numbers = |tensor: &Tensor<3>| tensor.to_data().iter::<f64>().collect::<Vec<_>>();
        for (step, expected) in [[0.0, 1.0], [2.0, 3.0], [4.0, 0.0], [1.0, 2.0]].into_iter().enumerate() {
            let found = batch.mini_batch(2, step);
            assert_eq!(numbers(&found.x), expected);
            assert_eq!(numbers(found.targets.tensor()), expected.map(|x| x + 10.0));
        }
        for all in [0, 5, 6] {
            assert_eq!(numbers(&batch.mini_batch(all, 1).x), [0.0, 1.0, 2.0, 3.0, 4.0]);
        }
    }
}
