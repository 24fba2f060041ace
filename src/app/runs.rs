//! The runs that were recorded: which there are, in which order, which of them are looked at.
//!
//! A plain state machine; what it says is to be kept or dropped, the browser's database keeps or drops.

use std::collections::HashSet;

use super::record::{Differs, MOST_RUNS, Record, difference};

/// Most runs in one figure: as many as there are lines that can be told apart.
pub const MOST_CHOSEN: usize = 6;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs {
    all: Vec<Record>,
    /// Ids in the figure, each in the place of its line.
    chosen: Vec<Option<String>>,
    deleted: Option<Record>,
    /// Ids that are not to come back by themselves.
    gone: HashSet<String>,
}

/// What an import has brought.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Brought {
    /// The runs to keep.
    pub new: Vec<Record>,
    /// How many were there already.
    pub known: usize,
    /// Ids that had to make room.
    pub dropped: Vec<String>,
}

impl Runs {
    /// Every run: the pinned ones first, then the newest first.
    #[must_use]
    pub fn all(&self) -> &[Record] {
        &self.all
    }

    /// Those whose name, or one of the words that the page has for them, holds all that is sought.
    pub fn found(&self, sought: &str, words: impl Fn(&Record) -> String) -> Vec<&Record> {
        let sought: Vec<String> = sought.split_whitespace().map(str::to_lowercase).collect();
        let holds = |record: &&Record| {
            let text = format!("{} {}", record.name, words(record)).to_lowercase();
            sought.iter().all(|word| text.contains(word))
        };
        self.all.iter().filter(holds).collect()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Record> {
        self.all.iter().find(|record| record.id == id)
    }

    /// Takes the runs of earlier visits. One that has been recorded meanwhile stays as it is. Gives ids that have to make
    /// room: pages in two tabs keep more than either would.
    pub fn restore(&mut self, records: Vec<Record>) -> Vec<String> {
        for record in records {
            if self.get(&record.id).is_none() {
                self.all.push(record);
            }
        }
        self.sort();
        self.make_room()
    }

    /// Takes a run as it stands now; its name and its pin are the visitor's. Gives the record to keep, and ids that had
    /// to make room; nothing for a run that was deleted.
    pub fn take(&mut self, mut record: Record) -> Option<(Record, Vec<String>)> {
        if self.gone.contains(&record.id) {
            return None;
        }
        match self.all.iter_mut().find(|other| other.id == record.id) {
            Some(known) => {
                (record.name, record.pinned) = (known.name.clone(), known.pinned);
                *known = record.clone();
            }
            None => {
                self.all.push(record.clone());
                self.sort();
            }
        }
        Some((record, self.make_room()))
    }

    /// Renames one; gives it to be kept.
    pub fn rename(&mut self, id: &str, name: &str) -> Option<Record> {
        let record = self.all.iter_mut().find(|record| record.id == id)?;
        record.rename(name);
        Some(record.clone())
    }

    /// Pins one, or lets it go; gives it to be kept.
    pub fn pin(&mut self, id: &str) -> Option<Record> {
        let record = self.all.iter_mut().find(|record| record.id == id)?;
        record.pinned = !record.pinned;
        let record = record.clone();
        self.sort();
        Some(record)
    }

    /// Deletes one. It can be had back until the next is deleted.
    pub fn delete(&mut self, id: &str) -> bool {
        let Some(place) = self.all.iter().position(|record| record.id == id) else { return false };
        self.unchoose(id);
        self.gone.insert(id.to_owned());
        self.deleted = Some(self.all.remove(place));
        true
    }

    /// The run that was deleted last, if it can be had back.
    #[must_use]
    pub fn deleted(&self) -> Option<&Record> {
        self.deleted.as_ref()
    }

    /// Brings it back; gives it to be kept.
    pub fn undo(&mut self) -> Option<Record> {
        let record = self.deleted.take()?;
        self.gone.remove(&record.id);
        self.all.push(record.clone());
        self.sort();
        Some(record)
    }

    /// Takes runs of a file, as far as they are not there.
    pub fn import(&mut self, records: Vec<Record>) -> Brought {
        let mut brought = Brought::default();
        for record in records {
            if self.get(&record.id).is_some() {
                brought.known += 1;
                continue;
            }
            self.gone.remove(&record.id);
            self.deleted.take_if(|deleted| deleted.id == record.id);
            self.all.push(record.clone());
            brought.new.push(record);
        }
        self.sort();
        brought.dropped = self.make_room();
        brought.new.retain(|record| !brought.dropped.contains(&record.id));
        brought
    }

    /// Puts one into the figure, or takes it out. One more than there are lines for changes nothing.
    pub fn choose(&mut self, id: &str) {
        if self.line(id).is_some() {
            self.unchoose(id);
        } else if self.get(id).is_some() {
            match self.chosen.iter().position(Option::is_none) {
                Some(place) => self.chosen[place] = Some(id.to_owned()),
                None if self.chosen.len() < MOST_CHOSEN => self.chosen.push(Some(id.to_owned())),
                None => {}
            }
        }
    }

    /// Whether there is a line left for one more.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.chosen.iter().flatten().count() < MOST_CHOSEN
    }

    /// The number of a run's line, if it is in the figure: it keeps it while others come and go.
    #[must_use]
    pub fn line(&self, id: &str) -> Option<usize> {
        self.chosen.iter().position(|place| place.as_deref() == Some(id))
    }

    /// The runs in the figure, each with the number of its line.
    #[must_use]
    pub fn chosen(&self) -> Vec<(usize, &Record)> {
        let of = |(line, id): (usize, &Option<String>)| Some((line, self.get(id.as_deref()?)?));
        self.chosen.iter().enumerate().filter_map(of).collect()
    }

    /// In what the two runs of the figure differ; none where it does not hold two.
    #[must_use]
    pub fn difference(&self) -> Option<(&Record, &Record, Vec<Differs>)> {
        match self.chosen().as_slice() {
            [(_, one), (_, other)] => Some((one, other, difference(&one.experiment, &other.experiment))),
            _ => None,
        }
    }

    fn unchoose(&mut self, id: &str) {
        self.chosen.iter_mut().for_each(|place| drop(place.take_if(|chosen| chosen == id)));
    }

    fn sort(&mut self) {
        self.all.sort_by(|a, b| b.pinned.cmp(&a.pinned).then(b.begun.total_cmp(&a.begun)).then(b.id.cmp(&a.id)));
    }

    /// Of more than are kept, the oldest go; pinned ones last.
    fn make_room(&mut self) -> Vec<String> {
        let dropped: Vec<String> = self.all.drain(self.all.len().min(MOST_RUNS)..).map(|record| record.id).collect();
        dropped.iter().for_each(|id| self.unchoose(id));
        dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::record::tests::record;

    fn runs(count: u32) -> Runs {
        let mut runs = Runs::default();
        (1..=count).for_each(|number| drop(runs.take(record(&number.to_string(), f64::from(number)))));
        runs
    }

    fn ids(runs: &Runs) -> Vec<&str> {
        runs.all().iter().map(|record| record.id.as_str()).collect()
    }

    #[test]
    fn the_newest_stands_first_and_the_pinned_above_it() {
        let mut runs = runs(3);
        assert_eq!(ids(&runs), ["3", "2", "1"]);
        assert!(runs.pin("1").unwrap().pinned);
        assert_eq!(ids(&runs), ["1", "3", "2"]);
        runs.pin("1");
        assert_eq!(ids(&runs), ["3", "2", "1"]);
    }

    #[test]
    fn a_run_that_goes_on_keeps_its_name_and_its_pin() {
        let mut runs = runs(2);
        runs.rename("1", "  mine\n ");
        runs.pin("1");
        let (kept, _) = runs.take(Record { meta_step: 900, ..record("1", 1.0) }).unwrap();
        assert_eq!((kept.name.as_str(), kept.pinned, kept.meta_step), ("mine", true, 900));
        assert_eq!(runs.all().len(), 2);
    }

    #[test]
    fn every_word_that_is_sought_has_to_be_in_the_name_or_in_the_words_of_the_page() {
        let mut runs = runs(3);
        runs.rename("2", "With dropout");
        let found = |sought: &str| {
            let words = |record: &Record| if record.id == "1" { "Reptile" } else { "MAML" }.to_owned();
            runs.found(sought, words).iter().map(|record| record.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            (found("maml"), found("maml DROP"), found("")),
            (vec!["3".into(), "2".into()], vec!["2".into()], vec!["3".into(), "2".into(), "1".into()])
        );
        assert!(found("dropout reptile").is_empty());
    }

    #[test]
    fn what_was_deleted_stays_away_while_it_trains_on_and_comes_back_when_asked() {
        let mut runs = runs(2);
        runs.choose("2");
        assert!(runs.delete("2") && !runs.delete("2"));
        assert_eq!(runs.take(record("2", 2.0)), None);
        assert!(runs.chosen().is_empty());
        assert_eq!(runs.undo().map(|record| record.id), Some("2".to_owned()));
        assert_eq!(ids(&runs), ["2", "1"]);
        assert_eq!(runs.undo(), None);
        assert!(runs.take(record("2", 2.0)).is_some());
    }

    #[test]
    fn a_line_keeps_its_number_while_others_come_and_go() {
        let mut runs = runs(8);
        for id in ["1", "2", "3"] {
            runs.choose(id);
        }
        runs.choose("2");
        assert_eq!((runs.line("1"), runs.line("2"), runs.line("3")), (Some(0), None, Some(2)));
        runs.choose("4");
        assert_eq!(runs.line("4"), Some(1), "the place that became free");
        for id in ["5", "6", "7", "8"] {
            runs.choose(id);
        }
        assert_eq!((runs.chosen().len(), runs.has_room(), runs.line("8")), (MOST_CHOSEN, false, None));
    }

    #[test]
    fn two_runs_in_the_figure_say_how_they_differ() {
        let mut runs = runs(2);
        let mut other = record("3", 3.0);
        (other.experiment.outer.lr, other.experiment.view.step) = (0.5, 4);
        let paths = difference(&record("1", 1.0).experiment, &other.experiment);
        runs.take(other);
        runs.choose("1");
        assert!(runs.difference().is_none());
        runs.choose("3");
        let (one, _, differs) = runs.difference().unwrap();
        assert_eq!((one.id.as_str(), differs.len(), &differs), ("1", 1, &paths));
        assert_eq!((differs[0].path, differs[0].values.1.as_str()), ("outer.lr", "0.5"));
        runs.choose("2");
        assert!(runs.difference().is_none(), "of three there is no one difference");
    }

    #[test]
    fn an_import_brings_what_is_not_there_even_if_it_was_deleted() {
        let mut runs = runs(2);
        runs.delete("1");
        let brought = runs.import(vec![record("1", 1.0), record("2", 2.0), record("9", 9.0)]);
        assert_eq!((brought.new.len(), brought.known), (2, 1));
        assert_eq!((ids(&runs), runs.deleted()), (vec!["9", "2", "1"], None));
    }

    #[test]
    fn of_too_many_the_oldest_go_and_pinned_ones_stay() {
        let most = u32::try_from(MOST_RUNS).unwrap();
        let mut runs = runs(most);
        runs.pin("1");
        let (_, dropped) = runs.take(record("new", 1e6)).unwrap();
        assert_eq!((dropped, runs.all().len()), (vec!["2".to_owned()], MOST_RUNS));
        assert!(runs.get("1").is_some());
    }

    #[test]
    fn runs_of_earlier_visits_do_not_replace_those_of_this_one() {
        let mut runs = runs(1);
        runs.restore(vec![Record { meta_step: 1, ..record("1", 1.0) }, record("0", 0.0)]);
        assert_eq!((ids(&runs), runs.all()[0].meta_step), (vec!["1", "0"], 30));
        let more = (2..500).map(|number| record(&number.to_string(), f64::from(number))).collect();
        assert_eq!((runs.restore(more).len(), runs.all().len()), (300, MOST_RUNS), "two tabs have kept 500");
    }
}
