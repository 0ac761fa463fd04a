//! What is kept of some strings, by their numbers.

use super::strings::Id;

/// Something for some of the numbers: looking one up is indexing.
#[derive(Clone)]
pub(super) struct Slots<T>(Vec<Option<Box<T>>>);

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Slots<T> {
    pub fn get(&self, id: Id) -> Option<&T> {
        self.0.get(id as usize)?.as_deref()
    }

    pub fn get_mut(&mut self, id: Id) -> Option<&mut T> {
        self.0.get_mut(id as usize)?.as_deref_mut()
    }

    pub fn get_or_insert(&mut self, id: Id, new: impl FnOnce() -> T) -> &mut T {
        self.slot(id).get_or_insert_with(|| Box::new(new()))
    }

    pub fn insert(&mut self, id: Id, new: T) {
        *self.slot(id) = Some(Box::new(new));
    }

    pub fn remove(&mut self, id: Id) {
        if let Some(slot) = self.0.get_mut(id as usize) {
            *slot = None;
        }
    }

    /// What is there, in the order of the numbers.
    pub fn iter(&self) -> impl Iterator<Item = (Id, &T)> {
        (0..).zip(&self.0).filter_map(|(id, slot)| Some((id, slot.as_deref()?)))
    }

    pub fn all(&self) -> Vec<&T> {
        self.0.iter().filter_map(Option::as_deref).collect()
    }

    fn slot(&mut self, id: Id) -> &mut Option<Box<T>> {
        let index = id as usize;
        if self.0.len() <= index {
            self.0.resize_with(index + 1, || None);
        }
        &mut self.0[index]
    }
}
