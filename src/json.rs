//! Payloads as JSON text, for Rust: servers, tests, fuzzing. `js/texts.js` writes the same tape of JavaScript values.

use alloc::{string::String, vec::Vec};

use serde_json::Value;

use crate::error::{Code, Error, Result};
use crate::names::{Names, camel_case};
use crate::permission::Dialect;
use crate::service::{LoadReport, Service};
use crate::wire::{SHAPE, Tape, cell, dialect_of};

impl Service {
    /// A service that holds what a payload or a snapshot holds. The dialect is read from its role types unless given. See
    /// [`Service::new`] for `entropy`.
    ///
    /// # Errors
    ///
    /// As [`Service::load_json`].
    pub fn from_json(text: &str, dialect: Option<Dialect>, entropy: u64) -> Result<(Self, LoadReport)> {
        let mut names = Names::new(entropy);
        let read = Read::of(text, &mut names)?;
        let dialect = match dialect {
            Some(dialect) => dialect,
            None => dialect_of(&read).map_err(|refusal| names.error(&refusal))?,
        };
        let mut service = Self::with(dialect, names);
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
        let read = Read::of(text, self.names_mut())?;
        self.load_tape(&read, replace)
    }

    /// The snapshot as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing texts and lists to memory does not fail.
        serde_json::to_string(&self.snapshot()).unwrap_or_default()
    }
}

/// A tape in memory.
struct Read<'n> {
    cells: Vec<u32>,
    names: &'n mut Names,
}

/// The same once it is read.
struct Cells(Vec<u32>);

impl Read<'_> {
    fn of(text: &str, names: &mut Names) -> Result<Cells> {
        let payload: Value = serde_json::from_str(text).map_err(|error| Error {
            code: Code::InvalidJson,
            path: String::new(),
            message: error.to_string(),
        })?;
        let mut read = Read { cells: Vec::new(), names };
        read.payload(&payload);
        Ok(Cells(read.cells))
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
                        self.cells.push(count(at));
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
        self.cells.push(count(rows.len()));
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
                self.cells.push(count(elements.len()));
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
                let number = self.names.number(text).0;
                self.cells.push(cell::TEXT + (number << cell::SPELLING_BITS) + spelling);
                return;
            }
        };
        self.cells.push(kind + (spelling << cell::KIND_BITS));
    }
}

impl Tape for Cells {
    fn cells(&self, window: u32) -> Vec<u32> {
        self.0.chunks(1 << 12).nth(window as usize).unwrap_or_default().to_vec()
    }

    fn places(&self) -> u32 {
        count(self.0.len())
    }

    /// Of what there is little here is made sure beforehand: memory that ends is the end of the program.
    fn texts(&self) -> u32 {
        0
    }
}

/// A tape counts in 32 bits, as WebAssembly's memory does.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
