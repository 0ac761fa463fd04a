//! Sequences of operations, as JavaScript would call them: `{ "dialect", "start", "calls": [["setUser", "alice", "RL1"], …] }`.

use rolecall::DefaultFor;
use serde_json::Value;

use crate::loading::{populated, same_load};
use crate::naive::both::{ASKED_ABOUT, ASKING, begin, listed};
use crate::naive::calls::NewChannel;
use crate::naive::compare::{
    Checked, Compared, same_answers, same_explanations, same_lists, same_outcome, same_preview, same_who_can,
};
use crate::naive::random::{
    CHANNELS, FRIENDLY_NAMES, IDENTITIES, OWN_ACTIONS, OWN_PERMISSIONS, SIDS, STATES, Start, UNIQUE_NAMES,
};
use crate::naive::steps::{Step, Text};
use crate::naive::{CHANNEL_TYPES, Dialect, NEW_ROLES, Options, PERMISSIONS, ROLE_TYPES, Scope};

/// Longer ones take more time and find no more.
const MOST_STEPS: usize = 40;

/// A service and a naive world go through the same operations, and are asked the same questions on the way.
///
/// # Panics
///
/// Where the crate and the naive world disagree.
pub fn operations(text: &[u8]) {
    let Ok(input) = serde_json::from_slice::<Value>(text) else { return };
    let calls = input["calls"].as_array().into_iter().flatten();
    let steps: Vec<Step> = calls.filter_map(|call| step(call.as_array()?)).take(MOST_STEPS).collect();
    let dialect = if input["dialect"] == "conversations" { Dialect::Conversations } else { Dialect::Chat };
    let start = match input["start"].as_str() {
        Some("empty") => Start::Empty,
        Some("new") => Start::New,
        _ => populated(),
    };
    run(dialect, &start, &steps).unwrap_or_else(|reason| panic!("{reason}\nafter\n{}", listed(&steps)));
}

fn run(dialect: Dialect, start: &Start, steps: &[Step]) -> Checked {
    let (mut service, mut world) = begin(dialect, start);
    let compared = Compared::default();
    for (at, step) in steps.iter().enumerate() {
        match step {
            // One that is wrong in two ways may fail for either reason.
            Step::Load(payload, options) => same_load(&payload.to_string(), options, &mut service, &mut world)?,
            step => same_outcome(step, &mut service, &mut world)?,
        }
        if at % 4 == 3 {
            let (identity, channel) = (ASKING[at % ASKING.len()], ASKED_ABOUT[at % ASKED_ABOUT.len()]);
            same_answers(&service, &world, identity, channel, &compared)?;
            same_explanations(&service, &world, identity, channel)?;
        }
    }
    same_lists(&service, &world)?;
    same_preview(&service, &world, &steps[..steps.len().min(2)])?;
    same_who_can(&service, &world)
}

/// The name that a string is; one that nobody gave is another, always the same one.
fn name(text: &str) -> Text {
    let names = [
        &["", "CH9", "nobody", "writer", "Admin", "secret", "user", "sendMessage"][..],
        &IDENTITIES,
        &CHANNELS,
        &UNIQUE_NAMES,
        &SIDS,
    ];
    let more = [&FRIENDLY_NAMES[..], &OWN_PERMISSIONS, &OWN_ACTIONS, &STATES, &ROLE_TYPES, &CHANNEL_TYPES];
    let mut all: Vec<Text> = names.into_iter().chain(more).flatten().copied().collect();
    all.extend(PERMISSIONS.iter().flat_map(|row| [row.0, row.1]).chain(NEW_ROLES.map(|row| row.0)));
    let another = text.bytes().fold(0, |sum, byte| sum + usize::from(byte)) % all.len();
    all.iter().find(|name| **name == text).copied().unwrap_or(all[another])
}

fn names(list: Option<&Value>) -> Vec<Text> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(name).collect()
}

fn step(call: &[Value]) -> Option<Step> {
    let text = |at: usize| call.get(at).and_then(Value::as_str).map(name);
    let field = |at: usize, field: &str| call.get(at)?.get(field)?.as_str().map(name);
    let flag = |at: usize, field: &str| call.get(at).and_then(|rule| rule.get(field)?.as_bool()).unwrap_or(false);
    let scope = |at: usize| match call.get(at).and_then(Value::as_str) {
        Some("service") => Some(Scope::Service),
        Some("channel") => Some(Scope::Channel),
        _ => None,
    };
    Some(match call.first()?.as_str()? {
        "createRole" => Step::CreateRole {
            friendly_name: field(1, "friendlyName")?,
            role_type: field(1, "type")?,
            permissions: names(call.get(1)?.get("permissions")),
            sid: field(1, "sid")?,
        },
        "updateRole" => Step::UpdateRole(text(1)?, names(call.get(2)), scope(3)),
        "grant" => Step::Grant(text(1)?, text(2)?, scope(3)),
        "revoke" => Step::Revoke(text(1)?, text(2)?, scope(3)),
        "deleteRole" => Step::DeleteRole(text(1)?, scope(2)),
        "setDefaultRole" => {
            let which = call.get(1)?.as_str()?;
            Step::SetDefaultRole(DefaultFor::ALL.into_iter().find(|default| default.name() == which)?, text(2)?)
        }
        "setUser" => Step::SetUser(text(1)?, text(2)),
        "removeUser" => Step::RemoveUser(text(1)?),
        "createChannel" => Step::CreateChannel(NewChannel {
            sid: field(1, "sid")?,
            unique_name: field(1, "uniqueName"),
            channel_type: field(1, "type"),
            created_by: field(1, "createdBy"),
            state: field(1, "state"),
        }),
        "setChannelState" => Step::SetChannelState(text(1)?, text(2)?),
        "removeChannel" => Step::RemoveChannel(text(1)?),
        "joinChannel" => Step::JoinChannel(text(1)?, text(2)?),
        "setMember" => Step::SetMember(text(1)?, text(2)?, text(3)),
        "removeMember" => Step::RemoveMember(text(1)?, text(2)?),
        "invite" => Step::Invite(text(1)?, text(2)?, text(3)),
        "acceptInvite" => Step::AcceptInvite(text(1)?, text(2)?),
        "declineInvite" => Step::DeclineInvite(text(1)?, text(2)?),
        "defineAction" => Step::DefineAction {
            name: text(1)?,
            any: field(2, "any")?,
            own: field(2, "own"),
            member_only: flag(2, "memberOnly"),
            when_closed: flag(2, "whenClosed"),
        },
        "load" => {
            let options = Options { replace: flag(2, "replace"), channel: field(2, "channel"), identity: field(2, "identity") };
            Step::Load(call.get(1)?.clone(), options)
        }
        _ => return None,
    })
}
