//! Sorting. The standard library's sorts are faster, and each costs the package three kilobytes for each type it sorts.

use alloc::vec::Vec;

use crate::roster::Assignment;

/// Sorts by person; rows of one person stay in the order in which they are.
///
/// A merge sort: never worse than n log n. Of one type, since each copy of it would weigh.
#[inline(never)]
pub(crate) fn order(list: &mut Vec<Assignment>) {
    let mut merged = Vec::with_capacity(list.len());
    let mut width = 1;
    while width < list.len() {
        merged.clear();
        for pair in list.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some(first), Some(second)) = (left.first(), right.first()) {
                let from = if second.person < first.person { &mut right } else { &mut left };
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
    use crate::roster::Assignment;
    use crate::text::Text;

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        // Every list of up to six numbers out of four, so with every way of being equal.
        let mut compared = 0;
        for length in 0..=6u32 {
            for list in 0..4u32.pow(length) {
                let row = |at: u32| Assignment { person: Text(list / 4u32.pow(at) % 4), role: Text(at) };
                let mut sorted: Vec<Assignment> = (0..length).map(row).collect();
                let mut expected = sorted.clone();
                expected.sort_by_key(|row| row.person);
                order(&mut sorted);
                assert_eq!(sorted, expected);
                compared += 1;
            }
        }
        assert_eq!(compared, (4u32.pow(7) - 1) / 3);
    }
}
