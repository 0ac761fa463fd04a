//! What a payload may look like: the REST resources as rows, and reading them from anything with fields.
//!
//! A back end writes the vendor's resources down in its own handwriting: in snake case, camel case or Pascal case, as arrays,
//! list pages or single resources, in either dialect. One reader understands them all, by the table of names in `names.rs`.

use std::sync::Arc;

use crate::channel::State;
use crate::dialect::{Dialect, Scope};

mod names;
mod read;
mod source;

use names::{CHANNEL_SID, OWN_SID, PERMISSIONS};
pub(crate) use read::misspelt_section;
#[cfg(feature = "json")]
pub(crate) use source::LONGEST_STRING;
pub(crate) use source::{Field, Found, Source};

/// A payload as it was read: every field has its type, and nothing else is known to be right.
#[derive(Default)]
pub(crate) struct Payload {
    /// Whether it is a snapshot.
    pub is_snapshot: bool,
    /// The dialect in which it is written, as far as it tells.
    pub dialect: Dialect,
    pub service: Vec<Row<ServiceRow>>,
    pub actions: Vec<Row<ActionRow>>,
    pub roles: Vec<Row<RoleRow>>,
    pub users: Vec<Row<UserRow>>,
    pub channels: Vec<Row<ChannelRow>>,
    pub members: Vec<Row<MemberRow>>,
    pub invites: Vec<Row<MemberRow>>,
    /// The SIDs of services that the rows name.
    pub services: Vec<Arc<str>>,
    /// Whether a row of its channels is one of a user's own list.
    pub has_list_rows: bool,
    /// Whether its section of channels is empty: it may be a user's own list.
    pub is_empty_list: bool,
    /// The names of its fields, as far as they are looked at for misspelt ones.
    pub fields: Vec<String>,
    /// Where the rows are, in the order in which they were read.
    parts: Vec<Part>,
}

/// A section of a payload.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Service,
    Actions,
    Roles,
    Users,
    Channels,
    Members,
    Invites,
}

/// The rows of a section under one of its names.
struct Part {
    section: Section,
    /// `participants`, or `participants.participants` in a list page.
    path: String,
    is_list: bool,
    /// 1 where the section goes by its name in Conversations.
    dialect: usize,
    /// The number of its first row.
    start: u32,
}

/// A row of a section, by its fields.
pub(crate) struct Row<Fields> {
    pub at: Position,
    fields: Fields,
}

impl<Fields> std::ops::Deref for Row<Fields> {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.fields
    }
}

/// Where a row is, and of which service: how many rows of the payload were read before it, and in the low byte an index into
/// [`Payload::services`] plus one, 0 where the row does not tell. In one word, since a payload may have a million rows.
#[derive(Clone, Copy)]
pub(crate) struct Position(u32);

impl Position {
    fn new(number: u32, service: u8) -> Self {
        Self(number << 8 | u32::from(service))
    }

    fn number(self) -> u32 {
        self.0 >> 8
    }

    /// The index of the row's service in [`Payload::services`]; `None` where it does not tell.
    pub fn service(self) -> Option<usize> {
        (self.0 as usize & 0xff).checked_sub(1)
    }
}

impl Payload {
    /// Whether the section is there, with rows or without.
    pub fn has(&self, section: Section) -> bool {
        self.parts.iter().any(|part| part.section == section)
    }

    /// The SID of the service that a row is of; `None` where it does not tell.
    pub fn service_of(&self, row: Position) -> Option<&str> {
        Some(&self.services[row.service()?])
    }

    /// The part with a row in it.
    fn part(&self, row: Position) -> Option<&Part> {
        self.parts.iter().rev().find(|part| part.start <= row.number())
    }

    /// Where the section of a row is: `participants`.
    pub fn section_path(&self, row: Position) -> &str {
        self.part(row).map_or("", |part| &part.path)
    }

    /// Where a row is: `participants[2]`.
    pub fn path(&self, row: Position) -> String {
        match self.part(row) {
            Some(Part { path, is_list: true, start, .. }) => format!("{path}[{}]", row.number() - start),
            part => part.map_or_else(String::new, |part| part.path.clone()),
        }
    }

    /// Where a field of a row is: `participants[2].role_sid`.
    pub fn field(&self, row: Position, field: &str) -> String {
        format!("{}.{field}", self.path(row))
    }
}

pub(crate) struct ServiceRow {
    pub sid: Option<Arc<str>>,
    /// For users, members and creators.
    pub defaults: [Option<Arc<str>>; 3],
}

pub(crate) struct ActionRow {
    pub name: Arc<str>,
    pub any: Arc<str>,
    pub own: Option<Arc<str>>,
    pub member_only: bool,
    pub when_closed: bool,
}

pub(crate) struct RoleRow {
    pub sid: Arc<str>,
    pub friendly_name: Option<Arc<str>>,
    pub scope: Scope,
    pub permissions: Vec<Arc<str>>,
    spelling: u8,
}

pub(crate) struct UserRow {
    pub identity: Arc<str>,
    pub role: Option<Arc<str>>,
}

/// A channel's row. What is `None` leaves what is known.
pub(crate) struct ChannelRow {
    pub sid: Arc<str>,
    spelling: u8,
    pub public: Option<bool>,
    pub unique_name: Option<Arc<str>>,
    pub created_by: Option<Arc<str>>,
    pub state: Option<State>,
    /// In a user's own list: how they stand to the channel.
    pub listed: Option<Listed>,
}

/// What a row of a user's own list says of the user.
pub(crate) struct Listed {
    pub whose: Whose,
    pub status: Status,
}

/// Whose list a row is of.
pub(crate) enum Whose {
    Identity(Arc<str>),
    /// Somebody's who takes part by phone, and is no user.
    Phone,
    /// The row does not tell.
    Unnamed,
}

pub(crate) enum Status {
    Joined,
    Invited,
    NotParticipating,
    Unknown(Arc<str>),
}

/// The row of a member or an invite.
pub(crate) struct MemberRow {
    /// The SID of the channel; empty where nobody's identity is there.
    pub channel: Arc<str>,
    /// `None` for somebody who is no user of the chat, who takes part by phone.
    pub identity: Option<Arc<str>>,
    pub role: Option<Arc<str>>,
    spelling: u8,
    /// A messaging binding says how somebody without an identity takes part.
    pub has_binding: bool,
}

impl RoleRow {
    /// How its permissions are spelt.
    pub fn permissions_field(&self) -> &'static str {
        spelt(PERMISSIONS, self.spelling)
    }
}

impl ChannelRow {
    /// How its SID is spelt.
    pub fn sid_field(&self) -> &'static str {
        spelt(OWN_SID, self.spelling)
    }

    /// Whether it says anything beside the SID.
    pub fn has_details(&self) -> bool {
        self.public.is_some() || self.unique_name.is_some() || self.created_by.is_some() || self.state.is_some()
    }
}

impl MemberRow {
    /// How the SID of the channel is spelt.
    pub fn channel_field(&self) -> &'static str {
        let spelling = usize::from(self.spelling);
        if spelling == usize::from(NESTED) { "conversation.sid" } else { spelt(CHANNEL_SID, self.spelling) }
    }
}

/// The spelling of a channel's SID inside of an object.
const NESTED: u8 = u8::MAX;

fn spelt(field: Field, spelling: u8) -> &'static str {
    &field.spellings()[usize::from(spelling)]
}
