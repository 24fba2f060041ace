//! Values of fields: their limits and their texts.

use super::{Choice as _, Panel, Point, Range};

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A whole number, both ends included.
    Integer {
        /// Least.
        min: u32,
        /// Greatest.
        max: u32,
    },
    /// A finite number, both ends included.
    Number {
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
    },
    /// An interval `low..high` within the ends, `low <= high`.
    Range {
        /// Least lower end.
        min: f64,
        /// Greatest upper end.
        max: f64,
    },
    /// One of these names.
    Choice(&'static [&'static str]),
    /// Widths of layers.
    Widths {
        /// Most layers.
        most: usize,
        /// Greatest width; the least is 1.
        max: u32,
    },
    /// Points of a regression task.
    Points {
        /// Most points.
        most: usize,
        /// Greatest size of a coordinate.
        max: f32,
    },
    /// Panels, each at most once, in their own order.
    Panels,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of [`Kind::Integer`].
    Integer(u32),
    /// Of [`Kind::Number`].
    Number(f64),
    /// Of [`Kind::Range`].
    Range(Range),
    /// Of [`Kind::Choice`]: where the name stands in its list.
    Choice(usize),
    /// Of [`Kind::Widths`].
    Widths(Vec<u32>),
    /// Of [`Kind::Points`].
    Points(Vec<Point>),
    /// Of [`Kind::Panels`].
    Panels(Vec<Panel>),
}

impl Kind {
    /// Whether `value` is of this kind and within its limits.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Integer { min, max }, Value::Integer(n)) => (min..=max).contains(&n),
            (Self::Number { min, max }, Value::Number(x)) => (min..=max).contains(&x),
            (Self::Range { min, max }, Value::Range(Range { low, high })) => min <= low && low <= high && high <= max,
            (Self::Choice(names), Value::Choice(index)) => *index < names.len(),
            (Self::Widths { most, max }, Value::Widths(widths)) => {
                widths.len() <= *most && widths.iter().all(|width| (1..=*max).contains(width))
            }
            (Self::Points { most, max }, Value::Points(points)) => {
                points.len() <= *most && points.iter().all(|p| p.x.abs() <= *max && p.y.abs() <= *max)
            }
            (Self::Panels, Value::Panels(panels)) => panels.is_sorted_by(|a, b| a < b),
            _ => false,
        }
    }

    /// What is allowed, to follow "it takes".
    #[must_use]
    pub fn allowed(&self) -> String {
        match self {
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::Number { min, max } => format!("a number from {min} to {max}"),
            Self::Range { min, max } => {
                format!("a range low..high (or one number) with {min} ≤ low ≤ high ≤ {max}")
            }
            Self::Choice(names) => format!("one of {}", names.join(", ")),
            Self::Widths { most, max } => {
                format!("up to {most} widths from 1 to {max}, such as 40,40, or none")
            }
            Self::Points { most, max } => {
                format!("up to {most} points x:y with coordinates from -{max} to {max}, such as 1.5:2,-3:0.5, or none")
            }
            Self::Panels => format!("some of {}, each once and in this order, or none", Panel::NAMES.join(",")),
        }
    }

    /// The value that `text` names, in the form that [`Kind::text`] writes; none when it cannot be read or
    /// is out of limits.
    ///
    /// Points are rounded to their grid ([`Point::snapped`]); panels may come in any order.
    #[must_use]
    pub fn parse(&self, text: &str) -> Option<Value> {
        let text = text.trim();
        let value = match self {
            Self::Integer { .. } => Value::Integer(text.parse().ok()?),
            Self::Number { .. } => Value::Number(text.parse().ok()?),
            Self::Range { .. } => Value::Range(parse_range(text)?),
            Self::Choice(names) => Value::Choice(names.iter().position(|name| *name == text)?),
            Self::Widths { .. } => Value::Widths(parse_list(text, |item| item.parse().ok())?),
            Self::Points { .. } => Value::Points(parse_list(text, parse_point)?),
            Self::Panels => {
                let mut panels = parse_list(text, parse_panel)?;
                panels.sort_unstable();
                Value::Panels(panels)
            }
        };
        self.accepts(&value).then_some(value)
    }

    /// The text of a value: `5`, `0.01`, `0.1..5`, `maml`, `40,40`, `1.5:2,-3:0.5`; `none` for an empty list.
    #[must_use]
    pub fn text(&self, value: &Value) -> String {
        match value {
            Value::Integer(n) => n.to_string(),
            Value::Number(x) => x.to_string(),
            Value::Range(Range { low, high }) => format!("{low}..{high}"),
            Value::Choice(index) => match self {
                Self::Choice(names) if *index < names.len() => names[*index].to_owned(),
                _ => format!("choice {index}"),
            },
            Value::Widths(widths) => list(widths, u32::to_string),
            Value::Points(points) => list(points, |p| format!("{}:{}", p.x, p.y)),
            Value::Panels(panels) => list(panels, |panel| panel.name().to_owned()),
        }
    }
}

fn parse_range(text: &str) -> Option<Range> {
    let (low, high) = text.split_once("..").unwrap_or((text, text));
    Some(Range { low: low.trim().parse().ok()?, high: high.trim().parse().ok()? })
}

fn parse_point(text: &str) -> Option<Point> {
    let (x, y) = text.split_once(':')?;
    let point = Point { x: x.trim().parse().ok()?, y: y.trim().parse().ok()? };
    (point.x.is_finite() && point.y.is_finite()).then(|| point.snapped())
}

fn parse_panel(text: &str) -> Option<Panel> {
    Panel::ALL.iter().copied().find(|panel| panel.name() == text)
}

fn parse_list<T>(text: &str, item: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    match text {
        "" | "none" => Some(Vec::new()),
        items => items.split(',').map(|text| item(text.trim())).collect(),
    }
}

fn list<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    match items {
        [] => "none".to_owned(),
        items => items.iter().map(text).collect::<Vec<_>>().join(","),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_back_as_written() {
        let number = Kind::Number { min: -1.0, max: 10.0 };
        let range = Kind::Range { min: 0.0, max: 5.0 };
        let widths = Kind::Widths { most: 3, max: 64 };
        let points = Kind::Points { most: 2, max: 10.0 };
        for (kind, text) in [
            (Kind::Integer { min: 0, max: 9 }, "7"),
            (number, "0.01"),
            (number, "-0.5"),
            (range, "0.1..5"),
            (Kind::Choice(&["a", "b"]), "b"),
            (widths, "40,40"),
            (widths, "none"),
            (points, "1.5:2,-3:0.25"),
            (Kind::Panels, "task,hyperparameters"),
        ] {
            assert_eq!(kind.text(&kind.parse(text).unwrap()), text);
        }
    }

    #[test]
    fn texts_of_people_are_read_with_spaces_and_in_short() {
        let range = Kind::Range { min: 0.0, max: 5.0 };
        assert_eq!(range.parse(" 1 .. 2.5 "), Some(Value::Range(Range::new(1.0, 2.5))));
        assert_eq!(range.parse("1"), Some(Value::Range(Range::new(1.0, 1.0))));
        assert_eq!(Kind::Panels.parse("training, task"), Some(Value::Panels(vec![Panel::Task, Panel::Training])));
        assert_eq!(Kind::Widths { most: 3, max: 64 }.parse(""), Some(Value::Widths(Vec::new())));
    }

    #[test]
    fn what_is_out_of_limits_is_not_read() {
        let number = Kind::Number { min: 0.0, max: 10.0 };
        for text in ["nan", "inf", "-0.1", "10.1", "", "1,5", "one"] {
            assert_eq!(number.parse(text), None, "{text}");
        }
        let range = Kind::Range { min: 0.0, max: 5.0 };
        for text in ["2..1", "-1..1", "1..6", "nan..1", "1..nan", "1...2", ".."] {
            assert_eq!(range.parse(text), None, "{text}");
        }
        let widths = Kind::Widths { most: 2, max: 64 };
        for text in ["0", "65", "1,1,1", "1,,1", "-1", "4294967296"] {
            assert_eq!(widths.parse(text), None, "{text}");
        }
        let points = Kind::Points { most: 1, max: 10.0 };
        for text in ["1:11", "nan:0", "1", "1:2,3:4", "inf:0"] {
            assert_eq!(points.parse(text), None, "{text}");
        }
        assert_eq!(Kind::Panels.parse("task,task"), None);
        assert_eq!(Kind::Panels.parse("everything"), None);
    }

    #[test]
    fn a_value_of_another_kind_is_not_accepted() {
        assert!(!Kind::Integer { min: 0, max: 9 }.accepts(&Value::Number(1.0)));
        assert!(!Kind::Panels.accepts(&Value::Widths(Vec::new())));
    }
}
