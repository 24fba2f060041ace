//! The trajectory of one classification task: everything the page draws, at every inner step.

use burn::tensor::Tensor;

use crate::{
    diff::Params,
    experiment::{CharacterStep, CharacterTrajectory, Drawing, DrawnTask, ShownTask, Switch},
    learner::{Layer, Tasks, layers_of},
    model::{Batch, Place},
    task::{Class, Examples, Purpose},
};

use super::{
    EngineError, Session, batch,
    layers::norms,
    read::{read, single},
};

/// Logits and figures of one set of drawings at one inner step.
struct Judged {
    probabilities: Vec<Vec<f32>>,
    /// Mean cross-entropy and accuracy over the drawings of known class; none if there are none.
    known: Option<(f32, f32)>,
}

impl Session {
    /// Adapts to a task of the stream, or to the visitor's drawings.
    pub(super) async fn character_trajectory(&self, shown: &ShownTask) -> Result<CharacterTrajectory, EngineError> {
        let learner = self.learner.as_ref();
        let (classes, task, known) = self.shown_characters(shown)?;
        let Tasks { support, query, .. } = self.drawn_tasks(&self.place, shown, &task, classes.len());
        let inner = self.eval_loop(self.experiment.learner.eval_steps);
        // Who reads descriptions judges the support drawings like the query drawings, having seen neither.
        let seen = match self.experiment.learner.kind.reads_descriptions() {
            true => batch::descriptions(&self.place, [known.as_slice()].into_iter())?,
            false => support.clone(),
        };
        let path = learner.adapt(self.meta(), &seen, inner);

        let end = learner.slope(path.end(), &seen);
        let slopes = path.gradients.iter().chain(&end);
        let norms: Vec<Tensor<1>> = slopes.filter_map(|slope| slope.gradient.norms()).collect();
        let layers = layers_of(&learner.network().layout());
        let moved: Vec<Tensor<1>> =
            path.params.iter().flat_map(|params| changes(&layers, &path.params[0], params)).collect();
        let support_logits = self.logits(&support, &path.params);
        let query_logits = if task.query.is_empty() { Vec::new() } else { self.logits(&query, &path.params) };
        let logits: Vec<Tensor<1>> = support_logits.into_iter().chain(query_logits).map(flat).collect();
        let taken = norms.len();
        let figures = norms.into_iter().chain(moved);
        let values = read([Tensor::cat(figures.collect(), 0)].into_iter().chain(logits).collect()).await?;

        let figures = single(&values[0]);
        let (norms, moved) = figures.split_at(taken);
        let steps = path.params.len();
        let all = &values[1..];
        let of_support = gathered(all, 0, steps * task.support.len() * classes.len());
        let of_query = gathered(all, of_support.len(), steps * task.query.len() * classes.len());
        let steps: Vec<_> = (0..steps)
            .map(|k| {
                let at = |logits: &[f64], drawings: &[Drawing]| {
                    let width = drawings.len() * classes.len();
                    judged(&logits[k * width..(k + 1) * width], drawings, classes.len())
                };
                let (support, query) = (at(&of_support, &task.support), at(&of_query, &task.query));
                let (support_loss, support_accuracy) = support.known.unwrap_or((f32::NAN, f32::NAN));
                CharacterStep {
                    support_loss,
                    query_loss: query.known.map(|known| known.0),
                    support_accuracy,
                    query_accuracy: query.known.map(|known| known.1),
                    // A path that never moves has its last gradient alone, and one without gradients none.
                    gradient_norm: norms.get(k).or(norms.last()).copied().unwrap_or_default(),
                    support_probabilities: support.probabilities,
                    query_probabilities: query.probabilities,
                    change: moved[k * layers.len()..(k + 1) * layers.len()].to_vec(),
                }
            })
            .collect();
        Ok(CharacterTrajectory {
            classes,
            steps,
            layers: layers.into_iter().map(|layer| layer.name).collect(),
            support: task.support,
            query: task.query,
        })
    }

    /// Both sets of the characters on show, as the learner sees them; of the query set what has a known class.
    pub(super) fn known_characters(&self, place: &Place, shown: &ShownTask) -> Result<Tasks, EngineError> {
        let (classes, mut task, known) = self.shown_characters(shown)?;
        task.query.retain(|drawing| drawing.class.is_some());
        self.seen_characters(place, shown, &task, (classes.len(), &known))
    }

    /// What a learner sees of the characters on show, and all of their query drawings, of known class or not.
    pub(super) fn all_characters(&self, shown: &ShownTask) -> Result<Tasks, EngineError> {
        let (classes, task, known) = self.shown_characters(shown)?;
        self.seen_characters(&self.place, shown, &task, (classes.len(), &known))
    }

    /// Both sets of a task on show, of so many classes, as the learner sees them.
    fn seen_characters(
        &self,
        place: &Place,
        shown: &ShownTask,
        task: &DrawnTask,
        (classes, known): (usize, &[Class]),
    ) -> Result<Tasks, EngineError> {
        let tasks = self.drawn_tasks(place, shown, task, classes);
        if !self.experiment.learner.kind.reads_descriptions() {
            return Ok(tasks);
        }
        let support = batch::descriptions(place, [known].into_iter())?;
        Ok(Tasks { support, ..tasks })
    }

    /// Both sets of a task on show as batches.
    fn drawn_tasks(&self, place: &Place, shown: &ShownTask, task: &DrawnTask, classes: usize) -> Tasks {
        let set = |drawings: &[Drawing]| batch::drawn(place, drawings, classes);
        // A visitor's drawings come one by one. Normalised by one or two of its like alone, a drawing looks as none did
        // in meta-training, and a clear cross is taken for a bar.
        let mut experiment = self.experiment.clone();
        if shown.drawings.is_some() {
            experiment.model.transduction = Switch::Off;
        }
        batch::paired(&experiment, self.learner.as_ref(), set(&task.support), set(&task.query))
    }

    /// Names of the classes on show, their drawings, and the classes themselves where they are characters of the stream.
    fn shown_characters(&self, shown: &ShownTask) -> Result<(Vec<String>, DrawnTask, Vec<Class>), EngineError> {
        if let Some(task) = &shown.drawings {
            if self.experiment.learner.kind.reads_descriptions() {
                return Err(EngineError::Drawings(batch::UNDESCRIBED));
            }
            let classes = drawn_classes(task, self.experiment.outputs())?;
            return Ok((vec![String::new(); classes], task.clone(), Vec::new()));
        }
        let stream = (self.experiment.seed, Purpose::Show, u64::from(shown.index));
        let episode = batch::one_episode(&self.experiment, &self.data, stream)?;
        let drawings = |Examples { images, classes }: Examples| {
            images.into_iter().zip(classes).map(|(image, class)| Drawing { image, class: Some(class) }).collect()
        };
        let names = episode.classes.iter().map(ToString::to_string).collect();
        let task = DrawnTask { support: drawings(episode.support), query: drawings(episode.query) };
        Ok((names, task, episode.classes))
    }

    /// Logits `[steps, drawings, classes]` of one task at every step, as many steps at a time as there is memory for.
    fn logits(&self, batch: &Batch, path: &[Params]) -> Vec<Tensor<3>> {
        let group = |steps: &[Params]| self.learner.predict(&Params::stack(steps), &batch.repeat(steps.len()));
        path.chunks(self.tasks_at_once() as usize).map(group).collect()
    }
}

fn flat(tensor: Tensor<3>) -> Tensor<1> {
    let count = tensor.dims().iter().product::<usize>();
    tensor.reshape([count])
}

/// The first tensors of `all` from number `skip` on, counted in values, up to `count` values.
fn gathered(all: &[Vec<f64>], skip: usize, count: usize) -> Vec<f64> {
    all.iter().flatten().skip(skip).take(count).copied().collect()
}

/// Number of classes of a visitor's task.
fn drawn_classes(task: &DrawnTask, ways: usize) -> Result<usize, EngineError> {
    let mut seen = vec![false; ways];
    for drawing in &task.support {
        match drawing.class.and_then(|class| seen.get_mut(usize::from(class))) {
            Some(seen) => *seen = true,
            None => return Err(EngineError::Drawings("a support drawing has no class, or one beyond the network's")),
        }
    }
    let classes = seen.iter().take_while(|&&seen| seen).count();
    if classes < 2 || seen[classes..].contains(&true) {
        return Err(EngineError::Drawings("at least two classes, counted without a gap, need a support drawing"));
    }
    if task.query.iter().any(|drawing| drawing.class.is_some_and(|class| usize::from(class) >= classes)) {
        return Err(EngineError::Drawings("a query drawing has a class without a support drawing"));
    }
    Ok(classes)
}

/// Softmax of each row, and what is known of the whole.
fn judged(logits: &[f64], drawings: &[Drawing], classes: usize) -> Judged {
    let rows: Vec<Vec<f64>> = logits.chunks_exact(classes).map(log_softmax).collect();
    let known: Vec<(f64, f64)> = (rows.iter().zip(drawings))
        .filter_map(|(row, drawing)| {
            let own = row[usize::from(drawing.class?)];
            // Of several that are the most probable one is drawn; this is how often that is right.
            let ties = row.iter().filter(|&&other| other >= own).count() as f64;
            Some((-own, if row.iter().all(|&other| other <= own) { 1.0 / ties } else { 0.0 }))
        })
        .collect();
    let count = known.len() as f64;
    let loss = known.iter().map(|(loss, _)| loss).sum::<f64>() / count;
    let right = known.iter().map(|(_, right)| right).sum::<f64>();
    Judged {
        probabilities: rows.iter().map(|row| row.iter().map(|log| log.exp() as f32).collect()).collect(),
        known: (!known.is_empty()).then_some((loss as f32, (right / count) as f32)),
    }
}

pub(super) fn log_softmax(logits: &[f64]) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - largest).exp()).sum();
    logits.iter().map(|logit| logit - largest - sum.ln()).collect()
}

/// ‖θ_k − θ_0‖ / ‖θ_0‖ of each layer, `[1]` each.
fn changes(layers: &[Layer], from: &Params, to: &Params) -> Vec<Tensor<1>> {
    let lengths = |params: &Params| norms(layers, params);
    let moved = lengths(&to.plus(-1.0, from));
    // The smallest number keeps a layer that is all zero from dividing by it.
    moved.into_iter().zip(lengths(from)).map(|(moved, start)| moved / (start + f64::from(f32::MIN_POSITIVE))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::Image;

    fn drawing(class: Option<u8>) -> Drawing {
        Drawing { image: Image::blank(), class }
    }

    #[test]
    fn a_drawing_of_unknown_class_has_probabilities_and_counts_for_nothing() {
        let logits = [0.0, 3.0f64.ln(), 1.0, 1.0, 0.0, 2.0];
        let found = judged(&logits, &[drawing(Some(1)), drawing(None), drawing(Some(0))], 2);
        assert!((found.probabilities[0][1] - 0.75).abs() < 1e-6 && found.probabilities[1] == [0.5, 0.5]);
        let (loss, accuracy) = found.known.unwrap();
        assert_eq!(accuracy, 0.5);
        assert!((loss - ((4.0f32 / 3.0).ln() + (1.0 + 2.0f32.exp()).ln()) / 2.0).abs() < 1e-6);
        assert!(judged(&logits[..2], &[drawing(None)], 2).known.is_none());
    }

    #[test]
    fn drawings_that_are_no_task_are_refused() {
        let task = |support: &[Option<u8>], query: &[Option<u8>]| DrawnTask {
            support: support.iter().copied().map(drawing).collect(),
            query: query.iter().copied().map(drawing).collect(),
        };
        assert_eq!(drawn_classes(&task(&[Some(0), Some(1), Some(0)], &[None]), 5).unwrap(), 2);
        for wrong in [
            task(&[Some(0)], &[]),
            task(&[Some(0), Some(2)], &[]),
            task(&[Some(0), None], &[]),
            task(&[Some(0), Some(5)], &[]),
            task(&[Some(0), Some(1)], &[Some(2)]),
        ] {
            assert!(drawn_classes(&wrong, 5).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_layers_change_is_relative_to_its_own_start() {
        let place = crate::model::Place::cpu();
        let params = |values: [f64; 4]| {
            Params(vec![place.tensor(&values[..2], [1, 1, 2]), place.tensor(&values[2..], [1, 1, 2])])
        };
        let layer = |name: &str, entry| Layer { name: name.to_owned(), entries: vec![entry] };
        let layers = [layer("layer0", 0), layer("head", 1)];
        let found = changes(&layers, &params([3.0, 4.0, 0.0, 2.0]), &params([3.0, 5.0, 3.0, 2.0]));
        let found: Vec<f64> =
            found.iter().flat_map(|ratio| ratio.to_data().iter::<f64>().collect::<Vec<_>>()).collect();
        assert!((found[0] - 0.2).abs() < 1e-6 && (found[1] - 1.5).abs() < 1e-6, "{found:?}");
    }
}
