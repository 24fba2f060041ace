//! Pictures of what is inside a network and inside a step.

use super::{tests::WIDTH, *};
use crate::{
    chart::{Sheet, Theme},
    experiment::{
        Activations, Adaptation, Anatomy, Back, BackStep, Block, CharacterStep, CharacterTrajectory, Drawing, Example,
        InnerOptimizer, InnerStep, Inside, Interval, LayerCourse, LayerFigures, Layers, LearnerKind, Likeness,
        LikenessKind, Prototype, Query, Scene, Stage, WayBack,
    },
    task::Image,
};

fn layers() -> Layers {
    let figures = |alike| LayerFigures { alike: Some(alike), change: Some(1.0 - alike), gradient: Some(alike) };
    let means = |alike| {
        let mean = Some(Interval { mean: alike, ci95: 0.1 });
        LayerFigures { alike: mean, change: mean, gradient: mean }
    };
    let layer = |name: &str, head, last| LayerCourse {
        name: name.to_owned(),
        head,
        shown: vec![figures(1.0), figures(last)],
        others: vec![means(1.0), means(last)],
    };
    let example = |query, class| Example { query, class: Some(class), point: None };
    let scene = Scene {
        features: 8,
        shares: [0.5, 0.25],
        examples: vec![example(false, 0), example(false, 1), example(true, 1)],
        places: vec![vec![[0.0, 0.0], [1.0, 0.0], [0.5, 0.5]], vec![[0.0, 1.0], [1.0, 0.0], [0.9, 0.1]]],
        prototypes: vec![Prototype { at: [0.0, 1.0], off: 0.0 }, Prototype { at: [1.0, 0.0], off: 0.1 }],
    };
    let likeness =
        Likeness { kind: LikenessKind::Attention, columns: vec![Some(0), Some(1)], rows: vec![vec![0.25, 0.75]] };
    Layers {
        meta_step: 7,
        steps: vec![0, 3],
        layers: vec![layer("conv0", false, 0.9), layer("conv1", true, 0.2)],
        tasks: 20,
        diverged: 0,
        scene: Some(scene),
        likeness: Some(likeness),
        filters: vec![vec![0.5; 18], vec![-0.25; 18]],
    }
}

fn activations() -> Activations {
    let block = Block { side: 2, maps: 3, values: vec![vec![1.0; 12], vec![0.5; 12]] };
    Activations { meta_step: 7, drawing: 0, steps: vec![0, 3], blocks: vec![block.clone(), block] }
}

/// The same of a learner whose layers stay.
fn still() -> (Layers, Activations) {
    let (mut layers, mut maps) = (layers(), activations());
    (layers.steps, layers.layers) = (vec![0], Vec::new());
    layers.filters.truncate(1);
    maps.steps.truncate(1);
    maps.blocks.iter_mut().for_each(|block| block.values.truncate(1));
    (layers, maps)
}

fn opened(adaptation: Adaptation) -> Anatomy {
    let classes = matches!(adaptation, Adaptation::Characters(_));
    let told = |value: f64| if classes { vec![value, 1.0 - value] } else { vec![value] };
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
        layers: vec!["layer0".to_owned(), "layer1".to_owned()],
        steps: vec![InnerStep {
            seen: vec![0, 1],
            predictions: vec![told(0.75), told(0.5)],
            targets: vec![0.0, 1.0],
            terms: vec![1.0, 9.0],
            loss: 5.0,
            gradient: vec![3.0, 4.0],
            moved: vec![0.3, 0.4],
            length: vec![1.0, 1.0],
        }],
        queries: vec![Query { x: Some(0.5), target: 0.0, predictions: [told(0.25), told(0.75)], terms: [2.0, 1.0] }],
        query_loss: [2.0, 1.0],
        way: Some(WayBack {
            taken: true,
            last: vec![1.0, 2.0],
            steps: vec![BackStep { bent: vec![0.5, 0.25], to: vec![0.75, 1.9] }],
            cosines: vec![None; 3],
        }),
        learned: vec!["layer0".to_owned(), "layer1".to_owned()],
        gradient: None,
        followed: Vec::new(),
        outer: None,
    }
}

fn regression() -> Anatomy {
    opened(Adaptation::Regression(super::tests::trajectory()))
}

fn characters_opened() -> Anatomy {
    let drawing = |class| Drawing { image: Image::blank(), class: Some(class) };
    let step = || CharacterStep {
        support_loss: 1.0,
        query_loss: Some(1.0),
        support_accuracy: 0.5,
        query_accuracy: Some(0.5),
        gradient_norm: 1.0,
        query_probabilities: vec![vec![0.5, 0.5]],
        support_probabilities: vec![vec![0.5, 0.5]; 2],
        change: vec![0.0],
    };
    let task = CharacterTrajectory {
        support: vec![drawing(0), drawing(1)],
        query: vec![drawing(0)],
        steps: vec![step(), step()],
        ..CharacterTrajectory::default()
    };
    opened(Adaptation::Characters(task))
}

/// Every figure, in a language.
pub(super) fn all(locale: Locale) -> Vec<(&'static str, Sheet)> {
    let (seen, maps_of) = (layers(), activations());
    let (stays, stay) = still();
    let mut points = layers();
    for (place, example) in points.scene.iter_mut().flat_map(|scene| &mut scene.examples).enumerate() {
        (example.class, example.point) = (None, Some([place as f32, 1.0]));
    }
    let stages = [Stage::Start, Stage::Forward, Stage::Loss, Stage::Gradient, Stage::Update, Stage::Query, Stage::Back];
    let stage = |of: &Anatomy, stage| anatomy(locale, of, (stage, 0, None), WIDTH);
    let (regression, drawn) = (regression(), characters_opened());
    let mut all = vec![
        ("layers", super::layers(locale, &seen, true, Some(3), WIDTH).unwrap()),
        ("embedding", embedding(locale, &seen, 1, WIDTH).unwrap()),
        ("embedding of points", embedding(locale, &points, 1, WIDTH).unwrap()),
        ("likeness", likeness(locale, &seen, WIDTH).unwrap()),
        ("filters", filters(locale, &seen, 1, WIDTH).unwrap()),
        ("filters that stay", filters(locale, &stays, 0, WIDTH).unwrap()),
        ("maps", maps(locale, &seen, (&maps_of, "a drawing"), 1, WIDTH).unwrap()),
        ("maps that stay", maps(locale, &stays, (&stay, "a drawing"), 0, WIDTH).unwrap()),
    ];
    for at in stages {
        all.extend([("a stage", stage(&regression, at)), ("a stage of drawings", stage(&drawn, at))]);
    }
    all
}

/// The sizes of the pictures of a figure.
fn images(sheet: &Sheet) -> Vec<(f64, f64)> {
    let marks = sheet.plots.iter().flat_map(|plot| &plot.marks);
    let size = |mark: &Mark| match mark {
        Mark::Image { size, .. } => Some(*size),
        _ => None,
    };
    marks.filter_map(size).collect()
}

fn texts(sheet: &Sheet) -> String {
    sheet.picture(Theme::Light, "en").svg
}

#[test]
fn layers_are_three_courses_whose_head_has_the_first_style_and_nothing_moves_in_who_makes_a_head() {
    let sheet = super::layers(Locale::en, &layers(), true, Some(3), WIDTH).unwrap();
    let headings: Vec<_> = sheet.plots.iter().filter_map(|plot| plot.heading.as_deref()).collect();
    assert_eq!(
        headings,
        ["Likeness to before (CKA)", "Change of the weights, by their length", "Gradient of the support loss"]
    );
    let names: Vec<&str> = sheet.legend.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["Block 1", "Head", "95 % interval", "step on show"]);
    let plain = super::layers(Locale::en, &layers(), false, None, WIDTH).unwrap();
    assert_eq!(plain.legend.len(), 2, "no interval, and no step");
    assert_ne!(plain.caption, sheet.caption, "what is said is of the task on show");
    assert!(sheet.legend[1].markup().contains("c0") && sheet.legend[0].markup().contains("c1"));
    assert!(sheet.plots.iter().all(|plot| plot.markup().contains("class=\"now\"")));
    // An interval is around a mean, and there is none around one task.
    let bands = |means| {
        let sheet = super::layers(Locale::en, &layers(), means, None, WIDTH).unwrap();
        sheet.plots[0].markup().matches("class=\"layer-band c0\" d=\"M").count()
    };
    assert_eq!((bands(true), bands(false)), (1, 0));
    assert_eq!(super::layers(Locale::en, &still().0, true, None, WIDTH), None);
}

#[test]
fn an_embedding_has_a_region_for_each_prototype_and_a_key_for_each_class() {
    let sheet = embedding(Locale::en, &layers(), 1, WIDTH).unwrap();
    let markup = sheet.plots[0].markup();
    assert_eq!(markup.matches("class=\"region k").count(), 2);
    assert_eq!(markup.matches("class=\"spot of-class k1 ").count(), 2);
    assert!(markup.contains("class=\"way\""), "what moved shows its way");
    let names: Vec<&str> = sheet.legend.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["A", "B", "prototype", "support set: filled", "query set: hollow"]);
    // Colours of classes are worked out, and alike in both themes.
    assert!([Theme::Light, Theme::Dark].iter().all(|theme| sheet.picture(*theme, "en").svg.contains("#2d69be")));
    assert_eq!(embedding(Locale::en, &Layers::default(), 0, WIDTH), None);
}

#[test]
fn a_point_has_the_colour_of_its_x_whichever_set_it_is_of() {
    let mut points = layers();
    for (place, example) in points.scene.iter_mut().flat_map(|scene| &mut scene.examples).enumerate() {
        (example.class, example.point) = (None, Some([place as f32, 1.0]));
    }
    let sheet = embedding(Locale::en, &points, 0, WIDTH).unwrap();
    let svg = texts(&sheet);
    let query =
        svg.split("<path").find(|path| path.contains("stroke=\"#fde725\"")).expect("the last has the last colour");
    // A rule would win over the attribute.
    let style = query.split("style=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(style.contains("fill:none") && !style.contains("stroke:"), "{query}");
    // A ring in the colour of the text, and wider, lies behind it: one end of the colours is near either ground.
    for (theme, ink) in [(Theme::Light, "#1d2025"), (Theme::Dark, "#eceae5")] {
        let svg = sheet.picture(theme, "en").svg;
        let paths: Vec<&str> = svg.split("<path").collect();
        let place = paths.iter().position(|path| path.contains("stroke=\"#fde725\"")).unwrap();
        let [ring, query] = [paths[place - 1], paths[place]];
        let of = |path: &str, key: &str| {
            path.split(key).nth(1).and_then(|rest| rest.split(['"', ';']).next()).unwrap_or_default().to_owned()
        };
        assert_eq!(of(ring, " d=\""), of(query, " d=\""));
        assert_eq!(of(ring, "stroke:"), ink);
        let width = |path: &str| of(path, "stroke-width:").parse::<f64>().unwrap();
        assert!(width(ring) > width(query) + 1.5, "{ring} behind {query}");
    }
    assert_eq!(sheet.ramp.map(|ramp| ramp.values), Some(["0", "1.000", "2.000"].map(str::to_owned).into()));
}

#[test]
fn a_matrix_of_likeness_has_its_classes_along_both_sides_and_a_scale_from_0_to_1() {
    let sheet = likeness(Locale::en, &layers(), WIDTH).unwrap();
    assert_eq!(sheet.title, "Which support drawings does each query attend to?");
    let svg = texts(&sheet);
    for text in [">A<", ">B<", ">support set<", ">query set<", ">attention<", ">0<", ">1<"] {
        assert!(svg.contains(text), "{text}");
    }
    assert_eq!(likeness(Locale::en, &Layers::default(), WIDTH), None);
}

#[test]
fn filters_and_maps_stand_in_rows_of_three_with_the_numbers_of_their_colours() {
    let sheet = maps(Locale::en, &layers(), (&activations(), "Support drawing 1, class A"), 1, WIDTH).unwrap();
    assert_eq!(images(&sheet).len(), 9, "before, after and difference of the filters and of two blocks");
    assert!(images(&sheet).iter().all(|(width, _)| 3.0 * width <= WIDTH));
    let svg = texts(&sheet);
    for text in
        [">before<", ">after step 3<", ">difference<", ">Filters<", ">Block 2<", ">−0.500<", ">0.750<", ">1.00<"]
    {
        assert!(svg.contains(text), "{text}");
    }
    assert!(svg.contains("feature maps of Support drawing 1, class A"), "{svg}");
    let alone = filters(Locale::en, &layers(), 1, WIDTH).unwrap();
    assert_eq!(images(&alone).len(), 3);
    assert_eq!(
        alone.caption,
        "After inner step 3 the 2 filters of the first layer have moved by 150\u{202f}% of their length."
    );
    assert_eq!(filters(Locale::en, &Layers::default(), 0, WIDTH), None);
}

#[test]
fn what_no_step_changes_fills_the_width_with_single_pictures() {
    let (layers, maps_of) = still();
    for width in [340.0, WIDTH, 900.0] {
        let sheet = maps(Locale::en, &layers, (&maps_of, "a drawing"), 0, width).unwrap();
        let sizes = images(&sheet);
        assert_eq!(sizes.len(), 3);
        let beside = ((width + 12.0) / (sizes[0].0 + 12.0)).round();
        assert!(beside >= 2.0 && (beside * (sizes[0].0 + 12.0) - 12.0 - width).abs() < 1e-6, "{width}: {sizes:?}");
        assert!(!texts(&sheet).contains(">before<"));
    }
}

#[test]
fn a_stage_is_marked_in_the_diagram_of_the_whole_and_says_what_its_bars_are() {
    let sheet = anatomy(Locale::en, &regression(), (Stage::Gradient, 0, None), WIDTH);
    assert_eq!(sheet.plots[0].heading.as_deref(), Some("Stage 4 of 8 · Backward: the gradient"));
    assert_eq!(sheet.plots[0].markup().matches("class=\"stage now\"").count(), 1);
    assert!(sheet.legend.iter().any(|key| key.name == "‖g‖, gradient"));
    let markup = sheet.plots[1].markup();
    assert!(markup.contains(">layer1<") && markup.contains(">Euclidean norm<") && markup.contains("norm-bar n0"));
    let back = anatomy(Locale::en, &regression(), (Stage::Back, 0, None), WIDTH);
    assert_eq!(back.legend.len(), 3, "v, the Hessian term, and where it leads");
    assert!(back.caption.starts_with("Back through step 1"), "{}", back.caption);
}

#[test]
fn a_stage_of_drawings_has_their_probabilities_and_the_start_has_none_yet() {
    let of = |stage| anatomy(Locale::en, &characters_opened(), (stage, 0, None), WIDTH);
    let (start, forward) = (of(Stage::Start), of(Stage::Forward));
    assert_eq!((images(&start).len(), images(&forward).len()), (2, 2));
    assert!(!start.plots[1].markup().contains("class=\"bars\"") && start.legend.is_empty());
    let heading = |sheet: &Sheet| sheet.plots[1].heading.clone().unwrap();
    assert!(!heading(&start).contains("probability") && heading(&forward).contains("probability"));
    assert!(forward.plots[1].markup().contains(">A 0.75<") && forward.legend.len() == 3);
}

#[test]
fn a_function_without_points_has_the_diagram_alone_at_its_start() {
    let mut quadratic = regression();
    if let Adaptation::Regression(task) = &mut quadratic.adaptation {
        task.grid.clear();
    }
    assert_eq!(anatomy(Locale::en, &quadratic, (Stage::Start, 0, None), WIDTH).plots.len(), 1);
    assert_eq!(anatomy(Locale::en, &quadratic, (Stage::Update, 0, None), WIDTH).plots.len(), 2);
}
