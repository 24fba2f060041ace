//! What is taken along to Python: programs whose meta-gradient is Kindling's own, weights that numpy reads, event files that
//! TensorBoard reads. Without Python, or a network to install its packages from the first time, these say so and pass.
#![cfg(feature = "cli")]
#![allow(clippy::expect_used)]

mod common;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use common::{Folder, printed};
use kindling::{
    experiment::Experiment,
    script::{script, snippet},
};
use serde_json::Value;

/// A Python that has some packages, in the cache folder of the build; none with a printed reason.
fn python(packages: &'static [&'static str]) -> Option<PathBuf> {
    static MADE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let cache = std::env::var_os("KINDLING_CACHE").map(PathBuf::from);
        let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/kindling"));
        let folder = cache.or(home).ok_or("there is no cache folder")?.join("python");
        let python = folder.join("bin/python");
        if !python.exists() {
            run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        }
        Ok(python)
    });
    // One test at a time installs what is missing.
    static INSTALLING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let ready = made.clone().and_then(|python| {
        let _alone = INSTALLING.lock().map_err(|_| "another test failed while it installed".to_owned())?;
        for package in packages {
            let module = match *package {
                "tensorboard" => "tensorboard.backend.event_processing.event_accumulator",
                package => package,
            };
            // Imported, not only looked for: what is installed may not run on this processor.
            let import = format!("import {module}");
            let imported = || run(Command::new(&python).args(["-c", &import]));
            if imported().is_err() {
                let install = ["-m", "pip", "install", "--quiet", "--timeout", "20", "--retries", "1", package];
                let installed = run(Command::new(&python).args(install));
                // Another process may have installed it at the same time.
                imported().map_err(|why| installed.err().unwrap_or(why))?;
            }
        }
        Ok(python)
    });
    ready.inspect_err(|why| eprintln!("skipped, as Python with {packages:?} is not to be had: {why}")).ok()
}

/// What a command prints; what it says when it fails.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(said(&output.stdout)) } else { Err(said(&output.stderr)) }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(|number| number.as_f64().expect("a number")).collect()
}

/// How far two tensors are apart, in relation to the length of the second.
fn apart(one: &[f64], other: &[f64]) -> f64 {
    assert_eq!(one.len(), other.len());
    let length = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>().sqrt();
    let difference = length(&mut one.iter().zip(other).map(|(a, b)| a - b));
    difference / length(&mut other.iter().copied()).max(1e-12)
}

/// Trains a little, so that nothing is at its start, writes the program, runs it, and compares.
fn compare(python: &Path, folder: &Folder, name: &str, preset: &str, settings: &[&str]) {
    let [weights, program, found] =
        ["safetensors", "py", "json"].map(|ending| folder.file(&format!("{name}.{ending}")));
    let mut train = vec!["train", "--preset", preset, "--meta-steps", "2", "--out", &weights];
    settings.iter().for_each(|setting| train.extend(["--set", setting]));
    printed(&train);
    printed(&["script", &weights, "-o", &program]);
    run(Command::new(python).args([&program, &weights, "--json", &found])).expect("the program runs");
    let theirs = json(&std::fs::read_to_string(&found).expect("its gradient"));
    let ours = json(&printed(&["gradient", "--of", &weights]));
    let loss = |of: &Value| of["query_loss"].as_f64().expect("a loss");
    assert!((loss(&theirs) / loss(&ours) - 1.0).abs() < 1e-5, "{name}: {} beside {}", loss(&theirs), loss(&ours));
    let gradient = ours["meta_gradient"].as_array().expect("tensors");
    let all = |of: &Value| -> Vec<f64> {
        let tensors = of["meta_gradient"].as_array().expect("tensors");
        let named = |name: &Value| tensors.iter().find(|tensor| tensor["name"] == *name).expect("the same tensors");
        gradient.iter().flat_map(|tensor| numbers(&named(&tensor["name"])["data"])).collect()
    };
    let error = apart(&all(&theirs), &all(&ours));
    assert!(error < 1e-5, "{name}: the gradients are {error:.1e} apart");
    assert!(all(&ours).iter().any(|value| value.abs() > 1e-6), "{name}: there is a gradient to compare");
}

#[test]
fn the_program_of_a_sinusoid_computes_the_meta_gradient_of_every_learner_that_is_covered() {
    let Some(python) = python(&["numpy", "jax"]) else { return };
    let folder = Folder::new("sinusoid");
    let small = ["outer.meta_batch=4", "learner.inner_steps=3"];
    for kind in ["maml", "fomaml", "meta_sgd", "anil", "boil"] {
        let kind_of = format!("learner.kind={kind}");
        let settings: Vec<&str> = small.into_iter().chain([kind_of.as_str()]).collect();
        compare(&python, &folder, kind, "sinusoid-maml-5shot", &settings);
    }
    compare(&python, &folder, "reptile", "sinusoid-reptile", &["outer.meta_batch=2", "learner.inner_batch=3"]);
    compare(&python, &folder, "tanh", "sinusoid-maml", &["model.activation=tanh", "outer.meta_batch=2"]);
}

#[test]
fn the_program_of_characters_computes_the_meta_gradient_through_convolutions_and_of_prototypes() {
    let Some(python) = python(&["numpy", "jax"]) else { return };
    let folder = Folder::new("characters");
    let small = ["outer.meta_batch=2", "task.queries=2", "model.filters=8"];
    let with = |other: &'static str| -> Vec<&str> { small.into_iter().chain([other]).collect() };
    compare(&python, &folder, "conv4", "glyphs-light-maml-5w1s", &with("learner.inner_steps=2"));
    compare(&python, &folder, "together", "glyphs-light-maml-5w1s", &with("model.transduction=on"));
    compare(&python, &folder, "adam", "glyphs-light-reptile-adam-5w1s", &with("learner.inner_steps=2"));
    compare(&python, &folder, "prototypes", "glyphs-light-prototypical-5w1s", &with("task.train_ways=5"));
    // Labels so noisy that a class has no member.
    compare(&python, &folder, "noise", "glyphs-light-prototypical-5w1s", &with("task.label_noise=0.5"));
}

#[test]
fn ten_lines_read_the_weights_and_predict_what_kindling_predicts_before_any_step() {
    let Some(python) = python(&["numpy", "safetensors"]) else { return };
    let folder = Folder::new("snippet");
    let weights = folder.file("maml.safetensors");
    printed(&["train", "--preset", "sinusoid-maml-5shot", "--meta-steps", "3", "--out", &weights]);
    let experiment = Experiment::from_json(&printed(&["open", printed(&["link", &weights]).trim()])).expect("one");
    let lines = snippet(&experiment, &weights) + "\nimport json\nprint('values', json.dumps(x[:, 0].tolist()))\n";
    let said = run(Command::new(&python).args(["-c", &lines])).expect("it runs");
    assert!(said.contains("layer0.weight (1, 40)") && said.contains("layer2.bias (1,)"), "{said}");
    let theirs = numbers(&json(said.split("values ").nth(1).expect("values").trim()));
    let ours = json(&printed(&["trajectory", &weights]));
    let ours = numbers(&ours["trajectory"]["steps"][0]["prediction"]);
    assert_eq!(ours.len(), theirs.len());
    assert!(apart(&theirs, &ours) < 1e-5, "{theirs:?} beside {ours:?}");
    let characters = folder.file("conv4.safetensors");
    let small = ["--set", "outer.meta_batch=1", "--set", "task.queries=1"];
    let train = ["train", "--preset", "glyphs-light-maml-5w1s", "--meta-steps", "1", "--out", &characters];
    printed(&train.into_iter().chain(small).collect::<Vec<_>>());
    let experiment = Experiment::from_json(&printed(&["open", printed(&["link", &characters]).trim()])).expect("one");
    let said = run(Command::new(&python).args(["-c", &snippet(&experiment, &characters)])).expect("it runs");
    assert!(said.trim_end().ends_with("(5, 16, 14, 14)"), "{said}");
}

#[test]
fn tensorboard_reads_back_the_curve_and_the_experiment() {
    let Some(python) = python(&["numpy", "tensorboard"]) else { return };
    let folder = Folder::new("board");
    let [weights, curve, board] = ["m.safetensors", "curve.csv", "board"].map(|name| folder.file(name));
    let run_of = ["train", "--preset", "sinusoid-maml-5shot", "--meta-steps", "30", "--out", &weights];
    let rest = ["--curve", &curve, "--tensorboard", &board, "--set", "budget.validate_every=15"];
    let small = ["--set", "budget.validation_tasks=4", "--set", "outer.meta_batch=2"];
    printed(&run_of.into_iter().chain(rest).chain(small).collect::<Vec<_>>());
    let program = format!(
        "import json\nfrom tensorboard.backend.event_processing.event_accumulator import EventAccumulator\nall = \
         EventAccumulator({board:?})\nall.Reload()\nout = {{tag: [[e.step, e.value] for e in all.Scalars(tag)] for tag in \
         all.Tags()['scalars']}}\nout['text'] = all.Tensors('experiment')[0].tensor_proto.string_val[0].decode()\n\
         print(json.dumps(out))\n"
    );
    let said = run(Command::new(&python).args(["-c", &program])).expect("it reads them");
    let said = json(said.trim().lines().last().expect("a line"));
    let curve = std::fs::read_to_string(&curve).expect("a curve");
    let after: Vec<f64> = curve.lines().skip(1).filter_map(|line| line.split(',').nth(2)?.parse().ok()).collect();
    let theirs: Vec<f64> = said["loss/after"].as_array().expect("scalars").iter().map(|at| numbers(at)[1]).collect();
    assert_eq!(after.len(), 30);
    assert!(apart(&theirs, &after) < 1e-6, "{theirs:?} beside {after:?}");
    assert_eq!(said["validation/loss"].as_array().map(Vec::len), Some(2));
    assert!(said["speed/meta_steps_per_second"].as_array().is_some_and(|all| !all.is_empty()));
    assert!(said["text"].as_str().is_some_and(|text| text.contains("\"kind\": \"maml\"")), "{}", said["text"]);
}

#[test]
fn a_program_of_a_link_is_that_of_its_experiment_at_its_start() {
    let link = printed(&["link", "--preset", "sinusoid-maml-5shot"]);
    let experiment = kindling::experiment::decode(link.trim()).expect("a link");
    assert_eq!(printed(&["script", "--link", link.trim()]).trim_end(), script(&experiment, 0).expect("one").trim_end());
}
