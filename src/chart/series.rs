//! The loss of a run of any length in a bounded number of points.

use crate::experiment::{Accuracies, Check, CurvePoint};

/// Most buckets a series keeps; the figure then has between half as many and as many points.
const CAPACITY: usize = 400;

/// Meta-steps over which the smoothed loss looks back: one meta-batch of 25 tasks is noisy by about half.
const MEMORY: f32 = 50.0;

/// Mean and extremes of one loss over a bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Arithmetic mean.
    pub mean: f32,
    /// Smallest.
    pub low: f32,
    /// Largest.
    pub high: f32,
}

impl Spread {
    fn of(value: f32) -> Self {
        Self { mean: value, low: value, high: value }
    }

    /// Both spreads together, weighted by how many values each stands for.
    fn with(self, weight: u32, other: Self, other_weight: u32) -> Self {
        let (a, b) = (weight as f32, other_weight as f32);
        Self {
            mean: (self.mean * a + other.mean * b) / (a + b),
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }
}

/// Some consecutive meta-steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// First meta-step in it.
    pub first: u32,
    /// Last meta-step in it.
    pub last: u32,
    /// How many losses it holds.
    pub count: u32,
    /// Loss before adaptation.
    pub before: Spread,
    /// Loss after adaptation.
    pub after: Spread,
    /// Accuracy before and after adaptation; none for regression.
    pub accuracy: Option<(Spread, Spread)>,
}

impl Bucket {
    fn of(point: CurvePoint) -> Self {
        let accuracy = |Accuracies { before, after }| (Spread::of(before), Spread::of(after));
        Self {
            first: point.meta_step,
            last: point.meta_step,
            count: 1,
            before: Spread::of(point.before),
            after: Spread::of(point.after),
            accuracy: point.accuracy.map(accuracy),
        }
    }

    fn with(self, next: Self) -> Self {
        let (ours, theirs) = (self.count, next.count);
        let together = |one: Spread, other: Spread| one.with(ours, other, theirs);
        let accuracy = self.accuracy.zip(next.accuracy);
        Self {
            first: self.first,
            last: next.last,
            count: self.count + next.count,
            before: together(self.before, next.before),
            after: together(self.after, next.after),
            accuracy: accuracy.map(|(one, other)| (together(one.0, other.0), together(one.1, other.1))),
        }
    }
}

/// Every loss of a run, in at most a few hundred buckets of equal width that double whenever they fill up.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    buckets: Vec<Bucket>,
    width: u32,
    smoothed: Option<(f32, f32)>,
    accuracy: Option<(f32, f32)>,
    seen: u32,
    checks: Vec<Check>,
}

impl Default for Series {
    fn default() -> Self {
        Self { buckets: Vec::new(), width: 1, smoothed: None, accuracy: None, seen: 0, checks: Vec::new() }
    }
}

impl Series {
    /// Takes in losses in ascending order; one that is not after the last is ignored.
    pub fn extend(&mut self, points: &[CurvePoint]) {
        for point in points {
            if self.buckets.last().is_none_or(|last| point.meta_step > last.last) {
                self.push(*point);
            }
        }
    }

    /// Takes in checks in ascending order, as [`Series::extend`] does; of very many every other one is dropped, but never
    /// the best.
    pub fn extend_checks(&mut self, checks: &[Check]) {
        for check in checks {
            if self.checks.last().is_none_or(|last| check.meta_step > last.meta_step) {
                self.checks.push(*check);
            }
        }
        while self.checks.len() > CAPACITY {
            let (best, mut place) = (self.best().map(|best| best.meta_step), 0);
            self.checks.retain(|check| {
                place += 1;
                place % 2 == 0 || Some(check.meta_step) == best
            });
        }
    }

    /// The checks on validation tasks, ascending.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The first of the best checks: the most accurate, or that of the smallest loss where there is no accuracy.
    #[must_use]
    pub fn best(&self) -> Option<Check> {
        let better = |one: Check, other: Check| match (one.accuracy, other.accuracy) {
            (Some(one), Some(other)) => other > one,
            _ => other.loss < one.loss,
        };
        let numbers = self.checks.iter().copied().filter(|check| check.loss.is_finite());
        numbers.reduce(|best, check| if better(best, check) { check } else { best })
    }

    /// Forgets everything after `meta_step`, as when a run goes back to a checkpoint.
    pub fn rewind(&mut self, meta_step: u32) {
        self.checks.retain(|check| check.meta_step <= meta_step);
        self.buckets.retain(|bucket| bucket.last <= meta_step);
        self.smoothed = self.buckets.last().map(|bucket| (bucket.before.mean, bucket.after.mean));
        let accuracy = self.buckets.last().and_then(|bucket| bucket.accuracy);
        self.accuracy = accuracy.map(|(before, after)| (before.mean, after.mean));
    }

    /// The buckets, ascending.
    #[must_use]
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// The same in at most `most` buckets, neighbours put together.
    #[must_use]
    pub fn thinned(&self, most: usize) -> Vec<Bucket> {
        let every = self.buckets.len().div_ceil(most.max(1)).max(1);
        let together = |some: &[Bucket]| some.iter().copied().reduce(Bucket::with);
        self.buckets.chunks(every).filter_map(together).collect()
    }

    /// Loss before and after adaptation, averaged over the last meta-steps.
    #[must_use]
    pub fn smoothed(&self) -> Option<(f32, f32)> {
        self.smoothed
    }

    /// Accuracy before and after adaptation, averaged over the last meta-steps; none for regression.
    #[must_use]
    pub fn smoothed_accuracy(&self) -> Option<(f32, f32)> {
        self.accuracy
    }

    fn push(&mut self, point: CurvePoint) {
        self.seen = self.seen.saturating_add(1);
        // A plain mean until the memory is full, then an exponential one: no bias towards the first loss.
        let pace = 1.0 / (self.seen as f32).min(MEMORY);
        let smooth = |last: Option<(f32, f32)>, (before, after): (f32, f32)| match last {
            None => (before, after),
            Some(last) => (last.0 + (before - last.0) * pace, last.1 + (after - last.1) * pace),
        };
        self.smoothed = Some(smooth(self.smoothed, (point.before, point.after)));
        self.accuracy = point.accuracy.map(|now| smooth(self.accuracy, (now.before, now.after)));
        let slot = |step: u32| step / self.width;
        match self.buckets.last_mut() {
            Some(last) if slot(last.first) == slot(point.meta_step) => *last = last.with(Bucket::of(point)),
            _ => self.buckets.push(Bucket::of(point)),
        }
        while self.buckets.len() > CAPACITY {
            self.halve();
        }
    }

    fn halve(&mut self) {
        self.width *= 2;
        let mut merged: Vec<Bucket> = Vec::with_capacity(CAPACITY);
        for bucket in self.buckets.drain(..) {
            match merged.last_mut() {
                Some(last) if last.first / self.width == bucket.first / self.width => *last = last.with(bucket),
                _ => merged.push(bucket),
            }
        }
        self.buckets = merged;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(meta_step: u32, after: f32) -> CurvePoint {
        CurvePoint { meta_step, before: 3.0, after, accuracy: None }
    }

    #[test]
    fn a_long_run_stays_within_four_hundred_points_and_forgets_no_loss() {
        let mut series = Series::default();
        for step in 1..=70_000 {
            series.extend(&[point(step, 1.0)]);
        }
        let buckets = series.buckets();
        assert!((CAPACITY / 2..=CAPACITY).contains(&buckets.len()), "{} buckets", buckets.len());
        assert_eq!(buckets.iter().map(|bucket| bucket.count).sum::<u32>(), 70_000);
        assert_eq!(buckets.last().map(|bucket| bucket.last), Some(70_000));
    }

    #[test]
    fn a_bucket_keeps_the_mean_and_the_extremes() {
        let mut series = Series { width: 4, ..Series::default() };
        series.extend(&[point(4, 1.0), point(5, 2.0), point(6, 6.0)]);
        assert_eq!(series.buckets()[0].after, Spread { mean: 3.0, low: 1.0, high: 6.0 });
    }

    #[test]
    fn a_thinned_series_keeps_its_ends_and_every_loss() {
        let mut series = Series::default();
        for step in 1..=350 {
            series.extend(&[point(step, 1.0)]);
        }
        let thinned = series.thinned(100);
        assert_eq!(thinned.len(), 88, "four at a time are the fewest that fit");
        assert_eq!(thinned.iter().map(|bucket| bucket.count).sum::<u32>(), 350);
        assert_eq!((thinned[0].first, thinned.last().map(|bucket| bucket.last)), (1, Some(350)));
    }

    #[test]
    fn losses_that_come_twice_are_counted_once() {
        let mut series = Series::default();
        series.extend(&[point(1, 1.0), point(2, 1.0), point(2, 9.0), point(1, 9.0)]);
        assert_eq!(series.buckets().len(), 2);
    }

    #[test]
    fn going_back_to_a_checkpoint_drops_what_came_after() {
        let mut series = Series::default();
        series.extend(&[point(1, 1.0), point(2, 2.0), point(3, 9.0)]);
        series.rewind(2);
        assert_eq!(series.buckets().last().map(|bucket| bucket.last), Some(2));
        assert_eq!(series.smoothed(), Some((3.0, 2.0)));
    }

    #[test]
    fn accuracies_are_kept_like_losses_and_only_where_there_are_any() {
        let accurate = |meta_step, after| CurvePoint {
            accuracy: Some(Accuracies { before: 0.2, after }),
            ..point(meta_step, 1.0)
        };
        let mut series = Series { width: 4, ..Series::default() };
        series.extend(&[accurate(4, 0.4), accurate(5, 0.8)]);
        let bucket = series.buckets()[0].accuracy.map(|(_, after)| after);
        assert_eq!(bucket, Some(Spread { mean: 0.6, low: 0.4, high: 0.8 }));
        assert_eq!(series.smoothed_accuracy().map(|(_, after)| after), Some(0.6));
        let mut regression = Series::default();
        regression.extend(&[point(1, 1.0)]);
        assert_eq!(regression.smoothed_accuracy(), None);
    }

    #[test]
    fn the_smoothed_loss_is_a_plain_mean_at_first() {
        let mut series = Series::default();
        series.extend(&[point(1, 1.0), point(2, 2.0), point(3, 3.0)]);
        assert_eq!(series.smoothed(), Some((3.0, 2.0)));
    }

    fn check(meta_step: u32, loss: f32, accuracy: Option<f32>) -> Check {
        Check { meta_step, loss, accuracy }
    }

    #[test]
    fn the_best_check_is_the_first_of_the_most_accurate_or_of_the_smallest_loss() {
        let mut series = Series::default();
        assert_eq!(series.best(), None);
        series.extend_checks(&[
            check(1, f32::NAN, None),
            check(2, 3.0, None),
            check(3, 1.0, None),
            check(4, 1.0, None),
        ]);
        assert_eq!(series.best().map(|best| best.meta_step), Some(3));
        series.rewind(2);
        assert_eq!(series.best().map(|best| best.meta_step), Some(2));
        let mut series = Series::default();
        series.extend_checks(&[check(1, 1.0, Some(0.5)), check(2, 2.0, Some(0.7)), check(3, 0.5, Some(0.6))]);
        assert_eq!(series.best().map(|best| best.meta_step), Some(2));
    }

    #[test]
    fn of_very_many_checks_hundreds_stay_and_the_best_among_them() {
        let mut series = Series::default();
        for step in 1..=5000 {
            series.extend_checks(&[check(step, if step == 77 { 0.1 } else { 1.0 }, None)]);
        }
        assert!((CAPACITY / 2..=CAPACITY).contains(&series.checks().len()));
        assert_eq!(series.best(), Some(check(77, 0.1, None)));
        assert_eq!(series.checks().last().map(|last| last.meta_step > 4900), Some(true));
    }
}
