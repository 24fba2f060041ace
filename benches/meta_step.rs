//! What a meta-step costs, as ratios measured side by side in one run: the machine's load cancels out.
//!
//! `cargo bench --bench meta_step`. Each pair is timed in turns, and the best of each side counts.

use std::time::{Duration, Instant};

use kindling::{
    engine::{EngineError, Session},
    experiment::{Experiment, LearnerKind, preset},
    model::Place,
};
use pollster::block_on;

/// Rounds of both sides; the best round is the one least disturbed.
const ROUNDS: usize = 20;
/// Meta-steps a round.
const META_STEPS: u32 = 20;

/// The 1-40-40-1 network of the sinusoid protocol with ten shots.
fn experiment(kind: LearnerKind, inner_steps: u32, meta_batch: u32) -> Experiment {
    let mut experiment = Experiment::default();
    experiment.task.shots = 10;
    experiment.task.queries = 10;
    experiment.learner.kind = kind;
    experiment.learner.inner_steps = inner_steps;
    // Slow enough to stay finite for as long as a benchmark may run.
    experiment.learner.inner_lr = 0.001;
    experiment.outer.meta_batch = meta_batch;
    experiment
}

/// The light protocol of characters under another learner or with other filters.
fn characters(kind: LearnerKind, filters: u32) -> Experiment {
    let mut experiment = preset("glyphs-light-maml-5w1s").map(|preset| preset.experiment()).unwrap_or_default();
    experiment.learner.kind = kind;
    experiment.model.filters = filters;
    experiment
}

/// One side of a comparison.
struct Side {
    name: &'static str,
    session: Session,
    best: Duration,
}

impl Side {
    fn new(name: &'static str, experiment: Experiment) -> Result<Self, EngineError> {
        Ok(Self { name, session: block_on(Session::new(experiment, Place::cpu(), None))?, best: Duration::MAX })
    }

    fn round(&mut self) -> Result<(), EngineError> {
        let start = Instant::now();
        block_on(self.session.train(META_STEPS))?;
        self.best = self.best.min(start.elapsed() / META_STEPS);
        Ok(())
    }
}

fn compare(mut a: Side, mut b: Side, factor: f64) -> Result<(), EngineError> {
    for _ in 0..ROUNDS {
        a.round()?;
        b.round()?;
    }
    let ratio = factor * a.best.as_secs_f64() / b.best.as_secs_f64();
    let milliseconds = |side: &Side| side.best.as_secs_f64() * 1e3;
    println!("{:5.2}×  {} ({:.2} ms) against {} ({:.2} ms)", ratio, a.name, milliseconds(&a), b.name, milliseconds(&b));
    Ok(())
}

fn main() -> Result<(), EngineError> {
    use LearnerKind::{Anil, Fomaml, Maml, MetaSgd};
    let side = |name, kind, steps, batch| Side::new(name, experiment(kind, steps, batch));
    println!("meta-steps of 25 tasks with 10 + 10 points on the CPU, best of {ROUNDS} rounds");
    compare(side("MAML, 1 step", Maml, 1, 25)?, side("FOMAML, 1 step", Fomaml, 1, 25)?, 1.0)?;
    compare(side("MAML, 5 steps", Maml, 5, 25)?, side("FOMAML, 5 steps", Fomaml, 5, 25)?, 1.0)?;
    compare(side("MAML, 5 steps", Maml, 5, 25)?, side("MAML, 1 step", Maml, 1, 25)?, 1.0)?;
    compare(side("Meta-SGD, 1 step", MetaSgd, 1, 25)?, side("MAML, 1 step", Maml, 1, 25)?, 1.0)?;
    compare(side("ANIL, 5 steps", Anil, 5, 25)?, side("MAML, 5 steps", Maml, 5, 25)?, 1.0)?;
    compare(side("25 times one task", Maml, 1, 1)?, side("one batch of 25 tasks", Maml, 1, 25)?, 25.0)?;

    println!("meta-steps of 4 tasks of characters, 5-way 1-shot, conv4 with 16 filters");
    let side = |name, kind, filters| Side::new(name, characters(kind, filters));
    compare(side("MAML", Maml, 16)?, side("FOMAML", Fomaml, 16)?, 1.0)?;
    compare(side("ANIL", Anil, 16)?, side("MAML", Maml, 16)?, 1.0)?;
    compare(side("MAML, 32 filters", Maml, 32)?, side("MAML, 16 filters", Maml, 16)?, 1.0)
}
