//! The enums of an experiment as lists of names.

use super::{
    Activation, Family, Init, InnerOptimizer, Language, LearnerKind, NetworkKind, Normalization, Optimizer, Panel,
    Pooling, Schedule, Source, Stage, Switch, Tab,
};

/// An enum whose values are chosen by name.
///
/// The order of `ALL` is part of the link contract: append, never reorder or remove.
pub trait Choice: Copy + PartialEq + 'static {
    /// Every value.
    const ALL: &'static [Self];
    /// The name of every value, as in `--set`, in JSON and in the page's address.
    const NAMES: &'static [&'static str];

    /// Where the value stands in `ALL`.
    fn index(self) -> usize {
        Self::ALL.iter().position(|&other| other == self).unwrap_or_default()
    }

    /// The value's name.
    fn name(self) -> &'static str {
        Self::NAMES.get(self.index()).copied().unwrap_or_default()
    }
}

macro_rules! choice {
    ($type:ident: $($value:ident = $name:literal),+) => {
        impl Choice for $type {
            const ALL: &'static [Self] = &[$(Self::$value),+];
            const NAMES: &'static [&'static str] = &[$($name),+];
        }
    };
}

choice!(Family: Sinusoid = "sinusoid", Harmonic = "harmonic", SineOrLine = "sine_or_line", Step = "step",
    Characters = "characters", Quadratic = "quadratic");
choice!(Source: Procedural = "procedural", Imported = "imported");
choice!(Switch: Off = "off", On = "on");
choice!(NetworkKind: Mlp = "mlp", Conv4 = "conv4");
choice!(Normalization: None = "none", Batch = "batch");
choice!(Pooling: Flatten = "flatten", Mean = "mean");
choice!(InnerOptimizer: Sgd = "sgd", Adam = "adam", FullAdam = "full_adam");
choice!(Schedule: Constant = "constant", Linear = "linear", Cosine = "cosine");
choice!(Activation: Relu = "relu", Tanh = "tanh");
choice!(Init: Lecun = "lecun", He = "he", Small = "small");
choice!(LearnerKind: Maml = "maml", Fomaml = "fomaml", Reptile = "reptile", MetaSgd = "meta_sgd", Anil = "anil",
    Pretrained = "pretrained", Scratch = "scratch", Oracle = "oracle", Prototypical = "prototypical",
    Matching = "matching", Siamese = "siamese", R2D2 = "r2_d2", Ridge = "ridge", Cavia = "cavia", Imaml = "imaml",
    Boil = "boil", MamlPp = "maml_pp", Relation = "relation", MatchingFce = "matching_fce", Cnp = "cnp",
    LinearProbe = "linear_probe", NearestCentroid = "nearest_centroid", ZeroShot = "zero_shot",
    LstmOptimizer = "lstm_optimizer");
choice!(Optimizer: Adam = "adam", Sgd = "sgd");
choice!(Language: En = "en", Zh = "zh");
choice!(Panel: Task = "task", Training = "training", Hyperparameters = "hyperparameters");
choice!(Tab: Evaluate = "evaluate", Compare = "compare", Search = "search", Landscape = "landscape",
    Diagnose = "diagnose", Runs = "runs", Layers = "layers", Anatomy = "anatomy");
choice!(Stage: Start = "start", Forward = "forward", Loss = "loss", Gradient = "gradient", Update = "update",
    Make = "make", Query = "query", Adjoint = "adjoint", Back = "back", Outer = "outer", Nudge = "nudge");

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    fn names_agree<C: Choice + Serialize + std::fmt::Debug>() {
        assert_eq!(C::ALL.len(), C::NAMES.len());
        for (index, value) in C::ALL.iter().enumerate() {
            assert_eq!(serde_json::to_value(value).unwrap(), C::NAMES[index]);
            assert_eq!((value.index(), value.name()), (index, C::NAMES[index]));
        }
    }

    #[test]
    fn a_choice_has_one_name_in_json_and_in_text() {
        names_agree::<Family>();
        names_agree::<Source>();
        names_agree::<Switch>();
        names_agree::<NetworkKind>();
        names_agree::<Normalization>();
        names_agree::<Pooling>();
        names_agree::<InnerOptimizer>();
        names_agree::<Schedule>();
        names_agree::<Activation>();
        names_agree::<Init>();
        names_agree::<LearnerKind>();
        names_agree::<Optimizer>();
        names_agree::<Language>();
        names_agree::<Panel>();
        names_agree::<Tab>();
        names_agree::<Stage>();
    }
}
