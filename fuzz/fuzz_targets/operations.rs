//! libFuzzer's program for sequences of operations.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use rolecall_fuzz::{mutate_text, operations};

fuzz_target!(|text: &[u8]| operations(text));

fuzz_mutator!(|text: &mut [u8], size: usize, most: usize, seed: u32| {
    match mutate_text(&text[..size], u64::from(seed)) {
        Some(mutated) if mutated.len() <= most => {
            text[..mutated.len()].copy_from_slice(&mutated);
            mutated.len()
        }
        _ => fuzzer_mutate(text, size, most),
    }
});
