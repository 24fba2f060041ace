//! The bytes of a link.
//!
//! Whole numbers are LEB128 varints, 7 bits a byte, the low ones first. A float64 is its shortest decimal
//! m·10ᵉ: m, then e, both zigzag (0, −1, 1, −2, … as 0, 1, 2, 3, …) varints, so that 0.01 takes two bytes.

use super::{Choice as _, Kind, Panel, Point, Range, Value};

/// Steps of the grid of points per unit.
const GRID: f64 = 100.0;

impl Point {
    /// The point on the grid of hundredths, as a link holds it; a coordinate moves by at most 0.005, and
    /// one that is not a number becomes 0.
    #[must_use]
    pub fn snapped(self) -> Self {
        Self { x: off_grid(on_grid(self.x)), y: off_grid(on_grid(self.y)) }
    }
}

fn on_grid(coordinate: f32) -> i64 {
    (f64::from(coordinate) * GRID).round() as i64
}

fn off_grid(steps: i64) -> f32 {
    (steps as f64 / GRID) as f32
}

/// Append a value. A number that is not finite becomes 0: it has no decimal, and no valid experiment has one.
pub(super) fn write_value(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Integer(n) => write_varint(bytes, u64::from(*n)),
        Value::Number(x) => write_number(bytes, *x),
        Value::Range(Range { low, high }) => {
            write_number(bytes, *low);
            write_number(bytes, *high);
        }
        Value::Choice(index) => write_varint(bytes, *index as u64),
        Value::Widths(widths) => {
            write_varint(bytes, widths.len() as u64);
            for width in widths {
                write_varint(bytes, u64::from(*width));
            }
        }
        Value::Points(points) => {
            write_varint(bytes, points.len() as u64);
            for point in points {
                write_signed(bytes, on_grid(point.x));
                write_signed(bytes, on_grid(point.y));
            }
        }
        Value::Panels(panels) => {
            write_varint(bytes, panels.iter().fold(0, |bits, panel| bits | 1 << panel.index()));
        }
    }
}

/// Take a value of `kind` off the front; none when the bytes end early or hold no such value.
///
/// Limits are not judged here, only lengths, so that nothing long is read.
pub(super) fn read_value(bytes: &mut &[u8], kind: &Kind) -> Option<Value> {
    Some(match kind {
        Kind::Integer { .. } => Value::Integer(read_varint(bytes)?.try_into().ok()?),
        Kind::Number { .. } => Value::Number(read_number(bytes)?),
        Kind::Range { .. } => Value::Range(Range { low: read_number(bytes)?, high: read_number(bytes)? }),
        Kind::Choice(_) => Value::Choice(read_varint(bytes)?.try_into().ok()?),
        Kind::Widths { most, .. } => {
            Value::Widths(read_list(bytes, *most, |bytes| read_varint(bytes)?.try_into().ok())?)
        }
        Kind::Points { most, .. } => Value::Points(read_list(bytes, *most, |bytes| {
            Some(Point { x: off_grid(read_signed(bytes)?), y: off_grid(read_signed(bytes)?) })
        })?),
        Kind::Panels => {
            let bits = read_varint(bytes)?;
            if bits >> Panel::ALL.len() != 0 {
                return None;
            }
            Value::Panels(Panel::ALL.iter().copied().filter(|panel| bits >> panel.index() & 1 == 1).collect())
        }
    })
}

fn read_list<T>(bytes: &mut &[u8], most: usize, item: impl Fn(&mut &[u8]) -> Option<T>) -> Option<Vec<T>> {
    let length = usize::try_from(read_varint(bytes)?).ok()?;
    if length > most {
        return None;
    }
    (0..length).map(|_| item(bytes)).collect()
}

fn write_number(bytes: &mut Vec<u8>, x: f64) {
    let (mantissa, exponent) = decimal(x).unwrap_or_default();
    write_signed(bytes, mantissa);
    write_signed(bytes, exponent);
}

/// The shortest decimal that reads back as `x`: (m, e) of m·10ᵉ, with no zeros at the end of m.
fn decimal(x: f64) -> Option<(i64, i64)> {
    let text = format!("{x:e}");
    let (digits, exponent) = text.split_once('e')?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent: i64 = exponent.parse().ok()?;
    Some((format!("{whole}{fraction}").parse().ok()?, exponent - fraction.len() as i64))
}

fn read_number(bytes: &mut &[u8]) -> Option<f64> {
    let (mantissa, exponent) = (read_signed(bytes)?, read_signed(bytes)?);
    // The standard library rounds a decimal correctly, whatever its length.
    format!("{mantissa}e{exponent}").parse().ok()
}

fn write_signed(bytes: &mut Vec<u8>, n: i64) {
    write_varint(bytes, ((n << 1) ^ (n >> 63)) as u64);
}

fn read_signed(bytes: &mut &[u8]) -> Option<i64> {
    let n = read_varint(bytes)?;
    Some((n >> 1) as i64 ^ -((n & 1) as i64))
}

fn write_varint(bytes: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
}

fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut n = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let bits = u64::from(byte & 0x7f);
        if bits << shift >> shift != bits {
            return None;
        }
        n |= bits << shift;
        if byte < 0x80 {
            return Some(n);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(x: f64) -> Vec<u8> {
        let mut bytes = Vec::new();
        write_number(&mut bytes, x);
        assert_eq!(read_number(&mut bytes.as_slice()), Some(x));
        bytes
    }

    #[test]
    fn numbers_are_their_shortest_decimal() {
        assert_eq!(number(0.01), [2, 3]);
        assert_eq!(number(-5.0), [9, 0]);
        assert_eq!(number(1000.0), [2, 6]);
        assert_eq!(number(0.0), [0, 0]);
        assert_eq!(number(-0.0), [0, 0]);
        number(std::f64::consts::PI);
        number(f64::MIN_POSITIVE);
        number(f64::MAX);
        number(5e-324);
    }

    #[test]
    fn whole_numbers_read_back() {
        for n in [0, 127, 128, 300, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            write_varint(&mut bytes, n);
            assert_eq!(read_varint(&mut bytes.as_slice()), Some(n));
        }
        for n in [0, -1, 1, i64::MIN, i64::MAX] {
            let mut bytes = Vec::new();
            write_signed(&mut bytes, n);
            assert_eq!(read_signed(&mut bytes.as_slice()), Some(n));
        }
    }

    #[test]
    fn a_number_too_long_or_cut_short_is_not_read() {
        assert_eq!(read_varint(&mut [0xff; 10].as_slice()), None);
        assert_eq!(read_varint(&mut [0xff; 11].as_slice()), None);
        assert_eq!(read_varint(&mut [0x80].as_slice()), None);
        assert_eq!(read_varint(&mut [].as_slice()), None);
    }

    #[test]
    fn a_list_longer_than_allowed_is_not_read() {
        assert_eq!(read_value(&mut [7, 1, 1, 1, 1, 1, 1, 1].as_slice(), &Kind::Widths { most: 6, max: 9 }), None);
    }

    #[test]
    fn snapping_twice_is_snapping_once() {
        for n in -100_000..=100_000 {
            let point = Point { x: off_grid(n), y: 0.0 };
            assert_eq!(point.snapped(), point);
        }
        assert_eq!(Point { x: 1.238, y: -0.004 }.snapped(), Point { x: 1.24, y: 0.0 });
    }
}
