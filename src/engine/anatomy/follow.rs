//! Which single numbers are followed, and where they stand.

use crate::{
    experiment::{Followed, whole},
    learner::Layer,
};

/// Most numbers that are followed.
const MOST: usize = 10;

/// Layers of which two numbers each are followed; of the body of a deeper network one.
const SHALLOW: usize = 3;

/// The named matrices that a flat vector consists of.
pub(super) struct Parts {
    entries: Vec<(String, [usize; 2])>,
}

impl Parts {
    /// From names and their rows and columns.
    pub fn new(entries: Vec<(String, [usize; 2])>) -> Self {
        Self { entries }
    }

    /// Number of matrices.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Where a matrix begins and ends.
    fn range(&self, entry: usize) -> std::ops::Range<usize> {
        let numbers = |entry: &(String, [usize; 2])| entry.1[0] * entry.1[1];
        let first = self.entries[..entry].iter().map(numbers).sum();
        first..first + numbers(&self.entries[entry])
    }

    /// A flat vector as one for each matrix.
    pub fn cut(&self, flat: &[f64]) -> Vec<Vec<f64>> {
        (0..self.len()).map(|entry| flat.get(self.range(entry)).unwrap_or_default().to_vec()).collect()
    }

    /// The norm of some matrices together.
    pub fn norm(&self, flat: &[f64], entries: &[usize]) -> f64 {
        whole(&entries.iter().map(|&entry| whole(flat.get(self.range(entry)).unwrap_or_default())).collect::<Vec<_>>())
    }

    /// Where the largest number of some matrices is, if one is not zero.
    fn largest(&self, flat: &[f64], entries: &[usize]) -> Option<usize> {
        let places = entries.iter().flat_map(|&entry| self.range(entry));
        let sizes = places.filter_map(|at| flat.get(at).map(|value| (at, value.abs())));
        sizes.filter(|(_, size)| *size > 0.0).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(at, _)| at)
    }

    /// The name of a number: its matrix and its place in that.
    pub fn name(&self, at: usize) -> String {
        for (entry, (name, [rows, columns])) in self.entries.iter().enumerate() {
            let range = self.range(entry);
            if range.contains(&at) {
                let place = at - range.start;
                return match rows {
                    1 => format!("{name}[{place}]"),
                    _ => format!("{name}[{}, {}]", place / columns, place % columns),
                };
            }
        }
        String::new()
    }
}

/// A number that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub name: String,
    /// Which layer it adapts in, and where in a point of the path.
    pub adapting: Option<(usize, usize)>,
    /// Where in the meta-parameters.
    pub learned: Option<usize>,
}

impl Spot {
    /// The spot as nothing is known of it yet.
    pub fn followed(&self) -> Followed {
        Followed {
            name: self.name.clone(),
            layer: self.adapting.map(|(layer, _)| layer as u32),
            steps: Vec::new(),
            back: Vec::new(),
            gradient: None,
            outer: None,
            nudge: None,
        }
    }
}

/// Vectors that are chosen from: their matrices, the numbers of each group of them, and the vector.
pub(super) struct Choice<'a> {
    pub parts: &'a Parts,
    pub groups: &'a [Layer],
    pub flat: &'a [f64],
}

/// The largest numbers of every layer, the head's first: of the support gradient of the first step, and of that times the
/// learner's own gradient, so that both stages have something to say of it. Of the meta-parameters the first `shared` matrices
/// are those of the path's points.
pub(super) fn spots(adapting: Option<&Choice<'_>>, learned: Option<&Choice<'_>>, shared: usize) -> Vec<Spot> {
    let mut found: Vec<Spot> = Vec::new();
    let mut add = |spot: Spot| {
        if found.len() < MOST && !found.iter().any(|other| other.name == spot.name) {
            found.push(spot);
        }
    };
    let boundary = learned.filter(|_| shared > 0).map_or(0, |choice| choice.parts.range(shared - 1).end);
    if let Some(Choice { parts, groups, flat }) = adapting {
        let both: Vec<f64> = learned.map_or_else(Vec::new, |learned| {
            flat.iter().zip(learned.flat).take(boundary).map(|(slope, gradient)| slope * gradient).collect()
        });
        for (layer, Layer { entries, .. }) in groups.iter().enumerate().rev() {
            let (by_both, by_slope) = (parts.largest(&both, entries), parts.largest(flat, entries));
            let two = groups.len() <= SHALLOW || layer + 1 == groups.len();
            for at in [by_both, by_slope.filter(|_| two || by_both.is_none())].into_iter().flatten() {
                let learned = (at < boundary).then_some(at);
                add(Spot { name: parts.name(at), adapting: Some((layer, at)), learned });
            }
        }
    }
    if let Some(Choice { parts, groups, flat }) = learned {
        for Layer { entries, .. } in *groups {
            let own: Vec<usize> = entries.iter().copied().filter(|&entry| entry >= shared).collect();
            if let Some(at) = parts.largest(flat, &own) {
                add(Spot { name: parts.name(at), adapting: None, learned: Some(at) });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Parts {
        Parts::new(vec![("layer0.weight".into(), [2, 3]), ("layer0.bias".into(), [1, 3]), ("rate".into(), [1, 1])])
    }

    #[test]
    fn a_number_is_called_by_its_matrix_row_and_column() {
        let names = [0, 5, 7, 9].map(|at| parts().name(at));
        assert_eq!(names, ["layer0.weight[0, 0]", "layer0.weight[1, 2]", "layer0.bias[1]", "rate[0]"]);
        assert_eq!(parts().cut(&[1.0; 10]).iter().map(Vec::len).collect::<Vec<_>>(), [6, 3, 1]);
    }

    #[test]
    fn the_largest_of_both_gradients_are_followed_and_what_is_only_learned_too() {
        let (parts, adapted) = (parts(), Parts::new(parts().entries[..2].to_vec()));
        let slope = [0.0, 0.0, 0.0, 0.0, -3.0, 0.0, 0.0, 0.0, 2.5];
        let gradient = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 2.0, 0.5];
        let layer = |name: &str, entries: &[usize]| Layer { name: name.to_owned(), entries: entries.to_vec() };
        let (layers, all) = ([layer("layer0", &[0, 1])], [layer("layer0", &[0, 1]), layer("rate", &[2])]);
        let adapting = Choice { parts: &adapted, groups: &layers, flat: &slope };
        let learned = Choice { parts: &parts, groups: &all, flat: &gradient };
        let found = spots(Some(&adapting), Some(&learned), 2);
        let named = |name: &str, adapting, learned| Spot { name: name.into(), adapting, learned };
        assert_eq!(
            found,
            [
                named("layer0.bias[2]", Some((0, 8)), Some(8)),
                named("layer0.weight[1, 1]", Some((0, 4)), Some(4)),
                named("rate[0]", None, Some(9)),
            ]
        );
        assert_eq!(spots(Some(&adapting), None, 2)[0].learned, None, "nothing is learned outside");
    }
}
