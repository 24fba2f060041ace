//! What classes look like, resolved to attributes, for figures that stand alone.
//!
//! The rules are those of `www/figures.css`, which the page has as its style sheet. A file that another program opens should
//! need none, nor variables: both are worked out here. Of CSS this understands what that file is written in: selectors of
//! element names and classes, one element within another; declarations; variables, which elements inherit; `light-dark()`; and
//! nothing that has to do with a pointer or a keyboard.

use std::collections::BTreeMap;

/// The style sheet of figures.
const SHEET: &str = include_str!("../../www/figures.css");

/// The page's two looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Ink on paper.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// An element as selectors see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name, such as `path`.
    pub name: &'static str,
    /// Its classes, separated by spaces.
    pub classes: String,
}

/// A simple selector: an element's name, if it asks for one, and classes.
#[derive(Debug)]
struct Compound<'a> {
    name: &'a str,
    classes: Vec<&'a str>,
}

impl Compound<'_> {
    fn matches(&self, element: &Element) -> bool {
        let has = |class: &&str| element.classes.split(' ').any(|other| other == *class);
        (self.name.is_empty() || self.name == element.name) && self.classes.iter().all(has)
    }
}

#[derive(Debug)]
struct Rule<'a> {
    /// From the outermost element to the one that the rule is about.
    selector: Vec<Compound<'a>>,
    declarations: Vec<(&'a str, &'a str)>,
    /// Classes, then names: what decides between two rules.
    weight: (usize, usize),
}

impl Rule<'_> {
    /// Whether it is about the last of `path`, whose others are around it.
    fn matches(&self, path: &[Element]) -> bool {
        let (Some((own, outer)), Some((element, around))) = (self.selector.split_last(), path.split_last()) else {
            return false;
        };
        let mut around = around.iter().rev();
        own.matches(element) && outer.iter().rev().all(|wanted| around.any(|element| wanted.matches(element)))
    }
}

/// The style sheet in a theme.
pub(super) struct Styles<'a> {
    theme: Theme,
    variables: BTreeMap<&'a str, &'a str>,
    rules: Vec<Rule<'a>>,
}

impl Styles<'static> {
    /// The page's own, in a language such as `zh-Hans`.
    pub fn new(theme: Theme, language: &str) -> Self {
        Self::read(SHEET, theme, language)
    }
}

impl<'a> Styles<'a> {
    fn read(sheet: &'a str, theme: Theme, language: &str) -> Self {
        let (mut variables, mut rules) = (BTreeMap::new(), Vec::new());
        for (selectors, body) in blocks(sheet) {
            let declarations: Vec<(&str, &str)> = body
                .split(';')
                .filter_map(|line| line.split_once(':'))
                .map(|(name, value)| (name.trim(), value.trim()))
                .collect();
            match selectors {
                ":root" => variables.extend(declarations),
                ":root:lang(zh)" if language.starts_with("zh") => variables.extend(declarations),
                selectors => {
                    for selector in selectors.split(',').filter(|selector| !selector.contains([':', '[', '>', '@'])) {
                        let selector: Vec<Compound<'_>> = selector.split_whitespace().map(compound).collect();
                        let classes = selector.iter().map(|part| part.classes.len()).sum();
                        let names = selector.iter().filter(|part| !part.name.is_empty()).count();
                        let declarations = declarations.clone();
                        rules.push(Rule { selector, declarations, weight: (classes, names) });
                    }
                }
            }
        }
        // Among equals the later one wins, as the sort is stable.
        rules.sort_by_key(|rule| rule.weight);
        Self { theme, variables, rules }
    }

    /// The declarations of the last of `path`, as an SVG `style` attribute: a name and a value each, by name.
    pub fn of(&self, path: &[Element]) -> String {
        let mut variables = self.variables.clone();
        let mut own = BTreeMap::new();
        for depth in 1..=path.len() {
            own.clear();
            for rule in self.rules.iter().filter(|rule| rule.matches(&path[..depth])) {
                for &(name, value) in &rule.declarations {
                    if name.starts_with("--") {
                        variables.insert(name, value)
                    } else {
                        own.insert(name, value)
                    };
                }
            }
        }
        let told = own.iter().filter(|(name, _)| !of_the_page(name));
        let told = told.map(|(name, value)| format!("{name}:{}", resolved(value, &variables, self.theme)));
        told.collect::<Vec<_>>().join(";")
    }
}

/// What only a page has a use for.
fn of_the_page(name: &str) -> bool {
    matches!(name, "cursor" | "forced-color-adjust" | "pointer-events")
}

/// A value with its variables put in and of one theme; double quotes, which end an attribute, become single ones.
fn resolved(value: &str, variables: &BTreeMap<&str, &str>, theme: Theme) -> String {
    if let Some((light, dark)) = both(value) {
        return resolved(if theme == Theme::Dark { dark } else { light }, variables, theme);
    }
    let mut parts = value.split("var(");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(')').unwrap_or((part, ""));
        let put = variables.get(name.trim()).map(|value| resolved(value, variables, theme));
        text += &put.unwrap_or_default();
        text += rest;
    }
    text.replace('"', "'")
}

/// The values of a `light-dark()`, which is a declaration's whole value.
fn both(value: &str) -> Option<(&str, &str)> {
    let values = value.strip_prefix("light-dark(")?.strip_suffix(')')?;
    let mut depth = 0_u32;
    let between = |letter: char| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    };
    let (light, dark) = values.split_once(between)?;
    Some((light.trim(), dark.trim()))
}

fn compound(text: &str) -> Compound<'_> {
    let mut parts = text.split('.');
    let name = parts.next().unwrap_or_default();
    Compound { name, classes: parts.collect() }
}

/// Selectors and bodies of the blocks of a sheet, without its comments and without blocks of blocks.
fn blocks(sheet: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = sheet;
    while let Some(open) = rest.find('{') {
        let head = rest[..open].rsplit("*/").next().unwrap_or_default().trim();
        let (mut depth, mut end) = (1, open + 1);
        while depth > 0 && end < rest.len() {
            match rest.as_bytes()[end] {
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            end += 1;
        }
        if !head.starts_with('@') {
            found.push((head, &rest[open + 1..end - 1]));
        }
        rest = &rest[end..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(elements: &[(&'static str, &str)]) -> Vec<Element> {
        elements.iter().map(|(name, classes)| Element { name, classes: (*classes).to_owned() }).collect()
    }

    const OWN: &str = r#"
        /* Colours { of } two themes. */
        :root { --ink: light-dark(#111, #eee); --sans: "A B", sans; }
        @media (dark) { :root { --ink: #000; } }
        :root[data-theme="dark"] { color-scheme: dark; }
        .line { stroke: var(--colour); fill: none; cursor: help; }
        .a { --colour: var(--ink); }
        .line.a { stroke-width: 2; }
        .walk .line { stroke-width: 1; fill: red; }
        .line:hover { fill: blue; }
        circle.line { fill: green; }
        text { font-family: var(--sans); }
    "#;

    #[test]
    fn the_rule_with_more_classes_wins_then_the_one_with_names_then_the_later_one() {
        let style = |path: &[Element]| Styles::read(OWN, Theme::Light, "en").of(path);
        assert_eq!(style(&path(&[("path", "line a")])), "fill:none;stroke:#111;stroke-width:2");
        assert_eq!(
            style(&path(&[("g", "walk x"), ("g", ""), ("path", "line a")])),
            "fill:red;stroke:#111;stroke-width:1"
        );
        assert_eq!(style(&path(&[("circle", "line a")])), "fill:green;stroke:#111;stroke-width:2");
        assert_eq!(style(&path(&[("path", "unheard-of")])), "");
    }

    #[test]
    fn variables_are_inherited_and_follow_the_theme_and_quotes_do_not_end_an_attribute() {
        let dark = Styles::read(OWN, Theme::Dark, "en");
        assert_eq!(dark.of(&path(&[("g", "a"), ("path", "line")])), "fill:none;stroke:#eee");
        assert_eq!(dark.of(&path(&[("text", "")])), "font-family:'A B', sans");
    }

    #[test]
    fn the_pages_own_sheet_is_understood_to_its_end() {
        for (theme, card) in [(Theme::Light, "#ffffff"), (Theme::Dark, "#1c1f25")] {
            let styles = Styles::new(theme, "zh-Hans");
            assert_eq!(styles.of(&path(&[("rect", "picture-ground")])), format!("fill:{card}"));
            let line = styles.of(&path(&[("g", "contest"), ("path", "mean-line c4")]));
            assert!(line.contains("stroke-dasharray:4 4") && line.ends_with("stroke-width:2"), "{line}");
            // Every value is worked out.
            for rule in &styles.rules {
                let classes = |part: &Compound<'_>| part.classes.join(" ");
                let all: Vec<Element> =
                    rule.selector.iter().map(|part| Element { name: "path", classes: classes(part) }).collect();
                let found = styles.of(&all);
                assert!(!found.contains("var(") && !found.contains("light-dark("), "{rule:?}");
                assert_eq!(found.matches('(').count(), found.matches(')').count(), "{rule:?}: {found}");
            }
        }
    }

    #[test]
    fn each_theme_has_its_value_whatever_brackets_are_in_it() {
        assert_eq!(both("light-dark(rgb(0, 0, 0), #fff)"), Some(("rgb(0, 0, 0)", "#fff")));
        assert_eq!(both("#fff"), None);
    }

    #[test]
    fn a_browser_from_before_light_dark_has_the_light_palette_whole() {
        let page = include_str!("../../www/styles.css");
        let old =
            page.split("@supports not (color: light-dark(").nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap();
        let colours = SHEET.lines().filter_map(|line| line.trim().strip_suffix(';')?.split_once(": "));
        let palette: Vec<String> =
            colours.filter_map(|(name, value)| Some(format!("{name}: {};", both(value)?.0))).collect();
        assert!(palette.len() > 10);
        for colour in palette {
            assert!(old.contains(&colour), "{colour} is missing");
        }
    }
}
