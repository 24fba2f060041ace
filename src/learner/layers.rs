//! What can be seen inside a learner: its layers, what a head compares, and how alike it finds drawings.

use burn::tensor::Tensor;

use crate::{
    experiment::LikenessKind,
    model::{Batch, Entry, Network},
};

/// One layer of the network that a state holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its name in checkpoints, such as `conv0`; a normalisation behind it is a part of it.
    pub name: String,
    /// Which of a state's tensors are its own.
    pub entries: Vec<usize>,
}

/// What normalisations are called together that stand beside no layer of their number.
const NORMS: &str = "norms";

/// The layers of a layout in which the network's entries come first: `conv0` and `norm0` are one, `head` is the head.
pub fn layers_of(layout: &[Entry]) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    for (entry, tensor) in layout.iter().enumerate() {
        let name = tensor.name.split('.').next().unwrap_or_default();
        // A normalisation belongs to the layer of its number: MAML++ has more of them behind the head.
        let number = name.strip_prefix("norm");
        let own = |layer: &str| match number {
            None => layer == name,
            Some(number) => layer == NORMS || ["conv", "layer"].iter().any(|kind| layer == format!("{kind}{number}")),
        };
        match layers.iter_mut().find(|layer| own(&layer.name)) {
            Some(layer) => layer.entries.push(entry),
            None => {
                let name = if number.is_some() { NORMS } else { name };
                layers.push(Layer { name: name.to_owned(), entries: vec![entry] });
            }
        }
    }
    layers
}

/// What the head of a state sees of both sets, and what it makes of it.
#[derive(Clone, Debug)]
pub struct Embeddings {
    /// Of the support set, `[tasks, examples, features]`; none where that holds no examples of this kind.
    pub support: Option<Tensor<3>>,
    /// Of the query set, `[tasks, queries, features]`; none where it is empty.
    pub query: Option<Tensor<3>>,
    /// What stands for each class in the same space, so that the nearest is the answer, `[tasks, classes, features]`.
    pub prototypes: Option<Tensor<3>>,
    /// How alike each query and each support drawing, or class, are found, `[tasks, queries, columns]`, 0 to 1.
    pub likeness: Option<(LikenessKind, Tensor<3>)>,
}

impl Embeddings {
    /// What a network's head sees; `network` is the body alone.
    pub fn of_body(body: &Network, params: &[Tensor<3>], support: &Batch, query: &Batch) -> Self {
        let through = |batch: &Batch| (batch.examples() > 0).then(|| batch.through::<crate::diff::Plain>(body, params));
        Self { support: through(support), query: through(query), prototypes: None, likeness: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Conv4;

    #[test]
    fn the_layers_of_conv4_are_its_blocks_and_its_head() {
        let layers = layers_of(&Network::Conv4(Conv4::flat(8, 5)).layout());
        let shapes: Vec<_> = layers.iter().map(|layer| (layer.name.as_str(), layer.entries.len())).collect();
        assert_eq!(shapes, [("conv0", 4), ("conv1", 4), ("conv2", 4), ("conv3", 4), ("head", 2)]);
        assert_eq!(layers[4].entries, [16, 17]);
    }

    #[test]
    fn a_normalisation_belongs_to_the_layer_of_its_number_wherever_it_stands() {
        // As MAML++ has them: those of later steps come behind the network.
        let names = ["conv0.weight", "norm0.gamma", "head.weight", "norm0.gamma.1", "norm7.gamma.1", "norm8.gamma.1"];
        let entry = |name: &str| Entry { name: name.to_owned(), shape: vec![1] };
        let layers = layers_of(&names.map(entry));
        let found: Vec<_> = layers.iter().map(|layer| (layer.name.as_str(), layer.entries.as_slice())).collect();
        assert_eq!(found, [("conv0", &[0, 1, 3][..]), ("head", &[2][..]), ("norms", &[4, 5][..])]);
    }
}
