//! The REST shapes: which fields are read, under which names, and what they must hold.
//!
//! [`SHAPE`] is the only place where a field's name is written. A reader (one for JavaScript values in `src/js`, one for
//! JSON in `json.rs`) walks a payload by it and writes what it finds onto a [`Tape`]: small numbers, and each distinct
//! text by its number. It judges nothing. What the tape means, what is wrong with it and where, is all decided here. So the two
//! readers cannot disagree on the model, and a getter runs once and before anything is changed. The tape stays with the
//! reader. It is looked at a window at a time, so that WebAssembly's memory, which never shrinks, need not hold a copy.

use alloc::vec::Vec;
use core::ops::Range;

use crate::answer::{self, Cell, phrase};
use crate::error::{Checked, Code, Refusal};
use crate::permission::Dialect;
use crate::text::Text;
use crate::vocabulary::{DIALECTS, of_role_type};

/// Sections by `;`, their names by `|` (Chat's, then Conversations'), then the fields of a row by `,`: the names of a field
/// by `|`, and `*` behind one that holds a list of texts. A field is also read in camelCase. The first section is the
/// payload itself. A channel's own SID is `sid` in both dialects; its other names are how a user's list of channels says it.
pub const SHAPE: &str = "\
:rolecall,dialect;\
actions:action,any,own,member_only;\
roles:sid,friendly_name,type,permissions*;\
users:identity,role_sid;\
channels|conversations:sid|sid|channel_sid|conversation_sid,type,created_by;\
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
}

/// What a field must hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// There is no such field.
    Nothing,
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
static NEEDS: [[Need; 4]; 8] = {
    use Need::{FlagIfAny, Identity, IdentityOrNull, Nothing, Sid, Text, TextIfAny, Texts};
    [
        [TextIfAny, TextIfAny, Nothing, Nothing],
        [Text, Text, TextIfAny, FlagIfAny],
        [Sid, TextIfAny, Text, Texts],
        [Identity, TextIfAny, Nothing, Nothing],
        [Sid, TextIfAny, TextIfAny, Nothing],
        [Sid, IdentityOrNull, TextIfAny, Nothing],
        [Sid, Identity, TextIfAny, Nothing],
        [TextIfAny, TextIfAny, TextIfAny, Nothing],
    ]
};

impl Need {
    /// Whether it may be of that kind, and what it should be.
    fn takes(self, kind: u32) -> (bool, Cell) {
        let is_text = kind == cell::STRING;
        match self {
            Need::Nothing => (true, phrase::NOTHING),
            Need::Text | Need::Sid | Need::Identity => (is_text, phrase::A_STRING),
            Need::IdentityOrNull => (is_text || kind == cell::NULL, phrase::A_STRING),
            Need::TextIfAny => (is_text || kind == cell::NULL || kind == cell::ABSENT, phrase::A_STRING_OR_NULL),
            Need::FlagIfAny => (matches!(kind, cell::ABSENT | cell::FALSE | cell::TRUE), phrase::TRUE_OR_FALSE),
            Need::Texts => (kind == cell::LIST, phrase::A_LIST_OF_STRINGS),
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
}

/// What a sentence calls what was found.
static KINDS: [u8; 13] = {
    const fn short(cell: Cell) -> u8 {
        assert!(cell < 256, "a phrase");
        #[expect(clippy::cast_possible_truncation, reason = "looked at")]
        let short = cell as u8;
        short
    }
    use phrase::{A_LIST, A_NUMBER, A_STRING, ABSENT, AN_OBJECT, ANOTHER_KIND, FALSE, NOTHING, NULL, TRUE};
    [
        short(ABSENT),
        short(NULL),
        short(FALSE),
        short(TRUE),
        short(A_NUMBER),
        short(AN_OBJECT),
        short(A_LIST),
        short(ANOTHER_KIND),
        short(NOTHING),
        short(NOTHING),
        short(AN_OBJECT),
        short(A_STRING),
        short(NOTHING),
    ]
};

/// How much a payload may hold: each row takes one place and one for each of its fields, each element of a list one, each
/// text that the service has not yet four and its length. That is about nine million members. Their tape fits into a page,
/// and what becomes of it into WebAssembly's memory.
pub const MOST_PLACES: u32 = 1 << 26;

/// What a reader wrote, and keeps.
pub(crate) trait Tape {
    /// One window of cells after another, of any length; an empty one is behind the last.
    fn cells(&self, window: u32) -> Vec<u32>;

    /// How many places it takes (see [`MOST_PLACES`]).
    fn places(&self) -> u32;

    /// How many texts were read that the service had not yet.
    fn texts(&self) -> u32;
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

/// A path, to be said.
pub(crate) type Path = [Cell; 8];

/// A number where 0 stands for none.
#[expect(clippy::cast_possible_truncation, reason = "a tape has no more than 2^26 places")]
fn counted(number: Option<usize>) -> Cell {
    number.map_or(0, |number| number as Cell + 1)
}

impl Place {
    /// Behind the mark: the section, which of its names, for a list page under which name the list is, the row, the field,
    /// its spelling, the element. Of those that may be missing 0 says so, and the others count from 1.
    #[expect(clippy::cast_possible_truncation, reason = "a section has one name or two")]
    pub fn path(self) -> Path {
        let Place { section, name, page, row } = self;
        [answer::cell::PATH, section as Cell, name as Cell, counted(page), counted(row), 0, 0, 0]
    }

    pub fn field(self, at: usize, found: u32) -> Path {
        let mut path = self.path();
        path[5] = counted(Some(at));
        path[6] = match found {
            // What is missing is missing under the name that goes with the section's.
            cell::ABSENT => 2 * path[2],
            cell::TEXT.. => (found - cell::TEXT) & ((1 << cell::SPELLING_BITS) - 1),
            _ => found >> cell::KIND_BITS,
        };
        path
    }
}

/// The path of an element of the list in a field.
pub(crate) fn element(mut path: Path, at: usize) -> Path {
    path[7] = counted(Some(at));
    path
}

/// One row: the cells of its fields. The elements of its list, if it has one, are still to be read.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub place: Place,
    pub fields: [u32; 4],
}

impl Row {
    pub fn path(&self, at: usize) -> Path {
        self.place.field(at, self.fields[at])
    }

    /// Whether those of its fields hold what they must: the first error.
    #[inline(never)]
    pub fn check(&self, fields: Range<usize>) -> Checked<()> {
        for (at, need) in NEEDS[self.place.section as usize].iter().enumerate().take(fields.end).skip(fields.start) {
            let found = self.fields[at];
            let (is_right, expected) = need.takes(kind_of(found));
            if !is_right {
                return Err(match found {
                    cell::ABSENT => Refusal::of(Code::MissingField, phrase::MISSING).at(&self.path(at)),
                    _ => wrong(found, &self.path(at), expected),
                });
            }
            if let Some(code) = need.empty()
                && self.given(at) == Some(Text::EMPTY)
            {
                return Err(Refusal::of(code, phrase::EMPTY).at(&self.path(at)));
            }
        }
        Ok(())
    }

    /// A text that may be missing.
    pub fn given(&self, at: usize) -> Option<Text> {
        (self.fields[at] >= cell::TEXT).then(|| text_of(self.fields[at]))
    }

    /// A text, the empty one where none is.
    pub fn text(&self, at: usize) -> Text {
        self.given(at).unwrap_or(Text::EMPTY)
    }
}

/// The text of a cell that is one.
pub(crate) fn text_of(cell: u32) -> Text {
    Text((cell - cell::TEXT) >> cell::SPELLING_BITS)
}

/// A cell without the spelling, and any text as `STRING`.
pub(crate) fn kind_of(found: u32) -> u32 {
    if found >= cell::TEXT { cell::STRING } else { found & ((1 << cell::KIND_BITS) - 1) }
}

#[cold]
#[inline(never)]
pub(crate) fn wrong(found: u32, path: &[Cell], expected: Cell) -> Refusal {
    let (code, message): (Code, &[Cell]) = match kind_of(found) {
        cell::UNREADABLE => (Code::Unreadable, &[phrase::UNREADABLE]),
        cell::ILL_FORMED => (Code::InvalidText, &[phrase::ILL_FORMED]),
        cell::TOO_LARGE => (Code::TooLarge, &[phrase::TOO_LARGE]),
        kind => (Code::InvalidType, &[phrase::EXPECTED, expected, Cell::from(KINDS[kind as usize])]),
    };
    Refusal::new(code, message).at(path)
}

/// How many names and fields each section has, counted when this is compiled.
static COUNTS: [[u8; 2]; 8] = {
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

/// How many fields a row of the section has.
fn field_count(section: Section) -> usize {
    usize::from(COUNTS[section as usize][1])
}

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
    pub fn row(&mut self) -> Checked<Option<Row>> {
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
            return Err(wrong(kind, &self.place.path(), phrase::AN_OBJECT));
        }
        let mut fields = [cell::ABSENT; 4];
        for field in fields.iter_mut().take(field_count(self.place.section)) {
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
    #[inline(never)]
    fn section(&mut self) -> Checked<bool> {
        let Place { section, name, .. } = self.place;
        let next = if self.met == 0 {
            (section, 0)
        } else if name + 1 < usize::from(COUNTS[section as usize][0]) {
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
                let message = [phrase::NO_PAYLOAD, Cell::from(KINDS[kind_of(kind) as usize])];
                return Err(Refusal::new(Code::InvalidPayload, &message));
            }
        } else if kind == cell::ABSENT {
            return Ok(true);
        }
        let mut expected = phrase::A_SECTION;
        if kind == cell::PAGE {
            place.page = Some(self.cell() as usize);
            kind = self.cell();
            expected = phrase::A_LIST;
        }
        self.rows = match kind {
            cell::LIST => {
                place.row = Some(usize::MAX);
                self.cell()
            }
            cell::OBJECT if place.page.is_none() => 1,
            _ => return Err(wrong(kind, &place.path(), expected)),
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
pub(crate) fn said_dialect(row: &Row) -> Checked<Option<Dialect>> {
    const CURRENT: Text = Text::of(SNAPSHOT_VERSION);
    row.check(0..1)?;
    if let Some(version) = row.given(0)
        && version != CURRENT
    {
        let message = [phrase::NEWER, version.cell(), CURRENT.cell()];
        return Err(Refusal::new(Code::UnsupportedVersion, &message).at_argument(phrase::AT_ROLECALL));
    }
    row.check(1..2)?;
    row.given(1).map(dialect_named).transpose()
}

pub(crate) fn dialect_named(name: Text) -> Checked<Dialect> {
    let found = Dialect::ALL.into_iter().find(|dialect| DIALECTS[*dialect as usize] == name);
    found.ok_or_else(|| Refusal::about(Code::InvalidDialect, phrase::NO_DIALECT, name).at_argument(phrase::AT_DIALECT))
}

/// The dialect in which a payload is written: said by a snapshot, else read from the first role's type, else from the sections'
/// names. Looks no further than it must.
pub(crate) fn dialect_of(tape: &dyn Tape) -> Checked<Dialect> {
    let mut walker = Walker::of(tape);
    while let Some(row) = walker.row()? {
        let found = match row.place.section {
            Section::Payload => said_dialect(&row)?,
            // Loading tells what is wrong with one that is no text.
            Section::Roles => of_role_type(row.text(2)).map(|(_, dialect)| dialect),
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
    }

    impl Tape for Cut {
        fn cells(&self, window: u32) -> Vec<u32> {
            self.cells.chunks(self.width).nth(window as usize).unwrap_or_default().to_vec()
        }

        fn places(&self) -> u32 {
            0
        }

        fn texts(&self) -> u32 {
            0
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
            ((0, None, None), vec![ABSENT, ABSENT], vec![]),
            ((2, None, Some(0)), vec![text(1), ABSENT, text(2), LIST], vec![text(3), text(4)]),
            ((2, None, Some(1)), vec![text(5), ABSENT, text(2), LIST], vec![]),
            ((5, Some(0), Some(0)), vec![text(6), text(7), text(1)], vec![]),
            ((5, Some(0), Some(1)), vec![text(6), NULL, ABSENT], vec![]),
        ];
        for width in 1..=cells.len() {
            for reads_lists in [true, false] {
                let tape = Cut { cells: cells.clone(), width };
                let mut walker = Walker::of(&tape);
                for (path, fields, list) in &expected {
                    let row = walker.row().unwrap().unwrap();
                    let place = (row.place.section as usize, row.place.page, row.place.row);
                    assert_eq!(place, *path, "windows of {width}");
                    assert_eq!(row.fields[..fields.len()], *fields, "{path:?} in windows of {width}");
                    if reads_lists {
                        let mut elements = Vec::new();
                        while let Some(element) = walker.element() {
                            elements.push(element);
                        }
                        assert_eq!(elements, *list, "{path:?} in windows of {width}");
                    }
                }
                assert!(walker.row().unwrap().is_none(), "windows of {width}");
                assert!(walker.has_met(Section::Members, 0) && !walker.has_met(Section::Members, 1));
            }
        }
    }
}
