//! The strings of a directory, each kept once under a number, since a million rows repeat a few thousand strings.

use std::hash::{DefaultHasher, Hasher};
use std::sync::Arc;

use hashbrown::HashTable;

/// The number of a string. It means nothing outside of its directory, and never leaves it.
pub(super) type Id = u32;

#[derive(Clone)]
pub(super) struct Strings {
    /// With the hash of each string, so that a table that grows hashes none again. Not a map, so that each is kept once.
    ids: HashTable<(u64, Id)>,
    texts: Vec<Arc<str>>,
    /// Starts each hash with a secret, since identities are chosen by strangers and WebAssembly has no randomness of its own.
    seed: u64,
}

impl Strings {
    pub fn new(seed: u64) -> Self {
        Self { ids: HashTable::new(), texts: Vec::new(), seed }
    }

    /// An empty one with the same seed.
    pub fn emptied(&self) -> Self {
        Self::new(self.seed)
    }

    pub fn len(&self) -> usize {
        self.texts.len()
    }

    pub fn find(&self, text: &str) -> Option<Id> {
        self.find_hashed(hash(self.seed, text), text)
    }

    fn find_hashed(&self, hash: u64, text: &str) -> Option<Id> {
        self.ids.find(hash, |(_, id)| self.text(*id) == text).map(|(_, id)| *id)
    }

    /// The number of a string, a new one if it has none yet. A payload's string is shared, not copied.
    pub fn insert(&mut self, text: &Arc<str>) -> Id {
        let hashed = hash(self.seed, text);
        if let Some(id) = self.find_hashed(hashed, text) {
            return id;
        }
        #[expect(clippy::cast_possible_truncation, reason = "four billion strings do not fit into memory")]
        let id = self.texts.len() as Id;
        self.texts.push(Arc::clone(text));
        self.ids.insert_unique(hashed, (hashed, id), |(hashed, _)| *hashed);
        id
    }

    pub fn text(&self, id: Id) -> &str {
        &self.texts[id as usize]
    }

    pub fn shared(&self, id: Id) -> Arc<str> {
        Arc::clone(&self.texts[id as usize])
    }
}

fn hash(seed: u64, text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u64(seed);
    hasher.write(text.as_bytes());
    hasher.finish()
}
