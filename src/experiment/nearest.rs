//! The name that was probably meant.

/// The candidate that comes first in [`ranked`].
pub(super) fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> &'a str {
    ranked(given, candidates).first().copied().unwrap_or_default()
}

/// The candidates by how few letters are to change (Levenshtein 1966), equals in their own order.
///
/// What follows the last dot weighs as much as the whole, so that `lr` finds `outer.lr`.
pub(super) fn ranked<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let given: String = given.chars().take(64).collect();
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let mut ranked: Vec<&str> = candidates.into_iter().collect();
    ranked.sort_by_cached_key(|candidate| distance(&given, candidate) + distance(&last(&given), &last(candidate)));
    ranked
}

fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&to) {
            let here = (diagonal + usize::from(a != *b)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters_to_change() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("相同", "相同"), 0);
    }

    #[test]
    fn the_nearest_name_is_the_one_meant() {
        let names = ["seed", "learner.inner_lr", "learner.inner_steps", "outer.lr"];
        assert_eq!(nearest("learner.inner_step", names), "learner.inner_steps");
        assert_eq!(nearest("inner_lr", names), "learner.inner_lr");
        assert_eq!(nearest("lr", names), "outer.lr");
        assert_eq!(nearest("anything", []), "");
    }
}
