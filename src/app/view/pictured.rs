//! A figure as the page shows it: the parts of its [`Sheet`], laid out among the page's own.

use leptos::prelude::*;

use super::{page::measured_width, show::Show};
use crate::chart::{Key, Plot, Sheet, viridis};

/// Draws a figure of a width, and follows what it is drawn from; none while there is nothing.
pub type Draw = Callback<f64, Option<Sheet>>;

/// Stops of the bar that says what colours are.
const STOPS: u32 = 9;

/// The first plot of a figure and its legend.
#[component]
pub fn Pictured(
    /// Draws it.
    draw: Draw,
    /// Finds it in a test.
    part: &'static str,
    /// Whether its caption stands below it: where it does not, the panel says it elsewhere.
    #[prop(optional, into)]
    captioned: Signal<bool>,
    /// What else stands in the legend.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (holder, width) = measured_width();
    let sheet = Memo::new(move |_| draw.run(width.get()));
    let caption =
        Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().map(|sheet| sheet.caption.clone())).unwrap_or_default());
    view! {
        <div class="figure still" node_ref=holder><Plotted sheet part /></div>
        <Legend sheet others=children />
        <Show when=move || captioned.get() && caption.with(|caption| !caption.is_empty())>
            <p class="caption" data-testid=format!("{part}-caption")>{move || caption.get()}</p>
        </Show>
    }
}

/// One plot of a figure, as wide as what it stands in.
#[component]
pub fn Plotted(
    /// The figure.
    sheet: Memo<Option<Sheet>>,
    /// Which of its plots, from the topmost.
    #[prop(optional)]
    place: usize,
    /// Finds it in a test.
    #[prop(into)]
    part: String,
) -> impl IntoView {
    let markup = move || {
        sheet
            .with(|sheet| sheet.as_ref().and_then(|sheet| sheet.plots.get(place)).map(Plot::markup))
            .unwrap_or_default()
    };
    let view_box = move || {
        let frame = sheet.with(|sheet| sheet.as_ref().and_then(|sheet| sheet.plots.get(place)).map(|plot| plot.frame));
        frame.map_or_else(|| "0 0 1 1".to_owned(), |frame| frame.view_box())
    };
    let name = move || sheet.with(|sheet| sheet.as_ref().map(|sheet| sheet.name(place).to_owned()));
    view! { <svg viewBox=view_box role="img" aria-label=name data-testid=part inner_html=markup></svg> }
}

/// What the lines, marks and colours of a figure mean.
#[component]
pub fn Legend(
    /// The figure.
    #[prop(into)]
    sheet: Signal<Option<Sheet>>,
    /// What else stands in it.
    #[prop(optional_no_strip)]
    others: Option<Children>,
) -> impl IntoView {
    // A figure that changes with every meta-step keeps the nodes of its legend.
    let keys =
        Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().map(|sheet| sheet.legend.clone())).unwrap_or_default());
    let ramp = Memo::new(move |_| sheet.with(|sheet| sheet.as_ref().and_then(|sheet| sheet.ramp.clone())));
    let bar = || {
        let stops: Vec<String> = (0..STOPS).map(|stop| viridis(f64::from(stop) / f64::from(STOPS - 1))).collect();
        format!("linear-gradient(to right, {})", stops.join(","))
    };
    let colours = move || {
        let ramp = ramp.get()?;
        let (from, to) = (ramp.values.first().cloned(), ramp.values.last().cloned());
        Some(
            view! { <li class="colours">{ramp.name} " " <span>{from}</span><i style:background=bar()></i><span>{to}</span></li> },
        )
    };
    view! {
        <ul class="legend" role="list">
            {move || keys.get().into_iter().map(|key| view! { <li>{sign(&key)}{key.name}</li> }).collect_view()}
            {colours}
            {others.map(|others| others())}
        </ul>
    }
}

/// The marks of a key.
pub fn sign(key: &Key) -> impl IntoView + use<> {
    let view_box = format!("0 0 {} {}", Key::WIDTH, Key::HEIGHT);
    view! { <svg viewBox=view_box aria-hidden="true" inner_html=key.markup()></svg> }
}
