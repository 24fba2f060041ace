//! What every picture holds, whatever it is of.

use super::*;
use crate::{
    chart::{Axis, Mean, Series, Sheet, Theme},
    experiment::{
        Accuracies, Compared, Contestant, CurvePoint, Directions, Entrant, Evaluation, Experiment, Family, Interval,
        Landscape, LearnerKind, Metric, PlaneKind, Point, Rival, Saved, StepEvaluation, Surface, TaskPath, Trajectory,
        TrajectoryStep, Turn,
    },
};

pub(super) const WIDTH: f64 = 640.0;

pub(super) fn trajectory() -> Trajectory {
    let step = |loss: f32| TrajectoryStep {
        support_loss: loss,
        query_loss: loss,
        gradient_norm: 1.0,
        prediction: vec![loss; 3],
        deviation: vec![0.1; 3],
    };
    Trajectory {
        support: vec![Point { x: 0.0, y: 1.0 }; 2],
        query: vec![Point { x: 0.5, y: 0.5 }],
        grid: vec![-1.0, 0.0, 1.0],
        truth: vec![0.0, 1.0, 0.0],
        steps: vec![step(2.0), step(0.5)],
        rivals: vec![Rival { optimizer: crate::experiment::InnerOptimizer::Sgd, lr: 0.1, query_loss: vec![2.0, 1.5] }],
    }
}

fn compared() -> Compared {
    let entrant = |kind: LearnerKind, last: f64| {
        let figure = |mean| Interval { mean, ci95: 0.1 };
        let step = |step, mean| StepEvaluation { step, loss: figure(mean), diverged: 0, accuracy: None };
        Entrant {
            contestant: Contestant::Learner(kind),
            kind,
            transduction: None,
            meta_step: 10,
            diverged: None,
            curve: vec![CurvePoint { meta_step: 10, before: 3.0, after: last as f32, accuracy: None }],
            shown: None,
            evaluation: Some(Evaluation { tasks: 100, steps: vec![step(0, 3.0), step(1, last)] }),
        }
    };
    let entrants = vec![entrant(LearnerKind::Maml, 0.5), entrant(LearnerKind::Scratch, 2.5)];
    Compared { meta_steps: 10, tasks: 100, entrants }
}

fn landscape() -> Landscape {
    let path = |index, shown| TaskPath {
        index,
        shown,
        own: false,
        at: vec![[0.0; 2], [1.0, f64::from(index)]],
        distance: vec![0.0, 1.5],
        inside: 0.5,
    };
    Landscape {
        meta_step: 7,
        plane: PlaneKind::Paths,
        shares: [0.5, 0.25],
        steps: vec![0, 1],
        paths: vec![path(0, true), path(1, false)],
        diverged: 0,
        reach: 1.0,
        apart: Some(1.0),
        arrows: Vec::new(),
        middle: [0.0; 2],
        half: 2.0,
        surface: Some(Surface {
            side: 3,
            support: vec![1.0, 2.0, 3.0, 4.0, 0.5, 6.0, 7.0, 8.0, 9.0],
            query: Vec::new(),
        }),
    }
}

/// Every figure, in a language.
fn all(locale: Locale) -> Vec<(&'static str, Sheet)> {
    let (trajectory, landscape) = (trajectory(), landscape());
    let looked = Looked { step: 1, family: Family::Sinusoid, learner: LearnerKind::Maml, meta_step: 1000 };
    let mut series = Series::default();
    let accuracy = Some(Accuracies { before: 0.2, after: 0.8 });
    series.extend(&[CurvePoint { meta_step: 3, before: 3.0, after: 1.0, accuracy }]);
    let mean = |step, mean| Mean { step, mean, half: Some(0.1) };
    let judged = Judged { own: vec![mean(0, 3.0), mean(1, 1.0)], other: None, published: vec![mean(1, 0.8)] };
    let turn = Some(Turn { cosine: 0.9, ratio: 1.0 });
    let turns = Directions { meta_step: 5, norm: 1.0, fomaml: turn, reptile: turn, own: None };
    let inner = Inner { support: vec![2.0, 1.0], query: vec![3.0, 2.0], norm: vec![1.0, 0.5], is_one: false };
    let course = vec![(1, 2.0), (2, 1.0)];
    let mut all = tests_inside::all(locale);
    all.extend([
        ("adaptation", adaptation(locale, &trajectory, looked, WIDTH)),
        ("loss", curve(locale, &series, Axis::Loss, WIDTH)),
        ("accuracy", curve(locale, &series, Axis::Accuracy, WIDTH)),
        ("evaluate", evaluation(locale, &judged, Metric::Loss, "A sentence.".to_owned(), WIDTH)),
        ("compare", contest(locale, &compared(), Some(1), WIDTH)),
        ("curves", curves(locale, &compared(), WIDTH)),
        ("paths", paths(locale, &landscape, Some(0), 1, WIDTH)),
        ("surface", surface(locale, &landscape, true, 1, WIDTH).unwrap()),
        ("directions", directions(locale, &[turns], LearnerKind::Maml, WIDTH)),
        ("race", race(locale, &trajectory, LearnerKind::Maml, 1, WIDTH)),
        ("runs", runs(locale, &[(0, "one".to_owned(), course)], (1, Axis::Loss), WIDTH)),
        ("steps", steps(locale, &inner, 1, WIDTH)),
    ]);
    all
}

#[test]
fn every_picture_has_its_title_its_caption_and_the_names_of_its_axes_in_either_language_and_theme() {
    for locale in [Locale::en, Locale::zh] {
        for (name, sheet) in all(locale) {
            assert!(!sheet.title.is_empty() && !sheet.caption.is_empty(), "{name}: {sheet:?}");
            assert!(!sheet.caption.contains("caption.") && !sheet.caption.contains("{{"), "{name}: {}", sheet.caption);
            for theme in [Theme::Light, Theme::Dark] {
                let picture = sheet.picture(theme, crate::words::tag(locale));
                assert!(!picture.svg.contains("class=") && !picture.svg.contains("var("), "{name}");
                assert!(picture.svg.contains("<text") && picture.width > WIDTH, "{name}");
                // No mark without a look: a path that no rule is about would be a black area.
                let naked = picture.svg.split("<path").skip(1).filter(|path| {
                    let own = path.split('>').next().unwrap_or_default();
                    !own.contains("style=") && !own.contains("fill=")
                });
                assert_eq!(naked.count(), 0, "{name}");
            }
        }
    }
}

#[test]
fn the_pages_markup_and_the_picture_draw_the_same_paths_and_pictures() {
    for (name, sheet) in all(Locale::en) {
        let picture = sheet.picture(Theme::Light, "en");
        let of = |text: &str, name: &str| {
            text.split(name).skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect::<Vec<_>>()
        };
        let data = |text: &str| [of(text, " d=\""), of(text, " href=\"")].concat();
        let page: Vec<String> = sheet.plots.iter().flat_map(|plot| data(&plot.markup())).collect();
        let alone = data(&picture.svg);
        assert!(!page.is_empty() && page.iter().all(|path| alone.contains(path)), "{name}");
    }
}

#[test]
fn names_from_outside_cannot_break_out_of_a_picture() {
    let course = vec![(1, 2.0), (2, 1.0)];
    let sheet = runs(Locale::en, &[(0, "</svg><script>".to_owned(), course)], (1, Axis::Loss), WIDTH);
    let picture = sheet.picture(Theme::Light, "en");
    assert!(!picture.svg.contains("<script") && picture.svg.contains("&lt;script&gt;"));
    assert!(sheet.legend.iter().all(|key| !key.markup().contains("<script")));
    // Marks that turn the direction of what follows, and what XML has no place for.
    let course = vec![(1, 2.0), (2, 1.0)];
    let turned = "a\u{202e}b\u{2066}c\u{fffe}d\u{ffff}".to_owned();
    let picture = runs(Locale::en, &[(0, turned, course)], (1, Axis::Loss), WIDTH).picture(Theme::Light, "en");
    assert!(picture.svg.contains("abcd"));
}

#[test]
fn a_checkpoint_stands_in_the_legend_under_its_file_and_has_no_curve() {
    let mut all = compared();
    let saved =
        Saved { name: "kindling-250.safetensors".to_owned(), meta_step: 250, experiment: Experiment::default() };
    all.entrants[1].contestant = Contestant::Checkpoint(Box::new(saved));
    all.entrants[1].kind = LearnerKind::Maml;
    all.entrants[1].curve.clear();
    let names = |sheet: Sheet| sheet.legend.into_iter().map(|key| key.name).collect::<Vec<_>>();
    let contest = contest(Locale::en, &all, None, WIDTH);
    assert!(contest.caption.contains("kindling-250.safetensors (MAML, meta-steps: 250)"), "{}", contest.caption);
    assert_ne!(contest.legend[0].markup(), contest.legend[1].markup(), "another line and another mark");
    assert_eq!(names(contest), ["MAML", "kindling-250.safetensors (MAML, meta-steps: 250)"]);
    assert_eq!(names(curves(Locale::en, &all, WIDTH)), ["MAML"]);
}

#[test]
fn a_learner_whose_meta_training_ran_off_does_not_end_best() {
    let mut all = compared();
    all.entrants[0].diverged = Some(3);
    let caption = curves(Locale::en, &all, WIDTH).caption;
    assert!(caption.starts_with("At its end") && !caption.contains("MAML"), "{caption}");
}

#[test]
fn a_comparison_that_overlaps_says_so_in_its_caption() {
    let mut alike = compared();
    alike.entrants[1] = Entrant { kind: LearnerKind::Reptile, ..alike.entrants[0].clone() };
    assert!(contest(Locale::en, &alike, None, WIDTH).caption.contains("overlap"));
    assert!(!contest(Locale::en, &compared(), None, WIDTH).caption.contains("overlap"));
}
