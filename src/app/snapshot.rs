//! Pictures of figures that have no sheet yet: their own SVG with the styles that the browser has computed for it written
//! into its elements, so that it looks alike when it is opened alone.

use wasm_bindgen::JsCast as _;
use web_sys::{CssStyleDeclaration, Document, Element, XmlSerializer};

use super::{browser, export::elements};
use crate::chart::Picture;

const SVG: &str = "http://www.w3.org/2000/svg";

/// What a picture's look depends on, of all that a browser computes.
const STYLES: [&str; 21] = [
    "clip-path",
    "display",
    "fill",
    "fill-opacity",
    "fill-rule",
    "font-family",
    "font-size",
    "font-style",
    "font-variant-numeric",
    "font-weight",
    "opacity",
    "overflow",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "vector-effect",
    "visibility",
];

/// Room around a picture, and for the line above one of several.
const MARGIN: f64 = 12.0;
const LINE: f64 = 20.0;

/// The figures within a part of the page, one below the other; none where it holds none.
pub fn picture(part: &Element, name: &str) -> Option<Picture> {
    let document = browser::document()?;
    let window = web_sys::window()?;
    let figures = elements(&part.query_selector_all(".figure > svg, .spark svg").ok()?);
    let several = figures.len() > 1;
    let styled = |element: &Element| window.get_computed_style(element).ok().flatten();
    let panel = styled(&part.closest(".panel").ok().flatten()?)?;
    let mut placed = Vec::new();
    let (mut widest, mut below) = (0.0_f64, MARGIN);
    for figure in &figures {
        let rect = figure.get_bounding_client_rect();
        if rect.width() < 1.0 || rect.height() < 1.0 {
            continue;
        }
        let copy: Element = figure.clone_node_with_deep(true).ok()?.unchecked_into();
        dress(figure, &copy, &styled);
        if several {
            placed.push(heading(&document, figure, &panel, below)?);
            below += LINE;
        }
        let set = [("x", MARGIN), ("y", below), ("width", rect.width()), ("height", rect.height())];
        set.into_iter().try_for_each(|(name, value)| copy.set_attribute(name, &value.to_string())).ok()?;
        placed.push(copy);
        widest = widest.max(rect.width());
        below += rect.height() + MARGIN;
    }
    if placed.is_empty() {
        return None;
    }
    let (width, height) = ((widest + 2.0 * MARGIN).ceil(), below.ceil());
    let root = document.create_element_ns(Some(SVG), "svg").ok()?;
    let view_box = format!("0 0 {width} {height}");
    let sides = (width.to_string(), height.to_string());
    attributes(&root, &[("viewBox", &view_box), ("width", &sides.0), ("height", &sides.1)])?;
    let title = document.create_element_ns(Some(SVG), "title").ok()?;
    title.set_text_content(Some(name));
    let ground = document.create_element_ns(Some(SVG), "rect").ok()?;
    let paper = panel.get_property_value("background-color").ok()?;
    attributes(&ground, &[("width", &sides.0), ("height", &sides.1), ("fill", &paper)])?;
    for child in [title, ground].iter().chain(&placed) {
        root.append_child(child).ok()?;
    }
    let svg = XmlSerializer::new().ok()?.serialize_to_string(&root).ok()?;
    Some(Picture { svg, width, height })
}

/// What one of several figures is called, above it.
fn heading(document: &Document, figure: &Element, panel: &CssStyleDeclaration, below: f64) -> Option<Element> {
    let text = document.create_element_ns(Some(SVG), "text").ok()?;
    let holder = figure.closest(".spark").ok().flatten();
    let name = holder.and_then(|holder| holder.query_selector("dt").ok().flatten());
    text.set_text_content(name.and_then(|name| name.text_content()).as_deref());
    let style = |name: &str| panel.get_property_value(name).unwrap_or_default();
    let (x, y) = (MARGIN.to_string(), (below + LINE - 6.0).to_string());
    let (font, colour) = (style("font-family"), style("color"));
    attributes(&text, &[("x", &x), ("y", &y), ("font-family", &font), ("font-size", "12"), ("fill", &colour)])?;
    Some(text)
}

/// Writes computed styles into a copy and takes away what only the page understands.
fn dress(original: &Element, copy: &Element, styled: &impl Fn(&Element) -> Option<CssStyleDeclaration>) {
    let within = |element: &Element| {
        let below = element.query_selector_all("*").map(|list| elements(&list)).unwrap_or_default();
        std::iter::once(element.clone()).chain(below).collect::<Vec<_>>()
    };
    for (from, to) in within(original).iter().zip(within(copy)) {
        for name in to.get_attribute_names().iter().filter_map(|name| name.as_string()) {
            let foreign = name.starts_with("data-") || name.starts_with("aria-");
            if foreign || matches!(name.as_str(), "class" | "role" | "tabindex" | "style") {
                // An attribute that is there can be taken away.
                let _ = to.remove_attribute(&name);
            }
        }
        let Some(computed) = styled(from) else { continue };
        let value = |name: &&str| computed.get_property_value(name).ok().filter(|value| !value.is_empty());
        let style = STYLES.iter().filter_map(|name| Some(format!("{name}:{}", value(name)?)));
        let _ = to.set_attribute("style", &style.collect::<Vec<_>>().join(";"));
    }
}

fn attributes(element: &Element, set: &[(&str, &str)]) -> Option<()> {
    set.iter().try_for_each(|(name, value)| element.set_attribute(name, value)).ok()
}
