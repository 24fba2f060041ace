//! The runs that were recorded: which there are, in which order, which of them are looked at.
//!
//! A plain state machine; what it says is to be kept or dropped, the browser's database keeps or drops.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::record::{Differs, MOST_RUNS, Record, difference};
use crate::chart::{RunCourse, moving_mean};

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

    /// What every run is called, by its id, and so the one that can be had back: its name, or what the page says of it.
    /// Where that is said of several, those without a name are told apart by when they began, then by their
    /// fingerprints, and at last by numbers, the oldest first.
    pub fn names(
        &self,
        default: impl Fn(&Record) -> String,
        begun: impl Fn(&Record) -> String,
    ) -> BTreeMap<String, String> {
        let mut records: Vec<&Record> = self.all.iter().chain(&self.deleted).collect();
        records.sort_by(|a, b| a.begun.total_cmp(&b.begun).then(a.id.cmp(&b.id)));
        let own = |record: &&Record| if record.name.is_empty() { default(record) } else { record.name.clone() };
        let mut names: Vec<String> = records.iter().map(own).collect();
        tell_apart(&records, &mut names, |record, _| begun(record));
        tell_apart(&records, &mut names, |record, _| record.fingerprint.clone());
        tell_apart(&records, &mut names, |_, place| place.to_string());
        records.into_iter().map(|record| record.id.clone()).zip(names).collect()
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

/// Appends something to the names of those runs that have none of their own and share what they are called; `more` is
/// given a run and its place among those who share it, from 1.
fn tell_apart(records: &[&Record], names: &mut [String], more: impl Fn(&Record, usize) -> String) {
    let mut sharing: HashMap<String, usize> = HashMap::new();
    for name in names.iter() {
        *sharing.entry(name.clone()).or_default() += 1;
    }
    sharing.retain(|_, count| *count > 1);
    let mut places: HashMap<String, usize> = HashMap::new();
    for (record, name) in records.iter().zip(names).filter(|(record, _)| record.name.is_empty()) {
        if sharing.contains_key(name.as_str()) {
            let place = places.entry(name.clone()).or_default();
            *place += 1;
            let told = more(record, *place);
            *name = format!("{name} · {told}");
        }
    }
}

/// Curves as rows of a table, at most `most`: meta-steps ascending up to the very last, and at each the mean over the
/// last `over` points of every curve as it then stood. A curve has none before its first point and after its last.
#[must_use]
pub fn rows(courses: &[RunCourse], over: usize, most: usize) -> Vec<(u32, Vec<Option<f64>>)> {
    let mut steps: Vec<u32> = courses.iter().flatten().map(|(step, _)| *step).collect();
    steps.sort_unstable();
    steps.dedup();
    let every = steps.len().div_ceil(most.max(1)).max(1);
    let means: Vec<Vec<f64>> = courses.iter().map(|course| moving_mean(course, over)).collect();
    let cell = |course: &RunCourse, means: &Vec<f64>, step: u32| -> Option<f64> {
        let (last, _) = course.last()?;
        let known = course.partition_point(|(at, _)| *at <= step);
        if step <= *last { means.get(known.checked_sub(1)?).copied() } else { None }
    };
    let cells = |step: u32| -> Vec<Option<f64>> {
        courses.iter().zip(&means).map(|(course, means)| cell(course, means, step)).collect()
    };
    let mut rows: Vec<(u32, Vec<Option<f64>>)> =
        steps.iter().rev().step_by(every).map(|step| (*step, cells(*step))).collect();
    rows.reverse();
    rows
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
    fn runs_without_a_name_are_told_apart_where_they_are_called_the_same() {
        let mut runs = Runs::default();
        let of = |id: &str, begun: f64, name: &str, fingerprint: &str| {
            let (name, fingerprint) = (name.to_owned(), fingerprint.to_owned());
            Record { name, fingerprint, ..record(id, begun) }
        };
        let all = [
            of("alone", 1.0, "", "A"),
            of("own", 2.0, "mine", "A"),
            of("early", 3.0, "", "A"),
            of("late", 4.0, "", "A"),
            of("later", 4.0, "", "B"),
            of("twin", 5.0, "", "C"),
            of("twins", 5.0, "", "C"),
            of("named", 6.0, "MAML", "A"),
        ];
        runs.import(all.into());
        let default = |record: &Record| if record.id == "alone" { "Reptile" } else { "MAML" }.to_owned();
        let called = |runs: &Runs, id: &str| runs.names(default, |record| format!("{} h", record.begun))[id].clone();
        assert_eq!((called(&runs, "alone"), called(&runs, "own")), ("Reptile".into(), "mine".into()));
        assert_eq!(called(&runs, "early"), "MAML · 3 h");
        assert_eq!(called(&runs, "late"), "MAML · 4 h · A");
        assert_eq!(called(&runs, "later"), "MAML · 4 h · B");
        assert_eq!(called(&runs, "twin"), "MAML · 5 h · C · 1");
        assert_eq!(called(&runs, "twins"), "MAML · 5 h · C · 2");
        assert_eq!(called(&runs, "named"), "MAML", "a name is the visitor's");
        runs.delete("late");
        assert_eq!(called(&runs, "later"), "MAML · 4 h · B", "the other can be had back");
        runs.delete("early");
        assert_eq!((called(&runs, "early"), called(&runs, "later")), ("MAML · 3 h".into(), "MAML · 4 h".into()));
    }

    #[test]
    fn a_run_that_is_alone_with_what_it_is_called_has_nothing_appended() {
        assert_eq!(runs(1).names(|_| "MAML".to_owned(), |_| "now".to_owned())["1"], "MAML");
    }

    #[test]
    fn a_table_of_curves_has_every_meta_step_and_a_run_stands_as_it_last_was() {
        let courses = [vec![(10, 4.0), (20, 2.0), (30, 1.0)], vec![(15, 8.0), (20, 6.0)]];
        let expected = [
            (10, vec![Some(4.0), None]),
            (15, vec![Some(4.0), Some(8.0)]),
            (20, vec![Some(2.0), Some(6.0)]),
            (30, vec![Some(1.0), None]),
        ];
        assert_eq!(rows(&courses, 1, 24), expected);
        assert_eq!(rows(&courses, 2, 24)[2], (20, vec![Some(3.0), Some(7.0)]), "means over two points");
        assert!(rows(&[], 1, 24).is_empty() && rows(&[vec![]], 1, 24).is_empty());
    }

    #[test]
    fn a_long_table_is_thinned_and_ends_with_the_last_meta_step() {
        let long: RunCourse = (1..=400).map(|step| (step, f64::from(step))).collect();
        let rows = rows(&[long], 1, 24);
        assert!((12..=24).contains(&rows.len()), "{}", rows.len());
        assert_eq!(rows.last(), Some(&(400, vec![Some(400.0)])));
        assert!(rows.is_sorted_by_key(|(step, _)| *step));
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
