//! A figure as the marks that it is made of: what the page puts into an `<svg>`, and what a picture that stands alone holds.

use std::fmt::Write as _;

use super::{Frame, Tick};

/// Something drawn. What it looks like is said of its class in `www/figures.css`.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// Marks together, so that rules can be about marks within something.
    Group {
        /// Classes.
        class: String,
        /// The marks.
        marks: Vec<Mark>,
    },
    /// Marks of which what lies outside of the plot is left out.
    Clipped(Vec<Mark>),
    /// A path.
    Path {
        /// Classes.
        class: String,
        /// Its data.
        d: String,
        /// Its colour, where a quantity says it.
        fill: Option<String>,
        /// The colour of its line, where a quantity says that.
        stroke: Option<String>,
        /// How strongly it shows, where that is no matter of its class.
        opacity: Option<f64>,
    },
    /// A circle.
    Circle {
        /// Classes.
        class: String,
        /// Its middle.
        at: (f64, f64),
        /// Its radius.
        r: f64,
    },
    /// A straight line.
    Line {
        /// Classes.
        class: String,
        /// From here.
        from: (f64, f64),
        /// To here.
        to: (f64, f64),
    },
    /// A line of text.
    Text {
        /// Classes.
        class: String,
        /// Its anchor, on the line that letters stand on.
        at: (f64, f64),
        /// Where in the text the anchor is.
        anchor: Anchor,
        /// The text.
        text: String,
    },
    /// A picture.
    Image {
        /// Its address.
        href: String,
        /// Its left upper corner.
        at: (f64, f64),
        /// Its width and height.
        size: (f64, f64),
        /// Whether its pixels are numbers, each to be seen as it is.
        crisp: bool,
    },
}

/// Where in a text its place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its begin.
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

impl Anchor {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

impl Mark {
    /// A path of a class.
    #[must_use]
    pub fn path(class: impl Into<String>, d: impl Into<String>) -> Self {
        Self::Path { class: class.into(), d: d.into(), fill: None, stroke: None, opacity: None }
    }

    /// An area of a class whose colour a quantity says.
    #[must_use]
    pub fn filled(class: impl Into<String>, d: impl Into<String>, colour: impl Into<String>) -> Self {
        Self::Path { class: class.into(), d: d.into(), fill: Some(colour.into()), stroke: None, opacity: None }
    }

    /// A line of a class whose colour a quantity says.
    #[must_use]
    pub fn stroked(class: impl Into<String>, d: impl Into<String>, colour: impl Into<String>) -> Self {
        Self::Path { class: class.into(), d: d.into(), fill: None, stroke: Some(colour.into()), opacity: None }
    }

    /// A path of a class that shows as strongly as is said.
    #[must_use]
    pub fn faint(class: impl Into<String>, d: impl Into<String>, opacity: f64) -> Self {
        Self::Path { class: class.into(), d: d.into(), fill: None, stroke: None, opacity: Some(opacity) }
    }

    /// A circle of a class.
    #[must_use]
    pub fn circle(class: impl Into<String>, at: (f64, f64), r: f64) -> Self {
        Self::Circle { class: class.into(), at, r }
    }

    /// A line of a class.
    #[must_use]
    pub fn line(class: impl Into<String>, from: (f64, f64), to: (f64, f64)) -> Self {
        Self::Line { class: class.into(), from, to }
    }

    /// A text of a class.
    #[must_use]
    pub fn text(class: impl Into<String>, at: (f64, f64), anchor: Anchor, text: impl Into<String>) -> Self {
        Self::Text { class: class.into(), at, anchor, text: text.into() }
    }

    /// Marks in a group of a class.
    #[must_use]
    pub fn group(class: impl Into<String>, marks: Vec<Self>) -> Self {
        Self::Group { class: class.into(), marks }
    }
}

/// What stands along the axes of a plot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axes {
    /// Ticks from left to right.
    pub across: Vec<Tick>,
    /// Ticks from bottom to top.
    pub upwards: Vec<Tick>,
    /// What lies across, with its unit.
    pub across_name: String,
    /// What lies upwards, with its unit.
    pub upwards_name: String,
    /// What stands behind the numbers upwards, such as a sign of per cent.
    pub unit: &'static str,
    /// Whether upright lines are drawn too.
    pub upright: bool,
}

/// A figure in its frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    /// A name that no other plot on the page has, for what it refers to within itself.
    pub name: String,
    /// What stands above it where there are several.
    pub heading: Option<String>,
    /// Its size and margins.
    pub frame: Frame,
    /// What is drawn, from the lowest to the topmost.
    pub marks: Vec<Mark>,
}

impl Plot {
    /// A plot of axes alone, which marks are added to. The frame has room for them: see [`Plot::frame`].
    #[must_use]
    pub fn new(name: impl Into<String>, frame: Frame, axes: &Axes) -> Self {
        let ((left, right), (bottom, top)) = (frame.across(), frame.upwards());
        let mut marks = Vec::new();
        for Tick { value, at, label } in &axes.upwards {
            let class = if *value == 0.0 { "grid zero" } else { "grid" };
            marks.push(Mark::line(class, (left, *at), (right, *at)));
            let label = format!("{label}{}", axes.unit);
            marks.push(Mark::text("tick", (left - 7.0, at + 4.0), Anchor::End, label));
        }
        for Tick { at, label, .. } in &axes.across {
            if axes.upright {
                marks.push(Mark::line("grid", (*at, bottom), (*at, top)));
            }
            marks.push(Mark::text("tick", (*at, bottom + 15.0), Anchor::Middle, label.clone()));
        }
        if !axes.across_name.is_empty() {
            marks.push(Mark::text("tick", (right, bottom + 31.0), Anchor::End, axes.across_name.clone()));
        }
        if !axes.upwards_name.is_empty() {
            marks.push(Mark::text("tick", (2.0, 11.0), Anchor::Start, axes.upwards_name.clone()));
        }
        Self { name: name.into(), heading: None, frame, marks }
    }

    /// A frame of a width and a height with room for the numbers and the names of both axes.
    #[must_use]
    pub fn frame(width: f64, height: f64) -> Frame {
        Frame { width, height, left: 46.0, right: 12.0, top: 22.0, bottom: 37.0 }
    }

    /// The elements of the figure, whose look is left to the page's style sheet.
    #[must_use]
    pub fn markup(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, &mut Plain);
        text
    }

    pub(super) fn write(&self, text: &mut String, look: &mut impl Look) {
        for mark in &self.marks {
            mark.write(text, self, look);
        }
    }
}

/// How elements come by their look.
pub(super) trait Look {
    /// Opens an element of these classes: what is to stand among its attributes.
    fn open(&mut self, name: &'static str, classes: &str) -> String;

    /// Closes the element opened last.
    fn close(&mut self);
}

/// By their classes.
struct Plain;

impl Look for Plain {
    fn open(&mut self, _: &'static str, classes: &str) -> String {
        if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", escaped(classes)) }
    }

    fn close(&mut self) {}
}

impl Mark {
    pub(super) fn write(&self, text: &mut String, plot: &Plot, look: &mut impl Look) {
        // Writing to a String cannot fail.
        let _ = match self {
            Self::Group { class, marks } => {
                let of = look.open("g", class);
                let _ = write!(text, "<g{of}>");
                marks.iter().for_each(|mark| mark.write(text, plot, look));
                text.push_str("</g>");
                Ok(())
            }
            Self::Clipped(marks) => {
                // A little room, so that a line along an edge keeps its width.
                let ((left, right), (bottom, top)) = (plot.frame.across(), plot.frame.upwards());
                let (x, y, width, height) = (left - 4.0, top - 4.0, right - left + 8.0, bottom - top + 8.0);
                let name = escaped(&plot.name);
                let _ = write!(
                    text,
                    "<clipPath id=\"clip-{name}\"><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
                     height=\"{height:.1}\"/></clipPath><g clip-path=\"url(#clip-{name})\">"
                );
                look.open("g", "");
                marks.iter().for_each(|mark| mark.write(text, plot, look));
                text.push_str("</g>");
                Ok(())
            }
            Self::Path { class, d, fill, stroke, opacity } => {
                let of = look.open("path", class);
                let paint = |name: &str, colour: &Option<String>| {
                    colour.as_ref().map_or_else(String::new, |colour| format!(" {name}=\"{}\"", escaped(colour)))
                };
                let (fill, stroke) = (paint("fill", fill), paint("stroke", stroke));
                let opacity = opacity.map_or_else(String::new, |opacity| format!(" opacity=\"{opacity:.2}\""));
                write!(text, "<path{of}{fill}{stroke}{opacity} d=\"{}\"/>", escaped(d))
            }
            Self::Circle { class, at: (x, y), r } => {
                let of = look.open("circle", class);
                write!(text, "<circle{of} cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r}\"/>")
            }
            Self::Line { class, from: (x1, y1), to: (x2, y2) } => {
                let of = look.open("line", class);
                write!(text, "<line{of} x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>")
            }
            Self::Text { class, at: (x, y), anchor, text: told } => {
                let of = look.open("text", class);
                let (anchor, told) = (anchor.name(), escaped(told));
                write!(text, "<text{of} x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{told}</text>")
            }
            Self::Image { href, at: (x, y), size: (width, height), crisp } => {
                look.open("image", "");
                let href = escaped(href);
                let crisp = if *crisp { " preserveAspectRatio=\"none\" image-rendering=\"pixelated\"" } else { "" };
                write!(
                    text,
                    "<image x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"{crisp} href=\"{href}\"/>"
                )
            }
        };
        look.close();
    }
}

/// A text as it may stand in XML; what XML has no place for at all is left out, and so is what turns the direction of the
/// text after it.
pub(super) fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut kept, letter| {
        match letter {
            '&' => kept.push_str("&amp;"),
            '<' => kept.push_str("&lt;"),
            '>' => kept.push_str("&gt;"),
            '"' => kept.push_str("&quot;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => kept.push(letter),
        }
        kept
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { width: 100.0, height: 80.0, left: 20.0, right: 10.0, top: 10.0, bottom: 20.0 };

    #[test]
    fn marks_become_elements_of_their_classes_in_their_order() {
        let inner = vec![Mark::path("b \"c\"", "M0,0"), Mark::circle("", (1.0, 2.25), 3.5)];
        let marks = vec![Mark::group("a", inner), Mark::text("t", (1.0, 2.0), Anchor::End, "x < y & z")];
        let plot = Plot { name: "p".to_owned(), heading: None, frame: FRAME, marks };
        assert_eq!(
            plot.markup(),
            "<g class=\"a\"><path class=\"b &quot;c&quot;\" d=\"M0,0\"/><circle cx=\"1.0\" cy=\"2.2\" r=\"3.5\"/></g>\
             <text class=\"t\" x=\"1.0\" y=\"2.0\" text-anchor=\"end\">x &lt; y &amp; z</text>"
        );
    }

    #[test]
    fn what_is_clipped_keeps_to_the_plot_and_a_name_from_outside_cannot_break_out() {
        let marks = vec![Mark::Clipped(vec![Mark::path("line", "M0,0")])];
        let markup = Plot { name: "a\"b".to_owned(), heading: None, frame: FRAME, marks }.markup();
        assert!(
            markup.starts_with(
                "<clipPath id=\"clip-a&quot;b\"><rect x=\"16.0\" y=\"6.0\" width=\"78.0\" height=\"58.0\"/>"
            )
        );
        assert!(markup.ends_with("<path class=\"line\" d=\"M0,0\"/></g>"), "{markup}");
    }

    #[test]
    fn axes_have_numbers_with_their_unit_and_names() {
        let tick = |value: f64, at| Tick { value, at, label: format!("{value}") };
        let axes = Axes {
            across: vec![tick(5.0, 50.0)],
            upwards: vec![tick(0.0, 60.0)],
            across_name: "steps".to_owned(),
            upwards_name: "accuracy".to_owned(),
            unit: "\u{202f}%",
            upright: false,
        };
        let markup = Plot::new("p", FRAME, &axes).markup();
        for part in ["class=\"grid zero\"", ">0\u{202f}%<", ">5<", ">steps<", ">accuracy<"] {
            assert!(markup.contains(part), "{part} in {markup}");
        }
    }
}
