//! The REST shapes: which fields are read, under which names, and what they must hold.
//!
//! [`SHAPE`] is the only place where a field's name is written. A reader (one for JavaScript values in `src/js`, one for
//! JSON in `json.rs`) walks a payload by it and writes what it finds onto a [`Tape`]: small numbers, and each distinct
//! text once. It judges nothing. What the tape means, what is wrong with it and where, is all decided here. So the two
//! readers cannot disagree on the model, a getter runs once and before anything is changed, and a million rows cross
//! into WebAssembly in one call.

use serde::Serialize;

use crate::directory::Kind;
use crate::error::{Code, Error, Result};
use crate::names::{Id, NONE, Names};
use crate::permission::{Dialect, Permission, PermissionSet, Scope};
use crate::roster::Settled;
use crate::service::{DefaultFor, Service, is_public, scope_of_role_type};
use crate::text::{element, sentence};
use crate::vocabulary::{Vocabulary, too_many_permissions};

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
/// Numbers from [`cell::TEXT`] on are texts. A kind may carry, above [`cell::KIND_BITS`], under which of a field's names it was
/// found: name × 2, plus one for camelCase.
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
    /// A list page: an object that holds the section's list under one of its names, whose place and length follow.
    pub const PAGE: u32 = 10;
    /// Any text, once its number does not matter.
    pub const STRING: u32 = 11;

    pub const KIND_BITS: u32 = 4;
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
    fn text(&self, number: u32) -> &'a str {
        let at = number as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        // Indexing would do, at the price of the sentence with which it panics.
        self.texts.get(start..self.ends[at] as usize).unwrap_or_default()
    }
}

/// Where on the tape a row is, and so where in the payload.
#[derive(Clone, Copy)]
struct Place {
    section: Section,
    /// Which of the section's names.
    name: usize,
    /// For a row of a list page: under which of the section's names the page holds the list.
    page: Option<usize>,
    /// For a row of a list.
    row: Option<usize>,
}

impl Place {
    fn path(self) -> String {
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

    fn field(self, at: usize, found: u32) -> String {
        let (names, _) = self.section.fields().nth(at).unwrap_or_default();
        let found = if found < cell::TEXT { found >> cell::KIND_BITS } else { 0 };
        let name = names.split('|').nth(found as usize / 2).unwrap_or_default();
        let mut path = self.path();
        if !path.is_empty() {
            path.push('.');
        }
        if found % 2 == 0 {
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
struct Row<'t> {
    place: Place,
    fields: [u32; 4],
    list: &'t [u32],
}

impl Row<'_> {
    fn wrong(&self, at: usize, expected: &str) -> Error {
        let found = self.fields[at];
        wrong(found, || self.place.field(at, found), expected)
    }

    /// A text that must be there; its number.
    fn text(&self, at: usize) -> Result<u32> {
        match self.fields[at] {
            cell::ABSENT => Err(Error::at(Code::MissingField, self.place.field(at, 0), &["is missing"])),
            text @ cell::TEXT.. => Ok(text - cell::TEXT),
            _ => Err(self.wrong(at, "a string")),
        }
    }

    /// A text that may be missing or null.
    fn optional_text(&self, at: usize) -> Result<Option<u32>> {
        match kind_of(self.fields[at]) {
            cell::STRING => self.text(at).map(Some),
            cell::ABSENT | cell::NULL => Ok(None),
            _ => Err(self.wrong(at, "a string or null")),
        }
    }

    /// A list that must be there; its elements are `self.list`.
    fn need_list(&self, at: usize) -> Result<()> {
        match kind_of(self.fields[at]) {
            cell::ABSENT => self.text(at).map(|_| ()),
            cell::LIST => Ok(()),
            _ => Err(self.wrong(at, "a list of strings")),
        }
    }

    /// A boolean that may be missing.
    fn flag(&self, at: usize) -> Result<bool> {
        match kind_of(self.fields[at]) {
            cell::ABSENT | cell::FALSE => Ok(false),
            cell::TRUE => Ok(true),
            _ => Err(self.wrong(at, "true or false")),
        }
    }
}

/// A cell without the spelling, and any text as `STRING`.
fn kind_of(found: u32) -> u32 {
    if found >= cell::TEXT { cell::STRING } else { found & ((1 << cell::KIND_BITS) - 1) }
}

fn wrong(found: u32, path: impl FnOnce() -> String, expected: &str) -> Error {
    match kind_of(found) {
        cell::UNREADABLE => Error::at(Code::Unreadable, path(), &["reading it threw"]),
        cell::ILL_FORMED => Error::at(Code::InvalidText, path(), &["a lone surrogate is no text"]),
        kind => Error::at(Code::InvalidType, path(), &["expected ", expected, ", found ", cell::KINDS[kind as usize]]),
    }
}

/// Reads a tape from its start, calling `visit` for each section that is there and each row.
fn walk<'t>(tape: &Tape<'t>, visit: &mut dyn FnMut(Visit<'t>) -> Result<()>) -> Result<()> {
    let mut cells = tape.cells.iter().copied();
    let mut at = 0;
    // A reader writes what is read here, so the tape does not end early.
    let mut next = |at: &mut usize| {
        *at += 1;
        cells.next().unwrap_or(cell::ABSENT)
    };
    for section in Section::ALL {
        for name in 0..section.names().count() {
            let mut place = Place { section, name, page: None, row: None };
            let kind = next(&mut at);
            let rows = match kind_of(kind) {
                cell::ABSENT if section != Section::Payload => continue,
                cell::OBJECT => None,
                cell::LIST if section != Section::Payload => Some(next(&mut at)),
                cell::PAGE => {
                    place.page = Some(next(&mut at) as usize);
                    Some(next(&mut at))
                }
                _ if section == Section::Payload => {
                    let error = wrong(kind, String::new, "an object");
                    return Err(Error::new(Code::InvalidPayload, &["a payload is an object: ", error.message()]));
                }
                _ => return Err(wrong(kind, || place.path(), "a list page, a list or an object")),
            };
            visit(Visit::Section(section, name))?;
            for row in 0..rows.unwrap_or(1) {
                place.row = rows.map(|_| row as usize);
                let kind = if rows.is_some() { next(&mut at) } else { cell::OBJECT };
                if kind != cell::OBJECT {
                    return Err(wrong(kind, || place.path(), "an object"));
                }
                let mut fields = [cell::ABSENT; 4];
                let mut list: &[u32] = &[];
                for (field, (_, is_list)) in fields.iter_mut().zip(section.fields()) {
                    *field = next(&mut at);
                    if is_list && kind_of(*field) == cell::LIST {
                        let length = next(&mut at) as usize;
                        list = tape.cells.get(at..at + length).unwrap_or_default();
                        for _ in 0..length {
                            next(&mut at);
                        }
                    }
                }
                visit(Visit::Row(Row { place, fields, list }))?;
            }
        }
    }
    Ok(())
}

enum Visit<'t> {
    Section(Section, usize),
    Row(Row<'t>),
}

/// What became of the rows of a section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// They were not there before.
    pub added: u32,
    /// They were there and said something else.
    pub updated: u32,
    /// They were there and said the same.
    pub unchanged: u32,
    /// They were there, and a replacing load did not bring them again.
    pub removed: u32,
    /// They are none of the chat's business: a participant without an identity, an invite in Conversations.
    pub skipped: u32,
}

/// Something in a payload that is kept but should be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// `unknown-permission`, `out-of-scope`, `no-counterpart`, `no-role` or `more-warnings`.
    pub code: &'static str,
    /// Where in the payload.
    pub path: String,
    /// A sentence.
    pub message: String,
}

/// What a load did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LoadReport {
    /// Roles, by SID.
    pub roles: Counts,
    /// Users, by identity.
    pub users: Counts,
    /// Channels or conversations, by SID.
    pub channels: Counts,
    /// Members or participants, by channel and identity.
    pub members: Counts,
    /// Invites, by channel and identity.
    pub invites: Counts,
    /// At most a thousand, then one that says that there are more.
    pub warnings: Vec<Warning>,
}

const MOST_WARNINGS: usize = 1000;

impl LoadReport {
    fn warn(&mut self, code: &'static str, path: impl FnOnce() -> String, message: &[&str]) {
        if self.warnings.len() < MOST_WARNINGS {
            self.warnings.push(Warning { code, path: path(), message: sentence(message) });
        } else if self.warnings.len() == MOST_WARNINGS {
            self.warnings.push(Warning { code: "more-warnings", path: String::new(), message: "and there are more".into() });
        }
    }

    fn counts(&mut self, kind: Kind) -> &mut Counts {
        match kind {
            Kind::Member => &mut self.members,
            Kind::Invite => &mut self.invites,
        }
    }
}

/// The warning for a row that came without a role.
const NO_ROLE: &str = "no-role";

/// The dialect in which a payload is written: said by a snapshot, else read from the first role's type, else from the sections' names.
pub(crate) fn dialect_of(tape: &Tape) -> Result<Dialect> {
    let (mut said, mut typed, mut named) = (None, None, None);
    walk(tape, &mut |visit| {
        match visit {
            Visit::Section(Section::Defaults | Section::Channels | Section::Members, 1) => named = Some(Dialect::Conversations),
            Visit::Row(row) if row.place.section == Section::Payload => {
                if let Some(dialect) = row.optional_text(1)? {
                    let name = tape.text(dialect);
                    let unknown = || {
                        Error::at(
                            Code::InvalidDialect,
                            "dialect".into(),
                            &["a dialect is chat or conversations, not \u{201c}", name, "\u{201d}"],
                        )
                    };
                    said = Some(Dialect::named(name).ok_or_else(unknown)?);
                }
            }
            Visit::Row(row) if row.place.section == Section::Roles && typed.is_none() => {
                typed = Scope::of_role_type(tape.text(row.text(2)?)).map(|(_, dialect)| dialect);
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(said.or(typed).or(named).unwrap_or_default())
}

impl Service {
    /// Loads what a tape holds, all of it or nothing. Costs time in proportion to the payload (and, with `replace`, to what
    /// is replaced).
    pub(crate) fn load_tape(&mut self, tape: &Tape, replace: bool) -> Result<LoadReport> {
        let mut report = LoadReport::default();
        let mut numbers = Numbers::new(tape);
        self.vocabulary = self.check(tape, &mut numbers, &mut report)?;
        Load { service: self, tape, report: &mut report, numbers, touched: Touched::default(), sections: Sections::default() }
            .run(replace);
        Ok(report)
    }

    /// Looks at everything and changes nothing: the first error, or the vocabulary as it will be. Adds the warnings.
    fn check(&self, tape: &Tape, numbers: &mut Numbers, report: &mut LoadReport) -> Result<Vocabulary> {
        let mut vocabulary = self.vocabulary.clone();
        let mut held = self.held_permissions();
        let conversations = vocabulary.dialect == Dialect::Conversations;
        walk(tape, &mut |visit| {
            let row = match visit {
                Visit::Section(Section::Invites, name) if conversations => {
                    let place = Place { section: Section::Invites, name, page: None, row: None };
                    report.warn(Code::NoCounterpart.name(), || place.path(), &["Conversations has no invites: they are skipped"]);
                    return Ok(());
                }
                Visit::Section(..) => return Ok(()),
                Visit::Row(row) => row,
            };
            let path = |at: usize| row.place.field(at, row.fields[at]);
            let filled = |at: usize, code: Code| match tape.text(row.text(at)?) {
                "" => Err(Error::at(code, path(at), &["is empty"])),
                text => Ok(text),
            };
            match row.place.section {
                Section::Payload => {
                    match row.optional_text(0)?.map(|version| tape.text(version)) {
                        None | Some(SNAPSHOT_VERSION) => {}
                        Some(version) => {
                            let message =
                                ["this snapshot is of version ", version, ", and this rolecall reads version ", SNAPSHOT_VERSION];
                            return Err(Error::at(Code::UnsupportedVersion, path(0), &message));
                        }
                    }
                    row.optional_text(1)?;
                }
                Section::Defaults => {
                    for at in 0..3 {
                        row.optional_text(at)?;
                    }
                }
                Section::Actions => {
                    let own = row.optional_text(2)?.map(|own| tape.text(own));
                    let (name, any, member_only) = (tape.text(row.text(0)?), tape.text(row.text(1)?), row.flag(3)?);
                    vocabulary
                        .define_action(name, any, own, member_only)
                        .map_err(|error| Error::at(error.code(), row.place.path(), &[error.message()]))?;
                }
                Section::Roles => {
                    filled(0, Code::InvalidSid)?;
                    row.optional_text(1)?;
                    let role_type = tape.text(row.text(2)?);
                    let scope = scope_of_role_type(role_type, || path(2))?;
                    row.need_list(3)?;
                    for (at, found) in row.list.iter().enumerate() {
                        let path = || element(&path(3), at);
                        if *found < cell::TEXT {
                            return Err(wrong(*found, path, "a string"));
                        }
                        let text = found - cell::TEXT;
                        let permission = match numbers.permissions[text as usize] {
                            Some(permission) => permission,
                            None => take_in(&mut vocabulary, held, tape.text(text), path)?,
                        };
                        // Held from here on, so that it is not forgotten before the roles of this load are there to hold it.
                        held.insert(permission);
                        numbers.permissions[text as usize] = Some(permission);
                        warn_of_permission(&vocabulary, permission, scope, path, report);
                    }
                }
                Section::Users => {
                    filled(0, Code::InvalidIdentity)?;
                    warn_without_role(&row, tape, 1, report)?;
                }
                Section::Channels => {
                    filled(0, Code::InvalidSid)?;
                    row.optional_text(2)?;
                    if let Some(channel_type) = row.optional_text(1)? {
                        let public = is_public(tape.text(channel_type), || path(1))?;
                        if public && conversations {
                            report.warn(Code::NoCounterpart.name(), || path(1), &["a conversation is always private"]);
                        }
                    }
                }
                Section::Members | Section::Invites => {
                    filled(0, Code::InvalidSid)?;
                    if row.place.section == Section::Members && kind_of(row.fields[1]) == cell::NULL {
                        row.optional_text(2)?;
                    } else {
                        filled(1, Code::InvalidIdentity)?;
                        if row.place.section == Section::Members {
                            warn_without_role(&row, tape, 2, report)?;
                        } else {
                            row.optional_text(2)?;
                        }
                    }
                }
            }
            Ok(())
        })?;
        Ok(vocabulary)
    }
}

/// The permission of that name, in a vocabulary that takes in what it does not know.
fn take_in(vocabulary: &mut Vocabulary, held: PermissionSet, name: &str, path: impl Fn() -> String) -> Result<Permission> {
    if name.is_empty() {
        return Err(Error::at(Code::InvalidName, path(), &["is empty"]));
    }
    if vocabulary.permission(name).is_none() && !vocabulary.has_room_for(1) {
        vocabulary.forget_unused(held);
        if !vocabulary.has_room_for(1) {
            return Err(Error::at(Code::TooManyPermissions, path(), &[too_many_permissions().message()]));
        }
    }
    Ok(vocabulary.learn(name))
}

/// One permission of a role is kept whatever it is; a warning says where it grants nothing or is the application's own.
fn warn_of_permission(
    vocabulary: &Vocabulary,
    permission: Permission,
    scope: Scope,
    path: impl Fn() -> String,
    report: &mut LoadReport,
) {
    let name = vocabulary.permission_name(permission);
    if permission.own_place().is_some() {
        if !vocabulary.is_asked_for(permission) {
            let message = ["\u{201c}", name, "\u{201d} is not a built-in permission, and no action asks for it"];
            report.warn(Code::UnknownPermission.name(), path, &message);
        }
    } else if !vocabulary.knows(permission) {
        report.warn(Code::NoCounterpart.name(), path, &["Conversations has no permission ", name, ": it grants nothing"]);
    } else if !permission.is_valid_in(scope) {
        let role_type = scope.role_type(vocabulary.dialect);
        let message = [name, " is not valid in a role of type ", role_type, ": it grants nothing"];
        report.warn(Code::OutOfScope.name(), path, &message);
    }
}

fn warn_without_role(row: &Row, tape: &Tape, at: usize, report: &mut LoadReport) -> Result<()> {
    let role = row.optional_text(at)?.map_or("", |role| tape.text(role));
    if role.is_empty() {
        report.warn(NO_ROLE, || row.place.field(at, row.fields[at]), &["without a role: it grants nothing"]);
    }
    Ok(())
}

/// What each text of a tape stands for, once looked up.
struct Numbers {
    roles: Vec<Id>,
    people: Vec<Id>,
    channels: Vec<Id>,
    permissions: Vec<Option<Permission>>,
}

impl Numbers {
    fn new(tape: &Tape) -> Self {
        let unknown = || vec![NONE; tape.ends.len()];
        Self { roles: unknown(), people: unknown(), channels: unknown(), permissions: vec![None; tape.ends.len()] }
    }
}

/// What a load has brought, so that a replacing one can remove the rest.
#[derive(Default)]
struct Touched {
    roles: Marks,
    people: Marks,
    channels: Marks,
    /// The channels whose members (or, with `true`, invites) have grown.
    grown: Vec<(Id, bool)>,
}

/// Numbers, one flag each.
#[derive(Default)]
struct Marks(Vec<bool>);

impl Marks {
    fn mark(&mut self, id: Id) {
        let length = self.0.len().max(id as usize + 1);
        self.0.resize(length, false);
        self.0[id as usize] = true;
    }

    /// The names without a mark.
    fn not_among(&self, names: &Names) -> Vec<Id> {
        names.ids().filter(|id| !self.0.get(*id as usize).copied().unwrap_or_default()).collect()
    }
}

/// Which sections are there, one bit each.
#[derive(Clone, Copy, Default)]
struct Sections(u32);

impl Sections {
    fn add(&mut self, section: Section) {
        self.0 |= 1 << section as u8;
    }

    fn has(self, section: Section) -> bool {
        self.0 >> section as u8 & 1 == 1
    }
}

/// The second walk over a tape that was checked: nothing here fails.
struct Load<'s, 't> {
    service: &'s mut Service,
    tape: &'s Tape<'t>,
    report: &'s mut LoadReport,
    numbers: Numbers,
    touched: Touched,
    sections: Sections,
}

impl Load<'_, '_> {
    fn run(mut self, replace: bool) {
        let tape = self.tape;
        self.service.directory.hold_numbers();
        let checked = walk(tape, &mut |visit| {
            match visit {
                Visit::Section(section, _) => self.sections.add(section),
                Visit::Row(row) => self.row(&row)?,
            }
            Ok(())
        });
        debug_assert!(checked.is_ok(), "the tape was checked");
        self.settle(replace);
        if replace {
            self.remove_untouched();
        }
        self.service.directory.release_numbers();
    }

    fn row(&mut self, row: &Row) -> Result<()> {
        let text = |number: Option<u32>| number.map_or("", |number| self.tape.text(number));
        match row.place.section {
            Section::Payload | Section::Actions => {}
            Section::Defaults => {
                for which in DefaultFor::ALL {
                    let sid = row.optional_text(which as usize)?;
                    if !text(sid).is_empty() {
                        let role = self.role(sid);
                        self.service.point_default(which, role);
                    }
                }
            }
            Section::Roles => {
                let sid = row.text(0)?;
                let name = row.optional_text(1)?.unwrap_or(sid);
                let scope = scope_of_role_type(self.tape.text(row.text(2)?), String::new)?;
                let known = |found: &u32| self.numbers.permissions[(found - cell::TEXT) as usize];
                let permissions: Vec<Permission> = row.list.iter().filter_map(known).collect();
                let definition = self.service.definition(self.tape.text(name), scope, permissions);
                let role = self.role(Some(sid));
                self.touched.roles.mark(role);
                let counts = &mut self.report.roles;
                let same = self.service.directory.definition(role).map(|old| *old == definition);
                self.service.directory.define_role(role, Some(definition));
                counts.count(same);
            }
            Section::Users => {
                let person = self.person(row.text(0)?);
                let role = self.role(row.optional_text(1)?);
                self.touched.people.mark(person);
                let old = self.service.directory.set_user(person, role);
                self.report.users.count(old.map(|old| old == role));
            }
            Section::Channels => {
                let channel = self.channel(row.text(0)?);
                let conversations = self.service.dialect() == Dialect::Conversations;
                let old = self.service.directory.channels.get(channel).row.as_ref();
                // A user's list of channels does not say what its channels are: what is known of them stays.
                let mut new = old.cloned().unwrap_or_default();
                if row.fields[1] != cell::ABSENT {
                    new.public = text(row.optional_text(1)?) == "public" && !conversations;
                }
                if row.fields[2] != cell::ABSENT {
                    new.created_by = row.optional_text(2)?.map(|by| self.tape.text(by).into());
                }
                let same = old.map(|old| *old == new);
                self.touched.channels.mark(channel);
                self.service.directory.set_channel(channel, Some(new));
                self.report.channels.count(same);
            }
            Section::Members => self.place(row, Kind::Member)?,
            Section::Invites if self.service.dialect() == Dialect::Conversations => self.report.invites.skipped += 1,
            Section::Invites => self.place(row, Kind::Invite)?,
        }
        Ok(())
    }

    fn place(&mut self, row: &Row, kind: Kind) -> Result<()> {
        if row.fields[1] < cell::TEXT {
            self.report.counts(kind).skipped += 1;
            return Ok(());
        }
        let (channel, person) = (self.channel(row.text(0)?), self.person(row.text(1)?));
        let role = self.role(row.optional_text(2)?);
        if self.service.directory.append(kind, channel, person, role) {
            self.touched.grown.push((channel, kind == Kind::Invite));
        }
        Ok(())
    }

    fn settle(&mut self, replace: bool) {
        for (section, kind) in [(Section::Members, Kind::Member), (Section::Invites, Kind::Invite)] {
            let replace = replace && self.sections.has(section);
            let grown =
                self.touched.grown.iter().filter(|(_, invites)| *invites == (kind == Kind::Invite)).map(|(channel, _)| *channel);
            let channels: Vec<Id> = if replace { self.service.directory.channels.names.ids().collect() } else { grown.collect() };
            for channel in channels {
                let counts = self.report.counts(kind);
                self.service.directory.settle(kind, channel, replace, |settled| match settled {
                    Settled::Added => counts.added += 1,
                    Settled::Updated(_) => counts.updated += 1,
                    Settled::Unchanged => counts.unchanged += 1,
                    Settled::Removed => counts.removed += 1,
                });
            }
        }
    }

    fn remove_untouched(&mut self) {
        let directory = &mut self.service.directory;
        if self.sections.has(Section::Roles) {
            for role in self.touched.roles.not_among(&directory.roles.names) {
                self.report.roles.removed += u32::from(directory.define_role(role, None).is_some());
            }
        }
        if self.sections.has(Section::Users) {
            for person in self.touched.people.not_among(&directory.people.names) {
                self.report.users.removed += u32::from(directory.unset_user(person));
            }
        }
        if self.sections.has(Section::Channels) {
            for channel in self.touched.channels.not_among(&directory.channels.names) {
                self.report.channels.removed += u32::from(directory.set_channel(channel, None).is_some());
            }
        }
    }

    /// `NONE` for a row without a role.
    fn role(&mut self, text: Option<u32>) -> Id {
        let Some(text) = text.filter(|text| !self.tape.text(*text).is_empty()) else { return NONE };
        let known = &mut self.numbers.roles[text as usize];
        if *known == NONE {
            *known = self.service.directory.roles.intern(self.tape.text(text));
        }
        *known
    }

    fn person(&mut self, text: u32) -> Id {
        let known = &mut self.numbers.people[text as usize];
        if *known == NONE {
            *known = self.service.directory.people.intern(self.tape.text(text));
        }
        *known
    }

    fn channel(&mut self, text: u32) -> Id {
        let known = &mut self.numbers.channels[text as usize];
        if *known == NONE {
            *known = self.service.directory.channels.intern(self.tape.text(text));
        }
        *known
    }
}

impl Counts {
    /// One row: `None` if it is new, else whether it says the same as before.
    fn count(&mut self, same: Option<bool>) {
        match same {
            None => self.added += 1,
            Some(true) => self.unchanged += 1,
            Some(false) => self.updated += 1,
        }
    }
}
