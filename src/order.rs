//! Sorting. The standard library's sorts are faster, and each costs the package three kilobytes for each type it sorts.

use alloc::vec::Vec;

use crate::text::Text;

/// What is sorted by a number.
pub(crate) trait Keyed: Copy {
    fn key(self) -> u32;
}

impl Keyed for (u32, Text) {
    fn key(self) -> u32 {
        self.0
    }
}

/// Sorts by the keys; those of equal keys stay as they are.
///
/// A merge sort: never worse than n log n.
pub(crate) fn order<T: Keyed>(list: &mut Vec<T>) {
    let mut merged = Vec::with_capacity(list.len());
    let mut width = 1;
    while width < list.len() {
        merged.clear();
        for pair in list.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some(first), Some(second)) = (left.first(), right.first()) {
                let from = if second.key() < first.key() { &mut right } else { &mut left };
                merged.push(from[0]);
                *from = &from[1..];
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        core::mem::swap(list, &mut merged);
        width *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::order;
    use crate::text::Text;

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        // Every list of up to six numbers out of four, so with every way of being equal.
        let mut compared = 0;
        for length in 0..=6u32 {
            for list in 0..4u32.pow(length) {
                let mut sorted: Vec<(u32, Text)> = (0..length).map(|at| (list / 4u32.pow(at) % 4, Text(at))).collect();
                let mut expected = sorted.clone();
                expected.sort_by_key(|(key, _)| *key);
                order(&mut sorted);
                assert_eq!(sorted, expected);
                compared += 1;
            }
        }
        assert_eq!(compared, (4u32.pow(7) - 1) / 3);
    }
}
