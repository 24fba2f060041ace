//! A long short-term memory of two layers that every row goes through by itself.
//!
//! A layer is a cell with (i, f, o, g) = (σ, σ, σ, tanh)((x, h) W + b). Then one number a row, h₂ w + b. All rows are one batch: four matrix products a step, however many there are.

use burn::tensor::{Tensor, activation::sigmoid};

use crate::{
    experiment::Init,
    model::{Entry, FORGET_BIAS, Gates, weights},
    task::{Purpose, Stream},
};

/// Layers.
const LAYERS: usize = 2;

/// The shape of the memory; its parameters are φ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lstm {
    /// Numbers in a row.
    pub inputs: usize,
    /// Units of each layer.
    pub units: usize,
}

/// What the memory holds of every row: h and c of each layer, `[rows, units]`.
#[derive(Clone, Debug)]
pub(super) struct Memory(pub [(Tensor<2>, Tensor<2>); LAYERS]);

impl Memory {
    /// The same numbers, without the way they came about.
    pub fn detached(self) -> Self {
        let plain = |tensor: Tensor<2>| if tensor.is_autodiff() { tensor.inner() } else { tensor };
        Self(self.0.map(|(h, c)| (plain(h), plain(c))))
    }
}

impl Lstm {
    /// Names and shapes of φ.
    pub fn layout(&self) -> Vec<Entry> {
        let Self { inputs, units } = *self;
        let entry = |name: &str, shape: &[usize]| Entry { name: name.to_owned(), shape: shape.to_vec() };
        vec![
            entry("lstm0.weight", &[inputs + units, 4 * units]),
            entry("lstm0.bias", &[4 * units]),
            entry("lstm1.weight", &[2 * units, 4 * units]),
            entry("lstm1.bias", &[4 * units]),
            entry("output.weight", &[units, 1]),
            entry("output.bias", &[1]),
        ]
    }

    /// First φ: LeCun's normal weights, and no bias but the forget gates'.
    pub fn init(&self, seed: u32) -> Vec<Vec<f64>> {
        let (units, layout) = (self.units, self.layout());
        let first = |(place, entry): (usize, &Entry)| match entry.shape[..] {
            [rows, columns] => {
                let mut stream = Stream::new(seed, Purpose::Weights, place as u64);
                weights(&mut stream, Init::Lecun, rows, rows * columns)
            }
            _ if entry.len() == 1 => vec![0.0],
            _ => (0..4 * units).map(|i| if i / units == 1 { FORGET_BIAS } else { 0.0 }).collect(),
        };
        layout.iter().enumerate().map(first).collect()
    }

    /// The memory of rows like those of `like` before the first, all zero.
    pub fn empty(&self, like: &Tensor<2>) -> Memory {
        let zeros = like.zeros_like().narrow(1, 0, 1).repeat_dim(1, self.units);
        Memory([(zeros.clone(), zeros.clone()), (zeros.clone(), zeros)])
    }

    /// One step under φ (`[1, …]` each): rows `[n, inputs]` to one number each, `[n, 1]`, and the memory after it.
    pub fn step(&self, phi: &[Tensor<3>], rows: Tensor<2>, Memory(memory): Memory) -> (Tensor<2>, Memory) {
        let matrix = |place: usize| {
            let tensor = phi[place].clone();
            let [_, rows, columns] = tensor.dims();
            tensor.reshape([rows, columns])
        };
        let mut x = rows;
        let mut place = 0;
        let memory = memory.map(|(h, c)| {
            let gates = Tensor::cat(vec![x.clone(), h], 1).matmul(matrix(place)) + matrix(place + 1);
            place += 2;
            let units = self.units;
            let open = sigmoid(gates.clone().narrow(1, 0, 3 * units));
            let [input, forget, output] = [0, 1, 2].map(|gate| open.clone().narrow(1, gate * units, units));
            let (h, c) = Gates { input, forget, output }.step(gates.narrow(1, 3 * units, units), c);
            x = h.clone();
            (h, c)
        });
        (x.matmul(matrix(place)) + matrix(place + 1), Memory(memory))
    }
}
