//! New inputs from known ones.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::naive::random::{
    CHANNELS, FRIENDLY_NAMES, IDENTITIES, OWN_ACTIONS, OWN_PERMISSIONS, SIDS, STATES, STATUSES, UNIQUE_NAMES, places,
};
use crate::naive::steps::Text;
use crate::naive::{CHANNEL_TYPES, NEW_ROLES, PERMISSIONS, ROLE_TYPES, SECTIONS, camel_case, pascal_case};

/// Names of sections and fields, in `snake_case`.
const FIELDS: &str = "rolecall dialect actions service configuration meta instances items sid friendly_name type permissions identity role_sid \
                      channel_sid conversation_sid conversation unique_name conversation_unique_name created_by channel_created_by \
                      state conversation_state current status user_sid participant_identity participant_user_sid \
                      participant_messaging_binding messaging_binding service_sid chat_service_sid instance_sid action any own \
                      member_only when_closed default_service_role_sid default_chat_service_role_sid default_channel_role_sid \
                      default_conversation_role_sid default_channel_creator_role_sid default_conversation_creator_role_sid \
                      replace channel";

/// Strings that mean something somewhere, beside the names of roles, people and channels.
const WORDS: [Text; 13] =
    ["", "1", "2", "chat", "conversations", "ghost", "RL-gone", "CH2", "CH9", "IS1", "IS2", "CONVERSATION", "\u{0}"];

/// The methods of a service with the kinds of their arguments; the last of some may be left out.
const METHODS: &str = "createRole:role updateRole:reference,permissions,scope grant:reference,permission,scope \
                       revoke:reference,permission,scope deleteRole:reference,scope setDefaultRole:which,reference \
                       setUser:identity,reference removeUser:identity createChannel:new setChannelState:channel,state \
                       removeChannel:channel joinChannel:channel,identity setMember:channel,identity,reference \
                       removeMember:channel,identity invite:channel,identity,reference acceptInvite:channel,identity \
                       declineInvite:channel,identity defineAction:action,rule load:payload,options";

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
    match rng.u8(..8) {
        0 => pascal_case(name),
        1..4 => camel_case(name),
        _ => name.into(),
    }
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
        8 => call(rng),
        9..11 => permission(rng).into(),
        _ => word(rng).into(),
    }
}

fn word(rng: &mut Rng) -> Text {
    let lists: [&[Text]; 11] = [
        &WORDS,
        &IDENTITIES,
        &CHANNELS,
        &UNIQUE_NAMES,
        &SIDS,
        &FRIENDLY_NAMES,
        &OWN_ACTIONS,
        &STATES,
        &STATUSES,
        &ROLE_TYPES,
        &CHANNEL_TYPES,
    ];
    rng.choice(lists).and_then(|list| rng.choice(list)).copied().unwrap_or_default()
}

fn permission(rng: &mut Rng) -> Text {
    if rng.u8(..8) == 0 {
        return rng.choice(OWN_PERMISSIONS).unwrap_or_default();
    }
    rng.choice(PERMISSIONS).map_or("", |row| if rng.bool() { row.0 } else { row.1 })
}

/// A method and its arguments.
fn call(rng: &mut Rng) -> Value {
    let (method, kinds) =
        rng.choice(METHODS.split(' ').collect::<Vec<_>>()).and_then(|method| method.split_once(':')).unwrap_or_default();
    let arguments: Vec<Value> = kinds.split(',').map(|kind| argument(kind, rng)).collect();
    let left_out = usize::from(rng.u8(..3) == 0);
    std::iter::once(method.into()).chain(arguments.into_iter().rev().skip(left_out).rev()).collect()
}

fn one_of(rng: &mut Rng, list: &[Text]) -> Text {
    rng.choice(list).copied().unwrap_or_default()
}

fn argument(kind: &str, rng: &mut Rng) -> Value {
    match kind {
        "identity" => one_of(rng, &IDENTITIES).into(),
        "channel" if rng.bool() => word(rng).into(),
        "channel" => one_of(rng, &CHANNELS).into(),
        "reference" if rng.bool() => rng.choice(NEW_ROLES).map_or("", |row| row.0).into(),
        "reference" => one_of(rng, &SIDS).into(),
        "scope" => one_of(rng, &["service", "channel"]).into(),
        "which" => one_of(rng, &["user", "member", "creator"]).into(),
        "state" => one_of(rng, &STATES).into(),
        "action" => one_of(rng, &OWN_ACTIONS).into(),
        "permission" => permission(rng).into(),
        "permissions" => (0..rng.u8(..6)).map(|_| permission(rng)).collect(),
        "role" => json!({
            "sid": one_of(rng, &SIDS), "friendlyName": one_of(rng, &FRIENDLY_NAMES), "type": one_of(rng, &ROLE_TYPES),
            "permissions": argument("permissions", rng),
        }),
        "new" => json!({
            "sid": one_of(rng, &CHANNELS), "uniqueName": one_of(rng, &UNIQUE_NAMES), "type": one_of(rng, &CHANNEL_TYPES),
            "createdBy": one_of(rng, &IDENTITIES), "state": one_of(rng, &STATES),
        }),
        "rule" => json!({ "any": permission(rng), "own": permission(rng), "memberOnly": rng.bool(), "whenClosed": rng.bool() }),
        "options" => json!({ "replace": rng.bool(), "identity": word(rng) }),
        _ => json!({ name(rng): [scrap(rng)] }),
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
