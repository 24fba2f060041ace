//! The figures of diagnoses: cosines over meta-steps, and what a meta-step costs over inner steps.

use super::{Frame, Scale, Tick, polyline};
use crate::experiment::{CostAt, CostMeter, Directions, Turn};

/// One quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Path through its values; where there is none it is broken.
    pub line: String,
    /// Place of every value.
    pub places: Vec<(f64, f64)>,
}

/// Everything a figure draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CourseFigure {
    /// Ticks of the meta-steps, or of the inner steps.
    pub across: Vec<Tick>,
    /// Ticks of the cosine, or of the milliseconds.
    pub upwards: Vec<Tick>,
    /// One a quantity.
    pub lines: Vec<Course>,
}

impl CourseFigure {
    /// The cosines of FOMAML, of Reptile and of the running learner with MAML's gradient, over meta-steps: from 0 to 1, or
    /// from −1 where one is negative.
    #[must_use]
    pub fn turns(directions: &[Directions], frame: &Frame) -> Self {
        let picks: [fn(&Directions) -> Option<Turn>; 3] = [|d| d.fomaml, |d| d.reptile, |d| d.own];
        let negative = picks.iter().any(|pick| directions.iter().filter_map(pick).any(|turn| turn.cosine < 0.0));
        let ends = |step: Option<&Directions>| step.map_or(0.0, |directions| f64::from(directions.meta_step));
        let x = Scale::linear((ends(directions.first()), ends(directions.last())), frame.across());
        let y = Scale::linear((if negative { -1.0 } else { 0.0 }, 1.0), frame.upwards());
        let line = |pick: fn(&Directions) -> Option<Turn>| {
            let values =
                directions.iter().map(|d| (f64::from(d.meta_step), pick(d).map_or(f64::NAN, |turn| turn.cosine)));
            course(values, &x, &y)
        };
        // Meta-steps are whole numbers.
        let whole = |tick: Tick| Tick { label: format!("{:.0}", tick.value), ..tick };
        let across = x.ticks(3).into_iter().filter(|tick| tick.value.fract() == 0.0).map(whole);
        Self { across: across.collect(), upwards: y.ticks(4), lines: picks.map(line).into() }
    }

    /// The milliseconds of first and of second order over inner steps.
    #[must_use]
    pub fn costs(meter: &CostMeter, frame: &Frame) -> Self {
        let picks: [fn(&CostAt) -> f64; 2] = [|at| at.first.ms, |at| at.second.ms];
        let times = meter.at.iter().flat_map(|at| picks.map(|pick| pick(at)));
        let most = times.filter(|ms| ms.is_finite()).fold(0.0, f64::max);
        let last = meter.at.last().map_or(1.0, |at| f64::from(at.steps));
        let x = Scale::linear((0.0, last), frame.across());
        let y = Scale::linear((0.0, if most > 0.0 { 1.1 * most } else { 1.0 }), frame.upwards());
        let line = |pick: fn(&CostAt) -> f64| course(meter.at.iter().map(|at| (f64::from(at.steps), pick(at))), &x, &y);
        let tick = |at: &CostAt| Tick {
            value: f64::from(at.steps),
            at: x.at(f64::from(at.steps)),
            label: at.steps.to_string(),
        };
        Self { across: meter.at.iter().map(tick).collect(), upwards: y.ticks(4), lines: picks.map(line).into() }
    }
}

fn course(values: impl Iterator<Item = (f64, f64)>, x: &Scale, y: &Scale) -> Course {
    let all: Vec<(f64, f64)> = values.map(|(across, upwards)| (x.at(across), y.at(upwards))).collect();
    let line = polyline(all.iter().copied());
    Course { line, places: all.into_iter().filter(|(_, upwards)| upwards.is_finite()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Spent;

    const FRAME: Frame = Frame { width: 100.0, height: 100.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    fn directions(meta_step: u32, fomaml: f64, reptile: Option<f64>) -> Directions {
        let turn = |cosine: f64| Turn { cosine, ratio: 1.0 };
        Directions { meta_step, norm: 1.0, fomaml: Some(turn(fomaml)), reptile: reptile.map(turn), own: None }
    }

    #[test]
    fn the_same_direction_is_at_the_top_and_a_right_angle_on_the_ground() {
        let figure = CourseFigure::turns(&[directions(0, 1.0, Some(0.0)), directions(10, 0.5, Some(0.5))], &FRAME);
        assert_eq!(figure.lines[0].places, [(0.0, 0.0), (100.0, 50.0)]);
        assert_eq!(figure.lines[1].places, [(0.0, 100.0), (100.0, 50.0)]);
        assert!(figure.lines[2].places.is_empty() && figure.lines[2].line.is_empty());
    }

    #[test]
    fn an_angle_beyond_a_right_one_moves_the_ground_down_to_the_opposite() {
        let figure = CourseFigure::turns(&[directions(0, 1.0, Some(-1.0)), directions(10, 0.0, Some(-1.0))], &FRAME);
        assert_eq!((figure.lines[0].places[1].1, figure.lines[1].places[1].1), (50.0, 100.0));
    }

    #[test]
    fn a_direction_that_is_none_breaks_its_line() {
        let all = [directions(0, 1.0, Some(1.0)), directions(1, 1.0, None), directions(2, 1.0, Some(1.0))];
        let figure = CourseFigure::turns(&all, &FRAME);
        assert_eq!(figure.lines[1].line, "M0.0,0.0M100.0,0.0");
        assert_eq!(figure.across.iter().map(|tick| tick.value).collect::<Vec<_>>(), [0.0, 1.0, 2.0]);
    }

    #[test]
    fn a_single_comparison_has_a_place_and_a_tick() {
        let figure = CourseFigure::turns(&[directions(70_000, 0.5, None)], &FRAME);
        assert_eq!(figure.lines[0].places, [(50.0, 50.0)]);
        assert_eq!(figure.across.iter().map(|tick| tick.label.as_str()).collect::<Vec<_>>(), ["70000"]);
    }

    #[test]
    fn costs_rise_from_nothing_at_no_inner_step() {
        let cost = |ms: f64| Spent { ms, times: 3, bytes: 1.0 };
        let at = |steps, first, second| CostAt { steps, first: cost(first), second: cost(second) };
        let meter = CostMeter { tasks: 1, steps: 4, counted: true, at: vec![at(1, 1.0, 2.0), at(4, 5.0, 20.0)] };
        let figure = CourseFigure::costs(&meter, &FRAME);
        assert_eq!(figure.lines[1].places.iter().map(|place| place.0).collect::<Vec<_>>(), [25.0, 100.0]);
        assert!((figure.lines[1].places[1].1 - (100.0 - 100.0 / 1.1)).abs() < 1e-9);
        assert!(figure.lines[0].places[1].1 > figure.lines[1].places[1].1, "less time is lower");
        assert!(CourseFigure::costs(&CostMeter::default(), &FRAME).upwards.len() >= 2);
    }
}
