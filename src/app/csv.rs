//! Tables as comma-separated values (RFC 4180), with every digit that there is.

use super::shown::{Reading, Shown};
use crate::{
    chart::{Series, Spread},
    experiment::{
        Activations, Arrow, CharacterTrajectory, Choice as _, CostMeter, Directions, Drawing, Landscape, Layers,
        TaskPath, Trajectory, Turn,
    },
};

/// A table, a row a line.
#[must_use]
pub fn text(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",") + "\r\n").collect()
}

/// A cell, in quotes where it needs them. Spaces of any width become plain ones. A name that a spreadsheet would take for
/// a formula is marked as text: runs come from strangers too.
fn quoted(cell: &str) -> String {
    let mut cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    if cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err() {
        cell.insert(0, '\'');
    }
    if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// A meta-training curve, a bucket a row, then its checks on validation tasks.
#[must_use]
pub fn series(series: &Series) -> String {
    let heads = [
        "meta_step",
        "loss_before",
        "loss_after",
        "accuracy_before",
        "accuracy_after",
        "validation_loss",
        "validation_accuracy",
    ];
    let trained = series.buckets().iter().map(|bucket| {
        let (before, after) = bucket.accuracy.unzip();
        let share = |spread: Option<Spread>| number(spread.map(|spread| spread.mean));
        let losses = [bucket.last.to_string(), bucket.before.mean.to_string(), bucket.after.mean.to_string()];
        losses.into_iter().chain([share(before), share(after), String::new(), String::new()]).collect()
    });
    let checked = series.checks().iter().map(|check| {
        let none = || std::iter::repeat_n(String::new(), 4);
        let found = [check.loss.to_string(), number(check.accuracy)];
        std::iter::once(check.meta_step.to_string()).chain(none()).chain(found).collect()
    });
    text(&std::iter::once(heads.map(str::to_owned).to_vec()).chain(trained).chain(checked).collect::<Vec<_>>())
}

/// What every inner step measures, a step a row; an optimiser beside the learner has a column of query losses.
#[must_use]
pub fn steps(shown: &Shown) -> String {
    let rivals = shown.regression().map(|trajectory| trajectory.rivals.as_slice()).unwrap_or_default();
    let heads = ["step", "support_loss", "query_loss", "gradient_norm", "support_accuracy", "query_accuracy"];
    let names = rivals.iter().map(|rival| format!("query_loss_{}", rival.optimizer.name()));
    let row = |(step, reading): (usize, Reading)| {
        let own = [
            step.to_string(),
            reading.support_loss.to_string(),
            number(reading.query_loss),
            reading.gradient_norm.to_string(),
        ];
        let accuracies = [number(reading.support_accuracy), number(reading.query_accuracy)];
        let beside = rivals.iter().map(|rival| number(rival.query_loss.get(step).copied()));
        own.into_iter().chain(accuracies).chain(beside).collect()
    };
    let first = heads.iter().map(|name| (*name).to_owned()).chain(names).collect();
    text(&std::iter::once(first).chain(shown.readings().enumerate().map(row)).collect::<Vec<_>>())
}

/// A task on its grid with the prediction of every inner step, then its support and query points.
#[must_use]
pub fn trajectory(trajectory: &Trajectory) -> String {
    let count = trajectory.steps.len();
    let heads = ["kind", "x", "y"].iter().map(|name| (*name).to_owned());
    let first = heads.chain((0..count).map(|step| format!("step_{step}"))).collect();
    let grid = trajectory.grid.iter().zip(&trajectory.truth).enumerate().map(|(place, (x, y))| {
        let predicted = trajectory.steps.iter().map(|step| number(step.prediction.get(place).copied()));
        ["task".to_owned(), x.to_string(), y.to_string()].into_iter().chain(predicted).collect()
    });
    let support = trajectory.support.iter().map(|point| ("support", point));
    let points = support.chain(trajectory.query.iter().map(|point| ("query", point))).map(|(kind, point)| {
        let none = std::iter::repeat_n(String::new(), count);
        [kind.to_owned(), point.x.to_string(), point.y.to_string()].into_iter().chain(none).collect()
    });
    text(&std::iter::once(first).chain(grid).chain(points).collect::<Vec<_>>())
}

/// What every query drawing is taken for at every inner step, a drawing a row: its class, and the probability of each class
/// at each step. Classes are called by their letters.
#[must_use]
pub fn characters(task: &CharacterTrajectory, letter: impl Fn(usize) -> char) -> String {
    let letter = &letter;
    let classes = task.classes.len();
    let columns = |step: usize| (0..classes).map(move |class| format!("step_{step}_{}", letter(class)));
    let first = ["query", "class"].map(str::to_owned).into_iter().chain((0..task.steps.len()).flat_map(columns));
    let row = |(place, drawing): (usize, &Drawing)| {
        let class = drawing.class.map(|class| letter(class.into()).to_string()).unwrap_or_default();
        let probabilities = task.steps.iter().flat_map(|step| {
            let own = step.query_probabilities.get(place);
            (0..classes).map(move |class| number(own.and_then(|own| own.get(class).copied())))
        });
        [(place + 1).to_string(), class].into_iter().chain(probabilities).collect()
    };
    text(&std::iter::once(first.collect()).chain(task.query.iter().enumerate().map(row)).collect::<Vec<Vec<String>>>())
}

/// Every place of every path of a landscape, then its arrows: coordinates in the plane, distance from the start in the
/// whole space, and at a path's end and of an arrow the share of it that lies in the plane.
#[must_use]
pub fn paths(landscape: &Landscape) -> String {
    let heads = ["kind", "of", "step", "x", "y", "length", "in_plane"];
    let path = |path: &TaskPath| {
        let kind = if path.own { "own_path" } else { "path" };
        let (index, inside, last) = (path.index, path.inside, path.at.len());
        let places = landscape.steps.iter().zip(&path.at).zip(&path.distance).enumerate();
        let row = move |(place, ((step, [x, y]), distance)): (usize, ((&u32, &[f64; 2]), &f64))| {
            let share = number((place + 1 == last).then_some(inside));
            let cells =
                [index.to_string(), step.to_string(), x.to_string(), y.to_string(), distance.to_string(), share];
            std::iter::once(kind.to_owned()).chain(cells).collect::<Vec<_>>()
        };
        places.map(row).collect::<Vec<_>>()
    };
    let arrow = |arrow: &Arrow| {
        let [x, y] = arrow.at.map(|value| value.to_string());
        let name = arrow.kind.name().to_owned();
        vec!["arrow".to_owned(), name, String::new(), x, y, arrow.norm.to_string(), arrow.inside.to_string()]
    };
    let rows = landscape.paths.iter().flat_map(path).chain(landscape.arrows.iter().map(arrow));
    text(&std::iter::once(heads.map(str::to_owned).to_vec()).chain(rows).collect::<Vec<_>>())
}

/// The losses around the start of a landscape, a point of the plane a row: empty before any is known.
#[must_use]
pub fn surface(landscape: &Landscape) -> String {
    let heads = ["x", "y", "support_loss", "query_loss"];
    let rows = landscape.surface.iter().flat_map(|surface| {
        let side = surface.side.max(1) as usize;
        let at = move |axis: usize, place: usize| {
            let share = 2.0 * place as f64 / side.saturating_sub(1).max(1) as f64 - 1.0;
            landscape.middle[axis] + share * landscape.half
        };
        surface.support.iter().enumerate().map(move |(place, support)| {
            let (x, y) = (at(0, place % side), at(1, place / side));
            vec![x.to_string(), y.to_string(), support.to_string(), number(surface.query.get(place).copied())]
        })
    });
    text(&std::iter::once(heads.map(str::to_owned).to_vec()).chain(rows).collect::<Vec<_>>())
}

/// Every weight of the filters of the first layer, and every value that the blocks make of one drawing, a place of a map a
/// row with a column an inner step. Drawings, maps, rows and columns count from 1.
#[must_use]
pub fn maps(layers: &Layers, activations: Option<&Activations>) -> String {
    let heads = ["part", "drawing", "map", "row", "column"].map(str::to_owned).into_iter();
    let first = heads.chain(layers.steps.iter().map(|step| format!("step_{step}"))).collect();
    let courses = |values: &[Vec<f32>], place: usize| {
        let at = |step: usize| number(values.get(step).and_then(|values| values.get(place).copied()));
        (0..layers.steps.len()).map(at).collect::<Vec<_>>()
    };
    let row = |part: &str, drawing: String, places: [usize; 3], values: Vec<String>| {
        let places = places.map(|place| (place + 1).to_string());
        [part.to_owned(), drawing].into_iter().chain(places).chain(values).collect::<Vec<_>>()
    };
    let mut rows = vec![first];
    for place in 0..layers.filters.first().map_or(0, Vec::len) {
        // 3 by 3 weights a filter, row by row.
        let places = [place / 9, place % 9 / 3, place % 3];
        rows.push(row("filter", String::new(), places, courses(&layers.filters, place)));
    }
    if let Some(Activations { drawing, blocks, .. }) = activations {
        for (before, block) in blocks.iter().enumerate() {
            let (part, side, maps) = (format!("block_{}", before + 1), block.side.max(1), block.maps.max(1));
            let (side, maps) = (side as usize, maps as usize);
            for place in 0..block.values.first().map_or(0, Vec::len) {
                let places = [place % maps, place / maps / side, place / maps % side];
                rows.push(row(&part, (drawing + 1).to_string(), places, courses(&block.values, place)));
            }
        }
    }
    text(&rows)
}

/// Every comparison of directions: of each its cosine with MAML's, and its length over that of MAML's.
#[must_use]
pub fn directions(all: &[Directions]) -> String {
    let heads = [
        "meta_step",
        "maml_norm",
        "fomaml_cosine",
        "fomaml_ratio",
        "reptile_cosine",
        "reptile_ratio",
        "learner_cosine",
        "learner_ratio",
    ];
    let row = |one: &Directions| {
        let turn = |turn: Option<Turn>| {
            let (cosine, ratio) = turn.map(|turn| (turn.cosine, turn.ratio)).unzip();
            [number(cosine), number(ratio)]
        };
        let own = [one.meta_step.to_string(), one.norm.to_string()];
        own.into_iter().chain([one.fomaml, one.reptile, one.own].into_iter().flat_map(turn)).collect()
    };
    text(&std::iter::once(heads.map(str::to_owned).to_vec()).chain(all.iter().map(row)).collect::<Vec<_>>())
}

/// What a meta-step of either order costs, a number of inner steps a row.
#[must_use]
pub fn costs(meter: &CostMeter) -> String {
    let heads = ["inner_steps", "first_order_ms", "second_order_ms", "first_order_bytes", "second_order_bytes"]
        .map(str::to_owned);
    let rows = meter.at.iter().map(|at| {
        let (first, second) = (at.first, at.second);
        let spent = [first.ms.to_string(), second.ms.to_string(), first.bytes.to_string(), second.bytes.to_string()];
        std::iter::once(at.steps.to_string()).chain(spent).collect()
    });
    text(&std::iter::once(heads.to_vec()).chain(rows).collect::<Vec<_>>())
}

/// A number, or nothing.
fn number<N: ToString>(value: Option<N>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::shown::Subject,
        experiment::{
            Adaptation, Block, CharacterStep, Check, CostAt, CurvePoint, InnerOptimizer, LearnerKind, PlaneKind, Point,
            Rival, Spent, Surface, TrajectoryStep,
        },
    };

    fn table(rows: &[&[&str]]) -> String {
        text(&rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect::<Vec<_>>())
    }

    #[test]
    fn a_table_is_a_line_a_row_and_a_comma_between_cells() {
        assert_eq!(table(&[&["step", "loss"], &["0", "1.5"]]), "step,loss\r\n0,1.5\r\n");
    }

    #[test]
    fn a_curve_has_a_row_a_bucket_and_its_checks_below() {
        let mut curve = Series::default();
        curve.extend(&[CurvePoint { meta_step: 3, before: 2.0, after: 0.5, accuracy: None }]);
        curve.extend_checks(&[Check { meta_step: 3, loss: 0.7, accuracy: Some(0.5) }]);
        let written = series(&curve);
        assert_eq!(written.lines().skip(1).collect::<Vec<_>>(), ["3,2,0.5,,,,", "3,,,,,0.7,0.5"]);
    }

    #[test]
    fn a_trajectory_has_its_grid_and_points_and_its_steps_what_they_measure() {
        let step = TrajectoryStep {
            support_loss: 1.0,
            query_loss: 2.0,
            gradient_norm: 3.0,
            prediction: vec![0.25],
            deviation: Vec::new(),
        };
        let rival = Rival { optimizer: InnerOptimizer::Sgd, lr: 0.1, query_loss: vec![9.0] };
        let point = Point { x: 0.5, y: 1.5 };
        let moved = Trajectory {
            support: vec![point],
            query: Vec::new(),
            grid: vec![-1.0],
            truth: vec![4.0],
            steps: vec![step],
            rivals: vec![rival],
        };
        assert_eq!(trajectory(&moved).replace("\r\n", " "), "kind,x,y,step_0 task,-1,4,0.25 support,0.5,1.5, ");
        let adaptation = std::sync::Arc::new(Adaptation::Regression(moved));
        let shown = Shown { meta_step: 0, subject: Subject::Sampled { index: 0 }, adaptation };
        assert_eq!(steps(&shown).lines().last(), Some("0,1,2,3,,,9"));
        assert!(steps(&shown).lines().next().is_some_and(|heads| heads.ends_with(",query_loss_sgd")));
    }

    #[test]
    fn every_query_drawing_has_the_probability_of_each_class_at_each_step() {
        let step = |row: Vec<f32>| CharacterStep {
            support_loss: 0.0,
            query_loss: None,
            support_accuracy: 1.0,
            query_accuracy: None,
            gradient_norm: 0.0,
            support_probabilities: Vec::new(),
            query_probabilities: vec![row],
            change: Vec::new(),
        };
        let task = CharacterTrajectory {
            classes: vec!["a".to_owned(), "b".to_owned()],
            query: vec![Drawing { image: crate::task::Image::blank(), class: Some(1) }],
            steps: vec![step(vec![0.5, 0.5]), step(vec![0.25, 0.75])],
            ..CharacterTrajectory::default()
        };
        // A visitor who drew the first class and the third.
        let written = characters(&task, |class| if class == 1 { 'C' } else { 'A' });
        assert_eq!(
            written.lines().collect::<Vec<_>>(),
            ["query,class,step_0_A,step_0_C,step_1_A,step_1_C", "1,C,0.5,0.5,0.25,0.75"]
        );
    }

    /// The rows below the heads.
    fn rows(written: &str) -> Vec<&str> {
        written.lines().skip(1).collect()
    }

    fn landscape() -> Landscape {
        let path = |index, own, end: [f64; 2]| TaskPath {
            index,
            shown: own,
            own,
            at: vec![[0.0; 2], end],
            distance: vec![0.0, 1.25],
            inside: 0.5,
        };
        Landscape {
            meta_step: 0,
            plane: PlaneKind::Paths,
            shares: [0.5, 0.25],
            steps: vec![0, 10],
            paths: vec![path(3, true, [0.123_456_789, -1.0]), path(7, false, [0.0, 2.0])],
            diverged: 0,
            reach: 1.0,
            apart: None,
            arrows: vec![Arrow { kind: LearnerKind::Fomaml, at: [1.0, -2.0], norm: 4.0, inside: 0.75 }],
            middle: [1.0, 0.0],
            half: 2.0,
            surface: None,
        }
    }

    #[test]
    fn every_place_of_every_path_has_a_row_and_so_has_every_arrow() {
        assert_eq!(
            rows(&paths(&landscape())),
            [
                "own_path,3,0,0,0,0,",
                "own_path,3,10,0.123456789,-1,1.25,0.5",
                "path,7,0,0,0,0,",
                "path,7,10,0,2,1.25,0.5",
                "arrow,fomaml,,1,-2,4,0.75",
            ]
        );
    }

    #[test]
    fn every_point_of_a_surface_has_its_place_and_both_losses() {
        let mut drawn = landscape();
        assert_eq!(surface(&drawn).lines().count(), 1, "nothing is known");
        let mut support = vec![0.5; 9];
        support[1] = 0.123_456_7;
        drawn.surface = Some(Surface { side: 3, support, query: Vec::new() });
        let written = surface(&drawn);
        assert_eq!(rows(&written).len(), 9);
        assert_eq!(rows(&written)[..4], ["-1,-2,0.5,", "1,-2,0.1234567,", "3,-2,0.5,", "-1,0,0.5,"]);
        drawn.surface = Some(Surface { side: 3, support: vec![0.5; 9], query: vec![0.25; 9] });
        assert_eq!(rows(&surface(&drawn)).last(), Some(&"3,2,0.5,0.25"));
    }

    #[test]
    fn every_weight_of_the_filters_and_every_value_of_the_maps_is_there_at_every_step() {
        let weights = |by: f32| (0..18).map(|place| place as f32 + by).collect::<Vec<_>>();
        let layers = Layers { steps: vec![0, 5], filters: vec![weights(0.0), weights(0.5)], ..Layers::default() };
        // Two places in a row, two rows, three maps.
        let block = Block { side: 2, maps: 3, values: vec![(0..12).map(|place| place as f32).collect()] };
        let maps_of = Activations { meta_step: 0, drawing: 4, steps: vec![0, 5], blocks: vec![block] };
        let written = maps(&layers, Some(&maps_of));
        assert_eq!(written.lines().next(), Some("part,drawing,map,row,column,step_0,step_5"));
        let written = rows(&written);
        assert_eq!(written.len(), 18 + 12);
        assert_eq!((written[0], written[14]), ("filter,,1,1,1,0,0.5", "filter,,2,2,3,14,14.5"));
        assert_eq!((written[18], written[18 + 11]), ("block_1,5,1,1,1,0,", "block_1,5,3,2,2,11,"));
        assert_eq!(written[18 + 4], "block_1,5,2,1,2,4,", "place by place, at each place all maps");
        assert_eq!(rows(&maps(&layers, None)).len(), 18);
    }

    #[test]
    fn every_comparison_of_directions_and_every_cost_has_a_row_with_all_its_digits() {
        let turn = |cosine| Some(Turn { cosine, ratio: 0.5 });
        let one =
            |meta_step| Directions { meta_step, norm: 2.0, fomaml: turn(0.987_654_321), reptile: None, own: None };
        let all: Vec<_> = (0..100).map(one).collect();
        let written = directions(&all);
        assert_eq!((rows(&written).len(), rows(&written)[7]), (100, "7,2,0.987654321,0.5,,,,"));
        let spent = |ms, bytes| Spent { ms, times: 3, bytes };
        let at = vec![CostAt { steps: 5, first: spent(1.25, 1000.0), second: spent(2.123_456_789, 3000.0) }];
        let written = costs(&CostMeter { at, ..CostMeter::default() });
        assert_eq!(rows(&written), ["5,1.25,2.123456789,1000,3000"]);
    }

    #[test]
    fn cells_with_commas_or_quotes_are_quoted() {
        assert_eq!(table(&[&["40,40", "a \"b\""]]), "\"40,40\",\"a \"\"b\"\"\"\r\n");
    }

    #[test]
    fn a_name_that_a_spreadsheet_would_carry_out_is_marked_as_text_and_numbers_are_not() {
        assert_eq!(table(&[&["=1+1", "@run", "-1.5", "-inf", "-x"]]), "'=1+1,'@run,-1.5,-inf,'-x\r\n");
    }

    #[test]
    fn a_cell_stays_on_its_line_and_its_spaces_are_plain() {
        assert_eq!(table(&[&[" 0.5\u{202f}±\u{202f}0.1\n100 tasks "]]), "0.5 ± 0.1 100 tasks\r\n");
    }
}
