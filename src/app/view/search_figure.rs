//! The figure of the search: every setting in the plane of its rates, coloured by how well it does.

use super::{pictured::Draw, search::Sought};
use crate::{
    app::{search_words as told, searches::Searches},
    figure,
};

/// The figure.
pub fn rates(sought: Sought) -> Draw {
    Draw::new(move |width| {
        let locale = sought.locale();
        let caption = told::said(locale, sought.axes(), &sought.with(Searches::said)).unwrap_or_default();
        sought.tried(|searched| figure::search(locale, searched, caption, width))
    })
}
