//! # words: what is said of results, in both languages
//!
//! Numbers as text ([`format`]), names, and the sentences that say what there is to notice, as functions of outcomes. The page
//! compiles its sentences from `www/locales`, where a missing one does not compile; every other program reads the same
//! files when it is asked to say something. Called by `app`, `cli` and `figure`; calls `chart` for its curves and norms, and `experiment`.

pub mod anatomy;
pub mod captions;
pub mod classified;
pub mod compare;
pub mod diagnosis;
pub mod evaluation;
pub mod format;
pub mod landscape;
pub mod layers;
mod names;
mod noticed;
mod noticing;
pub mod search;
#[cfg(not(feature = "app"))]
pub(crate) mod sentences;

pub use names::{family, inner_steps, learner, rival};
pub use noticed::{character_noticing, noticing, quadratic_noticing};
pub use noticing::{Change, CharacterNoticing, Most, Noticing, Tally};

#[cfg(feature = "app")]
pub use compiled::i18n::Locale;
#[cfg(not(feature = "app"))]
pub use sentences::Locale;

/// What `build.rs` makes of the locale files.
#[cfg(feature = "app")]
#[allow(missing_docs, unreachable_pub)]
mod compiled {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}

/// The sentence of a key in a language, its gaps filled: `tell!(locale, compare.needs, names, steps = 3)`. A `&'static
/// str` where there are no gaps, a `String` where there are.
#[cfg(feature = "app")]
macro_rules! tell {
    ($($sentence:tt)*) => { leptos_i18n::td_string!($($sentence)*) };
}

#[cfg(not(feature = "app"))]
macro_rules! tell {
    (@value $name:ident) => { $name.to_string() };
    (@value $name:ident = $value:expr) => { ($value).to_string() };
    ($locale:expr, $first:ident $(. $rest:ident)* $(,)?) => {
        $crate::words::sentences::sentence($locale, concat!(stringify!($first) $(, ".", stringify!($rest))*))
    };
    ($locale:expr, $first:ident $(. $rest:ident)*, $($name:ident $(= $value:expr)?),+ $(,)?) => {
        $crate::words::sentences::filled(
            $locale,
            concat!(stringify!($first) $(, ".", stringify!($rest))*),
            &[$((stringify!($name), $crate::words::tell!(@value $name $(= $value)?))),+],
        )
    };
}
pub(crate) use tell;

/// Sentences one after another: Chinese puts no space between them.
#[must_use]
pub fn together(locale: Locale, sentences: impl IntoIterator<Item = String>) -> String {
    let between = if locale == Locale::zh { "" } else { " " };
    sentences.into_iter().collect::<Vec<_>>().join(between)
}

/// Names in a row.
#[must_use]
pub fn listed(locale: Locale, mut names: Vec<String>) -> String {
    match names.pop() {
        Some(last) if names.is_empty() => last,
        Some(last) => {
            let names = names.join(if locale == Locale::zh { "、" } else { ", " });
            tell!(locale, compare.and, names, last)
        }
        None => String::new(),
    }
}

/// What `<html lang>` and `xml:lang` say: simplified Chinese picks the right glyphs of the system's fonts.
#[must_use]
pub fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::zh => "zh-Hans",
    }
}
