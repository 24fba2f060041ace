//! Sentences that say what to notice about an adaptation.

use super::{Change, CharacterNoticing, Locale, Most, Noticing, Tally, format, inner_steps, tell};
use crate::experiment::{Family, LearnerKind};

/// One task of a family, with its article.
fn one_task(locale: Locale, family: Family) -> &'static str {
    match family {
        Family::Sinusoid => tell!(locale, one_task.sinusoid),
        Family::Harmonic => tell!(locale, one_task.harmonic),
        Family::SineOrLine => tell!(locale, one_task.sine_or_line),
        Family::Step => tell!(locale, one_task.step),
        Family::Characters => tell!(locale, one_task.characters),
        Family::Quadratic => tell!(locale, one_task.quadratic),
    }
}

/// The sentence that says what to notice.
pub fn noticing(locale: Locale, noticing: &Noticing, family: Family, learner: LearnerKind) -> String {
    let task = one_task(locale, family);
    let told = |change: &Change| {
        // Points that are seen one by one are told as points, not as steps as well.
        let steps = if learner.sees_one_by_one() {
            tell!(locale, notice_this.single_pass).to_owned()
        } else {
            inner_steps(locale, change.steps, learner)
        };
        let points = if change.points == 1 {
            tell!(locale, notice_this.single_point).to_owned()
        } else {
            tell!(locale, notice_this.several_points, count = change.points)
        };
        (steps, points, format::loss(change.from), format::loss(change.to))
    };
    match noticing {
        Noticing::Nothing => tell!(locale, notice_this.nothing).to_owned(),
        Noticing::Start { loss } => tell!(locale, notice_this.start, task, loss = format::loss(*loss)),
        Noticing::Told { loss } => tell!(locale, notice_this.told, task, loss = format::loss(*loss)),
        Noticing::Fell(change) => {
            let (steps, points, from, to) = told(change);
            tell!(locale, notice_this.fell, steps, points, task, from, to)
        }
        Noticing::Stayed(change) => {
            let (steps, points, from, to) = told(change);
            tell!(locale, notice_this.stayed, steps, points, task, from, to)
        }
        Noticing::Untrained(change) => {
            let (steps, points, from, to) = told(change);
            if learner == LearnerKind::LstmOptimizer {
                return tell!(locale, notice_this.untrained_optimizer, steps, from, to);
            }
            tell!(locale, notice_this.untrained, steps, points, from, to)
        }
        Noticing::Rose(change) => {
            let (steps, points, from, to) = told(change);
            tell!(locale, notice_this.rose, steps, points, from, to)
        }
        Noticing::Exploded { steps } => tell!(locale, notice_this.exploded, steps = *steps),
    }
}

/// The same about a quadratic, of which there are no points.
pub fn quadratic_noticing(locale: Locale, noticing: &Noticing, learner: LearnerKind) -> String {
    let told = |change: &Change| {
        (inner_steps(locale, change.steps, learner), format::loss(change.from), format::loss(change.to))
    };
    match noticing {
        Noticing::Nothing => tell!(locale, notice_this.quadratic_nothing).to_owned(),
        Noticing::Start { loss } | Noticing::Told { loss } => {
            tell!(locale, notice_this.quadratic_start, loss = format::loss(*loss))
        }
        Noticing::Fell(change) => {
            let (steps, from, to) = told(change);
            tell!(locale, notice_this.quadratic_fell, steps, from, to)
        }
        Noticing::Stayed(change) => {
            let (steps, from, to) = told(change);
            tell!(locale, notice_this.quadratic_stayed, steps, from, to)
        }
        Noticing::Untrained(change) if learner == LearnerKind::LstmOptimizer => {
            let (steps, from, to) = told(change);
            tell!(locale, notice_this.untrained_optimizer, steps, from, to)
        }
        Noticing::Untrained(change) if change.to <= change.from => {
            let (steps, from, to) = told(change);
            tell!(locale, notice_this.quadratic_stayed, steps, from, to)
        }
        Noticing::Untrained(change) | Noticing::Rose(change) => {
            let (steps, from, to) = told(change);
            tell!(locale, notice_this.quadratic_rose, steps, from, to)
        }
        Noticing::Exploded { steps } => tell!(locale, notice_this.exploded, steps = *steps),
    }
}

/// The sentences that say what to notice about a classification. `letter` is that of a class of the task.
pub fn character_noticing(
    locale: Locale,
    noticing: &CharacterNoticing,
    learner: LearnerKind,
    letter: impl Fn(usize) -> char,
) -> String {
    let most = |most: &Most| {
        let query = most.query.map(|moved| {
            let (from, to) = (format::percent(moved.from), format::percent(moved.to));
            let letter = letter(moved.class);
            tell!(locale, notice_characters.most_query, number = moved.query + 1, letter, from, to)
        });
        let layer = most.layer.as_ref().map(|(layer, change)| {
            tell!(
                locale,
                notice_characters.most_layer,
                layer = layer_name(locale, layer),
                percent = format::percent(*change)
            )
        });
        // Chinese puts no space between sentences, and its full stop has one within.
        let between = if locale == Locale::zh { "" } else { " " };
        [query, layer].into_iter().flatten().map(|sentence| format!("{between}{sentence}")).collect::<String>()
    };
    match noticing {
        CharacterNoticing::Nothing => tell!(locale, notice_characters.nothing).to_owned(),
        CharacterNoticing::Undrawn => tell!(locale, notice_characters.undrawn).to_owned(),
        CharacterNoticing::Start(Tally { right, of, classes }) => {
            let chance = format::setting((*of as f64 / *classes as f64).round());
            match learner.reads_descriptions() {
                true => tell!(locale, notice_characters.start_described, right = *right, of = *of, chance),
                false => tell!(locale, notice_characters.start, right = *right, of = *of, chance),
            }
        }
        CharacterNoticing::Adapted { steps, support, before, now, untrained, most: changed } => {
            let steps = inner_steps(locale, *steps, learner);
            let drawings = match support {
                _ if learner.reads_descriptions() => {
                    tell!(locale, notice_characters.descriptions, count = now.classes)
                }
                1 => tell!(locale, notice_characters.single_drawing).to_owned(),
                count => tell!(locale, notice_characters.several_drawings, count = *count),
            };
            let (right, of, before) = (now.right, now.of, before.right);
            let told = match right.cmp(&before) {
                _ if *untrained => tell!(locale, notice_characters.untrained, steps, right, of, before),
                std::cmp::Ordering::Greater => {
                    tell!(locale, notice_characters.rose, steps, drawings, right, of, before)
                }
                std::cmp::Ordering::Equal => tell!(locale, notice_characters.stayed, steps, drawings, right, of),
                std::cmp::Ordering::Less => {
                    tell!(locale, notice_characters.fell, steps, drawings, right, of, before)
                }
            };
            told + &most(changed)
        }
        CharacterNoticing::Exploded { steps } => {
            tell!(locale, notice_characters.exploded, steps = inner_steps(locale, *steps, learner))
        }
        CharacterNoticing::Guess { predicted: None, .. } => tell!(locale, notice_characters.nothing).to_owned(),
        CharacterNoticing::Guess { steps, predicted: Some((class, confidence)), most: changed } => {
            let (letter, percent) = (letter(*class), format::percent(*confidence));
            let told = match steps {
                0 => tell!(locale, notice_characters.guess_start, letter, percent),
                steps => {
                    let steps = inner_steps(locale, *steps, learner);
                    tell!(locale, notice_characters.guess, steps, letter, percent)
                }
            };
            told + &most(changed)
        }
    }
}

/// A layer as the page calls it: layers count from 1 for people.
fn layer_name(locale: Locale, layer: &str) -> String {
    let place = layer.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u32>();
    match place {
        Ok(place) => tell!(locale, notice_characters.layer, number = place.saturating_add(1)),
        Err(_) if layer == "head" => tell!(locale, notice_characters.head).to_owned(),
        Err(_) => layer.to_owned(),
    }
}
