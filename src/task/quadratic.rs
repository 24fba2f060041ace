//! Quadratics: tasks whose function is the loss itself.

use super::{Part, Purpose, Stream};

/// Numbers in θ, and equations that it should fulfil.
pub const DIMENSIONS: usize = 10;

/// f(θ) = ‖Wθ − y‖² with W of 10 × 10 and y of 10 standard normal numbers (Andrychowicz et al. 2016, §3.1).
///
/// There is nothing to generalise to: support and query set are both the function itself, and what is judged is how
/// far down a learner gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Quadratic {
    /// W, row by row.
    pub matrix: Vec<f64>,
    /// y.
    pub target: Vec<f64>,
}

/// The quadratic of `index` within `purpose`: W row by row, then y, from the stream of the task's function.
#[must_use]
pub fn quadratic(seed: u32, purpose: Purpose, index: u64) -> Quadratic {
    let mut stream = Stream::new(seed, purpose, index).part(Part::Function);
    let mut draw = |count: usize| (0..count).map(|_| stream.normal()).collect();
    Quadratic { matrix: draw(DIMENSIONS * DIMENSIONS), target: draw(DIMENSIONS) }
}

/// The seed of the first parameters that a task starts from, for a learner that has every task start anew.
#[must_use]
pub fn start_seed(seed: u32, purpose: Purpose, index: u64) -> u32 {
    // The upper half: any 32 bits would do.
    (Stream::new(seed, purpose, index).part(Part::Start).next_u64() >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any change of these numbers changes the tasks behind every link.
    #[test]
    fn the_first_shown_quadratic_and_start_give_known_answers() {
        let Quadratic { matrix, target } = quadratic(1, Purpose::Show, 0);
        assert_eq!((matrix.len(), target.len()), (100, 10));
        assert_eq!(
            [matrix[0], matrix[99], target[0], target[9]],
            [-0.347_990_476_921_964_3, -0.882_363_890_468_673_4, 1.132_752_293_060_708_8, -0.476_309_325_843_754_46]
        );
        assert_eq!(start_seed(1, Purpose::Show, 0), 2_818_440_678);
    }

    /// 200 quadratics have 22 000 numbers: the standard error of their mean is 0.007, of their variance 0.01; the bounds
    /// are five of them.
    #[test]
    fn their_numbers_are_standard_normal_and_differ_from_task_to_task() {
        let all: Vec<_> = (0..200).map(|index| quadratic(3, Purpose::Train, index)).collect();
        let numbers: Vec<f64> = all.iter().flat_map(|q| q.matrix.iter().chain(&q.target).copied()).collect();
        let count = numbers.len() as f64;
        assert!((numbers.iter().sum::<f64>() / count).abs() < 0.035);
        assert!((numbers.iter().map(|z| z * z).sum::<f64>() / count - 1.0).abs() < 0.05);
        assert!(all.iter().skip(1).all(|other| *other != all[0]));
        assert_ne!(quadratic(4, Purpose::Train, 0), all[0]);
        assert_ne!(quadratic(3, Purpose::Test, 0), all[0]);
    }

    #[test]
    fn every_task_starts_elsewhere() {
        let mut seeds: Vec<u32> = (0..50).map(|index| start_seed(3, Purpose::Train, index)).collect();
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), 50);
    }
}
