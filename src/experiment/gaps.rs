//! Numbers that ran off, in JSON: it has no word for what is no finite number, and they are written as `null`.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

/// Numbers, or lists of them.
pub(super) trait Numbers: Sized {
    /// The same with a gap wherever JSON says `null`.
    type Gaps: DeserializeOwned;

    /// With what is no number in the gaps.
    fn filled(gaps: Self::Gaps) -> Self;
}

impl Numbers for f32 {
    type Gaps = Option<Self>;

    fn filled(gaps: Self::Gaps) -> Self {
        gaps.unwrap_or(Self::NAN)
    }
}

impl Numbers for f64 {
    type Gaps = Option<Self>;

    fn filled(gaps: Self::Gaps) -> Self {
        gaps.unwrap_or(Self::NAN)
    }
}

impl<N: Numbers> Numbers for Vec<N> {
    type Gaps = Vec<N::Gaps>;

    fn filled(gaps: Self::Gaps) -> Self {
        gaps.into_iter().map(N::filled).collect()
    }
}

impl<N: Numbers> Numbers for [N; 2] {
    type Gaps = [N::Gaps; 2];

    fn filled(gaps: Self::Gaps) -> Self {
        gaps.map(N::filled)
    }
}

/// For `deserialize_with` of what may run off. The bytes between worker and page hold such numbers as they are.
pub(super) fn numbers<'de, N, D>(deserializer: D) -> Result<N, D::Error>
where
    N: Numbers + Deserialize<'de>,
    D: Deserializer<'de>,
{
    if !deserializer.is_human_readable() {
        return N::deserialize(deserializer);
    }
    N::Gaps::deserialize(deserializer).map(N::filled)
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;

    use crate::experiment::{
        Activations, Adaptation, Anatomy, Back, BackStep, Block, CharacterStep, CharacterTrajectory, Example, Followed,
        InnerOptimizer, InnerStep, Inside, Interval, LayerCourse, LayerFigures, Layers, LearnerKind, Likeness,
        LikenessKind, Nudge, Optimizer, Outcome, OuterStep, Prototype, Query, Rival, Scene, TaskGradient, Trajectory,
        TrajectoryStep, WayBack, WeightBack, WeightOuter, WeightStep,
    };

    const LOST: f64 = f64::NAN;

    /// Goes through JSON and through bytes, and comes back as it was: what is no number is not equal to itself, and is
    /// compared by what it is called.
    fn returns<T: Serialize + serde::de::DeserializeOwned + Debug>(value: &T) {
        let told = format!("{value:?}");
        assert!(told.contains("NaN"), "nothing ran off in {told}");
        let text = serde_json::to_string(value).unwrap();
        assert_eq!(format!("{:?}", serde_json::from_str::<T>(&text).unwrap()), told);
        let bytes = postcard::to_allocvec(value).unwrap();
        assert_eq!(format!("{:?}", postcard::from_bytes::<T>(&bytes).unwrap()), told);
    }

    fn anatomy(adaptation: Adaptation) -> Anatomy {
        let (weight, back) = (
            WeightStep { value: LOST, gradient: LOST, rate: None, next: LOST },
            WeightBack { from: LOST, bent: LOST, to: LOST },
        );
        let outer =
            WeightOuter { value: LOST, gradient: LOST, first: None, second: Some(0.5), next: LOST, decays: true };
        let nudge = Nudge { by: 0.5, change: LOST, foretold: LOST, exact: None, outcome: Outcome::Kink };
        Anatomy {
            meta_step: 3,
            kind: LearnerKind::Maml,
            index: 0,
            own: false,
            inside: Inside::Descends,
            back: Back::Through,
            lr: 0.1,
            optimizer: InnerOptimizer::Sgd,
            pull: 0.0,
            sums: false,
            adaptation,
            layers: vec!["layer0".to_owned()],
            steps: vec![InnerStep {
                seen: vec![0],
                predictions: vec![vec![LOST, 0.5]],
                targets: vec![LOST],
                terms: vec![LOST],
                loss: LOST,
                gradient: vec![LOST],
                moved: vec![LOST],
                length: vec![LOST],
            }],
            queries: vec![Query { x: None, target: LOST, predictions: [vec![LOST], vec![1.0]], terms: [1.0, LOST] }],
            query_loss: [1.0, LOST],
            way: Some(WayBack {
                taken: true,
                last: vec![LOST],
                steps: vec![BackStep { bent: vec![LOST], to: vec![LOST] }],
                cosines: vec![None],
            }),
            learned: vec!["layer0".to_owned()],
            gradient: Some(TaskGradient { loss: LOST, norms: vec![LOST], exact: None, mean: None }),
            followed: vec![Followed {
                name: "layer0.bias[0]".to_owned(),
                layer: Some(0),
                steps: vec![weight],
                back: vec![back],
                gradient: None,
                outer: Some(outer),
                nudge: Some(nudge),
            }],
            outer: Some(OuterStep {
                optimizer: Optimizer::Adam,
                lr: 0.001,
                time: 4,
                tasks: 2,
                inner_steps: 1,
                inner_lr: 0.1,
                losses: [1.0, LOST],
                norm: LOST,
                clip: 0.0,
                weight_decay: 0.0,
                gradient: vec![LOST],
                moved: vec![LOST],
            }),
        }
    }

    #[test]
    fn an_anatomy_that_ran_off_comes_back_from_json_and_from_bytes() {
        let lost = f32::NAN;
        let step = TrajectoryStep {
            support_loss: lost,
            query_loss: lost,
            gradient_norm: lost,
            prediction: vec![lost],
            deviation: vec![lost],
        };
        let rival = Rival { optimizer: InnerOptimizer::Sgd, lr: 0.1, query_loss: vec![1.0, lost] };
        let points = Trajectory { steps: vec![step], rivals: vec![rival], ..Trajectory::default() };
        returns(&anatomy(Adaptation::Regression(points)));
        let step = CharacterStep {
            support_loss: lost,
            query_loss: None,
            support_accuracy: lost,
            query_accuracy: None,
            gradient_norm: lost,
            support_probabilities: vec![vec![lost, 0.5]],
            query_probabilities: vec![vec![lost]],
            change: vec![lost],
        };
        let drawn = CharacterTrajectory { steps: vec![step], ..CharacterTrajectory::default() };
        returns(&anatomy(Adaptation::Characters(drawn)));
    }

    #[test]
    fn layers_that_ran_off_come_back_from_json_and_from_bytes() {
        let lost = f32::NAN;
        let interval = Some(Interval { mean: LOST, ci95: LOST });
        let course = LayerCourse {
            name: "layer0".to_owned(),
            head: true,
            shown: vec![LayerFigures::default()],
            others: vec![LayerFigures { change: interval, gradient: interval, alike: None }],
        };
        let scene = Scene {
            features: 1,
            shares: [LOST, 0.5],
            examples: vec![Example { query: false, class: Some(0), point: None }],
            places: vec![vec![[lost, 1.0]]],
            prototypes: vec![Prototype { at: [0.0, lost], off: lost }],
        };
        let likeness = Likeness { kind: LikenessKind::Attention, columns: vec![Some(0)], rows: vec![vec![lost]] };
        returns(&Layers {
            steps: vec![0],
            layers: vec![course],
            scene: Some(scene),
            likeness: Some(likeness),
            filters: vec![vec![lost, 0.25]],
            ..Layers::default()
        });
    }

    #[test]
    fn feature_maps_that_ran_off_come_back_from_json_and_from_bytes() {
        let block = Block { side: 1, maps: 2, values: vec![vec![1.0, f32::NAN]] };
        returns(&Activations { meta_step: 3, drawing: 0, steps: vec![0], blocks: vec![block] });
    }

    #[test]
    fn what_is_infinite_comes_back_from_bytes_as_it_is_and_from_json_as_no_number() {
        let block = Block { side: 1, maps: 1, values: vec![vec![f32::INFINITY]] };
        let bytes: Block = postcard::from_bytes(&postcard::to_allocvec(&block).unwrap()).unwrap();
        assert_eq!(bytes, block);
        let text: Block = serde_json::from_str(&serde_json::to_string(&block).unwrap()).unwrap();
        assert!(text.values[0][0].is_nan());
    }
}
