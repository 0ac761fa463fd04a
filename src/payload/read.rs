//! Reading a payload: what is under which name, and of which type it must be.

use std::rc::Rc;

use crate::channel::{State, is_public};
use crate::dialect::{Dialect, Scope};
use crate::error::{Error, Problem, ROLE_TYPES, Result};
use crate::spelling::{is_same_word, nearest};

#[allow(clippy::wildcard_imports, reason = "a table of names")]
use super::names::*;
use super::source::{Field, Found, MOST_ELEMENTS, Object, Path, Reader, Source};
use super::{
    ActionRow, ChannelRow, Listed, MemberRow, NESTED, OfService, Payload, RoleRow, Section, SectionPath, ServiceRow, Status,
    UserRow, Whose,
};

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
    ) -> Result<Option<SectionPath>> {
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
            Rows::None => Ok(Some(SectionPath { path: spelt.clone(), is_list: true, dialect })),
            Rows::One(value) => {
                visit(self, &Object { reader: &reader, value: &value, path, dialect })?;
                Ok(Some(SectionPath { path: spelt.clone(), is_list: false, dialect }))
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
                Ok(Some(SectionPath { path: path.to_string(), is_list: true, dialect }))
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
        u8::try_from(index + 1).map(OfService).map_err(|_| row.path.error(Problem::TooLarge))
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
