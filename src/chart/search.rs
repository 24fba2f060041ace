//! Settings that were tried, in the plane of their rates.

use super::{Axis, Frame, Scale, Tick, viridis};

/// One setting that was tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tried {
    /// Its rate on the axis across.
    pub across: f64,
    /// Its rate on the upright axis, or its figure where there is one rate alone; none if there is none yet.
    pub upwards: Option<f64>,
    /// Its figure: a loss, or an accuracy in per cent; none before it is judged and after it diverged.
    pub figure: Option<f64>,
    /// Rungs that it was judged at.
    pub rungs: u32,
    /// Whether it diverged.
    pub diverged: bool,
}

/// What a mark looks like; each kind has a shape of its own, and later rungs larger ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriedShape {
    /// Not judged yet.
    Waiting,
    /// Judged at one rung.
    First,
    /// Judged at two.
    Second,
    /// Judged at three or more.
    Later,
    /// Diverged.
    Diverged,
}

impl TriedShape {
    /// Of what was tried.
    #[must_use]
    pub fn of(tried: &Tried) -> Self {
        match tried.rungs {
            _ if tried.diverged => Self::Diverged,
            0 => Self::Waiting,
            1 => Self::First,
            2 => Self::Second,
            _ => Self::Later,
        }
    }

    /// Its path around a place: a small disc, a disc, a square, a diamond or a cross.
    #[must_use]
    pub fn path(self, (x, y): (f64, f64)) -> String {
        let shape = match self {
            Self::Waiting => "m-2,0a2,2 0 1 0 4,0a2,2 0 1 0 -4,0z",
            Self::First => "m-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z",
            Self::Second => "m-5,-5h10v10h-10z",
            Self::Later => "m0,-8.5l8.5,8.5l-8.5,8.5l-8.5,-8.5z",
            Self::Diverged => "m-4,-4l8,8m0,-8l-8,8",
        };
        format!("M{x:.1},{y:.1}{shape}")
    }
}

/// A setting as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct TriedMark {
    /// Which of those given.
    pub number: usize,
    /// Its place.
    pub at: (f64, f64),
    /// Its shape.
    pub mark: TriedShape,
    /// Its colour by its figure, from the best (dark violet) to the worst (yellow); none without a figure.
    pub colour: Option<String>,
}

/// Everything the figure draws.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchFigure {
    /// Ticks of the rate across.
    pub across: Vec<Tick>,
    /// Ticks of the upright axis.
    pub upwards: Vec<Tick>,
    /// The marks, those of later rungs on top.
    pub marks: Vec<TriedMark>,
    /// The figures at the best and at the worst end of the colours; none while nothing is judged.
    pub ends: Option<(f64, f64)>,
}

/// How many times the best loss has the colour of the worst: what exploded would leave one colour to all the others.
const MOST_LOSS: f64 = 20.0;

impl SearchFigure {
    /// Lays out what was tried. `figures` is what the figures are; the upright axis is theirs where `single`, as there is
    /// one rate alone, and another rate's otherwise.
    #[must_use]
    pub fn new(tried: &[Tried], frame: &Frame, figures: Axis, single: bool) -> Self {
        let x = rates(tried.iter().map(|tried| tried.across), frame.across());
        let ends = ends(tried, figures);
        let y = match (single, figures) {
            (true, Axis::Accuracy) => Scale::linear((0.0, 100.0), frame.upwards()),
            (true, _) => {
                let (best, worst) = ends.unwrap_or((0.1, 5.0));
                Scale::log((best / 1.3, worst * 1.3), frame.upwards())
            }
            (false, _) => rates(tried.iter().filter_map(|tried| tried.upwards), frame.upwards()),
        };
        let within = |value: f64, (from, to): (f64, f64)| value.clamp(from.min(to), from.max(to));
        let mut marks: Vec<TriedMark> = (tried.iter().enumerate())
            .map(|(number, one)| {
                // What has no figure, or one off the axis, stands at the end of the bad ones.
                let bad = if figures == Axis::Accuracy { frame.upwards().0 } else { frame.upwards().1 };
                let upwards = one.upwards.filter(|value| value.is_finite()).map_or(bad, |value| y.at(value));
                let at = (within(x.at(one.across), frame.across()), within(upwards, frame.upwards()));
                let colour = one.figure.zip(ends).map(|(figure, ends)| viridis(share(figure, ends, figures)));
                TriedMark { number, at, mark: TriedShape::of(one), colour }
            })
            .collect();
        marks.sort_by_key(|mark| tried[mark.number].rungs);
        Self { across: x.ticks(4), upwards: y.ticks(4), marks, ends }
    }
}

/// A logarithmic scale of rates with a little room at both ends.
fn rates(values: impl Iterator<Item = f64>, range: (f64, f64)) -> Scale {
    let finite = values.filter(|rate| rate.is_finite() && *rate > 0.0);
    let (low, high) = finite.fold((f64::INFINITY, 0.0_f64), |(low, high), rate| (low.min(rate), high.max(rate)));
    let (low, high) = if low <= high { (low, high) } else { (1e-3, 1.0) };
    Scale::log((low / 1.4, high * 1.4), range)
}

/// The best and the worst figure, as far as the colours reach.
fn ends(tried: &[Tried], figures: Axis) -> Option<(f64, f64)> {
    let all = || tried.iter().filter_map(|tried| tried.figure).filter(|figure| figure.is_finite());
    let (low, high) = all().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| (low.min(one), high.max(one)));
    (low <= high).then(|| match figures {
        Axis::Accuracy => (high, low),
        _ => (low, high.min(MOST_LOSS * low)),
    })
}

/// Where a figure lies between the best and the worst: losses by their logarithms, accuracies as they are.
fn share(figure: f64, (best, worst): (f64, f64), figures: Axis) -> f64 {
    let place = |value: f64| if figures == Axis::Accuracy { value } else { value.max(1e-9).ln() };
    let (from, to) = (place(best), place(worst));
    if from == to { 0.0 } else { ((place(figure) - from) / (to - from)).clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { width: 300.0, height: 200.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    fn tried(across: f64, upwards: f64, figure: f64, rungs: u32) -> Tried {
        Tried { across, upwards: Some(upwards), figure: Some(figure), rungs, diverged: false }
    }

    #[test]
    fn decades_of_a_rate_are_as_far_apart_as_each_other() {
        let all = [tried(0.01, 0.001, 1.0, 1), tried(0.1, 0.001, 2.0, 1), tried(1.0, 0.1, 3.0, 1)];
        let figure = SearchFigure::new(&all, &FRAME, Axis::LogLoss, false);
        let at: Vec<f64> = figure.marks.iter().map(|mark| mark.at.0).collect();
        assert!((at[1] - at[0] - (at[2] - at[1])).abs() < 1e-9 && at[0] > 0.0 && at[2] < 300.0, "{at:?}");
        assert_eq!(figure.marks[0].at.1, figure.marks[1].at.1);
        assert!(figure.marks[2].at.1 < figure.marks[0].at.1, "a larger outer rate is higher up");
        assert_eq!(figure.across.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(), ["0.01", "0.1", "1"]);
    }

    #[test]
    fn the_best_is_violet_the_worst_yellow_and_an_explosion_takes_no_colour_from_the_others() {
        let all = [tried(0.01, 0.1, 0.5, 1), tried(0.02, 0.1, 10.0, 1), tried(0.03, 0.1, 1e6, 1)];
        let figure = SearchFigure::new(&all, &FRAME, Axis::LogLoss, false);
        assert_eq!(figure.ends, Some((0.5, 10.0)));
        let colours: Vec<_> = figure.marks.iter().filter_map(|mark| mark.colour.clone()).collect();
        assert_eq!(colours, ["#440154", "#fde725", "#fde725"]);
        let accurate = SearchFigure::new(&all[..2], &FRAME, Axis::Accuracy, false);
        assert_eq!(accurate.ends, Some((10.0, 0.5)), "more is better");
    }

    #[test]
    fn each_rung_has_a_shape_and_later_ones_are_drawn_last() {
        let mut all =
            [tried(0.1, 0.1, 1.0, 3), tried(0.1, 0.1, 1.0, 1), tried(0.1, 0.1, 1.0, 2), tried(0.1, 0.1, 1.0, 0)];
        (all[3].figure, all[1].diverged) = (None, true);
        let figure = SearchFigure::new(&all, &FRAME, Axis::LogLoss, false);
        let kinds: Vec<TriedShape> = figure.marks.iter().map(|mark| mark.mark).collect();
        assert_eq!(kinds, [TriedShape::Waiting, TriedShape::Diverged, TriedShape::Second, TriedShape::Later]);
        let mut paths: Vec<String> = kinds.iter().map(|kind| kind.path((1.0, 2.0))).collect();
        paths.dedup();
        assert!(paths.len() == 4 && paths.iter().all(|path| path.starts_with("M1.0,2.0m")));
        assert_eq!(figure.marks[0].colour, None);
    }

    #[test]
    fn one_rate_alone_stands_against_its_loss_and_what_has_none_at_the_bad_end() {
        let mut all = [tried(0.01, 1.0, 1.0, 1), tried(0.1, 0.2, 0.2, 1), tried(0.5, 0.0, 0.0, 0)];
        (all[2].upwards, all[2].figure, all[2].diverged) = (None, None, true);
        let figure = SearchFigure::new(&all, &FRAME, Axis::LogLoss, true);
        let height = |number: usize| figure.marks.iter().find(|mark| mark.number == number).map(|mark| mark.at.1);
        assert!(height(1) > height(0), "a smaller loss is lower down");
        assert_eq!(height(2), Some(0.0));
    }

    #[test]
    fn a_rate_of_zero_stands_at_the_edge_and_nothing_still_has_axes() {
        let figure = SearchFigure::new(&[tried(0.0, 0.1, 1.0, 1), tried(0.1, 0.1, 1.0, 1)], &FRAME, Axis::Loss, false);
        assert_eq!(figure.marks[0].at.0, 0.0);
        let none = SearchFigure::new(&[], &FRAME, Axis::LogLoss, true);
        assert!(none.ends.is_none() && none.across.len() >= 2 && none.upwards.len() >= 2);
    }
}
