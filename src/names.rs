//! Texts that many rows repeat (SIDs, identities), each stored once under a small number.

use alloc::{boxed::Box, vec::Vec};

use hashbrown::HashTable;

use crate::order::order;

/// The number of a name; it is given to another name after a release.
pub(crate) type Id = u32;

/// Stands where an `Option<Id>` would cost four bytes a row.
pub(crate) const NONE: Id = Id::MAX;

/// A name for each number, and a number for each name.
#[derive(Clone, Default)]
pub(crate) struct Names {
    /// The empty text marks a number that is free: no SID and no identity is empty.
    texts: Vec<Box<str>>,
    free: Vec<Id>,
    numbers: HashTable<Id>,
    seed: u64,
}

impl Names {
    /// The seed keeps those who choose identities from choosing them to collide.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    pub fn find(&self, text: &str) -> Option<Id> {
        let texts = &self.texts;
        self.numbers.find(hash(self.seed, text), |id| *texts[*id as usize] == *text).copied()
    }

    /// The text's number, a new one if it has none yet.
    pub fn intern(&mut self, text: &str) -> Id {
        if let Some(id) = self.find(text) {
            return id;
        }
        let id = if let Some(id) = self.free.pop() {
            self.texts[id as usize] = text.into();
            id
        } else {
            self.texts.push(text.into());
            #[expect(clippy::cast_possible_truncation, reason = "four billion texts do not fit into memory")]
            let id = (self.texts.len() - 1) as Id;
            id
        };
        let (texts, seed) = (&self.texts, self.seed);
        self.numbers.insert_unique(hash(seed, text), id, |id| hash(seed, &texts[*id as usize]));
        id
    }

    /// Forgets a text; its number may come back as another's.
    pub fn release(&mut self, id: Id) {
        let text = core::mem::take(&mut self.texts[id as usize]);
        if let Ok(entry) = self.numbers.find_entry(hash(self.seed, &text), |number| *number == id) {
            entry.remove();
            self.free.push(id);
        }
    }

    pub fn text(&self, id: Id) -> &str {
        &self.texts[id as usize]
    }

    /// Every number that stands for a text, in order.
    pub fn ids(&self) -> impl Iterator<Item = Id> {
        (0..).zip(&self.texts).filter(|(_, text)| !text.is_empty()).map(|(id, _)| id)
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
