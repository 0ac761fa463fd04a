//! New inputs from known ones.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::naive::steps::places;
use crate::naive::{PERMISSIONS, SECTIONS, camel_case};

/// Names of sections and fields, in `snake_case`.
const FIELDS: &str = "rolecall dialect actions service configuration meta sid friendly_name type permissions identity role_sid channel_sid \
                      conversation_sid created_by action any own member_only default_service_role_sid default_chat_service_role_sid \
                      default_channel_role_sid default_conversation_role_sid default_channel_creator_role_sid \
                      default_conversation_creator_role_sid";

/// Texts that mean something somewhere.
const TEXTS: [&str; 28] = [
    "",
    "1",
    "2",
    "chat",
    "conversations",
    "deployment",
    "service",
    "channel",
    "conversation",
    "public",
    "private",
    "system",
    "alice",
    "bob",
    "ghost",
    "__proto__",
    "Зоя",
    "RL1",
    "RL2",
    "RL-gone",
    "CH1",
    "CH2",
    "Admin",
    "ADMIN",
    "pin",
    "pinOwn",
    "pinMessage",
    "\u{0}",
];

/// JSON text with something else in one to four places; now and then, and where it is not JSON, `None`: any bytes may do.
#[must_use]
pub fn mutate_text(text: &[u8], seed: u64) -> Option<Vec<u8>> {
    let mut rng = Rng::with_seed(seed);
    if rng.u8(..16) == 0 {
        return None;
    }
    let mut payload: Value = serde_json::from_slice(text).ok()?;
    for _ in 0..rng.u8(1..=4) {
        mutate_value(&mut payload, &mut rng);
    }
    Some(payload.to_string().into_bytes())
}

fn pick<T: Clone>(list: &[T], rng: &mut Rng) -> Option<T> {
    rng.choice(list).cloned()
}

fn mutate_value(payload: &mut Value, rng: &mut Rng) {
    let places = places(payload);
    let place = pick(&places, rng).unwrap_or_default();
    let copied = pick(&places, rng).and_then(|place| payload.pointer(&place).cloned());
    let new = match copied {
        Some(copied) if rng.bool() => copied,
        _ => scrap(rng),
    };
    let Some(value) = payload.pointer_mut(&place) else { return };
    match value {
        Value::Array(list) if rng.u8(..4) > 0 => {
            let at = rng.usize(..=list.len());
            match list.get(at).cloned() {
                Some(_) if rng.bool() => drop(list.remove(at)),
                Some(row) if rng.bool() => list.push(row),
                _ => list.insert(at, new),
            }
        }
        Value::Object(fields) if rng.u8(..4) > 0 => {
            let names: Vec<_> = fields.keys().cloned().collect();
            let old = pick(&names, rng).and_then(|name| if rng.bool() { fields.remove(&name) } else { None });
            if rng.bool() {
                fields.insert(name(rng), old.unwrap_or(new));
            }
        }
        value => *value = new,
    }
}

fn name(rng: &mut Rng) -> String {
    let names = FIELDS.split(' ').chain(SECTIONS.iter().flat_map(|(_, names)| *names).copied());
    let name = rng.choice(names.collect::<Vec<_>>()).unwrap_or_default();
    if rng.bool() { camel_case(name) } else { name.into() }
}

fn scrap(rng: &mut Rng) -> Value {
    match rng.u8(..16) {
        0 => Value::Null,
        1 => rng.bool().into(),
        2 => json!(5),
        3 => json!([]),
        4 => json!({}),
        5 => {
            let many = |at| format!("own{at}");
            (0..rng.u8(38..48)).map(many).collect()
        }
        6 => Value::Object(Map::from_iter([(name(rng), scrap(rng))])),
        7 => vec![scrap(rng)].into(),
        8..11 => rng.choice(PERMISSIONS).map_or("", |row| if rng.bool() { row.0 } else { row.1 }).into(),
        _ => rng.choice(TEXTS).into(),
    }
}

/// Bytes with one to four changes; `other` is what they may be mixed with.
#[must_use]
pub fn mutate_bytes(bytes: &[u8], other: &[u8], seed: u64) -> Vec<u8> {
    let mut rng = Rng::with_seed(seed);
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.u8(1..=4) {
        let (from, to) = (rng.usize(..=bytes.len()), rng.usize(..=bytes.len()));
        let range = from.min(to)..from.max(to).min(from.min(to) + 64);
        match rng.u8(..6) {
            0 => drop(bytes.drain(range)),
            1 => bytes.insert(from, rng.u8(..)),
            2 => bytes.extend_from_within(range),
            3 => {
                let start = rng.usize(..=other.len());
                let taken = other[start..].iter().take(rng.usize(..64)).copied();
                drop(bytes.splice(range, taken));
            }
            _ => {
                if let Some(byte) = bytes.get_mut(from) {
                    *byte = if rng.bool() { rng.u8(..) } else { *byte ^ (1 << rng.u8(..8)) };
                }
            }
        }
    }
    bytes
}
