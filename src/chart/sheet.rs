//! A figure with all that explains it: its title, its plots, its legend, and a sentence that says what to notice.
//!
//! The page lays these parts out among its own; [`Sheet::picture`] makes one SVG of them that needs nothing else.

use std::fmt::Write as _;

use super::{
    Anchor, Frame, Mark, Plot, Theme,
    plot::{Look, escaped},
    style::{Element, Styles},
    viridis,
};

/// A complete figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What it is called.
    pub title: String,
    /// One below the other.
    pub plots: Vec<Plot>,
    /// What its lines and marks mean.
    pub legend: Vec<Key>,
    /// What its colours mean.
    pub ramp: Option<Ramp>,
    /// What to notice; empty while there is nothing.
    pub caption: String,
}

/// A line of the legend: marks in a box of [`Key::WIDTH`] × [`Key::HEIGHT`], and what they mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The marks.
    pub marks: Vec<Mark>,
    /// What they mean.
    pub name: String,
}

impl Key {
    /// Pixels across.
    pub const WIDTH: f64 = 28.0;
    /// Pixels upwards.
    pub const HEIGHT: f64 = 12.0;

    /// Marks and what they mean.
    #[must_use]
    pub fn new(marks: Vec<Mark>, name: impl Into<String>) -> Self {
        Self { marks, name: name.into() }
    }

    /// A piece of a line through the box, of a class.
    #[must_use]
    pub fn line(class: impl Into<String>, name: impl Into<String>) -> Self {
        Self::new(vec![Mark::path(class, "M1,6H27")], name)
    }

    /// The marks as elements, whose look is left to the page's style sheet.
    #[must_use]
    pub fn markup(&self) -> String {
        self.plot().markup()
    }

    fn plot(&self) -> Plot {
        let frame = Frame { width: Self::WIDTH, height: Self::HEIGHT, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };
        Plot { name: "key".to_owned(), heading: None, frame, marks: self.marks.clone() }
    }
}

/// A scale of colours from dark violet to yellow, with the values at even distances of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ramp {
    /// What the colours tell.
    pub name: String,
    /// From violet to yellow.
    pub values: Vec<String>,
}

/// A picture ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The whole file.
    pub svg: String,
    /// In CSS pixels.
    pub width: f64,
    /// In CSS pixels.
    pub height: f64,
}

/// Room around a picture and between its parts.
const MARGIN: f64 = 16.0;
/// Height of a line of the title, of the legend, and of the caption.
const TITLE: f64 = 21.0;
const ROW: f64 = 18.0;
const LINE: f64 = 21.0;
/// Size of their letters.
const TITLE_SIZE: f64 = 15.0;
const LEGEND_SIZE: f64 = 12.0;
const CAPTION_SIZE: f64 = 15.0;
/// Stops of the scale of colours, and its size.
const STOPS: usize = 32;
const RAMP: (f64, f64) = (180.0, 9.0);

impl Sheet {
    /// What is read in place of one of its plots: what that draws, or the title of all where that says it.
    #[must_use]
    pub fn name(&self, place: usize) -> &str {
        self.plots.get(place).and_then(|plot| plot.heading.as_deref()).unwrap_or(&self.title)
    }

    /// The figure as an SVG that needs no style sheet, with its words in a language such as `en`.
    #[must_use]
    pub fn picture(&self, theme: Theme, language: &str) -> Picture {
        let inner = self.plots.iter().map(|plot| plot.frame.width).fold(0.0, f64::max);
        let width = (inner + 2.0 * MARGIN).ceil();
        let mut page = Page { text: String::new(), look: Resolved::new(theme, language), below: MARGIN };
        page.lines("picture-title", &self.title, (TITLE_SIZE, TITLE), inner);
        for plot in &self.plots {
            if let Some(heading) = &plot.heading {
                page.lines("picture-heading", heading, (LEGEND_SIZE, ROW), inner);
            }
            page.place(plot, MARGIN, plot.frame.height);
        }
        page.legend(&self.legend, inner);
        if let Some(ramp) = &self.ramp {
            page.ramp(ramp);
        }
        page.below += 6.0;
        page.lines("picture-caption", &self.caption, (CAPTION_SIZE, LINE), inner);
        let Page { text, mut look, below } = page;
        let height = (below + MARGIN - 6.0).ceil();
        let ground = look.open("rect", "picture-ground");
        let (title, caption) = (escaped(&self.title), escaped(&self.caption));
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" xml:lang=\"{language}\" role=\"img\"><title>{title}</title><desc>{caption}</desc>\
             <rect{ground} width=\"{width}\" height=\"{height}\"/>{text}</svg>\n"
        );
        Picture { svg, width, height }
    }
}

/// Looks worked out, element by element.
struct Resolved {
    styles: Styles<'static>,
    path: Vec<Element>,
}

impl Resolved {
    fn new(theme: Theme, language: &str) -> Self {
        Self { styles: Styles::new(theme, language), path: Vec::new() }
    }
}

impl Look for Resolved {
    fn open(&mut self, name: &'static str, classes: &str) -> String {
        self.path.push(Element { name, classes: classes.to_owned() });
        match self.styles.of(&self.path) {
            style if style.is_empty() => String::new(),
            style => format!(" style=\"{}\"", escaped(&style)),
        }
    }

    fn close(&mut self) {
        self.path.pop();
    }
}

/// A picture as far as it is written.
struct Page {
    text: String,
    look: Resolved,
    below: f64,
}

impl Page {
    /// A text in as many lines as it takes.
    fn lines(&mut self, class: &str, text: &str, (size, height): (f64, f64), width: f64) {
        // Which serif there is nobody knows before: the widest of the usual ones are a fifth wider than a sans; and bold is
        // wider than it is otherwise.
        let wide = if class == "picture-caption" { 1.2 * size } else { 1.15 * size };
        for line in wrapped(text, wide, width) {
            // The letters of a line stand at about four fifths of its height.
            let at = (MARGIN, self.below + 0.75 * height);
            self.mark(&Mark::text(class, at, Anchor::Start, line));
            self.below += height;
        }
    }

    fn mark(&mut self, mark: &Mark) {
        let frame = Frame { width: 0.0, height: 0.0, left: 0.0, right: 0.0, top: 0.0, bottom: 0.0 };
        let plot = Plot { name: String::new(), heading: None, frame, marks: Vec::new() };
        mark.write(&mut self.text, &plot, &mut self.look);
    }

    /// A plot at a distance from the left, and room of a height for it.
    fn place(&mut self, plot: &Plot, left: f64, height: f64) {
        // Writing to a String cannot fail.
        let _ = write!(self.text, "<g transform=\"translate({left:.1},{:.1})\">", self.below);
        plot.write(&mut self.text, &mut self.look);
        self.text.push_str("</g>");
        self.below += height;
    }

    /// Keys beside one another, in as many rows as it takes.
    fn legend(&mut self, keys: &[Key], width: f64) {
        let mut left = MARGIN;
        for (number, key) in keys.iter().enumerate() {
            let wide = Key::WIDTH + 7.0 + length(&key.name, LEGEND_SIZE) + 18.0;
            if number > 0 && left + wide > MARGIN + width {
                (left, self.below) = (MARGIN, self.below + ROW);
            }
            self.below += 3.0;
            self.place(&key.plot(), left, 0.0);
            self.below -= 3.0;
            let at = (left + Key::WIDTH + 7.0, self.below + 13.0);
            self.mark(&Mark::text("picture-legend", at, Anchor::Start, key.name.clone()));
            left += wide;
        }
        if !keys.is_empty() {
            self.below += ROW;
        }
    }

    /// The scale of colours with its numbers.
    fn ramp(&mut self, ramp: &Ramp) {
        let (width, height) = RAMP;
        let top = self.below + 5.0;
        let step = width / STOPS as f64;
        for stop in 0..STOPS {
            let (x, colour) = (MARGIN + step * stop as f64, viridis(stop as f64 / (STOPS - 1) as f64));
            let d = format!("M{x:.2},{top:.1}h{:.2}v{height}h-{:.2}z", step + 0.3, step + 0.3);
            self.mark(&Mark::filled("level", d, colour));
        }
        let at = (MARGIN + width + 12.0, top + 9.0);
        self.mark(&Mark::path("picture-edge", format!("M{MARGIN},{top:.1}h{width}v{height}h-{width}z")));
        self.mark(&Mark::text("picture-legend", at, Anchor::Start, ramp.name.clone()));
        let last = (ramp.values.len().max(2) - 1) as f64;
        for (place, value) in ramp.values.iter().enumerate() {
            let anchor = match place {
                0 => Anchor::Start,
                place if place + 1 == ramp.values.len() => Anchor::End,
                _ => Anchor::Middle,
            };
            let at = (MARGIN + width * place as f64 / last, top + height + 13.0);
            self.mark(&Mark::text("tick", at, anchor, value.clone()));
        }
        self.below += height + 24.0;
    }
}

/// About how wide a text is set: letters of Latin scripts are half as wide as they are high, those of Chinese as wide.
fn length(text: &str, size: f64) -> f64 {
    text.chars().map(|letter| size * wide(letter)).sum()
}

fn wide(letter: char) -> f64 {
    match letter {
        '\u{1100}'..='\u{ffef}' if letter >= '\u{2e80}' => 1.0,
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '(' | ')' => 0.32,
        'm' | 'w' | 'M' | 'W' => 0.86,
        letter if letter.is_uppercase() => 0.68,
        ' ' | '\u{202f}' => 0.28,
        _ => 0.55,
    }
}

/// A text in lines of at most a width: broken at spaces, and between Chinese letters.
fn wrapped(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        if !line.is_empty() && length(line.trim_end(), size) + length(piece.trim_end(), size) > width {
            lines.push(line.trim_end().to_owned());
            line = String::new();
        }
        line.push_str(piece);
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The parts that a text may be broken between: words with the space behind them, single Chinese letters with the sign
/// behind them.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let sign = next.is_some_and(|next| "，。、：；！？）」%".contains(next));
        if letter == ' ' || (letter >= '\u{2e80}' && !sign && !"（「".contains(letter)) {
            let to = at + letter.len_utf8();
            pieces.push(&text[from..to]);
            from = to;
        }
    }
    pieces.push(&text[from..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> Sheet {
        let frame = Plot::frame(300.0, 150.0);
        let mut plot = Plot::new("own", frame, &super::super::Axes::default());
        plot.marks.push(Mark::group("contest", vec![Mark::path("mean-line c0", "M0,0L10,10")]));
        Sheet {
            title: "Loss & <steps>".to_owned(),
            plots: vec![plot],
            legend: vec![Key::line("mean-line c0", "MAML"), Key::line("mean-line c1", "Reptile")],
            ramp: Some(Ramp { name: "loss".to_owned(), values: vec!["0.1".to_owned(), "1".to_owned()] }),
            caption: "MAML is ahead.".to_owned(),
        }
    }

    #[test]
    fn a_picture_holds_its_words_and_every_look_and_refers_to_nothing() {
        for (theme, ember) in [(Theme::Light, "#b93c0a"), (Theme::Dark, "#ff8f54")] {
            let Picture { svg, width, height } = sheet().picture(theme, "en");
            assert_eq!(width, 332.0);
            assert!(height > 250.0, "{height}");
            for part in
                ["Loss &amp; &lt;steps&gt;", ">MAML<", ">Reptile<", ">MAML is ahead.<", "xml:lang=\"en\"", ember]
            {
                assert!(svg.contains(part), "{part} in {svg}");
            }
            assert!(!svg.contains("class=") && !svg.contains("var("), "{svg}");
            assert_eq!(svg.matches("<g").count(), svg.matches("</g>").count());
        }
    }

    #[test]
    fn two_themes_differ_in_their_looks_alone() {
        let [light, dark] = [Theme::Light, Theme::Dark].map(|theme| sheet().picture(theme, "en"));
        assert_ne!(light.svg, dark.svg);
        let bare = |svg: &str| {
            svg.split(" style=\"").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest)).collect::<String>()
        };
        assert_eq!(bare(&light.svg), bare(&dark.svg));
    }

    #[test]
    fn a_long_caption_is_broken_at_spaces_and_chinese_anywhere_but_before_a_stop() {
        let lines = wrapped("one two three four", 10.0, 50.0);
        assert_eq!(lines, ["one two", "three four"]);
        assert_eq!(wrapped("一二三，四五", 10.0, 35.0), ["一二", "三，四", "五"]);
        assert_eq!(wrapped("", 10.0, 35.0), Vec::<String>::new());
    }

    #[test]
    fn a_legend_that_does_not_fit_goes_on_in_another_row() {
        let mut long = sheet();
        let one_row = long.picture(Theme::Light, "en").height;
        long.legend.extend((0..6).map(|number| Key::line("mean-line c2", format!("contestant number {number}"))));
        assert!(long.picture(Theme::Light, "en").height >= one_row + 2.0 * ROW);
    }
}
