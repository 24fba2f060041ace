//! Landscapes pinned to points whose axes are known, and to losses and paths computed without them.

use pollster::block_on;

use crate::{
    experiment::{Experiment, LearnerKind, preset},
    model::Place,
};

use super::{
    super::{EngineError, eigen::eigen},
    plane::normalize,
    *,
};

/// A small sinusoid experiment that adapts in two steps.
fn small(kind: LearnerKind) -> Experiment {
    let mut experiment = Experiment::default();
    experiment.model.hidden = vec![6, 5];
    experiment.learner.kind = kind;
    (experiment.learner.eval_steps, experiment.learner.eval_lr) = (2, 0.05);
    experiment
}

fn session(experiment: Experiment) -> Session {
    block_on(Session::new(experiment, Place::cpu(), None)).unwrap()
}

fn shown(index: u32) -> ShownTask {
    ShownTask { index, points: Vec::new(), drawings: None }
}

/// Up to the plane, and no further.
fn laid(session: &Session, others: u32, kind: PlaneKind) -> Mapping {
    let mut mapping = Mapping::new(session, &shown(3), others, (kind, 9)).unwrap();
    while mapping.landscape().is_none() {
        block_on(mapping.advance()).unwrap();
    }
    mapping
}

fn whole(session: &Session, others: u32, kind: PlaneKind, side: u32) -> Landscape {
    block_on(session.landscape(&shown(3), others, (kind, side), |_, _| {})).unwrap()
}

fn gram(rows: &[Vec<f32>]) -> Vec<Vec<f64>> {
    rows.iter().map(|a| rows.iter().map(|b| product(a, b)).collect()).collect()
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-4 * expected.abs().max(1.0), "{found} instead of {expected}");
}

#[test]
fn eigenvalues_of_a_matrix_with_known_ones() {
    // [[2, 1], [1, 2]] beside 5: eigenvalues 5, 3 and 1, of which 3 belongs to (1, 1)/√2.
    let found = eigen(&[vec![2.0, 0.0, 1.0], vec![0.0, 5.0, 0.0], vec![1.0, 0.0, 2.0]]);
    let values: Vec<f64> = found.iter().map(|(value, _)| *value).collect();
    for (value, expected) in values.iter().zip([5.0, 3.0, 1.0]) {
        assert!((value - expected).abs() < 1e-12, "{values:?}");
    }
    let second = &found[1].1;
    assert!((second[0].abs() - 0.5f64.sqrt()).abs() < 1e-12 && (second[0] - second[2]).abs() < 1e-12, "{second:?}");
}

#[test]
fn eigenvectors_of_a_large_matrix_are_at_right_angles_and_only_stretched_by_it() {
    let matrix: Vec<Vec<f64>> =
        (0..40u32).map(|i| (0..40u32).map(|j| f64::from((i * j + 3 * (i + j)) % 17) - 8.0).collect()).collect();
    let found = eigen(&matrix);
    for (value, vector) in &found {
        let image: Vec<f64> = matrix.iter().map(|line| dot(line, vector)).collect();
        let error = image.iter().zip(vector).map(|(image, x)| (image - value * x).abs()).fold(0.0, f64::max);
        assert!(error < 1e-9, "{error}");
    }
    assert!(dot(&found[0].1, &found[7].1).abs() < 1e-12 && (dot(&found[4].1, &found[4].1) - 1.0).abs() < 1e-12);
    assert!(found.windows(2).all(|pair| pair[0].0 >= pair[1].0));
}

#[test]
fn principal_axes_of_points_along_known_directions() {
    // Sums of squares: 2·9 along (3, 4, 0)/5, 2·1 along (−4, 3, 0)/5, and 1/2 upright.
    let rows: Vec<Vec<f32>> = vec![
        vec![1.8, 2.4, 0.0],
        vec![-1.8, -2.4, 0.0],
        vec![-0.8, 0.6, 0.0],
        vec![0.8, -0.6, 0.0],
        vec![0.0, 0.0, 0.5f32.sqrt()],
    ];
    let plane = Plane::principal(&rows, &gram(&rows), 1).unwrap();
    assert!((dot(&plane.axes[0], &[0.6, 0.8, 0.0]).abs() - 1.0).abs() < 1e-6, "{:?}", plane.axes);
    assert!((dot(&plane.axes[1], &[-0.8, 0.6, 0.0]).abs() - 1.0).abs() < 1e-6, "{:?}", plane.axes);
    let shares = plane.shares(&rows, 20.5);
    assert!((shares[0] - 18.0 / 20.5).abs() < 1e-6 && (shares[1] - 2.0 / 20.5).abs() < 1e-6, "{shares:?}");
    let mut faced = Plane::principal(&rows, &gram(&rows), 1).unwrap();
    faced.face(&[0.6, 0.8, 7.0]);
    let at = faced.project(&[0.6, 0.8, 7.0]);
    assert!((at[0] - 1.0).abs() < 1e-6 && at[1].abs() < 1e-6, "what stands upright is left out: {at:?}");
}

#[test]
fn points_on_a_line_have_a_second_axis_at_a_right_angle_and_points_at_the_start_no_plane() {
    let rows = vec![vec![1.0, 2.0, 2.0], vec![2.0, 4.0, 4.0]];
    let plane = Plane::principal(&rows, &gram(&rows), 1).unwrap();
    assert!(dot(&plane.axes[0], &plane.axes[1]).abs() < 1e-12);
    let shares = plane.shares(&rows, 45.0);
    assert!((shares[0] - 1.0).abs() < 1e-9 && shares[1] < 1e-9, "{shares:?}");
    let still = vec![vec![0.0; 3]; 2];
    assert!(Plane::principal(&still, &gram(&still), 1).is_none());
}

#[test]
fn a_filter_of_a_random_direction_is_as_long_as_the_weights_own() {
    let entry = |name: &str, shape: &[usize]| Entry { name: name.into(), shape: shape.to_vec() };
    let layout = [entry("conv", &[2, 1, 1, 2]), entry("bias", &[2]), entry("linear", &[2, 3])];
    let start = [3.0, 4.0, 0.0, 2.0, 9.0, 9.0, 1.0, 0.0, 5.0, 1.0, 0.0, 12.0];
    let mut direction = [1.0, 1.0, 1.0, -1.0, 7.0, 7.0, 1.0, 2.0, 3.0, -1.0, 2.0, 4.0];
    normalize(&layout, &start, &mut direction);
    let length = |places: &[usize]| places.iter().map(|&place| direction[place].powi(2)).sum::<f64>().sqrt();
    close(length(&[0, 1]), 5.0);
    close(length(&[2, 3]), 2.0);
    assert_eq!(direction[4..6], [0.0, 0.0], "biases stay where they are");
    close(length(&[6, 9]), 2f64.sqrt());
    close(length(&[7, 10]), 0.0);
    close(length(&[8, 11]), 13.0);
    assert!(direction[3] < 0.0 && direction[9] < 0.0, "a direction is scaled, not turned about");
}

#[test]
fn a_path_ends_where_the_fast_weights_of_its_task_do() {
    let session = session(small(LearnerKind::Maml));
    let mapping = laid(&session, 3, PlaneKind::Paths);
    let landscape = mapping.landscape().unwrap();
    assert_eq!(landscape.paths.iter().map(|path| path.index).collect::<Vec<_>>(), [3, 0, 1, 2]);
    assert_eq!(
        (landscape.steps.as_slice(), landscape.paths[0].shown, landscape.paths[1].shown),
        (&[0, 1, 2][..], true, false)
    );
    let tasks = session.shown_tasks(&shown(3)).unwrap();
    let path = session.learner.adapt(session.meta(), &tasks.support, session.eval_loop(2));
    let values = block_on(read(vec![path.params[0].flatten(), path.end().flatten()])).unwrap();
    let moved: Vec<f64> = values[1].iter().zip(&values[0]).map(|(end, start)| end - start).collect();
    close(landscape.paths[0].distance[2], dot(&moved, &moved).sqrt());
    let at = mapping.plane.as_ref().unwrap().0.project(&moved);
    close(landscape.paths[0].at[2][0], at[0]);
    close(landscape.paths[0].at[2][1], at[1]);
    assert!(landscape.shares[0] >= landscape.shares[1] && landscape.shares[0] + landscape.shares[1] <= 1.0 + 1e-9);
}

#[test]
fn a_single_path_of_two_steps_lies_in_its_plane_and_the_surface_there_is_its_loss() {
    let session = session(small(LearnerKind::Maml));
    let mapping = laid(&session, 0, PlaneKind::Paths);
    let landscape = mapping.landscape().unwrap();
    close(landscape.shares[0] + landscape.shares[1], 1.0);
    close(landscape.paths[0].inside, 1.0);
    assert_eq!(landscape.apart, None);
    let trajectory = super::super::tests::regression(&session, &shown(3));
    let axes = &mapping.plane.as_ref().unwrap().1;
    let [support, query] = block_on(mapping.losses(axes, &landscape.paths[0].at)).unwrap();
    for (step, expected) in trajectory.steps.iter().enumerate() {
        close(support[step], f64::from(expected.support_loss));
        close(query[step], f64::from(expected.query_loss));
    }
    assert!(support[0] > 1.01 * support[2], "or the test says nothing: {support:?}");
}

#[test]
fn the_middle_of_the_random_plane_is_the_start_and_so_is_its_loss() {
    let session = session(small(LearnerKind::Maml));
    let landscape = whole(&session, 2, PlaneKind::Random, 17);
    let surface = landscape.surface.unwrap();
    let trajectory = super::super::tests::regression(&session, &shown(3));
    assert_eq!((surface.side, surface.support.len(), surface.query.len()), (17, 289, 289));
    close(surface.support[144].into(), trajectory.steps[0].support_loss.into());
    close(surface.query[144].into(), trajectory.steps[0].query_loss.into());
    assert_eq!((landscape.middle, landscape.half), ([0.0; 2], 1.0));
    assert!(surface.support.iter().any(|loss| (loss - surface.support[144]).abs() > 0.1));
}

#[test]
fn a_finer_grid_holds_the_coarser_one() {
    let session = session(small(LearnerKind::Maml));
    let [coarse, fine] = [9, 17].map(|side| whole(&session, 2, PlaneKind::Paths, side).surface.unwrap());
    for (place, loss) in coarse.support.iter().enumerate() {
        close(fine.support[2 * (place / 9) * 17 + 2 * (place % 9)].into(), (*loss).into());
    }
}

#[test]
fn reptiles_arrow_points_to_the_mean_of_the_paths_ends_and_fomamls_is_not_mamls() {
    let landscape = whole(&session(small(LearnerKind::Maml)), 4, PlaneKind::Paths, 9);
    let arrow = |kind: LearnerKind| *landscape.arrows.iter().find(|arrow| arrow.kind == kind).unwrap();
    let reptile = arrow(LearnerKind::Reptile);
    for axis in [0, 1] {
        let mean = landscape.paths.iter().map(|path| path.at[2][axis]).sum::<f64>() / 5.0;
        close(reptile.at[axis], mean);
    }
    assert_ne!(arrow(LearnerKind::Maml).at, arrow(LearnerKind::Fomaml).at);
    assert!(landscape.arrows.iter().all(|arrow| (0.0..=1.0).contains(&arrow.inside)));
}

#[test]
fn distances_between_ends_are_those_of_the_whole_space() {
    let session = session(small(LearnerKind::Maml));
    let mapping = laid(&session, 2, PlaneKind::Random);
    let ends: Vec<&Vec<f32>> = [1, 3, 5].map(|row| &mapping.rows[row]).to_vec();
    let between = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>().sqrt();
    let apart = (between(ends[0], ends[1]) + between(ends[0], ends[2]) + between(ends[1], ends[2])) / 3.0;
    let landscape = mapping.landscape().unwrap();
    close(landscape.apart.unwrap(), apart);
    close(landscape.reach, ends.iter().map(|end| product(end, end).sqrt()).sum::<f64>() / 3.0);
    close(landscape.spread().unwrap(), apart / landscape.reach);
}

#[test]
fn characters_have_a_landscape_and_a_learner_of_part_of_the_network_moves_that_part() {
    let mut experiment = preset("glyphs-light-maml-5w1s").unwrap().experiment();
    (experiment.model.filters, experiment.task.queries, experiment.learner.eval_steps) = (8, 1, 2);
    experiment.learner.kind = LearnerKind::Anil;
    let session = session(experiment);
    let mapping = laid(&session, 1, PlaneKind::Paths);
    let head: usize = mapping.layout[session.learner.network().head()].iter().map(Entry::len).sum();
    let body = mapping.rows[0].len() - head;
    assert!(mapping.rows.iter().all(|row| row[..body].iter().all(|&value| value == 0.0)));
    assert!(mapping.rows[1][body..].iter().any(|&value| value != 0.0));
}

#[test]
fn what_was_trained_on_all_functions_at_once_moves_in_the_whole_network_or_in_its_head() {
    for kind in [LearnerKind::Pretrained, LearnerKind::LinearProbe] {
        let session = session(small(kind));
        let mapping = laid(&session, 1, PlaneKind::Paths);
        let head: usize = mapping.layout[session.learner.network().head()].iter().map(Entry::len).sum();
        let (body, head) = mapping.rows[1].split_at(mapping.rows[1].len() - head);
        assert!(head.iter().any(|&value| value != 0.0), "{kind:?}");
        assert_eq!(body.iter().any(|&value| value != 0.0), kind == LearnerKind::Pretrained, "{kind:?}");
        assert_eq!(body.len() + head.len(), session.learner.layout().iter().map(Entry::len).sum::<usize>(), "{kind:?}");
    }
}

#[test]
fn the_surface_of_a_quadratic_is_a_parabola_along_every_line() {
    let mut experiment = preset("quadratic-lstm").unwrap().experiment();
    (experiment.learner.kind, experiment.learner.eval_steps, experiment.learner.eval_lr) = (LearnerKind::Maml, 2, 0.01);
    let landscape = whole(&session(experiment), 3, PlaneKind::Paths, 9);
    let losses = landscape.surface.unwrap().support;
    let row: Vec<f64> = losses[36..45].iter().copied().map(f64::from).collect();
    let second: Vec<f64> = row.windows(3).map(|three| three[0] - 2.0 * three[1] + three[2]).collect();
    assert!(second[0] > 0.0, "{second:?}");
    for other in &second {
        assert!((other / second[0] - 1.0).abs() < 1e-2, "{second:?}");
    }
}

#[test]
fn a_task_whose_weights_run_off_is_left_out_and_if_all_do_a_sentence_says_so() {
    let mut experiment = small(LearnerKind::Maml);
    (experiment.learner.eval_lr, experiment.learner.eval_steps) = (10.0, 50);
    let session = session(experiment);
    let said = block_on(session.landscape(&shown(0), 2, (PlaneKind::Paths, 9), |_, _| {})).unwrap_err();
    assert!(matches!(said, EngineError::Landscape(why) if why.contains("smaller")), "{said}");
    let random = whole(&session, 2, PlaneKind::Random, 9);
    assert_eq!((random.diverged, random.paths.len()), (3, 0));
}

#[test]
fn steps_are_thinned_evenly_and_the_first_and_the_last_always_kept() {
    assert_eq!(kept(4, 13, 1000), [0, 1, 2, 3, 4]);
    assert_eq!(kept(10, 40, 1000), [0, 1, 4, 7, 10]);
    assert_eq!(kept(100, 1, MOST_NUMBERS), [0, 100]);
    assert_eq!(kept(0, 13, 1000), [0]);
}

#[test]
fn a_learner_without_paths_and_a_grid_that_does_not_exist_are_refused() {
    let refused = |kind, side| {
        let session = session(small(kind));
        Mapping::new(&session, &shown(0), 2, (PlaneKind::Paths, side)).err().unwrap().to_string()
    };
    assert!(refused(LearnerKind::Ridge, 9).contains("no gradient steps"));
    assert!(refused(LearnerKind::Maml, 10).contains("9, 17, 33 or 65"));
}
