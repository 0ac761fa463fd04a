//! Texts that many rows repeat (SIDs, identities), each stored once under a small number.

use alloc::{string::String, vec::Vec};

use hashbrown::HashTable;

use crate::order::order;

/// The number of a name; it is given to another name after a release.
pub(crate) type Id = u32;

/// Stands where an `Option<Id>` would cost four bytes a row.
pub(crate) const NONE: Id = Id::MAX;

/// A name for each number, and a number for each name.
#[derive(Clone, Default)]
pub(crate) struct Names {
    /// All texts one after another, with holes where names were released: an allocation for each would cost half as much again.
    texts: String,
    /// Where each text starts and how long it is. The empty text marks a number that is free: no SID and no identity is empty.
    spans: Vec<[usize; 2]>,
    free: Vec<Id>,
    /// How many bytes are holes.
    holes: usize,
    numbers: HashTable<Id>,
    seed: u64,
}

impl Names {
    /// The seed keeps those who choose identities from choosing them to collide.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    pub fn find(&self, text: &str) -> Option<Id> {
        self.numbers.find(hash(self.seed, text), |id| self.text(*id) == text).copied()
    }

    /// The text's number, a new one if it has none yet.
    pub fn intern(&mut self, text: &str) -> Id {
        if let Some(id) = self.find(text) {
            return id;
        }
        let id = self.free.pop().unwrap_or_else(|| {
            self.spans.push([0; 2]);
            #[expect(clippy::cast_possible_truncation, reason = "four billion texts do not fit into memory")]
            let id = (self.spans.len() - 1) as Id;
            id
        });
        self.spans[id as usize] = [self.texts.len(), text.len()];
        self.texts.push_str(text);
        let (texts, spans, seed) = (&self.texts, &self.spans, self.seed);
        self.numbers.insert_unique(hash(seed, text), id, |id| hash(seed, cut(texts, spans[*id as usize])));
        id
    }

    /// Forgets a text; its number may come back as another's.
    pub fn release(&mut self, id: Id) {
        if let Ok(entry) = self.numbers.find_entry(hash(self.seed, self.text(id)), |number| *number == id) {
            entry.remove();
            self.free.push(id);
            self.holes += core::mem::take(&mut self.spans[id as usize])[1];
            if self.holes > self.texts.len() / 2 {
                self.close_holes();
            }
        }
    }

    fn close_holes(&mut self) {
        let mut texts = String::with_capacity(self.texts.len() - self.holes);
        for span in &mut self.spans {
            let text = cut(&self.texts, *span);
            span[0] = texts.len();
            texts.push_str(text);
        }
        self.texts = texts;
        self.holes = 0;
    }

    pub fn text(&self, id: Id) -> &str {
        cut(&self.texts, self.spans[id as usize])
    }

    /// Every number that stands for a text, in order.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        (0..).zip(&self.spans).filter(|(_, span)| span[1] > 0).map(|(id, _)| id)
    }

    /// The same, held together.
    pub fn all(&self) -> Vec<Id> {
        self.ids().collect()
    }

    /// The same by text, so that it does not tell in which order the texts came.
    pub fn sorted(&self) -> Vec<(&str, Id)> {
        let names: Vec<(&str, Id)> = self.ids().map(|id| (self.text(id), id)).collect();
        sorted(&names)
    }
}

fn cut(texts: &str, [start, length]: [usize; 2]) -> &str {
    // Indexing would do, at the price of the sentence with which it panics.
    texts.get(start..start + length).unwrap_or_default()
}

/// By text.
pub(crate) fn sorted<'a>(names: &[(&'a str, Id)]) -> Vec<(&'a str, Id)> {
    let text = |at: u32| names[at as usize].0;
    order(names.len(), &|a, b| text(a) < text(b)).into_iter().map(|at| names[at as usize]).collect()
}

/// Multiplied, and the two halves of the product folded together: what a seed hides, nobody can cancel.
pub(crate) fn mix(hash: u64, word: u64) -> u64 {
    let product = u128::from(hash ^ word) * 0x9E37_79B9_7F4A_7C15;
    #[expect(clippy::cast_possible_truncation, reason = "halves")]
    let folded = (product ^ product >> 64) as u64;
    folded
}

/// Eight bytes at a time.
fn hash(seed: u64, text: &str) -> u64 {
    let bytes = text.as_bytes();
    bytes.chunks(8).fold(mix(seed, bytes.len() as u64), |hash, chunk| {
        let word = chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        mix(hash, word)
    })
}

#[cfg(test)]
mod tests {
    use super::{Id, Names};

    #[test]
    fn names_stay_right_while_others_come_and_go() {
        let text = |n: u32| format!("{n}{}", "é".repeat(n as usize % 7));
        let mut names = Names::seeded(7);
        let mut known: Vec<(u32, Id)> = Vec::new();
        // Each round brings three and takes the oldest two, so that holes are closed and numbers given again.
        for round in 0..200 {
            for n in 3 * round..3 * round + 3 {
                known.push((n, names.intern(&text(n))));
            }
            for (n, id) in known.drain(..2) {
                names.release(id);
                assert_eq!(names.find(&text(n)), None, "round {round}");
            }
            for (n, id) in &known {
                assert_eq!(names.text(*id), text(*n), "round {round}");
                assert_eq!(names.find(&text(*n)), Some(*id), "round {round}");
            }
            assert_eq!(names.ids().count(), known.len(), "round {round}");
        }
        assert_eq!(known.len(), 200);
        let live: usize = known.iter().map(|(n, _)| text(*n).len()).sum();
        assert!(names.texts.len() <= 2 * live, "{} bytes for {live}", names.texts.len());
    }
}
