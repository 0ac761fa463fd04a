//! rolecall
mod action;
mod decision;
mod directory;
mod error;
#[cfg(feature = "js")]
pub mod js;
#[cfg(feature = "json")]
mod json;
mod names;
mod order;
mod permission;
mod preview;
mod role;
mod roster;
mod service;
mod snapshot;
mod text;
mod vocabulary;
mod wire;

pub use action::{Action, ActionSet};
pub use decision::{Decision, Granting, Owner, Reason};
pub use error::{Code, Error, Result};
pub use permission::{Dialect, Permission, PermissionSet, Scope};
pub use preview::Change;
pub use role::Role;
pub use service::{Ability, Channel, DefaultFor, DeletedRole, Member, NewRole, Service, User};
pub use snapshot::Snapshot;
pub use wire::{Counts, LoadReport, Warning};
