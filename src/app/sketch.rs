//! What a visitor draws: some drawings of each class to learn from, some to be classified, and every change undone.

use serde::{Deserialize, Serialize};

use crate::{
    experiment::{Drawing, DrawnTask},
    task::Image,
};

/// A place in the unit square, x to the right and y down.
pub type Place = (f32, f32);

/// Most classes of a task.
pub const MOST_CLASSES: usize = 20;

/// Most drawings of a class, and most to be classified: as many as a task may have.
pub const MOST_DRAWINGS: usize = 20;

/// Most strokes of a drawing; past it the drawing is full. No character has as many.
const MOST_STROKES: usize = 60;

/// Most places of a stroke; a pixel is a 28th, and a stroke of this many could fill the paper.
const MOST_PLACES: usize = 600;

/// Places nearer than this to the one before are the trembling of a hand: a quarter of a pixel.
const NEAR: f32 = 0.25 / 28.0;

/// How many changes can be undone.
const UNDO: usize = 60;

/// One drawing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Strokes(pub Vec<Vec<Place>>);

impl Strokes {
    /// Whether there is nothing on the paper.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.is_empty()
    }
}

/// Which drawing is on the pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spot {
    /// An example of a class.
    Class {
        /// The class, from 0.
        class: usize,
        /// Which of its examples.
        example: usize,
    },
    /// A drawing to be classified.
    Query(usize),
}

/// Everything drawn, without the way there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pages {
    /// `[class][example]`
    classes: Vec<Vec<Strokes>>,
    queries: Vec<Strokes>,
    spot: Spot,
}

impl Default for Pages {
    fn default() -> Self {
        Self { classes: Vec::new(), queries: Vec::new(), spot: Spot::Class { class: 0, example: 0 } }
    }
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sketch {
    pages: Pages,
    before: Vec<Pages>,
    /// The stroke under the pen.
    stroke: Option<Vec<Place>>,
}

impl Sketch {
    /// The drawings of a visit before this one; none for a text that is no such drawings.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        let mut pages: Pages = serde_json::from_str(json).ok()?;
        // What lies in a browser's storage may have been written by anything.
        pages.classes.truncate(MOST_CLASSES);
        for drawings in pages.classes.iter_mut().chain([&mut pages.queries]) {
            drawings.truncate(MOST_DRAWINGS);
            for Strokes(strokes) in drawings {
                strokes.truncate(MOST_STROKES);
                strokes.retain(|stroke| !stroke.is_empty());
                for stroke in strokes {
                    stroke.truncate(MOST_PLACES);
                    stroke.iter_mut().for_each(|place| *place = held(*place));
                }
            }
        }
        pages.spot = match pages.spot {
            Spot::Class { class, example } if class < MOST_CLASSES && example < MOST_DRAWINGS => pages.spot,
            Spot::Query(query) if query < MOST_DRAWINGS => pages.spot,
            _ => Pages::default().spot,
        };
        Some(Self { pages, ..Self::default() })
    }

    /// The drawings to keep for the next visit.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.pages).unwrap_or_default()
    }

    /// Which drawing is on the pad.
    #[must_use]
    pub fn spot(&self) -> Spot {
        self.pages.spot
    }

    /// A drawing; blank where nothing was drawn yet.
    #[must_use]
    pub fn drawing(&self, spot: Spot) -> Strokes {
        let drawing = match spot {
            Spot::Class { class, example } => self.pages.classes.get(class).and_then(|examples| examples.get(example)),
            Spot::Query(query) => self.pages.queries.get(query),
        };
        drawing.cloned().unwrap_or_default()
    }

    /// The stroke under the pen.
    #[must_use]
    pub fn stroke(&self) -> Option<&[Place]> {
        self.stroke.as_deref()
    }

    /// Whether nothing was drawn at all.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.pages.classes.iter().flatten().chain(&self.pages.queries).all(Strokes::is_blank)
    }

    /// Whether there is something to undo.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    /// Drawings of a class, without blank ones.
    #[must_use]
    pub fn drawn(&self, class: usize) -> usize {
        let examples = self.pages.classes.get(class);
        examples.map_or(0, |examples| examples.iter().filter(|drawing| !drawing.is_blank()).count())
    }

    /// Drawings to be classified, without blank ones.
    #[must_use]
    pub fn queries(&self) -> usize {
        self.pages.queries.iter().filter(|drawing| !drawing.is_blank()).count()
    }

    /// Places on the page of the drawing on the pad: `shots` examples of its class, or as many as there are; every
    /// query and one more.
    #[must_use]
    pub fn places(&self, shots: usize) -> Vec<Spot> {
        match self.pages.spot {
            Spot::Class { class, .. } => {
                let there = self.pages.classes.get(class).map_or(0, Vec::len);
                (0..shots.max(there).clamp(1, MOST_DRAWINGS)).map(|example| Spot::Class { class, example }).collect()
            }
            Spot::Query(_) => (0..(self.pages.queries.len() + 1).min(MOST_DRAWINGS)).map(Spot::Query).collect(),
        }
    }

    /// Puts a drawing on the pad.
    pub fn show(&mut self, spot: Spot) {
        self.lift();
        self.pages.spot = spot;
    }

    /// Puts the next class on the pad, at its first example without ink; after the last of `ways`, the next query.
    pub fn next_class(&mut self, ways: usize, shots: usize) {
        let next = match self.pages.spot {
            Spot::Class { class, .. } if class + 1 < ways => Some(class + 1),
            Spot::Class { .. } => None,
            Spot::Query(_) => Some(0),
        };
        self.show(match next {
            Some(class) => self.first_blank(class, shots),
            None => self.next_query(),
        });
    }

    /// The first example of a class without ink, or its first.
    #[must_use]
    pub fn first_blank(&self, class: usize, shots: usize) -> Spot {
        let places = (0..shots.clamp(1, MOST_DRAWINGS)).map(|example| Spot::Class { class, example });
        let blank = places.into_iter().find(|spot| self.drawing(*spot).is_blank());
        blank.unwrap_or(Spot::Class { class, example: 0 })
    }

    /// The first query without ink, or the last.
    #[must_use]
    pub fn next_query(&self) -> Spot {
        let blank = (0..MOST_DRAWINGS).map(Spot::Query).find(|spot| self.drawing(*spot).is_blank());
        blank.unwrap_or(Spot::Query(MOST_DRAWINGS - 1))
    }

    /// Puts the pen on the paper.
    pub fn begin(&mut self, place: Place) {
        self.lift();
        if self.drawing(self.pages.spot).0.len() < MOST_STROKES {
            self.stroke = Some(vec![held(place)]);
        }
    }

    /// Moves the pen, if it is on the paper.
    pub fn extend(&mut self, place: Place) {
        let Some(stroke) = &mut self.stroke else { return };
        let place = held(place);
        let far = stroke.last().is_none_or(|last| (last.0 - place.0).hypot(last.1 - place.1) >= NEAR);
        if far && stroke.len() < MOST_PLACES {
            stroke.push(place);
        }
    }

    /// Lifts the pen; whether that ended a stroke.
    pub fn lift(&mut self) -> bool {
        let Some(stroke) = self.stroke.take() else { return false };
        self.remember();
        let spot = self.pages.spot;
        if let Some(drawing) = self.drawing_mut(spot) {
            drawing.0.push(stroke);
        }
        true
    }

    /// Takes back the last change; whether there was one.
    pub fn undo(&mut self) -> bool {
        if self.stroke.take().is_some() {
            return true;
        }
        let Some(before) = self.before.pop() else { return false };
        self.pages = before;
        true
    }

    /// Wipes the drawing on the pad.
    pub fn clear(&mut self) {
        self.stroke = None;
        let spot = self.pages.spot;
        if !self.drawing(spot).is_blank() {
            self.remember();
            if let Some(drawing) = self.drawing_mut(spot) {
                drawing.0.clear();
            }
        }
    }

    /// Wipes every drawing.
    pub fn clear_all(&mut self) {
        self.stroke = None;
        if !self.is_blank() {
            self.remember();
            self.pages = Pages::default();
        }
    }

    /// What is still missing for a task of at most `ways` classes.
    #[must_use]
    pub fn missing(&self, ways: usize) -> Option<Missing> {
        match self.classes(ways).len() {
            0 | 1 => Some(Missing::Classes),
            _ if self.queries() == 0 => Some(Missing::Query),
            _ => None,
        }
    }

    /// The classes that something was drawn of, at most `ways`: they become the task's classes in this order.
    #[must_use]
    pub fn classes(&self, ways: usize) -> Vec<usize> {
        (0..ways.min(self.pages.classes.len())).filter(|class| self.drawn(*class) > 0).collect()
    }

    /// The task of these drawings, where nothing is missing for one, with `rasterise` as the pen.
    #[must_use]
    pub fn task(&self, ways: usize, rasterise: impl Fn(&[Vec<Place>]) -> Image) -> Option<DrawnTask> {
        if self.missing(ways).is_some() {
            return None;
        }
        let inked = |drawings: &[Strokes], class: Option<u8>| -> Vec<Drawing> {
            let inked = drawings.iter().filter(|drawing| !drawing.is_blank());
            inked.map(|drawing| Drawing { image: rasterise(&drawing.0), class }).collect()
        };
        let support = (0_u8..).zip(self.classes(ways));
        let support = support.flat_map(|(place, class)| inked(&self.pages.classes[class], Some(place))).collect();
        Some(DrawnTask { support, query: inked(&self.pages.queries, None) })
    }

    /// The place among the task's queries of the query on the pad, or of the last one.
    #[must_use]
    pub fn query_on_pad(&self) -> usize {
        let last = self.queries().saturating_sub(1);
        match self.pages.spot {
            Spot::Query(query) if !self.drawing(self.pages.spot).is_blank() => {
                self.pages.queries[..query].iter().filter(|drawing| !drawing.is_blank()).count()
            }
            _ => last,
        }
    }

    fn remember(&mut self) {
        self.before.push(self.pages.clone());
        if self.before.len() > UNDO {
            self.before.remove(0);
        }
    }

    /// A drawing to change, with blank ones before it where there were none.
    fn drawing_mut(&mut self, spot: Spot) -> Option<&mut Strokes> {
        let (drawings, place) = match spot {
            Spot::Class { class, example } if class < MOST_CLASSES => {
                if self.pages.classes.len() <= class {
                    self.pages.classes.resize_with(class + 1, Vec::new);
                }
                (self.pages.classes.get_mut(class)?, example)
            }
            Spot::Class { .. } => return None,
            Spot::Query(query) => (&mut self.pages.queries, query),
        };
        if place >= MOST_DRAWINGS {
            return None;
        }
        if drawings.len() <= place {
            drawings.resize_with(place + 1, Strokes::default);
        }
        drawings.get_mut(place)
    }
}

/// What a visitor has still to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A second class, or the first.
    Classes,
    /// Something to classify.
    Query,
}

/// The nearest place on the paper, to a thousandth: finer differences do not show.
fn held((x, y): Place) -> Place {
    let hold = |value: f32| if value.is_finite() { (value.clamp(0.0, 1.0) * 1000.0).round() / 1000.0 } else { 0.5 };
    (hold(x), hold(y))
}

#[cfg(test)]
#[path = "sketch_tests.rs"]
mod tests;
