//! rolecall
#[cfg(feature = "js")]
mod js;
