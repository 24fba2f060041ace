//! Published figures, and how ours are measured beside them.

use std::fmt;

use super::{Experiment, Field, Preset, fields, preset};

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
    /// Where it is printed.
    pub source: Citation,
    /// Where our protocol is another.
    pub differences: &'static [Difference],
}

/// A table of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    /// Who wrote it.
    pub authors: &'static str,
    /// When.
    pub year: u16,
    /// Number of the table, where it was looked up.
    pub table: Option<u8>,
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.authors, self.year)?;
        self.table.map_or(Ok(()), |table| write!(f, ", Table {table}"))
    }
}

/// How a protocol of ours differs from the paper's on purpose, or because the paper leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Difference {
    /// Which characters are held out.
    Split,
    /// Which characters there are.
    Data,
    /// The distribution of the first weights.
    Weights,
    /// The paper prints no intervals.
    NoInterval,
    /// Whose figure it is.
    ByReptilesPaper,
    /// The paper evaluates on more tasks.
    FewerTasks,
    /// Moments of the inner Adam.
    InnerAdam,
    /// Queries without transduction.
    Queries,
    /// Whether test characters are turned.
    TurnedTests,
    /// Where Meta-SGD's rates start, on sinusoids.
    SinusoidRates,
    /// Which frequencies Meta-SGD's sinusoids have.
    Frequency,
    /// How many of them Meta-SGD is trained on.
    SinusoidTraining,
    /// The same on characters.
    CharacterRates,
    /// The step size of fine-tuning.
    FineTuning,
    /// Tasks of a meta-step.
    MetaBatch,
    /// Whose figure it is.
    ByMamlsPaper,
    /// How the convolutions halve the image.
    Pooling,
    /// What scales the features before they are compared.
    Scale,
    /// How the outer rate falls.
    Decay,
    /// Whose shots and ways it was trained on is not known.
    Training,
    /// Which statistics normalise a task of a learner that compares features.
    JointStatistics,
}

impl Difference {
    /// In a sentence of English, for the command line; the page has its own in both languages.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Split => "Characters are held out by whole alphabets, the papers' at random from all 1623.",
            Self::Data => "Without --data the characters are procedural ones; with the background set there are 964.",
            Self::Weights => "First weights from LeCun's normal distribution instead of a cut normal of 0.01.",
            Self::NoInterval => "The paper prints no intervals.",
            Self::ByReptilesPaper => {
                "The figure is that of Reptile's paper; the protocol here is MAML's with the Hessians dropped."
            }
            Self::FewerTasks => "600 tasks instead of 10 000.",
            Self::InnerAdam => {
                "The inner Adam starts afresh in every task; the paper's code carries its moments from task to task."
            }
            Self::Queries => {
                "Without transduction all queries are normalised by the support set; the paper adds each query to it \
                 in turn."
            }
            Self::TurnedTests => {
                "Test characters are turned as training ones are; the paper turns those of training alone."
            }
            Self::SinusoidRates => "Rates start at 0.01; the paper draws each from 0.005 to 0.1.",
            Self::Frequency => "Every sine has the frequency 1; the paper draws it from 0.8 to 1.2, which is harder.",
            Self::SinusoidTraining => "70 000 meta-steps of 25 tasks; the paper takes 60 000 of 4.",
            Self::CharacterRates => "Rates start at 0.05; the paper draws each from 0.005 to 0.1.",
            Self::FineTuning => "The paper tunes the step size of fine-tuning; here it is 0.002.",
            Self::MetaBatch => "The paper's meta-batch is not known.",
            Self::ByMamlsPaper => "The figure is quoted from MAML's paper, Table 1.",
            Self::Pooling => "Convolutions of stride 2 instead of max-pooling.",
            Self::Scale => "One learned scale of the features, which the paper does not have.",
            Self::Decay => "The outer rate falls linearly to zero; the paper's code halves it every 2000 episodes.",
            Self::Training => "The paper's meta-batch and meta-steps are not known.",
            Self::JointStatistics => {
                "Support and query set of a task are normalised together, in tests as well; doing without \
                 changed accuracy by half a point at most where it was tried."
            }
        }
    }
}

/// A setting that an experiment has otherwise than a published protocol.
#[derive(Debug)]
pub struct Departure {
    /// The setting.
    pub field: &'static Field,
    /// The experiment's value, as text.
    pub own: String,
    /// The protocol's.
    pub theirs: String,
}

impl Published {
    /// The experiment that follows the protocol.
    #[must_use]
    pub fn protocol(&self) -> Option<Experiment> {
        preset(self.preset).ok().map(Preset::experiment)
    }

    /// Every setting that an experiment has otherwise.
    #[must_use]
    pub fn departures(&self, experiment: &Experiment) -> Vec<Departure> {
        self.protocol().map_or_else(Vec::new, |protocol| protocol.departures(experiment))
    }
}

impl Experiment {
    /// Every setting that another experiment has otherwise than this protocol.
    #[must_use]
    pub fn departures(&self, other: &Self) -> Vec<Departure> {
        let texts = |field: &'static Field| {
            let text = |experiment: &Experiment| field.kind.text(&field.get(experiment));
            Departure { field, own: text(other), theirs: text(self) }
        };
        fields().iter().map(texts).filter(|departure| departure.own != departure.theirs).collect()
    }
}

/// What is no part of a protocol: what is on show, the seed, how long it has run, and where characters come from, which
/// is said in words.
fn is_apart(path: &str) -> bool {
    path.starts_with("view.") || matches!(path, "seed" | "budget.meta_steps" | "task.source")
}

/// The published protocol to hold an experiment against: that of its own family, learner, kind of network, shots and
/// ways with the fewest other settings, and those.
#[must_use]
pub fn nearest_published(experiment: &Experiment) -> Option<(&'static Published, Vec<Departure>)> {
    let classifies = experiment.task.family.classifies();
    let alike = |protocol: &Experiment| {
        let (own, theirs) = (&experiment.task, &protocol.task);
        own.family == theirs.family
            && experiment.learner.kind == protocol.learner.kind
            && experiment.model.network == protocol.model.network
            && own.shots == theirs.shots
            && (own.ways == theirs.ways || !classifies)
    };
    let candidates = PUBLISHED.iter().filter(|entry| entry.protocol().is_some_and(|protocol| alike(&protocol)));
    let held = candidates.map(|entry| {
        let departures = entry.departures(experiment).into_iter();
        (entry, departures.filter(|departure| !is_apart(departure.field.path)).collect::<Vec<_>>())
    });
    held.min_by_key(|(_, departures)| departures.len())
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

const MAML: Citation = Citation { authors: "Finn, Abbeel and Levine", year: 2017, table: Some(1) };
const MAML_SINUSOIDS: Citation = Citation { table: Some(2), ..MAML };
const REPTILE: Citation = Citation { authors: "Nichol, Achiam and Schulman", year: 2018, table: None };
const META_SGD: Citation = Citation { authors: "Li, Zhou, Chen and Li", year: 2017, table: None };
const ANIL: Citation = Citation { authors: "Raghu, Raghu, Bengio and Vinyals", year: 2020, table: None };
const PROTOTYPICAL: Citation = Citation { authors: "Snell, Swersky and Zemel", year: 2017, table: None };
const MATCHING: Citation = Citation { authors: "Vinyals et al.", year: 2016, table: None };

/// MAML's protocols of characters.
const CHARACTERS: &[Difference] = &[Difference::Split, Difference::Data];
const BY_REPTILES_PAPER: &[Difference] = &[Difference::Split, Difference::Data, Difference::ByReptilesPaper];
const REPTILES: &[Difference] = &[
    Difference::Split,
    Difference::Data,
    Difference::FewerTasks,
    Difference::InnerAdam,
    Difference::Queries,
    Difference::TurnedTests,
];
const META_SGDS: &[Difference] =
    &[Difference::Split, Difference::Data, Difference::CharacterRates, Difference::MetaBatch];
const PROTOTYPICALS: &[Difference] = &[
    Difference::Split,
    Difference::Data,
    Difference::Pooling,
    Difference::Scale,
    Difference::JointStatistics,
    Difference::Decay,
    Difference::NoInterval,
];
/// Matching and Siamese networks as the paper on matching networks has trained them.
const MATCHINGS: &[Difference] = &[
    Difference::Split,
    Difference::Data,
    Difference::ByMamlsPaper,
    Difference::Pooling,
    Difference::JointStatistics,
    Difference::Training,
    Difference::NoInterval,
];

macro_rules! characters {
    ($preset:literal, $step:literal, $value:literal, $ci:literal, $source:expr, $differences:expr) => {
        characters!($preset, $step, $value, Some($ci), 600, $source, $differences)
    };
    ($preset:literal, $step:literal, $value:literal, $ci:expr, $tasks:literal, $source:expr, $differences:expr) => {
        Published {
            preset: $preset,
            metric: Metric::Accuracy,
            figures: &[($step, $value, $ci)],
            tasks: $tasks,
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
        source: MAML_SINUSOIDS,
        differences: &[Difference::Weights, Difference::NoInterval],
    },
    Published {
        preset: "sinusoid-meta-sgd",
        metric: Metric::Loss,
        figures: &[(1, 0.90, Some(0.16))],
        tasks: 600,
        source: META_SGD,
        differences: &[
            Difference::Weights,
            Difference::Frequency,
            Difference::SinusoidRates,
            Difference::SinusoidTraining,
        ],
    },
    Published {
        preset: "sinusoid-pretrained-5shot",
        metric: Metric::Loss,
        figures: &[(1, 2.41, None), (5, 2.23, None), (10, 2.19, None)],
        tasks: 600,
        source: MAML_SINUSOIDS,
        differences: &[Difference::Weights, Difference::NoInterval, Difference::FineTuning],
    },
    characters!("glyphs-maml-5w1s", 3, 98.7, 0.4, MAML, CHARACTERS),
    characters!("glyphs-maml-5w5s", 3, 99.9, 0.1, MAML, CHARACTERS),
    characters!("glyphs-maml-20w1s", 5, 95.8, 0.3, MAML, CHARACTERS),
    characters!("glyphs-maml-20w5s", 5, 98.9, 0.2, MAML, CHARACTERS),
    characters!("glyphs-fomaml-5w1s", 3, 98.3, 0.5, REPTILE, BY_REPTILES_PAPER),
    characters!("glyphs-fomaml-5w5s", 3, 99.2, 0.2, REPTILE, BY_REPTILES_PAPER),
    characters!("glyphs-fomaml-20w1s", 5, 89.4, 0.5, REPTILE, BY_REPTILES_PAPER),
    characters!("glyphs-fomaml-20w5s", 5, 97.9, 0.1, REPTILE, BY_REPTILES_PAPER),
    characters!("glyphs-meta-sgd-5w1s", 1, 99.53, 0.26, META_SGD, META_SGDS),
    characters!("glyphs-meta-sgd-5w5s", 1, 99.93, 0.09, META_SGD, META_SGDS),
    characters!("glyphs-anil-20w1s", 5, 96.2, 0.5, ANIL, CHARACTERS),
    characters!("glyphs-anil-20w5s", 5, 98.0, 0.3, ANIL, CHARACTERS),
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
    characters!("glyphs-prototypical-5w1s", 1, 98.8, None, 1000, PROTOTYPICAL, PROTOTYPICALS),
    characters!("glyphs-prototypical-5w5s", 1, 99.7, None, 1000, PROTOTYPICAL, PROTOTYPICALS),
    characters!("glyphs-prototypical-20w1s", 1, 96.0, None, 1000, PROTOTYPICAL, PROTOTYPICALS),
    characters!("glyphs-prototypical-20w5s", 1, 98.9, None, 1000, PROTOTYPICAL, PROTOTYPICALS),
    characters!("glyphs-matching-5w1s", 1, 98.1, None, 600, MATCHING, MATCHINGS),
    characters!("glyphs-matching-5w5s", 1, 98.9, None, 600, MATCHING, MATCHINGS),
    characters!("glyphs-matching-20w1s", 1, 93.8, None, 600, MATCHING, MATCHINGS),
    characters!("glyphs-matching-20w5s", 1, 98.5, None, 600, MATCHING, MATCHINGS),
    characters!("glyphs-siamese-5w1s", 1, 97.3, None, 600, MATCHING, MATCHINGS),
    characters!("glyphs-siamese-20w1s", 1, 88.2, None, 600, MATCHING, MATCHINGS),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Switch;

    #[test]
    fn every_published_protocol_has_its_preset_of_the_right_kind_once() {
        for (i, entry) in published().iter().enumerate() {
            let experiment = preset(entry.preset).unwrap().experiment();
            assert_eq!(experiment.task.family.classifies(), entry.metric == Metric::Accuracy, "{}", entry.preset);
            assert!(entry.figures.iter().all(|(step, ..)| *step <= experiment.learner.eval_steps), "{}", entry.preset);
            assert!(published()[i + 1..].iter().all(|other| other.preset != entry.preset));
        }
    }

    #[test]
    fn who_compares_features_of_both_sets_normalised_together_says_so() {
        for entry in published() {
            let experiment = preset(entry.preset).unwrap().experiment();
            let joint = experiment.learner.kind.makes_head() && experiment.model.transduction == Switch::On;
            assert_eq!(entry.differences.contains(&Difference::JointStatistics), joint, "{}", entry.preset);
        }
    }

    #[test]
    fn meta_sgds_sinusoids_are_not_those_of_its_paper_and_say_so() {
        let entry = published().iter().find(|entry| entry.preset == "sinusoid-meta-sgd").unwrap();
        assert!(entry.differences.contains(&Difference::Frequency));
        assert!(entry.differences.contains(&Difference::SinusoidTraining));
        let Experiment { task, outer, budget, .. } = preset(entry.preset).unwrap().experiment();
        assert_eq!((task.frequency.low, task.frequency.high), (1.0, 1.0));
        assert_eq!((budget.meta_steps, outer.meta_batch), (70_000, 25), "the figures of the sentence");
    }

    fn nearest(name: &str, change: fn(&mut Experiment)) -> Option<(&'static str, Vec<&'static str>)> {
        let mut experiment = preset(name).unwrap().experiment();
        change(&mut experiment);
        let (entry, departures) = nearest_published(&experiment)?;
        Some((entry.preset, departures.iter().map(|departure| departure.field.path).collect()))
    }

    #[test]
    fn an_experiment_that_follows_a_protocol_departs_from_it_in_nothing() {
        let same = |e: &mut Experiment| (e.seed, e.view.task) = (7, 3);
        for entry in published() {
            assert_eq!(nearest(entry.preset, same), Some((entry.preset, Vec::new())));
        }
    }

    #[test]
    fn a_lighter_network_is_held_against_the_protocol_and_says_what_is_lighter() {
        let (name, departures) = nearest("glyphs-light-maml-5w1s", |_| ()).unwrap();
        assert_eq!(name, "glyphs-maml-5w1s");
        assert!(departures.contains(&"model.filters") && departures.contains(&"outer.meta_batch"), "{departures:?}");
    }

    #[test]
    fn other_shots_or_another_family_have_no_published_figure() {
        assert_eq!(nearest("sinusoid-maml-5shot", |e| e.task.shots = 7), None);
        assert_eq!(nearest("step-maml", |_| ()), None);
        assert_eq!(nearest("glyphs-light-maml-5w1s", |e| e.task.ways = 6), None);
    }

    #[test]
    fn a_source_is_cited_as_a_reader_would() {
        assert_eq!(MAML_SINUSOIDS.to_string(), "Finn, Abbeel and Levine 2017, Table 2");
    }
}
