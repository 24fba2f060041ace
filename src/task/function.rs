//! The functions that tasks are made of.

use super::{Family, Range, Stream, TaskSpec};

/// The function of one task.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Function {
    /// y = A sin(ωx − φ)
    Sine(Sine),
    /// y = A₁ sin(ωx − φ₁) + A₂ sin(2ωx − φ₂); the second sine holds 2ω.
    Harmonic(Sine, Sine),
    /// y = ax + b
    Line {
        /// a
        slope: f64,
        /// b
        intercept: f64,
    },
    /// y = b where x < threshold, b + A elsewhere
    Step {
        /// Where it jumps.
        threshold: f64,
        /// b
        level: f64,
        /// A
        height: f64,
    },
}

/// A sin(ωx − φ)
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sine {
    /// A
    pub amplitude: f64,
    /// φ, in radians.
    pub phase: f64,
    /// ω, in radians per unit of x.
    pub frequency: f64,
}

impl Sine {
    /// The sine at `x`.
    #[must_use]
    pub fn value(&self, x: f64) -> f64 {
        self.amplitude * libm::sin(self.frequency * x - self.phase)
    }

    fn sample(spec: &TaskSpec, stream: &mut Stream) -> Self {
        Self {
            amplitude: stream.uniform(spec.amplitude),
            phase: stream.uniform(spec.phase),
            frequency: stream.uniform(spec.frequency),
        }
    }
}

impl Function {
    /// Draw a function of the family of `spec`.
    ///
    /// In this order: amplitude, phase, frequency of a sine, then of a harmonic's second sine its amplitude
    /// and phase; sine-or-line a coin first, then the sine, or slope and intercept; step threshold, level,
    /// height. Characters and quadratics have no function of one input, and nothing asks for one: y = 0 stands for it.
    #[must_use]
    pub fn sample(spec: &TaskSpec, stream: &mut Stream) -> Self {
        match spec.family {
            Family::Sinusoid => Self::Sine(Sine::sample(spec, stream)),
            Family::Harmonic => {
                let first = Sine::sample(spec, stream);
                let second = Sine {
                    amplitude: stream.uniform(spec.amplitude),
                    phase: stream.uniform(spec.phase),
                    frequency: 2.0 * first.frequency,
                };
                Self::Harmonic(first, second)
            }
            Family::SineOrLine if stream.unit() < 0.5 => Self::Sine(Sine::sample(spec, stream)),
            Family::SineOrLine => {
                Self::Line { slope: stream.uniform(spec.slope), intercept: stream.uniform(spec.intercept) }
            }
            Family::Characters | Family::Quadratic => Self::Line { slope: 0.0, intercept: 0.0 },
            Family::Step => Self::Step {
                threshold: stream.uniform(spec.threshold),
                level: stream.uniform(spec.intercept),
                height: stream.uniform(spec.amplitude),
            },
        }
    }

    /// The function at `x`, the same float64 on every machine.
    #[must_use]
    pub fn value(&self, x: f64) -> f64 {
        match self {
            Self::Sine(sine) => sine.value(x),
            Self::Harmonic(first, second) => first.value(x) + second.value(x),
            Self::Line { slope, intercept } => slope * x + intercept,
            Self::Step { threshold, level, height } => level + if x < *threshold { 0.0 } else { *height },
        }
    }

    /// What the oracle learner is told about a function drawn from `spec`: [`description_len`] numbers.
    ///
    /// Sinusoid: A, φ (as published). Harmonic: A₁, φ₁, A₂, φ₂. Sine-or-line: 1, A, φ, 0, 0 for a sine and
    /// 0, 0, 0, a, b for a line. Step: threshold, b, A. The frequency follows at the end where its range
    /// is not a single value (of a line: 0).
    #[must_use]
    pub fn describe(&self, spec: &TaskSpec) -> Vec<f64> {
        let mixed = spec.family == Family::SineOrLine;
        let (mut numbers, frequency) = match *self {
            Self::Sine(s) if mixed => (vec![1.0, s.amplitude, s.phase, 0.0, 0.0], s.frequency),
            Self::Sine(s) => (vec![s.amplitude, s.phase], s.frequency),
            Self::Harmonic(s, t) => (vec![s.amplitude, s.phase, t.amplitude, t.phase], s.frequency),
            Self::Line { slope, intercept } => (vec![0.0, 0.0, 0.0, slope, intercept], 0.0),
            Self::Step { threshold, level, height } => (vec![threshold, level, height], 0.0),
        };
        if tells_frequency(spec) {
            numbers.push(frequency);
        }
        numbers
    }
}

/// How many numbers [`Function::describe`] gives for every function drawn from `spec`.
#[must_use]
pub fn description_len(spec: &TaskSpec) -> usize {
    let parameters = match spec.family {
        Family::Sinusoid => 2,
        Family::Harmonic => 4,
        Family::SineOrLine => 5,
        Family::Step => 3,
        Family::Characters | Family::Quadratic => 0,
    };
    parameters + usize::from(tells_frequency(spec))
}

/// Whether the oracle needs the frequency to know the function.
fn tells_frequency(spec: &TaskSpec) -> bool {
    spec.family.has_points() && spec.family != Family::Step && !Range::is_single(&spec.frequency)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::{FRAC_PI_2, PI};

    use super::*;
    use crate::task::{Purpose, episode::tests::published};

    const FAMILIES: [Family; 4] = [Family::Sinusoid, Family::Harmonic, Family::SineOrLine, Family::Step];

    #[test]
    fn values_follow_the_formulas() {
        let sine = Sine { amplitude: 2.0, phase: 0.5, frequency: 1.5 };
        assert_eq!(Function::Sine(sine).value(1.0), 2.0 * libm::sin(1.0));
        let second = Sine { amplitude: 3.0, phase: 0.0, frequency: 3.0 };
        assert_eq!(Function::Harmonic(sine, second).value(1.0), 2.0 * libm::sin(1.0) + 3.0 * libm::sin(3.0));
        assert_eq!(Function::Line { slope: 2.0, intercept: -1.0 }.value(3.0), 5.0);
        let step = Function::Step { threshold: 1.0, level: -1.0, height: 3.0 };
        assert_eq!([step.value(0.999), step.value(1.0)], [-1.0, 2.0]);
    }

    /// The peak of a sine lies where ωx − φ = π/2: a phase is subtracted, as published.
    #[test]
    fn a_positive_phase_moves_the_sine_to_the_right() {
        let sine = Sine { amplitude: 5.0, phase: 1.0, frequency: 1.0 };
        assert_eq!(sine.value(1.0 + FRAC_PI_2), 5.0);
    }

    #[test]
    fn a_description_has_its_stated_length_and_names_the_function() {
        for family in FAMILIES {
            for frequency in [Range::new(1.0, 1.0), Range::new(0.5, 2.0)] {
                let spec = TaskSpec { family, frequency, ..published() };
                for index in 0..20 {
                    let function = Function::sample(&spec, &mut Stream::new(1, Purpose::Test, index));
                    let description = function.describe(&spec);
                    assert_eq!(description.len(), description_len(&spec));
                    let other = Function::sample(&spec, &mut Stream::new(2, Purpose::Test, index));
                    assert_ne!(description, other.describe(&spec));
                }
            }
        }
        let sine = Function::sample(&published(), &mut Stream::new(1, Purpose::Test, 0));
        let Function::Sine(s) = sine else { panic!("a sinusoid task is a sine") };
        assert_eq!(sine.describe(&published()), [s.amplitude, s.phase]);
    }

    /// 1000 tasks: the standard deviation of the count is 16, the bound five of them.
    #[test]
    fn half_of_sine_or_line_tasks_are_lines() {
        let spec = TaskSpec { family: Family::SineOrLine, ..published() };
        let lines = (0..1000)
            .map(|index| Function::sample(&spec, &mut Stream::new(1, Purpose::Test, index)))
            .filter(|function| matches!(function, Function::Line { .. }))
            .count();
        assert!(lines.abs_diff(500) < 80, "{lines} lines");
    }

    #[test]
    fn sinusoids_stay_in_the_published_ranges() {
        for index in 0..500 {
            let function = Function::sample(&published(), &mut Stream::new(1, Purpose::Train, index));
            let Function::Sine(s) = function else { panic!("a sinusoid task is a sine") };
            assert!((0.1..=5.0).contains(&s.amplitude) && (0.0..=PI).contains(&s.phase));
            assert_eq!(s.frequency, 1.0);
        }
    }

    #[test]
    fn a_harmonic_runs_its_second_sine_at_twice_the_frequency() {
        let spec = TaskSpec { family: Family::Harmonic, frequency: Range::new(0.5, 2.0), ..published() };
        let Function::Harmonic(first, second) = Function::sample(&spec, &mut Stream::new(1, Purpose::Test, 0)) else {
            panic!("a harmonic task is a harmonic")
        };
        assert_eq!(second.frequency, 2.0 * first.frequency);
    }
}
