//! The filters of the first layer, and what the blocks make of one drawing: before, now, and the difference.

use crate::{
    chart::{Anchor, Axes, Colours, Frame, Mark, Plot, Sheet, Tiles},
    experiment::{Activations, Block, Layers},
    words::{Locale, format, layers as told, tell},
};

/// Side of a filter.
const FILTER: usize = 3;

/// Widest that a picture of three is drawn, and the least that one alone is where there is room for another beside it.
const WIDEST: f64 = 204.0;
const LEAST: f64 = 150.0;

/// Between two pictures; and the room of a name, of a scale of colours, and of its numbers.
const GAP: f64 = 12.0;
const NAME: f64 = 20.0;
const BAR: f64 = 7.0;
const NUMBERS: f64 = 26.0;

/// Colours of a scale.
const STOPS: usize = 25;

/// Pictures of one thing: before adaptation, at a step and the difference, or one alone where no step changes it.
struct Row {
    name: String,
    pictures: Vec<Tiles>,
    /// What the colours go to: of the values, which may be of either sign, and of the difference.
    most: (f64, f64),
    signed: bool,
}

/// Where each number of a value is on the scale of differences.
fn signed(value: f32, most: f64) -> f64 {
    if most > 0.0 { 0.5 + 0.5 * f64::from(value) / most } else { 0.5 }
}

/// Values before and at a place, and their difference.
fn pictures(
    states: &[Vec<f32>],
    place: usize,
    of: impl Fn(&dyn Fn(usize) -> f32, bool) -> Tiles,
) -> Option<Vec<Tiles>> {
    let (first, now) = (states.first()?, states.get(place)?);
    if states.len() == 1 {
        return Some(vec![of(&|at| first[at], false)]);
    }
    Some(vec![of(&|at| first[at], false), of(&|at| now[at], false), of(&|at| now[at] - first[at], true)])
}

fn filters_row(locale: Locale, layers: &Layers, place: usize) -> Option<Row> {
    let (most, apart) = layers.largest_filter();
    let each = FILTER * FILTER;
    let count = layers.filters.first()?.len() / each;
    let pictures = pictures(&layers.filters, place, |value, differs| {
        let most = if differs { apart } else { most };
        Tiles::new(count, FILTER, Colours::Difference, |tile, at| signed(value(tile * each + at), most))
    })?;
    Some(Row { name: tell!(locale, layers.maps_filters).to_owned(), pictures, most: (most, apart), signed: true })
}

fn block_row(locale: Locale, number: usize, block: &Block, place: usize) -> Option<Row> {
    let (most, apart) = (block.largest(), block.largest_difference());
    let (count, side) = (block.maps as usize, block.side as usize);
    let pictures = pictures(&block.values, place, |value, differs| match differs {
        true => Tiles::new(count, side, Colours::Difference, |tile, at| signed(value(at * count + tile), apart)),
        false => Tiles::new(count, side, Colours::Amount, |tile, at| {
            f64::from(value(at * count + tile)) / most.max(f64::MIN_POSITIVE)
        }),
    })?;
    let name = tell!(locale, layers.block, number = number + 1);
    Some(Row { name, pictures, most: (most, apart), signed: false })
}

/// The filters of the first layer at the place-th of the inner steps that are told of; none where there are none.
#[must_use]
pub fn filters(locale: Locale, layers: &Layers, place: usize, width: f64) -> Option<Sheet> {
    let step = layers.steps.get(place).copied().unwrap_or_default();
    let heading = match layers.filters.len() {
        1 => tell!(locale, layers.filters_figure_still).to_owned(),
        _ => tell!(locale, layers.filters_figure, step),
    };
    let rows = vec![filters_row(locale, layers, place)?];
    let caption = told::filters(locale, layers, place);
    Some(sheet(locale, ("filters", heading), &rows, step, caption, width))
}

/// The filters and the feature maps of one drawing, which has a name; none while neither is known.
#[must_use]
pub fn maps(
    locale: Locale,
    layers: &Layers,
    (activations, drawing): (&Activations, &str),
    place: usize,
    width: f64,
) -> Option<Sheet> {
    let step = layers.steps.get(place).copied().unwrap_or_default();
    let heading = match layers.steps.len() {
        1 => tell!(locale, layers.maps_figure_still, drawing),
        _ => tell!(locale, layers.maps_figure, drawing, step),
    };
    let blocks = activations.blocks.iter().enumerate();
    let blocks = blocks.filter_map(|(number, block)| block_row(locale, number, block, place));
    let rows: Vec<Row> = filters_row(locale, layers, place).into_iter().chain(blocks).collect();
    let caption = told::maps(locale, layers, activations, place);
    (!rows.is_empty()).then(|| sheet(locale, ("maps", heading), &rows, step, caption, width))
}

/// Rows of three; or where no step changes anything, single pictures that share the width.
fn sheet(
    locale: Locale,
    (name, heading): (&str, String),
    rows: &[Row],
    step: u32,
    caption: String,
    width: f64,
) -> Sheet {
    let moves = rows.iter().any(|row| row.pictures.len() > 1);
    let columns = if moves { 3 } else { beside(rows.len(), width) };
    let side = ((width - (columns - 1) as f64 * GAP) / columns as f64).max(40.0);
    let side = if moves { side.min(WIDEST) } else { side };
    let mut marks = Vec::new();
    let mut below = 0.0;
    if moves {
        let heads = [
            tell!(locale, layers.maps_first).to_owned(),
            tell!(locale, layers.maps_now, step),
            tell!(locale, layers.maps_difference).to_owned(),
        ];
        for (column, head) in heads.into_iter().enumerate() {
            marks.push(Mark::text("tick", (column as f64 * (side + GAP), 12.0), Anchor::Start, head));
        }
        below = NAME;
    }
    let lines: Vec<Vec<(&Row, &Tiles)>> = match moves {
        true => rows.iter().map(|row| row.pictures.iter().map(|tiles| (row, tiles)).collect()).collect(),
        false => {
            let all: Vec<_> = rows.iter().filter_map(|row| Some((row, row.pictures.first()?))).collect();
            all.chunks(columns).map(<[_]>::to_vec).collect()
        }
    };
    for line in lines {
        let mut highest: f64 = 0.0;
        for (column, (row, tiles)) in line.into_iter().enumerate() {
            let left = column as f64 * (side + GAP);
            if column == 0 || !moves {
                marks.push(Mark::text("tick", (left, below + 13.0), Anchor::Start, row.name.clone()));
            }
            let height = side * tiles.height as f64 / tiles.width.max(1) as f64;
            let href = tiles.picture.clone();
            marks.push(Mark::Image { href, at: (left, below + NAME), size: (side, height), crisp: true });
            scale(row, moves && column == 2, (left, below + NAME + height + 4.0), side, &mut marks);
            highest = highest.max(height);
        }
        below += NAME + highest + 4.0 + BAR + NUMBERS;
    }
    let frame = Frame { width, height: below, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };
    let plot = Plot { heading: Some(heading), marks, ..Plot::new(name, frame, &Axes::default()) };
    let title = tell!(locale, layers.maps_title).to_owned();
    Sheet { title, plots: vec![plot], legend: Vec::new(), ramp: None, caption }
}

/// How many single pictures stand beside one another: as many rows as it takes, evenly filled.
fn beside(count: usize, width: f64) -> usize {
    let most = (((width + GAP) / (LEAST + GAP)) as usize).max(2);
    count.div_ceil(count.div_ceil(most).max(1)).max(1)
}

/// What the colours of a picture are: a bar, and the numbers at its ends.
fn scale(row: &Row, differs: bool, (left, top): (f64, f64), width: f64, marks: &mut Vec<Mark>) {
    let either = differs || row.signed;
    let most = if differs { row.most.1 } else { row.most.0 };
    let colours = if either { Colours::Difference } else { Colours::Amount };
    let step = width / STOPS as f64;
    for stop in 0..STOPS {
        let x = left + step * stop as f64;
        let d = format!("M{x:.1},{top:.1}h{step:.1}v{BAR}h-{step:.1}z");
        marks.push(Mark::filled("level", d, colours.name(stop as f64 / (STOPS - 1) as f64)));
    }
    let high = format::loss(most as f32);
    let low = if either { format!("−{high}") } else { "0".to_owned() };
    let below = top + BAR + 12.0;
    marks.push(Mark::text("tick", (left, below), Anchor::Start, low));
    marks.push(Mark::text("tick", (left + width, below), Anchor::End, high));
}
