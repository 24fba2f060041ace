//! The task on show as every contestant of a comparison sees it: small figures on the same axes.

use crate::{
    chart::{AdaptationFigure, Axes, Frame, Key, Mark, Plane, Plot, Sheet, window},
    experiment::{Adaptation, CharacterTrajectory, Compared, Entrant, Family, Trajectory},
    words::{
        Locale, captions,
        classified::{letter, verdict},
        compare, tell,
    },
};

use super::{
    adaptation::queries,
    characters::{SIDE, SUPPORT, grid, ink, taken},
};

/// Most query drawings of one contestant: the first ones, the same of each.
pub const MOST_DRAWINGS: usize = 30;

/// A plot a contestant, in their order, at an inner step of a task of a family; none while nobody has looked at the
/// task, or where it is no function and has no drawings.
#[must_use]
pub fn multiples(locale: Locale, compared: &Compared, (step, family): (usize, Family), width: f64) -> Option<Sheet> {
    let (plots, legend) = match compared.entrants.iter().find_map(|one| one.shown.as_ref())? {
        Adaptation::Regression(task) => {
            let shared = Shared::new(locale, task, family, width)?;
            let plot = |(number, one): (usize, &Entrant)| {
                let own = match &one.shown {
                    Some(Adaptation::Regression(own)) => Some(own),
                    _ => None,
                };
                Plot { heading: Some(heading(locale, one, step)), ..shared.plot(number, one, own, step) }
            };
            (compared.entrants.iter().enumerate().map(plot).collect(), legend(locale, compared, task))
        }
        Adaptation::Characters(task) => {
            let plot = |(number, one): (usize, &Entrant)| {
                let own = match &one.shown {
                    Some(Adaptation::Characters(own)) => Some(own),
                    _ => None,
                };
                let name = format!("multiple-{number}");
                Plot { name, heading: Some(heading(locale, one, step)), ..drawings(task, own, step, width) }
            };
            (compared.entrants.iter().enumerate().map(plot).collect(), Vec::new())
        }
    };
    let caption = captions::multiples(locale, compared, step).unwrap_or_default();
    Some(Sheet { title: tell!(locale, compare.title).to_owned(), plots, legend, ramp: None, caption })
}

/// Who it is, and how that stands at the inner step.
fn heading(locale: Locale, one: &Entrant, step: usize) -> String {
    let name = compare::entrant(locale, one);
    match compare::standing(locale, one, step) {
        Some(told) => format!("{name} · {told}"),
        None => name,
    }
}

/// What the plots of a function have in common. Its axes are from the task itself: predictions do not move them.
struct Shared<'a> {
    task: &'a Trajectory,
    jumps: bool,
    frame: Frame,
    plane: Plane,
    axes: Axes,
}

impl<'a> Shared<'a> {
    fn new(locale: Locale, task: &'a Trajectory, family: Family, width: f64) -> Option<Self> {
        let ends = (f64::from(*task.grid.first()?), f64::from(*task.grid.last()?));
        let points = task.support.iter().chain(&task.query).map(|point| point.y);
        let frame = Plot::frame(width, (width * 0.5).clamp(140.0, 220.0) + 24.0);
        let plane = Plane::new(&frame, ends, window(task.truth.iter().copied().chain(points)));
        let (across, upwards) = plane.ticks(&frame);
        let axes = Axes {
            across,
            upwards,
            across_name: tell!(locale, axis.x).to_owned(),
            upwards_name: tell!(locale, axis.y).to_owned(),
            upright: true,
            ..Axes::default()
        };
        Some(Self { task, jumps: family == Family::Step, frame, plane, axes })
    }

    /// Truth, points, and what a contestant predicts where it has looked at the task.
    fn plot(&self, number: usize, one: &Entrant, own: Option<&Trajectory>, step: usize) -> Plot {
        let Self { task, jumps, frame, plane, ref axes } = *self;
        let task = own.unwrap_or(task);
        let mut plot = Plot::new(format!("multiple-{number}"), frame, axes);
        let drawn = own.map(|own| AdaptationFigure::new(own, &plane)).unwrap_or_default();
        let at = step.min(drawn.predictions.len().saturating_sub(1));
        let others = drawn.predictions.iter().enumerate().filter(|(index, _)| *index != at);
        let class = format!("trail c{number}");
        let faint =
            others.map(|(index, d)| Mark::faint(class.clone(), d.clone(), AdaptationFigure::strength(index, at)));
        let truth = Mark::path("truth", plane.truth(&task.grid, &task.truth, jumps));
        let now = drawn.predictions.get(at).map(|d| Mark::path(format!("fit c{number}"), d.clone()));
        plot.marks.push(Mark::Clipped(faint.chain([truth]).chain(now).collect()));
        plot.marks.push(queries(&plane, &task.query));
        for (index, point) in task.support.iter().enumerate() {
            let dot = Mark::circle("dot", plane.place(point.x, point.y), 4.5);
            let ahead = own.is_some() && one.kind.sees_one_by_one() && index >= at;
            plot.marks.push(if ahead { Mark::group("ahead", vec![dot]) } else { dot });
        }
        plot
    }
}

/// Query drawings, each with the class that a contestant takes it for where it has looked at them.
fn drawings(task: &CharacterTrajectory, own: Option<&CharacterTrajectory>, step: usize, width: f64) -> Plot {
    let task = own.unwrap_or(task);
    let shown = task.query.get(..MOST_DRAWINGS).unwrap_or(&task.query);
    let step = step.min(task.steps.len().saturating_sub(1));
    grid(width, SUPPORT, shown, |place, drawing, at, marks| {
        ink(drawing, at, SIDE, marks);
        let verdict = own.and_then(|own| verdict(own, step, place));
        marks.extend(verdict.map(|verdict| taken(&verdict, letter, at)));
    })
}

/// What lines and marks mean; each contestant's lines have its own colour.
fn legend(locale: Locale, compared: &Compared, task: &Trajectory) -> Vec<Key> {
    let dot = || Mark::circle("dot", (14.0, 6.0), 4.5);
    let mut keys = vec![
        Key::line("truth", tell!(locale, figure.truth)),
        Key::line("fit c0", tell!(locale, figure.prediction)),
        Key::new(vec![Mark::faint("trail c0", "M1,6H27", 0.45)], tell!(locale, figure.earlier)),
        Key::new(vec![dot()], tell!(locale, figure.support)),
    ];
    if compared.entrants.iter().any(|one| one.kind.sees_one_by_one()) {
        keys.push(Key::new(vec![Mark::group("ahead", vec![dot()])], tell!(locale, figure.ahead)));
    }
    if !task.query.is_empty() {
        keys.push(Key::new(vec![Mark::path("query", "M14,2l4,4l-4,4l-4,-4z")], tell!(locale, figure.query)));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        chart::Theme,
        experiment::{CharacterStep, Contestant, Drawing, LearnerKind, Point, TrajectoryStep},
        task::Image,
    };

    fn entrant(kind: LearnerKind, shown: Option<Adaptation>) -> Entrant {
        Entrant {
            contestant: Contestant::Learner(kind),
            kind,
            transduction: None,
            meta_step: 10,
            diverged: None,
            curve: Vec::new(),
            shown,
            evaluation: None,
        }
    }

    fn compared(shown: [Option<Adaptation>; 2]) -> Compared {
        let [first, second] = shown;
        let entrants = vec![entrant(LearnerKind::Maml, first), entrant(LearnerKind::Reptile, second)];
        Compared { meta_steps: 10, tasks: 100, entrants }
    }

    /// A function, predicted after every inner step as a line of a height.
    fn function(heights: &[f32]) -> Adaptation {
        let step = |height: &f32| TrajectoryStep {
            support_loss: *height,
            query_loss: *height,
            gradient_norm: 1.0,
            prediction: vec![*height; 3],
            deviation: Vec::new(),
        };
        Adaptation::Regression(Trajectory {
            support: vec![Point { x: 0.0, y: 1.0 }; 2],
            query: vec![Point { x: 0.5, y: 0.5 }],
            grid: vec![-1.0, 0.0, 1.0],
            truth: vec![0.0, 1.0, 0.0],
            steps: heights.iter().map(step).collect(),
            rivals: Vec::new(),
        })
    }

    fn characters(right: f32) -> Adaptation {
        Adaptation::Characters(CharacterTrajectory {
            classes: vec!["a".to_owned(), "b".to_owned()],
            query: vec![Drawing { image: Image::blank(), class: Some(0) }; 40],
            steps: vec![CharacterStep {
                support_loss: 0.0,
                query_loss: None,
                support_accuracy: 1.0,
                query_accuracy: Some(right),
                gradient_norm: 0.0,
                support_probabilities: Vec::new(),
                query_probabilities: vec![vec![right, 1.0 - right]; 40],
                change: Vec::new(),
            }],
            ..CharacterTrajectory::default()
        })
    }

    fn sheet(locale: Locale, shown: [Option<Adaptation>; 2], step: usize) -> Option<Sheet> {
        multiples(locale, &compared(shown), (step, Family::Sinusoid), 640.0)
    }

    fn count(plot: &Plot, class: &str) -> usize {
        plot.markup().matches(&format!("class=\"{class}\"")).count()
    }

    #[test]
    fn every_contestant_has_a_plot_of_its_own_on_the_same_axes() {
        let sheet = sheet(Locale::en, [Some(function(&[2.0, 1.0, 0.5])), Some(function(&[90.0, 40.0]))], 2).unwrap();
        let [first, second] = sheet.plots.as_slice() else { panic!("{:?}", sheet.plots) };
        assert_eq!(first.heading.as_deref(), Some("MAML · step 2: loss 0.500"));
        assert!(second.heading.as_deref().is_some_and(|told| told.starts_with("Reptile · step 1: loss 40")));
        let ticks = |plot: &Plot| {
            let texts = plot.marks.iter().filter(|mark| matches!(mark, Mark::Text { .. } | Mark::Line { .. }));
            texts.cloned().collect::<Vec<_>>()
        };
        assert_eq!((first.frame, ticks(first)), (second.frame, ticks(second)), "however far a prediction is off");
        assert_ne!(first.name, second.name);
        // The prediction at the step and those of the others; who takes fewer steps stays at its last.
        assert_eq!((count(first, "fit c0"), count(first, "trail c0")), (1, 2));
        assert_eq!((count(second, "fit c1"), count(second, "trail c1")), (1, 1));
        for plot in [first, second] {
            assert_eq!((count(plot, "truth"), count(plot, "dot"), count(plot, "query")), (1, 2, 1));
        }
    }

    #[test]
    fn who_has_not_looked_yet_has_the_task_alone_and_without_anybody_there_is_no_figure() {
        let sheet = sheet(Locale::en, [None, Some(function(&[1.0]))], 0).unwrap();
        assert_eq!(sheet.plots.first().and_then(|plot| plot.heading.as_deref()), Some("MAML"));
        assert_eq!(sheet.plots.iter().map(|plot| count(plot, "truth")).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(sheet.plots.iter().map(|plot| plot.markup().matches("fit c").count()).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(super::tests::sheet(Locale::en, [None, None], 0), None);
        // A quadratic has steps alone.
        let bare = || Some(Adaptation::Regression(Trajectory::default()));
        assert_eq!(super::tests::sheet(Locale::en, [bare(), bare()], 0), None);
    }

    #[test]
    fn drawings_are_the_same_of_each_with_what_each_takes_them_for() {
        let sheet = sheet(Locale::en, [Some(characters(0.75)), Some(characters(0.25))], 7).unwrap();
        let told = |plot: &Plot| plot.markup().matches("A ✓").count() + 100 * plot.markup().matches("B ✗").count();
        assert_eq!(sheet.plots.iter().map(told).collect::<Vec<_>>(), [MOST_DRAWINGS, 100 * MOST_DRAWINGS]);
        assert_eq!(sheet.plots.iter().map(|plot| count(plot, "ink-ground")).collect::<Vec<_>>(), [30, 30]);
    }

    #[test]
    fn a_picture_of_them_has_a_look_for_every_line_in_either_language_and_theme() {
        for locale in [Locale::en, Locale::zh] {
            let sheet = sheet(locale, [Some(function(&[2.0, 1.0])), Some(function(&[3.0, 2.0]))], 1).unwrap();
            assert!(!sheet.title.is_empty() && !sheet.caption.is_empty(), "{sheet:?}");
            for theme in [Theme::Light, Theme::Dark] {
                let picture = sheet.picture(theme, crate::words::tag(locale));
                assert!(!picture.svg.contains("class=") && !picture.svg.contains("var("));
                let naked = |path: &&str| !path.split('>').next().unwrap_or_default().contains("style=");
                assert_eq!(picture.svg.split("<path").skip(1).filter(naked).count(), 0);
            }
        }
    }
}
