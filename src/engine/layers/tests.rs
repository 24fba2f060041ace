//! Layers pinned to what the rest of the engine computes of the same task, and to learners whose layers stay by construction.

use pollster::block_on;

use crate::experiment::{
    Activation, Adaptation, CharacterTrajectory, Drawing, DrawnTask, Experiment, LearnerKind, LikenessKind, Point,
    preset,
};

use super::{
    super::tests::{regression, session, shown},
    *,
};

/// A small sinusoid experiment that adapts in three steps.
fn small(kind: LearnerKind) -> Experiment {
    let mut experiment = Experiment::default();
    (experiment.model.hidden, experiment.model.activation) = (vec![6, 5], Activation::Tanh);
    experiment.learner.kind = kind;
    (experiment.learner.eval_steps, experiment.learner.eval_lr) = (3, 0.05);
    experiment
}

/// A small network of convolutions on characters.
fn characters(name: &str) -> Experiment {
    let mut experiment = preset(name).unwrap().experiment();
    (experiment.model.filters, experiment.task.ways, experiment.task.queries) = (8, 3, 2);
    experiment.learner.eval_steps = 2;
    experiment
}

fn layers(session: &Session, others: u32) -> Layers {
    block_on(session.layers(&shown(3), others, |_, _| {})).unwrap()
}

fn trajectory(session: &Session) -> CharacterTrajectory {
    match block_on(session.trajectory(&shown(3))).unwrap() {
        Adaptation::Characters(trajectory) => trajectory,
        Adaptation::Regression(_) => panic!("characters were asked for"),
    }
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-4 * expected.abs().max(1.0), "{found} instead of {expected}");
}

#[test]
fn every_figure_is_that_of_the_task_and_the_means_are_those_of_the_other_tasks() {
    let session = session(small(LearnerKind::Maml));
    let found = layers(&session, 2);
    let names: Vec<_> = found.layers.iter().map(|layer| (layer.name.as_str(), layer.head)).collect();
    assert_eq!(names, [("layer0", false), ("layer1", false), ("layer2", true)]);
    assert_eq!((found.steps.as_slice(), found.tasks, found.diverged), (&[0, 1, 2, 3][..], 2, 0));
    // The whole gradient is the one of the trajectory.
    for (step, expected) in regression(&session, &shown(3)).steps.iter().enumerate() {
        let squares = found.layers.iter().map(|layer| layer.shown[step].gradient.unwrap().powi(2));
        close(squares.sum::<f64>().sqrt(), expected.gradient_norm.into());
    }
    let tasks = session.shown_tasks(&shown(3)).unwrap();
    let path = session.learner.adapt(session.meta(), &tasks.support, session.eval_loop(3));
    let ends = block_on(read(vec![path.params[0].flatten(), path.end().flatten()])).unwrap();
    // The first layer has 6 weights and 6 biases.
    let length = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>().sqrt();
    let moved: Vec<f64> = ends[1][..12].iter().zip(&ends[0][..12]).map(|(end, start)| end - start).collect();
    close(found.layers[0].shown[3].change.unwrap(), length(&moved) / length(&ends[0][..12]));
    assert_eq!(found.layers[0].shown[0].change, Some(0.0));
    // Of a single output CKA is the square of the correlation of the predictions.
    let predicted =
        |state| block_on(super::super::read::read_one(session.learner.predict(state, &tasks.query))).unwrap();
    let (x, y) = (predicted(&path.params[0]), predicted(path.end()));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(p, q)| (p - mean(a)) * (q - mean(b))).sum::<f64>();
    let squared = product(&x, &y).powi(2) / (product(&x, &x) * product(&y, &y));
    close(found.layers[2].shown[3].alike.unwrap(), squared);
    assert!(squared < 0.9999, "or the test says nothing: {squared}");
    // The further tasks are 0 and 1.
    let [zero, one] = [0, 1].map(|index| block_on(session.layers(&shown(index), 0, |_, _| {})).unwrap());
    for figure in LayerFigure::ALL {
        let of = |layers: &Layers| layers.layers[1].shown[2].of(figure).unwrap();
        let mean = found.layers[1].others[2].of(figure).unwrap();
        close(mean.mean, (of(&zero) + of(&one)) / 2.0);
        close(mean.ci95, 1.96 * ((of(&zero) - of(&one)).powi(2) / 8.0).sqrt());
    }
    assert!(zero.layers[0].others.is_empty() && zero.tasks == 0);
}

#[test]
fn the_body_of_anil_stays_exactly_and_so_do_its_features_and_boils_head_stays_while_it_says_another_thing() {
    let [anil, boil] = [LearnerKind::Anil, LearnerKind::Boil].map(|kind| layers(&session(small(kind)), 3));
    for step in 0..4 {
        for layer in &anil.layers[..2] {
            assert_eq!((layer.shown[step].change, layer.shown[step].alike), (Some(0.0), Some(1.0)));
            let others = layer.others[step];
            assert_eq!(others.change.map(|mean| (mean.mean, mean.ci95)), Some((0.0, 0.0)));
            assert_eq!(others.alike.map(|mean| (mean.mean, mean.ci95)), Some((1.0, 0.0)));
        }
        assert_eq!(boil.layers[2].shown[step].change, Some(0.0));
    }
    assert!(anil.layers[2].shown[3].change.unwrap() > 0.01);
    assert!(boil.layers[1].shown[3].change.unwrap() > 0.01 && boil.layers[2].shown[3].alike.unwrap() < 0.9999);
    assert!(anil.layers[0].shown[0].gradient.unwrap() > 0.0, "the loss would descend there, and the learner does not");
}

#[test]
fn steps_measured_one_by_one_are_those_measured_together() {
    let session = session(small(LearnerKind::Maml));
    let measured = |at_once| {
        let mut dissecting = Dissecting::new(&session, &shown(3), 1).unwrap();
        dissecting.at_once = at_once;
        let mut slices = 0;
        while !dissecting.finished() {
            block_on(dissecting.advance()).unwrap();
            slices += 1;
            assert_eq!(dissecting.progress().0, slices);
        }
        assert_eq!(dissecting.progress(), (slices, slices), "no slice was promised that is not taken");
        dissecting.layers
    };
    let [one, all] = [1, 8].map(measured);
    for (one, all) in one.layers.iter().zip(&all.layers) {
        for (one, all) in one.shown.iter().zip(&all.shown) {
            for figure in LayerFigure::ALL {
                close(one.of(figure).unwrap(), all.of(figure).unwrap());
            }
        }
    }
    assert_eq!(one.scene.unwrap().places.len(), all.scene.unwrap().places.len());
}

#[test]
fn a_conditional_neural_process_changes_what_its_layers_make_and_no_weight() {
    let mut experiment = small(LearnerKind::Cnp);
    experiment.model.activation = Activation::Relu;
    let session = session(experiment);
    let found = layers(&session, 2);
    let support = session.experiment().task.shots as usize;
    assert_eq!(found.steps.len(), support + 1, "a step is a point");
    let last = found.layers[0].shown[support];
    assert_eq!((last.change, last.gradient), (Some(0.0), None));
    assert!(last.alike.unwrap() < 0.99999, "{last:?}");
}

#[test]
fn whose_start_is_another_for_every_task_or_has_a_head_of_zeros_has_layers_too() {
    let mut random = preset("sinusoid-lstm").unwrap().experiment();
    (random.model.hidden, random.learner.eval_steps) = (vec![5], 2);
    let found = layers(&session(random), 2);
    assert!(found.layers[0].shown[2].change.unwrap() > 0.0 && found.tasks == 2);
    let found = layers(&session(characters("glyphs-light-pretrained-5w1s")), 0);
    let head = found.layers.last().unwrap();
    assert!(head.head && head.shown[2].gradient.unwrap() > 0.0);
    assert_eq!((head.shown[2].change, head.shown[2].alike), (None, None), "nothing to be compared with");
}

#[test]
fn a_task_that_runs_off_is_left_out_of_the_means() {
    let mut experiment = small(LearnerKind::Maml);
    (experiment.learner.eval_lr, experiment.learner.eval_steps) = (10.0, 50);
    let found = layers(&session(experiment), 2);
    assert_eq!((found.tasks, found.diverged), (0, 2));
    assert_eq!(found.steps.len(), 18, "of fifty steps, every third and the first");
}

#[test]
fn convolutions_have_filters_and_maps_of_every_drawing() {
    let session = session(characters("glyphs-light-maml-5w1s"));
    let found = layers(&session, 0);
    assert_eq!(found.filters.iter().map(Vec::len).collect::<Vec<_>>(), [72; 3]);
    assert_ne!(found.filters[0], found.filters[2]);
    let scene = found.scene.unwrap();
    let classes: Vec<_> = scene.examples.iter().map(|example| (example.query, example.class)).collect();
    assert_eq!(classes[..4], [(false, Some(0)), (false, Some(1)), (false, Some(2)), (true, Some(0))]);
    assert_eq!((scene.features, scene.places.len(), scene.places[2].len()), (32, 3, 9));
    assert!(scene.shares[0] >= scene.shares[1] && scene.shares[1] > 0.0 && scene.shares[0] + scene.shares[1] <= 1.0);
    let maps = |drawing| block_on(session.activations(&shown(3), drawing));
    let (first, query) = (maps(0).unwrap(), maps(3).unwrap());
    let sides: Vec<_> = first.blocks.iter().map(|block| (block.side, block.maps, block.values[0].len())).collect();
    assert_eq!(sides, [(14, 8, 8 * 196), (7, 8, 8 * 49), (4, 8, 8 * 16), (2, 8, 8 * 4)]);
    assert_ne!(first.blocks[3].values[0], query.blocks[3].values[0]);
    let tasks = session.shown_tasks(&shown(3)).unwrap();
    let made = session.learner.outputs(&session.meta().repeat(1), &tasks.query);
    let expected = block_on(super::super::read::read_one(made[1].clone().narrow(1, 0, 1))).unwrap();
    for (found, expected) in query.blocks[1].values[0].iter().zip(expected) {
        close(f64::from(*found), expected);
    }
    assert!(maps(9).unwrap_err().to_string().contains("no drawing of this number"));
    let points = block_on(super::super::tests::session(small(LearnerKind::Maml)).activations(&shown(3), 0));
    assert!(points.unwrap_err().to_string().contains("convolutional"));
}

#[test]
fn prototypes_stand_in_the_middle_of_their_class_and_the_nearest_is_the_answer() {
    let mut experiment = characters("glyphs-light-prototypical-5w1s");
    experiment.task.shots = 2;
    let session = session(experiment);
    let found = layers(&session, 4);
    assert!(found.layers.is_empty() && found.tasks == 0, "no step changes a layer");
    let scene = found.scene.unwrap();
    for (class, prototype) in scene.prototypes.iter().enumerate() {
        let own =
            |(example, _): &(&crate::experiment::Example, _)| !example.query && example.class == Some(class as u8);
        let places: Vec<[f32; 2]> =
            scene.examples.iter().zip(&scene.places[0]).filter(own).map(|(_, place)| *place).collect();
        assert_eq!(places.len(), 2);
        for axis in [0, 1] {
            close(prototype.at[axis].into(), f64::from(places[0][axis] + places[1][axis]) / 2.0);
        }
    }
    assert_eq!(scene.prototypes.len(), 3);
}

#[test]
fn attention_shares_out_one_and_its_shares_are_the_probabilities_of_the_classes() {
    for name in ["glyphs-light-matching-5w1s", "glyphs-light-matching-fce-5w1s"] {
        let mut experiment = characters(name);
        experiment.task.shots = 2;
        let session = session(experiment);
        let likeness = layers(&session, 0).likeness.unwrap();
        let trajectory = trajectory(&session);
        assert_eq!((likeness.kind, likeness.rows.len(), likeness.columns.len()), (LikenessKind::Attention, 6, 6));
        for (row, probabilities) in likeness.rows.iter().zip(&trajectory.steps[2].query_probabilities) {
            close(row.iter().copied().map(f64::from).sum(), 1.0);
            for (class, probability) in probabilities.iter().enumerate() {
                let own = row.iter().zip(&likeness.columns).filter(|(_, column)| **column == Some(class as u8));
                close(own.map(|(share, _)| f64::from(*share)).sum(), (*probability).into());
            }
        }
    }
}

#[test]
fn the_largest_likeness_is_of_the_class_that_is_predicted() {
    for (name, kind) in
        [("glyphs-light-siamese-5w1s", LikenessKind::SameClass), ("glyphs-light-relation-5w1s", LikenessKind::Relation)]
    {
        let session = session(characters(name));
        let likeness = layers(&session, 0).likeness.unwrap();
        assert_eq!((likeness.kind, likeness.columns.as_slice()), (kind, &[Some(0), Some(1), Some(2)][..]));
        let largest = |row: &[f32]| (0..row.len()).max_by(|a, b| row[*a].total_cmp(&row[*b]));
        for (row, probabilities) in likeness.rows.iter().zip(&trajectory(&session).steps[2].query_probabilities) {
            assert!(row.iter().all(|value| (0.0..=1.0).contains(value)));
            assert_eq!(largest(row), largest(probabilities));
        }
    }
}

#[test]
fn whoever_makes_a_head_has_a_scene() {
    let ridge = layers(&session(small(LearnerKind::Ridge)), 0).scene.unwrap();
    assert!(ridge.examples[0].point.is_some() && ridge.prototypes.is_empty());
    let zero = layers(&session(characters("glyphs-light-zero-shot-5w")), 0).scene.unwrap();
    assert!(zero.examples.iter().all(|example| example.query), "there are descriptions, and no support drawings");
    assert_eq!((zero.prototypes.len(), zero.places[0].len()), (3, 6));
    for name in ["glyphs-light-r2-d2-5w1s", "glyphs-light-nearest-centroid-5w1s"] {
        let scene = layers(&session(characters(name)), 0).scene.unwrap();
        assert_eq!(scene.places[0].len(), 9, "{name}");
    }
}

#[test]
fn a_visitors_drawings_and_points_are_looked_at_as_far_as_they_go() {
    let session = session(characters("glyphs-light-maml-5w1s"));
    let ink = |seed: usize| {
        let mut image = crate::task::Image::blank();
        image.ink_mut()[28 * 10 + seed * 3..28 * 10 + seed * 3 + 9].fill(255);
        image
    };
    let drawing = |seed, class| Drawing { image: ink(seed), class };
    let support = vec![drawing(0, Some(0)), drawing(1, Some(1))];
    let query = |count| (0..count).map(|seed| drawing(seed + 2, None)).collect();
    let own = |count| ShownTask {
        index: 0,
        points: Vec::new(),
        drawings: Some(DrawnTask { support: support.clone(), query: query(count) }),
    };
    let found = |count| block_on(session.layers(&own(count), 0, |_, _| {})).unwrap();
    let [none, one, three] = [0, 1, 3].map(found);
    assert_eq!([&none, &one].map(|layers| layers.layers[0].shown[2].alike), [None; 2]);
    assert!(three.layers[0].shown[2].alike.is_some(), "no class is needed to be compared");
    assert_eq!(three.scene.unwrap().examples[4].class, None);
    assert_eq!(none.scene.unwrap().places[2].len(), 2);

    let session = super::super::tests::session(small(LearnerKind::Cnp));
    let points = vec![Point { x: 1.0, y: 0.5 }, Point { x: -2.0, y: 0.0 }];
    let own = ShownTask { index: 3, points, drawings: None };
    let found = block_on(session.layers(&own, 2, |_, _| {})).unwrap();
    assert_eq!((found.steps.len(), found.tasks), (3, 2));
}

#[test]
fn a_quadratic_is_refused_in_a_sentence() {
    let session = session(preset("quadratic-lstm").unwrap().experiment());
    let said = Dissecting::new(&session, &shown(0), 1).err().unwrap().to_string();
    assert!(said.contains("no network with layers"), "{said}");
}
