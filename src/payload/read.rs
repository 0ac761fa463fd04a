//! Reading a payload: what is under which name, and of which type it must be.

use std::sync::Arc;

use crate::channel::{State, is_public};
use crate::dialect::{Dialect, Scope};
use crate::error::{Error, Problem, ROLE_TYPES, Result};
use crate::spelling::{is_misspelt, is_same_word, nearest};

#[allow(clippy::wildcard_imports, reason = "a table of names")]
use super::names::*;
use super::source::{Field, Found, MOST_ELEMENTS, Object, Path, Reader, Source};
use super::{
    ActionRow, ChannelRow, Listed, MemberRow, NESTED, Part, Payload, Position, RoleRow, Row, Section, ServiceRow, Status,
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
            Found::List(list) => return Err(Problem::BareList(probable_section(source, &list)).into()),
            Found::Unreadable => return Err(Problem::Unreadable.into()),
            found => return Err(Problem::NoPayload { found: found.kind() }.into()),
        };
        let mut reading = Reading { source, read: Self::default(), number: 0, elements: 0, types: None };
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
        let meant = fields.iter().filter(|field| !is_section(field)).find_map(|field| nearest(field, section_names()));
        let undefined = |field: String| if is_section(&field) { format!("{field}, which is undefined") } else { field };
        Err(Problem::NoSection { fields: fields.into_iter().take(10).map(undefined).collect(), meant }.into())
    }
}

/// The section whose name a field misspells, if it does.
pub(crate) fn misspelt_section(field: &str) -> Option<&'static str> {
    if is_section(field) { None } else { section_names().find(|section| is_misspelt(field, section)) }
}

fn section_names() -> impl Iterator<Item = &'static str> {
    SECTIONS.iter().flat_map(|(_, names)| *names).map(|section| section.rest_name(0))
}

fn is_section(field: &str) -> bool {
    let mut sections = SECTIONS.iter().flat_map(|(_, names)| *names);
    sections.any(|section| section.spellings().iter().any(|name| name == field))
}

/// The section that a bare list is probably of, as it would be written: by the fields of its first row.
fn probable_section<S: Source>(source: &S, list: &S::Value) -> Option<&'static str> {
    let Found::Object(row) = source.element(list, 0) else { return None };
    let reader = Reader::new(source);
    let channels = "{ channels: [] } or { conversations: [] }";
    let signs = [
        (PERMISSIONS, "{ roles: [] }"),
        (UNIQUE_NAME, channels),
        (STATUS, channels),
        (CHANNEL_SID, "{ members: [] } or { participants: [] }"),
        (IDENTITY, "{ users: [] }"),
    ];
    signs.into_iter().find(|(field, _)| !matches!(reader.find(&row, field), Found::Absent)).map(|(_, section)| section)
}

/// For how many rows room is made at once.
const MOST_RESERVED: usize = 1 << 20;

/// A payload while it is read.
struct Reading<'s, S: Source> {
    source: &'s S,
    read: Payload,
    /// How many rows there are so far.
    number: u32,
    /// How many rows and permissions there are so far.
    elements: usize,
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
        for (section, names) in SECTIONS {
            for dialect in 0..names.len() {
                self.section(&payload, section, names, dialect)?;
            }
        }
        self.read.has_list_rows = self.read.channels.iter().any(|row| row.listed.is_some());
        self.read.is_empty_list = self.read.has(Section::Channels) && self.read.channels.is_empty();
        let parts = &self.read.parts;
        let by_names = if parts.iter().any(|part| part.dialect == 1) { Dialect::Conversations } else { Dialect::Chat };
        self.read.dialect = dialect.or(self.types).unwrap_or(by_names);
        self.read.fields = self.source.names(value);
        Ok(self.read.is_snapshot || !parts.is_empty())
    }

    /// Reads the rows under one of a section's names.
    fn section(&mut self, payload: &Object<S>, section: Section, names: &[Field], dialect: usize) -> Result<()> {
        let name = names[dialect];
        let found = payload.find(name);
        if matches!(found, Found::Absent) {
            return Ok(());
        }
        let path = Path::Field(&payload.path, payload.spelt(name));
        // The spellings of a section's rows are its own.
        let reader = Reader::new(self.source);
        let rows = rows_of(&reader, found, names, &path)?;
        let page = if let Rows::List { page: Some(page), .. } = &rows { Path::Field(&path, page) } else { path };
        let is_list = !matches!(rows, Rows::One(_));
        self.read.parts.push(Part { section, path: page.to_string(), is_list, dialect, start: self.number });
        match &rows {
            Rows::None => Ok(()),
            Rows::One(value) => self.row(section, &Object { reader: &reader, value, path, dialect }),
            Rows::List { list, .. } => {
                let length = reader.length(list, &page)?;
                self.reserve(section, length);
                reader.each(list, length, &page, &mut |row, path| match row {
                    Found::Object(value) => self.row(section, &Object { reader: &reader, value: &value, path: *path, dialect }),
                    found => Err(path.wrong(&found, "an object")),
                })
            }
        }
    }

    /// Makes room for the rows of a long section: a list that grows row by row takes twice the memory in the end.
    fn reserve(&mut self, section: Section, rows: usize) {
        // A list may say that it is longer than it is.
        let rows = rows.min(MOST_RESERVED);
        match section {
            Section::Users => self.read.users.reserve_exact(rows),
            Section::Members => self.read.members.reserve_exact(rows),
            _ => {}
        }
    }

    fn row(&mut self, section: Section, row: &Object<S>) -> Result<()> {
        self.elements += 1;
        if self.elements > MOST_ELEMENTS {
            return Err(row.path.error(Problem::TooLarge));
        }
        match section {
            Section::Service => self.service_row(row)?,
            Section::Actions => self.action_row(row)?,
            Section::Roles => self.role_row(row)?,
            Section::Users => self.user_row(row)?,
            Section::Channels => self.channel_row(row)?,
            Section::Members => self.member_row(row)?,
            Section::Invites => self.invite_row(row)?,
        }
        self.number += 1;
        Ok(())
    }

    fn service_row(&mut self, row: &Object<S>) -> Result<()> {
        let defaults = [row.optional(DEFAULT_FOR_USER)?, row.optional(DEFAULT_FOR_MEMBER)?, row.optional(DEFAULT_FOR_CREATOR)?];
        let fields = ServiceRow { sid: row.optional(OWN_SERVICE_SID)?, defaults };
        self.read.service.push(Row { at: self.here(), fields });
        Ok(())
    }

    fn action_row(&mut self, row: &Object<S>) -> Result<()> {
        let fields = ActionRow {
            name: row.string(ACTION, Problem::EmptyName)?,
            any: row.string(ANY, Problem::EmptyName)?,
            own: row.optional(OWN)?,
            member_only: row.flag(MEMBER_ONLY)?,
            when_closed: row.flag(WHEN_CLOSED)?,
        };
        self.read.actions.push(Row { at: self.here(), fields });
        Ok(())
    }

    fn role_row(&mut self, row: &Object<S>) -> Result<()> {
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
        self.elements += permissions.len();
        let fields = RoleRow { sid, friendly_name, scope, permissions, spelling: row.spelling(PERMISSIONS) };
        let at = self.of_service(row)?;
        self.read.roles.push(Row { at, fields });
        Ok(())
    }

    fn user_row(&mut self, row: &Object<S>) -> Result<()> {
        let fields = UserRow { identity: row.string(IDENTITY, Problem::EmptyIdentity)?, role: row.optional(ROLE_SID)? };
        let at = self.of_service(row)?;
        self.read.users.push(Row { at, fields });
        Ok(())
    }

    fn channel_row(&mut self, row: &Object<S>) -> Result<()> {
        let sid = row.string(OWN_SID, Problem::EmptySid)?;
        let fields = ChannelRow {
            sid,
            spelling: row.spelling(OWN_SID),
            public: row.word(CHANNEL_TYPE, is_public, Problem::NoChannelType)?,
            unique_name: row.optional(UNIQUE_NAME)?,
            created_by: row.optional(CREATED_BY)?,
            state: state(row)?,
            listed: listed(row)?,
        };
        let at = self.of_service(row)?;
        self.read.channels.push(Row { at, fields });
        Ok(())
    }

    fn member_row(&mut self, row: &Object<S>) -> Result<()> {
        let identity = row.optional(IDENTITY)?;
        let row = self.seat_row(row, identity)?;
        self.read.members.push(row);
        Ok(())
    }

    fn invite_row(&mut self, row: &Object<S>) -> Result<()> {
        let identity = row.string(IDENTITY, Problem::EmptyIdentity)?;
        let row = self.seat_row(row, Some(identity))?;
        self.read.invites.push(row);
        Ok(())
    }

    /// The row of somebody whose identity was read.
    fn seat_row(&mut self, row: &Object<S>, identity: Option<Arc<str>>) -> Result<Row<MemberRow>> {
        let at = self.of_service(row)?;
        let Some(identity) = identity else {
            let has_binding = row.has(BINDING)?;
            // What stands for the whole section may be anything, such as an error's body, and with `replace` ends each membership.
            if row.is_single() && !has_binding && !row.has(CHANNEL_SID)? && !row.has(CHANNEL)? {
                return Err(row.wrong(CHANNEL_SID, &Found::Absent, ""));
            }
            return Ok(Row {
                at,
                fields: MemberRow { channel: "".into(), identity: None, role: None, spelling: 0, has_binding },
            });
        };
        let (channel, spelling) = match row.find(CHANNEL_SID) {
            Found::Absent => (channel_of(row)?, NESTED),
            found => (row.string_of(CHANNEL_SID, found, Problem::EmptySid)?, row.spelling(CHANNEL_SID)),
        };
        let role = row.optional(ROLE_SID)?;
        Ok(Row { at, fields: MemberRow { channel, identity: Some(identity), role, spelling, has_binding: false } })
    }

    /// The position of the row that is read.
    fn here(&self) -> Position {
        Position::new(self.number, 0)
    }

    /// The position of the row that is read, with the service that it is of.
    fn of_service(&mut self, row: &Object<S>) -> Result<Position> {
        let Some(sid) = row.optional(SERVICE_SID)? else { return Ok(self.here()) };
        let services = &mut self.read.services;
        let index = services.iter().position(|known| *known == sid).unwrap_or(services.len());
        if index == services.len() {
            services.push(sid);
        }
        let service = u8::try_from(index + 1).map_err(|_| row.path.error(Problem::TooLarge))?;
        Ok(Position::new(self.number, service))
    }
}

/// Where the rows of a section are.
enum Rows<Value> {
    None,
    One(Value),
    List {
        list: Value,
        /// How the field of a list page is spelt that has the list.
        page: Option<&'static str>,
    },
}

/// The rows of a section: of a list, of a page, or a single resource.
fn rows_of<S: Source>(reader: &Reader<S>, found: Found<S::Value>, names: &[Field], path: &Path) -> Result<Rows<S::Value>> {
    let object = match found {
        Found::Null => return Ok(Rows::None),
        Found::List(list) => return Ok(Rows::List { list, page: None }),
        Found::Object(object) => object,
        found => return Err(path.wrong(&found, "a list, a list page or one resource")),
    };
    for field in names.iter().copied().chain([INSTANCES, ITEMS]) {
        match reader.find(&object, field) {
            Found::Absent => {}
            Found::List(list) => return Ok(Rows::List { list, page: Some(reader.spelt(field)) }),
            found => return Err(Path::Field(path, reader.spelt(field)).wrong(&found, "a list")),
        }
    }
    let names = reader.source.names(&object);
    // The methods of a promise, and of a `Response`.
    if names.iter().any(|name| name == "then" || name == "json") {
        return Err(path.error(Problem::Pending));
    }
    Ok(if names.is_empty() { Rows::None } else { Rows::One(object) })
}

/// The SID of the channel in a participant of the client SDK.
fn channel_of<S: Source>(row: &Object<S>) -> Result<Arc<str>> {
    match row.find(CHANNEL) {
        Found::Object(channel) => {
            let path = Path::Field(&row.path, row.spelt(CHANNEL));
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
            let path = Path::Field(&row.path, row.spelt(STATE));
            let state = Object { reader: row.reader, value: &state, path, dialect: row.dialect };
            match state.find(CURRENT) {
                Found::Absent => return Err(state.wrong(CURRENT, &Found::Absent, "")),
                found => state.optional_of(CURRENT, found)?,
            }
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
