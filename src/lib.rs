//! May this user, in this channel, do this to that message?
//!
//! The roles and permissions model of Twilio Programmable Chat and of Conversations, its successor: service roles for
//! users, channel roles for members, and the [`Action`]s that a chat's user interface offers. It sends and fetches
//! nothing. It is loaded with what Twilio's REST API answered, and decides as the service would.
//!
//! ```
//! use rolecall::Service;
//!
//! let payload = r#"{
//!     "roles": [
//!         { "sid": "RL1", "friendly_name": "service user", "type": "deployment", "permissions": ["createChannel"] },
//!         { "sid": "RL2", "friendly_name": "channel user", "type": "channel", "permissions": ["deleteOwnMessage"] }
//!     ],
//!     "users": [{ "identity": "alice", "role_sid": "RL1" }],
//!     "members": [{ "channel_sid": "CH1", "identity": "alice", "role_sid": "RL2" }]
//! }"#;
//! let (service, report) = Service::from_json(payload, None, 0)?;
//! assert!(report.warnings.is_empty());
//!
//! let alice = service.ability("alice", Some("CH1"));
//! assert!(alice.can("createChannel", None)?);
//! assert!(alice.can("deleteMessage", Some("alice"))?);
//! assert!(!alice.can("deleteMessage", Some("bob"))?);
//! assert_eq!(alice.explain("deleteMessage", Some("bob"))?.reason, Some("not-owner"));
//!
//! // What was not loaded is not allowed.
//! assert!(!service.ability("mallory", Some("CH1")).can("sendMessage", None)?);
//! # Ok::<(), rolecall::Error>(())
//! ```
//!
//! - [`Service`] holds the model: load it ([`Service::from_json`], [`Service::load_json`]) or build it
//!   ([`Service::new`], [`Service::set_member`] and their kin).
//! - [`Ability`] answers for one user in one channel, or outside of any: [`Ability::can`], and [`Ability::explain`]
//!   for the reason.
//! - [`Permission`] and [`Action`] are the two tables of names, each in both [`Dialect`]s. Either dialect's name is
//!   accepted wherever one is read.
//! - An [`Error`] has a stable [`Code`] and the path of what is wrong. A call that failed has changed nothing.
//!
//! The npm package has the same operations under the same names, written as JavaScript does. It adds what a page needs and
//! a program that owns its [`Service`] does not: `subscribe`, `version` and `free`. An [`Ability`] borrows the service, so
//! it answers for the service as it is.
//!
//! An answer on a page decides what is shown. The server still enforces: with this crate it can ask the same model for
//! what the server does itself; Twilio enforces what Twilio does. A denied [`Decision`], written as JSON, is the body of
//! a 403 that says what the page would have said: [`examples/server.rs`] is such a server, and [`docs/server.md`] tells
//! what else there is to it.
//!
//! [`examples/server.rs`]: https://github.com/rolecall/rolecall/blob/main/examples/server.rs
//! [`docs/server.md`]: https://github.com/rolecall/rolecall/blob/main/docs/server.md
//!
//! # Features
//!
//! - `json` (default): reading and writing JSON text.
//! - `js`: the binding for JavaScript, which becomes the npm package of the same name.
//! - `standalone`: the package's own allocator, and a trap for a panic, instead of the standard library's of both.

#![cfg_attr(all(feature = "standalone", target_arch = "wasm32"), no_std)]

extern crate alloc;

use alloc::vec::Vec;

#[macro_use]
mod words;

mod action;
mod answer;
mod decision;
mod directory;
mod error;
#[cfg(feature = "js")]
pub mod js;
#[cfg(feature = "json")]
mod json;
mod load;
mod model;
#[cfg(not(feature = "standalone"))]
mod names;
mod order;
mod permission;
mod preview;
mod role;
mod roster;
#[cfg(not(feature = "standalone"))]
mod service;
#[cfg(not(feature = "standalone"))]
mod snapshot;
#[cfg(all(feature = "standalone", target_arch = "wasm32"))]
mod standalone;
mod text;
mod vocabulary;
mod wire;
mod word;

pub use action::{Action, ActionSet};
pub use decision::{Owner, Reason};
pub use error::{Code, Error, Result};
pub use model::DefaultFor;
pub use permission::{Dialect, Permission, PermissionSet, Scope};
#[cfg(not(feature = "standalone"))]
pub use service::{
    Ability, Change, Channel, Counts, Decision, DeletedRole, Granting, LoadReport, Member, NewRole, Role, Service, User, Warning,
};
#[cfg(not(feature = "standalone"))]
pub use snapshot::Snapshot;

/// What the binding has beside the model: see `pkg-template/tables.ts`, which is generated from it.
#[doc(hidden)]
pub struct Tables {
    /// The first texts of every service, each at the place of its number.
    pub words: &'static [&'static str],
    /// What answers consist of, each at the place of its cell.
    pub phrases: Vec<&'static str>,
    /// How payloads are shaped.
    pub shape: &'static str,
    /// How much one may hold.
    pub most_places: u32,
}

/// See [`Tables`].
#[doc(hidden)]
#[must_use]
pub fn tables() -> Tables {
    let codes = Code::ALL.iter().map(|code| code.name());
    let reasons = Reason::ALL.iter().map(|reason| reason.name());
    let phrases = answer::PHRASES.iter().copied().chain(codes).chain(reasons).collect();
    Tables { words: word::all(), phrases, shape: wire::SHAPE, most_places: wire::MOST_PLACES }
}

/// The programs of the README and of the other pages are tests, too.
#[cfg(all(doctest, feature = "json"))]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/server.md")]
struct Pages;
