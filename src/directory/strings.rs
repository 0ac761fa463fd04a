//! The strings of a directory, each kept once under a number, since a million rows repeat a few thousand strings.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

/// The number of a string. It means nothing outside of its directory, and never leaves it.
pub(super) type Id = u32;

#[derive(Clone)]
pub(super) struct Strings {
    ids: HashMap<Arc<str>, Id, Seed>,
    texts: Vec<Arc<str>>,
}

/// Starts each hash with a secret, since identities are chosen by strangers and WebAssembly has no randomness of its own.
#[derive(Clone, Copy)]
struct Seed(u64);

impl BuildHasher for Seed {
    type Hasher = DefaultHasher;

    fn build_hasher(&self) -> DefaultHasher {
        let mut hasher = DefaultHasher::new();
        hasher.write_u64(self.0);
        hasher
    }
}

impl Strings {
    pub fn new(seed: u64) -> Self {
        Self { ids: HashMap::with_hasher(Seed(seed)), texts: Vec::new() }
    }

    /// An empty one with the same seed.
    pub fn emptied(&self) -> Self {
        Self::new(self.ids.hasher().0)
    }

    pub fn len(&self) -> usize {
        self.texts.len()
    }

    pub fn find(&self, text: &str) -> Option<Id> {
        self.ids.get(text).copied()
    }

    /// The number of a string, a new one if it has none yet.
    pub fn insert(&mut self, text: &str) -> Id {
        if let Some(id) = self.find(text) {
            return id;
        }
        #[expect(clippy::cast_possible_truncation, reason = "four billion strings do not fit into memory")]
        let id = self.texts.len() as Id;
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.ids.insert(text, id);
        id
    }

    pub fn text(&self, id: Id) -> &str {
        &self.texts[id as usize]
    }

    pub fn shared(&self, id: Id) -> Arc<str> {
        Arc::clone(&self.texts[id as usize])
    }
}
