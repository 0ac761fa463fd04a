//! May this user, in this channel, do this to that message?
//!
//! The roles and permissions model of Twilio Programmable Chat and of Conversations, its successor: service roles for
//! users, channel roles for members, and the [`Action`]s that a chat's user interface offers. It sends and fetches
//! nothing. It is loaded with what Twilio's REST API answered, and decides as the service would.
//!
//! ```
//! use rolecall::{Reason, Service};
//!
//! let payload = r#"{
//!     "roles": [
//!         { "sid": "RL1", "friendly_name": "service user", "type": "deployment", "permissions": ["createChannel"] },
//!         { "sid": "RL2", "friendly_name": "channel user", "type": "channel", "permissions": ["deleteOwnMessage"] }
//!     ],
//!     "users": [{ "identity": "alice", "role_sid": "RL1" }],
//!     "members": [{ "channel_sid": "CH1", "identity": "alice", "role_sid": "RL2" }]
//! }"#;
//! let (service, report) = Service::from_json(payload, None, None, 0)?;
//! assert!(report.warnings.is_empty());
//!
//! let alice = service.ability("alice", Some("CH1"));
//! assert!(alice.can("createChannel", None)?);
//! assert!(alice.can("deleteMessage", Some("alice"))?);
//! assert!(!alice.can("deleteMessage", Some("bob"))?);
//! assert_eq!(alice.explain("deleteMessage", Some("bob"))?.reason, Some(Reason::NotOwner));
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
//! The npm package has the same operations under the same names, written as JavaScript does: it is this crate, compiled to
//! WebAssembly. It adds what a page needs and a program that owns its [`Service`] does not: `subscribe` and `free`. An
//! [`Ability`] borrows the service, so it answers for the service as it is.
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

#[macro_use]
mod words;

mod action;
mod channel;
mod decision;
mod dialect;
mod directory;
mod error;
mod explanation;
#[cfg(feature = "js")]
pub mod js;
#[cfg(feature = "json")]
mod json;
mod load;
#[cfg_attr(not(any(feature = "json", feature = "js")), allow(dead_code, reason = "nothing is read then"))]
mod payload;
mod permission;
mod preview;
mod role;
mod service;
mod snapshot;
mod spelling;
mod vocabulary;

pub use action::{Action, ActionSet};
pub use decision::{Owner, Reason};
pub use dialect::{Dialect, Scope};
pub use error::{Code, Error, Result};
pub use explanation::Decision;
pub use load::{Counts, LoadOptions, LoadReport, Warning, WarningCode};
pub use permission::{Permission, PermissionSet};
pub use preview::Change;
pub use role::{DefaultFor, DeletedRole, NewRole, Role, RoleName};
pub use service::{Ability, Channel, Member, NewChannel, Service, User};
pub use snapshot::Snapshot;
pub use vocabulary::NewAction;

/// Less than half the size of the standard library's allocator for WebAssembly, and quicker.
#[cfg(all(feature = "js", target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The programs of the README and of the other pages are tests, too.
#[cfg(all(doctest, feature = "json"))]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/server.md")]
struct Pages;
