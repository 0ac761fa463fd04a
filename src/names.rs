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
        self.find_hashed(hash(self.seed, text), text)
    }

    fn find_hashed(&self, hash: u64, text: &str) -> Option<Id> {
        self.numbers.find(hash, |id| self.text(*id) == text).copied()
    }

    /// The text's number, a new one if it has none yet.
    pub fn intern(&mut self, text: &str) -> Id {
        let hashed = hash(self.seed, text);
        if let Some(id) = self.find_hashed(hashed, text) {
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
        self.numbers.insert_unique(hashed, id, |id| hash(seed, cut(texts, spans[*id as usize])));
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

    /// How many bytes of memory it takes at most, with what is kept beside each name: a role's entry has 48.
    pub fn bytes(&self) -> usize {
        self.texts.capacity() + 64 * self.spans.capacity()
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
    use super::{Id, Names, hash, mix};
    use crate::directory::Directory;

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

    #[test]
    fn holes_are_closed_once_they_are_more_than_half() {
        let mut names = Names::default();
        let ids: Vec<Id> = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(|text| names.intern(text)).to_vec();
        for (released, bytes) in ids.into_iter().zip([10, 10, 10, 10, 10, 4, 4, 4, 1, 0]) {
            names.release(released);
            assert_eq!(names.texts.len(), bytes, "after {released}");
        }
    }

    #[test]
    fn it_knows_how_much_memory_it_takes() {
        let mut names = Names::default();
        assert_eq!(names.bytes(), 0);
        for number in 0..1000 {
            names.intern(&format!("{number:010}"));
        }
        names.texts.shrink_to_fit();
        names.spans.shrink_to_fit();
        assert_eq!(names.bytes(), (10 + 64) * 1000);
    }

    #[test]
    fn names_are_sorted_by_text() {
        let mut names = Names::seeded(3);
        for text in ["b", "é", "a", "ab", "B"] {
            names.intern(text);
        }
        let texts: Vec<&str> = names.sorted().into_iter().map(|(text, _)| text).collect();
        assert_eq!(texts, ["B", "a", "ab", "b", "é"]);
    }

    #[test]
    fn a_hash_tells_texts_and_seeds_apart() {
        let texts = ["", "a", "b", "aa", "ab", "ac", "abcdefgh", "abcdefgi", "abcdefgha", "abcdefghb", "é"];
        let mut hashes: Vec<u64> = [0, 1, 7].into_iter().flat_map(|seed| texts.map(|text| hash(seed, text))).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 3 * texts.len());
    }

    #[test]
    fn mixing_folds_the_halves_of_a_product() {
        let table = [
            (0, 0, 0),
            (1, 0, 0x9E37_79B9_7F4A_7C15),
            (0, 1, 0x9E37_79B9_7F4A_7C15),
            // Twice that, of which one bit is in the upper half.
            (2, 0, 0x3C6E_F372_FE94_F82B),
            (3, 1, 0x3C6E_F372_FE94_F82B),
            (3, 0, 0xDAA6_6D2C_7DDF_743E),
            (u64::MAX, 0, u64::MAX),
            (u64::MAX, u64::MAX, 0),
        ];
        for (hash, word, mixed) in table {
            assert_eq!(mix(hash, word), mixed, "{hash} and {word}");
        }
    }

    #[test]
    fn a_directory_hides_how_its_names_are_hashed() {
        let Directory { roles, people, channels, .. } = Directory::seeded(7);
        assert_eq!([roles.names.seed, people.names.seed, channels.names.seed], [7; 3]);
    }
}
