//! Sorting. The standard library's sorts are faster, and each costs the package three kilobytes for each type it sorts.

use alloc::vec::Vec;

/// The numbers below `count`, in the order in which `less` puts them: a heap sort, so never worse than n log n.
pub(crate) fn order(count: usize, less: &dyn Fn(u32, u32) -> bool) -> Vec<u32> {
    #[expect(clippy::cast_possible_truncation, reason = "numbers of entries have 32 bits")]
    let mut numbers: Vec<u32> = (0..count as u32).collect();
    for top in (0..count / 2).rev() {
        sink(&mut numbers, top, less);
    }
    for end in (1..count).rev() {
        numbers.swap(0, end);
        sink(&mut numbers[..end], 0, less);
    }
    numbers
}

/// Lets a number sink in the heap until none below it is greater.
fn sink(heap: &mut [u32], mut top: usize, less: &dyn Fn(u32, u32) -> bool) {
    loop {
        let mut greatest = top;
        for child in [2 * top + 1, 2 * top + 2] {
            if child < heap.len() && less(heap[greatest], heap[child]) {
                greatest = child;
            }
        }
        if greatest == top {
            return;
        }
        heap.swap(top, greatest);
        top = greatest;
    }
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
                let value = |at: u32| (list / 4u32.pow(at) % 4, at);
                let mut expected: Vec<u32> = (0..length).collect();
                expected.sort_by_key(|at| value(*at));
                assert_eq!(order(length as usize, &|a, b| value(a) < value(b)), expected);
                compared += 1;
            }
        }
        assert_eq!(compared, (4u32.pow(7) - 1) / 3);
    }
}
