//! What contestants make of the task on show, as comma-separated values with every digit that there is.

use super::{classified::letter, csv::text};
use crate::experiment::{Adaptation, CharacterTrajectory, Compared, Entrant, Trajectory};

/// What every contestant makes of the task on show after every inner step. Of a function a row is a prediction at a
/// place, below the function and its points, which are nobody's; of drawings it is the probability of a class of a query
/// drawing.
#[must_use]
pub fn multiples(compared: &Compared, name: impl Fn(&Entrant) -> String) -> String {
    let known = || compared.entrants.iter().filter_map(|one| Some((one, one.shown.as_ref()?)));
    let mut rows = match known().next() {
        Some((_, Adaptation::Regression(task))) => function(task),
        Some((_, Adaptation::Characters(_))) => {
            vec![["contestant", "step", "query", "truth", "class", "probability"].map(str::to_owned).to_vec()]
        }
        None => Vec::new(),
    };
    for (one, shown) in known() {
        match shown {
            Adaptation::Regression(own) => rows.extend(predictions(&name(one), own)),
            Adaptation::Characters(own) => rows.extend(probabilities(&name(one), own)),
        }
    }
    text(&rows)
}

/// A function on its grid, and its points, below the names of their columns.
fn function(task: &Trajectory) -> Vec<Vec<String>> {
    let grid = task.grid.iter().zip(&task.truth).map(|(x, y)| ("task", *x, *y));
    let support = task.support.iter().map(|point| ("support", point.x, point.y));
    let query = task.query.iter().map(|point| ("query", point.x, point.y));
    let row = |(kind, x, y): (&str, f32, f32)| {
        vec![String::new(), kind.to_owned(), String::new(), x.to_string(), y.to_string()]
    };
    let heads = ["contestant", "kind", "step", "x", "y"].map(str::to_owned).to_vec();
    std::iter::once(heads).chain(grid.chain(support).chain(query).map(row)).collect()
}

/// What a contestant predicts on the grid.
fn predictions(name: &str, own: &Trajectory) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (step, state) in own.steps.iter().enumerate() {
        rows.extend(own.grid.iter().zip(&state.prediction).map(|(x, y)| {
            vec![name.to_owned(), "prediction".to_owned(), step.to_string(), x.to_string(), y.to_string()]
        }));
    }
    rows
}

/// How probable a contestant finds every class of every query drawing.
fn probabilities(name: &str, own: &CharacterTrajectory) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (step, state) in own.steps.iter().enumerate() {
        for (place, (drawing, found)) in own.query.iter().zip(&state.query_probabilities).enumerate() {
            let truth = drawing.class.map(|class| letter(class.into()).to_string()).unwrap_or_default();
            rows.extend(found.iter().enumerate().map(|(class, probability)| {
                let (step, query) = (step.to_string(), (place + 1).to_string());
                let (class, probability) = (letter(class).to_string(), probability.to_string());
                vec![name.to_owned(), step, query, truth.clone(), class, probability]
            }));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{CharacterStep, Choice as _, Contestant, Drawing, LearnerKind, Point, TrajectoryStep};

    fn entrant(kind: LearnerKind, shown: Option<Adaptation>) -> Entrant {
        Entrant {
            contestant: Contestant::Learner(kind),
            kind,
            transduction: None,
            meta_step: 0,
            diverged: None,
            curve: Vec::new(),
            shown,
            evaluation: None,
        }
    }

    fn written(entrants: Vec<Entrant>) -> String {
        let compared = Compared { meta_steps: 1, tasks: 1, entrants };
        multiples(&compared, |one| one.kind.name().to_owned()).replace("\r\n", " ")
    }

    #[test]
    fn contestants_have_every_prediction_below_the_task_that_they_share() {
        let step = |prediction| TrajectoryStep {
            support_loss: 1.0,
            query_loss: 2.0,
            gradient_norm: 3.0,
            prediction: vec![prediction],
            deviation: Vec::new(),
        };
        let own = |first| {
            let (support, grid, truth) = (vec![Point { x: 0.5, y: 1.5 }], vec![-1.0], vec![4.0]);
            let steps = vec![step(first), step(0.123_456_79)];
            Some(Adaptation::Regression(Trajectory { support, grid, truth, steps, ..Trajectory::default() }))
        };
        let one = vec![entrant(LearnerKind::Maml, own(0.25)), entrant(LearnerKind::Reptile, None)];
        assert_eq!(
            written(one),
            "contestant,kind,step,x,y ,task,,-1,4 ,support,,0.5,1.5 maml,prediction,0,-1,0.25 \
             maml,prediction,1,-1,0.12345679 "
        );
        let both = vec![entrant(LearnerKind::Maml, own(0.25)), entrant(LearnerKind::Reptile, own(0.5))];
        assert!(written(both).contains(" reptile,prediction,0,-1,0.5 "));
        assert_eq!(written(Vec::new()), "");
    }

    #[test]
    fn contestants_have_the_probability_of_every_class_of_a_query_drawing() {
        let step = CharacterStep {
            support_loss: 0.0,
            query_loss: None,
            support_accuracy: 1.0,
            query_accuracy: None,
            gradient_norm: 0.0,
            support_probabilities: Vec::new(),
            query_probabilities: vec![vec![0.75, 0.25]],
            change: Vec::new(),
        };
        let shown = CharacterTrajectory {
            classes: vec!["a".to_owned(), "b".to_owned()],
            query: vec![Drawing { image: crate::task::Image::blank(), class: Some(1) }],
            steps: vec![step],
            ..CharacterTrajectory::default()
        };
        assert_eq!(
            written(vec![entrant(LearnerKind::Maml, Some(Adaptation::Characters(shown)))]),
            "contestant,step,query,truth,class,probability maml,0,1,B,A,0.75 maml,0,1,B,B,0.25 "
        );
    }
}
