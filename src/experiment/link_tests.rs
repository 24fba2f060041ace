//! Links that must open for ever, and links that must be refused.

use super::*;
use crate::experiment::{LearnerKind, Point, preset};

fn link_of(contents: &[u8]) -> String {
    let mut bytes = contents.to_vec();
    bytes.extend(checksum(contents));
    format!("#v1.{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn changed(preset_name: &str, changes: &[(&str, &str)]) -> Experiment {
    let mut experiment = preset(preset_name).unwrap().experiment();
    for (path, text) in changes {
        experiment.set(path, text).unwrap();
    }
    experiment
}

/// Links as people hold them. A failure to decode means that a change broke links already shared: undo it.
/// Another encoding of the same experiment is no fault where a preset was added that lies nearer to it.
#[test]
fn links_of_version_1_open_for_ever() {
    for (link, preset_name, changes) in [
        ("#v1.ARvf", "sinusoid-maml-5shot", &[] as &[(&str, &str)]),
        ("#v1.DKaj", "step-maml", &[]),
        (
            "#v1.AgGjytQJKTIFNQhrBQ",
            "sinusoid-maml",
            &[("seed", "20260131"), ("learner.inner_lr", "0.025"), ("outer.meta_batch", "8")],
        ),
        (
            "#v1.Cg5FAQgAEAAAhOnWxMKhqRYdHgJAIB8BbOc",
            "harmonic-maml",
            &[
                ("task.x", "-3.5..4"),
                ("task.phase", "0..6.283185307179586"),
                ("model.hidden", "64,32"),
                ("model.activation", "tanh"),
            ],
        ),
        (
            "#v1.CUYCRwdIA0kCgwfOA0JjSgUJrA",
            "sinusoid-oracle-5shot",
            &[
                ("view.language", "zh"),
                ("view.task", "7"),
                ("view.step", "3"),
                ("view.points", "-4.5:2.31,0.33:-0.5"),
                ("view.hide", "task,hyperparameters"),
            ],
        ),
        (
            "#v1.BQ0CAR4AMgEzCgc0EgE2AgI8wIQ94vI",
            "sinusoid-meta-sgd",
            &[
                ("outer.optimizer", "sgd"),
                ("outer.momentum", "0.9"),
                ("outer.lr", "0.0005"),
                ("outer.clip", "10"),
                ("task.noise", "0.1"),
                ("model.hidden", "none"),
                ("budget.meta_steps", "1000000"),
            ],
        ),
    ] {
        let experiment = changed(preset_name, changes);
        assert_eq!(encode(&experiment), link);
        assert_eq!(decode(link), Ok(experiment));
    }
}

#[test]
fn a_link_to_any_preset_is_short() {
    for preset in presets() {
        let link = encode(&preset.experiment());
        assert!(link.len() <= 12, "{} has {link}", preset.name);
        assert_eq!(decode(&link), Ok(preset.experiment()));
    }
}

/// What people change in one sitting: learner, rates, steps, ranges, width, seed, five own points, a panel.
#[test]
fn a_link_with_typical_changes_stays_under_120_characters() {
    let experiment = changed(
        "sinusoid-reptile",
        &[
            ("seed", "20260131"),
            ("task.amplitude", "0.5..3.5"),
            ("task.phase", "0..6.2832"),
            ("task.noise", "0.15"),
            ("task.shots", "7"),
            ("model.hidden", "64,64,32"),
            ("learner.kind", "meta_sgd"),
            ("learner.inner_lr", "0.025"),
            ("learner.inner_steps", "4"),
            ("outer.meta_batch", "16"),
            ("budget.meta_steps", "20000"),
            ("view.language", "zh"),
            ("view.task", "12345"),
            ("view.step", "3"),
            ("view.points", "-4.5:2.31,-2.02:-1.4,0.33:0.5,2.75:3.99,4.1:-2.2"),
            ("view.hide", "hyperparameters"),
        ],
    );
    let link = encode(&experiment);
    assert!(link.len() < 120, "{} characters", link.len());
    assert_eq!(decode(&link), Ok(experiment));
}

/// The longest link: every field changed, every number with all its digits.
#[test]
fn the_longest_link_is_far_below_the_limit() {
    let third = 1.0 / 3.0;
    let mut experiment = preset("sinusoid-maml").unwrap().experiment();
    for field in fields() {
        let text = match field.kind {
            crate::experiment::Kind::Integer { max, .. } => max.to_string(),
            crate::experiment::Kind::Number { min, .. } => (min + third * 1e-3).to_string(),
            crate::experiment::Kind::Range { .. } => format!("{third}..{}", 2.0 * third),
            crate::experiment::Kind::Choice(names) => names[names.len() - 1].to_owned(),
            crate::experiment::Kind::Widths { .. } => "300,300,300,300,300,300".to_owned(),
            crate::experiment::Kind::Points { .. } => vec!["-999.99:-999.99"; 40].join(","),
            crate::experiment::Kind::Panels => "task,training,hyperparameters".to_owned(),
        };
        experiment.set(field.path, &text).unwrap();
    }
    assert!(encode(&experiment).len() < 900, "{}", encode(&experiment).len());
}

#[test]
fn the_preset_with_the_shortest_link_is_taken() {
    let experiment = changed("sinusoid-maml-5shot", &[("learner.kind", "fomaml")]);
    assert_eq!(encode(&experiment), encode(&preset("sinusoid-fomaml").unwrap().experiment()));
}

#[test]
fn an_address_and_a_bare_link_open_too() {
    let experiment = changed("step-maml", &[("seed", "9")]);
    let link = encode(&experiment);
    for text in [
        link.clone(),
        link.trim_start_matches('#').to_owned(),
        format!("https://example.org/kindling/?device=cpu{link}"),
        format!("  {link}\n"),
    ] {
        assert_eq!(decode(&text), Ok(experiment.clone()), "{text}");
    }
}

#[test]
fn what_is_no_link_is_said_to_be_none() {
    for text in ["", "#", "v", "#v.", "#about", "https://example.org/", "#vx.AAAA", "#v1", "v1234567.A", "é"] {
        assert_eq!(decode(text), Err(LinkError::NotALink), "{text}");
    }
}

#[test]
fn a_link_of_another_version_is_newer() {
    let message = decode("#v2.AbCd").unwrap_err().to_string();
    assert_eq!(message, "the link was made by a newer Kindling (version 2); reload the page or update the program");
}

#[test]
fn a_damaged_link_is_said_to_be_damaged() {
    let link = encode(&changed("sinusoid-maml", &[("seed", "77"), ("learner.inner_lr", "0.02")]));
    for damaged in [&link[..link.len() - 1], &format!("{link}A"), &link.replacen(&link[6..8], "__", 1), "#v1.", "#v1.!"]
    {
        assert_eq!(decode(damaged), Err(LinkError::Damaged), "{damaged}");
    }
}

#[test]
fn a_long_text_is_refused_before_it_is_read() {
    assert_eq!(decode(&"A".repeat(5000)), Err(LinkError::TooLong { characters: 5000 }));
}

#[test]
fn unknown_presets_and_fields_come_from_a_newer_version() {
    assert_eq!(decode(&link_of(&[250])), Err(LinkError::Newer("it starts from preset 250".to_owned())));
    assert_eq!(decode(&link_of(&[1, 250])), Err(LinkError::Newer("it sets field 250".to_owned())));
}

/// Fields 11 (shots, 5 in preset 1) and 12 (queries) as bytes.
#[test]
fn a_link_has_one_form() {
    assert!(decode(&link_of(&[1, 11, 7, 12, 8])).is_ok());
    for (contents, why) in [
        (vec![1, 12, 8, 11, 7], "out of order"),
        (vec![1, 11, 7, 11, 7], "repeated"),
        (vec![1, 11, 5], "the preset's own value"),
        (vec![1, 11, 0x87, 0], "a longer form of 7"),
        (vec![1, 13, 20, 3], "0.10 with a zero at its end"),
        (vec![1, 11], "a field without a value"),
        (vec![1, 11, 7, 74, 8], "a panel that is none"),
        (vec![], "nothing"),
    ] {
        assert_eq!(decode(&link_of(&contents)), Err(LinkError::Malformed), "{why}");
    }
}

#[test]
fn values_out_of_limits_are_named() {
    let message = decode(&link_of(&[1, 11, 0])).unwrap_err().to_string();
    assert_eq!(
        message,
        "the link describes an experiment out of limits: \
         task.shots cannot be \"0\": it takes a whole number from 1 to 100"
    );
    // An exponent of 400 overflows to infinity; a family that is none; a network too large.
    for contents in [vec![1, 41, 2, 0xa0, 6], vec![1, 10, 9], vec![1, 30, 3, 0x80, 4, 0x80, 4, 0x80, 4]] {
        assert!(matches!(decode(&link_of(&contents)), Err(LinkError::Refused(_))), "{contents:?}");
    }
}

#[test]
fn points_come_back_on_their_grid() {
    let mut experiment = preset("sinusoid-maml").unwrap().experiment();
    experiment.learner.kind = LearnerKind::Anil;
    experiment.view.points = vec![Point { x: 1.234_567, y: -0.001 }];
    let opened = decode(&encode(&experiment)).unwrap();
    assert_eq!(opened.view.points, [Point { x: 1.23, y: 0.0 }]);
    assert_eq!(decode(&encode(&opened)), Ok(opened));
}

/// Not in wasm, where proptest does not build.
#[cfg(not(target_family = "wasm"))]
mod properties {
    use proptest::{collection::vec, prelude::*, strategy::Union};

    use super::*;
    use crate::experiment::{Field, Kind, Panel, Range, Value};

    /// Numbers as people write them, and any within the limits.
    fn number(min: f64, max: f64) -> BoxedStrategy<f64> {
        let written = (0..=1000_i32).prop_map(move |n| (min + (max - min) * f64::from(n) / 1000.0).clamp(min, max));
        let small = (1e-12..1.0_f64).prop_map(move |u| (min + (max - min) * u.powi(4)).clamp(min, max));
        prop_oneof![Just(min), Just(max), written, small, min..=max].boxed()
    }

    fn value(kind: Kind) -> BoxedStrategy<Value> {
        match kind {
            Kind::Integer { min, max } => (min..=max).prop_map(Value::Integer).boxed(),
            Kind::Number { min, max } => number(min, max).prop_map(Value::Number).boxed(),
            Kind::Range { min, max } => (number(min, max), number(min, max))
                .prop_map(|(a, b)| Value::Range(Range::new(a.min(b), a.max(b))))
                .boxed(),
            Kind::Choice(names) => (0..names.len()).prop_map(Value::Choice).boxed(),
            Kind::Widths { most, max } => vec(1..=max, 0..=most).prop_map(Value::Widths).boxed(),
            Kind::Points { most, max } => vec((-max..=max, -max..=max), 0..=most)
                .prop_map(|points| Value::Points(points.into_iter().map(|(x, y)| Point { x, y }.snapped()).collect()))
                .boxed(),
            Kind::Panels => (0..8_u8)
                .prop_map(|bits| {
                    let all = [Panel::Task, Panel::Training, Panel::Hyperparameters];
                    Value::Panels(
                        all.into_iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1).map(|(_, p)| p).collect(),
                    )
                })
                .boxed(),
        }
    }

    fn change() -> impl Strategy<Value = (&'static Field, Value)> {
        Union::new(fields().iter().map(|field| value(field.kind).prop_map(move |value| (field, value)).boxed()))
    }

    /// Any preset with any fields changed; where they do not go together or are too much, the preset's own.
    fn experiment() -> impl Strategy<Value = Experiment> {
        (0..presets().len(), vec(change(), 0..40)).prop_map(|(preset, changes)| {
            let preset = &presets()[preset];
            let mut experiment = preset.experiment();
            for (field, value) in changes {
                field.set(&mut experiment, value).unwrap();
            }
            let own = preset.experiment();
            let repairs: [fn(&mut Experiment, &Experiment); 4] = [
                |e, own| e.learner.inner_optimizer = own.learner.inner_optimizer,
                |e, own| e.model = own.model.clone(),
                |e, own| e.task = own.task.clone(),
                |e, own| e.learner = own.learner.clone(),
            ];
            for repair in repairs {
                if experiment.check().is_err() {
                    repair(&mut experiment, &own);
                }
            }
            experiment
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_link_opens_the_experiment_it_was_made_from(experiment in experiment()) {
            let link = encode(&experiment);
            prop_assert!(link.len() <= MOST_LINK_CHARACTERS);
            let opened = decode(&link);
            prop_assert_eq!(opened.as_ref(), Ok(&experiment));
            prop_assert_eq!(encode(&opened.unwrap()), link);
        }

        #[test]
        fn json_gives_the_experiment_back_bit_for_bit(experiment in experiment()) {
            let json = experiment.to_json().unwrap();
            prop_assert_eq!(Experiment::from_json(&json).unwrap(), experiment);
        }

        #[test]
        fn texts_give_every_field_back(experiment in experiment()) {
            let mut copy = Experiment::default();
            for field in fields() {
                copy.set(field.path, &experiment.get(field.path).unwrap()).unwrap();
            }
            prop_assert_eq!(copy, experiment);
        }

        #[test]
        fn any_text_is_decoded_without_panic(text in any::<String>(), payload in "[A-Za-z0-9_-]{0,80}") {
            let _ = decode(&text);
            let _ = decode(&format!("#v1.{payload}"));
        }

        /// The checksum is made to fit, so that the bytes behind it are reached.
        #[test]
        fn any_bytes_give_a_valid_experiment_or_an_error(preset in 1..=13_u8, bytes in vec(any::<u8>(), 0..60)) {
            let contents: Vec<u8> = std::iter::once(preset).chain(bytes).collect();
            if let Ok(experiment) = decode(&link_of(&contents)) {
                prop_assert_eq!(experiment.check(), Ok(()));
                prop_assert_eq!(decode(&encode(&experiment)), Ok(experiment));
            }
        }

        /// The same from bytes that begin with fields, which go further in.
        #[test]
        fn damage_behind_a_fitting_checksum_is_refused_or_valid(experiment in experiment(), at in any::<usize>(), bit in 0..8_u32) {
            let link = encode(&experiment);
            let mut bytes = URL_SAFE_NO_PAD.decode(&link[4..]).unwrap();
            bytes.truncate(bytes.len() - 2);
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            if let Ok(opened) = decode(&link_of(&bytes)) {
                prop_assert_eq!(opened.check(), Ok(()));
                // From another preset, which is the first byte, the same differences may lead to the same experiment.
                prop_assert!(at == 0 || opened != experiment);
            }
        }

        #[test]
        fn a_flipped_bit_is_refused(experiment in experiment(), at in any::<usize>(), bit in 0..8_u32) {
            let link = encode(&experiment);
            let mut bytes = URL_SAFE_NO_PAD.decode(&link[4..]).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            // CRC-32 cut to 16 bits still notices every single bit in a message this short.
            prop_assert_eq!(decode(&format!("#v1.{}", URL_SAFE_NO_PAD.encode(bytes))), Err(LinkError::Damaged));
        }
    }
}
