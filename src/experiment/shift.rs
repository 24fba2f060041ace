//! Distributions beside the one that a network learns from: where does what it has learned break?

use super::{Experiment, Family, Range, Source, Switch, TaskSpec};

/// What is otherwise than in training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shift {
    /// Nothing.
    Own,
    /// Amplitudes, or heights of steps, beyond the largest.
    Amplitude,
    /// Phases beyond the largest.
    Phase,
    /// Fewer examples to learn from.
    FewerShots,
    /// More of them.
    MoreShots,
    /// More classes to tell apart, or fewer.
    Ways,
    /// Turned characters, or none.
    Rotations,
    /// Characters of one alphabet, or of any.
    Alphabet,
    /// Characters of the visitor's file, or made up.
    Source,
}

/// Largest amplitude, phase and numbers of examples that an experiment may have.
const MOST_AMPLITUDE: f64 = 20.0;
const MOST_PHASE: f64 = 10.0;
const MOST_POINTS: u32 = 100;
const MOST_DRAWINGS: u32 = 20;

/// Shots of the literature between which a network of characters is moved.
const FEW_SHOTS: u32 = 1;
const MANY_SHOTS: u32 = 5;

/// And ways.
const FEW_WAYS: u32 = 5;
const MANY_WAYS: u32 = 20;

impl Shift {
    /// Every one, the training distribution first.
    pub const ALL: [Self; 9] = [
        Self::Own,
        Self::Amplitude,
        Self::Phase,
        Self::FewerShots,
        Self::MoreShots,
        Self::Ways,
        Self::Rotations,
        Self::Alphabet,
        Self::Source,
    ];

    /// The distribution of an experiment's tasks, shifted; none where there is nothing to shift.
    #[must_use]
    pub fn of(self, experiment: &Experiment) -> Option<TaskSpec> {
        let home = &experiment.task;
        let family = home.family;
        let mut task = home.clone();
        match self {
            Self::Own => return Some(task),
            // A quadratic is drawn from one distribution, whole.
            _ if family == Family::Quadratic => return None,
            Self::Amplitude if !family.classifies() => task.amplitude = beyond(home.amplitude, MOST_AMPLITUDE)?,
            Self::Phase if !family.classifies() && family != Family::Step => {
                // Phases all around the circle are the same ones again beyond it.
                let around = home.phase.high - home.phase.low >= std::f64::consts::TAU - 1e-6;
                task.phase = beyond(home.phase, MOST_PHASE).filter(|_| !around)?;
            }
            Self::FewerShots => {
                let fewer = if family.classifies() { FEW_SHOTS } else { (home.shots / 2).max(1) };
                task.shots = (fewer < home.shots).then_some(fewer)?;
            }
            Self::MoreShots => {
                let more = match family.classifies() {
                    true => (2 * home.shots).clamp(MANY_SHOTS, MOST_DRAWINGS),
                    false => (2 * home.shots).min(MOST_POINTS),
                };
                task.shots = (more > home.shots).then_some(more)?;
            }
            Self::Ways if family.classifies() && experiment.learner.kind.takes_any_ways() => {
                task.ways = if home.ways < MANY_WAYS { MANY_WAYS } else { FEW_WAYS };
            }
            Self::Rotations if family.classifies() => task.rotations = other(home.rotations),
            Self::Alphabet if family.classifies() => task.within_alphabet = other(home.within_alphabet),
            Self::Source if family.classifies() => {
                task.source = match home.source {
                    Source::Procedural => Source::Imported,
                    Source::Imported => Source::Procedural,
                };
            }
            _ => return None,
        }
        Some(task)
    }
}

/// The range as wide again, beyond its upper end; none where there is no room.
fn beyond(range: Range, most: f64) -> Option<Range> {
    let width = range.high - range.low;
    let high = (range.high + if width > 0.0 { width } else { range.high.abs() }).min(most);
    (high > range.high).then(|| Range::new(range.high, high))
}

fn other(switch: Switch) -> Switch {
    if switch.is_on() { Switch::Off } else { Switch::On }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Choice as _, preset};

    /// An experiment whose every setting suits a family.
    fn opening(family: Family) -> Experiment {
        let named = |name: &str| preset(name).unwrap().experiment();
        let mut experiment = match family {
            Family::Quadratic => named("quadratic-lstm"),
            Family::Characters => named("glyphs-light-maml-5w1s"),
            _ => Experiment::default(),
        };
        experiment.task.family = family;
        experiment
    }

    fn shifted(family: Family, shift: Shift) -> Option<TaskSpec> {
        shift.of(&opening(family))
    }

    #[test]
    fn every_shift_may_run_needs_the_same_network_and_is_another_distribution() {
        for family in Family::ALL {
            let home = opening(*family);
            for shift in Shift::ALL {
                let Some(task) = shift.of(&home) else { continue };
                let moved = Experiment { task, ..home.clone() };
                assert_eq!(moved.check(), Ok(()), "{shift:?} of {family:?}");
                assert_eq!((moved.inputs(), moved.outputs()), (home.inputs(), home.outputs()));
                assert_eq!(moved.task == home.task, shift == Shift::Own, "{shift:?} of {family:?}");
            }
        }
    }

    #[test]
    fn amplitudes_and_phases_begin_where_training_ended() {
        let amplitude = shifted(Family::Sinusoid, Shift::Amplitude).unwrap().amplitude;
        assert_eq!((amplitude.low, amplitude.high), (5.0, 9.9));
        let phase = shifted(Family::Sinusoid, Shift::Phase).unwrap().phase;
        assert_eq!((phase.low, phase.high), (std::f64::consts::PI, std::f64::consts::TAU));
        let mut around = opening(Family::Sinusoid);
        around.task.phase = Range::new(0.0, std::f64::consts::TAU);
        assert_eq!(Shift::Phase.of(&around), None, "there is no phase beyond all of them");
    }

    #[test]
    fn shots_are_halved_and_doubled_or_those_of_the_literature() {
        let shots = |family, shift| shifted(family, shift).map(|task| task.shots);
        assert_eq!(shots(Family::Sinusoid, Shift::FewerShots), Some(2));
        assert_eq!(shots(Family::Sinusoid, Shift::MoreShots), Some(10));
        assert_eq!(shots(Family::Characters, Shift::FewerShots), None, "fewer than one is none");
        assert_eq!(shots(Family::Characters, Shift::MoreShots), Some(5));
    }

    #[test]
    fn what_one_family_has_is_not_shifted_in_the_other() {
        assert!(shifted(Family::Sinusoid, Shift::Rotations).is_none());
        assert!(shifted(Family::Step, Shift::Phase).is_none());
        assert!(shifted(Family::Characters, Shift::Amplitude).is_none());
    }

    #[test]
    fn ways_change_where_no_head_is_made_for_a_number_of_them() {
        let mut home = preset("glyphs-light-prototypical-5w1s").unwrap().experiment();
        let ways = |home: &Experiment| Shift::Ways.of(home).map(|task| task.ways);
        assert_eq!(ways(&home), Some(20));
        home.task.ways = 20;
        assert_eq!(ways(&home), Some(5));
        assert_eq!(ways(&opening(Family::Characters)), None, "MAML's head has as many outputs as it was trained for");
    }
}
