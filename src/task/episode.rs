//! Episodes: a task's function seen through a support set and a query set.

use super::{Function, Part, Purpose, Range, Stream, TaskSpec};

/// One task as a learner meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// The task's function.
    pub function: Function,
    /// What the inner loop sees: K points, with noise on their targets where the spec asks for it.
    pub support: Samples,
    /// What adaptation is judged on: never noisy.
    pub query: Samples,
}

/// Points of a task; both have the same length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// Inputs.
    pub x: Vec<f64>,
    /// Targets.
    pub y: Vec<f64>,
}

/// The episode of `index` within `purpose`.
///
/// Function, support inputs, query inputs and noise are each drawn from their own [`Part`] of the stream,
/// point after point. So more shots add points after the first ones and change nothing else, noise moves
/// no input, and neither changes the function.
#[must_use]
pub fn episode(spec: &TaskSpec, seed: u32, purpose: Purpose, index: u64) -> Episode {
    let stream = Stream::new(seed, purpose, index);
    let function = Function::sample(spec, &mut stream.part(Part::Function));
    let mut support = samples(&function, spec.x, spec.shots, stream.part(Part::SupportInputs));
    let query = samples(&function, spec.x, spec.queries, stream.part(Part::QueryInputs));
    if spec.noise > 0.0 {
        let mut noise = stream.part(Part::Noise);
        for y in &mut support.y {
            *y += spec.noise * noise.normal();
        }
    }
    Episode { function, support, query }
}

/// Index, within [`Purpose::Train`], of one task of one meta-batch; both count from 0.
///
/// No meta-batch size enters it, so changing the size keeps the tasks that both sizes have.
#[must_use]
pub fn meta_batch_index(meta_step: u32, task: u32) -> u64 {
    (u64::from(meta_step) << 32) | u64::from(task)
}

fn samples(function: &Function, inputs: Range, count: u32, mut stream: Stream) -> Samples {
    let x: Vec<f64> = (0..count).map(|_| stream.uniform(inputs)).collect();
    let y = x.iter().map(|&x| function.value(x)).collect();
    Samples { x, y }
}

#[cfg(test)]
pub(super) mod tests {
    use std::f64::consts::PI;

    use super::*;
    use crate::task::{Family, Source, Switch, function::Sine};

    /// The sinusoids of Finn et al. 2017, §5.1, with 5 shots.
    pub fn published() -> TaskSpec {
        TaskSpec {
            family: Family::Sinusoid,
            shots: 5,
            queries: 5,
            noise: 0.0,
            x: Range::new(-5.0, 5.0),
            amplitude: Range::new(0.1, 5.0),
            phase: Range::new(0.0, PI),
            frequency: Range::new(1.0, 1.0),
            slope: Range::new(-3.0, 3.0),
            intercept: Range::new(-3.0, 3.0),
            threshold: Range::new(-4.0, 4.0),
            ways: 5,
            source: Source::Procedural,
            rotations: Switch::On,
            within_alphabet: Switch::Off,
            train_shots: 0,
            train_ways: 0,
            label_noise: 0.0,
            augmentation: 0.0,
            pixel_noise: 0.0,
        }
    }

    fn shown(spec: &TaskSpec) -> Episode {
        episode(spec, 1, Purpose::Show, 0)
    }

    /// Any change of these numbers changes the tasks behind every link.
    #[test]
    fn the_first_shown_task_gives_known_answers() {
        let episode = shown(&TaskSpec { noise: 0.5, ..published() });
        let Function::Sine(sine) = episode.function else { panic!("a sinusoid task is a sine") };
        assert_eq!([sine.amplitude, sine.phase, sine.frequency], [3.408_095_081_751_786, 2.239_094_200_055_104_6, 1.0]);
        assert_eq!(
            episode.support.x,
            [
                1.999_734_437_767_801_7,
                -0.846_038_080_450_696_8,
                0.025_954_473_618_846_84,
                -2.162_587_436_584_178,
                -1.027_011_201_658_216_7
            ]
        );
        assert_eq!(
            episode.support.y,
            [
                -0.865_974_502_609_716_9,
                -0.479_141_806_572_507_5,
                -3.166_045_502_330_746_3,
                3.128_307_170_729_033_5,
                0.109_247_461_197_047_09
            ]
        );
        assert_eq!([episode.query.x[0], episode.query.y[0]], [-2.979_707_194_227_115_6, 2.980_345_972_388_105]);
    }

    #[test]
    fn the_first_shown_task_of_every_family_gives_known_answers() {
        let function = |family| shown(&TaskSpec { family, ..published() }).function;
        let first = Sine { amplitude: 3.408_095_081_751_786, phase: 2.239_094_200_055_104_6, frequency: 1.0 };
        let second = Sine { amplitude: 2.001_470_229_347_465, phase: 2.558_095_459_558_558_5, frequency: 2.0 };
        assert_eq!(function(Family::Harmonic), Function::Harmonic(first, second));
        assert_eq!(
            function(Family::SineOrLine),
            Function::Line { slope: 1.276_354_919_845_957_2, intercept: -2.365_486_146_370_222_4 }
        );
        assert_eq!(
            function(Family::Step),
            Function::Step {
                threshold: 1.400_971_562_043_731_7,
                level: 1.276_354_919_845_957_2,
                height: 0.618_186_313_797_651_5
            }
        );
    }

    #[test]
    fn more_shots_add_support_points_and_change_nothing_else() {
        let few = shown(&TaskSpec { noise: 0.5, ..published() });
        let many = shown(&TaskSpec { noise: 0.5, shots: 20, ..published() });
        assert_eq!(few.function, many.function);
        assert_eq!(few.query, many.query);
        assert_eq!(few.support.x, many.support.x[..5]);
        assert_eq!(few.support.y, many.support.y[..5]);
    }

    #[test]
    fn noise_moves_support_targets_only() {
        let clean = shown(&published());
        let noisy = shown(&TaskSpec { noise: 0.5, ..published() });
        assert_eq!((clean.function, &clean.query), (noisy.function, &noisy.query));
        assert_eq!(clean.support.x, noisy.support.x);
        assert!(clean.support.y.iter().zip(&noisy.support.y).all(|(clean, noisy)| clean != noisy));
    }

    #[test]
    fn targets_are_the_function_at_the_inputs() {
        let Episode { function, support, query } = shown(&published());
        for (x, y) in support.x.iter().zip(&support.y).chain(query.x.iter().zip(&query.y)) {
            assert_eq!(function.value(*x), *y);
            assert!((-5.0..=5.0).contains(x));
        }
    }

    #[test]
    fn support_and_query_inputs_differ() {
        let episode = shown(&published());
        assert_ne!(episode.support.x, episode.query.x);
    }

    #[test]
    fn tasks_of_training_evaluation_and_the_page_differ() {
        let functions = [Purpose::Train, Purpose::Test, Purpose::Show].map(|p| episode(&published(), 1, p, 0).function);
        assert!(functions[0] != functions[1] && functions[1] != functions[2] && functions[0] != functions[2]);
    }

    #[test]
    fn no_two_tasks_of_meta_training_share_an_index() {
        assert_eq!(meta_batch_index(900, 17), 900 * 4_294_967_296 + 17);
        assert_ne!(meta_batch_index(0, 1), meta_batch_index(1, 0));
    }
}
