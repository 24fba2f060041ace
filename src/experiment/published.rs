//! Published figures, and how ours are measured beside them.

/// What a paper reports of one protocol.
#[derive(Debug)]
pub struct Published {
    /// The preset that follows its protocol; also the name of the reproduction.
    pub preset: &'static str,
    /// What the figures are.
    pub metric: Metric,
    /// Inner steps, the figure after them, and the half-width of its 95 % interval where one is printed.
    pub figures: &'static [(u32, f64, Option<f64>)],
    /// Tasks that the paper evaluates on.
    pub tasks: u32,
    /// Paper and table.
    pub source: &'static str,
    /// Where our protocol is another, in words.
    pub differences: &'static [&'static str],
}

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Mean squared error of the query set: less is better.
    Loss,
    /// Accuracy of the query set, in per cent: more is better.
    Accuracy,
}

/// Every published protocol that a preset follows, in the order of the presets.
#[must_use]
pub fn published() -> &'static [Published] {
    PUBLISHED
}

const MAML: &str = "Finn, Abbeel and Levine 2017, Table 1";
const REPTILE: &str = "Nichol, Achiam and Schulman 2018, Table 3";

/// Of every protocol of characters.
const SPLIT: &str = "Characters are held out by whole alphabets, the papers' at random from all 1623.";
const DATA: &str = "Without --data the characters are procedural ones; with the background set there are 964.";

const WEIGHTS: &str = "First weights from LeCun's normal distribution instead of a cut normal of 0.01.";
const NO_INTERVAL: &str = "The paper prints no intervals.";

/// MAML's protocols of characters.
const CHARACTERS: &[&str] = &[SPLIT, DATA];
const BY_REPTILES_PAPER: &[&str] =
    &[SPLIT, DATA, "The figure is that of Reptile's paper; the protocol here is MAML's with the Hessians dropped."];
const REPTILES: &[&str] = &[
    SPLIT,
    DATA,
    "600 tasks instead of 10 000.",
    "The inner Adam starts afresh in every task; the paper's code carries its moments from task to task.",
    "Without transduction all queries are normalised by the support set; the paper adds each query to it in turn.",
    "Test characters are turned as training ones are; the paper turns those of training alone.",
];
const META_SGDS: &[&str] = &[
    SPLIT,
    DATA,
    "Rates start at 0.05; the paper draws each from 0.005 to 0.1.",
    "The paper's meta-batch is not known.",
];

macro_rules! characters {
    ($preset:literal, $step:literal, $value:literal, $ci:literal, $source:expr, $differences:expr) => {
        Published {
            preset: $preset,
            metric: Metric::Accuracy,
            figures: &[($step, $value, Some($ci))],
            tasks: 600,
            source: $source,
            differences: $differences,
        }
    };
}

static PUBLISHED: &[Published] = &[
    Published {
        preset: "sinusoid-maml-5shot",
        metric: Metric::Loss,
        figures: &[(1, 0.67, None), (5, 0.38, None), (10, 0.35, None)],
        tasks: 600,
        source: "Finn, Abbeel and Levine 2017, Table 2",
        differences: &[WEIGHTS, NO_INTERVAL],
    },
    Published {
        preset: "sinusoid-meta-sgd",
        metric: Metric::Loss,
        figures: &[(1, 0.90, Some(0.16))],
        tasks: 600,
        source: "Li, Zhou, Chen and Li 2017, Table 1",
        differences: &[WEIGHTS, "Rates start at 0.01; the paper draws each from 0.005 to 0.1."],
    },
    Published {
        preset: "sinusoid-pretrained-5shot",
        metric: Metric::Loss,
        figures: &[(1, 2.41, None), (5, 2.23, None), (10, 2.19, None)],
        tasks: 600,
        source: "Finn, Abbeel and Levine 2017, Table 2",
        differences: &[WEIGHTS, NO_INTERVAL, "The paper tunes the step size of fine-tuning; here it is 0.002."],
    },
    characters!("glyphs-maml-5w1s", 3, 98.7, 0.4, MAML, CHARACTERS),
    characters!("glyphs-maml-5w5s", 3, 99.9, 0.1, MAML, CHARACTERS),
    characters!("glyphs-maml-20w1s", 5, 95.8, 0.3, MAML, CHARACTERS),
    characters!("glyphs-maml-20w5s", 5, 98.9, 0.2, MAML, CHARACTERS),
    characters!("glyphs-fomaml-5w1s", 3, 98.3, 0.5, REPTILE, BY_REPTILES_PAPER),
    characters!("glyphs-fomaml-5w5s", 3, 99.2, 0.2, REPTILE, BY_REPTILES_PAPER),
    characters!("glyphs-fomaml-20w1s", 5, 89.4, 0.5, REPTILE, BY_REPTILES_PAPER),
    characters!("glyphs-fomaml-20w5s", 5, 97.9, 0.1, REPTILE, BY_REPTILES_PAPER),
    characters!("glyphs-meta-sgd-5w1s", 1, 99.53, 0.26, "Li, Zhou, Chen and Li 2017, Table 2", META_SGDS),
    characters!("glyphs-meta-sgd-5w5s", 1, 99.93, 0.09, "Li, Zhou, Chen and Li 2017, Table 2", META_SGDS),
    characters!("glyphs-anil-20w1s", 5, 96.2, 0.5, "Raghu, Raghu, Bengio and Vinyals 2020, Table 1", CHARACTERS),
    characters!("glyphs-anil-20w5s", 5, 98.0, 0.3, "Raghu, Raghu, Bengio and Vinyals 2020, Table 1", CHARACTERS),
    characters!("glyphs-reptile-5w1s", 50, 95.39, 0.09, REPTILE, REPTILES),
    characters!("glyphs-reptile-5w5s", 50, 98.90, 0.10, REPTILE, REPTILES),
    characters!("glyphs-reptile-20w1s", 50, 88.14, 0.15, REPTILE, REPTILES),
    characters!("glyphs-reptile-20w5s", 50, 96.65, 0.33, REPTILE, REPTILES),
    characters!("glyphs-reptile-transduction-5w1s", 50, 97.68, 0.04, REPTILE, REPTILES),
    characters!("glyphs-reptile-transduction-5w5s", 50, 99.48, 0.06, REPTILE, REPTILES),
    characters!("glyphs-reptile-transduction-20w1s", 50, 89.43, 0.14, REPTILE, REPTILES),
    characters!("glyphs-reptile-transduction-20w5s", 50, 97.12, 0.32, REPTILE, REPTILES),
    characters!("glyphs-maml-mlp-5w1s", 3, 89.7, 1.1, MAML, CHARACTERS),
    characters!("glyphs-maml-mlp-5w5s", 3, 97.5, 0.6, MAML, CHARACTERS),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::preset;

    #[test]
    fn every_published_protocol_has_its_preset_of_the_right_kind_once() {
        for (i, entry) in published().iter().enumerate() {
            let experiment = preset(entry.preset).unwrap().experiment();
            assert_eq!(experiment.task.family.classifies(), entry.metric == Metric::Accuracy, "{}", entry.preset);
            assert!(entry.figures.iter().all(|(step, ..)| *step <= experiment.learner.eval_steps), "{}", entry.preset);
            assert!(published()[i + 1..].iter().all(|other| other.preset != entry.preset));
        }
    }
}
