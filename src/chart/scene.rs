//! A task's examples as the head sees them, in a plane, with the regions where each prototype is the nearest.

use super::{Frame, Scale, Tick, polyline};
use crate::experiment::{Prototype, Scene};

/// Room around what is drawn, as a part of its extent.
const MARGIN: f64 = 0.06;

/// An example as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// Which of the scene's examples it is.
    pub example: usize,
    /// Where it is.
    pub at: (f64, f64),
    /// Its way there from where it was before adaptation; empty where it did not move.
    pub way: String,
}

/// Everything that the figure draws. Both axes have one scale.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneFigure {
    /// Ticks of the first axis.
    pub across: Vec<Tick>,
    /// Ticks of the second.
    pub upwards: Vec<Tick>,
    /// One for each example whose place is finite.
    pub spots: Vec<Spot>,
    /// Of each class whose prototype's place is finite: which it is, and where that is.
    pub prototypes: Vec<(usize, (f64, f64))>,
    /// For each prototype the part of the plane where it is the nearest, in the whole space; empty where there is none.
    pub regions: Vec<String>,
}

impl SceneFigure {
    /// Lays a scene out at the place-th of the inner steps that it tells of. The axes are those of all steps, so that nothing
    /// jumps from one to the next.
    #[must_use]
    pub fn new(scene: &Scene, place: usize, frame: &Frame) -> Self {
        let all = || scene.places.iter().flatten().chain(scene.prototypes.iter().map(|prototype| &prototype.at));
        let ends = [0, 1].map(|axis: usize| {
            let values = all().map(|at| f64::from(at[axis])).filter(|value| value.is_finite());
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
        });
        let ends = ends.map(|(low, high)| if low <= high { (low, high) } else { (0.0, 0.0) });
        let ((left, right), (bottom, top)) = (frame.across(), frame.upwards());
        let unit = ((ends[0].1 - ends[0].0) / (right - left)).max((ends[1].1 - ends[1].0) / (bottom - top));
        let unit = if unit > 0.0 { unit * (1.0 + 2.0 * MARGIN) } else { 1.0 / (right - left) };
        let scale = |(low, high): (f64, f64), (from, to): (f64, f64)| {
            let (middle, half) = ((low + high) / 2.0, unit * (to - from).abs() / 2.0);
            Scale::linear((middle - half, middle + half), (from, to))
        };
        let (x, y) = (scale(ends[0], frame.across()), scale(ends[1], frame.upwards()));
        let put = |at: &[f32; 2]| (x.at(at[0].into()), y.at(at[1].into()));
        let last = place.min(scene.places.len().saturating_sub(1));
        let spot = |number: usize| {
            let here = scene.places.get(last)?.get(number).filter(|at| is_placed(at))?;
            let at = put(here);
            let way = scene.places[..=last].iter().filter_map(|step| step.get(number));
            let way: Vec<_> = way.filter(|at| is_placed(at)).map(put).collect();
            let moved = way.iter().any(|other| (other.0 - at.0).hypot(other.1 - at.1) > 0.5);
            Some(Spot { example: number, at, way: if moved { polyline(way) } else { String::new() } })
        };
        let stand = scene.prototypes.iter().enumerate().filter(|(_, prototype)| is_placed(&prototype.at));
        let count = scene.places.get(last).map_or(0, Vec::len);
        let square = [
            (x.value(left), y.value(bottom)),
            (x.value(right), y.value(bottom)),
            (x.value(right), y.value(top)),
            (x.value(left), y.value(top)),
        ];
        let region = |number: usize| {
            let corners = nearest(&scene.prototypes, number, square.to_vec());
            let line = polyline(corners.iter().map(|&(across, upwards)| (x.at(across), y.at(upwards))));
            if corners.is_empty() { line } else { line + "z" }
        };
        Self {
            across: x.ticks(4),
            upwards: y.ticks(4),
            spots: (0..count).filter_map(spot).collect(),
            prototypes: stand.map(|(class, prototype)| (class, put(&prototype.at))).collect(),
            regions: (0..scene.prototypes.len()).map(region).collect(),
        }
    }
}

/// Whether a place is one: not where weights ran off.
fn is_placed(at: &[f32; 2]) -> bool {
    at.iter().all(|value| value.is_finite())
}

/// The part of a convex area where a prototype is nearer than any other. Between two the border is a straight line, where the
/// squared distances within the plane and those of the prototypes from it sum to the same.
fn nearest(prototypes: &[Prototype], number: usize, area: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let stands = |prototype: &Prototype| is_placed(&prototype.at) && prototype.off.is_finite();
    let Some(own) = prototypes.get(number).filter(|own| stands(own)) else { return Vec::new() };
    let others = prototypes.iter().enumerate().filter(|(other, one)| *other != number && stands(one));
    let square = |prototype: &Prototype| {
        let [x, y] = prototype.at.map(f64::from);
        x * x + y * y + f64::from(prototype.off)
    };
    others.fold(area, |area, (_, other)| {
        // ‖p − own‖² − ‖p − other‖² without what is the same in both: not above 0 where the own one is nearer.
        let [along, up] = [0, 1].map(|axis: usize| 2.0 * (f64::from(other.at[axis]) - f64::from(own.at[axis])));
        let level = square(own) - square(other);
        clipped(&area, |&(x, y)| along * x + up * y + level)
    })
}

/// The part of a convex area where a linear function is not above 0 (Sutherland and Hodgman 1974).
fn clipped(area: &[(f64, f64)], beyond: impl Fn(&(f64, f64)) -> f64) -> Vec<(f64, f64)> {
    let mut kept = Vec::new();
    for (number, corner) in area.iter().enumerate() {
        let next = &area[(number + 1) % area.len()];
        let (here, there) = (beyond(corner), beyond(next));
        if here <= 0.0 {
            kept.push(*corner);
        }
        if (here < 0.0 && there > 0.0) || (here > 0.0 && there < 0.0) {
            let part = here / (here - there);
            kept.push((corner.0 + part * (next.0 - corner.0), corner.1 + part * (next.1 - corner.1)));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Example;

    const FRAME: Frame = Frame { width: 112.0, height: 112.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };

    fn scene(places: &[[f32; 2]], prototypes: &[([f32; 2], f32)]) -> Scene {
        let example = Example { query: false, class: Some(0), point: None };
        Scene {
            examples: vec![example; 2],
            places: places.chunks(2).map(<[_]>::to_vec).collect(),
            prototypes: prototypes.iter().map(|&(at, off)| Prototype { at, off }).collect(),
            ..Scene::default()
        }
    }

    #[test]
    fn both_axes_have_one_scale_and_what_moved_shows_its_way() {
        let scene = scene(&[[0.0, 0.0], [10.0, 0.0], [0.0, 5.0], [10.0, 0.0]], &[]);
        let figure = SceneFigure::new(&scene, 1, &FRAME);
        // Ten units take up 100 of 112 pixels, and five upwards 50 around the middle.
        assert_eq!(figure.spots[0].way, "M6.0,81.0L6.0,31.0");
        assert!((figure.spots[0].at.1 - 31.0).abs() < 1e-9 && (figure.spots[1].at.0 - 106.0).abs() < 1e-9);
        assert_eq!(figure.spots[1].way, "", "it stayed");
        assert!((SceneFigure::new(&scene, 0, &FRAME).spots[0].at.1 - 81.0).abs() < 1e-9);
        assert!(SceneFigure::new(&Scene::default(), 3, &FRAME).spots.is_empty());
    }

    #[test]
    fn what_ran_off_is_left_out_and_the_others_keep_their_numbers() {
        let lost = [f32::NAN, 0.0];
        let scene = scene(
            &[[0.0, 0.0], [10.0, 0.0], lost, [10.0, 5.0]],
            &[([f32::INFINITY, 0.0], 0.0), ([5.0, 0.0], f32::NAN), ([5.0, 5.0], 0.0)],
        );
        let figure = SceneFigure::new(&scene, 1, &FRAME);
        assert_eq!(figure.spots.iter().map(|spot| spot.example).collect::<Vec<_>>(), [1]);
        assert_eq!(SceneFigure::new(&scene, 0, &FRAME).spots.len(), 2);
        assert_eq!(figure.prototypes.iter().map(|(class, _)| *class).collect::<Vec<_>>(), [1, 2]);
        let areas: Vec<bool> = figure.regions.iter().map(String::is_empty).collect();
        assert_eq!(areas, [true, true, false], "who is nowhere is nowhere the nearest");
        let mut lines = figure.regions.iter().chain(figure.spots.iter().map(|spot| &spot.way));
        assert!(lines.all(|line| !line.contains("NaN")));
    }

    #[test]
    fn the_border_is_in_the_middle_of_two_prototypes_unless_one_is_off_the_plane() {
        let area = || vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
        let border = |off: f32| {
            let two = [Prototype { at: [0.0, 5.0], off: 0.0 }, Prototype { at: [10.0, 5.0], off }];
            let corners = nearest(&two, 0, area());
            corners.iter().map(|corner| corner.0).fold(0.0, f64::max)
        };
        assert_eq!((border(0.0), border(40.0)), (5.0, 7.0), "x² = (10 − x)² + off");
        let two = [Prototype { at: [0.0, 5.0], off: 500.0 }, Prototype { at: [10.0, 5.0], off: 0.0 }];
        assert!(nearest(&two, 0, area()).is_empty(), "who is far off the plane is nowhere in it the nearest");
    }

    #[test]
    fn regions_are_where_the_scene_says_who_is_nearest_and_fill_the_plot() {
        let scene = scene(&[[0.0, 0.0], [10.0, 10.0]], &[([1.0, 1.0], 0.5), ([8.0, 2.0], 0.0), ([5.0, 9.0], 3.0)]);
        let area = vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
        let regions = [0, 1, 2].map(|number| nearest(&scene.prototypes, number, area.clone()));
        let size = |corners: &Vec<(f64, f64)>| {
            let pairs = (0..corners.len()).map(|i| (corners[i], corners[(i + 1) % corners.len()]));
            pairs.map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<f64>().abs() / 2.0
        };
        assert!((regions.iter().map(size).sum::<f64>() - 100.0).abs() < 1e-9);
        for (number, corners) in regions.iter().enumerate() {
            let count = corners.len() as f64;
            let middle = [0, 1].map(|axis: usize| {
                let sum: f64 = corners.iter().map(|corner| if axis == 0 { corner.0 } else { corner.1 }).sum();
                (sum / count) as f32
            });
            assert_eq!(scene.nearest(middle), Some(number));
        }
    }
}
