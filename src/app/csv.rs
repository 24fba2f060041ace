//! Tables as comma-separated values (RFC 4180), with every digit that there is.

use super::shown::{Reading, Shown};
use crate::{
    chart::{Series, Spread},
    experiment::{CharacterTrajectory, Choice as _, Drawing, Trajectory},
};

/// A table, a row a line.
#[must_use]
pub fn text(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",") + "\r\n").collect()
}

/// A cell, in quotes where it needs them. Spaces of any width become plain ones. A name that a spreadsheet would take for
/// a formula is marked as text: runs come from strangers too.
fn quoted(cell: &str) -> String {
    let mut cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    if cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err() {
        cell.insert(0, '\'');
    }
    if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// A meta-training curve, a bucket a row, then its checks on validation tasks.
#[must_use]
pub fn series(series: &Series) -> String {
    let heads = [
        "meta_step",
        "loss_before",
        "loss_after",
        "accuracy_before",
        "accuracy_after",
        "validation_loss",
        "validation_accuracy",
    ];
    let trained = series.buckets().iter().map(|bucket| {
        let (before, after) = bucket.accuracy.unzip();
        let share = |spread: Option<Spread>| number(spread.map(|spread| spread.mean));
        let losses = [bucket.last.to_string(), bucket.before.mean.to_string(), bucket.after.mean.to_string()];
        losses.into_iter().chain([share(before), share(after), String::new(), String::new()]).collect()
    });
    let checked = series.checks().iter().map(|check| {
        let none = || std::iter::repeat_n(String::new(), 4);
        let found = [check.loss.to_string(), number(check.accuracy)];
        std::iter::once(check.meta_step.to_string()).chain(none()).chain(found).collect()
    });
    text(&std::iter::once(heads.map(str::to_owned).to_vec()).chain(trained).chain(checked).collect::<Vec<_>>())
}

/// What every inner step measures, a step a row; an optimiser beside the learner has a column of query losses.
#[must_use]
pub fn steps(shown: &Shown) -> String {
    let rivals = shown.regression().map(|trajectory| trajectory.rivals.as_slice()).unwrap_or_default();
    let heads = ["step", "support_loss", "query_loss", "gradient_norm", "support_accuracy", "query_accuracy"];
    let names = rivals.iter().map(|rival| format!("query_loss_{}", rival.optimizer.name()));
    let row = |(step, reading): (usize, Reading)| {
        let own = [
            step.to_string(),
            reading.support_loss.to_string(),
            number(reading.query_loss),
            reading.gradient_norm.to_string(),
        ];
        let accuracies = [number(reading.support_accuracy), number(reading.query_accuracy)];
        let beside = rivals.iter().map(|rival| number(rival.query_loss.get(step).copied()));
        own.into_iter().chain(accuracies).chain(beside).collect()
    };
    let first = heads.iter().map(|name| (*name).to_owned()).chain(names).collect();
    text(&std::iter::once(first).chain(shown.readings().enumerate().map(row)).collect::<Vec<_>>())
}

/// A task on its grid with the prediction of every inner step, then its support and query points.
#[must_use]
pub fn trajectory(trajectory: &Trajectory) -> String {
    let count = trajectory.steps.len();
    let heads = ["kind", "x", "y"].iter().map(|name| (*name).to_owned());
    let first = heads.chain((0..count).map(|step| format!("step_{step}"))).collect();
    let grid = trajectory.grid.iter().zip(&trajectory.truth).enumerate().map(|(place, (x, y))| {
        let predicted = trajectory.steps.iter().map(|step| number(step.prediction.get(place).copied()));
        ["task".to_owned(), x.to_string(), y.to_string()].into_iter().chain(predicted).collect()
    });
    let support = trajectory.support.iter().map(|point| ("support", point));
    let points = support.chain(trajectory.query.iter().map(|point| ("query", point))).map(|(kind, point)| {
        let none = std::iter::repeat_n(String::new(), count);
        [kind.to_owned(), point.x.to_string(), point.y.to_string()].into_iter().chain(none).collect()
    });
    text(&std::iter::once(first).chain(grid).chain(points).collect::<Vec<_>>())
}

/// What every query drawing is taken for at every inner step, a drawing a row: its class, and the probability of each class
/// at each step. Classes are called by their letters.
#[must_use]
pub fn characters(task: &CharacterTrajectory, letter: impl Fn(usize) -> char) -> String {
    let letter = &letter;
    let classes = task.classes.len();
    let columns = |step: usize| (0..classes).map(move |class| format!("step_{step}_{}", letter(class)));
    let first = ["query", "class"].map(str::to_owned).into_iter().chain((0..task.steps.len()).flat_map(columns));
    let row = |(place, drawing): (usize, &Drawing)| {
        let class = drawing.class.map(|class| letter(class.into()).to_string()).unwrap_or_default();
        let probabilities = task.steps.iter().flat_map(|step| {
            let own = step.query_probabilities.get(place);
            (0..classes).map(move |class| number(own.and_then(|own| own.get(class).copied())))
        });
        [(place + 1).to_string(), class].into_iter().chain(probabilities).collect()
    };
    text(&std::iter::once(first.collect()).chain(task.query.iter().enumerate().map(row)).collect::<Vec<Vec<String>>>())
}

fn number(value: Option<f32>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::shown::Subject,
        experiment::{Adaptation, CharacterStep, Check, CurvePoint, InnerOptimizer, Point, Rival, TrajectoryStep},
    };

    fn table(rows: &[&[&str]]) -> String {
        text(&rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect::<Vec<_>>())
    }

    #[test]
    fn a_table_is_a_line_a_row_and_a_comma_between_cells() {
        assert_eq!(table(&[&["step", "loss"], &["0", "1.5"]]), "step,loss\r\n0,1.5\r\n");
    }

    #[test]
    fn a_curve_has_a_row_a_bucket_and_its_checks_below() {
        let mut curve = Series::default();
        curve.extend(&[CurvePoint { meta_step: 3, before: 2.0, after: 0.5, accuracy: None }]);
        curve.extend_checks(&[Check { meta_step: 3, loss: 0.7, accuracy: Some(0.5) }]);
        let written = series(&curve);
        assert_eq!(written.lines().skip(1).collect::<Vec<_>>(), ["3,2,0.5,,,,", "3,,,,,0.7,0.5"]);
    }

    #[test]
    fn a_trajectory_has_its_grid_and_points_and_its_steps_what_they_measure() {
        let step = TrajectoryStep {
            support_loss: 1.0,
            query_loss: 2.0,
            gradient_norm: 3.0,
            prediction: vec![0.25],
            deviation: Vec::new(),
        };
        let rival = Rival { optimizer: InnerOptimizer::Sgd, lr: 0.1, query_loss: vec![9.0] };
        let point = Point { x: 0.5, y: 1.5 };
        let moved = Trajectory {
            support: vec![point],
            query: Vec::new(),
            grid: vec![-1.0],
            truth: vec![4.0],
            steps: vec![step],
            rivals: vec![rival],
        };
        assert_eq!(trajectory(&moved).replace("\r\n", " "), "kind,x,y,step_0 task,-1,4,0.25 support,0.5,1.5, ");
        let adaptation = std::sync::Arc::new(Adaptation::Regression(moved));
        let shown = Shown { meta_step: 0, subject: Subject::Sampled { index: 0 }, adaptation };
        assert_eq!(steps(&shown).lines().last(), Some("0,1,2,3,,,9"));
        assert!(steps(&shown).lines().next().is_some_and(|heads| heads.ends_with(",query_loss_sgd")));
    }

    #[test]
    fn every_query_drawing_has_the_probability_of_each_class_at_each_step() {
        let step = |row: Vec<f32>| CharacterStep {
            support_loss: 0.0,
            query_loss: None,
            support_accuracy: 1.0,
            query_accuracy: None,
            gradient_norm: 0.0,
            support_probabilities: Vec::new(),
            query_probabilities: vec![row],
            change: Vec::new(),
        };
        let task = CharacterTrajectory {
            classes: vec!["a".to_owned(), "b".to_owned()],
            query: vec![Drawing { image: crate::task::Image::blank(), class: Some(1) }],
            steps: vec![step(vec![0.5, 0.5]), step(vec![0.25, 0.75])],
            ..CharacterTrajectory::default()
        };
        // A visitor who drew the first class and the third.
        let written = characters(&task, |class| if class == 1 { 'C' } else { 'A' });
        assert_eq!(
            written.lines().collect::<Vec<_>>(),
            ["query,class,step_0_A,step_0_C,step_1_A,step_1_C", "1,C,0.5,0.5,0.25,0.75"]
        );
    }

    #[test]
    fn cells_with_commas_or_quotes_are_quoted() {
        assert_eq!(table(&[&["40,40", "a \"b\""]]), "\"40,40\",\"a \"\"b\"\"\"\r\n");
    }

    #[test]
    fn a_name_that_a_spreadsheet_would_carry_out_is_marked_as_text_and_numbers_are_not() {
        assert_eq!(table(&[&["=1+1", "@run", "-1.5", "-inf", "-x"]]), "'=1+1,'@run,-1.5,-inf,'-x\r\n");
    }

    #[test]
    fn a_cell_stays_on_its_line_and_its_spaces_are_plain() {
        assert_eq!(table(&[&[" 0.5\u{202f}±\u{202f}0.1\n100 tasks "]]), "0.5 ± 0.1 100 tasks\r\n");
    }
}
