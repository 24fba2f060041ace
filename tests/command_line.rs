//! The command line as a person and a script use it.
#![cfg(feature = "cli")]
#![allow(clippy::expect_used)]

mod common;

use std::process::{Command, Output, Stdio};

use common::{Folder, command, printed};

fn kindling(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the program starts")
}

/// The exit status and the one sentence on standard error.
fn refused(arguments: &[&str]) -> (i32, String) {
    let output = kindling(arguments);
    let sentence = String::from_utf8(output.stderr).expect("text");
    (output.status.code().expect("an exit status"), sentence)
}

/// A dataset of twenty classes of six drawings in one alphabet, in the packed form: `c` has a bar in row `c`.
fn packed() -> Vec<u8> {
    let image = |class: usize, drawing: usize| {
        let mut bits = [0_u8; 98];
        bits[class * 7 / 2 + 1] = 0xff >> drawing;
        bits
    };
    (0..20).flat_map(|class| (0..20).flat_map(move |drawing| image(class, drawing % 6))).collect()
}

const CHARACTERS: [&str; 10] = [
    "--preset",
    "glyphs-light-maml-5w1s",
    "--set",
    "model.filters=8",
    "--set",
    "outer.meta_batch=2",
    "--set",
    "task.ways=3",
    "--meta-steps",
    "2",
];

#[test]
fn characters_train_and_are_evaluated_with_their_accuracy() {
    let folder = Folder::new("characters");
    let (out, csv) = (folder.file("run.safetensors"), folder.file("curve.csv"));
    printed(&[&["train"], &CHARACTERS[..], &["--out", &out, "--curve", &csv]].concat());
    let curve = std::fs::read_to_string(csv).expect("a curve");
    assert!(curve.starts_with("meta_step,before,after,accuracy_before,accuracy_after\n1,"), "{curve}");
    let report = printed(&["evaluate", &out, "--tasks", "4", "--steps", "0,2", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    for step in report["steps"].as_array().expect("steps") {
        let mean = step["accuracy"]["mean"].as_f64().expect("an accuracy");
        assert!((0.0..=1.0).contains(&mean) && step["accuracy"]["ci95"].as_f64().is_some());
    }
    assert!(printed(&["evaluate", &out, "--tasks", "4"]).contains("accuracy (%)"));
}

#[test]
fn a_quadratic_is_trained_on_evaluated_on_and_shown_beside_its_rivals() {
    let folder = Folder::new("quadratic");
    let out = folder.file("run.safetensors");
    let few = ["--set", "learner.inner_steps=4", "--set", "learner.eval_steps=4", "--set", "outer.meta_batch=2"];
    printed(&[&["train", "--preset", "quadratic-lstm", "--meta-steps", "2", "--out", &out], &few[..]].concat());
    let report = printed(&["evaluate", &out, "--tasks", "4", "--steps", "0,4", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert!(report["steps"][1]["loss"]["mean"].as_f64().is_some_and(f64::is_finite), "{report}");
    let shown: serde_json::Value = serde_json::from_str(&printed(&["trajectory", &out])).expect("JSON");
    let trajectory = &shown["trajectory"];
    assert_eq!(trajectory["steps"].as_array().map(Vec::len), Some(5));
    let rivals = trajectory["rivals"].as_array().expect("rivals");
    let names: Vec<_> = rivals.iter().filter_map(|rival| rival["optimizer"].as_str()).collect();
    assert_eq!(names, ["sgd", "full_adam"]);
    assert!(rivals.iter().all(|rival| rival["query_loss"].as_array().map(Vec::len) == Some(5)));
    let link = printed(&["link", "--preset", "quadratic-lstm", "--set", "learner.units=8"]);
    assert!(printed(&["open", link.trim()]).contains("\"units\": 8"));
    let (status, sentence) = refused(&["link", "--preset", "quadratic-lstm", "--set", "learner.kind=anil"]);
    assert_eq!(status, 2, "{sentence}");
    assert!(sentence.contains("needs a network"), "{sentence}");
}

#[test]
fn data_is_trained_on_and_evaluated_on() {
    let folder = Folder::new("data");
    let (data, out) = (folder.file("few.bin"), folder.file("run.safetensors"));
    std::fs::write(&data, packed()).expect("a dataset");
    printed(&[&["train"], &CHARACTERS[..], &["--data", &data, "--out", &out]].concat());
    let report = printed(&["evaluate", &out, "--tasks", "4", "--json", "--data", &data]);
    assert!(report.contains("\"source\": \"imported\""), "{report}");
    let (status, sentence) = refused(&["evaluate", &out, "--tasks", "4"]);
    assert_eq!(status, 2, "{sentence}");
    assert!(sentence.contains("imported dataset and there is none"), "{sentence}");
}

#[test]
fn data_that_cannot_be_used_gets_one_sentence_and_exit_2() {
    let folder = Folder::new("refused-data");
    let (odd, zip, out) = (folder.file("odd.bin"), folder.file("cut.zip"), folder.file("run.safetensors"));
    std::fs::write(&odd, [0; 99]).expect("a file");
    std::fs::write(&zip, b"PK\x03\x04 and no end").expect("a file");
    for (data, part) in [(odd.as_str(), "98 for each image"), (&zip, "cut short"), ("no-such.zip", "cannot be read")] {
        let (status, sentence) = refused(&[&["train"], &CHARACTERS[..], &["--data", data, "--out", &out]].concat());
        assert_eq!(status, 2, "{sentence}");
        assert!(sentence.contains(part) && sentence.lines().count() == 1, "{sentence}");
    }
    let few = folder.file("few.bin");
    std::fs::write(&few, packed()).expect("a dataset");
    let many = [&["train"], &CHARACTERS[..], &["--set", "task.ways=20", "--data", &few, "--out", &out]].concat();
    assert!(refused(&many).1.contains("20 ways need 20"), "{}", refused(&many).1);
    let sinusoid = [&["train"], &SMALL[..], &["--data", &few, "--out", &out]].concat();
    assert!(refused(&sinusoid).1.contains("--data is for characters"));
}

#[test]
fn characters_are_drawn_on_a_sheet() {
    let folder = Folder::new("sheet");
    let sheet = folder.file("sheet.png");
    assert!(printed(&["glyphs", "--sheet", &sheet, "--count", "40"]).contains("40 characters"));
    let bytes = std::fs::read(sheet).expect("a picture");
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 1000);
}

const SMALL: [&str; 6] = ["--preset", "sinusoid-maml-5shot", "--set", "model.hidden=8", "--set", "outer.meta_batch=4"];

#[test]
fn presets_are_listed_for_people_and_as_json() {
    let names: Vec<String> = serde_json::from_str(&printed(&["presets", "--json"])).expect("an array of names");
    assert!(names.contains(&"sinusoid-maml-5shot".to_owned()));
    assert_eq!(printed(&["presets"]).lines().count(), names.len());
}

#[test]
fn every_preset_goes_through_a_link_of_at_most_120_characters_and_back() {
    let names: Vec<String> = serde_json::from_str(&printed(&["presets", "--json"])).expect("an array of names");
    let folder = Folder::new("links");
    for name in names {
        let link = printed(&["link", "--preset", &name]);
        assert!(link.trim_end().len() <= 120, "{name}: {link}");
        let json = printed(&["open", link.trim_end()]);
        let file = folder.file("experiment.json");
        std::fs::write(&file, json).expect("a file");
        assert_eq!(printed(&["link", &file]), link, "{name}");
    }
}

#[test]
fn a_changed_property_is_in_the_link() {
    let link = printed(&["link", "--preset", "sinusoid-maml-5shot", "--set", "learner.inner_steps=5"]);
    assert!(printed(&["open", link.trim_end()]).contains("\"inner_steps\": 5"));
}

#[test]
fn a_run_with_validation_tells_its_checks_writes_them_down_and_ends_with_the_best() {
    let folder = Folder::new("validation");
    let (out, curve) = (folder.file("run.safetensors"), folder.file("run.csv"));
    // A rate at which every check is as likely worse as better, so that two in a row come soon.
    let settings = "--set budget.validate_every=10 --set budget.patience=2 --set budget.validation_tasks=20 \
                    --set outer.lr=0.05 --set model.dropout=0.1 --set outer.weight_decay=0.01 --meta-steps 2000";
    let settings: Vec<&str> = settings.split_whitespace().collect();
    let output = kindling(&[&["train"], &SMALL[..], &settings, &["--out", &out, "--curve", &curve]].concat());
    let told = String::from_utf8(output.stderr).expect("text");
    assert!(output.status.success() && told.contains("meta-step 10: validation loss"), "{told}");
    assert!(
        told.contains("the validation tasks got no better; the meta-parameters are those of the best check"),
        "{told}"
    );
    let csv = std::fs::read_to_string(curve).expect("a curve");
    let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines[0], ["meta_step", "before", "after", "validation_loss"]);
    assert!(lines.iter().all(|line| line.len() == 4));
    let checked: Vec<(&str, f64)> =
        lines[1..].iter().filter_map(|line| Some((line[0], line[3].parse().ok()?))).collect();
    assert!(checked.len() >= 3 && checked.iter().all(|(at, _)| at.ends_with('0')), "{checked:?}");
    let best = checked.iter().min_by(|a, b| a.1.total_cmp(&b.1)).expect("a check").0;
    let report = printed(&["evaluate", &out, "--tasks", "5", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["meta_step"].to_string(), best);
    let (status, sentence) = refused(&["train", "--resume", &out, "--out", &out]);
    assert!(status == 2 && sentence.contains("give it more patience"), "{sentence}");
    printed(&["train", "--resume", &out, "--out", &out, "--set", "budget.patience=3"]);
}

#[test]
fn training_saves_a_checkpoint_that_evaluates_as_json_with_experiment_and_device() {
    let folder = Folder::new("train");
    let (out, curve) = (folder.file("run.safetensors"), folder.file("run.csv"));
    printed(&[&["train"], &SMALL[..], &["--meta-steps", "30", "--out", &out, "--curve", &curve]].concat());
    let csv = std::fs::read_to_string(curve).expect("a curve");
    assert_eq!((csv.lines().count(), csv.lines().next()), (31, Some("meta_step,before,after")));

    let text = printed(&["evaluate", &out, "--tasks", "20", "--steps", "0,1,5", "--seed", "3", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["tasks"], 20);
    assert_eq!(report["seed"], 3);
    assert_eq!(report["device"], "cpu");
    assert_eq!(report["meta_step"], 30);
    assert_eq!(report["experiment"]["budget"]["meta_steps"], 30);
    let steps = report["steps"].as_array().expect("steps");
    assert_eq!(steps.iter().map(|s| s["step"].as_u64()).collect::<Vec<_>>(), [Some(0), Some(1), Some(5)]);
    for step in steps {
        assert!(step["loss"]["mean"].as_f64().is_some_and(|mean| mean > 0.0));
        assert!(step["loss"]["ci95"].as_f64().is_some_and(|half| half > 0.0));
        assert!(step["accuracy"].is_null());
    }
    assert_eq!(text, printed(&["evaluate", &out, "--tasks", "20", "--steps", "0,1,5", "--seed", "3", "--json"]));
}

#[test]
fn evaluate_puts_the_published_figure_beside_its_own() {
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let text = printed(&["evaluate", shipped, "--tasks", "5", "--steps", "0,1"]);
    assert!(text.contains("published: Finn, Abbeel and Levine 2017, Table 2"), "{text}");
    let row = text.lines().find(|line| line.split_whitespace().take(2).eq(["10", "0.35"])).expect("a published step");
    assert!(row.contains('±'), "{row}");
    assert!(text.contains("what differs:\n- ") && text.contains("- The paper prints no intervals."), "{text}");

    let report = json_of(&["evaluate", shipped, "--tasks", "5", "--steps", "0,1", "--json"]);
    let steps = |of: &serde_json::Value| {
        of.as_array().expect("steps").iter().filter_map(|step| step["step"].as_u64()).collect::<Vec<_>>()
    };
    assert_eq!(steps(&report["steps"]), [0, 1], "no other steps than those asked for");
    let published = &report["published"];
    assert_eq!((&published["preset"], &published["metric"]), (&"sinusoid-maml-5shot".into(), &"loss".into()));
    assert_eq!(steps(&published["figures"]), [1, 5, 10]);
    assert_eq!(published["figures"][0]["value"], 0.67);
    assert_eq!(published["figures"][0]["here"], report["steps"][1]["loss"]);
    assert!(published["differences"].as_array().is_some_and(|all| !all.is_empty()));
    assert_eq!(report["finished"], true);
    assert!(report.get("shifted").is_none(), "nobody asked");

    let validated = ["evaluate", shipped, "--tasks", "5", "--steps", "0", "--split", "validation"];
    assert!(!printed(&validated).contains("published"), "a paper's figure is over test tasks");
    let other = ["evaluate", shipped, "--tasks", "5", "--steps", "0", "--set", "task.shots=7", "--json"];
    assert!(json_of(&other)["published"].is_null(), "no paper has seven shots");
}

#[test]
fn evaluate_tries_shifted_tasks_when_asked() {
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let asked = ["evaluate", shipped, "--tasks", "5", "--steps", "0,1", "--shifted"];
    let text = printed(&asked);
    for name in ["Amplitudes 5 … 9.9", "Phases π … 2π", "2 points to learn from", "10 points to learn from"] {
        assert!(text.contains(&format!("\n{name}: 5 tasks\ninner steps")), "{name}: {text}");
    }
    let report = json_of(&[&asked[..], &["--json"]].concat());
    let shifted = report["shifted"].as_array().expect("distributions");
    assert_eq!(shifted.len(), 4);
    assert_eq!((&shifted[0]["name"], &shifted[0]["tasks"]), (&"Amplitudes 5 … 9.9".into(), &5.into()));
    assert_eq!(shifted[0]["task"]["amplitude"]["low"], 5.0);
    let loss = |of: &serde_json::Value| of["steps"][0]["loss"]["mean"].as_f64().expect("a loss");
    assert!(loss(&shifted[0]) > loss(&report), "larger waves are further off before adaptation");
    assert_eq!(report["steps"], json_of(&["evaluate", shipped, "--tasks", "5", "--steps", "0,1", "--json"])["steps"]);
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_an_evaluation_with_the_tasks_done_so_far() {
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let arguments = ["evaluate", shipped, "--tasks", "1000000", "--json"];
    let child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    // It listens once it catches the second signal.
    let listens = || {
        let status = std::fs::read_to_string(&status).expect("it runs");
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("a mask");
        u64::from_str_radix(caught.trim(), 16).expect("a number") & 2 > 0
    };
    while !listens() {
        std::thread::yield_now();
    }
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(asked.success());
    let output = child.wait_with_output().expect("it ends");
    let sentence = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{sentence}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let done = report["tasks"].as_u64().expect("a number");
    assert!((1..1_000_000).contains(&done) && report["finished"] == false, "{done}");
    assert!(sentence.contains(&format!("stopped after {done} of 1000000 tasks")), "{sentence}");
}

#[test]
fn a_run_cut_in_two_by_resume_ends_where_an_uncut_one_does() {
    let folder = Folder::new("resume");
    let (part, whole) = (folder.file("part.safetensors"), folder.file("whole.safetensors"));
    printed(&[&["train"], &SMALL[..], &["--meta-steps", "20", "--out", &part]].concat());
    printed(&["train", "--resume", &part, "--meta-steps", "40", "--out", &part]);
    printed(&[&["train"], &SMALL[..], &["--meta-steps", "40", "--out", &whole]].concat());
    let fingerprint = |file: &str| {
        let frame: serde_json::Value = serde_json::from_str(&printed(&["trajectory", file])).expect("JSON");
        frame["fingerprint"].clone()
    };
    assert_eq!(fingerprint(&part), fingerprint(&whole));
    let (status, sentence) = refused(&["train", "--resume", &part, "--out", &part]);
    assert_eq!(status, 2);
    assert!(sentence.contains("give more with --meta-steps"), "{sentence}");
    let (status, sentence) =
        refused(&["train", "--resume", &part, "--set", "seed=5", "--meta-steps", "50", "--out", &part]);
    assert_eq!(status, 2);
    assert!(sentence.contains("cannot go on with another seed"), "{sentence}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_and_says_how_to_go_on() {
    let folder = Folder::new("stop");
    let out = folder.file("run.safetensors");
    let arguments = [&["train"], &SMALL[..], &["--meta-steps", "1000000", "--out", &out]].concat();
    let child = command(&arguments).stderr(Stdio::piped()).spawn().expect("the program starts");
    // The first save comes before the first meta-step, once the program listens.
    while !std::path::Path::new(&out).exists() {
        std::thread::yield_now();
    }
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(asked.success());
    let output = child.wait_with_output().expect("it ends");
    let sentence = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{sentence}");
    assert!(sentence.contains("To go on: kindling train --resume"), "{sentence}");
    printed(&["evaluate", &out, "--tasks", "2", "--steps", "0"]);
}

#[test]
fn requests_that_cannot_be_carried_out_exit_2_with_a_sentence() {
    let folder = Folder::new("refused");
    let out = folder.file("run.safetensors");
    let damaged = folder.file("damaged.safetensors");
    std::fs::write(&damaged, b"not a checkpoint at all").expect("a file");
    let cases: [(&[&str], &str); 10] = [
        (&["train", "--preset", "sinusoid-mamal", "--out", &out], "there is no preset \"sinusoid-mamal\""),
        (&["train", "--out", &out], "nothing to train"),
        (
            &["train", "--preset", "sinusoid-maml", "--set", "learner.inner_step=5", "--out", &out],
            "learner.inner_steps",
        ),
        (
            &["train", "--preset", "sinusoid-maml", "--set", "learner.inner_lr=fast", "--out", &out],
            "learner.inner_lr cannot be",
        ),
        (&["train", "--preset", "sinusoid-maml", "--set", "seed", "--out", &out], "PROPERTY=VALUE"),
        (&["train", "--preset", "sinusoid-maml", "--meta-steps", "0", "--out", &out], "budget.meta_steps cannot be"),
        (
            &["train", "--preset", "sinusoid-maml", "--meta-steps", "5", "--out", "/no/such/folder/x"],
            "cannot be written",
        ),
        (&["evaluate", &damaged], "the checkpoint cannot be used"),
        (&["open", "#v1.AAAA"], "link"),
        (&["train", "--preset", "sinusoid-maml", "--device", "gpu", "--out", &out], "--features gpu"),
    ];
    for (arguments, sentence) in cases {
        let (status, found) = refused(arguments);
        assert_eq!(status, 2, "{arguments:?}: {found}");
        assert!(found.contains(sentence), "{arguments:?}: {found}");
        assert_eq!(found.lines().count(), 1, "one sentence: {found}");
    }
}

#[test]
fn a_run_that_diverges_exits_1_and_keeps_its_last_finite_parameters() {
    let folder = Folder::new("diverge");
    let out = folder.file("run.safetensors");
    let wild = ["--set", "outer.optimizer=sgd", "--set", "outer.lr=10", "--meta-steps", "500", "--out", &out];
    let (status, sentence) = refused(&[&["train"], &SMALL[..], &wild].concat());
    assert_eq!(status, 1, "{sentence}");
    assert!(sentence.contains("diverged at meta-step") && sentence.contains("The last finite"), "{sentence}");
    printed(&["evaluate", &out, "--tasks", "2", "--steps", "0"]);
}

#[test]
fn a_reproduction_reports_its_figures_beside_the_published_and_what_differed() {
    assert!(printed(&["reproduce", "--list"]).contains("glyphs-maml-5w1s                    98.7 ± 0.4 %"));
    let folder = Folder::new("reproduce");
    let out = folder.file("report");
    let run = ["reproduce", "sinusoid-maml-5shot", "--meta-steps", "2", "--set", "model.hidden=8", "--out", &out];
    let report = printed(&run);
    for line in ["| 10 | 0.35 |", "model.hidden was 8 instead of 40,40.", "budget.meta_steps was 2 instead of 70000."] {
        assert!(report.contains(line), "{report}");
    }
    assert_eq!(std::fs::read_to_string(format!("{out}/sinusoid-maml-5shot.md")).expect("a report") + "\n", report);
    let json = std::fs::read_to_string(format!("{out}/sinusoid-maml-5shot.json")).expect("a report");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["published"][0]["value"], 0.67);
    assert_eq!(json["found"]["tasks"], 600);
    let (status, sentence) = refused(&["reproduce", "sinusoid-maml-6shot"]);
    assert_eq!(status, 2);
    assert!(sentence.contains("sinusoid-maml-5shot"), "the nearest is named: {sentence}");
}

#[test]
fn a_preset_without_a_published_figure_is_reported_all_the_same() {
    let folder = Folder::new("reproduce-none");
    let out = folder.file("report");
    let report = printed(&["reproduce", "sinusoid-cavia", "--meta-steps", "2", "--out", &out]);
    for line in ["| 10 | – |", "budget.meta_steps was 2 instead of 50000.", "Differences from the preset:"] {
        assert!(report.contains(line), "{report}");
    }
    let json = std::fs::read_to_string(format!("{out}/sinusoid-cavia.json")).expect("a report");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert!(json["source"].is_null() && json["published"].as_array().is_some_and(Vec::is_empty));
}

/// A search small enough for a test: three candidates of 20 meta-steps.
const SEARCH: [&str; 11] = [
    "search",
    "--preset",
    "sinusoid-maml",
    "--set",
    "model.hidden=8,8",
    "--set",
    "outer.lr=0.1",
    "--meta-steps",
    "60",
    "--candidates",
    "3",
];

#[test]
fn a_search_says_its_plan_its_rungs_and_what_to_set_and_finds_the_same_again() {
    let folder = Folder::new("search");
    let out = folder.file("best.json");
    let output = kindling(&[&SEARCH[..], &["--out", &out]].concat());
    let (found, told) = (String::from_utf8(output.stdout), String::from_utf8(output.stderr));
    let (found, told) = (found.expect("text"), told.expect("text"));
    assert!(output.status.success(), "{told}");
    assert!(told.starts_with("searching learner.inner_lr, learner.inner_steps, outer.lr with 3 candidates"), "{told}");
    assert!(told.contains("3 × 20 (to repeat: --meta-steps 60 --candidates 3 --seed 1)"), "{told}");
    assert!(told.contains("rung 1: 2 judged, 1 diverged so far") && found.contains("--set outer.lr="), "{told}{found}");
    assert!(found.starts_with("best after") && !found.contains("rung"), "the way there is told elsewhere: {found}");
    assert_eq!(printed(&SEARCH), found);
    // The link and the file are the same experiment.
    let link = found.lines().find_map(|line| line.strip_prefix("link")).expect("a link").trim();
    assert_eq!(printed(&["link", "--experiment", &out]).trim(), link);
}

#[test]
fn a_search_prints_json_with_every_candidate() {
    let json: serde_json::Value = serde_json::from_str(&printed(&[&SEARCH[..], &["--json"]].concat())).expect("JSON");
    assert_eq!(json["trials"].as_array().map(Vec::len), Some(3));
    let best = json["best"].as_u64().expect("a best candidate") as usize;
    assert_eq!(json["experiment"]["outer"]["lr"], json["trials"][best]["setting"]["outer_lr"]);
    assert_eq!(json["finished"], true);
}

#[test]
fn a_search_without_an_experiment_or_with_two_budgets_is_refused() {
    assert_eq!(refused(&["search"]).0, 2);
    assert_eq!(refused(&[&SEARCH[..], &["--minutes", "1"]].concat()).0, 2);
    assert_eq!(refused(&["search", "--preset", "sinusoid-maml", "--minutes", "0"]).0, 2);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_search_and_one_that_has_judged_nobody_says_so() {
    use std::io::{BufRead as _, BufReader};
    let arguments = [&SEARCH[..7], &["--meta-steps", "100000000", "--candidates", "3"]].concat();
    let mut child = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stderr.take().expect("its sentences")).lines();
    let plan = lines.next().expect("a plan").expect("text");
    assert!(plan.starts_with("searching"), "{plan}");
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(asked.success());
    let sentence = lines.map(|line| line.expect("text")).collect::<Vec<_>>().join("\n");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{sentence}");
    assert!(sentence.contains("before any candidate was judged: there is no best so far"), "{sentence}");
    assert!(output.stdout.is_empty(), "nothing was found");
}

#[test]
fn a_diagnosis_finds_the_gradient_right_and_prints_directions_and_costs() {
    let text = printed(&["diagnose", "--preset", "sinusoid-maml-5shot", "--set", "learner.inner_steps=3"]);
    assert!(text.contains("verdict: right"), "{text}");
    assert!(text.contains("meta-step  norm") && text.contains("second order costs"), "{text}");
}

#[test]
fn directions_are_followed_over_training_as_json() {
    let small = ["--preset", "sinusoid-maml-5shot", "--set", "model.hidden=8", "--json"];
    let text = printed(&[&["diagnose", "--every", "4", "--meta-steps", "10"], &small[..]].concat());
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let directions = report["directions"].as_array().expect("a list");
    let steps: Vec<u64> = directions.iter().filter_map(|found| found["meta_step"].as_u64()).collect();
    assert_eq!(steps, [0, 4, 8]);
    assert!(
        directions.iter().all(|found| (0.0..=1.0).contains(&found["fomaml"]["cosine"].as_f64().expect("a cosine")))
    );
    assert_eq!(report["meta_step"], 10);
    assert!(report.get("gradient").is_none() && report.get("cost").is_none(), "only what was asked for");
}

#[test]
fn memory_is_counted_and_more_inner_steps_hold_more() {
    // One task, so that nothing runs side by side: every inner step keeps its fast weights.
    let sets = ["--set", "outer.meta_batch=1", "--set", "learner.inner_steps=4", "--set", "model.hidden=100,100"];
    let text = printed(&[&["diagnose", "--cost", "--json", "--preset", "sinusoid-maml-5shot"], &sets[..]].concat());
    let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let cost = &report["cost"];
    assert_eq!(cost["counted"], true);
    let at = cost["at"].as_array().expect("a list");
    assert_eq!(at.len(), 4);
    for order in ["first", "second"] {
        let bytes: Vec<f64> = at.iter().filter_map(|at| at[order]["bytes"].as_f64()).collect();
        // At least 10 501 parameters of four bytes more each time.
        assert!(bytes.len() == 4 && bytes.windows(2).all(|pair| pair[1] - pair[0] >= 40_000.0), "{order} {bytes:?}");
    }
    assert!(report["ratio"].as_f64().is_some_and(|ratio| ratio > 0.0));
}

#[test]
fn a_diagnosis_that_cannot_be_made_exits_2_with_a_sentence() {
    let (status, sentence) =
        refused(&["diagnose", "--preset", "sinusoid-maml-5shot", "--set", "learner.kind=ridge", "--directions"]);
    assert_eq!(status, 2);
    assert!(sentence.contains("no inner loop for MAML"), "{sentence}");
    assert!(refused(&["diagnose"]).1.contains("nothing to diagnose"));
}

/// A comparison small enough for a test.
const COMPARE: [&str; 10] = [
    "compare",
    "--preset",
    "sinusoid-maml-5shot",
    "--set",
    "model.hidden=8,8",
    "--meta-steps",
    "20",
    "--tasks",
    "10",
    "--learners",
];

#[test]
fn a_comparison_prints_a_row_for_every_inner_step_and_a_sentence() {
    let told = printed(&[&COMPARE[..], &["maml,scratch"]].concat());
    let rows: Vec<&str> = told.lines().filter(|line| line.contains(" ± ") && !line.contains("mean")).collect();
    // The sentence has intervals too.
    assert_eq!(rows.len(), 11 + 1, "{told}");
    let last = told.lines().last().expect("a sentence");
    assert!(last.contains("to reach") && last.contains("maml") && last.contains("scratch"), "{told}");
    assert_eq!(printed(&[&COMPARE[..], &["maml,scratch"]].concat()), told, "and the same again");
}

#[test]
fn a_comparison_prints_json_and_a_checkpoint_takes_part_as_it_stands() {
    let folder = Folder::new("compare");
    let out = folder.file("own.safetensors");
    printed(&[
        "train",
        "--preset",
        "sinusoid-maml-5shot",
        "--set",
        "model.hidden=8,8",
        "--meta-steps",
        "20",
        "--out",
        &out,
    ]);
    let arguments = ["compare", &out, "--meta-steps", "20", "--tasks", "10", "--learners", "maml,reptile", "--json"];
    let json: serde_json::Value = serde_json::from_str(&printed(&arguments)).expect("JSON");
    let entrants = json["entrants"].as_array().expect("entrants");
    assert_eq!(entrants.len(), 3);
    assert_eq!((&entrants[0]["contestant"], &entrants[1]["contestant"]["learner"]), (&"own".into(), &"maml".into()));
    // As many meta-steps of the same learner from the same seed: the same figures.
    assert_eq!(entrants[0]["evaluation"], entrants[1]["evaluation"]);
    assert_eq!(json["experiments"][2]["learner"]["kind"], "reptile");
}

#[test]
fn contestants_that_cannot_be_compared_are_refused_in_a_sentence() {
    let (status, sentence) = refused(&[&COMPARE[..], &["maml,prototypical"]].concat());
    assert!(status == 2 && sentence.contains("prototypical cannot learn"), "{sentence}");
    let (status, sentence) = refused(&[&COMPARE[..], &["maml,momel"]].concat());
    assert!(status == 2 && sentence.contains("there is no learner"), "{sentence}");
    let (status, sentence) = refused(&[&COMPARE[..], &["maml"]].concat());
    assert!(status == 2 && sentence.contains("two to 6 contestants"), "{sentence}");
}

/// A small network, trained a little and saved.
fn trained(folder: &Folder, name: &str, preset: &str, more: &[&str]) -> String {
    let out = folder.file(name);
    printed(&[&["train", "--preset", preset, "--meta-steps", "3", "--out", &out], more].concat());
    out
}

fn json_of(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&printed(arguments)).expect("JSON")
}

#[test]
fn checkpoints_are_compared_under_their_names_with_the_figures_that_an_evaluation_of_each_has() {
    let folder = Folder::new("checkpoints");
    let hidden = ["--set", "model.hidden=8,8"];
    let a = trained(&folder, "a.safetensors", "sinusoid-maml-5shot", &hidden);
    let more = ["--set", "model.hidden=6", "--set", "task.shots=10", "--set", "seed=7"];
    let b = trained(&folder, "b.safetensors", "sinusoid-reptile", &more);
    let json = json_of(&["compare", &a, &b, "--tasks", "10", "--json"]);
    let entrants = json["entrants"].as_array().expect("entrants");
    let name = |place: usize| &entrants[place]["contestant"]["checkpoint"]["name"];
    assert_eq!((entrants.len(), name(0), name(1)), (2, &"a.safetensors".into(), &"b.safetensors".into()));
    let steps: Vec<String> = (0..=10).map(|step| step.to_string()).collect();
    for (place, (file, sets)) in
        [(&a, vec![]), (&b, vec!["--set", "task.shots=5", "--seed", "1"])].into_iter().enumerate()
    {
        let evaluate = ["evaluate", file, "--tasks", "10", "--steps", &steps.join(","), "--json"];
        let alone = json_of(&[&evaluate[..], &sets].concat());
        assert_eq!(entrants[place]["evaluation"]["steps"], alone["steps"], "{file}");
    }
    assert_eq!(
        json["experiments"][1]["learner"]["inner_lr"],
        entrants[1]["contestant"]["checkpoint"]["experiment"]["learner"]["inner_lr"]
    );

    let told = printed(&["compare", &a, &b, "--tasks", "10", "--learners", "maml", "--meta-steps", "2"]);
    assert!(told.contains("b.safetensors: reptile after 3 meta-steps, learner.eval_lr="), "{told}");
    let head = told.lines().find(|line| line.contains("inner steps  ")).expect("a head");
    assert!(["a.safetensors", "b.safetensors", "maml"].iter().all(|name| head.contains(name)), "{head}");
    let lasts: Vec<&str> = told.lines().filter(|line| line.trim_start().starts_with("10 ")).collect();
    assert!(lasts.len() == 1 && lasts[0].matches(" ± ").count() == 3, "{told}");

    // The tasks of a preset in place of those of the first file.
    let on = ["--preset", "sinusoid-maml", "--tasks", "10", "--json"];
    let on_preset = json_of(&[&["compare", &a, &b], &on[..]].concat());
    assert_eq!(on_preset["experiments"][0]["task"]["shots"], 10);
    assert_ne!(on_preset["entrants"][0]["evaluation"], entrants[0]["evaluation"]);

    let svg = printed(&["figure", "compare", &a, &b, "--tasks", "10"]);
    let all = texts(&svg);
    assert!(all.contains(&"b.safetensors (Reptile, meta-steps: 3)".to_owned()), "{all:?}");
    let chinese = texts(&printed(&["figure", "compare", &a, &b, "--tasks", "10", "--lang", "zh"]));
    assert!(chinese.iter().any(|text| text.starts_with("a.safetensors（MAML")), "{chinese:?}");
}

#[test]
fn settings_beside_checkpoints_are_those_that_all_are_judged_under_and_those_that_learners_train_with() {
    let folder = Folder::new("settings");
    let hidden = ["--set", "model.hidden=8,8"];
    let a = trained(&folder, "a.safetensors", "sinusoid-maml-5shot", &hidden);
    let b = trained(&folder, "b.safetensors", "sinusoid-reptile", &hidden);
    let tasks = ["--tasks", "6", "--json"];

    // What all are judged under.
    let judged = ["--set", "task.shots=7", "--set", "seed=9", "--set", "learner.eval_steps=2"];
    let json = json_of(&[&["compare", &a, &b], &judged[..], &tasks].concat());
    assert_eq!((&json["meta_steps"], &json["seed"]), (&0.into(), &9.into()), "nobody is trained");
    for place in [0, 1] {
        let experiment = &json["experiments"][place];
        assert_eq!((&experiment["task"]["shots"], &experiment["seed"]), (&7.into(), &9.into()));
        assert_eq!(json["entrants"][place]["evaluation"]["steps"].as_array().map(Vec::len), Some(3));
    }

    // What learners train with leaves the checkpoint as it is, also where it is the only one.
    let learners = ["--learners", "maml", "--meta-steps", "2"];
    let set = ["--set", "learner.inner_lr=0.02", "--set", "learner.eval_lr=0.5", "--set", "model.hidden=6"];
    let plain = json_of(&[&["compare", &a], &learners[..], &tasks].concat());
    let other = json_of(&[&["compare", &a], &learners[..], &set, &tasks].concat());
    assert_eq!(plain["entrants"][0]["contestant"], "own");
    assert_eq!(other["entrants"][0]["contestant"]["checkpoint"]["name"], "a.safetensors");
    assert_eq!(other["entrants"][0]["evaluation"], plain["entrants"][0]["evaluation"]);
    for part in ["model", "learner"] {
        assert_eq!(other["experiments"][0][part], plain["experiments"][0][part]);
    }
    let trained = &other["experiments"][1];
    assert_eq!((&trained["learner"]["eval_lr"], &trained["model"]["hidden"]), (&0.5.into(), &vec![6].into()));
    assert_ne!(other["entrants"][1]["evaluation"], plain["entrants"][1]["evaluation"]);
    let seeded = json_of(&[&["compare", &a, "--set", "seed=9"], &learners[..], &tasks].concat());
    assert_eq!((&seeded["entrants"][0]["contestant"], &seeded["seed"]), (&"own".into(), &9.into()));

    // Without anybody to train they would do nothing.
    for path in ["learner.eval_lr", "task.train_shots"] {
        for more in [vec![], vec!["--preset", "sinusoid-maml"]] {
            let change = format!("{path}=1");
            let (status, sentence) = refused(&[&["compare", &a, &b, "--set", &change], &more[..]].concat());
            assert!(status == 2 && sentence.contains(&format!("--set {path}: a checkpoint takes part as it stands")));
            assert!(sentence.contains("or add --learners NAMES"), "{sentence}");
        }
    }
    let (status, sentence) = refused(&["compare", &a, &b, "--meta-steps", "5"]);
    assert!(status == 2 && sentence.contains("--learners"), "{sentence}");
}

#[test]
fn checkpoints_of_characters_and_of_one_name_are_compared_and_told_apart() {
    let folder = Folder::new("namesakes");
    let light = ["--set", "model.filters=8", "--set", "outer.meta_batch=1"];
    let a = trained(&folder, "net.safetensors", "glyphs-light-maml-5w1s", &light);
    std::fs::create_dir_all(folder.file("other")).expect("a folder");
    let b = trained(&folder, "other/net.safetensors", "glyphs-light-prototypical-5w1s", &light);
    let json = json_of(&["compare", &a, &b, "--tasks", "4", "--json"]);
    let entrant = |place: usize| &json["entrants"][place];
    assert_eq!(entrant(0)["contestant"]["checkpoint"]["name"], "net.safetensors");
    assert_eq!(
        (&entrant(1)["contestant"]["checkpoint"]["name"], &entrant(1)["kind"]),
        (&"net.safetensors (2)".into(), &"prototypical".into())
    );
    let alone = json_of(&["evaluate", &b, "--tasks", "4", "--steps", "0,1,2,3,4,5", "--json"]);
    assert_eq!(entrant(1)["evaluation"]["steps"], alone["steps"]);
}

#[test]
fn checkpoints_that_do_not_fit_the_tasks_of_the_first_are_refused_by_name() {
    let folder = Folder::new("unfit");
    let light = ["--set", "model.filters=8", "--set", "outer.meta_batch=1"];
    let waves = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let five = trained(&folder, "five.safetensors", "glyphs-light-maml-5w1s", &light);
    let three = trained(
        &folder,
        "three.safetensors",
        "glyphs-light-maml-5w1s",
        &[&light[..], &["--set", "task.ways=3"]].concat(),
    );
    let (status, sentence) = refused(&["compare", waves, &five]);
    assert!(
        status == 2
            && sentence.contains("five.safetensors cannot take part: it was trained on tasks of the family characters"),
        "{sentence}"
    );
    let (status, sentence) = refused(&["compare", &five, &three]);
    assert!(
        status == 2 && sentence.contains("three.safetensors cannot take part: its head tells 3 classes apart"),
        "{sentence}"
    );
    let (status, sentence) = refused(&["compare", waves]);
    assert!(status == 2 && sentence.contains("two to 6 contestants"), "{sentence}");
    let (status, sentence) = refused(&[["compare"].as_slice(), &[waves; 7]].concat());
    assert!(status == 2 && sentence.contains("7 were given"), "{sentence}");
    let (status, sentence) = refused(&["compare", waves, "--learners", "maml"]);
    assert!(status == 2 && sentence.contains("--meta-steps"), "{sentence}");
    let (status, sentence) = refused(&["figure", "steps", waves, &five]);
    assert!(status == 2 && sentence.contains("takes one checkpoint"), "{sentence}");
    let (status, sentence) = refused(&["figure", "curves", waves, waves]);
    assert!(status == 2 && sentence.contains("add --learners"), "{sentence}");
    let (status, sentence) = refused(&["figure", "compare", waves, waves, "--meta-steps", "5"]);
    assert!(status == 2 && sentence.contains("--meta-steps is for learners that are trained here"), "{sentence}");
}

#[test]
fn a_landscape_follows_paths_and_prints_every_loss_as_json() {
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let text = printed(&["landscape", shipped, "--tasks", "3"]);
    assert!(text.contains("times as far from one another as from the start"), "{text}");
    assert!(text.contains("17 × 17 points") && text.contains("reptile"), "{text}");
    let arguments = ["landscape", shipped, "--tasks", "2", "--grid", "9", "--plane", "random", "--task", "5", "--json"];
    let report: serde_json::Value = serde_json::from_str(&printed(&arguments)).expect("JSON");
    assert_eq!((report["plane"].as_str(), report["paths"][0]["index"].as_u64()), (Some("random"), Some(5)));
    assert_eq!(report["paths"].as_array().map(Vec::len), Some(3));
    assert_eq!(report["surface"]["support"].as_array().map(Vec::len), Some(81));
    assert!(report["experiment"].is_object() && report["meta_step"].is_u64());
}

#[test]
fn a_landscape_that_cannot_be_drawn_exits_2_with_a_sentence() {
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let (status, sentence) = refused(&["landscape", shipped, "--grid", "10"]);
    assert_eq!(status, 2);
    assert!(sentence.contains("9, 17, 33 or 65"), "{sentence}");
    let folder = Folder::new("landscape");
    let file = folder.file("ridge.safetensors");
    let ridge = ["--preset", "sinusoid-maml-5shot", "--set", "learner.kind=ridge", "--meta-steps", "1"];
    printed(&[&["train", "--out", &file][..], &ridge].concat());
    let (status, sentence) = refused(&["landscape", &file]);
    assert_eq!(status, 2);
    assert!(sentence.contains("no gradient steps"), "{sentence}");
}

#[test]
fn layers_are_printed_for_people_for_scripts_and_for_tables() {
    let anil = ["layers", "--preset", "sinusoid-maml", "--set", "learner.kind=anil", "--tasks", "3", "--task", "2"];
    let told = printed(&anil);
    assert!(told.starts_with("anil after 0 meta-steps; task 2\n"), "{told}");
    assert!(told.contains("what the head sees is 1.00 alike to before"), "{told}");
    let report: serde_json::Value = serde_json::from_str(&printed(&[&anil[..], &["--json"]].concat())).expect("JSON");
    let layers = report["layers"].as_array().expect("layers");
    let names: Vec<_> = layers.iter().filter_map(|layer| layer["name"].as_str()).collect();
    assert_eq!(names, ["layer0", "layer1", "layer2"]);
    assert_eq!((report["tasks"].as_u64(), layers[0]["shown"][1]["change"].as_f64()), (Some(3), Some(0.0)));
    assert!(layers[2]["others"][1]["change"]["mean"].as_f64().is_some_and(|change| change > 0.0));
    let csv = printed(&[&anil[..], &["--csv"]].concat());
    let steps = report["steps"].as_array().expect("steps").len();
    assert!(csv.starts_with("layer,step,change,gradient,likeness,") && csv.lines().count() == 1 + 3 * steps, "{csv}");
}

#[test]
fn layers_of_characters_have_feature_maps_and_of_a_metric_learner_a_picture_of_the_task() {
    let set = ["--set", "model.filters=8", "--set", "task.ways=3", "--set", "task.queries=1"];
    let of = |preset: &'static str, more: &[&'static str]| {
        printed(&[&["layers", "--preset", preset, "--tasks", "1"], &set[..], more].concat())
    };
    let report = of("glyphs-light-maml-5w1s", &["--json", "--drawing", "4"]);
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    let blocks = report["activations"]["blocks"].as_array().expect("blocks");
    assert_eq!(blocks.iter().filter_map(|block| block["side"].as_u64()).collect::<Vec<_>>(), [14, 7, 4, 2]);
    assert_eq!(report["filters"][0].as_array().map(Vec::len), Some(72));
    let csv = of("glyphs-light-prototypical-5w1s", &["--csv"]);
    assert_eq!(csv.lines().filter(|line| line.starts_with("prototype,")).count(), 3, "{csv}");
    let told = of("glyphs-light-matching-5w1s", &[]);
    assert!(told.contains("no weight changes") && told.contains("attention to each support drawing"), "{told}");
    let (status, sentence) = refused(&["layers"]);
    assert!(status == 2 && sentence.contains("nothing to look into"), "{sentence}");
}

#[test]
fn an_anatomy_walks_from_the_start_to_the_next_one_in_numbers() {
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let text = printed(&["anatomy", shipped, "--task", "2", "--step", "3"]);
    assert!(text.starts_with("maml after 70000 meta-steps, task 2, inner step 3 of 10"), "{text}");
    for stage in ["1  the start", "5  the update", "8  back to the start", "9  the meta-step", "10  a nudge"] {
        assert!(text.contains(stage), "{stage}: {text}");
    }
    assert!(text.contains("θ′ = θ − αg = ") && text.contains("v_2 = v_3 − αHv = "), "{text}");
    // The older word for it.
    let arguments = ["walk", "--preset", "sinusoid-anil", "--set", "model.hidden=6,5", "--json"];
    let report: serde_json::Value = serde_json::from_str(&printed(&arguments)).expect("JSON");
    assert_eq!((report["kind"].as_str(), report["back"].as_str()), (Some("anil"), Some("through")));
    let moved = report["steps"][0]["moved"].as_array().expect("norms");
    assert!(moved[0] == 0.0 && moved[1] == 0.0 && moved[2].as_f64() > Some(0.0), "{moved:?}");
    assert_eq!(report["stages"].as_array().map(Vec::len), Some(10));
}

#[test]
fn an_anatomy_that_cannot_be_made_exits_2_with_a_sentence() {
    let (status, sentence) = refused(&["anatomy"]);
    assert!(status == 2 && sentence.contains("nothing to take apart"), "{sentence}");
    let still = ["anatomy", "--preset", "sinusoid-maml", "--set", "learner.eval_steps=0"];
    let (status, sentence) = refused(&still);
    assert!(status == 2 && sentence.contains("no inner step"), "{sentence}");
    let (status, sentence) = refused(&["anatomy", "--preset", "sinusoid-maml", "--step", "11"]);
    assert!(status == 2 && sentence.contains("there are 10 inner steps"), "{sentence}");
    let (status, sentence) = refused(&["anatomy", "--preset", "sinusoid-maml", "--weight", "w"]);
    assert!(status == 2 && sentence.contains("w is not followed; these are: layer"), "{sentence}");
}

/// What stands in an SVG as text, without its marks.
fn texts(svg: &str) -> Vec<String> {
    let parts = svg.split("<text").skip(1).filter_map(|rest| rest.split_once('>')?.1.split_once("</text>"));
    parts.map(|(text, _)| text.to_owned()).collect()
}

#[test]
fn a_figure_is_a_complete_picture_in_either_theme_and_language() {
    let checkpoint = concat!(env!("CARGO_MANIFEST_DIR"), "/www/checkpoints/sinusoid-maml-5shot.safetensors");
    let list = printed(&["figure", "--list"]);
    assert!(list.lines().count() == 20 && list.contains("adaptation") && list.contains("--from CSV"), "{list}");
    let light = printed(&["figure", "adaptation", checkpoint]);
    let dark = printed(&["figure", "adaptation", checkpoint, "--theme", "dark", "--width", "900"]);
    for svg in [&light, &dark] {
        let all = texts(svg);
        for text in ["How does it adapt to this task?", "input x", "target y", "support points", "step 10 of 10"] {
            assert!(all.iter().any(|one| one == text), "{text} in {all:?}");
        }
        assert!(all.last().is_some_and(|caption| caption.ends_with('.')), "{all:?}");
        assert!(!svg.contains("class=") && !svg.contains("var("));
    }
    assert!(light.contains("#b93c0a") && dark.contains("#ff8f54") && dark.contains("width=\"932\""));
    let chinese = printed(&["figure", "steps", checkpoint, "--lang", "zh"]);
    assert!(texts(&chinese).contains(&"每个内层步改变了什么？".to_owned()), "{:?}", texts(&chinese));
}

#[test]
fn figures_are_drawn_from_what_other_commands_have_written() {
    let folder = Folder::new("figures");
    let [weights, curve, evaluated, drawn] =
        ["m.safetensors", "curve.csv", "e.json", "d.svg"].map(|name| folder.file(name));
    let small =
        ["--set", "outer.meta_batch=2", "--set", "budget.validate_every=10", "--set", "budget.validation_tasks=3"];
    let train =
        ["train", "--preset", "sinusoid-maml-5shot", "--meta-steps", "20", "--out", &weights, "--curve", &curve];
    printed(&train.into_iter().chain(small).collect::<Vec<_>>());
    printed(&["figure", "loss", "--from", &curve, "-o", &drawn]);
    let svg = std::fs::read_to_string(&drawn).expect("a figure");
    let all = texts(&svg);
    assert!(all.iter().any(|text| text.starts_with("Over its 20 meta-steps adaptation takes")), "{all:?}");
    assert!(all.iter().any(|text| text == "Validation, the best marked"), "{all:?}");
    std::fs::write(&evaluated, printed(&["evaluate", &weights, "--tasks", "5", "--json"])).expect("written");
    let svg = printed(&["figure", "evaluate", "--from", &evaluated]);
    assert!(texts(&svg).iter().any(|text| text.contains("over 5 tasks")), "{:?}", texts(&svg));
    let (status, sentence) = refused(&["figure", "loss", "--from", &evaluated]);
    assert!(status == 2 && sentence.contains("no curve of `kindling train --curve`"), "{sentence}");
    let (status, sentence) = refused(&["figure", "search"]);
    assert!(status == 2 && sentence.contains("--from JSON of `search`"), "{sentence}");
    let (status, sentence) = refused(&["figure", "loss", "--from", &curve, "--from", &curve]);
    assert!(status == 2 && sentence.contains("one --from"), "{sentence}");
    let (status, sentence) = refused(&["figure", "loss", &weights, "--from", &curve]);
    assert!(status == 2 && sentence.contains("cannot be used with"), "{sentence}");
    let (status, sentence) = refused(&["script", "--preset", "sinusoid-cavia"]);
    assert!(status == 2 && sentence.contains("set learner.kind to one of them"), "{sentence}");
}

#[test]
fn what_is_compared_is_drawn_on_the_task_on_show_from_its_json() {
    let folder = Folder::new("multiples");
    let file = folder.file("compared.json");
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let compare = ["compare", shipped, "--learners", "scratch", "--meta-steps", "2", "--tasks", "2", "--json"];
    std::fs::write(&file, printed(&compare)).expect("written");
    let svg = printed(&["figure", "multiples", "--from", &file, "--step", "3"]);
    let all = texts(&svg);
    for text in ["input x", "target y", "support points", "query points", "network now", "other steps"] {
        assert!(all.iter().any(|one| one == text), "{text} in {all:?}");
    }
    assert_eq!(all.iter().filter(|one| one.contains(" · step 3: loss ")).count(), 2, "{all:?}");
    assert!(all.iter().any(|one| one.starts_with("At inner step 3 of the task on show")), "{all:?}");
    let (status, sentence) = refused(&["figure", "multiples", "--from", &file, "--step", "90"]);
    assert!(status == 2 && sentence.contains("there is no inner step 90"), "{sentence}");
}

#[test]
fn what_is_inside_a_network_and_a_step_are_figures_with_their_questions_legends_and_captions() {
    let checkpoint = concat!(env!("CARGO_MANIFEST_DIR"), "/www/checkpoints/sinusoid-maml-5shot.safetensors");
    let has = |arguments: &[&str], wanted: &[&str]| {
        let all = texts(&printed(&[&["figure"], arguments].concat()));
        for text in wanted {
            assert!(all.iter().any(|one| one.starts_with(text)), "{text} in {all:?}");
        }
    };
    has(
        &["layers", checkpoint, "--step", "3"],
        &["What changed: features or head?", "CKA", "Layer 1", "Head", "After inner step 10"],
    );
    has(&["layers", checkpoint, "--own", "--theme", "dark"], &["Gradient of the support loss", "Layer 2"]);
    let embedding =
        ["Where do features put", "principal axis 1", "support set: filled", "input x", "Points of the task"];
    has(&["embedding", checkpoint, "--step", "2"], &embedding);
    let stage =
        ["How does one step work?", "Stage 4 of 10 · Backward", "‖g‖, gradient", "Of the gradient’s squared length"];
    has(&["anatomy", checkpoint, "--stage", "gradient", "--step", "2"], &stage);
    has(&["anatomy", checkpoint, "--lang", "zh"], &["一步是怎样走的？"]);
    // What `layers` and `anatomy` have written is drawn alike.
    let folder = Folder::new("inside");
    for (name, command) in [("layers", "layers"), ("anatomy", "anatomy")] {
        let file = folder.file(&format!("{name}.json"));
        std::fs::write(&file, printed(&[command, checkpoint, "--json"])).expect("written");
        assert_eq!(printed(&["figure", name, "--from", &file]), printed(&["figure", name, checkpoint]), "{name}");
    }
}

/// A network for characters, small and trained by one meta-step.
fn small_characters(folder: &Folder, learner: &str) -> String {
    let file = folder.file(&format!("{learner}.safetensors"));
    let kind = format!("learner.kind={learner}");
    let small =
        ["model.filters=8", "task.ways=2", "task.queries=2", "outer.meta_batch=1", "learner.eval_steps=2", &kind];
    let mut train = vec!["train", "--preset", "glyphs-light-maml-5w1s", "--meta-steps", "1", "--out", &file];
    train.extend(small.iter().flat_map(|set| ["--set", set]));
    printed(&train);
    file
}

#[test]
fn filters_and_feature_maps_are_figures_and_a_learner_without_inner_steps_has_its_own() {
    let folder = Folder::new("maps");
    let (maml, matching) = (small_characters(&folder, "maml"), small_characters(&folder, "matching"));
    let count = |svg: &str| svg.matches("image-rendering=\"pixelated\"").count();
    let maps = printed(&["figure", "maps", &maml, "--drawing", "3"]);
    assert_eq!((count(&maps), count(&printed(&["figure", "filters", &maml]))), (15, 3));
    let all = texts(&maps);
    assert!(all.iter().any(|text| text.contains("Query drawing 2, class B")), "{all:?}");
    assert!(all.iter().any(|text| text == "after step 2") && all.iter().any(|text| text == "Block 4"), "{all:?}");
    assert_eq!(count(&printed(&["figure", "maps", &matching])), 5);
    let likeness = texts(&printed(&["figure", "likeness", &matching, "--theme", "dark"]));
    assert!(likeness.contains(&"Which support drawings does each query attend to?".to_owned()), "{likeness:?}");
    let drawings = printed(&["figure", "anatomy", &matching, "--stage", "make"]);
    assert!(texts(&drawings).iter().any(|text| text == "The drawings of the support set"));
    let judged = printed(&["figure", "anatomy", &matching, "--stage", "query"]);
    assert!(texts(&judged).iter().any(|text| text == "Drawings, with the probability of each class"));
    let (status, sentence) = refused(&["figure", "layers", &matching]);
    assert!(status == 2 && sentence.contains("matching: no step inside a task changes a layer"), "{sentence}");
    let (status, sentence) = refused(&["figure", "likeness", &maml]);
    assert!(status == 2 && sentence.contains("compares no query"), "{sentence}");
    let (status, sentence) = refused(&["figure", "maps", &maml, "--drawing", "9"]);
    assert!(status == 2 && sentence.contains("no drawing of this number"), "{sentence}");
    let (status, sentence) = refused(&["figure", "anatomy", &matching, "--stage", "gradient"]);
    assert!(status == 2 && sentence.contains("has no stage gradient here; its stages are start, make"), "{sentence}");
}

#[test]
fn figures_of_what_there_is_not_are_refused_in_a_sentence() {
    let checkpoint = concat!(env!("CARGO_MANIFEST_DIR"), "/www/checkpoints/sinusoid-maml-5shot.safetensors");
    for (arguments, wanted) in [
        (vec!["filters", checkpoint], "model.network=conv4"),
        (vec!["maps", checkpoint], "only a convolutional network has feature maps"),
        (vec!["anatomy", checkpoint, "--step", "11"], "choose one from 1 to 10"),
        (vec!["anatomy", checkpoint, "--stage", "sideways"], "possible values: start, forward"),
        (vec!["anatomy", checkpoint, "--weight", "w"], "w is not followed; these are: layer"),
        (vec!["layers"], "is made of a checkpoint, or --from JSON of `layers`"),
    ] {
        let (status, sentence) = refused(&[&["figure"], arguments.as_slice()].concat());
        assert!(status == 2 && sentence.contains(wanted), "{arguments:?}: {sentence}");
    }
}

#[test]
fn every_figure_asked_for_alone_says_what_to_give() {
    let list = printed(&["figure", "--list"]);
    let names: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names.len(), 20, "{list}");
    for name in names {
        let (status, sentence) = refused(&["figure", name]);
        let made_of = sentence.split_once(&format!("the figure {name} is made of ")).map(|(_, made_of)| made_of);
        let given = made_of.is_some_and(|made_of| made_of.contains("checkpoint") || made_of.contains("--from "));
        assert!(status == 2 && given && sentence.lines().count() == 1, "{name}: {sentence}");
        assert!(!sentence.contains("the same"), "{name}: {sentence}");
    }
}

#[test]
fn an_option_that_a_figure_has_no_use_for_is_refused_with_those_that_have() {
    let checkpoint = concat!(env!("CARGO_MANIFEST_DIR"), "/www/checkpoints/sinusoid-maml-5shot.safetensors");
    for (arguments, wanted) in [
        (vec!["embedding", checkpoint, "--own"], "embedding has no use for --own, which is for layers\n"),
        (vec!["filters", checkpoint, "--drawing", "1"], "no use for --drawing, which is for maps\n"),
        (vec!["layers", checkpoint, "--stage", "start"], "no use for --stage, which is for anatomy\n"),
        (vec!["layers", checkpoint, "--weight", "w"], "no use for --weight, which is for anatomy\n"),
        (vec!["paths", checkpoint, "--query"], "no use for --query, which is for surface\n"),
        (vec!["steps", checkpoint, "--log"], "no use for --log, which is for loss, runs\n"),
        (vec!["likeness", checkpoint, "--step", "1"], "no use for --step, which is for adaptation, steps, race, "),
        (vec!["evaluate", checkpoint, "--task", "1"], "no use for --task, which is for adaptation, "),
        (vec!["layers", checkpoint, "--tasks", "9"], "no use for --tasks, which is for evaluate, compare\n"),
        (vec!["costs", checkpoint, "--plane", "random"], "no use for --plane, which is for paths, surface\n"),
        (vec!["steps", checkpoint, "--learners", "maml"], "no use for --learners, which is for compare, curves\n"),
        (vec!["steps", checkpoint, "--meta-steps", "1"], "no use for --meta-steps, which is for compare, curves\n"),
        (vec!["layers", "--from", "x.json", "--task", "1"], "'--from <FILE>' cannot be used with '--task <TASK>'"),
        (vec!["layers", "--from", "x.json", "--data", "x.zip"], "'--from <FILE>' cannot be used with '--data <FILE>'"),
        (
            vec!["layers", "--from", "x.json", "--device", "cpu"],
            "'--from <FILE>' cannot be used with '--device <DEVICE>'",
        ),
        (vec!["evaluate", "--from", "x.json", "--tasks", "9"], "'--from <FILE>' cannot be used with '--tasks <TASKS>'"),
        (vec!["paths", "--from", "x.json", "--plane", "pca"], "'--from <FILE>' cannot be used with '--plane <PLANE>'"),
    ] {
        let (status, sentence) = refused(&[&["figure"], arguments.as_slice()].concat());
        assert!(status == 2 && sentence.contains(wanted), "{arguments:?}: {sentence}");
    }
}

#[test]
fn an_inner_step_that_is_not_told_of_is_refused_by_every_figure_alike() {
    let checkpoint = concat!(env!("CARGO_MANIFEST_DIR"), "/www/checkpoints/sinusoid-maml-5shot.safetensors");
    for name in ["adaptation", "steps", "layers", "embedding", "paths", "anatomy"] {
        let (status, sentence) = refused(&["figure", name, checkpoint, "--step", "11"]);
        let first = u8::from(name == "anatomy");
        let wanted = format!("there is no inner step 11; choose one from {first} to 10\n");
        assert!(status == 2 && sentence.ends_with(&wanted), "{name}: {sentence}");
        assert!(printed(&["figure", name, checkpoint, "--step", "10"]).starts_with("<svg"), "{name}");
    }
    let (status, sentence) = refused(&["figure", "anatomy", checkpoint, "--step", "0"]);
    assert!(status == 2 && sentence.contains("there is no inner step 0; choose one from 1 to 10"), "{sentence}");
    let compare = ["figure", "compare", checkpoint, checkpoint, "--tasks", "2", "--step", "11"];
    let (status, sentence) = refused(&compare);
    assert!(status == 2 && sentence.contains("there is no inner step 11; choose one from 0 to 10"), "{sentence}");
    // Its states are support points seen, and none of them is a gradient step.
    let folder = Folder::new("no-steps");
    let points = trained(&folder, "cnp.safetensors", "sinusoid-maml-5shot", &["--set", "learner.kind=cnp"]);
    let (status, sentence) = refused(&["figure", "anatomy", &points, "--step", "2"]);
    assert!(status == 2 && sentence.contains("there is no inner step 2; leave --step out"), "{sentence}");
    assert!(printed(&["figure", "adaptation", &points, "--step", "5"]).starts_with("<svg"));
}

#[test]
fn a_weight_is_told_of_at_the_nudge_alone_and_one_that_is_not_nudged_is_refused() {
    let checkpoint = concat!(env!("CARGO_MANIFEST_DIR"), "/www/checkpoints/sinusoid-maml-5shot.safetensors");
    let folder = Folder::new("nudges");
    let file = folder.file("anatomy.json");
    let mut report = json_of(&["anatomy", checkpoint, "--json"]);
    let name = |report: &serde_json::Value, number: usize| {
        report["followed"][number]["name"].as_str().expect("a name of what is followed").to_owned()
    };
    let (first, second) = (name(&report, 0), name(&report, 1));
    let caption = |name: &str| {
        texts(&printed(&["figure", "anatomy", checkpoint, "--stage", "nudge", "--weight", name])).join(" ")
    };
    assert_ne!(caption(&first), caption(&second));
    assert_eq!(caption(&first), texts(&printed(&["figure", "anatomy", checkpoint, "--stage", "nudge"])).join(" "));
    for stage in [vec![], vec!["--stage", "gradient"]] {
        let (status, sentence) =
            refused(&[&["figure", "anatomy", checkpoint, "--weight", &second], &stage[..]].concat());
        assert!(
            status == 2 && sentence.contains(&format!("does not tell of {second}; add --stage nudge")),
            "{sentence}"
        );
    }
    report["followed"][1]["nudge"] = serde_json::Value::Null;
    std::fs::write(&file, report.to_string()).expect("written");
    let still = ["figure", "anatomy", "--from", &file, "--stage", "nudge", "--weight", &second];
    let (status, sentence) = refused(&still);
    let wanted = format!("{second} is not nudged; these are: {first}; ");
    assert!(status == 2 && sentence.contains(&wanted), "{sentence}");
}

#[test]
fn what_ran_off_is_drawn_from_its_json() {
    let folder = Folder::new("ran-off");
    let wild = ["--preset", "sinusoid-maml", "--set", "learner.eval_lr=10", "--set", "learner.eval_steps=50"];
    for command in ["layers", "anatomy"] {
        let file = folder.file(&format!("{command}.json"));
        let written = printed(&[&[command], &wild[..], &["--json"]].concat());
        let report: serde_json::Value = serde_json::from_str(&written).expect("JSON");
        let lost = match command {
            "layers" => &report["scene"]["places"][17][0][0],
            _ => &report["steps"][49]["loss"],
        };
        assert!(lost.is_null(), "{command} did not run off: {lost}");
        std::fs::write(&file, written).expect("written");
        assert!(printed(&["figure", command, "--from", &file]).starts_with("<svg"), "{command}");
    }
    // No example has a place any more where the weights are none.
    let file = folder.file("layers.json");
    let embedding = ["figure", "embedding", "--from", &file];
    let (status, sentence) = refused(&embedding);
    assert!(status == 2 && sentence.contains("no example has a finite place after this inner step"), "{sentence}");
    let svg = printed(&[&embedding[..], &["--step", "0"]].concat());
    assert!(svg.starts_with("<svg") && !svg.contains("NaN"), "{svg}");
}

#[test]
fn a_file_whose_lists_are_cut_short_or_too_long_is_refused_in_a_sentence() {
    let folder = Folder::new("cut-short");
    let (maml, file) = (small_characters(&folder, "maml"), folder.file("cut.json"));
    let layers = json_of(&["layers", &maml, "--tasks", "2", "--drawing", "0", "--json"]);
    let anatomy = json_of(&["anatomy", &maml, "--json"]);
    let landscape = json_of(&["landscape", &maml, "--tasks", "1", "--grid", "9", "--json"]);
    let check = |name: &str, whole: &serde_json::Value, changes: &[(&str, serde_json::Value, &str)]| {
        std::fs::write(&file, whole.to_string()).expect("written");
        assert!(printed(&["figure", name, "--from", &file]).starts_with("<svg"), "{name}");
        for (place, value, wanted) in changes {
            let mut broken = whole.clone();
            *broken.pointer_mut(place).expect("a place in the JSON") = value.clone();
            std::fs::write(&file, broken.to_string()).expect("written");
            let (status, sentence) = refused(&["figure", name, "--from", &file]);
            assert!(status == 2 && sentence.contains(wanted), "{name} {place}: {sentence}");
            assert!(sentence.lines().count() == 1 && sentence.contains("have it written anew"), "{sentence}");
        }
    };
    let few = || serde_json::json!([0.5, 0.25]);
    check(
        "maps",
        &layers,
        &[
            ("/activations/blocks/1/values/2", few(), "2 numbers of block 2 after inner step 2 where 392 belong"),
            ("/activations/blocks/0/side", 4_000_000_000_u32.into(), "1 to 28 × 28 belong"),
            ("/activations/blocks/0/maps", 4_000_000_000_u32.into(), "a block of 4000000000 feature maps"),
            ("/filters/1", few(), "2 weights of the filters after inner step 1 where 72 belong"),
        ],
    );
    let places = ("/scene/places/0", serde_json::json!([]), "0 places of examples after inner step 0 where 6 belong");
    check("embedding", &layers, std::slice::from_ref(&places));
    check("layers", &layers, &[("/layers/0/shown", serde_json::json!([]), "0 inner steps of conv0 where 3 belong")]);
    check("anatomy", &anatomy, &[("/steps/1/moved", few(), "2 movements of inner step 2 where 5 belong")]);
    check(
        "surface",
        &landscape,
        &[
            ("/surface/side", 4_000_000_000_u32.into(), "where one of 9, 17, 33, 65 in a row belongs"),
            ("/surface/support", few(), "2 losses of the support set where 81 belong"),
        ],
    );
}

#[cfg(unix)]
#[test]
fn what_is_written_over_a_link_is_where_the_link_leads_and_a_device_stays_one() {
    use std::os::unix::fs::FileTypeExt as _;
    let folder = Folder::new("link-kept");
    let [file, link, missing, ahead, theirs] =
        ["run.py", "link.py", "new.py", "ahead.py", "run.py.part"].map(|name| folder.file(name));
    std::fs::write(&file, "old").expect("a file");
    // The name that a part once had is anybody's.
    std::fs::write(&theirs, "mine").expect("a file");
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    std::os::unix::fs::symlink("new.py", &ahead).expect("a link to nothing yet");
    for (out, lands) in [(&link, &file), (&ahead, &missing)] {
        printed(&["script", "--preset", "sinusoid-maml", "-o", out]);
        assert!(std::fs::symlink_metadata(out).expect("it is there").is_symlink(), "{out}");
        assert!(std::fs::read_to_string(lands).expect("a program").contains("import jax"), "{lands}");
    }
    printed(&["script", "--preset", "sinusoid-maml", "-o", "/dev/null"]);
    assert!(std::fs::metadata("/dev/null").expect("a device").file_type().is_char_device());
    assert_eq!(parts(&folder), ["run.py.part"]);
    assert_eq!(std::fs::read_to_string(&theirs).expect("still there"), "mine");
}

/// The names in a folder that look like files under way.
fn parts(folder: &Folder) -> Vec<String> {
    let entries = std::fs::read_dir(&folder.0).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".part")).collect()
}

#[test]
fn a_place_that_cannot_be_written_to_is_found_out_at_the_start_and_leaves_nothing_behind() {
    let folder = Folder::new("no-place");
    let (out, best) = (folder.file("run.safetensors"), folder.file("best"));
    std::fs::create_dir_all(&best).expect("a folder in the way");
    let train = [&["train"], &SMALL[..], &["--meta-steps", "1000000"]].concat();
    // What stands there is not given up for a run that cannot begin.
    std::fs::write(&out, "an hour's work").expect("a file");
    for (curve, wanted) in
        [("/no/such/folder/curve.csv", "cannot be written"), (&best, "cannot be written"), (&out, "--out and --curve")]
    {
        let (status, sentence) = refused(&[&train[..], &["--out", &out, "--curve", curve]].concat());
        assert!(status == 2 && sentence.contains(wanted) && sentence.lines().count() == 1, "{curve}: {sentence}");
        assert_eq!(std::fs::read_to_string(&out).expect("what stood there"), "an hour's work");
    }
    let search = ["search", "--preset", "sinusoid-maml", "--meta-steps", "100000000", "--out", &best];
    let (status, sentence) = refused(&search);
    assert!(status == 2 && sentence.contains("cannot be written") && sentence.lines().count() == 1, "{sentence}");
    assert!(parts(&folder).is_empty());
}

#[test]
fn a_resumed_run_goes_on_with_the_curve_that_is_there() {
    let folder = Folder::new("curve-resumed");
    let [first, second, whole, curve, uncut] =
        ["a.st", "b.st", "whole.st", "curve.csv", "uncut.csv"].map(|name| folder.file(name));
    let checks = ["--set", "budget.validate_every=4", "--set", "budget.validation_tasks=5"];
    let start = [&["train"], &SMALL[..], &["--curve", &curve, "--out", &first, "--meta-steps", "6"]].concat();
    printed(&start);
    let go_on = |steps: &str| {
        let resumed = ["train", "--resume", &first, "--out", &second, "--curve", &curve, "--meta-steps", steps];
        printed(&resumed);
        std::fs::read_to_string(&curve).expect("a curve")
    };
    let longer = go_on("9");
    // From the same checkpoint again: what came after it is another run's.
    let shorter = go_on("8");
    assert_eq!(shorter.lines().collect::<Vec<_>>(), longer.lines().take(9).collect::<Vec<_>>());
    let all = ["--meta-steps", "8", "--curve", &uncut, "--out", &whole];
    printed(&[&["train"], &SMALL[..], &all].concat());
    assert_eq!(std::fs::read_to_string(&uncut).expect("a curve"), shorter);
    let judged = ["train", "--resume", &second, "--out", &second, "--curve", &curve, "--meta-steps", "12"];
    printed(&[&judged[..], &checks].concat());
    let text = std::fs::read_to_string(&curve).expect("a curve");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() == 13 && lines[0].ends_with(",validation_loss") && lines[1].ends_with(','), "{text}");
    assert!(lines.iter().all(|line| line.split(',').count() == 4), "{text}");
    std::fs::write(&curve, "a letter to a friend\n").expect("a file");
    let (status, sentence) = refused(&[&judged[..5], &["--curve", &curve, "--meta-steps", "20"]].concat());
    assert!(status == 2 && sentence.contains("holds no curve"), "{sentence}");
    assert_eq!(std::fs::read_to_string(&curve).expect("still there"), "a letter to a friend\n");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_exits_2_and_a_reader_that_has_gone_is_no_failure() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let output = command(&["presets"]).stdout(full()).stderr(Stdio::piped()).output().expect("it starts");
    let sentence = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{sentence}");
    assert!(sentence.contains("the output cannot be written") && sentence.lines().count() == 1, "{sentence}");
    // Where nobody can be told anything, a run is saved all the same.
    let folder = Folder::new("untold");
    let out = folder.file("run.st");
    let train = [&["train"], &SMALL[..], &["--meta-steps", "2", "--out", &out]].concat();
    assert!(command(&train).stderr(full()).status().expect("it starts").success());
    assert_eq!(json_of(&["evaluate", &out, "--tasks", "2", "--steps", "0", "--json"])["meta_step"], 2);
    let mut child = command(&["presets"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn minutes_that_no_clock_can_count_are_refused_by_every_command_alike() {
    let folder = Folder::new("minutes");
    let out = folder.file("out");
    for command in [
        vec!["search", "--preset", "sinusoid-maml"],
        vec!["train", "--preset", "sinusoid-maml"],
        vec!["reproduce", "sinusoid-maml"],
    ] {
        for minutes in ["1e300", "1000001", "nan", "0", "inf", "--minutes=-1"] {
            let minutes = if minutes.starts_with('-') { vec![minutes] } else { vec!["--minutes", minutes] };
            let (status, sentence) = refused(&[&command[..], &minutes, &["--out", &out]].concat());
            assert!(status == 2 && sentence.contains("a number of minutes above 0"), "{command:?}: {sentence}");
        }
    }
}

#[test]
fn a_program_is_written_only_of_settings_that_fit_the_checkpoint() {
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    assert!(printed(&["script", shipped, "--set", "learner.inner_lr=0.02"]).contains("import jax"));
    for set in ["model.hidden=10", "learner.kind=meta_sgd", "task.family=characters"] {
        let (status, sentence) = refused(&["script", shipped, "--set", set]);
        assert!(status == 2 && sentence.contains("the checkpoint cannot be used: it"), "{set}: {sentence}");
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
    }
}

#[test]
fn an_evaluation_says_of_which_split_it_is_and_only_test_tasks_are_drawn_as_never_trained_on() {
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let folder = Folder::new("splits");
    let file = folder.file("evaluated.json");
    for split in ["test", "validation", "train"] {
        let asked = ["evaluate", shipped, "--tasks", "3", "--steps", "0,1", "--split", split];
        assert!(printed(&asked).starts_with(&format!("3 tasks of the split {split}, seed ")), "{split}");
        let mut report = json_of(&[&asked[..], &["--json"]].concat());
        assert_eq!(report["split"], split);
        std::fs::write(&file, report.to_string()).expect("written");
        let drawn = ["figure", "evaluate", "--from", &file];
        if split == "test" {
            assert!(printed(&drawn).starts_with("<svg"));
            // As files without it were written.
            report.as_object_mut().expect("an object").remove("split");
            std::fs::write(&file, report.to_string()).expect("written");
            assert!(printed(&drawn).starts_with("<svg"));
        } else {
            let (status, sentence) = refused(&drawn);
            assert!(status == 2 && sentence.contains(&format!("are of the split {split}, and")), "{sentence}");
        }
    }
}

#[test]
fn an_option_that_would_do_nothing_is_refused() {
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let of = ["gradient", "--of", shipped];
    let unused: [&[&str]; 3] = [&["--dtype", "f64"], &["--device", "cpu"], &["--tolerance", "1"]];
    for more in unused {
        let (status, sentence) = refused(&[&of[..], more].concat());
        assert!(status == 2 && sentence.contains("cannot be used with"), "{more:?}: {sentence}");
    }
    let (status, sentence) = refused(&[&of[..], &["--tasks", "1000"]].concat());
    assert!(status == 2 && sentence.contains("its meta-batch has 25; ask for that many at most"), "{sentence}");
    let (status, sentence) = refused(&[&of[..], &["--data", "few.bin"]].concat());
    assert!(status == 2 && sentence.contains("--data is for characters"), "{sentence}");
    for arguments in [
        &["gradient", "case.json", "--tasks", "3"][..],
        &["gradient", "case.json", "--data", "few.bin"],
        &["layers", "--preset", "glyphs-light-maml-5w1s", "--drawing", "0", "--csv"],
    ] {
        let (status, sentence) = refused(arguments);
        assert!(status == 2 && sentence.contains("cannot be used with"), "{arguments:?}: {sentence}");
    }
    let walk = ["anatomy", "--preset", "sinusoid-maml", "--json"];
    for (more, wanted) in [
        (["--step", "99"], "there are 10 inner steps; choose one of them"),
        (["--weight", "foo"], "foo is not followed; these are: layer"),
    ] {
        let output = kindling(&[&walk[..], &more].concat());
        let sentence = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && sentence.contains(wanted), "{sentence}");
        assert!(output.stdout.is_empty(), "{more:?}");
    }
    // Points seen are no inner steps.
    let points = ["anatomy", "--preset", "sinusoid-maml", "--set", "learner.kind=cnp", "--step", "2"];
    let (status, sentence) = refused(&points);
    assert!(status == 2 && sentence.contains("there is no inner step 2; leave --step out"), "{sentence}");
}

#[test]
fn numbers_that_no_picture_can_hold_are_refused() {
    let folder = Folder::new("huge");
    let file = folder.file("huge.json");
    let shipped = "www/checkpoints/sinusoid-maml-5shot.safetensors";
    let whole = json_of(&["landscape", shipped, "--tasks", "1", "--grid", "9", "--json"]);
    for (place, what) in [("/half", "half of the square's side"), ("/paths/0/at/1/0", "a place of the path of task")] {
        let mut broken = whole.clone();
        *broken.pointer_mut(place).expect("a place in the JSON") = 1e300_f64.into();
        std::fs::write(&file, broken.to_string()).expect("written");
        for name in ["surface", "paths"] {
            let (status, sentence) = refused(&["figure", name, "--from", &file]);
            assert!(status == 2 && sentence.contains(what) && sentence.contains("have it written anew"), "{sentence}");
        }
    }
    let curve = folder.file("curve.csv");
    std::fs::write(&curve, "meta_step,before,after\n1,1.5,0.5\n2,inf,NaN\n").expect("written");
    let (status, sentence) = refused(&["figure", "loss", "--from", &curve]);
    assert!(status == 2 && sentence.contains("line 3"), "{sentence}");
}
