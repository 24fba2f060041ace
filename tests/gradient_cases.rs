//! The command line on gradient cases made by another implementation (JAX, float64), where they are at hand.
#![cfg(feature = "cli")]
#![allow(clippy::expect_used)]

use std::{
    path::PathBuf,
    process::{Command, Output},
};

fn kindling(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kindling")).args(arguments).output().expect("the program starts")
}

/// The cases beside the checkout; none where a clone stands alone.
fn cases(family: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle/cases");
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut cases: Vec<_> = files.flatten().map(|file| file.path()).collect();
    cases.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(family)));
    cases.sort();
    cases
}

fn run_all(family: &str, options: &[&str]) {
    let cases = cases(family);
    let paths: Vec<&str> = cases.iter().filter_map(|path| path.to_str()).collect();
    if paths.is_empty() {
        eprintln!("no gradient cases beside this checkout");
        return;
    }
    let output = kindling(&[&["gradient"], options, &paths].concat());
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.lines().count(), paths.len() + 1, "one line a case below the heading: {text}");
}

#[test]
fn every_sinusoid_case_passes_in_float32() {
    run_all("sinusoid_", &[]);
}

#[test]
fn every_sinusoid_case_passes_in_float64_to_nine_digits() {
    run_all("sinusoid_", &["--dtype", "f64"]);
}

#[test]
fn every_case_of_characters_passes_in_float32() {
    run_all("glyphs_", &[]);
}

#[test]
fn every_case_of_characters_passes_in_float64_to_nine_digits() {
    run_all("glyphs_", &["--dtype", "f64"]);
}

/// A linear model, one support and one query point, one step: θ = (0.5, 0), α = 0.1. The support residual is 0, so
/// θ_1 = θ_0; the query residual is 2.5, so v_1 = (15, 5), and v_0 = (I − 0.1·[[8, 4], [4, 2]]) v_1 = (1, −2).
const CASE: &str = r#"{"format":"gradient-case","version":1,"model":{"kind":"mlp","sizes":[1,1],"activation":"relu"},
"loss":"mse","learner":{"kind":"maml","inner_lr":0.1,"inner_steps":1},
"params":[{"name":"layer0.weight","shape":[1,1],"data":[0.5]},{"name":"layer0.bias","shape":[1],"data":[0.0]}],
"tasks":[{"support":{"x":{"shape":[1,1],"data":[2.0]},"y":{"shape":[1,1],"data":[1.0]}},
"query":{"x":{"shape":[1,1],"data":[3.0]},"y":{"shape":[1,1],"data":[-1.0]}}}],
"expect":{"query_loss":[6.25],"meta_gradient":[{"name":"layer0.bias","shape":[1],"data":[-2.0]},
{"name":"layer0.weight","shape":[1,1],"data":[1.0]}]}}"#;

fn run_text(name: &str, text: &str) -> (Option<i32>, String) {
    let path = std::env::temp_dir().join(format!("kindling-{}-{name}.json", std::process::id()));
    std::fs::write(&path, text).expect("a temporary file");
    let output = kindling(&["gradient", path.to_str().expect("a plain path")]);
    std::fs::remove_file(path).expect("the temporary file goes");
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.code(), text)
}

#[test]
fn a_closed_form_passes_and_a_wrong_expectation_exits_1() {
    assert_eq!(run_text("closed", CASE).0, Some(0));
    let (status, text) = run_text("wrong", &CASE.replace("-2.0", "-2.1"));
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("FAILED"), "{text}");
}

#[track_caller]
fn refused(name: &str, from: &str, to: &str, sentence: &str) {
    assert!(CASE.contains(from), "the test changes nothing");
    let (status, text) = run_text(name, &CASE.replacen(from, to, 1));
    assert_eq!(status, Some(2), "{text}");
    assert!(text.contains(sentence), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("kindling: ")).count(), 1, "{text}");
}

#[test]
fn damaged_cases_get_one_sentence_and_exit_2() {
    refused("cut", "\"tasks\"", "\"tas", "is not a gradient case");
    refused("learner", "\"maml\"", "\"mamal\"", "unknown variant `mamal`");
    refused("no-gradient", "\"maml\"", "\"oracle\"", "has no meta-gradient");
    refused("model", "\"mlp\"", "\"transformer\"", "unknown variant `transformer`");
    refused(
        "shape",
        "\"shape\":[1,1],\"data\":[0.5]",
        "\"shape\":[2,1],\"data\":[0.5]",
        "has shape [2, 1] where [1, 1] belongs",
    );
    refused("count", "\"data\":[0.5]", "\"data\":[0.5,1.0]", "has 2 numbers where its shape");
    refused("missing", "layer0.bias", "layer9.bias", "that the model has not");
    refused("loss", "\"mse\"", "\"mae\"", "its loss is mae");
    refused("classes", "\"mse\"", "\"cross_entropy\"", "has shape [1, 1] where [1] belongs");
    let mlp = r#"{"kind":"mlp","sizes":[1,1],"activation":"relu"}"#;
    refused("side", mlp, r#"{"kind":"conv4","filters":8,"ways":5,"side":32}"#, "have 28 pixels a side");
    refused("filters", mlp, r#"{"kind":"conv4","filters":0,"ways":5,"side":28}"#, "each 1 to 256");
    refused("version", "\"version\":1", "\"version\":2", "not gradient-case 1");
    refused("query", "\"query_loss\":[6.25]", "\"query_loss\":[]", "has 0 numbers for 1 tasks");
}

#[test]
fn a_file_that_is_not_there_gets_one_sentence_and_exit_2() {
    let output = kindling(&["gradient", "no-such-case.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-case.json cannot be read"));
}
