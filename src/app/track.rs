//! The values a slider stops at, and where a value stands among them.

use std::f64::consts::PI;

/// The stops of a slider, ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct Track(Vec<f64>);

impl Track {
    /// Whole numbers.
    #[must_use]
    pub fn whole(from: u32, to: u32) -> Self {
        Self((from..=to).map(f64::from).collect())
    }

    /// Every `step` from one value to another, free of the dust of repeated addition.
    #[must_use]
    pub fn even(from: f64, to: f64, step: f64) -> Self {
        let per_unit = 1.0 / step;
        let (first, last) = ((from * per_unit).round() as i64, (to * per_unit).round() as i64);
        Self((first..=last).map(|stop| stop as f64 / per_unit).collect())
    }

    /// Twentieths of π.
    #[must_use]
    pub fn angles(from: i32, to: i32) -> Self {
        Self((from * 20..=to * 20).map(|twentieth| f64::from(twentieth) / 20.0 * PI).collect())
    }

    /// 1, 1.5, 2, 3, 5, 7 of every power of ten from 10^`from` to 10^`to`, and `more` in front.
    #[must_use]
    pub fn decades(from: i32, to: i32, more: &[f64]) -> Self {
        let mut stops = more.to_vec();
        for power in from..to {
            // Parsed, because 3 · 10⁻³ is not 0.003.
            let text = |lead: &str| format!("{lead}e{power}").parse::<f64>().unwrap_or_default();
            stops.extend(["1", "1.5", "2", "3", "5", "7"].map(text));
        }
        stops.push(format!("1e{to}").parse().unwrap_or_default());
        Self(stops)
    }

    /// Exactly these.
    #[must_use]
    pub fn list(stops: &[f64]) -> Self {
        Self(stops.to_vec())
    }

    /// The last stop's index.
    #[must_use]
    pub fn last(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// The value at a stop, or at the last.
    #[must_use]
    pub fn value(&self, index: usize) -> f64 {
        self.0.get(index.min(self.last())).copied().unwrap_or_default()
    }

    /// The stop nearest to a value, which may lie between two or beyond the ends.
    #[must_use]
    pub fn index(&self, value: f64) -> usize {
        let distance = |stop: &f64| (stop - value).abs();
        self.0.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1))).map_or(0, |(index, _)| index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_are_the_numbers_a_person_would_write() {
        assert_eq!(Track::even(0.0, 0.5, 0.1), Track(vec![0.0, 0.1, 0.2, 0.3, 0.4, 0.5]));
        assert_eq!(Track::decades(-3, -2, &[0.0]), Track(vec![0.0, 0.001, 0.0015, 0.002, 0.003, 0.005, 0.007, 0.01]));
        assert_eq!(Track::angles(0, 1).value(20), PI, "the published phase is a stop");
    }

    #[test]
    fn a_value_between_two_stops_stands_at_the_nearer() {
        let track = Track::whole(1, 20);
        assert_eq!((track.index(5.4), track.index(500.0), track.value(4)), (4, 19, 5.0));
    }

    #[test]
    fn a_stop_beyond_the_end_is_the_end() {
        assert_eq!(Track::whole(1, 3).value(99), 3.0);
    }
}
