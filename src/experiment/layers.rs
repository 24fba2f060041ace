//! What adaptation changes, layer by layer: weights, gradients, and what the layers make of a task's examples.

use serde::{Deserialize, Serialize};

use super::{Experiment, Family, Interval, LearnerKind, NetworkKind, gaps::numbers};

/// What adaptation to a task changes in the layers of a network, and what the network makes of the task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layers {
    /// Meta-steps of the start.
    pub meta_step: u32,
    /// Inner steps that are told of, ascending from 0 to the last: all, or evenly thinned where they are many; 0 alone
    /// where no step changes a layer or what it makes.
    pub steps: Vec<u32>,
    /// From the input to the head; none where no step changes a layer or what it makes.
    pub layers: Vec<LayerCourse>,
    /// Further tasks that the means are over.
    pub tasks: u32,
    /// Further tasks whose weights ran off, and which are left out.
    pub diverged: u32,
    /// The examples of the task on show as the head sees them; none before they are known.
    pub scene: Option<Scene>,
    /// How alike the learner finds them, where that is what it learns.
    pub likeness: Option<Likeness>,
    /// Of a convolutional network: the weights of the first layer's filters at each of `steps`, row by row, 9 a filter.
    #[serde(deserialize_with = "numbers")]
    pub filters: Vec<Vec<f32>>,
}

/// A layer over the inner steps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerCourse {
    /// Its name in checkpoints.
    pub name: String,
    /// Whether it is the head.
    pub head: bool,
    /// At each of [`Layers::steps`], on the task on show.
    pub shown: Vec<LayerFigures<f64>>,
    /// The same as means over the further tasks.
    pub others: Vec<LayerFigures<Interval>>,
}

/// What is measured of a layer after some inner steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerFigures<N> {
    /// How far its weights have moved by their own length, ‖θ_k − θ_0‖ / ‖θ_0‖, biases and normalisation counted; none where
    /// they start at zero.
    pub change: Option<N>,
    /// Euclidean norm of the gradient of the loss of the whole support set, over its weights; none where nothing descends.
    pub gradient: Option<N>,
    /// How alike what it makes of the query set is to what it made before adaptation: linear CKA, 0 to 1 (Kornblith, Norouzi,
    /// Lee, Hinton 2019); none with fewer than two queries, or where it makes the same of all.
    pub alike: Option<N>,
}

impl<N> Default for LayerFigures<N> {
    fn default() -> Self {
        Self { change: None, gradient: None, alike: None }
    }
}

/// A figure of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayerFigure {
    /// [`LayerFigures::alike`].
    Alike,
    /// [`LayerFigures::change`].
    Change,
    /// [`LayerFigures::gradient`].
    Gradient,
}

impl LayerFigure {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Alike, Self::Change, Self::Gradient];
}

impl<N: Copy> LayerFigures<N> {
    /// One of them.
    #[must_use]
    pub fn of(&self, figure: LayerFigure) -> Option<N> {
        match figure {
            LayerFigure::Alike => self.alike,
            LayerFigure::Change => self.change,
            LayerFigure::Gradient => self.gradient,
        }
    }
}

/// The examples of a task in the plane of the two principal axes of what the head sees of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// Numbers that the head sees of an example.
    pub features: u32,
    /// Of the sum of squared distances from their mean, the share along either axis, 0 to 1.
    #[serde(deserialize_with = "numbers")]
    pub shares: [f64; 2],
    /// Every example, the support set first.
    pub examples: Vec<Example>,
    /// Where each is, at each of [`Layers::steps`].
    #[serde(deserialize_with = "numbers")]
    pub places: Vec<Vec<[f32; 2]>>,
    /// What stands for each class, once the support set has been seen.
    pub prototypes: Vec<Prototype>,
}

/// An example of a task.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// Whether it is of the query set.
    pub query: bool,
    /// Its class, where that is known; none of a point.
    pub class: Option<u8>,
    /// A point's x and y; none of a drawing.
    pub point: Option<[f32; 2]>,
}

/// What stands for a class.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prototype {
    /// Its projection into the plane.
    #[serde(deserialize_with = "numbers")]
    pub at: [f32; 2],
    /// Its squared distance from the plane.
    #[serde(deserialize_with = "numbers")]
    pub off: f32,
}

/// How alike a learner finds each query and what it compares it with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    /// What the numbers are.
    pub kind: LikenessKind,
    /// The class of each column: of a support drawing, or the class that the column is.
    pub columns: Vec<Option<u8>>,
    /// 0 to 1, a query a row.
    #[serde(deserialize_with = "numbers")]
    pub rows: Vec<Vec<f32>>,
}

/// What is found alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LikenessKind {
    /// Attention of each query to each support drawing, 1 in all (Vinyals et al. 2016, eq. 1).
    Attention,
    /// Probability that a query and a support drawing are of one class (Koch et al. 2015, §3.1).
    SameClass,
    /// Relation score of a query and a class (Sung et al. 2018, eq. 1).
    Relation,
}

/// What the convolutions make of one drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activations {
    /// Meta-steps of the start.
    pub meta_step: u32,
    /// Which drawing, the support set counted first.
    pub drawing: u32,
    /// As [`Layers::steps`].
    pub steps: Vec<u32>,
    /// Every block, from the input on.
    pub blocks: Vec<Block>,
}

/// What a block of convolution, normalisation and rectifier makes of a drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Places in a row of a feature map, and rows.
    pub side: u32,
    /// Feature maps.
    pub maps: u32,
    /// At each of the steps: place by place from the top left, at each place all maps.
    #[serde(deserialize_with = "numbers")]
    pub values: Vec<Vec<f32>>,
}

/// Which part of a network adapts: the question of Raghu, Raghu, Bengio, Vinyals (2020, §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// Next to nothing changes, head or features.
    Still,
    /// The features stay much as they are, and the head changes what is said of them: feature reuse.
    Features,
    /// The features change, less than what the head says.
    Both,
    /// The features change at least as much as what the head says: rapid learning.
    Learning,
}

impl Reuse {
    /// A likeness above this is no change that is worth a word.
    const STILL: f64 = 0.99;
    /// Features whose likeness falls by less than this part of the head's are reused.
    const REUSE: f64 = 0.25;

    /// By the likeness of what the head sees, and of what it says, to those before.
    #[must_use]
    pub fn of(features: f64, head: f64) -> Self {
        let (features, head) = (1.0 - features, 1.0 - head);
        match () {
            () if features.max(head) < 1.0 - Self::STILL => Self::Still,
            () if features < Self::REUSE * head => Self::Features,
            () if features < head => Self::Both,
            () => Self::Learning,
        }
    }
}

impl Layers {
    /// Where an inner step stands among `steps`: at the last that is not beyond it.
    #[must_use]
    pub fn place(&self, step: u32) -> usize {
        self.steps.partition_point(|told| *told <= step).saturating_sub(1)
    }

    /// The likeness to those before, after the step at `place`, of the features that the head sees and of what it says: the
    /// means over the further tasks, or those of the task on show where there are none or means are not asked for.
    #[must_use]
    pub fn features_and_head(&self, place: usize, means: bool) -> Option<(f64, f64)> {
        let [.., features, head] = self.layers.as_slice() else { return None };
        if !head.head {
            return None;
        }
        let mean = |layer: &LayerCourse| layer.others.get(place)?.alike.map(|interval| interval.mean);
        let own = |layer: &LayerCourse| layer.shown.get(place)?.alike;
        let mean = mean(features).zip(mean(head)).filter(|_| means);
        mean.or_else(|| own(features).zip(own(head)))
    }
}

impl Scene {
    /// The class whose prototype is nearest to a point of the plane, in the whole space.
    #[must_use]
    pub fn nearest(&self, at: [f32; 2]) -> Option<usize> {
        let away = |prototype: &Prototype| squared(at, prototype.at) + f64::from(prototype.off);
        let all = self.prototypes.iter().map(away).enumerate();
        all.min_by(|one, other| one.1.total_cmp(&other.1)).map(|(class, _)| class)
    }

    /// Of the queries of known class, how many lie nearest to the prototype of their own class after the step at `place`, or
    /// where there are no prototypes to a support example of it, seen in the plane; and how many there are. None where nothing
    /// has a class.
    #[must_use]
    pub fn among_their_own(&self, place: usize) -> Option<(usize, usize)> {
        let places = self.places.get(place.min(self.places.len().saturating_sub(1)))?;
        // What has run off lies next to nothing.
        if places.iter().flatten().any(|value| !value.is_finite()) {
            return None;
        }
        let all = || self.examples.iter().zip(places);
        let nearest = |at: [f32; 2]| match self.prototypes.is_empty() {
            false => self.nearest(at),
            true => {
                let support = all().filter(|(example, _)| !example.query);
                let away = support.map(|(example, other)| (squared(at, *other), example.class.map(usize::from)));
                away.min_by(|one, other| one.0.total_cmp(&other.0)).and_then(|(_, class)| class)
            }
        };
        let known =
            all().filter_map(|(example, at)| Some((usize::from(example.class.filter(|_| example.query)?), *at)));
        let right: Vec<bool> = known.map(|(class, at)| nearest(at) == Some(class)).collect();
        (!right.is_empty()).then(|| (right.iter().filter(|right| **right).count(), right.len()))
    }
}

fn squared(one: [f32; 2], other: [f32; 2]) -> f64 {
    one.iter().zip(other).map(|(a, b)| (f64::from(*a) - f64::from(b)).powi(2)).sum()
}

impl Likeness {
    /// Means over the queries of known class: of what is found with their own class, and with the others. Of attention, the sum
    /// over the columns of a class; of other likenesses, the mean. `queries` are the classes of the rows. None where there is
    /// nothing of one kind.
    #[must_use]
    pub fn own_and_other(&self, queries: &[Option<u8>]) -> Option<(f64, f64)> {
        let sums = self.kind == LikenessKind::Attention;
        let (mut means, mut count) = ([0.0; 2], 0.0);
        for (row, class) in self.rows.iter().zip(queries).filter_map(|(row, class)| Some((row, (*class)?))) {
            let of = |own: bool| {
                let values = row.iter().zip(&self.columns).filter(|(_, column)| (**column == Some(class)) == own);
                let values: Vec<f64> = values.map(|(value, _)| f64::from(*value)).collect();
                let each = if sums { 1.0 } else { values.len() as f64 };
                (!values.is_empty()).then(|| values.iter().sum::<f64>() / each)
            };
            let (own, other) = (of(true)?, of(false)?);
            means = [means[0] + own, means[1] + other];
            count += 1.0;
        }
        (count > 0.0).then(|| (means[0] / count, means[1] / count))
    }
}

impl Block {
    /// How far what the block makes has moved after the step at `place`, by its own length before: ‖a_k − a_0‖ / ‖a_0‖; none
    /// where it made nothing.
    #[must_use]
    pub fn change(&self, place: usize) -> Option<f64> {
        moved(self.values.first()?, self.values.get(place)?)
    }

    /// The mean over all maps and places after the step at `place`.
    #[must_use]
    pub fn mean(&self, place: usize) -> Option<f64> {
        let values = self.values.get(place).filter(|values| !values.is_empty())?;
        Some(values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64)
    }

    /// The largest value of all steps.
    #[must_use]
    pub fn largest(&self) -> f64 {
        most(self.values.iter().flatten().copied())
    }

    /// The largest difference from before adaptation, up or down, of all steps.
    #[must_use]
    pub fn largest_difference(&self) -> f64 {
        let Some(first) = self.values.first() else { return 0.0 };
        most(self.values.iter().flat_map(|values| values.iter().zip(first).map(|(value, first)| (value - first).abs())))
    }
}

impl Layers {
    /// The largest weight of a filter of the first layer, up or down, and the largest difference from before adaptation, of all
    /// steps.
    #[must_use]
    pub fn largest_filter(&self) -> (f64, f64) {
        let Some(first) = self.filters.first() else { return (0.0, 0.0) };
        let apart = |values: &Vec<f32>| values.iter().zip(first).map(|(value, first)| (value - first).abs()).collect();
        let differences: Vec<Vec<f32>> = self.filters.iter().map(apart).collect();
        (most(self.filters.iter().flatten().map(|value| value.abs())), most(differences.into_iter().flatten()))
    }
}

fn most(values: impl Iterator<Item = f32>) -> f64 {
    values.filter(|value| value.is_finite()).fold(0.0, |most, value| most.max(f64::from(value)))
}

/// ‖to − from‖ / ‖from‖; none where there is nothing to move.
#[must_use]
pub fn moved(from: &[f32], to: &[f32]) -> Option<f64> {
    let length = |values: &mut dyn Iterator<Item = f64>| values.map(|value| value * value).sum::<f64>().sqrt();
    let apart = length(&mut from.iter().zip(to).map(|(from, to)| f64::from(*to) - f64::from(*from)));
    let ratio = apart / length(&mut from.iter().copied().map(f64::from));
    Some(ratio).filter(|ratio| ratio.is_finite())
}

impl Experiment {
    /// Why there are no layers to look into; none where there are.
    #[must_use]
    pub fn opaque(&self) -> Option<&'static str> {
        (self.task.family == Family::Quadratic).then_some(
            "a quadratic is descended in its own coordinates, and there is no network with layers; choose another family of \
             tasks",
        )
    }

    /// Whether inner steps change layers or what they make: not where the support set makes a head in one go from features
    /// that stay as they are.
    #[must_use]
    pub fn moves_layers(&self) -> bool {
        !self.learner.kind.makes_head() || self.learner.kind == LearnerKind::Cnp
    }

    /// Whether its network has filters and feature maps to look at.
    #[must_use]
    pub fn has_maps(&self) -> bool {
        self.model.network == NetworkKind::Conv4 && self.task.family.classifies()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(name: &str, head: bool, own: f64, mean: Option<f64>) -> LayerCourse {
        let figures = LayerFigures { alike: Some(own), ..LayerFigures::default() };
        let alike = mean.map(|mean| Interval { mean, ci95: 0.1 });
        let others = vec![LayerFigures { alike, ..LayerFigures::default() }];
        LayerCourse { name: name.to_owned(), head, shown: vec![figures], others }
    }

    #[test]
    fn the_head_is_compared_with_the_layer_that_it_sees_by_the_mean_over_tasks() {
        let of = |mean| {
            let layers = vec![
                layer("layer0", false, 0.1, mean),
                layer("layer1", false, 0.5, mean),
                layer("layer2", true, 0.4, mean.map(|mean| mean - 0.1)),
            ];
            let layers = Layers { steps: vec![0], layers, ..Layers::default() };
            [true, false].map(|means| layers.features_and_head(0, means))
        };
        assert_eq!(of(Some(0.75)), [Some((0.75, 0.65)), Some((0.5, 0.4))]);
        assert_eq!(of(None)[0], Some((0.5, 0.4)), "of the task on show where there is no other");
        assert_eq!(Layers::default().features_and_head(0, true), None);
    }

    #[test]
    fn features_are_reused_when_they_change_much_less_than_the_head() {
        assert_eq!(
            [(0.999, 0.995), (1.0, 0.4), (0.97, 0.41), (0.8, 0.5), (0.5, 0.5), (0.6, 1.0)]
                .map(|(f, h)| Reuse::of(f, h)),
            [Reuse::Still, Reuse::Features, Reuse::Features, Reuse::Both, Reuse::Learning, Reuse::Learning]
        );
    }

    #[test]
    fn a_step_is_told_by_the_last_one_that_is_not_beyond_it() {
        let layers = Layers { steps: vec![0, 1, 4, 7], ..Layers::default() };
        assert_eq!([0, 1, 3, 4, 90].map(|step| layers.place(step)), [0, 1, 1, 2, 3]);
        assert_eq!(Layers::default().place(3), 0);
    }

    #[test]
    fn a_prototype_off_the_plane_is_farther_than_it_is_drawn() {
        let prototype = |x, off| Prototype { at: [x, 0.0], off };
        let scene = Scene { prototypes: vec![prototype(0.0, 3.0), prototype(2.0, 0.0)], ..Scene::default() };
        // Drawn, the middle is at 1; with the distance off the plane it is where x² + 3 = (x − 2)², at ¼.
        assert_eq!([0.2, 0.3].map(|x| scene.nearest([x, 0.0])), [Some(0), Some(1)]);
        assert_eq!(Scene::default().nearest([0.0; 2]), None);
    }

    #[test]
    fn a_quadratic_has_no_layers_and_who_makes_a_head_moves_none() {
        let of = |kind| {
            let mut experiment = Experiment::default();
            experiment.learner.kind = kind;
            experiment.moves_layers()
        };
        assert_eq!([LearnerKind::Maml, LearnerKind::Cnp, LearnerKind::Ridge].map(of), [true, true, false]);
        let quadratic = super::super::preset("quadratic-lstm").unwrap().experiment();
        assert!(quadratic.opaque().is_some_and(|why| why.contains("no network")));
        assert_eq!(Experiment::default().opaque(), None);
    }

    #[test]
    fn a_query_is_among_its_own_where_the_nearest_support_example_or_prototype_is_of_its_class() {
        let example = |query, class| Example { query, class, point: None };
        let mut scene = Scene {
            examples: vec![
                example(false, Some(0)),
                example(false, Some(1)),
                example(true, Some(0)),
                example(true, Some(0)),
                example(true, None),
            ],
            places: vec![vec![[0.0, 0.0], [4.0, 0.0], [1.0, 0.0], [3.0, 0.0], [9.0, 9.0]]],
            ..Scene::default()
        };
        assert_eq!((scene.among_their_own(0), scene.among_their_own(7)), (Some((1, 2)), Some((1, 2))));
        let prototype = |x, off| Prototype { at: [x, 0.0], off };
        scene.prototypes = vec![prototype(0.0, 0.0), prototype(4.0, 90.0)];
        assert_eq!(scene.among_their_own(0), Some((2, 2)));
        scene.places[0][1][0] = f32::NAN;
        assert_eq!(scene.among_their_own(0), None, "what has run off is next to nothing");
        assert_eq!(Scene::default().among_their_own(0), None);
    }

    #[test]
    fn attention_to_ones_own_class_is_added_up_and_other_likenesses_are_averaged() {
        let of = |kind| Likeness {
            kind,
            columns: vec![Some(0), Some(1), Some(0)],
            rows: vec![vec![0.5, 0.25, 0.25], vec![0.5, 0.5, 0.0]],
        };
        let queries = [Some(0), Some(1)];
        assert_eq!(of(LikenessKind::Attention).own_and_other(&queries), Some((0.625, 0.375)));
        assert_eq!(of(LikenessKind::SameClass).own_and_other(&queries), Some((0.4375, 0.25)));
        assert_eq!(of(LikenessKind::Relation).own_and_other(&[None, None]), None);
    }

    #[test]
    fn what_a_block_makes_moves_by_its_own_length() {
        let block = Block { side: 1, maps: 2, values: vec![vec![3.0, 4.0], vec![3.0, 1.0], vec![0.0; 2]] };
        assert_eq!([0, 1, 2].map(|place| block.change(place)), [Some(0.0), Some(0.6), Some(1.0)]);
        assert_eq!(
            (block.mean(1), block.mean(3), block.largest(), block.largest_difference()),
            (Some(2.0), None, 4.0, 4.0)
        );
        let silent = Block { values: vec![vec![0.0; 2], vec![1.0; 2]], ..block };
        assert_eq!(silent.change(1), None);
        let layers = Layers { filters: vec![vec![1.0, -3.0], vec![-1.0, -2.5]], ..Layers::default() };
        assert_eq!(layers.largest_filter(), (3.0, 2.0));
    }
}
