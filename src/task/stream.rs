//! The counter-based stream that all randomness comes from.

use std::f64::consts::TAU;

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};

use super::Range;

/// Last bytes of every key. Changing them changes every task ever shared, so they never change.
const DOMAIN: [u8; 12] = *b"kindling/v01";

/// What a stream is drawn for. Streams of different purposes share nothing.
///
/// The numbers are part of the key: never change or reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u64)]
pub enum Purpose {
    /// The first weights; the index counts networks.
    Weights = 0,
    /// Tasks of meta-training; the index is [`super::meta_batch_index`].
    Train = 1,
    /// Tasks of evaluation, never trained on; the index counts tasks.
    Test = 2,
    /// Tasks shown on the page; the index is `view.task`.
    Show = 3,
    /// Tasks that networks are chosen by; the index counts tasks.
    Validation = 4,
    /// Tasks of evaluation on what meta-training draws from; the index counts tasks.
    Known = 5,
    /// Settings that a search tries; the index counts candidates.
    Search = 6,
    /// Base classes and mini-batches of them; the index is the class's number, or [`super::meta_batch_index`].
    Base = 7,
    /// Alphabets and their characters, the same in every experiment; the index is the alphabet's number.
    Alphabet = 16,
    /// Habits of hand of a drawer; the index is the drawer's number.
    Drawer = 17,
    /// Drawings of characters; the index is the drawer's number, the seed the alphabet's.
    Drawing = 18,
}

/// The parts of an episode, each drawn from a stream of its own so that none can shift another.
///
/// The numbers are part of the stream: never change or reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u64)]
pub enum Part {
    /// The task's function.
    Function = 0,
    /// Inputs of the support set.
    SupportInputs = 1,
    /// Inputs of the query set.
    QueryInputs = 2,
    /// Noise on the support targets.
    Noise = 3,
    /// The classes of a classification task.
    Classes = 4,
    /// The hidden units that a task of meta-training does without.
    Dropout = 8,
    /// Which support labels of a task of meta-training are wrong.
    Labels = 9,
    /// How the support drawings of a task of meta-training are moved.
    SupportAugmentation = 10,
    /// The same of its query drawings.
    QueryAugmentation = 11,
    /// Which pixels of the support drawings of a task of meta-training are inverted.
    SupportPixels = 12,
    /// The same of its query drawings.
    QueryPixels = 13,
    /// First parameters of a task that starts anew.
    Start = 20,
}

/// Random numbers that depend on (seed, purpose, index) and on nothing else.
///
/// ChaCha with 8 rounds (Bernstein 2008), keyed by the seed, the purpose and the index, little-endian, and
/// a constant. ChaCha is integer arithmetic, and what is made from it here uses only correctly rounded
/// operations and `libm`, so every machine draws the same float64s.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of `index` within `purpose`, at its start.
    #[must_use]
    pub fn new(seed: u32, purpose: Purpose, index: u64) -> Self {
        let mut key = [0; 32];
        key[..4].copy_from_slice(&seed.to_le_bytes());
        key[4..12].copy_from_slice(&(purpose as u64).to_le_bytes());
        key[12..20].copy_from_slice(&index.to_le_bytes());
        key[20..].copy_from_slice(&DOMAIN);
        Self(ChaCha8Rng::from_seed(key))
    }

    /// The independent stream of one part of an episode, at its start, wherever `self` stands.
    ///
    /// `Part::Function` is the stream that [`Stream::new`] gives.
    #[must_use]
    pub fn part(&self, part: Part) -> Self {
        self.numbered(part as u64)
    }

    /// As [`Stream::part`], where the parts are counted rather than named.
    #[must_use]
    pub(super) fn numbered(&self, part: u64) -> Self {
        let mut rng = self.0.clone();
        rng.set_stream(part);
        rng.set_word_pos(0);
        Self(rng)
    }

    /// 64 uniform bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³; one draw.
    pub fn unit(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next_u64() >> 11) as f64 * SCALE
    }

    /// Uniform in `range`; one draw, also where the range is a single value, so that widening a range
    /// does not shift what is drawn after it.
    pub fn uniform(&mut self, range: Range) -> f64 {
        let value = range.low + (range.high - range.low) * self.unit();
        // Rounding can carry the sum past the upper end.
        value.min(range.high)
    }

    /// Standard normal by the cosine half of Box and Muller 1958; two draws.
    pub fn normal(&mut self) -> f64 {
        // 1 − u lies in (0, 1], where the logarithm is finite.
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(TAU * self.unit())
    }

    /// Uniform in 0..n without bias (Lemire 2019); 0 when `n` is 0. Draws again with a chance below n/2⁶⁴.
    pub fn below(&mut self, n: u64) -> u64 {
        let mut product = u128::from(self.next_u64()) * u128::from(n);
        if (product as u64) < n {
            let least = n.wrapping_neg() % n;
            while (product as u64) < least {
                product = u128::from(self.next_u64()) * u128::from(n);
            }
        }
        (product >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Any change of these numbers changes the tasks behind every link. They agree with a ChaCha8 written
    /// apart from this one, from Bernstein's paper.
    #[test]
    fn the_stream_gives_known_answers() {
        let mut stream = Stream::new(1, Purpose::Train, 0);
        assert_eq!([stream.next_u64(), stream.next_u64()], [6_513_263_661_035_083_871, 5_642_782_653_976_587_454]);
        let mut stream = Stream::new(7, Purpose::Show, u64::MAX);
        assert_eq!(stream.unit(), 0.339_780_674_723_578_87);
        assert_eq!(stream.uniform(Range::new(-5.0, 5.0)), 0.288_115_510_999_857);
        assert_eq!(stream.normal(), 0.944_979_477_205_708_6);
        assert_eq!(stream.below(1000), 983);
        assert_eq!(stream.part(Part::Noise).next_u64(), 17_294_411_791_613_508_892);
    }

    #[test]
    fn seed_purpose_index_and_part_each_change_the_stream() {
        let first = |stream: &Stream| stream.clone().next_u64();
        let base = Stream::new(1, Purpose::Train, 1);
        let others = [
            Stream::new(2, Purpose::Train, 1),
            Stream::new(1, Purpose::Test, 1),
            Stream::new(1, Purpose::Train, 2),
            base.part(Part::SupportInputs),
            base.part(Part::QueryInputs),
            base.part(Part::Noise),
        ];
        for other in &others {
            assert_ne!(first(&base), first(other));
        }
        assert_eq!(first(&base), first(&base.part(Part::Function)));
    }

    #[test]
    fn a_part_starts_at_its_start_wherever_the_stream_stands() {
        let mut stream = Stream::new(3, Purpose::Test, 9);
        let before = stream.part(Part::Noise).next_u64();
        for _ in 0..100 {
            stream.next_u64();
        }
        assert_eq!(stream.part(Part::Noise).next_u64(), before);
    }

    /// 20 000 draws: the standard error of a uniform mean is 0.002, of a normal mean 0.007, of a normal
    /// variance 0.01; the bounds are five of them. The seed is fixed, so this never flickers.
    #[test]
    fn draws_have_the_moments_of_their_distributions() {
        let mut stream = Stream::new(1, Purpose::Test, 0);
        let n = 20_000;
        let unit: Vec<f64> = (0..n).map(|_| stream.unit()).collect();
        assert!(unit.iter().all(|u| (0.0..1.0).contains(u)));
        assert!((unit.iter().sum::<f64>() / f64::from(n) - 0.5).abs() < 0.01);
        let normal: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        assert!((normal.iter().sum::<f64>() / f64::from(n)).abs() < 0.035);
        assert!((normal.iter().map(|z| z * z).sum::<f64>() / f64::from(n) - 1.0).abs() < 0.05);
    }

    #[test]
    fn below_stays_below_and_reaches_every_value() {
        let mut stream = Stream::new(1, Purpose::Test, 0);
        let mut seen = [false; 7];
        for _ in 0..200 {
            seen[stream.below(7) as usize] = true;
        }
        assert_eq!(seen, [true; 7]);
        assert_eq!((stream.below(1), stream.below(0)), (0, 0));
        // Two thirds of 2⁶⁴: a third of the draws is rejected.
        let large = u64::MAX / 3 * 2;
        assert!((0..100).all(|_| stream.below(large) < large));
    }

    #[test]
    fn a_single_value_range_gives_that_value() {
        assert_eq!(Stream::new(1, Purpose::Train, 0).uniform(Range::new(0.1, 0.1)), 0.1);
    }
}
