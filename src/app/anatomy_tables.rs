//! The tables behind the stages of an anatomy.

use leptos_i18n::td_string;

use super::{classified::letter, csv, format, language::Locale};
use crate::{
    chart,
    experiment::{Adaptation, Anatomy, Back, Followed, Outcome, Stage},
};

/// What stands where there is no number.
const NONE: &str = "–";

/// How a number is written.
pub type Write = fn(f64) -> String;

/// Numbers and cosines as a reader wants them.
pub const SHORT: [Write; 2] = [chart::number, format::cosine];

/// Both with every digit that there is.
pub const WHOLE: [Write; 2] = [whole, whole];

fn whole(value: f64) -> String {
    value.to_string()
}

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

impl Tables {
    /// Both as one table of comma-separated values: the columns of the first, then those of the second, whose rows follow.
    #[must_use]
    pub fn csv(&self) -> String {
        let heads = |table: &Option<Table>| table.as_ref().map(|table| table.heads.clone()).unwrap_or_default();
        let (first, second) = (heads(&self.parts), heads(&self.followed));
        let blank = |columns: usize| std::iter::repeat_n(String::new(), columns);
        let cell = |cell: &String| if cell == NONE { String::new() } else { cell.clone() };
        let parts = self.parts.iter().flat_map(|table| &table.rows);
        let parts = parts.map(|row| row.iter().map(cell).chain(blank(second.len())).collect::<Vec<_>>());
        let followed = self.followed.iter().flat_map(|table| &table.rows);
        let followed = followed.map(|row| blank(first.len()).chain(row.iter().map(cell)).collect::<Vec<_>>());
        let heads = first.iter().chain(&second).cloned().collect();
        csv::text(&std::iter::once(heads).chain(parts).chain(followed).collect::<Vec<_>>())
    }
}

/// The tables of a stage at an inner step counted from 0.
pub fn tables(
    locale: Locale,
    anatomy: &Anatomy,
    (stage, step): (Stage, usize),
    [number, cosine]: [Write; 2],
) -> Tables {
    let parts = match stage {
        Stage::Start | Stage::Make => Some(examples(locale, anatomy, number)),
        Stage::Forward => Some(seen(locale, anatomy, (step, false), number)),
        Stage::Loss => Some(seen(locale, anatomy, (step, true), number)),
        Stage::Query => Some(queries(locale, anatomy, number)),
        Stage::Gradient | Stage::Update => layers(locale, anatomy, (stage, step), number),
        Stage::Adjoint => adjoints(locale, anatomy, number),
        Stage::Back => back(locale, anatomy, step, [number, cosine]),
        Stage::Outer => outer(locale, anatomy, number),
        Stage::Nudge => None,
    };
    let followed = match stage {
        Stage::Gradient | Stage::Update => Some(adapting(locale, anatomy, step, number)),
        Stage::Adjoint | Stage::Back => Some(returning(locale, anatomy, (stage, step), number)),
        Stage::Outer => Some(learning(locale, anatomy, number)),
        Stage::Nudge => Some(nudges(locale, anatomy, number)),
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
fn examples(locale: Locale, anatomy: &Anatomy, number: Write) -> Table {
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
                vec![(i + 1).to_string(), drawing.class.map_or_else(|| NONE.to_owned(), |own| class(own.into()))]
            };
            let heads = [example, td_string!(locale, anatomy.column_class)];
            Table::new(&heads, task.support.iter().enumerate().map(row))
        }
    }
}

/// What a step sees, with or without its losses.
fn seen(locale: Locale, anatomy: &Anatomy, (step, losses): (usize, bool), number: Write) -> Table {
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
        let mut row = vec![(seen + 1).to_string()];
        row.extend((!classes).then(|| dash(number)(input(&anatomy.adaptation, *seen))));
        row.extend([known, number(predicted(told, *target, classes))]);
        row.extend(losses.then(|| number(*term)));
        row
    };
    let [example, known, told, term] = heads;
    let inputs = (!classes).then(|| td_string!(locale, anatomy.column_input));
    let heads = [example].into_iter().chain(inputs).chain([known, told]).chain(losses.then_some(term));
    Table::new(&heads.collect::<Vec<_>>(), rows.map(row))
}

/// The input of a support example, where that is a number.
fn input(adaptation: &Adaptation, example: u32) -> Option<f64> {
    match adaptation {
        Adaptation::Regression(task) => task.support.get(example as usize).map(|point| point.x.into()),
        Adaptation::Characters(_) => None,
    }
}

/// A number, or the probability of its class.
fn predicted(told: &[f64], target: f64, classes: bool) -> f64 {
    told.get(if classes { target as usize } else { 0 }).copied().unwrap_or(f64::NAN)
}

fn queries(locale: Locale, anatomy: &Anatomy, number: Write) -> Table {
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
    let inputs = (!classes).then(|| td_string!(locale, anatomy.column_input));
    let first = [td_string!(locale, anatomy.column_example)].into_iter().chain(inputs).chain([known]);
    let heads: Vec<&str> = first.chain(heads.iter().flatten().map(String::as_str)).collect();
    let rows = anatomy.queries.iter().enumerate().map(|(i, query)| {
        let known = if classes { class(query.target) } else { number(query.target) };
        let told = query.predictions.iter().map(|told| number(predicted(told, query.target, classes)));
        let terms = query.terms.into_iter().map(number);
        let inputs = (!classes).then(|| dash(number)(query.x));
        [(i + 1).to_string()].into_iter().chain(inputs).chain([known]).chain(told).chain(terms).collect()
    });
    Table::new(&heads, rows)
}

/// Norms of every layer.
fn layers(locale: Locale, anatomy: &Anatomy, (stage, step): (Stage, usize), number: Write) -> Option<Table> {
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

fn adjoints(locale: Locale, anatomy: &Anatomy, number: Write) -> Option<Table> {
    let way = anatomy.way.as_ref()?;
    let heads = [td_string!(locale, anatomy.column_layer), "‖v‖"];
    Some(Table::new(&heads, anatomy.layers.iter().zip(&way.last).map(|(name, v)| vec![name.clone(), number(*v)])))
}

fn back(locale: Locale, anatomy: &Anatomy, step: usize, [number, cosine]: [Write; 2]) -> Option<Table> {
    let layer = td_string!(locale, anatomy.column_layer);
    if let (Some((_, back)), Some(from), Some(way)) = (anatomy.back_step(step), anatomy.before_back(step), &anatomy.way)
    {
        let [bent, to] = bends(anatomy);
        let heads = [layer, "‖v‖", &format!("‖{bent}‖"), &format!("‖{to}‖"), td_string!(locale, anatomy.column_cosine)];
        let cosine = |layer: usize| dash(cosine)(way.cosines.get(layer).copied().flatten());
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

fn outer(locale: Locale, anatomy: &Anatomy, number: Write) -> Option<Table> {
    let outer = anatomy.outer.as_ref()?;
    let heads = [td_string!(locale, anatomy.column_layer), "‖ḡ‖", td_string!(locale, anatomy.column_moved)];
    let rows = anatomy.learned.iter().zip(&outer.gradient).zip(&outer.moved);
    Some(Table::new(
        &heads,
        rows.map(|((name, gradient), moved)| vec![name.clone(), number(*gradient), number(*moved)]),
    ))
}

/// Writes a number, or a dash for none.
fn dash(number: Write) -> impl Fn(Option<f64>) -> String {
    move |value| value.map_or_else(|| NONE.to_owned(), number)
}

fn adapting(locale: Locale, anatomy: &Anatomy, step: usize, number: Write) -> Table {
    let heads = [td_string!(locale, anatomy.column_weight), "θ", "g", td_string!(locale, anatomy.column_rate), "θ′"];
    let row = |one: &Followed| {
        let weight = one.steps.get(step)?;
        let numbers = [Some(weight.value), Some(weight.gradient), weight.rate, Some(weight.next)];
        Some([one.name.clone()].into_iter().chain(numbers.map(dash(number))).collect::<Vec<_>>())
    };
    Table::new(&heads, anatomy.followed.iter().filter_map(row))
}

fn returning(locale: Locale, anatomy: &Anatomy, (stage, step): (Stage, usize), number: Write) -> Table {
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
        known.then(|| [one.name.clone()].into_iter().chain(numbers.map(dash(number))).collect::<Vec<_>>())
    };
    Table::new(heads, anatomy.followed.iter().filter_map(row))
}

fn learning(locale: Locale, anatomy: &Anatomy, number: Write) -> Table {
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
        Some([one.name.clone()].into_iter().chain(numbers.map(dash(number))).collect::<Vec<_>>())
    };
    Table::new(&heads, anatomy.followed.iter().filter_map(row))
}

fn nudges(locale: Locale, anatomy: &Anatomy, number: Write) -> Table {
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
        row.extend(exact.then(|| dash(number)(nudge.exact)));
        row.push(verdict.to_owned());
        Some(row)
    };
    Table::new(&heads, anatomy.followed.iter().filter_map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(heads: &[&str], rows: &[&[&str]]) -> Option<Table> {
        let rows = rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect());
        Some(Table::new(heads, rows))
    }

    #[test]
    fn both_tables_stand_in_one_file_each_in_columns_of_its_own() {
        let parts = table(&["layer", "gradient"], &[&["layer0", "0.5"], &["head", "2"]]);
        let followed = table(&["weight", "g", "rate"], &[&["layer0.bias[0]", "-1.25", NONE]]);
        let written = Tables { parts: parts.clone(), followed }.csv();
        let lines = ["layer,gradient,weight,g,rate", "layer0,0.5,,,", "head,2,,,", ",,layer0.bias[0],-1.25,"];
        assert_eq!(written.lines().collect::<Vec<_>>(), lines);
        assert_eq!(Tables { parts, followed: None }.csv().lines().last(), Some("head,2"));
    }

    #[test]
    fn every_support_point_of_a_regression_has_its_input_and_all_its_digits() {
        let point = |x, y| crate::experiment::Point { x, y };
        let task = crate::experiment::Trajectory {
            support: vec![point(0.5, 1.0), point(-0.25, 2.0)],
            ..crate::experiment::Trajectory::default()
        };
        let adaptation = Adaptation::Regression(task);
        assert_eq!([0, 1, 2].map(|example| input(&adaptation, example)), [Some(0.5), Some(-0.25), None]);
        assert_eq!((WHOLE[0](0.123_456_789), SHORT[1](0.123_456_789)), ("0.123456789".into(), "0.123".into()));
    }
}
