//! Sequences of operations, read from bytes.

use arbitrary::{Result, Unstructured};
use rolecall::DefaultFor;
use serde_json::{Map, Value, json};

use crate::loading::{populated, same_load};
use crate::naive::both::{ASKED_ABOUT, ASKING, begin, listed};
use crate::naive::same::{
    Checked, Compared, same_answers, same_explanations, same_lists, same_outcome, same_preview, same_who_can,
};
use crate::naive::steps::{CHANNELS, FRIENDLY_NAMES, IDENTITIES, OWN_ACTIONS, OWN_PERMISSIONS, SIDS, Start, Step, Style, shaped};
use crate::naive::{Dialect, NEW_ROLES, PERMISSIONS};

type Text = &'static str;

/// Longer ones take more time and find no more.
const MOST_STEPS: usize = 40;

/// A service and a naive world go through the same operations, and are asked the same questions on the way.
///
/// # Panics
///
/// Where the crate and the naive world disagree.
pub fn operations(bytes: &[u8]) {
    let mut bytes = Unstructured::new(bytes);
    let mut done = Vec::new();
    // Bytes that end early end the sequence.
    if let Ok(Err(reason)) = run(&mut bytes, &mut done) {
        panic!("{reason}\nafter\n{}", listed(&done));
    }
}

fn run(u: &mut Unstructured, done: &mut Vec<Step>) -> Result<Checked> {
    let dialect = if u.arbitrary()? { Dialect::Chat } else { Dialect::Conversations };
    let start = match u.int_in_range(0..=2)? {
        0 => Start::Empty,
        1 => Start::New,
        _ => populated(),
    };
    let (mut service, mut world) = begin(dialect, &start);
    let compared = Compared::default();
    while !u.is_empty() && done.len() < MOST_STEPS {
        let step = step(u)?;
        done.push(step.clone());
        let asked = if u.ratio(1, 4)? { Some((*u.choose(&ASKING)?, *u.choose(&ASKED_ABOUT)?)) } else { None };
        let mut agreed = match &step {
            // One that is wrong in two ways may fail for either reason.
            Step::Load(payload, replace) => same_load(&payload.to_string(), *replace, &mut service, &mut world),
            step => same_outcome(step, &mut service, &mut world),
        };
        if let Some((identity, channel)) = asked {
            agreed = agreed
                .and_then(|()| same_answers(&service, &world, identity, channel, &compared))
                .and_then(|()| same_explanations(&service, &world, identity, channel));
        }
        if agreed.is_err() {
            return Ok(agreed);
        }
    }
    let change: Vec<Step> = done.iter().take(2).cloned().collect();
    Ok(same_lists(&service, &world)
        .and_then(|()| same_preview(&service, &world, &change))
        .and_then(|_| same_who_can(&service, &world)))
}

fn identity(u: &mut Unstructured) -> Result<Text> {
    Ok(if u.ratio(1, 32)? { "" } else { *u.choose(&IDENTITIES)? })
}

fn channel(u: &mut Unstructured) -> Result<Text> {
    Ok(if u.ratio(1, 32)? { *u.choose(&["CH9", ""])? } else { *u.choose(&CHANNELS)? })
}

fn role(u: &mut Unstructured) -> Result<Text> {
    Ok(match u.int_in_range(0..=5)? {
        0 => u.choose(&NEW_ROLES)?.0,
        1 => *u.choose(&["writer", "ÄRGER", "Admin", "rl2", "nobody", ""])?,
        _ => *u.choose(&SIDS)?,
    })
}

fn permission(u: &mut Unstructured) -> Result<Text> {
    if u.ratio(1, 8)? {
        return Ok(*u.choose(&OWN_PERMISSIONS)?);
    }
    let row = u.choose(&PERMISSIONS)?;
    Ok(if u.arbitrary()? { row.0 } else { row.1 })
}

/// Up to seven.
fn list<'a, T>(u: &mut Unstructured<'a>, element: impl Fn(&mut Unstructured<'a>) -> Result<T>) -> Result<Vec<T>> {
    (0..u.int_in_range(0..=7)?).map(|_| element(u)).collect()
}

fn optional<'a, T>(u: &mut Unstructured<'a>, value: impl Fn(&mut Unstructured<'a>) -> Result<T>) -> Result<Option<T>> {
    if u.arbitrary()? { value(u).map(Some) } else { Ok(None) }
}

fn role_type(u: &mut Unstructured) -> Result<Text> {
    Ok(*u.choose(&["deployment", "service", "channel", "conversation", "deployment", "service", "channel", "user"])?)
}

fn step(u: &mut Unstructured) -> Result<Step> {
    Ok(match u.int_in_range(0..=17)? {
        0 => Step::CreateRole {
            friendly_name: u.choose(&FRIENDLY_NAMES)?,
            role_type: role_type(u)?,
            permissions: list(u, permission)?,
            sid: u.choose(&SIDS)?,
        },
        1 => Step::UpdateRole(role(u)?, list(u, permission)?),
        2 => Step::Grant(role(u)?, permission(u)?),
        3 => Step::Revoke(role(u)?, permission(u)?),
        4 => Step::DeleteRole(role(u)?),
        5 => Step::SetDefaultRole(*u.choose(&DefaultFor::ALL)?, role(u)?),
        6 => Step::SetUser(identity(u)?, optional(u, role)?),
        7 => Step::RemoveUser(identity(u)?),
        8 => Step::CreateChannel {
            sid: channel(u)?,
            channel_type: *u.choose(&[Some("public"), Some("private"), None, Some("secret")])?,
            created_by: if u.ratio(1, 8)? { Some("system") } else { optional(u, identity)? },
        },
        9 => Step::RemoveChannel(channel(u)?),
        10 => Step::SetMember(channel(u)?, identity(u)?, optional(u, role)?),
        11 => Step::RemoveMember(channel(u)?, identity(u)?),
        12 => Step::Invite(channel(u)?, identity(u)?, optional(u, role)?),
        13 => Step::AcceptInvite(channel(u)?, identity(u)?),
        14 => Step::DeclineInvite(channel(u)?, identity(u)?),
        15 => Step::DefineAction {
            name: if u.ratio(1, 8)? { u.choose(&["sendMessage", "deleteConversation", ""])? } else { u.choose(&OWN_ACTIONS)? },
            any: permission(u)?,
            own: optional(u, permission)?,
            member_only: u.arbitrary()?,
        },
        _ => Step::Load(payload(u)?, u.arbitrary()?),
    })
}

/// Mostly a text as given, sometimes something that does not belong there, or nothing.
fn field(u: &mut Unstructured, text: Text) -> Result<Option<Value>> {
    Ok(match u.int_in_range(0..=31)? {
        0 => None,
        1 => Some(Value::Null),
        2 => Some(json!("")),
        3 => Some(json!(5)),
        _ => Some(json!(text)),
    })
}

/// A field that is not always there.
fn chosen(u: &mut Unstructured, texts: &[Text]) -> Result<Option<Value>> {
    let text = *u.choose(texts)?;
    if u.ratio(1, 4)? { Ok(None) } else { field(u, text) }
}

fn payload(u: &mut Unstructured) -> Result<Value> {
    let style = Style { dialect: if u.arbitrary()? { Dialect::Chat } else { Dialect::Conversations }, camel: u.arbitrary()? };
    let sections: u8 = u.arbitrary()?;
    let wanted = |section: u8| sections & (1 << section) != 0;
    let mut fields = Map::new();
    let role_row = |u: &mut Unstructured| {
        let (sid, role_type) = (*u.choose(&SIDS)?, role_type(u)?);
        let fields = [("sid", field(u, sid)?), ("friendly_name", chosen(u, &FRIENDLY_NAMES)?), ("type", field(u, role_type)?)];
        let mut row = style.row(fields);
        row["permissions"] = list(u, permission)?.into();
        Ok(row)
    };
    let user_row = |u: &mut Unstructured| {
        let identity = identity(u)?;
        Ok(style.row([("identity", field(u, identity)?), ("role_sid", chosen(u, &SIDS)?)]))
    };
    let channel_row = |u: &mut Unstructured| {
        let sid = channel(u)?;
        let (channel_type, created_by) = (chosen(u, &["public", "private"])?, chosen(u, &["alice", "system"])?);
        Ok(style.row([("sid", field(u, sid)?), ("type", channel_type), ("created_by", created_by)]))
    };
    let seat = |u: &mut Unstructured| {
        let (sid, identity) = (channel(u)?, identity(u)?);
        Ok(style.row([("channel_sid", field(u, sid)?), ("identity", field(u, identity)?), ("role_sid", chosen(u, &SIDS)?)]))
    };
    let action_row = |u: &mut Unstructured| {
        let (name, any) = (*u.choose(&OWN_ACTIONS)?, permission(u)?);
        let (any, own) = (field(u, any)?, optional(u, permission)?.map(Value::from));
        let member_only = optional(u, Unstructured::arbitrary::<bool>)?.map(Value::from);
        Ok(style.row([("action", field(u, name)?), ("any", any), ("own", own), ("member_only", member_only)]))
    };
    if wanted(0) {
        shaped("roles", Some(list(u, role_row)?), u.int_in_range(0..=2)?, &mut fields);
    }
    if wanted(1) {
        shaped("users", Some(list(u, user_row)?), u.int_in_range(0..=2)?, &mut fields);
    }
    if wanted(2) {
        shaped(style.section("channels", "conversations"), Some(list(u, channel_row)?), u.int_in_range(0..=2)?, &mut fields);
    }
    if wanted(3) {
        shaped(style.section("members", "participants"), Some(list(u, seat)?), u.int_in_range(0..=2)?, &mut fields);
    }
    if wanted(4) {
        shaped("invites", Some(list(u, seat)?), u.int_in_range(0..=2)?, &mut fields);
    }
    if wanted(5) {
        fields.insert("actions".into(), list(u, action_row)?.into());
    }
    if wanted(6) {
        let names = ["default_service_role_sid", "default_channel_role_sid", "default_channel_creator_role_sid"];
        let mut row = names.map(|name| (name, None));
        for (_, role) in &mut row {
            *role = chosen(u, &SIDS)?;
        }
        fields.insert(style.section("service", "configuration").into(), style.row(row));
    }
    Ok(Value::Object(fields))
}
