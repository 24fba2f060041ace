//! The tables behind the stages of an anatomy.

use leptos_i18n::td_string;

use super::{classified::letter, format, language::Locale};
use crate::{
    chart::number,
    experiment::{Adaptation, Anatomy, Back, Followed, Outcome, Stage},
};

/// Rows of text under a head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What each column is.
    pub heads: Vec<String>,
    /// Every row, its name first.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    fn new(heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        Self { heads: heads.iter().map(|head| (*head).to_owned()).collect(), rows: rows.into_iter().collect() }
    }
}

/// What the table of a stage counts up: its examples or its parts, and the numbers that are followed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tables {
    /// Examples, or parts of the weights.
    pub parts: Option<Table>,
    /// Single numbers.
    pub followed: Option<Table>,
}

/// The tables of a stage at an inner step counted from 0.
pub fn tables(locale: Locale, anatomy: &Anatomy, stage: Stage, step: usize) -> Tables {
    let parts = match stage {
        Stage::Start | Stage::Make => Some(examples(locale, anatomy)),
        Stage::Forward => Some(seen(locale, anatomy, step, false)),
        Stage::Loss => Some(seen(locale, anatomy, step, true)),
        Stage::Query => Some(queries(locale, anatomy)),
        Stage::Gradient | Stage::Update => layers(locale, anatomy, stage, step),
        Stage::Adjoint => adjoints(locale, anatomy),
        Stage::Back => back(locale, anatomy, step),
        Stage::Outer => outer(locale, anatomy),
        Stage::Nudge => None,
    };
    let followed = match stage {
        Stage::Gradient | Stage::Update => Some(adapting(locale, anatomy, step)),
        Stage::Adjoint | Stage::Back => Some(returning(locale, anatomy, stage, step)),
        Stage::Outer => Some(learning(locale, anatomy)),
        Stage::Nudge => Some(nudges(locale, anatomy)),
        _ => None,
    };
    let some = |table: &Table| !table.rows.is_empty();
    Tables { parts: parts.filter(some), followed: followed.filter(some) }
}

/// The letter of a class, whose number is a whole one.
fn class(class: f64) -> String {
    letter(class as usize).to_string()
}

/// Every support example.
fn examples(locale: Locale, anatomy: &Anatomy) -> Table {
    let example = td_string!(locale, anatomy.column_example);
    match &anatomy.adaptation {
        Adaptation::Regression(task) => {
            let heads = [example, td_string!(locale, anatomy.column_input), td_string!(locale, anatomy.column_target)];
            let row = |(i, point): (usize, &crate::experiment::Point)| {
                vec![(i + 1).to_string(), number(point.x.into()), number(point.y.into())]
            };
            Table::new(&heads, task.support.iter().enumerate().map(row))
        }
        Adaptation::Characters(task) => {
            let row = |(i, drawing): (usize, &crate::experiment::Drawing)| {
                vec![(i + 1).to_string(), drawing.class.map_or_else(|| "–".to_owned(), |own| class(own.into()))]
            };
            let heads = [example, td_string!(locale, anatomy.column_class)];
            Table::new(&heads, task.support.iter().enumerate().map(row))
        }
    }
}

/// What a step sees, with or without its losses.
fn seen(locale: Locale, anatomy: &Anatomy, step: usize, losses: bool) -> Table {
    let Some(inner) = anatomy.steps.get(step) else { return Table::default() };
    let classes = anatomy.classifies();
    let heads = match classes {
        true => [
            td_string!(locale, anatomy.column_example),
            td_string!(locale, anatomy.column_class),
            td_string!(locale, anatomy.column_probability),
            td_string!(locale, anatomy.column_log),
        ],
        false => [
            td_string!(locale, anatomy.column_example),
            td_string!(locale, anatomy.column_target),
            td_string!(locale, anatomy.column_told),
            td_string!(locale, anatomy.column_square),
        ],
    };
    let rows = inner.seen.iter().zip(&inner.predictions).zip(&inner.targets).zip(&inner.terms);
    let row = |(((seen, told), target), term): (((&u32, &Vec<f64>), &f64), &f64)| {
        let known = if classes { class(*target) } else { number(*target) };
        let mut row = vec![(seen + 1).to_string(), known, number(predicted(told, *target, classes))];
        row.extend(losses.then(|| number(*term)));
        row
    };
    Table::new(&heads[..if losses { 4 } else { 3 }], rows.map(row))
}

/// A number, or the probability of its class.
fn predicted(told: &[f64], target: f64, classes: bool) -> f64 {
    told.get(if classes { target as usize } else { 0 }).copied().unwrap_or(f64::NAN)
}

fn queries(locale: Locale, anatomy: &Anatomy) -> Table {
    let classes = anatomy.classifies();
    let names = match classes {
        true => [td_string!(locale, anatomy.column_probability), td_string!(locale, anatomy.column_log)],
        false => [td_string!(locale, anatomy.column_told), td_string!(locale, anatomy.column_square)],
    };
    let heads = names
        .map(|name| [td_string!(locale, anatomy.column_before, name), td_string!(locale, anatomy.column_after, name)]);
    let known = match classes {
        true => td_string!(locale, anatomy.column_class),
        false => td_string!(locale, anatomy.column_target),
    };
    let first = [td_string!(locale, anatomy.column_example), known];
    let heads: Vec<&str> = first.into_iter().chain(heads.iter().flatten().map(String::as_str)).collect();
    let rows = anatomy.queries.iter().enumerate().map(|(i, query)| {
        let known = if classes { class(query.target) } else { number(query.target) };
        let told = query.predictions.iter().map(|told| number(predicted(told, query.target, classes)));
        let terms = query.terms.into_iter().map(number);
        [(i + 1).to_string(), known].into_iter().chain(told).chain(terms).collect()
    });
    Table::new(&heads, rows)
}

/// Norms of every layer.
fn layers(locale: Locale, anatomy: &Anatomy, stage: Stage, step: usize) -> Option<Table> {
    let inner = anatomy.steps.get(step)?;
    let (head, values) = match stage {
        Stage::Gradient => (td_string!(locale, anatomy.column_length), &inner.length),
        _ => (td_string!(locale, anatomy.column_moved), &inner.moved),
    };
    let heads = [td_string!(locale, anatomy.column_layer), td_string!(locale, anatomy.column_gradient), head];
    let rows = anatomy.layers.iter().zip(&inner.gradient).zip(values);
    Some(Table::new(
        &heads,
        rows.map(|((name, gradient), value)| vec![name.clone(), number(*gradient), number(*value)]),
    ))
}

fn adjoints(locale: Locale, anatomy: &Anatomy) -> Option<Table> {
    let way = anatomy.way.as_ref()?;
    let heads = [td_string!(locale, anatomy.column_layer), "‖v‖"];
    Some(Table::new(&heads, anatomy.layers.iter().zip(&way.last).map(|(name, v)| vec![name.clone(), number(*v)])))
}

fn back(locale: Locale, anatomy: &Anatomy, step: usize) -> Option<Table> {
    let layer = td_string!(locale, anatomy.column_layer);
    if let (Some((_, back)), Some(from), Some(way)) = (anatomy.back_step(step), anatomy.before_back(step), &anatomy.way)
    {
        let [bent, to] = bends(anatomy);
        let heads = [layer, "‖v‖", &format!("‖{bent}‖"), &format!("‖{to}‖"), td_string!(locale, anatomy.column_cosine)];
        let cosine =
            |layer: usize| way.cosines.get(layer).copied().flatten().map_or_else(|| "–".to_owned(), format::cosine);
        let rows = anatomy.layers.iter().enumerate().map(|(at, name)| {
            let values = [from, &back.bent, &back.to].map(|values| values.get(at).copied().unwrap_or(f64::NAN));
            let numbers = values.into_iter().map(number);
            [name.clone()].into_iter().chain(numbers).chain([cosine(at)]).collect::<Vec<_>>()
        });
        return Some(Table::new(&heads, rows));
    }
    let gradient = anatomy.gradient.as_ref()?;
    let heads = [layer, "‖∂L/∂θ‖"];
    Some(Table::new(
        &heads,
        anatomy.learned.iter().zip(&gradient.norms).map(|(name, v)| vec![name.clone(), number(*v)]),
    ))
}

/// The Hessian term, and where it leads.
fn bends(anatomy: &Anatomy) -> [&'static str; 2] {
    if anatomy.back == Back::Implicit { ["v − v₀", "v₀"] } else { ["αHv", "v − αHv"] }
}

fn outer(locale: Locale, anatomy: &Anatomy) -> Option<Table> {
    let outer = anatomy.outer.as_ref()?;
    let heads = [td_string!(locale, anatomy.column_layer), "‖ḡ‖", td_string!(locale, anatomy.column_moved)];
    let rows = anatomy.learned.iter().zip(&outer.gradient).zip(&outer.moved);
    Some(Table::new(
        &heads,
        rows.map(|((name, gradient), moved)| vec![name.clone(), number(*gradient), number(*moved)]),
    ))
}

fn dash(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), number)
}

fn adapting(locale: Locale, anatomy: &Anatomy, step: usize) -> Table {
    let heads = [td_string!(locale, anatomy.column_weight), "θ", "g", td_string!(locale, anatomy.column_rate), "θ′"];
    let row = |one: &Followed| {
        let weight = one.steps.get(step)?;
        let numbers = [Some(weight.value), Some(weight.gradient), weight.rate, Some(weight.next)];
        Some([one.name.clone()].into_iter().chain(numbers.map(dash)).collect::<Vec<_>>())
    };
    Table::new(&heads, anatomy.followed.iter().filter_map(row))
}

fn returning(locale: Locale, anatomy: &Anatomy, stage: Stage, step: usize) -> Table {
    let (weight, own) = (td_string!(locale, anatomy.column_weight), td_string!(locale, anatomy.column_own));
    let way = anatomy.back_step(step).is_some();
    if stage == Stage::Adjoint {
        let row = |one: &Followed| Some(vec![one.name.clone(), number(one.back.last()?.from)]);
        return Table::new(&[weight, "v"], anatomy.followed.iter().filter_map(row));
    }
    let [bent, to] = bends(anatomy);
    let heads: &[&str] = if way { &[weight, "v", bent, to, own] } else { &[weight, own] };
    let row = |one: &Followed| {
        let at = step.min(one.back.len().saturating_sub(1));
        let back = one.back.get(at).map(|back| [back.from, back.bent, back.to]);
        let numbers = back.map_or([None; 3], |numbers| numbers.map(Some));
        let known = numbers[0].is_some() || one.gradient.is_some();
        let numbers = numbers.into_iter().filter(|_| way).chain([one.gradient]);
        known.then(|| [one.name.clone()].into_iter().chain(numbers.map(dash)).collect::<Vec<_>>())
    };
    Table::new(heads, anatomy.followed.iter().filter_map(row))
}

fn learning(locale: Locale, anatomy: &Anatomy) -> Table {
    let heads = [
        td_string!(locale, anatomy.column_weight),
        td_string!(locale, anatomy.column_value),
        td_string!(locale, anatomy.column_mean),
        td_string!(locale, anatomy.column_first),
        td_string!(locale, anatomy.column_second),
        td_string!(locale, anatomy.column_next),
    ];
    let row = |one: &Followed| {
        let outer = one.outer?;
        let numbers = [Some(outer.value), Some(outer.gradient), outer.first, outer.second, Some(outer.next)];
        Some([one.name.clone()].into_iter().chain(numbers.map(dash)).collect::<Vec<_>>())
    };
    Table::new(&heads, anatomy.followed.iter().filter_map(row))
}

fn nudges(locale: Locale, anatomy: &Anatomy) -> Table {
    let exact = anatomy.followed.iter().any(|one| one.nudge.is_some_and(|nudge| nudge.exact.is_some()));
    let mut heads = vec![
        td_string!(locale, anatomy.column_weight),
        td_string!(locale, anatomy.column_change),
        td_string!(locale, anatomy.column_foretold),
    ];
    heads.extend(exact.then(|| td_string!(locale, anatomy.column_exact)));
    heads.push(td_string!(locale, anatomy.column_verdict));
    let row = |one: &Followed| {
        let nudge = one.nudge?;
        let verdict = match nudge.outcome {
            Outcome::Agrees => td_string!(locale, anatomy.agrees),
            Outcome::Differs => td_string!(locale, anatomy.differs),
            Outcome::Kink => td_string!(locale, anatomy.kink),
        };
        let mut row = vec![one.name.clone(), number(nudge.change), number(nudge.foretold)];
        row.extend(exact.then(|| dash(nudge.exact)));
        row.push(verdict.to_owned());
        Some(row)
    };
    Table::new(&heads, anatomy.followed.iter().filter_map(row))
}
