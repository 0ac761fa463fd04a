//! Who is in a channel, with which role: its members, or its invites.

use alloc::vec::Vec;

use crate::order::order;
use crate::text::Text;

/// One person's place: eight bytes, since a service may have a million of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub person: Text,
    /// Empty for a row that came without a role.
    pub role: Text,
}

/// What became of a place when a load settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    Added,
    /// It had another role before.
    Updated,
    Unchanged,
    /// It was there before, and a replacing load did not bring it again.
    Removed,
}

/// Places by person. Sorted, so that a look-up is a binary search; a load appends first and sorts once.
#[derive(Clone, Default)]
pub(crate) struct Roster {
    places: Vec<Assignment>,
    /// The rows of a load, which do not count before they are settled.
    appended: Vec<Assignment>,
}

impl Roster {
    pub fn role_of(&self, person: Text) -> Option<Text> {
        let at = self.search(person).ok()?;
        Some(self.places[at].role)
    }

    pub fn iter(&self) -> impl Iterator<Item = Assignment> {
        self.places.iter().copied()
    }

    /// How many bytes of memory it takes.
    pub fn bytes(&self) -> usize {
        size_of::<Assignment>() * self.places.capacity()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.appended.is_empty()
    }

    /// Puts a person in, and returns the role that the person had.
    pub fn set(&mut self, person: Text, role: Text) -> Option<Text> {
        match self.search(person) {
            Ok(at) => Some(core::mem::replace(&mut self.places[at].role, role)),
            Err(at) => {
                self.places.insert(at, Assignment { person, role });
                None
            }
        }
    }

    /// Takes a person out, and returns the role that the person had.
    pub fn remove(&mut self, person: Text) -> Option<Text> {
        let at = self.search(person).ok()?;
        Some(self.places.remove(at).role)
    }

    /// Appends a row of a load; `settle` must follow before anything is looked up. Returns whether it is the first.
    pub fn append(&mut self, person: Text, role: Text) -> bool {
        self.appended.push(Assignment { person, role });
        self.appended.len() == 1
    }

    /// Makes the appended rows count, in their order, and tells what became of each place.
    ///
    /// `replace` removes those that were there before and were not appended again.
    pub fn settle(&mut self, replace: bool, tell: &mut dyn FnMut(Text, Settled)) {
        let mut appended = core::mem::take(&mut self.appended);
        // Somebody who is new has a higher number than all who were there, so that this is usual.
        let mut last = self.places.last().map(|place| place.person);
        let in_order = appended.iter().all(|place| last.replace(place.person) < Some(place.person));
        if in_order && (!replace || self.places.is_empty()) {
            for place in &appended {
                tell(place.person, Settled::Added);
            }
            self.places.append(&mut appended);
            return;
        }
        order(&mut appended);
        let mut before = core::mem::take(&mut self.places).into_iter().peekable();
        let mut settled: Vec<Assignment> = Vec::with_capacity(before.len() + appended.len());
        for place in appended {
            while let Some(old) = before.next_if(|old| old.person < place.person) {
                keep(&mut settled, old, replace, tell);
            }
            settled.extend(before.next_if(|old| old.person == place.person));
            if let Some(last) = settled.last_mut().filter(|last| last.person == place.person) {
                let old = core::mem::replace(&mut last.role, place.role);
                tell(place.person, if old == place.role { Settled::Unchanged } else { Settled::Updated });
            } else {
                settled.push(place);
                tell(place.person, Settled::Added);
            }
        }
        for old in before {
            keep(&mut settled, old, replace, tell);
        }
        settled.shrink_to_fit();
        self.places = settled;
    }

    fn search(&self, person: Text) -> Result<usize, usize> {
        self.places.binary_search_by_key(&person, |place| place.person)
    }
}

/// A place that was there before and that the load did not mention.
fn keep(settled: &mut Vec<Assignment>, old: Assignment, replace: bool, tell: &mut dyn FnMut(Text, Settled)) {
    if replace {
        tell(old.person, Settled::Removed);
    } else {
        settled.push(old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// The plain twin of `settle`: one row after another into a map.
    fn upsert(before: &[(Text, Text)], rows: &[(Text, Text)], replace: bool) -> (BTreeMap<Text, Text>, Vec<(Text, Settled)>) {
        let mut places: BTreeMap<Text, Text> = before.iter().copied().collect();
        let mut told = Vec::new();
        for &(person, role) in rows {
            told.push((
                person,
                match places.insert(person, role) {
                    None => Settled::Added,
                    Some(old) if old == role => Settled::Unchanged,
                    Some(_) => Settled::Updated,
                },
            ));
        }
        if replace {
            for &(person, _) in before {
                if rows.iter().all(|row| row.0 != person) {
                    places.remove(&person);
                    told.push((person, Settled::Removed));
                }
            }
        }
        told.sort_by_key(|(person, _)| *person);
        (places, told)
    }

    #[test]
    fn settling_agrees_with_one_upsert_after_another() {
        // Every roster of up to three people before, every sequence of up to four rows of three people and two roles.
        let rows: Vec<(Text, Text)> = (0..6).map(|n| (Text(n % 3), Text(n / 3))).collect();
        let mut sequences: Vec<Vec<(Text, Text)>> = vec![vec![]];
        for length in 0..4 {
            let longer: Vec<_> = sequences
                .iter()
                .filter(|sequence| sequence.len() == length)
                .flat_map(|sequence| rows.iter().map(|row| [&sequence[..], &[*row]].concat()))
                .collect();
            sequences.extend(longer);
        }
        let mut compared = 0;
        for present in 0..8 {
            let before: Vec<(Text, Text)> =
                (0..3).filter(|person| present >> person & 1 == 1).map(|person| (Text(person), Text(0))).collect();
            for (sequence, replace) in sequences.iter().flat_map(|sequence| [(sequence, false), (sequence, true)]) {
                let mut roster = Roster::default();
                for &(person, role) in &before {
                    roster.set(person, role);
                }
                for &(person, role) in sequence {
                    roster.append(person, role);
                }
                let mut told = Vec::new();
                roster.settle(replace, &mut |person, settled| told.push((person, settled)));
                told.sort_by_key(|(person, _)| *person);
                let (places, expected) = upsert(&before, sequence, replace);
                let case = format!("{before:?} then {sequence:?}, replace: {replace}");
                assert_eq!(told, expected, "{case}");
                assert_eq!(roster.iter().map(|place| (place.person, place.role)).collect::<BTreeMap<_, _>>(), places, "{case}");
                for person in (0..3).map(Text) {
                    assert_eq!(roster.role_of(person), places.get(&person).copied(), "{case}");
                }
                compared += 1;
            }
        }
        assert_eq!(compared, 8 * 2 * (1 + 6 + 36 + 216 + 1296));
    }
}
