//! Operations on a service: generated, applied to the crate and to the naive world alike, and written down for JavaScript.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rolecall::{DefaultFor, LoadReport, NewRole, Service};
use serde_json::{Map, Value, json};

use super::{Dialect, NEW_ROLES, Outcome, PERMISSIONS, Report, Scope, World, camel_case, counts_in};

type Text = &'static str;

/// One text stands for an identity, a channel and a role, and some are names that JavaScript objects have already.
pub const IDENTITIES: [Text; 4] = ["alice", "bob", "__proto__", "Зоя"];
pub const CHANNELS: [Text; 3] = ["CH1", "toString", "alice"];
pub const SIDS: [Text; 4] = ["RL1", "RL2", "bob", "constructor"];
/// One is another role's SID, and two differ by case only.
pub const FRIENDLY_NAMES: [Text; 5] = ["Writer", "Ärger", "ADMIN", "admin", "RL2"];
pub const OWN_PERMISSIONS: [Text; 4] = ["pin", "pinOwn", "__proto__", "valueOf"];
pub const OWN_ACTIONS: [Text; 3] = ["pinMessage", "archive", "hasOwnProperty"];

#[derive(Clone, Debug)]
pub enum Step {
    CreateRole { friendly_name: Text, role_type: Text, permissions: Vec<Text>, sid: Text },
    UpdateRole(Text, Vec<Text>),
    Grant(Text, Text),
    Revoke(Text, Text),
    DeleteRole(Text),
    SetDefaultRole(DefaultFor, Text),
    SetUser(Text, Option<Text>),
    RemoveUser(Text),
    CreateChannel { sid: Text, channel_type: Option<Text>, created_by: Option<Text> },
    RemoveChannel(Text),
    SetMember(Text, Text, Option<Text>),
    RemoveMember(Text, Text),
    Invite(Text, Text, Option<Text>),
    AcceptInvite(Text, Text),
    DeclineInvite(Text, Text),
    DefineAction { name: Text, any: Text, own: Option<Text>, member_only: bool },
    Load(Value, bool),
}

// --- Generating ---

fn permission_name() -> BoxedStrategy<Text> {
    let built_in: Vec<Text> = PERMISSIONS.iter().flat_map(|row| [row.0, row.1]).filter(|name| !name.is_empty()).collect();
    prop_oneof![12 => select(built_in), 1 => select(&OWN_PERMISSIONS[..])].boxed()
}

/// Mostly a role that is there, and mostly of the scope that is wanted.
fn role_reference(scope: Option<Scope>) -> BoxedStrategy<Text> {
    let by_name = ["writer", "ÄRGER", "Admin", "rl2", "nobody", ""].into_iter().chain(NEW_ROLES.map(|row| row.0));
    let fitting: &[Text] = match scope {
        Some(Scope::Service) => &["RL1", "RL2", "RL1", "RL2", "Service User", "service admin"],
        Some(Scope::Channel) => &["bob", "constructor", "bob", "constructor", "Channel User", "CHANNEL ADMIN"],
        None => &SIDS,
    };
    prop_oneof![10 => select(fitting), 1 => select(&SIDS[..]), 1 => select(by_name.collect::<Vec<_>>())].boxed()
}

/// A SID and a scope: mostly the same scope for the same SID, so that references fit.
fn sid_and_scope() -> BoxedStrategy<(Text, Scope)> {
    let usual = |sid| if matches!(sid, "RL1" | "RL2") { Scope::Service } else { Scope::Channel };
    let scope = select(vec![Scope::Service, Scope::Channel]);
    let any = (select(&SIDS[..]), scope);
    prop_oneof![8 => select(&SIDS[..]).prop_map(move |sid| (sid, usual(sid))), 1 => any].boxed()
}

/// Mostly one that is valid in the scope.
fn permission_in(scope: Scope) -> BoxedStrategy<Text> {
    let valid = PERMISSIONS.iter().filter(move |row| counts_in(row.0, scope));
    let valid: Vec<Text> = valid.flat_map(|row| [row.0, row.1]).filter(|name| !name.is_empty()).collect();
    prop_oneof![20 => select(valid), 1 => permission_name()].boxed()
}

fn identity() -> BoxedStrategy<Text> {
    prop_oneof![40 => select(&IDENTITIES[..]), 1 => Just("")].boxed()
}

fn channel() -> BoxedStrategy<Text> {
    prop_oneof![40 => select(&CHANNELS[..]), 1 => Just("CH9"), 1 => Just("")].boxed()
}

fn role_type(scope: Scope) -> BoxedStrategy<Text> {
    let types = if scope == Scope::Service { ["deployment", "service"] } else { ["channel", "conversation"] };
    prop_oneof![30 => select(types.to_vec()), 1 => Just("user")].boxed()
}

fn channel_type() -> BoxedStrategy<Option<Text>> {
    prop_oneof![4 => Just(Some("public")), 2 => Just(Some("private")), 2 => Just(None), 1 => Just(Some("secret"))].boxed()
}

fn created_by() -> BoxedStrategy<Option<Text>> {
    prop_oneof![3 => option::of(identity()), 1 => Just(Some("system"))].boxed()
}

fn new_role() -> BoxedStrategy<Step> {
    sid_and_scope()
        .prop_flat_map(|(sid, scope)| (Just(sid), select(&FRIENDLY_NAMES[..]), role_type(scope), vec(permission_in(scope), 0..7)))
        .prop_map(|(sid, friendly_name, role_type, permissions)| Step::CreateRole { friendly_name, role_type, permissions, sid })
        .boxed()
}

pub fn step() -> BoxedStrategy<Step> {
    let role = || role_reference(None);
    let user_role = option::of(role_reference(Some(Scope::Service)));
    let member_role = || option::of(role_reference(Some(Scope::Channel)));
    let default_role = select(&DefaultFor::ALL[..]).prop_flat_map(|which| {
        let scope = if which == DefaultFor::User { Scope::Service } else { Scope::Channel };
        (Just(which), role_reference(Some(scope)))
    });
    let action = (select(&OWN_ACTIONS[..]), permission_name(), option::of(permission_name()), any::<bool>());
    let taken = select(vec!["sendMessage", "deleteConversation", ""]);
    prop_oneof![
        6 => new_role(),
        2 => (role(), vec(permission_name(), 0..4)).prop_map(|(role, names)| Step::UpdateRole(role, names)),
        6 => (role(), permission_name()).prop_map(|(role, name)| Step::Grant(role, name)),
        4 => (role(), permission_name()).prop_map(|(role, name)| Step::Revoke(role, name)),
        2 => role().prop_map(Step::DeleteRole),
        4 => default_role.prop_map(|(which, role)| Step::SetDefaultRole(which, role)),
        6 => (identity(), user_role).prop_map(|(identity, role)| Step::SetUser(identity, role)),
        1 => identity().prop_map(Step::RemoveUser),
        4 => (channel(), channel_type(), created_by()).prop_map(|(sid, channel_type, created_by)| {
            Step::CreateChannel { sid, channel_type, created_by }
        }),
        1 => channel().prop_map(Step::RemoveChannel),
        8 => (channel(), identity(), member_role()).prop_map(|(channel, who, role)| Step::SetMember(channel, who, role)),
        2 => (channel(), identity()).prop_map(|(channel, who)| Step::RemoveMember(channel, who)),
        4 => (channel(), identity(), member_role()).prop_map(|(channel, who, role)| Step::Invite(channel, who, role)),
        3 => (channel(), identity()).prop_map(|(channel, who)| Step::AcceptInvite(channel, who)),
        2 => (channel(), identity()).prop_map(|(channel, who)| Step::DeclineInvite(channel, who)),
        2 => action.prop_map(|(name, any, own, member_only)| Step::DefineAction { name, any, own, member_only }),
        1 => (taken, permission_name()).prop_map(|(name, any)| Step::DefineAction { name, any, own: None, member_only: true }),
        6 => (payload(), any::<bool>()).prop_map(|(payload, replace)| Step::Load(payload, replace)),
        1 => (spoiled_payload(), any::<bool>()).prop_map(|(payload, replace)| Step::Load(payload, replace)),
    ]
    .boxed()
}

/// A role's SID in a row: sometimes of none that is there, empty, null, or missing.
fn role_sid() -> BoxedStrategy<Option<Value>> {
    let odd = select(vec![Some(json!("RL-gone")), Some(json!("")), Some(Value::Null), None]);
    prop_oneof![5 => select(&SIDS[..]).prop_map(|sid| Some(json!(sid))), 1 => odd].boxed()
}

/// How a payload is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub dialect: Dialect,
    pub camel: bool,
}

impl Style {
    pub fn row<const N: usize>(self, fields: [(&str, Option<Value>); N]) -> Value {
        let spelled = |name: &str| {
            let name = match name {
                "channel_sid" if self.dialect == Dialect::Conversations => "conversation_sid",
                "default_service_role_sid" if self.dialect == Dialect::Conversations => "default_chat_service_role_sid",
                "default_channel_role_sid" if self.dialect == Dialect::Conversations => "default_conversation_role_sid",
                "default_channel_creator_role_sid" if self.dialect == Dialect::Conversations => {
                    "default_conversation_creator_role_sid"
                }
                name => name,
            };
            if self.camel { camel_case(name) } else { name.into() }
        };
        Value::Object(fields.into_iter().filter_map(|(name, value)| Some((spelled(name), value?))).collect())
    }

    pub fn section(self, chat: Text, conversations: Text) -> Text {
        if self.dialect == Dialect::Chat { chat } else { conversations }
    }
}

/// A section as a list, a list page, or (of one row) a single resource; not there at all where there is no list.
pub fn shaped(name: Text, rows: Option<Vec<Value>>, shape: u8, fields: &mut Map<String, Value>) {
    let Some(rows) = rows else { return };
    let section = match shape {
        0 => json!({ name: rows, "meta": { "page": 0, "key": name } }),
        1 if rows.len() == 1 => rows[0].clone(),
        _ => rows.into(),
    };
    fields.insert(name.into(), section);
}

fn style() -> impl Strategy<Value = Style> {
    (any::<bool>(), any::<bool>())
        .prop_map(|(chat, camel)| Style { dialect: if chat { Dialect::Chat } else { Dialect::Conversations }, camel })
}

pub fn payload() -> BoxedStrategy<Value> {
    let friendly_name = prop_oneof![4 => select(&FRIENDLY_NAMES[..]).prop_map(|name| Some(json!(name))), 1 => Just(None)];
    let role = (sid_and_scope(), friendly_name, vec(permission_name(), 0..10));
    let user = (select(&IDENTITIES[..]), role_sid());
    let channel_type = select(vec![Some(json!("public")), Some(json!("private")), Some(Value::Null), None]);
    let creator = option::of(select(vec![json!("alice"), json!("system"), Value::Null]));
    let channel = (select(&CHANNELS[..]), channel_type, creator);
    let anyone = prop_oneof![8 => select(&IDENTITIES[..]).prop_map(|identity| json!(identity)), 1 => Just(Value::Null)];
    let member = (select(&CHANNELS[..]), anyone, role_sid());
    let invite = (select(&CHANNELS[..]), select(&IDENTITIES[..]), role_sid());
    let action = (select(&OWN_ACTIONS[..]), permission_name(), option::of(permission_name()), option::of(any::<bool>()));
    let defaults = option::weighted(0.3, [role_sid(), role_sid(), role_sid()]);
    let sections = (
        option::weighted(0.7, vec(role, 0..4)),
        option::weighted(0.5, vec(user, 0..4)),
        option::weighted(0.5, vec(channel, 0..3)),
        option::weighted(0.5, vec(member, 0..6)),
        option::weighted(0.4, vec(invite, 0..4)),
        option::weighted(0.1, vec(action, 0..2)),
    );
    (style(), [0u8..3, 0u8..3, 0u8..3, 0u8..3, 0u8..3], sections, defaults)
        .prop_map(|(style, shapes, (roles, users, channels, members, invites, actions), defaults)| {
            let mut fields = Map::new();
            let roles = roles.map(|rows| {
                let row = |((sid, scope), name, permissions): ((Text, Scope), Option<Value>, Vec<Text>)| {
                    let role_type = if scope == Scope::Service {
                        style.section("deployment", "service")
                    } else {
                        style.section("channel", "conversation")
                    };
                    let fields = [("sid", Some(json!(sid))), ("friendly_name", name), ("type", Some(json!(role_type)))];
                    let mut row = style.row(fields);
                    row["permissions"] = json!(permissions);
                    row["url"] = json!("https://example.com/Roles");
                    row
                };
                rows.into_iter().map(row).collect()
            });
            shaped("roles", roles, shapes[0], &mut fields);
            let users = users.map(|rows| {
                let row = |(identity, role)| style.row([("identity", Some(json!(identity as Text))), ("role_sid", role)]);
                rows.into_iter().map(row).collect()
            });
            shaped("users", users, shapes[1], &mut fields);
            let channels = channels.map(|rows| {
                let row = |(sid, kind, creator)| {
                    style.row([("sid", Some(json!(sid as Text))), ("type", kind), ("created_by", creator)])
                };
                rows.into_iter().map(row).collect()
            });
            shaped(style.section("channels", "conversations"), channels, shapes[2], &mut fields);
            let seat = |(channel, identity, role): (Text, Value, Option<Value>)| {
                style.row([("channel_sid", Some(json!(channel))), ("identity", Some(identity)), ("role_sid", role)])
            };
            let members = members.map(|rows| rows.into_iter().map(seat).collect());
            shaped(style.section("members", "participants"), members, shapes[3], &mut fields);
            let invites =
                invites.map(|rows| rows.into_iter().map(|(channel, who, role)| seat((channel, json!(who), role))).collect());
            shaped("invites", invites, shapes[4], &mut fields);
            if let Some(actions) = actions {
                let row = |(name, any, own, member_only): (Text, Text, Option<Text>, Option<bool>)| {
                    let own = own.map(|own| json!(own));
                    style.row([
                        ("action", Some(json!(name))),
                        ("any", Some(json!(any))),
                        ("own", own),
                        ("member_only", member_only.map(Value::Bool)),
                    ])
                };
                fields.insert("actions".into(), actions.into_iter().map(row).collect());
            }
            if let Some([user, member, creator]) = defaults {
                let row = style.row([
                    ("default_service_role_sid", user),
                    ("default_channel_role_sid", member),
                    ("default_channel_creator_role_sid", creator),
                ]);
                fields.insert(style.section("service", "configuration").into(), row);
            }
            Value::Object(fields)
        })
        .boxed()
}

/// How a sequence begins.
#[derive(Clone, Debug)]
pub enum Start {
    /// Nothing there at all.
    Empty,
    /// The four default roles.
    New,
    /// Most users have a role, and most are members of most channels: something to lose.
    Peopled(Value),
}

pub fn start() -> BoxedStrategy<Start> {
    let permissions = |sid| vec(permission_in(if matches!(sid, "RL1" | "RL2") { Scope::Service } else { Scope::Channel }), 3..20);
    let usually = |role: Text| prop_oneof![8 => Just(Some(json!(role))), 1 => role_sid()];
    let roles = SIDS.map(|sid| (Just(sid), permissions(sid)));
    let users = vec((select(&IDENTITIES[..]), prop_oneof![usually("RL1"), usually("RL2")]), 3..8);
    let channels = CHANNELS.map(|sid| (Just(sid), any::<bool>()));
    let seat = || (select(&CHANNELS[..]), select(&IDENTITIES[..]), prop_oneof![usually("bob"), usually("constructor")]);
    let peopled = (roles, users, channels, vec(seat(), 4..14), vec(seat(), 2..9)).prop_map(|(roles, users, channels, members, invites)| {
        let [user_role, .., member_role] = SIDS;
        let style = Style { dialect: Dialect::Chat, camel: false };
        let seat = |(channel, identity, role): (Text, Text, Option<Value>)| {
            style.row([("channel_sid", Some(json!(channel))), ("identity", Some(json!(identity))), ("role_sid", role)])
        };
        let role = |(sid, permissions): (Text, Vec<Text>)| {
            let role_type = if matches!(sid, "RL1" | "RL2") { "deployment" } else { "channel" };
            json!({ "sid": sid, "type": role_type, "permissions": permissions })
        };
        Start::Peopled(json!({
            "roles": roles.into_iter().map(role).collect::<Vec<_>>(),
            "users": users.into_iter().map(|(who, role)| style.row([("identity", Some(json!(who))), ("role_sid", role)])).collect::<Vec<_>>(),
            "channels": channels.map(|(sid, public)| json!({ "sid": sid, "type": if public { "public" } else { "private" } })),
            "members": members.into_iter().map(seat).collect::<Vec<_>>(),
            "invites": invites.into_iter().map(seat).collect::<Vec<_>>(),
            "service": { "default_service_role_sid": user_role, "default_channel_role_sid": member_role, "default_channel_creator_role_sid": member_role },
        }))
    });
    prop_oneof![1 => Just(Start::Empty), 2 => Just(Start::New), 7 => peopled].boxed()
}

/// A payload with another value in one place, which may break it.
fn spoiled_payload() -> BoxedStrategy<Value> {
    let other = select(vec![json!(5), json!(true), json!([]), json!({}), json!(["text"]), json!(""), Value::Null]);
    (payload(), any::<Index>(), other)
        .prop_map(|(mut payload, at, other)| {
            let places = places(&payload);
            if !places.is_empty() {
                *payload.pointer_mut(at.get::<String>(&places)).unwrap() = other;
            }
            payload
        })
        .boxed()
}

/// The JSON pointer of every value inside, the outer ones first.
pub fn places(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (format!("/{at}"), value)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (format!("/{name}"), value)).collect(),
        _ => Vec::new(),
    };
    let below = |(path, value): (String, &Value)| {
        let deeper: Vec<_> = places(value).into_iter().map(|rest| format!("{path}{rest}")).collect();
        std::iter::once(path).chain(deeper).collect::<Vec<_>>()
    };
    inner.into_iter().flat_map(below).collect()
}

// --- Applying ---

/// What a call gives: its answer as JavaScript sees it, `null` for none.
fn to_value<T: serde::Serialize>(answer: T) -> Value {
    serde_json::to_value(answer).unwrap()
}

/// The counts that are not zero and the warnings by row, so that reports compare as the naive world's do.
pub fn plain_report(report: &LoadReport) -> Report {
    let sections = [
        ("roles", report.roles),
        ("users", report.users),
        ("channels", report.channels),
        ("members", report.members),
        ("invites", report.invites),
    ];
    let counts = sections.into_iter().map(|(section, counts)| {
        let fates = [
            ("added", counts.added),
            ("updated", counts.updated),
            ("unchanged", counts.unchanged),
            ("removed", counts.removed),
            ("skipped", counts.skipped),
        ];
        (section, fates.into_iter().filter(|(_, count)| *count > 0).collect())
    });
    let mut warnings: Vec<_> = report
        .warnings
        .iter()
        // Nothing says whether a list of no invites is worth a word where there are no invites.
        .filter(|warning| warning.path != "invites" || report.invites.skipped > 0)
        .map(|warning| {
            let path = warning.path.as_str();
            // The row is named by what it lacks.
            let row =
                path.strip_suffix(".role_sid").or_else(|| path.strip_suffix(".roleSid")).or_else(|| path.strip_suffix(".type"));
            (warning.code, row.unwrap_or(path).to_string())
        })
        .collect();
    warnings.sort();
    Report { counts: counts.collect(), warnings }
}

impl Report {
    /// As JavaScript sees the counts.
    pub fn to_value(&self) -> Value {
        let count = |section, fate| self.counts.get(section).and_then(|counts| counts.get(fate)).copied().unwrap_or(0);
        let fates = |section| {
            ["added", "updated", "unchanged", "removed", "skipped"].map(|fate| (fate.to_string(), json!(count(section, fate))))
        };
        let sections =
            super::SECTIONS.map(|(section, _)| (section.to_string(), Value::Object(fates(section).into_iter().collect())));
        let codes: Vec<_> = self.warnings.iter().map(|warning| warning.0).collect();
        let mut value = Value::Object(sections.into_iter().collect());
        value["warnings"] = json!(codes);
        value
    }
}

impl Step {
    /// The answer, or the error's code.
    pub fn on_service(&self, service: &mut Service) -> Result<Value, &'static str> {
        let answer = match self {
            Step::CreateRole { friendly_name, role_type, permissions, sid } => {
                service.create_role(&NewRole { friendly_name, role_type, permissions, sid: Some(sid) }).map(to_value)
            }
            Step::UpdateRole(role, permissions) => service.update_role(role, permissions).map(to_value),
            Step::Grant(role, name) => service.grant(role, name).map(to_value),
            Step::Revoke(role, name) => service.revoke(role, name).map(to_value),
            Step::DeleteRole(role) => service.delete_role(role).map(to_value),
            Step::SetDefaultRole(which, role) => service.set_default_role(*which, role).map(to_value),
            Step::SetUser(identity, role) => service.set_user(identity, *role).map(to_value),
            Step::RemoveUser(identity) => Ok(service.remove_user(identity).into()),
            Step::CreateChannel { sid, channel_type, created_by } => {
                service.create_channel(sid, *channel_type, *created_by).map(to_value)
            }
            Step::RemoveChannel(sid) => Ok(service.remove_channel(sid).into()),
            Step::SetMember(channel, identity, role) => service.set_member(channel, identity, *role).map(to_value),
            Step::RemoveMember(channel, identity) => Ok(service.remove_member(channel, identity).into()),
            Step::Invite(channel, identity, role) => service.invite(channel, identity, *role).map(to_value),
            Step::AcceptInvite(channel, identity) => service.accept_invite(channel, identity).map(to_value),
            Step::DeclineInvite(channel, identity) => Ok(service.decline_invite(channel, identity).into()),
            Step::DefineAction { name, any, own, member_only } => {
                service.define_action(name, any, *own, *member_only).map(to_value)
            }
            Step::Load(payload, replace) => {
                let report = service.load_json(&payload.to_string(), *replace);
                report.map(|report| json!([plain_report(&report).to_value(), plain_report(&report).warnings]))
            }
        };
        answer.map_err(|error| error.code().name())
    }

    /// The answer, or why it fails.
    pub fn on_world(&self, world: &mut World) -> Outcome<Value> {
        match self {
            Step::CreateRole { friendly_name, role_type, permissions, sid } => {
                world.create_role(friendly_name, role_type, permissions, sid)
            }
            Step::UpdateRole(role, permissions) => world.update_role(role, permissions),
            Step::Grant(role, name) => world.grant(role, name),
            Step::Revoke(role, name) => world.revoke(role, name),
            Step::DeleteRole(role) => world.delete_role(role),
            Step::SetDefaultRole(which, role) => world.set_default_role(which.name(), role).map(to_value),
            Step::SetUser(identity, role) => world.set_user(identity, *role).map(to_value),
            Step::RemoveUser(identity) => Ok(world.remove_user(identity).into()),
            Step::CreateChannel { sid, channel_type, created_by } => {
                world.create_channel(sid, *channel_type, *created_by).map(to_value)
            }
            Step::RemoveChannel(sid) => Ok(world.remove_channel(sid).into()),
            Step::SetMember(channel, identity, role) => world.set_member(channel, identity, *role).map(to_value),
            Step::RemoveMember(channel, identity) => Ok(world.remove_member(channel, identity).into()),
            Step::Invite(channel, identity, role) => world.invite(channel, identity, *role).map(to_value),
            Step::AcceptInvite(channel, identity) => world.accept_invite(channel, identity).map(to_value),
            Step::DeclineInvite(channel, identity) => Ok(world.decline_invite(channel, identity).into()),
            Step::DefineAction { name, any, own, member_only } => {
                world.define_action(name, any, *own, *member_only).map(to_value)
            }
            Step::Load(payload, replace) => {
                world.load(payload, *replace).map(|report| json!([report.to_value(), report.warnings]))
            }
        }
    }

    /// The method of JavaScript's `Service`, and its arguments.
    pub fn as_call(&self) -> (Text, Value) {
        match self {
            Step::CreateRole { friendly_name, role_type, permissions, sid } => {
                let role = json!({ "friendlyName": friendly_name, "type": role_type, "permissions": permissions, "sid": sid });
                ("createRole", json!([role]))
            }
            Step::UpdateRole(role, permissions) => ("updateRole", json!([role, permissions])),
            Step::Grant(role, name) => ("grant", json!([role, name])),
            Step::Revoke(role, name) => ("revoke", json!([role, name])),
            Step::DeleteRole(role) => ("deleteRole", json!([role])),
            Step::SetDefaultRole(which, role) => ("setDefaultRole", json!([which.name(), role])),
            Step::SetUser(identity, role) => ("setUser", present([Some(identity), role.as_ref()])),
            Step::RemoveUser(identity) => ("removeUser", json!([identity])),
            Step::CreateChannel { sid, channel_type, created_by } => {
                let fields = [("sid", Some(*sid)), ("type", *channel_type), ("createdBy", *created_by)];
                let fields: Map<_, _> =
                    fields.into_iter().filter_map(|(name, value)| Some((name.into(), json!(value?)))).collect();
                ("createChannel", json!([fields]))
            }
            Step::RemoveChannel(sid) => ("removeChannel", json!([sid])),
            Step::SetMember(channel, identity, role) => ("setMember", present([Some(channel), Some(identity), role.as_ref()])),
            Step::RemoveMember(channel, identity) => ("removeMember", json!([channel, identity])),
            Step::Invite(channel, identity, role) => ("invite", present([Some(channel), Some(identity), role.as_ref()])),
            Step::AcceptInvite(channel, identity) => ("acceptInvite", json!([channel, identity])),
            Step::DeclineInvite(channel, identity) => ("declineInvite", json!([channel, identity])),
            Step::DefineAction { name, any, own, member_only } => {
                let mut rule = json!({ "any": any, "memberOnly": member_only });
                if let Some(own) = own {
                    rule["own"] = json!(own);
                }
                ("defineAction", json!([name, rule]))
            }
            Step::Load(payload, replace) => ("load", json!([payload, { "replace": replace }])),
        }
    }
}

fn present<const N: usize>(arguments: [Option<&Text>; N]) -> Value {
    arguments.into_iter().flatten().map(|argument| json!(argument)).collect()
}
