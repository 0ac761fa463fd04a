//! JSON text, loaded into services that hold something already.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rolecall::Service;
use serde_json::{Value, json};

use crate::naive::both::{begin, crate_dialect};
use crate::naive::compare::{Checked, Compared, same_answers, same_rows};
use crate::naive::random::Start;
use crate::naive::steps::{crate_options, plain_report};
use crate::naive::{Dialect, Options, World, dialect_of, is_spelt_twice};

const ADD: Options = Options { replace: false, channel: None, identity: None };

/// How a payload is loaded: added, replacing, for a channel by its unique name, for somebody who is in and for a newcomer.
const WAYS: [Options; 5] = [
    ADD,
    Options { replace: true, ..ADD },
    Options { replace: true, channel: Some("general"), identity: None },
    Options { replace: true, channel: None, identity: Some("alice") },
    Options { identity: Some("ghost"), ..ADD },
];

/// A payload is loaded into an empty service of each dialect, and into a populated one in every way.
///
/// # Panics
///
/// Where the crate and the naive world disagree.
pub fn loading(text: &[u8]) {
    let Ok(text) = str::from_utf8(text) else { return };
    let loaded = [Dialect::Chat, Dialect::Conversations].into_iter().try_for_each(|dialect| {
        let (service, world) = begin(dialect, &populated());
        WAYS.iter().try_for_each(|options| same_load(text, options, &mut service.clone(), &mut world.clone()))
    });
    loaded.and_then(|()| same_opening(text)).unwrap_or_else(|reason| panic!("{reason}\nof {text}"));
}

/// What a payload may meet: the seeds refer to the same names.
pub fn populated() -> Start {
    Start::Peopled(json!({
        "actions": [{ "action": "pinMessage", "any": "pin", "own": "pinOwn", "member_only": true, "when_closed": true }],
        "roles": [
            { "sid": "RL1", "friendly_name": "Admin", "type": "deployment", "permissions": ["createChannel", "joinChannel", "editAnyMessage"] },
            { "sid": "RL2", "friendly_name": "Writer", "type": "channel", "permissions": ["sendMessage", "editOwnMessage", "pinOwn"] },
        ],
        "users": [{ "identity": "alice", "role_sid": "RL1" }, { "identity": "bob" }],
        "channels": [{ "sid": "CH1", "unique_name": "general", "type": "public", "created_by": "alice", "state": "inactive" }],
        "members": [
            { "channel_sid": "CH1", "identity": "alice", "role_sid": "RL2" },
            { "channel_sid": "CH2", "identity": "__proto__", "role_sid": "RL-gone" },
        ],
        "invites": [{ "channel_sid": "CH2", "identity": "bob", "role_sid": "RL2" }],
        "service": { "sid": "IS1", "default_service_role_sid": "RL1", "default_channel_role_sid": "RL2" },
    }))
}

/// Both open it and hold the same then, or neither does.
fn same_opening(text: &str) -> Checked {
    let Ok(payload) = serde_json::from_str::<Value>(text) else { return Ok(()) };
    if is_spelt_twice(&payload) {
        return Ok(());
    }
    match (Service::from_json(text, None, None, 5), World::from_payload(&payload, None, None)) {
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
pub fn same_load(text: &str, options: &Options, service: &mut Service, world: &mut World) -> Checked {
    let payload = serde_json::from_str::<Value>(text);
    if payload.as_ref().is_ok_and(is_spelt_twice) {
        return Ok(());
    }
    let before = service.to_json();
    let loaded = service.load_json(text, &crate_options(options));
    match (loaded, payload.map(|payload| world.load(&payload, options))) {
        (Ok(report), Ok(Ok(expected))) => prop_assert_eq!(plain_report(&report), expected, "{:?}", options),
        (Err(error), Ok(Err(_))) => {
            prop_assert_ne!(error.code().name(), "invalid-json");
            prop_assert_eq!(service.to_json(), before);
        }
        (Err(error), Err(_)) => {
            prop_assert_eq!(error.code().name(), "invalid-json");
            prop_assert_eq!(service.to_json(), before);
        }
        (loaded, expected) => prop_assert!(false, "{loaded:?}, not {expected:?}, with {options:?}"),
    }
    same_everything(service, world)
}

/// The rows, the answers, and that a snapshot is as good as the service itself.
fn same_everything(service: &Service, world: &World) -> Checked {
    same_rows(service, world)?;
    let compared = Compared::default();
    let identities: BTreeSet<_> = world.known_users().into_iter().take(3).chain(["ghost", ""]).collect();
    let channels = world.known_channels().into_iter().take(2).chain(["general", "CH9"]).map(Some);
    for channel in channels.chain([None]) {
        for identity in &identities {
            same_answers(service, world, identity, channel, &compared)?;
        }
    }
    let text = service.to_json();
    let reopened = Service::from_json(&text, None, None, 7).map(|(reopened, _)| reopened.to_json());
    prop_assert_eq!(reopened.as_ref(), Ok(&text));
    Ok(())
}
