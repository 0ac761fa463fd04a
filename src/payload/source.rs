//! Where payloads come from: anything with fields, such as a JavaScript value or a `serde_json::Value`.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Problem, Result};

/// What is found in a field or an element.
pub(crate) enum Found<Value> {
    /// There is no such field. An inherited method counts as none.
    Absent,
    Null,
    Bool(bool),
    Number,
    String(Arc<str>),
    List(Value),
    Object(Value),
    /// A function, a symbol, a big integer: JSON has none.
    #[cfg_attr(not(feature = "js"), allow(dead_code, reason = "JavaScript has it"))]
    Other,
    /// A string with a lone surrogate.
    #[cfg_attr(not(feature = "js"), allow(dead_code, reason = "JavaScript has it"))]
    IllFormed,
    /// A string that is too long.
    TooLong,
    /// A getter, a proxy or a `toJSON` threw.
    #[cfg_attr(not(feature = "js"), allow(dead_code, reason = "JavaScript has it"))]
    Unreadable,
}

impl<Value> Found<Value> {
    /// Whether it counts as missing, where something may be missing.
    pub fn is_empty(&self) -> bool {
        match self {
            Found::Absent | Found::Null => true,
            Found::String(text) => text.is_empty(),
            _ => false,
        }
    }
}

/// How many elements a list may have, and how many rows and permissions a payload: beyond this, memory would end.
pub(super) const MOST_ELEMENTS: usize = 1 << 22;

/// How long a string in a payload may be, in UTF-16 units. `values.js` has the same for JavaScript's.
#[cfg(feature = "json")]
pub(crate) const LONGEST_STRING: usize = 1 << 16;

/// Where a payload comes from.
pub(crate) trait Source {
    /// Something with fields or elements.
    type Value;
    /// The spellings of a field, prepared to be looked for.
    type Spellings;

    /// Prepares a field to be looked for.
    fn spellings(&self, field: Field) -> Self::Spellings;
    /// The field under the first of its spellings that is there. The spelling that was found last is tried first.
    fn field(&self, of: &Self::Value, spellings: &Self::Spellings) -> Found<Self::Value>;
    /// The index of the spelling that was found last.
    fn spelling(&self, spellings: &Self::Spellings) -> usize;
    fn element(&self, list: &Self::Value, index: usize) -> Found<Self::Value>;
    /// How many elements a list has; `None` where asking for it throws.
    fn length(&self, list: &Self::Value) -> Option<usize>;
    /// The names of an object's fields, and of its class's: at most a hundred.
    fn names(&self, of: &Self::Value) -> Vec<String>;
    /// What the object's `toJSON` returns; `Absent` without one.
    fn to_json(&self, of: &Self::Value) -> Found<Self::Value>;
}

/// A field by its names: each is a constant, so one at the same address is the same.
pub(crate) type Field = &'static Names;

/// The names of a field in `snake_case`, Chat's first. Each is also read in `camelCase` and in `PascalCase`.
pub(crate) struct Names {
    names: &'static [&'static str],
    spellings: OnceLock<Vec<String>>,
}

impl Names {
    pub const fn new(names: &'static [&'static str]) -> Self {
        Self { names, spellings: OnceLock::new() }
    }

    /// The name in REST, in a dialect (1 for Conversations) where two names are those of the two dialects.
    pub fn rest_name(&self, dialect: usize) -> &'static str {
        if self.names.len() == 2 { self.names[dialect] } else { self.names[0] }
    }

    /// Every spelling, in the order in which they are tried.
    pub fn spellings(&self) -> &[String] {
        self.spellings.get_or_init(|| spellings(self.names))
    }
}

fn spellings(names: &[&str]) -> Vec<String> {
    let camel = |name: &str, first: fn(char) -> char| {
        let mut next = first;
        let mut spelt = String::new();
        for letter in name.chars() {
            if letter == '_' {
                next = |letter| letter.to_ascii_uppercase();
            } else {
                spelt.push(next(letter));
                next = |letter| letter;
            }
        }
        spelt
    };
    let ways = |name: &&str| [(*name).into(), camel(name, |letter| letter), camel(name, |letter| letter.to_ascii_uppercase())];
    let mut all: Vec<String> = Vec::new();
    for spelling in names.iter().flat_map(ways) {
        if !all.contains(&spelling) {
            all.push(spelling);
        }
    }
    all
}

/// Where in a payload: a chain on the stack, of which a string is made only for an error or a warning.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Payload,
    Field(&'a Path<'a>, &'a str),
    Element(&'a Path<'a>, usize),
}

impl Path<'_> {
    pub fn error(&self, problem: Problem) -> Error {
        Error::from(problem).at(self.to_string())
    }

    /// The error for a value of the wrong type.
    pub fn wrong<Value>(&self, found: &Found<Value>, expected: &'static str) -> Error {
        let found = match found {
            Found::Unreadable => return self.error(Problem::Unreadable),
            Found::IllFormed => return self.error(Problem::IllFormed),
            Found::TooLong => return self.error(Problem::TooLarge),
            found => found.kind(),
        };
        self.error(Problem::WrongType { expected, found })
    }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Path::Payload => Ok(()),
            Path::Field(Path::Payload, name) => f.write_str(name),
            Path::Field(of, name) => write!(f, "{of}.{name}"),
            Path::Element(of, index) => write!(f, "{of}[{index}]"),
        }
    }
}

impl<Value> Found<Value> {
    /// What it is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Found::Absent => "nothing",
            Found::Null => "null",
            Found::Bool(false) => "false",
            Found::Bool(true) => "true",
            Found::Number => "a number",
            Found::String(_) | Found::IllFormed | Found::TooLong => "a string",
            Found::List(_) => "a list",
            Found::Object(_) => "an object",
            Found::Other => "a function or another value that JSON has not",
            Found::Unreadable => "something unreadable",
        }
    }
}

/// Is called with what is in a list and where.
pub(super) type Visit<'v, S> = dyn FnMut(Found<<S as Source>::Value>, &Path) -> Result<()> + 'v;

/// A source with the spellings that the rows of one section were found under.
pub(super) struct Reader<'s, S: Source> {
    pub source: &'s S,
    prepared: RefCell<Vec<(Field, Rc<S::Spellings>)>>,
}

impl<'s, S: Source> Reader<'s, S> {
    pub fn new(source: &'s S) -> Self {
        Self { source, prepared: RefCell::default() }
    }

    /// The spellings of a field, prepared once.
    fn prepared(&self, field: Field) -> Rc<S::Spellings> {
        let mut all = self.prepared.borrow_mut();
        if let Some((_, prepared)) = all.iter().find(|(known, _)| std::ptr::eq(*known, field)) {
            return Rc::clone(prepared);
        }
        let prepared = Rc::new(self.source.spellings(field));
        all.push((field, Rc::clone(&prepared)));
        prepared
    }

    /// The index of the spelling under which a field was found last.
    fn spelling(&self, field: Field) -> usize {
        self.source.spelling(&self.prepared(field))
    }

    /// How a field was spelt where it was found last.
    pub fn spelt(&self, field: Field) -> &'static str {
        &field.spellings()[self.spelling(field)]
    }

    pub fn find(&self, of: &S::Value, field: Field) -> Found<S::Value> {
        self.source.field(of, &self.prepared(field))
    }

    /// How many elements a list has.
    pub fn length(&self, list: &S::Value, path: &Path) -> Result<usize> {
        let length = self.source.length(list).ok_or_else(|| path.error(Problem::Unreadable))?;
        // A proxy may say that it has any number of elements: before the first is read.
        if length > MOST_ELEMENTS { Err(path.error(Problem::TooLarge)) } else { Ok(length) }
    }

    /// Each element of a list.
    pub fn each(&self, list: &S::Value, length: usize, path: &Path, visit: &mut Visit<S>) -> Result<()> {
        for index in 0..length {
            visit(self.source.element(list, index), &Path::Element(path, index))?;
        }
        Ok(())
    }
}

/// An object whose fields are read.
pub(super) struct Object<'a, 's, S: Source> {
    pub reader: &'a Reader<'s, S>,
    pub value: &'a S::Value,
    pub path: Path<'a>,
    /// The index of the name that the section goes by: 1 where that is Conversations'.
    pub dialect: usize,
}

impl<S: Source> Object<'_, '_, S> {
    /// Whether it stands for its whole section, and not in a list.
    pub fn is_single(&self) -> bool {
        matches!(self.path, Path::Field(..))
    }

    pub fn find(&self, field: Field) -> Found<S::Value> {
        self.reader.find(self.value, field)
    }

    /// How a field was spelt where it was found last.
    pub fn spelt(&self, field: Field) -> &'static str {
        self.reader.spelt(field)
    }

    /// The index of that spelling.
    #[expect(clippy::cast_possible_truncation, reason = "a field has at most nine")]
    pub fn spelling(&self, field: Field) -> u8 {
        self.reader.spelling(field) as u8
    }

    /// How REST names a field in the section's dialect.
    pub fn rest_name(&self, field: Field) -> &'static str {
        field.rest_name(self.dialect)
    }

    /// The error for a field that holds the wrong value: a missing one goes by its name in REST, another as it is spelt.
    pub fn wrong(&self, field: Field, found: &Found<S::Value>, expected: &'static str) -> Error {
        match found {
            Found::Absent => Path::Field(&self.path, self.rest_name(field)).error(Problem::Missing),
            found => Path::Field(&self.path, self.spelt(field)).wrong(found, expected),
        }
    }

    /// A problem with what a field holds.
    pub fn error(&self, field: Field, problem: Problem) -> Error {
        Path::Field(&self.path, self.spelt(field)).error(problem)
    }

    /// A string that must be there and not be empty.
    pub fn string(&self, field: Field, if_empty: Problem) -> Result<Arc<str>> {
        self.string_of(field, self.find(field), if_empty)
    }

    pub fn string_of(&self, field: Field, found: Found<S::Value>, if_empty: Problem) -> Result<Arc<str>> {
        match found {
            Found::String(text) if text.is_empty() => Err(self.error(field, if_empty)),
            Found::String(text) => Ok(text),
            found => Err(self.wrong(field, &found, "a string")),
        }
    }

    /// A string that may be missing, null or empty, which is the same.
    pub fn optional(&self, field: Field) -> Result<Option<Arc<str>>> {
        self.optional_of(field, self.find(field))
    }

    pub fn optional_of(&self, field: Field, found: Found<S::Value>) -> Result<Option<Arc<str>>> {
        match found {
            found if found.is_empty() => Ok(None),
            Found::String(text) => Ok(Some(text)),
            found => Err(self.wrong(field, &found, "a string or null")),
        }
    }

    /// Whether a field holds anything, whatever that is.
    pub fn has(&self, field: Field) -> Result<bool> {
        match self.find(field) {
            found @ (Found::Unreadable | Found::IllFormed | Found::TooLong) => Err(self.wrong(field, &found, "anything")),
            found => Ok(!found.is_empty()),
        }
    }

    /// A word that may be missing, such as a type: read by a function that returns `None` for what is no such word.
    pub fn word<Word>(
        &self,
        field: Field,
        read: fn(&str) -> Option<Word>,
        no_word: fn(String) -> Problem,
    ) -> Result<Option<Word>> {
        match self.optional(field)? {
            None => Ok(None),
            Some(text) => match read(&text) {
                Some(word) => Ok(Some(word)),
                None => Err(self.error(field, no_word(text.to_string()))),
            },
        }
    }

    /// A list of strings that must be there.
    pub fn strings(&self, field: Field) -> Result<Vec<Arc<str>>> {
        let list = match self.find(field) {
            Found::List(list) => list,
            found => return Err(self.wrong(field, &found, "a list of strings")),
        };
        let mut strings = Vec::new();
        let path = Path::Field(&self.path, self.spelt(field));
        let length = self.reader.length(&list, &path)?;
        self.reader.each(&list, length, &path, &mut |element, path| match element {
            Found::String(text) if text.is_empty() => Err(path.error(Problem::EmptyName)),
            Found::String(text) => {
                strings.push(text);
                Ok(())
            }
            found => Err(path.wrong(&found, "a string")),
        })?;
        Ok(strings)
    }

    /// A flag that may be missing.
    pub fn flag(&self, field: Field) -> Result<bool> {
        match self.find(field) {
            Found::Bool(flag) => Ok(flag),
            Found::Absent | Found::Null => Ok(false),
            found => Err(self.wrong(field, &found, "true or false")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_spelt_in_three_ways() {
        let table: [(&[&str], &[&str]); 3] = [
            (&["sid"], &["sid", "Sid"]),
            (&["role_sid"], &["role_sid", "roleSid", "RoleSid"]),
            (
                &["channel_sid", "conversation_sid"],
                &["channel_sid", "channelSid", "ChannelSid", "conversation_sid", "conversationSid", "ConversationSid"],
            ),
        ];
        for (names, all) in table {
            assert_eq!(spellings(names), all);
        }
    }
}
