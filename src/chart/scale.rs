//! Scales: from values to pixels and back, and the round values worth a tick.

/// A map from an interval of values to an interval of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    domain: (f64, f64),
    range: (f64, f64),
    log: bool,
}

/// A round value on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The value.
    pub value: f64,
    /// Its place in pixels.
    pub at: f64,
    /// The value as a reader wants it, with a true minus sign.
    pub label: String,
}

/// Smallest value a logarithmic scale shows; a loss below it is as good as zero.
const LOG_FLOOR: f64 = 1e-9;

impl Scale {
    /// A linear scale; an empty domain is widened so that it can be drawn.
    #[must_use]
    pub fn linear(domain: (f64, f64), range: (f64, f64)) -> Self {
        let (low, high) = domain;
        // Half of one is lost beside a number of many digits.
        let half = (low.abs() * 1e-9).max(0.5);
        let domain = if high > low { domain } else { (low - half, low + half) };
        Self { domain, range, log: false }
    }

    /// A base-ten logarithmic scale; values at or below zero sit on its floor.
    #[must_use]
    pub fn log(domain: (f64, f64), range: (f64, f64)) -> Self {
        let low = domain.0.max(LOG_FLOOR);
        let high = domain.1.max(low * 10.0);
        Self { domain: (low.log10(), high.log10()), range, log: true }
    }

    /// Where a value lies, in pixels; beyond the ends it continues.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        let value = if self.log { value.max(LOG_FLOOR).log10() } else { value };
        let share = (value - self.domain.0) / (self.domain.1 - self.domain.0);
        self.range.0 + share * (self.range.1 - self.range.0)
    }

    /// The value at a pixel.
    #[must_use]
    pub fn value(&self, pixel: f64) -> f64 {
        let share = (pixel - self.range.0) / (self.range.1 - self.range.0);
        let value = self.domain.0 + share * (self.domain.1 - self.domain.0);
        if self.log { 10f64.powf(value) } else { value }
    }

    /// The ends of the domain.
    #[must_use]
    pub fn domain(&self) -> (f64, f64) {
        if self.log { (10f64.powf(self.domain.0), 10f64.powf(self.domain.1)) } else { self.domain }
    }

    /// About `count` round values within the domain; none where that has no end.
    #[must_use]
    pub fn ticks(&self, count: usize) -> Vec<Tick> {
        if !(self.domain.1 - self.domain.0).is_finite() {
            return Vec::new();
        }
        let values = if self.log { self.log_values(count) } else { linear_values(self.domain, count) };
        let step = match values.as_slice() {
            [first, second, ..] if !self.log => second - first,
            _ => 0.0,
        };
        values.into_iter().map(|value| Tick { value, at: self.at(value), label: label(value, step) }).collect()
    }

    /// Powers of ten, thinned to `count`; with fewer than two decades also their doubles and fives.
    fn log_values(&self, count: usize) -> Vec<f64> {
        let (low, high) = self.domain;
        let decades = high - low;
        let every = (decades / count.max(1) as f64).ceil().max(1.0) as i32;
        let factors: &[f64] = if decades < 2.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let slack = 1e-9;
        (low.floor() as i32..=high.ceil() as i32)
            .filter(|power| power.rem_euclid(every) == 0)
            .flat_map(|power| factors.iter().map(move |factor| factor * 10f64.powi(power)))
            .filter(|value| (low - slack..=high + slack).contains(&value.log10()))
            .collect()
    }
}

/// Multiples of 1, 2 or 5 times a power of ten inside `domain`, about `count` of them.
fn linear_values(domain: (f64, f64), count: usize) -> Vec<f64> {
    let (low, high) = domain;
    let step = round_step((high - low) / count.max(1) as f64);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|index| index as f64 * step).collect()
}

/// The smallest of 1, 2, 5 × 10ⁿ that is no smaller than `rough`.
fn round_step(rough: f64) -> f64 {
    if !(rough.is_finite() && rough > 0.0) {
        return 1.0;
    }
    let power = 10f64.powf(rough.log10().floor());
    let lead = rough / power;
    let round = [1.0, 2.0, 5.0].into_iter().find(|nice| lead <= nice * (1.0 + 1e-9)).unwrap_or(10.0);
    round * power
}

/// A tick's value with the decimals that its neighbours at distance `step` need.
fn label(value: f64, step: f64) -> String {
    let magnitude = value.abs();
    let text = if magnitude >= 1e6 || (magnitude > 0.0 && magnitude < 1e-4) {
        format!("{value:.0e}")
    } else {
        let finest = if step > 0.0 { step } else { magnitude };
        let decimals = if finest > 0.0 { (-(finest.log10() + 1e-9).floor()).clamp(0.0, 6.0) as usize } else { 0 };
        format!("{:.*}", decimals, if magnitude < 1e-12 { 0.0 } else { value })
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: &Scale, count: usize) -> Vec<String> {
        scale.ticks(count).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn a_linear_scale_meets_both_ends_and_inverts() {
        let scale = Scale::linear((-5.0, 5.0), (40.0, 620.0));
        assert_eq!((scale.at(-5.0), scale.at(5.0), scale.at(0.0)), (40.0, 620.0, 330.0));
        assert!((scale.value(scale.at(1.7)) - 1.7).abs() < 1e-12, "the inverse undoes the map");
    }

    #[test]
    fn ticks_are_round_and_inside_the_domain() {
        assert_eq!(labels(&Scale::linear((-5.0, 5.0), (0.0, 1.0)), 5), ["−4", "−2", "0", "2", "4"]);
        assert_eq!(labels(&Scale::linear((0.0, 1.0), (0.0, 1.0)), 4), ["0.0", "0.5", "1.0"]);
        assert_eq!(labels(&Scale::linear((0.0, 70_000.0), (0.0, 1.0)), 4), ["0", "20000", "40000", "60000"]);
    }

    #[test]
    fn a_logarithmic_scale_spaces_decades_evenly_and_survives_zero() {
        let scale = Scale::log((0.01, 10.0), (300.0, 0.0));
        assert!((scale.at(0.1) - 200.0).abs() < 1e-9, "each of three decades takes a third");
        assert!(scale.at(0.0).is_finite(), "a loss of zero has a place");
        assert_eq!(labels(&scale, 4), ["0.01", "0.1", "1", "10"]);
    }

    #[test]
    fn a_single_decade_also_shows_twos_and_fives() {
        assert_eq!(labels(&Scale::log((0.1, 1.0), (0.0, 1.0)), 4), ["0.1", "0.2", "0.5", "1"]);
    }

    #[test]
    fn an_empty_domain_is_widened_rather_than_divided_by() {
        let scale = Scale::linear((2.0, 2.0), (0.0, 10.0));
        assert_eq!(scale.at(2.0), 5.0);
        let far = Scale::linear((1e30, 1e30), (0.0, 10.0));
        assert!((far.at(1e30) - 5.0).abs() < 0.01 && far.ticks(4).len() < 10);
    }

    #[test]
    fn a_domain_without_end_has_no_ticks() {
        for end in [f64::INFINITY, f64::MAX, f64::NAN] {
            assert!(Scale::linear((-end, end), (0.0, 1.0)).ticks(4).is_empty(), "{end}");
        }
        assert!(Scale::log((1.0, f64::INFINITY), (0.0, 1.0)).ticks(4).is_empty());
    }
}
