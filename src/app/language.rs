//! The page's two languages. Sentences are compiled from `www/locales`; a missing one does not compile.

use std::sync::atomic::{AtomicBool, Ordering};

use leptos::prelude::{Get as _, Memo};

use crate::experiment::Language;

pub use crate::words::{Locale, tag};

/// The language on show, for the panic screen, which can ask nothing else any more.
static CHINESE: AtomicBool = AtomicBool::new(false);

/// The sentence of a key in the page's language, as a closure that follows the language.
macro_rules! say {
    ($page:expr, $($sentence:tt)*) => {
        $crate::app::language::said($page.language, |locale| leptos_i18n::td_string!(locale, $($sentence)*))
    };
}
pub(super) use say;

/// Words as a closure that follows the language: of one type whatever the words, as the page carries what puts a closure
/// on show once for each type of closure.
pub fn said(
    language: Memo<Locale>,
    words: fn(Locale) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || words(language.get())
}

/// The locale of a chosen language, or of the first of the browser's that there is, or English.
pub fn locale(chosen: Option<Language>, browser: &[String]) -> Locale {
    let locale = match chosen {
        Some(Language::En) => Locale::en,
        Some(Language::Zh) => Locale::zh,
        None => browser.iter().find_map(|tag| named(tag)).unwrap_or(Locale::en),
    };
    CHINESE.store(locale == Locale::zh, Ordering::Relaxed);
    locale
}

/// The locale last on show.
pub fn last() -> Locale {
    if CHINESE.load(Ordering::Relaxed) { Locale::zh } else { Locale::en }
}

/// The language of a locale, as the experiment keeps it.
pub fn language(locale: Locale) -> Language {
    match locale {
        Locale::en => Language::En,
        Locale::zh => Language::Zh,
    }
}

/// The language that is not on show.
pub fn other(locale: Locale) -> Locale {
    match locale {
        Locale::en => Locale::zh,
        Locale::zh => Locale::en,
    }
}

/// The locale of a language tag such as `zh-CN` or `en`.
pub fn named(tag: &str) -> Option<Locale> {
    match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
        "en" => Some(Locale::en),
        "zh" => Some(Locale::zh),
        _ => None,
    }
}
