//! Icons: a few strokes each, coloured as the text beside them. Buttons name themselves; icons are silent.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A triangle.
    Play,
    /// Two bars.
    Pause,
    /// One step forward.
    Forward,
    /// One step back.
    Back,
    /// Back to the start.
    Reset,
    /// An arrow out of a box.
    Share,
    /// A question mark.
    Help,
    /// A disc, half dark.
    Theme,
    /// A cross.
    Close,
}

impl Shape {
    fn path(self) -> &'static str {
        match self {
            Self::Play => "M6 4.5v11l9-5.5z",
            Self::Pause => "M7 4.5v11M13 4.5v11",
            Self::Forward => "M5 4.5v11l7-5.5zM15 4.5v11",
            Self::Back => "M15 4.5v11l-7-5.5zM5 4.5v11",
            Self::Reset => "M4.5 10a5.5 5.5 0 1 0 1.7-4M4.5 3.5v3.2h3.2",
            Self::Share => "M10 12.5v-9M6.8 6.2 10 3l3.2 3.2M4.5 10v6h11v-6",
            Self::Help => "M7.6 7.4a2.4 2.4 0 1 1 3.5 2.1c-.8.4-1.1.9-1.1 1.8M10 14.2v.3",
            Self::Theme => "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 1 0 0-14.4zM10 4.4v11.2a5.6 5.6 0 1 1 0-11.2z",
            Self::Close => "M5.5 5.5l9 9M14.5 5.5l-9 9",
        }
    }
}

/// An icon of 20 by 20.
#[component]
pub fn Icon(
    /// What it shows.
    shape: Shape,
) -> impl IntoView {
    let class = match shape {
        Shape::Play | Shape::Forward | Shape::Back => "icon full",
        Shape::Theme => "icon full flat",
        _ => "icon",
    };
    view! {
        <svg class=class viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
            <path d=shape.path() />
        </svg>
    }
}
