//! Payloads as JSON text, for Rust: servers, tests, fuzzing. The JavaScript reader in `src/js` writes the same tape.

use alloc::{string::String, vec::Vec};
use std::collections::HashMap;

use serde_json::Value;

use crate::error::{Code, Error, Result};
use crate::load::LoadReport;
use crate::permission::Dialect;
use crate::service::Service;
use crate::wire::{SHAPE, Tape, camel_case, cell, dialect_of};

impl Service {
    /// A service that holds what a payload or a snapshot holds. The dialect is read from its role types unless given. See
    /// [`Service::new`] for `entropy`.
    ///
    /// # Errors
    ///
    /// As [`Service::load_json`].
    pub fn from_json(text: &str, dialect: Option<Dialect>, entropy: u64) -> Result<(Self, LoadReport)> {
        let read = Read::of(text)?;
        let dialect = dialect.map_or_else(|| dialect_of(&read), Ok)?;
        let mut service = Self::empty(dialect, entropy);
        let report = service.load_tape(&read, false)?;
        Ok((service, report))
    }

    /// Loads a payload or a snapshot, all of it or nothing: upserts, or with `replace` puts each section that is there in
    /// place of what was there.
    ///
    /// # Errors
    ///
    /// `invalid-json` for text that is not JSON (or nested more than 128 deep); else what is wrong with the payload, with
    /// its path.
    pub fn load_json(&mut self, text: &str, replace: bool) -> Result<LoadReport> {
        self.load_tape(&Read::of(text)?, replace)
    }

    /// The snapshot as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing texts and lists to memory does not fail.
        serde_json::to_string(&self.snapshot()).unwrap_or_default()
    }
}

/// A tape in memory.
#[derive(Default)]
struct Read {
    cells: Vec<u32>,
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Read {
    fn of(text: &str) -> Result<Self> {
        let payload: Value = serde_json::from_str(text).map_err(|error| Error::new(Code::InvalidJson, &[&error.to_string()]))?;
        let mut read = Self::default();
        read.number("");
        read.payload(&payload);
        Ok(read)
    }

    fn payload(&mut self, payload: &Value) {
        for shape in SHAPE.split(';') {
            let (names, fields) = shape.split_once(':').unwrap_or_default();
            let names: Vec<&str> = names.split('|').collect();
            for name in &names {
                let found = if name.is_empty() { Some(payload) } else { payload.get(name) };
                let paged = found
                    .filter(|_| !name.is_empty())
                    .and_then(|page| names.iter().enumerate().find_map(|(at, name)| Some((at, page.as_object()?.get(*name)?))));
                match (found, paged) {
                    (None, _) => self.cells.push(cell::ABSENT),
                    (Some(Value::Array(rows)), _) => {
                        self.cells.push(cell::LIST);
                        self.rows(rows, fields);
                    }
                    (Some(_), Some((at, rows))) => {
                        self.cells.push(cell::PAGE);
                        self.push_count(at);
                        match rows {
                            Value::Array(rows) => {
                                self.cells.push(cell::LIST);
                                self.rows(rows, fields);
                            }
                            other => self.value(other, 0),
                        }
                    }
                    (Some(row @ Value::Object(_)), None) => {
                        self.cells.push(cell::OBJECT);
                        self.fields(row, fields);
                    }
                    (Some(other), None) => self.value(other, 0),
                }
            }
        }
    }

    fn rows(&mut self, rows: &[Value], fields: &str) {
        self.push_count(rows.len());
        for row in rows {
            if row.is_object() {
                self.cells.push(cell::OBJECT);
                self.fields(row, fields);
            } else {
                self.value(row, 0);
            }
        }
    }

    fn fields(&mut self, row: &Value, fields: &str) {
        for field in fields.split(',') {
            let names = field.trim_end_matches('*').split('|');
            let mut spellings = names.flat_map(|name| [name.into(), camel_case(name)]).zip(0..);
            let found = spellings.find_map(|(name, at): (String, u32)| Some((row.get(name)?, at)));
            let Some((value, at)) = found else {
                self.cells.push(cell::ABSENT);
                continue;
            };
            self.value(value, at);
            if let Value::Array(elements) = value
                && field.ends_with('*')
            {
                self.push_count(elements.len());
                for element in elements {
                    self.value(element, 0);
                }
            }
        }
    }

    fn value(&mut self, value: &Value, spelling: u32) {
        let kind = match value {
            Value::Null => cell::NULL,
            Value::Bool(false) => cell::FALSE,
            Value::Bool(true) => cell::TRUE,
            Value::Number(_) => cell::NUMBER,
            Value::Array(_) => cell::LIST,
            Value::Object(_) => cell::OBJECT,
            Value::String(text) => {
                let number = self.number(text);
                self.cells.push(cell::TEXT + (number << cell::SPELLING_BITS) + spelling);
                return;
            }
        };
        self.cells.push(kind + (spelling << cell::KIND_BITS));
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = count(self.texts.len());
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    fn push_count(&mut self, number: usize) {
        self.cells.push(count(number));
    }
}

impl Tape for Read {
    fn cells(&self, window: u32) -> Vec<u32> {
        self.cells.chunks(1 << 12).nth(window as usize).unwrap_or_default().to_vec()
    }

    fn texts(&self, from: u32, lengths: &mut [u32]) -> String {
        let some = self.texts.iter().skip(from as usize).zip(lengths);
        some.map(|(text, length)| {
            *length = count(text.encode_utf16().count());
            &**text
        })
        .collect()
    }

    fn size(&self) -> [u32; 3] {
        let length = self.texts.iter().map(String::len).sum();
        [self.cells.len(), self.texts.len(), length].map(count)
    }
}

/// A tape counts in 32 bits, as WebAssembly's memory does.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
