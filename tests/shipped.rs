//! What ships with the page is what it says it is.
#![cfg(all(feature = "engine", feature = "import"))]
#![allow(clippy::expect_used)]

use kindling::{
    engine::{Checkpoint, Session},
    experiment::{Adaptation, ShownTask, Source, Trajectory, preset},
    model::Place,
    task::Purpose,
};
use pollster::block_on;

fn session(file: &str, most_bytes: usize) -> Session {
    let path = format!("{}/www/checkpoints/{file}.safetensors", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("a shipped checkpoint");
    let checkpoint = Checkpoint::from_bytes(&bytes).expect("a sound checkpoint");
    assert_eq!(checkpoint.meta_step, checkpoint.experiment.budget.meta_steps, "trained to its end");
    assert!(bytes.len() < most_bytes, "{} bytes", bytes.len());
    block_on(Session::resume(&checkpoint, Place::cpu(), None)).expect("a session")
}

/// Mean query loss over 600 tasks after each of `steps`.
fn losses(session: &Session, steps: &[u32]) -> Vec<f64> {
    let evaluation = block_on(session.evaluate(600, steps, (1, Purpose::Test), |_| true)).expect("an evaluation");
    evaluation.steps.iter().map(|step| step.loss.mean).collect()
}

#[test]
fn the_five_shot_network_is_its_preset_and_reaches_the_papers_losses() {
    let session = session("sinusoid-maml-5shot", 10_000);
    assert_eq!(*session.experiment(), preset("sinusoid-maml-5shot").expect("a preset").experiment());
    // MAML paper, Table 2: 0.67, 0.38 and 0.35 after 1, 5 and 10 steps.
    let found = losses(&session, &[0, 1, 5, 10]);
    assert!(found[0] > 2.0 && found[1] <= 0.67 && found[2] <= 0.38 && found[3] <= 0.35, "{found:?}");
}

#[test]
fn the_ten_shot_network_is_its_preset_and_is_better_for_more_points() {
    let session = session("sinusoid-maml-10shot", 10_000);
    assert_eq!(*session.experiment(), preset("sinusoid-maml").expect("a preset").experiment());
    let found = losses(&session, &[1, 5, 10]);
    assert!(found[0] < 0.4 && found[1] < 0.2 && found[2] < 0.15, "{found:?}");
}

/// Share of queries classified correctly over 200 tasks after each of `steps`.
fn accuracies(session: &Session, steps: &[u32]) -> Vec<f64> {
    let evaluation = block_on(session.evaluate(200, steps, (1, Purpose::Test), |_| true)).expect("an evaluation");
    evaluation.steps.iter().filter_map(|step| step.accuracy).map(|accuracy| accuracy.mean).collect()
}

#[test]
fn the_network_of_characters_is_its_preset_and_tells_five_characters_apart() {
    let session = session("glyphs-maml-5w1s-light", 250_000);
    assert_eq!(*session.experiment(), preset("glyphs-light-maml-5w1s").expect("a preset").experiment());
    let found = accuracies(&session, &[0, 1, 5]);
    assert!(found[0] < 0.35 && found[1] > 0.85 && found[2] > 0.87, "{found:?}");
}

#[test]
fn the_network_of_characters_reads_omniglot_which_it_has_never_seen() {
    let packed = format!("{}/../shared/data/omniglot_background_28.bin", env!("CARGO_MANIFEST_DIR"));
    if !std::path::Path::new(&packed).exists() {
        eprintln!("no Omniglot beside this checkout");
        return;
    }
    let path = format!("{}/www/checkpoints/glyphs-maml-5w1s-light.safetensors", env!("CARGO_MANIFEST_DIR"));
    let mut checkpoint = Checkpoint::from_bytes(&std::fs::read(path).expect("a file")).expect("a sound checkpoint");
    checkpoint.experiment.task.source = Source::Imported;
    let imported = kindling::import::from_path(packed.as_ref(), |_, _| true).expect("a dataset");
    let data = Some(std::sync::Arc::new(imported.dataset));
    let session = block_on(Session::resume(&checkpoint, Place::cpu(), data)).expect("a session");
    let found = accuracies(&session, &[0, 5]);
    assert!(found[0] < 0.35 && found[1] > 0.9, "{found:?}");
}

#[test]
fn the_first_frame_is_what_the_engine_computes_from_the_shipped_network() {
    let path = format!("{}/www/first-frame.json", env!("CARGO_MANIFEST_DIR"));
    let frame: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("a first frame")).expect("JSON");
    let session = session("sinusoid-maml-5shot", 10_000);
    assert_eq!(frame["meta_step"], session.meta_step());
    assert_eq!(frame["fingerprint"], session.fingerprint());
    let shipped: Trajectory = serde_json::from_value(frame["trajectory"].clone()).expect("a trajectory");
    let shown = ShownTask { index: 0, points: Vec::new(), drawings: None };
    let Adaptation::Regression(found) = block_on(session.trajectory(&shown)).expect("a trajectory") else {
        panic!("a regression");
    };
    assert_eq!((&shipped.support, &shipped.truth), (&found.support, &found.truth));
    assert_eq!(shipped.steps.len(), found.steps.len());
    // Another processor rounds matrix products differently.
    for (shipped, found) in shipped.steps.iter().zip(&found.steps) {
        assert!((shipped.query_loss - found.query_loss).abs() < 1e-3);
        let far = shipped.prediction.iter().zip(&found.prediction).find(|(a, b)| (**a - **b).abs() > 1e-3);
        assert!(far.is_none(), "{far:?}");
    }
}
