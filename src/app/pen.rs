//! The drawing pad's pen by keyboard: a cursor on the drawing's own grid, and whether it touches the paper.

use crate::task::SIDE;

/// Places along one side of the grid.
const PLACES: u8 = SIDE as u8;

/// How far an arrow goes with Shift.
const FAR: u8 = 4;

/// The pen as the keyboard holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    /// Column, from 0 at the left.
    pub column: u8,
    /// Row, from 0 at the top.
    pub row: u8,
    /// Whether it draws.
    pub down: bool,
}

impl Default for Pen {
    /// Lifted, in the middle.
    fn default() -> Self {
        Self { column: PLACES / 2, row: PLACES / 2, down: false }
    }
}

/// What a key does with the pen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// It moved, drawing if it is down.
    Moved,
    /// It touches the paper.
    Down,
    /// It leaves the paper.
    Up,
}

impl Pen {
    /// Does what a key says; none for a key that says nothing to a pen.
    pub fn press(&mut self, key: &str, shift: bool) -> Option<Stroke> {
        let by = if shift { FAR } else { 1 };
        let on = |place: u8| place.saturating_add(by).min(PLACES - 1);
        match key {
            "ArrowLeft" => self.column = self.column.saturating_sub(by),
            "ArrowRight" => self.column = on(self.column),
            "ArrowUp" => self.row = self.row.saturating_sub(by),
            "ArrowDown" => self.row = on(self.row),
            " " | "Enter" => {
                self.down = !self.down;
                return Some(if self.down { Stroke::Down } else { Stroke::Up });
            }
            "Escape" if self.down => {
                self.down = false;
                return Some(Stroke::Up);
            }
            _ => return None,
        }
        Some(Stroke::Moved)
    }

    /// Where it stands in the unit square: the middle of its pixel.
    #[must_use]
    pub fn place(&self) -> (f32, f32) {
        let middle = |place: u8| (f32::from(place) + 0.5) / f32::from(PLACES);
        (middle(self.column), middle(self.row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_move_by_a_pixel_and_with_shift_by_four() {
        let mut pen = Pen::default();
        assert_eq!(pen.press("ArrowLeft", false), Some(Stroke::Moved));
        assert_eq!(pen.press("ArrowDown", true), Some(Stroke::Moved));
        assert_eq!((pen.column, pen.row), (13, 18));
    }

    #[test]
    fn the_pen_stays_on_the_paper() {
        let mut pen = Pen { column: 0, row: 26, down: true };
        pen.press("ArrowLeft", true);
        pen.press("ArrowDown", true);
        assert_eq!((pen.column, pen.row), (0, 27));
        let (x, y) = pen.place();
        assert!(x > 0.0 && y < 1.0);
    }

    #[test]
    fn space_puts_the_pen_down_and_lifts_it_and_escape_only_lifts() {
        let mut pen = Pen::default();
        assert_eq!(pen.press(" ", false), Some(Stroke::Down));
        assert_eq!(pen.press("Escape", false), Some(Stroke::Up));
        assert_eq!(pen.press("Escape", false), None, "what is lifted leaves Escape to others");
        assert_eq!(pen.press("Enter", false), Some(Stroke::Down));
        assert_eq!(pen.press("Tab", false), None);
    }
}
