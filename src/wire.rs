//! The REST shapes: which fields are read, under which names, and what they must hold.
//!
//! [`SHAPE`] is the only place where a field's name is written. A reader (one for JavaScript values in `src/js`, one for
//! JSON in `json.rs`) walks a payload by it and writes what it finds onto a [`Tape`]: small numbers, and each distinct
//! text once. It judges nothing. What the tape means, what is wrong with it and where, is all decided here. So the two
//! readers cannot disagree on the model, and a getter runs once and before anything is changed. The tape stays with the
//! reader. It is looked at a window at a time, so that WebAssembly's memory, which never shrinks, need not hold a copy.

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use crate::error::{Code, Error, Result};
use crate::permission::{Dialect, Scope};
use crate::text::{element, end_at, part};

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
    pub const ALL: [Section; 8] = [
        Section::Payload,
        Section::Actions,
        Section::Roles,
        Section::Users,
        Section::Channels,
        Section::Members,
        Section::Invites,
        Section::Defaults,
    ];

    fn shape(self) -> &'static str {
        part(SHAPE, b';', self as usize).unwrap_or_default()
    }

    /// Its names: one, or Chat's and Conversations'.
    fn names(self) -> &'static str {
        part(self.shape(), b':', 0).unwrap_or_default()
    }

    /// The names of one of its fields.
    fn field_names(self, at: usize) -> &'static str {
        let fields = part(self.shape(), b':', 1).unwrap_or_default();
        part(fields, b',', at).and_then(|field| part(field, b'*', 0)).unwrap_or_default()
    }

    /// What a dialect calls the section.
    pub fn name(self, dialect: Dialect) -> &'static str {
        in_dialect(self.names(), dialect)
    }

    /// What a dialect calls one of its fields.
    pub fn field(self, at: usize, dialect: Dialect) -> &'static str {
        // A channel's own SID is `sid` in both dialects; the other two names are how a user's list of channels says it.
        if self == Section::Channels && at == 0 { "sid" } else { in_dialect(self.field_names(at), dialect) }
    }
}

/// The second name is Conversations'; one alone is both dialects'.
fn in_dialect(names: &'static str, dialect: Dialect) -> &'static str {
    part(names, b'|', dialect as usize).or(part(names, b'|', 0)).unwrap_or_default()
}

/// What a field must hold.
#[derive(Clone, Copy)]
enum Need {
    Text,
    Sid,
    Identity,
    /// Participants without one are there by telephone.
    IdentityOrNull,
    /// A text, which may be missing or null.
    TextIfAny,
    FlagIfAny,
    Texts,
}

/// What the fields of each section of [`SHAPE`] must hold.
const NEEDS: [&[Need]; 8] = {
    use Need::{FlagIfAny, Identity, IdentityOrNull, Sid, Text, TextIfAny, Texts};
    [
        &[TextIfAny, TextIfAny],
        &[Text, Text, TextIfAny, FlagIfAny],
        &[Sid, TextIfAny, Text, Texts],
        &[Identity, TextIfAny],
        &[Sid, TextIfAny, TextIfAny],
        &[Sid, IdentityOrNull, TextIfAny],
        &[Sid, Identity, TextIfAny],
        &[TextIfAny, TextIfAny, TextIfAny],
    ]
};

impl Need {
    /// Whether it may be of that kind, and how a sentence calls what it should be.
    fn takes(self, kind: u32) -> (bool, &'static str) {
        let is_text = kind == cell::STRING;
        match self {
            Need::Text | Need::Sid | Need::Identity => (is_text, "a string"),
            Need::IdentityOrNull => (is_text || kind == cell::NULL, "a string"),
            Need::TextIfAny => (is_text || kind == cell::NULL || kind == cell::ABSENT, "a string or null"),
            Need::FlagIfAny => (matches!(kind, cell::ABSENT | cell::FALSE | cell::TRUE), "true or false"),
            Need::Texts => (kind == cell::LIST, "a list of strings"),
        }
    }

    /// What is wrong with an empty text, if anything is.
    fn empty(self) -> Option<Code> {
        match self {
            Need::Sid => Some(Code::InvalidSid),
            Need::Identity | Need::IdentityOrNull => Some(Code::InvalidIdentity),
            _ => None,
        }
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
    /// Reading ended here, since the payload is beyond [`super::MOST_PLACES`].
    #[allow(dead_code, reason = "the reader in src/js writes it")]
    pub const TOO_LARGE: u32 = 12;

    pub const KIND_BITS: u32 = 4;
    pub const SPELLING_BITS: u32 = 3;
    pub const TEXT: u32 = 256;

    /// How a sentence calls what was found.
    pub const KINDS: [&str; 13] = [
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
        "",
    ];
}

/// How much a payload may hold: each row takes one place and one for each of its fields, each element of a list one, each
/// distinct text four and its length. That is about nine million members. Their tape fits into a page, and what becomes
/// of it into WebAssembly's memory.
#[allow(dead_code, reason = "the reader in src/js obeys it")]
pub(crate) const MOST_PLACES: u32 = 1 << 26;

/// The number of the empty text on every tape.
pub(crate) const EMPTY: u32 = 0;

/// What a reader wrote, and keeps.
pub(crate) trait Tape {
    /// One window of cells after another, of any length; an empty one is behind the last.
    fn cells(&self, window: u32) -> Vec<u32>;

    /// As many texts as there are `lengths`, or as are left: in one, and how long each is, as JavaScript counts.
    fn texts(&self, from: u32, lengths: &mut [u32]) -> String;

    /// How many places it takes (see [`MOST_PLACES`]), how many texts it has, and how long they are together.
    fn size(&self) -> [u32; 3];
}

/// The texts of a tape, several fetched at once.
pub(crate) struct Texts<'t> {
    tape: &'t dyn Tape,
    first: u32,
    joined: String,
    ends: Vec<u32>,
}

impl<'t> Texts<'t> {
    pub fn of(tape: &'t dyn Tape) -> Self {
        Self { tape, first: 0, joined: String::new(), ends: Vec::new() }
    }

    pub fn get(&mut self, number: u32) -> &str {
        let fetched = self.ends.len();
        if number.wrapping_sub(self.first) as usize >= fetched {
            // More and more of them as long as one after another is wanted.
            let goes_on = number as usize == self.first as usize + fetched;
            self.ends.clear();
            self.ends.resize(if goes_on { (4 * fetched).clamp(64, 4096) } else { 16 }, 0);
            self.first = number;
            self.joined = self.tape.texts(number, &mut self.ends);
            end_at(&self.joined, &mut self.ends);
        }
        let at = (number - self.first) as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        // Indexing would do, at the price of the sentence with which it panics.
        self.joined.get(start..self.ends[at] as usize).unwrap_or_default()
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
        let name = |at: usize| part(self.section.names(), b'|', at).unwrap_or_default();
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
        let spelling = match found.checked_sub(cell::TEXT) {
            Some(text) => text & ((1 << cell::SPELLING_BITS) - 1),
            None => found >> cell::KIND_BITS,
        };
        let name = match found {
            // What is missing is missing under the name that goes with the section's.
            cell::ABSENT => self.section.field(at, Dialect::ALL[self.name]),
            _ => part(self.section.field_names(at), b'|', spelling as usize / 2).unwrap_or_default(),
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
    let mut camel = String::new();
    let mut starts_word = false;
    for letter in name.chars() {
        if letter != '_' {
            camel.push(if starts_word { letter.to_ascii_uppercase() } else { letter });
        }
        starts_word = letter == '_';
    }
    camel
}

/// One row: the cells of its fields. The elements of its list, if it has one, are still to be read.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub place: Place,
    pub fields: [u32; 4],
}

impl Row {
    pub fn path(&self, at: usize) -> String {
        self.place.field(at, self.fields[at])
    }

    /// Whether those of its fields hold what they must: the first error.
    pub fn check(&self, fields: Range<usize>) -> Result<()> {
        for (at, need) in NEEDS[self.place.section as usize].iter().enumerate().take(fields.end).skip(fields.start) {
            let found = self.fields[at];
            let (is_right, expected) = need.takes(kind_of(found));
            if !is_right {
                return Err(match found {
                    cell::ABSENT => Error::at(Code::MissingField, self.path(at), &["is missing"]),
                    _ => wrong(found, self.path(at), expected),
                });
            }
            if let Some(code) = need.empty()
                && self.given(at) == Some(EMPTY)
            {
                return Err(Error::at(code, self.path(at), &["is empty"]));
            }
        }
        Ok(())
    }

    /// The number of a text that may be missing.
    pub fn given(&self, at: usize) -> Option<u32> {
        (self.fields[at] >= cell::TEXT).then(|| number(self.fields[at]))
    }

    /// The number of a text; `EMPTY` where none is.
    pub fn number(&self, at: usize) -> u32 {
        self.given(at).unwrap_or(EMPTY)
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

pub(crate) fn wrong(found: u32, path: String, expected: &str) -> Error {
    match kind_of(found) {
        cell::UNREADABLE => Error::at(Code::Unreadable, path, &["reading it threw"]),
        cell::ILL_FORMED => Error::at(Code::InvalidText, path, &["a lone surrogate is no text"]),
        cell::TOO_LARGE => Error::at(Code::TooLarge, path, &["from here on, the payload is beyond what a load may hold"]),
        kind => Error::at(Code::InvalidType, path, &["expected ", expected, ", found ", cell::KINDS[kind as usize]]),
    }
}

/// How many names and fields each section has, counted when this is compiled.
const COUNTS: [[usize; 2]; 8] = {
    let (mut counts, shape) = ([[1; 2]; 8], SHAPE.as_bytes());
    let (mut section, mut part, mut at) = (0, 0, 0);
    while at < shape.len() {
        match (shape[at], part) {
            (b';', _) => {
                section += 1;
                part = 0;
            }
            (b':', _) => part = 1,
            (b'|', 0) | (b',', 1) => counts[section][part] += 1,
            _ => {}
        }
        at += 1;
    }
    counts
};

const _: () = {
    let mut section = 0;
    while section < COUNTS.len() {
        assert!(COUNTS[section][1] == NEEDS[section].len(), "a section has as many fields as needs");
        section += 1;
    }
};

/// Reads a tape from its start, one row after another.
pub(crate) struct Walker<'t> {
    tape: &'t dyn Tape,
    window: Vec<u32>,
    /// The number of the next window.
    windows: u32,
    /// Where in the window the next cell is.
    at: usize,
    place: Place,
    /// How many rows of the section are still to be read.
    rows: u32,
    /// How many elements of the row's list.
    elements: u32,
    /// The sections that were met so far, and which of them under the name that Conversations has for it: one bit each.
    met: u32,
}

impl<'t> Walker<'t> {
    pub fn of(tape: &'t dyn Tape) -> Self {
        let place = Place { section: Section::Payload, name: 0, page: None, row: None };
        Self { tape, window: Vec::new(), windows: 0, at: 0, place, rows: 0, elements: 0, met: 0 }
    }

    /// Whether a section that was met so far has rows, or could have had.
    pub fn has_met(&self, section: Section, name: usize) -> bool {
        self.met >> (2 * section as usize + name) & 1 == 1
    }

    /// The next row.
    pub fn row(&mut self) -> Result<Option<Row>> {
        while self.element().is_some() {}
        while self.rows == 0 {
            if !self.section()? {
                return Ok(None);
            }
        }
        self.rows -= 1;
        let mut kind = cell::OBJECT;
        if let Some(row) = &mut self.place.row {
            *row = row.wrapping_add(1);
            kind = self.cell();
        }
        if kind != cell::OBJECT {
            return Err(wrong(kind, self.place.path(), "an object"));
        }
        let mut fields = [cell::ABSENT; 4];
        for field in &mut fields[..COUNTS[self.place.section as usize][1]] {
            *field = self.cell();
        }
        // Of all fields only this one holds a list, and the last of a section does.
        if self.place.section == Section::Roles && kind_of(fields[3]) == cell::LIST {
            self.elements = self.cell();
        }
        Ok(Some(Row { place: self.place, fields }))
    }

    /// The next element of the row's list.
    pub fn element(&mut self) -> Option<u32> {
        self.elements = self.elements.checked_sub(1)?;
        Some(self.cell())
    }

    /// Goes on to the next section, or to the same under its other name. Returns whether there was one.
    fn section(&mut self) -> Result<bool> {
        let Place { section, name, .. } = self.place;
        let next = if self.met == 0 {
            (section, 0)
        } else if name + 1 < COUNTS[section as usize][0] {
            (section, name + 1)
        } else if let Some(section) = Section::ALL.get(section as usize + 1) {
            (*section, 0)
        } else {
            return Ok(false);
        };
        let mut place = Place { section: next.0, name: next.1, page: None, row: None };
        self.place = place;
        let mut kind = self.cell();
        if place.section == Section::Payload {
            if kind != cell::OBJECT {
                let error = wrong(kind, String::new(), "an object");
                return Err(Error::new(Code::InvalidPayload, &["a payload is an object: ", error.message()]));
            }
        } else if kind == cell::ABSENT {
            return Ok(true);
        }
        let mut expected = "a list page, a list or an object";
        if kind == cell::PAGE {
            place.page = Some(self.cell() as usize);
            kind = self.cell();
            expected = "a list";
        }
        self.rows = match kind {
            cell::LIST => {
                place.row = Some(usize::MAX);
                self.cell()
            }
            cell::OBJECT if place.page.is_none() => 1,
            _ => return Err(wrong(kind, place.path(), expected)),
        };
        self.met |= 1 << (2 * place.section as usize + place.name);
        self.place = place;
        Ok(true)
    }

    /// A reader writes what is read here, so a tape does not end early; if it did, nothing would be there.
    fn cell(&mut self) -> u32 {
        if self.at == self.window.len() {
            // The old window goes before the new one comes.
            self.window = Vec::new();
            self.window = self.tape.cells(self.windows);
            self.windows += 1;
            self.at = 0;
        }
        let cell = self.window.get(self.at).copied();
        self.at += usize::from(cell.is_some());
        cell.unwrap_or(cell::ABSENT)
    }
}

/// The dialect that a snapshot says it is written in, after a look at its version: a newer one may mean anything.
pub(crate) fn said_dialect(row: &Row, texts: &mut Texts) -> Result<Option<Dialect>> {
    row.check(0..1)?;
    if let Some(version) = row.given(0) {
        let version = texts.get(version);
        if version != SNAPSHOT_VERSION {
            let message = ["this snapshot is of version ", version, ", and this rolecall reads version ", SNAPSHOT_VERSION];
            return Err(Error::at(Code::UnsupportedVersion, "rolecall".into(), &message));
        }
    }
    row.check(1..2)?;
    let Some(name) = row.given(1).map(|dialect| texts.get(dialect)) else { return Ok(None) };
    let message = ["a dialect is chat or conversations, not \u{201c}", name, "\u{201d}"];
    Dialect::named(name).map(Some).ok_or_else(|| Error::at(Code::InvalidDialect, "dialect".into(), &message))
}

/// The dialect in which a payload is written: said by a snapshot, else read from the first role's type, else from the sections'
/// names. Looks no further than it must.
pub(crate) fn dialect_of(tape: &dyn Tape) -> Result<Dialect> {
    let (mut walker, mut texts) = (Walker::of(tape), Texts::of(tape));
    while let Some(row) = walker.row()? {
        let found = match row.place.section {
            Section::Payload => said_dialect(&row, &mut texts)?,
            // Loading tells what is wrong with one that is no text.
            Section::Roles => Scope::of_role_type(texts.get(row.number(2))).map(|(_, dialect)| dialect),
            _ => None,
        };
        if let Some(dialect) = found {
            return Ok(dialect);
        }
    }
    let named = [Section::Defaults, Section::Channels, Section::Members].into_iter().any(|section| walker.has_met(section, 1));
    Ok(if named { Dialect::Conversations } else { Dialect::Chat })
}

/// Whether a payload has a section for roles.
pub(crate) fn has_roles(tape: &dyn Tape) -> bool {
    let mut walker = Walker::of(tape);
    // What is wrong with the tape is told by the check itself.
    while let Ok(Some(row)) = walker.row() {
        if row.place.section as u8 >= Section::Roles as u8 {
            break;
        }
    }
    walker.has_met(Section::Roles, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tape in windows of one length.
    struct Cut {
        cells: Vec<u32>,
        width: usize,
        texts: Vec<String>,
    }

    impl Tape for Cut {
        fn cells(&self, window: u32) -> Vec<u32> {
            self.cells.chunks(self.width).nth(window as usize).unwrap_or_default().to_vec()
        }

        fn texts(&self, from: u32, lengths: &mut [u32]) -> String {
            let some = self.texts.iter().skip(from as usize).zip(lengths);
            some.map(|(text, length)| {
                *length = u32::try_from(text.encode_utf16().count()).unwrap();
                text.as_str()
            })
            .collect()
        }

        fn size(&self) -> [u32; 3] {
            [0; 3]
        }
    }

    #[test]
    fn a_tape_is_read_alike_in_windows_of_any_length() {
        use cell::{ABSENT, LIST, NULL, OBJECT, PAGE};
        let text = |number: u32| cell::TEXT + (number << cell::SPELLING_BITS);
        // A role with two permissions, one without; nothing of most sections; a page of two members.
        let roles =
            [LIST, 2, OBJECT, text(1), ABSENT, text(2), LIST, 2, text(3), text(4), OBJECT, text(5), ABSENT, text(2), LIST, 0];
        let members = [PAGE, 0, LIST, 2, OBJECT, text(6), text(7), text(1), OBJECT, text(6), NULL, ABSENT];
        let cells = [&[OBJECT, ABSENT, ABSENT, ABSENT][..], &roles, &[ABSENT; 3], &members, &[ABSENT; 4]].concat();
        let expected = [
            ("", vec![ABSENT, ABSENT], vec![]),
            ("roles[0]", vec![text(1), ABSENT, text(2), LIST], vec![text(3), text(4)]),
            ("roles[1]", vec![text(5), ABSENT, text(2), LIST], vec![]),
            ("members.members[0]", vec![text(6), text(7), text(1)], vec![]),
            ("members.members[1]", vec![text(6), NULL, ABSENT], vec![]),
        ];
        for width in 1..=cells.len() {
            for reads_lists in [true, false] {
                let tape = Cut { cells: cells.clone(), width, texts: Vec::new() };
                let mut walker = Walker::of(&tape);
                for (path, fields, list) in &expected {
                    let row = walker.row().unwrap().unwrap();
                    assert_eq!(row.place.path(), *path, "windows of {width}");
                    assert_eq!(row.fields[..fields.len()], *fields, "{path} in windows of {width}");
                    if reads_lists {
                        let mut elements = Vec::new();
                        while let Some(element) = walker.element() {
                            elements.push(element);
                        }
                        assert_eq!(elements, *list, "{path} in windows of {width}");
                    }
                }
                assert!(walker.row().unwrap().is_none(), "windows of {width}");
                assert!(walker.has_met(Section::Members, 0) && !walker.has_met(Section::Members, 1));
            }
        }
    }

    #[test]
    fn a_text_is_the_same_in_whatever_order_texts_are_wanted() {
        // Letters of every length, of one byte alone, and both in long runs.
        let letters = ["a", "é", "😀", "b\u{0}", "\u{ffff}", "c", "d", "e", "f", "g"];
        for first in [|n| n % 5, |n| 5 + n % 5, |n| if n < 100 { 5 } else { n % 5 }] {
            let texts: Vec<String> = (0..200_usize).map(|n| letters[first(n)].repeat(n % 7)).collect();
            let tape = Cut { cells: Vec::new(), width: 1, texts: texts.clone() };
            for step in [1, 3, 7, 101, 199] {
                let mut wanted = Texts::of(&tape);
                for at in (0..200).map(|n| n * step % 200) {
                    assert_eq!(wanted.get(u32::try_from(at).unwrap()), texts[at], "{at} in steps of {step}");
                }
            }
        }
    }
}
