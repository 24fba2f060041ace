//! The sentence beneath each figure that has none from its outcome: what there is to notice, counted from what is drawn.

use super::{Locale, format, listed, tell};
use crate::{
    chart::{Axis, Bucket, Series},
    experiment::{Adaptation, Compared, Entrant, Surface, Trajectory},
};

/// Fewest meta-steps that a mean of the curve goes over, where there are as many: single ones are noise.
const STRETCH: u32 = 50;

/// Mean before and after adaptation over some buckets, and how many meta-steps they hold; accuracies in per cent.
fn mean(buckets: &[Bucket], axis: Axis) -> Option<(u32, f64, f64)> {
    let of = |bucket: &Bucket| match axis {
        Axis::Loss | Axis::LogLoss => Some((f64::from(bucket.before.mean), f64::from(bucket.after.mean))),
        Axis::Accuracy => {
            bucket.accuracy.map(|(before, after)| (100.0 * f64::from(before.mean), 100.0 * f64::from(after.mean)))
        }
    };
    let (mut count, mut before, mut after) = (0, 0.0, 0.0);
    for bucket in buckets {
        let (b, a) = of(bucket)?;
        let weight = f64::from(bucket.count);
        (count, before, after) = (count + bucket.count, before + weight * b, after + weight * a);
    }
    (count > 0).then(|| (count, before / f64::from(count), after / f64::from(count)))
}

/// What the curve of meta-training says: the mean over its last tenth, beside that over its first.
#[must_use]
pub fn curve(locale: Locale, series: &Series, axis: Axis) -> Option<String> {
    let all = series.buckets();
    let stretch = (all.iter().map(|bucket| bucket.count).sum::<u32>() / 10).max(STRETCH);
    let enough = |buckets: &mut dyn Iterator<Item = &Bucket>| {
        let mut held = 0;
        buckets
            .take_while(|bucket| {
                let goes_on = held < stretch;
                held += bucket.count;
                goes_on
            })
            .count()
    };
    let (head, tail) = (enough(&mut all.iter()), enough(&mut all.iter().rev()));
    let told = |value: f64| value_of(value, axis);
    if head + tail > all.len() {
        let (count, before, after) = mean(all, axis)?;
        let (before, after) = (told(before), told(after));
        return Some(match axis {
            Axis::Accuracy => tell!(locale, caption.curve_short_accuracy, count, before, after),
            _ => tell!(locale, caption.curve_short_loss, count, before, after),
        });
    }
    let (first_count, _, first) = mean(&all[..head], axis)?;
    let (count, before, after) = mean(&all[all.len() - tail..], axis)?;
    let (before, after, first) = (told(before), told(after), told(first));
    Some(match axis {
        Axis::Accuracy => tell!(locale, caption.curve_accuracy, count, before, after, first_count, first),
        _ => tell!(locale, caption.curve_loss, count, before, after, first_count, first),
    })
}

/// A loss, or an accuracy in per cent.
fn value_of(value: f64, axis: Axis) -> String {
    match axis {
        Axis::Accuracy => format!("{value:.1}\u{202f}%"),
        Axis::Loss | Axis::LogLoss => format::loss(value as f32),
    }
}

/// Who is best and who is worst, and with what value as it is told.
struct Extremes {
    best: String,
    value: String,
    worst: String,
    other: String,
    /// How many have a finite value.
    count: usize,
}

impl Extremes {
    /// Of names with their values; none where no value is finite. Who is told with the same value is alike: a reader sees no
    /// winner there, and the digits that are not told are no reason for one.
    fn of(locale: Locale, lines: &[(String, f64)], axis: Axis) -> Option<Self> {
        let cost = |value: f64| if axis == Axis::Accuracy { -value } else { value };
        let finite = || lines.iter().filter(|(_, value)| value.is_finite());
        let by = |a: &f64, b: &f64| cost(*a).total_cmp(&cost(*b));
        let values = || finite().map(|(_, value)| *value);
        let (value, other) = (value_of(values().min_by(by)?, axis), value_of(values().max_by(by)?, axis));
        let who = |told: &str| {
            let alike = finite().filter(|(_, value)| value_of(*value, axis) == told);
            listed(locale, alike.map(|(name, _)| name.clone()).collect())
        };
        Some(Self { best: who(&value), worst: who(&other), value, other, count: finite().count() })
    }
}

/// What lines say that have a name and a last value each: which end best and which worst.
#[must_use]
pub fn ends(locale: Locale, lines: &[(String, f64)], axis: Axis) -> Option<String> {
    let Extremes { best, value, worst, other, count } = Extremes::of(locale, lines, axis)?;
    Some(match (axis, count, value == other) {
        (Axis::Accuracy, 1, _) => tell!(locale, caption.line_accuracy, best, value),
        (_, 1, _) => tell!(locale, caption.line_loss, best, value),
        (_, _, true) => tell!(locale, caption.lines_alike, count, value),
        (Axis::Accuracy, ..) => tell!(locale, caption.lines_accuracy, best, value, worst, other),
        _ => tell!(locale, caption.lines_loss, best, value, worst, other),
    })
}

/// Who does best and who worst on the task on show at an inner step, of those who have come to it; none of fewer than two.
/// All of them are of one kind.
#[must_use]
pub fn multiples(locale: Locale, compared: &Compared, step: usize) -> Option<String> {
    // Who has fewer states than that stays at the last, as the picture does.
    let reached = |count: usize| Some(step.min(count.checked_sub(1)?));
    let at = |one: &Entrant| match one.shown.as_ref()? {
        Adaptation::Regression(all) => {
            Some((Axis::Loss, f64::from(all.steps.get(reached(all.steps.len())?)?.query_loss)))
        }
        Adaptation::Characters(all) => {
            let accuracy = all.steps.get(reached(all.steps.len())?)?.query_accuracy?;
            Some((Axis::Accuracy, 100.0 * f64::from(accuracy)))
        }
    };
    let axis = compared.entrants.iter().find_map(|one| Some(at(one)?.0))?;
    let found = compared.entrants.iter().filter_map(|one| Some((super::compare::entrant(locale, one), at(one)?.1)));
    let found = Extremes::of(locale, &found.collect::<Vec<_>>(), axis).filter(|found| found.count > 1)?;
    let Extremes { best, value, worst, other, count } = found;
    Some(match value == other {
        true => tell!(locale, caption.multiples_alike, step, count, value),
        false => tell!(locale, caption.multiples, step, best, value, worst, other),
    })
}

/// What the inner steps say; without `support`, where support and query set are one function, by the one loss of both.
#[must_use]
pub fn steps(locale: Locale, support: Option<&[f32]>, query: &[f32]) -> Option<String> {
    let ends = |values: &[f32]| Some((format::loss(*values.first()?), format::loss(*values.last()?)));
    let Some(support) = support else {
        let (from, to) = ends(query)?;
        return Some(tell!(locale, caption.steps_loss, steps = query.len().saturating_sub(1), from, to));
    };
    let (from, to) = ends(support)?;
    let steps = support.len().saturating_sub(1);
    Some(match ends(query) {
        Some((query_from, query_to)) => tell!(locale, caption.steps, steps, from, to, query_from, query_to),
        None => tell!(locale, caption.steps_support, steps, from, to),
    })
}

/// What the race of optimisers says, after the last step of all.
#[must_use]
pub fn race(locale: Locale, names: &[String], trajectory: &Trajectory) -> Option<String> {
    let own = trajectory.steps.last().map(|step| f64::from(step.query_loss));
    let rivals = trajectory.rivals.iter().map(|rival| rival.query_loss.last().map(|loss| f64::from(*loss)));
    let lasts = rivals.chain([own]).map(|last| last.unwrap_or(f64::NAN));
    ends(locale, &names.iter().cloned().zip(lasts).collect::<Vec<_>>(), Axis::Loss)
}

/// Where the lowest loss of a surface lies, in the plane's unit from the start, beside the loss at the grid's point that is
/// nearest to the start.
#[must_use]
pub fn surface(locale: Locale, surface: &Surface, query: bool, middle: [f64; 2], half: f64) -> Option<String> {
    let losses = if query && !surface.query.is_empty() { &surface.query } else { &surface.support };
    let side = surface.side as usize;
    let at = |place: usize| {
        let along =
            |steps: usize, axis: usize| middle[axis] + half * (2.0 * steps as f64 / (side.max(2) - 1) as f64 - 1.0);
        along(place % side, 0).hypot(along(place / side, 1))
    };
    let finite = || losses.iter().enumerate().filter(|(_, loss)| loss.is_finite());
    let (lowest, low) = finite().min_by(|a, b| a.1.total_cmp(b.1))?;
    let (start, _) = (0..losses.len()).map(|place| (place, at(place))).min_by(|a, b| a.1.total_cmp(&b.1))?;
    let here = losses.get(start)?;
    // As low as any other is the lowest as well.
    let is_lowest = here <= low;
    let (low, here) = (format::loss(*low), format::loss(*here));
    let count = losses.len();
    if is_lowest {
        return Some(tell!(locale, caption.surface_start, count, low));
    }
    Some(tell!(locale, caption.surface, count, low, distance = super::landscape::number(at(lowest)), here))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Accuracies, CurvePoint};

    fn series(after: impl Fn(u32) -> f32, count: u32) -> Series {
        let mut series = Series::default();
        for meta_step in 1..=count {
            let accuracy = Some(Accuracies { before: 0.2, after: 0.5 });
            series.extend(&[CurvePoint { meta_step, before: 4.0, after: after(meta_step), accuracy }]);
        }
        series
    }

    #[test]
    fn a_curve_is_told_by_the_means_over_its_last_and_its_first_tenth() {
        // A thousand meta-steps in buckets of four, the first of three: tenths are whole buckets that hold 100 at least.
        let told = curve(Locale::en, &series(|step| if step <= 103 { 3.0 } else { 0.5 }, 1000), Axis::Loss).unwrap();
        assert_eq!(
            told,
            "Over the last 101 meta-steps adaptation takes the mean loss from 4.00 to 0.500; over the first 103 it \
             ended at 3.00."
        );
        let accurate = curve(Locale::en, &series(|_| 1.0, 1000), Axis::Accuracy).unwrap();
        assert!(accurate.contains("from 20.0\u{202f}% to 50.0\u{202f}%"), "{accurate}");
    }

    #[test]
    fn a_short_curve_is_told_as_a_whole_and_none_not_at_all() {
        let told = curve(Locale::en, &series(|step| step as f32, 3), Axis::Loss).unwrap();
        assert_eq!(told, "Over its 3 meta-steps adaptation takes the mean loss from 4.00 to 2.00.");
        assert_eq!(curve(Locale::en, &Series::default(), Axis::Loss), None);
    }

    #[test]
    fn of_several_lines_the_best_and_the_worst_are_named_by_the_sign_of_their_axis() {
        let lines = [("A".to_owned(), 2.0), ("B".to_owned(), 1.0), ("C".to_owned(), f64::NAN)];
        let told = |axis| ends(Locale::en, &lines, axis).unwrap();
        assert_eq!(told(Axis::Loss), "Lowest loss at the end: B, with 1.00; highest: A, with 2.00.");
        assert!(told(Axis::Accuracy).starts_with("Highest accuracy at the end: A, with 2.0"));
        assert_eq!(ends(Locale::en, &lines[..1], Axis::Loss).unwrap(), "At its end A has a loss of 2.00.");
        assert_eq!(ends(Locale::en, &lines[2..], Axis::Loss), None);
    }

    #[test]
    fn lines_that_are_told_with_the_same_value_are_alike() {
        let of = |values: &[f64]| {
            let names = ["A", "B", "C"].map(str::to_owned).into_iter();
            ends(Locale::en, &names.zip(values.iter().copied()).collect::<Vec<_>>(), Axis::Loss).unwrap()
        };
        // 1.001 and 1.002 are both told as 1.00.
        assert_eq!(of(&[1.002, 2.0, 1.001]), "Lowest loss at the end: A and C, with 1.00; highest: B, with 2.00.");
        assert_eq!(of(&[1.002, 1.0, 1.001]), "At the end all 3 are alike, with 1.00.");
    }

    #[test]
    fn the_lowest_loss_is_told_with_its_distance_from_the_start() {
        // Three points a row from −1 to 1 around the start, the lowest at (1, 0).
        let mut losses = vec![2.0; 9];
        (losses[4], losses[5]) = (1.0, 0.25);
        let all = Surface { side: 3, support: losses, query: Vec::new() };
        let told = surface(Locale::en, &all, true, [0.0; 2], 1.0).unwrap();
        assert_eq!(
            told,
            "The lowest of 9 losses is 0.250, 1.000 from the start; at the point nearest to the start it is 1.00."
        );
        let flat = Surface { side: 3, support: vec![1.0, 1.0, 1.0, 1.0, 0.5, 1.0, 1.0, 1.0, 1.0], query: Vec::new() };
        let told = surface(Locale::en, &flat, false, [0.0; 2], 1.0).unwrap();
        assert_eq!(told, "Of 9 losses the one nearest to the start is the lowest, 0.500.");
        let level = Surface { side: 3, support: vec![1.0; 9], query: Vec::new() };
        let told = surface(Locale::en, &level, false, [0.0; 2], 1.0).unwrap();
        assert_eq!(told, "Of 9 losses the one nearest to the start is the lowest, 1.00.");
    }

    #[test]
    fn on_the_task_on_show_the_best_and_the_worst_of_a_step_are_named() {
        use crate::experiment::{Contestant, LearnerKind, TrajectoryStep};
        let step = |query_loss| TrajectoryStep {
            support_loss: 0.0,
            query_loss,
            gradient_norm: 0.0,
            prediction: Vec::new(),
            deviation: Vec::new(),
        };
        let entrant = |kind, losses: [f32; 2]| Entrant {
            contestant: Contestant::Learner(kind),
            kind,
            transduction: None,
            meta_step: 1,
            diverged: None,
            curve: Vec::new(),
            shown: Some(Adaptation::Regression(Trajectory { steps: losses.map(step).into(), ..Trajectory::default() })),
            evaluation: None,
        };
        let entrants = vec![entrant(LearnerKind::Maml, [4.0, 0.5]), entrant(LearnerKind::Reptile, [3.0, 2.0])];
        let mut both = Compared { meta_steps: 1, tasks: 2, entrants };
        assert_eq!(
            multiples(Locale::en, &both, 1).unwrap(),
            "At inner step 1 of the task on show, best: MAML, with 0.500; worst: Reptile, with 2.00."
        );
        assert!(multiples(Locale::en, &both, 0).unwrap().contains("best: Reptile, with 3.00"));
        let mut alike = both.clone();
        alike.entrants[1].shown = alike.entrants[0].shown.clone();
        assert_eq!(
            multiples(Locale::en, &alike, 1).unwrap(),
            "At inner step 1 of the task on show all 2 are alike, with 0.500."
        );
        // Who has come to its last state takes part with that.
        let mut fewer = both.clone();
        if let Some(Adaptation::Regression(all)) = &mut fewer.entrants[1].shown {
            all.steps.truncate(1);
        }
        assert_eq!(
            multiples(Locale::en, &fewer, 1).unwrap(),
            "At inner step 1 of the task on show, best: MAML, with 0.500; worst: Reptile, with 3.00."
        );
        both.entrants.pop();
        assert_eq!(multiples(Locale::en, &both, 1), None);
    }

    #[test]
    fn inner_steps_are_told_by_where_both_losses_begin_and_end() {
        let told = steps(Locale::en, Some(&[3.0, 1.0]), &[4.0, 2.0]).unwrap();
        assert_eq!(told, "Inner steps: 1. The support loss goes from 3.00 to 1.00, the query loss from 4.00 to 2.00.");
        assert_eq!(steps(Locale::en, Some(&[]), &[]), None);
        // A quadratic has one loss.
        let told = steps(Locale::en, None, &[4.0, 3.0, 2.0]).unwrap();
        assert_eq!(told, "Inner steps: 2. The loss goes from 4.00 to 2.00.");
        assert_eq!(steps(Locale::en, None, &[]), None);
    }
}
