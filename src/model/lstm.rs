//! The cell of a long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber,
//! Cummins 2000).

use burn::tensor::Tensor;

/// Where the biases of forget gates start: a memory that keeps what it has (Jozefowicz, Zaremba, Sutskever 2015, §5).
pub const FORGET_BIAS: f64 = 1.0;

/// How far the gates of a cell are open, each number from 0 to 1; every tensor of a cell has the same shape.
#[derive(Clone, Debug)]
pub struct Gates<const D: usize> {
    /// i, for what is new.
    pub input: Tensor<D>,
    /// f, for what is remembered.
    pub forget: Tensor<D>,
    /// o, for what is told.
    pub output: Tensor<D>,
}

impl<const D: usize> Gates<D> {
    /// One step from what is `new`, g before its tanh, and the memory c: (h′, c′) with c′ = f ⊙ c + i ⊙ tanh g and
    /// h′ = o ⊙ tanh c′.
    #[must_use]
    pub fn step(self, new: Tensor<D>, memory: Tensor<D>) -> (Tensor<D>, Tensor<D>) {
        let memory = self.forget * memory + self.input * new.tanh();
        (self.output * memory.clone().tanh(), memory)
    }
}
