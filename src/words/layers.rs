//! Words for layers: their names, their figures, and the sentences beneath what is seen of them.

use super::{Locale, classified::letter, format, landscape, tell};
use crate::experiment::{
    Activations, Example, Interval, LayerCourse, LayerFigure, Layers, Likeness, LikenessKind, Reuse, Scene, moved,
};

/// A sentence behind another; Chinese puts no space between.
fn after(locale: Locale, first: &str, then: &str) -> String {
    let gap = if locale == Locale::zh || first.is_empty() { "" } else { " " };
    format!("{first}{gap}{then}")
}

/// A layer's name: what it is, and its number.
pub fn layer(locale: Locale, layer: &LayerCourse) -> String {
    let digits: String = layer.name.chars().filter(char::is_ascii_digit).collect();
    let number = digits.parse::<u32>().map_or(0, |number| number + 1);
    match layer.name.strip_suffix(digits.as_str()) {
        _ if layer.head => tell!(locale, layers.head).to_owned(),
        Some("conv") => tell!(locale, layers.block, number),
        _ => tell!(locale, layers.layer, number),
    }
}

/// What a figure measures.
pub fn figure(locale: Locale, figure: LayerFigure) -> &'static str {
    match figure {
        LayerFigure::Alike => tell!(locale, layers.alike),
        LayerFigure::Change => tell!(locale, layers.change),
        LayerFigure::Gradient => tell!(locale, layers.gradient),
    }
}

/// A figure of the task on show.
pub fn value(of: LayerFigure, value: Option<f64>) -> String {
    value.map_or_else(
        || "–".to_owned(),
        |value| match of {
            LayerFigure::Alike => format::cosine(value),
            _ => format::loss(value as f32),
        },
    )
}

/// A mean over tasks and its interval.
pub fn mean(mean: Option<Interval>) -> String {
    mean.map_or_else(|| "–".to_owned(), |Interval { mean, ci95 }| format::interval(mean, ci95))
}

/// A likeness in a sentence.
fn likeness(value: f64) -> String {
    format!("{value:.2}")
}

/// The sentence that answers the panel's question: of the means over the further tasks, or of the task on show.
pub fn caption(locale: Locale, layers: &Layers, means: bool) -> Option<String> {
    let place = layers.steps.len().checked_sub(1)?;
    let step = layers.steps[place];
    if layers.layers.is_empty() {
        return Some(tell!(locale, layers.caption_none).to_owned());
    }
    let Some((features, head)) = layers.features_and_head(place, means) else {
        // A head of zeros says the same of everything, which is alike to nothing.
        let [.., body, _] = layers.layers.as_slice() else { return None };
        let features = body.shown.get(place)?.alike?;
        return Some(tell!(locale, layers.caption_new_head, step, features = likeness(features)));
    };
    let still = |layer: &LayerCourse| layer.shown.get(place).is_some_and(|figures| figures.change == Some(0.0));
    let body = &layers.layers[..layers.layers.len() - 1];
    let verdict = match Reuse::of(features, head) {
        Reuse::Still => tell!(locale, layers.verdict_still),
        _ if layers.layers.iter().all(still) => tell!(locale, layers.verdict_no_weight),
        _ if body.iter().all(still) => tell!(locale, layers.verdict_head),
        _ if layers.layers.last().is_some_and(still) => tell!(locale, layers.verdict_body),
        Reuse::Features => tell!(locale, layers.verdict_reuse),
        Reuse::Both => tell!(locale, layers.verdict_both),
        Reuse::Learning => tell!(locale, layers.verdict_learning),
    };
    let (features, head) = (likeness(features), likeness(head));
    let said = tell!(locale, layers.caption, step, features, head, verdict);
    let over = match layers.tasks {
        tasks if means && tasks > 1 => tell!(locale, layers.over_tasks, tasks),
        _ => tell!(locale, layers.over_shown).to_owned(),
    };
    Some(after(locale, &said, &over))
}

/// From which meta-parameters, and what was left out.
pub fn of(locale: Locale, layers: &Layers) -> String {
    let of = tell!(locale, layers.of, steps = layers.meta_step);
    match layers.diverged {
        0 => of,
        tasks => after(locale, &of, &tell!(locale, layers.diverged, tasks)),
    }
}

/// What there is to notice in the picture of the examples, at a place among the steps.
pub fn scene(locale: Locale, layers: &Layers, scene: &Scene, place: usize) -> String {
    let (examples, features) = (scene.examples.len(), scene.features);
    let share = landscape::share(scene.shares.iter().sum());
    let plane = tell!(locale, layers.scene_plane, examples, features, share);
    let own = |place| scene.among_their_own(place);
    let noticed = match (own(place), own(0)) {
        (Some((right, count)), _) if !scene.prototypes.is_empty() => {
            tell!(locale, layers.scene_prototypes, right, count)
        }
        (Some((right, count)), Some((before, _))) if place > 0 => {
            let step = layers.steps.get(place).copied().unwrap_or_default();
            tell!(locale, layers.scene_moved, step, right, count, before)
        }
        (Some((right, count)), _) => tell!(locale, layers.scene_nearest, right, count),
        (None, _) if scene.examples.iter().any(|example| example.point.is_some()) => {
            tell!(locale, layers.scene_points).to_owned()
        }
        (None, _) => String::new(),
    };
    after(locale, &noticed, &plane)
}

/// An example's name.
pub fn example(locale: Locale, example: &Example, number: usize) -> String {
    let set = match example.query {
        true => tell!(locale, layers.query),
        false => tell!(locale, layers.support),
    };
    tell!(locale, layers.example, set, number = number + 1)
}

/// Its class, or where it is a point its x.
pub fn of_example(example: &Example) -> String {
    match (example.class, example.point) {
        (Some(class), _) => letter(class.into()).to_string(),
        (None, Some([x, _])) => landscape::number(x.into()),
        (None, None) => "?".to_owned(),
    }
}

/// What a matrix of likeness holds.
pub fn likeness_title(locale: Locale, kind: LikenessKind) -> &'static str {
    match kind {
        LikenessKind::Attention => tell!(locale, layers.attention_title),
        LikenessKind::SameClass => tell!(locale, layers.same_class_title),
        LikenessKind::Relation => tell!(locale, layers.relation_title),
    }
}

/// What its colours tell.
pub fn likeness_measure(locale: Locale, kind: LikenessKind) -> &'static str {
    match kind {
        LikenessKind::Attention => tell!(locale, layers.likeness_attention),
        LikenessKind::SameClass => tell!(locale, layers.likeness_same_class),
        LikenessKind::Relation => tell!(locale, layers.likeness_relation),
    }
}

/// The classes of the queries, which are its rows.
pub fn queries(layers: &Layers) -> Vec<Option<u8>> {
    let all = layers.scene.iter().flat_map(|scene| &scene.examples);
    all.filter(|example| example.query).map(|example| example.class).collect()
}

/// What there is to notice in it.
pub fn likeness_caption(locale: Locale, likeness: &Likeness, queries: &[Option<u8>]) -> String {
    let Some((own, other)) = likeness.own_and_other(queries) else {
        return tell!(locale, layers.likeness_unknown).to_owned();
    };
    let (own, other) = (landscape::share(own), landscape::share(other));
    match likeness.kind {
        LikenessKind::Attention => tell!(locale, layers.attention_caption, own, other),
        LikenessKind::SameClass => tell!(locale, layers.same_class_caption, own, other),
        LikenessKind::Relation => tell!(locale, layers.relation_caption, own, other),
    }
}

/// A drawing's name: its set, its number counted from 0, and its class.
pub fn drawing(locale: Locale, query: bool, number: usize, class: Option<usize>) -> String {
    let set = if query { tell!(locale, layers.query) } else { tell!(locale, layers.support) };
    let letter = class.map_or('?', letter).to_string();
    tell!(locale, layers.maps_drawing, set, number = number + 1, letter)
}

/// What the colours of a picture go to, of `count` pictures; those of what may be of either sign both ways.
pub fn scale(locale: Locale, name: &str, (most, apart): (f64, f64), signed: bool, count: usize) -> String {
    let number = |value: f64| format::loss(value as f32);
    let most = if signed { format!("±{}", number(most)) } else { number(most) };
    match count {
        1 => tell!(locale, layers.maps_scale_still, name, most),
        _ => tell!(locale, layers.maps_scale, name, most, apart = number(apart)),
    }
}

/// How many filters of the first layer there are, and how far they have moved at a place among the steps.
pub fn filters(locale: Locale, layers: &Layers, place: usize) -> String {
    let (first, now) = (layers.filters.first(), layers.filters.get(place));
    // Each has three rows of three weights.
    let count = first.map_or(0, |first| first.len() / 9);
    let by = first.zip(now).and_then(|(first, now)| moved(first, now));
    let step = layers.steps.get(place).copied().unwrap_or_default();
    match by {
        _ if layers.filters.len() == 1 => tell!(locale, layers.filters_still, count),
        _ if place == 0 => tell!(locale, layers.filters_before, count),
        Some(0.0) => tell!(locale, layers.filters_alone_unmoved, step, count),
        Some(by) => tell!(locale, layers.filters_alone, step, count, by = landscape::share(by)),
        None => tell!(locale, layers.filters_unknown, step, count),
    }
}

/// What there is to notice in filters and feature maps, at a place among the steps.
pub fn maps(locale: Locale, layers: &Layers, activations: &Activations, place: usize) -> String {
    // Training may have gone on between the two, and another drawing asks for maps alone.
    if activations.meta_step != layers.meta_step {
        return tell!(locale, layers.maps_later).to_owned();
    }
    let blocks = activations.blocks.len();
    if activations.steps.len() == 1 {
        return tell!(locale, layers.maps_still, blocks);
    }
    if place == 0 {
        return tell!(locale, layers.maps_before, blocks);
    }
    let step = activations.steps.get(place).copied().unwrap_or_default();
    let changes = activations.blocks.iter().map(|block| block.change(place)).collect::<Option<Vec<f64>>>();
    let said = match changes {
        None => tell!(locale, layers.maps_unknown, step),
        Some(changes) if changes.iter().all(|change| *change == 0.0) => {
            tell!(locale, layers.maps_unchanged, step, blocks)
        }
        Some(changes) => extremes(locale, &changes, step),
    };
    let filters = layers.filters.first().zip(layers.filters.get(place)).and_then(|(from, to)| moved(from, to));
    match filters {
        Some(0.0) => after(locale, &said, tell!(locale, layers.filters_unmoved)),
        Some(moved) => after(locale, &said, &tell!(locale, layers.filters_moved, by = landscape::share(moved))),
        None => said,
    }
}

/// Which block's maps change most after an inner step, and which least; there is one block at least.
fn extremes(locale: Locale, changes: &[f64], step: u32) -> String {
    let order = |from: &dyn Fn(f64, f64) -> bool| {
        let pick = |best: usize, other: usize| if from(changes[other], changes[best]) { other } else { best };
        (1..changes.len()).fold(0, pick)
    };
    let (most, least) = (order(&|other, best| other > best), order(&|other, best| other < best));
    let share = landscape::share;
    tell!(
        locale,
        layers.maps_changed,
        step,
        most = most + 1,
        by = share(changes[most]),
        least = least + 1,
        little = share(changes[least])
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Block;

    /// Filters of two steps, and what one block makes of a drawing at either.
    fn looked(filters: [[f32; 9]; 2], made: [Vec<f32>; 2]) -> (Layers, Activations) {
        let layers = Layers {
            meta_step: 3,
            steps: vec![0, 1],
            layers: Vec::new(),
            tasks: 0,
            diverged: 0,
            scene: None,
            likeness: None,
            filters: filters.map(|filters| filters.to_vec()).into(),
        };
        let block = Block { side: 1, maps: 2, values: made.into() };
        (layers, Activations { meta_step: 3, drawing: 0, steps: vec![0, 1], blocks: vec![block] })
    }

    fn told(filters: [[f32; 9]; 2], made: [Vec<f32>; 2], place: usize) -> [String; 2] {
        let (layers, activations) = looked(filters, made);
        [super::filters(Locale::en, &layers, place), maps(Locale::en, &layers, &activations, place)]
    }

    #[test]
    fn what_has_moved_is_told_by_how_much() {
        let [filters, maps] = told([[1.0; 9], [1.5; 9]], [vec![1.0, 0.0], vec![1.25, 0.0]], 1);
        assert_eq!(
            filters,
            "After inner step 1 the 1 filters of the first layer have moved by 50\u{202f}% of their length."
        );
        assert!(maps.starts_with("After inner step 1 the maps of block 1 change most, by 25\u{202f}%"), "{maps}");
        assert!(maps.ends_with("The filters of the first layer have moved by 50\u{202f}% of their length."), "{maps}");
    }

    #[test]
    fn what_has_not_moved_is_not_told_by_shares_of_nothing() {
        let [filters, maps] = told([[1.0; 9]; 2], [vec![1.0, 0.0], vec![1.0, 0.0]], 1);
        assert_eq!(filters, "After inner step 1 the 1 filters of the first layer are as they were before adaptation.");
        assert_eq!(
            maps,
            "After inner step 1 the maps of all 1 blocks are as they were before adaptation. The filters of the first \
             layer have not moved."
        );
    }

    #[test]
    fn what_cannot_be_compared_is_no_state_before_adaptation() {
        let silent = [vec![0.0, 0.0], vec![1.0, 0.0]];
        for (filters, made) in [([[0.0; 9], [1.0; 9]], silent.clone()), ([[1.0; 9], [f32::NAN; 9]], silent)] {
            for told in told(filters, made.clone(), 1) {
                assert!(told.starts_with("After inner step 1 it cannot be said"), "{told}");
            }
            for told in told(filters, made, 0) {
                assert!(told.contains("before adaptation: go on"), "{told}");
            }
        }
    }
}
