//! The losses of one task on a grid over a plane, coarse first.

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    experiment::Surface,
    learner::{Learner, Tasks},
    model::Place,
};

use super::super::{
    EngineError,
    read::{read, single},
};

/// Points in a row of the coarsest grid; each finer one puts a point between any two neighbours.
const COARSE: u32 = 9;

/// Grid points under way.
pub(super) struct Grid {
    side: u32,
    /// Points of the finest grid that are still to be judged, of every grid in turn, at most so many at a time.
    parts: Vec<Part>,
    done: usize,
    /// Losses by place in the finest grid.
    support: Vec<f64>,
    query: Vec<f64>,
    known: Option<u32>,
}

struct Part {
    places: Vec<usize>,
    /// The side of the grid that is whole with this part.
    completes: Option<u32>,
}

impl Grid {
    /// Of `side` points in a row, one of [`Surface::SIDES`], judged `at_once` at a time.
    pub fn new(side: u32, at_once: usize) -> Self {
        let mut parts = Vec::new();
        let mut grid = COARSE.min(side);
        let mut before = 0;
        while grid <= side {
            let places = fresh(side, grid, before);
            let chunks: Vec<_> = places.chunks(at_once.max(1)).collect();
            let last = chunks.len();
            let part = |(number, places): (usize, &&[usize])| Part {
                places: places.to_vec(),
                completes: (number + 1 == last).then_some(grid),
            };
            parts.extend(chunks.iter().enumerate().map(part));
            (before, grid) = (grid, 2 * grid - 1);
        }
        let losses = vec![f64::NAN; (side * side) as usize];
        Self { side, parts, done: 0, support: losses.clone(), query: losses, known: None }
    }

    /// Parts judged, and parts in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.parts.len())
    }

    /// Coordinates of the next points to judge, in the square around `middle`.
    pub fn next(&self, middle: [f64; 2], half: f64) -> Vec<[f64; 2]> {
        let at = |place: usize, middle: f64| middle + half * (2.0 * place as f64 / f64::from(self.side - 1) - 1.0);
        let side = self.side as usize;
        let places = self.parts.get(self.done).map(|part| part.places.as_slice()).unwrap_or_default();
        places.iter().map(|place| [at(place % side, middle[0]), at(place / side, middle[1])]).collect()
    }

    /// Takes in the losses at those points.
    pub fn take(&mut self, [support, query]: [Vec<f64>; 2]) {
        let Some(part) = self.parts.get(self.done) else { return };
        for (all, losses) in [(&mut self.support, support), (&mut self.query, query)] {
            part.places.iter().zip(losses).for_each(|(&place, loss)| all[place] = loss);
        }
        self.known = part.completes.or(self.known);
        self.done += 1;
    }

    /// The finest grid that is whole; the losses of the query set are left out where there are none.
    pub fn surface(&self, queries: bool) -> Option<Surface> {
        let side = self.known?;
        let (step, all) = (((self.side - 1) / (side - 1)) as usize, self.side as usize);
        let pick = |losses: &[f64]| {
            let rows = losses.chunks(all).step_by(step);
            single(&rows.flat_map(|row| row.iter().step_by(step).copied()).collect::<Vec<_>>())
        };
        let query = if queries { pick(&self.query) } else { Vec::new() };
        Some(Surface { side, support: pick(&self.support), query })
    }
}

/// The points of a grid that the one before it does not hold, as places in the finest.
fn fresh(side: u32, grid: u32, before: u32) -> Vec<usize> {
    let step = (side - 1) / (grid - 1);
    let held = |place: u32| before > 0 && (place / step).is_multiple_of((grid - 1) / (before - 1));
    let line = || (0..side).step_by(step as usize);
    let points = line().flat_map(|y| line().map(move |x| (x, y)));
    points.filter(|&(x, y)| !(held(x) && held(y))).map(|(x, y)| (y * side + x) as usize).collect()
}

/// Losses of both sets of one task at points θ + x·d₁ + y·d₂; none of an empty query set.
///
/// # Errors
/// When the device fails.
pub(super) async fn losses(
    (place, learner): (&Place, &dyn Learner),
    (start, axes): (&Params, &[Params; 2]),
    tasks: &Tasks,
    points: &[[f64; 2]],
) -> Result<[Vec<f64>; 2], EngineError> {
    let count = points.len();
    let along = |number: usize| -> Tensor<3> {
        place.tensor(&points.iter().map(|point| point[number]).collect::<Vec<_>>(), [count, 1, 1])
    };
    let moved = |number: usize| {
        let along = along(number);
        axes[number].repeat(count).map(|axis| axis * along.clone())
    };
    let state = start.repeat(count).plus(1.0, &moved(0)).plus(1.0, &moved(1));
    let sets = [&tasks.support, &tasks.query].into_iter().filter(|set| set.examples() > 0);
    let judged = sets.map(|set| learner.judge(&state, &set.repeat(count)).losses).collect();
    let mut values = read(judged).await?.into_iter();
    Ok([values.next().unwrap_or_default(), values.next().unwrap_or_default()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_judged_once_and_each_grid_is_whole_before_the_next() {
        let mut grid = Grid::new(33, 50);
        let (mut seen, mut sides) = (vec![0; 33 * 33], Vec::new());
        while grid.progress().0 < grid.progress().1 {
            let points = grid.next([1.0, -2.0], 4.0);
            assert!(!points.is_empty() && points.len() <= 50);
            grid.parts[grid.done].places.iter().for_each(|&place| seen[place] += 1);
            let loss: Vec<f64> = points.iter().map(|[x, y]| x + 100.0 * y).collect();
            grid.take([loss, Vec::new()]);
            sides.extend(grid.surface(false).map(|surface| surface.side));
        }
        sides.dedup();
        assert_eq!(sides, [9, 17, 33]);
        assert!(seen.iter().all(|&times| times == 1));
        let surface = grid.surface(false).unwrap();
        assert!(surface.query.is_empty());
        // The first row is the lowest, from left to right.
        assert_eq!((surface.support[0], surface.support[32]), (-3.0 - 600.0, 5.0 - 600.0));
        assert_eq!((surface.support[16 * 33 + 16], surface.support[33 * 33 - 1]), (1.0 - 200.0, 5.0 + 200.0));
    }
}
