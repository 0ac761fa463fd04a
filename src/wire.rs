//! The REST shapes: which fields are read, under which names, and what they must hold.
//!
//! [`SHAPE`] is the only place where a field's name is written. A reader (one for JavaScript values in `src/js`, one for
//! JSON in `json.rs`) walks a payload by it and writes what it finds onto a [`Tape`]: small numbers, and each distinct
//! text once. It judges nothing. What the tape means, what is wrong with it and where, is all decided here. So the two
//! readers cannot disagree on the model, a getter runs once and before anything is changed, and a million rows cross
//! into WebAssembly in one call.

use alloc::string::String;

use crate::error::{Code, Error, Result};
use crate::permission::{Dialect, Scope};
use crate::text::element;

/// Sections by `;`, their names by `|` (Chat's, then Conversations'), then the fields of a row by `,`: the names of a field
/// by `|`, and `*` behind one that holds a list of texts. A field is also read in camelCase. The first section is the
/// payload itself.
pub(crate) const SHAPE: &str = "\
:rolecall,dialect;\
actions:action,any,own,member_only;\
roles:sid,friendly_name,type,permissions*;\
users:identity,role_sid;\
channels|conversations:sid|channel_sid|conversation_sid,type,created_by;\
members|participants:channel_sid|conversation_sid,identity,role_sid;\
invites:channel_sid|conversation_sid,identity,role_sid;\
service|configuration:default_service_role_sid|default_chat_service_role_sid,\
default_channel_role_sid|default_conversation_role_sid,\
default_channel_creator_role_sid|default_conversation_creator_role_sid";

/// The version of the snapshots that this crate writes; it reads this one and those before it.
pub(crate) const SNAPSHOT_VERSION: &str = "1";

/// The sections of [`SHAPE`], in its order.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Section {
    Payload,
    Actions,
    Roles,
    Users,
    Channels,
    Members,
    Invites,
    Defaults,
}

impl Section {
    const ALL: [Section; 8] = [
        Section::Payload,
        Section::Actions,
        Section::Roles,
        Section::Users,
        Section::Channels,
        Section::Members,
        Section::Invites,
        Section::Defaults,
    ];

    fn shape(self) -> (&'static str, &'static str) {
        let shape = SHAPE.split(';').nth(self as usize).unwrap_or_default();
        shape.split_once(':').unwrap_or_default()
    }

    /// Its names: one, or Chat's and Conversations'.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.shape().0.split('|')
    }

    /// Its fields, each with its names and whether it holds a list.
    pub fn fields(self) -> impl Iterator<Item = (&'static str, bool)> {
        self.shape().1.split(',').map(|field| (field.trim_end_matches('*'), field.ends_with('*')))
    }

    /// What a dialect calls the section.
    pub fn name(self, dialect: Dialect) -> &'static str {
        in_dialect(self.shape().0, dialect)
    }

    /// What a dialect calls one of its fields.
    pub fn field(self, at: usize, dialect: Dialect) -> &'static str {
        let (names, _) = self.fields().nth(at).unwrap_or_default();
        // A channel's own SID is `sid` in both dialects; the other two names are how a user's list of channels says it.
        if self == Section::Channels && at == 0 { "sid" } else { in_dialect(names, dialect) }
    }
}

fn in_dialect(names: &'static str, dialect: Dialect) -> &'static str {
    let mut names = names.split('|');
    let chat = names.next().unwrap_or_default();
    match dialect {
        Dialect::Chat => chat,
        Dialect::Conversations => names.next().unwrap_or(chat),
    }
}

/// What a reader finds in one place, as a number on the tape.
///
/// Numbers from [`cell::TEXT`] on are texts. A kind carries, above [`cell::KIND_BITS`], under which spelling of a field it was
/// found: the field's name × 2, plus one for camelCase. So does a text, in its lowest [`cell::SPELLING_BITS`].
#[cfg_attr(not(feature = "json"), allow(dead_code, reason = "the reader in src/js writes them"))]
pub(crate) mod cell {
    pub const ABSENT: u32 = 0;
    pub const NULL: u32 = 1;
    pub const FALSE: u32 = 2;
    pub const TRUE: u32 = 3;
    pub const NUMBER: u32 = 4;
    pub const OBJECT: u32 = 5;
    /// Followed by its length and its elements where a list is expected.
    pub const LIST: u32 = 6;
    /// A function, a symbol, a big integer: JSON has none.
    #[allow(dead_code, reason = "the reader in src/js writes it")]
    pub const OTHER: u32 = 7;
    /// Reading it threw.
    pub const UNREADABLE: u32 = 8;
    /// A text with a lone surrogate.
    pub const ILL_FORMED: u32 = 9;
    /// A list page: an object that holds the section's list under one of its names. The name's place follows, then the list.
    pub const PAGE: u32 = 10;
    /// Any text, once its number does not matter.
    pub const STRING: u32 = 11;

    pub const KIND_BITS: u32 = 4;
    pub const SPELLING_BITS: u32 = 3;
    pub const TEXT: u32 = 256;

    /// How a sentence calls what was found.
    pub const KINDS: [&str; 12] = [
        "nothing",
        "null",
        "false",
        "true",
        "a number",
        "an object",
        "a list",
        "a value of another kind",
        "",
        "",
        "an object",
        "a string",
    ];
}

/// What a reader wrote.
pub(crate) struct Tape<'a> {
    pub cells: &'a [u32],
    /// All texts, one after another.
    pub texts: &'a str,
    /// Where each text ends.
    pub ends: &'a [u32],
}

impl<'a> Tape<'a> {
    pub fn text(&self, number: u32) -> &'a str {
        let at = number as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        // Indexing would do, at the price of the sentence with which it panics.
        self.texts.get(start..self.ends[at] as usize).unwrap_or_default()
    }
}

/// Where on the tape a row is, and so where in the payload.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub section: Section,
    /// Which of the section's names.
    pub name: usize,
    /// For a row of a list page: under which of the section's names the page holds the list.
    pub page: Option<usize>,
    /// For a row of a list.
    pub row: Option<usize>,
}

impl Place {
    pub fn path(self) -> String {
        let name = |at: usize| self.section.names().nth(at).unwrap_or_default();
        let mut path = String::from(name(self.name));
        if let Some(page) = self.page {
            path.push('.');
            path.push_str(name(page));
        }
        if let Some(row) = self.row {
            path = element(&path, row);
        }
        path
    }

    pub fn field(self, at: usize, found: u32) -> String {
        let (names, _) = self.section.fields().nth(at).unwrap_or_default();
        let spelling = match found.checked_sub(cell::TEXT) {
            Some(text) => text & ((1 << cell::SPELLING_BITS) - 1),
            None => found >> cell::KIND_BITS,
        };
        let name = match found {
            // What is missing is missing under the name that goes with the section's.
            cell::ABSENT => self.section.field(at, Dialect::ALL[self.name]),
            _ => names.split('|').nth(spelling as usize / 2).unwrap_or_default(),
        };
        let mut path = self.path();
        if !path.is_empty() {
            path.push('.');
        }
        if spelling % 2 == 0 {
            path.push_str(name);
        } else {
            path.push_str(&camel_case(name));
        }
        path
    }
}

/// `role_sid` as `roleSid`.
pub(crate) fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = String::from(words.next().unwrap_or_default());
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// One row: the cells of its fields, and the elements of its list if it has one.
pub(crate) struct Row<'t> {
    pub place: Place,
    pub fields: [u32; 4],
    pub list: &'t [u32],
}

impl Row<'_> {
    pub fn wrong(&self, at: usize, expected: &str) -> Error {
        let found = self.fields[at];
        wrong(found, || self.place.field(at, found), expected)
    }

    /// A text that must be there; its number.
    pub fn text(&self, at: usize) -> Result<u32> {
        match self.fields[at] {
            found @ cell::ABSENT => Err(Error::at(Code::MissingField, self.place.field(at, found), &["is missing"])),
            text @ cell::TEXT.. => Ok(number(text)),
            _ => Err(self.wrong(at, "a string")),
        }
    }

    /// A text that may be missing or null.
    pub fn optional_text(&self, at: usize) -> Result<Option<u32>> {
        match kind_of(self.fields[at]) {
            cell::STRING => self.text(at).map(Some),
            cell::ABSENT | cell::NULL => Ok(None),
            _ => Err(self.wrong(at, "a string or null")),
        }
    }

    /// A list that must be there; its elements are `self.list`.
    pub fn need_list(&self, at: usize) -> Result<()> {
        match kind_of(self.fields[at]) {
            cell::ABSENT => self.text(at).map(|_| ()),
            cell::LIST => Ok(()),
            _ => Err(self.wrong(at, "a list of strings")),
        }
    }

    /// A boolean that may be missing.
    pub fn flag(&self, at: usize) -> Result<bool> {
        match kind_of(self.fields[at]) {
            cell::ABSENT | cell::FALSE => Ok(false),
            cell::TRUE => Ok(true),
            _ => Err(self.wrong(at, "true or false")),
        }
    }
}

/// The number of a text.
pub(crate) fn number(text: u32) -> u32 {
    (text - cell::TEXT) >> cell::SPELLING_BITS
}

/// A cell without the spelling, and any text as `STRING`.
pub(crate) fn kind_of(found: u32) -> u32 {
    if found >= cell::TEXT { cell::STRING } else { found & ((1 << cell::KIND_BITS) - 1) }
}

pub(crate) fn wrong(found: u32, path: impl FnOnce() -> String, expected: &str) -> Error {
    match kind_of(found) {
        cell::UNREADABLE => Error::at(Code::Unreadable, path(), &["reading it threw"]),
        cell::ILL_FORMED => Error::at(Code::InvalidText, path(), &["a lone surrogate is no text"]),
        kind => Error::at(Code::InvalidType, path(), &["expected ", expected, ", found ", cell::KINDS[kind as usize]]),
    }
}

/// Reads a tape from its start, calling `visit` for each section that is there and each row.
pub(crate) fn walk<'t>(tape: &Tape<'t>, visit: &mut dyn FnMut(Visit<'t>) -> Result<()>) -> Result<()> {
    let mut cells = Cells { cells: tape.cells };
    for section in Section::ALL {
        for name in 0..section.names().count() {
            let mut place = Place { section, name, page: None, row: None };
            let kind = cells.next();
            let rows = match kind_of(kind) {
                cell::ABSENT if section != Section::Payload => continue,
                cell::OBJECT => None,
                cell::LIST if section != Section::Payload => Some(cells.next()),
                cell::PAGE => {
                    place.page = Some(cells.next() as usize);
                    let kind = cells.next();
                    if kind != cell::LIST {
                        return Err(wrong(kind, || place.path(), "a list"));
                    }
                    Some(cells.next())
                }
                _ if section == Section::Payload => {
                    let error = wrong(kind, String::new, "an object");
                    return Err(Error::new(Code::InvalidPayload, &["a payload is an object: ", error.message()]));
                }
                _ => return Err(wrong(kind, || place.path(), "a list page, a list or an object")),
            };
            visit(Visit::Section(section, name))?;
            // Found out once, not for each of a million rows.
            let mut is_list = [false; 4];
            let count = is_list.iter_mut().zip(section.fields()).map(|(is_list, field)| *is_list = field.1).count();
            for row in 0..rows.unwrap_or(1) {
                place.row = rows.map(|_| row as usize);
                let kind = if rows.is_some() { cells.next() } else { cell::OBJECT };
                if kind != cell::OBJECT {
                    return Err(wrong(kind, || place.path(), "an object"));
                }
                let mut fields = [cell::ABSENT; 4];
                let mut list: &[u32] = &[];
                for (field, is_list) in fields.iter_mut().zip(is_list).take(count) {
                    *field = cells.next();
                    if is_list && kind_of(*field) == cell::LIST {
                        let length = cells.next();
                        list = cells.take(length as usize);
                    }
                }
                visit(Visit::Row(Row { place, fields, list }))?;
            }
        }
    }
    Ok(())
}

/// What is left of a tape. A reader writes what is read here, so it does not end early; if it did, nothing would be there.
struct Cells<'t> {
    cells: &'t [u32],
}

impl<'t> Cells<'t> {
    fn next(&mut self) -> u32 {
        self.take(1).first().copied().unwrap_or(cell::ABSENT)
    }

    fn take(&mut self, count: usize) -> &'t [u32] {
        let (taken, left) = self.cells.split_at_checked(count).unwrap_or_default();
        self.cells = left;
        taken
    }
}

pub(crate) enum Visit<'t> {
    Section(Section, usize),
    Row(Row<'t>),
}

/// The dialect that a snapshot says it is written in, after a look at its version: a newer one may mean anything.
pub(crate) fn said_dialect(row: &Row, tape: &Tape) -> Result<Option<Dialect>> {
    let version = row.optional_text(0)?.map_or(SNAPSHOT_VERSION, |version| tape.text(version));
    if version != SNAPSHOT_VERSION {
        let message = ["this snapshot is of version ", version, ", and this rolecall reads version ", SNAPSHOT_VERSION];
        return Err(Error::at(Code::UnsupportedVersion, "rolecall".into(), &message));
    }
    let Some(name) = row.optional_text(1)?.map(|dialect| tape.text(dialect)) else { return Ok(None) };
    let message = ["a dialect is chat or conversations, not \u{201c}", name, "\u{201d}"];
    Dialect::named(name).map(Some).ok_or_else(|| Error::at(Code::InvalidDialect, "dialect".into(), &message))
}

/// The dialect in which a payload is written: said by a snapshot, else read from the first role's type, else from the sections' names.
pub(crate) fn dialect_of(tape: &Tape) -> Result<Dialect> {
    let (mut said, mut typed, mut named) = (None, None, None);
    walk(tape, &mut |visit| {
        match visit {
            Visit::Section(Section::Defaults | Section::Channels | Section::Members, 1) => named = Some(Dialect::Conversations),
            Visit::Row(row) if row.place.section == Section::Payload => {
                said = said_dialect(&row, tape)?;
            }
            Visit::Row(row) if row.place.section == Section::Roles && typed.is_none() => {
                // Loading tells what is wrong with one that is no text.
                let role_type = row.text(2).ok().map(|name| tape.text(name));
                typed = role_type.and_then(Scope::of_role_type).map(|(_, dialect)| dialect);
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(said.or(typed).or(named).unwrap_or_default())
}
