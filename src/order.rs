//! Sorting. The standard library's sorts are faster, and each costs the package three kilobytes for each type it sorts.

use alloc::vec::Vec;

/// The numbers below `count`, in the order in which `less` puts them; those that it does not part stay as they are.
///
/// A merge sort: never worse than n log n, and no more than a look at each pair where all is in order already.
pub(crate) fn order(count: usize, less: &dyn Fn(u32, u32) -> bool) -> Vec<u32> {
    #[expect(clippy::cast_possible_truncation, reason = "numbers of entries have 32 bits")]
    let mut numbers: Vec<u32> = (0..count as u32).collect();
    let mut merged = Vec::with_capacity(count);
    let mut width = 1;
    while width < count {
        merged.clear();
        for pair in numbers.chunks(2 * width) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some(first), Some(second)) = (left.first(), right.first()) {
                let from = if less(*second, *first) { &mut right } else { &mut left };
                merged.push(from[0]);
                *from = &from[1..];
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        core::mem::swap(&mut numbers, &mut merged);
        width *= 2;
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn it_sorts_as_the_standard_library_does() {
        // Every list of up to six numbers out of four, so with every way of being equal.
        let mut compared = 0;
        for length in 0..=6u32 {
            for list in 0..4u32.pow(length) {
                let value = |at: u32| list / 4u32.pow(at) % 4;
                let mut expected: Vec<u32> = (0..length).collect();
                expected.sort_by_key(|at| value(*at));
                assert_eq!(order(length as usize, &|a, b| value(a) < value(b)), expected);
                compared += 1;
            }
        }
        assert_eq!(compared, (4u32.pow(7) - 1) / 3);
    }
}
