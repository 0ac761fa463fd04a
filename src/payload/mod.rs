//! What a payload may look like: the REST resources as rows, and reading them from anything with fields.
//!
//! A back end writes the vendor's resources down in its own handwriting: in snake case, camel case or Pascal case, as arrays,
//! list pages or single resources, in either dialect. One reader understands them all, by the table of names in `names.rs`.

use std::rc::Rc;

use crate::channel::State;
use crate::dialect::{Dialect, Scope};

mod names;
mod read;
mod source;

use names::{CHANNEL_SID, OWN_SID, PERMISSIONS};
#[cfg(feature = "json")]
pub(crate) use source::LONGEST_STRING;
use source::{Field, spellings};
pub(crate) use source::{Found, Source};

/// A payload as it was read: every field has its type, and nothing else is known to be right.
#[derive(Default)]
pub(crate) struct Payload {
    /// Whether it is a snapshot.
    pub is_snapshot: bool,
    /// The dialect in which it is written, as far as it tells.
    pub dialect: Dialect,
    pub service: Vec<Section<ServiceRow>>,
    pub actions: Vec<Section<ActionRow>>,
    pub roles: Vec<Section<RoleRow>>,
    pub users: Vec<Section<UserRow>>,
    pub channels: Vec<Section<ChannelRow>>,
    pub members: Vec<Section<MemberRow>>,
    pub invites: Vec<Section<MemberRow>>,
    /// The SIDs of services that the rows name.
    pub services: Vec<Rc<str>>,
}

/// The rows under one name of a section.
pub(crate) struct Section<Row> {
    pub at: SectionPath,
    pub rows: Vec<Row>,
}

/// Where the rows of a section are.
pub(crate) struct SectionPath {
    /// `participants`, or `participants.participants` in a list page.
    pub path: String,
    is_list: bool,
    /// 1 where the section goes by its name in Conversations.
    dialect: usize,
}

impl SectionPath {
    /// `participants[2]`
    pub fn row(&self, index: usize) -> String {
        if self.is_list { format!("{}[{index}]", self.path) } else { self.path.clone() }
    }

    /// `participants[2].role_sid`
    pub fn field(&self, index: usize, field: &str) -> String {
        format!("{}.{field}", self.row(index))
    }
}

/// Which service a row is of: an index into [`Payload::services`] plus one, 0 where the row does not tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct OfService(u8);

impl OfService {
    pub fn sid(self, payload: &Payload) -> Option<&Rc<str>> {
        payload.services.get(usize::from(self.0).checked_sub(1)?)
    }

    /// Whether the row is of another service than the one that a load is about. A row that does not tell is of that one.
    pub fn is_other_than(self, expected: Option<&str>, payload: &Payload) -> bool {
        self.sid(payload).is_some_and(|sid| expected.is_some_and(|expected| *expected != **sid))
    }
}

pub(crate) struct ServiceRow {
    pub sid: Option<Rc<str>>,
    /// For users, members and creators.
    pub defaults: [Option<Rc<str>>; 3],
}

pub(crate) struct ActionRow {
    pub name: Rc<str>,
    pub any: Rc<str>,
    pub own: Option<Rc<str>>,
    pub member_only: bool,
    pub when_closed: bool,
}

pub(crate) struct RoleRow {
    pub sid: Rc<str>,
    pub friendly_name: Option<Rc<str>>,
    pub scope: Scope,
    pub permissions: Vec<Rc<str>>,
    spelling: u8,
    pub service: OfService,
}

pub(crate) struct UserRow {
    pub identity: Rc<str>,
    pub role: Option<Rc<str>>,
    pub service: OfService,
}

/// A channel's row. What is `None` leaves what is known.
pub(crate) struct ChannelRow {
    pub sid: Rc<str>,
    spelling: u8,
    pub public: Option<bool>,
    pub unique_name: Option<Rc<str>>,
    pub created_by: Option<Rc<str>>,
    pub state: Option<State>,
    /// In a user's own list: how they stand to the channel.
    pub listed: Option<Listed>,
    pub service: OfService,
}

/// What a row of a user's own list says of the user.
pub(crate) struct Listed {
    pub whose: Whose,
    pub status: Status,
}

/// Whose list a row is of.
pub(crate) enum Whose {
    Identity(Rc<str>),
    /// Somebody's who takes part by phone, and is no user.
    Phone,
    /// The row does not tell.
    Unnamed,
}

pub(crate) enum Status {
    Joined,
    Invited,
    NotParticipating,
    Unknown(Rc<str>),
}

/// The row of a member or an invite.
pub(crate) struct MemberRow {
    /// The SID of the channel; empty where nobody's identity is there.
    pub channel: Rc<str>,
    /// `None` for somebody who is no user of the chat, who takes part by phone.
    pub identity: Option<Rc<str>>,
    pub role: Option<Rc<str>>,
    spelling: u8,
    /// A messaging binding says how somebody without an identity takes part.
    pub has_binding: bool,
    pub service: OfService,
}

impl RoleRow {
    /// How its permissions are spelt.
    pub fn permissions_field(&self) -> String {
        spelt(PERMISSIONS, self.spelling)
    }
}

impl ChannelRow {
    /// How its SID is spelt.
    pub fn sid_field(&self) -> String {
        spelt(OWN_SID, self.spelling)
    }

    /// Whether it says anything beside the SID.
    pub fn has_details(&self) -> bool {
        self.public.is_some() || self.unique_name.is_some() || self.created_by.is_some() || self.state.is_some()
    }
}

impl MemberRow {
    /// How the SID of the channel is spelt.
    pub fn channel_field(&self) -> String {
        let spelling = usize::from(self.spelling);
        if spelling == usize::from(NESTED) { "conversation.sid".into() } else { spelt(CHANNEL_SID, self.spelling) }
    }
}

/// The spelling of a channel's SID inside of an object.
const NESTED: u8 = u8::MAX;

fn spelt(field: Field, spelling: u8) -> String {
    spellings(field).swap_remove(usize::from(spelling))
}

impl Payload {
    /// Whether any of its rows is one of a user's own list.
    pub fn has_lists(&self) -> bool {
        self.channels.iter().flat_map(|section| &section.rows).any(|row| row.listed.is_some())
    }
}
