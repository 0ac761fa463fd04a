//! libFuzzer's program for sequences of operations.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_fuzz::operations;

fuzz_target!(|bytes: &[u8]| operations(bytes));
