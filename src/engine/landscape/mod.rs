//! Where the weights of tasks go from the start that they share, and what the loss of one task looks like around it.
//!
//! As a diagnosis does, it takes what it needs of the session when it begins and then goes on by itself, a slice at a time:
//! one task's path and meta-gradients, then the plane, then some points of the surface.

mod plane;
mod surface;
#[cfg(test)]
mod tests;

use crate::{
    diff::Params,
    experiment::{Arrow, InnerOptimizer, Landscape, LearnerKind, PlaneKind, ShownTask, Surface, TaskPath},
    learner::{InnerLoop, Learner, Tasks, learner},
    model::{Entry, Place},
};

use super::{
    EngineError, Session,
    read::{read, single},
    session::build,
    trajectory::thinned,
};
use plane::{Plane, dot};
use surface::Grid;

/// Most displacements that the principal axes are taken of: the work grows as their third power.
const MOST_ROWS: usize = 160;

/// Most numbers kept of all paths: 128 MB.
const MOST_NUMBERS: usize = 1 << 25;

/// Longest distance from the start, beyond which a path has run off.
const RAN_OFF: f64 = 1e6;

/// Most points of the surface in one slice.
const CHUNK: u32 = 64;

/// How much wider than what the paths take up the square around them is.
const MARGIN: f64 = 1.25;

/// Whose directions of descent are drawn.
const ARROWS: [LearnerKind; 3] = [LearnerKind::Maml, LearnerKind::Fomaml, LearnerKind::Reptile];

/// A landscape under way. It stays with the meta-parameters that it began with, though training goes on.
pub struct Mapping {
    place: Place,
    learner: Box<dyn Learner>,
    /// With the running learner's network.
    beside: Vec<Box<dyn Learner>>,
    layout: Vec<Entry>,
    meta: Params,
    inner: InnerLoop,
    seed: u32,
    subjects: Vec<Subject>,
    done: usize,
    /// θ as tensors and as numbers; none before the first path.
    start: Option<(Params, Vec<f64>)>,
    /// Displacements from the start, of each path in `landscape` those after the first step, and their inner products.
    rows: Vec<Vec<f32>>,
    gram: Vec<Vec<f64>>,
    /// Sums of the negative meta-gradients, and over how many tasks.
    descents: (Vec<Vec<f64>>, u32),
    plane: Option<(Plane, [Params; 2])>,
    grid: Grid,
    landscape: Landscape,
}

/// A task whose path is drawn.
struct Subject {
    index: u32,
    shown: bool,
    own: bool,
    tasks: Tasks,
}

impl Mapping {
    /// Of `session` as it stands: the task on show, and `others` of the stream of shown tasks beside it. The surface is to
    /// have `side` points in a row, of [`Surface::SIDES`].
    ///
    /// # Errors
    /// [`EngineError::Landscape`] where tasks have no paths from one start or there is no such grid, or when the task cannot
    /// be drawn.
    pub fn new(
        session: &Session,
        shown: &ShownTask,
        others: u32,
        (kind, side): (PlaneKind, u32),
    ) -> Result<Self, EngineError> {
        let experiment = session.experiment();
        if let Some(why) = experiment.unmapped() {
            return Err(EngineError::Landscape(why));
        }
        if !Surface::SIDES.contains(&side) {
            return Err(EngineError::Landscape("the grid has 9, 17, 33 or 65 points in a row; choose one of these"));
        }
        let own = !shown.points.is_empty() || shown.drawings.is_some();
        let first = Subject { index: shown.index, shown: true, own, tasks: session.shown_tasks(shown)? };
        let rest = (0..).filter(|&index| index != shown.index).take(others as usize).map(|index| {
            let sampled = ShownTask { index, points: Vec::new(), drawings: None };
            Ok(Subject { index, shown: false, own: false, tasks: session.shown_tasks(&sampled)? })
        });
        let subjects = [Ok(first)].into_iter().chain(rest).collect::<Result<Vec<_>, EngineError>>()?;
        let network = session.learner.network();
        let beside = ARROWS.map(|kind| {
            let mut other = experiment.learner.clone();
            other.kind = kind;
            learner(&other, network.clone())
        });
        let layout = network.layout();
        let numbers = layout.iter().map(Entry::len).sum::<usize>();
        let inner = session.eval_loop(experiment.learner.eval_steps);
        let steps = kept(experiment.learner.eval_steps, subjects.len(), numbers);
        let at_once = session.tasks_at_once().min(CHUNK) as usize;
        let landscape = Landscape {
            meta_step: session.meta_step(),
            plane: kind,
            shares: [0.0; 2],
            steps,
            paths: Vec::new(),
            diverged: 0,
            reach: 0.0,
            apart: None,
            arrows: Vec::new(),
            middle: [0.0; 2],
            half: 1.0,
            surface: None,
        };
        Ok(Self {
            place: session.place.clone(),
            learner: build(experiment),
            beside: beside.into(),
            layout,
            meta: session.meta().clone(),
            inner,
            seed: experiment.seed,
            subjects,
            done: 0,
            start: None,
            rows: Vec::new(),
            gram: Vec::new(),
            descents: (vec![vec![0.0; numbers]; ARROWS.len()], 0),
            plane: None,
            grid: Grid::new(side, at_once),
            landscape,
        })
    }

    /// Slices done, and slices in all.
    pub fn progress(&self) -> (u32, u32) {
        let (points, all) = self.grid.progress();
        let done = self.done + usize::from(self.plane.is_some()) + points;
        (done as u32, (self.subjects.len() + 1 + all) as u32)
    }

    /// Whether nothing is left to do.
    pub fn finished(&self) -> bool {
        let (done, all) = self.progress();
        done >= all
    }

    /// What is known so far; none before the plane is.
    pub fn landscape(&self) -> Option<&Landscape> {
        self.plane.is_some().then_some(&self.landscape)
    }

    /// One slice.
    ///
    /// # Errors
    /// [`EngineError::Landscape`] where no path spans a plane, or when the device fails.
    pub async fn advance(&mut self) -> Result<(), EngineError> {
        if self.done < self.subjects.len() {
            return self.follow().await;
        }
        let Some((_, axes)) = &self.plane else { return self.lay() };
        let points = self.grid.next(self.landscape.middle, self.landscape.half);
        if points.is_empty() {
            return Ok(());
        }
        let losses = self.losses(axes, &points).await?;
        self.grid.take(losses);
        let queries = self.subjects[0].tasks.query.examples() > 0;
        self.landscape.surface = self.grid.surface(queries);
        Ok(())
    }

    /// Losses of both sets of the task on show at points of the plane.
    async fn losses(&self, axes: &[Params; 2], points: &[[f64; 2]]) -> Result<[Vec<f64>; 2], EngineError> {
        let Some((start, _)) = &self.start else { return Ok([Vec::new(), Vec::new()]) };
        let of = (&self.place, self.learner.as_ref());
        surface::losses(of, (start, axes), &self.subjects[0].tasks, points).await
    }

    /// The path of the next task, and its part in the meta-gradients.
    async fn follow(&mut self) -> Result<(), EngineError> {
        let Subject { index, shown, own, tasks } = &self.subjects[self.done];
        let path = self.learner.adapt(&self.meta, &tasks.support, self.inner);
        let states = self.landscape.steps.iter().map(|&step| path.params[step as usize].flatten()).collect();
        let states = read(states).await?;
        let (_, start) = &*self.start.get_or_insert_with(|| (path.params[0].clone(), states[0].clone()));
        let apart = |state: &Vec<f64>| single(&state.iter().zip(start).map(|(a, b)| a - b).collect::<Vec<_>>());
        let rows: Vec<Vec<f32>> = states[1..].iter().map(apart).collect();
        let distance: Vec<f64> = rows.iter().map(|row| product(row, row).sqrt()).collect();
        if distance.iter().all(|length| *length < RAN_OFF) {
            for row in rows {
                let products = self.rows.iter().map(|other| product(&row, other)).chain([product(&row, &row)]);
                let products: Vec<f64> = products.collect();
                self.gram.iter_mut().zip(&products).for_each(|(line, &value)| line.push(value));
                self.gram.push(products);
                self.rows.push(row);
            }
            let distance = [0.0].into_iter().chain(distance).collect();
            let path = TaskPath { index: *index, shown: *shown, own: *own, at: Vec::new(), distance, inside: 0.0 };
            self.landscape.paths.push(path);
        } else {
            self.landscape.diverged += 1;
        }
        if tasks.query.examples() > 0 {
            let inner = InnerLoop { optimizer: InnerOptimizer::Sgd, ..self.inner };
            // The network's own parameters come first in every learner's layout.
            let meta = Params(self.meta.0[..self.layout.len()].to_vec());
            let gradients = self.beside.iter().map(|one| one.meta_gradient(&meta, tasks, inner).gradient.flatten());
            for (sum, gradient) in self.descents.0.iter_mut().zip(read(gradients.collect()).await?) {
                sum.iter_mut().zip(gradient).for_each(|(sum, part)| *sum -= part);
            }
            self.descents.1 += 1;
        }
        self.done += 1;
        Ok(())
    }

    /// The plane, and everything's place in it.
    fn lay(&mut self) -> Result<(), EngineError> {
        let Some((base, start)) = &self.start else { return Ok(()) };
        let mut plane = match self.landscape.plane {
            PlaneKind::Random => Plane::random(&self.layout, start, self.seed).ok_or(EngineError::Landscape(
                "every filter of the start is zero, and so are directions normalised by them; choose the plane of the paths",
            ))?,
            PlaneKind::Paths if self.landscape.paths.is_empty() => {
                return Err(EngineError::Landscape("the weights of every task run off; try a smaller learner.eval_lr"));
            }
            PlaneKind::Paths => Plane::principal(&self.rows, &self.gram, self.seed).ok_or(EngineError::Landscape(
                "no weight moves; give the inner loop of evaluation a step and a rate above 0",
            ))?,
        };
        let each = self.landscape.steps.len() - 1;
        let wide = |row: &[f32]| row.iter().copied().map(f64::from).collect::<Vec<_>>();
        if let Some(end) = self.rows.get(each.saturating_sub(1)) {
            plane.face(&wide(end));
        }
        let total: f64 = self.gram.iter().enumerate().map(|(i, line)| line[i]).sum();
        self.landscape.shares = plane.shares(&self.rows, total);
        for (path, rows) in self.landscape.paths.iter_mut().zip(self.rows.chunks(each.max(1))) {
            path.at = [[0.0; 2]].into_iter().chain(rows.iter().map(|row| plane.project(&wide(row)))).collect();
            path.inside = share(plane.length(path.at[each]), path.distance[each]);
        }
        self.landscape.arrows = self.arrows(&plane);
        let ends: Vec<usize> = (0..self.landscape.paths.len()).map(|path| (path + 1) * each).collect();
        (self.landscape.reach, self.landscape.apart) = self.spread(&ends);
        if self.landscape.plane == PlaneKind::Paths {
            (self.landscape.middle, self.landscape.half) = square(&self.landscape.paths);
        }
        let tensors = plane.axes.each_ref().map(|axis| base.unflatten(&self.place.tensor(axis, [axis.len()])));
        self.plane = Some((plane, tensors));
        Ok(())
    }

    fn arrows(&self, plane: &Plane) -> Vec<Arrow> {
        let (sums, tasks) = &self.descents;
        let arrow = |(&kind, sum): (&LearnerKind, &Vec<f64>)| {
            let mean: Vec<f64> = sum.iter().map(|part| part / f64::from(*tasks)).collect();
            let (at, norm) = (plane.project(&mean), dot(&mean, &mean).sqrt());
            (norm > 0.0 && norm.is_finite()).then(|| Arrow { kind, at, norm, inside: share(plane.length(at), norm) })
        };
        ARROWS.iter().zip(sums).filter_map(arrow).collect()
    }

    /// Mean distances of the rows before `ends` from the start, and from one another, by their inner products.
    fn spread(&self, ends: &[usize]) -> (f64, Option<f64>) {
        let ends: Vec<usize> = ends.iter().filter_map(|end| end.checked_sub(1)).collect();
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len().max(1) as f64;
        let reach = mean(ends.iter().map(|&end| self.gram[end][end].sqrt()).collect());
        let between = |a: usize, b: usize| (self.gram[a][a] + self.gram[b][b] - 2.0 * self.gram[a][b]).max(0.0).sqrt();
        let pairs = ends.iter().enumerate().flat_map(|(i, &a)| ends[..i].iter().map(move |&b| between(a, b)));
        let pairs: Vec<f64> = pairs.collect();
        (reach, (!pairs.is_empty()).then(|| mean(pairs)))
    }
}

impl Session {
    /// A whole landscape ([`Mapping`]). `progress` is told how many slices of how many are done.
    ///
    /// # Errors
    /// As [`Mapping::new`] and [`Mapping::advance`].
    pub async fn landscape(
        &self,
        shown: &ShownTask,
        others: u32,
        view: (PlaneKind, u32),
        mut progress: impl FnMut(u32, u32),
    ) -> Result<Landscape, EngineError> {
        let mut mapping = Mapping::new(self, shown, others, view)?;
        while !mapping.finished() {
            mapping.advance().await?;
            let (done, all) = mapping.progress();
            progress(done, all);
        }
        Ok(mapping.landscape)
    }
}

/// The inner steps whose weights are kept: the start, the last, and as many between, evenly, as fit.
fn kept(last: u32, tasks: usize, numbers: usize) -> Vec<u32> {
    let most = (MOST_ROWS.min(MOST_NUMBERS / numbers.max(1)) / tasks).max(1) as u32;
    thinned(last, most)
}

/// The middle and half the side of the square around all paths, the start among them.
fn square(paths: &[TaskPath]) -> ([f64; 2], f64) {
    let ends = [0, 1].map(|axis| {
        let all = paths.iter().flat_map(|path| path.at.iter().map(move |at| at[axis]));
        all.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)))
    });
    let half = ends.iter().map(|(low, high)| (high - low) / 2.0).fold(0.0, f64::max);
    (ends.map(|(low, high)| (low + high) / 2.0), MARGIN * half)
}

fn product(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum()
}

/// Which part of a length a shorter one is.
fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}
