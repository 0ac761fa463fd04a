use wasm_bindgen::prelude::*;
/// placeholder
#[wasm_bindgen]
#[must_use]
pub fn probe() -> u32 { 23 }
