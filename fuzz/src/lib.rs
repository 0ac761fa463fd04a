//! Two targets for fuzzing, for libFuzzer and for the program `tests/minute.rs`. Each compares the crate with the naive model
//! of `tests/naive`, and panics where they disagree. Inputs are JSON: `seeds/` has some of each, by what they are about.

mod loading;
mod mutation;
#[path = "../../tests/naive/mod.rs"]
mod naive;
mod operations;

pub use loading::loading;
pub use mutation::{mutate_bytes, mutate_text};
pub use operations::operations;
