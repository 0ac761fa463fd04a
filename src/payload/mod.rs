//! What a payload may look like: the REST resources as rows, and reading them from anything with fields.
//!
//! A back end writes the vendor's resources down in its own handwriting: in snake case, camel case or Pascal case, as arrays,
//! list pages or single resources, in either dialect. One reader understands them all, by the tables of names below.

use std::rc::Rc;

use crate::channel::{State, is_public};
use crate::dialect::{Dialect, Scope};
use crate::error::{Error, Problem, ROLE_TYPES, Result};
use crate::spelling::{is_same_word, nearest};

mod source;

#[cfg(feature = "json")]
pub(crate) use source::LONGEST_STRING;
use source::{Field, MOST_ELEMENTS, Object, Path, Reader, spellings};
pub(crate) use source::{Found, Source};

// The sections, by Chat's name and by Conversations'.
static ACTIONS: Field = &["actions"];
static ROLES: Field = &["roles"];
static USERS: Field = &["users"];
static CHANNELS: Field = &["channels", "conversations"];
static MEMBERS: Field = &["members", "participants"];
static INVITES: Field = &["invites"];
static SERVICE: Field = &["service", "configuration"];

/// Where a page of the vendor's Node library, and one of its client SDK, keep their rows.
static INSTANCES: Field = &["instances"];
static ITEMS: Field = &["items"];

// Of a snapshot.
static VERSION: Field = &["rolecall"];
static DIALECT: Field = &["dialect"];
static ACTION: Field = &["action"];
static ANY: Field = &["any"];
static OWN: Field = &["own"];
static MEMBER_ONLY: Field = &["member_only"];
static WHEN_CLOSED: Field = &["when_closed"];

// Of several resources.
static SID: Field = &["sid"];
static IDENTITY: Field = &["identity"];
static ROLE_SID: Field = &["role_sid"];
static SERVICE_SID: Field = &["service_sid", "chat_service_sid", "instance_sid"];

// Of roles.
static FRIENDLY_NAME: Field = &["friendly_name"];
static TYPE: Field = &["type"];
static PERMISSIONS: Field = &["permissions"];

// Of channels, in their own rows and in those of a user's own list.
static OWN_SID: Field = &["sid", "channel_sid", "conversation_sid"];
static CHANNEL_TYPE: Field = &["type", "channel_type", "conversation_type"];
static UNIQUE_NAME: Field = &["unique_name", "channel_unique_name", "conversation_unique_name"];
static CREATED_BY: Field = &["created_by", "channel_created_by", "conversation_created_by"];
static STATE: Field = &["state", "channel_state", "conversation_state"];
/// The client SDK has a state as an object.
static CURRENT: Field = &["current"];

// Of a user's own list. Any of them makes a row one of such a list.
static STATUS: Field = &["status"];
static LISTED_IDENTITY: Field = &["participant_identity"];
static LISTED_USER: Field = &["participant_user_sid", "user_sid"];
static LISTED_BINDING: Field = &["participant_messaging_binding"];

// Of members and invites.
static CHANNEL_SID: Field = &["channel_sid", "conversation_sid"];
/// The client SDK has the channel as an object.
static CHANNEL: Field = &["channel", "conversation"];
static BINDING: Field = &["messaging_binding"];

// Of the service: its default roles.
static OWN_SERVICE_SID: Field = &["chat_service_sid", "sid", "service_sid"];
static DEFAULT_FOR_USER: Field = &["default_service_role_sid", "default_chat_service_role_sid"];
static DEFAULT_FOR_MEMBER: Field = &["default_channel_role_sid", "default_conversation_role_sid"];
static DEFAULT_FOR_CREATOR: Field = &["default_channel_creator_role_sid", "default_conversation_creator_role_sid"];

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
    pub at: Location,
    pub rows: Vec<Row>,
}

/// Where the rows of a section are.
pub(crate) struct Location {
    /// `participants`, or `participants.participants` in a list page.
    pub path: String,
    is_list: bool,
    /// 1 where the section goes by its name in Conversations.
    dialect: usize,
}

impl Location {
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
pub(crate) struct OfService(u16);

impl OfService {
    pub fn sid(self, payload: &Payload) -> Option<&Rc<str>> {
        payload.services.get(usize::from(self.0).checked_sub(1)?)
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
    /// Reads all that a payload says. Each getter of it runs at most once.
    ///
    /// # Errors
    ///
    /// The first value that has the wrong type, and the first word that is none, with its path.
    pub fn read<S: Source>(source: &S, payload: Found<S::Value>) -> Result<Self> {
        let value = match payload {
            Found::Object(value) => value,
            Found::List(_) => return Err(Problem::BareList.into()),
            Found::Unreadable => return Err(Problem::Unreadable.into()),
            found => return Err(Problem::NoPayload { found: found.kind() }.into()),
        };
        let mut reading = Reading { source, read: Self::default(), rows: 0, types: None };
        if reading.sections(&value)? {
            return Ok(reading.read);
        }
        match source.to_json(&value) {
            Found::Absent => {}
            Found::Object(json) => {
                if reading.sections(&json)? {
                    return Ok(reading.read);
                }
            }
            Found::Unreadable => return Err(Error::from(Problem::Unreadable).at("toJSON")),
            found => return Err(Problem::NoPayload { found: found.kind() }.into()),
        }
        let fields = source.names(&value);
        if fields.is_empty() {
            return Ok(reading.read);
        }
        let sections = || [ACTIONS, ROLES, USERS, CHANNELS, MEMBERS, INVITES, SERVICE].into_iter().flatten().copied();
        let meant = fields.iter().find_map(|field| nearest(field, sections()));
        Err(Problem::NoSection { fields, meant }.into())
    }

    /// Whether any of its rows is one of a user's own list.
    pub fn has_lists(&self) -> bool {
        self.channels.iter().flat_map(|section| &section.rows).any(|row| row.listed.is_some())
    }
}

/// A payload while it is read.
struct Reading<'s, S: Source> {
    source: &'s S,
    read: Payload,
    /// How many rows and permissions there are so far.
    rows: usize,
    /// The dialect of the first role's type.
    types: Option<Dialect>,
}

impl<S: Source> Reading<'_, S> {
    /// Reads every section of an object, and returns whether there is any.
    fn sections(&mut self, value: &S::Value) -> Result<bool> {
        let reader = Reader::new(self.source);
        let payload = Object { reader: &reader, value, path: Path::Payload, dialect: 0 };
        let version = payload.optional(VERSION)?;
        self.read.is_snapshot = version.is_some();
        // Before anything else is looked at: in a newer version anything may mean something else.
        if let Some(version) = version.filter(|version| !matches!(&**version, "1" | "2")) {
            return Err(payload.error(VERSION, Problem::NewerSnapshot(version.to_string())));
        }
        let dialect = payload.word(DIALECT, Dialect::named, Problem::NoDialect)?;

        self.read.service = self.section(&payload, SERVICE, |_, row| service_row(row))?;
        self.read.actions = self.section(&payload, ACTIONS, |_, row| action_row(row))?;
        self.read.roles = self.section(&payload, ROLES, Self::role_row)?;
        self.read.users = self.section(&payload, USERS, Self::user_row)?;
        self.read.channels = self.section(&payload, CHANNELS, Self::channel_row)?;
        self.read.members = self.section(&payload, MEMBERS, Self::member_row)?;
        self.read.invites = self.section(&payload, INVITES, Self::invite_row)?;

        let Payload { service, actions, roles, users, channels, members, invites, .. } = &self.read;
        let named = [names_of(service), names_of(channels), names_of(members)].concat();
        let is_empty = named.is_empty() && actions.is_empty() && roles.is_empty() && users.is_empty() && invites.is_empty();
        let by_names = if named.contains(&1) { Dialect::Conversations } else { Dialect::Chat };
        self.read.dialect = dialect.or(self.types).unwrap_or(by_names);
        Ok(self.read.is_snapshot || !is_empty)
    }

    /// The rows under each of a section's names, each read by a function.
    fn section<Row>(
        &mut self,
        payload: &Object<S>,
        section: Field,
        read: fn(&mut Self, &Object<S>) -> Result<Row>,
    ) -> Result<Vec<Section<Row>>> {
        let mut sections = Vec::new();
        for dialect in 0..section.len() {
            let mut rows = Vec::new();
            let at = self.each_row(payload, section, dialect, &mut |reading, row| {
                rows.push(read(reading, row)?);
                Ok(())
            })?;
            sections.extend(at.map(|at| Section { at, rows }));
        }
        Ok(sections)
    }

    /// Calls a function with each row under one of a section's names. Returns where they are, `None` without such a section.
    fn each_row(
        &mut self,
        payload: &Object<S>,
        section: Field,
        dialect: usize,
        visit: &mut dyn FnMut(&mut Self, &Object<S>) -> Result<()>,
    ) -> Result<Option<Location>> {
        let name = &section[dialect..=dialect];
        let found = payload.find(name);
        if matches!(found, Found::Absent) {
            return Ok(None);
        }
        let spelt = payload.spelt(name);
        let path = Path::Field(&payload.path, &spelt);
        // The spellings of a section's rows are its own.
        let reader = Reader::new(self.source);
        match rows_of(&reader, found, section, &path)? {
            Rows::None => Ok(Some(Location { path: spelt.clone(), is_list: true, dialect })),
            Rows::One(value) => {
                visit(self, &Object { reader: &reader, value: &value, path, dialect })?;
                Ok(Some(Location { path: spelt.clone(), is_list: false, dialect }))
            }
            Rows::List { list, page } => {
                let path = page.as_ref().map_or(path, |page| Path::Field(&path, page));
                reader.each(&list, &path, &mut |row, path| match row {
                    Found::Object(value) => {
                        self.count_row(path)?;
                        self.source.begin_row(&value);
                        visit(self, &Object { reader: &reader, value: &value, path: *path, dialect })
                    }
                    found => Err(path.wrong(&found, "an object")),
                })?;
                Ok(Some(Location { path: path.to_string(), is_list: true, dialect }))
            }
        }
    }

    fn count_row(&mut self, path: &Path) -> Result<()> {
        self.rows += 1;
        if self.rows > MOST_ELEMENTS { Err(path.error(Problem::TooLarge)) } else { Ok(()) }
    }

    fn role_row(&mut self, row: &Object<S>) -> Result<RoleRow> {
        let sid = row.string(SID, Problem::EmptySid)?;
        let friendly_name = row.optional(FRIENDLY_NAME)?;
        let role_type = match row.find(TYPE) {
            Found::String(role_type) => role_type,
            found => return Err(row.wrong(TYPE, &found, ROLE_TYPES)),
        };
        let Some((scope, written_in)) = Scope::of_role_type(&role_type) else {
            return Err(row.error(TYPE, Problem::NoRoleType(role_type.to_string())));
        };
        self.types.get_or_insert(written_in);
        let permissions = row.strings(PERMISSIONS)?;
        self.rows += permissions.len();
        let (spelling, service) = (row.spelling(PERMISSIONS), self.of_service(row)?);
        Ok(RoleRow { sid, friendly_name, scope, permissions, spelling, service })
    }

    fn user_row(&mut self, row: &Object<S>) -> Result<UserRow> {
        let identity = row.string(IDENTITY, Problem::EmptyIdentity)?;
        Ok(UserRow { identity, role: row.optional(ROLE_SID)?, service: self.of_service(row)? })
    }

    fn channel_row(&mut self, row: &Object<S>) -> Result<ChannelRow> {
        let sid = row.string(OWN_SID, Problem::EmptySid)?;
        Ok(ChannelRow {
            sid,
            spelling: row.spelling(OWN_SID),
            public: row.word(CHANNEL_TYPE, is_public, Problem::NoChannelType)?,
            unique_name: row.optional(UNIQUE_NAME)?,
            created_by: row.optional(CREATED_BY)?,
            state: state(row)?,
            listed: listed(row)?,
            service: self.of_service(row)?,
        })
    }

    fn member_row(&mut self, row: &Object<S>) -> Result<MemberRow> {
        let identity = row.optional(IDENTITY)?;
        self.seat_row(row, identity)
    }

    fn invite_row(&mut self, row: &Object<S>) -> Result<MemberRow> {
        let identity = row.string(IDENTITY, Problem::EmptyIdentity)?;
        self.seat_row(row, Some(identity))
    }

    /// The row of somebody whose identity was read.
    fn seat_row(&mut self, row: &Object<S>, identity: Option<Rc<str>>) -> Result<MemberRow> {
        let service = self.of_service(row)?;
        let Some(identity) = identity else {
            let has_binding = row.has(BINDING)?;
            return Ok(MemberRow { channel: "".into(), identity: None, role: None, spelling: 0, has_binding, service });
        };
        let (channel, spelling) = match row.find(CHANNEL_SID) {
            Found::Absent => (channel_of(row)?, NESTED),
            found => (row.string_of(CHANNEL_SID, found, Problem::EmptySid)?, row.spelling(CHANNEL_SID)),
        };
        let role = row.optional(ROLE_SID)?;
        Ok(MemberRow { channel, identity: Some(identity), role, spelling, has_binding: false, service })
    }

    /// Which service a row is of.
    fn of_service(&mut self, row: &Object<S>) -> Result<OfService> {
        let Some(sid) = row.optional(SERVICE_SID)? else { return Ok(OfService(0)) };
        let services = &mut self.read.services;
        let index = services.iter().position(|known| *known == sid).unwrap_or(services.len());
        if index == services.len() {
            services.push(sid);
        }
        u16::try_from(index + 1).map(OfService).map_err(|_| row.path.error(Problem::TooLarge))
    }
}

/// By which of its names each section goes.
fn names_of<Row>(sections: &[Section<Row>]) -> Vec<usize> {
    sections.iter().map(|section| section.at.dialect).collect()
}

/// Where the rows of a section are.
enum Rows<Value> {
    None,
    One(Value),
    List {
        list: Value,
        /// How the field of a list page is spelt that has the list.
        page: Option<String>,
    },
}

/// The rows of a section: of a list, of a page, or a single resource.
fn rows_of<S: Source>(reader: &Reader<S>, found: Found<S::Value>, section: Field, path: &Path) -> Result<Rows<S::Value>> {
    let object = match found {
        Found::Null => return Ok(Rows::None),
        Found::List(list) => return Ok(Rows::List { list, page: None }),
        Found::Object(object) => object,
        found => return Err(path.wrong(&found, "a list, a list page or one resource")),
    };
    for field in [section, INSTANCES, ITEMS] {
        match reader.find(&object, field) {
            Found::Absent => {}
            Found::List(list) => return Ok(Rows::List { list, page: Some(reader.spelt(field)) }),
            found => return Err(Path::Field(path, &reader.spelt(field)).wrong(&found, "a list")),
        }
    }
    Ok(if reader.source.names(&object).is_empty() { Rows::None } else { Rows::One(object) })
}

fn service_row<S: Source>(row: &Object<S>) -> Result<ServiceRow> {
    let defaults = [row.optional(DEFAULT_FOR_USER)?, row.optional(DEFAULT_FOR_MEMBER)?, row.optional(DEFAULT_FOR_CREATOR)?];
    Ok(ServiceRow { sid: row.optional(OWN_SERVICE_SID)?, defaults })
}

fn action_row<S: Source>(row: &Object<S>) -> Result<ActionRow> {
    Ok(ActionRow {
        name: row.string(ACTION, Problem::EmptyName)?,
        any: row.string(ANY, Problem::EmptyName)?,
        own: row.optional(OWN)?,
        member_only: row.flag(MEMBER_ONLY)?,
        when_closed: row.flag(WHEN_CLOSED)?,
    })
}

/// The SID of the channel in a participant of the client SDK.
fn channel_of<S: Source>(row: &Object<S>) -> Result<Rc<str>> {
    match row.find(CHANNEL) {
        Found::Object(channel) => {
            let spelt = row.spelt(CHANNEL);
            let path = Path::Field(&row.path, &spelt);
            Object { reader: row.reader, value: &channel, path, dialect: row.dialect }.string(SID, Problem::EmptySid)
        }
        Found::Absent => Err(row.wrong(CHANNEL_SID, &Found::Absent, "")),
        found => Err(row.wrong(CHANNEL, &found, "a channel")),
    }
}

/// A channel's state: a word, or, of the client SDK, an object with the word.
fn state<S: Source>(row: &Object<S>) -> Result<Option<State>> {
    let word = match row.find(STATE) {
        Found::Object(state) => {
            let spelt = row.spelt(STATE);
            let path = Path::Field(&row.path, &spelt);
            Object { reader: row.reader, value: &state, path, dialect: row.dialect }.optional(CURRENT)?
        }
        found => row.optional_of(STATE, found)?,
    };
    Ok(word.map(|word| State::named(&word).unwrap_or_else(|| State::Unknown((*word).into()))))
}

/// What a channel's row says of a user, where it is one of a user's own list.
fn listed<S: Source>(row: &Object<S>) -> Result<Option<Listed>> {
    let identity = row.optional(LISTED_IDENTITY)?;
    let has_binding = row.has(LISTED_BINDING)?;
    let is_users = row.has(LISTED_USER)?;
    let status = row.optional(STATUS)?;
    if identity.is_none() && !has_binding && !is_users && status.is_none() {
        return Ok(None);
    }
    let whose = match identity {
        Some(identity) => Whose::Identity(identity),
        None if has_binding => Whose::Phone,
        None => Whose::Unnamed,
    };
    let known = [("joined", Status::Joined), ("invited", Status::Invited), ("not_participating", Status::NotParticipating)];
    let status = match status {
        None => Status::Joined,
        Some(status) => known
            .into_iter()
            .find_map(|(name, known)| is_same_word(name, &status).then_some(known))
            .unwrap_or(Status::Unknown(status)),
    };
    Ok(Some(Listed { whose, status }))
}
