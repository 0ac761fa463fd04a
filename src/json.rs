//! Payloads as JSON text, for Rust: servers, tests, fuzzing.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::Value;

use crate::dialect::Dialect;
use crate::error::{Problem, Result};
use crate::load::{LoadOptions, LoadReport};
use crate::payload::{Field, Found, LONGEST_STRING, Payload, Source};
use crate::service::Service;

impl Service {
    /// A service that holds what a payload or a snapshot holds. The dialect is read from its role types unless it is named.
    /// `identity`: the signed-in user. See [`Service::new`] for `entropy`.
    ///
    /// # Errors
    ///
    /// As [`Service::load_json`].
    pub fn from_json(text: &str, dialect: Option<Dialect>, identity: Option<&str>, entropy: u64) -> Result<(Self, LoadReport)> {
        let payload = read(text)?;
        let mut service = Self::empty(dialect.unwrap_or(payload.dialect), entropy);
        let report = service.load(payload, &LoadOptions { identity, ..LoadOptions::default() })?;
        Ok((service, report))
    }

    /// Loads a payload or a snapshot, all of it or nothing: adds and updates rows, or with `replace` puts each section that is
    /// there in place of what was there. Costs time in proportion to the payload and, with `replace`, to the service.
    ///
    /// # Errors
    ///
    /// `invalid-json` for text that is not JSON (or nested more than 128 deep); else what is wrong with the payload, with
    /// its path.
    pub fn load_json(&mut self, text: &str, options: &LoadOptions) -> Result<LoadReport> {
        self.load(read(text)?, options)
    }

    /// The snapshot as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing strings and lists to memory does not fail.
        serde_json::to_string(&self.snapshot()).unwrap_or_default()
    }
}

fn read(text: &str) -> Result<Payload> {
    let value: Value = serde_json::from_str(text).map_err(|error| Problem::NoJson(error.to_string()))?;
    Payload::read(&Json(PhantomData), found(&value))
}

/// JSON as a source of payloads.
struct Json<'j>(PhantomData<&'j Value>);

/// A field, and the index of the spelling that was found last.
struct Spellings {
    field: Field,
    last: Cell<usize>,
}

impl<'j> Source for Json<'j> {
    type Value = &'j Value;
    type Spellings = Spellings;

    fn spellings(&self, field: Field) -> Spellings {
        Spellings { field, last: Cell::new(0) }
    }

    fn field(&self, of: &&'j Value, spellings: &Spellings) -> Found<&'j Value> {
        let (all, last) = (spellings.field.spellings(), spellings.last.get());
        let others = (0..all.len()).filter(|index| *index != last);
        for index in std::iter::once(last).chain(others) {
            if let Some(value) = of.get(&all[index]) {
                spellings.last.set(index);
                return found(value);
            }
        }
        Found::Absent
    }

    fn spelling(&self, spellings: &Spellings) -> usize {
        spellings.last.get()
    }

    fn element(&self, list: &&'j Value, index: usize) -> Found<&'j Value> {
        list.get(index).map_or(Found::Absent, found)
    }

    fn length(&self, list: &&'j Value) -> Option<usize> {
        Some(list.as_array().map_or(0, Vec::len))
    }

    fn names(&self, of: &&'j Value) -> Vec<String> {
        of.as_object().map_or_else(Vec::new, |fields| fields.keys().take(100).cloned().collect())
    }

    fn to_json(&self, _: &&'j Value) -> Found<&'j Value> {
        Found::Absent
    }
}

fn found(value: &Value) -> Found<&Value> {
    match value {
        Value::Null => Found::Null,
        Value::Bool(flag) => Found::Bool(*flag),
        Value::Number(_) => Found::Number,
        Value::String(text) if text.encode_utf16().count() > LONGEST_STRING => Found::TooLong,
        Value::String(text) => Found::String(Arc::from(text.as_str())),
        Value::Array(_) => Found::List(value),
        Value::Object(_) => Found::Object(value),
    }
}
