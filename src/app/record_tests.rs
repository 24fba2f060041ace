use super::*;
use crate::experiment::{Accuracies, Check, CurvePoint, Interval, StepEvaluation, decode};

pub(crate) fn record(id: &str, begun: f64) -> Record {
    let moment = |meta_step, after| Moment { meta_step, before: 3.0, after, accuracy: None };
    Record {
        id: id.to_owned(),
        name: String::new(),
        pinned: false,
        begun,
        seconds: 1.5,
        experiment: Experiment::default(),
        device: Some(DeviceKind::Cpu),
        meta_step: 30,
        fingerprint: "K7QX2A".to_owned(),
        curve: vec![moment(10, 2.0), moment(20, 1.0), moment(30, 0.1)],
        checks: vec![Checked { meta_step: 20, loss: 0.7, accuracy: None }],
        evaluation: None,
    }
}

/// A file of one run after something in it was changed.
fn spoilt(spoil: impl FnOnce(&mut Value)) -> Result<Vec<Record>, FileError> {
    let mut file: Value = serde_json::from_str(&to_json(&[record("1", 1.0)])).unwrap();
    spoil(&mut file["runs"][0]);
    from_json(&file.to_string())
}

#[test]
fn runs_survive_their_file_bit_for_bit() {
    let mut one = record("1", 1e12);
    one.rename("a, \"b\" 学");
    one.curve[1].after = f32::INFINITY;
    one.curve[2].accuracy = Some((0.2, 0.9));
    let accuracy = Some(Interval { mean: 0.9, ci95: 0.01 });
    let loss = Interval { mean: f64::NAN, ci95: f64::NAN };
    let steps = vec![StepEvaluation { step: 5, loss, diverged: 1, accuracy }];
    one.evaluation = Some(Judged::of(30, &Evaluation { tasks: 100, steps }));
    let both = vec![one, record("2", 2.0)];
    assert_eq!(from_json(&to_json(&both)), Ok(both));
}

#[test]
fn a_file_holds_the_link_to_every_experiment() {
    let file: Value = serde_json::from_str(&to_json(&[record("1", 1.0)])).unwrap();
    assert_eq!(decode(file["runs"][0]["link"].as_str().unwrap()).unwrap(), Experiment::default());
}

#[test]
fn what_is_no_file_of_runs_is_told_apart_from_a_newer_one_and_an_empty_one() {
    for other in ["", "{", "[]", "{\"runs\": []}", "{\"kindling_runs\": \"1\", \"runs\": []}", "{\"kindling_runs\": 1}"]
    {
        assert_eq!(from_json(other), Err(FileError::Unknown), "{other}");
    }
    assert_eq!(from_json("{\"kindling_runs\": 2, \"runs\": [{}]}"), Err(FileError::Newer));
    assert_eq!(from_json("{\"kindling_runs\": 1, \"runs\": []}"), Err(FileError::Empty));
    let many = vec![record("1", 1.0); MOST_RUNS + 1];
    assert_eq!(from_json(&to_json(&many)), Err(FileError::TooMany));
}

#[test]
fn a_run_that_nobody_could_have_recorded_is_refused_with_its_number() {
    let damaged = Err(FileError::Damaged(1));
    assert!(spoilt(|_| {}).is_ok());
    assert_eq!(spoilt(|run| run["experiment"]["outer"]["lr"] = 1e9.into()), damaged);
    assert_eq!(spoilt(|run| run["curve"][1]["meta_step"] = 10.into()), damaged, "curves ascend");
    assert_eq!(spoilt(|run| run["meta_step"] = 29.into()), damaged, "a curve ends with its run");
    assert_eq!(spoilt(|run| run["curve"] = Value::Array(Vec::new())), damaged);
    assert_eq!(spoilt(|run| run["id"] = "".into()), damaged);
    assert_eq!(spoilt(|run| run["name"] = "x".repeat(MOST_NAME + 1).into()), damaged);
    assert_eq!(spoilt(|run| run["seconds"] = (-1).into()), damaged);
    assert_eq!(spoilt(|run| run["curve"][0]["accuracy"] = serde_json::json!([0.1, 1.1])), damaged);
    assert_eq!(spoilt(|run| drop(run.as_object_mut().unwrap().remove("curve"))), damaged);
}

#[test]
fn a_field_that_an_older_file_lacks_has_its_default() {
    let read = spoilt(|run| drop(run["experiment"]["learner"].as_object_mut().unwrap().remove("eval_steps")));
    assert_eq!(read.unwrap()[0].experiment, Experiment::default());
}

#[test]
fn a_series_is_taken_over_with_its_checks() {
    let mut series = Series::default();
    let accuracy = Some(Accuracies { before: 0.2, after: 0.5 });
    series.extend(&[CurvePoint { meta_step: 4, before: 2.0, after: 1.0, accuracy }]);
    series.extend_checks(&[Check { meta_step: 4, loss: 0.5, accuracy: Some(0.75) }]);
    let mut taken = record("1", 1.0);
    taken.take_series(&series);
    assert_eq!((taken.course(false), taken.course(true)), (vec![(4, 1.0)], vec![(4, 50.0)]));
    assert_eq!(taken.checks, [Checked { meta_step: 4, loss: 0.5, accuracy: Some(0.75) }]);
    assert!(taken.classifies());
    assert_eq!(taken.csv().lines().last(), Some("4,2,1,0.2,0.5"));
}

#[test]
fn a_difference_names_what_is_run_with_both_values_and_nothing_that_is_only_shown() {
    let one = Experiment::default();
    let mut other = one.clone();
    other.view.step = 3;
    assert!(difference(&one, &other).is_empty());
    other.model.hidden = vec![7];
    let differs = difference(&one, &other);
    assert_eq!(differs.len(), 1);
    assert_eq!((differs[0].path, differs[0].values.1.as_str()), ("model.hidden", "7"));
}
