//! The fields and sections of a payload, in any spelling.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Dialect, Fault, Outcome, ROLE_TYPES, fault_at, word};

pub type Fields = Map<String, Value>;

/// A section's rows with their paths.
pub type Rows<'p> = Vec<(String, &'p Fields)>;

/// The names of a field that is a channel's own, or somebody's who lists it.
pub const SID: [&str; 3] = ["sid", "channel_sid", "conversation_sid"];
pub const UNIQUE_NAME: [&str; 3] = ["unique_name", "channel_unique_name", "conversation_unique_name"];
pub const CHANNEL_TYPE: [&str; 3] = ["type", "channel_type", "conversation_type"];
pub const CREATED_BY: [&str; 3] = ["created_by", "channel_created_by", "conversation_created_by"];
pub const STATE: [&str; 3] = ["state", "channel_state", "conversation_state"];
pub const SEAT: [&str; 2] = ["channel_sid", "conversation_sid"];
pub const SERVICE_SID: [&str; 3] = ["service_sid", "chat_service_sid", "instance_sid"];
/// A channel row with one of these is of somebody's own list.
pub const OF_A_LIST: [&str; 5] =
    ["participant_identity", "participant_user_sid", "participant_messaging_binding", "user_sid", "status"];

// --- Fields ---

pub fn pascal_case(name: &str) -> String {
    name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

pub fn camel_case(name: &str) -> String {
    let name = pascal_case(name);
    name[..1].to_lowercase() + &name[1..]
}

pub fn spellings(name: &str) -> [String; 3] {
    [name.to_string(), camel_case(name), pascal_case(name)]
}

/// The field under any of its names, in any spelling, with the name that it has here.
pub fn field<'r>(row: &'r Fields, names: &[&str]) -> Option<(String, &'r Value)> {
    names.iter().flat_map(|name| spellings(name)).find_map(|name| row.get(&name).map(|value| (name, value)))
}

/// Whether some object has a field under two of its names: which of them counts is not for this model to say.
pub fn is_spelt_twice(value: &Value) -> bool {
    let lists_of = ["participant_user_sid", "user_sid"];
    let objects = ["channel", "conversation"];
    let names = [&SID[..], &UNIQUE_NAME, &CHANNEL_TYPE, &CREATED_BY, &STATE, &SERVICE_SID, &lists_of, &objects];
    match value {
        Value::Array(list) => list.iter().any(is_spelt_twice),
        Value::Object(fields) => {
            let count = |names: &[&str]| names.iter().flat_map(|name| spellings(name)).collect::<BTreeSet<_>>();
            let has_two = |names: BTreeSet<String>| names.iter().filter(|name| fields.contains_key(*name)).count() > 1;
            names.iter().any(|names| has_two(count(names)))
                || fields.keys().any(|name| {
                    let twins = fields.keys().filter(|other| camel_case_of(other) == camel_case_of(name));
                    twins.count() > 1
                })
                || fields.values().any(is_spelt_twice)
        }
        _ => false,
    }
}

pub fn camel_case_of(name: &str) -> String {
    name.replace('_', "").to_ascii_lowercase()
}

pub fn is_said(row: &Fields, name: &str) -> bool {
    field(row, &[name]).is_some_and(|(_, value)| !value.is_null() && value != "")
}

pub fn is_of_a_list(row: &Fields) -> bool {
    OF_A_LIST.iter().any(|name| is_said(row, name))
}

/// The path of the list that a row, or a field of it, is in.
pub fn list_of(path: &str) -> String {
    path.split('[').next().unwrap().into()
}

/// What is missing is missing under the name that goes with the section's.
pub fn missing<'n>(path: &str, names: &[&'n str]) -> &'n str {
    let in_conversations = path.to_lowercase().starts_with("participants") && names.len() == 2;
    names[usize::from(in_conversations)]
}

/// A string that must be there and not be empty.
pub fn needed(row: &Fields, path: &str, names: &[&str]) -> Outcome<String> {
    match field(row, names) {
        None => fault_at("missing-field", &format!("{path}.{}", missing(path, names))),
        Some((name, Value::String(text))) if text.is_empty() => Err(Fault {
            codes: vec!["invalid-sid", "invalid-identity", "invalid-name", "invalid-scope"],
            path: Some(format!("{path}.{name}")),
        }),
        Some((_, Value::String(text))) => Ok(text.clone()),
        Some((name, _)) => fault_at("invalid-type", &format!("{path}.{name}")),
    }
}

/// A string that may be missing: absent, null and empty are one.
pub fn text(row: &Fields, path: &str, names: &[&str]) -> Outcome<Option<String>> {
    match field(row, names) {
        None | Some((_, Value::Null)) => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
        Some((name, _)) => fault_at("invalid-type", &format!("{path}.{name}")),
    }
}

/// A state is a string, or as the client SDK has it.
pub fn state_of(row: &Fields, path: &str) -> Outcome<Option<String>> {
    match field(row, &STATE) {
        Some((name, Value::Object(state))) if field(state, &["current"]).is_none() => {
            fault_at("missing-field", &format!("{path}.{name}.current"))
        }
        Some((name, Value::Object(state))) => text(state, &format!("{path}.{name}"), &["current"]),
        _ => text(row, path, &STATE),
    }
}

pub fn flag(row: &Fields, path: &str, name: &str) -> Outcome<bool> {
    match field(row, &[name]) {
        None | Some((_, Value::Null)) => Ok(false),
        Some((_, Value::Bool(flag))) => Ok(*flag),
        Some((name, _)) => fault_at("invalid-type", &format!("{path}.{name}")),
    }
}

// --- Sections ---

/// The rows of a section: a list, a page, or a single resource.
pub fn rows_of<'p>(payload: &'p Fields, names: &[&str]) -> Outcome<Rows<'p>> {
    let mut rows = Vec::new();
    for name in names {
        let Some((name, section)) = field(payload, &[name]) else { continue };
        let (path, list) = match section {
            Value::Null => continue,
            Value::Array(list) => (name, list),
            Value::Object(page) if page.is_empty() => continue,
            Value::Object(page) => {
                let inner = field(page, names).or_else(|| field(page, &["instances"])).or_else(|| field(page, &["items"]));
                let Some((inner, list)) = inner else {
                    rows.push((name, page));
                    continue;
                };
                let path = format!("{name}.{inner}");
                let Value::Array(list) = list else { return fault_at("invalid-type", &path) };
                (path, list)
            }
            _ => return fault_at("invalid-type", &name),
        };
        for (at, row) in list.iter().enumerate() {
            let path = format!("{path}[{at}]");
            let Value::Object(row) = row else { return fault_at("invalid-type", &path) };
            rows.push((path, row));
        }
    }
    Ok(rows)
}

/// A snapshot says it; else the first role's type, else the names of the sections.
pub fn dialect_of(payload: &Value) -> Dialect {
    let Some(fields) = payload.as_object() else { return Dialect::Chat };
    if let Ok(Some(named)) = text(fields, "", &["dialect"]) {
        return if named == "conversations" { Dialect::Conversations } else { Dialect::Chat };
    }
    let roles = rows_of(fields, &["roles"]).unwrap_or_default();
    if let Some((_, role)) = roles.first() {
        let role_type = field(role, &["type"]).and_then(|(_, value)| word(value.as_str()?, &ROLE_TYPES));
        return if matches!(role_type, Some("service" | "conversation")) { Dialect::Conversations } else { Dialect::Chat };
    }
    let sections = ["conversations", "participants", "configuration"];
    if sections.iter().any(|name| field(fields, &[name]).is_some()) { Dialect::Conversations } else { Dialect::Chat }
}
