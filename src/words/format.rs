//! Numbers as plain text: a decimal point, no grouping, and no more digits than mean something.

/// A loss, to about three digits; one that is not finite is an infinity sign.
#[must_use]
pub fn loss(value: f32) -> String {
    let value = f64::from(value);
    if !value.is_finite() {
        return "∞".to_owned();
    }
    match value.abs() {
        magnitude if magnitude >= 1e5 => format!("{value:.1e}"),
        magnitude if magnitude >= 100.0 => format!("{value:.0}"),
        magnitude if magnitude >= 10.0 => format!("{value:.1}"),
        magnitude if magnitude >= 1.0 => format!("{value:.2}"),
        magnitude if magnitude >= 1e-3 || magnitude == 0.0 => format!("{value:.3}"),
        _ => format!("{value:.1e}"),
    }
}

/// A mean and the half-width of its interval: the narrower it is, the more digits mean something.
#[must_use]
pub fn interval(mean: f64, half: f64) -> String {
    if !mean.is_finite() || !half.is_finite() {
        return "∞".to_owned();
    }
    if mean.abs() >= 1e5 || half >= 1e5 {
        return format!("{mean:.1e}\u{202f}±\u{202f}{half:.1e}");
    }
    let digits = if half > 0.0 { (1.0 - half.log10().floor()).clamp(0.0, 4.0) as usize } else { 3 };
    format!("{mean:.digits$}\u{202f}±\u{202f}{half:.digits$}")
}

/// A number of any size, to five digits.
#[must_use]
pub fn slope(value: f64) -> String {
    let magnitude = value.abs();
    let text = match magnitude {
        0.0 => "0".to_owned(),
        1e-3..1e5 => format!("{value:.*}", (5.0 - magnitude.log10().ceil()).clamp(0.0, 8.0) as usize),
        _ => format!("{value:.4e}"),
    };
    text.replace('-', "−")
}

/// A size whose power of ten matters, such as 4e−6.
#[must_use]
pub fn power(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.0e}").replace('-', "−") }
}

/// A cosine, to a thousandth.
#[must_use]
pub fn cosine(value: f64) -> String {
    let text = format!("{value:.3}").replace('-', "−");
    if text == "−0.000" { "0.000".to_owned() } else { text }
}

/// A share of all, as whole per cents.
#[must_use]
pub fn percent(share: f32) -> String {
    let percent = (f64::from(share) * 100.0).round();
    if percent.is_finite() { format!("{percent:.0}\u{202f}%") } else { "–".to_owned() }
}

/// A change of a share, in whole percentage points with their sign; "0" where it rounds to nothing.
#[must_use]
pub fn points(change: f32) -> String {
    let points = (f64::from(change) * 100.0).round();
    match points {
        points if points > 0.0 => format!("+{points:.0}"),
        points if points < 0.0 => format!("−{:.0}", -points),
        _ => "0".to_owned(),
    }
}

/// Meta-steps per second.
#[must_use]
pub fn rate(value: f32) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// A setting, with as many digits as it was given and no more than six.
#[must_use]
pub fn setting(value: f64) -> String {
    let rounded = format!("{value:.6}");
    let trimmed = rounded.trim_end_matches('0').trim_end_matches('.');
    let text =
        if trimmed.parse::<f64>() == Ok(0.0) && value != 0.0 { format!("{value:e}") } else { trimmed.to_owned() };
    if text == "-0" { "0".to_owned() } else { text }
}

/// An angle as a multiple of π.
#[must_use]
pub fn angle(radians: f64) -> String {
    match setting((radians / std::f64::consts::PI * 100.0).round() / 100.0).replace('-', "−").as_str() {
        "0" => "0".to_owned(),
        "1" => "π".to_owned(),
        multiple => format!("{multiple}π"),
    }
}

/// Bytes in whole kilobytes, or in megabytes from one upwards.
#[must_use]
pub fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    if bytes >= 1e6 { format!("{:.1} MB", bytes / 1e6) } else { format!("{:.0} kB", bytes / 1e3) }
}

/// A time still to wait, in the units a person would say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Seconds, under two minutes.
    Seconds(u64),
    /// Minutes, under two hours.
    Minutes(u64),
    /// Hours and minutes.
    Hours(u64, u64),
}

/// How long `steps` take at `rate` steps a second; none where nothing moves.
#[must_use]
pub fn wait(steps: u32, rate: f32) -> Option<Wait> {
    if !(rate.is_finite() && rate > 0.0) || steps == 0 {
        return None;
    }
    let seconds = (f64::from(steps) / f64::from(rate)).ceil() as u64;
    Some(match seconds {
        0..120 => Wait::Seconds(seconds),
        120..7200 => Wait::Minutes(seconds.div_ceil(60)),
        _ => Wait::Hours(seconds / 3600, seconds % 3600 / 60),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_keeps_about_three_digits_and_parses_as_a_number() {
        let texts = [0.0_f32, 0.000_42, 0.0912, 0.58, 3.096, 12.34, 431.2, 2e7].map(loss);
        assert_eq!(texts, ["0.000", "4.2e-4", "0.091", "0.580", "3.10", "12.3", "431", "2.0e7"]);
        assert!(texts.iter().all(|text| text.parse::<f64>().is_ok()));
    }

    #[test]
    fn a_diverged_loss_is_an_infinity_sign() {
        assert_eq!((loss(f32::NAN), loss(f32::INFINITY)), ("∞".to_owned(), "∞".to_owned()));
    }

    #[test]
    fn a_setting_is_shown_as_it_was_given() {
        assert_eq!(
            [0.01, 5.0, 0.001, 0.3, 0.1 + 0.2, -0.0, 1e-9].map(setting),
            ["0.01", "5", "0.001", "0.3", "0.3", "0", "1e-9"]
        );
    }

    #[test]
    fn angles_are_told_in_pi() {
        use std::f64::consts::PI;
        assert_eq!([0.0, PI, 0.5 * PI, -2.0 * PI].map(angle), ["0", "π", "0.5π", "−2π"]);
    }

    #[test]
    fn an_interval_shows_two_digits_of_its_half_width() {
        let texts = [(3.1134, 0.4231), (0.353_1, 0.041_2), (98.71, 0.38), (40.0, 12.3), (1.0, 0.0)];
        let texts = texts.map(|(mean, half)| interval(mean, half).replace('\u{202f}', " "));
        assert_eq!(texts, ["3.11 ± 0.42", "0.353 ± 0.041", "98.71 ± 0.38", "40 ± 12", "1.000 ± 0.000"]);
        assert_eq!(interval(f64::NAN, 0.1), "∞");
        assert_eq!(interval(1.23e27, 2e27), "1.2e27\u{202f}±\u{202f}2.0e27");
    }

    #[test]
    fn a_slope_keeps_five_digits_whatever_its_size() {
        let texts = [2.360_233, -0.042_955_58, 25.4809, 12_345.6, 3.3e-7, 0.0].map(slope);
        assert_eq!(texts, ["2.3602", "−0.042956", "25.481", "12346", "3.3000e−7", "0"]);
    }

    #[test]
    fn errors_are_told_by_their_power_and_cosines_to_a_thousandth() {
        assert_eq!([4e-6, 1.26e-9, 0.0].map(power), ["4e−6", "1e−9", "0"]);
        assert_eq!([1.0, -0.1774, -0.0001].map(cosine), ["1.000", "−0.177", "0.000"]);
    }

    #[test]
    fn waits_are_told_as_a_person_would() {
        assert_eq!(wait(68_000, 1000.0), Some(Wait::Seconds(68)));
        assert_eq!(wait(70_000, 100.0), Some(Wait::Minutes(12)));
        assert_eq!(wait(70_000, 5.0), Some(Wait::Hours(3, 53)));
        assert_eq!((wait(100, 0.0), wait(0, 10.0), wait(10, f32::NAN)), (None, None, None));
    }

    #[test]
    fn shares_are_told_in_whole_per_cents_and_their_changes_with_a_sign() {
        assert_eq!([0.0, 0.846, 1.0].map(percent), ["0\u{202f}%", "85\u{202f}%", "100\u{202f}%"]);
        assert_eq!([0.123, -0.5, 0.001, f32::NAN].map(points), ["+12", "−50", "0", "0"]);
        assert_eq!(percent(f32::NAN), "–");
    }

    #[test]
    fn sizes_change_their_unit_at_a_megabyte() {
        assert_eq!((size(421_300), size(2_340_000)), ("421 kB".to_owned(), "2.3 MB".to_owned()));
    }
}
