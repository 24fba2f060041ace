//! Ten lines of Python that load the weights, say what they are, and compute with them.

use crate::experiment::{Activation, Experiment, LearnerKind, NetworkKind, Normalization};

/// How a file of weights is read with numpy and the package safetensors: its shapes, and where the network's own numbers
/// are all it takes, a prediction. `file` is what the file is called.
#[must_use]
pub fn snippet(experiment: &Experiment, file: &str) -> String {
    let mut lines = vec![
        "import numpy as np".to_owned(),
        "from safetensors.numpy import load_file".to_owned(),
        String::new(),
        format!("weights = load_file(\"{file}\")"),
        "for name, tensor in weights.items():".to_owned(),
        "    print(name, tensor.shape)".to_owned(),
    ];
    if is_plain(experiment) {
        lines.extend(match experiment.model.network {
            NetworkKind::Mlp => mlp(experiment),
            NetworkKind::Conv4 => conv4(),
        });
    }
    lines.join("\n") + "\n"
}

/// Whether the network computes with its own parameters alone, from inputs as they are.
fn is_plain(experiment: &Experiment) -> bool {
    use LearnerKind::{Anil, Boil, Fomaml, Imaml, Maml, MetaSgd, Pretrained, Reptile};
    let of_network = [Maml, Fomaml, Reptile, MetaSgd, Anil, Boil, Imaml, Pretrained].contains(&experiment.learner.kind);
    let points = experiment.task.family.has_points() && experiment.model.normalization == Normalization::None;
    let conv4 = experiment.task.family.classifies() && experiment.model.network == NetworkKind::Conv4;
    of_network && (points && experiment.model.network == NetworkKind::Mlp || conv4)
}

/// Predictions over the inputs that tasks have, before any inner step, at as many as a trajectory has.
fn mlp(experiment: &Experiment) -> Vec<String> {
    let layers = experiment.layer_sizes().len().saturating_sub(1);
    let last = layers.saturating_sub(1);
    let (low, high) = (experiment.task.x.low, experiment.task.x.high);
    let activated = match experiment.model.activation {
        Activation::Relu => "np.maximum(x, 0)",
        Activation::Tanh => "np.tanh(x)",
    };
    vec![
        format!("x = np.linspace({low:?}, {high:?}, 121, dtype=np.float32)[:, None]"),
        format!("for layer in range({layers}):"),
        "    x = x @ weights[f\"layer{layer}.weight\"] + weights[f\"layer{layer}.bias\"]".to_owned(),
        format!("    x = {activated} if layer < {last} else x"),
        "print(x[:, 0])  # predictions before any inner step".to_owned(),
    ]
}

/// Features of images after the first convolution.
fn conv4() -> Vec<String> {
    [
        "images = np.zeros((5, 1, 30, 30), np.float32)  # five drawings of 28 x 28, with a line of padding around",
        "images[:, :, 8:22, 14] = 1",
        "patches = np.lib.stride_tricks.sliding_window_view(images, (3, 3), (2, 3))[:, :, ::2, ::2]",
        "print(np.einsum(\"nchwij,ocij->nohw\", patches, weights[\"conv0.weight\"]).shape)  # maps of the first layer",
    ]
    .map(str::to_owned)
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn the_snippet_names_the_file_and_the_layers_that_there_are() {
        let text = snippet(&preset("sinusoid-maml-5shot").unwrap().experiment(), "maml.safetensors");
        for part in ["load_file(\"maml.safetensors\")", "range(3)", "np.linspace(-5.0, 5.0, 121", "layer < 2 else x"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let lines = text.lines().filter(|line| !line.is_empty()).count();
        assert_eq!(lines, 10, "ten lines");
    }

    #[test]
    fn where_more_than_the_network_is_in_the_file_only_shapes_are_told() {
        let text = snippet(&preset("sinusoid-cavia").unwrap().experiment(), "a.safetensors");
        assert!(text.ends_with("print(name, tensor.shape)\n"), "{text}");
    }
}
