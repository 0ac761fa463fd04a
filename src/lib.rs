//! rolecall
mod action;
mod decision;
mod directory;
mod error;
#[cfg(feature = "json")]
mod json;
mod names;
mod permission;
mod role;
mod roster;
mod service;
mod snapshot;
mod vocabulary;
mod wire;
#[cfg(feature = "js")]
mod js;

pub use action::{Action, ActionSet};
pub use decision::{Decision, Granting, Owner, Reason};
pub use error::{Code, Error, Result};
pub use permission::{Dialect, Permission, PermissionSet, Scope};
pub use role::Role;
pub use wire::{Counts, LoadReport, Warning};
pub use service::{Ability, Channel, DefaultFor, DeletedRole, Member, NewRole, Service, User};
