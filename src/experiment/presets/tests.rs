//! The link contract: ids and values.

use super::*;
use crate::experiment::fields;

#[test]
fn ids_ascend_and_names_are_unique() {
    assert!(presets().is_sorted_by(|a, b| a.id < b.id));
    for preset in presets() {
        assert_eq!(presets().iter().filter(|other| other.name == preset.name).count(), 1);
    }
}

#[test]
fn the_default_is_the_first_preset() {
    assert_eq!(presets()[0].name, "sinusoid-maml-5shot");
    assert_eq!(presets()[0].experiment(), Experiment::default());
}

/// Every value of the first preset, then what each preset changes of it. A failure here means that a change broke
/// links already shared: undo it. A new preset adds a line.
#[test]
fn presets_keep_their_values() {
    let texts = |experiment: &Experiment| -> Vec<String> {
        fields().iter().map(|field| format!("{}={}", field.path, experiment.get(field.path).unwrap())).collect()
    };
    let first = texts(&Experiment::default());
    let line = |name: &str, texts: Vec<String>| [vec![name.to_owned()], texts].concat().join(" ");
    let others = presets().iter().map(|preset| {
        let texts = texts(&preset.experiment()).into_iter();
        line(preset.name, texts.filter(|text| !first.contains(text)).collect())
    });
    let found: Vec<String> = std::iter::once(line("first", first.clone())).chain(others).collect();
    let kept: Vec<&str> = include_str!("../preset_values.txt").lines().collect();
    for (found, kept) in found.iter().zip(&kept) {
        assert_eq!(found, kept);
    }
    assert_eq!(found.len(), kept.len());
}

#[test]
fn no_two_presets_are_the_same_experiment() {
    for (i, preset) in presets().iter().enumerate() {
        for other in &presets()[i + 1..] {
            assert_ne!(preset.experiment(), other.experiment(), "{} and {}", preset.name, other.name);
        }
    }
}

#[test]
fn an_unknown_name_lists_near_ones() {
    let message = preset("sinusoid-mamal").unwrap_err().to_string();
    assert!(message.starts_with("there is no preset \"sinusoid-mamal\"; the nearest are sinusoid-maml, "), "{message}");
}
