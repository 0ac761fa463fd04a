//! JSON text, loaded into services that hold something already.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rolecall::Service;
use serde_json::{Value, json};

use crate::naive::both::{begin, crate_dialect};
use crate::naive::same::{Checked, Compared, same_answers, same_rows};
use crate::naive::steps::{Start, plain_report};
use crate::naive::{Dialect, World, dialect_of};

/// A payload is loaded into an empty service of each dialect, over a populated one, and in its place.
///
/// # Panics
///
/// Where the crate and the naive world disagree.
pub fn loading(text: &[u8]) {
    let Ok(text) = str::from_utf8(text) else { return };
    let started = [Dialect::Chat, Dialect::Conversations].into_iter().try_for_each(|dialect| {
        let (mut service, mut world) = begin(dialect, &populated());
        let (mut replaced, mut replaced_world) = (service.clone(), world.clone());
        same_load(text, false, &mut service, &mut world)?;
        same_load(text, true, &mut replaced, &mut replaced_world)
    });
    started.and_then(|()| same_opening(text)).unwrap_or_else(|reason| panic!("{reason}\nof {text}"));
}

/// What a payload may meet: the seed corpus refers to the same names.
pub fn populated() -> Start {
    Start::Peopled(json!({
        "actions": [{ "action": "pinMessage", "any": "pin", "own": "pinOwn", "member_only": true }],
        "roles": [
            { "sid": "RL1", "friendly_name": "Admin", "type": "deployment", "permissions": ["createChannel", "joinChannel", "editAnyMessage"] },
            { "sid": "RL2", "friendly_name": "Writer", "type": "channel", "permissions": ["sendMessage", "editOwnMessage", "pinOwn"] },
        ],
        "users": [{ "identity": "alice", "role_sid": "RL1" }, { "identity": "bob" }],
        "channels": [{ "sid": "CH1", "type": "public", "created_by": "alice" }],
        "members": [
            { "channel_sid": "CH1", "identity": "alice", "role_sid": "RL2" },
            { "channel_sid": "CH2", "identity": "__proto__", "role_sid": "RL-gone" },
        ],
        "invites": [{ "channel_sid": "CH2", "identity": "bob", "role_sid": "RL2" }],
        "service": { "default_service_role_sid": "RL1", "default_channel_role_sid": "RL2" },
    }))
}

/// Both open it and hold the same then, or neither does.
fn same_opening(text: &str) -> Checked {
    let Ok(payload) = serde_json::from_str::<Value>(text) else { return Ok(()) };
    match (Service::from_json(text, None, 5), World::from_payload(&payload, None)) {
        (Ok((service, _)), Ok((world, _))) => {
            prop_assert_eq!(service.dialect(), crate_dialect(dialect_of(&payload)));
            same_everything(&service, &world)
        }
        (Err(_), Err(_)) => Ok(()),
        (opened, expected) => {
            prop_assert!(false, "{:?}, not {:?}", opened.map(|(_, report)| report), expected.map(|(_, report)| report));
            Ok(())
        }
    }
}

/// Both load it and report the same, or neither does, and nothing is changed.
pub fn same_load(text: &str, replace: bool, service: &mut Service, world: &mut World) -> Checked {
    let before = service.to_json();
    let loaded = service.load_json(text, replace);
    let expected = serde_json::from_str::<Value>(text).map(|payload| world.load(&payload, replace));
    match (loaded, expected) {
        (Ok(report), Ok(Ok(expected))) => {
            let report = plain_report(&report);
            prop_assert_eq!(report.to_value(), expected.to_value());
            prop_assert_eq!(report.warnings, expected.warnings);
        }
        (Err(error), Ok(Err(_))) => {
            prop_assert_ne!(error.code().name(), "invalid-json");
            prop_assert_eq!(service.to_json(), before);
        }
        (Err(error), Err(_)) => {
            prop_assert_eq!(error.code().name(), "invalid-json");
            prop_assert_eq!(service.to_json(), before);
        }
        (loaded, expected) => prop_assert!(false, "{loaded:?}, not {expected:?}"),
    }
    same_everything(service, world)
}

/// The rows, the answers, and that a snapshot is as good as the service itself.
fn same_everything(service: &Service, world: &World) -> Checked {
    same_rows(service, world)?;
    let compared = Compared::default();
    let identities: BTreeSet<_> = world.known_users().into_iter().take(3).chain(["ghost", ""]).collect();
    let channels = world.known_channels().into_iter().take(2).chain(["CH9"]).map(Some);
    for channel in channels.chain([None]) {
        for identity in &identities {
            same_answers(service, world, identity, channel, &compared)?;
        }
    }
    let text = service.to_json();
    let reopened = Service::from_json(&text, None, 7).map(|(reopened, _)| reopened.to_json());
    prop_assert_eq!(reopened.as_ref(), Ok(&text));
    Ok(())
}
