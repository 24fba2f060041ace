//! Sentences read from the locale files at run time, for programs that are no page.

use std::sync::OnceLock;

use serde_json::Value;

/// The languages, by the names of their files.
#[allow(non_camel_case_types, reason = "as the page's compiled sentences have it")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    en,
    /// 中文.
    zh,
}

/// The sentences of a language.
fn sentences(locale: Locale) -> &'static Value {
    static ENGLISH: OnceLock<Value> = OnceLock::new();
    static CHINESE: OnceLock<Value> = OnceLock::new();
    let (kept, text) = match locale {
        Locale::en => (&ENGLISH, include_str!("../../www/locales/en.json")),
        Locale::zh => (&CHINESE, include_str!("../../www/locales/zh.json")),
    };
    // The page's build refuses files that do not parse.
    kept.get_or_init(|| serde_json::from_str(text).unwrap_or_default())
}

/// The sentence of a key such as `compare.needs`; the key itself where there is none, which the page's build refuses.
pub(crate) fn sentence(locale: Locale, key: &'static str) -> &'static str {
    let found = key.split('.').try_fold(sentences(locale), |at, part| at.get(part));
    found.and_then(Value::as_str).unwrap_or(key)
}

/// The same with every `{{ name }}` in it filled: in one pass, as a value may hold what looks like another gap.
pub(crate) fn filled(locale: Locale, key: &'static str, gaps: &[(&str, String)]) -> String {
    let (mut text, mut rest) = (String::new(), sentence(locale, key));
    while let Some((before, after)) = rest.split_once("{{ ") {
        let gap = after.split_once(" }}");
        let found = gap.and_then(|(name, after)| Some((gaps.iter().find(|(gap, _)| *gap == name)?, after)));
        text += before;
        rest = match found {
            Some(((_, value), after)) => {
                text += value;
                after
            }
            None => {
                text += "{{ ";
                after
            }
        };
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tell;

    #[test]
    fn a_sentence_is_that_of_its_language_with_its_gaps_filled() {
        let (names, last) = ("MAML", "Reptile");
        assert_eq!(tell!(Locale::en, compare.and, names, last), "MAML and Reptile");
        assert_eq!(tell!(Locale::en, compare.some_steps, steps = 2 + 1), "3 inner steps");
        assert_ne!(tell!(Locale::zh, training.before), tell!(Locale::en, training.before));
    }

    /// The page's build checks the keys that the page says; here are those of the words that figures are made of.
    #[test]
    fn every_key_that_is_told_here_is_in_both_files_and_has_the_gaps_that_are_filled() {
        let sources = [
            include_str!("anatomy.rs"),
            include_str!("captions.rs"),
            include_str!("compare.rs"),
            include_str!("diagnosis.rs"),
            include_str!("evaluation.rs"),
            include_str!("landscape.rs"),
            include_str!("layers.rs"),
            include_str!("mod.rs"),
            include_str!("names.rs"),
            include_str!("noticed.rs"),
            include_str!("search.rs"),
        ];
        let told = sources.iter().flat_map(|text| text.split("tell!(locale, ").skip(1));
        let keys: Vec<&str> = told.filter_map(|rest| rest.split([',', ')']).next()).map(str::trim).collect();
        assert!(keys.len() > 100, "{} keys", keys.len());
        for key in keys {
            for locale in [Locale::en, Locale::zh] {
                let found = key.split('.').try_fold(sentences(locale), |at, part| at.get(part));
                assert!(found.is_some_and(Value::is_string), "{key} is missing in {locale:?}");
            }
        }
    }
}
